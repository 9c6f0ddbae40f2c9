//! Checks that the passes of a recurrent layer fit together, wherever their weights come from, and makes the layer.

mod gates;

use std::ops::Range;

use ndarray::Array2;
use toml::Spanned;

use super::layers::{ColumnsOf, Unnamed, default_names};
use super::stacked::{LayerOf, Located};
use super::{Check, or, or_default};
use crate::engine::activation::Activation;
use crate::engine::cell::State;
use crate::engine::network::Passes;
use crate::scenario::convention::{LayerParameters, Width};
use crate::scenario::parameters::{self, CellParameters, GateParameters, RecurrentKind, Reset};
use crate::scenario::schema::layer::recurrent::{
    BothTable, Direction, FunctionTable, GateTable, PassTable, PassTables, RecurrentTable,
};
use crate::scenario::schema::owner::pass_of;
use crate::scenario::schema::stacked::Origin;
use crate::scenario::schema::{Field, Vector};
use crate::scenario::tensors::layers::Side;
use crate::scenario::text::{Noun, Phrase, Text, both, count};

/// What is known of a pass before its keys are checked, and what it is called in messages.
struct PassOf<'c> {
    kind: RecurrentKind,
    /// `layer 1`, `the forward pass of layer 1`.
    owner: Text,
    /// What stands in the brackets of the header of its table.
    header: &'static str,
    span: Range<usize>,
    columns: Option<&'c ColumnsOf>,
    /// The file its weights come from, and which direction of a bidirectional layer in it.
    stored: Option<(&'c Spanned<Located>, Option<Side>)>,
}

/// A pass, as far as it is good.
#[derive(Default)]
struct CheckedPass {
    /// How wide it is, where it is known.
    width: Option<Width>,
    parameters: Option<CellParameters>,
}

/// The weights of a pass, wherever they come from, as far as they are good.
#[derive(Default)]
struct Weights {
    width: Option<Width>,
    gates: Option<Vec<GateParameters>>,
    projection: Option<Array2<f64>>,
    /// What the arrays of a gru say of its reset.
    reset: Option<Reset>,
}

/// What is applied to the sums of a pass, as far as it is good.
#[derive(Clone, Copy)]
struct Functions {
    activation: Option<Activation>,
    recurrent_activation: Option<Activation>,
    /// Nothing inside where it is not given.
    reset: Option<Option<Reset>>,
}

impl Functions {
    const DEFAULT: Self =
        Self { activation: Some(Activation::Tanh), recurrent_activation: Some(Activation::Sigmoid), reset: Some(None) };

    /// Those a table gives, and for the others these.
    fn or(self, table: FunctionTable) -> Self {
        Self {
            activation: or(table.activation, self.activation),
            recurrent_activation: or(table.recurrent_activation, self.recurrent_activation),
            reset: match table.reset {
                Field::Good(reset) => Some(Some(reset.into_inner())),
                Field::Absent => self.reset,
                Field::Bad => None,
            },
        }
    }
}

impl Check<'_> {
    pub(super) fn recurrent(
        &mut self,
        table: RecurrentTable,
        owner: &Text,
        span: Range<usize>,
        columns: Option<&ColumnsOf>,
    ) -> Unnamed {
        let RecurrentTable { kind, direction, passes, stored } = table;
        let direction = or_default(direction, Direction::Forward);
        let is_stored = !matches!(stored, Field::Absent);
        let located = self.located(stored, owner);
        let stored = located.as_ref().map(|located| (located, None));
        let of = PassOf { kind, owner: owner.to_owned(), header: "layer", span, columns, stored };
        let (width, signs, passes): (_, &[&str], _) = match passes {
            PassTables::One(pass) => {
                let pass = self.pass(*pass, &of, Functions::DEFAULT);
                let one = if direction == Some(Direction::Reverse) { Passes::Reverse } else { Passes::Forward };
                (pass.width, &[""], pass.parameters.map(one))
            }
            PassTables::Both(both) => {
                let (width, passes) = self.both(*both, &of, is_stored);
                (width, &["→", "←"], passes)
            }
        };
        if direction.is_none() {
            // How many units it has depends on the direction that was meant.
            return Unnamed::default();
        }
        let names = |letter: char, count: usize| signs.iter().flat_map(|sign| default_names(letter, count, sign)).collect();
        // The units of a projected layer have no hidden state of their own: what is theirs is the cell state.
        let projects = |width: &Width| width.outputs != width.units;
        Unnamed {
            names: width.map(|width| names(if projects(&width) { 'c' } else { 'h' }, width.units)),
            projected: width.filter(projects).map(|width| names('h', width.outputs)),
            layer: passes.and_then(|passes| parameters::layer(kind, passes)),
        }
    }

    /// How wide each of both directions is, and the passes, as far as they are good.
    fn both(&mut self, table: BothTable, of: &PassOf<'_>, is_stored: bool) -> (Option<Width>, Option<Passes<CellParameters>>) {
        let BothTable { functions, mut forward, mut backward } = table;
        let functions = Functions::DEFAULT.or(functions);
        let owner = &of.owner;
        if is_stored {
            // Both are in the file; a table only has what the file has not.
            for pass in [&mut forward, &mut backward] {
                if matches!(pass, Field::Absent) {
                    *pass = Field::Good(Spanned::new(of.span.clone(), PassTable::stored()));
                }
            }
        }
        let missing = match (&forward, &backward) {
            (Field::Absent, Field::Absent) => Some(both!(
                "{owner} is bidirectional, but has neither [layer.forward] nor [layer.backward]",
                "{owner} es bidireccional, pero no tiene ni [layer.forward] ni [layer.backward]",
                owner
            )),
            (Field::Absent, _) => Some(both!(
                "{owner} is bidirectional, but has no [layer.forward]",
                "{owner} es bidireccional, pero no tiene [layer.forward]",
                owner
            )),
            (_, Field::Absent) => Some(both!(
                "{owner} is bidirectional, but has no [layer.backward]",
                "{owner} es bidireccional, pero no tiene [layer.backward]",
                owner
            )),
            _ => None,
        };
        if let Some(missing) = missing {
            let help = Phrase {
                en: "give each direction a table with its own weights, or choose another direction",
                es: "dar a cada sentido una tabla con sus propios pesos, o elegir otro sentido",
            };
            self.fault(of.span.clone(), missing, help);
        }
        let is_named =
            |pass: &Field<PassTable>| matches!(pass, Field::Good(pass) if matches!(pass.get_ref().gates, Origin::Named(_)));
        let are_named = is_named(&forward) && is_named(&backward);
        if are_named {
            self.same_reset(&forward, &backward, owner, functions);
        }
        let backward_span = if let Field::Good(pass) = &backward { pass.span() } else { 0..0 };
        let passes =
            [(forward, "forward", "layer.forward", Side::Forward), (backward, "backward", "layer.backward", Side::Backward)];
        let mut is_told = false;
        let [forward, backward] = passes.map(|(pass, name, header, side)| {
            // What is wrong with the one direction of a file is wrong with the other.
            let (Field::Good(pass), false) = (pass, is_told) else { return CheckedPass::default() };
            let owner = pass_of(name, owner);
            let stored = of.stored.map(|(stored, _)| (stored, Some(side)));
            let of = PassOf { owner, header, span: pass.span(), stored, ..*of };
            let checked = self.pass(pass.into_inner(), &of, functions);
            is_told = is_stored && checked.parameters.is_none();
            checked
        });
        let width = match (forward.width, backward.width) {
            (Some(forward), Some(backward)) if forward != backward => {
                let (noun, found, there) = match forward.units == backward.units {
                    false => (Noun::Unit, backward.units, forward.units),
                    true => (Noun::Output, backward.outputs, forward.outputs),
                };
                let (found, there) = (count(found, noun), count(there, noun));
                let message = both!(
                    "the backward pass of {owner} has {found}, but the forward pass has {there}",
                    "la pasada hacia atrás de {owner} tiene {found}, pero la pasada hacia delante tiene {there}",
                    owner,
                    found,
                    there
                );
                let help = both!(
                    "give both directions as many {nouns}",
                    "dar a los dos sentidos igual cantidad de {nouns}",
                    nouns = noun.several()
                );
                self.fault(backward_span.clone(), message, help);
                None
            }
            (width, Some(_)) => width,
            (_, None) => None,
        };
        let passes = forward.parameters.zip(backward.parameters);
        // What stacked arrays say of the reset is known once they are read.
        if !are_named && passes.as_ref().is_some_and(|(forward, backward)| forward.reset != backward.reset) {
            let help = Phrase {
                en: "give both directions arrays that say the same of it",
                es: "dar a los dos sentidos arreglos que digan lo mismo de ello",
            };
            self.differs(backward_span, owner, help);
        }
        (width, passes.map(|(forward, backward)| Passes::Bidirectional { forward, backward }))
    }

    /// Checks that the reset gates of both directions act at the same place, by what their tables say.
    fn same_reset(&mut self, forward: &Field<PassTable>, backward: &Field<PassTable>, owner: &Text, functions: Functions) {
        let (Field::Good(forward), Field::Good(backward)) = (forward, backward) else { return };
        let given = [backward, forward].map(|pass| &pass.get_ref().functions.reset);
        let own = given.map(|reset| functions.or(FunctionTable { reset: reset.clone(), ..FunctionTable::default() }).reset);
        let [Some(one), Some(other)] = own else { return };
        let span = given.into_iter().find_map(|reset| if let Field::Good(reset) = reset { Some(reset.span()) } else { None });
        if let Some(span) = span.filter(|_| one.unwrap_or(Reset::After) != other.unwrap_or(Reset::After)) {
            let help = Phrase {
                en: "give it once, in [[layer]] itself: both directions have the same gates",
                es: "darlo una vez, en [[layer]]: los dos sentidos tienen las mismas puertas",
            };
            self.differs(span, owner, help);
        }
    }

    fn differs(&mut self, span: Range<usize>, owner: &Text, help: Phrase) {
        let message = both!(
            "reset_after of {owner} differs between its directions",
            "reset_after de {owner} no es igual en sus dos sentidos",
            owner
        );
        self.fault(span, message, help);
    }

    fn pass(&mut self, table: PassTable, of: &PassOf<'_>, functions: Functions) -> CheckedPass {
        let PassTable { functions: own, initial_hidden, initial_cell, gates } = table;
        let functions = functions.or(own);
        let Weights { width, gates, projection, reset } = self.weights_of(gates, of, functions.reset.flatten());
        let noun = if projection.is_some() { Noun::Output } else { Noun::Unit };
        let hidden = self.initial(initial_hidden, "initial_hidden", &of.owner, (noun, width.map(|width| width.outputs)));
        let cell = match of.kind {
            RecurrentKind::Lstm => {
                self.initial(initial_cell, "initial_cell", &of.owner, (Noun::Unit, width.map(|width| width.units)))
            }
            RecurrentKind::Rnn | RecurrentKind::Gru => Some(Vec::new()),
        };
        let parameters = || {
            Some(CellParameters {
                gates: gates?,
                projection,
                activation: functions.activation?,
                recurrent_activation: functions.recurrent_activation?,
                reset: reset.or(functions.reset?).unwrap_or(Reset::After),
                initial: State { hidden: hidden?, cell: cell?, ..State::default() },
            })
        };
        CheckedPass { width, parameters: parameters() }
    }

    /// A state before the first timestep, a number for each of what the noun names, zeros where the file gives none.
    fn initial(
        &mut self,
        field: Field<Vector>,
        key: &str,
        owner: &Text,
        (noun, size): (Noun, Option<usize>),
    ) -> Option<Vec<f64>> {
        let size = size?;
        match field {
            Field::Absent => Some(vec![0.0; size]),
            Field::Bad => None,
            Field::Good(vector) if vector.get_ref().len() == size => Some(vector.into_inner()),
            Field::Good(vector) => {
                self.wrong_length(vector.span(), vector.get_ref().len(), (key, owner), (owner, size, noun));
                None
            }
        }
    }

    /// The weights of a pass, from wherever they come; `reset` is what the file says of a gru's.
    fn weights_of(&mut self, gates: Origin<Field<Vec<Field<GateTable>>>>, of: &PassOf<'_>, reset: Option<Reset>) -> Weights {
        let layer = LayerOf {
            kind: of.kind.into(),
            owner: &of.owner,
            inputs: of.columns.map(ColumnsOf::count),
            reset_after: reset.map(|reset| reset == Reset::After),
        };
        let stacked = match (gates, of.stored) {
            (Origin::Named(gates), _) => {
                let (units, gates) = self.gates(gates, of);
                let width = units.map(|units| Width { units, outputs: units });
                return Weights { width, gates, ..Weights::default() };
            }
            (Origin::Pasted(Some(table)), _) => self.pasted(&table, of.span.clone(), layer),
            (Origin::Stored, Some((table, side))) => self.stored(table, side, layer),
            (Origin::Pasted(None), _) | (Origin::Stored, None) => Err(None),
        };
        let (gates, projection, reset) = match stacked {
            Ok(LayerParameters::Rnn(gate)) => (vec![gate], None, None),
            Ok(LayerParameters::Lstm { gates, projection }) => (gates.into_iter().collect(), projection, None),
            Ok(LayerParameters::Gru { gates, reset_after }) => {
                (gates.into_iter().collect(), None, Some(if reset_after { Reset::After } else { Reset::Before }))
            }
            Ok(LayerParameters::Dense { .. } | LayerParameters::Conv { .. }) => return Weights::default(),
            Err(width) => return Weights { width, ..Weights::default() },
        };
        let units = gates.first().map(|gate| gate.input_weights.nrows());
        let outputs = projection.as_ref().map(Array2::nrows);
        let width = units.map(|units| Width { units, outputs: outputs.unwrap_or(units) });
        Weights { width, gates: Some(gates), projection, reset }
    }
}
