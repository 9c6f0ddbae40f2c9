//! Another version of the scenario, taken over at the same place, or refused while the last good one stays.

use super::{Change, State};
use crate::app::notice::Notice;
use crate::scenario::Scenario;
use crate::scenario::fault::{Fault, Faults};
use crate::scenario::text::Text;

/// What is wrong with the file while the last good version of it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The first fault, with its place.
    pub fault: Text,
    /// How many more there are.
    pub more: usize,
}

impl State {
    /// Takes the file's new version over, at the same timestep, layer, unit and gate as far as there are such, the edits
    /// over it; one with faults is not taken over.
    pub fn reload(&mut self, version: Result<Scenario, Faults>) {
        match version {
            Ok(scenario) => {
                let lost = self.take_over(scenario);
                self.broken = None;
                self.tell(Notice::Reloaded { kept: self.edited.len(), lost });
            }
            Err(faults) => {
                let fault = faults.iter().next().map(Fault::summary).unwrap_or_else(|| Text::same(String::new()));
                self.notice.take_if(|notice| matches!(notice, Notice::Reloaded { .. }));
                self.broken = Some(Broken { fault, more: faults.count().saturating_sub(1) });
            }
        }
    }

    /// Puts the edits over another scenario; so many have no place in it.
    fn take_over(&mut self, scenario: Scenario) -> usize {
        // Its rows may be others.
        self.leave_search();
        self.stay_while(|state| state.scenario = scenario);
        let new = self.scenario.values();
        let before = self.edits.original();
        self.entry = self.entry.take().filter(|entry| new.has_place_for(entry.number, before));
        let lost = self.edits.rebase(new);
        self.look_at(self.focus.layer);
        self.focus.unit = self.units[self.focus.layer];
        self.focus.gate = self.focus.gate.min(self.gates().len().saturating_sub(1));
        self.recompute();
        self.change = Change::None;
        lost
    }

    /// What is wrong with the file, while the last good version of it is shown.
    pub const fn broken(&self) -> Option<&Broken> {
        self.broken.as_ref()
    }
}
