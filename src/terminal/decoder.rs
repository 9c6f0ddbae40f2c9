//! From the bytes a terminal sends to keys and what the mouse does; bytes may come torn, and answers nobody asked for mean nothing.

use std::time::Duration;

use super::Input;
use crate::app::key::Key;
use crate::app::mouse::Mouse;

/// How long Esc may be the beginning of a torn sequence: longer than a link tears one, shorter than is felt.
const ESC: Duration = Duration::from_millis(150);

/// How long the rest of a sequence may take.
const REST: Duration = Duration::from_secs(1);

/// The longest parameters of a sequence that means something.
const LONGEST: usize = 32;

/// How many bytes follow a mouse report of the old kind.
const OLD_REPORT: usize = 3;

/// What the bytes so far have begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing.
    #[default]
    Ground,
    /// Esc, and the byte after it came with it or not.
    Esc(Torn),
    /// `ESC O`: one byte follows.
    Single,
    /// `ESC [` and parameters.
    Sequence(Vec<u8>),
    /// `ESC [ [`, with which the console of Linux begins its function keys.
    Function,
    /// An answer in words, and whether its last byte was Esc.
    Words { esc: bool },
    /// A mouse report of the old kind, of which so many bytes are to come.
    Report(usize),
    /// The first bytes of a character.
    Character(Vec<u8>),
}

/// What is known of an Esc at the end of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Torn {
    /// More may come with it, which makes it Alt.
    No,
    /// Nothing came with it.
    Yes,
    /// It has been told as a key; what follows may still be the rest of a sequence.
    Told,
}

/// Bytes in, keys and the mouse out.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    state: State,
}

impl Decoder {
    /// What bytes that came together mean, with those that came before.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut inputs = Vec::new();
        for &byte in bytes {
            self.take(byte, &mut inputs);
        }
        if self.state == State::Esc(Torn::No) {
            self.state = State::Esc(Torn::Yes);
        }
        inputs
    }

    /// How long to wait for more before `expire`; `None` where nothing has begun.
    pub const fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground | State::Esc(Torn::Told) | State::Character(_) => None,
            State::Esc(_) => Some(ESC),
            State::Single | State::Sequence(_) | State::Function | State::Words { .. } | State::Report(_) => Some(REST),
        }
    }

    /// What is meant if nothing more comes: an Esc alone is a key, half a sequence is nothing.
    pub fn expire(&mut self) -> Option<Input> {
        match self.state {
            State::Esc(Torn::No | Torn::Yes) => {
                self.state = State::Esc(Torn::Told);
                Some(Input::Key(Key::Esc))
            }
            _ => {
                self.state = State::Ground;
                None
            }
        }
    }

    fn take(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        let before = std::mem::take(&mut self.state);
        self.state = match (before, byte) {
            (State::Esc(torn), _) => self.after_esc(torn, byte, inputs),
            (State::Words { esc: true }, b'\\') | (State::Words { .. }, b'\x07') => State::Ground,
            (State::Words { esc: false }, b'\x1b') => State::Words { esc: true },
            (State::Words { esc: true }, _) => self.after_esc(Torn::No, byte, inputs),
            // A control character is one wherever it comes: what it cuts off is nothing.
            (State::Ground, _) | (_, ..b' ' | b'\x7f') => ground(byte, inputs),
            (words @ State::Words { .. }, _) => words,
            (State::Single, _) => {
                inputs.extend(single(byte).map(Input::Key));
                State::Ground
            }
            (State::Function, _) => {
                inputs.extend((b'A'..=b'E').contains(&byte).then(|| Input::Key(Key::F(byte - b'A' + 1))));
                State::Ground
            }
            (State::Report(left), _) if left > 1 => State::Report(left - 1),
            (State::Report(_), _) => State::Ground,
            (State::Sequence(parameters), b'[') if parameters.is_empty() => State::Function,
            (State::Sequence(parameters), b'M') if parameters.is_empty() => State::Report(OLD_REPORT),
            (State::Sequence(mut parameters), b' '..=b'?') => {
                // One that is longer stays as long, and means nothing.
                if parameters.len() <= LONGEST {
                    parameters.push(byte);
                }
                State::Sequence(parameters)
            }
            (State::Sequence(parameters), b'@'..=b'~') => {
                inputs.extend(sequence(&parameters, byte));
                State::Ground
            }
            (State::Character(mut bytes), 0x80..=0xbf) => {
                bytes.push(byte);
                character(bytes, inputs)
            }
            (State::Sequence(_) | State::Character(_), _) => ground(byte, inputs),
        };
    }

    /// What begins after an Esc.
    fn after_esc(&self, torn: Torn, byte: u8, inputs: &mut Vec<Input>) -> State {
        match (byte, torn) {
            (b'[', _) => State::Sequence(Vec::new()),
            (b'O', _) => State::Single,
            (b']' | b'P' | b'X' | b'^' | b'_', Torn::No | Torn::Yes) => State::Words { esc: false },
            (b'\x1b', Torn::No | Torn::Yes) => {
                inputs.push(Input::Key(Key::Esc));
                State::Esc(Torn::No)
            }
            (_, Torn::Yes) => {
                inputs.push(Input::Key(Key::Esc));
                ground(byte, inputs)
            }
            (b'\x03', Torn::No) | (_, Torn::Told) => ground(byte, inputs),
            // With Alt, a key means nothing.
            (_, Torn::No) => State::Ground,
        }
    }
}

/// What a byte means, or begins, where nothing has begun.
fn ground(byte: u8, inputs: &mut Vec<Input>) -> State {
    let key = match byte {
        b'\x1b' => return State::Esc(Torn::No),
        0xc2..=0xf4 => return State::Character(vec![byte]),
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        b'\x08' | b'\x7f' => Key::Backspace,
        b' '..=b'~' => Key::Char(byte.into()),
        1..=26 => Key::Ctrl((byte - 1 + b'a').into()),
        _ => return State::Ground,
    };
    inputs.push(Input::Key(key));
    State::Ground
}

/// A character once its bytes are whole.
fn character(bytes: Vec<u8>, inputs: &mut Vec<Input>) -> State {
    match std::str::from_utf8(&bytes) {
        Ok(text) => inputs.extend(text.chars().map(|c| Input::Key(Key::Char(c)))),
        // No length of an error: it is not whole yet.
        Err(error) if error.error_len().is_none() => return State::Character(bytes),
        Err(_) => {}
    }
    State::Ground
}

/// The key whose sequence ends with a letter.
const fn single(end: u8) -> Option<Key> {
    Some(match end {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        b'M' => Key::Enter,
        b'P' | b'Q' | b'R' | b'S' => Key::F(end - b'P' + 1),
        _ => return None,
    })
}

/// What `ESC [ parameters end` means.
fn sequence(parameters: &[u8], end: u8) -> Option<Input> {
    let text = std::str::from_utf8(parameters).ok().filter(|text| text.len() <= LONGEST)?;
    if let Some(report) = text.strip_prefix('<') {
        return if end == b'M' { mouse(report).map(Input::Mouse) } else { None };
    }
    // Other signs are those of answers.
    if !text.chars().all(|c| c.is_ascii_digit() || ";:".contains(c)) {
        return None;
    }
    let mut fields = text.split(';').map(|field| field.split(':').map(|number| number.parse().unwrap_or(0)));
    let mut code = fields.next()?;
    let (number, shifted): (u32, _) = (code.next()?, code.next());
    let mut modifiers = fields.next().into_iter().flatten();
    let held = Held(modifiers.next().unwrap_or(1_u32).saturating_sub(1));
    let is_released = modifiers.next() == Some(3);
    if is_released || held.makes_another_key() {
        return None;
    }
    let key = match end {
        b'~' => numbered(number)?,
        b'u' => encoded(number, shifted, held)?,
        b'Z' => Key::BackTab,
        // The place of the cursor looks like a function key.
        b'R' | b'M' => return None,
        _ => single(end)?,
    };
    Some(Input::Key(key))
}

/// The keys held with another, as bits: shift, Alt, control, and four more.
#[derive(Clone, Copy)]
struct Held(u32);

impl Held {
    const fn shift(self) -> bool {
        self.0 & 1 != 0
    }

    const fn control(self) -> bool {
        self.0 & 4 != 0
    }

    /// Alt, super, hyper and meta.
    const fn makes_another_key(self) -> bool {
        self.0 & 0b11_1010 != 0
    }
}

/// The key of `ESC [ number ~`.
const fn numbered(number: u32) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::F(number as u8 - 10),
        17..=21 => Key::F(number as u8 - 11),
        23 | 24 => Key::F(number as u8 - 12),
        _ => return None,
    })
}

/// The key of `ESC [ character u`, as the protocol of kitty has it.
fn encoded(number: u32, shifted: Option<u32>, held: Held) -> Option<Key> {
    let character = char::from_u32(number)?;
    Some(match character {
        '\x1b' => Key::Esc,
        '\r' => Key::Enter,
        '\t' if held.shift() => Key::BackTab,
        '\t' => Key::Tab,
        '\x7f' => Key::Backspace,
        // Keys that are no characters have places of their own.
        '\u{e000}'..='\u{f8ff}' => return None,
        c if c.is_control() => return None,
        c if held.control() => Key::Ctrl(c.to_ascii_lowercase()),
        c if held.shift() => Key::Char(shifted.and_then(char::from_u32).unwrap_or_else(|| c.to_ascii_uppercase())),
        c => Key::Char(c),
    })
}

/// What the mouse did, of which a report says the button, the column and the row, counted from 1.
fn mouse(report: &str) -> Option<Mouse> {
    let mut numbers = report.split(';').map(|number| number.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    // With shift, Alt or control it is the same.
    Some(match button & !0b1_1100 {
        0 => Mouse::Click(column.checked_sub(1)?, row.checked_sub(1)?),
        64 => Mouse::WheelUp,
        65 => Mouse::WheelDown,
        _ => return None,
    })
}
