//! The equations of a whole layer in letters, with the timestep shown: `h(1) = ReLU(W·x(1) + U·h(0))`.

use ratatui::text::{Line, Span};

use super::flow::letter;
use super::panel::{cut, span};
use super::symbols::time_before;
use super::theme::Role;
use super::width::Width;
use crate::app::state::State;
use crate::engine::cell::GateName;
use crate::engine::cell::gru::Candidate;
use crate::engine::network::{Layer, Passes};
use crate::engine::weighted_sum::{CellState, WeightedSum};

/// The columns between two equations on one line.
const GAP: &str = "   ";

/// How the letters of one timestep are written.
struct Letters {
    x: String,
    h_before: String,
    c_before: String,
    c: String,
    /// What the layer gives.
    output: String,
}

/// The equations of the layer looked at, in at most so many lines of a width.
pub fn lines(state: &State, width: u16, most: usize) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let [timed, primed] = [timed(state), primed(state.layer())].map(|letters| (equations(state.layer(), &letters), letters));
    let whole = [&timed, &primed].into_iter().find_map(|(all, letters)| Some((wrapped(all, width, most)?, letters)));
    let last = || {
        // The last equation gives the output, so the first ones give way.
        let (all, letters) = &primed;
        let rest = |first: usize| [&[format!("… {}", all[first])], &all[first + 1..]].concat();
        let fits = (1..all.len()).find_map(|first| wrapped(&rest(first), width, most));
        (fits.unwrap_or_else(|| vec![cut(all.last().map_or("", String::as_str), width)]), letters)
    };
    let (lines, letters) = whole.unwrap_or_else(last);
    lines.into_iter().map(|line| styled(&line, letters, state)).collect()
}

/// `x(1)`, `h(0)`.
fn timed(state: &State) -> Letters {
    let t = state.t();
    let before = time_before(state.direction(), t);
    Letters {
        x: match state.layer() {
            Layer::Conv(conv) if conv.width() > 1 => format!("x({}…{t})", t as i128 - conv.width() as i128 + 1),
            _ => format!("x({t})"),
        },
        h_before: format!("h({before})"),
        c_before: format!("c({before})"),
        c: format!("c({t})"),
        output: format!("{}({t})", letter(state.layer())),
    }
}

/// `x`, `h′`.
fn primed(layer: &Layer) -> Letters {
    Letters { x: "x".into(), h_before: "h′".into(), c_before: "c′".into(), c: "c".into(), output: letter(layer).into() }
}

/// The equations of a layer without the timestep: `h = ReLU(W·x + U·h′)`.
pub fn in_letters(layer: &Layer) -> Vec<String> {
    equations(layer, &primed(layer))
}

fn equations(layer: &Layer, letters: &Letters) -> Vec<String> {
    let Letters { h_before, c_before, c, output, .. } = letters;
    let cell = layer.cell(0);
    let call = |gate, inside: String| match cell.activation(gate) {
        crate::engine::activation::Activation::Linear => inside,
        activation => format!("{}({inside})", activation.symbol()),
    };
    let sum = |gate| written(cell.sum(gate), letters);
    match layer {
        Layer::Rnn(_) | Layer::Dense(_) => vec![format!("{output} = {}", call(GateName::Hidden, sum(GateName::Hidden)))],
        Layer::Conv(_) => vec![format!("{output} = {}", call(GateName::Hidden, sum(GateName::Hidden).replacen('W', "K", 1)))],
        Layer::Lstm(passes) => {
            let act = |inside: &str| call(GateName::Cell, inside.into());
            let memory = format!("o⊙{}", act(c));
            let hidden = match first(passes).projection {
                None => format!("{output} = {memory}"),
                Some(_) => format!("{output} = W_hr·({memory})"),
            };
            let gate = |letter: &str, name| format!("{letter} = {}", call(name, sum(name)));
            let gates = match [GateName::Input, GateName::Forget, GateName::Output].map(sum) {
                [i, f, o] if i == f && f == o => vec![gate("i, f, o", GateName::Input)],
                [i, f, _] if i == f => vec![gate("i, f", GateName::Input), gate("o", GateName::Output)],
                _ => vec![gate("i", GateName::Input), gate("f", GateName::Forget), gate("o", GateName::Output)],
            };
            let rest = [gate("g", GateName::Cell), format!("{c} = f⊙{c_before} + i⊙g"), hidden];
            gates.into_iter().chain(rest).collect()
        }
        Layer::Gru(passes) => {
            let inside = match &first(passes).candidate {
                Candidate::ResetAfter { input, recurrent } => {
                    let bias = if recurrent.bias.is_some() { " + b_r" } else { "" };
                    format!("{} + r⊙(U·{h_before}{bias})", written(input, letters))
                }
                Candidate::ResetBefore(sum) => written(sum, letters).replacen(h_before, &format!("(r⊙{h_before})"), 1),
            };
            vec![
                format!("r, z = {}", call(GateName::Update, sum(GateName::Update))),
                format!("n = {}", call(GateName::Candidate, inside)),
                format!("{output} = (1-z)⊙n + z⊙{h_before}"),
            ]
        }
    }
}

/// The first cell of a layer, whose form the other pass shares.
const fn first<C>(passes: &Passes<C>) -> &C {
    match passes {
        Passes::Forward(cell) | Passes::Reverse(cell) | Passes::Bidirectional { forward: cell, .. } => cell,
    }
}

/// `W·x(1) + U·h(0) + b + b_r + p⊙c(0)`, of which there is what the sum has.
fn written(sum: &WeightedSum, letters: &Letters) -> String {
    let recurrent = (sum.states() > 0).then(|| format!("U·{}", letters.h_before));
    let peephole = sum.peephole.as_ref().map(|peephole| match peephole.at {
        CellState::Before => format!("p⊙{}", letters.c_before),
        CellState::After => format!("p⊙{}", letters.c),
    });
    let bias = sum.bias.is_some().then(|| "b".to_owned());
    let recurrent_bias = sum.recurrent_bias.is_some().then(|| "b_r".to_owned());
    let parts = [Some(format!("W·{}", letters.x)), recurrent, bias, recurrent_bias, peephole];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" + ")
}

/// The equations on lines of a width, several on one where they fit; `None` where they need more than there may be.
fn wrapped(equations: &[String], width: usize, most: usize) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    for equation in equations {
        match lines.last_mut() {
            Some(line) if line.width() + GAP.width() + equation.width() <= width => *line += &format!("{GAP}{equation}"),
            _ => lines.push(equation.clone()),
        }
    }
    (lines.len() <= most && lines.iter().all(|line| line.width() <= width)).then_some(lines)
}

/// A line in which what is carried in and what is seen look as they do elsewhere.
fn styled(line: &str, letters: &Letters, state: &State) -> Line<'static> {
    let settings = state.settings();
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut rest = line;
    let marked = [&letters.x, &letters.h_before, &letters.c_before];
    // A letter alone could be part of a name, so only those with a timestep or a prime are told apart.
    let known = |name: &&&String| name.chars().count() > 1;
    while let Some((at, name)) =
        marked.iter().filter(known).filter_map(|name| Some((rest.find(name.as_str())?, name))).min_by_key(|(at, _)| *at)
    {
        spans.push(Span::raw(rest[..at].to_owned()));
        spans.push(span((*name).clone(), Role::Current, settings));
        rest = &rest[at + name.len()..];
    }
    spans.push(Span::raw(rest.to_owned()));
    Line::from(spans)
}
