//! The smallest ratatui program to compare with: four bordered panels and a counter, drawn in one write, and nothing of celda.
//!
//! `terminal.rs` runs it; built alone it would have no one to press its keys.

use std::fs::File;
use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo};
use crossterm::event::{Event, KeyCode, read};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::{Block, Paragraph, Widget};

fn main() -> io::Result<()> {
    if std::env::args().any(|argument| argument == "--bench") {
        // There is nothing to measure of it alone.
        return Ok(());
    }
    enable_raw_mode()?;
    let mut out = File::from(rustix::io::dup(rustix::stdio::stdout())?);
    let area = Rect::new(0, 0, 80, 24);
    let mut shown = Buffer::empty(area);
    let mut bytes = Vec::new();
    queue!(bytes, EnterAlternateScreen, Hide)?;
    let mut counter = 0;
    loop {
        let mut next = Buffer::empty(area);
        panels(counter, &mut next);
        queue!(bytes, BeginSynchronizedUpdate)?;
        for (x, y, cell) in shown.diff_iter(&next) {
            queue!(bytes, MoveTo(x, y), Print(cell.symbol()))?;
        }
        queue!(bytes, EndSynchronizedUpdate)?;
        out.write_all(&bytes)?;
        bytes.clear();
        shown = next;
        match read()? {
            Event::Key(key) if key.code == KeyCode::Char('q') => break,
            _ => counter += 1,
        }
    }
    queue!(bytes, LeaveAlternateScreen)?;
    out.write_all(&bytes)?;
    disable_raw_mode()
}

fn panels(counter: u64, buffer: &mut Buffer) {
    let rows = Layout::vertical([Constraint::Fill(1); 2]).split(buffer.area);
    for (r, row) in rows.iter().enumerate() {
        for (c, area) in Layout::horizontal([Constraint::Fill(1); 2]).split(*row).iter().enumerate() {
            let text = if r + c == 0 { format!("counter {counter}") } else { "It never changes.".into() };
            let block = Block::bordered().title(format!(" Panel {} ", r * 2 + c + 1));
            Paragraph::new(text).block(block).render(*area, buffer);
        }
    }
}
