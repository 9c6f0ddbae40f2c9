//! The trace as Markdown: a hand-out of the inputs, the layers and the worked arithmetic, CommonMark with GitHub's tables.

use std::io::{self, Write};

use super::Trace;
use super::worked::{self, Entry, Line, TermTable, Worked};
use crate::engine::network::{Direction, NetworkStep};

/// Writes the trace.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    let worked = Worked::new(trace);
    writeln!(out, "# {}", escape(trace.scenario.title.get(trace.language)))?;
    if let Some(description) = &trace.scenario.description {
        writeln!(out, "\n{}", paragraphs(description.get(trace.language)))?;
    }
    write_inputs(&worked, out)?;
    write_layers(&worked, out)?;
    writeln!(out, "\n## {}", worked.words.step_by_step)?;
    for (step, remark) in worked.steps() {
        write_step(&worked, &step, out)?;
        if let Some(remark) = remark {
            writeln!(out, "\n**! {}**", escape(&remark))?;
        }
    }
    Ok(())
}

fn write_inputs(worked: &Worked<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n", worked.words.input)?;
    let headings = worked.headings();
    write_row(headings.iter().map(|heading| escape(heading)), out)?;
    let is_labels = |column: usize| column == 1 && worked.trace.scenario.labels.is_some();
    let alignments = (0..headings.len()).map(|column| if is_labels(column) { ":---" } else { "---:" }.to_owned());
    write_row(alignments, out)?;
    for (step, _) in worked.steps() {
        let entry = |entry: &Entry| match entry {
            Entry::Nothing => String::new(),
            Entry::Number(number) => minus(number),
            Entry::Name(name) => escape(name),
            Entry::Claim(claimed, holds) => format!("{} {}", mark(*holds), minus(claimed)),
        };
        write_row(worked.row(&step).iter().map(entry), out)?;
    }
    Ok(())
}

fn write_layers(worked: &Worked<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n", worked.words.the_layers)?;
    for (l, layer) in worked.trace.scenario.network.layers.iter().enumerate() {
        writeln!(out, "- **{}** · {}", escape(&worked.layer_name(l)), escape(&worked.layer_summary(layer)))?;
        for equation in worked.letters(layer) {
            writeln!(out, "  - {}", code(&equation))?;
        }
        for (direction, states) in worked.initial(layer) {
            let backward = if direction == Direction::Backward { format!("{}: ", worked.words.backward) } else { String::new() };
            writeln!(out, "  - {backward}{}: {}", worked.words.initial_state, codes(&states))?;
        }
    }
    Ok(())
}

fn write_step(worked: &Worked<'_>, step: &NetworkStep, out: &mut impl Write) -> io::Result<()> {
    let scenario = worked.trace.scenario;
    let label =
        scenario.label(step.t).map(|label| format!(" · {}", escape(label.get(worked.trace.language)))).unwrap_or_default();
    writeln!(out, "\n### t = {}{label}\n", step.t)?;
    writeln!(out, "- {}", code(&worked.input(step.t)))?;
    for (l, (layer, done)) in scenario.network.layers.iter().zip(&step.layers).enumerate() {
        if scenario.network.layers.len() > 1 {
            writeln!(out, "\n**{}**\n", escape(&worked.layer_title(l)))?;
        }
        let Some(done) = done else {
            writeln!(out, "*{}*", worked.words.only_last)?;
            continue;
        };
        for line in worked.lines(layer, done, step.t) {
            match line {
                Line::Backward => writeln!(out, "\n*{}:*\n", worked.words.backward)?,
                Line::Equation(tokens, terms) => {
                    writeln!(out, "- {}", code(&worked::text(&tokens)))?;
                    if let Some(terms) = terms {
                        write_terms(worked, &terms, out)?;
                    }
                }
                Line::Carried(carried) => {
                    let to = carried.to.map(|t| format!(" t = {t}")).unwrap_or_default();
                    writeln!(out, "- {}, {}{to}", codes(&carried.states), carried.words)?;
                }
            }
        }
    }
    for claim in worked.claims(step) {
        writeln!(out, "\n{} {}", mark(claim.holds), worked.claim_text(&claim, escape, minus))?;
    }
    Ok(())
}

fn write_terms(worked: &Worked<'_>, terms: &TermTable, out: &mut impl Write) -> io::Result<()> {
    let words = worked.words;
    writeln!(out)?;
    write_row(["", words.weight, words.value, words.product].into_iter().map(str::to_owned), out)?;
    write_row([":---", "---:", "---:", "---:"].into_iter().map(str::to_owned), out)?;
    for row in &terms.rows {
        write_row(row.iter().map(|entry| escape(&minus(entry))), out)?;
    }
    let [symbol, total] = terms.total.each_ref().map(|entry| escape(&minus(entry)));
    write_row([symbol, String::new(), String::new(), format!("**{total}**")].into_iter(), out)?;
    writeln!(out)
}

fn write_row(entries: impl Iterator<Item = String>, out: &mut impl Write) -> io::Result<()> {
    write!(out, "|")?;
    for entry in entries {
        write!(out, " {entry}{}|", if entry.is_empty() { "" } else { " " })?;
    }
    writeln!(out)
}

const fn mark(holds: bool) -> &'static str {
    if holds { "✓" } else { "✗" }
}

/// Arithmetic as a span of code, in which nothing has to be escaped.
fn code(equation: &str) -> String {
    format!("`{}`", minus(equation))
}

fn codes(equations: &[String]) -> String {
    equations.iter().map(|equation| code(equation)).collect::<Vec<_>>().join(", ")
}

/// Arithmetic with a minus that is as wide as its plus; in an exponent it stays as it is.
fn minus(text: &str) -> String {
    let before = [' '].into_iter().chain(text.chars());
    text.chars().zip(before).map(|(c, before)| if c == '-' && before != 'e' { '−' } else { c }).collect()
}

/// Lines of text from a scenario, of which none begins a list, a heading or a block of code.
fn paragraphs(text: &str) -> String {
    let line = |line: &str| {
        let line = escape(line);
        match line.find(|c: char| !c.is_ascii_digit()) {
            Some(0) if line.starts_with(['-', '+', '=']) => format!("\\{line}"),
            Some(end) if end > 0 && line[end..].starts_with(['.', ')']) => format!("{}\\{}", &line[..end], &line[end..]),
            _ => line,
        }
    };
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A text from a scenario on one line, in which nothing is markup, an entity, a link, a formula or the end of a cell.
fn escape(text: &str) -> String {
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        // What begins an address that would be linked without any markup.
        let is_scheme = text[i..].starts_with("://");
        let is_host = c == '.' && i.checked_sub(3).and_then(|at| text.get(at..i)).is_some_and(|w| w.eq_ignore_ascii_case("www"));
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '&' | '|' | '~' | '$' => escaped.extend(['\\', c]),
            _ if is_scheme || is_host => escaped.extend(['\\', c]),
            // A mail address is linked even behind a backslash; nothing is seen of the word joiner that parts it.
            '@' => escaped.push_str("@\u{2060}"),
            '\n' | '\r' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
