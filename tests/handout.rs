//! The hand-outs are whole: every line of the arithmetic, both languages, and no text of a scenario that could break them.
#![allow(clippy::unwrap_used)]

mod common;

use std::ops::RangeInclusive;

use celda::app::settings::Settings;
use celda::report::{Terms, Trace, latex, markdown, text};
use celda::scenario::Scenario;
use celda::scenario::builtin;
use celda::scenario::text::Language;
use celda::view::number::Numbers;
use common::{scenario, scenario_of};

const HOSTILE: &str = "tests/data/handout/hostile.toml";
const BOTH_WAYS: &str = "tests/data/layers/lstm-bidirectional.toml";

/// What a format writes.
type Format = fn(&Trace<'_>) -> String;

fn markdown(trace: &Trace<'_>) -> String {
    let mut out = Vec::new();
    markdown::write(trace, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn latex(trace: &Trace<'_>) -> String {
    let mut out = Vec::new();
    latex::write(trace, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(trace: &Trace<'_>) -> String {
    let mut out = Vec::new();
    text::write(trace, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn written(scenario: &Scenario, range: RangeInclusive<usize>, terms: Terms, language: Language, format: Format) -> String {
    format(&Trace { scenario, range, terms, language, numbers: Numbers::new(&Settings::default()) })
}

fn whole(scenario: &Scenario, terms: Terms, language: Language, format: Format) -> String {
    written(scenario, 0..=scenario.timesteps() - 1, terms, language, format)
}

/// The hand-out without what stands before every one.
fn body(latex: &str) -> &str {
    latex.split_once("\\begin{document}\n").unwrap().1
}

macro_rules! handouts {
    ($($name:ident: $scenario:expr, $range:expr, $terms:ident, $language:ident;)*) => {$(
        #[test]
        fn $name() {
            let scenario = scenario($scenario);
            let of = |format| written(&scenario, $range, Terms::$terms, Language::$language, format);
            insta::assert_snapshot!(concat!(stringify!($name), "_in_markdown"), of(markdown));
            insta::assert_snapshot!(concat!(stringify!($name), "_in_latex"), body(&of(latex)));
        }
    )*};
}

handouts! {
    one_cell: "intro", 0..=3, Summed, En;
    two_cells_and_a_dense_layer: "exercise", 0..=2, Summed, Es;
    a_counting_lstm: "counter", 1..=2, Listed, Es;
    a_gru_with_its_reset_after: "gru-after", 0..=1, Summed, En;
    a_window: "conv-window", 2..=4, Listed, En;
    both_ways: BOTH_WAYS, 0..=3, Summed, En;
    texts_that_could_break_it: HOSTILE, 0..=2, Summed, En;
}

#[test]
fn the_preamble_asks_for_two_packages_alone() {
    let latex = whole(&scenario("intro"), Terms::Summed, Language::En, latex);
    let (preamble, _) = latex.split_once("\\begin{document}").unwrap();
    assert!(preamble.starts_with("\\documentclass[a4paper]{article}\n"));
    let packages: Vec<&str> = preamble.lines().filter(|line| line.contains("usepackage")).collect();
    assert_eq!(packages, ["\\usepackage{amsmath}", "\\usepackage{booktabs}"]);
}

/// Every scenario a hand-out of which is looked at as a whole.
fn all() -> Vec<Scenario> {
    let files =
        ["lstm", "lstm-peepholes", "lstm-bidirectional", "gru", "gru-reverse", "gru-bidirectional", "rnn", "conv", "stack"];
    let files = files.map(|name| format!("tests/data/layers/{name}.toml"));
    let names = files.iter().map(String::as_str).chain([HOSTILE]);
    names.chain(builtin::ALL.iter().map(|builtin| builtin.name)).map(scenario).collect()
}

fn each(mut look: impl FnMut(&Scenario, RangeInclusive<usize>, Terms, Language)) {
    for scenario in all() {
        let last = (scenario.timesteps() - 1).min(3);
        for terms in [Terms::Summed, Terms::Listed] {
            for language in Language::ALL {
                look(&scenario, 0..=last, terms, language);
            }
        }
    }
}

/// Whether the braces, the environments and the signs of mathematics are in pairs.
fn assert_balanced(latex: &str) {
    let mut depth = 0_i32;
    let mut dollars = 0;
    let mut characters = latex.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => drop(characters.next()),
            '{' => depth += 1,
            '}' => depth -= 1,
            '$' => dollars += 1,
            _ => {}
        }
        assert!(depth >= 0, "a brace is closed that was not opened");
    }
    assert_eq!((depth, dollars % 2), (0, 0), "braces and dollars are in pairs");
    let mut open: Vec<&str> = Vec::new();
    for (at, _) in latex.match_indices('\\') {
        let named = |command: &str| Some(latex[at..].strip_prefix(command)?.split_once('}')?.0);
        if let Some(name) = named("\\begin{") {
            open.push(name);
        } else if let Some(name) = named("\\end{") {
            assert_eq!(open.pop(), Some(name));
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
}

#[test]
fn the_latex_is_balanced_and_every_row_has_the_columns_of_its_table() {
    each(|scenario, range, terms, language| {
        let latex = written(scenario, range, terms, language, latex);
        assert_balanced(&latex);
        let mut columns = 0;
        for line in latex.lines() {
            if let Some((_, declared)) = line.split_once("\\begin{tabular}{") {
                // Widths and what stands between columns are in braces; what is left are the columns.
                let declared = declared.replace("@{${}\\cdot{}$}", "").replace("@{${}={}$}", "").replace("p{100pt}", "p");
                columns = declared.trim_end_matches('}').len();
                assert!(declared.trim_end_matches('}').chars().all(|c| "lrp".contains(c)), "{line}");
            }
            if line.ends_with("\\tabularnewline") {
                assert_eq!(line.replace("\\&", "").matches('&').count() + 1, columns, "{line}");
            }
        }
    });
}

#[test]
fn no_table_of_the_latex_has_more_rows_than_a_page() {
    let rows = vec!["[1]"; 100].join(", ");
    let scenario =
        scenario_of(&format!("title = \"Long\"\n[input]\nrows = [{rows}]\n[[layer]]\nkind = \"dense\"\nweights = [[1]]\n"));
    let latex = whole(&scenario, Terms::Summed, Language::En, latex);
    let tables = latex.split("\\begin{tabular}").skip(1).map(|rest| rest.split("\\end{tabular}").next().unwrap());
    // Each has a row of headings.
    let rows: Vec<usize> = tables.map(|table| table.matches("\\tabularnewline").count() - 1).collect();
    assert_eq!(rows, [24, 24, 24, 24, 4]);
}

#[test]
fn the_rows_of_a_markdown_table_have_its_columns() {
    each(|scenario, range, terms, language| {
        let markdown = written(scenario, range, terms, language, markdown);
        let mut columns = None;
        for line in markdown.lines() {
            if !line.starts_with('|') {
                columns = None;
                continue;
            }
            let bars = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            assert_eq!(*columns.get_or_insert(bars), bars, "{line}");
        }
    });
}

#[test]
fn every_equation_of_the_text_is_in_both() {
    // As letters and digits, which no format changes.
    let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let latex_bare = |text: &str| {
        let commands =
            ["\\penalty0 ", "\\operatorname", "\\approx", "\\cdot", "\\times10", "\\overrightarrow", "\\overleftarrow", "\\text"];
        let plain = commands
            .iter()
            .fold(text.to_owned(), |text, command| text.replace(command, if *command == "\\times10" { "e" } else { "" }));
        bare(&plain)
    };
    for scenario in all() {
        let range = 0..=(scenario.timesteps() - 1).min(3);
        let of = |format| written(&scenario, range.clone(), Terms::Summed, Language::En, format);
        let (markdown, latex) = (of(markdown), of(latex));
        let markdown: Vec<String> = markdown.lines().map(bare).collect();
        let latex: Vec<String> = latex.lines().map(|line| latex_bare(line.trim_start_matches("\\worked"))).collect();
        let text = of(plain);
        let equations: Vec<&str> = text.lines().filter(|line| line.starts_with(' ') && line.contains(") = ")).collect();
        assert!(!equations.is_empty());
        for equation in equations {
            assert!(markdown.contains(&bare(equation)), "{equation}");
            assert!(latex.contains(&bare(equation)), "{equation}");
        }
    }
}

#[test]
fn nothing_of_a_text_is_a_command_of_latex() {
    let latex = whole(&scenario(HOSTILE), Terms::Summed, Language::En, latex);
    let body = body(&latex);
    assert_eq!(body.matches("\\end{document}").count(), 1);
    assert!(body.trim_end().ends_with("\\end{document}"));
    assert!(!body.contains("\\input"));
    assert!(body.contains(
        "50\\% of \\#1 \\& \\{a\\_b\\}\\textasciicircum{}2 \\textasciitilde{} \\$x\\$ \\textbackslash{}input\\{/etc/passwd\\}"
    ));
    assert!(body.contains("{*} \\textbar{} \\textbackslash{} \\%"));
    // What pdflatex has no letter for is spelt; what it has under a name is named.
    assert!(body.contains("a\\textsuperscript{n}b\\textsuperscript{n}, r$\\odot$h, $\\sigma$(x) $\\approx$ 0.5"));
    assert!(body.contains("\\'{e}, Th, a,"));
    assert!(body.contains("?{`} !{`}"), "a sign that a backquote would turn around");
    assert!(body.contains("-{}-dash-{}-"), "dashes that would become one");
}

#[test]
fn every_character_of_the_latex_is_one_that_pdflatex_prints() {
    each(|scenario, range, terms, language| {
        let latex = written(scenario, range, terms, language, latex);
        let foreign: Vec<char> = latex.chars().filter(|c| !c.is_ascii() && !"¡¿áéíóúñÁÉÍÓÚÑüç".contains(*c)).collect();
        assert!(foreign.is_empty(), "{foreign:?}");
        assert!(!latex.chars().any(|c| c.is_ascii_control() && c != '\n'));
    });
}

#[test]
fn nothing_of_a_text_is_markup_of_markdown() {
    let markdown = whole(&scenario(HOSTILE), Terms::Summed, Language::En, markdown);
    // Outside of code, its own bold, tables and headings, every sign of markup is behind a backslash.
    let prose = markdown.lines().filter(|line| !line.contains(" `")).map(|line| line.replace("**", "").replace("\\\\", ""));
    for line in prose {
        let mut before = ' ';
        for c in line.trim_start_matches(['#', '|', ' ']).chars() {
            // Bars are those of the tables, which another test counts.
            assert!(before == '\\' || !"`*_{}[]<>#&~$".contains(c), "{c} in {line}");
            before = c;
        }
    }
    assert!(
        !markdown.contains("p://") && !markdown.contains("s://") && !markdown.contains("www.") && !markdown.contains("e@e"),
        "nothing is linked"
    );
    assert!(markdown.contains("\n\\- no list") && markdown.contains("\n1\\. no list") && markdown.contains("\n\\==="));
}

#[test]
fn no_word_is_in_the_other_language() {
    // Words of each language that the other has not.
    const EN: [&str; 9] =
        ["Input", "Output", "Layers", "Step by step", "carried", "computed", "claimed", "weight", "initial state"];
    const ES: [&str; 9] =
        ["Entrada", "Salida", "Capas", "Paso a paso", "llevado", "calculada", "afirmada", "peso", "estado inicial"];
    let scenario = scenario("intro");
    for format in [markdown, latex] {
        let (en, es) =
            (whole(&scenario, Terms::Listed, Language::En, format), whole(&scenario, Terms::Listed, Language::Es, format));
        for (english, spanish) in EN.into_iter().zip(ES) {
            assert!(en.contains(english) && !es.contains(english), "{english}");
            assert!(es.contains(spanish) && !en.contains(spanish), "{spanish}");
        }
    }
}

#[test]
fn steps_restrict_the_table_too() {
    let scenario = scenario("intro");
    let of = |format| written(&scenario, 1..=2, Terms::Summed, Language::En, format);
    let (markdown, latex) = (of(markdown), of(latex));
    assert_eq!(markdown.matches("\n### t = ").count(), 2);
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| 1 |") || line.starts_with("| 2 |")).count(), 2);
    assert!(!markdown.contains("X(0)") && !markdown.contains("X(3)"));
    assert_eq!(latex.matches("\\subsection*").count(), 2);
    assert!(!latex.contains("X(0)") && !latex.contains("X(3)"));
}

#[test]
fn a_number_that_is_not_finite_is_said_once_and_where() {
    let scenario = scenario_of(
        "title = \"Overflow\"\n[input]\nrows = [[1], [1], [1], [1]]\n[[layer]]\nkind = \"rnn\"\nactivation = \"linear\"\n\
         input_weights = [[1e200]]\nrecurrent_weights = [[1e200]]\n",
    );
    for format in [markdown, latex] {
        let whole = whole(&scenario, Terms::Listed, Language::En, format);
        assert_eq!(whole.matches("not a finite number, for the first time: layer 1, h, t = 1").count(), 1);
        let later = written(&scenario, 2..=3, Terms::Summed, Language::En, format);
        assert_eq!(later.matches("for the first time: layer 1, h, t = 1").count(), 1);
    }
    assert!(whole(&scenario, Terms::Summed, Language::En, latex).contains("\\infty"));
}

#[test]
fn a_sum_of_three_hundred_features_folds_and_its_table_is_cut_to_the_page() {
    let weights = vec!["0.5"; 300].join(", ");
    let scenario = scenario_of(&format!(
        "title = \"Wide\"\n[input]\nrows = [[{weights}], [{weights}]]\n[[layer]]\nkind = \"dense\"\nweights = [[{weights}]]\n"
    ));
    let of = |format| whole(&scenario, Terms::Summed, Language::En, format);
    assert!(of(markdown).contains("[277 more: 69] = 75`"));
    let latex = of(latex);
    assert!(latex.contains("[277\\ \\text{more}\\colon 69]"));
    let declared: Vec<usize> =
        latex.split("\\begin{tabular}{").skip(1).map(|rest| rest.split('}').next().unwrap().len()).collect();
    assert!(declared.iter().all(|&columns| (2..=20).contains(&columns)), "{declared:?}");
    assert_eq!(declared.iter().map(|columns| columns - 1).sum::<usize>(), 300 + 1);
}
