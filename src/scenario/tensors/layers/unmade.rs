//! Arrays that have a framework's names for a layer and make none: for their type, their shapes, or one that is not there.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::group::{Group, groups, recurrent};
use super::{FoundLayer, Kind, Refusal, Role, Side, TensorFile};
use crate::scenario::convention::{Convention, LayerKind};
use crate::scenario::fault::{listed, shown};
use crate::scenario::text::{Phrase, Text, both};

/// What keeps arrays under a prefix from being layers beside those found, in the order of the file.
pub fn unmade(file: &TensorFile, prefix: &str, found: &[FoundLayer]) -> Vec<Refusal> {
    let mut taken: HashSet<&str> = found.iter().flat_map(|layer| &layer.arrays).map(String::as_str).collect();
    let mut groups = groups(file);
    groups.sort_by_key(|group| Reverse(group.form));
    let mut refusals = Vec::new();
    for group in groups.iter().filter(|group| group.is_under(prefix)) {
        let arrays: Vec<&str> = group.arrays.iter().map(|(.., name)| *name).collect();
        if arrays.iter().any(|name| taken.contains(name)) {
            continue;
        }
        let made = || if group.is_layer(Role::Recurrent) { misshapen(group, file) } else { incomplete(group) };
        let why = unread(group, file).or_else(made);
        if let Some(refusal) = why {
            taken.extend(arrays);
            refusals.push(refusal);
        }
    }
    refusals
}

/// Of a layer with an array that is not read at all.
fn unread(group: &Group<'_>, file: &TensorFile) -> Option<Refusal> {
    let role = Role::ALL.into_iter().find(|role| group.is_layer(*role))?;
    let fields = group.convention.fields(role).0;
    let mut own = group.arrays.iter().filter(|(_, field, _)| fields.contains(field));
    own.find_map(|(.., name)| file.refusal(name))
}

/// Of a layer whose names are right.
fn misshapen(group: &Group<'_>, file: &TensorFile) -> Option<Refusal> {
    let convention = group.convention;
    let matrices = &convention.fields(Role::Recurrent).0[..2];
    let named: Vec<(&str, &[usize])> = matrices
        .iter()
        .filter_map(|field| group.named(Side::Forward, field))
        .filter_map(|name| Some((name, file.shape(name)?)))
        .collect();
    let [(w, w_shape), (u, u_shape)] = named.as_slice() else { return None };
    let message = both!(
        "`{w}` and `{u}` are names of {convention}, but no layer has the shapes {w_shape} and {u_shape}",
        "`{w}` y `{u}` son nombres de {convention}, pero ninguna capa tiene las formas {w_shape} y {u_shape}",
        w = shown(w),
        u = shown(u),
        w_shape = written(w_shape),
        u_shape = written(u_shape)
    );
    let across: HashMap<&str, Vec<usize>> = group
        .arrays
        .iter()
        .filter(|(side, ..)| *side == Side::Forward)
        .filter_map(|(_, field, name)| Some((*field, transposed(file.shape(name)?))))
        .collect();
    let help = match recurrent(convention, |field| across.get(field).map(Vec::as_slice)) {
        Some((kind, ..)) => both!(
            "transposed they are {kind}: save them as {w} and {u}",
            "transpuestos son {kind}: guardarlos como {w} y {u}",
            kind = kind.with_article(),
            w = written(&transposed(w_shape)),
            u = written(&transposed(u_shape))
        ),
        None => both!(
            "for 1 gate (rnn), 3 (gru) or 4 (lstm) {convention} has {expected}",
            "para 1 puerta (rnn), 3 (gru) o 4 (lstm), {convention} tiene {expected}",
            expected = expected(convention)
        ),
    };
    Some(Refusal::new(message, help))
}

/// Of a layer that lacks a matrix; what is not unmistakably a recurrent layer's may be anything.
fn incomplete(group: &Group<'_>) -> Option<Refusal> {
    let telling: &[&str] = match group.convention {
        Convention::Pytorch => &["weight_ih", "weight_hh"],
        Convention::Keras => &["recurrent_kernel"],
        Convention::Onnx => &[],
    };
    let (fields, required) = group.convention.fields(Role::Recurrent);
    [Side::Forward, Side::Backward].into_iter().find_map(|side| {
        let (field, name) = telling.iter().find_map(|field| Some((*field, group.named(side, field)?)))?;
        let (before, after) = name.rsplit_once(field)?;
        let lacking = fields[..required].iter().filter(|field| group.named(side, field).is_none());
        let lacking: Vec<String> = lacking.map(|field| format!("{before}{field}{after}")).collect();
        let message = both!(
            "there is `{name}`, but no `{lacking}`",
            "hay `{name}`, pero no `{lacking}`",
            name = shown(name),
            lacking = listed(&lacking)
        );
        let help = Phrase {
            en: "save all arrays of the layer; without them it is left out",
            es: "guardar todos los arreglos de la capa; sin ellos se queda fuera",
        };
        (!lacking.is_empty()).then(|| Refusal::new(message, help))
    })
}

/// What the shapes of both matrices count.
const fn expected(convention: Convention) -> Phrase {
    match convention {
        Convention::Pytorch => Phrase {
            en: "gates·units × inputs and gates·units × units",
            es: "puertas·unidades × entradas y puertas·unidades × unidades",
        },
        Convention::Keras => Phrase {
            en: "inputs × gates·units and units × gates·units",
            es: "entradas × puertas·unidades y unidades × puertas·unidades",
        },
        Convention::Onnx => Phrase {
            en: "directions × gates·units × inputs and directions × gates·units × units",
            es: "sentidos × puertas·unidades × entradas y sentidos × puertas·unidades × unidades",
        },
    }
}

/// With the last two axes exchanged.
fn transposed(shape: &[usize]) -> Vec<usize> {
    let mut shape = shape.to_vec();
    if let [.., rows, columns] = shape.as_mut_slice() {
        std::mem::swap(rows, columns);
    }
    shape
}

fn written(shape: &[usize]) -> Text {
    match shape {
        [] => both!("of a single number", "de un solo número"),
        axes => Text::same(axes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")),
    }
}

impl Kind {
    /// `an lstm`.
    const fn with_article(self) -> Phrase {
        match self {
            Self::Rnn => LayerKind::Rnn.with_article(),
            Self::Lstm => LayerKind::Lstm.with_article(),
            Self::Gru(_) => LayerKind::Gru.with_article(),
            Self::Dense => LayerKind::Dense.with_article(),
            Self::Conv { .. } => LayerKind::Conv.with_article(),
        }
    }
}
