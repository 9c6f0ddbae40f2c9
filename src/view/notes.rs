//! The speaker notes of the current timestep.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::panel::{framed_from, lines, position, wrapped};
use super::text::words;
use crate::app::state::State;

/// The height from which on the panel has a frame.
const FRAMED: u16 = 3;

/// How tall the panel is when all of the notes have room, with its frame.
pub fn height(state: &State, width: u16) -> u16 {
    u16::try_from(text(state, width).len() + 2).unwrap_or(u16::MAX)
}

/// How far the notes can be scrolled.
pub fn scroll_limit(state: &State, area: Rect) -> usize {
    text(state, area.width).len().saturating_sub(body(area))
}

/// Draws the notes, scrolled as far as the user has.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let text = text(state, area.width);
    let scroll = state.notes().unwrap_or(0);
    let title = position(words(state.settings().language).notes, scroll, body(area), text.len(), state.settings());
    let inside = framed_from(FRAMED, &title, area, state.settings(), buffer);
    lines(text.into_iter().skip(scroll).map(|line| Line::from(format!(" {line}"))), inside, buffer);
}

fn body(area: Rect) -> usize {
    usize::from(if area.height < FRAMED { area.height } else { area.height - 2 })
}

fn text(state: &State, width: u16) -> Vec<String> {
    let width = usize::from(width.saturating_sub(4));
    let words = words(state.settings().language);
    let notes: Vec<&str> = state.notes_now().collect();
    if notes.is_empty() {
        return wrapped(words.no_notes, width);
    }
    if state.is_covered(state.t()) {
        return wrapped(words.covered_notes, width);
    }
    wrapped(&notes.join("\n"), width)
}
