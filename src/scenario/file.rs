//! Files and what is refused before they are read: what is not a regular file, too large, not text, or out of reach.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};

use super::fault::{Fault, Faults, Source, listed, shown};
use super::text::{Lines, Phrase, Text, both, printable};

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
    pub message: Text,
    /// What to do.
    pub help: Text,
}

impl Folder {
    /// The bytes of a file of at most `most` bytes, by the name a scenario gives it; `smaller` says what to do where it is
    /// larger.
    ///
    /// # Errors
    ///
    /// A file that is not there, not within reach, too large, or not a regular file.
    pub fn read(&self, name: &str, most: u64, smaller: Phrase) -> Result<Vec<u8>, Unreadable> {
        let bytes = match self {
            Self::Disk { path, reach } => beside(name, path, *reach).and_then(|file| contents(file, most)),
            Self::Embedded(files) => {
                let found = files.iter().find(|(file, _)| *file == name);
                found.map(|(_, bytes)| bytes.to_vec()).ok_or(Problem::Missing)
            }
        };
        bytes.map_err(|problem| Unreadable {
            message: of_file(name, &problem.message()),
            help: match problem {
                Problem::Missing => self.looked_for(name),
                Problem::TooLarge(_) => smaller.into(),
                Problem::Irregular(_) => {
                    Phrase { en: "name a regular file beside the scenario", es: "nombrar un archivo normal junto al escenario" }
                        .into()
                }
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

    fn looked_for(&self, name: &str) -> Text {
        match self {
            Self::Disk { path, .. } => looked_for(&path.join(name)),
            Self::Embedded([]) => {
                Phrase { en: "this scenario has no files beside it", es: "este escenario no tiene archivos junto a él" }.into()
            }
            Self::Embedded(files) => {
                let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
                both!("use one of {names}", "usar uno de estos: {names}", names = listed(&names))
            }
        }
    }
}

/// Something that is wrong with a file, after its name in a scenario.
pub fn of_file(name: &str, message: &Text) -> Text {
    let name = shown(name);
    both!("file `{name}`: {message}", "archivo `{name}`: {message}", message)
}

/// Where a file is not.
pub fn looked_for(path: &Path) -> Text {
    let path = printable(&path.display().to_string(), Lines::One);
    both!("it is looked for as {path}", "se busca como {path}")
}

/// What the system says of an error; in Spanish where it is a usual one, else that it is the system's.
pub fn system_words(error: &io::Error) -> Text {
    use io::ErrorKind;
    let mut english = error.to_string();
    if let Some(code) = error.raw_os_error() {
        // The number tells nobody more.
        english.truncate(english.trim_end_matches(&format!(" (os error {code})")).len());
    }
    let spanish = match error.kind() {
        ErrorKind::NotFound => "no existe",
        ErrorKind::PermissionDenied => "permiso denegado",
        ErrorKind::AlreadyExists => "ya existe",
        ErrorKind::NotADirectory => "una parte de la ruta no es una carpeta",
        ErrorKind::IsADirectory => "es una carpeta",
        ErrorKind::ReadOnlyFilesystem => "el disco es de solo lectura",
        ErrorKind::StorageFull => "el disco está lleno",
        ErrorKind::QuotaExceeded => "la cuota de disco está agotada",
        ErrorKind::FileTooLarge => "el archivo es demasiado grande",
        ErrorKind::InvalidFilename => "el nombre no es válido",
        ErrorKind::BrokenPipe => "la tubería está rota",
        ErrorKind::TimedOut => "se ha agotado el tiempo",
        ErrorKind::OutOfMemory => "no hay memoria suficiente",
        _ => return both!("{english}", "error del sistema: {english}", english),
    };
    Text::new(english, spanish)
}

/// Why a file is not read.
#[derive(Debug)]
pub enum Problem {
    /// There is none of that name.
    Missing,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// It is this, which may make its reader wait.
    Irregular(Phrase),
    /// Anything else.
    Refused {
        /// What is wrong.
        message: Text,
        /// What to do.
        help: Phrase,
    },
}

/// What to do about a name that leads nowhere.
pub const CHECK_PATH: Phrase = Phrase { en: "check the path", es: "comprobar la ruta" };

impl Problem {
    fn refused(message: impl Into<Text>, help: Phrase) -> Self {
        Self::Refused { message: message.into(), help }
    }

    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::Missing => Phrase { en: "there is no such file", es: "no existe ese archivo" }.into(),
            Self::TooLarge(most) => {
                let most = most >> 20;
                both!("it is larger than {most} MiB", "ocupa más de {most} MiB")
            }
            Self::Irregular(kind) => both!("this is {kind}", "es {kind}", kind),
            Self::Refused { message, .. } => message.clone(),
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::refused(
                Phrase { en: "it may not be read", es: "no se permite leerlo" },
                Phrase { en: "check its permissions", es: "comprobar sus permisos" },
            ),
            _ => Self::refused(system_words(&error), CHECK_PATH),
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
        return Err(Problem::refused(
            Phrase { en: "this is a folder, not a file", es: "es una carpeta, no un archivo" },
            Phrase { en: "name a file in it", es: "nombrar un archivo que esté en ella" },
        ));
    }
    if kind.is_fifo() {
        return Err(Problem::Irregular(Phrase { en: "a FIFO, not a regular file", es: "una FIFO, no un archivo normal" }));
    }
    if !kind.is_file() {
        return Err(Problem::Irregular(Phrase { en: "not a regular file", es: "algo que no es un archivo normal" }));
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
            let message = both!("not UTF-8: byte 0x{byte:02x}", "no es UTF-8: byte 0x{byte:02x}");
            let help = Phrase { en: "save the file as UTF-8 text", es: "guardar el archivo como texto UTF-8" };
            Err(Fault::at(&source, span, message, help).into())
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
        let message = Phrase { en: "it lies outside the scenario's folder", es: "está fuera de la carpeta del escenario" };
        let help = Phrase {
            en: "move it beside the scenario, or trust the scenario with `--allow-outside`",
            es: "ponerlo junto al escenario, o confiar en el escenario con `--allow-outside`",
        };
        Problem::refused(message, help)
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
