//! What comes from a stranger is only data: no text or name of it commands the terminal, none leads out of its folder.
#![allow(clippy::unwrap_used)]

#[path = "common/forge.rs"]
mod forge;
#[allow(dead_code, reason = "not every test that shares this module needs all of it")]
mod pty;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use celda::scenario::file::{Folder, Reach};
use celda::scenario::tensors::SMALLER_NETWORK;
use forge::{Member, archive, header, npy, safetensors};
use pty::{PATIENCE, Terminal, celda};
use tempfile::TempDir;

/// Erases what has scrolled away, changes colours and the title, in the ways a terminal knows.
const EVIL: &str = "a\u{1b}[3J\u{9b}31m\u{7}\u{1b}]0;title\u{7}";

/// The same as TOML and JSON write it.
const WRITTEN: &str = r#""a\u001b[3J\u009b31m\u0007\u001b]0;title\u0007""#;

/// Files whose names, keys, texts, headers, cells and arrays are escape sequences.
fn hostile() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let rnn = "[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\nrecurrent_weights = [[1]]\n";
    let texts = format!(
        "title = {WRITTEN}\ndescription = {WRITTEN}\n[input]\nfeatures = [{WRITTEN}]\nrows = [[1], [2]]\n\
         labels = [{WRITTEN}, {WRITTEN}]\n{rnn}name = {WRITTEN}\nunit_names = [{WRITTEN}]\n\
         [[layer]]\nkind = \"dense\"\nweights = [[1]]\n\
         [expected]\noutput = [[5], [5]]\nsource = {WRITTEN}\n[[note]]\nstep = 0\ntext = {WRITTEN}\n"
    );
    write("texts.toml", texts.as_bytes());
    write(&format!("{EVIL}.toml"), texts.as_bytes());
    write("keys.toml", format!("{WRITTEN} = 1\n[input]\n{WRITTEN} = 1\n[[layer]]\n{WRITTEN} = 1\nkind = {WRITTEN}\n").as_bytes());
    write("raw.toml", format!("title = {EVIL}\n# {EVIL}\n").as_bytes());
    let csv = |file: &str| format!("title = \"x\"\n[input]\nfile = {file}\n{rnn}");
    write("header.toml", csv("\"header.csv\"").as_bytes());
    write("header.csv", format!("{}\n1\n2\n", EVIL.replace(';', "")).as_bytes());
    write("cell.toml", csv("\"cell.csv\"").as_bytes());
    write("cell.csv", format!("{EVIL}\n1\n{EVIL}\n").as_bytes());
    write("missing.toml", csv(WRITTEN).as_bytes());
    let stored = |file: &str| {
        let weights = format!("weights = {{ file = \"{file}\", prefix = {WRITTEN}, convention = \"keras\" }}");
        format!("title = \"x\"\n[input]\nrows = [[1]]\n[[layer]]\nkind = \"dense\"\n{weights}\n")
    };
    let key = WRITTEN.trim_matches('"');
    let array = "{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}";
    write("arrays.safetensors", &safetensors(&format!("{{\"{key}.weight\":{array}}}"), &[0; 4]));
    write("names.safetensors", &safetensors(&format!("{{\"{key}\":{array}}}"), &[0; 4]));
    write("arrays.npz", &archive(&[Member::stored("\u{1b}[3J\u{9b}\u{7}/kernel.npy", &npy(&header("<f4", "(1, 1)"), &[0; 4]))]));
    write("stored.toml", stored("arrays.npz").as_bytes());
    folder
}

/// What of [`EVIL`] that a terminal would obey is in some output; what styles and draws a frame is the program's own.
fn command(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes);
    ["\u{7}", "\u{9b}", "\u{1b}]", "\u{1b}[3J"].into_iter().find(|command| text.contains(command))
}

/// What a command says, on both streams.
fn said(folder: &TempDir, arguments: &[&str]) -> Vec<u8> {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_celda"));
    command.args(arguments).current_dir(folder.path()).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = pty::spawn(&mut command).unwrap().wait_with_output().unwrap();
    [output.stdout, output.stderr].concat()
}

#[test]
fn no_text_gets_an_escape_through_whatever_prints_it() {
    let folder = hostile();
    let named = format!("{EVIL}.toml");
    let printed: &[&[&str]] = &[
        &["trace", "texts.toml"],
        &["trace", "texts.toml", "--terms"],
        &["trace", "texts.toml", "--format", "csv"],
        &["trace", "texts.toml", "--format", "json", "--terms"],
        &["trace", "texts.toml", "--format", "markdown"],
        &["trace", "texts.toml", "--format", "latex"],
        &["trace", "header.toml", "--format", "csv"],
        &["texts.toml", "header.toml"],
        &[&named],
        &[&named, "texts.toml"],
        &["check", "texts.toml"],
        &["check", &named],
        &["check", "keys.toml"],
        &["check", "raw.toml"],
        &["check", "cell.toml"],
        &["check", "missing.toml"],
        &["check", "stored.toml"],
        &["check", EVIL],
        &["new", "--from", "arrays.safetensors"],
        &["new", "--from", "names.safetensors"],
        &["new", "--from", "arrays.npz"],
        &["new", "--from", "names.safetensors", "--prefix", EVIL],
        &["new", "--from", EVIL],
        &["scenarios", EVIL],
        &["trace", "texts.toml", "-o", &named],
        &["trace", "texts.toml", "-o", "gone\u{1b}]0;\u{7}/\u{9b}"],
        &["frame", "texts.toml", "--keys", "o"],
        &["frame", "texts.toml", "--keys", "Z,Z,C-o"],
        &["frame", "texts.toml", "--keys", "/,x", "--big"],
        &["frame", "texts.toml", "--keys", "Z,Z", "--format", "svg"],
        &["frame", "header.toml", "--ascii"],
    ];
    for arguments in printed {
        let bytes = said(&folder, arguments);
        let text = String::from_utf8(bytes).unwrap();
        let bad = text.chars().find(|c| c.is_control() && !"\r\n\t".contains(*c));
        assert_eq!(bad, None, "{arguments:?}: {text:?}");
        let shows = text.contains('␛') || text.contains(r"\U0000001B") || text.contains("aESC") || arguments.contains(&"--ascii");
        assert!(shows || *arguments == ["check", "texts.toml"], "{arguments:?}: {text}");
    }
    assert_eq!(command(&said(&folder, &["frame", "texts.toml", "--keys", "o", "--format", "ansi"])), None);
}

#[test]
fn no_text_gets_an_escape_through_the_stepper_line_by_line_or_on_the_lecturer_s_screen() {
    let folder = hostile();
    let home = folder.path();
    let program = || celda().current_dir(home).env("XDG_RUNTIME_DIR", home).env("XDG_STATE_HOME", home);
    let stepper = Terminal::start(program().args(["texts.toml", "header.toml", &format!("{EVIL}.toml")]));
    stepper.wait_for("step 1/2");
    for keys in ["o", "Z", "Z", "e", "\u{1b}", "F", "F", "\u{f}"] {
        stepper.press(keys);
    }
    stepper.wait_for("␛");
    let notes = Terminal::start(program().arg("notes"));
    notes.wait_for("␛");
    let plain = Terminal::start(program().args(["--plain", "texts.toml"]));
    plain.wait_for("␛");
    plain.wait_for_raw_mode();
    plain.send("o?J.n");
    plain.wait_for("y(1)");
    for (what, terminal) in [("the stepper", stepper), ("notes", notes), ("--plain", plain)] {
        assert_eq!(command(&terminal.raw()), None, "{what}");
    }
}

#[test]
fn the_words_of_a_command_line_are_repeated_as_text() {
    let folder = hostile();
    let option = format!("--{EVIL}");
    for arguments in [
        [option.as_str(), "x"],
        ["--theme", EVIL],
        ["--at", EVIL],
        ["frame", "--size=a\u{1b}[3J\u{9b}"],
        ["new", EVIL],
        ["completions", EVIL],
        ["check", EVIL],
    ] {
        // On a terminal the messages have colours, and nothing takes escape sequences out again.
        let mut terminal = Terminal::start(celda().current_dir(folder.path()).args(arguments));
        terminal.wait_exit(PATIENCE);
        assert!(terminal.screen_text().contains('␛'), "{arguments:?}: {}", terminal.screen_text());
        assert_eq!(command(&terminal.raw()), None, "{arguments:?}");
    }
}

/// Puts a link in the place of what is at a path, or a file or folder of ours, again and again.
fn swap(path: &Path, own: &Path, link: &Path, done: &AtomicBool) {
    let spare = path.with_extension("spare");
    while !done.load(Ordering::Relaxed) {
        for other in [link, own] {
            fs::rename(path, &spare).unwrap();
            fs::rename(other, path).unwrap();
            fs::rename(&spare, if other == link { own } else { link }).unwrap();
        }
    }
}

#[test]
fn a_link_that_is_put_there_while_a_file_is_opened_leads_nowhere() {
    let parent = tempfile::tempdir().unwrap();
    let at = |name: &str| parent.path().join(name);
    for folder in ["inner", "inner/data", "outside"] {
        fs::create_dir(at(folder)).unwrap();
    }
    for (file, text) in [("inner/data/a.csv", "mine"), ("inner/b.csv", "mine"), ("outside/a.csv", "secret")] {
        fs::write(at(file), text).unwrap();
    }
    symlink(at("outside"), at("inner/link")).unwrap();
    symlink(at("outside/a.csv"), at("inner/link.csv")).unwrap();
    let folder = Folder::Disk { path: at("inner"), reach: Reach::Folder };
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| swap(&at("inner/data"), &at("inner/own"), &at("inner/link"), &done));
        scope.spawn(|| swap(&at("inner/b.csv"), &at("inner/own.csv"), &at("inner/link.csv"), &done));
        let mut read = 0;
        for _ in 0..4_000 {
            for name in ["data/a.csv", "b.csv"] {
                if let Ok(bytes) = folder.read(name, 100, SMALLER_NETWORK) {
                    read += 1;
                    if bytes != b"mine" {
                        done.store(true, Ordering::Relaxed);
                        panic!("{name} led out of the folder");
                    }
                }
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(read > 0, "some are read");
    });
}
