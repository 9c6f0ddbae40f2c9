//! What takes longer than a key has time for: the screen says how far it is, any key interrupts it, Ctrl-C ends the program.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use super::{at, stepper_with};
use crate::pty::{self, Terminal, celda};

const TIMESTEPS: usize = 200_000;

/// How long the end may take of a program that is not optimized, beside others.
const AT_ONCE: Duration = Duration::from_secs(5);

/// How long all of it may take there.
const WHOLE: Duration = Duration::from_secs(60);

/// A scenario of many rows and some layers, in a folder that is removed with the first value.
fn long(layers: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.toml");
    let mut rows = String::from("a,b\n");
    (0..TIMESTEPS).for_each(|t| writeln!(rows, "{},{}", t % 7, t % 11).unwrap());
    fs::write(folder.path().join("rows.csv"), rows).unwrap();
    fs::write(&path, format!("title = \"Long\"\n[input]\nfile = \"rows.csv\"\ncolumns = [\"a\", \"b\"]\n{layers}")).unwrap();
    (folder, path)
}

fn rnn(direction: &str) -> String {
    let weights = "input_weights = [[0.3, -0.2]]\nrecurrent_weights = [[0.5]]\n";
    format!("[[layer]]\nkind = \"rnn\"\ndirection = \"{direction}\"\n{weights}")
}

/// The stepper after a jump has begun.
fn jumping(path: &Path) -> Terminal {
    let terminal = stepper_with(celda().arg(path));
    terminal.send("G");
    terminal.wait_for("going to t = 199999: ");
    terminal
}

#[test]
fn a_long_jump_says_how_far_it_is_and_arrives_where_a_frame_without_a_terminal_does() {
    let (_folder, path) = long(&rnn("forward"));
    let terminal = jumping(&path);
    let (mut seen, mut frames) = (Vec::new(), 0);
    while !terminal.screen_text().contains(&at(TIMESTEPS - 1)) {
        let screen = terminal.screen_text();
        let percent = screen.lines().last().and_then(|line| line.split(' ').find_map(|word| word.parse::<usize>().ok()));
        seen.extend(screen.contains(" % · any key interrupts").then_some(percent).flatten());
        frames += 1;
        assert!(frames < 100_000);
        thread::sleep(Duration::from_millis(10));
    }
    seen.dedup();
    assert!(seen.len() > 1 && seen.is_sorted(), "{seen:?}");
    let mut frame = Command::new(env!("CARGO_BIN_EXE_celda"));
    frame.arg("frame").arg(&path).args(["--at", "199999"]).env_clear();
    let frame = pty::spawn(frame.stdin(Stdio::null()).stdout(Stdio::piped())).unwrap().wait_with_output().unwrap();
    let frame = String::from_utf8(frame.stdout).unwrap();
    let rows: Vec<&str> = frame.lines().map(str::trim_end).collect();
    terminal.wait_for_screen(WHOLE, rows.join("\n").trim_end());
}

#[test]
fn a_key_interrupts_a_long_jump_and_the_stepper_is_where_it_was() {
    let (_folder, path) = long(&rnn("forward"));
    let terminal = stepper_with(celda().arg(&path));
    terminal.press("nn");
    terminal.wait_for(&at(2));
    terminal.send("G");
    terminal.wait_for("going to t = 199999: ");
    terminal.send("n");
    terminal.wait_for("interrupted: all is as it was");
    assert!(terminal.screen_text().contains(&at(2)));
    terminal.press("n");
    terminal.wait_for(&at(3));
}

#[test]
fn ctrl_c_and_signals_end_a_long_jump_at_once() {
    let (_folder, path) = long(&rnn("forward"));
    let mut terminal = jumping(&path);
    terminal.send("\x03");
    assert_eq!(terminal.wait_exit(AT_ONCE).status.code(), Some(0));
    terminal.assert_restored();
    let mut terminal = jumping(&path);
    terminal.signal(Signal::TERM);
    terminal.wait_exit(AT_ONCE);
    terminal.assert_restored();
}

#[test]
fn the_screen_of_a_layer_that_looks_ahead_is_there_while_it_is_computed_and_q_quits() {
    let (_folder, path) = long(&rnn("reverse"));
    let mut terminal = Terminal::start(celda().arg(&path));
    terminal.wait_for("computing: ");
    assert!(terminal.screen_text().contains("Long"));
    terminal.send("q");
    assert_eq!(terminal.wait_exit(AT_ONCE).status.code(), Some(0));
    let mut terminal = Terminal::start(celda().arg(&path));
    terminal.wait_for("computing: ");
    terminal.send("\x03");
    assert_eq!(terminal.wait_exit(AT_ONCE).status.code(), Some(0));
    let terminal = Terminal::start(celda().arg(&path));
    terminal.wait_for_within(WHOLE, &at(0));
}

#[test]
fn an_edit_that_is_not_computed_when_the_program_is_ended_is_offered_at_the_next_start() {
    let (folder, path) = long(&rnn("forward"));
    let state = folder.path().join("state");
    let start = || celda().arg(&path).env("XDG_STATE_HOME", &state);
    let mut terminal = stepper_with(start());
    terminal.send("G");
    terminal.wait_for_within(WHOLE, &at(TIMESTEPS - 1));
    terminal.send("e3\r");
    terminal.wait_for("computing: ");
    terminal.signal(Signal::TERM);
    terminal.wait_exit(AT_ONCE);
    let terminal = stepper_with(start());
    terminal.wait_for("take over the edit of an earlier run?");
}
