//! The weighted sum `W x + U h′ + b + b_r` of a gate or a layer, and the terms it is made of.

use std::fmt;
use std::sync::Arc;

use ndarray::Array2;

use super::kernel::{self, LANES};
use super::partner;
use super::weights::Weights;

/// The weights and biases of one gate.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedSum {
    /// `[W | U]`, a row per unit, each filled up with zeros to whole lanes, so that none lies across two cache lines.
    weights: Arc<Weights>,
    /// From one row to the next.
    stride: usize,
    units: usize,
    inputs: usize,
    states: usize,
    /// `b`, `[units]`.
    pub bias: Option<Vec<f64>>,
    /// `b_r`, `[units]`, of the layers that have a second bias (PyTorch's `bias_hh`).
    pub recurrent_bias: Option<Vec<f64>>,
    /// `p`, `[units]`, which multiplies each unit's own cell state (ONNX's `P`).
    pub peephole: Option<Peephole>,
}

/// The weights of an LSTM gate that looks at the cell state.
#[derive(Clone, Debug, PartialEq)]
pub struct Peephole {
    /// One per unit.
    pub weights: Vec<f64>,
    /// Which cell state it looks at.
    pub at: CellState,
}

/// A cell state at one of the two ends of a timestep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    /// The one carried in, c′.
    Before,
    /// The one this timestep computes, c.
    After,
}

/// One product of a weighted sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Where the value comes from.
    pub source: Source,
    /// What is multiplied: an input, a state, or 1 for a bias.
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
    /// An input of the layer so many timesteps back, which a convolution sees.
    Row {
        /// How many timesteps before this one.
        back: usize,
        /// Which input.
        input: usize,
    },
    /// The hidden state of a unit, one timestep before.
    Hidden(usize),
    /// The same, already multiplied by the reset gate.
    ResetHidden(usize),
    /// The recurrent part of a GRU's candidate, `U h′ + b_r`, which the reset gate multiplies.
    Recurrent(usize),
    /// The unit's own cell state, through a peephole.
    Cell(usize, CellState),
    /// `o ⊙ act(c)` of a unit, which a projection reads.
    Memory(usize),
    /// The bias.
    Bias,
    /// The second bias, which belongs to the recurrent part.
    RecurrentBias,
}

impl Source {
    /// Whether it is one of the two biases, whose value is always 1.
    pub const fn is_bias(self) -> bool {
        matches!(self, Self::Bias | Self::RecurrentBias)
    }

    /// Whether the kernel adds its product: the others are added after, one by one.
    const fn is_weighted(self) -> bool {
        !matches!(self, Self::Bias | Self::RecurrentBias | Self::Recurrent(_) | Self::Cell(..))
    }
}

impl WeightedSum {
    /// The sum of `W x`, `[units, inputs]`, and `U h′`, `[units, states]`, without biases; both have as many rows.
    pub fn new(input_weights: &Array2<f64>, recurrent_weights: &Array2<f64>) -> Self {
        let (units, inputs, states) = (input_weights.nrows(), input_weights.ncols(), recurrent_weights.ncols());
        let stride = (inputs + states).next_multiple_of(LANES);
        let weights = Arc::new(Weights::new(input_weights, recurrent_weights, stride));
        Self { weights, stride, units, inputs, states, bias: None, recurrent_bias: None, peephole: None }
    }

    /// The sum of `W x` alone, `[units, inputs]`, of a layer that carries nothing.
    pub fn of_inputs(weights: &Array2<f64>) -> Self {
        Self::new(weights, &Array2::zeros((weights.nrows(), 0)))
    }

    /// With a bias, `[units]`.
    #[must_use]
    pub fn with_bias(self, bias: Vec<f64>) -> Self {
        Self { bias: Some(bias), ..self }
    }

    /// How many units it serves.
    pub const fn units(&self) -> usize {
        self.units
    }

    /// How many inputs each unit has.
    pub const fn inputs(&self) -> usize {
        self.inputs
    }

    /// How many states feed each unit.
    pub const fn states(&self) -> usize {
        self.states
    }

    /// The weight of an input of one unit, or, after all inputs, of a state.
    pub fn weight(&self, unit: usize, column: usize) -> Option<f64> {
        self.index(unit, column).and_then(|index| self.weights.get(index))
    }

    /// Gives it another value; where there is none, nothing changes.
    pub(super) fn set_weight(&mut self, unit: usize, column: usize, value: f64) {
        if let Some(index) = self.index(unit, column) {
            Arc::make_mut(&mut self.weights).set(index, value);
        }
    }

    /// All weights, as they lie in memory.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    fn index(&self, unit: usize, column: usize) -> Option<usize> {
        (unit < self.units && column < self.inputs + self.states).then_some(unit * self.stride + column)
    }

    /// How many terms the sum of one unit has.
    pub fn terms_per_unit(&self) -> usize {
        let others = [self.bias.is_some(), self.recurrent_bias.is_some(), self.peephole.is_some()];
        self.inputs + self.states + others.into_iter().filter(|there| *there).count()
    }

    /// Writes the pre-activations `[units]` for `values`, the input and the state before one after the other.
    ///
    /// `cell` is the cell state the peephole looks at. The products are added in the order of
    /// [`kernel::sum_in_order`], then the biases, then the peephole: [`total`] of the terms has the same bits.
    pub fn write(&self, values: &[f64], cell: &[f64], sums: &mut Vec<f64>) {
        sums.resize(self.units(), 0.0);
        partner::products(&self.weights, self.stride, values, sums);
        for bias in [&self.bias, &self.recurrent_bias].into_iter().flatten() {
            sums.iter_mut().zip(bias).for_each(|(sum, bias)| *sum += bias);
        }
        if let Some(peephole) = &self.peephole {
            sums.iter_mut().zip(peephole.weights.iter().zip(cell)).for_each(|(sum, (weight, cell))| *sum += weight * cell);
        }
    }

    /// The terms of one unit in the order of [`write`](Self::write): inputs, states, biases, peephole.
    pub fn terms(&self, unit: usize, values: &[f64], cell: &[f64]) -> Vec<Term> {
        let weights = (0..self.inputs + self.states).map_while(|column| self.weight(unit, column));
        let source = |k| if k < self.inputs { Source::Input(k) } else { Source::Hidden(k - self.inputs) };
        let mut terms: Vec<Term> =
            weights.zip(values).enumerate().map(|(k, (weight, &value))| Term::new(source(k), value, weight)).collect();
        terms.extend(self.bias.as_ref().map(|b| Term::new(Source::Bias, 1.0, b[unit])));
        terms.extend(self.recurrent_bias.as_ref().map(|b| Term::new(Source::RecurrentBias, 1.0, b[unit])));
        terms.extend(self.peephole.as_ref().map(|p| Term::new(Source::Cell(unit, p.at), cell[unit], p.weights[unit])));
        terms
    }
}

impl Term {
    /// The product of a value and a weight.
    pub fn new(source: Source, value: f64, weight: f64) -> Self {
        Self { source, value, weight, product: weight * value }
    }

    /// The same term from another source.
    #[must_use]
    pub fn from(self, source: Source) -> Self {
        Self { source, ..self }
    }
}

/// What the terms of a sum add up to, to the last bit what the step computed.
pub fn total(terms: &[Term]) -> f64 {
    let (weighted, others): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|term| term.source.is_weighted());
    let products = kernel::sum_in_order(weighted.into_iter().map(|term| term.product));
    others.into_iter().fold(products, |sum, term| sum + term.product)
}

impl fmt::Display for Source {
    /// `x1`, `h1`, `bias`: counted from 1, as formulas on a blackboard are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(i) => write!(f, "x{}", i + 1),
            Self::Row { back: 0, input } => write!(f, "x{}(t)", input + 1),
            Self::Row { back, input } => write!(f, "x{}(t-{back})", input + 1),
            Self::Hidden(j) => write!(f, "h{}", j + 1),
            Self::ResetHidden(j) => write!(f, "r{0}*h{0}", j + 1),
            Self::Recurrent(j) => write!(f, "recurrent{}", j + 1),
            Self::Cell(j, CellState::Before) => write!(f, "c{}", j + 1),
            Self::Cell(j, CellState::After) => write!(f, "c{}(t)", j + 1),
            Self::Memory(j) => write!(f, "m{}", j + 1),
            Self::Bias | Self::RecurrentBias => f.write_str("bias"),
        }
    }
}
