//! The stepper where it is far away: over SSH, and in tmux and GNU screen, each as real as it gets on one machine.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "not every test that shares this module needs all of it")]
#[path = "../pty/mod.rs"]
mod pty;

mod home;
mod multiplexers;
mod over_ssh;
mod sshd;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use pty::Terminal;

/// Columns and rows.
type Size = (u16, u16);

const SMALL: Size = (80, 24);
const LARGE: Size = (120, 40);

/// A scenario on a terminal that changes its size.
#[derive(Clone, Copy)]
struct Shown {
    scenario: &'static str,
    size: Size,
    other: Size,
}

/// What is tried everywhere.
const SHOWN: [Shown; 2] =
    [Shown { scenario: "intro", size: SMALL, other: LARGE }, Shown { scenario: "sunspots", size: LARGE, other: SMALL }];

/// How long anything may take that a login or a busy machine is part of.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the processes of a stepper have to be gone in.
const SOON: Duration = Duration::from_secs(3);

/// The stepper on a scenario, as words for a shell.
fn celda(scenario: &str) -> String {
    format!("'{}' {scenario}", env!("CARGO_BIN_EXE_celda"))
}

/// The frame after some keys, named as `--keys` takes them.
fn frame(scenario: &str, (columns, rows): Size, keys: &str) -> String {
    let size = format!("{columns}x{rows}");
    let mut celda = Command::new(env!("CARGO_BIN_EXE_celda"));
    let text = output(celda.args(["frame", scenario, "--lang", "en", "--size", &size, "--keys", keys]));
    text.trim_end().to_owned()
}

/// What a program prints.
fn output(command: &mut Command) -> String {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = pty::spawn(command).unwrap().wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Where a program is, also one that only administrators have on their path.
fn find(program: &str) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from));
    let mut places = folders.map(|folder| folder.join(program));
    places.find(|place| place.is_file()).ok_or_else(|| format!("there is no {program} on this machine"))
}

/// What a test needs of the machine, or a line that says why it is skipped; where `CELDA_SKIP_NO_TEST` is set it fails.
fn needed<T>(found: Result<T, String>) -> Option<T> {
    if let Err(why) = &found {
        assert!(env::var_os("CELDA_SKIP_NO_TEST").is_none_or(|value| value == OsStr::new("")), "{why}");
        println!("skipped: {why}");
    }
    found.ok()
}

/// Waits until two terminals show the same, styles included.
fn assert_same(there: &Terminal, here: &Terminal) {
    let (start, mut looked_at) = (Instant::now(), None);
    loop {
        let arrived = Some((there.arrived(), here.arrived()));
        if looked_at != arrived {
            looked_at = arrived;
            if there.screen_text() == here.screen_text() && there.styled_text() == here.styled_text() {
                return;
            }
        }
        assert!(start.elapsed() < PATIENCE, "expected:\n{}\n\nshown:\n{}", here.styled_text(), there.styled_text());
        thread::sleep(Duration::from_millis(10));
    }
}
