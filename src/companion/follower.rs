//! The side of those who follow: which steppers there are, and what the one followed says.

use std::io::{self, BufReader};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::{folder, message};
use crate::app::speaker::Position;

/// How long steppers have to answer; one that is stopped does not.
const PATIENCE: Duration = Duration::from_secs(1);

/// A stepper that answers.
#[derive(Debug)]
pub struct Stepper {
    /// Where it stood when it was asked.
    pub position: Position,
    /// What it goes on to say.
    pub voice: Voice,
}

/// What a stepper says from now on: each position it goes to, until it ends.
#[derive(Debug)]
pub struct Voice(BufReader<UnixStream>);

impl Iterator for Voice {
    type Item = io::Result<Position>;

    fn next(&mut self) -> Option<Self::Item> {
        match message::read(&mut self.0) {
            // One that is killed has not said its end.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => None,
            position => position.transpose(),
        }
    }
}

/// The steppers of this user, the oldest first, and why some could not be understood.
pub fn steppers() -> (Vec<Stepper>, Vec<io::Error>) {
    let streams = folder::connect_all();
    let deadline = Instant::now() + PATIENCE;
    let (mut steppers, mut refusals) = (Vec::new(), Vec::new());
    for stream in streams {
        match ask(stream, deadline) {
            Ok(Some(stepper)) => steppers.push(stepper),
            Ok(None) => {}
            Err(error) => refusals.push(error),
        }
    }
    steppers.sort_by_key(|stepper| (stepper.position.since, stepper.position.pid));
    (steppers, refusals)
}

/// What a stepper says first; nothing where it has just ended.
fn ask(stream: UnixStream, deadline: Instant) -> io::Result<Option<Stepper>> {
    // No time at all would mean for ever.
    let wait = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(10));
    stream.set_read_timeout(Some(wait))?;
    let mut voice = Voice(BufReader::new(stream));
    match voice.next() {
        None => Ok(None),
        Some(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => Err(message::Misunderstood::Silence.into()),
        Some(position) => {
            voice.0.get_ref().set_read_timeout(None)?;
            Ok(Some(Stepper { position: position?, voice }))
        }
    }
}
