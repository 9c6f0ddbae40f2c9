//! Notices that the terminal is gone, also where the hang-up signal is ignored and reading says nothing.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::SIGHUP;

use super::Message;
use super::session::Session;

/// How long the thread that draws has to end.
const PATIENCE: Duration = Duration::from_millis(300);

/// Starts a thread that waits, without waking up, until the terminal hangs up.
pub fn start(session: Arc<Session>, messages: Sender<Message>) -> io::Result<()> {
    thread::Builder::new().name("hang-up".into()).spawn(move || {
        loop {
            let mut fds = [PollFd::from_borrowed_fd(session.input(), PollFlags::empty())];
            match poll(&mut fds, None) {
                Err(Errno::INTR) => {}
                Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) => break,
                // A system that cannot watch this terminal: the signal and the reader are left to notice.
                _ => return,
            }
        }
        if messages.send(Message::HangUp).is_ok() {
            thread::sleep(PATIENCE);
            std::process::exit(128 + SIGHUP);
        }
    })?;
    Ok(())
}
