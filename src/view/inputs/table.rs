//! The input table in the room there is: which columns it keeps, in how many digits and under what heads.

use std::ops::Range;

use super::super::number::Numbers;
use super::columns::{Column, HEADS, Heads, Kind, columns, label_width, looked_at};
use crate::app::state::State;
use crate::engine::weighted_sum::Source;
use crate::scenario::edit::Number;

/// The widest the head of a claim is before the name of an input is cut.
const IN_SHORT: usize = 7;

/// The widest a label of a row is where heads or numbers want its room.
const WIDEST_LABEL: usize = 12;

/// How much of a label of a row stays where there is little room.
const LABEL: usize = 6;

/// The fewest significant digits before columns are left out.
const FEWEST_DIGITS: usize = 4;

/// The columns worth writing where it is not yet known how many have room.
const MOST_COLUMNS: usize = 40;

/// How wide the panel's content is: with long heads whole in the narrowest way there is, then with heads that are no wider than
/// they may make their columns, on one line, on two, and with names alone on two.
pub fn widths(state: &State) -> Vec<u16> {
    let rows = state.t().saturating_sub(8)..(state.t() + 8).min(state.scenario().timesteps());
    let label = label_width(state, rows.clone()).min(WIDEST_LABEL);
    let columns = columns(state, &rows, 0, MOST_COLUMNS, Numbers::new(state.settings()));
    let ways: [fn(usize) -> Heads; 3] = [Heads::OneLine, Heads::TwoLines, Heads::NamesOnTwo];
    let widths = |widest| ways.map(|way| u16::try_from(table_width(label, &columns, way(widest))).unwrap_or(u16::MAX));
    let (whole, cut) = (widths(usize::MAX), widths(HEADS.0));
    let narrowest = whole.into_iter().min().filter(|_| whole[0] > cut[0]);
    narrowest.into_iter().chain(cut).collect()
}

/// How wide its content has to be in few digits: for one input beside one output and what holds of what is claimed of it; in a
/// comparison for one beside all that is compared, and for that alone.
pub fn least_widths(state: &State) -> Vec<u16> {
    let rows = state.t().saturating_sub(8)..(state.t() + 8).min(state.scenario().timesteps());
    let label = label_width(state, rows.clone()).min(LABEL);
    let mut columns = columns(state, &rows, 0, MOST_COLUMNS, Numbers::new(state.settings()).rounded(FEWEST_DIGITS - 1));
    columns.retain(|column| column.kind != Kind::Unit);
    let kept: &[Kept] = if state.is_comparing() { &[Kept::All, Kept::Compared] } else { &[Kept::Verdict] };
    let width = |kept: &Kept| {
        let mut columns = columns.clone();
        kept.keep(&mut columns);
        leave_out(&mut columns, label, 0, looked_at(state));
        u16::try_from(table_width(label, &columns, Heads::OneLine(HEADS.1))).unwrap_or(u16::MAX)
    };
    kept.iter().map(width).collect()
}

/// The first input that the terms of the weighted sum are scrolled to; the last one where they are scrolled beyond the inputs.
fn first_scrolled_to(state: &State) -> usize {
    match state.terms().get(state.first_term()).map(|term| term.source) {
        Some(Source::Input(input)) => input,
        Some(Source::Row { .. }) | None => 0,
        Some(_) if state.first_term() == 0 => 0,
        Some(_) => state.layer().cell(state.place().pass).inputs().saturating_sub(1),
    }
}

fn table_width(label: usize, columns: &[Column], heads: Heads) -> usize {
    1 + label + columns.iter().map(|column| column.width(heads) + column.gap()).sum::<usize>()
}

/// The columns that fit, and how their heads are written.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// The width of the labels.
    pub(super) label: usize,
    pub(super) heads: Heads,
}

impl Table {
    /// The table with the input that is typed, or the first one that the terms are scrolled to, where not all have room.
    pub(super) fn with_chosen(state: &State, rows: &Range<usize>, room: usize, may_wrap: bool) -> Self {
        let table = Self::new(state, rows, 0, room, may_wrap);
        let chosen = match state.entry().map(|entry| entry.number) {
            Some(Number::Input { feature, .. }) => Some(feature).filter(|feature| !table.shows(*feature)),
            _ => Some(first_scrolled_to(state)).filter(|first| *first > 0 && table.has_more_inputs()),
        };
        let Some(chosen) = chosen else { return table };
        let from = |first| Self::new(state, rows, first, room, may_wrap);
        // At the end of the inputs, those before the last ones fill the room.
        let (mut first, mut table) = (chosen, from(chosen));
        while first > 0 && !table.has_more_inputs() {
            let fuller = from(first - 1);
            if fuller.has_more_inputs() {
                break;
            }
            (first, table) = (first - 1, fuller);
        }
        table
    }

    /// The columns of the screen it takes.
    pub(super) fn width(&self) -> usize {
        table_width(self.label, &self.columns, self.heads)
    }

    /// Whether any head takes both of two lines.
    pub(super) fn breaks_heads(&self) -> bool {
        self.columns.iter().any(|column| !column.two_lines(self.heads)[0].is_empty())
    }

    pub(super) fn shows(&self, feature: usize) -> bool {
        self.columns.iter().any(|column| column.kind == Kind::Input(feature))
    }

    /// Whether there are inputs after the last one that is shown.
    pub(super) fn has_more_inputs(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.kind, Kind::MoreInputs(_)))
    }

    /// Breaks and cuts heads, then leaves the unit looked at to the other panels, then shortens numbers and labels, and
    /// only then leaves out inputs and outputs, until the table fits.
    pub(super) fn new(state: &State, rows: &Range<usize>, from: usize, room: usize, may_wrap: bool) -> Self {
        let whole_label = label_width(state, rows.clone());
        let label = whole_label.min(WIDEST_LABEL);
        let columns = |numbers| columns(state, rows, from, room / 3 + 1, numbers);
        let numbers = Numbers::new(state.settings());
        let all = columns(numbers);
        if let Some(heads) = uncut(may_wrap).find(|&heads| table_width(whole_label, &all, heads) <= room) {
            return Self { columns: all, label: whole_label, heads };
        }
        if let Some(heads) = fitting(&all, label, room, may_wrap) {
            return Self { columns: all, label, heads };
        }
        let without_unit = |numbers| {
            let mut columns = columns(numbers);
            columns.retain(|column| column.kind != Kind::Unit);
            columns
        };
        if state.is_comparing() {
            // The outputs side by side are what is asked for: inputs give way before digits do.
            let mut columns = without_unit(numbers);
            leave_out(&mut columns, label, room, looked_at(state));
            if let Some(heads) = fitting(&columns, label, room, may_wrap) {
                return Self { columns, label, heads };
            }
        }
        let short_label = label.min(LABEL);
        let ways = |label| numbers.shorter(FEWEST_DIGITS).flat_map(Numbers::rooms).map(move |numbers| (label, numbers));
        for (label, numbers) in [label, short_label].into_iter().flat_map(ways) {
            let columns = without_unit(numbers);
            if let Some(heads) = fitting(&columns, label, room, may_wrap) {
                return Self { columns, label, heads };
            }
        }
        let label = short_label;
        let fewer = [numbers, numbers.rounded(FEWEST_DIGITS), numbers.rounded(FEWEST_DIGITS - 1)];
        let written: Vec<Vec<Column>> = fewer.into_iter().flat_map(Numbers::rooms).map(without_unit).collect();
        let mut last = Vec::new();
        // The outputs give way before the last input does, unless they are compared.
        for (kept, written) in Kept::ALL.into_iter().flat_map(|kept| written.iter().map(move |written| (kept, written))) {
            let mut columns = written.clone();
            kept.keep(&mut columns);
            leave_out(&mut columns, label, room, looked_at(state));
            if let Some(heads) = fitting(&columns, label, room, may_wrap) {
                return Self { columns, label, heads };
            }
            last = columns;
        }
        Self { columns: last, label, heads: Heads::OneLine(HEADS.1) }
    }
}

/// What is kept of the outputs that are not left out.
#[derive(Clone, Copy)]
enum Kept {
    /// All that stands beside them.
    All,
    /// In a comparison all that is compared, but of the inputs how many there are.
    Compared,
    /// Of a claim whether it holds, of a comparison how much more the output is.
    Verdict,
    /// Nothing beside them.
    Alone,
    /// How many there are.
    Count,
}

impl Kept {
    /// From the most to the least.
    const ALL: [Self; 5] = [Self::All, Self::Compared, Self::Verdict, Self::Alone, Self::Count];

    fn keep(self, columns: &mut Vec<Column>) {
        match self {
            Self::All => {}
            Self::Compared => {
                if columns.iter().any(|column| matches!(column.kind, Kind::Original(_))) {
                    count_inputs(columns);
                }
            }
            Self::Verdict => {
                columns.retain(|column| !matches!(column.kind, Kind::Original(_)));
                columns.iter_mut().for_each(Column::shorten_to_verdict);
            }
            Self::Alone => {
                columns.retain(|column| !matches!(column.kind, Kind::Original(_) | Kind::Difference(_) | Kind::Claim(_)));
            }
            Self::Count => count_outputs(columns),
        }
    }
}

/// Puts a column that says how many inputs there are in the place of theirs.
fn count_inputs(columns: &mut Vec<Column>) {
    let count = |kind| match kind {
        Kind::Input(_) => 1,
        Kind::InputsBefore(inputs) | Kind::MoreInputs(inputs) => inputs,
        _ => 0,
    };
    let (inputs, rows) = (columns.iter().map(|column| count(column.kind)).sum(), columns.first().map_or(0, |c| c.cells.len()));
    columns.retain(|column| count(column.kind) == 0);
    columns.insert(0, Column::more(Kind::MoreInputs, inputs, rows));
}

/// Puts a column that says how many outputs there are in the place of theirs.
fn count_outputs(columns: &mut Vec<Column>) {
    let count = |kind| match kind {
        Kind::Output(_) => 1,
        Kind::OutputsBefore(outputs) | Kind::MoreOutputs(outputs) => outputs,
        _ => 0,
    };
    let (outputs, rows) = (columns.iter().map(|column| count(column.kind)).sum(), columns.first().map_or(0, |c| c.cells.len()));
    columns.retain(|column| matches!(column.kind, Kind::Input(_) | Kind::InputsBefore(_) | Kind::MoreInputs(_)));
    columns.push(Column::more(Kind::OutputsBefore, outputs, rows));
}

/// The ways in which heads are as long as they are.
fn uncut(may_wrap: bool) -> impl Iterator<Item = Heads> {
    [Heads::OneLine(usize::MAX)].into_iter().chain(may_wrap.then_some(Heads::TwoLines(usize::MAX)))
}

/// How the heads are written so that the columns fit: whole, broken, or cut; names alone on two lines where that cuts fewer.
fn fitting(columns: &[Column], label: usize, room: usize, may_wrap: bool) -> Option<Heads> {
    let narrower = |heads: fn(usize) -> Heads| (HEADS.1..=HEADS.0).rev().map(heads);
    let whole = may_wrap.then_some([Heads::TwoLines(HEADS.0), Heads::NamesOnTwo(HEADS.0)]).into_iter().flatten();
    let cut = narrower(if may_wrap { Heads::TwoLines } else { Heads::OneLine });
    let shortened = std::iter::once(Heads::OneLine(HEADS.0)).chain(whole).chain([HEADS.0, IN_SHORT].map(Heads::Names)).chain(cut);
    let fits = |heads: &Heads| table_width(label, columns, *heads) <= room;
    let count_cut = |heads| columns.iter().filter(|column| column.is_cut(heads)).count();
    let found = uncut(may_wrap).chain(shortened).find(fits)?;
    let mut on_two = std::iter::once(Heads::NamesOnTwo(usize::MAX)).chain(narrower(Heads::NamesOnTwo));
    let on_two = may_wrap.then(|| on_two.find(fits)).flatten();
    Some(on_two.filter(|&on_two| count_cut(on_two) < count_cut(found)).unwrap_or(found))
}

/// Leaves out inputs and outputs, whichever there are more of, until the table fits; the output `keep` and one input stay.
fn leave_out(columns: &mut Vec<Column>, label: usize, room: usize, keep: usize) {
    while table_width(label, columns, Heads::OneLine(HEADS.1)) > room {
        let count = |wanted: &dyn Fn(Kind) -> bool| columns.iter().filter(|column| wanted(column.kind)).count();
        let last = |wanted: &dyn Fn(Kind) -> bool| columns.iter().rposition(|column| wanted(column.kind));
        let inputs = count(&|kind| matches!(kind, Kind::Input(_)));
        let input = last(&|kind| matches!(kind, Kind::Input(_))).filter(|_| inputs > 1);
        let output = last(&|kind| matches!(kind, Kind::Output(i) if i != keep));
        match (input, output) {
            (_, Some(output)) if count(&|kind| matches!(kind, Kind::Output(_))) >= inputs => {
                leave_out_output(columns, output, keep);
            }
            (Some(input), _) => leave_out_input(columns, input),
            (None, Some(output)) => leave_out_output(columns, output, keep),
            (None, None) => break,
        }
    }
}

/// Counts an input among those that have no room; they are the last ones.
fn leave_out_input(columns: &mut Vec<Column>, at: usize) {
    let rows = columns.remove(at).cells.len();
    match columns.get(at).map(|column| column.kind) {
        Some(Kind::MoreInputs(more)) => columns[at] = Column::more(Kind::MoreInputs, more + 1, rows),
        _ => columns.insert(at, Column::more(Kind::MoreInputs, 1, rows)),
    }
}

/// Counts an output among those that have no room on its side of the one that stays, and its claim with it.
fn leave_out_output(columns: &mut Vec<Column>, at: usize, keep: usize) {
    let left_out = columns.remove(at);
    let Kind::Output(unit) = left_out.kind else { return };
    let beside = [Kind::Claim(unit), Kind::Original(unit), Kind::Difference(unit)];
    columns.retain(|column| !beside.contains(&column.kind));
    let rows = left_out.cells.len();
    if unit > keep {
        let more = match columns.last().map(|column| column.kind) {
            Some(Kind::MoreOutputs(more)) => {
                columns.pop();
                more
            }
            _ => 0,
        };
        columns.push(Column::more(Kind::MoreOutputs, more + 1, rows));
        return;
    }
    let more = columns.iter().position(|column| matches!(column.kind, Kind::OutputsBefore(_)));
    let first = columns.iter().position(|column| matches!(column.kind, Kind::Output(_) | Kind::Original(_)));
    match (more, first) {
        (Some(at), _) => {
            if let Kind::OutputsBefore(before) = columns[at].kind {
                columns[at] = Column::more(Kind::OutputsBefore, before + 1, rows);
            }
        }
        (None, Some(at)) => columns.insert(at, Column::more(Kind::OutputsBefore, 1, rows)),
        (None, None) => {}
    }
}
