//! What every panel is made of: a frame with a title where there is room for one, and lines of styled text in it.

use std::borrow::Borrow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_segmentation::UnicodeSegmentation;

use super::theme::{Role, style};
use super::width::Width;
use crate::app::settings::{Charset, Settings};

/// From this height on a panel has a frame.
pub const FRAMED: u16 = 4;

/// From this many columns on, things stand side by side.
pub const TWO_COLUMNS: u16 = 72;

/// Draws a frame with a title, where the area is tall enough, and gives the area inside.
pub fn frame(title: &str, area: Rect, settings: &Settings, buffer: &mut Buffer) -> Rect {
    framed_from(FRAMED, title, area, settings, buffer)
}

/// The same with another height from which on there is a frame.
pub fn framed_from(height: u16, title: &str, area: Rect, settings: &Settings, buffer: &mut Buffer) -> Rect {
    let inside = inside_from(height, area);
    if inside == area {
        return area;
    }
    draw_border(area, style(Role::Frame, settings), buffer);
    let title = format!(" {} ", cut(title, usize::from(area.width) - 4));
    put(&title, style(Role::Title, settings), Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area }, buffer);
    inside
}

/// A border of thin lines with round corners around an area of at least two columns and two rows.
fn draw_border(area: Rect, look: Style, buffer: &mut Buffer) {
    for row in area.rows() {
        let end = Rect { x: row.right() - 1, width: 1, ..row };
        let (left, right) = match row.y {
            y if y == area.y => ('╭', '╮'),
            y if y + 1 == area.bottom() => ('╰', '╯'),
            _ => {
                put_alone(['│'], look, row, buffer);
                put_alone(['│'], look, end, buffer);
                continue;
            }
        };
        let between = std::iter::repeat_n('─', usize::from(area.width) - 2);
        put_alone([left].into_iter().chain(between).chain([right]), look, row, buffer);
    }
}

/// The area inside the frame that there is from a height on.
pub fn inside_from(height: u16, area: Rect) -> Rect {
    if area.height < height || area.width < 8 { area } else { area.inner(Margin::new(1, 1)) }
}

/// Draws lines below each other, as many as there is room for; one that is too long ends in `…`.
pub fn lines<'a>(lines: impl IntoIterator<Item = impl Borrow<Line<'a>>>, area: Rect, buffer: &mut Buffer) {
    for (line, row) in lines.into_iter().zip(area.rows()) {
        let line = line.borrow();
        let end = self::line(line, row, buffer);
        if end == row.right() && shown_width(line) > usize::from(row.width) && row.width > 0 {
            put("…", Style::new(), Rect { x: end - 1, width: 1, ..row }, buffer);
        }
    }
}

/// Draws a line as far as there is room, and gives the column behind it.
pub fn line(line: &Line<'_>, row: Rect, buffer: &mut Buffer) -> u16 {
    line.spans.iter().fold(row.x, |x, span| {
        let rest = Rect { x, width: row.right() - x, height: row.height.min(1), ..row };
        put(&span.content, line.style.patch(span.style), rest, buffer)
    })
}

/// Writes a text on a row, as far as there is room, and gives the column behind it.
pub fn put(text: &str, look: Style, row: Rect, buffer: &mut Buffer) -> u16 {
    let row = row.intersection(buffer.area);
    if row.is_empty() {
        return row.right();
    }
    if text.chars().all(is_alone) {
        return put_alone(text.chars(), look, row, buffer);
    }
    let first = buffer.index_of(row.x, row.y);
    let mut x = row.x;
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next()
        && x < row.right()
    {
        if is_alone(character) && characters.peek().is_none_or(|(_, next)| is_alone(*next)) {
            buffer.content[first + usize::from(x - row.x)].set_char(character).set_style(look);
            x += 1;
            continue;
        }
        let end = loop {
            match characters.peek() {
                Some((end, next)) if is_alone(*next) => break *end,
                Some(_) => characters.next(),
                None => break text.len(),
            };
        };
        let clusters = Span::styled(&text[start..end], look);
        (&clusters).render(Rect { x, width: row.right() - x, ..row }, buffer);
        x = x.saturating_add(u16::try_from(clusters.width()).unwrap_or(u16::MAX)).min(row.right());
    }
    x
}

/// Writes characters that each take a column, as `put` writes a text.
fn put_alone(characters: impl IntoIterator<Item = char>, look: Style, row: Rect, buffer: &mut Buffer) -> u16 {
    let row = row.intersection(buffer.area);
    if row.is_empty() {
        return row.right();
    }
    let first = buffer.index_of(row.x, row.y);
    let cells = &mut buffer.content[first..first + usize::from(row.width)];
    let mut x = row.x;
    for (cell, character) in cells.iter_mut().zip(characters) {
        cell.set_char(character).set_style(look);
        x += 1;
    }
    x
}

/// Whether a character takes one column and joins no other into a cluster.
const fn is_alone(character: char) -> bool {
    matches!(character, ' '..='~' | '·' | '×' | '…' | '−' | '≈' | '←'..='↓' | '─'..='◼')
}

/// The columns of a line without the blanks at its end.
fn shown_width(line: &Line<'_>) -> usize {
    let mut width = 0;
    let mut shown = 0;
    for span in &line.spans {
        let text = span.content.trim_end();
        if !text.is_empty() {
            shown = width + text.width();
        }
        width += span.content.width();
    }
    shown
}

/// A title, and which lines of how many are shown where not all are.
pub fn position(title: &str, first: usize, shown: usize, total: usize, settings: &Settings) -> String {
    if total <= shown {
        return title.into();
    }
    format!("{title}{}{}-{}/{total}", dot(settings), first + 1, first + shown)
}

/// What separates parts of a line; in ASCII not the sign of a product.
pub const fn dot(settings: &Settings) -> &'static str {
    match settings.charset {
        Charset::Unicode => " · ",
        Charset::Ascii => " - ",
    }
}

/// A piece of text with a role.
pub fn span<'a>(text: impl Into<std::borrow::Cow<'a, str>>, role: Role, settings: &Settings) -> Span<'a> {
    Span::styled(text, style(role, settings))
}

/// The text, or as much of it as fits with `…` at its end.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.into();
    }
    let mut shown = String::new();
    for grapheme in text.graphemes(true) {
        if shown.width() + grapheme.width() + 1 > width {
            break;
        }
        shown.push_str(grapheme);
    }
    if width > 0 {
        shown.push('…');
    }
    shown
}

/// The name, or as much of it as fits with `…` in it: the number it ends in stays, which tells `Carac… 1` from `Carac… 2`.
pub fn cut_name(name: &str, width: usize) -> String {
    let numbered = name.rsplit_once(' ').filter(|(_, last)| last.chars().all(|c| c.is_ascii_digit()));
    match numbered {
        // Of what comes before the number, two letters and the sign of the cut.
        Some((rest, number)) if name.width() > width && number.len() + 4 <= width => {
            format!("{} {number}", cut(rest, width - number.len() - 1))
        }
        _ => cut(name, width),
    }
}

/// The text, or as much of its end as fits, behind `…`.
pub fn cut_start(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.into();
    }
    let mut shown = Vec::new();
    let mut left = width.saturating_sub(1);
    for grapheme in text.graphemes(true).rev() {
        let Some(rest) = left.checked_sub(grapheme.width()) else { break };
        left = rest;
        shown.push(grapheme);
    }
    let dots = if width > 0 { "…" } else { "" };
    shown.into_iter().rev().fold(dots.to_owned(), |text, grapheme| text + grapheme)
}

/// A padded text of which only what is not blank is styled.
pub fn padded(text: &str, look: Style) -> [Span<'static>; 3] {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(start);
    [Span::raw(text[..start].to_owned()), Span::styled(text[start..end].to_owned(), look), Span::raw(text[end..].to_owned())]
}

/// The text padded on its left to a width.
pub fn right(text: &str, width: usize) -> String {
    let mut padded = blanks(width.saturating_sub(text.width()), text.len());
    padded.push_str(text);
    padded
}

/// So many blanks, with room for so many bytes behind them.
fn blanks(columns: usize, more: usize) -> String {
    let mut text = String::with_capacity(columns + more);
    text.extend(std::iter::repeat_n(' ', columns));
    text
}

/// The text padded on its right to a width.
pub fn left(text: &str, width: usize) -> String {
    let mut padded = String::with_capacity(text.len().max(width));
    padded.push_str(text);
    padded.extend(std::iter::repeat_n(' ', width.saturating_sub(text.width())));
    padded
}

/// The text in the middle of a width.
pub fn centred(text: &str, width: usize) -> String {
    let room = width.saturating_sub(text.width());
    format!("{:2$}{text}{:3$}", "", "", room / 2, room - room / 2)
}

/// Text broken at spaces into lines of at most a width; a word that is longer is broken where the line ends.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for grapheme in word.graphemes(true) {
                if line.width() + grapheme.width() > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(grapheme);
            }
        }
        lines.push(line);
    }
    lines
}

/// Text broken at spaces into at most so many lines of a width, the last of which ends in `…` where there is more.
pub fn folded(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines = wrapped(text, width);
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(cut(&rest, width));
    }
    lines
}

/// A style that marks what the last keypress computed, on top of what a thing looks like anyway.
pub fn marked(base: Style, is_new: bool, settings: &Settings) -> Style {
    if is_new { base.patch(style(Role::New, settings)) } else { base }
}
