//! The weights of dense and convolution layers, whose axes each framework puts in an order of its own.

use ndarray::{Array2, Array3};

use super::layout::{Axis, Role};
use super::names::{Found, Named, fitting, found, named_otherwise, shape};
use super::{Convention, ConventionFault, LayerKind, LayerParameters, Stacked, Width};
use crate::scenario::text::{Noun, Phrase, Text, both, count};

/// What to do about a bias that does not fit.
const ONE_PER_UNIT: Phrase = Phrase {
    en: "give one number per unit, or leave it out for zeros",
    es: "dar un número por unidad, o quitarlo para que sean ceros",
};

/// The parameters of a dense or conv layer.
pub fn parameters(stacked: &Stacked<'_>) -> Result<LayerParameters, Vec<ConventionFault>> {
    if let Some(faults) = named_otherwise(stacked) {
        return Err(faults);
    }
    let axes = stacked.convention.axes(stacked.kind);
    if axes.is_empty() {
        let convention = stacked.convention;
        let message = both!(
            "{convention} has no array of its own for {kind}",
            "{convention} no tiene un arreglo propio para {kind}",
            kind = stacked.kind.with_article()
        );
        let help = Phrase {
            en: "leave `convention` out, and give `weights` (units × inputs) and `bias`",
            es: "quitar `convention`, y dar `weights` (unidades × entradas) y `bias`",
        };
        return Err(vec![ConventionFault::of_key("convention", message, help)]);
    }
    let mut named = Named::new(stacked);
    let mut faults = std::mem::take(&mut named.faults);
    let bias = named.get(Role::Bias);
    let Some(weights) = named.get(Role::InputWeights) else {
        if let Some(name) = named.missing(Role::InputWeights) {
            let message = both!(
                "there is no `{name}`, the weights of {owner}",
                "no hay `{name}`, los pesos de {owner}",
                owner = stacked.owner()
            );
            let help = both!("add it, {axes}", "añadirlo, {axes}", axes = words(axes));
            faults.insert(0, ConventionFault::of_layer(message, help));
        }
        faults.extend(bias.filter(|bias| bias.shape.len() != 1).map(|bias| {
            let message = both!(
                "{bias} {found}, but there is one number per unit",
                "{bias} {found}, pero hay un número por unidad",
                found = found(bias.shape),
                bias = bias.name
            );
            ConventionFault::of_key(bias.name, message, ONE_PER_UNIT)
        }));
        return Err(faults);
    };
    faults.extend(check(stacked, axes, weights, bias));
    if !faults.is_empty() || !stacked.reported.is_empty() {
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

/// How wide the layer is, where its weights are for its inputs.
pub fn width(stacked: &Stacked<'_>) -> Option<Width> {
    let axes = stacked.convention.axes(stacked.kind);
    let weights = Named::new(stacked).get(Role::InputWeights).filter(|weights| weights.shape.len() == axes.len())?;
    let inputs = length(axes, weights.shape, Axis::Inputs);
    let units = length(axes, weights.shape, Axis::Units);
    stacked.inputs.is_none_or(|given| given == inputs).then_some(Width { units, outputs: units })
}

/// How the axes are read: `units × inputs`.
fn words(axes: &[Axis]) -> Text {
    Text::each(|language| axes.iter().map(|axis| axis.noun().get(language)).collect::<Vec<_>>().join(" × "))
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
        let message = both!(
            "{name} {found}, but {owner} is {axes}",
            "{name} {found}, pero {owner} es {axes}",
            found = found(lengths),
            owner = stacked.owner(),
            axes = words(axes)
        );
        let fitting = [LayerKind::Dense, LayerKind::Conv].into_iter().find(|kind| convention.axes(*kind).len() == lengths.len());
        let help = match fitting {
            Some(kind) => both!(
                "{number} axes fit {article}: write `kind = \"{kind}\"`",
                "{number} ejes son de {article}: escribir `kind = \"{kind}\"`",
                number = lengths.len(),
                article = kind.with_article(),
                kind = kind.name()
            ),
            None => both!(
                "give one array of {number} axes, nested as {convention} prints it",
                "dar un arreglo de {number} ejes, anidado como lo imprime {convention}",
                number = axes.len()
            ),
        };
        return vec![ConventionFault::of_key(name, message, help)];
    }
    let wrong_inputs = |axes| inputs.filter(|&inputs| length(axes, lengths, Axis::Inputs) != inputs);
    let wrong_bias = |axes| bias.filter(|bias| bias.shape != [length(axes, lengths, Axis::Units)]);
    let reading = words(axes);
    let mut faults = Vec::new();
    let clash = match (wrong_inputs(axes), wrong_bias(axes)) {
        (Some(inputs), _) => both!("the layer has {inputs}", "la capa tiene {inputs}", inputs = count(inputs, Noun::Input)),
        (None, Some(bias)) => {
            both!("{name} {found}, one per unit", "{name} {found}, uno por unidad", name = bias.name, found = found(bias.shape))
        }
        (None, None) => return faults,
    };
    let others: Vec<Convention> = Convention::ALL
        .into_iter()
        .filter(|other| other.axes(kind).len() == axes.len())
        .filter(|other| wrong_inputs(other.axes(kind)).is_none() && wrong_bias(other.axes(kind)).is_none())
        .collect();
    if let [first, ..] = others.as_slice() {
        let shape = shape(lengths);
        let message = both!(
            "{name} is {shape}, in {convention} {reading}, but {clash}",
            "{name} es {shape}, en {convention} {reading}, pero {clash}",
            reading,
            clash
        );
        let help = both!(
            "as {axes} it fits {others}",
            "como {axes} es de {others}",
            axes = words(first.axes(kind)),
            others = fitting(&others, kind, stacked)
        );
        return vec![ConventionFault::of_key("convention", message, help)];
    }
    if let Some(inputs) = wrong_inputs(axes) {
        let message = both!(
            "{name} is {shape}, {reading}, but the layer has {inputs}",
            "{name} es {shape}, {reading}, pero la capa tiene {inputs}",
            reading,
            shape = shape(lengths),
            inputs = count(inputs, Noun::Input)
        );
        let help = Phrase {
            en: "give weights for each input: a feature, or an output of the layer before",
            es: "dar pesos para cada entrada: una característica, o una salida de la capa anterior",
        };
        faults.push(ConventionFault::of_key(name, message, help));
    }
    if let Some(bias) = wrong_bias(axes) {
        let message = both!(
            "{bias} {found}, but {name}, {reading}, is {shape}",
            "{bias} {found}, pero {name}, {reading}, es {shape}",
            reading,
            found = found(bias.shape),
            shape = shape(lengths),
            bias = bias.name
        );
        faults.push(ConventionFault::of_key(bias.name, message, ONE_PER_UNIT));
    }
    faults
}
