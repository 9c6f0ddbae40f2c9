//! Checks the input: its rows, in the scenario or in a CSV file, and what its features and rows are called.

use ndarray::Array2;
use toml::Spanned;

use super::{Check, array2, optional};
use crate::scenario::csv_input;
use crate::scenario::fault::{nearest, shown};
use crate::scenario::file::Unreadable;
use crate::scenario::schema::{Field, InputTable, Matrix, shape};
use crate::scenario::text::{Noun, Phrase, Text, both};

/// What is known of the input, even where something in it is wrong, so that what depends on it can be checked.
#[derive(Default)]
pub(super) struct CheckedInputs {
    pub(super) timesteps: Option<usize>,
    pub(super) features: Option<Vec<Text>>,
    pub(super) labels: Option<Vec<Text>>,
    /// The numbers, with NaN for those that are wrong, where it is known which they are.
    pub(super) rows: Option<Array2<f64>>,
}

impl Check<'_> {
    pub(super) fn inputs(&mut self, table: Spanned<InputTable>) -> CheckedInputs {
        let span = table.span();
        let InputTable { features, rows, row_count, labels, file, columns } = table.into_inner();
        let are_named = !matches!(features, Field::Absent);
        let mut inputs = match (rows, file) {
            (Field::Absent, Field::Absent) => {
                let message = Phrase { en: "[input] has neither `rows` nor `file`", es: "[input] no tiene ni `rows` ni `file`" };
                let help = Phrase {
                    en: "add `rows = [[…], […]]`, one row per timestep",
                    es: "añadir `rows = [[…], […]]`, una fila por paso de tiempo",
                };
                self.fault(span, message, help);
                return CheckedInputs::default();
            }
            (Field::Absent, file) => self.input_file(optional(file), columns, are_named),
            (rows, Field::Absent) => {
                if let Field::Good(columns) = &columns {
                    let message = Phrase { en: "[input] has `columns` without `file`", es: "[input] tiene `columns` sin `file`" };
                    let help = Phrase {
                        en: "leave `columns` out: it chooses from a CSV file, and `rows` gives the numbers",
                        es: "quitar `columns`: elige de un archivo CSV, y `rows` da los números",
                    };
                    self.fault(columns.span(), message, help);
                }
                let rows = optional(rows).and_then(|rows| self.input_rows(rows));
                CheckedInputs { timesteps: row_count.filter(|&rows| rows > 0), rows, ..CheckedInputs::default() }
            }
            (rows, file) => {
                let place = optional(file).map(|file| file.span()).or(optional(rows).map(|rows| rows.span()));
                let message = Phrase { en: "[input] has both `rows` and `file`", es: "[input] tiene `rows` y también `file`" };
                self.fault(place.unwrap_or(span), message, Phrase { en: "leave one of them out", es: "quitar uno de los dos" });
                return CheckedInputs::default();
            }
        };
        if let Some(rows) = &inputs.rows {
            // Where the names are wrong, the rows still say how many there are.
            let given = optional(features).and_then(|names| {
                let there_are = Phrase { en: "the rows have", es: "las filas tienen" };
                let help = Phrase { en: "give one name per column of the rows", es: "dar un nombre por columna de las filas" };
                self.named(names, (rows.ncols(), Noun::Column), "features", there_are, help)
            });
            let numbered = || (1..=rows.ncols()).map(|i| Text::same(format!("x{i}"))).collect();
            inputs.features = given.or(inputs.features).or_else(|| Some(numbered()));
        }
        inputs.labels = optional(labels).zip(inputs.timesteps).and_then(|(labels, timesteps)| {
            let there_are = Phrase { en: "the input has", es: "la entrada tiene" };
            let help = Phrase { en: "give one label per row", es: "dar una etiqueta por fila" };
            self.named(labels, (timesteps, Noun::Row), "labels", there_are, help)
        });
        inputs
    }

    fn input_rows(&mut self, rows: Spanned<Matrix>) -> Option<Array2<f64>> {
        let span = rows.span();
        let rows = rows.into_inner();
        if shape(&rows).1 == Some(0) {
            let help = Phrase {
                en: "give at least one row with at least one number",
                es: "dar al menos una fila con al menos un número",
            };
            self.fault(span, Phrase { en: "the input is empty", es: "la entrada está vacía" }, help);
            return None;
        }
        array2(rows)
    }

    /// The rows of a CSV file, and the names its header gives their columns, unless the scenario names them itself.
    fn input_file(
        &mut self,
        file: Option<Spanned<String>>,
        columns: Field<Vec<Spanned<Option<String>>>>,
        are_named: bool,
    ) -> CheckedInputs {
        let Some(file) = file else { return CheckedInputs::default() };
        let table = match csv_input::read(file.get_ref(), self.folder) {
            Ok(table) => table,
            Err(csv_input::Problem::Unreadable(Unreadable { message, help })) => {
                self.fault(file.span(), message, help);
                return CheckedInputs::default();
            }
            Err(csv_input::Problem::Content(faults)) => {
                self.faults.extend(faults);
                return CheckedInputs::default();
            }
        };
        if let (Field::Absent, Some(fault)) = (&columns, table.header_of_numbers()) {
            self.faults.push(|| fault);
            return CheckedInputs::default();
        }
        let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
        // Where all are taken and the scenario names them, their own names say nothing.
        let by_name = !are_named || !matches!(columns, Field::Absent);
        // Those that are found, and how many are asked for, where that is known.
        let (indices, wanted) = match columns {
            Field::Absent => ((0..header.len()).collect(), Some(header.len())),
            Field::Bad => (Vec::new(), None),
            Field::Good(columns) => {
                if columns.get_ref().is_empty() {
                    let help = Phrase {
                        en: "name at least one column, or leave it out for all",
                        es: "nombrar al menos una columna, o quitarlo para tomar todas",
                    };
                    self.fault(columns.span(), Phrase { en: "`columns` is empty", es: "`columns` está vacío" }, help);
                }
                let wanted = Some(columns.get_ref().len()).filter(|&wanted| wanted > 0);
                (self.columns_found(&file, columns.into_inner(), &header), wanted)
            }
        };
        if by_name {
            table.different_names(&indices, &mut self.faults);
        }
        let (rows, timesteps) = table.numbers(&indices, &mut self.faults);
        let mut inputs = CheckedInputs { timesteps, ..CheckedInputs::default() };
        if wanted == Some(indices.len()) {
            let names: Vec<&str> = indices.iter().map(|&i| table.header[i].as_str()).collect();
            if !are_named && names.contains(&"") {
                let file_name = shown(file.get_ref());
                let message = both!(
                    "a column of `{file_name}` has no name in its first line",
                    "una columna de `{file_name}` no tiene nombre en la primera línea",
                );
                let help = Phrase {
                    en: "name it there, choose others with `columns`, or name all of them with `features`",
                    es: "ponerle nombre ahí, elegir otras con `columns`, o nombrarlas todas con `features`",
                };
                self.fault(file.span(), message, help);
            }
            inputs.features = (!are_named).then(|| names.into_iter().map(Text::same).collect());
            inputs.rows = Some(rows);
        }
        inputs
    }

    /// Where in the header the columns are that are asked for; one that is not there is reported.
    fn columns_found(&mut self, file: &Spanned<String>, wanted: Vec<Spanned<Option<String>>>, header: &[&str]) -> Vec<usize> {
        let mut found = Vec::new();
        for column in wanted {
            let Some(name) = column.get_ref() else { continue };
            match header.iter().position(|column| column == name) {
                Some(index) => found.push(index),
                None => {
                    let (file, shown_name) = (shown(file.get_ref()), shown(name));
                    let message =
                        both!("`{file}` has no column `{shown_name}`", "`{file}` no tiene ninguna columna `{shown_name}`");
                    self.fault(column.span(), message, nearest(name, header));
                }
            }
        }
        found
    }
}
