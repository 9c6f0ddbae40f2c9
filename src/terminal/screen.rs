//! What the terminal shows: a frame is compared with the one before and sent in one write, or not at all.

use std::io;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::encoder::encode;
use super::session::Session;

/// Synchronized update on: what follows is shown at once.
const BEGIN: &[u8] = b"\x1b[?2026h";

/// Synchronized update off.
const END: &[u8] = b"\x1b[?2026l";

/// No style, the whole screen blank.
const CLEAR: &[u8] = b"\x1b[m\x1b[2J";

/// The frame the terminal shows, and whether it shows it.
pub struct Screen {
    shown: Buffer,
    /// The next frame, kept so that it is not allocated again.
    next: Buffer,
    /// Nothing is known of what the terminal shows.
    stale: bool,
}

impl Screen {
    /// A screen of so many columns and rows, of which nothing is drawn yet.
    pub fn new((width, height): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, width, height);
        Self { shown: Buffer::empty(area), next: Buffer::empty(area), stale: true }
    }

    /// Its columns and rows.
    pub const fn size(&self) -> (u16, u16) {
        (self.shown.area.width, self.shown.area.height)
    }

    /// Takes a size in; the next frame is drawn whole, whatever the terminal shows.
    pub fn renew(&mut self, size: (u16, u16)) {
        *self = Self::new(size);
    }

    /// Draws a frame and sends what differs from the one shown; where nothing does, nothing is sent.
    ///
    /// # Errors
    ///
    /// A terminal that is gone.
    pub fn draw(&mut self, session: &Session, draw: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        self.next.reset();
        draw(&mut self.next);
        let mut bytes = BEGIN.to_vec();
        if self.stale {
            bytes.extend(CLEAR);
        }
        encode(&self.shown, &self.next, &mut bytes);
        if bytes.len() > BEGIN.len() {
            bytes.extend(END);
            session.write(&bytes)?;
        }
        self.stale = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(())
    }
}
