//! What a scenario is about and what to look at, until the first key: in the frame of what goes on over time, which stays.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::panel::{line, span};
use super::theme::Role;
use super::unrolled::FRAMED;
use crate::app::state::{Overlay, State};

/// Draws of the description as many of its last sentences as have room, since the last says what to look at: in the lower
/// border of the timeline, or over its last row where that has no frame.
pub fn draw(state: &State, timeline: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let Some(text) = state.scenario().description.as_ref().filter(|_| state.overlay() == Overlay::Opening) else { return };
    // A border keeps its corners.
    let corner = u16::from(timeline.height >= FRAMED);
    let width = timeline.width.saturating_sub(2 * corner);
    let room = usize::from(width).saturating_sub(2);
    let Some(said) = last_sentences(text.get(settings.language)).find(|said| said.width() <= room) else { return };
    let said = format!(" {said} ");
    let written = if corner == 1 { said.width() as u16 } else { width };
    let area =
        Rect { x: timeline.x + corner, y: timeline.bottom().saturating_sub(1), width: written, height: timeline.height.min(1) };
    Clear.render(area, buffer);
    line(&Line::from(span(said, Role::Title, settings)), area, buffer);
}

/// A text, then what is left of it, behind `…`, after its first sentence, its first two, and so on.
fn last_sentences(text: &str) -> impl Iterator<Item = String> {
    let starts = text.match_indices(". ").map(|(end, stop)| end + stop.len());
    std::iter::once(text.to_owned()).chain(starts.map(|start| format!("… {}", &text[start..])))
}
