//! Waits until something can be read or written: by `poll`, or by `select` where a system cannot poll its terminals.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Duration;

use nix::sys::select::{FD_SETSIZE, FdSet, select};
use nix::sys::time::{TimeVal, TimeValLike};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Something to read, or that there never will be.
    Read,
    /// Room to write.
    Write,
}

/// Waits for one of these at least, for so long at most, and says which are ready; none also where a signal ends the wait.
///
/// # Errors
///
/// Something that cannot be waited for.
pub fn wait<const N: usize>(awaited: [(BorrowedFd<'_>, Way); N], limit: Option<Duration>) -> io::Result<[bool; N]> {
    let mut fds = awaited.map(|(fd, way)| PollFd::from_borrowed_fd(fd, flags(way)));
    let time = limit.and_then(|limit| Timespec::try_from(limit).ok());
    match poll(&mut fds, time.as_ref()) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let events = fds.map(|fd| fd.revents());
    // What macOS says of /dev/tty.
    if events.iter().any(|events| events.contains(PollFlags::NVAL)) {
        return selected(awaited, limit);
    }
    Ok(events.map(|events| !events.is_empty()))
}

const fn flags(way: Way) -> PollFlags {
    match way {
        Way::Read => PollFlags::IN,
        Way::Write => PollFlags::OUT,
    }
}

/// The same, by `select`.
fn selected<const N: usize>(awaited: [(BorrowedFd<'_>, Way); N], limit: Option<Duration>) -> io::Result<[bool; N]> {
    let (mut readable, mut writable) = (FdSet::new(), FdSet::new());
    for (fd, way) in awaited {
        // It has room for no others.
        if usize::try_from(fd.as_raw_fd()).is_ok_and(|fd| fd >= FD_SETSIZE) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        match way {
            Way::Read => readable.insert(fd),
            Way::Write => writable.insert(fd),
        }
    }
    let micros = limit.map(|limit| limit.as_nanos().div_ceil(1000));
    let mut time = micros.and_then(|micros| i64::try_from(micros).ok()).map(TimeVal::microseconds);
    match select(None, &mut readable, &mut writable, None, &mut time) {
        Ok(_) => Ok(awaited.map(|(fd, way)| match way {
            Way::Read => readable.contains(fd),
            Way::Write => writable.contains(fd),
        })),
        Err(nix::Error::EINTR) => Ok([false; N]),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::time::Instant;

    use super::*;

    const SHORT: Duration = Duration::from_millis(30);

    #[test]
    fn both_ways_of_waiting_say_the_same() -> io::Result<()> {
        for wait in [wait::<3>, selected::<3>] {
            let (quiet, silent) = UnixStream::pair()?;
            let (loud, mut speaker) = UnixStream::pair()?;
            let [from_quiet, from_loud, to_quiet] = [(&quiet, Way::Read), (&loud, Way::Read), (&quiet, Way::Write)];
            let wait = |awaited: [(&UnixStream, Way); 3], limit| wait(awaited.map(|(fd, way)| (fd.as_fd(), way)), limit);
            let start = Instant::now();
            assert_eq!(wait([from_quiet, from_loud, from_quiet], Some(SHORT))?, [false; 3]);
            assert!(start.elapsed() >= SHORT);
            speaker.write_all(b"n")?;
            assert_eq!(wait([from_quiet, from_loud, to_quiet], None)?, [false, true, true]);
            drop(silent);
            assert_eq!(wait([from_quiet, to_quiet, from_quiet], None)?, [true; 3], "an end is something to read");
        }
        Ok(())
    }
}
