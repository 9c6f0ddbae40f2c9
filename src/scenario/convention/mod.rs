//! The stacked arrays of PyTorch, Keras and ONNX, in their own order and shape, made into named gates; it reads no file.

mod expectation;
mod feedforward;
mod layout;
mod misfit;
mod names;
pub mod place;
mod recurrent;

use std::collections::BTreeMap;
use std::fmt;

use ndarray::{Array2, Array3};

pub use layout::fields;

use super::parameters::GateParameters;
pub use super::parameters::LayerKind;
use super::tensors::Tensor;
use super::text::{Text, both};

/// The framework whose names, shapes and order of gates a layer's arrays have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Convention {
    /// `torch.nn`.
    Pytorch,
    /// `keras.layers`.
    Keras,
    /// The ONNX operators.
    Onnx,
}

impl Convention {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pytorch, Self::Keras, Self::Onnx];

    /// The name in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pytorch => "pytorch",
            Self::Keras => "keras",
            Self::Onnx => "onnx",
        }
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Arrays by the names the convention gives them, without prefix or number.
pub type Arrays = BTreeMap<String, Tensor>;

/// Where arrays stand, which decides what their user can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the scenario, where they can be renamed.
    Scenario,
    /// In a file of their own, which a program wrote.
    File,
}

/// The arrays of one layer, or of one direction of it, and what the scenario says of them.
#[derive(Clone, Copy, Debug)]
pub struct Stacked<'a> {
    /// Whose arrays they are said to be.
    pub convention: Convention,
    /// The kind of layer they are said to be of.
    pub kind: LayerKind,
    /// The arrays, whatever their names: those that do not belong to the layer are faults. ONNX's may have a leading axis of
    /// one direction.
    pub arrays: &'a Arrays,
    /// The names of arrays that stand beside them and are wrong in themselves, which has been reported.
    pub reported: &'a [&'static str],
    /// Where they stand.
    pub home: Home,
    /// How many inputs the layer has, where it is known.
    pub inputs: Option<usize>,
    /// `reset_after` of a gru, where it is given. Where it is not, PyTorch's is true, ONNX's is `linear_before_reset`, and
    /// Keras's is what the shape of the bias says, or true without a bias.
    pub reset_after: Option<bool>,
    /// `linear_before_reset` of a gru, ONNX's alone, where it is given; there, 0 is the default.
    pub linear_before_reset: Option<bool>,
}

/// How many of its numbers a layer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// Of one direction.
    pub units: usize,
    /// As many as units, unless it projects them.
    pub outputs: usize,
}

/// A layer's weights as its equations name them.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerParameters {
    /// Of an rnn.
    Rnn(GateParameters),
    /// Of an lstm.
    Lstm {
        /// Input, forget, cell and output gate.
        gates: Box<[GateParameters; 4]>,
        /// `W_hr`, `[outputs, units]`, where it projects.
        projection: Option<Array2<f64>>,
    },
    /// Of a gru.
    Gru {
        /// Reset, update and candidate gate.
        gates: Box<[GateParameters; 3]>,
        /// Whether the reset gate multiplies after the recurrent weights do.
        reset_after: bool,
    },
    /// Of a dense layer.
    Dense {
        /// `[units, inputs]`.
        weights: Array2<f64>,
        /// `[units]`; zeros where there is none.
        bias: Option<Vec<f64>>,
    },
    /// Of a convolution over time.
    Conv {
        /// `[units, width, inputs]`, the oldest row of the window first.
        kernel: Array3<f64>,
        /// `[units]`; zeros where there is none.
        bias: Option<Vec<f64>>,
    },
}

/// Something that keeps arrays from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConventionFault {
    /// The key of the layer it is about: an array's name, `convention`, `kind`, `reset_after` or `linear_before_reset`; `None`
    /// where it is about the layer as a whole.
    pub key: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub help: Text,
}

impl ConventionFault {
    fn of_layer(message: Text, help: impl Into<Text>) -> Self {
        Self { key: None, message, help: help.into() }
    }

    fn of_key(key: &str, message: Text, help: impl Into<Text>) -> Self {
        Self { key: Some(key.into()), message, help: help.into() }
    }
}

impl Stacked<'_> {
    /// The layer's weights.
    ///
    /// # Errors
    ///
    /// All that is wrong with the arrays: names the convention does not have, arrays that are missing, and, in the order of
    /// [`fields`], shapes that do not fit each other, the kind of layer or the number of inputs. Where the arrays fit another
    /// convention or kind, the fault says which, and their shapes are not held against the stated one. None, where all that is
    /// wrong has been reported.
    pub fn parameters(&self) -> Result<LayerParameters, Vec<ConventionFault>> {
        match self.kind {
            LayerKind::Rnn | LayerKind::Lstm | LayerKind::Gru => recurrent::parameters(self),
            LayerKind::Dense | LayerKind::Conv => feedforward::parameters(self),
        }
    }

    /// How wide the layer is, where its weights say so beyond doubt, whatever is wrong beside them.
    pub fn width(&self) -> Option<Width> {
        match self.kind {
            LayerKind::Rnn | LayerKind::Lstm | LayerKind::Gru => recurrent::width(self),
            LayerKind::Dense | LayerKind::Conv => feedforward::width(self),
        }
    }

    /// `pytorch's lstm`.
    fn owner(&self) -> Text {
        let (convention, kind) = (self.convention, self.kind.name());
        both!("{convention}'s {kind}", "la capa {kind} de {convention}")
    }
}
