//! Where a terminal writes next, as far as that is known, and the shortest way to another place.

use super::push_number;

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
    /// The shortest way to a column and row.
    pub fn way_to(self, x: u16, y: u16) -> Way {
        let place = Way { moves: Moves::Place(x, y), len: 4 + digits(u32::from(x) + 1) + digits(u32::from(y) + 1) };
        let absolute = if x == 0 { (Sideways::Return, 1) } else { (Sideways::To(x), 3 + digits(u32::from(x) + 1)) };
        let (row, (sideways, len)) = match self {
            Self::Unknown => return place,
            Self::InRow(row) => (row, absolute),
            Self::At(column, row) => {
                let columns = i32::from(x) - i32::from(column);
                let len = by_len(columns);
                (row, if len <= absolute.1 { (Sideways::By(columns), len) } else { absolute })
            }
        };
        let rows = i32::from(y) - i32::from(row);
        let steps = Way { moves: Moves::Steps(rows, sideways), len: down_len(rows) + len };
        if steps.len < place.len { steps } else { place }
    }

    /// How many bytes the shortest way to a row takes at least, which is never less for one further down, unless it is below.
    pub fn least_to(self, y: u16) -> usize {
        match self {
            Self::Unknown => 5 + digits(u32::from(y) + 1),
            Self::InRow(row) | Self::At(_, row) => down_len(i32::from(y) - i32::from(row)),
        }
    }

    /// Whether it is known to be below a row.
    pub const fn is_below(self, y: u16) -> bool {
        matches!(self, Self::InRow(row) | Self::At(_, row) if row > y)
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

const fn digits(number: u32) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        100..1000 => 3,
        _ => 4,
    }
}
