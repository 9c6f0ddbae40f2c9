//! Where inside a timestep the stepper stands, and the way from one micro-step to the next, found by counting: from the
//! shape of the network alone, whatever its numbers and however many there are.

use super::state::Zoom;
use crate::engine::cell::{GateName, Stage};
use crate::engine::network::{Layer, Network};

/// The micro-step done last; what comes after it is not computed yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The timestep.
    pub t: usize,
    /// The layer at work.
    pub layer: usize,
    /// Its unit at work, over all its passes; 0 where it is none or all of them.
    pub unit: usize,
    /// The gate of that unit, among those of the layer; 0 where it is none or all of them.
    pub gate: usize,
    /// What was done of it.
    pub phase: Phase,
}

/// What a micro-step does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The input row arrives.
    #[default]
    Row,
    /// This term of a weighted sum is multiplied, and added to those before it.
    Product(usize),
    /// The weighted sum is complete.
    Sum,
    /// The activation is applied to it.
    Activation,
    /// This line that combines the gates is worked out.
    Line(usize),
    /// A whole unit is computed: as close as the zoom on a layer looks.
    Unit,
    /// The whole layer is computed, its output is there and its state is carried on.
    Carried,
}

/// How far a weighted sum has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// So many of its products are added up; none before it begins.
    Products(usize),
    /// It is complete.
    Sum,
    /// The activation is applied.
    Output,
}

/// The way through all timesteps at a zoom: term by term in a cell, unit by unit in a layer, layer by layer in the network.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'n> {
    /// The network.
    pub network: &'n Network,
    /// How many timesteps there are.
    pub timesteps: usize,
    /// How fine the micro-steps are.
    pub zoom: Zoom,
    /// The unit looked at in each layer, whose terms are gone through.
    pub units: &'n [usize],
}

impl Walk<'_> {
    /// A timestep of which nothing but its row is there.
    pub const fn start(&self, t: usize) -> Position {
        Position { t, layer: 0, unit: 0, gate: 0, phase: Phase::Row }
    }

    /// A timestep that is complete.
    pub fn end(&self, t: usize) -> Position {
        match self.layers(t).checked_sub(1) {
            Some(layer) => Position { t, layer, unit: 0, gate: 0, phase: Phase::Carried },
            None => self.start(t),
        }
    }

    /// So many micro-steps on, no further than the end of the last timestep.
    pub fn forward(&self, from: Position, times: usize) -> Position {
        self.at(self.before(from).saturating_add(times))
    }

    /// So many micro-steps back, no further than the first row.
    pub fn backward(&self, from: Position, times: usize) -> Position {
        self.at(self.after(from).saturating_sub(times))
    }

    /// The position of a number, counted over all timesteps.
    pub fn at(&self, number: usize) -> Position {
        let last = self.timesteps.saturating_sub(1);
        let t = (number / self.in_timestep(0)).min(last);
        let number = (number - t * self.in_timestep(0)).min(self.in_timestep(t) - 1);
        let Some(mut number) = number.checked_sub(1) else { return self.start(t) };
        for layer in 0..self.layers(t) {
            match number.checked_sub(self.in_layer(layer)) {
                Some(rest) => number = rest,
                None => return self.in_layer_at(t, layer, number),
            }
        }
        self.end(t)
    }

    /// The number of the last micro-step of this zoom that is no later than a position, which another zoom may have led to.
    pub fn before(&self, position: Position) -> usize {
        self.around(position).0
    }

    /// The number of the first micro-step of this zoom that is no earlier than a position.
    pub fn after(&self, position: Position) -> usize {
        self.around(position).1
    }

    fn around(&self, position: Position) -> (usize, usize) {
        let Position { t, layer, unit, phase, .. } = position;
        let first = t * self.in_timestep(0) + 1 + (0..layer).map(|layer| self.in_layer(layer)).sum::<usize>();
        let exactly = |number: usize| (number, number);
        match (self.zoom, phase) {
            (_, Phase::Row) => exactly(t * self.in_timestep(0)),
            (_, Phase::Carried) => exactly(first + self.in_layer(layer) - 1),
            (Zoom::Layer, Phase::Unit) => exactly(first + unit),
            (Zoom::Layer, _) => (first + unit - 1, first + unit),
            (Zoom::Cell, Phase::Unit) if self.units[layer] <= unit => exactly(first + self.in_layer(layer) - 2),
            (Zoom::Network, _) | (Zoom::Cell, Phase::Unit) => (first - 1, first),
            (Zoom::Cell, _) => exactly(first + self.in_unit(position)),
        }
    }

    /// How many layers are computed at a timestep: those before the first that waits for the last one.
    fn layers(&self, t: usize) -> usize {
        let all = &self.network.layers;
        let waits = |layer: &Layer| layer.is_last_only() && t + 1 < self.timesteps;
        all.iter().position(waits).unwrap_or(all.len())
    }

    /// How many micro-steps a timestep has.
    pub fn in_timestep(&self, t: usize) -> usize {
        1 + (0..self.layers(t)).map(|layer| self.in_layer(layer)).sum::<usize>()
    }

    fn in_layer(&self, number: usize) -> usize {
        let layer = &self.network.layers[number];
        let inner = match self.zoom {
            Zoom::Network => 0,
            Zoom::Layer => layer.units(),
            Zoom::Cell => {
                let pass = layer.place(self.units[number]).pass;
                layer.cell(pass).stages().iter().map(|&stage| in_stage(layer, pass, stage)).sum()
            }
        };
        inner + 1
    }

    /// The micro-step of a number inside a layer.
    fn in_layer_at(&self, t: usize, layer: usize, mut number: usize) -> Position {
        let carried = Position { t, layer, unit: 0, gate: 0, phase: Phase::Carried };
        if number + 1 >= self.in_layer(layer) {
            return carried;
        }
        if self.zoom == Zoom::Layer {
            return Position { unit: number, phase: Phase::Unit, ..carried };
        }
        let (unit, of) = (self.units[layer], &self.network.layers[layer]);
        let pass = of.place(unit).pass;
        let mut gate = 0;
        for &stage in of.cell(pass).stages() {
            if let Stage::Sum(name) = stage {
                gate = of.gates(pass).iter().position(|&of| of == name).unwrap_or(0);
            }
            let length = in_stage(of, pass, stage);
            match number.checked_sub(length) {
                Some(rest) => number = rest,
                None => return Position { unit, gate, phase: phase(of, pass, stage, number), ..carried },
            }
        }
        carried
    }

    /// The number of a micro-step of the unit gone through, counted from its first.
    fn in_unit(&self, position: Position) -> usize {
        let layer = &self.network.layers[position.layer];
        let pass = layer.place(position.unit).pass;
        let Some(at) = stage_of(position, layer, pass) else { return 0 };
        let stages = layer.cell(pass).stages();
        let before = stages[..at].iter().map(|&stage| in_stage(layer, pass, stage)).sum::<usize>();
        let terms = |gate| layer.cell(pass).term_count(gate);
        before
            + match (position.phase, stages[at]) {
                (Phase::Product(term), _) => term,
                (Phase::Sum, Stage::Sum(gate)) => terms(gate),
                (Phase::Activation, Stage::Sum(gate)) => terms(gate) + 1,
                _ => 0,
            }
    }
}

/// How many micro-steps a stage of a unit has.
fn in_stage(layer: &Layer, pass: usize, stage: Stage) -> usize {
    match stage {
        Stage::Sum(gate) => layer.cell(pass).term_count(gate) + 1 + usize::from(gate.is_gate()),
        Stage::Mix(_) => 1,
    }
}

fn phase(layer: &Layer, pass: usize, stage: Stage, number: usize) -> Phase {
    match stage {
        Stage::Mix(line) => Phase::Line(line),
        Stage::Sum(gate) => match number.checked_sub(layer.cell(pass).term_count(gate)) {
            None => Phase::Product(number),
            Some(0) => Phase::Sum,
            Some(_) => Phase::Activation,
        },
    }
}

/// Which stage of its unit a position is in; none where the unit is not gone through term by term.
fn stage_of(position: Position, layer: &Layer, pass: usize) -> Option<usize> {
    let gate = layer.gates(pass).get(position.gate);
    layer.cell(pass).stages().iter().position(|&stage| match (position.phase, stage) {
        (Phase::Product(_) | Phase::Sum | Phase::Activation, Stage::Sum(name)) => gate == Some(&name),
        (Phase::Line(line), Stage::Mix(mix)) => line == mix,
        _ => false,
    })
}

impl Phase {
    /// Whether a unit is gone through term by term.
    pub const fn is_within_unit(self) -> bool {
        matches!(self, Self::Product(_) | Self::Sum | Self::Activation | Self::Line(_))
    }
}

impl Position {
    /// Whether all units of a layer are computed.
    pub const fn has_layer(&self, layer: usize) -> bool {
        layer < self.layer || (layer == self.layer && matches!(self.phase, Phase::Carried))
    }

    /// Whether the inputs of a layer are there.
    pub const fn has_inputs(&self, layer: usize) -> bool {
        match layer.checked_sub(1) {
            None => true,
            Some(before) => self.has_layer(before),
        }
    }

    /// Whether a unit is computed.
    pub const fn has_unit(&self, layer: usize, unit: usize) -> bool {
        self.has_layer(layer) || (layer == self.layer && matches!(self.phase, Phase::Unit) && unit <= self.unit)
    }

    /// Whether a line that combines the gates of a unit is worked out.
    pub fn has_line(&self, of: &Layer, layer: usize, unit: usize, line: usize) -> bool {
        match self.stage(of, layer, unit) {
            At::Beyond => true,
            At::Before => false,
            At::Stage(now) => of.cell(of.place(unit).pass).stages()[..=now].contains(&Stage::Mix(line)),
        }
    }

    /// How far the weighted sum of a gate of a unit has come.
    pub fn reached(&self, of: &Layer, layer: usize, unit: usize, gate: GateName) -> Reached {
        let is_of_all = gate == GateName::Projection && self.phase == Phase::Unit && layer == self.layer;
        let now = match self.stage(of, layer, unit) {
            At::Beyond if !is_of_all => return Reached::Output,
            At::Beyond | At::Before => return Reached::Products(0),
            At::Stage(now) => now,
        };
        let stages = of.cell(of.place(unit).pass).stages();
        match stages.iter().position(|&stage| stage == Stage::Sum(gate)) {
            Some(own) if own == now => match self.phase {
                Phase::Product(term) => Reached::Products(term + 1),
                // What is no gate has no activation either.
                Phase::Sum if gate.is_gate() => Reached::Sum,
                _ => Reached::Output,
            },
            Some(own) if own < now => Reached::Output,
            _ => Reached::Products(0),
        }
    }

    /// Which stage of a unit is the last that has begun.
    fn stage(&self, of: &Layer, layer: usize, unit: usize) -> At {
        let pass = of.place(unit).pass;
        match self.phase {
            _ if self.has_unit(layer, unit) => At::Beyond,
            _ if layer == self.layer && unit == self.unit => stage_of(*self, of, pass).map_or(At::Before, At::Stage),
            _ => At::Before,
        }
    }
}

/// Where a unit is among its stages.
enum At {
    /// None of them has begun.
    Before,
    /// This one has begun.
    Stage(usize),
    /// All are done.
    Beyond,
}
