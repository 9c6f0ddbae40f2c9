//! Autoplay: where it goes, when it stops, what pauses it, and what the screen says of it.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::autoplay::{Speed, Stop};
use celda::app::notice::Notice;
use celda::app::settings::{Charset, Language, Settings};
use celda::app::state::{Outcome, State};
use common::{frame, press, scenario, stepper, text, with_styles};

/// The stepper after some keys and then some beats.
fn played(name: &str, keys: &str, beats: usize) -> State {
    let mut state = stepper(scenario(name), Settings::default(), keys);
    (0..beats).for_each(|_| state.beat());
    state
}

fn steps_per_second(state: &State) -> Option<f64> {
    state.playing().map(Speed::steps_per_second)
}

#[test]
fn it_goes_on_by_a_timestep_a_beat_while_it_is_on() {
    for (keys, t) in [("a", 2), ("", 0), ("a a", 0), ("n a", 3)] {
        assert_eq!(played("counter", keys, 2).t(), t, "{keys:?}");
    }
}

#[test]
fn it_goes_from_a_quarter_to_sixteen_steps_a_second_in_powers_of_two() {
    let all = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0];
    let mut state = stepper(scenario("intro"), Settings::default(), "- - - - a");
    let up = std::array::from_fn(|_| {
        let now = steps_per_second(&state).unwrap();
        press(&mut state, "+");
        now
    });
    assert_eq!(up, all);
    assert_eq!(steps_per_second(&state), Some(16.0));
    for (keys, speed) in [("a", 1.0), ("3 + a", 8.0), ("a 2 -", 0.25), ("9 9 9 9 + a -", 8.0), ("9 9 9 9 - + a", 0.5)] {
        assert_eq!(steps_per_second(&played("intro", keys, 0)), Some(speed), "{keys:?}");
    }
    assert_eq!(state.playing().unwrap().period().as_micros(), 62_500);
}

#[test]
fn it_stops_at_a_claim_that_fails_and_goes_on_from_there() {
    let mut state = played("intro", "a", 9);
    assert_eq!((state.t(), state.playing(), state.notice()), (3, None, Some(&Notice::Stopped(Stop::Claim))));
    press(&mut state, "home n a");
    state.beat();
    assert_eq!((state.t(), state.notice()), (2, None), "a claim that holds stops nothing");
    assert!(state.playing().is_some());
}

#[test]
fn it_stops_at_the_last_timestep_and_does_not_start_there() {
    for (keys, beats) in [("a", 99), ("end a", 0)] {
        let state = played("counter", keys, beats);
        assert_eq!((state.t(), state.playing()), (state.last(), None), "{keys:?}");
        assert_eq!(state.notice(), Some(&Notice::Stopped(Stop::Last)), "{keys:?}");
    }
}

#[test]
fn it_goes_by_micro_steps_from_inside_a_timestep() {
    let by_keys = stepper(scenario("counter"), Settings::default(), "n down down down down down").position();
    let state = played("counter", "n down down a", 3);
    assert_eq!((state.position(), state.playing().is_some()), (by_keys, true));
    let state = played("counter", "n down down a", 10_000);
    assert!(state.is_complete() && state.t() == state.last());
}

#[test]
fn from_inside_the_last_timestep_it_goes_to_its_end_and_no_sum_that_is_not_there_fails_its_claim() {
    let state = played("counter", "end up up a", 1);
    assert_eq!((state.is_complete(), state.notice()), (false, None));
    let state = played("counter", "end up up a", 2);
    assert_eq!((state.is_complete(), state.notice()), (true, Some(&Notice::Stopped(Stop::Last))));
    assert_eq!(played("intro", "end up up a", 1).notice(), None, "what is claimed of it cannot be seen to fail yet");
    assert_eq!(played("intro", "end up up a", 9).notice(), Some(&Notice::Stopped(Stop::Claim)));
}

#[test]
fn a_key_that_moves_in_time_or_takes_the_screen_away_pauses_it() {
    for key in ["n", "p", "0", "G", "2 n", "down", "up", "b", "C-z"] {
        assert_eq!(played("network", &format!("n a {key}"), 0).playing(), None, "{key}");
    }
    for key in ["tab", "J", ".", "Z", "o", "?", "t", "L", "f", "esc", "2", "x"] {
        assert!(played("network", &format!("n a {key}"), 0).playing().is_some(), "{key}");
    }
}

#[test]
fn a_suspended_stepper_comes_back_as_it_was_left() {
    let mut state = played("counter", "a", 1);
    assert_eq!(state.update(celda::app::action::Action::Suspend), Outcome::Suspend);
    state.beat();
    assert_eq!((state.t(), state.playing()), (1, None));
}

#[test]
fn a_number_that_is_being_typed_is_not_lost_to_a_beat() {
    let mut state = played("counter", "a 2", 1);
    press(&mut state, "n");
    assert_eq!(state.t(), 3);
}

#[test]
fn the_speed_is_said_where_it_cannot_be_seen() {
    let last_line = |settings: Settings, keys: &str| {
        let seen = text(&frame(&mut stepper(scenario("intro"), settings, keys), (40, 12)));
        seen.trim_end().lines().last().unwrap().to_owned()
    };
    let spanish = Settings { language: Language::Es, ..Settings::default() };
    assert_eq!(last_line(Settings::default(), "+"), " autoplay: 2/s");
    assert_eq!(last_line(spanish, "- -"), " reproducción: 0.25/s");
    assert!(!last_line(Settings::default(), "a +").contains("autoplay"), "while it plays the first line has it");
}

#[test]
fn the_first_line_has_the_speed_at_every_size() {
    for (charset, mark) in [(Charset::Unicode, "▶ 0.25/s"), (Charset::Ascii, "> 0.25/s")] {
        for size in [(40, 12), (80, 24), (120, 40)] {
            let settings = Settings { charset, ..Settings::default() };
            let seen = text(&frame(&mut stepper(scenario("network"), settings, "- - a"), size));
            assert!(seen.lines().next().unwrap().contains(mark), "{size:?}:\n{seen}");
        }
    }
}

#[test]
fn playing() {
    insta::assert_snapshot!(with_styles(&frame(&mut played("counter", "+ a", 2), (80, 24))));
}

#[test]
fn stopped_at_a_claim_in_spanish_on_a_small_screen() {
    let settings = Settings { language: Language::Es, ..Settings::default() };
    let mut state = stepper(scenario("intro"), settings, "a");
    (0..9).for_each(|_| state.beat());
    let buffer = frame(&mut state, (40, 12));
    assert!(!text(&buffer).trim_end().lines().last().unwrap().contains('…'));
    insta::assert_snapshot!(with_styles(&buffer));
}

#[test]
fn stopped_at_the_last_timestep_of_a_large_screen() {
    insta::assert_snapshot!(with_styles(&frame(&mut played("counter", "a", 99), (120, 40))));
}
