//! The mouse: what stands at each place of the screen, and what a click or a turn of the wheel does there.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::action::Action;
use celda::app::lecture::{Group, Lecture, Opened};
use celda::app::mouse::{Mouse, Target, action};
use celda::app::settings::{Charset, Settings};
use celda::app::state::{Overlay, State};
use celda::scenario::edit::Number;
use celda::scenario::load::Origin;
use celda::view;
use common::{english, frame, press, scenario, stepper, text};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

/// A lecture on one scenario, on a screen of a size.
struct Screen {
    lecture: Lecture,
    size: (u16, u16),
    rows: Vec<String>,
}

impl Screen {
    fn new(name: &str, settings: Settings, keys: &str, size: (u16, u16)) -> Self {
        Self::of(stepper(scenario(name), settings, keys), size)
    }

    fn of(mut state: State, size: (u16, u16)) -> Self {
        let rows = text(&frame(&mut state, size)).lines().map(str::to_owned).collect();
        let opened = Opened { name: "test".into(), origin: Origin::BuiltIn, group: Group::BuiltIn, state };
        Self { lecture: Lecture::new(opened, Vec::new()), size, rows }
    }

    fn hit(&self, x: u16, y: u16) -> Option<Target> {
        view::hit(&self.lecture, self.size, x, y)
    }

    /// The first place where a text is shown.
    fn find(&self, wanted: &str) -> (u16, u16) {
        let seen = || self.rows.join("\n");
        let (y, row) = self.rows.iter().enumerate().find(|(_, row)| row.contains(wanted)).unwrap_or_else(|| panic!("{}", seen()));
        (row.split(wanted).next().unwrap().width() as u16, y as u16)
    }

    fn at(&self, wanted: &str) -> Option<Target> {
        let (x, y) = self.find(wanted);
        self.hit(x, y)
    }

    /// Does what the mouse asks for.
    fn mouse(&mut self, mouse: Mouse) {
        let (mode, overlay) = (self.lecture.mode(), self.lecture.state().overlay());
        if let Some(action) = action(mouse, mode, overlay, |x, y| view::hit(&self.lecture, self.size, x, y)) {
            self.lecture.update(action);
        }
    }

    fn click(&mut self, wanted: &str) {
        let (x, y) = self.find(wanted);
        self.mouse(Mouse::Click(x, y));
    }

    fn state(&self) -> &State {
        self.lecture.state()
    }
}

#[test]
fn a_click_on_a_row_goes_to_its_timestep() {
    let mut screen = Screen::new("intro", english(), "n", (80, 24));
    screen.click("X(3)");
    assert_eq!(screen.state().t(), 3);
    screen.mouse(Mouse::Click(1, 4));
    assert_eq!(screen.state().t(), 0, "the marker of the first row is part of it");
}

#[test]
fn a_click_on_a_copy_in_time_goes_to_its_timestep() {
    let mut screen = Screen::new("intro", english(), "n", (80, 24));
    screen.click("t=3");
    assert_eq!(screen.state().t(), 3);
}

#[test]
fn a_click_on_a_row_of_a_layer_or_a_box_of_the_network_chooses_the_unit() {
    let mut screen = Screen::new("network", english(), "n Z", (80, 24));
    screen.click("h3");
    assert_eq!((screen.state().focus().layer, screen.state().focus().unit), (0, 2));
    let mut screen = Screen::new("network", english(), "n Z Z", (120, 40));
    screen.click("h2 ─");
    assert_eq!((screen.state().focus().layer, screen.state().focus().unit), (0, 1));
    screen.click("layer 3");
    assert_eq!(screen.state().focus().layer, 2);
}

#[test]
fn a_click_on_a_gate_chooses_it() {
    for size in [(80, 24), (120, 40)] {
        let mut screen = Screen::new("counter", english(), "n n n", size);
        screen.click("o output");
        assert_eq!(screen.state().focus().gate, 3, "{size:?}");
    }
    let mut small = Screen::new("counter", english(), "n n n", (50, 18));
    let (x, y) = small.find(" i 1 f");
    small.mouse(Mouse::Click(x + 5, y));
    assert_eq!(small.state().focus().gate, 1);
}

#[test]
fn a_click_on_a_weight_types_another_for_it() {
    let mut screen = Screen::new("intro", english(), "n", (80, 24));
    screen.click("x2       3");
    let entry = screen.state().entry().unwrap();
    assert!(matches!(entry.number, Number::Parameter(_)));
    let seen = text(&frame(screen.lecture.state_mut(), (80, 24)));
    assert!(seen.contains("»w(x2) 3 →"), "{seen}");
}

#[test]
fn a_click_on_a_number_types_another_for_that_one_if_it_is_given() {
    let mut screen = Screen::new("intro", english(), "", (80, 24));
    screen.click("23 │");
    assert_eq!(screen.state().entry().unwrap().number, Number::Input { t: 0, feature: 1 });
    for (line, value, number) in [("x2  ", "23 =", "»X(0) Feature 2 23 →"), ("h(-1) ", "0 =     0", "»h(-1) 0 →")] {
        let mut screen = Screen::new("intro", english(), "", (80, 24));
        let ((_, y), (x, _)) = (screen.find(line), screen.find(value));
        screen.mouse(Mouse::Click(x, y));
        let seen = text(&frame(screen.lecture.state_mut(), (80, 24)));
        assert!(seen.contains(number), "{line}{seen}");
    }
    let mut screen = Screen::new("intro", english(), "", (80, 24));
    screen.click("0  ────▶");
    let seen = text(&frame(screen.lecture.state_mut(), (80, 24)));
    assert!(seen.contains("»h(-1) 0 →"), "{seen}");
    for computed in ["69 =    -6.9", "-6.9"] {
        assert_eq!(Screen::new("intro", english(), "n", (80, 24)).at(computed), None, "{computed}");
    }
}

#[test]
fn a_click_on_a_state_or_an_output_chooses_its_unit() {
    let screen = Screen::new("counter", english(), "n", (80, 24));
    assert_eq!(screen.at("count c  "), Some(Target::Unit { layer: 0, unit: 0 }));
    let mut screen = Screen::new("exercise", english(), "n", (80, 24));
    let (x, y) = screen.find(" h2  ");
    screen.mouse(Mouse::Click(x + 2, y));
    assert_eq!((screen.state().focus().layer, screen.state().focus().unit), (0, 1));
    let screen = Screen::new("counter", english(), "n J", (80, 24));
    assert_eq!(screen.at("more b"), Some(Target::Unit { layer: 1, unit: 1 }));
}

#[test]
fn while_a_number_is_typed_only_numbers_can_be_clicked_and_what_is_typed_stays() {
    let mut screen = Screen::new("intro", english(), "n e", (80, 24));
    screen.click("X(3)");
    assert_eq!(screen.state().t(), 1, "the row is not gone to");
    assert!(screen.state().entry().is_some());
    screen.click("-3 │");
    assert_eq!(screen.state().entry().unwrap().number, Number::Input { t: 1, feature: 1 });
    press(screen.lecture.state_mut(), "7");
    screen.click("x2       3");
    assert_eq!(screen.state().entry().unwrap().number, Number::Input { t: 1, feature: 1 });
    assert_eq!(screen.state().entry().unwrap().field.text(), "7");
}

#[test]
fn the_wheel_steps() {
    let mut screen = Screen::new("intro", english(), "", (80, 24));
    screen.mouse(Mouse::WheelDown);
    screen.mouse(Mouse::WheelDown);
    screen.mouse(Mouse::WheelUp);
    assert_eq!(screen.state().t(), 1);
    let mut large = Screen::new("intro", english(), "F", (80, 24));
    large.mouse(Mouse::WheelDown);
    assert_eq!(large.state().t(), 1);
}

#[test]
fn over_the_help_the_wheel_scrolls_it_and_a_click_does_nothing() {
    let mut screen = Screen::new("intro", english(), "?", (80, 24));
    screen.mouse(Mouse::WheelDown);
    assert_eq!((screen.state().overlay(), screen.state().t()), (Overlay::Help(1), 0));
    for y in 0..24 {
        screen.mouse(Mouse::Click(20, y));
    }
    assert_eq!((screen.state().overlay(), screen.state().t()), (Overlay::Help(1), 0));
}

#[test]
fn a_blank_screen_sees_no_mouse() {
    let mut screen = Screen::new("intro", english(), "n b", (80, 24));
    for mouse in [Mouse::WheelDown, Mouse::WheelUp, Mouse::Click(3, 5), Mouse::Click(3, 8)] {
        screen.mouse(mouse);
    }
    assert_eq!((screen.state().overlay(), screen.state().t()), (Overlay::Blank, 1));
}

#[test]
fn under_the_list_of_scenarios_nothing_is_clicked_and_the_wheel_moves_in_it() {
    let mut screen = Screen::new("intro", english(), "n", (80, 24));
    screen.lecture.update(Action::Scenarios);
    let chosen = screen.lecture.list().unwrap().chosen;
    for y in 0..24 {
        screen.mouse(Mouse::Click(3, y));
    }
    screen.mouse(Mouse::WheelDown);
    assert_eq!((screen.state().t(), screen.lecture.list().unwrap().chosen), (1, chosen + 1));
}

#[test]
fn nothing_stands_outside_the_screen() {
    for keys in ["", "Z", "Z Z"] {
        let screen = Screen::new("network", english(), keys, (80, 24));
        for (x, y) in [(80, 5), (5, 24), (u16::MAX, 5), (5, u16::MAX), (u16::MAX, u16::MAX)] {
            assert_eq!(screen.hit(x, y), None, "{x}, {y}");
        }
    }
}

/// What a row of the table is called, and whether its timestep is a target.
fn assert_rows_go_to_their_timesteps(screen: &Screen) {
    for (y, row) in screen.rows.iter().enumerate() {
        let Some((before, label)) = row.split_once("X(").filter(|(before, _)| before.ends_with([' ', '▶', '│', '>', '|']))
        else {
            continue;
        };
        let Some(t) = label.split(')').next().and_then(|t| t.parse::<usize>().ok()) else { continue };
        if row.contains(&format!("X({t}) =")) || before.width() > 3 {
            continue;
        }
        let target = screen.hit(before.width() as u16 + 1, y as u16);
        assert_eq!(target, Some(Target::Timestep(t)), "{row}\n{}", screen.rows.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_place_of_every_screen_stands_for_what_is_there(
        size in (0_u16..140, 0_u16..50),
        which in 0_usize..5,
        zoom in 0_usize..3,
        steps in 0_usize..6,
        gate in 0_usize..4,
        notes in any::<bool>(),
        ascii in any::<bool>(),
    ) {
        let name = ["intro", "network", "counter", "sunspots", "conv-window"][which];
        let keys = format!("{} {} {} {}", "n ".repeat(steps), "Z ".repeat(zoom), ". ".repeat(gate), if notes { "o" } else { "" });
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let screen = Screen::new(name, Settings { charset, ..english() }, &keys, size);
        if zoom == 0 {
            assert_rows_go_to_their_timesteps(&screen);
        }
        let layers = &screen.state().scenario().network.layers;
        let mut targets: Vec<Target> = Vec::new();
        for target in (0..size.0).flat_map(|x| (0..size.1).map(move |y| (x, y))).filter_map(|(x, y)| screen.hit(x, y)) {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        for target in targets {
            let mut after = screen.lecture.clone();
            after.update(Action::Choose(target));
            let (state, focus) = (after.state(), after.state().focus());
            match target {
                Target::Timestep(t) => prop_assert_eq!(state.t(), t),
                Target::Layer(layer) => prop_assert_eq!(focus.layer, layer),
                Target::Unit { layer, unit } => {
                    prop_assert!(unit < layers[layer].units());
                    prop_assert_eq!((focus.layer, focus.unit), (layer, unit));
                }
                Target::Gate(gate) => prop_assert_eq!(focus.gate, gate),
                Target::Number(number) => prop_assert_eq!(state.entry().unwrap().number, number),
            }
        }
    }
}

#[test]
fn a_box_is_its_unit_from_edge_to_edge() {
    let screen = Screen::new("network", english(), "n Z Z", (120, 40));
    let (x, y) = screen.find("╭─── h1");
    let width = screen.rows[usize::from(y)].chars().skip(usize::from(x)).position(|c| c == '╮').unwrap() as u16;
    for dy in 0..3 {
        for at in [x, x + width] {
            assert_eq!(screen.hit(at, y + dy), Some(Target::Unit { layer: 0, unit: 0 }), "{at}, {dy}");
        }
        assert_eq!(screen.hit(x + width + 1, y + dy), Some(Target::Layer(0)), "between two boxes");
        assert_eq!(screen.hit(x + width + 2, y + dy), Some(Target::Unit { layer: 0, unit: 1 }));
    }
    assert_eq!(screen.at("celda"), None);
}
