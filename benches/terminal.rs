//! What a start, a keypress and an idle second cost, beside the smallest ratatui program in the same run.
//!
//! Run with `cargo bench --bench smallest --bench terminal`: the smallest program, `smallest.rs`, is built beside this one.
#![allow(clippy::unwrap_used)]

#[path = "../tests/common/steps.rs"]
mod steps;

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::Child;
use std::sync::LazyLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use celda::app::action::Action;
use celda::app::keymap::BINDINGS;
use celda::app::settings::{ColorDepth, Settings};
use celda::app::state::State;
use celda::report::plain::answer;
use celda::terminal::encoder::encode;
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use pty_process::blocking::{Command, Pty, open};
use ratatui::backend::Backend;
use ratatui_crossterm::CrosstermBackend;

/// What ends a frame of either program.
const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

/// How long each program is watched while nothing happens.
const IDLE: Duration = Duration::from_secs(5);

/// How many keys each program is pressed.
const KEYS: usize = 400;

/// The time between keys as a person presses them: no sooner than the frame before has been on the screen.
const BETWEEN_KEYS: Duration = Duration::from_millis(25);

/// A slow link.
const BYTES_PER_SECOND: f64 = 300.0;

#[derive(Clone, Copy, Debug)]
enum Contender {
    Smallest,
    Celda,
}

fn main() -> io::Result<()> {
    for contender in [Contender::Smallest, Contender::Celda] {
        println!("{contender:?}: {}", Footprint::measure(contender));
    }
    key_to_last_byte();
    bytes_per_step()?;
    bytes_per_plain_step()?;
    divan::main();
    Ok(())
}

/// Says what a step costs on the screen, beside the bytes of the cells that change and what ratatui's backend makes of it.
fn bytes_per_step() -> io::Result<()> {
    for (name, scenario, opening) in steps::screens() {
        for size in steps::SIZES {
            let frames = steps::frames(&scenario, opening, size, ColorDepth::Indexed);
            let (mut sent, mut stock, mut least, mut worst) = (0, 0, 0, 0.0_f64);
            for frames in frames.windows(2) {
                let bytes = synchronized(|bytes| {
                    encode(&frames[0], &frames[1], bytes);
                    Ok(())
                })?;
                let cells = steps::least(&frames[0], &frames[1]);
                worst = worst.max(bytes as f64 / cells as f64);
                sent += bytes;
                stock += synchronized(|bytes| CrosstermBackend::new(bytes).draw(frames[0].diff(&frames[1]).into_iter()))?;
                least += cells;
            }
            let (steps, ratio) = (frames.len() - 1, sent as f64 / least as f64);
            println!(
                "{name}, {} x {}: {} per step, ratatui's backend {}; the cells alone {}: {ratio:.2} times as many, at most {worst:.2}",
                size.0,
                size.1,
                Cost(sent / steps),
                Cost(stock / steps),
                Cost(least / steps)
            );
        }
    }
    Ok(())
}

/// How many bytes a frame takes as a synchronized update.
fn synchronized(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<usize> {
    let mut bytes = Vec::new();
    queue!(bytes, BeginSynchronizedUpdate)?;
    write(&mut bytes)?;
    queue!(bytes, EndSynchronizedUpdate)?;
    Ok(bytes.len())
}

/// Says what a step costs in lines, from each zoom.
fn bytes_per_plain_step() -> io::Result<()> {
    let key = |action| BINDINGS.iter().find(|binding| binding.action == action).map(|binding| binding.keys[0]).unwrap();
    for (name, scenario, _) in steps::screens() {
        let mut state = State::new(scenario.clone(), Settings::default());
        for zoom in ["a cell", "its layer", "the network"] {
            let mut said = Vec::new();
            for step in steps::forth_and_back(&scenario) {
                answer(&mut state, key(step), &mut said)?;
            }
            println!("{name}, --plain, {zoom}: {} per step", Cost(said.len() / steps::forth_and_back(&scenario).count()));
            answer(&mut state, key(Action::ZoomOut), &mut said)?;
        }
    }
    Ok(())
}

/// So many bytes, and how long they take over a slow link.
struct Cost(usize);

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes ({:.1} s)", self.0, self.0 as f64 / BYTES_PER_SECOND)
    }
}

#[divan::bench(args = [Contender::Smallest, Contender::Celda], sample_count = 100, sample_size = 1)]
fn start_to_first_frame(bencher: divan::Bencher<'_, '_>, contender: Contender) {
    bencher.bench_local(|| Running::start(contender));
}

/// Says how long after a key the last byte of its frame is there, of both programs pressed in turn.
fn key_to_last_byte() {
    let mut latencies = [Contender::Smallest, Contender::Celda].map(|contender| Latencies::of(Running::start(contender)));
    for key in b"np".iter().cycle().take(KEYS) {
        latencies.iter_mut().for_each(|latencies| latencies.press(*key));
    }
    let [smallest, celda] = latencies.map(Latencies::summary);
    println!("Smallest: key to last byte, of {KEYS} keys {smallest}");
    println!("Celda: key to last byte, of {KEYS} keys {celda}");
    let [fastest, p50, p99] = [0, 1, 2].map(|i| celda.0[i].as_secs_f64() / smallest.0[i].as_secs_f64());
    println!("Celda / Smallest: fastest {fastest:.2}, p50 {p50:.2}, p99 {p99:.2}");
}

/// How long a program took for each key.
struct Latencies {
    running: Running,
    times: Vec<Duration>,
}

impl Latencies {
    const fn of(running: Running) -> Self {
        Self { running, times: Vec::new() }
    }

    fn press(&mut self, key: u8) {
        thread::sleep(BETWEEN_KEYS);
        let pressed = Instant::now();
        self.times.push(self.running.key(key).at.duration_since(pressed));
    }

    fn summary(mut self) -> Summary {
        self.times.sort_unstable();
        Summary([0, 50, 99].map(|percent| self.times[self.times.len() * percent / 100]))
    }
}

/// The shortest of some times, the median, and what one in a hundred exceeds.
struct Summary([Duration; 3]);

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [fastest, p50, p99] = self.0.map(|time| time.as_secs_f64() * 1000.0);
        write!(f, "fastest {fastest:.3} ms, p50 {p50:.3} ms, p99 {p99:.3} ms")
    }
}

/// A program in a pseudo-terminal of 80 × 24 that has drawn its first frame.
struct Running {
    child: Child,
    input: Pty,
    output: Receiver<Arrived>,
}

/// Bytes of a program.
struct Arrived {
    /// When the last of them were there.
    at: Instant,
    bytes: Vec<u8>,
}

impl Running {
    fn start(contender: Contender) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        let command = match contender {
            Contender::Smallest => Command::new(&*SMALLEST),
            Contender::Celda => Command::new(env!("CARGO_BIN_EXE_celda")),
        };
        let command = command.env_clear().env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        // Where those that are killed leave their sockets.
        let child = command.env("TMPDIR", env!("CARGO_TARGET_TMPDIR")).spawn(pts).unwrap();
        let mut reader = fs::File::from(rustix::io::dup(&pty).unwrap());
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 1 << 16];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                if sender.send(Arrived { at: Instant::now(), bytes: bytes[..n].to_vec() }).is_err() {
                    return;
                }
            }
        });
        let mut running = Self { child, input: pty, output };
        running.frame();
        running
    }

    /// Presses a key and gives the bytes up to the end of the next frame.
    fn key(&mut self, key: u8) -> Arrived {
        self.input.write_all(&[key]).unwrap();
        self.frame()
    }

    fn frame(&mut self) -> Arrived {
        let mut frame = Arrived { at: Instant::now(), bytes: Vec::new() };
        while !frame.bytes.ends_with(END_OF_FRAME) {
            let arrived = self.output.recv_timeout(Duration::from_secs(5)).unwrap();
            frame.at = arrived.at;
            frame.bytes.extend(arrived.bytes);
        }
        frame
    }

    fn proc(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }

    /// How often its threads have woken up.
    fn wake_ups(&self) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let statuses = tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap_or_default());
        statuses.map(|status| field(&status, "voluntary_ctxt_switches:")).sum()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A program that has ended already needs no ending.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The smallest program, looked for before anything is measured.
static SMALLEST: LazyLock<PathBuf> = LazyLock::new(smallest);

/// Where the smallest program was built last: its name has a number behind it, as this one's has.
fn smallest() -> PathBuf {
    let built = fs::read_dir(std::env::current_exe().unwrap().parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let programs = built.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("smallest-") && path.extension().is_none()
    });
    let last = programs.max_by_key(|path| fs::metadata(path).and_then(|metadata| metadata.modified()).unwrap());
    last.expect("the smallest program is built: cargo bench --bench smallest --bench terminal")
}

/// What a program takes beside time.
struct Footprint {
    peak_kib: u64,
    bytes_per_key: usize,
    writes_per_key: u64,
    idle_bytes: usize,
    idle_wake_ups: u64,
}

impl Footprint {
    fn measure(contender: Contender) -> Self {
        let mut running = Running::start(contender);
        let before = field(&running.proc("io"), "syscw:");
        let bytes: usize = (0..3).map(|_| running.key(b'n').bytes.len()).sum();
        let writes = field(&running.proc("io"), "syscw:") - before;
        // What may come next is drawn once a frame is on the screen.
        thread::sleep(BETWEEN_KEYS);
        let (since, woken) = (Instant::now(), running.wake_ups());
        let idle_bytes = running.output.recv_timeout(IDLE).map_or(0, |arrived| arrived.bytes.len());
        thread::sleep(IDLE.saturating_sub(since.elapsed()));
        Self {
            peak_kib: field(&running.proc("status"), "VmHWM:"),
            bytes_per_key: bytes / 3,
            writes_per_key: writes / 3,
            idle_bytes,
            idle_wake_ups: running.wake_ups() - woken,
        }
    }
}

impl std::fmt::Display for Footprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { peak_kib, bytes_per_key, writes_per_key, idle_bytes, idle_wake_ups } = self;
        write!(f, "peak memory {peak_kib} KiB; per key {bytes_per_key} bytes in {writes_per_key} write(s); ")?;
        write!(f, "in {} idle seconds {idle_bytes} bytes, {idle_wake_ups} wake-ups", IDLE.as_secs())
    }
}

/// The number after a name in a file of `/proc`.
fn field(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
