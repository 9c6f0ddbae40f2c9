//! What the engine costs, each figure beside a baseline measured in the same run; read their ratio, not the times.
//!
//! What is claimed of a step whose record is kept: an LSTM layer of 64 or 512 units is 2.5 times as fast as the same equations
//! with ndarray's products and std's functions, and more; where no cache near the processor holds its weights, 512 units whose
//! weights need double precision, that takes a second processor, and what else uses the memory shows (2.3 to 2.7). Such a layer
//! takes at most 1.3 times as long as adding up its weights as they lie in memory, which is to read them.
//! [`reproducible`] shows what the same bits on every machine cost.
//!
//! After the benches, some are run again in turn, round by round, so that what else the machine does hits all alike.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use celda::engine::activation::Activation;
use celda::engine::cell::gru::{Candidate, Gru};
use celda::engine::cell::lstm::Lstm;
use celda::engine::cell::rnn::Rnn;
use celda::engine::cell::{Cell, State, Step};
use celda::engine::kernel::Aligned;
use celda::engine::network::{Layer, Network, Passes};
use celda::engine::timeline::{STRETCH, Timeline};
use celda::engine::weighted_sum::WeightedSum;
use celda::engine::weights::Weights;
use divan::Bencher;
use ndarray::{Array1, Array2, Axis, Zip};
use pulp::{Arch, Simd, WithSimd};

fn main() {
    divan::main();
    if std::env::args().any(|argument| argument == "--bench") {
        println!("\nin turn: median and least time, median of the ratios to the first, of all rounds");
        lstm_step::compare();
        gru_step::compare();
        rnn_step::compare();
        reproducible::compare();
    }
}

/// A name and what it takes to run it once.
type Contender<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// Runs contenders in turn, `repetitions` times in each round, and prints their times beside those of the first.
///
/// The ratio is taken round by round, since the speed of the machine may change between two of them.
fn run_in_turn(title: impl fmt::Display, repetitions: usize, mut contenders: Vec<Contender>) {
    const ROUNDS: usize = 100;
    let mut microseconds = vec![[0.0; ROUNDS]; contenders.len()];
    for round in 0..ROUNDS {
        for ((_, run), own) in contenders.iter_mut().zip(&mut microseconds) {
            let start = Instant::now();
            (0..repetitions).for_each(|_| run());
            own[round] = start.elapsed().as_secs_f64() * 1e6 / repetitions as f64;
        }
    }
    println!("{title}");
    for ((name, _), own) in contenders.iter().zip(&microseconds) {
        let mut ratios: Vec<f64> = own.iter().zip(&microseconds[0]).map(|(own, first)| own / first).collect();
        let mut times = *own;
        ratios.sort_by(f64::total_cmp);
        times.sort_by(f64::total_cmp);
        println!("  {name:<24} {:>8.2} µs {:>8.2} µs  {:.2}", times[ROUNDS / 2], times[0], ratios[ROUNDS / 2]);
    }
}

fn rnn(inputs: usize, units: usize, activation: Activation) -> Rnn {
    Rnn {
        sum: WeightedSum::new(
            &Array2::from_shape_fn((units, inputs), |(i, j)| ((7 * i + 3 * j + 1) as f64).sin() / 4.0),
            &Array2::from_shape_fn((units, units), |(i, j)| ((7 * i + 3 * j + 12) as f64).sin() / 4.0),
        )
        .with_bias((0..units).map(|i| ((5 * i + 2) as f64).sin() / 4.0).collect()),
        activation,
        initial: State::of_hidden(vec![0.0; units]),
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
        let row = |i| (0..INPUTS + units).map(|j| ((7 * i + 3 * j + 1) as f64).sin() / 4.0).collect();
        let weights: Vec<Vec<f64>> = (0..units).map(row).collect();
        let values = vec![0.5; INPUTS + units];
        let dot = |row: &Vec<f64>| row.iter().zip(&values).fold(0.0, |sum, (w, x)| sum + w * x);
        bencher.bench_local(|| black_box(&weights).iter().map(dot).collect::<Vec<f64>>());
    }

    #[divan::bench(args = UNITS)]
    fn rnn(bencher: Bencher, units: usize) {
        let rnn = super::rnn(INPUTS, units, Activation::Tanh);
        let x = [0.5; INPUTS];
        bencher.bench_local(|| rnn.step(black_box(&x), black_box(rnn.initial())));
    }
}

/// Moving the cursor by one timestep; going back over a checkpoint computes one stretch.
mod cursor {
    use super::*;

    const CHECKPOINT: usize = 10 * STRETCH;

    fn at_a_checkpoint() -> Timeline {
        let network = Network { layers: vec![Layer::Rnn(Passes::Forward(rnn(64, 64, Activation::Tanh)))] };
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
        let network = Network { layers: vec![Layer::Rnn(Passes::Forward(rnn(2, 1, Activation::Relu)))] };
        let timeline = Timeline::new(Arc::new(network), Arc::new(rows(TIMESTEPS, 2)));
        bencher.with_inputs(|| timeline.clone()).bench_local_values(|timeline| {
            timeline.into_steps().for_each(|step| drop(black_box(step)));
        });
    }
}

/// The first step of a network that looks ahead: three layers of 8 units in each direction.
mod looking_ahead {
    use super::*;

    const TIMESTEPS: usize = 100_000;
    const FEATURES: usize = 4;
    const UNITS: usize = 8;

    fn layers() -> [Layer; 3] {
        [FEATURES, 2 * UNITS, 2 * UNITS].map(|inputs| {
            let pass = || rnn(inputs, UNITS, Activation::Tanh);
            Layer::Rnn(Passes::Bidirectional { forward: pass(), backward: pass() })
        })
    }

    #[divan::bench(sample_count = 10)]
    fn baseline_every_pass_once(bencher: Bencher) {
        let layers = layers();
        let rows = layers.each_ref().map(|layer| rows(TIMESTEPS, layer.inputs()));
        bencher.bench_local(|| {
            for (layer, rows) in layers.iter().zip(&rows) {
                for cell in [layer.cell(0), layer.cell(1)] {
                    let (mut state, mut step) = (cell.initial().clone(), Step::default());
                    for x in rows.rows() {
                        cell.step_into(black_box(x.to_slice().unwrap_or_default()), &state, &mut step);
                        state.clone_from(&step.after);
                    }
                }
            }
        });
    }

    #[divan::bench(sample_count = 10)]
    fn first_step(bencher: Bencher) {
        let network = Network { layers: layers().into() };
        let timeline = Timeline::new(Arc::new(network), Arc::new(rows(TIMESTEPS, FEATURES)));
        bencher.with_inputs(|| timeline.clone()).bench_local_refs(|timeline| timeline.hold(0, 0));
    }
}

/// A layer that is stepped.
#[derive(Clone, Copy)]
struct Case {
    units: usize,
    inputs: usize,
    precision: Precision,
}

/// What the weights of a layer are.
#[derive(Clone, Copy, PartialEq)]
enum Precision {
    /// Numbers of single precision, as in most trained models.
    Single,
    /// Numbers that only double precision holds.
    Double,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = match self.precision {
            Precision::Single => "single",
            Precision::Double => "double",
        };
        write!(f, "{} units on {} inputs, {precision}", self.units, self.inputs)
    }
}

/// 64 units whose weights stay in the cache beside the processor, 512 whose weights do not.
const CASES: [Case; 5] = {
    use Precision::{Double, Single};
    [
        Case { units: 64, inputs: 64, precision: Double },
        Case { units: 512, inputs: 64, precision: Double },
        Case { units: 512, inputs: 512, precision: Double },
        Case { units: 512, inputs: 64, precision: Single },
        Case { units: 512, inputs: 512, precision: Single },
    ]
};

impl Case {
    /// How many weights so many gates have.
    fn weights(self, gates: usize) -> usize {
        gates * self.units * (self.inputs + self.units)
    }

    /// How often a layer of so many gates is stepped in a round: a run, not a step between two others, for which a second
    /// processor would have to be woken.
    fn repetitions(self, gates: usize) -> usize {
        (1 << 24) / self.weights(gates) + 1
    }

    fn weight(self, i: usize) -> f64 {
        match self.precision {
            Precision::Single => f64::from(wave(i) as f32),
            Precision::Double => wave(i),
        }
    }

    /// The input and recurrent weights of a gate and its bias, which are parts of those of all gates stacked.
    fn gate(self, number: usize) -> (Array2<f64>, Array2<f64>, Vec<f64>) {
        let Self { units, inputs, .. } = self;
        let first = number * units;
        let part = |offset: usize, columns: usize| {
            Array2::from_shape_fn((units, columns), |(i, j)| self.weight((first + i) * (inputs + units) + offset + j))
        };
        (part(0, inputs), part(inputs, units), waves(4 * units)[first..][..units].to_vec())
    }

    fn sum(self, number: usize) -> WeightedSum {
        let (input_weights, recurrent_weights, bias) = self.gate(number);
        WeightedSum::new(&input_weights, &recurrent_weights).with_bias(bias)
    }
}

fn wave(i: usize) -> f64 {
    ((7 * i + 1) as f64).sin() / 8.0
}

fn waves(count: usize) -> Vec<f64> {
    (0..count).map(wave).collect()
}

/// A layer of the program that is stepped into the same record again and again.
struct Kept<C> {
    cell: C,
    state: State,
    record: Step,
}

impl<C: Cell> Kept<C> {
    fn new(cell: C) -> Self {
        Self { state: cell.initial().clone(), cell, record: Step::default() }
    }

    fn step(&mut self, x: &[f64]) {
        self.cell.step_into(x, &self.state, &mut self.record);
        std::mem::swap(&mut self.state, &mut self.record.after);
    }
}

/// The least that reading the weights of a layer takes: adding them up as they lie in memory.
fn sum_of_weights(cell: &impl Cell) -> f64 {
    let of_gate = |gate| match cell.sum(gate).weights() {
        Weights::Single(weights) => sum(weights),
        Weights::Double(weights) => sum(weights),
    };
    cell.gates().iter().copied().map(of_gate).sum()
}

/// Adds up numbers, four times eight at a time.
fn sum<W: Copy + Into<f64>>(numbers: &[W]) -> f64 {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let mut running = [[0.0; 8]; 4];
            let (chunks, rest) = numbers.as_chunks::<32>();
            for chunk in chunks {
                for (running, numbers) in running.iter_mut().zip(chunk.as_chunks::<8>().0) {
                    running.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += (*number).into());
                }
            }
            rest.iter().fold(running.as_flattened().iter().sum(), |sum, number| sum + (*number).into())
        },
    )
}

fn bench_step(bencher: Bencher, case: Case, cell: impl Cell) {
    let (mut kept, x) = (Kept::new(cell), waves(case.inputs));
    bencher.bench_local(|| kept.step(black_box(&x)));
}

fn bench_sum_of_weights(bencher: Bencher, cell: impl Cell) {
    bencher.bench_local(|| sum_of_weights(black_box(&cell)));
}

/// Compares steps with the sum of the weights.
fn compare_with_sum<C: Cell + Clone>(name: &str, case: Case, gates: usize, cell: C) {
    let (mut kept, x) = (Kept::new(cell.clone()), waves(case.inputs));
    let contenders: Vec<Contender> = vec![
        ("with_kernel", Box::new(|| kept.step(black_box(&x)))),
        ("baseline_sum_of_weights", Box::new(|| _ = black_box(sum_of_weights(black_box(&cell))))),
    ];
    run_in_turn(format_args!("{name}, {case}"), case.repetitions(gates), contenders);
}

/// One timestep of an LSTM layer, every gate and state written into buffers that are kept.
mod lstm_step {
    use ndarray::linalg::general_mat_vec_mul;

    use super::*;

    const GATES: usize = 4;

    fn with_case(case: Case) -> Lstm {
        let zeros = || vec![0.0; case.units];
        Lstm {
            input: case.sum(0),
            forget: case.sum(1),
            output: case.sum(2),
            cell: case.sum(3),
            projection: None,
            activation: Activation::Tanh,
            recurrent_activation: Activation::Sigmoid,
            initial: State { hidden: zeros(), cell: zeros(), window: Vec::new() },
        }
    }

    /// The same layer, i, f, o and g stacked in this order, as one writes it with ndarray and std.
    struct WithNdarray {
        input_weights: Array2<f64>,
        recurrent_weights: Array2<f64>,
        bias: Array1<f64>,
        sums: Array1<f64>,
        gates: Array1<f64>,
        memory: Array1<f64>,
        squashed: Array1<f64>,
        hidden: Array1<f64>,
    }

    impl WithNdarray {
        fn new(case: Case) -> Self {
            let Case { units, inputs, .. } = case;
            let columns = inputs + units;
            Self {
                input_weights: Array2::from_shape_fn((GATES * units, inputs), |(i, j)| case.weight(columns * i + j)),
                recurrent_weights: Array2::from_shape_fn((GATES * units, units), |(i, j)| case.weight(columns * i + inputs + j)),
                bias: waves(GATES * units).into(),
                sums: Array1::zeros(GATES * units),
                gates: Array1::zeros(GATES * units),
                memory: Array1::zeros(units),
                squashed: Array1::zeros(units),
                hidden: Array1::zeros(units),
            }
        }

        fn step(&mut self, x: &Array1<f64>) {
            let units = self.hidden.len();
            self.sums.assign(&self.bias);
            general_mat_vec_mul(1.0, &self.input_weights, x, 1.0, &mut self.sums);
            general_mat_vec_mul(1.0, &self.recurrent_weights, &self.hidden, 1.0, &mut self.sums);
            let (open, candidate) = self.sums.view().split_at(Axis(0), 3 * units);
            let (mut gates, mut g) = self.gates.view_mut().split_at(Axis(0), 3 * units);
            Zip::from(&mut gates).and(open).for_each(|y, z| *y = 1.0 / (1.0 + (-z).exp()));
            Zip::from(&mut g).and(candidate).for_each(|y, z| *y = z.tanh());
            let (i, rest) = gates.view().split_at(Axis(0), units);
            let (f, o) = rest.split_at(Axis(0), units);
            Zip::from(&mut self.memory).and(f).and(i).and(&g).for_each(|c, f, i, g| *c = f * *c + i * g);
            Zip::from(&mut self.squashed).and(&self.memory).for_each(|y, c| *y = c.tanh());
            Zip::from(&mut self.hidden).and(o).and(&self.squashed).for_each(|h, o, squashed| *h = o * squashed);
        }
    }

    #[divan::bench(args = CASES)]
    fn baseline_ndarray(bencher: Bencher, case: Case) {
        let (mut lstm, x) = (WithNdarray::new(case), Array1::from(waves(case.inputs)));
        bencher.bench_local(|| lstm.step(black_box(&x)));
    }

    #[divan::bench(args = CASES)]
    fn baseline_sum_of_weights(bencher: Bencher, case: Case) {
        bench_sum_of_weights(bencher, with_case(case));
    }

    #[divan::bench(args = CASES)]
    fn with_kernel(bencher: Bencher, case: Case) {
        bench_step(bencher, case, with_case(case));
    }

    pub fn compare() {
        for case in CASES {
            let (lstm, x) = (with_case(case), waves(case.inputs));
            let (mut ours, mut theirs) = (Kept::new(lstm.clone()), WithNdarray::new(case));
            let values = Array1::from(x.clone());
            for _ in 0..10 {
                ours.step(&x);
                theirs.step(&values);
            }
            let pairs = ours.state.hidden.iter().zip(&theirs.hidden);
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-12), "both compute the same layer");
            let contenders: Vec<Contender> = vec![
                ("with_kernel", Box::new(|| ours.step(black_box(&x)))),
                ("baseline_ndarray", Box::new(|| theirs.step(black_box(&values)))),
                ("baseline_sum_of_weights", Box::new(|| _ = black_box(sum_of_weights(black_box(&lstm))))),
            ];
            run_in_turn(format_args!("lstm_step, {case}"), case.repetitions(GATES), contenders);
        }
    }
}

/// One timestep of a GRU layer with the reset after the recurrent weights.
mod gru_step {
    use super::*;

    const GATES: usize = 3;

    fn with_case(case: Case) -> Gru {
        let (input_weights, recurrent_weights, bias) = case.gate(2);
        Gru {
            reset: case.sum(0),
            update: case.sum(1),
            candidate: Candidate::ResetAfter {
                input: WeightedSum::of_inputs(&input_weights).with_bias(bias.clone()),
                recurrent: WeightedSum::of_inputs(&recurrent_weights).with_bias(bias),
            },
            activation: Activation::Tanh,
            recurrent_activation: Activation::Sigmoid,
            initial: State::of_hidden(vec![0.0; case.units]),
        }
    }

    #[divan::bench(args = CASES)]
    fn baseline_sum_of_weights(bencher: Bencher, case: Case) {
        bench_sum_of_weights(bencher, with_case(case));
    }

    #[divan::bench(args = CASES)]
    fn with_kernel(bencher: Bencher, case: Case) {
        bench_step(bencher, case, with_case(case));
    }

    pub fn compare() {
        CASES.into_iter().for_each(|case| compare_with_sum("gru_step", case, GATES, with_case(case)));
    }
}

/// One timestep of a simple recurrent layer.
mod rnn_step {
    use super::*;

    const GATES: usize = 1;

    fn with_case(case: Case) -> Rnn {
        Rnn { sum: case.sum(0), activation: Activation::Tanh, initial: State::of_hidden(vec![0.0; case.units]) }
    }

    #[divan::bench(args = CASES)]
    fn baseline_sum_of_weights(bencher: Bencher, case: Case) {
        bench_sum_of_weights(bencher, with_case(case));
    }

    #[divan::bench(args = CASES)]
    fn with_kernel(bencher: Bencher, case: Case) {
        bench_step(bencher, case, with_case(case));
    }

    pub fn compare() {
        CASES.into_iter().for_each(|case| compare_with_sum("rnn_step", case, GATES, with_case(case)));
    }
}

/// The kernel, whose bits are the same on every machine, beside what need not keep that promise.
mod reproducible {
    use celda::engine::kernel::{self, LANES};

    use super::*;

    /// A contender, the kernel first.
    #[derive(Clone, Copy)]
    struct Named<F> {
        name: &'static str,
        run: F,
    }

    impl<F> fmt::Display for Named<F> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.name)
        }
    }

    /// Writes a function of each of the first numbers into the second.
    type Elementwise = Named<fn(&[f64], &mut [f64])>;

    const TANH: [Elementwise; 3] = [
        Named { name: "kernel", run: kernel::tanh },
        Named { name: "std", run: |z, y| each(f64::tanh, z, y) },
        Named { name: "libm", run: |z, y| each(libm::tanh, z, y) },
    ];

    const SIGMOID: [Elementwise; 3] = [
        Named { name: "kernel", run: kernel::sigmoid },
        Named { name: "std", run: |z, y| each(|z| 1.0 / (1.0 + (-z).exp()), z, y) },
        Named { name: "libm", run: |z, y| each(|z| 1.0 / (1.0 + libm::exp(-z)), z, y) },
    ];

    /// Multiplies rows of weights with as many values each, a multiple of [`LANES`], and writes the sums.
    type Products = Named<fn(&[f64], &[f64], &mut [f64])>;

    const PRODUCTS: [Products; 3] = [
        Named { name: "kernel", run: |weights, values, sums| kernel::products(weights, values.len(), values, sums) },
        Named { name: "contracted", run: |weights, values, sums| Arch::new().dispatch(Contracted { weights, values, sums }) },
        Named { name: "left_to_right", run: left_to_right },
    ];

    fn each(function: impl Fn(f64) -> f64, z: &[f64], y: &mut [f64]) {
        y.iter_mut().zip(z).for_each(|(y, z)| *y = function(*z));
    }

    /// The order of the textbook, in which each product of a row waits for the one before it.
    fn left_to_right(weights: &[f64], values: &[f64], sums: &mut [f64]) {
        for (sum, row) in sums.iter_mut().zip(weights.chunks_exact(values.len())) {
            *sum = row.iter().zip(values).fold(0.0, |sum, (weight, value)| sum + weight * value);
        }
    }

    /// The kernel's products where the processor may choose: no product is rounded before it is added, if it can do that,
    /// and the lanes are added in the order it is fastest in.
    struct Contracted<'a> {
        weights: &'a [f64],
        values: &'a [f64],
        sums: &'a mut [f64],
    }

    impl WithSimd for Contracted<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            const ROWS: usize = 4;
            let (values, columns) = (self.values.as_chunks::<LANES>().0, self.values.len() / LANES);
            let blocks = self.weights.as_chunks::<LANES>().0.chunks_exact(ROWS * columns);
            for (sums, block) in self.sums.as_chunks_mut::<ROWS>().0.iter_mut().zip(blocks) {
                let mut rows: [&[[f64; LANES]]; ROWS] = [&[]; ROWS];
                rows.iter_mut().zip(block.chunks_exact(columns)).for_each(|(row, own)| *row = &own[..values.len()]);
                let mut running = [[simd.splat_f64s(0.0); LANES]; ROWS];
                for (k, values) in values.iter().enumerate() {
                    for (running, row) in running.iter_mut().zip(rows) {
                        let registers = S::as_simd_f64s(&row[k]).0.iter().zip(S::as_simd_f64s(values).0);
                        for (running, (weights, values)) in running.iter_mut().zip(registers) {
                            *running = simd.mul_add_f64s(*weights, *values, *running);
                        }
                    }
                }
                for (sum, running) in sums.iter_mut().zip(running) {
                    let used = running.into_iter().take(LANES / S::F64_LANES);
                    *sum = simd.reduce_sum_f64s(used.fold(
                        simd.splat_f64s(0.0),
                        #[inline(always)]
                        |sum, lanes| simd.add_f64s(sum, lanes),
                    ));
                }
            }
        }
    }

    /// Pre-activations from -4 to 4, and room for what becomes of them.
    fn pre_activations() -> (Aligned<f64>, Aligned<f64>) {
        let z: Vec<f64> = waves(256).iter().map(|z| 32.0 * z).collect();
        (Aligned::from(&z[..]), Aligned::zeros(z.len()))
    }

    /// The weights of all gates of an LSTM layer, its values, and room for its sums.
    fn layer(case: Case) -> [Aligned<f64>; 3] {
        let numbers = |count| Aligned::from(&waves(count)[..]);
        [numbers(case.weights(4)), numbers(case.inputs + case.units), Aligned::zeros(4 * case.units)]
    }

    #[divan::bench(args = TANH)]
    fn tanh_of_256(bencher: Bencher, contender: Elementwise) {
        let (z, mut y) = pre_activations();
        bencher.bench_local(|| (contender.run)(black_box(&z), &mut y));
    }

    #[divan::bench(args = SIGMOID)]
    fn sigmoid_of_256(bencher: Bencher, contender: Elementwise) {
        let (z, mut y) = pre_activations();
        bencher.bench_local(|| (contender.run)(black_box(&z), &mut y));
    }

    #[divan::bench(args = PRODUCTS)]
    fn products_of_64_units(bencher: Bencher, contender: Products) {
        let [weights, values, mut sums] = layer(CASES[0]);
        bencher.bench_local(|| (contender.run)(black_box(&weights), black_box(&values), &mut sums));
    }

    pub fn compare() {
        for (function, contenders) in [("tanh", TANH), ("sigmoid", SIGMOID)] {
            let contender = |Named { name, run }: Elementwise| -> Contender {
                let (z, mut y) = pre_activations();
                (name, Box::new(move || run(black_box(&z), &mut y)))
            };
            run_in_turn(format_args!("reproducible, {function} of 256"), 100, contenders.map(contender).into());
        }
        for case in CASES.into_iter().filter(|case| case.precision == Precision::Double) {
            let [weights, values, sums] = layer(case);
            let (weights, values) = (&weights, &values);
            let contender = |Named { name, run }: Products| -> Contender {
                let mut sums = sums.clone();
                (name, Box::new(move || run(black_box(weights), black_box(values), &mut sums)))
            };
            let title = format_args!("reproducible, products of 4 gates, {case}");
            run_in_turn(title, case.repetitions(4), PRODUCTS.map(contender).into());
        }
    }
}
