//! Signals and hang-ups: a thread waits for both and tells the one that draws; if that one is stuck, it acts itself.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nix::unistd::{Pid, getpgid, getpgrp, getppid, getsid};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;
use signal_hook::low_level::{emulate_default_handler, raise};

use super::Message;
use super::mailbox::Slot;
use super::session::Session;
use crate::fault_injection;

/// How long the thread that draws has to end; after that, what it waits to write is dropped, then it is ended.
const PATIENCE: Duration = Duration::from_millis(300);

/// A signal, by what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// End, with the number of the signal.
    End(i32),
    /// Stop until continued.
    Stop,
    /// Go on after a stop.
    Continue,
}

/// Starts the thread that waits, without waking up, for signals and for the terminal to hang up, which it also does where the
/// signal of it is ignored and reading says nothing.
///
/// No signal sent after this returns is missed, a change of size neither.
pub fn start(session: Arc<Session>, slot: Slot) -> io::Result<()> {
    let (read, write) = UnixStream::pair()?;
    let heard = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH];
    let mut signals = SignalDelivery::with_pipe(read, write, SignalOnly, heard)?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        let mut watch = Watch::Terminal;
        loop {
            let pipe = PollFd::new(signals.get_read(), PollFlags::IN);
            let terminal = PollFd::from_borrowed_fd(session.input(), PollFlags::empty());
            let mut fds = [pipe, terminal];
            let watched = match watch {
                Watch::Terminal => &mut fds[..],
                Watch::Signals => &mut fds[..1],
            };
            let ready = poll(watched, None);
            let terminal = fds[1].revents();
            match ready {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
            fault_injection::panic_if_named();
            if terminal.contains(PollFlags::NVAL) {
                // A system that cannot watch this terminal: its signal and the reader are left to notice.
                watch = Watch::Signals;
            } else if terminal.intersects(PollFlags::HUP | PollFlags::ERR) {
                if slot.put(Message::HangUp).is_ok() {
                    end_hung_up();
                }
                return;
            }
            for number in signals.pending() {
                let message = message(number);
                let ends = matches!(message, Message::Signal(Signal::End(_)));
                if slot.put(message).is_err() {
                    return;
                }
                if ends {
                    end_by(number, &session);
                }
            }
        }
    })?;
    Ok(())
}

/// What a signal tells the thread that draws.
const fn message(number: i32) -> Message {
    match number {
        SIGWINCH => Message::Resize,
        SIGTSTP => Message::Signal(Signal::Stop),
        SIGCONT => Message::Signal(Signal::Continue),
        number => Message::Signal(Signal::End(number)),
    }
}

/// Ends a process whose drawing thread, told of the hang-up, has not ended it in time.
fn end_hung_up() -> ! {
    thread::sleep(PATIENCE);
    std::process::exit(128 + SIGHUP)
}

/// Ends a process whose drawing thread, told of the signal, has not ended it in time: at first because nobody reads what it
/// writes, then for whatever reason.
fn end_by(number: i32, session: &Session) -> ! {
    thread::sleep(PATIENCE);
    session.drop_output();
    thread::sleep(PATIENCE);
    // The signal decides how the process ends, whether or not the terminal could be restored.
    let _ = session.restore();
    die_of(number)
}

/// What the thread waits for.
enum Watch {
    /// Signals, and the terminal to hang up.
    Terminal,
    /// Signals alone.
    Signals,
}

/// Ends the process as the signal would have done.
pub fn die_of(number: i32) -> ! {
    // Where the signal cannot end the process, its number still tells how it ended.
    let _ = emulate_default_handler(number);
    std::process::exit(128 + number)
}

/// Whether a shell is there that could continue a stopped process; `ssh -t host celda` has none.
pub fn can_stop() -> bool {
    let parent = getppid();
    // What is outside the process's namespace, as the one who starts a container is, has the number 0, which asks for oneself.
    let is_visible = parent != Pid::from_raw(0);
    let same_session = getsid(Some(parent)) == getsid(None);
    let own_job = getpgid(Some(parent)) != Ok(getpgrp());
    is_visible && same_session && own_job
}

/// Stops the process until it is continued.
pub fn stop() -> io::Result<()> {
    raise(signal_hook::consts::SIGSTOP)
}
