//! A scenario as the file writes it: every key with its place, unknown keys and wrong types already reported.
//!
//! It walks the spanned TOML tree instead of deriving `Deserialize`, because serde stops at the first fault.

mod arrays;
pub mod layer;
mod misplaced;
pub mod owner;
mod reader;
pub mod stacked;
mod syntax;

use toml::Spanned;
use toml::de::DeTable;

use super::fault::{Fault, Faults, Source};
use super::text::{Lines, Phrase, Text, both};
use layer::LayerTable;
use reader::{Nan, Reader, Table, Value};

/// A key's value: not there, there but already reported, or good.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// The file does not have the key.
    #[default]
    Absent,
    /// The file has the key, its value is wrong and has been reported.
    Bad,
    /// A value of the right type, and its place.
    Good(Spanned<T>),
}

/// Numbers in a row; NaN stands for one that is wrong and has been reported.
pub type Vector = Vec<f64>;

/// Rows of numbers, each with its place; all of the same length.
pub type Matrix = Vec<Spanned<Vector>>;

/// A matrix per unit, each with its place; all of the same shape.
pub type Kernel = Vec<Spanned<Matrix>>;

impl<T> Field<T> {
    /// Takes what is not there as reported already, where its absence follows from a fault that has been reported.
    fn excuse(&mut self) {
        if matches!(self, Self::Absent) {
            *self = Self::Bad;
        }
    }
}

/// What the file as a whole is called.
pub const THE_SCENARIO: Phrase = Phrase { en: "the scenario", es: "el escenario" };

/// What the table of what is claimed is called.
pub const OUTPUT_OF_EXPECTED: Phrase = Phrase { en: "output of [expected]", es: "output de [expected]" };

/// A whole file.
#[derive(Debug, Default)]
pub struct ScenarioTable {
    /// `title`.
    pub title: Field<Text>,
    /// `description`.
    pub description: Field<Text>,
    /// `[input]`.
    pub input: Field<InputTable>,
    /// `[[layer]]`, with the place of each.
    pub layers: Field<Vec<Spanned<Option<LayerTable>>>>,
    /// `[expected]`.
    pub expected: Field<ExpectedTable>,
    /// `[[note]]`.
    pub notes: Field<Vec<Spanned<Option<NoteTable>>>>,
}

/// `[input]`.
#[derive(Debug, Default)]
pub struct InputTable {
    /// `features`; those that are wrong count.
    pub features: Field<Vec<Spanned<Option<Text>>>>,
    /// `rows`.
    pub rows: Field<Matrix>,
    /// How many rows are written, whatever is in them.
    pub row_count: Option<usize>,
    /// `labels`; those that are wrong count.
    pub labels: Field<Vec<Spanned<Option<Text>>>>,
    /// `file`.
    pub file: Field<String>,
    /// `columns`; those that are wrong count.
    pub columns: Field<Vec<Spanned<Option<String>>>>,
}

/// `[expected]`.
#[derive(Debug, Default)]
pub struct ExpectedTable {
    /// `output`.
    pub output: Field<Matrix>,
    /// `tolerance`.
    pub tolerance: Field<f64>,
    /// `source`.
    pub source: Field<Text>,
}

/// One `[[note]]`.
#[derive(Debug, Default)]
pub struct NoteTable {
    /// `step`.
    pub step: Field<usize>,
    /// `text`.
    pub text: Field<Text>,
}

const SAY_WHAT_IT_SHOWS: Phrase = Phrase { en: "say what the scenario shows", es: "decir qué muestra el escenario" };

/// Reads a file's text; `None` where it is not TOML, which is reported alone, since nothing after it can be trusted.
pub fn read(source: &Source, faults: &mut Faults) -> Option<ScenarioTable> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    // Where the nesting is too deep, the parser gives up, and what it says of the rest does not hold.
    let errors = match errors.iter().find(|error| syntax::is_too_deep(error)) {
        Some(too_deep) => std::slice::from_ref(too_deep),
        None => errors.as_slice(),
    };
    for error in errors {
        faults.push(|| syntax::fault(source, error));
    }
    if !errors.is_empty() {
        faults.sort();
        return None;
    }
    if document.get_ref().is_empty() {
        let message = Phrase { en: "there is nothing in it", es: "no contiene nada" };
        let help =
            Phrase { en: "`celda new` prints a scenario to start from", es: "`celda new` imprime un escenario para empezar" };
        faults.push(|| Fault::of_file(&source.name, message, help));
        return None;
    }
    let mut reader = Reader { source, faults };
    let mut table = Table::new(document.get_ref(), THE_SCENARIO.into());
    let scenario = ScenarioTable {
        title: table.field("title", |v| reader.filled(v, "title", SAY_WHAT_IT_SHOWS)),
        description: table.field("description", |v| reader.text(v, "description", Lines::Many)),
        input: table.field("input", |v| reader.input(v)),
        layers: table.field("layer", |v| reader.each(v, "layer", Reader::layer)),
        expected: table.field("expected", |v| reader.expected(v)),
        notes: table.field("note", |v| reader.each(v, "note", Reader::note)),
    };
    reader.unknown_keys(&table);
    Some(scenario)
}

impl Reader<'_> {
    fn input<'t>(&mut self, value: &'t Value<'t>) -> Option<InputTable> {
        let mut table = self.table(value, Text::same("[input]"), "[input]")?;
        let input = InputTable {
            features: table.field("features", |v| self.names(v, "features")),
            rows: table.field("rows", |v| self.matrix(v, "rows", Nan::Refused)),
            row_count: table.entries.get("rows").and_then(|rows| Some(rows.get_ref().as_array()?.len())),
            labels: table.field("labels", |v| self.texts(v, "labels")),
            file: table.field("file", |v| self.string(v, "file").map(str::to_owned)),
            columns: table.field("columns", |v| self.strings(v, "columns")),
        };
        self.unknown_keys(&table);
        Some(input)
    }

    fn expected<'t>(&mut self, value: &'t Value<'t>) -> Option<ExpectedTable> {
        let mut table = self.table(value, Text::same("[expected]"), "[expected]")?;
        let expected = ExpectedTable {
            output: table.field("output", |v| self.matrix(v, OUTPUT_OF_EXPECTED, Nan::NoClaim)),
            tolerance: table.field("tolerance", |v| self.number(v, "tolerance", Nan::Refused)),
            source: table.field("source", |v| self.text(v, "source", Lines::One)),
        };
        self.unknown_keys(&table);
        Some(expected)
    }

    fn note<'t>(&mut self, value: &'t Value<'t>, number: usize) -> Option<NoteTable> {
        let mut table = self.table(value, both!("note {number}", "la nota {number}"), "[[note]]")?;
        let [step, text] = ["step", "text"].map(|key| both!("{key} of note {number}", "{key} de la nota {number}"));
        let note = NoteTable {
            step: table.field("step", |v| self.timestep(v, &step)),
            text: table.field("text", |v| self.text(v, &text, Lines::Many)),
        };
        self.unknown_keys(&table);
        Some(note)
    }
}

/// Rows and columns: no columns where there is no row, and `None` where rows differ in length, which has been reported.
pub fn shape(matrix: &Matrix) -> (usize, Option<usize>) {
    let columns = matrix.first().map_or(0, |row| row.get_ref().len());
    (matrix.len(), matrix.iter().all(|row| row.get_ref().len() == columns).then_some(columns))
}
