//! The zooms on the network and on a layer: whole screens as reviewed snapshots, and what holds for every network.
#![allow(clippy::unwrap_used)]

#[macro_use]
mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use celda::app::settings::{Charset, ColorDepth, Settings};
use celda::app::state::{State, Zoom};
use celda::engine::activation::Activation;
use celda::engine::cell::State as Carried;
use celda::engine::cell::gru::{Candidate, Gru};
use celda::engine::cell::lstm::Lstm;
use celda::engine::cell::rnn::Rnn;
use celda::engine::conv::Conv;
use celda::engine::dense::{Apply, Dense};
use celda::engine::network::{Layer, Network, Passes};
use celda::engine::weighted_sum::WeightedSum;
use celda::scenario::text::Text;
use celda::scenario::{LayerNames, Scenario, UnitNames};
use common::{english, frame, press, scenario, screen, spanish, stepper, text};
use ndarray::Array2;
use proptest::prelude::*;
use ratatui::buffer::Buffer;

fn seen(network: Scenario, settings: Settings, keys: &str, size: (u16, u16)) -> Buffer {
    frame(&mut stepper(network, settings, keys), size)
}

/// Numbers between -0.9 and 0.9 that look like weights and are the same every time.
fn numbers(rows: usize, columns: usize, seed: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| ((i * 7 + j * 37 + seed * 11) % 19) as f64 / 10.0 - 0.9)
}

/// A sum of so many inputs and states, with a bias.
fn sum(units: usize, inputs: usize, states: usize, seed: usize) -> WeightedSum {
    let scale = 2.0 / (inputs + states) as f64;
    let weights = |columns, seed| numbers(units, columns, seed) * scale;
    WeightedSum::new(&weights(inputs, seed), &weights(states, seed + 1))
        .with_bias(numbers(units, 1, seed + 2).into_raw_vec_and_offset().0)
}

fn rnn(inputs: usize, units: usize) -> Rnn {
    let initial = Carried::of_hidden(vec![0.0; units]);
    Rnn { sum: sum(units, inputs, units, 0), activation: Activation::Tanh, initial }
}

fn lstm(inputs: usize, units: usize, projected: Option<usize>) -> Lstm {
    let outputs = projected.unwrap_or(units);
    let gate = |seed| sum(units, inputs, outputs, seed);
    Lstm {
        input: gate(0),
        forget: gate(1),
        cell: gate(2),
        output: gate(3),
        projection: projected.map(|outputs| WeightedSum::of_inputs(&numbers(outputs, units, 4))),
        activation: Activation::Tanh,
        recurrent_activation: Activation::Sigmoid,
        initial: Carried { hidden: vec![0.0; outputs], cell: vec![0.0; units], ..Carried::default() },
    }
}

fn gru(inputs: usize, units: usize) -> Gru {
    Gru {
        reset: sum(units, inputs, units, 0),
        update: sum(units, inputs, units, 1),
        candidate: Candidate::ResetBefore(sum(units, inputs, units, 2)),
        activation: Activation::Tanh,
        recurrent_activation: Activation::Sigmoid,
        initial: Carried::of_hidden(vec![0.0; units]),
    }
}

fn dense(inputs: usize, units: usize, apply: Apply) -> Layer {
    Layer::Dense(Dense::new(sum(units, inputs, 0, 5), Activation::Linear, apply))
}

/// A network of some layers over rows of features.
fn network(title: &str, layers: Vec<Layer>, inputs: Array2<f64>) -> Scenario {
    let called = |letter: char, count: usize| match count {
        1 => vec![Text::same(letter.to_string())],
        _ => (1..=count).map(|i| Text::same(format!("{letter}{i}"))).collect(),
    };
    let names = |layer: &Layer| {
        let letter = if layer.is_recurrent() { 'h' } else { 'y' };
        LayerNames {
            layer: None,
            units: UnitNames::Default(called(letter, layer.units())),
            outputs: called(letter, layer.outputs()),
        }
    };
    Scenario {
        title: Text::same(title),
        description: None,
        features: called('x', inputs.ncols()),
        labels: None,
        inputs: Arc::new(inputs),
        names: layers.iter().map(names).collect(),
        network: Arc::new(Network { layers }),
        expected: None,
        notes: Vec::new(),
        text: "".into(),
    }
}

/// An LSTM of two cells, then a dense layer.
fn two_lstm_cells() -> Scenario {
    let layers = vec![Layer::Lstm(Passes::Forward(lstm(2, 2, None))), dense(2, 1, Apply::Every)];
    network("An LSTM", layers, numbers(6, 2, 3))
}

fn projected() -> Scenario {
    network("A projection", vec![Layer::Lstm(Passes::Forward(lstm(2, 3, Some(2))))], numbers(6, 2, 3))
}

/// Both ways over the rows, then one row at the end.
fn both_ways() -> Scenario {
    let (forward, backward) = (gru(2, 2), Gru { reset: sum(2, 2, 2, 7), ..gru(2, 2) });
    let layers = vec![Layer::Gru(Passes::Bidirectional { forward, backward }), dense(4, 2, Apply::Last)];
    network("Both ways", layers, numbers(6, 2, 3))
}

fn backwards() -> Scenario {
    network("Backwards", vec![Layer::Rnn(Passes::Reverse(rnn(1, 2)))], numbers(6, 1, 3))
}

/// A convolution over three rows, which carries nothing, before a recurrent layer, which does.
fn window() -> Scenario {
    let conv = Conv::new(sum(2, 6, 0, 1), Activation::Relu, 2);
    network("A window", vec![Layer::Conv(conv), Layer::Rnn(Passes::Forward(rnn(2, 2)))], numbers(6, 2, 3))
}

/// So many cells over 300 features and so many rows.
fn wide(units: usize, timesteps: usize) -> Scenario {
    let layers = vec![Layer::Lstm(Passes::Forward(lstm(300, units, None))), dense(units, 10, Apply::Every)];
    network("Wide", layers, numbers(timesteps, 300, 3))
}

/// One cell over 100,000 rows.
fn long() -> Scenario {
    network("Long", vec![Layer::Rnn(Passes::Forward(rnn(1, 1)))], numbers(100_000, 1, 3))
}

/// Forty layers above each other.
fn deep() -> Scenario {
    let layer = |l: usize| if l < 20 { Layer::Rnn(Passes::Forward(rnn(2, 2))) } else { dense(2, 2, Apply::Every) };
    network("Deep", (0..40).map(layer).collect(), numbers(6, 2, 3))
}

/// A cell whose state leaves the numbers there are.
fn exploding() -> Scenario {
    let weight = |w: f64| Array2::from_elem((2, 1), w);
    let recurrent = Array2::from_shape_vec((2, 2), vec![1e200, 0.0, 1.0, -1.0]).unwrap();
    let sum = WeightedSum::new(&weight(1e200), &recurrent);
    let cell = Rnn { sum, activation: Activation::Linear, initial: Carried::of_hidden(vec![0.0; 2]) };
    network("Exploding", vec![Layer::Rnn(Passes::Forward(cell))], Array2::from_elem((5, 1), 1.0))
}

snapshots! {
    the_network: screen("network", english(), "2 n Z Z", (80, 24));
    the_network_in_spanish: screen("network", spanish(), "2 n Z Z J", (80, 24));
    the_network_in_ascii: screen("network", Settings { charset: Charset::Ascii, ..english() }, "2 n Z Z", (80, 24));
    the_network_without_colour: screen("network", Settings { depth: ColorDepth::None, ..english() }, "2 n Z Z", (80, 24));
    the_network_on_a_small_screen: screen("network", english(), "2 n Z Z", (40, 12));
    the_network_at_120_by_40: screen("network", spanish(), "2 n Z Z o", (120, 40));
    the_network_at_200_by_60: seen(wide(64, 12), english(), "3 n Z Z", (200, 60));
    a_network_of_one_cell: screen("intro", spanish(), "Z Z", (80, 24));
    a_network_with_its_claim: screen("exercise", english(), "n Z Z", (80, 24));
    an_lstm_carries_two_states: seen(two_lstm_cells(), english(), "2 n Z Z", (80, 24));
    a_layer_that_goes_both_ways: seen(both_ways(), english(), "2 n Z Z", (80, 24));
    a_layer_that_goes_backwards: seen(backwards(), spanish(), "2 n Z Z", (80, 24));
    a_convolution_before_a_recurrent_layer: seen(window(), english(), "n Z Z", (80, 24));
    a_network_of_64_cells_over_300_features: seen(wide(64, 12), english(), "3 n Z Z", (80, 24));
    a_network_of_40_layers: seen(deep(), english(), "n Z Z 1 9 J", (80, 24));

    a_layer: screen("network", english(), "2 n Z tab", (80, 24));
    a_layer_in_spanish: screen("exercise", spanish(), "2 n Z", (80, 24));
    a_layer_in_ascii: screen("network", Settings { charset: Charset::Ascii, ..spanish() }, "2 n Z tab", (80, 24));
    a_layer_without_colour: screen("network", Settings { depth: ColorDepth::None, ..english() }, "2 n Z tab", (80, 24));
    a_layer_on_a_small_screen: screen("network", english(), "2 n Z tab", (40, 12));
    a_layer_at_120_by_40: screen("network", english(), "4 n Z o", (120, 40));
    a_layer_of_one_cell: screen("intro", english(), "n Z", (80, 24));
    a_dense_layer: screen("network", english(), "2 n Z J", (80, 24));
    a_dense_layer_not_yet_computed: seen(both_ways(), spanish(), "n Z J", (80, 24));
    a_layer_of_two_lstm_cells: seen(two_lstm_cells(), english(), "4 n Z", (80, 24));
    a_layer_of_two_lstm_cells_at_120_by_40: seen(two_lstm_cells(), english(), "4 n Z", (120, 40));
    a_projected_layer: seen(projected(), english(), "4 n Z", (80, 24));
    a_layer_both_ways: seen(both_ways(), english(), "2 n Z 2 tab", (80, 24));
    sixty_four_cells: seen(wide(64, 100), english(), "7 0 G Z 4 0 tab", (80, 24));
    five_hundred_and_twelve_cells_at_200_by_60: seen(wide(512, 12), english(), "3 n Z 3 0 0 tab", (200, 60));
    a_hundred_thousand_timesteps: seen(long(), english(), "9 9 0 0 0 G Z", (80, 24));
    a_layer_of_one_lstm_cell: screen("counter", english(), "n n n Z", (80, 24));
    a_layer_of_one_lstm_cell_at_120_by_40: screen("counter", english(), "n n n Z", (120, 40));
    what_is_not_finite_has_no_shade: seen(exploding(), english(), "4 n Z", (80, 24));
}

/// The rows of a screen.
fn rows(buffer: &Buffer) -> Vec<String> {
    text(buffer).lines().map(str::to_owned).collect()
}

#[test]
fn the_zooms_follow_one_another_and_end() {
    let zoom = |keys| stepper(scenario("network"), english(), keys).zoom();
    assert_eq!(zoom("Z"), Zoom::Layer);
    assert_eq!(zoom("Z Z"), Zoom::Network);
    assert_eq!(zoom("Z Z Z"), Zoom::Network);
    assert_eq!(zoom("Z Z z"), Zoom::Layer);
    assert_eq!(zoom("Z Z z z z"), Zoom::Cell);
}

#[test]
fn the_layer_looked_at_is_always_seen() {
    let mut state = stepper(deep(), english(), "Z Z");
    for layer in 1..=40 {
        for size in [(80, 24), (40, 12), (120, 40)] {
            let rows = rows(&frame(&mut state, size));
            let marked: Vec<&String> = rows.iter().filter(|row| row.contains('▸')).collect();
            let named = |row: &&&String| row.contains(&format!("▸layer {layer} ")) || row.contains(&format!("▸{layer} "));
            assert_eq!(marked.iter().filter(named).count(), 1, "layer {layer} at {size:?}: {marked:?}");
        }
        press(&mut state, "J");
    }
}

#[test]
fn the_unit_looked_at_is_always_seen() {
    let mut state = stepper(wide(64, 4), english(), "Z");
    for unit in 1..=64 {
        for size in [(80, 24), (40, 12)] {
            let rows = rows(&frame(&mut state, size));
            assert!(rows.iter().any(|row| row.contains(&format!("▸h{unit} "))), "unit {unit} at {size:?}: {rows:?}");
        }
        press(&mut state, "C-e");
    }
}

#[test]
fn a_layer_or_unit_scrolled_to_is_marked_as_one_chosen_by_its_key_is() {
    let change = |keys| stepper(scenario("network"), english(), keys).change();
    assert_eq!(change("Z C-e"), change("Z tab"));
    assert_eq!(change("Z Z C-e"), change("Z Z J"));
}

#[test]
fn the_states_of_a_pass_are_named_with_its_way() {
    let shown = |keys| text(&seen(both_ways(), english(), keys, (80, 24)));
    assert!(shown("n Z").contains(" ╭▶ h→(0) = ") && shown("n Z").contains(" ╰─ h→(1) = "), "{}", shown("n Z"));
    assert!(shown("n Z 2 tab").contains(" ╭▶ h←(2) = ") && shown("n Z 2 tab").contains(" ╰─ h←(1) = "));
    assert!(shown("Z 2 tab").contains("first timestep: carried no further"), "{}", shown("Z 2 tab"));
}

#[test]
fn a_layer_that_carries_nothing_says_so() {
    let shown = text(&seen(window(), english(), "n n n Z", (80, 24)));
    assert!(shown.contains("a convolution carries nothing on"), "{shown}");
    let shown = text(&screen("exercise", spanish(), "n Z J", (80, 24)));
    assert!(shown.contains("una capa densa no lleva nada al paso siguiente"), "{shown}");
}

#[test]
fn both_states_of_an_lstm_are_shown_over_time_where_they_have_room() {
    let shown = text(&screen("counter", english(), "n n n Z", (80, 24)));
    assert!(shown.contains(" h: 0") && shown.contains(" c: 0") && shown.contains("c: -5 "), "{shown}");
}

#[test]
fn what_a_projected_layer_gives_has_rows_of_its_own() {
    let state = &mut stepper(projected(), english(), "n Z");
    let screen = rows(&frame(state, (80, 24)));
    let given = state.layer_step().unwrap().output.clone();
    assert!(screen.iter().any(|row| row.contains("output") && row.contains("h(0)") && row.contains("h(1) h:")), "{screen:#?}");
    for (i, number) in given.iter().enumerate() {
        let name = format!("h{}", i + 1);
        let row =
            screen.iter().rfind(|row| row.split_whitespace().nth(2) == Some(&name)).unwrap_or_else(|| panic!("{screen:#?}"));
        assert!(row.contains(&format!("{number:.6}")), "{row}");
    }
}

#[test]
fn every_output_of_a_projection_can_be_brought_into_view() {
    let cell = || lstm(2, 12, Some(8));
    for passes in [Passes::Forward(cell()), Passes::Bidirectional { forward: cell(), backward: cell() }] {
        let layer = Layer::Lstm(passes);
        let (units, outputs) = (layer.units(), layer.outputs());
        let state = &mut stepper(network("A projection", vec![layer], numbers(6, 2, 3)), english(), "n Z");
        for size in [(80, 24), (60, 20)] {
            let mut seen = BTreeSet::new();
            for _ in 0..units {
                let rows = rows(&frame(state, size));
                let head = rows.iter().position(|row| row.contains("│ output ")).unwrap_or_else(|| panic!("{rows:#?}"));
                let below = rows[head + 1..].iter().take_while(|row| row.starts_with("│ │") && !row.contains('…'));
                let names: Vec<String> = below.map(|row| row.split('h').nth(1).unwrap()[..3].trim().to_owned()).collect();
                assert!(names.len() < outputs, "{size:?} {rows:#?}");
                seen.extend(names);
                press(state, "tab");
            }
            assert_eq!(seen.len(), outputs, "{size:?} {seen:?}");
        }
    }
}

#[test]
fn a_layer_with_few_units_leaves_room_for_its_timeline() {
    let shown = text(&screen("counter", english(), "n n n Z", (120, 40)));
    assert!(shown.contains("╭ Unrolled in time: c, h ─"), "{shown}");
    assert!(!text(&screen("counter", english(), "n n n Z", (80, 24))).contains("Unrolled in time"));
}

#[test]
fn hidden_layers_are_counted() {
    let rows = rows(&seen(deep(), english(), "Z Z 1 9 J", (80, 24)));
    let heads = |row: &&String| row.contains(" → 2");
    let hidden = |arrow: &str| -> usize {
        let row = rows.iter().find(|row| row.starts_with(&format!(" {arrow} …"))).unwrap();
        row.split('+').nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(hidden("↑") + rows.iter().filter(heads).count() + hidden("↓"), 40, "{rows:#?}");
}

#[test]
fn what_follows_the_cursor_has_no_shade() {
    let shades = |keys: &str| text(&screen("exercise", english(), keys, (80, 24))).matches(['░', '▒', '▓', '█']).count();
    assert!(shades("Z") > 0);
    assert!(shades("Z n") > shades("Z"));
    assert_eq!(shades("Z n p"), shades("Z"), "going back takes it away");
}

/// An LSTM of so many cells over so many rows.
fn lstm_over(units: usize, timesteps: usize) -> Scenario {
    network("LSTM", vec![Layer::Lstm(Passes::Forward(lstm(3, units, None)))], numbers(timesteps, 3, 3))
}

#[test]
fn columns_of_a_layer_that_have_no_room_are_counted() {
    for units in [3, 64] {
        for size in [(40, 12), (60, 20), (80, 24), (120, 40)] {
            for precision in [6, 17] {
                let settings = Settings { precision, ..english() };
                let rows = rows(&seen(lstm_over(units, 60), settings, "3 0 G Z", size));
                let at = rows.iter().position(|row| row.contains(" cell ") && row.contains("h(30)")).unwrap();
                let shown = ["h(29) ", "c(29) ", "c(30) ", "h(30) "].iter().filter(|head| rows[at].contains(*head)).count();
                let left_out = rows[at].split(" +").nth(1).map_or(0, |more| more.split(' ').next().unwrap().parse().unwrap());
                assert_eq!(shown + left_out, 4, "{rows:#?}");
                assert_eq!(rows[at + 1].contains("  … "), left_out > 0, "{rows:#?}");
                assert!(left_out == 0 || size.0 < 80, "all have room: {rows:#?}");
            }
        }
    }
}

#[test]
fn a_head_ends_where_the_widest_number_below_it_does() {
    for units in [1, 3, 64] {
        for keys in ["Z", "n Z", "2 0 n Z", "3 9 n Z"] {
            for size in [(80, 24), (120, 40)] {
                let rows = rows(&seen(lstm_over(units, 40), english(), keys, size));
                let at = rows.iter().position(|row| row.contains(" cell ") && row.contains("h(")).unwrap();
                let place = |row: &str, place: usize| row.chars().nth(place).unwrap();
                let heads = rows[at].chars().enumerate().filter(|(_, c)| *c == ')').map(|(i, _)| i);
                let units = || rows[at + 1..].iter().take_while(|row| row.starts_with("│ │"));
                let ends_at = |end: usize| units().any(|row| place(row, end) != ' ' && place(row, end + 1) == ' ');
                let apart: Vec<usize> = heads.filter(|&end| !ends_at(end)).collect();
                assert!(apart.is_empty(), "{apart:?} {rows:#?}");
            }
        }
    }
}

/// How many timesteps have a shade in the row of each unit, in a map whose timesteps are three columns wide or wider.
fn shaded(state: &mut State) -> Vec<usize> {
    let rows = rows(&frame(state, (80, 24)));
    let head = rows.iter().position(|row| row.contains(" h: ")).unwrap();
    let map = rows[head].chars().collect::<String>().split(" h: ").next().unwrap().chars().count() + 4;
    let is_of_unit = |row: &&String| row.chars().skip(5).take(3).any(|c| c == 'h');
    let of_unit = rows[head + 1..].iter().filter(is_of_unit).take(state.layer().units());
    of_unit.map(|row| row.chars().skip(map).collect::<String>().trim_end_matches('│').split_whitespace().count()).collect()
}

#[test]
fn what_a_pass_from_the_last_timestep_has_given_already_is_shown_behind_the_cursor() {
    assert_eq!(shaded(&mut stepper(backwards(), english(), "Z")), [6, 6]);
    assert_eq!(shaded(&mut stepper(backwards(), english(), "2 n Z")), [6, 6]);
    assert_eq!(shaded(&mut stepper(both_ways(), english(), "2 n Z")), [3, 3, 6, 6], "forward, then backward");
    let mut state = stepper(backwards(), english(), "end");
    let given: Vec<f64> = (0..6).map(|t| state.pass_at(t).unwrap().output[0]).collect();
    press(&mut state, "home");
    let shown = text(&frame(&mut state, (120, 40)));
    let numbers = celda::view::number::Numbers::new(state.settings());
    for given in &given[1..3] {
        let number = numbers.write(*given);
        let carried = if *given < 0.0 { format!("◀({number})") } else { format!("◀{number}") };
        assert!(shown.contains(&carried), "{carried} is missing:\n{shown}");
    }
}

#[test]
fn a_map_of_a_pass_from_the_last_timestep_shows_both_sides_of_the_cursor() {
    let long = || network("Long", vec![Layer::Rnn(Passes::Reverse(rnn(1, 2)))], numbers(400, 1, 3));
    let rows = rows(&seen(long(), english(), "2 0 0 G Z", (80, 24)));
    let head = rows.iter().find(|row| row.contains("200▼")).unwrap_or_else(|| panic!("{rows:#?}"));
    let numbers: Vec<usize> =
        head.split_whitespace().rev().filter_map(|word| word.trim_end_matches(['▼', '│']).parse().ok()).collect();
    assert!(numbers[0] > 200 && numbers[2] < 200, "{head}");
    let unit = rows.iter().find(|row| row.contains("← h1")).unwrap();
    assert!(unit.trim_end_matches(['│', ' ']).chars().count() > 70, "{unit}");
}

#[test]
fn the_states_fed_back_are_those_of_the_timestep_before() {
    let state = stepper(two_lstm_cells(), Settings { precision: 3, ..english() }, "3 n Z Z");
    let before = state.step_at(2).unwrap().layers[0].as_ref().unwrap().passes[0].after.clone();
    let seen = text(&frame(&mut state.clone(), (80, 24)));
    let numbers = celda::view::number::Numbers::new(state.settings());
    for (letter, values) in [('h', &before.hidden), ('c', &before.cell)] {
        let written: Vec<String> = values.iter().map(|&v| numbers.write(v)).collect();
        let line = format!("── {letter}(2) = ({})", written.join(", "));
        assert!(seen.contains(&line), "{line} is missing:\n{seen}");
    }
}

#[test]
fn a_backward_pass_takes_its_state_from_the_timestep_after() {
    let seen = text(&seen(backwards(), english(), "2 n Z Z", (80, 24)));
    assert!(seen.contains("h(3) = ") && seen.contains("(carried from t = 3)"), "{seen}");
}

#[test]
fn the_footer_offers_what_the_zoom_has() {
    let footer = |keys: &str| rows(&screen("network", english(), keys, (120, 40))).pop().unwrap();
    assert!(footer("").contains("Z zoom out") && !footer("").contains("z zoom in"));
    assert!(footer("Z").contains("Z zoom out") && footer("Z").contains("z zoom in") && footer("Z").contains("Tab unit"));
    assert!(!footer("Z Z").contains("Z zoom out") && footer("Z Z").contains("J layer") && !footer("Z Z").contains("Tab unit"));
}

const KEYS: [&str; 20] =
    ["n", "p", "home", "end", "tab", "backtab", "J", "K", "down", "up", "C-e", "C-y", "o", "L", "f", "7", "z", "Z", ".", ","];

proptest! {
    #![proptest_config(ProptestConfig { cases: 15, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_network_no_size_and_no_keys_make_it_panic(
        keys in proptest::collection::vec(0..KEYS.len(), 0..30),
        sizes in proptest::collection::vec((0_u16..230, 0_u16..70), 1..4),
        which in 0_usize..8,
        ascii in any::<bool>(),
    ) {
        let networks = [two_lstm_cells, projected, both_ways, backwards, window, deep, exploding, || wide(20, 5)];
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let mut state = stepper(networks[which](), Settings { charset, ..english() }, "Z Z");
        for size in sizes {
            for &key in &keys {
                press(&mut state, KEYS[key]);
                let buffer = frame(&mut state, size);
                prop_assert!(!ascii || text(&buffer).is_ascii());
            }
        }
    }
}
