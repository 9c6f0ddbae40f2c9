//! The stacked arrays of a framework as the file writes them: pasted into the layer, or in a file beside the scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::reader::{Nan, Reader, Table, Value, levels};
use super::{Field, Matrix, count};
use crate::scenario::convention::{Arrays, Convention, LayerKind, fields};
use crate::scenario::fault::listed;
use crate::scenario::tensors::Tensor;

/// Where the weights of a layer, or of a pass of it, come from.
#[derive(Debug)]
pub enum Origin<N> {
    /// The keys named after the equations.
    Named(N),
    /// Arrays pasted as a framework prints them; `None` where they are wrong, which has been reported.
    Pasted(Option<PastedTable>),
    /// The file that the layer as a whole names.
    Stored,
}

/// Arrays pasted as a framework prints them.
#[derive(Debug)]
pub struct PastedTable {
    /// `convention`.
    pub convention: Convention,
    /// The arrays by their names.
    pub arrays: Arrays,
    /// What only a gru has.
    pub linear_before_reset: Option<bool>,
    /// Where each key's value stands.
    pub places: BTreeMap<String, Range<usize>>,
}

/// `weights = { … }`.
#[derive(Debug)]
pub struct StoredTable {
    /// `file`.
    pub file: Field<String>,
    /// `prefix`.
    pub prefix: Field<String>,
    /// `layer`.
    pub layer: Field<usize>,
    /// `convention`.
    pub convention: Field<Convention>,
    /// What only a gru has; it stands in the layer itself.
    pub linear_before_reset: Option<bool>,
}

impl<N> Origin<N> {
    /// The named keys, where the weights come from them.
    pub(super) const fn named_mut(&mut self) -> Option<&mut N> {
        match self {
            Self::Named(named) => Some(named),
            Self::Pasted(_) | Self::Stored => None,
        }
    }
}

/// Whether a layer takes its weights from a file.
pub(super) fn is_stored(table: &Table<'_>) -> bool {
    table.entries.get("weights").is_some_and(|value| matches!(value.get_ref(), DeValue::Table(_)))
}

/// Whether arrays are pasted into a table.
pub(super) fn is_pasted(table: &Table<'_>) -> bool {
    table.entries.contains_key("convention")
}

/// The convention that has an array of this name in a layer of this kind, if one has.
pub(super) fn convention_of(array: &str, kind: LayerKind) -> Option<Convention> {
    Convention::ALL.into_iter().find(|convention| fields(*convention, kind).contains(&array))
}

impl Reader<'_> {
    /// The arrays pasted into a table, whosever names they have, so that the wrong ones can be told.
    pub(super) fn pasted(&mut self, table: &mut Table<'_>, kind: LayerKind) -> Option<PastedTable> {
        let convention = self.convention(table);
        let own = convention.map_or(&[][..], |convention| fields(convention, kind));
        let all = Convention::ALL.into_iter().flat_map(|convention| LayerKind::ALL.map(|kind| fields(convention, kind)));
        let names: BTreeSet<&'static str> = all.flatten().copied().collect();
        let mut arrays = Arrays::new();
        let mut is_good = true;
        for name in names {
            if !own.contains(&name) && !table.entries.contains_key(name) {
                continue;
            }
            let what = format!("{name} of {}", table.name);
            match table.field(name, |v| self.array(v, &what)) {
                Field::Absent => {}
                Field::Bad => is_good = false,
                Field::Good(tensor) => drop(arrays.insert(name.into(), tensor.into_inner())),
            }
        }
        self.refuse_named(table, own);
        let linear_before_reset = self.linear_before_reset(table, kind);
        let places = table.entries.iter().map(|(key, value)| (key.get_ref().to_string(), value.span())).collect();
        let pasted = PastedTable { convention: convention?, arrays, linear_before_reset: linear_before_reset?, places };
        is_good.then_some(pasted)
    }

    /// `weights = { … }` of a layer.
    pub(super) fn stored(&mut self, table: &mut Table<'_>, kind: LayerKind) -> Field<StoredTable> {
        let of_layer = table.name.clone();
        let linear = self.linear_before_reset(table, kind);
        table.field("weights", |v| {
            let mut stored = self.table(v, format!("weights of {of_layer}"), "weights = { file = \"…\", convention = \"…\" }")?;
            let what = |key: &str| format!("{key} of weights of {of_layer}");
            let read = StoredTable {
                file: stored.field("file", |v| self.string(v, &what("file")).map(str::to_owned)),
                prefix: stored.field("prefix", |v| self.string(v, &what("prefix")).map(str::to_owned)),
                layer: stored.field("layer", |v| self.layer_number(v, &what("layer"))),
                convention: stored.field("convention", |v| self.convention_word(v, &what("convention"))),
                linear_before_reset: linear.flatten(),
            };
            self.unknown_keys(&stored);
            linear.map(|_| read)
        })
    }

    /// Reports the keys named after the equations that stand beside arrays.
    fn refuse_named(&mut self, table: &mut Table<'_>, own: &[&str]) {
        const NAMED: [&str; 6] = ["gate", "input_weights", "recurrent_weights", "recurrent_bias", "peephole", "weights"];
        let owner = table.name.clone();
        for key in NAMED {
            table.field(key, |v| -> Option<()> {
                let message = format!("{owner} has `{key}` beside `convention`, which takes stacked arrays");
                let arrays = if own.is_empty() { "a framework's arrays".into() } else { listed(own) };
                self.fault(
                    v.span(),
                    message,
                    format!("give either {arrays}, or the keys named after the equations without `convention`"),
                );
                None
            });
        }
    }

    fn convention(&mut self, table: &mut Table<'_>) -> Option<Convention> {
        let what = format!("convention of {}", table.name);
        match table.field("convention", |v| self.convention_word(v, &what)) {
            Field::Good(convention) => Some(convention.into_inner()),
            Field::Absent | Field::Bad => None,
        }
    }

    fn convention_word(&mut self, value: &Value<'_>, what: &str) -> Option<Convention> {
        self.word(value, what, Convention::ALL.map(|convention| (convention.name(), convention)))
    }

    /// ONNX's name for `reset_after`, 0 or 1; nothing where it is not given, `None` where it is wrong.
    fn linear_before_reset(&mut self, table: &mut Table<'_>, kind: LayerKind) -> Option<Option<bool>> {
        if kind != LayerKind::Gru {
            return Some(None);
        }
        let what = format!("linear_before_reset of {}", table.name);
        let read = table.field("linear_before_reset", |v| match v.get_ref() {
            DeValue::Boolean(linear) => Some(*linear),
            DeValue::Integer(n) if matches!(n.as_str(), "0" | "1") => Some(n.as_str() == "1"),
            DeValue::Integer(_) => {
                self.fault(v.span(), format!("{what} is neither 0 nor 1"), "write 0 or 1, as the ONNX node has it");
                None
            }
            _ => {
                self.wrong_type(v, &what, "0 or 1", "write 0 or 1, as the ONNX node has it");
                None
            }
        });
        match read {
            Field::Absent => Some(None),
            Field::Bad => None,
            Field::Good(linear) => Some(Some(linear.into_inner())),
        }
    }

    /// The number of a layer in a file, counted from 0.
    fn layer_number(&mut self, value: &Value<'_>, what: &str) -> Option<usize> {
        let help = "give the number in its arrays' names: 1 for weight_ih_l1";
        let DeValue::Integer(n) = value.get_ref() else {
            self.wrong_type(value, what, "an integer", help);
            return None;
        };
        let number = usize::from_str_radix(n.as_str().trim_start_matches('+'), n.radix()).ok();
        if number.is_none() {
            self.fault(value.span(), format!("{what} is {}, but layers count from 0", n.as_str()), help);
        }
        number
    }

    /// An array of one, two or three axes.
    fn array(&mut self, value: &Value<'_>, what: &str) -> Option<Tensor> {
        let rows = |matrix: Matrix| -> (Vec<usize>, Vec<f64>) {
            let shape = super::shape(&matrix);
            (vec![shape.0, shape.1], matrix.into_iter().flat_map(Spanned::into_inner).collect())
        };
        let (shape, data) = match levels(value.get_ref()) {
            0 | 1 => {
                let vector = self.vector(value, what, Nan::Refused)?;
                (vec![vector.len()], vector)
            }
            2 => rows(self.matrix(value, what, Nan::Refused)?),
            3 => {
                let parts: Vec<_> = self.kernel(value, what)?.into_iter().map(|part| rows(part.into_inner())).collect();
                let inner = parts.first().map(|(shape, _)| shape.clone()).unwrap_or_default();
                let shape = [vec![parts.len()], inner].concat();
                (shape, parts.into_iter().flat_map(|(_, data)| data).collect())
            }
            levels => {
                let message = format!("{what} has {} of brackets, but no array has more than 3", count(levels, "level"));
                self.fault(value.span(), message, "paste it as the framework prints it");
                return None;
            }
        };
        Some(Tensor { shape, data })
    }
}
