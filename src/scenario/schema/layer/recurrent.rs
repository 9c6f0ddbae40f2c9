//! The keys of a recurrent layer: its directions and gates, in tables of their own.

use std::ops::Range;

use toml::Spanned;

use super::Softmax;
use crate::engine::activation::Activation;
use crate::engine::cell::GateName;
use crate::scenario::fault::{near, nearest, shown};
use crate::scenario::parameters::{RecurrentKind, Reset};
use crate::scenario::schema::misplaced::{Level, OF_GATE, Spot};
use crate::scenario::schema::owner::{gate_of, key_of, pass_of};
use crate::scenario::schema::reader::{Reader, Table};
use crate::scenario::schema::stacked::{Origin, StoredTable, is_pasted, is_stored};
use crate::scenario::schema::{Field, Matrix, Vector};
use crate::scenario::text::{Text, both};

/// The keys of a layer that carries a state.
#[derive(Debug)]
pub struct RecurrentTable {
    /// `kind`.
    pub kind: RecurrentKind,
    /// `direction`.
    pub direction: Field<Direction>,
    /// What goes over the input.
    pub passes: PassTables,
    /// `weights = { … }`, which all passes take theirs from.
    pub stored: Field<StoredTable>,
}

/// `direction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first timestep to the last.
    Forward,
    /// From the last timestep to the first.
    Reverse,
    /// Both.
    Bidirectional,
}

/// The passes of a layer.
#[derive(Debug)]
pub enum PassTables {
    /// One, whose keys are in the layer's own table.
    One(Box<PassTable>),
    /// Two, each in a table of its own.
    Both(Box<BothTable>),
}

/// The passes of a bidirectional layer.
#[derive(Debug)]
pub struct BothTable {
    /// What holds for a direction that does not say otherwise.
    pub functions: FunctionTable,
    /// `[layer.forward]`.
    pub forward: Field<PassTable>,
    /// `[layer.backward]`.
    pub backward: Field<PassTable>,
}

/// One pass over the input.
#[derive(Debug)]
pub struct PassTable {
    /// What is applied to its sums.
    pub functions: FunctionTable,
    /// `initial_hidden`, units.
    pub initial_hidden: Field<Vector>,
    /// `initial_cell`, units.
    pub initial_cell: Field<Vector>,
    /// `[layer.gate.…]`, in the order of [`RecurrentKind::gates`]; of an rnn the keys of the layer itself.
    pub gates: Origin<Field<Vec<Field<GateTable>>>>,
}

/// What is applied to the sums of a layer.
#[derive(Debug, Default)]
pub struct FunctionTable {
    /// `activation`.
    pub activation: Field<Activation>,
    /// `recurrent_activation`.
    pub recurrent_activation: Field<Activation>,
    /// `reset_after`.
    pub reset: Field<Reset>,
}

/// The weights and biases of a gate.
#[derive(Debug)]
pub struct GateTable {
    /// `input_weights`, units × inputs.
    pub input_weights: Field<Matrix>,
    /// `recurrent_weights`, units × units.
    pub recurrent_weights: Field<Matrix>,
    /// `bias`, units.
    pub bias: Field<Vector>,
    /// `recurrent_bias`, units.
    pub recurrent_bias: Field<Vector>,
    /// `peephole`, units.
    pub peephole: Field<Vector>,
}

/// Whether what a pass consists of stands in a table where it does not belong: these keys do, which have been reported.
fn is_elsewhere(misplaced: &[String], key: &str) -> bool {
    let names = ["gate", "forward", "backward", key];
    misplaced.iter().any(|misplaced| names.contains(&misplaced.as_str()))
}

impl PassTable {
    /// One of which the table says nothing, its weights being in a file.
    pub fn stored() -> Self {
        Self {
            functions: FunctionTable::default(),
            initial_hidden: Field::Absent,
            initial_cell: Field::Absent,
            gates: Origin::Stored,
        }
    }

    /// Takes as reported what is not there because it stands elsewhere.
    fn excuse(&mut self, misplaced: &[String]) {
        let is_elsewhere = |key| is_elsewhere(misplaced, key);
        let Some(gates) = self.gates.named_mut() else { return };
        if OF_GATE.into_iter().any(is_elsewhere) {
            gates.excuse();
        }
        let Field::Good(gates) = gates else { return };
        for gate in gates.get_mut() {
            let Field::Good(gate) = gate else { continue };
            let GateTable { input_weights, recurrent_weights, .. } = gate.get_mut();
            for (key, weights) in [("input_weights", input_weights), ("recurrent_weights", recurrent_weights)] {
                if is_elsewhere(key) {
                    weights.excuse();
                }
            }
        }
    }
}

impl Reader<'_> {
    /// The keys of a recurrent layer; where its direction is wrong, its tables tell which way they were meant.
    pub(super) fn recurrent(&mut self, table: &mut Table<'_>, kind: RecurrentKind, span: Range<usize>) -> RecurrentTable {
        let layer = table.name.clone();
        let what = key_of("direction", &layer);
        let words =
            [("forward", Direction::Forward), ("reverse", Direction::Reverse), ("bidirectional", Direction::Bidirectional)];
        let direction = table.field("direction", |v| self.word(v, &what, words));
        let is_both = match &direction {
            Field::Good(direction) => *direction.get_ref() == Direction::Bidirectional,
            Field::Absent => false,
            Field::Bad => ["forward", "backward"].iter().any(|key| table.entries.contains_key(*key)),
        };
        let stored = if is_stored(table) { self.stored(table, kind.into()) } else { Field::Absent };
        let is_stored = !matches!(stored, Field::Absent);
        let spot = |owner: Text, header: &str, level: Level| Spot {
            kind: kind.into(),
            layer: layer.clone(),
            owner,
            header: header.into(),
            level,
        };
        if !is_both {
            let pass = self.pass(table, kind, span, &spot(layer.clone(), "layer", Level::Layer), is_stored);
            return RecurrentTable { kind, direction, passes: PassTables::One(Box::new(pass)), stored };
        }
        let functions = self.functions(table, kind);
        let [mut forward, mut backward] = [("forward", "layer.forward"), ("backward", "layer.backward")].map(|(key, header)| {
            table.field(key, |v| {
                let owner = pass_of(key, &layer);
                let mut pass = self.table(v, owner.clone(), &format!("[{header}]"))?;
                Some(self.pass(&mut pass, kind, v.span(), &spot(owner, header, Level::Pass), is_stored))
            })
        });
        let spot = spot(layer.clone(), "layer", Level::Joint);
        let (tables, misplaced): (Vec<String>, Vec<String>) =
            self.stray_keys(table, &spot).into_iter().partition(|key| ["forward", "backward"].contains(&key.as_str()));
        for (key, pass) in [("forward", &mut forward), ("backward", &mut backward)] {
            if tables.iter().any(|table| table == key) || OF_GATE.into_iter().any(|key| is_elsewhere(&misplaced, key)) {
                pass.excuse();
            }
            if let Field::Good(pass) = pass {
                pass.get_mut().excuse(&misplaced);
            }
        }
        RecurrentTable { kind, direction, passes: PassTables::Both(Box::new(BothTable { functions, forward, backward })), stored }
    }

    /// The keys of one pass; `span` is that of the table they stand in.
    fn pass(
        &mut self,
        table: &mut Table<'_>,
        kind: RecurrentKind,
        span: Range<usize>,
        spot: &Spot,
        is_stored: bool,
    ) -> PassTable {
        let functions = self.functions(table, kind);
        if is_stored && spot.level == Level::Pass {
            self.refuse_beside_file(table);
        }
        let gates = match kind {
            _ if is_stored => Origin::Stored,
            _ if is_pasted(table) => Origin::Pasted(self.pasted(table, kind.into())),
            RecurrentKind::Rnn => {
                let gate = self.gate(table, GateName::Hidden);
                Origin::Named(Field::Good(Spanned::new(span.clone(), vec![Field::Good(Spanned::new(span, gate))])))
            }
            RecurrentKind::Lstm | RecurrentKind::Gru => Origin::Named(self.gates(table, kind, spot)),
        };
        let initial_hidden = self.numbers(table, "initial_hidden");
        let initial_cell = if kind == RecurrentKind::Lstm { self.numbers(table, "initial_cell") } else { Field::Absent };
        let misplaced = self.stray_keys(table, spot);
        let mut pass = PassTable { functions, initial_hidden, initial_cell, gates };
        pass.excuse(&misplaced);
        pass
    }

    fn functions(&mut self, table: &mut Table<'_>, kind: RecurrentKind) -> FunctionTable {
        let activation = self.activation(table, "activation", Softmax::Refused);
        let mut functions = FunctionTable { activation, ..FunctionTable::default() };
        if kind != RecurrentKind::Rnn {
            functions.recurrent_activation = self.activation(table, "recurrent_activation", Softmax::Refused);
        }
        if kind == RecurrentKind::Gru {
            let what = key_of("reset_after", &table.name);
            let reset = |after| if after { Reset::After } else { Reset::Before };
            functions.reset = table.field("reset_after", |v| self.boolean(v, &what).map(reset));
        }
        functions
    }

    /// `[layer.gate.…]`, a table per gate.
    fn gates(&mut self, table: &mut Table<'_>, kind: RecurrentKind, spot: &Spot) -> Field<Vec<Field<GateTable>>> {
        let first = kind.gates().first().map_or("", |gate| gate.name());
        table.field("gate", |v| {
            let mut gates = self.table(v, key_of("`gate`", &spot.owner), &format!("[{}.gate.{first}]", spot.header))?;
            let mut read: Vec<Field<GateTable>> = Vec::new();
            for &gate in kind.gates() {
                let header = format!("{}.gate.{}", spot.header, gate.name());
                read.push(gates.field(gate.name(), |v| {
                    let owner = gate_of(gate, &spot.owner);
                    let mut table = self.table(v, owner, &format!("[{header}]"))?;
                    let read = self.gate(&mut table, gate);
                    let spot =
                        Spot { owner: spot.owner.clone(), header: header.clone(), level: Level::Gate(gate), ..spot.clone() };
                    self.stray_keys(&table, &spot);
                    Some(read)
                }));
            }
            for key in gates.unknown_keys() {
                let name = key.get_ref();
                if let Some((message, help)) = spot.advice(name).filter(|_| OF_GATE.contains(&name.as_ref())) {
                    self.fault(key.span(), message, help);
                    read.iter_mut().for_each(Field::excuse);
                    continue;
                }
                let owner = &spot.owner;
                let message = both!(
                    "unknown gate `{gate}` in {owner}",
                    "puerta desconocida `{gate}` en {owner}",
                    owner,
                    gate = shown(name)
                );
                self.fault(key.span(), message, nearest(name, &gates.known));
                let meant = near(name, &gates.known).and_then(|near| gates.known.iter().position(|known| *known == near));
                if let Some(field) = meant.and_then(|i| read.get_mut(i)) {
                    field.excuse();
                }
            }
            Some(read)
        })
    }

    /// The keys of a gate, which has a peephole where it sees a cell state.
    fn gate(&mut self, table: &mut Table<'_>, gate: GateName) -> GateTable {
        GateTable {
            input_weights: self.weights(table, "input_weights"),
            recurrent_weights: self.weights(table, "recurrent_weights"),
            bias: self.numbers(table, "bias"),
            recurrent_bias: self.numbers(table, "recurrent_bias"),
            peephole: match gate {
                GateName::Input | GateName::Forget | GateName::Output => self.numbers(table, "peephole"),
                _ => Field::Absent,
            },
        }
    }
}
