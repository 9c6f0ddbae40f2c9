//! Colours and characters: none but those the terminal announces.

use super::{look_around, stepper_with};
use crate::pty::{celda, control_sequences};

/// Whether a parameter of a style sequence sets a colour; going back to the default is none.
fn is_color(parameter: &str) -> bool {
    let number = parameter.split(':').next().unwrap_or_default().parse().unwrap_or(0);
    matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
}

fn colors(output: &[u8]) -> Vec<String> {
    let styles = control_sequences(output).into_iter().filter(|(_, end)| *end == b'm');
    styles.map(|(parameters, _)| parameters).filter(|parameters| parameters.split(';').any(is_color)).collect()
}

#[test]
fn no_color_is_used_where_none_is_wanted_and_the_current_row_still_stands_out() {
    let terminal = stepper_with(celda().env("NO_COLOR", "1").env("COLORTERM", "truecolor"));
    look_around(&terminal);
    assert_eq!(colors(&terminal.raw()), [""; 0]);
    let mark = terminal.cell_with("▶").unwrap();
    assert!(mark.inverse() || mark.bold());
}

#[test]
fn no_more_colors_are_used_than_the_terminal_announces() {
    let used = |term: &str, colorterm: &str| {
        let terminal = stepper_with(celda().env("TERM", term).env("COLORTERM", colorterm));
        look_around(&terminal);
        let colors = colors(&terminal.raw());
        assert!(!colors.is_empty(), "TERM={term} COLORTERM={colorterm}");
        (colors.iter().any(|c| c.contains("8;5;")), colors.iter().any(|c| c.contains("8;2;")))
    };
    assert_eq!(used("screen", ""), (false, false));
    assert_eq!(used("xterm", ""), (false, false));
    assert_eq!(used("xterm-256color", ""), (true, false));
    assert_eq!(used("xterm-256color", "truecolor"), (false, true));
}

#[test]
fn only_ascii_is_written_where_only_that_is_wanted() {
    let terminal = stepper_with(celda().arg("--ascii"));
    look_around(&terminal);
    assert!(terminal.raw().is_ascii());
}
