//! What there is instead of the stepper where it has no terminal to draw on.

use std::io::{self, Read};
use std::process::Stdio;

use pty_process::blocking::Command;

use crate::pty::{self, PATIENCE, Terminal, celda};

/// The write end of a pipe that nobody reads.
fn closed_pipe() -> io::PipeWriter {
    io::pipe().unwrap().1
}

/// Runs a command whose errors go to a pipe; its exit code, its errors, and the terminal it had.
fn run_with_errors_read(command: Command) -> (Option<i32>, String, Terminal) {
    let (mut errors, writer) = io::pipe().unwrap();
    let mut terminal = Terminal::start(command.stderr(writer));
    let exit = terminal.wait_exit(PATIENCE);
    let mut text = String::new();
    errors.read_to_string(&mut text).unwrap();
    (exit.status.code(), text, terminal)
}

#[test]
fn standard_output_closed_at_the_start_is_one_line_of_error_and_an_untouched_terminal() {
    let (code, errors, terminal) = run_with_errors_read(celda().stdout(closed_pipe()));
    assert_eq!(code, Some(3));
    assert_eq!(errors.lines().count(), 1, "{errors}");
    terminal.assert_line_modes_restored();
    assert!(terminal.raw().is_empty());
}

#[test]
fn a_trace_whose_reader_is_gone_is_no_error() {
    let (code, errors, _) = run_with_errors_read(celda().arg("trace").stdout(closed_pipe()));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
}

/// What `celda trace` prints.
fn trace() -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_celda"));
    command.arg("trace").env_clear().stdin(Stdio::null()).stdout(Stdio::piped());
    String::from_utf8(pty::spawn(&mut command).unwrap().wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn without_a_controlling_terminal_it_prints_the_trace() {
    let mut terminal = Terminal::start_detached(env!("CARGO_BIN_EXE_celda"));
    let exit = terminal.wait_exit(PATIENCE);
    assert_eq!(exit.status.code(), Some(0));
    assert_eq!(String::from_utf8(terminal.raw()).unwrap().replace("\r\n", "\n"), trace());
}

#[test]
fn into_a_pipe_it_prints_the_trace_without_an_escape() {
    let (mut reader, writer) = io::pipe().unwrap();
    let mut terminal = Terminal::start(celda().stdout(writer));
    let mut printed = String::new();
    reader.read_to_string(&mut printed).unwrap();
    assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
    assert!(!printed.contains('\x1b'));
    assert_eq!(printed, trace());
}

#[test]
fn a_terminal_that_cannot_place_text_gets_the_trace() {
    for command in [celda().env("TERM", "dumb"), celda().env("TERM", ""), celda().env_remove("TERM")] {
        let mut terminal = Terminal::start(command);
        assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
        assert_eq!(String::from_utf8(terminal.raw()).unwrap().replace("\r\n", "\n"), trace());
    }
}
