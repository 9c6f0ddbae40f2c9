//! The stacked arrays of a framework as the file writes them: pasted into the layer, or in a file beside the scenario.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::owner::key_of;
use super::reader::{INTEGER, Nan, Reader, TABLE, Table, Value, is_but};
use super::{Field, Matrix};
use crate::scenario::convention::{Arrays, Convention, LayerKind, fields};
use crate::scenario::fault::{listed, near, shown};
use crate::scenario::tensors::Tensor;
use crate::scenario::text::{Noun, Part, Phrase, Text, both, count};

/// Where the weights of a layer, or of a pass of it, come from.
#[derive(Debug)]
pub enum Origin<N> {
    /// The keys named after the equations.
    Named(N),
    /// Arrays pasted as a framework prints them; `None` where it is not known how to read them, which has been reported.
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
    /// The names of those that are wrong in themselves, which has been reported.
    pub reported: Vec<&'static str>,
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

/// Whether a layer takes its weights from a file, also where it names the file only.
pub(super) fn is_stored(table: &Table<'_>) -> bool {
    table.entries.get("weights").is_some_and(|value| matches!(value.get_ref(), DeValue::Table(_) | DeValue::String(_)))
}

/// Whether arrays are pasted into a table.
pub(super) fn is_pasted(table: &Table<'_>) -> bool {
    table.entries.contains_key("convention")
}

/// The convention that has an array of this name in a layer of this kind, if one has.
pub(super) fn convention_of(array: &str, kind: LayerKind) -> Option<Convention> {
    Convention::ALL.into_iter().find(|convention| fields(*convention, kind).contains(&array))
}

/// The keys named after the equations, beside the bias of Keras, which is called the same.
const NAMED: [&str; 6] = ["gate", "input_weights", "recurrent_weights", "recurrent_bias", "peephole", "weights"];

/// The names that arrays of any convention have.
fn array_names() -> BTreeSet<&'static str> {
    let all = Convention::ALL.into_iter().flat_map(|convention| LayerKind::ALL.map(|kind| fields(convention, kind)));
    all.flatten().copied().collect()
}

/// Keys that are not arrays, but whose names might be taken for a misspelt one.
const NO_ARRAYS: [&str; 5] = ["name", "unit_names", "initial_hidden", "initial_cell", "bias"];

impl Reader<'_> {
    /// The arrays pasted into a table, whosever names they have, so that the wrong ones can be told.
    pub(super) fn pasted(&mut self, table: &mut Table<'_>, kind: LayerKind) -> Option<PastedTable> {
        let what = key_of("convention", &table.name);
        let convention = given(table.field("convention", |v| self.convention_word(v, &what)));
        let linear_before_reset = given(self.linear_before_reset(table, kind));
        let own = convention.map_or(&[][..], |convention| fields(convention, kind));
        self.refuse_reverse(table, own);
        let mut is_good = self.refuse_named(table, own);
        let mut places: BTreeMap<String, Range<usize>> =
            table.entries.iter().map(|(key, value)| (key.get_ref().to_string(), value.span())).collect();
        let mut names: Vec<&str> = array_names().into_iter().collect();
        names.retain(|name| own.contains(name) || table.entries.contains_key(*name));
        for (key, _) in misspelt(table, own) {
            names.push(key.get_ref());
            places.insert(key.get_ref().to_string(), key.span());
        }
        let (mut arrays, mut reported) = (Arrays::new(), Vec::new());
        for name in names {
            let what = key_of(name, &table.name);
            match table.field(name, |v| self.array(v, &what)) {
                Field::Absent => {}
                Field::Bad => match convention.and_then(|convention| convention.own_name(kind, name)) {
                    Some(name) => reported.push(name),
                    None => is_good = false,
                },
                Field::Good(tensor) => drop(arrays.insert(name.into(), tensor.into_inner())),
            }
        }
        let pasted = PastedTable { convention: convention?, arrays, reported, linear_before_reset, places };
        is_good.then_some(pasted)
    }

    /// `weights = { … }` of a layer.
    pub(super) fn stored(&mut self, table: &mut Table<'_>, kind: LayerKind) -> Field<StoredTable> {
        let weights = key_of("weights", &table.name);
        let linear_before_reset = given(self.linear_before_reset(table, kind));
        let stored = table.field("weights", |v| {
            let DeValue::Table(entries) = v.get_ref() else {
                let help = Phrase {
                    en: "write weights = { file = \"…\", convention = \"…\" }",
                    es: "escribir weights = { file = \"…\", convention = \"…\" }",
                };
                self.wrong_type(v, &weights, TABLE, help);
                return None;
            };
            let mut stored = Table::new(entries, weights.clone());
            let what = |key: &str| key_of(key, &weights);
            let read = StoredTable {
                file: stored.field("file", |v| self.string(v, &what("file")).map(str::to_owned)),
                prefix: stored.field("prefix", |v| self.string(v, &what("prefix")).map(str::to_owned)),
                layer: stored.field("layer", |v| self.layer_number(v, &what("layer"))),
                convention: stored.field("convention", |v| self.convention_word(v, &what("convention"))),
                linear_before_reset,
            };
            self.unknown_keys(&stored);
            Some(read)
        });
        self.refuse_beside_file(table);
        stored
    }

    /// Reports the keys of weights, of all conventions and of none, that stand beside a file that has them, or in the table of
    /// a direction of a layer that has one.
    pub(super) fn refuse_beside_file<'t>(&mut self, table: &mut Table<'t>) {
        let is_convention = table.entries.get_key_value("convention").map(|(key, _)| key.span());
        if let Some(span) = is_convention {
            table.known.push("convention");
            let message = both!(
                "`convention` of {table} stands beside `weights`, which names a file",
                "`convention` de {table} está junto a `weights`, que nombra un archivo",
                table = table.name
            );
            let help = Phrase {
                en: "move it into the braces: weights = { file = \"…\", convention = \"…\" }",
                es: "ponerlo dentro de las llaves: weights = { file = \"…\", convention = \"…\" }",
            };
            self.fault(span, message, help);
        }
        let names = array_names().into_iter().chain(NAMED).filter(|name| *name != "weights");
        let beside = Phrase { en: "`weights`, which takes them from a file", es: "`weights`, que los toma de un archivo" };
        let help = Phrase {
            en: "leave one or the other out: a file of weights has all of them",
            es: "quitar lo uno o lo otro: un archivo de pesos los tiene todos",
        };
        self.refuse(table, names.collect(), beside, help.into());
    }

    /// Reports the keys named after the equations that stand beside arrays; whether there are none.
    fn refuse_named(&mut self, table: &mut Table<'_>, own: &[&str]) -> bool {
        let arrays = match own {
            [] => both!("a framework's arrays", "los arreglos de una biblioteca"),
            own => listed(own),
        };
        let help = both!(
            "give either {arrays}, or the keys named after the equations without `convention`",
            "dar o bien {arrays}, o bien las claves con los nombres de las ecuaciones, sin `convention`",
            arrays
        );
        let beside = Phrase { en: "`convention`, which takes stacked arrays", es: "`convention`, que toma arreglos apilados" };
        self.refuse(table, NAMED.to_vec(), beside, help)
    }

    /// Reports, at the first of them, PyTorch's arrays of the backward pass, which stand in a table of their own.
    fn refuse_reverse<'t>(&mut self, table: &mut Table<'t>, own: &[&str]) {
        let is_reverse = |key: &str| {
            let name = key.strip_suffix("_reverse");
            name.is_some_and(|name| own.contains(&name) || name.rsplit_once("_l").is_some_and(|(name, _)| own.contains(&name)))
        };
        let reverse: Vec<(usize, &'t str)> = {
            let keys = table.entries.keys().filter(|key| is_reverse(key.get_ref()));
            keys.map(|key| (key.span().start, key.get_ref().as_ref())).collect()
        };
        let Some((start, first)) = reverse.iter().min() else { return };
        table.known.extend(reverse.iter().map(|(_, key)| *key));
        let message = both!(
            "`{first}` of {table} is an array of the backward pass",
            "`{first}` de {table} es un arreglo de la pasada hacia atrás",
            table = table.name
        );
        let help = Phrase {
            en: "write `direction = \"bidirectional\"`, and the arrays of each direction, without `_reverse`, in [layer.forward] and \
                 [layer.backward]",
            es: "escribir `direction = \"bidirectional\"`, y los arreglos de cada sentido, sin `_reverse`, en [layer.forward] y \
                 [layer.backward]",
        };
        self.fault(*start..start + first.len(), message, help);
    }

    /// Reports those of some keys that a table has, at the first of them; whether it has none.
    fn refuse(&mut self, table: &mut Table<'_>, keys: Vec<&'static str>, beside: Phrase, help: Text) -> bool {
        table.known.extend(&keys);
        let there = keys.into_iter().filter_map(|name| Some((table.entries.get_key_value(name)?.0.span().start, name)));
        let mut there: Vec<(usize, &str)> = there.collect();
        there.sort_unstable();
        there.dedup();
        let Some((_, first)) = there.first() else { return true };
        let names: Vec<String> = there.iter().map(|(_, name)| format!("`{name}`")).collect();
        let span = table.entries.get_key_value(*first).map_or(0..0, |(key, _)| key.span());
        let (table, names) = (&table.name, names.join(", "));
        let message = both!("{table} has {names} beside {beside}", "{table} tiene {names} junto a {beside}", table, beside);
        self.fault(span, message, help);
        false
    }

    fn convention_word(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<Convention> {
        self.word(value, what, Convention::ALL.map(|convention| (convention.name(), convention)))
    }

    /// ONNX's name for `reset_after` of a gru, 0 or 1.
    fn linear_before_reset(&mut self, table: &mut Table<'_>, kind: LayerKind) -> Field<bool> {
        if kind != LayerKind::Gru {
            return Field::Absent;
        }
        let what = key_of("linear_before_reset", &table.name);
        let help = Phrase { en: "write 0 or 1, as the ONNX node has it", es: "escribir 0 o 1, como el nodo de ONNX" };
        table.field("linear_before_reset", |v| match v.get_ref() {
            DeValue::Boolean(linear) => Some(*linear),
            DeValue::Integer(n) if matches!(n.as_str(), "0" | "1") => Some(n.as_str() == "1"),
            DeValue::Integer(_) => {
                self.fault(v.span(), both!("{what} is neither 0 nor 1", "{what} no es ni 0 ni 1", what), help);
                None
            }
            _ => {
                self.wrong_type(v, &what, Phrase { en: "0 or 1", es: "0 o 1" }, help);
                None
            }
        })
    }

    /// The number of a layer in a file, counted from 0.
    fn layer_number(&mut self, value: &Value<'_>, what: impl Part + Copy) -> Option<usize> {
        let help = Phrase {
            en: "give the number in its arrays' names: 1 for weight_ih_l1",
            es: "dar el número que está en los nombres de sus arreglos: 1 para weight_ih_l1",
        };
        let DeValue::Integer(n) = value.get_ref() else {
            self.wrong_type(value, what, INTEGER, help);
            return None;
        };
        let number = usize::from_str_radix(n.as_str().trim_start_matches('+'), n.radix()).ok();
        if number.is_none() {
            let why = if n.as_str().starts_with('-') {
                Phrase { en: "layers count from 0", es: "las capas se cuentan desde 0" }
            } else {
                Phrase { en: "no file has that many layers", es: "ningún archivo tiene tantas capas" }
            };
            self.fault(value.span(), is_but(what, &shown(n.as_str()), why), help);
        }
        number
    }

    /// An array of one, two or three axes.
    fn array(&mut self, value: &Value<'_>, what: &Text) -> Option<Tensor> {
        let rows = |matrix: Matrix| -> Option<(Vec<usize>, Vec<f64>)> {
            let (rows, columns) = super::shape(&matrix);
            Some((vec![rows, columns?], matrix.into_iter().flat_map(Spanned::into_inner).collect()))
        };
        let paste = Phrase { en: "paste it as the framework prints it", es: "pegarlo tal como lo imprime la biblioteca" };
        let (shape, data) = match depth(value.get_ref()) {
            0 | 1 => {
                let vector = self.vector(value, what, Nan::Refused)?;
                (vec![vector.len()], vector)
            }
            2 => rows(self.matrix(value, what, Nan::Refused)?)?,
            3 => {
                let alike = Phrase {
                    en: "give every part as many rows, each of as many numbers",
                    es: "dar a todas las partes igual cantidad de filas, y de números en cada una",
                };
                let part = Phrase { en: "part", es: "la parte" };
                let parts = self.matrices(value, what, part, [paste, alike])?.into_iter();
                let parts: Vec<_> = parts.map(|part| rows(part.into_inner())).collect::<Option<_>>()?;
                let inner = parts.first().map(|(shape, _)| shape.clone()).unwrap_or_default();
                if parts.iter().any(|(shape, _)| *shape != inner) {
                    return None;
                }
                let shape = [vec![parts.len()], inner].concat();
                (shape, parts.into_iter().flat_map(|(_, data)| data).collect())
            }
            levels => {
                let message = both!(
                    "{what} has {levels} of brackets, but no array has more than 3",
                    "{what} tiene {levels} de corchetes, pero ningún arreglo tiene más de 3",
                    what,
                    levels = count(levels, Noun::Level)
                );
                self.fault(value.span(), message, paste);
                return None;
            }
        };
        Some(Tensor { shape, data })
    }
}

/// The keys that are arrays and probably meant for ones that are not there, by the names a convention has.
fn misspelt<'t>(table: &Table<'t>, own: &[&'static str]) -> Vec<(&'t Spanned<Cow<'t, str>>, &'t Value<'t>)> {
    let absent: Vec<&str> = own.iter().copied().filter(|name| !table.entries.contains_key(*name)).collect();
    let known = array_names();
    let is_array = |key: &str| !known.contains(key) && !NAMED.contains(&key) && !NO_ARRAYS.contains(&key);
    let entries = table.entries.iter().filter(|(_, value)| value.get_ref().is_array());
    entries.filter(|(key, _)| is_array(key.get_ref()) && near(key.get_ref(), &absent).is_some()).collect()
}

/// The value of a field, where it is good.
fn given<T>(field: Field<T>) -> Option<T> {
    if let Field::Good(value) = field { Some(value.into_inner()) } else { None }
}

/// How many arrays are in one another, whatever is in the innermost.
fn depth(value: &DeValue<'_>) -> usize {
    let mut value = Some(value);
    let mut depth = 0;
    while let Some(DeValue::Array(items)) = value {
        depth += 1;
        value = items.first().map(Spanned::get_ref);
    }
    depth
}
