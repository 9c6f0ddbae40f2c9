//! Tables for LaTeX with the rules of booktabs, none wider than the page and none so long that it leaves much of one empty.

use std::io::{self, Write};
use std::ops::Range;

use super::escape::escape;
use super::mark;
use super::math::math;
use crate::report::worked::Entry;

/// The most rows of one table.
pub const MOST_ROWS: usize = 24;

/// The width of the text and the air of a column, in points.
const TEXT_WIDTH: f64 = 483.0;
const AIR: f64 = 12.0;

/// From this width on, in points, a text is set on several lines of this width.
const WIDEST: f64 = 100.0;

/// A column of a table.
pub struct Column {
    heading: String,
    entries: Vec<Entry>,
}

/// The columns of a table that may be too wide for one: the first ones are repeated where it goes on.
pub struct Sheet {
    /// All columns.
    pub columns: Vec<Column>,
    /// How many are repeated.
    pub fixed: usize,
}

/// An entry as it is set, and about how wide it is, in points.
struct Set {
    text: String,
    width: f64,
}

impl Column {
    /// A column under a heading that is escaped already.
    pub const fn new(heading: String) -> Self {
        Self { heading, entries: Vec::new() }
    }

    /// Adds an entry below.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Numbers stand with their points below each other.
    fn set(&self) -> Vec<Set> {
        let decimals = |entry: &Entry| match entry {
            Entry::Number(number) | Entry::Claim(number, _) => number.split_once('.').map(|(_, decimals)| decimals.len()),
            _ => None,
        };
        // A power of ten stands where decimals end, so that points no longer say which digit is which.
        let is_power = |entry: &Entry| matches!(entry, Entry::Number(n) | Entry::Claim(n, _) if n.contains('e'));
        let most =
            if self.entries.iter().any(is_power) { 0 } else { self.entries.iter().filter_map(decimals).max().unwrap_or(0) };
        let padded = |entry: &Entry, number: &str| {
            let point = if decimals(entry).is_none() { "." } else { "" };
            let missing = most.saturating_sub(decimals(entry).unwrap_or(0));
            let phantom = if missing > 0 { format!("\\phantom{{{point}{}}}", "0".repeat(missing)) } else { String::new() };
            let power = if number.contains('e') { 12.0 } else { 0.0 };
            Set { text: format!("${}{phantom}$", math(number)), width: 4.7 * (number.len() + missing) as f64 + power }
        };
        let set = |entry: &Entry| match entry {
            Entry::Nothing => Set { text: String::new(), width: 0.0 },
            Entry::Number(number) => padded(entry, number),
            Entry::Claim(number, holds) => {
                let Set { text, width } = padded(entry, number);
                Set { text: format!("{text}~{}", mark(*holds)), width: width + AIR }
            }
            Entry::Name(name) => {
                let name = escape(name);
                Set { width: width(&name), text: name }
            }
        };
        self.entries.iter().map(set).collect()
    }

    fn is_text(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry, Entry::Name(_)))
    }
}

impl Sheet {
    /// Writes the tables.
    ///
    /// # Errors
    ///
    /// What the writer gives.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let bodies: Vec<Vec<Set>> = self.columns.iter().map(Column::set).collect();
        let width_of = |column: usize| {
            let body = body_width(&bodies[column]);
            let body = if self.columns[column].is_text() { body.min(WIDEST) } else { body };
            AIR + width(&self.columns[column].heading).min(WIDEST).max(body)
        };
        let fixed: f64 = (0..self.fixed).map(width_of).sum();
        let mut start = self.fixed;
        while start < self.columns.len() {
            let mut taken = fixed + width_of(start);
            let mut end = start + 1;
            while end < self.columns.len() && taken + width_of(end) <= TEXT_WIDTH {
                taken += width_of(end);
                end += 1;
            }
            self.write_table(&bodies, start..end, out)?;
            start = end;
        }
        Ok(())
    }

    fn write_table(&self, bodies: &[Vec<Set>], shown: Range<usize>, out: &mut impl Write) -> io::Result<()> {
        let columns: Vec<usize> = (0..self.fixed).chain(shown).collect();
        let kinds: Vec<String> = columns.iter().map(|&column| kind(&self.columns[column], &bodies[column])).collect();
        writeln!(out, "\\par\\smallskip{{\\small\\begin{{tabular}}{{{}}}\n\\toprule", kinds.concat())?;
        write_row(columns.iter().map(|&column| heading(&self.columns[column])), out)?;
        writeln!(out, "\\midrule")?;
        let rows = columns.iter().map(|&column| bodies[column].len()).max().unwrap_or(0);
        for row in 0..rows {
            let entry = |(&column, kind): (&usize, &String)| {
                let text = bodies[column].get(row).map(|set| set.text.as_str()).unwrap_or_default();
                if kind.starts_with('p') { format!("\\raggedright {text}") } else { text.to_owned() }
            };
            write_row(columns.iter().zip(&kinds).map(entry), out)?;
        }
        writeln!(out, "\\bottomrule\n\\end{{tabular}}\\par}}\\smallskip")
    }
}

/// Writes the terms of a sum below their equation, in columns of sources, weights, values and products; what stands below
/// so many terms is their total.
///
/// # Errors
///
/// What the writer gives.
pub fn write_terms(columns: &[Column], terms: usize, out: &mut impl Write) -> io::Result<()> {
    let bodies: Vec<Vec<Set>> = columns.iter().map(Column::set).collect();
    // The signs between the factors stand in the declaration of their columns, which headings and the total do without.
    let alone = |(column, text): (usize, String)| match column {
        0 => text,
        _ => format!("\\multicolumn{{1}}{{r}}{{{text}}}"),
    };
    writeln!(out, "\\nopagebreak\\aside{{{{\\small\\begin{{tabular}}{{lr@{{${{}}\\cdot{{}}$}}r@{{${{}}={{}}$}}r}}\n\\toprule")?;
    write_row(columns.iter().map(heading).enumerate().map(alone), out)?;
    for row in 0..bodies.first().map_or(0, Vec::len) {
        let entries = bodies.iter().filter_map(|body| Some(body.get(row)?.text.clone()));
        if row == 0 || row == terms {
            writeln!(out, "\\midrule")?;
        }
        if row < terms {
            write_row(entries, out)?;
        } else {
            write_row(entries.enumerate().map(alone), out)?;
        }
    }
    writeln!(out, "\\bottomrule\n\\end{{tabular}}}}}}\\smallskip")
}

fn write_row(entries: impl Iterator<Item = String>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} \\tabularnewline", entries.collect::<Vec<_>>().join(" & "))
}

/// A heading; one that is too wide is set on several lines.
fn heading(column: &Column) -> String {
    let text = &column.heading;
    match (width(text) > WIDEST, column.is_text()) {
        (false, _) => text.clone(),
        (true, true) => format!("\\parbox[b]{{{WIDEST}pt}}{{\\raggedright\\strut {text}\\strut}}"),
        (true, false) => format!("\\parbox[b]{{{WIDEST}pt}}{{\\raggedleft\\strut {text}\\strut}}"),
    }
}

/// How a column is declared.
fn kind(column: &Column, body: &[Set]) -> String {
    match column.is_text() {
        true if body_width(body) > WIDEST => format!("p{{{WIDEST}pt}}"),
        true => "l".into(),
        false => "r".into(),
    }
}

fn body_width(body: &[Set]) -> f64 {
    body.iter().map(|set| set.width).fold(0.0, f64::max)
}

/// About the width of an escaped text at nine points; a command counts as the widest of the signs it may stand for.
fn width(escaped: &str) -> f64 {
    let is_letter = |c: &char| c.is_ascii_alphabetic();
    let mut characters = escaped.chars().peekable();
    let mut width = 0.0;
    while let Some(c) = characters.next() {
        width += match c {
            '\\' if characters.next_if(is_letter).is_some() => {
                while characters.next_if(is_letter).is_some() {}
                9.0
            }
            '\\' | '{' | '}' | '$' => 0.0,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 7.8,
            c if c.is_uppercase() => 6.8,
            _ => 4.8,
        };
    }
    width
}
