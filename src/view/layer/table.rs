//! The rows of a layer's cells: what each is called, its numbers at this timestep, and what it has been over time.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::super::heat_map::{HeatMap, Values};
use super::super::number::{Numbers, aligned_in, extent};
use super::super::panel::{cut, left, marked, padded, right, span};
use super::super::symbols::time_before;
use super::super::text::words;
use super::super::theme::{Role, style};
use super::super::width::Width;
use super::super::{flow, names};
use super::tall;
use crate::app::foreseen::Part;
use crate::app::state::{Mark, State};
use crate::engine::cell::{Cell, Step};
use crate::engine::network::{Layer, LayerStep, Place};

/// The columns beside a name: the way of the state, and the mark of the unit looked at.
pub(super) const LABEL: usize = 3;

/// The columns between two columns of numbers.
const GAP: usize = 2;

/// The columns before a heat map, in whose head its letter stands.
const MAP_GAP: usize = 4;

/// The columns a heat map has at least, before numbers give way to it.
const LEAST_MAP: usize = 8;

/// How many timesteps have room for their heads together.
const TOGETHER: usize = 32;

/// From this many columns on, there is room for two heat maps, however many timesteps there are.
const TWO_MAPS: usize = 60;

/// What a column of numbers is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Carried in.
    Before,
    /// On the way to the output.
    Inner,
    /// What the unit gives.
    Output,
}

/// One number per unit: its letter, what it is, and where it is in the step of the unit's pass.
struct Quantity {
    letter: char,
    /// A number that tells it from the others.
    which: usize,
    kind: Kind,
    value: fn(&Step) -> &[f64],
}

impl Quantity {
    /// How it is called at a timestep: `h(1)`, and where passes go both ways what each of them carries in, `h(0)/h(2)`.
    fn head(&self, layer: &Layer, t: usize) -> String {
        let Self { letter, kind, .. } = self;
        let before = |pass| format!("{letter}({})", time_before(layer.pass(pass).0, t));
        match kind {
            Kind::Before => (0..layer.passes()).map(before).collect::<Vec<_>>().join("/"),
            Kind::Inner | Kind::Output => format!("{letter}({t})"),
        }
    }

    /// The widest that is around a timestep, whether its numbers can be seen or not.
    fn widest_head(&self, state: &State) -> usize {
        let first = state.t() / TOGETHER * TOGETHER;
        [first, (first + TOGETHER - 1).min(state.last())]
            .map(|t| self.head(state.layer(), t).width())
            .into_iter()
            .fold(0, usize::max)
    }
}

/// What the rows of a table are of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Of {
    /// The units of the layer.
    Units,
    /// What a projection makes of them.
    Outputs,
}

/// The numbers of each row, in the order in which they are computed.
fn quantities(state: &State, of: Of) -> Vec<Quantity> {
    let layer = state.layer();
    let quantity = |which, letter, kind, value| Quantity { letter, which, kind, value };
    let hidden_before = quantity(0, 'h', Kind::Before, |step| &step.before.hidden);
    let cell_before = quantity(1, 'c', Kind::Before, |step| &step.before.cell);
    let cell = quantity(2, 'c', Kind::Inner, |step| &step.after.cell);
    let output = quantity(3, flow::letter(layer), Kind::Output, |step| &step.output);
    let sum = quantity(4, 'z', Kind::Inner, |step| step.gates.first().map_or(&[], |gate| &gate.sum));
    match layer {
        _ if of == Of::Outputs => vec![hidden_before, output],
        Layer::Rnn(_) | Layer::Gru(_) => vec![hidden_before, output],
        Layer::Lstm(_) if layer.projects() => vec![cell_before, cell],
        Layer::Lstm(_) => vec![hidden_before, cell_before, cell, output],
        Layer::Dense(_) | Layer::Conv(_) => vec![sum, output],
    }
}

/// The heat maps of the layer looked at, the first of which is the one to show where there is room for one.
fn maps(state: &State, of: Of) -> Vec<(char, Values)> {
    let layer = state.layer();
    let output: (char, Values) =
        (flow::letter(layer), |state, t| over_passes(state, t, |cell| cell.outputs(), |step| &step.output));
    let cells: (char, Values) = ('c', |state, t| over_passes(state, t, |cell| cell.units(), |step| &step.after.cell));
    match layer {
        _ if of == Of::Outputs => vec![output],
        Layer::Lstm(_) if layer.projects() => vec![cells],
        Layer::Lstm(_) => vec![output, cells],
        Layer::Rnn(_) | Layer::Gru(_) | Layer::Dense(_) | Layer::Conv(_) => vec![output],
    }
}

/// Some numbers of all passes at a timestep, of which those of a pass that has not come there are not known.
fn over_passes(state: &State, t: usize, count: fn(&dyn Cell) -> usize, of: fn(&Step) -> &Vec<f64>) -> Vec<Option<f64>> {
    let numbers = |pass| match state.step_of_pass(pass, t) {
        Some(step) => of(step).iter().copied().map(Some).collect(),
        None => vec![None; count(state.layer().cell(pass))],
    };
    (0..state.layer().passes()).flat_map(numbers).collect()
}

/// A row per unit, or per output of a projection: its name, its numbers, and what it has been over time.
pub(super) struct Table {
    of: Of,
    /// The columns before the numbers.
    pub(super) label: usize,
    shown: Range<usize>,
    columns: Vec<Column>,
    pub(super) maps: Vec<HeatMap>,
}

/// What a line of a unit's row shows over time.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Shades,
    Numbers,
    Air,
}

impl Shown {
    /// On one of so many lines: shades, below them what is given, and below that a line of air where there are many.
    fn at(line: usize, tall: usize, below: Self) -> Self {
        match (tall, tall - line) {
            (2.., 1) if below == Self::Shades => Self::Air,
            (2 | 3, 1) | (4.., 2) => below,
            (4.., 1) => Self::Air,
            _ => Self::Shades,
        }
    }
}

/// A column of numbers, or what stands for those that have no room.
struct Column {
    head: String,
    kind: Kind,
    cells: Vec<String>,
    /// How wide it gets in the timesteps foreseen.
    reserved: usize,
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(self.head.width()).max(self.reserved)
    }

    /// A column that stands for so many that have no room.
    fn more(columns: usize, rows: usize) -> Self {
        Self { head: format!("+{columns}"), kind: Kind::Inner, cells: vec!["…".into(); rows], reserved: 0 }
    }
}

/// The columns of numbers where so many columns are left for them and a map: with fewer digits, then beside a smaller map, then
/// without the first of them.
fn fitted(state: &State, of: Of, shown: &Range<usize>, room: usize) -> Vec<Column> {
    let quantities = quantities(state, of);
    let wish = HeatMap::wish(state).min(room / 3).max(LEAST_MAP);
    let fits = |columns: &[Column], map: usize| numbers_width(columns) + MAP_GAP + map <= room;
    let numbers = Numbers::new(state.settings());
    let mut shortest = Vec::new();
    for left_out in 0..quantities.len() {
        let write = |numbers| {
            let more = (left_out > 0).then(|| Column::more(left_out, shown.len()));
            more.into_iter()
                .chain(quantities[left_out..].iter().map(|q| column(state, of, q, shown, numbers)))
                .collect::<Vec<_>>()
        };
        // Beside a map that moves with them, columns that stay where they are are worth more than digits.
        let [foreseen, shown_alone] = numbers.rooms();
        shortest = foreseen.fitted(write, |columns| fits(columns, wish));
        if !fits(&shortest, LEAST_MAP) {
            shortest = shown_alone.fitted(write, |columns| fits(columns, LEAST_MAP));
        }
        if fits(&shortest, LEAST_MAP) {
            break;
        }
    }
    shortest
}

fn numbers_width(columns: &[Column]) -> usize {
    columns.iter().map(|column| GAP + column.width()).sum()
}

impl Table {
    pub(super) fn new(state: &State, of: Of, shown: Range<usize>, (label, room): (usize, usize)) -> Self {
        let columns = fitted(state, of, &shown, room.saturating_sub(label));
        let left = room.saturating_sub(label + numbers_width(&columns));
        let maps = maps(state, of);
        let share = (left / maps.len()).saturating_sub(MAP_GAP);
        let count = if left >= TWO_MAPS || share >= state.scenario().timesteps() { maps.len() } else { 1 };
        let each = (left / count).saturating_sub(MAP_GAP);
        let maps = maps.into_iter().take(count).map(|(letter, values)| HeatMap::new(state, letter, values, each)).collect();
        Self { of, label, shown, columns, maps }
    }

    /// The columns it takes.
    pub(super) fn width(&self) -> usize {
        self.label + numbers_width(&self.columns) + self.maps.iter().map(|map| MAP_GAP + map.width()).sum::<usize>()
    }

    /// What stands above the rows.
    pub(super) fn head(&self, state: &State, rail: &str) -> Line<'static> {
        let settings = state.settings();
        let name = row_head(state, self.of);
        let label = self.label - LABEL;
        let mut spans = vec![span(rail.to_owned(), Role::Frame, settings)];
        spans.push(span(format!(" {}", left(&cut(name, label), label)), Role::Frame, settings));
        for column in &self.columns {
            spans.push(Span::raw(" ".repeat(GAP)));
            spans.push(span(right(&column.head, column.width()), Role::Frame, settings));
        }
        for map in self.maps.iter().filter(|map| map.width() > 0) {
            spans.push(span(format!("{:>1$} ", map.label(), MAP_GAP - 1), Role::Frame, settings));
            spans.extend(map.head(state));
        }
        Line::from(spans)
    }

    /// The rows in so many lines, each as tall as there is room for.
    pub(super) fn lines(&self, state: &State, rail: &str, room: usize) -> Vec<Line<'static>> {
        let tall = tall(&self.shown, room);
        let has_numbers = |map: &HeatMap| self.shown.clone().all(|unit| map.numbers(state, unit).is_some());
        let below = if tall > 1 && self.maps.iter().all(has_numbers) { Shown::Numbers } else { Shown::Shades };
        let rows = self.shown.clone().enumerate();
        let lines =
            |(row, unit)| (0..tall).map(move |line| self.line(state, rail, row, unit, line == 0, Shown::at(line, tall, below)));
        rows.flat_map(lines).collect()
    }

    /// One line of a unit's row: its name and numbers of this timestep on the first, beside them what is shown over time.
    fn line(&self, state: &State, rail: &str, row: usize, unit: usize, is_first: bool, shown: Shown) -> Line<'static> {
        let settings = state.settings();
        let is_chosen = self.of == Of::Units && unit == state.focus().unit;
        let role = if is_chosen { Role::Total } else { Role::Plain };
        let is_new = state.marks(match self.of {
            Of::Units => Mark::Unit(state.focus().layer, unit),
            Of::Outputs => Mark::Layer(state.focus().layer),
        });
        let label = self.label - LABEL;
        let marker = if is_chosen && state.layer().units() > 1 { "▸" } else { " " };
        let name = format!("{marker}{}", left(&called(state, self.of, unit, label), label));
        let text = |text: String| if is_first { text } else { " ".repeat(text.width()) };
        let mut spans = vec![span(rail.to_owned(), Role::Frame, settings), span(text(name), role, settings)];
        for column in &self.columns {
            let look = match column.kind {
                Kind::Before => style(Role::Current, settings),
                Kind::Inner | Kind::Output => marked(style(role, settings), is_new, settings),
            };
            spans.push(Span::raw(" ".repeat(GAP)));
            spans.extend(padded(&text(right(&column.cells[row], column.width())), look));
        }
        for map in &self.maps {
            spans.push(Span::raw(" ".repeat(MAP_GAP)));
            spans.extend(match shown {
                Shown::Shades => map.row(state, unit),
                Shown::Numbers => map.numbers(state, unit).unwrap_or_else(|| vec![Span::raw(" ".repeat(map.width()))]),
                Shown::Air => Vec::new(),
            });
        }
        Line::from(spans)
    }
}

/// Which pass of the layer looked at a row is of, and which of its numbers it has.
fn place(state: &State, of: Of, row: usize) -> Place {
    let layer = state.layer();
    let outputs = layer.cell(0).outputs();
    match of {
        Of::Units => layer.place(row),
        Of::Outputs if row < outputs => Place { pass: 0, unit: row },
        Of::Outputs => Place { pass: 1, unit: row - outputs },
    }
}

/// What a row is called.
fn name(state: &State, of: Of, row: usize) -> &str {
    let names = &state.scenario().names[state.focus().layer];
    let name = match of {
        Of::Units => names.units.get(row),
        Of::Outputs => names.outputs.get(row),
    };
    name.map_or("", |name| name.get(state.settings().language))
}

/// The way a row's pass goes where that is not the same for all layers.
fn way(state: &State, of: Of, row: usize) -> String {
    let layer = state.layer();
    let direction = layer.pass(place(state, of, row).pass).0;
    if layer.looks_ahead() { format!("{} ", flow::arrow(direction)) } else { String::new() }
}

/// A row's name in so many columns, behind the way its pass goes.
fn called(state: &State, of: Of, row: usize, room: usize) -> String {
    let rows = match of {
        Of::Units => state.layer().units(),
        Of::Outputs => state.layer().outputs(),
    };
    let way = way(state, of, row);
    let others = (0..rows).map(|row| name(state, of, row));
    let name = names::fitted(name(state, of, row), others, room.saturating_sub(way.width()));
    way + &name
}

/// What the names of some rows stand below.
fn row_head(state: &State, of: Of) -> &'static str {
    let words = words(state.settings().language);
    let [one, _] = match of {
        Of::Outputs => words.outputs,
        Of::Units if state.layer().is_recurrent() => words.cells,
        Of::Units => words.units,
    };
    one
}

/// The columns before the numbers: the way of the state, the mark of the unit looked at, the names of units and outputs, which
/// have so much room.
pub(super) fn label_width(state: &State, units: &Range<usize>, outputs: &Range<usize>, room: usize) -> usize {
    let tables =
        [(Of::Units, units), (Of::Outputs, outputs)].into_iter().filter(|(of, rows)| *of == Of::Units || !rows.is_empty());
    let widths = tables.map(|(of, rows)| {
        let way = rows.clone().map(|row| way(state, of, row).width()).max().unwrap_or(0);
        let names = names::width(rows.clone().map(|row| name(state, of, row)), room.saturating_sub(way));
        row_head(state, of).width().max(way + names)
    });
    widths.max().unwrap_or(0) + LABEL
}

fn column(state: &State, of: Of, quantity: &Quantity, shown: &Range<usize>, numbers: Numbers) -> Column {
    let value = |row| {
        let Place { pass, unit } = place(state, of, row);
        (quantity.value)(state.layer_step()?.passes.get(pass)?).get(unit).copied()
    };
    let cells: Vec<String> = shown.clone().map(|row| value(row).map_or_else(String::new, |v| numbers.write(v))).collect();
    let number = state.focus().layer;
    let extent_in = |step: &LayerStep| {
        let value = |row| {
            let Place { pass, unit } = place(state, of, row);
            (quantity.value)(step.passes.get(pass)?).get(unit).copied()
        };
        numbers.extent(shown.clone().filter_map(value))
    };
    let find = || {
        let steps = state.steps_foreseen().filter_map(|step| step.layers[number].as_ref());
        extent([steps.map(|step| extent_in(step).iter().sum()).max().unwrap_or(0)])
    };
    let which = [number, quantity.which, shown.start, shown.end, usize::from(of == Of::Outputs)];
    let [reserved, ..] = numbers.reserved(state, Part::Quantity, which, find);
    // The points stay below each other where they are while the numbers of the timestep appear.
    let points = state.layer_step_ahead().map_or([0, 0], extent_in);
    Column {
        head: quantity.head(state.layer(), state.t()),
        kind: quantity.kind,
        cells: aligned_in(&cells, points),
        reserved: reserved.max(quantity.widest_head(state)),
    }
}
