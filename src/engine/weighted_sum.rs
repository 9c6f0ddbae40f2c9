//! The weighted sum `W x + U h′ + b + b_r` of a gate or a layer, and the terms it is made of.

use ndarray::{Array1, Array2, ArrayView1};

/// The weights and biases of one gate; for a layer that carries no state the recurrent weights have no columns.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedSum {
    /// `W`, `[units, inputs]`.
    pub input_weights: Array2<f64>,
    /// `U`, `[units, units]`, or `[units, 0]` where nothing is carried.
    pub recurrent_weights: Array2<f64>,
    /// `b`, `[units]`.
    pub bias: Array1<f64>,
    /// `b_r`, `[units]`, of the layers that have a second bias (PyTorch's `bias_hh`).
    pub recurrent_bias: Option<Array1<f64>>,
}

/// One product of a weighted sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Where the value comes from.
    pub source: Source,
    /// What is multiplied: an input, a hidden state of the timestep before, or 1 for a bias.
    pub value: f64,
    /// What it is multiplied by.
    pub weight: f64,
    /// Their product.
    pub product: f64,
}

/// Where the value of a term comes from; indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An input of the layer.
    Input(usize),
    /// The hidden state of a unit, one timestep before.
    Hidden(usize),
    /// The bias.
    Bias,
    /// The second bias, which belongs to the recurrent part.
    RecurrentBias,
}

impl WeightedSum {
    /// How many units it serves.
    pub fn units(&self) -> usize {
        self.input_weights.nrows()
    }

    /// How many inputs each unit has.
    pub fn inputs(&self) -> usize {
        self.input_weights.ncols()
    }

    /// The pre-activations `[units]` for the input `x` `[inputs]` and the state before `h` `[units]`.
    ///
    /// The products are added in the order [`terms`](Self::terms) lists them, so the terms add up to the last bit.
    pub fn sums(&self, x: &Array1<f64>, h: &Array1<f64>) -> Array1<f64> {
        let rows = self.input_weights.outer_iter().zip(self.recurrent_weights.outer_iter()).zip(&self.bias);
        let mut sums: Array1<f64> = rows.map(|((w, u), b)| add_products(add_products(0.0, w, x), u, h) + b).collect();
        if let Some(recurrent_bias) = &self.recurrent_bias {
            sums += recurrent_bias;
        }
        sums
    }

    /// The terms of one unit: inputs, hidden states, then biases.
    pub fn terms(&self, unit: usize, x: &Array1<f64>, h: &Array1<f64>) -> impl Iterator<Item = Term> {
        let inputs = self.input_weights.row(unit);
        let states = self.recurrent_weights.row(unit);
        let bias = self.bias[unit];
        let recurrent_bias = self.recurrent_bias.as_ref().map(|b| b[unit]);
        inputs
            .into_iter()
            .zip(x)
            .enumerate()
            .map(|(i, (&w, &x))| Term::new(Source::Input(i), x, w))
            .chain(states.into_iter().zip(h).enumerate().map(|(j, (&w, &h))| Term::new(Source::Hidden(j), h, w)))
            .chain(std::iter::once(Term::new(Source::Bias, 1.0, bias)))
            .chain(recurrent_bias.map(|b| Term::new(Source::RecurrentBias, 1.0, b)))
    }
}

/// `sum` and then the products, added one after the other.
fn add_products(sum: f64, weights: ArrayView1<'_, f64>, values: &Array1<f64>) -> f64 {
    weights.into_iter().zip(values).fold(sum, |sum, (weight, value)| sum + weight * value)
}

impl Term {
    fn new(source: Source, value: f64, weight: f64) -> Self {
        Self { source, value, weight, product: weight * value }
    }
}

impl std::fmt::Display for Source {
    /// `x1`, `h1`, `bias`: counted from 1, as formulas on a blackboard are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Input(i) => write!(f, "x{}", i + 1),
            Self::Hidden(j) => write!(f, "h{}", j + 1),
            Self::Bias | Self::RecurrentBias => f.write_str("bias"),
        }
    }
}
