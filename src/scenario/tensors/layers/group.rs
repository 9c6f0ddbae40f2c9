//! The arrays whose names are read as those of one layer, and the layer they are by their shapes.

use std::collections::HashMap;

use super::names::{Form, Reading, readings};
use super::{FoundLayer, Kind, Reset, Role, Side, TensorFile};
use crate::scenario::convention::Convention;

/// The arrays that one reading of their names puts together.
pub struct Group<'a> {
    pub convention: Convention,
    pub prefix: &'a str,
    pub number: usize,
    pub form: Form,
    pub arrays: Vec<(Side, &'static str, &'a str)>,
}

/// The arrays of a file by every reading of their names, in the order of the file.
pub fn groups(file: &TensorFile) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = HashMap::new();
    for name in file.names_in_order() {
        for Reading { convention, prefix, number, side, field, form } in readings(name) {
            let place = *places.entry((convention, convention.normal(prefix), number, form)).or_insert_with(|| {
                groups.push(Group { convention, prefix, number, form, arrays: Vec::new() });
                groups.len() - 1
            });
            groups[place].arrays.push((side, field, name));
        }
    }
    groups
}

impl<'a> Group<'a> {
    /// Whether its prefix is this one or begins with it.
    pub fn is_under(&self, prefix: &str) -> bool {
        let (own, asked) = (self.convention.normal(self.prefix), self.convention.normal(prefix));
        asked.is_empty() || own.strip_prefix(&asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether it has the names of a convention, under this prefix.
    pub fn is_at(&self, convention: Convention, prefix: &str) -> bool {
        self.convention == convention && convention.normal(self.prefix) == convention.normal(prefix)
    }

    /// The name in the file of an array.
    pub fn named(&self, side: Side, field: &str) -> Option<&'a str> {
        self.arrays.iter().find(|(s, f, _)| *s == side && *f == field).map(|(_, _, name)| *name)
    }

    /// Whether it has, once each, what a layer has to have in a direction.
    pub fn is_complete(&self, role: Role, side: Side) -> bool {
        let (fields, required) = self.convention.fields(role);
        let is_other =
            self.convention == Convention::Keras && role == Role::Stateless && self.named(side, "recurrent_kernel").is_some();
        required > 0
            && !is_other
            && fields[..required].iter().all(|field| self.named(side, field).is_some())
            && self.twice(role, side).is_none()
    }

    /// Whether its names are those of a whole layer: of one direction, or of both.
    pub fn is_layer(&self, role: Role) -> bool {
        let has_two = self.form == Form::InWrapper || self.arrays.iter().any(|(side, ..)| *side == Side::Backward);
        self.is_complete(role, Side::Forward) && (!has_two || self.is_complete(role, Side::Backward))
    }

    /// Two arrays that are read as the same one.
    pub fn twice(&self, role: Role, side: Side) -> Option<(&'a str, &'a str)> {
        let fields = self.convention.fields(role).0;
        let mut of_side = self.arrays.iter().filter(|(s, f, _)| *s == side && fields.contains(f));
        let mut seen = HashMap::new();
        of_side.find_map(|(_, field, name)| seen.insert(*field, *name).map(|first| (first, *name)))
    }

    /// The fields of a role that it has in any direction, as their convention orders them.
    pub fn fields(&self, role: Role) -> Vec<&'static str> {
        let has = |field: &&&str| self.arrays.iter().any(|(_, f, _)| f == *field);
        self.convention.fields(role).0.iter().filter(has).copied().collect()
    }

    /// The fields of a role that it has in a direction, as their convention orders them.
    pub fn fields_of(&self, role: Role, side: Side) -> Vec<&'static str> {
        let is_there = |field: &&'static str| self.named(side, field).is_some();
        self.convention.fields(role).0.iter().copied().filter(is_there).collect()
    }

    /// The layer it is, where names and shapes are those of one.
    pub fn layer(&self, file: &TensorFile, role: Role) -> Option<FoundLayer> {
        if !self.is_layer(role) {
            return None;
        }
        let shape = |side: Side, field: &str| self.named(side, field).and_then(|name| file.shape(name));
        let both = role == Role::Recurrent && self.is_complete(role, Side::Backward);
        let mut directions = if both { 2 } else { 1 };
        if self.convention == Convention::Onnx
            && let [several, _, _] = shape(Side::Forward, "W")?
        {
            directions = *several;
        }
        let (kind, inputs, units, given) = match role {
            Role::Recurrent => recurrent(self.convention, |field| shape(Side::Forward, field))?,
            Role::Stateless => stateless(self.convention, |field| shape(Side::Forward, field))?,
        };
        if !(1..=2).contains(&directions) || [inputs, units, given].contains(&0) {
            return None;
        }
        let fields = self.convention.fields(role).0;
        let own = self.arrays.iter().filter(|(_, field, _)| fields.contains(field));
        Some(FoundLayer {
            convention: self.convention,
            kind,
            prefix: self.prefix.to_owned(),
            number: self.number,
            directions,
            inputs,
            units,
            outputs: given.checked_mul(directions)?,
            arrays: own.map(|(_, _, name)| (*name).to_owned()).collect(),
        })
    }
}

/// Kind, inputs, units and values given of a recurrent layer by the shapes of its arrays.
pub fn recurrent<'a>(convention: Convention, shape: impl Fn(&str) -> Option<&'a [usize]>) -> Option<(Kind, usize, usize, usize)> {
    let (rows, inputs, units, given) = match convention {
        Convention::Pytorch => {
            let ([rows, inputs], [recurrent_rows, given]) = (shape("weight_ih")?, shape("weight_hh")?) else { return None };
            let units = match shape("weight_hr") {
                Some(&[projected, units]) if projected == *given => units,
                Some(_) => return None,
                None => *given,
            };
            (*rows, *inputs, units, (rows == recurrent_rows).then_some(*given)?)
        }
        Convention::Keras => {
            let ([inputs, columns], [units, recurrent_columns]) = (shape("kernel")?, shape("recurrent_kernel")?) else {
                return None;
            };
            (*columns, *inputs, *units, (columns == recurrent_columns).then_some(*units)?)
        }
        Convention::Onnx => match (shape("W")?, shape("R")?) {
            ([d, rows, inputs], [e, recurrent_rows, units]) if (d, rows) == (e, recurrent_rows) => {
                (*rows, *inputs, *units, *units)
            }
            ([rows, inputs], [recurrent_rows, units]) if rows == recurrent_rows => (*rows, *inputs, *units, *units),
            _ => return None,
        },
    };
    let kind = match (rows % units.max(1), rows / units.max(1)) {
        (0, 1) => Kind::Rnn,
        (0, 3) => Kind::Gru(match (convention, shape("bias").map(<[usize]>::len)) {
            (Convention::Pytorch, _) | (Convention::Keras, Some(2)) => Reset::After,
            (Convention::Keras, Some(1)) => Reset::Before,
            (Convention::Keras | Convention::Onnx, _) => Reset::Unknown,
        }),
        (0, 4) => Kind::Lstm,
        _ => return None,
    };
    if given != units && kind != Kind::Lstm {
        return None;
    }
    Some((kind, inputs, units, given))
}

/// Kind, inputs, units and values given of a dense or conv layer by the shape of its weights.
fn stateless<'a>(convention: Convention, shape: impl Fn(&str) -> Option<&'a [usize]>) -> Option<(Kind, usize, usize, usize)> {
    let (kind, inputs, units) = match convention {
        Convention::Pytorch => match *shape("weight")? {
            [units, inputs] => (Kind::Dense, inputs, units),
            [units, inputs, width] => (Kind::Conv { width }, inputs, units),
            _ => return None,
        },
        Convention::Keras => match *shape("kernel")? {
            [inputs, units] => (Kind::Dense, inputs, units),
            [width, inputs, units] => (Kind::Conv { width }, inputs, units),
            _ => return None,
        },
        Convention::Onnx => return None,
    };
    Some((kind, inputs, units, units))
}
