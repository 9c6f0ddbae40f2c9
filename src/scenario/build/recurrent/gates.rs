//! Checks that the gates of a recurrent layer are there and of one size.

use ndarray::Array2;
use toml::Spanned;

use super::PassOf;
use crate::engine::cell::GateName;
use crate::scenario::build::layers::row_count;
use crate::scenario::build::{Check, array2};
use crate::scenario::parameters::{GateParameters, RecurrentKind};
use crate::scenario::schema::layer::recurrent::GateTable;
use crate::scenario::schema::owner::gate_of;
use crate::scenario::schema::{Field, Matrix, Vector, shape};
use crate::scenario::text::{Noun, Phrase, Text, both, count};

/// A gate that has its weights, as far as they are good.
struct OpenGate {
    name: GateName,
    /// `gate forget of layer 1`; of an rnn what its pass is called.
    owner: Text,
    input_weights: Option<Spanned<Matrix>>,
    recurrent_weights: Option<Spanned<Matrix>>,
    bias: Field<Vector>,
    recurrent_bias: Field<Vector>,
    peephole: Field<Vector>,
}

/// How many units a pass has, as most of its gates say.
#[derive(Clone, Copy)]
struct Units {
    count: usize,
    /// The first gate that says so.
    gate: GateName,
}

/// The sizes that are not reported of a part of a gate.
struct Sizes<'o> {
    /// What has so many units.
    owner: &'o Text,
    /// The units of the pass.
    units: usize,
    /// The rows of the gate's input weights: where they are wrong, what agrees with them is part of the same fault.
    rows: usize,
}

impl OpenGate {
    /// How many units it serves, as far as its weights tell.
    fn units(&self) -> Option<usize> {
        row_count(self.input_weights.as_ref()).or(row_count(self.recurrent_weights.as_ref()))
    }
}

impl Units {
    /// Those of most gates; where as many say one thing as another, what the first says.
    fn of<'g>(gates: impl Iterator<Item = &'g OpenGate>) -> Option<Self> {
        let sizes: Vec<Self> = gates.filter_map(|gate| Some(Self { count: gate.units()?, gate: gate.name })).collect();
        let votes = |units: &Self| sizes.iter().filter(|other| other.count == units.count).count();
        let most = sizes.iter().map(votes).max()?;
        sizes.iter().find(|units| votes(units) == most).copied()
    }
}

impl Check<'_> {
    /// How many units the gates of a pass have, where it is known, and the gates, as far as they are good.
    pub(super) fn gates(
        &mut self,
        gates: Field<Vec<Field<GateTable>>>,
        of: &PassOf<'_>,
    ) -> (Option<usize>, Option<Vec<GateParameters>>) {
        let names = of.kind.gates();
        let gates = match gates {
            Field::Good(gates) => gates.into_inner(),
            Field::Bad => return (None, None),
            Field::Absent => {
                let tables: Vec<String> = names.iter().map(|gate| of.header_of(*gate)).collect();
                let message = both!("{owner} has no gates", "{owner} no tiene puertas", owner = of.owner);
                let tables = tables.join(", ");
                self.fault(of.span.clone(), message, both!("add {tables}", "añadir {tables}"));
                return (None, None);
            }
        };
        let open: Vec<Option<OpenGate>> = gates.into_iter().zip(names).map(|(gate, name)| self.opened(gate, *name, of)).collect();
        let units = Units::of(open.iter().flatten());
        let built: Vec<Option<GateParameters>> =
            open.into_iter().map(|gate| gate.and_then(|gate| self.gate(gate, units, of))).collect();
        (units.map(|units| units.count), built.into_iter().collect())
    }

    /// A gate that is there; what it must have and has not is reported.
    fn opened(&mut self, gate: Field<GateTable>, name: GateName, of: &PassOf<'_>) -> Option<OpenGate> {
        let gate = match gate {
            Field::Good(gate) => gate,
            Field::Bad => return None,
            Field::Absent => {
                let (header, name) = (of.header_of(name), name.name());
                let help = both!(
                    "add {header} with `input_weights` and `recurrent_weights`",
                    "añadir {header} con `input_weights` y `recurrent_weights`",
                );
                let message = both!("{owner} has no gate `{name}`", "{owner} no tiene la puerta `{name}`", owner = of.owner);
                self.fault(of.span.clone(), message, help);
                return None;
            }
        };
        let owner = match of.kind {
            RecurrentKind::Rnn => of.owner.clone(),
            RecurrentKind::Lstm | RecurrentKind::Gru => gate_of(name, &of.owner),
        };
        let span = gate.span();
        let GateTable { input_weights, recurrent_weights, bias, recurrent_bias, peephole } = gate.into_inner();
        let help = Phrase {
            en: "add `input_weights = [[…]]`, one row per unit",
            es: "añadir `input_weights = [[…]]`, una fila por unidad",
        };
        let input_weights = self.required(input_weights, "input_weights", &owner, span.clone(), help);
        let help = Phrase {
            en: "add `recurrent_weights = [[…]]`, units × units",
            es: "añadir `recurrent_weights = [[…]]`, unidades × unidades",
        };
        let recurrent_weights = self.required(recurrent_weights, "recurrent_weights", &owner, span, help);
        Some(OpenGate { name, owner, input_weights, recurrent_weights, bias, recurrent_bias, peephole })
    }

    /// The parameters of a gate, which must be of the size of the others.
    fn gate(&mut self, gate: OpenGate, units: Option<Units>, of: &PassOf<'_>) -> Option<GateParameters> {
        let OpenGate { owner, input_weights, recurrent_weights, .. } = gate;
        let rows = row_count(input_weights.as_ref());
        let mut fits = true;
        if let (Some(rows), Some(units), Some(w)) = (rows, units, &input_weights)
            && rows != units.count
        {
            let (gate, there) = (units.gate.name(), units.count);
            let message = both!(
                "input_weights of {owner} has {rows}, but gate {gate} has {there}",
                "input_weights de {owner} tiene {rows}, pero la puerta {gate} tiene {there}",
                owner,
                rows = count(rows, Noun::Row)
            );
            let help = Phrase {
                en: "give every gate as many rows, one per unit",
                es: "dar a todas las puertas igual cantidad de filas, una por unidad",
            };
            self.fault(w.span(), message, help);
            fits = false;
        }
        let input_weights = input_weights.and_then(|w| self.weights(w, "input_weights", &owner, of.columns));
        let units = units?.count;
        let sizes = Sizes { owner: &of.owner, units, rows: rows.unwrap_or(units) };
        let recurrent_weights = recurrent_weights.and_then(|u| self.recurrent_weights(u, &owner, &sizes));
        let bias = self.of_gate(gate.bias, "bias", &owner, &sizes);
        let recurrent_bias = self.of_gate(gate.recurrent_bias, "recurrent_bias", &owner, &sizes);
        let peephole = self.of_gate(gate.peephole, "peephole", &owner, &sizes);
        let parameters = GateParameters {
            input_weights: input_weights?,
            recurrent_weights: recurrent_weights?,
            bias: bias?,
            recurrent_bias: recurrent_bias?,
            peephole: peephole?,
        };
        fits.then_some(parameters)
    }

    fn recurrent_weights(&mut self, u: Spanned<Matrix>, owner: &Text, sizes: &Sizes<'_>) -> Option<Array2<f64>> {
        let span = u.span();
        let u = u.into_inner();
        let (rows, Some(columns)) = shape(&u) else { return None };
        let Sizes { owner: holder, units, .. } = sizes;
        if rows != columns || !sizes.allow(rows) {
            let message = both!(
                "recurrent_weights of {owner} is {rows} × {columns}, but {holder} has {there}",
                "recurrent_weights de {owner} es {rows} × {columns}, pero {holder} tiene {there}",
                owner,
                holder,
                there = count(*units, Noun::Unit)
            );
            let help = both!(
                "give {units} × {units}: one row per unit, with one weight per unit that feeds it",
                "dar {units} × {units}: una fila por unidad, con un peso por unidad que la alimenta",
            );
            self.fault(span, message, help);
            return None;
        }
        array2(u)
    }

    /// A number per unit of a gate, nothing where the file gives none; `None` where they are wrong.
    fn of_gate(&mut self, field: Field<Vector>, key: &str, owner: &Text, sizes: &Sizes<'_>) -> Option<Option<Vec<f64>>> {
        match field {
            Field::Absent => Some(None),
            Field::Bad => None,
            Field::Good(vector) if sizes.allow(vector.get_ref().len()) => Some(Some(vector.into_inner())),
            Field::Good(vector) => {
                self.wrong_length(vector.span(), vector.get_ref().len(), (key, owner), (sizes.owner, sizes.units, Noun::Unit));
                None
            }
        }
    }
}

impl PassOf<'_> {
    /// The header of the table of a gate.
    fn header_of(&self, gate: GateName) -> String {
        format!("[{}.gate.{}]", self.header, gate.name())
    }
}

impl Sizes<'_> {
    /// Whether a size fits, or is wrong as the gate as a whole is.
    const fn allow(&self, size: usize) -> bool {
        size == self.units || size == self.rows
    }
}
