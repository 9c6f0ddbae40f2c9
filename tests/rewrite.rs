//! Edits written into a scenario's text: the same numbers when it is read again, and nothing else is another.
#![allow(clippy::unwrap_used)]

mod common;

use celda::engine::cell::GateName;
use celda::engine::parameter::{Parameter, Part};
use celda::scenario::Scenario;
use celda::scenario::builtin;
use celda::scenario::edit::{Edit, Number};
use celda::scenario::rewrite::{Unwritable, files, rewritten};
use common::{scenario, scenario_of};
use proptest::prelude::*;

/// Every number of a scenario.
fn numbers(scenario: &Scenario) -> Vec<Number> {
    let mut numbers = Vec::new();
    let (timesteps, features) = scenario.inputs.dim();
    numbers.extend((0..timesteps).flat_map(|t| (0..features).map(move |feature| Number::Input { t, feature })));
    for (l, layer) in scenario.network.layers.iter().enumerate() {
        for pass in 0..layer.passes() {
            let gates = layer.gates(pass);
            let parts = gates.iter().flat_map(|&gate| {
                let columns = layer.sum(pass, gate).inputs() + layer.sum(pass, gate).states();
                let weights = (0..columns).map(move |column| Part::Weight(gate, column));
                weights.chain([Part::Bias(gate), Part::RecurrentBias(gate), Part::Peephole(gate)])
            });
            for part in parts.chain([Part::InitialHidden, Part::InitialCell]) {
                let unit_of = |unit| Number::Parameter(Parameter { layer: l, pass, unit, part });
                numbers.extend((0..layer.units()).map(unit_of).filter(|number| scenario.values().get(*number).is_some()));
            }
        }
    }
    numbers
}

/// Checks that edits survive being written and read: all numbers and all that is computed, to the bit.
fn comes_back(scenario: &Scenario, edits: &[Edit]) -> String {
    let mut edited = scenario.clone();
    edited.set_values(scenario.values().with(edits));
    let text = rewritten(scenario, edits).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let read = scenario_of(&text);
    for number in numbers(&edited) {
        let values = [&read, &edited].map(|scenario| scenario.values().get(number).map(f64::to_bits));
        assert_eq!(values[0], values[1], "{number:?}\n{text}");
    }
    let outputs = |scenario: &Scenario| -> Vec<Option<Vec<u64>>> {
        let bits = |output: &[f64]| output.iter().map(|y| y.to_bits()).collect();
        scenario.timeline().into_steps().map(|step| step.output().map(bits)).collect()
    };
    assert_eq!(outputs(&read), outputs(&edited), "{text}");
    text
}

/// Edits every number of a scenario by itself, and all of them together.
fn every_number_comes_back(toml: &str) {
    let scenario = scenario_of(toml);
    let edits: Vec<Edit> =
        numbers(&scenario).into_iter().enumerate().map(|(i, number)| Edit { number, value: 0.1 + i as f64 / 7.0 }).collect();
    assert!(edits.len() > 3);
    for edit in &edits {
        comes_back(&scenario, std::slice::from_ref(edit));
    }
    comes_back(&scenario, &edits);
}

/// Arrays as a framework prints them, of as many numbers as it takes.
fn array(shape: &[usize]) -> String {
    fn part(shape: &[usize], next: &mut f64) -> String {
        let Some((&length, inner)) = shape.split_first() else {
            *next += 0.25;
            return format!("{next}");
        };
        let parts: Vec<String> = (0..length).map(|_| part(inner, next)).collect();
        format!("[{}]", parts.join(", "))
    }
    part(shape, &mut -1.5)
}

fn with_layer(layer: &str) -> String {
    format!("title = \"T\"\n[input]\nrows = [[1, 2, 3], [0.5, -1, 2]]\n[[layer]]\n{layer}")
}

#[test]
fn comments_and_layout_stay_and_a_number_keeps_its_kind() {
    let toml = "# The head.\ntitle = 'T'   # the title\n\n[input]\nrows = [\n  [0,  23], # first\n  [1.5, -3],\n]\n\n[[layer]]\n\
                kind = \"rnn\"\ninput_weights = [ [2, 3.0] ]\nrecurrent_weights = [[-0.1]]\n# The foot.\n";
    let scenario = scenario_of(toml);
    let weight = |column| {
        Number::Parameter(Parameter {
            layer: 0,
            pass: 0,
            unit: 0,
            part: Part::Weight(celda::engine::cell::GateName::Hidden, column),
        })
    };
    let edits = [
        Edit { number: Number::Input { t: 0, feature: 1 }, value: -4.0 },
        Edit { number: Number::Input { t: 1, feature: 0 }, value: 2.0 },
        Edit { number: weight(1), value: 1e-300 },
        Edit { number: weight(0), value: 0.5 },
    ];
    let wanted =
        toml.replace("0,  23]", "0,  -4]").replace("[1.5, -3]", "[2.0, -3]").replace("[ [2, 3.0] ]", "[ [0.5, 1e-300] ]");
    assert_eq!(comes_back(&scenario, &edits), wanted);
}

#[test]
fn names_by_language_stay_as_they_are_written() {
    let toml = r#"title.en = "Names"  # in two languages
title.es = "Nombres"
[input]
features = [ { en = "write", es = "escribir" }, "x" ]  # a table and a string
rows = [[1, 2]]
labels = [{es="hoy"}]
[[layer]]
kind = "dense"
weights = [[3, 4]]
unit_names = [
    { en = "sum", es = "suma" },  # one of each
]
[layer.name]
es = "lectora"  # the other way round
en = "reader"
"#;
    let scenario = scenario_of(toml);
    let weight = Parameter { layer: 0, pass: 0, unit: 0, part: Part::Weight(GateName::Hidden, 1) };
    let edits =
        [Edit { number: Number::Input { t: 0, feature: 0 }, value: 7.0 }, Edit { number: Number::Parameter(weight), value: 9.0 }];
    let written = comes_back(&scenario, &edits);
    assert_eq!(written, toml.replace("[[1, 2]]", "[[7, 2]]").replace("[[3, 4]]", "[[3, 9]]"));
    let bias = Parameter { layer: 0, pass: 0, unit: 0, part: Part::Bias(GateName::Hidden) };
    let read = scenario_of(&comes_back(&scenario, &[Edit { number: Number::Parameter(bias), value: 5.0 }]));
    assert_eq!((read.names, read.features, read.labels), (scenario.names, scenario.features, scenario.labels));
}

#[test]
fn the_ends_of_lines_stay() {
    let toml = with_layer("kind = \"rnn\"\ninput_weights = [[1, 2, 3]]\nrecurrent_weights = [[1]]\n").replace('\n', "\r\n");
    let edit = Edit { number: Number::Input { t: 0, feature: 0 }, value: 9.0 };
    let text = comes_back(&scenario_of(&toml), &[edit]);
    assert_eq!(text, toml.replace("[[1, 2, 3], [0.5", "[[9, 2, 3], [0.5"));
}

#[test]
fn named_numbers_come_back_and_those_left_out_are_added() {
    let gate = |header: &str, peephole: &str| {
        format!("[{header}]\ninput_weights = {}\nrecurrent_weights = {}\n{peephole}\n", array(&[2, 3]), array(&[2, 2]))
    };
    let lstm = |header: &str| {
        let seeing = |name: &str| gate(&format!("{header}.gate.{name}"), "peephole = [0.5, 0.25]\nrecurrent_bias = [1, 2]");
        format!("{}{}{}{}", seeing("input"), seeing("forget"), gate(&format!("{header}.gate.cell"), ""), seeing("output"))
    };
    every_number_comes_back(&with_layer(&format!("kind = \"lstm\"\n{}", lstm("layer"))));
    every_number_comes_back(&with_layer(&format!(
        "kind = \"lstm\"\ndirection = \"bidirectional\"\n[layer.forward]\n{}[layer.backward]\ninitial_cell = [1, 2]\n{}",
        lstm("layer.forward"),
        lstm("layer.backward")
    )));
    for reset_after in ["true", "false"] {
        let gates: String = ["reset", "update", "candidate"]
            .iter()
            .map(|name| gate(&format!("layer.gate.{name}"), "recurrent_bias = [1, 2]"))
            .collect();
        every_number_comes_back(&with_layer(&format!("kind = \"gru\"\nreset_after = {reset_after}\n{gates}")));
    }
    every_number_comes_back(&with_layer(&format!("kind = \"conv\"\nkernel = {}\n", array(&[2, 4, 3]))));
    every_number_comes_back(&with_layer(&format!("kind = \"dense\"\nweights = {}\n", array(&[2, 3]))));
}

#[test]
fn tables_within_one_line_are_written_too() {
    let toml = "title = \"T\"\ninput = { rows = [[1], [2]] }\nlayer = [{ kind = \"rnn\", input_weights = [[1]], recurrent_weights = [[0.5]] }]\n";
    every_number_comes_back(toml);
}

#[test]
fn a_framework_s_arrays_are_written_at_the_right_place() {
    type Arrays = &'static [(&'static str, &'static [usize])];
    let layer = |kind: &str, convention: &str, arrays: Arrays, more: &str| {
        let arrays: String = arrays.iter().map(|(name, shape)| format!("{name} = {}\n", array(shape))).collect();
        with_layer(&format!("kind = \"{kind}\"\nconvention = \"{convention}\"\n{more}{arrays}"))
    };
    let all: &[(&str, &str, Arrays, &str)] = &[
        ("rnn", "pytorch", &[("weight_ih", &[2, 3]), ("weight_hh", &[2, 2])], ""),
        ("lstm", "pytorch", &[("weight_ih", &[8, 3]), ("weight_hh", &[8, 1]), ("weight_hr", &[1, 2]), ("bias_hh", &[8])], ""),
        ("gru", "pytorch", &[("weight_ih", &[6, 3]), ("weight_hh", &[6, 2]), ("bias_ih", &[6]), ("bias_hh", &[6])], ""),
        ("gru", "pytorch", &[("weight_ih", &[6, 3]), ("weight_hh", &[6, 2])], ""),
        ("dense", "pytorch", &[("weight", &[2, 3])], ""),
        ("conv", "pytorch", &[("weight", &[2, 3, 4]), ("bias", &[2])], ""),
        ("rnn", "keras", &[("kernel", &[3, 2]), ("recurrent_kernel", &[2, 2])], ""),
        ("lstm", "keras", &[("kernel", &[3, 8]), ("recurrent_kernel", &[2, 8]), ("bias", &[8])], ""),
        ("gru", "keras", &[("kernel", &[3, 6]), ("recurrent_kernel", &[2, 6]), ("bias", &[2, 6])], ""),
        ("gru", "keras", &[("kernel", &[3, 6]), ("recurrent_kernel", &[2, 6]), ("bias", &[6])], ""),
        ("gru", "keras", &[("kernel", &[3, 6]), ("recurrent_kernel", &[2, 6])], "reset_after = false\n"),
        ("dense", "keras", &[("kernel", &[3, 2]), ("bias", &[2])], ""),
        ("conv", "keras", &[("kernel", &[4, 3, 2])], ""),
        ("rnn", "onnx", &[("W", &[2, 3]), ("R", &[2, 2])], ""),
        ("lstm", "onnx", &[("W", &[1, 8, 3]), ("R", &[1, 8, 2]), ("B", &[1, 16]), ("P", &[1, 6])], ""),
        ("lstm", "onnx", &[("W", &[8, 3]), ("R", &[8, 2]), ("B", &[16]), ("P", &[6])], ""),
        ("gru", "onnx", &[("W", &[6, 3]), ("R", &[6, 2]), ("B", &[12])], "linear_before_reset = 1\n"),
        ("gru", "onnx", &[("W", &[6, 3]), ("R", &[6, 2])], ""),
        ("conv", "onnx", &[("W", &[2, 3, 4])], ""),
    ];
    for (kind, convention, arrays, more) in all {
        every_number_comes_back(&layer(kind, convention, arrays, more));
    }
}

#[test]
fn numbers_of_another_file_are_refused_with_its_name() {
    let scenario = scenario("sunspots");
    assert_eq!(files(&scenario.text), ["sunspots.csv", "sunspots.safetensors", "sunspots.safetensors"]);
    let all = numbers(&scenario);
    let input = Edit { number: all[0], value: 1.0 };
    let refusal = Unwritable::InFile { numbers: vec![all[0]], file: "sunspots.csv".into() };
    assert_eq!(rewritten(&scenario, &[input]), Err(refusal));
    let weight = all.iter().copied().find(|number| matches!(number, Number::Parameter(_))).unwrap();
    let Err(Unwritable::InFile { file, .. }) = rewritten(&scenario, &[Edit { number: weight, value: 1.0 }]) else {
        panic!("the weight is in a file")
    };
    assert_eq!(file, "sunspots.safetensors");
    let state = Parameter { layer: 0, pass: 0, unit: 0, part: Part::InitialHidden };
    let text = rewritten(&scenario, &[Edit { number: Number::Parameter(state), value: 0.5 }]).unwrap();
    assert!(text.contains("initial_hidden = [0.5, "), "a state is in no file:\n{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_of_the_built_in_scenarios_come_back(
        which in 0..builtin::ALL.len() - 1,
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<f64>().prop_filter("finite", |v| v.is_finite())),
            1..6,
        ),
    ) {
        let scenario = scenario(builtin::ALL[which].name);
        let all = numbers(&scenario);
        let edits: Vec<Edit> = edits.iter().map(|(at, value)| Edit { number: *at.get(&all), value: *value }).collect();
        comes_back(&scenario, &edits);
    }
}
