//! What is said of a recurrent layer's arrays that do not fit its convention, its kind or each other.

use super::layout::{Role, Side};
use super::names::{Found, fitting, found, shape};
use super::recurrent::{Sizes, Stack};
use super::{Convention, ConventionFault, LayerKind, Stacked};
use crate::scenario::fault::listed;
use crate::scenario::text::{Noun, Phrase, both, count};

/// Two matrices as another kind of layer, or another convention, would stack them.
struct Reading {
    kind: LayerKind,
    side: Side,
    units: usize,
    /// The conventions that stack by this side and in which all arrays fit; none where it is the side stated.
    others: Vec<Convention>,
}

impl Stack<'_> {
    /// Everything that is wrong; where the arrays are of another kind or convention, that, and what is wrong with them there.
    pub fn faults(&self) -> Vec<ConventionFault> {
        if self.two_directions().is_none()
            && let (Some(w), Some(u)) = (self.named.get(Role::InputWeights), self.named.get(Role::RecurrentWeights))
            && let Some(reading) = self.other_reading(w, u, self.sizes())
        {
            let mut faults = vec![self.misread(w, u, &reading)];
            match reading.others.is_empty() {
                true => faults.extend(Stack::new(&Stacked { kind: reading.kind, ..*self.stacked }).faults_as_stated()),
                false => faults.extend(self.wrong_inputs(w, reading.side)),
            }
            return faults;
        }
        self.faults_as_stated()
    }

    /// Everything that is wrong where the arrays are of the kind and convention stated.
    fn faults_as_stated(&self) -> Vec<ConventionFault> {
        let mut faults = self.named.faults.clone();
        faults.extend(self.contradiction());
        let sizes = self.sizes();
        if let Some(fault) = self.two_directions() {
            faults.push(fault);
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
            let message = both!(
                "`reset_after` is false, but pytorch's gru has its reset after the recurrent weights",
                "`reset_after` es false, pero la gru de pytorch tiene su reinicio después de los pesos recurrentes",
            );
            let help = Phrase {
                en: "leave it out, or write the convention the arrays come from",
                es: "quitarlo, o escribir la convención de la que vienen los arreglos",
            };
            return Some(ConventionFault::of_key("reset_after", message, help));
        }
        let linear = linear_before_reset?;
        let key = "linear_before_reset";
        if convention != Convention::Onnx {
            let message = both!(
                "`{key}` is a name of onnx, but the convention is {convention}",
                "`{key}` es un nombre de onnx, pero la convención es {convention}",
            );
            let help = match reset_after {
                Some(_) => both!("leave it out: `reset_after` says it", "quitarlo: lo dice `reset_after`"),
                None => both!("write `reset_after = {linear}`", "escribir `reset_after = {linear}`"),
            };
            return Some(ConventionFault::of_key(key, message, help));
        }
        let reset_after = reset_after.filter(|reset_after| *reset_after != linear)?;
        let linear = u8::from(linear);
        let message = both!(
            "`{key}` is {linear}, but `reset_after`, which says the same, is {reset_after}",
            "`{key}` es {linear}, pero `reset_after`, que dice lo mismo, es {reset_after}",
        );
        let help = Phrase {
            en: "leave one of them out; onnx's own is `linear_before_reset`",
            es: "quitar uno de los dos; el de onnx es `linear_before_reset`",
        };
        Some(ConventionFault::of_key(key, message, help))
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
        let have = match names.len() {
            1 => Phrase { en: "has", es: "tiene" },
            _ => Phrase { en: "have", es: "tienen" },
        };
        let message = both!(
            "{names} {have} a leading axis of 2, for two directions, but here is one",
            "{names} {have} un primer eje de 2, por dos sentidos, pero aquí hay uno",
            have,
            names = listed(&names)
        );
        let help = Phrase {
            en: "write `direction = \"bidirectional\"` and give each half to a direction, [layer.forward] and [layer.backward]; or give \
                 the one direction it is",
            es: "escribir `direction = \"bidirectional\"` y dar una mitad a cada sentido, [layer.forward] y [layer.backward]; o dar el \
                 único sentido que es",
        };
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
            let is_other = |other: &Convention| side != self.side && other.stacks_by() == side && self.fits_all_as(*other, kind);
            let others: Vec<Convention> = if agree { Convention::ALL.into_iter().filter(is_other).collect() } else { Vec::new() };
            (agree && (side == self.side || !others.is_empty())).then_some(Reading { kind, side, units, others })
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
        let gates = count(found_gates, Noun::Gate);
        let names = match self.gates {
            [_] => String::new(),
            names => format!(": {}", names.join(", ")),
        };
        let message = both!(
            "{w} {found} and {u} {shape}: {gates} of {units} by {side}, but {owner} has {own} by {own_side}{names}",
            "{w} {found} y {u} {shape}: {gates} de {units} por {side}, pero {owner} tiene {own} por {own_side}{names}",
            gates,
            found = found(w.shape),
            shape = shape(u.shape),
            w = w.name,
            u = u.name,
            units = count(reading.units, Noun::Unit),
            side = reading.side.noun().several(),
            owner = self.stacked.owner(),
            own = count(self.gates.len(), Noun::Gate),
            own_side = self.side.noun().several()
        );
        let fit = match found_gates {
            1 => Phrase { en: "fits", es: "es de" },
            _ => Phrase { en: "fit", es: "son de" },
        };
        let of_kind = both!("{gates} {fit} {kind}", "{gates} {fit} {kind}", gates, fit, kind = reading.kind.with_article());
        let write_kind = both!(
            "{of_kind}: write `kind = \"{kind}\"`",
            "{of_kind}: escribir `kind = \"{kind}\"`",
            of_kind,
            kind = reading.kind.name()
        );
        if reading.others.is_empty() {
            return ConventionFault::of_key("kind", message, write_kind);
        }
        let help = both!(
            "these shapes fit {others}",
            "estas formas son de {others}",
            others = fitting(&reading.others, reading.kind, self.stacked)
        );
        let help =
            if reading.kind == kind { help } else { both!("{write_kind}; {help}", "{write_kind}; {help}", write_kind, help) };
        ConventionFault::of_key("convention", message, help)
    }

    /// Whether all arrays, by the names of another convention, are a layer of a kind there. Where there are several gates, their
    /// side tells the convention, so that the layer may be for another number of inputs.
    pub fn fits_all_as(&self, convention: Convention, kind: LayerKind) -> bool {
        if !self.stacked.reported.is_empty() {
            return false;
        }
        let inputs = self.stacked.inputs.filter(|_| convention.gates(kind).len() == 1);
        let renamed = self.stacked.renamed(convention, kind);
        renamed.is_some_and(|arrays| {
            let stacked = Stacked { convention, kind, arrays: &arrays, inputs, ..*self.stacked };
            Stack::new(&stacked).faults_as_stated().is_empty()
        })
    }

    /// The input weights are for another number of inputs.
    fn wrong_inputs(&self, w: Found<'_>, side: Side) -> Option<ConventionFault> {
        let &[rows, columns] = w.shape else { return None };
        let across = side.across();
        let (inputs, given) = (self.stacked.inputs?, across.count([rows, columns]));
        (given != inputs).then(|| {
            let noun = across.noun();
            let message = both!(
                "{w} has {given}, but the layer has {inputs}",
                "{w} tiene {given}, pero la capa tiene {inputs}",
                given = count(given, noun),
                inputs = count(inputs, Noun::Input),
                w = w.name
            );
            let help = both!(
                "give one {noun} per input: a feature, or an output of the layer before",
                "dar una {noun} por entrada: una característica, o una salida de la capa anterior",
                noun = noun.one()
            );
            ConventionFault::of_key(w.name, message, help)
        })
    }

    /// An array the layer must have.
    fn missing(&self, name: &str, role: Role, sizes: Option<Sizes>) -> ConventionFault {
        let (what, across) = match role {
            Role::InputWeights => (Phrase { en: "the input weights", es: "los pesos de entrada" }, self.stacked.inputs),
            _ => {
                let outputs = sizes.and_then(|sizes| sizes.outputs);
                (Phrase { en: "the recurrent weights", es: "los pesos recurrentes" }, outputs)
            }
        };
        let message = both!(
            "there is no `{name}`, {what} of {owner}",
            "no hay `{name}`, {what} de {owner}",
            what,
            owner = self.stacked.owner()
        );
        let size = self.total(role, sizes.map(|sizes| sizes.units), across);
        let order = match self.gates {
            [_] => both!("one {side} per unit", "una {side} por unidad", side = self.side.noun().one()),
            gates => {
                let gates = gates.join(", ");
                both!("{gates} by {sides}", "{gates} por {sides}", sides = self.side.noun().several())
            }
        };
        ConventionFault::of_layer(message, both!("add it, {size}: {order}", "añadirlo, {size}: {order}", size, order))
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
        let message = both!(
            "{name} {found}, but {layout}",
            "{name} {found}, pero {layout}",
            found = found(axes),
            layout = self.layout(array, sizes)
        );
        let help = self.special(array, sizes).unwrap_or_else(|| {
            let advice = self.advice(role);
            match sizes.and_then(|sizes| self.basis(sizes)) {
                Some(basis) => both!("{basis}: {advice}", "{basis}: {advice}", basis, advice),
                None => advice,
            }
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
        let array = bias.name;
        let message = both!(
            "{bias} {found}, but `reset_after` is {reset_after}: {wanted}",
            "{bias} {found}, pero `reset_after` es {reset_after}: {wanted}",
            wanted,
            found = found(bias.shape),
            bias = bias.name
        );
        let help = both!(
            "write `reset_after = {two_rows}`, or leave it out: the shape of the bias says it",
            "escribir `reset_after = {two_rows}`, o quitarlo: lo dice la forma de los sesgos",
        );
        Some(ConventionFault::of_key(array, message, help))
    }
}
