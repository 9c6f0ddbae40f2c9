//! The numbers of the lecture the program was made for, worked out by hand.
#![allow(clippy::unwrap_used)]

use celda::engine::cell::GateName;
use celda::engine::network::{Layer, NetworkStep, Place};
use celda::engine::weighted_sum::{Source, Term};
use celda::scenario::Scenario;
use celda::scenario::file::Reach;
use celda::scenario::load::load;

fn scenario(name: &str) -> Scenario {
    let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    load(&path, Reach::Folder).unwrap().scenario
}

fn steps(scenario: &Scenario) -> Vec<NetworkStep> {
    scenario.timeline().into_steps().collect()
}

fn outputs(steps: &[NetworkStep]) -> Vec<f64> {
    steps.iter().map(|step| step.output().unwrap()[0]).collect()
}

fn hidden(step: &NetworkStep) -> Vec<f64> {
    step.layers[0].as_ref().unwrap().passes[0].after.hidden.clone()
}

fn sums(step: &NetworkStep, layer: usize) -> Vec<f64> {
    step.layers[layer].as_ref().unwrap().passes[0].gates[0].sum.clone()
}

fn holds(scenario: &Scenario) -> Vec<bool> {
    steps(scenario).iter().map(|step| scenario.claim(step).unwrap().holds()).collect()
}

#[test]
fn the_intro_gives_69_then_0_then_170_then_23() {
    assert_eq!(outputs(&steps(&scenario("intro"))), [69.0, 0.0, 170.0, 23.0]);
}

#[test]
fn the_0_of_the_intro_is_what_relu_makes_of_minus_13_9() {
    let steps = steps(&scenario("intro"));
    assert_eq!(sums(&steps[1], 0), [-13.9]);
    assert_eq!(outputs(&steps)[1], 0.0);
}

#[test]
fn the_slides_are_right_at_t_1_and_2_and_slip_at_t_0_and_3() {
    let scenario = scenario("intro");
    let claimed: Vec<f64> = scenario.expected.as_ref().unwrap().output.column(0).to_vec();
    assert_eq!(claimed, [23.0, 0.0, 170.0, 21.0]);
    assert_eq!(holds(&scenario), [false, true, true, false]);
}

#[test]
fn the_terms_of_the_intro_at_t_1_are_two_inputs_the_69_before_and_a_bias_of_0() {
    let scenario = scenario("intro");
    let step = steps(&scenario)[1].layers[0].clone().unwrap();
    let term = |source, value, weight, product| Term { source, value, weight, product };
    assert_eq!(
        scenario.network.layers[0].terms(&step, Place { pass: 0, unit: 0 }, GateName::Hidden),
        [
            term(Source::Input(0), 1.0, 2.0, 2.0),
            term(Source::Input(1), -3.0, 3.0, -9.0),
            term(Source::Hidden(0), 69.0, -0.1, -0.1 * 69.0),
            term(Source::Bias, 1.0, 0.0, 0.0),
        ]
    );
}

#[test]
fn the_exercise_ends_with_one_cell_at_0_and_the_other_still_growing() {
    let steps = steps(&scenario("exercise"));
    let states: Vec<Vec<f64>> = steps.iter().map(hidden).collect();
    assert_eq!(states, [[3.0, 6.0], [1.0, 17.0], [0.0, 28.0], [0.0, 40.0]]);
}

#[test]
fn the_cell_of_the_exercise_dies_at_a_sum_of_minus_11() {
    assert_eq!(sums(&steps(&scenario("exercise"))[2], 0), [-11.0, 28.0]);
}

#[test]
fn the_dense_layer_of_the_exercise_gives_3_16_28_40_as_the_solution_says() {
    let scenario = scenario("exercise");
    assert_eq!(outputs(&steps(&scenario)), [3.0, 16.0, 28.0, 40.0]);
    assert_eq!(holds(&scenario), [true; 4]);
}

#[test]
fn the_network_has_three_cells_then_two_dense_layers() {
    let scenario = scenario("network");
    let layers: Vec<(&str, usize)> = scenario.network.layers.iter().map(|layer| (layer.kind(), layer.units())).collect();
    assert_eq!(layers, [("rnn", 3), ("dense", 2), ("dense", 1)]);
    assert_eq!(scenario.network.layers.iter().map(Layer::inputs).collect::<Vec<_>>(), [2, 3, 2]);
}

#[test]
fn the_network_answers_the_same_row_differently_once_it_has_seen_others() {
    let scenario = scenario("network");
    assert_eq!(scenario.inputs.row(0), scenario.inputs.row(4));
    let outputs = outputs(&steps(&scenario));
    assert_ne!(outputs[0], outputs[4]);
}
