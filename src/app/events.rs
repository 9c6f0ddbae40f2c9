//! The search of the next or previous event: where it has come, and what it tells.

use super::notice::Notice;
use super::state::{Change, State};
use crate::engine::event::{Event, Neighbours, events};
use crate::engine::network::{LayerStep, NetworkStep};
use crate::engine::timeline::{STRETCH, Timeline};
use crate::scenario::Scenario;

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
#[derive(Clone, Copy, Debug)]
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
}

/// All that happens at a timestep of a timeline that holds it and those around it, in the order of the layers; the claim last.
pub fn happenings(scenario: &Scenario, timeline: &Timeline, t: usize) -> Vec<Happening> {
    let Some(step) = timeline.get(t) else { return Vec::new() };
    let before = t.checked_sub(1).and_then(|t| timeline.get(t));
    let after = timeline.get(t + 1);
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
    /// Goes on to the next timestep, if there is one.
    fn go_on(&mut self, last: usize) -> bool {
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
    fn percent(&self, last: usize) -> usize {
        let whole = match self.way {
            Way::Forward => last.saturating_sub(self.from),
            Way::Backward => self.from,
        };
        self.at.abs_diff(self.from) * 100 / whole.max(1)
    }
}

impl State {
    /// Whether a search of an event is not at its end.
    pub const fn is_searching(&self) -> bool {
        self.hunt.is_some()
    }

    /// Begins to search an event, so many on from the one told at the timestep shown, else from that timestep on.
    pub(super) fn search_event(&mut self, way: Way, times: usize) {
        if self.is_veiled() {
            return self.tell(Notice::Veiled);
        }
        let t = self.t();
        let beyond = self.told.filter(|told| told.t == t && self.is_complete());
        self.hunt = (times > 0).then_some(Hunt { way, from: t, at: t, beyond, left: times, found: None });
        self.search_on();
    }

    /// Searches a stretch of timesteps more.
    pub fn search_on(&mut self) {
        let Some(mut hunt) = self.hunt.take() else { return };
        let last = self.last();
        hunt.at = hunt.at.min(last);
        let first = hunt.at / STRETCH * STRETCH;
        let stretch = match hunt.way {
            Way::Forward => hunt.at..(first + STRETCH).min(last + 1),
            Way::Backward => first..hunt.at + 1,
        };
        let mut happenings = self.happenings(stretch);
        if hunt.way == Way::Backward {
            happenings.reverse();
        }
        for happenings in happenings {
            if hunt.take(&happenings) || !hunt.go_on(last) {
                return self.end_search(hunt);
            }
        }
        self.tell(Notice::Searching { percent: hunt.percent(last) });
        self.hunt = Some(hunt);
    }

    /// Searches to the end.
    pub fn finish_search(&mut self) {
        while self.is_searching() {
            self.search_on();
        }
    }

    /// Gives the search up, where there is one, and stays.
    pub fn interrupt_search(&mut self) {
        if let Some(hunt) = self.hunt.take() {
            self.hold();
            self.tell(Notice::SearchInterrupted { t: hunt.at });
        }
    }

    /// Goes where the search has led, and says what is there.
    fn end_search(&mut self, hunt: Hunt) {
        let Some((told, happening)) = hunt.found else {
            self.hold();
            return self.tell(Notice::NoEvent(hunt.way));
        };
        self.go(told.t);
        let change = self.change;
        let (layer, unit, gate) = match happening {
            Happening::Unit(event) => (event.layer, event.unit, event.gate),
            Happening::Claim(output) => (usize::MAX, output, None),
        };
        self.choose_cell(layer, Some(unit));
        if let Some(gate) = gate {
            self.choose_gate_at(gate);
        }
        if change != Change::None {
            self.change = change;
        }
        self.told = Some(told);
        self.tell(Notice::Event { t: told.t, happening });
    }
}
