//! The trace as CSV: one row per timestep.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use super::{FOR_PROGRAMS, Trace, layer_name, shortest};
use crate::engine::cell::State;
use crate::engine::network::{Layer, LayerStep};
use crate::scenario::text::Text;

/// Writes the trace: time, label, features, every hidden state and cell state, outputs, claims and whether they hold.
///
/// A value that is not there, or is no finite number, is an empty cell.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    let scenario = trace.scenario;
    let mut header = vec!["t".to_owned(), "label".to_owned()];
    let named = |name: &Text| name.get(FOR_PROGRAMS).to_owned();
    header.extend(scenario.features.iter().map(named));
    for (l, (layer, names)) in scenario.network.layers.iter().zip(&scenario.names).enumerate() {
        let name = layer_name(scenario, l);
        if layer.is_recurrent() {
            header.extend(names.outputs.iter().map(|unit| format!("{name}.{}", named(unit))));
        }
        if let Layer::Lstm(_) = layer {
            header.extend(names.units.iter().map(|unit| format!("{name}.{}.cell", named(unit))));
        }
    }
    header.extend(scenario.output_names().iter().map(|unit| format!("output.{}", named(unit))));
    header.extend(scenario.output_names().iter().map(|unit| format!("expected.{}", named(unit))));
    header.push("holds".into());
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(unique(header)).map_err(of_writer)?;
    let outputs = scenario.output_names().len();
    for step in trace.steps() {
        let mut record = vec![step.t.to_string(), scenario.label(step.t).map(named).unwrap_or_default()];
        record.extend(scenario.inputs.row(step.t).iter().map(|&x| cell(x)));
        for (layer, done) in scenario.network.layers.iter().zip(&step.layers) {
            if layer.is_recurrent() {
                record.extend(cells(layer.outputs(), states(done.as_ref(), |state| &state.hidden)));
            }
            if let Layer::Lstm(_) = layer {
                record.extend(cells(layer.units(), states(done.as_ref(), |state| &state.cell)));
            }
        }
        record.extend(cells(outputs, step.output().unwrap_or_default().iter().copied()));
        match scenario.claim(&step) {
            Some(claim) => {
                record.extend(claim.values.iter().map(|&claimed| cell(claimed)));
                record.push(claim.holds().to_string());
            }
            None => record.extend(std::iter::repeat_n(String::new(), outputs + 1)),
        }
        writer.write_record(&record).map_err(of_writer)?;
    }
    writer.flush()
}

/// What the writer under the CSV writer gave, with its kind: a closed pipe is no failure.
fn of_writer(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// The states a layer's passes carry out of a step, joined; none where it is not computed.
fn states(done: Option<&LayerStep>, of: impl Fn(&State) -> &Vec<f64>) -> impl Iterator<Item = f64> {
    done.into_iter().flat_map(|step| &step.passes).flat_map(move |step| of(&step.after)).copied()
}

/// So many cells, of which those without a value are empty.
fn cells(count: usize, values: impl Iterator<Item = f64>) -> impl Iterator<Item = String> {
    values.map(cell).chain(std::iter::repeat(String::new())).take(count)
}

/// The names of the columns, where one that is there already gets a number: `h`, `h (2)`.
fn unique(names: Vec<String>) -> Vec<String> {
    let mut taken = HashSet::with_capacity(names.len());
    let mut last_number: HashMap<String, usize> = HashMap::new();
    let free = |name: String| {
        let mut free = name.clone();
        while !taken.insert(free.clone()) {
            let number = last_number.entry(name.clone()).or_insert(1);
            *number += 1;
            free = format!("{name} ({number})");
        }
        free
    };
    names.into_iter().map(free).collect()
}

fn cell(v: f64) -> String {
    if v.is_finite() { shortest(v) } else { String::new() }
}
