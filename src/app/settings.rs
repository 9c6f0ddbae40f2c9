//! How the screen looks and speaks, whatever scenario it shows.

pub use crate::scenario::text::{Language, Phrase};

/// The most columns and the most rows that are drawn.
pub const LARGEST_SCREEN: u16 = 1000;

/// A set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For a dark background.
    #[default]
    Dark,
    /// For a light background.
    Light,
    /// For a weak projector: bold, few colours.
    Contrast,
    /// No colour at all.
    Mono,
}

/// How many digits of a number are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFormat {
    /// The significant digits of [`Settings::precision`].
    Short,
    /// All that tell the number from its neighbours.
    Full,
}

/// How large the numbers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    /// In panels.
    #[default]
    Ordinary,
    /// Those of the formula alone, for the last row of the room.
    Large,
}

/// Whether a timestep is there to be guessed before it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Veil {
    /// A timestep is shown as soon as it is reached.
    #[default]
    Off,
    /// Only its row is, until its micro-steps are reached; nothing on the screen depends on what comes after.
    On,
}

/// Which characters may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Any.
    #[default]
    Unicode,
    /// No byte above 0x7F.
    Ascii,
}

/// How many colours the terminal announces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorDepth {
    /// None: bold, underline and reverse only.
    None,
    /// The eight of ANSI.
    #[default]
    Ansi,
    /// The 256 of xterm.
    Indexed,
    /// 24 bits.
    True,
}

/// How the screen looks and speaks.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The language of the screen.
    pub language: Language,
    /// The colours.
    pub theme: Theme,
    /// The characters.
    pub charset: Charset,
    /// How many colours there are.
    pub depth: ColorDepth,
    /// Short or full numbers.
    pub numbers: NumberFormat,
    /// The significant digits of short numbers, 1 to 17.
    pub precision: usize,
    /// In panels or large.
    pub text: TextSize,
    /// Whether results are covered until their micro-step is reached.
    pub veil: Veil,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            charset: Charset::default(),
            depth: ColorDepth::default(),
            numbers: NumberFormat::Short,
            precision: 6,
            text: TextSize::default(),
            veil: Veil::default(),
        }
    }
}

impl Theme {
    /// The one after it.
    pub const fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Contrast,
            Self::Contrast => Self::Mono,
            Self::Mono => Self::Dark,
        }
    }
}

impl NumberFormat {
    /// The other one.
    pub const fn next(self) -> Self {
        match self {
            Self::Short => Self::Full,
            Self::Full => Self::Short,
        }
    }
}

impl TextSize {
    /// The other one.
    pub const fn next(self) -> Self {
        match self {
            Self::Ordinary => Self::Large,
            Self::Large => Self::Ordinary,
        }
    }
}
