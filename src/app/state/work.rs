//! What takes longer than a key has time for: done a slice at a time, while the screen stays as it was and says how far it is.

use std::ops::Range;

use super::what_if::Comparison;
use super::{Outcome, Run, Standpoint, State};
use crate::app::autoplay::Play;
use crate::app::events::Hunt;
use crate::app::foreseen;
use crate::app::notice::{Doing, Notice};
use crate::app::request::Request;
use crate::app::sight;

/// How much is computed at once where a key asks for it, in weights that are multiplied: what takes some 50 ms.
const MOMENT: u64 = 1 << 27;

/// The same between two looks at whether another key has come: some 5 ms.
pub(super) const SLICE: u64 = 1 << 24;

/// Something that is not done in a moment.
#[derive(Clone, Debug)]
pub(in crate::app) enum Work {
    /// An event is searched.
    Search(Box<Hunt>),
    /// What is to be seen where the stepper goes is computed.
    Way(Box<Way>),
}

/// Where the stepper goes.
#[derive(Clone, Debug)]
pub(in crate::app) struct Way {
    there: Standpoint,
    with: With,
    /// How much there was to compute.
    whole: u64,
}

/// What the screen can show of other timesteps.
#[derive(Clone, Copy)]
struct Sight {
    /// How many before the cursor, or after it.
    look_back: usize,
    is_veiled: bool,
}

/// What is other there than here.
#[derive(Clone, Debug)]
pub(super) enum With {
    /// No number.
    Same,
    /// The original is shown beside the edited scenario.
    Original(Comparison),
    /// Numbers were edited, or edits undone.
    Edited(Run),
    /// Another version of the file was read.
    Reloaded(Run),
}

impl With {
    const fn run(&self) -> Option<&Run> {
        match self {
            Self::Edited(run) | Self::Reloaded(run) => Some(run),
            Self::Same | Self::Original(_) => None,
        }
    }
}

impl Way {
    /// Computes no more than so much of what is to be seen there; whether nothing is left.
    fn go_on(&mut self, run: &mut Run, sight: Sight, effort: &mut u64) -> bool {
        let t = self.there.position.t;
        match &mut self.with {
            With::Same => run.prepare(t, sight, effort),
            With::Original(original) => {
                run.prepare(t, sight, effort) && original.prepare(&mut run.timeline, sight.back(t), effort)
            }
            With::Edited(run) | With::Reloaded(run) => run.prepare(t, sight, effort),
        }
    }

    /// How much is left to be computed.
    fn left(&self, run: &Run, sight: Sight) -> u64 {
        let t = self.there.position.t;
        let beside = match &self.with {
            With::Original(original) => original.left(sight.back(t)),
            With::Same | With::Edited(_) | With::Reloaded(_) => 0,
        };
        self.with.run().unwrap_or(run).left(t, sight).saturating_add(beside)
    }

    fn doing(&self, here: &Standpoint) -> Doing {
        match &self.with {
            With::Reloaded(_) => Doing::Reloading,
            With::Same if self.there.position.t != here.position.t => Doing::Going { t: self.there.position.t },
            With::Same | With::Original(_) | With::Edited(_) => Doing::Computing,
        }
    }
}

impl Sight {
    /// The timesteps up to one that can be seen from there.
    const fn back(self, t: usize) -> (usize, usize) {
        (t.saturating_sub(self.look_back), t)
    }
}

impl Run {
    /// The timesteps that the screen may ask for where one stands at one of them.
    fn range(&self, t: usize, sight: Sight) -> (usize, usize) {
        let (from, foreseen) = (sight.back(t).0, self.foreseen_at(t, sight));
        // What a pass from the last timestep gave before it comes to this one is to be seen too.
        let ahead = if self.scenario.network.looks_ahead() && !sight.is_veiled { sight.look_back } else { 0 };
        let to = t.saturating_add(ahead).min(self.scenario.timesteps() - 1);
        (from.min(foreseen.start), to.max(foreseen.end.saturating_sub(1)))
    }

    /// The timesteps that are looked at together: under the veil nothing on the screen depends on what comes after.
    fn foreseen_at(&self, t: usize, sight: Sight) -> Range<usize> {
        if sight.is_veiled { t..t } else { foreseen::around(&self.scenario.network, t, self.scenario.timesteps()) }
    }

    /// Computes no more than so much of what the screen may ask for there; whether nothing is left.
    fn prepare(&mut self, t: usize, sight: Sight, effort: &mut u64) -> bool {
        let (from, to) = self.range(t, sight);
        self.timeline.prepare(from, to, effort)
            && match &mut self.comparison {
                Some(comparison) => comparison.prepare(&mut self.timeline, sight.back(t), effort),
                None => true,
            }
    }

    /// How much of it is left to be computed.
    fn left(&self, t: usize, sight: Sight) -> u64 {
        let (from, to) = self.range(t, sight);
        let beside = self.comparison.as_ref().map_or(0, |comparison| comparison.left(sight.back(t)));
        self.timeline.left(from, to).saturating_add(beside)
    }

    /// Holds what the screen may ask for there.
    fn hold(&mut self, t: usize, sight: Sight) {
        let (from, to) = self.range(t, sight);
        self.timeline.hold(from, to);
        if let Some(comparison) = &mut self.comparison {
            let (from, to) = sight.back(t);
            comparison.hold(from, to);
        }
    }
}

impl State {
    /// Whether something is not done in the moment there was for it.
    pub const fn is_working(&self) -> bool {
        self.work.is_some()
    }

    /// Whether anything is computed of the timestep shown: not before the first of all computations is done.
    pub fn has_numbers(&self) -> bool {
        self.run.timeline.get(self.here.position.t).is_some()
    }

    /// Goes on with it for a slice of time.
    pub fn work_on(&mut self) {
        self.work_for(SLICE);
    }

    /// Does all of it.
    pub fn finish_work(&mut self) {
        while self.is_working() {
            self.work_for(u64::MAX);
        }
    }

    /// Gives it up, where there is something, and stays.
    pub fn interrupt_work(&mut self) -> Outcome {
        let Some(work) = self.work.take() else { return Outcome::Go };
        self.autoplay.play = Play::Paused;
        self.show();
        match work {
            Work::Search(hunt) => self.tell(Notice::SearchInterrupted { t: hunt.at() }),
            Work::Way(way) => {
                self.tell(Notice::Interrupted(way.doing(&self.here)));
                if way.with.run().is_some() {
                    return Outcome::Ask(Request::KeepEdits);
                }
            }
        }
        Outcome::Go
    }

    /// Where it goes, or stays.
    pub(in crate::app) fn heading(&self) -> &Standpoint {
        match &self.work {
            Some(Work::Way(way)) => &way.there,
            Some(Work::Search(_)) | None => &self.here,
        }
    }

    /// The timestep it goes to, or is at.
    pub fn bound_for(&self) -> usize {
        self.heading().position.t
    }

    /// The same standpoint, to be told of things.
    pub(in crate::app) fn heading_mut(&mut self) -> &mut Standpoint {
        match &mut self.work {
            Some(Work::Way(way)) => &mut way.there,
            Some(Work::Search(_)) | None => &mut self.here,
        }
    }

    /// What is stepped through, with edits and in a version that may not be shown yet.
    pub(super) fn latest(&self) -> &Run {
        match &self.work {
            Some(Work::Way(way)) => way.with.run().unwrap_or(&self.run),
            Some(Work::Search(_)) | None => &self.run,
        }
    }

    /// Goes where an action has led from a standpoint, once what is to be seen there is computed.
    pub(in crate::app) fn settle(&mut self, before: Standpoint) {
        if self.work.is_none() {
            let there = std::mem::replace(&mut self.here, before);
            self.set_off(there, With::Same);
        }
    }

    /// Goes somewhere: at once, where all that is to be seen there is computed in a moment.
    pub(super) fn set_off(&mut self, mut there: Standpoint, with: With) {
        // How far it was on another way says nothing of this one.
        there.notice.take_if(|notice| matches!(notice, Notice::Working { .. }));
        let mut way = Box::new(Way { there, with, whole: 0 });
        way.whole = way.left(&self.run, self.sight());
        self.work = Some(Work::Way(way));
        self.advance(MOMENT);
    }

    /// Begins a search.
    pub(in crate::app) fn search_for(&mut self, hunt: Hunt) {
        self.work = Some(Work::Search(Box::new(hunt)));
        self.advance(MOMENT);
    }

    fn work_for(&mut self, effort: u64) {
        self.advance(effort);
        if !self.is_working() {
            self.stop_where_due();
        }
    }

    fn advance(&mut self, mut effort: u64) {
        match self.work.take() {
            None => {}
            Some(Work::Search(mut hunt)) => {
                let before = self.here.clone();
                if hunt.go_on(&self.run.scenario, &mut self.run.timeline, &mut effort) {
                    self.end_search(&hunt);
                    return self.settle(before);
                }
                self.tell(Notice::Working { doing: Doing::Searching, percent: hunt.percent(self.last()) });
                self.work = Some(Work::Search(hunt));
            }
            Some(Work::Way(mut way)) => {
                let sight = self.sight();
                if way.go_on(&mut self.run, sight, &mut effort) {
                    return self.arrive(*way);
                }
                let left = way.left(&self.run, sight);
                way.whole = way.whole.max(left).max(1);
                let percent = ((way.whole - left) as u128 * 100 / way.whole as u128) as usize;
                self.tell(Notice::Working { doing: way.doing(&self.here), percent });
                self.work = Some(Work::Way(way));
            }
        }
    }

    fn arrive(&mut self, way: Way) {
        self.here = way.there;
        match way.with {
            With::Same => {}
            With::Original(original) => self.run.comparison = Some(original),
            With::Edited(run) | With::Reloaded(run) => {
                let before = std::mem::replace(&mut self.run, run);
                let (values, others) = (self.run.edits.original(), before.edits.original());
                self.entry.take_if(|entry| !values.has_place_for(entry.number, others));
            }
        }
        self.show();
    }

    const fn sight(&self) -> Sight {
        Sight { look_back: self.look_back, is_veiled: self.is_veiled() }
    }

    /// Computes what the screen may ask for, and shows it.
    pub(super) fn hold(&mut self) {
        self.run.hold(self.here.position.t, self.sight());
        self.show();
    }

    /// Shows of the timestep what the micro-step has reached; before anything is computed, its row.
    pub(super) fn show(&mut self) {
        let (t, sight) = (self.here.position.t, self.sight());
        let (from, to) = self.run.range(t, sight);
        if self.run.timeline.left(from, to) == 0 {
            self.run.hold(t, sight);
            let foreseen = self.run.foreseen_at(t, sight);
            self.run.foreseen.look_at(foreseen, self.settings.language);
        }
        let is_complete = self.is_complete();
        let network = &self.run.scenario.network;
        self.seen = match self.run.timeline.get(t) {
            Some(_) if is_complete => None,
            Some(step) => Some(sight::step(network, step, self.here.position)),
            None => self.run.scenario.inputs.row(t).to_slice().map(|row| sight::row(network, row, (t, self.last()))),
        };
    }

    /// Takes in how far back the screen can see: the steps it may ask for are there after this, or are computed from now on.
    pub(super) fn see_back(&mut self, look_back: usize) {
        self.look_back = look_back;
        if self.is_working() {
            return;
        }
        // Where the first of all computations was given up, the next key begins with it anew.
        if !self.has_numbers() {
            return self.show();
        }
        self.set_off(self.here.clone(), With::Same);
    }
}
