//! A look at where a motion would lead, after which all is as before.

use super::work::SLICE;
use super::{Outcome, Overlay, State};
use crate::app::action::Action;
use crate::app::keymap::Mode;
use crate::engine::timeline::STRETCH;

impl State {
    /// What `look` gives of the state that a motion would lead to: all is as before after it.
    ///
    /// Nothing where something is typed, asked, played or computed, or would take longer than to look whether a key has come.
    pub fn peek<T>(&mut self, motion: Action, look: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let is_uncovered = matches!(self.overlay, Overlay::None | Overlay::Opening);
        let is_at_rest = self.mode() == Mode::Keys { count: None } && self.playing().is_none() && !self.is_working();
        // Coming back may compute a stretch again.
        let is_quick = self.has_numbers() && self.run.timeline.work().saturating_mul(STRETCH as u64) <= SLICE;
        if !(is_uncovered && is_at_rest && is_quick) {
            return None;
        }
        let before = (self.here.clone(), self.overlay, self.limits, self.run.foreseen.clone());
        let outcome = self.update(motion);
        let seen = (outcome == Outcome::Go && !self.is_working()).then(|| look(self));
        self.work = None;
        (self.here, self.overlay, self.limits, self.run.foreseen) = before;
        self.hold();
        seen
    }
}
