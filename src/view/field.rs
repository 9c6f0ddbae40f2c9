//! A text field in the last line, over whatever is there: what is asked, what was typed, what came of it, the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::panel::{self, cut, cut_start, span};
use super::theme::Role;
use super::width::Width;
use crate::app::field::Field;
use crate::app::keymap::FIELD_BINDINGS;
use crate::app::settings::Settings;

/// The columns of air before a remark and a hint.
const GAP: usize = 2;

/// Draws a field behind its prompt; a remark about what was typed, and the keys, stand after it where there is room.
pub fn draw(prompt: &str, field: &Field, remark: (&str, Role), settings: &Settings, area: Rect, buffer: &mut Buffer) {
    let line = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    Clear.render(line, buffer);
    let room = usize::from(area.width);
    let (remark, role) = remark;
    let prompt = cut(prompt, room.saturating_sub(1));
    // The remark has half of the line at most: what is typed has to be seen.
    let of_remark = if remark.is_empty() { 0 } else { (remark.width() + GAP).min(room / 2) };
    let typed = cut_start(field.text(), room.saturating_sub(prompt.width() + of_remark + 2));
    let mut spans = vec![
        Span::raw(" "),
        span(prompt, Role::Title, settings),
        span(typed, Role::Plain, settings),
        span("▌", Role::Current, settings),
    ];
    if of_remark > GAP {
        spans.push(Span::raw(" ".repeat(GAP)));
        spans.push(span(cut(remark, of_remark - GAP), role, settings));
    }
    let mut used: usize = spans.iter().map(|span| span.content.width()).sum();
    for binding in FIELD_BINDINGS {
        let (Some(key), Some(word)) = (binding.keys.first(), binding.footer) else { continue };
        let (key, word) = (key.shown(settings.charset, settings.language), word.get(settings.language));
        used += GAP + key.width() + 1 + word.width();
        if used > room {
            break;
        }
        spans.push(span(format!("{:GAP$}{key}", ""), Role::Title, settings));
        spans.push(span(format!(" {word}"), Role::Plain, settings));
    }
    panel::line(&Line::from(spans), line, buffer);
}
