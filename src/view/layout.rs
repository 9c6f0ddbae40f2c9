//! How an area is divided: heights granted wish by wish, rows below each other, columns side by side; which lines have room.

use std::ops::Range;

use ratatui::layout::Rect;

/// A wish of a part of the screen for a height.
#[derive(Clone, Copy)]
pub enum Wish {
    /// As much of it as is left.
    UpTo(usize, u16),
    /// All of it or nothing.
    Whole(usize, u16),
}

/// Shares a height out among parts: each wish in turn raises one part, as long as there is some left.
pub fn share<const N: usize>(total: u16, wishes: &[Wish]) -> [u16; N] {
    let mut heights = [0; N];
    let mut left = total;
    for wish in wishes {
        let (part, wanted) = match *wish {
            Wish::UpTo(part, wanted) | Wish::Whole(part, wanted) => (part, wanted),
        };
        let more: u16 = wanted.saturating_sub(heights[part]);
        let granted = match wish {
            Wish::UpTo(..) => more.min(left),
            Wish::Whole(..) if more > left => 0,
            Wish::Whole(..) => more,
        };
        heights[part] += granted;
        left -= granted;
    }
    heights
}

/// How tall a row of the screen is.
#[derive(Clone, Copy)]
pub enum Height {
    /// So many rows.
    Fixed(u16),
    /// What the others leave.
    Rest,
}

/// Rows below each other, as far as the area reaches; one of them takes the rest.
pub fn rows<const N: usize>(area: Rect, heights: [Height; N]) -> [Rect; N] {
    let fixed: u16 = heights
        .iter()
        .map(|h| match h {
            Height::Fixed(h) => *h,
            Height::Rest => 0,
        })
        .sum();
    let mut rest = area;
    heights.map(|height| {
        let height = match height {
            Height::Fixed(height) => height,
            Height::Rest => area.height.saturating_sub(fixed),
        };
        let (row, below) = split(rest, height);
        rest = below;
        row
    })
}

/// The first `height` rows of an area, and what is below.
pub fn split(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    let upper = Rect { height, ..area };
    (upper, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// The first `width` columns of an area, and what is right of them.
pub fn columns(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    let left = Rect { width, ..area };
    (left, Rect { x: area.x + width, width: area.width - width, ..area })
}

/// Those of so many lines that are visible where so many have room: the one chosen is in their middle, away from both ends.
pub fn window(lines: usize, chosen: usize, room: usize) -> Range<usize> {
    let shown = lines.min(room);
    let first = chosen.saturating_sub(shown / 2).min(lines - shown);
    first..first + shown
}
