//! Checks that a scenario's parts fit together, collecting every fault, and builds the network.

mod inputs;
mod layers;
mod recurrent;
mod stacked;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use ndarray::Array2;
use toml::Spanned;

use super::fault::{Fault, Faults, Source};
use super::file::Folder;
use super::schema::{self, ExpectedTable, Field, Matrix, NoteTable, OUTPUT_OF_EXPECTED, THE_SCENARIO, shape};
use super::tensors::TensorFile;
use super::text::{Noun, Part, Phrase, Text, both, count};
use super::{Expected, Note, Scenario};
use crate::engine::network::Network;
use crate::engine::timeline::numbers_held;
use inputs::CheckedInputs;
use layers::CheckedLayer;

/// The difference at which an expected value still holds, where the file gives none.
const TOLERANCE: f64 = 1e-6;

/// The most numbers that are kept of the course of a network.
const MOST_HELD: usize = 1 << 27;

/// Reads and checks a scenario's text; the files it names are looked for in `folder`.
///
/// # Errors
///
/// All that is wrong in the text and in the files it names.
pub fn build(source: &Source, folder: &Folder) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let Some(file) = schema::read(source, &mut faults) else { return Err(faults) };
    let mut check = Check { source, folder, tensor_files: BTreeMap::new(), faults };
    let title = check.required(
        file.title,
        "title",
        THE_SCENARIO,
        0..0,
        Phrase { en: "add `title = \"…\"` at the top", es: "añadir `title = \"…\"` al principio" },
    );
    let description = optional(file.description);
    let inputs = match file.input {
        Field::Good(table) => check.inputs(table),
        Field::Bad => CheckedInputs::default(),
        Field::Absent => {
            let message = Phrase { en: "the scenario has no [input]", es: "el escenario no tiene [input]" };
            let help =
                Phrase { en: "add `[input]` with `rows = [[…], […]]`", es: "añadir `[input]` con `rows = [[…], […]]`" };
            check.fault(0..0, message, help);
            CheckedInputs::default()
        }
    };
    let layers = check.layers(file.layers, inputs.features.as_deref());
    let expected = check.expected(file.expected, inputs.timesteps, layers.last());
    let notes = check.notes(file.notes, inputs.timesteps);
    let mut faults = check.faults;
    let built: Option<Vec<_>> = layers.into_iter().map(|layer| layer.built).collect();
    match (title, inputs.features.zip(inputs.rows), built) {
        (Some(title), Some((features, rows)), Some(layers)) if faults.is_empty() => {
            let (names, layers): (Vec<_>, Vec<_>) = layers.into_iter().unzip();
            let held = numbers_held(&layers, rows.nrows());
            if held > MOST_HELD {
                let held = held >> 17;
                let message = both!(
                    "the steps and states that are kept would take {held} MiB, more than 1024",
                    "los pasos y estados que se guardan ocuparían {held} MiB, más de 1024",
                );
                let help = Phrase {
                    en: "give it fewer timesteps, fewer units or a narrower window",
                    es: "darle menos pasos de tiempo, menos unidades o una ventana más estrecha",
                };
                return Err(Fault::at(source, 0..0, message, help).into());
            }
            Ok(Scenario {
                title: title.into_inner(),
                description: description.map(Spanned::into_inner),
                features,
                labels: inputs.labels,
                inputs: Arc::new(rows),
                network: Arc::new(Network { layers }),
                names,
                expected,
                notes,
                text: source.text.as_str().into(),
            })
        }
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

fn optional<T>(field: Field<T>) -> Option<Spanned<T>> {
    match field {
        Field::Good(value) => Some(value),
        Field::Absent | Field::Bad => None,
    }
}

fn or_default<T>(field: Field<T>, default: T) -> Option<T> {
    or(field, Some(default))
}

/// The value of a field, or another where the file gives none.
fn or<T>(field: Field<T>, default: Option<T>) -> Option<T> {
    match field {
        Field::Good(value) => Some(value.into_inner()),
        Field::Absent => default,
        Field::Bad => None,
    }
}

struct Check<'s> {
    source: &'s Source,
    folder: &'s Folder,
    /// Those opened so far, by their identities; nothing where one cannot be used.
    tensor_files: BTreeMap<PathBuf, Option<Rc<TensorFile>>>,
    faults: Faults,
}

impl Check<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<Text>, help: impl Into<Text>) {
        self.faults.push(|| Fault::at(self.source, span, message, help));
    }

    fn required<T>(
        &mut self,
        field: Field<T>,
        key: &str,
        owner: impl Part,
        span: Range<usize>,
        help: Phrase,
    ) -> Option<Spanned<T>> {
        if matches!(field, Field::Absent) {
            self.fault(span, both!("{owner} has no `{key}`", "{owner} no tiene `{key}`", owner), help);
        }
        optional(field)
    }

    /// Names, of which there must be as many as what they name; nothing where one of them is wrong.
    fn named(
        &mut self,
        names: Spanned<Vec<Spanned<Option<Text>>>>,
        (wanted, noun): (usize, Noun),
        what: impl Part,
        there_are: impl Part,
        help: Phrase,
    ) -> Option<Vec<Text>> {
        let found = names.get_ref().len();
        if found != wanted {
            let message = both!(
                "{what} has {found}, but {there_are} {wanted}",
                "{what} tiene {found}, pero {there_are} {wanted}",
                what,
                there_are,
                found = count(found, Noun::Name),
                wanted = count(wanted, noun)
            );
            self.fault(names.span(), message, help);
            return None;
        }
        let mut names: Vec<Text> = names.into_inner().into_iter().map(Spanned::into_inner).collect::<Option<_>>()?;
        // They stand where their places stood, which takes twice the room.
        names.shrink_to_fit();
        Some(names)
    }

    /// `last` is the last layer, as far as it is known.
    fn expected(
        &mut self,
        expected: Field<ExpectedTable>,
        timesteps: Option<usize>,
        last: Option<&CheckedLayer>,
    ) -> Option<Expected> {
        let table = optional(expected)?;
        let span = table.span();
        let ExpectedTable { output, tolerance, source } = table.into_inner();
        let help = Phrase {
            en: "add `output = [[…]]`, one row per timestep",
            es: "añadir `output = [[…]]`, una fila por paso de tiempo",
        };
        let output = self.required(output, "output", "[expected]", span, help);
        if let Field::Good(tolerance) = &tolerance
            && *tolerance.get_ref() < 0.0
        {
            let message = Phrase {
                en: "tolerance is below 0, but no difference is",
                es: "tolerance es menor que 0, pero ninguna diferencia lo es",
            };
            self.fault(tolerance.span(), message, Phrase { en: "give 0 or more", es: "dar 0 o más" });
        }
        let output = output?;
        let rows = output.get_ref();
        let (found_rows, found_columns) = shape(rows);
        if let Some(timesteps) = timesteps.filter(|&timesteps| timesteps != found_rows) {
            let message = both!(
                "{output} has {rows}, but the input has {timesteps}",
                "{output} tiene {rows}, pero la entrada tiene {timesteps}",
                output = OUTPUT_OF_EXPECTED,
                rows = count(found_rows, Noun::Row)
            );
            let help = Phrase {
                en: "give one row per timestep; nan claims nothing",
                es: "dar una fila por paso de tiempo; nan no afirma nada",
            };
            self.fault(output.span(), message, help);
        }
        let outputs = last.and_then(|layer| Some(layer.outputs.as_ref()?.len()));
        if let (Some(outputs), Some(found_columns)) = (outputs, found_columns)
            && outputs != found_columns
            && found_rows > 0
        {
            let message = both!(
                "{output} has {columns}, but the network has {outputs}",
                "{output} tiene {columns}, pero la red tiene {outputs}",
                output = OUTPUT_OF_EXPECTED,
                columns = count(found_columns, Noun::Column),
                outputs = count(outputs, Noun::Output)
            );
            let help = Phrase {
                en: "give one number per output in every row; nan claims nothing",
                es: "dar un número por salida en cada fila; nan no afirma nada",
            };
            self.fault(output.span(), message, help);
        }
        if last.is_some_and(|layer| layer.is_late) {
            for (t, row) in rows.iter().enumerate().take(timesteps.unwrap_or(found_rows).saturating_sub(1)) {
                if row.get_ref().iter().any(|claim| !claim.is_nan()) {
                    let message = both!(
                        "{output} claims a value at t = {t}, where the network gives none",
                        "{output} afirma un valor en t = {t}, donde la red no da ninguno",
                        output = OUTPUT_OF_EXPECTED
                    );
                    let help = Phrase {
                        en: "write nan: a layer with `apply = \"last\"` answers at the last timestep only",
                        es: "escribir nan: una capa con `apply = \"last\"` solo responde en el último paso de tiempo",
                    };
                    self.fault(row.span(), message, help);
                }
            }
        }
        let spans = rows.iter().map(Spanned::span).collect();
        Some(Expected {
            output: array2(output.into_inner())?,
            tolerance: or_default(tolerance, TOLERANCE)?,
            source: optional(source).map(Spanned::into_inner),
            spans,
        })
    }

    fn notes(&mut self, notes: Field<Vec<Spanned<Option<NoteTable>>>>, timesteps: Option<usize>) -> Vec<Note> {
        let tables = optional(notes).map(Spanned::into_inner).unwrap_or_default();
        let mut built = Vec::new();
        for (i, table) in tables.into_iter().enumerate() {
            let (number, span) = (i + 1, table.span());
            let Some(NoteTable { step, text }) = table.into_inner() else { continue };
            let owner = both!("note {number}", "la nota {number}");
            let help = Phrase {
                en: "add `step = 0`, the timestep it belongs to",
                es: "añadir `step = 0`, el paso de tiempo al que pertenece",
            };
            let step = self.required(step, "step", &owner, span.clone(), help);
            let help = Phrase { en: "add `text = \"…\"`", es: "añadir `text = \"…\"`" };
            let text = self.required(text, "text", &owner, span, help);
            let (Some(step), Some(timesteps)) = (step, timesteps) else { continue };
            if *step.get_ref() >= timesteps {
                let last = timesteps - 1;
                let message = both!(
                    "{owner} is for step {step}, but the last timestep is {last}",
                    "{owner} es para el paso {step}, pero el último paso es {last}",
                    owner,
                    step = step.get_ref()
                );
                self.fault(step.span(), message, both!("give a step from 0 to {last}", "dar un paso de 0 a {last}"));
                continue;
            }
            built.extend(text.map(|text| Note { step: step.into_inner(), text: text.into_inner() }));
        }
        built
    }
}

/// A matrix, where its rows are of one length.
fn array2(matrix: Matrix) -> Option<Array2<f64>> {
    let (rows, columns) = shape(&matrix);
    let numbers: Vec<f64> = matrix.into_iter().flat_map(Spanned::into_inner).collect();
    Array2::from_shape_vec((rows, columns?), numbers).ok()
}
