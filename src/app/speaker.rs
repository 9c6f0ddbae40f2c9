//! What the lecturer reads on a second terminal: where the stepper stands, and how that is shown there.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::action::{Action, Beside};
use super::settings::Settings;
use super::state::Outcome;
use crate::scenario::text::Text;

/// Where a stepper stands, as it tells those who follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The stepper's process.
    pub pid: u32,
    /// When it began, in seconds since 1970.
    pub since: u64,
    /// The scenario shown, as its user named it.
    pub name: String,
    /// Where that scenario is, if it is a file.
    pub path: Option<String>,
    /// The title of the scenario.
    pub title: Text,
    /// How many timesteps it has.
    pub timesteps: usize,
    /// The timestep shown, as it is where it is complete.
    pub now: Moment,
    /// The micro-step done last, from the sum it is part of; none where the timestep is complete.
    pub micro_step: Vec<Text>,
    /// Whether the outputs of that timestep can be seen on the stepper's screen.
    pub is_shown: bool,
    /// The one after it; none where the last is shown.
    pub next: Option<Moment>,
}

/// A timestep, with what is to be said at it and what comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Its number, from 0.
    pub t: usize,
    /// The label of its row, where there is one.
    pub label: Option<Text>,
    /// The speaker notes; empty where there are none.
    pub notes: Text,
    /// The formula lines of the cell looked at.
    pub formula: Vec<Text>,
    /// The outputs, as many as are told; none where they are computed at the last timestep only.
    pub outputs: Vec<Output>,
    /// How many outputs are not told.
    pub more: usize,
}

/// An output of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// What it is called.
    pub name: Text,
    /// Its value, as the stepper writes it.
    pub value: String,
}

/// The time, as the lecturer's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The time of day: hours, minutes, seconds.
    pub time: [u8; 3],
    /// The time since the stepper began.
    pub elapsed: Duration,
    /// How long it goes on showing this.
    pub rest: Duration,
}

/// The second terminal.
#[derive(Clone, Debug)]
pub struct Speaker {
    position: Position,
    settings: Settings,
    /// How many lines of the notes are scrolled away.
    scroll: usize,
    /// How far the notes can be scrolled.
    limit: usize,
}

impl Speaker {
    /// The second terminal of a stepper that stands there.
    pub const fn new(position: Position, settings: Settings) -> Self {
        Self { position, settings, scroll: 0, limit: 0 }
    }

    /// Moves with the stepper.
    pub fn take(&mut self, position: Position) {
        let is_same = (&self.position.name, self.position.now.t) == (&position.name, position.now.t);
        self.scroll = if is_same { self.scroll } else { 0 };
        self.position = position;
    }

    /// Carries out what there are keys for on this terminal; all else is done on the stepper's.
    pub fn update(&mut self, action: Action) -> Outcome {
        match action.beside() {
            Some(Beside::Quit) => return Outcome::Quit,
            Some(Beside::Redraw) => return Outcome::Redraw,
            Some(Beside::Suspend) => return Outcome::Suspend,
            Some(Beside::ScrollDown) => self.scroll = (self.scroll + 1).min(self.limit),
            Some(Beside::ScrollUp) => self.scroll = self.scroll.saturating_sub(1),
            Some(Beside::Theme) => self.settings.theme = self.settings.theme.next(),
            Some(Beside::Language) => self.settings.language = self.settings.language.next(),
            Some(Beside::Interrupt | Beside::Type(_) | Beside::Accept) | None => {}
        }
        Outcome::Go
    }

    /// Takes in how far the notes can be scrolled on the screen.
    pub fn fit(&mut self, limit: usize) {
        self.limit = limit;
        self.scroll = self.scroll.min(limit);
    }

    /// Where the stepper stands.
    pub const fn position(&self) -> &Position {
        &self.position
    }

    /// How it looks and speaks.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many lines of the notes are scrolled away.
    pub const fn scroll(&self) -> usize {
        self.scroll
    }
}
