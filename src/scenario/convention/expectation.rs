//! What a convention expects of a recurrent layer's array, and what to do about one that is otherwise, in words.

use super::layout::{Role, Side};
use super::names::{Found, found};
use super::recurrent::{Extent, PEEPHOLES, Sizes, Stack};
use super::{Convention, LayerKind};
use crate::scenario::fault::listed;
use crate::scenario::text::{Noun, Phrase, Text, both, count};

impl Stack<'_> {
    /// What the convention expects of an array.
    pub fn layout(&self, array: Found<'_>, sizes: Option<Sizes>) -> Text {
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

    pub fn keras_gru_bias(&self, units: usize, reset_after: bool) -> Text {
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

    /// The shape of a matrix of all gates, in words where a number is not known.
    pub fn total(&self, role: Role, units: Option<usize>, across: Extent) -> Text {
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

    /// The length of a matrix's other axis: what it must be, or else what it is.
    fn wanted_across(&self, array: Found<'_>, sizes: Sizes) -> Extent {
        let wanted = if array.role == Role::InputWeights { self.stacked.inputs } else { sizes.outputs };
        wanted.or_else(|| {
            let &[rows, columns] = array.shape else { return None };
            let side = if self.is_transposed(array, sizes) { self.side } else { self.side.across() };
            Some(side.count([rows, columns]))
        })
    }

    /// What to do about a usual mistake.
    pub fn special(&self, array: Found<'_>, sizes: Option<Sizes>) -> Option<Text> {
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
            (Role::Bias, Convention::Pytorch, &[length]) if length == 2 * all => {
                let halves = both!(
                    "give the first {all} as `bias_ih`, the others as `bias_hh`",
                    "dar los primeros {all} como `bias_ih`, los demás como `bias_hh`",
                );
                self.other_order(Convention::Onnx, &halves).unwrap_or_else(|| {
                    both!("onnx has both in one array: {halves}", "onnx tiene ambos en un arreglo: {halves}", halves)
                })
            }
            (Role::Bias, Convention::Keras, &[length]) if length == 2 * all && self.stacked.kind == LayerKind::Gru => both!(
                "split it into 2 rows of {all}: input biases, then recurrent ones",
                "partirlo en 2 filas de {all}: los sesgos de entrada, luego los recurrentes",
            ),
            (Role::Bias, Convention::Keras, &[2, length]) if length == all => both!(
                "{owner} has one bias: add the 2 rows up",
                "{owner} tiene un solo sesgo: sumar las 2 filas",
                owner = self.stacked.owner()
            ),
            (Role::Bias, Convention::Onnx, &[length]) if length == all => {
                let others = both!(
                    "add the {all} recurrent biases, zeros if the layer has one bias only",
                    "añadir los {all} sesgos recurrentes, ceros si la capa tiene un solo sesgo",
                );
                self.other_order(Convention::Pytorch, &others).unwrap_or(others)
            }
            (Role::Bias, Convention::Onnx, &[2, length]) if length == all => {
                let twice = 2 * all;
                both!("join its rows into one row of {twice}", "unir sus filas en una fila de {twice}")
            }
            _ => return None,
        })
    }

    /// What to do where all arrays fit another convention that stacks the gates by the same side, in another order; `else_do` where
    /// they are in the order of this one.
    fn other_order(&self, other: Convention, else_do: &Text) -> Option<Text> {
        let kind = self.stacked.kind;
        let gates = other.gates(kind);
        if gates.len() == 1 || !self.fits_all_as(other, kind) {
            return None;
        }
        let (gates, names) = (gates.join(", "), other.names_of(kind, self.stacked.arrays).join(", "));
        Some(both!(
            "if the gates are {gates}, write `convention = \"{other}\"` and rename to {names}; else {else_do}",
            "si las puertas son {gates}, escribir `convention = \"{other}\"` y llamarlos {names}; si no, {else_do}",
            else_do
        ))
    }

    /// Whether a matrix would fit with rows and columns swapped.
    fn is_transposed(&self, array: Found<'_>, sizes: Sizes) -> bool {
        let &[rows, columns] = array.shape else { return false };
        let swapped = Found { shape: &[columns, rows], ..array };
        let inputs = self.stacked.inputs.filter(|_| array.role == Role::InputWeights);
        self.fits(&swapped, sizes) && inputs.is_none_or(|inputs| self.side.count([rows, columns]) == inputs)
    }

    /// What says how many units there are.
    pub fn basis(&self, sizes: Sizes) -> Option<Text> {
        let names: Vec<&str> = self.named.found.iter().filter(|array| self.fits(array, sizes)).map(|array| array.name).collect();
        let units = count(sizes.units, Noun::Unit);
        match names.as_slice() {
            [] => None,
            [name] => Some(both!("{name} is for {units}", "{name} es para {units}", units)),
            names => Some(both!("{names} are for {units}", "{names} son para {units}", units, names = listed(names))),
        }
    }

    /// What to give for an array of a role.
    pub fn advice(&self, role: Role) -> Text {
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
