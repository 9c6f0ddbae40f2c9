//! The layers in a file of arrays, found by the names and shapes that PyTorch, Keras and ONNX give them.
//!
//! Names: PyTorch's `state_dict` (`encoder.weight_ih_l0_reverse`), Keras's `variable.path`
//! (`sequential/bidirectional/forward_lstm/lstm_cell/kernel`), ONNX's inputs `W`, `R`, `B`, `P` of RNN, LSTM and GRU.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Refusal, Tensor, TensorFile};
use crate::scenario::convention::Convention;
use crate::scenario::fault::{listed, shown};
use crate::scenario::schema::count;

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

impl Convention {
    /// The arrays of a layer, and how many of them, from the first, there have to be.
    pub const fn fields(self, role: Role) -> (&'static [&'static str], usize) {
        match (self, role) {
            (Self::Pytorch, Role::Recurrent) => (&["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"], 2),
            (Self::Pytorch, Role::Stateless) => (&["weight", "bias"], 1),
            (Self::Keras, Role::Recurrent) => (&["kernel", "recurrent_kernel", "bias"], 2),
            (Self::Keras, Role::Stateless) => (&["kernel", "bias"], 1),
            (Self::Onnx, Role::Recurrent) => (&["W", "R", "B", "P"], 2),
            (Self::Onnx, Role::Stateless) => (&[], 0),
        }
    }

    fn field(self, role: Role, name: &str) -> Option<&'static str> {
        self.fields(role).0.iter().copied().find(|field| *field == name)
    }

    /// A prefix without the separators at its end, and with those in it made one.
    fn normal(self, prefix: &str) -> String {
        let separators: &[char] = if self == Self::Onnx { &['.', '/', '_'] } else { &['.', '/'] };
        prefix.trim_end_matches(separators).replace('.', "/")
    }
}

impl Role {
    const ALL: [Self; 2] = [Self::Recurrent, Self::Stateless];

    const fn described(self) -> &'static str {
        match self {
            Self::Recurrent => "a recurrent layer",
            Self::Stateless => "a dense or conv layer",
        }
    }
}

/// One way to read the name of an array.
struct Reading<'a> {
    convention: Convention,
    prefix: &'a str,
    number: usize,
    side: Side,
    field: &'static str,
    form: Form,
}

/// What of a name, between prefix and field, is taken for the framework's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Form {
    /// Nothing.
    Exact,
    /// The name of a cell.
    InCell,
    /// The name of the layer of one direction in a bidirectional one, and of its cell.
    InWrapper,
}

/// Every way to read a name, those that drop the most first.
fn readings(name: &str) -> Vec<Reading<'_>> {
    let mut readings = Vec::new();
    let split = |name: &'_ str| name.rfind(['.', '/']).map_or((0, 0), |at| (at, at + 1));
    let (end, start) = split(name);
    let (prefix, last) = (&name[..end], &name[start..]);
    if let Some((field, number, side)) = pytorch(last) {
        readings.push(Reading { convention: Convention::Pytorch, prefix, number, side, field, form: Form::Exact });
    }
    keras(name, &mut readings);
    for field in Convention::Onnx.fields(Role::Recurrent).0 {
        if let Some(prefix) = name.strip_suffix(field) {
            let prefix = prefix.strip_suffix(['.', '/', '_']).unwrap_or(prefix);
            let convention = Convention::Onnx;
            readings.push(Reading { convention, prefix, number: 0, side: Side::Forward, field, form: Form::Exact });
        }
    }
    readings
}

/// `weight_ih_l0_reverse` as field, layer and direction; a cell's arrays (`weight_ih`) are those of layer 0.
fn pytorch(name: &str) -> Option<(&'static str, usize, Side)> {
    const PYTORCH: Convention = Convention::Pytorch;
    if let Some(field) = PYTORCH.field(Role::Stateless, name).or_else(|| PYTORCH.field(Role::Recurrent, name)) {
        return Some((field, 0, Side::Forward));
    }
    let (name, side) = match name.strip_suffix("_reverse") {
        Some(name) => (name, Side::Backward),
        None => (name, Side::Forward),
    };
    let (field, number) = name.rsplit_once("_l")?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((PYTORCH.field(Role::Recurrent, field)?, number.parse().ok().filter(|_| digits)?, side))
}

/// `bidirectional/forward_lstm/lstm_cell/kernel:0`, with and without the parts that Keras puts in by itself.
fn keras<'a>(name: &'a str, readings: &mut Vec<Reading<'a>>) {
    let name = name.strip_suffix(":0").unwrap_or(name);
    let split = |path: &'a str| path.rsplit_once(['.', '/']).unwrap_or(("", path));
    let (prefix, last) = split(name);
    let Some(field) = Convention::Keras.field(Role::Recurrent, last) else { return };
    let reading = |prefix, side, form| Reading { convention: Convention::Keras, prefix, number: 0, side, field, form };
    let (before, part) = split(prefix);
    let of_cell = is_cell(part);
    let (wrapper, direction) = split(if of_cell { before } else { prefix });
    if direction.starts_with("forward_") {
        readings.push(reading(wrapper, Side::Forward, Form::InWrapper));
    } else if direction.starts_with("backward_") {
        readings.push(reading(wrapper, Side::Backward, Form::InWrapper));
    }
    if of_cell {
        readings.push(reading(before, Side::Forward, Form::InCell));
    }
    readings.push(reading(prefix, Side::Forward, Form::Exact));
}

/// `lstm_cell`, `lstm_cell_1`.
fn is_cell(part: &str) -> bool {
    let numbered = part.rsplit_once('_').filter(|(_, n)| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
    numbered.map_or(part, |(part, _)| part).ends_with("_cell")
}

/// The arrays that one reading of their names puts together.
struct Group<'a> {
    convention: Convention,
    prefix: &'a str,
    number: usize,
    form: Form,
    arrays: Vec<(Side, &'static str, &'a str)>,
}

/// The arrays of a file by every reading of their names, in the order of the file.
fn groups(file: &TensorFile) -> Vec<Group<'_>> {
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
    /// The name in the file of an array.
    fn named(&self, side: Side, field: &str) -> Option<&'a str> {
        self.arrays.iter().find(|(s, f, _)| *s == side && *f == field).map(|(_, _, name)| *name)
    }

    /// Whether it has, once each, what a layer has to have in a direction.
    fn is_complete(&self, role: Role, side: Side) -> bool {
        let (fields, required) = self.convention.fields(role);
        let is_other =
            self.convention == Convention::Keras && role == Role::Stateless && self.named(side, "recurrent_kernel").is_some();
        required > 0
            && !is_other
            && fields[..required].iter().all(|field| self.named(side, field).is_some())
            && self.twice(role, side).is_none()
    }

    /// Whether its names are those of a whole layer: of one direction, or of both.
    fn is_layer(&self, role: Role) -> bool {
        let has_two = self.form == Form::InWrapper || self.arrays.iter().any(|(side, ..)| *side == Side::Backward);
        self.is_complete(role, Side::Forward) && (!has_two || self.is_complete(role, Side::Backward))
    }

    /// Two arrays that are read as the same one.
    fn twice(&self, role: Role, side: Side) -> Option<(&'a str, &'a str)> {
        let fields = self.convention.fields(role).0;
        let mut of_side = self.arrays.iter().filter(|(s, f, _)| *s == side && fields.contains(f));
        let mut seen = HashMap::new();
        of_side.find_map(|(_, field, name)| seen.insert(*field, *name).map(|first| (first, *name)))
    }

    /// The fields of a role that it has in any direction, as their convention orders them.
    fn fields(&self, role: Role) -> Vec<&'static str> {
        let has = |field: &&&str| self.arrays.iter().any(|(_, f, _)| f == *field);
        self.convention.fields(role).0.iter().filter(has).copied().collect()
    }

    /// The layer it is, where names and shapes are those of one.
    fn layer(&self, file: &TensorFile, role: Role) -> Option<FoundLayer> {
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
fn recurrent<'a>(convention: Convention, shape: impl Fn(&str) -> Option<&'a [usize]>) -> Option<(Kind, usize, usize, usize)> {
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

/// The layers of a file whose prefix is, or begins with, the one given; in the order of the file, those under one prefix
/// by their numbers.
pub fn layers(file: &TensorFile, prefix: &str) -> Vec<FoundLayer> {
    let order: HashMap<&str, usize> = file.names_in_order().enumerate().map(|(place, name)| (name, place)).collect();
    let mut groups = groups(file);
    groups.sort_by_key(|group| Reverse(group.form));
    let mut taken = HashSet::new();
    let mut found: Vec<FoundLayer> = Vec::new();
    for group in groups.iter().filter(|group| is_under(group, prefix)) {
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

fn is_under(group: &Group<'_>, prefix: &str) -> bool {
    let (own, asked) = (group.convention.normal(group.prefix), group.convention.normal(prefix));
    asked.is_empty() || own.strip_prefix(&asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The arrays of one layer and direction by their convention's bare names (`weight_ih`, `kernel`, `W`), ONNX's without
/// the axis of directions. Those a layer may do without are not there where the file has none.
///
/// # Errors
///
/// No arrays of these names under the prefix, with what there is instead; an array that cannot be read.
pub fn arrays(file: &TensorFile, wanted: &Wanted<'_>) -> Result<BTreeMap<&'static str, Tensor>, Refusal> {
    let groups = groups(file);
    let mine = |group: &&Group<'_>| is_at(group, wanted.convention, wanted.prefix) && group.number == wanted.layer;
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
        let what = if directions > 2 { "but a layer has at most 2" } else { "but the layer is bidirectional" };
        let message = format!("array `{}` holds {}, {what}", shown(name), count(directions, "direction"));
        return Err(Refusal::new(message, "write the `direction` that the model has"));
    }
    let length = tensor.data.len() / directions;
    let data = tensor.data[place * length..(place + 1) * length].to_vec();
    Ok(Tensor { shape: rest, data })
}

/// Of a layer that goes over its input once, where the file has two passes: which of them is meant cannot be told.
fn both_directions(wanted: &Wanted<'_>) -> Refusal {
    let message = format!("{} is bidirectional, but the layer of the scenario is not", wanted.layer());
    Refusal::new(message, "write `direction = \"bidirectional\"`: both directions come from the file")
}

impl Wanted<'_> {
    /// `the layer under the prefix …`, `layer 1 under the prefix …`.
    fn layer(&self) -> String {
        let place = under(self.prefix);
        match self.layer {
            0 => format!("the layer {place}"),
            number => format!("layer {number} {place}"),
        }
    }
}

fn is_at(group: &Group<'_>, convention: Convention, prefix: &str) -> bool {
    group.convention == convention && convention.normal(group.prefix) == convention.normal(prefix)
}

fn ambiguous((one, other): (&str, &str), wanted: &Wanted<'_>) -> Refusal {
    let message = format!("`{}` and `{}` are both the same of a layer {}", shown(one), shown(other), under(wanted.prefix));
    Refusal::new(message, "write a longer prefix, up to the name of the array")
}

/// ` under the prefix …`, where there is one.
fn under(prefix: &str) -> String {
    if prefix.is_empty() { "without a prefix".into() } else { format!("under the prefix `{}`", shown(prefix)) }
}

/// Why the arrays wanted are not found, by what is there instead.
fn missing(groups: &[Group<'_>], wanted: &Wanted<'_>) -> Refusal {
    let Wanted { convention, role, prefix, layer, side } = *wanted;
    let (fields, required) = convention.fields(role);
    let place = under(prefix);
    if required == 0 {
        let message = format!("{convention} has no names for the arrays of {}", role.described());
        return Refusal::new(message, "save them by the names of pytorch or keras, or write the numbers in the scenario");
    }
    let whole = |group: &Group<'_>, role| group.is_complete(role, Side::Forward);
    let here: Vec<&Group<'_>> = groups.iter().filter(|group| is_at(group, group.convention, prefix)).collect();
    let own: Vec<&&Group<'_>> = here.iter().filter(|group| group.convention == convention).collect();
    if let Some(names) =
        own.iter().filter(|group| group.number == layer).find_map(|group| group.twice(role, side.unwrap_or(Side::Forward)))
    {
        return ambiguous(names, wanted);
    }
    let numbers: Vec<String> = own.iter().filter(|group| whole(group, role)).map(|group| group.number.to_string()).collect();
    if own.iter().any(|group| whole(group, role) && group.number == layer) {
        let message = format!("{} has one direction, but the layer of the scenario is bidirectional", wanted.layer());
        return Refusal::new(message, "write `direction = \"forward\"` or `\"reverse\"`, or name another layer");
    }
    if !numbers.is_empty() {
        let message = format!("there is no layer {layer} {place}");
        let help = match convention {
            Convention::Pytorch => format!("the layers there are {}", listed(&numbers)),
            Convention::Keras | Convention::Onnx => format!("{convention} does not number layers; leave `layer` out"),
        };
        return Refusal::new(message, help);
    }
    let roles = match role {
        Role::Recurrent => Role::ALL,
        Role::Stateless => [Role::Stateless, Role::Recurrent],
    };
    let instead = roles.into_iter().find_map(|role| here.iter().find(|group| whole(group, role)).map(|group| (group, role)));
    if let Some((group, other)) = instead {
        let names = listed(&group.fields(other));
        if group.convention != convention {
            let message = format!("the arrays {place} have the names of {}: {names}", group.convention);
            return Refusal::new(message, format!("write `convention = \"{}\"`", group.convention));
        }
        let message = format!("the arrays {place} are those of {}: {names}", other.described());
        return Refusal::new(message, format!("change the layer's kind, or name another prefix; {}", prefixes(groups, wanted)));
    }
    let partial = own.iter().filter(|group| group.number == layer).map(|group| group.fields(role)).find(|has| !has.is_empty());
    if let Some(has) = partial.filter(|has| *has != ["bias"]) {
        let lacking: Vec<&str> = fields[..required].iter().copied().filter(|field| !has.contains(field)).collect();
        let message = format!("of the layer {place} there is {}, but not {}", listed(&has), listed(&lacking));
        return Refusal::new(message, format!("{} needs {}", role.described(), listed(&fields[..required])));
    }
    let message = format!("it has no arrays by the names of {convention} for {} {place}", role.described());
    Refusal::new(message, prefixes(groups, wanted))
}

/// The prefixes of layers of the role wanted, the nearest first; those of other conventions where there is none.
fn prefixes(groups: &[Group<'_>], wanted: &Wanted<'_>) -> String {
    // Nothing this long is a slip of the pen, and comparing it would take as long as it is.
    const LONGEST: usize = 80;
    let of = |convention: Convention| -> Vec<&str> {
        let mut whole: Vec<&Group<'_>> =
            groups.iter().filter(|g| g.convention == convention && g.is_layer(wanted.role)).collect();
        whole.sort_by_key(|group| Reverse(group.form));
        let mut taken = HashSet::new();
        whole.retain(|group| group.arrays.iter().all(|(.., name)| taken.insert(*name)));
        let mut prefixes: Vec<&str> = whole.iter().map(|group| group.prefix).collect();
        let asked: String = wanted.prefix.chars().take(LONGEST).collect();
        prefixes.sort_by_cached_key(|prefix| {
            let compared: String = prefix.chars().take(LONGEST).collect();
            (!prefix.ends_with(wanted.prefix), strsim::damerau_levenshtein(&asked, &compared), *prefix)
        });
        prefixes.dedup();
        prefixes
    };
    let shown = |prefixes: &[&str]| {
        let named = prefixes.iter().map(|prefix| if prefix.is_empty() { "none at all" } else { prefix });
        listed(&named.collect::<Vec<_>>())
    };
    let own = of(wanted.convention);
    if !own.is_empty() {
        return format!("the prefixes there are: {}", shown(&own));
    }
    for convention in Convention::ALL {
        let others = of(convention);
        if !others.is_empty() {
            return format!(
                "there are layers by the names of {convention}: write `convention = \"{convention}\"` and one of the prefixes {}",
                shown(&others)
            );
        }
    }
    let names = wanted.convention.fields(wanted.role);
    format!("save its arrays by the names of {}: {}", wanted.convention, listed(names.0))
}
