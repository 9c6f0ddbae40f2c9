//! The stepper's side: a thread that waits for followers and tells them where the stepper stands, the newest alone.

use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::folder::{self, SocketFile};
use super::message;
use crate::app::speaker::Position;
use crate::fault_injection;

/// The most followers at a time; who comes then is turned away.
const MOST_FOLLOWERS: usize = 16;

/// What the thread that draws has of the one that waits for followers; dropped, it ends that thread and removes the socket.
pub struct Host {
    /// How many followers there are, each time that changes.
    audience: Receiver<usize>,
    followers: usize,
    lines: Sender<Vec<u8>>,
    /// Wakes the thread.
    bell: UnixStream,
    /// What was told last.
    told: Option<Position>,
    _file: SocketFile,
}

impl Host {
    /// Starts the thread. It blocks until a follower comes, and says so by `wake`, whereupon it is to be
    /// [told](Self::tell) where the stepper stands.
    ///
    /// # Errors
    ///
    /// There is no place for a socket, or no thread to be had.
    pub fn start(wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let folder::Socket { listener, file } = folder::bind()?;
        listener.set_nonblocking(true)?;
        let (bell, ears) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        ears.set_nonblocking(true)?;
        let (lines, newest) = mpsc::channel();
        let (count, audience) = mpsc::channel();
        remove_on_panic(file.path().to_owned());
        let room = Room { listener, ears, newest, line: Vec::new(), followers: Vec::new() };
        thread::Builder::new().name("followers".into()).spawn(move || room.serve(&count, &wake))?;
        Ok(Self { audience, followers: 0, lines, bell, told: None, _file: file })
    }

    /// Tells the followers where the stepper stands, if there are any and they do not know. Nothing here waits for them.
    pub fn tell(&mut self, position: impl FnOnce() -> Position) {
        if let Some(followers) = self.audience.try_iter().last() {
            self.followers = followers;
            self.told = None;
        }
        if self.followers == 0 {
            return;
        }
        let position = position();
        if self.told.as_ref() == Some(&position) {
            return;
        }
        // A thread that has ended tells nobody, and a bell that is full of rings is heard.
        let _ = self.lines.send(message::line(&position));
        let _ = (&self.bell).write(&[0]);
        self.told = Some(position);
    }
}

/// A panic ends the process before anything is dropped.
fn remove_on_panic(path: PathBuf) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        drop(std::fs::remove_file(&path));
        before(info);
    }));
}

/// What the thread has.
struct Room {
    listener: UnixListener,
    ears: UnixStream,
    newest: Receiver<Vec<u8>>,
    /// What the stepper said last; nothing at first.
    line: Vec<u8>,
    followers: Vec<Follower>,
}

/// One who follows.
struct Follower {
    stream: UnixStream,
    /// What of a line is still to be sent.
    rest: Vec<u8>,
    /// Whether there is a newer line.
    is_behind: bool,
}

impl Room {
    /// Serves until the stepper ends, or no follower can be heard any more.
    fn serve(mut self, count: &Sender<usize>, wake: &dyn Fn()) {
        loop {
            let mut fds = vec![PollFd::new(&self.listener, PollFlags::IN), PollFd::new(&self.ears, PollFlags::IN)];
            fds.extend(self.followers.iter().map(|follower| PollFd::new(&follower.stream, follower.waits_for())));
            match poll(&mut fds, None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
            fault_injection::panic_if_named();
            let events: Vec<PollFlags> = fds.iter().map(PollFd::revents).collect();
            let before = self.followers.len();
            let mut of_followers = events[2..].iter();
            self.followers.retain_mut(|follower| {
                let is_gone = of_followers.next().is_some_and(|events| events.intersects(PollFlags::HUP | PollFlags::ERR));
                !is_gone && follower.send(&self.line).is_ok()
            });
            if !events[1].is_empty() && !self.hear() {
                return;
            }
            let Ok(came) = (if events[0].is_empty() { Ok(false) } else { self.welcome() }) else { return };
            if (came || self.followers.len() != before) && count.send(self.followers.len()).is_err() {
                return;
            }
            if came {
                wake();
            }
        }
    }

    /// Takes in what the stepper says; false where it says nothing any more.
    fn hear(&mut self) -> bool {
        let mut rings = [0; 64];
        loop {
            match self.ears.read(&mut rings) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        if let Some(line) = self.newest.try_iter().last() {
            self.line = line;
            self.followers.iter_mut().for_each(|follower| follower.is_behind = true);
        }
        true
    }

    /// Lets those in who wait at the socket; says whether anybody did.
    fn welcome(&mut self) -> io::Result<bool> {
        let mut came = false;
        loop {
            match self.listener.accept() {
                Ok((stream, _)) if self.followers.len() < MOST_FOLLOWERS => {
                    stream.set_nonblocking(true)?;
                    self.followers.push(Follower { stream, rest: Vec::new(), is_behind: false });
                    came = true;
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(came),
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Follower {
    /// What has to happen before more can be sent; that it is gone is always heard.
    const fn waits_for(&self) -> PollFlags {
        if self.rest.is_empty() && !self.is_behind { PollFlags::empty() } else { PollFlags::OUT }
    }

    /// Sends as much as it takes: the rest of what it was told, then the newest line.
    fn send(&mut self, newest: &[u8]) -> io::Result<()> {
        while !self.rest.is_empty() || self.is_behind {
            if self.rest.is_empty() {
                self.rest = newest.to_vec();
                self.is_behind = false;
            }
            match self.stream.write(&self.rest) {
                Ok(count) => drop(self.rest.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
