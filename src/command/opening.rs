//! The scenarios that the stepper opens with, by their names on the command line.

use std::fs;
use std::io;

use crate::app::lecture::{Group, Opened};
use crate::app::settings::Settings;
use crate::app::state::State;
use crate::cli::{StepperArgs, commands, reach};
use crate::command::Failure;
use crate::scenario::builtin;
use crate::scenario::fault::{Fault, Faults, near};
use crate::scenario::file::Problem;
use crate::scenario::load::{self, Loaded};
use crate::scenario::text::both;

/// The scenarios named, the one that is shown first apart; where none is named, the first of the built-in ones.
///
/// # Errors
///
/// All that is wrong in any of them; a timestep to start at that is beyond the first one's last.
pub fn scenarios(names: &[String], args: &StepperArgs, settings: Settings) -> Result<(Opened, Vec<Opened>), Failure> {
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for name in names {
        match load::named(name) {
            Ok(named) => files.extend(named),
            Err(faults) => wrong.push(faults),
        }
    }
    if files.iter().filter(|name| *name == "-").count() > 1 {
        return Err(Failure::Usage(both!(
            "`-` is standard input, which can be read once; name it once",
            "`-` es la entrada estándar, que se puede leer una vez; nombrarla una vez",
        )));
    }
    let mut opened = Vec::new();
    let mut refused: Vec<&str> = Vec::new();
    for name in &files {
        match open(name, Group::Given, args, settings) {
            Ok(scenario) => opened.push(scenario),
            Err(_) if refused.contains(&name.as_str()) => {}
            Err(faults) => {
                refused.push(name);
                wrong.push(command_meant(name, names).map_or(faults, Faults::from));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Scenario(wrong));
    }
    let mut opened = opened.into_iter();
    match opened.next() {
        None => Ok((scenario(None, args, settings)?, Vec::new())),
        Some(first) => Ok((at(first, args)?, opened.collect())),
    }
}

/// The fault of a word that stands for no scenario, where a command was probably meant: one that is misspelt, or that does not
/// come first.
fn command_meant(word: &str, names: &[String]) -> Option<Fault> {
    let is_missing = fs::symlink_metadata(word).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    if !is_missing || builtin::find(word).is_some() {
        return None;
    }
    let commands = commands();
    let help = if commands.iter().any(|command| command == word) {
        both!(
            "a command comes first, and its options after it: `celda {word} …`",
            "una orden va primero, y sus opciones después: `celda {word} …`",
        )
    } else {
        let known: Vec<&str> =
            builtin::ALL.iter().map(|builtin| builtin.name).chain(commands.iter().map(String::as_str)).collect();
        let meant = near(word, &known).filter(|meant| commands.iter().any(|command| command == meant))?;
        if names.first().is_none_or(|first| first != word) {
            return None;
        }
        both!("did you mean the command `celda {meant}`?", "¿quizá la orden `celda {meant}`?")
    };
    Some(Fault::of_file(word, Problem::Missing.message(), help))
}

/// One scenario, by default the first of the built-in ones, at the timestep to start at.
///
/// # Errors
///
/// What is wrong in it; a timestep that is beyond its last.
pub fn scenario(name: Option<&str>, args: &StepperArgs, settings: Settings) -> Result<Opened, Failure> {
    let (name, group) = name.map_or((builtin::ALL[0].name, Group::BuiltIn), |name| (name, Group::Given));
    at(open(name, group, args, settings)?, args)
}

fn open(name: &str, group: Group, args: &StepperArgs, settings: Settings) -> Result<Opened, Faults> {
    let Loaded { scenario, source, origin } = load::load(name, reach(args.allow_outside))?;
    Ok(Opened { name: source.name, origin, group, state: State::new(scenario, settings) })
}

fn at(opened: Opened, args: &StepperArgs) -> Result<Opened, Failure> {
    let last = opened.state.last();
    if args.at > last {
        let at = args.at;
        return Err(Failure::Usage(both!(
            "--at {at}: the last timestep is {last}",
            "--at {at}: el último paso de tiempo es {last}",
        )));
    }
    Ok(Opened { state: opened.state.opened_at(args.at), ..opened })
}
