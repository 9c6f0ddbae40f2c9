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
use crate::scenario::schema::owner::{key_of, layer_number};
use crate::scenario::schema::stacked::Origin;
use crate::scenario::schema::{Field, Kernel, Matrix, Vector, shape};
use crate::scenario::text::{Noun, Phrase, Text, both, count};
use crate::scenario::{LayerNames, UnitNames};

/// What each of the columns of a weight matrix stands for.
pub(super) struct ColumnsOf {
    /// Who provides them: `its input`, `layer 1`.
    provider: Text,
    /// What they are called there.
    noun: Noun,
    /// Their names.
    names: Vec<Text>,
}

impl ColumnsOf {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    fn counted(&self) -> Text {
        count(self.count(), self.noun)
    }

    /// What to do where there are more or fewer weights than columns.
    fn one_weight_each(&self) -> Text {
        let (noun, names) = (self.noun.one(), listed(&self.names));
        both!("give one weight per {noun}: {names}", "dar un peso por {noun}: {names}", noun, names)
    }
}

fn is_empty(key: &str, owner: &Text) -> Text {
    both!("{key} of {owner} is empty", "{key} de {owner} está vacío", owner)
}

/// What is known of a layer, even where something in it is wrong, so that what follows it can be checked.
pub(super) struct CheckedLayer {
    /// What its outputs are called, where it is known how many it has.
    pub(super) outputs: Option<Vec<Text>>,
    /// Whether it gives an output at the last timestep only, itself or for the sake of a layer before it.
    pub(super) is_late: bool,
    /// The layer, where all of it is good.
    pub(super) built: Option<(LayerNames, Layer)>,
}

/// A layer before the file's names are put on it, as far as it is good.
#[derive(Default)]
pub(super) struct Unnamed {
    /// What its units are called where the file does not say, where it is known how many it has.
    pub(super) names: Option<Vec<Text>>,
    /// What its outputs are called, where they are not the units.
    pub(super) projected: Option<Vec<Text>>,
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
        features: Option<&[Text]>,
    ) -> Vec<CheckedLayer> {
        let tables = match layers {
            Field::Good(tables) if !tables.get_ref().is_empty() => tables.into_inner(),
            Field::Bad => return Vec::new(),
            Field::Absent | Field::Good(_) => {
                let message = Phrase { en: "the scenario has no layer", es: "el escenario no tiene ninguna capa" };
                let help = Phrase { en: "add `[[layer]]` with `kind = \"rnn\"`", es: "añadir `[[layer]]` con `kind = \"rnn\"`" };
                self.fault(0..0, message, help);
                return Vec::new();
            }
        };
        let mut checked: Vec<CheckedLayer> = Vec::new();
        let mut before = features.map(|names| ColumnsOf {
            provider: Phrase { en: "its input", es: "su entrada" }.into(),
            noun: Noun::Feature,
            names: names.to_vec(),
        });
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
            before = names.map(|names| ColumnsOf { provider: layer_number(number), noun: Noun::Unit, names });
            checked.push(layer);
        }
        checked
    }

    /// The first layer that gives an output at the last timestep only, this one included; after it no layer may need
    /// more timesteps.
    fn late(&mut self, late: Option<usize>, kind: &KindTable, number: usize, span: Range<usize>) -> Option<usize> {
        let what = match (late, kind) {
            (Some(_), KindTable::Recurrent(_)) => Phrase { en: "recurrent", es: "recurrente" },
            (Some(_), KindTable::Conv(_)) => Phrase { en: "a convolution", es: "una convolución" },
            (None, KindTable::Dense(DenseTable { apply: Field::Good(apply), .. })) if *apply.get_ref() == Apply::Last => {
                return Some(number);
            }
            _ => return late,
        };
        if let Some(late) = late {
            let message = both!(
                "layer {number} is {what}, but layer {late} gives an output at the last timestep only",
                "la capa {number} es {what}, pero la capa {late} solo da una salida en el último paso de tiempo",
                what
            );
            let help = both!(
                "leave `apply = \"last\"` of layer {late} out, or put it after layer {number}",
                "quitar `apply = \"last\"` de la capa {late}, o ponerla después de la capa {number}",
            );
            self.fault(span, message, help);
        }
        late
    }

    fn layer(&mut self, table: LayerTable, number: usize, span: Range<usize>, columns: Option<&ColumnsOf>) -> CheckedLayer {
        let LayerTable { name, unit_names, kind } = table;
        let owner = layer_number(number);
        let Unnamed { names, projected, layer } = match kind {
            KindTable::Recurrent(table) => self.recurrent(*table, &owner, span, columns),
            KindTable::Dense(table) => self.dense(table, &owner, span, columns),
            KindTable::Conv(table) => self.conv(table, &owner, span, columns),
        };
        let given = match (unit_names, &names) {
            (Field::Good(given), Some(names)) => {
                let there_are = both!("{owner} has", "{owner} tiene", owner);
                let help = Phrase { en: "give one name per unit", es: "dar un nombre por unidad" };
                self.named(given, (names.len(), Noun::Unit), key_of("unit_names", &owner), there_are, help)
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

    fn dense(&mut self, table: DenseTable, owner: &Text, span: Range<usize>, columns: Option<&ColumnsOf>) -> Unnamed {
        let DenseTable { activation, weights, stored, apply } = table;
        let of = LayerOf { kind: LayerKind::Dense, owner, inputs: columns.map(ColumnsOf::count), reset_after: None };
        let (units, sum) = match weights {
            Origin::Named((weights, bias)) => {
                let help = Phrase {
                    en: "add `weights = [[…]]`, one row per unit",
                    es: "añadir `weights = [[…]]`, una fila por unidad",
                };
                let w = self.required(weights, "weights", owner, span, help);
                let units = row_count(w.as_ref());
                let w = w.and_then(|w| self.weights(w, "weights", owner, columns));
                let bias = self.optional_per_unit(bias, "bias", owner, units);
                (units, w.zip(bias).map(|(w, bias)| with_bias(WeightedSum::of_inputs(&w), bias)))
            }
            origin => match self.stacked_layer(origin, stored, span, of) {
                Ok(LayerParameters::Dense { weights, bias }) => {
                    (Some(weights.nrows()), Some(with_bias(WeightedSum::of_inputs(&weights), bias)))
                }
                other => (other.err().flatten().map(|width| width.units), None),
            },
        };
        let activation = or_default(activation, Activation::Linear);
        let apply = or_default(apply, Apply::Every);
        let layer = || Some(Layer::Dense(Dense::new(sum?, activation?, apply?)));
        Unnamed { names: units.map(|units| default_names('y', units, "")), layer: layer(), ..Unnamed::default() }
    }

    fn conv(&mut self, table: ConvTable, owner: &Text, span: Range<usize>, columns: Option<&ColumnsOf>) -> Unnamed {
        let ConvTable { activation, kernel, stored } = table;
        let of = LayerOf { kind: LayerKind::Conv, owner, inputs: columns.map(ColumnsOf::count), reset_after: None };
        let (units, sum) = match kernel {
            Origin::Named((kernel, bias)) => {
                let help = Phrase {
                    en: "add `kernel = [[[…]]]`, units × width × inputs",
                    es: "añadir `kernel = [[[…]]]`, unidades × anchura × entradas",
                };
                let kernel = self.required(kernel, "kernel", owner, span, help);
                let units = kernel.as_ref().map(|kernel| kernel.get_ref().len()).filter(|&units| units > 0);
                let kernel = kernel.and_then(|kernel| self.windows(kernel, owner, columns));
                let bias = self.optional_per_unit(bias, "bias", owner, units);
                let sum = kernel.zip(bias);
                (units, sum.map(|((w, inputs), bias)| (with_bias(WeightedSum::of_inputs(&w), bias), inputs)))
            }
            origin => match self.stacked_layer(origin, stored, span, of) {
                Ok(LayerParameters::Conv { kernel, bias }) => {
                    let (units, width, inputs) = kernel.dim();
                    let windows = kernel.into_shape_with_order((units, width * inputs)).ok();
                    (Some(units), windows.map(|w| (with_bias(WeightedSum::of_inputs(&w), bias), inputs)))
                }
                other => (other.err().flatten().map(|width| width.units), None),
            },
        };
        let activation = or_default(activation, Activation::Linear);
        let layer = sum.zip(activation).map(|((sum, inputs), activation)| Layer::Conv(Conv::new(sum, activation, inputs)));
        Unnamed { names: units.map(|units| default_names('y', units, "")), layer, ..Unnamed::default() }
    }

    /// A kernel with the rows of each unit one after the other, `[units, width × inputs]`, and its inputs.
    fn windows(&mut self, kernel: Spanned<Kernel>, owner: &Text, columns: Option<&ColumnsOf>) -> Option<(Array2<f64>, usize)> {
        let span = kernel.span();
        let kernel = kernel.into_inner();
        let (width, inputs) = kernel.first().map_or((0, Some(0)), |unit| shape(unit.get_ref()));
        if kernel.iter().any(|unit| shape(unit.get_ref()) != (width, inputs)) {
            return None;
        }
        let inputs = inputs?;
        if width == 0 || inputs == 0 {
            let help = Phrase {
                en: "give each unit one row per timestep it sees, with one weight per input",
                es: "dar a cada unidad una fila por paso que ve, con un peso por entrada",
            };
            self.fault(span, is_empty("kernel", owner), help);
            return None;
        }
        let columns = columns?;
        if inputs != columns.names.len() {
            let message = both!(
                "the rows of kernel of {owner} have {found}, but {provider} has {there}",
                "las filas de kernel de {owner} tienen {found}, pero {provider} tiene {there}",
                owner,
                found = count(inputs, Noun::Number),
                provider = columns.provider,
                there = columns.counted()
            );
            self.fault(span, message, columns.one_weight_each());
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
        owner: &Text,
        columns: Option<&ColumnsOf>,
    ) -> Option<Array2<f64>> {
        let span = w.span();
        let rows = w.into_inner();
        let width = shape(&rows).1?;
        if width == 0 {
            let help = Phrase {
                en: "give one row per unit, with one weight per input",
                es: "dar una fila por unidad, con un peso por entrada",
            };
            self.fault(span, is_empty(key, owner), help);
            return None;
        }
        let columns = columns?;
        if width != columns.names.len() {
            let message = both!(
                "{key} of {owner} has {found}, but {provider} has {there}",
                "{key} de {owner} tiene {found}, pero {provider} tiene {there}",
                owner,
                found = count(width, Noun::Column),
                provider = columns.provider,
                there = columns.counted()
            );
            self.fault(span, message, columns.one_weight_each());
            return None;
        }
        array2(rows)
    }

    /// A number per unit, nothing where the file gives none; `None` where they are wrong.
    pub(super) fn optional_per_unit(
        &mut self,
        field: Field<Vector>,
        key: &str,
        owner: &Text,
        units: Option<usize>,
    ) -> Option<Option<Vec<f64>>> {
        let units = units?;
        match field {
            Field::Absent => Some(None),
            Field::Bad => None,
            Field::Good(vector) => {
                let found = vector.get_ref().len();
                if found != units {
                    self.wrong_length(vector.span(), found, (key, owner), (owner, units, Noun::Unit));
                    return None;
                }
                Some(Some(vector.into_inner()))
            }
        }
    }

    /// Reports a vector that has not a number per unit: `of` is its key and what has it, `there` what has how many of what.
    pub(super) fn wrong_length(&mut self, span: Range<usize>, found: usize, of: (&str, &Text), there: (&Text, usize, Noun)) {
        let ((key, owner), (holder, size, noun)) = (of, there);
        let message = both!(
            "{key} of {owner} has {found}, but {holder} has {size}",
            "{key} de {owner} tiene {found}, pero {holder} tiene {size}",
            owner,
            holder,
            found = count(found, Noun::Number),
            size = count(size, noun)
        );
        let help = both!(
            "give one number per {noun}, or leave it out for zeros",
            "dar un número por {noun}, o quitarlo para que sean ceros",
            noun = noun.one()
        );
        self.fault(span, message, help);
    }
}

/// What the units of a layer are called where the file does not say: `h`, or `h1`, `h2`, … where there are several, each
/// followed by the sign of its direction.
pub(super) fn default_names(letter: char, units: usize, sign: &str) -> Vec<Text> {
    match units {
        1 => vec![Text::same(format!("{letter}{sign}"))],
        _ => (1..=units).map(|i| Text::same(format!("{letter}{i}{sign}"))).collect(),
    }
}
