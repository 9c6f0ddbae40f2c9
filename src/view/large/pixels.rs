//! Lines of large text drawn with block characters, in one of several sizes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use super::font::{ROWS, letters};
use crate::app::settings::Charset;

/// How large a pixel of a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelSize {
    /// Two columns and a row.
    Double,
    /// A column and a row.
    Full,
    /// A column and half a row.
    HalfHeight,
    /// Half a column and half a row.
    Quadrant,
}

/// The quarters of a character that are set, the upper left one in the lowest bit, the lower right one in the highest.
const QUADRANTS: [&str; 16] = [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];

/// The lowest pixel of a column.
const UNDERLINE: u8 = 1 << (ROWS - 1);

impl PixelSize {
    /// Those the characters can draw, from the largest down; there are no quarters in ASCII.
    pub const fn of(charset: Charset) -> &'static [Self] {
        match charset {
            Charset::Unicode => &[Self::Double, Self::Full, Self::HalfHeight, Self::Quadrant],
            Charset::Ascii => &[Self::Double, Self::Full, Self::HalfHeight],
        }
    }

    /// The rows of the screen that a line takes.
    pub const fn rows(self) -> u16 {
        match self {
            Self::Double | Self::Full => ROWS as u16,
            Self::HalfHeight | Self::Quadrant => ROWS as u16 / 2,
        }
    }

    /// The columns of the screen that a text takes.
    pub fn width(self, text: &str) -> usize {
        letters(text).map(|letter| self.columns(letter.columns.len())).sum()
    }

    /// The columns of the screen that so many pixels take: no two letters share one.
    const fn columns(self, pixels: usize) -> usize {
        match self {
            Self::Double => 2 * pixels,
            Self::Full | Self::HalfHeight => pixels,
            Self::Quadrant => pixels.div_ceil(2),
        }
    }

    /// What stands in a column and a row of the screen of a letter.
    fn symbol(self, pixels: &[u8], column: usize, row: usize) -> &'static str {
        let is_set = |x: usize, y: usize| pixels.get(x).is_some_and(|column| (column >> y) & 1 == 1);
        let quarters = |left: usize, right: usize| {
            let corners = [(left, 2 * row), (right, 2 * row), (left, 2 * row + 1), (right, 2 * row + 1)];
            QUADRANTS[corners.into_iter().enumerate().fold(0, |bits, (i, (x, y))| bits | (usize::from(is_set(x, y)) << i))]
        };
        match self {
            Self::Double if is_set(column / 2, row) => "█",
            Self::Full if is_set(column, row) => "█",
            Self::Double | Self::Full => " ",
            Self::HalfHeight => quarters(column, column),
            Self::Quadrant => quarters(2 * column, 2 * column + 1),
        }
    }
}

/// A line of large text.
pub struct LargeLine<'a> {
    /// Its pieces, each with its style.
    pub pieces: &'a [(String, Style)],
    /// How large it is.
    pub size: PixelSize,
}

impl Widget for LargeLine<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let mut left = area.x;
        for (text, style) in self.pieces {
            // Underlined characters would have a line through the letter they are the parts of.
            let is_underlined = style.add_modifier.contains(Modifier::UNDERLINED);
            let look = Style { add_modifier: style.add_modifier - Modifier::UNDERLINED, ..*style };
            for mut letter in letters(text) {
                if is_underlined {
                    letter.columns.iter_mut().for_each(|column| *column |= UNDERLINE);
                }
                for column in 0..self.size.columns(letter.columns.len()) {
                    if left >= area.right() {
                        return;
                    }
                    for row in 0..self.size.rows().min(area.height) {
                        let symbol = self.size.symbol(&letter.columns, column, row.into());
                        // A blank has no colour of its own, but it belongs to what is reversed.
                        if symbol != " " || look.add_modifier.contains(Modifier::REVERSED) {
                            buffer[(left, area.y + row)].set_symbol(symbol).set_style(look);
                        }
                    }
                    left += 1;
                }
            }
        }
    }
}
