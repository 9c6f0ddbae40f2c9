//! A network's course over its input rows: states at checkpoints, and the steps around the cursor.

use std::collections::VecDeque;
use std::mem;
use std::ops::RangeInclusive;
use std::sync::Arc;

use ndarray::Array2;

use super::cell::{Cell, State, Step};
use super::network::{Direction, Layer, LayerStep, Network, NetworkStep};

/// How many timesteps lie between two checkpoints: the most that going back computes again.
pub const STRETCH: usize = 64;

/// The steps of a network over its inputs, of which only a few are held at a time.
///
/// A state is kept every [`STRETCH`] timesteps; any step is computed again from the checkpoint before it, bit for
/// bit the same, so that a run of a million timesteps does not hold a million steps. A layer with a pass from the last
/// timestep to the first has checkpoints from that side too, laid once for the whole input before anything is shown.
#[derive(Clone, Debug)]
pub struct Timeline {
    network: Arc<Network>,
    inputs: Arc<Array2<f64>>,
    /// Per layer and stretch: the state its forward pass carries into the first timestep.
    before: Vec<Vec<State>>,
    /// Per layer and stretch: the state its backward pass carries into the last timestep, where it has one.
    behind: Vec<Vec<State>>,
    /// Consecutive steps.
    held: VecDeque<NetworkStep>,
}

/// How many numbers are kept at most for the course of layers over so many timesteps: the states at the checkpoints, the
/// steps of the stretch of the cursor and of two on either side, and, below a layer that looks ahead, what one layer sees and
/// gives at every timestep, while its checkpoints are laid.
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
    let steps = recorded.saturating_mul(timesteps.min(5 * STRETCH));
    checkpoints.saturating_add(steps).saturating_add(passed_on.unwrap_or_default().saturating_mul(timesteps))
}

impl Timeline {
    /// The course of `network` over the rows of `inputs`, `[timesteps, features]`.
    pub fn new(network: Arc<Network>, inputs: Arc<Array2<f64>>) -> Self {
        let inputs = if inputs.is_standard_layout() { inputs } else { Arc::new(inputs.as_standard_layout().into_owned()) };
        let before = network.layers.iter().map(|layer| vec![carried_out(layer, None)]).collect();
        let behind = vec![Vec::new(); network.layers.len()];
        Self { network, inputs, before, behind, held: VecDeque::new() }
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

    /// Every step in turn, from the first, of which a stretch is computed at a time.
    pub fn into_steps(mut self) -> impl Iterator<Item = NetworkStep> {
        self.look_ahead();
        let mut before: Vec<State> = self.states(0);
        let stretches = self.len().div_ceil(STRETCH);
        (0..stretches).flat_map(move |stretch| {
            let steps = self.compute(self.timesteps(stretch), &before);
            if let Some(last) = steps.last() {
                before = self.after(last);
            }
            steps
        })
    }

    /// Computes what is missing of the timesteps `from..=to`, so that [`get`](Self::get) has them.
    ///
    /// One step forward computes one step; going back computes at most one stretch beyond what is asked for. Where a
    /// layer looks ahead, whole stretches are computed and held, since its backward pass comes from their ends.
    pub fn hold(&mut self, from: usize, to: usize) {
        let Some(last) = self.len().checked_sub(1) else { return };
        let to = to.min(last);
        let from = from.min(to);
        self.look_ahead();
        match self.held_range() {
            Some((first, end)) if from < first && to + 1 >= first => {
                let start = from / STRETCH * STRETCH;
                let mut missing = self.run(start, first - 1);
                missing.truncate(first - start);
                for step in missing.into_iter().rev() {
                    self.held.push_front(step);
                }
                self.extend(end, to);
            }
            Some((first, end)) if from >= first && from <= end => self.extend(end, to),
            _ => {
                self.held.clear();
                self.reach(from / STRETCH);
                self.held = self.run(from / STRETCH * STRETCH, to).into();
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

    /// The timesteps of a stretch.
    fn timesteps(&self, stretch: usize) -> RangeInclusive<usize> {
        let start = stretch * STRETCH;
        start..=(start + STRETCH).min(self.len()).saturating_sub(1)
    }

    /// The states carried into a stretch, of every layer for which they are known.
    fn states(&self, stretch: usize) -> Vec<State> {
        self.before.iter().map(|states| states.get(stretch).cloned().unwrap_or_default()).collect()
    }

    /// The states a step carries out: what the forward passes go on with.
    fn after(&self, step: &NetworkStep) -> Vec<State> {
        let layers = self.network.layers.iter().zip(&step.layers);
        layers.map(|(layer, step)| carried_out(layer, step.as_ref())).collect()
    }

    /// Appends the steps from `from`, the one after those held, to `to`.
    fn extend(&mut self, from: usize, to: usize) {
        if to < from {
            return;
        }
        if self.network.looks_ahead() {
            let steps = self.run(from, to);
            self.held.extend(steps);
            return;
        }
        for t in from..=to {
            let Some(before) = self.held.back().map(|last| self.after(last)) else { return };
            let steps = self.compute(t..=t, &before);
            self.note_checkpoints(&steps);
            self.held.extend(steps);
        }
    }

    /// The steps `from..=to`, each stretch from its checkpoint; up to the end of the last where a layer looks ahead.
    fn run(&mut self, from: usize, to: usize) -> Vec<NetworkStep> {
        let mut steps = Vec::with_capacity(to - from + 1);
        for stretch in from / STRETCH..=to / STRETCH {
            let whole = self.timesteps(stretch);
            let end = if self.network.looks_ahead() { *whole.end() } else { to.min(*whole.end()) };
            let computed = self.compute(*whole.start()..=end, &self.states(stretch));
            self.note_checkpoints(&computed);
            steps.extend(computed.into_iter().skip_while(|step| step.t < from));
        }
        steps
    }

    /// Computes some timesteps of one stretch, layer by layer.
    fn compute(&self, timesteps: RangeInclusive<usize>, before: &[State]) -> Vec<NetworkStep> {
        let last = self.len().saturating_sub(1);
        let stretch = timesteps.start() / STRETCH;
        let layers = &self.network.layers;
        let mut steps: Vec<NetworkStep> =
            timesteps.map(|t| NetworkStep { t, layers: Vec::with_capacity(layers.len()) }).collect();
        for (l, layer) in layers.iter().enumerate() {
            let is_due = |step: &NetworkStep| step.t == last || !layer.is_last_only();
            let inputs: Vec<Option<&[f64]>> = steps.iter().map(|step| self.input(step, l).filter(|_| is_due(step))).collect();
            let nothing = State::default();
            let column = layer.run(&inputs, &before[l], self.behind[l].get(stretch).unwrap_or(&nothing));
            for (step, layer_step) in steps.iter_mut().zip(column) {
                step.layers.push(layer_step);
            }
        }
        steps
    }

    /// What a layer sees at a step whose layers before it are computed.
    fn input<'s>(&'s self, step: &'s NetworkStep, layer: usize) -> Option<&'s [f64]> {
        match layer.checked_sub(1) {
            None => self.inputs.row(step.t).to_slice(),
            Some(before) => Some(step.layers[before].as_ref()?.output.as_slice()),
        }
    }

    /// Lays the forward checkpoints up to the one before a stretch.
    fn reach(&mut self, stretch: usize) {
        let known = |timeline: &Self| timeline.before.iter().map(Vec::len).min().unwrap_or(usize::MAX);
        while known(self) <= stretch {
            let stretch = known(self) - 1;
            let steps = self.compute(self.timesteps(stretch), &self.states(stretch));
            self.note_checkpoints(&steps);
        }
    }

    fn note_checkpoints(&mut self, steps: &[NetworkStep]) {
        let Some(step) = steps.last() else { return };
        let next = step.t + 1;
        if !next.is_multiple_of(STRETCH) {
            return;
        }
        for ((layer, done), states) in self.network.layers.iter().zip(&step.layers).zip(&mut self.before) {
            if states.len() == next / STRETCH {
                states.push(carried_out(layer, done.as_ref()));
            }
        }
    }

    /// Lays the checkpoints of the backward passes, which begin at the last timestep, and of all that is below them: once,
    /// each layer over all that the one before it gave.
    fn look_ahead(&mut self) {
        let network = Arc::clone(&self.network);
        let Some(top) = network.layers.iter().rposition(Layer::looks_ahead).filter(|&top| self.behind[top].is_empty()) else {
            return;
        };
        let mut seen = Arc::clone(&self.inputs);
        // The timestep from which on there is something to see.
        let mut first = 0;
        for (l, layer) in network.layers.iter().enumerate().take(top + 1) {
            if layer.is_last_only() {
                first = self.len().saturating_sub(1);
            }
            let mut given = (l < top).then(|| Array2::zeros((self.len(), layer.outputs())));
            let mut place = 0;
            for (direction, cell) in (0..layer.passes()).map(|number| layer.pass(number)) {
                let columns = place..place + cell.outputs();
                place = columns.end;
                let states = lay(direction, cell, &seen, first, |t, output| {
                    if let Some(row) = given.as_mut().and_then(|given| given.row_mut(t).into_slice()) {
                        row[columns.clone()].copy_from_slice(output);
                    }
                });
                match direction {
                    Direction::Forward => self.before[l] = states,
                    Direction::Backward => self.behind[l] = states,
                }
            }
            let Some(given) = given else { return };
            seen = Arc::new(given);
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

/// The state a layer's forward pass carries out of a step: the initial one where it has not been computed yet.
fn carried_out(layer: &Layer, step: Option<&LayerStep>) -> State {
    let Some(cell) = layer.forward() else { return State::default() };
    step.and_then(|step| step.passes.first()).map_or(cell.initial(), |step| &step.after).clone()
}

/// The states that a pass carries into each stretch, from the side it comes from, over rows of which those before `first` are
/// not there.
fn lay(
    direction: Direction,
    cell: &dyn Cell,
    rows: &Array2<f64>,
    first: usize,
    mut give: impl FnMut(usize, &[f64]),
) -> Vec<State> {
    let timesteps = rows.nrows();
    let mut states = Vec::with_capacity(timesteps.div_ceil(STRETCH));
    let mut state = cell.initial().clone();
    let mut record = Step::default();
    for done in 0..timesteps {
        let (t, enters) = match direction {
            Direction::Forward => (done, done.is_multiple_of(STRETCH)),
            Direction::Backward => (timesteps - 1 - done, done == 0 || (timesteps - done).is_multiple_of(STRETCH)),
        };
        if enters {
            states.push(state.clone());
        }
        if let Some(x) = rows.row(t).to_slice().filter(|_| t >= first) {
            cell.step_into(x, &state, &mut record);
            mem::swap(&mut state, &mut record.after);
            give(t, &record.output);
        }
    }
    if direction == Direction::Backward {
        states.reverse();
    }
    states
}
