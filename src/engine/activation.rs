//! Every activation function with its derivative, as PyTorch, Keras 3 and ONNX define them.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::kernel::{self, sigmoid_of, tanh_of};

/// The function that turns a pre-activation `z` into an output.
///
/// Sources: the activation pages of `torch.nn` and `keras.activations`. Sigmoid and tanh come from the [`kernel`], `exp`
/// and `erf` from the `libm` crate, so that the same bits come out on every machine. At zeros of either sign, infinities
/// and NaN, the output is what IEEE arithmetic makes of the formula, as in PyTorch: softsign of an infinity, and gelu and
/// silu of the negative one, are NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `z`.
    Linear,
    /// `max(0, z)`.
    Relu,
    /// `z`, or `0.01 z` below zero.
    LeakyRelu,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e^-z)`.
    Sigmoid,
    /// Keras 3: `clip(z / 6 + 0.5, 0, 1)`.
    HardSigmoid,
    /// `z / (1 + |z|)`.
    Softsign,
    /// `ln(1 + e^z)` everywhere; PyTorch gives `z` above 20, which is less by at most 2.1e-9.
    Softplus,
    /// `z`, or `e^z - 1` below zero.
    Elu,
    /// `z Φ(z)` with the exact normal distribution (the `erf` form).
    Gelu,
    /// `z σ(z)`.
    Silu,
    /// `e^z_i / Σ e^z_j`, over all units of the layer.
    Softmax,
}

impl Activation {
    /// All of them, in the order the documentation lists them.
    pub const ALL: [Self; 12] = [
        Self::Linear,
        Self::Relu,
        Self::LeakyRelu,
        Self::Tanh,
        Self::Sigmoid,
        Self::HardSigmoid,
        Self::Softsign,
        Self::Softplus,
        Self::Elu,
        Self::Gelu,
        Self::Silu,
        Self::Softmax,
    ];

    /// The name in a scenario file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::HardSigmoid => "hard_sigmoid",
            Self::Softsign => "softsign",
            Self::Softplus => "softplus",
            Self::Elu => "elu",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Softmax => "softmax",
        }
    }

    /// The name as a formula writes it: `ReLU`, `tanh`, …
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::LeakyRelu => "LeakyReLU",
            Self::Elu => "ELU",
            Self::Gelu => "GELU",
            Self::Silu => "SiLU",
            other => other.name(),
        }
    }

    /// Writes the outputs `y` of a layer for its pre-activations `z`, both `[units]`; to the bit what [`value`](Self::value)
    /// gives for each, but for softmax. Allocates nothing; of slices of two lengths, the longer one's rest is left alone.
    pub fn apply(self, z: &[f64], y: &mut [f64]) {
        let units = z.len().min(y.len());
        let (z, y) = (&z[..units], &mut y[..units]);
        match self {
            Self::Linear => y.copy_from_slice(z),
            Self::Tanh => kernel::tanh(z, y),
            Self::Sigmoid => kernel::sigmoid(z, y),
            Self::Silu => {
                kernel::sigmoid(z, y);
                y.iter_mut().zip(z).for_each(|(y, z)| *y *= z);
            }
            Self::Softmax => softmax(z, y),
            elementwise => y.iter_mut().zip(z).for_each(|(y, z)| *y = elementwise.value(*z)),
        }
    }

    /// The output for one pre-activation. Softmax, which needs the whole layer, gives what a layer of one unit gives.
    pub fn value(self, z: f64) -> f64 {
        match self {
            Self::Linear => z,
            Self::Relu => {
                if z < 0.0 {
                    0.0
                } else {
                    z
                }
            }
            Self::LeakyRelu => {
                if z < 0.0 {
                    0.01 * z
                } else {
                    z
                }
            }
            Self::Tanh => tanh_of(z),
            Self::Sigmoid => sigmoid_of(z),
            Self::HardSigmoid => (z / 6.0 + 0.5).clamp(0.0, 1.0),
            Self::Softsign => z / (1.0 + z.abs()),
            Self::Softplus => libm::log1p(libm::exp(-z.abs())) + z.max(0.0),
            Self::Elu => {
                if z < 0.0 {
                    libm::expm1(z)
                } else {
                    z
                }
            }
            Self::Gelu => z * (0.5 * libm::erfc(-z * FRAC_1_SQRT_2)),
            Self::Silu => z * sigmoid_of(z),
            Self::Softmax => {
                if z.is_finite() {
                    1.0
                } else {
                    f64::NAN
                }
            }
        }
    }

    /// The slope at `z`; at a kink the one PyTorch takes: 0 for `hard_sigmoid`, the one on the left for the others.
    /// `None` for softmax, which has a Jacobian.
    pub fn slope(self, z: f64) -> Option<f64> {
        Some(match self {
            Self::Softmax => return None,
            _ if z.is_nan() => z,
            Self::Linear => 1.0,
            Self::Relu => {
                if z <= 0.0 {
                    0.0
                } else {
                    1.0
                }
            }
            Self::LeakyRelu => {
                if z <= 0.0 {
                    0.01
                } else {
                    1.0
                }
            }
            Self::Tanh => 4.0 * sigmoid_of(2.0 * z) * sigmoid_of(-2.0 * z),
            Self::Sigmoid => sigmoid_of(z) * sigmoid_of(-z),
            Self::HardSigmoid => {
                if z > -3.0 && z < 3.0 {
                    1.0 / 6.0
                } else {
                    0.0
                }
            }
            Self::Softsign => {
                let d = 1.0 + z.abs();
                1.0 / (d * d)
            }
            Self::Softplus => sigmoid_of(z),
            Self::Elu => {
                if z <= 0.0 {
                    libm::exp(z)
                } else {
                    1.0
                }
            }
            Self::Gelu => 0.5 * libm::erfc(-z * FRAC_1_SQRT_2) + damped(z, libm::exp(-0.5 * z * z)) / (2.0 * PI).sqrt(),
            Self::Silu => sigmoid_of(z) + damped(z, sigmoid_of(z) * sigmoid_of(-z)),
        })
    }
}

/// `z factor`, and 0 where the factor is 0, since it vanishes faster than `z` grows.
fn damped(z: f64, factor: f64) -> f64 {
    if factor == 0.0 { 0.0 } else { z * factor }
}

fn softmax(z: &[f64], y: &mut [f64]) {
    let greatest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    y.iter_mut().zip(z).for_each(|(power, z)| *power = libm::exp(z - greatest));
    let total: f64 = y.iter().sum();
    y.iter_mut().for_each(|power| *power /= total);
}
