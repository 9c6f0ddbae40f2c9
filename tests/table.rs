//! The input table and the weighted sum beside it where there is little room: heads in short, what is left out, blanks, bars.
#![allow(clippy::unwrap_used)]

mod common;

use celda::app::settings::{Charset, Language, Settings};
use celda::scenario::Scenario;
use common::{frame, scenario, scenario_of, stepper, text};

fn english() -> Settings {
    Settings::default()
}

fn screen(scenario: Scenario, settings: Settings, keys: &str, size: (u16, u16)) -> String {
    text(&frame(&mut stepper(scenario, settings, keys), size))
}

/// A recurrent layer of so many units on so many inputs, with numbers of three decimals.
fn wide(inputs: usize, units: usize) -> Scenario {
    let number = |i: usize| format!("{:.3}", (i * 7919 % 800) as f64 / 1000.0 - 0.4);
    let matrix = |rows: usize, columns: usize| {
        let row = |r: usize| format!("[{}]", (0..columns).map(|c| number(r * columns + c)).collect::<Vec<_>>().join(", "));
        format!("[{}]", (0..rows).map(row).collect::<Vec<_>>().join(", "))
    };
    scenario_of(&format!(
        "title = \"Wide\"\n[input]\nrows = {}\n[[layer]]\nkind = \"rnn\"\ninput_weights = {}\nrecurrent_weights = {}\n",
        matrix(5, inputs),
        matrix(units, inputs),
        matrix(units, units)
    ))
}

#[test]
fn where_there_is_no_room_for_the_head_of_an_output_it_is_its_letter_and_a_claim_is_what_one_says() {
    let rows = (0..6).map(|i| format!("[{i}.123, -{i}.125, {i}.375]")).collect::<Vec<_>>().join(", ");
    let claims = (0..6).map(|_| "[9]").collect::<Vec<_>>().join(", ");
    let narrow = format!(
        "title = \"Narrow\"\n[input]\nrows = [{rows}]\nfeatures = [\"temperature\", \"precipitation\", \"pressure\"]\n[[layer]]\n\
         kind = \"dense\"\nweights = [[0, 0, 0]]\n[expected]\noutput = [{claims}]\n"
    );
    for (language, cut, short) in [(Language::En, ["Out…", "cla…"], "y says"), (Language::Es, ["Sal…", "afi…"], "y dice")]
    {
        let settings = Settings { language, ..english() };
        let mut screens: Vec<String> =
            ["J", "J n", "J n n"].map(|keys| screen(scenario("counter"), settings, keys, (80, 24))).into();
        screens.extend((72..82).map(|width| screen(scenario_of(&narrow), settings, "", (width, 24))));
        let cut = screens.iter().find(|screen| cut.iter().any(|cut| screen.contains(cut)));
        assert!(cut.is_none(), "{}", cut.unwrap());
        assert!(screens.iter().any(|screen| screen.contains(short)), "{}", screens[4]);
    }
}

#[test]
fn the_rows_a_convolution_sees_are_in_the_table_where_they_have_room() {
    let rows = (0..30).map(|t| format!("[{t}, {t}]")).collect::<Vec<_>>().join(", ");
    let width = 7;
    let kernel = format!("[[{}]]", vec!["[0.5, 1]"; width].join(", "));
    let scenario =
        scenario_of(&format!("title = \"Window\"\n[input]\nrows = [{rows}]\n[[layer]]\nkind = \"conv\"\nkernel = {kernel}\n"));
    let screen = screen(scenario, english(), "1 5 G", (80, 24));
    for t in 15 + 1 - width..15 {
        assert!(screen.contains(&format!("┃X({t})")), "the row of t = {t} is seen and marked\n{screen}");
    }
    assert!(screen.contains("▶X(15)"), "{screen}");
}

/// Two recurrent layers of so many units above each other, with claims.
fn stacked(units: usize) -> Scenario {
    let matrix =
        |rows: usize, columns: usize| format!("[{}]", vec![format!("[{}]", vec!["0.37"; columns].join(", ")); rows].join(", "));
    let layer = |inputs: usize| {
        let gate = |gate| {
            format!("{gate} = {{ input_weights = {}, recurrent_weights = {} }}\n", matrix(units, inputs), matrix(units, units))
        };
        format!("[[layer]]\nkind = \"gru\"\n[layer.gate]\n{}", ["reset", "update", "candidate"].map(gate).concat())
    };
    scenario_of(&format!(
        "title = \"Stacked\"\n[input]\nrows = [[1.123], [2.125], [3.375]]\n{}{}[expected]\noutput = {}\n",
        layer(1),
        layer(units),
        matrix(3, units)
    ))
}

#[test]
fn the_outputs_of_another_layer_are_told_from_those_of_the_layer_looked_at() {
    for (language, output) in [(Language::En, "Output"), (Language::Es, "Salida")] {
        let settings = Settings { language, ..english() };
        for width in 72..=120 {
            let of_first = screen(stacked(2), settings, "", (width, 24));
            let heads: Vec<&str> = of_first.lines().skip(2).take_while(|line| !line.contains("X(0)")).collect();
            let heads = heads.iter().map(|line| line.split("││").next().unwrap()).collect::<String>();
            let says_whose = [&output[..1], "… h", "+2"].iter().any(|sign| heads.contains(sign));
            assert!(says_whose, "{heads}\n{of_first}");
            let claim = of_first.lines().rev().nth(1).unwrap();
            assert!(claim.contains(&format!("✗ {} h1: ", output.to_lowercase())), "{of_first}");
            let of_last = screen(stacked(2), settings, "J", (width, 24));
            assert!(!of_last.contains(output) && of_last.contains("✗ h1: "), "{of_last}");
        }
        let alone = screen(stacked(1), settings, "", (40, 12));
        assert!(alone.contains(&format!("✗ {} ", output.to_lowercase())), "{alone}");
        let short = if language == Language::En { " out " } else { " sale" };
        let narrow = (72..=80).map(|width| screen(stacked(1), settings, "n n", (width, 24)));
        assert!(narrow.into_iter().all(|screen| screen.contains(output) || screen.contains(short)));
    }
}

#[test]
fn how_many_columns_are_left_out_is_always_said() {
    for (inputs, units) in [(5, 2), (30, 2), (30, 40), (300, 64)] {
        for width in [72, 80, 120] {
            for keys in ["", "1 0 pgdn", "tab"] {
                let screen = screen(wide(inputs, units), english(), keys, (width, 24));
                let table = |line: &str| line.split("││").next().unwrap().to_owned();
                let lines = || screen.lines().skip(2).map(table);
                let heads: String = lines().take_while(|line| !line.contains("X(0)")).collect();
                let row = lines().find(|line| line.contains('▶')).unwrap();
                assert_eq!(heads.matches('+').count(), row.matches('…').count(), "{inputs} {units} {width}\n{screen}");
            }
        }
    }
}

#[test]
fn a_blank_stands_at_the_end_of_its_column() {
    let screen = screen(scenario("counter"), english(), "J n v n", (80, 24));
    let row = screen.lines().find(|line| line.contains('▶')).unwrap();
    assert!(row.starts_with("│▶a         _ │        _ │"), "{screen}");
}

#[test]
fn bars_begin_where_that_of_the_terms_left_out_ends() {
    let ones = |count: usize| vec!["1"; count].join(", ");
    let scenario = scenario_of(&format!(
        "title = \"Ones\"\n[input]\nrows = [[{0}]]\n[[layer]]\nkind = \"dense\"\nweights = [[{0}]]\n",
        ones(30)
    ));
    let screen = screen(scenario, english(), "1 0 C-e", (100, 24));
    let bars: Vec<Vec<usize>> = screen
        .lines()
        .map(|line| line.chars().enumerate().filter(|(_, c)| "█▌▐".contains(*c)).map(|(i, _)| i).collect())
        .filter(|bar: &Vec<usize>| !bar.is_empty())
        .collect();
    // The last is that of the sum.
    let bars = &bars[..bars.len() - 1];
    let first = screen.lines().find(|line| line.contains(['█', '▌', '▐'])).unwrap();
    assert!(first.contains("… ↑10 ↓") && bars.len() > 4, "{screen}");
    for (above, below) in bars.iter().zip(&bars[1..]) {
        let (end, start) = (*above.last().unwrap(), below[0]);
        assert!(start == end || start == end + 1, "{screen}");
    }
}

#[test]
fn a_long_name_of_an_output_leaves_room_for_what_is_computed_and_claimed() {
    for name in ["n".repeat(60), "名".repeat(30), "👩‍👩‍👧‍👦".repeat(30)] {
        let toml = format!(
            "title = \"Long\"\n[input]\nrows = [[1, 2]]\n[[layer]]\nkind = \"dense\"\nunit_names = [\"{name}\", \"b\"]\n\
             weights = [[0.123456, 0], [1, 1]]\n[expected]\noutput = [[0.654321, nan]]\n"
        );
        let screen = screen(scenario_of(&toml), english(), "", (80, 24));
        assert!(screen.contains(": computed 0.123456, claimed 0.654321"), "{screen}");
    }
}

#[test]
fn an_input_is_always_in_the_table_however_wide_the_outputs_are_unless_they_are_compared() {
    let number = |i: usize| format!("{}.{:06}", (i * 7919 % 1999) as i64 - 999, i * 104_729 % 999_983);
    let row = |length: usize, seed: usize| format!("[{}]", (0..length).map(|i| number(i + seed)).collect::<Vec<_>>().join(", "));
    let matrix = |rows: usize, length: usize| (0..rows).map(|r| row(length, 31 * r + 1)).collect::<Vec<_>>().join(", ");
    for (inputs, outputs) in [(1, 1), (3, 1), (3, 3), (40, 12)] {
        let toml = format!(
            "title = \"Wide\"\n[input]\nrows = [{}]\n[[layer]]\nkind = \"gru\"\n{}[[layer]]\nkind = \"dense\"\nweights = [{}]\n\
             [expected]\noutput = [{}]\n",
            matrix(12, inputs),
            ["reset", "update", "candidate"]
                .map(|gate| format!(
                    "[layer.gate.{gate}]\ninput_weights = [{}]\nrecurrent_weights = [{}]\n",
                    matrix(3, inputs),
                    matrix(3, 3)
                ))
                .concat(),
            matrix(outputs, 3),
            matrix(12, outputs)
        );
        for language in [Language::En, Language::Es] {
            let settings = Settings { language, ..english() };
            for keys in ["n n n", "n n n J", "1 0 n", "n n n e 9 enter ="] {
                for size in [(40, 12), (72, 24), (80, 24)] {
                    let screen = screen(scenario_of(&toml), settings, keys, size);
                    let row = screen.lines().find_map(|line| line.split_once('▶').filter(|(start, _)| start.len() < 4)).unwrap();
                    let first = row.1.split_whitespace().nth(1).unwrap().trim_start_matches('✎');
                    let gives_way = keys.ends_with('=') && first == "…";
                    assert!(first.parse::<f64>().is_ok() || gives_way, "{inputs} {outputs} {keys} {size:?}: {first}\n{screen}");
                }
            }
        }
    }
}

#[test]
fn how_many_rows_are_left_out_above_and_below_is_said() {
    let rows = (0..500).map(|t| format!("[{t}, {t}]")).collect::<Vec<_>>().join(", ");
    let toml = format!(
        "title = \"Rows\"\n[input]\nrows = [{rows}]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[0.5, 1]]\nrecurrent_weights = [[1]]\n"
    );
    for (charset, up, down) in [(Charset::Unicode, '↑', '↓'), (Charset::Ascii, '^', 'v')] {
        let settings = Settings { charset, ..english() };
        for (keys, t) in [("", 0), ("2 0 0 G", 200), ("end", 499)] {
            for size in [(80, 24), (120, 40), (60, 24)] {
                let screen = screen(scenario_of(&toml), settings, keys, size);
                let count = |arrow: char| -> usize {
                    let edges = screen.lines().filter(|line| line.starts_with(['╭', '╰', '+']));
                    let counts = edges
                        .filter_map(|line| line.split_once(&format!(" {arrow} "))?.1.split(' ').next()?.parse::<usize>().ok());
                    counts.sum()
                };
                let shown = screen.lines().filter(|line| line.chars().skip(2).collect::<String>().starts_with("X(")).count();
                assert_eq!(count(up) + shown + count(down), 500, "{screen}");
                assert!(count(up) <= t && t < count(up) + shown, "{screen}");
            }
            let small = screen(scenario_of(&toml), settings, keys, (40, 12));
            let row = small.lines().nth(1).unwrap().trim_end();
            assert_eq!((row.contains(up), row.contains(down)), (t > 0, t < 499), "{small}");
        }
    }
    let whole = screen(scenario("intro"), english(), "n", (80, 24));
    assert!(!whole.lines().any(|line| line.starts_with('╭') && line.contains('↑')), "{whole}");
}

#[test]
fn names_and_labels_are_whole_where_they_have_room() {
    let toml = "title = \"Names\"\n[input]\nfeatures = [\"Relative humidity of air\"]\nrows = [[0.5], [0.25]]\n\
                labels = [\"Measurement of day 1\", \"Measurement of day 2\"]\n[[layer]]\nkind = \"rnn\"\n\
                input_weights = [[1]]\nrecurrent_weights = [[1]]\n";
    let wide = screen(scenario_of(toml), english(), "n", (200, 60));
    assert!(wide.contains("Relative humidity of air") && wide.contains("▶Measurement of day 2"), "{wide}");
    let narrow = screen(scenario_of(toml), english(), "n", (80, 24));
    assert!(narrow.contains("▶Measur"), "{narrow}");
}
