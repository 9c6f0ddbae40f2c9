//! How PyTorch, Keras and ONNX name the arrays of a layer, and every way to read such a name.
//!
//! PyTorch's `state_dict` (`encoder.weight_ih_l0_reverse`), Keras's `variable.path`
//! (`sequential/bidirectional/forward_lstm/lstm_cell/kernel`), ONNX's inputs `W`, `R`, `B`, `P` of RNN, LSTM and GRU.

use super::{Role, Side};
use crate::scenario::convention::Convention;

impl Convention {
    /// The arrays of a layer, and how many of them, from the first, there have to be.
    pub const fn fields(self, role: Role) -> (&'static [&'static str], usize) {
        match (self, role) {
            (Self::Pytorch, Role::Recurrent) => (&["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"], 2),
            (Self::Pytorch, Role::Stateless) => (&["weight", "bias"], 1),
            (Self::Keras, Role::Recurrent) => (&["kernel", "recurrent_kernel", "bias"], 2),
            (Self::Keras, Role::Stateless) => (&["kernel", "bias"], 1),
            (Self::Onnx, Role::Recurrent) => (&["W", "R", "B", "P"], 2),
            (Self::Onnx, Role::Stateless) => (&[], 0),
        }
    }

    fn field(self, role: Role, name: &str) -> Option<&'static str> {
        self.fields(role).0.iter().copied().find(|field| *field == name)
    }

    /// A prefix without the separators at its end, and with those in it made one.
    pub fn normal(self, prefix: &str) -> String {
        let separators: &[char] = if self == Self::Onnx { &['.', '/', '_'] } else { &['.', '/'] };
        prefix.trim_end_matches(separators).replace('.', "/")
    }
}

/// One way to read the name of an array.
pub struct Reading<'a> {
    pub convention: Convention,
    pub prefix: &'a str,
    pub number: usize,
    pub side: Side,
    pub field: &'static str,
    pub form: Form,
}

/// What of a name, between prefix and field, is taken for the framework's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// Nothing.
    Exact,
    /// The name of a cell.
    InCell,
    /// The name of the layer of one direction in a bidirectional one, and of its cell.
    InWrapper,
}

/// Every way to read a name, those that drop the most first.
pub fn readings(name: &str) -> Vec<Reading<'_>> {
    let mut readings = Vec::new();
    let (prefix, last) = split(name);
    if let Some((field, number, side)) = pytorch(last) {
        readings.push(Reading { convention: Convention::Pytorch, prefix, number, side, field, form: Form::Exact });
    }
    keras(name, &mut readings);
    for field in Convention::Onnx.fields(Role::Recurrent).0 {
        if let Some(prefix) = name.strip_suffix(field) {
            let prefix = prefix.strip_suffix(['.', '/', '_']).unwrap_or(prefix);
            let convention = Convention::Onnx;
            readings.push(Reading { convention, prefix, number: 0, side: Side::Forward, field, form: Form::Exact });
        }
    }
    readings
}

/// A path without its last part, and that part.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once(['.', '/']).unwrap_or(("", path))
}

/// `weight_ih_l0_reverse` as field, layer and direction; a cell's arrays (`weight_ih`) are those of layer 0.
fn pytorch(name: &str) -> Option<(&'static str, usize, Side)> {
    const PYTORCH: Convention = Convention::Pytorch;
    if let Some(field) = PYTORCH.field(Role::Stateless, name).or_else(|| PYTORCH.field(Role::Recurrent, name)) {
        return Some((field, 0, Side::Forward));
    }
    let (name, side) = match name.strip_suffix("_reverse") {
        Some(name) => (name, Side::Backward),
        None => (name, Side::Forward),
    };
    let (field, number) = name.rsplit_once("_l")?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((PYTORCH.field(Role::Recurrent, field)?, number.parse().ok().filter(|_| digits)?, side))
}

/// `bidirectional/forward_lstm/lstm_cell/kernel:0`, with and without the parts that Keras puts in by itself.
fn keras<'a>(name: &'a str, readings: &mut Vec<Reading<'a>>) {
    let name = name.strip_suffix(":0").unwrap_or(name);
    let (prefix, last) = split(name);
    let Some(field) = Convention::Keras.field(Role::Recurrent, last) else { return };
    let reading = |prefix, side, form| Reading { convention: Convention::Keras, prefix, number: 0, side, field, form };
    let (before, part) = split(prefix);
    let of_cell = is_cell(part);
    let (wrapper, direction) = split(if of_cell { before } else { prefix });
    if direction.starts_with("forward_") {
        readings.push(reading(wrapper, Side::Forward, Form::InWrapper));
    } else if direction.starts_with("backward_") {
        readings.push(reading(wrapper, Side::Backward, Form::InWrapper));
    }
    if of_cell {
        readings.push(reading(before, Side::Forward, Form::InCell));
    }
    readings.push(reading(prefix, Side::Forward, Form::Exact));
}

/// `lstm_cell`, `lstm_cell_1`.
fn is_cell(part: &str) -> bool {
    let numbered = part.rsplit_once('_').filter(|(_, n)| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
    numbered.map_or(part, |(part, _)| part).ends_with("_cell")
}
