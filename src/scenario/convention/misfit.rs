//! What is said of a recurrent layer's arrays that do not fit its convention, its kind or each other.

use super::layout::{Role, Side};
use super::names::{Found, fitting, found, shape};
use super::recurrent::{Extent, PEEPHOLES, Sizes, Stack, matches};
use super::{Convention, ConventionFault, LayerKind, Stacked};
use crate::scenario::fault::listed;
use crate::scenario::schema::count;

/// Two matrices as another kind of layer, or another convention, would stack them.
struct Reading {
    kind: LayerKind,
    side: Side,
    units: usize,
}

impl Stack<'_> {
    /// Everything that is wrong.
    pub fn faults(&self) -> Vec<ConventionFault> {
        let mut faults = self.named.faults.clone();
        faults.extend(self.contradiction());
        let sizes = self.sizes();
        if let Some(fault) = self.two_directions() {
            faults.push(fault);
            return faults;
        }
        if let (Some(w), Some(u)) = (self.named.get(Role::InputWeights), self.named.get(Role::RecurrentWeights))
            && let Some(reading) = self.other_reading(w, u, sizes)
        {
            faults.push(self.misread(w, u, &reading));
            faults.extend(self.wrong_inputs(w, reading.side));
            return faults;
        }
        for role in [Role::InputWeights, Role::RecurrentWeights] {
            faults.extend(self.named.missing(role).map(|name| self.missing(name, role, sizes)));
        }
        faults.extend(self.named.found.iter().filter_map(|array| self.misfit(*array, sizes)));
        faults
    }

    /// What is said twice of a gru, and not the same, or in another convention's word.
    fn contradiction(&self) -> Option<ConventionFault> {
        let Stacked { convention, kind: LayerKind::Gru, reset_after, linear_before_reset, .. } = *self.stacked else {
            return None;
        };
        if convention == Convention::Pytorch && reset_after == Some(false) {
            let message = "`reset_after` is false, but pytorch's gru has its reset after the recurrent weights".into();
            let help = "leave it out, or write the convention the arrays come from";
            return Some(ConventionFault::of_key("reset_after", message, help));
        }
        let linear = linear_before_reset?;
        let key = "linear_before_reset";
        if convention != Convention::Onnx {
            let message = format!("`{key}` is a name of onnx, but the convention is {}", convention.name());
            let help = match reset_after {
                Some(_) => "leave it out: `reset_after` says it".into(),
                None => format!("write `reset_after = {linear}`"),
            };
            return Some(ConventionFault::of_key(key, message, help));
        }
        let reset_after = reset_after.filter(|reset_after| *reset_after != linear)?;
        let message = format!("`{key}` is {}, but `reset_after`, which says the same, is {reset_after}", u8::from(linear));
        Some(ConventionFault::of_key(key, message, "leave one of them out; onnx's own is `linear_before_reset`"))
    }

    /// Arrays of ONNX with both directions in them.
    fn two_directions(&self) -> Option<ConventionFault> {
        if self.stacked.convention != Convention::Onnx {
            return None;
        }
        let both = |array: &&Found<'_>| array.shape.first() == Some(&2) && array.shape.len() == array.role.axes() + 1;
        let all: Vec<Found<'_>> = self.named.found.iter().filter(both).copied().collect();
        // A bias of 2 rows alone is its two halves, not two directions.
        let first = all.iter().find(|array| array.role.axes() == 2)?;
        let names: Vec<&str> = all.iter().map(|array| array.name).collect();
        let verb = if names.len() == 1 { "has" } else { "have" };
        let message = format!("{} {verb} a leading axis of 2, for two directions, but here is one", listed(&names));
        let help = "write `direction = \"bidirectional\"`, or give the one direction it is";
        Some(ConventionFault::of_key(first.name, message, help))
    }

    /// The kind and side that both matrices fit, where they do not fit those stated.
    fn other_reading(&self, w: Found<'_>, u: Found<'_>, sizes: Option<Sizes>) -> Option<Reading> {
        let (&[w_rows, w_columns], &[u_rows, u_columns]) = (w.shape, u.shape) else { return None };
        if sizes.is_some_and(|sizes| self.fits(&w, sizes) && self.fits(&u, sizes)) {
            return None;
        }
        let read = |side: Side, kind: LayerKind| {
            let units = side.across().count([u_rows, u_columns]);
            let all = Some(self.stacked.convention.gates(kind).len() * units);
            let agree = Some(side.count([u_rows, u_columns])) == all && Some(side.count([w_rows, w_columns])) == all;
            agree.then_some(Reading { kind, side, units })
        };
        let kinds = [LayerKind::Rnn, LayerKind::Lstm, LayerKind::Gru];
        let across = self.side.across();
        let others = kinds.into_iter().filter(|kind| *kind != self.stacked.kind);
        let elsewhere = others.clone().map(|kind| (self.side, kind)).chain(others.map(|kind| (across, kind)));
        std::iter::once((across, self.stacked.kind)).chain(elsewhere).find_map(|(side, kind)| read(side, kind))
    }

    /// Both matrices are another kind's, or another convention's.
    fn misread(&self, w: Found<'_>, u: Found<'_>, reading: &Reading) -> ConventionFault {
        let Stacked { convention, kind, .. } = *self.stacked;
        let found_gates = convention.gates(reading.kind).len();
        let gates = count(found_gates, "gate");
        let names = match self.gates {
            [_] => String::new(),
            names => format!(": {}", names.join(", ")),
        };
        let message = format!(
            "{} {} and {} {}: {gates} of {} by {}s, but {} has {} by {}s{names}",
            w.name,
            found(w.shape),
            u.name,
            shape(u.shape),
            count(reading.units, "unit"),
            reading.side.noun(),
            self.stacked.owner(),
            count(self.gates.len(), "gate"),
            self.side.noun(),
        );
        let fit = if found_gates == 1 { "fits" } else { "fit" };
        let of_kind = format!("{gates} {fit} {}", reading.kind.with_article());
        if reading.side == self.side {
            return ConventionFault::of_key("kind", message, format!("{of_kind}: write `kind = \"{}\"`", reading.kind.name()));
        }
        let others: Vec<Convention> = Convention::ALL.into_iter().filter(|other| other.stacks_by() == reading.side).collect();
        let with_biases: Vec<Convention> = others.iter().copied().filter(|other| self.biases_fit(*other, reading)).collect();
        let others = if with_biases.is_empty() { others } else { with_biases };
        let mut help = format!("these shapes fit {}", fitting(&others, reading.kind, self.stacked));
        if reading.kind != kind {
            help = format!("{of_kind}: write `kind = \"{}\"`; {help}", reading.kind.name());
        }
        ConventionFault::of_key("convention", message, help)
    }

    /// Whether what is called a bias here could be that of another convention.
    fn biases_fit(&self, other: Convention, reading: &Reading) -> bool {
        let all = Some(self.stacked.convention.gates(reading.kind).len() * reading.units);
        let shapes: &[&[Extent]] = match (other, reading.kind) {
            (Convention::Onnx, _) => &[&[all.map(|all| 2 * all)]],
            (Convention::Keras, LayerKind::Gru) => &[&[Some(2), all], &[all]],
            (Convention::Keras | Convention::Pytorch, _) => &[&[all]],
        };
        let mut biases = self.named.found.iter().filter(|array| matches!(array.role, Role::Bias | Role::RecurrentBias));
        biases.all(|bias| shapes.iter().any(|wanted| matches(bias.shape, wanted)))
    }

    /// The input weights are for another number of inputs.
    fn wrong_inputs(&self, w: Found<'_>, side: Side) -> Option<ConventionFault> {
        let &[rows, columns] = w.shape else { return None };
        let across = side.across();
        let (inputs, given) = (self.stacked.inputs?, across.count([rows, columns]));
        (given != inputs).then(|| {
            let noun = across.noun();
            let message = format!("{} has {}, but the layer has {}", w.name, count(given, noun), count(inputs, "input"));
            let help = format!("give one {noun} per input: a feature, or an output of the layer before");
            ConventionFault::of_key(w.name, message, help)
        })
    }

    /// An array the layer must have.
    fn missing(&self, name: &str, role: Role, sizes: Option<Sizes>) -> ConventionFault {
        let (what, across) = match role {
            Role::InputWeights => ("input", self.stacked.inputs),
            _ => ("recurrent", sizes.and_then(|sizes| sizes.outputs)),
        };
        let message = format!("there is no `{name}`, the {what} weights of {}", self.stacked.owner());
        let size = self.total(role, sizes.map(|sizes| sizes.units), across);
        let order = match self.gates {
            [_] => format!("one {} per unit", self.side.noun()),
            gates => format!("{} by {}s", gates.join(", "), self.side.noun()),
        };
        ConventionFault::of_layer(message, format!("add it, {size}: {order}"))
    }

    /// The shape of a matrix of all gates, in words where a number is not known.
    fn total(&self, role: Role, units: Option<usize>, across: Extent) -> String {
        let gates = self.gates.len();
        let all = match (units, gates) {
            (Some(units), _) => (gates * units).to_string(),
            (None, 1) => "units".into(),
            (None, _) => format!("{gates}·units"),
        };
        let across = match (across, role) {
            (Some(across), _) => across.to_string(),
            (None, Role::InputWeights) => "inputs".into(),
            (None, _) => "units".into(),
        };
        match self.side {
            Side::Rows => format!("{all} × {across}"),
            Side::Columns => format!("{across} × {all}"),
        }
    }

    /// What is wrong with one array, if anything is.
    fn misfit(&self, array: Found<'_>, sizes: Option<Sizes>) -> Option<ConventionFault> {
        if let Some(sizes) = sizes.filter(|sizes| self.fits(&array, *sizes)) {
            return match array.role {
                Role::InputWeights => self.wrong_inputs(array, self.side),
                Role::Bias => self.other_reset(array, sizes),
                _ => None,
            };
        }
        let Found { name, role, shape: axes, .. } = array;
        let message = format!("{name} {}, but {}", found(axes), self.layout(array, sizes));
        let help = self.special(array, sizes).unwrap_or_else(|| {
            let basis = sizes.map(|sizes| self.basis(sizes)).unwrap_or_default();
            basis + &self.advice(role)
        });
        Some(ConventionFault::of_key(name, message, help))
    }

    /// A Keras gru's bias has the shape of the other `reset_after`.
    fn other_reset(&self, bias: Found<'_>, Sizes { units, .. }: Sizes) -> Option<ConventionFault> {
        let Stacked { convention: Convention::Keras, kind: LayerKind::Gru, reset_after: Some(reset_after), .. } = *self.stacked
        else {
            return None;
        };
        let two_rows = bias.shape.len() == 2;
        if two_rows == reset_after {
            return None;
        }
        let wanted = self.keras_gru_bias(units, reset_after);
        let message = format!("{} {}, but `reset_after` is {reset_after}: {wanted}", bias.name, found(bias.shape));
        let help = format!("write `reset_after = {two_rows}`, or leave it out: the shape of the bias says it");
        Some(ConventionFault::of_key(bias.name, message, help))
    }

    fn keras_gru_bias(&self, units: usize, reset_after: bool) -> String {
        let (each, all) = (places(self.gates, units, None), self.gates.len() * units);
        if reset_after {
            format!("2 rows, input and recurrent biases, each {each}, 2 × {all} in all")
        } else {
            format!("one row, {each}, {all} in all")
        }
    }

    /// What the convention expects of an array.
    fn layout(&self, array: Found<'_>, sizes: Option<Sizes>) -> String {
        let owner = self.stacked.owner();
        let (gates, noun) = (self.gates.len(), self.side.noun());
        let Some(sizes) = sizes else {
            return match self.gates {
                [_] => format!("{owner} has one {noun} per unit"),
                names => format!("{owner} stacks {gates} gates by {noun}s: {}, as many each", names.join(", ")),
            };
        };
        let units = sizes.units;
        let all = gates * units;
        let stack = format!("{owner} stacks {gates} gates of {}", count(units, "unit"));
        let each_unit = format!("each of {}", count(units, "unit"));
        match (array.role, gates) {
            (Role::InputWeights | Role::RecurrentWeights, _) => {
                let total = self.total(array.role, Some(units), self.wanted_across(array, sizes));
                let plural = format!("{noun}{}", if units == 1 { "" } else { "s" });
                match gates {
                    1 => format!("{owner} has one {noun} for {each_unit}, {total} in all"),
                    _ => format!("{stack} by {noun}s: {}, {total} in all", places(self.gates, units, Some(&plural))),
                }
            }
            (Role::Bias, _) if self.biases() == 2 => {
                let both = match gates {
                    1 => format!("{owner} has input biases ({}), then recurrent ones ({})", range(0, units), range(1, units)),
                    _ => format!(
                        "{stack}: {}, then their recurrent biases alike ({})",
                        places(self.gates, units, None),
                        range(1, all)
                    ),
                };
                format!("{both}, {} in all", 2 * all)
            }
            (Role::Bias, _) if self.stacked.convention == Convention::Keras && self.stacked.kind == LayerKind::Gru => {
                let reset_after = self.stacked.reset_after.unwrap_or(true);
                format!("{owner} with `reset_after = {reset_after}` has {}", self.keras_gru_bias(units, reset_after))
            }
            (Role::Bias | Role::RecurrentBias, 1) => format!("{owner} has one for {each_unit}"),
            (Role::Bias | Role::RecurrentBias, _) => format!("{stack}: {}, {all} in all", places(self.gates, units, None)),
            (Role::Projection, _) => {
                let outputs = sizes.outputs.map_or_else(|| "outputs".into(), |outputs| outputs.to_string());
                format!("{owner} projects with one row per output, one column for {each_unit}, {outputs} × {units} in all")
            }
            (Role::Peepholes, _) => {
                let order = places(self.gates.get(..PEEPHOLES).unwrap_or_default(), units, None);
                format!("{owner} has peepholes for {order}, {} in all", PEEPHOLES * units)
            }
        }
    }

    /// The length of a matrix's other axis: what it must be, or else what it is.
    fn wanted_across(&self, array: Found<'_>, sizes: Sizes) -> Extent {
        let wanted = if array.role == Role::InputWeights { self.stacked.inputs } else { sizes.outputs };
        wanted.or_else(|| {
            let &[rows, columns] = array.shape else { return None };
            let side = if self.is_transposed(array, sizes) { self.side } else { self.side.across() };
            Some(side.count([rows, columns]))
        })
    }

    /// Whether a matrix would fit with rows and columns swapped.
    fn is_transposed(&self, array: Found<'_>, sizes: Sizes) -> bool {
        let &[rows, columns] = array.shape else { return false };
        let swapped = Found { shape: &[columns, rows], ..array };
        let inputs = self.stacked.inputs.filter(|_| array.role == Role::InputWeights);
        self.fits(&swapped, sizes) && inputs.is_none_or(|inputs| self.side.count([rows, columns]) == inputs)
    }

    /// What to do about a usual mistake.
    fn special(&self, array: Found<'_>, sizes: Option<Sizes>) -> Option<String> {
        let Found { role, shape: axes, .. } = array;
        let convention = self.stacked.convention;
        let sizes = sizes?;
        let all = self.gates.len() * sizes.units;
        if self.is_transposed(array, sizes) {
            return Some("its rows and columns are swapped: transpose it".into());
        }
        match (role, convention, axes) {
            (Role::InputWeights | Role::RecurrentWeights | Role::Projection, _, &[_]) => {
                Some(format!("give it as rows, [[…], […]], as {} prints it", convention.name()))
            }
            (Role::RecurrentWeights, Convention::Pytorch, &[rows, outputs])
                if self.stacked.kind == LayerKind::Lstm
                    && rows == all
                    && outputs < sizes.units
                    && self.named.missing(Role::Projection).is_some() =>
            {
                Some(format!("if it is projected, add `weight_hr`, {outputs} × {}", sizes.units))
            }
            (Role::RecurrentWeights, Convention::Pytorch, &[rows, _]) if rows == all => {
                let projection = self.named.get(Role::Projection)?;
                Some(format!("{} {}: give one column for each of its rows", projection.name, found(projection.shape)))
            }
            (Role::Bias, Convention::Pytorch, &[length]) if length == 2 * all => {
                Some(format!("onnx has both in one array: give the first {all} as `bias_ih`, the others as `bias_hh`"))
            }
            (Role::Bias, Convention::Keras, &[length]) if length == 2 * all && self.stacked.kind == LayerKind::Gru => {
                Some(format!("split it into 2 rows of {all}: input biases, then recurrent ones"))
            }
            (Role::Bias, Convention::Keras, &[2, length]) if length == all => {
                Some(format!("{} has one bias: add the 2 rows up", self.stacked.owner()))
            }
            (Role::Bias, Convention::Onnx, &[length]) if length == all => {
                Some(format!("add the {all} recurrent biases, zeros if the layer has one bias only"))
            }
            (Role::Bias, Convention::Onnx, &[2, length]) if length == all => {
                Some(format!("join its rows into one row of {}", 2 * all))
            }
            _ => None,
        }
    }

    /// What says how many units there are.
    fn basis(&self, sizes: Sizes) -> String {
        let names: Vec<&str> = self.named.found.iter().filter(|array| self.fits(array, sizes)).map(|array| array.name).collect();
        match names.as_slice() {
            [] => String::new(),
            [name] => format!("{name} is for {}: ", count(sizes.units, "unit")),
            names => format!("{} are for {}: ", listed(names), count(sizes.units, "unit")),
        }
    }

    /// What to give for an array of a role.
    fn advice(&self, role: Role) -> String {
        let (side, across) = (self.side.noun(), self.side.across().noun());
        let gates = self.gates.len();
        let per = if gates == 1 { "unit" } else { "unit of each gate" };
        match role {
            Role::InputWeights => format!("give one {side} per {per}, one {across} per input"),
            Role::RecurrentWeights => format!("give one {side} per {per}, one {across} per output"),
            Role::Bias | Role::RecurrentBias => format!("give one number per {per}, or leave it out for zeros"),
            Role::Projection => "give one row per output, one column per unit".into(),
            Role::Peepholes => "give one number per unit of these gates, or leave it out for none".into(),
        }
    }
}

/// The numbers, from 0, of the n-th stretch of a length.
fn range(n: usize, length: usize) -> String {
    let (first, last) = (n * length, (n + 1) * length - 1);
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// Where in a stack each gate is.
fn places(gates: &[&str], units: usize, noun: Option<&str>) -> String {
    let place = |(n, gate): (usize, &&str)| match (n, noun) {
        (0, Some(noun)) => format!("{gate} ({noun} {})", range(n, units)),
        _ => format!("{gate} ({})", range(n, units)),
    };
    gates.iter().enumerate().map(place).collect::<Vec<_>>().join(", ")
}
