//! What takes longer than a key has time for: the screen says how far it is, any key gives it up, and what comes of it is the same.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::field::Edit;
use celda::app::notice::{Doing, Notice};
use celda::app::request::Request;
use celda::app::settings::{Language, Settings};
use celda::app::state::{Outcome, State};
use celda::report::rows::{self, Styles};
use celda::scenario::Scenario;
use celda::view::Layout;
use common::{press, scenario_of, stepper};
use ndarray::Array2;
use proptest::prelude::*;
use proptest::sample::select;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// More than a moment has time for.
const TIMESTEPS: usize = 150_000;

const LAST: usize = TIMESTEPS - 1;

fn over_rows(layers: &str, timesteps: usize) -> Scenario {
    let mut scenario = scenario_of(&format!("title = \"Long\"\n[input]\nrows = [[0.5]]\n{layers}"));
    scenario.inputs = Array2::from_shape_fn((timesteps, 1), |(t, _)| (t as f64).sin()).into();
    scenario
}

const FORWARD: &str = "[[layer]]\nkind = \"rnn\"\ninput_weights = [[0.7]]\nrecurrent_weights = [[-0.9]]\nbias = [0.25]\n";

const REVERSE: &str =
    "[[layer]]\nkind = \"rnn\"\ndirection = \"reverse\"\ninput_weights = [[0.7]]\nrecurrent_weights = [[-0.9]]\n";

fn long() -> Scenario {
    over_rows(FORWARD, TIMESTEPS)
}

/// What is on the screen now, whatever is computed still.
fn now(state: &mut State) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
    Layout::fitted(state, (80, 24)).draw(state, &mut buffer);
    let mut out = Vec::new();
    rows::write(&buffer, Styles::None, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The same without the last line, where things are said.
fn above(screen: &str) -> &str {
    screen.trim_end().rsplit_once('\n').unwrap().0
}

fn doing(state: &State) -> Doing {
    match state.notice() {
        Some(Notice::Working { doing, .. }) if state.is_working() => *doing,
        other => panic!("nothing is computed: {other:?}"),
    }
}

/// How much is done, in percent.
fn percent(state: &State) -> usize {
    match state.notice() {
        Some(Notice::Working { percent, .. }) => *percent,
        other => panic!("nothing is computed: {other:?}"),
    }
}

/// All the numbers of the timestep shown, as text, which tells 0 from -0.
fn numbers(state: &State) -> String {
    format!("{:?}", state.step_at(state.t()).unwrap())
}

#[test]
fn a_jump_that_takes_long_shows_the_place_before_and_how_far_it_is_until_it_arrives() {
    let mut state = stepper(long(), Settings::default(), "n");
    let before = now(&mut state);
    assert_eq!(state.update(Action::Last), Outcome::Go);
    assert_eq!((doing(&state), state.t()), (Doing::Going { t: LAST }, 1));
    let (mut percents, mut lines) = (Vec::new(), Vec::new());
    while state.is_working() {
        let screen = now(&mut state);
        assert_eq!(above(&screen), above(&before), "the place before is shown");
        lines.push(screen.trim_end().lines().last().unwrap().to_owned());
        percents.push(percent(&state));
        state.work_on();
    }
    assert!(percents.is_sorted() && percents[0] > 0 && *percents.last().unwrap() < 100, "{percents:?}");
    assert!(lines[0].contains(&format!("going to t = {LAST}: {} % · any key interrupts", percents[0])), "{}", lines[0]);
    assert_eq!((state.t(), state.notice()), (LAST, None));
    let mut there = State::new(long(), Settings::default()).opened_at(LAST);
    there.finish_work();
    assert_eq!(numbers(&state), numbers(&there));
    assert!(above(&now(&mut state)).contains(&format!("step {TIMESTEPS}/{TIMESTEPS}")));
}

#[test]
fn in_spanish_it_says_so_in_spanish() {
    let mut state = stepper(long(), Settings { language: Language::Es, ..Settings::default() }, "");
    state.update(Action::Last);
    assert!(now(&mut state).contains(&format!("yendo a t = {LAST}: ")));
    state.interrupt_work();
    assert!(now(&mut state).contains("interrumpido: todo está como estaba"));
}

#[test]
fn an_interrupted_jump_leaves_everything_as_it_was() {
    for keys in ["", "n n j j", "z Z j", "v", "v j j", "Z Z"] {
        let mut state = stepper(long(), Settings::default(), keys);
        let (before, position, step) = (now(&mut state), state.position(), numbers(&state));
        for action in [Action::Last, Action::NextMicroStep] {
            for _ in 0..8 {
                state.update(Action::Digit(9));
            }
            state.update(action);
            assert!(state.is_working(), "after {keys:?}, {action:?}");
            state.work_on();
            assert_eq!(state.interrupt_work(), Outcome::Go);
            assert_eq!(state.notice(), Some(&Notice::Interrupted(Doing::Going { t: LAST })), "after {keys:?}");
            assert_eq!((state.position(), numbers(&state)), (position, step.clone()), "after {keys:?}");
            assert_eq!(above(&now(&mut state)), above(&before), "after {keys:?}");
        }
    }
}

#[test]
fn another_action_interrupts_it_and_is_done() {
    let mut state = stepper(long(), Settings::default(), "n");
    state.update(Action::Last);
    assert!(state.is_working());
    state.update(Action::Next);
    assert_eq!((state.is_working(), state.t()), (false, 2));
}

#[test]
fn a_jump_that_is_begun_again_goes_on_where_it_was_interrupted() {
    let mut state = stepper(long(), Settings::default(), "");
    state.update(Action::Last);
    state.work_on();
    state.interrupt_work();
    let slices = |state: &mut State| {
        state.update(Action::Last);
        let mut slices = 0;
        while state.is_working() {
            state.work_on();
            slices += 1;
        }
        slices
    };
    let left = slices(&mut state);
    let all = slices(&mut stepper(long(), Settings::default(), ""));
    assert!(left < all, "{left} slices of {all}");
}

#[test]
fn a_jump_that_takes_no_longer_than_a_moment_says_nothing() {
    let mut state = stepper(over_rows(FORWARD, 1000), Settings::default(), "");
    state.update(Action::Last);
    assert_eq!((state.is_working(), state.t(), state.notice()), (false, 999, None));
}

#[test]
fn the_screen_of_a_layer_that_looks_ahead_is_there_before_anything_is_computed() {
    let mut state = State::new(over_rows(REVERSE, TIMESTEPS), Settings::default());
    for size in [(80, 24), (120, 40), (40, 12), (1, 1)] {
        Layout::fitted(&mut state, size);
    }
    let screen = now(&mut state);
    assert_eq!((doing(&state), state.t(), state.is_complete()), (Doing::Computing, 0, false));
    assert!(screen.contains("Long") && screen.contains("Input") && screen.contains("computing: "), "{screen}");
    assert!(
        screen.contains("0.7 ×") && !screen.contains("at the last timestep only"),
        "of its sum there is the place of each term:\n{screen}"
    );
    state.interrupt_work();
    assert_eq!(now(&mut state).matches("computing").count(), 0, "it is given up until a key asks for it");
    assert!(!state.is_working());
    press(&mut state, "n");
    assert_eq!((state.t(), state.is_complete()), (0, true));
    let plain = over_rows(REVERSE, TIMESTEPS).timeline().into_steps().next().unwrap();
    assert_eq!(numbers(&state), format!("{plain:?}"));
}

#[test]
fn every_zoom_and_overlay_is_shown_before_anything_is_computed() {
    let layers = [REVERSE.replace("\"reverse\"", "\"reverse\"\nname = \"below\""), FORWARD.to_owned()].concat();
    let opened = State::new(over_rows(&layers, 400_000), Settings::default());
    for keys in ["", "z", "Z", "Z Z", "J", "tab", ".", "?", "o", "v", "F", "b", "e", "/", "t", "f", "L", "="] {
        let mut state = opened.clone();
        for key in keys.split_whitespace() {
            state.interrupt_work();
            let key = key.parse().unwrap();
            if let Some(action) = celda::app::keymap::action(key, state.mode()) {
                state.update(action);
            }
        }
        for size in [(80, 24), (120, 40), (200, 60), (40, 12)] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            Layout::fitted(&mut state, size).draw(&state, &mut buffer);
        }
        assert!(!state.has_numbers() && !now(&mut state).contains("NaN"), "after {keys:?}");
    }
}

/// Types a number for the one that is chosen first.
fn edit(state: &mut State, value: &str) -> Outcome {
    state.update(Action::Edit);
    for c in value.chars() {
        state.update(Action::Type(Edit::Insert(c)));
    }
    state.update(Action::Accept)
}

#[test]
fn an_edit_that_takes_long_is_kept_at_once_and_shown_when_it_is_computed() {
    let mut state = stepper(long(), Settings::default(), "G");
    let before = now(&mut state);
    assert_eq!(edit(&mut state, "3"), Outcome::Ask(Request::KeepEdits));
    assert_eq!((doing(&state), state.unwritten_edits().len(), state.edited_numbers()), (Doing::Computing, 1, 0));
    assert_eq!(above(&now(&mut state)), above(&before), "the numbers before are shown");
    state.finish_work();
    let edited = over_rows(&FORWARD.replace("[[0.7]]", "[[3.0]]"), TIMESTEPS);
    assert_eq!(numbers(&state), numbers(&stepper(edited, Settings::default(), "G")));
    assert_eq!(state.edited_numbers(), 1);
    press(&mut state, "u");
    assert_eq!(above(&now(&mut state)), above(&before));
    assert_eq!(numbers(&state), numbers(&stepper(long(), Settings::default(), "G")));
}

#[test]
fn an_interrupted_edit_is_none() {
    let mut state = stepper(long(), Settings::default(), "G");
    let (before, step) = (now(&mut state), numbers(&state));
    edit(&mut state, "3");
    state.work_on();
    assert_eq!(state.interrupt_work(), Outcome::Ask(Request::KeepEdits), "what was kept of it is kept no more");
    assert_eq!((state.unwritten_edits().len(), numbers(&state)), (0, step));
    assert_eq!(above(&now(&mut state)), above(&before));
    press(&mut state, "u");
    assert_eq!(state.notice(), Some(&Notice::NothingToUndo));
}

#[test]
fn another_version_that_takes_long_is_shown_when_it_is_computed_or_not_at_all() {
    let other = || over_rows(&FORWARD.replace("[[0.7]]", "[[-0.3]]"), TIMESTEPS);
    let mut state = stepper(long(), Settings::default(), "G");
    let (before, step) = (now(&mut state), numbers(&state));
    state.reload(Ok(other()));
    assert_eq!(doing(&state), Doing::Reloading);
    assert_eq!(above(&now(&mut state)), above(&before));
    state.interrupt_work();
    assert_eq!((numbers(&state), state.notice()), (step, Some(&Notice::Interrupted(Doing::Reloading))));
    state.reload(Ok(other()));
    state.finish_work();
    assert_eq!(state.notice(), Some(&Notice::Reloaded { kept: 0, lost: 0 }));
    assert_eq!(numbers(&state), numbers(&stepper(other(), Settings::default(), "G")));
}

#[test]
fn an_edit_that_is_computed_while_another_version_comes_is_made_in_that() {
    let other = over_rows(&FORWARD.replace("-0.9", "0.4"), TIMESTEPS);
    let both = over_rows(&FORWARD.replace("-0.9", "0.4").replace("[[0.7]]", "[[3.0]]"), TIMESTEPS);
    let mut state = stepper(long(), Settings::default(), "G");
    edit(&mut state, "3");
    assert!(state.is_working());
    state.reload(Ok(other));
    state.finish_work();
    assert_eq!(state.notice(), Some(&Notice::Reloaded { kept: 1, lost: 0 }));
    assert_eq!(numbers(&state), numbers(&stepper(both, Settings::default(), "G")));
}

#[test]
fn the_original_beside_it_is_shown_when_it_is_computed() {
    let mut state = stepper(long(), Settings::default(), "G");
    edit(&mut state, "3");
    state.finish_work();
    let before = now(&mut state);
    state.update(Action::Compare);
    assert_eq!((doing(&state), state.is_comparing()), (Doing::Computing, false));
    state.work_on();
    state.interrupt_work();
    assert_eq!(above(&now(&mut state)), above(&before));
    state.update(Action::Compare);
    state.finish_work();
    // The first row is zero, whatever it is multiplied by.
    assert_eq!((state.is_comparing(), state.parts_at()), (true, Some(1)));
    let original = stepper(long(), Settings::default(), "G");
    assert_eq!(format!("{:?}", state.original_step_at(LAST).unwrap()), numbers(&original));
}

#[test]
fn what_is_typed_into_a_search_is_taken_while_the_way_to_a_row_is_computed() {
    let mut state = stepper(long(), Settings::default(), "");
    state.update(Action::Search);
    for c in "149998".chars() {
        state.update(Action::Type(Edit::Insert(c)));
    }
    assert_eq!((doing(&state), state.search().unwrap().field().text()), (Doing::Going { t: 149_998 }, "149998"));
    assert!(now(&mut state).contains(" %"), "the field says how far it is");
    state.update(Action::Accept);
    assert!(state.is_working() && state.search().is_none(), "it goes on");
    state.finish_work();
    assert_eq!(state.t(), 149_998);
    assert!(matches!(state.notice(), Some(Notice::Found { text, which }) if text == "149998" && which.number == 1));
    state.update(Action::First);
    state.update(Action::Search);
    for c in "149998".chars() {
        state.update(Action::Type(Edit::Insert(c)));
    }
    state.update(Action::Close);
    assert_eq!((state.is_working(), state.t()), (false, 0), "who leaves the search goes nowhere");
}

#[test]
fn autoplay_stands_still_while_something_is_computed_and_stops_where_that_is_interrupted() {
    let mut state = State::new(over_rows(REVERSE, TIMESTEPS), Settings::default());
    state.finish_work();
    state.update(Action::Play);
    state.reload(Ok(over_rows(REVERSE, TIMESTEPS)));
    assert!(state.is_working());
    state.beat();
    assert_eq!(state.t(), 0);
    state.finish_work();
    state.beat();
    assert_eq!((state.t(), state.playing().is_some()), (1, true));
    state.reload(Ok(over_rows(REVERSE, TIMESTEPS)));
    state.interrupt_work();
    assert!(state.playing().is_none());
}

/// The outputs of a timestep, bit for bit.
fn outputs(output: Option<&[f64]>) -> Vec<u64> {
    output.unwrap_or_default().iter().map(|output| output.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_interrupted_each_timestep_shows_what_a_plain_run_gives(
        moves in prop::collection::vec(
            (
                select(&[Action::Last, Action::First, Action::Next, Action::Previous, Action::NextMicroStep,
                    Action::NextEvent, Action::PreviousEvent, Action::Veil, Action::ZoomOut, Action::ZoomIn][..]),
                prop::option::of(0..40_000_usize),
                prop::option::of(0..6_usize),
            ),
            1..14,
        ),
    ) {
        let scenario = over_rows(&[REVERSE, FORWARD].concat(), 40_000);
        let plain: Vec<Vec<u64>> = scenario.timeline().into_steps().map(|step| outputs(step.output())).collect();
        let mut state = State::new(scenario, Settings::default());
        state.finish_work();
        for (action, count, slices) in moves {
            let before = (state.position(), numbers(&state));
            for digit in count.map(|count| count.to_string()).unwrap_or_default().bytes() {
                state.update(Action::Digit(digit - b'0'));
            }
            state.update(action);
            match slices {
                Some(slices) => {
                    (0..slices).for_each(|_| state.work_on());
                    if state.is_working() {
                        prop_assert_eq!((state.position(), numbers(&state)), before.clone());
                        state.interrupt_work();
                        prop_assert_eq!((state.position(), numbers(&state)), before);
                    }
                }
                None => state.finish_work(),
            }
            now(&mut state);
            if state.is_complete() {
                prop_assert_eq!(&outputs(state.step_at(state.t()).and_then(|step| step.output())), &plain[state.t()]);
            }
        }
    }
}

#[test]
fn a_frame_does_not_say_how_far_it_was_once_all_is_computed() {
    for layers in [FORWARD, REVERSE] {
        let mut state = State::new(over_rows(layers, TIMESTEPS), Settings::default()).opened_at(LAST / 2);
        Layout::fitted(&mut state, (80, 24));
        state.finish_work();
        assert!(!now(&mut state).contains(" % · any key"), "{}", now(&mut state));
    }
}
