//! The cell unrolled in time: one copy per timestep, and the states that are carried from each to the next.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::equation::operand;
use super::flow;
use super::layout::columns;
use super::number::{Numbers, extent};
use super::panel::{self, centred, cut, dot, framed_from, inside_from, lines, marked, right, span};
use super::symbols::Symbols;
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::foreseen::Part;
use crate::app::mouse::Target;
use crate::app::settings::Charset;
use crate::app::state::{Focus, Mark, State};
use crate::engine::cell::{State as CellState, Step};
use crate::engine::network::{Direction, Layer};

/// The height from which on the panel has a frame.
pub const FRAMED: u16 = 3;

/// The widest a copy of the cell gets.
const WIDEST_CELL: usize = 16;

/// A state that is carried from copy to copy.
#[derive(Clone, Copy, PartialEq)]
enum Chain {
    Hidden,
    Cell,
}

/// How tall the panel is with a line for each state carried, frame included.
pub fn short(state: &State) -> u16 {
    FRAMED - 1 + chains(state).len() as u16
}

/// How tall the panel is with the inputs and outputs of each copy.
pub fn tall(state: &State) -> u16 {
    short(state) + 4
}

/// The states that are carried: an LSTM's two, else one, or the output of a layer that carries none.
fn chains(state: &State) -> &'static [Chain] {
    match state.layer() {
        // A projection mixes all units: none of its outputs belongs to one of them.
        Layer::Lstm(_) if state.layer().projects() => &[Chain::Cell],
        Layer::Lstm(_) => &[Chain::Cell, Chain::Hidden],
        _ => &[Chain::Hidden],
    }
}

/// Draws the copies that have room, the current one always among them.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let settings = state.settings();
    let words = words(settings.language);
    let title = if state.layer().is_recurrent() { words.unrolled } else { words.output_over_time };
    let (shown, symbol) = shown(state, area);
    let direction = match state.direction() {
        Direction::Forward => String::new(),
        Direction::Backward => format!("{}{}", dot(settings), words.backward),
    };
    framed_from(FRAMED, &format!("{title}: {symbol}{direction}"), area, settings, buffer);
    let inside = inside(state, area);
    if area.height < FRAMED {
        panel::put(&format!(" {symbol}:"), style(Role::Frame, settings), area, buffer);
    }
    let tall = area.height >= tall(state);
    let copies = Copies::new(state, usize::from(inside.width), tall);
    let carried: Vec<Line> = shown.iter().map(|&chain| copies.chain(state, chain)).collect();
    if tall {
        let air = (usize::from(inside.height) - carried.len() - 4) / 2;
        let above = std::iter::repeat_n(Line::default(), air).chain([copies.outputs(state), copies.arrows(state)]);
        lines(above.chain(carried).chain([copies.arrows(state), copies.inputs(state)]), inside, buffer);
    } else {
        lines(carried, inside, buffer);
    }
}

/// The states that have a line, and what they are called together.
fn shown(state: &State, area: Rect) -> (&'static [Chain], String) {
    let unit = state.layer().place(state.focus().unit).unit;
    let symbols = Symbols::new(state.layer(), state.place().pass, state.t(), words(state.settings().language));
    // Where one line has room, it is the one of the cell state: the output is in the table of the inputs too.
    let room = usize::from(if area.height < FRAMED { area.height } else { area.height - 2 });
    let shown = &chains(state)[..chains(state).len().min(room)];
    let symbols = shown.iter().map(|&chain| symbols.over_time(chain == Chain::Cell, unit));
    (shown, symbols.collect::<Vec<_>>().join(", "))
}

/// The area of the copies: inside the frame, or right of what they are called where there is none.
fn inside(state: &State, area: Rect) -> Rect {
    match area.height {
        FRAMED.. => inside_from(FRAMED, area),
        _ => {
            let (_, symbol) = shown(state, area);
            let (_, right) = columns(area, u16::try_from(symbol.width() + 3).unwrap_or(u16::MAX));
            right
        }
    }
}

/// What is at a place: the timestep of a copy, with what stands right of it.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let inside = inside(state, area);
    let copies = Copies::new(state, usize::from(inside.width), area.height >= tall(state));
    let x = usize::from(at.x.checked_sub(inside.x)?).checked_sub(copies.lead())?;
    let t = copies.shown.start + x / copies.pitch();
    (inside.contains(at) && copies.shown.contains(&t)).then_some(Target::Timestep(t))
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
        let fits = |copies: &Self| copies.lead() + 2 * copies.pitch() <= width;
        Numbers::new(state.settings()).fitted_in_time(|numbers| Self::written(state, width, tall, numbers), fits)
    }

    fn written(state: &State, width: usize, tall: bool, numbers: Numbers) -> Self {
        let total = state.scenario().timesteps();
        let (t, recurrent) = (state.t(), state.layer().is_recurrent());
        // No copy takes fewer columns.
        let most = width / 8;
        let after = if state.direction() == Direction::Backward { most } else { 2 };
        let near = t.saturating_sub(most)..t.saturating_add(after).min(total);
        let written = |t: usize| chains(state).iter().map(move |&chain| beside(state, chain, t, numbers).width());
        let values = near.clone().flat_map(written).max().unwrap_or(1).max(foreseen(state, numbers));
        let first_value = lead(state, 0, numbers);
        let label = format!("[t={}]", total - 1).width();
        let cell = if tall {
            let inputs = near.map(|t| input(state, t, numbers, WIDEST_CELL).width()).max().unwrap_or(0);
            label.max(inputs).max(inputs_foreseen(state, numbers)).max(values).min(WIDEST_CELL)
        } else {
            label
        };
        let value = values.max(1);
        let mut copies = Self { shown: 0..total, lead: first_value, cell, value, numbers };
        // The value before the first copy may be as wide as any other.
        let widest_lead = if recurrent { copies.lead().max(copies.value + 5) } else { copies.lead() };
        let room = width.saturating_sub(widest_lead + 1);
        let count = (room / copies.pitch()).clamp(1, total);
        // Beside the current copy there is always the one its state goes to, and on its other side those it comes from.
        let before = match state.direction() {
            Direction::Backward => 1.min(count - 1),
            Direction::Forward => count.saturating_sub(2),
        };
        let first = t.saturating_sub(before).min(total - count);
        copies.shown = first..first + count;
        if first > 0 {
            copies.lead = lead(state, first, numbers);
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

    fn chain(&self, state: &State, chain: Chain) -> Line<'static> {
        let settings = state.settings();
        let recurrent = state.layer().is_recurrent();
        let backward = state.direction() == Direction::Backward;
        let wire = match settings.charset {
            Charset::Unicode => "─",
            // A hyphen before a number would be its sign.
            Charset::Ascii => "=",
        };
        let mut spans = vec![Span::raw(if self.shown.start > 0 { "…" } else { " " })];
        if recurrent && !backward {
            let role = if self.shown.start == state.t() { Role::Current } else { Role::Plain };
            let lead = carried_in(state, chain, self.shown.start, self.numbers).unwrap_or_default();
            spans.push(span(right(&lead, self.lead.width()), role, settings));
            spans.push(Span::raw(format!(" {wire}▶ ")));
        } else {
            spans.push(Span::raw(" "));
        }
        for t in self.shown.clone() {
            let current = t == state.t();
            let label = if current { format!("[t={t}]") } else { format!(" t={t} ") };
            spans.push(span(centred(&label, self.cell), if current { Role::Current } else { Role::Plain }, settings));
            let out = beside(state, chain, t, self.numbers);
            // The value is the current one's colour where it is carried into the current timestep.
            let (into, out_of) = if backward { (t, t + 1) } else { (t + 1, t) };
            let role = match state.t() {
                now if now == into => Role::Current,
                now if now == out_of => Role::Total,
                _ => Role::Plain,
            };
            let look = marked(style(role, settings), current && state.marks(Mark::Layer(state.focus().layer)), settings);
            if recurrent {
                let room = self.value - out.width().min(self.value);
                let end = if t == state.last() { " " } else { "▶" };
                spans.push(Span::raw(if backward { " ◀".to_owned() } else { format!(" {wire}") }));
                spans.push(Span::styled(out, look));
                let end = if backward { wire } else { end };
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
        let fitted = |t: usize| self.numbers.fitted(|numbers| output(state, t, numbers), |text| text.width() <= self.cell);
        self.over_cells(state, fitted)
    }

    fn arrows(&self, state: &State) -> Line<'static> {
        self.over_cells(state, |_| "↑".into())
    }

    fn inputs(&self, state: &State) -> Line<'static> {
        self.over_cells(state, |t| input(state, t, self.numbers, self.cell))
    }
}

/// The columns of the widest value beside a copy in the timesteps foreseen.
fn foreseen(state: &State, numbers: Numbers) -> usize {
    let Focus { layer, unit, .. } = state.focus();
    let width = |step: &Step| {
        let carried = chains(state).iter().filter_map(|&chain| of_chain(state, chain, &step.after, numbers));
        match state.layer().is_recurrent() {
            true => carried.map(|number| operand(&number).width()).max().unwrap_or(0),
            false => output_of(state, step, numbers).width(),
        }
    };
    let find = || extent([state.passes_foreseen().map(width).max().unwrap_or(0)]);
    let [widest, ..] = numbers.reserved(state, Part::Unrolled, [layer, unit, 0, 0, 0], find);
    widest
}

/// The columns of the widest input of a copy in the timesteps foreseen.
fn inputs_foreseen(state: &State, numbers: Numbers) -> usize {
    let find = || {
        let widths = state.passes_foreseen().map(|step| flow::written(&step.input, numbers, WIDEST_CELL).width());
        extent([widths.max().unwrap_or(0)])
    };
    let [widest, ..] = numbers.reserved(state, Part::UnrolledInput, [state.focus().layer, state.place().pass, 0, 0, 0], find);
    widest
}

/// The output at a timestep of the unit looked at, where it is known.
fn output(state: &State, t: usize, numbers: Numbers) -> String {
    state.pass_at(t).map_or_else(String::new, |step| output_of(state, step, numbers))
}

fn output_of(state: &State, step: &Step, numbers: Numbers) -> String {
    // No output of a projection belongs to a unit: its cell state is what it gives.
    let given = if state.layer().projects() { &step.after.cell } else { &step.output };
    let unit = state.layer().place(state.focus().unit).unit;
    given.get(unit).map_or_else(String::new, |&number| numbers.write(number))
}

/// What stands right of a copy: the state that goes from it to the next, or that comes to it from the one after; of a layer
/// that carries nothing its output.
fn beside(state: &State, chain: Chain, t: usize, numbers: Numbers) -> String {
    if !state.layer().is_recurrent() {
        return output(state, t, numbers);
    }
    let before = || state.pass_at(t).map(|step| &step.before);
    let carried = match state.direction() {
        Direction::Forward => state.pass_at(t).map(|step| &step.after),
        // What comes from a copy is what it has given, as far as it can be seen.
        Direction::Backward => state.pass_at(t + 1).map(|step| &step.after).or_else(before),
    };
    // The line of an arrow must not be taken for a minus.
    let written = carried.and_then(|carried| of_chain(state, chain, carried, numbers));
    written.map_or_else(String::new, |number| operand(&number))
}

/// The state that comes to a copy from the one before it, where it is known and there is one.
fn carried_in(state: &State, chain: Chain, t: usize, numbers: Numbers) -> Option<String> {
    if !state.layer().is_recurrent() {
        return None;
    }
    if t == 0 {
        let initial = state.layer().cell(state.place().pass).initial();
        return of_chain(state, chain, initial, numbers);
    }
    of_chain(state, chain, &state.pass_at(t)?.before, numbers)
}

fn of_chain(state: &State, chain: Chain, carried: &CellState, numbers: Numbers) -> Option<String> {
    let numbers_of = match chain {
        Chain::Hidden => &carried.hidden,
        Chain::Cell => &carried.cell,
    };
    numbers_of.get(state.layer().place(state.focus().unit).unit).map(|&number| numbers.write(number))
}

/// The widest of what comes to a copy from the one before it, or `…` where that is not known; nothing in a pass that goes
/// the other way.
fn lead(state: &State, t: usize, numbers: Numbers) -> String {
    if !state.layer().is_recurrent() || state.direction() == Direction::Backward {
        return String::new();
    }
    let known = chains(state).iter().filter_map(|&chain| carried_in(state, chain, t, numbers));
    known.max_by_key(|text| text.width()).unwrap_or_else(|| "…".into())
}

/// The layer's input at a timestep in so many columns: `(0, 23)`, or those of its numbers that have room.
fn input(state: &State, t: usize, numbers: Numbers, room: usize) -> String {
    let of_pass = || state.pass_at(t).map(|step| step.input.as_slice());
    let values = state.input_at(state.focus().layer, t).or_else(of_pass);
    values.map_or_else(String::new, |values| flow::written(values, numbers, room))
}
