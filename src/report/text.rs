//! The trace as text: the worked arithmetic of every unit at every timestep.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Terms, Trace};
use crate::app::settings::Settings;
use crate::engine::cell::GateName;
use crate::engine::network::{Direction, NetworkStep, Place};
use crate::engine::weighted_sum::Term;
use crate::view::equation::{Cell, Equation};
use crate::view::mix;
use crate::view::number::{Numbers, aligned};
use crate::view::panel::left;
use crate::view::symbols::Symbols;
use crate::view::text::words;

/// The most terms of an equation written out; the others stand as one.
const MOST_TERMS: usize = 24;

/// Writes the trace.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", trace.scenario.title.get(trace.language))?;
    let (first, last) = trace.range.clone().into_inner();
    let mut overflow = None;
    let mut said = false;
    // Those before the first that is printed are looked at too: an overflow in them is why later values are not finite.
    for step in trace.scenario.timeline().into_steps().take(last.saturating_add(1)) {
        overflow = overflow.or_else(|| step.first_overflow().map(|place| (step.t, place)));
        if step.t < first {
            continue;
        }
        writeln!(out)?;
        write_step(trace, &step, out)?;
        if let (false, Some((t, (layer, unit)))) = (said, overflow) {
            said = true;
            let words = words(trace.language);
            let names = &trace.scenario.names[layer];
            let name = words.layer_name(names.layer.as_deref(), layer);
            writeln!(out, "  ! {}: {name}, {}, t = {t}", words.overflow, names.units[unit])?;
        }
    }
    Ok(())
}

fn write_step(trace: &Trace<'_>, step: &NetworkStep, out: &mut impl Write) -> io::Result<()> {
    let settings = Settings::default();
    let numbers = Numbers::new(&settings);
    let words = words(trace.language);
    let scenario = trace.scenario;
    let t = step.t;
    let row: Vec<String> = scenario.inputs.row(t).iter().map(|&x| numbers.write(x)).collect();
    let label = scenario.label(t).map(|label| format!("  {label}")).unwrap_or_default();
    writeln!(out, "t = {t}{label}  ({})", row.join(", "))?;
    for (l, (layer, done)) in scenario.network.layers.iter().zip(&step.layers).enumerate() {
        let several = scenario.network.layers.len() > 1;
        let given = &scenario.names[l].layer;
        if several {
            let name = given.clone().map(|name| format!(" {name}")).unwrap_or_default();
            writeln!(out, "  {} {}{name} ({})", words.layer, l + 1, words.kind(layer))?;
        }
        let indent = if several { 4 } else { 2 };
        let Some(done) = done else {
            writeln!(out, "{:indent$}{}", "", words.only_last)?;
            continue;
        };
        for unit in 0..layer.units() {
            let at = Cell { layer, step: done, place: layer.place(unit), t };
            let direction = layer.pass(at.place.pass).0;
            if direction == Direction::Backward && at.place.unit == 0 {
                writeln!(out, "{:indent$}{}:", "", words.backward)?;
            }
            write_unit(trace, &at, indent, numbers, out)?;
        }
    }
    if let Some(claim) = scenario.claim(step) {
        let source = scenario.expected.as_ref().and_then(|expected| expected.source.as_ref());
        let source = source.map(|source| format!(" ({})", source.get(trace.language))).unwrap_or_default();
        for (i, (claimed, holds)) in claim.values.iter().zip(&claim.each).enumerate() {
            let Some(holds) = holds else { continue };
            let mark = if *holds { "✓" } else { "✗" };
            let name = if claim.values.len() > 1 { format!("{}: ", scenario.output_names()[i]) } else { String::new() };
            let computed = step.output().map_or_else(|| "–".into(), |y| numbers.write(y[i]));
            let claimed = if *holds { numbers.write(*claimed) } else { numbers.apart_from(*claimed, &computed) };
            writeln!(out, "  {mark} {name}{} {computed}, {} {claimed}{source}", words.computed, words.claimed)?;
        }
    }
    Ok(())
}

/// Writes the equations of a unit: of each gate, then of what the gates give; a projection, which mixes all units, after
/// the last of its pass.
fn write_unit(trace: &Trace<'_>, at: &Cell<'_>, indent: usize, numbers: Numbers, out: &mut impl Write) -> io::Result<()> {
    let words = words(trace.language);
    let cell = at.layer.cell(at.place.pass);
    let (sums, projections): (Vec<GateName>, Vec<GateName>) =
        at.layer.gates(at.place.pass).iter().partition(|&&gate| gate != GateName::Projection);
    for gate in sums {
        write_gate(trace, at, gate, indent, numbers, out)?;
    }
    for mix in at.layer.mixes(at.step, at.place) {
        writeln!(out, "{:indent$}{}", "", mix::text(at, &mix, numbers, words))?;
    }
    if at.place.unit + 1 < cell.units() {
        return Ok(());
    }
    for gate in projections {
        for unit in 0..cell.outputs() {
            let at = Cell { place: Place { unit, ..at.place }, ..*at };
            write_gate(trace, &at, gate, indent, numbers, out)?;
        }
    }
    Ok(())
}

fn write_gate(
    trace: &Trace<'_>,
    at: &Cell<'_>,
    gate: GateName,
    indent: usize,
    numbers: Numbers,
    out: &mut impl Write,
) -> io::Result<()> {
    let words = words(trace.language);
    let Some(equation) = Equation::new(at, gate, numbers, words) else { return Ok(()) };
    writeln!(out, "{:indent$}{}", "", equation.text(equation.terms().min(MOST_TERMS)))?;
    if trace.terms == Terms::Listed {
        let terms = at.layer.terms(at.step, at.place, gate);
        let symbols = Symbols::new(at.layer, at.place.pass, at.t, words);
        let sources: Vec<String> = terms.iter().map(|term| symbols.source(term.source)).collect();
        write_terms(&terms, &sources, indent + 2, numbers, out)?;
    }
    Ok(())
}

fn write_terms(terms: &[Term], sources: &[String], indent: usize, numbers: Numbers, out: &mut impl Write) -> io::Result<()> {
    let column = |value: &dyn Fn(&Term) -> f64| aligned(&terms.iter().map(|term| numbers.write(value(term))).collect::<Vec<_>>());
    let (weights, values, products) = (column(&|t| t.weight), column(&|t| t.value), column(&|t| t.product));
    let widest = sources.iter().map(|source| source.width()).max().unwrap_or(0);
    for (((source, weight), value), product) in sources.iter().zip(&weights).zip(&values).zip(&products) {
        let line = format!("{:indent$}{} {weight} · {value} = {product}", "", left(source, widest));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
