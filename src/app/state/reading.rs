//! What the panels read of the state; nothing here changes it.

use std::ops::Range;

use super::{Change, Focus, Mark, Overlay, State, Zoom};
use crate::app::foreseen::{Extent, Part};
use crate::app::keymap::Mode;
use crate::app::micro_step::{Phase, Reached};
use crate::app::notice::Notice;
use crate::app::settings::{Settings, TextSize};
use crate::app::sight::{self, NOT_YET, Worked, is_unseen};
use crate::engine::cell::{Gate, GateName, Mix, Step};
use crate::engine::network::{Direction, Layer, LayerStep, NetworkStep, Place};
use crate::engine::weighted_sum::{Term, total};
use crate::scenario::{Claim, Scenario, UnitNames};

impl State {
    /// The scenario.
    pub const fn scenario(&self) -> &Scenario {
        &self.run.scenario
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
        self.here.notes
    }

    /// The speaker notes of the timestep shown.
    pub fn notes_now(&self) -> impl Iterator<Item = &str> {
        let now = self.run.scenario.notes.iter().filter(|note| note.step == self.here.position.t);
        now.map(|note| note.text.get(self.settings.language))
    }

    /// The first term of the weighted sum shown, where not all have room.
    pub const fn first_term(&self) -> usize {
        self.here.first_term
    }

    /// What the last action changed.
    pub const fn change(&self) -> Change {
        self.here.change
    }

    /// What is to be said until the next action.
    pub const fn notice(&self) -> Option<&Notice> {
        self.here.notice.as_ref()
    }

    /// The timestep shown.
    pub const fn t(&self) -> usize {
        self.here.position.t
    }

    /// The last timestep.
    pub fn last(&self) -> usize {
        self.run.scenario.timesteps() - 1
    }

    /// The cell looked at.
    pub const fn focus(&self) -> Focus {
        self.here.focus
    }

    /// From how far it is looked at: large text is of a cell.
    pub const fn zoom(&self) -> Zoom {
        match self.settings.text {
            TextSize::Ordinary => self.here.zoom,
            TextSize::Large => Zoom::Cell,
        }
    }

    /// The gates of the unit looked at.
    pub fn gates(&self) -> &'static [GateName] {
        self.layer().gates(self.layer().place(self.here.focus.unit).pass)
    }

    /// The gate looked at.
    pub fn gate(&self) -> GateName {
        self.gates().get(self.here.focus.gate).copied().unwrap_or(GateName::Hidden)
    }

    /// Where the unit looked at is among those of its pass; a projection has fewer sums than there are units.
    pub fn place(&self) -> Place {
        self.place_in(self.gate())
    }

    /// The same of any gate of it.
    pub fn place_in(&self, gate: GateName) -> Place {
        let place = self.layer().place(self.here.focus.unit);
        let units = self.layer().sum(place.pass, gate).units();
        Place { unit: place.unit.min(units.saturating_sub(1)), ..place }
    }

    /// What the file calls a unit of the pass looked at, if it names it.
    pub fn given_name(&self, unit: usize) -> Option<&str> {
        let layer = self.layer();
        let before = if self.place().pass == 0 { 0 } else { layer.cell(0).units() };
        match &self.run.scenario.names[self.here.focus.layer].units {
            UnitNames::Given(names) if !layer.projects() => names.get(before + unit).map(|name| name.get(self.settings.language)),
            UnitNames::Given(_) | UnitNames::Default(_) => None,
        }
    }

    /// Which way the pass of the unit looked at goes.
    pub fn direction(&self) -> Direction {
        self.layer().pass(self.place().pass).0
    }

    /// The layer looked at.
    pub fn layer(&self) -> &Layer {
        &self.run.scenario.network.layers[self.here.focus.layer]
    }

    /// A timestep up to the one shown, as far back as was asked for.
    pub fn step_at(&self, t: usize) -> Option<&NetworkStep> {
        match &self.seen {
            Some(seen) if t == seen.t => Some(seen),
            _ => self.run.timeline.get(t).filter(|_| t <= self.here.position.t),
        }
    }

    /// The step of the layer looked at, at a timestep up to the one shown.
    pub fn layer_step_at(&self, t: usize) -> Option<&LayerStep> {
        self.step_at(t)?.layers[self.here.focus.layer].as_ref()
    }

    /// The step of the layer looked at, at the timestep shown; `None` for one that is computed at the last only.
    pub fn layer_step(&self) -> Option<&LayerStep> {
        self.layer_step_at(self.here.position.t)
    }

    /// The step of a pass of the layer looked at, at a timestep up to the one shown; what comes from the last timestep has been
    /// at those after it too, which the veil covers.
    pub fn step_of_pass(&self, pass: usize, t: usize) -> Option<&Step> {
        let step = match self.layer().pass(pass).0 {
            Direction::Backward if t > self.here.position.t && !self.is_veiled() => {
                self.run.timeline.get(t)?.layers[self.here.focus.layer].as_ref()?
            }
            Direction::Forward | Direction::Backward => self.layer_step_at(t)?,
        };
        step.passes.get(pass)
    }

    /// The same of the pass of the unit looked at.
    pub fn pass_at(&self, t: usize) -> Option<&Step> {
        self.step_of_pass(self.place().pass, t)
    }

    /// The same at the timestep shown.
    pub fn pass(&self) -> Option<&Step> {
        self.pass_at(self.here.position.t)
    }

    /// The gate looked at, at the timestep shown.
    pub fn gate_step(&self) -> Option<&Gate> {
        self.pass()?.gate(self.gate())
    }

    /// What a layer sees at a timestep up to the one shown.
    pub fn input_at(&self, layer: usize, t: usize) -> Option<&[f64]> {
        match layer.checked_sub(1) {
            None => self.run.scenario.inputs.row(t).to_slice(),
            Some(before) => Some(self.step_at(t)?.layers[before].as_ref()?.output.as_slice()),
        }
    }

    /// The terms of the gate looked at, of the unit looked at; empty where its layer is not computed.
    pub fn terms(&self) -> Vec<Term> {
        self.terms_of(self.gate())
    }

    /// The same of any gate of it.
    fn terms_of(&self, gate: GateName) -> Vec<Term> {
        let mut terms = self.whole_terms(gate);
        if !self.is_complete() {
            sight::terms(self.layer(), &mut terms, (self.here.focus.layer, self.here.focus.unit, gate), self.here.position);
        }
        terms
    }

    /// The sum of the products so far, where the weighted sum looked at is not complete.
    pub fn running_sum(&self) -> Option<f64> {
        match self.here.position.reached(self.layer(), self.here.focus.layer, self.here.focus.unit, self.gate()) {
            Reached::Products(products) if products > 0 => Some(total(&self.whole_terms(self.gate())[..products])),
            _ => None,
        }
    }

    /// The lines after the gates of the unit looked at; empty where there are none or its layer is not computed.
    pub fn mixes(&self) -> Vec<Mix> {
        let mut mixes = self.whole_mixes();
        if !self.is_complete() {
            sight::mixes(self.layer(), &mut mixes, (self.here.focus.layer, self.here.focus.unit), self.here.position);
        }
        mixes
    }

    /// What the unit looked at works out, as far as it can be seen.
    pub fn worked(&self) -> Option<Worked<'_>> {
        let projected = self.projection_beside(self.gate()).map(|gate| self.terms_of(gate));
        Some(Worked { step: self.layer_step()?, terms: self.terms(), mixes: self.mixes(), projected })
    }

    /// The projection of the unit looked at, unless that is the gate itself.
    pub fn projection_beside(&self, gate: GateName) -> Option<GateName> {
        self.gates().iter().copied().find(|&name| name == GateName::Projection && name != gate)
    }

    /// A timestep as it is where it is complete, for the widths of columns, so that nothing moves as numbers appear; under the
    /// veil no more than can be seen, since widths tell.
    pub fn step_ahead(&self, t: usize) -> Option<&NetworkStep> {
        if self.is_veiled() {
            return self.step_at(t);
        }
        self.computed(t).filter(|_| t <= self.here.position.t)
    }

    /// A timestep as it is where it is complete; before anything is computed, its row.
    fn computed(&self, t: usize) -> Option<&NetworkStep> {
        self.run.timeline.get(t).or(self.seen.as_ref().filter(|seen| seen.t == t))
    }

    /// The timesteps whose numbers have room in their columns already; none under the veil, since widths tell.
    pub fn foreseen(&self) -> Range<usize> {
        self.run.foreseen.timesteps()
    }

    /// Those timesteps, as they are where they are complete.
    pub fn steps_foreseen(&self) -> impl Iterator<Item = &NetworkStep> {
        self.foreseen().filter_map(|t| self.run.timeline.get(t))
    }

    /// The same of the pass of the unit looked at.
    pub fn passes_foreseen(&self) -> impl Iterator<Item = &Step> {
        let pass = self.place().pass;
        self.steps_foreseen().filter_map(move |step| step.layers[self.here.focus.layer].as_ref()?.passes.get(pass))
    }

    /// How large a part of the screen gets in those timesteps; some numbers say which part, and how it is written.
    pub fn extent(&self, part: Part, which: [usize; 6], find: impl FnOnce() -> Extent) -> Extent {
        self.run.foreseen.extent(part, which, find)
    }

    /// The same of the layer looked at, at the timestep shown.
    pub fn layer_step_ahead(&self) -> Option<&LayerStep> {
        self.step_ahead(self.here.position.t)?.layers[self.here.focus.layer].as_ref()
    }

    /// The same of the gate looked at.
    pub fn gate_ahead(&self) -> Option<&Gate> {
        self.layer_step_ahead()?.passes.get(self.place().pass)?.gate(self.gate())
    }

    /// The same of the terms.
    pub fn terms_ahead(&self) -> Vec<Term> {
        if self.is_veiled() { self.terms() } else { self.whole_terms(self.gate()) }
    }

    /// The timestep shown as it is where it is complete, whatever of it can be seen: for the lecturer's eyes alone.
    pub fn whole_step(&self) -> Option<&NetworkStep> {
        self.computed(self.here.position.t)
    }

    fn whole_layer_step(&self) -> Option<&LayerStep> {
        self.whole_step()?.layers[self.here.focus.layer].as_ref()
    }

    fn whole_terms(&self, gate: GateName) -> Vec<Term> {
        self.whole_layer_step().map_or_else(Vec::new, |step| self.layer().terms(step, self.place_in(gate), gate))
    }

    fn whole_mixes(&self) -> Vec<Mix> {
        let place = self.layer().place(self.here.focus.unit);
        self.whole_layer_step().map_or_else(Vec::new, |step| self.layer().mixes(step, place))
    }

    /// What is claimed of a timestep up to the one shown, and whether it holds, as far as its output can be seen.
    pub fn claim_at(&self, t: usize) -> Option<Claim> {
        let step = self.step_at(t)?;
        let mut claim = self.run.scenario.claim(step)?;
        let outputs = step.output().unwrap_or_default();
        let unseen = claim.each.iter_mut().zip(outputs).filter(|(_, output)| is_unseen(**output));
        unseen.for_each(|(holds, _)| *holds = None);
        if self.is_covered(t) {
            claim.values.fill(NOT_YET);
        }
        Some(claim)
    }

    /// Whether a timestep is there to be guessed: what is claimed or noted of it would give it away.
    pub fn is_covered(&self, t: usize) -> bool {
        self.is_veiled() && (t > self.here.position.t || (t == self.here.position.t && !self.is_complete()))
    }

    /// Whether all outputs of a timestep can be seen; of one that has none there is nothing that cannot.
    pub fn has_output(&self, t: usize) -> bool {
        let output = self.step_at(t).and_then(NetworkStep::output).unwrap_or_default();
        !output.iter().copied().any(is_unseen)
    }

    /// Whether the last action gave something, which the screen marks.
    pub fn marks(&self, mark: Mark) -> bool {
        match (self.here.change, mark) {
            (Change::None, _) => false,
            (Change::Focus, mark) => matches!(mark, Mark::Sum | Mark::Activation),
            (Change::MicroStep, mark) => match (self.here.position.phase, mark) {
                (Phase::Row, Mark::Row) | (Phase::Sum | Phase::Product(_), Mark::Sum) | (Phase::Activation, Mark::Activation) => {
                    true
                }
                (Phase::Product(own), Mark::Product(term)) => own == term,
                (Phase::Line(own), Mark::Line(line)) => own == line,
                (Phase::Unit, Mark::Unit(layer, unit)) => (layer, unit) == (self.here.position.layer, self.here.position.unit),
                (Phase::Carried, Mark::Unit(layer, _) | Mark::Layer(layer)) => layer == self.here.position.layer,
                _ => false,
            },
            (_, mark) => matches!(mark, Mark::Sum | Mark::Activation | Mark::Unit(..) | Mark::Layer(_)),
        }
    }
}
