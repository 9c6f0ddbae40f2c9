//! What each command does, and how a command fails.

mod notes;
mod opening;
mod plain;

pub use notes::notes;
pub use plain::plain;

use std::fmt::Display;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::CommandFactory;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::app::keymap;
use crate::app::lecture::{Lecture, Opened};
use crate::app::settings::{Charset, ColorDepth, Language, Settings};
use crate::app::state::Outcome;
use crate::beside::Beside;
use crate::cli::environment::Environment;
use crate::cli::value::{Steps, TraceFormat};
use crate::cli::{CheckArgs, Cli, FrameArgs, NewArgs, ScenariosArgs, StepperArgs, TraceArgs, reach};
use crate::report::{self, Terms, Trace};
use crate::scenario::Scenario;
use crate::scenario::builtin;
use crate::scenario::fault::{Fault, Faults, Severity, called, nearest};
use crate::scenario::file::{Reach, system_words};
use crate::scenario::load::load;
use crate::scenario::tensors::{Refusal, TensorFile};
use crate::scenario::text::{Lines, Text, both, printable};
use crate::terminal::{self, MouseReports};
use crate::view::Layout;
use crate::view::glyphs::Plain;
use crate::view::number::Numbers;
use crate::{man, new_file, starter};

/// Why a command failed; each kind has an exit code.
#[derive(Debug)]
pub enum Failure {
    /// Faults in scenarios, by the file they were met in: 1.
    Scenario(Vec<Faults>),
    /// No stepper to follow, or none that can be understood: 1.
    NoStepper(Text),
    /// Something on the command line that only the scenario shows to be wrong: 2.
    Usage(Text),
    /// The terminal, or a file to be written: 3.
    Output(Text),
    /// The reader closed the pipe, which is no error: 0.
    ReaderGone,
}

impl Failure {
    fn terminal(error: &io::Error) -> Self {
        Self::Output(both!("the terminal failed: {error}", "ha fallado la terminal: {error}", error = system_words(error)))
    }

    /// Says what is wrong on standard error and gives the exit code.
    pub fn report(&self, language: Language) -> ExitCode {
        match self {
            Self::Scenario(files) => files.iter().for_each(|faults| diagnose(faults.in_language(language))),
            Self::NoStepper(message) | Self::Usage(message) | Self::Output(message) => remark(message, language),
            Self::ReaderGone => {}
        }
        ExitCode::from(match self {
            Self::Scenario(_) | Self::NoStepper(_) => 1,
            Self::Usage(_) => 2,
            Self::Output(_) => 3,
            Self::ReaderGone => 0,
        })
    }
}

/// Writes to standard error; that it cannot be written there is nowhere left to say.
fn diagnose(text: impl Display) {
    let _ = io::stderr().write_all(text.to_string().as_bytes());
}

/// Says something that is no fault of a file on standard error.
fn remark(text: &Text, language: Language) {
    diagnose(format_args!("celda: {}\n", printable(text.get(language), Lines::Many)));
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Scenario(vec![faults])
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Output(both!("cannot write: {error}", "no se puede escribir: {error}", error = system_words(&error))),
        }
    }
}

/// A command's end where nothing failed.
pub type Done = Result<ExitCode, Failure>;

/// Opens the stepper; where there is no terminal to draw on, prints the trace.
pub fn step(names: &[String], args: &StepperArgs) -> Done {
    let environment = Environment::read();
    let terminal = io::stdout().is_terminal();
    if !terminal && reader_is_gone() {
        return Err(Failure::Output(both!(
            "standard output is a pipe that nobody reads; run celda in a terminal",
            "la salida estándar es una tubería que nadie lee; abrir celda en una terminal",
        )));
    }
    let settings = args.settings(&environment, environment.color_depth());
    let opened = SystemTime::now();
    let (first, others) = opening::scenarios(names, args, settings)?;
    if !terminal || !environment.has_screen() || !has_keys() {
        print_traces(&first, &others, settings)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut beside = Beside::new(opened, reach(args.allow_outside));
    let reports = if args.mouse { MouseReports::On } else { MouseReports::Off };
    let mut lecture = Lecture::new(first, others);
    beside.offer_edits(&mut lecture);
    let end = terminal::run(&mut lecture, &mut beside, reports);
    if matches!(end, Ok(terminal::End::Quit)) {
        beside.discard_edits();
    }
    // A signal that ends the process would leave the socket behind.
    drop(beside);
    match end {
        Ok(end) => Ok(terminal::finish(end)),
        Err(error) => Err(Failure::terminal(&error)),
    }
}

/// Prints the trace of each scenario, under its name where there are several.
fn print_traces(first: &Opened, others: &[Opened], settings: Settings) -> Result<(), Failure> {
    let mut out: Box<dyn Write> = match settings.charset {
        Charset::Unicode => Box::new(io::stdout().lock()),
        Charset::Ascii => Box::new(Plain::new(io::stdout().lock())),
    };
    let steps = Steps { first: 0, last: None };
    for (i, opened) in std::iter::once(first).chain(others).enumerate() {
        if !others.is_empty() {
            let gap = if i == 0 { "" } else { "\n" };
            writeln!(out, "{gap}==> {} <==", called(&opened.name).get(settings.language))?;
        }
        let trace = traced(opened.state.scenario(), steps, Terms::Summed, &settings)?;
        write_trace(&trace, TraceFormat::Text, &mut out)?;
    }
    Ok(())
}

/// Whether standard output is a pipe whose other end is closed already.
fn reader_is_gone() -> bool {
    let stdout = rustix::stdio::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_ok() && fds[0].revents().contains(PollFlags::ERR)
}

/// Whether keys can be read from standard input or a controlling terminal.
fn has_keys() -> bool {
    io::stdin().is_terminal() || fs::File::open("/dev/tty").is_ok()
}

/// Computes all steps and prints them.
pub fn trace(args: &TraceArgs) -> Done {
    let scenario = load(&args.scenario, reach(args.allow_outside))?.scenario;
    let terms = if args.terms { Terms::Listed } else { Terms::Summed };
    let steps = args.steps.unwrap_or(Steps { first: 0, last: None });
    let settings = Settings { language: Environment::read().language(args.lang), ..Settings::default() };
    let trace = traced(&scenario, steps, terms, &settings)?;
    match &args.output {
        Some(path) if path != Path::new("-") => write_new(path, |out| write_trace(&trace, args.format, out))?,
        _ => write_trace(&trace, args.format, &mut io::stdout().lock())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What of a scenario is to be printed.
fn traced<'s>(scenario: &'s Scenario, steps: Steps, terms: Terms, settings: &Settings) -> Result<Trace<'s>, Failure> {
    let last = scenario.timesteps() - 1;
    let end = steps.last.unwrap_or(last);
    if let Some(beyond) = [steps.first, end].into_iter().find(|&t| t > last) {
        return Err(Failure::Usage(both!(
            "--steps names {beyond}, but the last timestep is {last}",
            "--steps nombra {beyond}, pero el último paso de tiempo es {last}",
        )));
    }
    let (language, numbers) = (settings.language, Numbers::new(settings));
    Ok(Trace { scenario, range: steps.first..=end, terms, language, numbers })
}

fn write_trace(trace: &Trace<'_>, format: TraceFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        TraceFormat::Text => report::text::write(trace, &mut out),
        TraceFormat::Csv => report::csv::write(trace, &mut out),
        TraceFormat::Json => report::json::write(trace, &mut out),
        TraceFormat::Markdown => report::markdown::write(trace, &mut out),
        TraceFormat::Latex => report::latex::write(trace, &mut out),
    }?;
    out.flush()
}

/// Writes a new file.
fn write_new(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    new_file::create(path, write).map_err(|error| {
        let path = path.display();
        Failure::Output(match error.kind() {
            io::ErrorKind::AlreadyExists => both!(
                "{path} exists and is not overwritten; name a new file",
                "{path} ya existe y no se sobrescribe; nombrar un archivo nuevo",
            ),
            _ => both!("cannot write {path}: {error}", "no se puede escribir {path}: {error}", error = system_words(&error)),
        })
    })
}

/// Validates scenarios: a line per good one, a diagnostic per fault.
pub fn check(args: &CheckArgs) -> Done {
    let language = Environment::read().language(args.lang);
    let mut code = 0;
    for name in &args.scenarios {
        match load(name, reach(args.allow_outside)) {
            Ok(loaded) => {
                let verdict = report::check::check(&loaded);
                match writeln!(io::stdout(), "{}", verdict.line.get(language)) {
                    // The exit code is a result too: the files that nobody reads of are checked all the same.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                    written => written?,
                }
                diagnose(verdict.warnings.in_language(language));
                if args.strict && !verdict.warnings.is_empty() {
                    code = 1;
                }
            }
            Err(faults) => {
                diagnose(faults.in_language(language));
                code = 1;
            }
        }
    }
    Ok(ExitCode::from(code))
}

/// Lists the built-in scenarios, or prints one.
pub fn scenarios(args: &ScenariosArgs) -> Done {
    let mut out = io::stdout().lock();
    let Some(name) = args.name.as_deref() else {
        let language = Environment::read().language(args.lang);
        let widest = builtin::ALL.iter().map(|builtin| builtin.name.len()).max().unwrap_or(0);
        for builtin in builtin::ALL {
            let scenario = load(builtin.name, Reach::Folder)?.scenario;
            let about = scenario.description.as_ref().unwrap_or(&scenario.title).get(language).to_owned();
            writeln!(out, "{:widest$}  {about}", builtin.name)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(builtin) = builtin::find(name) else {
        let names: Vec<&str> = builtin::ALL.iter().map(|builtin| builtin.name).collect();
        let message = both!("there is no such built-in scenario", "no hay ningún escenario incluido con ese nombre");
        let fault = Fault::of_file(name, message, nearest(name, &names));
        return Err(Faults::from(fault).into());
    };
    out.write_all(builtin.toml.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a starter scenario.
pub fn new(args: &NewArgs) -> Done {
    let scenario = match &args.from {
        None => starter::toml(args.kind).to_owned(),
        Some(name) => {
            let prefix = args.prefix.as_deref().unwrap_or_default();
            let fault = |refusal: Refusal| Fault::of_file(name, refusal.message, refusal.help);
            let made = TensorFile::at(Path::new(name)).and_then(|file| starter::from_weights(name, &file, prefix));
            let made = made.map_err(|refusal| Faults::from(fault(refusal)))?;
            let mut warnings = Faults::default();
            for warning in made.warnings {
                warnings.push(|| Fault { severity: Severity::Warning, ..fault(warning) });
            }
            diagnose(warnings.in_language(Environment::read().language(args.lang)));
            made.toml
        }
    };
    io::stdout().write_all(scenario.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Draws one frame without a terminal.
pub fn frame(args: &FrameArgs) -> Done {
    let environment = Environment::read();
    let depth = if environment.no_color { ColorDepth::None } else { ColorDepth::True };
    let settings = args.stepper.settings(&environment, depth);
    let mut lecture = Lecture::new(opening::scenario(args.scenario.as_deref(), &args.stepper, settings)?, Vec::new());
    lecture.state_mut().finish_work();
    for &key in &args.keys.0 {
        Layout::fitted(lecture.state_mut(), args.size);
        if let Some(action) = keymap::action(key, lecture.mode())
            && matches!(lecture.update(action), Outcome::Quit | Outcome::Interrupt)
        {
            break;
        }
        lecture.state_mut().finish_work();
    }
    let buffer = report::frame::draw_lecture(&mut lecture, args.size);
    let mut out = BufWriter::new(io::stdout().lock());
    report::frame::write(&buffer, lecture.state(), args.format, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a completion script.
pub fn completions(shell: clap_complete::Shell) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "celda", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the man page.
pub fn man() -> Done {
    let mut page = Vec::new();
    man::write(&mut page)?;
    io::stdout().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
