//! Keys that a layer has, but not where they stand: where they belong.

use super::owner::{gate_of, layer_number};
use super::reader::{Reader, Table};
use super::stacked::{convention_of, is_stored};
use crate::engine::cell::GateName;
use crate::scenario::fault::near;
use crate::scenario::parameters::{LayerKind, RecurrentKind};
use crate::scenario::text::{Phrase, Text, both};

/// The keys of a gate; of an rnn those of the layer.
pub(super) const OF_GATE: [&str; 5] = ["input_weights", "recurrent_weights", "bias", "recurrent_bias", "peephole"];

/// The keys of a pass beside those of its gates.
const OF_PASS: [&str; 5] = ["activation", "recurrent_activation", "reset_after", "initial_hidden", "initial_cell"];

/// The keys of a pass that a bidirectional layer has twice, beside those of its gates.
const OF_EITHER: [&str; 5] = ["gate", "initial_hidden", "initial_cell", "convention", "linear_before_reset"];

/// The keys of a layer as a whole, whatever goes over its input.
const OF_LAYER: [&str; 4] = ["kind", "name", "unit_names", "direction"];

/// A table of a layer.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The kind of the layer.
    pub(super) kind: LayerKind,
    /// `layer 1`.
    pub(super) layer: Text,
    /// What the table describes: `layer 1`, `the forward pass of layer 1`; for a gate, what it is a gate of.
    pub(super) owner: Text,
    /// What stands in the brackets of its header.
    pub(super) header: String,
    /// Which of the tables of a layer it is.
    pub(super) level: Level,
}

/// Which of the tables of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// The one of a layer that goes over its input once.
    Layer,
    /// The one of a bidirectional layer, which has a table for each direction.
    Joint,
    /// The one of a direction.
    Pass,
    /// The one of a gate.
    Gate(GateName),
}

impl Spot {
    /// The table of a layer that carries nothing.
    pub(super) fn of_layer(kind: LayerKind, number: usize) -> Self {
        let layer = layer_number(number);
        Self { kind, owner: layer.clone(), layer, header: "layer".into(), level: Level::Layer }
    }

    /// What is wrong with a key here, and what to do; `None` where no other table has it either.
    pub(super) fn advice(&self, key: &str) -> Option<(Text, Text)> {
        match self.kind.recurrent() {
            Some(kind) => self.not_of_kind(key, kind).or_else(|| self.elsewhere(key, kind)),
            None => {
                let is_recurrent = ["direction", "forward", "backward", "gate"].contains(&key);
                is_recurrent.then(|| {
                    let message = both!(
                        "{layer} has `{key}`, which only a recurrent layer has",
                        "{layer} tiene `{key}`, que solo una capa recurrente tiene",
                        layer = self.layer
                    );
                    let help = both!(
                        "leave it out, or choose `kind = \"rnn\"`, `\"lstm\"` or `\"gru\"`",
                        "quitarlo, o elegir `kind = \"rnn\"`, `\"lstm\"` o `\"gru\"`",
                    );
                    (message, help)
                })
            }
        }
    }

    /// Whether a key is an array of some framework, and none of the keys named after the equations.
    fn is_array(&self, key: &str) -> bool {
        key != "bias" && convention_of(key, self.kind).is_some()
    }

    /// What is wrong where arrays stand in a table without a word of whose they are: `first` is one of them.
    fn without_convention(&self, first: &str, known: &[&str]) -> Option<(Text, Text)> {
        let convention = convention_of(first, self.kind)?;
        let message = both!(
            "`{first}` of {owner} is an array of {convention}, but no `convention` is given",
            "`{first}` de {owner} es un arreglo de {convention}, pero no se da `convention`",
            owner = self.owner
        );
        let help = match near(first, known) {
            Some(own) => both!(
                "add `convention = \"{convention}\"`, or write `{own}`",
                "añadir `convention = \"{convention}\"`, o escribir `{own}`",
            ),
            None => both!("add `convention = \"{convention}\"`", "añadir `convention = \"{convention}\"`"),
        };
        Some((message, help))
    }

    /// A key of another kind of recurrent layer.
    fn not_of_kind(&self, key: &str, kind: RecurrentKind) -> Option<(Text, Text)> {
        use RecurrentKind::{Gru, Lstm, Rnn};
        let here = match self.level {
            Level::Gate(gate) => gate_of(gate, &self.owner),
            _ => self.owner.clone(),
        };
        const LEAVE_OUT: Phrase = Phrase { en: "leave it out", es: "quitarlo" };
        const ALL_IT_CARRIES: Phrase = Phrase {
            en: "leave it out: `initial_hidden` is all it carries",
            es: "quitarlo: `initial_hidden` es todo lo que lleva de un paso a otro",
        };
        let (why, help) = match (key, kind) {
            ("initial_cell", Rnn) => {
                (Phrase { en: "but an rnn carries no cell state", es: "pero una rnn no lleva estado de celda" }, ALL_IT_CARRIES)
            }
            ("initial_cell", Gru) => {
                (Phrase { en: "but a gru carries no cell state", es: "pero una gru no lleva estado de celda" }, ALL_IT_CARRIES)
            }
            ("reset_after" | "linear_before_reset", Rnn | Lstm) => {
                (Phrase { en: "which only a gru has", es: "que solo una gru tiene" }, LEAVE_OUT)
            }
            ("linear_before_reset", Gru) if matches!(self.level, Level::Layer | Level::Pass) => (
                Phrase { en: "which only stacked arrays of onnx have", es: "que solo los arreglos apilados de onnx tienen" },
                Phrase {
                    en: "write `reset_after = true` for 1, `reset_after = false` for 0",
                    es: "escribir `reset_after = true` para 1, `reset_after = false` para 0",
                },
            ),
            ("recurrent_activation", Rnn) => (
                Phrase { en: "but an rnn has no gates", es: "pero una rnn no tiene puertas" },
                Phrase {
                    en: "leave it out: `activation` is the only one it has",
                    es: "quitarlo: `activation` es la única que tiene",
                },
            ),
            ("gate", Rnn) if matches!(self.level, Level::Layer | Level::Pass) => {
                let message = both!(
                    "{here} has `gate`, but an rnn has no gates",
                    "{here} tiene `gate`, pero una rnn no tiene puertas",
                    here
                );
                let header = bracketed(&self.header);
                let help = both!(
                    "move its keys into {header} itself: an rnn has one sum",
                    "poner sus claves en {header}: una rnn tiene una sola suma",
                );
                return Some((message, help));
            }
            ("peephole", Rnn | Gru) => {
                (Phrase { en: "which only a gate of an lstm has", es: "que solo una puerta de una lstm tiene" }, LEAVE_OUT)
            }
            ("peephole", Lstm) if self.level == Level::Gate(GateName::Cell) => (
                Phrase { en: "but g sees no cell state", es: "pero g no ve ningún estado de celda" },
                Phrase {
                    en: "leave it out: the gates input, forget and output may have one",
                    es: "quitarlo: las puertas input, forget y output pueden tener uno",
                },
            ),
            _ => return None,
        };
        Some((both!("{here} has `{key}`, {why}", "{here} tiene `{key}`, {why}", here, why), help.into()))
    }

    /// A key of another table of the same layer.
    fn elsewhere(&self, key: &str, kind: RecurrentKind) -> Option<(Text, Text)> {
        let Self { layer, owner, header, level, .. } = self;
        let is_gated = kind != RecurrentKind::Rnn;
        let is_of_gate = OF_GATE.contains(&key);
        let of_all = |whole: &Text| {
            both!(
                "`{key}` stands in [{header}], but belongs to {whole} as a whole",
                "`{key}` está en [{header}], pero es de {whole} entera",
                whole
            )
        };
        let below = |header: &str| {
            let header = bracketed(header);
            both!(
                "move it up, right below {header}: what follows a header belongs to that table",
                "subirlo, justo debajo de {header}: lo que sigue a un encabezado es de esa tabla",
            )
        };
        let first = |header: &str| format!("[{header}.gate.{}]", kind.gates().first().map_or("", |gate| gate.name()));
        Some(match level {
            Level::Layer | Level::Pass if is_gated && is_of_gate => {
                let tables: Vec<String> = kind.gates().iter().map(|gate| format!("[{header}.gate.{}]", gate.name())).collect();
                let tables = tables.join(", ");
                let message =
                    both!("`{key}` of {owner} stands outside its gates", "`{key}` de {owner} está fuera de sus puertas", owner);
                (message, both!("give each gate its own, in {tables}", "dar a cada puerta el suyo, en {tables}"))
            }
            Level::Layer if ["forward", "backward"].contains(&key) => {
                let message = both!(
                    "{layer} has [layer.{key}], but is not bidirectional",
                    "{layer} tiene [layer.{key}], pero no es bidireccional",
                    layer
                );
                let help = both!(
                    "add `direction = \"bidirectional\"`, or move its keys into [[layer]] itself",
                    "añadir `direction = \"bidirectional\"`, o poner sus claves en [[layer]]",
                );
                (message, help)
            }
            Level::Joint if is_of_gate || OF_EITHER.contains(&key) || convention_of(key, kind.into()).is_some() => {
                let message = both!(
                    "`{key}` of {layer} stands outside its two directions",
                    "`{key}` de {layer} está fuera de sus dos sentidos",
                    layer
                );
                let help = if is_gated && is_of_gate {
                    let first = first("layer.forward");
                    both!(
                        "give each gate of each direction its own: {first}, …",
                        "dar el suyo a cada puerta de cada sentido: {first}, …",
                    )
                } else {
                    both!(
                        "give each direction its own, in [layer.forward] and [layer.backward]",
                        "dar el suyo a cada sentido, en [layer.forward] y [layer.backward]",
                    )
                };
                (message, help)
            }
            // A file has both directions.
            Level::Pass if key == "weights" => (of_all(layer), below("layer")),
            Level::Pass | Level::Gate(_) if OF_LAYER.contains(&key) => (of_all(layer), below("layer")),
            Level::Gate(_) if OF_PASS.contains(&key) => (of_all(owner), below(header.split(".gate").next().unwrap_or_default())),
            _ => return None,
        })
    }
}

/// A header with its brackets.
fn bracketed(header: &str) -> String {
    if header == "layer" { "[[layer]]".into() } else { format!("[{header}]") }
}

impl Reader<'_> {
    /// Reports the keys that a table of a layer does not have, and gives those that belong elsewhere in it; a table whose
    /// name is misspelt is given by the name that was meant.
    pub(super) fn stray_keys(&mut self, table: &Table<'_>, spot: &Spot) -> Vec<String> {
        let mut misplaced = Vec::new();
        let holds_arrays = matches!(spot.level, Level::Layer | Level::Pass);
        let (arrays, others): (Vec<_>, Vec<_>) =
            table.unknown_keys().partition(|key| holds_arrays && spot.is_array(key.get_ref()));
        // All of them lack the same word.
        if let Some(first) = arrays.into_iter().min_by_key(|key| key.span().start)
            && let Some((message, help)) = spot.without_convention(first.get_ref(), &table.known)
        {
            self.fault(first.span(), message, help);
            misplaced.push("gate".into());
        }
        for key in others {
            let name = key.get_ref();
            let advice = spot.advice(name).filter(|_| name != "weights" || is_stored(table));
            match advice {
                Some((message, help)) => {
                    self.fault(key.span(), message, help);
                    // An array, or a file, stands for all that the gates would hold.
                    let is_all = spot.is_array(name) || name == "weights";
                    misplaced.push(if is_all { "gate".into() } else { name.clone().into_owned() });
                }
                None => {
                    self.unknown_key(table, key);
                    let meant = near(name, &table.known).filter(|meant| ["gate", "forward", "backward"].contains(meant));
                    misplaced.extend(meant.map(str::to_owned));
                }
            }
        }
        misplaced
    }
}
