//! Events: which there are, how `>` and `<` go through them, and what the screen says of them.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::events::{Happening, Way, happenings};
use celda::app::notice::{Doing, Notice};
use celda::app::settings::{Charset, Language, Settings};
use celda::app::state::State;
use celda::engine::event::{Event, Kind};
use celda::scenario::{Scenario, builtin};
use common::{frame, press, scenario, scenario_of, stepper, text, with_styles};
use ndarray::Array2;
use proptest::prelude::*;

/// All events of a scenario, each with its timestep, without a search.
fn all(scenario: &Scenario) -> Vec<(usize, Happening)> {
    let mut timeline = scenario.timeline();
    timeline.hold(0, scenario.timesteps());
    let around = |t: usize| [t.checked_sub(1).and_then(|t| timeline.get(t)), timeline.get(t), timeline.get(t + 1)];
    (0..scenario.timesteps()).flat_map(|t| happenings(scenario, around(t)).into_iter().map(move |h| (t, h))).collect()
}

/// What a key tells again and again until there is no more.
fn told(state: &mut State, action: Action) -> Vec<(usize, Happening)> {
    let mut told = Vec::new();
    loop {
        state.update(action);
        state.finish_work();
        match state.notice() {
            Some(Notice::Event { t, happening }) => told.push((*t, *happening)),
            Some(Notice::NoEvent(_)) => return told,
            other => panic!("{other:?}"),
        }
    }
}

fn finds_all(scenario: &Scenario, name: &str) {
    let mut events = all(scenario);
    let mut state = stepper(scenario.clone(), Settings::default(), "");
    assert_eq!(told(&mut state, Action::NextEvent), events, "{name}, from the start");
    press(&mut state, "end");
    events.reverse();
    let mut state = stepper(scenario.clone(), Settings::default(), "end");
    assert_eq!(told(&mut state, Action::PreviousEvent), events, "{name}, from the end");
}

/// A scenario of some layers over rows of one input.
fn rows(layers: &str, inputs: &[f64]) -> Scenario {
    let inputs = inputs.iter().map(|x| format!("[{x:?}]")).collect::<Vec<_>>().join(", ");
    scenario_of(&format!("title = \"t\"\n[input]\nrows = [{inputs}]\n{layers}"))
}

fn rnn(more: &str) -> String {
    format!("[[layer]]\nkind = \"rnn\"\ninput_weights = [[1.0]]\nrecurrent_weights = [[0.0]]\n{more}\n")
}

fn kinds(scenario: &Scenario) -> Vec<(usize, Kind)> {
    let unit = |(t, happening)| match happening {
        Happening::Unit(Event { kind, .. }) => Some((t, kind)),
        Happening::Claim(_) => None,
    };
    all(scenario).into_iter().filter_map(unit).collect()
}

#[test]
fn a_relu_dies_where_its_slope_becomes_zero() {
    let dies = rows(&rnn("activation = \"relu\""), &[-1.0, -2.0, 1.0, 0.0, -1.0]);
    assert_eq!(kinds(&dies), [(0, Kind::Death), (3, Kind::Death)]);
    let backward = rows(&rnn("activation = \"relu\"\ndirection = \"reverse\""), &[-1.0, -2.0, 1.0, 0.0, -1.0]);
    assert_eq!(kinds(&backward), [(1, Kind::Death), (4, Kind::Death)], "a backward pass comes from the timestep after");
}

#[test]
fn a_tanh_saturates_where_its_slope_falls_under_a_thousandth() {
    // 1 - tanh(z)² is 0.001 at z = 4.1465.
    let saturates = rows(&rnn("activation = \"tanh\""), &[4.14, 4.15, 9.0, 0.5, 4.15]);
    assert_eq!(kinds(&saturates), [(1, Kind::Saturation), (4, Kind::Saturation)]);
    let sigmoid = rows(&rnn("activation = \"sigmoid\""), &[6.90, 6.91, -6.91, 0.0, -6.91]);
    assert_eq!(kinds(&sigmoid), [(1, Kind::Saturation), (4, Kind::Saturation)]);
}

#[test]
fn a_state_changes_sign_strictly() {
    let signs = rows(&rnn("activation = \"linear\""), &[1.0, -1.0, 0.0, 1.0, 2.0, -3.0]);
    assert_eq!(kinds(&signs), [(1, Kind::HiddenSign), (5, Kind::HiddenSign)]);
}

#[test]
fn an_output_overflows_once_and_a_failing_claim_comes_last() {
    let layer = rnn("activation = \"linear\"").replace("[[1.0]]", "[[1e200]]");
    let overflows = rows(&layer, &[1.0, 1e200, 1e200, 1.0]);
    assert_eq!(kinds(&overflows), [(1, Kind::Overflow)], "what is carried stays no number");
    let claims: Vec<(usize, Happening)> = all(&scenario("intro"));
    assert_eq!(claims.last(), Some(&(3, Happening::Claim(0))));
}

#[test]
fn every_event_of_every_built_in_scenario_is_found_both_ways() {
    for builtin in builtin::ALL {
        finds_all(&scenario(builtin.name), builtin.name);
    }
}

#[test]
fn a_layer_of_both_directions_over_several_stretches_is_searched_like_any() {
    let both = "[[layer]]\nkind = \"rnn\"\ndirection = \"bidirectional\"\nactivation = \"tanh\"\n";
    let pass = |name: &str| format!("[layer.{name}]\ninput_weights = [[1.0]]\nrecurrent_weights = [[0.7]]\n");
    let inputs: Vec<f64> = (0..200).map(|t| f64::from(t * 37 % 23 - 11) / 2.0).collect();
    finds_all(&rows(&format!("{both}{}{}", pass("forward"), pass("backward")), &inputs), "both directions");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_is_found_both_ways(inputs in prop::collection::vec(-9.0..9.0_f64, 1..180), carried in -1.5..1.5_f64) {
        let layers = rnn("activation = \"tanh\"").replace("[[0.0]]", &format!("[[{carried:?}]]"));
        finds_all(&rows(&(layers + &rnn("activation = \"relu\"")), &inputs), "two layers");
    }
}

#[test]
fn a_key_goes_to_the_cell_of_the_event_and_a_count_repeats() {
    let scenario = scenario("counter");
    let events = all(&scenario);
    let state = stepper(scenario, Settings::default(), "3 >");
    let (t, Happening::Unit(event)) = events[2] else { panic!("{events:?}") };
    assert_eq!((state.t(), state.is_complete(), state.focus().layer, state.focus().unit), (t, true, event.layer, event.unit));
    if let Some(gate) = event.gate {
        assert_eq!(state.focus().gate, gate);
    }
    assert_eq!(state.notice(), Some(&Notice::Event { t, happening: events[2].1 }));
}

#[test]
fn from_inside_a_timestep_what_is_still_to_come_there_is_no_previous_event() {
    let events = all(&scenario("intro"));
    let last = events.len() - 1;
    assert_eq!((events[last].0, events[last - 1].0), (3, 1));
    for (keys, previous) in [("n n j <", last - 1), ("n n j 2 <", last - 2), ("n n j >", last), ("end <", last)] {
        let state = stepper(scenario("intro"), Settings::default(), keys);
        let (t, happening) = events[previous];
        assert_eq!((state.t(), state.notice()), (t, Some(&Notice::Event { t, happening })), "{keys}");
    }
    let state = stepper(scenario("intro"), Settings::default(), "up up <");
    assert_eq!((state.t(), state.notice()), (0, Some(&Notice::NoEvent(Way::Backward))));
}

#[test]
fn where_there_is_none_it_says_so_and_stays() {
    let quiet = rows(&rnn("activation = \"tanh\""), &[0.1; 300]);
    for (key, way) in [(">", Way::Forward), ("<", Way::Backward)] {
        let state = stepper(quiet.clone(), Settings::default(), &format!("1 5 0 G {key}"));
        assert_eq!((state.t(), state.notice()), (150, Some(&Notice::NoEvent(way))));
    }
}

#[test]
fn an_interrupted_search_stays_and_says_how_far_it_came() {
    let mut scenario = rows(&rnn("activation = \"tanh\""), &[0.1]);
    scenario.inputs = Array2::from_elem((1_000_000, 1), 0.1).into();
    let mut state = stepper(scenario, Settings::default(), "n");
    state.update(Action::NextEvent);
    let Some(&Notice::Working { doing: Doing::Searching, percent }) = state.notice() else { panic!("{:?}", state.notice()) };
    assert!(state.is_working() && percent < 100, "{percent} %");
    state.interrupt_work();
    let Some(&Notice::SearchInterrupted { t }) = state.notice() else { panic!("{:?}", state.notice()) };
    assert!(state.t() == 1 && t > 1, "it came to t = {t}");
    assert!(text(&frame(&mut state, (80, 24))).contains("t = 1"));
}

#[test]
fn the_screen_says_which_where_and_when() {
    let seen = |keys: &str, language, charset, size| {
        let settings = Settings { language, charset, ..Settings::default() };
        with_styles(&frame(&mut stepper(scenario("intro"), settings, keys), size))
    };
    insta::assert_snapshot!("an_event", seen(">", Language::En, Charset::default(), (80, 24)));
    insta::assert_snapshot!("a_claim_that_fails", seen("end <", Language::Es, Charset::default(), (80, 24)));
    insta::assert_snapshot!("an_event_on_a_small_screen", seen(">", Language::Es, Charset::Ascii, (40, 12)));
    insta::assert_snapshot!("no_more_events_on_a_small_screen", seen("end 9 9 > >", Language::En, Charset::Ascii, (40, 12)));
}

#[test]
fn each_kind_of_event_has_words_in_both_languages() {
    let mut lines = Vec::new();
    for language in [Language::En, Language::Es] {
        for name in ["saturated", "counter", "exploding", "gru-after", "network"] {
            let settings = Settings { language, ..Settings::default() };
            let mut state = stepper(scenario(name), settings, "");
            for _ in 0..6 {
                press(&mut state, ">");
                let screen = text(&frame(&mut state, (80, 24)));
                lines.push(format!("{name}:{}", screen.trim_end().lines().last().unwrap()));
            }
        }
    }
    insta::assert_snapshot!("events_in_words", lines.join("\n"));
}
