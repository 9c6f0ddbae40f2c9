//! What a cell is: a pure function of an input and the state before that returns all it computed.

pub mod gru;
pub mod lstm;
pub mod rnn;

use super::activation::Activation;
use super::kernel::Aligned;
use super::weighted_sum::{Term, WeightedSum};

/// What a layer carries from one timestep to the next; empty for a layer that carries nothing.
#[derive(Debug, Default, PartialEq)]
pub struct State {
    /// The hidden state, `[units]`, or as many as an LSTM's projection gives.
    pub hidden: Vec<f64>,
    /// The cell state of an LSTM, `[units]`.
    pub cell: Vec<f64>,
    /// The rows before this one that a convolution sees, oldest first: inputs, nothing it computed.
    pub window: Vec<f64>,
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self { hidden: self.hidden.clone(), cell: self.cell.clone(), window: self.window.clone() }
    }

    /// Copies without allocating where the sizes agree, as a derived one would not.
    fn clone_from(&mut self, source: &Self) {
        self.hidden.clone_from(&source.hidden);
        self.cell.clone_from(&source.cell);
        self.window.clone_from(&source.window);
    }
}

impl State {
    /// A hidden state alone, `[units]`.
    pub fn of_hidden(hidden: Vec<f64>) -> Self {
        Self { hidden, ..Self::default() }
    }

    /// How many numbers it holds.
    pub(super) const fn count(&self) -> usize {
        self.hidden.len() + self.cell.len() + self.window.len()
    }

    /// Forgets what another cell left in a record, and keeps the memory.
    fn clear(&mut self) {
        let Self { hidden, cell, window } = self;
        [hidden, cell, window].into_iter().for_each(Vec::clear);
    }
}

/// Which weighted sum of a layer: a gate, or one of the sums beside the gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateName {
    /// The only sum of an `rnn`, `dense` or `conv` layer, which gives its output.
    Hidden,
    /// LSTM: i, how much of the cell gate is taken in.
    Input,
    /// LSTM: f, how much of the cell state is kept.
    Forget,
    /// LSTM: g, what could be taken in.
    Cell,
    /// LSTM: o, how much of the cell state is shown.
    Output,
    /// LSTM with a projection: what the hidden state is made of.
    Projection,
    /// GRU: r, how much of the hidden state the candidate sees.
    Reset,
    /// GRU: z, how much of the hidden state is kept.
    Update,
    /// GRU with `reset_after`: the recurrent part of the candidate, before the reset gate multiplies it.
    Recurrent,
    /// GRU: n, what could become the hidden state.
    Candidate,
}

impl GateName {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Hidden,
        Self::Input,
        Self::Forget,
        Self::Cell,
        Self::Output,
        Self::Projection,
        Self::Reset,
        Self::Update,
        Self::Recurrent,
        Self::Candidate,
    ];

    /// The name in a scenario and in a trace.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Input => "input",
            Self::Forget => "forget",
            Self::Cell => "cell",
            Self::Output => "output",
            Self::Projection => "projection",
            Self::Reset => "reset",
            Self::Update => "update",
            Self::Recurrent => "recurrent",
            Self::Candidate => "candidate",
        }
    }

    /// Whether the literature calls it a gate: the others are sums beside the gates.
    pub const fn is_gate(self) -> bool {
        !matches!(self, Self::Recurrent | Self::Projection)
    }
}

/// One gate at one timestep.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Which gate.
    pub name: GateName,
    /// The pre-activation, `[units]`.
    pub sum: Vec<f64>,
    /// The activation of it, `[units]`.
    pub output: Vec<f64>,
}

/// All that one pass of a layer computed at one timestep; a record that can be written again without allocating.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The input, `[inputs]`.
    pub input: Vec<f64>,
    /// The state carried in.
    pub before: State,
    /// The gates, in the order of the equations.
    pub gates: Vec<Gate>,
    /// The state carried out.
    pub after: State,
    /// What the next layer sees.
    pub output: Vec<f64>,
    /// What the weights multiply: the input and the hidden state carried in, one after the other.
    values: Aligned<f64>,
}

impl Step {
    /// One of its gates; `None` where the layer has no such gate.
    pub fn gate(&self, name: GateName) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.name == name)
    }

    /// Computes the one sum of a layer that carries nothing, whose activation is its output.
    pub(super) fn compute_output(&mut self, sum: &WeightedSum, activation: Activation) {
        let Self { values, gates, output, .. } = self;
        let [hidden] = gates.as_mut_slice() else { return };
        hidden.compute(sum, values, &[], activation);
        output.clone_from(&hidden.output);
    }

    /// Takes in what a step begins with.
    pub(super) fn begin(&mut self, x: &[f64], before: &State, names: &[GateName]) {
        self.input.clear();
        self.input.extend_from_slice(x);
        self.before.clone_from(before);
        self.values.join(&[&before.window, x, &before.hidden]);
        self.after.clear();
        if !self.gates.iter().map(|gate| gate.name).eq(names.iter().copied()) {
            self.gates = names.iter().map(|&name| Gate { name, sum: Vec::new(), output: Vec::new() }).collect();
        }
    }
}

impl Gate {
    /// Computes the pre-activations of a sum and their activation.
    fn compute(&mut self, sum: &WeightedSum, values: &[f64], cell: &[f64], activation: Activation) {
        sum.write(values, cell, &mut self.sum);
        self.activate(activation);
    }

    fn activate(&mut self, activation: Activation) {
        self.output.resize(self.sum.len(), 0.0);
        activation.apply(&self.sum, &mut self.output);
    }
}

/// A line of the equations after the gates, for one unit: what is multiplied and added up, and what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// What it gives.
    pub result: Quantity,
    /// Its value.
    pub value: f64,
    /// The products that are added up: each of two factors.
    pub products: Vec<[Factor; 2]>,
}

/// A factor of a product in a [`Mix`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// What it is.
    pub quantity: Quantity,
    /// Its value.
    pub value: f64,
}

/// What a number in the equations after the gates is, always of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// The output of a gate.
    Gate(GateName),
    /// 1 less the output of a gate.
    Rest(GateName),
    /// The hidden state carried in, h′.
    HiddenBefore,
    /// The hidden state, h.
    Hidden,
    /// The cell state carried in, c′.
    CellBefore,
    /// The cell state, c.
    Cell,
    /// The activation of the cell state, act(c).
    Activated {
        /// act.
        activation: Activation,
        /// c.
        cell: f64,
    },
    /// o ⊙ act(c), which a projection reads.
    Memory,
}

impl Factor {
    /// A factor of a product.
    pub const fn new(quantity: Quantity, value: f64) -> Self {
        Self { quantity, value }
    }
}

/// One of the equations of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The weighted sum of a gate, and its activation.
    Sum(GateName),
    /// A line after the gates, by its number among [`Cell::mixes`].
    Mix(usize),
}

/// A cell, or a layer of them that share their input and feed their states back.
pub trait Cell {
    /// Its weighted sums, in the order of the equations.
    fn gates(&self) -> &'static [GateName];

    /// The weights of one of them, which the first answers for any it has not.
    fn sum(&self, gate: GateName) -> &WeightedSum;

    /// The same, to be changed.
    fn sum_mut(&mut self, gate: GateName) -> &mut WeightedSum;

    /// The activation of one of them.
    fn activation(&self, gate: GateName) -> Activation;

    /// The activation of the cell state, where there is one.
    fn state_activation(&self) -> Option<Activation> {
        None
    }

    /// The state before the first timestep.
    fn initial(&self) -> &State;

    /// The same, to be changed.
    fn initial_mut(&mut self) -> &mut State;

    /// Advances one timestep: a pure function of the input `[inputs]` and the state before, written into a record.
    ///
    /// Nothing is allocated where the record was written by the same cell before.
    fn step_into(&self, x: &[f64], before: &State, step: &mut Step);

    /// The terms of one unit of one gate of a step this cell made, without the values beyond the sum's own.
    fn terms(&self, step: &Step, gate: GateName, unit: usize) -> Vec<Term>;

    /// How many terms a gate has for each unit.
    fn term_count(&self, gate: GateName) -> usize {
        self.sum(gate).terms_per_unit()
    }

    /// The lines after the gates for one unit of a step this cell made; none where the output is a gate's.
    fn mixes(&self, _step: &Step, _unit: usize) -> Vec<Mix> {
        Vec::new()
    }

    /// The equations of a unit in the order in which they are worked out: none needs what comes after it.
    fn stages(&self) -> &'static [Stage] {
        &[Stage::Sum(GateName::Hidden)]
    }

    /// Advances one timestep into a new record.
    fn step(&self, x: &[f64], before: &State) -> Step {
        let mut step = Step::default();
        self.step_into(x, before, &mut step);
        step
    }

    /// How many units it has.
    fn units(&self) -> usize {
        self.gates().first().map_or(0, |&gate| self.sum(gate).units())
    }

    /// How many inputs each unit has.
    fn inputs(&self) -> usize {
        self.gates().first().map_or(0, |&gate| self.sum(gate).inputs())
    }

    /// How many outputs it has: its units, or as many as a projection gives.
    fn outputs(&self) -> usize {
        self.units()
    }

    /// How many weights a step multiplies.
    fn work(&self) -> usize {
        self.gates().iter().map(|&gate| self.sum(gate).units() * self.term_count(gate)).sum()
    }
}
