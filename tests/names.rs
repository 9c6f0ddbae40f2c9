//! Long names are whole where there is room, are told apart where there is not, and do not move columns while one steps.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use celda::app::settings::Settings;
use celda::scenario::Scenario;
use common::{english, frame, press, scenario_of, stepper, text};

const UNITS: [&str; 2] = ["accumulated warmth", "accumulated rain"];

fn two_units() -> Scenario {
    scenario_of(
        r#"
        title = "Two long names"
        [input]
        features = ["measured temperature outside", "measured temperature inside"]
        rows = [[0, 23], [1, -3], [1, 56], [2, 12]]
        labels = ["Monday the first", "Monday the second", "Tuesday the first", "Tuesday the second"]
        [[layer]]
        kind = "rnn"
        activation = "tanh"
        unit_names = ["accumulated warmth", "accumulated rain"]
        input_weights = [[0.02, 0.03], [0.04, 0.01]]
        recurrent_weights = [[-0.1, 0.2], [0.3, 0.4]]
        "#,
    )
}

/// What a frame shows at t = 1 after some keys.
fn shown(keys: &str, size: (u16, u16)) -> String {
    text(&frame(&mut stepper(two_units(), Settings::default(), &format!("n {keys}")), size))
}

/// The lines of a panel, by its title, as far as its frame goes.
fn panel(shown: &str, title: &str) -> Vec<String> {
    let lines: Vec<Vec<char>> = shown.lines().map(|line| line.chars().collect()).collect();
    let (top, start) = lines
        .iter()
        .enumerate()
        .find_map(|(i, line)| {
            let line: String = line.iter().collect();
            line.find(&format!("╭ {title}")).map(|at| (i, line[..at].chars().count()))
        })
        .unwrap();
    let end = start + lines[top][start..].iter().position(|c| *c == '╮').unwrap();
    let inside = lines[top + 1..].iter().take_while(|line| line[start] != '╰');
    inside.map(|line| line[start + 1..end].iter().collect()).collect()
}

/// The first words of the lines in which a text is, up to a gap of two blanks.
fn names(lines: &[String], beside: &str) -> Vec<String> {
    let named = lines.iter().filter(|line| line.contains(beside)).map(|line| line.trim_matches([' ', '▸', '│']));
    named.map(|line| line.split("  ").next().unwrap().trim_matches([' ', '▸', '│']).to_owned()).collect()
}

#[test]
fn the_hidden_state_has_the_whole_names_of_its_units_where_there_is_room() {
    for size in [(120, 40), (200, 60)] {
        assert_eq!(names(&panel(&shown("", size), "Hidden state"), "────▶"), UNITS, "{}", shown("", size));
    }
}

#[test]
fn names_that_have_no_room_are_cut_so_that_they_stay_apart() {
    for width in 90..130 {
        let shown = shown("", (width, 24));
        let names = names(&panel(&shown, "Hidden state"), "────▶");
        assert!(names.len() == 2 && names[0] != names[1], "{names:?}\n{shown}");
    }
}

#[test]
fn columns_beside_long_names_do_not_move_while_one_steps() {
    for width in 90..130 {
        let mut state = stepper(two_units(), Settings::default(), "");
        let mut places = BTreeSet::new();
        for _ in 0..4 {
            let shown = text(&frame(&mut state, (width, 24)));
            let lines = panel(&shown, "Hidden state");
            places.extend(lines.iter().filter_map(|line| line.find("────▶").map(|at| line[..at].chars().count())));
            press(&mut state, "n");
        }
        assert_eq!(places.len(), 1, "{width}: {places:?}");
    }
}

#[test]
fn the_layer_zoom_has_the_whole_names_of_its_units_where_there_is_room() {
    for size in [(120, 40), (200, 60)] {
        let shown = shown("Z", size);
        assert!(UNITS.iter().all(|name| shown.contains(&format!("{name} "))), "{shown}");
    }
    let narrow = shown("Z", (60, 24));
    assert!(!narrow.contains("accumulated… "), "{narrow}");
}

/// Names that are longer than what they were once cut to, and no longer than there is room for.
const LONG: &str = r#"
title = "Long"
[input]
features = ["temperature at noon", "x"]
rows = [[1, 0], [0, 1]]
[[layer]]
kind = "rnn"
activation = "relu"
name = "the recurrent part"
input_weights = [[1, 2], [3, -4]]
recurrent_weights = [[0, 1], [1, 0]]
unit_names = ["remembers rain", "remembers sun"]
[[layer]]
kind = "dense"
name = "the deciding part"
activation = "softmax"
weights = [[1, 0], [0, 1], [1, 1]]
unit_names = ["stays at home", "takes the train", "rides the bicycle"]
"#;

#[test]
fn names_are_whole_wherever_there_is_room_for_them() {
    let shown = |keys: &str, size| text(&frame(&mut stepper(scenario_of(LONG), english(), keys), size));
    let cell = shown("n", (120, 40));
    for whole in ["layer 1/2 the recurrent part · unit 1/2 remembers rain · ", "││x1 temperature at noon "] {
        assert!(cell.contains(whole), "{whole}\n{cell}");
    }
    let dense = shown("n J", (120, 40));
    for whole in ["│ takes the train ", "│ rides the bicycle ", "unit 1/3 stays at home · "] {
        assert!(dense.contains(whole), "{whole}\n{dense}");
    }
    // The title stays whole before them.
    assert!(shown("n", (80, 24)).starts_with(" celda · Long "));
}

#[test]
fn a_softmax_keeps_its_name_on_a_small_screen() {
    let shown = text(&frame(&mut stepper(scenario_of(LONG), english(), "n J tab"), (40, 12)));
    assert!(shown.contains(" y2(1) = softmax(z1, "), "{shown}");
}
