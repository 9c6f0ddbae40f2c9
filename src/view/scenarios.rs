//! The list of scenarios: name, title and place of each, what the chosen one teaches, and the filter in the last line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::edit::EDITED;
use super::field;
use super::layout::{split, window};
use super::panel::{cut, cut_start, dot, frame, left, lines, position, span, wrapped};
use super::text::words;
use super::theme::Role;
use super::width::Width;
use crate::app::lecture::{self, Group, Lecture, List};
use crate::app::settings::Settings;

/// The widest list.
const WIDEST: u16 = 120;

/// The columns before a name, which mark the chosen one, and between the columns.
const MARK: usize = 3;
const GAP: usize = 2;

/// From this height inside the frame on, it says in so many rows what the chosen one teaches.
const TEACHES: [(u16, u16); 2] = [(14, 4), (7, 3)];

/// The most headings, and the rows of the frame.
const HEADINGS: usize = 2;
const FRAME: usize = 2;

/// Draws the list over the screen.
pub fn draw(lecture: &Lecture, list: &List, area: Rect, buffer: &mut Buffer) {
    let settings = lecture.state().settings();
    let words = words(settings.language);
    let entries = lecture.lines();
    let rows = rows(&entries, list.chosen);
    let place = place(lecture, area);
    Clear.render(place, buffer);
    let body = inside_height(place);
    let taught = TEACHES.into_iter().find(|&(from, _)| body >= from).map_or(0, |(_, rows)| rows);
    let listed = usize::from(body - taught);
    let chosen = rows.iter().position(|row| matches!(row, Row::Entry(_, true))).unwrap_or(0);
    let first = window(rows.len(), chosen, listed).start;
    let title = position(words.scenarios, first, listed, rows.len(), settings);
    let inside = frame(&title, place, settings, buffer);
    let (upper, lower) = split(inside, inside.height - taught.min(inside.height));
    let of_names = entries.iter().map(|entry| entry.name.width()).max().unwrap_or(0).min(usize::from(inside.width) / 3);
    let heading = |group| match group {
        Group::Given => words.given,
        Group::BuiltIn => words.built_in,
    };
    let shown = rows.iter().skip(first).map(|row| match row {
        Row::Heading(group) => Line::from(span(format!(" {}", heading(*group)), Role::Frame, settings)),
        Row::Entry(entry, is_chosen) => line(entry, *is_chosen, of_names, usize::from(inside.width), settings),
    });
    lines(shown, upper, buffer);
    if let Some(entry) = entries.get(list.chosen) {
        let text = wrapped(entry.description, usize::from(lower.width).saturating_sub(2));
        let room = usize::from(lower.height.saturating_sub(1));
        let is_cut = text.len() > room;
        let last = room.saturating_sub(1);
        let text = text.into_iter().take(room).enumerate().map(|(i, line)| {
            let dots = if is_cut && i == last { " …" } else { "" };
            Line::from(format!(" {line}{dots}"))
        });
        lines(std::iter::once(Line::default()).chain(text), lower, buffer);
    }
    let remark = if entries.is_empty() { words.no_such_scenario } else { "" };
    field::draw(&format!("{} ", words.filter), &list.filter, (remark, Role::Fails), settings, area, buffer);
}

/// The middle of all rows but the last, as large as the list is without a filter.
fn place(lecture: &Lecture, area: Rect) -> Rect {
    let free = area.height.saturating_sub(1);
    let most = usize::from(TEACHES[0].1) + HEADINGS + FRAME;
    let height = u16::try_from(lecture.scenarios() + most).unwrap_or(u16::MAX).min(free);
    let width = area.width.min(WIDEST);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (free - height) / 2, width, height }
}

/// The rows there are inside the frame of a place.
fn inside_height(place: Rect) -> u16 {
    if place.height < super::panel::FRAMED { place.height } else { place.height - 2 }
}

/// A row of the list.
enum Row<'a> {
    /// Under what the following stand.
    Heading(Group),
    /// A scenario, and whether it is the chosen one.
    Entry(&'a lecture::Line<'a>, bool),
}

fn rows<'a>(entries: &'a [lecture::Line<'a>], chosen: usize) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        if i == 0 || entries[i - 1].group != entry.group {
            rows.push(Row::Heading(entry.group));
        }
        rows.push(Row::Entry(entry, i == chosen));
    }
    rows
}

fn line(entry: &lecture::Line<'_>, is_chosen: bool, of_names: usize, width: usize, settings: &Settings) -> Line<'static> {
    let place = match entry {
        lecture::Line { is_shown: true, .. } => words(settings.language).on_screen.to_owned(),
        lecture::Line { t: 0, .. } => String::new(),
        lecture::Line { t, .. } => format!("t = {t}"),
    };
    let place = match (entry.is_edited, place.is_empty()) {
        (false, _) => place,
        (true, true) => format!("{EDITED} {}", words(settings.language).edited),
        (true, false) => format!("{EDITED} {}{}{place}", words(settings.language).edited, dot(settings)),
    };
    let name = left(&cut_start(&entry.name, of_names), of_names);
    let room = width.saturating_sub(MARK + of_names + 2 * GAP + place.width() + 1);
    let (title, role) = match entry.title {
        Ok(title) => (title.to_owned(), Role::Plain),
        Err(reason) => (format!("✗ {reason}"), Role::Fails),
    };
    let (mark, look) = if is_chosen { (" ▶ ", Role::Current) } else { ("   ", Role::Title) };
    Line::from_iter([
        span(mark, look, settings),
        span(name, look, settings),
        Span::raw(" ".repeat(GAP)),
        span(left(&cut(&title, room), room), role, settings),
        Span::raw(" ".repeat(GAP)),
        span(place, Role::Frame, settings),
    ])
}
