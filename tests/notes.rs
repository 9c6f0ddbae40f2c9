//! `celda notes` beside the stepper, each in a pseudo-terminal of its own: it follows, it lists, it delays nothing.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "not every test that shares this module needs all of it")]
mod pty;

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::notice::Notice;
use celda::app::request::Request;
use celda::app::settings::Settings;
use celda::app::state::State;
use celda::cli::reach;
use celda::companion::host::Host;
use celda::companion::message;
use celda::scenario::load::{Origin, load};
use celda::terminal::{self, MouseReports, Outside, Waker};
use pty::{PATIENCE, Pace, Terminal, celda, control_sequences, wait_until};
use pty_process::blocking::Command;
use rustix::process::{Signal, geteuid};
use tempfile::TempDir;

/// How long an end may take.
const SOON: Duration = Duration::from_secs(1);

/// The length of a long note, of which a socket holds a few.
const NOTE: usize = 12_000;

/// A user with a runtime directory and a place for temporary files.
struct User {
    home: TempDir,
}

impl User {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for folder in ["runtime", "temporary"] {
            fs::create_dir(home.path().join(folder)).unwrap();
        }
        Self { home }
    }

    fn runtime(&self) -> PathBuf {
        self.home.path().join("runtime")
    }

    /// Where the sockets belong.
    fn folder(&self) -> PathBuf {
        self.runtime().join("celda")
    }

    /// Where they are without a runtime directory.
    fn temporary_folder(&self) -> PathBuf {
        self.home.path().join(format!("temporary/celda-{}", geteuid().as_raw()))
    }

    fn celda(&self, args: &[&str]) -> Command {
        let temporary = self.home.path().join("temporary");
        celda().args(args).env("XDG_RUNTIME_DIR", self.runtime()).env("TMPDIR", temporary).current_dir(self.home.path())
    }

    /// A shell of that user.
    fn shell(&self) -> Command {
        let temporary = self.home.path().join("temporary");
        pty::command("sh").env("XDG_RUNTIME_DIR", self.runtime()).env("TMPDIR", temporary).current_dir(self.home.path())
    }

    /// A stepper that can be followed.
    fn stepper(&self, args: &[&str]) -> Terminal {
        self.shown(self.celda(args))
    }

    fn shown(&self, command: Command) -> Terminal {
        let before = self.sockets().len();
        let terminal = Terminal::start(command);
        terminal.wait_for_frame(0);
        wait_until(PATIENCE, "a socket", || self.sockets().len() > before);
        terminal
    }

    /// Notes that follow.
    fn notes(&self, args: &[&str]) -> Terminal {
        let terminal = Terminal::start(self.celda(&[&["notes"], args].concat()));
        terminal.wait_for_frame(0);
        terminal
    }

    /// What notes that do not follow say, and their exit code.
    fn said(&self, args: &[&str]) -> (String, Option<i32>) {
        let mut terminal = Terminal::start_sized(self.celda(&[&["notes"], args].concat()), (200, 24));
        let exit = terminal.wait_exit(PATIENCE);
        assert!(control_sequences(&terminal.raw()).is_empty(), "it does not take the terminal over");
        (terminal.screen_text(), exit.status.code())
    }

    fn sockets(&self) -> Vec<PathBuf> {
        let folders = [self.folder(), self.temporary_folder()];
        let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "sock")).collect()
    }

    /// A scenario of many timesteps, each with a long note.
    fn long(&self, timesteps: usize) -> String {
        let rows: Vec<String> = (0..timesteps).map(|t| format!("[{}]", t % 7)).collect();
        let mut toml = format!("title = \"Long\"\n[input]\nrows = [{}]\n", rows.join(", "));
        toml += "[[layer]]\nkind = \"rnn\"\ninput_weights = [[0.3]]\nrecurrent_weights = [[0.5]]\n";
        let note = "What is to be said. ".repeat(NOTE / 20);
        for t in 0..timesteps {
            write!(toml, "[[note]]\nstep = {t}\ntext = \"{note}\"\n").unwrap();
        }
        let path = self.home.path().join("long.toml");
        fs::write(&path, toml).unwrap();
        path.display().to_string()
    }
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().mode() & 0o777
}

#[test]
fn the_notes_move_with_the_stepper_and_show_the_next_result() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let notes = user.notes(&[]);
    notes.wait_for("Ask the room: which number is carried to t = 1?");
    notes.wait_for("h(1) = ReLU(2·1 + 3·(-3) + (-0.1)·69) = ReLU(-13.9) = 0");
    stepper.send("n");
    notes.wait_for("Now · t = 1 · X(1)");
    notes.wait_for("Next · t = 2 · X(2)");
    notes.wait_for("Output 170");
    stepper.send("G");
    notes.wait_for("this is the last timestep");
    stepper.send("p");
    notes.wait_for("Next · t = 3 · X(3)");
}

#[test]
fn the_notes_move_with_the_lecture_from_one_scenario_to_another() {
    let user = User::new();
    let stepper = user.stepper(&["intro", "counter"]);
    let notes = user.notes(&["intro"]);
    stepper.send("n\x0f");
    stepper.wait_for("Counting");
    stepper.send("counter\r");
    notes.wait_for("Notes · Counting aⁿbⁿ");
    notes.wait_for("Now · t = 0 · a");
    assert!(user.said(&["intro"]).0.starts_with("celda: no stepper shows `intro`"));
    user.notes(&["counter"]);
}

#[test]
fn the_notes_are_in_the_language_of_their_terminal() {
    let user = User::new();
    let stepper = user.stepper(&["--lang", "en"]);
    let notes = user.notes(&["--lang", "es"]);
    notes.wait_for("Pregunta a la sala: ¿qué número se lleva a t = 1?");
    notes.send("L");
    notes.wait_for("Ask the room");
    assert!(stepper.screen_text().contains("step 1/4"));
}

#[test]
fn keys_of_the_notes_do_not_move_the_stepper() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let mut notes = user.notes(&[]);
    notes.send("nnn5nG");
    notes.send("q");
    assert_eq!(notes.wait_exit(PATIENCE).status.code(), Some(0));
    notes.assert_restored();
    assert!(stepper.screen_text().contains("step 1/4"));
}

#[test]
fn what_has_no_room_is_scrolled_to() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    let notes = Terminal::start_sized(user.celda(&["notes"]), (40, 12));
    notes.wait_for("Now · t = 0 · X(0) · 1-4/");
    notes.send("\x1b[Bj");
    notes.wait_for("Now · t = 0 · X(0) · 3-6/");
    notes.send("\x1b[A");
    notes.wait_for("Now · t = 0 · X(0) · 2-5/");
}

#[test]
fn the_clock_goes_on_while_nothing_happens() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    let notes = user.notes(&[]);
    notes.wait_for("+00:02");
    let before = notes.frames();
    thread::sleep(Duration::from_secs(3));
    let frames = notes.frames() - before;
    assert!((2..=4).contains(&frames), "{frames} frames in three seconds");
}

#[test]
fn the_notes_end_with_the_stepper() {
    for end in [Signal::KILL, Signal::TERM] {
        let user = User::new();
        let mut stepper = user.stepper(&[]);
        let mut notes = user.notes(&[]);
        stepper.signal(end);
        stepper.wait_exit(PATIENCE);
        let exit = notes.wait_exit(PATIENCE);
        notes.assert_restored();
        assert_eq!(exit.status.code(), Some(0));
        assert!(notes.screen_text().contains("celda: the stepper has ended"), "{}", notes.screen_text());
    }
}

#[test]
fn a_signal_or_a_hang_up_ends_the_notes_alone() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let mut notes = user.notes(&[]);
    notes.signal(Signal::TERM);
    assert_eq!(notes.wait_exit(PATIENCE).status.signal(), Some(Signal::TERM.as_raw()));
    notes.assert_restored();
    let mut notes = user.notes(&[]);
    notes.hang_up();
    assert_eq!(notes.wait_exit(PATIENCE).status.signal(), Some(Signal::HUP.as_raw()));
    stepper.press("n");
    user.notes(&[]).wait_for("Now · t = 1");
}

#[test]
fn every_signal_to_end_gives_the_terminal_of_the_notes_back_after_half_a_key_too() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut notes = user.notes(&[]);
        notes.send("\x1b[");
        notes.wait_for_rest();
        notes.signal(signal);
        assert_eq!(notes.wait_exit(SOON).status.signal(), Some(signal.as_raw()));
        notes.assert_restored();
    }
}

#[test]
fn a_hang_up_ends_the_notes_without_spinning_where_its_signal_is_ignored() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    let deaf = ["-c", "trap '' HUP; exec \"$CELDA\" notes"];
    let as_user = user.shell().args(deaf).env("CELDA", env!("CARGO_BIN_EXE_celda"));
    let mut notes = Terminal::start(as_user);
    notes.wait_for("Now · t = 0");
    let before = notes.cpu_time();
    notes.hang_up();
    let cpu = notes.wait_exit(SOON).cpu.saturating_sub(before);
    assert!(cpu < Duration::from_millis(200), "{cpu:?} computed");
}

#[test]
fn the_notes_are_the_newest_after_a_stall_and_can_be_left_then() {
    let user = User::new();
    let long = user.long(100);
    let stepper = user.stepper(&[&long]);
    let mut notes = user.notes(&[]);
    notes.wait_for("Now · t = 0");
    let frames = notes.frames();
    notes.set_pace(Pace::Stalled);
    for _ in 0..60 {
        stepper.press("n");
        notes.send("\x0c");
    }
    notes.set_pace(Pace::Full);
    notes.wait_for("Now · t = 60 ");
    let drawn = notes.frames() - frames;
    assert!(drawn < 30, "{drawn} frames, of which a terminal holds a few");
    notes.send("q");
    assert_eq!(notes.wait_exit(SOON).status.code(), Some(0));
    notes.assert_restored();
}

#[test]
fn the_notes_can_be_suspended_and_are_the_newest_after_it() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let shell = user.shell().arg("-i").env("PS1", "> ").env("CELDA", env!("CARGO_BIN_EXE_celda"));
    let terminal = Terminal::start(shell);
    terminal.wait_for(">");
    terminal.send("before=$(stty -g); \"$CELDA\" notes\r");
    terminal.wait_for("Now · t = 0");
    terminal.send("\x1a");
    wait_until(PATIENCE, "the shell's screen", || !terminal.is_alternate_screen());
    terminal.send("[ \"$before\" = \"$(stty -g)\" ] && echo line is ba''ck\r");
    terminal.wait_for("line is back");
    stepper.press("n");
    terminal.send("fg\r");
    terminal.wait_for("Now · t = 1");
}

#[test]
fn the_socket_goes_with_the_stepper() {
    let user = User::new();
    let mut stepper = user.stepper(&[]);
    stepper.send("q");
    stepper.wait_exit(PATIENCE);
    assert!(user.sockets().is_empty());
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut stepper = user.stepper(&[]);
        stepper.signal(signal);
        stepper.wait_exit(PATIENCE);
        assert!(user.sockets().is_empty(), "{signal:?}");
    }
    let mut stepper = user.stepper(&[]);
    stepper.hang_up();
    stepper.wait_exit(PATIENCE);
    assert!(user.sockets().is_empty(), "a hang-up");
}

#[test]
fn several_steppers_are_listed_and_one_is_chosen_by_its_scenario_or_its_number() {
    let user = User::new();
    let long = user.long(3);
    let steppers = [user.stepper(&["intro"]), user.stepper(&["counter", "--at", "2"]), user.stepper(&["long.toml"])];
    let (list, code) = user.said(&[]);
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = list.lines().collect();
    let expected = [("intro", 0, "One recurrent cell"), ("counter", 2, "Counting aⁿbⁿ"), ("long.toml", 0, "Long")];
    for ((name, t, title), stepper) in expected.into_iter().zip(&steppers) {
        let line = lines.iter().find(|line| line.starts_with(name)).unwrap();
        let parts = [format!("  {}  since ", stepper.pid()), format!("  t = {t}  {title}")];
        assert!(parts.iter().all(|part| line.contains(part)), "{list}");
    }
    assert!(list.ends_with("celda: choose one by its scenario or its number: celda notes SCENARIO"), "{list}");
    user.notes(&["counter"]).wait_for("Now · t = 2 · a");
    user.notes(&[&long]).wait_for("Notes · Long");
    user.notes(&["./long.toml"]).wait_for("Notes · Long");
    user.notes(&[&steppers[0].pid().to_string()]).wait_for("Notes · One recurrent cell");
    Terminal::start(user.celda(&["notes", "long.toml"]).current_dir("/")).wait_for("Notes · Long");
}

#[test]
fn what_cannot_be_followed_is_said_and_what_to_do() {
    let user = User::new();
    let none = "celda: no stepper is running; open one in another terminal: celda SCENARIO";
    assert_eq!(user.said(&[]), (none.to_owned(), Some(1)));
    assert_eq!(user.said(&["intro"]), (none.to_owned(), Some(1)));
    let _stepper = user.stepper(&["intro"]);
    let (said, code) = user.said(&["counter"]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("celda: no stepper shows `counter`; these are running:\nintro"), "{said}");
    let _another = user.stepper(&["intro"]);
    let (said, code) = user.said(&["intro"]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("celda: several steppers show `intro`; choose one by its number:\nintro"), "{said}");
}

#[test]
fn without_a_terminal_it_lists() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let (list, code) = {
        let mut terminal = Terminal::start_sized(user.celda(&["notes"]).env("TERM", "dumb"), (200, 24));
        let exit = terminal.wait_exit(PATIENCE);
        (terminal.screen_text(), exit.status.code())
    };
    assert_eq!(code, Some(0));
    assert!(list.starts_with("intro") && list.contains(&stepper.pid().to_string()), "{list}");
}

#[test]
fn what_a_killed_stepper_leaves_is_removed() {
    let user = User::new();
    let mut killed = user.stepper(&[]);
    killed.signal(Signal::KILL);
    killed.wait_exit(PATIENCE);
    assert_eq!(user.sockets().len(), 1);
    assert_eq!(user.said(&[]).1, Some(1));
    assert!(user.sockets().is_empty());
}

#[test]
fn nobody_else_can_read_along() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    assert_eq!(mode(&user.folder()), 0o700);
    assert_eq!(mode(&user.sockets()[0]), 0o600);
}

#[test]
fn a_folder_that_is_open_to_others_or_a_link_is_not_used() {
    let open = User::new();
    fs::create_dir(open.folder()).unwrap();
    fs::set_permissions(open.folder(), Permissions::from_mode(0o770)).unwrap();
    let linked = User::new();
    fs::create_dir(linked.home.path().join("elsewhere")).unwrap();
    fs::set_permissions(linked.home.path().join("elsewhere"), Permissions::from_mode(0o700)).unwrap();
    symlink(linked.home.path().join("elsewhere"), linked.folder()).unwrap();
    for user in [open, linked] {
        let _stepper = user.stepper(&[]);
        assert_eq!(mode(&user.temporary_folder()), 0o700);
        assert!(user.sockets()[0].starts_with(user.temporary_folder()));
        user.notes(&[]).wait_for("Now · t = 0");
    }
}

#[test]
fn what_is_among_the_sockets_and_is_none_is_neither_followed_nor_removed() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    let elsewhere = user.home.path().join("elsewhere.sock");
    let _other = UnixListener::bind(&elsewhere).unwrap();
    symlink(&elsewhere, user.folder().join("1.sock")).unwrap();
    symlink("gone", user.folder().join("2.sock")).unwrap();
    fs::write(user.folder().join("3.sock"), "mine").unwrap();
    let notes = user.notes(&[]);
    notes.wait_for("Now · t = 0");
    assert_eq!(user.sockets().len(), 4);
    assert_eq!(fs::read_to_string(user.folder().join("3.sock")).unwrap(), "mine");
}

#[test]
fn where_there_is_no_place_for_a_socket_the_stepper_goes_on_without() {
    let user = User::new();
    let nowhere = user.home.path().join("nowhere");
    let stepper = Terminal::start(user.celda(&[]).env("XDG_RUNTIME_DIR", &nowhere).env("TMPDIR", &nowhere));
    stepper.wait_for_frame(0);
    stepper.send("n");
    stepper.wait_for("step 2/4");
    assert!(user.sockets().is_empty() && !nowhere.exists());
}

#[test]
fn a_follower_that_reads_nothing_delays_nothing_and_then_hears_the_newest_alone() {
    const STEPS: usize = 60;
    let user = User::new();
    let stepper = user.stepper(&[&user.long(STEPS + 1)]);
    let stuck = UnixStream::connect(&user.sockets()[0]).unwrap();
    let followed = user.notes(&[]);
    for t in 1..=STEPS {
        stepper.send("n");
        followed.wait_for(&format!("Now · t = {t} "));
    }
    let mut lines = BufReader::new(stuck);
    let mut heard = Vec::new();
    while heard.last() != Some(&STEPS) {
        heard.push(message::read(&mut lines).unwrap().unwrap().now.t);
    }
    assert!(heard.is_sorted() && heard.len() < STEPS / 2, "{heard:?}");
}

#[test]
fn a_follower_that_talks_or_leaves_disturbs_nothing() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let mut talking = UnixStream::connect(&user.sockets()[0]).unwrap();
    talking.write_all(&[b'x'; 4096]).unwrap();
    for _ in 0..50 {
        drop(UnixStream::connect(&user.sockets()[0]).unwrap());
    }
    stepper.press("n");
    user.notes(&[]).wait_for("Now · t = 1");
    let before = stepper.cpu_time();
    thread::sleep(Duration::from_secs(1));
    assert!(stepper.cpu_time() - before < Duration::from_millis(100), "it rests");
}

/// A world outside that breaks once somebody follows.
struct Breaks(Option<Host>);

impl Outside for Breaks {
    fn carry_out(&mut self, _: Request, _: &mut Lecture, _: (u16, u16)) -> Option<Notice> {
        None
    }

    fn begin(&mut self, _: &mut Lecture, waker: Waker) {
        self.0 = Host::start(move || waker.wake()).ok();
    }

    fn shown(&mut self, _: &mut Lecture) {
        panic!("it broke");
    }
}

#[test]
#[ignore = "a program for a pseudo-terminal, not a test"]
fn program_that_breaks_once_it_is_followed() {
    let state = State::new(load("intro", reach(false)).unwrap().scenario, Settings::default());
    let opened = Opened { name: "intro".into(), origin: Origin::BuiltIn, group: Group::BuiltIn, state };
    terminal::run(&mut Lecture::new(opened, Vec::new()), &mut Breaks(None), MouseReports::Off).unwrap();
}

#[test]
fn the_socket_goes_with_a_panic_too() {
    let user = User::new();
    let itself = pty::command(std::env::current_exe().unwrap()).env("XDG_RUNTIME_DIR", user.runtime());
    let program = ["program_that_breaks_once_it_is_followed", "--exact", "--ignored", "--nocapture", "--color=never"];
    let mut stepper = user.shown(itself.args(program));
    let _follower = UnixStream::connect(&user.sockets()[0]).unwrap();
    let exit = stepper.wait_exit(PATIENCE);
    stepper.assert_restored();
    assert!(stepper.screen_text().contains("it broke"));
    assert_eq!((exit.status.code(), user.sockets().len()), (Some(3), 0));
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_on_the_threads_that_tell_hear_and_draw_restores_the_terminal_and_is_reported() {
    let user = User::new();
    let mut told = user.shown(user.celda(&[]).env("CELDA_PANIC", "followers"));
    let _follower = UnixStream::connect(&user.sockets()[0]).unwrap();
    assert_eq!(told.wait_exit(PATIENCE).status.code(), Some(3));
    told.assert_restored();
    assert!(told.screen_text().contains("injected into the thread followers"), "{}", told.screen_text());
    assert!(user.sockets().is_empty());
    let stepper = user.stepper(&[]);
    for thread in ["stepper", "main"] {
        let mut notes = Terminal::start(user.celda(&["notes"]).env("CELDA_PANIC", thread));
        notes.wait_for("Now · ");
        stepper.press("n");
        notes.send("j");
        assert_eq!(notes.wait_exit(PATIENCE).status.code(), Some(3));
        notes.assert_restored();
        assert!(notes.screen_text().contains(&format!("injected into the thread {thread}")), "{}", notes.screen_text());
    }
}

/// Something that pretends to be a stepper, and says one line to everybody.
fn impostor(user: &User, line: &[u8]) {
    fs::create_dir(user.folder()).unwrap();
    fs::set_permissions(user.folder(), Permissions::from_mode(0o700)).unwrap();
    let listener = UnixListener::bind(user.folder().join("1.sock")).unwrap();
    let line = line.to_vec();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // Who has heard enough goes.
            let _ = stream.unwrap().write_all(&line);
        }
    });
}

#[test]
fn what_is_no_stepper_is_not_followed() {
    let nonsense = "celda: what the stepper says cannot be understood";
    let endless = vec![b'{'; message::LONGEST + 1];
    let other = "celda: the stepper speaks celda.notes/2, these notes celda.notes/1; start both with the same version of celda";
    let lines: [(&[u8], &str); 4] = [
        (b"hello\n", nonsense),
        (b"\x1b[31m\xff\n", nonsense),
        (&endless, nonsense),
        (br#"{"format":"celda.notes/2","position":{}}"#, other),
    ];
    for (line, said) in lines {
        let user = User::new();
        impostor(&user, &[line, b"\n"].concat());
        let (shown, code) = user.said(&[]);
        assert!(shown.starts_with(said), "{shown}");
        assert_eq!(code, Some(1));
    }
}

#[test]
fn a_stepper_that_is_stopped_is_said_not_to_answer() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    stepper.signal(Signal::STOP);
    let (said, code) = user.said(&[]);
    stepper.signal(Signal::CONT);
    assert!(said.starts_with("celda: a stepper does not answer"), "{said}");
    assert_eq!(code, Some(1));
}

#[test]
fn the_notes_are_ascii_and_without_colour_where_that_is_wanted() {
    let user = User::new();
    let stepper = user.stepper(&[]);
    let notes = Terminal::start(user.celda(&["notes", "--ascii", "--lang", "es"]).env("NO_COLOR", "1"));
    notes.wait_for("Ahora - t = 0");
    stepper.send("n");
    notes.wait_for("Ahora - t = 1");
    assert!(notes.raw().is_ascii());
    let styles = control_sequences(&notes.raw()).into_iter().filter(|(_, end)| *end == b'm');
    let colours: Vec<String> =
        styles.map(|(style, _)| style).filter(|style| style.contains('3') || style.contains('9')).collect();
    assert_eq!(colours, [""; 0]);
}

#[test]
fn the_notes_survive_odd_sizes_and_many_of_them() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    let notes = user.notes(&[]);
    for size in [(0, 0), (1, 1), (1, 200), (200, 1), (20, 5), (500, 500), pty::SIZE] {
        let before = notes.frames();
        notes.resize(size);
        notes.wait_for_frame(before);
    }
    notes.wait_for("Now · t = 0");
    let (before, start) = (notes.frames(), Instant::now());
    pty::resize_200_times_in_a_second(&notes);
    notes.wait_for_rest();
    notes.wait_for("Now · t = 0");
    // The clock goes on meanwhile.
    let (repaints, seconds) = (notes.frames() - before, start.elapsed().as_secs() as usize + 1);
    assert!(repaints <= 30 + seconds, "{repaints} repaints in {seconds} s");
}

#[test]
fn one_line_is_heard_whole() {
    let user = User::new();
    let _stepper = user.stepper(&[]);
    let mut line = String::new();
    BufReader::new(UnixStream::connect(&user.sockets()[0]).unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with(r#"{"format":"celda.notes/1","position":{"pid":"#), "{line}");
    assert_eq!(message::parse(line.as_bytes()).unwrap().name, "intro");
}
