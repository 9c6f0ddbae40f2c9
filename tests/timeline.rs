//! However one walks through the timesteps, each shows what a plain run from the first gives, and few are held.
#![allow(clippy::unwrap_used)]

use std::ops::RangeInclusive;
use std::sync::Arc;

use celda::engine::activation::Activation;
use celda::engine::cell::rnn::Rnn;
use celda::engine::cell::{Gate, GateName, State, Step};
use celda::engine::dense::{Apply, Dense};
use celda::engine::network::{Layer, Network, NetworkStep, Position};
use celda::engine::timeline::{STRETCH, Timeline};
use celda::engine::weighted_sum::WeightedSum;
use ndarray::{Array1, Array2};
use proptest::prelude::*;

/// How much of the past and the future stays held beyond what was asked for.
const KEPT: usize = 4 * STRETCH;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![-2.0..2.0, Just(0.0), Just(-0.0), Just(0.1)]
}

fn vector(len: usize) -> impl Strategy<Value = Array1<f64>> {
    prop::collection::vec(number(), len).prop_map(Array1::from)
}

fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(number(), rows * columns).prop_map(move |v| Array2::from_shape_vec((rows, columns), v).unwrap())
}

fn activation() -> impl Strategy<Value = Activation> {
    prop::sample::select(Activation::ALL.to_vec())
}

fn rnn(inputs: usize, units: usize) -> impl Strategy<Value = Layer> {
    let parts = (
        matrix(units, inputs),
        matrix(units, units),
        vector(units),
        prop::option::of(vector(units)),
        activation(),
        vector(units),
    );
    parts.prop_map(|(input_weights, recurrent_weights, bias, recurrent_bias, activation, initial_hidden)| {
        let sum = WeightedSum { input_weights, recurrent_weights, bias, recurrent_bias };
        Layer::Rnn(Rnn { sum, activation, initial_hidden })
    })
}

fn dense(inputs: usize, units: usize) -> impl Strategy<Value = Layer> {
    let apply = prop::sample::select(vec![Apply::Every, Apply::Last]);
    (matrix(units, inputs), vector(units), activation(), apply).prop_map(move |(input_weights, bias, activation, apply)| {
        let recurrent_weights = Array2::zeros((units, 0));
        let sum = WeightedSum { input_weights, recurrent_weights, bias, recurrent_bias: None };
        Layer::Dense(Dense { sum, activation, apply })
    })
}

/// A recurrent part of one or two layers, then sometimes a dense one.
fn network() -> impl Strategy<Value = Network> {
    (1..4_usize, 1..4_usize, 1..4_usize, 1..3_usize).prop_flat_map(|(inputs, first, second, last)| {
        let above = prop::option::of((rnn(first, second), prop::option::of(dense(second, last))));
        (rnn(inputs, first), above).prop_map(|(first, above)| {
            let (second, last) = above.unzip();
            Network { layers: std::iter::once(first).chain(second).chain(last.flatten()).collect() }
        })
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
    Array2::from_shape_fn((timesteps, network.layers[0].inputs()), |(t, i)| ((3 * t + 5 * i + 1) as f64).cos())
}

fn timeline(network: Network, timesteps: usize) -> Timeline {
    let rows = rows(&network, timesteps);
    Timeline::new(Arc::new(network), Arc::new(rows))
}

/// A cell like the lecture's, whose state never settles.
fn small_cell(timesteps: usize) -> Timeline {
    let sum = WeightedSum {
        input_weights: Array2::from_elem((1, 2), 0.75),
        recurrent_weights: Array2::from_elem((1, 1), -0.9),
        bias: Array1::from_elem(1, 0.1),
        recurrent_bias: None,
    };
    let rnn = Rnn { sum, activation: Activation::Tanh, initial_hidden: Array1::zeros(1) };
    timeline(Network { layers: vec![Layer::Rnn(rnn)] }, timesteps)
}

/// All the numbers of a step, bit for bit; `==` would take 0 for -0 and no NaN for another.
fn bits(step: &NetworkStep) -> Vec<u64> {
    let NetworkStep { t, layers, after } = step;
    let mut bits = vec![*t as u64];
    let mut add = |numbers: &Array1<f64>| {
        bits.push(numbers.len() as u64);
        bits.extend(numbers.iter().map(|n| n.to_bits()));
    };
    for layer in layers {
        match layer {
            None => add(&Array1::default(0)),
            Some(Step { input, before, gates, after, output }) => {
                [input, &before.hidden, &after.hidden, output].into_iter().for_each(&mut add);
                gates.iter().for_each(|Gate { name: _, sum, output }| [sum, output].into_iter().for_each(&mut add));
            }
        }
    }
    after.iter().for_each(|State { hidden }| add(hidden));
    bits
}

/// The first timestep that is not held, or is not what the plain run gives.
fn first_difference(walked: &Timeline, plain: &[Vec<u64>], mut timesteps: RangeInclusive<usize>) -> Option<usize> {
    timesteps.find(|&t| walked.get(t).map(bits).as_ref() != Some(&plain[t]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_walk_shows_the_steps_of_a_plain_run(
        network in network(),
        timesteps in prop_oneof![1..2000_usize, Just(1), Just(STRETCH), Just(STRETCH + 1), Just(2 * STRETCH)],
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
    fn a_sum_is_the_fold_of_its_terms(network in network(), timesteps in 1..20_usize) {
        let steps = timeline(network.clone(), timesteps).into_steps();
        for step in steps {
            for (layer, step) in network.layers.iter().zip(&step.layers) {
                let Some(step) = step else { continue };
                for (unit, sum) in step.gates[0].sum.iter().enumerate() {
                    let terms = layer.terms(step, GateName::Hidden, unit);
                    let fold = terms.iter().fold(0.0, |sum, term| sum + term.product);
                    prop_assert_eq!(sum.to_bits(), fold.to_bits());
                }
            }
        }
    }

    #[test]
    fn the_same_step_twice_gives_the_same_bits(network in network()) {
        let x = rows(&network, 1).row(0).to_owned();
        let before = network.initial();
        let first = network.step(0, x.clone(), &before, Position::Last);
        let second = network.step(0, x, &before, Position::Last);
        prop_assert_eq!(bits(&first), bits(&second));
        prop_assert_eq!(before, network.initial());
    }

    #[test]
    fn a_layer_that_applies_last_gives_its_output_at_the_last_timestep_only(
        recurrent in rnn(2, 3),
        last in dense(3, 2),
        above in dense(2, 2),
        timesteps in 1..200_usize,
    ) {
        let with = |apply| {
            let Layer::Dense(dense) = last.clone() else { unreachable!() };
            let Layer::Dense(above) = above.clone() else { unreachable!() };
            let last = Layer::Dense(Dense { apply, ..dense });
            let above = Layer::Dense(Dense { apply: Apply::Every, ..above });
            timeline(Network { layers: vec![recurrent.clone(), last, above] }, timesteps).into_steps()
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
