//! The cell unrolled in time: one copy per timestep, and the state that is carried from each to the next.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::equation::operand;
use super::number::Numbers;
use super::panel::{centred, cut, framed_from, lines, marked, span};
use super::symbols;
use super::text::words;
use super::theme::{Role, style};
use crate::app::settings::Charset;
use crate::app::state::State;

/// The height at which inputs and outputs of each copy have room, frame included.
pub const TALL: u16 = 7;

/// The height from which on the panel has a frame.
const FRAMED: u16 = 3;

/// The widest a copy of the cell gets.
const WIDEST_CELL: usize = 14;

/// Draws the copies that have room, the current one always among them.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let settings = state.settings();
    let words = words(settings.language);
    let recurrent = state.layer().is_recurrent();
    let symbol = symbols::output_letter(state.layer(), state.focus().unit);
    let title = if recurrent { words.unrolled } else { words.output_over_time };
    let inside = framed_from(FRAMED, &format!("{title}: {symbol}"), area, settings, buffer);
    let tall = inside.height >= TALL - 2;
    let copies = Copies::new(state, usize::from(inside.width), tall);
    let chain = copies.chain(state);
    if tall {
        let air = usize::from(inside.height - (TALL - 2)) / 2;
        let above = std::iter::repeat_n(Line::default(), air);
        let rows = [copies.outputs(state), copies.arrows(state), chain, copies.arrows(state), copies.inputs(state)];
        lines(above.chain(rows), inside, buffer);
    } else {
        lines([chain], inside, buffer);
    }
}

/// The visible copies, all of one width so that nothing moves when the cursor does.
struct Copies {
    shown: std::ops::Range<usize>,
    /// The value carried into the first copy, or `…` where earlier ones are out of sight.
    lead: String,
    cell: usize,
    value: usize,
    numbers: Numbers,
}

impl Copies {
    fn new(state: &State, width: usize, tall: bool) -> Self {
        // A copy with its value has to fit twice, so that the way from one to the next is seen.
        let fits = |numbers| {
            let copies = Self::written(state, width, tall, numbers);
            copies.lead() + 2 * copies.pitch() <= width
        };
        Self::written(state, width, tall, Numbers::new(state.settings()).fitting(fits))
    }

    fn written(state: &State, width: usize, tall: bool, numbers: Numbers) -> Self {
        let total = state.scenario().timesteps();
        let (t, recurrent) = (state.t(), state.layer().is_recurrent());
        let near = t.saturating_sub(width / 8)..(t + 2).min(total);
        let values = near.clone().map(|t| carried_out(state, t, numbers).width()).max().unwrap_or(1);
        let first_value = carried_in(state, 0, numbers).unwrap_or_default();
        let label = format!("[t={}]", total - 1).width();
        let cell = if tall {
            let inputs = near.map(|t| input(state, t, numbers).width()).max().unwrap_or(0);
            label.max(inputs).max(values).min(WIDEST_CELL)
        } else {
            label
        };
        let value = if recurrent { values.max(1) } else { values + 2 };
        let mut copies = Self { shown: 0..total, lead: first_value, cell, value, numbers };
        // The value before the first copy may be as wide as any other.
        let widest_lead = if recurrent { copies.lead().max(values + 5) } else { copies.lead() };
        let room = width.saturating_sub(widest_lead + 1);
        let count = (room / copies.pitch()).clamp(1, total);
        let first = t.saturating_sub(count.saturating_sub(2)).min(total - count);
        let first = if count == 1 { t } else { first };
        copies.shown = first..first + count;
        if first > 0 {
            copies.lead = carried_in(state, first, numbers).unwrap_or_else(|| "…".into());
        }
        copies
    }

    /// The columns before the first copy.
    fn lead(&self) -> usize {
        if self.lead.is_empty() { 2 } else { self.lead.width() + 5 }
    }

    /// The columns from one copy to the next.
    const fn pitch(&self) -> usize {
        self.cell + self.value + 4
    }

    fn chain(&self, state: &State) -> Line<'static> {
        let settings = state.settings();
        let recurrent = state.layer().is_recurrent();
        let wire = match settings.charset {
            Charset::Unicode => "─",
            // A hyphen before a number would be taken for its sign.
            Charset::Ascii => "═",
        };
        let mut spans = vec![Span::raw(if self.shown.start > 0 { "…" } else { " " })];
        if recurrent {
            let role = if self.shown.start == state.t() { Role::Current } else { Role::Plain };
            spans.push(span(self.lead.clone(), role, settings));
            spans.push(Span::raw(format!(" {wire}▶ ")));
        } else {
            spans.push(Span::raw(" "));
        }
        for t in self.shown.clone() {
            let current = t == state.t();
            let label = if current { format!("[t={t}]") } else { format!(" t={t} ") };
            spans.push(span(centred(&label, self.cell), if current { Role::Current } else { Role::Plain }, settings));
            let out = carried_out(state, t, self.numbers);
            // The value is the current one's colour where it is carried into the current timestep.
            let role = if t + 1 == state.t() {
                Role::Current
            } else if current {
                Role::Total
            } else {
                Role::Plain
            };
            let look = marked(style(role, settings), current && state.change().is_new_timestep(), settings);
            if recurrent {
                let room = self.value - out.width().min(self.value);
                spans.push(Span::raw(format!(" {wire}")));
                spans.push(Span::styled(out, look));
                let end = if t == state.last() { " " } else { "▶" };
                spans.push(Span::raw(format!("{}{end} ", wire.repeat(room))));
            } else {
                spans.push(Span::raw(" "));
                spans.push(Span::styled(centred(&out, self.value), look));
                spans.push(Span::raw("   "));
            }
        }
        if self.shown.end <= state.last() {
            spans.push(Span::raw("…"));
        }
        Line::from(spans)
    }

    /// A line with something in the middle of each copy.
    fn over_cells(&self, state: &State, text: impl Fn(usize) -> String) -> Line<'static> {
        let mut spans = vec![Span::raw(" ".repeat(self.lead()))];
        for t in self.shown.clone() {
            let role = if t == state.t() { Role::Current } else { Role::Plain };
            spans.push(span(centred(&cut(&text(t), self.cell), self.cell), role, state.settings()));
            spans.push(Span::raw(" ".repeat(self.pitch() - self.cell)));
        }
        Line::from(spans)
    }

    fn outputs(&self, state: &State) -> Line<'static> {
        self.over_cells(state, |t| output(state, t, self.numbers))
    }

    fn arrows(&self, state: &State) -> Line<'static> {
        self.over_cells(state, |_| "↑".into())
    }

    fn inputs(&self, state: &State) -> Line<'static> {
        self.over_cells(state, |t| input(state, t, self.numbers))
    }
}

/// The unit's output at a timestep, where it is known.
fn output(state: &State, t: usize, numbers: Numbers) -> String {
    state.layer_step_at(t).map_or_else(String::new, |step| numbers.write(step.output[state.focus().unit]))
}

/// The same as it stands on an arrow, whose line must not be taken for a minus.
fn carried_out(state: &State, t: usize, numbers: Numbers) -> String {
    let output = output(state, t, numbers);
    if state.layer().is_recurrent() { operand(&output) } else { output }
}

/// The unit's state before a timestep, where it is known and there is one.
fn carried_in(state: &State, t: usize, numbers: Numbers) -> Option<String> {
    if !state.layer().is_recurrent() {
        return None;
    }
    let unit = state.focus().unit;
    if t == 0 {
        return Some(numbers.write(state.layer().initial().hidden[unit]));
    }
    state.layer_step_at(t).map(|step| numbers.write(step.before.hidden[unit]))
}

/// The layer's input at a timestep: `(0, 23)`, as much of it as fits.
fn input(state: &State, t: usize, numbers: Numbers) -> String {
    let written: Vec<String> = match state.focus().layer {
        0 => state.scenario().inputs.row(t).iter().take(WIDEST_CELL).map(|&x| numbers.write(x)).collect(),
        _ => match state.layer_step_at(t) {
            None => return String::new(),
            Some(step) => step.input.iter().take(WIDEST_CELL).map(|&x| numbers.write(x)).collect(),
        },
    };
    format!("({})", written.join(", "))
}
