//! The values that options take: languages, themes, formats, timesteps, sizes and lists of keys.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::refusal::Refused;
use crate::app::key::Key;
use crate::app::settings::{LARGEST_SCREEN, Language, Theme};
use crate::report::frame::FrameFormat;
use crate::scenario::text::both;

/// A list of keys.
#[derive(Clone, Debug, Default)]
pub struct Keys(pub Vec<Key>);

/// The timesteps to print, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The first.
    pub first: usize,
    /// The last; none for the last there is.
    pub last: Option<usize>,
}

/// `celda trace --format`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum TraceFormat {
    /// The worked arithmetic.
    Text,
    /// One row per timestep.
    Csv,
    /// Everything, as `celda.trace/1`.
    Json,
    /// The worked arithmetic as a hand-out, with tables.
    Markdown,
    /// The same, to be set with pdflatex.
    Latex,
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}

impl ValueEnum for Theme {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Dark, Self::Light, Self::Contrast, Self::Mono]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Dark => ("dark", "For a dark background"),
            Self::Light => ("light", "For a light background"),
            Self::Contrast => ("contrast", "For a weak projector"),
            Self::Mono => ("mono", "No colour"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for FrameFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Ansi, Self::Svg]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Text => PossibleValue::new("text").help("Characters only"),
            Self::Ansi => PossibleValue::new("ansi").help("With ANSI styles"),
            Self::Svg => PossibleValue::new("svg").help("A picture in the colours of the theme"),
        })
    }
}

pub(super) fn parse_precision(text: &str) -> Result<u8, Refused> {
    let digits = text.parse().ok().filter(|digits| (1..=17).contains(digits));
    digits.ok_or_else(|| Refused(both!("write how many digits, from 1 to 17", "escribir cuántas cifras, de 1 a 17")))
}

pub(super) fn parse_size(text: &str) -> Result<(u16, u16), Refused> {
    let side = |side: &str| side.parse().ok().filter(|n| *n <= LARGEST_SCREEN);
    let size = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    size.ok_or_else(|| {
        Refused(both!(
            "write columns x rows, as 80x24, each at most {LARGEST_SCREEN}",
            "escribir columnas x filas, como 80x24, cada una {LARGEST_SCREEN} como mucho",
        ))
    })
}

pub(super) fn parse_timestep(text: &str) -> Result<usize, Refused> {
    let refused = |_| Refused(both!("write a timestep, counted from 0", "escribir un paso de tiempo, contado desde 0"));
    text.parse().map_err(refused)
}

pub(super) fn parse_steps(text: &str) -> Result<Steps, Refused> {
    let number = |text: &str| {
        text.parse::<usize>().map_err(|_| {
            Refused(both!(
                "`{text}` is not a timestep; write 1..3, 2.., ..5 or 4",
                "`{text}` no es un paso de tiempo; escribir 1..3, 2.., ..5 o 4",
            ))
        })
    };
    let steps = match text.split_once("..") {
        None => {
            let only = number(text)?;
            Steps { first: only, last: Some(only) }
        }
        Some((first, last)) => Steps {
            first: if first.is_empty() { 0 } else { number(first)? },
            last: if last.is_empty() { None } else { Some(number(last)?) },
        },
    };
    match steps {
        Steps { first, last: Some(last) } if last < first => Err(Refused(both!(
            "it ends at {last}, before it begins at {first}",
            "termina en {last}, antes de empezar en {first}"
        ))),
        _ => Ok(steps),
    }
}

pub(super) fn parse_keys(text: &str) -> Result<Keys, Refused> {
    const MOST: usize = 1_000_000;
    let mut keys = Vec::new();
    for word in text.split(',').filter(|word| !word.is_empty()) {
        let repeated = word.rsplit_once('*').filter(|(key, times)| !key.is_empty() && !times.is_empty());
        let (key, times) = match repeated {
            Some((key, times)) => (key, times.parse().map_err(|_| not_times(times, word))?),
            None => (word, 1),
        };
        if times > MOST - keys.len() {
            return Err(Refused(both!("at most {MOST} keys", "{MOST} teclas como mucho")));
        }
        keys.extend(std::iter::repeat_n(key.parse::<Key>().map_err(Refused)?, times));
    }
    Ok(Keys(keys))
}

fn not_times(times: &str, word: &str) -> Refused {
    Refused(both!("`{times}` in `{word}` is not a number of times", "`{times}` en `{word}` no es un número de veces"))
}
