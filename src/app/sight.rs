//! What of a timestep can be seen: a number that cannot is replaced by one that stands for it, so that no panel, axis or
//! column can depend on it.

use super::micro_step::{Position, Reached};
use crate::engine::cell::{Cell, Factor, Gate, GateName, Mix, Quantity, State, Step};
use crate::engine::network::{Direction, Layer, LayerStep, Network, NetworkStep};
use crate::engine::weighted_sum::{CellState, Source, Term};

/// Stands for a number that is not computed yet: a NaN no computation gives, told apart by its bits.
pub const NOT_YET: f64 = f64::from_bits(0x7ff8_ce1d_a000_0001);

/// Whether a number only stands for one that cannot be seen.
pub const fn is_unseen(number: f64) -> bool {
    number.to_bits() == NOT_YET.to_bits()
}

/// What a cell works out at a timestep, as far as it can be seen.
#[derive(Debug)]
pub struct Worked<'s> {
    /// The step of its layer.
    pub step: &'s LayerStep,
    /// The terms of the gate looked at.
    pub terms: Vec<Term>,
    /// The lines that combine its gates.
    pub mixes: Vec<Mix>,
    /// The terms of the projection that reads what they give, where there is one beside the gate looked at.
    pub projected: Option<Vec<Term>>,
}

/// A step of a network of which only what a position has reached can be seen.
pub fn step(network: &Network, step: &NetworkStep, position: Position) -> NetworkStep {
    let layers = step.layers.iter().zip(&network.layers).enumerate();
    let seen = |(number, (step, layer)): (usize, (&Option<LayerStep>, &Layer))| {
        step.as_ref().map(|step| layer_step(layer, step, number, position))
    };
    NetworkStep { t: step.t, layers: layers.map(seen).collect() }
}

/// A timestep, of those up to a last one, of which nothing but its row is there, since nothing is computed.
pub fn row(network: &Network, row: &[f64], (t, last): (usize, usize)) -> NetworkStep {
    let mut is_due = true;
    let layers = network.layers.iter().enumerate().map(|(number, layer)| {
        is_due = is_due && (t == last || !layer.is_last_only());
        is_due.then(|| {
            let passes = (0..layer.passes()).map(|number| layer.pass(number)).map(|(direction, cell)| {
                let is_first = t == 0 && direction == Direction::Forward;
                nothing(cell, (number == 0).then_some(row), is_first)
            });
            LayerStep { passes: passes.collect(), output: vec![NOT_YET; layer.outputs()] }
        })
    });
    NetworkStep { t, layers: layers.collect() }
}

/// A step of a pass in which nothing is worked out: where it is the first, it begins with what the file gives.
fn nothing(cell: &dyn Cell, row: Option<&[f64]>, is_first: bool) -> Step {
    let unseen = |numbers: usize| vec![NOT_YET; numbers];
    let initial = cell.initial();
    let state =
        State { hidden: unseen(initial.hidden.len()), cell: unseen(initial.cell.len()), window: unseen(initial.window.len()) };
    let gates = cell.gates().iter().map(|&name| {
        let units = cell.sum(name).units();
        Gate { name, sum: unseen(units), output: unseen(units) }
    });
    let mut step = Step::default();
    step.input = row.map_or_else(|| unseen(cell.inputs()), <[f64]>::to_vec);
    step.before = if is_first { initial.clone() } else { state.clone() };
    step.gates = gates.collect();
    step.after = state;
    step.output = unseen(cell.outputs());
    step
}

fn layer_step(layer: &Layer, step: &LayerStep, number: usize, position: Position) -> LayerStep {
    if position.has_layer(number) {
        return step.clone();
    }
    let mut first = 0;
    let mut seen = LayerStep { passes: Vec::with_capacity(step.passes.len()), output: Vec::with_capacity(step.output.len()) };
    for (pass, step) in step.passes.iter().enumerate() {
        let step = pass_step(layer, step, (number, first), position);
        seen.output.extend_from_slice(&step.output);
        seen.passes.push(step);
        first += layer.cell(pass).units();
    }
    seen
}

/// The step of a pass whose first unit has a number among those of its layer.
fn pass_step(layer: &Layer, step: &Step, (number, first): (usize, usize), position: Position) -> Step {
    let mut seen = step.clone();
    if !position.has_inputs(number) {
        seen.input.fill(NOT_YET);
    }
    let cover = |numbers: &mut [f64], has: &dyn Fn(usize) -> bool| {
        let unseen = numbers.iter_mut().enumerate().filter(|(unit, _)| !has(*unit));
        unseen.for_each(|(_, number)| *number = NOT_YET);
    };
    let has_unit = |unit: usize| position.has_unit(number, first + unit);
    // A projection mixes all units.
    let has_output = |unit: usize| if layer.projects() { position.has_layer(number) } else { has_unit(unit) };
    cover(&mut seen.output, &has_output);
    cover(&mut seen.after.hidden, &has_output);
    cover(&mut seen.after.cell, &has_unit);
    let units = seen.gates.first().map_or(0, |gate| gate.sum.len());
    for gate in &mut seen.gates {
        // A projection may have fewer sums than there are units: the last of them then stands for the others.
        let last = gate.sum.len().saturating_sub(1);
        let own = position.unit.checked_sub(first).filter(|unit| *unit < units).map(|unit| unit.min(last));
        let name = gate.name;
        let reached = |unit: usize| match own {
            Some(own) if own == unit => position.reached(layer, number, position.unit, name),
            _ => position.reached(layer, number, first + unit, name),
        };
        cover(&mut gate.sum, &|unit| reached(unit) >= Reached::Sum);
        cover(&mut gate.output, &|unit| reached(unit) >= Reached::Output);
    }
    seen
}

/// The terms of a gate of a unit of which only what a position has reached can be seen.
pub fn terms(layer: &Layer, terms: &mut [Term], (number, unit, gate): (usize, usize, GateName), position: Position) {
    let multiplied = match position.reached(layer, number, unit, gate) {
        Reached::Products(products) => products,
        Reached::Sum | Reached::Output => terms.len(),
    };
    for term in terms.iter_mut().skip(multiplied) {
        let is_of_layer = match term.source {
            // What other gates have given is seen where it is multiplied.
            Source::ResetHidden(_) | Source::Recurrent(_) | Source::Memory(_) | Source::Cell(_, CellState::After) => true,
            Source::Input(_) | Source::Row { back: 0, .. } => !position.has_inputs(number),
            _ => false,
        };
        if is_of_layer {
            term.value = NOT_YET;
        }
        if let Source::Recurrent(_) = term.source {
            term.weight = NOT_YET;
        }
        term.product = NOT_YET;
    }
}

/// The lines that combine the gates of a unit of which only what a position has reached can be seen.
pub fn mixes(layer: &Layer, mixes: &mut [Mix], (number, unit): (usize, usize), position: Position) {
    let has_line = |line| position.has_line(layer, number, unit, line);
    for (line, mix) in mixes.iter_mut().enumerate().filter(|(line, _)| !has_line(*line)) {
        mix.value = NOT_YET;
        for factor in mix.products.iter_mut().flatten() {
            *factor =
                seen_factor(*factor, line, &has_line, &|gate| position.reached(layer, number, unit, gate) >= Reached::Output);
        }
    }
}

/// A factor of a line that is not worked out.
fn seen_factor(factor: Factor, line: usize, has_line: &dyn Fn(usize) -> bool, has_gate: &dyn Fn(GateName) -> bool) -> Factor {
    match factor.quantity {
        Quantity::Gate(gate) if has_gate(gate) => factor,
        Quantity::HiddenBefore | Quantity::CellBefore => factor,
        Quantity::Activated { activation, cell } => {
            let has_cell = line.checked_sub(1).is_some_and(has_line);
            let cell = if has_cell { cell } else { NOT_YET };
            Factor::new(Quantity::Activated { activation, cell }, NOT_YET)
        }
        quantity => Factor::new(quantity, NOT_YET),
    }
}
