//! The zoom on one layer: its cells as rows, the state they feed back, and what each has been over time.

mod table;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::flow::{self, Vector};
use super::heat_map::HeatMap;
use super::layout::Wish::{UpTo, Whole};
use super::layout::{share, split, window};
use super::number::Numbers;
use super::panel::{self, FRAMED, frame, inside_from, lines, marked, position, span};
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use super::{summary, unrolled};
use crate::app::mouse::Target;
use crate::app::state::{Mark, State};
use crate::engine::network::Place;
use table::{LABEL, Of, Table, label_width};

/// What stands before the input of the layer.
const INPUT: &str = " ↓ ";

/// The most lines a unit takes.
const TALLEST: u16 = 12;

/// Draws the layer looked at, and below it the unit looked at unrolled in time, where the rows leave room.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let (area, timeline) = above_timeline(state, area);
    unrolled::draw(state, timeline, buffer);
    let settings = state.settings();
    let (layer, number) = (state.layer(), state.focus().layer);
    let carried = flow::carried(state, number, state.place().pass);
    let parts = Parts::new(state, inside_from(FRAMED, area).height, carried.len());
    let shown = visible(state, parts.rows);
    let outputs = shown_outputs(state, parts.outputs);
    let title = |room| position(&summary::line(state, number, room), shown.start, shown.len(), layer.units(), settings);
    let room = usize::from(area.width).saturating_sub(4);
    let title = title(room.saturating_sub(title(room).width() - summary::line(state, number, room).width()));
    let inside = frame(&title, area, settings, buffer);
    let width = usize::from(inside.width);

    let label = label_width(state, &shown, &outputs, 0);
    let mut table = Table::new(state, Of::Units, shown.clone(), (label, width));
    let mut projected = (!outputs.is_empty()).then(|| Table::new(state, Of::Outputs, outputs.clone(), (label, width)));
    let widest = projected.iter().map(Table::width).chain([table.width()]).max().unwrap_or(0);
    // What numbers and maps leave is for the names.
    let label = label_width(state, &shown, &outputs, label - LABEL + width.saturating_sub(widest));
    table.label = label;
    if let Some(projected) = &mut projected {
        projected.label = label;
    }
    let direction = state.direction();
    let rail = if carried.is_empty() { "  " } else { " │" };
    let mut rows = Vec::new();
    if parts.input > 0 {
        let input = if number == 0 { flow::row(state, width) } else { flow::input(state, number) };
        rows.push(vector_line(state, INPUT, &input, Role::Current, "", width));
    }
    for (i, carried) in carried.iter().take(parts.before).enumerate() {
        let start = if i == 0 { " ╭▶ " } else { " ├▶ " };
        rows.push(vector_line(state, start, &carried.before, Role::Current, &flow::origin(state, direction, state.t()), width));
    }
    if parts.head > 0 {
        rows.push(table.head(state, rail));
    }
    rows.extend(table.lines(state, rail, parts.rows));
    if let Some(projected) = &projected {
        rows.push(projected.head(state, rail));
        rows.extend(projected.lines(state, rail, outputs.len()));
        let hidden = layer.outputs() - outputs.len();
        let more = format!("{rail} … {hidden} {}", words(settings.language).more);
        rows.extend((hidden > 0).then(|| Line::from(more)));
    }
    let after = carried.len().min(parts.after);
    for (i, carried) in carried.iter().take(after).enumerate() {
        let start = if i + 1 == after { " ╰─ " } else { " ├─ " };
        rows.push(vector_line(state, start, &carried.after, Role::Total, &flow::destination(state, direction), width));
    }
    if carried.is_empty() && parts.after > 0 {
        rows.push(match state.layer_step() {
            Some(_) => {
                let nothing = flow::nothing_carried(layer, words(settings.language));
                vector_line(state, " ↓ ", &flow::output(state, number), Role::Total, nothing, width)
            }
            None => Line::from(format!(" {}", words(settings.language).only_last)),
        });
    }
    lines(rows, inside, buffer);
    if inside != area {
        draw_legend(state, table.maps.iter().chain(projected.iter().flat_map(|table| &table.maps)), area, buffer);
    }
}

/// The rows of an area for the layer, and those below it for a timeline.
fn above_timeline(state: &State, area: Rect) -> (Rect, Rect) {
    const ROOMY: u16 = 6;
    let carried = flow::carried(state, state.focus().layer, state.place().pass).len();
    let units = u16::try_from(state.layer().units()).unwrap_or(u16::MAX);
    let projected = if state.layer().projects() { state.layer().outputs() + 1 } else { 0 };
    let others = u16::try_from(2 * carried.max(1) + 4 + projected).unwrap_or(u16::MAX);
    let layer = units.saturating_mul(ROOMY).saturating_add(others);
    let timeline = unrolled::tall(state);
    let has_room = layer.saturating_add(timeline) <= area.height;
    split(area, if has_room { area.height - timeline } else { area.height })
}

/// What is at a place: a unit, or a timestep.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let (area, timeline) = above_timeline(state, area);
    if timeline.contains(at) {
        return unrolled::hit(state, timeline, at);
    }
    let layer = state.focus().layer;
    let inside = inside_from(FRAMED, area);
    let carried = flow::carried(state, layer, state.place().pass).len();
    let parts = Parts::new(state, inside.height, carried);
    let shown = visible(state, parts.rows);
    let above = usize::from(parts.input) + carried.min(parts.before) + usize::from(parts.head);
    let line = usize::from(at.y.checked_sub(inside.y)?).checked_sub(above)?;
    let unit = shown.start + line / tall(&shown, parts.rows);
    (inside.contains(at) && shown.contains(&unit)).then_some(Target::Unit { layer, unit })
}

/// How many lines each part has.
struct Parts {
    input: u16,
    before: usize,
    head: u16,
    rows: usize,
    /// Of the outputs of a projection, with their head.
    outputs: usize,
    after: usize,
}

impl Parts {
    fn new(state: &State, height: u16, carried: usize) -> Self {
        let layer = state.layer();
        let projected = if layer.projects() { layer.outputs() + 1 } else { 0 };
        const INPUT: usize = 0;
        const BEFORE: usize = 1;
        const HEAD: usize = 2;
        const ROWS: usize = 3;
        const AFTER: usize = 4;
        const OUTPUTS: usize = 5;
        let lines = [layer.units(), carried, projected];
        let [units, carried, projected] = lines.map(|lines| u16::try_from(lines).unwrap_or(u16::MAX));
        let [input, before, head, rows, after, outputs] = share(
            height,
            &[
                UpTo(ROWS, 1),
                UpTo(HEAD, 1),
                UpTo(BEFORE, carried.min(1)),
                UpTo(AFTER, 1),
                Whole(OUTPUTS, projected.min(3)),
                UpTo(ROWS, units.min(4)),
                Whole(OUTPUTS, projected.min(4)),
                UpTo(ROWS, units.min(5)),
                Whole(INPUT, 1),
                UpTo(BEFORE, carried),
                UpTo(AFTER, carried.max(1)),
                UpTo(OUTPUTS, projected),
                UpTo(ROWS, units.saturating_mul(TALLEST)),
            ],
        );
        Self { input, before: before.into(), head, rows: rows.into(), outputs: outputs.into(), after: after.into() }
    }
}

/// The outputs of a projection that are visible in so many lines, of which one is their head, and one says how many more there
/// are where not all have room: those around the one of the unit looked at.
fn shown_outputs(state: &State, lines: usize) -> Range<usize> {
    let layer = state.layer();
    let (outputs, room) = (layer.outputs(), lines.saturating_sub(1));
    match layer.projects() {
        false => 0..0,
        true if outputs <= room => 0..outputs,
        true => window(outputs, output_beside(state), room.saturating_sub(1)),
    }
}

/// The output of a projection that belongs to the unit looked at, over all passes; the last one to the last unit of a pass.
fn output_beside(state: &State) -> usize {
    let layer = state.layer();
    let Place { pass, unit } = layer.place(state.focus().unit);
    let before = if pass == 0 { 0 } else { layer.cell(0).outputs() };
    let cell = layer.cell(pass);
    let is_last = unit + 1 == cell.units();
    before + if is_last { cell.outputs() - 1 } else { unit.min(cell.outputs() - 1) }
}

/// The units that are visible in so many lines, around the one looked at.
fn visible(state: &State, room: usize) -> Range<usize> {
    window(state.layer().units(), state.focus().unit, room)
}

/// How many lines each of some units has, of so many.
fn tall(shown: &Range<usize>, room: usize) -> usize {
    (room / shown.len().max(1)).clamp(1, TALLEST.into())
}

/// `╭▶ h(0) = (0.38, 0.92, 0.2)   from t = 0`, whose end is left out where the numbers need its room.
fn vector_line(state: &State, start: &str, vector: &Vector<'_>, role: Role, end: &str, width: usize) -> Line<'static> {
    let settings = state.settings();
    let name = format!("{start}{} = ", vector.name);
    let room = width.saturating_sub(name.width() + 1);
    let values = vector.written(Numbers::new(settings), room);
    let end = if values.width() + end.width() + 3 <= room { end } else { "" };
    let is_new = match role {
        Role::Total => state.marks(Mark::Layer(state.focus().layer)),
        _ => start == INPUT && state.marks(Mark::Row),
    };
    Line::from_iter([
        Span::raw(name),
        Span::styled(values, marked(style(role, settings), is_new, settings)),
        span(format!("   {end}"), Role::Frame, settings),
    ])
}

/// The scales of the heat maps, in the lower edge of the frame.
fn draw_legend<'m>(state: &State, maps: impl Iterator<Item = &'m HeatMap>, area: Rect, buffer: &mut Buffer) {
    let legend = Line::from_iter(maps.flat_map(|map| map.legend(state.settings())));
    let width = u16::try_from(legend.width()).unwrap_or(u16::MAX).min(area.width.saturating_sub(4));
    panel::line(&legend, Rect { x: area.right() - 2 - width, y: area.bottom() - 1, width, height: 1 }, buffer);
}
