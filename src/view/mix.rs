//! The lines of the equations after the gates: `c(1) = f·c(0) + i·g = 0.9·2 + 0.1·0.5 = 1.85`.

use super::equation::{Cell, Piece, Token, operand};
use super::number::{Numbers, equals, named_sign, total_sign};
use super::symbols::Symbols;
use super::text::Words;
use crate::engine::cell::{Factor, Mix, Quantity};

/// How much of a line is written, from most to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `h(1) = o·tanh(c(1)) = 0.7·tanh(1.85) ≈ 0.7·0.951 ≈ 0.666`.
    Whole,
    /// `h(1) = o·tanh(c(1)) = 0.7·tanh(1.85) ≈ 0.666`.
    Called,
    /// `h(1) = 0.7·tanh(1.85) ≈ 0.666`.
    Numbers,
    /// `h(1) = o·tanh(c(1)) ≈ 0.666`.
    Letters,
    /// `h(1) ≈ 0.666`.
    Result,
}

/// A line in a form.
pub fn tokens(at: &Cell<'_>, mix: &Mix, form: Form, numbers: Numbers, words: &Words) -> Vec<Token> {
    let symbols = Symbols::new(at.layer, at.place.pass, at.t, words);
    let unit = at.place.unit;
    let mut tokens: Vec<Token> = vec![vec![(symbols.quantity(mix.result, unit), Piece::Plain)]];
    if matches!(form, Form::Whole | Form::Called | Form::Letters) {
        tokens.extend(sum(mix, "=", |factor| (symbols.quantity(factor.quantity, unit), Piece::Plain)));
    }
    let result = numbers.write(mix.value);
    let sign = match form {
        Form::Letters | Form::Result => named_sign(&result, mix.value),
        Form::Whole | Form::Called | Form::Numbers => {
            let is_short = mix.products.iter().flatten().any(|factor| numbers.shortens(given(factor)));
            tokens.extend(sum(mix, if is_short { "≈" } else { "=" }, |factor| called(factor, numbers)));
            let applied = applied(mix, numbers);
            if let (Form::Whole, Some(sign)) = (form, applied) {
                tokens.extend(sum(mix, sign, |factor| valued(factor, numbers)));
            }
            let written: Vec<[String; 2]> = mix.products.iter().map(|factors| factors.map(|f| numbers.write(f.value))).collect();
            let total = total_sign(written.iter().map(|[a, b]| (a.as_str(), Some(b.as_str()))), &result);
            // Where it is not written what the activation gives, the total is no more exact than that.
            applied.filter(|sign| *sign == "≈" && form != Form::Whole && mix.value.is_finite()).unwrap_or(total)
        }
    };
    tokens.push(vec![(format!(" {sign} "), Piece::Plain), (result, Piece::Result)]);
    tokens
}

/// The whole line.
pub fn text(at: &Cell<'_>, mix: &Mix, numbers: Numbers, words: &Words) -> String {
    tokens(at, mix, Form::Whole, numbers, words).into_iter().flatten().map(|(text, _)| text).collect()
}

/// The number that is written of a factor before an activation is applied to it.
const fn given(factor: &Factor) -> f64 {
    match factor.quantity {
        Quantity::Activated { cell, .. } => cell,
        _ => factor.value,
    }
}

/// `=` or `≈` between what an activation of the line is given and what it gives; none where there is none.
fn applied(mix: &Mix, numbers: Numbers) -> Option<&'static str> {
    mix.products.iter().flatten().find_map(|factor| match factor.quantity {
        Quantity::Activated { activation, cell } => {
            Some(equals(activation, &numbers.write(cell), &numbers.write(factor.value), factor.value))
        }
        _ => None,
    })
}

/// `tanh(1.85)`, or the number itself where no activation is applied to it.
fn called(factor: &Factor, numbers: Numbers) -> (String, Piece) {
    match factor.quantity {
        Quantity::Activated { activation, cell } => (format!("{}({})", activation.symbol(), numbers.write(cell)), Piece::Plain),
        _ => valued(factor, numbers),
    }
}

fn valued(factor: &Factor, numbers: Numbers) -> (String, Piece) {
    let piece = match factor.quantity {
        Quantity::HiddenBefore | Quantity::CellBefore => Piece::Value,
        _ => Piece::Plain,
    };
    (operand(&numbers.write(factor.value)), piece)
}

/// ` = a·b + c·d`, a token a product.
fn sum(mix: &Mix, equal: &str, write: impl Fn(&Factor) -> (String, Piece)) -> Vec<Token> {
    let product = |(i, [a, b]): (usize, &[Factor; 2])| {
        let sign = if i == 0 { format!(" {equal} ") } else { " + ".into() };
        vec![(sign, Piece::Plain), write(a), ("·".into(), Piece::Plain), write(b)]
    };
    mix.products.iter().enumerate().map(product).collect()
}
