//! How much memory a file can make the program take: no more than a number of times its size, whatever is in it.
//!
//! The bounds are those of ARCHITECTURE.md. Everything here counts what is allocated, so one test runs at a time.
//! `PROPTEST_CASES=100000 cargo test --test memory` looks longer.
#![allow(clippy::unwrap_used)]

#[path = "common/cases.rs"]
mod cases;
#[path = "common/forge.rs"]
mod forge;

use std::fs;
use std::sync::{Mutex, MutexGuard};

use cases::config;
use celda::app::settings::Settings;
use celda::app::state::State;
use celda::report::frame;
use celda::scenario::Scenario;
use celda::scenario::build::build;
use celda::scenario::fault::{Faults, Source};
use celda::scenario::file::{Folder, Reach};
use celda::scenario::tensors::TensorFile;
use celda::starter;
use forge::{Member, archive, header, npy, safetensors};
use peak_alloc::PeakAlloc;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

static ALONE: Mutex<()> = Mutex::new(());

/// What there may be beside what a file takes, in bytes.
const BASE: usize = 4 << 20;

/// How many times its size the text of a scenario takes at most, read, checked and its faults written.
const OF_A_SCENARIO: usize = 300;

/// The same of a CSV file.
const OF_A_TABLE: usize = 40;

/// The same of a file of arrays, listed, each array read, or made into layers.
const OF_ARRAYS: usize = 40;

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The most bytes that are in use at a time beyond those from before.
fn peak<T>(run: impl FnOnce() -> T) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    drop(run());
    MEMORY.peak_usage().saturating_sub(before)
}

fn assert_at_most(times: usize, size: usize, peak: usize, what: &str) {
    let part = peak.saturating_sub(BASE) as f64 / size as f64;
    assert!(peak <= BASE + times * size, "{what}: {size} bytes took {peak}, {part:.0} times as many");
}

fn built(text: &str, folder: &TempDir) -> Result<Scenario, Faults> {
    build(&Source::new("a.toml".into(), text.into()), &Folder::Disk { path: folder.path().into(), reach: Reach::Folder })
}

/// Reads a text as a scenario and writes what is wrong with it.
fn read(text: &str, folder: &TempDir) {
    if let Err(faults) = built(text, folder) {
        assert!(!faults.to_string().is_empty());
    }
}

/// What is repeated to make a scenario that is large in one way.
const PIECES: &[&str] = &[
    "[1],",
    "[],",
    "1,",
    "{},",
    "[[1]],",
    "\"\",",
    "\"\u{1}\",",
    "a=1\n",
    "[a]\n",
    "[[layer]]\n",
    "[[note]]\n",
    "[[a]]\n",
    "a.",
    "[",
    "{a=",
    "\n",
    "\r\n",
    "#",
    " ",
    "é",
    "\"\"\"\n\"\"\"",
    "\u{1}",
    "[layer.gate.input]\n",
    "kind=\"rnn\"\n",
    "name=\"a\"\n",
    "]",
    "step=0\n",
    "text=\"a\"\n",
    "nan,",
    "{en=\"\",es=\"\"},",
    "'",
    "weights={file=\"a.npz\"}\n",
    "kind=\"dense\"\nweights=[[1]]\n",
];

const HEAD: &str = "title = \"x\"\n[input]\nrows = [[1], [2]]\n";

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn a_scenario_takes_so_many_times_its_size(
        begin in select(&["", HEAD, "title = \"x\"\n[input]\nrows = [", "title = \"x\"\n[input]\nrows = [[1]]\nlabels = [", "a = ["][..]),
        piece in vec(select(PIECES), 1..4),
        numbered in any::<bool>(),
    ) {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let mut text = begin.to_owned();
        let piece = piece.concat();
        for number in 0.. {
            if text.len() > 20_000 {
                break;
            }
            text += &if numbered { piece.replace('a', &format!("a{number}")) } else { piece.clone() };
        }
        let peak = peak(|| read(&text, &folder));
        prop_assert!(peak <= BASE + OF_A_SCENARIO * text.len(), "{} times: {begin:?} {piece:?}", peak / text.len());
    }

    #[test]
    fn a_table_takes_so_many_times_its_size(
        header in select(&["a\n", "a,b\n", "a,,\n", "\"a\nb\"\n"][..]),
        row in vec(select(&["1", ",", "\n", "1,2\n", "x", "\"", "\"\"", "\r\n", "1e300,", "é"][..]), 1..5),
        columns in select(&["", "columns = [\"a\"]\n"][..]),
    ) {
        let _alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let table = header.to_owned() + &row.concat().repeat(20_000 / row.concat().len());
        fs::write(folder.path().join("a.csv"), &table).unwrap();
        let text = format!("title = \"x\"\n[input]\nfile = \"a.csv\"\n{columns}[[layer]]\nkind = \"dense\"\nweights = [[1]]\n");
        let peak = peak(|| read(&text, &folder));
        prop_assert!(peak <= BASE + OF_A_TABLE * table.len(), "{} times: {header:?} {row:?}", peak / table.len());
    }
}

/// Reads all arrays of a file at once, then what a scenario of it would be.
fn use_arrays(name: &str, bytes: Vec<u8>) {
    let Ok(file) = TensorFile::from_bytes(name, bytes) else { return };
    let _arrays: Vec<_> = file.names().map(|array| file.read(array)).collect();
    drop(starter::from_weights(name, &file, ""));
}

#[test]
fn a_file_of_arrays_takes_so_many_times_its_size() {
    let _alone = alone();
    let of = |count: usize, descr: &str, bytes: usize| npy(&header(descr, &format!("({count}, 1)")), &vec![0; count * bytes]);
    let json = |array: &str, times: usize| {
        let arrays: Vec<String> = (0..times).map(|i| format!("\"{i}\": {array}")).collect();
        safetensors(&format!("{{{}}}", arrays.join(",")), &[])
    };
    let declared = |count: usize, held: usize| Member {
        unpacked: (count * 8 + 128) as u32,
        ..Member::deflated("kernel.npy", &of(held, "<f8", 8))
    };
    let empty = "{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
    let axes = format!("{{\"dtype\":\"F32\",\"shape\":[{}0],\"data_offsets\":[0,0]}}", "1,".repeat(100_000));
    let files = [
        ("bytes, stored", "a.npz", archive(&[Member::stored("kernel.npy", &of(6 << 20, "|i1", 1))])),
        ("bytes, packed", "a.npz", archive(&[Member::deflated("kernel.npy", &of(7 << 20, "|i1", 1))])),
        ("floats, packed, few", "a.npz", archive(&[Member::deflated("kernel.npy", &of(100_000, "<f8", 8))])),
        ("more declared than there is", "a.npz", archive(&[declared(60 << 20, 1000)])),
        ("many empty arrays", "a.safetensors", json(empty, 20_000)),
        ("long shapes", "a.safetensors", json(&axes, 5)),
        ("other data", "a.safetensors", json("{\"a\": 1}", 20_000)),
        (
            "a thousand arrays",
            "a.safetensors",
            json("{\"dtype\":\"F32\",\"shape\":[1099511627776],\"data_offsets\":[0,4398046511104]}", 1000),
        ),
    ];
    for (what, name, bytes) in files {
        let size = bytes.len();
        // Less than 16 MiB of numbers are always read: once packed, once unpacked, once as floats.
        let small = if name == "a.npz" { 3 * (16 << 20) } else { 0 };
        let peak = peak(|| use_arrays(name, bytes));
        assert_at_most(OF_ARRAYS, size, peak.saturating_sub(small), what);
    }
}

#[test]
fn layers_that_share_a_file_take_no_more_than_some_copies_of_it() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("d")).unwrap();
    let half = 3 * 64 * 64 * 4;
    let array = |from: usize| format!("{{\"dtype\":\"F32\",\"shape\":[192,64],\"data_offsets\":[{from},{}]}}", from + half);
    let head = format!("{{\"weight_ih_l0\":{},\"weight_hh_l0\":{}}}", array(0), array(half));
    let bytes = safetensors(&head, &vec![0; 2 * half]);
    fs::write(folder.path().join("a.safetensors"), &bytes).unwrap();
    let mut text = format!("title = \"x\"\n[input]\nrows = [{:?}]\n", [0; 64]);
    let layer = |text: &mut String, links: usize| {
        let file = "d/".repeat(links) + "a.safetensors";
        *text += &format!("[[layer]]\nkind = \"gru\"\nweights = {{ file = \"{file}\", convention = \"pytorch\" }}\n");
    };
    (0..16).for_each(|links| layer(&mut text, links % 20));
    let peak_of_some = peak(|| built(&text, &folder).unwrap());
    (16..400).for_each(|links| layer(&mut text, links % 20));
    let peak_of_many = peak(|| {
        let said = built(&text, &folder).unwrap_err().to_string();
        assert!(said.contains("its 24576 numbers are used more than 16 times over"), "{said}");
    });
    for peak in [peak_of_some, peak_of_many] {
        assert_at_most(OF_ARRAYS, bytes.len(), peak.saturating_sub(OF_A_SCENARIO * text.len()), "shared by layers");
    }
}

#[test]
fn a_label_that_is_the_same_in_every_language_is_held_once_and_no_frame_copies_the_labels() {
    const ROWS: usize = 40_000;
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let text = |labels: &str| {
        let rows = "[1],".repeat(ROWS);
        format!(
            "title = \"x\"\n[input]\nrows = [{rows}]\n{labels}[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\n\
             recurrent_weights = [[0]]\n"
        )
    };
    let named =
        |label: fn(usize) -> String| text(&format!("labels = [{}]\n", (0..ROWS).map(label).collect::<Vec<_>>().join(",")));
    // What is held of a scenario beside its text.
    let held = |text: String| {
        let before = MEMORY.current_usage();
        let scenario = built(&text, &folder).unwrap();
        let held = MEMORY.current_usage() - before - scenario.text.len();
        (held, scenario)
    };
    let (bare, _) = held(text(""));
    let (same, scenario) = held(named(|t| format!("\"row {t:06}\"")));
    let each = (same - bare) as f64 / ROWS as f64;
    assert!(each <= 10.0 + 16.0 + 1.0, "a label of 10 bytes takes {each}");
    let mut state = State::new(scenario, Settings::default()).opened_at(ROWS / 2);
    frame::draw(&mut state, (120, 40));
    let drawn = peak(|| frame::draw(&mut state, (120, 40)));
    assert!(drawn < ROWS * 8, "a frame took {drawn}");
    let (by_language, _) = held(named(|t| format!("{{en=\"row {t:06}\",es=\"fila {t:06}\"}}")));
    let each = (by_language - bare) as f64 / ROWS as f64;
    assert!(each <= 21.0 + 3.0 * 16.0 + 1.0, "a label of 10 and 11 bytes takes {each}");
}

#[test]
fn a_network_whose_steps_would_not_fit_is_refused_and_one_that_just_fits_is_stepped_through() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let window = |width: usize, timesteps: usize| {
        let rows = "[1],".repeat(timesteps);
        format!("title = \"x\"\n[input]\nrows = [{rows}]\n[[layer]]\nkind = \"conv\"\nkernel = [[{}]]\n", "[1],".repeat(width))
    };
    let said = built(&window(200_000, 200_000), &folder).unwrap_err().to_string();
    assert!(said.contains("the steps and states that are kept would take"), "{said}");
    let below = |direction: &str, units: usize| {
        let (rows, weights) = ("[1],".repeat(100_000), "[1],".repeat(units));
        let dense = format!("[[layer]]\nkind = \"dense\"\nweights = [{weights}]\n");
        let over = format!("input_weights = [{:?}]\nrecurrent_weights = [[0]]\n", vec![0; units]);
        let rnn = format!("[[layer]]\nkind = \"rnn\"\ndirection = \"{direction}\"\n{over}");
        format!("title = \"x\"\n[input]\nrows = [{rows}]\n{dense}{rnn}")
    };
    let said = built(&below("reverse", 1_400), &folder).unwrap_err().to_string();
    assert!(said.contains("the steps and states that are kept would take 1109 MiB"), "{said}");
    assert!(built(&below("forward", 1_400), &folder).is_ok());
    assert!(built(&below("reverse", 700), &folder).is_ok());
    let scenario = built(&window(3_000, 3_000), &folder).unwrap();
    let peak = peak(|| {
        let mut state = State::new(scenario, Settings::default()).opened_at(2_999);
        frame::draw(&mut state, (80, 24))
    });
    assert!(peak <= 1 << 30, "{peak}");
}
