//! The man page: what the command line says of itself, the keys, the file format in short, the exit codes.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::app::keymap::{BINDINGS, COUNT, only_in_fields};
use crate::app::settings::{Charset, Language};
use crate::cli::Cli;

const FILES: &str = "A scenario is a TOML file with a title, the [input] rows, one [[layer]] table per layer and, if you like, \
    [expected] outputs and [[note]] tables. celda new prints one to start from; the README describes every key.";

const EXIT: [(&str, &str); 4] = [
    ("0", "success; also where the reader closed the pipe early"),
    (
        "1",
        "a scenario is invalid or cannot be read, check --strict found an expected value that does not hold, or there is no stepper to follow",
    ),
    ("2", "wrong command line"),
    ("3", "the terminal failed, a file could not be written, or an internal error"),
];

/// Writes the page in roff.
///
/// # Errors
///
/// What the writer gives.
pub fn write(out: &mut impl Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let usage = command.render_usage().to_string();
    let commands: Vec<Command> = command.get_subcommands().filter(|c| c.get_name() != "help").cloned().collect();
    let man = Man::new(command);
    man.render_title(out)?;
    man.render_name_section(out)?;
    let mut synopsis = Roff::new();
    synopsis.control("SH", ["SYNOPSIS"]).control("nf", []);
    usage.trim_start_matches("Usage: ").lines().for_each(|line| {
        synopsis.text([bold(line.trim())]);
    });
    synopsis.control("fi", []).to_writer(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    let mut rest = Roff::new();
    rest.control("SH", ["COMMANDS"]);
    for subcommand in commands {
        write_command(subcommand, &mut rest);
    }
    rest.control("SH", ["KEYS"]);
    let keys =
        BINDINGS.iter().chain(only_in_fields()).map(|b| (b.keys_shown(Charset::Unicode, Language::En), b.help.get(Language::En)));
    for (shown, help) in keys.chain([(COUNT.0.to_owned(), COUNT.1.get(Language::En))]) {
        rest.control("TP", []).text([bold(shown)]).text([roman(help)]);
    }
    rest.control("SH", ["FILES"]).text([roman(FILES)]);
    rest.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in EXIT {
        rest.control("TP", []).text([bold(code)]).text([roman(meaning)]);
    }
    rest.to_writer(out)
}

/// A command with its options, on the page of the program: there are no pages of their own.
fn write_command(mut command: Command, page: &mut Roff) {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    page.control("TP", []).text([bold(usage)]).text([roman(about)]);
    page.control("RS", []);
    for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
        let short = argument.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let values = if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
        page.control("TP", []).text([bold(format!("{short}{argument}"))]).text([roman(help + &values)]);
    }
    page.control("RE", []);
}
