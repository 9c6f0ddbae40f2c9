//! A scenario's text with other numbers in it: comments and layout stay, and what the file leaves out is added.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use super::Scenario;
use super::convention::Convention;
use super::convention::place::{Pass, Place};
use super::edit::{Edit, Number};
use super::parameters::LayerKind;
use super::text::{Text, both};
use crate::engine::cell::GateName;
use crate::engine::network::Layer;
use crate::engine::parameter::{Parameter, Part};

/// Why a text cannot have other numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// These numbers come from a file that the text names.
    InFile {
        /// The numbers.
        numbers: Vec<Number>,
        /// The first of their files.
        file: String,
    },
    /// It is not there where the text has to have it, or the text cannot be read for editing.
    Text(Text),
}

/// A step from a table or an array to what is in it.
#[derive(Clone, Copy, Debug)]
enum To {
    Key(&'static str),
    Index(usize),
}

/// Where a number stands.
struct Spot {
    table: Vec<To>,
    key: &'static str,
    index: Vec<usize>,
    /// The index on one more axis that comes first, where the array has it.
    leading: usize,
    /// The lengths of the axes of the array, where the text may do without it.
    shape: Vec<usize>,
}

/// The text of a scenario after some edits.
///
/// # Errors
///
/// Numbers that are not in the text.
pub fn rewritten(scenario: &Scenario, edits: &[Edit]) -> Result<String, Unwritable> {
    let text = &*scenario.text;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| Unwritable::Text(Text::same(error.message())))?;
    let root = document.as_item_mut();
    let outside: Vec<(Number, String)> =
        edits.iter().filter_map(|edit| Some((edit.number, file_of(root, edit.number)?))).collect();
    if let Some((_, file)) = outside.first() {
        let file = file.clone();
        return Err(Unwritable::InFile { numbers: outside.into_iter().map(|(number, _)| number).collect(), file });
    }
    for edit in edits {
        let place = spot(root, scenario, edit.number).and_then(|spot| number(root, spot));
        let place = place
            .ok_or_else(|| Unwritable::Text(both!("the file does not have this number", "el archivo no tiene este número")))?;
        give(place, edit.value);
    }
    let rewritten = document.to_string();
    let is_dos = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    Ok(if is_dos { rewritten.replace("\r\n", "\n").replace('\n', "\r\n") } else { rewritten })
}

/// The files that a scenario's text names.
pub fn files(text: &str) -> Vec<String> {
    let Ok(document) = text.parse::<DocumentMut>() else { return Vec::new() };
    let root = document.as_item();
    let layers = (0..).map_while(|i| root.get("layer")?.get(i));
    let named = std::iter::once(root.get("input")).chain(layers.map(|layer| layer.get("weights"))).flatten();
    named.filter_map(|table| Some(table.get("file")?.as_str()?.to_owned())).collect()
}

/// The file that a number comes from, unless it is in the text.
fn file_of(root: &Item, number: Number) -> Option<String> {
    let table = match number {
        Number::Input { .. } => root.get("input")?,
        Number::Parameter(Parameter { part: Part::InitialHidden | Part::InitialCell, .. }) => return None,
        Number::Parameter(Parameter { layer, .. }) => root.get("layer")?.get(layer)?.get("weights")?,
    };
    Some(table.get("file")?.as_str()?.to_owned())
}

fn spot(root: &mut Item, scenario: &Scenario, number: Number) -> Option<Spot> {
    let Parameter { layer: l, pass, unit, part } = match number {
        Number::Input { t, feature } => {
            let index = vec![t, feature];
            return Some(Spot { table: vec![To::Key("input")], key: "rows", index, leading: 0, shape: Vec::new() });
        }
        Number::Parameter(parameter) => parameter,
    };
    let layer = scenario.network.layers.get(l)?;
    let mut table = vec![To::Key("layer"), To::Index(l)];
    if layer.passes() > 1 {
        table.push(To::Key(if pass == 0 { "forward" } else { "backward" }));
    }
    let cell = layer.cell(pass);
    let of_state =
        |key, shape: usize| Some(Spot { table: table.clone(), key, index: vec![unit], leading: 0, shape: vec![shape] });
    match part {
        Part::InitialHidden => return of_state("initial_hidden", cell.initial().hidden.len()),
        Part::InitialCell => return of_state("initial_cell", cell.initial().cell.len()),
        _ => {}
    }
    let convention = at(root, &table)?.get("convention").and_then(Item::as_str);
    if let Some(name) = convention {
        let convention = Convention::ALL.into_iter().find(|convention| convention.name() == name)?;
        let kind = LayerKind::ALL.into_iter().find(|kind| kind.name() == layer.kind())?;
        let reset_after = layer.gates(pass).contains(&GateName::Recurrent);
        let pass = Pass { convention, kind, units: cell.units(), inputs: cell.inputs(), reset_after };
        let Place { array, index, leading, shape } = pass.place(unit, part)?;
        return Some(Spot { table, key: array, index, leading, shape });
    }
    named(layer, table, cell.inputs(), Parameter { layer: l, pass, unit, part })
}

/// Where a number stands under the keys named after the equations.
fn named(layer: &Layer, mut table: Vec<To>, inputs: usize, Parameter { pass, unit, part, .. }: Parameter) -> Option<Spot> {
    let gate = part.gate()?;
    if matches!(layer, Layer::Lstm(_) | Layer::Gru(_)) {
        let gate = if gate == GateName::Recurrent { GateName::Candidate } else { gate };
        table.extend([To::Key("gate"), To::Key(gate.name())]);
    }
    let spot = |key, index: Vec<usize>, shape| Some(Spot { table, key, index, leading: 0, shape });
    match part {
        Part::Weight(_, column) => match layer {
            Layer::Dense(_) => spot("weights", vec![unit, column], Vec::new()),
            Layer::Conv(_) => spot("kernel", vec![unit, column / inputs.max(1), column % inputs.max(1)], Vec::new()),
            _ if gate == GateName::Recurrent => spot("recurrent_weights", vec![unit, column], Vec::new()),
            _ => match column.checked_sub(inputs) {
                None => spot("input_weights", vec![unit, column], Vec::new()),
                Some(state) => spot("recurrent_weights", vec![unit, state], Vec::new()),
            },
        },
        Part::Bias(GateName::Recurrent) | Part::RecurrentBias(_) => spot("recurrent_bias", vec![unit], Vec::new()),
        Part::Bias(_) => spot("bias", vec![unit], vec![layer.cell(pass).units()]),
        Part::Peephole(_) => spot("peephole", vec![unit], Vec::new()),
        Part::InitialHidden | Part::InitialCell => None,
    }
}

/// What is at a place; a key that is not there is there afterwards, with nothing.
fn at<'d>(root: &'d mut Item, path: &[To]) -> Option<&'d mut Item> {
    path.iter().try_fold(root, |item, step| {
        let is_table = item.is_table();
        let next = match *step {
            To::Key(key) => item.get_mut(key)?,
            To::Index(index) => return item.get_mut(index),
        };
        if next.is_none() {
            *next = if is_table { Item::Table(Table::new()) } else { toml_edit::value(InlineTable::new()) };
        }
        Some(next)
    })
}

/// The number at a spot; an array that is left out is added, full of zeros.
fn number(root: &mut Item, Spot { table, key, index, leading, shape }: Spot) -> Option<&mut Value> {
    let array = at(root, &table)?.get_mut(key)?;
    if array.is_none() {
        *array = toml_edit::value(zeros(&shape)?);
    }
    let leading = (axes(array) > index.len()).then_some(leading);
    let index = leading.into_iter().chain(index);
    index.into_iter().try_fold(array, |item, i| item.get_mut(i))?.as_value_mut()
}

/// How many arrays are in one another.
fn axes(item: &Item) -> usize {
    let inner = std::iter::successors(item.as_array(), |array| array.get(0)?.as_array());
    inner.count()
}

fn zeros(shape: &[usize]) -> Option<Array> {
    let (&length, inner) = shape.split_first()?;
    match inner {
        [] => Some(std::iter::repeat_n(0, length).collect()),
        inner => {
            let part = zeros(inner)?;
            Some(std::iter::repeat_n(part, length).collect())
        }
    }
}

/// Puts a number in another's place: between the same blanks, as an integer where both are.
fn give(place: &mut Value, value: f64) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let decor = place.decor().clone();
    let is_integer = place.is_integer() && value.fract() == 0.0 && value.abs() < EXACT && value.to_bits() != (-0.0_f64).to_bits();
    *place = match format!("{value:?}").parse() {
        Ok(written) if !is_integer => written,
        _ => Value::from(value as i64),
    };
    *place.decor_mut() = decor;
}
