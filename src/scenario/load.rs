//! From what the user names (a path, a built-in scenario, `-`) to a checked scenario.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::fault::{Fault, Faults, Source, listed};
use super::file::{Problem, Reach, limited, regular_file, utf8};
use super::{Scenario, build, builtin};

/// The largest scenario file read: more numbers than anybody types belong in a CSV file.
const MOST_BYTES: u64 = 8 << 20;

/// A checked scenario with the text it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The text.
    pub source: Source,
}

/// Loads a path, a built-in scenario by name, or standard input for `-`; a path wins over a name.
///
/// # Errors
///
/// All that is wrong with the file and in it.
pub fn load(name: &str, reach: Reach) -> Result<Loaded, Faults> {
    let (source, folder) = open(name)?;
    let scenario = build::build(&source, &folder, reach)?;
    Ok(Loaded { scenario, source })
}

fn open(name: &str) -> Result<(Source, PathBuf), Faults> {
    let path = Path::new(name);
    if name == "-" {
        let shown = "standard input";
        let bytes = limited(io::stdin().lock(), MOST_BYTES).map_err(|problem| fault(&problem, shown))?;
        let text = utf8(shown, bytes)?;
        return Ok((Source::new(shown.into(), text), PathBuf::from(".")));
    }
    if let (Err(error), Some(builtin)) = (fs::symlink_metadata(path), builtin::find(name))
        && error.kind() == io::ErrorKind::NotFound
    {
        return Ok((Source::new(builtin.name.into(), builtin.toml.into()), PathBuf::from(".")));
    }
    let text = utf8(name, regular_file(path, MOST_BYTES).map_err(|problem| fault(&problem, name))?)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((Source::new(name.into(), text), folder.to_owned()))
}

/// A problem with a file as the fault of the scenario it should have been.
fn fault(problem: &Problem, name: &str) -> Faults {
    let help = match problem {
        Problem::Missing => {
            format!("check the path; the built-in scenarios are {}", listed(&builtin::ALL.map(|builtin| builtin.name)))
        }
        Problem::TooLarge(_) => "put the rows in a CSV file and name it with `file = \"…\"`".into(),
        Problem::Refused { help, .. } => (*help).into(),
    };
    Fault::of_file(name, problem.message(), help).into()
}
