//! What the formats that are read by people share: the worked lines of a timestep in their order, and what is said of the
//! inputs, the claims, the states carried on and the first overflow.

use std::fmt::Display;

use super::{Terms, Trace};
use crate::engine::cell::{GateName, Mix, State};
use crate::engine::network::{Direction, Layer, LayerStep, NetworkStep, Place};
use crate::engine::weighted_sum::Term;
use crate::view::equation::{Cell, Equation, Token};
use crate::view::layer_equation;
use crate::view::mix;
use crate::view::number::Numbers;
use crate::view::summary;
use crate::view::symbols::{Symbols, time_after, time_before};
use crate::view::text::{Words, words};

/// The most terms of an equation, and the most entries of a vector, written out in a trace.
const MOST_TERMS: usize = 24;

/// A trace as it is written out.
pub struct Worked<'t> {
    /// What is reported.
    pub trace: &'t Trace<'t>,
    /// How numbers are written.
    pub numbers: Numbers,
    /// The words between them.
    pub words: &'static Words,
    /// The most terms of an equation, and entries of a vector, written out; the others stand as one.
    pub most_terms: usize,
}

/// A line of the worked arithmetic of a layer at a timestep.
pub enum Line {
    /// The pass from the last timestep to the first begins here.
    Backward,
    /// An equation, and the terms of its sum where they are asked for.
    Equation(Vec<Token>, Option<TermTable>),
    /// The states a pass ends with.
    Carried(Carried),
}

/// The terms of a weighted sum.
pub struct TermTable {
    /// Of each term its source, weight, value and product, as they are written.
    pub rows: Vec<[String; 4]>,
    /// What they add up to: its symbol and its value.
    pub total: [String; 2],
}

/// The states a pass of a layer ends with at a timestep.
pub struct Carried {
    /// Each as an equation: `h(0) = 69`.
    pub states: Vec<String>,
    /// The timestep they are carried to, where there is one.
    pub to: Option<usize>,
    /// What is said of that: `carried to`, `last timestep: carried no further`.
    pub words: &'static str,
}

/// What is claimed of one output, beside what is computed.
pub struct ClaimLine {
    /// Which output.
    pub output: usize,
    /// Whether it holds.
    pub holds: bool,
    /// What is computed.
    pub computed: String,
    /// What is claimed, with as many digits as it takes to tell the two apart.
    pub claimed: String,
}

/// An entry of a table.
pub enum Entry {
    /// No entry.
    Nothing,
    /// A number, or the symbol of one.
    Number(String),
    /// A label from the scenario.
    Name(String),
    /// A claimed number, and whether it holds.
    Claim(String, bool),
}

impl<'t> Worked<'t> {
    /// A trace in its language, its numbers as it writes them.
    pub fn new(trace: &'t Trace<'t>) -> Self {
        Self { trace, numbers: trace.numbers, words: words(trace.language), most_terms: MOST_TERMS }
    }

    /// The steps reported; the first from which on a number is not finite comes with a remark that says where it began.
    pub fn steps(&self) -> impl Iterator<Item = (NetworkStep, Option<String>)> {
        let (first, last) = self.trace.range.clone().into_inner();
        let mut overflow = None;
        let mut is_said = false;
        // Those before the first that is reported are looked at too: an overflow in them is why later values are not finite.
        self.trace.scenario.timeline().into_steps().take(last.saturating_add(1)).filter_map(move |step| {
            overflow = overflow.or_else(|| step.first_overflow().map(|place| (step.t, place)));
            if step.t < first {
                return None;
            }
            let remark = overflow.filter(|_| !is_said).map(|(t, (layer, unit))| self.overflow(t, layer, unit));
            is_said |= remark.is_some();
            Some((step, remark))
        })
    }

    fn overflow(&self, t: usize, layer: usize, unit: usize) -> String {
        let names = &self.trace.scenario.names[layer];
        let name = self.words.layer_name(self.trace.scenario.layer_name(layer, self.trace.language), layer);
        format!("{}: {name}, {}, t = {t}", self.words.overflow, names.units[unit].get(self.trace.language))
    }

    /// `layer 2 reader (GRU)`.
    pub fn layer_title(&self, layer: usize) -> String {
        format!("{} ({})", self.layer_name(layer), self.words.kind(&self.trace.scenario.network.layers[layer]))
    }

    /// `layer 2 reader`.
    pub fn layer_name(&self, layer: usize) -> String {
        let given = self.trace.scenario.layer_name(layer, self.trace.language);
        let given = given.map(|name| format!(" {name}")).unwrap_or_default();
        format!("{} {}{given}", self.words.layer, layer + 1)
    }

    /// The kind of a layer, its units, activations and shape.
    pub fn layer_summary(&self, layer: &Layer) -> String {
        summary::whole(layer, self.words)
    }

    /// The equations of a layer in letters.
    pub fn letters(&self, layer: &Layer) -> Vec<String> {
        layer_equation::in_letters(layer)
    }

    /// The direction of each pass of a layer and the states it begins with, each as an equation.
    pub fn initial(&self, layer: &Layer) -> Vec<(Direction, Vec<String>)> {
        let last = self.trace.scenario.timesteps() - 1;
        let of_pass = |pass| {
            let (direction, cell) = layer.pass(pass);
            let first = if direction == Direction::Forward { 0 } else { last };
            (direction, self.states(layer, pass, cell.initial(), &time_before(direction, first)))
        };
        if layer.is_recurrent() { (0..layer.passes()).map(of_pass).collect() } else { Vec::new() }
    }

    /// The lines of a layer at a timestep, made one after the other: of each unit its gates, then what the gates give; a
    /// projection, which mixes all units, after the last of its pass; then the states the pass ends with.
    pub fn lines<'s>(&'s self, layer: &'s Layer, step: &'s LayerStep, t: usize) -> impl Iterator<Item = Line> + 's {
        (0..layer.units()).flat_map(move |unit| self.unit(layer, step, t, unit))
    }

    /// Those of a unit of a layer, counted over all its passes.
    pub fn unit<'s>(&'s self, layer: &'s Layer, step: &'s LayerStep, t: usize, unit: usize) -> impl Iterator<Item = Line> + 's {
        let at = Cell { layer, step, place: layer.place(unit), t };
        let Place { pass, unit } = at.place;
        let (direction, cell) = layer.pass(pass);
        let is_last = unit + 1 == cell.units();
        let heading = (direction == Direction::Backward && unit == 0).then_some(Line::Backward);
        let (sums, projections): (Vec<GateName>, Vec<GateName>) =
            layer.gates(pass).iter().partition(|&&gate| gate != GateName::Projection);
        let sums = sums.into_iter().filter_map(move |gate| self.gate(&at, gate));
        let mixes = layer.mixes(step, at.place).into_iter().map(move |mix| self.mix(&at, &mix));
        let projected = if is_last { cell.outputs() } else { 0 };
        let projected = projections.into_iter().flat_map(move |gate| {
            let of_output = move |unit| self.gate(&Cell { place: Place { pass, unit }, ..at }, gate);
            (0..projected).filter_map(of_output)
        });
        let carried = if is_last { self.carried(&at) } else { None };
        heading.into_iter().chain(sums).chain(mixes).chain(projected).chain(carried.map(Line::Carried))
    }

    /// The equation of a gate; none of a unit that does not have it.
    pub fn gate(&self, at: &Cell<'_>, gate: GateName) -> Option<Line> {
        let terms = at.layer.terms(at.step, at.place, gate);
        let equation = Equation::new(at, gate, &terms, self.numbers, self.words)?;
        let terms = (self.trace.terms == Terms::Listed).then(|| self.terms(at, gate));
        Some(Line::Equation(equation.tokens(equation.terms().min(self.most_terms)), terms))
    }

    fn mix(&self, at: &Cell<'_>, mix: &Mix) -> Line {
        Line::Equation(mix::tokens(at, mix, mix::Form::Whole, self.numbers, self.words), None)
    }

    fn terms(&self, at: &Cell<'_>, gate: GateName) -> TermTable {
        let symbols = Symbols::new(at.layer, at.place.pass, at.t, self.words);
        let row = |term: Term| {
            let [weight, value, product] = [term.weight, term.value, term.product].map(|v| self.numbers.write(v));
            [symbols.source(term.source), weight, value, product]
        };
        let pass = at.step.passes.get(at.place.pass);
        let sum = pass.and_then(|pass| pass.gate(gate)?.sum.get(at.place.unit).copied()).unwrap_or(f64::NAN);
        TermTable {
            rows: at.layer.terms(at.step, at.place, gate).into_iter().map(row).collect(),
            total: [symbols.pre_activation(gate, at.place.unit), self.numbers.write(sum)],
        }
    }

    fn carried(&self, at: &Cell<'_>) -> Option<Carried> {
        let direction = at.layer.pass(at.place.pass).0;
        let last = self.trace.scenario.timesteps() - 1;
        let to = time_after(direction, at.t, last);
        let words = match (to, direction) {
            (Some(_), _) => self.words.carried_to,
            (None, Direction::Forward) => self.words.carried_no_further,
            (None, Direction::Backward) => self.words.carried_to_none_before,
        };
        let states = self.states(at.layer, at.place.pass, &at.step.passes.get(at.place.pass)?.after, &at.t);
        at.layer.is_recurrent().then_some(Carried { states, to, words })
    }

    /// What a layer gives at a timestep, each as an equation: its states, or the outputs of one that carries none.
    pub fn layer_states(&self, layer: &Layer, step: &LayerStep, t: usize) -> Vec<String> {
        if !layer.is_recurrent() {
            return vec![format!("y({t}) = {}", self.vector(&step.output))];
        }
        let passes = step.passes.iter().enumerate();
        passes.flat_map(|(pass, done)| self.states(layer, pass, &done.after, &t)).collect()
    }

    /// `h(0) = 69`, `h(0) = (69, 4)`; of an LSTM the cell state too.
    fn states(&self, layer: &Layer, pass: usize, state: &State, t: &dyn Display) -> Vec<String> {
        let symbols = Symbols::new(layer, pass, 0, self.words);
        let cell = matches!(layer, Layer::Lstm(_)).then_some(('c', &state.cell));
        let states = cell.into_iter().chain([('h', &state.hidden)]);
        states.map(|(letter, values)| format!("{} = {}", symbols.state(letter, t), self.vector(values))).collect()
    }

    /// The equation that says what the network sees at a timestep: `x(0) = (0, 23)`.
    pub fn input(&self, t: usize) -> String {
        format!("x({t}) = {}", self.vector(&self.trace.scenario.inputs.row(t).to_vec()))
    }

    /// A number, or several in parentheses.
    pub fn vector(&self, values: &[f64]) -> String {
        if let [value] = values {
            return self.numbers.write(*value);
        }
        let mut entries: Vec<String> = values.iter().take(self.most_terms).map(|&value| self.numbers.write(value)).collect();
        if values.len() > self.most_terms {
            entries.push(format!("[{} {}]", values.len() - self.most_terms, self.words.more));
        }
        format!("({})", entries.join(", "))
    }

    /// What is claimed of a step's outputs.
    pub fn claims(&self, step: &NetworkStep) -> Vec<ClaimLine> {
        let Some(claim) = self.trace.scenario.claim(step) else { return Vec::new() };
        let line = |(output, (&claimed, &holds)): (usize, (&f64, &Option<bool>))| {
            let holds = holds?;
            let computed = step.output().map_or_else(|| "–".into(), |y| self.numbers.write(y[output]));
            let claimed = if holds { self.numbers.write(claimed) } else { self.numbers.apart_from(claimed, &computed) };
            Some(ClaimLine { output, holds, computed, claimed })
        };
        claim.values.iter().zip(&claim.each).enumerate().filter_map(line).collect()
    }

    /// A claim in words, after its mark: `h1: computed 69, claimed 23 (the slides)`, each text and each number as a format
    /// writes them.
    pub fn claim_text(&self, claim: &ClaimLine, text: impl Fn(&str) -> String, number: impl Fn(&str) -> String) -> String {
        let names = self.trace.scenario.output_names();
        let name =
            if names.len() > 1 { format!("{}: ", text(names[claim.output].get(self.trace.language))) } else { String::new() };
        let source = self.source().map(|source| format!(" ({})", text(source))).unwrap_or_default();
        let [computed, claimed] = [self.words.computed, self.words.claimed].map(&text);
        format!("{name}{computed} {}, {claimed} {}{source}", number(&claim.computed), number(&claim.claimed))
    }

    /// Who claims it.
    fn source(&self) -> Option<&str> {
        Some(self.trace.scenario.expected.as_ref()?.source.as_ref()?.get(self.trace.language))
    }

    /// What stands above the columns of the table of inputs: the time, the labels where there are any, the features, the
    /// outputs, and what is claimed of them where anything is.
    pub fn headings(&self) -> Vec<String> {
        let Trace { scenario, language, .. } = *self.trace;
        let outputs = scenario.output_names();
        let of_outputs = |word: &str| -> Vec<String> {
            match outputs {
                [_] => vec![word.to_owned()],
                several => several.iter().map(|name| format!("{word} {}", name.get(language))).collect(),
            }
        };
        let mut headings = vec!["t".to_owned()];
        headings.extend(scenario.labels.iter().map(|_| String::new()));
        headings.extend(scenario.features.iter().map(|name| name.get(language).to_owned()));
        headings.extend(of_outputs(self.words.output));
        headings.extend(scenario.expected.iter().flat_map(|_| of_outputs(self.words.claimed)));
        headings
    }

    /// The row of a timestep in that table.
    pub fn row(&self, step: &NetworkStep) -> Vec<Entry> {
        let scenario = self.trace.scenario;
        let outputs = scenario.output_names().len();
        let number = |&value: &f64| Entry::Number(self.numbers.write(value));
        let mut row = vec![Entry::Number(step.t.to_string())];
        row.extend(scenario.label(step.t).map(|label| Entry::Name(label.get(self.trace.language).to_owned())));
        row.extend(scenario.inputs.row(step.t).iter().map(number));
        match step.output() {
            Some(output) => row.extend(output.iter().map(number)),
            None => row.extend((0..outputs).map(|_| Entry::Nothing)),
        }
        if scenario.expected.is_some() {
            let mut claims: Vec<Entry> = (0..outputs).map(|_| Entry::Nothing).collect();
            for claim in self.claims(step) {
                claims[claim.output] = Entry::Claim(claim.claimed, claim.holds);
            }
            row.extend(claims);
        }
        row
    }
}

/// Tokens as one text.
pub fn text(tokens: &[Token]) -> String {
    tokens.iter().flatten().map(|(text, _)| text.as_str()).collect()
}
