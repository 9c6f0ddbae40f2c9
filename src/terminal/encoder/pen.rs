//! The style a terminal writes in, and the shortest way from one to another.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::{digits, push_number};

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

/// The first of some emphases.
fn first_of(emphasis: Modifier) -> Option<(Modifier, u8, u8)> {
    if emphasis.is_empty() { None } else { EMPHASES.into_iter().find(|(one, _, _)| emphasis.contains(*one)) }
}

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

    /// The shortest sequence that takes a terminal from one style to another; none where they are the same.
    pub fn switch(self, to: Self) -> Option<Sequence> {
        if self == to {
            return None;
        }
        let (differences, anew) = (to.differences(self), to.anew());
        Some(if anew.len() <= differences.len() { anew } else { differences })
    }

    /// Only what differs from another style.
    fn differences(self, from: Self) -> Sequence {
        let mut sequence = Sequence::default();
        let mut kept = from.emphasis;
        while let Some((_, _, off)) = first_of(kept.difference(self.emphasis)) {
            sequence.push(off);
            // One number switches several off.
            let gone = EMPHASES.iter().filter(|other| other.2 == off);
            kept = gone.fold(kept, |kept, other| kept.difference(other.0));
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
        sequence
    }

    /// Everything, from no style on.
    fn anew(self) -> Sequence {
        let mut sequence = Sequence::default();
        if self != Self::PLAIN {
            sequence.push(0);
        }
        for (color, base) in [(self.fg, 30), (self.bg, 40)] {
            if color != Color::Reset {
                sequence.push_color(color, base);
            }
        }
        sequence.push_emphasis(self.emphasis);
        sequence
    }
}

/// The most numbers of a sequence: two colours of five each, and every emphasis off or on.
const MOST: usize = 2 * 5 + 2 * EMPHASES.len();

/// A sequence that sets a style, by its numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequence {
    numbers: [u8; MOST],
    count: usize,
    /// How many bytes the numbers take with what follows each.
    len: usize,
}

impl Sequence {
    /// How many bytes it takes.
    pub const fn len(&self) -> usize {
        if self.count == 0 { 3 } else { 2 + self.len }
    }

    /// Appends it.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(b"\x1b[");
        for (i, number) in self.numbers[..self.count].iter().enumerate() {
            if i > 0 {
                bytes.push(b';');
            }
            push_number((*number).into(), bytes);
        }
        bytes.push(b'm');
    }

    fn push(&mut self, number: u8) {
        self.numbers[self.count] = number;
        self.count += 1;
        self.len += digits(number.into()) + 1;
    }

    fn push_emphasis(&mut self, mut emphasis: Modifier) {
        while let Some((one, on, _)) = first_of(emphasis) {
            self.push(on);
            emphasis.remove(one);
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
}
