//! What-if: numbers chosen, typed and refused, undone and redone, and the original beside what became of it.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::notice::Notice;
use celda::app::settings::{Charset, ColorDepth, Settings};
use celda::app::state::State;
use celda::scenario::Scenario;
use celda::scenario::builtin;
use common::{english, frame, press, scenario, scenario_of, spanish, stepper, text, with_styles};
use proptest::prelude::*;

/// The stepper on a built-in scenario after some keys.
fn after(name: &str, keys: &str) -> State {
    stepper(scenario(name), Settings::default(), keys)
}

/// Everything a scenario computes, to the bit.
fn run(scenario: &Scenario) -> String {
    scenario.timeline().into_steps().map(|step| format!("{step:?}\n")).collect()
}

/// The last line of the screen.
fn last_line(state: &mut State, size: (u16, u16)) -> String {
    text(&frame(state, size)).lines().last().unwrap().to_owned()
}

fn outputs(state: &State) -> Vec<f64> {
    state.scenario().timeline().into_steps().map(|step| step.output().unwrap()[0]).collect()
}

#[test]
fn a_number_typed_and_applied_changes_all_that_follows_and_nothing_else() {
    let mut state = after("intro", "n e");
    assert_eq!(outputs(&state), [69.0, 0.0, 170.0, 23.0]);
    press(&mut state, "tab 5 enter");
    assert_eq!(outputs(&state), [115.0, 0.0, 282.0, 35.8]);
    assert_eq!((state.t(), state.entry()), (1, None), "the stepper keeps its place");
    assert!(text(&frame(&mut state, (80, 24))).contains("x2      ✎5"));
}

#[test]
fn every_number_of_the_cell_and_of_the_row_can_be_chosen_and_the_choice_goes_round() {
    let names = |state: &mut State| -> Vec<String> {
        let count = state.numbers().len();
        let name = |state: &mut State| last_line(state, (80, 24)).split("→").next().unwrap().trim().to_owned();
        (0..count)
            .map(|_| {
                let name = name(state);
                press(state, "down");
                name
            })
            .collect()
    };
    let mut state = after("intro", "e");
    let first = last_line(&mut state, (80, 24));
    let all = names(&mut state);
    assert_eq!(all, ["»w(x1) 2", "»w(x2) 3", "»U(h) -0.1", "»b 0", "»h(-1) 0", "»X(0) Feature 1 0", "»X(0) Feature 2 23"]);
    assert_eq!(last_line(&mut state, (80, 24)), first, "it goes round");
    press(&mut state, "up");
    assert!(last_line(&mut state, (80, 24)).contains("Feature 2"));
    let mut lstm = after("counter", ". e");
    assert!(
        names(&mut lstm)[..3].iter().all(|name| name.starts_with("»w_f") || name.starts_with("»U_f") || name.starts_with("»b_f"))
    );
    let mut later = after("intro", "n J e");
    assert!(names(&mut later).iter().all(|name| !name.contains("h(-1)")), "the initial state is not on the screen");
}

#[test]
fn what_is_no_number_is_refused_in_place_with_the_reason() {
    for (typed, reason) in [
        ("a b c", "no number"),
        ("1 e", "no number"),
        ("1 comma 5", "a point, not a comma"),
        ("i n f", "only finite"),
        ("n a n", "only finite"),
        ("1 e 9 9 9", "too large"),
        ("- 1 e 9 9 9", "too large"),
    ] {
        let mut state = after("intro", &format!("e {typed} enter"));
        assert!(last_line(&mut state, (80, 24)).contains(&format!("✗ {reason}")), "{typed}");
        assert_eq!(outputs(&state), outputs(&after("intro", "")), "{typed}");
        press(&mut state, "C-u 5 enter");
        assert_eq!(state.entry(), None, "another number is taken after {typed}");
    }
}

#[test]
fn esc_leaves_the_number_as_it_was_and_an_empty_field_changes_nothing() {
    for keys in ["e 5 esc", "e enter", "e 2 enter"] {
        let state = after("intro", keys);
        assert_eq!((state.edited_numbers(), state.entry()), (0, None), "{keys}");
    }
}

#[test]
fn what_is_typed_is_not_lost_by_moving_on() {
    let mut state = after("intro", "e 5 down");
    assert!(last_line(&mut state, (80, 24)).contains("»w(x1) 2 → 5"));
    press(&mut state, "enter");
    assert_eq!(state.edited_numbers(), 1);
}

#[test]
fn the_pieces_of_a_torn_arrow_edit_nothing_and_do_not_end_anything() {
    for piece in ["[", "O", "A", "B", "C", "D", "H"] {
        let mut state = after("network", "2 n tab e 5");
        press(&mut state, &format!("esc {piece}"));
        let before = after("network", "2 n tab");
        assert_eq!((state.t(), state.focus(), state.edited_numbers()), (before.t(), before.focus(), 0), "{piece}");
    }
}

#[test]
fn keys_that_step_are_typed_while_a_number_is_typed() {
    let mut state = after("intro", "n e q n space =");
    assert!(last_line(&mut state, (80, 24)).contains("qn ="));
    assert_eq!(state.t(), 1);
}

#[test]
fn an_edit_zooms_in_on_the_cell_and_opens_again_where_it_was() {
    let mut state = after("network", "Z Z J e");
    assert!(last_line(&mut state, (80, 24)).contains("»w1(x1)"));
    press(&mut state, "down down 7 enter n e");
    assert!(last_line(&mut state, (80, 24)).contains("»w1(x3) 7"));
}

#[test]
fn undo_and_redo_go_to_both_ends_and_say_where_they_are() {
    let mut state = after("intro", "e 1 enter e down 2 enter e down 3 enter");
    let edited = run(state.scenario());
    press(&mut state, "u u u");
    assert_eq!((run(state.scenario()), state.edited_numbers()), (run(&scenario("intro")), 0));
    press(&mut state, "u");
    assert_eq!(state.notice(), Some(&Notice::NothingToUndo));
    press(&mut state, "9 C-r");
    assert_eq!(run(state.scenario()), edited);
    press(&mut state, "C-r");
    assert_eq!(state.notice(), Some(&Notice::NothingToRedo));
    press(&mut state, "2 u e 9 enter C-r");
    assert_eq!(state.notice(), Some(&Notice::NothingToRedo), "another edit takes the place of those undone");
}

#[test]
fn the_original_is_shown_beside_the_edited_run_and_where_they_part() {
    let mut state = after("intro", "=");
    assert_eq!(state.notice(), Some(&Notice::NothingToCompare));
    press(&mut state, "n n e up up 7 enter = p p");
    assert_eq!(state.parts_at(), None, "what comes later is not told");
    press(&mut state, "n");
    assert_eq!(state.parts_at(), None);
    press(&mut state, "n");
    assert_eq!(state.parts_at(), Some(2));
    let original = state.original_step_at(2).and_then(|step| step.output()).unwrap()[0];
    let edited = state.step_at(2).and_then(|step| step.output()).unwrap()[0];
    assert_ne!(original, edited);
    press(&mut state, "u");
    assert!(!state.is_comparing(), "nothing is edited any more");
    press(&mut state, "C-r = =");
    assert!(!state.is_comparing());
}

#[test]
fn at_eighty_columns_original_output_and_difference_stand_beside_each_other_whatever_the_numbers_are() {
    for builtin in builtin::ALL {
        for layer in 0..scenario(builtin.name).network.layers.len() {
            for settings in [english(), spanish()] {
                let keys = format!("n e 0 . 7 enter = end {}", "J ".repeat(layer));
                let shown = text(&frame(&mut stepper(scenario(builtin.name), settings, keys.trim()), (80, 24)));
                let heads: String = shown.lines().skip(2).take(2).map(|line| line.split("││").next().unwrap()).collect();
                assert!(heads.contains(" orig") && heads.contains(" dif"), "{} layer {layer}\n{shown}", builtin.name);
            }
        }
    }
}

#[test]
fn a_comparison_is_seen_from_wherever_it_is_asked_for() {
    for keys in ["=", "Z =", "Z Z =", "F =", "K Z Z ="] {
        let keys = format!("n e 7 enter {keys} n");
        let shown = text(&frame(&mut after("network", &keys), (80, 24)));
        assert!(shown.contains(" orig.") && shown.contains(" diff."), "{keys}\n{shown}");
        let shown = text(&frame(&mut after("network", &format!("{keys} Z")), (80, 24)));
        assert!(shown.contains("≠ original from t = 1") && !shown.contains("diff."), "{keys} Z\n{shown}");
    }
}

#[test]
fn a_long_run_is_compared_from_wherever_it_is_looked_at() {
    let rows = vec!["[1]"; 1000].join(", ");
    let toml = format!(
        "title = \"Long\"\n[input]\nrows = [{rows}]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\nrecurrent_weights = [[0.5]]\n"
    );
    let mut state = stepper(scenario_of(&toml), Settings::default(), "5 0 0 G e up 3 enter 9 9 9 G =");
    assert_eq!(state.parts_at(), Some(500));
    press(&mut state, "home n n");
    assert_eq!(state.parts_at(), None);
}

#[test]
fn a_layer_that_is_not_computed_yet_has_nothing_to_edit() {
    let toml = "title = \"Last\"\n[input]\nrows = [[1], [2]]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\n\
                recurrent_weights = [[0]]\n[[layer]]\nkind = \"dense\"\nweights = [[1]]\napply = \"last\"\n";
    let state = stepper(scenario_of(toml), Settings::default(), "J e");
    assert_eq!((state.notice(), state.entry()), (Some(&Notice::NothingToEdit), None));
}

#[test]
fn a_number_is_typed_where_no_term_has_room() {
    for keys in ["o e", "o e tab", "o e backtab"] {
        for (name, rows) in [("intro", 12), ("counter", 12), ("counter", 13), ("sunspots", 12)] {
            let shown = text(&frame(&mut after(name, keys), (40, rows)));
            assert!(shown.contains("▌"), "{name} {keys}\n{shown}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn all_edits_undone_are_the_original_to_the_bit_and_redone_the_edited(
        which in 0..builtin::ALL.len() - 1,
        edits in prop::collection::vec((0_usize..4, 0_usize..4, 0_usize..5, 0_usize..40, -9.0..9.0_f64), 1..5),
    ) {
        let original = scenario(builtin::ALL[which].name);
        let before = run(&original);
        let mut state = State::new(original, Settings::default());
        for (layer, unit, gate, number, value) in edits {
            press(&mut state, &format!("{}{}{}e", "J ".repeat(layer), "tab ".repeat(unit), ". ".repeat(gate)));
            for _ in 0..number {
            state.update(Action::ScrollDown);
        }
            let typed: Vec<String> = value.to_string().chars().map(String::from).collect();
            press(&mut state, &format!("{} enter", typed.join(" ")));
        }
        let edited = run(state.scenario());
        press(&mut state, "9 u");
        prop_assert_eq!(run(state.scenario()), before);
        press(&mut state, "9 C-r");
        prop_assert_eq!(run(state.scenario()), edited);
    }

    #[test]
    fn every_screen_holds_the_field_and_the_comparison(
        which in 0..builtin::ALL.len(),
        (layer, unit, gate, number) in (0_usize..4, 0_usize..4, 0_usize..5, 0_usize..40),
        size in (0_u16..130, 0_u16..45),
    ) {
        let keys = format!("n {}{}{}e", "J ".repeat(layer), "tab ".repeat(unit), ". ".repeat(gate));
        let mut state = after(builtin::ALL[which].name, &keys);
        for _ in 0..number {
            state.update(Action::ScrollDown);
        }
        let is_typed = state.entry().is_some();
        let shown = text(&frame(&mut state, size));
        prop_assert!(!is_typed || size.0 < 4 || size.1 == 0 || shown.lines().last().unwrap().contains('»'));
        if size.0 >= 80 && size.1 >= 24 && is_typed {
            prop_assert_eq!(shown.matches('»').count(), 2, "{}", shown);
        }
        press(&mut state, "7 enter =");
        frame(&mut state, size);
    }
}

const EDITED: &str = "n e down 5 enter";

macro_rules! snapshots {
    ($($name:ident: $scenario:literal, $settings:expr, $keys:expr, $size:expr;)*) => {
        $(
            #[test]
            fn $name() {
                let mut state = stepper(scenario($scenario), $settings, &$keys);
                insta::assert_snapshot!(with_styles(&frame(&mut state, $size)));
            }
        )*
    };
}

snapshots! {
    a_number_is_typed: "intro", english(), "n e down 5", (80, 24);
    a_number_is_refused_in_spanish: "intro", spanish(), "n e down 5 comma enter", (80, 24);
    a_number_is_typed_on_a_small_screen: "counter", spanish(), "e up 1", (40, 12);
    an_initial_state_is_typed: "counter", english(), "e up up up up", (120, 40);
    a_scenario_is_edited: "intro", english(), EDITED, (80, 24);
    a_scenario_is_edited_without_colour: "intro", Settings { depth: ColorDepth::None, ..spanish() }, EDITED, (80, 24);
    both_are_compared: "intro", english(), format!("{EDITED} = n"), (80, 24);
    both_are_compared_in_spanish_in_ascii: "intro", Settings { charset: Charset::Ascii, ..spanish() }, format!("{EDITED} = n"), (80, 24);
    both_are_compared_on_a_small_screen: "network", english(), "n e 5 enter = n", (40, 12);
    both_are_compared_on_a_large_screen: "network", spanish(), "n e 5 enter = n", (120, 40);
    several_outputs_are_compared: "gru-after", english(), "e 5 enter = n", (80, 24);
}
