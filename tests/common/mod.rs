//! What tests of the stepper share: a state on a scenario, keys pressed, the frame drawn.

use celda::app::keymap;
use celda::app::settings::{Language, Settings};
use celda::app::state::State;
use celda::report::frame;
use celda::report::rows::{self, Styles};
use celda::scenario::fault::Source;
use celda::scenario::file::{Folder, Reach};
use celda::scenario::load::load;
use celda::scenario::{Scenario, build};
use celda::view::Layout;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

/// A test for each screen, which compares it, styles included, with the snapshot of its name.
#[allow(unused_macros, reason = "not every test that shares this module needs it")]
macro_rules! snapshots {
    ($($name:ident: $screen:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(crate::common::with_styles(&$screen));
            }
        )*
    };
}

/// The size keys are pressed at.
const SIZE: (u16, u16) = (80, 24);

/// A built-in scenario, or one read from a file.
pub fn scenario(name: &str) -> Scenario {
    load(name, Reach::Folder).unwrap_or_else(|faults| panic!("{faults}")).scenario
}

/// As the stepper looks and speaks where nothing is asked for.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn english() -> Settings {
    Settings::default()
}

/// The same in Spanish.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn spanish() -> Settings {
    Settings { language: Language::Es, ..english() }
}

/// A scenario from its text.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn scenario_of(toml: &str) -> Scenario {
    let source = Source::new("test".into(), toml.into());
    build::build(&source, &Folder::Disk { path: ".".into(), reach: Reach::Folder }).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Presses keys written as `celda frame --keys` takes them.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn press(state: &mut State, keys: &str) {
    for key in keys.split(' ').filter(|key| !key.is_empty()) {
        let key = key.parse().unwrap_or_else(|error| panic!("{error:?}"));
        Layout::fitted(state, SIZE);
        if let Some(action) = keymap::action(key, state.mode()) {
            state.update(action);
            state.finish_work();
        }
    }
}

/// The stepper on a scenario after some keys.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn stepper(scenario: Scenario, settings: Settings, keys: &str) -> State {
    let mut state = State::new(scenario, settings);
    press(&mut state, keys);
    state
}

/// The frame of a state at a size.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn frame(state: &mut State, size: (u16, u16)) -> Buffer {
    frame::draw(state, size)
}

/// The frame of a built-in scenario after some keys.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn screen(name: &str, settings: Settings, keys: &str, size: (u16, u16)) -> Buffer {
    frame(&mut stepper(scenario(name), settings, keys), size)
}

/// The rows of a frame.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn text(buffer: &Buffer) -> String {
    let mut out = Vec::new();
    rows::write(buffer, Styles::None, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("a frame is UTF-8")
}

/// The rows of a frame, then every stretch of a row that is not plain: row, first and last column, look.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn with_styles(buffer: &Buffer) -> String {
    let mut out = text(buffer);
    out.push_str("── styles\n");
    let width = usize::from(buffer.area.width);
    for (y, row) in buffer.content.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let look = look(&row[x]);
            let end = (x..width).find(|&i| self::look(&row[i]) != look).unwrap_or(width);
            if !look.is_empty() {
                out.push_str(&format!("{y:2} {x:3}–{:<3} {look}\n", end - 1));
            }
            x = end;
        }
    }
    out
}

/// How a cell looks; nothing where it is plain.
#[allow(dead_code, reason = "not every test that shares this module needs it")]
pub fn look(cell: &Cell) -> String {
    let mut parts = Vec::new();
    if cell.fg != Color::Reset {
        parts.push(format!("{}", cell.fg));
    }
    if cell.bg != Color::Reset {
        parts.push(format!("on {}", cell.bg));
    }
    for (name, _) in cell.modifier.iter_names() {
        parts.push(name.to_lowercase());
    }
    parts.join(" ")
}
