//! Edits that are not written, kept under the user's state directory for the next start on the same scenario; a file that a
//! running stepper keeps is locked.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::engine::cell::GateName;
use crate::engine::parameter::{Parameter, Part};
use crate::new_file::stem;
use crate::scenario::Scenario;
use crate::scenario::edit::{Edit, Number, Values};
use crate::scenario::file::opened;
use crate::scenario::load::Origin;

/// What the files say they are.
const FORMAT: &str = "celda.recovery/1";

/// The most files for one scenario: one for each stepper on it that ended with edits, of any version of its text.
const MOST_FILES: usize = 32;

/// The largest file read.
const MOST_BYTES: u64 = 1 << 20;

/// The edits of the scenarios of one stepper.
#[derive(Debug)]
pub struct Recovery {
    folder: Option<PathBuf>,
    /// What this stepper keeps, by scenario.
    own: BTreeMap<String, Kept>,
    /// What an earlier one left, until it is taken over or dropped.
    found: BTreeMap<String, Kept>,
}

/// A file that is kept, locked as long as this is there.
#[derive(Debug)]
struct Kept {
    path: PathBuf,
    _lock: File,
}

/// Whose edits they are: the scenario by its path or name.
struct Owner {
    scenario: String,
    stem: String,
    origin: Origin,
}

#[derive(Serialize, Deserialize)]
struct Record {
    format: String,
    scenario: String,
    /// Of its text.
    check: String,
    edits: Vec<EditRecord>,
}

/// An edit, and what the number was before it.
#[derive(Serialize, Deserialize)]
struct EditRecord {
    #[serde(flatten)]
    place: PlaceRecord,
    was: String,
    value: String,
}

/// Where a number is; what counts, counts from 0.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PlaceRecord {
    Input { t: usize, feature: usize },
    Parameter { layer: usize, pass: usize, unit: usize, part: String, gate: Option<String>, column: Option<usize> },
}

impl Recovery {
    /// In the user's state directory, where there is one.
    pub fn of_user() -> Self {
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
        Self { folder: state.map(|state| state.join("celda/recovery")), own: BTreeMap::new(), found: BTreeMap::new() }
    }

    /// What an earlier stepper left of the same scenario, where its text is the same or the edited numbers in it are.
    pub fn find(&mut self, name: &str, origin: Origin, scenario: &Scenario) -> Option<Vec<Edit>> {
        let owner = Owner::new(name, origin);
        let folder = self.folder.as_ref()?;
        let (kept, edits) = (1..=MOST_FILES).find_map(|number| left(&owner.path(folder, number), &owner, scenario))?;
        self.found.insert(owner.scenario, kept);
        Some(edits)
    }

    /// Takes what was found of a scenario as this stepper's own.
    pub fn adopt(&mut self, name: &str, origin: Origin) {
        let scenario = identity(name, origin);
        if let Some(kept) = self.found.remove(&scenario) {
            self.own.insert(scenario, kept);
        }
    }

    /// Drops what was found of a scenario.
    pub fn drop_found(&mut self, name: &str, origin: Origin) {
        if let Some(kept) = self.found.remove(&identity(name, origin)) {
            let _ = fs::remove_file(kept.path);
        }
    }

    /// Keeps the edits of a scenario with this text and these values before them, all anew; where there are none, nothing.
    ///
    /// # Errors
    ///
    /// What the system gives.
    pub fn keep(&mut self, name: &str, origin: Origin, (text, values): (&str, &Values), edits: &[Edit]) -> io::Result<()> {
        let owner = Owner::new(name, origin);
        if edits.is_empty() {
            return self.own.remove(&owner.scenario).map_or(Ok(()), |kept| fs::remove_file(kept.path));
        }
        let folder = self.folder.as_ref().ok_or(ErrorKind::NotFound)?;
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        // It is for the user alone, and whole or not there.
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(&owner.record(text, values, edits))?)?;
        file.as_file().try_lock()?;
        let (path, lock) = match self.own.get(&owner.scenario) {
            Some(kept) => (kept.path.clone(), file.persist(&kept.path).map_err(|error| error.error)?),
            None => put(file, &owner, folder)?,
        };
        self.own.insert(owner.scenario, Kept { path, _lock: lock });
        Ok(())
    }

    /// Keeps nothing any more of what this stepper kept.
    pub fn discard(&mut self) {
        for kept in std::mem::take(&mut self.own).into_values() {
            let _ = fs::remove_file(kept.path);
        }
    }
}

impl Owner {
    fn new(name: &str, origin: Origin) -> Self {
        Self { scenario: identity(name, origin), stem: stem(name), origin }
    }

    fn path(&self, folder: &Path, number: usize) -> PathBuf {
        folder.join(format!("{}-{}-{number}.json", self.stem, check(&self.scenario)))
    }

    fn record(&self, text: &str, values: &Values, edits: &[Edit]) -> Record {
        let edits = edits.iter().filter_map(|edit| Some(EditRecord::new(edit, values.get(edit.number)?))).collect();
        Record { format: FORMAT.into(), scenario: self.scenario.clone(), check: check(text), edits }
    }
}

/// A scenario by its absolute path, or by its name.
fn identity(name: &str, origin: Origin) -> String {
    match origin {
        Origin::File => fs::canonicalize(name).unwrap_or_else(|_| name.into()).to_string_lossy().into_owned(),
        Origin::BuiltIn => format!("built-in {name}"),
        Origin::StandardInput => "standard input".into(),
    }
}

/// The 64-bit hash of Fowler, Noll and Vo, which stays the same from one version to the next.
fn check(text: &str) -> String {
    let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
}

/// Puts a file at the first path of a scenario at which nothing is, be it a link.
fn put(mut file: NamedTempFile, owner: &Owner, folder: &Path) -> io::Result<(PathBuf, File)> {
    for path in (1..=MOST_FILES).map(|number| owner.path(folder, number)) {
        match file.persist_noclobber(&path) {
            Ok(lock) => return Ok((path, lock)),
            Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => file = refused.file,
            Err(refused) => return Err(refused.error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// What a stepper that has ended left in a file, where all of it fits the scenario.
fn left(path: &Path, owner: &Owner, scenario: &Scenario) -> Option<(Kept, Vec<Edit>)> {
    // What is there instead of a file, or leads elsewhere, is left alone.
    let mut file = opened(path, OFlags::NOFOLLOW).ok()?;
    file.try_lock().ok()?;
    // Another stepper may have put another file there in the meantime.
    let (own, there) = (file.metadata().ok()?, fs::symlink_metadata(path).ok()?);
    if !own.is_file() || (own.dev(), own.ino()) != (there.dev(), there.ino()) {
        return None;
    }
    let mut bytes = Vec::new();
    Read::by_ref(&mut file).take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    let record: Record = serde_json::from_slice(&bytes).ok()?;
    let is_of = record.format == FORMAT && record.scenario == owner.scenario;
    let is_same = record.check == check(&scenario.text);
    let has_versions = owner.origin != Origin::StandardInput;
    let values = scenario.values();
    // In another version of the text a number is the same one where it is what it was; what is piped has no versions.
    let edit = |made: &EditRecord| {
        let (edit, was) = made.edit()?;
        let now = values.get(edit.number)?;
        (edit.value.is_finite() && (is_same || has_versions && now.to_bits() == was.to_bits())).then_some(edit)
    };
    let edits: Vec<Edit> = record.edits.iter().map(edit).collect::<Option<_>>()?;
    (is_of && !edits.is_empty()).then_some((Kept { path: path.to_owned(), _lock: file }, edits))
}

impl EditRecord {
    fn new(edit: &Edit, was: f64) -> Self {
        Self { place: edit.number.into(), was: format!("{was:?}"), value: format!("{:?}", edit.value) }
    }

    /// The edit, and what its number was.
    fn edit(&self) -> Option<(Edit, f64)> {
        Some((Edit { number: self.place.number()?, value: self.value.parse().ok()? }, self.was.parse().ok()?))
    }
}

impl From<Number> for PlaceRecord {
    fn from(number: Number) -> Self {
        let Parameter { layer, pass, unit, part } = match number {
            Number::Input { t, feature } => return Self::Input { t, feature },
            Number::Parameter(parameter) => parameter,
        };
        let (name, column) = match part {
            Part::Weight(_, column) => ("weight", Some(column)),
            Part::Bias(_) => ("bias", None),
            Part::RecurrentBias(_) => ("recurrent_bias", None),
            Part::Peephole(_) => ("peephole", None),
            Part::InitialHidden => ("initial_hidden", None),
            Part::InitialCell => ("initial_cell", None),
        };
        let gate = part.gate().map(|gate| gate.name().to_owned());
        Self::Parameter { layer, pass, unit, part: name.into(), gate, column }
    }
}

impl PlaceRecord {
    fn number(&self) -> Option<Number> {
        Some(match self {
            Self::Input { t, feature } => Number::Input { t: *t, feature: *feature },
            Self::Parameter { layer, pass, unit, part, gate, column } => {
                let gate = || GateName::ALL.into_iter().find(|known| Some(known.name()) == gate.as_deref());
                let part = match part.as_str() {
                    "weight" => Part::Weight(gate()?, (*column)?),
                    "bias" => Part::Bias(gate()?),
                    "recurrent_bias" => Part::RecurrentBias(gate()?),
                    "peephole" => Part::Peephole(gate()?),
                    "initial_hidden" => Part::InitialHidden,
                    "initial_cell" => Part::InitialCell,
                    _ => return None,
                };
                Number::Parameter(Parameter { layer: *layer, pass: *pass, unit: *unit, part })
            }
        })
    }
}
