//! Steps that follow each other without a key: how fast, and whether they do now; when the next is due is the caller's to know.

use std::time::Duration;

use super::action::Action;
use super::notice::Notice;
use super::state::State;

/// How fast: a power of two of steps a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speed {
    /// The power.
    exponent: i8,
}

/// The powers of the slowest and of the fastest speed: 0.25 and 16 steps a second.
const EXPONENTS: (i8, i8) = (-2, 4);

/// Whether steps follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Play {
    /// Only by keys.
    #[default]
    Paused,
    /// Timestep by timestep.
    Timesteps,
    /// Micro-step by micro-step, where it began inside a timestep.
    MicroSteps,
}

/// Why there is nothing more to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The last timestep is reached.
    Last,
    /// What is claimed about this timestep fails.
    Claim,
}

/// The speed, and whether it plays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Autoplay {
    pub(super) speed: Speed,
    pub(super) play: Play,
}

impl Speed {
    /// How many steps a second.
    pub fn steps_per_second(self) -> f64 {
        2_f64.powi(self.exponent.into())
    }

    /// The time from one step to the next.
    pub fn period(self) -> Duration {
        Duration::from_secs_f64(self.steps_per_second().recip())
    }

    /// Twice as fast, so many times, no faster than the fastest.
    #[must_use]
    pub fn faster(self, times: usize) -> Self {
        let times = i8::try_from(times).unwrap_or(i8::MAX);
        Self { exponent: self.exponent.saturating_add(times).min(EXPONENTS.1) }
    }

    /// Half as fast, so many times, no slower than the slowest.
    #[must_use]
    pub fn slower(self, times: usize) -> Self {
        let times = i8::try_from(times).unwrap_or(i8::MAX);
        Self { exponent: self.exponent.saturating_sub(times).max(EXPONENTS.0) }
    }
}

impl Action {
    /// Whether it pauses what plays: it moves in time by itself, takes the screen away or types over it.
    const fn pauses(self) -> bool {
        matches!(
            self,
            Self::Next
                | Self::Previous
                | Self::NextMicroStep
                | Self::PreviousMicroStep
                | Self::NextEvent
                | Self::PreviousEvent
                | Self::First
                | Self::Last
                | Self::Choose(_)
                | Self::Edit
                | Self::Search
                | Self::Blank
                | Self::Scenarios
                | Self::Suspend
        )
    }
}

impl State {
    /// How fast it plays, while it does.
    pub fn playing(&self) -> Option<Speed> {
        (self.autoplay.play != Play::Paused).then_some(self.autoplay.speed)
    }

    /// One step of what plays; whoever knows a clock calls it once each [period](Speed::period). While something is computed,
    /// it stands still.
    pub fn beat(&mut self) {
        if self.is_working() {
            return;
        }
        let before = self.here.clone();
        match self.autoplay.play {
            Play::Paused => return,
            Play::Timesteps => self.next(1),
            Play::MicroSteps => self.micro_forward(1),
        }
        self.settle(before);
        self.stop_where_due();
    }

    /// Stops what plays where there is a reason to.
    pub(super) fn stop_where_due(&mut self) {
        if let Some(stop) = self.stop().filter(|_| !self.is_working() && self.playing().is_some()) {
            self.autoplay.play = Play::Paused;
            self.tell(Notice::Stopped(stop));
        }
    }

    /// Pauses, or plays on; at the last timestep there is nothing to play.
    pub(super) fn toggle_play(&mut self) {
        self.autoplay.play = match self.autoplay.play {
            Play::Timesteps | Play::MicroSteps => Play::Paused,
            Play::Paused if self.t() == self.last() && self.is_complete() => {
                self.tell(Notice::Stopped(Stop::Last));
                Play::Paused
            }
            Play::Paused if self.is_complete() => Play::Timesteps,
            Play::Paused => Play::MicroSteps,
        };
    }

    /// Pauses where an action does.
    pub(super) fn pause_for(&mut self, action: Action) {
        if action.pauses() {
            self.autoplay.play = Play::Paused;
        }
    }

    /// Plays at another speed; where nothing plays, the screen says which.
    pub(super) fn change_speed(&mut self, change: impl Fn(Speed) -> Speed) {
        self.autoplay.speed = change(self.autoplay.speed);
        if self.autoplay.play == Play::Paused {
            self.tell(Notice::Speed(self.autoplay.speed));
        }
    }

    /// Why it would go no further than here.
    fn stop(&self) -> Option<Stop> {
        match self.claim_at(self.t()) {
            Some(claim) if !claim.holds() => Some(Stop::Claim),
            _ => (self.t() == self.last() && self.is_complete()).then_some(Stop::Last),
        }
    }
}
