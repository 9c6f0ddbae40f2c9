//! Random bytes, token soup and mutated scenarios: whatever a file holds, it is read or refused, and never a panic.
//!
//! `PROPTEST_CASES=100000 cargo test --test fuzz` looks longer.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::ops::Range;
use std::path::Path;

use celda::report::{self, Terms, Trace};
use celda::scenario::build::build;
use celda::scenario::builtin;
use celda::scenario::fault::{Fault, Faults, Source};
use celda::scenario::file::{Reach, utf8};
use celda::scenario::text::Language;
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
    "\"dense\"",
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
    match build(&source, folder, Reach::Folder) {
        Ok(scenario) => {
            let range = 0..=scenario.timesteps() - 1;
            let trace = Trace { scenario: &scenario, range, terms: Terms::Listed, language: Language::En };
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
    let text = fault.to_string();
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

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
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
    fn a_mutated_scenario_is_read_or_refused(builtin in select(&builtin::ALL[..]), edits in vec(edit(), 1..6)) {
        survives(edited(builtin.toml, &edits), Path::new("/nowhere"));
    }

    #[test]
    fn any_place_in_any_text_can_be_shown(tokens in vec(select(TOKENS), 0..200), from in any::<Index>(), length in 0..300usize) {
        let source = Source::new("fuzz.toml".into(), tokens.concat());
        let from = from.index(source.text.len() + 2);
        let spans: [Range<usize>; 2] = [from..from + length, from..from.saturating_sub(length)];
        for span in spans {
            renders_well(&Fault::at(&source, span, "message", "help"));
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
        let scenario = build(&Source::new("fuzz.toml".into(), text), folder.path(), Reach::Folder).unwrap();
        prop_assert_eq!(scenario.inputs.iter().copied().collect::<Vec<_>>(), rows.concat());
    }
}
