//! What each key does: where the stepper stands, the keys, where it stands then.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::key::Key;
use celda::app::keymap::{BINDINGS, COUNT, FIELD_BINDINGS};
use celda::app::notice::{Notice, Refusal};
use celda::app::request::Request;
use celda::app::settings::{Charset, Language, Settings};
use celda::app::state::{Change, Outcome, Overlay, State};
use celda::engine::cell::GateName;
use celda::engine::parameter::{Parameter, Part};
use celda::scenario::Scenario;
use celda::scenario::edit::Number;
use celda::scenario::text::Text;
use celda::view::Layout;
use celda::view::text::LEGEND;
use common::{frame, press, scenario, scenario_of, stepper, text};

fn at(state: &State) -> String {
    let focus = state.focus();
    format!("t={} layer={} unit={}", state.t(), focus.layer + 1, focus.unit + 1)
}

/// Presses the keys of the first string, checks where that leads, presses those of the third, checks again.
fn walk(name: &str, steps: &[(&str, &str, &str)]) {
    for (before, keys, after) in steps {
        let mut state = stepper(scenario(name), Settings::default(), before);
        let from = at(&state);
        press(&mut state, keys);
        assert_eq!(at(&state), *after, "{name}: {before:?} leads to {from}, then {keys:?}");
    }
}

#[test]
fn motions_move_over_the_timesteps_of_intro() {
    walk(
        "intro",
        &[
            ("", "n", "t=1 layer=1 unit=1"),
            ("", "right", "t=1 layer=1 unit=1"),
            ("", "l", "t=1 layer=1 unit=1"),
            ("", "space", "t=1 layer=1 unit=1"),
            ("", "enter", "t=1 layer=1 unit=1"),
            ("n n", "p", "t=1 layer=1 unit=1"),
            ("n n", "left", "t=1 layer=1 unit=1"),
            ("n n", "h", "t=1 layer=1 unit=1"),
            ("n n", "backspace", "t=1 layer=1 unit=1"),
            ("", "p", "t=0 layer=1 unit=1"),
            ("", "end", "t=3 layer=1 unit=1"),
            ("", "G", "t=3 layer=1 unit=1"),
            ("end", "n", "t=3 layer=1 unit=1"),
            ("end", "home", "t=0 layer=1 unit=1"),
            ("end", "0", "t=0 layer=1 unit=1"),
        ],
    );
}

#[test]
fn a_clicker_steps_forward_and_back() {
    walk("intro", &[("", "pgdn", "t=1 layer=1 unit=1"), ("end", "pgup", "t=2 layer=1 unit=1")]);
}

#[test]
fn a_number_repeats_a_motion_and_names_a_timestep() {
    walk(
        "intro",
        &[
            ("", "2 n", "t=2 layer=1 unit=1"),
            ("", "2 G", "t=2 layer=1 unit=1"),
            ("end", "2 p", "t=1 layer=1 unit=1"),
            ("", "1 0 n", "t=3 layer=1 unit=1"),
            ("", "9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 n", "t=3 layer=1 unit=1"),
            ("", "1 2 G", "t=3 layer=1 unit=1"),
            ("", "2 esc n", "t=1 layer=1 unit=1"),
            ("", "3 t n", "t=1 layer=1 unit=1"),
        ],
    );
}

#[test]
fn units_and_layers_go_round() {
    walk(
        "network",
        &[
            ("", "tab", "t=0 layer=1 unit=2"),
            ("", "tab tab tab", "t=0 layer=1 unit=1"),
            ("", "backtab", "t=0 layer=1 unit=3"),
            ("", "2 tab", "t=0 layer=1 unit=3"),
            ("", "J", "t=0 layer=2 unit=1"),
            ("", "J J J", "t=0 layer=1 unit=1"),
            ("", "K", "t=0 layer=3 unit=1"),
            ("n tab", "J", "t=1 layer=2 unit=1"),
            ("n tab", "n", "t=2 layer=1 unit=2"),
        ],
    );
}

#[test]
fn with_one_layer_another_layer_is_the_same_one() {
    walk("intro", &[("n", "J", "t=1 layer=1 unit=1"), ("n", "tab", "t=1 layer=1 unit=1")]);
}

#[test]
fn esc_closes_the_help_then_the_notes_and_nothing_else() {
    let mut state = stepper(scenario("intro"), Settings::default(), "n o ?");
    assert!(matches!(state.overlay(), Overlay::Help(_)));
    press(&mut state, "esc");
    assert_eq!((state.overlay(), state.notes().is_some()), (Overlay::None, true));
    press(&mut state, "esc");
    assert_eq!(state.notes(), None);
    press(&mut state, "esc");
    assert_eq!(at(&state), "t=1 layer=1 unit=1");
}

#[test]
fn the_pieces_of_a_torn_arrow_do_nothing_alone() {
    for piece in ["[", "O", "A", "B", "C", "D", "E", "F", "H"] {
        let mut state = stepper(scenario("network"), Settings::default(), "2 n tab");
        let before = (at(&state), state.overlay(), state.notes());
        press(&mut state, piece);
        assert_eq!((at(&state), state.overlay(), state.notes()), before, "{piece}");
    }
}

#[test]
fn the_help_scrolls_no_further_than_its_end() {
    let mut state = stepper(scenario("intro"), Settings::default(), "? 9 9 j");
    let Overlay::Help(end) = state.overlay() else { panic!("the help is open") };
    press(&mut state, "k");
    assert_eq!(state.overlay(), Overlay::Help(end.saturating_sub(1)));
}

#[test]
fn every_line_of_the_help_fits_the_smallest_screen() {
    let phrases = BINDINGS
        .iter()
        .chain(&FIELD_BINDINGS)
        .map(|binding| binding.help)
        .chain([COUNT.1])
        .chain(LEGEND.map(|(_, meaning)| meaning));
    for text in phrases.flat_map(|phrase| Language::ALL.map(|language| phrase.get(language))) {
        assert!(text.chars().count() <= 35, "{} columns: {text}", text.chars().count());
    }
}

#[test]
fn no_key_is_bound_twice() {
    let keys: Vec<Key> = BINDINGS.iter().flat_map(|binding| binding.keys.iter().copied()).collect();
    for (i, key) in keys.iter().enumerate() {
        assert!(!keys[..i].contains(key), "{key:?} is bound twice");
    }
}

#[test]
fn every_key_of_the_table_is_read_from_its_name() {
    let names = [
        ("right", Key::Right),
        ("left", Key::Left),
        ("up", Key::Up),
        ("down", Key::Down),
        ("home", Key::Home),
        ("end", Key::End),
        ("pgup", Key::PageUp),
        ("pgdn", Key::PageDown),
        ("tab", Key::Tab),
        ("backtab", Key::BackTab),
        ("enter", Key::Enter),
        ("backspace", Key::Backspace),
        ("esc", Key::Esc),
        ("space", Key::Char(' ')),
        ("comma", Key::Char(',')),
        ("f1", Key::F(1)),
        ("C-c", Key::Ctrl('c')),
        ("C-l", Key::Ctrl('l')),
        ("C-o", Key::Ctrl('o')),
        ("C-r", Key::Ctrl('r')),
        ("C-e", Key::Ctrl('e')),
        ("C-y", Key::Ctrl('y')),
        ("C-z", Key::Ctrl('z')),
    ];
    for (name, key) in names {
        assert_eq!(name.parse(), Ok(key));
    }
    for key in BINDINGS.iter().flat_map(|binding| binding.keys) {
        let named = names.iter().any(|(_, known)| known == key);
        let read = key.shown(Charset::Ascii, Language::En).parse::<Key>();
        assert!(named || read == Ok(*key), "{key:?} has no name");
    }
    assert!("nonsense".parse::<Key>().unwrap_err().get(Language::En).contains("pgdn"));
}

#[test]
fn a_number_before_the_last_key_names_a_timestep_among_many() {
    let rows: Vec<String> = (0..40).map(|t| format!("[{t}]")).collect();
    let toml = format!(
        "title = \"Long\"\n[input]\nrows = [{}]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\nrecurrent_weights = [[0]]\n",
        rows.join(", ")
    );
    let mut state = stepper(scenario_of(&toml), Settings::default(), "1 2 G");
    assert_eq!(state.t(), 12);
    press(&mut state, "5 n");
    assert_eq!(state.t(), 17);
    press(&mut state, "1 0 p");
    assert_eq!(state.t(), 7);
}

#[test]
fn esc_on_a_blank_screen_only_brings_it_back() {
    let state = stepper(scenario("intro"), Settings::default(), "n o b esc");
    assert_eq!((state.overlay(), state.notes(), state.t()), (Overlay::None, Some(0), 1));
}

#[test]
fn a_blank_screen_comes_back_with_what_was_open() {
    let state = stepper(scenario("intro"), Settings::default(), "? j b b");
    assert!(matches!(state.overlay(), Overlay::Help(_)));
}

/// A cell with so many inputs that most of its terms have no room.
fn many_terms() -> Scenario {
    let numbers = vec!["1"; 60].join(", ");
    scenario_of(&format!(
        "title = \"Many\"\n[input]\nrows = [[{numbers}]]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[{numbers}]]\n\
         recurrent_weights = [[0]]\n"
    ))
}

#[test]
fn the_terms_scroll_no_further_than_their_end() {
    let mut state = stepper(many_terms(), Settings::default(), "9 9 9 C-e");
    let end = state.first_term();
    assert!(end > 40, "there is a lot to scroll");
    press(&mut state, "C-y");
    assert_eq!(state.first_term(), end - 1, "the first key up moves");
}

#[test]
fn the_terms_scroll_back_where_a_larger_screen_shows_them_all() {
    let mut state = stepper(many_terms(), Settings::default(), "9 9 9 C-e");
    let large = (200, 200);
    Layout::fitted(&mut state, large);
    assert_eq!(state.first_term(), 0);
}

#[test]
fn notes_that_are_all_seen_do_not_scroll() {
    assert_eq!(stepper(scenario("intro"), Settings::default(), "o 9 9 9 C-e").notes(), Some(0));
}

#[test]
fn notes_under_the_help_are_not_scrolled_beyond_a_larger_screen() {
    let mut state = stepper(scenario("intro"), Settings::default(), "o");
    let small = (40, 12);
    Layout::fitted(&mut state, small);
    state.update(Action::ScrollDown);
    assert_eq!(state.notes(), Some(1));
    state.update(Action::Help);
    let large = (120, 40);
    Layout::fitted(&mut state, large);
    assert_eq!(state.notes(), Some(0));
}

#[test]
fn saving_the_frame_asks_for_it_as_it_is_and_brings_a_blank_screen_back() {
    let mut state = stepper(scenario("intro"), Settings::default(), "n");
    let shown = text(&frame(&mut state, (80, 24)));
    assert_eq!(state.update(Action::SaveFrame), Outcome::Ask(Request::SaveFrame));
    assert_eq!(state.change(), Change::Forward(0), "what is new stays marked");
    assert_eq!(text(&frame(&mut state, (80, 24))), shown);
    press(&mut state, "? b");
    assert_eq!(state.update(Action::SaveFrame), Outcome::Ask(Request::SaveFrame));
    assert!(matches!(state.overlay(), Overlay::Help(_)));
}

/// Everything that can be said of a saved file.
fn notices() -> Vec<Notice> {
    let refusals =
        [Refusal::Forbidden, Refusal::FolderGone, Refusal::Full, Refusal::NamesTaken, Refusal::Other(Text::same("odd"))];
    let saved = |folder: Option<&str>| Notice::Saved { file: "intro-t1.svg".into(), folder: folder.map(str::to_owned) };
    let weight = Part::Weight(GateName::Hidden, 1);
    let elsewhere = [
        Notice::InAnotherFile {
            number: Number::Parameter(Parameter { layer: 0, pass: 0, unit: 0, part: weight }),
            others: 2,
            file: "a.npz".into(),
        },
        Notice::FileElsewhere { file: "sunspots.csv".into() },
    ];
    let saved = [saved(None), saved(Some("/lectures"))];
    refusals.map(Notice::NotSaved).into_iter().chain(elsewhere).chain(saved).collect()
}

#[test]
fn what_came_of_saving_is_said_whole_in_the_last_line_until_the_next_key() {
    for language in Language::ALL {
        for notice in notices() {
            let mut state = stepper(scenario("intro"), Settings { language, ..Settings::default() }, "n");
            let before = text(&frame(&mut state, (80, 24)));
            state.tell(notice.clone());
            let said = text(&frame(&mut state, (80, 24)));
            let (panels, last) = said.trim_end().rsplit_once('\n').unwrap();
            assert!(before.starts_with(panels), "only the last line is another");
            assert!(last.starts_with(" ✓ ") || last.starts_with(" ✗ "), "{last}");
            assert!(!last.contains('…'), "{last}");
            press(&mut state, "esc");
            assert_eq!(text(&frame(&mut state, (80, 24))), before, "Esc closes nothing else");
        }
    }
}

#[test]
fn what_came_of_saving_is_said_over_help_and_on_the_smallest_screens() {
    for notice in notices() {
        for (width, height) in [(39, 11), (40, 12), (10, 2), (1, 1), (0, 0)] {
            let mut state = stepper(scenario("intro"), Settings::default(), "?");
            state.tell(notice.clone());
            let said = text(&frame(&mut state, (width, height)));
            let mark = said.lines().last().is_some_and(|line| line.contains(['✓', '✗']));
            assert_eq!(mark, width >= 10, "{width} × {height}:\n{said}");
        }
    }
}
