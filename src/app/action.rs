//! Every thing a user can do.

use super::field::Edit;
use super::mouse::Target;

/// One thing a user can do; [`State::update`](super::state::State::update) says what it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Next timestep.
    Next,
    /// Previous timestep.
    Previous,
    /// Next micro-step inside the timestep; down in the help where it is open.
    NextMicroStep,
    /// Previous micro-step; up in the help where it is open.
    PreviousMicroStep,
    /// First timestep.
    First,
    /// Last timestep, or the one whose number was typed before.
    Last,
    /// A digit of the count before a motion.
    Digit(u8),
    /// Autoplay on or off.
    Play,
    /// Autoplay twice as fast.
    Faster,
    /// Autoplay half as fast.
    Slower,
    /// Next event: what dies, saturates, changes sign, overflows or fails.
    NextEvent,
    /// Previous event.
    PreviousEvent,
    /// Next unit of the layer.
    NextUnit,
    /// Previous unit of the layer.
    PreviousUnit,
    /// Next layer.
    NextLayer,
    /// Previous layer.
    PreviousLayer,
    /// Next gate of the cell.
    NextGate,
    /// Previous gate of the cell.
    PreviousGate,
    /// Closer: from the network to a layer, from a layer to a cell.
    ZoomIn,
    /// Farther: from a cell to its layer, from a layer to the network.
    ZoomOut,
    /// Results covered until they are reached, or not.
    Veil,
    /// Down in what is open on top, else in the terms of the weighted sum, the units or the layers.
    ScrollDown,
    /// Up, likewise.
    ScrollUp,
    /// Choose a number of the cell and type another.
    Edit,
    /// Choose what was clicked.
    Choose(Target),
    /// Undo the last edit.
    Undo,
    /// Redo the edit undone last.
    Redo,
    /// Show the original outputs beside the edited ones, or not.
    Compare,
    /// Write the edited scenario to a new file.
    Write,
    /// The answer yes to what is asked.
    Yes,
    /// The answer no.
    No,
    /// Save what the screen shows as a picture.
    SaveFrame,
    /// The formula of the cell looked at in large letters, or the panels.
    TextSize,
    /// Open the list of scenarios.
    Scenarios,
    /// Speaker notes on or off.
    Notes,
    /// Blank the screen, and back.
    Blank,
    /// Next theme.
    Theme,
    /// Next language.
    Language,
    /// Six significant digits, or all.
    NumberFormat,
    /// Read the scenario's file again.
    Reload,
    /// Help on or off.
    Help,
    /// Search the rows by their labels.
    Search,
    /// Change the text field that is open.
    Type(Edit),
    /// Take what is in the text field that is open.
    Accept,
    /// Close what is open on top.
    Close,
    /// Draw the whole screen anew, whatever the terminal shows.
    Redraw,
    /// Stop, until the shell's `fg`.
    Suspend,
    /// Quit, after asking where edits would be lost.
    Quit,
    /// Quit at once; edits that are not written are kept for the next start.
    Interrupt,
}

/// What of it there is to do where no stepper is: in the list of scenarios and on the lecturer's own screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the action of its name")]
pub enum Beside {
    Quit,
    Interrupt,
    Redraw,
    Suspend,
    ScrollUp,
    ScrollDown,
    Type(Edit),
    Accept,
    Theme,
    Language,
}

impl Action {
    /// The motions of which one is likely next: on or back, as far as before.
    pub const fn likely_next(self) -> [Self; 2] {
        match self {
            Self::NextMicroStep | Self::PreviousMicroStep => [Self::NextMicroStep, Self::PreviousMicroStep],
            _ => [Self::Next, Self::Previous],
        }
    }

    /// What it is where no stepper is; none where it is about a stepper.
    pub const fn beside(self) -> Option<Beside> {
        Some(match self {
            Self::Quit => Beside::Quit,
            Self::Interrupt => Beside::Interrupt,
            Self::Redraw => Beside::Redraw,
            Self::Suspend => Beside::Suspend,
            Self::ScrollUp => Beside::ScrollUp,
            Self::ScrollDown => Beside::ScrollDown,
            Self::Type(edit) => Beside::Type(edit),
            Self::Accept => Beside::Accept,
            Self::Theme => Beside::Theme,
            Self::Language => Beside::Language,
            Self::Next
            | Self::Previous
            | Self::NextMicroStep
            | Self::PreviousMicroStep
            | Self::First
            | Self::Last
            | Self::Digit(_)
            | Self::Play
            | Self::Faster
            | Self::Slower
            | Self::NextEvent
            | Self::PreviousEvent
            | Self::NextUnit
            | Self::PreviousUnit
            | Self::NextLayer
            | Self::PreviousLayer
            | Self::NextGate
            | Self::PreviousGate
            | Self::ZoomIn
            | Self::ZoomOut
            | Self::Veil
            | Self::Edit
            | Self::Choose(_)
            | Self::Undo
            | Self::Redo
            | Self::Compare
            | Self::Write
            | Self::Yes
            | Self::No
            | Self::SaveFrame
            | Self::TextSize
            | Self::Scenarios
            | Self::Notes
            | Self::Blank
            | Self::NumberFormat
            | Self::Reload
            | Self::Help
            | Self::Search
            | Self::Close => return None,
        })
    }

    /// Whether it leaves what is shown as it is.
    pub const fn is_about_the_program(self) -> bool {
        matches!(self, Self::Reload | Self::SaveFrame | Self::Redraw | Self::Suspend | Self::Quit | Self::Interrupt)
    }
}
