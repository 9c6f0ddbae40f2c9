//! The dense layer: `y = act(W x + b)`, which carries nothing.

use ndarray::Array1;

use super::activation::Activation;
use super::cell::{Gate, GateName, State, Step};
use super::weighted_sum::{Term, WeightedSum};

/// A dense layer, as `torch.nn.Linear` followed by an activation, or `keras.layers.Dense`, computes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// `W` and `b`; its recurrent weights have no columns.
    pub sum: WeightedSum,
    /// `act`.
    pub activation: Activation,
    /// At which timesteps it is computed.
    pub apply: Apply,
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
    /// The layer's output for one input `[inputs]`.
    pub fn step(&self, x: &Array1<f64>) -> Step {
        let z = self.sum.sums(x, &Array1::default(0));
        let y = self.activation.apply(&z);
        Step {
            input: x.clone(),
            before: State::default(),
            gates: vec![Gate { name: GateName::Hidden, sum: z, output: y.clone() }],
            after: State::default(),
            output: y,
        }
    }

    /// The terms of one unit of a step this layer made.
    pub fn terms(&self, step: &Step, unit: usize) -> Vec<Term> {
        self.sum.terms(unit, &step.input, &step.before.hidden).collect()
    }
}
