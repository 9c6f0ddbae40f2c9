//! From what the user names (a path, a built-in scenario, `-`, a folder) to checked scenarios.

use std::fs;
use std::io;
use std::path::Path;

use super::builtin::{self, Builtin};
use super::fault::{Fault, Faults, Source, near};
use super::file::{CHECK_PATH, Folder, Problem, Reach, limited, regular_file, utf8};
use super::text::{Phrase, Text, both};
use super::{Scenario, build};

/// The largest scenario file read: more numbers than anybody types belong in files of their own.
const MOST_BYTES: u64 = 8 << 20;

/// A checked scenario with the text it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The text.
    pub source: Source,
    /// Where that is from.
    pub origin: Origin,
}

/// Where a scenario comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File,
    /// The program.
    BuiltIn,
    /// Standard input.
    StandardInput,
}

/// Loads a path, a built-in scenario by name, or standard input for `-`; a path wins over a name.
///
/// # Errors
///
/// All that is wrong with the file and in it.
pub fn load(name: &str, reach: Reach) -> Result<Loaded, Faults> {
    let path = Path::new(name);
    if name == "-" {
        let bytes = limited(io::stdin().lock(), MOST_BYTES).map_err(|problem| fault(&problem, name))?;
        let text = utf8(name, bytes)?;
        let folder = Folder::Disk { path: ".".into(), reach };
        return built(Source::new(name.into(), text), &folder, Origin::StandardInput);
    }
    if let (Err(error), Some(builtin)) = (fs::symlink_metadata(path), builtin::find(name))
        && error.kind() == io::ErrorKind::NotFound
    {
        return built_in(builtin);
    }
    let source = read_file(name)?;
    let scenario = build_file(&source, reach)?;
    Ok(Loaded { scenario, source, origin: Origin::File })
}

/// The text of a scenario file.
///
/// # Errors
///
/// A file that cannot be read.
pub fn read_file(name: &str) -> Result<Source, Faults> {
    let bytes = regular_file(Path::new(name), MOST_BYTES).map_err(|problem| fault(&problem, name))?;
    Ok(Source::new(name.into(), utf8(name, bytes)?))
}

/// The scenario in the text of a file.
///
/// # Errors
///
/// All that is wrong in it and in the files it names.
pub fn build_file(source: &Source, reach: Reach) -> Result<Scenario, Faults> {
    build::build(source, &Folder::Disk { path: folder_of(&source.name).to_owned(), reach })
}

/// The folder in which a scenario file is.
pub fn folder_of(name: &str) -> &Path {
    let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Loads a built-in scenario.
///
/// # Errors
///
/// All that is wrong in it.
pub fn built_in(builtin: &Builtin) -> Result<Loaded, Faults> {
    built(Source::new(builtin.name.into(), builtin.toml.into()), &Folder::Embedded(builtin.files), Origin::BuiltIn)
}

fn built(source: Source, folder: &Folder, origin: Origin) -> Result<Loaded, Faults> {
    let scenario = build::build(&source, folder)?;
    Ok(Loaded { scenario, source, origin })
}

/// The scenarios that a name stands for: those of a folder, sorted by name, or itself.
///
/// # Errors
///
/// A folder that cannot be read or has none.
pub fn named(name: &str) -> Result<Vec<String>, Faults> {
    let folder = Path::new(name);
    if !folder.is_dir() {
        return Ok(vec![name.into()]);
    }
    let unreadable = |error: io::Error| match Problem::from(error) {
        Problem::Refused { message, help } => Faults::from(Fault::of_file(name, message, help)),
        problem => Fault::of_file(name, problem.message(), CHECK_PATH).into(),
    };
    const NOT_UTF8: Phrase = Phrase { en: "its name is not UTF-8", es: "su nombre no es UTF-8" };
    const RENAME: Phrase = Phrase { en: "rename it", es: "cambiarle el nombre" };
    let mut names = Vec::new();
    let mut faults = Faults::default();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_hidden = path.file_name().is_none_or(|file| file.as_encoded_bytes().starts_with(b"."));
        if is_hidden || path.extension().is_none_or(|extension| extension != "toml") || path.is_dir() {
            continue;
        }
        match path.to_str() {
            Some(path) => names.push(path.to_owned()),
            None => faults.push(|| Fault::of_file(&path.to_string_lossy(), NOT_UTF8, RENAME)),
        }
    }
    if names.is_empty() && faults.is_empty() {
        let message =
            Phrase { en: "there is no `.toml` file in this folder", es: "no hay ningún archivo `.toml` en esta carpeta" };
        let help = Phrase {
            en: "name a scenario, or a folder with `.toml` files in it",
            es: "nombrar un escenario, o una carpeta con archivos `.toml`",
        };
        faults.push(|| Fault::of_file(name, message, help));
    }
    names.sort();
    if faults.is_empty() { Ok(names) } else { Err(faults) }
}

/// A problem with a file as the fault of the scenario it should have been.
fn fault(problem: &Problem, name: &str) -> Faults {
    let help: Text = match problem {
        Problem::Missing => {
            let names: Vec<&str> = builtin::ALL.iter().map(|builtin| builtin.name).collect();
            match near(name, &names) {
                Some(near) => {
                    both!("did you mean the built-in scenario `{near}`?", "¿quizá el escenario incluido `{near}`?")
                }
                None => both!(
                    "check the path; `celda scenarios` lists the built-in scenarios",
                    "comprobar la ruta; `celda scenarios` enumera los escenarios incluidos",
                ),
            }
        }
        Problem::TooLarge(_) => both!(
            "put weights in a .safetensors or .npz file (`weights = {{ file = \"…\", convention = \"…\" }}`), \
             input rows in a CSV file (`file = \"…\"`)",
            "poner los pesos en un archivo .safetensors o .npz (`weights = {{ file = \"…\", convention = \"…\" }}`), \
             y las filas de entrada en un CSV (`file = \"…\"`)",
        ),
        Problem::Irregular(_) => both!(
            "name a regular file, or pipe a scenario in and name it `-`",
            "nombrar un archivo normal, o enviar un escenario por una tubería y llamarlo `-`",
        ),
        Problem::Refused { help, .. } => (*help).into(),
    };
    Fault::of_file(name, problem.message(), help).into()
}
