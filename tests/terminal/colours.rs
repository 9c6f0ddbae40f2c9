//! Colours and characters: none but those the terminal announces.

use pty_process::blocking::Command;

use super::{look_around, on_every, stepper_with};
use crate::pty::{Terminal, celda, control_sequences};

/// What sets a colour, as terminals go by their abilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    None,
    Eight,
    Indexed,
    True,
}

/// The most that a style sequence asks for; going back to the default is no colour.
fn depth(parameters: &str) -> Depth {
    let mut numbers = parameters.split([';', ':']).map(|number| number.parse().unwrap_or(0));
    let mut most = Depth::None;
    while let Some(number) = numbers.next() {
        let here = match (number, matches!(number, 38 | 48 | 58).then(|| numbers.next())) {
            (_, Some(Some(5))) => {
                numbers.next();
                Depth::Indexed
            }
            (_, Some(_)) => {
                numbers.nth(2);
                Depth::True
            }
            (30..=37 | 40..=47, None) => Depth::Eight,
            // The bright ones are beyond the eight.
            (90..=97 | 100..=107, None) => Depth::Indexed,
            _ => Depth::None,
        };
        most = most.max(here);
    }
    most
}

/// The most that a stepper asks for on every screen, in every theme.
fn used(command: Command) -> Depth {
    let terminal = stepper_with(command);
    look_around(&terminal);
    let styles = control_sequences(&terminal.raw()).into_iter().filter(|(_, end)| *end == b'm');
    styles.map(|(parameters, _)| depth(&parameters)).max().unwrap_or(Depth::None)
}

#[test]
fn no_color_is_used_where_none_is_wanted_and_the_current_row_still_stands_out() {
    let command = || celda().env("NO_COLOR", "1").env("COLORTERM", "truecolor");
    assert_eq!(used(command()), Depth::None);
    let mark = stepper_with(command()).cell_with("▶").unwrap();
    assert!(mark.inverse() || mark.bold());
}

#[test]
fn no_more_colors_are_used_than_the_terminal_announces() {
    let cases = [
        ("vt100", None, Depth::None),
        ("screen", None, Depth::Eight),
        ("screen", Some(""), Depth::Eight),
        ("screen", Some("truecolor"), Depth::True),
        ("xterm", None, Depth::Eight),
        ("xterm", Some("24bit"), Depth::True),
        ("xterm-256color", None, Depth::Indexed),
        ("xterm-256color", Some("truecolor"), Depth::True),
        ("xterm-256color", Some("yes"), Depth::Indexed),
    ];
    on_every(&cases, |(term, colorterm, announced)| {
        let command = celda().env("TERM", term);
        let command = if let Some(value) = colorterm { command.env("COLORTERM", value) } else { command };
        assert_eq!(used(command), *announced, "TERM={term} COLORTERM={colorterm:?}");
    });
}

#[test]
fn only_ascii_is_written_on_every_screen_where_only_that_is_wanted() {
    on_every(&["en", "es"], |language| {
        let terminal = Terminal::start(celda().args(["--ascii", "--lang", language]));
        terminal.wait_for_frame(0);
        look_around(&terminal);
        assert!(terminal.raw().is_ascii());
    });
}
