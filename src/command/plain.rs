//! `celda --plain`: the stepper line by line.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use super::{Done, Failure, has_keys, opening};
use crate::app::key::Key;
use crate::app::settings::ColorDepth;
use crate::cli::StepperArgs;
use crate::cli::environment::Environment;
use crate::report::plain::{answer, open};
use crate::scenario::text::both;
use crate::terminal::{self, plain};

/// Steps through a scenario in lines; keys come from standard input, or from the terminal where the scenario comes from there.
pub fn plain(names: &[String], args: &StepperArgs) -> Done {
    let settings = args.settings(&Environment::read(), ColorDepth::None);
    let (first, others) = opening::scenarios(names, args, settings)?;
    if !others.is_empty() {
        return Err(Failure::Usage(both!(
            "--plain steps through one scenario; name one",
            "--plain recorre un solo escenario; nombrar uno",
        )));
    }
    let mut state = first.state;
    state.finish_work();
    let mut first_lines = Vec::new();
    open(&state, &mut first_lines)?;
    let mut answer = |key: Key, said: &mut Vec<u8>| answer(&mut state, key, said);
    let is_read = names.iter().any(|name| name == "-");
    if io::stdin().is_terminal() || is_read && has_keys() {
        return match plain::run(&first_lines, &mut answer) {
            Ok(end) => Ok(terminal::finish(end)),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::ReaderGone),
            Err(error) => Err(Failure::terminal(&error)),
        };
    }
    plain::answer_all(&first_lines, io::stdin().lock(), &mut io::stdout().lock(), &mut answer)?;
    Ok(ExitCode::SUCCESS)
}
