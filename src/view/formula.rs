//! The formula lines: the lecture's equation of the gate looked at, always whole, then the lines that combine the gates;
//! where there is no room they wrap, then fold.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::equation::{Cell, Equation, Piece, Token};
use super::mix::{self, Form};
use super::number::Numbers;
use super::panel::{cut, lines as draw_lines, marked, span};
use super::text::{Words, words};
use super::theme::{Role, style};
use crate::app::settings::Settings;
use crate::app::sight::Worked;
use crate::app::state::{Mark, State};
use crate::engine::cell::Mix;

/// The fewest significant digits of a line that combines gates before it loses its letters.
const FEWEST_DIGITS: usize = 4;

/// The equation alone, in at most so many lines of a width.
pub fn equation_lines(equation: &Equation, width: u16, most: usize, settings: &Settings) -> Vec<Line<'static>> {
    fitted(equation, width.into(), most).into_iter().map(|line| styled(line, false, settings)).collect()
}

/// The equation in at most so many lines of a width, and below it a line or more for each that combines the gates; as many
/// lines as there will be once all of it is computed.
pub fn lines(state: &State, width: u16, most: usize) -> Vec<Line<'static>> {
    let mut lines = written(state, state.worked(), width, most);
    if !state.is_complete() {
        let later = written(state, state.worked_ahead(), width, most).len();
        lines.resize(later.max(lines.len()), Line::default());
    }
    lines
}

fn written(state: &State, worked: Option<Worked<'_>>, width: u16, most: usize) -> Vec<Line<'static>> {
    let settings = state.settings();
    let words = words(settings.language);
    let width = usize::from(width);
    let numbers = Numbers::new(settings);
    let only_last = || vec![Line::from(span(cut(words.only_last, width), Role::Plain, settings))];
    let Some(Worked { step, terms, mixes }) = worked else { return only_last() };
    let cell = |place| Cell { layer: state.layer(), step, place, t: state.t() };
    let Some(equation) = Equation::new(&cell(state.place()), state.gate(), &terms, numbers, words) else { return only_last() };
    let mut lines: Vec<Line<'static>> =
        fitted(&equation, width, most).into_iter().map(|line| styled(line, false, settings)).collect();
    let cell = cell(state.layer().place(state.focus().unit));
    let each = (most / mixes.len().max(1)).max(1);
    for (number, mix) in mixes.iter().enumerate() {
        let is_new = state.marks(Mark::Line(number));
        let combined = combined(&cell, mix, (width, each), numbers, words);
        lines.extend(combined.into_iter().map(|line| styled(line, is_new, settings)));
    }
    lines
}

/// A line that combines gates in as much of its form and as many digits as fit into so many columns and lines.
fn combined(at: &Cell<'_>, mix: &Mix, (width, most): (usize, usize), numbers: Numbers, words: &Words) -> Vec<Token> {
    let fit = |form, numbers| {
        wrapped(mix::tokens(at, mix, form, numbers, words), width, UnicodeWidthStr::width).filter(|lines| lines.len() <= most)
    };
    let shorter = |form| numbers.shorter(FEWEST_DIGITS).find_map(|numbers| fit(form, numbers));
    fit(Form::Whole, numbers)
        .or_else(|| shorter(Form::Letters))
        .or_else(|| shorter(Form::Numbers))
        .or_else(|| shorter(Form::Result))
        .unwrap_or_else(|| vec![vec![(cut(&numbers.write(mix.value), width), Piece::Result)]])
}

/// Draws the lines of the equation with a column of air on their left.
pub fn draw(lines: Vec<Line<'_>>, area: Rect, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_lines(lines, area, buffer);
}

/// Draws the equation as all there is, on a screen that is too small for panels.
pub fn draw_alone(state: &State, area: Rect, buffer: &mut Buffer) {
    let most = usize::from(area.height).saturating_sub(state.mixes().len()).max(1);
    draw_lines(lines(state, area.width, most), area, buffer);
}

/// The longest form that fits.
fn fitted(equation: &Equation, width: usize, most: usize) -> Vec<Token> {
    let fit = |tokens: Vec<Token>| wrapped(tokens, width, UnicodeWidthStr::width).filter(|lines| lines.len() <= most);
    if let Some(lines) = fit(equation.tokens(equation.terms())) {
        return lines;
    }
    let fits = most_terms(0..equation.terms(), |shown| fit(equation.tokens(shown)));
    let [of_total, named, result] = equation.short_forms();
    let shortest: String = result.iter().flatten().map(|(text, _)| text.as_str()).collect();
    fits.or_else(|| fit(of_total))
        .or_else(|| fit(named))
        .or_else(|| fit(result))
        .unwrap_or_else(|| vec![vec![(cut(&shortest, width), Piece::Result)]])
}

/// What fits with the most terms, where fewer always fit better.
pub fn most_terms<T>(terms: Range<usize>, fit: impl Fn(usize) -> Option<T>) -> Option<T> {
    let (mut fits, Range { start: mut low, end: mut too_many }) = (None, terms);
    while low < too_many {
        let middle = low + (too_many - low) / 2;
        match fit(middle) {
            Some(lines) => (fits, low) = (Some(lines), middle + 1),
            None => too_many = middle,
        }
    }
    fits
}

/// Tokens on lines of a width, in which a text is as wide as it is said to be; `None` if a token is wider than a line.
pub fn wrapped(tokens: Vec<Token>, width: usize, measure: impl Fn(&str) -> usize) -> Option<Vec<Token>> {
    let mut lines: Vec<Token> = vec![Token::new()];
    let mut used = 0;
    for token in tokens {
        let wide: usize = token.iter().map(|(text, _)| measure(text)).sum();
        if used > 0 && used + wide > width {
            lines.push(Token::new());
            used = 0;
        }
        if wide > width {
            return None;
        }
        used += wide;
        lines.last_mut()?.extend(token);
    }
    Some(lines)
}

/// A line of the equation; one that is new has its results marked.
fn styled(line: Token, is_new: bool, settings: &Settings) -> Line<'static> {
    let look = |piece| marked(style(role(piece), settings), is_new && piece == Piece::Result, settings);
    Line::from_iter(line.into_iter().map(|(text, piece)| Span::styled(text, look(piece))))
}

/// The look of a piece, wherever it stands.
pub const fn role(piece: Piece) -> Role {
    match piece {
        Piece::Plain => Role::Plain,
        Piece::Value => Role::Current,
        Piece::Result => Role::Total,
    }
}
