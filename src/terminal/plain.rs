//! The stepper without a screen: keys in, lines out, no escape; what the lines say is the caller's to know.

use std::io::{self, Read, Write};
use std::time::Duration;

use super::decoder::Decoder;
use super::session::Use;
use super::signals::Signal;
use super::{End, Input, Message, Resumed, stop, take_over};
use crate::app::key::Key;
use crate::app::state::Outcome;

/// What carries keys out and appends what is said.
pub trait Answers {
    /// Carries a key out.
    ///
    /// # Errors
    ///
    /// What the writer gives.
    fn key(&mut self, key: Key, said: &mut Vec<u8>) -> io::Result<Outcome>;

    /// Whether something takes longer than a moment.
    fn is_working(&self) -> bool;

    /// Goes on with it for a slice of time.
    ///
    /// # Errors
    ///
    /// What the writer gives.
    fn work_on(&mut self, said: &mut Vec<u8>) -> io::Result<()>;
}

/// Answers the keys of the terminal until the user quits; they act at once, without Enter and without an echo.
///
/// # Errors
///
/// A terminal that cannot be read, written or set up; it is restored as far as it can be.
pub fn run(opening: &[u8], answers: &mut dyn Answers) -> io::Result<End> {
    take_over(Use::Lines, |session, _, mut mailbox| {
        let mut resumed = Resumed::No;
        session.write(opening)?;
        loop {
            let mut said = Vec::new();
            let wait = if answers.is_working() {
                answers.work_on(&mut said)?;
                Some(Duration::ZERO)
            } else {
                None
            };
            session.write(&said)?;
            let Some(message) = mailbox.next(wait)? else { continue };
            match message {
                Message::Input(Input::Key(key)) => {
                    let mut said = Vec::new();
                    let outcome = answers.key(key, &mut said)?;
                    session.write(&said)?;
                    match outcome {
                        Outcome::Quit | Outcome::Interrupt => return Ok(End::Quit),
                        Outcome::Suspend => resumed = stop(session)?,
                        Outcome::Go | Outcome::Ask(_) | Outcome::Redraw => {}
                    }
                }
                Message::Signal(Signal::Stop) => resumed = stop(session)?,
                Message::Signal(Signal::Continue) => {
                    if resumed == Resumed::No {
                        session.enter()?;
                    }
                    resumed = Resumed::No;
                }
                Message::Signal(Signal::End(number)) => return Ok(End::Signal(number)),
                Message::HangUp => return Ok(End::HangUp),
                Message::Panic(message) => return Ok(End::Panic(message)),
                Message::Input(Input::Mouse(_)) | Message::Resize | Message::Wake => {}
            }
        }
    })
}

/// Answers keys that come as bytes, until there are no more or one of them quits.
///
/// # Errors
///
/// What the reader and the writer give.
pub fn answer_all(opening: &[u8], keys: impl Read, out: &mut impl Write, answers: &mut dyn Answers) -> io::Result<()> {
    out.write_all(opening)?;
    out.flush()?;
    for key in typed(io::BufReader::new(keys).bytes()) {
        let mut said = Vec::new();
        let outcome = answers.key(key?, &mut said)?;
        while answers.is_working() {
            answers.work_on(&mut said)?;
        }
        out.write_all(&said)?;
        out.flush()?;
        if outcome == Outcome::Quit {
            break;
        }
    }
    Ok(())
}

/// The keys that bytes stand for where they come from no terminal.
fn typed(bytes: impl Iterator<Item = io::Result<u8>>) -> impl Iterator<Item = io::Result<Key>> {
    let mut decoder = Decoder::default();
    let ended = bytes.map(Some).chain([None]);
    ended.flat_map(move |byte| {
        let (inputs, error) = match byte {
            Some(Ok(byte)) => (decoder.feed(&[byte]), None),
            Some(Err(error)) => (Vec::new(), Some(Err(error))),
            None => (decoder.expire().into_iter().collect(), None),
        };
        let key = |input| if let Input::Key(key) = input { Some(Ok(key)) } else { None };
        inputs.into_iter().filter_map(key).chain(error)
    })
}
