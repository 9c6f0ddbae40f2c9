//! Letters as pixels, eight rows high and as wide as they are: those of font8x8, and those it lacks.

use font8x8::{BASIC_FONTS, GREEK_FONTS, LATIN_FONTS, UnicodeFonts};

/// The rows of a letter.
pub const ROWS: usize = 8;

/// The columns of a blank, and of a thin one.
const BLANKS: [(char, usize); 2] = [(' ', 4), (THIN, 2)];

/// Air before a letter.
pub const THIN: char = '\u{2009}';

/// The pixels of a letter: a column each, its upper pixel in the lowest bit, the last column blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// From left to right.
    pub columns: Vec<u8>,
}

/// What formulas need and the font does not have.
const OWN: [(char, [&str; ROWS]); 9] = [
    ('≈', ["       ", " ##  ##", "#  ## #", "       ", " ##  ##", "#  ## #", "       ", "       "]),
    ('→', ["        ", "    #   ", "    ##  ", "####### ", "####### ", "    ##  ", "    #   ", "        "]),
    ('←', ["        ", "   #    ", "  ##    ", " #######", " #######", "  ##    ", "   #    ", "        "]),
    ('∞', ["         ", "         ", " ##  ##  ", "#  ##  # ", "#  ##  # ", " ##  ##  ", "         ", "         "]),
    ('…', ["        ", "        ", "        ", "        ", "        ", "## ## ##", "## ## ##", "        "]),
    ('✓', ["        ", "       #", "      ##", "##   ## ", " ## ##  ", "  ###   ", "   #    ", "        "]),
    ('✗', ["        ", "##   ## ", " ## ##  ", "  ###   ", " ## ##  ", "##   ## ", "        ", "        "]),
    ('−', ["        ", "        ", "        ", "####### ", "        ", "        ", "        ", "        "]),
    ('–', ["        ", "        ", "        ", "####### ", "        ", "        ", "        ", "        "]),
];

/// The letters of a text; one that neither has is spelled in ASCII, or is a question mark.
pub fn letters(text: &str) -> impl Iterator<Item = Letter> + '_ {
    text.chars().flat_map(|c| match letter(c) {
        Some(letter) => vec![letter],
        None => deunicode::deunicode_char(c).unwrap_or("?").chars().filter_map(letter).collect(),
    })
}

/// A letter, where there is one.
pub fn letter(c: char) -> Option<Letter> {
    if let Some((_, width)) = BLANKS.iter().find(|(blank, _)| *blank == c) {
        return Some(Letter { columns: vec![0; *width] });
    }
    let own = || OWN.iter().find(|(own, _)| *own == c).map(|(_, rows)| of_rows(rows));
    let font = || BASIC_FONTS.get(c).or_else(|| LATIN_FONTS.get(c)).or_else(|| GREEK_FONTS.get(c)).map(of_font);
    let mut columns = own().or_else(font)?;
    let is_blank = |column: &u8| *column == 0;
    let end = columns.iter().rposition(|column| !is_blank(column))? + 1;
    columns.truncate(end);
    columns.drain(..columns.iter().take_while(|column| is_blank(column)).count());
    columns.push(0);
    Some(Letter { columns })
}

/// Columns out of rows whose left pixel is in the lowest bit.
fn of_font(rows: [u8; ROWS]) -> Vec<u8> {
    let column = |x: usize| rows.iter().enumerate().fold(0, |column, (y, row)| column | (((row >> x) & 1) << y));
    (0..8).map(column).collect()
}

fn of_rows(rows: &[&str; ROWS]) -> Vec<u8> {
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let is_set = |x: usize, row: &str| row.as_bytes().get(x) == Some(&b'#');
    let column = |x: usize| rows.iter().enumerate().fold(0, |column, (y, row)| column | (u8::from(is_set(x, row)) << y));
    (0..width).map(column).collect()
}
