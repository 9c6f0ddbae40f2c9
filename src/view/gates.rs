//! All gates of a cell side by side, as bars between 0 and 1, or -1 and 1: what each lets through.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::number::{Numbers, aligned_in, extent};
use super::panel::{cut, folded, framed_from, inside_from, left, lines, marked, span};
use super::symbols::Symbols;
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::foreseen::Part;
use crate::app::mouse::Target;
use crate::app::state::{Change, Focus, Mark, State};
use crate::engine::activation::Activation;
use crate::engine::cell::{Gate, GateName, Step};

/// The narrowest bars worth drawing.
const LEAST_BAR: usize = 4;

/// The widest a bar is drawn.
const WIDEST_BAR: usize = 32;

/// The fewest rows worth drawing a curve in, with its frame.
const LEAST_CURVE: u16 = 6;

/// The height from which on the panel has a frame.
const FRAMED: u16 = 4;

/// How tall the panel is, with its frame; nothing for a layer of a single sum.
pub fn height(state: &State) -> u16 {
    match state.gates().len() {
        1 => 0,
        gates => u16::try_from(gates + 2).unwrap_or(u16::MAX),
    }
}

/// The rows of an area for the gates, and below them those for the curve of one, where it has room.
pub fn above(state: &State, area: Rect) -> (Rect, Rect) {
    let gates = match height(state) {
        gates if area.height >= gates + LEAST_CURVE => gates,
        _ if height(state) > 0 => area.height,
        none => none,
    };
    (Rect { height: gates, ..area }, Rect { y: area.y + gates, height: area.height - gates, ..area })
}

/// Draws a row for each gate of the unit looked at; where they do not have a row each, their outputs one after the other.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let settings = state.settings();
    let words = words(settings.language);
    let inside = framed_from(FRAMED, words.gates, area, settings, buffer);
    let Some(step) = state.pass() else {
        let said = folded(words.only_last, usize::from(inside.width).saturating_sub(2), inside.height.into());
        return lines(said.into_iter().map(|line| Line::from(format!(" {line}"))), inside, buffer);
    };
    let place = state.layer().place(state.focus().unit);
    let symbols = Symbols::new(state.layer(), place.pass, state.t(), words);
    let known = known(state, step);
    let is_chosen = |gate: &Gate| gate.name == state.gate();
    if usize::from(inside.height) < known.len() {
        let texts = outputs(state, &known, inside);
        let spans = known
            .iter()
            .zip(texts)
            .map(|((gate, ..), text)| span(text, if is_chosen(gate) { Role::Total } else { Role::Plain }, settings));
        let spans: Vec<Span> = spans.collect();
        return lines(spans.chunks(in_a_line(&known, inside)).map(|line| Line::from(line.to_vec())), inside, buffer);
    }
    let table = |numbers, form| Rows::new(state, &known, (&symbols, place.unit), numbers, form);
    let room = usize::from(inside.width);
    let mut ways = Numbers::new(settings).shorter(FEWEST_DIGITS).flat_map(Numbers::rooms);
    let fitting = ways.find_map(|numbers| {
        let mut forms = forms().map(|form| (table(numbers, form), form.least_bar));
        forms.find(|(rows, least_bar)| rows.width() + least_bar <= room)
    });
    let shortest = || table(Numbers::new(settings).rounded(FEWEST_DIGITS), LAST);
    let rows = fitting.map_or_else(shortest, |(rows, _)| rows);
    let bar_room = room.saturating_sub(rows.width()).min(WIDEST_BAR);
    let is_all_new = state.change() != Change::MicroStep;
    let is_new = state.marks(Mark::Activation);
    let lines_of = known.iter().zip(rows.lines()).map(|(&(gate, _, output), [label, sum, written])| {
        let role = if is_chosen(gate) { Role::Total } else { Role::Plain };
        let marker = if is_chosen(gate) { "▸" } else { " " };
        let activation = state.layer().activation(place.pass, gate.name);
        let sign = if activation == Activation::Linear { "= " } else { "→ " };
        let mut spans = vec![
            span(format!("{marker}{label}{sum}"), role, settings),
            Span::raw(sign),
            Span::styled(written, marked(style(role, settings), is_new && (is_all_new || is_chosen(gate)), settings)),
            Span::raw(" "),
        ];
        spans.extend(bar(activation, output, bar_room).into_iter().map(|(text, role)| span(text, role, settings)));
        Line::from(spans)
    });
    lines(lines_of.collect::<Vec<_>>(), inside, buffer);
}

/// How much of a gate its name says.
#[derive(Clone, Copy, PartialEq)]
enum Name {
    /// `r reset gate`.
    Whole,
    /// `r reset`.
    Short,
    /// The same in so many columns: `u recurr…`.
    Cut(usize),
    /// `r`.
    Letter,
}

/// What a row of the table has beside the output.
#[derive(Clone, Copy, PartialEq)]
struct Form {
    name: Name,
    has_sum: bool,
    /// The least bar worth the room of a longer name; 0 for none.
    least_bar: usize,
}

/// The forms of the rows in the order in which they give way, before the digits of a number that other panels show too: the sum,
/// which is in the panel of the weighted sum when the gate is looked at, then what a gate is called, then the bars.
fn forms() -> impl Iterator<Item = Form> {
    let form = |name, has_sum, least_bar| Form { name, has_sum, least_bar };
    let cut = CUT_NAMES.rev().map(move |columns| form(Name::Cut(columns), false, LEAST_BAR));
    let names = [form(Name::Whole, true, 8), form(Name::Short, true, 6), form(Name::Short, false, LEAST_BAR)];
    let letters = [form(Name::Letter, true, LEAST_BAR), form(Name::Letter, false, LEAST_BAR), LAST];
    names.into_iter().chain(cut).chain(letters)
}

/// The columns of a letter and its name that are worth cutting the name for.
const CUT_NAMES: std::ops::RangeInclusive<usize> = 7..=14;

/// The form where there is room for nothing but the output.
const LAST: Form = Form { name: Name::Letter, has_sum: false, least_bar: 0 };

/// The fewest significant digits of a number.
const FEWEST_DIGITS: usize = 3;

/// A gate, the sum and the output of a unit.
type Known<'s> = (&'s Gate, f64, f64);

/// The names, sums and outputs of the gates in columns.
struct Rows {
    names: Vec<String>,
    sums: Vec<String>,
    outputs: Vec<String>,
}

impl Rows {
    fn new(state: &State, known: &[(&Gate, f64, f64)], symbols: (&Symbols, usize), numbers: Numbers, form: Form) -> Self {
        let words = words(state.settings().language);
        let Focus { layer, unit, .. } = state.focus();
        let found = || {
            let all: Vec<_> = state.passes_foreseen().flat_map(|step| self::known(state, step)).collect();
            let [[s0, s1], [o0, o1]] =
                [|gate: &Known| gate.1, |gate: &Known| gate.2].map(|value| numbers.extent(all.iter().map(value)));
            extent([s0, s1, o0, o1])
        };
        let [s0, s1, o0, o1, ..] = numbers.reserved(state, Part::Gates, [layer, unit, 0, 0, 0], found);
        let column = |value: fn(&Known) -> f64, room: [usize; 2]| {
            aligned_in(&known.iter().map(|g| numbers.write(value(g))).collect::<Vec<_>>(), room)
        };
        let name = |gate: &Gate| match form.name {
            Name::Whole => words.gate(gate.name),
            Name::Short | Name::Cut(_) => words.gate_in_short(gate.name),
            Name::Letter => None,
        };
        let names = known.iter().map(|(gate, ..)| {
            let letter = letter(symbols, gate);
            let label = name(gate).map_or_else(|| letter.clone(), |name| format!("{letter} {name}"));
            if let Name::Cut(columns) = form.name { cut(&label, columns) } else { label }
        });
        let sums = if form.has_sum { column(|g| g.1, [s0, s1]).into_iter().map(|sum| sum + " ").collect() } else { Vec::new() };
        Self { names: names.collect(), sums, outputs: column(|g| g.2, [o0, o1]) }
    }

    /// The columns of the screen before the bars.
    fn width(&self) -> usize {
        let widest = |cells: &[String]| cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
        let (marker, sign, air) = (1, 2, 1);
        marker + widest(&self.names) + self.gap().width() + widest(&self.sums) + sign + widest(&self.outputs) + air
    }

    const fn gap(&self) -> &'static str {
        if self.sums.is_empty() { " " } else { "  " }
    }

    /// The name, the sum and the output of each.
    fn lines(self) -> impl Iterator<Item = [String; 3]> {
        let gap = self.gap();
        let widest = self.names.iter().map(|name| name.width()).max().unwrap_or(0);
        let sums = self.sums.into_iter().chain(std::iter::repeat(String::new()));
        let names = self.names.into_iter().map(move |name| left(&name, widest) + gap);
        names.zip(sums).zip(self.outputs).map(|((name, sum), output)| [name, sum, output])
    }
}

/// The letter of a gate; of a projection, whose sums are none of a unit's, with the number of the one that is shown.
fn letter((symbols, unit): (&Symbols, usize), gate: &Gate) -> String {
    let letter = symbols.letter(gate.name);
    match gate.name {
        GateName::Projection if gate.sum.len() > 1 => format!("{letter}{}", shown_sum(gate, unit) + 1),
        _ => letter.to_string(),
    }
}

/// Which sum of a gate is shown with a unit: its own, unless it is a projection that has fewer.
fn shown_sum(gate: &Gate, unit: usize) -> usize {
    unit.min(gate.sum.len().saturating_sub(1))
}

/// The gates of a step, each with the sum and the output of the unit looked at.
fn known<'s>(state: &State, step: &'s Step) -> Vec<(&'s Gate, f64, f64)> {
    let unit = state.layer().place(state.focus().unit).unit;
    let numbers = |gate: &'s Gate| {
        let sum = shown_sum(gate, unit);
        Some((gate, *gate.sum.get(sum)?, *gate.output.get(sum)?))
    };
    step.gates.iter().filter_map(numbers).collect()
}

/// How many gates share a line, where they do not have one each.
fn in_a_line(known: &[(&Gate, f64, f64)], inside: Rect) -> usize {
    known.len().div_ceil(usize::from(inside.height.max(1)))
}

/// The letter and the output of each gate, where they share lines.
fn outputs(state: &State, known: &[(&Gate, f64, f64)], inside: Rect) -> Vec<String> {
    let settings = state.settings();
    let place = state.layer().place(state.focus().unit);
    let symbols = Symbols::new(state.layer(), place.pass, state.t(), words(settings.language));
    let shown = |numbers: Numbers| -> Vec<String> {
        known
            .iter()
            .map(|(gate, _, output)| format!(" {} {}", letter((&symbols, place.unit), gate), numbers.write(*output)))
            .collect()
    };
    let fits = |shown: &Vec<String>| {
        let mut widths = shown.chunks(in_a_line(known, inside)).map(|line| line.iter().map(|text| text.width()).sum::<usize>());
        widths.all(|width| width <= usize::from(inside.width))
    };
    Numbers::new(settings).fitted(shown, fits)
}

/// What is at a place: a gate.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let inside = inside_from(FRAMED, area);
    let known = known(state, state.pass().filter(|_| inside.contains(at))?);
    let line = usize::from(at.y - inside.y);
    let i = if usize::from(inside.height) < known.len() {
        let in_a_line = in_a_line(&known, inside);
        let mut left = usize::from(at.x - inside.x);
        let texts = outputs(state, &known, inside);
        let before = texts.get(line * in_a_line..)?.iter().take(in_a_line).position(|text| {
            let is_here = left < text.width();
            left = left.saturating_sub(text.width());
            is_here
        });
        line * in_a_line + before?
    } else {
        line
    };
    let (gate, ..) = known.get(i)?;
    state.gates().iter().position(|name| *name == gate.name).map(Target::Gate)
}

/// A bar from 0 to a value in the range of its activation, and what is left of the range.
fn bar(activation: Activation, value: f64, room: usize) -> Vec<(String, Role)> {
    if room < LEAST_BAR {
        return Vec::new();
    }
    let (low, high) = match activation {
        Activation::Sigmoid | Activation::HardSigmoid => (0.0, 1.0),
        Activation::Tanh | Activation::Softsign => (-1.0, 1.0),
        // What has no bounds has no bar: its length would mean something else in every timestep.
        _ => return Vec::new(),
    };
    if !value.is_finite() {
        return Vec::new();
    }
    let cells = if low < 0.0 { room / 2 * 2 } else { room };
    let zero = if low < 0.0 { cells / 2 } else { 0 };
    let length = (value.abs() / (high - low) * cells as f64).round() as usize;
    // What is not 0 is seen, but not as a whole cell.
    let filled = |most: usize, full: &str, thin: &str| match length.min(most) {
        0 if value != 0.0 && most > 0 => thin.to_owned(),
        length => full.repeat(length),
    };
    if value < 0.0 {
        let filled = filled(zero, "▒", "▕");
        return vec![
            ("·".repeat(zero - filled.width()), Role::Frame),
            (filled, Role::Negative),
            ("│".into(), Role::Frame),
            ("·".repeat((cells - zero).saturating_sub(1)), Role::Frame),
        ];
    }
    let axis = if low < 0.0 { "│" } else { "" };
    let room = cells - zero - axis.width();
    let filled = filled(room, "█", "▏");
    let left = "·".repeat(room - filled.width());
    vec![("·".repeat(zero), Role::Frame), (axis.into(), Role::Frame), (filled, Role::Positive), (left, Role::Frame)]
}
