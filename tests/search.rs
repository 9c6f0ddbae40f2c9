//! The search of a row by its label: where it leads, what is typed, what the screen says.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::{Duration, Instant};

use celda::app::action::Action;
use celda::app::field::Edit;
use celda::app::keymap::Mode;
use celda::app::settings::{Charset, Language, Settings, Veil};
use celda::app::state::{Overlay, State};
use celda::scenario::Scenario;
use celda::scenario::text::Text;
use common::{frame, press, scenario, scenario_of, stepper, text, with_styles};
use proptest::prelude::*;

/// A scenario with these labels, or as many timesteps without any.
fn labelled(labels: &[&str], with: bool) -> Scenario {
    let rows = vec!["[1]"; labels.len()].join(", ");
    let quoted: Vec<String> = labels.iter().map(|label| format!("\"{label}\"")).collect();
    let labels = if with { format!("labels = [{}]", quoted.join(", ")) } else { String::new() };
    scenario_of(&format!(
        "title = \"Labels\"\n[input]\nrows = [{rows}]\n{labels}\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\n\
         recurrent_weights = [[0]]\n"
    ))
}

const MONTHS: [&str; 6] = ["Januar", "Februar", "MÄRZ", "April", "mai", "März 2"];

fn after(keys: &str) -> State {
    stepper(labelled(&MONTHS, true), Settings::default(), keys)
}

fn label(state: &State) -> Option<&str> {
    state.scenario().label(state.t()).map(|label| label.get(Language::En))
}

fn last_line(state: &mut State, size: (u16, u16)) -> String {
    text(&frame(state, size)).trim_end().lines().last().unwrap().to_owned()
}

#[test]
fn the_row_of_1987_is_found_in_the_sunspots() {
    let mut state = stepper(scenario("sunspots"), Settings::default(), "/ 1 9 8 7");
    assert_eq!(label(&state), Some("1987"));
    assert_eq!(last_line(&mut state, (80, 24)), " label: 1987▌  1 of 1 row  Enter accept  Esc back  Tab next");
    press(&mut state, "enter n");
    assert_eq!(label(&state), Some("1988"));
}

#[test]
fn a_row_is_searched_by_what_the_screen_calls_it() {
    for (language, keys, t) in [
        (Language::En, "/ f o r g", 6),
        (Language::Es, "/ o l v i d", 6),
        (Language::En, "/ o l v", 0),
        (Language::Es, "/ f o r g", 0),
    ] {
        let mut state = stepper(scenario("memory"), Settings { language, ..Settings::default() }, keys);
        assert_eq!(state.t(), t, "{keys} in {}", language.code());
        press(&mut state, "esc L");
        press(&mut state, keys);
        assert_eq!(state.t(), 6 - t, "{keys} after L from {}", language.code());
    }
}

#[test]
fn it_leads_to_the_first_row_from_where_one_was_on_and_round() {
    for (keys, t) in [
        ("/ f", 1),
        ("/ F E B", 1),
        ("/ m ä r z", 2),
        ("3 n / m ä r z", 5),
        ("3 n / f e b", 1),
        ("/ a", 0),
        ("/ a p", 3),
        ("/ a p backspace backspace", 0),
        ("/ r space 2", 0),
        ("/ z space 2", 5),
        ("n / x x x", 1),
        ("/ m ä C-u a p", 3),
        ("/ m C-w", 0),
    ] {
        assert_eq!(after(keys).t(), t, "{keys}");
    }
}

#[test]
fn enter_stays_and_esc_goes_back_to_where_one_was() {
    for (keys, t) in [
        ("n / m ä enter", 2),
        ("n / m ä esc", 1),
        ("n / m ä down enter", 5),
        ("n / m ä down down enter", 2),
        ("n / m ä up enter", 5),
        ("n / x x enter", 1),
        ("n / enter", 1),
        ("n / m ä enter / enter", 5),
        ("n / m ä enter / enter / enter", 2),
        ("n / m ä enter / esc / enter", 5),
    ] {
        let state = after(keys);
        assert_eq!((state.t(), state.mode()), (t, Mode::Keys { count: None }), "{keys}");
    }
}

#[test]
fn esc_and_a_text_that_is_in_no_row_go_back_to_the_micro_step_one_was_in() {
    for (veil, ways) in [(Veil::Off, ["3 j", "n"]), (Veil::On, ["n n", "n n n"])] {
        let settings = Settings { veil, ..Settings::default() };
        for way in ways {
            let mut state = stepper(labelled(&MONTHS, true), settings, way);
            let before = state.position();
            press(&mut state, "/ x x");
            assert_eq!(state.position(), before, "{way}: no row has it");
            press(&mut state, "C-u a p");
            assert_ne!(state.position(), before);
            press(&mut state, "esc");
            assert_eq!(state.position(), before, "{way}");
            press(&mut state, "/ f e b enter");
            assert_eq!(state.position(), before, "{way}: it is the row one was in");
        }
    }
}

#[test]
fn another_version_of_the_file_ends_the_search() {
    let mut state = stepper(labelled(&MONTHS, true), Settings::default(), "4 n 3 j / j a n");
    state.reload(Ok(labelled(&MONTHS[..2], true)));
    assert!(state.search().is_none());
    assert_eq!(state.t(), 1);
    frame(&mut state, (80, 24));
}

#[test]
fn letters_are_text_while_it_is_open_and_keys_again_after_it() {
    let mut state = after("/ q 1 0 n b o ?");
    assert_eq!(state.search().unwrap().field().text(), "q10nbo?");
    assert_eq!((state.t(), state.overlay(), state.notes(), state.count()), (0, Overlay::None, None, None));
    press(&mut state, "left pgdn tab f1");
    assert_eq!((state.search().unwrap().field().text(), state.t()), ("q10nbo?", 0));
    press(&mut state, "esc 2 n");
    assert_eq!(state.t(), 2);
}

#[test]
fn it_lies_over_the_help_and_a_blank_screen_comes_back_for_it() {
    for keys in ["? / m", "b / m"] {
        let state = after(keys);
        assert_eq!((state.overlay(), state.search().is_some()), (Overlay::None, true), "{keys}");
    }
}

#[test]
fn without_labels_the_timesteps_are_searched() {
    let mut state = stepper(labelled(&MONTHS, false), Settings::default(), "/");
    assert!(last_line(&mut state, (80, 24)).contains("no labels here"));
    press(&mut state, "4 enter");
    assert_eq!(state.t(), 4);
}

#[test]
fn an_accent_may_be_left_out_and_one_that_is_typed_counts() {
    let labels = ["ano 1", "año 2", "AÑO 3", "Übung"];
    let found = |keys: &str| {
        let state = stepper(labelled(&labels, true), Settings::default(), keys);
        let search = state.search().unwrap();
        (state.t(), search.at(state.t()).of)
    };
    assert_eq!(found("/ a n o"), (0, 3));
    assert_eq!(found("/ A Ñ O"), (1, 2));
    assert_eq!(found("/ u b"), (3, 1));
}

#[test]
fn it_says_how_many_rows_there_are() {
    for (keys, said) in [
        ("/", "label: ▌  6 rows  "),
        ("/ m ä", "label: mä▌  1 of 2 rows  "),
        ("/ m ä down", "label: mä▌  2 of 2 rows  "),
        ("/ x", "label: x▌  ✗ no such row  "),
        ("/ m ä enter", " 1 of 2 rows: mä"),
        ("/ m ä enter / enter", " 2 of 2 rows: mä"),
        ("/ x enter", " ✗ no such row: x"),
    ] {
        let seen = last_line(&mut after(keys), (80, 24));
        assert!(seen.contains(said), "{keys}: {seen}");
    }
}

#[test]
fn a_hundred_thousand_rows_are_searched_at_once() {
    let labels: Vec<Text> = (0..100_000).map(|t| Text::same(format!("Row {t}"))).collect();
    let mut scenario = scenario("intro");
    scenario.inputs = std::sync::Arc::new(ndarray::Array2::zeros((labels.len(), 2)));
    scenario.labels = Some(labels);
    scenario.expected = None;
    let mut state = stepper(scenario, Settings::default(), "");
    let start = Instant::now();
    press(&mut state, "/ r o w space 9 9 9 9 9 backspace C-u enter");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_search() {
    insta::assert_snapshot!(with_styles(&frame(&mut stepper(scenario("sunspots"), Settings::default(), "/ 1 9 8"), (80, 24))));
}

#[test]
fn a_search_in_spanish_on_a_small_screen_in_ascii() {
    let settings = Settings { language: Language::Es, charset: Charset::Ascii, ..Settings::default() };
    insta::assert_snapshot!(with_styles(&frame(&mut stepper(scenario("sunspots"), settings, "/ 1 9 8"), (40, 12))));
}

#[test]
fn a_search_that_finds_nothing_on_a_large_screen() {
    insta::assert_snapshot!(with_styles(&frame(&mut stepper(scenario("sunspots"), Settings::default(), "/ 2 1"), (120, 40))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_esc_goes_back_and_a_match_has_the_text(from in 0_usize..6, typed in "\\PC{0,8}", deleted in 0_usize..4) {
        let mut state = stepper(labelled(&MONTHS, true), Settings::default(), &"n ".repeat(from));
        state.update(Action::Search);
        let edits = typed.chars().map(Edit::Insert).chain((0..deleted).map(|_| Edit::DeleteChar));
        for edit in edits {
            state.update(Action::Type(edit));
        }
        let search = state.search().unwrap();
        let text = search.field().text().to_lowercase();
        let fits = |label: &str| {
            let lower = label.to_lowercase();
            lower.contains(&text) || deunicode::deunicode(&lower).to_lowercase().contains(&text)
        };
        let fitting = MONTHS.iter().filter(|label| fits(label)).count();
        prop_assert_eq!(search.at(state.t()).of, fitting);
        prop_assert!(fitting == 0 || text.is_empty() || fits(MONTHS[state.t()]));
        for size in [(80, 24), (40, 12), (9, 1), (0, 0)] {
            frame(&mut state, size);
        }
        state.update(Action::Close);
        prop_assert_eq!((state.t(), state.search().is_none()), (from, true));
    }
}
