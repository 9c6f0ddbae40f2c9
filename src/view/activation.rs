//! The activation: its curve with the point of this timestep on it, and the numbers of that point.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Line as Segment};

use super::equation::{NAMED, call};
use super::layout::window;
use super::names;
use super::number::{Numbers, aligned, equals, named_sign, rounded_up};
use super::panel::{self, frame, left, lines, marked, span};
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::settings::Settings;
use crate::app::sight::is_unseen;
use crate::app::state::{Mark, State};
use crate::engine::activation::Activation;

/// The least the curve reaches to both sides.
const LEAST_REACH: f64 = 5.0;

/// The fewest significant digits before what the activation is given is left out.
const FEWEST_DIGITS: usize = 3;

/// The columns of a bar that names leave.
const LEAST_BAR: usize = 8;

/// From this many rows on the vertical axis is labelled too.
const BOTH_AXES: u16 = 2;

/// Draws the activation of the unit looked at.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let words = words(settings.language);
    let activation = state.layer().activation(state.place().pass, state.gate());
    let inside = frame(&format!("{} {}", words.activation, words.activation_name(activation)), area, settings, buffer);
    let Some(gate) = state.gate_step() else { return };
    let unit = state.place().unit;
    let (z, output) = (gate.sum[unit], gate.output[unit]);
    let calls = [NAMED, 0].map(|few| call(activation, gate.sum.len(), unit, few));
    let written = |(opening, closing): &(String, String), numbers: Numbers| {
        let (total, result) = (numbers.write(z), numbers.write(output));
        let sign = equals(activation, &total, &result, output);
        vec![format!(" {opening}"), total, format!("{closing} {sign} "), result]
    };
    // Where what the activation is given has no room, what it gives has.
    let outcome = |numbers: Numbers| {
        let (symbol, result) = (activation.symbol(), numbers.write(output));
        let which = if activation == Activation::Softmax { format!("[{}]", unit + 1) } else { String::new() };
        vec![format!(" {symbol}("), "…".into(), format!("){which} {} ", named_sign(&result, output)), result]
    };
    let room = usize::from(inside.width);
    let numbers = Numbers::new(settings);
    let width = |parts: &[String]| parts.iter().map(|part| part.width()).sum::<usize>();
    let fits = |parts: &Vec<String>| width(parts) <= room;
    let mut ways = numbers.shorter(FEWEST_DIGITS).flat_map(|numbers| calls.each_ref().map(|call| written(call, numbers)));
    let mut parts = ways.find(fits).unwrap_or_else(|| numbers.fitted(outcome, fits));
    let mut slope = activation.slope(z).filter(|_| !is_unseen(output));
    if let Some(beside) = slope.map(|slope| format!("   {} {}", words.slope, numbers.rounded(3).write(slope)))
        && width(&parts) + beside.width() <= room
    {
        parts.push(beside);
        slope = None;
    }
    let is_new = state.marks(Mark::Activation);
    let looks = [Role::Plain, Role::Total, Role::Plain, Role::Total, Role::Plain].map(|role| style(role, settings));
    let mut spans: Vec<Span> = parts.into_iter().zip(looks).map(|(part, look)| Span::styled(part, look)).collect();
    if let Some(result) = spans.get_mut(3) {
        result.style = marked(result.style, is_new, settings);
    }
    lines([Line::from(spans)], inside, buffer);
    let below = Rect { y: inside.y + inside.height.min(1), height: inside.height.saturating_sub(1), ..inside };
    if below.height == 0 {
        return;
    }
    match activation {
        Activation::Softmax => shares(state, below, buffer),
        _ if is_unseen(output) => curve(state, None, below, buffer),
        _ if z.is_finite() && output.is_finite() => {
            curve(state, Some((z, output)), below, buffer);
            if let Some(slope) = slope {
                draw_slope(slope, settings, below, buffer);
            }
        }
        _ => {}
    }
}

/// Draws the curve, and the point where it is known, both scaled to between -1 and 1: numbers near the largest there are would overflow.
fn curve(state: &State, point: Option<(f64, f64)>, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let activation = state.layer().activation(state.place().pass, state.gate());
    let farthest = reach_ahead(state).or(point).map_or(0.0, |(z, _)| z.abs());
    // The axes stay as they are while the point moves.
    let reach = rounded_up(farthest * 1.1).clamp(LEAST_REACH, f64::MAX);
    let samples = usize::from(area.width) * 2;
    let x = |i: usize| 2.0 * i as f64 / samples as f64 - 1.0;
    let heights: Vec<f64> = (0..=samples).map(|i| activation.value(x(i) * reach)).collect();
    let highest = heights.iter().copied().fold(0.0, f64::max);
    let scale = heights.iter().fold(f64::MIN_POSITIVE, |scale, y| scale.max(y.abs()));
    let (low, high) = (heights.iter().copied().fold(0.0, f64::min) / scale, highest / scale);
    let air = (high - low) / f64::from(area.height).max(2.0) / 2.0;
    let color = |role| style(role, settings).fg.unwrap_or_default();
    let numbers = Numbers::new(settings).rounded(2);
    let labels = [-reach, reach, highest].map(|v| numbers.write(v));
    // A label starts where its last column ends at the edge.
    let column = 2.0 / f64::from(area.width);
    Canvas::default()
        .marker(Marker::Braille)
        .x_bounds([-1.0, 1.0])
        .y_bounds([low - air, high + air])
        .paint(|canvas| {
            canvas.draw(&Segment::new(-1.0, 0.0, 1.0, 0.0, color(Role::Frame)));
            canvas.draw(&Segment::new(0.0, low - air, 0.0, high + air, color(Role::Frame)));
            canvas.layer();
            for i in 0..samples {
                canvas.draw(&Segment::new(x(i), heights[i] / scale, x(i + 1), heights[i + 1] / scale, color(Role::Positive)));
            }
            let [left, right, top] = &labels;
            let axis = if low < 0.0 { low - air } else { 0.0 };
            canvas.print(-1.0, axis, span(left.clone(), Role::Frame, settings));
            canvas.print(1.0 - column * (right.width() as f64 - 0.5), axis, span(right.clone(), Role::Frame, settings));
            if area.height >= BOTH_AXES {
                canvas.print(-column * (top.width() as f64 + 0.5), high, span(top.clone(), Role::Frame, settings));
            }
        })
        .render(area, buffer);
    let Some(point) = point else { return };
    // The canvas would put text half a cell beside the dots it draws, so the point goes where its dot would be.
    let dot = |v: f64, from: f64, to: f64, dots: f64| ((v - from) / (to - from) * (dots - 1.0)).round().max(0.0) as u16;
    let across = dot(point.0 / reach, -1.0, 1.0, f64::from(area.width) * 2.0) / 2;
    let down = dot(point.1 / scale, high + air, low - air, f64::from(area.height) * 4.0) / 4;
    let place = Rect::new(area.x + across.min(area.width - 1), area.y + down.min(area.height - 1), 1, 1);
    panel::put("●", style(Role::Current, settings), place, buffer);
}

/// The point that will be seen, so that the axes do not change when it appears.
fn reach_ahead(state: &State) -> Option<(f64, f64)> {
    let gate = state.gate_ahead()?;
    let (z, output) = (*gate.sum.get(state.place().unit)?, *gate.output.get(state.place().unit)?);
    (z.is_finite() && output.is_finite()).then_some((z, output))
}

/// Writes the slope into the upper left of a curve, where those of all activations leave room: there, where it covers nothing.
fn draw_slope(slope: f64, settings: &Settings, area: Rect, buffer: &mut Buffer) {
    let word = words(settings.language).slope;
    let numbers = Numbers::new(settings).rounded(3);
    let texts = [3, 2].map(|digits| format!(" {word} {}", numbers.rounded(digits).write(slope)));
    let is_blank = |x: u16, y: u16| buffer.cell((x, y)).is_some_and(|cell| matches!(cell.symbol(), " " | "\u{2800}"));
    let fits = |text: &str, y: u16| {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
        width < area.width / 2 && (area.x..=area.x.saturating_add(width)).all(|x| is_blank(x, y))
    };
    let places = texts.iter().flat_map(|text| area.rows().take(2).map(move |row| (text, row.y)));
    if let Some((text, y)) = places.into_iter().find(|(text, y)| fits(text, *y)).map(|(text, y)| (text.clone(), y)) {
        panel::put(&text, style(Role::Plain, settings), Rect { y, height: 1, ..area }, buffer);
    }
}

/// A softmax shares one whole out among the units of its layer: the pre-activation, the output and a bar for each.
fn shares(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let Some(gate) = state.gate_step() else { return };
    let names = &state.scenario().names[state.focus().layer].units;
    let name = |unit: usize| names[unit].get(settings.language);
    let (unit, units, rows) = (state.focus().unit, names.len(), usize::from(area.height));
    let shown = window(units, unit, rows);
    let labels = |names_in: usize, numbers: Numbers| -> Vec<String> {
        let column = |values: &[f64]| aligned(&shown.clone().map(|i| numbers.write(values[i])).collect::<Vec<_>>());
        let called = |i: usize| left(&names::fitted(name(i), (0..units).map(name), names_in), names_in);
        let rows = shown.clone().zip(column(&gate.sum)).zip(column(&gate.output));
        rows.map(|((i, z), y)| format!(" {}  z{} {z}  {y} ", called(i), i + 1)).collect()
    };
    let width = |labels: &[String]| labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let least = names::width(shown.clone().map(name), 0);
    let columns = |numbers: &Numbers| width(&labels(least, *numbers));
    let numbers = Numbers::new(settings).fitted(|numbers| numbers, |numbers| columns(numbers) <= usize::from(area.width));
    // Names may take what bars do not need.
    let spare = usize::from(area.width).saturating_sub(columns(&numbers) + LEAST_BAR);
    let labels = labels(names::width(shown.clone().map(name), least + spare), numbers);
    let room = usize::from(area.width).saturating_sub(width(&labels));
    lines(
        shown.clone().zip(&labels).map(|(i, label)| {
            let role = if i == unit { Role::Total } else { Role::Plain };
            let bar = "█".repeat((gate.output[i].clamp(0.0, 1.0) * room as f64).round() as usize);
            Line::from_iter([span(label.clone(), role, settings), span(bar, Role::Positive, settings)])
        }),
        area,
        buffer,
    );
}
