//! Where in which stacked array of a framework a number of a layer is.

use super::layout::{Axis, Role, Side};
use super::{Convention, LayerKind};
use crate::engine::cell::GateName;
use crate::engine::parameter::Part;

/// What there is to know of a pass to find its numbers in its arrays.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Whose arrays they are.
    pub convention: Convention,
    /// The kind of the layer.
    pub kind: LayerKind,
    /// How many units it has.
    pub units: usize,
    /// How many inputs.
    pub inputs: usize,
    /// Whether the reset gate of a gru multiplies after the recurrent weights do.
    pub reset_after: bool,
}

/// A place in an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The array.
    pub array: &'static str,
    /// The index on each of its axes.
    pub index: Vec<usize>,
    /// The index on the axis that comes first where the array has one more: the bias of Keras that is two, or ONNX's axis of
    /// one direction.
    pub leading: usize,
    /// The lengths of its axes where the layer does without it so far.
    pub shape: Vec<usize>,
}

impl Pass {
    /// The place of a number of a unit; none where its arrays do not have it: the states are never in them.
    pub fn place(&self, unit: usize, part: Part) -> Option<Place> {
        match self.kind {
            LayerKind::Dense | LayerKind::Conv => self.of_stateless(unit, part),
            LayerKind::Rnn | LayerKind::Lstm | LayerKind::Gru => self.of_recurrent(unit, part),
        }
    }

    fn of_stateless(&self, unit: usize, part: Part) -> Option<Place> {
        let place = |role, index| {
            let array = self.convention.name_of(self.kind, role)?;
            Some(Place { array, index, leading: 0, shape: vec![self.units] })
        };
        match part {
            Part::Weight(_, column) => {
                let index = |axis: &Axis| match axis {
                    Axis::Units => unit,
                    Axis::Inputs => column % self.inputs.max(1),
                    Axis::Width => column / self.inputs.max(1),
                };
                place(Role::InputWeights, self.convention.axes(self.kind).iter().map(index).collect())
            }
            Part::Bias(_) => place(Role::Bias, vec![unit]),
            _ => None,
        }
    }

    fn of_recurrent(&self, unit: usize, part: Part) -> Option<Place> {
        let gates = self.convention.gates(self.kind).len();
        let stacked = part.gate().and_then(|gate| self.stacked(gate)).map(|place| place * self.units + unit);
        let matrix = |role, column: usize| {
            let row = stacked?;
            let index = match self.convention.stacks_by() {
                Side::Rows => vec![row, column],
                Side::Columns => vec![column, row],
            };
            let array = self.convention.name_of(self.kind, role)?;
            Some(Place { array, index, leading: 0, shape: Vec::new() })
        };
        match part {
            Part::Weight(GateName::Projection, column) => {
                let array = self.convention.name_of(self.kind, Role::Projection)?;
                Some(Place { array, index: vec![unit, column], leading: 0, shape: Vec::new() })
            }
            Part::Weight(GateName::Recurrent, column) => matrix(Role::RecurrentWeights, column),
            Part::Weight(_, column) => match column.checked_sub(self.inputs) {
                None => matrix(Role::InputWeights, column),
                Some(state) => matrix(Role::RecurrentWeights, state),
            },
            Part::Bias(GateName::Recurrent) | Part::RecurrentBias(_) => self.bias(gates, stacked?, Role::RecurrentBias),
            Part::Bias(_) => self.bias(gates, stacked?, Role::Bias),
            Part::Peephole(_) => {
                let array = self.convention.name_of(self.kind, Role::Peepholes)?;
                Some(Place { array, index: vec![stacked?], leading: 0, shape: Vec::new() })
            }
            Part::InitialHidden | Part::InitialCell => None,
        }
    }

    /// The place of one of the two biases: in PyTorch each has an array, in ONNX one comes after the other, in Keras one is
    /// below the other.
    fn bias(&self, gates: usize, row: usize, role: Role) -> Option<Place> {
        let Self { convention, kind, units, .. } = *self;
        let second = usize::from(role == Role::RecurrentBias);
        let array = convention.name_of(kind, role).or_else(|| convention.name_of(kind, Role::Bias))?;
        let all = gates * units;
        Some(match convention {
            Convention::Pytorch => Place { array, index: vec![row], leading: 0, shape: vec![all] },
            Convention::Onnx => Place { array, index: vec![second * all + row], leading: 0, shape: vec![2 * all] },
            Convention::Keras if kind == LayerKind::Gru && self.reset_after => {
                Place { array, index: vec![row], leading: second, shape: vec![2, all] }
            }
            Convention::Keras => Place { array, index: vec![row], leading: second, shape: vec![all] },
        })
    }

    /// Where in the stack a gate is.
    fn stacked(&self, gate: GateName) -> Option<usize> {
        let [input, forget, cell, output] = self.convention.lstm_places();
        let [reset, update, candidate] = self.convention.gru_places();
        Some(match gate {
            GateName::Hidden => 0,
            GateName::Input => input,
            GateName::Forget => forget,
            GateName::Cell => cell,
            GateName::Output => output,
            GateName::Reset => reset,
            GateName::Update => update,
            GateName::Recurrent | GateName::Candidate => candidate,
            GateName::Projection => return None,
        })
    }
}
