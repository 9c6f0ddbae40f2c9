//! What came of something, here or outside the stepper; the screen says it until the next key.

use super::autoplay::{Speed, Stop};
use super::events::{Happening, Way};
use super::search::Match;
use crate::scenario::edit::Number;
use crate::scenario::text::Text;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// No number of the cell looked at is on the screen.
    NothingToEdit,
    /// There is no edit to undo.
    NothingToUndo,
    /// There is no edit to redo.
    NothingToRedo,
    /// Nothing is edited, so there is nothing to compare.
    NothingToCompare,
    /// Nothing is edited, so there is nothing to write.
    NothingToWrite,
    /// The edits cannot be written: these numbers come from another file.
    InAnotherFile {
        /// The first of them.
        number: Number,
        /// How many more there are.
        others: usize,
        /// The file of the first.
        file: String,
    },
    /// The edits cannot be written: this file is named, and would not be found from the folder of the new one.
    FileElsewhere {
        /// The file.
        file: String,
    },
    /// The edits cannot be kept for the next start, in the words of the system.
    NotKept(Text),
    /// A file was saved.
    Saved {
        /// The name of the file.
        file: String,
        /// The folder it is in, where that is known.
        folder: Option<String>,
    },
    /// A file was not saved.
    NotSaved(Refusal),
    /// The scenario's file was read again.
    Reloaded {
        /// So many numbers are still edited.
        kept: usize,
        /// So many edited numbers are no longer in it.
        lost: usize,
    },
    /// A built-in scenario has no file that could be read again.
    BuiltInHasNoFile,
    /// Standard input cannot be read again.
    StandardInputHasNoFile,
    /// Changes of files are not heard, for a reason in the words of the system.
    NotWatched(Text),
    /// Autoplay will be this fast.
    Speed(Speed),
    /// Autoplay has stopped.
    Stopped(Stop),
    /// An event was found.
    Event {
        /// When.
        t: usize,
        /// What, and where.
        happening: Happening,
    },
    /// Under the veil no event is told.
    Veiled,
    /// There is no further event that way.
    NoEvent(Way),
    /// Something takes longer than a key has time for.
    Working {
        /// What.
        doing: Doing,
        /// How much of it is done.
        percent: usize,
    },
    /// The search of an event was interrupted.
    SearchInterrupted {
        /// The timestep it had come to.
        t: usize,
    },
    /// Something else was interrupted, and all is as it was before.
    Interrupted(Doing),
    /// A search of the labels has led to a row, or to none.
    Found {
        /// What was searched for.
        text: String,
        /// Which of the rows that have it.
        which: Match,
    },
}

/// What takes longer than a key has time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// An event is searched.
    Searching,
    /// The way to a timestep.
    Going {
        /// Which.
        t: usize,
    },
    /// What is shown.
    Computing,
    /// Another version of the file.
    Reloading,
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
    Other(Text),
}
