//! Where a terminal writes next, as far as that is known, and the shortest way to another place.

use super::{digits, push_number};

/// Down a row in the same column. A line feed would do the same, but a line discipline may add a carriage return to it.
const DOWN: u8 = 0x0b;

/// Where a terminal writes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// Anywhere.
    Unknown,
    /// Somewhere in this row.
    InRow(u16),
    /// At this column and row.
    At(u16, u16),
}

/// A way there, and how many bytes it takes.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    moves: Moves,
    /// Its bytes.
    pub len: usize,
}

#[derive(Clone, Copy, Debug)]
enum Moves {
    /// To a column and row.
    Place(u16, u16),
    /// So many rows down (or, below 0, up), then sideways.
    Steps(i32, Sideways),
}

/// A way within a row.
#[derive(Clone, Copy, Debug)]
enum Sideways {
    /// So many columns to the right or, below 0, to the left.
    By(i32),
    /// To the first column.
    Return,
    /// To a column.
    To(u16),
}

impl Cursor {
    /// The ways to a row.
    pub fn ways_to(self, y: u16) -> Ways {
        let (row, column) = match self {
            Self::Unknown => return Ways { y, least: place_len(0, y), go_up: false, steps: None },
            Self::InRow(row) => (row, None),
            Self::At(column, row) => (row, Some(column)),
        };
        let rows = i32::from(y) - i32::from(row);
        let len = down_len(rows);
        Ways { y, least: len, go_up: rows < 0, steps: Some(Steps { rows, len, column }) }
    }
}

/// The ways to a row.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// The row.
    pub y: u16,
    /// How many bytes the shortest takes at least, which is never less for a row further down, unless they go up.
    pub least: usize,
    /// Whether they are known to go up.
    pub go_up: bool,
    /// From the row where the cursor is, if that is known.
    steps: Option<Steps>,
}

#[derive(Clone, Copy, Debug)]
struct Steps {
    rows: i32,
    /// How many bytes they take.
    len: usize,
    /// The column they begin in, if that is known.
    column: Option<u16>,
}

impl Ways {
    /// The shortest to a column.
    #[inline]
    pub fn to(self, x: u16) -> Way {
        let place = Way { moves: Moves::Place(x, self.y), len: place_len(x, self.y) };
        let Some(steps) = self.steps else { return place };
        let absolute = if x == 0 { (Sideways::Return, 1) } else { (Sideways::To(x), 3 + digits(u32::from(x) + 1)) };
        let columns = steps.column.map(|column| i32::from(x) - i32::from(column));
        let relative = columns.map(|columns| (Sideways::By(columns), by_len(columns)));
        let (sideways, len) = relative.filter(|relative| relative.1 <= absolute.1).unwrap_or(absolute);
        let steps = Way { moves: Moves::Steps(steps.rows, sideways), len: steps.len + len };
        if steps.len < place.len { steps } else { place }
    }
}

impl Way {
    /// Appends it.
    pub fn push(self, bytes: &mut Vec<u8>) {
        match self.moves {
            Moves::Place(x, y) => {
                bytes.extend(b"\x1b[");
                push_number(u32::from(y) + 1, bytes);
                bytes.push(b';');
                push_number(u32::from(x) + 1, bytes);
                bytes.push(b'H');
            }
            Moves::Steps(rows, sideways) => {
                match rows {
                    0 => {}
                    _ if rows > 0 && down_len(rows) == rows as usize => bytes.extend((0..rows).map(|_| DOWN)),
                    _ => push_counted(rows.unsigned_abs(), if rows > 0 { b'B' } else { b'A' }, bytes),
                }
                sideways.push(bytes);
            }
        }
    }
}

impl Sideways {
    fn push(self, bytes: &mut Vec<u8>) {
        match self {
            Self::By(0) => {}
            Self::By(columns @ -3..=-1) => bytes.extend((columns..0).map(|_| b'\x08')),
            Self::By(columns) => push_counted(columns.unsigned_abs(), if columns > 0 { b'C' } else { b'D' }, bytes),
            Self::Return => bytes.push(b'\r'),
            Self::To(x) => {
                bytes.extend(b"\x1b[");
                push_number(u32::from(x) + 1, bytes);
                bytes.push(b'G');
            }
        }
    }
}

fn place_len(x: u16, y: u16) -> usize {
    4 + digits(u32::from(x) + 1) + digits(u32::from(y) + 1)
}

const fn by_len(columns: i32) -> usize {
    match columns {
        0 => 0,
        -3..=-1 => columns.unsigned_abs() as usize,
        _ => counted_len(columns.unsigned_abs()),
    }
}

const fn down_len(rows: i32) -> usize {
    match rows {
        0 => 0,
        1..=4 => rows as usize,
        _ => counted_len(rows.unsigned_abs()),
    }
}

/// The length of a sequence with a count, which is left out where it is 1.
const fn counted_len(count: u32) -> usize {
    3 + if count == 1 { 0 } else { digits(count) }
}

fn push_counted(count: u32, end: u8, bytes: &mut Vec<u8>) {
    bytes.extend(b"\x1b[");
    if count != 1 {
        push_number(count, bytes);
    }
    bytes.push(end);
}
