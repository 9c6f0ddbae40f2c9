//! The stepper in a terminal: block on the next event or step that is due, take all that wait, draw once. Only here a tty is touched.

pub mod decoder;
pub mod encoder;
pub mod follow;
mod link;
mod mailbox;
mod metronome;
pub mod plain;
mod ready;
mod screen;
pub mod session;
mod signals;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use signal_hook::consts::SIGHUP;

use crate::app::action::Action;
use crate::app::autoplay::Speed;
use crate::app::key::Key;
use crate::app::keymap;
use crate::app::lecture::Lecture;
use crate::app::mouse::{self, Mouse};
use crate::app::notice::Notice;
use crate::app::request::Request;
use crate::app::state::{Outcome, State};
use crate::view::{self, Layout};
use mailbox::{Mailbox, Slot};
use metronome::Metronome;
use screen::{Screen, Waits};
pub use session::MouseReports;
use session::{Session, Use};
use signals::Signal;

/// The shortest time between two frames: a sixtieth of a second.
const FRAME: Duration = Duration::from_micros(16_667);

/// The shortest time between two frames while the size changes, which redraws everything.
const RESIZED_FRAME: Duration = Duration::from_millis(50);

/// The shortest time between two frames while something is computed.
const WORK_FRAME: Duration = Duration::from_millis(100);

/// How long it waits after a frame that was drawn ahead before it draws on: whoever shows that frame may need this processor.
const BREATH: Duration = Duration::from_millis(1);

/// How many of the keys that arrive together do what they would have done one by one, each after a look at what the screen can
/// show: what a hand types while a frame is on its way, not a flood.
const ONE_BY_ONE: usize = 64;

/// What the thread that draws is told by the others and by the terminal.
#[derive(Debug)]
pub enum Message {
    /// The user did something.
    Input(Input),
    /// The size may have changed.
    Resize,
    /// The process was sent a signal.
    Signal(Signal),
    /// The terminal is gone.
    HangUp,
    /// Something outside the terminal is new.
    Wake,
    /// A thread panicked, with this message.
    Panic(String),
}

/// What the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Pressed a key.
    Key(Key),
    /// Used the mouse.
    Mouse(Mouse),
}

/// The world outside the stepper, which carries out what it asks for.
pub trait Outside {
    /// Carries a request out, on a screen of so many columns and rows, and says what came of it where that is to be said.
    fn carry_out(&mut self, request: Request, lecture: &mut Lecture, size: (u16, u16)) -> Option<Notice>;

    /// The stepper is on the screen and takes keys: what runs beside it may begin, and may wake it.
    fn begin(&mut self, _lecture: &mut Lecture, _waker: Waker) {}

    /// The stepper was woken: it takes in what is new.
    fn woken(&mut self, _lecture: &mut Lecture) {}

    /// A frame has been shown, after a key or because the stepper was woken.
    fn shown(&mut self, _lecture: &mut Lecture) {}
}

/// Wakes the thread that draws.
#[derive(Clone, Debug)]
pub struct Waker(Slot);

impl Waker {
    /// Says that something outside the terminal is new.
    pub fn wake(&self) {
        // Nobody listens any more only when the program is ending.
        let _ = self.0.put(Message::Wake);
    }
}

/// How what the terminal showed came to its end.
#[derive(Debug)]
pub enum End {
    /// The user quit.
    Quit,
    /// The user quit at once; edits that are not written are kept.
    Interrupt,
    /// The stepper that was followed has ended.
    Left,
    /// The process was asked to end by this signal, which is to be passed on.
    Signal(i32),
    /// The terminal is gone.
    HangUp,
    /// A thread panicked, with this message.
    Panic(String),
}

/// Runs the stepper on the controlling terminal until the user quits.
///
/// # Errors
///
/// A terminal that cannot be read, written or set up; it is restored as far as it can be.
pub fn run(lecture: &mut Lecture, outside: &mut dyn Outside, reports: MouseReports) -> io::Result<End> {
    take_over(Use::Screen(reports), |session, slot, mailbox| steps(lecture, outside, session, slot, mailbox))
}

/// Takes the terminal over, and gives it back as it was.
fn take_over(taken_for: Use, run: impl FnOnce(&Session, Slot, Mailbox) -> io::Result<End>) -> io::Result<End> {
    let session = Arc::new(Session::open(taken_for)?);
    let (slot, mailbox) = Mailbox::open(Arc::clone(&session))?;
    session::install_panic_hook(Arc::clone(&session), slot.clone());
    signals::start(Arc::clone(&session), slot.clone())?;
    let end = session.enter().and_then(|()| run(&session, slot, mailbox));
    let restored = session.restore();
    let end = match end {
        Ok(end @ (End::Quit | End::Interrupt | End::Left)) => restored.map(|()| end),
        end => end,
    };
    match end {
        // A terminal that hangs up may first be noticed by a read or a write that fails.
        Err(_) if session.is_hung_up() => Ok(End::HangUp),
        end => end,
    }
}

/// Ends the process the way it came to its end, where the user did not quit.
pub fn finish(end: End) -> ExitCode {
    match end {
        End::Quit | End::Interrupt | End::Left => ExitCode::SUCCESS,
        End::Signal(number) => signals::die_of(number),
        End::HangUp => signals::die_of(SIGHUP),
        End::Panic(message) => {
            session::report_panic(&message);
            ExitCode::from(3)
        }
    }
}

fn steps(
    lecture: &mut Lecture,
    outside: &mut dyn Outside,
    session: &Session,
    slot: Slot,
    mut mailbox: Mailbox,
) -> io::Result<End> {
    let mut screen = Screen::new(session.size());
    let mut resumed = Resumed::No;
    let mut metronome = Metronome::default();
    // Whether the state has taken in what the screen can show since it last changed.
    let mut is_fitted = show(lecture, &mut screen, session)?;
    outside.begin(lecture, Waker(slot));
    // What was done last, as far as it says what may be next.
    let mut done = Action::Next;
    loop {
        let mut drawn = Instant::now();
        let period = lecture.state().playing().map(Speed::period);
        let wait = metronome.wait(period, drawn);
        // What has come already comes before what may come next.
        let mut next = mailbox.next(Some(Duration::ZERO))?;
        if next.is_none() && lecture.state().is_working() {
            is_fitted = false;
            next = work(lecture, &mut mailbox)?;
        } else if next.is_none() {
            if is_fitted {
                draw_ahead(lecture, done, &mut screen)?;
            }
            next = awaited(&screen, &mut mailbox, wait)?;
        }
        // What plays stands still while the terminal does not take it, or something is computed.
        if let (None, Some(period), Waits::No, true) = (&next, period, screen.waits(), is_fitted) {
            metronome.beat(period, Instant::now());
            lecture.state_mut().beat();
        }
        if let Some(Message::Input(Input::Key(key))) = next
            && drawn.elapsed() >= FRAME
            && let Some(action) = keymap::action(key, lecture.mode())
            && screen.send_ahead(session, action)?
        {
            drawn = Instant::now();
            next = mailbox.next(Some(BREATH))?;
            lecture.update(action);
            if next.is_some() {
                // What comes next is not part of the frame sent.
                is_fitted = show(lecture, &mut screen, session)?;
            }
        }
        let (mut pace, mut inputs) = (FRAME, 0);
        while let Some(message) = next {
            match message {
                Message::Input(input) => {
                    if inputs < ONE_BY_ONE && !is_fitted {
                        Layout::fitted(lecture.state_mut(), screen.size());
                    }
                    inputs += 1;
                    let outcome = match meant(input, lecture, screen.size()) {
                        action if lecture.is_interrupted_by(action) => lecture.state_mut().interrupt_work(),
                        Some(action) => {
                            done = action;
                            lecture.update(action)
                        }
                        None => Outcome::Go,
                    };
                    match outcome {
                        Outcome::Go => {}
                        Outcome::Quit => return Ok(End::Quit),
                        Outcome::Interrupt => return Ok(End::Interrupt),
                        Outcome::Ask(request) => {
                            if let Some(notice) = outside.carry_out(request, lecture, screen.size()) {
                                lecture.state_mut().tell(notice);
                            }
                        }
                        Outcome::Redraw => screen.renew(session.size()),
                        Outcome::Suspend => resumed = suspend(session, &mut screen)?,
                    }
                }
                Message::Resize => {
                    screen.renew(session.size());
                    pace = RESIZED_FRAME;
                }
                Message::Signal(Signal::Stop) => {
                    lecture.update(Action::Suspend);
                    resumed = suspend(session, &mut screen)?;
                }
                Message::Signal(Signal::Continue) => resumed = resumed.go_on(session, &mut screen)?,
                Message::Signal(Signal::End(number)) => return Ok(End::Signal(number)),
                Message::Wake => outside.woken(lecture),
                Message::HangUp => return Ok(End::HangUp),
                Message::Panic(message) => return Ok(End::Panic(message)),
            }
            is_fitted = false;
            let wait = (drawn + pace).saturating_duration_since(Instant::now());
            next = mailbox.next(Some(wait))?;
        }
        is_fitted = show(lecture, &mut screen, session)?;
        if is_fitted && !lecture.state().is_working() {
            outside.shown(lecture);
        }
    }
}

/// What a key or the mouse asks for.
fn meant(input: Input, lecture: &Lecture, size: (u16, u16)) -> Option<Action> {
    match input {
        Input::Key(key) => keymap::action(key, lecture.mode()),
        Input::Mouse(mouse) => {
            mouse::action(mouse, lecture.mode(), lecture.state().overlay(), |x, y| view::hit(lecture, size, x, y))
        }
    }
}

/// The next message, if one comes within the time, or where the next frame waits, before it may have to no more.
fn awaited(screen: &Screen, mailbox: &mut Mailbox, wait: Option<Duration>) -> io::Result<Option<Message>> {
    match screen.waits() {
        Waits::No => mailbox.next(wait),
        Waits::ForRoom => mailbox.next_or_room(),
        Waits::For(delay) => mailbox.next(Some(delay)),
    }
}

/// Works on what takes long until a message comes or it is time to draw how far it is.
fn work(lecture: &mut Lecture, mailbox: &mut Mailbox) -> io::Result<Option<Message>> {
    let drawn = Instant::now();
    while lecture.state().is_working() && drawn.elapsed() < WORK_FRAME {
        lecture.state_mut().work_on();
        if let Some(message) = mailbox.next(Some(Duration::ZERO))? {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// Draws the state, unless a frame is still in flight; gives whether it did.
fn show(lecture: &mut Lecture, screen: &mut Screen, session: &Session) -> io::Result<bool> {
    let size = screen.size();
    screen.draw(session, |buffer| Layout::fitted(lecture.state_mut(), size).draw_lecture(lecture, buffer))
}

/// Draws what the terminal may have to show next, while it waits for nothing else.
fn draw_ahead(lecture: &mut Lecture, done: Action, screen: &mut Screen) -> io::Result<()> {
    if screen.waits() != Waits::No {
        return Ok(());
    }
    let size = screen.size();
    for motion in done.likely_next() {
        let draw = |state: &mut State| screen.draw_ahead(motion, |buffer| Layout::fitted(state, size).draw(state, buffer));
        lecture.peek(motion, draw).unwrap_or(Ok(()))?;
    }
    Ok(())
}

/// Whether the screen is back already when the signal to go on is heard.
#[derive(PartialEq)]
enum Resumed {
    Yes,
    No,
}

impl Resumed {
    /// The process was continued: shows the screen, unless it is back already.
    fn go_on(self, session: &Session, screen: &mut Screen) -> io::Result<Self> {
        if self == Self::No {
            session.enter()?;
            *screen = Screen::new(session.size());
        }
        Ok(Self::No)
    }
}

fn suspend(session: &Session, screen: &mut Screen) -> io::Result<Resumed> {
    let resumed = stop(session)?;
    if resumed == Resumed::Yes {
        *screen = Screen::new(session.size());
    }
    Ok(resumed)
}

/// Gives the terminal back until the process is continued.
fn stop(session: &Session) -> io::Result<Resumed> {
    if !signals::can_stop() {
        return Ok(Resumed::No);
    }
    session.restore()?;
    signals::stop()?;
    session.enter()?;
    Ok(Resumed::Yes)
}
