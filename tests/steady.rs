//! While one steps, the frames of the panels and the columns in them stay where they are.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use celda::app::settings::{Language, Settings};
use celda::app::state::State;
use celda::scenario::builtin;
use common::{frame, press, scenario, scenario_of, stepper, text};
use ratatui::buffer::Buffer;

/// The places of all corners of frames.
fn corners(buffer: &Buffer) -> Vec<usize> {
    let cells = buffer.content.iter().enumerate();
    cells.filter(|(_, cell)| "╭╮╰╯".contains(cell.symbol())).map(|(i, _)| i).collect()
}

/// Presses a key so many times, and sees to it that no corner moves while the layer looked at and the timesteps foreseen stay
/// the same.
fn assert_steady(state: &mut State, key: &str, times: usize, size: (u16, u16), what: &str) {
    let mut seen: BTreeMap<(usize, usize), (Vec<usize>, String)> = BTreeMap::new();
    for _ in 0..times {
        let buffer = frame(state, size);
        let corners = corners(&buffer);
        let first = seen.entry((state.focus().layer, state.foreseen().start)).or_insert((corners.clone(), text(&buffer)));
        assert!(first.0 == corners, "{what} {size:?} {:?}\n{}\n{}", state.position(), first.1, text(&buffer));
        let before = state.position();
        press(state, key);
        if state.position() == before {
            break;
        }
    }
}

/// The columns in which the heads of a layer's numbers end, and in which its map begins.
fn ends_of_heads(buffer: &Buffer) -> Vec<usize> {
    let screen = text(buffer);
    let head = screen.lines().find(|line| line.contains(" h: ") || line.contains(" y: ")).unwrap_or_default();
    let numbers = head.split(": ").next().unwrap_or_default();
    let blank_behind = |place: usize| numbers.chars().nth(place + 1).is_none_or(|next| next == ' ');
    let ends = numbers.chars().enumerate().filter(|&(i, c)| c == ')' && blank_behind(i)).map(|(i, _)| i);
    ends.chain([numbers.chars().count()]).collect()
}

#[test]
fn no_column_of_a_layer_moves_while_one_steps() {
    for builtin in builtin::ALL {
        for (size, key) in [((80, 24), "n"), ((80, 24), "j"), ((120, 40), "n"), ((60, 20), "n")] {
            let mut state = stepper(scenario(builtin.name), Settings::default(), "Z");
            let mut seen: BTreeMap<(usize, usize), (Vec<usize>, String)> = BTreeMap::new();
            for _ in 0..34 {
                let buffer = frame(&mut state, size);
                let ends = ends_of_heads(&buffer);
                let first = seen.entry((state.focus().layer, state.foreseen().start)).or_insert((ends.clone(), text(&buffer)));
                assert_eq!(first.0, ends, "{} {size:?} {key}\n{}\n{}", builtin.name, first.1, text(&buffer));
                press(&mut state, key);
            }
        }
    }
}

/// Steps through every built-in scenario in a zoom, that these keys go to.
fn assert_all_steady(zoom: &str, keys: &str) {
    for builtin in builtin::ALL {
        for size in [(80, 24), (120, 40)] {
            let what = format!("{} {zoom}", builtin.name);
            assert_steady(&mut stepper(scenario(builtin.name), Settings::default(), keys), "j", 40, size, &what);
            let spanish = Settings { language: Language::Es, ..Settings::default() };
            assert_steady(&mut stepper(scenario(builtin.name), spanish, keys), "n", 24, size, &what);
        }
    }
}

#[test]
fn no_frame_moves_while_one_steps_through_the_cell_of_a_built_in_scenario() {
    assert_all_steady("cell", "");
}

#[test]
fn no_frame_moves_while_one_steps_through_a_layer_of_a_built_in_scenario() {
    assert_all_steady("layer", "Z");
}

#[test]
fn no_frame_moves_while_one_steps_through_the_network_of_a_built_in_scenario() {
    assert_all_steady("network", "Z Z");
}

#[test]
fn no_column_moves_as_a_very_large_input_comes_into_view() {
    let rows = (0..100).map(|t| if t == 40 { "[1e300, 1]".into() } else { format!("[{}.5, 2]", t % 7) }).collect::<Vec<_>>();
    let large = || {
        scenario_of(&format!(
            "title = \"Large\"\n[input]\nrows = [{}]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[0.5, 1]]\n\
             recurrent_weights = [[0.5]]\n",
            rows.join(", ")
        ))
    };
    for size in [(80, 24), (120, 40)] {
        let mut state = stepper(large(), Settings::default(), "1 0 G");
        let mut seen = Vec::new();
        for _ in 10..50 {
            let screen = text(&frame(&mut state, size));
            let head = screen.lines().nth(2).unwrap_or_default();
            let edges: Vec<usize> = head.chars().enumerate().filter(|(_, c)| *c == '│').map(|(i, _)| i).collect();
            assert_eq!(*seen.first().unwrap_or(&edges), edges, "{screen}");
            seen.push(edges);
            press(&mut state, "n");
        }
    }
}
