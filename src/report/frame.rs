//! One frame of the stepper without a terminal, as plain text, with ANSI styles or as a picture.

use std::io::{self, Write};

use anstyle::Style;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::svg;
use crate::app::lecture::Lecture;
use crate::app::state::State;
use crate::view::Layout;
use crate::view::ansi::style;

/// How a frame is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFormat {
    /// Characters only.
    Text,
    /// Characters with ANSI styles.
    Ansi,
    /// A picture in the colours of the theme.
    Svg,
}

/// Whether rows are written with their styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styles {
    /// Characters only.
    None,
    /// As ANSI escape sequences.
    Ansi,
}

/// Draws the frame of a lecture at a size.
pub fn draw_lecture(lecture: &mut Lecture, (width, height): (u16, u16)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    Layout::fitted(lecture.state_mut(), (width, height)).draw_lecture(lecture, &mut buffer);
    buffer
}

/// Draws the frame of a state at a size.
pub fn draw(state: &mut State, (width, height): (u16, u16)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    Layout::fitted(state, (width, height)).draw(state, &mut buffer);
    buffer
}

/// Writes the frame of a state.
///
/// # Errors
///
/// What the writer gives.
pub fn write(buffer: &Buffer, state: &State, format: FrameFormat, out: &mut impl Write) -> io::Result<()> {
    match format {
        FrameFormat::Text => write_rows(buffer, Styles::None, out),
        FrameFormat::Ansi => write_rows(buffer, Styles::Ansi, out),
        FrameFormat::Svg => svg::write(buffer, state, out),
    }
}

/// Writes a line per row, without the blanks at the ends of the rows.
///
/// # Errors
///
/// What the writer gives.
pub fn write_rows(buffer: &Buffer, styles: Styles, out: &mut impl Write) -> io::Result<()> {
    for row in buffer.content.chunks(usize::from(buffer.area.width.max(1))) {
        let blank = |cell: &Cell| cell.symbol() == " " && (styles == Styles::None || style(cell) == Style::new());
        let end = row.iter().rposition(|cell| !blank(cell)).map_or(0, |last| last + 1);
        let mut now = Style::new();
        for (_, _, cell) in visible(&row[..end]) {
            let wanted = style(cell);
            if styles == Styles::Ansi && wanted != now {
                write!(out, "{}{}", now.render_reset(), wanted.render())?;
                now = wanted;
            }
            write!(out, "{}", cell.symbol())?;
        }
        writeln!(out, "{}", now.render_reset())?;
    }
    Ok(())
}

/// The cells of a row that are seen, each with its column and how many columns it has: a wide character covers the cells
/// after it, which hold nothing of their own.
pub fn visible(row: &[Cell]) -> impl Iterator<Item = (usize, usize, &Cell)> {
    let mut free = 0;
    row.iter().enumerate().filter_map(move |(x, cell)| {
        if x < free {
            return None;
        }
        free = x + cell.symbol().width().max(1);
        Some((x, free.min(row.len()) - x, cell))
    })
}
