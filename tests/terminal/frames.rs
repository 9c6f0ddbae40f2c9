//! Frames: what they cost, what is sent to a terminal that is slow or stalled, and when nothing is sent.

use std::thread;
use std::time::{Duration, Instant};

use super::{
    BUSY, SCREENS, SOON, at, fresh_screen, hold, large_layer, long_scenario, look_around, on_every, resize_and_wait, stepper,
    stepper_with,
};
use crate::pty::{PATIENCE, Pace, SIZE, Terminal, celda, control_sequences, wait_until};

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

#[test]
fn no_press_of_a_held_key_is_lost_over_a_slow_link_and_the_screen_settles_soon() {
    const PRESSES: usize = 150;
    const SETTLES: Duration = Duration::from_millis(2500);
    let (_folder, path) = long_scenario(1000);
    for some in SCREENS.chunks(BUSY) {
        on_every(some, |screen| {
            let open = || {
                let terminal = stepper_with(celda().arg(&path));
                terminal.send(screen.keys);
                terminal.wait_for_rest();
                terminal
            };
            let fresh = open();
            fresh.send("n".repeat(PRESSES));
            fresh.wait_for_rest();
            let terminal = open();
            terminal.set_pace(Pace::BytesPerSecond(10_000));
            hold(&terminal, "n", PRESSES);
            terminal.wait_for_screen(SETTLES, &fresh.screen_text());
        });
    }
}

#[test]
fn what_is_paused_draws_nothing_and_computes_nothing() {
    let (_folder, path) = long_scenario(1000);
    let terminal = stepper_with(celda().arg(&path));
    terminal.press("4+");
    terminal.press("a");
    terminal.wait_for("▶ 16/s");
    terminal.press("a");
    terminal.wait_for_rest();
    let (frames, cpu) = (terminal.frames(), terminal.cpu_time());
    thread::sleep(Duration::from_secs(1));
    assert_eq!(terminal.frames(), frames);
    assert!(terminal.cpu_time() - cpu <= Duration::from_millis(10));
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

#[test]
fn ctrl_c_during_a_search_quits_at_once() {
    let (_folder, path) = long_scenario(100_000);
    let mut terminal = stepper_with(celda().arg(&path));
    terminal.send("999999999>");
    terminal.wait_for("searching events");
    terminal.send("\x03");
    assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0));
    terminal.assert_restored();
}

#[test]
fn a_frame_is_one_write_inside_the_marks_of_a_synchronized_update() {
    const KEYS: [&str; 14] = ["n", "?", "?", "Z", "Z", "n", "\x0c", "e", "4", "\x1b", "\x0f", "\x1b", "F", "v"];
    let check = |size| {
        let terminal = Terminal::start_sized(celda().arg("sunspots"), size);
        terminal.wait_for(&at(0));
        terminal.wait_for_rest();
        for key in KEYS {
            let (writes, frames, sent) = (terminal.writes(), terminal.frames(), terminal.raw().len());
            terminal.press(key);
            terminal.wait_for_rest();
            let written = terminal.raw()[sent..].to_vec();
            assert!(written.starts_with(b"\x1b[?2026h") && written.ends_with(b"\x1b[?2026l"), "{key:?}");
            assert_eq!((terminal.writes() - writes, terminal.frames() - frames), (1, 1), "{key:?}");
        }
    };
    on_every(&[SIZE, (120, 40)], |size| check(*size));
}

#[test]
fn nothing_is_sent_and_nothing_wakes_up_while_nothing_happens() {
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        terminal.wait_for_rest();
        let before = (terminal.raw().len(), terminal.waits());
        thread::sleep(Duration::from_secs(2));
        assert_eq!((terminal.raw().len(), terminal.waits()), before, "bytes and waits: {:?}", screen.keys);
    });
}

#[test]
fn a_step_on_or_back_is_sent_as_it_was_drawn_ahead_and_the_terminal_has_its_time_before_the_next_is_drawn() {
    let terminal = stepper();
    for key in ["n", "n", "p", "n", "j", "j", "k"] {
        terminal.wait_for_rest();
        let waits = terminal.waits();
        terminal.press(key);
        terminal.wait_for_rest();
        // Once for the terminal, and once for the next key.
        let is_ahead = terminal.waits() - waits >= 2;
        // Until the first micro-step a step is likely.
        assert!(is_ahead || key == "j", "{key} is drawn after it was pressed");
    }
}

#[test]
fn nothing_wakes_up_after_a_layer_that_two_threads_compute() {
    let (_folder, path) = large_layer();
    let terminal = stepper_with(celda().arg(path));
    terminal.press("n");
    terminal.wait_for_rest();
    let (waits, computed) = (terminal.waits(), terminal.cpu_time());
    thread::sleep(Duration::from_secs(2));
    assert_eq!((terminal.waits(), terminal.cpu_time()), (waits, computed), "waits and time computed");
}

#[test]
fn a_key_that_changes_nothing_sends_nothing() {
    const UNBOUND: &str = "\x01";
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        let keys = if screen.keys.is_empty() { &["p", "0", "x", UNBOUND][..] } else { &[UNBOUND] };
        if screen.keys.is_empty() {
            // The first key takes away what the scenario opens with.
            terminal.press("p");
        }
        for key in keys {
            terminal.wait_for_rest();
            let (sent, waits) = (terminal.raw().len(), terminal.waits());
            terminal.send(key);
            wait_until(PATIENCE, "the key is taken", || terminal.waits() > waits);
            terminal.wait_for_rest();
            assert_eq!(terminal.raw().len(), sent, "{key:?} on the screen of {:?}", screen.keys);
        }
    });
}

#[test]
fn no_more_than_sixty_frames_are_drawn_in_a_second() {
    let (_folder, path) = long_scenario(1000);
    let terminal = stepper_with(celda().arg(&path));
    let (start, before) = (Instant::now(), terminal.frames());
    while start.elapsed() < Duration::from_secs(2) {
        terminal.send("n");
        thread::sleep(Duration::from_millis(2));
    }
    terminal.wait_for_rest();
    let (frames, seconds) = (terminal.frames() - before, start.elapsed().as_secs_f64());
    assert!(frames as f64 <= 60.0 * seconds + 1.0, "{frames} frames in {seconds} s");
}

#[test]
fn a_slow_reader_gets_fewer_frames_and_the_newest_one_soon() {
    const PRESSES: usize = 100;
    let (_folder, path) = long_scenario(1000);
    let expected = fresh_screen(celda().arg(&path), &format!("{PRESSES}n"), &at(PRESSES));
    let terminal = stepper_with(celda().arg(&path));
    let before = terminal.frames();
    terminal.set_pace(Pace::BytesPerSecond(20_000));
    // Whole frames, of which that reader takes fewer than ten in a second.
    hold(&terminal, "n\x0c", PRESSES);
    terminal.wait_for_screen(PATIENCE, &expected);
    let frames = terminal.frames() - before;
    assert!(frames < PRESSES / 2, "{frames} frames for {PRESSES} presses");
}
