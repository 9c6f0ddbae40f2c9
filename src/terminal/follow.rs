//! The lecturer's notes in a terminal: they move with the stepper, and the clock wakes them once a second.

use std::io;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::Instant;

use super::mailbox::{Mailbox, Slot};
use super::screen::Screen;
use super::session::{MouseReports, Session, Use};
use super::signals::Signal;
use super::{End, FRAME, Input, Message, RESIZED_FRAME, Resumed, Waker, awaited, suspend, take_over};
use crate::app::keymap;
use crate::app::speaker::{Clock, Position, Speaker};
use crate::app::state::Outcome;
use crate::fault_injection;
use crate::view::speaker::{draw, scroll_limit};

/// Shows the notes on the controlling terminal until the user quits or there are no positions any more. The clock is asked
/// for the time, and how long ago so many seconds after 1970 was.
///
/// # Errors
///
/// A terminal that cannot be read, written or set up; it is restored as far as it can be. What the positions give.
pub fn follow<P>(speaker: &mut Speaker, positions: P, clock: fn(u64) -> Clock) -> io::Result<End>
where
    P: Iterator<Item = io::Result<Position>> + Send + 'static,
{
    take_over(Use::Screen(MouseReports::Off), |session, slot, mailbox| turns(speaker, positions, clock, session, slot, mailbox))
}

fn turns<P>(
    speaker: &mut Speaker,
    positions: P,
    clock: fn(u64) -> Clock,
    session: &Session,
    slot: Slot,
    mut mailbox: Mailbox,
) -> io::Result<End>
where
    P: Iterator<Item = io::Result<Position>> + Send + 'static,
{
    let mut screen = Screen::new(session.size());
    let mut resumed = Resumed::No;
    let mut time = show(speaker, clock, &mut screen, session)?;
    let positions = listen(positions, Waker(slot))?;
    loop {
        let drawn = Instant::now();
        let mut next = awaited(&screen, &mut mailbox, Some(time.rest))?;
        let mut pace = FRAME;
        while let Some(message) = next {
            match message {
                Message::Input(Input::Mouse(_)) => {}
                Message::Input(Input::Key(key)) => {
                    match keymap::notes_action(key).map_or(Outcome::Go, |action| speaker.update(action)) {
                        Outcome::Go | Outcome::Ask(_) => {}
                        Outcome::Quit | Outcome::Interrupt => return Ok(End::Quit),
                        Outcome::Redraw => screen.renew(session.size()),
                        Outcome::Suspend => resumed = suspend(session, &mut screen)?,
                    }
                }
                Message::Wake => loop {
                    match positions.try_recv() {
                        Ok(position) => speaker.take(position?),
                        Err(TryRecvError::Empty) => break,
                        Err(TryRecvError::Disconnected) => return Ok(End::Left),
                    }
                },
                Message::Resize => {
                    screen.renew(session.size());
                    pace = RESIZED_FRAME;
                }
                Message::Signal(Signal::Stop) => resumed = suspend(session, &mut screen)?,
                Message::Signal(Signal::Continue) => resumed = resumed.go_on(session, &mut screen)?,
                Message::Signal(Signal::End(number)) => return Ok(End::Signal(number)),
                Message::HangUp => return Ok(End::HangUp),
                Message::Panic(message) => return Ok(End::Panic(message)),
            }
            let wait = (drawn + pace).saturating_duration_since(Instant::now());
            next = mailbox.next(Some(wait))?;
        }
        time = show(speaker, clock, &mut screen, session)?;
    }
}

/// Starts a thread that hears where the stepper goes.
fn listen<P>(positions: P, waker: Waker) -> io::Result<Receiver<io::Result<Position>>>
where
    P: Iterator<Item = io::Result<Position>> + Send + 'static,
{
    let (sender, heard) = mpsc::channel();
    thread::Builder::new().name("stepper".into()).spawn(move || {
        for position in positions {
            fault_injection::panic_if_named();
            if sender.send(position).is_err() {
                return;
            }
            waker.wake();
        }
        // That there is no more is heard once the other end is gone.
        drop(sender);
        waker.wake();
    })?;
    Ok(heard)
}

fn show(speaker: &mut Speaker, clock: fn(u64) -> Clock, screen: &mut Screen, session: &Session) -> io::Result<Clock> {
    speaker.fit(scroll_limit(speaker, screen.size()));
    let time = clock(speaker.position().since);
    screen.draw(session, |buffer| draw(speaker, time, buffer))?;
    Ok(time)
}
