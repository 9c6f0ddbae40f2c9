//! `celda notes`: which steppers there are, and the one to follow.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use unicode_width::UnicodeWidthStr;

use super::{Done, Failure, has_keys, remark};
use crate::app::settings::Language;
use crate::app::speaker::{Position, Speaker};
use crate::cli::NotesArgs;
use crate::cli::environment::Environment;
use crate::companion::clock;
use crate::companion::follower::{Stepper, steppers};
use crate::companion::message::failure;
use crate::companion::position::is_in;
use crate::scenario::fault::called;
use crate::scenario::text::{Lines, Text, both, printable};
use crate::terminal::follow::follow;
use crate::terminal::{self, End};
use crate::view::panel::left;

/// Follows a stepper; where several might be meant, or there is no terminal to draw on, says which there are.
pub fn notes(args: &NotesArgs) -> Done {
    let environment = Environment::read();
    let settings = args.look.settings(&environment, environment.color_depth());
    let language = settings.language;
    let has_terminal = io::stdout().is_terminal() && environment.has_screen() && has_keys();
    let (steppers, refusals) = steppers();
    for refusal in refusals {
        remark(&failure(&refusal), language);
    }
    if steppers.is_empty() {
        return Err(Failure::NoStepper(both!(
            "no stepper is running; open one in another terminal: celda SCENARIO",
            "no hay ninguna pantalla de celda abierta; abrir una en otra terminal: celda ESCENARIO",
        )));
    }
    let all = list(&steppers);
    let mut meant = match &args.scenario {
        None => steppers,
        Some(name) => meant_by(name, steppers),
    };
    match (&args.scenario, meant.len()) {
        (Some(name), 0) => {
            let name = printable(name, Lines::One);
            Err(Failure::NoStepper(both!(
                "no stepper shows `{name}`; these are running:\n{all}",
                "ninguna pantalla muestra `{name}`; estas están abiertas:\n{all}",
                all
            )))
        }
        (Some(name), 2..) => {
            let (name, list) = (printable(name, Lines::One), list(&meant));
            Err(Failure::NoStepper(both!(
                "several steppers show `{name}`; choose one by its number:\n{list}",
                "varias pantallas muestran `{name}`; elegir una por su número:\n{list}",
                list
            )))
        }
        (_, 1) if has_terminal => {
            let Stepper { position, voice } = meant.remove(0);
            let mut speaker = Speaker::new(position, settings);
            let end = follow(&mut speaker, voice, clock::clock);
            ended(end, language)
        }
        _ => {
            writeln!(io::stdout(), "{}", all.get(language))?;
            if has_terminal {
                let hint = both!(
                    "choose one by its scenario or its number: celda notes SCENARIO",
                    "elegir una por su escenario o su número: celda notes ESCENARIO",
                );
                remark(&hint, language);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Says how following ended, where the user did not end it.
fn ended(end: io::Result<End>, language: Language) -> Done {
    match end {
        Ok(End::Left) => {
            remark(&both!("the stepper has ended", "la pantalla de celda se ha cerrado"), language);
            Ok(ExitCode::SUCCESS)
        }
        Ok(end) => Ok(terminal::finish(end)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Failure::NoStepper(failure(&error))),
        Err(error) => Err(Failure::terminal(&error)),
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
fn list(steppers: &[Stepper]) -> Text {
    let names: Vec<Text> = steppers.iter().map(|stepper| called(&stepper.position.name)).collect();
    let widest = |language| names.iter().map(|name| name.get(language).width()).max().unwrap_or(0);
    let lines: Vec<Text> = steppers
        .iter()
        .zip(&names)
        .map(|(Stepper { position, .. }, name)| {
            let Position { pid, title, now, .. } = position;
            let (since, t) = (clock::written(position.since), now.t);
            let name = Text::each(|language| left(name.get(language), widest(language)));
            let title = Text::each(|language| printable(title.get(language), Lines::One));
            both!(
                "{name}  {pid:>7}  since {since}  t = {t}  {title}",
                "{name}  {pid:>7}  desde {since}  t = {t}  {title}",
                name,
                title
            )
        })
        .collect();
    Text::joined(&lines, "\n")
}
