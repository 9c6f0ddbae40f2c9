//! What the panels read of the state; nothing here changes it.

use super::{Change, Focus, Overlay, State, Zoom};
use crate::app::keymap::Mode;
use crate::app::notice::Notice;
use crate::app::settings::{Settings, TextSize};
use crate::engine::cell::{Gate, GateName, Mix, Step};
use crate::engine::network::{Direction, Layer, LayerStep, NetworkStep, Place};
use crate::engine::weighted_sum::Term;
use crate::scenario::Scenario;

impl State {
    /// The scenario.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// How it looks and speaks.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What it takes keys for.
    pub const fn mode(&self) -> Mode {
        match (&self.question, self.entry.is_some() || self.search.is_some()) {
            (Some(_), _) => Mode::Answer,
            (None, true) => Mode::Text,
            (None, false) => Mode::Keys { count: self.count },
        }
    }

    /// The number typed before a motion.
    pub const fn count(&self) -> Option<usize> {
        self.count
    }

    /// What lies on top of the panels.
    pub const fn overlay(&self) -> Overlay {
        self.overlay
    }

    /// How far the speaker notes are scrolled, if they are shown.
    pub const fn notes(&self) -> Option<usize> {
        self.notes
    }

    /// The speaker notes of the timestep shown.
    pub fn notes_now(&self) -> impl Iterator<Item = &str> {
        let now = self.scenario.notes.iter().filter(|note| note.step == self.t);
        now.map(|note| note.text.get(self.settings.language))
    }

    /// The first term of the weighted sum shown, where not all have room.
    pub const fn first_term(&self) -> usize {
        self.first_term
    }

    /// What the last action changed.
    pub const fn change(&self) -> Change {
        self.change
    }

    /// What is to be said until the next action.
    pub const fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// The timestep shown.
    pub const fn t(&self) -> usize {
        self.t
    }

    /// The last timestep.
    pub fn last(&self) -> usize {
        self.scenario.timesteps() - 1
    }

    /// The cell looked at.
    pub const fn focus(&self) -> Focus {
        self.focus
    }

    /// From how far it is looked at: large text is of a cell.
    pub const fn zoom(&self) -> Zoom {
        match self.settings.text {
            TextSize::Ordinary => self.zoom,
            TextSize::Large => Zoom::Cell,
        }
    }

    /// The gates of the unit looked at.
    pub fn gates(&self) -> &'static [GateName] {
        self.layer().gates(self.layer().place(self.focus.unit).pass)
    }

    /// The gate looked at.
    pub fn gate(&self) -> GateName {
        self.gates().get(self.focus.gate).copied().unwrap_or(GateName::Hidden)
    }

    /// Where the unit looked at is among those of its pass; a projection has fewer sums than there are units.
    pub fn place(&self) -> Place {
        let place = self.layer().place(self.focus.unit);
        let units = self.layer().sum(place.pass, self.gate()).units();
        Place { unit: place.unit.min(units.saturating_sub(1)), ..place }
    }

    /// What the file calls a unit of the pass looked at, where it does not call it `h1`.
    pub fn given_name(&self, unit: usize) -> Option<&str> {
        let layer = self.layer();
        let before = if self.place().pass == 0 { 0 } else { layer.cell(0).units() };
        let name = self.scenario.names[self.focus.layer].units.get(before + unit)?;
        let is_default = name.strip_prefix('h').is_some_and(|rest| !rest.contains(char::is_alphabetic));
        (!is_default && !layer.projects()).then_some(name)
    }

    /// Which way the pass of the unit looked at goes.
    pub fn direction(&self) -> Direction {
        self.layer().pass(self.place().pass).0
    }

    /// The layer looked at.
    pub fn layer(&self) -> &Layer {
        &self.scenario.network.layers[self.focus.layer]
    }

    /// A timestep up to the one shown, as far back as was asked for.
    pub fn step_at(&self, t: usize) -> Option<&NetworkStep> {
        self.timeline.get(t).filter(|_| t <= self.t)
    }

    /// The step of the layer looked at, at a timestep up to the one shown.
    pub fn layer_step_at(&self, t: usize) -> Option<&LayerStep> {
        self.step_at(t)?.layers[self.focus.layer].as_ref()
    }

    /// The step of the layer looked at, at the timestep shown; `None` for one that is computed at the last only.
    pub fn layer_step(&self) -> Option<&LayerStep> {
        self.layer_step_at(self.t)
    }

    /// The step of the pass of the unit looked at, at a timestep up to the one shown.
    pub fn pass_at(&self, t: usize) -> Option<&Step> {
        self.layer_step_at(t)?.passes.get(self.place().pass)
    }

    /// The same at the timestep shown.
    pub fn pass(&self) -> Option<&Step> {
        self.pass_at(self.t)
    }

    /// The gate looked at, at the timestep shown.
    pub fn gate_step(&self) -> Option<&Gate> {
        self.pass()?.gate(self.gate())
    }

    /// What a layer sees at a timestep up to the one shown.
    pub fn input_at(&self, layer: usize, t: usize) -> Option<&[f64]> {
        match layer.checked_sub(1) {
            None => self.scenario.inputs.row(t).to_slice(),
            Some(before) => Some(self.step_at(t)?.layers[before].as_ref()?.output.as_slice()),
        }
    }

    /// The terms of the gate looked at, of the unit looked at; empty where its layer is not computed.
    pub fn terms(&self) -> Vec<Term> {
        self.layer_step().map_or_else(Vec::new, |step| self.layer().terms(step, self.place(), self.gate()))
    }

    /// The lines after the gates of the unit looked at; empty where there are none or its layer is not computed.
    pub fn mixes(&self) -> Vec<Mix> {
        let place = self.layer().place(self.focus.unit);
        self.layer_step().map_or_else(Vec::new, |step| self.layer().mixes(step, place))
    }
}
