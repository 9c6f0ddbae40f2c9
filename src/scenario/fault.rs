//! What is wrong in a file: the place, the source line with a caret, and what to do about it.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::text::{Language, Lines, Part, Text, both, printable};

/// The most faults listed of one file; of the rest the number is said.
const MOST_LISTED: usize = 50;

/// The widest excerpt of a source line, in columns.
const WIDEST_EXCERPT: usize = 96;

/// The longest name from a file that a message repeats in full, in characters.
const LONGEST_NAME: usize = 40;

/// Whether a finding makes a file unusable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but something in it does not hold.
    Warning,
}

/// One finding about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whether the file can be used all the same.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub help: Text,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file as a whole.
    File(String),
    /// A stretch of one line of a file.
    Line(LinePlace),
}

/// A stretch of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePlace {
    /// The file.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The line, shortened around the place where it is long.
    excerpt: String,
    /// The columns before the caret.
    indent: usize,
    /// How many carets.
    carets: usize,
}

/// A file's text, with its name and where its lines begin.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
    starts: Vec<usize>,
}

impl Source {
    /// Takes a text in.
    pub fn new(name: String, text: String) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { name, text, starts }
    }

    /// The place of a range of bytes; a range of several lines is cut at the end of its first.
    pub fn place(&self, span: Range<usize>) -> Place {
        let start = self.floor(span.start);
        let line = self.starts.partition_point(|&s| s <= start).saturating_sub(1);
        let line_start = self.starts[line];
        let rest = &self.text[line_start..];
        let content = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let from = (start - line_start).min(content.len());
        let to = self.floor(span.end).saturating_sub(line_start).clamp(from, content.len());
        let (before, after) = content.split_at(from);
        let tail = first_columns(after, WIDEST_EXCERPT / 2);
        let lead = last_columns(before, WIDEST_EXCERPT.saturating_sub(tail.width()));
        let room = WIDEST_EXCERPT.saturating_sub(lead.width());
        Place::Line(LinePlace {
            file: self.name.clone(),
            line: line + 1,
            column: before.chars().count() + 1,
            indent: lead.width(),
            carets: first_columns(&content[from..to], room).width().max(1),
            excerpt: lead + &first_columns(after, room),
        })
    }

    /// The nearest character boundary at or before a byte offset.
    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// The beginning of a text, safe to print, ending in `…` where it was cut.
fn first_columns(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).collect();
    while shown.width() > most {
        shown.pop();
    }
    let cut = if shown.len() < text.len() { "…" } else { "" };
    printable(&shown, Lines::One) + cut
}

/// The end of a text, safe to print, beginning with `…` where it was cut.
fn last_columns(text: &str, most: usize) -> String {
    let start = text.char_indices().rev().take(most).last().map_or(text.len(), |(i, _)| i);
    let mut shown = text[start..].chars();
    while shown.as_str().width() > most {
        shown.next();
    }
    let cut = if shown.as_str().len() < text.len() { "…" } else { "" };
    cut.to_owned() + &printable(shown.as_str(), Lines::One)
}

/// A scenario's source by the name the user gave it, safe to print.
pub fn called(name: &str) -> Text {
    match name {
        "-" => both!("standard input", "entrada estándar"),
        name => Text::same(printable(name, Lines::One)),
    }
}

/// A name from a file as a message repeats it: safe to print, and cut where it is long.
pub fn shown(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => printable(&name[..end], Lines::One) + "…",
        None => printable(name, Lines::One),
    }
}

impl Fault {
    /// A fault at a range of bytes of a file.
    pub fn at(source: &Source, span: Range<usize>, message: impl Into<Text>, help: impl Into<Text>) -> Self {
        Self { severity: Severity::Error, place: source.place(span), message: message.into(), help: help.into() }
    }

    /// What is wrong and where, in one line.
    pub fn summary(&self) -> Text {
        let message = match self.severity {
            Severity::Error => self.message.clone(),
            Severity::Warning => both!("warning: {message}", "aviso: {message}", message = self.message),
        };
        match &self.place {
            Place::File(name) => both!("{name}: {message}", "{name}: {message}", name = called(name), message),
            Place::Line(LinePlace { file, line, column, .. }) => {
                let file = called(file);
                both!("{file}:{line}:{column}: {message}", "{file}:{line}:{column}: {message}", file, message)
            }
        }
    }

    /// A fault of a file as a whole.
    pub fn of_file(name: &str, message: impl Into<Text>, help: impl Into<Text>) -> Self {
        Self { severity: Severity::Error, place: Place::File(name.into()), message: message.into(), help: help.into() }
    }
}

/// Something to be written in a language.
struct In<'t, T>(&'t T, Language);

impl fmt::Display for In<'_, Fault> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(fault, language) = *self;
        writeln!(f, "{}", fault.summary().get(language))?;
        let margin = match &fault.place {
            Place::File(_) => 0,
            Place::Line(LinePlace { line, excerpt, indent, carets, .. }) => {
                let number = line.to_string();
                let margin = number.len() + 1;
                writeln!(f, "{:margin$}|", "")?;
                writeln!(f, "{number} | {excerpt}")?;
                writeln!(f, "{:margin$}| {:indent$}{}", "", "", "^".repeat(*carets))?;
                margin
            }
        };
        let help = both!("help: {help}", "ayuda: {help}", help = fault.help);
        writeln!(f, "{:margin$}= {}", "", help.get(language))
    }
}

/// The findings about one file, in the order they were met.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    list: Vec<Fault>,
    unlisted: usize,
}

impl Faults {
    /// Adds one. Beyond those listed it is only counted: a file may have millions, and finding the place of each in a
    /// long line takes its time. What is said already, of the same place in the same words, is not said again: both
    /// directions of a layer have one file.
    pub fn push(&mut self, fault: impl FnOnce() -> Fault) {
        if self.list.len() < MOST_LISTED {
            let fault = fault();
            if !self.list.contains(&fault) {
                self.list.push(fault);
            }
        } else {
            self.unlisted += 1;
        }
    }

    /// Adds those of another file.
    pub fn extend(&mut self, others: Self) {
        self.unlisted += others.unlisted;
        others.list.into_iter().for_each(|fault| self.push(|| fault));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len() + self.unlisted
    }

    /// Those listed.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.list.iter()
    }

    /// All of it, in a language.
    pub fn in_language(&self, language: Language) -> impl fmt::Display {
        In(self, language)
    }

    /// Puts them in the order of their lines.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| a.place.position().cmp(&b.place.position()));
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self { list: vec![fault], unlisted: 0 }
    }
}

impl Place {
    fn position(&self) -> (&str, usize, usize) {
        match self {
            Self::File(name) => (name, 0, 0),
            Self::Line(place) => (&place.file, place.line, place.column),
        }
    }
}

impl fmt::Display for In<'_, Faults> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(faults, language) = *self;
        for fault in &faults.list {
            write!(f, "{}", In(fault, language))?;
        }
        match faults.unlisted {
            0 => Ok(()),
            n => writeln!(f, "{}", both!("… and {n} more", "… y {n} más").get(language)),
        }
    }
}

/// In English.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.in_language(Language::En))
    }
}

/// `did you mean …?` with the nearest of the known names, or the whole list.
pub fn nearest(unknown: &str, known: &[&str]) -> Text {
    match near(unknown, known) {
        Some(name) => both!("did you mean `{name}`?", "¿quizá `{name}`?"),
        None => both!("use one of {names}", "usar uno de estos: {names}", names = listed(known)),
    }
}

/// The known name that was probably meant, if one is near enough.
pub fn near<'k>(unknown: &str, known: &[&'k str]) -> Option<&'k str> {
    // Nothing this long is a slip of the pen, and comparing it would take as long as it is.
    let lower = unknown.chars().take(LONGEST_NAME).collect::<String>().to_lowercase();
    known
        .iter()
        .filter(|name| name.len() <= 2 * LONGEST_NAME)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), *name))
        .min_by_key(|(distance, _)| *distance)
        // Another letter in the place of the only one is another name.
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3 && *distance < name.chars().count())
        .map(|(_, name)| name)
}

/// The first names of a list, and how many more there are.
pub fn listed(names: &[impl Part]) -> Text {
    const MOST: usize = 12;
    let first =
        Text::each(|language| names.iter().take(MOST).map(|name| shown(&name.said(language))).collect::<Vec<_>>().join(", "));
    match names.len().saturating_sub(MOST) {
        0 => first,
        more => both!("{first}, … {more} more", "{first}, … {more} más", first),
    }
}
