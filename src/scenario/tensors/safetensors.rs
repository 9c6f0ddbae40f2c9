//! The safetensors format: the length of a header, the header in JSON, and the bytes of the arrays one after the other.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata};
use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{AS_FLOATS, Entry, Numbers, Refusal, called_twice, repeated};
use crate::scenario::text::{Language, Text, both};

/// Bytes that hold the length of the header.
const LENGTH_BYTES: usize = 8;

/// The longest header read: that of a hundred thousand arrays.
const LONGEST_HEADER: usize = 16 << 20;

/// An array in a file.
#[derive(Debug)]
pub struct Stored {
    dtype: Dtype,
    decoder: Decoder,
    /// Of the file's bytes.
    range: Range<usize>,
}

type Decoder = fn(&[u8]) -> Vec<f64>;

/// The arrays of a file, in the order of their bytes.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let refused = |why: Text| {
        let help = both!("save it anew with safetensors' save_file", "guardarlo de nuevo con save_file de safetensors");
        Refusal::new(both!("not a safetensors file: {why}", "no es un archivo safetensors: {why}", why), help)
    };
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else {
        return Err(refused(both!("it is shorter than 8 bytes", "tiene menos de 8 bytes")));
    };
    let header = usize::try_from(u64::from_le_bytes(*length)).ok().and_then(|length| rest.split_at_checked(length));
    let Some((header, data)) = header else {
        return Err(refused(both!("its header is longer than the file", "su encabezado es más largo que el archivo")));
    };
    if header.len() > LONGEST_HEADER {
        let most = LONGEST_HEADER >> 20;
        return Err(refused(both!("its header is longer than {most} MiB", "su encabezado ocupa más de {most} MiB")));
    }
    let mut twice = None;
    let named = serde_json::Deserializer::from_slice(header).deserialize_map(Names(&mut twice));
    named.map_err(|error| match &twice {
        Some(name) => refused(Text::new(repeated(error).get(Language::En), called_twice(name).get(Language::Es))),
        None => refused(repeated(error)),
    })?;
    let metadata: Metadata = serde_json::from_slice(header).map_err(|error| refused(repeated(error)))?;
    if metadata.data_len() != data.len() {
        let (declared, held) = (metadata.data_len(), data.len());
        return Err(refused(both!(
            "its header declares {declared} bytes of arrays, but it holds {held}",
            "su encabezado declara {declared} bytes de arreglos, pero contiene {held}",
        )));
    }
    let start = LENGTH_BYTES + header.len();
    let mut entries: Vec<_> = metadata.tensors().into_iter().map(|(name, info)| (info.data_offsets, name, info)).collect();
    entries.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let entry = |((from, to), name, info): ((usize, usize), String, &safetensors::tensor::TensorInfo)| {
        let stored = |decoder| Stored { dtype: info.dtype, decoder, range: start + from..start + to };
        let numbers = decoder(info.dtype).map(stored).map(Numbers::Safetensors);
        Entry { name, shape: info.shape.clone(), numbers }
    };
    Ok(entries.into_iter().map(entry).collect())
}

/// How the bytes of an array of a type become numbers.
fn decoder(dtype: Dtype) -> Result<Decoder, Refusal> {
    match dtype {
        Dtype::F64 => Ok(|bytes| decoded(bytes, f64::from_le_bytes)),
        Dtype::F32 => Ok(|bytes| decoded(bytes, |number| f32::from_le_bytes(number).into())),
        Dtype::F16 => Ok(|bytes| decoded(bytes, |number| f16::from_le_bytes(number).to_f64())),
        Dtype::BF16 => Ok(|bytes| decoded(bytes, |number| bf16::from_le_bytes(number).to_f64())),
        Dtype::I8 => Ok(|bytes| decoded(bytes, |number| i8::from_le_bytes(number).into())),
        Dtype::I16 => Ok(|bytes| decoded(bytes, |number| i16::from_le_bytes(number).into())),
        Dtype::I32 => Ok(|bytes| decoded(bytes, |number| i32::from_le_bytes(number).into())),
        Dtype::I64 => Ok(|bytes| decoded(bytes, |number| i64::from_le_bytes(number) as f64)),
        Dtype::U8 => Ok(|bytes| decoded(bytes, |number| u8::from_le_bytes(number).into())),
        Dtype::U16 => Ok(|bytes| decoded(bytes, |number| u16::from_le_bytes(number).into())),
        Dtype::U32 => Ok(|bytes| decoded(bytes, |number| u32::from_le_bytes(number).into())),
        Dtype::U64 => Ok(|bytes| decoded(bytes, |number| u64::from_le_bytes(number) as f64)),
        other => {
            let message = both!("is of type {other:?}, which is not read", "es de tipo {other:?}, que no se lee");
            Err(Refusal::new(message, AS_FLOATS))
        }
    }
}

fn decoded<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|&bytes| number(bytes)).collect()
}

impl Stored {
    /// Whether its numbers are integers of 64 bits.
    pub fn has_wide_integers(&self) -> bool {
        matches!(self.dtype, Dtype::I64 | Dtype::U64)
    }

    /// Its numbers, row-major, from the bytes of the file.
    pub fn numbers(&self, file: &[u8]) -> Vec<f64> {
        (self.decoder)(&file[self.range.clone()])
    }
}

/// Looks for a name that is there twice; read as a map, the later would win in silence.
struct Names<'n>(&'n mut Option<String>);

impl<'de> Visitor<'de> for Names<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the arrays by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
            if let Some(twice) = names.replace(name) {
                let error = A::Error::custom(called_twice(&twice).get(Language::En));
                *self.0 = Some(twice);
                return Err(error);
            }
        }
        Ok(())
    }
}
