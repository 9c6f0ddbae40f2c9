//! When the next step is due while steps follow each other; those that come too late are left out, not made up for.

use std::time::{Duration, Instant};

/// The time of the last step.
#[derive(Debug, Default)]
pub struct Metronome {
    last: Option<Instant>,
}

impl Metronome {
    /// How long to wait for the next step, from the first call with a period on; `None` where nothing plays.
    pub fn wait(&mut self, period: Option<Duration>, now: Instant) -> Option<Duration> {
        let Some(period) = period else {
            self.last = None;
            return None;
        };
        let last = *self.last.get_or_insert(now);
        Some((last + period).saturating_duration_since(now))
    }

    /// Counts a step: the next is due a period after this one was, or after now where that has passed already.
    pub fn beat(&mut self, period: Duration, now: Instant) {
        let due = self.last.map_or(now, |last| last + period);
        self.last = Some(if due + period < now { now } else { due });
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Metronome};

    const PERIOD: Duration = Duration::from_secs(1);

    #[test]
    fn a_step_is_due_a_period_after_the_last_one_was_though_it_was_a_little_late() {
        let start = Instant::now();
        let mut metronome = Metronome::default();
        assert_eq!(metronome.wait(Some(PERIOD), start), Some(PERIOD));
        let late = start + PERIOD + PERIOD / 4;
        assert_eq!(metronome.wait(Some(PERIOD), late), Some(Duration::ZERO));
        metronome.beat(PERIOD, late);
        assert_eq!(metronome.wait(Some(PERIOD), late), Some(PERIOD * 3 / 4));
    }

    #[test]
    fn steps_that_were_missed_are_not_made_up_for() {
        let start = Instant::now();
        let mut metronome = Metronome::default();
        metronome.wait(Some(PERIOD), start);
        let late = start + PERIOD * 5;
        metronome.beat(PERIOD, late);
        assert_eq!(metronome.wait(Some(PERIOD), late), Some(PERIOD));
    }

    #[test]
    fn a_pause_is_not_counted() {
        let start = Instant::now();
        let mut metronome = Metronome::default();
        metronome.wait(Some(PERIOD), start);
        assert_eq!(metronome.wait(None, start + PERIOD / 2), None);
        assert_eq!(metronome.wait(Some(PERIOD), start + PERIOD), Some(PERIOD));
    }
}
