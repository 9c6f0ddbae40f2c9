//! What is worth a look in a step of a layer: what dies, saturates, changes sign or overflows there.

use super::activation::Activation;
use super::cell::{Cell, Step};
use super::network::{Direction, Layer, LayerStep};

/// Below this slope an activation is saturated.
pub const SATURATED: f64 = 1e-3;

/// Something that happens to a unit at a timestep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The layer, from 0.
    pub layer: usize,
    /// The unit, over all passes of the layer.
    pub unit: usize,
    /// The gate it happens in, among those of the layer, where it is not of the whole unit.
    pub gate: Option<usize>,
    /// What happens.
    pub kind: Kind,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A ReLU goes dead: its slope is 0, and was not.
    Death,
    /// A gate or a tanh saturates: its slope is below [`SATURATED`], and was not.
    Saturation,
    /// The activation of the cell state saturates likewise.
    CellSaturation,
    /// The hidden state has another sign than the one carried in.
    HiddenSign,
    /// The cell state has another sign than the one carried in.
    CellSign,
    /// The output is no finite number, and was one.
    Overflow,
}

/// The steps of a layer at the timesteps around the one looked at; none where there is no such timestep.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'s> {
    /// At the timestep before.
    pub before: Option<&'s LayerStep>,
    /// At the timestep after.
    pub after: Option<&'s LayerStep>,
}

/// What happens in a step of the layer of a number, by unit, gate and kind.
///
/// A state that lasts is told where it begins: where it was not so at the timestep that the pass comes from.
pub fn events(number: usize, layer: &Layer, step: &LayerStep, around: Neighbours<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    let mut first = 0;
    for (pass, now) in step.passes.iter().enumerate() {
        let (direction, cell) = layer.pass(pass);
        let neighbour = match direction {
            Direction::Forward => around.before,
            Direction::Backward => around.after,
        };
        let was = neighbour.and_then(|step| step.passes.get(pass));
        for unit in 0..cell.units() {
            let told = of_unit(cell, now, was, unit);
            events.extend(told.map(|(gate, kind)| Event { layer: number, unit: first + unit, gate, kind }));
        }
        first += cell.units();
    }
    events
}

/// What happens to a unit of a pass, and in which gate.
fn of_unit<'s>(
    cell: &'s dyn Cell,
    now: &'s Step,
    was: Option<&'s Step>,
    unit: usize,
) -> impl Iterator<Item = (Option<usize>, Kind)> + 's {
    let of_gates = now.gates.iter().enumerate().filter(|(_, gate)| gate.name.is_gate()).filter_map(move |(number, gate)| {
        let activation = cell.activation(gate.name);
        let ends = |step: &Step| step.gates.get(number).and_then(|gate| end_of(activation, *gate.sum.get(unit)?));
        ends(now).filter(|_| was.and_then(ends).is_none()).map(|kind| (Some(number), kind))
    });
    let saturates = |step: &Step| {
        let ends = cell.state_activation().zip(step.after.cell.get(unit)).and_then(|(act, c)| end_of(act, *c));
        ends == Some(Kind::Saturation)
    };
    let overflows = |step: &Step| step.output.get(unit).is_some_and(|y| !y.is_finite());
    let of_unit = [
        (Kind::CellSaturation, saturates(now) && !was.is_some_and(saturates)),
        (Kind::HiddenSign, changes_sign(&now.before.hidden, &now.after.hidden, unit)),
        (Kind::CellSign, changes_sign(&now.before.cell, &now.after.cell, unit)),
        (Kind::Overflow, overflows(now) && !was.is_some_and(overflows)),
    ];
    of_gates.chain(of_unit.into_iter().filter(|(_, happens)| *happens).map(|(kind, _)| (None, kind)))
}

/// Which end of its range an activation has come to at a pre-activation.
fn end_of(activation: Activation, z: f64) -> Option<Kind> {
    let slope = activation.slope(z)?;
    match activation {
        Activation::Relu => (slope == 0.0).then_some(Kind::Death),
        Activation::Sigmoid | Activation::HardSigmoid | Activation::Tanh => (slope.abs() < SATURATED).then_some(Kind::Saturation),
        _ => None,
    }
}

/// Whether a state goes from one side of zero to the other; zero is on neither.
fn changes_sign(before: &[f64], after: &[f64], unit: usize) -> bool {
    matches!((before.get(unit), after.get(unit)), (Some(b), Some(a)) if (*b < 0.0 && *a > 0.0) || (*b > 0.0 && *a < 0.0))
}
