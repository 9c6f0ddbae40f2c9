//! What the cells of a row show: glyphs, how wide each is, and whether two frames show the same there.

use ratatui::buffer::Cell;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::pen::Pen;

/// What a cell shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph<'b> {
    /// Its characters.
    pub symbol: &'b str,
    /// Its style.
    pub pen: Pen,
    /// How wide it is.
    pub width: Width,
}

/// How far a terminal's cursor goes with a glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// One column in every terminal.
    One,
    /// One column where it stands among others, but not in every terminal.
    Ambiguous,
    /// So many columns, of which not all terminals are of the same opinion.
    Disputed(u16),
    /// It is the rest of the one before.
    Rest,
}

impl Width {
    /// That of a symbol, if a terminal shows it at all.
    fn of(symbol: &str) -> Option<Self> {
        let mut characters = symbol.chars();
        let (first, more) = (characters.next()?, characters.next());
        if more.is_some() {
            let width = if symbol.contains(char::is_control) { 0 } else { symbol.width() };
            return (width > 0).then(|| Self::Disputed(u16::try_from(width).unwrap_or(u16::MAX)));
        }
        match (first.width()?, first.width_cjk()) {
            (0, _) => None,
            (1, Some(1)) => Some(Self::One),
            (1, _) => Some(Self::Ambiguous),
            (width, _) => Some(Self::Disputed(width as u16)),
        }
    }
}

impl<'b> Glyph<'b> {
    /// That of a cell.
    pub fn of(cell: &'b Cell) -> Self {
        let symbol = cell.symbol();
        let width = match symbol.as_bytes() {
            [b' '] => return Self { symbol, pen: Pen::of_blank(cell), width: Width::One },
            [b'!'..=b'~'] => Width::One,
            _ => match Width::of(symbol) {
                Some(width) => width,
                None => return Self::blank(cell),
            },
        };
        Self { symbol, pen: Pen::of(cell), width }
    }

    /// What stands for a symbol that no terminal shows.
    fn blank(cell: &Cell) -> Self {
        Self { symbol: " ", pen: Pen::of_blank(cell), width: Width::One }
    }

    /// Whether it is a blank, whatever its style.
    pub fn is_blank(&self) -> bool {
        self.symbol == " " && self.width == Width::One
    }

    /// Whether it is a blank without a style.
    pub fn is_plain_blank(&self) -> bool {
        self.is_blank() && self.pen == Pen::PLAIN
    }

    /// Whether it may be written in a style and looks as it should.
    pub fn fits(&self, pen: Pen) -> bool {
        self.pen == pen || self.is_blank() && pen.fits_blank(self.pen)
    }
}

/// A row of cells.
pub struct Row<'b> {
    /// The cells.
    pub cells: &'b [Cell],
    /// What they show, where it is not each a glyph of its own.
    pub clusters: Option<Vec<Glyph<'b>>>,
}

impl<'b> Row<'b> {
    /// The row of some cells.
    pub fn new(cells: &'b [Cell]) -> Self {
        Self { cells, clusters: if cells.iter().all(is_on_its_own) { None } else { Some(glyphs(cells)) } }
    }

    /// How many cells there are.
    pub const fn len(&self) -> usize {
        self.cells.len()
    }

    /// What the cell in a column shows.
    pub fn glyph(&self, x: usize) -> Glyph<'b> {
        self.clusters.as_ref().map_or_else(|| Glyph::of(&self.cells[x]), |glyphs| glyphs[x])
    }

    /// Of the cells that differ from those before, leaves those whose glyphs do; of clusters it says which.
    pub fn compare(&self, before: &[Cell], differs: &mut [bool]) {
        if self.clusters.is_some() || !before.iter().all(is_on_its_own) {
            for (x, (differs, old)) in differs.iter_mut().zip(glyphs(before)).enumerate() {
                *differs = old != self.glyph(x);
            }
            return;
        }
        for ((differs, old), new) in differs.iter_mut().zip(before).zip(self.cells) {
            // Of cells that hold something else only those that both look blank show the same.
            *differs = *differs && !(Glyph::of(new).is_blank() && Glyph::of(old) == Glyph::of(new));
        }
    }
}

/// Whether cells hold the same symbol in the same style.
pub fn shows_the_same(old: &Cell, new: &Cell) -> bool {
    let is_same_symbol = match (old.symbol().as_bytes(), new.symbol().as_bytes()) {
        // Those of most cells, sooner compared than as slices of any length.
        ([old], [new]) => old == new,
        (&[a, b, c], &[x, y, z]) => [a, b, c] == [x, y, z],
        (old, new) => old == new,
    };
    is_same_symbol && Pen::of(old) == Pen::of(new)
}

/// Whether a cell neither covers others nor could.
fn is_on_its_own(cell: &Cell) -> bool {
    let mut characters = cell.symbol().chars();
    cell.symbol().len() == 1
        || characters.next().is_none_or(|first| first.is_ascii() || first.width().is_none_or(|width| width < 2))
            && characters.next().is_none()
}

/// What a row of cells shows: a wide one covers those behind it. Of a cluster that some terminal could draw beyond the end of
/// the row, only the first character is left, and nothing of what has no room at all.
fn glyphs(cells: &[Cell]) -> Vec<Glyph<'_>> {
    let mut row: Vec<Glyph<'_>> = Vec::with_capacity(cells.len());
    while row.len() < cells.len() {
        let cell = &cells[row.len()];
        let mut glyph = Glyph::of(cell);
        if let Width::Disputed(width) = glyph.width {
            let room = cells.len() - row.len();
            if widest(glyph.symbol) > room {
                let first = glyph.symbol.char_indices().nth(1).map_or(glyph.symbol, |(end, _)| &glyph.symbol[..end]);
                glyph.symbol = first;
            }
            if widest(glyph.symbol) > room || usize::from(width) > room {
                row.push(Glyph::blank(cell));
                continue;
            }
            row.push(glyph);
            row.extend((1..width).map(|_| Glyph { width: Width::Rest, ..glyph }));
        } else {
            row.push(glyph);
        }
    }
    row
}

/// The columns of a cluster where each of its characters is drawn on its own.
fn widest(symbol: &str) -> usize {
    symbol.chars().filter_map(UnicodeWidthChar::width_cjk).sum()
}
