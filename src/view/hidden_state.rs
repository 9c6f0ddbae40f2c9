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

/// The fewest significant digits of what is carried where it has one line.
const FEWEST_DIGITS: usize = 3;

/// The fewest columns worth writing of where the state goes.
const LEAST_DESTINATION: usize = 4;

/// The line above the table, and the columns of a label beside its name.
const HEAD: usize = 1;
const LABEL: usize = 4;

/// The rows of the table that are shown before all of what is said below it is.
const FEW: usize = 4;

/// The same of the outputs of a layer that carries nothing.
const FEW_OUTPUTS: usize = 2;

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

/// What is carried, a row each, as it is written on an area.
struct Table {
    all: Vec<Carried>,
    /// Which of them are shown.
    shown: Vec<usize>,
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

/// How much of what is carried is written where it has one line, from most to least.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `h(0) 0.5 ─▶ h(1) 0.7`.
    Whole,
    /// `h 0.5 ─▶ 0.7`.
    Short,
    /// `h 0.5▶0.7`.
    Tight,
    /// `h(1) 0.7`.
    After,
}

/// What is carried of the unit looked at, and how many more numbers are; where it goes as far as there is room.
fn one_line(state: &State, width: u16) -> Line<'static> {
    let settings = state.settings();
    let Some(step) = state.pass() else { return Line::default() };
    let all = all_carried(state, step);
    let is_chosen = |carried: &Carried| carried.given.is_some_and(|number| state.is_selected(number));
    let mut shown: Vec<&Carried> = all.iter().filter(|carried| is_chosen(carried)).collect();
    if shown.is_empty() {
        shown.extend(all.iter().filter(|carried| carried.is_worked_out));
    }
    let left_out = all.len() - shown.len();
    let after_look = marked(style(Role::Total, settings), state.marks(Mark::Layer(state.focus().layer)), settings);
    let spans = |form: Form, numbers: Numbers| -> Vec<Span<'static>> {
        let of = |(i, carried): (usize, &&Carried)| {
            let [before, after] = &carried.symbols;
            let letter = after.split('(').next().unwrap_or_default();
            let (name, arrow) = match form {
                Form::Whole => (before.as_str(), format!(" ─▶ {after} ")),
                Form::Short => (letter, " ─▶ ".into()),
                Form::Tight => (letter, "▶".into()),
                Form::After => (after.as_str(), String::new()),
            };
            let name = if i == 0 || form == Form::Tight { format!(" {name} ") } else { format!("  {name} ") };
            let look = style(Role::Current, settings);
            let mut spans = match form {
                Form::After => vec![Span::raw(name)],
                _ => marked_number(state, carried.given, &name, &numbers.write(carried.before), look),
            };
            spans.extend([Span::raw(arrow), Span::styled(numbers.write(carried.after), after_look)]);
            spans
        };
        let more = (left_out > 0).then(|| Span::raw(format!(" … +{left_out}")));
        shown.iter().enumerate().flat_map(of).chain(more).collect()
    };
    let room = usize::from(width);
    let used = |spans: &[Span]| spans.iter().map(Span::width).sum::<usize>();
    let fit = |forms: &[Form]| {
        let ways = Numbers::new(settings).shorter(FEWEST_DIGITS);
        ways.flat_map(|numbers| forms.iter().map(move |&form| (form, numbers)))
            .map(|(form, numbers)| spans(form, numbers))
            .find(|spans| used(spans) <= room)
    };
    // What is typed is the number before.
    let least = if shown.iter().any(|carried| is_chosen(carried)) { Form::Tight } else { Form::After };
    let mut spans = fit(&[Form::Whole, Form::Short, Form::Tight])
        .or_else(|| fit(&[least]))
        .unwrap_or_else(|| spans(least, Numbers::new(settings).rounded(FEWEST_DIGITS)));
    let left = room.saturating_sub(used(&spans) + 2);
    if left >= LEAST_DESTINATION {
        spans.push(Span::raw(format!("  {}", cut(&destination(state), left))));
    }
    Line::from(spans)
}

/// The outputs that have room around the one looked at, and what is said below them.
fn outputs_shown(state: &State, area: Rect) -> (Range<usize>, Vec<String>) {
    let units = state.layer().units();
    let room = (usize::from(area.width).saturating_sub(3), usize::from(area.height));
    let (count, foot) = foot(state, &nothing_carried(state), room, units, FEW_OUTPUTS);
    (window(units, state.focus().unit, count), foot)
}

/// So many of the rows: those around one, and before them any other that is worked out.
fn rows_shown(all: &[Carried], around: usize, count: usize) -> Vec<usize> {
    let near = window(all.len(), around, count);
    let apart = |i: usize| all[i].is_worked_out && !near.contains(&i);
    let apart: Vec<usize> = (0..all.len()).filter(|&i| apart(i)).take(count.saturating_sub(1)).collect();
    let near = window(all.len(), around, count - apart.len());
    let mut rows: Vec<usize> = apart.into_iter().chain(near).collect();
    rows.sort_unstable();
    rows
}

impl Table {
    fn new(state: &State, area: Rect) -> Option<Self> {
        let all = all_carried(state, state.pass()?);
        let room = (usize::from(area.width).saturating_sub(3), usize::from(area.height).saturating_sub(HEAD));
        let (count, foot) = foot(state, &destination(state), room, all.len(), FEW);
        // The last of those looked at, so that the one before it is visible too.
        let chosen = all.iter().position(|carried| carried.given.is_some_and(|number| state.is_selected(number)));
        let around = chosen.or_else(|| all.iter().rposition(|carried| carried.is_looked_at)).unwrap_or(0);
        let rows = rows_shown(&all, around, count);
        let shown: Vec<&Carried> = rows.iter().map(|&i| &all[i]).collect();
        let heads = heads(state, state.t());
        let labels: Vec<String> = shown.iter().map(|carried| format!("{}{}", carried.name, carried.suffix)).collect();
        let name_width = |room| names::width(labels.iter().map(String::as_str), room);
        let column = |numbers: Numbers, value: fn(&Carried) -> f64, [head, before, after]: [usize; 3]| {
            let cells =
                aligned_in(&shown.iter().map(|carried| numbers.write(value(carried))).collect::<Vec<_>>(), [before, after]);
            let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(head);
            (cells, width)
        };
        let columns = |numbers: Numbers| {
            let [before, after] = reserved(state, &rows, numbers);
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
        Some(Self { cells: [before, after], heads, widths: [name_width, left_width, right_width], foot, shown: rows, all })
    }
}

/// The columns of the heads before and after, and of the numbers before their points and from them on, of some rows in the
/// timesteps foreseen.
fn reserved(state: &State, rows: &[usize], numbers: Numbers) -> [[usize; 3]; 2] {
    let of_rows = |part: fn(&Step) -> &CellState| {
        let numbers_of = |step| {
            let all = in_order(part(step));
            rows.iter().filter_map(|&row| all.get(row).copied()).collect::<Vec<_>>()
        };
        numbers.extent(state.passes_foreseen().flat_map(numbers_of))
    };
    let find = || {
        let in_time = state.foreseen().map(|t| heads(state, t).map(|head| head.width()));
        let [before, after] = widest(in_time.chain([heads(state, state.t()).map(|head| head.width())]));
        let ([b0, b1], [a0, a1]) = (of_rows(|step| &step.before), of_rows(|step| &step.after));
        [before, b0, b1, after, a0, a1, 0, 0]
    };
    let [before, b0, b1, after, a0, a1, ..] = numbers.reserved(state, Foreseen::Carried, which(state, rows), find);
    [[before, b0, b1], [after, a0, a1]]
}

/// Some rows of the pass of the unit looked at, whichever unit that is: of those that are not one after the other, all but the
/// first or all but the last are.
fn which(state: &State, rows: &[usize]) -> [usize; 5] {
    let row = |i: usize| rows.get(i).copied().unwrap_or(0);
    let pass = 2 * state.focus().layer + state.place().pass;
    [pass, row(0), row(1), row(rows.len().saturating_sub(1)), rows.len()]
}
/// The columns of the outputs of some units with all digits, in the timesteps foreseen.
fn outputs_foreseen(state: &State, units: &Range<usize>) -> usize {
    let numbers = Numbers::new(state.settings());
    let outputs = || state.passes_foreseen().flat_map(|step| step.output.iter().skip(units.start).take(units.len()).copied());
    let which = which(state, &units.clone().collect::<Vec<_>>());
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
    let shown: Vec<&Carried> = shown.iter().map(|&i| &all[i]).collect();
    let gap = " ".repeat(ARROW.width());
    let head = format!("  {:name_width$}  {}{gap}{}", "", right(&heads[0], left_width), right(&heads[1], right_width));
    let mut table = vec![Line::from(span(head, Role::Frame, settings))];
    let is_new = state.marks(Mark::Layer(state.focus().layer));
    let several = all.iter().any(|carried| !carried.is_looked_at);
    for (carried, (before, after)) in shown.iter().zip(before.iter().zip(&after)) {
        let role = if carried.is_looked_at { Role::Total } else { Role::Plain };
        let room = name_width.saturating_sub(carried.suffix.width());
        let name = names::fitted(&carried.name, all.iter().map(|carried| carried.name.as_str()), room);
        let label = label(&format!("{name}{}", carried.suffix), several && carried.is_looked_at, name_width);
        // The mark of a number takes the last blank of the label.
        let gap = usize::from(carried.given.is_some_and(|number| state.is_selected(number) || state.is_edited(number)));
        let (label, gap) = label.split_at(label.len() - gap);
        let mut row = vec![span(label.to_owned(), role, settings)];
        row.extend(marked_number(state, carried.given, gap, &right(before, left_width), style(Role::Current, settings)));
        row.push(Span::raw(ARROW));
        row.extend(padded(&right(after, right_width), marked(style(role, settings), is_new, settings)));
        table.push(Line::from(row));
    }
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
        let (shown, _) = outputs_shown(state, inside);
        let unit = shown.start + line;
        return state.pass().filter(|_| shown.contains(&unit)).map(|_| Target::Unit { layer, unit });
    }
    let Table { all, shown, widths: [name, before, _], .. } = Table::new(state, inside)?;
    let carried = &all[*shown.get(line.checked_sub(HEAD)?)?];
    let number = carried.given.filter(|_| (name + LABEL..name + LABEL + before).contains(&column));
    number.map(Target::Number).or(carried.unit.map(|unit| Target::Unit { layer, unit }))
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

/// How many rows have no room: `… 3 more`.
fn left_out(state: &State, hidden: usize) -> Option<String> {
    (hidden > 0).then(|| format!("… {hidden} {}", words(state.settings().language).more))
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
    let (shown, foot) = outputs_shown(state, area);
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
