//! Random bytes, token soup and mutated scenarios: whatever a file holds, it is read or refused, and never a panic.
//!
//! `PROPTEST_CASES=100000 cargo test --test fuzz` looks longer.
#![allow(clippy::unwrap_used)]

#[path = "common/cases.rs"]
mod cases;

use std::fs;
use std::ops::Range;
use std::path::Path;

use cases::config;
use celda::app::settings::Settings;
use celda::report::{self, Terms, Trace};
use celda::scenario::build::build;
use celda::scenario::builtin;
use celda::scenario::fault::{Fault, Faults, Source};
use celda::scenario::file::{Folder, Reach, utf8};
use celda::scenario::tensors::TensorFile;
use celda::scenario::tensors::layers::{Kind, Role, Side, Wanted, arrays, layers};
use celda::scenario::text::{Language, Phrase};
use celda::starter;
use celda::view::number::Numbers;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use unicode_width::UnicodeWidthStr;

/// What scenarios are made of, and what is made to look like it.
const TOKENS: &[&str] = &[
    "[input]",
    "[[layer]]",
    "[expected]",
    "[[note]]",
    "[layer]",
    "[layer.gate.input]",
    "[layer.gate.forget]",
    "[layer.gate.cell]",
    "[layer.gate.output]",
    "[layer.gate.reset]",
    "[layer.gate.update]",
    "[layer.gate.candidate]",
    "[layer.forward]",
    "[layer.backward]",
    "[layer.forward.gate.input]",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    ".",
    "=",
    "\"",
    "'",
    "\"\"\"",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "#",
    "-",
    "+",
    "_",
    "0",
    "1",
    "-1",
    "1e400",
    "0x",
    "0xff",
    "1_000",
    "0.5",
    "nan",
    "-inf",
    "true",
    "1979-05-27",
    "title",
    "description",
    "rows",
    "features",
    "labels",
    "file",
    "columns",
    "kind",
    "name",
    "unit_names",
    "activation",
    "input_weights",
    "recurrent_weights",
    "recurrent_bias",
    "bias",
    "initial_hidden",
    "initial_cell",
    "recurrent_activation",
    "reset_after",
    "peephole",
    "kernel",
    "direction",
    "gate",
    "weights",
    "apply",
    "output",
    "tolerance",
    "source",
    "step",
    "text",
    "en",
    "es",
    "\"rnn\"",
    "\"lstm\"",
    "\"gru\"",
    "\"dense\"",
    "convention",
    "\"pytorch\"",
    "\"keras\"",
    "\"onnx\"",
    "weight_ih",
    "weight_hh",
    "kernel",
    "recurrent_kernel",
    "W",
    "R",
    "B",
    "linear_before_reset",
    "weight_hr",
    "P",
    "weights = { file = \"pytorch.safetensors\", prefix = \"gru\", convention = \"pytorch\" }",
    "weights = { file = \"keras.npz\", prefix = \"sequential/gru\", convention = \"keras\" }",
    "weights = { file = \"onnx.npz\", convention = \"onnx\" }",
    "prefix",
    "layer",
    "\"encoder\"",
    "\"conv\"",
    "\"forward\"",
    "\"reverse\"",
    "\"bidirectional\"",
    "\"relu\"",
    "\"softmax\"",
    "\"last\"",
    "\"../x.csv\"",
    "\"\\u001b\"",
    "[[1, 2], [3]]",
    "[[1]]",
    "[1]",
    "[]",
    "[[]]",
    "[[[1]], [[2]]]",
    "[[[]]]",
    "é",
    "再帰",
    "👩‍👩‍👧",
    "e\u{301}",
    "\u{feff}",
    "\u{0}",
    "\u{1b}",
    "\u{202e}",
    "\u{200b}",
];

/// A scenario of each kind of layer, with gates and directions.
const LAYERS: &[&str] = &[
    include_str!("data/layers/rnn-bidirectional.toml"),
    include_str!("data/layers/lstm-peepholes.toml"),
    include_str!("data/layers/lstm-bidirectional.toml"),
    include_str!("data/layers/gru.toml"),
    include_str!("data/layers/gru-bidirectional.toml"),
    include_str!("data/layers/conv.toml"),
    include_str!("data/layers/stack.toml"),
    include_str!("data/pasted.toml"),
    include_str!("data/stored.toml"),
    include_str!("data/stored-everywhere.toml"),
];

/// The folder of the files that some of them name.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

const CELLS: &[&str] = &[
    "a", "b", "0", "1.5", "-2e3", "nan", "inf", "", " ", "\"", "\"\"", "\"1\"", "\"1,2\"", "\"1\n2\"", ",", ",", ",", "\n", "\n",
    "\r\n", "\r", ";", "é", "再帰", "\u{feff}", "\u{0}", "\u{1b}",
];

/// One change to a text.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, &'static str),
    Delete(Index, usize),
    Repeat(Index, usize),
    Swap(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        (at(), select(TOKENS)).prop_map(|(at, token)| Edit::Insert(at, token)),
        (at(), 1..20usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        (at(), 1..200usize).prop_map(|(at, length)| Edit::Repeat(at, length)),
        (at(), at()).prop_map(|(one, other)| Edit::Swap(one, other)),
    ]
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits.iter().filter(|_| !text.is_empty()) {
        if chars.is_empty() {
            break;
        }
        match edit {
            Edit::Insert(at, token) => {
                let at = at.index(chars.len());
                chars.splice(at..at, token.chars());
            }
            Edit::Delete(at, length) => {
                let at = at.index(chars.len());
                chars.drain(at..(at + length).min(chars.len()));
            }
            Edit::Repeat(at, length) => {
                let at = at.index(chars.len());
                let part = chars[at..(at + length).min(chars.len())].to_vec();
                chars.splice(at..at, part);
            }
            Edit::Swap(one, other) => {
                let (one, other) = (one.index(chars.len()), other.index(chars.len()));
                chars.swap(one, other);
            }
        }
    }
    chars.into_iter().collect()
}

/// Reads a text as a scenario; a good one is run and traced, the faults of a bad one are rendered.
fn survives(text: String, folder: &Path) {
    let source = Source::new("fuzz.toml".into(), text);
    match build(&source, &Folder::Disk { path: folder.to_owned(), reach: Reach::Folder }) {
        Ok(scenario) => {
            let range = 0..=scenario.timesteps() - 1;
            let trace = Trace {
                scenario: &scenario,
                range,
                terms: Terms::Listed,
                language: Language::En,
                numbers: Numbers::new(&Settings::default()),
            };
            let (mut json, mut csv, mut text) = (Vec::new(), Vec::new(), Vec::new());
            report::json::write(&trace, &mut json).unwrap();
            report::csv::write(&trace, &mut csv).unwrap();
            report::text::write(&trace, &mut text).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(json["steps"].as_array().unwrap().len(), scenario.timesteps());
        }
        Err(faults) => renders(&faults),
    }
}

fn renders(faults: &Faults) {
    assert!(!faults.is_empty());
    faults.iter().for_each(renders_well);
    assert!(!faults.to_string().is_empty());
}

/// Asserts that a fault is safe to print, of a width that can be read, and that its carets are under its excerpt.
fn renders_well(fault: &Fault) {
    let faults = Faults::from(fault.clone());
    Language::ALL.into_iter().for_each(|language| reads_well(&faults.in_language(language).to_string()));
}

fn reads_well(text: &str) {
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let lines: Vec<&str> = text.lines().collect();
    if let [_, _, excerpt, carets, ..] = lines.as_slice() {
        // A place inside an emoji that is joined of several is wider in its parts than in the whole.
        let joined = if excerpt.contains('\u{200d}') { 8 } else { 0 };
        assert!(carets.width() <= excerpt.width() + 1 + joined, "{text}");
        assert!(excerpt.width() <= 110, "{text}");
        assert!(carets.ends_with('^'), "{text}");
    }
}

const TENSORS: [(&str, &[u8]); 6] = [
    ("pytorch.safetensors", include_bytes!("data/pytorch.safetensors")),
    ("types.safetensors", include_bytes!("data/types.safetensors")),
    ("keras.npz", include_bytes!("data/keras.npz")),
    ("onnx.npz", include_bytes!("data/onnx.npz")),
    ("types.npz", include_bytes!("data/types.npz")),
    ("deflated.npz", include_bytes!("data/deflated.npz")),
];

/// What the headers of arrays are made of.
const MARKS: &[&str] = &[
    "PK\u{3}\u{4}",
    "PK\u{1}\u{2}",
    "PK\u{5}\u{6}",
    "NUMPY",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "'",
    "\"",
    "\\",
    ",",
    ":",
    "0",
    "9",
    "-",
    "18446744073709551615",
    "\0",
    "\0\0\0\0",
    "\u{1}",
    "\u{7f}",
    "<f4",
    ">f8",
    "|O",
    "F32",
    "shape",
    "descr",
    "_reverse",
    "_l1",
    "W",
];

/// Opens bytes as a file of arrays and does with it all that can be done.
fn tensors_survive(name: &str, bytes: Vec<u8>) {
    let file = match TensorFile::from_bytes(name, bytes) {
        Ok(file) => file,
        Err(refusal) => return renders_well(&Fault::of_file(name, refusal.message, refusal.help)),
    };
    for array in file.names() {
        match file.read(array) {
            Ok(tensor) => assert_eq!(tensor.shape.iter().product::<usize>(), tensor.data.len()),
            Err(refusal) => renders_well(&Fault::of_file(name, refusal.message, refusal.help)),
        }
    }
    for layer in layers(&file, "") {
        let role = if matches!(layer.kind, Kind::Dense | Kind::Conv { .. }) { Role::Stateless } else { Role::Recurrent };
        for side in [None, Some(Side::Forward), Some(Side::Backward)] {
            let wanted = Wanted { convention: layer.convention, role, prefix: &layer.prefix, layer: layer.number, side };
            if let Err(refusal) = arrays(&file, &wanted) {
                renders_well(&Fault::of_file(name, refusal.message, refusal.help));
            }
        }
    }
    match starter::from_weights(name, &file, "") {
        Ok(made) => {
            assert!(toml::de::DeTable::parse(&made.toml).is_ok(), "{}", made.toml);
            for warning in made.warnings {
                renders_well(&Fault::of_file(name, warning.message, warning.help));
            }
        }
        Err(refusal) => renders_well(&Fault::of_file(name, refusal.message, refusal.help)),
    }
}

#[test]
fn the_scenarios_that_are_mutated_are_good_as_they_are() {
    for layer in LAYERS {
        let source = Source::new("fuzz.toml".into(), (*layer).into());
        let folder = Folder::Disk { path: FOLDER.into(), reach: Reach::Folder };
        build(&source, &folder).unwrap_or_else(|faults| panic!("{faults}"));
    }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        match utf8("fuzz.toml", bytes) {
            Ok(text) => survives(text, Path::new("/nowhere")),
            Err(faults) => renders(&faults),
        }
    }

    #[test]
    fn random_text_is_read_or_refused(text in "\\PC{0,200}") {
        survives(text, Path::new("/nowhere"));
    }

    #[test]
    fn token_soup_is_read_or_refused(tokens in vec(select(TOKENS), 0..100), space in select(&["", " "][..])) {
        survives(tokens.join(space), Path::new("/nowhere"));
    }

    #[test]
    fn a_mutated_scenario_is_read_or_refused(builtin in select(builtin::ALL), edits in vec(edit(), 1..6)) {
        survives(edited(builtin.toml, &edits), Path::new("/nowhere"));
    }

    #[test]
    fn a_mutated_layer_of_any_kind_is_read_or_refused(layer in select(LAYERS), edits in vec(edit(), 1..6)) {
        survives(edited(layer, &edits), Path::new(FOLDER));
    }

    #[test]
    fn what_says_where_the_weights_are_may_be_anything(
        keys in vec(select(TOKENS), 0..4),
        file in select(&["pytorch.safetensors", "keras.npz", "onnx.npz", "types.npz", "layers", "../Cargo.toml", "", "\\u001b"][..]),
        prefix in select(&["", "encoder", "gru", "short.", "sequential/gru", "sequential/bidirectional", "head", "/", "é"][..]),
        convention in select(&["pytorch", "keras", "onnx"][..]),
        kind in select(&["rnn", "lstm", "gru", "dense", "conv"][..]),
        direction in select(&["", "direction = \"reverse\"\n", "direction = \"bidirectional\"\n"][..]),
        (layer, inputs) in (0..3usize, 1..6usize),
    ) {
        let from = format!("file = \"{file}\", prefix = \"{prefix}\", layer = {layer}, convention = \"{convention}\"");
        let head = format!("title = \"Stored\"\n[input]\nrows = [{:?}]\n", vec![1; inputs]);
        let layer = format!("[[layer]]\nkind = \"{kind}\"\n{direction}weights = {{ {from} }}\n{}", keys.join(" "));
        survives(head + &layer, Path::new(FOLDER));
    }

    #[test]
    fn any_place_in_any_text_can_be_shown(tokens in vec(select(TOKENS), 0..200), from in any::<Index>(), length in 0..300usize) {
        let source = Source::new("fuzz.toml".into(), tokens.concat());
        let from = from.index(source.text.len() + 2);
        let spans: [Range<usize>; 2] = [from..from + length, from..from.saturating_sub(length)];
        for span in spans {
            renders_well(&Fault::at(&source, span, Phrase { en: "message", es: "mensaje" }, Phrase { en: "help", es: "ayuda" }));
        }
    }
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn random_csv_is_read_or_refused(
        cells in vec(select(CELLS), 0..60),
        bytes in prop::option::weighted(0.2, vec(any::<u8>(), 0..100)),
        columns in select(&["", "columns = [\"a\"]\n", "columns = [\"b\", \"a\", \"a\"]\n"][..]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let csv = bytes.unwrap_or_else(|| cells.concat().into_bytes());
        fs::write(folder.path().join("data.csv"), csv).unwrap();
        let layer = "[[layer]]\nkind = \"dense\"\nweights = [[1, 2]]\n";
        survives(format!("title = \"CSV\"\n[input]\nfile = \"data.csv\"\n{columns}{layer}"), folder.path());
    }

    #[test]
    fn a_table_of_numbers_is_read_as_it_is(rows in vec(vec(-1e300..1e300f64, 3), 1..20), break_ in select(&["\n", "\r\n", "\r"][..])) {
        let folder = tempfile::tempdir().unwrap();
        let line = |row: &Vec<f64>| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        let lines: Vec<String> = std::iter::once("a,b,c".into()).chain(rows.iter().map(line)).collect();
        fs::write(folder.path().join("data.csv"), lines.join(break_)).unwrap();
        let layer = "[[layer]]\nkind = \"dense\"\nweights = [[1, 2, 3]]\n";
        let text = format!("title = \"CSV\"\n[input]\nfile = \"data.csv\"\n{layer}");
        let beside = Folder::Disk { path: folder.path().to_owned(), reach: Reach::Folder };
        let scenario = build(&Source::new("fuzz.toml".into(), text), &beside).unwrap();
        prop_assert_eq!(scenario.inputs.iter().copied().collect::<Vec<_>>(), rows.concat());
    }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn a_mutated_file_of_arrays_is_read_or_refused(
        (name, bytes) in select(&TENSORS[..]),
        marks in vec((any::<Index>(), select(MARKS), any::<bool>()), 0..4),
        flips in vec((any::<Index>(), any::<u8>()), 0..4),
        cut in prop::option::weighted(0.1, any::<Index>()),
    ) {
        let mut bytes = bytes.to_vec();
        for (at, mark, over) in marks {
            let at = at.index(bytes.len());
            let end = if over { (at + mark.len()).min(bytes.len()) } else { at };
            bytes.splice(at..end, mark.bytes());
        }
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(at) = cut {
            bytes.truncate(at.index(bytes.len()));
        }
        tensors_survive(name, bytes);
    }

    #[test]
    fn random_bytes_are_a_file_of_arrays_or_refused(
        begin in select(&["", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "\u{8}\0\0\0\0\0\0\0{", "\u{2}\0\0\0\0\0\0\0{}"][..]),
        bytes in vec(any::<u8>(), 0..200),
        name in select(&["a.npz", "a.safetensors", "a"][..]),
    ) {
        tensors_survive(name, [begin.as_bytes(), &bytes].concat());
    }

    #[test]
    fn a_safetensors_header_of_tokens_is_read_or_refused(
        tokens in vec(select(&["{", "}", "[", "]", ",", ":", "0", "8", "4", "\"a\"", "\"weight\"", "\"shape\"", "\"dtype\"",
            "\"data_offsets\"", "\"F32\"", "\"BF16\"", "\"F4\"", "\"__metadata__\"",
            "{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}", "\u{1b}", "1e9", "null"][..]), 0..30),
        data in vec(any::<u8>(), 0..9),
    ) {
        let header = format!("{{{}}}", tokens.concat());
        let length = (header.len() as u64).to_le_bytes();
        tensors_survive("a.safetensors", [&length[..], header.as_bytes(), &data].concat());
    }
}
