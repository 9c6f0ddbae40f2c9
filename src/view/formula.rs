//! The formula line: the lecture's equation, always whole; where there is no room it wraps, then folds.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::equation::{Equation, Piece, Token};
use super::number::Numbers;
use super::panel::{cut, lines as draw_lines, span};
use super::text::words;
use super::theme::Role;
use crate::app::settings::Settings;
use crate::app::state::State;

/// The equation in at most so many lines of a width.
pub fn lines(state: &State, width: u16, most: usize) -> Vec<Line<'static>> {
    let settings = state.settings();
    let words = words(settings.language);
    let width = usize::from(width);
    let equation = state
        .layer_step()
        .and_then(|step| Equation::new(state.layer(), step, state.focus().unit, state.t(), Numbers::new(settings), words));
    let Some(equation) = equation else {
        return vec![Line::from(span(cut(words.only_last, width), Role::Plain, settings))];
    };
    fitted(&equation, width, most).into_iter().map(|line| styled(line, settings)).collect()
}

/// Draws the lines of the equation with a column of air on their left.
pub fn draw(lines: Vec<Line<'_>>, area: Rect, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_lines(lines, area, buffer);
}

/// Draws the equation as all there is, on a screen that is too small for panels.
pub fn draw_alone(state: &State, area: Rect, buffer: &mut Buffer) {
    draw_lines(lines(state, area.width, usize::from(area.height)), area, buffer);
}

/// The longest form that fits.
fn fitted(equation: &Equation, width: usize, most: usize) -> Vec<Token> {
    let fit = |tokens: Vec<Token>| wrapped(tokens, width).filter(|lines| lines.len() <= most);
    if let Some(lines) = fit(equation.tokens(equation.terms())) {
        return lines;
    }
    let (mut fits, mut too_many) = (None, equation.terms());
    let mut low = 0;
    while low < too_many {
        let middle = low + (too_many - low) / 2;
        match fit(equation.tokens(middle)) {
            Some(lines) => (fits, low) = (Some(lines), middle + 1),
            None => too_many = middle,
        }
    }
    let [of_total, named, result] = equation.short_forms();
    let shortest: String = result.iter().flatten().map(|(text, _)| text.as_str()).collect();
    fits.or_else(|| fit(of_total))
        .or_else(|| fit(named))
        .or_else(|| fit(result))
        .unwrap_or_else(|| vec![vec![(cut(&shortest, width), Piece::Result)]])
}

/// Tokens on lines of a width; `None` if one of them is wider than a line.
fn wrapped(tokens: Vec<Token>, width: usize) -> Option<Vec<Token>> {
    let mut lines: Vec<Token> = vec![Token::new()];
    let mut used = 0;
    for token in tokens {
        let wide: usize = token.iter().map(|(text, _)| text.width()).sum();
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

fn styled(line: Token, settings: &Settings) -> Line<'static> {
    let role = |piece| match piece {
        Piece::Plain => Role::Plain,
        Piece::Value => Role::Current,
        Piece::Result => Role::Total,
    };
    Line::from_iter(line.into_iter().map(|(text, piece)| span(text, role(piece), settings)))
}
