//! A scenario as the file writes it: every key with its place, unknown keys and wrong types already reported.
//!
//! It walks the spanned TOML tree instead of deriving `Deserialize`, because serde stops at the first fault.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults, Source, nearest, shown};
use super::text::{Language, Lines, Text, printable};
use crate::engine::activation::Activation;
use crate::engine::dense::Apply;

/// A key's value: not there, there but already reported, or good.
#[derive(Debug, Default)]
pub enum Field<T> {
    /// The file does not have the key.
    #[default]
    Absent,
    /// The file has the key, its value is wrong and has been reported.
    Bad,
    /// A value of the right type, and its place.
    Good(Spanned<T>),
}

/// Numbers in a row.
pub type Vector = Vec<f64>;

/// Rows of numbers, each with its place; all of the same length.
pub type Matrix = Vec<Spanned<Vector>>;

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
    /// `features`.
    pub features: Field<Vec<Spanned<String>>>,
    /// `rows`.
    pub rows: Field<Matrix>,
    /// `labels`.
    pub labels: Field<Vec<Spanned<String>>>,
    /// `file`.
    pub file: Field<String>,
    /// `columns`.
    pub columns: Field<Vec<Spanned<String>>>,
}

/// One `[[layer]]`.
#[derive(Debug)]
pub struct LayerTable {
    /// `name`.
    pub name: Field<String>,
    /// `unit_names`.
    pub unit_names: Field<Vec<Spanned<String>>>,
    /// `activation`.
    pub activation: Field<Activation>,
    /// `bias`.
    pub bias: Field<Vector>,
    /// The keys of its kind.
    pub kind: KindTable,
}

/// The keys that only one kind of layer has.
#[derive(Debug)]
pub enum KindTable {
    /// `kind = "rnn"`.
    Rnn {
        /// `input_weights`, units × inputs.
        input_weights: Field<Matrix>,
        /// `recurrent_weights`, units × units.
        recurrent_weights: Field<Matrix>,
        /// `recurrent_bias`, units.
        recurrent_bias: Field<Vector>,
        /// `initial_hidden`, units.
        initial_hidden: Field<Vector>,
    },
    /// `kind = "dense"`.
    Dense {
        /// `weights`, units × inputs.
        weights: Field<Matrix>,
        /// `apply`.
        apply: Field<Apply>,
    },
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

/// Reads a file's text; `None` where it is not TOML, which is reported alone, since nothing after it can be trusted.
pub fn read(source: &Source, faults: &mut Faults) -> Option<ScenarioTable> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in &errors {
        faults.push(|| syntax_fault(source, error));
    }
    if !errors.is_empty() {
        faults.sort();
        return None;
    }
    if document.get_ref().is_empty() {
        let help = "`celda new` prints a scenario to start from";
        faults.push(|| Fault::of_file(&source.name, "there is nothing in it", help));
        return None;
    }
    let mut reader = Reader { source, faults };
    let mut table = Table::new(document.get_ref(), "the scenario".into());
    let scenario = ScenarioTable {
        title: table.field("title", |v| reader.text(v, "title", Lines::One)),
        description: table.field("description", |v| reader.text(v, "description", Lines::Many)),
        input: table.field("input", |v| reader.input(v)),
        layers: table.field("layer", |v| reader.each(v, "layer", Reader::layer)),
        expected: table.field("expected", |v| reader.expected(v)),
        notes: table.field("note", |v| reader.each(v, "note", Reader::note)),
    };
    reader.unknown_keys(&table);
    Some(scenario)
}

fn syntax_fault(source: &Source, error: &toml::de::Error) -> Fault {
    let message = format!("not TOML: {}", printable(error.message(), Lines::One));
    let help = "correct this line; `celda new` prints a scenario to start from";
    Fault::at(source, error.span().unwrap_or(0..0), message, help)
}

type Value<'t> = Spanned<DeValue<'t>>;

/// A table of the file, and the keys asked of it so far.
struct Table<'t> {
    entries: &'t DeTable<'t>,
    name: String,
    known: Vec<&'static str>,
}

impl<'t> Table<'t> {
    fn new(entries: &'t DeTable<'t>, name: String) -> Self {
        Self { entries, name, known: Vec::new() }
    }

    /// The value of a key, through a reader that reports what is wrong with it and then gives `None`.
    fn field<T>(&mut self, key: &'static str, read: impl FnOnce(&'t Value<'t>) -> Option<T>) -> Field<T> {
        self.known.push(key);
        let Some(value) = self.entries.get(key) else { return Field::Absent };
        match read(value) {
            None => Field::Bad,
            Some(good) => Field::Good(Spanned::new(value.span(), good)),
        }
    }
}

/// Whether a number may be NaN, which in an expected table means "no claim".
#[derive(Clone, Copy, PartialEq)]
enum Nan {
    Refused,
    NoClaim,
}

/// Reads values of the types a scenario has, and reports those that are of another.
struct Reader<'r> {
    source: &'r Source,
    faults: &'r mut Faults,
}

impl Reader<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(|| Fault::at(self.source, span, message, help));
    }

    fn wrong_type(&mut self, value: &Value<'_>, what: &str, wanted: &str, help: &str) {
        let found = match value.get_ref() {
            DeValue::Integer(_) => "an integer",
            DeValue::Array(_) => "an array",
            DeValue::String(_) => "a string",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Table(_) => "a table",
        };
        self.fault(value.span(), format!("{what} is {found}, but must be {wanted}"), help);
    }

    fn unknown_keys(&mut self, table: &Table<'_>) {
        for key in table.entries.keys().filter(|key| !table.known.contains(&key.get_ref().as_ref())) {
            self.faults.push(|| {
                let message = format!("unknown key `{}` in {}", shown(key.get_ref()), table.name);
                Fault::at(self.source, key.span(), message, nearest(key.get_ref(), &table.known))
            });
        }
    }

    /// A table's entries; `header` is the line it begins with.
    fn table<'t>(&mut self, value: &'t Value<'t>, name: String, header: &str) -> Option<Table<'t>> {
        match value.get_ref() {
            DeValue::Table(entries) => Some(Table::new(entries, name)),
            _ => {
                let help = format!("write `{header}` on a line of its own, its keys below it");
                self.wrong_type(value, &name, "a table", &help);
                None
            }
        }
    }

    /// An array of tables, each read by `read`, which is given its number from 1.
    fn each<'t, T>(
        &mut self,
        value: &'t Value<'t>,
        key: &str,
        read: impl Fn(&mut Self, &'t Value<'t>, usize) -> Option<T>,
    ) -> Option<Vec<Spanned<Option<T>>>> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(
                value,
                &format!("`{key}`"),
                "an array of tables",
                &format!("write `[[{key}]]`, with two brackets, for each one"),
            );
            return None;
        };
        Some(items.iter().enumerate().map(|(i, v)| Spanned::new(v.span(), read(self, v, i + 1))).collect())
    }

    fn input<'t>(&mut self, value: &'t Value<'t>) -> Option<InputTable> {
        let mut table = self.table(value, "[input]".into(), "[input]")?;
        let input = InputTable {
            features: table.field("features", |v| self.strings(v, "features")),
            rows: table.field("rows", |v| self.matrix(v, "rows", Nan::Refused)),
            labels: table.field("labels", |v| self.strings(v, "labels")),
            file: table.field("file", |v| self.string(v, "file").map(str::to_owned)),
            columns: table.field("columns", |v| self.strings(v, "columns")),
        };
        self.unknown_keys(&table);
        Some(input)
    }

    fn layer<'t>(&mut self, value: &'t Value<'t>, number: usize) -> Option<LayerTable> {
        const KINDS: [&str; 2] = ["rnn", "dense"];
        let of_layer = |key: &str| format!("{key} of layer {number}");
        let mut table = self.table(value, format!("layer {number}"), "[[layer]]")?;
        let kind = table.field("kind", |v| self.word(v, &of_layer("kind"), KINDS.map(|k| (k, k))));
        let Field::Good(kind) = kind else {
            if matches!(kind, Field::Absent) {
                self.fault(value.span(), format!("layer {number} has no `kind`"), "add `kind = \"rnn\"` or `kind = \"dense\"`");
            }
            return None;
        };
        let kind = kind.into_inner();
        let activations = Activation::ALL.map(|a| (a.name(), a));
        let layer = LayerTable {
            name: table.field("name", |v| self.string(v, &of_layer("name")).map(|s| printable(s, Lines::One))),
            unit_names: table.field("unit_names", |v| self.strings(v, &of_layer("unit_names"))),
            activation: table.field("activation", |v| {
                let activation = self.word(v, &of_layer("activation"), activations)?;
                if activation == Activation::Softmax && kind != "dense" {
                    let message = format!("{} is `softmax`, which only a dense layer has", of_layer("activation"));
                    self.fault(v.span(), message, "choose another one, or add a dense layer with it");
                    return None;
                }
                Some(activation)
            }),
            kind: match kind {
                "dense" => KindTable::Dense {
                    weights: table.field("weights", |v| self.matrix(v, &of_layer("weights"), Nan::Refused)),
                    apply: table
                        .field("apply", |v| self.word(v, &of_layer("apply"), [("every", Apply::Every), ("last", Apply::Last)])),
                },
                _ => KindTable::Rnn {
                    input_weights: table.field("input_weights", |v| self.matrix(v, &of_layer("input_weights"), Nan::Refused)),
                    recurrent_weights: table
                        .field("recurrent_weights", |v| self.matrix(v, &of_layer("recurrent_weights"), Nan::Refused)),
                    recurrent_bias: table.field("recurrent_bias", |v| self.vector(v, &of_layer("recurrent_bias"), Nan::Refused)),
                    initial_hidden: table.field("initial_hidden", |v| self.vector(v, &of_layer("initial_hidden"), Nan::Refused)),
                },
            },
            bias: table.field("bias", |v| self.vector(v, &of_layer("bias"), Nan::Refused)),
        };
        self.unknown_keys(&table);
        Some(layer)
    }

    fn expected<'t>(&mut self, value: &'t Value<'t>) -> Option<ExpectedTable> {
        let mut table = self.table(value, "[expected]".into(), "[expected]")?;
        let expected = ExpectedTable {
            output: table.field("output", |v| self.matrix(v, "output of [expected]", Nan::NoClaim)),
            tolerance: table.field("tolerance", |v| self.number(v, "tolerance", Nan::Refused)),
            source: table.field("source", |v| self.text(v, "source", Lines::One)),
        };
        self.unknown_keys(&table);
        Some(expected)
    }

    fn note<'t>(&mut self, value: &'t Value<'t>, number: usize) -> Option<NoteTable> {
        let mut table = self.table(value, format!("note {number}"), "[[note]]")?;
        let note = NoteTable {
            step: table.field("step", |v| self.timestep(v, &format!("step of note {number}"))),
            text: table.field("text", |v| self.text(v, &format!("text of note {number}"), Lines::Many)),
        };
        self.unknown_keys(&table);
        Some(note)
    }

    /// A string, or a table of strings by language; a language left out gets the other's text.
    fn text(&mut self, value: &Value<'_>, what: &str, lines: Lines) -> Option<Text> {
        let entries = match value.get_ref() {
            DeValue::String(text) => return Some(Text::same(printable(text, lines))),
            DeValue::Table(entries) => entries,
            _ => {
                self.wrong_type(value, what, "a string or a table by language", "write \"…\" or { en = \"…\", es = \"…\" }");
                return None;
            }
        };
        let mut table = Table::new(entries, what.into());
        let [en, es] = Language::ALL.map(|language| {
            let code = language.code();
            table.field(code, |v| self.string(v, &format!("{code} of {what}")).map(|text| printable(text, lines)))
        });
        self.unknown_keys(&table);
        match (en, es) {
            (Field::Good(en), Field::Good(es)) => Some(Text { en: en.into_inner(), es: es.into_inner() }),
            (Field::Good(only), Field::Absent) | (Field::Absent, Field::Good(only)) => Some(Text::same(only.into_inner())),
            (Field::Absent, Field::Absent) => {
                self.fault(value.span(), format!("{what} has no text"), "write { en = \"…\", es = \"…\" }");
                None
            }
            _ => None,
        }
    }

    fn string<'t>(&mut self, value: &'t Value<'_>, what: &str) -> Option<&'t str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.wrong_type(value, what, "a string", "put it in double quotes");
                None
            }
        }
    }

    fn strings(&mut self, value: &Value<'_>, what: &str) -> Option<Vec<Spanned<String>>> {
        self.list(value, what, "an array of strings", "write [\"…\", \"…\"]", |reader, item, _| {
            let text = reader.string(item, &format!("an entry of {what}"))?;
            Some(Spanned::new(item.span(), printable(text, Lines::One)))
        })
    }

    /// One of a few words, each standing for something.
    fn word<T>(&mut self, value: &Value<'_>, what: &str, words: impl IntoIterator<Item = (&'static str, T)>) -> Option<T> {
        let word = self.string(value, what)?;
        let mut known = Vec::new();
        for (name, meaning) in words {
            if name == word {
                return Some(meaning);
            }
            known.push(name);
        }
        self.fault(value.span(), format!("{what} is `{}`, which celda does not know", shown(word)), nearest(word, &known));
        None
    }

    fn timestep(&mut self, value: &Value<'_>, what: &str) -> Option<usize> {
        let DeValue::Integer(n) = value.get_ref() else {
            self.wrong_type(value, what, "an integer", "give a timestep, counted from 0");
            return None;
        };
        let step = usize::from_str_radix(n.as_str().trim_start_matches('+'), n.radix()).ok();
        if step.is_none() {
            let why = if n.as_str().starts_with('-') { "timesteps count from 0" } else { "no input has that many rows" };
            self.fault(value.span(), format!("{what} is {}, but {why}", shown(n.as_str())), "give a timestep of the input");
        }
        step
    }

    fn number(&mut self, value: &Value<'_>, what: &str, nan: Nan) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
            DeValue::Integer(n) => i128::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
            DeValue::Float(n) => n.as_str().parse().ok(),
            _ => {
                self.wrong_type(value, what, "a number", "write a number, without quotes");
                return None;
            }
        };
        match number {
            Some(n) if n.is_finite() || (n.is_nan() && nan == Nan::NoClaim) => Some(n),
            Some(n) if n.is_nan() => {
                let help = "give a number; nan means \"no claim\", in the output of [expected] only";
                self.fault(value.span(), format!("{what} is nan"), help);
                None
            }
            _ => {
                self.fault(value.span(), format!("{what} is infinite or too large for a 64-bit float"), "give a finite number");
                None
            }
        }
    }

    fn vector(&mut self, value: &Value<'_>, what: &str, nan: Nan) -> Option<Vector> {
        let entry = format!("an entry of {what}");
        self.list(value, what, "an array of numbers", "write [1, 2.5]", |reader, item, _| reader.number(item, &entry, nan))
    }

    /// Rows of numbers of one length.
    fn matrix(&mut self, value: &Value<'_>, what: &str, nan: Nan) -> Option<Matrix> {
        let (wanted, help) = ("an array of numbers", "put each row in brackets of its own: [[1, 2], [3, 4]]");
        let entry = format!("an entry of {what}");
        let rows = self.list(value, what, "an array of rows of numbers", help, |reader, item, i| {
            let row = format!("row {} of {what}", i + 1);
            let numbers = reader.list(item, &row, wanted, help, |reader, item, _| reader.number(item, &entry, nan))?;
            Some(Spanned::new(item.span(), numbers))
        });
        let even = self.even(value, what);
        rows.filter(|_| even)
    }

    /// Whether all rows are as long as the first, whatever is in them.
    fn even(&mut self, value: &Value<'_>, what: &str) -> bool {
        let rows = value.get_ref().as_array().into_iter().flat_map(|rows| rows.iter());
        let mut lengths = rows.enumerate().filter_map(|(i, row)| Some((i + 1, row.span(), row.get_ref().as_array()?.len())));
        let Some((first, _, width)) = lengths.next() else { return true };
        let mut even = true;
        for (number, span, length) in lengths.filter(|(.., length)| *length != width) {
            even = false;
            let message = format!("row {number} of {what} has {}, but row {first} has {width}", count(length, "number"));
            self.fault(span, message, "give every row as many numbers");
        }
        even
    }

    /// An array, every entry of which is read with its index, so that all that is wrong in it is reported.
    fn list<T>(
        &mut self,
        value: &Value<'_>,
        what: &str,
        wanted: &str,
        help: &str,
        read: impl Fn(&mut Self, &Value<'_>, usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value, what, wanted, help);
            return None;
        };
        let read: Vec<Option<T>> = items.iter().enumerate().map(|(i, item)| read(self, item, i)).collect();
        read.into_iter().collect()
    }
}

/// `1 number`, `2 numbers`.
pub fn count(n: usize, noun: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{s}")
}
