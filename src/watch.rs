//! Scenario files that are watched while they are shown: a thread waits for changes, reads what changed and says what it read.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::fault_injection;
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::scenario::file::{Reach, leaves_folder, system_words};
use crate::scenario::load::{build_file, folder_of, read_file};
use crate::scenario::named;
use crate::scenario::text::{Language, Text};

/// How long a file has to stay as it is before it is read: editors write in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// How often it is looked at for that; after it, what is there is read.
const MOST_LOOKS: usize = 30;

/// How many links are followed on the way to a file.
const MOST_LINKS: usize = 40;

/// A scenario file to watch.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Which scenario of the lecture it is.
    pub scenario: usize,
    /// Its path.
    pub name: String,
}

/// What there is to say of the files.
#[derive(Debug)]
pub enum News {
    /// The file of this scenario of the lecture was read again.
    Read(usize, Box<Result<Scenario, Faults>>),
    /// Changes are not heard, for this reason.
    NotWatched(Text),
}

/// The thread that watches, from outside.
#[derive(Debug)]
pub struct Watch {
    asks: Sender<Ask>,
    news: Receiver<News>,
}

/// What the thread is told.
#[derive(Debug)]
enum Ask {
    /// Something in a folder may have changed.
    Look,
    /// Read the file of this scenario of the lecture.
    Read(usize),
}

impl Watch {
    /// Starts to watch files as they were at a time, and calls `wake` when there is something new to say.
    ///
    /// # Errors
    ///
    /// No thread can be started.
    pub fn start(files: Vec<Watched>, reach: Reach, opened: SystemTime, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (asks, asked) = mpsc::channel();
        let (sender, news) = mpsc::channel();
        let to_look = asks.clone();
        thread::Builder::new().name("files".into()).spawn(move || {
            let say = move |news| {
                // Nobody listens any more only when the program is ending.
                let _ = sender.send(news);
                wake();
            };
            let mut folders = Folders::new(to_look, &say);
            let mut files: Vec<File> = files.into_iter().map(|watched| File::new(watched, reach)).collect();
            for file in &mut files {
                file.expect(opened);
                folders.watch(file, &say);
            }
            let mut ask = Ok(Ask::Look);
            while let Ok(asked_now) = ask {
                fault_injection::panic_if_named();
                take_in(asked_now, &asked, &mut files, &mut folders, &say);
                ask = asked.recv();
            }
        })?;
        Ok(Self { asks, news })
    }

    /// Reads the file of a scenario of the lecture again; what comes of it is news.
    pub fn read(&self, scenario: usize) {
        // The thread ends with the program.
        let _ = self.asks.send(Ask::Read(scenario));
    }

    /// What there is to say now.
    pub fn news(&self) -> impl Iterator<Item = News> + '_ {
        self.news.try_iter()
    }
}

/// Reads the files that were asked for, and those that have changed once they stay as they are.
fn take_in(ask: Ask, asked: &Receiver<Ask>, files: &mut [File], folders: &mut Folders, say: &impl Fn(News)) {
    let mut wanted = Vec::new();
    for ask in std::iter::once(ask).chain(asked.try_iter()) {
        if let Ask::Read(scenario) = ask {
            wanted.push(scenario);
        }
    }
    folders.forget_gone();
    for file in files.iter() {
        folders.watch(file, say);
    }
    if wanted.is_empty() {
        let changed = |files: &[File]| -> Vec<(usize, Prints)> {
            let now = files.iter().map(|file| (file.watched.scenario, prints(&file.paths)));
            now.zip(files).filter(|((_, now), file)| *now != file.seen).map(|(now, _)| now).collect()
        };
        let mut found = changed(files);
        for _ in 0..MOST_LOOKS {
            if found.is_empty() {
                return;
            }
            thread::sleep(QUIET);
            let again = changed(files);
            if again == found {
                break;
            }
            found = again;
        }
        wanted = found.into_iter().map(|(scenario, _)| scenario).collect();
    }
    for file in files.iter_mut().filter(|file| wanted.contains(&file.watched.scenario)) {
        let version = file.read();
        folders.watch(file, say);
        say(News::Read(file.watched.scenario, Box::new(version)));
    }
}

/// A scenario file and those it names.
struct File {
    watched: Watched,
    reach: Reach,
    /// Itself first.
    paths: Vec<PathBuf>,
    /// What they were when they were last read.
    seen: Prints,
}

/// What tells that files are others than before, without reading them: none of a file that is not there.
type Prints = Vec<Option<Print>>;

/// Device, inode, length, and when its contents and what is known of it were last changed.
type Print = (u64, u64, u64, (i64, i64), (i64, i64));

fn prints(paths: &[PathBuf]) -> Prints {
    let print = |file: Metadata| {
        let (modified, changed) = ((file.mtime(), file.mtime_nsec()), (file.ctime(), file.ctime_nsec()));
        (file.dev(), file.ino(), file.len(), modified, changed)
    };
    paths.iter().map(|path| fs::metadata(path).ok().map(print)).collect()
}

impl File {
    fn new(watched: Watched, reach: Reach) -> Self {
        let paths = vec![PathBuf::from(&watched.name)];
        Self { watched, reach, paths, seen: Vec::new() }
    }

    /// Takes the files for read as they are, unless they are gone or were modified after a time.
    fn expect(&mut self, opened: SystemTime) {
        if let Ok(source) = read_file(&self.watched.name) {
            self.name_files(&source.text);
        }
        let is_same = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).is_ok_and(|time| time <= opened);
        self.seen = if self.paths.iter().all(is_same) { prints(&self.paths) } else { Vec::new() };
    }

    /// Takes in which files a text names; one that is not TOML is taken to name the same as before.
    fn name_files(&mut self, text: &str) {
        if let Some(names) = named::files(text) {
            let folder = folder_of(&self.watched.name);
            self.paths.truncate(1);
            let within = |name: &&String| self.reach == Reach::Anywhere || !leaves_folder(name);
            self.paths.extend(names.iter().filter(within).map(|name| folder.join(name)));
        }
    }

    fn read(&mut self) -> Result<Scenario, Faults> {
        // Before they are read: what changes meanwhile is a change.
        let own = prints(&self.paths[..1]);
        let source = read_file(&self.watched.name);
        if let Ok(source) = &source {
            self.name_files(&source.text);
        }
        self.seen = own.into_iter().chain(prints(&self.paths[1..])).collect();
        build_file(&source?, self.reach)
    }
}

/// The folders that are watched: a file that is put in the place of another is a change of its folder.
struct Folders {
    watcher: Option<RecommendedWatcher>,
    /// By path, with device and inode: a folder may be put in the place of another too.
    watched: HashMap<PathBuf, (u64, u64)>,
}

impl Folders {
    fn new(asks: Sender<Ask>, say: &impl Fn(News)) -> Self {
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            fault_injection::panic_if_named();
            if event.is_ok_and(|event| may_change(event.kind)) {
                // The thread that looks ends with the program.
                let _ = asks.send(Ask::Look);
            }
        });
        let watcher = watcher.map_err(|error| say(News::NotWatched(reason(&error)))).ok();
        Self { watcher, watched: HashMap::new() }
    }

    /// Forgets folders that are no longer there: one that comes in their place may get their inode.
    fn forget_gone(&mut self) {
        self.watched.retain(|folder, is| identity(folder) == Some(*is));
    }

    /// Watches the folders of a file and of those it names, and of every link on the way to them; where a folder is not
    /// there, the one it will be in.
    fn watch(&mut self, file: &File, say: &impl Fn(News)) {
        let Some(watcher) = &mut self.watcher else { return };
        for folder in file.paths.iter().flat_map(|path| folders_on_the_way(path)) {
            let found = folder.ancestors().find_map(|folder| Some((folder, identity(folder)?)));
            let Some((folder, is)) = found else { continue };
            if self.watched.get(folder) == Some(&is) {
                continue;
            }
            self.watched.insert(folder.to_owned(), is);
            if let Err(error) = watcher.watch(or_here(folder), RecursiveMode::NonRecursive) {
                say(News::NotWatched(reason(&error)));
            }
        }
    }
}

/// The folders in which something has to be put in the place of something else to make a path lead elsewhere.
fn folders_on_the_way(path: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut ways = vec![path.to_owned()];
    for _ in 0..MOST_LINKS {
        let Some(way) = ways.pop() else { break };
        folders.extend(way.parent().map(Path::to_owned));
        let links = way.ancestors().filter_map(|link| Some((link, link.parent()?, fs::read_link(link).ok()?)));
        for (link, folder, target) in links {
            folders.push(folder.to_owned());
            let rest = way.strip_prefix(link).unwrap_or(Path::new(""));
            ways.push(folder.join(target).join(rest));
        }
    }
    folders
}

/// Which folder it is, by device and inode, if it is there.
fn identity(folder: &Path) -> Option<(u64, u64)> {
    fs::metadata(or_here(folder)).ok().map(|found| (found.dev(), found.ino()))
}

/// A folder, which an empty path stands for too.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Whether files may be others after it: not after one was only looked at.
const fn may_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(kind) => matches!(kind, AccessKind::Close(AccessMode::Write)),
        _ => true,
    }
}

/// What keeps changes from being heard.
fn reason(error: &notify::Error) -> Text {
    match &error.kind {
        notify::ErrorKind::Io(of_system) => Text::new(error.to_string(), system_words(of_system).get(Language::Es)),
        _ => Text::same(error.to_string()),
    }
}
