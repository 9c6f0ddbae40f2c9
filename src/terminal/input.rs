//! Keys and the mouse: a thread reads the terminal and sends what it means; a torn escape sequence means nothing.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::session::MouseReports;
use super::{Input, Message};
use crate::app::keymap::Key;
use crate::app::mouse::Mouse;

/// Starts the thread that reads keys, and what the mouse does where that was asked for: anything can look like its report.
pub fn start(messages: Sender<Message>, reports: MouseReports) -> io::Result<()> {
    thread::Builder::new().name("input".into()).spawn(move || {
        let mut torn = Torn::default();
        loop {
            let message = match event::read() {
                Ok(Event::Key(event)) => match key(event).and_then(|key| torn.pass(key)) {
                    Some(key) => Message::Input(Input::Key(key)),
                    None => continue,
                },
                Ok(Event::Mouse(event)) if reports == MouseReports::On => match mouse(event) {
                    Some(mouse) => Message::Input(Input::Mouse(mouse)),
                    None => continue,
                },
                Ok(_) => continue,
                Err(error) => {
                    // Nobody listens any more only when the program is ending.
                    let _ = messages.send(Message::InputFailed(error));
                    return;
                }
            };
            if messages.send(message).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// The keys that bytes stand for where they come from no terminal; a sequence of bytes that is one key there is none here.
pub fn typed(bytes: impl Iterator<Item = io::Result<u8>>) -> impl Iterator<Item = io::Result<Key>> {
    let mut torn = Torn::default();
    bytes.filter_map(move |byte| match byte {
        Ok(byte) => named(byte).and_then(|key| torn.pass(key)).map(Ok),
        Err(error) => Some(Err(error)),
    })
}

fn named(byte: u8) -> Option<Key> {
    Some(match byte {
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        b'\x08' | b'\x7f' => Key::Backspace,
        b'\x1b' => Key::Esc,
        b' '..=b'~' => Key::Char(byte.into()),
        1..=26 => Key::Ctrl((byte - 1 + b'a').into()),
        _ => return None,
    })
}

/// What the terminal calls a key, in our terms; a release is none.
fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META | KeyModifiers::HYPER) {
        return None;
    }
    Some(match event.code {
        KeyCode::Char(c) if control => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(n) => Key::F(n),
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Enter => Key::Enter,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Esc => Key::Esc,
        _ => return None,
    })
}

/// What the terminal reports of the mouse, in our terms.
const fn mouse(event: MouseEvent) -> Option<Mouse> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Mouse::Click(event.column, event.row)),
        MouseEventKind::ScrollDown => Some(Mouse::WheelDown),
        MouseEventKind::ScrollUp => Some(Mouse::WheelUp),
        _ => None,
    }
}

/// How much of an escape sequence has arrived torn, as single keys: Esc, then `[` or `O`, then its rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Torn {
    #[default]
    No,
    Esc,
    /// After `[`: digits and semicolons follow, then one last character.
    Sequence,
    /// After `O`: one character follows.
    Single,
}

impl Torn {
    /// The key, unless it belongs to a torn sequence; Esc alone cannot be told from the start of one, and passes.
    fn pass(&mut self, key: Key) -> Option<Key> {
        let (next, passes) = match (*self, key) {
            (Self::Esc, Key::Char('[')) => (Self::Sequence, false),
            (Self::Esc, Key::Char('O')) => (Self::Single, false),
            (Self::Sequence, Key::Char('0'..='9' | ';')) => (Self::Sequence, false),
            (Self::Sequence, Key::Char('A'..='Z' | '~')) | (Self::Single, Key::Char('A'..='Z')) => (Self::No, false),
            (_, Key::Esc) => (Self::Esc, true),
            _ => (Self::No, true),
        };
        *self = next;
        passes.then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Torn};

    fn passed(keys: &[Key]) -> Vec<Key> {
        let mut torn = Torn::default();
        keys.iter().filter_map(|&key| torn.pass(key)).collect()
    }

    #[test]
    fn a_torn_arrow_leaves_only_its_esc() {
        assert_eq!(passed(&[Key::Esc, Key::Char('['), Key::Char('B')]), [Key::Esc]);
        assert_eq!(passed(&[Key::Esc, Key::Char('O'), Key::Char('C')]), [Key::Esc]);
    }

    #[test]
    fn a_torn_page_down_types_no_count() {
        assert_eq!(passed(&[Key::Esc, Key::Char('['), Key::Char('6'), Key::Char('~')]), [Key::Esc]);
    }

    #[test]
    fn keys_after_a_torn_arrow_act_again() {
        let keys = [Key::Esc, Key::Char('['), Key::Char('B'), Key::Char('G')];
        assert_eq!(passed(&keys), [Key::Esc, Key::Char('G')]);
    }

    #[test]
    fn esc_before_an_ordinary_key_takes_nothing_away() {
        assert_eq!(passed(&[Key::Esc, Key::Char('n')]), [Key::Esc, Key::Char('n')]);
    }
}
