//! From the frame a terminal shows to the next one: the bytes that change the cells that differ, and no others, in few bytes.

mod cursor;
mod glyph;
mod pen;

use ratatui::buffer::Buffer;

use cursor::Cursor;
use glyph::{Glyph, Row, Width, shows_the_same};
use pen::Pen;

/// Among how many runs, in reading order, the next one is chosen: enough for most frames, few enough for any.
const CHOICE: usize = 64;

/// From how many blanks on erasing is shorter than writing them, where nothing follows them and where something does.
const ERASED: (u16, u16) = (4, 10);

/// Appends what takes a terminal from one frame to another of the same size; nothing where no difference can be seen.
///
/// The terminal has no style switched on before and after it, and its cursor may be anywhere.
pub fn encode(shown: &Buffer, next: &Buffer, bytes: &mut Vec<u8>) {
    let frame = Frame::new(shown, next);
    let mut writer = Writer { frame: &frame, cursor: Cursor::Unknown, style: PLAIN, bytes };
    let (disputed, mut others): (Vec<Run>, Vec<Run>) = frame.runs.iter().partition(|run| run.content == Content::Disputed);
    // First what may be drawn over its neighbours, which are put right after it.
    disputed.iter().for_each(|run| writer.write(run));
    // Not in reading order: where colours alternate, going back is shorter than changing the style each time.
    let mut left = &mut others[..];
    while let Some(nearest) = writer.nearest(&left[..left.len().min(CHOICE)]) {
        left[..=nearest].rotate_right(1);
        writer.write(&left[0]);
        left = &mut left[1..];
    }
    writer.switch(PLAIN);
}

/// The number of the style with which a frame begins and ends.
const PLAIN: usize = 0;

/// A frame, as far as it differs from the one before.
struct Frame<'b> {
    width: u16,
    rows: Vec<Row<'b>>,
    /// What is to be written, in reading order.
    runs: Vec<Run>,
    /// The styles of it.
    pens: Vec<Pen>,
    /// What it takes to go from each style to each.
    switches: Vec<Switch>,
}

/// From one style to another.
struct Switch {
    /// How many bytes it takes.
    len: usize,
    /// Whether a blank written in the one looks as one in the other.
    fits_blank: bool,
}

/// Cells side by side that are written in one style.
#[derive(Clone, Copy, Debug)]
struct Run {
    y: u16,
    from: u16,
    to: u16,
    /// The number of the style.
    style: usize,
    content: Content,
}

impl Run {
    /// Whether it can be written in the style from which that would be the switch.
    const fn takes_style(&self, switch: &Switch) -> bool {
        matches!(self.content, Content::Blanks | Content::Erased) && switch.fits_blank
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Blanks,
    Text,
    /// Blanks that are erased.
    Erased,
    /// One glyph of disputed width.
    Disputed,
}

impl<'b> Frame<'b> {
    fn new(shown: &'b Buffer, next: &'b Buffer) -> Self {
        let width = next.area.width;
        let mut frame = Self { width, rows: Vec::new(), runs: Vec::new(), pens: vec![Pen::PLAIN], switches: Vec::new() };
        let columns = usize::from(width).max(1);
        let mut differs = Vec::new();
        for (y, (old, new)) in (0..).zip(shown.content.chunks(columns).zip(next.content.chunks(columns))) {
            differs.clear();
            differs.extend(old.iter().zip(new).map(|(old, new)| !shows_the_same(old, new)));
            if !differs.contains(&true) {
                frame.rows.push(Row { cells: new, clusters: None });
                continue;
            }
            let row = Row::new(new);
            row.compare(old, &mut differs);
            frame.push_runs(y, &mut differs, &row);
            frame.rows.push(row);
        }
        for from in &frame.pens {
            for to in &frame.pens {
                let len = from.switch(*to).map_or(0, |sequence| sequence.len());
                frame.switches.push(Switch { len, fits_blank: from.fits_blank(*to) });
            }
        }
        frame
    }

    /// From a style to each.
    fn switches_from(&self, style: usize) -> &[Switch] {
        &self.switches[style * self.pens.len()..][..self.pens.len()]
    }

    /// The runs of a row, of which some glyphs differ from those before.
    fn push_runs(&mut self, y: u16, differs: &mut [bool], new: &Row<'_>) {
        if let Some(glyphs) = &new.clusters {
            // One of disputed width may have been drawn over what is to the right of it.
            let is_disputed = |x: usize| matches!(glyphs[x].width, Width::Disputed(_));
            if let Some(redrawn) = (0..glyphs.len()).find(|&x| differs[x] && is_disputed(x)) {
                differs[redrawn..].fill(true);
            }
            differs.iter_mut().zip(glyphs).for_each(|(differs, glyph)| *differs &= glyph.width != Width::Rest);
        }
        let Some(last) = differs.iter().rposition(|differs| *differs) else { return };
        let is_blank_from = (0..new.len()).rposition(|x| !new.glyph(x).is_plain_blank()).map_or(0, |last| last + 1);
        let mut x = 0;
        while let Some(same) = differs[x..].iter().position(|differs| *differs) {
            x += same;
            let is_blank = |x: usize| x >= is_blank_from || differs[x] && new.glyph(x).is_plain_blank();
            let blanks = (x..new.len()).take_while(|&x| is_blank(x)).count();
            let is_erased = match x >= is_blank_from {
                true => last + 1 - x >= usize::from(ERASED.0),
                false => blanks >= usize::from(ERASED.1),
            };
            let (to, content, pen) = if is_erased {
                (x + blanks, Content::Erased, Pen::PLAIN)
            } else if let Glyph { width: Width::Disputed(width), pen, .. } = new.glyph(x) {
                (x + usize::from(width), Content::Disputed, pen)
            } else {
                text(new, x, differs)
            };
            let style = self.style(pen);
            self.runs.push(Run { y, from: x as u16, to: to as u16, style, content });
            x = to;
        }
    }

    /// The number of a style, which is a new one for a new style.
    fn style(&mut self, pen: Pen) -> usize {
        self.pens.iter().position(|known| *known == pen).unwrap_or_else(|| {
            self.pens.push(pen);
            self.pens.len() - 1
        })
    }
}

/// The longest run of text from a column on that takes one style: its end, whether it is blank, and the style.
fn text(new: &Row<'_>, from: usize, differs: &[bool]) -> (usize, Content, Pen) {
    let (mut content, mut pen) = (Content::Blanks, new.glyph(from).pen);
    let mut to = from;
    while to < new.len() && differs[to] {
        let glyph = new.glyph(to);
        if matches!(glyph.width, Width::Disputed(_)) {
            break;
        }
        let is_blank = glyph.is_blank();
        let takes_style = content == Content::Blanks && glyph.pen.fits_blank(pen);
        match (is_blank, takes_style) {
            _ if glyph.fits(pen) => {}
            (false, true) => pen = glyph.pen,
            _ => break,
        }
        if !is_blank {
            content = Content::Text;
        }
        to += 1;
    }
    (to, content, pen)
}

/// Cells that are written again on the way to a run.
struct Between {
    /// The column of the first.
    from: u16,
    /// The column from which on they are in the style of the run.
    turn: u16,
}

/// A terminal that is written to.
struct Writer<'w, 'b> {
    frame: &'w Frame<'b>,
    cursor: Cursor,
    style: usize,
    bytes: &'w mut Vec<u8>,
}

impl Writer<'_, '_> {
    /// The first of the runs, which are in reading order, that can be written after the fewest bytes.
    fn nearest(&self, runs: &[Run]) -> Option<usize> {
        let mut nearest = None;
        let mut fewest = usize::MAX;
        let mut ways = self.cursor.ways_to(runs.first()?.y);
        let switches = self.frame.switches_from(self.style);
        for (i, run) in runs.iter().enumerate() {
            if ways.y != run.y {
                ways = self.cursor.ways_to(run.y);
            }
            if ways.least >= fewest && !ways.go_up {
                // None of those that follow is nearer.
                break;
            }
            let switch = &switches[run.style];
            let switch = if run.takes_style(switch) { 0 } else { switch.len };
            if switch + ways.least >= fewest {
                continue;
            }
            let way = ways.to(run.from).len;
            let between = self.gap_before(run, way).and_then(|from| self.between(run, self.style_for(run), from));
            let go = between.map_or(way, |between| usize::from(run.from - between.from));
            if switch + go < fewest {
                (nearest, fewest) = (Some(i), switch + go);
            }
        }
        nearest
    }

    fn write(&mut self, run: &Run) {
        let style = self.style_for(run);
        let way = self.cursor.ways_to(run.y).to(run.from);
        let between = self.gap_before(run, way.len).and_then(|from| self.between(run, style, from));
        if let Some(Between { from, turn }) = between {
            self.write_glyphs(run.y, from, turn);
            self.switch(style);
            self.write_glyphs(run.y, turn, run.from);
        } else {
            way.push(self.bytes);
            self.cursor = Cursor::At(run.from, run.y);
            self.switch(style);
        }
        match run.content {
            Content::Blanks | Content::Text => self.write_glyphs(run.y, run.from, run.to),
            Content::Erased => self.erase(run),
            Content::Disputed => {
                // What it does not cover everywhere is to be blank.
                self.erase(run);
                self.write_glyphs(run.y, run.from, run.from + 1);
            }
        }
    }

    /// The style a run is written in: blanks take the one there is, if they can.
    fn style_for(&self, run: &Run) -> usize {
        if run.takes_style(&self.frame.switches_from(self.style)[run.style]) { self.style } else { run.style }
    }

    fn switch(&mut self, style: usize) {
        if let Some(sequence) = self.frame.pens[self.style].switch(self.frame.pens[style]) {
            sequence.write(self.bytes);
        }
        self.style = style;
    }

    /// The cells from a column to a run, if they may be written again as they are, the first of them in the style there is and
    /// the others in that of the run.
    fn between(&self, run: &Run, style: usize, from: u16) -> Option<Between> {
        let row = &self.frame.rows[usize::from(run.y)];
        let [now, then] = [self.style, style].map(|style| self.frame.pens[style]);
        let mut glyphs = (from..run.from).map(|x| (x, row.glyph(x.into()))).peekable();
        let mut turn = from;
        while let Some((x, _)) = glyphs.next_if(|(_, glyph)| glyph.symbol.len() == 1 && glyph.fits(now)) {
            turn = x + 1;
        }
        glyphs.all(|(_, glyph)| glyph.symbol.len() == 1 && glyph.fits(then)).then_some(Between { from, turn })
    }

    /// The column of the cursor, where fewer cells than so many lie between it and a run, so that a move takes no less.
    #[inline]
    fn gap_before(&self, run: &Run, most: usize) -> Option<u16> {
        match self.cursor {
            Cursor::At(x, y) if y == run.y && x <= run.from && usize::from(run.from - x) < most => Some(x),
            _ => None,
        }
    }

    fn write_glyphs(&mut self, y: u16, from: u16, to: u16) {
        let mut end = Cursor::At(to, y);
        let row = &self.frame.rows[usize::from(y)];
        for glyph in (from..to).map(|x| row.glyph(x.into())) {
            self.bytes.extend(glyph.symbol.as_bytes());
            match glyph.width {
                Width::One => {}
                Width::Ambiguous | Width::Rest => end = Cursor::InRow(y),
                Width::Disputed(_) => end = Cursor::Unknown,
            }
        }
        // Behind the last column the cursor waits in one terminal for the next row and is there already in another.
        self.cursor = if to < self.frame.width { end } else { Cursor::Unknown };
    }

    fn erase(&mut self, run: &Run) {
        self.bytes.extend(b"\x1b[");
        if run.to < self.frame.width {
            push_number((run.to - run.from).into(), self.bytes);
            self.bytes.push(b'X');
        } else {
            self.bytes.push(b'K');
        }
    }
}

/// How many digits a number has, of those that are written.
const fn digits(number: u32) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        100..1000 => 3,
        _ => 4,
    }
}

/// Appends a number in decimal digits.
fn push_number(number: u32, bytes: &mut Vec<u8>) {
    if number >= 10 {
        push_number(number / 10, bytes);
    }
    bytes.push(b'0' + (number % 10) as u8);
}
