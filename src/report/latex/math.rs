//! Arithmetic as the screen writes it, in LaTeX's mathematics: `h2(1) = ReLU(2·3)` to `h_{2}(1)={\operatorname{ReLU}}(2{\cdot}3)`.

use super::escape::escape;

/// Where a line may break.
pub const BREAK: &str = "\\penalty0 ";

/// Pieces of an equation, between which a line may break.
pub fn joined(pieces: impl Iterator<Item = String>) -> String {
    pieces.map(|piece| math(&piece)).collect::<Vec<_>>().join(BREAK)
}

/// A piece of an equation.
pub fn math(text: &str) -> String {
    let mut set = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            _ if c.is_ascii_digit() => number_end(rest),
            _ if c.is_alphabetic() => rest.find(|c: char| !(c.is_alphanumeric() || "_→←".contains(c))).unwrap_or(rest.len()),
            _ => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(end);
        match c {
            _ if c.is_ascii_digit() => set.push_str(&number(piece)),
            _ if c.is_alphabetic() => set.push_str(&name(piece, after.starts_with('('))),
            '·' => set.push_str("{\\cdot}"),
            '⊙' => set.push_str("{\\odot}"),
            '≈' => set.push_str("\\approx "),
            '∞' => set.push_str("\\infty "),
            '…' => set.push_str("\\ldots "),
            '′' => set.push('\''),
            ':' => set.push_str("\\colon "),
            '(' | ')' | '[' | ']' | '+' | '-' | '=' | ',' => set.push(c),
            ' ' if is_between_words(&set, after) => set.push_str("\\ "),
            ' ' => {}
            _ => set.push_str(&format!("\\text{{{}}}", escape(piece))),
        }
        rest = after;
    }
    set
}

/// Whether a blank stands before a word, behind a number or another word, where mathematics would set none.
fn is_between_words(before: &str, after: &str) -> bool {
    before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

/// The end of a number that a text begins with: `69`, `0.5`, `1.5e-7`.
fn number_end(text: &str) -> usize {
    let digits =
        |from: usize| text[from..].find(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(text.len(), |end| from + end);
    let end = digits(0);
    let Some(exponent) = text[end..].strip_prefix('e') else { return end };
    let start = end + 1 + usize::from(exponent.starts_with('-'));
    let last = digits(start);
    if last > start { last } else { end }
}

fn number(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{mantissa}\\times10^{{{exponent}}}"),
        None => text.into(),
    }
}

/// A variable with what stands below it, `h_{2}`, `W_{hr}`, and above it the arrow of its direction; else a function or a word.
fn name(text: &str, is_called: bool) -> String {
    let plain = text.trim_end_matches(['→', '←']);
    let mut letters = plain.chars();
    let letter = letters.next().map(String::from).unwrap_or_default();
    let below = letters.as_str();
    let is_variable = below.is_empty() || below.starts_with(|c: char| c.is_ascii_digit() || c == '_');
    let variable = match &text[plain.len()..] {
        "" => letter,
        "→" => format!("\\overrightarrow{{{letter}}}"),
        _ => format!("\\overleftarrow{{{letter}}}"),
    };
    match below.strip_prefix('_').unwrap_or(below) {
        "" if is_variable => variable,
        below if is_variable => format!("{variable}_{{{}}}", below.replace('_', "\\_")),
        // In braces of its own no blank sets it off from the sign of a product.
        _ if is_called => format!("{{\\operatorname{{{}}}}}", escape(text)),
        _ if text == "NaN" => "\\mathrm{NaN}".into(),
        _ => format!("\\text{{{}}}", escape(text)),
    }
}
