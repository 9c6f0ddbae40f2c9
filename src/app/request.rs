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
    /// Keep the edits that are not written for the next start, should there be no time for it later.
    KeepEdits,
    /// Look whether an earlier run left edits of the scenario that is shown from now on.
    FindEdits,
    /// Keep those as one's own that an earlier run left and that were just taken over.
    AdoptEdits,
    /// Drop those that an earlier run left.
    DropEdits,
}
