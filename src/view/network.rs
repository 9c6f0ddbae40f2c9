//! The zoom on the network: its layers from the input down to the output, what flows between them at the timestep
//! shown, and what the recurrent ones feed back.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::cells::{Cells, FedBack};
use super::flow;
use super::number::Numbers;
use super::panel::{cut, lines, marked, span};
use super::summary;
use super::text::words;
use super::theme::{Role, style};
use crate::app::settings::Settings;
use crate::app::state::State;
use crate::engine::network::Layer;

/// The columns between the edge of a part and what is in it, on both sides.
const EDGE: usize = 2;

/// The columns left of what flows between layers.
const INDENT: usize = 3;

/// How much is drawn of every layer.
#[derive(Clone, Copy)]
struct Detail {
    /// Whose cells are drawn.
    cells: Drawn,
    /// The most rows of cells a pass has.
    rows: usize,
    /// Whether the parts have frames.
    framed: bool,
    /// Whether the states fed back are written.
    fed_back: bool,
    /// The lines between layers.
    between: usize,
}

/// Which layers have their cells drawn.
#[derive(Clone, Copy, PartialEq)]
enum Drawn {
    All,
    /// The recurrent ones, and the one looked at.
    Recurrent,
    /// The one looked at.
    Chosen,
    None,
}

const LEAST: Detail = Detail { cells: Drawn::None, rows: 0, framed: false, fed_back: false, between: 1 };

/// From all there is to say to the least, of which the first that has room is drawn.
const DETAILS: [Detail; 10] = [
    Detail { cells: Drawn::All, rows: 8, framed: true, fed_back: true, between: 2 },
    Detail { cells: Drawn::All, rows: 4, framed: true, fed_back: true, between: 2 },
    Detail { cells: Drawn::All, rows: 2, framed: true, fed_back: true, between: 2 },
    Detail { cells: Drawn::All, rows: 1, framed: true, fed_back: true, between: 2 },
    Detail { cells: Drawn::All, rows: 1, framed: true, fed_back: true, between: 1 },
    Detail { cells: Drawn::Recurrent, rows: 1, framed: true, fed_back: true, between: 1 },
    Detail { cells: Drawn::Chosen, rows: 1, framed: true, fed_back: true, between: 1 },
    Detail { cells: Drawn::None, rows: 0, framed: true, fed_back: true, between: 1 },
    Detail { fed_back: true, ..LEAST },
    LEAST,
];

/// A line of the picture, and the layer whose line of facts it is, if it is one.
struct Row {
    line: Line<'static>,
    heads: Option<usize>,
}

impl Row {
    const fn new(line: Line<'static>) -> Self {
        Self { line, heads: None }
    }
}

/// Draws the network, around the layer looked at where not all has room.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let layers = state.scenario().network.layers.len();
    let chosen = state.focus().layer;
    // A layer takes a line at least, so that more of them cannot be seen.
    let near = chosen.saturating_sub(height)..chosen.saturating_add(height).min(layers);
    let ways = if layers > height { &DETAILS[DETAILS.len() - 1..] } else { &DETAILS };
    let mut rows = Vec::new();
    for &detail in ways {
        rows = picture(state, near.clone(), detail, width);
        if rows.len() <= height {
            break;
        }
    }
    if rows.len() > height {
        rows = scrolled(rows, state, height);
    }
    let air = (height - rows.len()) / 2;
    let above = std::iter::repeat_n(Line::default(), air);
    lines(above.chain(rows.into_iter().map(|row| row.line)), area, buffer);
}

/// The lines around the layer looked at, and above and below them how many layers have no room.
fn scrolled(rows: Vec<Row>, state: &State, height: usize) -> Vec<Row> {
    let layers = state.scenario().network.layers.len();
    let chosen = rows.iter().position(|row| row.heads == Some(state.focus().layer)).unwrap_or(0);
    let first = chosen.saturating_sub(height / 2).min(rows.len() - height);
    let is_end = first + height == rows.len();
    let mut shown: Vec<Row> = rows.into_iter().skip(first).take(height).collect();
    let seen: Vec<usize> = shown.iter().skip(1).take(height.saturating_sub(2)).filter_map(|row| row.heads).collect();
    let more = |count: usize, arrow: &str| {
        let words = words(state.settings().language);
        let said = if count > 0 { format!(" +{}", words.count(count, words.layers)) } else { String::new() };
        Row::new(Line::from(format!(" {arrow} …{said}")))
    };
    if let Some(row) = shown.first_mut().filter(|_| first > 0) {
        *row = more(seen.first().copied().unwrap_or(0), "↑");
    }
    if let Some(row) = shown.last_mut().filter(|_| !is_end) {
        *row = more(layers - 1 - seen.last().copied().unwrap_or(layers - 1), "↓");
    }
    shown
}

/// Everything from the first of some layers to the last.
fn picture(state: &State, layers: Range<usize>, detail: Detail, width: usize) -> Vec<Row> {
    let all = &state.scenario().network.layers;
    let is_last = layers.end == all.len();
    let mut rows = wire(state, layers.start, detail, INDENT, width);
    let mut rest = layers;
    while let Some(first) = rest.next() {
        let mut end = first + 1;
        while end < rest.end && part(&all[end]) == part(&all[first]) {
            end += 1;
        }
        rest.start = end;
        let inner = if detail.framed { width.saturating_sub(2 * EDGE) } else { width };
        let mut inside = Vec::new();
        for layer in first..end {
            if layer > first {
                inside.extend(wire(state, layer, detail, INDENT - (width - inner) / 2, inner));
            }
            inside.extend(block(state, layer, detail, inner));
        }
        if detail.framed {
            inside = framed(part_title(state, &all[first]), inside, width, state.settings());
        }
        rows.extend(inside);
        if end < rest.end {
            rows.extend(wire(state, end, detail, INDENT, width));
        }
    }
    if is_last {
        rows.extend(wire(state, all.len(), detail, INDENT, width));
    }
    rows
}

/// The parts of a network a lecture tells apart.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Recurrent,
    Dense,
    Convolution,
}

const fn part(layer: &Layer) -> Part {
    match layer {
        Layer::Rnn(_) | Layer::Lstm(_) | Layer::Gru(_) => Part::Recurrent,
        Layer::Dense(_) => Part::Dense,
        Layer::Conv(_) => Part::Convolution,
    }
}

fn part_title(state: &State, layer: &Layer) -> &'static str {
    let words = words(state.settings().language);
    match part(layer) {
        Part::Recurrent => words.recurrent_part,
        Part::Dense => words.dense_part,
        Part::Convolution => words.convolution_part,
    }
}

/// Rows in a frame with a title.
fn framed(title: &str, rows: Vec<Row>, width: usize, settings: &Settings) -> Vec<Row> {
    let inner = width.saturating_sub(2 * EDGE);
    let edge = |text: &str| span(text.to_owned(), Role::Frame, settings);
    let title = cut(title, inner.saturating_sub(2));
    let rest = width.saturating_sub(title.width() + 5);
    let top = [edge("╭─ "), span(title, Role::Title, settings), edge(&format!(" {}╮", "─".repeat(rest)))];
    let bottom = edge(&format!("╰{}╯", "─".repeat(width.saturating_sub(2))));
    let inside = rows.into_iter().map(|row| {
        let used = row.line.width();
        let mut spans = vec![edge("│ ")];
        spans.extend(row.line.spans);
        spans.push(Span::raw(" ".repeat(inner.saturating_sub(used))));
        spans.push(edge(" │"));
        Row { line: Line::from(spans), heads: row.heads }
    });
    let top = Row::new(Line::from_iter(top));
    std::iter::once(top).chain(inside).chain([Row::new(Line::from(bottom))]).collect()
}

/// What flows into a layer: the input row, or what the layer before gives; after the last layer the output.
fn wire(state: &State, layer: usize, detail: Detail, indent: usize, width: usize) -> Vec<Row> {
    let settings = state.settings();
    let words = words(settings.language);
    let layers = state.scenario().network.layers.len();
    let (what, vector, role) = match layer.checked_sub(1) {
        None => (format!("{} ", words.input), flow::row(state), Role::Current),
        Some(last) if layer == layers => (format!("{} ", words.output), flow::output(state, last), Role::Total),
        Some(before) => (String::new(), flow::output(state, before), Role::Plain),
    };
    let name = format!("{:indent$}↓ {what}{} = ", "", vector.name);
    let claim = if layer == layers { claim(state) } else { None };
    let claim_width = claim.as_ref().map_or(0, |claim| claim.width() + 2);
    let values = vector.written(Numbers::new(settings), width.saturating_sub(name.width() + claim_width));
    let is_new = layer > 0 && state.change().is_new_timestep();
    let mut spans =
        vec![span(name, Role::Plain, settings), Span::styled(values, marked(style(role, settings), is_new, settings))];
    spans.extend(claim.into_iter().flat_map(|claim| [Span::raw("  "), claim]));
    let above = std::iter::repeat_n(format!("{:indent$}│", ""), detail.between - 1).map(|line| Row::new(Line::from(line)));
    let is_end = layer == 0 || layer == layers;
    above.skip(usize::from(is_end)).chain([Row::new(Line::from(spans))]).collect()
}

/// Whether what is claimed of the output holds, and what is claimed of an output of one number where it does not.
fn claim(state: &State) -> Option<Span<'static>> {
    let settings = state.settings();
    let step = state.step_at(state.t())?;
    let claim = state.scenario().claim(step)?;
    if claim.holds() {
        return Some(span("✓", Role::Holds, settings));
    }
    let numbers = Numbers::new(settings);
    let text = match (claim.values.as_slice(), step.output()) {
        ([claimed], Some([output])) => {
            format!("✗ {} {}", words(settings.language).claimed, numbers.apart_from(*claimed, &numbers.write(*output)))
        }
        _ => "✗".into(),
    };
    Some(span(text, Role::Fails, settings))
}

/// A layer: its facts, then its cells with what they feed back.
fn block(state: &State, number: usize, detail: Detail, width: usize) -> Vec<Row> {
    let settings = state.settings();
    let layer = &state.scenario().network.layers[number];
    let is_chosen = number == state.focus().layer;
    let (marker, role) = if is_chosen { ("▸", Role::Title) } else { (" ", Role::Plain) };
    let feeds = if layer.is_recurrent() && !detail.fed_back { " ↺" } else { "" };
    let facts = summary::line(state, number, width.saturating_sub(marker.width() + feeds.width()));
    let head = span(format!("{marker}{facts}{feeds}"), role, settings);
    let mut rows = vec![Row { line: Line::from(head), heads: Some(number) }];
    let drawn = match detail.cells {
        Drawn::All => true,
        Drawn::Recurrent => is_chosen || layer.is_recurrent(),
        Drawn::Chosen => is_chosen,
        Drawn::None => false,
    };
    for pass in 0..layer.passes() {
        let direction = layer.pass(pass).0;
        let fed_back = FedBack::new(state, number, pass, direction);
        let lines = if drawn {
            let cells = Cells::new(state, number, pass, width, detail.rows);
            cells.lines(state, &fed_back, width)
        } else if detail.fed_back {
            fed_back.lines(state, width)
        } else {
            Vec::new()
        };
        rows.extend(lines.into_iter().map(Row::new));
    }
    rows
}
