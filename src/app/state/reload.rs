//! Another version of the scenario, taken over at the same place, or refused while the last good one stays.

use super::work::With;
use super::{Change, Run, State};
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
            Ok(scenario) => self.take_over(scenario),
            Err(faults) => {
                let fault = faults.iter().next().map(Fault::summary).unwrap_or_else(|| Text::same(String::new()));
                self.here.notice.take_if(|notice| matches!(notice, Notice::Reloaded { .. }));
                self.run.broken = Some(Broken { fault, more: faults.count().saturating_sub(1) });
            }
        }
    }

    /// Puts the edits over another scenario.
    fn take_over(&mut self, scenario: Scenario) {
        // Its rows may be others.
        self.leave_search();
        let mut edits = self.latest().edits.clone();
        let lost = edits.rebase(scenario.values());
        let mut there = self.same_place_in(&scenario);
        let run = Run { broken: None, ..self.latest().with(scenario, edits) };
        there.change = Change::None;
        there.notice = Some(Notice::Reloaded { kept: run.edited.len(), lost });
        self.set_off(there, With::Reloaded(run));
    }

    /// What is wrong with the file, while the last good version of it is shown.
    pub const fn broken(&self) -> Option<&Broken> {
        self.run.broken.as_ref()
    }
}
