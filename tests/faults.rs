//! What `celda check` says of every broken scenario in `tests/faults`, compared in full with the `.stderr` file beside it.
//!
//! `CELDA_BLESS=1 cargo test --test faults` writes the `.stderr` files anew; read the difference before it is committed.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults");

/// The files of the folder whose name ends so, in the order of their names.
fn files(extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    files.sort();
    files
}

fn check(scenario: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_celda"));
    command.env_clear().env("LANG", "C").current_dir(FOLDER).arg("check").arg(scenario.file_name().unwrap());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The lines of two texts: those of both as they are, those of one marked `-` or `+`.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let start = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let both = expected[start..].iter().rev().zip(found[start..].iter().rev());
    let end = both.take_while(|(a, b)| a == b).count();
    let marked = |mark: char, lines: &[&str]| lines.iter().map(|line| format!("{mark} {line}\n")).collect::<String>();
    marked(' ', &expected[..start])
        + &marked('-', &expected[start..expected.len() - end])
        + &marked('+', &found[start..found.len() - end])
        + &marked(' ', &expected[expected.len() - end..])
}

#[test]
fn every_fault_is_reported_in_these_words() {
    let bless = std::env::var_os("CELDA_BLESS").is_some();
    let mut wrong = String::new();
    for scenario in files("toml") {
        let (code, stdout, stderr) = check(&scenario);
        let name = scenario.file_name().unwrap().display();
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{name}");
        let expected = scenario.with_extension("stderr");
        if bless {
            fs::write(&expected, &stderr).unwrap();
        }
        let expected = fs::read_to_string(expected).unwrap_or_default();
        if stderr != expected {
            wrong += &format!("{name}:\n{}\n", difference(&expected, &stderr));
        }
    }
    assert!(wrong.is_empty(), "- as it should be, + as it is:\n\n{wrong}");
}

#[test]
fn every_expected_text_belongs_to_a_scenario() {
    for expected in files("stderr") {
        assert!(expected.with_extension("toml").exists(), "{} is left over", expected.display());
    }
}

#[test]
fn every_fault_says_where_it_is_and_what_to_do() {
    for expected in files("stderr") {
        let text = fs::read_to_string(&expected).unwrap();
        let heads = text.lines().filter(|line| line.contains(": ") && !line.starts_with([' ', '…']) && !line.contains(" | "));
        let heads = heads.filter(|line| !line.starts_with("= help: ")).count();
        let helps = text.lines().filter(|line| line.trim_start().starts_with("= help: ")).count();
        assert!(heads > 0 && heads == helps, "{}: {heads} faults, {helps} help lines", expected.display());
    }
}

#[test]
fn nothing_of_a_file_reaches_the_terminal_as_a_control_character() {
    for expected in files("stderr") {
        let text = fs::read_to_string(&expected).unwrap();
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{}", expected.display());
    }
}
