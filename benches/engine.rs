//! What the engine costs, each figure beside a baseline measured in the same run; read their ratio, not the times.

use std::hint::black_box;
use std::sync::Arc;

use celda::engine::activation::Activation;
use celda::engine::cell::Cell;
use celda::engine::cell::rnn::Rnn;
use celda::engine::network::{Layer, Network};
use celda::engine::timeline::{STRETCH, Timeline};
use celda::engine::weighted_sum::WeightedSum;
use divan::Bencher;
use ndarray::{Array1, Array2};

fn main() {
    divan::main();
}

fn rnn(inputs: usize, units: usize, activation: Activation) -> Rnn {
    Rnn {
        sum: WeightedSum {
            input_weights: Array2::from_shape_fn((units, inputs), |(i, j)| ((7 * i + 3 * j + 1) as f64).sin() / 4.0),
            recurrent_weights: Array2::from_shape_fn((units, units), |(i, j)| ((7 * i + 3 * j + 12) as f64).sin() / 4.0),
            bias: Array1::from_shape_fn(units, |i| ((5 * i + 2) as f64).sin() / 4.0),
            recurrent_bias: None,
        },
        activation,
        initial_hidden: Array1::zeros(units),
    }
}

fn rows(timesteps: usize, features: usize) -> Array2<f64> {
    Array2::from_shape_fn((timesteps, features), |(t, i)| ((3 * t + 5 * i + 1) as f64).cos() / 2.0)
}

/// One timestep of a layer with 64 inputs.
mod step {
    use super::*;

    const UNITS: [usize; 3] = [1, 64, 512];
    const INPUTS: usize = 64;

    #[divan::bench(args = UNITS)]
    fn baseline_plain_products(bencher: Bencher, units: usize) {
        let WeightedSum { input_weights, recurrent_weights, .. } = super::rnn(INPUTS, units, Activation::Tanh).sum;
        let both = input_weights.outer_iter().zip(recurrent_weights.outer_iter());
        let weights: Vec<Vec<f64>> = both.map(|(w, u)| w.iter().chain(&u).copied().collect()).collect();
        let values = vec![0.5; INPUTS + units];
        let dot = |row: &Vec<f64>| row.iter().zip(&values).fold(0.0, |sum, (w, x)| sum + w * x);
        bencher.bench_local(|| black_box(&weights).iter().map(dot).collect::<Vec<f64>>());
    }

    #[divan::bench(args = UNITS)]
    fn rnn(bencher: Bencher, units: usize) {
        let rnn = super::rnn(INPUTS, units, Activation::Tanh);
        let (x, before) = (Array1::from_elem(INPUTS, 0.5), rnn.initial());
        bencher.bench_local(|| rnn.step(black_box(&x), black_box(&before)));
    }
}

/// Moving the cursor by one timestep; going back over a checkpoint computes one stretch.
mod cursor {
    use super::*;

    const CHECKPOINT: usize = 10 * STRETCH;

    fn at_a_checkpoint() -> Timeline {
        let network = Network { layers: vec![Layer::Rnn(rnn(64, 64, Activation::Tanh))] };
        let mut timeline = Timeline::new(Arc::new(network), Arc::new(rows(2 * CHECKPOINT, 64)));
        timeline.hold(CHECKPOINT, CHECKPOINT);
        timeline
    }

    #[divan::bench]
    fn baseline_one_step_forward(bencher: Bencher) {
        let timeline = at_a_checkpoint();
        bencher.with_inputs(|| timeline.clone()).bench_local_refs(|timeline| timeline.hold(CHECKPOINT + 1, CHECKPOINT + 1));
    }

    #[divan::bench]
    fn one_step_back_over_a_checkpoint(bencher: Bencher) {
        let timeline = at_a_checkpoint();
        bencher.with_inputs(|| timeline.clone()).bench_local_refs(|timeline| timeline.hold(CHECKPOINT - 1, CHECKPOINT - 1));
    }
}

/// A whole run of one cell with two inputs.
mod run {
    use super::*;

    const TIMESTEPS: usize = 100_000;

    #[divan::bench]
    fn baseline_plain_loop(bencher: Bencher) {
        let rows = rows(TIMESTEPS, 2);
        bencher.bench_local(|| {
            rows.outer_iter().fold(0.0_f64, |h, x| black_box((2.0 * x[0] + 3.0 * x[1] - 0.1 * h).max(0.0)));
        });
    }

    #[divan::bench]
    fn timeline(bencher: Bencher) {
        let network = Network { layers: vec![Layer::Rnn(rnn(2, 1, Activation::Relu))] };
        let timeline = Timeline::new(Arc::new(network), Arc::new(rows(TIMESTEPS, 2)));
        bencher.with_inputs(|| timeline.clone()).bench_local_values(|timeline| {
            timeline.into_steps().for_each(|step| drop(black_box(step)));
        });
    }
}
