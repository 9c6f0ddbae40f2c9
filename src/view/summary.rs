//! A layer in one line: its name, kind, units, activation and shape, as much of it as has room.

use super::panel::{cut, dot};
use super::text::{Words, words};
use super::width::Width;
use crate::app::state::State;
use crate::engine::cell::GateName;
use crate::engine::network::{Direction, Layer};

/// The widest a name from the file is.
const WIDEST_NAME: usize = 20;

/// The line for a layer in so many columns.
pub fn line(state: &State, layer: usize, room: usize) -> String {
    let forms = forms(state, layer);
    let shortest = forms.last().cloned().unwrap_or_default();
    forms.into_iter().find(|form| form.width() <= room).unwrap_or_else(|| cut(&shortest, room))
}

/// The line, each time shorter.
fn forms(state: &State, number: usize) -> Vec<String> {
    let words = words(state.settings().language);
    let layer = &state.scenario().network.layers[number];
    let given = state.scenario().layer_name(number, state.settings().language);
    let name = cut(&words.layer_name(given, number), WIDEST_NAME);
    let kind = words.kind(layer).to_owned();
    let units = units(layer, words);
    let (activation, gates) = activations(layer, words);
    let with_gates = gates.map_or_else(|| activation.clone(), |gates| format!("{activation}, {gates}"));
    let (inputs, outputs) = (layer.inputs(), layer.outputs());
    let shape = format!("{inputs} → {outputs}");
    let in_words = in_words(layer, words);
    let special = special(layer, words);
    let join = |parts: &[&str]| joined(parts, dot(state.settings()));
    vec![
        join(&[&name, &kind, &units, &special, &with_gates, &in_words]),
        join(&[&name, &kind, &units, &special, &with_gates, &shape]),
        join(&[&name, &kind, &units, &special, &activation, &shape]),
        join(&[&format!("{} {kind}", number + 1), &units, &special, &activation, &shape]),
        join(&[&format!("{} {kind}", number + 1), &units, &activation, &shape]),
        join(&[&format!("{} {kind}", number + 1), &activation, &shape]),
        join(&[&format!("{} {kind}", number + 1), &shape]),
    ]
}

/// What there is to say of a layer beside its name: `GRU · 16 cells · tanh, sigmoid · 1 input → 16 outputs`.
pub fn whole(layer: &Layer, words: &Words) -> String {
    let (activation, gates) = activations(layer, words);
    let activations = gates.map_or_else(|| activation.clone(), |gates| format!("{activation}, {gates}"));
    let (units, special) = (units(layer, words), special(layer, words));
    joined(&[words.kind(layer), &units, &special, &activations, &in_words(layer, words)], " · ")
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(between)
}

fn units(layer: &Layer, words: &Words) -> String {
    words.count(layer.units(), if layer.is_recurrent() { words.cells } else { words.units })
}

fn in_words(layer: &Layer, words: &Words) -> String {
    format!("{} → {}", words.count(layer.inputs(), words.inputs), words.count(layer.outputs(), words.outputs))
}

/// The activation of the layer, and of its gates where it has several.
fn activations(layer: &Layer, words: &Words) -> (String, Option<String>) {
    let main = match layer {
        Layer::Lstm(_) => GateName::Cell,
        Layer::Gru(_) => GateName::Candidate,
        Layer::Rnn(_) | Layer::Dense(_) | Layer::Conv(_) => GateName::Hidden,
    };
    let name = |gate| words.activation_name(layer.activation(0, gate)).to_owned();
    let gates = layer.gates(0).first().filter(|&&first| first != main).map(|&first| name(first));
    (name(main), gates)
}

/// What sets a layer apart from one that goes forward over every row by itself.
fn special(layer: &Layer, words: &Words) -> String {
    match (layer, layer.passes(), layer.pass(0).0) {
        (Layer::Conv(conv), ..) => format!("{} {}", words.sees, words.count(conv.width(), words.rows)),
        (_, 1, Direction::Backward) => format!("← {}", words.reverse),
        (_, 2, _) => format!("→← {}", words.bidirectional),
        _ if layer.is_last_only() => words.last_only.into(),
        _ => String::new(),
    }
}
