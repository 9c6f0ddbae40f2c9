//! The documents say what the program does: README's screen, keys, commands and file are checked against it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use celda::app::action::Action;
use celda::app::keymap::{BINDINGS, Mode, action};
use celda::app::settings::{Charset, Language};
use celda::cli::Cli;
use clap::CommandFactory;

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn celda(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_celda")).args(args).current_dir(folder).env_clear().env("LANG", "C").output().unwrap()
}

fn printed(args: &[&str]) -> String {
    let output = celda(args, Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(output.status.success(), "celda {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The blocks of a document that are fenced as a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_screen_in_the_readme_is_what_is_drawn() {
    let readme = document("README.md");
    let after = readme.split("<!-- screen: ").nth(1).unwrap();
    let command = after.split(" -->").next().unwrap();
    let args: Vec<&str> = command.split(' ').skip(1).collect();
    assert_eq!(blocks(after, "text")[0], printed(&args), "run: {command}");
}

#[test]
fn the_key_table_in_the_readme_is_the_one_in_the_code() {
    let mut table = "| keys | action |\n| --- | --- |\n".to_owned();
    for binding in BINDINGS {
        let keys: Vec<String> =
            binding.keys.iter().map(|key| format!("`{}`", key.shown(Charset::Unicode, Language::En))).collect();
        table.push_str(&format!("| {} | {} |\n", keys.join(" "), binding.help.get(Language::En)));
    }
    assert!(document("README.md").contains(&table), "README.md should hold:\n{table}");
}

#[test]
fn the_readme_names_every_command_and_option() {
    let readme = document("README.md");
    let cli = Cli::command();
    for command in cli.get_subcommands() {
        assert!(readme.contains(&format!("`celda {}", command.get_name())), "{} is missing", command.get_name());
        for option in command.get_arguments().chain(cli.get_arguments()) {
            if let Some(long) = option.get_long() {
                assert!(readme.contains(&format!("--{long}")), "--{long} of {} is missing", command.get_name());
            }
        }
    }
}

#[test]
fn the_commands_in_the_readme_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut ran = 0;
    for line in blocks(&document("README.md"), "sh").iter().flat_map(|block| block.lines()) {
        let Some(line) = line.strip_prefix("celda ") else { continue };
        let (args, file) = line.split_once(" > ").map_or((line, None), |(args, file)| (args, Some(file)));
        let output = celda(&args.split(' ').collect::<Vec<_>>(), folder.path());
        assert!(output.status.success(), "celda {line}: {}", String::from_utf8_lossy(&output.stderr));
        if let Some(file) = file {
            fs::write(folder.path().join(file), output.stdout).unwrap();
        }
        ran += 1;
    }
    assert!(ran >= 5, "only {ran} commands were found");
}

#[test]
fn the_scenario_in_the_readme_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("readme.toml"), &blocks(&document("README.md"), "toml")[0]).unwrap();
    let output = celda(&["check", "readme.toml"], folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_layers_in_the_readme_are_valid_in_a_scenario_of_two_features() {
    let folder = tempfile::tempdir().unwrap();
    let layers = blocks(&document("README.md"), "toml").split_off(1);
    let (stored, whole): (Vec<String>, Vec<String>) = layers.into_iter().partition(|layer| layer.contains("file = "));
    assert_eq!((stored.len(), whole.len()), (1, 2));
    for layer in whole {
        let scenario = format!("title = \"README\"\n[input]\nrows = [[1, 2], [3, 4]]\n{layer}");
        fs::write(folder.path().join("layer.toml"), scenario).unwrap();
        let output = celda(&["check", "layer.toml"], folder.path());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_fault_in_the_readme_is_what_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let bad = "title = \"Bad\"\n\n[input]\nfeatures = [\"Feature 1\", \"Feature 2\"]\nrows = [[0, 23]]\n\n[[layer]]\nkind = \"rnn\"\n\
               input_weights = [[2, 3, 4]]\nrecurrent_weights = [[1]]\n";
    fs::write(folder.path().join("bad.toml"), bad).unwrap();
    let said = String::from_utf8(celda(&["check", "bad.toml"], folder.path()).stderr).unwrap();
    assert!(document("README.md").contains(&said), "README.md should hold:\n{said}");
}

#[test]
fn every_built_in_scenario_is_listed_beside_the_files() {
    let list = document("scenarios/README.md");
    let mut files = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(list.contains(&format!("`{name}`")), "{name} is not in scenarios/README.md");
            assert!(printed(&["scenarios"]).contains(path.file_stem().unwrap().to_str().unwrap()));
            assert!(fs::read_to_string(&path).unwrap().starts_with("# Teaches: "), "{name} does not say what it teaches");
            files += 1;
        }
    }
    assert_eq!(files, celda::scenario::builtin::ALL.len());
}

/// Every Rust file of the program, from the root of the repository.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| match path.is_dir() {
        true => sources(&path),
        false => vec![path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()],
    });
    files.filter(|path| path.ends_with(".rs")).collect()
}

#[test]
fn the_architecture_draws_the_files_there_are() {
    let text = document("ARCHITECTURE.md");
    let mut folder = String::new();
    let mut drawn = Vec::new();
    for line in blocks(&text, "text")[0].lines() {
        if !line.starts_with(' ') {
            let first = line.split_whitespace().next().unwrap_or_default();
            folder = if first.ends_with('/') { first.to_owned() } else { String::new() };
        }
        let names = line.split([' ', ',', ';', ':']).filter(|word| word.ends_with(".rs"));
        drawn.extend(names.map(|name| if name.starts_with("src/") { name.to_owned() } else { format!("{folder}{name}") }));
    }
    for path in &drawn {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{path} is drawn but not there");
    }
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let is_map = path.ends_with("/mod.rs");
        assert!(is_map || drawn.contains(&path), "{path} is there but not drawn");
    }
}

#[test]
fn prose_names_the_keys_that_the_table_has() {
    let help = Cli::command().get_after_help().unwrap().to_string();
    assert!(help.contains("Ctrl-o goes from one scenario to another"));
    assert_eq!(action("C-o".parse().unwrap(), Mode::Keys { count: None }), Some(Action::Scenarios));
    assert!(help.contains("Press ? in the stepper"));
    assert_eq!(action("?".parse().unwrap(), Mode::Keys { count: None }), Some(Action::Help));
    assert!(printed(&["new"]).contains("(the key o)"));
    assert_eq!(action("o".parse().unwrap(), Mode::Keys { count: None }), Some(Action::Notes));
}
