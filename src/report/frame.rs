//! One frame of the stepper without a terminal, as plain text or with ANSI styles.

use std::io::{self, Write};

use anstyle::Style;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::app::state::State;
use crate::view;
use crate::view::ansi::style;

/// How a frame is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFormat {
    /// Characters only.
    Text,
    /// Characters with ANSI styles.
    Ansi,
}

/// Draws the frame of a state at a size.
pub fn draw(state: &mut State, (width, height): (u16, u16)) -> Buffer {
    state.fit((width, height), view::scroll_limits(state, (width, height)));
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    view::draw(state, &mut buffer);
    buffer
}

/// Writes a frame, a line per row, without the blanks at the ends of the rows.
///
/// # Errors
///
/// What the writer gives.
pub fn write(buffer: &Buffer, format: FrameFormat, out: &mut impl Write) -> io::Result<()> {
    for row in buffer.content.chunks(usize::from(buffer.area.width.max(1))) {
        let blank = |cell: &Cell| cell.symbol() == " " && (format == FrameFormat::Text || style(cell) == Style::new());
        let end = row.iter().rposition(|cell| !blank(cell)).map_or(0, |last| last + 1);
        let mut now = Style::new();
        let mut covered = 0;
        for cell in &row[..end] {
            // A wide character covers the cells after it, which hold nothing of their own.
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = cell.symbol().width().saturating_sub(1);
            let wanted = style(cell);
            if format == FrameFormat::Ansi && wanted != now {
                write!(out, "{}{}", now.render_reset(), wanted.render())?;
                now = wanted;
            }
            write!(out, "{}", cell.symbol())?;
        }
        writeln!(out, "{}", now.render_reset())?;
    }
    Ok(())
}
