//! What the terminal shows: a frame is compared with the one before and sent in one write, or not at all; never a second one
//! while the terminal has not taken the first. Frames that may come next are drawn ahead.

use std::io;
use std::time::{Duration, Instant};

use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::encoder::encode;
use super::link::{Link, Room};
use super::session::Session;
use crate::app::action::Action;

/// The frame the terminal shows, and whether it shows it.
pub struct Screen {
    shown: Buffer,
    /// The next frame, kept so that it is not allocated again.
    next: Buffer,
    /// Nothing is known of what the terminal shows.
    stale: bool,
    /// What is to be sent after some actions.
    ahead: Vec<(Action, Vec<u8>)>,
    /// What was sent of a frame that is yet to be drawn.
    sent_ahead: Option<Vec<u8>>,
    /// The end of the last frame, which the terminal had no room for.
    in_flight: Vec<u8>,
    link: Link,
}

/// What the next frame waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing.
    No,
    /// Room for the rest of the last one.
    ForRoom,
    /// What was sent is to be taken first, in about this time.
    For(Duration),
}

impl Screen {
    /// A screen of so many columns and rows, of which nothing is drawn yet.
    pub fn new((width, height): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, width, height);
        Self {
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            stale: true,
            ahead: Vec::new(),
            sent_ahead: None,
            in_flight: Vec::new(),
            link: Link::default(),
        }
    }

    /// Its columns and rows.
    pub const fn size(&self) -> (u16, u16) {
        (self.shown.area.width, self.shown.area.height)
    }

    /// What the next frame waits for.
    pub fn waits(&self) -> Waits {
        match self.link.delay(Instant::now()) {
            _ if !self.in_flight.is_empty() => Waits::ForRoom,
            Some(delay) => Waits::For(delay),
            None => Waits::No,
        }
    }

    /// Takes a size in; the next frame is drawn whole, whatever the terminal shows.
    pub fn renew(&mut self, size: (u16, u16)) {
        let (in_flight, link) = (std::mem::take(&mut self.in_flight), std::mem::take(&mut self.link));
        *self = Self { in_flight, link, ..Self::new(size) };
    }

    /// Draws a frame and sends what differs from the one shown; where nothing does, or it was sent ahead, nothing is sent. While
    /// it has to wait, more of the last one is sent instead, as far as there is room. Gives whether the frame was drawn.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn draw(&mut self, session: &Session, draw: impl FnOnce(&mut Buffer)) -> io::Result<bool> {
        self.ahead.clear();
        self.send_on(session)?;
        let sent = self.sent_ahead.take();
        if sent.is_none() && self.waits() != Waits::No {
            return Ok(false);
        }
        self.next.reset();
        draw(&mut self.next);
        let mut bytes = self.difference()?;
        if let Some(sent) = sent {
            if sent == bytes {
                std::mem::swap(&mut self.shown, &mut self.next);
                return Ok(true);
            }
            self.shown.reset();
            self.stale = true;
            if self.waits() != Waits::No {
                return Ok(false);
            }
            bytes = self.difference()?;
        }
        if !bytes.is_empty() {
            self.in_flight = bytes;
            self.send_on(session)?;
        }
        self.stale = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(true)
    }

    /// Draws the frame that is to be shown after an action, if that one is the next.
    ///
    /// # Errors
    ///
    /// None that a terminal causes.
    pub fn draw_ahead(&mut self, action: Action, draw: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        self.next.reset();
        draw(&mut self.next);
        let bytes = self.difference()?;
        if !bytes.is_empty() {
            self.ahead.push((action, bytes));
        }
        Ok(())
    }

    /// Sends the frame of an action if it was drawn ahead, and gives whether it was; it is to be [drawn](Self::draw) all the same,
    /// so that whatever else is shown then cannot stay unseen.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn send_ahead(&mut self, session: &Session, action: Action) -> io::Result<bool> {
        let drawn = self.ahead.iter().position(|(foreseen, _)| *foreseen == action);
        let Some(drawn) = drawn.filter(|_| self.waits() == Waits::No) else { return Ok(false) };
        let (_, bytes) = self.ahead.swap_remove(drawn);
        self.in_flight.clone_from(&bytes);
        self.sent_ahead = Some(bytes);
        self.send_on(session)?;
        Ok(true)
    }

    /// The bytes that make of the frame shown the next one; none where nothing differs.
    fn difference(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        queue!(bytes, BeginSynchronizedUpdate)?;
        let begun = bytes.len();
        if self.stale {
            queue!(bytes, SetAttribute(Attribute::Reset), Clear(ClearType::All))?;
        }
        encode(&self.shown, &self.next, &mut bytes);
        if bytes.len() > begun {
            queue!(bytes, EndSynchronizedUpdate)?;
        } else {
            bytes.clear();
        }
        Ok(bytes)
    }

    fn send_on(&mut self, session: &Session) -> io::Result<()> {
        if self.in_flight.is_empty() {
            return Ok(());
        }
        let sent = session.send(&self.in_flight)?;
        self.in_flight.drain(..sent);
        let room = if self.in_flight.is_empty() { Room::Enough } else { Room::Short };
        self.link.took(sent, room, Instant::now());
        Ok(())
    }
}
