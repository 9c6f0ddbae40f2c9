//! A frame as SVG: a picture of its own, well formed, every character at its column, whatever the cells hold.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use celda::app::settings::{Charset, ColorDepth, Language, Settings, Theme};
use celda::app::state::State;
use celda::report::svg;
use common::{frame, scenario, scenario_of, stepper};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use roxmltree::{Document, Node};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width and height of a cell, and the air around all, in units of the picture.
const CELL: (f64, f64) = (20.0, 40.0);
const MARGIN: f64 = 20.0;

/// What is drawn and not written, beside braille.
const DRAWN: &str = "─│╭╮╰╯├┤┊┈═▌▐▀▄▘▝▖▗▞▚▛▜▙▟┃▶◀▼▸●░▒▓█";

fn intro() -> State {
    stepper(scenario("intro"), Settings { depth: ColorDepth::True, ..Settings::default() }, "n")
}

fn picture(buffer: &Buffer, state: &State) -> String {
    let mut out = Vec::new();
    svg::write(buffer, state, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn screen(mut state: State, size: (u16, u16)) -> String {
    let buffer = frame(&mut state, size);
    picture(&buffer, &state)
}

fn is_drawn(symbol: &str) -> bool {
    DRAWN.contains(symbol) || matches!(symbol.chars().next(), Some('\u{2800}'..='\u{28ff}')) && symbol.chars().count() == 1
}

fn number(node: Node<'_, '_>, name: &str) -> Option<f64> {
    node.attribute(name).map(|value| value.parse().unwrap())
}

/// The symbols of a picture's text at the column and row of each, from the places its elements have.
fn written(svg: &str) -> Vec<(usize, usize, String)> {
    let document = Document::parse(svg).unwrap();
    let mut written = Vec::new();
    for text in document.descendants().filter(|node| node.has_tag_name("text")) {
        let said = text.text().unwrap();
        let (x, y) = (number(text, "x").unwrap() - MARGIN, number(text, "y").unwrap() - MARGIN);
        let row = (y / CELL.1) as usize;
        match number(text, "textLength") {
            Some(length) => {
                assert_eq!(length, said.chars().count() as f64 * CELL.0, "{said}: one column a character");
                let first = (x / CELL.0) as usize;
                written.extend(said.chars().enumerate().map(|(i, c)| (first + i, row, c.to_string())));
            }
            None => {
                assert_eq!(text.attribute("text-anchor"), Some("middle"));
                let half = said.width().max(1) as f64 / 2.0;
                written.push(((x / CELL.0 - half).max(0.0).round() as usize, row, said.to_owned()));
            }
        }
    }
    written.retain(|(.., symbol)| symbol != " ");
    written.sort_by_key(|&(x, y, _)| (y, x));
    written
}

/// The same of a frame, without what is drawn.
fn shown(buffer: &Buffer) -> Vec<(usize, usize, String)> {
    let mut shown = Vec::new();
    for (y, row) in buffer.content.chunks(usize::from(buffer.area.width)).enumerate() {
        let mut free = 0;
        for (x, cell) in row.iter().enumerate().filter(|(_, cell)| !is_drawn(cell.symbol()) || cell.symbol().is_empty()) {
            if x >= free && !cell.symbol().trim().is_empty() {
                shown.push((x, y, cell.symbol().to_owned()));
                free = x + cell.symbol().width();
            }
        }
    }
    shown
}

/// A picture is of plain elements only, none of which reaches for anything outside it.
fn assert_stands_alone(svg: &str) {
    let document = Document::parse(svg).unwrap();
    assert!(!svg.contains("\"\""), "an attribute says nothing");
    let names: BTreeSet<&str> = document.descendants().filter(Node::is_element).map(|node| node.tag_name().name()).collect();
    assert!(names.iter().all(|name| ["svg", "title", "desc", "rect", "path", "text"].contains(name)), "{names:?}");
    for attribute in document.descendants().flat_map(|node| node.attributes()) {
        let (name, value) = (attribute.name(), attribute.value());
        assert!(!name.starts_with("on") && !["href", "style", "class"].contains(&name), "{name}");
        assert!(!value.contains("url") && !value.contains(':'), "{name} = {value}");
    }
    assert!(!svg.contains("<script") && !svg.contains("<!"));
    assert_eq!(svg.matches("://").count(), svg.matches("http://www.w3.org/2000/svg").count());
}

/// The fills and strokes of a picture's elements with this name.
fn colors(svg: &str, name: &str) -> BTreeSet<String> {
    let document = Document::parse(svg).unwrap();
    let elements = document.descendants().filter(|node| node.has_tag_name(name));
    elements.flat_map(|node| [node.attribute("fill"), node.attribute("stroke")]).flatten().map(str::to_owned).collect()
}

#[test]
fn intro_as_a_picture() {
    insta::assert_snapshot!(screen(intro(), (80, 24)));
}

#[test]
fn every_character_of_every_screen_stands_at_its_column() {
    for (name, keys) in [
        ("intro", "n"),
        ("intro", "?"),
        ("intro", "n o"),
        ("counter", "n n ."),
        ("sunspots", "G Z"),
        ("sunspots", "Z Z"),
        ("counter", "n F"),
    ] {
        for size in [(80, 24), (120, 40), (40, 12), (7, 2)] {
            for theme in [Theme::Dark, Theme::Light, Theme::Contrast, Theme::Mono] {
                let mut state = stepper(scenario(name), Settings { theme, language: Language::Es, ..Settings::default() }, keys);
                let buffer = frame(&mut state, size);
                let svg = picture(&buffer, &state);
                assert_stands_alone(&svg);
                assert_eq!(written(&svg), shown(&buffer), "{name}, keys {keys}, {size:?}");
            }
        }
    }
}

#[test]
fn each_drawn_character_is_one_path_that_begins_in_its_cell() {
    for symbol in DRAWN.chars().chain(['⠁', '⢀', '⠒', '⣿']) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 4));
        buffer[(3, 1)].set_char(symbol).set_fg(Color::Rgb(1, 2, 3));
        let svg = picture(&buffer, &intro());
        let document = Document::parse(&svg).unwrap();
        let drawn: Vec<Node<'_, '_>> = document.descendants().filter(|node| node.has_tag_name("path")).collect();
        assert_eq!(drawn.len(), 1, "{symbol}");
        assert!([drawn[0].attribute("fill"), drawn[0].attribute("stroke")].contains(&Some("#010203")), "{symbol}");
        for begin in drawn[0].attribute("d").unwrap().split('M').skip(1) {
            let mut numbers = begin.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<f64>().unwrap());
            let (x, y) = (numbers.next().unwrap(), numbers.next().unwrap());
            assert!((80.0..=100.0).contains(&x) && (60.0..=100.0).contains(&y), "{symbol} begins at {x}, {y}");
        }
        assert!(written(&svg).is_empty(), "{symbol}");
    }
}

#[test]
fn a_character_that_no_font_may_have_in_the_right_width_stands_in_the_middle_of_its_cells() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
    buffer.set_string(1, 0, "漢⊙é", ratatui::style::Style::new());
    let svg = picture(&buffer, &intro());
    for text in [r#"<text x="60" y="49" text-anchor="middle">漢"#, r#"<text x="90" y="49" text-anchor="middle">⊙"#] {
        assert!(svg.contains(text), "{text} in {svg}");
    }
}

#[test]
fn a_background_fits_the_theme() {
    let ground = |theme, depth| {
        let svg = screen(stepper(scenario("intro"), Settings { theme, depth, ..Settings::default() }, ""), (80, 24));
        colors(&svg, "rect").into_iter().next().unwrap()
    };
    assert_eq!(ground(Theme::Dark, ColorDepth::True), "#121418");
    assert_eq!(ground(Theme::Light, ColorDepth::True), "#ffffff");
    assert_eq!(ground(Theme::Contrast, ColorDepth::True), "#000000");
    assert_eq!(ground(Theme::Mono, ColorDepth::True), "#ffffff");
    assert_eq!(ground(Theme::Dark, ColorDepth::None), "#ffffff");
}

#[test]
fn a_terminal_with_few_colors_saves_the_same_picture_as_one_with_all() {
    for theme in [Theme::Dark, Theme::Light, Theme::Contrast, Theme::Mono] {
        let of =
            |depth| screen(stepper(scenario("counter"), Settings { theme, depth, ..Settings::default() }, "n n o"), (120, 40));
        let full = of(ColorDepth::True);
        assert!(of(ColorDepth::Ansi) == full, "{theme:?}");
        assert!(of(ColorDepth::Indexed) == full, "{theme:?}");
    }
}

#[test]
fn no_color_but_black_and_white_is_used_where_none_is_wanted() {
    let settings = Settings { depth: ColorDepth::None, ..Settings::default() };
    let svg = screen(stepper(scenario("intro"), settings, "n"), (80, 24));
    for name in ["svg", "rect", "path", "text"] {
        for color in colors(&svg, name) {
            assert!(["#000000", "#ffffff", "none"].contains(&color.as_str()), "{name}: {color}");
        }
    }
}

#[test]
fn reverse_bold_and_underline_are_seen() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
    buffer[(0, 0)].set_char('a').modifier = Modifier::REVERSED;
    buffer[(2, 0)].set_char('b').modifier = Modifier::BOLD;
    buffer[(4, 0)].set_char('c').modifier = Modifier::UNDERLINED;
    let svg = picture(&buffer, &intro());
    for part in [
        r##"<path fill="#ececec" d="M20 20h20v40h-20z"/>"##,
        r##"fill="#121418">a</text>"##,
        r#"font-weight="bold">b</text>"#,
        r##"<path fill="#ececec" d="M100 54h20v2h-20z"/>"##,
    ] {
        assert!(svg.contains(part), "{part} in {svg}");
    }
}

const MARKUP: &str = r#"
title = "<script>&lt;]]> \"q\" 'a' \uFFFF \u001B[31m"
[input]
rows = [[1], [2]]
labels = ["a & b", "</text>"]
[[layer]]
kind = "rnn"
input_weights = [[1]]
recurrent_weights = [[1]]
"#;

#[test]
fn what_a_scenario_says_is_text_and_no_markup() {
    let mut state = stepper(scenario_of(MARKUP), Settings::default(), "n");
    let buffer = frame(&mut state, (120, 40));
    let svg = picture(&buffer, &state);
    assert_stands_alone(&svg);
    let document = Document::parse(&svg).unwrap();
    let title = document.descendants().find(|node| node.has_tag_name("title")).unwrap().text().unwrap();
    assert_eq!(title, "celda · <script>&lt;]]> \"q\" 'a' \u{fffd} ␛[31m · t = 1");
    assert!(document.descendants().any(|node| node.text().is_some_and(|text| text.contains("</text>"))));
}

#[test]
fn a_picture_says_what_it_is_in_the_language_of_the_screen() {
    for (language, description) in
        [(Language::En, "the screen of celda at t = 1, 80 × 24"), (Language::Es, "la pantalla de celda en t = 1, 80 × 24")]
    {
        let svg = screen(stepper(scenario("intro"), Settings { language, ..Settings::default() }, "n"), (80, 24));
        assert!(svg.contains(&format!("<desc>{description}</desc>")), "{svg}");
    }
}

#[test]
fn ascii_uses_no_byte_above_7f() {
    let settings = Settings { charset: Charset::Ascii, language: Language::Es, ..Settings::default() };
    let svg = screen(stepper(scenario("counter"), settings, "n"), (80, 24));
    assert!(svg.is_ascii(), "{svg}");
    assert_stands_alone(&svg);
}

/// What a cell can hold: letters, what is drawn, what is wide, what XML and terminals have no place for.
fn symbol() -> impl Strategy<Value = String> {
    let graphemes: Vec<&str> =
        "aZ0 <>&\"'é·─│█▒⠿▶漢⊙≡".graphemes(true).chain(["", "  ", "é\u{301}", "👩‍🔬", "\u{301}", "\r", "\t", "??"]).collect();
    prop_oneof![select(graphemes).prop_map(str::to_owned), any::<char>().prop_map(|c| c.to_string())]
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![
        Just(Color::Reset),
        Just(Color::Yellow),
        any::<u8>().prop_map(Color::Indexed),
        any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
    ]
}

proptest! {
    #[test]
    fn whatever_the_cells_hold_the_picture_is_well_formed_and_stands_alone(
        (width, height) in (0_u16..9, 0_u16..5),
        cells in vec((symbol(), color(), color(), any::<u16>()), 32),
        ascii in any::<bool>(),
    ) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        for (cell, (symbol, fg, bg, modifier)) in buffer.content.iter_mut().zip(&cells) {
            cell.set_symbol(symbol).set_fg(*fg).set_bg(*bg).modifier = Modifier::from_bits_truncate(*modifier);
        }
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let state = stepper(scenario("intro"), Settings { charset, ..Settings::default() }, "");
        let svg = picture(&buffer, &state);
        assert_stands_alone(&svg);
        prop_assert_eq!(&svg, &picture(&buffer, &state));
        let document = Document::parse(&svg).unwrap();
        let right = f64::from(width) * CELL.0 + MARGIN;
        for text in document.descendants().filter(|node| node.has_tag_name("text")) {
            let end = number(text, "x").unwrap() + number(text, "textLength").unwrap_or_default();
            prop_assert!(end <= right, "{} ends at {end}, the frame at {right}", text.text().unwrap_or_default());
        }
    }
}
