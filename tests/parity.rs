//! The engine gives what PyTorch, Keras and ONNX Runtime give; `tests/data` says how their numbers were made.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use celda::engine::activation::Activation;
use celda::engine::cell::rnn::Rnn;
use celda::engine::dense::{Apply, Dense};
use celda::engine::network::{Layer, Network};
use celda::engine::timeline::Timeline;
use celda::engine::weighted_sum::WeightedSum;
use ndarray::{Array1, Array2, Axis};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Source {
    cases: Vec<Case>,
}

/// One network that a framework ran; its weights have the framework's own shape and order.
#[derive(Deserialize)]
struct Case {
    id: String,
    framework: String,
    dtype: String,
    layers: usize,
    #[serde(default = "tanh")]
    activation: String,
    hidden: usize,
    weights: BTreeMap<String, Value>,
    x: Vec<Vec<f64>>,
    h0: Option<Vec<Vec<f64>>>,
    output: Vec<Vec<f64>>,
    h_n: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
struct Curves {
    x: Vec<f64>,
    y: BTreeMap<String, Vec<f64>>,
}

fn tanh() -> String {
    "tanh".into()
}

fn cases() -> Vec<Case> {
    let sources: Vec<Source> = serde_json::from_str(include_str!("data/rnn.json")).unwrap();
    sources.into_iter().flat_map(|source| source.cases).collect()
}

fn curves() -> Curves {
    serde_json::from_str(include_str!("data/activations.json")).unwrap()
}

fn activation(name: &str) -> Activation {
    Activation::ALL.into_iter().find(|activation| activation.name() == name).unwrap()
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

impl Case {
    fn tolerance(&self) -> f64 {
        if self.dtype == "float64" { 1e-12 } else { 2e-6 }
    }

    fn matrix(&self, name: &str, layer: usize) -> Array2<f64> {
        let rows: Vec<Vec<f64>> = serde_json::from_value(self.weights[&format!("{name}_l{layer}")].clone()).unwrap();
        matrix(&rows)
    }

    fn vector(&self, name: &str, layer: usize) -> Option<Array1<f64>> {
        let vector = self.weights.get(&format!("{name}_l{layer}"))?;
        Some(serde_json::from_value::<Vec<f64>>(vector.clone()).unwrap().into())
    }

    fn sum(&self, layer: usize) -> WeightedSum {
        let zeros = Array1::zeros(self.hidden);
        match self.framework.as_str() {
            "pytorch" => WeightedSum {
                input_weights: self.matrix("weight_ih", layer),
                recurrent_weights: self.matrix("weight_hh", layer),
                bias: self.vector("bias_ih", layer).unwrap_or(zeros),
                recurrent_bias: self.vector("bias_hh", layer),
            },
            "keras" => WeightedSum {
                input_weights: self.matrix("kernel", layer).reversed_axes(),
                recurrent_weights: self.matrix("recurrent_kernel", layer).reversed_axes(),
                bias: self.vector("bias", layer).unwrap_or(zeros),
                recurrent_bias: None,
            },
            "onnxruntime" => {
                let both = self.vector("B", layer).unwrap();
                let (bias, recurrent_bias) = both.view().split_at(Axis(0), self.hidden);
                WeightedSum {
                    input_weights: self.matrix("W", layer),
                    recurrent_weights: self.matrix("R", layer),
                    bias: bias.to_owned(),
                    recurrent_bias: Some(recurrent_bias.to_owned()),
                }
            }
            other => panic!("{}: no conversion for {other}", self.id),
        }
    }

    fn rnn(&self, layer: usize) -> Layer {
        Layer::Rnn(Rnn {
            sum: self.sum(layer),
            activation: activation(&self.activation),
            initial_hidden: self.h0.as_ref().map_or_else(|| Array1::zeros(self.hidden), |h0| h0[layer].clone().into()),
        })
    }

    /// A dense layer with the weights of a recurrent one, whose two biases it adds.
    fn dense(&self, layer: usize) -> Layer {
        let WeightedSum { input_weights, bias, recurrent_bias, .. } = self.sum(layer);
        Layer::Dense(Dense {
            sum: WeightedSum {
                recurrent_weights: Array2::zeros((self.hidden, 0)),
                input_weights,
                bias: recurrent_bias.map_or_else(|| bias.clone(), |second| &bias + &second),
                recurrent_bias: None,
            },
            activation: activation(&self.activation),
            apply: Apply::Every,
        })
    }

    fn run(&self, layers: Vec<Layer>) -> Timeline {
        Timeline::new(Arc::new(Network { layers }), Arc::new(matrix(&self.x)))
    }

    fn assert_close(&self, what: &str, ours: &Array1<f64>, theirs: &[f64]) {
        assert_eq!(ours.len(), theirs.len(), "{}, {what}", self.id);
        for (unit, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            assert!((ours - theirs).abs() <= self.tolerance(), "{}, {what}, unit {unit}: {ours} is not {theirs}", self.id);
        }
    }
}

#[test]
fn the_data_covers_three_frameworks_two_activations_stacks_initial_states_and_no_bias() {
    let mut groups: BTreeMap<(String, String, usize, bool, bool), usize> = BTreeMap::new();
    for case in cases() {
        let starts = case.h0.iter().flatten().flatten().any(|h| *h != 0.0);
        let biased = case.weights.keys().any(|name| name.to_lowercase().starts_with('b'));
        *groups.entry((case.framework, case.activation, case.layers, starts, biased)).or_default() += 1;
    }
    let mut expected = BTreeMap::from([(("pytorch".into(), "tanh".into(), 1, false, false), 1)]);
    for framework in ["pytorch", "keras", "onnxruntime"] {
        for activation in ["tanh", "relu"] {
            for (layers, starts) in [(1, false), (1, true), (2, false), (2, true)] {
                expected.insert((framework.into(), activation.into(), layers, starts, true), 1);
            }
        }
    }
    assert_eq!(groups, expected);
}

#[test]
fn recurrent_layers_give_every_output_and_last_state_of_the_frameworks() {
    for case in cases() {
        let steps: Vec<_> = case.run((0..case.layers).map(|layer| case.rnn(layer)).collect()).into_steps().collect();
        assert_eq!(steps.len(), case.output.len());
        for (step, theirs) in steps.iter().zip(&case.output) {
            case.assert_close(&format!("t = {}", step.t), step.output().unwrap(), theirs);
        }
        for (layer, theirs) in case.h_n.iter().flatten().enumerate() {
            case.assert_close("last state", &steps.last().unwrap().after[layer].hidden, theirs);
        }
    }
}

#[test]
fn a_dense_layer_gives_what_a_recurrent_one_of_the_frameworks_gives_from_a_state_of_zeros() {
    for case in cases() {
        if case.h0.iter().flatten().flatten().any(|h| *h != 0.0) {
            continue;
        }
        let first = |layers| case.run(layers).into_steps().next().unwrap();
        let dense = first((0..case.layers).map(|layer| case.dense(layer)).collect());
        case.assert_close("dense layers", dense.output().unwrap(), &case.output[0]);
        if case.layers == 2 {
            let mixed = first(vec![case.rnn(0), case.dense(1)]);
            case.assert_close("dense after recurrent", mixed.output().unwrap(), &case.output[0]);
        }
    }
}

#[test]
fn activations_but_softmax_give_what_the_frameworks_give() {
    let curves = curves();
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

#[test]
fn activations_at_extremes_give_their_limits() {
    use Activation::*;
    let (inf, big) = (f64::INFINITY, 1e300);
    let extremes = [-inf, -big, -0.0, 0.0, big, inf];
    let limits = [
        (Linear, [-inf, -big, 0.0, 0.0, big, inf]),
        (Relu, [0.0, 0.0, 0.0, 0.0, big, inf]),
        (LeakyRelu, [-inf, -0.01 * big, 0.0, 0.0, big, inf]),
        (Tanh, [-1.0, -1.0, 0.0, 0.0, 1.0, 1.0]),
        (Sigmoid, [0.0, 0.0, 0.5, 0.5, 1.0, 1.0]),
        (HardSigmoid, [0.0, 0.0, 0.5, 0.5, 1.0, 1.0]),
        (Softsign, [-1.0, -1.0, 0.0, 0.0, 1.0, 1.0]),
        (Softplus, [0.0, 0.0, std::f64::consts::LN_2, std::f64::consts::LN_2, big, inf]),
        (Elu, [-1.0, -1.0, 0.0, 0.0, big, inf]),
        (Gelu, [0.0, 0.0, 0.0, 0.0, big, inf]),
        (Silu, [0.0, 0.0, 0.0, 0.0, big, inf]),
    ];
    assert_eq!(limits.len() + 1, Activation::ALL.len());
    for (activation, limits) in limits {
        assert_eq!(extremes.map(|z| activation.value(z)), limits, "{}", activation.name());
    }
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
        assert!(activation.apply(&Array1::from(vec![0.0, f64::NAN]))[1].is_nan(), "{}", activation.name());
        assert!(activation.slope(f64::NAN).is_none_or(f64::is_nan), "{}", activation.name());
    }
}

#[test]
fn only_a_finite_layer_has_a_softmax() {
    let softmax = |z: &[f64]| Activation::Softmax.apply(&Array1::from(z.to_vec())).to_vec();
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
        let shares = Activation::Softmax.apply(&Array1::from(z));
        prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
        prop_assert!((shares.sum() - 1.0).abs() < 1e-12);
    }
}
