//! Where the sockets are: a folder that is the user's alone, in the runtime directory or among the temporary files.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// What the name of a socket ends with, after the number of the process.
const SUFFIX: &str = ".sock";

/// The socket of this process, bound; its file goes with it.
#[derive(Debug)]
pub struct Socket {
    /// What hears those who connect.
    pub listener: UnixListener,
    /// What removes the file.
    pub file: SocketFile,
}

/// A socket's file, removed when this is dropped.
#[derive(Debug)]
pub struct SocketFile(PathBuf);

impl SocketFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // It may be gone already, with the whole folder.
        let _ = fs::remove_file(&self.0);
    }
}

/// Binds the socket of this process, in the first folder that takes it.
///
/// # Errors
///
/// There is no folder that is the user's alone, or none takes a socket.
pub fn bind() -> io::Result<Socket> {
    let mut refused = io::Error::from(io::ErrorKind::NotFound);
    for folder in candidates() {
        match made(&folder).and_then(|()| bind_in(&folder)) {
            Ok(socket) => return Ok(socket),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Who finds the file can connect: it has another name until somebody listens.
fn bind_in(folder: &Path) -> io::Result<Socket> {
    let [new, path] = [".new", SUFFIX].map(|suffix| folder.join(format!("{}{suffix}", std::process::id())));
    for left in [&new, &path].into_iter().filter(|path| is_socket(path) && is_stale(path)) {
        fs::remove_file(left)?;
    }
    let listener = UnixListener::bind(&new)?;
    let mut file = SocketFile(new);
    fs::set_permissions(file.path(), Permissions::from_mode(0o600))?;
    if fs::symlink_metadata(&path).is_ok() {
        return Err(io::ErrorKind::AddrInUse.into());
    }
    fs::rename(file.path(), &path)?;
    file.0 = path;
    Ok(Socket { listener, file })
}

/// Connects to every stepper there is; what a stepper that crashed has left is removed.
pub fn connect_all() -> Vec<UnixStream> {
    let mut streams = Vec::new();
    for folder in candidates().iter().filter(|folder| is_private(folder)) {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.to_string_lossy().ends_with(SUFFIX) && is_socket(path)) {
            match UnixStream::connect(path) {
                Ok(stream) => streams.push(stream),
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => drop(SocketFile(path.clone())),
                // It has ended just now.
                Err(_) => {}
            }
        }
    }
    streams
}

/// Whether a socket is there: a link to one, or a file, is not the program's.
fn is_socket(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

/// Whether nobody listens at a socket.
fn is_stale(path: &Path) -> bool {
    UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// The folders that may hold sockets, the best first.
fn candidates() -> Vec<PathBuf> {
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    let temporary = env::temp_dir().join(format!("celda-{}", geteuid().as_raw()));
    runtime.map(|path| path.join("celda")).into_iter().chain([temporary]).collect()
}

/// Makes the folder, unless it is there; either way it is the user's alone after this.
fn made(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ if is_private(folder) => Ok(()),
        _ => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

/// Whether a folder, itself and no link to one, belongs to the user and to nobody else.
fn is_private(folder: &Path) -> bool {
    fs::symlink_metadata(folder)
        .is_ok_and(|found| found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & 0o077 == 0)
}
