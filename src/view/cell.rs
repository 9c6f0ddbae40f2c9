//! The zoom on one cell: which panels there are, where, and how large.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::layout::Wish::{UpTo, Whole};
use super::layout::{columns, share, split};
use super::number::{FEWEST_DIGITS, Numbers};
use super::panel::TWO_COLUMNS;
use super::{activation, gates, hidden_state, inputs, unrolled, weighted_sum};
use crate::app::mouse::Target;
use crate::app::state::State;

/// The columns a frame takes.
const FRAME: u16 = 2;

/// Where each panel is; one for which there is no room has no rows.
pub struct Panels {
    inputs: Rect,
    sum: Rect,
    activation: Rect,
    states: Rect,
    timeline: Rect,
}

impl Panels {
    /// The panels on an area.
    pub fn new(state: &State, area: Rect) -> Self {
        let panels = if area.width >= TWO_COLUMNS { two_columns(state, area) } else { one_column(state, area) };
        let [inputs, sum, activation, states, timeline] = panels;
        Self { inputs, sum, activation, states, timeline }
    }

    /// Where the cell is unrolled in time.
    pub const fn timeline(&self) -> Rect {
        self.timeline
    }

    /// How far the terms can be scrolled.
    pub fn scroll_limit(&self, state: &State) -> usize {
        weighted_sum::scroll_limit(state, self.sum)
    }

    /// Which terms stand in the panel of the weighted sum, where not all do.
    pub fn folded(&self, state: &State) -> Option<Range<usize>> {
        weighted_sum::window(state, self.sum)
    }

    /// What is at a place.
    pub fn hit(&self, state: &State, at: Position) -> Option<Target> {
        let (gates, _) = gates::above(state, self.activation);
        match () {
            () if self.inputs.contains(at) => inputs::hit(state, self.inputs, at),
            () if self.sum.contains(at) => weighted_sum::hit(state, self.sum, at),
            () if gates.contains(at) => gates::hit(state, gates, at),
            () if self.states.contains(at) => hidden_state::hit(state, self.states, at),
            () if self.timeline.contains(at) => unrolled::hit(state, self.timeline, at),
            () => None,
        }
    }

    /// Draws them.
    pub fn draw(&self, state: &State, buffer: &mut Buffer) {
        inputs::draw(state, self.inputs, buffer);
        weighted_sum::draw(state, self.sum, buffer);
        let (gates, activation) = gates::above(state, self.activation);
        gates::draw(state, gates, buffer);
        activation::draw(state, activation, buffer);
        hidden_state::draw(state, self.states, buffer);
        unrolled::draw(state, self.timeline, buffer);
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
            UpTo(MIDDLE, gates::height(state).max(6)),
            Whole(TIMELINE, 1),
            Whole(TIMELINE, 3),
            Whole(TIMELINE, unrolled::short(state)),
            UpTo(MIDDLE, 8),
            UpTo(TOP, sum.max(table).min(most_top)),
            Whole(TIMELINE, unrolled::tall(state)),
            UpTo(MIDDLE, u16::MAX),
        ],
    );
    let (upper, rest) = split(area, top);
    let (lower, below) = split(rest, middle);
    let (below, _) = split(below, timeline);
    // Two outputs side by side take the room of the bars.
    let sum = if state.is_comparing() {
        weighted_sum::width_in(state, Numbers::new(state.settings()))
    } else {
        weighted_sum::width(state, area.width / 20)
    };
    let room = area.width.saturating_sub(sum.saturating_add(FRAME));
    let left = inputs::widths(state).into_iter().map(|width| width.saturating_add(FRAME)).find(|&width| width <= room);
    let most = if state.is_comparing() { room } else { room.min(area.width / 2) };
    // An input and an output beside each other take it too, and an output beside the original some of the digits.
    let most = || {
        let numbers = Numbers::new(state.settings());
        let numbers = if state.is_comparing() { numbers.rounded(FEWEST_DIGITS) } else { numbers };
        let without_bars = area.width.saturating_sub(weighted_sum::width_in(state, numbers).saturating_add(FRAME));
        let least: Vec<u16> = inputs::least_widths(state).into_iter().map(|width| width.saturating_add(FRAME)).collect();
        most.max(least.into_iter().find(|&width| width <= without_bars).unwrap_or(without_bars))
    };
    let left = left.unwrap_or_else(most).max(area.width * 2 / 5);
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
            UpTo(CURVE, gates::height(state).max(8)),
            Whole(TIMELINE, 3),
            Whole(TIMELINE, unrolled::short(state)),
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
