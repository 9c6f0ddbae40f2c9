//! The trace of every kind of layer, as JSON and as CSV, is what the README says.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use celda::app::settings::Settings;
use celda::engine::activation::Activation;
use celda::engine::cell::gru::{Candidate, Gru};
use celda::engine::cell::lstm::Lstm;
use celda::engine::cell::rnn::Rnn;
use celda::engine::cell::{Cell, Gate, GateName, State, Step};
use celda::engine::conv::Conv;
use celda::engine::dense::{Apply, Dense};
use celda::engine::network::{Layer, LayerStep, Network, NetworkStep, Passes};
use celda::engine::weighted_sum::{CellState, Peephole, WeightedSum};
use celda::report::{Terms, Trace, csv, json};
use celda::scenario::text::{Language, Text};
use celda::scenario::{LayerNames, Scenario, UnitNames};
use celda::view::number::Numbers;
use ndarray::Array2;
use serde_json::{Value, json};

const TIMESTEPS: usize = 4;
const INPUTS: usize = 2;
const UNITS: usize = 3;

/// A sum whose numbers are told apart by `k`.
fn sum(k: usize, units: usize, inputs: usize, states: usize) -> WeightedSum {
    let weight = |(i, j): (usize, usize)| ((7 * i + 3 * j + 11 * k + 1) as f64).sin() / 2.0;
    let mut sum =
        WeightedSum::new(&Array2::from_shape_fn((units, inputs), weight), &Array2::from_shape_fn((units, states), weight));
    sum.bias = Some((0..units).map(|i| ((5 * i + 11 * k + 2) as f64).sin()).collect());
    sum
}

fn states(len: usize, k: usize) -> Vec<f64> {
    (0..len).map(|i| ((2 * i + 3 * k + 1) as f64).cos()).collect()
}

fn rnn(k: usize) -> Rnn {
    let mut sum = sum(k, UNITS, INPUTS, UNITS);
    sum.recurrent_bias = Some(states(UNITS, k + 1));
    Rnn { sum, activation: Activation::Tanh, initial: State::of_hidden(states(UNITS, k)) }
}

fn lstm(k: usize, projected: Option<usize>) -> Lstm {
    let outputs = projected.unwrap_or(UNITS);
    let gate = |number: usize, at: Option<CellState>| {
        let mut sum = sum(k + number, UNITS, INPUTS, outputs);
        sum.peephole = at.map(|at| Peephole { weights: states(UNITS, number), at });
        sum
    };
    Lstm {
        input: gate(0, Some(CellState::Before)),
        forget: gate(1, Some(CellState::Before)),
        cell: gate(2, None),
        output: gate(3, Some(CellState::After)),
        projection: projected.map(|outputs| sum(k + 4, outputs, UNITS, 0)),
        activation: Activation::Tanh,
        recurrent_activation: Activation::Sigmoid,
        initial: State { cell: states(UNITS, k + 1), ..State::of_hidden(states(outputs, k)) },
    }
}

fn gru(k: usize, reset_after: bool) -> Gru {
    let candidate = if reset_after {
        Candidate::ResetAfter { input: sum(k, UNITS, INPUTS, 0), recurrent: sum(k + 1, UNITS, UNITS, 0) }
    } else {
        Candidate::ResetBefore(sum(k, UNITS, INPUTS, UNITS))
    };
    Gru {
        reset: sum(k + 2, UNITS, INPUTS, UNITS),
        update: sum(k + 3, UNITS, INPUTS, UNITS),
        candidate,
        activation: Activation::Tanh,
        recurrent_activation: Activation::Sigmoid,
        initial: State::of_hidden(states(UNITS, k)),
    }
}

fn dense(inputs: usize) -> Layer {
    Layer::Dense(Dense::new(sum(5, 2, inputs, 0), Activation::Softmax, Apply::Every))
}

fn conv(width: usize) -> Layer {
    Layer::Conv(Conv::new(sum(6, UNITS, width * INPUTS, 0), Activation::Relu, INPUTS))
}

fn both_ways<C>(cell: impl Fn(usize) -> C) -> Passes<C> {
    Passes::Bidirectional { forward: cell(1), backward: cell(20) }
}

/// Every kind of layer in every direction, alone.
fn layers() -> Vec<Layer> {
    vec![
        Layer::Rnn(Passes::Forward(rnn(1))),
        Layer::Rnn(Passes::Reverse(rnn(1))),
        Layer::Rnn(both_ways(rnn)),
        Layer::Lstm(Passes::Forward(lstm(1, None))),
        Layer::Lstm(Passes::Reverse(lstm(1, Some(2)))),
        Layer::Lstm(both_ways(|k| lstm(k, Some(2)))),
        Layer::Gru(Passes::Forward(gru(1, true))),
        Layer::Gru(Passes::Forward(gru(1, false))),
        Layer::Gru(Passes::Reverse(gru(1, false))),
        Layer::Gru(both_ways(|k| gru(k, true))),
        dense(INPUTS),
        conv(3),
    ]
}

fn names(letter: char, count: usize) -> Vec<Text> {
    (1..=count).map(|i| Text::same(format!("{letter}{i}"))).collect()
}

fn scenario(layers: Vec<Layer>) -> Scenario {
    let of_layer = |layer: &Layer| {
        let units = names('h', layer.units());
        let outputs = if layer.outputs() == layer.units() { units.clone() } else { names('p', layer.outputs()) };
        LayerNames { layer: None, units: UnitNames::Default(units), outputs }
    };
    Scenario {
        title: Text::same("Every kind"),
        description: None,
        features: names('x', INPUTS),
        labels: None,
        inputs: Arc::new(Array2::from_shape_fn((TIMESTEPS, INPUTS), |(t, i)| ((3 * t + 5 * i + 1) as f64).cos())),
        names: layers.iter().map(of_layer).collect(),
        network: Arc::new(Network { layers }),
        expected: None,
        notes: Vec::new(),
        text: "".into(),
    }
}

fn traced(scenario: &Scenario, terms: Terms) -> Value {
    let mut out = Vec::new();
    json::write(
        &Trace { scenario, range: 0..=TIMESTEPS - 1, terms, language: Language::En, numbers: Numbers::new(&Settings::default()) },
        &mut out,
    )
    .unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn table(scenario: &Scenario) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let trace = Trace {
        scenario,
        range: 0..=TIMESTEPS - 1,
        terms: Terms::Summed,
        language: Language::En,
        numbers: Numbers::new(&Settings::default()),
    };
    csv::write(&trace, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn steps(scenario: &Scenario) -> Vec<NetworkStep> {
    scenario.timeline().into_steps().collect()
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The entry of the first layer at each timestep, beside its step.
fn entries(layer: Layer, terms: Terms) -> Vec<(Value, LayerStep)> {
    let scenario = scenario(vec![layer]);
    let trace = traced(&scenario, terms);
    let entries = trace["steps"].as_array().unwrap().iter().map(|step| step["layers"][0].clone());
    entries.zip(steps(&scenario)).map(|(entry, step)| (entry, step.layers[0].clone().unwrap())).collect()
}

/// Each pass's entry, its cell and its step.
fn each_pass(terms: Terms, mut see: impl FnMut(&Layer, &dyn Cell, &Value, &Step)) {
    for layer in layers() {
        for (entry, step) in entries(layer.clone(), terms) {
            let passes = if layer.passes() == 1 { vec![&entry] } else { vec![&entry["forward"], &entry["backward"]] };
            for (number, entry) in passes.into_iter().enumerate() {
                see(&layer, layer.cell(number), entry, &step.passes[number]);
            }
        }
    }
}

/// Every sum of an entry by its name: the gates, the recurrent part of a candidate and a projection.
fn sums<'e>(entry: &'e Value, step: &Step) -> Vec<(GateName, &'e Value)> {
    let find = |gate: &Gate| match gate.name {
        GateName::Recurrent => (gate.name, &entry["gates"]["candidate"]["recurrent"]),
        GateName::Projection => (gate.name, &entry["projection"]),
        name => (name, &entry["gates"][name.name()]),
    };
    step.gates.iter().map(find).collect()
}

#[test]
fn the_header_says_outputs_and_direction_only_where_they_say_something() {
    let plain = scenario(vec![Layer::Gru(Passes::Forward(gru(1, true))), dense(UNITS)]);
    assert_eq!(
        traced(&plain, Terms::Summed)["layers"],
        json!([
            {"name": "layer 1", "kind": "gru", "inputs": 2, "units": 3},
            {"name": "layer 2", "kind": "dense", "inputs": 3, "units": 2},
        ])
    );
    let header = |layer| traced(&scenario(vec![layer]), Terms::Summed)["layers"][0].clone();
    assert_eq!(
        header(Layer::Lstm(both_ways(|k| lstm(k, Some(2))))),
        json!({"name": "layer 1", "kind": "lstm", "inputs": 2, "units": 6, "outputs": 4, "direction": "bidirectional"})
    );
    assert_eq!(
        header(Layer::Rnn(Passes::Reverse(rnn(1)))),
        json!({"name": "layer 1", "kind": "rnn", "inputs": 2, "units": 3, "direction": "reverse"})
    );
    assert_eq!(header(conv(3)), json!({"name": "layer 1", "kind": "conv", "inputs": 2, "units": 3}));
}

#[test]
fn an_entry_has_the_states_its_layer_carries_and_no_other() {
    each_pass(Terms::Summed, |layer, _, entry, step| {
        let mut expected = match layer {
            Layer::Dense(_) | Layer::Conv(_) => vec!["gates", "input", "output"],
            Layer::Rnn(_) | Layer::Gru(_) => vec!["gates", "hidden", "hidden_before", "input", "output"],
            Layer::Lstm(_) => vec!["cell", "cell_before", "gates", "hidden", "hidden_before", "input", "output"],
        };
        if step.gate(GateName::Projection).is_some() {
            expected.push("projection");
        }
        assert_eq!(keys(entry), expected);
        assert_eq!(numbers(&entry["input"]), step.input);
        assert_eq!(numbers(&entry["output"]), step.output);
        if layer.is_recurrent() {
            assert_eq!(numbers(&entry["hidden_before"]), step.before.hidden);
            assert_eq!(numbers(&entry["hidden"]), step.after.hidden);
        }
        if let Layer::Lstm(_) = layer {
            assert_eq!(numbers(&entry["cell_before"]), step.before.cell);
            assert_eq!(numbers(&entry["cell"]), step.after.cell);
        }
    });
}

#[test]
fn the_gates_are_those_of_the_literature_by_name() {
    each_pass(Terms::Summed, |layer, _, entry, step| {
        let expected: &[&str] = match layer {
            Layer::Rnn(_) | Layer::Dense(_) | Layer::Conv(_) => &["hidden"],
            Layer::Lstm(_) => &["cell", "forget", "input", "output"],
            Layer::Gru(_) => &["candidate", "reset", "update"],
        };
        assert_eq!(keys(&entry["gates"]), expected);
        for (name, entry) in sums(entry, step) {
            let gate = step.gate(name).unwrap();
            assert_eq!(numbers(&entry["sum"]), gate.sum);
            let mut expected = vec!["output", "sum"];
            match name {
                GateName::Recurrent => expected = vec!["sum"],
                GateName::Candidate if step.gate(GateName::Recurrent).is_some() => expected.insert(1, "recurrent"),
                _ => {}
            }
            assert_eq!(keys(entry), expected, "{}", name.name());
            if name != GateName::Recurrent {
                assert_eq!(numbers(&entry["output"]), gate.output);
            }
        }
    });
}

#[test]
fn a_bidirectional_entry_holds_an_entry_each_way_and_the_outputs_joined() {
    for layer in layers().into_iter().filter(|layer| layer.passes() == 2) {
        let cells = [layer.cell(0), layer.cell(1)];
        let entries = entries(layer.clone(), Terms::Summed);
        for (entry, step) in &entries {
            assert_eq!(keys(entry), ["backward", "forward", "output"]);
            let joined = [&entry["forward"]["output"], &entry["backward"]["output"]].map(numbers).concat();
            assert_eq!(numbers(&entry["output"]), joined);
            assert_eq!(joined, step.output);
        }
        let (first, last) = (&entries[0].0, &entries[TIMESTEPS - 1].0);
        assert_eq!(numbers(&first["forward"]["hidden_before"]), cells[0].initial().hidden);
        assert_eq!(numbers(&last["backward"]["hidden_before"]), cells[1].initial().hidden);
        assert_eq!(entries[1].0["forward"]["hidden_before"], first["forward"]["hidden"]);
        assert_eq!(entries[0].0["backward"]["hidden_before"], entries[1].0["backward"]["hidden"]);
    }
}

#[test]
fn a_reverse_layer_is_a_plain_entry_whose_state_comes_from_the_timestep_after() {
    let entries = entries(Layer::Gru(Passes::Reverse(gru(1, false))), Terms::Summed);
    assert_eq!(entries[0].0["hidden_before"], entries[1].0["hidden"]);
    assert_eq!(numbers(&entries[TIMESTEPS - 1].0["hidden_before"]), gru(1, false).initial.hidden);
}

#[test]
fn no_terms_are_listed_unless_asked_for() {
    for layer in layers() {
        assert!(!traced(&scenario(vec![layer]), Terms::Summed).to_string().contains("terms"));
    }
}

#[test]
fn the_products_of_the_terms_of_every_sum_add_up_to_it() {
    let mut seen = Vec::new();
    each_pass(Terms::Listed, |_, cell, entry, step| {
        for (name, entry) in sums(entry, step) {
            let (sums, units) = (numbers(&entry["sum"]), entry["terms"].as_array().unwrap());
            assert_eq!(units.len(), cell.sum(name).units());
            assert_eq!(units.len(), sums.len());
            for (terms, sum) in units.iter().zip(sums) {
                let terms = terms.as_array().unwrap();
                let number = |term: &Value, key: &str| term[key].as_f64().unwrap();
                assert!(terms.iter().all(|term| keys(term) == ["product", "source", "value", "weight"]));
                assert!(terms.iter().all(|term| number(term, "product") == number(term, "weight") * number(term, "value")));
                assert!(terms.iter().all(|term| term["source"] != "bias" || number(term, "value") == 1.0));
                let total: f64 = terms.iter().map(|term| number(term, "product")).sum();
                let size: f64 = terms.iter().map(|term| number(term, "product").abs()).sum();
                assert!((total - sum).abs() <= 4.0 * f64::EPSILON * size, "{}: {total} is not {sum}", name.name());
            }
            if !seen.contains(&name) {
                seen.push(name);
            }
        }
    });
    assert_eq!(seen.len(), 10, "{seen:?}");
}

/// The sources of the terms of the first unit of a sum at the second timestep.
fn sources(layer: Layer, sum: &[&str]) -> Vec<String> {
    let entries = entries(layer, Terms::Listed);
    let entry = sum.iter().fold(&entries[1].0, |entry, key| &entry[key]);
    let terms = entry["terms"][0].as_array().unwrap();
    terms.iter().map(|term| term["source"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_term_says_where_its_value_comes_from() {
    let hidden = ["gates", "hidden"];
    assert_eq!(sources(Layer::Rnn(Passes::Forward(rnn(1))), &hidden), ["x1", "x2", "h1", "h2", "h3", "bias", "bias"]);
    assert_eq!(sources(dense(INPUTS), &hidden), ["x1", "x2", "bias"]);
    assert_eq!(sources(conv(3), &hidden), ["x1(t-2)", "x2(t-2)", "x1(t-1)", "x2(t-1)", "x1(t)", "x2(t)", "bias"]);
    let lstm = || Layer::Lstm(Passes::Forward(lstm(1, Some(2))));
    assert_eq!(sources(lstm(), &["gates", "forget"]), ["x1", "x2", "h1", "h2", "bias", "c1"]);
    assert_eq!(sources(lstm(), &["gates", "cell"]), ["x1", "x2", "h1", "h2", "bias"]);
    assert_eq!(sources(lstm(), &["gates", "output"]), ["x1", "x2", "h1", "h2", "bias", "c1(t)"]);
    assert_eq!(sources(lstm(), &["projection"]), ["m1", "m2", "m3", "bias"]);
    let gru = |reset_after| Layer::Gru(Passes::Forward(gru(1, reset_after)));
    assert_eq!(sources(gru(true), &["gates", "candidate"]), ["x1", "x2", "bias", "recurrent1"]);
    assert_eq!(sources(gru(true), &["gates", "candidate", "recurrent"]), ["h1", "h2", "h3", "bias"]);
    assert_eq!(sources(gru(false), &["gates", "candidate"]), ["x1", "x2", "r1*h1", "r2*h2", "r3*h3", "bias"]);
}

#[test]
fn the_input_of_a_convolution_is_the_row_at_this_timestep() {
    let scenario = scenario(vec![conv(3)]);
    let trace = traced(&scenario, Terms::Listed);
    for (t, step) in trace["steps"].as_array().unwrap().iter().enumerate() {
        assert_eq!(step["layers"][0]["input"], step["input"]);
        let terms = step["layers"][0]["gates"]["hidden"]["terms"][0].as_array().unwrap();
        for (k, term) in terms[..6].iter().enumerate() {
            let seen = (t + k / INPUTS).checked_sub(2).map_or(0.0, |row| scenario.inputs[[row, k % INPUTS]]);
            assert_eq!(term["value"].as_f64().unwrap(), seen, "t = {t}, term {k}");
        }
    }
}

#[test]
fn a_gate_that_overflows_is_null() {
    let mut lstm = lstm(1, None);
    lstm.activation = Activation::Linear;
    lstm.cell.bias = Some(vec![f64::MAX, f64::INFINITY, 0.0]);
    let entries = entries(Layer::Lstm(Passes::Forward(lstm)), Terms::Listed);
    assert_eq!(entries[0].0["gates"]["cell"]["sum"][1], Value::Null);
    assert_eq!(entries[0].0["gates"]["cell"]["terms"][1][5]["weight"], Value::Null);
    assert_eq!(entries[0].0["cell"][1], Value::Null);
    assert!(entries[0].0["cell"][2].is_f64());
}

#[test]
fn the_first_number_that_is_not_finite_may_be_a_state_no_gate_shows() {
    let mut lstm = lstm(1, None);
    (lstm.activation, lstm.recurrent_activation) = (Activation::Linear, Activation::Linear);
    (lstm.forget.peephole, lstm.input.peephole, lstm.output.peephole) = (None, None, None);
    lstm.output.bias = Some(vec![0.0, 0.0, 1e200]);
    lstm.initial.cell[2] = 1e200;
    let scenario = scenario(vec![Layer::Lstm(Passes::Forward(lstm))]);
    let first = steps(&scenario).remove(0);
    let step = &first.layers[0].as_ref().unwrap().passes[0];
    assert!(step.gates.iter().all(|gate| gate.sum.iter().chain(&gate.output).all(|n| n.is_finite())));
    assert!(step.after.cell.iter().all(|c| c.is_finite()));
    assert_eq!(first.first_overflow(), Some((0, 2)));
}

#[test]
fn csv_has_the_hidden_state_of_every_recurrent_layer_and_the_cell_state_of_an_lstm() {
    let layers = vec![
        Layer::Lstm(Passes::Forward(lstm(1, Some(2)))),
        Layer::Rnn(Passes::Forward(Rnn { sum: sum(3, UNITS, 2, UNITS), ..rnn(1) })),
        dense(UNITS),
    ];
    let scenario = scenario(layers);
    let rows = table(&scenario);
    let header = [
        "t",
        "label",
        "x1",
        "x2",
        "layer 1.p1",
        "layer 1.p2",
        "layer 1.h1.cell",
        "layer 1.h2.cell",
        "layer 1.h3.cell",
        "layer 2.h1",
        "layer 2.h2",
        "layer 2.h3",
        "output.h1",
        "output.h2",
        "expected.h1",
        "expected.h2",
        "holds",
    ];
    assert_eq!(rows[0], header);
    for (row, step) in rows[1..].iter().zip(steps(&scenario)) {
        let pass = |layer: usize| &step.layers[layer].as_ref().unwrap().passes[0];
        let numbers: Vec<f64> = row[4..14].iter().map(|cell| cell.parse().unwrap()).collect();
        let states = [&pass(0).after.hidden, &pass(0).after.cell, &pass(1).after.hidden, &pass(2).output].map(Vec::as_slice);
        assert_eq!(numbers, states.concat());
    }
}

#[test]
fn csv_has_the_states_of_both_directions() {
    let scenario = scenario(vec![Layer::Lstm(both_ways(|k| lstm(k, None)))]);
    let rows = table(&scenario);
    assert_eq!(rows[0].len(), 2 + INPUTS + 3 * 2 * UNITS + 2 * UNITS + 1);
    for (row, step) in rows[1..].iter().zip(steps(&scenario)) {
        let passes = &step.layers[0].as_ref().unwrap().passes;
        let hidden = passes.iter().flat_map(|pass| &pass.after.hidden);
        let states: Vec<f64> = hidden.chain(passes.iter().flat_map(|pass| &pass.after.cell)).copied().collect();
        let numbers: Vec<f64> = row[4..16].iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers, states);
    }
}

#[test]
fn csv_columns_have_different_names_though_layers_and_features_have_the_same() {
    let mut scenario = scenario(vec![Layer::Rnn(Passes::Forward(rnn(1))), conv(1), Layer::Lstm(Passes::Forward(lstm(1, None)))]);
    scenario.features = vec![Text::same("t"), Text::same("holds")];
    for names in &mut scenario.names {
        *names = LayerNames {
            layer: Some(Text::same("same")),
            units: UnitNames::Given(vec![Text::same("h"); UNITS]),
            outputs: vec![Text::same("h"); UNITS],
        };
    }
    let header = table(&scenario).remove(0);
    assert_eq!(header[..7], ["t", "label", "t (2)", "holds", "same.h", "same.h (2)", "same.h (3)"]);
    let mut names = header.clone();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), header.len());
}
