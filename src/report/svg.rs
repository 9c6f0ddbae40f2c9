//! A frame as an SVG picture that needs nothing beside it and keeps every cell at its column, whatever fonts a viewer has.
//!
//! Fonts disagree on how wide an arrow, a braille pattern or a box is, or do not have them. So what is drawn is drawn as
//! paths; letters are fitted to the columns they have, and any other character stands in the middle of its cell.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use quick_xml::events::BytesText;
use quick_xml::writer::{ElementWriter, Writer};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::rows::visible;
use crate::app::settings::{Charset, Settings};
use crate::app::state::State;
use crate::view::glyphs::plain;
use crate::view::text::words;
use crate::view::theme::{Rgb, paper, rgb};

/// A cell's width and height, in units of the picture.
const CELL: (usize, usize) = (20, 40);

/// The air around the cells.
const MARGIN: usize = 20;

/// Units of the picture in a pixel of its natural size.
const SCALE: usize = 2;

/// From the top of a cell to the line letters stand on, and to a line under them.
const BASELINE: usize = 29;
const UNDERLINE: usize = 34;

/// The size at which most fonts for terminals are as wide as a cell.
const FONT_SIZE: &str = "33.2";

/// Fonts of the usual systems, of which every one has the letters.
const FONTS: &str = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/// How wide a line is drawn.
const PEN: &str = "2.4";

/// Characters drawn as lines, each as a path from the upper left corner of its cell.
const LINES: [(char, &str); 10] = [
    ('│', "m10 0v40"),
    ('╭', "m10 40v-10a10 10 0 0 1 10-10"),
    ('╮', "m0 20a10 10 0 0 1 10 10v10"),
    ('╰', "m10 0v10a10 10 0 0 0 10 10"),
    ('╯', "m0 20a10 10 0 0 0 10-10v-10"),
    ('├', "m10 0v40m0-20h10"),
    ('┤', "m10 0v40m0-20h-10"),
    ('┊', "m10 3v4m0 6v4m0 6v4m0 6v4"),
    ('┈', "m1 20h3m2 0h3m2 0h3m2 0h3"),
    ('═', "m0 16h20m0 8h-20"),
];

/// Characters drawn as areas, likewise.
const AREAS: [(char, &str); 20] = [
    ('▌', "h10v40h-10z"),
    ('▐', "m10 0h10v40h-10z"),
    ('▀', "h20v20h-20z"),
    ('▄', "m0 20h20v20h-20z"),
    ('▘', "h10v20h-10z"),
    ('▝', "m10 0h10v20h-10z"),
    ('▖', "m0 20h10v20h-10z"),
    ('▗', "m10 20h10v20h-10z"),
    ('▞', "m10 0h10v20h-10zm-10 20h10v20h-10z"),
    ('▚', "h10v20h-10zm10 20h10v20h-10z"),
    ('▛', "h20v20h-10v20h-10z"),
    ('▜', "h20v40h-10v-20h-10z"),
    ('▙', "h10v20h10v20h-20z"),
    ('▟', "m10 0h10v40h-20v-20h10z"),
    ('┃', "m7 0h6v40h-6z"),
    ('▶', "m2 11l16 9l-16 9z"),
    ('◀', "m18 11l-16 9l16 9z"),
    ('▼', "m1 12h18l-9 16z"),
    ('▸', "m5 14l10 6l-10 6z"),
    ('●', "m3 20a7 7 0 1 0 14 0a7 7 0 1 0-14 0z"),
];

/// Characters that fill their cell, and how much of the colour they show, in percent.
const BARS: [(char, u8); 4] = [('░', 30), ('▒', 55), ('▓', 78), ('█', 100)];

/// The column and the row of each dot of a braille pattern, from its lowest bit on.
const DOTS: [(usize, usize); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];

/// Writes the frame of a state, its colours in full depth.
///
/// # Errors
///
/// What the writer gives.
pub fn write(buffer: &Buffer, state: &State, out: &mut impl Write) -> io::Result<()> {
    let settings = state.settings();
    let paper = paper(settings);
    let picture = Picture::new(buffer, settings);
    let side = |cells: u16, cell: usize| usize::from(cells) * cell + 2 * MARGIN;
    let (width, height) = (side(buffer.area.width, CELL.0), side(buffer.area.height, CELL.1));
    let said = |text: String| if settings.charset == Charset::Ascii { plain(&text) } else { text };
    let now = format!("t = {}", state.t());
    let title = said(format!("celda · {} · {now}", state.scenario().title.get(settings.language)));
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let description = said(format!("{} {now}, {columns} × {rows}", words(settings.language).screen_at));
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 1);
    writer
        .create_element("svg")
        .with_attribute(("xmlns", "http://www.w3.org/2000/svg"))
        .with_attribute(("width", (width / SCALE).to_string().as_str()))
        .with_attribute(("height", (height / SCALE).to_string().as_str()))
        .with_attribute(("viewBox", format!("0 0 {width} {height}").as_str()))
        .with_attribute(("font-family", FONTS))
        .with_attribute(("font-size", FONT_SIZE))
        .with_attribute(("fill", hex(paper.ink).as_str()))
        .write_inner_content(|writer| {
            writer.create_element("title").write_text_content(BytesText::new(&allowed(&title)))?;
            writer.create_element("desc").write_text_content(BytesText::new(&allowed(&description)))?;
            writer
                .create_element("rect")
                .with_attribute(("width", "100%"))
                .with_attribute(("height", "100%"))
                .with_attribute(("fill", hex(paper.ground).as_str()))
                .write_empty()?;
            picture.write(paper.ink, writer)
        })?;
    writeln!(out)
}

/// What a frame shows, by how it is drawn, from the back to the front.
#[derive(Default)]
struct Picture {
    /// Backgrounds by colour, each a path.
    grounds: BTreeMap<Rgb, String>,
    /// Areas by how much they show of their colour.
    areas: BTreeMap<(u8, Rgb), String>,
    /// Lines by colour.
    lines: BTreeMap<Rgb, String>,
    /// Text.
    texts: Vec<Stretch>,
}

/// A cell that is seen, with its column, how many columns it has, and its look.
struct Placed<'b> {
    x: usize,
    columns: usize,
    cell: &'b Cell,
    look: Look,
}

/// Characters of one look, side by side.
struct Stretch {
    /// The column and the row of the first.
    at: (usize, usize),
    /// How many columns they have.
    columns: usize,
    text: String,
    look: Look,
    /// Whether it can be fitted to its columns as a whole; anything else stands in the middle of them.
    fits: bool,
}

/// How a cell looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    ink: Rgb,
    /// None where nothing is painted behind it.
    ground: Option<Rgb>,
    bold: bool,
    underlined: bool,
}

impl Look {
    fn new(cell: &Cell, settings: &Settings) -> Self {
        let paper = paper(settings);
        let color = |color: Color, own: Rgb| rgb(color, settings).unwrap_or(own);
        let (mut ink, mut ground) = (color(cell.fg, paper.ink), color(cell.bg, paper.ground));
        if cell.modifier.contains(Modifier::REVERSED) {
            std::mem::swap(&mut ink, &mut ground);
        }
        Self {
            ink,
            ground: (ground != paper.ground).then_some(ground),
            bold: cell.modifier.contains(Modifier::BOLD),
            underlined: cell.modifier.contains(Modifier::UNDERLINED),
        }
    }
}

impl Picture {
    fn new(buffer: &Buffer, settings: &Settings) -> Self {
        let mut picture = Self::default();
        for (y, row) in buffer.content.chunks(usize::from(buffer.area.width.max(1))).enumerate() {
            let cells: Vec<Placed<'_>> =
                visible(row).map(|(x, columns, cell)| Placed { x, columns, cell, look: Look::new(cell, settings) }).collect();
            for alike in cells.chunk_by(|a, b| a.look == b.look) {
                picture.add_alike(y, alike);
            }
        }
        picture
    }

    /// Adds cells of one look, side by side.
    fn add_alike(&mut self, y: usize, cells: &[Placed<'_>]) {
        let [first, ..] = cells else { return };
        let look = first.look;
        let columns = cells.iter().map(|cell| cell.columns).sum();
        if let Some(ground) = look.ground {
            rectangle(self.grounds.entry(ground).or_default(), (first.x, y), columns, (0, CELL.1));
        }
        if look.underlined {
            rectangle(self.areas.entry((100, look.ink)).or_default(), (first.x, y), columns, (UNDERLINE, 2));
        }
        for same in cells.chunk_by(|a, b| a.cell.symbol() == b.cell.symbol()) {
            self.add_same(y, same);
        }
    }

    /// Adds cells of one look and one character, side by side.
    fn add_same(&mut self, y: usize, cells: &[Placed<'_>]) {
        let [first, ..] = cells else { return };
        let ink = first.look.ink;
        let only = only_char(first.cell.symbol());
        if let Some('─') = only {
            let (left, top) = corner((first.x, y));
            push(self.lines.entry(ink).or_default(), format_args!("M{left} {}h{}", top + CELL.1 / 2, cells.len() * CELL.0));
        } else if let Some(share) = only.and_then(|c| of(&BARS, c)) {
            rectangle(self.areas.entry((share, ink)).or_default(), (first.x, y), cells.len(), (0, CELL.1));
        } else {
            for placed in cells {
                self.add(y, placed);
            }
        }
    }

    fn add(&mut self, y: usize, placed: &Placed<'_>) {
        let &Placed { x, columns, cell, look } = placed;
        let (left, top) = corner((x, y));
        let only = only_char(cell.symbol());
        if let Some(line) = only.and_then(|c| of(&LINES, c)) {
            push(self.lines.entry(look.ink).or_default(), format_args!("M{left} {top}{line}"));
        } else if let Some(area) = only.and_then(|c| of(&AREAS, c)) {
            push(self.areas.entry((100, look.ink)).or_default(), format_args!("M{left} {top}{area}"));
        } else if let Some(braille @ '\u{2800}'..='\u{28ff}') = only {
            for (bit, (column, row)) in DOTS.into_iter().enumerate() {
                if (braille as u32 >> bit) & 1 == 1 {
                    let (x, y) = (left + 5 + 10 * column, top + 5 + 10 * row);
                    push(
                        self.areas.entry((100, look.ink)).or_default(),
                        format_args!("M{} {y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z", x - 3),
                    );
                }
            }
        } else if !cell.symbol().trim().is_empty() {
            self.add_text((x, y), columns, cell.symbol(), look);
        }
    }

    /// Adds text, to the stretch before it where one blank at most is between them: words that belong together can be searched
    /// for and copied together.
    fn add_text(&mut self, (x, y): (usize, usize), columns: usize, text: &str, look: Look) {
        let fits = text.chars().count() == columns && text.chars().all(is_in_every_font);
        if let Some(last) = self.texts.last_mut().filter(|last| fits && last.fits && last.look == look && last.at.1 == y) {
            let gap = x - (last.at.0 + last.columns);
            if gap <= 1 {
                last.text.extend(std::iter::repeat_n(' ', gap));
                last.text.push_str(text);
                last.columns += gap + columns;
                return;
            }
        }
        self.texts.push(Stretch { at: (x, y), columns, text: text.to_owned(), look, fits });
    }

    /// Writes what it holds into an element.
    fn write(&self, own: Rgb, writer: &mut Writer<&mut impl Write>) -> io::Result<()> {
        for (color, path) in &self.grounds {
            filled(writer, path, *color).write_empty()?;
        }
        for ((share, color), path) in &self.areas {
            let area = filled(writer, path, *color);
            let area = if *share < 100 {
                area.with_attribute(("fill-opacity", (f64::from(*share) / 100.0).to_string().as_str()))
            } else {
                area
            };
            area.write_empty()?;
        }
        for (color, path) in &self.lines {
            writer
                .create_element("path")
                .with_attribute(("fill", "none"))
                .with_attribute(("stroke", hex(*color).as_str()))
                .with_attribute(("stroke-width", PEN))
                .with_attribute(("d", path.as_str()))
                .write_empty()?;
        }
        self.texts.iter().try_for_each(|stretch| stretch.write(own, writer))
    }
}

impl Stretch {
    fn write(&self, own: Rgb, writer: &mut Writer<&mut impl Write>) -> io::Result<()> {
        let (left, top) = corner(self.at);
        let width = self.columns * CELL.0;
        let fitted = self.fits && self.columns > 1;
        let x = if fitted { left } else { left + width / 2 };
        let mut text = writer.create_element("text").with_attribute(("x", x.to_string().as_str()));
        text = text.with_attribute(("y", (top + BASELINE).to_string().as_str()));
        text = match fitted {
            true => text
                .with_attribute(("textLength", width.to_string().as_str()))
                .with_attribute(("lengthAdjust", "spacingAndGlyphs")),
            false => text.with_attribute(("text-anchor", "middle")),
        };
        if self.look.ink != own {
            text = text.with_attribute(("fill", hex(self.look.ink).as_str()));
        }
        if self.look.bold {
            text = text.with_attribute(("font-weight", "bold"));
        }
        text.write_text_content(BytesText::new(&allowed(&self.text))).map(|_| ())
    }
}

fn filled<'a, 'w, W: Write>(writer: &'a mut Writer<&'w mut W>, path: &str, color: Rgb) -> ElementWriter<'a, &'w mut W> {
    writer.create_element("path").with_attribute(("fill", hex(color).as_str())).with_attribute(("d", path))
}

/// Adds a rectangle to a path: so many columns from a cell on, from so far below its top, so high.
fn rectangle(path: &mut String, at: (usize, usize), columns: usize, (below, height): (usize, usize)) {
    let (left, top) = corner(at);
    let width = columns * CELL.0;
    push(path, format_args!("M{left} {}h{width}v{height}h-{width}z", top + below));
}

fn push(path: &mut String, piece: fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = path.write_fmt(piece);
}

/// The upper left corner of the cell at a column and a row.
const fn corner((x, y): (usize, usize)) -> (usize, usize) {
    (MARGIN + x * CELL.0, MARGIN + y * CELL.1)
}

fn of<T: Copy>(table: &[(char, T)], character: char) -> Option<T> {
    table.iter().find(|(c, _)| *c == character).map(|&(_, value)| value)
}

/// The character of a text that has one.
fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Printable ASCII and the letters of Latin-1, which a font for terminals has in one width.
const fn is_in_every_font(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}')
}

fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The text without the characters that XML has no place for.
fn allowed(text: &str) -> String {
    let allowed = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if allowed(c) { c } else { '\u{fffd}' }).collect()
}
