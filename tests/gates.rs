//! What the screens of a recurrent cell say of its gates, of the lines that combine them, and of what is carried.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::settings::{Language, Settings};
use common::{english, frame, scenario_of, spanish, stepper, text};

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// Four LSTM cells whose hidden state is projected to two numbers.
const PROJECTED: &str = r#"
title = "Projected"
[input]
rows = [[0.7, -0.5], [-0.3, 0.2], [0.9, 0.4]]
[[layer]]
kind = "lstm"
convention = "pytorch"
weight_ih = [[0.6, -0.1], [0.2, 0.4], [-0.3, 0.5], [0.1, 0.8], [0.7, 0.3], [-0.6, 0.2], [0.4, -0.9], [0.5, 0.5],
             [-0.2, 0.6], [0.9, -0.4], [0.3, 0.3], [-0.8, 0.1], [0.4, 0.2], [0.6, -0.7], [-0.5, 0.3], [0.2, -0.2]]
weight_hh = [[0.3, -0.2], [0.5, 0.1], [-0.4, 0.6], [0.2, 0.2], [0.1, -0.3], [0.7, 0.4], [-0.2, 0.5], [0.3, 0.3],
             [0.6, -0.1], [-0.5, 0.2], [0.4, 0.4], [0.1, -0.6], [0.2, 0.3], [-0.3, 0.5], [0.8, -0.2], [0.1, 0.1]]
weight_hr = [[0.9, 0.2, -0.2, -0.7], [0.1, 0.8, 0.5, 0.3]]
"#;

/// The rows of the screen of a scenario after some keys.
fn shown(scenario: &str, settings: Settings, keys: &str, size: (u16, u16)) -> String {
    text(&frame(&mut stepper(scenario_of(scenario), settings, keys), size))
}

/// The line of the formula that begins with a text, with those it goes on in.
fn line(screen: &str, start: &str) -> String {
    let mut lines = screen.lines().skip_while(|line| !line.starts_with(&format!(" {start}")));
    let first = lines.next().unwrap_or_else(|| panic!("no {start}\n{screen}"));
    let more = lines.take_while(|line| line.starts_with("  "));
    std::iter::once(first).chain(more).map(|line| format!(" {}", line.trim())).collect::<String>().trim().to_owned()
}

#[test]
fn of_a_projected_cell_all_lines_down_to_its_hidden_state_are_there_without_a_key() {
    for (language, settings) in [(Language::En, english()), (Language::Es, spanish())] {
        for size in SIZES {
            let screen = shown(PROJECTED, settings, "n", size);
            for start in ["i1(1) = ", "c1(1) = ", "m1(1) = ", "h1(1) = "] {
                line(&screen, start);
            }
            if size.0 > 40 {
                assert!(line(&screen, "h1(1) = 0.9·").contains(" + "), "{language:?} {size:?}\n{screen}");
            }
        }
    }
    let large = shown(PROJECTED, english(), "n", (200, 60));
    let h = line(&large, "h1(1)");
    assert_eq!(h.matches('·').count(), 4, "{h}");
    let folded = shown(PROJECTED, spanish(), "n", (80, 24));
    assert!(line(&folded, "h1(1)").contains(" más: "), "{folded}");
}

#[test]
fn what_a_projection_reads_stays_hidden_until_it_is_multiplied() {
    let screen = shown(PROJECTED, Settings { veil: celda::app::settings::Veil::On, ..english() }, "n j j", (120, 40));
    assert_eq!(line(&screen, "h1(1)"), "h1(1) = 0.9·_ + 0.2·_ + (-0.2)·_ + (-0.7)·_ = _");
}

#[test]
fn the_line_of_a_projection_is_of_the_output_that_is_in_the_panel_of_the_hidden_state() {
    for (keys, h, c) in [("n", "h1", "c1"), ("n tab", "h2", "c2"), ("n tab tab tab", "h2", "c4")] {
        for size in SIZES {
            let screen = shown(PROJECTED, english(), keys, size);
            line(&screen, &format!("{h}(1) = "));
            let carried: Vec<&str> =
                screen.lines().filter(|line| line.contains(&format!(" {h}")) && !line.contains(" = ")).collect();
            assert!(!carried.is_empty(), "{h} {size:?}\n{screen}");
            let carried = screen.lines().any(|line| line.contains(c) && !line.contains(" = ") && !line.contains("celda"));
            assert!(carried, "{c} {size:?}\n{screen}");
        }
    }
}

#[test]
fn what_is_carried_and_has_no_room_is_counted() {
    assert!(shown(PROJECTED, english(), "n", (40, 12)).contains(" … +4"));
    assert!(shown(PROJECTED, english(), "n", (80, 24)).contains("… 3 more · carried to t = 2"));
    assert!(shown(PROJECTED, spanish(), "n", (80, 24)).contains("… 3 más · llevado a t = 2"));
    assert!(!shown(PROJECTED, english(), "n", (120, 40)).contains("more"));
}
