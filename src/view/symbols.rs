//! The letters of the blackboard: `x1`, `h(0)`, `z2(3)`, `f(1)`, the same in every panel and every report.

use std::fmt::Display;

use super::text::Words;
use crate::engine::cell::{Cell, GateName, Quantity};
use crate::engine::network::{Direction, Layer};
use crate::engine::parameter::Part;
use crate::engine::weighted_sum::{CellState, Source};

/// How the numbers of one pass of a layer are called at one timestep.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    t: usize,
    units: usize,
    outputs: usize,
    output: char,
    direction: Direction,
    /// `→` or `←` in a layer of two directions.
    sign: &'static str,
    bias: &'static str,
}

impl Symbols {
    /// The symbols of a pass at a timestep.
    pub fn new(layer: &Layer, pass: usize, t: usize, words: &Words) -> Self {
        let (direction, cell) = layer.pass(pass);
        let output = if layer.is_recurrent() { 'h' } else { 'y' };
        let sign = match direction {
            _ if layer.passes() == 1 => "",
            Direction::Forward => "→",
            Direction::Backward => "←",
        };
        Self { t, units: cell.units(), outputs: cell.outputs(), output, direction, sign, bias: words.bias }
    }

    /// Where the value of a term comes from: `x2`, `x2(1)` in a convolution, `h(0)`, `h2(0)` in a layer of several, `bias`.
    pub fn source(&self, source: Source) -> String {
        match source {
            Source::Input(_) => source.to_string(),
            Source::Row { back, input } => format!("x{}({})", input + 1, self.t as i128 - back as i128),
            Source::Hidden(j) => self.hidden(j, &self.before()),
            Source::ResetHidden(j) => format!("{}·{}", self.indexed('r', j, self.units), self.hidden(j, &self.before())),
            Source::Recurrent(j) => {
                format!("{}·{}", self.indexed('r', j, self.units), self.output_of(GateName::Recurrent, j))
            }
            Source::Cell(j, CellState::Before) => self.cell(j, &self.before()),
            Source::Cell(j, CellState::After) => self.cell(j, &self.t),
            Source::Memory(j) => format!("{}({})", self.indexed('m', j, self.units), self.t),
            Source::Bias => self.bias.into(),
            Source::RecurrentBias => format!("{}_r", self.bias),
        }
    }

    /// The hidden state of a unit at a timestep: `h(0)`, or `h2(0)` in a layer of several.
    pub fn hidden(&self, unit: usize, t: &dyn Display) -> String {
        format!("{}({t})", self.indexed('h', unit, self.outputs))
    }

    /// The cell state of a unit at a timestep.
    pub fn cell(&self, unit: usize, t: &dyn Display) -> String {
        format!("{}({t})", self.indexed('c', unit, self.units))
    }

    /// A state of all units of the pass at a timestep: `h(0)`, `c→(0)`.
    pub fn state(&self, letter: char, t: &dyn Display) -> String {
        format!("{letter}{}({t})", self.sign)
    }

    /// What a gate gives for a unit: `f(1)`, `n2(1)`; of a layer's only sum the output, `h(1)` or `y(1)`.
    pub fn output_of(&self, gate: GateName, unit: usize) -> String {
        let units = if gate == GateName::Projection { self.outputs } else { self.units };
        format!("{}({})", self.indexed(self.letter(gate), unit, units), self.t)
    }

    /// The pre-activation of a gate for a unit: `z(1)`, `z2(1)`, `z_f(1)`.
    pub fn pre_activation(&self, gate: GateName, unit: usize) -> String {
        match gate {
            GateName::Hidden => format!("{}({})", self.indexed('z', unit, self.units), self.t),
            GateName::Recurrent | GateName::Projection => self.output_of(gate, unit),
            gate => format!("z_{}", self.output_of(gate, unit)),
        }
    }

    /// The pre-activation of a gate, whichever unit and timestep: `z`, `z_f`.
    pub fn sum(&self, gate: GateName) -> String {
        match gate {
            GateName::Hidden => "z".into(),
            GateName::Recurrent | GateName::Projection => self.letter(gate).into(),
            gate => format!("z_{}", self.letter(gate)),
        }
    }

    /// A factor of the equations after the gates: `f`, `(1-z)`, `c(0)`, `tanh(c(1))`.
    pub fn quantity(&self, quantity: Quantity, unit: usize) -> String {
        match quantity {
            Quantity::Gate(gate) => self.indexed(self.letter(gate), unit, self.units),
            Quantity::Rest(gate) => format!("(1-{})", self.indexed(self.letter(gate), unit, self.units)),
            Quantity::HiddenBefore => self.hidden(unit, &self.before()),
            Quantity::Hidden => self.hidden(unit, &self.t),
            Quantity::CellBefore => self.cell(unit, &self.before()),
            Quantity::Cell => self.cell(unit, &self.t),
            Quantity::Activated { activation, .. } => format!("{}({})", activation.symbol(), self.cell(unit, &self.t)),
            Quantity::Memory => format!("{}({})", self.indexed('m', unit, self.units), self.t),
        }
    }

    /// What is followed over time: the cell state of a unit, `c2`, or its output, `h2` or `y2`.
    pub fn over_time(&self, cell: bool, unit: usize) -> String {
        self.indexed(if cell { 'c' } else { self.output }, unit, if cell { self.units } else { self.outputs })
    }

    /// A letter with the number of its unit, where there are several, and the sign of its direction, where there are two.
    fn indexed(&self, letter: char, unit: usize, units: usize) -> String {
        let number = if units == 1 { String::new() } else { (unit + 1).to_string() };
        format!("{letter}{number}{}", self.sign)
    }

    /// The number of the timestep that the state is carried in from: -1 before the first.
    pub fn before(&self) -> String {
        time_before(self.direction, self.t)
    }

    /// A number that is given: `w(x2)`, `w_f2(x1)`, `U(h)`, `b`, `p_i(c)`, `h(-1)`.
    pub fn parameter(&self, cell: &dyn Cell, unit: usize, part: Part) -> String {
        let initial = match self.direction {
            Direction::Forward => "-1".into(),
            Direction::Backward => format!("{}", self.t.saturating_add(1)),
        };
        match part {
            Part::InitialHidden => self.hidden(unit, &initial),
            Part::InitialCell => self.cell(unit, &initial),
            Part::Weight(gate, column) => {
                let inputs = if gate == GateName::Recurrent { 0 } else { cell.sum(gate).inputs() };
                let letter = if column < inputs { 'w' } else { 'U' };
                let of = match column.checked_sub(inputs) {
                    Some(state) => self.without_time('h', state, self.outputs),
                    None if gate == GateName::Projection => self.without_time('m', column, self.units),
                    None if cell.inputs() < inputs => {
                        let (back, input) = ((inputs - 1 - column) / cell.inputs().max(1), column % cell.inputs().max(1));
                        if back == 0 { format!("x{}(t)", input + 1) } else { format!("x{}(t-{back})", input + 1) }
                    }
                    None => format!("x{}", column + 1),
                };
                format!("{}({of})", self.of_gate(letter, gate, unit))
            }
            Part::Bias(GateName::Recurrent) => format!("{}_r", self.of_gate('b', GateName::Recurrent, unit)),
            Part::Bias(gate) => self.of_gate('b', gate, unit),
            Part::RecurrentBias(gate) => format!("{}_r", self.of_gate('b', gate, unit)),
            Part::Peephole(gate) => format!("{}({})", self.of_gate('p', gate, unit), self.without_time('c', unit, self.units)),
        }
    }

    /// The letter of a kind of number, of a gate where there are several, of a unit where there are several.
    fn of_gate(&self, letter: char, gate: GateName, unit: usize) -> String {
        let units = if gate == GateName::Projection { self.outputs } else { self.units };
        match gate {
            GateName::Hidden => self.indexed(letter, unit, units),
            gate => format!("{letter}_{}", self.indexed(self.letter(gate), unit, units)),
        }
    }

    fn without_time(&self, letter: char, unit: usize, units: usize) -> String {
        if units == 1 { letter.into() } else { format!("{letter}{}", unit + 1) }
    }

    /// The letter of a gate.
    pub const fn letter(&self, gate: GateName) -> char {
        match gate {
            GateName::Hidden => self.output,
            GateName::Projection => 'h',
            GateName::Input => 'i',
            GateName::Forget => 'f',
            GateName::Cell => 'g',
            GateName::Output => 'o',
            GateName::Reset => 'r',
            GateName::Update => 'z',
            GateName::Recurrent => 'u',
            GateName::Candidate => 'n',
        }
    }
}

/// The timestep whose state a pass takes over at another.
pub fn time_before(direction: Direction, t: usize) -> String {
    match direction {
        Direction::Forward => t.checked_sub(1).map_or_else(|| "-1".into(), |t| t.to_string()),
        Direction::Backward => t.saturating_add(1).to_string(),
    }
}

/// The timestep that takes over the state of a pass at another; none where that is the last one of the pass.
pub fn time_after(direction: Direction, t: usize, last: usize) -> Option<usize> {
    match direction {
        Direction::Forward => (t < last).then_some(t + 1),
        Direction::Backward => t.checked_sub(1),
    }
}

/// Whether the state carried in is the initial one.
pub const fn is_first(direction: Direction, t: usize, last: usize) -> bool {
    match direction {
        Direction::Forward => t == 0,
        Direction::Backward => t == last,
    }
}
