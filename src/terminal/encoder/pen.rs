//! The style a terminal writes in, and the shortest way from one to another.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::push_number;

/// What of a style can be seen on a blank.
const MARKS: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

/// Each emphasis, the number that switches it on, and the one that switches it off.
const EMPHASES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// The style a terminal writes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    fg: Color,
    bg: Color,
    emphasis: Modifier,
}

impl Pen {
    /// The terminal's own colours, no emphasis.
    pub const PLAIN: Self = Self { fg: Color::Reset, bg: Color::Reset, emphasis: Modifier::empty() };

    /// The style of a cell.
    pub const fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, emphasis: cell.modifier }
    }

    /// The style of a blank cell, without what cannot be seen of it.
    pub fn of_blank(cell: &Cell) -> Self {
        let pen = Self::of(cell);
        if pen.marks_blanks() { pen } else { Self { bg: cell.bg, ..Self::PLAIN } }
    }

    /// Whether a blank in this style shows more than its background.
    const fn marks_blanks(self) -> bool {
        self.emphasis.intersects(MARKS)
    }

    /// Whether a blank written in this style looks as one in that style.
    pub fn fits_blank(self, blank: Self) -> bool {
        self == blank || self.bg == blank.bg && !self.marks_blanks() && !blank.marks_blanks()
    }

    /// Appends what takes a terminal from one style to another, which is nothing where they are the same.
    pub fn switch(self, to: Self, bytes: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let start = bytes.len();
        to.push_differences(self, bytes);
        let differences = bytes.len() - start;
        to.push_anew(bytes);
        if bytes.len() - start - differences <= differences {
            bytes.drain(start..start + differences);
        } else {
            bytes.truncate(start + differences);
        }
    }

    /// Only what differs from another style.
    fn push_differences(self, from: Self, bytes: &mut Vec<u8>) {
        let mut sequence = Sequence::begin(bytes);
        let mut kept = from.emphasis;
        for (emphasis, _, off) in EMPHASES {
            if kept.contains(emphasis) && !self.emphasis.contains(emphasis) {
                sequence.push(off);
                // One number switches several off.
                let gone = EMPHASES.iter().filter(|other| other.2 == off);
                kept = gone.fold(kept, |kept, other| kept.difference(other.0));
            }
        }
        if self.fg != from.fg {
            sequence.push_color(self.fg, 30);
            if self.fg == Color::Reset {
                // Old Linux consoles end underlining together with the colour.
                kept = kept.difference(Modifier::UNDERLINED);
            }
        }
        if self.bg != from.bg {
            sequence.push_color(self.bg, 40);
        }
        sequence.push_emphasis(self.emphasis.difference(kept));
        sequence.end();
    }

    /// Everything, from no style on.
    fn push_anew(self, bytes: &mut Vec<u8>) {
        let mut sequence = Sequence::begin(bytes);
        if self != Self::PLAIN {
            sequence.push(0);
        }
        for (color, base) in [(self.fg, 30), (self.bg, 40)] {
            if color != Color::Reset {
                sequence.push_color(color, base);
            }
        }
        sequence.push_emphasis(self.emphasis);
        sequence.end();
    }
}

/// A style sequence that is being written.
struct Sequence<'b> {
    bytes: &'b mut Vec<u8>,
    is_first: bool,
}

impl<'b> Sequence<'b> {
    fn begin(bytes: &'b mut Vec<u8>) -> Self {
        bytes.extend(b"\x1b[");
        Self { bytes, is_first: true }
    }

    fn push(&mut self, number: u8) {
        if !self.is_first {
            self.bytes.push(b';');
        }
        self.is_first = false;
        push_number(number.into(), self.bytes);
    }

    fn push_emphasis(&mut self, emphasis: Modifier) {
        for (one, on, _) in EMPHASES {
            if emphasis.contains(one) {
                self.push(on);
            }
        }
    }

    /// A colour, of which the first of the dim eight has this number.
    fn push_color(&mut self, color: Color, base: u8) {
        let bright = base + 60;
        match color {
            Color::Reset => self.push(base + 9),
            Color::Black => self.push(base),
            Color::Red => self.push(base + 1),
            Color::Green => self.push(base + 2),
            Color::Yellow => self.push(base + 3),
            Color::Blue => self.push(base + 4),
            Color::Magenta => self.push(base + 5),
            Color::Cyan => self.push(base + 6),
            Color::Gray => self.push(base + 7),
            Color::DarkGray => self.push(bright),
            Color::LightRed => self.push(bright + 1),
            Color::LightGreen => self.push(bright + 2),
            Color::LightYellow => self.push(bright + 3),
            Color::LightBlue => self.push(bright + 4),
            Color::LightMagenta => self.push(bright + 5),
            Color::LightCyan => self.push(bright + 6),
            Color::White => self.push(bright + 7),
            Color::Indexed(index) => [base + 8, 5, index].into_iter().for_each(|number| self.push(number)),
            Color::Rgb(r, g, b) => [base + 8, 2, r, g, b].into_iter().for_each(|number| self.push(number)),
        }
    }

    fn end(self) {
        self.bytes.push(b'm');
    }
}
