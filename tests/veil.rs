//! Under the veil a timestep can be guessed: nothing on the screen depends on what is not reached yet.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::settings::{Settings, Veil};
use celda::app::state::{Change, State};
use celda::engine::parameter::{Parameter, Part};
use celda::scenario::Scenario;
use celda::scenario::builtin;
use celda::scenario::edit::{Edit, Number};
use common::{frame, press, scenario, stepper, text, with_styles};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (40, 12), (30, 5)];

fn veiled() -> Settings {
    Settings { veil: Veil::On, ..Settings::default() }
}

fn screen(state: &mut State, size: (u16, u16)) -> String {
    with_styles(&frame(state, size))
}

/// The same scenario with other weights and biases, though none where there was none, where it may have them, and other claims from a timestep on.
fn other(scenario: &Scenario, may_change: impl Fn(Parameter) -> bool, first_claim: usize) -> Scenario {
    let mut other = scenario.clone();
    let mut edits = Vec::new();
    let mut state = State::new(scenario.clone(), Settings::default());
    for layer in 0..scenario.network.layers.len() {
        for _ in 0..scenario.network.layers[layer].units().min(20) {
            for _ in state.gates() {
                edits.extend(state.numbers().into_iter().filter_map(|number| match number {
                    Number::Parameter(parameter) if may_change(parameter) && !is_state(parameter.part) => {
                        Some(Edit { number, value: -3.0 * scenario.values().get(number)? })
                    }
                    _ => None,
                }));
                state.update(Action::NextGate);
            }
            state.update(Action::NextUnit);
        }
        state.update(Action::NextLayer);
    }
    other.set_values(scenario.values().with(&edits));
    if let Some(expected) = &mut other.expected {
        let rows = expected.output.nrows();
        for t in first_claim.min(rows)..rows {
            expected.output.row_mut(t).map_inplace(|claimed| *claimed = *claimed * -3.0 + 1234.5);
        }
    }
    other
}

const fn is_state(part: Part) -> bool {
    matches!(part, Part::InitialHidden | Part::InitialCell)
}

#[test]
fn from_a_layer_or_the_network_no_screen_depends_on_a_timestep_that_is_not_gone_through() {
    for builtin in builtin::ALL {
        let one = scenario(builtin.name);
        // The equation below a layer has the weights of its first unit.
        let other_units = other(&one, |of| of.layer > 0 || of.unit > 0, 0);
        for (zoom, two) in [("Z", other_units), ("Z Z", other(&one, |_| true, 0))] {
            // Where there is room for the formula alone, it has the weights.
            for size in SIZES.into_iter().filter(|(_, rows)| *rows >= 12) {
                let [mut one, mut two] = [&one, &two].map(|scenario| stepper(scenario.clone(), veiled(), zoom));
                assert_eq!(screen(&mut one, size), screen(&mut two, size), "{} {zoom} {size:?}", builtin.name);
            }
        }
    }
}

#[test]
fn in_a_cell_no_screen_depends_on_a_layer_that_is_not_reached() {
    for builtin in builtin::ALL {
        let one = scenario(builtin.name);
        let two = other(&one, |of| of.layer > 0, 0);
        let [mut one, mut two] = [&one, &two].map(|scenario| stepper(scenario.clone(), veiled(), ""));
        while one.position().layer == 0 && one.t() == 0 && !one.is_complete() {
            for size in SIZES {
                assert_eq!(screen(&mut one, size), screen(&mut two, size), "{} {:?} {size:?}", builtin.name, one.position());
            }
            [&mut one, &mut two].into_iter().for_each(|state| press(state, "down"));
            if one.position().layer == 0 && matches!(one.position().phase, celda::app::micro_step::Phase::Carried) {
                break;
            }
        }
    }
}

#[test]
fn no_screen_depends_on_a_claim_about_what_is_not_gone_through() {
    for builtin in builtin::ALL {
        let one = scenario(builtin.name);
        for (keys, from) in [("n", 1), ("n n", 1), ("n n n", 2), ("G", usize::MAX)] {
            let from = from.min(one.timesteps() - 1);
            for zoom in ["", " Z", " Z Z", " F", " o"] {
                for size in SIZES {
                    let [mut a, mut b] =
                        [one.clone(), other(&one, |_| false, from)].map(|s| stepper(s, veiled(), &format!("{keys}{zoom}")));
                    assert_eq!(screen(&mut a, size), screen(&mut b, size), "{} {keys}{zoom} {size:?}", builtin.name);
                }
            }
        }
    }
}

#[test]
fn a_key_shows_the_row_and_the_next_what_comes_of_it_and_back_is_where_one_was() {
    let mut state = stepper(scenario("intro"), veiled(), "");
    let mut seen = vec![(state.t(), state.is_complete())];
    for _ in 0..8 {
        press(&mut state, "n");
        seen.push((state.t(), state.is_complete()));
    }
    let all: Vec<(usize, bool)> = (0..4).flat_map(|t| [(t, false), (t, true)]).collect();
    assert_eq!(seen[..8], all);
    assert_eq!(seen[8], (3, true), "the end stays the end");
    for expected in all.iter().rev().skip(1) {
        press(&mut state, "p");
        assert_eq!((state.t(), state.is_complete()), *expected);
    }
    press(&mut state, "5 n");
    assert_eq!((state.t(), state.is_complete()), all[5]);
    assert_eq!(state.change(), Change::Forward(0), "the rows gone over are new");
    press(&mut state, "1 G");
    assert_eq!((state.t(), state.is_complete()), (1, false));
}

#[test]
fn the_veil_covers_what_comes_next_and_shows_the_timestep_when_it_is_lifted() {
    let mut state = stepper(scenario("intro"), Settings::default(), "n v");
    assert!(text(&frame(&mut state, (80, 24))).contains("ReLU(-13.9) = 0"), "what was seen stays");
    press(&mut state, "n");
    let covered = text(&frame(&mut state, (80, 24)));
    assert!(!covered.contains("170") && !covered.contains("21"), "{covered}");
    assert!(covered.contains("veil"), "{covered}");
    press(&mut state, "v");
    assert!(text(&frame(&mut state, (80, 24))).contains("ReLU(170) = 170"));
}

#[test]
fn what_a_pass_from_the_last_timestep_gives_to_the_one_before_is_covered_until_it_is_there() {
    let reverse = "title = \"Reverse\"\n[input]\nrows = [[1], [2], [3]]\n[[layer]]\nkind = \"rnn\"\nactivation = \"linear\"\n\
                   direction = \"reverse\"\ninput_weights = [[1.25]]\nrecurrent_weights = [[0.5]]\n";
    let mut state = stepper(common::scenario_of(reverse), veiled(), "n n");
    for size in SIZES {
        let covered = text(&frame(&mut state, size));
        assert!(!covered.contains("4.375"), "{covered}");
    }
    press(&mut state, "n");
    assert!(text(&frame(&mut state, (80, 24))).contains("◀4.375"));
}

#[test]
fn no_map_shows_under_the_veil_what_a_pass_from_the_last_timestep_has_given() {
    // The second unit gives nothing but at the last timesteps.
    let reverse = |weight: &str| {
        common::scenario_of(&format!(
            "title = \"Reverse\"\n[input]\nrows = [[-1], [-1], [-1], [5], [7]]\n[[layer]]\nkind = \"rnn\"\nactivation = \"relu\"\n\
             direction = \"reverse\"\ninput_weights = [[1], [{weight}]]\nrecurrent_weights = [[0, 0], [0, 0]]\n"
        ))
    };
    for keys in ["Z", "Z n", "Z n n", "Z n n n", "Z Z n n n"] {
        let [mut one, mut other] = ["1", "3"].map(|weight| stepper(reverse(weight), veiled(), keys));
        for size in [(80, 24), (120, 40)] {
            assert_eq!(screen(&mut one, size), screen(&mut other, size), "{keys}");
        }
        let [one, other] = ["1", "3"].map(|weight| stepper(reverse(weight), Settings::default(), "n Z"));
        assert_ne!(screen(&mut one.clone(), (80, 24)), screen(&mut other.clone(), (80, 24)), "without the veil they differ");
    }
}

#[test]
fn no_event_is_told_under_the_veil() {
    let mut state = stepper(scenario("intro"), veiled(), ">");
    assert_eq!((state.t(), state.is_complete()), (0, false));
    assert!(text(&frame(&mut state, (80, 24))).contains("an event would give away"));
}

#[test]
fn a_row_to_be_guessed() {
    insta::assert_snapshot!(screen(&mut stepper(scenario("intro"), veiled(), "n n"), (80, 24)));
}

#[test]
fn an_lstm_cell_to_be_guessed_in_spanish() {
    let settings = Settings { language: celda::app::settings::Language::Es, ..veiled() };
    insta::assert_snapshot!(screen(&mut stepper(scenario("counter"), settings, "n n n n o"), (120, 40)));
}
