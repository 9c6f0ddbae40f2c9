//! The trace as text: the worked arithmetic of every unit at every timestep.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Terms, Trace};
use crate::app::settings::Settings;
use crate::engine::cell::GateName;
use crate::engine::network::NetworkStep;
use crate::engine::weighted_sum::Term;
use crate::view::equation::Equation;
use crate::view::number::{Numbers, aligned};
use crate::view::panel::left;
use crate::view::symbols;
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
            let Some(equation) = Equation::new(layer, done, unit, t, numbers, words) else { continue };
            writeln!(out, "{:indent$}{}", "", equation.text(equation.terms().min(MOST_TERMS)))?;
            if trace.terms == Terms::Listed {
                let terms = layer.terms(done, GateName::Hidden, unit);
                let sources: Vec<String> =
                    terms.iter().map(|term| symbols::source(term.source, t, layer.units(), words)).collect();
                write_terms(&terms, &sources, indent + 2, numbers, out)?;
            }
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
