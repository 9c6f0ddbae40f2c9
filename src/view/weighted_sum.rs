//! The weighted sum, term by term, with bars that show how it grows to its total.

mod bars;
mod table;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::number::Numbers;
use super::panel::{dot, folded, framed_from, inside_from, lines};
use super::symbols::Symbols;
use super::text::words;
use crate::app::mouse::Target;
use crate::app::state::State;
use crate::engine::cell::GateName;
use crate::engine::weighted_sum::Term;
use bars::BARS;
use table::Rows;

/// The columns of the names of sources: all, or so many where there is less room.
const NAMES: [usize; 2] = [usize::MAX, 16];

/// The width of what is said where there is no sum.
const LEAST: u16 = 22;

/// The columns between the products and their bars.
const GAP: usize = 2;

/// The height from which on the panel has a frame even where terms have to be left out for it.
const FRAMED: u16 = 7;

/// How tall the panel is when all terms of any gate have room, with its frame.
pub fn height(state: &State) -> u16 {
    let tallest = state.gates().iter().map(|&gate| needed(state, gate)).max();
    tallest.unwrap_or(0)
}

/// How tall it has to be for those of one gate.
fn needed(state: &State, gate: GateName) -> u16 {
    let terms = state.layer().cell(state.place().pass).term_count(gate);
    u16::try_from(terms + 4).unwrap_or(u16::MAX)
}

/// How wide the panel's content has to be for its numbers and bars of a width.
pub fn width(state: &State, bars: u16) -> u16 {
    let bars = GAP + BARS.0.max(bars.into());
    width_in(state, Numbers::new(state.settings())).saturating_add(u16::try_from(bars).unwrap_or(u16::MAX))
}

/// How wide it has to be for its numbers alone, so written.
pub fn width_in(state: &State, numbers: Numbers) -> u16 {
    Rows::new(state, 8, numbers).map_or(LEAST, |rows| u16::try_from(rows.width()).unwrap_or(u16::MAX))
}

/// How far the terms can be scrolled.
pub fn scroll_limit(state: &State, area: Rect) -> usize {
    let inside = if area.height >= frame_height(state) { area.height - 2 } else { area.height };
    let room = usize::from(inside).saturating_sub(heads(state, inside));
    let terms = state.terms().len();
    terms - shown(state, terms, room)
}

/// Which terms are shown, where not all are.
pub fn window(state: &State, area: Rect) -> Option<Range<usize>> {
    if area.height == 0 {
        return None;
    }
    let inside = inside_from(frame_height(state), area);
    let terms = state.terms();
    let shown = shown(state, terms.len(), usize::from(inside.height).saturating_sub(heads(state, inside.height)));
    let first = first_shown(state, &terms, shown);
    (shown < terms.len()).then_some(first..first + shown)
}

/// Draws the terms and their sum.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let words = words(settings.language);
    let title = title(state);
    let inside = framed_from(frame_height(state), &title, area, settings, buffer);
    let width = usize::from(inside.width);
    let Some(rows) = rows(state, inside) else {
        lines(folded(words.only_last, width, inside.height.into()).into_iter().map(Line::from), inside, buffer);
        return;
    };
    let mut table = Vec::new();
    if heads(state, inside.height) > 0 {
        table.push(rows.head(settings));
    }
    let room_for_bars = if rows.has_bars { width.saturating_sub(rows.width() + GAP) } else { 0 };
    table.extend(rows.lines(state, room_for_bars.min(BARS.1)));
    lines(table, inside, buffer);
}

/// The lines as wide as there is room for: with names, else without, and with as many digits as fit.
fn rows(state: &State, inside: Rect) -> Option<Rows> {
    let (room, width) = (usize::from(inside.height).saturating_sub(heads(state, inside.height)), usize::from(inside.width));
    let all = Numbers::new(state.settings());
    let mut rows = Rows::new(state, room, all)?;
    let named = NAMES.map(|widest| rows.named_sources(state, widest));
    let numbered = rows.sources.clone();
    for sources in named {
        rows.sources = sources;
        if rows.width() + GAP + BARS.0 <= width {
            return Some(rows);
        }
    }
    rows.sources = numbered;
    if rows.width() <= width {
        return Some(rows);
    }
    let written = |numbers| Rows::new(state, room, numbers);
    all.fitted_in_time(written, |rows| rows.as_ref().is_none_or(|rows| rows.width() <= width))
}

/// What is at a place: the weight of a term from its name on, then its value, if that is given; the bias all along its line.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let inside = inside_from(frame_height(state), area);
    let line = usize::from(at.y.checked_sub(inside.y)?).checked_sub(heads(state, inside.height))?;
    let rows = rows(state, inside).filter(|_| inside.contains(at))?;
    let term = rows.term(line).and_then(|i| state.terms().get(i).copied()).filter(|term| !term.source.is_bias());
    let [source, weight, value, _] = rows.widths();
    let (after_weight, after_value) = (source + 1 + weight, source + 1 + weight + 3 + value);
    let number = match (term, usize::from(at.x - inside.x)) {
        (Some(term), column) if column > after_weight => state.value_of(&term).filter(|_| column < after_value),
        _ => rows.given.get(line).copied().flatten(),
    };
    number.map(Target::Number)
}

/// What is summed up: `Weighted sum z(1)`, `Weighted sum z_f(1) · forget gate`.
fn title(state: &State) -> String {
    let words = words(state.settings().language);
    let z = symbols(state).pre_activation(state.gate(), state.place().unit);
    match words.gate(state.gate()) {
        None => format!("{} {z}", words.weighted_sum),
        Some(gate) => format!("{} {z}{}{gate}", words.weighted_sum, dot(state.settings())),
    }
}

fn symbols(state: &State) -> Symbols {
    Symbols::new(state.layer(), state.place().pass, state.t(), words(state.settings().language))
}

/// The height from which on there is a frame: with all terms, or where some are left out anyway.
fn frame_height(state: &State) -> u16 {
    needed(state, state.gate()).min(FRAMED)
}

/// The lines of heads inside the panel: they give way to the last term, but where terms are left out anyway they stay.
fn heads(state: &State, inside: u16) -> usize {
    let needed = needed(state, state.gate()) - 2;
    usize::from(inside >= needed || (inside < needed - 1 && inside >= FRAMED - 2))
}

/// The first of so many terms that are shown: the one chosen by scrolling, unless the number that is typed is elsewhere.
fn first_shown(state: &State, terms: &[Term], shown: usize) -> usize {
    let first = state.first_term().min(terms.len() - shown);
    let is_typed = |i: usize| state.number_of(i, &terms[i]).is_some_and(|number| state.is_selected(number));
    match state.entry().and_then(|_| (0..terms.len()).find(|&i| is_typed(i))) {
        Some(typed) => first.clamp((typed + 1).saturating_sub(shown.max(1)), typed),
        None => first,
    }
}

/// How many of the terms are shown in so many lines, of which one is the total and one may stand for those left out: not
/// where it would take the place of the one that is multiplied or typed.
fn shown(state: &State, terms: usize, room: usize) -> usize {
    let room = room.saturating_sub(1);
    let is_one_followed = state.running_sum().is_some() || state.entry().is_some();
    match room {
        _ if terms <= room => terms,
        1 => usize::from(is_one_followed),
        _ => room.saturating_sub(1),
    }
}
