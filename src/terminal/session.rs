//! The terminal taken over and given back: modes, alternate screen, and the one way bytes get to it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcgetwinsize, tcsetattr};

use super::Message;
use super::mailbox::Slot;
use super::ready::{self, Way};
use crate::app::settings::LARGEST_SCREEN;

/// Reports of the mouse: its buttons and wheel, not its motion, as crossterm asks for, and places as decimal numbers.
const MOUSE: (&[u8], &[u8]) = (b"\x1b[?1000h\x1b[?1006h", b"\x1b[?1006l\x1b[?1000l");

/// The size taken where a terminal gives none, as on a serial line.
const UNKNOWN_SIZE: (u16, u16) = (80, 24);

/// How long to wait for room before looking again: room made by dropping output is not announced.
pub const ROOM: Duration = Duration::from_millis(100);

/// How long a thread that panicked waits for the thread that draws; then it drops what that one waits to write, then it
/// restores the terminal itself.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether the terminal reports what the mouse does; while it does, it selects no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MouseReports {
    /// It does not.
    #[default]
    Off,
    /// It does.
    On,
}

/// What the terminal is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Frames on a screen of its own.
    Screen(MouseReports),
    /// Keys alone: what is written stands in the lines of the terminal, without an escape.
    Lines,
}

/// A terminal that is given back as it was.
///
/// Only the thread that draws writes to it; the others may restore it once that thread can do so no more.
pub struct Session {
    input: OwnedFd,
    output: OwnedFd,
    before: Termios,
    taken_for: Use,
    entered: AtomicBool,
    dropping: AtomicBool,
}

impl Session {
    /// Finds the terminal: keys come from standard input where that is one, else from the controlling terminal.
    ///
    /// # Errors
    ///
    /// No terminal to read from.
    pub fn open(taken_for: Use) -> io::Result<Self> {
        let stdin = rustix::stdio::stdin();
        let input = if isatty(stdin) {
            open("/dev/fd/0", OFlags::RDONLY).or_else(|_| stdin.try_clone_to_owned())?
        } else {
            open("/dev/tty", OFlags::RDWR)?
        };
        // A file would be written from its beginning if it were opened again.
        let again = if isatty(rustix::stdio::stdout()) { open("/dev/fd/1", OFlags::WRONLY) } else { Err(Errno::NOTTY) };
        let output = again.or_else(|_| rustix::stdio::stdout().try_clone_to_owned())?;
        let before = tcgetattr(&input)?;
        Ok(Self { input, output, before, taken_for, entered: AtomicBool::new(false), dropping: AtomicBool::new(false) })
    }

    /// Sets raw mode and, where frames are drawn, shows the alternate screen.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn enter(&self) -> io::Result<()> {
        let mut raw = self.before.clone();
        raw.make_raw();
        if self.taken_for == Use::Lines {
            raw.output_modes = self.before.output_modes;
        }
        self.entered.store(true, Ordering::SeqCst);
        tcsetattr(&self.input, OptionalActions::Now, &raw)?;
        if let Use::Screen(reports) = self.taken_for {
            let mut bytes = Vec::new();
            queue!(bytes, EnterAlternateScreen, Hide)?;
            self.write(&bytes)?;
            if reports == MouseReports::On {
                self.write(MOUSE.0)?;
            }
        }
        Ok(())
    }

    /// Gives the terminal back as it was; a second call does nothing.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn restore(&self) -> io::Result<()> {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        if self.dropping.load(Ordering::SeqCst) {
            self.flush();
        }
        // The line discipline first: it matters more than the screen, and nothing can make it wait.
        let set = tcsetattr(&self.input, OptionalActions::Now, &self.before);
        if let Use::Screen(reports) = self.taken_for {
            if reports == MouseReports::On {
                self.write(MOUSE.1)?;
            }
            let mut bytes = Vec::new();
            // The screen is made blank since some terminals keep parts of it; where there is no second one, as by default in
            // GNU screen, what comes next stands at its top.
            queue!(bytes, EndSynchronizedUpdate, SetAttribute(Attribute::Reset), MoveTo(0, 0), Clear(ClearType::All))?;
            queue!(bytes, Show, LeaveAlternateScreen)?;
            self.write(&bytes)?;
        }
        Ok(set?)
    }

    /// Drops what the terminal has not taken yet and, from now on, what it does not take at once, so that whoever waits to
    /// write to it goes on.
    pub fn drop_output(&self) {
        // Room first: who hears that it shall not wait finds it.
        self.flush();
        self.dropping.store(true, Ordering::SeqCst);
    }

    fn flush(&self) {
        // A terminal that is gone has nothing left to drop.
        let _ = tcflush(&self.output, QueueSelector::OFlush);
    }

    /// Reads what was typed, as far as there is room for it, and says how many bytes that were, which may be none.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        match rustix::io::read(&self.input, bytes) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => Ok(count),
            Err(Errno::INTR | Errno::AGAIN) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes bytes as far as the terminal takes them at once, and says how many that were.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut sent = 0;
        while sent < bytes.len() {
            match rustix::io::write(&self.output, &bytes[sent..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => sent += n,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(sent)
    }

    /// Writes bytes, and waits for room where the terminal does not take them at once.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut sent = 0;
        loop {
            let dropping = self.dropping.load(Ordering::SeqCst);
            sent += self.send(&bytes[sent..])?;
            if sent == bytes.len() || dropping {
                return Ok(());
            }
            self.wait_for_room()?;
        }
    }

    /// Waits until the terminal takes more, or it is time to look for something else.
    fn wait_for_room(&self) -> io::Result<()> {
        ready::wait([(self.output(), Way::Write)], Some(ROOM)).map(drop)
    }

    /// Whether the terminal that keys come from is gone.
    pub fn is_hung_up(&self) -> bool {
        const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        let mut fds = [PollFd::new(&self.input, PollFlags::empty())];
        poll(&mut fds, Some(&NOW)).is_ok() && fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR)
    }

    /// Columns and rows, no more than can be drawn.
    pub fn size(&self) -> (u16, u16) {
        match tcgetwinsize(&self.output) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col.min(LARGEST_SCREEN), size.ws_row.min(LARGEST_SCREEN)),
            _ => UNKNOWN_SIZE,
        }
    }

    /// Whether the mouse is reported.
    pub const fn reports(&self) -> MouseReports {
        match self.taken_for {
            Use::Screen(reports) => reports,
            Use::Lines => MouseReports::Off,
        }
    }

    /// Where keys come from.
    pub fn input(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    /// Where frames go.
    pub fn output(&self) -> BorrowedFd<'_> {
        self.output.as_fd()
    }
}

/// Opens a terminal once more, so that reads and writes that would wait return.
///
/// A thread that waits in a write keeps the others from restoring the terminal; one that waits for room does not. Standard
/// input and output themselves stay as they are, since the shell shares them.
fn open(path: &str, access: OFlags) -> rustix::io::Result<OwnedFd> {
    rustix::fs::open(path, access | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())
}

/// From now on, a panic of any thread restores the terminal, says what happened and ends the process with code 3.
///
/// The thread that calls this is the one that draws: the others leave the restoring to it while it can.
pub fn install_panic_hook(session: Arc<Session>, slot: Slot) {
    let drawing = thread::current().id();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let message = info.to_string();
        if thread::current().id() != drawing && slot.put(Message::Panic(message.clone())).is_ok() {
            thread::sleep(PATIENCE);
            session.drop_output();
            thread::sleep(PATIENCE);
        }
        // The message is what matters now; a terminal that is gone cannot show it anyway.
        let _ = session.restore();
        report_panic(&message);
        std::process::exit(3);
    }));
}

/// Says on standard error that the program itself is at fault.
pub fn report_panic(message: &str) {
    eprintln!("celda: internal error: {message}\n  = help: this is a fault of celda, not of the scenario; please report it");
}
