//! The stepper over SSH: it shows what it shows here, hears what is told over there, and ends with the connection.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;

use crate::pty::{self, Terminal, control_sequences, cpu_time, wait_until};
use crate::sshd::Sshd;
use crate::{PATIENCE, SHOWN, SMALL, SOON, Shown, assert_same, celda, frame, needed};

/// What a stepper may compute while its connection ends.
const LITTLE_CPU: Duration = Duration::from_millis(200);

/// Keys that change the screen, by what a terminal sends for them: right, page down, down, up, page up, `Z`, `z`, `?`, `?`.
const KEYS: [&str; 9] = ["\x1b[C", "\x1b[6~", "\x1b[B", "\x1b[A", "\x1b[5~", "Z", "z", "?", "?"];

/// The deepest of the ways in which some output names colours.
fn deepest_colours(output: &[u8]) -> &'static str {
    let sequences = control_sequences(output).into_iter();
    let styles: Vec<String> = sequences.filter(|(_, end)| *end == b'm').map(|(style, _)| style).collect();
    let depths = [("8;2;", "true"), ("8;5;", "indexed"), ("3", "sixteen")];
    let deepest = depths.into_iter().find(|(mark, _)| styles.iter().any(|style| style.contains(mark)));
    deepest.map_or("none", |(_, depth)| depth)
}

#[test]
fn it_shows_over_ssh_what_it_shows_here() {
    let Some(server) = needed(Sshd::start()) else { return };
    for Shown { scenario, size, other } in SHOWN {
        let mut there = server.connect(size, &[], &format!("exec {}", celda(scenario)));
        let here = Terminal::start_sized(pty::celda().arg(scenario), size);
        there.wait_for_screen(PATIENCE, &frame(scenario, size, ""));
        assert_same(&there, &here);
        for key in KEYS {
            there.send(key);
            here.press(key);
            assert_same(&there, &here);
        }
        there.resize(other);
        let fresh = Terminal::start_sized(pty::celda().arg(scenario), other);
        KEYS.iter().for_each(|key| fresh.press(key));
        assert_same(&there, &fresh);
        there.write_over("what another program wrote");
        there.send("\x0c");
        assert_same(&there, &fresh);
        there.send("q");
        let exit = there.wait_exit(PATIENCE);
        assert_eq!(exit.status.code(), Some(0));
        there.assert_restored();
        assert_eq!(there.screen_text(), "", "nothing is left on the main screen");
    }
}

/// Whose end breaks the connection.
#[derive(Clone, Copy, Debug)]
enum Breaks {
    Client,
    Server,
}

#[test]
fn a_dropped_connection_leaves_no_process_and_no_cpu() {
    let Some(server) = needed(Sshd::start()) else { return };
    let ignored = format!("trap '' HUP; exec {}", celda("intro"));
    let under_a_shell = format!("trap '' HUP; {}; exit 0", celda("intro"));
    for breaks in [Breaks::Client, Breaks::Server] {
        // The first plays as fast as it can, and is amid a frame more often than not.
        let lines = [(format!("exec {}", celda("intro")), "a++++"), (ignored.clone(), ""), (under_a_shell.clone(), "")];
        let terminals = lines.map(|(line, keys)| {
            let terminal = server.connect(SMALL, &[], &format!("exec sh -c \"{line}\""));
            terminal.wait_for_screen(PATIENCE, &frame("intro", SMALL, ""));
            terminal.send(keys);
            terminal
        });
        let steppers = server.home.steppers();
        assert_eq!(steppers.len(), terminals.len());
        let before: Vec<Duration> = steppers.iter().map(|pid| cpu_time(*pid).unwrap()).collect();
        match breaks {
            Breaks::Client => terminals.iter().for_each(|terminal| terminal.signal(Signal::KILL)),
            Breaks::Server => server.drop_connections(),
        }
        let mut last = before.clone();
        wait_until(SOON, &format!("no stepper left after the end of the {breaks:?}"), || {
            for (pid, last) in steppers.iter().zip(&mut last) {
                *last = cpu_time(*pid).unwrap_or(*last);
            }
            server.home.steppers().is_empty()
        });
        for (last, before) in last.iter().zip(before) {
            assert!(
                last.saturating_sub(before) < LITTLE_CPU,
                "{last:?} computed, {before:?} of it before the end of the {breaks:?}"
            );
        }
    }
}

#[test]
fn language_and_colours_are_those_ssh_forwards() {
    let Some(server) = needed(Sshd::start()) else { return };
    let connect = |variables: &[(&str, &str)]| server.connect(SMALL, variables, &celda("intro"));
    let terminals = [
        (connect(&[("LANG", "es_ES.UTF-8"), ("TERM", "screen")]), "paso 1/4", "sixteen"),
        // The client forwards TERM, but neither COLORTERM nor NO_COLOR.
        (connect(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]), "step 1/4", "indexed"),
        (connect(&[("TERM", "xterm-direct"), ("COLORTERM", "24bit"), ("LANG", "C")]), "step 1/4", "sixteen"),
        (connect(&[("LANG", "es_ES.UTF-8"), ("LC_MESSAGES", "en_US.UTF-8")]), "step 1/4", "indexed"),
    ];
    for (terminal, text, depth) in &terminals {
        terminal.wait_for_within(PATIENCE, text);
        assert_eq!(deepest_colours(&terminal.raw()), *depth, "{}", terminal.screen_text());
    }
}

#[test]
fn without_a_screen_at_the_other_end_it_prints_the_trace() {
    let Some(server) = needed(Sshd::start()) else { return };
    let mut dumb = server.connect(SMALL, &[("TERM", "dumb")], &celda("intro"));
    let piped = server.ssh().arg(celda("intro")).stdin(Stdio::null()).output().unwrap();
    assert_eq!(dumb.wait_exit(PATIENCE).status.code(), Some(0));
    let piped = String::from_utf8(piped.stdout).unwrap();
    let [dumb, piped] = [String::from_utf8(dumb.raw()).unwrap().replace('\r', ""), piped];
    assert!(piped.contains("ReLU(2·1 + 3·(-3) + (-0.1)·69) = ReLU(-13.9) = 0") && !piped.contains('\x1b'), "{piped}");
    assert_eq!(dumb, piped);
}

#[test]
fn edits_that_a_lost_connection_left_are_offered_at_the_next() {
    let Some(server) = needed(Sshd::start()) else { return };
    let connect = || {
        let terminal = server.connect(SMALL, &[], &celda("intro"));
        terminal.wait_for_within(PATIENCE, "step 1/4");
        terminal
    };
    let lost = connect();
    lost.send("e4\r");
    lost.wait_for_within(PATIENCE, "✎ edited");
    lost.signal(Signal::KILL);
    wait_until(SOON, "no stepper left", || server.home.steppers().is_empty());
    let next = connect();
    next.wait_for_within(PATIENCE, "take over the edit of an earlier run?");
    next.send("y");
    next.wait_for_within(PATIENCE, "✎ edited");
}

#[test]
fn the_lecturers_screen_follows_over_another_connection() {
    let Some(server) = needed(Sshd::start()) else { return };
    let stepper = server.connect(SMALL, &[], &celda("intro"));
    stepper.wait_for_within(PATIENCE, "step 1/4");
    let notes = server.connect(SMALL, &[], &celda("notes"));
    notes.wait_for_within(PATIENCE, "Now · t = 0 · X(0)");
    stepper.send("n");
    notes.wait_for_within(PATIENCE, "Now · t = 1 · X(1)");
}

#[test]
fn the_suspend_key_does_nothing_where_no_shell_waits_for_jobs() {
    let Some(server) = needed(Sshd::start()) else { return };
    for line in [format!("exec {}", celda("intro")), format!("{}; exit", celda("intro"))] {
        let terminal = server.connect(SMALL, &[], &line);
        terminal.wait_for_screen(PATIENCE, &frame("intro", SMALL, ""));
        terminal.send("\x1an");
        terminal.wait_for_screen(PATIENCE, &frame("intro", SMALL, "n"));
    }
}
