//! However one walks through the timesteps, each shows what a plain run from the first gives, and few are held.
#![allow(clippy::unwrap_used)]

use std::ops::RangeInclusive;
use std::sync::Arc;

use celda::engine::activation::Activation;
use celda::engine::cell::gru::{Candidate, Gru};
use celda::engine::cell::lstm::Lstm;
use celda::engine::cell::rnn::Rnn;
use celda::engine::cell::{Cell, Gate, GateName, Mix, Quantity, State, Step};
use celda::engine::conv::Conv;
use celda::engine::dense::{Apply, Dense};
use celda::engine::network::{Layer, LayerStep, Network, NetworkStep, Passes};
use celda::engine::timeline::{STRETCH, Timeline, numbers_held};
use celda::engine::weighted_sum::{CellState, Peephole, WeightedSum, total};
use ndarray::Array2;
use proptest::prelude::*;

/// How much of the past and the future stays held beyond what was asked for.
const KEPT: usize = 4 * STRETCH;

/// A layer to be made for any number of inputs: a kind, a size and where its numbers come from.
#[derive(Clone, Debug)]
struct Recipe {
    kind: Kind,
    way: Way,
    units: usize,
    activation: Activation,
    biases: Biases,
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Rnn,
    Lstm { projected: Option<usize>, peepholes: bool },
    Gru { reset_after: bool },
    Dense(Apply),
    Conv { width: usize },
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Forward,
    Reverse,
    Bidirectional,
}

#[derive(Clone, Copy, Debug)]
enum Biases {
    None,
    One,
    Two,
}

/// Numbers that look random and are the same for the same seed (splitmix64), zeros of both signs among them.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = mixed ^ (mixed >> 31);
        match number % 8 {
            0 => 0.0,
            1 => -0.0,
            _ => (number >> 11) as f64 / (1_u64 << 51) as f64 - 2.0,
        }
    }

    fn vector(&mut self, len: usize) -> Vec<f64> {
        (0..len).map(|_| self.next()).collect()
    }

    fn matrix(&mut self, rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |_| self.next())
    }
}

impl Recipe {
    fn layer(&self, inputs: usize) -> Layer {
        let mut numbers = Numbers(self.seed);
        let numbers = &mut numbers;
        match self.kind {
            Kind::Rnn => Layer::Rnn(self.passes(|| Rnn {
                sum: self.sum(inputs, self.units, numbers),
                activation: self.activation,
                initial: State::of_hidden(numbers.vector(self.units)),
            })),
            Kind::Lstm { projected, peepholes } => Layer::Lstm(self.passes(|| self.lstm(inputs, projected, peepholes, numbers))),
            Kind::Gru { reset_after } => Layer::Gru(self.passes(|| self.gru(inputs, reset_after, numbers))),
            Kind::Dense(apply) => Layer::Dense(Dense::new(self.sum(inputs, 0, numbers), self.activation, apply)),
            Kind::Conv { width } => Layer::Conv(Conv::new(self.sum(width * inputs, 0, numbers), self.activation, inputs)),
        }
    }

    fn passes<C>(&self, mut cell: impl FnMut() -> C) -> Passes<C> {
        match self.way {
            Way::Forward => Passes::Forward(cell()),
            Way::Reverse => Passes::Reverse(cell()),
            Way::Bidirectional => Passes::Bidirectional { forward: cell(), backward: cell() },
        }
    }

    fn sum(&self, inputs: usize, states: usize, numbers: &mut Numbers) -> WeightedSum {
        let mut sum = WeightedSum::new(&numbers.matrix(self.units, inputs), &numbers.matrix(self.units, states));
        let (bias, recurrent_bias) = match self.biases {
            Biases::None => (None, None),
            Biases::One => (Some(numbers.vector(self.units)), None),
            Biases::Two => (Some(numbers.vector(self.units)), Some(numbers.vector(self.units))),
        };
        sum.bias = bias;
        sum.recurrent_bias = recurrent_bias;
        sum
    }

    fn lstm(&self, inputs: usize, projected: Option<usize>, peepholes: bool, numbers: &mut Numbers) -> Lstm {
        let outputs = projected.unwrap_or(self.units);
        let mut gate = |at: Option<CellState>| {
            let mut sum = self.sum(inputs, outputs, numbers);
            sum.peephole = at.filter(|_| peepholes).map(|at| Peephole { weights: numbers.vector(self.units), at });
            sum
        };
        Lstm {
            input: gate(Some(CellState::Before)),
            forget: gate(Some(CellState::Before)),
            cell: gate(None),
            output: gate(Some(CellState::After)),
            projection: projected.map(|outputs| WeightedSum::of_inputs(&numbers.matrix(outputs, self.units))),
            activation: self.elementwise(),
            recurrent_activation: Activation::Sigmoid,
            initial: State { cell: numbers.vector(self.units), ..State::of_hidden(numbers.vector(outputs)) },
        }
    }

    fn gru(&self, inputs: usize, reset_after: bool, numbers: &mut Numbers) -> Gru {
        let candidate = if reset_after {
            let input = self.sum(inputs, 0, numbers);
            Candidate::ResetAfter { input, recurrent: self.sum(self.units, 0, numbers) }
        } else {
            Candidate::ResetBefore(self.sum(inputs, self.units, numbers))
        };
        Gru {
            reset: self.sum(inputs, self.units, numbers),
            update: self.sum(inputs, self.units, numbers),
            candidate,
            activation: self.elementwise(),
            recurrent_activation: Activation::HardSigmoid,
            initial: State::of_hidden(numbers.vector(self.units)),
        }
    }

    /// The activation, and another in place of softmax, which needs the whole layer.
    fn elementwise(&self) -> Activation {
        if self.activation == Activation::Softmax { Activation::Tanh } else { self.activation }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    let lstm = (prop::option::of(1..3_usize), any::<bool>());
    prop_oneof![
        Just(Kind::Rnn),
        lstm.prop_map(|(projected, peepholes)| Kind::Lstm { projected, peepholes }),
        any::<bool>().prop_map(|reset_after| Kind::Gru { reset_after }),
        prop_oneof![3 => Just(Apply::Every), 1 => Just(Apply::Last)].prop_map(Kind::Dense),
        (1..5_usize).prop_map(|width| Kind::Conv { width }),
    ]
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let way = prop_oneof![2 => Just(Way::Forward), 1 => Just(Way::Reverse), 1 => Just(Way::Bidirectional)];
    let activation = prop::sample::select(Activation::ALL.to_vec());
    let biases = prop_oneof![Just(Biases::None), Just(Biases::One), Just(Biases::Two)];
    let parts = (kind(), way, 1..4_usize, activation, biases, any::<u64>());
    parts.prop_map(|(kind, way, units, activation, biases, seed)| Recipe { kind, way, units, activation, biases, seed })
}

/// Up to four layers of any kind in any order.
fn network() -> impl Strategy<Value = Network> {
    (1..4_usize, prop::collection::vec(recipe(), 1..5)).prop_map(|(mut inputs, recipes)| {
        let mut fitting = |recipe: &Recipe| {
            let layer = recipe.layer(inputs);
            inputs = layer.outputs();
            layer
        };
        Network { layers: recipes.iter().map(&mut fitting).collect() }
    })
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Next(usize),
    Previous(usize),
    Jump(f64),
}

impl Move {
    fn from(self, t: usize, last: usize) -> usize {
        match self {
            Self::Next(by) => (t + by).min(last),
            Self::Previous(by) => t.saturating_sub(by),
            Self::Jump(share) => (share * last as f64).round() as usize,
        }
    }
}

fn a_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        4 => Just(Move::Next(1)),
        4 => Just(Move::Previous(1)),
        2 => (1..3 * STRETCH).prop_map(Move::Next),
        2 => (1..3 * STRETCH).prop_map(Move::Previous),
        1 => (0.0..=1.0).prop_map(Move::Jump),
        1 => Just(Move::Jump(0.0)),
        1 => Just(Move::Jump(1.0)),
    ]
}

fn rows(network: &Network, timesteps: usize) -> Array2<f64> {
    rows_of(network.layers[0].inputs(), timesteps)
}

fn rows_of(features: usize, timesteps: usize) -> Array2<f64> {
    Array2::from_shape_fn((timesteps, features), |(t, i)| ((3 * t + 5 * i + 1) as f64).cos())
}

fn timeline(network: Network, timesteps: usize) -> Timeline {
    let rows = rows(&network, timesteps);
    Timeline::new(Arc::new(network), Arc::new(rows))
}

/// A cell like the lecture's, whose state never settles.
fn cell() -> Rnn {
    let sum = WeightedSum::new(&Array2::from_elem((1, 2), 0.75), &Array2::from_elem((1, 1), -0.9)).with_bias(vec![0.1]);
    Rnn { sum, activation: Activation::Tanh, initial: State::of_hidden(vec![0.0]) }
}

fn small_cell(timesteps: usize) -> Timeline {
    timeline(Network { layers: vec![Layer::Rnn(Passes::Forward(cell()))] }, timesteps)
}

fn reverse_cell(timesteps: usize) -> Timeline {
    timeline(Network { layers: vec![Layer::Rnn(Passes::Reverse(cell()))] }, timesteps)
}

/// Two layers that go both ways, then one that goes forward.
fn network_both_ways(timesteps: usize) -> Timeline {
    let (kind, activation, biases) = (Kind::Gru { reset_after: true }, Activation::Tanh, Biases::Two);
    let layer = |way, inputs, seed| Recipe { kind, way, units: 1, activation, biases, seed }.layer(inputs);
    let layers = vec![layer(Way::Bidirectional, 2, 1), layer(Way::Bidirectional, 2, 2), layer(Way::Forward, 2, 3)];
    timeline(Network { layers }, timesteps)
}

/// What a network computes for all of its rows, a layer after the other and a timestep after the other, nothing kept.
fn evaluate(network: &Network, rows: &Array2<f64>) -> Vec<NetworkStep> {
    let mut steps: Vec<NetworkStep> = (0..rows.nrows()).map(|t| NetworkStep { t, layers: Vec::new() }).collect();
    let mut inputs: Vec<Option<Vec<f64>>> = rows.outer_iter().map(|row| Some(row.to_vec())).collect();
    for layer in &network.layers {
        if let Layer::Dense(Dense { apply: Apply::Last, .. }) = layer {
            let last = inputs.len() - 1;
            inputs[..last].fill(None);
        }
        let cells: Vec<(Way, &dyn Cell)> = match layer {
            Layer::Rnn(passes) => ways(passes),
            Layer::Lstm(passes) => ways(passes),
            Layer::Gru(passes) => ways(passes),
            Layer::Dense(dense) => vec![(Way::Forward, dense)],
            Layer::Conv(conv) => vec![(Way::Forward, conv)],
        };
        let passes: Vec<Vec<Option<Step>>> = cells.into_iter().map(|(way, cell)| go_over(&inputs, way, cell)).collect();
        for (t, input) in inputs.iter_mut().enumerate() {
            let of_passes: Option<Vec<Step>> = passes.iter().map(|steps| steps[t].clone()).collect();
            let step = of_passes.map(|passes| {
                let output = passes.iter().flat_map(|step| step.output.clone()).collect();
                LayerStep { passes, output }
            });
            *input = step.as_ref().map(|step| step.output.clone());
            steps[t].layers.push(step);
        }
    }
    steps
}

fn ways<C: Cell>(passes: &Passes<C>) -> Vec<(Way, &dyn Cell)> {
    match passes {
        Passes::Forward(cell) => vec![(Way::Forward, cell)],
        Passes::Reverse(cell) => vec![(Way::Reverse, cell)],
        Passes::Bidirectional { forward, backward } => vec![(Way::Forward, forward), (Way::Reverse, backward)],
    }
}

fn go_over(inputs: &[Option<Vec<f64>>], way: Way, cell: &dyn Cell) -> Vec<Option<Step>> {
    let mut state = cell.initial().clone();
    let mut advance = |x: &Option<Vec<f64>>| {
        let step = cell.step(x.as_ref()?, &state);
        state = step.after.clone();
        Some(step)
    };
    match way {
        Way::Reverse => {
            let mut steps: Vec<_> = inputs.iter().rev().map(&mut advance).collect();
            steps.reverse();
            steps
        }
        _ => inputs.iter().map(&mut advance).collect(),
    }
}

/// A number bit for bit; `==` would take 0 for -0 and no NaN for another.
fn bits_of(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }
}

/// All the numbers of a step, bit for bit.
fn bits(step: &NetworkStep) -> Vec<u64> {
    let NetworkStep { t, layers } = step;
    let mut bits = vec![*t as u64];
    let mut add = |numbers: &Vec<f64>| {
        bits.push(numbers.len() as u64);
        bits.extend(numbers.iter().copied().map(bits_of));
    };
    for layer in layers {
        let Some(LayerStep { passes, output }) = layer else {
            add(&Vec::new());
            continue;
        };
        add(output);
        for step in passes {
            [&step.input, &step.output].into_iter().for_each(&mut add);
            for State { hidden, cell, window } in [&step.before, &step.after] {
                [hidden, cell, window].into_iter().for_each(&mut add);
            }
            step.gates.iter().for_each(|Gate { name: _, sum, output }| [sum, output].into_iter().for_each(&mut add));
        }
    }
    bits
}

/// The first timestep that is not held, or is not what the plain run gives.
fn first_difference(walked: &Timeline, plain: &[Vec<u64>], mut timesteps: RangeInclusive<usize>) -> Option<usize> {
    timesteps.find(|&t| walked.get(t).map(bits).as_ref() != Some(&plain[t]))
}

/// Every pass of every layer of a run, with its steps.
fn passes(network: &Network, timesteps: usize) -> Vec<(&dyn Cell, Step)> {
    let mut all = Vec::new();
    for step in timeline(network.clone(), timesteps).into_steps() {
        for (layer, step) in network.layers.iter().zip(step.layers) {
            let passes = step.map_or_else(Vec::new, |step| step.passes);
            all.extend(passes.into_iter().enumerate().map(|(number, step)| (layer.cell(number), step)));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_walk_shows_the_steps_of_a_plain_run(
        network in network(),
        timesteps in prop_oneof![1..1000_usize, Just(1), Just(STRETCH), Just(STRETCH + 1), Just(2 * STRETCH)],
        look_back in 0..2 * STRETCH,
        moves in prop::collection::vec(a_move(), 1..40),
    ) {
        let mut walked = timeline(network, timesteps);
        let plain: Vec<_> = walked.clone().into_steps().map(|step| bits(&step)).collect();
        prop_assert_eq!(plain.len(), timesteps);
        let mut t = 0;
        for step in moves {
            t = step.from(t, timesteps - 1);
            let from = t.saturating_sub(look_back);
            walked.hold(from, t);
            prop_assert_eq!(first_difference(&walked, &plain, from..=t), None);
            prop_assert!(walked.held() <= t - from + 1 + KEPT);
        }
    }

    #[test]
    fn every_walk_in_slices_some_of_them_interrupted_shows_the_steps_of_a_plain_run(
        network in network(),
        timesteps in prop_oneof![1..1000_usize, Just(1), Just(STRETCH), Just(STRETCH + 1), Just(2 * STRETCH)],
        look_back in 0..2 * STRETCH,
        moves in prop::collection::vec((a_move(), prop::option::of(0..9_usize)), 1..12),
        slice in 100_000..2_000_000_u64,
    ) {
        let mut walked = timeline(network, timesteps);
        let plain: Vec<_> = walked.clone().into_steps().map(|step| bits(&step)).collect();
        let range = |t: usize| t.saturating_sub(look_back)..=t;
        let mut t = None;
        for (step, interrupted) in moves {
            let to = step.from(t.unwrap_or(0), timesteps - 1);
            let (mut slices, mut left) = (0, walked.left(*range(to).start(), to));
            let arrives = loop {
                if interrupted.is_some_and(|most| slices >= most) {
                    break false;
                }
                let is_done = walked.prepare(*range(to).start(), to, &mut slice.clone());
                let now = walked.left(*range(to).start(), to);
                prop_assert!(now <= left, "{now} are left of {left}");
                prop_assert_eq!(now == 0, is_done);
                if is_done {
                    break true;
                }
                (slices, left) = (slices + 1, now);
            };
            if let Some(t) = t {
                prop_assert_eq!(first_difference(&walked, &plain, range(t)), None, "before one is at t = {}", to);
            }
            if arrives {
                let before = walked.clone();
                walked.hold(*range(to).start(), to);
                prop_assert_eq!(before.left(*range(to).start(), to), 0);
                t = Some(to);
            } else if let Some(t) = t {
                walked.hold(*range(t).start(), t);
            }
            if let Some(t) = t {
                prop_assert_eq!(first_difference(&walked, &plain, range(t)), None);
                prop_assert!(walked.held() <= look_back + 1 + KEPT);
            }
        }
    }

    #[test]
    fn any_two_ends_are_held_or_cut_to_the_timesteps_there_are(
        timesteps in 1..300_usize,
        ends in prop::collection::vec((0..400_usize, 0..400_usize), 1..20),
    ) {
        let mut walked = small_cell(timesteps);
        let plain: Vec<_> = walked.clone().into_steps().map(|step| bits(&step)).collect();
        for (from, to) in ends {
            walked.hold(from, to);
            let to = to.min(timesteps - 1);
            prop_assert_eq!(first_difference(&walked, &plain, from.min(to)..=to), None);
            prop_assert!(walked.get(timesteps).is_none());
        }
    }

    #[test]
    fn a_plain_run_is_each_layer_over_all_timesteps_in_turn(
        network in network(),
        timesteps in prop_oneof![1..300_usize, Just(1), Just(STRETCH), Just(STRETCH + 1)],
    ) {
        let naive = evaluate(&network, &rows(&network, timesteps));
        let plain = timeline(network, timesteps).into_steps();
        for (naive, plain) in naive.iter().zip(plain) {
            prop_assert_eq!(bits(naive), bits(&plain), "t = {}", plain.t);
        }
    }

    #[test]
    fn a_sum_is_the_total_of_its_terms(network in network(), timesteps in 1..20_usize) {
        for (cell, step) in passes(&network, timesteps) {
            prop_assert_eq!(step.gates.iter().map(|gate| gate.name).collect::<Vec<_>>(), cell.gates());
            for Gate { name, sum, output } in &step.gates {
                prop_assert_eq!(sum.len(), cell.sum(*name).units());
                prop_assert_eq!(output.len(), sum.len());
                for (unit, sum) in sum.iter().enumerate() {
                    let terms = cell.terms(&step, *name, unit);
                    prop_assert_eq!(bits_of(*sum), bits_of(total(&terms)), "{}", name.name());
                    prop_assert!(terms.iter().all(|term| bits_of(term.product) == bits_of(term.weight * term.value)));
                    prop_assert!(terms.iter().all(|term| !term.source.is_bias() || term.value == 1.0));
                }
            }
        }
    }

    #[test]
    fn a_state_is_what_its_mix_adds_up_to(network in network(), timesteps in 1..20_usize) {
        for (cell, step) in passes(&network, timesteps) {
            for unit in 0..cell.units() {
                for Mix { result, value, products } in cell.mixes(&step, unit) {
                    let sum = products.iter().map(|[a, b]| a.value * b.value).reduce(|sum, product| sum + product);
                    prop_assert_eq!(bits_of(value), bits_of(sum.unwrap()));
                    let shown = match result {
                        Quantity::Hidden => step.after.hidden[unit],
                        Quantity::Cell => step.after.cell[unit],
                        _ => cell.terms(&step, GateName::Projection, 0)[unit].value,
                    };
                    prop_assert_eq!(bits_of(value), bits_of(shown), "{:?}", result);
                    for factor in products.as_flattened() {
                        let of_gate = |name| step.gate(name).unwrap().output[unit];
                        let exact = match factor.quantity {
                            Quantity::Gate(name) => of_gate(name),
                            Quantity::Rest(name) => 1.0 - of_gate(name),
                            Quantity::HiddenBefore => step.before.hidden[unit],
                            Quantity::CellBefore => step.before.cell[unit],
                            Quantity::Activated { activation, .. } => activation.value(step.after.cell[unit]),
                            other => panic!("{other:?} is no factor"),
                        };
                        prop_assert_eq!(bits_of(factor.value), bits_of(exact), "{:?}", factor.quantity);
                    }
                }
            }
        }
    }

    #[test]
    fn a_record_written_before_by_any_cell_is_as_a_new_one(
        recipes in prop::collection::vec(recipe(), 2..5),
        inputs in 1..4_usize,
    ) {
        let mut record = Step::default();
        let x = vec![0.7; inputs];
        for layer in recipes.iter().map(|recipe| recipe.layer(inputs)) {
            let cell = layer.cell(0);
            let mut state = cell.initial().clone();
            for _ in 0..3 {
                cell.step_into(&x, &state, &mut record);
                let new = cell.step(&x, &state);
                // As text, which has every field and tells 0 from -0, a NaN is equal to another.
                prop_assert_eq!(format!("{record:?}"), format!("{new:?}"));
                state = new.after;
            }
        }
    }

    #[test]
    fn a_record_written_again_by_the_same_cell_stays_where_it_is_in_memory(recipe in recipe(), inputs in 1..4_usize) {
        let layer = recipe.layer(inputs);
        let cell = layer.cell(0);
        let x = vec![0.7; inputs];
        let mut record = cell.step(&x, cell.initial());
        let first = places(&record);
        cell.step_into(&x, cell.initial(), &mut record);
        prop_assert_eq!(places(&record), first);
    }

    #[test]
    fn a_layer_that_applies_last_gives_its_output_at_the_last_timestep_only(
        below in recipe(),
        last in recipe(),
        above in recipe(),
        timesteps in 1..200_usize,
    ) {
        let with = |apply| {
            let below = Recipe { kind: Kind::Rnn, ..below.clone() }.layer(2);
            let last = Recipe { kind: Kind::Dense(apply), ..last.clone() }.layer(below.outputs());
            let above = Recipe { kind: Kind::Dense(Apply::Every), ..above.clone() }.layer(last.outputs());
            timeline(Network { layers: vec![below, last, above] }, timesteps).into_steps()
        };
        for (late, every) in with(Apply::Last).zip(with(Apply::Every)) {
            prop_assert_eq!(late.layers.iter().map(Option::is_some).collect::<Vec<_>>(), {
                let is_last = late.t + 1 == timesteps;
                [true, is_last, is_last]
            });
            prop_assert!(every.output().is_some());
            if late.t + 1 == timesteps {
                prop_assert_eq!(bits(&late), bits(&every));
            } else {
                prop_assert!(late.output().is_none());
            }
        }
    }
}

/// Where the numbers of a record lie.
fn places(step: &Step) -> Vec<*const f64> {
    let Step { input, before, gates, after, output, .. } = step;
    let mut all = vec![input, output];
    all.extend([before, after].into_iter().flat_map(|state| [&state.hidden, &state.cell, &state.window]));
    all.extend(gates.iter().flat_map(|gate| [&gate.sum, &gate.output]));
    all.into_iter().map(|numbers| numbers.as_ptr()).collect()
}

#[test]
fn few_of_a_million_timesteps_are_held_wherever_one_goes() {
    const TIMESTEPS: usize = 1_000_000;
    const LOOK_BACK: usize = 16;
    let mut walked = small_cell(TIMESTEPS);
    let mut visit = |t: usize| {
        walked.hold(t.saturating_sub(LOOK_BACK), t);
        assert_eq!(walked.get(t).unwrap().t, t);
        assert!(walked.held() <= LOOK_BACK + 1 + KEPT, "{} held at t = {t}", walked.held());
    };
    (0..1000).for_each(&mut visit);
    (TIMESTEPS - 1000..TIMESTEPS).rev().for_each(&mut visit);
    [0, 500_000, 499_999, 500_064, 63, 64, TIMESTEPS - 1, 1].into_iter().for_each(&mut visit);
}

#[test]
fn a_jump_to_the_last_of_many_timesteps_shows_the_last_step_of_a_plain_run() {
    let mut jumped = small_cell(100_000);
    let last = jumped.clone().into_steps().last().unwrap();
    jumped.hold(99_999, 99_999);
    assert_eq!(bits(jumped.get(99_999).unwrap()), bits(&last));
}

#[test]
fn one_step_forward_computes_one_step() {
    let mut walked = small_cell(10 * STRETCH);
    walked.hold(0, 0);
    for t in 1..10 * STRETCH {
        assert!(walked.get(t).is_none(), "t = {t}");
        walked.hold(t, t);
        assert!(walked.get(t).is_some() && walked.get(t + 1).is_none(), "t = {t}");
        assert_eq!(walked.held(), t.min(2 * STRETCH) + 1, "t = {t}");
    }
}

#[test]
fn one_step_back_computes_at_most_one_stretch_and_that_only_at_a_checkpoint() {
    let mut walked = small_cell(10 * STRETCH);
    walked.hold(10 * STRETCH - 1, 10 * STRETCH - 1);
    let mut first = 9 * STRETCH;
    for t in (0..10 * STRETCH - 1).rev() {
        assert_eq!(walked.get(t).is_none(), t < first, "t = {t}");
        walked.hold(t, t);
        if t < first {
            assert!(walked.get(first - STRETCH).is_some(), "t = {t}");
            assert!(first == STRETCH || walked.get(first - STRETCH - 1).is_none(), "t = {t}");
            first -= STRETCH;
        }
    }
    assert_eq!(first, 0);
}

/// The timesteps held, from the first to the last.
fn held(timeline: &Timeline, timesteps: usize) -> RangeInclusive<usize> {
    let is_held = |t: &usize| timeline.get(*t).is_some();
    let first = (0..timesteps).find(is_held).unwrap();
    let last = (first..timesteps).take_while(is_held).last().unwrap();
    assert_eq!(timeline.held(), last - first + 1);
    first..=last
}

#[test]
fn one_step_back_anywhere_computes_at_most_64_steps_and_few_are_held_there() {
    const TIMESTEPS: usize = 5000;
    for mut walked in [small_cell(TIMESTEPS), reverse_cell(TIMESTEPS), network_both_ways(TIMESTEPS)] {
        walked.hold(TIMESTEPS - 1, TIMESTEPS - 1);
        let mut before = held(&walked, TIMESTEPS);
        for t in (0..TIMESTEPS - 1).rev() {
            walked.hold(t, t);
            let now = held(&walked, TIMESTEPS);
            let computed = now.clone().filter(|t| !before.contains(t)).count();
            assert!(computed <= 64, "{computed} computed at t = {t}");
            assert!(walked.held() <= 5 * 64, "{} held at t = {t}", walked.held());
            before = now;
        }
    }
}

#[test]
fn of_a_million_timesteps_every_64th_state_and_ten_stretches_of_64_steps_are_counted_as_kept() {
    let layers = [Layer::Rnn(Passes::Forward(cell()))];
    // Of one timestep: its step, and the one number of the state before it.
    let step = numbers_held(&layers, 1) - 1;
    assert_eq!(numbers_held(&layers, 1_000_000), 1_000_000 / 64 + 10 * 64 * step);
}

#[test]
fn a_network_that_looks_ahead_computes_a_stretch_at_its_first_timestep_and_no_other() {
    const TIMESTEPS: usize = 10 * STRETCH + 3;
    let mut walked = network_both_ways(TIMESTEPS);
    for t in 0..TIMESTEPS {
        assert_eq!(walked.get(t).is_none(), t % STRETCH == 0, "t = {t}");
        walked.hold(t, t);
        let stretch_end = ((t / STRETCH + 1) * STRETCH).min(TIMESTEPS) - 1;
        assert_eq!(held(&walked, TIMESTEPS), t.saturating_sub(2 * STRETCH)..=stretch_end, "t = {t}");
    }
}

#[test]
fn a_network_that_looks_ahead_goes_back_by_one_stretch_at_a_time() {
    const TIMESTEPS: usize = 10 * STRETCH;
    let mut walked = network_both_ways(TIMESTEPS);
    walked.hold(TIMESTEPS - 1, TIMESTEPS - 1);
    for t in (0..TIMESTEPS - 1).rev() {
        assert_eq!(walked.get(t).is_none(), t % STRETCH == STRETCH - 1, "t = {t}");
        walked.hold(t, t);
        assert_eq!(held(&walked, TIMESTEPS), t / STRETCH * STRETCH..=(t + 2 * STRETCH).min(TIMESTEPS - 1), "t = {t}");
    }
}

#[test]
fn few_of_a_hundred_thousand_timesteps_of_a_reverse_layer_are_held_and_each_is_that_of_a_plain_run() {
    const TIMESTEPS: usize = 100_000;
    const LOOK_BACK: usize = 16;
    let mut walked = reverse_cell(TIMESTEPS);
    let cell = cell();
    let plain =
        go_over(&rows_of(2, TIMESTEPS).outer_iter().map(|row| Some(row.to_vec())).collect::<Vec<_>>(), Way::Reverse, &cell);
    for t in [0, 1, 63, 64, 50_000, 49_999, 50_064, TIMESTEPS - 1, TIMESTEPS - 2, 99_967, 0] {
        walked.hold(t.saturating_sub(LOOK_BACK), t);
        let step = walked.get(t).unwrap().layers[0].as_ref().unwrap();
        assert_eq!(Some(&step.passes[0]), plain[t].as_ref(), "t = {t}");
        assert!(walked.held() <= LOOK_BACK + 1 + KEPT, "{} held at t = {t}", walked.held());
    }
}

#[test]
fn a_timeline_without_timesteps_holds_and_gives_nothing() {
    let mut empty = small_cell(0);
    empty.hold(0, 10);
    assert!(empty.is_empty());
    assert!(empty.get(0).is_none());
    assert_eq!(empty.into_steps().count(), 0);
}

#[test]
fn what_was_released_comes_back_the_same() {
    let mut walked = small_cell(20 * STRETCH);
    let plain: Vec<_> = walked.clone().into_steps().map(|step| bits(&step)).collect();
    walked.hold(0, 20 * STRETCH - 1);
    assert_eq!(walked.held(), 20 * STRETCH);
    walked.hold(STRETCH, STRETCH);
    assert_eq!(walked.held(), 3 * STRETCH + 1);
    assert!(walked.get(3 * STRETCH).is_some() && walked.get(3 * STRETCH + 1).is_none());
    walked.hold(3 * STRETCH - 1, 10 * STRETCH);
    assert_eq!(first_difference(&walked, &plain, 3 * STRETCH - 1..=10 * STRETCH), None);
}
