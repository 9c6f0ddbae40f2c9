//! Steps that are held: as many as are asked for, computed a little at a time where there are more than a moment has time for.

use std::collections::VecDeque;
use std::mem;
use std::ops::RangeInclusive;

use super::STRETCH;
use super::course::{Course, work};
use crate::engine::cell::State;
use crate::engine::network::{Direction, LayerStep, NetworkStep};

/// Consecutive steps of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Window {
    steps: VecDeque<NetworkStep>,
    /// Those that come before them, until there are all.
    front: Vec<NetworkStep>,
    /// Those that are computed now.
    draft: Option<Draft>,
}

/// Consecutive steps of a stretch while they are computed, layer by layer.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    steps: Vec<NetworkStep>,
    /// Per layer: the state its forward pass carries into the first of them.
    before: Vec<State>,
    layer: usize,
    pass: usize,
    /// How many steps of the pass are computed.
    done: usize,
    /// What it carries into the next.
    state: State,
}

impl Draft {
    /// Timesteps of one stretch, of which nothing is computed.
    pub fn new(course: &Course, timesteps: RangeInclusive<usize>, before: Vec<State>) -> Self {
        let layers = course.network.layers.len();
        let steps = timesteps.map(|t| NetworkStep { t, layers: Vec::with_capacity(layers) }).collect();
        Self { steps, before, layer: 0, pass: 0, done: 0, state: State::default() }
    }

    /// Whether it is of these timesteps.
    pub fn is_of(&self, timesteps: &RangeInclusive<usize>) -> bool {
        let ends = self.steps.first().zip(self.steps.last()).map(|(first, last)| (first.t, last.t));
        ends == Some((*timesteps.start(), *timesteps.end()))
    }

    /// Computes no more than so much; whether nothing is left.
    pub fn go_on(&mut self, course: &Course, effort: &mut u64) -> bool {
        while self.layer < course.network.layers.len() {
            if self.done == 0 {
                self.begin_pass(course);
            }
            if !self.go_over(course, effort) {
                return false;
            }
            self.done = 0;
            self.pass += 1;
            if self.pass == course.network.layers[self.layer].passes() {
                self.pass = 0;
                self.layer += 1;
            }
        }
        true
    }

    fn begin_pass(&mut self, course: &Course) {
        let layer = &course.network.layers[self.layer];
        match layer.pass(self.pass).0 {
            Direction::Forward => self.state.clone_from(&self.before[self.layer]),
            Direction::Backward => {
                let stretch = self.steps.first().map_or(0, |step| step.t / STRETCH);
                self.state = course.behind(self.layer, stretch).cloned().unwrap_or_default();
            }
        }
        if self.pass > 0 {
            return;
        }
        let last = course.len().saturating_sub(1);
        for step in &mut self.steps {
            let is_due = step.t == last || !layer.is_last_only();
            let sees = step.layers.get(..self.layer).and_then(<[_]>::last).is_none_or(Option::is_some);
            // Where nothing of the pass was computed in the time there was, it begins once more.
            step.layers.truncate(self.layer);
            step.layers.push(
                (is_due && sees).then(|| LayerStep {
                    passes: Vec::with_capacity(layer.passes()),
                    output: Vec::with_capacity(layer.outputs()),
                }),
            );
        }
    }

    /// Goes on with a pass over the steps; whether it is at its end.
    fn go_over(&mut self, course: &Course, effort: &mut u64) -> bool {
        let (direction, cell) = course.network.layers[self.layer].pass(self.pass);
        let work = work(cell);
        while self.done < self.steps.len() {
            if *effort == 0 {
                return false;
            }
            *effort = effort.saturating_sub(work);
            let number = match direction {
                Direction::Forward => self.done,
                Direction::Backward => self.steps.len() - 1 - self.done,
            };
            self.done += 1;
            let NetworkStep { t, layers } = &mut self.steps[number];
            let (below, own) = layers.split_at_mut(self.layer);
            let x = match below.last() {
                None => course.row(*t),
                Some(below) => below.as_ref().map(|below| below.output.as_slice()),
            };
            let (Some(x), Some(Some(own))) = (x, own.first_mut()) else { continue };
            let step = cell.step(x, &self.state);
            self.state.clone_from(&step.after);
            own.output.extend_from_slice(&step.output);
            own.passes.push(step);
        }
        true
    }

    /// The steps, of which nothing is left to compute.
    pub fn into_steps(self) -> Vec<NetworkStep> {
        self.steps
    }
}

impl Window {
    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The step at `t`, if it is there.
    pub fn get(&self, t: usize) -> Option<&NetworkStep> {
        let first = self.steps.front()?.t;
        self.steps.get(t.checked_sub(first)?)
    }

    /// The first timestep and the one after the last.
    fn range(&self) -> Option<(usize, usize)> {
        Some((self.steps.front()?.t, self.steps.back()?.t + 1))
    }

    /// Whether timesteps overlap with those that are there, or follow them so closely that they are computed from there.
    pub(super) fn meets(&self, from: usize, to: usize) -> bool {
        self.range().is_some_and(|(first, end)| start(from) <= end && to + 1 >= first)
    }

    /// Computes what is missing of `from..=to`, no more than so much; whether nothing is left.
    pub(super) fn grow(&mut self, course: &mut Course, from: usize, to: usize, effort: &mut u64) -> bool {
        if !course.look_ahead(effort) {
            return false;
        }
        if !self.meets(from, to) {
            self.steps.clear();
            self.front.clear();
            if !course.reach(from / STRETCH, effort) {
                return false;
            }
        }
        self.grow_front(course, from, effort) && self.grow_back(course, from, to, effort)
    }

    /// How much is left to be computed of them.
    pub(super) fn left(&self, course: &Course, from: usize, to: usize) -> u64 {
        let missing = match self.range().filter(|_| self.meets(from, to)) {
            Some((first, end)) => {
                let front = if from < first { (first - start(from)).saturating_sub(self.front.len()) } else { 0 };
                front + (to + 1).saturating_sub(end)
            }
            None => to + 1 - start(from),
        };
        let reached = if self.meets(from, to) { 0 } else { course.left(from / STRETCH) };
        let steps = course.work().saturating_mul(missing as u64);
        course.left_ahead().saturating_add(reached).saturating_add(steps)
    }

    /// Computes the steps from the checkpoint before one on, up to the first that is there.
    fn grow_front(&mut self, course: &mut Course, from: usize, effort: &mut u64) -> bool {
        let Some((first, _)) = self.range().filter(|(first, _)| from < *first) else { return true };
        let start = start(from);
        if self.front.first().is_some_and(|step| step.t != start) {
            self.front.clear();
        }
        while start + self.front.len() < first {
            let next = start + self.front.len();
            let before = |front: &[NetworkStep], course: &Course| match front.last() {
                Some(last) => course.after(last),
                None => course.states(next / STRETCH),
            };
            let timesteps = next..=Self::end(course, next, first - 1);
            let Some(steps) = draft(&mut self.draft, course, timesteps, |course| before(&self.front, course), effort) else {
                return false;
            };
            self.front.extend(steps);
        }
        let mut front = mem::take(&mut self.front);
        front.truncate(first - start);
        front.into_iter().rev().for_each(|step| self.steps.push_front(step));
        true
    }

    /// Computes the steps after the last that is there, or from a checkpoint on where there is none.
    fn grow_back(&mut self, course: &mut Course, from: usize, to: usize, effort: &mut u64) -> bool {
        loop {
            let next = self.range().map_or(start(from), |(_, end)| end);
            if next > to {
                return true;
            }
            let before = |steps: &VecDeque<NetworkStep>, course: &Course| match steps.back() {
                Some(last) => course.after(last),
                None => course.states(next / STRETCH),
            };
            let timesteps = next..=Self::end(course, next, to);
            let Some(steps) = draft(&mut self.draft, course, timesteps, |course| before(&self.steps, course), effort) else {
                return false;
            };
            self.steps.extend(steps);
        }
    }

    /// The last timestep up to which steps are computed together: that of the stretch where a layer looks ahead.
    fn end(course: &Course, next: usize, to: usize) -> usize {
        let end = *course.timesteps(next / STRETCH).end();
        if course.network.looks_ahead() { end } else { to.min(end) }
    }

    /// Lets go of what lies more than two stretches outside `from..=to`.
    pub(super) fn release(&mut self, from: usize, to: usize) {
        while self.steps.front().is_some_and(|step| step.t + 2 * STRETCH < from) {
            self.steps.pop_front();
        }
        while self.steps.back().is_some_and(|step| step.t > to + 2 * STRETCH) {
            self.steps.pop_back();
        }
    }
}

/// The first timestep of the stretch of one.
const fn start(t: usize) -> usize {
    t / STRETCH * STRETCH
}

/// Goes on with the draft of some timesteps, or begins it; the steps, once none is left to compute.
fn draft(
    place: &mut Option<Draft>,
    course: &mut Course,
    timesteps: RangeInclusive<usize>,
    before: impl FnOnce(&Course) -> Vec<State>,
    effort: &mut u64,
) -> Option<Vec<NetworkStep>> {
    let draft = place.take().filter(|draft| draft.is_of(&timesteps));
    let mut draft = draft.unwrap_or_else(|| Draft::new(course, timesteps, before(course)));
    if !draft.go_on(course, effort) {
        *place = Some(draft);
        return None;
    }
    let steps = draft.into_steps();
    course.note_checkpoints(&steps);
    Some(steps)
}
