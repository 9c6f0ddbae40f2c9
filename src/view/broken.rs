//! What is wrong with the scenario's file, while the last good version of it is shown.

use ratatui::text::{Line, Span};

use super::panel::{cut, span, wrapped};
use super::text::words;
use super::theme::Role;
use crate::app::state::State;

/// The columns before the text, of which the first line has a sign.
const INDENT: usize = 3;

/// Lines of a width that say it, at most so many; none where nothing is wrong.
pub fn lines(state: &State, width: u16, most: usize) -> Vec<Line<'static>> {
    let Some(broken) = state.broken() else { return Vec::new() };
    let settings = state.settings();
    let words = words(settings.language);
    let more = if broken.more == 0 { String::new() } else { format!(" (+ {} {})", broken.more, words.more) };
    let text = format!("{}{more}; {}", broken.fault.get(settings.language), words.last_good_shown);
    let room = usize::from(width).saturating_sub(INDENT + 1);
    let all = wrapped(&text, room);
    let is_cut = all.len() > most;
    let last = most.saturating_sub(1);
    let line = |(i, text): (usize, String)| {
        let text = if is_cut && i == last { cut(&format!("{text} …"), room) } else { text };
        let sign = if i == 0 { "✗ " } else { "  " };
        Line::from_iter([Span::raw(" "), span(sign, Role::Fails, settings), span(text, Role::Fails, settings)])
    };
    all.into_iter().take(most).enumerate().map(line).collect()
}
