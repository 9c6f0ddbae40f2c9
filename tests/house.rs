//! How the house is built: imports go one way, files say what is in them, keys are named in one place.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

fn inside(path: &Path) -> String {
    path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().display().to_string()
}

#[test]
fn imports_go_one_way() {
    const MAY_IMPORT: [(&str, &[&str]); 7] = [
        ("engine/", &["engine"]),
        ("scenario/", &["engine", "scenario"]),
        ("app/", &["engine", "scenario", "app"]),
        ("view/", &["engine", "scenario", "app", "view"]),
        ("terminal/", &["app", "view", "terminal"]),
        ("companion/", &["engine", "scenario", "app", "view", "companion"]),
        ("report/", &["engine", "scenario", "app", "view", "report"]),
    ];
    for (path, text) in sources() {
        let file = inside(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(folder, _)| file.starts_with(folder)) else { continue };
        for imported in text.split("crate::").skip(1) {
            let module: String = imported.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(allowed.contains(&module.as_str()), "{file} imports crate::{module}");
        }
        let climbs = text.contains("super::super") && !file.starts_with("engine/cell/");
        assert!(!climbs, "{file} climbs out of its folder");
    }
}

#[test]
fn only_the_terminal_knows_terminals() {
    for (path, text) in sources() {
        let file = inside(&path);
        if !file.starts_with("terminal/") {
            assert!(!text.contains("crossterm"), "{file} knows crossterm");
        }
        if ["engine/", "scenario/", "app/"].iter().any(|folder| file.starts_with(folder)) {
            assert!(!text.contains("ratatui"), "{file} knows ratatui");
        }
    }
}

#[test]
fn keys_are_named_in_one_file() {
    for (path, text) in sources() {
        let file = inside(&path);
        if !["app/keymap.rs", "terminal/input.rs"].contains(&file.as_str()) {
            for name in ["Key::", "KeyCode", "PgDn", "Backspace"] {
                assert!(!text.contains(name), "{file} names a key: {name}");
            }
        }
    }
}

#[test]
fn main_is_a_table_of_contents() {
    let main = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")).unwrap();
    assert!(main.lines().count() < 60);
    assert_eq!(main.matches("fn ").count(), 1, "main.rs has one function");
}

#[test]
fn every_file_opens_with_what_is_in_it() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{} opens without a sentence", inside(&path));
        let first = text.lines().take_while(|line| line.starts_with("//!")).collect::<String>();
        assert!(first.contains('.'), "{} opens with half a sentence", inside(&path));
    }
}

#[test]
fn nothing_is_left_for_later() {
    for (path, text) in sources() {
        for word in ["TODO", "FIXME", "XXX", "todo!", "unimplemented!", ".unwrap()", "for now"] {
            assert!(!text.contains(word), "{} has {word}", inside(&path));
        }
    }
}
