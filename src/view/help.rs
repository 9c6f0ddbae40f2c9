//! The help: every key and what it does, from the one table of keys, then what the signs on the screen mean.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::panel::{cut, frame, left, lines, position, span};
use super::text::{LEGEND, words};
use super::theme::Role;
use super::width::Width;
use crate::app::keymap::{BINDINGS, COUNT, only_in_fields};
use crate::app::state::State;

/// The columns and rows of the frame, with the air in it.
const FRAME: (usize, usize) = (4, 2);

/// The columns between a key and what it does.
const GAP: usize = 2;

/// How far the help can be scrolled.
pub fn scroll_limit(state: &State, area: Rect) -> usize {
    rows(state, area).len().saturating_sub(usize::from(area.height).saturating_sub(FRAME.1))
}

/// Draws the help over the middle of the screen, scrolled by so many lines.
pub fn draw(state: &State, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let rows = rows(state, area);
    let widest = rows.iter().map(|(keys, help)| keys.width() + help.width()).max().unwrap_or(0);
    let width = u16::try_from(widest + FRAME.0).unwrap_or(u16::MAX).min(area.width);
    let height = u16::try_from(rows.len() + FRAME.1).unwrap_or(u16::MAX).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    Clear.render(place, buffer);
    let body = usize::from(height).saturating_sub(FRAME.1);
    let title = position(words(settings.language).help, scroll, body, rows.len(), settings);
    let inside = frame(&title, place, settings, buffer);
    lines(
        rows.into_iter().skip(scroll).map(|(keys, help)| {
            let room = usize::from(inside.width).saturating_sub(keys.width() + 1);
            Line::from_iter([span(format!(" {keys}"), Role::Title, settings), Span::raw(cut(help, room))])
        }),
        inside,
        buffer,
    );
}

/// Rows of a key or a sign and what it does or means; where one row is too narrow for both, they are below each other.
fn rows(state: &State, area: Rect) -> Vec<(String, &'static str)> {
    let settings = state.settings();
    let language = settings.language;
    let keys = BINDINGS
        .iter()
        .chain(only_in_fields())
        .map(|binding| (binding.keys_shown(settings.charset, language), binding.help.get(language)));
    let signs = [COUNT].into_iter().chain(LEGEND).map(|(sign, meaning)| (sign.to_owned(), meaning.get(language)));
    let entries: Vec<(String, &str)> = keys.chain(signs).collect();
    let widest = entries.iter().map(|(keys, _)| keys.width()).max().unwrap_or(0);
    let text = entries.iter().map(|(_, help)| help.width()).max().unwrap_or(0);
    if widest + GAP + text + FRAME.0 <= usize::from(area.width) {
        return entries.into_iter().map(|(keys, help)| (left(&keys, widest + GAP), help)).collect();
    }
    entries.into_iter().flat_map(|(keys, help)| [(keys, ""), (" ".repeat(GAP), help)]).collect()
}
