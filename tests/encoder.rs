//! What the encoder sends, through a terminal emulator: after its bytes the screen is the frame, whatever it was before.
#![allow(clippy::unwrap_used)]

#[path = "common/steps.rs"]
mod steps;

use std::num::NonZeroU16;

use celda::app::settings::ColorDepth;
use celda::terminal::encoder::encode;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

/// Everything a frame is made of, and what a scenario's texts may bring: wide, combined, of disputed width, not to be shown.
const SYMBOLS: &[&str] = &[
    " ",
    " ",
    " ",
    "a",
    "0",
    "-",
    "é",
    "σ",
    "·",
    "×",
    "─",
    "│",
    "╭",
    "▶",
    "▒",
    "█",
    "⠉",
    "→",
    "表",
    "한",
    "ｱ",
    "e\u{301}",
    "👩",
    "👩‍🔬",
    "🇪🇸",
    "❤\u{fe0f}",
    "⚠",
    "\u{200b}",
    "\u{1b}",
    "\u{9b}",
];

const COLORS: &[Color] = &[
    Color::Reset,
    Color::Reset,
    Color::Red,
    Color::Gray,
    Color::DarkGray,
    Color::White,
    Color::Indexed(3),
    Color::Indexed(208),
    Color::Rgb(86, 180, 233),
];

/// The emphases that the emulator knows.
const EMPHASES: &[Modifier] = &[
    Modifier::empty(),
    Modifier::BOLD,
    Modifier::DIM,
    Modifier::ITALIC,
    Modifier::UNDERLINED,
    Modifier::REVERSED,
    Modifier::BOLD.union(Modifier::UNDERLINED),
    Modifier::ITALIC.union(Modifier::DIM),
];

/// A piece of text somewhere in a frame.
#[derive(Clone, Debug)]
struct Patch {
    place: (u16, u16),
    symbols: Vec<&'static str>,
    style: Style,
}

fn style() -> impl Strategy<Value = Style> {
    let background = prop_oneof![8 => Just(Color::Reset), 1 => select(COLORS)];
    (select(COLORS), background, select(EMPHASES))
        .prop_map(|(fg, bg, emphasis)| Style::new().fg(fg).bg(bg).add_modifier(emphasis))
}

fn patch(symbols: &'static [&'static str]) -> impl Strategy<Value = Patch> {
    let row = prop_oneof![vec(select(symbols), 1..12), select(symbols).prop_map(|symbol| vec![symbol; 40])];
    ((0..50_u16, 0..12_u16), row, style()).prop_map(|(place, symbols, style)| Patch { place, symbols, style })
}

/// Frames that follow one another, each the one before with some patches, as the screens of the stepper are.
fn frames(symbols: &'static [&'static str]) -> impl Strategy<Value = Vec<Buffer>> {
    let size = (1..50_u16, 1..12_u16);
    (size, vec(vec(patch(symbols), 0..12), 1..6)).prop_map(|((width, height), changes)| {
        let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
        let frames = changes.into_iter().map(|patches| {
            for Patch { place: (x, y), symbols, style } in patches {
                for (x, symbol) in (x % width..width).zip(symbols) {
                    frame[(x, y % height)].set_symbol(symbol).set_style(Style::reset()).set_style(style);
                }
            }
            frame.clone()
        });
        frames.collect()
    })
}

fn emulator(area: Rect) -> vt100::Parser {
    vt100::Parser::new(NonZeroU16::new(area.height).unwrap(), NonZeroU16::new(area.width).unwrap(), 0)
}

fn bytes(shown: &Buffer, next: &Buffer) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(shown, next, &mut bytes);
    bytes
}

/// What can be seen of a cell: its symbol, colours and emphasis.
type Seen = (String, vt100::Color, vt100::Color, [bool; 5]);

fn seen(symbol: &str, fg: vt100::Color, bg: vt100::Color, emphasis: [bool; 5]) -> Seen {
    let [.., underlined, reversed] = emphasis;
    match symbol {
        "" | " " if !underlined && !reversed => (" ".into(), vt100::Color::Default, bg, [false; 5]),
        "" => (" ".into(), fg, bg, emphasis),
        _ => (symbol.into(), fg, bg, emphasis),
    }
}

fn expected(cell: &Cell) -> Seen {
    let is_shown = cell.symbol().width() > 0 && !cell.symbol().contains(char::is_control);
    let has = |modifier| cell.modifier.contains(modifier);
    let emphasis = [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED].map(has);
    seen(if is_shown { cell.symbol() } else { " " }, color(cell.fg), color(cell.bg), emphasis)
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::Gray => vt100::Color::Idx(7),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("{other} is not among the colours tried"),
    }
}

/// Fails unless the emulator shows the frame; cells covered by a wide one are left to the terminal, and so is what stands at
/// the end of a row that a cluster could be drawn beyond.
fn assert_shows(emulator: &vt100::Parser, frame: &Buffer) -> Result<(), TestCaseError> {
    let Rect { width, height, .. } = frame.area;
    for y in 0..height {
        let mut x = 0;
        while x < width {
            let cell = &frame[(x, y)];
            let drawn = emulator.screen().cell(y, x).unwrap();
            let emphasis = [drawn.bold(), drawn.dim(), drawn.italic(), drawn.underline(), drawn.inverse()];
            let columns = (cell.symbol().width() as u16).max(1);
            let is_cluster = cell.symbol().chars().count() > 1;
            if !(is_cluster && x + 4 > width || x + columns > width) {
                let drawn = seen(drawn.contents(), drawn.fgcolor(), drawn.bgcolor(), emphasis);
                let mut wanted = expected(cell);
                if is_cluster {
                    // The emulator draws some of its characters in cells of their own.
                    prop_assert!(wanted.0.starts_with(&drawn.0) && drawn.0 != " ", "{wanted:?} {drawn:?} at {x}, {y}");
                    wanted.0 = drawn.0.clone();
                }
                prop_assert_eq!(wanted, drawn, "at column {}, row {}", x, y);
            }
            x += if x + columns > width { 1 } else { columns };
        }
    }
    Ok(())
}

fn assert_leads_from_each_to_the_next(frames: &[Buffer]) -> Result<(), TestCaseError> {
    let mut shown = Buffer::empty(frames[0].area);
    let mut emulator = emulator(shown.area);
    for (i, frame) in frames.iter().enumerate() {
        // Where another program has left the cursor.
        emulator.process(format!("\x1b[{};{}H", i * 7 % 11 + 1, i * 13 % 40 + 1).as_bytes());
        emulator.process(&bytes(&shown, frame));
        assert_shows(&emulator, frame)?;
        let screen = emulator.screen();
        prop_assert!(!screen.bold() && !screen.underline() && !screen.inverse() && !screen.dim() && !screen.italic());
        prop_assert_eq!((screen.fgcolor(), screen.bgcolor()), (vt100::Color::Default, vt100::Color::Default));
        prop_assert!(bytes(frame, frame).is_empty());
        shown = frame.clone();
    }
    Ok(())
}

/// The symbols whose width no terminal disputes.
const PLAIN: &[&str] = SYMBOLS.split_at(18).0;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_screen_after_its_bytes_is_the_frame(frames in frames(PLAIN)) {
        assert_leads_from_each_to_the_next(&frames)?;
    }

    #[test]
    fn the_screen_after_its_bytes_is_the_frame_though_widths_are_disputed(frames in frames(SYMBOLS)) {
        assert_leads_from_each_to_the_next(&frames)?;
    }

    #[test]
    fn no_control_character_of_a_text_gets_through(frames in frames(&["a", "\u{1b}", "\u{9b}", "\u{7}", "\u{1b}[2J"])) {
        let sent = String::from_utf8(bytes(&Buffer::empty(frames[0].area), &frames[0])).unwrap();
        let is_clean = !sent.contains(['\u{9b}', '\u{7}']) && !sent.contains("\x1b[2J");
        prop_assert!(is_clean);
        prop_assert!(sent.split('\x1b').skip(1).all(|sequence| sequence.starts_with('[')));
    }
}

/// A frame of some lines of text.
fn lines(lines: &[&str]) -> Buffer {
    Buffer::with_lines(lines.to_vec())
}

#[test]
fn near_cells_are_reached_by_writing_what_is_between_them() {
    assert_eq!(bytes(&lines(&["1 + 2 = 3"]), &lines(&["1 + 3 = 4"])), b"\x1b[1;5H3 = 4");
}

#[test]
fn a_column_of_changes_is_written_downwards() {
    let sent = bytes(&lines(&["x 1 |", "x 2 |", "x 3 |"]), &lines(&["x 4 |", "x 5 |", "x 6 |"]));
    assert_eq!(sent, b"\x1b[1;3H4\x0b\x085\x0b\x086");
}

#[test]
fn a_colour_that_alternates_is_set_once_for_all_its_cells() {
    let mut next = lines(&["ababab "]);
    for x in [0, 2, 4] {
        next[(x, 0)].set_fg(Color::Red);
    }
    assert_eq!(bytes(&lines(&["       "]), &next), b"\x1b[1;2Hb\x1b[Cb\x1b[Cb\r\x1b[31ma\x1b[Ca\x1b[Ca\x1b[m");
}

#[test]
fn of_a_style_only_what_differs_is_switched() {
    let mut next = lines(&["a ", "b ", "c "]);
    next[(0, 0)].modifier = Modifier::BOLD;
    next[(0, 1)].set_fg(Color::Red).modifier = Modifier::BOLD;
    next[(0, 2)].set_fg(Color::Red);
    assert_eq!(bytes(&lines(&["  ", "  ", "  "]), &next), b"\x1b[1;1H\x1b[1ma\x0b\x08\x1b[31mb\x0b\x08\x1b[22mc\x1b[m");
}

#[test]
fn what_becomes_blank_at_the_end_of_a_row_is_erased() {
    assert_eq!(bytes(&lines(&["ReLU(-13.9) = 0"]), &lines(&["ReLU           "])), b"\x1b[1;5H\x1b[K");
}

#[test]
fn nothing_is_sent_where_no_difference_can_be_seen() {
    let mut next = lines(&["a b"]);
    next[(1, 0)].set_fg(Color::Red).modifier = Modifier::BOLD;
    assert_eq!(bytes(&lines(&["a b"]), &next), b"");
}

#[test]
fn after_a_character_that_may_be_wider_the_column_is_named() {
    assert_eq!(bytes(&lines(&["1·2   4"]), &lines(&["3·2   5"])), b"\x1b[1;1H3\x1b[5C5");
    assert_eq!(bytes(&lines(&["1 2   4"]), &lines(&["1·2   5"])), "\x1b[1;2H·\x1b[7G5".as_bytes());
}

/// What stands around a frame: the marks of a synchronized update.
const MARKS: usize = 16;

#[test]
fn a_step_costs_at_most_three_times_the_cells_it_changes() {
    for (name, scenario, opening) in steps::screens() {
        for size in steps::SIZES {
            let frames = steps::frames(&scenario, opening, size, ColorDepth::Indexed);
            for (i, frames) in frames.windows(2).enumerate() {
                let least = steps::least(&frames[0], &frames[1]);
                let sent = MARKS + bytes(&frames[0], &frames[1]).len();
                assert!(sent <= 3 * least, "{name} at {size:?}, step {i}: {sent} bytes for cells of {least}");
            }
        }
    }
}
