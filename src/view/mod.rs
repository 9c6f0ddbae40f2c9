//! Draws the state and never changes it: here only the parts all zooms share, where they are, and which zoom is between them.

pub mod activation;
pub mod ansi;
pub mod broken;
pub mod cell;
pub mod cells;
pub mod edit;
pub mod equation;
pub mod event;
pub mod field;
pub mod flow;
pub mod footer;
pub mod formula;
pub mod gates;
pub mod glyphs;
pub mod header;
pub mod heat_map;
pub mod help;
pub mod hidden_state;
pub mod inputs;
pub mod large;
pub mod layer;
pub mod layer_equation;
pub mod layout;
pub mod mix;
pub mod network;
pub mod notes;
pub mod notice;
pub mod number;
pub mod panel;
pub mod scenarios;
pub mod search;
pub mod speaker;
pub mod summary;
pub mod symbols;
pub mod text;
pub mod theme;
pub mod unrolled;
pub mod weighted_sum;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::app::lecture::Lecture;
use crate::app::mouse::Target;
use crate::app::settings::{Charset, TextSize};
use crate::app::state::{Overlay, ScrollLimits, State, Zoom};
use formula::Window;
use layout::{Height, columns, rows, split};
use panel::TWO_COLUMNS;

/// Below this many columns or rows there is the formula alone.
const SMALLEST: (u16, u16) = (40, 12);

/// From this many columns on, the notes stand beside the panels.
const NOTES_BESIDE: u16 = 120;

/// From this many rows on, there is room for the keys under what is wrong with a file.
const TALL: u16 = 20;

/// The columns of air around the formula.
const AIR: u16 = 2;

/// Draws the whole screen.
pub fn draw(state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    if state.overlay() == Overlay::Blank {
        return;
    }
    match Screen::new(state, area) {
        Some(screen) => screen.draw(state, buffer),
        None => {
            let broken = broken::lines(state, area.width, area.height.saturating_sub(1).min(1).into());
            let (alone, last) = split(area, area.height - broken.len() as u16);
            formula::draw_alone(state, alone, buffer);
            panel::lines(broken, last, buffer);
        }
    }
    if let Overlay::Help(scroll) = state.overlay() {
        help::draw(state, scroll, area, buffer);
    }
    notice::draw(state, area, buffer);
    edit::draw_entry(state, area, buffer);
    search::draw(state, area, buffer);
    edit::draw_question(state, area, buffer);
    if state.settings().charset == Charset::Ascii {
        glyphs::to_ascii(buffer);
    }
}

/// Draws the scenario a lecture shows, and over it the list, while that is open.
pub fn draw_lecture(lecture: &Lecture, buffer: &mut Buffer) {
    draw(lecture.state(), buffer);
    let Some(list) = lecture.list() else { return };
    scenarios::draw(lecture, list, buffer.area, buffer);
    if lecture.state().settings().charset == Charset::Ascii {
        glyphs::to_ascii(buffer);
    }
}

/// What stands at a column and a row of a screen of so many columns and rows, as [`draw_lecture`] draws it; nothing under what
/// lies on top of the panels.
pub fn hit(lecture: &Lecture, (width, height): (u16, u16), x: u16, y: u16) -> Option<Target> {
    let state = lecture.state();
    if state.overlay() != Overlay::None || lecture.list().is_some() {
        return None;
    }
    let screen = Screen::new(state, Rect::new(0, 0, width, height))?;
    let at = Position::new(x, y);
    match (state.settings().text, state.zoom()) {
        _ if !screen.middle.contains(at) => None,
        (TextSize::Large, _) => None,
        (_, Zoom::Network) => network::hit(state, screen.middle, at),
        (_, Zoom::Layer) => layer::hit(state, screen.middle, at),
        (_, Zoom::Cell) => cell::Panels::new(state, screen.middle).hit(state, at),
    }
}

/// How far the help, the notes and the terms can be scrolled on a screen of so many columns and rows.
pub fn scroll_limits(state: &State, (width, height): (u16, u16)) -> ScrollLimits {
    let area = Rect::new(0, 0, width, height);
    let screen = Screen::new(state, area);
    ScrollLimits {
        // Where it is not on the screen it is not worth its rows: the limit is set when it is.
        help: if matches!(state.overlay(), Overlay::Help(_)) { help::scroll_limit(state, area) } else { usize::MAX },
        notes: screen.as_ref().and_then(|screen| screen.notes).map_or(0, |area| notes::scroll_limit(state, area)),
        terms: match state.settings().text {
            TextSize::Ordinary => screen.map_or(0, |screen| cell::Panels::new(state, screen.middle).scroll_limit(state)),
            TextSize::Large => 0,
        },
    }
}

/// Where each part of the screen is; a part for which there is no room has no rows.
struct Screen {
    header: Rect,
    middle: Rect,
    notes: Option<Rect>,
    formula: Rect,
    lines: Vec<Line<'static>>,
    /// The most lines of the equation.
    most_lines: usize,
    claim: Rect,
    broken: Rect,
    footer: Rect,
}

impl Screen {
    /// The parts on an area; none where there is room for the formula alone.
    fn new(state: &State, area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let least_lines = if area.width < TWO_COLUMNS { 3 } else { 2 };
        let most_lines = usize::from((area.height / 10).clamp(least_lines, 5));
        let lines = match (state.settings().text, state.zoom()) {
            (TextSize::Large, _) => Vec::new(),
            (_, Zoom::Network) => layer_equation::lines(state, area.width - AIR, most_lines),
            (_, Zoom::Layer | Zoom::Cell) => formula::lines(state, area.width - AIR, most_lines, &Window::First),
        };
        let claim = u16::from(state.scenario().expected.is_some());
        let broken = broken_lines(state, area).len() as u16;
        // Where there are few rows, what is wrong with the file stands where the keys would.
        let footer = u16::from(broken == 0 || area.height >= TALL);
        let [header, middle, formula, claim, broken, footer] = rows(
            area,
            [
                Height::Fixed(1),
                Height::Rest,
                Height::Fixed(lines.len() as u16),
                Height::Fixed(claim),
                Height::Fixed(broken),
                Height::Fixed(footer),
            ],
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
        Some(Self { header, middle, notes, formula, lines, most_lines, claim, broken, footer })
    }

    /// The lines of the formula, in which the same terms stand as in the panel of the weighted sum where that has not all.
    fn formula(&self, state: &State) -> Vec<Line<'static>> {
        let window = match (state.settings().text, state.zoom()) {
            (TextSize::Ordinary, Zoom::Cell) => cell::Panels::new(state, self.middle).folded(state),
            (TextSize::Ordinary, Zoom::Network | Zoom::Layer) | (TextSize::Large, _) => None,
        };
        match window {
            None => self.lines.clone(),
            Some(shown) => formula::lines(state, self.formula.width - AIR, self.most_lines, &Window::OfPanel(shown)),
        }
    }

    fn draw(self, state: &State, buffer: &mut Buffer) {
        header::draw(state, self.header, buffer);
        match (state.settings().text, state.zoom()) {
            (TextSize::Large, _) => large::draw(state, self.middle, buffer),
            (_, Zoom::Network) => network::draw(state, self.middle, buffer),
            (_, Zoom::Layer) => layer::draw(state, self.middle, buffer),
            (_, Zoom::Cell) => cell::Panels::new(state, self.middle).draw(state, buffer),
        }
        if let Some(area) = self.notes {
            notes::draw(state, area, buffer);
        }
        formula::draw(self.formula(state), self.formula, buffer);
        footer::draw_claim(state, self.claim, buffer);
        panel::lines(broken_lines(state, buffer.area), self.broken, buffer);
        footer::draw(state, self.footer, buffer);
    }
}

/// What is wrong with the file, in as many lines as a screen of that height can spare.
fn broken_lines(state: &State, area: Rect) -> Vec<Line<'static>> {
    broken::lines(state, area.width, if area.height >= TALL { 3 } else { 2 })
}
