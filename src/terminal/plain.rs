//! The stepper without a screen: keys in, lines out, no escape; what the lines say is the caller's to know.

use std::io::{self, Read, Write};

use super::decoder::Decoder;
use super::session::Use;
use super::signals::Signal;
use super::{End, Input, Message, Resumed, stop, take_over};
use crate::app::key::Key;
use crate::app::state::Outcome;

/// What carries a key out and appends what is said of it.
pub type Answer<'a> = dyn FnMut(Key, &mut Vec<u8>) -> io::Result<Outcome> + 'a;

/// Answers the keys of the terminal until the user quits; they act at once, without Enter and without an echo.
///
/// # Errors
///
/// A terminal that cannot be read, written or set up; it is restored as far as it can be.
pub fn run(opening: &[u8], answer: &mut Answer<'_>) -> io::Result<End> {
    take_over(Use::Lines, |session, _, mut mailbox| {
        let mut resumed = Resumed::No;
        session.write(opening)?;
        loop {
            let Some(message) = mailbox.next(None)? else { continue };
            match message {
                Message::Input(Input::Key(key)) => {
                    let mut said = Vec::new();
                    let outcome = answer(key, &mut said)?;
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
pub fn answer_all(opening: &[u8], keys: impl Read, out: &mut impl Write, answer: &mut Answer<'_>) -> io::Result<()> {
    out.write_all(opening)?;
    out.flush()?;
    for key in typed(io::BufReader::new(keys).bytes()) {
        let mut said = Vec::new();
        let outcome = answer(key?, &mut said)?;
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
