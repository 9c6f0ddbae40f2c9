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

/// Two LSTM cells with both biases, whose lines are long.
const LSTM: &str = r#"
title = "LSTM"
[input]
rows = [[0.72, -0.53], [0.0275, 0.9049], [0.15, -0.08]]
[[layer]]
kind = "lstm"
convention = "pytorch"
weight_ih = [[0.5673, 0.641], [0.2, 0.4], [-0.3, 0.5], [0.1, 0.8], [0.7, 0.3], [-0.6, 0.2], [0.4, -0.9], [0.5, 0.5]]
weight_hh = [[0.077, 0.247], [0.5, 0.1], [-0.4, 0.6], [0.2, 0.2], [0.1, -0.3], [0.7, 0.4], [-0.2, 0.5], [0.3, 0.3]]
bias_ih = [-0.9666, 0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7]
bias_hh = [-0.6807, 0.3, -0.1, 0.2, 0.25, -0.15, 0.05, 0.01]
"#;

/// A number in units of 1e-30, or what some of them add up to.
type Exact = i128;

/// A decimal number as it is written; none where it is not one that can be told exactly here.
fn exact(text: &str, places: u32) -> Option<Exact> {
    let text = text.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or(text);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Exact = format!("{whole}{decimals}").parse().ok()?;
    let places = i64::from(places) + exponent.parse::<i64>().ok()? - decimals.len() as i64;
    digits.checked_mul(10_i128.checked_pow(u32::try_from(places).ok()?)?)
}

/// What a sum of products comes to, where it is written in numbers alone.
fn sum(text: &str) -> Option<Exact> {
    let product = |product: &str| {
        let folded = product.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')?.split_once(": "));
        match (folded, product.split_once('·')) {
            (Some((_, rest)), _) => exact(rest, 30),
            (None, Some((a, b))) => exact(a, 15)?.checked_mul(exact(b, 15)?),
            (None, None) => exact(product, 30),
        }
    };
    text.split(" + ").map(product).try_fold(0, |sum: Exact, product| sum.checked_add(product?))
}

/// Sees to it that between what is written in numbers there is `=` exactly where both sides are the same.
fn check_signs(line: &str) {
    let parts: Vec<&str> = line.split([' ', '\n']).collect();
    let mut sides = vec![String::new()];
    let mut signs = Vec::new();
    for part in parts {
        match part {
            "=" | "≈" => {
                signs.push(part);
                sides.push(String::new());
            }
            part => {
                let side = sides.last_mut().unwrap();
                side.push_str(if side.is_empty() { "" } else { " " });
                side.push_str(part);
            }
        }
    }
    for (pair, sign) in sides.windows(2).zip(signs) {
        let inside = |side: &'_ str| match side.split_once('(') {
            Some((name, rest)) if name.chars().all(char::is_alphabetic) && !name.is_empty() => {
                rest.strip_suffix(')').map_or_else(|| side.to_owned(), str::to_owned)
            }
            _ => side.to_owned(),
        };
        let applied = |side: &String| inside(side) != *side;
        if applied(&pair[0]) != applied(&pair[1]) {
            continue;
        }
        if let (Some(left), Some(right)) = (sum(&inside(&pair[0])), sum(&inside(&pair[1]))) {
            assert_eq!(sign == "=", left == right, "{line}");
        }
    }
}

/// The lines of the formula of a screen, those that wrap put together.
fn formula(screen: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in screen.lines().filter(|line| line.starts_with(' ') && !line.contains(['│', '▶', '✓', '✗', '─'])) {
        match (line.starts_with("  "), lines.last_mut()) {
            (true, Some(last)) => last.push_str(&format!(" {}", line.trim())),
            _ if line.contains(['=', '≈']) && !line.contains(" t = ") => lines.push(line.trim().to_owned()),
            _ => {}
        }
    }
    lines
}

#[test]
fn the_sign_between_numbers_says_exactly_whether_both_sides_are_the_same() {
    let mut checked = 0;
    for scenario in [PROJECTED, LSTM] {
        let mut state = stepper(scenario_of(scenario), english(), "");
        for keys in ["", "n", ".", ".", ".", "n", "tab", ",", "p j j j", "j j j j j j j"] {
            common::press(&mut state, keys);
            for size in [(40, 12), (50, 16), (64, 20), (80, 24), (100, 30), (120, 40), (30, 6), (24, 9)] {
                for line in formula(&text(&frame(&mut state, size))) {
                    check_signs(&line);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn what_is_written_with_fewer_digits_than_elsewhere_is_not_equal() {
    let of = |size| line(&shown(LSTM, english(), "n", size), "h1(1)");
    let narrow = of((40, 12));
    assert!(narrow.starts_with("h1(1) ≈ 0.197·tanh(0.272) ≈ "), "{narrow}");
    let wide = of((64, 20));
    assert!(wide.contains(" = 0.197033·tanh(0.271971) ≈ "), "{wide}");
}

#[test]
fn the_line_of_the_hidden_state_says_where_the_tanh_comes_from() {
    for settings in [english(), spanish()] {
        for size in [(80, 24), (120, 40), (200, 60)] {
            for (scenario, result) in [(LSTM, "h1(1)"), (PROJECTED, "m1(1)")] {
                let screen = shown(scenario, settings, "n", size);
                let combined = line(&screen, result);
                let c = line(&screen, "c1(1)").rsplit(' ').next().unwrap().to_owned();
                assert!(combined.contains("o1·tanh(c1(1)) = "), "{combined}");
                assert!(combined.contains(&format!("·tanh({c}) ≈ ")), "{combined}, not of {c}");
            }
        }
    }
}

#[test]
fn a_running_sum_that_does_not_add_up_as_written_says_so() {
    for (keys, total) in [("j j", "=  0.0156008"), ("j j j j", "≈  0.601146")] {
        let screen = shown(LSTM, english(), keys, (80, 24));
        let running = screen.lines().find(|line| line.contains("││Σ")).unwrap_or_else(|| panic!("{screen}"));
        assert!(running.contains(total), "{running}");
    }
}

#[test]
fn a_gate_has_the_digits_it_has_in_the_formula_and_a_bar_in_every_language() {
    for scenario in [LSTM, PROJECTED] {
        for (settings, gates) in [(english(), " Gates "), (spanish(), " Puertas ")] {
            for size in [(80, 24), (100, 30), (120, 40), (200, 60)] {
                let screen = shown(scenario, settings, "n", size);
                let output = line(&screen, "i1(1)").rsplit(' ').next().unwrap().to_owned();
                let panel = screen.lines().skip_while(|line| !line.contains(gates)).nth(1).unwrap();
                let row = panel.split('│').nth(1).unwrap();
                assert!(row.contains(&format!(" {output} ")) && row.contains('█'), "{output}: {row}\n{screen}");
            }
        }
    }
}

#[test]
fn a_product_that_is_rounded_is_not_equal_to_its_factors() {
    let screen = shown(LSTM, english(), "n", (80, 24));
    // 0.5673 · 0.0275 = 0.01560075, and a bias is no product.
    assert!(screen.contains("0.0275    ≈  0.0156008"), "{screen}");
    let exact = text(&frame(&mut stepper(common::scenario("intro"), english(), "n"), (80, 24)));
    assert!(exact.contains("2   ×     1 =     2") && exact.contains("-0.1 ×    69 =    -6.9"), "{exact}");
}
