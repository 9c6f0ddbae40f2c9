//! Several scenarios in one lecture: the list, what is kept of each, what they share; whole screens as snapshots.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::keymap;
use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::settings::{Charset, Language, Settings};
use celda::app::state::{Outcome, Overlay, State, Zoom};
use celda::report::frame;
use celda::scenario::builtin;
use celda::scenario::load::Origin;
use common::{scenario, scenario_of, text, with_styles};

const SIZE: (u16, u16) = (80, 24);

/// A scenario of four timesteps from a file.
fn file(name: &str, title: &str) -> Opened {
    let toml = format!(
        "title = \"{title}\"\ndescription = \"What {title} teaches.\"\n[input]\nrows = [[1], [2], [3], [4]]\n\
         [[layer]]\nkind = \"rnn\"\ninput_weights = [[1], [2]]\nrecurrent_weights = [[0, 0], [0, 0]]\n"
    );
    let state = State::new(scenario_of(&toml), Settings::default());
    Opened { name: name.into(), origin: Origin::File, group: Group::Given, state }
}

/// Two files in a folder, the first shown.
fn two_files() -> Lecture {
    Lecture::new(file("course/first.toml", "Warm-up"), vec![file("course/second.toml", "Finale")])
}

/// The built-in scenario that is shown where none is named.
fn unnamed(settings: Settings) -> Lecture {
    let state = State::new(scenario("intro"), settings);
    Lecture::new(Opened { name: "intro".into(), origin: Origin::BuiltIn, group: Group::BuiltIn, state }, Vec::new())
}

fn press(lecture: &mut Lecture, keys: &str) -> Outcome {
    let mut outcome = Outcome::Go;
    for key in keys.split(' ') {
        frame::draw_lecture(lecture, SIZE);
        let key = key.parse().unwrap_or_else(|error| panic!("{error:?}"));
        outcome = keymap::action(key, lecture.mode()).map_or(Outcome::Go, |action| lecture.update(action));
    }
    outcome
}

fn after(mut lecture: Lecture, keys: &str) -> Lecture {
    press(&mut lecture, keys);
    lecture
}

fn names(lecture: &Lecture) -> Vec<String> {
    lecture.lines().iter().map(|line| line.name.to_owned()).collect()
}

fn title(lecture: &Lecture) -> &str {
    lecture.state().scenario().title.get(Language::En)
}

#[test]
fn the_list_has_the_given_ones_then_the_built_in_ones() {
    let lecture = after(two_files(), "C-o");
    let built_in = builtin::ALL.iter().map(|builtin| builtin.name.to_owned());
    let expected: Vec<String> = ["course/first.toml".into(), "course/second.toml".into()].into_iter().chain(built_in).collect();
    assert_eq!(names(&lecture), expected);
}

#[test]
fn a_built_in_one_that_is_given_is_listed_once() {
    let lecture = after(unnamed(Settings::default()), "C-o");
    assert_eq!(names(&lecture), builtin::ALL.iter().map(|builtin| builtin.name).collect::<Vec<_>>());
}

#[test]
fn a_file_given_twice_is_in_the_list_twice_and_each_keeps_its_own_place() {
    let mut lecture = Lecture::new(file("same.toml", "Same"), vec![file("same.toml", "Same")]);
    press(&mut lecture, "n n C-o down enter");
    assert_eq!(lecture.state().t(), 0);
    press(&mut lecture, "n C-o up enter");
    assert_eq!(lecture.state().t(), 2);
}

#[test]
fn built_in_scenarios_are_read_when_the_list_opens() {
    assert_eq!(names(&two_files()).len(), 2);
    assert_eq!(names(&after(two_files(), "C-o")).len(), 2 + builtin::ALL.len());
}

#[test]
fn the_list_opens_on_the_scenario_shown() {
    let mut lecture = two_files();
    press(&mut lecture, "C-o down enter C-o");
    assert_eq!(lecture.list().unwrap().chosen, 1);
    assert!(lecture.lines()[1].is_shown);
}

#[test]
fn arrows_and_tab_go_round_the_list_and_enter_opens() {
    for (keys, shown) in [
        ("C-o down enter", "Finale"),
        ("C-o tab enter", "Finale"),
        ("C-o down up enter", "Warm-up"),
        ("C-o tab backtab enter", "Warm-up"),
        ("C-o down down enter", "One recurrent cell"),
        ("C-o up enter", "A trained GRU: sunspots, 1700 to 2008"),
        ("C-o up down enter", "Warm-up"),
    ] {
        let lecture = after(two_files(), keys);
        assert_eq!((title(&lecture), lecture.list().is_none()), (shown, true), "{keys}");
    }
}

#[test]
fn esc_closes_the_list_and_leaves_the_scenario_as_it_was() {
    let lecture = after(two_files(), "n C-o down esc");
    assert!(lecture.list().is_none());
    assert_eq!((title(&lecture), lecture.state().t()), ("Warm-up", 1));
}

#[test]
fn typing_filters_by_name_title_and_what_is_taught_in_any_case_and_without_accents() {
    for (language, typed, found) in [
        (Language::En, "C-o s e c o n d", &["course/second.toml"][..]),
        (Language::En, "C-o F I N A L E", &["course/second.toml"]),
        (Language::En, "C-o t e a c h e s", &["course/first.toml", "course/second.toml"]),
        (Language::En, "C-o t e a c h e s space f i r", &["course/first.toml"]),
        (Language::Es, "C-o d e s p u e s", &["gru-after"]),
        (Language::En, "C-o z q x", &[]),
    ] {
        let mut lecture = two_files();
        if language == Language::Es {
            press(&mut lecture, "L");
        }
        press(&mut lecture, typed);
        assert_eq!(names(&lecture), found, "{typed}");
    }
}

#[test]
fn the_filter_can_be_corrected_and_the_first_line_that_holds_it_is_opened() {
    let mut lecture = two_files();
    press(&mut lecture, "C-o down f i n x");
    assert!(names(&lecture).is_empty());
    press(&mut lecture, "enter down up");
    assert!(lecture.list().is_some(), "there is nothing to open");
    press(&mut lecture, "backspace enter");
    assert_eq!(title(&lecture), "Finale");
}

#[test]
fn each_scenario_keeps_its_place_while_another_is_shown() {
    let mut lecture = two_files();
    press(&mut lecture, "n n tab Z o C-o down enter");
    let state = lecture.state();
    assert_eq!((state.t(), state.focus().unit, state.zoom(), state.notes()), (0, 0, Zoom::Cell, None));
    press(&mut lecture, "n C-o up enter");
    let state = lecture.state();
    assert_eq!((state.t(), state.focus().unit, state.zoom(), state.notes()), (2, 1, Zoom::Layer, Some(0)));
    press(&mut lecture, "C-o");
    assert_eq!(lecture.lines()[1].t, 1);
}

#[test]
fn edits_of_a_scenario_that_is_not_shown_are_marked_in_the_list_and_named_before_quitting() {
    let mut lecture = after(two_files(), "e 9 enter C-o down enter C-o");
    let seen = text(&frame::draw_lecture(&mut lecture, SIZE));
    let row = |name: &str| seen.lines().find(|row| row.contains(name)).unwrap().to_owned();
    assert!(row("first.toml").contains("✎ edited") && !row("second.toml").contains('✎'), "{seen}");
    let asked = |lecture: &mut Lecture| text(&frame::draw_lecture(lecture, SIZE)).lines().last().unwrap().to_owned();
    press(&mut lecture, "esc q");
    let question = asked(&mut lecture);
    assert!(question.contains("without writing the edits of course/first.toml?"), "{question}");
    press(&mut lecture, "n C-o up enter q");
    let question = asked(&mut lecture);
    assert!(question.contains("quit without writing the edits?"), "{question}");
    assert_eq!(press(&mut lecture, "y"), Outcome::Quit);
}

#[test]
fn language_theme_and_numbers_are_those_of_the_lecture() {
    let mut lecture = two_files();
    press(&mut lecture, "C-o down enter C-o up enter L t f C-o down enter");
    let second = *lecture.state().settings();
    press(&mut lecture, "C-o g r u - a enter");
    let third = *lecture.state().settings();
    for settings in [second, third] {
        let expected = Settings::default();
        assert_eq!(settings.language, expected.language.next());
        assert_eq!(settings.theme, expected.theme.next());
        assert_eq!(settings.numbers, expected.numbers.next());
    }
}

#[test]
fn the_list_brings_a_blank_screen_back() {
    let mut lecture = two_files();
    press(&mut lecture, "b C-o");
    assert!(lecture.list().is_some());
    assert_eq!(lecture.state().overlay(), Overlay::None);
}

#[test]
fn keys_in_the_list_are_text_but_control_keys_end_and_suspend() {
    let mut lecture = after(two_files(), "C-o q");
    assert_eq!(lecture.list().unwrap().filter.text(), "q");
    assert_eq!(press(&mut lecture, "C-z"), Outcome::Suspend);
    assert_eq!(press(&mut lecture, "C-c"), Outcome::Interrupt);
}

#[test]
fn the_list_on_screens_of_every_size() {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        for language in Language::ALL {
            let settings = Settings { language, ..Settings::default() };
            let mut lecture = after(unnamed(settings), "n C-o c o u n t e r enter n n n C-o");
            let buffer = frame::draw_lecture(&mut lecture, (width, height));
            insta::assert_snapshot!(format!("list-{width}x{height}-{}", language.code()), with_styles(&buffer));
        }
    }
}

#[test]
fn the_list_of_given_files_filtered() {
    let mut lecture = after(two_files(), "n C-o f i n");
    insta::assert_snapshot!("list-filtered", with_styles(&frame::draw_lecture(&mut lecture, SIZE)));
    press(&mut lecture, "C-u z q x");
    insta::assert_snapshot!("list-nothing", with_styles(&frame::draw_lecture(&mut lecture, SIZE)));
}

#[test]
fn the_list_is_drawn_at_any_size_and_in_ascii() {
    let mut lecture = after(unnamed(Settings { charset: Charset::Ascii, ..Settings::default() }), "C-o down");
    for size in [(0, 0), (1, 1), (1, 50), (50, 1), (8, 3), (20, 5), (39, 11), (300, 100)] {
        assert!(text(&frame::draw_lecture(&mut lecture, size)).is_ascii(), "{size:?}");
    }
}
