//! The stepper without a screen: what `celda --plain` says, and that it sends no escape and gives the terminal back.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "not every test that shares this module needs all of it")]
mod pty;

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::thread;
use std::time::Duration;

use celda::app::keymap::BINDINGS;
use celda::app::settings::{Charset, Language};
use pty::{PATIENCE, Pace, Terminal, celda, command, wait_until};
use pty_process::blocking::Command;
use rustix::process::Signal;

/// How long an end may take.
const SOON: Duration = Duration::from_secs(1);

/// The last line of what is said at first.
const OPENED: &str = "n next, p previous, Z zoom out, ? help, q quit";

fn plain() -> Command {
    celda().arg("--plain")
}

/// The stepper after what it says at first.
fn opened(command: Command) -> Terminal {
    let terminal = Terminal::start(command);
    terminal.wait_for(OPENED);
    terminal.wait_for_raw_mode();
    terminal
}

/// What it said so far, in lines that end as those of a file do.
fn said(terminal: &Terminal) -> String {
    let text = String::from_utf8(terminal.raw()).unwrap();
    assert!(!text.contains('\x1b'), "{text:?}");
    text.replace("\r\n", "\n")
}

/// What is said to keys that come from a pipe.
fn piped(arguments: &[&str], keys: &str) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_celda"));
    command.arg("--plain").args(arguments).env_clear().env("LANG", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pty::spawn(&mut command).unwrap();
    // One that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(keys.as_bytes());
    child.wait_with_output().unwrap()
}

/// The lines that are said to some keys, after those said at first.
fn answers(arguments: &[&str], keys: &str) -> String {
    let text = |keys| String::from_utf8(piped(arguments, keys).stdout).unwrap();
    text(keys).strip_prefix(&text("")).unwrap().to_owned()
}

const T0: &str = "t = 0  X(0)  (0, 23)
  h(0) = ReLU(2·0 + 3·23 + (-0.1)·0) = ReLU(69) = 69
  ✗ computed 69, claimed 23 (the slides)
";

const T1: &str = "t = 1  X(1)  (1, -3)
  h(1) = ReLU(2·1 + 3·(-3) + (-0.1)·69) = ReLU(-13.9) = 0
  ✓ computed 0, claimed 0 (the slides)
";

#[test]
fn it_opens_with_the_title_the_first_timestep_and_the_first_keys() {
    let about = "One recurrent cell\nOne ReLU cell, four timesteps; the slides it comes from slip twice. \
                 Look at what is carried to t = 1, and at where the slides' claims fail.\n";
    assert_eq!(said(&opened(plain())), format!("{about}{T0}{OPENED}\n"));
}

#[test]
fn enter_or_n_says_the_next_timestep_and_p_the_previous_without_an_echo() {
    let terminal = opened(plain());
    let before = said(&terminal);
    terminal.send("\r");
    terminal.wait_for("t = 1");
    terminal.send("p");
    wait_until(PATIENCE, "the first timestep again", || said(&terminal).ends_with(&format!("{T1}{T0}")));
    terminal.send("\x1b[Cq");
    wait_until(PATIENCE, "the arrow", || said(&terminal) == format!("{before}{T1}{T0}{T1}"));
}

#[test]
fn it_speaks_spanish() {
    let terminal = Terminal::start(plain().args(["--lang", "es"]));
    terminal.wait_for("n siguiente, p anterior, Z alejar, ? ayuda, q salir");
    terminal.send("n");
    terminal.wait_for("✓ calculada 0, afirmada 0 (las diapositivas)");
    assert!(said(&terminal).starts_with("Una celda recurrente\n"));
}

#[test]
fn every_way_out_gives_the_line_back_and_sends_no_escape() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut terminal = opened(plain());
        terminal.signal(signal);
        assert_eq!(terminal.wait_exit(SOON).status.signal(), Some(signal.as_raw()));
        terminal.assert_line_modes_restored();
        said(&terminal);
    }
    for key in ["q", "\x03", "nq"] {
        let mut terminal = opened(plain());
        terminal.send(key);
        assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0));
        terminal.assert_line_modes_restored();
        said(&terminal);
    }
    let mut terminal = opened(plain());
    terminal.hang_up();
    assert_eq!(terminal.wait_exit(SOON).status.signal(), Some(Signal::HUP.as_raw()));
}

#[test]
fn half_a_key_delays_no_signal_and_no_key_after_it() {
    let mut terminal = opened(plain());
    terminal.send("\x1b[");
    terminal.wait_for_rest();
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.wait_exit(SOON).status.signal(), Some(Signal::TERM.as_raw()));
    terminal.assert_line_modes_restored();
    let terminal = opened(plain());
    for piece in ["\x1b", "[", "C"] {
        terminal.send(piece);
    }
    terminal.wait_for("t = 1");
}

#[test]
fn a_hang_up_ends_it_without_spinning_where_its_signal_is_ignored() {
    let deaf = ["-c", "trap '' HUP; exec \"$CELDA\" --plain"];
    let mut terminal = opened(command("sh").args(deaf).env("CELDA", env!("CARGO_BIN_EXE_celda")));
    let before = terminal.cpu_time();
    terminal.hang_up();
    let cpu = terminal.wait_exit(SOON).cpu.saturating_sub(before);
    assert!(cpu < Duration::from_millis(200), "{cpu:?} computed");
}

#[test]
fn a_stall_loses_no_line_and_every_way_out_of_it_is_open() {
    const KEYS: usize = 600;
    let stalled = || {
        let terminal = opened(plain());
        terminal.set_pace(Pace::Stalled);
        terminal.send("np".repeat(KEYS / 2));
        thread::sleep(Duration::from_millis(500));
        terminal
    };
    let mut terminal = stalled();
    terminal.send("q");
    terminal.set_pace(Pace::Full);
    assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0));
    assert_eq!(said(&terminal).matches("\nt = ").count(), 1 + KEYS);
    terminal.assert_line_modes_restored();

    let mut terminal = stalled();
    terminal.signal(Signal::TERM);
    wait_until(SOON, "the program ends", || !pty::is_alive(terminal.pid()));
    terminal.set_pace(Pace::Full);
    assert_eq!(terminal.wait_exit(SOON).status.signal(), Some(Signal::TERM.as_raw()));
    terminal.assert_line_modes_restored();

    let mut terminal = stalled();
    terminal.hang_up();
    terminal.wait_exit(SOON);
}

#[test]
fn nothing_is_said_and_nothing_wakes_up_while_nothing_happens() {
    let terminal = opened(plain());
    terminal.wait_for_rest();
    let before = (terminal.raw().len(), terminal.waits());
    thread::sleep(Duration::from_secs(2));
    assert_eq!((terminal.raw().len(), terminal.waits()), before);
}

#[test]
fn it_can_be_suspended_and_goes_on_where_it_was() {
    let terminal = Terminal::start(command("sh").arg("-i").env("PS1", "> ").env("CELDA", env!("CARGO_BIN_EXE_celda")));
    terminal.wait_for(">");
    terminal.send("before=$(stty -g); \"$CELDA\" --plain\r");
    terminal.wait_for(OPENED);
    terminal.send("n");
    terminal.wait_for("t = 1");
    terminal.send("\x1a");
    wait_until(PATIENCE, "the shell's line", || terminal.screen_text().ends_with('>'));
    terminal.send("[ \"$before\" = \"$(stty -g)\" ] && echo line is ba''ck\r");
    terminal.wait_for("line is back");
    terminal.send("fg\r");
    wait_until(PATIENCE, "the shell has handed over", || {
        terminal.screen_text().contains("--plain\n") || terminal.screen_text().ends_with("--plain")
    });
    terminal.wait_for_raw_mode();
    terminal.send("n");
    terminal.wait_for("t = 2");
}

#[test]
fn a_terminal_that_cannot_place_text_is_enough() {
    for command in [plain().env("TERM", "dumb"), plain().env_remove("TERM")] {
        let terminal = opened(command);
        terminal.send("n");
        terminal.wait_for("t = 1");
        said(&terminal);
    }
}

#[test]
fn without_a_terminal_bytes_are_keys_until_there_are_no_more() {
    let output = piped(&[], "n\np");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(answers(&[], "n\np").matches("t = ").count(), 3);
    assert!(String::from_utf8(output.stdout).unwrap().ends_with(T1));
    assert_eq!(answers(&[], "nqn"), T1);
}

#[test]
fn a_scenario_from_standard_input_leaves_the_keys_to_the_terminal() {
    let scenario = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/intro.toml")).unwrap();
    let terminal = opened(plain().arg("-").stdin(scenario));
    terminal.send("n");
    terminal.wait_for("t = 1");
}

#[test]
fn its_other_keys_say_what_they_lead_to() {
    let cases = [
        ("3n", "3\nt = 3  X(3)", "a count is said as it is typed"),
        ("G", "t = 3  X(3)", "the last timestep"),
        ("Gn", "this is the last timestep", "its end"),
        ("p", "this is the first timestep", "its beginning"),
        ("2G0", "t = 0  X(0)", "the first timestep"),
        ("no", "Notes: 2·1 + 3·(-3)", "the notes"),
        ("on", "Notes: 2·1 + 3·(-3)", "the notes of each timestep while they are on"),
        ("oo", "notes off", "no notes"),
        (".", "  x2     3   · 23 = 69", "the terms of a gate"),
        ("L", "calculada 69", "the language"),
        ("x", "no such key here; ? lists them", "a key that does nothing"),
        ("e", "no such key here; ? lists them", "a key that needs a screen"),
    ];
    for (keys, expected, what) in cases {
        let answers = answers(&[], keys);
        assert!(answers.contains(expected), "{keys}: {what}:\n{answers}");
    }
    let unit = answers(&["sunspots"], "\t");
    assert!(unit.contains("layer 1 (GRU), unit 2/16 h2\n") && unit.contains("  Output: 11.723\n"), "{unit}");
    let layer = answers(&["sunspots"], "J");
    assert!(layer.contains("layer 2 (dense), unit 1/1 y\n") && layer.contains("[11 more: "), "{layer}");
}

#[test]
fn from_farther_away_a_step_is_shorter() {
    let claim = "  ✓ computed 0, claimed 0 (the slides)\n";
    let last = |keys: &str, scenario: &str| {
        let said = answers(&[scenario], keys);
        said[said.rfind("t = ").unwrap()..].to_owned()
    };
    assert_eq!(last("Zn", "intro"), format!("t = 1  X(1)  (1, -3)\n  h(1) = 0\n{claim}"));
    assert_eq!(last("ZZn", "intro"), format!("t = 1  X(1)  (1, -3)\n  Output: 0\n{claim}"));
    assert_eq!(last("ZZnzz", "intro"), T1);
    let network = "t = 1  1701  (11)\n  Output: 18.0151\n  ✓ computed 18.0151, claimed 18.0151 (Keras 3.15.1 in float64)\n";
    assert_eq!(last("ZZn", "sunspots"), network);
    let layer = last("Zn", "sunspots");
    assert!(layer.contains("\n  layer 1 (GRU)\n  h(1) = (0.134305, ") && !layer.contains("more]"), "{layer}");
    assert!(last("Zn", "counter").contains("\n  c(1) = "), "an LSTM carries two states");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("last.toml");
    let layers = "[[layer]]\nkind = \"dense\"\nweights = [[2]]\napply = \"last\"\n";
    fs::write(&path, format!("title = \"Last\"\n[input]\nrows = [[1], [2]]\n{layers}")).unwrap();
    let [early, late] = ["ZZ", "ZZn"].map(|keys| last(keys, path.to_str().unwrap()));
    assert_eq!(early, "t = 0  (1)\n  computed at the last timestep only\n");
    assert_eq!(late, "t = 1  (2)\n  Output: 4\n");
}

#[test]
fn what_is_chosen_is_said_from_far_away_too() {
    let unit = answers(&["sunspots"], "ZZ\t");
    assert!(unit.contains("layer 1 (GRU), unit 2/16 h2\n  r2(0) = "), "{unit}");
    let layer = answers(&["sunspots"], "ZZJ");
    assert!(layer.contains("  layer 2 (dense)\n  y(0) = 11.723\n"), "{layer}");
    assert!(answers(&["sunspots"], "ZZ.").contains("bias_r"), "the terms of a gate");
}

#[test]
fn its_help_lists_the_keys_that_act_and_no_others() {
    const NEUTRAL: &str = "no such key here";
    let help = answers(&[], "?");
    for binding in BINDINGS {
        let listed = help.contains(&format!(
            "{}: {}\n",
            binding.keys_shown(Charset::Unicode, Language::En),
            binding.help.get(Language::En)
        ));
        let typed: Vec<String> = binding.keys.iter().map(|key| key.shown(Charset::Unicode, Language::En).into_owned()).collect();
        for key in typed.iter().filter(|key| key.chars().count() == 1 && key.is_ascii()) {
            assert_eq!(listed, !answers(&[], key).contains(NEUTRAL), "{key}");
        }
    }
}

#[test]
fn it_keeps_to_ascii_where_that_is_asked_for() {
    let output = piped(&["--ascii", "sunspots"], "n.ox?LnG");
    assert!(output.stdout.is_ascii() && !output.stdout.is_empty());
}

#[test]
fn it_steps_through_one_scenario_and_draws_nothing() {
    for arguments in [&["intro", "counter"][..], &["--mouse"], &["--big"]] {
        let output = piped(arguments, "n");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn what_takes_long_is_said_and_any_key_interrupts_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.toml");
    let rows: String = (0..200_000).map(|t| format!("{}\n", t % 7)).collect();
    fs::write(folder.path().join("rows.csv"), format!("x\n{rows}")).unwrap();
    let layer = "[[layer]]\nkind = \"rnn\"\ninput_weights = [[0.3]]\nrecurrent_weights = [[0.5]]\n";
    fs::write(&path, format!("title = \"Long\"\n[input]\nfile = \"rows.csv\"\ncolumns = [\"x\"]\n{layer}")).unwrap();
    let mut terminal = Terminal::start(plain().arg(&path));
    terminal.wait_for("n next");
    terminal.wait_for_raw_mode();
    terminal.send("G");
    terminal.wait_for("going to t = 199999: ");
    terminal.send("p");
    terminal.wait_for("interrupted: all is as it was");
    terminal.send("n");
    terminal.wait_for("t = 1");
    terminal.send("G");
    wait_until(PATIENCE, "the second jump", || said(&terminal).matches("going to").count() == 2);
    terminal.send("\x03");
    assert_eq!(terminal.wait_exit(SOON).status.code(), Some(0));
    terminal.assert_line_modes_restored();
    let output = piped(&[path.to_str().unwrap()], "Gp");
    let lines = String::from_utf8(output.stdout).unwrap();
    let at = |text: &str| lines.find(text).unwrap_or_else(|| panic!("{text} in {lines}"));
    assert!(at("going to t = 199999") < at("t = 199999  ") && at("t = 199999  ") < at("t = 199998"), "{lines}");
}
