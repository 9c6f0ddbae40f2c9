//! An SSH server of a test's own on loopback, with a key made for it, and the client that knows it.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::home::Home;
use crate::pty::{self, Terminal, wait_until};
use crate::{PATIENCE, Size, find, output};

/// How often a port is chosen that another program may take before the server does.
const TRIES: usize = 5;

pub struct Sshd {
    pub home: Home,
    user: String,
    port: u16,
    listener: Child,
}

impl Sshd {
    /// Starts a server that lets the user of the test in, or says why there can be none.
    pub fn start() -> Result<Self, String> {
        let [program, keygen, _] = ["sshd", "ssh-keygen", "ssh"].map(find);
        let (program, keygen) = (program?, keygen?);
        find("ssh")?;
        let home = Home::new();
        for key in ["host", "user"] {
            output(Command::new(&keygen).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(home.path().join(key)));
        }
        fs::rename(home.path().join("user.pub"), home.path().join("authorized")).unwrap();
        let user = output(Command::new("id").arg("-un")).trim().to_owned();
        let (listener, port) = listen(&program, &home)?;
        let server = Self { home, user, port, listener };
        // Where the owner of a terminal cannot be set right, an ordinary user's server gives none.
        let login = server.ssh().args(["-tt", "true"]).stdin(Stdio::null()).output().unwrap();
        if login.status.success() {
            return Ok(server);
        }
        let said = [login.stderr, fs::read(server.home.path().join("sshd.log")).unwrap()].concat();
        Err(format!("{} cannot log in here: {}", server.user, String::from_utf8_lossy(&said).trim()))
    }

    /// The client's arguments, but for the options and the line to run.
    fn arguments(&self) -> Vec<String> {
        let home = self.home.path().display();
        let mut arguments = vec!["-F".into(), "none".into(), "-i".into(), format!("{home}/user")];
        let options = [
            // As Debian's client and server are configured.
            "SendEnv=LANG LC_*",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
        ];
        arguments.extend(options.into_iter().flat_map(|option| ["-o".into(), option.into()]));
        arguments.extend(["-p".into(), self.port.to_string(), format!("{}@127.0.0.1", self.user)]);
        arguments
    }

    /// The client without a terminal at the other end.
    pub fn ssh(&self) -> Command {
        let mut ssh = Command::new("ssh");
        ssh.args(self.arguments());
        ssh
    }

    /// The client in a terminal, with variables of the user's own, and a terminal at the other end for a line of the shell there.
    pub fn connect(&self, size: Size, variables: &[(&str, &str)], line: &str) -> Terminal {
        let ssh = pty::command("ssh").arg("-tt").args(self.arguments()).arg(line);
        Terminal::start_sized(variables.iter().fold(ssh, |ssh, (name, value)| ssh.env(name, value)), size)
    }

    /// Kills the server's side of all connections.
    pub fn drop_connections(&self) {
        for pid in self.connections() {
            // The one process may have ended with the other.
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// The processes of the server that each serve a connection.
    fn connections(&self) -> Vec<Pid> {
        let (mut found, mut parents) = (Vec::new(), vec![Pid::from_child(&self.listener)]);
        while let Some(parent) = parents.pop() {
            let path = format!("/proc/{parent}/task/{parent}/children");
            let children = fs::read_to_string(path).unwrap_or_default();
            let children = children.split_whitespace().filter_map(|pid| Pid::from_raw(pid.parse().ok()?));
            let served: Vec<Pid> = children.filter(|pid| is_sshd(*pid)).collect();
            found.extend(&served);
            parents.extend(served);
        }
        found
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.drop_connections();
        // It may have ended already.
        let _ = self.listener.kill();
        let _ = self.listener.wait();
    }
}

/// Whether a process is the server's, and not a shell it has started.
fn is_sshd(pid: Pid) -> bool {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.starts_with("sshd")
}

/// Starts the server at a port that was free.
fn listen(program: &Path, home: &Home) -> Result<(Child, u16), String> {
    let mut said = String::new();
    for _ in 0..TRIES {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (config, log) = (configured(home, port), home.path().join("sshd.log"));
        let mut sshd = Command::new(program);
        sshd.args(["-D", "-e", "-f"]).arg(config).stdin(Stdio::null()).stdout(Stdio::null());
        let mut listener = pty::spawn(sshd.stderr(File::create(&log).unwrap())).unwrap();
        let mut is_listening = false;
        wait_until(PATIENCE, "a server that listens, or has ended", || {
            said = fs::read_to_string(&log).unwrap();
            is_listening = said.contains("Server listening on");
            is_listening || listener.try_wait().unwrap().is_some()
        });
        if is_listening {
            return Ok((listener, port));
        }
    }
    Err(format!("sshd does not run here: {}", said.trim()))
}

/// The file the server is configured by.
fn configured(home: &Home, port: u16) -> PathBuf {
    let folder = home.path().display();
    let variables: Vec<String> =
        home.variables().iter().map(|(name, value)| format!("{name}={}", value.to_string_lossy())).collect();
    let text = format!(
        "ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\nPidFile none\n\
         StrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nPrintMotd no\nPrintLastLog no\nUseDNS no\n\
         AcceptEnv LANG LC_*\nSetEnv {}\n",
        variables.join(" ")
    );
    let path = home.path().join("sshd.conf");
    fs::write(&path, text).unwrap();
    path
}
