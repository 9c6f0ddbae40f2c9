//! What a layer, a pass, a gate and a key of one are called in messages.

use crate::engine::cell::GateName;
use crate::scenario::text::{Text, both};

/// `layer 1`.
pub fn layer_number(number: usize) -> Text {
    both!("layer {number}", "la capa {number}")
}

/// `the forward pass of layer 1`, by the name of its table.
pub fn pass_of(key: &str, layer: &Text) -> Text {
    let way = match key {
        "forward" => "hacia delante",
        _ => "hacia atrás",
    };
    both!("the {key} pass of {layer}", "la pasada {way} de {layer}", layer)
}

/// `gate forget of layer 1`.
pub fn gate_of(gate: GateName, owner: &Text) -> Text {
    let gate = gate.name();
    both!("gate {gate} of {owner}", "la puerta {gate} de {owner}", owner)
}

/// `bias of layer 1`.
pub fn key_of(key: &str, owner: &Text) -> Text {
    both!("{key} of {owner}", "{key} de {owner}", owner)
}
