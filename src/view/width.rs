//! How many columns a text takes on the screen.

use unicode_width::UnicodeWidthStr;

/// What takes columns.
pub trait Width {
    /// How many it takes.
    fn width(&self) -> usize;
}

impl Width for str {
    fn width(&self) -> usize {
        // Most of what is on the screen is ASCII, which is counted without a look at its characters.
        if self.is_ascii() { self.len() } else { UnicodeWidthStr::width(self) }
    }
}
