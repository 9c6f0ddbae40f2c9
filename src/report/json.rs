//! The trace as JSON, format `celda.trace/1`: every input, sum, activation and state.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use super::{FOR_PROGRAMS, Terms, Trace, layer_name, shortest};
use crate::engine::cell::{Cell, Gate, GateName, State, Step};
use crate::engine::network::{Layer, LayerStep, NetworkStep};
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
            name: layer_name(scenario, l),
            kind: layer.kind(),
            inputs: layer.inputs(),
            units: layer.units(),
            outputs: Some(layer.outputs()).filter(|&outputs| outputs != layer.units()),
            direction: Some(layer.direction()).filter(|&direction| direction != "forward"),
        })
        .collect();
    write!(out, "{{\"format\": \"{FORMAT}\", \"title\": ")?;
    value(&scenario.title.get(FOR_PROGRAMS), out)?;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
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
#[serde(untagged)]
enum LayerStepEntry<'t> {
    OneWay(PassEntry<'t>),
    BothWays { forward: Box<PassEntry<'t>>, backward: Box<PassEntry<'t>>, output: &'t [f64] },
}

#[derive(Serialize)]
struct PassEntry<'t> {
    input: &'t [f64],
    gates: Pass<'t>,
    #[serde(skip_serializing_if = "Option::is_none")]
    projection: Option<GateEntry<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden_before: Option<&'t [f64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<&'t [f64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell_before: Option<&'t [f64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<&'t [f64]>,
    output: &'t [f64],
}

/// One pass of a layer at one timestep, which is written as its gates by name.
#[derive(Clone, Copy)]
struct Pass<'t> {
    cell: &'t dyn Cell,
    step: &'t Step,
    terms: Terms,
}

#[derive(Serialize)]
struct GateEntry<'t> {
    sum: &'t [f64],
    output: &'t [f64],
    #[serde(skip_serializing_if = "Option::is_none")]
    recurrent: Option<SumEntry<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Vec<Vec<TermEntry>>>,
}

/// The recurrent part of a candidate, which has no activation of its own.
#[derive(Serialize)]
struct SumEntry<'t> {
    sum: &'t [f64],
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
            label: scenario.label(step.t).map(|label| label.get(FOR_PROGRAMS)),
            input: scenario.inputs.row(step.t).to_vec(),
            layers: layers.map(|(layer, done)| Some(LayerStepEntry::new(layer, done.as_ref()?, trace.terms))).collect(),
            output: step.output(),
            holds: claim.as_ref().map(Claim::holds),
            expected: claim.map(|claim| claim.values),
        }
    }
}

impl<'t> LayerStepEntry<'t> {
    fn new(layer: &'t Layer, layer_step: &'t LayerStep, terms: Terms) -> Self {
        let pass = |number: usize| Pass { cell: layer.cell(number), step: &layer_step.passes[number], terms }.entry(layer);
        match layer.passes() {
            1 => Self::OneWay(pass(0)),
            _ => Self::BothWays { forward: pass(0).into(), backward: pass(1).into(), output: &layer_step.output },
        }
    }
}

impl<'t> Pass<'t> {
    fn entry(self, layer: &Layer) -> PassEntry<'t> {
        let step = self.step;
        let hidden = |state: &'t State| layer.is_recurrent().then_some(state.hidden.as_slice());
        let cell = |state: &'t State| matches!(layer, Layer::Lstm(_)).then_some(state.cell.as_slice());
        PassEntry {
            input: &step.input,
            gates: self,
            projection: step.gate(GateName::Projection).map(|gate| self.gate(gate)),
            hidden_before: hidden(&step.before),
            hidden: hidden(&step.after),
            cell_before: cell(&step.before),
            cell: cell(&step.after),
            output: &step.output,
        }
    }

    fn gate(self, gate: &'t Gate) -> GateEntry<'t> {
        let recurrent = self.step.gate(GateName::Recurrent).filter(|_| gate.name == GateName::Candidate);
        GateEntry {
            sum: &gate.sum,
            output: &gate.output,
            recurrent: recurrent.map(|part| SumEntry { sum: &part.sum, terms: self.terms(part) }),
            terms: self.terms(gate),
        }
    }

    fn terms(self, gate: &Gate) -> Option<Vec<Vec<TermEntry>>> {
        let entry = |term: Term| TermEntry {
            source: term.source.to_string(),
            value: term.value,
            weight: term.weight,
            product: term.product,
        };
        let of_unit = |unit| self.cell.terms(self.step, gate.name, unit).into_iter().map(entry).collect();
        (self.terms == Terms::Listed).then(|| (0..gate.sum.len()).map(of_unit).collect())
    }
}

impl Serialize for Pass<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let gates = self.step.gates.iter().filter(|gate| gate.name.is_gate());
        serializer.collect_map(gates.map(|gate| (gate.name.name(), self.gate(gate))))
    }
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
