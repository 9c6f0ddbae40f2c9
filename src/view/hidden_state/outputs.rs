//! The outputs of a layer that carries nothing.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::super::layout::window;
use super::super::number::{Numbers, aligned, extent};
use super::super::panel::{folded, lines, marked, padded, span};
use super::super::symbols::Symbols;
use super::super::text::words;
use super::super::theme::{Role, style};
use super::super::width::Width;
use super::super::{flow, names};
use super::table::which;
use super::{LABEL, foot, label};
use crate::app::foreseen::Part as Foreseen;
use crate::app::mouse::Target;
use crate::app::state::{Mark, State};
use crate::engine::cell::GateName;
use crate::engine::network::Layer;

/// The outputs that are shown before all of what is said below them is.
const FEW_OUTPUTS: usize = 2;

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
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
    let (shown, foot) = shown(state, area);
    let name_width = |room| names::width(shown.clone().map(name), room);
    let least = name_width(0);
    let written = |numbers: Numbers| aligned(&shown.clone().map(|i| numbers.write(step.output[i])).collect::<Vec<_>>());
    let taken = |written: &Vec<String>| LABEL + written.iter().map(|number| number.trim_end().width()).max().unwrap_or(0);
    let written = Numbers::new(settings).fitted(written, |written| least + taken(written) <= width);
    let name_width = name_width(width.saturating_sub(LABEL + foreseen(state, &shown)));
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

/// The outputs that have room around the one looked at, and what is said below them.
fn shown(state: &State, area: Rect) -> (Range<usize>, Vec<String>) {
    let units = state.layer().units();
    let room = (usize::from(area.width).saturating_sub(3), usize::from(area.height));
    let (count, foot) = foot(state, &nothing_carried(state), room, units, FEW_OUTPUTS);
    (window(units, state.focus().unit, count), foot)
}

/// The columns of the outputs of some units with all digits, in the timesteps foreseen.
fn foreseen(state: &State, units: &Range<usize>) -> usize {
    let numbers = Numbers::new(state.settings());
    let outputs = || state.passes_foreseen().flat_map(|step| step.output.iter().skip(units.start).take(units.len()).copied());
    let which = which(state, &units.clone().collect::<Vec<_>>());
    let [before, after, ..] = numbers.reserved(state, Foreseen::Carried, which, || extent(numbers.extent(outputs())));
    before + after
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

/// The unit at a place.
pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let (shown, _) = shown(state, area);
    let unit = shown.start + usize::from(at.y - area.y);
    state.pass().filter(|_| shown.contains(&unit)).map(|_| Target::Unit { layer: state.focus().layer, unit })
}
