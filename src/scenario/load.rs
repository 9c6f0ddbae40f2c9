//! From what the user names (a path, a built-in scenario, `-`) to a checked scenario.

use std::fs;
use std::io;
use std::path::Path;

use super::fault::{Fault, Faults, Source, near};
use super::file::{Folder, Problem, Reach, limited, regular_file, utf8};
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
    let (source, folder) = open(name, reach)?;
    let scenario = build::build(&source, &folder)?;
    Ok(Loaded { scenario, source })
}

fn open(name: &str, reach: Reach) -> Result<(Source, Folder), Faults> {
    let path = Path::new(name);
    if name == "-" {
        let shown = "standard input";
        let bytes = limited(io::stdin().lock(), MOST_BYTES).map_err(|problem| fault(&problem, shown))?;
        let text = utf8(shown, bytes)?;
        return Ok((Source::new(shown.into(), text), Folder::Disk { path: ".".into(), reach }));
    }
    if let (Err(error), Some(builtin)) = (fs::symlink_metadata(path), builtin::find(name))
        && error.kind() == io::ErrorKind::NotFound
    {
        return Ok((Source::new(builtin.name.into(), builtin.toml.into()), Folder::Embedded(builtin.files)));
    }
    let text = utf8(name, regular_file(path, MOST_BYTES).map_err(|problem| fault(&problem, name))?)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((Source::new(name.into(), text), Folder::Disk { path: folder.to_owned(), reach }))
}

/// A problem with a file as the fault of the scenario it should have been.
fn fault(problem: &Problem, name: &str) -> Faults {
    let help = match problem {
        Problem::Missing => {
            let names: Vec<&str> = builtin::ALL.iter().map(|builtin| builtin.name).collect();
            match near(name, &names) {
                Some(near) => format!("did you mean the built-in scenario `{near}`?"),
                None => "check the path; `celda scenarios` lists the built-in scenarios".into(),
            }
        }
        Problem::TooLarge(_) => "put the rows in a CSV file and name it with `file = \"…\"`".into(),
        Problem::Refused { help, .. } => (*help).into(),
    };
    Fault::of_file(name, problem.message(), help).into()
}
