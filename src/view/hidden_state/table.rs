//! What is carried as a table: a row for each number, before and after.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::super::edit::marked_number;
use super::super::layout::window;
use super::super::names;
use super::super::number::{Numbers, aligned_in, widest};
use super::super::panel::{lines, marked, padded, right, span};
use super::super::symbols::time_before;
use super::super::theme::{Role, style};
use super::super::width::Width;
use super::{Carried, LABEL, all_carried, destination, foot, label};
use crate::app::foreseen::Part as Foreseen;
use crate::app::mouse::Target;
use crate::app::state::{Mark, State};
use crate::engine::cell::{State as CellState, Step};
use crate::engine::network::Layer;

/// The way from the state carried in to the one carried on.
const ARROW: &str = "  ────▶  ";

/// The line above the table.
const HEAD: usize = 1;

/// The rows of the table that are shown before all of what is said below it is.
const FEW: usize = 4;

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
pub(super) fn which(state: &State, rows: &[usize]) -> [usize; 5] {
    let row = |i: usize| rows.get(i).copied().unwrap_or(0);
    let pass = 2 * state.focus().layer + state.place().pass;
    [pass, row(0), row(1), row(rows.len().saturating_sub(1)), rows.len()]
}

/// What is carried in the order of its rows.
fn in_order(carried: &CellState) -> Vec<f64> {
    let CellState { hidden, cell, .. } = carried;
    match hidden.len() == cell.len() {
        true => hidden.iter().zip(cell).flat_map(|(&hidden, &cell)| [hidden, cell]).collect(),
        false => hidden.iter().chain(cell).copied().collect(),
    }
}

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
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

/// The heads of the two columns: `h(0)` and `h(1)`, or the timesteps alone where two states are carried.
fn heads(state: &State, t: usize) -> [String; 2] {
    let times = [time_before(state.direction(), t), t.to_string()];
    match state.layer() {
        Layer::Lstm(_) => times.map(|t| format!("t = {t}")),
        _ => times.map(|t| format!("h({t})")),
    }
}

/// What is at a place: a state carried in, if it is given, else the unit of its row.
pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let (line, column) = (usize::from(at.y - area.y), usize::from(at.x - area.x));
    let Table { all, shown, widths: [name, before, _], .. } = Table::new(state, area)?;
    let carried = &all[*shown.get(line.checked_sub(HEAD)?)?];
    let number = carried.given.filter(|_| (name + LABEL..name + LABEL + before).contains(&column));
    let unit = carried.unit.map(|unit| Target::Unit { layer: state.focus().layer, unit });
    number.map(Target::Number).or(unit)
}
