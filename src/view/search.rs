//! The search of a row by its label, in the last line while it is open.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::field;
use super::panel::dot;
use super::text::{Words, words};
use super::theme::Role;
use crate::app::notice::Notice;
use crate::app::search::Match;
use crate::app::state::State;

/// Draws it, if it is open.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(search) = state.search() else { return };
    let words = words(state.settings().language);
    let which = search.at(state.bound_for());
    let mut remark = match (search.field().text(), which.of) {
        ("", _) if state.scenario().labels.is_none() => (words.no_labels.to_owned(), Role::Plain),
        ("", _) => (words.count(which.of, words.rows), Role::Plain),
        (_, 0) => (format!("✗ {}", words.no_row), Role::Fails),
        _ => (which_row(which, words), Role::Holds),
    };
    if let Some(Notice::Working { percent, .. }) = state.notice() {
        remark.0 = format!("{}{}{percent} %", remark.0, dot(state.settings()));
    }
    let prompt = format!("{}: ", words.label);
    field::draw(&prompt, search.field(), (&remark.0, remark.1), state.settings(), area, buffer);
}

/// Which row it is among those that fit.
pub fn which_row(which: Match, words: &Words) -> String {
    format!("{} {} {}", which.number, words.of, words.count(which.of, words.rows))
}
