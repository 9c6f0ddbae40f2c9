//! Keys without an order: after them the terminal shows what `celda frame` draws after the same keys, styles included.

use std::num::NonZeroU16;
use std::process::{Command, Stdio};

use super::{BUSY, Random, at, on_every, stepper_with};
use crate::pty::{self, PATIENCE, SIZE, Terminal, celda, styled_text};

/// How many keys are typed.
const TYPED: usize = 120;

/// The most that are sent at a time.
const MOST_AT_ONCE: usize = 7;

/// Of one cell and of many, of every kind of layer; each is walked from at both sizes.
const SCENARIOS: [&str; 7] = ["intro", "exercise", "sunspots", "counter", "gru-after", "conv-window", "exploding"];

const SIZES: [(u16, u16); 2] = [SIZE, (120, 40)];

/// What is sent and how `--keys` names it: all keys but those that play, quit, stop, or read or write a file.
const KEYS: [(&str, &str); 58] = [
    ("n", "n"),
    ("n", "n"),
    ("p", "p"),
    (" ", "space"),
    ("\x1b[C", "right"),
    ("\x1b[D", "left"),
    ("\x1b[5~", "pgup"),
    ("\x1b[6~", "pgdn"),
    ("j", "j"),
    ("k", "k"),
    ("\x1b[A", "up"),
    ("\x1b[B", "down"),
    ("\x1b[B", "down"),
    ("0", "0"),
    ("1", "1"),
    ("3", "3"),
    ("7", "7"),
    (".", "."),
    ("-", "-"),
    ("+", "+"),
    ("G", "G"),
    ("\x1b[H", "home"),
    ("\x1b[F", "end"),
    (">", ">"),
    ("<", "<"),
    ("\t", "tab"),
    ("\x1b[Z", "backtab"),
    ("J", "J"),
    ("K", "K"),
    (",", "comma"),
    ("z", "z"),
    ("z", "z"),
    ("Z", "Z"),
    ("v", "v"),
    ("\x05", "C-e"),
    ("\x05", "C-e"),
    ("\x05", "C-e"),
    ("\x19", "C-y"),
    ("e", "e"),
    ("u", "u"),
    ("\x12", "C-r"),
    ("=", "="),
    ("F", "F"),
    ("/", "/"),
    ("\x0f", "C-o"),
    ("o", "o"),
    ("b", "b"),
    ("t", "t"),
    ("L", "L"),
    ("f", "f"),
    ("?", "?"),
    // The byte alone could begin something else.
    ("\x1b[27u", "esc"),
    ("\x1b[27u", "esc"),
    ("\r", "enter"),
    ("\x7f", "backspace"),
    ("\x17", "C-w"),
    ("\x0c", "C-l"),
    ("ñ", "ñ"),
];

/// The keys that search, after which the next key has to wait: it would end the search.
const SEARCHES: [&str; 2] = [">", "<"];

/// What `celda frame` draws after some keys, as a terminal shows it.
fn frame(scenario: &str, (columns, rows): (u16, u16), keys: &[&str]) -> vt100::Parser {
    let mut command = Command::new(env!("CARGO_BIN_EXE_celda"));
    let size = format!("{columns}x{rows}");
    command.args(["frame", scenario, "--format", "ansi", "--size", &size, "--keys", &keys.join(",")]);
    let output = pty::spawn(command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()));
    let text = String::from_utf8(output.unwrap().wait_with_output().unwrap().stdout).unwrap();
    let side = |cells| NonZeroU16::new(cells).unwrap();
    let mut emulator = vt100::Parser::new(side(rows), side(columns), 0);
    emulator.process(text.trim_end_matches('\n').replace('\n', "\r\n").as_bytes());
    emulator
}

fn rows(emulator: &vt100::Parser, columns: u16) -> String {
    let rows: Vec<String> = emulator.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n").trim_end().to_owned()
}

/// Types keys as a seed has them, some at a time, and compares.
fn walk(scenario: &str, size: (u16, u16), seed: u64) {
    // Where edits are kept, so that nothing is to be said of it.
    let home = tempfile::tempdir().unwrap();
    let command = celda().arg(scenario).env("COLORTERM", "truecolor").env("XDG_STATE_HOME", home.path());
    let terminal = Terminal::start_sized(command, size);
    terminal.wait_for(&at(0));
    let mut random = Random(seed);
    let mut names = Vec::new();
    while names.len() < TYPED {
        let mut sent = String::new();
        for _ in 0..=random.below(MOST_AT_ONCE) {
            let (key, name) = KEYS[random.below(KEYS.len())];
            sent += key;
            names.push(name);
            if SEARCHES.contains(&name) {
                break;
            }
        }
        terminal.send(&sent);
        if names.last().is_some_and(|name| SEARCHES.contains(name)) {
            terminal.wait_for_rest();
        }
    }
    terminal.wait_for_rest();
    let expected = frame(scenario, size, &names);
    // Shown where the test fails.
    println!("{scenario} at {size:?}, seed {seed}: {}", names.join(","));
    terminal.wait_for_screen(PATIENCE, &rows(&expected, size.0));
    assert_eq!(terminal.styled_text(), styled_text(expected.screen()));
}

#[test]
fn after_any_keys_the_screen_is_the_frame_of_the_same_keys() {
    let walks: Vec<_> = SCENARIOS.iter().flat_map(|scenario| SIZES.map(|size| (*scenario, size))).zip(1..).collect();
    for some in walks.chunks(BUSY) {
        on_every(some, |((scenario, size), seed)| walk(scenario, *size, *seed));
    }
}

#[test]
fn keys_that_arrive_together_do_what_they_do_one_by_one() {
    // How far the terms can be scrolled is known only once the panels are shown again.
    let terminal = stepper_with(celda().arg("sunspots"));
    terminal.press("F");
    terminal.send("Z\x05\x05");
    terminal.wait_for_screen(PATIENCE, &rows(&frame("sunspots", SIZE, &["F", "Z", "C-e", "C-e"]), SIZE.0));
}
