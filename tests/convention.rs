//! The stacked arrays of PyTorch, Keras and ONNX: each number lands in the gate, row and column it is for, and arrays that do
//! not fit are refused in these words.
//!
//! `CELDA_BLESS=1 cargo test --test convention` writes `tests/data/convention-faults.txt` anew; read the difference before it
//! is committed.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;

use celda::scenario::convention::{Arrays, Convention, Home, LayerKind, LayerParameters, Stacked, fields};
use celda::scenario::parameters::GateParameters;
use celda::scenario::tensors::Tensor;
use celda::scenario::text::Language;
use ndarray::{Array2, Array3};
use proptest::prelude::*;

use Convention::{Keras, Onnx, Pytorch};
use LayerKind::{Conv, Dense, Gru, Lstm, Rnn};

const UNITS: usize = 3;
const INPUTS: usize = 2;

/// What a number is for; each has a digit of its own.
#[derive(Clone, Copy)]
enum Part {
    Input,
    Recurrent,
    Bias,
    RecurrentBias,
    Peephole,
}

/// The number that stands for a place: part, gate, unit (row) and column.
fn number(part: Part, gate: char, unit: usize, column: usize) -> f64 {
    f64::from(part as u32 * 1000 + gate as u32 * 10_000) + unit as f64 * 10.0 + column as f64
}

fn tensor(shape: &[usize], data: impl IntoIterator<Item = f64>) -> Tensor {
    let tensor = Tensor { shape: shape.to_vec(), data: data.into_iter().collect() };
    assert_eq!(tensor.data.len(), shape.iter().product::<usize>());
    tensor
}

/// A matrix with the units of all gates as rows, in the order given.
fn by_rows(part: Part, order: &str, columns: usize) -> Tensor {
    let numbers = order
        .chars()
        .flat_map(|gate| (0..UNITS).flat_map(move |unit| (0..columns).map(move |column| number(part, gate, unit, column))));
    tensor(&[order.len() * UNITS, columns], numbers)
}

/// A vector with the units of all gates, in the order given.
fn in_a_row(part: Part, order: &str) -> Tensor {
    let Tensor { data, .. } = by_rows(part, order, 1);
    tensor(&[data.len()], data)
}

fn transposed(matrix: &Tensor) -> Tensor {
    let &[rows, columns] = matrix.shape.as_slice() else { panic!("no matrix") };
    let numbers = (0..columns).flat_map(|column| (0..rows).map(move |row| matrix.data[row * columns + column]));
    tensor(&[columns, rows], numbers)
}

fn joined(first: &Tensor, second: &Tensor) -> Tensor {
    let data = first.data.iter().chain(&second.data).copied();
    tensor(&[first.data.len() + second.data.len()], data)
}

fn shaped(shape: &[usize], array: Tensor) -> Tensor {
    tensor(shape, array.data)
}

fn arrays<const N: usize>(named: [(&str, Tensor); N]) -> Arrays {
    named.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect()
}

/// The arrays of a layer with both biases where the convention has two; the gates are in the order the framework has them.
fn complete(convention: Convention, kind: LayerKind) -> Arrays {
    let order = match (kind, convention) {
        (Rnn, _) => "h",
        (Lstm, Pytorch | Keras) => "ifgo",
        (Lstm, Onnx) => "iofg",
        (Gru, Pytorch) => "rzn",
        (Gru, Keras | Onnx) => "zrn",
        (Dense | Conv, _) => panic!("no gates"),
    };
    let w = by_rows(Part::Input, order, INPUTS);
    let u = by_rows(Part::Recurrent, order, UNITS);
    let b = in_a_row(Part::Bias, order);
    let br = in_a_row(Part::RecurrentBias, order);
    match convention {
        Pytorch => arrays([("weight_ih", w), ("weight_hh", u), ("bias_ih", b), ("bias_hh", br)]),
        Keras => {
            let bias = if kind == Gru { shaped(&[2, order.len() * UNITS], joined(&b, &br)) } else { b };
            arrays([("kernel", transposed(&w)), ("recurrent_kernel", transposed(&u)), ("bias", bias)])
        }
        Onnx => {
            let mut arrays = arrays([("W", w), ("R", u), ("B", joined(&b, &br))]);
            if kind == Lstm {
                arrays.insert("P".into(), in_a_row(Part::Peephole, "iof"));
            }
            arrays
        }
    }
}

fn stacked(convention: Convention, kind: LayerKind, arrays: &Arrays) -> Stacked<'_> {
    let inputs = Some(INPUTS);
    Stacked {
        convention,
        kind,
        arrays,
        reported: &[],
        home: Home::Scenario,
        inputs,
        reset_after: None,
        linear_before_reset: None,
    }
}

#[track_caller]
fn read(stacked: Stacked<'_>) -> LayerParameters {
    stacked.parameters().unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The gates of a recurrent layer, in the order of the equations.
fn gates(parameters: LayerParameters) -> Vec<GateParameters> {
    match parameters {
        LayerParameters::Rnn(gate) => vec![gate],
        LayerParameters::Lstm { gates, .. } => gates.to_vec(),
        LayerParameters::Gru { gates, .. } => gates.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn per_unit(part: Part, gate: char) -> Option<Vec<f64>> {
    Some((0..UNITS).map(|unit| number(part, gate, unit, 0)).collect())
}

fn gate(gate: char) -> GateParameters {
    GateParameters {
        input_weights: Array2::from_shape_fn((UNITS, INPUTS), |(unit, column)| number(Part::Input, gate, unit, column)),
        recurrent_weights: Array2::from_shape_fn((UNITS, UNITS), |(unit, column)| number(Part::Recurrent, gate, unit, column)),
        bias: per_unit(Part::Bias, gate),
        recurrent_bias: per_unit(Part::RecurrentBias, gate),
        peephole: None,
    }
}

/// The gates of a kind, in the order of its equations.
fn equations(kind: LayerKind) -> Vec<GateParameters> {
    let order = match kind {
        Rnn => "h",
        Lstm => "ifgo",
        _ => "rzn",
    };
    order.chars().map(gate).collect()
}

#[test]
fn pytorch_gates_land_where_the_equations_have_them() {
    for kind in [Rnn, Lstm, Gru] {
        let arrays = complete(Pytorch, kind);
        assert_eq!(gates(read(stacked(Pytorch, kind, &arrays))), equations(kind), "{kind:?}");
    }
}

#[test]
fn keras_gates_land_where_the_equations_have_them() {
    for kind in [Rnn, Lstm, Gru] {
        let arrays = complete(Keras, kind);
        let mut expected = equations(kind);
        if kind != Gru {
            expected.iter_mut().for_each(|gate| gate.recurrent_bias = None);
        }
        assert_eq!(gates(read(stacked(Keras, kind, &arrays))), expected, "{kind:?}");
    }
}

#[test]
fn onnx_gates_land_where_the_equations_have_them() {
    for kind in [Rnn, Lstm, Gru] {
        let arrays = complete(Onnx, kind);
        let mut expected = equations(kind);
        if kind == Lstm {
            for (n, name) in [(0, 'i'), (1, 'f'), (3, 'o')] {
                expected[n].peephole = per_unit(Part::Peephole, name);
            }
        }
        assert_eq!(gates(read(stacked(Onnx, kind, &arrays))), expected, "{kind:?}");
    }
}

#[test]
fn arrays_of_onnx_may_keep_an_axis_of_one_direction() {
    for kind in [Rnn, Lstm, Gru] {
        let plain = complete(Onnx, kind);
        let with_axis: Arrays = plain
            .iter()
            .map(|(name, array)| (name.clone(), shaped(&[&[1], array.shape.as_slice()].concat(), array.clone())))
            .collect();
        assert_eq!(read(stacked(Onnx, kind, &with_axis)), read(stacked(Onnx, kind, &plain)), "{kind:?}");
    }
}

#[test]
fn biases_left_out_are_none() {
    for convention in Convention::ALL {
        for kind in [Rnn, Lstm, Gru] {
            let mut arrays = complete(convention, kind);
            arrays.retain(|name, _| !name.to_lowercase().starts_with('b'));
            for gate in gates(read(stacked(convention, kind, &arrays))) {
                assert_eq!((gate.bias, gate.recurrent_bias), (None, None), "{convention:?} {kind:?}");
            }
        }
    }
}

#[test]
fn either_bias_of_pytorch_may_be_missing_alone() {
    for missing in ["bias_ih", "bias_hh"] {
        let mut arrays = complete(Pytorch, Lstm);
        arrays.remove(missing);
        for gate in gates(read(stacked(Pytorch, Lstm, &arrays))) {
            assert_eq!(gate.bias.is_none(), missing == "bias_ih");
            assert_eq!(gate.recurrent_bias.is_none(), missing == "bias_hh");
        }
    }
}

#[test]
fn a_projection_of_pytorch_narrows_the_recurrent_weights() {
    let mut arrays = complete(Pytorch, Lstm);
    arrays.insert("weight_hh".into(), by_rows(Part::Recurrent, "ifgo", 2));
    arrays.insert("weight_hr".into(), tensor(&[2, UNITS], (0..6).map(f64::from)));
    let LayerParameters::Lstm { gates, projection } = read(stacked(Pytorch, Lstm, &arrays)) else { panic!("no lstm") };
    assert_eq!(projection.unwrap(), ndarray::array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]);
    for (gate, name) in gates.iter().zip("ifgo".chars()) {
        let narrow = Array2::from_shape_fn((UNITS, 2), |(unit, column)| number(Part::Recurrent, name, unit, column));
        assert_eq!(gate.recurrent_weights, narrow);
    }
}

#[test]
fn one_lstm_written_three_ways_is_one_lstm() {
    let pytorch = complete(Pytorch, Lstm);
    let as_pytorch = read(stacked(Pytorch, Lstm, &pytorch));
    // ONNX: the blocks in the order 0, 3, 1, 2, the biases joined.
    let blocks = |name: &str| {
        let Tensor { shape, data } = &pytorch[name];
        let block = data.len() / 4;
        tensor(shape, [0, 3, 1, 2].into_iter().flat_map(|n| data[n * block..(n + 1) * block].to_vec()))
    };
    let b = joined(&blocks("bias_ih"), &blocks("bias_hh"));
    let onnx = arrays([("W", blocks("weight_ih")), ("R", blocks("weight_hh")), ("B", b)]);
    assert_eq!(read(stacked(Onnx, Lstm, &onnx)), as_pytorch);
    // Keras: transposed, the biases added up.
    let (w, u) = (transposed(&pytorch["weight_ih"]), transposed(&pytorch["weight_hh"]));
    let sums: Vec<f64> = pytorch["bias_ih"].data.iter().zip(&pytorch["bias_hh"].data).map(|(b, br)| b + br).collect();
    let keras = arrays([("kernel", w), ("recurrent_kernel", u), ("bias", tensor(&[4 * UNITS], sums))]);
    let as_keras = gates(read(stacked(Keras, Lstm, &keras)));
    for (keras, pytorch) in as_keras.into_iter().zip(gates(as_pytorch)) {
        let sums = pytorch.bias.iter().flatten().zip(pytorch.recurrent_bias.iter().flatten()).map(|(b, br)| b + br).collect();
        assert_eq!(keras, GateParameters { bias: Some(sums), recurrent_bias: None, ..pytorch });
    }
}

#[test]
fn one_gru_written_three_ways_is_one_gru() {
    let pytorch = complete(Pytorch, Gru);
    let as_pytorch = read(stacked(Pytorch, Gru, &pytorch));
    // Keras and ONNX: the first two blocks exchanged, both biases kept.
    let blocks = |name: &str| {
        let Tensor { shape, data } = &pytorch[name];
        let block = data.len() / 3;
        tensor(shape, [1, 0, 2].into_iter().flat_map(|n| data[n * block..(n + 1) * block].to_vec()))
    };
    let (w, u, b) = (blocks("weight_ih"), blocks("weight_hh"), joined(&blocks("bias_ih"), &blocks("bias_hh")));
    let two_rows = shaped(&[2, 3 * UNITS], b.clone());
    let keras = arrays([("kernel", transposed(&w)), ("recurrent_kernel", transposed(&u)), ("bias", two_rows)]);
    assert_eq!(read(stacked(Keras, Gru, &keras)), as_pytorch);
    let onnx = arrays([("W", w), ("R", u), ("B", b)]);
    let linear = Stacked { linear_before_reset: Some(true), ..stacked(Onnx, Gru, &onnx) };
    assert_eq!(read(linear), as_pytorch);
}

#[test]
fn reset_after_is_what_the_framework_makes_of_it() {
    let pytorch = complete(Pytorch, Gru);
    let onnx = complete(Onnx, Gru);
    let two_rows = complete(Keras, Gru);
    let mut one_row = two_rows.clone();
    one_row.insert("bias".into(), in_a_row(Part::Bias, "zrn"));
    let mut none = two_rows.clone();
    none.remove("bias");
    let reset_after = |convention, arrays, reset_after, linear_before_reset| {
        let stacked = Stacked { reset_after, linear_before_reset, ..stacked(convention, Gru, arrays) };
        matches!(read(stacked), LayerParameters::Gru { reset_after: true, .. })
    };
    assert!(reset_after(Pytorch, &pytorch, None, None));
    assert!(reset_after(Pytorch, &pytorch, Some(true), None));
    assert!(!reset_after(Onnx, &onnx, None, None));
    assert!(reset_after(Onnx, &onnx, Some(true), None));
    assert!(!reset_after(Onnx, &onnx, None, Some(false)));
    assert!(reset_after(Onnx, &onnx, None, Some(true)));
    assert!(reset_after(Onnx, &onnx, Some(true), Some(true)));
    assert!(reset_after(Keras, &two_rows, None, None));
    assert!(reset_after(Keras, &two_rows, Some(true), None));
    assert!(!reset_after(Keras, &one_row, None, None));
    assert!(!reset_after(Keras, &one_row, Some(false), None));
    assert!(reset_after(Keras, &none, None, None));
    assert!(!reset_after(Keras, &none, Some(false), None));
}

#[test]
fn dense_weights_are_units_by_inputs() {
    let weights = Array2::from_shape_fn((UNITS, INPUTS), |(unit, input)| number(Part::Input, 'y', unit, input));
    let b = in_a_row(Part::Bias, "y");
    let expected = LayerParameters::Dense { weights, bias: per_unit(Part::Bias, 'y') };
    let w = by_rows(Part::Input, "y", INPUTS);
    let pytorch = arrays([("weight", w.clone()), ("bias", b.clone())]);
    assert_eq!(read(stacked(Pytorch, Dense, &pytorch)), expected);
    let keras = arrays([("kernel", transposed(&w)), ("bias", b)]);
    assert_eq!(read(stacked(Keras, Dense, &keras)), expected);
}

#[test]
fn conv_kernels_are_units_by_width_by_inputs() {
    const WIDTH: usize = 4;
    let at = |unit: usize, row: usize, input: usize| (100 * unit + 10 * row + input) as f64;
    let kernel = Array3::from_shape_fn((UNITS, WIDTH, INPUTS), |(unit, row, input)| at(unit, row, input));
    let expected = LayerParameters::Conv { kernel, bias: None };
    let by_units = (0..UNITS).flat_map(|unit| (0..INPUTS).flat_map(move |input| (0..WIDTH).map(move |row| at(unit, row, input))));
    let by_units = tensor(&[UNITS, INPUTS, WIDTH], by_units);
    assert_eq!(read(stacked(Pytorch, Conv, &arrays([("weight", by_units.clone())]))), expected);
    assert_eq!(read(stacked(Onnx, Conv, &arrays([("W", by_units)]))), expected);
    let by_rows = (0..WIDTH).flat_map(|row| (0..INPUTS).flat_map(move |input| (0..UNITS).map(move |unit| at(unit, row, input))));
    assert_eq!(read(stacked(Keras, Conv, &arrays([("kernel", tensor(&[WIDTH, INPUTS, UNITS], by_rows))]))), expected);
}

/// A case of the fault texts: convention, kind, inputs, arrays by name and shape, and what is said of the reset.
struct Case {
    convention: Convention,
    kind: LayerKind,
    inputs: Option<usize>,
    arrays: &'static [(&'static str, &'static [usize])],
    reset_after: Option<bool>,
    linear_before_reset: Option<bool>,
}

const fn case(convention: Convention, kind: LayerKind, arrays: &'static [(&'static str, &'static [usize])]) -> Case {
    Case { convention, kind, inputs: Some(3), arrays, reset_after: None, linear_before_reset: None }
}

/// All with 3 inputs where nothing else is said, and meant to have 4 units.
const CASES: &[Case] = &[
    // Shapes that do not fit each other.
    case(Pytorch, Lstm, &[("weight_ih", &[15, 3]), ("weight_hh", &[16, 4])]),
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 5]), ("bias_ih", &[16])]),
    case(Pytorch, Lstm, &[("weight_ih", &[20, 3]), ("weight_hh", &[16, 4]), ("bias_ih", &[20]), ("bias_hh", &[20])]),
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 4]), ("bias_ih", &[15]), ("bias_hh", &[4, 4])]),
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 4]), ("bias_ih", &[32])]),
    case(Pytorch, Lstm, &[("weight_ih", &[15, 3])]),
    case(Pytorch, Lstm, &[("weight_ih", &[48]), ("weight_hh", &[16, 4])]),
    case(Pytorch, Lstm, &[("weight_ih", &[3, 16]), ("weight_hh", &[16, 4])]),
    case(Pytorch, Gru, &[("weight_ih", &[12, 3]), ("weight_hh", &[12, 4]), ("bias_ih", &[12]), ("bias_hh", &[13])]),
    case(Pytorch, Gru, &[("weight_ih", &[4, 3]), ("weight_hh", &[3, 1])]),
    case(Pytorch, Rnn, &[("weight_ih", &[5, 3]), ("weight_hh", &[4, 4]), ("bias_ih", &[4]), ("bias_hh", &[3])]),
    case(Pytorch, Rnn, &[("weight_ih", &[4, 3]), ("weight_hh", &[4, 5])]),
    case(Keras, Lstm, &[("kernel", &[3, 15]), ("recurrent_kernel", &[4, 16]), ("bias", &[17])]),
    case(Keras, Lstm, &[("kernel", &[3, 16]), ("recurrent_kernel", &[4, 16]), ("bias", &[2, 16])]),
    case(Keras, Gru, &[("kernel", &[3, 12]), ("recurrent_kernel", &[4, 12]), ("bias", &[24])]),
    case(Keras, Gru, &[("kernel", &[3, 12]), ("recurrent_kernel", &[4, 12]), ("bias", &[2, 11])]),
    case(Keras, Rnn, &[("kernel", &[3, 5]), ("recurrent_kernel", &[4, 4]), ("bias", &[4])]),
    case(Onnx, Lstm, &[("W", &[1, 16, 3]), ("R", &[1, 16, 4]), ("B", &[1, 31]), ("P", &[1, 8])]),
    case(Onnx, Gru, &[("W", &[12, 3]), ("R", &[12, 4]), ("B", &[12])]),
    case(Onnx, Gru, &[("W", &[12, 3]), ("R", &[12, 4]), ("B", &[2, 12])]),
    case(Onnx, Rnn, &[("W", &[4, 3]), ("R", &[4, 4]), ("B", &[7])]),
    case(Onnx, Lstm, &[("W", &[2, 16, 3]), ("R", &[2, 16, 4]), ("B", &[2, 32])]),
    // The number of inputs.
    case(Pytorch, Lstm, &[("weight_ih", &[16, 5]), ("weight_hh", &[16, 4])]),
    case(Keras, Gru, &[("kernel", &[1, 12]), ("recurrent_kernel", &[4, 12])]),
    // Projections.
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 2])]),
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 2]), ("weight_hr", &[4, 2])]),
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 2]), ("weight_hr", &[3, 4])]),
    case(Pytorch, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 2]), ("weight_hr", &[2, 5])]),
    // Another kind.
    case(Pytorch, Lstm, &[("weight_ih", &[12, 3]), ("weight_hh", &[12, 4]), ("bias_ih", &[12]), ("bias_hh", &[12])]),
    case(Keras, Gru, &[("kernel", &[3, 16]), ("recurrent_kernel", &[4, 16]), ("bias", &[16])]),
    case(Onnx, Lstm, &[("W", &[4, 3]), ("R", &[4, 4]), ("B", &[8])]),
    // Another convention, by the names.
    case(Keras, Lstm, &[("weight_ih", &[16, 3]), ("weight_hh", &[16, 4]), ("bias_ih", &[16]), ("bias_hh", &[16])]),
    case(Keras, Lstm, &[("weight_ih", &[3, 16]), ("weight_hh", &[4, 16]), ("bias_ih", &[16])]),
    case(Keras, Lstm, &[("weight_ih", &[15, 3]), ("weight_hh", &[16, 4])]),
    case(Pytorch, Gru, &[("W", &[12, 3]), ("R", &[12, 4])]),
    case(Onnx, Dense, &[("kernel", &[3, 4])]),
    case(Keras, Lstm, &[("kernel", &[3, 16]), ("weight_hh", &[16, 4])]),
    // Another convention, by the shapes.
    case(Pytorch, Lstm, &[("weight_ih", &[3, 16]), ("weight_hh", &[4, 16]), ("bias_ih", &[16])]),
    case(Keras, Lstm, &[("kernel", &[16, 3]), ("recurrent_kernel", &[16, 4])]),
    case(Keras, Lstm, &[("kernel", &[16, 3]), ("recurrent_kernel", &[16, 4]), ("bias", &[16])]),
    case(Keras, Lstm, &[("kernel", &[16, 5]), ("recurrent_kernel", &[16, 4]), ("bias", &[32])]),
    case(Keras, Lstm, &[("kernel", &[12, 3]), ("recurrent_kernel", &[12, 4]), ("bias", &[12])]),
    case(Onnx, Gru, &[("W", &[1, 3, 12]), ("R", &[1, 4, 12]), ("B", &[1, 24])]),
    case(Onnx, Rnn, &[("W", &[3, 4]), ("R", &[4, 4])]),
    // Names and absences.
    case(Pytorch, Lstm, &[]),
    case(Keras, Rnn, &[("kernel", &[3, 4])]),
    case(Onnx, Gru, &[("R", &[12, 4])]),
    case(Pytorch, Gru, &[("weight_ih", &[12, 3]), ("weigth_hh", &[12, 4])]),
    case(Pytorch, Gru, &[("weight_ih_l0", &[12, 3]), ("weight_hh_l0", &[12, 4])]),
    case(Pytorch, Gru, &[("weight_ih", &[12, 3]), ("weight_hh", &[12, 4]), ("weight_hr", &[2, 4])]),
    case(Keras, Lstm, &[("kernel", &[3, 16]), ("recurrent_kernel", &[4, 16]), ("\u{1b}[31mbeta", &[4])]),
    case(Pytorch, Lstm, &[("weight_ih", &[0, 3]), ("weight_hh", &[16, 4])]),
    // The reset of a gru.
    Case {
        reset_after: Some(false),
        ..case(Keras, Gru, &[("kernel", &[3, 12]), ("recurrent_kernel", &[4, 12]), ("bias", &[2, 12])])
    },
    Case {
        reset_after: Some(true),
        ..case(Keras, Gru, &[("kernel", &[3, 12]), ("recurrent_kernel", &[4, 12]), ("bias", &[12])])
    },
    Case {
        reset_after: Some(false),
        ..case(Keras, Gru, &[("kernel", &[3, 12]), ("recurrent_kernel", &[4, 12]), ("bias", &[11])])
    },
    Case { linear_before_reset: Some(true), ..case(Pytorch, Gru, &[("weight_ih", &[12, 3]), ("weight_hh", &[12, 4])]) },
    Case { reset_after: Some(true), linear_before_reset: Some(false), ..case(Onnx, Gru, &[("W", &[12, 3]), ("R", &[12, 4])]) },
    // Dense and conv.
    case(Pytorch, Dense, &[("weight", &[4, 2]), ("bias", &[5])]),
    case(Pytorch, Dense, &[("weight", &[3, 4])]),
    case(Keras, Dense, &[("kernel", &[4, 3]), ("bias", &[4])]),
    Case { inputs: None, ..case(Keras, Dense, &[("kernel", &[4, 3]), ("bias", &[4])]) },
    case(Keras, Dense, &[("bias", &[1, 4])]),
    case(Pytorch, Dense, &[("weight", &[4, 3, 2])]),
    case(Keras, Conv, &[("kernel", &[3, 4])]),
    case(Pytorch, Conv, &[("weight", &[12])]),
    case(Keras, Conv, &[("kernel", &[4, 3, 2]), ("bias", &[4])]),
    case(Pytorch, Conv, &[("weight", &[4, 5, 2])]),
    case(Onnx, Dense, &[("W", &[4, 3]), ("B", &[4])]),
    case(Pytorch, Dense, &[("weight_ih", &[4, 3]), ("weight_hh", &[4, 4])]),
];

fn zeros(shape: &[usize]) -> Tensor {
    tensor(shape, std::iter::repeat_n(0.0, shape.iter().product()))
}

#[test]
fn arrays_that_do_not_fit_are_refused_in_these_words() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/convention-faults.txt");
    let mut text = String::new();
    for Case { convention, kind, inputs, arrays, reset_after, linear_before_reset } in CASES {
        let shapes: Vec<String> = arrays
            .iter()
            .map(|(name, shape)| {
                let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
                format!("{} {}", name.escape_debug(), shape.join("×"))
            })
            .collect();
        let inputs_said = inputs.map_or("any".into(), |inputs| inputs.to_string());
        write!(text, "{} {}, {inputs_said} inputs: {}", convention.name(), kind.name(), shapes.join(", ")).unwrap();
        for (key, value) in [("reset_after", *reset_after), ("linear_before_reset", *linear_before_reset)] {
            if let Some(value) = value {
                write!(text, ", {key} {value}").unwrap();
            }
        }
        text += "\n";
        let arrays: Arrays = arrays.iter().map(|(name, shape)| ((*name).to_owned(), zeros(shape))).collect();
        let stacked = Stacked {
            inputs: *inputs,
            reset_after: *reset_after,
            linear_before_reset: *linear_before_reset,
            ..stacked(*convention, *kind, &arrays)
        };
        for fault in stacked.parameters().unwrap_err() {
            let key = fault.key.as_deref().unwrap_or("the layer").escape_debug().to_string();
            write!(text, "   {key}: {}\n   = help: {}\n", fault.message.get(Language::En), fault.help.get(Language::En)).unwrap();
        }
    }
    if std::env::var_os("CELDA_BLESS").is_some() {
        fs::write(FILE, &text).unwrap();
    }
    let expected = fs::read_to_string(FILE).unwrap_or_default();
    for (found, expected) in text.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(text.lines().count(), expected.lines().count());
}

#[test]
fn an_array_whose_numbers_are_not_as_many_as_its_shape_says_is_refused() {
    for shape in [vec![12, 4], vec![], vec![usize::MAX, 2], vec![1 << 32, 1 << 32]] {
        let broken = Tensor { shape, data: vec![0.0; 7] };
        let arrays = arrays([("weight_ih", zeros(&[12, 2])), ("weight_hh", broken)]);
        let faults = stacked(Pytorch, Gru, &arrays).parameters().unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].message.get(Language::En).ends_with(", but holds 7 numbers"), "{faults:?}");
    }
}

#[test]
fn every_message_fits_on_a_wide_line() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/convention-faults.txt")).unwrap();
    for line in text.lines().filter(|line| line.starts_with("   ")) {
        assert!(line.chars().count() < 185, "{line}");
    }
}

/// Every name of every convention, and some of none.
fn names() -> Vec<String> {
    let known = Convention::ALL.into_iter().flat_map(|convention| LayerKind::ALL.map(|kind| fields(convention, kind)));
    let mut names: Vec<String> = known.flatten().map(|name| (*name).to_owned()).collect();
    names.extend(["", "X", "weight_ih_l0", "kernels", "…"].map(str::to_owned));
    names.sort();
    names.dedup();
    names
}

/// Arrays of small shapes, most of them lengths that gates have, a few of them broken.
fn any_array() -> impl Strategy<Value = Tensor> {
    let length = prop_oneof![6 => prop::sample::select(vec![1_usize, 2, 3, 4, 6, 8, 12, 16, 24, 32]), 2 => 0_usize..30];
    let whole = prop::collection::vec(length, 0..=3).prop_map(|shape| zeros(&shape));
    let broken = (prop::collection::vec(any::<usize>(), 0..=3), 0_usize..9)
        .prop_map(|(shape, numbers)| Tensor { shape, data: vec![0.0; numbers] });
    prop_oneof![12 => whole, 1 => broken]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_arrays_whatever_make_it_panic(
        convention in prop::sample::select(Convention::ALL.to_vec()),
        kind in prop::sample::select(LayerKind::ALL.to_vec()),
        own in any::<bool>(),
        given in prop::collection::vec((any::<prop::sample::Index>(), any_array()), 0..6),
        inputs in prop::option::of(0_usize..5),
        reset_after in any::<Option<bool>>(),
        linear_before_reset in any::<Option<bool>>(),
    ) {
        let own_names: Vec<String> = fields(convention, kind).iter().map(|name| (*name).to_owned()).collect();
        let names = if own && !own_names.is_empty() { own_names } else { names() };
        let arrays: Arrays = given.into_iter().map(|(index, array)| (index.get(&names).clone(), array)).collect();
        let stacked = Stacked { home: Home::File, inputs, reset_after, linear_before_reset, ..stacked(convention, kind, &arrays) };
        match stacked.parameters() {
            Ok(parameters) => check_shapes(&parameters, inputs),
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    #[test]
    fn layers_of_every_size_are_read(
        convention in prop::sample::select(Convention::ALL.to_vec()),
        kind in prop::sample::select(vec![Rnn, Lstm, Gru]),
        units in 1_usize..9,
        inputs in 1_usize..9,
        is_known in any::<bool>(),
    ) {
        let all = units * match kind { Rnn => 1, Lstm => 4, _ => 3 };
        let arrays = match convention {
            Pytorch => arrays([("weight_ih", zeros(&[all, inputs])), ("weight_hh", zeros(&[all, units])), ("bias_hh", zeros(&[all]))]),
            Keras => arrays([("kernel", zeros(&[inputs, all])), ("recurrent_kernel", zeros(&[units, all])), ("bias", zeros(&[all]))]),
            Onnx => arrays([("W", zeros(&[all, inputs])), ("R", zeros(&[all, units])), ("B", zeros(&[2 * all]))]),
        };
        let stacked = Stacked { inputs: is_known.then_some(inputs), ..stacked(convention, kind, &arrays) };
        let parameters = stacked.parameters();
        prop_assert!(parameters.is_ok(), "{parameters:?}");
        for gate in gates(read(stacked)) {
            prop_assert_eq!(gate.input_weights.dim(), (units, inputs));
            prop_assert_eq!(gate.recurrent_weights.dim(), (units, units));
        }
    }
}

/// What is read fits together, whatever it was read from.
fn check_shapes(parameters: &LayerParameters, inputs: Option<usize>) {
    let (gates, projection): (&[GateParameters], _) = match parameters {
        LayerParameters::Rnn(gate) => (std::slice::from_ref(gate), None),
        LayerParameters::Lstm { gates, projection } => (gates.as_slice(), projection.as_ref()),
        LayerParameters::Gru { gates, .. } => (gates.as_slice(), None),
        LayerParameters::Dense { weights, bias } => {
            assert!(bias.as_ref().is_none_or(|bias| bias.len() == weights.nrows()));
            assert!(inputs.is_none_or(|inputs| inputs == weights.ncols()));
            return;
        }
        LayerParameters::Conv { kernel, bias } => {
            assert!(bias.as_ref().is_none_or(|bias| bias.len() == kernel.dim().0));
            assert!(inputs.is_none_or(|inputs| inputs == kernel.dim().2));
            return;
        }
    };
    let units = gates[0].input_weights.nrows();
    let outputs = projection.map_or(units, |projection| {
        assert_eq!(projection.ncols(), units);
        projection.nrows()
    });
    for GateParameters { input_weights, recurrent_weights, bias, recurrent_bias, peephole } in gates {
        assert_eq!(input_weights.nrows(), units);
        assert!(inputs.is_none_or(|inputs| inputs == input_weights.ncols()));
        assert_eq!(recurrent_weights.dim(), (units, outputs));
        for vector in [bias, recurrent_bias, peephole].into_iter().flatten() {
            assert_eq!(vector.len(), units);
        }
    }
}
