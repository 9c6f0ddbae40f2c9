//! A network's course over its input rows: states at checkpoints, and the steps around the cursor.

mod course;
mod window;

use std::mem;
use std::sync::Arc;

use ndarray::Array2;

use super::network::{Layer, Network, NetworkStep};
use course::Course;
use window::Draft;
pub use window::Window;

/// How many timesteps lie between two checkpoints: the most that going back computes again.
pub const STRETCH: usize = 64;

/// The most stretches of steps held at a time: that of the cursor, two on either side, and as many where it goes next.
const HELD: usize = 10;

/// The steps of a network over its inputs, of which only a few are held at a time.
///
/// A state is kept every [`STRETCH`] timesteps; any step is computed again from the checkpoint before it, bit for
/// bit the same, so that a run of a million timesteps does not hold a million steps. A layer with a pass from the last
/// timestep to the first has checkpoints from that side too, laid once for the whole input before anything is shown.
///
/// All of it can be computed a little at a time: what is to be held next is [prepared](Self::prepare) while what is held
/// stays. How much is a little is counted in weights that are multiplied.
#[derive(Clone, Debug)]
pub struct Timeline {
    course: Course,
    held: Window,
    /// What is to be held next, where it is not beside what is held.
    coming: Window,
}

/// How many numbers are kept at most for the course of layers over so many timesteps: the states at the checkpoints, the
/// steps of ten stretches, and, below a layer that looks ahead, what one layer sees and gives at every timestep, while its
/// checkpoints are laid.
pub fn numbers_held(layers: &[Layer], timesteps: usize) -> usize {
    let cells = layers.iter().flat_map(|layer| (0..layer.passes()).map(|pass| layer.cell(pass)));
    let (carried, recorded) = cells.fold((0_usize, 0_usize), |(carried, recorded), cell| {
        let state = cell.initial().count();
        let gates = 2 * cell.gates().len() * cell.units();
        (carried.saturating_add(state), recorded.saturating_add(2 * (cell.inputs() + cell.outputs()) + 3 * state + gates))
    });
    let below = &layers[..layers.iter().rposition(Layer::looks_ahead).unwrap_or_default()];
    let given = below.iter().map(Layer::outputs);
    let passed_on = given.clone().zip(given.skip(1).chain([0])).map(|(seen, given)| seen.saturating_add(given)).max();
    let checkpoints = carried.saturating_mul(timesteps.div_ceil(STRETCH));
    let steps = recorded.saturating_mul(timesteps.min(HELD * STRETCH));
    checkpoints.saturating_add(steps).saturating_add(passed_on.unwrap_or_default().saturating_mul(timesteps))
}

impl Timeline {
    /// The course of `network` over the rows of `inputs`, `[timesteps, features]`.
    pub fn new(network: Arc<Network>, inputs: Arc<Array2<f64>>) -> Self {
        Self { course: Course::new(network, inputs), held: Window::default(), coming: Window::default() }
    }

    /// How many timesteps there are.
    pub fn len(&self) -> usize {
        self.course.len()
    }

    /// Whether there is no timestep at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many steps are held now.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Every step in turn, from the first, of which a stretch is computed at a time.
    pub fn into_steps(mut self) -> impl Iterator<Item = NetworkStep> {
        self.course.look_ahead(&mut { u64::MAX });
        let course = self.course;
        let mut before = course.states(0);
        let stretches = course.len().div_ceil(STRETCH);
        (0..stretches).flat_map(move |stretch| {
            let mut draft = Draft::new(&course, course.timesteps(stretch), mem::take(&mut before));
            draft.go_on(&course, &mut { u64::MAX });
            let steps = draft.into_steps();
            if let Some(last) = steps.last() {
                before = course.after(last);
            }
            steps
        })
    }

    /// Computes what is missing of the timesteps `from..=to`, so that [`get`](Self::get) has them.
    ///
    /// One step forward computes one step; going back computes at most one stretch beyond what is asked for. Where a
    /// layer looks ahead, whole stretches are computed and held, since its backward pass comes from their ends.
    pub fn hold(&mut self, from: usize, to: usize) {
        self.prepare(from, to, &mut { u64::MAX });
        let Some((from, to)) = self.within(from, to) else { return };
        let coming = mem::take(&mut self.coming);
        if !self.held.meets(from, to) {
            self.held = coming;
        }
        self.held.release(from, to);
    }

    /// Computes of what [`hold`](Self::hold) would compute no more than so much, which is less after it, and holds on to all
    /// that is held; whether nothing is left.
    pub fn prepare(&mut self, from: usize, to: usize, effort: &mut u64) -> bool {
        let Some((from, to)) = self.within(from, to) else { return true };
        let window = if self.held.meets(from, to) { &mut self.held } else { &mut self.coming };
        window.grow(&mut self.course, from, to, effort)
    }

    /// How much is left to be computed until `from..=to` are held.
    pub fn left(&self, from: usize, to: usize) -> u64 {
        let Some((from, to)) = self.within(from, to) else { return 0 };
        let window = if self.held.meets(from, to) { &self.held } else { &self.coming };
        window.left(&self.course, from, to)
    }

    /// How much a timestep takes.
    pub fn work(&self) -> u64 {
        self.course.work()
    }

    /// Computes what is missing of the timesteps `from..=to` in a window of its own, no more than so much at a time, which
    /// is less after it; whether nothing is left.
    pub fn grow(&mut self, window: &mut Window, from: usize, to: usize, effort: &mut u64) -> bool {
        let Some((from, to)) = self.within(from, to) else { return true };
        let is_whole = window.grow(&mut self.course, from, to, effort);
        if is_whole {
            window.release(from, to);
        }
        is_whole
    }

    /// The step at `t`, if it is held.
    pub fn get(&self, t: usize) -> Option<&NetworkStep> {
        self.held.get(t)
    }

    /// As many of `from..=to` as there are, at least one; none where there is no timestep.
    fn within(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let to = to.min(self.len().checked_sub(1)?);
        Some((from.min(to), to))
    }
}
