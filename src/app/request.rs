//! What the stepper asks of the world outside it, which answers with a notice.

/// Something asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Save the frame as it is now.
    SaveFrame,
    /// Read the scenario's file again.
    Reload,
    /// Write the edited scenario to a new file.
    WriteScenario,
}
