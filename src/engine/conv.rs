//! The causal convolution over time: `y(t) = act(b + Σ_k K_k x(t−width+1+k))`, which sees a window and carries nothing.

use super::activation::Activation;
use super::cell::{Cell, GateName, State, Step};
use super::weighted_sum::{Source, Term, WeightedSum};

/// A causal convolution, as `keras.layers.Conv1D(padding="causal")` computes it; the rows before the first are zeros.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv {
    /// `K`, `[units, width × inputs]`, the oldest row of the window first, and `b`.
    sum: WeightedSum,
    activation: Activation,
    inputs: usize,
    /// The window before the first timestep.
    zeros: State,
}

impl Conv {
    /// A convolution over windows of so many inputs a row; the sum has no recurrent weights, and as many inputs as a
    /// whole window.
    pub fn new(sum: WeightedSum, activation: Activation, inputs: usize) -> Self {
        let before = sum.inputs().saturating_sub(inputs);
        Self { sum, activation, inputs, zeros: State { window: vec![0.0; before], ..State::default() } }
    }

    /// How many rows it sees: the current one and those before it.
    pub fn width(&self) -> usize {
        self.sum.inputs() / self.inputs.max(1)
    }
}

impl Cell for Conv {
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
        &self.zeros
    }

    fn initial_mut(&mut self) -> &mut State {
        &mut self.zeros
    }

    fn inputs(&self) -> usize {
        self.inputs
    }

    fn step_into(&self, x: &[f64], before: &State, step: &mut Step) {
        step.begin(x, before, self.gates());
        step.compute_output(&self.sum, self.activation);
        let seen = before.window.iter().chain(x).skip(self.inputs);
        step.after.window.extend(seen);
    }

    fn terms(&self, step: &Step, _: GateName, unit: usize) -> Vec<Term> {
        let window: Vec<f64> = step.before.window.iter().chain(&step.input).copied().collect();
        let last = self.width().saturating_sub(1);
        let placed = |term: Term| match term.source {
            Source::Input(k) => term.from(Source::Row { back: last - k / self.inputs, input: k % self.inputs }),
            _ => term,
        };
        self.sum.terms(unit, &window, &[]).into_iter().map(placed).collect()
    }
}
