//! The safetensors format: the length of a header, the header in JSON, and the bytes of the arrays one after the other.

use std::collections::HashSet;
use std::fmt;

use safetensors::tensor::{Dtype, Metadata};
use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{AS_FLOATS, ByteOrder, Element, Entry, Layout, Numbers, Packing, Refusal, repeated};
use crate::scenario::fault::shown;

/// Bytes that hold the length of the header.
const LENGTH_BYTES: usize = 8;

/// The longest header read: that of a hundred thousand arrays.
const LONGEST_HEADER: usize = 16 << 20;

/// The arrays of a file, in the order of their bytes.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let refused =
        |why: String| Refusal::new(format!("not a safetensors file: {why}"), "save it anew with safetensors' save_file");
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else {
        return Err(refused("it is shorter than 8 bytes".into()));
    };
    let header = usize::try_from(u64::from_le_bytes(*length)).ok().and_then(|length| rest.split_at_checked(length));
    let Some((header, data)) = header else {
        return Err(refused("its header is longer than the file".into()));
    };
    if header.len() > LONGEST_HEADER {
        return Err(refused(format!("its header is longer than {} MiB", LONGEST_HEADER >> 20)));
    }
    serde_json::Deserializer::from_slice(header).deserialize_map(Names).map_err(|error| refused(repeated(error)))?;
    let metadata: Metadata = serde_json::from_slice(header).map_err(|error| refused(repeated(error)))?;
    if metadata.data_len() != data.len() {
        let (declared, held) = (metadata.data_len(), data.len());
        return Err(refused(format!("its header declares {declared} bytes of arrays, but it holds {held}")));
    }
    let start = LENGTH_BYTES + header.len();
    let mut entries: Vec<_> = metadata.tensors().into_iter().map(|(name, info)| (info.data_offsets, name, info)).collect();
    entries.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let entry = |((from, to), name, info): ((usize, usize), String, &safetensors::tensor::TensorInfo)| {
        let numbers = element(info.dtype).map(|element| Numbers {
            element,
            order: ByteOrder::Little,
            layout: Layout::RowMajor,
            range: start + from..start + to,
            packing: Packing::Plain,
        });
        Entry { name, shape: info.shape.clone(), numbers }
    };
    Ok(entries.into_iter().map(entry).collect())
}

fn element(dtype: Dtype) -> Result<Element, Refusal> {
    match dtype {
        Dtype::F64 => Ok(Element::F64),
        Dtype::F32 => Ok(Element::F32),
        Dtype::F16 => Ok(Element::F16),
        Dtype::BF16 => Ok(Element::Bf16),
        Dtype::I8 => Ok(Element::I8),
        Dtype::I16 => Ok(Element::I16),
        Dtype::I32 => Ok(Element::I32),
        Dtype::I64 => Ok(Element::I64),
        Dtype::U8 => Ok(Element::U8),
        Dtype::U16 => Ok(Element::U16),
        Dtype::U32 => Ok(Element::U32),
        Dtype::U64 => Ok(Element::U64),
        other => Err(Refusal::new(format!("is of type {other:?}, which is not read"), AS_FLOATS)),
    }
}

/// Looks for a name that is there twice; read as a map, the later would win in silence.
struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the arrays by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
            if let Some(twice) = names.replace(name) {
                return Err(A::Error::custom(format_args!("two of its arrays are called `{}`", shown(&twice))));
            }
        }
        Ok(())
    }
}
