//! The stepper in tmux and in GNU screen, here and over SSH: its frames, its keys, detached and attached again, killed.

use std::fs;
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::home::Home;
use crate::pty::{self, Terminal, styled_text, wait_until};
use crate::sshd::Sshd;
use crate::{PATIENCE, SHOWN, SMALL, SOON, Shown, Size, assert_same, celda, find, frame, needed, output};

/// What is typed, and the keys it means: steps, zooms, the help, large text, the veil.
const KEYS: [(&str, &str); 13] = [
    ("\x1b[C", "right"),
    ("\x1b[6~", "pgdn"),
    ("\x1b[B", "down"),
    ("\x1b[A", "up"),
    ("Z", "Z"),
    ("Z", "Z"),
    ("?", "?"),
    ("?", "?"),
    ("F", "F"),
    ("F", "F"),
    ("\x1b[5~", "pgup"),
    ("v", "v"),
    ("\x0c", "C-l"),
];

/// A program that keeps a terminal when its user goes away.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Multiplexer {
    Tmux,
    Screen,
}

use Multiplexer::{Screen, Tmux};

/// How its user gets to it.
enum Route {
    Here(Home),
    OverSsh(Sshd),
}

impl Route {
    fn home(&self) -> &Home {
        match self {
            Self::Here(home) => home,
            Self::OverSsh(server) => &server.home,
        }
    }

    /// Runs a line of a shell in a terminal.
    fn run(&self, size: Size, line: &str) -> Terminal {
        match self {
            Self::Here(home) => Terminal::start_sized(home.command("sh").args(["-c", line]), size),
            Self::OverSsh(server) => server.connect(size, &[], line),
        }
    }
}

impl Multiplexer {
    const fn program(self) -> &'static str {
        match self {
            Tmux => "tmux",
            Screen => "screen",
        }
    }

    /// What the stepper is to take its terminal for.
    const fn term(self) -> &'static str {
        match self {
            Tmux => "tmux-256color",
            Screen => "screen-256color",
        }
    }

    /// Its command, with what it is configured by; nothing on the screen is its own.
    fn line(self, home: &Path) -> String {
        let (path, home) = (home.join("configuration"), home.display());
        match self {
            Tmux => {
                fs::write(&path, format!("set -g status off\nset -g default-terminal {}\n", self.term())).unwrap();
                format!("tmux -f {home}/configuration")
            }
            Screen => {
                fs::write(&path, format!("startup_message off\ndefutf8 on\nterm {}\n", self.term())).unwrap();
                format!("screen -U -c {home}/configuration")
            }
        }
    }

    /// Has it do something in the only session there is.
    fn command(self, home: &Home, words: &[&str]) -> String {
        let mut command = Command::new(self.program());
        if self == Screen {
            command.args(["-S", "lecture"]);
        }
        output(command.args(words).env_remove("TMUX").env("LANG", "C.UTF-8").envs(home.variables()))
    }

    /// Waits until its own copy of the screen is this frame: what is drawn again looks the same before and after.
    fn wait_for_copy(self, home: &Home, size: Size, here: &Terminal, frame: &str) {
        let is_same = || match self {
            Tmux => {
                let copy = self.command(home, &["capture-pane", "-p", "-e"]);
                let side = |cells| NonZeroU16::new(cells).unwrap();
                let mut emulator = vt100::Parser::new(side(size.1), side(size.0), 0);
                emulator.process(copy.trim_end_matches('\n').replace('\n', "\r\n").as_bytes());
                styled_text(emulator.screen()) == here.styled_text()
            }
            Screen => {
                let path = home.path().join("hardcopy");
                // An earlier one would be mistaken for it.
                let _ = fs::remove_file(&path);
                self.command(home, &["-X", "hardcopy", path.to_str().unwrap()]);
                // Of each character it writes the last byte.
                let rows = || fs::read(&path).unwrap_or_default();
                let is_written = || rows().iter().filter(|byte| **byte == b'\n').count() >= size.1.into();
                wait_until(PATIENCE, "a hardcopy", is_written);
                let text: Vec<u8> = frame.chars().map(|character| character as u32 as u8).collect();
                rows().trim_ascii_end() == text
            }
        };
        wait_until(PATIENCE, &format!("the copy that {} has:\n{frame}", self.program()), is_same);
    }
}

/// Steps in a session, leaves it, comes back, and ends it.
fn assert_works(multiplexer: Multiplexer, route: &Route, Shown { scenario, size, other }: Shown) {
    let (home, line) = (route.home(), multiplexer.line(route.home().path()));
    let here = Terminal::start_sized(pty::celda().arg(scenario).env("TERM", multiplexer.term()), size);
    // The hang-up signal is ignored, as some set their sessions up.
    let script = home.path().join("script");
    fs::write(&script, format!("trap '' HUP\nexec {}\n", celda(scenario))).unwrap();
    let (new, again) = match multiplexer {
        Tmux => ("new-session", "attach"),
        Screen => ("-S lecture", "-d -r lecture"),
    };
    let mut attached = route.run(size, &format!("exec {line} {new} sh {}", script.display()));
    attached.wait_for_screen(PATIENCE, &frame(scenario, size, ""));
    for (key, _) in KEYS {
        attached.send(key);
        here.press(key);
        assert_same(&attached, &here);
    }
    let named = KEYS.map(|(_, name)| name).join(",");
    let shown = frame(scenario, size, &named);
    multiplexer.wait_for_copy(home, size, &here, &shown);

    attached.resize(other);
    attached.wait_for_screen(PATIENCE, &frame(scenario, other, &named));
    attached.resize(size);
    attached.wait_for_screen(PATIENCE, &shown);

    match (route, multiplexer) {
        // A connection that drops leaves the session as it is.
        (Route::OverSsh(_), _) => attached.signal(Signal::KILL),
        (_, Tmux) => drop(multiplexer.command(home, &["detach-client"])),
        (_, Screen) => drop(multiplexer.command(home, &["-d"])),
    }
    attached.wait_exit(PATIENCE);
    let attached = route.run(size, &format!("exec {line} {again}"));
    assert_same(&attached, &here);
    for terminal in [&attached, &here] {
        terminal.send("p");
    }
    attached.wait_for_screen(PATIENCE, &frame(scenario, size, &format!("{named},p")));
    assert_same(&attached, &here);

    assert_eq!(home.steppers().len(), 1);
    match multiplexer {
        Tmux => multiplexer.command(home, &["kill-session"]),
        Screen => multiplexer.command(home, &["-X", "quit"]),
    };
    wait_until(SOON, "no stepper left", || home.steppers().is_empty());
}

fn assert_works_here(multiplexer: Multiplexer) {
    if needed(find(multiplexer.program())).is_some() {
        SHOWN.into_iter().for_each(|shown| assert_works(multiplexer, &Route::Here(Home::new()), shown));
    }
}

fn assert_works_over_ssh(multiplexer: Multiplexer) {
    let Some(server) = needed(find(multiplexer.program()).and_then(|_| Sshd::start())) else { return };
    let route = Route::OverSsh(server);
    SHOWN.into_iter().for_each(|shown| assert_works(multiplexer, &route, shown));
}

#[test]
fn it_works_in_tmux() {
    assert_works_here(Tmux);
}

#[test]
fn it_works_in_screen() {
    assert_works_here(Screen);
}

#[test]
fn it_works_in_tmux_over_ssh() {
    assert_works_over_ssh(Tmux);
}

#[test]
fn it_works_in_screen_over_ssh() {
    assert_works_over_ssh(Screen);
}

#[test]
fn where_there_is_one_screen_alone_the_prompt_comes_back_at_its_top() {
    if needed(find(Screen.program())).is_none() {
        return;
    }
    let route = Route::Here(Home::new());
    let line = Screen.line(route.home().path());
    let script = route.home().path().join("script");
    fs::write(&script, format!("echo before\n{}\necho after\nread line\n", celda("intro"))).unwrap();
    let attached = route.run(SMALL, &format!("exec {line} -S lecture sh {}", script.display()));
    attached.wait_for_screen(PATIENCE, &frame("intro", SMALL, ""));
    attached.send("q");
    attached.wait_for_screen(PATIENCE, "after");
}
