//! Draws the state and never changes it: here only which panels there are, where, and how large.

pub mod activation;
pub mod ansi;
pub mod equation;
pub mod footer;
pub mod formula;
pub mod glyphs;
pub mod header;
pub mod help;
pub mod hidden_state;
pub mod inputs;
pub mod notes;
pub mod number;
pub mod panel;
pub mod symbols;
pub mod text;
pub mod theme;
pub mod unrolled;
pub mod weighted_sum;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::settings::Charset;
use crate::app::state::{Overlay, ScrollLimits, State};
use Wish::{UpTo, Whole};

/// Below this many columns or rows there is the formula alone.
const SMALLEST: (u16, u16) = (40, 12);

/// From this many columns on, panels stand side by side.
const TWO_COLUMNS: u16 = 72;

/// From this many columns on, the notes stand beside the panels.
const NOTES_BESIDE: u16 = 120;

/// The columns a frame takes.
const FRAME: u16 = 2;

/// Draws the whole screen.
pub fn draw(state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    if state.overlay() == Overlay::Blank {
        return;
    }
    match Layout::new(state, area) {
        Some(layout) => layout.draw(state, buffer),
        None => formula::draw_alone(state, area, buffer),
    }
    if let Overlay::Help(scroll) = state.overlay() {
        help::draw(state, scroll, area, buffer);
    }
    if state.settings().charset == Charset::Ascii {
        glyphs::to_ascii(buffer);
    }
}

/// How far the help, the notes and the terms can be scrolled on a screen of so many columns and rows.
pub fn scroll_limits(state: &State, (width, height): (u16, u16)) -> ScrollLimits {
    let area = Rect::new(0, 0, width, height);
    let layout = Layout::new(state, area);
    ScrollLimits {
        help: help::scroll_limit(state, area),
        notes: layout.as_ref().and_then(|layout| layout.notes).map_or(0, |area| notes::scroll_limit(state, area)),
        terms: layout.map_or(0, |layout| weighted_sum::scroll_limit(state, layout.sum)),
    }
}

/// Where each part of the screen is; a part for which there is no room has no rows.
struct Layout {
    header: Rect,
    inputs: Rect,
    sum: Rect,
    activation: Rect,
    states: Rect,
    timeline: Rect,
    notes: Option<Rect>,
    formula: Rect,
    lines: Vec<Line<'static>>,
    claim: Rect,
    footer: Rect,
}

impl Layout {
    /// The parts on an area; none where there is room for the formula alone.
    fn new(state: &State, area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let least_lines = if area.width < TWO_COLUMNS { 3 } else { 2 };
        let most_lines = (area.height / 10).clamp(least_lines, 5);
        let lines = formula::lines(state, area.width - FRAME, usize::from(most_lines));
        let claim = u16::from(state.scenario().expected.is_some());
        let [header, middle, formula, claim, footer] = rows(
            area,
            [Height::Fixed(1), Height::Rest, Height::Fixed(lines.len() as u16), Height::Fixed(claim), Height::Fixed(1)],
        );
        let (middle, notes) = match state.notes() {
            Some(_) if area.width >= NOTES_BESIDE => {
                let (left, right) = columns(middle, middle.width - (area.width / 3).min(64));
                (left, Some(right))
            }
            Some(_) => {
                let height = notes::height(state, middle.width).min(middle.height * 2 / 5).max(3);
                let (upper, lower) = split(middle, middle.height - height);
                (upper, Some(lower))
            }
            None => (middle, None),
        };
        let [inputs, sum, activation, states, timeline] =
            if middle.width >= TWO_COLUMNS { two_columns(state, middle) } else { one_column(state, middle) };
        Some(Self { header, inputs, sum, activation, states, timeline, notes, formula, lines, claim, footer })
    }

    fn draw(self, state: &State, buffer: &mut Buffer) {
        header::draw(state, self.header, buffer);
        inputs::draw(state, self.inputs, buffer);
        weighted_sum::draw(state, self.sum, buffer);
        activation::draw(state, self.activation, buffer);
        hidden_state::draw(state, self.states, buffer);
        unrolled::draw(state, self.timeline, buffer);
        if let Some(area) = self.notes {
            notes::draw(state, area, buffer);
        }
        formula::draw(self.lines, self.formula, buffer);
        footer::draw_claim(state, self.claim, buffer);
        footer::draw(state, self.footer, buffer);
    }
}

/// Input beside weighted sum, activation beside hidden state, the unrolled timeline below.
fn two_columns(state: &State, area: Rect) -> [Rect; 5] {
    const TOP: usize = 0;
    const MIDDLE: usize = 1;
    const TIMELINE: usize = 2;
    let (sum, table) = (weighted_sum::height(state), inputs::height(state));
    let most_top = (area.height * 3 / 5).max(7);
    let [top, middle, timeline] = share(
        area.height,
        &[
            UpTo(TOP, 4),
            UpTo(MIDDLE, 1),
            UpTo(TOP, sum.min(most_top)),
            UpTo(MIDDLE, 6),
            Whole(TIMELINE, 1),
            Whole(TIMELINE, 3),
            UpTo(MIDDLE, 8),
            UpTo(TOP, sum.max(table).min(most_top)),
            Whole(TIMELINE, unrolled::TALL),
            UpTo(MIDDLE, u16::MAX),
        ],
    );
    let (upper, rest) = split(area, top);
    let (lower, below) = split(rest, middle);
    let (below, _) = split(below, timeline);
    let room = area.width.saturating_sub(weighted_sum::width(state, area.width / 20).saturating_add(FRAME));
    let left = inputs::widths(state).map(|width| width.saturating_add(FRAME)).into_iter().find(|&width| width <= room);
    let left = left.unwrap_or(room.min(area.width / 2)).max(area.width * 2 / 5);
    let ((inputs, sum), (activation, states)) = (columns(upper, left), columns(lower, left));
    [inputs, sum, activation, states, below]
}

/// All panels below each other; those for which there is no room shrink to a line, then go.
fn one_column(state: &State, area: Rect) -> [Rect; 5] {
    const INPUT: usize = 0;
    const SUM: usize = 1;
    const CURVE: usize = 2;
    const STATES: usize = 3;
    const TIMELINE: usize = 4;
    let (sum, table) = (weighted_sum::height(state), inputs::height(state));
    let heights = share(
        area.height,
        &[
            UpTo(SUM, sum.saturating_sub(3).min(area.height.saturating_sub(2)).max(1)),
            UpTo(INPUT, 1),
            UpTo(STATES, 1),
            UpTo(SUM, sum.saturating_sub(2).min(area.height * 2 / 3)),
            UpTo(CURVE, 1),
            Whole(TIMELINE, 1),
            UpTo(INPUT, 3),
            Whole(SUM, sum.min(area.height * 2 / 3)),
            UpTo(INPUT, table.min(area.height / 3)),
            UpTo(STATES, hidden_state::height(state).min(area.height / 4)),
            UpTo(CURVE, 8),
            Whole(TIMELINE, 3),
            UpTo(CURVE, u16::MAX),
        ],
    );
    let mut rest = area;
    heights.map(|height| {
        let (part, below) = split(rest, height);
        rest = below;
        part
    })
}

/// A wish of a part of the screen for a height.
#[derive(Clone, Copy)]
enum Wish {
    /// As much of it as is left.
    UpTo(usize, u16),
    /// All of it or nothing.
    Whole(usize, u16),
}

/// Shares a height out among parts: each wish in turn raises one part, as long as there is some left.
fn share<const N: usize>(total: u16, wishes: &[Wish]) -> [u16; N] {
    let mut heights = [0; N];
    let mut left = total;
    for wish in wishes {
        let (part, wanted) = match *wish {
            UpTo(part, wanted) | Whole(part, wanted) => (part, wanted),
        };
        let more: u16 = wanted.saturating_sub(heights[part]);
        let granted = match wish {
            UpTo(..) => more.min(left),
            Whole(..) if more > left => 0,
            Whole(..) => more,
        };
        heights[part] += granted;
        left -= granted;
    }
    heights
}

/// How tall a row of the screen is.
#[derive(Clone, Copy)]
enum Height {
    Fixed(u16),
    Rest,
}

/// Rows below each other, as far as the area reaches; one of them takes the rest.
fn rows<const N: usize>(area: Rect, heights: [Height; N]) -> [Rect; N] {
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
fn split(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    let upper = Rect { height, ..area };
    (upper, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// The first `width` columns of an area, and what is right of them.
fn columns(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    let left = Rect { width, ..area };
    (left, Rect { x: area.x + width, width: area.width - width, ..area })
}
