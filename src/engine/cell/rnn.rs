//! The simple recurrent layer (Elman, 1990): `z = W x + b + U h′ + b_r`, `h = act(z)`.

use ndarray::Array1;

use super::{Cell, Gate, GateName, State, Step};
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
    pub initial_hidden: Array1<f64>,
}

impl Cell for Rnn {
    fn step(&self, x: &Array1<f64>, before: &State) -> Step {
        let z = self.sum.sums(x, &before.hidden);
        let h = self.activation.apply(&z);
        Step {
            input: x.clone(),
            before: before.clone(),
            gates: vec![Gate { name: GateName::Hidden, sum: z, output: h.clone() }],
            after: State { hidden: h.clone() },
            output: h,
        }
    }

    fn initial(&self) -> State {
        State { hidden: self.initial_hidden.clone() }
    }

    fn terms(&self, step: &Step, gate: GateName, unit: usize) -> Vec<Term> {
        match gate {
            GateName::Hidden => self.sum.terms(unit, &step.input, &step.before.hidden).collect(),
        }
    }
}
