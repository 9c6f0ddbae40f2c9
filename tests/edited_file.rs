//! Edits that leave the stepper: written to a new file, asked about before it quits.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "not every test that shares this module needs it")]
mod pty;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use pty::{Terminal, celda};
use pty_process::blocking::Command;
use rustix::process::Signal;
use tempfile::TempDir;

/// How long anything may take that does not wait for anything.
const SOON: Duration = Duration::from_secs(10);

/// The keys that give the first weight of the cell the value 5.
const EDIT: &str = "e5\r";

/// A folder with a scenario that names a CSV file, and a state directory.
fn lecture() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let intro = "# Kept.\ntitle = \"Mine\"\n[input]\nrows = [[1], [2]]\n[[layer]]\nkind = \"rnn\"\n\
                 input_weights = [[2]] # kept too\nrecurrent_weights = [[0.5]]\n";
    fs::create_dir(folder.path().join("course")).unwrap();
    fs::write(folder.path().join("course/mine.toml"), intro).unwrap();
    fs::write(folder.path().join("course/rows.csv"), "x\n1\n2\n").unwrap();
    let with_file = intro.replace("rows = [[1], [2]]", "file = \"rows.csv\"");
    fs::write(folder.path().join("course/file.toml"), with_file).unwrap();
    folder
}

fn stepper(folder: &TempDir, args: &[&str]) -> Terminal {
    let terminal = Terminal::start(command(folder).args(args));
    terminal.wait_for("t = 0");
    terminal
}

fn command(folder: &TempDir) -> Command {
    celda().current_dir(folder.path()).env("XDG_STATE_HOME", folder.path().join("state"))
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn checks(path: &Path) {
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_celda"));
    check.arg("check").arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(pty::spawn(&mut check).unwrap().wait().unwrap().success(), "{}", path.display());
}

#[test]
fn an_edited_scenario_is_written_beside_its_own_and_never_over_a_file() {
    let folder = lecture();
    let before = read(&folder, "course/mine.toml");
    let terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press("w");
    terminal.wait_for("nothing is edited yet");
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as mine-edited.toml (");
    terminal.press("w");
    terminal.wait_for("saved as mine-edited-2.toml (");
    assert_eq!(read(&folder, "course/mine.toml"), before);
    assert_eq!(read(&folder, "course/mine-edited.toml"), before.replace("[[2]] #", "[[5]] #"));
    checks(&folder.path().join("course/mine-edited.toml"));
    drop(terminal);
    let terminal = stepper(&folder, &["course/mine-edited-2.toml"]);
    terminal.press("e7\r");
    terminal.press("w");
    terminal.wait_for("saved as mine-edited-3.toml (");
}

#[test]
fn a_scenario_that_names_a_file_still_finds_it_from_where_it_is_written() {
    let folder = lecture();
    let terminal = stepper(&folder, &["course/file.toml"]);
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as file-edited.toml (");
    checks(&folder.path().join("course/file-edited.toml"));
}

#[test]
fn a_built_in_scenario_is_written_to_the_current_folder() {
    let folder = lecture();
    let terminal = stepper(&folder, &["intro"]);
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as intro-edited.toml (");
    checks(&folder.path().join("intro-edited.toml"));
}

#[test]
fn numbers_of_another_file_are_not_written_and_the_screen_says_whose() {
    let folder = lecture();
    let terminal = stepper(&folder, &["course/file.toml"]);
    terminal.press("e\x1b[A");
    terminal.press("7\r");
    terminal.press("w");
    terminal.wait_for("not saved: X(0) x comes from rows.csv; undo that edit");
    terminal.press("u");
    terminal.press("w");
    terminal.wait_for("nothing is edited yet");
    drop(terminal);
    let terminal = stepper(&folder, &["sunspots"]);
    terminal.press("e\x1b[A");
    terminal.press("\x1b[A");
    terminal.press("0.5\r");
    terminal.press("w");
    terminal.wait_for("not saved: ");
    assert!(!folder.path().join("sunspots-edited.toml").exists());
}

#[test]
fn quitting_asks_first_while_an_edit_is_not_written() {
    for key in ["q", "\x03"] {
        let folder = lecture();
        let mut terminal = stepper(&folder, &["course/mine.toml"]);
        terminal.press(EDIT);
        terminal.press(key);
        terminal.wait_for("quit without writing the edits?");
        for _ in 0..5 {
            terminal.send(key);
        }
        terminal.press("n");
        terminal.wait_for("✎ edited");
        terminal.press(key);
        terminal.wait_for("quit without writing the edits?");
        terminal.press("y");
        assert!(terminal.wait_exit(SOON).status.success());
        terminal.assert_restored();
    }
}

#[test]
fn quitting_asks_nothing_once_the_edits_are_written_or_undone() {
    for keys in ["w", "u"] {
        let folder = lecture();
        let mut terminal = stepper(&folder, &["course/mine.toml"]);
        terminal.press(EDIT);
        terminal.press(keys);
        terminal.press("q");
        assert!(terminal.wait_exit(SOON).status.success());
    }
}

#[test]
fn quitting_asks_for_the_edits_of_a_scenario_that_is_not_shown_too() {
    let folder = lecture();
    let mut terminal = stepper(&folder, &["course/mine.toml", "course/file.toml"]);
    terminal.press(EDIT);
    terminal.press("\x0f");
    terminal.press("file.toml\r");
    terminal.press("q");
    terminal.wait_for("quit without writing the edits?");
    terminal.signal(Signal::TERM);
    assert!(terminal.wait_exit(SOON).status.code().is_none());
}
