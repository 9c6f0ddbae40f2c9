//! What a follower is told of the state: the notes, the formula lines and the outputs of two timesteps.

use std::fs;

use crate::app::lecture::Lecture;
use crate::app::settings::{Charset, Language, Settings};
use crate::app::speaker::{Moment, Output, Position};
use crate::app::state::State;
use crate::engine::network::NetworkStep;
use crate::scenario::load::Origin;
use crate::scenario::text::Text;
use crate::view::equation::{Cell, Equation};
use crate::view::header;
use crate::view::mix;
use crate::view::number::Numbers;
use crate::view::text::words;

/// The most terms of an equation written out; the others stand as one.
const MOST_TERMS: usize = 24;

/// The most outputs told.
const MOST_OUTPUTS: usize = 12;

/// The most characters of a name, and of any other text.
const LONGEST_NAME: usize = 40;
const LONGEST_TEXT: usize = 1 << 14;

/// Who tells where it stands.
#[derive(Clone, Debug)]
pub struct Teller {
    /// The process.
    pub pid: u32,
    /// When it began, in seconds since 1970.
    pub since: u64,
}

/// Where the stepper stands now. The next timestep is computed for it, and is there when the stepper goes on.
pub fn position(lecture: &mut Lecture, teller: &Teller) -> Position {
    let next = lecture.state_mut().next_step().cloned();
    let state = lecture.state();
    Position {
        pid: teller.pid,
        since: teller.since,
        name: cut(lecture.name(), LONGEST_TEXT),
        path: if lecture.origin() == Origin::File { resolved(lecture.name()) } else { None },
        title: bounded(&state.scenario().title, LONGEST_TEXT),
        timesteps: state.scenario().timesteps(),
        now: moment(state, state.t(), state.whole_step()),
        micro_step: micro_step(state),
        is_shown: state.has_output(state.t()),
        next: next.map(|step| moment(state, step.t, Some(&step))),
    }
}

/// Whether a position is in the scenario of a name: that of a file here, else what the stepper calls its own.
pub fn is_in(position: &Position, name: &str) -> bool {
    match resolved(name) {
        Some(path) => position.path == Some(path),
        None => position.name == name,
    }
}

/// The one path of a file, however it is named.
fn resolved(name: &str) -> Option<String> {
    fs::canonicalize(name).ok().map(|path| path.to_string_lossy().into_owned())
}

fn moment(state: &State, t: usize, step: Option<&NetworkStep>) -> Moment {
    let scenario = state.scenario();
    let numbers = numbers(state);
    let outputs = step.and_then(NetworkStep::output).unwrap_or_default();
    let told = scenario.output_names().iter().zip(outputs).take(MOST_OUTPUTS);
    let outputs_told: Vec<Output> =
        told.map(|(name, &value)| Output { name: bounded(name, LONGEST_NAME), value: numbers.write(value) }).collect();
    Moment {
        t,
        label: scenario.label(t).map(|label| bounded(label, LONGEST_NAME)),
        notes: notes(state, t),
        formula: step.map_or_else(Vec::new, |step| formula(state, step)),
        more: outputs.len() - outputs_told.len(),
        outputs: outputs_told,
    }
}

/// As the stepper writes them; for want of infinities in ASCII the other terminal provides.
fn numbers(state: &State) -> Numbers {
    Numbers::new(&Settings { charset: Charset::Unicode, ..*state.settings() })
}

/// The notes of a timestep, a paragraph each.
fn notes(state: &State, t: usize) -> Text {
    let in_language = |language| {
        let notes = state.scenario().notes.iter().filter(|note| note.step == t);
        let notes: Vec<&str> = notes.map(|note| note.text.get(language)).collect();
        cut(&notes.join("\n"), LONGEST_TEXT)
    };
    Text::each(in_language)
}

/// The micro-step done last, a text for each part.
fn micro_step(state: &State) -> Vec<Text> {
    let [en, es] = [Language::En, Language::Es].map(|language| header::micro_step(state, words(language)));
    en.into_iter().zip(es).map(|(en, es)| Text::new(en, es)).collect()
}

/// The equation of the gate looked at, the lines that combine the gates, and what a projection makes of them, at any timestep.
fn formula(state: &State, step: &NetworkStep) -> Vec<Text> {
    let layer = state.layer();
    let Some(layer_step) = step.layers[state.focus().layer].as_ref() else { return Vec::new() };
    let numbers = numbers(state);
    let at = |place| Cell { layer, step: layer_step, place, t: step.t };
    let sum = |place, gate| {
        let terms = layer.terms(layer_step, place, gate);
        both(|language| {
            let equation = Equation::new(&at(place), gate, &terms, numbers, words(language))?;
            Some(equation.text(equation.terms().min(MOST_TERMS)))
        })
    };
    let mut lines: Vec<Text> = sum(state.place(), state.gate()).into_iter().collect();
    let place = layer.place(state.focus().unit);
    for mix in layer.mixes(layer_step, place) {
        lines.extend(both(|language| Some(mix::text(&at(place), &mix, numbers, words(language)))));
    }
    if let Some(gate) = state.projection_beside(state.gate()) {
        lines.extend(sum(state.place_in(gate), gate));
    }
    lines
}

/// A text in every language, if it can be said.
fn both(text: impl Fn(Language) -> Option<String>) -> Option<Text> {
    Some(Text::new(text(Language::En)?, text(Language::Es)?))
}

fn bounded(text: &Text, most: usize) -> Text {
    Text::each(|language| cut(text.get(language), most))
}

/// The text, or as many of its characters with `…` at its end.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
