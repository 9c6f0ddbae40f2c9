//! The first line: the scenario's title, and which layer, unit and timestep is shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::edit;
use super::panel::{cut, dot, lines, span};
use super::symbols::Symbols;
use super::text::{Words, words};
use super::theme::Role;
use super::width::Width;
use crate::app::autoplay::Speed;
use crate::app::micro_step::Phase;
use crate::app::state::{Change, State, Zoom};
use crate::engine::cell::{GateName, Stage};
use crate::engine::network::Layer;

/// The columns the title keeps, if it is that long, before the place is shortened.
const TITLE: usize = 8;

/// The columns of the name of a layer and of a unit where there is no room for all of them.
const SHORT: [usize; 2] = [14, 10];

/// Draws the first line.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let width = usize::from(area.width);
    let [edited, mark] = edit::header(state);
    let mut places = places(state);
    for ([cell, _], mark) in places.iter_mut().zip([&edited, &edited, &edited, &mark, &mark]) {
        cell.insert_str(0, mark);
    }
    let room = width.saturating_sub(TITLE);
    let title = format!(" celda{}{}", dot(settings), state.scenario().title.get(settings.language));
    let fits = |place: &[String; 2], room: usize| place[0].width() + place[1].width() < room;
    // Whole names are not worth columns of the title.
    let whole = places.first().filter(|place| fits(place, width.saturating_sub(title.width() + 1)));
    let shorter = || places.iter().skip(1).find(|place| fits(place, room));
    let Some([cell, time]) = whole.or_else(shorter).or(places.last()) else { return };
    let needed = cell.width() + time.width() + 1;
    let title = cut(&title, width.saturating_sub(needed + 1));
    let air = width.saturating_sub(title.width() + needed);
    let (cell_role, time_role) = match state.change() {
        Change::Focus | Change::Edit => (Role::New, Role::Plain),
        Change::Forward(_) | Change::Back | Change::Completed | Change::MicroStep => (Role::Plain, Role::Current),
        Change::None => (Role::Plain, Role::Plain),
    };
    let (cell, between) = cell.strip_suffix(dot(settings)).map_or((cell.as_str(), ""), |cell| (cell, dot(settings)));
    let line = Line::from_iter([
        span(title, Role::Title, settings),
        Span::raw(" ".repeat(air)),
        span(cell.to_owned(), cell_role, settings),
        Span::raw(between),
        span(time.clone(), time_role, settings),
    ]);
    lines([line], area, buffer);
}

/// So many steps a second.
pub fn speed(speed: Speed) -> String {
    format!("{}/s", speed.steps_per_second())
}

/// Layer and unit, then the timestep and the speed of autoplay, each time shorter: with short names, without names, without the number of timesteps, the timestep alone.
fn places(state: &State) -> [[String; 2]; 5] {
    let settings = state.settings();
    let words = words(settings.language);
    let dot = dot(settings);
    let (focus, names) = (state.focus(), &state.scenario().names[state.focus().layer]);
    let (layers, units) = (state.scenario().network.layers.len(), names.units.len());
    let kind = state.scenario().layer_name(focus.layer, settings.language).unwrap_or_else(|| words.kind(state.layer()));
    let (layer, unit) = (kind, names.units[focus.unit].get(settings.language));
    let (short_layer, short_unit) = (cut(layer, SHORT[0]), cut(unit, SHORT[1]));
    let cell = |layer: &str, unit: &str| {
        let of_layer = format!("{} {}/{layers}{layer}{dot}", words.layer, focus.layer + 1);
        let of_unit = format!("{} {}/{units}{unit}{dot}", words.unit, focus.unit + 1);
        [(layers > 1, of_layer), (units > 1 && state.zoom() != Zoom::Network, of_unit)]
            .into_iter()
            .filter(|(shown, _)| *shown)
            .map(|(_, text)| text)
            .collect()
    };
    let [named, short, numbered]: [String; 3] = [
        cell(&format!(" {layer}"), &format!(" {unit}")),
        cell(&format!(" {short_layer}"), &format!(" {short_unit}")),
        cell("", ""),
    ];
    let playing = state.playing().map(|now| format!("▶ {}{dot}", speed(now))).unwrap_or_default();
    let veiled = if state.is_veiled() { format!("▒ {}{dot}", words.veil) } else { String::new() };
    let now = format!("{playing}{veiled}t = {}", state.t());
    let micro_step = micro_step(state, words);
    if let Some(last) = micro_step.last() {
        let time = format!("{now}{dot}{}", micro_step.join(dot));
        let in_short = format!("{now}{dot}{last}");
        return [
            [named, time.clone()],
            [short, time.clone()],
            [numbered, time.clone()],
            [String::new(), time],
            [String::new(), in_short],
        ];
    }
    let time = format!("{now}{dot}{} {}/{}", words.step, state.t() + 1, state.scenario().timesteps());
    [[named, time.clone()], [short, time.clone()], [numbered.clone(), time], [numbered, now.clone()], [String::new(), now]]
}

/// The micro-step done last: `z`, `product 2/3`; none where the timestep is complete and a motion over timesteps led there.
pub fn micro_step(state: &State, words: &Words) -> Vec<String> {
    if state.is_complete() && state.change() != Change::MicroStep {
        return Vec::new();
    }
    let position = state.position();
    let layer = &state.scenario().network.layers[position.layer];
    let place = layer.place(position.unit);
    let symbols = Symbols::new(layer, place.pass, position.t, words);
    let gate = layer.gates(place.pass).get(position.gate).copied().unwrap_or(GateName::Hidden);
    let (of, done) = match position.phase {
        Phase::Row => (None, words.row_arrives.into()),
        Phase::Product(term) => {
            let terms = layer.cell(place.pass).term_count(gate);
            (Some(symbols.sum(gate)), format!("{} {}/{terms}", words.product, term + 1))
        }
        Phase::Sum => (Some(symbols.sum(gate)), words.sum.into()),
        Phase::Activation => (Some(symbols.letter(gate).to_string()), words.activation.to_lowercase()),
        Phase::Line(line) => (None, format!("{} {}/{}", words.combination, line + 1, combinations(layer, place.pass))),
        Phase::Unit => (None, format!("{} {}/{}", words.unit, position.unit + 1, layer.units())),
        Phase::Carried if layer.is_recurrent() => (None, words.state_carried.into()),
        Phase::Carried => (None, words.output_given.into()),
    };
    let is_elsewhere = state.focus().layer != position.layer && position.phase != Phase::Row;
    let elsewhere = is_elsewhere.then(|| format!("{} {}", words.layer, position.layer + 1));
    elsewhere.into_iter().chain(of).chain([done]).collect()
}

/// How many lines combine the gates of a unit.
fn combinations(layer: &Layer, pass: usize) -> usize {
    layer.cell(pass).stages().iter().filter(|stage| matches!(stage, Stage::Mix(_))).count()
}
