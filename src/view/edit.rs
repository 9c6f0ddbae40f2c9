//! What-if on the screen: the marks of numbers that are chosen or edited, their names, and the line in which one is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::field;
use super::number::Numbers;
use super::panel::{self, cut, cut_name, dot, span};
use super::symbols::Symbols;
use super::text::words;
use super::theme::{Role, style};
use super::width::Width;
use crate::app::edit::{NoNumber, Question};
use crate::app::keymap::ANSWERS;
use crate::app::state::State;
use crate::engine::parameter::Parameter;
use crate::scenario::edit::Number;

/// The mark before a number that is other than in the file.
pub const EDITED: &str = "✎";

/// The mark before the number that is typed.
const CHOSEN: &str = "»";

/// The widest a name is, before the hints give way to it.
const WIDEST_NAME: usize = 24;

/// A padded number of the scenario behind a gap, marked if it is edited or typed.
pub fn marked_number(state: &State, number: Option<Number>, gap: &str, cell: &str, look: Style) -> Vec<Span<'static>> {
    let settings = state.settings();
    let chosen = style(Role::Chosen, settings);
    match number {
        Some(number) if state.is_selected(number) => with_mark(Some((CHOSEN, chosen)), gap, cell, chosen),
        Some(number) if state.is_edited(number) => with_mark(Some((EDITED, style(Role::New, settings))), gap, cell, look),
        _ => with_mark(None, gap, cell, look),
    }
}

/// A padded number behind a gap, of which a mark takes the last blank before the number.
pub fn with_mark(mark: Option<(&'static str, Style)>, gap: &str, cell: &str, look: Style) -> Vec<Span<'static>> {
    let blanks = cell.len() - cell.trim_start().len();
    let written = cell.trim();
    let mut air = format!("{gap}{}", &cell[..blanks]);
    let after = Span::raw(cell[blanks + written.len()..].to_owned());
    let mark = mark.map(|(mark, look)| {
        air.pop();
        Span::styled(mark, look)
    });
    let number = Span::styled(written.to_owned(), look);
    std::iter::once(Span::raw(air)).chain(mark).chain([number, after]).collect()
}

/// What a number is called: `X(1) Feature 2`, `w(x2)`, `U_f2(h1)`, `b`, `h(-1)`.
pub fn name(state: &State, number: Number) -> String {
    let (scenario, language) = (state.scenario(), state.settings().language);
    match number {
        Number::Input { t, feature } => {
            let row = scenario.label(t).map_or_else(|| format!("X({t})"), |label| cut(label.get(language), WIDEST_NAME / 2));
            let feature = scenario.features.get(feature).map_or("", |name| name.get(language));
            format!("{row} {}", cut_name(feature, WIDEST_NAME / 2))
        }
        Number::Parameter(Parameter { layer, pass, unit, part }) => {
            let Some(layer) = scenario.network.layers.get(layer) else { return String::new() };
            Symbols::new(layer, pass, state.t(), words(language)).parameter(layer.cell(pass), unit, part)
        }
    }
}

/// Draws the field over the last line, while a number is typed: its name and value, what is typed, why it is refused.
pub fn draw_entry(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(entry) = state.entry() else { return };
    let settings = state.settings();
    let words = words(settings.language);
    let third = usize::from(area.width) / 3;
    let written = |numbers: Numbers| state.value(entry.number).map_or_else(String::new, |value| numbers.write(value));
    let old = Numbers::new(settings).full().fitted(written, |old| old.width() <= third);
    let name = cut(&name(state, entry.number), WIDEST_NAME.min(third));
    let reason = entry.refusal.map(|refusal| match refusal {
        NoNumber::NotANumber => words.not_a_number,
        NoNumber::Comma => words.decimal_comma,
        NoNumber::NotFinite => words.not_finite_typed,
        NoNumber::TooLarge => words.too_large,
        NoNumber::NotApplied => words.not_applied,
    });
    let remark = reason.map_or_else(String::new, |reason| format!("✗ {reason}"));
    let prompt = format!("{CHOSEN}{name} {old} → ");
    field::draw(&prompt, &entry.field, (&remark, Role::Fails), settings, area, buffer);
}

/// Draws what is asked over the last line, and the keys that answer it.
pub fn draw_question(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(question) = state.question() else { return };
    let settings = state.settings();
    let words = words(settings.language);
    let line = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    Clear.render(line, buffer);
    let answers: Vec<[String; 2]> = ANSWERS
        .iter()
        .filter_map(|binding| {
            let word = binding.footer?.get(settings.language);
            // The key that the word begins with, where one does.
            let keys = || binding.keys.iter().map(|key| key.shown(settings.charset, settings.language));
            let key = keys().find(|key| word.starts_with(&**key)).or(keys().next())?;
            Some([format!("  {key}"), format!(" {word}")])
        })
        .collect();
    let hints: usize = answers.iter().flatten().map(|text| text.width()).sum();
    let text = match question {
        Question::Quit(None) => words.quit_unwritten.to_owned(),
        Question::Quit(Some(name)) => format!("{} {name}?", words.quit_unwritten_of),
        Question::TakeOver(edits) => words.take_over[usize::from(edits.len() > 1)].to_owned(),
    };
    let text = cut(&text, usize::from(area.width).saturating_sub(hints + 1));
    let mut spans = vec![Span::raw(" "), span(text, Role::Chosen, settings)];
    for [key, word] in answers {
        spans.extend([span(key, Role::Title, settings), Span::raw(word)]);
    }
    panel::line(&Line::from(spans), line, buffer);
}

/// That the scenario is edited, for the header: nothing while it is not; while both are shown, where they part.
pub fn header(state: &State) -> [String; 2] {
    let settings = state.settings();
    if state.edited_numbers() == 0 {
        return [String::new(), String::new()];
    }
    let words = words(settings.language);
    let dot = dot(settings);
    match (state.is_comparing(), state.parts_at()) {
        (false, _) => [format!("{EDITED} {}{dot}", words.edited), format!("{EDITED} ")],
        (true, Some(t)) => [format!("{EDITED} {} t = {t}{dot}", words.parts_at), format!("{EDITED} ≠{t} ")],
        (true, None) => [format!("{EDITED} {}{dot}", words.no_difference), format!("{EDITED} = ")],
    }
}
