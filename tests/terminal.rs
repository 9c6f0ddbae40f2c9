//! What the stepper does to a terminal, and what a terminal can do to it, through a real pseudo-terminal.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod pty;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::notice::Notice;
use celda::app::request::Request;
use celda::app::settings::Settings;
use celda::app::state::State;
use celda::cli::reach;
use celda::scenario::Scenario;
use celda::scenario::load::{Origin, load};
use celda::terminal::{self, End, MouseReports, Outside};
use pty::{Exit, PATIENCE, Pace, SIZE, Terminal, celda, command, control_sequences, wait_until};
use pty_process::blocking::Command;
use rustix::process::{Pid, Signal};
use rustix::termios::{LocalModes, tcgetattr};
use tempfile::TempDir;

/// How long an end may take.
const SOON: Duration = Duration::from_secs(1);

/// What a process may compute while it ends.
const LITTLE_CPU: Duration = Duration::from_millis(200);

/// Every screen there is, by the key that opens it.
const SCREENS: [&str; 4] = ["", "?", "o", "b"];

/// Sizes no layout was made for.
const ODD_SIZES: [(u16, u16); 6] = [(0, 0), (1, 1), (1, 200), (200, 1), (20, 5), (500, 500)];

/// What the first line says at a timestep.
fn at(t: usize) -> String {
    format!("step {}/", t + 1)
}

/// The stepper at its first frame.
fn stepper() -> Terminal {
    stepper_with(celda())
}

fn stepper_with(command: Command) -> Terminal {
    let terminal = Terminal::start(command);
    terminal.wait_for(&at(0));
    terminal
}

/// What a fresh stepper shows after some keys, of which the last leads to this text.
fn fresh_screen(command: Command, keys: &str, text: &str) -> String {
    let terminal = stepper_with(command);
    terminal.send(keys);
    terminal.wait_for(text);
    terminal.screen_text()
}

/// A scenario of so many timesteps in a folder that is removed with the first value.
fn long_scenario(timesteps: usize) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.toml");
    let mut toml = String::from("title = \"Long\"\n[input]\nrows = [");
    for t in 0..timesteps {
        write!(toml, "[{}, {}], ", t % 7, t % 11).unwrap();
    }
    toml += "]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[0.3, -0.2]]\nrecurrent_weights = [[0.5]]\n";
    fs::write(&path, toml).unwrap();
    (folder, path)
}

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
fn a_hang_up_ends_it_within_a_second() {
    let (exit, _) = hang_up(stepper());
    assert_eq!(exit.status.signal(), Some(Signal::HUP.as_raw()));
}

#[test]
fn a_hang_up_ends_it_without_spinning_where_its_signal_is_ignored() {
    let (_, cpu) = hang_up(stepper_with(deaf_to_hang_ups("exec \"$CELDA\"")));
    assert!(cpu < LITTLE_CPU, "{cpu:?} computed");
}

#[test]
fn a_hang_up_ends_it_without_spinning_where_nobody_sends_its_signal() {
    let (_, cpu) = hang_up(stepper_with(deaf_to_hang_ups("\"$CELDA\"; exit 0")));
    assert!(cpu < LITTLE_CPU, "{cpu:?} computed");
}

/// A tmux server of its own.
struct Tmux {
    folder: TempDir,
}

impl Tmux {
    /// Runs a command of tmux, if there is a tmux, and gives what it prints.
    fn run(&self, arguments: &[&str]) -> Option<String> {
        let mut tmux = std::process::Command::new("tmux");
        tmux.args(["-f", "/dev/null"]).args(arguments).env_remove("TMUX").env("TMUX_TMPDIR", self.folder.path());
        tmux.env("LANG", "C.UTF-8").env("SHELL", "/bin/sh").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let output = pty::spawn(&mut tmux).ok()?.wait_with_output().unwrap();
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn killing_its_tmux_session_leaves_no_process() {
    let tmux = Tmux { folder: tempfile::tempdir().unwrap() };
    let line = format!("trap '' HUP; exec '{}'", env!("CARGO_BIN_EXE_celda"));
    if tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", &line]).is_none() {
        println!("skipped: there is no tmux");
        return;
    }
    let shows = || tmux.run(&["capture-pane", "-p"]).unwrap().contains(&at(0));
    wait_until(PATIENCE, "the stepper in tmux", shows);
    let pid = tmux.run(&["list-panes", "-F", "#{pane_pid}"]).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    tmux.run(&["kill-session"]);
    wait_until(Duration::from_secs(2), "no process left", || !pty::is_alive(pid));
}

/// Sends a signal and expects the terminal back and the process ended by it.
fn assert_ends_by(mut terminal: Terminal, signal: Signal) {
    terminal.signal(signal);
    let exit = terminal.wait_exit(SOON);
    terminal.assert_restored();
    assert_eq!(exit.status.signal(), Some(signal.as_raw()));
}

#[test]
fn a_signal_to_end_restores_the_terminal() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        assert_ends_by(stepper(), signal);
    }
}

#[test]
fn a_signal_to_end_restores_the_terminal_after_half_an_escape_sequence() {
    let terminal = stepper();
    terminal.send("\x1b[");
    thread::sleep(Duration::from_millis(200));
    assert_ends_by(terminal, Signal::TERM);
}

#[test]
fn a_signal_to_end_restores_the_terminal_though_nobody_reads() {
    let (_folder, path) = long_scenario(1000);
    let mut terminal = stepper_with(celda().arg(&path));
    terminal.set_pace(Pace::Stalled);
    hold(&terminal, "n", 30);
    terminal.signal(Signal::TERM);
    wait_until(SOON, "the program ends", || !pty::is_alive(terminal.pid()));
    terminal.set_pace(Pace::Full);
    let exit = terminal.wait_exit(SOON);
    terminal.assert_restored();
    assert_eq!(exit.status.signal(), Some(Signal::TERM.as_raw()));
}

#[test]
fn a_torn_arrow_or_page_key_does_nothing() {
    let fresh = fresh_screen(celda(), "n", &at(1));
    for rest in ["[B", "OC", "[6~"] {
        let terminal = stepper();
        terminal.send("\x1b");
        thread::sleep(Duration::from_millis(50));
        terminal.send(rest);
        terminal.send("n");
        terminal.wait_for_screen(PATIENCE, &fresh);
    }
}

#[test]
fn the_suspend_key_gives_the_shell_its_terminal_and_fg_brings_the_screen_back() {
    let terminal = Terminal::start(command("sh").arg("-i").env("PS1", "> ").env("CELDA", env!("CARGO_BIN_EXE_celda")));
    terminal.wait_for(">");
    terminal.send("before=$(stty -g); \"$CELDA\"\r");
    terminal.wait_for(&at(0));
    terminal.press("n");
    let shown = terminal.screen_text();
    terminal.send("\x1a");
    wait_until(PATIENCE, "the shell's screen", || !terminal.is_alternate_screen());
    terminal.send("[ \"$before\" = \"$(stty -g)\" ] && echo line is ba''ck\r");
    terminal.wait_for("line is back");
    terminal.send("fg\r");
    terminal.wait_for_screen(PATIENCE, &shown);
    terminal.press("n");
    terminal.wait_for(&at(2));
}

/// In a container, where whoever started the program is outside what it sees, and nobody could continue it.
#[test]
fn the_suspend_key_does_nothing_where_the_shell_is_outside_the_namespace() {
    const NAMESPACE: [&str; 5] = ["--user", "--map-root-user", "--pid", "--fork", "--kill-child"];
    let unshare = |program: &[&str]| command("unshare").args(NAMESPACE).args(program);
    if !matches!(Terminal::start(unshare(&["true"])).wait_exit(PATIENCE).status.code(), Some(0)) {
        println!("skipped: no namespace of processes can be made");
        return;
    }
    let celda = env!("CARGO_BIN_EXE_celda");
    for program in [&[celda][..], &["sh", "-c", "\"$0\"; exit $?", celda]] {
        let mut terminal = stepper_with(unshare(program));
        terminal.send("\x1an");
        terminal.wait_for(&at(1));
        terminal.send("q");
        assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0), "{program:?}");
    }
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
    assert_reports_panic(start_program("program_with_a_thread_that_panics"), "a thread broke");
}

#[test]
fn a_panic_on_the_thread_that_draws_restores_the_terminal_and_is_reported() {
    assert_reports_panic(start_program("program_whose_frame_cannot_be_drawn"), "index out of bounds");
}

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

#[test]
fn keys_come_from_the_controlling_terminal_where_standard_input_is_none() {
    let terminal = stepper_with(celda().stdin(Stdio::null()));
    terminal.send("n");
    terminal.wait_for(&at(1));
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
fn a_lecture_goes_from_one_scenario_to_another_and_back_to_where_it_was() {
    let (folder, path) = long_scenario(7);
    let terminal = stepper_with(celda().current_dir(folder.path()).args([path.to_str().unwrap(), "intro"]));
    terminal.press("nn");
    terminal.wait_for(&at(2));
    terminal.press("\x0f");
    terminal.wait_for("filter:");
    terminal.press("recurrent cell\r");
    terminal.wait_for("One recurrent cell");
    terminal.wait_for(&at(0));
    terminal.press("\x0f\x1b[A\r");
    terminal.wait_for("Long");
    terminal.wait_for(&at(2));
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

#[test]
fn every_screen_survives_odd_sizes_and_comes_back_as_from_a_fresh_start() {
    for keys in SCREENS {
        let terminal = stepper();
        if !keys.is_empty() {
            terminal.press(keys);
        }
        let fresh = terminal.screen_text();
        for size in ODD_SIZES {
            resize_and_wait(&terminal, size);
            resize_and_wait(&terminal, SIZE);
            terminal.wait_for_screen(PATIENCE, &fresh);
        }
    }
}

fn resize_and_wait(terminal: &Terminal, size: (u16, u16)) {
    let before = terminal.frames();
    terminal.resize(size);
    terminal.wait_for_frame(before);
}

#[test]
fn a_start_at_an_odd_size_is_forgotten_with_it() {
    let fresh = fresh_screen(celda(), "", &at(0));
    for size in ODD_SIZES {
        let terminal = Terminal::start_sized(celda(), size);
        terminal.wait_for_frame(0);
        terminal.resize(SIZE);
        terminal.wait_for_screen(PATIENCE, &fresh);
    }
}

#[test]
fn a_storm_of_resizes_is_few_repaints_and_the_right_last_frame() {
    const MOST_REPAINTS_A_SECOND: u64 = 30;
    let terminal = stepper();
    let before = terminal.frames();
    let start = Instant::now();
    for i in 0..200 {
        terminal.resize((60 + i % 40, 20 + i % 10));
        thread::sleep(Duration::from_millis(5));
    }
    terminal.resize(SIZE);
    let seconds = start.elapsed().as_secs() + 1;
    terminal.wait_for_screen(PATIENCE, &fresh_screen(celda(), "", &at(0)));
    let repaints = (terminal.frames() - before) as u64;
    assert!(repaints <= MOST_REPAINTS_A_SECOND * seconds, "{repaints} repaints in {seconds} s");
}

/// What another program leaves on the screen, in a style and at a place of its own.
const NOISE: &str = "\x1b[5;3H\x1b[31;7mYou have new mail in /var/mail/user\x1b[12;70H";

#[test]
fn the_redraw_key_brings_back_what_another_program_wrote_over_and_changes_nothing_else() {
    for keys in ["n", "n2", "n?", "no", "n\x0f"] {
        let terminal = stepper();
        for key in keys.chars() {
            terminal.press(key.to_string());
        }
        let shown = terminal.screen_text();
        let mark = terminal.cell_with("▶");
        terminal.write_over(NOISE);
        assert_ne!(terminal.screen_text(), shown);
        terminal.send("\x0c");
        terminal.wait_for_screen(PATIENCE, &shown);
        assert_eq!(terminal.cell_with("▶"), mark, "styles are back too");
    }
}

#[test]
fn nothing_is_cleared_but_for_a_new_size_and_the_redraw_key() {
    let clears = |terminal: &Terminal| {
        let ends = control_sequences(&terminal.raw()).into_iter().map(|(parameters, end)| (parameters, char::from(end)));
        ends.filter(|(_, end)| *end == 'J').count()
    };
    let terminal = stepper();
    look_around(&terminal);
    assert_eq!(clears(&terminal), 1, "before the first frame");
    terminal.press("\x0c");
    assert_eq!(clears(&terminal), 2);
    resize_and_wait(&terminal, (100, 30));
    assert_eq!(clears(&terminal), 3);
}

/// Types a key 30 times a second.
fn hold(terminal: &Terminal, key: &str, times: usize) {
    for _ in 0..times {
        terminal.send(key);
        thread::sleep(Duration::from_millis(33));
    }
}

#[test]
fn no_press_of_a_held_key_is_lost_over_a_slow_link_and_the_screen_settles_soon() {
    const PRESSES: usize = 150;
    let (_folder, path) = long_scenario(1000);
    let expected = fresh_screen(celda().arg(&path), &format!("{PRESSES}n"), &at(PRESSES));
    let terminal = stepper_with(celda().arg(&path));
    terminal.set_pace(Pace::BytesPerSecond(10_000));
    hold(&terminal, "n", PRESSES);
    terminal.wait_for_screen(Duration::from_secs(3), &expected);
}

#[test]
fn autoplay_goes_on_after_half_an_escape_sequence_and_half_a_character() {
    let (_folder, path) = long_scenario(1000);
    let terminal = stepper_with(celda().arg(&path));
    terminal.send("4+a");
    terminal.wait_for(&at(2));
    terminal.send("\x1b[");
    let then = terminal.frames();
    wait_until(PATIENCE, "steps after half an escape sequence", || terminal.frames() > then + 4);
    terminal.send(b"\xc3");
    let then = terminal.frames();
    wait_until(PATIENCE, "steps after half a character", || terminal.frames() > then + 4);
    assert!(terminal.screen_text().contains("▶ 16/s"));
}

#[test]
fn what_is_paused_draws_nothing_and_computes_nothing() {
    let terminal = stepper_with(celda().arg("counter"));
    terminal.press("4+");
    terminal.press("a");
    terminal.wait_for(&at(1));
    terminal.press("a");
    let (frames, cpu) = (terminal.frames(), terminal.cpu_time());
    thread::sleep(Duration::from_secs(1));
    assert_eq!(terminal.frames(), frames);
    assert!(terminal.cpu_time() - cpu <= Duration::from_millis(10));
}

#[test]
fn autoplay_over_a_slow_link_leaves_steps_out_and_lets_keys_through() {
    let (_folder, path) = long_scenario(1000);
    let mut terminal = stepper_with(celda().arg(&path));
    terminal.set_pace(Pace::Stalled);
    terminal.send("4+a");
    thread::sleep(Duration::from_secs(3));
    terminal.set_pace(Pace::Full);
    terminal.send("a");
    terminal.wait_for("step");
    wait_until(PATIENCE, "the pause", || !terminal.screen_text().contains("16/s"));
    let shown = terminal.screen_text();
    let reached: usize = shown.split("t = ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    // In three seconds there are 48 beats; the terminal holds a few frames before the program has to wait.
    assert!(reached < 40, "it made up for steps it had missed: t = {reached}");
    terminal.send("q");
    assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0));
}

#[test]
fn autoplay_is_paused_when_fg_brings_the_screen_back() {
    let terminal = Terminal::start(command("sh").arg("-i").env("PS1", "> ").env("CELDA", env!("CARGO_BIN_EXE_celda")));
    terminal.wait_for(">");
    terminal.send("\"$CELDA\" counter\r");
    terminal.wait_for(&at(0));
    terminal.send("4+a");
    terminal.wait_for(&at(1));
    terminal.send("\x1a");
    wait_until(PATIENCE, "the shell's screen", || !terminal.is_alternate_screen());
    terminal.send("fg\r");
    terminal.wait_for("step ");
    assert!(!terminal.screen_text().contains("16/s"), "{}", terminal.screen_text());
}

#[test]
fn a_torn_arrow_types_nothing_into_a_search() {
    let fresh = fresh_screen(celda().arg("sunspots"), "/17", "label: 17");
    for rest in ["[A", "OB", "[6~"] {
        let terminal = stepper_with(celda().arg("sunspots"));
        terminal.send("/2");
        terminal.wait_for("label: 2");
        terminal.send("\x1b");
        thread::sleep(Duration::from_millis(50));
        terminal.send(rest);
        terminal.send("/17");
        terminal.wait_for_screen(PATIENCE, &fresh);
    }
}

#[test]
fn what_arrives_in_pieces_is_typed_whole_into_a_search() {
    let terminal = stepper_with(celda().arg("sunspots"));
    terminal.send("/");
    terminal.wait_for("label: ");
    for piece in [b"1".as_slice(), b"\xc3", b"\xb1", b"8"] {
        terminal.send(piece);
        thread::sleep(Duration::from_millis(50));
    }
    terminal.wait_for("label: 1ñ8");
    terminal.send("\x7f\x7f987\r");
    terminal.wait_for("1 of 1 row: 1987");
    terminal.wait_for(&at(287));
}

/// The wheel towards the hand, a press of the left button at a column and a row counted from 1, and its release.
const WHEEL_DOWN: &str = "\x1b[<65;5;5M";

fn click(column: usize, row: usize) -> String {
    format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
}

#[test]
fn without_the_option_no_mouse_is_asked_for_and_its_reports_do_nothing() {
    let mut terminal = stepper();
    terminal.send(WHEEL_DOWN);
    terminal.send(click(4, 7));
    terminal.send("\x1b[M !!");
    terminal.send("n");
    terminal.wait_for(&at(1));
    terminal.send("q");
    assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
    let asked = control_sequences(&terminal.raw());
    assert!(asked.iter().all(|(mode, _)| !mode.starts_with("?10") || mode == "?1049"), "{asked:?}");
}

#[test]
fn the_mouse_steps_and_chooses_where_it_was_asked_for() {
    let terminal = stepper_with(celda().arg("--mouse"));
    terminal.send(WHEEL_DOWN);
    terminal.wait_for(&at(1));
    let row = terminal.screen_text().lines().position(|line| line.contains("X(3)")).unwrap();
    terminal.send(click(5, row + 1));
    terminal.wait_for(&at(3));
    terminal.send("\x1b[<64;5;5M");
    terminal.wait_for(&at(2));
    let on: Vec<String> =
        control_sequences(&terminal.raw()).into_iter().filter(|(_, end)| *end == b'h').map(|(mode, _)| mode).collect();
    assert!(on.contains(&"?1000".into()) && on.contains(&"?1006".into()), "{on:?}");
    assert!(!on.contains(&"?1002".into()) && !on.contains(&"?1003".into()), "nothing of its motion: {on:?}");
}

#[test]
fn the_mouse_outside_the_screen_or_at_no_column_does_nothing() {
    let terminal = stepper_with(celda().arg("--mouse"));
    for report in ["\x1b[<0;0;5M", "\x1b[<0;5;0M", "\x1b[<0;0;0M", "\x1b[<0;500;7M", "\x1b[<0;5;500M", "\x1b[<0;65535;65535M"] {
        terminal.send(report);
    }
    terminal.send("\x1b[<2;5;7M\x1b[<1;5;7M\x1b[<35;5;7M\x1b[<32;5;7M");
    terminal.send("n");
    terminal.wait_for(&at(1));
}

#[test]
fn the_mouse_is_given_back_in_every_way_out() {
    for way in ["q", "\x03"] {
        let mut terminal = stepper_with(celda().arg("--mouse"));
        terminal.send(way);
        terminal.wait_exit(PATIENCE);
        terminal.assert_restored();
    }
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut terminal = stepper_with(celda().arg("--mouse"));
        terminal.signal(signal);
        terminal.wait_exit(SOON);
        terminal.assert_restored();
    }
}

#[test]
fn the_mouse_is_the_shells_while_it_is_suspended_and_comes_back_with_the_screen() {
    let terminal = Terminal::start(command("sh").arg("-i").env("PS1", "> ").env("CELDA", env!("CARGO_BIN_EXE_celda")));
    terminal.wait_for(">");
    terminal.send("\"$CELDA\" --mouse\r");
    terminal.wait_for(&at(0));
    let switched = |terminal: &Terminal| -> Vec<u8> {
        control_sequences(&terminal.raw()).into_iter().filter(|(mode, _)| mode == "?1000").map(|(_, end)| end).collect()
    };
    terminal.send("\x1a");
    wait_until(PATIENCE, "the shell's screen", || !terminal.is_alternate_screen());
    assert_eq!(switched(&terminal), b"hl");
    terminal.send("fg\r");
    terminal.wait_for(&at(0));
    terminal.send(WHEEL_DOWN);
    terminal.wait_for(&at(1));
    assert_eq!(switched(&terminal), b"hlh");
}

#[test]
fn no_press_of_a_held_micro_step_is_lost() {
    const PRESSES: usize = 150;
    let (_folder, path) = long_scenario(1000);
    let counted = fresh_screen(celda().arg(&path), &format!("{PRESSES}j"), "t = 19 · z · sum");
    let terminal = stepper_with(celda().arg(&path));
    hold(&terminal, "\x1b[B", PRESSES);
    terminal.wait_for_screen(PATIENCE, &counted);
}

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

#[test]
fn a_stalled_terminal_costs_no_memory_and_quitting_works_after_it() {
    const MOST_GROWTH: u64 = 5_000_000;
    let (_folder, path) = long_scenario(1000);
    let mut terminal = stepper_with(celda().arg(&path));
    let before = terminal.memory();
    terminal.set_pace(Pace::Stalled);
    hold(&terminal, "n", 300);
    let growth = terminal.memory().saturating_sub(before);
    assert!(growth < MOST_GROWTH, "{growth} bytes more");
    terminal.set_pace(Pace::Full);
    terminal.send("q");
    assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0));
    terminal.assert_restored();
}

/// Bytes without an order, and without those that quit, save or write.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let bytes = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    });
    bytes.filter(|byte| !b"q\x03sw".contains(byte)).take(count).collect()
}

#[test]
fn a_megabyte_of_noise_does_not_keep_it_from_quitting() {
    let mut terminal = stepper();
    terminal.send(noise(1_000_000));
    // Once: the noise ends outside any sequence, and a second one may find the line restored and be a signal.
    // The noise has edited numbers, so it is asked first.
    terminal.send("\x03y");
    let code = terminal.wait_exit(PATIENCE).status.code();
    assert_eq!(code, Some(0), "it said:\n{}", terminal.screen_text());
    terminal.assert_restored();
}

#[test]
fn reports_of_a_mouse_or_a_cursor_outside_the_screen_do_nothing() {
    let terminal = stepper();
    terminal.send("\x1b[M   \x1b[M\x20!\x20\x1b[<0;0;0M\x1b[0;0;0M\x1b[0;0R\x1b[;R\x1b[<;M\x1b[u\x1b[;u");
    terminal.send("n");
    terminal.wait_for_screen(PATIENCE, &fresh_screen(celda(), "n", &at(1)));
}

#[test]
fn a_paste_without_an_end_takes_no_key_away() {
    let mut terminal = stepper();
    terminal.send("\x1b[200~");
    terminal.send("n");
    terminal.wait_for(&at(1));
    terminal.send("q");
    assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
}

#[test]
fn the_release_of_a_key_does_nothing() {
    const PRESS: &str = "\x1b[110;1:1u";
    const RELEASE: &str = "\x1b[110;1:3u";
    let terminal = stepper();
    terminal.send([PRESS, RELEASE].concat());
    terminal.wait_for(&at(1));
    terminal.send([PRESS, RELEASE].concat());
    terminal.wait_for(&at(2));
    terminal.send("n");
    terminal.wait_for(&at(3));
}

/// Whether a parameter of a style sequence sets a colour; going back to the default is none.
fn is_color(parameter: &str) -> bool {
    let number = parameter.split(':').next().unwrap_or_default().parse().unwrap_or(0);
    matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
}

fn colors(output: &[u8]) -> Vec<String> {
    let styles = control_sequences(output).into_iter().filter(|(_, end)| *end == b'm');
    styles.map(|(parameters, _)| parameters).filter(|parameters| parameters.split(';').any(is_color)).collect()
}

/// Steps through every screen, so that every style there is was used.
fn look_around(terminal: &Terminal) {
    for key in ["n", "?", "?", "o", "n", "G", "p"] {
        terminal.press(key);
    }
}

#[test]
fn no_color_is_used_where_none_is_wanted_and_the_current_row_still_stands_out() {
    let terminal = stepper_with(celda().env("NO_COLOR", "1").env("COLORTERM", "truecolor"));
    look_around(&terminal);
    assert_eq!(colors(&terminal.raw()), [""; 0]);
    let mark = terminal.cell_with("▶").unwrap();
    assert!(mark.inverse() || mark.bold());
}

#[test]
fn no_more_colors_are_used_than_the_terminal_announces() {
    let used = |term: &str, colorterm: &str| {
        let terminal = stepper_with(celda().env("TERM", term).env("COLORTERM", colorterm));
        look_around(&terminal);
        let colors = colors(&terminal.raw());
        assert!(!colors.is_empty(), "TERM={term} COLORTERM={colorterm}");
        (colors.iter().any(|c| c.contains("8;5;")), colors.iter().any(|c| c.contains("8;2;")))
    };
    assert_eq!(used("screen", ""), (false, false));
    assert_eq!(used("xterm", ""), (false, false));
    assert_eq!(used("xterm-256color", ""), (true, false));
    assert_eq!(used("xterm-256color", "truecolor"), (false, true));
}

#[test]
fn only_ascii_is_written_where_only_that_is_wanted() {
    let terminal = stepper_with(celda().arg("--ascii"));
    look_around(&terminal);
    assert!(terminal.raw().is_ascii());
}

#[test]
fn late_answers_to_questions_about_the_terminal_do_nothing() {
    let terminal = stepper();
    let device_attributes = "\x1b[?62;22c";
    let cursor_position = "\x1b[24;80R";
    let keyboard_flags = "\x1b[?1u";
    terminal.send([device_attributes, cursor_position, keyboard_flags].concat());
    terminal.send("n");
    terminal.wait_for_screen(PATIENCE, &fresh_screen(celda(), "n", &at(1)));
}

#[test]
fn it_asks_the_terminal_nothing() {
    let terminal = stepper();
    look_around(&terminal);
    let asks = |(parameters, end): &(String, u8)| matches!(end, b'c' | b'n' | b'u') || parameters.contains('$');
    let questions: Vec<_> = control_sequences(&terminal.raw()).into_iter().filter(asks).collect();
    assert_eq!(questions, []);
}

#[test]
fn a_search_in_a_long_run_shows_how_far_it_is_and_any_key_ends_it() {
    let (_folder, path) = long_scenario(100_000);
    let terminal = stepper_with(celda().arg(&path));
    terminal.send("999999999>");
    terminal.wait_for("searching events");
    terminal.send("x");
    terminal.wait_for("search interrupted");
    assert!(terminal.screen_text().contains(&at(0)), "it stays where it was");
    terminal.press("n");
    terminal.wait_for(&at(1));
}
