//! Values of the types a scenario has, read from the spanned TOML tree; those of another type are reported.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Field;
use crate::scenario::fault::{Fault, Faults, Source, nearest, shown};
use crate::scenario::text::{Language, Lines, Part, Phrase, Text, both, printable};

/// A value of the file with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A table of the file, and the keys asked of it so far.
pub(super) struct Table<'t> {
    pub(super) entries: &'t DeTable<'t>,
    pub(super) name: Text,
    pub(super) known: Vec<&'t str>,
}

impl<'t> Table<'t> {
    pub(super) fn new(entries: &'t DeTable<'t>, name: Text) -> Self {
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

/// What stands below a header, or in braces.
pub(super) const TABLE: Phrase = Phrase { en: "a table", es: "una tabla" };

/// What a number that counts something is.
pub(super) const INTEGER: Phrase = Phrase { en: "an integer", es: "un entero" };

/// That something is what it cannot be, and why.
pub(super) fn is_but(what: impl Part, found: &str, why: Phrase) -> Text {
    both!("{what} is {found}, but {why}", "{what} es {found}, pero {why}", what, why)
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
    pub(super) fn fault(&mut self, span: Range<usize>, message: impl Into<Text>, help: impl Into<Text>) {
        self.faults.push(|| Fault::at(self.source, span, message, help));
    }

    pub(super) fn wrong_type(&mut self, value: &Value<'_>, what: impl Part, wanted: impl Part, help: impl Into<Text>) {
        let found = match value.get_ref() {
            DeValue::Integer(_) => Phrase { en: "an integer", es: "un entero" },
            DeValue::Array(_) => Phrase { en: "an array", es: "una lista" },
            DeValue::String(_) => Phrase { en: "a string", es: "un texto" },
            DeValue::Float(_) => Phrase { en: "a float", es: "un número decimal" },
            DeValue::Boolean(_) => Phrase { en: "a boolean", es: "un valor lógico" },
            DeValue::Datetime(_) => Phrase { en: "a date", es: "una fecha" },
            DeValue::Table(_) => TABLE,
        };
        let message =
            both!("{what} is {found}, but must be {wanted}", "{what} es {found}, pero debe ser {wanted}", what, found, wanted);
        self.fault(value.span(), message, help);
    }

    pub(super) fn unknown_keys(&mut self, table: &Table<'_>) {
        table.unknown_keys().for_each(|key| self.unknown_key(table, key));
    }

    pub(super) fn unknown_key(&mut self, table: &Table<'_>, key: &Spanned<Cow<'_, str>>) {
        self.faults.push(|| {
            let (span, help) = (key.span(), nearest(key.get_ref(), &table.known));
            let (key, table) = (shown(key.get_ref()), &table.name);
            let message = both!("unknown key `{key}` in {table}", "clave desconocida `{key}` en {table}", table);
            Fault::at(self.source, span, message, help)
        });
    }

    /// A table's entries; `header` is the line it begins with.
    pub(super) fn table<'t>(&mut self, value: &'t Value<'t>, name: Text, header: &str) -> Option<Table<'t>> {
        match value.get_ref() {
            DeValue::Table(entries) => Some(Table::new(entries, name)),
            _ => {
                let help = both!(
                    "write `{header}` on a line of its own, its keys below it",
                    "escribir `{header}` en una línea propia, y sus claves debajo",
                );
                self.wrong_type(value, &name, TABLE, help);
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
            let wanted = Phrase { en: "an array of tables", es: "una lista de tablas" };
            let help = both!(
                "write `[[{key}]]`, with two brackets, for each one",
                "escribir `[[{key}]]`, con dos corchetes, para cada una",
            );
            self.wrong_type(value, format!("`{key}`"), wanted, help);
            return None;
        };
        Some(items.iter().enumerate().map(|(i, v)| Spanned::new(v.span(), read(self, v, i + 1))).collect())
    }

    /// A string, or a table of strings by language; a language left out gets the other's text.
    pub(super) fn text(&mut self, value: &Value<'_>, what: impl Part + Copy, lines: Lines) -> Option<Text> {
        let entries = match value.get_ref() {
            DeValue::String(text) => return Some(Text::same(printable(text, lines))),
            DeValue::Table(entries) => entries,
            _ => {
                let wanted = Phrase { en: "a string or a table by language", es: "un texto o una tabla por idiomas" };
                let help = Phrase {
                    en: "write \"…\" or { en = \"…\", es = \"…\" }",
                    es: "escribir \"…\" o { en = \"…\", es = \"…\" }",
                };
                self.wrong_type(value, what, wanted, help);
                return None;
            }
        };
        let mut table = Table::new(entries, both!("{what}", "{what}", what));
        let [en, es] = Language::ALL.map(|language| {
            let code = language.code();
            table.field(code, |v| {
                self.string(v, &both!("{code} of {what}", "{code} de {what}", what)).map(|text| printable(text, lines))
            })
        });
        self.unknown_keys(&table);
        match (en, es) {
            (Field::Good(en), Field::Good(es)) => Some(Text::new(en.into_inner(), es.into_inner())),
            (Field::Good(only), Field::Absent) | (Field::Absent, Field::Good(only)) => Some(Text::same(only.into_inner())),
            (Field::Absent, Field::Absent) => {
                let message = both!("{what} has no text", "{what} no tiene texto", what);
                let help = Phrase { en: "write { en = \"…\", es = \"…\" }", es: "escribir { en = \"…\", es = \"…\" }" };
                self.fault(value.span(), message, help);
                None
            }
            _ => None,
        }
    }

    pub(super) fn string<'t>(&mut self, value: &'t Value<'_>, what: impl Part + Copy) -> Option<&'t str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                let wanted = Phrase { en: "a string", es: "un texto" };
                let help = Phrase { en: "put it in double quotes", es: "escribirlo entre comillas dobles" };
                self.wrong_type(value, what, wanted, help);
                None
            }
        }
    }

    /// The name of something that has one of celda's where it is left out.
    pub(super) fn name(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<Text> {
        let help = Phrase {
            en: "write a name, or leave the key out for one that celda gives",
            es: "escribir un nombre, o quitar la clave para que celda dé uno",
        };
        self.filled(value, what, help)
    }

    /// A text of one line that is empty in no language; `help` says what to do about one that is empty altogether.
    pub(super) fn filled(&mut self, value: &Value<'_>, what: impl Part + Copy, help: Phrase) -> Option<Text> {
        let text = self.text(value, what, Lines::One)?;
        let is_blank = |value: &Value<'_>| value.get_ref().as_str().is_some_and(|text| text.trim().is_empty());
        let DeValue::Table(entries) = value.get_ref() else {
            if !is_blank(value) {
                return Some(text);
            }
            self.fault(value.span(), both!("{what} is empty", "{what} no tiene nada escrito", what), help);
            return None;
        };
        let mut is_whole = true;
        for code in Language::ALL.map(Language::code) {
            let Some(blank) = entries.get(code).filter(|value| is_blank(value)) else { continue };
            is_whole = false;
            let help = Phrase { en: "write it in every language", es: "escribirlo en cada idioma" };
            self.fault(blank.span(), both!("{code} of {what} is empty", "{code} de {what} no tiene nada escrito", what), help);
        }
        is_whole.then_some(text)
    }

    /// One of a few words, each standing for something.
    pub(super) fn word<T>(
        &mut self,
        value: &Value<'_>,
        what: impl Part + Copy,
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
        let message = both!(
            "{what} is `{word}`, which celda does not know",
            "{what} es `{word}`, que celda no conoce",
            what,
            word = shown(word)
        );
        self.fault(value.span(), message, nearest(word, &known));
        None
    }

    pub(super) fn timestep(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<usize> {
        let DeValue::Integer(n) = value.get_ref() else {
            let help = Phrase { en: "give a timestep, counted from 0", es: "dar un paso de tiempo, contado desde 0" };
            self.wrong_type(value, what, INTEGER, help);
            return None;
        };
        let step = usize::from_str_radix(n.as_str().trim_start_matches('+'), n.radix()).ok();
        if step.is_none() {
            let why = if n.as_str().starts_with('-') {
                Phrase { en: "timesteps count from 0", es: "los pasos se cuentan desde 0" }
            } else {
                Phrase { en: "no input has that many rows", es: "ninguna entrada tiene tantas filas" }
            };
            let help = Phrase { en: "give a timestep of the input", es: "dar un paso de tiempo de la entrada" };
            self.fault(value.span(), is_but(what, &shown(n.as_str()), why), help);
        }
        step
    }

    pub(super) fn boolean(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<bool> {
        let read = value.get_ref().as_bool();
        if read.is_none() {
            let wanted = Phrase { en: "a boolean", es: "un valor lógico" };
            let help = Phrase { en: "write true or false, without quotes", es: "escribir true o false, sin comillas" };
            self.wrong_type(value, what, wanted, help);
        }
        read
    }

    pub(super) fn number(&mut self, value: &Value<'_>, what: impl Part + Copy, nan: Nan) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
            DeValue::Integer(n) => i128::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
            DeValue::Float(n) => n.as_str().parse().ok(),
            _ => {
                let wanted = Phrase { en: "a number", es: "un número" };
                let help = Phrase { en: "write a number, without quotes", es: "escribir un número, sin comillas" };
                self.wrong_type(value, what, wanted, help);
                return None;
            }
        };
        match number {
            Some(n) if n.is_finite() || (n.is_nan() && nan == Nan::NoClaim) => Some(n),
            Some(n) if n.is_nan() => {
                let help = Phrase {
                    en: "give a number; nan means \"no claim\", in the output of [expected] only",
                    es: "dar un número; nan significa «no se afirma nada», solo en output de [expected]",
                };
                self.fault(value.span(), both!("{what} is nan", "{what} es nan", what), help);
                None
            }
            _ => {
                let message = both!(
                    "{what} is infinite or too large for a 64-bit float",
                    "{what} es infinito o demasiado grande para un número de 64 bits",
                    what
                );
                self.fault(value.span(), message, Phrase { en: "give a finite number", es: "dar un número finito" });
                None
            }
        }
    }
}
