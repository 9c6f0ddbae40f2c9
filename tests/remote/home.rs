//! A home folder of a test's own: what runs with it is found by it, and ends with it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use pty_process::blocking::Command;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::pty;

pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // GNU screen keeps its sockets in no folder that others may enter.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What keeps a program in this home.
    pub fn variables(&self) -> [(&'static str, &OsStr); 4] {
        ["HOME", "TMPDIR", "TMUX_TMPDIR", "SCREENDIR"].map(|name| (name, self.path().as_os_str()))
    }

    /// A program for a pseudo-terminal.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.variables().into_iter().fold(pty::command(program), |command, (name, value)| command.env(name, value))
    }

    /// The processes of this home, by their programs.
    fn processes(&self, is_meant: impl Fn(&Path) -> bool) -> Vec<Pid> {
        let home = format!("HOME={}", self.path().display());
        let is_at_home = |process: &Path| {
            let variables = fs::read(process.join("environ")).unwrap_or_default();
            variables.split(|byte| *byte == 0).any(|variable| variable == home.as_bytes())
        };
        let entries = fs::read_dir("/proc").unwrap().filter_map(|entry| Some(entry.ok()?.path()));
        let meant = entries.filter(|process| fs::read_link(process.join("exe")).is_ok_and(|program| is_meant(&program)));
        let found = meant.filter(|process| is_at_home(process));
        found.filter_map(|process| Pid::from_raw(process.file_name()?.to_str()?.parse().ok()?)).collect()
    }

    /// The steppers that run in it.
    pub fn steppers(&self) -> Vec<Pid> {
        self.processes(|program| program == Path::new(env!("CARGO_BIN_EXE_celda")))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) {
            let left = self.processes(|_| true);
            if left.is_empty() {
                return;
            }
            for pid in left {
                // It may have ended already.
                let _ = kill_process(pid, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
