//! The letters of the blackboard: `x1`, `h(0)`, `z2(3)`, the same in every panel and every report.

use super::text::Words;
use crate::engine::network::Layer;
use crate::engine::weighted_sum::Source;

/// What a term's value is called at a timestep: `x2`, `h(0)` for a layer of one unit, `h2(0)` otherwise, `bias`.
pub fn source(source: Source, t: usize, units: usize, words: &Words) -> String {
    match source {
        Source::Input(_) => source.to_string(),
        Source::Hidden(j) => state(j, before(t), units),
        Source::Bias => words.bias.into(),
        Source::RecurrentBias => format!("{}_r", words.bias),
    }
}

/// The hidden state of a unit at a timestep: `h(0)`, or `h2(0)` in a layer of several.
pub fn state(unit: usize, t: impl std::fmt::Display, units: usize) -> String {
    format!("{}({t})", indexed('h', unit, units))
}

/// The output of a unit at a timestep: `h(0)` where it is a hidden state, `y(0)` where it is not.
pub fn output(layer: &Layer, unit: usize, t: usize) -> String {
    format!("{}({t})", output_letter(layer, unit))
}

/// The output of a unit: `h`, `h2`, `y`, `y2`.
pub fn output_letter(layer: &Layer, unit: usize) -> String {
    let letter = if layer.is_recurrent() { 'h' } else { 'y' };
    indexed(letter, unit, layer.units())
}

/// The pre-activation of a unit at a timestep: `z(0)`, or `z2(0)` in a layer of several.
pub fn pre_activation(unit: usize, t: usize, units: usize) -> String {
    format!("{}({t})", indexed('z', unit, units))
}

/// The number of the timestep before, which for the first is -1.
pub fn before(t: usize) -> String {
    t.checked_sub(1).map_or_else(|| "-1".into(), |t| t.to_string())
}

fn indexed(letter: char, unit: usize, units: usize) -> String {
    if units == 1 { letter.to_string() } else { format!("{letter}{}", unit + 1) }
}
