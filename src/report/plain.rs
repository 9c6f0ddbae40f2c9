//! The stepper line by line, for a screen reader, a braille line or a slow link: what is said at first and after each key.

use std::borrow::Cow;
use std::io::{self, Write};

use super::text::{write_claims, write_heading, write_line};
use super::worked::Worked;
use super::{Terms, Trace};
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::keymap::{self, BINDINGS, COUNT};
use crate::app::settings::{Charset, Language};
use crate::app::state::{Outcome, State, Zoom};
use crate::view::equation::Cell;
use crate::view::glyphs;
use crate::view::notice;
use crate::view::number::Numbers;
use crate::view::text::words;

/// What can be done without a screen, beside typing a number before it.
const ACTIONS: [Action; 17] = [
    Action::Next,
    Action::Previous,
    Action::First,
    Action::Last,
    Action::NextUnit,
    Action::PreviousUnit,
    Action::NextLayer,
    Action::PreviousLayer,
    Action::NextGate,
    Action::PreviousGate,
    Action::ZoomIn,
    Action::ZoomOut,
    Action::Notes,
    Action::Language,
    Action::NumberFormat,
    Action::Help,
    Action::Suspend,
];

/// What the first keys to know do.
const FIRST: [Action; 5] = [Action::Next, Action::Previous, Action::ZoomOut, Action::Help, Action::Quit];

/// The most terms of an equation, and outputs: more take too long to listen to, and the terms of a gate and the states of a
/// layer can be asked for.
const MOST_TERMS: usize = 6;

/// Says what is stepped through, where it stands, and which keys there are to begin with.
///
/// # Errors
///
/// What the writer gives.
pub fn open(state: &State, out: &mut impl Write) -> io::Result<()> {
    let language = state.settings().language;
    let mut said = Vec::new();
    writeln!(said, "{}", state.scenario().title.get(language))?;
    if let Some(description) = &state.scenario().description {
        writeln!(said, "{}", description.get(language))?;
    }
    write_timestep(state, state.zoom(), &mut said)?;
    let named = BINDINGS.iter().filter(|binding| FIRST.contains(&binding.action));
    let named = named.filter_map(|binding| Some(format!("{} {}", readable(binding.keys)?, binding.footer?.get(language))));
    writeln!(said, "{}", named.collect::<Vec<_>>().join(", "))?;
    send(state, &said, out)
}

/// What is said once what a key asked for is computed.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    action: Action,
    /// The timestep before.
    before: usize,
}

/// Carries out what a key stands for, and says what came of it.
///
/// # Errors
///
/// What the writer gives.
pub fn answer(state: &mut State, key: Key, out: &mut impl Write) -> io::Result<Outcome> {
    let (outcome, asked) = begin(state, key, out)?;
    state.finish_work();
    if let Some(asked) = asked {
        end(state, asked, out)?;
    }
    Ok(outcome)
}

/// Carries out what a key stands for, and says what came of it, or how far that is, where it takes longer than a moment. While
/// something does, any key only interrupts it.
///
/// # Errors
///
/// What the writer gives.
pub fn begin(state: &mut State, key: Key, out: &mut impl Write) -> io::Result<(Outcome, Option<Asked>)> {
    let action = keymap::action(key, state.mode());
    let mut said = Vec::new();
    if state.count().is_some() && !matches!(action, Some(Action::Digit(_))) {
        // The digits stand in a line of their own.
        writeln!(said)?;
    }
    let before = state.t();
    let mut asked = None;
    let outcome = match action {
        Some(Action::Quit | Action::Interrupt) => return Ok((Outcome::Quit, None)),
        _ if state.is_working() => {
            state.interrupt_work();
            writeln!(said, "{}", words(state.settings().language).interrupted)?;
            Outcome::Go
        }
        Some(action @ Action::Digit(digit)) => {
            write!(said, "{digit}")?;
            state.update(action)
        }
        Some(Action::Close) => {
            forget_count(state);
            Outcome::Go
        }
        // It is said, and no screen that would have to be closed.
        Some(Action::Help) => {
            forget_count(state);
            write_help(state, &mut said)?;
            Outcome::Go
        }
        Some(action) if ACTIONS.contains(&action) => {
            let outcome = state.update(action);
            if state.is_working() {
                asked = Some(Asked { action, before });
                write_progress(state, &mut said)?;
            } else {
                write_answer(action, before, state, &mut said)?;
            }
            outcome
        }
        _ => {
            forget_count(state);
            writeln!(said, "{}", words(state.settings().language).no_such_key)?;
            Outcome::Go
        }
    };
    send(state, &said, out)?;
    Ok((outcome, asked))
}

/// Says what a key asked for, which is computed now.
///
/// # Errors
///
/// What the writer gives.
pub fn end(state: &State, Asked { action, before }: Asked, out: &mut impl Write) -> io::Result<()> {
    let mut said = Vec::new();
    write_answer(action, before, state, &mut said)?;
    send(state, &said, out)
}

/// Says how far that is.
fn write_progress(state: &State, out: &mut Vec<u8>) -> io::Result<()> {
    match state.notice() {
        Some(notice) => writeln!(out, "{}", notice::text(state, notice)),
        None => Ok(()),
    }
}

/// Takes back the number typed before a key that does not repeat.
fn forget_count(state: &mut State) {
    if state.count().is_some() {
        state.update(Action::Close);
    }
}

fn write_answer(action: Action, before: usize, state: &State, out: &mut Vec<u8>) -> io::Result<()> {
    let words = words(state.settings().language);
    match action {
        Action::Next | Action::Last if state.t() == before && before == state.last() => writeln!(out, "{}", words.stops_at_last),
        Action::Previous | Action::First if state.t() == before && before == 0 => writeln!(out, "{}", words.is_first),
        Action::NextGate | Action::PreviousGate => write_gate(state, out),
        Action::Notes => match state.notes() {
            Some(_) => write_notes(state, out),
            None => writeln!(out, "{}", words.notes_off),
        },
        Action::Suspend => Ok(()),
        // What is chosen is said, from wherever it is looked at.
        Action::NextUnit | Action::PreviousUnit => write_timestep(state, Zoom::Cell, out),
        Action::NextLayer | Action::PreviousLayer if state.zoom() == Zoom::Network => write_timestep(state, Zoom::Layer, out),
        _ => write_timestep(state, state.zoom(), out),
    }
}

/// From close, the arithmetic of the unit looked at; from farther, the states of its layer; from farthest, neither. Then what
/// the network gives, and what is claimed of it.
fn write_timestep(state: &State, zoom: Zoom, out: &mut Vec<u8>) -> io::Result<()> {
    let Some(step) = state.step_at(state.t()) else { return Ok(()) };
    let trace = trace(state, Terms::Summed);
    let worked = match zoom {
        Zoom::Layer => Worked::new(&trace),
        Zoom::Network | Zoom::Cell => worked(&trace),
    };
    write_heading(&worked, step.t, out)?;
    let focus = state.focus();
    let layers = state.scenario().network.layers.len();
    let units = state.layer().units();
    let is_output = match zoom {
        Zoom::Network => false,
        Zoom::Layer => layers == 1,
        Zoom::Cell => layers == 1 && units == 1,
    };
    match zoom {
        Zoom::Cell if !is_output => {
            let name = state.scenario().names[focus.layer].units[focus.unit].get(state.settings().language);
            writeln!(out, "  {}, {} {}/{units} {name}", worked.layer_title(focus.layer), worked.words.unit, focus.unit + 1)?;
        }
        Zoom::Layer if !is_output => writeln!(out, "  {}", worked.layer_title(focus.layer))?,
        _ => {}
    }
    match (zoom, state.layer_step()) {
        (Zoom::Cell, Some(done)) => {
            for line in worked.unit(state.layer(), done, step.t, focus.unit) {
                write_line(&worked, &line, 2, out)?;
            }
        }
        (Zoom::Layer, Some(done)) => {
            for line in worked.layer_states(state.layer(), done, step.t) {
                writeln!(out, "  {line}")?;
            }
        }
        (Zoom::Network, _) if step.output().is_some() => {}
        _ => writeln!(out, "  {}", worked.words.only_last)?,
    }
    if let Some(output) = step.output().filter(|_| !is_output) {
        writeln!(out, "  {}: {}", worked.words.output, worked.vector(output))?;
    }
    write_claims(&worked, step, out)?;
    match state.notes() {
        Some(_) if state.notes_now().next().is_some() => write_notes(state, out),
        _ => Ok(()),
    }
}

/// The gate looked at, with the terms of its sum.
fn write_gate(state: &State, out: &mut Vec<u8>) -> io::Result<()> {
    let trace = trace(state, Terms::Listed);
    let worked = worked(&trace);
    let Some(step) = state.layer_step() else { return writeln!(out, "{}", worked.words.only_last) };
    let at = Cell { layer: state.layer(), step, place: state.place(), t: state.t() };
    worked.gate(&at, state.gate()).map_or(Ok(()), |line| write_line(&worked, &line, 0, out))
}

fn write_notes(state: &State, out: &mut Vec<u8>) -> io::Result<()> {
    let words = words(state.settings().language);
    if state.notes_now().next().is_none() {
        return writeln!(out, "{}", words.no_notes);
    }
    for note in state.notes_now() {
        writeln!(out, "{}: {}", words.notes, note.trim_end())?;
    }
    Ok(())
}

fn write_help(state: &State, out: &mut Vec<u8>) -> io::Result<()> {
    let settings = state.settings();
    for binding in BINDINGS.iter().filter(|binding| ACTIONS.contains(&binding.action) || binding.action == Action::Quit) {
        writeln!(out, "{}: {}", binding.keys_shown(settings.charset, settings.language), binding.help.get(settings.language))?;
    }
    writeln!(out, "{}: {}", COUNT.0, COUNT.1.get(settings.language))
}

/// The last of some keys that is one character: a letter that stands for a word, and not an arrow.
fn readable(keys: &[Key]) -> Option<Cow<'static, str>> {
    keys.iter().rev().map(|key| key.shown(Charset::Ascii, Language::En)).find(|shown| shown.len() == 1)
}

fn trace(state: &State, terms: Terms) -> Trace<'_> {
    let t = state.t();
    let settings = state.settings();
    let numbers = Numbers::new(settings);
    Trace { scenario: state.scenario(), range: t..=t, terms, language: settings.language, numbers }
}

fn worked<'t>(trace: &'t Trace<'t>) -> Worked<'t> {
    Worked { most_terms: MOST_TERMS, ..Worked::new(trace) }
}

fn send(state: &State, said: &[u8], out: &mut impl Write) -> io::Result<()> {
    let text = String::from_utf8_lossy(said);
    match state.settings().charset {
        Charset::Unicode => out.write_all(text.as_bytes()),
        Charset::Ascii => out.write_all(glyphs::plain(&text).as_bytes()),
    }
}
