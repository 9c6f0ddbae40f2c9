//! Scenario files: TOML text to a checked network with its inputs; after it, types are trusted.

pub mod build;
pub mod builtin;
pub mod convention;
pub mod csv_input;
pub mod edit;
pub mod fault;
pub mod file;
pub mod load;
pub mod named;
pub mod parameters;
pub mod rewrite;
pub mod schema;
pub mod tensors;
pub mod text;

use std::ops::{Deref, Range};
use std::sync::Arc;

use ndarray::Array2;

use crate::engine::network::{Network, NetworkStep};
use crate::engine::timeline::Timeline;
use text::{Language, Text};

/// A checked scenario: every shape in it fits.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub title: Text,
    /// What it teaches.
    pub description: Option<Text>,
    /// One name per column of the inputs.
    pub features: Vec<Text>,
    /// One label per row of the inputs, where the file gives them.
    pub labels: Option<Vec<Text>>,
    /// The input rows, `[timesteps, features]`.
    pub inputs: Arc<Array2<f64>>,
    /// The layers.
    pub network: Arc<Network>,
    /// The names of the layers and their units, in the order of the network.
    pub names: Vec<LayerNames>,
    /// What somebody claims the outputs are.
    pub expected: Option<Expected>,
    /// Speaker notes, in the order of the file.
    pub notes: Vec<Note>,
    /// The file.
    pub text: Arc<str>,
}

/// How a layer and its units are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerNames {
    /// The layer, where the file gives a name.
    pub layer: Option<Text>,
    /// Its units, over all its passes.
    pub units: UnitNames,
    /// Its outputs: the units, unless an LSTM projects them.
    pub outputs: Vec<Text>,
}

/// The names of the units of a layer, and who gave them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitNames {
    /// The file.
    Given(Vec<Text>),
    /// `h`, or `h1`, … for a recurrent layer, with an arrow for each direction where it has two, and `y`, or `y1`, … for
    /// another.
    Default(Vec<Text>),
}

impl Deref for UnitNames {
    type Target = [Text];

    fn deref(&self) -> &[Text] {
        match self {
            Self::Given(names) | Self::Default(names) => names,
        }
    }
}

/// Claimed outputs.
#[derive(Clone, Debug)]
pub struct Expected {
    /// `[timesteps, units of the last layer]`; NaN where nothing is claimed.
    pub output: Array2<f64>,
    /// The greatest absolute difference at which a claim holds.
    pub tolerance: f64,
    /// Who claims it.
    pub source: Option<Text>,
    /// Where each row stands in the file, in bytes.
    pub spans: Vec<Range<usize>>,
}

/// A speaker note.
#[derive(Clone, Debug)]
pub struct Note {
    /// The timestep at which it is shown.
    pub step: usize,
    /// What it says.
    pub text: Text,
}

/// A claim about one timestep, beside what the network gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// One value per output; NaN where nothing is claimed.
    pub values: Vec<f64>,
    /// Whether each claimed value is within the tolerance; `None` where nothing is claimed.
    pub each: Vec<Option<bool>>,
}

impl Claim {
    /// Whether all that is claimed holds.
    pub fn holds(&self) -> bool {
        !self.each.contains(&Some(false))
    }
}

impl Scenario {
    /// Its course over time.
    pub fn timeline(&self) -> Timeline {
        Timeline::new(Arc::clone(&self.network), Arc::clone(&self.inputs))
    }

    /// How many timesteps there are; at least one.
    pub fn timesteps(&self) -> usize {
        self.inputs.nrows()
    }

    /// The label of a timestep, where the file gives labels.
    pub fn label(&self, t: usize) -> Option<&Text> {
        self.labels.as_ref()?.get(t)
    }

    /// The name of a layer, where the file gives one.
    pub fn layer_name(&self, layer: usize, language: Language) -> Option<&str> {
        Some(self.names.get(layer)?.layer.as_ref()?.get(language))
    }

    /// The names of the last layer's outputs.
    pub fn output_names(&self) -> &[Text] {
        self.names.last().map_or(&[], |names| &names.outputs)
    }

    /// The names of what a layer sees, counted from 0.
    pub fn input_names(&self, layer: usize) -> &[Text] {
        match layer.checked_sub(1) {
            None => &self.features,
            Some(before) => self.names.get(before).map_or(&[], |names| &names.outputs),
        }
    }

    /// What is claimed about a step's output, and whether it holds; `None` where nothing is claimed.
    pub fn claim(&self, step: &NetworkStep) -> Option<Claim> {
        let expected = self.expected.as_ref()?;
        let values: Vec<f64> = expected.output.row(step.t).to_vec();
        if values.iter().all(|v| v.is_nan()) {
            return None;
        }
        let output = step.output();
        let each = values
            .iter()
            .enumerate()
            .map(|(i, &claimed)| {
                let computed = output.map_or(f64::NAN, |y| y[i]);
                (!claimed.is_nan()).then(|| (claimed - computed).abs() <= expected.tolerance)
            })
            .collect();
        Some(Claim { values, each })
    }
}
