//! The command line: what may be written on it, and the settings that it and the environment make.

pub mod environment;
mod refusal;
mod spanish;
pub mod value;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::settings::{Charset, ColorDepth, Language, Settings, TextSize, Theme, Veil};
use crate::report::frame::FrameFormat;
use crate::scenario::file::Reach;
use crate::scenario::text::{Lines, printable};
use crate::starter::Starter;
use environment::Environment;
use spanish::in_spanish;
use value::{Keys, Steps, TraceFormat, parse_keys, parse_precision, parse_size, parse_steps, parse_timestep};

/// Steps through a recurrent network, one timestep per keypress, and shows where every number came from.
#[derive(Debug, Parser)]
#[command(name = "celda", version, args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// A command; without one the stepper opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Paths, built-in scenarios, folders of scenarios, or - for standard input [default: intro].
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Step line by line, without a screen: for a screen reader, a braille line or a very slow link.
    #[arg(long, conflicts_with_all = ["mouse", "big", "predict"])]
    pub plain: bool,
    /// How the stepper shows them.
    #[command(flatten)]
    pub stepper: StepperArgs,
}

impl Cli {
    /// The language of what is said: the one asked for, else the locale's.
    pub fn language(&self) -> Language {
        let asked = match &self.command {
            None => self.stepper.look.lang,
            Some(Command::Trace(args)) => args.lang,
            Some(Command::Check(args)) => args.lang,
            Some(Command::Frame(args)) => args.stepper.look.lang,
            Some(Command::Notes(args)) => args.look.lang,
            Some(Command::Scenarios(args)) => args.lang,
            Some(Command::New(args)) => args.lang,
            Some(Command::Completions { .. } | Command::Man) => None,
        };
        Environment::read().language(asked)
    }
}

const AFTER_HELP: &str = "SCENARIO is a path, the name of a built-in scenario (`celda scenarios`), or - for standard input.\n\
    For the stepper it may be a folder too, which stands for its .toml files; Ctrl-o goes from one scenario to another.\n\
    Where standard output is not a terminal, the stepper prints what `celda trace` prints.\n\
    Press ? in the stepper for its keys.";

/// The commands beside the stepper.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compute all steps and print them.
    Trace(TraceArgs),
    /// Validate scenario files.
    Check(CheckArgs),
    /// List the built-in scenarios, or print one's TOML.
    Scenarios(ScenariosArgs),
    /// Print a commented starter scenario.
    New(NewArgs),
    /// Draw one frame of the stepper without a terminal.
    Frame(FrameArgs),
    /// Follow a stepper in another terminal: its speaker notes, what comes next, and a clock.
    Notes(NotesArgs),
    /// Print a completion script.
    Completions {
        /// The shell it is for.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    Man,
}

/// What the stepper and `frame` have in common.
#[derive(Args, Debug)]
pub struct StepperArgs {
    /// How the screen looks and speaks.
    #[command(flatten)]
    pub look: LookArgs,
    /// Significant digits shown.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = parse_precision, allow_hyphen_values = true)]
    pub precision: u8,
    /// Start with the formula in large letters.
    #[arg(long)]
    pub big: bool,
    /// Start veiled: a timestep shows only its row, to be guessed, until it is gone through.
    #[arg(long)]
    pub predict: bool,
    /// Choose rows, units and numbers with the mouse, step with its wheel; the terminal then selects no text.
    #[arg(long)]
    pub mouse: bool,
    /// Start at this timestep, counted from 0.
    #[arg(long, value_name = "T", default_value_t = 0, value_parser = parse_timestep, allow_hyphen_values = true)]
    pub at: usize,
    /// Let the scenario's `file` leave its folder.
    #[arg(long)]
    pub allow_outside: bool,
}

/// How a screen looks and speaks.
#[derive(Args, Debug)]
pub struct LookArgs {
    /// Language of the screen [default: the locale's, else en].
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
    /// Colours.
    #[arg(long, default_value = "dark")]
    pub theme: Theme,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
}

/// `celda trace`.
#[derive(Args, Debug)]
pub struct TraceArgs {
    /// A path, a built-in scenario, or - for standard input.
    #[arg(default_value = "intro")]
    pub scenario: String,
    /// How it is written.
    #[arg(long, default_value = "text")]
    pub format: TraceFormat,
    /// The timesteps printed, both ends included: 1..3, 2.., ..5 or 4.
    #[arg(long, value_name = "A..B", value_parser = parse_steps, allow_hyphen_values = true)]
    pub steps: Option<Steps>,
    /// List every term of every weighted sum.
    #[arg(long)]
    pub terms: bool,
    /// Write to a new file; one that exists is never overwritten.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Language of the text, Markdown and LaTeX [default: the locale's, else en].
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
    /// Let the scenario's `file` leave its folder.
    #[arg(long)]
    pub allow_outside: bool,
}

/// `celda check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The files, or names of built-in scenarios.
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Fail where an expected value does not hold.
    #[arg(long)]
    pub strict: bool,
    /// Language of what is said [default: the locale's, else en].
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
    /// Let a scenario's `file` leave its folder.
    #[arg(long)]
    pub allow_outside: bool,
}

/// `celda scenarios`.
#[derive(Args, Debug)]
pub struct ScenariosArgs {
    /// The scenario to print.
    pub name: Option<String>,
    /// Language of the list [default: the locale's, else en].
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
}

/// `celda new`.
#[derive(Args, Debug)]
pub struct NewArgs {
    /// What it starts from.
    #[arg(default_value = "rnn", conflicts_with = "from")]
    pub kind: Starter,
    /// A .safetensors or .npz file whose weights it uses.
    #[arg(long, value_name = "FILE")]
    pub from: Option<String>,
    /// Only the layers whose arrays' names begin so.
    #[arg(long, value_name = "P", requires = "from")]
    pub prefix: Option<String>,
    /// Language of what is said [default: the locale's, else en].
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
}

/// `celda frame`.
#[derive(Args, Debug)]
pub struct FrameArgs {
    /// A path, a built-in scenario, or - for standard input [default: intro].
    #[arg(value_name = "SCENARIO")]
    pub scenario: Option<String>,
    /// How it is shown.
    #[command(flatten)]
    pub stepper: StepperArgs,
    /// Columns and rows.
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "80x24", value_parser = parse_size)]
    pub size: (u16, u16),
    /// Keys pressed before it is drawn: n, right*3, tab, C-c; a comma is `comma`.
    #[arg(long, value_name = "KEYS", value_parser = parse_keys, default_value = "")]
    pub keys: Keys,
    /// How it is written.
    #[arg(long, default_value = "text")]
    pub format: FrameFormat,
}

/// `celda notes`.
#[derive(Args, Debug)]
pub struct NotesArgs {
    /// The scenario the stepper shows, or the number of its process [default: the only stepper there is].
    pub scenario: Option<String>,
    /// How the screen looks and speaks.
    #[command(flatten)]
    pub look: LookArgs,
}

impl StepperArgs {
    /// How the screen looks and speaks, with so many colours.
    pub fn settings(&self, environment: &Environment, depth: ColorDepth) -> Settings {
        Settings {
            precision: self.precision.into(),
            text: if self.big { TextSize::Large } else { TextSize::Ordinary },
            veil: if self.predict { Veil::On } else { Veil::Off },
            ..self.look.settings(environment, depth)
        }
    }
}

impl LookArgs {
    /// How the screen looks and speaks, with so many colours.
    pub fn settings(&self, environment: &Environment, depth: ColorDepth) -> Settings {
        Settings {
            language: environment.language(self.lang),
            theme: self.theme,
            charset: if self.ascii { Charset::Ascii } else { Charset::Unicode },
            depth,
            ..Settings::default()
        }
    }
}

/// The names of the commands.
pub fn commands() -> Vec<String> {
    let mut command = Cli::command();
    // Only a built one has the help.
    command.build();
    command.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// The command line. Where it is wrong the program ends, and says so with its words made safe to print.
pub fn parse() -> Cli {
    let language = asked_for(env::args_os());
    parsed(env::args_os(), language).unwrap_or_else(|error| {
        let words = env::args_os().map(|word| printable(&word.to_string_lossy(), Lines::One).into());
        refusal::exit(parsed(words, language).err().unwrap_or(error), language)
    })
}

fn parsed(words: impl Iterator<Item = OsString>, language: Language) -> Result<Cli, clap::Error> {
    let command = match language {
        Language::En => Cli::command(),
        Language::Es => in_spanish(Cli::command()),
    };
    Cli::from_arg_matches(&command.try_get_matches_from(words)?)
}

/// The language of the help and of what is wrong with the command line, which has to be known before it is read.
fn asked_for(words: impl Iterator<Item = OsString>) -> Language {
    let words: Vec<String> =
        words.skip(1).map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--").collect();
    let beside = words.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
    let within = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    let asked = beside.chain(within).find_map(|code| Language::ALL.into_iter().find(|language| language.code() == code));
    Environment::read().language(asked)
}

/// How far a scenario may reach for files.
pub const fn reach(allow_outside: bool) -> Reach {
    if allow_outside { Reach::Anywhere } else { Reach::Folder }
}
