//! The formula on screens too small for panels: it is complete, or it says that there is more.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::settings::Settings;
use celda::app::state::State;
use celda::scenario::builtin;
use common::{frame, scenario, scenario_of, stepper, text};

/// Two cells whose lines that combine the gates are followed by the sum of a projection.
const LSTM: &str = r#"
title = "Small"
[input]
rows = [[1], [2], [-1]]
[[layer]]
kind = "lstm"
convention = "pytorch"
weight_ih = [[1], [0.5], [0], [1], [0.5], [-0.5], [1], [1]]
weight_hh = [[0], [1], [0.5], [0], [1], [-1], [0.25], [0]]
weight_hr = [[0.5, 2]]
"#;

/// What the last line of the formula comes to; none where the layer computes nothing now.
fn result(state: &State) -> Option<f64> {
    let unit = state.place().unit;
    let projected =
        state.pass().filter(|_| state.layer().projects()).map(|pass| pass.output[state.place().unit.min(pass.output.len() - 1)]);
    let mixed = state.mixes().last().map(|mix| mix.value);
    projected.or(mixed).or_else(|| state.gate_step().map(|gate| gate.output[unit]))
}

/// Whether a number as written is a value with no fewer digits than four.
fn is_written(text: &str, value: f64) -> bool {
    text.parse::<f64>().is_ok_and(|written| (written - value).abs() <= 6e-4 * value.abs())
}

fn is_whole(shown: &str, result: Option<f64>) -> bool {
    let mut words = shown.split_whitespace();
    match result {
        None => words.collect::<String>() == "computedatthelasttimesteponly",
        Some(value) => is_written(words.next_back().unwrap(), value),
    }
}

fn check(state: &mut State, name: &str) {
    let result = result(state);
    let sizes = (1..=44).chain((47..=80).step_by(3)).flat_map(|width| (1..=12).map(move |height| (width, height)));
    for (width, height) in sizes.filter(|(width, height)| (width + height) % 3 == 0 && (*width < 40 || *height < 12)) {
        let shown = text(&frame(state, (width, height)));
        let says_more = shown.trim_end().ends_with('…');
        assert!(says_more || is_whole(&shown, result), "{name} at {width}×{height}:\n{shown}");
    }
}

#[test]
fn the_formula_is_whole_or_ends_in_dots_at_a_third_of_all_small_sizes_in_every_layer() {
    for builtin in builtin::ALL {
        let mut state = stepper(scenario(builtin.name), Settings::default(), "n n");
        for layer in 1..=state.scenario().network.layers.len() {
            check(&mut state, &format!("{} layer {layer}", builtin.name));
            state.update(Action::NextLayer);
        }
    }
    check(&mut stepper(scenario_of(LSTM), Settings::default(), "n"), "a projecting LSTM");
}

#[test]
fn a_formula_with_more_lines_than_rows_says_so_in_the_last_one() {
    let shown = |size| text(&frame(&mut stepper(scenario("gru-after"), Settings::default(), "n n"), size));
    assert_eq!(shown((40, 1)).trim_end(), "r1(2) = sigmoid([5 terms]) = 0 …");
    assert_eq!(
        shown((60, 2)).trim_end(),
        "r1(2) = sigmoid(0·2 + [4 more: -1000]) = sigmoid(-1000) = 0\nh1(2) = (1-z1)·n1 + z1·h1(1) = 0.5·2 + 0.5·8 = 5"
    );
}
