//! An event in words: what it is, which letter of the blackboard it happens to, and where that is.

use super::symbols::Symbols;
use super::text::words;
use crate::app::state::State;
use crate::engine::cell::{GateName, Quantity};
use crate::engine::event::{Event, Kind};

/// What happens to a unit: `f2(3) saturates (layer 1, unit 2, forget gate, t = 3)`.
pub fn unit(state: &State, t: usize, event: Event) -> String {
    let words = words(state.settings().language);
    let Some(layer) = state.scenario().network.layers.get(event.layer) else { return String::new() };
    let place = layer.place(event.unit);
    let cell = layer.cell(place.pass);
    let symbols = Symbols::new(layer, place.pass, t, words);
    let gate = event.gate.and_then(|gate| layer.gates(place.pass).get(gate).copied());
    let (what, happens) = match event.kind {
        Kind::Death => (symbols.output_of(gate.unwrap_or(GateName::Hidden), place.unit), words.goes_dead),
        Kind::Saturation => (symbols.output_of(gate.unwrap_or(GateName::Hidden), place.unit), words.saturates),
        Kind::CellSaturation => {
            let activation = cell.state_activation().unwrap_or(cell.activation(GateName::Cell));
            (symbols.quantity(Quantity::Activated { activation, cell: 0.0 }, place.unit), words.saturates)
        }
        Kind::HiddenSign => (symbols.hidden(place.unit, &t), words.changes_sign),
        Kind::CellSign => (symbols.cell(place.unit, &t), words.changes_sign),
        Kind::Overflow => (symbols.over_time(false, place.unit) + &format!("({t})"), words.overflows),
    };
    let gate = gate.and_then(|gate| words.gate(gate));
    format!("{what} {happens}: {}", place_of(state, (event.layer, event.unit), gate, t))
}

/// The claim of an output that fails.
pub fn claim(state: &State, t: usize, output: usize) -> String {
    let words = words(state.settings().language);
    let last = state.scenario().network.layers.len().saturating_sub(1);
    format!("{}: {}", words.claim_fails, place_of(state, (last, output), None, t))
}

fn place_of(state: &State, (layer, unit): (usize, usize), gate: Option<&str>, t: usize) -> String {
    let words = words(state.settings().language);
    let given = state.scenario().layer_name(layer, state.settings().language);
    let gate = gate.map(|gate| format!(", {gate}")).unwrap_or_default();
    format!("{}, {} {}{gate}, t = {t}", words.layer_name(given, layer), words.unit, unit + 1)
}
