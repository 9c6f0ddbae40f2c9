//! One frame of the stepper without a terminal, as plain text, with ANSI styles or as a picture.

use std::io::{self, Write};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::rows::{self, Styles};
use super::svg;
use crate::app::lecture::Lecture;
use crate::app::state::State;
use crate::view::Layout;

/// How a frame is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFormat {
    /// Characters only.
    Text,
    /// Characters with ANSI styles.
    Ansi,
    /// A picture in the colours of the theme.
    Svg,
}

/// Draws the frame of a lecture at a size.
pub fn draw_lecture(lecture: &mut Lecture, (width, height): (u16, u16)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    lecture.state_mut().take_in((width, height));
    lecture.state_mut().finish_work();
    Layout::fitted(lecture.state_mut(), (width, height)).draw_lecture(lecture, &mut buffer);
    buffer
}

/// Draws the frame of a state at a size.
pub fn draw(state: &mut State, (width, height): (u16, u16)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    Layout::fitted(state, (width, height)).draw(state, &mut buffer);
    buffer
}

/// Writes the frame of a state.
///
/// # Errors
///
/// What the writer gives.
pub fn write(buffer: &Buffer, state: &State, format: FrameFormat, out: &mut impl Write) -> io::Result<()> {
    match format {
        FrameFormat::Text => rows::write(buffer, Styles::None, out),
        FrameFormat::Ansi => rows::write(buffer, Styles::Ansi, out),
        FrameFormat::Svg => svg::write(buffer, state, out),
    }
}
