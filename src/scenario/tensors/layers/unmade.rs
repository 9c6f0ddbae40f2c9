//! Arrays that have a framework's names for a recurrent layer and make none: for their shapes, or for one that is not there.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::group::{Group, groups, recurrent};
use super::{FoundLayer, Kind, Refusal, Role, Side, TensorFile};
use crate::scenario::convention::Convention;
use crate::scenario::fault::{listed, shown};

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
        let why = if group.is_layer(Role::Recurrent) { misshapen(group, file) } else { incomplete(group) };
        if let Some(refusal) = why {
            taken.extend(arrays);
            refusals.push(refusal);
        }
    }
    refusals
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
    let message = format!(
        "`{}` and `{}` are names of {convention}, but no layer has the shapes {} and {}",
        shown(w),
        shown(u),
        written(w_shape),
        written(u_shape)
    );
    let across: HashMap<&str, Vec<usize>> = group
        .arrays
        .iter()
        .filter(|(side, ..)| *side == Side::Forward)
        .filter_map(|(_, field, name)| Some((*field, transposed(file.shape(name)?))))
        .collect();
    let help = match recurrent(convention, |field| across.get(field).map(Vec::as_slice)) {
        Some((kind, ..)) => format!(
            "transposed they are {}: save them as {} and {}",
            kind.with_article(),
            written(&transposed(w_shape)),
            written(&transposed(u_shape))
        ),
        None => format!("for 1 gate (rnn), 3 (gru) or 4 (lstm) {convention} has {}", expected(convention)),
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
        let message = format!("there is `{}`, but no `{}`", shown(name), listed(&lacking));
        (!lacking.is_empty()).then(|| Refusal::new(message, "save all arrays of the layer; without them it is left out"))
    })
}

/// What the shapes of both matrices count.
const fn expected(convention: Convention) -> &'static str {
    match convention {
        Convention::Pytorch => "gates·units × inputs and gates·units × units",
        Convention::Keras => "inputs × gates·units and units × gates·units",
        Convention::Onnx => "directions × gates·units × inputs and directions × gates·units × units",
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

fn written(shape: &[usize]) -> String {
    match shape {
        [] => "of a single number".into(),
        axes => axes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × "),
    }
}

impl Kind {
    /// `an lstm`.
    const fn with_article(self) -> &'static str {
        match self {
            Self::Rnn => "an rnn",
            Self::Lstm => "an lstm",
            Self::Gru(_) => "a gru",
            Self::Dense => "a dense layer",
            Self::Conv { .. } => "a conv layer",
        }
    }
}
