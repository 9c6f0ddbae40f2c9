//! The weights of dense and convolution layers, whose axes each framework puts in an order of its own.

use ndarray::{Array2, Array3};

use super::layout::{Axis, Role};
use super::names::{Found, Named, fitting, found, named_otherwise, shape};
use super::{Convention, ConventionFault, LayerKind, LayerParameters, Stacked};
use crate::scenario::schema::count;

/// The parameters of a dense or conv layer.
pub fn parameters(stacked: &Stacked<'_>) -> Result<LayerParameters, Vec<ConventionFault>> {
    if let Some(fault) = named_otherwise(stacked) {
        return Err(vec![fault]);
    }
    let axes = stacked.convention.axes(stacked.kind);
    if axes.is_empty() {
        let message = format!("{} has no array of its own for {}", stacked.convention.name(), stacked.kind.with_article());
        let help = "leave `convention` out, and give `weights` (units × inputs) and `bias`";
        return Err(vec![ConventionFault::of_key("convention", message, help)]);
    }
    let mut named = Named::new(stacked);
    let mut faults = std::mem::take(&mut named.faults);
    let bias = named.get(Role::Bias);
    let Some(weights) = named.get(Role::InputWeights) else {
        if let Some(name) = named.missing(Role::InputWeights) {
            let message = format!("there is no `{name}`, the weights of {}", stacked.owner());
            faults.insert(0, ConventionFault::of_layer(message, format!("add it, {}", words(axes))));
        }
        faults.extend(bias.filter(|bias| bias.shape.len() != 1).map(|bias| {
            let message = format!("{} {}, but there is one number per unit", bias.name, found(bias.shape));
            ConventionFault::of_key(bias.name, message, "give one number per unit, or leave it out for zeros")
        }));
        return Err(faults);
    };
    faults.extend(check(stacked, axes, weights, bias));
    if !faults.is_empty() {
        return Err(faults);
    }
    let [units, width, inputs] = [Axis::Units, Axis::Width, Axis::Inputs].map(|axis| length(axes, weights.shape, axis));
    let number = |(unit, row, input): (usize, usize, usize)| {
        let index = |axis: &Axis| match axis {
            Axis::Units => unit,
            Axis::Width => row,
            Axis::Inputs => input,
        };
        weights.data[axes.iter().zip(weights.shape).fold(0, |at, (axis, length)| at * length + index(axis))]
    };
    let bias = bias.map(|bias| bias.data.to_vec());
    Ok(match stacked.kind {
        LayerKind::Conv => LayerParameters::Conv { kernel: Array3::from_shape_fn((units, width, inputs), number), bias },
        _ => {
            let weights = Array2::from_shape_fn((units, inputs), |(unit, input)| number((unit, 0, input)));
            LayerParameters::Dense { weights, bias }
        }
    })
}

/// How the axes are read: `units × inputs`.
fn words(axes: &[Axis]) -> String {
    axes.iter().map(|axis| axis.noun()).collect::<Vec<_>>().join(" × ")
}

/// The length of an axis; a dense layer's width is 1.
fn length(axes: &[Axis], shape: &[usize], wanted: Axis) -> usize {
    axes.iter().zip(shape).find(|(axis, _)| **axis == wanted).map_or(1, |(_, length)| *length)
}

/// What does not fit, when the axes are read so.
fn check(stacked: &Stacked<'_>, axes: &[Axis], weights: Found<'_>, bias: Option<Found<'_>>) -> Vec<ConventionFault> {
    let Stacked { convention, kind, inputs, .. } = *stacked;
    let Found { name, shape: lengths, .. } = weights;
    if lengths.len() != axes.len() {
        let message = format!("{name} {}, but {} is {}", found(lengths), stacked.owner(), words(axes));
        let fitting = [LayerKind::Dense, LayerKind::Conv].into_iter().find(|kind| convention.axes(*kind).len() == lengths.len());
        let help = match fitting {
            Some(kind) => format!("{} axes fit {}: write `kind = \"{}\"`", lengths.len(), kind.with_article(), kind.name()),
            None => format!("give one array of {} axes, nested as {} prints it", axes.len(), convention.name()),
        };
        return vec![ConventionFault::of_key(name, message, help)];
    }
    let wrong_inputs = |axes| inputs.filter(|&inputs| length(axes, lengths, Axis::Inputs) != inputs);
    let wrong_bias = |axes| bias.filter(|bias| bias.shape != [length(axes, lengths, Axis::Units)]);
    let reading = words(axes);
    let mut faults = Vec::new();
    let clash = match (wrong_inputs(axes), wrong_bias(axes)) {
        (Some(inputs), _) => format!("the layer has {}", count(inputs, "input")),
        (None, Some(bias)) => format!("{} {}, one per unit", bias.name, found(bias.shape)),
        (None, None) => return faults,
    };
    let others: Vec<Convention> = Convention::ALL
        .into_iter()
        .filter(|other| other.axes(kind).len() == axes.len())
        .filter(|other| wrong_inputs(other.axes(kind)).is_none() && wrong_bias(other.axes(kind)).is_none())
        .collect();
    if let [first, ..] = others.as_slice() {
        let message = format!("{name} is {}, in {} {reading}, but {clash}", shape(lengths), convention.name());
        let help = format!("as {} it fits {}", words(first.axes(kind)), fitting(&others, kind, stacked));
        return vec![ConventionFault::of_key("convention", message, help)];
    }
    if let Some(inputs) = wrong_inputs(axes) {
        let message = format!("{name} is {}, {reading}, but the layer has {}", shape(lengths), count(inputs, "input"));
        let help = "give weights for each input: a feature, or an output of the layer before";
        faults.push(ConventionFault::of_key(name, message, help));
    }
    if let Some(bias) = wrong_bias(axes) {
        let message = format!("{} {}, but {name}, {reading}, is {}", bias.name, found(bias.shape), shape(lengths));
        let help = "give one number per unit, or leave it out for zeros";
        faults.push(ConventionFault::of_key(bias.name, message, help));
    }
    faults
}
