//! The steps whose bytes are counted: on the introduction, on a trained model and on a layer of 64 units.

use celda::app::action::Action;
use celda::app::settings::{ColorDepth, Settings};
use celda::app::state::State;
use celda::cli::reach;
use celda::scenario::Scenario;
use celda::scenario::load::load;
use celda::view::Layout;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// The sizes of screen they are counted at.
pub const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// The most timesteps on from the first, and as many back.
const STEPS: usize = 8;

/// The scenarios, each by a name and with what opens the screen looked at.
pub fn screens() -> [(&'static str, Scenario, &'static [Action]); 3] {
    let built_in = |name| load(name, reach(false)).unwrap().scenario;
    [
        ("intro", built_in("intro"), &[]),
        ("sunspots", built_in("sunspots"), &[]),
        ("a layer of 64 units", wide_layer(), &[Action::ZoomOut]),
    ]
}

/// A recurrent layer of 64 units on eight inputs.
fn wide_layer() -> Scenario {
    let number = |i: usize| (i * 7919 % 800) as f64 / 1000.0 - 0.4;
    let matrix = |rows: usize, columns: usize| {
        let row = |r: usize| (0..columns).map(|c| format!("{:.3}", number(r * columns + c))).collect::<Vec<_>>().join(", ");
        (0..rows).map(|r| format!("[{}]", row(r))).collect::<Vec<_>>().join(", ")
    };
    let (inputs, weights, recurrent) = (matrix(20, 8), matrix(64, 8), matrix(64, 64));
    let layer = format!("[[layer]]\nkind = \"rnn\"\ninput_weights = [{weights}]\nrecurrent_weights = [{recurrent}]\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.toml");
    std::fs::write(&path, format!("title = \"64 units\"\n[input]\nrows = [{inputs}]\n{layer}")).unwrap();
    load(path.to_str().unwrap(), reach(false)).unwrap().scenario
}

/// The frames of some steps forward and back, each a step from the one before.
pub fn frames(scenario: &Scenario, opening: &[Action], size: (u16, u16), depth: ColorDepth) -> Vec<Buffer> {
    let mut state = State::new(scenario.clone(), Settings { depth, ..Settings::default() });
    let mut frame = |action| {
        state.update(action);
        let layout = Layout::fitted(&mut state, size);
        let mut frame = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        layout.draw(&state, &mut frame);
        frame
    };
    opening.iter().for_each(|&action| drop(frame(action)));
    std::iter::once(Action::First).chain(forth_and_back(scenario)).map(frame).collect()
}

/// Steps forward from the first timestep and back to it.
pub fn forth_and_back(scenario: &Scenario) -> impl Iterator<Item = Action> {
    let steps = STEPS.min(scenario.timesteps() - 1);
    std::iter::repeat_n(Action::Next, steps).chain(std::iter::repeat_n(Action::Previous, steps))
}

/// The bytes of the cells that differ, without any that say where they are and how they look.
pub fn least(shown: &Buffer, next: &Buffer) -> usize {
    let shows_nothing =
        |cell: &Cell| cell.symbol() == " " && !cell.modifier.intersects(Modifier::UNDERLINED.union(Modifier::REVERSED));
    let cells = shown.content.iter().zip(&next.content);
    let differ = cells.filter(|(old, new)| old != new && !(shows_nothing(old) && shows_nothing(new) && old.bg == new.bg));
    differ.map(|(_, new)| new.symbol().len()).sum()
}
