//! The numbers a scenario gives, each by its place, and others in their stead: edits as data, over values that stay as they were.

use std::sync::Arc;

use ndarray::Array2;

use super::Scenario;
use crate::engine::network::Network;
use crate::engine::parameter::Parameter;
use crate::engine::timeline::Timeline;

/// A number that a scenario gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Of an input row.
    Input {
        /// The timestep.
        t: usize,
        /// The feature, from 0.
        feature: usize,
    },
    /// Of the network.
    Parameter(Parameter),
}

/// A number and the value it is given instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edit {
    /// The number.
    pub number: Number,
    /// Its value from now on.
    pub value: f64,
}

/// All numbers of a scenario, shared until one of them is changed.
#[derive(Clone, Debug)]
pub struct Values {
    network: Arc<Network>,
    inputs: Arc<Array2<f64>>,
}

impl Values {
    /// A number of them; none where there is no such number.
    pub fn get(&self, number: Number) -> Option<f64> {
        match number {
            Number::Input { t, feature } => self.inputs.get((t, feature)).copied(),
            Number::Parameter(parameter) => self.network.parameter(parameter),
        }
    }

    /// Whether a number of other values is among these and means the same: an input where there are as many features, a
    /// parameter where its layer is of the same kind and shape.
    pub fn has_place_for(&self, number: Number, others: &Self) -> bool {
        let means_the_same = match number {
            Number::Input { .. } => self.inputs.ncols() == others.inputs.ncols(),
            Number::Parameter(parameter) => {
                let shape = |values: &Self| {
                    let layer = values.network.layers.get(parameter.layer)?;
                    Some((layer.kind(), layer.passes(), layer.inputs(), layer.units()))
                };
                shape(self) == shape(others)
            }
        };
        means_the_same && self.get(number).is_some()
    }

    /// The values after some edits, one after the other.
    #[must_use]
    pub fn with(&self, edits: &[Edit]) -> Self {
        let mut values = self.clone();
        for edit in edits {
            match edit.number {
                Number::Input { t, feature } => {
                    if let Some(number) = Arc::make_mut(&mut values.inputs).get_mut((t, feature)) {
                        *number = edit.value;
                    }
                }
                Number::Parameter(parameter) => Arc::make_mut(&mut values.network).set(parameter, edit.value),
            }
        }
        values
    }

    /// Their course over time.
    pub fn timeline(&self) -> Timeline {
        Timeline::new(Arc::clone(&self.network), Arc::clone(&self.inputs))
    }
}

impl Scenario {
    /// Its numbers.
    pub fn values(&self) -> Values {
        Values { network: Arc::clone(&self.network), inputs: Arc::clone(&self.inputs) }
    }

    /// Takes other values for its numbers, of which there must be as many.
    pub fn set_values(&mut self, values: Values) {
        self.network = values.network;
        self.inputs = values.inputs;
    }
}
