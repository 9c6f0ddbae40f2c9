//! The last two lines: whether what is claimed holds, and the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::number::Numbers;
use super::panel::{self, cut, span};
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::action::Action;
use crate::app::keymap::BINDINGS;
use crate::app::state::{State, Zoom};

/// The fewest columns worth writing of who claims it: ` (…`.
const LEAST_SOURCE: usize = 3;

/// The columns of the name of an output where there is no room for all of it.
const SHORT_NAME: usize = 12;

/// Draws whether the claim about this timestep holds.
pub fn draw_claim(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(Claimed { ways, source, role }) = claim(state) else { return };
    let room = usize::from(area.width).saturating_sub(2);
    // Who claims it is worth a word less of what is claimed.
    let fits = |said: &&String, more: usize| said.width() + more <= room;
    let whole = ways.iter().find(|said| fits(said, source.width()));
    let Some(said) = whole.or_else(|| ways.iter().find(|said| fits(said, 0))).or(ways.last()) else { return };
    let is_source_seen = said.width() + LEAST_SOURCE <= room;
    let text = cut(&format!("{said}{}", if is_source_seen { &source } else { "" }), room);
    panel::line(&Line::from_iter([Span::raw(" "), span(text, role, state.settings())]), area, buffer);
}

/// What is claimed of a timestep.
struct Claimed {
    /// It, each time shorter.
    ways: Vec<String>,
    /// Who claims it: the first part to be cut.
    source: String,
    role: Role,
}

fn claim(state: &State) -> Option<Claimed> {
    let words = words(state.settings().language);
    let expected = state.scenario().expected.as_ref().filter(|_| !state.is_covered(state.t()))?;
    let step = state.step_at(state.t())?;
    let Some(claim) = state.claim_at(state.t()) else {
        return Some(Claimed { ways: vec![words.no_claim.into()], source: String::new(), role: Role::Plain });
    };
    let is_known = state.has_output(state.t());
    let numbers = Numbers::new(state.settings());
    let source = expected.source.as_ref().map(|source| format!(" ({})", source.get(state.settings().language)));
    let several = claim.values.len() > 1;
    let is_output = state.focus().layer + 1 == state.scenario().names.len();
    // Below the formula of another layer, what is claimed has to say that it is the output.
    let output = if is_output { String::new() } else { format!("{} ", words.output.to_lowercase()) };
    let computed = |i: usize| step.output().map_or_else(|| "–".into(), |y| numbers.write(y[i]));
    let focus = state.focus();
    let is_looked_at = |i: usize| is_output && i == focus.unit;
    let mut outputs: Vec<usize> = (0..claim.each.len())
        .filter(|&i| if is_known { claim.each[i] == Some(claim.holds()) } else { !claim.values[i].is_nan() })
        .collect();
    outputs.sort_by_key(|&i| !is_looked_at(i));
    let names = state.scenario().output_names();
    let named = |i: usize, widest: usize| match several || !is_looked_at(i) {
        true => format!("{}: {} ", cut(names[i].get(state.settings().language), widest), words.computed),
        false => format!("{} ", words.computed),
    };
    let shown = |named: &dyn Fn(usize) -> String| {
        let said = outputs.iter().map(|&i| {
            let computed = computed(i);
            let claimed = match claim.holds() {
                true => numbers.write(claim.values[i]),
                false => numbers.apart_from(claim.values[i], &computed),
            };
            format!("{}{computed}, {} {claimed}", named(i), words.claimed)
        });
        said.collect::<Vec<_>>().join("; ")
    };
    let (glyph, role) = match claim.holds() {
        _ if !is_known => (" ", Role::Plain),
        true => ("✓", Role::Holds),
        false => ("✗", Role::Fails),
    };
    let mut ways = vec![shown(&|i| named(i, usize::MAX)), shown(&|i| named(i, SHORT_NAME))];
    if several {
        ways.push(shown(&|i| format!("{}: ", cut(names[i].get(state.settings().language), SHORT_NAME))));
    } else if !is_output {
        // The only output needs no name, and no word that it is computed.
        ways.push(shown(&|_| String::new()));
    }
    let ways = ways.into_iter().map(|said| format!("{glyph} {output}{said}")).collect();
    Some(Claimed { ways, source: source.unwrap_or_default(), role })
}

/// Draws the keys, as many as there is room for, and the number typed so far.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let typed = state.count().map(|count| format!("{count}▌ ")).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(typed.width());
    let (layers, units) = (state.scenario().network.layers.len(), state.layer().units());
    let zoom = state.zoom();
    let useful = |action| match action {
        Action::Play => state.playing().is_some(),
        Action::NextLayer => layers > 1,
        Action::NextUnit => units > 1 && zoom != Zoom::Network,
        Action::NextGate => state.gates().len() > 1 && zoom == Zoom::Cell,
        Action::ZoomIn => zoom != Zoom::Cell,
        Action::ZoomOut => zoom != Zoom::Network,
        Action::Notes => !state.scenario().notes.is_empty(),
        _ => true,
    };
    let hints: Vec<(String, &str)> = BINDINGS
        .iter()
        .filter(|binding| useful(binding.action))
        .filter_map(|binding| {
            let word = binding.footer?.get(settings.language);
            Some((binding.keys.first()?.shown(settings.charset, settings.language).to_string(), word))
        })
        .collect();
    // Those in the middle give way: the first hint moves on, the last two say how to get help and out.
    let width = |hints: &[(String, &str)]| hints.iter().map(|(key, word)| key.width() + word.width() + 3).sum::<usize>();
    let (front, tail) = hints.split_at(hints.len().saturating_sub(2));
    let kept = (0..=front.len()).rev().find(|&kept| width(&front[..kept]) + width(tail) <= room).unwrap_or(0);
    let mut spans = vec![Span::raw(" ")];
    for (key, word) in front[..kept].iter().chain(tail) {
        spans.push(span(key.clone(), Role::Title, settings));
        spans.push(span(format!(" {word}  "), Role::Plain, settings));
    }
    panel::line(&Line::from(spans), Rect { width: room as u16, ..area }, buffer);
    let right = Rect { x: area.right() - typed.width() as u16, width: typed.width() as u16, ..area };
    panel::put(&typed, style(Role::Current, settings), right, buffer);
}
