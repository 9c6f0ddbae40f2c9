//! The trace as JSON, format `celda.trace/1`: every input, sum, activation and state.

use std::io::{self, Write};

use ndarray::Array1;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use super::{Terms, Trace, shortest};
use crate::engine::cell::{Gate, Step};
use crate::engine::network::{Layer, NetworkStep};
use crate::engine::weighted_sum::Term;
use crate::scenario::Claim;

/// The name and version of the format.
pub const FORMAT: &str = "celda.trace/1";

/// Writes the trace, a line per timestep.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    let scenario = trace.scenario;
    let layers: Vec<LayerEntry> = scenario
        .network
        .layers
        .iter()
        .enumerate()
        .map(|(l, layer)| LayerEntry {
            name: scenario.layer_name(l),
            kind: layer.kind(),
            inputs: layer.inputs(),
            units: layer.units(),
        })
        .collect();
    write!(out, "{{\"format\": \"{FORMAT}\", \"title\": ")?;
    value(&scenario.title.en, out)?;
    write!(out, ",\n \"layers\": ")?;
    value(&layers, out)?;
    write!(out, ",\n \"steps\": [")?;
    for (i, step) in trace.steps().enumerate() {
        write!(out, "{}\n  ", if i == 0 { "" } else { "," })?;
        value(&StepEntry::new(trace, &step), out)?;
    }
    writeln!(out, "]}}")
}

fn value(entry: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Spaced);
    entry.serialize(&mut serializer).map_err(io::Error::from)
}

#[derive(Serialize)]
struct LayerEntry {
    name: String,
    kind: &'static str,
    inputs: usize,
    units: usize,
}

#[derive(Serialize)]
struct StepEntry<'t> {
    t: usize,
    label: Option<&'t str>,
    input: Vec<f64>,
    layers: Vec<Option<LayerStepEntry<'t>>>,
    output: Option<&'t [f64]>,
    expected: Option<Vec<f64>>,
    holds: Option<bool>,
}

#[derive(Serialize)]
struct LayerStepEntry<'t> {
    input: &'t [f64],
    gates: Gates<'t>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden_before: Option<&'t [f64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<&'t [f64]>,
    output: &'t [f64],
}

/// The gates of a step by name.
struct Gates<'t> {
    layer: &'t Layer,
    step: &'t Step,
    terms: Terms,
}

#[derive(Serialize)]
struct GateEntry<'t> {
    sum: &'t [f64],
    output: &'t [f64],
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Vec<Vec<TermEntry>>>,
}

#[derive(Serialize)]
struct TermEntry {
    source: String,
    value: f64,
    weight: f64,
    product: f64,
}

impl<'t> StepEntry<'t> {
    fn new(trace: &'t Trace<'_>, step: &'t NetworkStep) -> Self {
        let scenario = trace.scenario;
        let claim = scenario.claim(step);
        let layers = scenario.network.layers.iter().zip(&step.layers);
        Self {
            t: step.t,
            label: scenario.label(step.t),
            input: scenario.inputs.row(step.t).to_vec(),
            layers: layers.map(|(layer, done)| Some(LayerStepEntry::new(layer, done.as_ref()?, trace.terms))).collect(),
            output: step.output().map(slice),
            holds: claim.as_ref().map(Claim::holds),
            expected: claim.map(|claim| claim.values),
        }
    }
}

impl<'t> LayerStepEntry<'t> {
    fn new(layer: &'t Layer, step: &'t Step, terms: Terms) -> Self {
        let state = |hidden: &'t Array1<f64>| layer.is_recurrent().then(|| slice(hidden));
        Self {
            input: slice(&step.input),
            gates: Gates { layer, step, terms },
            hidden_before: state(&step.before.hidden),
            hidden: state(&step.after.hidden),
            output: slice(&step.output),
        }
    }
}

impl Serialize for Gates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.step.gates.len()))?;
        for gate in &self.step.gates {
            let terms = (self.terms == Terms::Listed).then(|| self.terms_of(gate));
            map.serialize_entry(gate.name.name(), &GateEntry { sum: slice(&gate.sum), output: slice(&gate.output), terms })?;
        }
        map.end()
    }
}

impl Gates<'_> {
    fn terms_of(&self, gate: &Gate) -> Vec<Vec<TermEntry>> {
        let entry = |term: Term| TermEntry {
            source: term.source.to_string(),
            value: term.value,
            weight: term.weight,
            product: term.product,
        };
        let of_unit = |unit| self.layer.terms(self.step, gate.name, unit).into_iter().map(entry).collect();
        (0..gate.sum.len()).map(of_unit).collect()
    }
}

fn slice(array: &Array1<f64>) -> &[f64] {
    array.as_slice().unwrap_or_default()
}

/// JSON on one line with a space after each comma and colon, and numbers that read back as the same.
struct Spaced;

impl Formatter for Spaced {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(shortest(value).as_bytes())
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
