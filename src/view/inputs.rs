//! The input table: one row per timestep, the outputs filling in beside it, and what is claimed about them.

mod columns;
mod table;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use columns::{Column, Heads, Kind, label, verdict};
use table::Table;
pub use table::{least_widths, widths};

use super::edit::{marked_number, with_mark};
use super::layout::window;
use super::panel::{FRAMED, cut, cut_start, frame, inside_from, left, lines, marked, padded, put, right};
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::mouse::Target;
use crate::app::state::{Change, Mark, State};
use crate::engine::network::Layer;
use crate::scenario::edit::Number;

/// How tall the panel is when all rows have room, with its frame and two lines of heads.
pub fn height(state: &State) -> u16 {
    u16::try_from(state.scenario().timesteps().saturating_add(4)).unwrap_or(u16::MAX)
}

/// Draws the table, or the current row alone where there is no room for more.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let words = words(state.settings().language);
    let layer = state.focus().layer;
    let title = match layer {
        0 => format!("{} X", words.input),
        _ => format!("{}: {} {layer}", words.input, words.outputs_of),
    };
    let Placed { inside, table, lines_of_heads, rows, offset } = Placed::new(state, area);
    let (width, Table { columns, label, heads }) = (table.width(), table);
    let [above, below] = left_out(state, &rows);
    frame(&cut(&title, usize::from(area.width).saturating_sub(5 + above.width())), area, state.settings(), buffer);
    let mut table = match lines_of_heads {
        0 => Vec::new(),
        1 => vec![head(state, label, &columns, heads, |column| column.unbroken(heads))],
        _ => (0..2).map(|i| head(state, label, &columns, heads, |column| column.two_lines(heads)[i])).collect(),
    };
    for (i, t) in rows.enumerate() {
        table.push(row(state, t, i + offset, label, &columns, heads));
    }
    lines(table, inside, buffer);
    match inside == area {
        true => draw_left_out(state, [&above, &below], area, usize::from(area.width).saturating_sub(width + 1), buffer),
        false => draw_left_out(state, [&above, &below], Rect { width: area.width - 1, ..area }, usize::MAX, buffer),
    }
}

/// How many rows are above those shown and how many below: `↑ 3`, `↓ 99987`, or nothing where there are none.
fn left_out(state: &State, rows: &Range<usize>) -> [String; 2] {
    let mark = |arrow: &str, count: usize| if count > 0 { format!(" {arrow} {count} ") } else { String::new() };
    [mark("↑", rows.start), mark("↓", state.scenario().timesteps() - rows.end)]
}

/// Draws them at the right end of the frame, or of the first and the last row where there is none, the arrow alone where there
/// is no room for more.
fn draw_left_out(state: &State, [above, below]: [&str; 2], area: Rect, free: usize, buffer: &mut Buffer) {
    let look = style(Role::Frame, state.settings());
    let mut put_at_end = |text: &str, y: u16| {
        let arrows = || text.chars().filter(|c| matches!(c, '↑' | '↓')).collect();
        let text: String = if text.width() <= free { text.into() } else { arrows() };
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX).min(area.width);
        put(&text, look, Rect { x: area.right() - width, y, width, height: 1 }, buffer);
    };
    match area.height {
        1 => put_at_end(&format!("{}{below}", above.trim_end()), area.y),
        _ => {
            put_at_end(above, area.y);
            put_at_end(below, area.bottom() - 1);
        }
    }
}

/// What is at a place: an input of the current row, else a row.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let Placed { inside, table, lines_of_heads, rows, .. } = Placed::new(state, area);
    let line = usize::from(at.y.checked_sub(inside.y)?).checked_sub(lines_of_heads)?;
    let t = rows.start + line;
    if !inside.contains(at) || !rows.contains(&t) {
        return None;
    }
    let mut left = usize::from(inside.x) + 1 + table.label;
    for column in table.columns.iter().filter(|_| t == state.t() && state.focus().layer == 0) {
        let right = left + column.gap() + column.width(table.heads);
        match column.kind {
            Kind::Input(feature) if (left..right).contains(&at.x.into()) => {
                return Some(Target::Number(Number::Input { t, feature }));
            }
            _ => left = right,
        }
    }
    Some(Target::Timestep(t))
}

/// The table on an area: which rows it shows, and where.
struct Placed {
    inside: Rect,
    table: Table,
    lines_of_heads: usize,
    rows: Range<usize>,
    /// How many of the rows the columns are written for come before the first one shown.
    offset: usize,
}

impl Placed {
    fn new(state: &State, area: Rect) -> Self {
        let framed = area.height >= FRAMED;
        let inside = inside_from(FRAMED, area);
        let has_heads = framed && inside.height > 1;
        let body = usize::from(inside.height) - usize::from(has_heads);
        let may_wrap = framed && body > state.scenario().timesteps().min(5);
        let written = visible(state, body);
        // Where there is no frame, a blank and an arrow for the rows left out on either side.
        let arrows = if framed || written.len() == state.scenario().timesteps() { 0 } else { 3 };
        let room = usize::from(inside.width) - arrows.min(inside.width.into());
        let table = Table::with_chosen(state, &written, room, may_wrap);
        let (lines_of_heads, rows) = match (has_heads, table.heads) {
            (false, _) => (0, written.clone()),
            (true, Heads::TwoLines(_) | Heads::NamesOnTwo(_)) if table.breaks_heads() => (2, visible(state, body - 1)),
            (true, _) => (1, written.clone()),
        };
        let offset = rows.start - written.start;
        Self { inside, table, lines_of_heads, rows, offset }
    }
}

/// The timesteps that are visible: all, or a stretch with the current one in it and what a convolution sees before it.
fn visible(state: &State, body: usize) -> Range<usize> {
    let seen = match state.layer() {
        Layer::Conv(conv) => conv.width().saturating_sub(1).min(body.saturating_sub(1)),
        _ => 0,
    };
    window(state.scenario().timesteps(), state.t().saturating_sub(seen.saturating_sub(body / 2)), body)
}

/// The label of a row in at most a width; one that is generated keeps what tells it from the others.
fn shortened_label(state: &State, t: usize, width: usize) -> String {
    let label = label(state, t);
    match state.scenario().label(t) {
        None if label.width() > width => cut_start(&t.to_string(), width),
        _ => cut(&label, width),
    }
}

fn head(state: &State, label: usize, columns: &[Column], heads: Heads, text: impl Fn(&Column) -> &str) -> Line<'static> {
    let settings = state.settings();
    let mut spans = vec![Span::raw(" ".repeat(1 + label))];
    for column in columns {
        let width = column.width(heads);
        spans.push(separator(state, column));
        spans.push(Span::styled(right(&column.fitted(text(column), width), width), style(Role::Frame, settings)));
    }
    Line::from(spans)
}

fn separator(state: &State, column: &Column) -> Span<'static> {
    match column.gap() {
        3 => Span::styled(" │ ", style(Role::Frame, state.settings())),
        gap => Span::raw(" ".repeat(gap)),
    }
}

/// Whether a convolution sees a row beside the current one.
fn is_seen(state: &State, t: usize) -> bool {
    match state.layer() {
        Layer::Conv(conv) => t < state.t() && state.t() - t < conv.width(),
        _ => false,
    }
}

fn row(state: &State, t: usize, i: usize, label_width: usize, columns: &[Column], heads: Heads) -> Line<'static> {
    let settings = state.settings();
    let current = t == state.t();
    let is_new = match state.change() {
        Change::Forward(from) => t > from && t <= state.t(),
        Change::Edit => t <= state.t(),
        Change::Completed => current,
        Change::MicroStep => current && state.marks(Mark::Layer(state.scenario().names.len() - 1)),
        _ => false,
    };
    let is_row_new = current && state.marks(Mark::Row);
    let seen = is_seen(state, t);
    let role = if current || seen { Role::Current } else { Role::Plain };
    let marker = match (current, seen) {
        (true, _) => "▶",
        (false, true) => "┃",
        (false, false) => " ",
    };
    let label = shortened_label(state, t, label_width);
    let mut spans = vec![Span::styled(format!("{marker}{}", left(&label, label_width)), style(role, settings))];
    for column in columns {
        let cell = right(&column.cells[i], column.width(heads));
        let look = match column.kind {
            Kind::Input(_) | Kind::InputsBefore(_) | Kind::MoreInputs(_) => marked(style(role, settings), is_row_new, settings),
            Kind::Unit | Kind::OutputsBefore(_) | Kind::MoreOutputs(_) => {
                style(if current { Role::Total } else { Role::Plain }, settings)
            }
            Kind::Original(_) => style(Role::Frame, settings),
            Kind::Difference(_) if state.parts_at() == Some(t) => style(Role::New, settings),
            Kind::Difference(_) => style(if current { Role::Total } else { Role::Plain }, settings),
            Kind::Output(_) => marked(style(if current { Role::Total } else { Role::Plain }, settings), is_new, settings),
            Kind::Claim(output) => match verdict(state, t, output) {
                Some(true) => style(Role::Holds, settings),
                Some(false) => style(Role::Fails, settings),
                None => style(Role::Frame, settings),
            },
        };
        match column.kind {
            Kind::Input(feature) if state.focus().layer == 0 => {
                let number = Some(Number::Input { t, feature });
                spans.extend(marked_number(state, number, &" ".repeat(column.gap()), &cell, look));
            }
            Kind::Difference(_) if state.parts_at() == Some(t) => {
                spans.extend(with_mark(Some(("≠", look)), &" ".repeat(column.gap()), &cell, look));
            }
            _ => {
                spans.push(separator(state, column));
                spans.extend(padded(&cell, look));
            }
        }
    }
    Line::from(spans)
}
