//! The numeric kernel gives the sums and activations its documentation defines, to the bit, however weights are kept.
#![allow(clippy::unwrap_used)]

use celda::engine::activation::Activation;
use celda::engine::cell::gru::{Candidate, Gru};
use celda::engine::cell::lstm::Lstm;
use celda::engine::cell::rnn::Rnn;
use celda::engine::cell::{Cell, GateName, State, Step};
use celda::engine::kernel::{Aligned, LANES, products, sigmoid, sigmoid_of, sum_in_order, tanh, tanh_of};
use celda::engine::network::{Layer, Network, Passes};
use celda::engine::parameter::{Parameter, Part};
use celda::engine::weighted_sum::{WeightedSum, total};
use celda::engine::weights::Weights;
use ndarray::Array2;
use proptest::prelude::*;

fn any_number() -> impl Strategy<Value = f64> {
    let special = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MIN_POSITIVE, 5e-324, 1e300, f64::MAX];
    prop_oneof![8 => -10.0..10.0, 2 => any::<f64>(), 1 => prop::sample::select(special.to_vec())]
}

/// Weights `[rows, columns]` and values `[columns]`, half of them without anything but ordinary numbers.
fn sums_to_compute() -> impl Strategy<Value = (usize, Vec<f64>, Vec<f64>)> {
    (0..40_usize, 0..70_usize, any::<bool>()).prop_flat_map(|(rows, columns, ordinary)| {
        let number = if ordinary { (-10.0..10.0).boxed() } else { any_number().boxed() };
        (Just(rows), prop::collection::vec(number.clone(), rows * columns), prop::collection::vec(number, columns))
    })
}

fn sums_of(rows: usize, weights: &[f64], values: &[f64]) -> Vec<f64> {
    sums_with_stride(rows, weights, values, values.len().next_multiple_of(LANES))
}

/// The sums of rows that are filled up with zeros to the stride.
fn sums_with_stride(rows: usize, weights: &[f64], values: &[f64], stride: usize) -> Vec<f64> {
    let mut filled = vec![0.0; rows * stride];
    for (i, row) in filled.chunks_exact_mut(stride.max(1)).enumerate() {
        row[..values.len()].copy_from_slice(&weights[i * values.len()..][..values.len()]);
    }
    let mut sums = vec![-1.0; rows];
    products(&filled, stride, values, &mut sums);
    sums
}

/// The definition: product `k` goes to lane `k mod 8`, then the lanes are added from left to right.
fn defined_sum(row: &[f64], values: &[f64]) -> f64 {
    let lane = |j: usize| (j..values.len()).step_by(8).fold(0.0, |lane, k| lane + row[k] * values[k]);
    ((((((((0.0 + lane(0)) + lane(1)) + lane(2)) + lane(3)) + lane(4)) + lane(5)) + lane(6)) + lane(7)) + 0.0
}

/// The bits, but of a NaN the one it is documented to be.
fn bits(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }
}

/// How many numbers apart two finite numbers are.
fn distance(a: f64, b: f64) -> u64 {
    let place = |x: f64| if x.is_sign_negative() { -((x.to_bits() << 1 >> 1) as i64) } else { x.to_bits() as i64 };
    place(a).abs_diff(place(b))
}

/// Points where sigmoid and tanh have something to show, both signs.
fn points() -> impl Iterator<Item = f64> {
    let even = (0..400_000).map(|i| f64::from(i) / 10_000.0);
    let powers = (-1074..1024).flat_map(|e| [1.0, 1.3, 1.9].map(|m| m * 2.0_f64.powi(e)));
    let tail = (0..80_000).map(|i| f64::from(i) / 100.0);
    even.chain(powers).chain(tail).flat_map(|z| [z, -z])
}

fn libm_sigmoid(z: f64) -> f64 {
    if z >= 0.0 { 1.0 / (1.0 + libm::exp(-z)) } else { libm::exp(z) / (1.0 + libm::exp(z)) }
}

proptest! {
    #[test]
    fn products_are_summed_in_the_documented_order((rows, weights, values) in sums_to_compute()) {
        for (i, sum) in sums_of(rows, &weights, &values).into_iter().enumerate() {
            let row = &weights[i * values.len()..][..values.len()];
            prop_assert_eq!(sum.to_bits(), bits(defined_sum(row, &values)), "row {}", i);
        }
    }

    #[test]
    fn the_terms_of_a_row_add_up_to_its_sum((rows, weights, values) in sums_to_compute()) {
        for (i, sum) in sums_of(rows, &weights, &values).into_iter().enumerate() {
            let row = &weights[i * values.len()..][..values.len()];
            let terms = row.iter().zip(&values).map(|(weight, value)| weight * value);
            prop_assert_eq!(sum.to_bits(), sum_in_order(terms).to_bits(), "row {}", i);
        }
    }

    #[test]
    fn up_to_eight_products_are_added_from_left_to_right(
        pairs in prop::collection::vec((any_number(), any_number()), 0..=LANES)
    ) {
        let (weights, values): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let plain = pairs.iter().fold(0.0, |sum, (weight, value)| sum + weight * value);
        prop_assert_eq!(sums_of(1, &weights, &values)[0].to_bits(), bits(plain));
        prop_assert_eq!(sum_in_order(pairs.iter().map(|(w, v)| w * v)).to_bits(), bits(plain));
    }

    #[test]
    fn columns_of_zeros_at_the_end_change_no_bit((rows, weights, values) in sums_to_compute(), more in 1..3 * LANES) {
        let zeros = vec![0.0; more];
        let columns = values.len();
        let wide: Vec<f64> = (0..rows).flat_map(|i| [&weights[i * columns..][..columns], &zeros].concat()).collect();
        let wide_values = [&values[..], &zeros].concat();
        let stride = wide_values.len().next_multiple_of(LANES);
        let bits = |sums: Vec<f64>| sums.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        let narrow = bits(sums_of(rows, &weights, &values));
        prop_assert_eq!(&bits(sums_with_stride(rows, &weights, &values, stride)), &narrow);
        prop_assert_eq!(&bits(sums_with_stride(rows, &wide, &wide_values, stride)), &narrow);
    }

    #[test]
    fn a_layer_gets_what_each_of_its_units_would_get_alone(z in prop::collection::vec(any_number(), 0..70)) {
        for (activation, function) in [(Activation::Sigmoid, sigmoid as fn(&[f64], &mut [f64])), (Activation::Tanh, tanh)] {
            let mut y = vec![-2.0; z.len()];
            function(&z, &mut y);
            let alone = z.iter().map(|z| activation.value(*z).to_bits());
            prop_assert!(y.iter().map(|y| y.to_bits()).eq(alone), "{}", activation.name());
        }
        for activation in Activation::ALL.into_iter().filter(|activation| *activation != Activation::Softmax) {
            let mut y = vec![-2.0; z.len()];
            activation.apply(&z, &mut y);
            let alone = z.iter().map(|z| bits(activation.value(*z)));
            prop_assert!(y.iter().map(|y| bits(*y)).eq(alone), "{}", activation.name());
        }
    }

    #[test]
    fn tanh_is_odd_and_both_stay_in_their_range(z in any::<f64>()) {
        prop_assert_eq!(tanh_of(-z).to_bits(), bits(-tanh_of(z)));
        prop_assert!(z.is_nan() || (-1.0..=1.0).contains(&tanh_of(z)));
        prop_assert!(z.is_nan() || (0.0..=1.0).contains(&sigmoid_of(z)));
    }

    #[test]
    fn aligned_numbers_start_a_cache_line_and_compare_by_value(numbers in prop::collection::vec(-10.0..10.0, 0..40)) {
        let mut aligned = Aligned::from(&numbers[..]);
        prop_assert_eq!(&*aligned, &numbers[..]);
        prop_assert_eq!(aligned.as_ptr() as usize % 64, 0);
        let copy = aligned.clone();
        prop_assert_eq!(copy.as_ptr() as usize % 64, 0);
        prop_assert_eq!(&copy, &aligned);
        if let Some(first) = aligned.first_mut() {
            *first += 1.0;
            prop_assert_ne!(&copy, &aligned);
        }
    }
}

const UNITS: usize = 128;
const INPUTS: usize = 264;

/// A number of single precision, by its place: most are ordinary, some are zeros, subnormal or huge.
fn single(seed: u32, i: usize, j: usize) -> f64 {
    let hash = (seed ^ (i as u32) << 16 ^ j as u32).wrapping_mul(0x9e37_79b1).rotate_left(15).wrapping_mul(0x85eb_ca77);
    let ordinary = (hash >> 8) as f32 / 33_554_432.0 - 0.25;
    let rare = [0.0, -0.0, 1e-45, -1e-40, f32::MIN_POSITIVE, 1e-30, 3e20, f32::MAX];
    f64::from(*rare.get(hash as usize % 4096).unwrap_or(&ordinary))
}

/// What a layer's last unit is like. No other unit listens to it.
#[derive(Clone, Copy)]
enum LastUnit {
    None,
    /// Its weights are no numbers of single precision, so that all of its gate are kept in double.
    Double,
}

impl LastUnit {
    fn units(self) -> usize {
        UNITS + usize::from(matches!(self, Self::Double))
    }

    /// The sum of a gate over `inputs` inputs and, where there are any, the states of all units.
    fn sum(self, seed: u32, inputs: usize, states: usize) -> WeightedSum {
        let weights = |columns: usize, seed: u32, ignored: usize| {
            Array2::from_shape_fn((self.units(), columns), |(i, j)| match i {
                UNITS => 0.1,
                _ if j >= ignored => 0.0,
                _ => single(seed, i, j),
            })
        };
        let sum = WeightedSum::new(&weights(inputs, seed, inputs), &weights(states, seed + 1, UNITS));
        sum.with_bias((0..self.units()).map(|i| single(seed + 2, i, 0)).collect())
    }

    fn initial(self, cell: usize) -> State {
        let numbers = |count: usize, seed| (0..count).map(|i| single(seed, i, 0).clamp(-1.0, 1.0)).collect();
        State { cell: numbers(cell, 3), ..State::of_hidden(numbers(self.units(), 4)) }
    }

    fn rnn(self, seed: u32) -> Rnn {
        Rnn { sum: self.sum(seed, INPUTS, self.units()), activation: Activation::Tanh, initial: self.initial(0) }
    }

    fn lstm(self, seed: u32) -> Lstm {
        let gate = |number: u32| self.sum(seed + 10 * number, INPUTS, self.units());
        Lstm {
            input: gate(0),
            forget: gate(1),
            cell: gate(2),
            output: gate(3),
            projection: None,
            activation: Activation::Tanh,
            recurrent_activation: Activation::Sigmoid,
            initial: self.initial(self.units()),
        }
    }

    fn gru(self, seed: u32) -> Gru {
        let gate = |number: u32| self.sum(seed + 10 * number, INPUTS, self.units());
        Gru {
            reset: gate(0),
            update: gate(1),
            candidate: Candidate::ResetBefore(gate(2)),
            activation: Activation::Tanh,
            recurrent_activation: Activation::Sigmoid,
            initial: self.initial(0),
        }
    }
}

#[test]
fn a_sum_large_enough_for_two_processors_has_the_bits_of_one_whoever_else_computes_one() {
    const SHAPE: (usize, usize) = (515, 515);
    let sum = |seed: u32| WeightedSum::of_inputs(&Array2::from_shape_fn(SHAPE, |(i, j)| single(seed, i, j) / 3.0));
    std::thread::scope(|scope| {
        for seed in 0..4 {
            scope.spawn(move || {
                let (sum, mut sums) = (sum(seed), Vec::new());
                for t in 0..20 {
                    let values: Vec<f64> = (0..SHAPE.1).map(|j| single(seed, t, j)).collect();
                    sum.write(&values, &[], &mut sums);
                    for (i, sum_of_row) in sums.iter().enumerate() {
                        let row: Vec<f64> = (0..SHAPE.1).map(|j| sum.weight(i, j).unwrap()).collect();
                        assert_eq!(bits(*sum_of_row), bits(defined_sum(&row, &values)), "row {i} of sum {seed} at {t}");
                    }
                }
            });
        }
    });
}

/// Some steps of a cell, and whether each of its gates keeps its weights in single precision.
fn steps(cell: &dyn Cell, seed: u32) -> (Vec<Step>, Vec<bool>) {
    let mut state = cell.initial().clone();
    let step = |t| {
        let x: Vec<f64> = (0..INPUTS).map(|i| single(seed, t, i)).collect();
        let step = cell.step(&x, &state);
        state.clone_from(&step.after);
        step
    };
    let is_single = |gate: &GateName| matches!(cell.sum(*gate).weights(), Weights::Single(_));
    ((0..3).map(step).collect(), cell.gates().iter().map(is_single).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn a_layer_steps_to_the_same_bits_whichever_way_its_weights_are_kept(seed in any::<u16>().prop_map(u32::from)) {
        let cells = |last: LastUnit| -> [Box<dyn Cell>; 3] { [Box::new(last.rnn(seed)), Box::new(last.lstm(seed)), Box::new(last.gru(seed))] };
        for (single, double) in cells(LastUnit::None).iter().zip(&cells(LastUnit::Double)) {
            let ((in_single, kept_single), (in_double, kept_double)) = (steps(&**single, seed), steps(&**double, seed));
            prop_assert!(kept_single.into_iter().all(|single| single) && !kept_double.into_iter().any(|single| single));
            let bits = |numbers: &[f64]| numbers[..UNITS.min(numbers.len())].iter().map(|n| n.to_bits()).collect::<Vec<u64>>();
            for (t, (a, b)) in in_single.iter().zip(&in_double).enumerate() {
                for (a, b) in a.gates.iter().zip(&b.gates) {
                    prop_assert_eq!(bits(&a.sum), bits(&b.sum), "{} at {}", a.name.name(), t);
                    prop_assert_eq!(bits(&a.output), bits(&b.output), "{} at {}", a.name.name(), t);
                }
                prop_assert_eq!(bits(&a.after.hidden), bits(&b.after.hidden));
                prop_assert_eq!(bits(&a.after.cell), bits(&b.after.cell));
            }
        }
    }

    #[test]
    fn a_weight_edited_to_a_number_of_double_precision_is_that_number_and_changes_no_other_unit(
        seed in any::<u16>().prop_map(u32::from),
        gate in prop::sample::select(vec![GateName::Input, GateName::Forget, GateName::Cell, GateName::Output]),
        unit in 0..UNITS,
        column in 0..INPUTS + UNITS,
    ) {
        let original = Network { layers: vec![Layer::Lstm(Passes::Forward(LastUnit::None.lstm(seed)))] };
        let parameter = Parameter { layer: 0, pass: 0, unit, part: Part::Weight(gate, column) };
        let mut edited = original.clone();
        edited.set(parameter, -0.1);
        prop_assert_eq!(edited.parameter(parameter), Some(-0.1));

        let (before, cell) = (steps(original.layers[0].cell(0), seed).0.remove(0), edited.layers[0].cell(0));
        let after = steps(cell, seed).0.remove(0);
        for (a, b) in before.gates.iter().zip(&after.gates) {
            let others = (0..UNITS).filter(|other| *other != unit);
            prop_assert!(others.into_iter().all(|other| a.sum[other].to_bits() == b.sum[other].to_bits()));
        }
        let terms = cell.terms(&after, gate, unit);
        prop_assert_eq!(terms[column].weight, -0.1);
        prop_assert_eq!(after.gate(gate).map(|gate| gate.sum[unit].to_bits()), Some(bits(total(&terms))));

        edited.set(parameter, original.parameter(parameter).unwrap());
        prop_assert!(edited == original);
    }
}

#[test]
fn a_sum_of_nothing_is_0() {
    assert_eq!(sums_of(5, &[], &[]), [0.0; 5]);
    assert_eq!(sum_in_order([]).to_bits(), 0);
}

#[test]
fn sigmoid_and_tanh_are_what_libm_says_but_for_the_last_places() {
    for z in points() {
        let (ours, theirs) = (tanh_of(z), libm::tanh(z));
        assert!(distance(ours, theirs) <= 3, "tanh({z:e}): {ours:e} is not {theirs:e}");
        let (ours, theirs) = (sigmoid_of(z), libm_sigmoid(z));
        assert!(distance(ours, theirs) <= 4, "sigmoid({z:e}): {ours:e} is not {theirs:e}");
    }
}

#[test]
fn sigmoid_and_tanh_are_right_at_the_edges() {
    for (z, y) in [(0.0_f64, 0.0_f64), (5e-324, 5e-324), (1e-310, 1e-310), (1e300, 1.0), (f64::MAX, 1.0), (f64::INFINITY, 1.0)] {
        assert_eq!(tanh_of(z).to_bits(), y.to_bits(), "{z:e}");
        assert_eq!(tanh_of(-z).to_bits(), (-y).to_bits(), "-{z:e}");
    }
    for (z, y) in [(0.0, 0.5), (-0.0, 0.5), (5e-324, 0.5), (-5e-324, 0.5)] {
        assert_eq!(sigmoid_of(z), y, "{z:e}");
    }
    for z in [746.0, 1e300, f64::MAX, f64::INFINITY] {
        assert_eq!((sigmoid_of(z), sigmoid_of(-z).to_bits()), (1.0, 0), "{z:e}");
    }
    assert_eq!(sigmoid_of(-745.0), 5e-324);
    assert_eq!(sigmoid_of(f64::NAN).to_bits(), f64::NAN.to_bits());
    assert_eq!(tanh_of(-f64::NAN).to_bits(), f64::NAN.to_bits());
}

#[test]
fn sigmoid_and_tanh_never_turn_back_on_their_way_to_saturation() {
    let rises = |function: fn(f64) -> f64, from: f64, to: f64| {
        let steps = 400_000_u32;
        let z = |i: u32| from + (to - from) * f64::from(i) / f64::from(steps);
        let turn = (0..steps).find(|i| function(z(*i)) > function(z(i + 1)));
        assert_eq!(turn.map(z), None);
    };
    rises(tanh_of, 2.0, 25.0);
    rises(sigmoid_of, 2.0, 45.0);
    rises(sigmoid_of, -746.0, -2.0);
}
