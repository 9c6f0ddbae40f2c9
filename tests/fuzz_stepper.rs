//! A stepper that is sent anything, at any size of screen: no panic, no end but by `q`, and a screen that can be shown.
//!
//! `PROPTEST_CASES=100000 cargo test --test fuzz_stepper` looks longer.
#![allow(clippy::unwrap_used)]

#[path = "common/cases.rs"]
mod cases;

use std::path::Path;
use std::time::{Duration, Instant};

use cases::config;
use celda::app::key::Key;
use celda::app::keymap::{self, BINDINGS};
use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::mouse;
use celda::app::notice::Notice;
use celda::app::request::Request;
use celda::app::settings::{Charset, ColorDepth, Language, NumberFormat, Settings, TextSize, Theme, Veil};
use celda::app::state::{Outcome, State};
use celda::companion::message;
use celda::companion::position::{Teller, position};
use celda::report::{frame, plain, svg};
use celda::scenario::Scenario;
use celda::scenario::build::build;
use celda::scenario::builtin;
use celda::scenario::fault::{Fault, Source};
use celda::scenario::file::{Folder, Reach};
use celda::scenario::load::{Origin, load};
use celda::scenario::rewrite::rewritten;
use celda::scenario::text::Phrase;
use celda::terminal::Input;
use celda::terminal::decoder::Decoder;
use celda::view;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const MESSAGE: Phrase = Phrase { en: "message", es: "mensaje" };

const HELP: Phrase = Phrase { en: "help", es: "ayuda" };

/// Longer than any one thing may take, on a machine that does much else.
const HANG: Duration = Duration::from_secs(60);

/// Scenarios that are unlike the built-in ones.
const OTHERS: &[&str] = &[
    include_str!("data/layers/rnn-bidirectional.toml"),
    include_str!("data/layers/lstm-peepholes.toml"),
    include_str!("data/layers/lstm-bidirectional.toml"),
    include_str!("data/layers/gru-bidirectional.toml"),
    include_str!("data/layers/gru-reset-before.toml"),
    include_str!("data/layers/conv.toml"),
    include_str!("data/layers/stack.toml"),
    include_str!("data/pasted.toml"),
    include_str!("data/stored.toml"),
    include_str!("data/stored-everywhere.toml"),
    // Overflows to infinities and NaN, names and labels of all widths.
    r#"
title = { en = "再帰ニューラルネットワーク 👩‍👩‍👧 e\u0301\u200b\u202e", es = "\u0301" }
description = ""
[input]
features = ["\u0301", "特徴", "x\u0301\u0301\u0301\u0301", "\u001b[2J"]
rows = [[1e300, -1e300, 1e-300, 0], [1, 2, 3, -0.0], [1e300, 1e300, 1e300, 1e300], [0, 0, 0, 0]]
labels = ["", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", "t\tt", "a very long label that goes on and on and on and on and on and on"]
[[layer]]
kind = "rnn"
name = "層"
unit_names = ["単位", "u", "\u200b"]
activation = "linear"
input_weights = [[1e300, 1, 1, 1], [-1e300, 0, 0, 0], [1e-300, 1e-300, 0, 0]]
recurrent_weights = [[1e300, -1e300, 0], [1e300, 1e300, 1e300], [0, 0, 1]]
[[layer]]
kind = "dense"
activation = "softmax"
weights = [[1, 1, 1], [1e300, 0, 0]]
[expected]
output = [[nan, 1], [1e300, nan], [nan, nan], [0.5, 0.5]]
source = "👩‍👩‍👧"
[[note]]
step = 0
text = """
いろはにほへと

long """
[[note]]
step = 3
text = ""
"#,
    // One of everything.
    "title = \"x\"\n[input]\nrows = [[0]]\n[[layer]]\nkind = \"dense\"\nweights = [[0]]\napply = \"last\"\n",
];

fn built(toml: &str) -> Scenario {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data")).to_owned();
    build(&Source::new("fuzz.toml".into(), toml.into()), &Folder::Disk { path, reach: Reach::Folder }).unwrap()
}

/// Many inputs, many cells, many layers or many timesteps.
fn large(inputs: usize, units: usize, layers: usize, timesteps: usize) -> String {
    let numbers = |count: usize, seed: usize| -> String {
        (0..count).map(|i| format!("{:.2},", ((i * 7919 + seed * 31) % 400) as f64 / 200.0 - 1.0)).collect()
    };
    let matrix =
        |rows: usize, columns: usize| -> String { (0..rows).map(|row| format!("[{}],", numbers(columns, row))).collect() };
    let mut toml = format!("title = \"Large\"\n[input]\nrows = [{}]\n", matrix(timesteps, inputs));
    for layer in 0..layers {
        let (input, recurrent) = (matrix(units, if layer == 0 { inputs } else { units }), matrix(units, units));
        toml += &format!("[[layer]]\nkind = \"rnn\"\ninput_weights = [{input}]\nrecurrent_weights = [{recurrent}]\n");
    }
    toml
}

/// A scenario, said in few words where a test fails.
#[derive(Clone, Debug)]
enum Opens {
    BuiltIn(&'static str),
    Other(usize),
    Large(usize, usize, usize, usize),
}

impl Opens {
    fn scenario(&self) -> Scenario {
        match *self {
            Self::BuiltIn(name) => load(name, Reach::Folder).unwrap().scenario,
            Self::Other(number) => built(OTHERS[number]),
            Self::Large(inputs, units, layers, timesteps) => built(&large(inputs, units, layers, timesteps)),
        }
    }
}

fn scenario() -> impl Strategy<Value = Opens> {
    prop_oneof![
        4 => select(builtin::ALL).prop_map(|builtin| Opens::BuiltIn(builtin.name)),
        4 => (0..OTHERS.len()).prop_map(Opens::Other),
        1 => select(&[(300, 2, 1, 5), (2, 64, 1, 5), (1, 1, 40, 3), (1, 1, 1, 3000)][..])
            .prop_map(|(inputs, units, layers, timesteps)| Opens::Large(inputs, units, layers, timesteps)),
    ]
}

fn settings() -> impl Strategy<Value = Settings> {
    (
        select(&Language::ALL[..]),
        select(&[Theme::Dark, Theme::Light, Theme::Contrast, Theme::Mono][..]),
        select(&[Charset::Unicode, Charset::Ascii][..]),
        select(&[ColorDepth::None, ColorDepth::Ansi, ColorDepth::Indexed, ColorDepth::True][..]),
        select(&[NumberFormat::Short, NumberFormat::Full][..]),
        1..=17_usize,
        prop_oneof![4 => Just(TextSize::Ordinary), 1 => Just(TextSize::Large)],
        prop_oneof![3 => Just(Veil::Off), 1 => Just(Veil::On)],
    )
        .prop_map(|(language, theme, charset, depth, numbers, precision, text, veil)| Settings {
            language,
            theme,
            charset,
            depth,
            numbers,
            precision,
            text,
            veil,
        })
}

/// What a terminal sends for keys, and parts of it.
const SENT: &[&str] = &[
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[Z",
    "\x1b",
    "\x1b[",
    "\x1bO",
    "\x1b[1;5",
    "\t",
    "\r",
    "\x7f",
    " ",
    "\x0f",
    "\x12",
    "\x0c",
    "\x15",
    "\x17",
    "\x1a",
    "0",
    "1",
    "9",
    "99",
    "-",
    "+",
    ".",
    "e",
    "E",
    "y",
    "n",
    "é",
    "再",
    "👩‍👩‍👧",
    "1e400",
    "nan",
    "\x1b[M   ",
    "\x1b[<64;5;5M",
    "\x1b[<65;5;5M",
    "\x1b[200~",
    "\x1b[?62;22c",
    "\x1b]0;x\x07",
    "\u{9b}",
    "\0",
];

/// What befalls a stepper.
#[derive(Clone, Debug)]
enum Event {
    /// Bytes that came together.
    Bytes(Vec<u8>),
    /// Nothing, for a while.
    Silence,
    Click(u16, u16),
    Resize(u16, u16),
    Beat,
    /// Another version of its file.
    Version(usize),
    BadVersion,
}

fn event() -> impl Strategy<Value = Event> {
    let character = |key: &Key| if let Key::Char(c) = key { Some(*c) } else { None };
    let chars: Vec<char> = BINDINGS.iter().flat_map(|binding| binding.keys).filter_map(character).collect();
    let typed = move || select(chars.clone()).prop_map(|c| c.to_string().into_bytes());
    let bytes = prop_oneof![
        8 => typed(),
        8 => select(SENT).prop_map(|sent| sent.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..20),
    ];
    let side = |most: u16| prop_oneof![3 => 0..=most, 1 => 0..=12_u16];
    prop_oneof![
        12 => vec(bytes, 1..5).prop_map(|bytes| Event::Bytes(bytes.concat())),
        1 => Just(Event::Silence),
        2 => (0..200_u16, 0..60_u16).prop_map(|(x, y)| Event::Click(x, y)),
        2 => (side(200), side(60)).prop_map(|(width, height)| Event::Resize(width, height)),
        1 => Just(Event::Beat),
        1 => (0..OTHERS.len()).prop_map(Event::Version),
        1 => Just(Event::BadVersion),
    ]
}

/// A stepper without a terminal.
struct Stepper {
    lecture: Lecture,
    decoder: Decoder,
    size: (u16, u16),
}

impl Stepper {
    fn new(scenario: Scenario, settings: Settings, size: (u16, u16)) -> Self {
        let state = State::new(scenario, settings);
        let opened = Opened { name: "fuzz.toml".into(), origin: Origin::File, group: Group::Given, state };
        Self { lecture: Lecture::new(opened, Vec::new()), decoder: Decoder::default(), size }
    }

    fn meet(&mut self, event: &Event) {
        match event {
            Event::Bytes(bytes) => self.decoder.feed(bytes).into_iter().for_each(|input| self.input(input)),
            Event::Silence => self.decoder.expire().into_iter().for_each(|input| self.input(input)),
            Event::Click(x, y) => self.input(Input::Mouse(mouse::Mouse::Click(*x, *y))),
            Event::Resize(width, height) => self.size = (*width, *height),
            Event::Beat => self.lecture.state_mut().beat(),
            Event::Version(number) => self.lecture.reload(0, Ok(built(OTHERS[*number]))),
            Event::BadVersion => self.lecture.reload(0, Err(Fault::of_file("fuzz.toml", MESSAGE, HELP).into())),
        }
    }

    fn input(&mut self, input: Input) {
        let lecture = &mut self.lecture;
        let action = match input {
            Input::Key(key) => keymap::action(key, lecture.mode()),
            Input::Mouse(mouse) => {
                let hit = |x, y| view::hit(lecture, self.size, x, y);
                mouse::action(mouse, lecture.mode(), lecture.state().overlay(), hit)
            }
        };
        let Some(action) = action else { return };
        match lecture.update(action) {
            Outcome::Ask(Request::WriteScenario) => {
                let state = lecture.state();
                match rewritten(state.scenario(), &state.edits_in_force()) {
                    Ok(text) => drop(built(&text)),
                    Err(_) => lecture.state_mut().tell(Notice::NotWatched(MESSAGE.into())),
                }
            }
            Outcome::Ask(Request::SaveFrame) => {
                let buffer = frame::draw(lecture.state_mut(), self.size);
                svg::write(&buffer, lecture.state(), &mut Vec::new()).unwrap();
            }
            _ => {}
        }
        lecture.state_mut().finish_work();
    }

    /// Draws it, and tells a follower of it.
    fn shows_well(&mut self) {
        let buffer = frame::draw_lecture(&mut self.lecture, self.size);
        let symbols = buffer.content.iter().map(|cell| cell.symbol());
        let settings = *self.lecture.state().settings();
        for symbol in symbols {
            assert!(!symbol.contains(char::is_control), "{symbol:?}");
            assert!(settings.charset == Charset::Unicode || symbol.is_ascii(), "{symbol:?} in ASCII");
        }
        assert!(self.lecture.state().t() < self.lecture.state().scenario().timesteps());
        let told = position(&mut self.lecture, &Teller { pid: 1, since: 0 });
        assert!(message::parse(&message::line(&told)).is_ok());
    }
}

/// Does it, and says what took so long that it looked like a hang.
fn soon<T>(what: &impl std::fmt::Debug, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = run();
    assert!(start.elapsed() < HANG, "{what:?}");
    done
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn whatever_befalls_a_stepper_its_screen_can_be_shown(
        scenario in scenario(),
        settings in settings(),
        size in (0..=200_u16, 0..=60_u16),
        events in vec(event(), 0..16),
    ) {
        let mut stepper = Stepper::new(scenario.scenario(), settings, size);
        stepper.shows_well();
        for event in &events {
            soon(event, || {
                stepper.meet(event);
                stepper.shows_well();
            });
        }
    }

    #[test]
    fn whatever_is_typed_line_by_line_is_answered_in_lines(
        scenario in scenario(),
        settings in settings(),
        bytes in vec(prop_oneof![4 => select(SENT).prop_map(|sent| sent.as_bytes().to_vec()), 1 => vec(any::<u8>(), 1..4)], 0..30),
    ) {
        let mut state = State::new(scenario.scenario(), settings);
        let mut decoder = Decoder::default();
        let mut said = Vec::new();
        plain::open(&state, &mut said).unwrap();
        for input in bytes.iter().flat_map(|bytes| decoder.feed(bytes)) {
            if let Input::Key(key) = input {
                soon(&key, || plain::answer(&mut state, key, &mut said).unwrap());
            }
        }
        let said = String::from_utf8(said).unwrap();
        prop_assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{}", said);
    }

    #[test]
    fn what_is_typed_for_a_number_is_taken_or_refused_and_undone_to_the_bit(
        scenario in scenario(),
        chosen in vec(select(&["j", "k", "n", "\t", "z", "Z", "J", ".", "e"][..]), 0..8),
        typed in vec(prop_oneof![4 => select(&["0", "1", "9", ".", "-", "e", "E", "+", "nan", "inf", "_", " ", "x", "\x7f", "\x15", "\x17", "é", "1e400"][..]),
            1 => select(SENT)], 0..12),
        end in select(&["\r", "\x1b"][..]),
    ) {
        let mut stepper = Stepper::new(scenario.scenario(), Settings::default(), (80, 24));
        let outputs = |stepper: &mut Stepper| {
            stepper.shows_well();
            let state = stepper.lecture.state();
            let output = state.step_ahead(state.t()).and_then(|step| step.output());
            output.unwrap_or_default().iter().map(|output| output.to_bits()).collect::<Vec<_>>()
        };
        let send = |stepper: &mut Stepper, sent: &str| {
            stepper.meet(&Event::Bytes(sent.into()));
            stepper.meet(&Event::Silence);
            stepper.shows_well();
        };
        for sent in chosen.iter().copied().chain(["e"]).chain(typed.iter().copied()).chain([end]) {
            send(&mut stepper, sent);
        }
        let state = stepper.lecture.state();
        for edit in state.unwritten_edits() {
            prop_assert!(edit.value.is_finite(), "{}", edit.value);
            prop_assert_eq!(state.value(edit.number).map(f64::to_bits), Some(edit.value.to_bits()));
        }
        // What is open on top is closed first.
        for _ in 0..8 {
            send(&mut stepper, "\x1b");
        }
        while !stepper.lecture.state().edits_in_force().is_empty() {
            let before = stepper.lecture.state().edits_in_force().len();
            send(&mut stepper, "u");
            prop_assert_eq!(stepper.lecture.state().edits_in_force().len(), before - 1);
        }
        let (scenario, t) = (stepper.lecture.state().scenario().clone(), stepper.lecture.state().t());
        let mut untouched = Stepper::new(scenario, Settings::default(), (80, 24));
        send(&mut untouched, "0");
        if t > 0 {
            send(&mut untouched, &format!("{t}G"));
        }
        prop_assert_eq!(outputs(&mut stepper), outputs(&mut untouched));
    }
}
