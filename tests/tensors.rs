//! Arrays of trained models: read to the last bit, found by the names frameworks give, and refused where a file lies.
//!
//! The files in `tests/data` are written by `tests/data/make_tensors.py`.
#![allow(clippy::unwrap_used)]

#[path = "common/forge.rs"]
mod forge;

use std::fs;
use std::path::Path;

use celda::scenario::convention::Convention;
use celda::scenario::file::{Folder, Reach};
use celda::scenario::tensors::layers::{FoundLayer, Kind, Reset, Role, Side, Wanted, arrays, layers};
use celda::scenario::tensors::{MOST_BYTES, Refusal, SMALLER_NETWORK, Tensor, TensorFile};
use celda::scenario::text::Language;
use forge::{Member, archive, header, npy, safetensors};

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

fn opened(name: &str) -> TensorFile {
    TensorFile::from_bytes(name, data(name)).unwrap()
}

/// What is said of bytes that are no file of arrays.
fn refused(name: &str, bytes: Vec<u8>) -> String {
    said(TensorFile::from_bytes(name, bytes).unwrap_err())
}

fn said(refusal: Refusal) -> String {
    assert!(!refusal.help.get(Language::En).is_empty());
    assert!(
        !format!("{}{}", refusal.message.get(Language::En), refusal.help.get(Language::En)).contains(char::is_control),
        "{refusal:?}"
    );
    format!("{}\nhelp: {}", refusal.message.get(Language::En), refusal.help.get(Language::En))
}

/// Opens a file and reads all it has; whether nothing was refused.
fn reads(name: &str, bytes: Vec<u8>) -> bool {
    TensorFile::from_bytes(name, bytes).is_ok_and(|file| file.names().all(|name| file.read(name).is_ok()))
}

mod numbers {
    use super::*;

    #[test]
    fn every_type_is_read_to_the_last_bit() {
        let numbers = Tensor { shape: vec![2, 3], data: vec![-1.5, 0.0, 0.25, 1.0, 2.0, 96.0] };
        let (safetensors, npz) = (opened("types.safetensors"), opened("types.npz"));
        for name in ["f64", "f32", "f16", "bf16"] {
            assert_eq!(safetensors.read(name).unwrap(), numbers, "{name}");
        }
        for name in ["f64", "f32", "big_f64", "big_f32"] {
            assert_eq!(npz.read(name).unwrap(), numbers, "{name}");
        }
        for name in ["i8", "u16", "big_i32"] {
            assert_eq!(npz.read(name).unwrap().data, [1.0, 2.0, 100.0], "{name}");
        }
        for file in [safetensors, npz] {
            assert_eq!(file.read("third").unwrap().data, [1.0 / 3.0]);
        }
    }

    #[test]
    fn an_array_in_fortran_order_is_read_row_by_row() {
        let counted: Vec<f64> = (0..24u8).map(f64::from).collect();
        for name in ["types.npz", "deflated.npz"] {
            assert_eq!(opened(name).read("fortran").unwrap(), Tensor { shape: vec![2, 3, 4], data: counted.clone() }, "{name}");
        }
    }

    #[test]
    fn a_single_number_has_no_axes() {
        assert_eq!(opened("types.npz").read("single").unwrap(), Tensor { shape: vec![], data: vec![2.5] });
    }

    #[test]
    fn a_deflated_array_is_the_stored_one() {
        let (stored, deflated) = (opened("types.npz"), opened("deflated.npz"));
        for name in ["f64", "big_f32"] {
            assert_eq!(deflated.read(name).unwrap(), stored.read(name).unwrap());
        }
    }

    #[test]
    fn names_are_sorted_and_shapes_known_before_anything_is_read() {
        let file = opened("deflated.npz");
        assert_eq!(file.names().collect::<Vec<_>>(), ["big_f32", "f64", "fortran", "nan"]);
        assert_eq!(file.names_in_order().collect::<Vec<_>>(), ["f64", "big_f32", "fortran", "nan"]);
        assert_eq!(file.shape("fortran"), Some([2, 3, 4].as_slice()));
        assert_eq!(file.shape("nothing"), None);
    }

    #[test]
    fn what_cannot_be_a_weight_is_refused_by_its_name_and_its_neighbours_are_read() {
        let npz = [
            ("nan", "array `nan` is NaN at [1, 0]"),
            ("infinite", "array `infinite` is minus infinite at [1]"),
            ("empty", "array `empty` has the shape [0, 3]: it is empty"),
            ("i64", "array `i64` has an integer at [2] that a float of 64 bits does not hold exactly"),
            ("f16", "array `f16` is of type <f2, float16, but from an npz archive float32 and float64 are read"),
            ("big_f16", "array `big_f16` is of type >f2, float16, but from an npz archive float32 and float64 are read"),
            (
                "bf16",
                "array `bf16` is of type |V2, two bytes that may be a bfloat16, but from an npz archive float32 and float64 are read",
            ),
            ("bool", "array `bool` is of type |b1, truth values, not numbers"),
            ("complex", "array `complex` is of type <c16, complex numbers, which no layer has"),
            ("text", "array `text` is of type <U1, texts, not numbers"),
            ("structured", "array `structured` is of a structured type or of dates, which are not read"),
            ("object", "array `object` is of type |O, Python objects in a pickle, which can run programs"),
            ("f63", "it has no array `f63`"),
        ];
        let file = opened("types.npz");
        for (name, message) in npz {
            assert!(said(file.read(name).unwrap_err()).starts_with(&format!("{message}\n")), "{:?}", file.read(name));
        }
        let file = opened("types.safetensors");
        assert_eq!(
            said(file.read("bool").unwrap_err()),
            "array `bool` is of type BOOL, which is not read\nhelp: save it as float32 or float64"
        );
        assert_eq!(said(file.read("nan").unwrap_err()).lines().next(), Some("array `nan` is NaN at [1, 0]"));
        assert_eq!(said(file.read("f63").unwrap_err()), "it has no array `f63`\nhelp: did you mean `f64`?");
    }
}

mod files_that_lie {
    use super::*;

    const F64: &str = r#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#;

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        for name in ["pytorch.safetensors", "types.npz", "deflated.npz"] {
            let bytes = data(name);
            for length in 0..bytes.len() {
                assert!(TensorFile::from_bytes(name, bytes[..length].to_vec()).is_err(), "{name} of {length} bytes");
            }
        }
    }

    #[test]
    fn a_byte_changed_anywhere_in_an_archive_s_numbers_is_noticed() {
        let bytes = archive(&[Member::deflated("a.npy", &npy(&header("<f4", "(64,)"), &[1; 256]))]);
        assert!(reads("a.npz", bytes.clone()));
        // The last byte of the numbers is filled up with bits that say nothing.
        let packed = 35..bytes.len() - 22 - 51 - 1;
        for at in packed {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert!(!reads("a.npz", changed), "byte {at}");
        }
    }

    #[test]
    fn another_format_is_named() {
        let first = |name: &str, bytes: &[u8]| refused(name, bytes.to_vec()).lines().next().unwrap().to_owned();
        assert_eq!(first("a.npz", b"\x93NUMPY\x01\0"), "it is a single array without a name");
        assert_eq!(first("a.h5", b"\x89HDF\r\n\x1a\n"), "it is an HDF5 file, which celda does not read");
        assert_eq!(first("a.pt", b"\x80\x02}q\0."), "it is a pickle, which can run programs and is not read");
        let torch = archive(&[Member::stored("model/data.pkl", b"\x80\x02}q\0."), Member::stored("model/data/0", &[0; 8])]);
        assert_eq!(first("a.pt", &torch), "it is a PyTorch pickle, which can run programs and is not read");
        // As PyTorch writes it: in the ZIP64 form, two records of which stand between the directory and the end.
        let end = torch.len() - 22;
        let records = [b"PK\x06\x06".as_slice(), &44u64.to_le_bytes(), &[0; 44], b"PK\x06\x07", &[0; 16]].concat();
        let torch = [&torch[..end], &records, &torch[end..]].concat();
        assert_eq!(first("a.pt", &torch), "it is a PyTorch pickle, which can run programs and is not read");
        let keras = archive(&[Member::stored("config.json", b"{}"), Member::stored("model.weights.h5", b"\x89HDF")]);
        assert_eq!(first("a.keras", &keras), "it is a Keras model, whose weights celda does not read");
        assert_eq!(first("a.npz", b"hello"), "not an npz archive: it has no end; it is cut short, or something else");
        assert_eq!(first("a.safetensors", b"hello"), "not a safetensors file: it is shorter than 8 bytes");
        assert_eq!(first("a.bin", b"hello"), "it is neither a safetensors file nor an npz archive");
        assert_eq!(first("a", b""), "it is neither a safetensors file nor an npz archive");
    }

    #[test]
    fn a_header_that_declares_more_than_the_file_holds_is_refused() {
        let cases = [
            (safetensors(F64, &[0; 7]), "its header declares 8 bytes of arrays, but it holds 7"),
            (safetensors(F64, &[0; 9]), "its header declares 8 bytes of arrays, but it holds 9"),
            ([&[0xff; 8], F64.as_bytes()].concat(), "its header is longer than the file"),
            (safetensors(&F64.replace("[1]", "[4611686018427387904]"), &[0; 8]), "overflow"),
            (safetensors(&F64.replace("[1]", "[2]"), &[0; 8]), ""),
            (safetensors(&F64.replace("[0,8]", "[8,16]"), &[0; 16]), ""),
            (safetensors(&F64.replace("[0,8]", "[8,0]"), &[0; 8]), ""),
            (safetensors("[]", &[]), ""),
        ];
        for (bytes, why) in cases {
            let said = refused("a.safetensors", bytes);
            assert!(said.starts_with("not a safetensors file: ") && said.contains(why), "`{why}` is not in {said}");
        }
    }

    #[test]
    fn offsets_that_only_just_do_not_overflow_are_refused() {
        // With the length of the header added, the last of them would pass 2⁶⁴.
        let bytes = u64::MAX / 8;
        let mut start = 0u64;
        let mut arrays = Vec::new();
        for i in 0..9 {
            let length = bytes.min(u64::MAX - start);
            arrays.push(format!(r#""a{i}":{{"dtype":"U8","shape":[{length}],"data_offsets":[{start},{}]}}"#, start + length));
            start += length;
        }
        let said = refused("a.safetensors", safetensors(&format!("{{{}}}", arrays.join(",")), &[]));
        assert!(said.starts_with("not a safetensors file: its header declares "), "{said}");
    }

    #[test]
    fn arrays_that_lie_over_each_other_are_refused() {
        let one = r#""a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#;
        let header = format!("{{{one},{}}}", one.replace("\"a\"", "\"b\""));
        assert!(refused("a.safetensors", safetensors(&header, &[0; 8])).starts_with("not a safetensors file: "));
        let mut bytes = archive(&[Member::stored("a.npy", b"12345678"), Member::stored("b.npy", b"12345678")]);
        // Both entries of the directory now point to the first member.
        let second = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        bytes[second + 42..second + 46].fill(0);
        assert!(refused("a.npz", bytes).starts_with("not an npz archive: two of its members lie over each other"));
    }

    #[test]
    fn a_name_given_twice_is_refused() {
        let one = r#""a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#;
        let header = format!("{{{one},{}}}", one.replace("[0,8]", "[8,16]"));
        assert!(refused("a.safetensors", safetensors(&header, &[0; 16])).contains("two of its arrays are called `a`"));
        let array = npy(&super::header("<f4", "(1,)"), &[0; 4]);
        let twice = |other| archive(&[Member::stored("a.npy", &array), Member::stored(other, &array)]);
        assert!(refused("a.npz", twice("a")).starts_with("two of its arrays are called `a`"));
        assert!(refused("a.npz", twice("a.npy")).starts_with("not an npz archive: two of its members have the same name"));
    }

    #[test]
    fn an_array_header_that_promises_too_much_is_refused_unread() {
        // A parser that tries one reading after the other takes longer for any of these than anybody waits.
        let nested = |marks: &str| npy(&format!("{}{}", marks.repeat(120 / marks.len()), "1,".repeat(20)), &[]);
        let [braces, parentheses, brackets, mixed] = ["{", "(", "[", "{(["].map(nested);
        let long = [b"\x93NUMPY\x02\0".as_slice(), &[0xff; 4], b"{}"].concat();
        let cases = [
            (npy(&header("<f4", "(4611686018427387904,)"), &[0; 4]), "has another length than its shape needs"),
            (npy(&header("<f8", "(4294967296, 4294967296)"), &[0; 8]), "has another length than its shape needs"),
            (npy(&header("<f4", "(2,)"), &[0; 4]), "has another length than its shape needs"),
            (npy(&header("<f4", "(1,)"), &[0; 8]), "has another length than its shape needs"),
            (npy(&header("<f4", "(-1,)"), &[0; 4]), "has a header that is not that of an array"),
            (npy(&header("<f\\x34", "(1,)"), &[0; 4]), "has a header that is not that of an array"),
            (braces, "has a header that is not that of an array"),
            (parentheses, "has a header that is not that of an array"),
            (brackets, "is of a structured type or of dates, which are not read"),
            (mixed, "is of a structured type or of dates, which are not read"),
            (npy(&header("<M8[ns]", "(1,)"), &[0; 8]), "is of a structured type or of dates, which are not read"),
            (npy(&header("<f4", "(1+0,)"), &[0; 4]), "has a header that is not that of an array"),
            (npy(&header("<f4", "(1e999,)"), &[0; 4]), "has a header that is not that of an array"),
            (npy("", &[]), "has a header that is not that of an array"),
            (
                npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", &[]),
                "has a header that is not that of an array",
            ),
            (long, "has a header longer than that of any plain array"),
            (b"\x93NUMPY\x01\0\x40\0{".to_vec(), "is cut short in its header"),
            (b"\x93NUMPY\x09\0\x05\0\0\0{(1)\n".to_vec(), "is in version 9.0 of NumPy's format, which is not read"),
            (b"something else".to_vec(), "is not in NumPy's format"),
        ];
        for (bytes, what) in cases {
            for member in [Member::stored("a.npy", &bytes), Member::deflated("a.npy", &bytes)] {
                let file = TensorFile::from_bytes("a.npz", archive(&[member])).unwrap();
                let said = said(file.read("a").unwrap_err());
                assert!(said.starts_with("array `a` ") && said.contains(what), "`{what}` is not in {said}");
                assert_eq!(file.shape("a"), None);
            }
        }
    }

    #[test]
    fn a_member_is_never_unpacked_beyond_what_it_declares() {
        let array = npy(&header("<f4", "(2,)"), &[0; 4096]);
        let mut member = Member::deflated("a.npy", &array);
        member.unpacked = array.len() as u32 - 4096 + 8;
        let file = TensorFile::from_bytes("a.npz", archive(&[member])).unwrap();
        assert!(said(file.read("a").unwrap_err()).starts_with("array `a` cannot be unpacked: File is larger than its declared"));
        let mut member = Member::deflated("a.npy", &npy(&header("<f4", "(262144,)"), &[]));
        member.unpacked = 1 << 20;
        let file = TensorFile::from_bytes("a.npz", archive(&[member])).unwrap();
        assert!(said(file.read("a").unwrap_err()).starts_with("array `a` is declared larger than it can be"));
    }

    #[test]
    fn an_archive_is_refused_for_the_number_of_its_members_before_any_is_read() {
        let end = |count: u16, size: u32, start: u32| {
            let numbers = [[0, 0, count, count].map(u16::to_le_bytes).concat(), [size, start].map(u32::to_le_bytes).concat()];
            [b"PK\x05\x06".as_slice(), &numbers.concat(), &[0, 0]].concat()
        };
        let declared = |count, size| [b"PK\x03\x04".as_slice(), &[0; 96], &end(count, size, 4)].concat();
        for (count, size) in [(3, 96), (65_534, 96), (65_535, 96), (2, 97), (2, u32::MAX), (65_534, u32::MAX)] {
            let said = refused("a.npz", declared(count, size));
            assert!(said.starts_with("not an npz archive: its directory is damaged"), "{count} {size}: {said}");
        }
        let names: Vec<&'static str> = (0..=4096).map(|i| &*format!("{i}").leak()).collect();
        let many: Vec<Member> = names.into_iter().map(|name| Member::stored(name, b"")).collect();
        assert_eq!(TensorFile::from_bytes("a.npz", archive(&many[1..])).unwrap().names().count(), 4096);
        assert!(refused("a.npz", archive(&many)).starts_with("not an npz archive: it has more than 4096 members"));
    }

    #[test]
    fn an_archive_that_unpacks_to_more_than_a_gibibyte_is_refused_packed() {
        let members = [0, 1].map(|i| Member { unpacked: 1 << 29 | i, ..Member::stored(["a.npy", "b.npy"][i as usize], b"") });
        assert!(refused("a.npz", archive(&members)).starts_with("its arrays take more than 1024 MiB when they are unpacked"));
    }

    #[test]
    fn what_is_locked_or_packed_otherwise_is_refused() {
        let array = npy(&header("<f4", "(1,)"), &[0; 4]);
        let bytes = archive(&[Member { method: 14, ..Member::stored("a.npy", &array) }]);
        let file = TensorFile::from_bytes("a.npz", bytes).unwrap();
        let why = "array `a` cannot be unpacked: compression method not supported: 14\n";
        assert!(said(file.read("a").unwrap_err()).starts_with(why), "{:?}", file.read("a"));
        let mut bytes = archive(&[Member::stored("a.npy", &array)]);
        let entry = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        bytes[entry + 8] = 1;
        let file = TensorFile::from_bytes("a.npz", bytes).unwrap();
        assert!(said(file.read("a").unwrap_err()).starts_with("array `a` cannot be unpacked: unsupported Zip archive: Password"));
    }

    #[test]
    fn names_that_could_drive_a_terminal_are_shown_as_pictures() {
        let header = r#"{"\u001b[2J":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}"#;
        let file = TensorFile::from_bytes("a.safetensors", safetensors(header, &[0])).unwrap();
        assert!(said(file.read("\u{1b}[2J").unwrap_err()).starts_with("array `␛[2J` "));
    }

    #[test]
    fn only_a_regular_file_in_the_scenario_s_folder_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        fs::create_dir(&inside).unwrap();
        fs::write(folder.path().join("outside.npz"), data("onnx.npz")).unwrap();
        fs::write(inside.join("good.npz"), data("onnx.npz")).unwrap();
        fs::File::create(inside.join("large.npz")).unwrap().set_len((1 << 30) + 1).unwrap();
        let status = std::process::Command::new("mkfifo").arg(inside.join("fifo.npz")).status().unwrap();
        assert!(status.success());
        let open = |name: &str, reach| {
            let folder = Folder::Disk { path: inside.clone(), reach };
            let bytes = folder
                .read(name, MOST_BYTES, SMALLER_NETWORK)
                .map_err(|unreadable| unreadable.message.get(Language::En).to_owned())?;
            TensorFile::from_bytes(name, bytes).map_err(|refusal| refusal.message.get(Language::En).to_owned())
        };
        assert!(open("good.npz", Reach::Folder).is_ok());
        assert!(open("../outside.npz", Reach::Anywhere).is_ok());
        assert_eq!(
            open("../outside.npz", Reach::Folder).unwrap_err(),
            "file `../outside.npz`: it lies outside the scenario's folder"
        );
        assert_eq!(open("nothing.npz", Reach::Folder).unwrap_err(), "file `nothing.npz`: there is no such file");
        assert_eq!(open("fifo.npz", Reach::Folder).unwrap_err(), "file `fifo.npz`: this is a FIFO, not a regular file");
        assert_eq!(open(".", Reach::Folder).unwrap_err(), "file `.`: this is a folder, not a file");
        assert_eq!(open("large.npz", Reach::Folder).unwrap_err(), "file `large.npz`: it is larger than 1024 MiB");
    }
}

mod layers_by_their_names {
    use super::*;

    /// Convention, kind, prefix, number, directions, inputs, units, outputs.
    type Row<'a> = (Convention, Kind, &'a str, usize, usize, [usize; 3]);

    fn rows(layers: &[FoundLayer]) -> Vec<Row<'_>> {
        let row = |layer: &'_ FoundLayer| {
            (layer.convention, layer.kind, layer.number, layer.directions, [layer.inputs, layer.units, layer.outputs])
        };
        layers.iter().map(|layer| (layer, row(layer))).map(|(l, (c, k, n, d, s))| (c, k, l.prefix.as_str(), n, d, s)).collect()
    }

    #[test]
    fn pytorch_s_are_found_layer_by_layer_and_what_is_no_layer_is_not() {
        use Convention::Pytorch;
        let expected: [Row<'_>; 7] = [
            (Pytorch, Kind::Dense, "embedding", 0, 1, [9, 7, 7]),
            (Pytorch, Kind::Lstm, "encoder", 0, 2, [3, 2, 4]),
            (Pytorch, Kind::Lstm, "encoder", 1, 2, [4, 2, 4]),
            (Pytorch, Kind::Gru(Reset::After), "gru", 0, 1, [4, 2, 2]),
            (Pytorch, Kind::Dense, "head", 0, 1, [2, 1, 1]),
            (Pytorch, Kind::Rnn, "rnn", 0, 1, [2, 5, 5]),
            (Pytorch, Kind::Lstm, "short", 0, 1, [5, 3, 2]),
        ];
        assert_eq!(rows(&layers(&opened("pytorch.safetensors"), "")), expected);
        assert_eq!(rows(&layers(&opened("pytorch.safetensors"), "encoder.")), expected[1..3]);
        assert_eq!(rows(&layers(&opened("pytorch.safetensors"), "enc")), []);
    }

    #[test]
    fn keras_s_are_found_through_cells_and_wrappers() {
        use Convention::Keras;
        let expected: [Row<'_>; 5] = [
            (Keras, Kind::Conv { width: 2 }, "sequential/conv1d", 0, 1, [3, 4, 4]),
            (Keras, Kind::Gru(Reset::Before), "sequential/gru", 0, 1, [4, 2, 2]),
            (Keras, Kind::Gru(Reset::After), "sequential/gru_1", 0, 1, [2, 2, 2]),
            (Keras, Kind::Lstm, "sequential/bidirectional", 0, 2, [2, 3, 6]),
            (Keras, Kind::Dense, "sequential/dense", 0, 1, [6, 1, 1]),
        ];
        assert_eq!(rows(&layers(&opened("keras.npz"), "")), expected);
        assert_eq!(rows(&layers(&opened("keras.npz"), "sequential")), expected);
        assert_eq!(rows(&layers(&opened("keras.npz"), "sequential/gru")), expected[1..2]);
    }

    #[test]
    fn onnx_s_are_found_with_and_without_the_axis_of_directions() {
        let expected: [Row<'_>; 2] = [
            (Convention::Onnx, Kind::Lstm, "", 0, 2, [3, 2, 4]),
            (Convention::Onnx, Kind::Gru(Reset::Unknown), "gru", 0, 1, [4, 2, 2]),
        ];
        assert_eq!(rows(&layers(&opened("onnx.npz"), "")), expected);
    }

    /// A file of arrays of zeros of these names and shapes, in this order.
    fn file_of(arrays: &[(&'static str, &str)]) -> TensorFile {
        let zeros = |shape: &str| shape.split(',').filter_map(|n| n.trim().parse::<usize>().ok()).product::<usize>() * 4;
        let array = |shape: &str| npy(&header("<f4", &format!("({shape},)")), &vec![0; zeros(shape)]);
        let members: Vec<Member> = arrays.iter().map(|(name, shape)| Member::stored(name, &array(shape))).collect();
        TensorFile::from_bytes("a.npz", archive(&members)).unwrap()
    }

    #[test]
    fn older_keras_names_stacked_cells_and_pytorch_cells_are_found() {
        let file = file_of(&[
            ("lstm/lstm_cell_3/kernel:0", "2, 8"),
            ("lstm/lstm_cell_3/recurrent_kernel:0", "2, 8"),
            ("rnn/stacked/gru_cell/kernel", "2, 3"),
            ("rnn/stacked/gru_cell/recurrent_kernel", "1, 3"),
            ("rnn/stacked/gru_cell_1/kernel", "1, 6"),
            ("rnn/stacked/gru_cell_1/recurrent_kernel", "2, 6"),
            ("forward_lstm/lstm_cell/kernel", "2, 4"),
            ("forward_lstm/lstm_cell/recurrent_kernel", "1, 4"),
            ("cell.weight_ih", "3, 1"),
            ("cell.weight_hh", "3, 1"),
        ]);
        let expected: [Row<'_>; 5] = [
            (Convention::Keras, Kind::Lstm, "lstm", 0, 1, [2, 2, 2]),
            (Convention::Keras, Kind::Gru(Reset::Unknown), "rnn/stacked/gru_cell", 0, 1, [2, 1, 1]),
            (Convention::Keras, Kind::Gru(Reset::Unknown), "rnn/stacked/gru_cell_1", 0, 1, [1, 2, 2]),
            (Convention::Keras, Kind::Lstm, "forward_lstm", 0, 1, [2, 1, 1]),
            (Convention::Pytorch, Kind::Gru(Reset::After), "cell", 0, 1, [1, 1, 1]),
        ];
        assert_eq!(rows(&layers(&file, "")), expected);
    }

    #[test]
    fn ten_layers_are_in_the_order_of_their_numbers() {
        let file =
            file_of(&[("weight_hh_l10", "1, 1"), ("weight_ih_l10", "1, 1"), ("weight_hh_l2", "1, 1"), ("weight_ih_l2", "1, 1")]);
        assert_eq!(layers(&file, "").iter().map(|layer| layer.number).collect::<Vec<_>>(), [2, 10]);
    }

    #[test]
    fn shapes_that_no_layer_has_are_none() {
        let file = file_of(&[
            ("two_gates.weight_ih_l0", "4, 3"),
            ("two_gates.weight_hh_l0", "4, 2"),
            ("rows.weight_ih_l0", "4, 3"),
            ("rows.weight_hh_l0", "8, 2"),
            ("half.weight_ih_l0_reverse", "2, 3"),
            ("half.weight_hh_l0_reverse", "2, 2"),
            ("image.weight", "4, 3, 2, 2"),
            ("W", "3, 2, 1"),
            ("R", "3, 2, 2"),
        ]);
        assert_eq!(rows(&layers(&file, "")), []);
    }

    fn wanted(convention: Convention, role: Role, prefix: &str) -> Wanted<'_> {
        Wanted { convention, role, prefix, layer: 0, side: None }
    }

    fn fields(file: &str, wanted: &Wanted<'_>) -> Vec<(&'static str, Vec<usize>)> {
        arrays(&opened(file), wanted).unwrap().into_iter().map(|(field, tensor)| (field, tensor.shape)).collect()
    }

    #[test]
    fn the_arrays_of_a_layer_have_their_bare_names() {
        use Convention::{Keras, Onnx, Pytorch};
        use Role::{Recurrent, Stateless};
        let encoder = Wanted { layer: 1, side: Some(Side::Backward), ..wanted(Pytorch, Recurrent, "encoder") };
        let shapes = [("bias_hh", vec![8]), ("bias_ih", vec![8]), ("weight_hh", vec![8, 2]), ("weight_ih", vec![8, 4])];
        assert_eq!(fields("pytorch.safetensors", &encoder), shapes);
        let short = wanted(Pytorch, Recurrent, "short.");
        assert_eq!(fields("pytorch.safetensors", &short)[1], ("weight_hr", vec![2, 3]));
        let head = wanted(Pytorch, Stateless, "head");
        assert_eq!(fields("pytorch.safetensors", &head), [("bias", vec![1]), ("weight", vec![1, 2])]);
        let conv = wanted(Keras, Stateless, "sequential.conv1d");
        assert_eq!(fields("keras.npz", &conv), [("bias", vec![4]), ("kernel", vec![2, 3, 4])]);
        let shapes = [("bias", vec![12]), ("kernel", vec![2, 12]), ("recurrent_kernel", vec![3, 12])];
        for prefix in ["sequential/bidirectional", "sequential/bidirectional/backward_lstm_1"] {
            let side = if prefix.ends_with("_1") { None } else { Some(Side::Backward) };
            assert_eq!(fields("keras.npz", &Wanted { side, ..wanted(Keras, Recurrent, prefix) }), shapes);
        }
        let shapes = [("B", vec![12]), ("R", vec![6, 2]), ("W", vec![6, 4])];
        assert_eq!(fields("onnx.npz", &wanted(Onnx, Recurrent, "gru")), shapes);
    }

    #[test]
    fn a_direction_of_onnx_is_its_half_of_the_numbers() {
        let file = opened("onnx.npz");
        let [forward, backward] = [Side::Forward, Side::Backward]
            .map(|side| Wanted { side: Some(side), ..wanted(Convention::Onnx, Role::Recurrent, "") });
        let eighths = |range: std::ops::Range<u8>| range.map(|n| f64::from(n) / 8.0).collect::<Vec<f64>>();
        for (wanted, p, w) in [(forward, 0..6, 0..24), (backward, 6..12, 24..48)] {
            let arrays = arrays(&file, &wanted).unwrap();
            assert_eq!(arrays["P"], Tensor { shape: vec![6], data: eighths(p) });
            assert_eq!(arrays["W"], Tensor { shape: vec![8, 3], data: eighths(w) });
        }
    }

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        use Convention::{Keras, Onnx, Pytorch};
        use Role::{Recurrent, Stateless};
        let lstm = wanted(Pytorch, Recurrent, "encoder");
        let cases = [
            (
                "pytorch.safetensors",
                wanted(Pytorch, Recurrent, "encodr"),
                "it has no arrays by the names of pytorch for a recurrent layer under the prefix `encodr`\n\
                 help: the prefixes there are: encoder, rnn, short, gru",
            ),
            (
                "pytorch.safetensors",
                wanted(Pytorch, Recurrent, ""),
                "it has no arrays by the names of pytorch for a recurrent layer without a prefix\n\
                 help: the prefixes there are: gru, rnn, short, encoder",
            ),
            (
                "pytorch.safetensors",
                Wanted { layer: 2, ..lstm },
                "there is no layer 2 under the prefix `encoder`\nhelp: the layers there are 0, 1",
            ),
            (
                "pytorch.safetensors",
                Wanted { side: Some(Side::Backward), ..wanted(Pytorch, Recurrent, "gru") },
                "the layer under the prefix `gru` has one direction, but the layer of the scenario is bidirectional\n\
                 help: write `direction = \"forward\"` or `\"reverse\"`, or name another layer",
            ),
            (
                "onnx.npz",
                wanted(Onnx, Recurrent, ""),
                "the layer without a prefix is bidirectional, but the layer of the scenario is not\n\
                 help: write `direction = \"bidirectional\"`: both directions come from the file",
            ),
            (
                "pytorch.safetensors",
                wanted(Pytorch, Recurrent, "head"),
                "the arrays under the prefix `head` are those of a dense or conv layer: weight, bias\n\
                 help: change the layer's kind, or name another prefix; the prefixes there are: gru, rnn, short, encoder",
            ),
            (
                "pytorch.safetensors",
                wanted(Keras, Recurrent, "encoder"),
                "the arrays under the prefix `encoder` have the names of pytorch: weight_ih, weight_hh, bias_ih, bias_hh\n\
                 help: write `convention = \"pytorch\"`",
            ),
            (
                "pytorch.safetensors",
                wanted(Onnx, Stateless, "head"),
                "onnx has no names for the arrays of a dense or conv layer\n\
                 help: save them by the names of pytorch or keras, or write the numbers in the scenario",
            ),
            (
                "keras.npz",
                wanted(Pytorch, Recurrent, "sequential/gru"),
                "the arrays under the prefix `sequential/gru` have the names of keras: kernel, recurrent_kernel, bias\n\
                 help: write `convention = \"keras\"`",
            ),
            (
                "keras.npz",
                wanted(Pytorch, Stateless, "dense"),
                "it has no arrays by the names of pytorch for a dense or conv layer under the prefix `dense`\n\
                 help: there are layers by the names of keras: write `convention = \"keras\"` and one of the prefixes \
                 sequential/dense, sequential/conv1d",
            ),
            (
                "keras.npz",
                wanted(Keras, Recurrent, "gru"),
                "it has no arrays by the names of keras for a recurrent layer under the prefix `gru`\n\
                 help: the prefixes there are: sequential/gru, sequential/gru_1, sequential/bidirectional",
            ),
            (
                "keras.npz",
                Wanted { layer: 1, ..wanted(Keras, Recurrent, "sequential/gru") },
                "there is no layer 1 under the prefix `sequential/gru`\n\
                 help: keras does not number layers; leave `layer` out",
            ),
            (
                "onnx.npz",
                Wanted { side: Some(Side::Backward), ..wanted(Onnx, Recurrent, "gru") },
                "array `gru_W` holds 1 direction, but the layer is bidirectional\nhelp: write the `direction` that the model has",
            ),
            (
                "types.npz",
                wanted(Pytorch, Recurrent, ""),
                "it has no arrays by the names of pytorch for a recurrent layer without a prefix\n\
                 help: save its arrays by the names of pytorch: weight_ih, weight_hh, bias_ih, bias_hh, weight_hr",
            ),
        ];
        for (file, wanted, expected) in cases {
            assert_eq!(said(arrays(&opened(file), &wanted).unwrap_err()), expected);
        }
    }

    #[test]
    fn a_layer_that_lacks_an_array_or_has_it_twice_is_refused() {
        let file = file_of(&[("a.weight_ih_l0", "4, 1"), ("b.weight", "1, 1"), ("b/weight", "1, 1")]);
        let lacking = wanted(Convention::Pytorch, Role::Recurrent, "a");
        assert_eq!(
            said(arrays(&file, &lacking).unwrap_err()),
            "of the layer under the prefix `a` there is weight_ih, but not weight_hh\n\
             help: a recurrent layer needs weight_ih, weight_hh"
        );
        let twice = wanted(Convention::Pytorch, Role::Stateless, "b");
        let said = said(arrays(&file, &twice).unwrap_err());
        assert!(said.starts_with("`b.weight` and `b/weight` are both the same of a layer under the prefix `b`\n"), "{said}");
    }
}
