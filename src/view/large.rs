//! Large text for the last row of the room: the formula of the cell looked at, its result and what is carried on, in the
//! largest letters that have room.

pub mod font;
pub mod pixels;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::equation::{Cell, Equation, Piece, Token};
use super::flow;
use super::formula::{self, look, most_terms, wrapped};
use super::layout::split;
use super::mix::{self, Form};
use super::number::Numbers;
use super::panel::{dot, lines as draw_lines, marked};
use super::symbols::Symbols;
use super::text::{Words, words};
use super::theme::{Role, style};
use super::width::Width;
use crate::app::state::{Change, Mark, State};
use crate::engine::cell::{GateName, Quantity};
use font::THIN;
use pixels::{LargeLine, PixelSize};

/// The columns of air on both sides.
const AIR: u16 = 1;

/// The fewest significant digits before terms are folded, and after.
const FEWEST_DIGITS: (usize, usize) = (4, 3);

/// What is between two paragraphs that share a line.
const GAP: &str = "   ";

/// The most rows between two lines.
const LEADING: u16 = 2;

/// Pieces of a line, each with its style.
type Pieces = Vec<(String, Style)>;

/// Draws the row, then what is made of it.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let (head, body) = split(area, 1);
    draw_head(state, head, buffer);
    let body = Rect { x: body.x + AIR.min(body.width), width: body.width.saturating_sub(2 * AIR), ..body };
    match Page::new(state, body) {
        Some(page) => page.draw(body, buffer),
        None => formula::draw_alone(state, body, buffer),
    }
}

/// The row, and as far as there is room the gate looked at and where the state goes.
fn draw_head(state: &State, area: Rect, buffer: &mut Buffer) {
    let settings = state.settings();
    let words = words(settings.language);
    let layer = state.focus().layer;
    let gate = words.gate(state.gate()).map(str::to_owned);
    let goes = state.layer().is_recurrent().then(|| {
        let place = state.place();
        let symbols = Symbols::new(state.layer(), place.pass, state.t(), words);
        format!("{} {}", symbols.state('h', &state.t()), flow::destination(state, state.direction()))
    });
    let whole: Vec<String> = gate.iter().cloned().chain(goes).collect();
    let mut right = [whole.join(dot(settings)), gate.unwrap_or_default(), String::new()].into_iter();
    let room = usize::from(area.width.saturating_sub(2 * AIR));
    let row = flow::row(state, room);
    let seen = match layer {
        0 => format!("▶{} = ", row.name),
        _ => format!("▶{}{}{} = ", row.name, dot(settings), flow::input(state, layer).name),
    };
    let vector = if layer == 0 { row } else { flow::input(state, layer) };
    let least = vector.values.len().min(4) * 5;
    let beside =
        |right: &str| vector.written(Numbers::new(settings), room.saturating_sub(seen.width() + right.width() + GAP.len()));
    // What is seen is worth more than what it is for: a number of it at least.
    let has_room = |right: &String| seen.width() + least + right.width() + GAP.len() <= room && !beside(right).starts_with("(…");
    let right = right.find(has_room).unwrap_or_default();
    let values = beside(&right);
    let air = room.saturating_sub(seen.width() + values.width() + right.width());
    let is_new = |mark| state.change() == Change::MicroStep && state.marks(mark);
    let part = |text, role, mark| Span::styled(text, marked(style(role, settings), is_new(mark), settings));
    let line = Line::from_iter([
        Span::raw(" ".repeat(AIR.into())),
        part(format!("{seen}{values}"), Role::Current, Mark::Row),
        Span::raw(" ".repeat(air)),
        part(right, Role::Plain, Mark::Layer(layer)),
    ]);
    draw_lines([line], area, buffer);
}

/// How much of the weighted sum is large.
#[derive(Clone, Copy, PartialEq)]
enum Sum {
    /// So many of its terms, those left out as one, and the total.
    Terms(usize),
    /// The total.
    Total,
    /// Nothing but the last result.
    Result,
    /// Nothing but its value.
    Value,
}

/// What is drawn, and how large.
struct Page {
    /// The equation in ordinary letters, where its terms have no room in large ones.
    small: Vec<Line<'static>>,
    large: Vec<Pieces>,
    size: PixelSize,
}

impl Page {
    /// The largest letters in which all of the formula has room; then fewer digits, folded terms, terms in ordinary letters;
    /// nothing where not even the result has room.
    fn new(state: &State, area: Rect) -> Option<Self> {
        let settings = state.settings();
        let sizes = PixelSize::of(settings.charset);
        let smallest = *sizes.last()?;
        let all = Numbers::new(settings);
        let Some(content) = Content::new(state, all) else {
            let said = words(settings.language).only_last.split_inclusive(' ');
            let said: Vec<Token> = said.map(|word| vec![(word.to_owned(), Piece::Plain)]).collect();
            return sizes.iter().find_map(|&size| laid_out(state, vec![said.clone()], Claim::None, size, area));
        };
        let whole = |content: &Content<'_>, forms: &[Form], size| {
            let terms = Sum::Terms(content.equation.terms());
            forms.iter().find_map(|&form| content.page(terms, form, size, area))
        };
        let worked = [Form::Called, Form::Numbers];
        let shorter = |least| all.shorter(least).filter_map(|numbers| Content::new(state, numbers));
        let folded = |content: &Content<'_>| {
            most_terms(1..content.equation.terms(), |shown| content.page(Sum::Terms(shown), Form::Result, smallest, area))
        };
        sizes
            .iter()
            .find_map(|&size| whole(&content, &worked, size))
            .or_else(|| shorter(FEWEST_DIGITS.0).find_map(|content| whole(&content, &worked, smallest)))
            .or_else(|| shorter(FEWEST_DIGITS.0).find_map(|content| whole(&content, &[Form::Result], smallest)))
            .or_else(|| shorter(FEWEST_DIGITS.1).find_map(|content| folded(&content)))
            .or_else(|| Self::below_terms(state, &content, area))
            .or_else(|| Self::below_formula(state, area))
    }

    /// The equation in ordinary letters, and in large ones what it comes to.
    fn below_terms(state: &State, content: &Content<'_>, area: Rect) -> Option<Self> {
        let most = usize::from(area.height / 4).max(2);
        let small = formula::equation_lines(&content.equation, area.width, most, state.settings());
        let (_, below) = split(area, small.len() as u16);
        let forms = [Form::Numbers, Form::Result];
        forms.into_iter().find_map(|form| Self::largest(state, Sum::Total, form, below)).map(|page| Self { small, ..page })
    }

    /// All of the formula in ordinary letters, and in large ones its result.
    fn below_formula(state: &State, area: Rect) -> Option<Self> {
        let least = PixelSize::of(state.settings().charset).last()?.rows();
        let small = formula::all_lines(state, area.width, area.height.saturating_sub(least).into());
        let (_, below) = split(area, small.len() as u16);
        let sums = [Sum::Result, Sum::Value];
        let page = sums.into_iter().find_map(|sum| Self::largest(state, sum, Form::Result, below));
        page.map(|page| Self { small, ..page })
    }

    /// With as many digits as have room, in the largest letters that have.
    fn largest(state: &State, sum: Sum, form: Form, area: Rect) -> Option<Self> {
        let page = |numbers| {
            let content = Content::new(state, numbers)?;
            PixelSize::of(state.settings().charset).iter().find_map(|&size| content.page(sum, form, size, area))
        };
        Numbers::new(state.settings()).shorter(FEWEST_DIGITS.1).find_map(page)
    }

    fn draw(self, area: Rect, buffer: &mut Buffer) {
        let (above, below) = split(area, self.small.len() as u16);
        draw_lines(self.small, above, buffer);
        let lines = self.large.len() as u16;
        let left = below.height.saturating_sub(lines * self.size.rows());
        let leading = (left / lines.max(1)).min(LEADING);
        let mut y = below.y + (left - leading * lines.saturating_sub(1)) / 2;
        for pieces in &self.large {
            let area = Rect { y, height: below.bottom().saturating_sub(y), ..below };
            LargeLine { pieces, size: self.size }.render(area, buffer);
            y += self.size.rows() + leading;
        }
    }
}

/// The numbers of the cell looked at, in so many digits.
struct Content<'s> {
    state: &'s State,
    equation: Equation,
    numbers: Numbers,
    words: &'static Words,
}

/// What is said of a claim.
#[derive(Clone, Copy, PartialEq)]
enum Claim {
    None,
    /// Whether it holds.
    Mark,
    /// The same, and what is claimed where it does not.
    Value,
}

impl<'s> Content<'s> {
    fn new(state: &'s State, numbers: Numbers) -> Option<Self> {
        let words = words(state.settings().language);
        let cell = Cell { layer: state.layer(), step: state.layer_step()?, place: state.place(), t: state.t() };
        let equation = Equation::new(&cell, state.gate(), &state.terms(), numbers, words)?;
        Some(Self { state, equation: equation.at_work(formula::news(state), state.running_sum()), numbers, words })
    }

    /// A page of these numbers, if they have room on it.
    fn page(&self, sum: Sum, form: Form, size: PixelSize, area: Rect) -> Option<Page> {
        let claims = [Claim::Value, Claim::Mark].into_iter();
        claims.into_iter().find_map(|claim| laid_out(self.state, self.paragraphs(sum, form), claim, size, area))
    }

    /// What begins a line each: the sum, what the activation makes of it, and the result or the lines that combine the gates.
    fn paragraphs(&self, sum: Sum, form: Form) -> Vec<Vec<Token>> {
        let mut results = self.results(form);
        let sum = match (sum, self.equation.running()) {
            (Sum::Terms(shown), _) => self.equation.worked_sum(shown),
            (Sum::Total, _) => vec![self.equation.total()],
            (Sum::Result | Sum::Value, Some(running)) => return vec![vec![running]],
            (Sum::Result, None) => return results.pop().into_iter().collect(),
            (Sum::Value, None) => {
                return results.pop().and_then(|mut result| result.pop()).into_iter().map(|value| vec![value]).collect();
            }
        };
        let activated = self.equation.activated().map(|[activation, mut result]| {
            if let Some(gate) = self.gate() {
                result.insert(1, (format!("{gate} = "), Piece::Plain));
            }
            vec![activation, result]
        });
        std::iter::once(sum).chain(activated).chain(results).collect()
    }

    /// The lines that combine the gates, or the result of the only sum.
    fn results(&self, form: Form) -> Vec<Vec<Token>> {
        let state = self.state;
        let place = state.layer().place(state.focus().unit);
        let cell = state.layer_step().map(|step| Cell { layer: state.layer(), step, place, t: state.t() });
        let mixes = state.mixes();
        match cell.filter(|_| !mixes.is_empty()) {
            Some(cell) => {
                let tokens = |(line, mix)| {
                    let mut tokens = mix::tokens(&cell, mix, form, self.numbers, self.words);
                    if state.marks(Mark::Line(line)) {
                        formula::mark_results(&mut tokens);
                    }
                    tokens
                };
                mixes.iter().enumerate().map(tokens).collect()
            }
            None => vec![self.equation.result()],
        }
    }

    /// The letter of the gate looked at, in a cell that combines several.
    fn gate(&self) -> Option<String> {
        let name = self.state.gate();
        let place = self.state.place();
        let symbols = Symbols::new(self.state.layer(), place.pass, self.state.t(), self.words);
        (name != GateName::Hidden).then(|| symbols.quantity(Quantity::Gate(name), place.unit))
    }
}

/// What is to be said of the claim about the unit looked at, where it is an output of the network.
fn claimed(state: &State, claim: Claim) -> Option<(String, Role)> {
    let focus = state.focus();
    let is_output = focus.layer + 1 == state.scenario().names.len() && !state.layer().projects();
    let step = state.step_at(state.t()).filter(|_| is_output && claim != Claim::None)?;
    let of_step = state.claim_at(state.t())?;
    if of_step.each.get(focus.unit).copied().flatten()? {
        return Some((" ✓".into(), Role::Holds));
    }
    let numbers = Numbers::new(state.settings());
    let computed = step.output().and_then(|output| output.get(focus.unit)).map(|&output| numbers.write(output));
    let value = of_step.values.get(focus.unit).filter(|_| claim == Claim::Value);
    let value = value.map(|&value| format!(" {}", numbers.apart_from(value, &computed.unwrap_or_default())));
    Some((format!(" ✗{}", value.unwrap_or_default()), Role::Fails))
}

/// Paragraphs in letters of a size, each on lines of its own or, where that takes too many, beside the one before.
fn laid_out(state: &State, paragraphs: Vec<Vec<Token>>, claim: Claim, size: PixelSize, area: Rect) -> Option<Page> {
    let settings = state.settings();
    let (width, most) = (usize::from(area.width), usize::from(area.height / size.rows()));
    let line_width = |line: &Pieces| line.iter().map(|(text, _)| size.width(text)).sum::<usize>();
    let styled = |line: Token| -> Pieces { line.into_iter().map(|(text, piece)| (text, look(piece, settings))).collect() };
    let mut wrapped: Vec<Vec<Pieces>> = Vec::new();
    for mut paragraph in paragraphs {
        // What is reversed is a box, whose left edge is not to be that of a letter.
        let boxed = |piece| look(piece, settings).add_modifier.contains(Modifier::REVERSED);
        paragraph.iter_mut().flatten().filter(|(_, piece)| boxed(*piece)).for_each(|(text, _)| text.insert(0, THIN));
        let lines = wrapped_at_start(paragraph, width, size)?;
        wrapped.push(lines.into_iter().map(styled).collect());
    }
    if let Some((text, role)) = claimed(state, claim) {
        let piece = (text, style(role, settings));
        let fits = |line: &&mut Pieces| line_width(line) + size.width(&piece.0) <= width;
        wrapped.last_mut()?.last_mut().filter(fits)?.push(piece);
    }
    let lines: usize = wrapped.iter().map(Vec::len).sum();
    let mut large: Vec<Pieces> = Vec::new();
    for paragraph in wrapped {
        for (i, line) in paragraph.into_iter().enumerate() {
            let joins = i == 0 && lines > most;
            let gap = (GAP.to_owned(), Style::new());
            match large.last_mut().filter(|last| joins && line_width(last) + size.width(GAP) + line_width(&line) <= width) {
                Some(last) => last.extend(std::iter::once(gap).chain(line)),
                None => large.push(line),
            }
        }
    }
    (large.len() <= most).then_some(Page { small: Vec::new(), large, size })
}

/// A paragraph on lines, the first of which begins without a blank.
fn wrapped_at_start(mut paragraph: Vec<Token>, width: usize, size: PixelSize) -> Option<Vec<Token>> {
    if let Some((text, _)) = paragraph.first_mut().and_then(|token| token.first_mut()) {
        *text = text.trim_start_matches(' ').to_owned();
    }
    wrapped(paragraph, width, |text| size.width(text))
}
