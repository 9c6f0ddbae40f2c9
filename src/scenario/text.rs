//! Text by language, and text from a file made safe to print.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The one after it.
    pub const fn next(self) -> Self {
        match self {
            Self::En => Self::Es,
            Self::Es => Self::En,
        }
    }

    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }
}

/// A fixed text in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// English.
    pub en: &'static str,
    /// Spanish.
    pub es: &'static str,
}

impl Phrase {
    /// The text in one language.
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Es => self.es,
        }
    }
}

/// A text in every language; a scenario's file that gives one version means it for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Versions);

/// What is the same in every language is held once: a file may have a label for each of a million rows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Versions {
    Same(Box<str>),
    /// In the order of [`Language::ALL`].
    Each(Box<[Box<str>; 2]>),
}

impl Text {
    /// A text in English and in Spanish.
    pub fn new(en: impl Into<Box<str>>, es: impl Into<Box<str>>) -> Self {
        let (en, es) = (en.into(), es.into());
        Self(if en == es { Versions::Same(en) } else { Versions::Each([en, es].into()) })
    }

    /// The same text in every language.
    pub fn same(text: impl Into<Box<str>>) -> Self {
        Self(Versions::Same(text.into()))
    }

    /// What is said in each language.
    pub fn each(say: impl Fn(Language) -> String) -> Self {
        Self::new(say(Language::En), say(Language::Es))
    }

    /// Texts one after the other.
    pub fn joined(texts: &[Self], between: &str) -> Self {
        Self::each(|language| texts.iter().map(|text| text.get(language)).collect::<Vec<_>>().join(between))
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match (&self.0, language) {
            (Versions::Same(text), _) => text,
            (Versions::Each(texts), Language::En) => &texts[0],
            (Versions::Each(texts), Language::Es) => &texts[1],
        }
    }
}

/// How a text is told to another process.
#[derive(Serialize, Deserialize)]
struct ByLanguage<S> {
    en: S,
    es: S,
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ByLanguage { en: self.get(Language::En), es: self.get(Language::Es) }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ByLanguage::<String> { en, es } = ByLanguage::deserialize(deserializer)?;
        Ok(Self::new(en, es))
    }
}

impl From<Phrase> for Text {
    fn from(phrase: Phrase) -> Self {
        Self::new(phrase.en, phrase.es)
    }
}

/// What can be a part of a text.
pub trait Part {
    /// How it is said in a language.
    fn said(&self, language: Language) -> Cow<'_, str>;
}

impl Part for Text {
    fn said(&self, language: Language) -> Cow<'_, str> {
        self.get(language).into()
    }
}

impl Part for Phrase {
    fn said(&self, language: Language) -> Cow<'_, str> {
        self.get(language).into()
    }
}

/// A name, which is the same in every language.
impl Part for str {
    fn said(&self, _: Language) -> Cow<'_, str> {
        self.into()
    }
}

impl Part for String {
    fn said(&self, _: Language) -> Cow<'_, str> {
        self.into()
    }
}

impl Part for usize {
    fn said(&self, _: Language) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl<P: Part + ?Sized> Part for &P {
    fn said(&self, language: Language) -> Cow<'_, str> {
        (*self).said(language)
    }
}

/// A [`Text`] from its English and its Spanish words. The parts named after them are said in each language; other names in
/// braces are the same in both.
macro_rules! both {
    (@part $name:ident) => { &$name };
    (@part $name:ident $value:expr) => { &$value };
    ($en:literal, $es:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        $(let $name = both!(@part $name $($value)?);)*
        let en = {
            $(let $name = $crate::scenario::text::Part::said($name, $crate::scenario::text::Language::En);)*
            format!($en)
        };
        let es = {
            $(let $name = $crate::scenario::text::Part::said($name, $crate::scenario::text::Language::Es);)*
            format!($es)
        };
        $crate::scenario::text::Text::new(en, es)
    }};
}
pub(crate) use both;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it says")]
pub enum Noun {
    /// Of a table.
    Cell,
    Column,
    Direction,
    Feature,
    Gate,
    Input,
    Layer,
    Level,
    Name,
    Number,
    Output,
    Row,
    Timestep,
    Unit,
}

impl Noun {
    /// What one is called, and several.
    const fn forms(self) -> [Phrase; 2] {
        const fn forms([one, several]: [&'static str; 2], [uno, varios]: [&'static str; 2]) -> [Phrase; 2] {
            [Phrase { en: one, es: uno }, Phrase { en: several, es: varios }]
        }
        match self {
            Self::Cell => forms(["cell", "cells"], ["casilla", "casillas"]),
            Self::Column => forms(["column", "columns"], ["columna", "columnas"]),
            Self::Direction => forms(["direction", "directions"], ["sentido", "sentidos"]),
            Self::Feature => forms(["feature", "features"], ["característica", "características"]),
            Self::Gate => forms(["gate", "gates"], ["puerta", "puertas"]),
            Self::Input => forms(["input", "inputs"], ["entrada", "entradas"]),
            Self::Layer => forms(["layer", "layers"], ["capa", "capas"]),
            Self::Level => forms(["level", "levels"], ["nivel", "niveles"]),
            Self::Name => forms(["name", "names"], ["nombre", "nombres"]),
            Self::Number => forms(["number", "numbers"], ["número", "números"]),
            Self::Output => forms(["output", "outputs"], ["salida", "salidas"]),
            Self::Row => forms(["row", "rows"], ["fila", "filas"]),
            Self::Timestep => forms(["timestep", "timesteps"], ["paso de tiempo", "pasos de tiempo"]),
            Self::Unit => forms(["unit", "units"], ["unidad", "unidades"]),
        }
    }

    /// What one is called.
    pub const fn one(self) -> Phrase {
        let [one, _] = self.forms();
        one
    }

    /// What several are called.
    pub const fn several(self) -> Phrase {
        let [_, several] = self.forms();
        several
    }
}

/// `1 number`, `2 numbers`.
pub fn count(n: usize, noun: Noun) -> Text {
    let noun = if n == 1 { noun.one() } else { noun.several() };
    both!("{n} {noun}", "{n} {noun}", noun)
}

/// The text with every control character replaced by its picture (`␛`), so that a file cannot drive a terminal;
/// line breaks stay where `multiline` says so.
pub fn printable(text: &str, multiline: Lines) -> String {
    text.chars()
        .map(|c| match c {
            '\n' if multiline == Lines::Many => '\n',
            '\t' => ' ',
            '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
            '\u{7f}' => '\u{2421}',
            '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Whether a text may have several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A name, a title, a label.
    One,
    /// A note, a description.
    Many,
}
