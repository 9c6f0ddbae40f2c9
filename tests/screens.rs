//! Whole screens as reviewed snapshots, with their styles, and what holds for every screen.
#![allow(clippy::unwrap_used)]

#[macro_use]
mod common;

use celda::app::settings::{Charset, ColorDepth, Settings, Theme};
use celda::scenario::Scenario;
use common::{english, frame, look, press, scenario, scenario_of, screen, spanish, stepper, text};
use proptest::prelude::*;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// A layer of 64 units over 300 features.
fn wide() -> Scenario {
    let number = |i: usize| ((i * 37) % 19) as f64 / 10.0 - 0.9;
    let row = |width: usize, seed: usize| {
        let numbers: Vec<String> = (0..width).map(|i| number(i + seed).to_string()).collect();
        format!("[{}]", numbers.join(", "))
    };
    let rows = |height: usize, width: usize| {
        let rows: Vec<String> = (0..height).map(|i| row(width, i * 7)).collect();
        format!("[{}]", rows.join(", "))
    };
    scenario_of(&format!(
        "title = \"Wide\"\n[input]\nrows = {}\n[[layer]]\nkind = \"rnn\"\ninput_weights = {}\nrecurrent_weights = {}\n",
        rows(12, 300),
        rows(64, 300),
        rows(64, 64)
    ))
}

const SOFTMAX: &str = r#"
title = "Softmax at the end"
[input]
rows = [[1, 0], [0, 1]]
[[layer]]
kind = "rnn"
activation = "relu"
input_weights = [[1, 2], [3, -4]]
recurrent_weights = [[0, 1], [1, 0]]
[[layer]]
kind = "dense"
activation = "softmax"
apply = "last"
weights = [[1, 0], [0, 1], [1, 1]]
bias = [0, 0, -3]
unit_names = ["cat", "dog", "bird"]
"#;

const EXPLODING: &str = r#"
title = "It explodes"
[input]
rows = [[1e200], [1e200], [1]]
[[layer]]
kind = "rnn"
activation = "linear"
input_weights = [[1]]
recurrent_weights = [[1e200]]
"#;

/// A state that doubles until it is no finite number any more.
fn doubling() -> Scenario {
    scenario_of(&format!(
        "title = \"Doubling\"\n[input]\nrows = [{}]\n[[layer]]\nkind = \"rnn\"\nactivation = \"relu\"\n\
         input_weights = [[1]]\nrecurrent_weights = [[2]]\n",
        vec!["[1]"; 1030].join(", ")
    ))
}

const NOT_A_NUMBER: &str = r#"
title = "No number"
[input]
rows = [[1e308], [1]]
[[layer]]
kind = "rnn"
activation = "linear"
input_weights = [[10], [10]]
recurrent_weights = [[1, -1], [0, 1]]
"#;

/// Two LSTM cells whose hidden state is projected to one number.
const PROJECTED: &str = r#"
title = "Projected"
[input]
rows = [[1], [2], [-1]]
[[layer]]
kind = "lstm"
convention = "pytorch"
weight_ih = [[1], [0.5], [0], [1], [0.5], [-0.5], [1], [1]]
weight_hh = [[0], [1], [0.5], [0], [1], [-1], [0.25], [0]]
weight_hr = [[0.5, 2]]
"#;

/// A layer whose second unit comes from the last timestep.
const BOTH_WAYS: &str = r#"
title = "Both ways"
[input]
rows = [[1], [2], [4]]
[[layer]]
kind = "rnn"
direction = "bidirectional"
activation = "linear"
[layer.forward]
input_weights = [[1]]
recurrent_weights = [[0.5]]
[layer.backward]
input_weights = [[1]]
recurrent_weights = [[0.5]]
"#;

snapshots! {
    intro_at_its_first_timestep_marks_the_first_slip: screen("intro", english(), "", (80, 24));
    intro_one_step_on: screen("intro", english(), "n", (80, 24));
    intro_at_its_last_timestep_marks_the_second_slip: screen("intro", english(), "end", (80, 24));
    intro_in_spanish: screen("intro", spanish(), "n", (80, 24));
    intro_for_a_light_background: screen("intro", Settings { theme: Theme::Light, ..english() }, "n", (80, 24));
    intro_for_a_weak_projector: screen("intro", Settings { theme: Theme::Contrast, ..english() }, "n", (80, 24));
    intro_without_colour: screen("intro", Settings { depth: ColorDepth::None, ..english() }, "n", (80, 24));
    intro_in_ascii: screen("intro", Settings { charset: Charset::Ascii, ..spanish() }, "n", (80, 24));
    intro_at_the_smallest_size_with_panels: screen("intro", spanish(), "n", (40, 12));
    intro_at_120_by_40: screen("intro", english(), "n n", (120, 40));
    intro_at_200_by_60: screen("intro", english(), "n n", (200, 60));
    intro_too_small_for_panels: screen("intro", english(), "n", (20, 5));
    the_help: screen("intro", english(), "?", (80, 24));
    the_help_in_spanish_scrolled_on_a_small_screen: screen("intro", spanish(), "? 5 j", (40, 12));
    the_notes_below: screen("intro", english(), "o", (80, 24));
    the_notes_beside: screen("intro", spanish(), "n o", (120, 40));
    a_number_typed_before_a_motion: screen("intro", english(), "1 2", (80, 24));
    two_cells_that_feed_each_other: screen("exercise", english(), "n n tab", (80, 24));
    the_dense_layer_of_the_exercise: screen("exercise", english(), "n n J", (80, 24));
    the_exercise_on_a_small_screen: screen("exercise", english(), "n J", (40, 12));
    three_cells_in_spanish: screen("network", spanish(), "3 n", (80, 24));
    the_last_layer_of_the_network: screen("network", english(), "3 n K", (120, 40));
    three_hundred_features_fold_into_one_term: frame(&mut stepper(wide(), english(), "n n tab"), (80, 24));
    folded_terms_can_be_scrolled_to: frame(&mut stepper(wide(), english(), "n n 1 0 0 C-e"), (120, 40));
    a_layer_not_yet_applied_says_so: frame(&mut stepper(scenario_of(SOFTMAX), english(), "J"), (80, 24));
    a_softmax_shares_one_out_among_its_units: frame(&mut stepper(scenario_of(SOFTMAX), english(), "n J"), (80, 24));
    numbers_in_full: screen("network", english(), "n f", (120, 40));
    what_is_not_a_number_has_no_bars: frame(&mut stepper(scenario_of(NOT_A_NUMBER), english(), "n"), (80, 24));
    numbers_in_full_are_shortened_where_they_have_no_room: screen("network", english(), "n f", (80, 24));
    an_lstm_cell_counts: screen("counter", english(), "n n n .", (80, 24));
    an_lstm_cell_at_120_by_40: screen("counter", spanish(), "n n n . .", (120, 40));
    an_lstm_cell_on_a_small_screen: screen("counter", english(), "n n n", (40, 12));
    an_lstm_cell_in_ascii: screen("counter", Settings { charset: Charset::Ascii, ..english() }, "n n n .", (80, 24));
    an_lstm_cell_without_colour: screen("counter", Settings { depth: ColorDepth::None, ..english() }, "n n n", (80, 24));
    a_projected_lstm_and_its_projection: frame(&mut stepper(scenario_of(PROJECTED), english(), "n . . . . tab"), (80, 24));
    a_gru_cell_remembers: screen("memory", spanish(), "4 n .", (80, 24));
    the_recurrent_part_of_a_gru: screen("gru-after", english(), "n n . . tab", (80, 24));
    the_candidate_of_a_gru_with_its_reset_before: screen("gru-before", english(), "n n . .", (80, 24));
    the_backward_pass_of_a_bidirectional_layer: frame(&mut stepper(scenario_of(BOTH_WAYS), english(), "n tab"), (80, 24));
    the_backward_pass_at_its_start: frame(&mut stepper(scenario_of(BOTH_WAYS), spanish(), "end tab"), (120, 40));
    a_convolution_marks_the_rows_it_sees: screen("conv-window", english(), "n n n", (80, 24));
    a_trained_model_in_spanish: screen("sunspots", spanish(), "2 5 0 G 5 tab", (80, 24));
    a_trained_model_at_120_by_40: screen("sunspots", english(), "2 5 0 G . .", (120, 40));
    infinities_are_shown_as_what_they_are: frame(&mut stepper(scenario_of(EXPLODING), english(), "n n"), (80, 24));
}

#[test]
fn a_blank_screen_shows_nothing() {
    let buffer = screen("intro", english(), "n b", (80, 24));
    assert!(buffer.content.iter().all(|cell| cell.symbol() == " "));
}

#[test]
fn the_key_after_a_blank_screen_brings_it_back() {
    let seen = text(&screen("intro", english(), "b n", (80, 24)));
    assert_eq!(seen, text(&screen("intro", english(), "n", (80, 24))));
}

#[test]
fn ascii_uses_no_byte_above_7f_on_any_screen() {
    let ascii = Settings { charset: Charset::Ascii, ..spanish() };
    for name in ["intro", "exercise", "network"] {
        for keys in ["", "n", "n ?", "n o", "n J", "1 2", "n Z", "n Z Z", "n F"] {
            for size in [(80, 24), (40, 12), (120, 40), (10, 3)] {
                let seen = text(&screen(name, ascii, keys, size));
                assert!(seen.is_ascii(), "{name}, keys {keys}, {size:?}:\n{seen}");
            }
        }
    }
}

#[test]
fn the_formula_is_whole_wherever_there_is_room_for_it() {
    for size in [(40, 12), (60, 20), (80, 24), (120, 40), (200, 60), (30, 4)] {
        let seen = text(&screen("intro", english(), "n", size));
        let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(seen.contains("ReLU(2·1 + 3·(-3) + (-0.1)·69) = ReLU(-13.9) = 0"), "{size:?}:\n{seen}");
    }
}

#[test]
fn a_claim_that_fails_is_written_so_that_it_differs() {
    let coarse = Settings { precision: 1, ..english() };
    let seen = text(&screen("intro", coarse, "end", (80, 24)));
    assert!(seen.contains("20 ✗  21") && seen.contains("computed 20, claimed 21"), "{seen}");
}

#[test]
fn what_follows_the_cursor_is_not_shown() {
    let then = text(&screen("network", english(), "n n", (120, 40)));
    let now = text(&screen("network", english(), "n", (120, 40)));
    assert!(then.contains("-1.11381") && !now.contains("-1.11381"), "the output of t = 2 is not known yet:\n{now}");
    assert!(now.contains("X(2)"), "its input is");
}

#[test]
fn the_row_the_term_and_the_value_carried_look_alike() {
    let buffer = screen("intro", english(), "n", (80, 24));
    let rows: Vec<String> = text(&buffer).lines().map(str::to_owned).collect();
    let look_of = |row_text: &str, value: &str| {
        let y = rows.iter().position(|row| row.contains(row_text)).unwrap();
        let before = rows[y].split(row_text).next().unwrap().width();
        let inside = row_text.find(value).map(|byte| row_text[..byte].width()).unwrap();
        look(&buffer[((before + inside) as u16, y as u16)])
    };
    let row = look_of("▶X(1)", "X(1)");
    assert!(!row.is_empty());
    assert_eq!(row, look_of("-0.1 ×    69", "69"), "the value in the weighted sum");
    assert_eq!(row, look_of("h     69  ────▶", "69"), "the hidden state carried in");
    assert_eq!(row, look_of("─69─▶ [t=1]", "69"), "the arrow of the timeline");
    assert_eq!(row, look_of("(-0.1)·69", "69"), "the formula");
}

#[test]
fn without_colour_the_current_row_is_still_marked() {
    let buffer = screen("intro", Settings { depth: ColorDepth::None, ..english() }, "n", (80, 24));
    assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    let marker = buffer.content.iter().find(|cell| cell.symbol() == "▶").unwrap();
    assert!(marker.modifier.intersects(Modifier::REVERSED | Modifier::BOLD));
}

const KEYS: [&str; 30] = [
    "right", "left", "home", "end", "0", "G", "tab", "backtab", "J", "K", "down", "up", "o", "b", "t", "L", "f", "?", "esc", "7",
    "3", "x", "z", "Z", "a", "+", "-", "F", "/", "enter",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_keys_make_it_panic(
        keys in proptest::collection::vec(0..KEYS.len(), 0..30),
        sizes in proptest::collection::vec((0_u16..230, 0_u16..70), 1..4),
        which in 0_usize..7,
        ascii in any::<bool>(),
    ) {
        let scenario = match which {
            0 => scenario("intro"),
            1 => scenario("exercise"),
            2 => scenario("network"),
            3 => scenario_of(SOFTMAX),
            4 => scenario_of(EXPLODING),
            5 => scenario_of(NOT_A_NUMBER),
            _ => doubling(),
        };
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let mut state = stepper(scenario, Settings { charset, ..english() }, "");
        for size in sizes {
            for &key in &keys {
                press(&mut state, KEYS[key]);
            }
            frame(&mut state, size);
        }
    }

    #[test]
    fn stepping_forward_and_back_is_where_you_were(before in 0_usize..5, forward in 1_usize..5) {
        let mut state = stepper(scenario("network"), english(), "");
        press(&mut state, &"n ".repeat(before.min(4)));
        let steps = forward.min(state.last() - state.t());
        press(&mut state, "x");
        let seen = state.step_at(state.t()).cloned();
        press(&mut state, &"n ".repeat(steps));
        press(&mut state, &"p ".repeat(steps));
        prop_assert_eq!(seen, state.step_at(state.t()).cloned());
    }
}

#[test]
fn numbers_up_to_the_largest_there_are_can_be_drawn() {
    for size in [(80, 24), (200, 60), (500, 500)] {
        for t in [0, 1000, 1014, 1017, 1020, 1021, 1022, 1023, 1024, 1029] {
            let keys = format!("{} G", t.to_string().chars().map(String::from).collect::<Vec<_>>().join(" "));
            let keys = if t == 0 { String::new() } else { keys };
            frame(&mut stepper(doubling(), english(), &keys), size);
        }
    }
}

#[test]
fn a_result_is_never_cut_in_the_middle() {
    for width in 40..130 {
        let seen = text(&screen("network", english(), "n f", (width, 24)));
        let line = seen.lines().find(|line| line.contains("tanh(1.17")).unwrap();
        let result = line.split(['=', '≈']).nth(1).unwrap();
        let number: String = result.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let rounded: f64 = number.parse().unwrap();
        let unit = 10_f64.powi(-(number.len() as i32 - 2));
        assert!((rounded - 0.825_789_270_173_013_3).abs() <= unit * 0.501, "{width} columns: {line}");
    }
}

#[test]
fn extreme_sizes_draw_on_every_screen() {
    for keys in ["", "?", "o", "b", "J", "n ? o", "n Z", "n Z Z", "n Z Z J o", "n F"] {
        for size in [(0, 0), (1, 1), (1, 200), (200, 1), (20, 5), (40, 11), (39, 12), (500, 500)] {
            screen("exercise", english(), keys, size);
            frame(&mut stepper(wide(), english(), keys), size);
        }
    }
}

#[test]
fn what_is_computed_at_the_last_timestep_only_is_said_whole() {
    for (settings, said) in [(english(), "computed at"), (spanish(), "se calcula")] {
        let mut state = stepper(scenario_of(SOFTMAX), settings, "J");
        for width in 40..=100 {
            let shown = text(&frame(&mut state, (width, 24)));
            assert!(!shown.lines().any(|row| row.contains(said) && row.contains('…')), "{shown}");
        }
    }
}

#[test]
fn no_line_before_a_number_in_ascii_can_be_taken_for_its_sign() {
    let ascii = Settings { charset: Charset::Ascii, ..english() };
    for (size, first) in [((80, 24), " 0 => [t=0] =69=>  t=1 "), ((120, 40), " 0 =>  [t=0]  =69=>   t=1 ")] {
        let shown = text(&screen("intro", ascii, "esc", size));
        assert!(shown.contains(first) && !shown.contains("-69"), "{size:?}:\n{shown}");
    }
    for (keys, values) in [("n", " 0 =>  t=0  =(-1)===> [t=1] =1.5====> "), ("n tab", " t=0  <0==== [t=1] <(-4)= ")] {
        let both_ways = scenario_of(&BOTH_WAYS.replace("[[1], [2], [4]]", "[[-1], [2], [-4]]"));
        let shown = text(&frame(&mut stepper(both_ways, ascii, keys), (80, 24)));
        assert!(shown.contains(values), "{keys}:\n{shown}");
    }
}

#[test]
fn the_keys_of_the_footer_have_spanish_names_in_ascii() {
    let ascii = Settings { charset: Charset::Ascii, ..spanish() };
    let shown = text(&screen("intro", ascii, "", (120, 24)));
    let footer = shown.lines().last().unwrap();
    assert!(footer.starts_with(" derecha siguiente  izquierda anterior  abajo micropaso"), "{footer}");
}

#[test]
fn a_generated_label_keeps_its_timestep_where_there_is_little_room() {
    let rows = vec!["[0.123456, 0.234567, 0.345678]"; 1010].join(", ");
    let toml = format!(
        "title = \"Long\"\n[input]\nrows = [{rows}]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[1, 1, 1]]\nrecurrent_weights = [[0]]\n"
    );
    let mut state = stepper(scenario_of(&toml), english(), "1 0 0 1 G");
    for width in 40..=100 {
        let shown = text(&frame(&mut state, (width, 24)));
        assert!(shown.contains("▶X(1001)") || shown.contains("▶1001 "), "{shown}");
    }
}

#[test]
fn a_claim_below_the_formula_of_another_value_names_the_output() {
    let row = |layer: &str| {
        let shown = text(&screen("exercise", english(), &format!("n n {layer}"), (80, 24)));
        shown.lines().find(|row| row.contains("✓ ") && row.contains("claimed")).unwrap_or_default().trim().to_owned()
    };
    assert_eq!(row(""), "✓ output y: computed 28, claimed 28 (the worked solution)");
    assert_eq!(row("J"), "✓ computed 28, claimed 28 (the worked solution)");
}

#[test]
fn every_gate_has_its_name_beside_its_letter() {
    for (settings, names) in [
        (english(), ["input", "forget", "cell", "output", "reset", "update", "candidate"]),
        (spanish(), ["entrada", "olvido", "celda", "salida", "reinicio", "actualización", "candidato"]),
    ] {
        let lstm = ["i", "f", "g", "o"].into_iter().zip(names);
        let gru = ["r", "z", "n"].into_iter().zip(names.into_iter().skip(4));
        for (scenario, gates) in
            [("counter", lstm.collect::<Vec<_>>()), ("memory", gru.clone().collect()), ("sunspots", gru.collect())]
        {
            let shown = text(&screen(scenario, settings, "n n n", (80, 24)));
            for (letter, name) in gates {
                let row = |row: &str| row.starts_with(&format!("│▸{letter} ")) || row.starts_with(&format!("│ {letter} "));
                // Where its output would lose digits the name is cut.
                let start: String = name.chars().take(5).collect();
                let is_named = |line: &str| line.contains(name) || (line.contains(&start) && line.contains('…'));
                assert!(shown.lines().any(|line| row(line) && is_named(line)), "{letter} {name}:\n{shown}");
            }
        }
    }
}

#[test]
fn a_projection_is_called_by_the_number_of_its_output() {
    let shown = text(&frame(&mut stepper(scenario_of(&projected_to_two()), english(), "n tab tab"), (80, 24)));
    assert!(shown.contains("│ h2 projec"), "the last output stands for the third unit, which has none:\n{shown}");
}

/// Three LSTM cells whose hidden state is projected to two numbers.
fn projected_to_two() -> String {
    let rows = |rows: usize, columns: usize| {
        let row = |i: usize| format!("{:?}", (0..columns).map(|j| ((i * 7 + j * 3) % 5) as f64 / 4.0 - 0.5).collect::<Vec<_>>());
        (0..rows).map(row).collect::<Vec<_>>().join(", ")
    };
    format!(
        "title = \"Projected\"\n[input]\nrows = [[1], [2], [-1]]\n[[layer]]\nkind = \"lstm\"\nconvention = \"pytorch\"\n\
         weight_ih = [{}]\nweight_hh = [{}]\nweight_hr = [{}]\n",
        rows(12, 1),
        rows(12, 2),
        rows(2, 3)
    )
}

#[test]
fn a_plot_of_four_rows_has_its_scales_and_the_slope() {
    for (settings, slope) in [(english(), "slope 0.00039"), (spanish(), "pendiente 0.00")] {
        let mut state = stepper(scenario("saturated"), settings, "n n");
        for height in [20, 21, 22, 24] {
            let shown = text(&frame(&mut state, (80, height)));
            let plot: Vec<&str> = shown.lines().skip_while(|line| !line.contains(" tanh ─")).skip(2).collect();
            assert!(plot.iter().any(|row| row.starts_with("│-10⠒") && row.contains(" 10 │")), "{height} rows:\n{shown}");
            assert!(plot.iter().any(|row| row.contains(" 1 ")), "{height} rows:\n{shown}");
            assert!(slope.len() > 13 || shown.contains(slope), "{height} rows:\n{shown}");
        }
    }
}

#[test]
fn a_timeline_of_one_line_says_which_state_it_shows() {
    let mut state = stepper(scenario("sunspots"), english(), "n n tab");
    let shown = text(&frame(&mut state, (80, 24)));
    assert!(shown.contains("\n h2: "), "{shown}");
}

#[test]
fn what_goes_on_from_a_backward_pass_is_always_in_its_timeline() {
    let mut state = stepper(scenario_of(BOTH_WAYS), english(), "n tab");
    for width in 40..=100 {
        let shown = text(&frame(&mut state, (width, 24)));
        let timeline = shown.lines().rfind(|row| row.contains("[t=1]")).unwrap();
        assert!(timeline.contains("t=0  ◀4"), "the state of t = 1 goes to t = 0:\n{shown}");
    }
}

#[test]
fn another_unit_is_shown_from_its_first_term_on() {
    let scrolled = stepper(wide(), english(), "5 C-e");
    assert_eq!(scrolled.first_term(), 5);
    assert_eq!(stepper(wide(), english(), "5 C-e tab").first_term(), 0);
}

/// The terms folded into one in the formula and in the panel of the weighted sum.
fn folded(shown: &str) -> [Option<usize>; 2] {
    let number = |text: &str, after: &str, before: &str| text.split_once(after)?.1.split_once(before)?.0.trim().parse().ok();
    let panel = shown.lines().find(|row| row.contains("││… ")).unwrap_or_default();
    let formula = shown.split(" sigmoid(").nth(1).unwrap_or_default();
    [number(formula, "[", " more: "), number(panel, "│… ", " more")]
}

#[test]
fn where_terms_are_folded_the_formula_begins_with_the_first_in_the_panel() {
    for keys in ["n", "n 1 0 0 C-e"] {
        let mut state = stepper(wide(), english(), keys);
        let shown = text(&frame(&mut state, (80, 24)));
        let row = shown.lines().find(|row| row.contains(&format!("││x{} ", state.first_term() + 1))).unwrap();
        let weight = row.split("││x").nth(1).unwrap().split_whitespace().nth(1).unwrap();
        let formula = shown.split_once("h1(1) = tanh(").unwrap().1;
        let first = formula.split('·').next().unwrap();
        assert_eq!(first.trim_matches(['(', ')']), weight, "{keys}:\n{shown}");
    }
}

#[test]
fn a_term_is_counted_among_those_left_out_once_in_the_panel_and_in_the_formula() {
    let mut state = stepper(scenario("sunspots"), english(), "n n");
    let shown = text(&frame(&mut state, (80, 24)));
    let [formula, panel] = folded(&shown);
    assert!(formula.is_some() && formula == panel, "{formula:?}, {panel:?}:\n{shown}");
    let mut state = stepper(scenario("sunspots"), english(), "n n 4 C-e");
    let shown = text(&frame(&mut state, (80, 24)));
    assert!(shown.contains("… ↑4 ↓10 more"), "{shown}");
}

#[test]
fn the_input_table_follows_the_terms_that_are_scrolled_to() {
    let shown = text(&frame(&mut stepper(wide(), english(), "n 1 2 C-e"), (80, 24)));
    assert!(shown.contains(" +12 ") && shown.contains(" x13 "), "{shown}");
    let shown = text(&frame(&mut stepper(wide(), english(), "n 9 9 9 C-e"), (80, 24)));
    let head = shown.lines().nth(2).unwrap();
    assert!(head.contains(" x300 ") && head.split('│').nth(1).unwrap().contains(" +29"), "{shown}");
}

#[test]
fn an_input_has_the_symbol_of_its_term_in_the_head_of_its_column() {
    let shown = text(&screen("network", english(), "n J", (80, 24)));
    assert!(shown.contains(" x1 h1 ") && shown.contains("│x1 "), "{shown}");
}
