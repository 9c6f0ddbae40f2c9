//! Micro-steps: what of a timestep is there after each, what is marked, and that forward and back lead to where one was.
#![allow(clippy::unwrap_used)]

#[macro_use]
mod common;

use std::collections::HashSet;

use celda::app::action::Action;
use celda::app::keymap;
use celda::app::micro_step::{Phase, Position, Walk};
use celda::app::settings::{ColorDepth, Language, Settings};
use celda::app::state::{Focus, State, Zoom};
use celda::scenario::{Scenario, builtin};
use common::{english, frame, press, scenario, scenario_of, screen, spanish, stepper, text};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

fn micro(state: &State) -> (usize, usize, usize, usize, Phase) {
    let Position { t, layer, unit, gate, phase } = state.position();
    (t, layer, unit, gate, phase)
}

/// A layer as a scenario has it, with numbers that differ: of a kind from 0 to 9, so many inputs, so many units.
fn layer(kind: usize, inputs: usize, units: usize) -> String {
    let mut next = 0;
    let mut rows = |rows: usize, columns: usize| {
        let mut row = || {
            let numbers = (0..columns).map(|_| {
                next += 7;
                format!("{}", f64::from(next % 19) / 10.0 - 0.9)
            });
            format!("[{}]", numbers.collect::<Vec<_>>().join(", "))
        };
        format!("[{}]", (0..rows).map(|_| row()).collect::<Vec<_>>().join(", "))
    };
    let rnn = |rows: &mut dyn FnMut(usize, usize) -> String| {
        format!("input_weights = {}\nrecurrent_weights = {}\n", rows(units, inputs), rows(units, units))
    };
    let gated = |name: &str, gates: usize, biases: bool, rows: &mut dyn FnMut(usize, usize) -> String| {
        let states = if biases { units } else { 1 };
        let (w, u) = (rows(gates * units, inputs), rows(gates * units, states));
        let bias = rows(1, gates * units);
        let bias = if biases { format!("bias_ih = {0}\nbias_hh = {0}\n", &bias[1..bias.len() - 1]) } else { String::new() };
        format!("kind = \"{name}\"\nconvention = \"pytorch\"\nweight_ih = {w}\nweight_hh = {u}\n{bias}")
    };
    let gate = |name: &str, more: &str, rows: &mut dyn FnMut(usize, usize) -> String| {
        format!("[layer.gate.{name}]\n{}{more}", rnn(rows))
    };
    let rows: &mut dyn FnMut(usize, usize) -> String = &mut rows;
    let peephole = format!("peephole = [{}]\n", vec!["0.5"; units].join(", "));
    "[[layer]]\n".to_owned()
        + &match kind {
            0 => format!("kind = \"rnn\"\n{}", rnn(rows)),
            1 => format!("kind = \"rnn\"\ndirection = \"reverse\"\n{}", rnn(rows)),
            2 => gated("lstm", 4, true, rows),
            3 => gated("gru", 3, true, rows),
            4 => format!(
                "kind = \"gru\"\nreset_after = false\n{}",
                ["reset", "update", "candidate"].map(|n| gate(n, "", rows)).concat()
            ),
            5 => {
                let gates = [("input", &*peephole), ("forget", ""), ("cell", ""), ("output", &*peephole)];
                format!("kind = \"lstm\"\n{}", gates.map(|(name, more)| gate(name, more, rows)).concat())
            }
            6 => format!("kind = \"dense\"\nweights = {}\n", rows(units, inputs)),
            7 => format!("kind = \"dense\"\napply = \"last\"\nactivation = \"softmax\"\nweights = {}\n", rows(units, inputs)),
            8 => format!("kind = \"conv\"\nkernel = [{}]\n", (0..units).map(|_| rows(2, inputs)).collect::<Vec<_>>().join(", ")),
            _ => gated("lstm", 4, false, rows) + &format!("weight_hr = {}\n", rows(1, units)),
        }
}

/// How many outputs such a layer has.
fn outputs(kind: usize, units: usize) -> usize {
    if kind == 9 { 1 } else { units }
}

/// A network of layers of some kinds and sizes, over so many rows of so many features.
fn network(layers: &[(usize, usize)], features: usize, timesteps: usize) -> Scenario {
    let row = |t: usize| format!("[{}]", (0..features).map(|i| ((t * 3 + i) % 5).to_string()).collect::<Vec<_>>().join(", "));
    let rows: Vec<String> = (0..timesteps).map(row).collect();
    let mut toml = format!("title = \"Random\"\n[input]\nrows = [{}]\n", rows.join(", "));
    let mut inputs = features;
    let mut is_last_only = false;
    for &(kind, units) in layers {
        // After a layer that is computed at the last timestep only, no other kind can follow.
        let kind = if is_last_only { 6 } else { kind };
        is_last_only |= kind == 7;
        // A projection has fewer outputs than units.
        let units = if kind == 9 { units + 1 } else { units };
        toml += &layer(kind, inputs, units);
        inputs = outputs(kind, units);
    }
    scenario_of(&toml)
}

/// Where a state stands, and what of each layer is looked at there.
fn looked_at(state: &State) -> (Position, Vec<Focus>) {
    let mut state = state.clone();
    let layers = state.scenario().network.layers.len();
    let mut focuses = vec![state.focus()];
    for _ in 0..layers {
        press(&mut state, "J");
        focuses.push(state.focus());
    }
    (state.position(), focuses)
}

/// A key with a number before it.
fn counted(times: usize, key: &str) -> String {
    if times == 0 {
        return String::new();
    }
    times.to_string().chars().map(|digit| format!("{digit} ")).collect::<String>() + key
}

const ZOOMS: [(Zoom, &str); 3] = [(Zoom::Cell, ""), (Zoom::Layer, "Z"), (Zoom::Network, "Z Z")];

fn networks() -> impl Strategy<Value = Scenario> {
    (proptest::collection::vec((0_usize..10, 1_usize..4), 1..4), 1_usize..4, 1_usize..4)
        .prop_map(|(layers, features, timesteps)| network(&layers, features, timesteps))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_micro_step_has_a_number_and_every_number_a_micro_step(scenario in networks(), unit in 0_usize..4) {
        for (zoom, _) in ZOOMS {
            let units: Vec<usize> = scenario.network.layers.iter().map(|layer| unit.min(layer.units() - 1)).collect();
            let timesteps = scenario.timesteps();
            let walk = Walk { network: &scenario.network, timesteps, zoom, units: &units };
            let count = walk.in_timestep(0) * (timesteps - 1) + walk.in_timestep(timesteps - 1);
            let mut seen = HashSet::new();
            for number in 0..count {
                let position = walk.at(number);
                prop_assert_eq!((walk.before(position), walk.after(position)), (number, number), "{:?} at {:?}", position, zoom);
                prop_assert!(seen.insert(format!("{position:?}")), "{:?} comes twice", position);
            }
            prop_assert_eq!(walk.at(count), walk.end(timesteps - 1));
        }
    }

    #[test]
    fn forward_and_back_is_where_one_was(
        scenario in networks(), zoom in 0_usize..3, keys in proptest::collection::vec(0_usize..8, 0..12), times in 1_usize..9
    ) {
        const KEYS: [&str; 8] = ["n", "p", "j", "k", "5 j", "tab", "J", "."];
        let mut state = stepper(scenario, english(), ZOOMS[zoom].1);
        keys.iter().for_each(|&key| press(&mut state, KEYS[key]));
        let before = state.position();
        let last = stepper(state.scenario().clone(), english(), "G").position();
        for (there, back) in [("j", "k"), ("k", "j")] {
            press(&mut state, &counted(times, there));
            let reached = state.position();
            let start = Position::default();
            if reached != start && reached != last {
                press(&mut state, &counted(times, back));
                prop_assert_eq!(state.position(), before, "{} {} leads to {:?}", times, there, reached);
            } else {
                press(&mut state, "G");
                break;
            }
        }
    }

    #[test]
    fn a_look_at_the_next_step_shows_what_it_leads_to_and_leaves_all_as_it_was(
        scenario in networks(), keys in proptest::collection::vec(0_usize..14, 0..6), size in 0_usize..3
    ) {
        const KEYS: [&str; 14] = ["n", "p", "j", "k", "tab", "J", ".", "v", "z", "Z", "3", "G", "C-e", "C-e"];
        let size = [(80, 24), (120, 40), (40, 12)][size];
        let mut state = stepper(scenario, english(), "");
        let mut unaware = state.clone();
        for key in keys {
            for motion in [Action::Next, Action::Previous, Action::NextMicroStep, Action::PreviousMicroStep] {
                let drawn = frame(&mut state, size);
                let seen = state.peek(motion, |state| frame(state, size));
                prop_assert_eq!(seen.is_none(), state.count().is_some());
                prop_assert_eq!(frame(&mut state, size), drawn, "after a look at {:?}", motion);
                if let Some(seen) = seen {
                    let mut there = state.clone();
                    there.update(motion);
                    prop_assert_eq!(seen, frame(&mut there, size), "what {:?} leads to", motion);
                }
            }
            // As in a terminal, where what can be scrolled is taken in with the frame before the key.
            frame(&mut unaware, size);
            for state in [&mut state, &mut unaware] {
                if let Some(action) = keymap::action(KEYS[key].parse().unwrap(), state.mode()) {
                    state.update(action);
                    state.finish_work();
                }
            }
            prop_assert_eq!(state.first_term(), unaware.first_term(), "after looks and {}", KEYS[key]);
            prop_assert_eq!(frame(&mut state, size), frame(&mut unaware, size), "after looks and {}", KEYS[key]);
        }
    }

    #[test]
    fn a_count_is_so_many_keys_and_the_end_of_a_timestep_shows_all_of_it(
        scenario in networks(), zoom in 0_usize..3, times in 0_usize..40
    ) {
        let mut one_by_one = stepper(scenario, english(), ZOOMS[zoom].1);
        let mut at_once = one_by_one.clone();
        for _ in 0..times {
            press(&mut one_by_one, "j");
            let screen = text(&frame(&mut one_by_one, (80, 24)));
            if one_by_one.is_complete() {
                let mut complete = stepper(one_by_one.scenario().clone(), english(), ZOOMS[zoom].1);
                press(&mut complete, &counted(one_by_one.t(), "n"));
                press(&mut complete, &counted(one_by_one.focus().layer, "J"));
                let unit = one_by_one.focus().unit;
                press(&mut complete, &counted(unit, "tab"));
                press(&mut complete, &counted(one_by_one.focus().gate, "."));
                let panels = |screen: &str| screen.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(panels(&screen), panels(&text(&frame(&mut complete, (80, 24)))));
            }
        }
        press(&mut at_once, &counted(times, "j"));
        prop_assert_eq!(looked_at(&one_by_one), looked_at(&at_once));
        (0..times / 2).for_each(|_| press(&mut one_by_one, "k"));
        press(&mut at_once, &counted(times / 2, "k"));
        prop_assert_eq!(looked_at(&one_by_one), looked_at(&at_once));
    }

    #[test]
    fn what_is_seen_stays_seen(scenario in networks(), zoom in 0_usize..3) {
        let mut state = stepper(scenario, english(), ZOOMS[zoom].1);
        let known = |state: &State| -> usize {
            let step = state.step_at(state.t()).unwrap();
            let passes = step.layers.iter().flatten().flat_map(|step| &step.passes);
            let numbers = passes.flat_map(|step| step.gates.iter().flat_map(|gate| gate.sum.iter().chain(&gate.output)).chain(&step.output));
            numbers.filter(|number| !celda::app::sight::is_unseen(**number)).count()
        };
        for _ in 0..60 {
            let (t, before) = (state.t(), known(&state));
            press(&mut state, "j");
            prop_assert!(state.t() != t || known(&state) >= before, "{:?}", state.position());
        }
    }
}

#[test]
fn a_cell_is_gone_through_term_by_term() {
    let mut state = stepper(scenario("intro"), english(), "");
    let expected = [
        Phase::Row,
        Phase::Product(0),
        Phase::Product(1),
        Phase::Product(2),
        Phase::Product(3),
        Phase::Sum,
        Phase::Activation,
        Phase::Carried,
        Phase::Row,
    ];
    for (i, phase) in expected.into_iter().enumerate() {
        press(&mut state, "down");
        assert_eq!(micro(&state), (1 + i / 8, 0, 0, 0, phase));
    }
    for phase in expected.into_iter().rev().skip(1) {
        press(&mut state, "k");
        assert_eq!(micro(&state), (1, 0, 0, 0, phase));
    }
    press(&mut state, "up");
    assert_eq!((state.t(), state.is_complete()), (0, true), "before the row arrives, the timestep before is complete");
}

/// The gates and phases of a timestep in the order in which they are gone through, without the single products.
fn order(scenario: Scenario) -> Vec<(usize, Phase)> {
    let mut state = stepper(scenario, english(), "j");
    let mut order = Vec::new();
    while state.t() == 1 && !state.is_complete() && state.position().layer == 0 {
        if !matches!(state.position().phase, Phase::Product(_)) {
            order.push((state.position().gate, state.position().phase));
        }
        press(&mut state, "j");
    }
    order
}

#[test]
fn an_lstm_is_gone_through_gate_by_gate_then_the_lines_that_combine_them() {
    use Phase::{Activation, Carried, Line, Row, Sum};
    let order = order(scenario("counter"));
    let gates = (0..4).flat_map(|gate| [(gate, Sum), (gate, Activation)]);
    let expected: Vec<(usize, Phase)> =
        [(0, Row)].into_iter().chain(gates).chain([(3, Line(0)), (3, Line(1)), (0, Carried)]).collect();
    assert_eq!(order, expected);
}

#[test]
fn the_cell_state_is_worked_out_before_a_peephole_looks_at_it() {
    let order = order(network(&[(5, 1), (6, 1)], 1, 2));
    let at = |what: (usize, Phase)| order.iter().position(|&step| step == what).unwrap();
    assert!(at((2, Phase::Line(0))) < at((3, Phase::Sum)), "{order:?}");
}

#[test]
fn next_completes_a_timestep_before_it_goes_on() {
    for (keys, t, complete) in [
        ("j n", 1, true),
        ("j n n", 2, true),
        ("j 2 n", 2, true),
        ("3 j p", 0, true),
        ("n 3 j p", 1, true),
        ("n 2 k p", 0, true),
        ("3 k p", 0, false),
        ("n j G", 3, true),
        ("n j home", 0, true),
    ] {
        let state = stepper(scenario("intro"), english(), keys);
        assert_eq!((state.t(), state.is_complete()), (t, complete), "{keys}");
    }
    let beginning = stepper(scenario("intro"), english(), "3 k p");
    assert_eq!(beginning.position(), Position::default(), "from inside the first timestep back to its beginning");
}

#[test]
fn a_layer_is_gone_through_unit_by_unit_and_a_network_layer_by_layer() {
    let mut state = stepper(scenario("network"), english(), "Z j");
    for unit in 0..3 {
        press(&mut state, "j");
        assert_eq!((micro(&state), state.focus().unit), ((1, 0, unit, 0, Phase::Unit), unit));
    }
    press(&mut state, "j");
    assert_eq!(micro(&state), (1, 0, 0, 0, Phase::Carried));
    let mut state = stepper(scenario("network"), english(), "Z Z j");
    for layer in 0..3 {
        press(&mut state, "j");
        assert_eq!((micro(&state), state.focus().layer), ((1, layer, 0, 0, Phase::Carried), layer));
    }
}

#[test]
fn the_other_units_of_a_layer_are_computed_at_once() {
    let mut state = stepper(scenario("network"), english(), "tab j");
    while state.position().layer == 0 && state.position().phase != Phase::Carried {
        assert!(state.position().phase == Phase::Row || state.position().unit == 1);
        press(&mut state, "j");
    }
    let output = state.layer_step().unwrap().output.clone();
    assert!(output.iter().all(|number| number.is_finite()), "{output:?}");
    assert!(state.step_at(1).unwrap().layers[1].as_ref().unwrap().output.iter().all(|number| number.is_nan()));
}

#[test]
fn another_unit_chosen_on_the_way_is_gone_through_from_there() {
    let state = stepper(scenario("network"), english(), "4 j tab");
    assert_eq!(micro(&state), (1, 0, 1, 0, Phase::Product(2)));
    assert!(text(&frame(&mut state.clone(), (80, 24))).contains("Σ"));
}

#[test]
fn in_the_help_the_same_keys_scroll_it() {
    let state = stepper(scenario("intro"), english(), "? 3 j esc");
    assert!(state.is_complete() && state.t() == 0);
}

#[test]
fn a_term_that_is_multiplied_is_on_the_screen() {
    let rows: Vec<String> = (0..40).map(|i| (i % 7).to_string()).collect();
    let numbers = rows.join(", ");
    let mut state = stepper(
        scenario_of(&format!(
            "title = \"Many\"\n[input]\nrows = [[{numbers}], [{numbers}]]\n[[layer]]\nkind = \"rnn\"\n\
             input_weights = [[{numbers}]]\nrecurrent_weights = [[0]]\n"
        )),
        english(),
        "j",
    );
    for keys in ["j", "k"] {
        for _ in 1..=40 {
            press(&mut state, keys);
            let Phase::Product(term) = state.position().phase else { continue };
            let screen = text(&frame(&mut state, (80, 24)));
            assert!(screen.contains(&format!("x{} ", term + 1)), "term {term}:\n{screen}");
        }
    }
}

/// The places of all corners of frames.
fn corners(buffer: &Buffer) -> Vec<(usize, String)> {
    let cells = buffer.content.iter().enumerate();
    cells.filter(|(_, cell)| "╭╮╰╯".contains(cell.symbol())).map(|(i, cell)| (i, cell.symbol().to_owned())).collect()
}

#[test]
fn no_panel_moves_while_a_timestep_is_gone_through() {
    for name in ["intro", "exercise", "counter", "memory", "gru-before", "saturated", "conv-window"] {
        for size in [(80, 24), (120, 40), (40, 12)] {
            let mut state = stepper(scenario(name), english(), "n j");
            let before = corners(&frame(&mut state, size));
            let focus = state.focus();
            while state.t() == 2 && !state.is_complete() && (state.focus().layer, state.focus().gate) == (focus.layer, focus.gate)
            {
                assert_eq!(corners(&frame(&mut state, size)), before, "{name} {size:?} {:?}", state.position());
                press(&mut state, "j");
            }
        }
    }
}

#[test]
fn what_a_micro_step_has_done_is_marked() {
    let colourless = Settings { depth: ColorDepth::None, ..english() };
    for builtin in builtin::ALL {
        for (_, zoom) in ZOOMS {
            let mut state = stepper(scenario(builtin.name), colourless, zoom);
            for _ in 0..80 {
                let before = state.position();
                press(&mut state, "j");
                if state.position() == before {
                    break;
                }
                for size in [(120, 40), (40, 12)] {
                    // The smallest screen has no room for the row of a layer.
                    if size.1 == 12 && zoom == "Z" && state.position().phase == Phase::Row {
                        continue;
                    }
                    let buffer = frame(&mut state, size);
                    let marked = buffer.content.iter().any(|cell| cell.modifier.contains(Modifier::UNDERLINED));
                    assert!(marked, "{} {zoom} {:?}\n{}", builtin.name, state.position(), text(&buffer));
                }
            }
        }
    }
}

#[test]
fn in_large_text_every_micro_step_shows_what_it_has_given() {
    for name in ["intro", "counter", "gru-before", "conv-window"] {
        for size in [(80, 24), (40, 12)] {
            let mut state = stepper(scenario(name), english(), "F j");
            let below_header = |state: &mut State| frame(state, size).content[size.0.into()..].to_vec();
            let mut before = below_header(&mut state);
            for _ in 0..23 {
                press(&mut state, "j");
                let now = below_header(&mut state);
                assert!(now != before, "{name} {size:?} {:?}", state.position());
                before = now;
            }
        }
    }
}

#[test]
fn where_one_line_has_room_it_is_the_sum_and_where_two_have_the_other_is_the_term_multiplied() {
    let small = |name: &str, keys: &str| text(&frame(&mut stepper(scenario(name), english(), keys), (40, 12)));
    let sum = small("sunspots", "3 j");
    assert!(sum.contains("Σ   ") && !sum.contains("… 19 more"), "{sum}");
    let term = small("counter", "3 j");
    assert!(term.lines().any(|line| line.starts_with("… x2") && line.contains('=')), "{term}");
    assert!(term.contains("Σ   "), "{term}");
}

#[test]
fn the_header_says_where_one_is() {
    let header = |keys: &str, language| {
        let settings = Settings { language, ..english() };
        text(&screen("counter", settings, keys, (80, 24))).lines().next().unwrap().to_owned()
    };
    assert!(header("4 j", Language::En).ends_with("layer 1/3 LSTM · t = 1 · z_i · product 3/5"));
    assert!(header("4 j", Language::Es).ends_with("capa 1/3 LSTM · t = 1 · z_i · producto 3/5"));
    assert!(header("7 j", Language::Es).ends_with("t = 1 · z_i · suma"));
    assert!(header("8 j", Language::En).ends_with("t = 1 · i · activation"));
    assert!(header("j", Language::Es).ends_with("t = 1 · llega la fila"));
    assert!(header("j n", Language::En).contains("t = 1 · step 2/"));
}

#[test]
fn a_wide_layer_costs_no_key_more_than_a_narrow_one() {
    let mut state = stepper(network(&[(0, 1)], 1, 3), english(), "");
    let walk_of = |units: usize, timesteps: usize| {
        let scenario = network(&[(2, 3)], 3, 2);
        Walk { network: &scenario.network.clone(), timesteps, zoom: Zoom::Layer, units: &[units] }.at(usize::MAX)
    };
    assert_eq!(walk_of(0, 1_000_000_000).t, 999_999_999);
    press(&mut state, "9 9 9 9 9 9 9 9 9 j");
    assert_eq!((state.t(), state.is_complete()), (2, true));
}

snapshots! {
    the_row_of_intro_arrives: screen("intro", english(), "j", (80, 24));
    a_product_of_intro: screen("intro", english(), "3 j", (80, 24));
    a_product_of_intro_on_a_small_screen: screen("intro", english(), "3 j", (40, 12));
    the_sum_of_intro_at_120_by_40: screen("intro", spanish(), "6 j", (120, 40));
    the_activation_of_intro: screen("intro", english(), "7 j", (80, 24));
    the_state_of_intro_is_carried: screen("intro", english(), "8 j", (80, 24));
    a_product_without_colour: screen("intro", Settings { depth: ColorDepth::None, ..english() }, "3 j", (80, 24));
    a_gate_of_an_lstm: screen("counter", english(), "n 1 5 j", (80, 24));
    a_gate_of_an_lstm_at_120_by_40: screen("counter", spanish(), "n 1 5 j", (120, 40));
    a_gate_of_an_lstm_on_a_small_screen: screen("counter", english(), "n 1 5 j", (40, 12));
    the_new_cell_state_of_an_lstm: screen("counter", english(), "n 3 0 j", (80, 24));
    the_candidate_of_a_gru: screen("gru-after", english(), "n 1 9 j", (80, 24));
    the_new_state_of_a_gru_at_120_by_40: screen("memory", english(), "n 2 0 j", (120, 40));
    the_second_unit_of_a_layer: screen("network", english(), "n Z 3 j", (80, 24));
    the_second_layer_of_a_network: screen("network", english(), "n Z Z 3 j", (80, 24));
    the_second_layer_of_a_network_on_a_small_screen: screen("network", spanish(), "n Z Z 3 j", (40, 12));
}
