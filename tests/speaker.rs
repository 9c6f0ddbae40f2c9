//! The lecturer's screen as reviewed snapshots, and what the stepper says about itself read with suspicion.
#![allow(clippy::unwrap_used)]

#[macro_use]
mod common;

use std::io::BufReader;
use std::time::Duration;

use celda::app::action::Action;
use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::settings::{Charset, Language, NumberFormat, Settings, Veil};
use celda::app::speaker::{Clock, Position, Speaker};
use celda::app::state::State;
use celda::companion::message::{self, Misunderstood};
use celda::companion::position::{Teller, position};
use celda::scenario::Scenario;
use celda::scenario::load::Origin;
use celda::scenario::text::Text;
use celda::view::speaker::{draw, scroll_limit};
use common::{press, scenario, scenario_of, stepper, text};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Twenty to three, a little over an hour into the lecture.
const CLOCK: Clock = Clock { time: [14, 40, 5], elapsed: Duration::from_secs(3725), rest: Duration::from_millis(300) };

/// What a stepper in this state tells.
fn told(state: &State) -> Position {
    let opened = Opened { name: "intro".into(), origin: Origin::BuiltIn, group: Group::BuiltIn, state: state.clone() };
    position(&mut Lecture::new(opened, Vec::new()), &Teller { pid: 4711, since: 1_700_000_000 })
}

/// What a stepper tells after some keys.
fn position_of(scenario: Scenario, keys: &str) -> Position {
    told(&stepper(scenario, Settings::default(), keys))
}

fn screen_of(speaker: &mut Speaker, size: (u16, u16)) -> Buffer {
    speaker.fit(scroll_limit(speaker, size));
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    draw(speaker, CLOCK, &mut buffer);
    buffer
}

fn screen(name: &str, keys: &str, language: Language, size: (u16, u16)) -> Buffer {
    let settings = Settings { language, ..Settings::default() };
    screen_of(&mut Speaker::new(position_of(scenario(name), keys), settings), size)
}

snapshots! {
    the_notes: screen("intro", "n", Language::En, (80, 24));
    the_notes_in_spanish: screen("intro", "n", Language::Es, (80, 24));
    on_a_small_screen: screen("intro", "n", Language::En, (40, 12));
    on_a_small_screen_in_spanish: screen("intro", "n", Language::Es, (40, 12));
    on_a_large_screen: screen("intro", "n", Language::En, (120, 40));
    on_a_large_screen_in_spanish: screen("intro", "n", Language::Es, (120, 40));
    at_the_last_timestep: screen("intro", "end", Language::En, (80, 24));
    with_gates_and_layers: screen("counter", "2 n", Language::Es, (80, 24));
}

const EXPLODING: &str = "title = \"It explodes\"\n[input]\nrows = [[1e200], [1e200], [1]]\n[[layer]]\nkind = \"rnn\"\n\
                         activation = \"linear\"\ninput_weights = [[1]]\nrecurrent_weights = [[1e200]]\n";

#[test]
fn names_are_in_the_lecturer_s_language_whatever_the_stepper_s_is() {
    const TWO_OUTPUTS: &str = r#"
title = { en = "Two", es = "Dos" }
[input]
rows = [[1]]
labels = [{ en = "write", es = "escribir" }]
[[layer]]
kind = "dense"
weights = [[1], [2]]
unit_names = [{ en = "once", es = "una vez" }, { en = "twice", es = "dos veces" }]
"#;
    for (stepper_s, own, seen) in [
        (Language::En, Language::Es, ["Dos", "t = 0 · escribir", "Salida: una vez 1, dos veces 2"]),
        (Language::Es, Language::En, ["Two", "t = 0 · write", "Output: once 1, twice 2"]),
    ] {
        let [stepper_s, own] = [stepper_s, own].map(|language| Settings { language, ..Settings::default() });
        let position = told(&stepper(scenario_of(TWO_OUTPUTS), stepper_s, ""));
        let arrived = message::parse(&message::line(&position)).unwrap();
        let screen = text(&screen_of(&mut Speaker::new(arrived, own), (80, 24)));
        assert!(seen.iter().all(|seen| screen.contains(seen)), "{seen:?}\n{screen}");
    }
}

#[test]
fn infinities_have_a_name_in_ascii() {
    let settings = Settings { charset: Charset::Ascii, ..Settings::default() };
    let mut speaker = Speaker::new(position_of(scenario_of(EXPLODING), ""), settings);
    let screen = text(&screen_of(&mut speaker, (80, 24)));
    assert!(screen.contains("Output inf") && screen.is_ascii(), "{screen}");
}

#[test]
fn the_next_result_is_the_one_the_stepper_comes_to() {
    for (name, last) in [("intro", 3), ("counter", 9), ("sunspots", 40)] {
        let mut state = stepper(scenario(name), Settings::default(), "");
        for _ in 0..last {
            let announced = told(&state).next.unwrap();
            press(&mut state, "n");
            assert_eq!(told(&state).now, announced, "{name}");
        }
    }
    assert_eq!(position_of(scenario("intro"), "end").next, None);
}

#[test]
fn what_is_still_covered_on_the_stepper_is_told_and_said_to_be() {
    let veiled = Settings { veil: Veil::On, ..Settings::default() };
    for (settings, keys, place) in
        [(veiled, "n n", "t = 1 · the row arrives"), (Settings::default(), "n down down", "t = 2 · z · product 1/4")]
    {
        let state = stepper(scenario("intro"), settings, keys);
        let screen = text(&screen_of(&mut Speaker::new(told(&state), Settings::default()), (80, 24)));
        let output = if settings.veil == Veil::On { "Output 0" } else { "Output 170" };
        assert!(screen.contains(&format!("{output} (not shown yet)")) && screen.contains(place), "{screen}");
        assert!(!screen.contains('_'), "{screen}");
    }
    let shown = text(&screen("intro", "n", Language::En, (80, 24)));
    assert!(!shown.contains("not shown yet"), "{shown}");
}

#[test]
fn numbers_are_those_the_audience_sees() {
    let sunspots = |settings| told(&stepper(scenario("sunspots"), settings, "")).now.outputs[0].value.clone();
    let short = sunspots(Settings { precision: 3, ..Settings::default() });
    let full = sunspots(Settings { numbers: NumberFormat::Full, ..Settings::default() });
    assert!(short.len() < full.len(), "{short} {full}");
}

#[test]
fn an_output_that_is_computed_at_the_last_timestep_only_is_said_to_be() {
    let toml = "title = \"Last\"\n[input]\nrows = [[1], [2], [3]]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[1]]\n\
                recurrent_weights = [[1]]\n[[layer]]\nkind = \"dense\"\napply = \"last\"\nweights = [[1]]\n";
    let position = position_of(scenario_of(toml), "J");
    assert!(position.now.outputs.is_empty());
    let screen = text(&screen_of(&mut Speaker::new(position, Settings::default()), (80, 24)));
    assert!(screen.contains("Output: computed at the last timestep only"), "{screen}");
}

#[test]
fn of_many_outputs_the_number_of_those_not_told_is() {
    let weights = vec!["[1]"; 300].join(", ");
    let toml = format!("title = \"Many\"\n[input]\nrows = [[1]]\n[[layer]]\nkind = \"dense\"\nweights = [{weights}]\n");
    let position = position_of(scenario_of(&toml), "");
    assert_eq!((position.now.outputs.len(), position.now.more), (12, 288));
}

#[test]
fn a_message_is_bounded_whatever_the_scenario_holds() {
    let long = "ñ\"\\\\".repeat(300_000);
    let toml = format!(
        "title = \"{long}\"\n[input]\nrows = [[1], [2]]\nlabels = [\"{long}\", \"b\"]\n[[layer]]\nkind = \"dense\"\n\
         unit_names = [\"{long}\"]\nweights = [[1]]\n[[note]]\nstep = 0\ntext = \"{long}\"\n",
        long = long.replace('"', "\\\"")
    );
    let line = message::line(&position_of(scenario_of(&toml), ""));
    assert!(line.len() < message::LONGEST, "{}", line.len());
    assert!(message::parse(&line).unwrap().now.notes.get(Language::En).ends_with('…'));
}

#[test]
fn long_notes_are_scrolled_to_their_end_and_back_at_the_next_timestep() {
    let lines: Vec<String> = (1..=40).map(|i| format!("line {i} of it")).collect();
    let note = lines.join("\n");
    let toml = format!(
        "title = \"Long\"\n[input]\nrows = [[1], [2], [3]]\n[[layer]]\nkind = \"dense\"\nweights = [[1]]\n\
         [[note]]\nstep = 0\ntext = \"\"\"\n{note}\"\"\"\n[[note]]\nstep = 1\ntext = \"\"\"\n{note}\nthe end\"\"\"\n"
    );
    let mut state = stepper(scenario_of(&toml), Settings::default(), "");
    let mut speaker = Speaker::new(told(&state), Settings::default());
    let size = (80, 24);
    assert!(!text(&screen_of(&mut speaker, size)).contains("line 40 of it"));
    let mut seen = String::new();
    for _ in 0..200 {
        speaker.update(Action::ScrollDown);
        seen += &text(&screen_of(&mut speaker, size));
    }
    assert!(lines.iter().chain([&"the end".to_owned()]).all(|line| seen.contains(line)));
    press(&mut state, "n");
    speaker.take(told(&state));
    assert!(text(&screen_of(&mut speaker, size)).contains("line 1 of it"));
}

#[test]
fn another_version_is_told_from_nonsense() {
    let of = |format: &str| message::parse(format!(r#"{{"format":"{format}","position":{{"new":1}}}}"#).as_bytes());
    assert_eq!(of("celda.notes/2"), Err(Misunderstood::Version("celda.notes/2".into())));
    assert_eq!(of("celda.notes/1"), Err(Misunderstood::Nonsense));
    assert_eq!(of(r"celda\u001b[31m"), Err(Misunderstood::Version("celda␛[31m".into())));
}

#[test]
fn a_line_without_an_end_is_none_and_one_that_is_too_long_is_nonsense() {
    let line = message::line(&position_of(scenario("intro"), ""));
    let read = |bytes: &[u8]| message::read(&mut BufReader::new(bytes)).map_err(|error| error.to_string());
    assert!(read(&line).unwrap().is_some());
    assert_eq!(read(&line[..line.len() - 1]), Ok(None));
    assert_eq!(read(b""), Ok(None));
    assert_eq!(read(&vec![b' '; message::LONGEST + 9]), Err(Misunderstood::Nonsense.to_string()));
}

fn changed(mut position: Position, said: &str, t: usize) -> Position {
    let text = || Text::same(said);
    position.title = text();
    position.name = said.into();
    position.now.t = t;
    position.now.label = Some(text());
    position.now.notes = text();
    position.now.formula.push(text());
    position.now.outputs[0].name = text();
    position.now.outputs[0].value = said.into();
    position.next = None;
    position
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = message::parse(&bytes);
    }

    #[test]
    fn no_damage_to_a_line_makes_it_panic(at in 0_usize..1500, byte in any::<u8>(), end in 0_usize..3000) {
        let mut line = message::line(&position_of(scenario("intro"), ""));
        let at = at % line.len();
        line[at] = byte;
        line.truncate(end.max(1));
        if let Ok(position) = message::parse(&line) {
            screen_of(&mut Speaker::new(position, Settings::default()), (80, 24));
        }
    }

    #[test]
    fn whatever_is_said_nothing_drives_the_terminal(said in any::<String>(), t in any::<usize>(), size in (0_u16..200, 0_u16..60)) {
        let line = message::line(&changed(position_of(scenario("intro"), ""), &said, t));
        prop_assert_eq!(line.iter().filter(|&&byte| byte == b'\n').count(), 1);
        let position = message::parse(&line).unwrap();
        let screen = screen_of(&mut Speaker::new(position, Settings::default()), size);
        prop_assert!(screen.content.iter().all(|cell| !cell.symbol().contains(char::is_control)));
    }

    #[test]
    fn what_is_said_is_what_is_heard(said in "[^\\p{C}\u{2028}-\u{202e}\u{2066}-\u{2069}]*", t in any::<usize>()) {
        let position = changed(position_of(scenario("intro"), ""), &said, t);
        prop_assert_eq!(message::parse(&message::line(&position)), Ok(position));
    }
}
