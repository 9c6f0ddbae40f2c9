//! What the thread that draws hears: the other threads and the terminal, in one wait for both.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SendError, Sender};
use std::time::{Duration, Instant};
use std::vec;

use super::decoder::Decoder;
use super::ready::{self, Way};
use super::session::{MouseReports, ROOM, Session};
use super::{Input, Message};
use crate::fault_injection;

/// Where the other threads put what they tell the one that draws.
#[derive(Clone, Debug)]
pub struct Slot {
    messages: Sender<Message>,
    bell: Arc<UnixStream>,
}

impl Slot {
    /// Tells the thread that draws.
    ///
    /// # Errors
    ///
    /// Nobody listens any more, which is so only when the program is ending.
    pub fn put(&self, message: Message) -> Result<(), SendError<Message>> {
        self.messages.send(message)?;
        // A bell that is full of rings is heard.
        let _ = (&*self.bell).write(&[0]);
        Ok(())
    }
}

/// What the thread that draws takes messages from, those first that other threads put there.
pub struct Mailbox {
    session: Arc<Session>,
    put: Receiver<Message>,
    ears: UnixStream,
    decoder: Decoder,
    /// When what has begun is taken for all that comes.
    expires: Option<Instant>,
    /// What the bytes read last mean.
    inputs: vec::IntoIter<Input>,
}

/// Whether room for output is waited for too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Ignored,
    Awaited,
}

impl Mailbox {
    /// A mailbox in which keys of a terminal arrive, and its slot.
    ///
    /// # Errors
    ///
    /// No sockets to be had.
    pub fn open(session: Arc<Session>) -> io::Result<(Slot, Self)> {
        let (messages, put) = mpsc::channel();
        let (bell, ears) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        ears.set_nonblocking(true)?;
        let mailbox = Self { session, put, ears, decoder: Decoder::default(), expires: None, inputs: Vec::new().into_iter() };
        Ok((Slot { messages, bell: Arc::new(bell) }, mailbox))
    }

    /// The next message, if one comes within the time.
    ///
    /// # Errors
    ///
    /// A terminal that is gone or cannot be waited for.
    pub fn next(&mut self, limit: Option<Duration>) -> io::Result<Option<Message>> {
        self.wait(limit, Room::Ignored)
    }

    /// The next message, if one comes before the terminal takes more, or it is time to look whether it does.
    ///
    /// # Errors
    ///
    /// A terminal that is gone or cannot be waited for.
    pub fn next_or_room(&mut self) -> io::Result<Option<Message>> {
        self.wait(Some(ROOM), Room::Awaited)
    }

    fn wait(&mut self, limit: Option<Duration>, room: Room) -> io::Result<Option<Message>> {
        let deadline = limit.map(|limit| Instant::now() + limit);
        loop {
            if let Some(message) = self.at_hand() {
                return Ok(Some(message));
            }
            let now = Instant::now();
            if self.expires.is_some_and(|time| time <= now) {
                let inputs = self.decoder.expire().into_iter().collect();
                self.take(inputs);
                continue;
            }
            let next = deadline.into_iter().chain(self.expires).min();
            let time = next.map(|time| time.saturating_duration_since(now));
            let (ears, terminal) = ((self.ears.as_fd(), Way::Read), (self.session.input(), Way::Read));
            let [is_rung, is_typed, has_room] = match room {
                Room::Awaited => ready::wait([ears, terminal, (self.session.output(), Way::Write)], time)?,
                Room::Ignored => ready::wait([ears, terminal], time).map(|[is_rung, is_typed]| [is_rung, is_typed, false])?,
            };
            if is_rung {
                // More rings than these are heard the next time.
                let _ = self.ears.read(&mut [0; 64]);
            }
            if is_typed {
                self.read()?;
            }
            if has_room || deadline.is_some_and(|time| time <= Instant::now()) {
                return Ok(self.at_hand());
            }
        }
    }

    /// The next message, if it is there already.
    fn at_hand(&mut self) -> Option<Message> {
        self.put.try_recv().ok().or_else(|| self.inputs.next().map(Message::Input))
    }

    /// Reads what was typed.
    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        let count = self.session.read(&mut bytes)?;
        fault_injection::panic_if_named();
        let inputs = self.decoder.feed(&bytes[..count]);
        self.take(inputs);
        Ok(())
    }

    /// Takes what bytes mean, and what the mouse does where that was asked for: anything can look like its report.
    fn take(&mut self, mut inputs: Vec<Input>) {
        if self.session.reports() == MouseReports::Off {
            inputs.retain(|input| matches!(input, Input::Key(_)));
        }
        self.inputs = inputs.into_iter();
        self.expires = self.decoder.patience().map(|time| Instant::now() + time);
    }
}
