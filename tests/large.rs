//! Large text: what can be read from the last row, at every size, and what the keys do there.
#![allow(clippy::unwrap_used)]

#[macro_use]
mod common;

use std::collections::BTreeSet;

use celda::app::settings::{Charset, Language, Settings, TextSize, Theme};
use celda::app::state::Zoom;
use celda::engine::activation::Activation;
use celda::report::{self, Terms, Trace};
use celda::scenario::builtin;
use celda::view::large::font::{Letter, ROWS, letter, letters};
use celda::view::number::Numbers;
use celda::view::text::words;
use common::{frame, press, scenario, scenario_of, screen, stepper, text};
use ratatui::buffer::Buffer;

fn large() -> Settings {
    Settings { text: TextSize::Large, ..Settings::default() }
}

fn spanish() -> Settings {
    Settings { language: Language::Es, ..large() }
}

fn ascii() -> Settings {
    Settings { charset: Charset::Ascii, ..large() }
}

const ONLY_LAST: &str = r#"
title = "Only at the end"
[input]
rows = [[1], [2]]
[[layer]]
kind = "dense"
activation = "softmax"
apply = "last"
weights = [[1], [2], [3]]
"#;

/// A layer over more features than have room.
fn wide() -> String {
    let row = |width: usize| (0..width).map(|i| (i % 7).to_string()).collect::<Vec<_>>().join(", ");
    format!(
        "title = \"Wide\"\n[input]\nrows = [[{}]]\n[[layer]]\nkind = \"rnn\"\nactivation = \"linear\"\n\
         input_weights = [[{}]]\nrecurrent_weights = [[1]]\n",
        row(60),
        row(60)
    )
}

snapshots! {
    a_recurrent_cell_in_large_text: screen("intro", large(), "n", (80, 24));
    a_claim_that_fails_in_large_text: screen("intro", spanish(), "end", (80, 24));
    an_lstm_in_large_text: screen("counter", spanish(), "n n n .", (80, 24));
    a_gru_in_large_text: screen("memory", large(), "4 n . .", (80, 24));
    three_hundred_and_nine_years_in_large_text: screen("sunspots", spanish(), "3 0 n", (80, 24));
    the_dense_layer_in_large_text: screen("network", large(), "3 n K", (80, 24));
    large_text_at_120_by_40: screen("intro", large(), "n", (120, 40));
    an_lstm_in_large_text_at_120_by_40: screen("counter", large(), "n n n", (120, 40));
    large_text_at_200_by_60: screen("intro", large(), "end", (200, 60));
    large_text_on_a_small_screen: screen("intro", spanish(), "n", (40, 12));
    an_lstm_in_large_text_on_a_small_screen: screen("counter", large(), "n n n", (40, 12));
    large_text_in_ascii: screen("intro", ascii(), "n", (80, 24));
    large_text_without_colour: screen("intro", Settings { theme: Theme::Mono, ..large() }, "n", (80, 24));
    large_text_with_notes: screen("intro", large(), "o", (120, 40));
    sixty_features_fold_in_large_text: frame(&mut stepper(scenario_of(&wide()), large(), ""), (80, 24));
    what_is_not_computed_yet_in_large_text: frame(&mut stepper(scenario_of(ONLY_LAST), large(), ""), (80, 24));
}

/// The text that four rows of the screen show in letters of a column and half a row, without its blanks; none where they show
/// anything else.
fn read(buffer: &Buffer, top: u16) -> Option<String> {
    let halves = |symbol: &str| match symbol {
        " " => Some(0),
        "▀" | "\"" => Some(1),
        "▄" | "m" => Some(2),
        "█" | "#" => Some(3),
        _ => None,
    };
    let column =
        |x: u16| (0..ROWS as u16 / 2).try_fold(0, |bits, y| Some(bits | (halves(buffer[(x, top + y)].symbol())? << (2 * y))));
    let columns: Vec<u8> = (0..buffer.area.width).map(column).collect::<Option<_>>()?;
    let underlined = |letter: &Letter| Letter { columns: letter.columns.iter().map(|column| column | 1 << (ROWS - 1)).collect() };
    let plain: Vec<(char, Letter)> = ('!'..='~').chain("·→≈✓✗…∞Σ".chars()).filter_map(|c| Some((c, letter(c)?))).collect();
    let marked = plain.iter().map(|(c, letter)| (*c, underlined(letter)));
    let known: Vec<(char, Letter)> = plain.iter().cloned().chain(marked).collect();
    let mut columns = &columns[..];
    let mut text = String::new();
    while let Some(start) = columns.iter().position(|column| *column != 0) {
        columns = &columns[start..];
        let fits = known.iter().filter(|(_, letter)| columns.starts_with(&letter.columns));
        let (c, letter) = fits.max_by_key(|(_, letter)| letter.columns.len())?;
        text.push(*c);
        columns = &columns[letter.columns.len()..];
    }
    (!text.is_empty()).then_some(text)
}

/// What can be read on a screen, from the top down.
fn large_lines(buffer: &Buffer) -> Vec<String> {
    (0..=buffer.area.height - 4).filter_map(|top| read(buffer, top)).collect()
}

#[test]
fn the_whole_formula_and_the_state_can_be_read_from_the_last_row() {
    for settings in [large(), ascii()] {
        let seen = large_lines(&screen("intro", settings, "n", (80, 24)));
        assert_eq!(seen, ["2·1+3·(-3)", "+(-0.1)·69", "=-13.9", "ReLU→0", "h(1)=0✓"]);
    }
}

#[test]
fn a_claim_that_fails_is_large_too() {
    let buffer = screen("intro", large(), "", (80, 24));
    assert!(large_lines(&buffer).contains(&"h(0)=69✗".to_owned()));
    assert!(text(&buffer).contains("✗ computed 69, claimed 23"));
    let wider = large_lines(&screen("intro", large(), "", (130, 24)));
    assert!(wider.contains(&"h(0)=69✗23".to_owned()), "{wider:?}");
}

#[test]
fn terms_without_room_are_counted_and_the_sum_still_adds_up() {
    let mut state = stepper(scenario_of(&wide()), ascii(), "");
    let seen = large_lines(&frame(&mut state, (160, 24))).join(" ");
    assert!(seen.contains("more:") && seen.contains("=742") && seen.contains("h(0)=742"), "{seen}");
}

#[test]
fn every_character_that_a_formula_is_written_with_has_a_letter() {
    let mut used: BTreeSet<char> = BTreeSet::new();
    for language in [Language::En, Language::Es] {
        for builtin in builtin::ALL {
            let scenario = scenario(builtin.name);
            let range = 0..=scenario.timesteps().min(12) - 1;
            let trace =
                Trace { scenario: &scenario, range, terms: Terms::Summed, language, numbers: Numbers::new(&Settings::default()) };
            let mut out = Vec::new();
            report::text::write(&trace, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            used.extend(text.lines().filter(|line| line.contains(" = ")).flat_map(|line| line.chars()));
        }
        let words = words(language);
        used.extend([words.more, words.terms, words.only_last].into_iter().flat_map(str::chars));
    }
    used.extend(Activation::ALL.iter().flat_map(|activation| activation.symbol().chars()));
    used.extend("→←·≈✓✗…∞–[]()+-=.:'".chars());
    let missing: Vec<char> = used.into_iter().filter(|&c| letter(c).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_character_without_a_letter_is_spelled_and_never_left_out() {
    assert_eq!(letters("中").collect::<Vec<_>>(), letters("Zhong ").collect::<Vec<_>>());
    assert_eq!(letters("\u{e000}").collect::<Vec<_>>(), letters("?").collect::<Vec<_>>());
}

#[test]
fn all_letters_of_digits_and_signs_differ() {
    let all: Vec<Letter> = "0123456789+-=().·→←≈✓✗…∞[]".chars().map(|c| letter(c).unwrap()).collect();
    for (i, letter) in all.iter().enumerate() {
        assert!(!all[..i].contains(letter), "the letter number {i} looks like another");
    }
}

#[test]
fn the_key_goes_to_large_text_and_back_to_the_same_panels() {
    for keys in ["esc", "Z", "Z Z"] {
        let mut state = stepper(scenario("network"), Settings::default(), keys);
        let (before, zoom) = (text(&frame(&mut state, (80, 24))), state.zoom());
        press(&mut state, "F");
        assert_eq!((state.settings().text, state.zoom()), (TextSize::Large, Zoom::Cell));
        press(&mut state, "F");
        assert_eq!((state.settings().text, state.zoom()), (TextSize::Ordinary, zoom));
        assert_eq!(text(&frame(&mut state, (80, 24))), before);
    }
}

#[test]
fn zooming_out_of_large_text_shows_the_panels_of_its_cell_and_zooming_in_stays() {
    for keys in ["F Z", "Z Z F Z"] {
        let state = stepper(scenario("network"), Settings::default(), keys);
        assert_eq!((state.settings().text, state.zoom()), (TextSize::Ordinary, Zoom::Cell), "{keys}");
    }
    let state = stepper(scenario("network"), Settings::default(), "F z");
    assert_eq!(state.settings().text, TextSize::Large);
}

#[test]
fn steps_units_layers_and_gates_move_in_large_text() {
    let state = stepper(scenario("network"), large(), "n n tab J");
    assert_eq!((state.t(), state.focus().layer, state.focus().unit), (2, 1, 0));
    let state = stepper(scenario("counter"), large(), "n .");
    assert_eq!((state.t(), state.focus().gate), (1, 1));
    let shown = text(&frame(&mut stepper(scenario("counter"), large(), "n ."), (80, 24)));
    assert!(shown.contains("forget gate"), "{shown}");
}

#[test]
fn esc_which_a_torn_arrow_may_be_does_not_leave_large_text() {
    let state = stepper(scenario("intro"), large(), "esc");
    assert_eq!(state.settings().text, TextSize::Large);
}

#[test]
fn help_notes_and_a_blank_screen_lie_over_large_text() {
    assert!(text(&screen("intro", large(), "?", (80, 24))).contains("next timestep"));
    assert!(text(&screen("intro", large(), "o", (80, 24))).contains("Notes"));
    assert!(screen("intro", large(), "b", (80, 24)).content.iter().all(|cell| cell.symbol() == " "));
}

#[test]
fn no_size_and_no_number_of_digits_make_it_panic() {
    for name in ["intro", "counter", "memory", "network", "sunspots", "gru-after", "conv-window"] {
        for size in [(0, 0), (1, 1), (7, 3), (39, 40), (40, 12), (41, 13), (60, 15), (72, 20), (80, 24), (120, 12), (500, 500)] {
            for settings in [large(), ascii(), Settings { precision: 17, ..large() }, Settings { precision: 1, ..spanish() }] {
                frame(&mut stepper(scenario(name), settings, "n n . ."), size);
            }
        }
    }
}

#[test]
fn the_result_is_large_wherever_there_are_panels() {
    for name in ["intro", "counter", "memory", "network", "sunspots"] {
        for size in [(40, 12), (50, 14), (60, 18), (72, 20), (80, 24), (100, 30), (200, 60)] {
            let shown = screen(name, large(), "n n", size);
            let is_block = |x, y| "▀▄█▌▐▘▝▖▗▙▟▛▜▚▞".contains(shown[(x, y)].symbol());
            let blocks = (0..size.0).flat_map(|x| (0..size.1).map(move |y| (x, y))).filter(|&(x, y)| is_block(x, y)).count();
            assert!(blocks > 20, "{name} at {size:?}:\n{}", text(&shown));
        }
    }
}

#[test]
fn the_option_and_the_key_show_the_same() {
    let printed = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_celda")).args(args).env("LANG", "C").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let seen = printed(&["frame", "--big", "--at", "1"]);
    assert_eq!(seen, printed(&["frame", "--at", "1", "--keys", "F"]));
    assert!(seen.contains('▄'));
}

#[test]
fn what_is_not_worked_out_yet_is_a_blank_and_no_claim_gives_it_away() {
    let lines = |keys: &str| large_lines(&screen("intro", large(), keys, (80, 24)));
    let row = lines("n n j");
    assert_eq!(&row[row.len() - 2..], ["ReLU→_", "h(3)=_"], "{row:?}");
    assert!(!row.iter().any(|line| line.contains("23") || line.contains(['✓', '✗'])), "{row:?}");
    let running = lines("n n 3 j");
    assert!(running.contains(&"2·2+3·12".to_owned()) && running.contains(&"Σ=40".to_owned()), "{running:?}");
    let sum = lines("n n 6 j");
    assert!(sum.contains(&"=23".to_owned()) && sum.contains(&"h(3)=_".to_owned()), "{sum:?}");
    let complete = lines("n n 8 j");
    assert!(complete.contains(&"h(3)=23✗".to_owned()), "{complete:?}");
    for micro_step in 1..=6 {
        let mut state = stepper(scenario("intro"), large(), &format!("n n {micro_step} j"));
        let seen = text(&frame(&mut state, (80, 24)));
        assert!(!seen.contains("✗ computed") && !seen.contains("✓ computed"), "{seen}");
    }
}

#[test]
fn nothing_of_a_later_timestep_is_shown() {
    let then = text(&screen("intro", large(), "n n p", (80, 24)));
    assert_eq!(then, text(&screen("intro", large(), "n", (80, 24))));
}
