//! The environment, as far as it matters: the language, and what the terminal can show.

use crate::app::settings::{ColorDepth, Language};

/// The environment, as far as it matters.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `LC_ALL`, else `LC_MESSAGES`, else `LANG`.
    pub locale: String,
    /// `TERM`.
    pub term: String,
    /// `COLORTERM`.
    pub colorterm: String,
    /// Whether `NO_COLOR` is set to anything.
    pub no_color: bool,
}

impl Environment {
    /// Reads the environment of the process.
    pub fn read() -> Self {
        let var = |name: &str| std::env::var_os(name).map(|v| v.to_string_lossy().into_owned()).filter(|v| !v.is_empty());
        Self {
            locale: ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(var).unwrap_or_default(),
            term: var("TERM").unwrap_or_default(),
            colorterm: var("COLORTERM").unwrap_or_default(),
            no_color: var("NO_COLOR").is_some(),
        }
    }

    /// The language asked for, else the locale's.
    pub fn language(&self, asked: Option<Language>) -> Language {
        let of_locale = || Language::ALL.into_iter().find(|l| self.locale.split(['_', '.', '@']).next() == Some(l.code()));
        asked.or_else(of_locale).unwrap_or_default()
    }

    /// Never more colours than the terminal announces.
    pub fn color_depth(&self) -> ColorDepth {
        const NONE: [&str; 4] = ["vt100", "vt102", "vt220", "ansi-m"];
        match () {
            () if self.no_color || NONE.contains(&self.term.as_str()) => ColorDepth::None,
            () if ["truecolor", "24bit"].contains(&self.colorterm.as_str()) => ColorDepth::True,
            () if self.term.contains("256color") => ColorDepth::Indexed,
            () => ColorDepth::Ansi,
        }
    }

    /// Whether the terminal can place text anywhere on its screen.
    pub fn has_screen(&self) -> bool {
        !self.term.is_empty() && self.term != "dumb"
    }
}
