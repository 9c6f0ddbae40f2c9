//! The drawing characters in plain ASCII, cell for cell and line by line.

use std::io::{self, Write};

use ratatui::buffer::Buffer;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Drawing characters and what stands for them; letters are transliterated instead.
const ASCII: [(&str, &str); 46] = [
    ("─", "-"),
    ("│", "|"),
    ("╭", "+"),
    ("╮", "+"),
    ("╰", "+"),
    ("╯", "+"),
    ("├", "+"),
    ("┤", "+"),
    ("▶", ">"),
    ("▸", ">"),
    ("◀", "<"),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("·", "*"),
    ("×", "x"),
    ("≈", "~"),
    ("…", "~"),
    ("●", "O"),
    ("•", "*"),
    ("✓", "v"),
    ("✗", "!"),
    ("█", "#"),
    ("▀", "\""),
    ("▄", "m"),
    ("▌", "#"),
    ("▐", "#"),
    ("▏", "|"),
    ("▕", "|"),
    ("▒", "="),
    ("═", "="),
    ("′", "'"),
    ("┊", ":"),
    ("┃", "|"),
    ("┈", "."),
    ("▼", "v"),
    ("⊙", "*"),
    ("≡", "E"),
    ("░", ":"),
    ("▓", "%"),
    ("–", "-"),
    ("↺", "@"),
    ("✎", "*"),
    ("»", ">"),
    ("≠", "/"),
];

/// Replaces every character above 0x7F by one or more below it, as wide as it was.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if symbol.is_ascii() {
            continue;
        }
        let width = symbol.width().max(1);
        let ascii = ascii(symbol);
        let padded: String = ascii.chars().chain(std::iter::repeat(' ')).take(width).collect();
        cell.set_symbol(&padded);
    }
}

/// A text without characters above 0x7F.
pub fn plain(text: &str) -> String {
    text.graphemes(true).map(|symbol| if symbol.is_ascii() { symbol.to_owned() } else { ascii(symbol) }).collect()
}

/// Writes lines without characters above 0x7F.
#[derive(Debug)]
pub struct Plain<W> {
    out: W,
    /// The beginning of a line whose end is still to come.
    begun: Vec<u8>,
}

impl<W: Write> Plain<W> {
    /// Lines for another writer.
    pub fn new(out: W) -> Self {
        Self { out, begun: Vec::new() }
    }
}

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        if let Some(end) = self.begun.iter().rposition(|&byte| byte == b'\n') {
            let lines: Vec<u8> = self.begun.drain(..=end).collect();
            self.out.write_all(plain(&String::from_utf8_lossy(&lines)).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn ascii(symbol: &str) -> String {
    if let Some((_, plain)) = ASCII.iter().find(|(unicode, _)| *unicode == symbol) {
        return (*plain).into();
    }
    match symbol.chars().next() {
        Some(braille @ '\u{2800}'..='\u{28ff}') => dots(braille).into(),
        _ => deunicode::deunicode_with_tofu(symbol, "?"),
    }
}

/// A curve's dots by their height in the cell.
fn dots(braille: char) -> &'static str {
    let bits = braille as u32 - 0x2800;
    let (upper, lower) = (bits & 0b0001_1011 != 0, bits & 0b1110_0100 != 0);
    match (upper, lower) {
        (true, true) => ":",
        (true, false) => "'",
        (false, true) => ".",
        (false, false) => " ",
    }
}
