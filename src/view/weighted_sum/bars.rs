//! Bars beside the terms of a weighted sum, each of which begins where the one above it ended.

use ratatui::text::Span;

use crate::app::settings::Settings;
use crate::app::sight::is_unseen;
use crate::view::panel::span;
use crate::view::theme::Role;

/// The narrowest and the widest bars worth drawing.
pub const BARS: (usize, usize) = (4, 48);

/// A scale for bars, each of which begins where the one above it ended.
pub struct Bars {
    lowest: f64,
    /// Half columns per unit.
    scale: f64,
    room: usize,
}

impl Bars {
    /// For amounts of which the last is the sum of the others, in so many columns.
    pub fn new(amounts: &[f64], room: usize) -> Self {
        let (mut lowest, mut highest, mut running) = (0.0_f64, 0.0_f64, 0.0);
        for amount in amounts[..amounts.len() - 1].iter().filter(|amount| !is_unseen(**amount)) {
            running += amount;
            lowest = lowest.min(running);
            highest = highest.max(running);
        }
        let span = highest - lowest;
        let drawable = room >= BARS.0
            && span.is_finite()
            && span > 0.0
            && amounts.iter().all(|amount| amount.is_finite() || is_unseen(*amount));
        Self { lowest, scale: if drawable { (2 * room) as f64 / span } else { 0.0 }, room }
    }

    /// From a sum to another.
    pub fn bar(&self, from: f64, to: f64, settings: &Settings) -> Span<'static> {
        if self.scale == 0.0 || from == to {
            return Span::raw("");
        }
        let half = |v: f64| ((v - self.lowest) * self.scale).round() as usize;
        let (start, end) = (half(from.min(to)), half(from.max(to)));
        let start = start.min(2 * self.room - 1);
        let end = end.clamp(start + 1, 2 * self.room);
        let falls = to < from;
        let bar: String = (0..end.div_ceil(2))
            .map(|column| match (start <= 2 * column && 2 * column < end, start <= 2 * column + 1 && 2 * column + 1 < end) {
                (false, false) => ' ',
                _ if falls => '▒',
                (true, true) => '█',
                (true, false) => '▌',
                (false, true) => '▐',
            })
            .collect();
        span(bar, if falls { Role::Negative } else { Role::Positive }, settings)
    }
}
