//! The hidden state of the layer: what was carried in, what is carried on.

use ndarray::Array1;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::number::{Numbers, aligned};
use super::panel::{cut, frame, left, lines, marked, padded, right, span, wrapped};
use super::symbols;
use super::text::words;
use super::theme::{Role, style};
use crate::app::state::State;

/// The way from the state carried in to the one carried on.
const ARROW: &str = "  ────▶  ";

/// How tall the panel is when all units have room, with its frame.
pub fn height(state: &State) -> u16 {
    u16::try_from(state.layer().units() + 4).unwrap_or(u16::MAX)
}

/// Draws the state before and after, or the outputs of a layer that carries nothing.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let words = words(state.settings().language);
    let recurrent = state.layer().is_recurrent();
    let title = if recurrent { words.hidden_state } else { words.output };
    let inside = frame(title, area, state.settings(), buffer);
    match (recurrent, inside.height) {
        (_, 0) => {}
        (true, 1) => lines([one_line(state, inside.width)], inside, buffer),
        (true, _) => carried(state, inside, buffer),
        (false, _) => not_carried(state, inside, buffer),
    }
}

/// Where the state comes from, if it is the first, and where it goes.
fn destination(state: &State) -> String {
    let words = words(state.settings().language);
    let t = state.t();
    let from = if t == 0 { format!("h(-1) {}; ", words.initial) } else { String::new() };
    let to = if t == state.last() { words.carried_no_further.into() } else { format!("{} t = {}", words.carried_to, t + 1) };
    from + &to
}

fn one_line(state: &State, width: u16) -> Line<'static> {
    let settings = state.settings();
    let Some(step) = state.layer_step() else { return Line::default() };
    let (unit, units, t) = (state.focus().unit, state.layer().units(), state.t());
    let spans = |numbers: Numbers| {
        vec![
            Span::raw(format!(" {} ", symbols::state(unit, symbols::before(t), units))),
            span(numbers.write(step.before.hidden[unit]), Role::Current, settings),
            Span::raw(format!(" ─▶ {} ", symbols::state(unit, t, units))),
            span(numbers.write(step.after.hidden[unit]), Role::Total, settings),
            Span::raw("  "),
        ]
    };
    let used = |spans: &[Span]| spans.iter().map(Span::width).sum::<usize>();
    let numbers = Numbers::new(settings).fitting(|numbers| used(&spans(numbers)) <= usize::from(width));
    let mut spans = spans(numbers);
    spans.push(Span::raw(cut(&destination(state), usize::from(width).saturating_sub(used(&spans)))));
    Line::from(spans)
}

/// The units that are visible in so many lines around the one looked at; where not all are, a line is left to say so.
fn visible(state: &State, room: usize) -> std::ops::Range<usize> {
    let units = state.layer().units();
    let rows = if units > room { room.saturating_sub(1).max(1) } else { units };
    let first = state.focus().unit.saturating_sub(rows / 2).min(units - rows);
    first..first + rows
}

fn carried(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let Some(step) = state.layer_step() else { return };
    let (t, names) = (state.t(), &state.scenario().names[state.focus().layer].units);
    let has_foot = area.height >= 3;
    let shown = visible(state, usize::from(area.height) - 1 - usize::from(has_foot));
    let heads = [format!("h({})", symbols::before(t)), format!("h({t})")];
    let name_width = shown.clone().map(|i| cut(&names[i], 12).width()).max().unwrap_or(0);
    let column = |numbers: Numbers, state: &Array1<f64>, head: &str| {
        let cells = aligned(&shown.clone().map(|i| numbers.write(state[i])).collect::<Vec<_>>());
        let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(head.width());
        (cells, width)
    };
    let columns =
        |numbers: Numbers| (column(numbers, &step.before.hidden, &heads[0]), column(numbers, &step.after.hidden, &heads[1]));
    let width = |before: usize, after: usize| name_width + before + after + ARROW.width() + 4;
    let fits = |numbers| {
        let ((_, before), (_, after)) = columns(numbers);
        width(before, after) <= usize::from(area.width)
    };
    let ((before, left_width), (after, right_width)) = columns(Numbers::new(settings).fitting(fits));
    let gap = " ".repeat(ARROW.width());
    let head = format!("  {:name_width$}  {}{gap}{}", "", right(&heads[0], left_width), right(&heads[1], right_width));
    let mut table = vec![Line::from(span(head, Role::Frame, settings))];
    let is_new = state.change().is_new_timestep();
    for (i, (before, after)) in shown.clone().zip(before.iter().zip(&after)) {
        let role = if i == state.focus().unit { Role::Total } else { Role::Plain };
        let mut row = vec![span(unit_label(state, i, name_width), role, settings)];
        row.extend(padded(&right(before, left_width), style(Role::Current, settings)));
        row.push(Span::raw(ARROW));
        row.extend(padded(&right(after, right_width), marked(style(role, settings), is_new, settings)));
        table.push(Line::from(row));
    }
    table.extend(more(state, &shown));
    if has_foot {
        let foot = wrapped(&destination(state), usize::from(area.width).saturating_sub(3));
        table.extend(foot.into_iter().map(|line| Line::from(format!("  {line}"))));
    }
    lines(table, area, buffer);
}

/// A unit's name, marked where it is one of several and the one looked at.
fn unit_label(state: &State, unit: usize, width: usize) -> String {
    let names = &state.scenario().names[state.focus().layer].units;
    let marker = if unit == state.focus().unit && names.len() > 1 { "▸" } else { " " };
    format!(" {marker}{}  ", left(&cut(&names[unit], 12), width))
}

/// The line that says how many units have no room.
fn more(state: &State, shown: &std::ops::Range<usize>) -> Option<Line<'static>> {
    let hidden = state.layer().units() - shown.len();
    (hidden > 0).then(|| Line::from(format!("  … {hidden} {}", words(state.settings().language).more)))
}

fn not_carried(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let words = words(settings.language);
    let width = usize::from(area.width);
    let Some(step) = state.layer_step() else {
        return lines([Line::from(format!("  {}", words.only_last))], area, buffer);
    };
    if area.height == 1 {
        let unit = state.focus().unit;
        let text = |numbers: Numbers| {
            format!(" {} {}", symbols::output(state.layer(), unit, state.t()), numbers.write(step.output[unit]))
        };
        let numbers = Numbers::new(settings).fitting(|numbers| text(numbers).width() <= width);
        return lines([Line::from(format!("{}  {}", text(numbers), words.nothing_carried))], area, buffer);
    }
    let names = &state.scenario().names[state.focus().layer].units;
    let shown = visible(state, usize::from(area.height) - 1);
    let name_width = shown.clone().map(|i| cut(&names[i], 12).width()).max().unwrap_or(0);
    let written = |numbers: Numbers| aligned(&shown.clone().map(|i| numbers.write(step.output[i])).collect::<Vec<_>>());
    let fits = |numbers| written(numbers).iter().all(|number| name_width + 4 + number.trim_end().width() <= width);
    let is_new = state.change().is_new_timestep();
    let mut table = Vec::new();
    for (i, number) in shown.clone().zip(written(Numbers::new(settings).fitting(fits))) {
        let role = if i == state.focus().unit { Role::Total } else { Role::Plain };
        let mut row = vec![span(unit_label(state, i, name_width), role, settings)];
        row.extend(padded(&number, marked(style(role, settings), is_new, settings)));
        table.push(Line::from(row));
    }
    table.extend(more(state, &shown));
    let foot = wrapped(words.nothing_carried, width.saturating_sub(3));
    table.extend(foot.into_iter().map(|line| Line::from(format!("  {line}"))));
    lines(table, area, buffer);
}
