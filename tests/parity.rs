//! The engine gives what PyTorch, Keras and ONNX Runtime give; `tests/data` says how their numbers were made.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use celda::engine::activation::Activation;
use celda::engine::cell::State;
use celda::engine::cell::gru::{Candidate, Gru};
use celda::engine::cell::lstm::Lstm;
use celda::engine::cell::rnn::Rnn;
use celda::engine::conv::Conv;
use celda::engine::dense::{Apply, Dense};
use celda::engine::network::{Direction, Layer, Network, NetworkStep, Passes};
use celda::engine::timeline::Timeline;
use celda::engine::weighted_sum::{CellState, Peephole, WeightedSum};
use ndarray::{Array2, Axis, Slice};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
struct Source {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct More {
    cases: Vec<Case>,
    activations: Curves,
}

/// One network that a framework ran; its weights have the framework's own shape and order.
#[derive(Deserialize)]
struct Case {
    id: String,
    framework: Framework,
    #[serde(default)]
    op: Op,
    dtype: String,
    layers: Layers,
    #[serde(default = "tanh")]
    activation: String,
    #[serde(default)]
    hidden: usize,
    #[serde(default)]
    bidirectional: bool,
    #[serde(default = "forward")]
    direction: String,
    #[serde(default)]
    reset_after: bool,
    #[serde(default)]
    linear_before_reset: u8,
    #[serde(default)]
    weights: BTreeMap<String, Value>,
    x: Vec<Vec<f64>>,
    h0: Option<Vec<Vec<f64>>>,
    c0: Option<Vec<Vec<f64>>>,
    output: Vec<Vec<f64>>,
    h_n: Option<Vec<Vec<f64>>>,
    c_n: Option<Vec<Vec<f64>>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Framework {
    Pytorch,
    Keras,
    Onnxruntime,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum Op {
    #[default]
    Rnn,
    Lstm,
    Gru,
}

/// So many layers alike, or a list of different ones, as only Keras has.
#[derive(Deserialize)]
#[serde(untagged)]
enum Layers {
    Alike(usize),
    Listed(Vec<KerasLayer>),
}

#[derive(Deserialize)]
struct KerasLayer {
    kind: String,
    units: usize,
    #[serde(default = "tanh")]
    activation: String,
    #[serde(default)]
    reset_after: bool,
    weights: Vec<Value>,
}

#[derive(Deserialize)]
struct Curves {
    x: Vec<f64>,
    y: BTreeMap<String, Vec<f64>>,
}

fn tanh() -> String {
    "tanh".into()
}

fn forward() -> String {
    "forward".into()
}

fn recurrent_cases() -> Vec<Case> {
    serde_json::from_str::<Source>(include_str!("data/recurrent.json")).unwrap().cases
}

fn more() -> More {
    serde_json::from_str(include_str!("data/more.json")).unwrap()
}

fn activation(name: &str) -> Activation {
    Activation::ALL.into_iter().find(|activation| activation.name() == name).unwrap()
}

fn read<T: DeserializeOwned>(tensor: &Value) -> T {
    serde_json::from_value(tensor.clone()).unwrap()
}

fn matrix(tensor: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = read(tensor);
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

/// The weights of all gates of one direction of a layer, gates stacked by rows in the order of the letters.
struct Stack {
    order: &'static str,
    units: usize,
    input: Array2<f64>,
    recurrent: Array2<f64>,
    bias: Option<Vec<f64>>,
    recurrent_bias: Option<Vec<f64>>,
    /// Of i, o and f, as ONNX has them.
    peepholes: Option<Vec<f64>>,
    projection: Option<Array2<f64>>,
}

impl Stack {
    fn pytorch(op: Op, units: usize, tensor: impl Fn(&str) -> Option<Value>) -> Self {
        let order = ["h", "ifgo", "rzn"][op as usize];
        let bias = |name| tensor(name).map(|tensor| read(&tensor));
        Self {
            order,
            units,
            input: matrix(&tensor("weight_ih").unwrap()),
            recurrent: matrix(&tensor("weight_hh").unwrap()),
            bias: bias("bias_ih"),
            recurrent_bias: bias("bias_hh"),
            peepholes: None,
            projection: tensor("weight_hr").map(|tensor| matrix(&tensor)),
        }
    }

    /// Kernels are right-multiplied; a bias of two rows is that of the input, then that of the states.
    fn keras(op: Op, units: usize, [kernel, recurrent, bias]: [&Value; 3]) -> Self {
        let order = ["h", "ifgo", "zrn"][op as usize];
        let (bias, recurrent_bias) = match bias[0] {
            Value::Array(_) => (read(&bias[0]), Some(read(&bias[1]))),
            _ => (read(bias), None),
        };
        Self {
            order,
            units,
            input: matrix(kernel).reversed_axes(),
            recurrent: matrix(recurrent).reversed_axes(),
            bias: Some(bias),
            recurrent_bias,
            peepholes: None,
            projection: None,
        }
    }

    fn onnx(op: Op, units: usize, tensor: impl Fn(&str) -> Option<Value>) -> Self {
        let order = ["h", "iofg", "zrn"][op as usize];
        let mut bias: Vec<f64> = read(&tensor("B").unwrap());
        let recurrent_bias = bias.split_off(order.len() * units);
        Self {
            order,
            units,
            input: matrix(&tensor("W").unwrap()),
            recurrent: matrix(&tensor("R").unwrap()),
            bias: Some(bias),
            recurrent_bias: Some(recurrent_bias),
            peepholes: tensor("P").map(|tensor| read(&tensor)),
            projection: None,
        }
    }

    /// The rows of a gate in what is stacked in an order.
    fn rows(&self, order: &str, gate: char) -> std::ops::Range<usize> {
        let first = order.find(gate).unwrap() * self.units;
        first..first + self.units
    }

    fn block(&self, stacked: &Array2<f64>, gate: char) -> Array2<f64> {
        assert_eq!(stacked.nrows(), self.order.len() * self.units);
        stacked.slice_axis(Axis(0), Slice::from(self.rows(self.order, gate))).to_owned()
    }

    fn bias_of(&self, stacked: Option<&Vec<f64>>, gate: char) -> Option<Vec<f64>> {
        stacked.map(|bias| bias[self.rows(self.order, gate)].to_vec())
    }

    fn sum(&self, gate: char) -> WeightedSum {
        let at = if gate == 'o' { CellState::After } else { CellState::Before };
        let peephole = |all: &Vec<f64>| Peephole { weights: all[self.rows("iof", gate)].to_vec(), at };
        let peepholes = self.peepholes.as_ref().filter(|_| gate != 'g');
        let mut sum = WeightedSum::new(&self.block(&self.input, gate), &self.block(&self.recurrent, gate));
        sum.bias = self.bias_of(self.bias.as_ref(), gate);
        sum.recurrent_bias = self.bias_of(self.recurrent_bias.as_ref(), gate);
        sum.peephole = peepholes.map(peephole);
        sum
    }

    fn rnn(&self, activation: Activation, initial: State) -> Rnn {
        Rnn { sum: self.sum('h'), activation, initial }
    }

    fn lstm(&self, activation: Activation, initial: State) -> Lstm {
        Lstm {
            input: self.sum('i'),
            forget: self.sum('f'),
            cell: self.sum('g'),
            output: self.sum('o'),
            projection: self.projection.as_ref().map(WeightedSum::of_inputs),
            activation,
            recurrent_activation: Activation::Sigmoid,
            initial,
        }
    }

    fn gru(&self, activation: Activation, initial: State, reset_after: bool) -> Gru {
        let part = |weights, bias| {
            let mut sum = WeightedSum::of_inputs(&self.block(weights, 'n'));
            sum.bias = self.bias_of(bias, 'n');
            sum
        };
        let candidate = if reset_after {
            let input = part(&self.input, self.bias.as_ref());
            Candidate::ResetAfter { input, recurrent: part(&self.recurrent, self.recurrent_bias.as_ref()) }
        } else {
            Candidate::ResetBefore(self.sum('n'))
        };
        let (reset, update) = (self.sum('r'), self.sum('z'));
        Gru { reset, update, candidate, activation, recurrent_activation: Activation::Sigmoid, initial }
    }
}

impl Case {
    fn tolerance(&self) -> f64 {
        if self.dtype == "float64" { 1e-12 } else { 2e-6 }
    }

    fn directions(&self) -> &'static [Direction] {
        match (self.bidirectional, self.direction.as_str()) {
            (true, _) => &[Direction::Forward, Direction::Backward],
            (false, "reverse") => &[Direction::Backward],
            _ => &[Direction::Forward],
        }
    }

    fn stack(&self, layer: usize, direction: Direction) -> Stack {
        let suffix = if self.bidirectional && direction == Direction::Backward { "_reverse" } else { "" };
        let tensor = |name: &str| {
            let of_layer = self.weights.get(&format!("{name}_l{layer}{suffix}"));
            of_layer.or_else(|| self.weights.get(name)).cloned()
        };
        match self.framework {
            Framework::Pytorch => Stack::pytorch(self.op, self.hidden, tensor),
            Framework::Onnxruntime => Stack::onnx(self.op, self.hidden, tensor),
            Framework::Keras => {
                let [kernel, recurrent, bias] = ["kernel", "recurrent_kernel", "bias"].map(|name| tensor(name).unwrap());
                Stack::keras(self.op, self.hidden, [&kernel, &recurrent, &bias])
            }
        }
    }

    /// The start of a direction of a layer: those of both directions of the first layer come first, forward before backward.
    fn initial(&self, number: usize, stack: &Stack) -> State {
        let start =
            |given: &Option<Vec<Vec<f64>>>, width| given.as_ref().map_or_else(|| vec![0.0; width], |all| all[number].clone());
        let cell = if self.op == Op::Lstm { start(&self.c0, stack.units) } else { Vec::new() };
        State { cell, ..State::of_hidden(start(&self.h0, stack.recurrent.ncols())) }
    }

    fn passes<C>(&self, layer: usize, cell: impl Fn(Stack, State) -> C) -> Passes<C> {
        let directions = self.directions();
        let mut cells = directions.iter().enumerate().map(|(i, direction)| {
            let stack = self.stack(layer, *direction);
            let initial = self.initial(layer * directions.len() + i, &stack);
            cell(stack, initial)
        });
        let mut next = || cells.next().unwrap();
        match directions {
            [Direction::Forward] => Passes::Forward(next()),
            [Direction::Backward] => Passes::Reverse(next()),
            _ => Passes::Bidirectional { forward: next(), backward: next() },
        }
    }

    fn layers(&self) -> Vec<Layer> {
        let act = activation(&self.activation);
        let reset_after = self.framework == Framework::Pytorch || self.reset_after || self.linear_before_reset != 0;
        let layer = |layer| match self.op {
            Op::Rnn => Layer::Rnn(self.passes(layer, |stack, initial| stack.rnn(act, initial))),
            Op::Lstm => Layer::Lstm(self.passes(layer, |stack, initial| stack.lstm(act, initial))),
            Op::Gru => Layer::Gru(self.passes(layer, |stack, initial| stack.gru(act, initial, reset_after))),
        };
        match &self.layers {
            Layers::Alike(count) => (0..*count).map(layer).collect(),
            Layers::Listed(layers) => layers.iter().map(KerasLayer::layer).collect(),
        }
    }

    fn run(&self) -> Vec<NetworkStep> {
        let rows = Array2::from_shape_vec((self.x.len(), self.x[0].len()), self.x.concat()).unwrap();
        Timeline::new(Arc::new(Network { layers: self.layers() }), Arc::new(rows)).into_steps().collect()
    }

    fn assert_close(&self, what: &str, ours: &[f64], theirs: &[f64]) {
        assert_eq!(ours.len(), theirs.len(), "{}, {what}", self.id);
        for (unit, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            assert!((ours - theirs).abs() <= self.tolerance(), "{}, {what}, unit {unit}: {ours} is not {theirs}", self.id);
        }
    }
}

impl KerasLayer {
    fn layer(&self) -> Layer {
        let act = activation(&self.activation);
        let zeros = State::of_hidden(vec![0.0; self.units]);
        match (self.kind.as_str(), self.weights.as_slice()) {
            ("lstm", [kernel, recurrent, bias]) => {
                let initial = State { cell: vec![0.0; self.units], ..zeros };
                let stack = Stack::keras(Op::Lstm, self.units, [kernel, recurrent, bias]);
                Layer::Lstm(Passes::Forward(stack.lstm(act, initial)))
            }
            ("gru", [kernel, recurrent, bias]) => {
                let stack = Stack::keras(Op::Gru, self.units, [kernel, recurrent, bias]);
                Layer::Gru(Passes::Forward(stack.gru(act, zeros, self.reset_after)))
            }
            ("dense", [kernel, bias]) => {
                let sum = WeightedSum::of_inputs(&matrix(kernel).reversed_axes()).with_bias(read(bias));
                Layer::Dense(Dense::new(sum, act, Apply::Every))
            }
            ("conv", [kernel, bias]) => {
                let rows: Vec<Vec<Vec<f64>>> = read(kernel);
                let inputs = rows[0].len();
                let weight = |(unit, k): (usize, usize)| rows[k / inputs][k % inputs][unit];
                let weights = Array2::from_shape_fn((self.units, rows.len() * inputs), weight);
                Layer::Conv(Conv::new(WeightedSum::of_inputs(&weights).with_bias(read(bias)), act, inputs))
            }
            (other, _) => panic!("no conversion for {other}"),
        }
    }
}

#[test]
fn the_data_covers_three_frameworks_three_cells_their_variants_stacks_and_initial_states() {
    let mut groups: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
    for case in recurrent_cases() {
        let Layers::Alike(layers) = case.layers else { panic!("{} lists layers", case.id) };
        let starts = case.h0.iter().flatten().flatten().any(|h| *h != 0.0);
        let (group, _) = case.id.rsplit_once("-L").unwrap();
        groups.entry(group.to_owned()).or_default().push((layers, starts));
    }
    let expected = [
        "keras-GRU-tanh-reset_after=False",
        "keras-GRU-tanh-reset_after=True",
        "keras-LSTM-tanh",
        "keras-RNN-relu",
        "keras-RNN-tanh",
        "onnxruntime-GRU-tanh-linear_before_reset=0",
        "onnxruntime-GRU-tanh-linear_before_reset=1",
        "onnxruntime-LSTM-tanh",
        "onnxruntime-RNN-relu",
        "onnxruntime-RNN-tanh",
        "pytorch-GRU-tanh",
        "pytorch-LSTM-tanh",
        "pytorch-RNN-relu",
        "pytorch-RNN-tanh",
    ];
    assert_eq!(groups.keys().collect::<Vec<_>>(), expected);
    assert!(groups.values().all(|cases| *cases == [(1, false), (1, true), (2, false), (2, true)]));
}

#[test]
fn the_data_covers_directions_projections_no_bias_peepholes_and_mixed_stacks() {
    let ids: Vec<String> = more().cases.into_iter().map(|case| case.id).collect();
    let expected = [
        "pytorch-RNN-bidirectional-L2",
        "pytorch-LSTM-bidirectional-L2",
        "pytorch-LSTM-projected-L2",
        "pytorch-GRU-bidirectional-L2",
        "pytorch-RNN-nobias",
        "pytorch-LSTM-nobias",
        "pytorch-GRU-nobias",
        "onnxruntime-LSTM-peephole-forward",
        "onnxruntime-LSTM-peephole-reverse",
        "keras-lstm-dense-dense",
        "keras-conv-dense",
        "keras-gru-lstm-dense",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn networks_give_every_output_and_last_state_of_the_frameworks() {
    for case in recurrent_cases().into_iter().chain(more().cases) {
        let steps = case.run();
        assert_eq!(steps.len(), case.output.len(), "{}", case.id);
        for (step, theirs) in steps.iter().zip(&case.output) {
            case.assert_close(&format!("t = {}", step.t), step.output().unwrap(), theirs);
        }
        let directions = case.directions();
        let last_state = |number: usize| {
            let pass = number % directions.len();
            let last = if directions[pass] == Direction::Forward { steps.last() } else { steps.first() };
            &last.unwrap().layers[number / directions.len()].as_ref().unwrap().passes[pass].after
        };
        for (number, theirs) in case.h_n.iter().flatten().enumerate() {
            case.assert_close("last hidden state", &last_state(number).hidden, theirs);
        }
        for (number, theirs) in case.c_n.iter().flatten().enumerate() {
            case.assert_close("last cell state", &last_state(number).cell, theirs);
        }
    }
}

#[test]
fn activations_but_softmax_give_what_the_frameworks_give() {
    let curves = more().activations;
    let without: Vec<_> = Activation::ALL.into_iter().filter(|activation| !curves.y.contains_key(activation.name())).collect();
    assert_eq!(without, [Activation::Softmax]);
    for (name, theirs) in &curves.y {
        let has_float32_constant = matches!(name.as_str(), "gelu" | "leaky_relu");
        let tolerance = if has_float32_constant { 1e-8 } else { 1e-14 };
        for (&z, theirs) in curves.x.iter().zip(theirs) {
            let ours = activation(name).value(z);
            assert!((ours - theirs).abs() <= tolerance, "{name}({z}): {ours} is not {theirs}");
        }
    }
}

/// PyTorch's formulas in IEEE arithmetic: `clamp_min(x, 0)` for relu, which keeps -0, `x / (|x| + 1)` for softsign,
/// `x * 0.5 * (1 + erf(x / sqrt(2)))` for gelu and `x / (1 + exp(-x))` for silu.
#[test]
fn activations_at_extremes_give_what_pytorch_gives_to_the_sign_of_a_zero() {
    use std::f64::consts::LN_2;

    use Activation::*;
    let (inf, big, nan) = (f64::INFINITY, 1e300, f64::NAN);
    let extremes = [-inf, -big, -0.0, 0.0, big, inf, nan];
    let outputs = [
        (Linear, [-inf, -big, -0.0, 0.0, big, inf, nan]),
        (Relu, [0.0, 0.0, -0.0, 0.0, big, inf, nan]),
        (LeakyRelu, [-inf, -0.01 * big, -0.0, 0.0, big, inf, nan]),
        (Tanh, [-1.0, -1.0, -0.0, 0.0, 1.0, 1.0, nan]),
        (Sigmoid, [0.0, 0.0, 0.5, 0.5, 1.0, 1.0, nan]),
        (HardSigmoid, [0.0, 0.0, 0.5, 0.5, 1.0, 1.0, nan]),
        (Softsign, [nan, -1.0, -0.0, 0.0, 1.0, nan, nan]),
        (Softplus, [0.0, 0.0, LN_2, LN_2, big, inf, nan]),
        (Elu, [-1.0, -1.0, -0.0, 0.0, big, inf, nan]),
        (Gelu, [nan, -0.0, -0.0, 0.0, big, inf, nan]),
        (Silu, [nan, -0.0, -0.0, 0.0, big, inf, nan]),
    ];
    assert_eq!(outputs.len() + 1, Activation::ALL.len());
    for (activation, theirs) in outputs {
        let ours = extremes.map(|z| activation.value(z));
        // As text, a NaN is equal to another and -0 is not equal to 0.
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{}", activation.name());
    }
}

#[test]
fn a_sigmoid_far_below_zero_has_the_digits_of_its_exponential() {
    for z in [-30.0, -300.0, -700.0_f64] {
        let (ours, exact) = (Activation::Sigmoid.value(z), z.exp() / (1.0 + z.exp()));
        assert!((ours / exact - 1.0).abs() < 1e-15, "{z}: {ours} is not {exact}");
        assert!((Activation::Sigmoid.value(-z) - 1.0 / (1.0 + z.exp())).abs() <= f64::EPSILON);
    }
}

#[test]
fn a_softmax_of_what_overflows_an_exponential_is_that_of_the_differences() {
    assert_eq!(softmax(&[1000.0, 1001.0, 998.0]), softmax(&[2.0, 3.0, 0.0]));
    assert_eq!(softmax(&[-1000.0, -999.0, -1002.0]), softmax(&[2.0, 3.0, 0.0]));
}

#[test]
fn slopes_at_extremes_give_their_limits() {
    use Activation::*;
    let extremes = [f64::NEG_INFINITY, -1e300, 1e300, f64::INFINITY];
    for activation in Activation::ALL {
        let (below, above) = match activation {
            Linear => (1.0, 1.0),
            LeakyRelu => (0.01, 1.0),
            Relu | Softplus | Elu | Gelu | Silu => (0.0, 1.0),
            Tanh | Sigmoid | HardSigmoid | Softsign => (0.0, 0.0),
            Softmax => continue,
        };
        let slopes = extremes.map(|z| activation.slope(z).unwrap());
        assert_eq!(slopes, [below, below, above, above], "{}", activation.name());
    }
}

#[test]
fn nan_stays_nan() {
    for activation in Activation::ALL {
        assert!(activation.value(f64::NAN).is_nan(), "{}", activation.name());
        let mut y = [0.0; 2];
        activation.apply(&[0.0, f64::NAN], &mut y);
        assert!(y[1].is_nan(), "{}", activation.name());
        assert!(activation.slope(f64::NAN).is_none_or(f64::is_nan), "{}", activation.name());
    }
}

fn softmax(z: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; z.len()];
    Activation::Softmax.apply(z, &mut y);
    y
}

#[test]
fn only_a_finite_layer_has_a_softmax() {
    assert_eq!(softmax(&[1e300, -1e300, 1e300]), [0.5, 0.0, 0.5]);
    assert_eq!(softmax(&[f64::NEG_INFINITY, 0.0]), [0.0, 1.0]);
    for z in [0.0, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        let (alone, value) = (softmax(&[z])[0], Activation::Softmax.value(z));
        assert!(alone == value || alone.is_nan() && value.is_nan(), "{z}: {alone} is not {value}");
    }
    assert!(softmax(&[f64::INFINITY, 0.0]).iter().all(|y| y.is_nan()));
    assert!(softmax(&[f64::NAN, 0.0]).iter().all(|y| y.is_nan()));
}

#[test]
fn the_slope_at_a_kink_is_the_one_pytorch_takes() {
    let slope = |activation: Activation, z| activation.slope(z).unwrap();
    assert_eq!([-0.0, 0.0].map(|z| slope(Activation::Relu, z)), [0.0; 2]);
    assert_eq!([-0.0, 0.0].map(|z| slope(Activation::LeakyRelu, z)), [0.01; 2]);
    assert_eq!([-0.0, 0.0].map(|z| slope(Activation::Elu, z)), [1.0; 2]);
    assert_eq!([-3.0, 3.0].map(|z| slope(Activation::HardSigmoid, z)), [0.0; 2]);
}

#[test]
fn a_saturated_tanh_still_has_the_digits_of_its_slope() {
    let z = 15.0_f64;
    let (ours, exact) = (Activation::Tanh.slope(z).unwrap(), z.cosh().powi(-2));
    assert!((ours / exact - 1.0).abs() < 1e-12, "{ours} is not {exact}");
}

proptest! {
    #[test]
    fn a_slope_is_the_limit_of_central_differences(z in -8.0..8.0_f64, which in 0..Activation::ALL.len()) {
        let activation = Activation::ALL[which];
        let h = 1e-5;
        let near_a_kink = [-3.0, 0.0, 3.0].iter().any(|kink| (z - kink).abs() <= h);
        prop_assume!(!near_a_kink);
        if let Some(slope) = activation.slope(z) {
            let difference = (activation.value(z + h) - activation.value(z - h)) / (2.0 * h);
            prop_assert!((slope - difference).abs() < 1e-8, "{}: {} is not {}", activation.name(), slope, difference);
        }
    }

    #[test]
    fn softmax_gives_shares_that_add_up_to_1(z in prop::collection::vec(-1e3..1e3, 1..8)) {
        let shares = softmax(&z);
        prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
        prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
