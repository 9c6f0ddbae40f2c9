//! The lines of a weighted sum, written in aligned columns: a term each, one for those left out, and the total.

use std::cmp::Ordering;
use std::ops::Range;

use ratatui::text::{Line, Span};

use super::bars::Bars;
use super::{first_shown, shown, symbols};
use crate::app::foreseen::{Extent, Part};
use crate::app::settings::Settings;
use crate::app::sight::is_unseen;
use crate::app::state::{Focus, Mark, State};
use crate::engine::weighted_sum::{Source, Term, total as running_total};
use crate::scenario::edit::Number;
use crate::view::edit::marked_number;
use crate::view::number::{Numbers, aligned_in, named_sign, total_sign};
use crate::view::panel::{cut, left, marked, padded, right, span};
use crate::view::symbols::Symbols;
use crate::view::text::words;
use crate::view::theme::{Role, style};
use crate::view::width::Width;

/// The most sums so far that have room before they are shown.
const MOST_SUMS: usize = 32;

/// The lines of the panel, written in aligned columns.
pub struct Rows {
    pub sources: Vec<String>,
    weights: Vec<String>,
    values: Vec<String>,
    products: Vec<String>,
    /// The columns of the widest symbol of a source or a sum in the timesteps foreseen.
    widest_source: usize,
    /// The products as numbers, and at the end their sum, or what of it there is.
    amounts: Vec<f64>,
    /// `=` or `≈` before each.
    signs: Vec<&'static str>,
    /// The same once all of them are computed.
    ahead: Vec<f64>,
    /// Which terms have a line of their own, and where the line is that stands for the others.
    visible: Range<usize>,
    folded_at: usize,
    /// Whether every term is in a line, so that bars can grow to the total.
    pub has_bars: bool,
    /// Which lines show a value of the current row or the state carried in.
    follows: Vec<bool>,
    /// Which number of the scenario is the weight or the bias of a line.
    pub given: Vec<Option<Number>>,
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
    pub fn new(state: &State, room: usize, numbers: Numbers) -> Option<Self> {
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
        let factors = weights.iter().zip(&values).zip(written);
        let of_product = |((weight, value), product): ((&String, &String), &String)| match weight.as_str() {
            "" => " ",
            weight => total_sign([(weight, Some(value.as_str()))], product),
        };
        let signs = factors.map(of_product).chain([sign]).collect();
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
            signs,
            heads: [words.weight, words.value, words.product],
        })
    }

    /// The sources with so many columns of their names, `x1 rain`, where they have names of their own.
    pub fn named_sources(&self, state: &State, widest: usize) -> Vec<String> {
        let terms = state.terms();
        let named = |(line, source): (usize, &String)| {
            let name = self.term(line).and_then(|i| name(state, terms[i].source));
            name.map_or_else(|| source.clone(), |name| format!("{source} {}", cut(name, widest)))
        };
        self.sources.iter().enumerate().map(named).collect()
    }

    /// The widths of source, weight, value and product.
    pub fn widths(&self) -> [usize; 4] {
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

    /// The columns of all of them.
    pub fn width(&self) -> usize {
        let [source, weight, value, product] = self.widths();
        source + 1 + weight + 3 + value + 3 + product
    }

    /// The term of a line, unless it stands for several or for the sum.
    pub fn term(&self, line: usize) -> Option<usize> {
        let term = match line.cmp(&self.folded_at) {
            Ordering::Less => line,
            Ordering::Equal => return None,
            Ordering::Greater => line - 1,
        };
        Some(self.visible.start + term).filter(|term| self.visible.contains(term))
    }

    /// What stands above them.
    pub fn head(&self, settings: &Settings) -> Line<'static> {
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

    /// The lines, with bars of so many columns.
    pub fn lines(&self, state: &State, room: usize) -> Vec<Line<'static>> {
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
                let sign = self.signs[i];
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
