//! Ways out: hang-ups, signals, panics, an output that fails; the terminal is as it was, the process gone.

use std::env;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::notice::Notice;
use celda::app::request::Request;
use celda::app::settings::Settings;
use celda::app::state::State;
use celda::cli::reach;
use celda::scenario::Scenario;
use celda::scenario::load::{Origin, load};
use celda::terminal::{self, End, MouseReports, Outside};
use pty_process::blocking::Command;
use rustix::process::Signal;
use rustix::termios::{LocalModes, tcgetattr};

use super::{LITTLE_CPU, SCREENS, SOON, on_every, stepper_with};
use crate::pty::{self, Exit, PATIENCE, Terminal, celda, command, control_sequences, wait_until};

/// A command line for a shell in which the hang-up signal is ignored.
fn deaf_to_hang_ups(line: &str) -> Command {
    command("sh").args(["-c", &format!("trap '' HUP; {line}")]).env("CELDA", env!("CARGO_BIN_EXE_celda"))
}

/// Hangs up, and gives the end and the time computed from then on.
fn hang_up(mut terminal: Terminal) -> (Exit, Duration) {
    let before = terminal.cpu_time();
    terminal.hang_up();
    let exit = terminal.wait_exit(SOON);
    let cpu = exit.cpu.saturating_sub(before);
    (exit, cpu)
}

#[test]
fn a_hang_up_ends_it_within_a_second_on_every_screen() {
    on_every(&SCREENS, |screen| {
        let (exit, cpu) = hang_up(screen.open());
        assert_eq!(exit.status.signal(), Some(Signal::HUP.as_raw()), "{:?}", screen.keys);
        assert!(cpu < LITTLE_CPU, "{cpu:?} computed on {:?}", screen.keys);
    });
}

#[test]
fn a_hang_up_ends_it_without_spinning_on_every_screen_where_its_signal_is_ignored() {
    on_every(&SCREENS, |screen| {
        let (_, cpu) = hang_up(screen.open_with(deaf_to_hang_ups("exec \"$CELDA\" \"$0\"")));
        assert!(cpu < LITTLE_CPU, "{cpu:?} computed on {:?}", screen.keys);
    });
}

#[test]
fn a_hang_up_ends_it_without_spinning_where_nobody_sends_its_signal() {
    let (_, cpu) = hang_up(stepper_with(deaf_to_hang_ups("\"$CELDA\"; exit 0")));
    assert!(cpu < LITTLE_CPU, "{cpu:?} computed");
}

/// Sends a signal and expects the terminal back and the process ended by it.
fn assert_ends_by(mut terminal: Terminal, signal: Signal) {
    terminal.signal(signal);
    let exit = terminal.wait_exit(SOON);
    terminal.assert_restored();
    assert_eq!(exit.status.signal(), Some(signal.as_raw()));
}

#[test]
fn a_signal_to_end_restores_the_terminal_on_every_screen() {
    on_every(&SCREENS, |screen| {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            assert_ends_by(screen.open(), signal);
        }
    });
}

#[test]
fn a_signal_to_end_restores_the_terminal_on_every_screen_after_half_an_escape_sequence() {
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        terminal.send("\x1b[");
        thread::sleep(Duration::from_millis(200));
        assert_ends_by(terminal, Signal::TERM);
    });
}

#[test]
fn ctrl_c_quits_every_screen_and_restores_the_terminal() {
    on_every(&SCREENS, |screen| {
        let mut terminal = screen.open();
        terminal.send("\x03");
        assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0), "{:?}", screen.keys);
        terminal.assert_restored();
    });
}

/// Runs an ignored test of this file, which is then the program in the pseudo-terminal.
fn start_program(name: &str) -> Terminal {
    let itself = env::current_exe().unwrap();
    Terminal::start(command(itself).args([name, "--exact", "--ignored", "--nocapture", "--color=never"]))
}

fn assert_reports_panic(mut terminal: Terminal, message: &str) {
    let exit = terminal.wait_exit(PATIENCE);
    terminal.assert_restored();
    assert!(control_sequences(&terminal.raw()).contains(&("?1049".into(), b'h')), "it had taken the terminal over");
    let screen = terminal.screen_text();
    assert!(screen.contains("celda: internal error") && screen.contains(message), "{screen}");
    assert_eq!(exit.status.code(), Some(3));
}

fn intro() -> Scenario {
    load("intro", reach(false)).unwrap().scenario
}

fn run(scenario: Scenario) -> ! {
    let state = State::new(scenario, Settings::default());
    let opened = Opened { name: "intro".into(), origin: Origin::BuiltIn, group: Group::BuiltIn, state };
    end_as(terminal::run(&mut Lecture::new(opened, Vec::new()), &mut Nowhere, MouseReports::On).unwrap())
}

/// A world outside in which nothing comes of anything.
struct Nowhere;

impl Outside for Nowhere {
    fn carry_out(&mut self, _: Request, _: &mut Lecture, _: (u16, u16)) -> Option<Notice> {
        None
    }
}

/// Ends the process as the stepper would, where that is by a panic.
fn end_as(end: End) -> ! {
    std::process::exit(if terminal::finish(end) == ExitCode::from(3) { 3 } else { 1 })
}

#[test]
#[ignore = "a program for a pseudo-terminal, not a test"]
fn program_with_a_thread_that_panics() {
    thread::spawn(|| {
        let raw = || !tcgetattr(io::stdin()).unwrap().local_modes.contains(LocalModes::ICANON);
        wait_until(PATIENCE, "raw mode", raw);
        panic!("a thread broke");
    });
    run(intro());
}

#[test]
#[ignore = "a program for a pseudo-terminal, not a test"]
fn program_whose_frame_cannot_be_drawn() {
    let mut scenario = intro();
    scenario.names.clear();
    run(scenario);
}

#[test]
fn a_panic_on_another_thread_restores_the_terminal_and_is_reported() {
    assert_reports_panic(start_program("ways_out::program_with_a_thread_that_panics"), "a thread broke");
}

#[test]
fn a_panic_on_the_thread_that_draws_restores_the_terminal_and_is_reported() {
    assert_reports_panic(start_program("ways_out::program_whose_frame_cannot_be_drawn"), "index out of bounds");
}

#[test]
fn standard_output_that_fails_later_ends_it_and_gives_the_line_back() {
    let (screen, output) = pty::open();
    let mut terminal = Terminal::start(celda().stdout(output));
    terminal.wait_for_raw_mode();
    drop(screen);
    terminal.send("n");
    let exit = terminal.wait_exit(SOON);
    terminal.assert_line_modes_restored();
    assert_eq!(exit.status.code(), Some(3));
}
