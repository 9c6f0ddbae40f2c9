//! The trace as text: the worked arithmetic of every unit at every timestep.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Trace;
use super::worked::{self, Line, TermTable, Worked};
use crate::engine::network::NetworkStep;
use crate::view::number::aligned;
use crate::view::panel::left;

/// Writes the trace.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    let worked = Worked::new(trace);
    writeln!(out, "{}", trace.scenario.title.get(trace.language))?;
    for (step, remark) in worked.steps() {
        writeln!(out)?;
        write_step(&worked, &step, out)?;
        if let Some(remark) = remark {
            writeln!(out, "  ! {remark}")?;
        }
    }
    Ok(())
}

fn write_step(worked: &Worked<'_>, step: &NetworkStep, out: &mut impl Write) -> io::Result<()> {
    let scenario = worked.trace.scenario;
    write_heading(worked, step.t, out)?;
    for (l, (layer, done)) in scenario.network.layers.iter().zip(&step.layers).enumerate() {
        let several = scenario.network.layers.len() > 1;
        if several {
            writeln!(out, "  {}", worked.layer_title(l))?;
        }
        let indent = if several { 4 } else { 2 };
        let Some(done) = done else {
            writeln!(out, "{:indent$}{}", "", worked.words.only_last)?;
            continue;
        };
        for line in worked.lines(layer, done, step.t) {
            write_line(worked, &line, indent, out)?;
        }
    }
    write_claims(worked, step, out)
}

/// The timestep, its label and its inputs.
pub(super) fn write_heading(worked: &Worked<'_>, t: usize, out: &mut impl Write) -> io::Result<()> {
    let scenario = worked.trace.scenario;
    let row: Vec<String> = scenario.inputs.row(t).iter().map(|&x| worked.numbers.write(x)).collect();
    let label = scenario.label(t).map(|label| format!("  {}", label.get(worked.trace.language))).unwrap_or_default();
    writeln!(out, "t = {t}{label}  ({})", row.join(", "))
}

/// A line of a layer's arithmetic.
pub(super) fn write_line(worked: &Worked<'_>, line: &Line, indent: usize, out: &mut impl Write) -> io::Result<()> {
    match line {
        Line::Backward => writeln!(out, "{:indent$}{}:", "", worked.words.backward),
        Line::Equation(tokens, terms) => {
            writeln!(out, "{:indent$}{}", "", worked::text(tokens))?;
            terms.as_ref().map_or(Ok(()), |terms| write_terms(terms, indent + 2, out))
        }
        // The equations of the timestep that takes it over say it.
        Line::Carried(_) => Ok(()),
    }
}

/// What is claimed of the outputs of a timestep.
pub(super) fn write_claims(worked: &Worked<'_>, step: &NetworkStep, out: &mut impl Write) -> io::Result<()> {
    for claim in worked.claims(step) {
        let text = worked.claim_text(&claim, str::to_owned, str::to_owned);
        writeln!(out, "  {} {text}", if claim.holds { "✓" } else { "✗" })?;
    }
    Ok(())
}

fn write_terms(terms: &TermTable, indent: usize, out: &mut impl Write) -> io::Result<()> {
    let column = |number: usize| aligned(&terms.rows.iter().map(|row| row[number].clone()).collect::<Vec<_>>());
    let (weights, values, products) = (column(1), column(2), column(3));
    let widest = terms.rows.iter().map(|row| row[0].width()).max().unwrap_or(0);
    for (((row, weight), value), product) in terms.rows.iter().zip(&weights).zip(&values).zip(&products) {
        let line = format!("{:indent$}{} {weight} · {value} = {product}", "", left(&row[0], widest));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
