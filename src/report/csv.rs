//! The trace as CSV: one row per timestep.

use std::io::{self, Write};

use super::Trace;
use super::shortest;

/// Writes the trace: time, label, features, every hidden state, outputs, claims and whether they hold.
///
/// A value that is not there, or is no finite number, is an empty cell.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    let scenario = trace.scenario;
    let recurrent: Vec<usize> = (0..scenario.names.len()).filter(|&l| scenario.network.layers[l].is_recurrent()).collect();
    let mut header = vec!["t".to_owned(), "label".to_owned()];
    header.extend(scenario.features.iter().cloned());
    for &l in &recurrent {
        let layer = scenario.layer_name(l);
        header.extend(scenario.names[l].units.iter().map(|unit| format!("{layer}.{unit}")));
    }
    header.extend(scenario.output_names().iter().map(|unit| format!("output.{unit}")));
    header.extend(scenario.output_names().iter().map(|unit| format!("expected.{unit}")));
    header.push("holds".into());
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(&header).map_err(of_writer)?;
    let outputs = scenario.output_names().len();
    for step in trace.steps() {
        let mut record = vec![step.t.to_string(), scenario.label(step.t).unwrap_or_default().to_owned()];
        record.extend(scenario.inputs.row(step.t).iter().map(|&x| cell(x)));
        for &l in &recurrent {
            record.extend(step.after[l].hidden.iter().map(|&h| cell(h)));
        }
        match step.output() {
            Some(output) => record.extend(output.iter().map(|&y| cell(y))),
            None => record.extend(std::iter::repeat_n(String::new(), outputs)),
        }
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

fn cell(v: f64) -> String {
    if v.is_finite() { shortest(v) } else { String::new() }
}
