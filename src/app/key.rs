//! A key: how a terminal can send it, how the screen shows it, and how `--keys` names it; what it does is bound elsewhere.

use std::borrow::Cow;
use std::str::FromStr;

use super::settings::{Charset, Language, Phrase};
use crate::scenario::text::{Text, both};
use Key::{BackTab, Backspace, Char, Ctrl, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};

/// A key, as every terminal can send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// A character with Control.
    Ctrl(char),
    /// A function key.
    F(u8),
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Enter.
    Enter,
    /// Backspace.
    Backspace,
    /// Escape.
    Esc,
}

/// A key that is no character that can be seen, or one that separates a list of keys.
struct Named {
    key: Key,
    /// How the screen shows it: as the keyboard has it.
    shown: Phrase,
    /// How it is shown in ASCII.
    ascii: Phrase,
    /// How `--keys` names it.
    word: &'static str,
}

/// A key that is a word, in ASCII too.
const fn written(key: Key, en: &'static str, es: &'static str, word: &'static str) -> Named {
    Named { key, shown: Phrase { en, es }, ascii: Phrase { en, es }, word }
}

/// A key that is an arrow, of which only the name is ASCII.
const fn drawn(key: Key, arrow: &'static str, word: &'static str, es: &'static str) -> Named {
    Named { key, shown: Phrase { en: arrow, es: arrow }, ascii: Phrase { en: word, es }, word }
}

const NAMED: [Named; 15] = [
    drawn(Left, "←", "left", "izquierda"),
    drawn(Right, "→", "right", "derecha"),
    drawn(Up, "↑", "up", "arriba"),
    drawn(Down, "↓", "down", "abajo"),
    written(Home, "Home", "Inicio", "home"),
    written(End, "End", "Fin", "end"),
    written(PageUp, "PgUp", "RePág", "pgup"),
    written(PageDown, "PgDn", "AvPág", "pgdn"),
    written(Tab, "Tab", "Tab", "tab"),
    written(BackTab, "Shift-Tab", "Mayús-Tab", "backtab"),
    written(Enter, "Enter", "Intro", "enter"),
    written(Backspace, "Backspace", "Retroceso", "backspace"),
    written(Esc, "Esc", "Esc", "esc"),
    written(Char(' '), "Space", "Espacio", "space"),
    written(Char(','), ",", ",", "comma"),
];

impl Key {
    /// The key as the screen and the documents show it; an arrow is a word where only ASCII may be used.
    pub fn shown(self, charset: Charset, language: Language) -> Cow<'static, str> {
        if let Some(named) = NAMED.iter().find(|named| named.key == self) {
            let name = match charset {
                Charset::Unicode => named.shown,
                Charset::Ascii => named.ascii,
            };
            return name.get(language).into();
        }
        match self {
            Char(c) => c.to_string().into(),
            Ctrl(c) => format!("Ctrl-{c}").into(),
            F(n) => format!("F{n}").into(),
            // All others are named.
            _ => Cow::default(),
        }
    }
}

impl FromStr for Key {
    type Err = Text;

    /// Reads a key as `celda frame --keys` names it: `n`, `right`, `space`, `C-c`, `f1`.
    fn from_str(text: &str) -> Result<Self, Text> {
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Ok(Char(c));
        }
        let name = text.to_lowercase();
        let named = NAMED.iter().find(|named| named.word == name).map(|named| named.key);
        let control = text.strip_prefix("C-").and_then(|rest| rest.parse().ok()).map(Ctrl);
        let function = name.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n)).map(F);
        named.or(control).or(function).ok_or_else(|| {
            let names: Vec<&str> = NAMED.iter().map(|named| named.word).collect();
            both!(
                "`{text}` is not a key; keys stand between commas and are one character, C-c, f1 or {names}",
                "`{text}` no es una tecla; las teclas van entre comas y son un carácter, C-c, f1 o {names}",
                names = names.join(", "),
            )
        })
    }
}
