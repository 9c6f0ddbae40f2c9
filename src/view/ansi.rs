//! A cell's style as escape sequences take it, for the terminal and for a frame written to a file.

use anstyle::Style;
use ratatui::buffer::Cell;
use ratatui::style::Color;

/// The style of a cell, in which the terminal's own colours are none.
pub fn style(cell: &Cell) -> Style {
    let own = |color: Color| (color != Color::Reset).then_some(color);
    let emphasis = ratatui::style::Style::new().add_modifier(cell.modifier);
    ratatui::style::Style { fg: own(cell.fg), bg: own(cell.bg), ..emphasis }.into()
}
