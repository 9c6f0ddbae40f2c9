//! The states that a network carries into each stretch of timesteps, from both sides, laid as far as they are asked for.

use std::mem;
use std::ops::RangeInclusive;
use std::sync::Arc;

use ndarray::Array2;

use super::STRETCH;
use super::window::Draft;
use crate::engine::cell::{Cell, State, Step};
use crate::engine::network::{Direction, Layer, LayerStep, Network, NetworkStep};

/// What a step takes beside its weights, counted in weights: of a small cell it is nearly all.
const BESIDE: u64 = 2048;

/// A network over its inputs, and the states at its checkpoints.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub network: Arc<Network>,
    inputs: Arc<Array2<f64>>,
    /// Per layer and stretch: the state its forward pass carries into the first timestep.
    before: Vec<Vec<State>>,
    /// Per layer and stretch: the state its backward pass carries into the last timestep, where it has one.
    behind: Vec<Vec<State>>,
    /// The checkpoints of layers that look ahead, while they are laid.
    laying: Option<Box<Laying>>,
    /// The stretch that is computed on the way to a later one.
    draft: Option<Draft>,
}

/// How far the checkpoints of the layers up to the last that looks ahead are laid: once, each layer over all that the one
/// before it gave.
#[derive(Clone, Debug)]
struct Laying {
    layer: usize,
    pass: usize,
    /// What the layer sees at every timestep.
    seen: Arc<Array2<f64>>,
    /// What it gives, where another has to see it.
    given: Option<Array2<f64>>,
    /// The timestep from which on there is something to see.
    first: usize,
    /// How many timesteps the pass has come.
    done: usize,
    /// What it carries into the next.
    state: State,
    /// What it has carried into each stretch so far.
    states: Vec<State>,
    /// Its last step, written again by the next.
    record: Step,
}

/// How much a step of a cell takes.
pub(super) fn work(cell: &dyn Cell) -> u64 {
    BESIDE + cell.work() as u64
}

/// The state a layer's forward pass carries out of a step: the initial one where it has not been computed yet.
fn carried_out(layer: &Layer, step: Option<&LayerStep>) -> State {
    let Some(cell) = layer.forward() else { return State::default() };
    step.and_then(|step| step.passes.first()).map_or(cell.initial(), |step| &step.after).clone()
}

impl Course {
    pub fn new(network: Arc<Network>, inputs: Arc<Array2<f64>>) -> Self {
        let inputs = if inputs.is_standard_layout() { inputs } else { Arc::new(inputs.as_standard_layout().into_owned()) };
        let before = network.layers.iter().map(|layer| vec![carried_out(layer, None)]).collect();
        let behind = vec![Vec::new(); network.layers.len()];
        Self { network, inputs, before, behind, laying: None, draft: None }
    }

    pub fn len(&self) -> usize {
        self.inputs.nrows()
    }

    /// What the first layer sees at a timestep.
    pub fn row(&self, t: usize) -> Option<&[f64]> {
        self.inputs.row(t).to_slice()
    }

    /// The timesteps of a stretch.
    pub fn timesteps(&self, stretch: usize) -> RangeInclusive<usize> {
        let start = stretch * STRETCH;
        start..=(start + STRETCH).min(self.len()).saturating_sub(1)
    }

    /// The states carried into a stretch, of every layer for which they are known.
    pub fn states(&self, stretch: usize) -> Vec<State> {
        self.before.iter().map(|states| states.get(stretch).cloned().unwrap_or_default()).collect()
    }

    /// The state the backward pass of a layer carries into the last timestep of a stretch.
    pub fn behind(&self, layer: usize, stretch: usize) -> Option<&State> {
        self.behind[layer].get(stretch)
    }

    /// The states a step carries out: what the forward passes go on with.
    pub fn after(&self, step: &NetworkStep) -> Vec<State> {
        let layers = self.network.layers.iter().zip(&step.layers);
        layers.map(|(layer, step)| carried_out(layer, step.as_ref())).collect()
    }

    /// How much a timestep takes.
    pub fn work(&self) -> u64 {
        let cells = self.network.layers.iter().flat_map(|layer| (0..layer.passes()).map(|pass| layer.cell(pass)));
        cells.map(work).sum()
    }

    /// Lays the forward checkpoints up to that of a stretch, with no more than so much; whether they are laid.
    pub fn reach(&mut self, stretch: usize, effort: &mut u64) -> bool {
        while self.known() <= stretch {
            let next = self.known() - 1;
            let timesteps = self.timesteps(next);
            let draft = self.draft.take().filter(|draft| draft.is_of(&timesteps));
            let mut draft = draft.unwrap_or_else(|| Draft::new(self, timesteps, self.states(next)));
            if !draft.go_on(self, effort) {
                self.draft = Some(draft);
                return false;
            }
            self.note_checkpoints(&draft.into_steps());
        }
        true
    }

    /// How much is left until a stretch is reached.
    pub fn left(&self, stretch: usize) -> u64 {
        let timesteps = (stretch + 1).saturating_sub(self.known()) * STRETCH;
        self.work().saturating_mul(timesteps as u64)
    }

    /// How many stretches begin with states that are known.
    fn known(&self) -> usize {
        self.before.iter().map(Vec::len).min().unwrap_or(usize::MAX)
    }

    /// Keeps what steps in a row carry out, where a stretch begins after them.
    pub fn note_checkpoints(&mut self, steps: &[NetworkStep]) {
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

    /// The last layer that looks ahead, while its checkpoints are not laid.
    fn top(&self) -> Option<usize> {
        self.network.layers.iter().rposition(Layer::looks_ahead).filter(|&top| self.behind[top].is_empty())
    }

    /// Lays the checkpoints of the backward passes, which begin at the last timestep, and of all that is below them, with no
    /// more than so much; whether they are laid.
    pub fn look_ahead(&mut self, effort: &mut u64) -> bool {
        let Some(top) = self.top() else { return true };
        let network = Arc::clone(&self.network);
        let laying = self.laying.take();
        let mut laying = laying.unwrap_or_else(|| Box::new(Laying::new(&network.layers[0], Arc::clone(&self.inputs), top > 0)));
        while laying.layer <= top {
            let layer = &network.layers[laying.layer];
            if !laying.go_on(layer, effort) {
                self.laying = Some(laying);
                return false;
            }
            let states = mem::take(&mut laying.states);
            match layer.pass(laying.pass).0 {
                Direction::Forward => self.before[laying.layer] = states,
                Direction::Backward => self.behind[laying.layer] = states.into_iter().rev().collect(),
            }
            laying.next_pass(&network.layers, top);
        }
        true
    }

    /// How much is left until they are laid.
    pub fn left_ahead(&self) -> u64 {
        let Some(top) = self.top() else { return 0 };
        let (layer, pass, done) = self.laying.as_ref().map_or((0, 0, 0), |laying| (laying.layer, laying.pass, laying.done));
        let layers = self.network.layers.iter().enumerate().take(top + 1);
        let passes = layers.flat_map(|(l, layer)| (0..layer.passes()).map(move |pass| ((l, pass), layer.cell(pass))));
        let left = passes.filter(|(number, _)| *number >= (layer, pass)).map(|(number, cell)| {
            let timesteps = if number == (layer, pass) { self.len() - done } else { self.len() };
            work(cell).saturating_mul(timesteps as u64)
        });
        left.fold(0, u64::saturating_add)
    }
}

impl Laying {
    /// The first pass of the first layer at its beginning, over these rows.
    fn new(layer: &Layer, rows: Arc<Array2<f64>>, is_seen: bool) -> Self {
        let given = is_seen.then(|| Array2::zeros((rows.nrows(), layer.outputs())));
        Self {
            layer: 0,
            pass: 0,
            given,
            first: if layer.is_last_only() { rows.nrows().saturating_sub(1) } else { 0 },
            seen: rows,
            done: 0,
            state: layer.cell(0).initial().clone(),
            states: Vec::new(),
            record: Step::default(),
        }
    }

    /// Goes on with a pass over the rows; whether it is at its end.
    fn go_on(&mut self, layer: &Layer, effort: &mut u64) -> bool {
        let (direction, cell) = layer.pass(self.pass);
        let work = work(cell);
        let place = (0..self.pass).map(|pass| layer.cell(pass).outputs()).sum::<usize>();
        let columns = place..place + cell.outputs();
        let timesteps = self.seen.nrows();
        while self.done < timesteps {
            if *effort == 0 {
                return false;
            }
            *effort = effort.saturating_sub(work);
            let done = self.done;
            let (t, enters) = match direction {
                Direction::Forward => (done, done.is_multiple_of(STRETCH)),
                Direction::Backward => (timesteps - 1 - done, done == 0 || (timesteps - done).is_multiple_of(STRETCH)),
            };
            if enters {
                self.states.push(self.state.clone());
            }
            self.done += 1;
            let Some(x) = self.seen.row(t).to_slice().filter(|_| t >= self.first) else { continue };
            cell.step_into(x, &self.state, &mut self.record);
            mem::swap(&mut self.state, &mut self.record.after);
            if let Some(row) = self.given.as_mut().and_then(|given| given.row_mut(t).into_slice()) {
                row[columns.clone()].copy_from_slice(&self.record.output);
            }
        }
        true
    }

    /// Begins with the pass after the one that is at its end, of the layers up to the top one.
    fn next_pass(&mut self, layers: &[Layer], top: usize) {
        self.done = 0;
        self.pass += 1;
        if self.pass == layers[self.layer].passes() {
            self.pass = 0;
            self.layer += 1;
            if self.layer > top {
                return;
            }
            let layer = &layers[self.layer];
            if layer.is_last_only() {
                self.first = self.seen.nrows().saturating_sub(1);
            }
            let next = (self.layer < top).then(|| Array2::zeros((self.seen.nrows(), layer.outputs())));
            if let Some(given) = mem::replace(&mut self.given, next) {
                self.seen = Arc::new(given);
            }
        }
        self.state.clone_from(layers[self.layer].cell(self.pass).initial());
    }
}
