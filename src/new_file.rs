//! New files, which never take the place of one that is there, and the names of saved frames and edited scenarios.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::app::lecture::Lecture;
use crate::app::notice::{Notice, Refusal};
use crate::app::state::State;
use crate::report::{frame, svg};
use crate::scenario::file::system_words;
use crate::scenario::load::Origin;
use crate::scenario::rewrite::{Unwritable, files, rewritten};
use crate::scenario::text::{Lines, printable};

/// The longest stem of a file's name, in bytes, which leaves room for the rest of it in every file system.
const LONGEST_STEM: usize = 100;

/// The most files of one name in a folder.
const MOST_FILES: usize = 999;

/// Writes a file beside its place and then puts it there.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] where something is there already, be it a link to nowhere; what the system gives.
pub fn create(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder)?;
    let temporary = tempfile::Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder);
    // Its own message would name the temporary file.
    let mut file = temporary.map_err(|error| io::Error::from(error.kind()))?;
    write(file.as_file_mut())?;
    file.persist_noclobber(path).map(|_| ()).map_err(|error| error.error)
}

/// Saves the frame of a state as SVG in the current folder, named after a scenario and the timestep.
pub fn save_frame(stem: &str, state: &mut State, size: (u16, u16)) -> Notice {
    let buffer = frame::draw(state, size);
    let mut picture = Vec::new();
    let written = svg::write(&buffer, state, &mut picture);
    let name = format!("{stem}-t{}", state.t());
    match written.and_then(|()| create_numbered(Path::new(""), &name, "svg", &picture)) {
        Ok(file) => saved(file, Path::new("")),
        Err(error) => Notice::NotSaved(refusal(&error)),
    }
}

/// Writes the scenario shown with its edits to a new file beside its own, else in the current folder, and takes the edits as
/// written.
pub fn save_edited(lecture: &mut Lecture) -> Notice {
    let state = lecture.state();
    let text = match rewritten(state.scenario(), &state.edits_in_force()) {
        Ok(text) => text,
        Err(Unwritable::Text(reason)) => return Notice::NotSaved(Refusal::Other(reason)),
        Err(Unwritable::InFile { numbers, file }) => {
            let Some((&number, others)) = numbers.split_first() else { return Notice::NothingToWrite };
            return Notice::InAnotherFile { number, others: others.len(), file: printable(&file, Lines::One) };
        }
    };
    let name = format!("{}-edited", unedited(&stem(lecture.name())));
    let write = |folder: &Path| create_numbered(folder, &name, "toml", text.as_bytes()).map(|file| saved(file, folder));
    let own = match lecture.origin() {
        Origin::File => Path::new(lecture.name()).parent().map(write),
        Origin::StandardInput => Some(write(Path::new(""))),
        Origin::BuiltIn => None,
    };
    let written = match own {
        Some(Err(error)) if refusal(&error) != Refusal::Forbidden => Err(error),
        Some(Ok(notice)) => Ok(notice),
        Some(Err(_)) | None => match files(&text).into_iter().find(|file| Path::new(file).is_relative()) {
            Some(file) => return Notice::FileElsewhere { file: printable(&file, Lines::One) },
            None => write(Path::new("")),
        },
    };
    match written {
        Ok(notice) => {
            lecture.state_mut().mark_written();
            notice
        }
        Err(error) => Notice::NotSaved(refusal(&error)),
    }
}

/// A stem without what an edited scenario's file is called.
fn unedited(stem: &str) -> &str {
    let unnumbered = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = unnumbered.strip_suffix('-').filter(|_| unnumbered.len() < stem.len()).unwrap_or(stem);
    name.strip_suffix("-edited").unwrap_or(stem)
}

fn saved(file: String, folder: &Path) -> Notice {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = fs::canonicalize(folder).ok().map(|folder| printable(&folder.to_string_lossy(), Lines::One));
    Notice::Saved { file, folder }
}

fn refusal(error: &io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Refusal::Forbidden,
        ErrorKind::NotFound => Refusal::FolderGone,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Refusal::Full,
        ErrorKind::AlreadyExists => Refusal::NamesTaken,
        _ => Refusal::Other(system_words(error)),
    }
}

/// Creates `NAME.EXTENSION` in a folder, or `NAME-2.EXTENSION` where that is taken, and so on; gives the name it got.
fn create_numbered(folder: &Path, name: &str, extension: &str, bytes: &[u8]) -> io::Result<String> {
    for number in 1..=MOST_FILES {
        let file = if number == 1 { format!("{name}.{extension}") } else { format!("{name}-{number}.{extension}") };
        match create(&folder.join(&file), |out| out.write_all(bytes)) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            done => return done.map(|()| file),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// What the files that are made of a scenario are named after: its own name without folder and extension, in which letters,
/// digits, `_` and inner dots stay and everything else is a dash.
pub fn stem(scenario: &str) -> String {
    let own = Path::new(scenario).file_stem().unwrap_or_default().to_string_lossy();
    let mut stem = String::new();
    for c in own.chars() {
        let c = if c.is_alphanumeric() || "_.".contains(c) { c } else { '-' };
        if stem.len() + c.len_utf8() > LONGEST_STEM {
            break;
        }
        if c.is_alphanumeric() || !stem.ends_with(['-', '.']) {
            stem.push(c);
        }
    }
    let stem = stem.trim_matches(['-', '.']);
    if stem.is_empty() { "celda".into() } else { stem.into() }
}
