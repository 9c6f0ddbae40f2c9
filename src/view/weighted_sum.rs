//! The weighted sum, term by term, with bars that show how it grows to its total.

use std::cmp::Ordering;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::edit::marked_number;
use super::number::{Numbers, aligned_in, named_sign, total_sign};
use super::panel::{cut, dot, folded, framed_from, inside_from, left, lines, marked, padded, right, span};
use super::symbols::Symbols;
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::foreseen::{Extent, Part};
use crate::app::mouse::Target;
use crate::app::settings::Settings;
use crate::app::sight::is_unseen;
use crate::app::state::{Focus, Mark, State};
use crate::engine::cell::GateName;
use crate::engine::weighted_sum::{Source, Term, total as running_total};
use crate::scenario::edit::Number;

/// The narrowest and the widest bars worth drawing.
const BARS: (usize, usize) = (4, 48);

/// The columns between the products and their bars.
const GAP: usize = 2;

/// The height from which on the panel has a frame even where terms have to be left out for it.
const FRAMED: u16 = 7;

/// The most sums so far that have room before they are shown.
const MOST_SUMS: usize = 32;

/// How tall the panel is when all terms of any gate have room, with its frame.
pub fn height(state: &State) -> u16 {
    let tallest = state.gates().iter().map(|&gate| needed(state, gate)).max();
    tallest.unwrap_or(0)
}

/// How tall it has to be for those of one gate.
fn needed(state: &State, gate: GateName) -> u16 {
    let terms = state.layer().cell(state.place().pass).term_count(gate);
    u16::try_from(terms + 4).unwrap_or(u16::MAX)
}

/// How wide the panel's content has to be for its numbers and bars of a width.
pub fn width(state: &State, bars: u16) -> u16 {
    let Some(rows) = Rows::new(state, 8, Numbers::new(state.settings())) else { return 30 };
    u16::try_from(rows.width() + GAP + BARS.0.max(bars.into())).unwrap_or(u16::MAX)
}

/// How wide it has to be for its numbers alone.
pub fn least_width(state: &State) -> u16 {
    width(state, 0) - (GAP + BARS.0) as u16
}

/// How far the terms can be scrolled.
pub fn scroll_limit(state: &State, area: Rect) -> usize {
    let inside = if area.height >= frame_height(state) { area.height - 2 } else { area.height };
    let room = usize::from(inside).saturating_sub(heads(state, inside));
    let terms = state.terms().len();
    terms - shown(state, terms, room)
}

/// Which terms are shown, where not all are.
pub fn window(state: &State, area: Rect) -> Option<Range<usize>> {
    if area.height == 0 {
        return None;
    }
    let inside = inside_from(frame_height(state), area);
    let terms = state.terms();
    let shown = shown(state, terms.len(), usize::from(inside.height).saturating_sub(heads(state, inside.height)));
    let first = first_shown(state, &terms, shown);
    (shown < terms.len()).then_some(first..first + shown)
}

/// Draws the terms and their sum.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let words = words(settings.language);
    let title = title(state);
    let inside = framed_from(frame_height(state), &title, area, settings, buffer);
    let width = usize::from(inside.width);
    let Some(rows) = rows(state, inside) else {
        lines(folded(words.only_last, width, inside.height.into()).into_iter().map(Line::from), inside, buffer);
        return;
    };
    let mut table = Vec::new();
    if heads(state, inside.height) > 0 {
        table.push(rows.head(settings));
    }
    let room_for_bars = if rows.has_bars { width.saturating_sub(rows.width() + GAP) } else { 0 };
    table.extend(rows.lines(state, room_for_bars.min(BARS.1)));
    lines(table, inside, buffer);
}

/// The lines as wide as there is room for: with names, else without, and with as many digits as fit.
fn rows(state: &State, inside: Rect) -> Option<Rows> {
    let (room, width) = (usize::from(inside.height).saturating_sub(heads(state, inside.height)), usize::from(inside.width));
    let all = Numbers::new(state.settings());
    let mut rows = Rows::new(state, room, all)?;
    let named = rows.named_sources(state);
    let numbered = std::mem::replace(&mut rows.sources, named);
    if rows.width() + GAP + BARS.0 <= width {
        return Some(rows);
    }
    rows.sources = numbered;
    if rows.width() <= width {
        return Some(rows);
    }
    let written = |numbers| Rows::new(state, room, numbers);
    all.fitted_in_time(written, |rows| rows.as_ref().is_none_or(|rows| rows.width() <= width))
}

/// What a source is called in the scenario, where that is no symbol.
fn name(state: &State, source: Source) -> Option<&str> {
    match source {
        Source::Input(i) => {
            let name = state.scenario().input_names(state.focus().layer)[i].get(state.settings().language);
            (name != source.to_string()).then_some(name)
        }
        Source::Hidden(j) => state.given_name(j),
        _ => None,
    }
}

/// What is at a place: the weight of a term from its name on, then its value, if that is given; the bias all along its line.
pub fn hit(state: &State, area: Rect, at: Position) -> Option<Target> {
    let inside = inside_from(frame_height(state), area);
    let line = usize::from(at.y.checked_sub(inside.y)?).checked_sub(heads(state, inside.height))?;
    let rows = rows(state, inside).filter(|_| inside.contains(at))?;
    let term = rows.term(line).and_then(|i| state.terms().get(i).copied()).filter(|term| !term.source.is_bias());
    let [source, weight, value, _] = rows.widths();
    let (after_weight, after_value) = (source + 1 + weight, source + 1 + weight + 3 + value);
    let number = match (term, usize::from(at.x - inside.x)) {
        (Some(term), column) if column > after_weight => state.value_of(&term).filter(|_| column < after_value),
        _ => rows.given.get(line).copied().flatten(),
    };
    number.map(Target::Number)
}

/// What is summed up: `Weighted sum z(1)`, `Weighted sum z_f(1) · forget gate`.
fn title(state: &State) -> String {
    let words = words(state.settings().language);
    let z = symbols(state).pre_activation(state.gate(), state.place().unit);
    match words.gate(state.gate()) {
        None => format!("{} {z}", words.weighted_sum),
        Some(gate) => format!("{} {z}{}{gate}", words.weighted_sum, dot(state.settings())),
    }
}

fn symbols(state: &State) -> Symbols {
    Symbols::new(state.layer(), state.place().pass, state.t(), words(state.settings().language))
}

/// The height from which on there is a frame: with all terms, or where some are left out anyway.
fn frame_height(state: &State) -> u16 {
    needed(state, state.gate()).min(FRAMED)
}

/// The lines of heads inside the panel: they give way to the last term, but where terms are left out anyway they stay.
fn heads(state: &State, inside: u16) -> usize {
    let needed = needed(state, state.gate()) - 2;
    usize::from(inside >= needed || (inside < needed - 1 && inside >= FRAMED - 2))
}

/// The first of so many terms that are shown: the one chosen by scrolling, unless the number that is typed is elsewhere.
fn first_shown(state: &State, terms: &[Term], shown: usize) -> usize {
    let first = state.first_term().min(terms.len() - shown);
    let is_typed = |i: usize| state.number_of(i, &terms[i]).is_some_and(|number| state.is_selected(number));
    match state.entry().and_then(|_| (0..terms.len()).find(|&i| is_typed(i))) {
        Some(typed) => first.clamp((typed + 1).saturating_sub(shown.max(1)), typed),
        None => first,
    }
}

/// How many of the terms are shown in so many lines, of which one is the total and one may stand for those left out: not
/// where it would take the place of the one that is multiplied or typed.
fn shown(state: &State, terms: usize, room: usize) -> usize {
    let room = room.saturating_sub(1);
    let is_one_followed = state.running_sum().is_some() || state.entry().is_some();
    match room {
        _ if terms <= room => terms,
        1 => usize::from(is_one_followed),
        _ => room.saturating_sub(1),
    }
}

/// The lines of the panel, written in aligned columns.
struct Rows {
    sources: Vec<String>,
    weights: Vec<String>,
    values: Vec<String>,
    products: Vec<String>,
    /// The columns of the widest symbol of a source or a sum in the timesteps foreseen.
    widest_source: usize,
    /// The products as numbers, and at the end their sum, or what of it there is.
    amounts: Vec<f64>,
    /// The same once all of them are computed.
    ahead: Vec<f64>,
    /// Which terms have a line of their own, and where the line is that stands for the others.
    visible: Range<usize>,
    folded_at: usize,
    /// Whether every term is in a line, so that bars can grow to the total.
    has_bars: bool,
    /// Which lines show a value of the current row or the state carried in.
    follows: Vec<bool>,
    /// Which number of the scenario is the weight or the bias of a line.
    given: Vec<Option<Number>>,
    /// `=` or `≈` before the total.
    sign: &'static str,
    heads: [&'static str; 3],
}

/// The room that the columns need for all gates of the unit looked at in the timesteps foreseen.
struct Room {
    sources: usize,
    weights: [usize; 2],
    values: [usize; 2],
    products: [usize; 2],
}

impl Room {
    /// That of some of the terms, and of a line for the others where there is one.
    fn new(state: &State, visible: &Range<usize>, folded_at: Option<usize>, numbers: Numbers) -> Self {
        let Focus { layer, unit, .. } = state.focus();
        let fold = folded_at.map_or(0, |line| line + 1);
        let which = [layer, unit, visible.start, visible.end, fold];
        let [sources, w0, w1, v0, v1, p0, p1, _] =
            numbers.reserved(state, Part::Sum, which, || Self::found(state, visible, folded_at, numbers));
        Self { sources, weights: [w0, w1], values: [v0, v1], products: [p0, p1] }
    }

    fn found(state: &State, visible: &Range<usize>, folded_at: Option<usize>, numbers: Numbers) -> Extent {
        let (mut weights, mut values, mut products) = (Vec::new(), Vec::new(), Vec::new());
        let mut sources = 0;
        let ends = [state.foreseen().start, state.foreseen().end.saturating_sub(1)];
        for step in state.steps_foreseen() {
            for &gate in state.gates() {
                let place = state.place_in(gate);
                let Some(layer_step) = step.layers[state.focus().layer].as_ref() else { continue };
                let Some(total) = layer_step.passes.get(place.pass).and_then(|pass| pass.gate(gate)) else { continue };
                let terms = state.layer().terms(layer_step, place, gate);
                let visible = visible.start.min(terms.len())..visible.end.min(terms.len());
                let shown = terms[visible.clone()].iter().filter(|term| !term.source.is_bias());
                let folded_at = folded_at.filter(|_| visible.len() < terms.len()).map(|line| line.min(visible.len()));
                weights.extend(shown.clone().map(|term| term.weight));
                values.extend(shown.map(|term| term.value));
                products.extend(amounts(&terms, &visible, folded_at, total.sum[place.unit]));
                // Each of the sums so far is shown in its turn.
                let few = terms.len().min(MOST_SUMS);
                products.extend((1..few).map(|so_far| running_total(&terms[..so_far])));
                if ends.contains(&step.t) {
                    let symbols = Symbols::new(state.layer(), place.pass, step.t, words(state.settings().language));
                    let named = terms[visible].iter().map(|term| symbols.source(term.source));
                    let all = named.chain([symbols.pre_activation(gate, place.unit)]);
                    sources = all.map(|symbol| symbol.width()).chain([sources]).max().unwrap_or(0);
                }
            }
        }
        let [[w0, w1], [v0, v1], [p0, p1]] = [weights, values, products].map(|values| numbers.extent(values));
        [sources, w0, w1, v0, v1, p0, p1, 0]
    }
}

impl Rows {
    /// What fits into so many lines: the terms from the first one shown, a line for those left out, and the total.
    fn new(state: &State, room: usize, numbers: Numbers) -> Option<Self> {
        let words = words(state.settings().language);
        let unit = state.place().unit;
        let running = state.running_sum();
        let total = running.unwrap_or(state.gate_step()?.sum[unit]);
        let symbols = symbols(state);
        let terms = state.terms();
        let shown = shown(state, terms.len(), room);
        let first = first_shown(state, &terms, shown);
        let visible = first..first + shown;
        let mut given: Vec<Option<Number>> = visible.clone().map(|i| state.number_of(i, &terms[i])).collect();
        let hidden = terms.len() - shown;
        let folds = hidden > 0 && shown + 1 < room;
        // Where terms before the ones shown are left out, so that bars begin where theirs end, the line of them comes first.
        let folded_at = if first > 0 { 0 } else { shown };
        let amounts = amounts(&terms, &visible, folds.then_some(folded_at), total);
        let total_ahead = state.gate_ahead()?.sum[unit];
        let ahead = self::amounts(&state.terms_ahead(), &visible, folds.then_some(folded_at), total_ahead);
        let room = Room::new(state, &visible, folds.then_some(folded_at), numbers);
        let visible = &terms[visible.clone()];

        let is_bias = |term: &Term| term.source.is_bias();
        let mut sources: Vec<String> = visible.iter().map(|term| symbols.source(term.source)).collect();
        let mut weights: Vec<String> =
            visible.iter().map(|term| if is_bias(term) { String::new() } else { numbers.write(term.weight) }).collect();
        let mut values: Vec<String> =
            visible.iter().map(|term| if is_bias(term) { String::new() } else { numbers.write(term.value) }).collect();
        let mut follows: Vec<bool> = visible.iter().map(|term| !is_bias(term)).collect();
        if folds {
            let (before, after) = (first, terms.len() - first - shown);
            let folded = match (before, after) {
                (0, _) | (_, 0) => format!("… {hidden} {}", words.more),
                _ => format!("… ↑{before} ↓{after} {}", words.more),
            };
            sources.insert(folded_at, folded);
            weights.insert(folded_at, String::new());
            values.insert(folded_at, String::new());
            follows.insert(folded_at, false);
            given.insert(folded_at, None);
        } else if hidden > 0 {
            sources.iter_mut().for_each(|source| source.insert_str(0, "… "));
        }
        let products: Vec<String> = amounts.iter().map(|&amount| numbers.write(amount)).collect();
        let (total_written, written) = products.split_last()?;
        // Of a sum that is not complete, those that are there.
        let seen = written.iter().zip(&amounts).filter(|(_, amount)| !is_unseen(**amount));
        let sign = match hidden > 0 && !folds {
            true => named_sign(total_written, total),
            false => total_sign(seen.map(|(product, _)| (product.as_str(), None)), total_written),
        };
        let sum = symbols.pre_activation(state.gate(), unit);
        sources.push(if running.is_some() { left("Σ", sum.width()) } else { sum });
        weights.push(String::new());
        values.push(String::new());
        follows.push(false);
        given.push(None);
        Some(Self {
            sources,
            weights: aligned_in(&weights, room.weights),
            values: aligned_in(&values, room.values),
            products: aligned_in(&products, room.products),
            widest_source: room.sources,
            visible: first..first + shown,
            folded_at: if folds { folded_at } else { usize::MAX },
            has_bars: folds || hidden == 0,
            amounts,
            ahead,
            follows,
            given,
            sign,
            heads: [words.weight, words.value, words.product],
        })
    }

    /// The sources with their names, `x1 rain`, where they have names of their own.
    fn named_sources(&self, state: &State) -> Vec<String> {
        let terms = state.terms();
        let named = |(line, source): (usize, &String)| {
            let name = self.term(line).and_then(|i| name(state, terms[i].source));
            name.map_or_else(|| source.clone(), |name| format!("{source} {}", cut(name, 16)))
        };
        self.sources.iter().enumerate().map(named).collect()
    }

    /// The widths of source, weight, value and product.
    fn widths(&self) -> [usize; 4] {
        let widest = |cells: &[String], head: &str| cells.iter().map(|c| c.width()).max().unwrap_or(0).max(head.width());
        let [weight, value, product] = self.heads;
        let plain = self.sources.iter().enumerate().filter(|(i, _)| *i != self.folded_at);
        let plain = plain.map(|(_, source)| source.width()).max().unwrap_or(0).max(self.widest_source);
        let (weight, value) = (widest(&self.weights, weight), widest(&self.values, value));
        let folded = self.sources.iter().map(|s| s.width()).max().unwrap_or(0);
        // The line of what is left out has no weight and no value, so its text may run into their columns.
        let source = plain.max(folded.saturating_sub(weight + value + 4));
        [source, weight, value, widest(&self.products, product)]
    }

    fn width(&self) -> usize {
        let [source, weight, value, product] = self.widths();
        source + 1 + weight + 3 + value + 3 + product
    }

    /// The term of a line, unless it stands for several or for the sum.
    fn term(&self, line: usize) -> Option<usize> {
        let term = match line.cmp(&self.folded_at) {
            Ordering::Less => line,
            Ordering::Equal => return None,
            Ordering::Greater => line - 1,
        };
        Some(self.visible.start + term).filter(|term| self.visible.contains(term))
    }

    fn head(&self, settings: &Settings) -> Line<'static> {
        let [source, weight, value, product] = self.widths();
        let [weight_head, value_head, product_head] = self.heads;
        let text = format!(
            "{:source$} {} × {}   {}",
            "",
            right(weight_head, weight),
            right(value_head, value),
            right(product_head, product)
        );
        Line::from(span(text, Role::Frame, settings))
    }

    fn lines(&self, state: &State, room: usize) -> Vec<Line<'static>> {
        let settings = state.settings();
        let [source, weight, value, product] = self.widths();
        let last = self.amounts.len() - 1;
        let bars = Bars::new(&self.ahead, room);
        let mut running = 0.0;
        (0..=last)
            .map(|i| {
                let is_total = i == last;
                let is_new = if is_total {
                    state.marks(Mark::Sum)
                } else {
                    self.term(i).is_some_and(|term| state.marks(Mark::Product(term)))
                };
                let role = if self.follows[i] { Role::Current } else { Role::Plain };
                let times = if self.weights[i].trim().is_empty() { " " } else { "×" };
                let sign = if is_total {
                    self.sign
                } else if times == "×" {
                    "="
                } else {
                    " "
                };
                let mut spans = if self.weights[i].trim().is_empty() {
                    let label = left(&self.sources[i], source + 1 + weight + 3 + value);
                    vec![span(label, if is_total { Role::Total } else { Role::Plain }, settings)]
                } else {
                    let mut spans = vec![span(left(&self.sources[i], source), role, settings)];
                    let plain = style(Role::Plain, settings);
                    spans.extend(marked_number(state, self.given[i], " ", &right(&self.weights[i], weight), plain));
                    spans.push(Span::raw(format!(" {times} ")));
                    spans.extend(padded(&right(&self.values[i], value), style(role, settings)));
                    spans
                };
                let number = right(&self.products[i], product);
                let look = style(if is_total { Role::Total } else { Role::Plain }, settings);
                let look = marked(look, is_new, settings);
                let is_bias = !is_total && times != "×";
                spans.extend(marked_number(state, self.given[i].filter(|_| is_bias), &format!(" {sign} "), &number, look));
                let from = if is_total { 0.0 } else { running };
                let amount = if is_unseen(self.amounts[i]) { 0.0 } else { self.amounts[i] };
                spans.push(Span::raw("  "));
                spans.push(bars.bar(from, from + amount, settings));
                running += amount;
                Line::from(spans)
            })
            .collect()
    }
}

/// The products of the visible terms, what the others add up to as far as they are computed where a line says so, and the sum.
fn amounts(terms: &[Term], visible: &Range<usize>, folded_at: Option<usize>, total: f64) -> Vec<f64> {
    let mut amounts: Vec<f64> = terms[visible.clone()].iter().map(|term| term.product).collect();
    if let Some(folded_at) = folded_at {
        let others = terms.iter().enumerate().filter(|(i, _)| !visible.contains(i)).map(|(_, term)| term.product);
        let (unseen, seen): (Vec<f64>, Vec<f64>) = others.partition(|product| is_unseen(*product));
        amounts.insert(folded_at, if seen.is_empty() { unseen[0] } else { seen.iter().sum() });
    }
    amounts.push(total);
    amounts
}

/// A scale for bars, each of which begins where the one above it ended.
struct Bars {
    lowest: f64,
    /// Half columns per unit.
    scale: f64,
    room: usize,
}

impl Bars {
    fn new(amounts: &[f64], room: usize) -> Self {
        let (mut lowest, mut highest, mut running) = (0.0_f64, 0.0_f64, 0.0);
        for amount in amounts[..amounts.len() - 1].iter().filter(|amount| !is_unseen(**amount)) {
            running += amount;
            lowest = lowest.min(running);
            highest = highest.max(running);
        }
        let span = highest - lowest;
        let drawable = room >= BARS.0
            && span.is_finite()
            && span > 0.0
            && amounts.iter().all(|amount| amount.is_finite() || is_unseen(*amount));
        Self { lowest, scale: if drawable { (2 * room) as f64 / span } else { 0.0 }, room }
    }

    fn bar(&self, from: f64, to: f64, settings: &Settings) -> Span<'static> {
        if self.scale == 0.0 || from == to {
            return Span::raw("");
        }
        let half = |v: f64| ((v - self.lowest) * self.scale).round() as usize;
        let (start, end) = (half(from.min(to)), half(from.max(to)));
        let start = start.min(2 * self.room - 1);
        let end = end.clamp(start + 1, 2 * self.room);
        let falls = to < from;
        let bar: String = (0..end.div_ceil(2))
            .map(|column| match (start <= 2 * column && 2 * column < end, start <= 2 * column + 1 && 2 * column + 1 < end) {
                (false, false) => ' ',
                _ if falls => '▒',
                (true, true) => '█',
                (true, false) => '▌',
                (false, true) => '▐',
            })
            .collect();
        span(bar, if falls { Role::Negative } else { Role::Positive }, settings)
    }
}
