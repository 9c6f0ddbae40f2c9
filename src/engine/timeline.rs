//! A network's course over its input rows: states at checkpoints, and the steps around the cursor.

use std::collections::VecDeque;
use std::sync::Arc;

use ndarray::Array2;

use super::cell::State;
use super::network::{Network, NetworkStep, Position};

/// How many timesteps lie between two checkpoints: the most that going back computes again.
pub const STRETCH: usize = 64;

/// The steps of a network over its inputs, of which only a few are held at a time.
///
/// A state is kept every [`STRETCH`] timesteps; any step is computed again from the checkpoint before it, bit for
/// bit the same, so that a run of a million timesteps does not hold a million steps.
#[derive(Clone, Debug)]
pub struct Timeline {
    network: Arc<Network>,
    inputs: Arc<Array2<f64>>,
    /// `checkpoints[i]` is the state before timestep `i * STRETCH`.
    checkpoints: Vec<Vec<State>>,
    /// Consecutive steps.
    held: VecDeque<NetworkStep>,
}

impl Timeline {
    /// The course of `network` over the rows of `inputs`, `[timesteps, features]`.
    pub fn new(network: Arc<Network>, inputs: Arc<Array2<f64>>) -> Self {
        let checkpoints = vec![network.initial()];
        Self { network, inputs, checkpoints, held: VecDeque::new() }
    }

    /// How many timesteps there are.
    pub fn len(&self) -> usize {
        self.inputs.nrows()
    }

    /// Whether there is no timestep at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many steps are held now.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Every step in turn, from the first, of which none is held.
    pub fn into_steps(self) -> impl Iterator<Item = NetworkStep> {
        let mut before = self.network.initial();
        (0..self.len()).map(move |t| {
            let step = self.compute(t, &before);
            before.clone_from(&step.after);
            step
        })
    }

    /// Computes what is missing of the timesteps `from..=to`, so that [`get`](Self::get) has them.
    ///
    /// One step forward computes one step; going back computes at most one stretch beyond what is asked for.
    pub fn hold(&mut self, from: usize, to: usize) {
        let Some(last) = self.len().checked_sub(1) else { return };
        let to = to.min(last);
        let from = from.min(to);
        match self.held_range() {
            Some((first, end)) if from < first && to + 1 >= first => {
                let start = from / STRETCH * STRETCH;
                let missing = self.run(start, first - 1);
                for step in missing.into_iter().rev() {
                    self.held.push_front(step);
                }
                if to >= end {
                    self.extend(end, to);
                }
            }
            Some((first, end)) if from >= first && from <= end => {
                if to >= end {
                    self.extend(end, to);
                }
            }
            _ => {
                self.held.clear();
                self.reach(from);
                let start = from / STRETCH * STRETCH;
                self.held = self.run(start, to).into();
            }
        }
        self.release(from, to);
    }

    /// The step at `t`, if it is held.
    pub fn get(&self, t: usize) -> Option<&NetworkStep> {
        let first = self.held.front()?.t;
        self.held.get(t.checked_sub(first)?)
    }

    /// The first timestep held and the one after the last.
    fn held_range(&self) -> Option<(usize, usize)> {
        Some((self.held.front()?.t, self.held.back()?.t + 1))
    }

    fn compute(&self, t: usize, before: &[State]) -> NetworkStep {
        let position = if t + 1 == self.len() { Position::Last } else { Position::Earlier };
        self.network.step(t, self.inputs.row(t).to_owned(), before, position)
    }

    /// Appends the steps `from..=to` to those held, of which the last is `from - 1`.
    fn extend(&mut self, from: usize, to: usize) {
        for t in from..=to {
            let Some(before) = self.held.back() else { return };
            let step = self.compute(t, &before.after);
            self.note_checkpoint(&step);
            self.held.push_back(step);
        }
    }

    /// The steps `start..=to`, where `start` is a checkpoint.
    fn run(&mut self, start: usize, to: usize) -> Vec<NetworkStep> {
        let mut before = self.checkpoints[start / STRETCH].clone();
        let mut steps = Vec::with_capacity(to - start + 1);
        for t in start..=to {
            let step = self.compute(t, &before);
            self.note_checkpoint(&step);
            before.clone_from(&step.after);
            steps.push(step);
        }
        steps
    }

    /// Lays checkpoints up to the one before `t`.
    fn reach(&mut self, t: usize) {
        while self.checkpoints.len() <= t / STRETCH {
            let start = (self.checkpoints.len() - 1) * STRETCH;
            let mut before = self.checkpoints[start / STRETCH].clone();
            for t in start..start + STRETCH {
                before = self.compute(t, &before).after;
            }
            self.checkpoints.push(before);
        }
    }

    fn note_checkpoint(&mut self, step: &NetworkStep) {
        let next = step.t + 1;
        if next.is_multiple_of(STRETCH) && next / STRETCH == self.checkpoints.len() {
            self.checkpoints.push(step.after.clone());
        }
    }

    /// Lets go of what lies more than two stretches outside `from..=to`.
    fn release(&mut self, from: usize, to: usize) {
        while self.held.front().is_some_and(|step| step.t + 2 * STRETCH < from) {
            self.held.pop_front();
        }
        while self.held.back().is_some_and(|step| step.t > to + 2 * STRETCH) {
            self.held.pop_back();
        }
    }
}
