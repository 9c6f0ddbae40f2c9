//! Arguments to commands to an exit code.

use std::process::ExitCode;

use celda::cli::{self, Command};
use celda::command;

fn main() -> ExitCode {
    let cli = cli::parse();
    let done = match &cli.command {
        None if cli.plain => command::plain(&cli.scenarios, &cli.stepper),
        None => command::step(&cli.scenarios, &cli.stepper),
        Some(Command::Trace(args)) => command::trace(args),
        Some(Command::Check(args)) => command::check(args),
        Some(Command::Scenarios(args)) => command::scenarios(args),
        Some(Command::New(args)) => command::new(args),
        Some(Command::Frame(args)) => command::frame(args),
        Some(Command::Notes(args)) => command::notes(args),
        Some(Command::Completions { shell }) => command::completions(*shell),
        Some(Command::Man) => command::man(),
    };
    done.unwrap_or_else(|failure| failure.report(cli.language()))
}
