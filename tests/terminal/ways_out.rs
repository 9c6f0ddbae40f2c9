//! Ways out: hang-ups, signals, panics, an output that fails; the terminal is as it was, the process gone.

use std::env;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
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
use celda::scenario::builtin;
use celda::scenario::load::{Origin, load};
use celda::terminal::{self, End, MouseReports, Outside};
use pty_process::blocking::Command;
use rustix::process::Signal;
use rustix::termios::{LocalModes, tcgetattr};
use tempfile::TempDir;

use super::{BUSY, LITTLE_CPU, SCREENS, SOON, Screen, at, large_layer, on_every, stepper_with};
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

/// A stepper on a file, of which a thread will panic.
fn stepper_with_a_fault_in(thread: &str, folder: &TempDir) -> Terminal {
    let path = folder.path().join("intro.toml");
    fs::write(&path, builtin::find("intro").unwrap().toml).unwrap();
    Terminal::start(celda().arg(path).env("CELDA_PANIC", thread))
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_on_the_threads_that_draw_and_hear_signals_restores_the_terminal_and_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let keys = stepper_with_a_fault_in("main", &folder);
    keys.wait_for(&at(0));
    keys.send("n");
    assert_reports_panic(keys, "injected into the thread main");
    let signals = stepper_with_a_fault_in("signals", &folder);
    signals.wait_for(&at(0));
    signals.resize((100, 30));
    assert_reports_panic(signals, "injected into the thread signals");
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_on_the_threads_that_watch_files_restores_the_terminal_and_is_reported() {
    const OF_NOTIFY: &str = "notify-rs inotify loop";
    let folder = tempfile::tempdir().unwrap();
    assert_reports_panic(stepper_with_a_fault_in("files", &folder), "injected into the thread files");
    let notify = stepper_with_a_fault_in(OF_NOTIFY, &folder);
    notify.wait_for(&at(0));
    notify.wait_for_rest();
    fs::write(folder.path().join("another.toml"), "").unwrap();
    assert_reports_panic(notify, &format!("injected into the thread {OF_NOTIFY}"));
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_on_the_thread_that_computes_half_of_a_large_layer_restores_the_terminal_and_is_reported() {
    if thread::available_parallelism().unwrap().get() == 1 {
        eprintln!("skipped: there is no second processor");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let terminal = stepper_with_a_fault_in("products", &folder);
    terminal.wait_for(&at(0));
    terminal.wait_for_rest();
    // The stepper is on the screen when the layer comes.
    let (_other, large) = large_layer();
    fs::copy(large, folder.path().join("intro.toml")).unwrap();
    assert_reports_panic(terminal, "injected into the thread products");
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_on_a_thread_gives_the_line_back_where_there_is_no_screen() {
    for thread in ["main", "signals"] {
        let mut terminal = Terminal::start(celda().arg("--plain").env("CELDA_PANIC", thread));
        terminal.wait_for("h(0)");
        terminal.send("n");
        terminal.signal(Signal::CONT);
        let exit = terminal.wait_exit(PATIENCE);
        terminal.assert_line_modes_restored();
        assert!(terminal.screen_text().contains(&format!("injected into the thread {thread}")), "{}", terminal.screen_text());
        assert_eq!(exit.status.code(), Some(3));
    }
}

#[test]
fn every_thread_is_one_whose_panic_is_tested() {
    // Here, and in `tests/notes.rs` those of who is followed and who follows.
    const TESTED: [&str; 5] = ["files", "followers", "products", "signals", "stepper"];
    let mut started = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                !text.contains("thread::spawn") && !text.contains("thread::scope"),
                "{} starts no nameless thread",
                path.display()
            );
            let names = text.split("thread::Builder::new().name(\"").skip(1);
            started.extend(names.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
    }
    started.sort();
    assert_eq!(started, TESTED);
}

#[test]
fn standard_output_that_fails_later_ends_it_and_gives_the_line_back() {
    let check = |screen: &Screen| {
        let (shown, output) = pty::open();
        let mut terminal = Terminal::start(celda().arg(screen.scenario).stdout(output));
        terminal.wait_for_raw_mode();
        terminal.send(screen.keys);
        terminal.wait_for_rest();
        drop(shown);
        // Whatever it asks, it is to write something.
        terminal.send("n\x0c");
        let exit = terminal.wait_exit(SOON);
        terminal.assert_line_modes_restored();
        assert_eq!(exit.status.code(), Some(3), "on the screen of {:?}", screen.keys);
    };
    SCREENS.chunks(BUSY).for_each(|some| on_every(some, check));
}
