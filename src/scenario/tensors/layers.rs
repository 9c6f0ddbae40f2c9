//! The layers in a file of arrays, found by the names and shapes that PyTorch, Keras and ONNX give them.

mod group;
mod names;
mod refusal;
mod unmade;

pub use unmade::unmade;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Refusal, Tensor, TensorFile};
use crate::scenario::convention::Convention;
use crate::scenario::fault::shown;
use crate::scenario::text::{Noun, Phrase, both, count};
use group::{Group, groups};
use refusal::{ambiguous, both_directions, missing};

/// Whether a layer carries a state; each framework has other names for the arrays of those that do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// rnn, lstm, gru.
    Recurrent,
    /// dense, conv.
    Stateless,
}

/// One of the directions a layer runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The only one, or of two the one that begins at t = 0.
    Forward,
    /// Of two the one that begins at the last timestep.
    Backward,
}

/// What a layer computes, as far as its arrays tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One gate's worth of rows.
    Rnn,
    /// Four gates.
    Lstm,
    /// Three gates.
    Gru(Reset),
    /// A weight matrix.
    Dense,
    /// A kernel over this many timesteps.
    Conv {
        /// In timesteps.
        width: usize,
    },
}

/// Where a gru's reset gate acts, as far as its arrays tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// On the recurrent product (`reset_after = true`).
    After,
    /// On the hidden state (`reset_after = false`).
    Before,
    /// They do not tell.
    Unknown,
}

/// A layer found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLayer {
    /// Whose names its arrays have.
    pub convention: Convention,
    /// What it computes.
    pub kind: Kind,
    /// What stands before the names of its arrays, as a scenario writes it.
    pub prefix: String,
    /// Which of the layers under this prefix it is; 0 but for PyTorch.
    pub number: usize,
    /// 1 or 2.
    pub directions: usize,
    /// Values it takes at a timestep.
    pub inputs: usize,
    /// Units of one direction.
    pub units: usize,
    /// Values it gives at a timestep: the units, or what they are projected to, of all directions.
    pub outputs: usize,
    /// The names of its arrays.
    pub arrays: Vec<String>,
}

/// The arrays wanted of a file.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Whose names they have.
    pub convention: Convention,
    /// The kind of layer they are for.
    pub role: Role,
    /// What stands before their names; separators are the file's own, `.` or `/`.
    pub prefix: &'a str,
    /// Which of the layers under the prefix.
    pub layer: usize,
    /// Which direction of a bidirectional layer; `None` for a layer that has one.
    pub side: Option<Side>,
}

impl Role {
    const ALL: [Self; 2] = [Self::Recurrent, Self::Stateless];

    const fn described(self) -> Phrase {
        match self {
            Self::Recurrent => Phrase { en: "a recurrent layer", es: "una capa recurrente" },
            Self::Stateless => Phrase { en: "a dense or conv layer", es: "una capa densa o conv" },
        }
    }
}

/// The layers of a file whose prefix is, or begins with, the one given; in the order of the file, those under one prefix
/// by their numbers.
pub fn layers(file: &TensorFile, prefix: &str) -> Vec<FoundLayer> {
    let order: HashMap<&str, usize> = file.names_in_order().enumerate().map(|(place, name)| (name, place)).collect();
    let mut groups = groups(file);
    groups.sort_by_key(|group| Reverse(group.form));
    let mut taken = HashSet::new();
    let mut found: Vec<FoundLayer> = Vec::new();
    for group in groups.iter().filter(|group| group.is_under(prefix)) {
        for role in Role::ALL {
            if let Some(layer) = group.layer(file, role)
                && layer.arrays.iter().all(|name| !taken.contains(name))
            {
                taken.extend(layer.arrays.iter().cloned());
                found.push(layer);
            }
        }
    }
    let mut firsts: HashMap<(Convention, String), usize> = HashMap::new();
    for layer in &found {
        let place = layer.arrays.iter().filter_map(|name| order.get(name.as_str())).min().copied().unwrap_or_default();
        let first = firsts.entry((layer.convention, layer.prefix.clone())).or_insert(place);
        *first = place.min(*first);
    }
    found.sort_by_cached_key(|layer| (firsts.get(&(layer.convention, layer.prefix.clone())).copied(), layer.number));
    found
}

/// The arrays of one layer and direction by their convention's bare names (`weight_ih`, `kernel`, `W`), ONNX's without
/// the axis of directions. Those a layer may do without are not there where the file has none.
///
/// # Errors
///
/// No arrays of these names under the prefix, with what there is instead; an array that cannot be read.
pub fn arrays(file: &TensorFile, wanted: &Wanted<'_>) -> Result<BTreeMap<&'static str, Tensor>, Refusal> {
    let groups = groups(file);
    let mine = |group: &&Group<'_>| group.is_at(wanted.convention, wanted.prefix) && group.number == wanted.layer;
    // The axis of directions holds both.
    let side = if wanted.convention == Convention::Onnx { Side::Forward } else { wanted.side.unwrap_or(Side::Forward) };
    let complete: Vec<&Group<'_>> = groups.iter().filter(mine).filter(|group| group.is_complete(wanted.role, side)).collect();
    let group = match complete.as_slice() {
        [group] => group,
        [] => return Err(missing(&groups, wanted)),
        [one, other, ..] => {
            let field = wanted.convention.fields(wanted.role).0[0];
            let names = (one.named(side, field).unwrap_or_default(), other.named(side, field).unwrap_or_default());
            return Err(ambiguous(names, wanted));
        }
    };
    if wanted.side.is_none() && wanted.role == Role::Recurrent && group.is_complete(wanted.role, Side::Backward) {
        return Err(both_directions(wanted));
    }
    let mut arrays = BTreeMap::new();
    for field in wanted.convention.fields(wanted.role).0 {
        if let Some(name) = group.named(side, field) {
            let tensor = file.read(name)?;
            let tensor = if wanted.convention == Convention::Onnx { of_direction(tensor, field, name, wanted)? } else { tensor };
            arrays.insert(*field, tensor);
        }
    }
    Ok(arrays)
}

/// One direction of an ONNX array: `W` and `R` have three axes with that of directions, `B` and `P` two.
fn of_direction(tensor: Tensor, field: &str, name: &str, wanted: &Wanted<'_>) -> Result<Tensor, Refusal> {
    let axes = if matches!(field, "W" | "R") { 2 } else { 1 };
    let (directions, rest) = match tensor.shape.split_first() {
        Some((&directions, rest)) if rest.len() == axes => (directions, rest.to_vec()),
        _ => (1, tensor.shape.clone()),
    };
    let place = match wanted.side {
        None if directions == 2 => return Err(both_directions(wanted)),
        None | Some(Side::Forward) => 0,
        Some(Side::Backward) => 1,
    };
    if directions > 2 || place >= directions {
        let what = match directions > 2 {
            true => Phrase { en: "but a layer has at most 2", es: "pero una capa tiene como mucho 2" },
            false => Phrase { en: "but the layer is bidirectional", es: "pero la capa es bidireccional" },
        };
        let message = both!(
            "array `{name}` holds {directions}, {what}",
            "el arreglo `{name}` contiene {directions}, {what}",
            what,
            directions = count(directions, Noun::Direction),
            name = shown(name)
        );
        let help = Phrase { en: "write the `direction` that the model has", es: "escribir la `direction` que tiene el modelo" };
        return Err(Refusal::new(message, help));
    }
    let length = tensor.data.len() / directions;
    let data = tensor.data[place * length..(place + 1) * length].to_vec();
    Ok(Tensor { shape: rest, data })
}
