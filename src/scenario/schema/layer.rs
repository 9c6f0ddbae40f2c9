//! A `[[layer]]` as the file writes it: the keys of each kind.

pub mod recurrent;

use toml::Spanned;

use super::misplaced::Spot;
use super::owner::{key_of, layer_number};
use super::reader::{Nan, Reader, Table, Value};
use super::stacked::{Origin, StoredTable, is_pasted, is_stored};
use super::{Field, Kernel, Matrix, Vector};
use crate::engine::activation::Activation;
use crate::engine::dense::Apply;
use crate::scenario::fault::listed;
use crate::scenario::parameters::LayerKind;
use crate::scenario::text::{Phrase, Text, both};
use recurrent::RecurrentTable;

/// One `[[layer]]`.
#[derive(Debug)]
pub struct LayerTable {
    /// `name`.
    pub name: Field<Text>,
    /// `unit_names`; those that are wrong count.
    pub unit_names: Field<Vec<Spanned<Option<Text>>>>,
    /// The keys of its kind.
    pub kind: KindTable,
}

/// The keys that only one kind of layer has.
#[derive(Debug)]
pub enum KindTable {
    /// `kind = "rnn"`, `"lstm"` or `"gru"`.
    Recurrent(Box<RecurrentTable>),
    /// `kind = "dense"`.
    Dense(DenseTable),
    /// `kind = "conv"`.
    Conv(ConvTable),
}

/// The keys of a dense layer.
#[derive(Debug)]
pub struct DenseTable {
    /// `activation`.
    pub activation: Field<Activation>,
    /// `weights`, units × inputs, and `bias`, units.
    pub weights: Origin<(Field<Matrix>, Field<Vector>)>,
    /// `weights = { … }`.
    pub stored: Field<StoredTable>,
    /// `apply`.
    pub apply: Field<Apply>,
}

/// The keys of a convolution.
#[derive(Debug)]
pub struct ConvTable {
    /// `activation`.
    pub activation: Field<Activation>,
    /// `kernel`, units × width × inputs, and `bias`, units.
    pub kernel: Origin<(Field<Kernel>, Field<Vector>)>,
    /// `weights = { … }`.
    pub stored: Field<StoredTable>,
}

impl Reader<'_> {
    pub(super) fn layer<'t>(&mut self, value: &'t Value<'t>, number: usize) -> Option<LayerTable> {
        let mut table = self.table(value, layer_number(number), "[[layer]]")?;
        let of_layer = |key: &str| both!("{key} of layer {number}", "{key} de la capa {number}");
        let kind = table.field("kind", |v| self.word(v, &of_layer("kind"), LayerKind::ALL.map(|kind| (kind.name(), kind))));
        let name = table.field("name", |v| self.name(v, &of_layer("name")));
        let unit_names = table.field("unit_names", |v| self.names(v, &of_layer("unit_names")));
        let Field::Good(kind) = kind else {
            if matches!(kind, Field::Absent) {
                let kinds = listed(&LayerKind::ALL.map(LayerKind::name));
                let message = both!("layer {number} has no `kind`", "la capa {number} no tiene `kind`");
                let help = both!("add `kind = \"…\"`, one of {kinds}", "añadir `kind = \"…\"`, uno de estos: {kinds}", kinds);
                self.fault(value.span(), message, help);
            }
            return None;
        };
        let kind = kind.into_inner();
        let kind = match (kind, kind.recurrent()) {
            (_, Some(kind)) => KindTable::Recurrent(Box::new(self.recurrent(&mut table, kind, value.span()))),
            (LayerKind::Conv, _) => KindTable::Conv(self.conv(&mut table, number)),
            _ => KindTable::Dense(self.dense(&mut table, number)),
        };
        Some(LayerTable { name, unit_names, kind })
    }

    fn dense(&mut self, table: &mut Table<'_>, number: usize) -> DenseTable {
        let what = key_of("apply", &table.name);
        let (weights, stored) = self
            .origin(table, LayerKind::Dense, |reader, table| (reader.weights(table, "weights"), reader.numbers(table, "bias")));
        let mut dense = DenseTable {
            activation: self.activation(table, "activation", Softmax::Allowed),
            weights,
            stored,
            apply: table.field("apply", |v| self.word(v, &what, [("every", Apply::Every), ("last", Apply::Last)])),
        };
        let is_told = !self.stray_keys(table, &Spot::of_layer(LayerKind::Dense, number)).is_empty();
        if let Some((weights, _)) = dense.weights.named_mut().filter(|_| is_told) {
            weights.excuse();
        }
        dense
    }

    fn conv(&mut self, table: &mut Table<'_>, number: usize) -> ConvTable {
        let what = key_of("kernel", &table.name);
        let (kernel, stored) = self.origin(table, LayerKind::Conv, |reader, table| {
            (table.field("kernel", |v| reader.kernel(v, &what)), reader.numbers(table, "bias"))
        });
        let mut conv = ConvTable { activation: self.activation(table, "activation", Softmax::Refused), kernel, stored };
        let is_told = !self.stray_keys(table, &Spot::of_layer(LayerKind::Conv, number)).is_empty();
        if let Some((kernel, _)) = conv.kernel.named_mut().filter(|_| is_told) {
            kernel.excuse();
        }
        conv
    }

    /// Where the weights of a layer that carries nothing come from.
    fn origin<N>(
        &mut self,
        table: &mut Table<'_>,
        kind: LayerKind,
        named: impl FnOnce(&mut Self, &mut Table<'_>) -> N,
    ) -> (Origin<N>, Field<StoredTable>) {
        if is_stored(table) {
            return (Origin::Stored, self.stored(table, kind));
        }
        let origin = if is_pasted(table) { Origin::Pasted(self.pasted(table, kind)) } else { Origin::Named(named(self, table)) };
        (origin, Field::Absent)
    }

    fn weights(&mut self, table: &mut Table<'_>, key: &'static str) -> Field<Matrix> {
        let what = key_of(key, &table.name);
        table.field(key, |v| self.matrix(v, &what, Nan::Refused))
    }

    fn numbers(&mut self, table: &mut Table<'_>, key: &'static str) -> Field<Vector> {
        let what = key_of(key, &table.name);
        table.field(key, |v| self.vector(v, &what, Nan::Refused))
    }

    fn activation(&mut self, table: &mut Table<'_>, key: &'static str, softmax: Softmax) -> Field<Activation> {
        let what = key_of(key, &table.name);
        table.field(key, |v| {
            let activation = self.word(v, &what, Activation::ALL.map(|activation| (activation.name(), activation)))?;
            if activation == Activation::Softmax && softmax == Softmax::Refused {
                let message = both!(
                    "{what} is `softmax`, which only a dense layer has",
                    "{what} es `softmax`, que solo una capa densa tiene",
                    what
                );
                let help = match key {
                    "recurrent_activation" => {
                        Phrase { en: "choose another one; `sigmoid` is usual", es: "elegir otra; lo habitual es `sigmoid`" }
                    }
                    _ => Phrase {
                        en: "choose another one, or add a dense layer with it",
                        es: "elegir otra, o añadir una capa densa con ella",
                    },
                };
                self.fault(v.span(), message, help);
                return None;
            }
            Some(activation)
        })
    }
}

/// Whether an activation may be softmax, which needs all units of a layer at once.
#[derive(Clone, Copy, PartialEq)]
enum Softmax {
    Allowed,
    Refused,
}
