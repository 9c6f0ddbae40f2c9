//! The weights of rnn, lstm and gru layers, whose gates each framework stacks in an order of its own.

use std::ops::Range;

use ndarray::Array2;

use super::layout::{Role, Side};
use super::names::{Found, Named, named_otherwise};
use super::{Convention, ConventionFault, LayerKind, LayerParameters, Stacked, Width};
use crate::scenario::parameters::GateParameters;

/// ONNX's `P` holds i, o and f: the first gates of its stack.
pub const PEEPHOLES: usize = 3;

/// The parameters of an rnn, lstm or gru layer.
pub fn parameters(stacked: &Stacked<'_>) -> Result<LayerParameters, Vec<ConventionFault>> {
    if let Some(faults) = named_otherwise(stacked) {
        return Err(faults);
    }
    let stack = Stack::new(stacked);
    let faults = stack.faults();
    if faults.is_empty() && stacked.reported.is_empty() { stack.read().ok_or(faults) } else { Err(faults) }
}

/// How wide the layer is, where both matrices fit.
pub fn width(stacked: &Stacked<'_>) -> Option<Width> {
    let stack = Stack::new(stacked);
    let sizes @ Sizes { units, outputs } = stack.sizes()?;
    let fits = |role| stack.named.get(role).is_some_and(|array| stack.fits(&array, sizes));
    (fits(Role::InputWeights) && fits(Role::RecurrentWeights)).then_some(Width { units, outputs: outputs? })
}

/// The arrays of a recurrent layer.
pub struct Stack<'a> {
    pub stacked: &'a Stacked<'a>,
    pub named: Named<'a>,
    /// What the framework calls the gates, in the order of the stack.
    pub gates: &'static [&'static str],
    /// Along which side of a matrix they are stacked.
    pub side: Side,
}

/// How many units there are, and how many outputs, where the array that says so can be read.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub units: usize,
    pub outputs: Option<usize>,
}

/// An axis of a shape: of one length, or of any.
pub type Extent = Option<usize>;

impl<'a> Stack<'a> {
    pub fn new(stacked: &'a Stacked<'a>) -> Self {
        let mut named = Named::new(stacked);
        if stacked.convention == Convention::Onnx {
            named.found.iter_mut().for_each(leave_out_one_direction);
        }
        let gates = stacked.convention.gates(stacked.kind);
        Self { stacked, named, gates, side: stacked.convention.stacks_by() }
    }

    /// The units and outputs that most arrays agree on; of several, those of the recurrent weights.
    pub fn sizes(&self) -> Option<Sizes> {
        let recurrent = self.named.get(Role::RecurrentWeights);
        let others = self.named.found.iter().copied().filter(|array| array.role != Role::RecurrentWeights);
        let mut best: Option<(usize, Sizes)> = None;
        for units in recurrent.into_iter().chain(others).flat_map(|array| self.implied_units(array)) {
            let sizes = Sizes { units, outputs: self.outputs(units) };
            let fitting = self.named.found.iter().filter(|array| self.fits(array, sizes)).count();
            if best.is_none_or(|(most, _)| fitting > most) {
                best = Some((fitting, sizes));
            }
        }
        best.map(|(_, sizes)| sizes)
    }

    /// The numbers of units an array may have been made for, the likeliest first.
    fn implied_units(&self, array: Found<'_>) -> Vec<usize> {
        let gates = self.gates.len();
        let of = |length: usize, each: usize| (length.is_multiple_of(each) && length > 0).then(|| length / each);
        match (array.role, array.shape) {
            (Role::InputWeights, &[rows, columns]) => {
                let stacked = self.side.count([rows, columns]);
                let across = self.side.across().count([rows, columns]);
                [of(stacked, gates), of(across, gates)].into_iter().flatten().collect()
            }
            (Role::RecurrentWeights, &[rows, columns]) => {
                let stacked = self.side.count([rows, columns]);
                let across = self.side.across().count([rows, columns]);
                [of(stacked, gates), Some(across), of(across, gates), Some(stacked)].into_iter().flatten().collect()
            }
            (Role::Bias | Role::RecurrentBias, &[.., length]) => of(length, gates * self.biases()).into_iter().collect(),
            (Role::Projection, &[outputs, units]) => vec![units, outputs],
            (Role::Peepholes, &[length]) => of(length, PEEPHOLES).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// How many biases the `bias` array holds in one row for each unit of each gate.
    pub fn biases(&self) -> usize {
        if self.stacked.convention == Convention::Onnx { 2 } else { 1 }
    }

    /// How many outputs a layer of so many units has, unless the array that says so does not fit them.
    fn outputs(&self, units: usize) -> Option<usize> {
        match self.named.get(Role::Projection).map(|array| array.shape) {
            Some(&[outputs, of]) if of == units => Some(outputs),
            Some(_) => None,
            None => (!self.named.is_faulty(Role::Projection)).then_some(units),
        }
    }

    /// The shapes an array of a role may have.
    pub fn shapes(&self, role: Role, Sizes { units, outputs }: Sizes) -> Vec<Vec<Extent>> {
        let all = Some(self.gates.len() * units);
        let matrix = |across: Extent| match self.side {
            Side::Rows => vec![vec![all, across]],
            Side::Columns => vec![vec![across, all]],
        };
        match role {
            Role::InputWeights => matrix(None),
            Role::RecurrentWeights => matrix(outputs),
            Role::Bias => match (self.stacked.convention, self.stacked.kind) {
                (Convention::Keras, LayerKind::Gru) => vec![vec![Some(2), all], vec![all]],
                _ => vec![vec![all.map(|all| all * self.biases())]],
            },
            Role::RecurrentBias => vec![vec![all]],
            Role::Projection => vec![vec![outputs, Some(units)]],
            Role::Peepholes => vec![vec![Some(PEEPHOLES * units)]],
        }
    }

    pub fn fits(&self, array: &Found<'_>, sizes: Sizes) -> bool {
        self.shapes(array.role, sizes).iter().any(|wanted| matches(array.shape, wanted))
    }

    /// Whether the reset gate multiplies after the recurrent weights do.
    pub fn reset_after(&self) -> bool {
        let Stacked { convention, reset_after, linear_before_reset, .. } = *self.stacked;
        match convention {
            Convention::Pytorch => reset_after.unwrap_or(true),
            Convention::Keras => {
                reset_after.unwrap_or_else(|| self.named.get(Role::Bias).is_none_or(|bias| bias.shape.len() == 2))
            }
            Convention::Onnx => linear_before_reset.or(reset_after).unwrap_or(false),
        }
    }

    /// The layer, once its arrays are known to fit.
    fn read(&self) -> Option<LayerParameters> {
        let Stacked { convention, kind, .. } = *self.stacked;
        let Sizes { units, .. } = self.sizes()?;
        let (w, u) = (self.named.get(Role::InputWeights)?, self.named.get(Role::RecurrentWeights)?);
        let gate = |place: usize| {
            let rows = place * units..(place + 1) * units;
            // Where one array holds two biases, the recurrent ones come after all the others.
            let part =
                |role, from: usize| self.named.get(role)?.data.get(rows.start + from..rows.end + from).map(<[f64]>::to_vec);
            GateParameters {
                input_weights: matrix(w, self.side, rows.clone()),
                recurrent_weights: matrix(u, self.side, rows.clone()),
                bias: part(Role::Bias, 0),
                recurrent_bias: part(Role::RecurrentBias, 0).or_else(|| part(Role::Bias, self.gates.len() * units)),
                peephole: part(Role::Peepholes, 0),
            }
        };
        Some(match kind {
            LayerKind::Lstm => {
                let projection = self.named.get(Role::Projection);
                LayerParameters::Lstm {
                    gates: Box::new(convention.lstm_places().map(gate)),
                    projection: projection.map(|array| matrix(array, Side::Rows, 0..array.data.len() / units)),
                }
            }
            LayerKind::Gru => {
                LayerParameters::Gru { gates: Box::new(convention.gru_places().map(gate)), reset_after: self.reset_after() }
            }
            _ => LayerParameters::Rnn(gate(0)),
        })
    }
}

/// Takes the directions axis off an array that has it, where there is one direction only.
fn leave_out_one_direction(array: &mut Found<'_>) {
    if let [1, rest @ ..] = array.shape
        && rest.len() == array.role.axes()
    {
        array.shape = rest;
    }
}

/// Whether a shape is one of those wanted.
fn matches(axes: &[usize], wanted: &[Extent]) -> bool {
    axes.len() == wanted.len() && axes.iter().zip(wanted).all(|(axis, wanted)| wanted.is_none_or(|wanted| *axis == wanted))
}

/// The rows of a matrix that stacks by rows, or the columns of one that stacks by columns, as rows.
fn matrix(array: Found<'_>, side: Side, stacked: Range<usize>) -> Array2<f64> {
    let columns = array.shape.last().copied().unwrap_or(1);
    match side {
        Side::Rows => Array2::from_shape_fn((stacked.len(), columns), |(i, j)| array.data[(stacked.start + i) * columns + j]),
        Side::Columns => {
            let rows = array.data.len() / columns;
            Array2::from_shape_fn((stacked.len(), rows), |(i, j)| array.data[j * columns + stacked.start + i])
        }
    }
}
