//! The numbers of a recurrent layer gate by gate, however its file gives them, and the layer they make.

use ndarray::Array2;

use crate::engine::activation::Activation;
use crate::engine::cell::gru::{Candidate, Gru};
use crate::engine::cell::lstm::Lstm;
use crate::engine::cell::rnn::Rnn;
use crate::engine::cell::{GateName, State};
use crate::engine::network::{Layer, Passes};
use crate::engine::weighted_sum::{CellState, Peephole, WeightedSum};
use crate::scenario::text::Phrase;

/// The kinds of layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// The simple recurrent layer.
    Rnn,
    /// Long short-term memory.
    Lstm,
    /// The gated recurrent unit.
    Gru,
    /// The dense layer.
    Dense,
    /// The convolution over time.
    Conv,
}

impl LayerKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rnn, Self::Lstm, Self::Gru, Self::Dense, Self::Conv];

    /// The name in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rnn => "rnn",
            Self::Lstm => "lstm",
            Self::Gru => "gru",
            Self::Dense => "dense",
            Self::Conv => "conv",
        }
    }

    /// `an lstm`.
    pub const fn with_article(self) -> Phrase {
        match self {
            Self::Rnn => Phrase { en: "an rnn", es: "una rnn" },
            Self::Lstm => Phrase { en: "an lstm", es: "una lstm" },
            Self::Gru => Phrase { en: "a gru", es: "una gru" },
            Self::Dense => Phrase { en: "a dense layer", es: "una capa densa" },
            Self::Conv => Phrase { en: "a conv layer", es: "una capa conv" },
        }
    }

    /// The kind of recurrent layer it is, if it is one.
    pub const fn recurrent(self) -> Option<RecurrentKind> {
        match self {
            Self::Rnn => Some(RecurrentKind::Rnn),
            Self::Lstm => Some(RecurrentKind::Lstm),
            Self::Gru => Some(RecurrentKind::Gru),
            Self::Dense | Self::Conv => None,
        }
    }
}

impl From<RecurrentKind> for LayerKind {
    fn from(kind: RecurrentKind) -> Self {
        match kind {
            RecurrentKind::Rnn => Self::Rnn,
            RecurrentKind::Lstm => Self::Lstm,
            RecurrentKind::Gru => Self::Gru,
        }
    }
}

/// The kinds of layers that carry a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecurrentKind {
    /// `rnn`.
    Rnn,
    /// `lstm`.
    Lstm,
    /// `gru`.
    Gru,
}

impl RecurrentKind {
    /// The gates that have weights of their own, in the order of the equations.
    pub const fn gates(self) -> &'static [GateName] {
        match self {
            Self::Rnn => &[GateName::Hidden],
            Self::Lstm => &[GateName::Input, GateName::Forget, GateName::Cell, GateName::Output],
            Self::Gru => &[GateName::Reset, GateName::Update, GateName::Candidate],
        }
    }
}

/// The weights and biases of one gate, or of a simple recurrent layer as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct GateParameters {
    /// `W`, `[units, inputs]`.
    pub input_weights: Array2<f64>,
    /// `U`, `[units, states]`: as many states as units, unless an LSTM projects them.
    pub recurrent_weights: Array2<f64>,
    /// `b`, `[units]`; zeros where there is none.
    pub bias: Option<Vec<f64>>,
    /// `b_r`, `[units]`.
    pub recurrent_bias: Option<Vec<f64>>,
    /// `p`, `[units]`, of a gate of an LSTM.
    pub peephole: Option<Vec<f64>>,
}

/// Where the reset gate of a GRU acts on its candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// On what the recurrent weights give (`reset_after = true`).
    After,
    /// On the hidden state, before the recurrent weights (`reset_after = false`).
    Before,
}

/// All that one pass of a recurrent layer is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct CellParameters {
    /// In the order of [`RecurrentKind::gates`].
    pub gates: Vec<GateParameters>,
    /// `W_hr`, `[outputs, units]`, of an LSTM that projects its hidden state.
    pub projection: Option<Array2<f64>>,
    /// `act`.
    pub activation: Activation,
    /// `σ`, of the gates of an LSTM or a GRU.
    pub recurrent_activation: Activation,
    /// Of a GRU.
    pub reset: Reset,
    /// Hidden state, `[outputs]`, and the cell state of an LSTM, `[units]`, before the first timestep.
    pub initial: State,
}

/// The layer of a kind; `None` where a pass has not as many gates as the kind.
pub fn layer(kind: RecurrentKind, passes: Passes<CellParameters>) -> Option<Layer> {
    Some(match kind {
        RecurrentKind::Rnn => Layer::Rnn(each(passes, rnn)?),
        RecurrentKind::Lstm => Layer::Lstm(each(passes, lstm)?),
        RecurrentKind::Gru => Layer::Gru(each(passes, gru)?),
    })
}

fn each<C>(passes: Passes<CellParameters>, cell: fn(CellParameters) -> Option<C>) -> Option<Passes<C>> {
    Some(match passes {
        Passes::Forward(forward) => Passes::Forward(cell(forward)?),
        Passes::Reverse(backward) => Passes::Reverse(cell(backward)?),
        Passes::Bidirectional { forward, backward } => {
            Passes::Bidirectional { forward: cell(forward)?, backward: cell(backward)? }
        }
    })
}

/// The simple recurrent cell of one gate.
pub fn rnn(cell: CellParameters) -> Option<Rnn> {
    let [hidden] = <[GateParameters; 1]>::try_from(cell.gates).ok()?;
    Some(Rnn { sum: sum(hidden), activation: cell.activation, initial: cell.initial })
}

/// The LSTM of the gates input, forget, cell and output.
pub fn lstm(cell: CellParameters) -> Option<Lstm> {
    let [input, forget, candidate, output] = <[GateParameters; 4]>::try_from(cell.gates).ok()?;
    let seeing = |at: CellState, mut gate: GateParameters| {
        let peephole = gate.peephole.take().map(|weights| Peephole { weights, at });
        let mut sum = sum(gate);
        sum.peephole = peephole;
        sum
    };
    Some(Lstm {
        input: seeing(CellState::Before, input),
        forget: seeing(CellState::Before, forget),
        cell: sum(candidate),
        output: seeing(CellState::After, output),
        projection: cell.projection.as_ref().map(WeightedSum::of_inputs),
        activation: cell.activation,
        recurrent_activation: cell.recurrent_activation,
        initial: cell.initial,
    })
}

/// The GRU of the gates reset, update and candidate.
pub fn gru(cell: CellParameters) -> Option<Gru> {
    let [reset, update, candidate] = <[GateParameters; 3]>::try_from(cell.gates).ok()?;
    let candidate = match cell.reset {
        Reset::Before => Candidate::ResetBefore(sum(candidate)),
        Reset::After => {
            let mut recurrent = WeightedSum::of_inputs(&candidate.recurrent_weights);
            recurrent.bias = candidate.recurrent_bias;
            let input = with_bias(WeightedSum::of_inputs(&candidate.input_weights), candidate.bias);
            Candidate::ResetAfter { input, recurrent }
        }
    };
    Some(Gru {
        reset: sum(reset),
        update: sum(update),
        candidate,
        activation: cell.activation,
        recurrent_activation: cell.recurrent_activation,
        initial: cell.initial,
    })
}

/// `W x + U h′ + b + b_r`.
fn sum(gate: GateParameters) -> WeightedSum {
    let mut sum = with_bias(WeightedSum::new(&gate.input_weights, &gate.recurrent_weights), gate.bias);
    sum.recurrent_bias = gate.recurrent_bias;
    sum
}

/// A sum with its bias, zeros where there is none, so that it is always among the terms.
pub fn with_bias(sum: WeightedSum, bias: Option<Vec<f64>>) -> WeightedSum {
    let zeros = vec![0.0; sum.units()];
    sum.with_bias(bias.unwrap_or(zeros))
}
