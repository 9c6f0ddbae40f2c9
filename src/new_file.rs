//! New files, which never take the place of one that is there, and the names of saved frames.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::app::notice::{Notice, Refusal};
use crate::app::state::State;
use crate::report::{frame, svg};
use crate::scenario::text::{Lines, printable};

/// The longest stem of a file's name, in bytes, which leaves room for the rest of it in every file system.
const LONGEST_STEM: usize = 100;

/// The most pictures of one timestep in a folder.
const MOST_PICTURES: usize = 999;

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
    match written.and_then(|()| create_numbered(&name, &picture)) {
        Ok(file) => {
            let folder = env::current_dir().ok().map(|folder| printable(&folder.to_string_lossy(), Lines::One));
            Notice::Saved { file, folder }
        }
        Err(error) => Notice::NotSaved(match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Refusal::Forbidden,
            ErrorKind::NotFound => Refusal::FolderGone,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Refusal::Full,
            ErrorKind::AlreadyExists => Refusal::NamesTaken,
            _ => Refusal::Other(error.to_string()),
        }),
    }
}

/// Creates `NAME.svg`, or `NAME-2.svg` where that is taken, and so on; gives the name it got.
fn create_numbered(name: &str, picture: &[u8]) -> io::Result<String> {
    for number in 1..=MOST_PICTURES {
        let file = if number == 1 { format!("{name}.svg") } else { format!("{name}-{number}.svg") };
        match create(Path::new(&file), |out| out.write_all(picture)) {
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
