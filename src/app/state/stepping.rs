//! The motions over timesteps and the micro-steps inside them.

use std::ops::Range;

use super::{Change, State};
use crate::app::events::{Happening, happenings};
use crate::app::foreseen;
use crate::app::micro_step::{Phase, Position, Walk};
use crate::app::settings::Veil;
use crate::app::sight;

impl State {
    /// The way through the timesteps at the zoom looked from.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { network: &self.scenario.network, timesteps: self.scenario.timesteps(), zoom: self.zoom, units: &self.units }
    }

    /// The micro-step done last.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Whether all of the timestep shown is computed.
    pub fn is_complete(&self) -> bool {
        self.position == self.walk().end(self.position.t)
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
            self.go(self.position.t);
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
            let half = 2 * self.position.t + usize::from(self.is_complete());
            return self.go_veiled(half.saturating_add(times));
        }
        let begun = usize::from(!self.is_complete());
        self.go(self.position.t.saturating_add(times.saturating_sub(begun)));
    }

    /// So many timesteps back; from inside the first to its beginning.
    pub(super) fn previous(&mut self, times: usize) {
        if self.is_veiled() {
            let begun = self.position != self.walk().start(self.position.t);
            return self.go_veiled((2 * self.position.t + usize::from(begun)).saturating_sub(times));
        }
        match self.position.t.checked_sub(times) {
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
        let before = self.position.t;
        let change = match end.t.cmp(&before) {
            std::cmp::Ordering::Greater => Change::Forward(before),
            std::cmp::Ordering::Less => Change::Back,
            std::cmp::Ordering::Equal if end != self.position => Change::Completed,
            std::cmp::Ordering::Equal => Change::None,
        };
        self.move_to(end, change);
    }

    /// So many micro-steps on.
    pub(in crate::app) fn micro_forward(&mut self, times: usize) {
        let walk = self.walk();
        let from = walk.before(self.position);
        let to = walk.before(walk.forward(self.position, times));
        self.go_through(ends(from + 1..to + 1, walk.in_timestep(self.last())));
    }

    /// So many micro-steps back.
    pub(super) fn micro_backward(&mut self, times: usize) {
        let walk = self.walk();
        let from = walk.after(self.position);
        let to = walk.after(walk.backward(self.position, times));
        self.go_through(ends(to..from, walk.in_timestep(self.last())).rev());
    }

    /// Goes through micro-steps, by their numbers, to the last of them, and looks at where each happens.
    fn go_through(&mut self, numbers: impl Iterator<Item = usize>) {
        let before = self.position;
        for number in numbers {
            self.position = self.walk().at(number);
            self.look_at_work();
        }
        let position = std::mem::replace(&mut self.position, before);
        if position != before {
            self.move_to(position, Change::MicroStep);
        }
    }

    /// Looks at where the micro-step done last happens.
    fn look_at_work(&mut self) {
        let position = self.position;
        self.look_at(position.layer);
        if position.phase.is_within_unit() || position.phase == Phase::Unit {
            self.look_at_unit(position.unit);
        }
        if position.phase.is_within_unit() && self.focus.gate != position.gate {
            self.focus.gate = position.gate;
            self.first_term = 0;
        }
    }

    /// Goes to a micro-step, of which the screen marks what is said to have changed.
    pub(in crate::app) fn move_to(&mut self, position: Position, change: Change) {
        if position.t != self.position.t {
            self.notes = self.notes.map(|_| 0);
        }
        self.position = position;
        self.change = change;
        self.hold();
    }

    /// What happens at timesteps from one on to before another, each with those around it.
    pub(in crate::app) fn happenings(&mut self, timesteps: Range<usize>) -> Vec<Vec<Happening>> {
        self.timeline.hold(timesteps.start.saturating_sub(1), timesteps.end);
        timesteps.map(|t| happenings(&self.scenario, &self.timeline, t)).collect()
    }

    /// Computes what the screen may ask for, and covers what the micro-step has not reached.
    pub(in crate::app) fn hold(&mut self) {
        let t = self.position.t;
        let from = t.saturating_sub(self.look_back);
        // Under the veil nothing on the screen depends on what comes after.
        let foreseen = match self.is_veiled() {
            true => t..t,
            false => foreseen::around(&self.scenario.network, t, self.scenario.timesteps()),
        };
        self.timeline.hold(from.min(foreseen.start), t.max(foreseen.end.saturating_sub(1)));
        self.foreseen.look_at(foreseen, self.settings.language);
        if let Some(comparison) = &mut self.comparison {
            comparison.hold(&self.timeline, from, t);
        }
        let is_complete = self.is_complete();
        let step = self.timeline.get(t).filter(|_| !is_complete);
        self.seen = step.map(|step| sight::step(&self.scenario.network, step, self.position));
    }

    /// Does something that may give another scenario, and stays at the micro-step of the same number, as far as there is one.
    pub(super) fn stay_while(&mut self, change: impl FnOnce(&mut Self)) {
        let (t, is_complete) = (self.position.t, self.is_complete());
        let inside = self.walk().before(self.position) - self.walk().before(self.walk().start(t));
        change(self);
        let layers = &self.scenario.network.layers;
        self.units.resize(layers.len(), 0);
        self.units.iter_mut().zip(layers).for_each(|(unit, layer)| *unit = (*unit).min(layer.units().saturating_sub(1)));
        let t = t.min(self.last());
        let walk = self.walk();
        let number = walk.before(walk.start(t)) + inside.min(walk.in_timestep(t) - 1);
        self.position = if is_complete { walk.end(t) } else { walk.at(number) };
    }

    /// Scrolls to the term that is multiplied, where not all terms have room.
    pub(super) fn follow_term(&mut self) {
        let Phase::Product(term) = self.position.phase else { return };
        if self.change != Change::MicroStep || self.limits.terms == 0 {
            return;
        }
        let gate = self.gate();
        let shown = self.layer().cell(self.place().pass).term_count(gate).saturating_sub(self.limits.terms);
        let first = self.first_term.max((term + 1).saturating_sub(shown)).min(term);
        self.first_term = first.min(self.limits.terms);
    }
}

/// The first and the last of some numbers, so many of each: what was looked at in a timestep is looked at again in each that
/// lies between.
fn ends(numbers: Range<usize>, most: usize) -> impl DoubleEndedIterator<Item = usize> {
    let first = numbers.start..numbers.end.min(numbers.start.saturating_add(most));
    let last = first.end.max(numbers.end.saturating_sub(most))..numbers.end;
    first.chain(last)
}
