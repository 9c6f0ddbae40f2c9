//! The npz format: a ZIP archive of arrays, each with NumPy's header, stored or deflated.
//!
//! `zip` and `ndarray-npy` read it. What they would take more time or memory for than a file can be worth is refused before
//! it reaches them.

use std::io::{Cursor, Read};

use ndarray::ArrayD;
use ndarray_npy::npy::header::Header;
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement};
use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config, OwnedZipFileEntry, ZipReadOptions};

use super::{AS_FLOATS, AS_SAFETENSORS, Entry, MOST_BYTES, Numbers, ONLY_SHOWN, Refusal, cannot_be_unpacked, count_of, repeated};
use crate::scenario::fault::shown;
use crate::scenario::text::{Phrase, Text, both};

/// The end of the archive's directory.
const END_BYTES: usize = 22;
/// A directory entry, without its name.
const ENTRY_BYTES: u64 = 46;

/// The most members of an archive: more than the layers of any network have.
const MOST_MEMBERS: usize = 4096;

/// The most bytes that one byte can unpack to by deflating.
const MOST_DEFLATED: u64 = 1032;

/// The longest array header read; that of an array of eight axes is shorter.
const LONGEST_HEADER: usize = 256;

const SAVE_ANEW: Phrase = Phrase { en: "save the file anew with numpy.savez", es: "guardar el archivo de nuevo con numpy.savez" };

const ONLY_WIDE: Phrase = Phrase {
    en: "save it as float32, or the model as a safetensors file, which may have floats of 16 bits",
    es: "guardarlo como float32, o el modelo como archivo safetensors, que puede tener decimales de 16 bits",
};

const NO_HEADER: Phrase =
    Phrase { en: "has a header that is not that of an array", es: "tiene un encabezado que no es el de un arreglo" };

const CUT_SHORT: Phrase = Phrase { en: "is cut short in its header", es: "está cortado en su encabezado" };

/// An array in a member of an archive.
#[derive(Debug)]
pub struct Stored {
    member: OwnedZipFileEntry,
    element: Element,
}

/// The type of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl Element {
    /// In bytes.
    const fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// By NumPy's name of it.
    fn named(descriptor: &str) -> Result<Self, Refusal> {
        let refused = |en, es| {
            let (what, name) = (Phrase { en, es }, shown(descriptor));
            Err(Refusal::new(both!("is of type {name}, {what}", "es de tipo {name}, {what}", what), AS_FLOATS))
        };
        match descriptor {
            "<f8" | ">f8" => Ok(Self::F64),
            "<f4" | ">f4" => Ok(Self::F32),
            "|i1" => Ok(Self::I8),
            "<i2" | ">i2" => Ok(Self::I16),
            "<i4" | ">i4" => Ok(Self::I32),
            "<i8" | ">i8" => Ok(Self::I64),
            "|u1" => Ok(Self::U8),
            "<u2" | ">u2" => Ok(Self::U16),
            "<u4" | ">u4" => Ok(Self::U32),
            "<u8" | ">u8" => Ok(Self::U64),
            "<f2" | ">f2" | "|V2" => Err(Refusal::new(of_16_bits(descriptor), ONLY_WIDE)),
            "|O" => refused(
                "Python objects in a pickle, which can run programs",
                "objetos de Python en un pickle, que puede ejecutar programas",
            ),
            "|b1" => refused("truth values, not numbers", "valores lógicos, no números"),
            "<c8" | ">c8" | "<c16" | ">c16" => {
                refused("complex numbers, which no layer has", "números complejos, que ninguna capa tiene")
            }
            _ if matches!(descriptor.as_bytes(), [_, b'U' | b'S', ..]) => refused("texts, not numbers", "textos, no números"),
            _ => refused("which is not read", "que no se lee"),
        }
    }
}

/// What is said of floats of 16 bits; NumPy has no type for bfloat16, and saves it as two bytes.
fn of_16_bits(descriptor: &str) -> Text {
    let kind = match descriptor {
        "|V2" => Phrase { en: "two bytes that may be a bfloat16", es: "dos bytes que pueden ser un bfloat16" },
        _ => Phrase { en: "float16", es: "float16" },
    };
    both!(
        "is of type {descriptor}, {kind}, but from an npz archive float32 and float64 are read",
        "es de tipo {descriptor}, {kind}, pero de un archivo npz se leen float32 y float64",
        kind
    )
}

/// The arrays of an archive, in its order.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let members = members(bytes)
        .map_err(|why| Refusal::new(both!("not an npz archive: {why}", "no es un archivo npz: {why}", why), SAVE_ANEW))?;
    let ends_in = |end: &str| members.iter().any(|(name, _)| name.ends_with(end));
    if ends_in("data.pkl") {
        let message = Phrase {
            en: "it is a PyTorch pickle, which can run programs and is not read",
            es: "es un pickle de PyTorch, que puede ejecutar programas y no se lee",
        };
        return Err(Refusal::new(message, AS_SAFETENSORS));
    }
    if ends_in(".weights.h5") {
        let message = Phrase {
            en: "it is a Keras model, whose weights celda does not read",
            es: "es un modelo de Keras, cuyos pesos celda no lee",
        };
        let help = Phrase {
            en: "save its arrays: numpy.savez(\"model.npz\", **{w.path: w.numpy() for w in model.weights})",
            es: "guardar sus arreglos: numpy.savez(\"model.npz\", **{w.path: w.numpy() for w in model.weights})",
        };
        return Err(Refusal::new(message, help));
    }
    let unpacked = members.iter().fold(0u64, |sum, (_, member)| sum.saturating_add(member.size()));
    if unpacked > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        let message = both!(
            "its arrays take more than {most} MiB when they are unpacked",
            "sus arreglos ocupan más de {most} MiB al desempaquetarlos",
        );
        return Err(Refusal::new(message, ONLY_SHOWN));
    }
    Ok(members.into_iter().map(|(name, member)| entry(bytes, &name, member)).collect())
}

/// The members of an archive by their names, in the order of its directory, or why it is none.
fn members(bytes: &[u8]) -> Result<Vec<(String, OwnedZipFileEntry)>, Text> {
    check_end(bytes)?;
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let mut archive = ZipArchive::with_config(config, Cursor::new(bytes)).map_err(repeated)?;
    if archive.len() > MOST_MEMBERS {
        return Err(both!("it has more than {MOST_MEMBERS} members", "tiene más de {MOST_MEMBERS} miembros"));
    }
    if archive.has_duplicate_names() {
        return Err(both!("two of its members have the same name", "dos de sus miembros tienen el mismo nombre"));
    }
    if archive.has_overlapping_entries().map_err(repeated)? {
        return Err(both!("two of its members lie over each other", "dos de sus miembros se solapan"));
    }
    let mut members = Vec::with_capacity(archive.len());
    for i in 0..archive.len() {
        let member = archive.by_index_data(i).map_err(repeated)?;
        if !member.is_dir() {
            members.push((member.name().map_err(repeated)?.into_owned(), member.into()));
        }
    }
    Ok(members)
}

/// Checks that an archive is whole, and that its directory has room for the members it declares, for which `zip` takes
/// memory.
///
/// The end of the directory: PKWARE's APPNOTE.TXT 6.3.10, section 4.3.16; NumPy writes no comment after it.
fn check_end(bytes: &[u8]) -> Result<(), Text> {
    let end = bytes.len().checked_sub(END_BYTES).map(|start| bytes.split_at(start));
    let Some((before, [b'P', b'K', 5, 6, _, _, _, _, _, _, c0, c1, s0, s1, s2, s3, p0, p1, p2, p3, 0, 0])) = end else {
        return Err(both!("it has no end; it is cut short, or something else", "no tiene final; está cortado, o es otra cosa",));
    };
    let count: u64 = u16::from_le_bytes([*c0, *c1]).into();
    let size: u64 = u32::from_le_bytes([*s0, *s1, *s2, *s3]).into();
    let place: u64 = u32::from_le_bytes([*p0, *p1, *p2, *p3]).into();
    match count * ENTRY_BYTES <= size && place + size <= before.len() as u64 {
        true => Ok(()),
        false => Err(both!("its directory is damaged", "su directorio está dañado")),
    }
}

/// The array in a member.
fn entry(bytes: &[u8], name: &str, member: OwnedZipFileEntry) -> Entry {
    let name = name.strip_suffix(".npy").unwrap_or(name).to_owned();
    match array(bytes, &member) {
        Ok((shape, element)) => Entry { name, shape, numbers: Ok(Numbers::Npz(Box::new(Stored { member, element }))) },
        Err(refusal) => Entry { name, shape: Vec::new(), numbers: Err(refusal) },
    }
}

/// The shape of a member's array, and the type of its numbers.
fn array(bytes: &[u8], member: &OwnedZipFileEntry) -> Result<(Vec<usize>, Element), Refusal> {
    let refused = |what: Phrase| Refusal::new(what, SAVE_ANEW);
    if member.size() > member.compressed_size().saturating_mul(MOST_DEFLATED) {
        return Err(refused(Phrase {
            en: "is declared larger than it can be", es: "se declara más grande de lo que puede ser"
        }));
    }
    let start = start(bytes, member).map_err(|why| Refusal::new(cannot_be_unpacked(&why), SAVE_ANEW))?;
    let header = plain_header(&start)?;
    let parsed = Header::from_reader(&mut &*header).map_err(|_| refused(NO_HEADER))?;
    let element = Element::named(parsed.type_descriptor.as_string().ok_or_else(|| refused(NO_HEADER))?)?;
    let bytes = count_of(&parsed.shape).and_then(|count| count.checked_mul(element.size())?.checked_add(header.len()));
    if bytes.is_none_or(|bytes| bytes as u64 != member.size()) {
        return Err(refused(Phrase {
            en: "has another length than its shape needs",
            es: "tiene otra longitud que la que necesita su forma",
        }));
    }
    Ok((parsed.shape, element))
}

/// A member as it is unpacked, to its declared length and no further.
fn unpacked<'a>(member: &'a OwnedZipFileEntry, file: &'a mut Cursor<&[u8]>) -> Result<impl Read + 'a, Text> {
    member.as_ref().with_reader(file, ZipReadOptions::new()).map_err(repeated)
}

/// The first bytes of a member, in which the header is.
fn start(bytes: &[u8], member: &OwnedZipFileEntry) -> Result<Vec<u8>, Text> {
    let mut file = Cursor::new(bytes);
    let mut start = Vec::new();
    unpacked(member, &mut file)?.take(LONGEST_HEADER as u64).read_to_end(&mut start).map_err(repeated)?;
    Ok(start)
}

/// The header in the first bytes of an array, if it has no more brackets than that of a plain array.
///
/// The parser behind `ndarray-npy` takes exponential time where they nest.
fn plain_header(start: &[u8]) -> Result<&[u8], Refusal> {
    let refused = |what: Phrase| Err(Refusal::new(what, SAVE_ANEW));
    let (before, length) = match start {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, 0, a, b, ..] => (10, u32::from_le_bytes([*a, *b, 0, 0])),
        [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, 0, a, b, c, d, ..] => (12, u32::from_le_bytes([*a, *b, *c, *d])),
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1..=3, 0, ..] => return refused(CUT_SHORT),
        [0x93, b'N', b'U', b'M', b'P', b'Y', major, minor, ..] => {
            let message = both!(
                "is in version {major}.{minor} of NumPy's format, which is not read",
                "está en la versión {major}.{minor} del formato de NumPy, que no se lee",
            );
            return Err(Refusal::new(message, SAVE_ANEW));
        }
        _ => return refused(Phrase { en: "is not in NumPy's format", es: "no está en el formato de NumPy" }),
    };
    let length = length as usize;
    if length > LONGEST_HEADER - before {
        return refused(Phrase {
            en: "has a header longer than that of any plain array",
            es: "tiene un encabezado más largo que el de cualquier arreglo normal",
        });
    }
    let Some(header) = start.get(..before + length) else { return refused(CUT_SHORT) };
    let text = &header[before..];
    if text.contains(&b'[') {
        let message = Phrase {
            en: "is of a structured type or of dates, which are not read",
            es: "es de un tipo compuesto o de fechas, que no se leen",
        };
        return Err(Refusal::new(message, AS_FLOATS));
    }
    let once = |mark: &u8| text.iter().filter(|&byte| byte == mark).count() <= 1;
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || b" \n'\"<>|=_,:{}()".contains(byte);
    match b"{(".iter().all(once) && text.iter().all(known) {
        true => Ok(header),
        false => refused(NO_HEADER),
    }
}

impl Stored {
    /// Whether its numbers are integers of 64 bits.
    pub fn has_wide_integers(&self) -> bool {
        matches!(self.element, Element::I64 | Element::U64)
    }

    /// Its numbers, row-major, from the bytes of the file.
    pub fn numbers(&self, file: &[u8]) -> Result<Vec<f64>, Text> {
        let mut file = Cursor::new(file);
        let reader = unpacked(&self.member, &mut file)?;
        let numbers = match self.element {
            Element::F32 => numbers(reader, |n: f32| n.into()),
            Element::F64 => numbers(reader, |n: f64| n),
            Element::I8 => numbers(reader, |n: i8| n.into()),
            Element::I16 => numbers(reader, |n: i16| n.into()),
            Element::I32 => numbers(reader, |n: i32| n.into()),
            Element::I64 => numbers(reader, |n: i64| n as f64),
            Element::U8 => numbers(reader, |n: u8| n.into()),
            Element::U16 => numbers(reader, |n: u16| n.into()),
            Element::U32 => numbers(reader, |n: u32| n.into()),
            Element::U64 => numbers(reader, |n: u64| n as f64),
        };
        numbers.map_err(|error| match error {
            ReadNpyError::Io(error) => repeated(error),
            error => repeated(error),
        })
    }
}

fn numbers<T>(reader: impl Read, to_f64: impl Fn(T) -> f64) -> Result<Vec<f64>, ReadNpyError>
where
    T: ReadableElement + Clone + 'static,
{
    let numbers = ArrayD::<T>::read_npy(reader)?.mapv_into_any(to_f64);
    Ok(match numbers.is_standard_layout() {
        true => numbers.into_raw_vec_and_offset().0,
        false => numbers.iter().copied().collect(),
    })
}
