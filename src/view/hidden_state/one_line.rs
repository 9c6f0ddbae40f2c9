//! What is carried of the unit looked at, on one line.

use ratatui::text::{Line, Span};

use super::super::edit::marked_number;
use super::super::number::Numbers;
use super::super::panel::{cut, marked};
use super::super::theme::{Role, style};
use super::{Carried, all_carried, destination};
use crate::app::state::{Mark, State};

/// The fewest significant digits of what is carried where it has one line.
const FEWEST_DIGITS: usize = 3;

/// The fewest columns worth writing of where the state goes.
const LEAST_DESTINATION: usize = 4;

/// How much of what is carried is written where it has one line, from most to least.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `h(0) 0.5 ─▶ h(1) 0.7`.
    Whole,
    /// `h 0.5 ─▶ 0.7`.
    Short,
    /// `h 0.5▶0.7`.
    Tight,
    /// `h(1) 0.7`.
    After,
}

/// What is carried of the unit looked at, and how many more numbers are; where it goes as far as there is room.
pub(super) fn written(state: &State, width: u16) -> Line<'static> {
    let settings = state.settings();
    let Some(step) = state.pass() else { return Line::default() };
    let all = all_carried(state, step);
    let is_chosen = |carried: &Carried| carried.given.is_some_and(|number| state.is_selected(number));
    let mut shown: Vec<&Carried> = all.iter().filter(|carried| is_chosen(carried)).collect();
    if shown.is_empty() {
        shown.extend(all.iter().filter(|carried| carried.is_worked_out));
    }
    let left_out = all.len() - shown.len();
    let after_look = marked(style(Role::Total, settings), state.marks(Mark::Layer(state.focus().layer)), settings);
    let spans = |form: Form, numbers: Numbers| -> Vec<Span<'static>> {
        let of = |(i, carried): (usize, &&Carried)| {
            let [before, after] = &carried.symbols;
            let letter = after.split('(').next().unwrap_or_default();
            let (name, arrow) = match form {
                Form::Whole => (before.as_str(), format!(" ─▶ {after} ")),
                Form::Short => (letter, " ─▶ ".into()),
                Form::Tight => (letter, "▶".into()),
                Form::After => (after.as_str(), String::new()),
            };
            let name = if i == 0 || form == Form::Tight { format!(" {name} ") } else { format!("  {name} ") };
            let look = style(Role::Current, settings);
            let mut spans = match form {
                Form::After => vec![Span::raw(name)],
                _ => marked_number(state, carried.given, &name, &numbers.write(carried.before), look),
            };
            spans.extend([Span::raw(arrow), Span::styled(numbers.write(carried.after), after_look)]);
            spans
        };
        let more = (left_out > 0).then(|| Span::raw(format!(" … +{left_out}")));
        shown.iter().enumerate().flat_map(of).chain(more).collect()
    };
    let room = usize::from(width);
    let used = |spans: &[Span]| spans.iter().map(Span::width).sum::<usize>();
    let fit = |forms: &[Form]| {
        let ways = Numbers::new(settings).shorter(FEWEST_DIGITS);
        ways.flat_map(|numbers| forms.iter().map(move |&form| (form, numbers)))
            .map(|(form, numbers)| spans(form, numbers))
            .find(|spans| used(spans) <= room)
    };
    // What is typed is the number before.
    let least = if shown.iter().any(|carried| is_chosen(carried)) { Form::Tight } else { Form::After };
    let mut spans = fit(&[Form::Whole, Form::Short, Form::Tight])
        .or_else(|| fit(&[least]))
        .unwrap_or_else(|| spans(least, Numbers::new(settings).rounded(FEWEST_DIGITS)));
    let left = room.saturating_sub(used(&spans) + 2);
    if left >= LEAST_DESTINATION {
        spans.push(Span::raw(format!("  {}", cut(&destination(state), left))));
    }
    Line::from(spans)
}
