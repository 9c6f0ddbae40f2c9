//! What the terminal shows: a frame is compared with the one before and sent in one write, or not at all.

use std::io::{self, Write};

use anstyle::Style;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::session::Session;
use crate::view::ansi::style;

/// Synchronized update on: what follows is shown at once.
const BEGIN: &[u8] = b"\x1b[?2026h";

/// Synchronized update off.
const END: &[u8] = b"\x1b[?2026l";

/// The whole screen blank.
const CLEAR: &[u8] = b"\x1b[2J";

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

    /// Takes a size in; the next frame is drawn whole.
    pub fn resize(&mut self, size: (u16, u16)) {
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
        let mut changes = self.shown.diff_iter(&self.next).peekable();
        if changes.peek().is_none() && !self.stale {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(if self.stale { 1 << 14 } else { 1 << 10 });
        bytes.extend(BEGIN);
        if self.stale {
            bytes.extend(CLEAR);
        }
        write_cells(changes, &mut bytes)?;
        bytes.extend(END);
        session.write(&bytes)?;
        self.stale = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(())
    }
}

/// Writes cells where they belong, each in its style and in the colours it was given, and leaves no style switched on.
fn write_cells<'a>(cells: impl Iterator<Item = (u16, u16, &'a Cell)>, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut cursor = None;
    let mut now = Style::new();
    for (x, y, cell) in cells {
        if cursor != Some((x, y)) {
            write!(bytes, "\x1b[{};{}H", y + 1, x + 1)?;
        }
        let wanted = style(cell);
        if wanted != now {
            write!(bytes, "{}{}", now.render_reset(), wanted.render())?;
            now = wanted;
        }
        bytes.extend(cell.symbol().as_bytes());
        // After a wide character, of which terminals disagree how wide it is, the next cell is none that follows.
        cursor = Some((x + 1, y));
    }
    write!(bytes, "{}", now.render_reset())
}
