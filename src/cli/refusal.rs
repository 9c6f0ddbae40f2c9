//! What is wrong with the command line, in Spanish: of what clap found the kind and the words, never its English.

use std::error::Error;
use std::fmt::{self, Display, Formatter, Write};

use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorFormatter, ErrorKind};
use clap::{Command, CommandFactory};

use super::Cli;
use super::spanish::usage;
use crate::app::settings::Language;
use crate::scenario::text::Text;

/// Why a value is not taken.
#[derive(Clone, Debug)]
pub struct Refused(pub Text);

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get(Language::En))
    }
}

impl Error for Refused {}

/// Says what is wrong and ends the program.
pub(super) fn exit(error: clap::Error, language: Language) -> ! {
    match language {
        Language::En => error.exit(),
        Language::Es => error.apply::<InSpanish>().exit(),
    }
}

/// Says it in Spanish.
struct InSpanish;

impl ErrorFormatter for InSpanish {
    fn format_error(error: &clap::error::Error<Self>) -> StyledStr {
        let mut said = StyledStr::new();
        // A text takes all that is written to it.
        let _ = write(error, &mut said);
        said
    }
}

fn write(error: &clap::error::Error<InSpanish>, said: &mut StyledStr) -> fmt::Result {
    let styles = Styles::styled();
    let style = styles.get_error();
    write!(said, "{style}error:{style:#} {}", message(error))?;
    let valid = match error.kind() {
        ErrorKind::InvalidValue => strings(error, ContextKind::ValidValue).join(", "),
        _ => String::new(),
    };
    if !valid.is_empty() {
        write!(said, "\n  [valores posibles: {valid}]")?;
    }
    if let Some(advice) = advice(error) {
        let style = styles.get_valid();
        write!(said, "\n\n  {style}consejo:{style:#} {advice}")?;
    }
    if let Some(ContextValue::StyledStr(synopsis)) = error.get(ContextKind::Usage) {
        write!(said, "\n\nUso: {}", usage(synopsis))?;
    }
    writeln!(said, "\n\nPara más información, usar '--help'.")
}

/// What is wrong. Only kinds that a command line of this program can have are told apart.
fn message(error: &clap::error::Error<InSpanish>) -> String {
    let named = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (option, value) = (named(ContextKind::InvalidArg), named(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::UnknownArgument => format!("'{option}' no se esperaba"),
        ErrorKind::InvalidSubcommand => format!("no existe la orden '{}'", named(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => format!("falta el valor de '{option}'"),
        ErrorKind::InvalidValue => format!("valor no válido '{value}' para '{option}'"),
        ErrorKind::ValueValidation => {
            let refused = error.source().and_then(<dyn Error>::downcast_ref::<Refused>);
            let reason = refused.map(|Refused(reason)| format!(": {}", reason.get(Language::Es))).unwrap_or_default();
            format!("valor no válido '{value}' para '{option}'{reason}")
        }
        ErrorKind::TooManyValues => format!("'{option}' no lleva valor, y hay uno: '{value}'"),
        ErrorKind::MissingRequiredArgument => format!("falta {}", listed(&strings(error, ContextKind::InvalidArg))),
        ErrorKind::ArgumentConflict => match strings(error, ContextKind::PriorArg) {
            others if others == [option.as_str()] => format!("'{option}' solo se puede dar una vez"),
            others => format!("'{option}' no se puede usar con {}", listed(&others)),
        },
        ErrorKind::InvalidUtf8 => "la línea de órdenes no es UTF-8".into(),
        _ => "la línea de órdenes no es válida".into(),
    }
}

/// What may have been meant.
fn advice(error: &clap::error::Error<InSpanish>) -> Option<String> {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let similar: Vec<String> = kinds.into_iter().flat_map(|kind| strings(error, kind)).collect();
    if !similar.is_empty() {
        return Some(format!("quizá {}", listed(&similar)));
    }
    let word = error.get(ContextKind::InvalidArg)?.to_string();
    if error.kind() != ErrorKind::UnknownArgument || !word.starts_with('-') {
        return None;
    }
    let others = with_option(&word);
    Some(if others.is_empty() {
        format!("para darlo como escenario, escribir '-- {word}'")
    } else {
        format!("quizá {}", listed(&others))
    })
}

/// The commands that have an option, each with it.
fn with_option(word: &str) -> Vec<String> {
    let command = Cli::command();
    let long = word.strip_prefix("--");
    let has_it = |command: &&Command| long.is_some() && command.get_arguments().any(|argument| argument.get_long() == long);
    command.get_subcommands().filter(has_it).map(|command| format!("{} {word}", command.get_name())).collect()
}

fn strings(error: &clap::error::Error<InSpanish>, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(string)) => vec![string.clone()],
        Some(ContextValue::Strings(strings)) => strings.clone(),
        _ => Vec::new(),
    }
}

/// `'a', 'b'`.
fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}
