//! What a scenario is about and what to look at, in the place of what goes on over time until the first key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::panel::{folded, framed_from, inside_from, lines, span, wrapped};
use super::text::words;
use super::theme::Role;
use super::unrolled::FRAMED;
use crate::app::state::{Overlay, State};

/// The most rows taken of all panels where the timeline has too few.
const MOST: u16 = 3;

/// The columns of air around a line.
const AIR: usize = 2;

/// Draws the description over the timeline, or where that has too few rows over the last ones of all panels: as many of its last
/// sentences as have room, since the last says what to look at.
pub fn draw(state: &State, timeline: Rect, panels: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let Some(text) = state.scenario().description.as_ref().filter(|_| state.overlay() == Overlay::Opening) else { return };
    let text = text.get(settings.language);
    let needed = |width: u16| last_sentence(text, usize::from(width).saturating_sub(AIR)).len() as u16;
    let inside = inside_from(FRAMED, timeline);
    let (area, framed) = match needed(inside.width) <= inside.height {
        true => (timeline, FRAMED),
        false => {
            let height = needed(panels.width).min(MOST).min(panels.height / 2);
            (Rect { y: panels.bottom() - height, height, ..panels }, u16::MAX)
        }
    };
    Clear.render(area, buffer);
    let inside = framed_from(framed, words(settings.language).opening, area, settings, buffer);
    let said = last_sentences(text, usize::from(inside.width).saturating_sub(AIR), inside.height.into());
    lines(said.into_iter().map(|line| Line::from(span(format!(" {line}"), Role::Title, settings))), inside, buffer);
}

/// The last sentence of a text, behind `…` where there are others.
fn last_sentence(text: &str, width: usize) -> Vec<String> {
    let last = text.rfind(". ").map_or_else(|| text.to_owned(), |end| format!("… {}", &text[end + 2..]));
    wrapped(&last, width)
}

/// A text in at most so many lines, of which as many sentences are left out at its start, behind `…`, as have no room; the last
/// one is cut where not even that has.
fn last_sentences(text: &str, width: usize, most: usize) -> Vec<String> {
    let starts = text.match_indices(". ").map(|(end, stop)| end + stop.len());
    let rests = std::iter::once(text.to_owned()).chain(starts.map(|start| format!("… {}", &text[start..])));
    let fitting = rests.map(|rest| wrapped(&rest, width)).find(|lines| lines.len() <= most);
    fitting.unwrap_or_else(|| folded(&last_sentence(text, width).join(" "), width, most))
}
