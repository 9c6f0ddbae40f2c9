//! What came of something the stepper asked for outside itself; the screen says it until the next key.

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The frame was saved.
    Saved {
        /// The name of the file.
        file: String,
        /// The folder it is in, where that is known.
        folder: Option<String>,
    },
    /// The frame was not saved.
    NotSaved(Refusal),
}

/// Why a new file could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The folder may not be written to.
    Forbidden,
    /// The folder is no longer there.
    FolderGone,
    /// There is no room on the disk.
    Full,
    /// Every name it may have is that of a file.
    NamesTaken,
    /// Anything else, in the words of the system.
    Other(String),
}
