//! `celda --plain`: the stepper line by line.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use super::{Done, Failure, has_keys, opening};
use crate::app::key::Key;
use crate::app::settings::ColorDepth;
use crate::app::state::{Outcome, State};
use crate::cli::StepperArgs;
use crate::cli::environment::Environment;
use crate::report::plain::{Asked, begin, end, open};
use crate::scenario::text::both;
use crate::terminal;
use crate::terminal::plain::{self, Answers};

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
    let mut lines = Lines { state, asked: None };
    let is_read = names.iter().any(|name| name == "-");
    if io::stdin().is_terminal() || is_read && has_keys() {
        return match plain::run(&first_lines, &mut lines) {
            Ok(end) => Ok(terminal::finish(end)),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::ReaderGone),
            Err(error) => Err(Failure::terminal(&error)),
        };
    }
    plain::answer_all(&first_lines, io::stdin().lock(), &mut io::stdout().lock(), &mut lines)?;
    Ok(ExitCode::SUCCESS)
}

/// The stepper that is answered for.
struct Lines {
    state: State,
    /// What is to be said once it is computed.
    asked: Option<Asked>,
}

impl Answers for Lines {
    fn key(&mut self, key: Key, said: &mut Vec<u8>) -> io::Result<Outcome> {
        let (outcome, asked) = begin(&mut self.state, key, said)?;
        self.asked = asked;
        Ok(outcome)
    }

    fn is_working(&self) -> bool {
        self.state.is_working()
    }

    fn work_on(&mut self, said: &mut Vec<u8>) -> io::Result<()> {
        self.state.work_on();
        match self.asked.take_if(|_| !self.state.is_working()) {
            Some(asked) => end(&self.state, asked, said),
            None => Ok(()),
        }
    }
}
