//! The formula lines: the lecture's equation of the gate looked at, always whole, then the lines that combine the gates;
//! where there is no room they wrap, then fold.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::equation::{Cell, Equation, News, Piece, Token};
use super::mix::{self, Form};
use super::number::{Numbers, extent};
use super::panel::{cut, folded, lines as draw_lines, marked, span};
use super::text::{Words, words};
use super::theme::{Role, style};
use super::width::Width;
use crate::app::foreseen::Part;
use crate::app::micro_step::Phase;
use crate::app::settings::Settings;
use crate::app::sight::Worked;
use crate::app::state::{Change, Focus, Mark, State};
use crate::engine::cell::{GateName, Mix};
use crate::engine::network::NetworkStep;

/// The fewest significant digits of a line that combines gates before it loses its letters.
const FEWEST_DIGITS: usize = 4;

/// The fewest terms in the panel of the weighted sum that the formula keeps to.
const LEAST_WINDOW: usize = 3;

/// The most terms for which it is worth trying whether they fit with fewer digits.
const MOST_SHORTENED: usize = 24;

/// The equation alone, in at most so many lines of a width.
pub fn equation_lines(equation: &Equation, width: u16, most: usize, settings: &Settings) -> Vec<Line<'static>> {
    let all = 0..equation.all_terms();
    fitted(equation, all, width.into(), most).into_iter().map(|line| styled(line, settings)).collect()
}

/// The most terms that are written to find out how many lines there are in the timesteps foreseen; where there are many in
/// each, all lines are taken anyway.
const MOST_FORESEEN: usize = 512;

/// How many lines the formula may take: each of its parts has at least one.
#[derive(Clone, Copy)]
pub struct Room {
    /// The most for the equation.
    pub equation: usize,
    /// The most for all of it.
    pub all: usize,
}

impl Room {
    /// So many lines, whatever they are for.
    const fn alone(all: usize) -> Self {
        Self { equation: all, all }
    }

    /// The most lines of all that is below the equation, which is so many parts: what is alone leaves it as much as each.
    fn below(self, parts: usize) -> usize {
        let most = match self.equation < self.all {
            true => self.equation.max(parts + 1).min(self.all - self.equation.min(2)),
            false => self.all * parts / (parts + 1),
        };
        most.max(parts)
    }

    /// The most lines of the equation above so many.
    fn of_equation(self, below: usize) -> usize {
        self.equation.min(self.all.saturating_sub(below)).max(1)
    }
}

/// Which of the terms stand in the equation where not all have room.
#[derive(Clone, Debug)]
pub enum Window {
    /// As many of the first ones as have room.
    First,
    /// Those that stand in the panel of the weighted sum, or as many of them as have room.
    OfPanel(Range<usize>),
}

impl Window {
    fn of(&self, equation: &Equation) -> Range<usize> {
        match self {
            Self::OfPanel(shown) if shown.len() >= LEAST_WINDOW => shown.start..shown.end.min(equation.all_terms()),
            Self::First | Self::OfPanel(_) => 0..equation.all_terms(),
        }
    }
}

/// The equation in lines of a width, and below it a line or more for each that combines the gates and for what a projection
/// makes of them; as many lines as there will be once all of it is computed.
pub fn lines(state: &State, width: u16, room: Room, window: &Window) -> Vec<Line<'static>> {
    let mut lines = written(state, state.worked(), At { t: state.t(), gate: state.gate() }, width, room, window);
    let foreseen = foreseen(state, width, room);
    lines.resize(foreseen.max(lines.len()), Line::default());
    lines
}

/// The most lines for any gate of the unit looked at in the timesteps foreseen.
fn foreseen(state: &State, width: u16, room: Room) -> usize {
    let Focus { layer, unit, .. } = state.focus();
    let settings = state.settings();
    let terms: usize = state.gates().iter().map(|&gate| state.layer().cell(state.place().pass).term_count(gate)).sum();
    let find = || {
        let each = |step: &NetworkStep| {
            let layer_step = step.layers[layer].as_ref();
            let of_gate = |&gate: &GateName| {
                let worked = layer_step.map(|step| Worked {
                    step,
                    terms: state.layer().terms(step, state.place_in(gate), gate),
                    mixes: state.layer().mixes(step, state.layer().place(unit)),
                    projected: state.projection_beside(gate).map(|gate| state.layer().terms(step, state.place_in(gate), gate)),
                });
                written(state, worked, At { t: step.t, gate }, width, room, &Window::First).len()
            };
            state.gates().iter().map(of_gate).max().unwrap_or(0)
        };
        extent([state.steps_foreseen().take(MOST_FORESEEN / terms.max(1) + 1).map(each).max().unwrap_or(0)])
    };
    let which = [layer, unit, width.into(), room.equation, room.all];
    let [lines, ..] = Numbers::new(settings).reserved(state, Part::Formula, which, find);
    lines
}

/// What the lines are of.
#[derive(Clone, Copy)]
struct At {
    t: usize,
    gate: GateName,
}

fn written(state: &State, worked: Option<Worked<'_>>, at: At, width: u16, room: Room, window: &Window) -> Vec<Line<'static>> {
    let settings = state.settings();
    let words = words(settings.language);
    let width = usize::from(width);
    let numbers = Numbers::new(settings);
    let only_last = || {
        let lines = folded(words.only_last, width, room.of_equation(0));
        lines.into_iter().map(|line| Line::from(span(line, Role::Plain, settings))).collect()
    };
    let Some(Worked { step, terms, mixes, projected }) = worked else { return only_last() };
    let cell = |place| Cell { layer: state.layer(), step, place, t: at.t };
    let equation = || {
        let equation = Equation::new(&cell(state.place_in(at.gate)), at.gate, &terms, numbers, words)?;
        Some(equation.at_work(news(state), state.running_sum()))
    };
    let Some(whole_equation) = equation() else { return only_last() };
    let mut below: Vec<Line<'static>> = Vec::new();
    let whole = cell(state.layer().place(state.focus().unit));
    let parts = mixes.len() + usize::from(projected.is_some());
    let most_below = room.below(parts);
    // Each part takes what those before it leave, but for a line for each that follows.
    let left = |below: &[Line<'_>], part: usize| most_below.saturating_sub(below.len() + parts - part - 1).max(1);
    for (number, mix) in mixes.iter().enumerate() {
        let mut combined = combined(&whole, mix, (width, left(&below, number)), numbers, words);
        if state.marks(Mark::Line(number)) {
            mark_results(&mut combined);
        }
        below.extend(combined.into_iter().map(|line| styled(line, settings)));
    }
    if let Some(terms) = projected {
        let of_projection = cell(state.place_in(GateName::Projection));
        if let Some(equation) = Equation::new(&of_projection, GateName::Projection, &terms, numbers, words) {
            let lines = projected_line(&equation, at.t, (width, left(&below, parts - 1)));
            below.extend(lines.into_iter().map(|line| styled(line, settings)));
        }
    }
    let most = room.of_equation(below.len());
    // Fewer digits, but most of them, before fewer terms than the panel has.
    let shorter = || match window {
        Window::OfPanel(shown) if (LEAST_WINDOW..=MOST_SHORTENED).contains(&shown.len()) => {
            let in_digits = |numbers: Numbers| Some(equation()?.with_terms_in(&terms, numbers));
            let fits = |numbers| fit(in_digits(numbers)?.tokens_of(shown.clone()), width, most);
            numbers.shorter(numbers.most()).find_map(fits)
        }
        Window::First | Window::OfPanel(_) => None,
    };
    let whole = fit(whole_equation.tokens(whole_equation.terms()), width, most);
    let equation = whole.or_else(shorter).unwrap_or_else(|| fitted(&whole_equation, window.of(&whole_equation), width, most));
    let mut lines: Vec<Line<'static>> = equation.into_iter().map(|line| styled(line, settings)).collect();
    lines.extend(below);
    lines
}

/// The same with the first terms, all of it in at most so many lines, as far as that is enough for a line each.
pub fn all_lines(state: &State, width: u16, most: usize) -> Vec<Line<'static>> {
    lines(state, width, Room::alone(most), &Window::First)
}

/// A line that combines gates in as much of its form and as many digits as fit into so many columns and lines.
fn combined(at: &Cell<'_>, mix: &Mix, (width, most): (usize, usize), numbers: Numbers, words: &Words) -> Vec<Token> {
    let fit = |form, numbers, most| {
        wrapped(mix::tokens(at, mix, form, numbers, words), width, Width::width).filter(|lines| lines.len() <= most)
    };
    let mut whole = (1..=most).flat_map(|most| [(Form::Whole, most), (Form::Called, most)]).chain([(Form::Numbers, most)]);
    let shorter = |form| numbers.shorter(FEWEST_DIGITS).find_map(|numbers| fit(form, numbers, most));
    whole
        .find_map(|(form, most)| fit(form, numbers, most))
        .or_else(|| shorter(Form::Numbers))
        .or_else(|| fit(Form::Letters, numbers, most))
        .or_else(|| shorter(Form::Result))
        .unwrap_or_else(|| vec![vec![(cut(&numbers.write(mix.value), width), Piece::Result)]])
}

/// What a projection makes of all units: as many of its terms as have room, else its equation in letters.
fn projected_line(equation: &Equation, t: usize, (width, most): (usize, usize)) -> Vec<Token> {
    let all = equation.all_terms();
    fit(equation.tokens(equation.terms()), width, most)
        .or_else(|| most_terms(1..all, |shown| fit(equation.tokens_of(0..shown), width, most)))
        .or_else(|| fit(equation.tokens_in_letters(&format!("W_hr·m({t})")), width, most))
        .unwrap_or_else(|| fitted(equation, 0..all, width, most))
}

/// Draws the lines of the equation with a column of air on their left.
pub fn draw(lines: &[Line<'_>], area: Rect, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    draw_lines(lines, area, buffer);
}

/// Draws the formula as all there is, on a screen that is too small for panels; where it has more lines than rows, the last
/// one seen ends in `…`.
pub fn draw_alone(state: &State, area: Rect, buffer: &mut Buffer) {
    let rows = usize::from(area.height);
    let mut lines = all_lines(state, area.width, rows);
    while lines.len() > rows && lines.last().is_some_and(|line| line.spans.is_empty()) {
        lines.pop();
    }
    if lines.len() > rows
        && let Some(last) = rows.checked_sub(1)
    {
        lines.truncate(rows);
        lines[last].push_span(Span::raw(" …"));
    }
    draw_lines(lines, area, buffer);
}

/// The longest form that fits: whole, or with those terms of a window that have room.
fn fitted(equation: &Equation, window: Range<usize>, width: usize, most: usize) -> Vec<Token> {
    let fit = |tokens: Vec<Token>| fit(tokens, width, most);
    if let Some(lines) = fit(equation.tokens(equation.terms())) {
        return lines;
    }
    let start = window.start;
    let fits = most_terms(0..window.len() + 1, |shown| fit(equation.tokens_of(start..start + shown)));
    let forms = equation.short_forms();
    let shortest: String = forms.last().iter().copied().flatten().flatten().map(|(text, _)| text.as_str()).collect();
    fits.or_else(|| forms.into_iter().find_map(fit)).unwrap_or_else(|| vec![vec![(cut(&shortest, width), Piece::Result)]])
}

/// Tokens in at most so many lines of a width, if they fit.
fn fit(tokens: Vec<Token>, width: usize, most: usize) -> Option<Vec<Token>> {
    wrapped(tokens, width, Width::width).filter(|lines| lines.len() <= most)
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

/// What of the equation of the gate looked at a micro-step has given.
pub fn news(state: &State) -> News {
    match (state.change(), state.position().phase) {
        (Change::MicroStep, Phase::Product(term)) => News::Product(term),
        (Change::MicroStep, Phase::Sum) => News::Sum,
        (Change::MicroStep, Phase::Activation) => News::Output,
        _ => News::Nothing,
    }
}

/// Takes the results in some tokens for what the last key gave.
pub fn mark_results(tokens: &mut [Token]) {
    let results = tokens.iter_mut().flatten().filter(|(_, piece)| *piece == Piece::Result);
    results.for_each(|(_, piece)| *piece = piece.made_new());
}

fn styled(line: Token, settings: &Settings) -> Line<'static> {
    Line::from_iter(line.into_iter().map(|(text, piece)| Span::styled(text, look(piece, settings))))
}

/// The look of a piece, wherever it stands.
pub fn look(piece: Piece, settings: &Settings) -> Style {
    marked(style(piece.role(), settings), piece.is_new(), settings)
}
