//! The cells of a layer as boxes, with the way by which their states come back to them.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::flow::{self, Vector};
use super::number::{Numbers, extent};
use super::panel::{centred, cut, marked, padded, span};
use super::theme::{Role, style};
use super::width::Width;
use crate::app::foreseen::Part;
use crate::app::settings::Settings;
use crate::app::state::{Mark, State};
use crate::engine::network::{Direction, NetworkStep};

/// The columns left of the cells, for the way their states come back.
const LEFT_RAIL: usize = 6;

/// The columns right of the cells, for the way their states leave.
const RIGHT_RAIL: usize = 4;

/// The widest the name of a cell is, and the narrowest a cell is.
const CELL: (usize, usize) = (8, 6);

/// The columns of the edges of a cell.
const CELL_EDGES: usize = 4;

/// The columns of what is said of the cells that have no room.
const MORE: usize = 8;

/// The states a pass takes over from the timestep before.
pub struct FedBack<'a> {
    /// Of which pass of which layer.
    of: [usize; 2],
    states: Vec<Vector<'a>>,
    /// The way the pass goes, where that is not the same for all layers.
    arrow: &'static str,
    origin: String,
}

impl<'a> FedBack<'a> {
    /// Those of a pass of a layer, at the timestep shown.
    pub fn new(state: &'a State, layer: usize, pass: usize, direction: Direction) -> Self {
        let looks_ahead = state.scenario().network.layers[layer].looks_ahead();
        Self {
            of: [layer, pass],
            states: flow::carried(state, layer, pass).into_iter().map(|carried| carried.before).collect(),
            arrow: if looks_ahead { flow::arrow(direction) } else { "" },
            origin: flow::origin(state, direction, state.t()),
        }
    }

    /// The columns of the widest line in so much room, in the timesteps foreseen.
    fn foreseen(&self, state: &State, room: usize) -> usize {
        let [layer, pass] = self.of;
        let direction = state.scenario().network.layers[layer].pass(pass).0;
        let width = |step: &NetworkStep| {
            let fed_back = FedBack {
                of: self.of,
                states: flow::carried_in(state, layer, pass, step).into_iter().map(|carried| carried.before).collect(),
                arrow: self.arrow,
                origin: flow::origin(state, direction, step.t),
            };
            let written = |vector| fed_back.written(vector, state.settings(), room).iter().map(Span::width).sum();
            fed_back.states.iter().map(written).max().unwrap_or(0)
        };
        let find = || extent([state.steps_foreseen().map(width).max().unwrap_or(0)]);
        let [widest, ..] = Numbers::new(state.settings()).reserved(state, Part::FedBack, [layer, pass, room, 0, 0], find);
        widest
    }

    /// `h(0) = (0.38, 0.92)`, and where it comes from where there is room.
    fn written(&self, vector: &Vector<'_>, settings: &Settings, room: usize) -> [Span<'static>; 3] {
        let name = format!("{} = ", vector.name);
        let room = room.saturating_sub(name.width());
        let values = vector.written(Numbers::new(settings), room);
        let origin = format!(" ({})", self.origin);
        let origin = if values.width() + origin.width() <= room { origin } else { String::new() };
        [Span::raw(name), span(values, Role::Current, settings), span(origin, Role::Frame, settings)]
    }

    /// A line for each state, where the cells are not drawn.
    pub fn lines(&self, state: &State, width: usize) -> Vec<Line<'static>> {
        let start = format!("   ↺ {}{}", self.arrow, if self.arrow.is_empty() { "" } else { " " });
        let room = width.saturating_sub(start.width());
        let line = |vector| {
            let text = self.written(vector, state.settings(), room);
            Line::from_iter([Span::raw(start.clone())].into_iter().chain(text))
        };
        self.states.iter().map(line).collect()
    }
}

/// The cells of a pass as boxes, each with its name and its output.
pub struct Cells {
    boxes: Vec<[String; 2]>,
    /// The columns inside a box.
    inner: usize,
    per_row: usize,
    /// The first of them, among the outputs of the layer.
    first: usize,
    /// How many have no room.
    more: usize,
    is_new: bool,
}

impl Cells {
    /// Those of a pass of a layer, as many as fit into so many rows of a width.
    pub fn new(state: &State, layer: usize, pass: usize, width: usize, most_rows: usize) -> Self {
        let room = width.saturating_sub(LEFT_RAIL + RIGHT_RAIL);
        let of = &state.scenario().network.layers[layer];
        let first: usize = (0..pass).map(|pass| of.cell(pass).outputs()).sum();
        let count = of.cell(pass).outputs();
        let most = (room / (CELL.1 + CELL_EDGES) + 1) * most_rows;
        let names = state.scenario().names[layer].outputs.iter().skip(first).take(count.min(most));
        let names: Vec<String> = names.map(|name| cut(name.get(state.settings().language), CELL.0)).collect();
        let values = state.input_at(layer + 1, state.t()).and_then(|values| values.get(first..));
        let write = |numbers: Numbers| -> Vec<String> {
            let value = |i: usize| values.and_then(|values| values.get(i));
            (0..names.len()).map(|i| value(i).map_or_else(|| "–".into(), |&v| numbers.write(v))).collect()
        };
        let widest_name = names.iter().map(|name| name.width()).max().unwrap_or(0).max(CELL.1);
        // As wide as the widest of the timesteps foreseen.
        let inner = |numbers: Numbers, values: &[String]| {
            let find = || {
                let given = state.steps_foreseen().filter_map(|step| step.layers[layer].as_ref()?.output.get(first..));
                extent([numbers.width(given.flat_map(|output| output.iter().take(names.len())).copied())])
            };
            let [foreseen, ..] = numbers.reserved(state, Part::Boxes, [layer, pass, names.len(), 0, 0], find);
            values.iter().map(|text| text.width()).max().unwrap_or(0).max(foreseen).max(widest_name)
        };
        let numbers = Numbers::new(state.settings());
        let sized = |numbers: Numbers| {
            let values = write(numbers);
            (inner(numbers, &values), values)
        };
        let fitting = |inner: usize, room: usize| (room + 1) / (inner + CELL_EDGES + 1);
        let (inner, values) = numbers.fitted(sized, |&(inner, _)| fitting(inner, room) * most_rows >= count);
        let whole = fitting(inner, room);
        let (per_row, shown) = match whole * most_rows >= count {
            true => (whole, count),
            false => {
                let per_row = fitting(inner, room.saturating_sub(MORE)).max(1);
                (per_row, (per_row * most_rows).min(names.len()))
            }
        };
        let boxes = names.into_iter().zip(values).take(shown).map(|(name, value)| [name, value]).collect();
        let is_new = state.marks(Mark::Layer(layer));
        Self { boxes, inner, per_row: per_row.max(1), first, more: count - shown, is_new }
    }

    /// The boxes, and around them the way by which the states come back.
    pub fn lines(&self, state: &State, fed_back: &FedBack<'_>, width: usize) -> Vec<Line<'static>> {
        let settings = state.settings();
        let frame = |text: String| span(text, Role::Frame, settings);
        let rows: Vec<&[[String; 2]]> = self.boxes.chunks(self.per_row).collect();
        let loops = !fed_back.states.is_empty();
        let room = width.saturating_sub(LEFT_RAIL + RIGHT_RAIL);
        let texts: Vec<[Span; 3]> =
            fed_back.states.iter().map(|vector| fed_back.written(vector, settings, room.saturating_sub(4))).collect();
        let text_width = |text: &[Span]| text.iter().map(Span::width).sum::<usize>();
        let row_width = |row: &[[String; 2]]| row.len() * (self.inner + CELL_EDGES + 1) - 1;
        let more = if self.more > 0 { format!(" … +{}", self.more) } else { String::new() };
        let widest_row = rows.iter().map(|row| row_width(row)).max().unwrap_or(0) + more.width();
        let foreseen = fed_back.foreseen(state, room.saturating_sub(4));
        let widest = texts.iter().map(|text| text_width(text)).chain([foreseen]).max().unwrap_or(0);
        let widest = if loops { widest_row.max(widest + 4) } else { widest_row };
        let mut lines = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            let is_last = r + 1 == rows.len();
            for line in 0..3 {
                let (before, after) = match (loops, r, line) {
                    (false, ..) => (format!("{:LEFT_RAIL$}", ""), ""),
                    (true, 0, 0) => (format!("{:>1$} ", fed_back.arrow, LEFT_RAIL - 1), ""),
                    (true, 0, 1) => ("  ╭──▶".into(), "──╮"),
                    _ => (format!("{:<LEFT_RAIL$}", "  │"), "  │"),
                };
                let mut spans = vec![frame(before)];
                for (i, [name, value]) in row.iter().enumerate() {
                    if i > 0 {
                        spans.push(Span::raw(" "));
                    }
                    spans.extend(self.boxed(name, value, line, state));
                }
                let more = if is_last && line == 1 { more.as_str() } else { "" };
                spans.push(Span::raw(more.to_owned()));
                // The way out begins at the last cell of the first row, and runs on beside the others.
                let gap = widest - row_width(row) - more.width();
                let gap = if loops && r == 0 && line == 1 { "─".repeat(gap) } else { " ".repeat(gap) };
                spans.push(frame(format!("{gap}{after}")));
                lines.push(Line::from(spans));
            }
        }
        let last = texts.len();
        for (i, text) in texts.into_iter().enumerate() {
            let (start, end) = if i + 1 == last { ("  ╰── ", "╯") } else { ("  ├── ", "┤") };
            let wire = "─".repeat(widest + 2 - text_width(&text) - 2);
            let mut spans = vec![frame(start.into())];
            spans.extend(text);
            spans.push(frame(format!(" ◀{wire}{end}")));
            lines.push(Line::from(spans));
        }
        lines
    }

    /// Which units of the layer have their boxes at which columns of a line.
    pub fn at_line(&self, line: usize) -> Vec<(Range<usize>, usize)> {
        let pitch = self.inner + CELL_EDGES + 1;
        let first = (line / 3).saturating_mul(self.per_row).min(self.boxes.len());
        let last = (first + self.per_row).min(self.boxes.len());
        let left = |i: usize| LEFT_RAIL + (i - first) * pitch;
        (first..last).map(|i| (left(i)..left(i) + pitch - 1, self.first + i)).collect()
    }

    /// One of the three lines of a box.
    fn boxed(&self, name: &str, value: &str, line: usize, state: &State) -> Vec<Span<'static>> {
        let settings = state.settings();
        let frame = |text: String| span(text, Role::Frame, settings);
        let inner = self.inner;
        match line {
            0 => {
                let rest = inner + 2 - (name.width() + 2);
                let before = rest / 2;
                let [left, right] = [before, rest - before].map(|wide| "─".repeat(wide));
                vec![frame(format!("╭{left}")), Span::raw(format!(" {name} ")), frame(format!("{right}╮"))]
            }
            1 => {
                let look = marked(style(Role::Total, settings), self.is_new, settings);
                let [before, number, after] = padded(&centred(value, inner), look);
                vec![frame("│ ".into()), before, number, after, frame(" │".into())]
            }
            _ => vec![frame(format!("╰{}╯", "─".repeat(inner + 2)))],
        }
    }
}
