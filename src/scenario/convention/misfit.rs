//! What is said of a recurrent layer's arrays that do not fit its convention, its kind or each other.

use super::layout::{Role, Side};
use super::names::{Found, fitting, found, shape};
use super::recurrent::{Extent, PEEPHOLES, Sizes, Stack, matches};
use super::{Convention, ConventionFault, LayerKind, Stacked};
use crate::scenario::fault::listed;
use crate::scenario::text::{Noun, Phrase, Text, both, count};

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
            en: "write `direction = \"bidirectional\"`, or give the one direction it is",
            es: "escribir `direction = \"bidirectional\"`, o dar el único sentido que es",
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
        if reading.side == self.side {
            return ConventionFault::of_key("kind", message, write_kind);
        }
        let others: Vec<Convention> = Convention::ALL.into_iter().filter(|other| other.stacks_by() == reading.side).collect();
        let with_biases: Vec<Convention> = others.iter().copied().filter(|other| self.biases_fit(*other, reading)).collect();
        let others = if with_biases.is_empty() { others } else { with_biases };
        let help = both!(
            "these shapes fit {others}",
            "estas formas son de {others}",
            others = fitting(&others, reading.kind, self.stacked)
        );
        let help =
            if reading.kind == kind { help } else { both!("{write_kind}; {help}", "{write_kind}; {help}", write_kind, help) };
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

    /// The shape of a matrix of all gates, in words where a number is not known.
    fn total(&self, role: Role, units: Option<usize>, across: Extent) -> Text {
        let gates = self.gates.len();
        let all = match (units, gates) {
            (Some(units), _) => Text::same((gates * units).to_string()),
            (None, 1) => Noun::Unit.several().into(),
            (None, _) => both!("{gates}·{units}", "{gates}·{units}", units = Noun::Unit.several()),
        };
        let across = match (across, role) {
            (Some(across), _) => Text::same(across.to_string()),
            (None, Role::InputWeights) => Noun::Input.several().into(),
            (None, _) => Noun::Unit.several().into(),
        };
        match self.side {
            Side::Rows => both!("{all} × {across}", "{all} × {across}", all, across),
            Side::Columns => both!("{across} × {all}", "{across} × {all}", all, across),
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

    fn keras_gru_bias(&self, units: usize, reset_after: bool) -> Text {
        let (each, all) = (places(self.gates, units, None), self.gates.len() * units);
        if reset_after {
            both!(
                "2 rows, input and recurrent biases, each {each}, 2 × {all} in all",
                "2 filas, sesgos de entrada y recurrentes, cada una {each}, 2 × {all} en total",
                each
            )
        } else {
            both!("one row, {each}, {all} in all", "una fila, {each}, {all} en total", each)
        }
    }

    /// What the convention expects of an array.
    fn layout(&self, array: Found<'_>, sizes: Option<Sizes>) -> Text {
        let owner = &self.stacked.owner();
        let (gates, side) = (self.gates.len(), self.side.noun());
        let (one, several) = (side.one(), side.several());
        let Some(sizes) = sizes else {
            return match self.gates {
                [_] => both!("{owner} has one {one} per unit", "{owner} tiene una {one} por unidad", owner, one),
                names => {
                    let names = names.join(", ");
                    both!(
                        "{owner} stacks {gates} gates by {several}: {names}, as many each",
                        "{owner} apila {gates} puertas por {several}: {names}, igual cantidad de cada una",
                        owner,
                        several
                    )
                }
            };
        };
        let units = sizes.units;
        let all = gates * units;
        let stack = both!(
            "{owner} stacks {gates} gates of {units}",
            "{owner} apila {gates} puertas de {units}",
            owner,
            units = count(units, Noun::Unit)
        );
        let each_unit = &count(units, Noun::Unit);
        match (array.role, gates) {
            (Role::InputWeights | Role::RecurrentWeights, _) => {
                let total = self.total(array.role, Some(units), self.wanted_across(array, sizes));
                let gate_by = if units == 1 { one } else { several };
                match gates {
                    1 => both!(
                        "{owner} has one {one} for each of {each_unit}, {total} in all",
                        "{owner} tiene una {one} por cada una de {each_unit}, {total} en total",
                        owner,
                        one,
                        each_unit,
                        total
                    ),
                    _ => both!(
                        "{stack} by {several}: {places}, {total} in all",
                        "{stack} por {several}: {places}, {total} en total",
                        stack,
                        several,
                        total,
                        places = places(self.gates, units, Some(gate_by))
                    ),
                }
            }
            (Role::Bias, _) if self.biases() == 2 => {
                let twice = 2 * all;
                match gates {
                    1 => {
                        let (first, then) = (range(0, units), range(1, units));
                        both!(
                            "{owner} has input biases ({first}), then recurrent ones ({then}), {twice} in all",
                            "{owner} tiene sesgos de entrada ({first}), luego los recurrentes ({then}), {twice} en total",
                            owner
                        )
                    }
                    _ => {
                        let then = range(1, all);
                        both!(
                            "{stack}: {places}, then their recurrent biases alike ({then}), {twice} in all",
                            "{stack}: {places}, luego sus sesgos recurrentes del mismo modo ({then}), {twice} en total",
                            stack,
                            places = places(self.gates, units, None)
                        )
                    }
                }
            }
            (Role::Bias, _) if self.stacked.convention == Convention::Keras && self.stacked.kind == LayerKind::Gru => {
                let reset_after = self.stacked.reset_after.unwrap_or(true);
                both!(
                    "{owner} with `reset_after = {reset_after}` has {bias}",
                    "{owner} con `reset_after = {reset_after}` tiene {bias}",
                    owner,
                    bias = self.keras_gru_bias(units, reset_after)
                )
            }
            (Role::Bias | Role::RecurrentBias, 1) => both!(
                "{owner} has one for each of {each_unit}",
                "{owner} tiene uno por cada una de {each_unit}",
                owner,
                each_unit
            ),
            (Role::Bias | Role::RecurrentBias, _) => both!(
                "{stack}: {places}, {all} in all",
                "{stack}: {places}, {all} en total",
                stack,
                places = places(self.gates, units, None)
            ),
            (Role::Projection, _) => {
                let outputs = sizes.outputs.map(|outputs| Text::same(outputs.to_string()));
                both!(
                    "{owner} projects with one row per output, one column for each of {each_unit}, {outputs} × {units} in all",
                    "{owner} proyecta con una fila por salida, una columna por cada una de {each_unit}, {outputs} × {units} en total",
                    owner,
                    each_unit,
                    outputs = outputs.unwrap_or_else(|| Noun::Output.several().into())
                )
            }
            (Role::Peepholes, _) => {
                let all = PEEPHOLES * units;
                both!(
                    "{owner} has peepholes for {order}, {all} in all",
                    "{owner} tiene mirillas para {order}, {all} en total",
                    owner,
                    order = places(self.gates.get(..PEEPHOLES).unwrap_or_default(), units, None)
                )
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
    fn special(&self, array: Found<'_>, sizes: Option<Sizes>) -> Option<Text> {
        let Found { role, shape: axes, .. } = array;
        let convention = self.stacked.convention;
        let Sizes { units, .. } = sizes?;
        let all = self.gates.len() * units;
        if self.is_transposed(array, sizes?) {
            return Some(both!(
                "its rows and columns are swapped: transpose it",
                "sus filas y columnas están cambiadas: transponerlo",
            ));
        }
        Some(match (role, convention, axes) {
            (Role::InputWeights | Role::RecurrentWeights | Role::Projection, _, &[_]) => both!(
                "give it as rows, [[…], […]], as {convention} prints it",
                "darlo en filas, [[…], […]], como lo imprime {convention}",
            ),
            (Role::RecurrentWeights, Convention::Pytorch, &[rows, outputs])
                if self.stacked.kind == LayerKind::Lstm
                    && rows == all
                    && outputs < units
                    && self.named.missing(Role::Projection).is_some() =>
            {
                both!(
                    "if it is projected, add `weight_hr`, {outputs} × {units}",
                    "si se proyecta, añadir `weight_hr`, {outputs} × {units}",
                )
            }
            (Role::RecurrentWeights, Convention::Pytorch, &[rows, _]) if rows == all => {
                let projection = self.named.get(Role::Projection)?;
                both!(
                    "{projection} {found}: give one column for each of its rows",
                    "{projection} {found}: dar una columna por cada una de sus filas",
                    found = found(projection.shape),
                    projection = projection.name
                )
            }
            (Role::Bias, Convention::Pytorch, &[length]) if length == 2 * all => both!(
                "onnx has both in one array: give the first {all} as `bias_ih`, the others as `bias_hh`",
                "onnx tiene ambos en un arreglo: dar los primeros {all} como `bias_ih`, los demás como `bias_hh`",
            ),
            (Role::Bias, Convention::Keras, &[length]) if length == 2 * all && self.stacked.kind == LayerKind::Gru => both!(
                "split it into 2 rows of {all}: input biases, then recurrent ones",
                "partirlo en 2 filas de {all}: los sesgos de entrada, luego los recurrentes",
            ),
            (Role::Bias, Convention::Keras, &[2, length]) if length == all => both!(
                "{owner} has one bias: add the 2 rows up",
                "{owner} tiene un solo sesgo: sumar las 2 filas",
                owner = self.stacked.owner()
            ),
            (Role::Bias, Convention::Onnx, &[length]) if length == all => both!(
                "add the {all} recurrent biases, zeros if the layer has one bias only",
                "añadir los {all} sesgos recurrentes, ceros si la capa tiene un solo sesgo",
            ),
            (Role::Bias, Convention::Onnx, &[2, length]) if length == all => {
                let twice = 2 * all;
                both!("join its rows into one row of {twice}", "unir sus filas en una fila de {twice}")
            }
            _ => return None,
        })
    }

    /// What says how many units there are.
    fn basis(&self, sizes: Sizes) -> Option<Text> {
        let names: Vec<&str> = self.named.found.iter().filter(|array| self.fits(array, sizes)).map(|array| array.name).collect();
        let units = count(sizes.units, Noun::Unit);
        match names.as_slice() {
            [] => None,
            [name] => Some(both!("{name} is for {units}", "{name} es para {units}", units)),
            names => Some(both!("{names} are for {units}", "{names} son para {units}", units, names = listed(names))),
        }
    }

    /// What to give for an array of a role.
    fn advice(&self, role: Role) -> Text {
        let (side, across) = (self.side.noun().one(), self.side.across().noun().one());
        let per = match self.gates {
            [_] => Phrase { en: "unit", es: "unidad" },
            _ => Phrase { en: "unit of each gate", es: "unidad de cada puerta" },
        };
        match role {
            Role::InputWeights => both!(
                "give one {side} per {per}, one {across} per input",
                "dar una {side} por {per}, una {across} por entrada",
                side,
                per,
                across
            ),
            Role::RecurrentWeights => both!(
                "give one {side} per {per}, one {across} per output",
                "dar una {side} por {per}, una {across} por salida",
                side,
                per,
                across
            ),
            Role::Bias | Role::RecurrentBias => both!(
                "give one number per {per}, or leave it out for zeros",
                "dar un número por {per}, o quitarlo para que sean ceros",
                per
            ),
            Role::Projection => {
                both!("give one row per output, one column per unit", "dar una fila por salida, una columna por unidad",)
            }
            Role::Peepholes => both!(
                "give one number per unit of these gates, or leave it out for none",
                "dar un número por unidad de estas puertas, o quitarlo para que no haya",
            ),
        }
    }
}

/// The numbers, from 0, of the n-th stretch of a length.
fn range(n: usize, length: usize) -> String {
    let (first, last) = (n * length, (n + 1) * length - 1);
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// Where in a stack each gate is.
fn places(gates: &[&str], units: usize, noun: Option<Phrase>) -> Text {
    Text::each(|language| {
        let place = |(n, gate): (usize, &&str)| match (n, noun) {
            (0, Some(noun)) => format!("{gate} ({} {})", noun.get(language), range(n, units)),
            _ => format!("{gate} ({})", range(n, units)),
        };
        gates.iter().enumerate().map(place).collect::<Vec<_>>().join(", ")
    })
}
