//! Checks that a scenario's parts fit together, collecting every fault, and builds the network.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array1, Array2};
use toml::Spanned;

use super::csv_input::{self, Columns};
use super::fault::{Fault, Faults, Source, listed, nearest, shown};
use super::file::Reach;
use super::schema::{self, ExpectedTable, Field, InputTable, KindTable, LayerTable, Matrix, NoteTable, Vector, count};
use super::text::Text;
use super::{Expected, LayerNames, Note, Scenario};
use crate::engine::activation::Activation;
use crate::engine::cell::rnn::Rnn;
use crate::engine::dense::{Apply, Dense};
use crate::engine::network::{Layer, Network};
use crate::engine::weighted_sum::WeightedSum;

/// The difference at which an expected value still holds, where the file gives none.
const TOLERANCE: f64 = 1e-6;

/// Reads and checks a scenario's text. Its `file` is looked for from `folder`, as far as `reach` allows.
///
/// # Errors
///
/// All that is wrong in the text and in the files it names.
pub fn build(source: &Source, folder: &Path, reach: Reach) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let Some(file) = schema::read(source, &mut faults) else { return Err(faults) };
    let mut check = Check { source, faults };
    let title = check.required(file.title, "title", "the scenario", 0..0, "add `title = \"…\"` at the top");
    let description = optional(file.description);
    let inputs = match file.input {
        Field::Good(table) => check.inputs(table, folder, reach),
        Field::Bad => None,
        Field::Absent => {
            check.fault(0..0, "the scenario has no [input]", "add `[input]` with `rows = [[…], […]]`");
            None
        }
    };
    let features = inputs.as_ref().map(|inputs| inputs.features.as_slice());
    let layers = check.layers(file.layers, features);
    let timesteps = inputs.as_ref().map(|inputs| inputs.rows.nrows());
    let expected = check.expected(file.expected, timesteps, layers.last());
    let notes = check.notes(file.notes, timesteps);
    let mut faults = check.faults;
    let built: Option<Vec<_>> = layers.into_iter().map(|layer| layer.built).collect();
    match (title, inputs, built) {
        (Some(title), Some(inputs), Some(layers)) if faults.is_empty() => {
            let (names, layers) = layers.into_iter().unzip();
            Ok(Scenario {
                title: title.into_inner(),
                description: description.map(Spanned::into_inner),
                features: inputs.features,
                labels: inputs.labels,
                inputs: Arc::new(inputs.rows),
                network: Arc::new(Network { layers }),
                names,
                expected,
                notes,
            })
        }
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

struct Inputs {
    features: Vec<String>,
    labels: Option<Vec<String>>,
    rows: Array2<f64>,
}

fn optional<T>(field: Field<T>) -> Option<Spanned<T>> {
    match field {
        Field::Good(value) => Some(value),
        Field::Absent | Field::Bad => None,
    }
}

fn or_default<T>(field: Field<T>, default: T) -> Option<T> {
    match field {
        Field::Good(value) => Some(value.into_inner()),
        Field::Absent => Some(default),
        Field::Bad => None,
    }
}

/// How many rows a matrix has, unless it is not there or empty.
fn row_count(matrix: Option<&Spanned<Matrix>>) -> Option<usize> {
    matrix.map(|rows| rows.get_ref().len()).filter(|&rows| rows > 0)
}

/// What each of the columns of a weight matrix stands for.
struct ColumnsOf {
    /// Who provides them: `its input`, `layer 1`.
    provider: String,
    /// What they are called there.
    noun: &'static str,
    /// Their names.
    names: Vec<String>,
}

/// What is known of a layer, even where something in it is wrong, so that what follows it can be checked.
struct CheckedLayer {
    /// What its units are called, where it is known how many it has.
    units: Option<Vec<String>>,
    /// Whether it gives an output at the last timestep only, itself or for the sake of a layer before it.
    is_late: bool,
    /// The layer, where all of it is good.
    built: Option<(LayerNames, Layer)>,
}

struct Check<'s> {
    source: &'s Source,
    faults: Faults,
}

impl Check<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(|| Fault::at(self.source, span, message, help));
    }

    fn required<T>(&mut self, field: Field<T>, key: &str, owner: &str, span: Range<usize>, help: &str) -> Option<Spanned<T>> {
        if matches!(field, Field::Absent) {
            self.fault(span, format!("{owner} has no `{key}`"), help);
        }
        optional(field)
    }

    fn inputs(&mut self, table: Spanned<InputTable>, folder: &Path, reach: Reach) -> Option<Inputs> {
        let span = table.span();
        let InputTable { features, rows, labels, file, columns } = table.into_inner();
        let (rows, column_names) = match (rows, file) {
            (Field::Good(rows), Field::Absent) => {
                if let Field::Good(columns) = &columns {
                    self.fault(
                        columns.span(),
                        "[input] has `columns` without `file`",
                        "leave `columns` out: it chooses from a CSV file, and `rows` gives the numbers",
                    );
                }
                (self.input_rows(rows)?, None)
            }
            (Field::Absent, Field::Good(file)) => {
                let (rows, names) = self.input_file(file, optional(columns), folder, reach)?;
                (rows, Some(names))
            }
            (Field::Absent, Field::Absent) => {
                self.fault(span, "[input] has neither `rows` nor `file`", "add `rows = [[…], […]]`, one row per timestep");
                return None;
            }
            (Field::Good(_), Field::Good(file)) => {
                self.fault(file.span(), "[input] has both `rows` and `file`", "leave one of them out");
                return None;
            }
            _ => return None,
        };
        // Where the names are wrong, the rows still say how many there are.
        let names = match features {
            Field::Good(names) => {
                let help = "give one name per column of the rows";
                self.named(names, rows.ncols(), "features", "the rows have", "column", help)
            }
            Field::Absent => column_names,
            Field::Bad => None,
        };
        let names = names.unwrap_or_else(|| (1..=rows.ncols()).map(|i| format!("x{i}")).collect());
        let labels = optional(labels)
            .and_then(|labels| self.named(labels, rows.nrows(), "labels", "the input has", "row", "give one label per row"));
        Some(Inputs { features: names, labels, rows })
    }

    fn input_rows(&mut self, rows: Spanned<Matrix>) -> Option<Array2<f64>> {
        let span = rows.span();
        let rows = rows.into_inner();
        if rows.first().is_none_or(|row| row.get_ref().is_empty()) {
            self.fault(span, "the input is empty", "give at least one row with at least one number");
            return None;
        }
        array2(rows)
    }

    fn input_file(
        &mut self,
        file: Spanned<String>,
        columns: Option<Spanned<Vec<Spanned<String>>>>,
        folder: &Path,
        reach: Reach,
    ) -> Option<(Array2<f64>, Vec<String>)> {
        let table = match csv_input::read(file.get_ref(), folder, reach) {
            Ok(table) => table,
            Err(csv_input::Problem::Unreadable { message, help }) => {
                self.fault(file.span(), message, help);
                return None;
            }
            Err(csv_input::Problem::Content(faults)) => {
                self.faults.extend(faults);
                return None;
            }
        };
        let wanted = match columns {
            None => Columns::All,
            Some(columns) => {
                let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
                let mut indices = Vec::new();
                for name in columns.get_ref() {
                    match header.iter().position(|column| column == name.get_ref()) {
                        Some(index) => indices.push(index),
                        None => {
                            let message = format!("`{}` has no column `{}`", shown(file.get_ref()), shown(name.get_ref()));
                            self.fault(name.span(), message, nearest(name.get_ref(), &header));
                        }
                    }
                }
                if columns.get_ref().is_empty() {
                    self.fault(columns.span(), "`columns` is empty", "name at least one column, or leave it out for all");
                }
                if indices.len() < columns.get_ref().len().max(1) {
                    return None;
                }
                Columns::These(indices)
            }
        };
        match table.numbers(&wanted) {
            Ok(numbers) => Some(numbers),
            Err(faults) => {
                self.faults.extend(faults);
                None
            }
        }
    }

    /// Names, of which there must be as many as what they name.
    fn named(
        &mut self,
        names: Spanned<Vec<Spanned<String>>>,
        wanted: usize,
        what: &str,
        there_are: &str,
        noun: &str,
        help: &str,
    ) -> Option<Vec<String>> {
        let found = names.get_ref().len();
        if found != wanted {
            let message = format!("{what} has {}, but {there_are} {}", count(found, "name"), count(wanted, noun));
            self.fault(names.span(), message, help);
            return None;
        }
        Some(names.into_inner().into_iter().map(Spanned::into_inner).collect())
    }

    /// The layers, as far as they are good; `features` are those of the input, if it is good.
    fn layers(&mut self, layers: Field<Vec<Spanned<Option<LayerTable>>>>, features: Option<&[String]>) -> Vec<CheckedLayer> {
        let tables = match layers {
            Field::Good(tables) if !tables.get_ref().is_empty() => tables.into_inner(),
            Field::Bad => return Vec::new(),
            Field::Absent | Field::Good(_) => {
                self.fault(0..0, "the scenario has no layer", "add `[[layer]]` with `kind = \"rnn\"`");
                return Vec::new();
            }
        };
        let mut checked: Vec<CheckedLayer> = Vec::new();
        let mut before = features.map(|names| ColumnsOf { provider: "its input".into(), noun: "feature", names: names.to_vec() });
        let mut late: Option<usize> = None;
        for (i, table) in tables.into_iter().enumerate() {
            let number = i + 1;
            let span = table.span();
            let mut layer = CheckedLayer { units: None, is_late: late.is_some(), built: None };
            if let Some(table) = table.into_inner() {
                match (late, &table.kind) {
                    (Some(late), KindTable::Rnn { .. }) => {
                        let message =
                            format!("layer {number} is recurrent, but layer {late} gives an output at the last timestep only");
                        let help = format!("leave `apply = \"last\"` of layer {late} out, or put it after layer {number}");
                        self.fault(span.clone(), message, help);
                    }
                    (None, KindTable::Dense { apply: Field::Good(apply), .. }) if *apply.get_ref() == Apply::Last => {
                        late = Some(number);
                    }
                    _ => {}
                }
                layer = CheckedLayer { is_late: late.is_some(), ..self.layer(table, number, span, before.as_ref()) };
            }
            let names = layer.units.clone();
            before = names.map(|names| ColumnsOf { provider: format!("layer {number}"), noun: "unit", names });
            checked.push(layer);
        }
        checked
    }

    fn layer(&mut self, table: LayerTable, number: usize, span: Range<usize>, columns: Option<&ColumnsOf>) -> CheckedLayer {
        let LayerTable { name, unit_names, activation, bias, kind } = table;
        let owner = format!("layer {number}");
        let (default_activation, letter) = match kind {
            KindTable::Rnn { .. } => (Activation::Tanh, 'h'),
            KindTable::Dense { .. } => (Activation::Linear, 'y'),
        };
        let activation = or_default(activation, default_activation);
        let (units, layer) = match kind {
            KindTable::Rnn { input_weights, recurrent_weights, recurrent_bias, initial_hidden } => {
                let help = "add `input_weights = [[…]]`, one row per unit";
                let w = self.required(input_weights, "input_weights", &owner, span.clone(), help);
                let help = "add `recurrent_weights = [[…]]`, units × units";
                let u = self.required(recurrent_weights, "recurrent_weights", &owner, span, help);
                let units = row_count(w.as_ref()).or(row_count(u.as_ref()));
                let w = w.and_then(|w| self.weights(w, "input_weights", &owner, columns));
                let u = u.and_then(|u| self.recurrent_weights(u, &owner, units?));
                let bias = self.per_unit(bias, "bias", &owner, units);
                let recurrent_bias = match recurrent_bias {
                    Field::Absent => Some(None),
                    given => self.per_unit(given, "recurrent_bias", &owner, units).map(Some),
                };
                let initial_hidden = self.per_unit(initial_hidden, "initial_hidden", &owner, units);
                let rnn = || {
                    let (bias, recurrent_bias) = (bias?, recurrent_bias?);
                    let sum = WeightedSum { input_weights: w?, recurrent_weights: u?, bias, recurrent_bias };
                    Some(Layer::Rnn(Rnn { sum, activation: activation?, initial_hidden: initial_hidden? }))
                };
                (units, rnn())
            }
            KindTable::Dense { weights, apply } => {
                let help = "add `weights = [[…]]`, one row per unit";
                let w = self.required(weights, "weights", &owner, span, help);
                let units = row_count(w.as_ref());
                let w = w.and_then(|w| self.weights(w, "weights", &owner, columns));
                let bias = self.per_unit(bias, "bias", &owner, units);
                let apply = or_default(apply, Apply::Every);
                let dense = || {
                    let (w, bias) = (w?, bias?);
                    let recurrent_weights = Array2::zeros((w.nrows(), 0));
                    let sum = WeightedSum { input_weights: w, recurrent_weights, bias, recurrent_bias: None };
                    Some(Layer::Dense(Dense { sum, activation: activation?, apply: apply? }))
                };
                (units, dense())
            }
        };
        let named = match (unit_names, units) {
            (Field::Good(names), Some(units)) => {
                let what = format!("unit_names of {owner}");
                self.named(names, units, &what, "it has", "unit", "give one name per unit")
            }
            _ => None,
        };
        let units = named.or(units.map(|units| default_names(letter, units)));
        let name = optional(name).map(Spanned::into_inner);
        let built = layer.zip(units.clone()).map(|(layer, units)| (LayerNames { layer: name, units }, layer));
        CheckedLayer { units, is_late: false, built }
    }

    /// A weight matrix with a column for each input of the layer.
    fn weights(&mut self, w: Spanned<Matrix>, key: &str, owner: &str, columns: Option<&ColumnsOf>) -> Option<Array2<f64>> {
        let span = w.span();
        let rows = w.into_inner();
        let width = rows.first().map_or(0, |row| row.get_ref().len());
        if width == 0 {
            self.fault(span, format!("{key} of {owner} is empty"), "give one row per unit, with one weight per input");
            return None;
        }
        let columns = columns?;
        if width != columns.names.len() {
            let found = count(width, "column");
            let there = count(columns.names.len(), columns.noun);
            let message = format!("{key} of {owner} has {found}, but {} has {there}", columns.provider);
            let names = listed(&columns.names);
            self.fault(span, message, format!("give one weight per {}: {names}", columns.noun));
            return None;
        }
        array2(rows)
    }

    fn recurrent_weights(&mut self, u: Spanned<Matrix>, owner: &str, units: usize) -> Option<Array2<f64>> {
        let span = u.span();
        let rows = u.into_inner();
        let shape = (rows.len(), rows.first().map_or(0, |row| row.get_ref().len()));
        if shape != (units, units) {
            let message =
                format!("recurrent_weights of {owner} is {} × {}, but {owner} has {}", shape.0, shape.1, count(units, "unit"));
            let help = format!("give {units} × {units}: one row per unit, with one weight per unit that feeds it");
            self.fault(span, message, help);
            return None;
        }
        array2(rows)
    }

    /// A number per unit, zeros where the file gives none.
    fn per_unit(&mut self, field: Field<Vector>, key: &str, owner: &str, units: Option<usize>) -> Option<Array1<f64>> {
        let units = units?;
        match field {
            Field::Absent => Some(Array1::zeros(units)),
            Field::Bad => None,
            Field::Good(vector) if vector.get_ref().len() == units => Some(Array1::from_vec(vector.into_inner())),
            Field::Good(vector) => {
                let found = count(vector.get_ref().len(), "number");
                let message = format!("{key} of {owner} has {found}, but {owner} has {}", count(units, "unit"));
                self.fault(vector.span(), message, "give one number per unit, or leave it out for zeros");
                None
            }
        }
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
        let help = "add `output = [[…]]`, one row per timestep";
        let output = self.required(output, "output", "[expected]", span, help);
        if let Field::Good(tolerance) = &tolerance
            && *tolerance.get_ref() < 0.0
        {
            self.fault(tolerance.span(), "tolerance is below 0, but no difference is", "give 0 or more");
        }
        let output = output?;
        let rows = output.get_ref();
        let (found_rows, found_columns) = (rows.len(), rows.first().map_or(0, |row| row.get_ref().len()));
        if let Some(timesteps) = timesteps.filter(|&timesteps| timesteps != found_rows) {
            let message = format!("output of [expected] has {}, but the input has {timesteps}", count(found_rows, "row"));
            self.fault(output.span(), message, "give one row per timestep; nan claims nothing");
        }
        let outputs = last.and_then(|layer| Some(layer.units.as_ref()?.len()));
        if let Some(outputs) = outputs.filter(|&outputs| outputs != found_columns && found_rows > 0) {
            let found = count(found_columns, "column");
            let message = format!("output of [expected] has {found}, but the network has {}", count(outputs, "output"));
            self.fault(output.span(), message, "give one number per output in every row; nan claims nothing");
        }
        if last.is_some_and(|layer| layer.is_late) {
            for (t, row) in rows.iter().enumerate().take(timesteps.unwrap_or(found_rows).saturating_sub(1)) {
                if row.get_ref().iter().any(|claim| !claim.is_nan()) {
                    let message = format!("output of [expected] claims a value at t = {t}, where the network gives none");
                    let help = "write nan: a layer with `apply = \"last\"` answers at the last timestep only";
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
            let owner = format!("note {number}");
            let step = self.required(step, "step", &owner, span.clone(), "add `step = 0`, the timestep it belongs to");
            let text: Option<Spanned<Text>> = self.required(text, "text", &owner, span, "add `text = \"…\"`");
            let (Some(step), Some(text), Some(timesteps)) = (step, text, timesteps) else { continue };
            if *step.get_ref() >= timesteps {
                let message = format!("{owner} is for step {}, but the last timestep is {}", step.get_ref(), timesteps - 1);
                self.fault(step.span(), message, format!("give a step from 0 to {}", timesteps - 1));
                continue;
            }
            built.push(Note { step: step.into_inner(), text: text.into_inner() });
        }
        built
    }
}

/// What the units of a layer are called where the file does not say: `h`, or `h1`, `h2`, … where there are several.
fn default_names(letter: char, units: usize) -> Vec<String> {
    match units {
        1 => vec![letter.into()],
        _ => (1..=units).map(|i| format!("{letter}{i}")).collect(),
    }
}

/// A matrix whose rows are known to be of one length.
fn array2(rows: Matrix) -> Option<Array2<f64>> {
    let shape = (rows.len(), rows.first()?.get_ref().len());
    let numbers: Vec<f64> = rows.into_iter().flat_map(Spanned::into_inner).collect();
    Array2::from_shape_vec(shape, numbers).ok()
}
