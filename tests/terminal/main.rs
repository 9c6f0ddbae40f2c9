//! What the stepper does to a terminal, and what a terminal can do to it, through a real pseudo-terminal.
//!
//! | promised, on every screen | shown in |
//! | --- | --- |
//! | a hang-up ends it in a second and without spinning, also where its signal is ignored | `ways_out`, `stalls`; in tmux and GNU screen, over SSH: `tests/remote` |
//! | a signal, Ctrl-C, a panic or an output that fails gives the terminal back as it was | `ways_out`, `stalls` |
//! | Ctrl-Z gives the shell its terminal, `fg` brings the screen back | `suspension`, `stalls` |
//! | half a key delays nothing; a torn key is that key; releases, pastes, late answers and noise are none | `input`, `tests/decoder.rs` |
//! | where there is no terminal to draw on, the trace or one line | `without_a_screen` |
//! | any size, and hundreds in a second | `sizes` |
//! | a slow or stalled reader: no key lost, no memory taken, only the newest state drawn | `frames`, `stalls` |
//! | whatever the keys and however they arrive, the frame of `celda frame` after the same keys | `walk` |
//! | one write per frame, at most 60 a second; nothing sent, nothing woken while nothing happens | `frames` |
//! | no colour and no character that was not announced | `colours` |
//!
//! The same for the lecturer's notes is in `tests/notes.rs`, for the stepper without a screen in `tests/plain.rs`.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "not every test that shares this module needs all of it")]
#[path = "../pty/mod.rs"]
mod pty;

mod colours;
mod frames;
mod input;
mod long;
mod saved_frames;
mod sizes;
mod stalls;
mod suspension;
mod walk;
mod ways_out;
mod without_a_screen;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use pty::{Terminal, celda, command};
use pty_process::blocking::Command;
use tempfile::TempDir;

/// How long an end may take.
const SOON: Duration = Duration::from_secs(1);

/// A screen of the stepper: its scenario, the keys that lead to it, and a text that only it shows.
#[derive(Clone, Copy)]
struct Screen {
    scenario: &'static str,
    keys: &'static str,
    shows: &'static str,
}

/// Every screen there is.
const SCREENS: [Screen; 15] = [
    Screen { scenario: "intro", keys: "", shows: "Look at what is carried" },
    Screen { scenario: "intro", keys: "n", shows: "Unrolled in time" },
    Screen { scenario: "sunspots", keys: "Z", shows: "16 cells" },
    Screen { scenario: "sunspots", keys: "ZZ", shows: "Recurrent part" },
    Screen { scenario: "intro", keys: "njj", shows: "t = 2 · " },
    Screen { scenario: "intro", keys: "?", shows: "next timestep" },
    Screen { scenario: "intro", keys: "o", shows: "Notes" },
    Screen { scenario: "intro", keys: "e4", shows: "→ 4▌" },
    Screen { scenario: "intro", keys: "e4\r=", shows: "orig." },
    Screen { scenario: "intro", keys: "e4\rq", shows: "quit without" },
    Screen { scenario: "intro", keys: "v", shows: "▒ veil" },
    Screen { scenario: "intro", keys: "F", shows: "▄▄▄" },
    Screen { scenario: "intro", keys: "\x0f", shows: "filter: ▌" },
    Screen { scenario: "intro", keys: "/1", shows: "label: 1▌" },
    Screen { scenario: "intro", keys: "b", shows: "" },
];

impl Screen {
    /// The stepper once it shows this.
    fn open(&self) -> Terminal {
        self.open_with(celda())
    }

    fn open_with(&self, command: Command) -> Terminal {
        let terminal = stepper_with(command.arg(self.scenario));
        self.go_to(&terminal);
        terminal
    }

    /// The key that ends it there: one that is typed or asks first where `q` is.
    fn quit_key(&self) -> &'static str {
        let takes_text = ["e", "/", "\x0f"].iter().any(|opens| self.keys.starts_with(opens));
        if takes_text { "\x03" } else { "q" }
    }

    /// Goes there from the first frame.
    fn go_to(&self, terminal: &Terminal) {
        if !self.keys.is_empty() {
            terminal.press(self.keys);
        }
        terminal.wait_for(self.shows);
    }
}

/// How many of those that compute all the time are checked at a time: more would be a test of the machine.
const BUSY: usize = 4;

/// Checks all cases at a time, since most of it is waiting.
fn on_every<T: Sync>(cases: &[T], check: impl Fn(&T) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| check(case));
        }
    });
}

/// Numbers without an order, the same for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // splitmix64, which takes any seed.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number less than another.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// What a process may compute while it ends.
const LITTLE_CPU: Duration = Duration::from_millis(200);

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

/// The stepper with some arguments as a job of an interactive shell.
fn job(arguments: &str) -> Terminal {
    const SHELL: [&str; 4] = ["--norc", "--noprofile", "--noediting", "-i"];
    let terminal = Terminal::start(command("bash").args(SHELL).env("PS1", "> ").env("CELDA", env!("CARGO_BIN_EXE_celda")));
    terminal.wait_for(">");
    terminal.send(format!("before=$(stty -g); \"$CELDA\" {arguments}\r"));
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

/// A scenario with a layer so large that two threads compute it, in a folder that is removed with the first value.
fn large_layer() -> (TempDir, PathBuf) {
    const UNITS: usize = 384;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.toml");
    let row = "0.1, ".repeat(UNITS);
    let weights = format!("[{row}], ").repeat(UNITS);
    let layer = format!("[[layer]]\nkind = \"dense\"\nweights = [{weights}]\n");
    fs::write(&path, format!("title = \"Large\"\n[input]\nrows = [[{row}], [{row}], [{row}]]\n{layer}")).unwrap();
    (folder, path)
}

fn resize_and_wait(terminal: &Terminal, size: (u16, u16)) {
    let before = terminal.frames();
    terminal.resize(size);
    terminal.wait_for_frame(before);
}

/// Types a key 30 times a second.
fn hold(terminal: &Terminal, key: &str, times: usize) {
    for _ in 0..times {
        terminal.send(key);
        thread::sleep(Duration::from_millis(33));
    }
}

/// The wheel towards the hand, a press of the left button at a column and a row counted from 1, and its release.
const WHEEL_DOWN: &str = "\x1b[<65;5;5M";

fn click(column: usize, row: usize) -> String {
    format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
}

/// Goes through every screen in every theme, so that every style there is was used.
fn look_around(terminal: &Terminal) {
    const KEYS: [&str; 30] = [
        "n", "j", "j", "k", "n", "?", "?", "Z", "Z", "z", "z", "v", "v", "F", "F", "o", "o", "b", "b", "e", "4\r", "=", "=", "q",
        "\x1b", "u", "/1", "\x1b", "\x0f", "\x1b",
    ];
    for _ in 0..4 {
        for key in KEYS {
            terminal.press(key);
        }
        terminal.press("0");
        terminal.press("t");
    }
}
