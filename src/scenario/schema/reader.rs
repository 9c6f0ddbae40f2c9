//! Values of the types a scenario has, read from the spanned TOML tree; those of another type are reported.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Field, Kernel, Matrix, Vector, count};
use crate::scenario::fault::{Fault, Faults, Source, nearest, shown};
use crate::scenario::text::{Language, Lines, Text, printable};

/// A value of the file with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A table of the file, and the keys asked of it so far.
pub(super) struct Table<'t> {
    pub(super) entries: &'t DeTable<'t>,
    pub(super) name: String,
    pub(super) known: Vec<&'t str>,
}

impl<'t> Table<'t> {
    pub(super) fn new(entries: &'t DeTable<'t>, name: String) -> Self {
        Self { entries, name, known: Vec::new() }
    }

    /// The value of a key, through a reader that reports what is wrong with it and then gives `None`.
    pub(super) fn field<T>(&mut self, key: &'t str, read: impl FnOnce(&'t Value<'t>) -> Option<T>) -> Field<T> {
        self.known.push(key);
        let Some(value) = self.entries.get(key) else { return Field::Absent };
        match read(value) {
            None => Field::Bad,
            Some(good) => Field::Good(Spanned::new(value.span(), good)),
        }
    }

    /// The keys that were not asked for.
    pub(super) fn unknown_keys(&self) -> impl Iterator<Item = &'t Spanned<Cow<'t, str>>> {
        self.entries.keys().filter(|key| !self.known.contains(&key.get_ref().as_ref()))
    }
}

/// Whether a number may be NaN, which in an expected table means "no claim".
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Nan {
    Refused,
    NoClaim,
}

/// Reads values of the types a scenario has, and reports those that are of another.
pub(super) struct Reader<'r> {
    pub(super) source: &'r Source,
    pub(super) faults: &'r mut Faults,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(|| Fault::at(self.source, span, message, help));
    }

    pub(super) fn wrong_type(&mut self, value: &Value<'_>, what: &str, wanted: &str, help: &str) {
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

    pub(super) fn unknown_keys(&mut self, table: &Table<'_>) {
        table.unknown_keys().for_each(|key| self.unknown_key(table, key));
    }

    pub(super) fn unknown_key(&mut self, table: &Table<'_>, key: &Spanned<Cow<'_, str>>) {
        self.faults.push(|| {
            let message = format!("unknown key `{}` in {}", shown(key.get_ref()), table.name);
            Fault::at(self.source, key.span(), message, nearest(key.get_ref(), &table.known))
        });
    }

    /// A table's entries; `header` is the line it begins with.
    pub(super) fn table<'t>(&mut self, value: &'t Value<'t>, name: String, header: &str) -> Option<Table<'t>> {
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
    pub(super) fn each<'t, T>(
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

    /// A string, or a table of strings by language; a language left out gets the other's text.
    pub(super) fn text(&mut self, value: &Value<'_>, what: &str, lines: Lines) -> Option<Text> {
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

    pub(super) fn string<'t>(&mut self, value: &'t Value<'_>, what: &str) -> Option<&'t str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.wrong_type(value, what, "a string", "put it in double quotes");
                None
            }
        }
    }

    /// A string that is not empty.
    pub(super) fn name(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        let name = self.string(value, what)?;
        if name.trim().is_empty() {
            self.fault(value.span(), format!("{what} is empty"), "write a name, or leave the key out for one that celda gives");
            return None;
        }
        Some(printable(name, Lines::One))
    }

    pub(super) fn names(&mut self, value: &Value<'_>, what: &str) -> Option<Vec<Spanned<String>>> {
        self.list(value, what, "an array of strings", "write [\"…\", \"…\"]", |reader, item, _| {
            Some(Spanned::new(item.span(), reader.name(item, &format!("an entry of {what}"))?))
        })
    }

    pub(super) fn strings(&mut self, value: &Value<'_>, what: &str) -> Option<Vec<Spanned<String>>> {
        self.list(value, what, "an array of strings", "write [\"…\", \"…\"]", |reader, item, _| {
            let text = reader.string(item, &format!("an entry of {what}"))?;
            Some(Spanned::new(item.span(), printable(text, Lines::One)))
        })
    }

    /// One of a few words, each standing for something.
    pub(super) fn word<T>(
        &mut self,
        value: &Value<'_>,
        what: &str,
        words: impl IntoIterator<Item = (&'static str, T)>,
    ) -> Option<T> {
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

    pub(super) fn timestep(&mut self, value: &Value<'_>, what: &str) -> Option<usize> {
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

    pub(super) fn boolean(&mut self, value: &Value<'_>, what: &str) -> Option<bool> {
        let read = value.get_ref().as_bool();
        if read.is_none() {
            self.wrong_type(value, what, "a boolean", "write true or false, without quotes");
        }
        read
    }

    pub(super) fn number(&mut self, value: &Value<'_>, what: &str, nan: Nan) -> Option<f64> {
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

    pub(super) fn vector(&mut self, value: &Value<'_>, what: &str, nan: Nan) -> Option<Vector> {
        let entry = format!("an entry of {what}");
        self.list(value, what, "an array of numbers", "write [1, 2.5]", |reader, item, _| reader.number(item, &entry, nan))
    }

    /// Rows of numbers of one length.
    pub(super) fn matrix(&mut self, value: &Value<'_>, what: &str, nan: Nan) -> Option<Matrix> {
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

    /// A matrix per unit, all of the same shape.
    pub(super) fn kernel(&mut self, value: &Value<'_>, what: &str) -> Option<Kernel> {
        let help = "give each unit a matrix, a row per timestep it sees, oldest first: [[[1, 2], [3, 4]]]";
        let levels = levels(value.get_ref());
        if (1..3).contains(&levels) {
            let message = format!("{what} has {} of brackets, but must have 3: units × width × inputs", count(levels, "level"));
            self.fault(value.span(), message, help);
            return None;
        }
        let alike = "give every unit as many rows, one per timestep it sees, each of as many numbers";
        self.matrices(value, what, "unit", (help, alike))
    }

    /// Matrices of the same shape, each called a `part`; `help` says how to write them, and how to make them alike.
    pub(super) fn matrices(&mut self, value: &Value<'_>, what: &str, part: &str, help: (&str, &str)) -> Option<Kernel> {
        let read = self.list(value, what, "an array of matrices", help.0, |reader, item, i| {
            let matrix = reader.matrix(item, &format!("{part} {} of {what}", i + 1), Nan::Refused)?;
            Some(Spanned::new(item.span(), matrix))
        });
        let alike = self.alike(value, what, part, help.1);
        read.filter(|_| alike)
    }

    /// Whether all matrices have the shape of the first, whatever is in them.
    fn alike(&mut self, value: &Value<'_>, what: &str, part: &str, help: &str) -> bool {
        let units = value.get_ref().as_array().into_iter().flat_map(|units| units.iter());
        let mut shapes = units.enumerate().filter_map(|(i, unit)| {
            let rows = unit.get_ref().as_array()?;
            let inputs = rows.first().and_then(|row| row.get_ref().as_array()).map_or(0, |row| row.len());
            Some((i + 1, unit.span(), rows.len(), inputs))
        });
        let Some((first, _, first_width, first_inputs)) = shapes.next() else { return true };
        let mut alike = true;
        for (number, span, width, inputs) in shapes {
            let (found, wanted) = match () {
                () if width != first_width => (count(width, "row"), first_width),
                () if inputs != first_inputs => (count(inputs, "column"), first_inputs),
                () => continue,
            };
            alike = false;
            let message = format!("{part} {number} of {what} has {found}, but {part} {first} has {wanted}");
            self.fault(span, message, help);
        }
        alike
    }

    /// Whether all rows are as long as the first, whatever is in them.
    pub(super) fn even(&mut self, value: &Value<'_>, what: &str) -> bool {
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
    pub(super) fn list<T>(
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

/// How many levels of arrays there are around the first number; 0 where there is none.
pub(super) fn levels(value: &DeValue<'_>) -> usize {
    let mut value = value;
    let mut levels = 0;
    while let DeValue::Array(items) = value {
        levels += 1;
        match items.first() {
            Some(first) => value = first.get_ref(),
            None => return 0,
        }
    }
    if matches!(value, DeValue::Integer(_) | DeValue::Float(_)) { levels } else { 0 }
}
