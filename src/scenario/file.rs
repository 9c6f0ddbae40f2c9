//! Files and what is refused before they are read: what is not a regular file, too large, not text, or out of reach.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};

use super::fault::{Fault, Faults, Source, listed, shown};
use super::text::{Lines, printable};

/// How far from its own folder a scenario may name files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Within its folder and the folders in it.
    #[default]
    Folder,
    /// Anywhere (`--allow-outside`).
    Anywhere,
}

/// Where the files that a scenario names are looked for.
#[derive(Clone, Debug)]
pub enum Folder {
    /// In a folder.
    Disk {
        /// The one the scenario is in.
        path: PathBuf,
        /// How far from it.
        reach: Reach,
    },
    /// Among files in the program, by their names: those of a built-in scenario.
    Embedded(&'static [(&'static str, &'static [u8])]),
}

/// Why a file that a scenario names cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Folder {
    /// The bytes of a file of at most `most` bytes, by the name a scenario gives it; `smaller` says what to do where it is
    /// larger.
    ///
    /// # Errors
    ///
    /// A file that is not there, not within reach, too large, or not a regular file.
    pub fn read(&self, name: &str, most: u64, smaller: &str) -> Result<Vec<u8>, Unreadable> {
        let bytes = match self {
            Self::Disk { path, reach } => beside(name, path, *reach).and_then(|file| contents(file, most)),
            Self::Embedded(files) => {
                let found = files.iter().find(|(file, _)| *file == name);
                found.map(|(_, bytes)| bytes.to_vec()).ok_or(Problem::Missing)
            }
        };
        bytes.map_err(|problem| Unreadable {
            message: format!("file `{}`: {}", shown(name), problem.message()),
            help: match problem {
                Problem::Missing => self.looked_for(name),
                Problem::TooLarge(_) => smaller.into(),
                Problem::Irregular(_) => "name a regular file beside the scenario".into(),
                Problem::Refused { help, .. } => help.into(),
            },
        })
    }

    /// What a file is known by whatever the scenario calls it: its path without links, if there is one.
    pub fn identity(&self, name: &str) -> PathBuf {
        match self {
            Self::Disk { path, .. } => path.join(name).canonicalize().unwrap_or_else(|_| name.into()),
            Self::Embedded(_) => name.into(),
        }
    }

    /// What a file is called in messages about what is in it.
    pub fn display(&self, name: &str) -> String {
        match self {
            Self::Disk { path, .. } => {
                let path = path.join(name);
                path.strip_prefix(".").unwrap_or(&path).display().to_string()
            }
            Self::Embedded(_) => name.into(),
        }
    }

    fn looked_for(&self, name: &str) -> String {
        match self {
            Self::Disk { path, .. } => {
                format!("it is looked for as {}", printable(&path.join(name).display().to_string(), Lines::One))
            }
            Self::Embedded([]) => "this scenario has no files beside it".into(),
            Self::Embedded(files) => {
                let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
                format!("use one of {}", listed(&names))
            }
        }
    }
}

/// Why a file is not read.
#[derive(Debug)]
pub enum Problem {
    /// There is none of that name.
    Missing,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// It is this, which may make its reader wait.
    Irregular(&'static str),
    /// Anything else.
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        help: &'static str,
    },
}

impl Problem {
    fn refused(message: impl Into<String>, help: &'static str) -> Self {
        Self::Refused { message: message.into(), help }
    }

    /// What is wrong.
    pub fn message(&self) -> String {
        match self {
            Self::Missing => "there is no such file".into(),
            Self::TooLarge(most) => format!("it is larger than {} MiB", most >> 20),
            Self::Irregular(kind) => format!("this is {kind}"),
            Self::Refused { message, .. } => message.clone(),
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::refused("it may not be read", "check its permissions"),
            _ => Self::refused(error.to_string(), "check the path"),
        }
    }
}

/// The bytes of a regular file of at most `most` bytes; nothing else is read, so nothing can make it wait.
///
/// # Errors
///
/// A file that is missing, too large, not to be read, or not a regular file.
pub fn regular_file(path: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    contents(opened(path, OFlags::empty())?, most)
}

/// A file, opened without waiting for anybody to write to it, as a FIFO would have it.
///
/// # Errors
///
/// What the system gives.
pub fn opened(path: &Path, flags: OFlags) -> io::Result<File> {
    File::options().read(true).custom_flags((OFlags::NONBLOCK | flags).bits().cast_signed()).open(path)
}

/// The bytes of a file, as [`regular_file`] gives them.
fn contents(file: File, most: u64) -> Result<Vec<u8>, Problem> {
    let metadata = file.metadata()?;
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Err(Problem::refused("this is a folder, not a file", "name a file in it"));
    }
    if kind.is_fifo() {
        return Err(Problem::Irregular("a FIFO, not a regular file"));
    }
    if !kind.is_file() {
        return Err(Problem::Irregular("not a regular file"));
    }
    if metadata.len() > most {
        return Err(Problem::TooLarge(most));
    }
    limited(file, most)
}

/// All that a reader gives, if it is at most `most` bytes.
///
/// # Errors
///
/// More than that, or what the reader gives.
pub fn limited(reader: impl Read, most: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(Problem::TooLarge(most)) } else { Ok(bytes) }
}

/// The bytes as text, without a byte-order mark.
///
/// # Errors
///
/// The place of the first byte that is not UTF-8.
pub fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Faults> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[at];
            let source = Source::new(name.into(), String::from_utf8_lossy(error.as_bytes()).into_owned());
            let span = at..at + '\u{fffd}'.len_utf8();
            Err(Fault::at(&source, span, format!("not UTF-8: byte 0x{byte:02x}"), "save the file as UTF-8 text").into())
        }
    }
}

/// Whether a name leads out of the folder it is looked for in, links aside.
pub fn leaves_folder(name: &str) -> bool {
    !Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// The file named in a scenario in `folder`, opened; links are followed as far as they stay in the folder.
///
/// # Errors
///
/// A name that leads out of the folder, by `..`, by an absolute path or through a link, unless `reach` allows it.
fn beside(name: &str, folder: &Path, reach: Reach) -> Result<File, Problem> {
    let path = folder.join(name);
    if reach == Reach::Anywhere {
        return Ok(opened(&path, OFlags::empty())?);
    }
    let outside = || {
        let help = "move it beside the scenario, or trust the scenario with `--allow-outside`";
        Problem::refused("it lies outside the scenario's folder", help)
    };
    if leaves_folder(name) {
        return Err(outside());
    }
    let (real, folder) = (path.canonicalize()?, folder.canonicalize()?);
    let below = real.strip_prefix(&folder).map_err(|_| outside())?;
    let mut file = opened(&folder, OFlags::DIRECTORY)?;
    // No link is followed any more: one that is put in the place of a folder or the file by now does not lead out.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    for part in below {
        file = openat(&file, part, flags, Mode::empty()).map_err(io::Error::from)?.into();
    }
    Ok(file)
}
