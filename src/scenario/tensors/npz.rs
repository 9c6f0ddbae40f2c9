//! The npz format: a ZIP archive of arrays, each with NumPy's header, stored or deflated.
//!
//! Both are read here and in linear time: the libraries for it take memory for as many members as an archive declares, and
//! exponential time where the brackets of an array's header nest. Formats: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7,
//! 4.3.12 and 4.3.16, and `numpy.lib.format` 1.0 to 3.0; of them what `numpy.savez` and `savez_compressed` write.

use std::io::{self, Read};
use std::ops::Range;

use flate2::CrcReader;
use flate2::bufread::DeflateDecoder;

use super::{AS_FLOATS, ByteOrder, Element, Entry, Layout, MOST_BYTES, Numbers, Packing, Refusal, count_of, repeated};
use crate::scenario::fault::shown;

/// The end of the archive's directory, without its comment.
const END_BYTES: usize = 22;
/// A directory entry, without its name.
const ENTRY_BYTES: usize = 46;
/// What stands before a member's bytes, without its name.
const LOCAL_BYTES: usize = 30;

/// The most bytes that one byte can unpack to by deflating.
const MOST_DEFLATED: u64 = 1032;

/// The longest array header read, as NumPy's own limit.
const LONGEST_HEADER: usize = 10_000;

const SAVE_ANEW: &str = "save the file anew with numpy.savez";

/// How a member's bytes are wrapped.
#[derive(Debug)]
pub struct Wrapping {
    method: Method,
    /// Of the unpacked bytes.
    crc: u32,
    /// How many unpacked bytes stand before the numbers.
    header: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
}

/// A member of the archive, as the directory describes it.
struct Member<'a> {
    name: &'a str,
    encrypted: bool,
    method: u16,
    crc: u32,
    unpacked: u64,
    /// From its local header to its end, in the file.
    whole: Range<usize>,
    /// Its packed bytes, in the file.
    range: Range<usize>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at)?.try_into().ok()
}

fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    u16_at(bytes, at).map(usize::from)
}

/// The arrays of an archive, in its order.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let members = members(bytes).map_err(|why| Refusal::new(format!("not an npz archive: {why}"), SAVE_ANEW))?;
    if members.iter().any(|member| member.name.ends_with("data.pkl")) {
        let help = "save the model with safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")";
        return Err(Refusal::new("it is a PyTorch pickle, which can run programs and is not read", help));
    }
    if members.iter().any(|member| member.name.ends_with(".weights.h5")) {
        let help = "save its arrays: numpy.savez(\"model.npz\", **{w.path: w.numpy() for w in model.weights})";
        return Err(Refusal::new("it is a Keras model, whose weights celda does not read", help));
    }
    let unpacked = members.iter().fold(0u64, |sum, member| sum.saturating_add(member.unpacked));
    if unpacked > MOST_BYTES {
        let message = format!("its arrays take more than {} MiB when they are unpacked", MOST_BYTES >> 20);
        return Err(Refusal::new(message, "save only the arrays of the layers shown"));
    }
    Ok(members.iter().map(|member| entry(bytes, member)).collect())
}

/// The members of an archive, in the order of its directory, or why it is none.
fn members(bytes: &[u8]) -> Result<Vec<Member<'_>>, String> {
    const DAMAGED: &str = "its directory is damaged";
    let Some(end) = end(bytes) else { return Err("it has no end; it is cut short, or something else".into()) };
    let field = |at: usize| length_at(bytes, end + at).ok_or(DAMAGED);
    let wide = |at: usize| usize_at(bytes, end + at).ok_or(DAMAGED);
    let (count, size, start) = (field(10)?, wide(12)?, wide(16)?);
    if count == usize::from(u16::MAX) || start == u32::MAX as usize {
        return Err("it is in the ZIP64 form, which is for archives of 65535 members or 4 GiB".into());
    }
    if field(4)? != 0 || field(6)? != 0 || field(8)? != count {
        return Err("it is a part of an archive of several".into());
    }
    if start.checked_add(size) != Some(end) {
        return Err(DAMAGED.into());
    }
    let mut directory = &bytes[start..end];
    let mut members = Vec::new();
    for _ in 0..count {
        let (member, rest) = member(bytes, directory, start).ok_or(DAMAGED)?;
        directory = rest;
        members.extend(member);
    }
    if !directory.is_empty() {
        return Err(DAMAGED.into());
    }
    let mut wholes: Vec<&Range<usize>> = members.iter().map(|member| &member.whole).collect();
    wholes.sort_by_key(|whole| whole.start);
    if wholes.windows(2).any(|pair| pair[0].end > pair[1].start) {
        return Err("two of its members lie over each other".into());
    }
    Ok(members)
}

/// Where the end of the directory begins: the last place whose comment reaches just to the end of the file.
fn end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let ends = |at: &usize| {
        bytes[*at..].starts_with(b"PK\x05\x06")
            && length_at(bytes, at + 20).is_some_and(|comment| at + END_BYTES + comment == bytes.len())
    };
    (first..=last).rev().find(ends)
}

/// The first member of a directory that begins at `start`, unless it is a folder, and the rest of the directory; none
/// where the directory, or what stands before the member itself, is not as it has to be.
fn member<'a>(bytes: &'a [u8], directory: &'a [u8], start: usize) -> Option<(Option<Member<'a>>, &'a [u8])> {
    if !directory.starts_with(b"PK\x01\x02") {
        return None;
    }
    let field = |at: usize| length_at(directory, at);
    let (name_length, extra, comment) = (field(28)?, field(30)?, field(32)?);
    let name = std::str::from_utf8(directory.get(ENTRY_BYTES..ENTRY_BYTES + name_length)?).ok()?;
    let rest = directory.get(ENTRY_BYTES + name_length + extra + comment..)?;
    let packed = usize_at(directory, 20)?;
    let local_start = usize_at(directory, 42)?;
    let local = bytes.get(local_start..start)?;
    if !local.starts_with(b"PK\x03\x04") {
        return None;
    }
    let local_name = length_at(local, 26)?;
    if local.get(LOCAL_BYTES..LOCAL_BYTES + local_name)? != name.as_bytes() {
        return None;
    }
    let from = LOCAL_BYTES + local_name + length_at(local, 28)?;
    let to = from.checked_add(packed)?;
    if to > local.len() {
        return None;
    }
    let member = Member {
        name,
        encrypted: u16_at(directory, 8)? & 1 != 0,
        method: u16_at(directory, 10)?,
        crc: u32_at(directory, 16)?,
        unpacked: u32_at(directory, 24)?.into(),
        whole: local_start..local_start + to,
        range: local_start + from..local_start + to,
    };
    Some((Some(member).filter(|member| !member.name.ends_with('/')), rest))
}

/// The array in a member.
fn entry(bytes: &[u8], member: &Member<'_>) -> Entry {
    let name = member.name.strip_suffix(".npy").unwrap_or(member.name).to_owned();
    match array(&bytes[member.range.clone()], member) {
        Ok((shape, numbers)) => Entry { name, shape, numbers: Ok(numbers) },
        Err(refusal) => Entry { name, shape: Vec::new(), numbers: Err(refusal) },
    }
}

/// The shape of a member's array, and how its numbers are stored.
fn array(packed: &[u8], member: &Member<'_>) -> Result<(Vec<usize>, Numbers), Refusal> {
    let refused = |what: &str| Refusal::new(what, SAVE_ANEW);
    if member.encrypted {
        return Err(Refusal::new("is encrypted", "save the file without a password"));
    }
    let method = match member.method {
        0 => Method::Stored,
        8 => Method::Deflated,
        other => return Err(refused(&format!("is packed by method {other}, which is not read"))),
    };
    let most = match method {
        Method::Stored => packed.len() as u64,
        Method::Deflated => (packed.len() as u64).saturating_mul(MOST_DEFLATED),
    };
    if member.unpacked > most {
        return Err(refused("is declared larger than it can be"));
    }
    let header = header(unpacked(method, packed)).map_err(|error| match error {
        HeaderError::Unpacking(error) => refused(&format!("cannot be unpacked: {}", repeated(error))),
        HeaderError::Content(what) => refused(&what),
    })?;
    let (header, length) = header;
    let (element, order) = element(header.descriptor.as_deref())?;
    let bytes = count_of(&header.shape).and_then(|count| count.checked_mul(element.size())?.checked_add(length));
    if bytes.is_none_or(|bytes| bytes as u64 != member.unpacked) {
        return Err(refused("has another length than its shape needs"));
    }
    let packing = Packing::Member(Wrapping { method, crc: member.crc, header: length as u64 });
    Ok((header.shape, Numbers { element, order, layout: header.layout, range: member.range.clone(), packing }))
}

fn unpacked(method: Method, packed: &[u8]) -> Box<dyn Read + '_> {
    match method {
        Method::Stored => Box::new(packed),
        Method::Deflated => Box::new(DeflateDecoder::new(packed)),
    }
}

impl Wrapping {
    /// What `read` makes of the bytes after the header, which has to read them all.
    pub fn unwrapped<T>(&self, packed: &[u8], read: impl FnOnce(&mut dyn Read) -> io::Result<T>) -> io::Result<T> {
        let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
        let mut reader = CrcReader::new(unpacked(self.method, packed));
        io::copy(&mut (&mut reader).take(self.header), &mut io::sink())?;
        let made = read(&mut reader)?;
        if reader.read(&mut [0])? != 0 {
            return Err(damaged("it is longer than declared"));
        }
        match reader.crc().sum() == self.crc {
            true => Ok(made),
            false => Err(damaged("its checksum does not hold")),
        }
    }
}

/// Why there is no header.
enum HeaderError {
    Unpacking(io::Error),
    /// What is to be said of the array.
    Content(String),
}

impl From<io::Error> for HeaderError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Content("is cut short in its header".into()),
            _ => Self::Unpacking(error),
        }
    }
}

/// NumPy's header, and how many bytes it takes.
fn header(mut reader: impl Read) -> Result<(Header, usize), HeaderError> {
    let content = |what: &str| HeaderError::Content(what.into());
    let mut magic = [0; 8];
    reader.read_exact(&mut magic)?;
    if !magic.starts_with(b"\x93NUMPY") {
        return Err(content("is not in NumPy's format"));
    }
    let mut length = [0; 4];
    let width = match magic[6] {
        1 => 2,
        2 | 3 => 4,
        version => return Err(HeaderError::Content(format!("is in version {version} of NumPy's format, which is not read"))),
    };
    reader.read_exact(&mut length[..width])?;
    let text_length = u32::from_le_bytes(length) as usize;
    if text_length > LONGEST_HEADER {
        return Err(content("has a header longer than that of any plain array"));
    }
    let mut text = vec![0; text_length];
    reader.read_exact(&mut text)?;
    let header = std::str::from_utf8(&text).ok().and_then(|text| Literal(text).header());
    let header = header.ok_or_else(|| content("has a header that is not that of an array"))?;
    Ok((header, magic.len() + width + text_length))
}

/// What an array's header says.
struct Header {
    /// The type of the numbers; none for a structured one.
    descriptor: Option<String>,
    layout: Layout,
    shape: Vec<usize>,
}

/// The rest of a Python literal.
struct Literal<'a>(&'a str);

impl<'a> Literal<'a> {
    /// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, in any order.
    fn header(mut self) -> Option<Header> {
        let (mut descriptor, mut layout, mut shape) = (None, None, None);
        self.next("{")?;
        while self.next("}").is_none() {
            let key = self.string()?;
            self.next(":")?;
            match key {
                // Fields in a list, which only a structured type has; nothing after it matters.
                "descr" if self.next("[").is_some() => {
                    return Some(Header { descriptor: None, layout: Layout::RowMajor, shape: Vec::new() });
                }
                "descr" => descriptor = Some(self.string()?.to_owned()),
                "fortran_order" if self.next("True").is_some() => layout = Some(Layout::ColumnMajor),
                "fortran_order" => layout = self.next("False").map(|()| Layout::RowMajor),
                "shape" => shape = Some(self.lengths()?),
                _ => return None,
            }
            if self.next(",").is_none() {
                self.next("}")?;
                break;
            }
        }
        self.0.trim_ascii().is_empty().then_some(Header { descriptor: Some(descriptor?), layout: layout?, shape: shape? })
    }

    /// Goes past a mark and the space before it, if it comes next.
    fn next(&mut self, mark: &str) -> Option<()> {
        self.0 = self.0.trim_ascii_start().strip_prefix(mark)?;
        Some(())
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a str> {
        let quote = if self.next("'").is_some() { '\'' } else { self.next("\"").map(|()| '"')? };
        let (string, rest) = self.0.split_once(quote)?;
        self.0 = rest;
        Some(string).filter(|string| !string.contains('\\'))
    }

    /// A tuple of lengths.
    fn lengths(&mut self) -> Option<Vec<usize>> {
        let mut lengths = Vec::new();
        self.next("(")?;
        while self.next(")").is_none() {
            let rest = self.0.trim_ascii_start();
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            lengths.push(rest[..digits].parse().ok()?);
            self.0 = &rest[digits..];
            if self.next(",").is_none() {
                self.next(")")?;
                break;
            }
        }
        Some(lengths)
    }
}

/// The type of an array's numbers.
fn element(descriptor: Option<&str>) -> Result<(Element, ByteOrder), Refusal> {
    let Some(descriptor) = descriptor else {
        return Err(Refusal::new("is of a structured type, which is not read", AS_FLOATS));
    };
    let refused = |what: &str| Refusal::new(format!("is of type {}, {what}", shown(descriptor)), AS_FLOATS);
    let order = match descriptor.as_bytes().first() {
        Some(b'<' | b'|') => ByteOrder::Little,
        Some(b'>') => ByteOrder::Big,
        _ => return Err(refused("which is not read")),
    };
    let element = match descriptor.get(1..).unwrap_or_default() {
        "f2" => Element::F16,
        "f4" => Element::F32,
        "f8" => Element::F64,
        "i1" => Element::I8,
        "i2" => Element::I16,
        "i4" => Element::I32,
        "i8" => Element::I64,
        "u1" => Element::U8,
        "u2" => Element::U16,
        "u4" => Element::U32,
        "u8" => Element::U64,
        "O" => return Err(refused("Python objects in a pickle, which can run programs")),
        "b1" => return Err(refused("truth values, not numbers")),
        kind if kind.starts_with('c') => return Err(refused("complex numbers, which no layer has")),
        kind if kind.starts_with(['U', 'S', 'a']) => return Err(refused("texts, not numbers")),
        _ => return Err(refused("which is not read")),
    };
    Ok((element, order))
}
