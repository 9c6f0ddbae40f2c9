//! How PyTorch, Keras and ONNX lay out the weights of a layer: names, order of the gates, meaning of the axes.
//!
//! The sources are `torch/nn/modules/{rnn,linear,conv}.py`, `keras/src/layers/{rnn,core,convolutional}` and ONNX's
//! `docs/Operators.md`.

use super::{Arrays, Convention, LayerKind};
use crate::scenario::text::{Noun, Phrase};

/// What an array is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `W`, of all gates.
    InputWeights,
    /// `U`, of all gates.
    RecurrentWeights,
    /// `b`, of all gates; in ONNX, and in a Keras GRU with `reset_after`, `b_r` as well.
    Bias,
    /// `b_r`, of all gates.
    RecurrentBias,
    /// `W_hr`, `[outputs, units]`.
    Projection,
    /// `p`, of the input, output and forget gates.
    Peepholes,
}

/// The side of a matrix along which the units of all gates are stacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A row per unit: `W x`, column vectors.
    Rows,
    /// A column per unit: `x W`, row vectors.
    Columns,
}

/// What an axis of a dense or convolution layer's weights counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Outputs of the layer.
    Units,
    /// Inputs of the layer.
    Inputs,
    /// Rows of the window, the oldest first.
    Width,
}

impl Role {
    /// How many axes the array has in a recurrent layer of one direction; a bias of a Keras GRU may have one more.
    pub const fn axes(self) -> usize {
        match self {
            Self::InputWeights | Self::RecurrentWeights | Self::Projection => 2,
            Self::Bias | Self::RecurrentBias | Self::Peepholes => 1,
        }
    }
}

impl Side {
    /// `row` or `column`.
    pub const fn noun(self) -> Noun {
        match self {
            Self::Rows => Noun::Row,
            Self::Columns => Noun::Column,
        }
    }

    /// The other one.
    pub const fn across(self) -> Self {
        match self {
            Self::Rows => Self::Columns,
            Self::Columns => Self::Rows,
        }
    }

    /// How many there are in a matrix.
    pub const fn count(self, [rows, columns]: [usize; 2]) -> usize {
        match self {
            Self::Rows => rows,
            Self::Columns => columns,
        }
    }
}

impl Axis {
    /// What it counts.
    pub const fn noun(self) -> Phrase {
        match self {
            Self::Units => Noun::Unit.several(),
            Self::Inputs => Noun::Input.several(),
            Self::Width => Phrase { en: "width", es: "anchura" },
        }
    }
}

impl Convention {
    /// The side of a recurrent layer's matrices along which the gates are stacked.
    pub const fn stacks_by(self) -> Side {
        match self {
            Self::Pytorch | Self::Onnx => Side::Rows,
            Self::Keras => Side::Columns,
        }
    }

    /// The gates of a recurrent layer as the framework calls and stacks them; none for the other kinds.
    pub const fn gates(self, kind: LayerKind) -> &'static [&'static str] {
        match (kind, self) {
            (LayerKind::Rnn, _) => &["h"],
            (LayerKind::Lstm, Self::Pytorch) => &["i", "f", "g", "o"],
            (LayerKind::Lstm, Self::Keras) => &["i", "f", "c", "o"],
            (LayerKind::Lstm, Self::Onnx) => &["i", "o", "f", "c"],
            (LayerKind::Gru, Self::Pytorch) => &["r", "z", "n"],
            (LayerKind::Gru, Self::Keras | Self::Onnx) => &["z", "r", "h"],
            (LayerKind::Dense | LayerKind::Conv, _) => &[],
        }
    }

    /// Where in the stack the input, forget, cell and output gate of an LSTM are.
    pub const fn lstm_places(self) -> [usize; 4] {
        match self {
            Self::Pytorch | Self::Keras => [0, 1, 2, 3],
            Self::Onnx => [0, 2, 3, 1],
        }
    }

    /// Where in the stack the reset, update and candidate gate of a GRU are.
    pub const fn gru_places(self) -> [usize; 3] {
        match self {
            Self::Pytorch => [0, 1, 2],
            Self::Keras | Self::Onnx => [1, 0, 2],
        }
    }

    /// What the axes of a dense or convolution layer's weights count; none where the convention has no such array.
    pub const fn axes(self, kind: LayerKind) -> &'static [Axis] {
        match (kind, self) {
            (LayerKind::Dense, Self::Pytorch) => &[Axis::Units, Axis::Inputs],
            (LayerKind::Dense, Self::Keras) => &[Axis::Inputs, Axis::Units],
            (LayerKind::Conv, Self::Pytorch | Self::Onnx) => &[Axis::Units, Axis::Inputs, Axis::Width],
            (LayerKind::Conv, Self::Keras) => &[Axis::Width, Axis::Inputs, Axis::Units],
            _ => &[],
        }
    }

    /// The name of the array with a role, where the layer has one.
    pub fn name_of(self, kind: LayerKind, role: Role) -> Option<&'static str> {
        fields(self, kind).iter().copied().find(|name| role_of(name) == Some(role))
    }

    /// Its name for the array that has this name in any convention, where the layer has one.
    pub fn own_name(self, kind: LayerKind, name: &str) -> Option<&'static str> {
        self.name_of(kind, role_of(name)?)
    }

    /// Its names for the arrays that have these names in any convention, as far as it has them.
    pub fn names_of(self, kind: LayerKind, arrays: &Arrays) -> Vec<&'static str> {
        let given = |field: &&str| arrays.keys().any(|name| role_of(name) == role_of(field));
        fields(self, kind).iter().copied().filter(given).collect()
    }
}

/// The names of the arrays a layer has in a convention, those it must have first. ONNX has no array for a dense layer: its
/// `Gemm` and `MatMul` leave open which axis counts the units.
pub const fn fields(convention: Convention, kind: LayerKind) -> &'static [&'static str] {
    use LayerKind::{Conv, Dense, Gru, Lstm, Rnn};
    match (convention, kind) {
        (Convention::Pytorch, Rnn | Gru) => &["weight_ih", "weight_hh", "bias_ih", "bias_hh"],
        (Convention::Pytorch, Lstm) => &["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"],
        (Convention::Pytorch, Dense | Conv) => &["weight", "bias"],
        (Convention::Keras, Rnn | Lstm | Gru) => &["kernel", "recurrent_kernel", "bias"],
        (Convention::Keras, Dense | Conv) => &["kernel", "bias"],
        (Convention::Onnx, Rnn | Gru) => &["W", "R", "B"],
        (Convention::Onnx, Lstm) => &["W", "R", "B", "P"],
        (Convention::Onnx, Conv) => &["W", "B"],
        (Convention::Onnx, Dense) => &[],
    }
}

/// What the array of a name is for, in whichever convention has the name.
pub fn role_of(name: &str) -> Option<Role> {
    Some(match name {
        "weight_ih" | "kernel" | "W" | "weight" => Role::InputWeights,
        "weight_hh" | "recurrent_kernel" | "R" => Role::RecurrentWeights,
        "bias_ih" | "bias" | "B" => Role::Bias,
        "bias_hh" => Role::RecurrentBias,
        "weight_hr" => Role::Projection,
        "P" => Role::Peepholes,
        _ => return None,
    })
}
