//! The columns of the input table: which there are, what they hold, and how their heads are written.

use std::ops::Range;

use super::super::flow;
use super::super::layout::window;
use super::super::number::{Numbers, aligned, aligned_in, extent, parts, widest};
use super::super::panel::{cut, cut_name, right};
use super::super::text::words;
use super::super::width::Width;
use crate::app::foreseen::Part;
use crate::app::sight::NOT_YET;
use crate::app::state::State;
use crate::engine::network::NetworkStep;

/// The widest a column head makes its column, and the narrowest it is cut to.
pub(super) const HEADS: (usize, usize) = (12, 4);

/// The most rows that the table is taken to show on either side of the current one.
const MOST_ROWS: usize = 32;

/// One column of the table, written for the rows that are visible.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) head: String,
    /// Where in it the name begins: behind the symbol of an input, behind what says that it is an output of another layer.
    name: usize,
    /// What stands for the head where there is no room for it.
    short: Option<String>,
    pub(super) cells: Vec<String>,
    pub(super) kind: Kind,
    /// Whether the original stands on its left.
    follows_original: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// An input, by its number.
    Input(usize),
    /// So many inputs before the first that is shown.
    InputsBefore(usize),
    /// So many inputs that have no room.
    MoreInputs(usize),
    /// The unit looked at, where it is not an output of the network.
    Unit,
    /// So many outputs before the first that is shown, or all of them.
    OutputsBefore(usize),
    /// An output of the network before any edit, by its unit.
    Original(usize),
    /// An output of the network, by its unit.
    Output(usize),
    /// How much more the output is than the original one.
    Difference(usize),
    /// What is claimed of that output.
    Claim(usize),
    /// So many outputs that have no room.
    MoreOutputs(usize),
}

/// How the heads of the columns are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Heads {
    /// On one line, cut to a width.
    OneLine(usize),
    /// On two lines, broken at a space, an input's symbol above its name, cut to a width.
    TwoLines(usize),
    /// On one line, without the symbols of the inputs, those of outputs and claims cut to a width.
    Names(usize),
    /// On two lines, likewise, cut to a width.
    NamesOnTwo(usize),
}

impl Column {
    pub(super) fn width(&self, heads: Heads) -> usize {
        let cells = self.cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
        let fitted = |line: &str, widest| self.fitted(line, widest).width();
        let widest_of_two = |widest| self.two_lines(heads).map(|line| fitted(line, widest)).into_iter().max().unwrap_or(0);
        cells.max(match heads {
            Heads::OneLine(widest) => fitted(self.one_line(heads), widest),
            Heads::Names(widest) => {
                let widest = if let Kind::Input(_) = self.kind { HEADS.0 } else { widest };
                fitted(self.one_line(heads), widest)
            }
            Heads::TwoLines(widest) | Heads::NamesOnTwo(widest) => widest_of_two(widest),
        })
    }

    /// A line of the head in so many columns: whole, in short, or cut.
    pub(super) fn fitted(&self, line: &str, room: usize) -> String {
        if line.width() <= room || line != self.head {
            return cut_name(line, room);
        }
        match (self.kind, self.before_name(), &self.short) {
            // Of the name of an input, two letters and the sign of a cut are worth more than none.
            (Kind::Input(_), _, Some(short)) if room < short.width() + 4 => cut(short, room),
            (Kind::Output(_), Some((output, name)), _) if name.width() + 2 <= room => {
                format!("{} {name}", cut(output, room - name.width() - 1))
            }
            (Kind::Output(_), Some((_, name)), _) => cut_name(name, room),
            (Kind::Input(_), ..) | (.., None) => cut_name(line, room),
            (.., Some(short)) => cut(short, room),
        }
    }

    /// What stands before the name, and the name.
    fn before_name(&self) -> Option<(&str, &str)> {
        Some((self.head.get(..self.name)?.trim_end(), self.head.get(self.name..)?)).filter(|_| self.name > 0)
    }

    /// The head, or the name in it.
    pub(super) fn one_line(&self, heads: Heads) -> &str {
        match (heads, self.kind, self.before_name()) {
            (Heads::Names(_), Kind::Input(_), Some((_, name))) => name,
            _ => &self.head,
        }
    }

    /// The head where that of no column breaks.
    pub(super) fn unbroken(&self, heads: Heads) -> &str {
        match heads {
            Heads::OneLine(_) | Heads::Names(_) => self.one_line(heads),
            Heads::TwoLines(_) | Heads::NamesOnTwo(_) => self.two_lines(heads)[1],
        }
    }

    /// Whether something of the head is left out.
    pub(super) fn is_cut(&self, heads: Heads) -> bool {
        let width = self.width(heads);
        let is_cut = |line: &str| self.fitted(line, width) != line;
        match heads {
            Heads::OneLine(_) | Heads::Names(_) => is_cut(self.one_line(heads)),
            Heads::TwoLines(_) | Heads::NamesOnTwo(_) => self.two_lines(heads).into_iter().any(is_cut),
        }
    }

    /// The head broken before the name in it, or at a space, or its one word on the second line.
    pub(super) fn two_lines(&self, heads: Heads) -> [&str; 2] {
        let (whole, in_two) = match (heads, self.kind, self.before_name()) {
            (Heads::NamesOnTwo(_), Kind::Input(_), Some((_, name))) => (name, broken(name)),
            (.., Some(named)) => (self.head.as_str(), Some(named)),
            (.., None) => (self.head.as_str(), broken(&self.head)),
        };
        in_two.map_or(["", whole], |(first, second)| [first, second])
    }

    /// A column that stands for so many that have no room.
    pub(super) fn more(kind: fn(usize) -> Kind, columns: usize, rows: usize) -> Self {
        let head = format!("+{columns}");
        Self { head, name: 0, short: None, cells: vec!["…".into(); rows], kind: kind(columns), follows_original: false }
    }

    /// Leaves of a claim whether it holds, as far as that is known.
    pub(super) fn shorten_to_verdict(&mut self) {
        if let Kind::Claim(_) = self.kind {
            self.head.clear();
            self.short = None;
            self.cells.iter_mut().for_each(|cell| *cell = cell.chars().take(1).collect());
        }
    }

    pub(super) fn gap(&self) -> usize {
        match self.kind {
            Kind::Input(_) => 2,
            Kind::InputsBefore(_) | Kind::MoreInputs(_) | Kind::MoreOutputs(_) | Kind::Claim(_) => 1,
            Kind::Difference(_) => 2,
            Kind::Output(_) if self.follows_original => 2,
            Kind::Unit | Kind::OutputsBefore(_) | Kind::Output(_) | Kind::Original(_) => 3,
        }
    }
}

/// A text broken at the space that leaves the narrowest lines, if it has one.
fn broken(text: &str) -> Option<(&str, &str)> {
    let parts = text.match_indices(' ').map(|(at, blank)| (&text[..at], &text[at + blank.len()..]));
    parts.min_by_key(|(first, second)| first.width().max(second.width()))
}

/// The output that is shown whatever room there is: the unit looked at, if it is one.
pub(super) fn looked_at(state: &State) -> usize {
    let focus = state.focus();
    if focus.layer + 1 == state.scenario().names.len() && !state.layer().projects() { focus.unit } else { 0 }
}

pub(super) fn label(state: &State, t: usize) -> String {
    state.scenario().label(t).map_or_else(|| format!("X({t})"), |label| label.get(state.settings().language).to_owned())
}

pub(super) fn label_width(state: &State, rows: Range<usize>) -> usize {
    let widest = |rows: Range<usize>| rows.map(|t| label(state, t).width()).max().unwrap_or(0);
    let [foreseen, ..] = state.extent(Part::Label, [0; 6], || extent([widest(state.foreseen())]));
    foreseen.max(widest(rows))
}

/// The columns for some rows, at most so many of the inputs, from one of them on, and of the outputs.
pub(super) fn columns(state: &State, rows: &Range<usize>, from: usize, most: usize, numbers: Numbers) -> Vec<Column> {
    let language = state.settings().language;
    let words = words(language);
    let scenario = &state.scenario();
    let focus = state.focus();
    type Value<'a> = dyn Fn(Option<&NetworkStep>, usize) -> Option<f64> + 'a;
    // The room that the numbers of all timesteps foreseen need.
    let room = |kind: Kind, value: &Value<'_>| {
        let (part, i) = match kind {
            Kind::Input(i) => (Part::Input, i),
            Kind::Output(i) => (Part::Output, i),
            Kind::Unit => (Part::Unit, focus.unit),
            _ => return [0, 0],
        };
        // The input is known beyond the timesteps foreseen, as far as the table shows it beside one of them.
        let find = || match (kind, focus.layer) {
            (Kind::Input(_), 0) => numbers.extent(beside(state.foreseen(), scenario.timesteps()).filter_map(|t| value(None, t))),
            _ => numbers.extent(state.steps_foreseen().filter_map(|step| value(Some(step), step.t))),
        };
        let [before, after, ..] = numbers.reserved(state, part, [focus.layer, i, 0, 0, 0], || extent(find()));
        [before, after]
    };
    let column = |head: String, kind: Kind, value: &Value<'_>| {
        let write = |value: Option<f64>| value.map_or_else(String::new, |v| numbers.write(v));
        let cells: Vec<String> = rows.clone().map(|t| write(value(state.step_at(t), t))).collect();
        let cells = aligned_in(&cells, room(kind, value)).into_iter().map(blank_at_end).collect();
        Column { head, name: 0, short: None, cells, kind, follows_original: false }
    };
    let given = |step: Option<&NetworkStep>, layer: usize, i: usize| step?.layers[layer].as_ref()?.output.get(i).copied();
    let is_last = focus.layer + 1 == scenario.names.len();
    let mut columns = Vec::new();
    let inputs = scenario.input_names(focus.layer);
    if from > 0 {
        columns.push(Column::more(Kind::InputsBefore, from, rows.len()));
    }
    for (i, name) in inputs.iter().enumerate().skip(from).take(most) {
        let symbol = format!("x{}", i + 1);
        // The name behind the symbol that stands for it in the weighted sum and the formula.
        let (head, name) = match name.get(language) {
            name if name == symbol => (symbol.clone(), 0),
            name => (format!("{symbol} {name}"), symbol.len() + 1),
        };
        let written = column(head, Kind::Input(i), &|step, t| match focus.layer.checked_sub(1) {
            None => scenario.inputs.get([t, i]).copied(),
            Some(before) => given(step, before, i),
        });
        columns.push(Column { name, short: Some(symbol), ..written });
    }
    let left_out = inputs.len().saturating_sub(from.saturating_add(most));
    if left_out > 0 {
        columns.push(Column::more(Kind::MoreInputs, left_out, rows.len()));
    }
    if !is_last && !state.layer().projects() {
        let name = scenario.names[focus.layer].units[focus.unit].get(language).to_owned();
        columns.push(column(name, Kind::Unit, &|step, _| given(step, focus.layer, focus.unit)));
    }
    let outputs = scenario.output_names();
    // The only output is its letter, unless that could be taken for one of the layer looked at.
    let short = scenario.network.layers.last().filter(|_| outputs.len() == 1).map(|last| match flow::letter(last) {
        letter if !is_last && letter == flow::letter(state.layer()) => words.output_in_short.to_owned(),
        letter => letter.to_string(),
    });
    let near = window(outputs.len(), looked_at(state), most);
    if near.start > 0 {
        columns.push(Column::more(Kind::OutputsBefore, near.start, rows.len()));
    }
    for (i, name) in outputs.iter().enumerate().take(near.end).skip(near.start) {
        let (head, name) = match (outputs.len(), name.get(language)) {
            (1, _) => (words.output.to_owned(), 0),
            (_, name) if is_last => (name.to_owned(), 0),
            (_, name) => (format!("{} {name}", words.output), words.output.len() + 1),
        };
        let short = short.clone();
        let output = |t| Some(state.step_at(t)?.output()?[i]);
        let given_now = |step: Option<&NetworkStep>, _: usize| step?.output()?.get(i).copied();
        if state.is_comparing() {
            let original = |t| Some(state.original_step_at(t)?.output()?[i]);
            let without_dot = |head: &str| Some(head.trim_end_matches('.').to_owned());
            let short_original = without_dot(words.original);
            let written = column(words.original.into(), Kind::Original(i), &|_, t| original(t));
            columns.push(Column { short: short_original, ..written });
            columns.push(Column { follows_original: true, name, short, ..column(head, Kind::Output(i), &given_now) });
            let more = |t| original(t).zip(output(t)).map_or_else(String::new, |(a, b)| difference(a, b, numbers));
            let cells = aligned(&rows.clone().map(more).collect::<Vec<_>>());
            let (head, short) = (words.difference.into(), without_dot(words.difference));
            columns.push(Column { head, name: 0, short, cells, kind: Kind::Difference(i), follows_original: false });
            continue;
        }
        columns.push(Column { name, short, ..column(head, Kind::Output(i), &given_now) });
        if let Some(expected) = &scenario.expected {
            let written: Vec<String> = rows
                .clone()
                .map(|t| match (expected.output[[t, i]], verdict(state, t, i)) {
                    (claimed, _) if claimed.is_nan() => String::new(),
                    _ if state.is_covered(t) => numbers.write(NOT_YET),
                    (claimed, Some(false)) => {
                        numbers.apart_from(claimed, &output(t).map_or_else(String::new, |v| numbers.write(v)))
                    }
                    (claimed, _) => numbers.write(claimed),
                })
                .collect();
            let find = || {
                let claim = |step: &NetworkStep| {
                    let claimed = Some(expected.output[[step.t, i]]).filter(|claimed| !claimed.is_nan())?;
                    let holds = scenario.claim(step).and_then(|claim| claim.each[i]);
                    let output = step.output().filter(|_| holds == Some(false));
                    let other = output.map_or_else(String::new, |output| numbers.write(output[i]));
                    Some(parts(&numbers.apart_from(claimed, &other)))
                };
                widest(state.steps_foreseen().filter_map(claim))
            };
            let [before, after, ..] = numbers.reserved(state, Part::Claim, [focus.layer, i, 0, 0, 0], || extent(find()));
            let claimed = rows.clone().zip(aligned_in(&written, [before, after]).into_iter().map(blank_at_end));
            columns.push(Column {
                head: words.claim.into(),
                name: 0,
                short: Some(words.claim_in_short.into()),
                cells: claimed.map(|(t, cell)| format!("{} {cell}", mark(verdict(state, t, i)))).collect(),
                kind: Kind::Claim(i),
                follows_original: false,
            });
        }
    }
    let left_out = outputs.len() - near.end;
    if left_out > 0 {
        columns.push(Column::more(Kind::MoreOutputs, left_out, rows.len()));
    }
    columns
}

/// Some timesteps with those that the table shows beside them; none beside none.
fn beside(timesteps: Range<usize>, all: usize) -> Range<usize> {
    if timesteps.is_empty() { timesteps } else { timesteps.start.saturating_sub(MOST_ROWS)..(timesteps.end + MOST_ROWS).min(all) }
}

/// A number that is not known yet as the blank for it, at the end of its column: where its digits will be is not known either.
fn blank_at_end(cell: String) -> String {
    if cell.trim() == "_" { right("_", cell.width()) } else { cell }
}

/// How much more one number is than another.
pub(super) fn difference(from: f64, to: f64, numbers: Numbers) -> String {
    let more = if from == to { 0.0 } else { to - from };
    let sign = if more > 0.0 { "+" } else { "" };
    format!("{sign}{}", numbers.write(more))
}

/// Whether what is claimed of an output holds, as far as it is known yet.
pub(super) fn verdict(state: &State, t: usize, output: usize) -> Option<bool> {
    state.claim_at(t)?.each[output]
}

pub(super) const fn mark(holds: Option<bool>) -> &'static str {
    match holds {
        Some(true) => "✓",
        Some(false) => "✗",
        None => " ",
    }
}
