//! A terminal that takes nothing for a while: keys are taken all the same, only the newest state is drawn after it, and
//! every way out is open.

use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use super::{LITTLE_CPU, SCREENS, SOON, at, hold, job, long_scenario, on_every, stepper_with};
use crate::pty::{self, PATIENCE, Pace, Terminal, celda, wait_until};

/// Keys that fill all the room a terminal has: each redraws the whole screen, but on a busy machine some of them together.
const FILL: [&str; 60] = ["\x0c"; 60];

/// A stepper in a long scenario whose terminal has no room left, and the folder it works in.
fn stalled() -> (TempDir, Terminal) {
    let (folder, path) = long_scenario(1000);
    let terminal = stepper_with(celda().arg(&path).current_dir(folder.path()));
    stall(&terminal);
    (folder, terminal)
}

fn stall(terminal: &Terminal) {
    terminal.set_pace(Pace::Stalled);
    for key in FILL {
        hold(terminal, key, 1);
    }
}

#[test]
fn keys_are_taken_while_it_is_stalled_and_then_only_the_newest_state_is_drawn() {
    const PRESSES: usize = 100;
    let (folder, terminal) = stalled();
    let before = terminal.frames();
    hold(&terminal, "n", PRESSES);
    terminal.send("s");
    let saved = folder.path().join(format!("long-t{PRESSES}.svg"));
    wait_until(PATIENCE, "a key is carried out", || saved.exists());
    terminal.send("n");
    terminal.set_pace(Pace::Full);
    terminal.wait_for(&at(PRESSES + 1));
    let frames = terminal.frames() - before;
    assert!(frames <= FILL.len() + 2, "{frames} frames");
}

#[test]
fn a_new_size_during_a_stall_is_drawn_after_it() {
    let (_folder, terminal) = stalled();
    for size in [(100, 30), (60, 20), (120, 40)] {
        terminal.resize(size);
        thread::sleep(Duration::from_millis(100));
    }
    terminal.send("3n");
    terminal.set_pace(Pace::Full);
    terminal.wait_for(&at(3));
    let (_other, path) = long_scenario(1000);
    let fresh = Terminal::start_sized(celda().arg(&path), (120, 40));
    fresh.wait_for(&at(0));
    fresh.send("3n");
    fresh.wait_for(&at(3));
    terminal.wait_for_screen(PATIENCE, &fresh.screen_text());
}

#[test]
fn quitting_during_a_stall_ends_it_as_soon_as_the_stall_is_over() {
    let (_folder, mut terminal) = stalled();
    terminal.send("nq");
    thread::sleep(Duration::from_secs(1));
    terminal.set_pace(Pace::Full);
    assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0));
    terminal.assert_restored();
}

#[test]
fn a_hang_up_during_a_stall_ends_it() {
    for keys in ["", "q", "\x1a"] {
        let (_folder, mut terminal) = stalled();
        terminal.send(keys);
        thread::sleep(Duration::from_millis(200));
        let before = terminal.cpu_time();
        terminal.hang_up();
        let exit = terminal.wait_exit(SOON);
        assert_eq!(exit.status.signal(), Some(Signal::HUP.as_raw()), "{keys:?}");
        assert!(exit.cpu.saturating_sub(before) < LITTLE_CPU, "{keys:?}");
    }
}

#[test]
fn it_can_be_suspended_during_a_stall() {
    let (_folder, path) = long_scenario(1000);
    let terminal = job(path.to_str().unwrap());
    stall(&terminal);
    terminal.send("5n\x1a");
    thread::sleep(Duration::from_millis(500));
    terminal.set_pace(Pace::Full);
    wait_until(PATIENCE, "the shell's screen", || !terminal.is_alternate_screen());
    terminal.send("fg\r");
    terminal.wait_for(&at(5));
    terminal.press("n");
    terminal.wait_for(&at(6));
}

#[test]
fn being_continued_though_it_was_not_stopped_changes_nothing() {
    let (_folder, terminal) = stalled();
    terminal.signal(Signal::CONT);
    terminal.send("n");
    thread::sleep(Duration::from_millis(200));
    terminal.set_pace(Pace::Full);
    terminal.wait_for(&at(1));
    let shown = terminal.screen_text();
    for _ in 0..3 {
        let before = terminal.frames();
        terminal.signal(Signal::CONT);
        terminal.wait_for_frame(before);
    }
    terminal.wait_for_screen(PATIENCE, &shown);
    terminal.send("n");
    terminal.wait_for(&at(2));
}

#[test]
fn ten_stalled_seconds_cost_no_memory_and_quitting_works_after_them() {
    const MOST_GROWTH: u64 = 5_000_000;
    on_every(&SCREENS, |screen| {
        let mut terminal = screen.open();
        terminal.wait_for_rest();
        let before = terminal.memory();
        terminal.set_pace(Pace::Stalled);
        // Whole frames, where there is nothing more to step through too.
        hold(&terminal, "n\x0c", 300);
        let growth = terminal.memory().saturating_sub(before);
        assert!(growth < MOST_GROWTH, "{growth} bytes more on the screen of {:?}", screen.keys);
        terminal.set_pace(Pace::Full);
        terminal.send(screen.quit_key());
        assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0), "{:?}", screen.keys);
        terminal.assert_restored();
    });
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
