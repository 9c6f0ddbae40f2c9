//! A program under test in a pseudo-terminal, with a terminal emulator that reads what it writes.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pts, Pty};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use rustix::termios::{LocalModes, tcgetattr};

/// How long a test waits for what has no bound of its own.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Columns and rows, unless a test is about them.
pub const SIZE: (u16, u16) = (80, 24);

/// How often a condition is looked at again.
const PULSE: Duration = Duration::from_millis(10);

/// What Linux counts the time of a process in.
const TICK: Duration = Duration::from_millis(10);

/// What stands before and after a frame: a synchronized update.
const FRAME_BEGIN: &[u8] = b"\x1b[?2026h";
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// Held while a pseudo-terminal is opened and while a process starts: a master that another child inherits never hangs up.
static SPAWNING: Mutex<()> = Mutex::new(());

/// How fast the emulator takes what the program writes.
#[derive(Clone, Copy, PartialEq)]
pub enum Pace {
    Full,
    BytesPerSecond(usize),
    Stalled,
    /// The emulator is no more.
    Gone,
}

/// What came out of the pseudo-terminal.
struct Seen {
    raw: Vec<u8>,
    /// How many frames have ended.
    frames: usize,
    /// A frame has begun and not ended, so that a terminal would not show it yet.
    is_amid_frame: bool,
    emulator: vt100::Parser,
    pace: Pace,
}

impl Seen {
    /// The rows of the emulator, without the blanks at their ends.
    fn text(&self) -> String {
        let screen = self.emulator.screen();
        let rows: Vec<String> = screen.rows(0, screen.size().1.get()).map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }

    fn take(&mut self, bytes: &[u8]) {
        // A mark may arrive in halves.
        let new = self.raw.len().saturating_sub(FRAME_END.len() - 1);
        self.raw.extend_from_slice(bytes);
        for mark in self.raw[new..].windows(FRAME_END.len()) {
            match mark {
                FRAME_BEGIN => self.is_amid_frame = true,
                FRAME_END => {
                    self.is_amid_frame = false;
                    self.frames += 1;
                }
                _ => {}
            }
        }
        self.emulator.process(bytes);
    }
}

/// A program in a pseudo-terminal; it is killed at the end of the test.
pub struct Terminal {
    /// None after a hang-up.
    pty: Option<Arc<Pty>>,
    child: Child,
    modes_before: String,
    seen: Arc<Mutex<Seen>>,
    reader: Option<JoinHandle<()>>,
}

/// How a program ended.
pub struct Exit {
    pub status: ExitStatus,
    /// The time it spent computing, with the children it waited for.
    pub cpu: Duration,
}

/// A program with nothing of the caller's environment but where programs are found.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let command = Command::new(program).env_clear().env("PATH", path).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    // Where those that are killed leave their sockets.
    command.env("TMPDIR", env!("CARGO_TARGET_TMPDIR"))
}

/// The stepper.
pub fn celda() -> Command {
    command(env!("CARGO_BIN_EXE_celda"))
}

/// A pseudo-terminal of the usual size: the emulator's end, and the one for a program.
pub fn open() -> (Pty, OwnedFd) {
    let _alone = spawning();
    let (pty, pts) = open_sized(SIZE);
    (pty, pts.as_fd().try_clone_to_owned().unwrap())
}

/// The emulator's end never waits inside the system, where no limit of a test could end it.
fn open_sized((width, height): (u16, u16)) -> (Pty, Pts) {
    let (pty, pts) = pty_process::blocking::open().unwrap();
    ioctl_fionbio(&pty, true).unwrap();
    pty.resize(Size::new(height, width)).unwrap();
    (pty, pts)
}

/// Starts a program outside any pseudo-terminal.
pub fn spawn(command: &mut std::process::Command) -> io::Result<Child> {
    let _alone = spawning();
    command.spawn()
}

fn spawning() -> MutexGuard<'static, ()> {
    SPAWNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Looks until something holds, and says what did not within the limit.
pub fn wait_until(limit: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        thread::sleep(PULSE);
    }
}

/// Resizes a terminal 200 times in a second, the last time to the usual size. Who is late makes up for it: more time would be
/// room for more repaints.
pub fn resize_200_times_in_a_second(terminal: &Terminal) {
    const BETWEEN: Duration = Duration::from_millis(5);
    let start = Instant::now();
    for i in 1..=200_u16 {
        terminal.resize(if i == 200 { SIZE } else { (60 + i % 40, 20 + i % 10) });
        thread::sleep((BETWEEN * i.into()).saturating_sub(start.elapsed()));
    }
}

/// Whether a process is there and has not ended.
pub fn is_alive(pid: Pid) -> bool {
    stat(pid).is_some_and(|fields| fields[0] != "Z")
}

/// The fields of `/proc/PID/stat` from the third on, the state.
fn stat(pid: Pid) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}

/// The time a process spent computing, with the children it waited for.
pub fn cpu_time(pid: Pid) -> Option<Duration> {
    Some(stat(pid)?[11..15].iter().map(|ticks| TICK * ticks.parse::<u32>().unwrap()).sum())
}

/// The rows of a screen, every change of style marked where it is; what cannot be seen of a blank is left out.
pub fn styled_text(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let mut text = String::new();
    for row in 0..rows.get() {
        let mut before = None;
        for cell in (0..columns.get()).filter_map(|column| screen.cell(row, column)) {
            let is_blank = !cell.has_contents() || cell.contents() == " ";
            let letters = (!is_blank || cell.inverse()).then(|| (cell.fgcolor(), cell.bold(), cell.dim()));
            let style = (cell.bgcolor(), cell.underline(), cell.inverse(), letters);
            if before != Some(style) {
                write!(text, "⟨{style:?}⟩").unwrap();
                before = Some(style);
            }
            text.push_str(if is_blank { " " } else { cell.contents() });
        }
        text.push('\n');
    }
    text
}

/// A field of `/proc/PID/status`.
fn status_field<'s>(status: &'s str, name: &str) -> Option<&'s str> {
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":")).map(str::trim)
}

/// The control sequences `ESC [ … x` in some output, as parameters and last byte.
pub fn control_sequences(bytes: &[u8]) -> Vec<(String, u8)> {
    let text = String::from_utf8_lossy(bytes);
    text.split("\x1b[")
        .skip(1)
        .filter_map(|rest| {
            let (parameters, end) = rest.split_at(rest.find(|c: char| !"0123456789:;?".contains(c))?);
            Some((parameters.to_owned(), end.bytes().next()?))
        })
        .collect()
}

/// The modes some output switched, each with whether it is on in the end.
fn private_modes(bytes: &[u8]) -> BTreeMap<String, bool> {
    control_sequences(bytes)
        .into_iter()
        .filter(|(_, end)| matches!(end, b'h' | b'l'))
        .map(|(mode, end)| (mode, end == b'h'))
        .collect()
}

impl Terminal {
    /// Starts a program in a session of its own, the pseudo-terminal its controlling terminal.
    pub fn start(command: Command) -> Self {
        Self::start_sized(command, SIZE)
    }

    /// The same, with so many columns and rows.
    pub fn start_sized(command: Command, size: (u16, u16)) -> Self {
        Self::with(size, |pts| command.spawn(pts).unwrap())
    }

    /// Starts a program that has no controlling terminal, with the pseudo-terminal as its standard output.
    pub fn start_detached(program: &str) -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut command = std::process::Command::new("setsid");
        command.arg(program).env_clear().env("PATH", path).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        Self::with(SIZE, |pts| {
            let output = pts.as_fd().try_clone_to_owned().unwrap();
            let errors = output.try_clone().unwrap();
            command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn().unwrap()
        })
    }

    fn with(size: (u16, u16), spawn: impl FnOnce(Pts) -> Child) -> Self {
        let alone = spawning();
        let (pty, pts) = open_sized(size);
        let modes_before = terminal_modes(&pty);
        let child = spawn(pts);
        drop(alone);
        let pty = Arc::new(pty);
        let seen = Arc::new(Mutex::new(Seen {
            raw: Vec::new(),
            frames: 0,
            is_amid_frame: false,
            emulator: emulator(size),
            pace: Pace::Full,
        }));
        let reader = {
            let (pty, seen) = (Arc::clone(&pty), Arc::clone(&seen));
            thread::spawn(move || read_on(&pty, &seen))
        };
        Self { pty: Some(pty), child, modes_before, seen, reader: Some(reader) }
    }

    fn pty(&self) -> &Pty {
        self.pty.as_ref().unwrap()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// The process started.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Types bytes, as fast as the program takes them.
    pub fn send(&self, bytes: impl AsRef<[u8]>) {
        let (mut pty, mut rest) = (self.pty(), bytes.as_ref());
        let mut taken = Instant::now();
        while !rest.is_empty() {
            match pty.write(rest) {
                Ok(count) => {
                    rest = &rest[count..];
                    taken = Instant::now();
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    assert!(
                        taken.elapsed() < PATIENCE,
                        "{} bytes typed were not taken in {PATIENCE:?}; it is {}, and shows:\n{}",
                        rest.len(),
                        if is_alive(self.pid()) { "running" } else { "gone" },
                        self.screen_text()
                    );
                    is_ready(pty, PollFlags::OUT);
                }
                Err(error) => panic!("{} bytes could not be typed: {error}", rest.len()),
            }
        }
    }

    /// Types keys that change the screen, and waits for the frame they lead to.
    pub fn press(&self, keys: impl AsRef<[u8]>) {
        let before = self.frames();
        self.send(keys);
        self.wait_for_frame(before);
    }

    /// Sends the process a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Changes how fast the emulator reads.
    pub fn set_pace(&self, pace: Pace) {
        self.seen().pace = pace;
    }

    /// Changes the size of the emulator and of the pseudo-terminal.
    pub fn resize(&self, (width, height): (u16, u16)) {
        self.seen().emulator.set_size(side(height), side(width));
        self.pty().resize(Size::new(height, width)).unwrap();
    }

    /// Closes the emulator's end.
    pub fn hang_up(&mut self) {
        self.stop_reader();
        drop(self.pty.take().and_then(Arc::into_inner).unwrap());
    }

    fn stop_reader(&mut self) {
        self.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).pace = Pace::Gone;
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }

    /// All bytes the program wrote.
    pub fn raw(&self) -> Vec<u8> {
        self.seen().raw.clone()
    }

    /// How many bytes the program wrote.
    pub fn arrived(&self) -> usize {
        self.seen().raw.len()
    }

    /// How many frames the program drew.
    pub fn frames(&self) -> usize {
        self.seen().frames
    }

    /// Writes to the emulator as another program would.
    pub fn write_over(&self, bytes: impl AsRef<[u8]>) {
        self.seen().emulator.process(bytes.as_ref());
    }

    /// Waits for more frames than so many.
    pub fn wait_for_frame(&self, before: usize) {
        wait_until(PATIENCE, "a frame", || self.frames() > before);
    }

    /// What the emulator shows, without the blanks at the ends of its rows.
    pub fn screen_text(&self) -> String {
        self.seen().text()
    }

    /// The cell that shows a character, if one does.
    pub fn cell_with(&self, character: &str) -> Option<vt100::Cell> {
        let seen = self.seen();
        let screen = seen.emulator.screen();
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        cells.filter_map(|(row, column)| screen.cell(row, column)).find(|cell| cell.contents() == character).cloned()
    }

    /// Waits until the emulator shows some text, and the whole frame it is part of.
    pub fn wait_for(&self, text: &str) {
        self.wait_for_within(PATIENCE, text);
    }

    /// The same, for as long as that.
    pub fn wait_for_within(&self, limit: Duration, text: &str) {
        self.wait_for_text(limit, |shown| shown.contains(text), || format!("no `{text}` on the screen"));
    }

    /// Waits until the emulator shows exactly this screen.
    pub fn wait_for_screen(&self, limit: Duration, expected: &str) {
        self.wait_for_text(limit, |shown| shown == expected, || format!("expected:\n{expected}\n"));
    }

    /// Waits until a whole frame is as it should be, looking again when something arrived.
    fn wait_for_text(&self, limit: Duration, is_right: impl Fn(&str) -> bool, what: impl Fn() -> String) {
        let (start, mut looked_at) = (Instant::now(), None);
        loop {
            let seen = self.seen();
            if !seen.is_amid_frame && looked_at.replace(seen.raw.len()) != Some(seen.raw.len()) && is_right(&seen.text()) {
                return;
            }
            drop(seen);
            assert!(start.elapsed() < limit, "{}\nshown:\n{}", what(), self.screen_text());
            thread::sleep(PULSE);
        }
    }

    /// Whether the program shows its own screen.
    pub fn is_alternate_screen(&self) -> bool {
        self.seen().emulator.screen().alternate_screen()
    }

    /// Waits until the program has switched off the line mode of the terminal.
    pub fn wait_for_raw_mode(&self) {
        wait_until(PATIENCE, "raw mode", || !has_line_mode(self.pty()));
    }

    /// What the emulator shows, with every change of style marked where it is.
    pub fn styled_text(&self) -> String {
        styled_text(self.seen().emulator.screen())
    }

    /// The time the process spent computing, with the children it waited for.
    pub fn cpu_time(&self) -> Duration {
        cpu_time(self.pid()).unwrap()
    }

    /// The memory the process holds, in bytes.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        status_field(&status, "VmRSS").unwrap().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// How often the process has written anything anywhere.
    pub fn writes(&self) -> u64 {
        let io = fs::read_to_string(format!("/proc/{}/io", self.pid())).unwrap();
        io.lines().find_map(|line| line.strip_prefix("syscw: ")).unwrap().parse().unwrap()
    }

    /// How often the threads of the process have waited for something.
    pub fn waits(&self) -> u64 {
        let waits = |status: String| status_field(&status, "voluntary_ctxt_switches").and_then(|waits| waits.parse::<u64>().ok());
        self.threads().into_iter().filter_map(waits).sum()
    }

    /// What `/proc` says of each thread.
    fn threads(&self) -> Vec<String> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap();
        tasks.filter_map(|task| fs::read_to_string(task.unwrap().path().join("status")).ok()).collect()
    }

    /// Waits until all threads of the process wait and go on waiting.
    pub fn wait_for_rest(&self) {
        let is_waiting = |status: &String| status_field(status, "State").is_some_and(|state| state.starts_with('S'));
        let (mut before, mut looks) = (u64::MAX, 0);
        wait_until(PATIENCE, "rest", || {
            thread::sleep(PULSE * 10);
            let rests = self.threads().iter().all(is_waiting) && std::mem::replace(&mut before, self.waits()) == before;
            looks = if rests { looks + 1 } else { 0 };
            looks == 2
        });
    }

    /// Waits until the process has ended and all it wrote is read.
    pub fn wait_exit(&mut self, limit: Duration) -> Exit {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        let what = "the program ends";
        wait_until(limit, what, || waitid(WaitId::Pid(self.pid()), options).unwrap().is_some());
        let cpu = self.cpu_time();
        let status = self.child.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            wait_until(PATIENCE, "the end of its output", || reader.is_finished());
            reader.join().unwrap();
        }
        Exit { status, cpu }
    }

    /// Fails unless line discipline, screen, cursor, style and modes are as they were at the start.
    pub fn assert_restored(&self) {
        assert_eq!(terminal_modes(self.pty()), self.modes_before, "the modes of the line");
        let on: Vec<String> = private_modes(&self.raw()).into_iter().filter(|mode| mode.1).map(|mode| mode.0).collect();
        assert_eq!(on, ["?25"], "of the modes switched, the cursor alone is on");
        let seen = self.seen();
        let screen = seen.emulator.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor());
        assert!(!screen.bold() && !screen.underline() && !screen.inverse() && screen.fgcolor() == vt100::Color::Default);
    }

    /// Fails unless the modes of the line are as they were at the start.
    pub fn assert_line_modes_restored(&self) {
        assert_eq!(terminal_modes(self.pty()), self.modes_before);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.stop_reader();
    }
}

fn emulator((width, height): (u16, u16)) -> vt100::Parser {
    vt100::Parser::new(side(height), side(width), 0)
}

/// A side of the emulator, which has at least one cell.
fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap_or(NonZeroU16::MIN)
}

fn terminal_modes(pty: &Pty) -> String {
    format!("{:?}", tcgetattr(pty).unwrap())
}

fn has_line_mode(pty: &Pty) -> bool {
    tcgetattr(pty).unwrap().local_modes.contains(LocalModes::ICANON)
}

/// Feeds the emulator until the program's end is closed or the emulator is gone.
fn read_on(mut pty: &Pty, seen: &Mutex<Seen>) {
    let mut buffer = vec![0; 1 << 16];
    let mut budget = Budget { pace: Pace::Full, since: Instant::now(), taken: 0 };
    loop {
        let pace = seen.lock().unwrap().pace;
        if pace == Pace::Gone {
            return;
        }
        let most = budget.at(pace).min(buffer.len());
        if pace != Pace::Full {
            thread::sleep(PULSE);
        }
        if most == 0 || !is_ready(pty, PollFlags::IN) {
            continue;
        }
        let count = match pty.read(&mut buffer[..most]) {
            Ok(count @ 1..) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            _ => return,
        };
        budget.taken += count;
        seen.lock().unwrap().take(&buffer[..count]);
    }
}

/// What may be read at a pace, over the time since it was set: who is late makes up for it.
struct Budget {
    pace: Pace,
    since: Instant,
    taken: usize,
}

impl Budget {
    /// How many bytes may be read now.
    fn at(&mut self, pace: Pace) -> usize {
        if pace != self.pace {
            *self = Self { pace, since: Instant::now(), taken: 0 };
        }
        match pace {
            Pace::Full => usize::MAX,
            Pace::BytesPerSecond(bytes) => (self.since.elapsed().as_millis() as usize * bytes / 1000).saturating_sub(self.taken),
            Pace::Stalled | Pace::Gone => 0,
        }
    }
}

/// Waits a moment until bytes can go one way.
fn is_ready(pty: &Pty, way: PollFlags) -> bool {
    let mut fds = [PollFd::new(pty, way)];
    let pulse = Timespec { tv_sec: 0, tv_nsec: PULSE.subsec_nanos().into() };
    poll(&mut fds, Some(&pulse)).is_ok_and(|ready| ready > 0)
}
