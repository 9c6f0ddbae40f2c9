//! Each scenario opens with what to look at, on the screen before any key.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::settings::{Settings, Veil};
use celda::app::state::State;
use celda::scenario::builtin;
use common::{english, frame, press, scenario, screen, spanish, stepper, text};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The words of a screen, without frames.
fn words(state: &mut State, size: (u16, u16)) -> String {
    let shown = text(&frame(state, size));
    shown.replace(|c: char| "│╭╮╰╯─".contains(c), " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a description ends with.
fn last_sentence(state: &State) -> String {
    let text = state.scenario().description.as_ref().unwrap().get(state.settings().language);
    text.rsplit(". ").next().unwrap().to_owned()
}

#[test]
fn every_built_in_scenario_says_what_to_look_at_until_the_first_key() {
    for builtin in builtin::ALL {
        for (settings, start) in [(english(), "Look at "), (spanish(), "Fíjate en ")] {
            for size in SIZES {
                for veil in [Veil::Off, Veil::On] {
                    let mut state = State::new(scenario(builtin.name), Settings { veil, ..settings });
                    let look = last_sentence(&state);
                    assert!(look.starts_with(start), "{}: {look}", builtin.name);
                    let seen = words(&mut state, size);
                    assert!(seen.contains(&look), "{} {size:?}: {look}\n{seen}", builtin.name);
                }
                for key in ["n", "j", "f", "tab", "esc"] {
                    let mut state = stepper(scenario(builtin.name), settings, key);
                    assert!(!words(&mut state, size).contains(&last_sentence(&state)), "{} {key}", builtin.name);
                }
            }
        }
    }
}

#[test]
fn all_of_a_description_is_there_where_it_has_room() {
    for settings in [english(), spanish()] {
        let mut state = State::new(scenario("intro"), settings);
        let whole = state.scenario().description.as_ref().unwrap().get(settings.language).to_owned();
        assert!(words(&mut state, (200, 60)).contains(&whole));
    }
}

#[test]
fn what_a_scenario_opens_with_covers_a_row_that_the_first_key_gives_back() {
    for builtin in builtin::ALL {
        for size in SIZES.into_iter().chain([(40, 12)]) {
            let mut state = State::new(scenario(builtin.name), english());
            let opening = text(&frame(&mut state, size));
            press(&mut state, "c");
            press(&mut state, "esc");
            let panels = text(&frame(&mut state, size));
            let changed = opening.lines().zip(panels.lines()).filter(|(opening, panels)| opening != panels).count();
            assert!(changed <= 1, "{} {size:?}\n{opening}\n{panels}", builtin.name);
        }
    }
}

#[test]
fn all_panels_of_the_lectures_cell_are_there_before_any_key() {
    let shown = text(&screen("intro", english(), "", (80, 24)));
    for title in ["Input X", "Weighted sum z(0)", "Activation ReLU", "Hidden state", "Unrolled in time", "h(0) = ReLU("] {
        assert!(shown.contains(title), "{title}\n{shown}");
    }
}

#[test]
fn a_stepper_that_opens_later_opens_without_it() {
    let mut state = State::new(scenario("counter"), english()).opened_at(3);
    assert!(!words(&mut state, (80, 24)).contains("Look at"));
}

#[test]
fn what_does_not_hold_is_whole_with_who_claims_it() {
    for settings in [english(), spanish()] {
        let shown = text(&screen("gru-before", settings, "n n", (80, 24)));
        let fails = shown.lines().find(|line| line.starts_with(" ✗")).unwrap();
        assert!(fails.contains("h1: 10, ") && fails.contains(" 11 (") && fails.trim_end().ends_with(')'), "{fails}");
    }
}
