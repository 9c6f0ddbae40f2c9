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

/// What each module may import, beside itself: only modules that stand above it.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    ("fault_injection", &[]),
    ("engine", &["fault_injection"]),
    ("scenario", &["engine"]),
    ("app", &["engine", "scenario"]),
    ("view", &["engine", "scenario", "app"]),
    ("terminal", &["app", "view", "fault_injection"]),
    ("companion", &["engine", "scenario", "app", "view", "fault_injection"]),
    ("report", &["engine", "scenario", "app", "view"]),
    ("watch", &["scenario", "fault_injection"]),
    ("starter", &["scenario"]),
    ("new_file", &["scenario", "app", "report"]),
    ("recovery", &["engine", "scenario", "new_file"]),
    ("cli", &["scenario", "app", "report", "starter"]),
    ("man", &["app", "cli"]),
    ("beside", &["scenario", "app", "terminal", "companion", "watch", "new_file", "recovery"]),
    ("command", &["scenario", "app", "view", "terminal", "companion", "report", "starter", "new_file", "cli", "man", "beside"]),
];

/// The module of the crate that a file is in, and how deep in the tree of modules it is.
fn module(file: &str) -> (&str, usize) {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    (path.split('/').next().unwrap(), path.split('/').count())
}

/// The modules of the crate that a text imports.
fn imported(text: &str) -> Vec<String> {
    let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let paths = text.split("crate::").skip(1);
    let several = |group: &str| {
        let (mut depth, mut modules) = (0, vec![String::new()]);
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => modules.push(String::new()),
                c => modules.last_mut().unwrap().push(c),
            }
        }
        modules.iter().map(|path| word(path)).filter(|module| !module.is_empty()).collect::<Vec<_>>()
    };
    paths.flat_map(|path| path.strip_prefix('{').map_or_else(|| vec![word(path)], several)).collect()
}

#[test]
fn a_module_imports_only_what_stands_above_it() {
    for (place, (name, allowed)) in MAY_IMPORT.iter().enumerate() {
        let above = |module: &&str| MAY_IMPORT[..place].iter().any(|(other, _)| other == module);
        assert!(allowed.iter().all(above), "{name} may import what stands below it");
    }
}

#[test]
fn imports_go_one_way() {
    for (path, text) in sources() {
        let file = inside(&path);
        let (module, _) = module(&file);
        if ["lib", "main"].contains(&module) {
            continue;
        }
        let entry = MAY_IMPORT.iter().find(|(name, _)| *name == module);
        let (_, allowed) = entry.unwrap_or_else(|| panic!("{file} is in no module that is known here"));
        for imported in imported(&text) {
            assert!(imported == module || allowed.contains(&imported.as_str()), "{file} imports crate::{imported}");
        }
    }
}

#[test]
fn the_module_map_says_what_each_module_imports() {
    let map = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    let sources = sources();
    for (module, allowed) in MAY_IMPORT {
        let own = sources.iter().filter(|(path, _)| self::module(&inside(path)).0 == module);
        let mut imports: Vec<String> = own.flat_map(|(_, text)| imported(text)).filter(|name| name != module).collect();
        imports.sort();
        imports.dedup();
        let mut allowed = allowed.to_vec();
        allowed.sort_unstable();
        assert_eq!(imports, allowed, "{module} may import what it does not");
        let (before, _) = map.split_once(&format!("\npub mod {module};")).unwrap();
        let said = before.rsplit(';').next().unwrap().replace("\n/// `", " `");
        let names: Vec<String> = allowed.iter().map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { "nothing of this crate".into() } else { names.join(", ") };
        assert!(said.ends_with(&format!(" Imports {names}.")), "lib.rs should say that {module} imports {names}");
    }
}

#[test]
fn no_path_climbs_to_the_crate_and_past_what_may_be_imported() {
    for (path, text) in sources() {
        let file = inside(&path);
        let (_, depth) = module(&file);
        let code: String = text.replace('{', "").split_whitespace().collect();
        let climbs = |levels: usize| code.contains(&"super::".repeat(levels));
        assert!(!climbs(depth), "{file} climbs out of its module");
    }
}

#[test]
fn only_the_terminal_knows_terminals() {
    for (path, text) in sources() {
        let file = inside(&path);
        if !file.starts_with("terminal/") {
            assert!(!text.contains("termios"), "{file} knows modes of terminals");
        }
        if ["engine/", "scenario/", "app/"].iter().any(|folder| file.starts_with(folder)) {
            assert!(!text.contains("ratatui"), "{file} knows ratatui");
        }
    }
}

#[test]
fn keys_are_named_in_one_file_bound_in_one_and_read_in_one() {
    for (path, text) in sources() {
        let file = inside(&path);
        let may_have = |files: &[&str]| files.contains(&file.as_str());
        for name in ["\"PgDn\"", "\"Backspace\""] {
            assert!(may_have(&["app/key.rs"]) || !text.contains(name), "{file} names a key: {name}");
        }
        for key in ["Key::", "PgDn", "Backspace"] {
            let may_use = may_have(&["app/key.rs", "app/keymap.rs", "terminal/decoder.rs"]);
            assert!(may_use || !text.contains(key), "{file} uses a key: {key}");
        }
    }
}

#[test]
fn no_mathematics_comes_from_the_platform() {
    for (path, text) in sources() {
        for function in
            [".exp(", ".exp2(", ".exp_m1(", ".ln(", ".ln_1p(", ".log2(", ".log10(", ".powf(", ".tanh(", ".sin(", ".cos("]
        {
            assert!(!text.contains(function), "{} asks the platform: {function}", inside(&path));
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

#[test]
fn nine_tenths_of_what_is_said_to_run_first_are_in_the_source() {
    let list = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/build/first.ld")).unwrap();
    let source: String = sources().into_iter().map(|(_, text)| text).collect();
    let of_celda = list.lines().filter_map(|line| line.trim().strip_prefix("*(.text._ZN5celda"));
    let functions: Vec<&str> = of_celda.filter_map(last_name).collect();
    let (there, gone): (Vec<&str>, Vec<&str>) = functions.iter().partition(|name| source.contains(&format!("fn {name}")));
    assert!(there.len() > 100, "{list}");
    assert!(gone.len() * 10 < there.len(), "run build/first.sh: {gone:?} are no more");
}

/// The last of the names that follow each other in a mangled path, if it is that of a function.
fn last_name(mangled: &str) -> Option<&str> {
    let (mut last, mut rest) = (None, mangled);
    while let Some(digits) = rest.find(|character: char| !character.is_ascii_digit()).filter(|&digits| digits > 0) {
        let (name, after) = rest[digits..].split_at_checked(rest[..digits].parse().ok()?)?;
        if rest.starts_with("17h") {
            break;
        }
        (last, rest) = (Some(name), after);
    }
    last.filter(|name| {
        name.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
    })
}
