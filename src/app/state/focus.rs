//! Which cell is looked at, and from how far; going from one to the next.

use super::{Change, State};
use crate::app::micro_step::Position;

/// The cell looked at, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// The layer.
    pub layer: usize,
    /// The unit in it, over all its passes.
    pub unit: usize,
    /// The gate of that unit, among those of the layer.
    pub gate: usize,
}

/// From how far the network is looked at, in the order of a lecture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zoom {
    /// All layers and what flows between them.
    Network,
    /// A layer and its cells.
    Layer,
    /// One cell and its sums.
    #[default]
    Cell,
}

impl State {
    pub(super) fn choose_unit(&mut self, times: usize, turn: Turn) {
        self.look_at_unit(turn.around(self.here.focus.unit, times, self.layer().units()));
        self.here.change = Change::Focus;
    }

    pub(super) fn choose_layer(&mut self, times: usize, turn: Turn) {
        self.look_at(turn.around(self.here.focus.layer, times, self.run.scenario.network.layers.len()));
        self.here.change = Change::Focus;
    }

    /// Looks at a layer, or at the last one if there are fewer.
    pub(super) fn look_at(&mut self, layer: usize) {
        let layer = layer.min(self.run.scenario.network.layers.len() - 1);
        if layer != self.here.focus.layer {
            self.here.focus = Focus { layer, unit: self.here.units[layer], gate: 0 };
            self.here.first_term = 0;
        }
    }

    /// Looks at a unit of the layer looked at; where its layer is gone through term by term, it is gone through instead.
    pub(super) fn look_at_unit(&mut self, unit: usize) {
        let Position { layer, phase, .. } = self.here.position;
        let is_at_work = layer == self.here.focus.layer && phase.is_within_unit();
        let number = self.walk().before(self.here.position);
        if unit != self.here.focus.unit {
            self.here.first_term = 0;
        }
        self.here.focus.unit = unit;
        self.here.units[self.here.focus.layer] = unit;
        if is_at_work && self.here.position.unit != unit {
            self.here.position = match self.here.zoom {
                Zoom::Cell => self.walk().at(number),
                Zoom::Network | Zoom::Layer => Position { unit, ..self.here.position },
            };
        }
    }

    pub(super) fn choose_gate(&mut self, times: usize, turn: Turn) {
        self.here.focus.gate = turn.around(self.here.focus.gate, times, self.gates().len());
        self.here.first_term = 0;
        self.here.change = Change::Focus;
    }

    /// Looks at a layer, and at one of its units where one is named.
    pub(in crate::app) fn choose_cell(&mut self, layer: usize, unit: Option<usize>) {
        self.look_at(layer);
        if let Some(unit) = unit {
            self.look_at_unit(unit.min(self.layer().units().saturating_sub(1)));
        }
        self.here.change = Change::Focus;
    }

    /// Looks at a gate, or at the last one if there are fewer.
    pub(in crate::app) fn choose_gate_at(&mut self, gate: usize) {
        self.here.focus.gate = gate.min(self.gates().len().saturating_sub(1));
        self.here.first_term = 0;
        self.here.change = Change::Focus;
    }

    pub(super) fn look_from(&mut self, zoom: Zoom) {
        self.here.zoom = zoom;
        self.here.change = Change::Focus;
    }
}

impl Zoom {
    /// One closer, if there is one.
    pub(super) const fn closer(self) -> Self {
        match self {
            Self::Network => Self::Layer,
            Self::Layer | Self::Cell => Self::Cell,
        }
    }

    /// One farther, if there is one.
    pub(super) const fn farther(self) -> Self {
        match self {
            Self::Network | Self::Layer => Self::Network,
            Self::Cell => Self::Layer,
        }
    }
}

/// Which way a choice goes round.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    Forward,
    Backward,
}

impl Turn {
    pub(super) fn around(self, from: usize, times: usize, of: usize) -> usize {
        let times = times % of;
        match self {
            Self::Forward => (from + times) % of,
            Self::Backward => (from + of - times) % of,
        }
    }
}
