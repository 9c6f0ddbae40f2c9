//! The state of the layer: what was carried in, what is carried on; or the outputs of a layer that carries nothing.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::edit::marked_number;
use super::layout::window;
use super::number::{Numbers, aligned, aligned_in, extent, widest};
use super::panel::{FRAMED, cut, dot, folded, frame, inside_from, left, lines, marked, padded, right, span, wrapped};
use super::symbols::{Symbols, is_first, time_before};
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use super::{flow, names};
use crate::app::foreseen::Part as Foreseen;
use crate::app::mouse::Target;
use crate::app::state::{Mark, State};
use crate::engine::cell::{GateName, State as CellState, Step};
use crate::engine::network::{Direction, Layer};
use crate::engine::parameter::Part;
use crate::scenario::UnitNames;
use crate::scenario::edit::Number;

/// The way from the state carried in to the one carried on.
const ARROW: &str = "  ────▶  ";

/// The line above the table, and the columns of a label beside its name.
const HEAD: usize = 1;
const LABEL: usize = 4;

/// One number that is carried.
struct Carried {
    /// What it is called where each has a row.
    label: String,
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
}

/// What is carried, a row each, as it is written on an area.
struct Table {
    all: Vec<Carried>,
    /// Which of them are shown.
    shown: Range<usize>,
    /// The numbers before and after.
    cells: [Vec<String>; 2],
    heads: [String; 2],
    /// The widths of names, numbers before and numbers after.
    widths: [usize; 3],
    foot: Vec<String>,
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
        (true, 1) => lines([one_line(state, inside.width)], inside, buffer),
        (true, _) => carried(state, inside, buffer),
        (false, _) => not_carried(state, inside, buffer),
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
        label: given.outputs.get(outputs_before + unit).map_or("", |name| name.get(language)).to_owned(),
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
    };
    let memory = |unit: usize| {
        let name = given.units.get(offset + unit).map_or("", |name| name.get(language));
        Carried {
            label: match &given.units {
                UnitNames::Default(_) => name.chars().enumerate().map(|(i, letter)| if i == 0 { 'c' } else { letter }).collect(),
                UnitNames::Given(_) => format!("{name} c"),
            },
            symbols: [symbols.cell(unit, &symbols.before()), symbols.cell(unit, &state.t())],
            before: step.before.cell[unit],
            after: step.after.cell[unit],
            given: state.initial(unit, Part::InitialCell),
            unit: Some(offset + unit),
            is_looked_at: unit == place.unit && !(projects && state.gate() == GateName::Projection),
        }
    };
    let (states, cells) = (step.after.hidden.len(), step.after.cell.len());
    if states == cells {
        return (0..states).flat_map(|unit| [hidden(unit), memory(unit)]).collect();
    }
    (0..states).map(hidden).chain((0..cells).map(memory)).collect()
}

fn one_line(state: &State, width: u16) -> Line<'static> {
    let settings = state.settings();
    let Some(step) = state.pass() else { return Line::default() };
    let all = all_carried(state, step);
    let is_chosen = |carried: &Carried| carried.given.is_some_and(|number| state.is_selected(number));
    let mut shown: Vec<&Carried> = all.iter().filter(|carried| is_chosen(carried)).collect();
    if shown.is_empty() {
        shown.extend(all.iter().filter(|carried| carried.is_looked_at));
    }
    let after_look = marked(style(Role::Total, settings), state.marks(Mark::Layer(state.focus().layer)), settings);
    let spans = |numbers: Numbers| -> Vec<Span<'static>> {
        let of = |carried: &&Carried| {
            let [before, after] = &carried.symbols;
            let look = style(Role::Current, settings);
            let mut spans = marked_number(state, carried.given, &format!(" {before} "), &numbers.write(carried.before), look);
            spans.extend([
                Span::raw(format!(" ─▶ {after} ")),
                Span::styled(numbers.write(carried.after), after_look),
                Span::raw(" "),
            ]);
            spans
        };
        shown.iter().flat_map(of).chain([Span::raw(" ")]).collect()
    };
    let used = |spans: &[Span]| spans.iter().map(Span::width).sum::<usize>();
    let mut spans = Numbers::new(settings).fitted(spans, |spans| used(spans) <= usize::from(width));
    spans.push(Span::raw(cut(&destination(state), usize::from(width).saturating_sub(used(&spans)))));
    Line::from(spans)
}

/// Those of so many rows that are visible in so many lines around one; where not all are, a line is left to say so.
fn visible(rows: usize, around: usize, room: usize) -> Range<usize> {
    window(rows, around, if rows > room { room.saturating_sub(1).max(1) } else { rows })
}

impl Table {
    fn new(state: &State, area: Rect) -> Option<Self> {
        let all = all_carried(state, state.pass()?);
        let foot = foot(state, usize::from(area.width).saturating_sub(3), usize::from(area.height), all.len());
        let room = usize::from(area.height) - 1 - foot.len();
        // The last of those looked at, so that the one before it is visible too.
        let chosen = all.iter().position(|carried| carried.given.is_some_and(|number| state.is_selected(number)));
        let around = chosen.or_else(|| all.iter().rposition(|carried| carried.is_looked_at)).unwrap_or(0);
        let range = visible(all.len(), around, room);
        let shown = &all[range.clone()];
        let heads = heads(state, state.t());
        let name_width = |room| names::width(shown.iter().map(|carried| carried.label.as_str()), room);
        let column = |numbers: Numbers, value: fn(&Carried) -> f64, [head, before, after]: [usize; 3]| {
            let cells =
                aligned_in(&shown.iter().map(|carried| numbers.write(value(carried))).collect::<Vec<_>>(), [before, after]);
            let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(head);
            (cells, width)
        };
        let columns = |numbers: Numbers| {
            let [before, after] = reserved(state, &range, numbers);
            let columns = [column(numbers, |carried| carried.before, before), column(numbers, |carried| carried.after, after)];
            (numbers, columns)
        };
        type Columns = (Numbers, [(Vec<String>, usize); 2]);
        let left = |(_, [(_, before), (_, after)]): &Columns| {
            usize::from(area.width).checked_sub(before + after + ARROW.width() + LABEL)
        };
        let least = name_width(0);
        let fits = |columns: &Columns| left(columns).is_some_and(|left| least <= left);
        let columns = Numbers::new(state.settings()).fitted_in_time(columns, fits);
        // What numbers to come take is not for the names.
        let name_width = left(&columns).filter(|_| columns.0.foresee()).map_or(least, name_width);
        let (_, [(before, left_width), (after, right_width)]) = columns;
        Some(Self { cells: [before, after], heads, widths: [name_width, left_width, right_width], foot, shown: range, all })
    }
}

/// The columns of the heads before and after, and of the numbers before their points and from them on, of some rows in the
/// timesteps foreseen.
fn reserved(state: &State, rows: &Range<usize>, numbers: Numbers) -> [[usize; 3]; 2] {
    let of_rows = |part: fn(&Step) -> &CellState| {
        let numbers_of = |step| in_order(part(step)).into_iter().skip(rows.start).take(rows.len());
        numbers.extent(state.passes_foreseen().flat_map(numbers_of))
    };
    let find = || {
        let in_time = state.foreseen().map(|t| heads(state, t).map(|head| head.width()));
        let [before, after] = widest(in_time.chain([heads(state, state.t()).map(|head| head.width())]));
        let ([b0, b1], [a0, a1]) = (of_rows(|step| &step.before), of_rows(|step| &step.after));
        [before, b0, b1, after, a0, a1, 0, 0]
    };
    // Which unit it is of does not matter, only which pass.
    let which = [state.focus().layer, state.place().pass, rows.start, rows.end, 0];
    let [before, b0, b1, after, a0, a1, ..] = numbers.reserved(state, Foreseen::Carried, which, find);
    [[before, b0, b1], [after, a0, a1]]
}

/// The columns of the outputs of some units with all digits, in the timesteps foreseen.
fn outputs_foreseen(state: &State, units: &Range<usize>) -> usize {
    let numbers = Numbers::new(state.settings());
    let outputs = || state.passes_foreseen().flat_map(|step| step.output.iter().skip(units.start).take(units.len()).copied());
    let which = [state.focus().layer, state.place().pass, units.start, units.end, 1];
    let [before, after, ..] = numbers.reserved(state, Foreseen::Carried, which, || extent(numbers.extent(outputs())));
    before + after
}

/// What is carried in the order of its rows.
fn in_order(carried: &CellState) -> Vec<f64> {
    let CellState { hidden, cell, .. } = carried;
    match hidden.len() == cell.len() {
        true => hidden.iter().zip(cell).flat_map(|(&hidden, &cell)| [hidden, cell]).collect(),
        false => hidden.iter().chain(cell).copied().collect(),
    }
}

fn carried(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let Some(table) = Table::new(state, area) else { return };
    let Table { all, shown, cells: [before, after], heads, widths: [name_width, left_width, right_width], foot } = table;
    let shown = &all[shown];
    let gap = " ".repeat(ARROW.width());
    let head = format!("  {:name_width$}  {}{gap}{}", "", right(&heads[0], left_width), right(&heads[1], right_width));
    let mut table = vec![Line::from(span(head, Role::Frame, settings))];
    let is_new = state.marks(Mark::Layer(state.focus().layer));
    let several = all.iter().any(|carried| !carried.is_looked_at);
    for (carried, (before, after)) in shown.iter().zip(before.iter().zip(&after)) {
        let role = if carried.is_looked_at { Role::Total } else { Role::Plain };
        let name = names::fitted(&carried.label, all.iter().map(|carried| carried.label.as_str()), name_width);
        let label = label(&name, several && carried.is_looked_at, name_width);
        // The mark of a number takes the last blank of the label.
        let gap = usize::from(carried.given.is_some_and(|number| state.is_selected(number) || state.is_edited(number)));
        let (label, gap) = label.split_at(label.len() - gap);
        let mut row = vec![span(label.to_owned(), role, settings)];
        row.extend(marked_number(state, carried.given, gap, &right(before, left_width), style(Role::Current, settings)));
        row.push(Span::raw(ARROW));
        row.extend(padded(&right(after, right_width), marked(style(role, settings), is_new, settings)));
        table.push(Line::from(row));
    }
    table.extend(more(state, all.len() - shown.len()));
    table.extend(foot.into_iter().map(|line| Line::from(format!("  {line}"))));
    lines(table, area, buffer);
}

/// What is at a place: a state carried in, if it is given, else the unit of its row.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let inside = inside_from(FRAMED, area);
    if !inside.contains(at) || inside.height < 2 {
        return None;
    }
    let (line, column) = (usize::from(at.y - inside.y), usize::from(at.x - inside.x));
    let layer = state.focus().layer;
    if !state.layer().is_recurrent() {
        let shown = visible(state.layer().units(), state.focus().unit, usize::from(inside.height) - 1);
        let unit = shown.start + line;
        return state.pass().filter(|_| shown.contains(&unit)).map(|_| Target::Unit { layer, unit });
    }
    let Table { all, shown, widths: [name, before, _], .. } = Table::new(state, inside)?;
    let carried = all[shown].get(line.checked_sub(HEAD)?)?;
    let number = carried.given.filter(|_| (name + LABEL..name + LABEL + before).contains(&column));
    number.map(Target::Number).or(carried.unit.map(|unit| Target::Unit { layer, unit }))
}

/// What is said below the table: whole where two rows of it still have room, else on one line, cut; nothing where there is
/// room for the table alone.
fn foot(state: &State, width: usize, height: usize, rows: usize) -> Vec<String> {
    let whole = wrapped(&destination(state), width);
    match height {
        _ if HEAD + rows.min(2) + whole.len() <= height => whole,
        3.. => vec![cut(&destination(state), width)],
        _ => Vec::new(),
    }
}

/// The heads of the two columns: `h(0)` and `h(1)`, or the timesteps alone where two states are carried.
fn heads(state: &State, t: usize) -> [String; 2] {
    let times = [time_before(state.direction(), t), t.to_string()];
    match state.layer() {
        Layer::Lstm(_) => times.map(|t| format!("t = {t}")),
        _ => times.map(|t| format!("h({t})")),
    }
}

/// A name of a row, marked where it is one of several and the one looked at.
fn label(name: &str, is_marked: bool, width: usize) -> String {
    let marker = if is_marked { "▸" } else { " " };
    format!(" {marker}{}  ", left(name, width))
}

/// The line that says how many rows have no room.
fn more(state: &State, hidden: usize) -> Option<Line<'static>> {
    (hidden > 0).then(|| Line::from(format!("  … {hidden} {}", words(state.settings().language).more)))
}

fn not_carried(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let words = words(settings.language);
    let width = usize::from(area.width);
    let Some(step) = state.pass() else {
        let said = folded(words.only_last, width.saturating_sub(3), area.height.into());
        return lines(said.into_iter().map(|line| Line::from(format!("  {line}"))), area, buffer);
    };
    let unit = state.focus().unit;
    let nothing = nothing_carried(state);
    let is_new = state.marks(Mark::Layer(state.focus().layer));
    if area.height == 1 {
        let symbol = Symbols::new(state.layer(), 0, state.t(), words).output_of(GateName::Hidden, unit);
        let number = |numbers: Numbers| numbers.write(step.output[unit]);
        let number = Numbers::new(settings).fitted(number, |number| symbol.width() + number.width() + 2 <= width);
        let number = Span::styled(number, marked(style(Role::Plain, settings), is_new, settings));
        let line = Line::from_iter([Span::raw(format!(" {symbol} ")), number, Span::raw(format!("  {nothing}"))]);
        return lines([line], area, buffer);
    }
    let names = &state.scenario().names[state.focus().layer].units;
    let name = |unit: usize| names[unit].get(settings.language);
    let shown = visible(names.len(), unit, usize::from(area.height) - 1);
    let name_width = |room| names::width(shown.clone().map(name), room);
    let least = name_width(0);
    let written = |numbers: Numbers| aligned(&shown.clone().map(|i| numbers.write(step.output[i])).collect::<Vec<_>>());
    let taken = |written: &Vec<String>| LABEL + written.iter().map(|number| number.trim_end().width()).max().unwrap_or(0);
    let written = Numbers::new(settings).fitted(written, |written| least + taken(written) <= width);
    let name_width = name_width(width.saturating_sub(LABEL + outputs_foreseen(state, &shown)));
    let mut table = Vec::new();
    for (i, number) in shown.clone().zip(written) {
        let role = if i == unit { Role::Total } else { Role::Plain };
        let called = names::fitted(name(i), (0..names.len()).map(name), name_width);
        let mut row = vec![span(label(&called, i == unit && names.len() > 1, name_width), role, settings)];
        row.extend(padded(&number, marked(style(role, settings), is_new, settings)));
        table.push(Line::from(row));
    }
    table.extend(more(state, names.len() - shown.len()));
    let foot = wrapped(&nothing, width.saturating_sub(3));
    table.extend(foot.into_iter().map(|line| Line::from(format!("  {line}"))));
    lines(table, area, buffer);
}

/// That nothing is carried, and of a convolution what it sees instead.
fn nothing_carried(state: &State) -> String {
    let words = words(state.settings().language);
    let nothing = flow::nothing_carried(state.layer(), words);
    match state.layer() {
        Layer::Conv(conv) => {
            let first = state.t() as i128 - conv.width() as i128 + 1;
            format!("{nothing}; {} {first}..{}", words.sees_rows, state.t())
        }
        _ => nothing.into(),
    }
}
