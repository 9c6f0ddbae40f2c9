//! What-if in the stepper: the number chosen and typed, edits made and undone, and the original run beside the edited one.

use super::reload::Broken;
use super::work::With;
use super::{Change, Outcome, Overlay, Run, Standpoint, State, Turn, Zoom};
use crate::app::action::Action;
use crate::app::edit::{Edits, Entry, NoNumber, Question};
use crate::app::foreseen::Foreseen;
use crate::app::mouse::Target;
use crate::app::notice::Notice;
use crate::app::request::Request;
use crate::app::settings::TextSize;
use crate::engine::network::{Direction, NetworkStep};
use crate::engine::parameter::{Parameter, Part};
use crate::engine::timeline::{Timeline, Window};
use crate::engine::weighted_sum::{CellState, Source, Term};
use crate::scenario::Scenario;
use crate::scenario::edit::{Edit, Number, Values};

/// The run of the original beside the edited one, and how far they are known to agree.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    timeline: Timeline,
    /// So many timesteps from the first gave the same.
    agree: usize,
    /// The first that did not.
    part_at: Option<usize>,
    /// The steps of both that are compared, where they are not those around the cursor.
    both: [Window; 2],
}

impl Comparison {
    fn new(original: &Values) -> Self {
        Self { timeline: original.timeline(), agree: 0, part_at: None, both: [Window::default(), Window::default()] }
    }

    /// Computes the steps of the original up to a timestep, and looks where the edited run parts from them, no more than so
    /// much of it; whether nothing is left.
    pub(super) fn prepare(&mut self, edited: &mut Timeline, (from, to): (usize, usize), effort: &mut u64) -> bool {
        if !self.timeline.prepare(from, to, effort) {
            return false;
        }
        while self.part_at.is_none() && self.agree <= to {
            let t = self.agree;
            let is_other = match (self.timeline.get(t), edited.get(t)) {
                (Some(one), Some(other)) => differ(one, other),
                _ => {
                    let [one, other] = &mut self.both;
                    if !self.timeline.grow(one, t, t, effort) || !edited.grow(other, t, t, effort) {
                        return false;
                    }
                    one.get(t).zip(other.get(t)).is_some_and(|(one, other)| differ(one, other))
                }
            };
            self.part_at = is_other.then_some(t);
            self.agree += 1;
        }
        self.both = [Window::default(), Window::default()];
        true
    }

    /// How much is left of that.
    pub(super) fn left(&self, (from, to): (usize, usize)) -> u64 {
        let compared = if self.part_at.is_none() { (to + 1).saturating_sub(self.agree) } else { 0 };
        let both = self.timeline.work().saturating_mul(2 * compared as u64);
        self.timeline.left(from, to).saturating_add(both)
    }

    /// Holds the steps of the original.
    pub(super) fn hold(&mut self, from: usize, to: usize) {
        self.timeline.hold(from, to);
    }
}

/// Whether the outputs of two steps are others.
fn differ(one: &NetworkStep, other: &NetworkStep) -> bool {
    let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
    match (one.output(), other.output()) {
        (Some(one), Some(other)) => !one.iter().zip(other).all(same),
        _ => false,
    }
}

/// Chooses another number; what is typed is not lost by it.
fn choose(entry: &mut Entry, number: Number) {
    if entry.field.text().is_empty() {
        *entry = Entry::new(number);
    } else {
        entry.refusal = Some(NoNumber::NotApplied);
    }
}

impl State {
    /// The number that is chosen and what is typed for it, while there is one.
    pub const fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    /// Whether a number is the one that is typed.
    pub fn is_selected(&self, number: Number) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.number == number)
    }

    /// Whether a number is other than the scenario gives it.
    pub fn is_edited(&self, number: Number) -> bool {
        self.run.edited.contains(&number)
    }

    /// How many numbers are other than the scenario gives them.
    pub const fn edited_numbers(&self) -> usize {
        self.run.edited.len()
    }

    /// The value of a number now.
    pub fn value(&self, number: Number) -> Option<f64> {
        self.run.scenario.values().get(number)
    }

    /// Whether the original is shown beside the edited scenario.
    pub const fn is_comparing(&self) -> bool {
        self.run.comparison.is_some()
    }

    /// The step of the original, at a timestep up to the one shown, while both are shown.
    pub fn original_step_at(&self, t: usize) -> Option<&NetworkStep> {
        self.run.comparison.as_ref()?.timeline.get(t).filter(|_| t < self.t() || (t == self.t() && self.is_complete()))
    }

    /// The first timestep, up to the one shown, at which the outputs of both are others, while both are shown.
    pub fn parts_at(&self) -> Option<usize> {
        self.run.comparison.as_ref()?.part_at.filter(|&t| t < self.t() || (t == self.t() && self.is_complete()))
    }

    /// The number that a term of the gate looked at is made with, if it is one that is given: the term's place is counted
    /// over all terms.
    pub fn number_of(&self, index: usize, term: &Term) -> Option<Number> {
        let gate = self.gate();
        let part = match term.source {
            Source::Recurrent(_) => return None,
            Source::Input(_) | Source::Row { .. } | Source::Hidden(_) | Source::ResetHidden(_) | Source::Memory(_) => {
                Part::Weight(gate, index)
            }
            Source::Cell(..) => Part::Peephole(gate),
            Source::Bias => Part::Bias(gate),
            // The recurrent part of a GRU is a sum of its own, whose one bias it is.
            Source::RecurrentBias if self.layer().sum(self.place().pass, gate).recurrent_bias.is_none() => Part::Bias(gate),
            Source::RecurrentBias => Part::RecurrentBias(gate),
        };
        Some(self.parameter(self.place().unit, part))
    }

    /// Which number of the scenario the value of a term is, where it is one: an input of the row, a state carried in at first.
    pub fn value_of(&self, term: &Term) -> Option<Number> {
        match term.source {
            Source::Input(feature) | Source::Row { back: 0, input: feature } if self.here.focus.layer == 0 => {
                Some(Number::Input { t: self.t(), feature })
            }
            Source::Hidden(unit) => self.initial(unit, Part::InitialHidden),
            Source::Cell(unit, CellState::Before) => self.initial(unit, Part::InitialCell),
            _ => None,
        }
    }

    /// A state before the first timestep of the pass looked at, while it is the one carried in.
    pub fn initial(&self, unit: usize, part: Part) -> Option<Number> {
        let is_first = match self.direction() {
            Direction::Forward => self.t() == 0,
            Direction::Backward => self.t() == self.last(),
        };
        let number = self.parameter(unit, part);
        (is_first && self.value(number).is_some()).then_some(number)
    }

    /// A number of the pass looked at.
    fn parameter(&self, unit: usize, part: Part) -> Number {
        Number::Parameter(Parameter { layer: self.here.focus.layer, pass: self.place().pass, unit, part })
    }

    /// The numbers of the cell and gate looked at that can be edited, in the order of the panels.
    pub fn numbers(&self) -> Vec<Number> {
        let features = if self.here.focus.layer == 0 { self.run.scenario.features.len() } else { 0 };
        let row = (0..features).map(|feature| Number::Input { t: self.t(), feature });
        let terms = self.terms();
        let of_terms = terms.iter().enumerate().filter_map(|(i, term)| self.number_of(i, term));
        let initial = self.layer().cell(self.place().pass).initial();
        let (hidden, cells) = (initial.hidden.len(), initial.cell.len());
        let hidden = (0..hidden).map(|unit| (2 * unit, unit, Part::InitialHidden));
        let mut states: Vec<_> = hidden.chain((0..cells).map(|unit| (2 * unit + 1, unit, Part::InitialCell))).collect();
        if initial.hidden.len() == cells {
            states.sort_by_key(|(place, ..)| *place);
        }
        let states = states.into_iter().filter_map(|(_, unit, part)| self.initial(unit, part));
        row.chain(of_terms).chain(states).collect()
    }

    /// Carries out an action while a number is typed, which goes on where it stays; `None` where the action is none of
    /// typing, which ends it.
    pub(super) fn typing(&mut self, mut entry: Entry, action: Action) -> Option<Outcome> {
        match action {
            Action::Type(edit) => {
                entry.refusal = None;
                entry.field.edit(edit);
            }
            Action::ScrollDown => self.select(&mut entry, Turn::Forward),
            Action::ScrollUp => self.select(&mut entry, Turn::Backward),
            Action::Accept => match entry.value() {
                Ok(value) => {
                    self.chosen = Some(entry.number);
                    return Some(value.map_or(Outcome::Go, |value| self.apply(Edit { number: entry.number, value })));
                }
                Err(refusal) => entry.refusal = Some(refusal),
            },
            Action::Choose(Target::Number(number)) => choose(&mut entry, number),
            // A stray click is not to lose what is typed.
            Action::Choose(_) => {}
            Action::Close => return Some(Outcome::Go),
            Action::Suspend | Action::SaveFrame | Action::Quit | Action::Interrupt => {
                self.entry = Some(entry);
                return None;
            }
            _ => return None,
        }
        self.entry = Some(entry);
        Some(Outcome::Go)
    }

    /// Chooses the number before or after.
    fn select(&self, entry: &mut Entry, turn: Turn) {
        let numbers = self.numbers();
        if let Some(at) = numbers.iter().position(|number| *number == entry.number) {
            choose(entry, numbers[turn.around(at, 1, numbers.len())]);
        }
    }

    /// Chooses a number of the cell looked at to type.
    pub(in crate::app) fn type_number(&mut self, number: Number) {
        if self.numbers().contains(&number) {
            self.entry = Some(Entry::new(number));
        }
    }

    /// Chooses a number to type: the one edited last if it is on the screen, else for the first weight.
    pub(super) fn choose_number(&mut self) {
        self.overlay = Overlay::None;
        self.look_at_panels();
        let numbers = self.numbers();
        let last = self.chosen.map(|chosen| match chosen {
            Number::Input { feature, .. } => Number::Input { t: self.t(), feature },
            parameter @ Number::Parameter(_) => parameter,
        });
        let last = last.filter(|last| numbers.contains(last));
        let weight = numbers.iter().copied().find(|number| matches!(number, Number::Parameter(_)));
        match last.or(weight).or(numbers.first().copied()) {
            Some(number) => self.entry = Some(Entry::new(number)),
            None => self.here.notice = Some(Notice::NothingToEdit),
        }
    }

    /// Zooms in on the panels of a cell.
    const fn look_at_panels(&mut self) {
        self.here.zoom = Zoom::Cell;
        self.settings.text = TextSize::Ordinary;
    }

    fn apply(&mut self, edit: Edit) -> Outcome {
        if self.latest().scenario.values().get(edit.number).is_none_or(|value| value.to_bits() == edit.value.to_bits()) {
            return Outcome::Go;
        }
        let mut edits = self.latest().edits.clone();
        edits.make(edit);
        self.recompute(edits);
        Outcome::Ask(Request::KeepEdits)
    }

    /// Undoes so many edits, as far as there are any.
    pub(super) fn undo(&mut self, times: usize) -> Outcome {
        let mut edits = self.run.edits.clone();
        if edits.undo(times) == 0 {
            self.here.notice = Some(Notice::NothingToUndo);
            return Outcome::Go;
        }
        self.recompute(edits);
        Outcome::Ask(Request::KeepEdits)
    }

    /// Redoes so many edits, as far as there are any.
    pub(super) fn redo(&mut self, times: usize) -> Outcome {
        let mut edits = self.run.edits.clone();
        if edits.redo(times) == 0 {
            self.here.notice = Some(Notice::NothingToRedo);
            return Outcome::Go;
        }
        self.recompute(edits);
        Outcome::Ask(Request::KeepEdits)
    }

    /// Shows the original beside the edited scenario, from a cell's panels, of which one has both; or no longer.
    pub(super) fn compare(&mut self) {
        match self.run.comparison.take() {
            None if self.run.edited.is_empty() => self.here.notice = Some(Notice::NothingToCompare),
            None => {
                self.look_at_panels();
                self.set_off(self.here.clone(), With::Original(Comparison::new(self.run.edits.original())));
            }
            Some(_) => {}
        }
    }

    /// What is other than in the file.
    pub fn edits_in_force(&self) -> Vec<Edit> {
        self.run.edits.net()
    }

    /// What is other than in the file and not written anywhere.
    pub fn unwritten_edits(&self) -> Vec<Edit> {
        self.latest().edits.unwritten()
    }

    /// The text they are edits of, and the numbers in it.
    pub fn original(&self) -> (&str, &Values) {
        let run = self.latest();
        (&run.scenario.text, run.edits.original())
    }

    /// Takes the edits as written.
    pub fn mark_written(&mut self) {
        self.run.edits.mark_written();
    }

    /// What is asked, while it is.
    pub const fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// Asks whether to take edits over that an earlier run left.
    pub fn offer(&mut self, edits: Vec<Edit>) {
        self.question = Some(Question::TakeOver(edits));
    }

    /// Asks whether to quit without writing the edits, its own or those of another scenario.
    pub(in crate::app) fn ask_to_quit(&mut self, of_another: Option<String>) -> Outcome {
        self.uncover();
        self.question = Some(Question::Quit(of_another));
        Outcome::Go
    }

    /// Takes an answer; the question stays until there is one. `None` where the action goes on beside it.
    pub(super) fn answer(&mut self, question: Question, action: Action) -> Option<Outcome> {
        match (action, &question) {
            (Action::Yes, Question::Quit(_)) => return Some(Outcome::Quit),
            (Action::Yes, Question::TakeOver(edits)) => {
                // The file may have changed since they were offered.
                let mut made = self.latest().edits.clone();
                let values = made.original().clone();
                edits.iter().filter(|edit| values.get(edit.number).is_some()).for_each(|edit| made.make(*edit));
                self.recompute(made);
                return Some(Outcome::Ask(Request::AdoptEdits));
            }
            (Action::No, Question::TakeOver(_)) => return Some(Outcome::Ask(Request::DropEdits)),
            (Action::No | Action::Close, _) => return Some(Outcome::Go),
            _ => {}
        }
        self.question = Some(question);
        if action.is_about_the_program() { None } else { Some(Outcome::Go) }
    }

    /// Asks for the edited scenario to be written, where there is something to write.
    pub(super) fn write(&mut self) -> Outcome {
        if self.run.edited.is_empty() {
            self.here.notice = Some(Notice::NothingToWrite);
            return Outcome::Go;
        }
        Outcome::Ask(Request::WriteScenario)
    }

    /// Computes everything from edits, at the timestep shown.
    fn recompute(&mut self, edits: Edits) {
        let run = self.latest().with(self.latest().scenario.clone(), edits);
        let there = Standpoint { change: Change::Edit, ..self.heading().clone() };
        self.set_off(there, With::Edited(run));
    }
}

impl Run {
    /// A scenario, to the values of which these edits are made.
    pub(super) fn new(scenario: Scenario, edits: Edits, broken: Option<Broken>) -> Self {
        let edited = edits.net().iter().map(|edit| edit.number).collect();
        let timeline = scenario.timeline();
        Self { scenario, timeline, edits, edited, comparison: None, foreseen: Foreseen::default(), broken }
    }

    /// Another scenario, or the same with other edits; beside its original where this one is.
    pub(super) fn with(&self, mut scenario: Scenario, edits: Edits) -> Self {
        scenario.set_values(edits.values());
        let mut run = Self::new(scenario, edits, self.broken.clone());
        if self.comparison.is_some() && !run.edited.is_empty() {
            run.comparison = Some(Comparison::new(run.edits.original()));
        }
        run
    }
}
