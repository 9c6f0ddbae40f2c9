//! What arrives: torn and noisy bytes, releases of keys, late answers, the mouse.

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{
    BUSY, Random, SCREENS, SOON, WHEEL_DOWN, at, click, fresh_screen, long_scenario, look_around, on_every, stepper, stepper_with,
};
use crate::pty::{self, PATIENCE, Terminal, celda, control_sequences, wait_until};

/// Types the two parts of a sequence that a link has torn; false where the machine was too busy to do so in time.
fn send_torn(terminal: &Terminal, rest: &str) -> bool {
    let start = Instant::now();
    terminal.send("\x1b");
    thread::sleep(Duration::from_millis(50));
    terminal.send(rest);
    start.elapsed() < Duration::from_millis(120)
}

#[test]
fn a_torn_arrow_or_page_key_is_that_key_on_every_screen_and_closes_nothing() {
    on_every(&SCREENS, |screen| {
        for rest in ["[B", "OC", "[6~"] {
            let whole = screen.open();
            whole.send(format!("\x1b{rest}"));
            whole.wait_for_rest();
            loop {
                let terminal = screen.open();
                if send_torn(&terminal, rest) {
                    terminal.wait_for_screen(PATIENCE, &whole.screen_text());
                    break;
                }
            }
        }
    });
}

#[test]
fn keys_come_from_the_controlling_terminal_where_standard_input_is_none() {
    on_every(&SCREENS, |screen| {
        screen.open_with(celda().stdin(Stdio::null()));
    });
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
fn autoplay_goes_on_after_half_an_escape_sequence_and_half_a_character() {
    // All screens on which it plays.
    const SCREENS: [&str; 7] = ["", "Z", "ZZ", "o", "F", "v", "e4\r="];
    let (_folder, path) = long_scenario(1000);
    on_every(&SCREENS, |keys| {
        let terminal = stepper_with(celda().arg(&path));
        terminal.send(*keys);
        terminal.send("4+a");
        terminal.wait_for("▶ 16/s");
        terminal.send("\x1b[");
        let then = terminal.frames();
        wait_until(PATIENCE, "steps after half an escape sequence", || terminal.frames() > then + 4);
        terminal.send(b"\xc3");
        let then = terminal.frames();
        wait_until(PATIENCE, "steps after half a character", || terminal.frames() > then + 4);
        assert!(terminal.screen_text().contains("▶ 16/s"));
    });
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

/// Bytes without an order, and without those that quit, answer yes, save or write.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut random = Random(seed);
    let bytes = std::iter::repeat_with(|| random.next().to_le_bytes()).flatten();
    bytes.filter(|byte| !b"qys\x03w".contains(byte)).take(count).collect()
}

/// The number that another run of the test said, where `CELDA_SEED` is set to it, or a new one.
fn seed() -> u64 {
    let asked = env::var("CELDA_SEED").ok().and_then(|seed| seed.parse().ok());
    asked.unwrap_or_else(|| RandomState::new().hash_one(()))
}

#[test]
fn a_megabyte_of_noise_after_a_paste_without_an_end_kills_no_screen_and_ctrl_c_quits() {
    let seed = seed();
    // Shown where the test fails.
    println!("CELDA_SEED={seed} makes the same noise again");
    for some in SCREENS.chunks(BUSY) {
        on_every(some, |screen| {
            let mut terminal = screen.open();
            terminal.send("\x1b[200~");
            terminal.send(noise(seed, 1_000_000));
            // It is alive after all of it: one of these is taken for what it is, whatever the noise has begun.
            let before = terminal.frames();
            terminal.send("\x0c\x0c\x0c");
            wait_until(PATIENCE * 3, "a frame after the noise", || terminal.frames() > before);
            assert!(pty::is_alive(terminal.pid()), "on the screen of {:?}:\n{}", screen.keys, terminal.screen_text());
            terminal.send("\x03");
            let code = terminal.wait_exit(PATIENCE * 3).status.code();
            assert_eq!(code, Some(0), "on the screen of {:?} it said:\n{}", screen.keys, terminal.screen_text());
            terminal.assert_restored();
        });
    }
}

#[test]
fn reports_of_a_mouse_or_a_cursor_outside_the_screen_do_nothing() {
    let terminal = stepper();
    terminal.send("\x1b[M   \x1b[M\x20!\x20\x1b[<0;0;0M\x1b[0;0;0M\x1b[0;0R\x1b[;R\x1b[<;M\x1b[u\x1b[;u");
    terminal.send("n");
    terminal.wait_for_screen(PATIENCE, &fresh_screen(celda(), "n", &at(1)));
}

#[test]
fn a_paste_without_an_end_takes_no_key_away_on_any_screen() {
    on_every(&SCREENS, |screen| {
        let plain = screen.open();
        plain.send("n");
        plain.wait_for_rest();
        let terminal = screen.open();
        terminal.send("\x1b[200~");
        terminal.send("n");
        terminal.wait_for_screen(PATIENCE, &plain.screen_text());
    });
}

#[test]
fn a_press_acts_once_and_its_release_not_at_all_on_every_screen() {
    const PRESS: &str = "\x1b[110;1:1u";
    const RELEASE: &str = "\x1b[110;1:3u";
    on_every(&SCREENS, |screen| {
        let plain = screen.open();
        plain.send("nn");
        plain.wait_for_rest();
        let terminal = screen.open();
        terminal.send([PRESS, RELEASE, PRESS, RELEASE].concat());
        terminal.wait_for_screen(PATIENCE, &plain.screen_text());
    });
}

#[test]
fn a_key_that_repeats_acts_each_time() {
    let terminal = stepper();
    terminal.send("\x1b[110;1:1u\x1b[110;1:2u\x1b[110;1:2u\x1b[110;1:3u");
    terminal.wait_for(&at(3));
}

#[test]
fn late_answers_to_questions_about_the_terminal_do_nothing_on_any_screen() {
    let device_attributes = "\x1b[?62;22c\x1b[>0;276;0c";
    let cursor_position = "\x1b[24;80R";
    let keyboard_flags = "\x1b[?1u";
    let mode = "\x1b[?2026;1$y";
    let colour = "\x1b]11;rgb:0000/1111/ffff\x1b\\";
    let version = "\x1bP>|xterm(390)\x1b\\";
    let answers = [device_attributes, cursor_position, keyboard_flags, mode, colour, version].concat();
    on_every(&SCREENS, |screen| {
        let plain = screen.open();
        plain.send("n");
        plain.wait_for_rest();
        let terminal = screen.open();
        terminal.send(&answers);
        terminal.send("n");
        terminal.wait_for_screen(PATIENCE, &plain.screen_text());
    });
}

#[test]
fn it_asks_the_terminal_nothing() {
    let terminal = stepper();
    look_around(&terminal);
    let asks = |(parameters, end): &(String, u8)| matches!(end, b'c' | b'n' | b'u') || parameters.contains('$');
    let questions: Vec<_> = control_sequences(&terminal.raw()).into_iter().filter(asks).collect();
    assert_eq!(questions, []);
}
