//! The dense layer: `y = act(W x + b)`, which carries nothing.

use super::activation::Activation;
use super::cell::{Cell, GateName, State, Step};
use super::weighted_sum::{Term, WeightedSum};

/// A dense layer, as `torch.nn.Linear` followed by an activation, or `keras.layers.Dense`, computes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// `W` and `b`.
    pub sum: WeightedSum,
    /// `act`.
    pub activation: Activation,
    /// At which timesteps it is computed.
    pub apply: Apply,
    nothing: State,
}

/// At which timesteps a dense layer is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apply {
    /// At every one.
    Every,
    /// At the last one only (Keras: `return_sequences=False` in the layer before).
    Last,
}

impl Dense {
    /// A dense layer; the sum has no recurrent weights.
    pub const fn new(sum: WeightedSum, activation: Activation, apply: Apply) -> Self {
        let nothing = State { hidden: Vec::new(), cell: Vec::new(), window: Vec::new() };
        Self { sum, activation, apply, nothing }
    }
}

impl Cell for Dense {
    fn gates(&self) -> &'static [GateName] {
        &[GateName::Hidden]
    }

    fn sum(&self, _: GateName) -> &WeightedSum {
        &self.sum
    }

    fn sum_mut(&mut self, _: GateName) -> &mut WeightedSum {
        &mut self.sum
    }

    fn activation(&self, _: GateName) -> Activation {
        self.activation
    }

    fn initial(&self) -> &State {
        &self.nothing
    }

    fn initial_mut(&mut self) -> &mut State {
        &mut self.nothing
    }

    fn step_into(&self, x: &[f64], before: &State, step: &mut Step) {
        step.begin(x, before, self.gates());
        step.compute_output(&self.sum, self.activation);
    }

    fn terms(&self, step: &Step, _: GateName, unit: usize) -> Vec<Term> {
        self.sum.terms(unit, &step.input, &[])
    }
}
