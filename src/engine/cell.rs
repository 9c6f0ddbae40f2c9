//! What a recurrent cell is: a pure function of an input and the state before that returns all it computed.

pub mod rnn;

use ndarray::Array1;

use super::weighted_sum::Term;

/// What a layer carries from one timestep to the next; empty for a layer that carries nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The hidden state, `[units]`.
    pub hidden: Array1<f64>,
}

/// Which weighted sum of a layer; a layer without gates has one, which gives its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateName {
    /// The only sum of an `rnn` or `dense` layer.
    Hidden,
}

impl GateName {
    /// The name in a trace.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
        }
    }
}

/// One gate at one timestep.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Which gate.
    pub name: GateName,
    /// The pre-activation, `[units]`.
    pub sum: Array1<f64>,
    /// The activation of it, `[units]`.
    pub output: Array1<f64>,
}

/// All that a layer computed at one timestep.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The input, `[inputs]`.
    pub input: Array1<f64>,
    /// The state carried in.
    pub before: State,
    /// The gates, in the order of the equations.
    pub gates: Vec<Gate>,
    /// The state carried out.
    pub after: State,
    /// What the next layer sees, `[units]`.
    pub output: Array1<f64>,
}

impl Step {
    /// One of its gates; `None` where the layer has no such gate.
    pub fn gate(&self, name: GateName) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.name == name)
    }
}

/// A recurrent cell, or a layer of them that share their input and feed their states back.
pub trait Cell {
    /// Advances one timestep: a pure function of the input `[inputs]` and the state before.
    fn step(&self, x: &Array1<f64>, before: &State) -> Step;

    /// The state before the first timestep.
    fn initial(&self) -> State;

    /// The terms of one unit of one gate of a step this cell made; empty where there is no such gate.
    fn terms(&self, step: &Step, gate: GateName, unit: usize) -> Vec<Term>;
}
