//! Checks that the layers of a scenario fit together, and makes them.

use std::ops::Range;

use ndarray::Array2;
use toml::Spanned;

use super::stacked::LayerOf;
use super::{Check, array2, optional, or_default};
use crate::engine::activation::Activation;
use crate::engine::conv::Conv;
use crate::engine::dense::{Apply, Dense};
use crate::engine::network::Layer;
use crate::engine::weighted_sum::WeightedSum;
use crate::scenario::convention::LayerParameters;
use crate::scenario::fault::listed;
use crate::scenario::parameters::{LayerKind, with_bias};
use crate::scenario::schema::layer::{ConvTable, DenseTable, KindTable, LayerTable};
use crate::scenario::schema::stacked::Origin;
use crate::scenario::schema::{Field, Kernel, Matrix, Vector, count, shape};
use crate::scenario::{LayerNames, UnitNames};

/// What each of the columns of a weight matrix stands for.
pub(super) struct ColumnsOf {
    /// Who provides them: `its input`, `layer 1`.
    provider: String,
    /// What they are called there.
    noun: &'static str,
    /// Their names.
    names: Vec<String>,
}

impl ColumnsOf {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }
}

/// What is known of a layer, even where something in it is wrong, so that what follows it can be checked.
pub(super) struct CheckedLayer {
    /// What its outputs are called, where it is known how many it has.
    pub(super) outputs: Option<Vec<String>>,
    /// Whether it gives an output at the last timestep only, itself or for the sake of a layer before it.
    pub(super) is_late: bool,
    /// The layer, where all of it is good.
    pub(super) built: Option<(LayerNames, Layer)>,
}

/// A layer before the file's names are put on it, as far as it is good.
#[derive(Default)]
pub(super) struct Unnamed {
    /// What its units are called where the file does not say, where it is known how many it has.
    pub(super) names: Option<Vec<String>>,
    /// What its outputs are called, where they are not the units.
    pub(super) projected: Option<Vec<String>>,
    pub(super) layer: Option<Layer>,
}

/// How many rows a matrix has, unless it is not there or empty.
pub(super) fn row_count(matrix: Option<&Spanned<Matrix>>) -> Option<usize> {
    matrix.map(|rows| rows.get_ref().len()).filter(|&rows| rows > 0)
}

impl Check<'_> {
    /// The layers, as far as they are good; `features` are those of the input, if it is good.
    pub(super) fn layers(
        &mut self,
        layers: Field<Vec<Spanned<Option<LayerTable>>>>,
        features: Option<&[String]>,
    ) -> Vec<CheckedLayer> {
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
            let mut layer = CheckedLayer { outputs: None, is_late: late.is_some(), built: None };
            if let Some(table) = table.into_inner() {
                late = self.late(late, &table.kind, number, span.clone());
                layer = CheckedLayer { is_late: late.is_some(), ..self.layer(table, number, span, before.as_ref()) };
            }
            let names = layer.outputs.clone();
            before = names.map(|names| ColumnsOf { provider: format!("layer {number}"), noun: "unit", names });
            checked.push(layer);
        }
        checked
    }

    /// The first layer that gives an output at the last timestep only, this one included; after it no layer may need
    /// more timesteps.
    fn late(&mut self, late: Option<usize>, kind: &KindTable, number: usize, span: Range<usize>) -> Option<usize> {
        let what = match (late, kind) {
            (Some(_), KindTable::Recurrent(_)) => "recurrent",
            (Some(_), KindTable::Conv(_)) => "a convolution",
            (None, KindTable::Dense(DenseTable { apply: Field::Good(apply), .. })) if *apply.get_ref() == Apply::Last => {
                return Some(number);
            }
            _ => return late,
        };
        if let Some(late) = late {
            let message = format!("layer {number} is {what}, but layer {late} gives an output at the last timestep only");
            self.fault(span, message, format!("leave `apply = \"last\"` of layer {late} out, or put it after layer {number}"));
        }
        late
    }

    fn layer(&mut self, table: LayerTable, number: usize, span: Range<usize>, columns: Option<&ColumnsOf>) -> CheckedLayer {
        let LayerTable { name, unit_names, kind } = table;
        let owner = format!("layer {number}");
        let Unnamed { names, projected, layer } = match kind {
            KindTable::Recurrent(table) => self.recurrent(*table, &owner, span, columns),
            KindTable::Dense(table) => self.dense(table, &owner, span, columns),
            KindTable::Conv(table) => self.conv(table, &owner, span, columns),
        };
        let given = match (unit_names, &names) {
            (Field::Good(given), Some(names)) => {
                let what = format!("unit_names of {owner}");
                self.named(given, names.len(), &what, "it has", "unit", "give one name per unit")
            }
            _ => None,
        };
        let units = given.map(UnitNames::Given).or(names.map(UnitNames::Default));
        let name = optional(name).map(Spanned::into_inner);
        let outputs = projected.or_else(|| units.as_ref().map(|units| units.to_vec()));
        let built = layer.zip(units.zip(outputs.clone()));
        let built = built.map(|(layer, (units, outputs))| (LayerNames { layer: name, units, outputs }, layer));
        CheckedLayer { outputs, is_late: false, built }
    }

    fn dense(&mut self, table: DenseTable, owner: &str, span: Range<usize>, columns: Option<&ColumnsOf>) -> Unnamed {
        let DenseTable { activation, weights, stored, apply } = table;
        let of = LayerOf { kind: LayerKind::Dense, owner, inputs: columns.map(ColumnsOf::count), reset_after: None };
        let (units, sum) = match weights {
            Origin::Named((weights, bias)) => {
                let w = self.required(weights, "weights", owner, span, "add `weights = [[…]]`, one row per unit");
                let units = row_count(w.as_ref());
                let w = w.and_then(|w| self.weights(w, "weights", owner, columns));
                let bias = self.optional_per_unit(bias, "bias", owner, units);
                (units, w.zip(bias).map(|(w, bias)| with_bias(WeightedSum::of_inputs(&w), bias)))
            }
            origin => match self.stacked_layer(origin, stored, span, of) {
                Some(LayerParameters::Dense { weights, bias }) => {
                    (Some(weights.nrows()), Some(with_bias(WeightedSum::of_inputs(&weights), bias)))
                }
                _ => (None, None),
            },
        };
        let activation = or_default(activation, Activation::Linear);
        let apply = or_default(apply, Apply::Every);
        let layer = || Some(Layer::Dense(Dense::new(sum?, activation?, apply?)));
        Unnamed { names: units.map(|units| default_names('y', units, "")), layer: layer(), ..Unnamed::default() }
    }

    fn conv(&mut self, table: ConvTable, owner: &str, span: Range<usize>, columns: Option<&ColumnsOf>) -> Unnamed {
        let ConvTable { activation, kernel, stored } = table;
        let of = LayerOf { kind: LayerKind::Conv, owner, inputs: columns.map(ColumnsOf::count), reset_after: None };
        let (units, sum) = match kernel {
            Origin::Named((kernel, bias)) => {
                let help = "add `kernel = [[[…]]]`, units × width × inputs";
                let kernel = self.required(kernel, "kernel", owner, span, help);
                let units = kernel.as_ref().map(|kernel| kernel.get_ref().len()).filter(|&units| units > 0);
                let kernel = kernel.and_then(|kernel| self.windows(kernel, owner, columns));
                let bias = self.optional_per_unit(bias, "bias", owner, units);
                let sum = kernel.zip(bias);
                (units, sum.map(|((w, inputs), bias)| (with_bias(WeightedSum::of_inputs(&w), bias), inputs)))
            }
            origin => match self.stacked_layer(origin, stored, span, of) {
                Some(LayerParameters::Conv { kernel, bias }) => {
                    let (units, width, inputs) = kernel.dim();
                    let windows = kernel.into_shape_with_order((units, width * inputs)).ok();
                    (Some(units), windows.map(|w| (with_bias(WeightedSum::of_inputs(&w), bias), inputs)))
                }
                _ => (None, None),
            },
        };
        let activation = or_default(activation, Activation::Linear);
        let layer = sum.zip(activation).map(|((sum, inputs), activation)| Layer::Conv(Conv::new(sum, activation, inputs)));
        Unnamed { names: units.map(|units| default_names('y', units, "")), layer, ..Unnamed::default() }
    }

    /// A kernel with the rows of each unit one after the other, `[units, width × inputs]`, and its inputs.
    fn windows(&mut self, kernel: Spanned<Kernel>, owner: &str, columns: Option<&ColumnsOf>) -> Option<(Array2<f64>, usize)> {
        let span = kernel.span();
        let kernel = kernel.into_inner();
        let (width, inputs) = kernel.first().map_or((0, 0), |unit| shape(unit.get_ref()));
        if width == 0 || inputs == 0 {
            let help = "give each unit one row per timestep it sees, with one weight per input";
            self.fault(span, format!("kernel of {owner} is empty"), help);
            return None;
        }
        let columns = columns?;
        if inputs != columns.names.len() {
            let found = count(inputs, "number");
            let there = count(columns.names.len(), columns.noun);
            let message = format!("the rows of kernel of {owner} have {found}, but {} has {there}", columns.provider);
            self.fault(span, message, format!("give one weight per {}: {}", columns.noun, listed(&columns.names)));
            return None;
        }
        let units = kernel.len();
        let rows = kernel.into_iter().flat_map(Spanned::into_inner);
        let numbers: Vec<f64> = rows.flat_map(Spanned::into_inner).collect();
        Some((Array2::from_shape_vec((units, width * inputs), numbers).ok()?, inputs))
    }

    /// A weight matrix with a column for each input of the layer.
    pub(super) fn weights(
        &mut self,
        w: Spanned<Matrix>,
        key: &str,
        owner: &str,
        columns: Option<&ColumnsOf>,
    ) -> Option<Array2<f64>> {
        let span = w.span();
        let rows = w.into_inner();
        let (_, width) = shape(&rows);
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

    /// A number per unit, nothing where the file gives none; `None` where they are wrong.
    pub(super) fn optional_per_unit(
        &mut self,
        field: Field<Vector>,
        key: &str,
        owner: &str,
        units: Option<usize>,
    ) -> Option<Option<Vec<f64>>> {
        let units = units?;
        match field {
            Field::Absent => Some(None),
            Field::Bad => None,
            Field::Good(vector) => {
                let found = vector.get_ref().len();
                if found != units {
                    self.wrong_length(vector.span(), found, (key, owner), (owner, units, "unit"));
                    return None;
                }
                Some(Some(vector.into_inner()))
            }
        }
    }

    /// Reports a vector that has not a number per unit: `of` is its key and what has it, `there` what has how many of what.
    pub(super) fn wrong_length(&mut self, span: Range<usize>, found: usize, of: (&str, &str), there: (&str, usize, &str)) {
        let ((key, owner), (holder, size, noun)) = (of, there);
        let message = format!("{key} of {owner} has {}, but {holder} has {}", count(found, "number"), count(size, noun));
        self.fault(span, message, format!("give one number per {noun}, or leave it out for zeros"));
    }
}

/// What the units of a layer are called where the file does not say: `h`, or `h1`, `h2`, … where there are several, each
/// followed by the sign of its direction.
pub(super) fn default_names(letter: char, units: usize, sign: &str) -> Vec<String> {
    match units {
        1 => vec![format!("{letter}{sign}")],
        _ => (1..=units).map(|i| format!("{letter}{i}{sign}")).collect(),
    }
}
