//! Layers one after the other: one timestep of the whole network.

use ndarray::Array1;

use super::activation::Activation;
use super::cell::rnn::Rnn;
use super::cell::{Cell, GateName, State, Step};
use super::dense::{Apply, Dense};
use super::weighted_sum::{Term, WeightedSum};

/// One layer of a network.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// A simple recurrent layer.
    Rnn(Rnn),
    /// A dense layer.
    Dense(Dense),
}

/// The layers, input side first; each layer's inputs are the units of the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The layers.
    pub layers: Vec<Layer>,
}

/// Where a timestep is among those of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Others follow.
    Earlier,
    /// It is the last one.
    Last,
}

/// All that a network computed at one timestep.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkStep {
    /// The timestep, from 0.
    pub t: usize,
    /// One step per layer; `None` for a layer that is computed at the last timestep only, and those after it.
    pub layers: Vec<Option<Step>>,
    /// The state every layer carries out.
    pub after: Vec<State>,
}

impl Layer {
    /// How many units it has.
    pub fn units(&self) -> usize {
        self.sum(GateName::Hidden).units()
    }

    /// How many inputs each unit has.
    pub fn inputs(&self) -> usize {
        self.sum(GateName::Hidden).inputs()
    }

    /// The weights of a gate.
    pub fn sum(&self, gate: GateName) -> &WeightedSum {
        match (self, gate) {
            (Self::Rnn(rnn), GateName::Hidden) => &rnn.sum,
            (Self::Dense(dense), GateName::Hidden) => &dense.sum,
        }
    }

    /// The activation of a gate.
    pub fn activation(&self, gate: GateName) -> Activation {
        match (self, gate) {
            (Self::Rnn(rnn), GateName::Hidden) => rnn.activation,
            (Self::Dense(dense), GateName::Hidden) => dense.activation,
        }
    }

    /// The kind, as a scenario file names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rnn(_) => "rnn",
            Self::Dense(_) => "dense",
        }
    }

    /// Whether it carries a state from one timestep to the next.
    pub const fn is_recurrent(&self) -> bool {
        match self {
            Self::Rnn(_) => true,
            Self::Dense(_) => false,
        }
    }

    /// Whether it is computed at the last timestep only.
    pub fn is_last_only(&self) -> bool {
        matches!(self, Self::Dense(Dense { apply: Apply::Last, .. }))
    }

    /// The state before the first timestep; empty where nothing is carried.
    pub fn initial(&self) -> State {
        match self {
            Self::Rnn(rnn) => rnn.initial(),
            Self::Dense(_) => State::default(),
        }
    }

    /// Advances one timestep: a pure function of the input `[inputs]` and the state before.
    pub fn step(&self, x: &Array1<f64>, before: &State) -> Step {
        match self {
            Self::Rnn(rnn) => rnn.step(x, before),
            Self::Dense(dense) => dense.step(x),
        }
    }

    /// The terms of one unit of one gate of a step this layer made.
    pub fn terms(&self, step: &Step, gate: GateName, unit: usize) -> Vec<Term> {
        match self {
            Self::Rnn(rnn) => rnn.terms(step, gate, unit),
            Self::Dense(dense) => dense.terms(step, unit),
        }
    }
}

impl Network {
    /// The state of every layer before the first timestep.
    pub fn initial(&self) -> Vec<State> {
        self.layers.iter().map(Layer::initial).collect()
    }

    /// Advances all layers one timestep; `x` is `[features]`, `before` one state per layer.
    pub fn step(&self, t: usize, x: Array1<f64>, before: &[State], position: Position) -> NetworkStep {
        let mut signal = Some(x);
        let mut layers = Vec::with_capacity(self.layers.len());
        let mut after = Vec::with_capacity(self.layers.len());
        for (layer, before) in self.layers.iter().zip(before) {
            let step = match signal {
                Some(x) if position == Position::Last || !layer.is_last_only() => Some(layer.step(&x, before)),
                _ => None,
            };
            after.push(step.as_ref().map_or_else(|| before.clone(), |step| step.after.clone()));
            signal = step.as_ref().map(|step| step.output.clone());
            layers.push(step);
        }
        NetworkStep { t, layers, after }
    }
}

impl NetworkStep {
    /// What the last layer gave, `[units]`; `None` before the last timestep of a network that answers only then.
    pub fn output(&self) -> Option<&Array1<f64>> {
        self.layers.last()?.as_ref().map(|step| &step.output)
    }

    /// The first layer and unit whose pre-activation or output is no finite number.
    pub fn first_overflow(&self) -> Option<(usize, usize)> {
        self.layers.iter().enumerate().find_map(|(l, step)| {
            let gates = &step.as_ref()?.gates;
            let overflows = |unit: &usize| gates.iter().any(|g| !g.sum[*unit].is_finite() || !g.output[*unit].is_finite());
            (0..gates.first()?.sum.len()).find(overflows).map(|unit| (l, unit))
        })
    }
}
