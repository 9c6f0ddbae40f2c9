//! What has no room is left out whole and marked: no number is cut, no term goes without a sign, no text ends in its middle.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::settings::{NumberFormat, Settings};
use celda::scenario::{Scenario, builtin};
use common::{english, frame, scenario, scenario_of, spanish, stepper, text};

fn shown(scenario: Scenario, settings: Settings, keys: &str, size: (u16, u16)) -> String {
    text(&frame(&mut stepper(scenario, settings, keys), size))
}

/// Numbers between -0.9 and 0.9 in rows.
fn numbers(rows: usize, columns: usize, seed: usize) -> String {
    let number = |i: usize, j: usize| ((i * 7 + j * 37 + seed * 11) % 1801) as f64 / 1001.0 - 0.9;
    let row = |i: usize| (0..columns).map(|j| format!("{:.6}", number(i, j))).collect::<Vec<_>>().join(", ");
    format!("[{}]", (0..rows).map(|i| format!("[{}]", row(i))).collect::<Vec<_>>().join(", "))
}

/// A layer of three gated units over so many features, then three shares of one.
fn gated(kind: &str, gates: usize, features: usize) -> Scenario {
    scenario_of(&format!(
        "title = \"Gated\"\n[input]\nrows = {}\n[[layer]]\nkind = \"{kind}\"\nconvention = \"pytorch\"\nweight_ih = {}\n\
         weight_hh = {}\nunit_names = [\"memory of rain and storms\", \"memory of sunny weather\", \"memory of the wind\"]\n\
         [[layer]]\nkind = \"dense\"\nactivation = \"softmax\"\nweights = {}\n",
        numbers(10, features, 5),
        numbers(3 * gates, features, 1),
        numbers(3 * gates, 3, 2),
        numbers(3, 3, 3)
    ))
}

/// A convolution over three rows of many features.
fn convolution(units: usize) -> Scenario {
    let kernel = (0..units).map(|unit| numbers(3, 300, unit)).collect::<Vec<_>>().join(", ");
    scenario_of(&format!(
        "title = \"A wide convolution\"\n[input]\nrows = {}\n[[layer]]\nkind = \"conv\"\nkernel = [{kernel}]\n",
        numbers(16, 300, 5)
    ))
}

/// The rows of a screen in which `…` follows a part of a number.
fn cut_numbers(screen: &str) -> Vec<&str> {
    let is_cut = |row: &&str| {
        let before = row.match_indices('…').map(|(at, _)| row[..at].chars().next_back());
        // That of a convolution's rows stands between two numbers.
        let is_of_rows = row.contains("·x(");
        !is_of_rows && before.flatten().any(|before| before.is_ascii_digit() || matches!(before, '.' | '-'))
    };
    screen.lines().skip(1).filter(|row| !row.contains(" ✓ ") && !row.contains(" ✗ ")).filter(is_cut).collect()
}

#[test]
fn no_number_of_a_cell_or_a_layer_is_cut() {
    let built_in = builtin::ALL.iter().map(|builtin| scenario(builtin.name));
    let scenarios = built_in.chain([gated("lstm", 4, 4), gated("gru", 3, 1), gated("gru", 3, 300), convolution(6)]);
    for scenario in scenarios {
        for (numbers, keys) in [(NumberFormat::Short, "n n"), (NumberFormat::Full, "n n"), (NumberFormat::Short, "n n J")] {
            for zoom in ["", " Z"] {
                for size in [(80, 24), (100, 30)] {
                    let settings = Settings { numbers, ..english() };
                    let screen = shown(scenario.clone(), settings, &format!("{keys}{zoom}"), size);
                    assert!(cut_numbers(&screen).is_empty(), "{:#?}\n{screen}", cut_numbers(&screen));
                }
            }
        }
    }
}

#[test]
fn an_input_of_the_unrolled_cell_that_has_no_room_says_how_many_numbers_more_there_are() {
    let screen = shown(gated("lstm", 4, 4), english(), "n n", (120, 40));
    let inputs = screen.lines().rfind(|row| row.contains("… +3)")).unwrap_or_else(|| panic!("{screen}"));
    assert!(inputs.matches("… +3)").count() > 1, "{inputs}");
}

#[test]
fn a_softmax_has_its_result_where_its_names_have_no_room() {
    for keys in ["n J", "n J tab", "n J tab tab"] {
        for size in [(80, 24), (72, 24), (120, 40)] {
            let screen = shown(gated("gru", 3, 4), english(), keys, size);
            let row = screen.lines().find(|row| row.starts_with("│ softmax(")).unwrap_or_else(|| panic!("{screen}"));
            let panel = row.split("││").next().unwrap();
            let result = panel.split_once(" ≈ ").unwrap_or_else(|| panic!("{screen}")).1.trim();
            assert!(result.starts_with("0.") && result.len() > 4 && !result.contains('…'), "{screen}");
        }
    }
}

#[test]
fn what_a_convolution_sees_is_said_to_the_end_or_marked_as_cut() {
    for units in [1, 3, 8] {
        for (width, height) in [(80, 24), (120, 40), (80, 20), (90, 18)] {
            let screen = shown(convolution(units), english(), "1 0 n", (width, height));
            let said = ["8..10 ", "8..10│", "…│", "… │"].iter().any(|end| screen.contains(end));
            assert!(said, "{units} {width}x{height}\n{screen}");
        }
    }
    let screen = shown(convolution(6), english(), "1 0 n", (80, 24));
    assert!(screen.contains("… 3 more · a convolution carries nothing") && screen.contains("it sees the rows 8..10"), "{screen}");
}

#[test]
fn a_long_name_gives_way_before_what_tells_a_cell_state_from_a_hidden_state() {
    for settings in [english(), spanish()] {
        for size in [(120, 40), (110, 40), (100, 40)] {
            let screen = shown(gated("lstm", 4, 4), settings, "n n", size);
            let carried: Vec<&str> = screen.lines().filter(|row| row.contains("────▶  ")).collect();
            assert_eq!(carried.len(), 6, "{screen}");
            for (i, row) in carried.iter().enumerate() {
                let row = row.trim_end_matches('│').rsplit('│').next().unwrap();
                let name = row.trim_start_matches([' ', '▸']).split("  ").next().unwrap();
                assert_eq!(name.ends_with(" c"), i % 2 == 1, "{name:?}\n{screen}");
            }
        }
    }
}

#[test]
fn an_equation_without_its_terms_says_how_many_there_are() {
    let settings = Settings { numbers: NumberFormat::Full, ..english() };
    for (zoom, gate) in [("", ""), (" Z", ""), ("", " ."), ("", " . .")] {
        for kind in [("gru", 3), ("lstm", 4)] {
            let screen = shown(gated(kind.0, kind.1, 4), settings, &format!("n{zoom}{gate}"), (40, 12));
            let equation = screen.lines().find(|row| row.contains("1(1) = ")).unwrap_or_else(|| panic!("{screen}"));
            assert!(equation.contains('[') && equation.contains(" terms"), "{screen}");
        }
    }
}

#[test]
fn large_letters_leave_a_number_of_the_row() {
    let projected = scenario_of(&format!(
        "title = \"Projected\"\n[input]\nrows = {}\n[[layer]]\nkind = \"lstm\"\nconvention = \"pytorch\"\nweight_ih = {}\n\
         weight_hh = {}\nweight_hr = {}\n",
        "[[-0.00913, -0.101018], [-0.00913, -0.101018]]",
        numbers(12, 2, 1),
        numbers(12, 2, 2),
        numbers(2, 3, 3)
    ));
    for settings in [english(), spanish()] {
        let screen = shown(projected.clone(), settings, "n F", (40, 12));
        assert!(screen.contains("▶X(1) = (-0.00913, "), "{screen}");
    }
}

#[test]
fn most_digits_asked_for_are_kept_before_the_terms_of_the_panel() {
    let settings = Settings { precision: 9, ..english() };
    for keys in ["1 2 0 G", "2 0 0 G", "2 8 0 G", "1 2 0 G . ."] {
        let screen = shown(scenario("sunspots"), settings, keys, (80, 24));
        let equation = screen.lines().find(|row| row.starts_with(" r1(") || row.starts_with(" u1(")).unwrap();
        let weight = ["0.28226", "0.27070"].iter().any(|weight| equation.contains(weight));
        assert!(weight, "{equation}\n{screen}");
        assert!(screen.contains(" more: "), "{screen}");
    }
}

#[test]
fn the_output_over_time_takes_the_columns_there_are() {
    let screen = shown(gated("gru", 3, 4), english(), "4 n J", (80, 24));
    let row = screen.lines().find(|row| row.contains("[t=4]")).unwrap();
    assert_eq!(row.matches("t=").count(), 4, "{screen}");
}

#[test]
fn the_term_that_is_edited_is_seen_beside_open_notes_on_a_small_screen() {
    for builtin in builtin::ALL {
        for settings in [english(), spanish()] {
            for keys in ["n o e", "n o e tab", "n o e tab tab tab"] {
                let screen = shown(scenario(builtin.name), settings, keys, (40, 12));
                assert!(screen.matches('»').count() > 1, "{} {keys}\n{screen}", builtin.name);
            }
        }
    }
    let screen = shown(scenario("intro"), english(), "n o e esc", (40, 12));
    assert!(screen.contains("╭ Notes"), "{screen}");
}

#[test]
fn heads_are_broken_before_they_are_cut() {
    let scenario = scenario_of(&format!(
        "title = \"Weather\"\n[input]\nfeatures = [\"Temperature at noon\", \"Relative humidity\"]\nrows = {}\n[[layer]]\n\
         kind = \"lstm\"\nconvention = \"pytorch\"\nweight_ih = {}\nweight_hh = {}\n[[layer]]\nkind = \"dense\"\nweights = {}\n",
        numbers(10, 2, 5),
        numbers(12, 2, 1),
        numbers(12, 3, 2),
        numbers(1, 3, 3)
    ));
    let screen = shown(scenario, english(), "n n", (120, 40));
    for word in ["Temperature", "at noon", "Relative", "humidity"] {
        assert!(screen.contains(&format!("{word} ")), "{word}\n{screen}");
    }
}

#[test]
fn a_panel_is_as_wide_as_its_heads_are_where_there_is_room_beside_it() {
    let scenario = scenario_of(
        r#"
        title = "Weather"
        [input]
        features = ["Relative humidity of the air", "x"]
        rows = [[0.5, -1.25], [2, 2], [-0.75, 0.333333]]
        [[layer]]
        kind = "rnn"
        unit_names = ["memory of rain"]
        input_weights = [[0.5, -0.25]]
        recurrent_weights = [[0.1]]
        "#,
    );
    let screen = shown(scenario, english(), "n", (120, 40));
    let heads: String = screen.lines().skip(2).take(2).map(|row| row.split("││").next().unwrap()).collect();
    assert!(heads.contains("Relative humidity") && heads.contains("of the air") && !heads.contains('…'), "{screen}");
    assert!(screen.contains("││h(0) memory of rain "), "{screen}");
}
