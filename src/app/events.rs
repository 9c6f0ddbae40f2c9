//! The search of the next or previous event: where it has come, and what it tells.

use super::notice::Notice;
use super::state::{Change, State};
use crate::engine::event::{Event, Neighbours, events};
use crate::engine::network::{LayerStep, NetworkStep};
use crate::engine::timeline::{Timeline, Window};
use crate::scenario::Scenario;

/// What it takes to look for events at a timestep, in weights that are multiplied in that time.
const LOOK: u64 = 4096;

/// Which way a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the last timestep.
    Forward,
    /// To the first.
    Backward,
}

/// What is told of a timestep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Something that happens to a unit.
    Unit(Event),
    /// What is claimed of an output, counted from 0, fails.
    Claim(usize),
}

/// Which event of which timestep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    t: usize,
    number: usize,
}

/// A search that has not come to its end.
#[derive(Clone, Debug)]
pub(super) struct Hunt {
    way: Way,
    /// Where it began.
    from: usize,
    /// The timestep to be looked at next.
    at: usize,
    /// The event told before, beyond which it goes on.
    beyond: Option<Told>,
    /// How many more events are to be found.
    left: usize,
    /// The one found last.
    found: Option<(Told, Happening)>,
    /// The steps around the timestep.
    window: Window,
}

/// All that happens at a timestep, of which the step before and the one after are given too where there are such, in the order
/// of the layers; the claim last.
pub fn happenings(scenario: &Scenario, [before, now, after]: [Option<&NetworkStep>; 3]) -> Vec<Happening> {
    let Some(step) = now else { return Vec::new() };
    let layers = scenario.network.layers.iter().enumerate().zip(&step.layers);
    let of_layers = layers.filter_map(|((number, layer), step)| {
        let around = Neighbours { before: of_layer(before, number), after: of_layer(after, number) };
        Some(events(number, layer, step.as_ref()?, around))
    });
    let fails = scenario.claim(step).and_then(|claim| claim.each.iter().position(|holds| *holds == Some(false)));
    of_layers.flatten().map(Happening::Unit).chain(fails.map(Happening::Claim)).collect()
}

fn of_layer(step: Option<&NetworkStep>, number: usize) -> Option<&LayerStep> {
    step?.layers.get(number)?.as_ref()
}

impl Hunt {
    /// Searches with no more than so much; whether the search is at its end.
    pub(super) fn go_on(&mut self, scenario: &Scenario, timeline: &mut Timeline, effort: &mut u64) -> bool {
        let last = timeline.len().saturating_sub(1);
        self.at = self.at.min(last);
        loop {
            let (before, t) = (self.at.saturating_sub(1), self.at);
            if *effort == 0 || !timeline.grow(&mut self.window, before, t + 1, effort) {
                return false;
            }
            *effort = effort.saturating_sub(LOOK);
            let before = t.checked_sub(1).and_then(|t| self.window.get(t));
            let happenings = happenings(scenario, [before, self.window.get(t), self.window.get(t + 1)]);
            if self.take(&happenings) || !self.next(last) {
                return true;
            }
        }
    }

    /// The timestep to be looked at next.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Goes on to the next timestep, if there is one.
    fn next(&mut self, last: usize) -> bool {
        let next = match self.way {
            Way::Forward => self.at.checked_add(1).filter(|t| *t <= last),
            Way::Backward => self.at.checked_sub(1),
        };
        self.at = next.unwrap_or(self.at);
        next.is_some()
    }

    /// Takes in what happens at the timestep looked at, and whether that was all that was to be found.
    fn take(&mut self, happenings: &[Happening]) -> bool {
        let at = self.at;
        let is_beyond = |number: usize| match (self.beyond, self.way) {
            (Some(told), Way::Forward) if told.t == at => number > told.number,
            (Some(told), Way::Backward) if told.t == at => number < told.number,
            _ => true,
        };
        let mut numbers: Vec<usize> = (0..happenings.len()).filter(|number| is_beyond(*number)).collect();
        if self.way == Way::Backward {
            numbers.reverse();
        }
        if let Some(&number) = numbers.get(..self.left).unwrap_or(&numbers).last() {
            self.found = Some((Told { t: at, number }, happenings[number]));
        }
        self.left = self.left.saturating_sub(numbers.len());
        self.left == 0
    }

    /// How much of the way is done, in percent.
    pub(super) fn percent(&self, last: usize) -> usize {
        let whole = match self.way {
            Way::Forward => last.saturating_sub(self.from),
            Way::Backward => self.from,
        };
        self.at.abs_diff(self.from) * 100 / whole.max(1)
    }
}

impl State {
    /// Begins to search an event, so many on from the one told at the timestep shown, else from that timestep on.
    pub(super) fn search_event(&mut self, way: Way, times: usize) {
        if self.is_veiled() {
            return self.tell(Notice::Veiled);
        }
        let t = self.t();
        // What is to come at a timestep that is not gone through is not before it.
        let at = if way == Way::Backward && !self.is_complete() { t.checked_sub(1) } else { Some(t) };
        let Some(at) = at else { return self.tell(Notice::NoEvent(way)) };
        let beyond = self.here.told.filter(|told| told.t == t && self.is_complete());
        if times > 0 {
            self.search_for(Hunt { way, from: at, at, beyond, left: times, found: None, window: Window::default() });
        }
    }

    /// Goes where a search has led, and says what is there.
    pub(super) fn end_search(&mut self, hunt: &Hunt) {
        let Some((told, happening)) = hunt.found else {
            return self.tell(Notice::NoEvent(hunt.way));
        };
        self.go(told.t);
        let change = self.here.change;
        let (layer, unit, gate) = match happening {
            Happening::Unit(event) => (event.layer, event.unit, event.gate),
            Happening::Claim(output) => (usize::MAX, output, None),
        };
        self.choose_cell(layer, Some(unit));
        if let Some(gate) = gate {
            self.choose_gate_at(gate);
        }
        if change != Change::None {
            self.here.change = change;
        }
        self.here.told = Some(told);
        self.tell(Notice::Event { t: told.t, happening });
    }
}
