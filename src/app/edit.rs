//! What-if: the edits made so far, of which the last may be undone, and the number that is typed.

use super::field::Field;
use crate::scenario::edit::{Edit, Number, Values};

/// The edits of a scenario, over values that stay as they were.
#[derive(Clone, Debug)]
pub struct Edits {
    /// The values before the first of them.
    original: Values,
    /// In the order in which they were made, those undone last.
    made: Vec<Edit>,
    /// How many of them are not undone.
    in_force: usize,
    /// What was other than in the file when it was last written.
    written: Vec<Edit>,
}

/// What is asked before something is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Whether to quit without writing the edits, of the scenario of this name where they are not of the one shown.
    Quit(Option<String>),
    /// Whether to take these edits over, which an earlier run left.
    TakeOver(Vec<Edit>),
}

impl Edits {
    /// No edits of these values yet.
    pub const fn new(original: Values) -> Self {
        Self { original, made: Vec::new(), in_force: 0, written: Vec::new() }
    }

    /// The values before the first edit.
    pub const fn original(&self) -> &Values {
        &self.original
    }

    /// The values now.
    pub fn values(&self) -> Values {
        self.original.with(&self.made[..self.in_force])
    }

    /// What is other than it was: each such number once, with the value it has now.
    pub fn net(&self) -> Vec<Edit> {
        let mut net: Vec<Edit> = Vec::new();
        for edit in self.made[..self.in_force].iter().rev() {
            if !net.iter().any(|later| later.number == edit.number) {
                net.push(*edit);
            }
        }
        net.retain(|edit| self.original.get(edit.number).is_some_and(|value| value.to_bits() != edit.value.to_bits()));
        net.reverse();
        net
    }

    /// Puts the edits over other values; those of numbers that have no place there are gone, of which so many were in force.
    pub fn rebase(&mut self, original: Values) -> usize {
        let is_there = |edit: &Edit| original.has_place_for(edit.number, &self.original);
        let lost = self.net().iter().filter(|edit| !is_there(edit)).count();
        let in_force = self.made[..self.in_force].iter().filter(|edit| is_there(edit)).count();
        let made = self.made.iter().copied().filter(is_there).collect();
        *self = Self { original, made, in_force, written: Vec::new() };
        lost
    }

    /// What is other than in the file, unless just that is written already.
    pub fn unwritten(&self) -> Vec<Edit> {
        let net = self.net();
        let same = |one: &Edit, other: &Edit| one.number == other.number && one.value.to_bits() == other.value.to_bits();
        let is_written = |edit: &Edit| self.written.iter().any(|written| same(written, edit));
        if net.len() == self.written.len() && net.iter().all(is_written) { Vec::new() } else { net }
    }

    /// Takes all edits in force as written.
    pub fn mark_written(&mut self) {
        self.written = self.net();
    }

    /// Makes another edit, after which those undone are gone.
    pub fn make(&mut self, edit: Edit) {
        self.made.truncate(self.in_force);
        self.made.push(edit);
        self.in_force = self.made.len();
    }

    /// Takes back up to so many edits; how many there were.
    pub fn undo(&mut self, times: usize) -> usize {
        let undone = times.min(self.in_force);
        self.in_force -= undone;
        undone
    }

    /// Makes up to so many edits again; how many there were.
    pub fn redo(&mut self, times: usize) -> usize {
        let redone = times.min(self.made.len() - self.in_force);
        self.in_force += redone;
        redone
    }
}

/// A number that is chosen, and what is typed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number.
    pub number: Number,
    /// What is typed so far.
    pub field: Field,
    /// Why the last key was refused.
    pub refusal: Option<NoNumber>,
}

/// Why what is typed is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// It is no number.
    NotANumber,
    /// Its decimals come after a comma.
    Comma,
    /// It is infinite, or not a number by name.
    NotFinite,
    /// It is beyond the largest number of 64 bits.
    TooLarge,
    /// It is not applied yet, and would be lost by moving on.
    NotApplied,
}

impl Entry {
    /// A number for which nothing is typed yet.
    pub fn new(number: Number) -> Self {
        Self { number, field: Field::default(), refusal: None }
    }

    /// The value that is typed; none where nothing is.
    ///
    /// # Errors
    ///
    /// Why it is none that a scenario takes.
    pub fn value(&self) -> Result<Option<f64>, NoNumber> {
        let typed = self.field.text().trim();
        if typed.is_empty() {
            return Ok(None);
        }
        match typed.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            Ok(_) if typed.contains(|c: char| c.is_ascii_digit()) => Err(NoNumber::TooLarge),
            Ok(_) => Err(NoNumber::NotFinite),
            Err(_) if typed.replace(',', ".").parse::<f64>().is_ok() => Err(NoNumber::Comma),
            Err(_) => Err(NoNumber::NotANumber),
        }
    }
}
