//! The key that saves the frame: where the file goes, under which name, and what is said of it.

use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use super::{at, long_scenario, stepper_with};
use crate::pty::{self, PATIENCE, celda};

/// What `celda frame` writes as SVG.
fn svg(args: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_celda"));
    command.args(["frame", "--format", "svg"]).args(args).env_clear().stdin(Stdio::null()).stdout(Stdio::piped());
    String::from_utf8(pty::spawn(&mut command).unwrap().wait_with_output().unwrap().stdout).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_frame_is_saved_as_it_is_shown_under_a_new_name_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = stepper_with(celda().current_dir(folder.path()));
    terminal.send("ns");
    terminal.wait_for("saved as intro-t1.svg (");
    assert!(terminal.screen_text().contains("ReLU(-13.9) = 0"), "the rest of the screen is there");
    terminal.send("s");
    terminal.wait_for("saved as intro-t1-2.svg (");
    terminal.resize((60, 20));
    terminal.send("n");
    terminal.wait_for(&at(2));
    assert!(!terminal.screen_text().contains("saved"), "the next key takes the line away");
    terminal.send("s");
    terminal.wait_for("saved as intro-t2.svg");
    assert_eq!(names(folder.path()), ["intro-t1-2.svg", "intro-t1.svg", "intro-t2.svg"]);
    let saved = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(saved("intro-t1.svg"), svg(&["--keys", "n"]));
    assert_eq!(saved("intro-t1-2.svg"), svg(&["--keys", "n"]));
    assert_eq!(saved("intro-t2.svg"), svg(&["--keys", "n,n", "--size", "60x20"]));
    terminal.send("q");
    assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
    terminal.assert_restored();
}

#[test]
fn a_saved_frame_takes_no_files_place_and_follows_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("intro-t0.svg"), "mine").unwrap();
    symlink(outside.path().join("victim"), folder.path().join("intro-t0-2.svg")).unwrap();
    let terminal = stepper_with(celda().current_dir(folder.path()));
    terminal.send("s");
    terminal.wait_for("saved as intro-t0-3.svg");
    assert_eq!(fs::read_to_string(folder.path().join("intro-t0.svg")).unwrap(), "mine");
    assert!(names(outside.path()).is_empty());
}

#[test]
fn a_saved_frame_has_a_name_without_what_a_shell_or_a_terminal_would_take_for_its_own() {
    let (folder, path) = long_scenario(3);
    let odd = folder.path().join("-\x1b[31m my;long$file.v2.toml");
    fs::rename(path, &odd).unwrap();
    let terminal = stepper_with(celda().arg(&odd).current_dir(folder.path()));
    terminal.send("s");
    terminal.wait_for("saved as 31m-my-long-file.v2-t0.svg");
    assert!(folder.path().join("31m-my-long-file.v2-t0.svg").exists());
}

#[test]
fn why_a_frame_is_not_saved_is_said_on_the_screen_alone() {
    let gone = tempfile::tempdir().unwrap();
    let gone_path = gone.path().to_owned();
    for (place, reason) in [(Path::new("/sys"), "this folder takes no new file"), (&gone_path, "is gone; start it in another")] {
        let (mut errors, writer) = io::pipe().unwrap();
        let mut terminal = stepper_with(celda().current_dir(place).stderr(writer));
        if place == gone_path {
            fs::remove_dir(place).unwrap();
        }
        terminal.send("s");
        terminal.wait_for("not saved: ");
        assert!(terminal.screen_text().contains(reason), "{}", terminal.screen_text());
        terminal.send("nq");
        assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
        let mut said = String::new();
        errors.read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
    }
}
