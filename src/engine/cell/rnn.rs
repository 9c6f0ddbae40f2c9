//! The simple recurrent layer (Elman, 1990): `z = W x + b + U h′ + b_r`, `h = act(z)`.

use super::{Cell, GateName, State, Step};
use crate::engine::activation::Activation;
use crate::engine::weighted_sum::{Term, WeightedSum};

/// A layer of simple recurrent cells, as `torch.nn.RNN` and `keras.layers.SimpleRNN` compute it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rnn {
    /// `W`, `U`, `b`, `b_r`.
    pub sum: WeightedSum,
    /// `act`.
    pub activation: Activation,
    /// The hidden state before the first timestep, `[units]`.
    pub initial: State,
}

impl Cell for Rnn {
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
        &self.initial
    }

    fn initial_mut(&mut self) -> &mut State {
        &mut self.initial
    }

    fn step_into(&self, x: &[f64], before: &State, step: &mut Step) {
        step.begin(x, before, self.gates());
        let Step { values, gates, after, output, .. } = step;
        let [hidden] = gates.as_mut_slice() else { return };
        hidden.compute(&self.sum, values, &[], self.activation);
        after.hidden.clone_from(&hidden.output);
        output.clone_from(&hidden.output);
    }

    fn terms(&self, step: &Step, _: GateName, unit: usize) -> Vec<Term> {
        let operands: Vec<f64> = step.input.iter().chain(&step.before.hidden).copied().collect();
        self.sum.terms(unit, &operands, &[])
    }
}
