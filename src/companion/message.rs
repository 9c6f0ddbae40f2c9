//! A line of the conversation: a position as JSON, and what arrives read with suspicion.

use std::fmt;
use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::speaker::Position;
use crate::scenario::file::system_words;
use crate::scenario::text::{Language, Lines, Text, both, printable};

/// What this version of the program speaks.
const FORMAT: &str = "celda.notes/1";

/// The longest line that is read, in bytes; the stepper's are far shorter.
pub const LONGEST: usize = 1 << 20;

/// What is wrong where a conversation fails.
pub fn failure(error: &io::Error) -> Text {
    let reason = error.get_ref().and_then(|reason| reason.downcast_ref::<Misunderstood>());
    reason.map_or_else(|| system_words(error), Misunderstood::said)
}

/// Why a line says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misunderstood {
    /// It is of another version of the program, which calls what it speaks so.
    Version(String),
    /// It is no line of this conversation.
    Nonsense,
    /// No line came in time.
    Silence,
}

impl Misunderstood {
    /// What is wrong.
    pub fn said(&self) -> Text {
        match self {
            Self::Version(format) => both!(
                "the stepper speaks {format}, these notes {FORMAT}; start both with the same version of celda",
                "la pantalla habla {format}, estas notas {FORMAT}; abrir las dos con la misma versión de celda",
            ),
            Self::Nonsense => {
                both!("what the stepper says cannot be understood", "no se entiende lo que dice la pantalla de celda")
            }
            Self::Silence => both!(
                "a stepper does not answer; is it stopped, or its terminal?",
                "una pantalla de celda no responde; ¿está detenida, o lo está su terminal?",
            ),
        }
    }
}

/// In English.
impl fmt::Display for Misunderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().get(Language::En))
    }
}

impl std::error::Error for Misunderstood {}

impl From<Misunderstood> for io::Error {
    fn from(reason: Misunderstood) -> Self {
        Self::new(io::ErrorKind::InvalidData, reason)
    }
}

#[derive(Serialize, Deserialize)]
struct Message<P> {
    format: String,
    position: P,
}

/// The line that tells a position, with its end.
pub fn line(position: &Position) -> Vec<u8> {
    let message = Message { format: FORMAT.into(), position };
    // Strings and numbers can always be written.
    let mut line = serde_json::to_vec(&message).unwrap_or_default();
    line.push(b'\n');
    line
}

/// What a line tells; its texts are made safe to print.
///
/// # Errors
///
/// A line of another version, or of nothing known.
pub fn parse(line: &[u8]) -> Result<Position, Misunderstood> {
    let message: Message<Value> = serde_json::from_slice(line).map_err(|_| Misunderstood::Nonsense)?;
    if message.format != FORMAT {
        let format: String = message.format.chars().take(40).collect();
        return Err(Misunderstood::Version(printable(&format, Lines::One)));
    }
    serde_json::from_value(safe(message.position)).map_err(|_| Misunderstood::Nonsense)
}

/// The value with every text in it safe to print.
fn safe(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(printable(&text, Lines::Many)),
        Value::Array(values) => Value::Array(values.into_iter().map(safe).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, value)| (name, safe(value))).collect()),
        other => other,
    }
}

/// Reads the next line; none at the end.
///
/// # Errors
///
/// What the reader gives, a line that is too long, or one that cannot be understood.
pub fn read(reader: &mut impl BufRead) -> io::Result<Option<Position>> {
    let mut line = Vec::new();
    reader.take(LONGEST as u64).read_until(b'\n', &mut line)?;
    match line.last() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(parse(&line)?)),
        Some(_) if line.len() < LONGEST => Ok(None),
        Some(_) => Err(Misunderstood::Nonsense.into()),
    }
}
