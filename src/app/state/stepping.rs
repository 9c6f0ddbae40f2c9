//! The motions over timesteps and the micro-steps inside them.

use std::ops::Range;

use super::{Change, Focus, Standpoint, State};
use crate::app::micro_step::{Phase, Position, Walk};
use crate::app::settings::Veil;
use crate::scenario::Scenario;

impl State {
    /// The way through the timesteps at the zoom looked from.
    pub(super) fn walk(&self) -> Walk<'_> {
        walk_from(&self.run.scenario, &self.here)
    }

    /// The micro-step done last.
    pub const fn position(&self) -> Position {
        self.here.position
    }

    /// Whether all of the timestep shown is computed.
    pub fn is_complete(&self) -> bool {
        self.here.position == self.walk().end(self.here.position.t)
    }

    /// Whether results are covered until their micro-step is reached.
    pub const fn is_veiled(&self) -> bool {
        matches!(self.settings.veil, Veil::On)
    }

    /// Covers what is not reached yet, or shows the timestep whole.
    pub(super) fn toggle_veil(&mut self) {
        self.settings.veil = match self.settings.veil {
            Veil::Off => Veil::On,
            Veil::On => Veil::Off,
        };
        if !self.is_veiled() {
            self.go(self.here.position.t);
        }
    }

    /// Goes on or back under the veil, where each timestep is two steps: its row, then all of it.
    fn go_veiled(&mut self, half: usize) {
        let half = half.min(2 * self.last() + 1);
        match (half / 2, half % 2) {
            (t, 0) => self.move_to(self.walk().start(t), Change::MicroStep),
            (t, _) => self.complete(t),
        }
    }

    /// So many timesteps on, of which the first is the one shown where it is not complete.
    pub(in crate::app) fn next(&mut self, times: usize) {
        if self.is_veiled() {
            let half = 2 * self.here.position.t + usize::from(self.is_complete());
            return self.go_veiled(half.saturating_add(times));
        }
        let begun = usize::from(!self.is_complete());
        self.go(self.here.position.t.saturating_add(times.saturating_sub(begun)));
    }

    /// So many timesteps back; from inside the first to its beginning.
    pub(super) fn previous(&mut self, times: usize) {
        if self.is_veiled() {
            let begun = self.here.position != self.walk().start(self.here.position.t);
            return self.go_veiled((2 * self.here.position.t + usize::from(begun)).saturating_sub(times));
        }
        match self.here.position.t.checked_sub(times) {
            None if !self.is_complete() => self.move_to(self.walk().start(0), Change::Back),
            t => self.go(t.unwrap_or(0)),
        }
    }

    /// Goes to the end of a timestep, or of the last one if there are fewer; under the veil to its row.
    pub(in crate::app) fn go(&mut self, t: usize) {
        if self.is_veiled() {
            return self.go_veiled(2 * t.min(self.last()));
        }
        self.complete(t.min(self.last()));
    }

    /// Goes to the end of a timestep.
    fn complete(&mut self, t: usize) {
        let end = self.walk().end(t);
        let before = self.here.position.t;
        let change = match end.t.cmp(&before) {
            std::cmp::Ordering::Greater => Change::Forward(before),
            std::cmp::Ordering::Less => Change::Back,
            std::cmp::Ordering::Equal if end != self.here.position => Change::Completed,
            std::cmp::Ordering::Equal => Change::None,
        };
        self.move_to(end, change);
    }

    /// So many micro-steps on.
    pub(in crate::app) fn micro_forward(&mut self, times: usize) {
        let walk = self.walk();
        let from = walk.before(self.here.position);
        let to = walk.before(walk.forward(self.here.position, times));
        self.go_through(ends(from + 1..to + 1, walk.in_timestep(self.last())));
    }

    /// So many micro-steps back.
    pub(super) fn micro_backward(&mut self, times: usize) {
        let walk = self.walk();
        let from = walk.after(self.here.position);
        let to = walk.after(walk.backward(self.here.position, times));
        self.go_through(ends(to..from, walk.in_timestep(self.last())).rev());
    }

    /// Goes through micro-steps, by their numbers, to the last of them, and looks at where each happens.
    fn go_through(&mut self, numbers: impl Iterator<Item = usize>) {
        let before = self.here.position;
        for number in numbers {
            self.here.position = self.walk().at(number);
            self.look_at_work();
        }
        let position = std::mem::replace(&mut self.here.position, before);
        if position != before {
            self.move_to(position, Change::MicroStep);
        }
    }

    /// Looks at where the micro-step done last happens.
    fn look_at_work(&mut self) {
        let position = self.here.position;
        self.look_at(position.layer);
        if position.phase.is_within_unit() || position.phase == Phase::Unit {
            self.look_at_unit(position.unit);
        }
        if position.phase.is_within_unit() && self.here.focus.gate != position.gate {
            self.here.focus.gate = position.gate;
            self.here.first_term = 0;
        }
    }

    /// Goes to a micro-step, of which the screen marks what is said to have changed; whatever else was gone to is given up.
    pub(in crate::app) fn move_to(&mut self, position: Position, change: Change) {
        if position.t != self.here.position.t {
            self.here.notes = self.here.notes.map(|_| 0);
        }
        self.here.position = position;
        self.here.change = change;
        self.work = None;
    }

    /// The standpoint from which the micro-step of the same number, as far as there is one, is seen in another scenario.
    pub(super) fn same_place_in(&self, scenario: &Scenario) -> Standpoint {
        let from = self.heading();
        let t = from.position.t;
        let walk = walk_from(&self.latest().scenario, from);
        let inside = walk.before(from.position) - walk.before(walk.start(t));
        let is_complete = from.position == walk.end(t);
        let mut there = from.clone();
        let layers = &scenario.network.layers;
        there.units.resize(layers.len(), 0);
        there.units.iter_mut().zip(layers).for_each(|(unit, layer)| *unit = (*unit).min(layer.units().saturating_sub(1)));
        let t = t.min(scenario.timesteps() - 1);
        let walk = Walk { units: &there.units, ..walk_from(scenario, from) };
        let number = walk.before(walk.start(t)) + inside.min(walk.in_timestep(t) - 1);
        there.position = if is_complete { walk.end(t) } else { walk.at(number) };
        if from.focus.layer >= layers.len() {
            there.focus = Focus { layer: layers.len() - 1, ..Focus::default() };
            there.first_term = 0;
        }
        let layer = &layers[there.focus.layer];
        there.focus.unit = there.units[there.focus.layer];
        let gates = layer.gates(layer.place(there.focus.unit).pass);
        there.focus.gate = there.focus.gate.min(gates.len().saturating_sub(1));
        there
    }

    /// Scrolls to the term that is multiplied, where not all terms have room.
    pub(super) fn follow_term(&mut self) {
        let Phase::Product(term) = self.here.position.phase else { return };
        if self.here.change != Change::MicroStep || self.limits.terms == 0 {
            return;
        }
        let gate = self.gate();
        let shown = self.layer().cell(self.place().pass).term_count(gate).saturating_sub(self.limits.terms);
        let first = self.here.first_term.max((term + 1).saturating_sub(shown)).min(term);
        self.here.first_term = first.min(self.limits.terms);
    }
}

/// The way through the timesteps of a scenario at the zoom of a standpoint.
fn walk_from<'w>(scenario: &'w Scenario, from: &'w Standpoint) -> Walk<'w> {
    Walk { network: &scenario.network, timesteps: scenario.timesteps(), zoom: from.zoom, units: &from.units }
}

/// The first and the last of some numbers, so many of each: what was looked at in a timestep is looked at again in each that
/// lies between.
fn ends(numbers: Range<usize>, most: usize) -> impl DoubleEndedIterator<Item = usize> {
    let first = numbers.start..numbers.end.min(numbers.start.saturating_add(most));
    let last = first.end.max(numbers.end.saturating_sub(most))..numbers.end;
    first.chain(last)
}
