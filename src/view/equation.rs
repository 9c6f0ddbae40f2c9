//! The worked arithmetic of one gate of one unit at one timestep: `h(1) = ReLU(2·1 + 3·(-3) + (-0.1)·69) = ReLU(-13.9) = 0`.

use std::ops::Range;

use super::number::{Numbers, equals, named_sign, total_sign};
use super::symbols::Symbols;
use super::text::Words;
use super::theme::Role;
use crate::app::sight::{NOT_YET, is_unseen};
use crate::engine::activation::Activation;
use crate::engine::cell::GateName;
use crate::engine::network::{Layer, LayerStep, Place};
use crate::engine::weighted_sum::Term;

/// The most units of a softmax whose pre-activations have their names.
pub const NAMED: usize = 4;

/// What a piece of the equation is, so that the screen can colour it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Names, signs, weights.
    Plain,
    /// A value from the input row or the state carried in.
    Value,
    /// The pre-activation and the output.
    Result,
    /// What the last key gave, and the look it has anyway.
    New(Role),
}

impl Piece {
    /// The look of a piece, wherever it stands.
    pub const fn role(self) -> Role {
        match self {
            Self::Plain => Role::Plain,
            Self::Value => Role::Current,
            Self::Result => Role::Total,
            Self::New(role) => role,
        }
    }

    /// The same, as what the last key gave.
    pub const fn made_new(self) -> Self {
        Self::New(self.role())
    }

    /// Whether the last key gave it.
    pub const fn is_new(self) -> bool {
        matches!(self, Self::New(_))
    }
}

/// What of an equation the last key gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// None of it.
    Nothing,
    /// The product of this term.
    Product(usize),
    /// The weighted sum.
    Sum,
    /// What the activation makes of it.
    Output,
}

/// Pieces that stay on one line.
pub type Token = Vec<(String, Piece)>;

/// The equation of one gate of one unit, its terms written once so that it can be folded to any length.
pub struct Equation {
    left: String,
    opening: String,
    closing: String,
    terms: Vec<WrittenTerm>,
    news: News,
    /// The sum of the products so far, where not all are there, with the sign before it.
    running: Option<(&'static str, String)>,
    products: Vec<f64>,
    numbers: Numbers,
    words: &'static Words,
    total: String,
    result: String,
    /// `=` or `≈` before the output, where it is made of the total.
    result_sign: &'static str,
    /// The same before total and output beside their names alone.
    named_signs: [&'static str; 2],
    activation: Activation,
}

/// A cell at a timestep.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'s> {
    /// Its layer.
    pub layer: &'s Layer,
    /// What the layer computed.
    pub step: &'s LayerStep,
    /// Which unit of which pass it is.
    pub place: Place,
    /// The timestep.
    pub t: usize,
}

struct WrittenTerm {
    /// Its place among all terms.
    index: usize,
    weight: String,
    value: Option<String>,
    /// Whether it is a bias of zero, which is not worth writing.
    is_nothing: bool,
    /// Whether a number of it has fewer digits than are asked for.
    is_short: bool,
}

impl WrittenTerm {
    fn new(index: usize, term: &Term, numbers: Numbers) -> Self {
        Self {
            index,
            weight: numbers.write(term.weight),
            value: (!term.source.is_bias()).then(|| numbers.write(term.value)),
            is_nothing: term.source.is_bias() && term.weight == 0.0,
            is_short: numbers.shortens(term.weight) || (!term.source.is_bias() && numbers.shortens(term.value)),
        }
    }

    fn factors(&self) -> (&str, Option<&str>) {
        (&self.weight, self.value.as_deref())
    }
}

impl Equation {
    /// The equation of a gate of a unit of a layer whose step is known, with the terms of that gate.
    pub fn new(at: &Cell<'_>, gate: GateName, terms: &[Term], numbers: Numbers, words: &'static Words) -> Option<Self> {
        let Cell { layer, step, place, t } = *at;
        let unit = place.unit;
        let gate = step.passes.get(place.pass)?.gate(gate).filter(|gate| unit < gate.sum.len())?;
        let activation = layer.activation(place.pass, gate.name);
        let (opening, closing) = match activation {
            Activation::Linear => (String::new(), String::new()),
            other => call(other, gate.sum.len(), unit, NAMED),
        };
        let (total, result) = (numbers.write(gate.sum[unit]), numbers.write(gate.output[unit]));
        Some(Self {
            left: Symbols::new(layer, place.pass, t, words).output_of(gate.name, unit),
            opening,
            closing,
            terms: terms.iter().enumerate().map(|(i, term)| WrittenTerm::new(i, term, numbers)).collect(),
            products: terms.iter().map(|term| term.product).collect(),
            news: News::Nothing,
            running: None,
            numbers,
            words,
            result_sign: equals(activation, &total, &result, gate.output[unit]),
            named_signs: [named_sign(&total, gate.sum[unit]), named_sign(&result, gate.output[unit])],
            total,
            result,
            activation,
        })
    }

    /// The same while it is worked out: what of it is new, and the sum of the products so far where not all are there.
    pub fn at_work(self, news: News, running: Option<f64>) -> Self {
        let running = running.map(|sum| {
            let written = self.numbers.write(sum);
            let seen = self.terms.iter().filter(|term| !is_unseen(self.products[term.index]));
            (total_sign(seen.map(WrittenTerm::factors), &written), written)
        });
        Self { news, running, ..self }
    }

    /// The same with other digits in its terms; the total and the output keep theirs.
    pub fn with_terms_in(self, terms: &[Term], numbers: Numbers) -> Self {
        let terms = terms.iter().enumerate().map(|(i, term)| WrittenTerm::new(i, term, numbers)).collect();
        Self { terms, numbers, ..self }
    }

    /// How many terms it writes.
    pub fn terms(&self) -> usize {
        self.terms.iter().filter(|term| !term.is_nothing).count()
    }

    /// How many terms its sum has, with those that are nothing.
    pub fn all_terms(&self) -> usize {
        self.terms.len()
    }

    /// The first `shown` of the terms it writes, by their place among all.
    fn first(&self, shown: usize) -> Range<usize> {
        let mut written = self.terms.iter().enumerate().filter(|(_, term)| !term.is_nothing);
        0..written.nth(shown).map_or(self.terms.len(), |(next, _)| next)
    }

    /// The whole equation with its first `shown` terms; the others stand as one, whose value is their sum.
    pub fn tokens(&self, shown: usize) -> Vec<Token> {
        self.tokens_of(self.first(shown))
    }

    /// The whole equation with some of its terms; the others stand as one.
    pub fn tokens_of(&self, shown: Range<usize>) -> Vec<Token> {
        let is_short = self.terms.get(shown.clone()).unwrap_or_default().iter().any(|term| term.is_short);
        let (mut tokens, sign) = self.sum(shown);
        if let Some(first) = tokens.first_mut() {
            let name = format!("{} {} ", self.left, if is_short { "≈" } else { "=" });
            first.splice(0..0, [(name, Piece::Plain), (self.opening.clone(), Piece::Plain)]);
        }
        if let Some(last) = tokens.last_mut() {
            last.push((self.closing.clone(), Piece::Plain));
        }
        let mut total = vec![(format!(" {sign} {}", self.opening), Piece::Plain)];
        total.push(self.total_piece());
        total.push((self.closing.clone(), Piece::Plain));
        tokens.push(total);
        if self.activation != Activation::Linear {
            tokens.push(self.outcome());
        }
        tokens
    }

    /// The equation of a sum without an activation, with what it sums up in letters: `h(1) = W_hr·m(1) = 0.5`.
    pub fn tokens_in_letters(&self, sum: &str) -> Vec<Token> {
        let [_, sign] = self.named_signs;
        vec![
            vec![(format!("{} = {sum}", self.left), Piece::Plain)],
            vec![(format!(" {sign} "), Piece::Plain), self.output_piece()],
        ]
    }

    /// Some terms and what the others come to, before them where all others are, then the sign before the total: `=` or `≈`.
    fn sum(&self, shown: Range<usize>) -> (Vec<Token>, &'static str) {
        let mut tokens: Vec<Token> = Vec::new();
        let mut sum: Vec<(&str, Option<&str>)> = Vec::new();
        let others: Vec<f64> =
            self.products.iter().enumerate().filter(|(i, _)| !shown.contains(i)).map(|(_, &product)| product).collect();
        let rest = self.numbers.write(sum_seen(&others));
        let noun = if shown.is_empty() { self.words.terms } else { self.words.more };
        let folded = |plus: &str| vec![(format!("{plus}[{} {noun}: {rest}]", others.len()), Piece::Plain)];
        let is_at_end = shown.end >= self.terms.len();
        if !others.is_empty() && is_at_end {
            tokens.push(folded(""));
        }
        for term in self.terms.get(shown).unwrap_or_default().iter().filter(|term| !term.is_nothing) {
            let mut token = Token::new();
            if !tokens.is_empty() {
                token.push((" + ".into(), Piece::Plain));
            }
            let is_new = self.news == News::Product(term.index);
            let looks = |piece: Piece| if is_new { piece.made_new() } else { piece };
            token.push((operand(&term.weight), looks(Piece::Plain)));
            if let Some(value) = &term.value {
                token.push(("·".into(), looks(Piece::Plain)));
                token.push((operand(value), looks(Piece::Value)));
            }
            sum.push(term.factors());
            tokens.push(token);
        }
        if !others.is_empty() && !is_at_end {
            tokens.push(folded(if tokens.is_empty() { "" } else { " + " }));
        }
        if !others.is_empty() {
            sum.push((&rest, None));
        }
        (tokens, total_sign(sum, &self.total))
    }

    /// The sum and its total without what it is called and what is made of it: `2·1 + 3·(-3) = -7`.
    pub fn worked_sum(&self, shown: usize) -> Vec<Token> {
        let (mut tokens, sign) = self.sum(self.first(shown));
        tokens.push(self.total_after(sign));
        tokens
    }

    /// The total alone: `= -13.9`.
    pub fn total(&self) -> Token {
        self.total_after(self.named_signs[0])
    }

    fn total_after(&self, sign: &str) -> Token {
        match &self.running {
            Some((sign, sum)) => vec![(format!(" Σ {sign} "), Piece::Plain), (sum.clone(), Piece::Result.made_new())],
            None => vec![(format!(" {sign} "), Piece::Plain), self.total_piece()],
        }
    }

    /// The total, which is the output too where the activation leaves it as it is.
    fn total_piece(&self) -> (String, Piece) {
        let is_output = self.activation == Activation::Linear && self.news == News::Output;
        self.result_piece(&self.total, is_output || self.news == News::Sum)
    }

    fn output_piece(&self) -> (String, Piece) {
        self.result_piece(&self.result, self.news == News::Output)
    }

    fn result_piece(&self, text: &str, is_new: bool) -> (String, Piece) {
        (text.into(), if is_new { Piece::Result.made_new() } else { Piece::Result })
    }

    /// What the activation makes of the total: `ReLU → 0`; nothing where it leaves it as it is.
    pub fn activated(&self) -> Option<[Token; 2]> {
        (self.activation != Activation::Linear).then(|| {
            let result = vec![(" → ".into(), Piece::Plain), self.output_piece()];
            [vec![(self.activation.symbol().into(), Piece::Plain)], result]
        })
    }

    /// The sum of the products so far, where not all are there: `Σ = -7`.
    pub fn running(&self) -> Option<Token> {
        self.running.as_ref().map(|_| self.total())
    }

    /// What it is called and what it gives: `h(1) = 0`.
    pub fn result(&self) -> Vec<Token> {
        let [_, sign] = self.named_signs;
        let result = vec![(format!(" {sign} "), Piece::Plain), (self.result.clone(), Piece::Result)];
        vec![vec![(self.left.clone(), Piece::Plain)], result]
    }

    /// The forms that follow when not even a folded sum has room, from most to least: how many terms there are and what they
    /// come to, how many there are, what they come to, then what is made of them alone.
    pub fn short_forms(&self) -> Vec<Vec<Token>> {
        let Self { left, opening, closing, words, .. } = self;
        let [total_sign, output_sign] = self.named_signs;
        let inside =
            |before: &str, piece| vec![(format!("{before}{opening}"), Piece::Plain), piece, (closing.clone(), Piece::Plain)];
        let terms = (format!("[{} {}]", self.terms.len(), words.terms), Piece::Plain);
        let counted = inside(&format!("{left} = "), terms);
        let output = vec![(format!(" {output_sign} "), Piece::Plain), self.output_piece()];
        let named = vec![(format!("{left} {output_sign} "), Piece::Plain), self.output_piece()];
        let total = |before: &str| inside(before, self.total_piece());
        let mut forms = match self.activation {
            Activation::Linear => vec![vec![counted, output]],
            _ => vec![
                vec![counted.clone(), total(&format!(" {total_sign} ")), self.outcome()],
                vec![counted, output],
                vec![total(&format!("{left} = ")), self.outcome()],
            ],
        };
        forms.extend([vec![named], vec![vec![self.output_piece()]]]);
        forms
    }

    fn outcome(&self) -> Token {
        vec![(format!(" {} ", self.result_sign), Piece::Plain), self.output_piece()]
    }

    /// The whole equation on one line.
    pub fn text(&self, shown: usize) -> String {
        self.tokens(shown).into_iter().flatten().map(|(text, _)| text).collect()
    }
}

/// What stands around the pre-activation of a unit where its activation is applied: `ReLU(` and `)`.
///
/// A softmax takes all pre-activations of its layer, which have their names where there are few, and gives the output of this
/// unit: `softmax(z1, ` and `, z3)[2]`.
pub fn call(activation: Activation, units: usize, unit: usize, few: usize) -> (String, String) {
    if activation != Activation::Softmax {
        return (format!("{}(", activation.symbol()), ")".into());
    }
    let others = |range: std::ops::Range<usize>| match range.len() {
        0 => Vec::new(),
        _ if units > few => vec!["…".to_owned()],
        _ => range.map(|i| format!("z{}", i + 1)).collect(),
    };
    let opening = others(0..unit).iter().fold("softmax(".to_owned(), |text, z| text + z + ", ");
    let closing = others(unit + 1..units).iter().fold(String::new(), |text, z| text + ", " + z);
    (opening, format!("{closing})[{}]", unit + 1))
}

/// The sum of some products, which cannot be seen where one of them cannot.
fn sum_seen(products: &[f64]) -> f64 {
    if products.iter().copied().any(is_unseen) { NOT_YET } else { products.iter().sum() }
}

/// A number as a factor or a value on an arrow: in parentheses where it is negative.
pub fn operand(number: &str) -> String {
    if number.starts_with('-') { format!("({number})") } else { number.into() }
}
