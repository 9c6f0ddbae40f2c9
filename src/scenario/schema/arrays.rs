//! Arrays of a scenario: names and numbers, rows of one length, matrices of one shape; those that are not are reported.

use toml::Spanned;
use toml::de::DeValue;

use super::reader::{Nan, Reader, Value};
use super::{Kernel, Matrix, Vector};
use crate::scenario::text::{Lines, Noun, Part, Phrase, Text, both, count, printable};

const NUMBERS: Phrase = Phrase { en: "an array of numbers", es: "una lista de números" };

const STRINGS: Phrase = Phrase { en: "an array of strings", es: "una lista de textos" };

const WRITE_STRINGS: Phrase = Phrase { en: "write [\"…\", \"…\"]", es: "escribir [\"…\", \"…\"]" };

const TEXTS: Phrase = Phrase { en: "an array of strings or tables by language", es: "una lista de textos o tablas por idiomas" };

const WRITE_TEXTS: Phrase =
    Phrase { en: "write [\"…\", { en = \"…\", es = \"…\" }]", es: "escribir [\"…\", { en = \"…\", es = \"…\" }]" };

fn entry_of(what: impl Part) -> Text {
    both!("an entry of {what}", "un elemento de {what}", what)
}

impl Reader<'_> {
    /// An array, every entry of which is read with its index, so that all that is wrong in it is reported.
    fn list<T>(
        &mut self,
        value: &Value<'_>,
        what: impl Part + Copy,
        wanted: Phrase,
        help: Phrase,
        read: impl Fn(&mut Self, &Value<'_>, usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value, what, wanted, help);
            return None;
        };
        let read: Vec<Option<T>> = items.iter().enumerate().map(|(i, item)| read(self, item, i)).collect();
        read.into_iter().collect()
    }

    /// Names, each empty in no language; one that is none has been reported, and still counts.
    pub(super) fn names(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<Vec<Spanned<Option<Text>>>> {
        let entry = entry_of(what);
        self.list(value, what, TEXTS, WRITE_TEXTS, |reader, item, _| Some(Spanned::new(item.span(), reader.name(item, &entry))))
    }

    /// Texts of one line; one that is none has been reported, and still counts.
    pub(super) fn texts(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<Vec<Spanned<Option<Text>>>> {
        let entry = entry_of(what);
        self.list(value, what, TEXTS, WRITE_TEXTS, |reader, item, _| {
            Some(Spanned::new(item.span(), reader.text(item, &entry, Lines::One)))
        })
    }

    /// Strings; one that is none has been reported, and still counts.
    pub(super) fn strings(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<Vec<Spanned<Option<String>>>> {
        let entry = entry_of(what);
        self.list(value, what, STRINGS, WRITE_STRINGS, |reader, item, _| {
            let text = reader.string(item, &entry).map(|text| printable(text, Lines::One));
            Some(Spanned::new(item.span(), text))
        })
    }

    /// Numbers; one that is none has been reported, and NaN stands for it so that they can still be counted.
    pub(super) fn vector(&mut self, value: &Value<'_>, what: impl Part + Copy, nan: Nan) -> Option<Vector> {
        let entry = entry_of(what);
        let help = Phrase { en: "write [1, 2.5]", es: "escribir [1, 2.5]" };
        self.list(value, what, NUMBERS, help, |reader, item, _| Some(reader.number(item, &entry, nan).unwrap_or(f64::NAN)))
    }

    /// Rows of numbers; what is no number is as in [`Self::vector`]. Rows of different lengths have been reported, and still count.
    pub(super) fn matrix(&mut self, value: &Value<'_>, what: impl Part + Copy, nan: Nan) -> Option<Matrix> {
        let wanted = Phrase { en: "an array of rows of numbers", es: "una lista de filas de números" };
        let help = Phrase {
            en: "put each row in brackets of its own: [[1, 2], [3, 4]]",
            es: "poner cada fila entre sus propios corchetes: [[1, 2], [3, 4]]",
        };
        let entry = entry_of(what);
        let rows = self.list(value, what, wanted, help, |reader, item, i| {
            let row = both!("row {n} of {what}", "la fila {n} de {what}", what, n = i + 1);
            let numbers = reader
                .list(item, &row, NUMBERS, help, |reader, item, _| Some(reader.number(item, &entry, nan).unwrap_or(f64::NAN)))?;
            Some(Spanned::new(item.span(), numbers))
        });
        self.even(value, what);
        rows
    }

    /// A matrix per unit; those that are not of one shape have been reported, and still count.
    pub(super) fn kernel(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<Kernel> {
        let help = Phrase {
            en: "give each unit a matrix, a row per timestep it sees, oldest first: [[[1, 2], [3, 4]]]",
            es: "dar a cada unidad una matriz, una fila por paso que ve, la más antigua primero: [[[1, 2], [3, 4]]]",
        };
        let levels = levels(value.get_ref());
        if (1..3).contains(&levels) {
            let message = both!(
                "{what} has {levels} of brackets, but must have 3: units × width × inputs",
                "{what} tiene {levels} de corchetes, pero debe tener 3: unidades × anchura × entradas",
                what,
                levels = count(levels, Noun::Level)
            );
            self.fault(value.span(), message, help);
            return None;
        }
        let alike = Phrase {
            en: "give every unit as many rows, one per timestep it sees, each of as many numbers",
            es: "dar a todas las unidades igual cantidad de filas, una por paso que ven, y de números en cada una",
        };
        self.matrices(value, what, Phrase { en: "unit", es: "la unidad" }, [help, alike])
    }

    /// Matrices, each called a `part`; those that are not of one shape have been reported, and still count. `help` says how to
    /// write them, and how to make them alike.
    pub(super) fn matrices(
        &mut self,
        value: &Value<'_>,
        what: impl Part + Copy,
        part: Phrase,
        [to_write, to_make_alike]: [Phrase; 2],
    ) -> Option<Kernel> {
        let wanted = Phrase { en: "an array of matrices", es: "una lista de matrices" };
        let read = self.list(value, what, wanted, to_write, |reader, item, i| {
            let name = both!("{part} {n} of {what}", "{part} {n} de {what}", part, what, n = i + 1);
            let matrix = reader.matrix(item, &name, Nan::Refused)?;
            Some(Spanned::new(item.span(), matrix))
        });
        self.alike(value, what, part, to_make_alike);
        read
    }

    /// Reports the matrices that have not the shape of the first, whatever is in them.
    fn alike(&mut self, value: &Value<'_>, what: impl Part + Copy, part: Phrase, help: Phrase) {
        let units = value.get_ref().as_array().into_iter().flat_map(|units| units.iter());
        let mut shapes = units.enumerate().filter_map(|(i, unit)| {
            let rows = unit.get_ref().as_array()?;
            let inputs = rows.first().and_then(|row| row.get_ref().as_array()).map_or(0, |row| row.len());
            Some((i + 1, unit.span(), rows.len(), inputs))
        });
        let Some((first, _, first_width, first_inputs)) = shapes.next() else { return };
        for (number, span, width, inputs) in shapes {
            let (found, wanted) = match () {
                () if width != first_width => (count(width, Noun::Row), first_width),
                () if inputs != first_inputs => (count(inputs, Noun::Column), first_inputs),
                () => continue,
            };
            let message = both!(
                "{part} {number} of {what} has {found}, but {part} {first} has {wanted}",
                "{part} {number} de {what} tiene {found}, pero {part} {first} tiene {wanted}",
                part,
                what,
                found
            );
            self.fault(span, message, help);
        }
    }

    /// Reports the rows that are not as long as the first, whatever is in them.
    fn even(&mut self, value: &Value<'_>, what: impl Part + Copy) {
        let rows = value.get_ref().as_array().into_iter().flat_map(|rows| rows.iter());
        let mut lengths = rows.enumerate().filter_map(|(i, row)| Some((i + 1, row.span(), row.get_ref().as_array()?.len())));
        let Some((first, _, width)) = lengths.next() else { return };
        for (number, span, length) in lengths.filter(|(.., length)| *length != width) {
            let message = both!(
                "row {number} of {what} has {found}, but row {first} has {width}",
                "la fila {number} de {what} tiene {found}, pero la fila {first} tiene {width}",
                what,
                found = count(length, Noun::Number)
            );
            let help = Phrase { en: "give every row as many numbers", es: "dar a todas las filas igual cantidad de números" };
            self.fault(span, message, help);
        }
    }
}

/// How many levels of arrays there are around the first number; 0 where there is none.
fn levels(value: &DeValue<'_>) -> usize {
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
