//! `celda notes`: which steppers there are, and the one to follow.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use unicode_width::UnicodeWidthStr;

use super::{Done, Failure, diagnose, has_keys};
use crate::app::settings::Language;
use crate::app::speaker::{Position, Speaker};
use crate::cli::{Environment, NotesArgs};
use crate::companion::clock;
use crate::companion::follower::{Stepper, steppers};
use crate::companion::position::is_in;
use crate::scenario::text::{Lines, printable};
use crate::terminal::follow::follow;
use crate::terminal::{self, End};
use crate::view::panel::left;

/// Follows a stepper; where several might be meant, or there is no terminal to draw on, says which there are.
pub fn notes(args: &NotesArgs) -> Done {
    let environment = Environment::read();
    let settings = args.look.settings(&environment, environment.color_depth());
    let has_terminal = io::stdout().is_terminal() && environment.has_screen() && has_keys();
    let (steppers, refusals) = steppers();
    for refusal in refusals {
        diagnose(format_args!("celda: {refusal}\n"));
    }
    if steppers.is_empty() {
        return Err(Failure::NoStepper("no stepper is running; open one in another terminal: celda SCENARIO".into()));
    }
    let all = list(&steppers, settings.language);
    let mut meant = match &args.scenario {
        None => steppers,
        Some(name) => meant_by(name, steppers),
    };
    match (&args.scenario, meant.len()) {
        (Some(name), 0) => {
            let name = printable(name, Lines::One);
            Err(Failure::NoStepper(format!("no stepper shows `{name}`; these are running:\n{}", all.trim_end())))
        }
        (Some(name), 2..) => {
            let (name, list) = (printable(name, Lines::One), list(&meant, settings.language));
            Err(Failure::NoStepper(format!("several steppers show `{name}`; choose one by its number:\n{}", list.trim_end())))
        }
        (_, 1) if has_terminal => {
            let Stepper { position, voice } = meant.remove(0);
            end(follow(&mut Speaker::new(position, settings), voice, clock::clock))
        }
        _ => {
            io::stdout().write_all(all.as_bytes())?;
            if has_terminal {
                diagnose("celda: choose one by its scenario or its number: celda notes SCENARIO\n");
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Says how following ended, where the user did not end it.
fn end(end: io::Result<End>) -> Done {
    match end {
        Ok(End::Left) => {
            diagnose("celda: the stepper has ended\n");
            Ok(ExitCode::SUCCESS)
        }
        Ok(end) => Ok(terminal::finish(end)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Failure::NoStepper(error.to_string())),
        Err(error) => Err(Failure::Output(format!("the terminal failed: {error}"))),
    }
}

/// The steppers that show a scenario, else the one that is the process of this number.
fn meant_by(name: &str, steppers: Vec<Stepper>) -> Vec<Stepper> {
    let (shown, others): (Vec<Stepper>, Vec<Stepper>) = steppers.into_iter().partition(|stepper| is_in(&stepper.position, name));
    if !shown.is_empty() {
        return shown;
    }
    others.into_iter().filter(|stepper| stepper.position.pid.to_string() == name).collect()
}

/// A line per stepper: its scenario, its number, since when it runs, and where it is.
fn list(steppers: &[Stepper], language: Language) -> String {
    let names: Vec<String> = steppers.iter().map(|stepper| printable(&stepper.position.name, Lines::One)).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let mut lines = String::new();
    for (Stepper { position, .. }, name) in steppers.iter().zip(names) {
        let Position { pid, since, title, now, .. } = position;
        let (name, title) = (left(&name, widest), printable(title.get(language), Lines::One));
        lines += &format!("{name}  {pid:>7}  since {}  t = {}  {title}\n", clock::written(*since), now.t);
    }
    lines
}
