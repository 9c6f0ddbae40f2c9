//! Colours and emphasis by what they mean, from a set that colour-blind eyes tell apart (Okabe and Ito, 2008).

use ratatui::style::{Color, Modifier, Style};

use crate::app::settings::{ColorDepth, Settings, Theme};

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Frames, axes, column heads.
    Frame,
    /// Titles of panels.
    Title,
    /// The current row, the current term, the value carried: one look wherever they stand.
    Current,
    /// A total: the pre-activation, the output.
    Total,
    /// What the last keypress computed.
    New,
    /// A positive contribution.
    Positive,
    /// A negative contribution.
    Negative,
    /// A claim that holds.
    Holds,
    /// A claim that fails.
    Fails,
    /// The number that is typed.
    Chosen,
}

impl Role {
    /// All of them.
    const ALL: [Self; 11] = [
        Self::Plain,
        Self::Frame,
        Self::Title,
        Self::Current,
        Self::Total,
        Self::New,
        Self::Positive,
        Self::Negative,
        Self::Holds,
        Self::Fails,
        Self::Chosen,
    ];
}

/// A colour as amounts of red, green and blue.
pub type Rgb = (u8, u8, u8);

/// What stands for the terminal's own two colours where there is no terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The background.
    pub ground: Rgb,
    /// Ordinary text.
    pub ink: Rgb,
}

/// One colour in each depth.
struct Ink(Color, u8, Rgb);

impl Ink {
    const fn at(&self, depth: ColorDepth) -> Option<Color> {
        match depth {
            ColorDepth::None => None,
            ColorDepth::Ansi => Some(self.0),
            ColorDepth::Indexed => Some(Color::Indexed(self.1)),
            ColorDepth::True => Some(Color::Rgb(self.2.0, self.2.1, self.2.2)),
        }
    }
}

const ORANGE: Ink = Ink(Color::Yellow, 214, (230, 159, 0));
const SKY: Ink = Ink(Color::Cyan, 74, (86, 180, 233));
const GREEN: Ink = Ink(Color::Green, 36, (0, 158, 115));
const PURPLE: Ink = Ink(Color::Magenta, 175, (204, 121, 167));
const VERMILLION: Ink = Ink(Color::Red, 166, (213, 94, 0));
const BLUE: Ink = Ink(Color::Blue, 25, (0, 114, 178));
const DEEP_GREEN: Ink = Ink(Color::Green, 23, (0, 95, 70));
const DEEP_RED: Ink = Ink(Color::Red, 124, (160, 50, 0));
const DEEP_PURPLE: Ink = Ink(Color::Magenta, 90, (125, 35, 95));
const LIGHT_GREY: Ink = Ink(Color::Gray, 248, (168, 168, 168));
const DARK_GREY: Ink = Ink(Color::Black, 240, (88, 88, 88));

/// The look of a role.
pub fn style(role: Role, settings: &Settings) -> Style {
    let plain = Style::new();
    if settings.depth == ColorDepth::None || settings.theme == Theme::Mono {
        return match role {
            Role::Plain | Role::Frame | Role::Positive | Role::Negative => plain,
            Role::Title | Role::Total | Role::Holds => plain.add_modifier(Modifier::BOLD),
            Role::Current | Role::Fails => plain.add_modifier(Modifier::REVERSED),
            Role::Chosen => plain.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            Role::New => plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        };
    }
    let inked = |ink: &Ink| ink.at(settings.depth).map_or(plain, |color| plain.fg(color));
    let bold = |style: Style| style.add_modifier(Modifier::BOLD);
    let reversed = bold(plain).add_modifier(Modifier::REVERSED);
    match (role, settings.theme) {
        (Role::Plain, _) => plain,
        (Role::Title | Role::Total, _) => bold(plain),
        (Role::New, _) => bold(plain).add_modifier(Modifier::UNDERLINED),
        (Role::Chosen, _) => reversed,
        (Role::Frame, Theme::Dark) => inked(&LIGHT_GREY),
        (Role::Current, Theme::Dark) => bold(inked(&ORANGE)),
        (Role::Positive, Theme::Dark) => inked(&SKY),
        (Role::Negative, Theme::Dark) => inked(&PURPLE),
        (Role::Holds, Theme::Dark) => inked(&GREEN),
        (Role::Fails, Theme::Dark) => bold(inked(&VERMILLION)),
        (Role::Frame, Theme::Light) => inked(&DARK_GREY),
        (Role::Current, Theme::Light) => bold(inked(&BLUE)),
        (Role::Positive | Role::Holds, Theme::Light) => inked(&DEEP_GREEN),
        (Role::Negative, Theme::Light) => inked(&DEEP_PURPLE),
        (Role::Fails, Theme::Light) => bold(inked(&DEEP_RED)),
        (Role::Frame, Theme::Contrast | Theme::Mono) => plain,
        (Role::Current, Theme::Contrast | Theme::Mono) => reversed,
        (Role::Positive, Theme::Contrast | Theme::Mono) => bold(inked(&SKY)),
        (Role::Negative, Theme::Contrast | Theme::Mono) => bold(inked(&ORANGE)),
        (Role::Holds, Theme::Contrast | Theme::Mono) => bold(plain),
        (Role::Fails, Theme::Contrast | Theme::Mono) => bold(inked(&VERMILLION)),
    }
}

/// The two colours that suit a theme.
pub const fn paper(settings: &Settings) -> Paper {
    match (settings.depth, settings.theme) {
        (ColorDepth::None, _) | (_, Theme::Mono) => Paper { ground: (255, 255, 255), ink: (0, 0, 0) },
        (_, Theme::Dark) => Paper { ground: (18, 20, 24), ink: (236, 236, 236) },
        (_, Theme::Light) => Paper { ground: (255, 255, 255), ink: (24, 24, 24) },
        (_, Theme::Contrast) => Paper { ground: (0, 0, 0), ink: (255, 255, 255) },
    }
}

/// A colour of the screen in full depth, however few the terminal has; none for the terminal's own, and for one no role has.
pub fn rgb(color: Color, settings: &Settings) -> Option<Rgb> {
    let full = Settings { depth: ColorDepth::True, ..*settings };
    let of_role =
        || Role::ALL.into_iter().find(|&role| style(role, settings).fg == Some(color)).and_then(|role| style(role, &full).fg);
    let shown = if color == Color::Reset { None } else { of_role() };
    match shown.unwrap_or(color) {
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        _ => None,
    }
}
