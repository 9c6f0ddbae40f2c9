//! Scenarios with a framework's arrays, pasted or in a file beside them, give what that framework gives; `tests/data` says how
//! its numbers were made.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use celda::engine::network::Direction;
use celda::scenario::build::build;
use celda::scenario::fault::Source;
use celda::scenario::file::{Folder, Reach};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};

/// A network that a framework ran, as a lecturer has it from there.
struct Network {
    convention: &'static str,
    rows: Value,
    layers: Vec<Layer>,
}

struct Layer {
    kind: String,
    /// Its keys beside the weights, as TOML.
    keys: String,
    passes: Vec<Pass>,
}

/// One direction of a layer, or a layer that carries nothing.
struct Pass {
    /// The header of its table, where there are two.
    header: &'static str,
    /// By the names of the framework, without prefix and number.
    arrays: Vec<(&'static str, Value)>,
    /// Where it starts, as TOML.
    initial: String,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn cases() -> Vec<Value> {
    let read = |text| list(&serde_json::from_str::<Value>(text).unwrap()["cases"]).to_vec();
    let mut cases = [read(include_str!("data/recurrent.json")), read(include_str!("data/more.json"))].concat();
    cases.push(bidirectional_of_onnx(&cases));
    cases
}

/// The two peephole cases as the one layer that goes over their input both ways.
fn bidirectional_of_onnx(cases: &[Value]) -> Value {
    let of = |direction| {
        let id = format!("onnxruntime-LSTM-peephole-{direction}");
        cases.iter().find(|case| case["id"] == id.as_str()).unwrap()
    };
    let (forward, backward) = (of("forward"), of("reverse"));
    assert_eq!(forward["x"], backward["x"]);
    let joined = |one: &Value, other: &Value| Value::from([list(one), list(other)].concat());
    let mut both = forward.clone();
    both["id"] = "onnxruntime-LSTM-peephole-bidirectional".into();
    both["direction"] = "bidirectional".into();
    both["bidirectional"] = true.into();
    for name in ["W", "R", "B", "P"] {
        both["weights"][format!("{name}_l0_reverse")] = backward["weights"][name].clone();
    }
    for states in ["h0", "c0", "h_n", "c_n"] {
        both[states] = joined(&forward[states], &backward[states]);
    }
    both["output"] =
        list(&forward["output"]).iter().zip(list(&backward["output"])).map(|(one, other)| joined(one, other)).collect();
    both
}

/// The lines of those of these keys that a case has; its words, numbers and arrays are TOML too.
fn lines<'k>(keys: impl IntoIterator<Item = (&'k str, Option<&'k Value>)>) -> String {
    keys.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", value?))).collect()
}

fn settings(owner: &Value) -> String {
    lines(["activation", "reset_after", "linear_before_reset", "direction"].map(|key| (key, owner.get(key))))
}

impl Network {
    fn new(case: &Value) -> Self {
        let convention = match case["framework"].as_str().unwrap() {
            "pytorch" => "pytorch",
            "keras" => "keras",
            _ => "onnx",
        };
        let layers = match case["layers"].as_u64() {
            Some(count) => (0..count as usize).map(|number| Layer::alike(case, convention, number)).collect(),
            None => list(&case["layers"]).iter().map(Layer::listed).collect(),
        };
        Self { convention, rows: case["x"].clone(), layers }
    }

    /// The scenario's text: what each layer and each pass of it says of its weights is as given.
    fn scenario(&self, of_layer: impl Fn(usize) -> String, of_pass: impl Fn(&Pass) -> String) -> String {
        let mut text = format!("title = \"Parity\"\n[input]\nrows = {}\n", self.rows);
        for (number, Layer { kind, keys, passes }) in self.layers.iter().enumerate() {
            text += &format!("[[layer]]\nkind = \"{kind}\"\n{keys}{}", of_layer(number));
            text.extend(passes.iter().map(|pass| format!("{}{}{}", pass.header, pass.initial, of_pass(pass))));
        }
        text
    }

    fn pasted(&self) -> String {
        let convention = format!("convention = \"{}\"\n", self.convention);
        let arrays = |pass: &Pass| lines(pass.arrays.iter().map(|(name, array)| (*name, Some(array))));
        self.scenario(|_| String::new(), |pass| convention.clone() + &arrays(pass))
    }

    fn stored(&self, file: &str) -> String {
        let of_layer = |number| {
            let layer = if self.convention == "pytorch" { format!("layer = {number}, ") } else { String::new() };
            let (prefix, convention) = (self.prefix(number), self.convention);
            format!("weights = {{ file = \"{file}\", prefix = \"{prefix}\", {layer}convention = \"{convention}\" }}\n")
        };
        self.scenario(of_layer, |_| String::new())
    }

    /// What stands before the names of a layer's arrays in a file; Keras numbers the layers of a class from the second.
    fn prefix(&self, number: usize) -> String {
        let kind = &self.layers[number].kind;
        let before = self.layers[..number].iter().filter(|layer| layer.kind == *kind).count();
        match (self.convention, before) {
            ("pytorch", _) => "encoder.rnn".into(),
            ("keras", 0) => kind.clone(),
            (_, before) => format!("{kind}_{before}"),
        }
    }

    /// The arrays of all layers by their names in a file, in the shapes that the framework saves.
    fn tensors(&self) -> Vec<(String, Value)> {
        let mut tensors = Vec::new();
        for (number, Layer { kind, passes, .. }) in self.layers.iter().enumerate() {
            let prefix = self.prefix(number);
            for (i, (name, array)) in passes[0].arrays.iter().enumerate() {
                match self.convention {
                    "pytorch" => tensors.extend(passes.iter().zip(["", "_reverse"]).map(|(pass, suffix)| {
                        let (name, array) = &pass.arrays[i];
                        (format!("{prefix}.{name}_l{number}{suffix}"), array.clone())
                    })),
                    "keras" if matches!(kind.as_str(), "dense" | "conv") => {
                        tensors.push((format!("{prefix}/{name}"), array.clone()));
                    }
                    "keras" => tensors.push((format!("{prefix}/{kind}_cell/{name}"), array.clone())),
                    _ => {
                        let directions = passes.iter().map(|pass| pass.arrays[i].1.clone()).collect();
                        tensors.push((format!("{prefix}_{name}"), directions));
                    }
                }
            }
        }
        tensors
    }
}

impl Layer {
    /// One of several layers that differ in their numbers alone.
    fn alike(case: &Value, convention: &str, number: usize) -> Self {
        let names: &[&str] = match convention {
            "pytorch" => &["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"],
            "keras" => &["kernel", "recurrent_kernel", "bias"],
            _ => &["W", "R", "B", "P"],
        };
        let directions: &[(&str, &str)] = match case["bidirectional"].as_bool() {
            Some(true) => &[("[layer.forward]\n", ""), ("[layer.backward]\n", "_reverse")],
            _ => &[("", "")],
        };
        let pass = |(i, &(header, suffix)): (usize, &(&'static str, &str))| {
            let array = |name: &&'static str| {
                let numbered = case["weights"].get(format!("{name}_l{number}{suffix}"));
                Some((*name, numbered.or_else(|| case["weights"].get(*name))?.clone()))
            };
            let initial = [("initial_hidden", "h0"), ("initial_cell", "c0")];
            let initial = lines(initial.map(|(key, states)| (key, case[states].get(number * directions.len() + i))));
            Pass { header, arrays: names.iter().filter_map(array).collect(), initial }
        };
        let both = json!({ "direction": "bidirectional" });
        let keys = match directions.len() {
            2 if case.get("direction").is_none() => settings(case) + &settings(&both),
            _ => settings(case),
        };
        let kind = case["op"].as_str().unwrap().to_lowercase();
        Self { kind, keys, passes: directions.iter().enumerate().map(pass).collect() }
    }

    /// One of the different layers that only Keras has.
    fn listed(layer: &Value) -> Self {
        let kind = layer["kind"].as_str().unwrap().to_owned();
        let names: &[&str] = match kind.as_str() {
            "dense" | "conv" => &["kernel", "bias"],
            _ => &["kernel", "recurrent_kernel", "bias"],
        };
        let arrays = names.iter().copied().zip(list(&layer["weights"]).iter().cloned()).collect();
        Self { kind, keys: settings(layer), passes: vec![Pass { header: "", arrays, initial: String::new() }] }
    }
}

/// The lengths of the axes and the numbers, the last axis fastest.
fn flat(array: &Value) -> (Vec<usize>, Vec<f64>) {
    let Value::Array(parts) = array else { return (Vec::new(), vec![array.as_f64().unwrap()]) };
    let (shapes, numbers): (Vec<_>, Vec<_>) = parts.iter().map(flat).unzip();
    ([vec![parts.len()], shapes[0].clone()].concat(), numbers.concat())
}

fn write(path: &Path, tensors: &[(String, Value)], dtype: Dtype) {
    let bytes = |number: f64| match dtype {
        Dtype::F32 => (number as f32).to_le_bytes().to_vec(),
        _ => number.to_le_bytes().to_vec(),
    };
    let encoded = tensors.iter().map(|(name, array)| {
        let (shape, numbers) = flat(array);
        (name, shape, numbers.into_iter().flat_map(bytes).collect::<Vec<u8>>())
    });
    let encoded: Vec<_> = encoded.collect();
    let views = encoded.iter().map(|(name, shape, data)| (name, TensorView::new(dtype, shape.clone(), data).unwrap()));
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// Builds the scenario, runs it, and compares every output and last state of the case.
fn assert_gives(case: &Value, text: String, folder: &Path) {
    let id = case["id"].as_str().unwrap();
    let tolerance = if case["dtype"] == "float64" { 1e-12 } else { 2e-6 };
    let close = |what: &str, ours: &[f64], theirs: &Value| {
        let theirs = flat(theirs).1;
        assert_eq!(ours.len(), theirs.len(), "{id}, {what}");
        for (unit, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            assert!((ours - theirs).abs() <= tolerance, "{id}, {what}, unit {unit}: {ours} is not {theirs}");
        }
    };
    let source = Source::new(id.to_owned(), text);
    let folder = Folder::Disk { path: folder.to_owned(), reach: Reach::Folder };
    let scenario = build(&source, &folder).unwrap_or_else(|faults| panic!("{faults}\n{}", source.text));
    let steps: Vec<_> = scenario.timeline().into_steps().collect();
    assert_eq!(steps.len(), list(&case["output"]).len(), "{id}");
    for (step, theirs) in steps.iter().zip(list(&case["output"])) {
        close(&format!("t = {}", step.t), step.output().unwrap(), theirs);
    }
    let directions = if case["bidirectional"] == true { 2 } else { 1 };
    let last_state = |i: usize| {
        let (layer, pass) = (i / directions, i % directions);
        let last = match scenario.network.layers[layer].pass(pass).0 {
            Direction::Forward => steps.last(),
            Direction::Backward => steps.first(),
        };
        &last.unwrap().layers[layer].as_ref().unwrap().passes[pass].after
    };
    for (i, theirs) in list(&case["h_n"]).iter().enumerate() {
        close(&format!("last hidden state {i}"), &last_state(i).hidden, theirs);
    }
    for (i, theirs) in list(&case["c_n"]).iter().enumerate() {
        close(&format!("last cell state {i}"), &last_state(i).cell, theirs);
    }
}

#[test]
fn arrays_pasted_in_the_order_and_shape_of_their_framework_give_its_outputs_and_last_states() {
    let folder = tempfile::tempdir().unwrap();
    for case in cases() {
        assert_gives(&case, Network::new(&case).pasted(), folder.path());
    }
}

#[test]
fn arrays_in_a_file_by_the_names_of_their_framework_give_its_outputs_and_last_states() {
    let folder = tempfile::tempdir().unwrap();
    for case in cases() {
        let network = Network::new(&case);
        let dtype = if case["dtype"] == "float64" { Dtype::F64 } else { Dtype::F32 };
        write(&folder.path().join("model.safetensors"), &network.tensors(), dtype);
        assert_gives(&case, network.stored("model.safetensors"), folder.path());
    }
}
