//! Scenario files of every kind of layer compute what the equations say; `tests/data/layers.py` computed the claims.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use celda::engine::activation::Activation;
use celda::engine::cell::GateName;
use celda::engine::network::{Direction, Layer};
use celda::scenario::build::build;
use celda::scenario::fault::{Faults, Source};
use celda::scenario::file::{Folder, Reach};
use celda::scenario::load::load;
use celda::scenario::text::{Language, Text};
use celda::scenario::{Scenario, builtin};

const LAYERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/layers");

fn read(toml: &str, folder: &Folder) -> Result<Scenario, Faults> {
    build(&Source::new("test".into(), toml.into()), folder)
}

/// A scenario of some rows and layers.
fn scenario(rows: &str, layers: &str) -> Scenario {
    let toml = format!("title = \"Test\"\n[input]\nrows = {rows}\n{layers}");
    read(&toml, &Folder::Embedded(&[])).unwrap_or_else(|faults| panic!("{faults}"))
}

fn file(name: &str) -> Scenario {
    load(&format!("{LAYERS}/{name}.toml"), Reach::Folder).unwrap_or_else(|faults| panic!("{faults}")).scenario
}

/// What the network gives at every timestep.
fn outputs(scenario: &Scenario) -> Vec<Vec<f64>> {
    scenario.timeline().into_steps().map(|step| step.output().unwrap_or_default().to_vec()).collect()
}

/// A layer of a kind, each gate of which has these keys.
fn gated(kind: &str, keys: &str, gates: &[&str], weights: &str) -> String {
    let tables: String = gates.iter().map(|gate| format!("[layer.gate.{gate}]\n{weights}\n")).collect();
    format!("[[layer]]\nkind = \"{kind}\"\n{keys}\n{tables}")
}

const OF_LSTM: [&str; 4] = ["input", "forget", "cell", "output"];

const OF_GRU: [&str; 3] = ["reset", "update", "candidate"];

#[test]
fn every_kind_of_layer_gives_what_the_equations_give() {
    let mut files = 0;
    for entry in fs::read_dir(LAYERS).unwrap() {
        let path = entry.unwrap().path();
        let scenario = file(path.file_stem().unwrap().to_str().unwrap());
        let mut claimed = 0;
        for step in scenario.timeline().into_steps() {
            let Some(claim) = scenario.claim(&step) else { continue };
            assert!(claim.holds(), "{} at t = {}: {:?}, not {:?}", path.display(), step.t, step.output(), claim.values);
            claimed += claim.each.iter().flatten().count();
        }
        assert!(claimed >= scenario.output_names().len(), "{} claims nothing", path.display());
        files += 1;
    }
    assert_eq!(files, 14);
}

#[test]
fn a_reverse_layer_begins_with_the_last_row() {
    let layer = "[[layer]]\nkind = \"rnn\"\nactivation = \"linear\"\ninput_weights = [[1]]\nrecurrent_weights = [[2]]\n";
    assert_eq!(outputs(&scenario("[[1], [10], [100]]", layer)), [[1.0], [12.0], [124.0]]);
    let reverse = format!("{layer}direction = \"reverse\"\n");
    assert_eq!(outputs(&scenario("[[1], [10], [100]]", &reverse)), [[421.0], [210.0], [100.0]]);
}

#[test]
fn a_bidirectional_layer_joins_both_directions_forward_first() {
    let layer = "[[layer]]\nkind = \"rnn\"\ndirection = \"bidirectional\"\nactivation = \"linear\"\n\
                 [layer.forward]\ninput_weights = [[1]]\nrecurrent_weights = [[2]]\n\
                 [layer.backward]\ninput_weights = [[-1]]\nrecurrent_weights = [[2]]\ninitial_hidden = [1]\n";
    assert_eq!(outputs(&scenario("[[1], [10], [100]]", layer)), [[1.0, -413.0], [12.0, -206.0], [124.0, -98.0]]);
}

#[test]
fn a_convolution_sees_zeros_before_the_first_row() {
    let layer = "[[layer]]\nkind = \"conv\"\nkernel = [[[100], [10], [1]]]\n";
    assert_eq!(outputs(&scenario("[[1], [2], [3], [4]]", layer)), [[1.0], [12.0], [123.0], [234.0]]);
}

#[test]
fn what_a_direction_says_wins_over_what_its_layer_says() {
    let both = file("rnn-bidirectional");
    let layer = &both.network.layers[0];
    let activations = [0, 1].map(|pass| layer.cell(pass).activation(GateName::Hidden));
    assert_eq!(activations, [Activation::Sigmoid, Activation::Relu]);
    assert_eq!([0, 1].map(|pass| layer.pass(pass).0), [Direction::Forward, Direction::Backward]);
}

#[test]
fn activations_are_tanh_and_sigmoid_where_the_file_does_not_say() {
    let weights = "input_weights = [[1]]\nrecurrent_weights = [[1]]";
    for (kind, gates, inner) in [("lstm", &OF_LSTM[..], GateName::Cell), ("gru", &OF_GRU[..], GateName::Candidate)] {
        let scenario = scenario("[[1]]", &gated(kind, "", gates, weights));
        let cell = scenario.network.layers[0].cell(0);
        for &gate in cell.gates().iter().filter(|gate| gate.is_gate()) {
            let wanted = if gate == inner { Activation::Tanh } else { Activation::Sigmoid };
            assert_eq!(cell.activation(gate), wanted, "{kind} {}", gate.name());
        }
    }
}

#[test]
fn the_reset_gate_acts_after_the_recurrent_weights_where_the_file_does_not_say() {
    let weights = "input_weights = [[0.5], [1]]\nrecurrent_weights = [[1, -1], [0.5, 2]]";
    let gru = |keys: &str| outputs(&scenario("[[1], [2]]", &gated("gru", keys, &OF_GRU, weights)));
    assert_eq!(gru(""), gru("reset_after = true"));
    assert_ne!(gru(""), gru("reset_after = false"));
}

#[test]
fn a_missing_bias_is_zero() {
    let weights = "input_weights = [[0.5]]\nrecurrent_weights = [[1]]";
    for (kind, gates) in [("lstm", &OF_LSTM[..]), ("gru", &OF_GRU[..])] {
        let computed = |keys: &str| outputs(&scenario("[[1], [2]]", &gated(kind, "", gates, &format!("{weights}\n{keys}"))));
        assert_eq!(computed(""), computed("bias = [0]\nrecurrent_bias = [0]"), "{kind}");
        assert_ne!(computed(""), computed("bias = [1]"), "{kind}");
        assert_ne!(computed(""), computed("recurrent_bias = [1]"), "{kind}");
    }
}

#[test]
fn an_lstm_of_one_unit_can_be_computed_by_hand() {
    let keys = "activation = \"linear\"\nrecurrent_activation = \"linear\"\ninitial_hidden = [2]\ninitial_cell = [10]";
    let gate = |name: &str, w: i32, u: i32, b: i32, rest: &str| {
        format!("[layer.gate.{name}]\ninput_weights = [[{w}]]\nrecurrent_weights = [[{u}]]\nbias = [{b}]\n{rest}\n")
    };
    let gates = gate("input", 1, 0, 1, "peephole = [1]")
        + &gate("forget", 0, 1, 0, "recurrent_bias = [1]")
        + &gate("cell", 2, 1, 0, "")
        + &gate("output", 0, 0, 1, "peephole = [-1]");
    let scenario = scenario("[[3]]", &format!("[[layer]]\nkind = \"lstm\"\n{keys}\n{gates}"));
    // i = 3 + 1 + 10 = 14, f = 2 + 1 = 3, g = 6 + 2 = 8; c = 3 * 10 + 14 * 8 = 142; o = 1 - 142 = -141; h = -141 * 142.
    assert_eq!(outputs(&scenario), [[-141.0 * 142.0]]);
    let step = scenario.timeline().into_steps().next().unwrap();
    assert_eq!(step.layers[0].as_ref().unwrap().passes[0].after.cell, [142.0]);
}

fn english(names: &[Text]) -> Vec<String> {
    names.iter().map(|name| name.get(Language::En).to_owned()).collect()
}

#[test]
fn units_are_named_by_their_kind_and_direction() {
    let units = |name: &str| file(name).names.iter().map(|names| english(&names.units)).collect::<Vec<_>>();
    assert_eq!(units("lstm"), [["h1", "h2"]]);
    assert_eq!(units("lstm-reverse"), [["h"]]);
    assert_eq!(units("rnn-bidirectional"), [["h1→", "h2→", "h1←", "h2←"]]);
    assert_eq!(units("conv"), [["y1", "y2"]]);
    assert_eq!(units("stack"), [vec!["y1", "y2", "y3"], vec!["h→", "h←"], vec!["h"], vec!["y1", "y2", "y3"]]);
    let stack = file("stack");
    assert!(stack.names.iter().all(|names| *names.units == *names.outputs));
    assert_eq!(english(stack.input_names(2)), ["h→", "h←"]);
}

#[test]
fn a_file_names_the_units_of_both_directions() {
    let text = fs::read_to_string(Path::new(LAYERS).join("gru-bidirectional.toml")).unwrap();
    let named = text.replace("reset_after = false\n", "reset_after = false\nunit_names = [\"there\", \"back\"]\n");
    let scenario = read(&named, &Folder::Embedded(&[])).unwrap();
    assert_eq!(english(&scenario.names[0].units), ["there", "back"]);
}

#[test]
fn layers_are_built_as_the_file_says() {
    let kinds: Vec<(&str, &str, usize, usize)> = ["rnn", "rnn-reverse", "lstm-bidirectional", "gru", "conv", "stack"]
        .into_iter()
        .map(|name| {
            let first: Layer = file(name).network.layers[0].clone();
            (first.kind(), first.direction(), first.inputs(), first.outputs())
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("rnn", "forward", 2, 2),
            ("rnn", "reverse", 2, 2),
            ("lstm", "bidirectional", 2, 2),
            ("gru", "forward", 2, 2),
            ("conv", "forward", 2, 2),
            ("conv", "forward", 2, 3),
        ]
    );
}

#[test]
fn a_built_in_scenario_reads_the_files_built_in_with_it() {
    static FILES: &[(&str, &[u8])] = &[("other.csv", b"b\n3\n"), ("data.csv", b"a\n1\n2\n")];
    let toml = |file: &str| {
        let layer = "[[layer]]\nkind = \"dense\"\nweights = [[1]]\n";
        format!("title = \"Embedded\"\n[input]\nfile = \"{file}\"\n{layer}")
    };
    let scenario = read(&toml("data.csv"), &Folder::Embedded(FILES)).unwrap();
    assert_eq!((scenario.inputs.iter().copied().collect::<Vec<_>>(), scenario.features), (vec![1.0, 2.0], vec![Text::same("a")]));
    let missing = |folder: &Folder| read(&toml("dat.csv"), folder).unwrap_err().to_string();
    assert!(missing(&Folder::Embedded(FILES)).contains("file `dat.csv`: there is no such file"));
    assert!(missing(&Folder::Embedded(FILES)).contains("use one of other.csv, data.csv"));
    assert!(missing(&Folder::Embedded(&[])).contains("this scenario has no files beside it"));
}

#[test]
fn every_built_in_scenario_is_read_from_the_program_alone() {
    for builtin in builtin::ALL {
        let read = read(builtin.toml, &Folder::Embedded(builtin.files));
        read.unwrap_or_else(|faults| panic!("{}: {faults}", builtin.name));
    }
}
