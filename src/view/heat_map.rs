//! A heat map of units × timesteps: shades for what is positive, strokes for what is negative, on a scale that is stated.

use ratatui::style::Style;
use ratatui::text::Span;

use super::layout::window;
use super::number::{Numbers, rounded_up};
use super::panel::{cut, marked, span};
use super::theme::{Role, style};
use super::width::Width;
use crate::app::settings::{Charset, Settings};
use crate::app::sight::is_unseen;
use crate::app::state::{Mark, State};

/// The widest a timestep is drawn.
const WIDEST: usize = 16;

/// From this width on there is a column of air between timesteps.
const AIRY: usize = 3;

/// The glyphs of one set of characters, each from the smallest magnitude to the largest.
struct Shades {
    positive: [char; 4],
    negative: [char; 4],
    zero: char,
}

const UNICODE: Shades = Shades { positive: ['░', '▒', '▓', '█'], negative: ['-', '─', '═', '≡'], zero: '·' };

// Not the stand-ins of `glyphs`, of which some would mean both signs.
const ASCII: Shades = Shades { positive: [':', '+', '%', '#'], negative: ['_', '-', '=', 'E'], zero: '.' };

/// What is drawn where a number is not finite.
const NOT_FINITE: char = '!';

/// What is drawn where a number is not computed yet.
const NOT_YET: char = ' ';

/// What a heat map shows: the numbers of all units at a timestep, as far as they are known.
pub type Values = fn(&State, usize) -> Vec<Option<f64>>;

/// A heat map of the layer looked at: up to the timestep shown, and of what comes from the last one also after it.
pub struct HeatMap {
    /// The letter of what is shown.
    letter: char,
    /// The first timestep that has room.
    first: usize,
    /// The numbers per timestep that has room, of each unit.
    values: Vec<Vec<Option<f64>>>,
    /// How many timesteps have room.
    columns: usize,
    /// The columns of the screen for each timestep.
    width: usize,
    /// The magnitude of the darkest shade.
    scale: f64,
}

impl HeatMap {
    /// The columns of the screen that a map of all timesteps would like to have.
    pub fn wish(state: &State) -> usize {
        state.scenario().timesteps().saturating_mul(WIDEST)
    }

    /// The map in so many columns: all timesteps as wide as there is room for, else as many as fit up to the one shown, or around
    /// it where there is something to show on both sides.
    pub fn new(state: &State, letter: char, values: Values, room: usize) -> Self {
        let timesteps = state.scenario().timesteps();
        let columns = timesteps.min(room);
        let width = room.checked_div(columns).unwrap_or(0).min(WIDEST);
        let first = match state.layer().looks_ahead() {
            true => window(timesteps, state.t(), columns).start,
            false => (state.t() + 1).saturating_sub(columns),
        };
        let values: Vec<Vec<Option<f64>>> = (first..first + columns).map(|t| values(state, t)).collect();
        let magnitudes = values.iter().flatten().flatten().map(|v| v.abs()).filter(|v| v.is_finite());
        let scale = rounded_up(magnitudes.fold(0.0, f64::max));
        Self { letter, first, values, columns, width, scale }
    }

    /// What it is called: `h:`.
    pub fn label(&self) -> String {
        format!("{}:", self.letter)
    }

    /// The columns of the screen it takes.
    pub const fn width(&self) -> usize {
        self.columns * self.width
    }

    /// The timesteps above the map; the one shown is marked.
    pub fn head(&self, state: &State) -> Vec<Span<'static>> {
        let settings = state.settings();
        let now = state.t() - self.first;
        let label = |column: usize| (self.first + column).to_string();
        let widest = label(self.columns.saturating_sub(1)).width();
        if self.width > widest + 1 {
            let heads = (0..self.columns).map(|column| {
                let (marker, role) = if column == now { ("▼", Role::Current) } else { (" ", Role::Frame) };
                span(format!("{marker}{:<1$}", label(column), self.width - 1), role, settings)
            });
            return heads.collect();
        }
        self.sparse_head(&label, now, settings)
    }

    /// The same where not every timestep has room for its number: the first, the one shown and the last.
    fn sparse_head(&self, label: &dyn Fn(usize) -> String, now: usize, settings: &Settings) -> Vec<Span<'static>> {
        let marker = now * self.width;
        let (number, total) = (label(now), self.width());
        // The number stands beside its mark, on whichever side it has room.
        let (start, shown) = match marker.checked_sub(number.width()) {
            Some(start) => (start, format!("{number}▼")),
            None => (marker, format!("▼{number}")),
        };
        let end = (start + shown.width()).min(total);
        let (first, last) = (label(0), label(self.columns.saturating_sub(1)));
        let before = if first.width() < start { first } else { String::new() };
        let after = if end + last.width() < total { last } else { String::new() };
        vec![
            span(format!("{before:<start$}"), Role::Frame, settings),
            span(cut(&shown, total - start), Role::Current, settings),
            span(format!("{after:>0$}", total - end), Role::Frame, settings),
        ]
    }

    /// The row of a unit, of which what the last key computed is marked.
    pub fn row(&self, state: &State, unit: usize) -> Vec<Span<'static>> {
        let settings = state.settings();
        let now = state.t() - self.first;
        let air = usize::from(self.width >= AIRY);
        let mut spans = Vec::new();
        for (column, values) in self.values.iter().enumerate() {
            let value = values.get(unit).copied().flatten();
            let (glyph, look) = value.map_or((' ', Style::new()), |v| self.shade(v, settings));
            let is_new = column == now && state.marks(Mark::Unit(state.focus().layer, unit));
            let text: String = std::iter::repeat_n(glyph, self.width - air).collect();
            spans.push(Span::styled(text, marked(look, is_new && value.is_some(), settings)));
            spans.push(Span::raw(" ".repeat(air)));
        }
        spans
    }

    /// The numbers of a unit's row, which stand below its shades; none where one of them has no room.
    pub fn numbers(&self, state: &State, unit: usize) -> Option<Vec<Span<'static>>> {
        let settings = state.settings();
        let write = |numbers: Numbers| -> Vec<String> {
            let value = |values: &Vec<Option<f64>>| values.get(unit).copied().flatten();
            self.values.iter().map(|values| value(values).map_or_else(String::new, |v| numbers.write(v))).collect()
        };
        let fits = |texts: &[String]| texts.iter().all(|text| text.width() < self.width);
        let texts = Numbers::new(settings).fitted(write, |texts| fits(texts));
        if !fits(&texts) {
            return None;
        }
        let now = state.t() - self.first;
        let spans = texts.into_iter().enumerate().map(|(column, text)| {
            let look = style(if column == now { Role::Total } else { Role::Plain }, settings);
            [Span::styled(text.clone(), look), Span::raw(" ".repeat(self.width - text.width()))]
        });
        Some(spans.flatten().collect())
    }

    fn shade(&self, v: f64, settings: &Settings) -> (char, Style) {
        let shades = shades(settings);
        if is_unseen(v) {
            return (NOT_YET, style(Role::Frame, settings));
        }
        if !v.is_finite() {
            return (NOT_FINITE, style(Role::Fails, settings));
        }
        // Magnitudes in four equal parts of the scale; a part without an end belongs to the one below.
        let part = ((v.abs() / self.scale * 4.0).ceil() as usize).clamp(1, 4) - 1;
        match v {
            0.0 => (shades.zero, style(Role::Frame, settings)),
            v if v > 0.0 => (shades.positive[part], style(Role::Positive, settings)),
            _ => (shades.negative[part], style(Role::Negative, settings)),
        }
    }

    /// The scale from its negative end to its positive one: `h  -1 ≡═─- · ░▒▓█ 1`.
    pub fn legend(&self, settings: &Settings) -> Vec<Span<'static>> {
        let shades = shades(settings);
        let end = Numbers::new(settings).rounded(3).write(self.scale);
        let negative: String = shades.negative.iter().rev().collect();
        let positive: String = shades.positive.iter().collect();
        let mut spans = vec![
            Span::raw(format!(" {} -{end} ", self.label())),
            span(negative, Role::Negative, settings),
            span(format!(" {} ", shades.zero), Role::Frame, settings),
            span(positive, Role::Positive, settings),
            Span::raw(format!(" {end} ")),
        ];
        if self.values.iter().flatten().flatten().any(|v| !v.is_finite() && !is_unseen(*v)) {
            spans.push(span(NOT_FINITE.to_string(), Role::Fails, settings));
            spans.push(Span::raw(format!(" {} ", super::text::words(settings.language).not_finite)));
        }
        spans
    }
}

const fn shades(settings: &Settings) -> &'static Shades {
    match settings.charset {
        Charset::Unicode => &UNICODE,
        Charset::Ascii => &ASCII,
    }
}
