//! A frame as rows of characters, plain or with ANSI styles.

use std::io::{self, Write};

use anstyle::Style;
use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use crate::view::ansi::style;

/// Whether rows are written with their styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styles {
    /// Characters only.
    None,
    /// As ANSI escape sequences.
    Ansi,
}

/// Writes a line per row, without the blanks at the ends of the rows.
///
/// # Errors
///
/// What the writer gives.
pub fn write(buffer: &Buffer, styles: Styles, out: &mut impl Write) -> io::Result<()> {
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
