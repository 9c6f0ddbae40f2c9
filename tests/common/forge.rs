//! Files of arrays byte by byte, good ones and such as no library writes.
#![allow(dead_code, reason = "not every test that shares this module needs all of it")]

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A member of an archive, as its directory declares it.
pub struct Member {
    pub name: &'static str,
    pub method: u16,
    pub packed: Vec<u8>,
    pub unpacked: u32,
    pub crc: u32,
}

impl Member {
    pub fn stored(name: &'static str, bytes: &[u8]) -> Self {
        Self { name, method: 0, packed: bytes.to_vec(), unpacked: bytes.len() as u32, crc: crc(bytes) }
    }

    pub fn deflated(name: &'static str, bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        Self { method: 8, packed: encoder.finish().unwrap(), ..Self::stored(name, bytes) }
    }
}

pub fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A ZIP archive.
pub fn archive(members: &[Member]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let start = bytes.len() as u32;
        let sizes = [member.crc, member.packed.len() as u32, member.unpacked];
        let mut common = [20u16, 0, member.method, 0, 0].map(u16::to_le_bytes).concat();
        common.extend(sizes.map(u32::to_le_bytes).concat());
        common.extend([member.name.len() as u16, 0].map(u16::to_le_bytes).concat());
        bytes.extend([b"PK\x03\x04".as_slice(), &common, member.name.as_bytes(), &member.packed].concat());
        directory
            .extend([b"PK\x01\x02\x14\0".as_slice(), &common, &[0; 10], &start.to_le_bytes(), member.name.as_bytes()].concat());
    }
    let count = members.len() as u16;
    let (start, size) = (bytes.len() as u32, directory.len() as u32);
    let end = [[0, 0, count, count].map(u16::to_le_bytes).concat(), [size, start].map(u32::to_le_bytes).concat(), vec![0, 0]];
    [bytes, directory, b"PK\x05\x06".to_vec(), end.concat()].concat()
}

/// An array in NumPy's format, with a header that says anything.
pub fn npy(header: &str, numbers: &[u8]) -> Vec<u8> {
    let length = (header.len() as u16 + 1).to_le_bytes();
    [b"\x93NUMPY\x01\0".as_slice(), &length, header.as_bytes(), b"\n", numbers].concat()
}

pub fn header(descr: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
}

/// A safetensors file of a header and some bytes.
pub fn safetensors(header: &str, numbers: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), numbers].concat()
}
