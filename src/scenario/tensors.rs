//! Arrays from a `.safetensors` or `.npz` file: opened, listed and read, without trusting what is written in it.
//!
//! A file may come from a stranger. What its headers declare is compared with what the file holds before memory is taken
//! for it; an array that cannot be used is refused when it is read, and its neighbours are not.

pub mod layers;
mod npz;
mod safetensors;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use super::fault::{nearest, shown};
use super::file;
use super::text::{Lines, Phrase, Text, both, printable};

/// The largest file read, and the most bytes a packed one may have unpacked.
pub const MOST_BYTES: u64 = 1 << 30;

/// How many times the size of a file its numbers may take as floats of 64 bits, unless they take less than [`SMALL`]: packed
/// or short ones become more, those of trained weights by far not so many.
const MOST_GROWTH: usize = 16;

/// So many numbers are never too many for their file.
const SMALL: usize = 1 << 21;

/// How often all numbers of a file are read at most, for as many layers that share them.
const MOST_READINGS: usize = 16;

/// The most numbers of one array: as many as fill the same space as floats of 64 bits.
const MOST_NUMBERS: usize = 1 << 27;

/// The greatest integer up to which a float of 64 bits holds every integer.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

const AS_FLOATS: Phrase = Phrase { en: "save it as float32 or float64", es: "guardarlo como float32 o float64" };

/// What to do about more numbers than are taken.
pub const SMALLER_NETWORK: Phrase = Phrase { en: "use a smaller network", es: "usar una red más pequeña" };

const ONLY_SHOWN: Phrase =
    Phrase { en: "save only the arrays of the layers shown", es: "guardar solo los arreglos de las capas que se muestran" };

const AS_SAFETENSORS: Phrase = Phrase {
    en: "save the model with safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")",
    es: "guardar el modelo con safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")",
};

/// An array of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// How long each axis is; none for a single number.
    pub shape: Vec<usize>,
    /// The numbers, row-major.
    pub data: Vec<f64>,
}

/// Why a file, or an array of it, cannot be used. The message does not name the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub help: Text,
}

impl Refusal {
    /// What is wrong, and what to do.
    pub fn new(message: impl Into<Text>, help: impl Into<Text>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// A file of arrays.
#[derive(Debug)]
pub struct TensorFile {
    bytes: Vec<u8>,
    /// In the order of the file.
    entries: Vec<Entry>,
    /// Where each name is in `entries`.
    places: BTreeMap<String, usize>,
    /// How many numbers it holds.
    numbers: usize,
    /// How many of them may be read yet.
    unread: Cell<usize>,
}

/// One array of a file.
#[derive(Debug)]
struct Entry {
    name: String,
    shape: Vec<usize>,
    numbers: Result<Numbers, Refusal>,
}

/// How the numbers of an array are stored.
#[derive(Debug)]
enum Numbers {
    Safetensors(safetensors::Stored),
    Npz(Box<npz::Stored>),
}

/// How many numbers an array of a shape has, unless that overflows.
fn count_of(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |count, &length| count.checked_mul(length))
}

/// An error of a library as a message repeats it: safe to print, and cut where it is long.
fn repeated(error: impl ToString) -> Text {
    const LONGEST: usize = 160;
    let text = printable(&error.to_string(), Lines::One);
    Text::same(match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    })
}

impl TensorFile {
    /// Opens a file by its path.
    ///
    /// # Errors
    ///
    /// A file that is not there, not a regular file, larger than 1 GiB, or not as [`from_bytes`](Self::from_bytes) needs it.
    pub fn at(path: &Path) -> Result<Self, Refusal> {
        let bytes = file::regular_file(path, MOST_BYTES).map_err(|problem| unreadable(&problem, path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::from_bytes(&name, bytes)
    }

    /// Takes a file's bytes in. What they begin with decides the format; where that says nothing, the name does.
    ///
    /// # Errors
    ///
    /// Bytes of another format, an archive or a header that contradicts itself or the length of the file, and arrays that
    /// unpack to more than 16 times its size and 16 MiB.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Refusal> {
        let extension = Path::new(name).extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let entries = match format_of(&bytes, extension.as_deref())? {
            Format::Safetensors => safetensors::entries(&bytes),
            Format::Npz => npz::entries(&bytes),
        }?;
        let mut places = BTreeMap::new();
        for (place, entry) in entries.iter().enumerate() {
            if places.insert(entry.name.clone(), place).is_some() {
                let help = Phrase {
                    en: "save it anew, each array under its own name",
                    es: "guardarlo de nuevo, cada arreglo con su propio nombre",
                };
                return Err(Refusal::new(called_twice(&entry.name), help));
            }
        }
        let counts = entries.iter().filter(|entry| entry.numbers.is_ok()).map(|entry| count_of(&entry.shape));
        let numbers = counts.fold(0, |sum: usize, count| sum.saturating_add(count.unwrap_or(usize::MAX)));
        if numbers > SMALL && numbers > bytes.len().saturating_mul(MOST_GROWTH) / size_of::<f64>() {
            let message = both!(
                "its arrays unpack to more than {MOST_GROWTH} times its size",
                "sus arreglos ocupan desempaquetados más de {MOST_GROWTH} veces su tamaño",
            );
            let help = Phrase {
                en: "save it anew with numpy.savez, which does not pack",
                es: "guardarlo de nuevo con numpy.savez, que no empaqueta",
            };
            return Err(Refusal::new(message, help));
        }
        let unread = Cell::new(numbers.saturating_mul(MOST_READINGS));
        Ok(Self { bytes, entries, places, numbers, unread })
    }

    /// The names of its arrays, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The names of its arrays in the order of the file.
    pub fn names_in_order(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// How long each axis of an array is, if there is one of that name and its header can be read.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        let entry = &self.entries[*self.places.get(name)?];
        entry.numbers.is_ok().then_some(entry.shape.as_slice())
    }

    /// Why an array cannot be read, where its header says so.
    pub fn refusal(&self, name: &str) -> Option<Refusal> {
        let refusal = self.entries[*self.places.get(name)?].numbers.as_ref().err()?;
        Some(of_array(name, &refusal.message, refusal.help.clone()))
    }

    /// The numbers of an array.
    ///
    /// # Errors
    ///
    /// A name that is not there; an array that is empty, has more than 134217728 numbers, is of a type that is not read
    /// (read are floats of 32 and 64 bits and integers, from safetensors also floats of 16 bits), is damaged, or holds a
    /// number that is not finite or, of an integer, not exact in 64 bits; more numbers, of all readings together, than 16 times
    /// those of the file.
    pub fn read(&self, name: &str) -> Result<Tensor, Refusal> {
        let Some(&place) = self.places.get(name) else {
            let names: Vec<&str> = self.names().collect();
            let help = nearest(name, &names);
            let name = shown(name);
            return Err(Refusal::new(both!("it has no array `{name}`", "no tiene ningún arreglo `{name}`"), help));
        };
        let entry = &self.entries[place];
        let of_array = |what: Text, help: Text| of_array(name, &what, help);
        let stored = entry.numbers.as_ref().map_err(|refusal| of_array(refusal.message.clone(), refusal.help.clone()))?;
        let shape = entry.shape.clone();
        match count_of(&shape) {
            Some(0) => {
                let what = both!("has the shape {shape:?}: it is empty", "tiene la forma {shape:?}: está vacío");
                let help = both!("give an array with numbers in it", "dar un arreglo con números");
                return Err(of_array(what, help));
            }
            Some(1..=MOST_NUMBERS) => {}
            _ => {
                let what = both!("has more than {MOST_NUMBERS} numbers", "tiene más de {MOST_NUMBERS} números");
                return Err(of_array(what, SMALLER_NETWORK.into()));
            }
        }
        let Some(unread) = self.unread.get().checked_sub(count_of(&shape).unwrap_or(usize::MAX)) else {
            let message = both!(
                "its {numbers} numbers are used more than {MOST_READINGS} times over",
                "sus {numbers} números se usan más de {MOST_READINGS} veces",
                numbers = self.numbers
            );
            let help = Phrase { en: "give each layer arrays of its own", es: "dar a cada capa sus propios arreglos" };
            return Err(Refusal::new(message, help));
        };
        self.unread.set(unread);
        let (numbers, has_wide_integers) = match stored {
            Numbers::Safetensors(stored) => (Ok(stored.numbers(&self.bytes)), stored.has_wide_integers()),
            Numbers::Npz(stored) => (stored.numbers(&self.bytes), stored.has_wide_integers()),
        };
        let data = numbers.map_err(|why| {
            let help = both!("save the file anew", "guardar el archivo de nuevo");
            of_array(cannot_be_unpacked(&why), help)
        })?;
        let at = |i: usize| index(&shape, i);
        if let Some(i) = data.iter().position(|number| !number.is_finite()) {
            let help = both!(
                "weights are finite numbers; look for what went wrong in training",
                "los pesos son números finitos; buscar qué falló en el entrenamiento",
            );
            let place = at(i);
            let what = both!("is {number} at {place:?}", "es {number} en {place:?}", number = not_finite(data[i]));
            return Err(of_array(what, help));
        }
        if has_wide_integers && let Some(i) = data.iter().position(|number| number.abs() >= MOST_EXACT) {
            let place = at(i);
            let what = both!(
                "has an integer at {place:?} that a float of 64 bits does not hold exactly",
                "tiene en {place:?} un entero que un número de coma flotante de 64 bits no contiene exactamente",
            );
            return Err(of_array(what, both!("save it as float64", "guardarlo como float64")));
        }
        Ok(Tensor { shape, data })
    }
}

/// Something that is wrong with an array, after its name.
fn of_array(name: &str, what: &Text, help: Text) -> Refusal {
    let name = shown(name);
    Refusal::new(both!("array `{name}` {what}", "el arreglo `{name}` {what}", what), help)
}

/// The place of the i-th number of an array, an index per axis.
fn index(shape: &[usize], i: usize) -> Vec<usize> {
    let mut rest = i;
    let mut index = vec![0; shape.len()];
    for (place, &length) in index.iter_mut().zip(shape).rev() {
        *place = rest % length.max(1);
        rest /= length.max(1);
    }
    index
}

fn called_twice(name: &str) -> Text {
    let name = shown(name);
    both!("two of its arrays are called `{name}`", "dos de sus arreglos se llaman `{name}`")
}

fn cannot_be_unpacked(why: &Text) -> Text {
    both!("cannot be unpacked: {why}", "no se puede desempaquetar: {why}", why)
}

fn not_finite(number: f64) -> Phrase {
    match number {
        f64::INFINITY => Phrase { en: "infinite", es: "infinito" },
        f64::NEG_INFINITY => Phrase { en: "minus infinite", es: "menos infinito" },
        _ => Phrase { en: "NaN", es: "NaN" },
    }
}

fn unreadable(problem: &file::Problem, path: &Path) -> Refusal {
    let help = match problem {
        file::Problem::Missing => file::looked_for(path),
        file::Problem::TooLarge(_) => ONLY_SHOWN.into(),
        file::Problem::Irregular(_) => Phrase { en: "name a regular file", es: "nombrar un archivo normal" }.into(),
        file::Problem::Refused { help, .. } => (*help).into(),
    };
    Refusal::new(problem.message(), help)
}

/// A format that is read.
enum Format {
    Safetensors,
    Npz,
}

/// The format, by what the file begins with, else by the extension of its name.
fn format_of(bytes: &[u8], extension: Option<&str>) -> Result<Format, Refusal> {
    const AS_NPZ: Phrase = Phrase {
        en: "save its arrays by their names with numpy.savez(\"model.npz\", **arrays)",
        es: "guardar sus arreglos por sus nombres con numpy.savez(\"model.npz\", **arrays)",
    };
    const SINGLE: Phrase = Phrase { en: "it is a single array without a name", es: "es un solo arreglo sin nombre" };
    const HDF5: Phrase =
        Phrase { en: "it is an HDF5 file, which celda does not read", es: "es un archivo HDF5, que celda no lee" };
    const PICKLE: Phrase = Phrase {
        en: "it is a pickle, which can run programs and is not read",
        es: "es un pickle, que puede ejecutar programas y no se lee",
    };
    let refused = |message: Phrase, help: Phrase| Err(Refusal::new(message, help));
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Format::Npz),
        // A safetensors file begins with the length of its header, which may look like anything.
        [_, _, _, _, _, _, _, _, b'{', ..] => Ok(Format::Safetensors),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => refused(SINGLE, AS_NPZ),
        [0x89, b'H', b'D', b'F', ..] => refused(HDF5, AS_NPZ),
        [0x80, 2..=5, ..] => refused(PICKLE, AS_SAFETENSORS),
        _ => match extension {
            Some("npz") => Ok(Format::Npz),
            Some("safetensors") => Ok(Format::Safetensors),
            _ => {
                let message = Phrase {
                    en: "it is neither a safetensors file nor an npz archive",
                    es: "no es ni un archivo safetensors ni un archivo npz",
                };
                let help = Phrase {
                    en: "save the weights as `.safetensors` or `.npz`",
                    es: "guardar los pesos como `.safetensors` o `.npz`",
                };
                refused(message, help)
            }
        },
    }
}
