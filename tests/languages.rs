//! Both languages are whole: every phrase of one has one of the other, and nothing else is said in any of them.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use celda::app::action::Action;
use celda::app::autoplay::Stop;
use celda::app::events::{Happening, Way};
use celda::app::key::Key;
use celda::app::keymap::{ANSWERS, BINDINGS, Binding, COUNT, FIELD_BINDINGS, NOTES_BINDINGS};
use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::notice::{Doing, Notice, Refusal};
use celda::app::search::Match;
use celda::app::settings::{Charset, Language, Settings, TextSize};
use celda::app::speaker::{Clock, Speaker};
use celda::app::state::State;
use celda::companion::position::{Teller, position};
use celda::engine::activation::Activation;
use celda::engine::event::{Event, Kind};
use celda::report::{self, Terms, Trace};
use celda::scenario::edit::Number;
use celda::scenario::fault::Fault;
use celda::scenario::file::Reach;
use celda::scenario::load::{Origin, load};
use celda::scenario::text::Text;
use celda::scenario::{Scenario, builtin};
use celda::starter::{self, Starter};
use celda::view::glyphs::plain;
use celda::view::number::Numbers;
use celda::view::speaker;
use celda::view::text::{LEGEND, words};
use clap::ValueEnum;
use common::{frame, press, scenario, scenario_of, stepper, text};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What is the same in both languages.
const SAME: [&str; 6] = ["LSTM", "GRU", "orig.", "no", "Tab", "Esc"];

/// What is said in every language alike beside them: the program, keys, formats and what is abbreviated.
const NAMES: [&str; 8] = ["celda", "Ctrl", "Tab", "Esc", "NaN", "inf", "SVG", "ReLU"];

/// Every phrase in English and in Spanish.
fn phrases() -> Vec<[String; 2]> {
    let [en, es] = Language::ALL.map(|language| words(language).all());
    let words = en.into_iter().zip(es).map(|((en_name, en), (es_name, es))| {
        assert_eq!(en_name, es_name);
        [en.to_owned(), es.to_owned()]
    });
    let bindings: Vec<&Binding> = BINDINGS.iter().chain(&FIELD_BINDINGS).chain(&ANSWERS).chain(&NOTES_BINDINGS).collect();
    let signs = LEGEND.iter().chain([&COUNT]).map(|(_, meaning)| *meaning);
    let fixed = signs.chain(bindings.iter().flat_map(|binding| std::iter::once(binding.help).chain(binding.footer)));
    // A key that is one character, alone or with Control, is what is printed on it.
    let named = |key: &Key| !matches!(key, Key::Char('!'..='~') | Key::Ctrl(_) | Key::F(_));
    let keys = bindings.iter().flat_map(|binding| binding.keys).copied().filter(named).flat_map(|key| {
        let arrow = |text: &String| text.chars().all(|c| "←→↑↓".contains(c));
        let shown = |charset| Language::ALL.map(|language| key.shown(charset, language).into_owned());
        [Charset::Unicode, Charset::Ascii].map(shown).into_iter().filter(move |[en, _]| !arrow(en))
    });
    let mut seen = BTreeSet::new();
    words
        .chain(fixed.map(|phrase| Language::ALL.map(|language| phrase.get(language).to_owned())))
        .chain(keys)
        .filter(|phrase| seen.insert(phrase.clone()))
        .collect()
}

#[test]
fn every_phrase_is_there_in_both_languages() {
    let phrases = phrases();
    for [en, es] in &phrases {
        assert!(!en.trim().is_empty() && !es.trim().is_empty(), "{en:?} is {es:?}");
        assert!(en != es || SAME.contains(&en.as_str()), "{en:?} is the same in Spanish");
        let ends = |text: &str| text.chars().next_back().filter(|c| "?:.".contains(*c));
        assert_eq!(ends(en), ends(es), "{en:?} and {es:?} end differently");
    }
    let widest = phrases.iter().map(|[en, _]| en.chars().count()).max().unwrap();
    let list: Vec<String> = phrases.iter().map(|[en, es]| format!("{en:widest$} | {es}")).collect();
    insta::assert_snapshot!(list.join("\n"));
}

/// The words of a text, of three letters at least: shorter ones are symbols.
fn words_of(text: &str) -> BTreeSet<String> {
    let parts = text.split(|c: char| !c.is_alphabetic());
    // A heat map in ASCII has shades that are letters.
    let is_shade = |part: &str| part.chars().all(|c| part.starts_with(c));
    parts.filter(|part| part.chars().count() > 2 && !is_shade(part)).map(str::to_lowercase).collect()
}

/// Every text that a scenario brings along.
fn texts(scenario: &Scenario) -> impl Iterator<Item = &Text> {
    let names = scenario.names.iter().flat_map(|layer| layer.layer.iter().chain(&*layer.units).chain(&*layer.outputs));
    let lists = scenario.features.iter().chain(scenario.labels.iter().flatten()).chain(names);
    let others = std::iter::once(&scenario.title)
        .chain(&scenario.description)
        .chain(scenario.expected.iter().filter_map(|expected| expected.source.as_ref()))
        .chain(scenario.notes.iter().map(|note| &note.text));
    lists.chain(others)
}

fn texts_of(scenario: &Scenario, language: Language) -> String {
    texts(scenario).map(|text| text.get(language)).collect::<Vec<_>>().join("\n")
}

/// The words that may be said of a scenario in a language.
fn sayable(scenario: &Scenario, language: Language) -> BTreeSet<String> {
    let of_phrases = phrases().into_iter().map(|[en, es]| match language {
        Language::En => en,
        Language::Es => es,
    });
    let mut words: BTreeSet<String> = of_phrases.flat_map(|phrase| words_of(&phrase)).collect();
    words.extend(sayable_anywhere());
    words.extend(words_of(&texts_of(scenario, language)));
    words
}

/// What stands right beside a word that is cut off: the sign of a cut, or the frame of what lies over it.
const CUTS: [char; 9] = ['…', '~', '│', '╭', '╮', '╰', '╯', '|', '+'];

/// The words of a text that are neither the language's nor the scenario's; one that is cut off is not counted.
fn strange(text: &str, sayable: &BTreeSet<String>) -> BTreeSet<String> {
    let mut strange = BTreeSet::new();
    for line in text.lines() {
        let pieces: Vec<&str> = line.split(CUTS).collect();
        for (i, piece) in pieces.iter().enumerate() {
            let end = if i + 1 < pieces.len() { piece.trim_end_matches(char::is_alphabetic) } else { piece };
            let whole = if i > 0 { end.trim_start_matches(char::is_alphabetic) } else { end };
            strange.extend(words_of(whole).into_iter().filter(|word| !sayable.contains(word)));
        }
    }
    strange
}

fn assert_said(text: &str, scenario: &Scenario, language: Language, what: &str) {
    let strange = strange(text, &sayable(scenario, language));
    assert!(strange.is_empty(), "{what} in {}: {strange:?} in\n{text}", language.code());
}

fn settings(language: Language) -> Settings {
    Settings { language, ..Settings::default() }
}

/// Every kind of layer, both ways, and a claim that fails.
const EVERY_KIND: &str = r#"
title = "título"
[input]
rows = [[1, 2], [3, -4], [1e200, 1e200]]
[[layer]]
kind = "lstm"
direction = "bidirectional"
[layer.forward]
convention = "pytorch"
weight_ih = [[1, 2], [1, 2], [1, 2], [1, 2]]
weight_hh = [[1], [1], [1], [1]]
[layer.backward]
convention = "pytorch"
weight_ih = [[1, 2], [1, 2], [1, 2], [1, 2]]
weight_hh = [[1], [1], [1], [1]]
[[layer]]
kind = "conv"
kernel = [[[1, 2], [3, 4]]]
[[layer]]
kind = "gru"
direction = "reverse"
convention = "pytorch"
weight_ih = [[1], [1], [1]]
weight_hh = [[1], [1], [1]]
[[layer]]
kind = "rnn"
activation = "relu"
input_weights = [[1e200], [1]]
recurrent_weights = [[1e200, 0], [0, 1]]
[[layer]]
kind = "dense"
activation = "softmax"
apply = "last"
weights = [[1, 2], [2, 1]]
[expected]
output = [[nan, nan], [nan, nan], [0.5, nan]]
"#;

fn scenarios() -> Vec<Scenario> {
    ["intro", "counter"].map(scenario).into_iter().chain([scenario_of(EVERY_KIND)]).collect()
}

/// The ways to a screen of every zoom, and to all that lies over one.
const WAYS: [&str; 18] = [
    "",
    "n",
    "end",
    "down down down",
    "z",
    "z z",
    "Z",
    "Z n down down",
    "J J J",
    "n .",
    "v n",
    "o n",
    "?",
    "e tab 1 , enter",
    "e 7 enter = n",
    "/ 1",
    "n > > >",
    "a",
];

#[test]
fn every_screen_speaks_one_language() {
    for scenario in scenarios() {
        for language in Language::ALL {
            let sayable = sayable(&scenario, language);
            // In ASCII letters lose their accents.
            let without_accents: BTreeSet<String> = sayable.iter().map(|word| plain(word)).collect();
            for keys in WAYS {
                for (size, charset) in [
                    ((200, 60), Charset::Unicode),
                    ((80, 24), Charset::Unicode),
                    ((80, 24), Charset::Ascii),
                    ((40, 12), Charset::Unicode),
                ] {
                    let mut state = stepper(scenario.clone(), Settings { charset, ..settings(language) }, keys);
                    let screen = text(&frame(&mut state, size));
                    let strange = strange(&screen, if charset == Charset::Ascii { &without_accents } else { &sayable });
                    assert!(strange.is_empty(), "{keys:?} in {}: {strange:?} in\n{screen}", language.code());
                }
            }
        }
    }
}

/// What the built-in scenarios call the same in both languages, beside symbols: a bit, and the operation of logic.
const SAME_NAMES: [&str; 2] = ["bit", "and"];

#[test]
fn every_text_of_the_scenarios_that_come_with_celda_is_in_both_languages() {
    let built_in = builtin::ALL.iter().map(|builtin| scenario(builtin.name));
    let starters = Starter::value_variants().iter().map(|kind| scenario_of(starter::toml(*kind)));
    for scenario in built_in.chain(starters) {
        for text in texts(&scenario) {
            let [en, es] = Language::ALL.map(|language| text.get(language));
            assert!(en != es || words_of(en).is_empty() || SAME_NAMES.contains(&en), "{en:?} is the same in Spanish");
        }
    }
}

#[test]
fn no_word_of_a_built_in_scenario_is_on_the_screen_of_the_other_language() {
    for builtin in builtin::ALL {
        let scenario = scenario(builtin.name);
        for (language, other) in [(Language::Es, Language::En), (Language::En, Language::Es)] {
            let sayable = sayable(&scenario, language);
            let foreign = words_of(&texts_of(&scenario, other));
            let foreign: BTreeSet<&String> = foreign.difference(&sayable).collect();
            for (keys, size) in ["", "Z", "Z Z", "2 n", "2 n Z", "2 n Z Z", "J", "o", "o n", "e tab tab", "v n"]
                .iter()
                .flat_map(|keys| [(80, 24), (120, 40)].map(|size| (keys, size)))
            {
                let screen = text(&frame(&mut stepper(scenario.clone(), settings(language), keys), size));
                let said = words_of(&screen);
                let found: Vec<_> = foreign.iter().filter(|word| said.contains(**word)).collect();
                assert!(found.is_empty(), "{found:?} in {} after {keys:?} in\n{screen}", language.code());
                let strange = strange(&screen, &sayable);
                assert!(strange.is_empty(), "{strange:?} in {} after {keys:?} in\n{screen}", language.code());
            }
        }
    }
}

#[test]
fn large_text_speaks_one_language() {
    for scenario in scenarios() {
        for language in Language::ALL {
            for keys in ["", "n", "end", "o", "v n"] {
                let settings = Settings { text: TextSize::Large, ..settings(language) };
                let screen = text(&frame(&mut stepper(scenario.clone(), settings, keys), (120, 40)));
                assert_said(&screen, &scenario, language, keys);
            }
        }
    }
}

/// All that can come of something, with nothing in it that has a language.
fn notices() -> Vec<Notice> {
    let saved = |folder: Option<&str>| Notice::Saved { file: "7".into(), folder: folder.map(str::to_owned) };
    let refusals = [Refusal::Forbidden, Refusal::FolderGone, Refusal::Full, Refusal::NamesTaken];
    let input = Number::Input { t: 0, feature: 0 };
    let mut notices = vec![
        Notice::NothingToEdit,
        Notice::NothingToUndo,
        Notice::NothingToRedo,
        Notice::NothingToCompare,
        Notice::NothingToWrite,
        Notice::InAnotherFile { number: input, others: 1, file: "7".into() },
        Notice::FileElsewhere { file: "7".into() },
        saved(None),
        saved(Some("7")),
        Notice::Reloaded { kept: 0, lost: 0 },
        Notice::Reloaded { kept: 1, lost: 1 },
        Notice::Reloaded { kept: 2, lost: 2 },
        Notice::BuiltInHasNoFile,
        Notice::StandardInputHasNoFile,
        Notice::Stopped(Stop::Last),
        Notice::Stopped(Stop::Claim),
        Notice::Event { t: 0, happening: Happening::Claim(0) },
        Notice::Veiled,
        Notice::NoEvent(Way::Forward),
        Notice::NoEvent(Way::Backward),
        Notice::Working { doing: Doing::Searching, percent: 7 },
        Notice::Working { doing: Doing::Going { t: 7 }, percent: 7 },
        Notice::Working { doing: Doing::Computing, percent: 7 },
        Notice::Working { doing: Doing::Reloading, percent: 7 },
        Notice::Interrupted(Doing::Computing),
        Notice::Interrupted(Doing::Reloading),
        Notice::SearchInterrupted { t: 0 },
        Notice::Found { text: "7".into(), which: Match { number: 0, of: 0 } },
        Notice::Found { text: "7".into(), which: Match { number: 1, of: 2 } },
    ];
    notices.extend(refusals.map(Notice::NotSaved));
    let kinds = [Kind::Death, Kind::Saturation, Kind::CellSaturation, Kind::HiddenSign, Kind::CellSign, Kind::Overflow];
    notices.extend(kinds.map(|kind| {
        let event = Event { layer: 0, unit: 0, gate: None, kind };
        Notice::Event { t: 0, happening: Happening::Unit(event) }
    }));
    notices
}

#[test]
fn what_came_of_something_is_said_in_one_language() {
    let scenario = scenario("intro");
    for language in Language::ALL {
        for notice in notices() {
            let mut state = stepper(scenario.clone(), settings(language), "n");
            state.tell(notice.clone());
            assert_said(&text(&frame(&mut state, (200, 24))), &scenario, language, &format!("{notice:?}"));
        }
    }
}

#[test]
fn questions_and_refused_numbers_are_in_one_language() {
    let scenario = scenario("intro");
    for language in Language::ALL {
        for keys in
            ["e 7 enter q", "e x enter", "e 7 comma 1 enter", "e i n f enter", "e 1 e 9 9 9 enter", "e 7 C-c", "e 7 enter = u"]
        {
            let mut state = stepper(scenario.clone(), settings(language), keys);
            assert_said(&text(&frame(&mut state, (120, 24))), &scenario, language, keys);
        }
    }
}

fn lecture(scenario: Scenario, settings: Settings) -> Lecture {
    let state = State::new(scenario, settings);
    Lecture::new(Opened { name: "7".into(), origin: Origin::BuiltIn, group: Group::BuiltIn, state }, Vec::new())
}

#[test]
fn the_list_of_scenarios_is_in_one_language() {
    let all: Vec<Scenario> = builtin::ALL.iter().map(|builtin| scenario(builtin.name)).collect();
    for language in Language::ALL {
        let mut lecture = lecture(all[0].clone(), settings(language));
        lecture.update(Action::Scenarios);
        let list = text(&report::frame::draw_lecture(&mut lecture, (120, 40)));
        let mut sayable: BTreeSet<String> = all.iter().flat_map(|scenario| sayable(scenario, language)).collect();
        sayable.extend(builtin::ALL.iter().flat_map(|builtin| words_of(builtin.name)));
        let strange = strange(&list, &sayable);
        assert!(strange.is_empty(), "{strange:?} in\n{list}");
    }
}

#[test]
fn the_lecturer_s_screen_is_in_one_language() {
    const CLOCK: Clock = Clock { time: [14, 40, 5], elapsed: Duration::from_secs(3725), rest: Duration::from_millis(300) };
    for scenario in scenarios() {
        for (told, shown) in Language::ALL.into_iter().flat_map(|told| Language::ALL.map(|shown| (told, shown))) {
            let mut lecture = lecture(scenario.clone(), settings(told));
            for keys in ["", "n", "end"] {
                press(lecture.state_mut(), keys);
                let position = position(&mut lecture, &Teller { pid: 7, since: 1_700_000_000 });
                let mut speaker = Speaker::new(position, settings(shown));
                speaker.fit(0);
                let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
                speaker::draw(&speaker, CLOCK, &mut buffer);
                assert_said(&text(&buffer), &scenario, shown, keys);
            }
        }
    }
}

/// A hand-out in LaTeX without its commands and environments, which are LaTeX's own words.
fn without_commands(latex: &str) -> String {
    let (_, body) = latex.split_once("\\begin{document}").unwrap();
    let lines = body.lines().filter(|line| !line.contains("\\begin{") && !line.contains("\\end{"));
    let pieces = lines.flat_map(|line| line.split('\\').enumerate()).map(|(i, piece)| match i {
        0 => piece,
        _ => piece.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
    });
    pieces.collect::<Vec<_>>().join("\n")
}

#[test]
fn traces_and_hand_outs_are_in_one_language() {
    for scenario in scenarios() {
        for (language, terms) in Language::ALL.into_iter().flat_map(|l| [(l, Terms::Listed), (l, Terms::Summed)]) {
            let end = scenario.timesteps().min(4) - 1;
            let trace =
                Trace { scenario: &scenario, range: 0..=end, terms, language, numbers: Numbers::new(&Settings::default()) };
            let mut out = [Vec::new(), Vec::new(), Vec::new()];
            report::text::write(&trace, &mut out[0]).unwrap();
            report::markdown::write(&trace, &mut out[1]).unwrap();
            report::latex::write(&trace, &mut out[2]).unwrap();
            let [text, markdown, latex] = out.map(|bytes| String::from_utf8(bytes).unwrap());
            assert_said(&text, &scenario, language, "the text");
            assert_said(&markdown, &scenario, language, "markdown");
            assert_said(&without_commands(&latex), &scenario, language, "latex");
        }
    }
}

#[test]
fn the_lines_without_a_screen_are_in_one_language() {
    for scenario in scenarios() {
        for language in Language::ALL {
            let mut state = State::new(scenario.clone(), settings(language));
            let mut said = Vec::new();
            report::plain::open(&state, &mut said).unwrap();
            for key in ["n", ".", "o", "o", "G", "n", "J", ".", "tab", "?", "x", "0", "p"] {
                report::plain::answer(&mut state, key.parse().unwrap(), &mut said).unwrap();
            }
            assert_said(&String::from_utf8(said).unwrap(), &scenario, language, "--plain");
        }
    }
}

/// The files in which texts of the screen, the lines without one and the hand-outs are put together.
const SPEAKING: [&str; 6] = ["view", "app", "report/plain.rs", "report/text.rs", "report/markdown.rs", "report/worked.rs"];

/// The tables of phrases, and the refusal of a key on the command line.
const TABLES: [&str; 3] = ["view/text.rs", "app/key.rs", "app/keymap.rs"];

/// Texts in a source file that are no comment, no attribute and no test.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with("#["));
    let mut found = Vec::new();
    for line in lines {
        let mut rest = line.replace("'\"'", "").replace("\\\"", "");
        while let Some((before, after)) = rest.split_once('"') {
            assert!(!before.contains("r#"), "{line}");
            let Some((literal, after)) = after.split_once('"') else { break };
            found.push(literal.to_owned());
            rest = after.to_owned();
        }
    }
    found
}

#[test]
fn what_is_said_stands_in_the_tables_of_phrases() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths: Vec<PathBuf> = SPEAKING.iter().map(|path| src.join(path)).collect();
    let mut read = 0;
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap();
        if TABLES.contains(&file) {
            continue;
        }
        read += 1;
        for literal in literals(&fs::read_to_string(&path).unwrap()) {
            // A name in braces is a place for what is said.
            let fixed: String = literal.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after)).collect();
            let known: BTreeSet<String> = sayable_anywhere();
            let strange: Vec<String> = words_of(&fixed).into_iter().filter(|word| !known.contains(word)).collect();
            assert!(strange.is_empty(), "{file} says {literal:?}");
        }
    }
    assert!(read > 40, "only {read} files were read");
}

/// What is the same in every language.
fn sayable_anywhere() -> BTreeSet<String> {
    NAMES.into_iter().chain(Activation::ALL.map(Activation::symbol)).map(str::to_lowercase).collect()
}

/// Words that only English has.
const ENGLISH: [&str; 29] = [
    "the", "is", "are", "has", "have", "but", "and", "of", "with", "without", "give", "write", "leave", "out", "add", "it",
    "its", "not", "there", "which", "one", "each", "per", "must", "for", "from", "save", "by", "only",
];

/// Words that only Spanish has.
const SPANISH: [&str; 20] = [
    "el", "la", "los", "las", "de", "del", "un", "una", "que", "y", "es", "en", "por", "con", "para", "como", "cada", "sin",
    "su", "más",
];

/// Those words of a text that are among some.
fn those_among<'t>(text: &'t str, some: &[&str]) -> Vec<&'t str> {
    let words = text.split(|c: char| !c.is_alphabetic() && c != '_');
    words.filter(|word| some.contains(&word.to_lowercase().as_str())).collect()
}

#[test]
fn every_built_in_scenario_has_its_title_description_notes_and_source_in_both_languages() {
    for builtin in builtin::ALL {
        let scenario = scenario(builtin.name);
        assert!(scenario.description.is_some() && !scenario.notes.is_empty(), "{} is told of", builtin.name);
        let sources = scenario.expected.iter().filter_map(|expected| expected.source.as_ref());
        let notes = scenario.notes.iter().map(|note| &note.text);
        for text in [&scenario.title].into_iter().chain(&scenario.description).chain(notes).chain(sources) {
            let (name, [en, es]) = (builtin.name, Language::ALL.map(|language| text.get(language)));
            assert!(!en.trim().is_empty() && !es.trim().is_empty(), "{name}: {en:?} is {es:?}");
            assert_ne!(en, es, "{name}: the same in both languages");
            // A unit may be called by a word of another language.
            for (text, own, other) in [(en, &ENGLISH[..], &SPANISH[..]), (es, &SPANISH, &ENGLISH)] {
                let (own, other) = (those_among(text, own), those_among(text, other));
                assert!(own.len() > other.len() || other.is_empty(), "{name}: {other:?} in {text:?}");
            }
        }
    }
}

/// Every fault of the broken scenarios of the tests.
fn faults() -> Vec<Fault> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let refused = |path: &PathBuf| load(path.to_str().unwrap(), Reach::Folder).unwrap_err();
    paths.iter().map(refused).flat_map(|faults| faults.iter().cloned().collect::<Vec<_>>()).collect()
}

/// A text without what stands in quotes or is a path: the file's own words.
fn unquoted(text: &str) -> String {
    let outside = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    outside.split(' ').filter(|word| !word.contains('/')).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_fault_is_said_in_both_languages() {
    let mut list = Vec::new();
    let mut seen = BTreeSet::new();
    for Fault { message, help, .. } in faults() {
        for text in [message, help] {
            let [en, es] = Language::ALL.map(|language| text.get(language));
            assert_eq!(those_among(&unquoted(es), &ENGLISH), [""; 0], "{es:?}");
            assert!(en != es || !unquoted(en).contains(' '), "{en:?} is the same in Spanish");
            // Numbers and names make no other text of it.
            let pattern: String = unquoted(en).chars().filter(|c| !c.is_ascii_digit()).collect();
            if !en.contains(env!("CARGO_MANIFEST_DIR")) && seen.insert(pattern) {
                list.push(format!("{en}\n  {es}"));
            }
        }
    }
    list.sort();
    insta::assert_snapshot!(list.join("\n"));
}
