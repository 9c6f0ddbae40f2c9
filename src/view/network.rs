//! The zoom on the network: its layers from the input down to the output, what flows between them at the timestep
//! shown, and what the recurrent ones feed back.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::cells::{Cells, FedBack};
use super::flow;
use super::layout::window;
use super::number::Numbers;
use super::panel::{cut, lines, marked, span};
use super::summary;
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::mouse::Target;
use crate::app::settings::Settings;
use crate::app::state::{Mark, State};
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
    /// Which layer it is of, if it is of one.
    layer: Option<usize>,
    /// Which of its units have their boxes at which columns.
    units: Vec<(Range<usize>, usize)>,
}

impl Row {
    const fn new(line: Line<'static>) -> Self {
        Self { line, heads: None, layer: None, units: Vec::new() }
    }
}

/// Draws the network, around the layer looked at where not all has room.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let (air, rows) = placed(state, area);
    let above = std::iter::repeat_n(Line::default(), air);
    lines(above.chain(rows.into_iter().map(|row| row.line)), area, buffer);
}

/// What is at a place: a unit with its box, or a layer.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let (air, rows) = placed(state, area);
    let row = rows.get(usize::from(at.y.checked_sub(area.y)?).checked_sub(air)?).filter(|_| area.contains(at))?;
    let (layer, x) = (row.layer?, usize::from(at.x - area.x));
    let unit = row.units.iter().find(|(columns, _)| columns.contains(&x)).map(|&(_, unit)| unit);
    // No output of a projection belongs to a unit.
    let unit = unit.filter(|_| !state.scenario().network.layers[layer].projects());
    Some(unit.map_or(Target::Layer(layer), |unit| Target::Unit { layer, unit }))
}

/// The lines that have room, and how many of the area are free above them.
fn placed(state: &State, area: Rect) -> (usize, Vec<Row>) {
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
    ((height - rows.len()) / 2, rows)
}

/// The lines around the layer looked at, and above and below them how many layers have no room.
fn scrolled(rows: Vec<Row>, state: &State, height: usize) -> Vec<Row> {
    let layers = state.scenario().network.layers.len();
    let chosen = rows.iter().position(|row| row.heads == Some(state.focus().layer)).unwrap_or(0);
    let visible = window(rows.len(), chosen, height);
    let is_end = visible.end == rows.len();
    let mut shown: Vec<Row> = rows.into_iter().take(visible.end).skip(visible.start).collect();
    let seen: Vec<usize> = shown.iter().skip(1).take(height.saturating_sub(2)).filter_map(|row| row.heads).collect();
    let more = |count: usize, arrow: &str| {
        let words = words(state.settings().language);
        let said = if count > 0 { format!(" +{}", words.count(count, words.layers)) } else { String::new() };
        Row::new(Line::from(format!(" {arrow} …{said}")))
    };
    if let Some(row) = shown.first_mut().filter(|_| visible.start > 0) {
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
        let units = row.units.into_iter().map(|(at, unit)| (at.start + EDGE..at.end + EDGE, unit)).collect();
        Row { line: Line::from(spans), units, ..row }
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
        None => (format!("{} ", words.input), flow::row(state, width), Role::Current),
        Some(last) if layer == layers => (format!("{} ", words.output), flow::output(state, last), Role::Total),
        Some(before) => (String::new(), flow::output(state, before), Role::Plain),
    };
    let name = format!("{:indent$}↓ {what}{} = ", "", vector.name);
    let claim = if layer == layers { claim(state) } else { None };
    let claim_width = claim.as_ref().map_or(0, |claim| claim.width() + 2);
    let values = vector.written(Numbers::new(settings), width.saturating_sub(name.width() + claim_width));
    let is_new = state.marks(layer.checked_sub(1).map_or(Mark::Row, Mark::Layer));
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
    let claim = state.claim_at(state.t()).filter(|_| state.has_output(state.t()))?;
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
    let mut rows = vec![Row { heads: Some(number), layer: Some(number), ..Row::new(Line::from(head)) }];
    let drawn = match detail.cells {
        Drawn::All => true,
        Drawn::Recurrent => is_chosen || layer.is_recurrent(),
        Drawn::Chosen => is_chosen,
        Drawn::None => false,
    };
    for pass in 0..layer.passes() {
        let direction = layer.pass(pass).0;
        let fed_back = FedBack::new(state, number, pass, direction);
        let of_layer = |line| Row { layer: Some(number), ..Row::new(line) };
        if drawn {
            let cells = Cells::new(state, number, pass, width, detail.rows);
            let lines = cells.lines(state, &fed_back, width).into_iter().enumerate();
            rows.extend(lines.map(|(i, line)| Row { units: cells.at_line(i), ..of_layer(line) }));
        } else if detail.fed_back {
            rows.extend(fed_back.lines(state, width).into_iter().map(of_layer));
        }
    }
    rows
}
