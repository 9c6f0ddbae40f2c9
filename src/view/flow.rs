//! What flows through a layer at the timestep shown, as named vectors: `X(1) = (1, -3)`, `h(0) = (0.38, 0.92, … +62)`.

use super::number::Numbers;
use super::panel::cut;
use super::symbols::{self, Symbols};
use super::text::{Words, words};
use super::width::Width;
use crate::app::state::State;
use crate::engine::network::{Direction, Layer, NetworkStep};

/// The columns that the label of a row keeps as the name of a vector, where there are many more for its numbers.
const LEAST_LABEL: usize = 12;

/// The fewest significant digits before numbers are left out.
const FEWEST_DIGITS: usize = 3;

/// Some numbers and what they are called together.
pub struct Vector<'a> {
    /// `h(1)`.
    pub name: String,
    /// The numbers; none where they are not computed at this timestep.
    pub values: &'a [f64],
}

/// A state that a pass of a layer takes over from the timestep before it, and the one it hands on.
pub struct Carried<'a> {
    /// What is carried in.
    pub before: Vector<'a>,
    /// What is carried on.
    pub after: Vector<'a>,
}

impl Vector<'_> {
    /// The numbers in so many columns: with fewer digits where there is little room, then without the last of them.
    pub fn written(&self, numbers: Numbers, room: usize) -> String {
        match self.values {
            [] => "–".into(),
            [only] => numbers.fitted(|numbers| numbers.write(*only), |text| text.width() <= room),
            all => written(all, numbers, room),
        }
    }
}

/// Some numbers in parentheses, in so many columns: with fewer digits where there is little room, then without the last of them.
pub fn written(all: &[f64], numbers: Numbers, room: usize) -> String {
    // A number takes at least a digit, a comma and a blank.
    let most = room / 3 + 1;
    let write = |numbers: Numbers| all.iter().take(most).map(|&v| numbers.write(v)).collect::<Vec<_>>();
    if all.len() <= most {
        let whole = |numbers: Numbers| format!("({})", write(numbers).join(", "));
        if let Some(text) = numbers.shorter(FEWEST_DIGITS).map(whole).find(|text| text.width() <= room) {
            return text;
        }
    }
    let short = write(numbers.rounded(FEWEST_DIGITS));
    let (mut text, mut kept) = (String::from("("), None);
    for (i, number) in short.iter().enumerate() {
        let folded = format!("{text}… +{})", all.len() - i);
        if i > 0 && folded.width() > room {
            break;
        }
        kept = Some(folded);
        text.push_str(number);
        text.push_str(", ");
    }
    kept.unwrap_or_default()
}

/// The input row at the timestep shown, called as its row is, in a line of so many columns.
pub fn row(state: &State, width: usize) -> Vector<'_> {
    let t = state.t();
    let name = state
        .scenario()
        .label(t)
        .map_or_else(|| format!("X({t})"), |label| cut(label.get(state.settings().language), LEAST_LABEL.max(width / 3)));
    Vector { name, values: state.input_at(0, t).unwrap_or_default() }
}

/// What a layer sees: `x(1)`.
pub fn input(state: &State, layer: usize) -> Vector<'_> {
    Vector { name: format!("x({})", state.t()), values: state.input_at(layer, state.t()).unwrap_or_default() }
}

/// What a layer gives: `h(1)`, or `y(1)` where it carries nothing.
pub fn output(state: &State, layer: usize) -> Vector<'_> {
    let letter = letter(&state.scenario().network.layers[layer]);
    Vector { name: format!("{letter}({})", state.t()), values: state.input_at(layer + 1, state.t()).unwrap_or_default() }
}

/// The letter of what a layer gives.
pub const fn letter(layer: &Layer) -> char {
    if layer.is_recurrent() { 'h' } else { 'y' }
}

/// The states a pass of a layer carries: hidden state, and the cell state of an LSTM; none where it carries nothing.
pub fn carried(state: &State, layer: usize, pass: usize) -> Vec<Carried<'_>> {
    state.step_at(state.t()).map_or_else(Vec::new, |step| carried_in(state, layer, pass, step))
}

/// The same in any step.
pub fn carried_in<'s>(state: &'s State, layer: usize, pass: usize, step: &'s NetworkStep) -> Vec<Carried<'s>> {
    let of = &state.scenario().network.layers[layer];
    let t = step.t;
    let symbols = Symbols::new(of, pass, t, words(state.settings().language));
    let before = symbols.before();
    let step = step.layers[layer].as_ref().and_then(|step| step.passes.get(pass));
    let Some(step) = step.filter(|_| of.is_recurrent()) else { return Vec::new() };
    let pair = |letter, from, to| Carried {
        before: Vector { name: symbols.state(letter, &before), values: from },
        after: Vector { name: symbols.state(letter, &t), values: to },
    };
    let hidden = pair('h', step.before.hidden.as_slice(), step.after.hidden.as_slice());
    let cell = pair('c', step.before.cell.as_slice(), step.after.cell.as_slice());
    [hidden, cell].into_iter().filter(|carried| !carried.after.values.is_empty()).collect()
}

/// Where the state a pass carries into a timestep comes from.
pub fn origin(state: &State, direction: Direction, t: usize) -> String {
    let words = words(state.settings().language);
    match symbols::is_first(direction, t, state.last()) {
        true => words.initial_state.into(),
        false => format!("{} t = {}", words.carried_from, symbols::time_before(direction, t)),
    }
}

/// Where the state a pass carries on goes to.
pub fn destination(state: &State, direction: Direction) -> String {
    let words = words(state.settings().language);
    match symbols::time_after(direction, state.t(), state.last()) {
        Some(t) => format!("{} t = {t}", words.carried_to),
        None => match direction {
            Direction::Forward => words.carried_no_further.into(),
            Direction::Backward => words.carried_to_none_before.into(),
        },
    }
}

/// That a layer carries nothing on.
pub const fn nothing_carried(layer: &Layer, words: &Words) -> &'static str {
    match layer {
        Layer::Conv(_) => words.window_carries_nothing,
        _ => words.nothing_carried,
    }
}

/// The sign of the way a pass goes.
pub const fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Forward => "→",
        Direction::Backward => "←",
    }
}
