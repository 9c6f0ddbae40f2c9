//! How fast a slow terminal takes what it is sent, and when it is worth sending the next frame: what waits in the system on the
//! way to the terminal can be neither seen nor taken back, so little is to wait there.

use std::time::{Duration, Instant};

/// What is on the way at most, in bytes: a pseudo-terminal of Linux holds up to 21 kB, and a frame may wait for room.
const HELD: f64 = 24_000.0;

/// How many bytes, taken while there was no room for more, show how fast a terminal is.
const ENOUGH: usize = 8_000;

/// Room comes in pieces of fewer bytes than this, so that more taken at once means that there was room.
const PIECE: usize = 8_192;

/// A terminal that takes nothing for so long has stopped, which says nothing of its speed.
const STOPPED: Duration = Duration::from_secs(3);

/// What is sent may wait so long on its way, so that a terminal that is faster than was thought has something to take.
const AHEAD: Duration = Duration::from_millis(300);

/// The longest a frame waits for those before it.
const LONGEST: Duration = Duration::from_secs(2);

/// How many times as fast a terminal is thought to be with each second, until it shows again how fast it is.
const GROWTH: f64 = 1.2;

/// Whether a terminal had room for what it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// For all of it.
    Enough,
    /// For less, or for nothing.
    Short,
}

/// What is known of the way to a terminal: nothing, as long as there is room.
#[derive(Debug, Default)]
pub struct Link {
    full: Option<Full>,
    speed: Option<Speed>,
    /// When all that was sent has been taken, where the speed is known.
    taken_at: Option<Instant>,
}

/// A time in which there is less room than there are bytes to send, so that the terminal alone says how many are sent.
#[derive(Debug)]
struct Full {
    since: Instant,
    /// How many bytes were taken in it, and when the last of them.
    taken: usize,
    last: Instant,
    /// How many since there was no room.
    at_once: usize,
}

/// A speed that was seen.
#[derive(Clone, Copy, Debug)]
struct Speed {
    bytes_per_second: f64,
    at: Instant,
}

impl Link {
    /// Takes in how many bytes the terminal took, and whether it had room for all there were.
    pub fn took(&mut self, bytes: usize, room: Room, now: Instant) {
        if let Some(speed) = self.speed {
            self.wait_for(bytes as f64 / speed.at(now), now);
        }
        let full = self.full.take().filter(|full| now.saturating_duration_since(full.last) < STOPPED);
        self.full = match (full, room) {
            (None, Room::Enough) => None,
            (None, Room::Short) => Some(Full { since: now, taken: 0, last: now, at_once: 0 }),
            (Some(full), _) => {
                let last = if bytes > 0 { now } else { full.last };
                let full = Full { taken: full.taken + bytes, last, at_once: full.at_once + bytes, ..full };
                self.judge(full, room, now)
            }
        };
    }

    /// Whether a full terminal still is, and what its speed is where it was full for long enough.
    fn judge(&mut self, full: Full, room: Room, now: Instant) -> Option<Full> {
        match room {
            Room::Enough => (full.at_once < PIECE).then_some(full),
            Room::Short if full.taken < ENOUGH => Some(Full { at_once: 0, ..full }),
            Room::Short => {
                let seconds = now.saturating_duration_since(full.since).as_secs_f64().max(f64::MIN_POSITIVE);
                let bytes_per_second = full.taken as f64 / seconds;
                self.taken_at = None;
                self.wait_for(HELD / bytes_per_second, now);
                self.speed = Some(Speed { bytes_per_second, at: self.taken_at.unwrap_or(now) });
                None
            }
        }
    }

    /// Counts so many seconds more until all that was sent has been taken.
    fn wait_for(&mut self, seconds: f64, now: Instant) {
        let begun = self.taken_at.map_or(now, |at| at.max(now));
        let more = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST);
        self.taken_at = Some((begun + more).min(now + LONGEST + AHEAD));
    }

    /// How long the next frame has to wait, if it has to.
    pub fn delay(&self, now: Instant) -> Option<Duration> {
        let delay = self.taken_at?.saturating_duration_since(now).saturating_sub(AHEAD);
        (!delay.is_zero()).then_some(delay)
    }
}

impl Speed {
    /// What it is thought to be some time later.
    fn at(self, now: Instant) -> f64 {
        self.bytes_per_second * libm::pow(GROWTH, now.saturating_duration_since(self.at).as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Link, Room};

    /// What a pseudo-terminal of Linux holds, in bytes.
    const HELD: f64 = 21_000.0;

    const TICK: Duration = Duration::from_millis(5);

    /// A terminal that takes so many bytes a second, and a program that has a new frame of so many bytes 30 times a second.
    struct Simulation {
        link: Link,
        now: Instant,
        next_frame: Instant,
        /// What waits in the system, and what of a frame has no room there.
        held: f64,
        in_flight: f64,
        frames: usize,
    }

    impl Simulation {
        fn new() -> Self {
            let now = Instant::now();
            Self { link: Link::default(), now, next_frame: now, held: 0.0, in_flight: 0.0, frames: 0 }
        }

        /// Goes on for some time; a frame of no bytes is none.
        fn run(&mut self, time: Duration, speed: f64, frame: f64) {
            let end = self.now + time;
            while self.now < end {
                self.now += TICK;
                self.held = (self.held - speed * TICK.as_secs_f64()).max(0.0);
                if self.in_flight > 0.0 {
                    self.send();
                }
                if frame > 0.0 && self.in_flight == 0.0 && self.now >= self.next_frame && self.link.delay(self.now).is_none() {
                    self.in_flight = frame;
                    self.frames += 1;
                    self.next_frame = self.now + Duration::from_secs(1) / 30;
                    self.send();
                }
            }
        }

        fn send(&mut self) {
            let taken = self.in_flight.min(HELD - self.held).floor();
            self.held += taken;
            self.in_flight -= taken;
            let room = if self.in_flight > 0.0 { Room::Short } else { Room::Enough };
            self.link.took(taken as usize, room, self.now);
        }
    }

    impl Simulation {
        /// How many frames are sent in a second.
        fn frames_in_a_second(&mut self, speed: f64, frame: f64) -> usize {
            let before = self.frames;
            self.run(Duration::from_secs(1), speed, frame);
            self.frames - before
        }

        /// How many seconds it takes until a frame that is due now has been taken.
        fn settles_in(&mut self, speed: f64, frame: f64) -> f64 {
            let (start, before) = (self.now, self.frames);
            while self.frames == before || self.held + self.in_flight > 0.0 {
                let no_more = if self.frames == before { frame } else { 0.0 };
                self.run(TICK, speed, no_more);
            }
            (self.now - start).as_secs_f64()
        }
    }

    #[test]
    fn the_newest_frame_is_soon_there_where_a_slow_terminal_was_sent_more_than_it_takes_for_seconds() {
        for frame in (200..4000).step_by(50).map(f64::from) {
            let mut simulation = Simulation::new();
            simulation.run(Duration::from_secs(5), 10_000.0, frame);
            let seconds = simulation.settles_in(10_000.0, frame);
            // Frames of which five seconds just fill what the system holds tell nothing of the speed in time.
            let most = if (400.0..700.0).contains(&frame) { 2.25 } else { 1.5 };
            assert!(seconds < most, "{seconds} s for frames of {frame} bytes");
        }
    }

    #[test]
    fn a_slow_terminal_always_has_something_to_take() {
        for (speed, frame) in [(10_000.0, 800.0), (10_000.0, 3300.0), (2_000.0, 800.0), (100_000.0, 9_000.0)] {
            let mut simulation = Simulation::new();
            simulation.run(Duration::from_secs(60), speed, frame);
            let taken = simulation.frames as f64 * frame - simulation.held - simulation.in_flight;
            assert!(taken > 0.95 * 60.0 * speed, "{taken} bytes in a minute at {speed} a second in frames of {frame}");
        }
    }

    #[test]
    fn nothing_is_delayed_where_a_terminal_is_fast_or_has_only_stopped_for_a_while() {
        let mut simulation = Simulation::new();
        let all = simulation.frames_in_a_second(1e6, 2000.0);
        assert!(all > 25);
        simulation.run(Duration::from_secs(10), 0.0, 2000.0);
        simulation.run(TICK * 2, 1e6, 2000.0);
        assert_eq!(simulation.link.delay(simulation.now), None);
        assert!(simulation.frames_in_a_second(1e6, 2000.0) + 1 >= all);
    }

    #[test]
    fn a_terminal_that_was_slow_is_sent_every_frame_soon_after_it_is_fast_again() {
        let mut simulation = Simulation::new();
        let all = simulation.frames_in_a_second(1e6, 2000.0);
        simulation.run(Duration::from_secs(20), 10_000.0, 2000.0);
        simulation.run(Duration::from_secs(15), 1e6, 2000.0);
        assert!(simulation.frames_in_a_second(1e6, 2000.0) + 1 >= all);
    }
}
