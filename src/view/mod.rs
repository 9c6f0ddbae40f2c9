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
pub mod names;
pub mod network;
pub mod notes;
pub mod notice;
pub mod number;
pub mod opening;
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
pub mod width;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::app::lecture::Lecture;
use crate::app::mouse::Target;
use crate::app::settings::{Charset, TextSize};
use crate::app::state::{Overlay, ScrollLimits, State, Zoom};
use formula::{Room, Window};
use layout::{Height, columns, rows, split};
use panel::TWO_COLUMNS;

/// Below this many columns or rows there is the formula alone.
const SMALLEST: (u16, u16) = (40, 12);

/// From this many columns on, the notes stand beside the panels.
const NOTES_BESIDE: u16 = 120;

/// From this many rows on, there is room for the keys under what is wrong with a file, and for the notes above a number that is
/// typed.
const TALL: u16 = 20;

/// The columns of air around the formula.
const AIR: u16 = 2;

/// What is where on a screen, found once for each frame.
pub struct Layout {
    area: Rect,
    /// The parts of it; none where there is room for the formula alone.
    screen: Option<Screen>,
}

impl Layout {
    /// That of a screen of so many columns and rows, which the state takes in: nothing is scrolled beyond its end.
    pub fn fitted(state: &mut State, size: (u16, u16)) -> Self {
        state.take_in(size);
        let layout = Self::new(state, size);
        if state.limit(layout.scroll_limits(state)) { Self::new(state, size) } else { layout }
    }

    fn new(state: &State, (width, height): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, width, height);
        Self { area, screen: Screen::new(state, area) }
    }

    /// How far the help, the notes and the terms can be scrolled.
    fn scroll_limits(&self, state: &State) -> ScrollLimits {
        let notes = self.screen.as_ref().and_then(|screen| screen.notes);
        ScrollLimits {
            // Where it is not on the screen it is not worth its rows: the limit is set when it is.
            help: if matches!(state.overlay(), Overlay::Help(_)) { help::scroll_limit(state, self.area) } else { usize::MAX },
            notes: notes.map_or(usize::MAX, |area| notes::scroll_limit(state, area)),
            terms: match self.screen.as_ref().map(|screen| &screen.zoom) {
                Some(Shown::Cell(panels)) => panels.scroll_limit(state),
                _ => 0,
            },
        }
    }

    /// Draws the whole screen.
    pub fn draw(&self, state: &State, buffer: &mut Buffer) {
        self.draw_stepper(state, buffer);
        finish(state, buffer);
    }

    /// Draws the scenario a lecture shows, and over it the list, while that is open.
    pub fn draw_lecture(&self, lecture: &Lecture, buffer: &mut Buffer) {
        self.draw_stepper(lecture.state(), buffer);
        if let Some(list) = lecture.list() {
            scenarios::draw(lecture, list, self.area, buffer);
        }
        finish(lecture.state(), buffer);
    }

    fn draw_stepper(&self, state: &State, buffer: &mut Buffer) {
        let area = self.area;
        if state.overlay() == Overlay::Blank {
            return;
        }
        match &self.screen {
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
    }
}

fn finish(state: &State, buffer: &mut Buffer) {
    if state.settings().charset == Charset::Ascii {
        glyphs::to_ascii(buffer);
    }
}

/// What stands at a column and a row of a screen of so many columns and rows, as [`Layout::draw_lecture`] draws it; nothing
/// under what lies on top of the panels.
pub fn hit(lecture: &Lecture, size: (u16, u16), x: u16, y: u16) -> Option<Target> {
    let state = lecture.state();
    if matches!(state.overlay(), Overlay::Help(_) | Overlay::Blank) || lecture.list().is_some() {
        return None;
    }
    let screen = Layout::new(state, size).screen?;
    let at = Position::new(x, y);
    match screen.zoom {
        _ if !screen.middle.contains(at) => None,
        Shown::Large => None,
        Shown::Network => network::hit(state, screen.middle, at),
        Shown::Layer => layer::hit(state, screen.middle, at),
        Shown::Cell(panels) => panels.hit(state, at),
    }
}

/// What is in the middle of the screen.
enum Shown {
    /// The formula in large letters.
    Large,
    Network,
    Layer,
    Cell(cell::Panels),
}

/// Where each part of the screen is; a part for which there is no room has no rows.
struct Screen {
    header: Rect,
    middle: Rect,
    zoom: Shown,
    notes: Option<Rect>,
    formula: Rect,
    /// Those of the formula, in which the same terms stand as in the panel of the weighted sum where that has not all.
    lines: Vec<Line<'static>>,
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
        let claim = u16::from(state.scenario().expected.is_some());
        let room = Room { equation: most_lines, all: usize::from((area.height - 1 - claim) / 2) };
        let formula_of = |window| formula::lines(state, area.width - AIR, room, window);
        let mut lines = match (state.settings().text, state.zoom()) {
            (TextSize::Large, _) => Vec::new(),
            (_, Zoom::Network) => layer_equation::lines(state, area.width - AIR, most_lines.max(usize::from(area.height / 8))),
            (_, Zoom::Layer | Zoom::Cell) => formula_of(&Window::First),
        };
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
            // Where there are few rows, the number that is typed needs those of the notes.
            Some(_) if area.height < TALL && state.entry().is_some() => (middle, None),
            Some(_) => {
                let height = notes::height(state, middle.width).min(middle.height * 2 / 5).max(3);
                let (upper, lower) = split(middle, middle.height - height);
                (upper, Some(lower))
            }
            None => (middle, None),
        };
        let zoom = match (state.settings().text, state.zoom()) {
            (TextSize::Large, _) => Shown::Large,
            (_, Zoom::Network) => Shown::Network,
            (_, Zoom::Layer) => Shown::Layer,
            (_, Zoom::Cell) => Shown::Cell(cell::Panels::new(state, middle)),
        };
        if let Shown::Cell(panels) = &zoom
            && let Some(shown) = panels.folded(state)
        {
            lines = formula_of(&Window::OfPanel(shown));
        }
        Some(Self { header, middle, zoom, notes, formula, lines, claim, broken, footer })
    }

    fn draw(&self, state: &State, buffer: &mut Buffer) {
        header::draw(state, self.header, buffer);
        match &self.zoom {
            Shown::Large => large::draw(state, self.middle, buffer),
            Shown::Network => network::draw(state, self.middle, buffer),
            Shown::Layer => layer::draw(state, self.middle, buffer),
            Shown::Cell(panels) => {
                panels.draw(state, buffer);
                opening::draw(state, panels.timeline(), buffer);
            }
        }
        if let Some(area) = self.notes {
            notes::draw(state, area, buffer);
        }
        formula::draw(&self.lines, self.formula, buffer);
        footer::draw_claim(state, self.claim, buffer);
        panel::lines(broken_lines(state, buffer.area), self.broken, buffer);
        footer::draw(state, self.footer, buffer);
    }
}

/// What is wrong with the file, in as many lines as a screen of that height can spare.
fn broken_lines(state: &State, area: Rect) -> Vec<Line<'static>> {
    broken::lines(state, area.width, if area.height >= TALL { 3 } else { 2 })
}
