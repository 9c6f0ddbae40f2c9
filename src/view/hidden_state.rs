//! The state of the layer: what was carried in, what is carried on; or the outputs of a layer that carries nothing.

mod one_line;
mod outputs;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::flow;
use super::panel::{FRAMED, cut, dot, frame, inside_from, left, lines, wrapped};
use super::symbols::{Symbols, is_first, time_before};
use super::text::words;
use crate::app::mouse::Target;
use crate::app::state::State;
use crate::engine::cell::{GateName, Step};
use crate::engine::network::{Direction, Layer};
use crate::engine::parameter::Part;
use crate::scenario::UnitNames;
use crate::scenario::edit::Number;

/// The columns of a label beside its name.
const LABEL: usize = 4;

/// One number that is carried.
struct Carried {
    /// What it is called where each has a row.
    name: String,
    /// What tells a cell state from the hidden state of the same name.
    suffix: &'static str,
    /// Its symbols before and after.
    symbols: [String; 2],
    before: f64,
    after: f64,
    /// Which number of the scenario the one before is, if it is the initial one.
    given: Option<Number>,
    /// The unit it is of, over all passes; an output of a projection is of none.
    unit: Option<usize>,
    /// Whether that is the one looked at.
    is_looked_at: bool,
    /// Whether it is of the unit looked at or the output that the lines below the panels come to: they are shown before others.
    is_worked_out: bool,
}

/// How tall the panel is when all that is carried has room, with its frame.
pub fn height(state: &State) -> u16 {
    let place = state.layer().place(state.focus().unit);
    let cell = state.layer().cell(place.pass);
    let states = cell.initial().hidden.len() + cell.initial().cell.len();
    u16::try_from(states.max(cell.units()) + 4).unwrap_or(u16::MAX)
}

/// Draws the state before and after, or the outputs of a layer that carries nothing.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let inside = frame(&title(state), area, state.settings(), buffer);
    match (state.layer().is_recurrent(), inside.height) {
        (_, 0) => {}
        (true, 1) => lines([one_line::written(state, inside.width)], inside, buffer),
        (true, _) => table::draw(state, inside, buffer),
        (false, _) => outputs::draw(state, inside, buffer),
    }
}

fn title(state: &State) -> String {
    let words = words(state.settings().language);
    let title = match state.layer() {
        Layer::Lstm(_) => words.hidden_and_cell_state,
        layer if layer.is_recurrent() => words.hidden_state,
        _ => words.output,
    };
    match state.direction() {
        Direction::Forward => title.into(),
        Direction::Backward => format!("{title}{}{}", dot(state.settings()), words.backward),
    }
}

/// Where the state goes, and, if it is the first, where it comes from.
fn destination(state: &State) -> String {
    let words = words(state.settings().language);
    let t = state.t();
    let (direction, last) = (state.direction(), state.last());
    let from = match is_first(direction, t, last) {
        true => {
            let before = time_before(direction, t);
            match state.layer() {
                Layer::Lstm(_) => format!("; h({before}), c({before}) {}", words.initial_states),
                _ => format!("; h({before}) {}", words.initial),
            }
        }
        false => String::new(),
    };
    flow::destination(state, direction) + &from
}

/// All that the pass of the unit looked at carries: of each unit its hidden state, then its cell state if it has one.
fn all_carried(state: &State, step: &Step) -> Vec<Carried> {
    let layer = state.layer();
    let place = layer.place(state.focus().unit);
    let language = state.settings().language;
    let symbols = Symbols::new(layer, place.pass, state.t(), words(language));
    let given = &state.scenario().names[state.focus().layer];
    let offset = if place.pass == 0 { 0 } else { layer.cell(0).units() };
    let projects = layer.projects();
    let outputs_before = if place.pass == 0 { 0 } else { layer.cell(0).outputs() };
    let hidden = |unit: usize| Carried {
        name: given.outputs.get(outputs_before + unit).map_or("", |name| name.get(language)).to_owned(),
        suffix: "",
        symbols: [symbols.hidden(unit, &symbols.before()), symbols.hidden(unit, &state.t())],
        before: step.before.hidden[unit],
        after: step.after.hidden[unit],
        given: state.initial(unit, Part::InitialHidden),
        unit: (!projects).then_some(offset + unit),
        // A projection mixes all units: only while it is looked at itself is one of its outputs.
        is_looked_at: match projects {
            true => state.gate() == GateName::Projection && unit == state.place().unit,
            false => unit == place.unit,
        },
        is_worked_out: unit == if projects { state.place_in(GateName::Projection).unit } else { place.unit },
    };
    let memory = |unit: usize| {
        let name = given.units.get(offset + unit).map_or("", |name| name.get(language));
        Carried {
            name: match &given.units {
                UnitNames::Default(_) => name.chars().enumerate().map(|(i, letter)| if i == 0 { 'c' } else { letter }).collect(),
                UnitNames::Given(_) => name.to_owned(),
            },
            suffix: match &given.units {
                UnitNames::Default(_) => "",
                UnitNames::Given(_) => " c",
            },
            symbols: [symbols.cell(unit, &symbols.before()), symbols.cell(unit, &state.t())],
            before: step.before.cell[unit],
            after: step.after.cell[unit],
            given: state.initial(unit, Part::InitialCell),
            unit: Some(offset + unit),
            is_looked_at: unit == place.unit && !(projects && state.gate() == GateName::Projection),
            is_worked_out: unit == place.unit,
        }
    };
    let (states, cells) = (step.after.hidden.len(), step.after.cell.len());
    if states == cells {
        return (0..states).flat_map(|unit| [hidden(unit), memory(unit)]).collect();
    }
    (0..states).map(hidden).chain((0..cells).map(memory)).collect()
}

/// What is at a place: a state carried in, if it is given, else the unit of its row.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let inside = inside_from(FRAMED, area);
    if !inside.contains(at) || inside.height < 2 {
        return None;
    }
    match state.layer().is_recurrent() {
        true => table::hit(state, inside, at),
        false => outputs::hit(state, inside, at),
    }
}

/// How many of so many rows have room, and what is said below them: how many have none, and a text; whole where a few rows
/// still have room, else on one line, cut; nothing where there is room for the rows alone.
fn foot(state: &State, text: &str, (width, room): (usize, usize), rows: usize, few: usize) -> (usize, Vec<String>) {
    let more = |shown: usize| left_out(state, rows - shown);
    let said = |shown: usize| more(shown).into_iter().chain([text.to_owned()]).collect::<Vec<_>>().join(dot(state.settings()));
    let left = |lines: usize| rows.min(room.saturating_sub(lines));
    let whole = |shown: usize| wrapped(&said(shown), width);
    // How many are left out may take a line of its own.
    let least = left(whole(0).len());
    match room {
        _ if rows + whole(rows).len() <= room => (rows, whole(rows)),
        _ if least >= rows.min(few) => (least, whole(least)),
        2.. => (left(1).max(1), vec![cut(&said(left(1).max(1)), width)]),
        _ => (left(0).max(1), Vec::new()),
    }
}

/// A name of a row, marked where it is one of several and the one looked at.
fn label(name: &str, is_marked: bool, width: usize) -> String {
    let marker = if is_marked { "▸" } else { " " };
    format!(" {marker}{}  ", left(name, width))
}

/// How many rows have no room: `… 3 more`.
fn left_out(state: &State, hidden: usize) -> Option<String> {
    (hidden > 0).then(|| format!("… {hidden} {}", words(state.settings().language).more))
}
