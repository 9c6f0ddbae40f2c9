//! Layers one after the other, each a cell that runs forward, backward or both ways over its inputs.

use super::activation::Activation;
use super::cell::gru::Gru;
use super::cell::lstm::Lstm;
use super::cell::rnn::Rnn;
use super::cell::{Cell, GateName, Mix, Step};
use super::conv::Conv;
use super::dense::{Apply, Dense};
use super::weighted_sum::{Term, WeightedSum};

/// One layer of a network.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there are few layers, and none moves once its network is built")]
pub enum Layer {
    /// A simple recurrent layer.
    Rnn(Passes<Rnn>),
    /// An LSTM layer.
    Lstm(Passes<Lstm>),
    /// A GRU layer.
    Gru(Passes<Gru>),
    /// A dense layer.
    Dense(Dense),
    /// A causal convolution.
    Conv(Conv),
}

/// The ways in which a recurrent layer goes over its inputs.
#[derive(Clone, Debug, PartialEq)]
pub enum Passes<C> {
    /// From the first timestep to the last.
    Forward(C),
    /// From the last timestep to the first.
    Reverse(C),
    /// Both, each with weights of its own; the outputs are joined, forward first.
    Bidirectional {
        /// From the first timestep to the last.
        forward: C,
        /// From the last timestep to the first.
        backward: C,
    },
}

/// Which way a pass goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first timestep to the last.
    Forward,
    /// From the last timestep to the first.
    Backward,
}

/// The layers, input side first; each layer's inputs are the outputs of the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The layers.
    pub layers: Vec<Layer>,
}

/// All that a layer computed at one timestep.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerStep {
    /// The step of each of its passes.
    pub passes: Vec<Step>,
    /// Their outputs, joined: what the next layer sees.
    pub output: Vec<f64>,
}

/// All that a network computed at one timestep.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkStep {
    /// The timestep, from 0.
    pub t: usize,
    /// One step per layer; `None` for a layer that is computed at the last timestep only, and those after it.
    pub layers: Vec<Option<LayerStep>>,
}

/// A unit of a layer as one of its passes counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which pass, from 0.
    pub pass: usize,
    /// Which unit of it, from 0.
    pub unit: usize,
}

impl<C: Cell> Passes<C> {
    /// The direction and the cell of the pass of a number; those of the last one for a number beyond it.
    fn pass(&self, number: usize) -> (Direction, &dyn Cell) {
        match self {
            Self::Forward(cell) => (Direction::Forward, cell),
            Self::Reverse(cell) => (Direction::Backward, cell),
            Self::Bidirectional { forward, .. } if number == 0 => (Direction::Forward, forward),
            Self::Bidirectional { backward, .. } => (Direction::Backward, backward),
        }
    }

    /// The cell of the pass of a number, to be changed; that of the last one for a number beyond it.
    fn cell_mut(&mut self, number: usize) -> &mut dyn Cell {
        match self {
            Self::Forward(cell) | Self::Reverse(cell) => cell,
            Self::Bidirectional { forward, .. } if number == 0 => forward,
            Self::Bidirectional { backward, .. } => backward,
        }
    }

    const fn count(&self) -> usize {
        match self {
            Self::Forward(_) | Self::Reverse(_) => 1,
            Self::Bidirectional { .. } => 2,
        }
    }

    const fn direction(&self) -> &'static str {
        match self {
            Self::Forward(_) => "forward",
            Self::Reverse(_) => "reverse",
            Self::Bidirectional { .. } => "bidirectional",
        }
    }
}

impl Layer {
    /// How many passes it has: two where it is bidirectional.
    pub const fn passes(&self) -> usize {
        match self {
            Self::Rnn(passes) => passes.count(),
            Self::Lstm(passes) => passes.count(),
            Self::Gru(passes) => passes.count(),
            Self::Dense(_) | Self::Conv(_) => 1,
        }
    }

    /// A pass's direction and cell; those of the last one for a number beyond it.
    pub fn pass(&self, number: usize) -> (Direction, &dyn Cell) {
        match self {
            Self::Rnn(passes) => passes.pass(number),
            Self::Lstm(passes) => passes.pass(number),
            Self::Gru(passes) => passes.pass(number),
            Self::Dense(dense) => (Direction::Forward, dense),
            Self::Conv(conv) => (Direction::Forward, conv),
        }
    }

    /// A pass's cell.
    pub fn cell(&self, pass: usize) -> &dyn Cell {
        self.pass(pass).1
    }

    /// The same, to be changed.
    pub(super) fn cell_mut(&mut self, pass: usize) -> &mut dyn Cell {
        match self {
            Self::Rnn(passes) => passes.cell_mut(pass),
            Self::Lstm(passes) => passes.cell_mut(pass),
            Self::Gru(passes) => passes.cell_mut(pass),
            Self::Dense(dense) => dense,
            Self::Conv(conv) => conv,
        }
    }

    /// The directions, as a scenario file names them.
    pub const fn direction(&self) -> &'static str {
        match self {
            Self::Rnn(passes) => passes.direction(),
            Self::Lstm(passes) => passes.direction(),
            Self::Gru(passes) => passes.direction(),
            Self::Dense(_) | Self::Conv(_) => "forward",
        }
    }

    /// The kind, as a scenario file names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rnn(_) => "rnn",
            Self::Lstm(_) => "lstm",
            Self::Gru(_) => "gru",
            Self::Dense(_) => "dense",
            Self::Conv(_) => "conv",
        }
    }

    /// How many inputs it has.
    pub fn inputs(&self) -> usize {
        self.cell(0).inputs()
    }

    /// How many units it has, in all its passes.
    pub fn units(&self) -> usize {
        (0..self.passes()).map(|pass| self.cell(pass).units()).sum()
    }

    /// How many outputs it has: its units, unless an LSTM projects them.
    pub fn outputs(&self) -> usize {
        (0..self.passes()).map(|pass| self.cell(pass).outputs()).sum()
    }

    /// Whether its hidden state is a projection, which mixes all units.
    pub fn projects(&self) -> bool {
        self.gates(0).contains(&GateName::Projection)
    }

    /// Where one of its units is.
    pub fn place(&self, unit: usize) -> Place {
        let first = self.cell(0).units();
        match unit.checked_sub(first) {
            Some(unit) if self.passes() > 1 => Place { pass: 1, unit },
            _ => Place { pass: 0, unit },
        }
    }

    /// The weighted sums of a pass, in the order of the equations.
    pub fn gates(&self, pass: usize) -> &'static [GateName] {
        self.cell(pass).gates()
    }

    /// The weights of a gate of a pass.
    pub fn sum(&self, pass: usize, gate: GateName) -> &WeightedSum {
        self.cell(pass).sum(gate)
    }

    /// The activation of a gate of a pass.
    pub fn activation(&self, pass: usize, gate: GateName) -> Activation {
        self.cell(pass).activation(gate)
    }

    /// Whether it carries a state from one timestep to the next.
    pub const fn is_recurrent(&self) -> bool {
        match self {
            Self::Rnn(_) | Self::Lstm(_) | Self::Gru(_) => true,
            Self::Dense(_) | Self::Conv(_) => false,
        }
    }

    /// Whether it has a pass from the last timestep to the first, for which the whole input has to be known.
    pub fn looks_ahead(&self) -> bool {
        self.backward().is_some()
    }

    /// The cell of its pass from the last timestep to the first, if it has one.
    pub fn backward(&self) -> Option<&dyn Cell> {
        self.cell_of(Direction::Backward)
    }

    /// The cell of its pass from the first timestep to the last, if it has one.
    pub fn forward(&self) -> Option<&dyn Cell> {
        self.cell_of(Direction::Forward)
    }

    fn cell_of(&self, wanted: Direction) -> Option<&dyn Cell> {
        let mut passes = (0..self.passes()).map(|number| self.pass(number));
        passes.find(|(direction, _)| *direction == wanted).map(|(_, cell)| cell)
    }

    /// Whether it is computed at the last timestep only.
    pub fn is_last_only(&self) -> bool {
        matches!(self, Self::Dense(Dense { apply: Apply::Last, .. }))
    }

    /// The terms of one unit of one gate of a step this layer made.
    pub fn terms(&self, step: &LayerStep, place: Place, gate: GateName) -> Vec<Term> {
        let known = |step: &Step| self.cell(place.pass).terms(step, gate, place.unit);
        step.passes.get(place.pass).map_or_else(Vec::new, known)
    }

    /// The lines of the equations after the gates for one unit of a step this layer made.
    pub fn mixes(&self, step: &LayerStep, place: Place) -> Vec<Mix> {
        step.passes.get(place.pass).map_or_else(Vec::new, |step| self.cell(place.pass).mixes(step, place.unit))
    }
}

impl Network {
    /// Whether any layer has to know the whole input.
    pub fn looks_ahead(&self) -> bool {
        self.layers.iter().any(Layer::looks_ahead)
    }
}

impl NetworkStep {
    /// What the last layer gave; `None` before the last timestep of a network that answers only then.
    pub fn output(&self) -> Option<&[f64]> {
        self.layers.last()?.as_ref().map(|step| step.output.as_slice())
    }

    /// The first layer and unit, over all passes, of which a number is not finite.
    pub fn first_overflow(&self) -> Option<(usize, usize)> {
        self.layers.iter().enumerate().find_map(|(l, step)| {
            let passes = &step.as_ref()?.passes;
            let mut units = passes.iter().flat_map(Step::units_with_overflow);
            units.position(|overflows| overflows).map(|unit| (l, unit))
        })
    }
}

impl Step {
    /// For each unit whether a pre-activation, a gate, its cell state or its output is no finite number.
    fn units_with_overflow(&self) -> impl Iterator<Item = bool> {
        let units = self.gates.first().map_or(0, |gate| gate.sum.len());
        (0..units).map(|unit| {
            let is_bad = |numbers: &Vec<f64>| numbers.get(unit).is_some_and(|n| !n.is_finite());
            let of_gates = self.gates.iter().any(|gate| is_bad(&gate.sum) || is_bad(&gate.output));
            of_gates || is_bad(&self.after.cell) || is_bad(&self.output)
        })
    }
}
