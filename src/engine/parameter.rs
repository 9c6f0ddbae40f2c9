//! The numbers a network is given, not those it computes: each by its place, to be read and to be changed.

use super::cell::GateName;
use super::network::Network;

/// A number of one pass of a layer; indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The layer.
    pub layer: usize,
    /// The pass of it.
    pub pass: usize,
    /// The unit of that pass, or the output, of a projection and its hidden state.
    pub unit: usize,
    /// Which of its numbers.
    pub part: Part,
}

/// Which number of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What an input is multiplied by, or, counted after all inputs, a state.
    Weight(GateName, usize),
    /// The bias of a gate.
    Bias(GateName),
    /// Its second bias.
    RecurrentBias(GateName),
    /// What its cell state is multiplied by.
    Peephole(GateName),
    /// The hidden state before the first timestep.
    InitialHidden,
    /// The cell state before the first timestep.
    InitialCell,
}

impl Part {
    /// The gate it belongs to, unless it is a state.
    pub const fn gate(self) -> Option<GateName> {
        match self {
            Self::Weight(gate, _) | Self::Bias(gate) | Self::RecurrentBias(gate) | Self::Peephole(gate) => Some(gate),
            Self::InitialHidden | Self::InitialCell => None,
        }
    }
}

impl Network {
    /// The value of a parameter; none where the network has no such number.
    pub fn parameter(&self, Parameter { layer, pass, unit, part }: Parameter) -> Option<f64> {
        let layer = self.layers.get(layer).filter(|layer| pass < layer.passes())?;
        let cell = layer.cell(pass);
        if part.gate().is_some_and(|gate| !cell.gates().contains(&gate)) {
            return None;
        }
        let of_unit = |numbers: Option<&Vec<f64>>| numbers?.get(unit).copied();
        match part {
            Part::Weight(gate, column) => cell.sum(gate).weight(unit, column),
            Part::Bias(gate) => of_unit(cell.sum(gate).bias.as_ref()),
            Part::RecurrentBias(gate) => of_unit(cell.sum(gate).recurrent_bias.as_ref()),
            Part::Peephole(gate) => of_unit(cell.sum(gate).peephole.as_ref().map(|peephole| &peephole.weights)),
            Part::InitialHidden => of_unit(Some(&cell.initial().hidden)),
            Part::InitialCell => of_unit(Some(&cell.initial().cell)),
        }
    }

    /// Gives a parameter another value; a network that has no such number stays as it is.
    pub fn set(&mut self, parameter: Parameter, value: f64) {
        if self.parameter(parameter).is_none() {
            return;
        }
        let Parameter { layer, pass, unit, part } = parameter;
        let Some(layer) = self.layers.get_mut(layer) else { return };
        let cell = layer.cell_mut(pass);
        let of_unit = |numbers: Option<&mut Vec<f64>>| {
            if let Some(number) = numbers.and_then(|numbers| numbers.get_mut(unit)) {
                *number = value;
            }
        };
        match part {
            Part::Weight(gate, column) => cell.sum_mut(gate).set_weight(unit, column, value),
            Part::Bias(gate) => of_unit(cell.sum_mut(gate).bias.as_mut()),
            Part::RecurrentBias(gate) => of_unit(cell.sum_mut(gate).recurrent_bias.as_mut()),
            Part::Peephole(gate) => of_unit(cell.sum_mut(gate).peephole.as_mut().map(|peephole| &mut peephole.weights)),
            Part::InitialHidden => of_unit(Some(&mut cell.initial_mut().hidden)),
            Part::InitialCell => of_unit(Some(&mut cell.initial_mut().cell)),
        }
    }
}
