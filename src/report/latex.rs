//! The trace as LaTeX: a hand-out of the inputs, the layers and the worked arithmetic, for pdflatex with amsmath and booktabs.

mod escape;
mod math;
mod table;

use std::io::{self, Write};

use self::escape::{escape, paragraphs};
use self::math::{BREAK, joined, math};
use self::table::{Column, Sheet};
use super::Trace;
use super::worked::{Entry, Line, TermTable, Worked};
use crate::engine::network::{Direction, NetworkStep};
use crate::view::equation::Token;

/// The class, the packages and the commands. The text area fits on A4 and on letter paper; equations break only where
/// [`BREAK`] stands, and no word is hyphenated, since LaTeX is not told the language. `\worked` sets the two sides of an
/// equation, the signs of equality below each other, the right side's further lines below its first.
const PREAMBLE: &str = r"\documentclass[a4paper]{article}
\usepackage{amsmath}
\usepackage{booktabs}
\setlength{\textwidth}{170mm}
\setlength{\oddsidemargin}{-5.4mm}
\setlength{\textheight}{245mm}
\setlength{\topmargin}{-8mm}
\setlength{\headheight}{0pt}
\setlength{\headsep}{0pt}
\setlength{\footskip}{9mm}
\raggedright
\raggedbottom
\setlength{\parskip}{2pt plus 1pt}
\hyphenpenalty=10000
\relpenalty=10000
\binoppenalty=10000
\newlength{\lefthand}
\newcommand{\worked}[2]{\par\hangindent=\lefthand\hangafter=1\makebox[\lefthand][r]{$#1$}${}#2$\par}
\newcommand{\aside}[1]{\par\hangindent=\lefthand\hangafter=1\makebox[\lefthand][r]{}#1\par}
\newcommand{\holds}{\begin{picture}(8,7)\thicklines\qbezier(1,3)(2,1.75)(3,0.5)\qbezier(3,0.5)(5,3.5)(7,6.5)\end{picture}}
\newcommand{\fails}{\begin{picture}(8,7)\thicklines\qbezier(1.5,1)(4,3.5)(6.5,6)\qbezier(1.5,6)(4,3.5)(6.5,1)\end{picture}}
";

/// Writes the trace.
///
/// # Errors
///
/// What the writer gives.
pub fn write(trace: &Trace<'_>, out: &mut impl Write) -> io::Result<()> {
    let worked = Worked::new(trace);
    let most_units = trace.scenario.network.layers.iter().map(|layer| layer.units().max(layer.outputs())).max().unwrap_or(1);
    let widest = if most_units > 1 { format!("m_{{{most_units}}}") } else { "m".into() };
    writeln!(out, "{PREAMBLE}\\begin{{document}}")?;
    writeln!(out, "\\settowidth{{\\lefthand}}{{${widest}({})$}}", trace.range.end())?;
    writeln!(out, "{{\\LARGE\\bfseries {}\\par}}", escape(trace.scenario.title.get(trace.language)))?;
    if let Some(description) = &trace.scenario.description {
        writeln!(out, "\\medskip\n{}", paragraphs(description.get(trace.language)))?;
    }
    write_inputs(&worked, out)?;
    write_layers(&worked, out)?;
    writeln!(out, "\\section*{{{}}}", escape(worked.words.step_by_step))?;
    for (step, remark) in worked.steps() {
        write_step(&worked, &step, out)?;
        if let Some(remark) = remark {
            writeln!(out, "\\aside{{\\textbf{{! {}}}}}", escape(&remark))?;
        }
    }
    writeln!(out, "\\end{{document}}")
}

fn write_inputs(worked: &Worked<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\\section*{{{}}}", escape(worked.words.input))?;
    let fixed = if worked.trace.scenario.labels.is_some() { 2 } else { 1 };
    let names = worked.headings();
    let headings: Vec<String> = ["$t$".to_owned()].into_iter().chain(names.iter().skip(1).map(|name| escape(name))).collect();
    let mut rows: Vec<Vec<Entry>> = Vec::with_capacity(table::MOST_ROWS);
    let mut write_rows = |rows: &mut Vec<Vec<Entry>>| {
        let mut columns: Vec<Column> = headings.iter().map(|heading| Column::new(heading.clone())).collect();
        for row in rows.drain(..) {
            columns.iter_mut().zip(row).for_each(|(column, entry)| column.push(entry));
        }
        Sheet { columns, fixed }.write(out)
    };
    for (step, _) in worked.steps() {
        rows.push(worked.row(&step));
        if rows.len() == table::MOST_ROWS {
            write_rows(&mut rows)?;
        }
    }
    if rows.is_empty() { Ok(()) } else { write_rows(&mut rows) }
}

fn write_layers(worked: &Worked<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\\section*{{{}}}", escape(worked.words.the_layers))?;
    for (l, layer) in worked.trace.scenario.network.layers.iter().enumerate() {
        let (name, summary) = (escape(&worked.layer_name(l)), escape(&worked.layer_summary(layer)));
        writeln!(out, "\\par\\smallskip\\textbf{{{name}}} {} {summary}\\par", escape("·"))?;
        for equation in worked.letters(layer) {
            write_equation(&equation, out)?;
        }
        for (direction, states) in worked.initial(layer) {
            let backward = if direction == Direction::Backward { format!("{}: ", worked.words.backward) } else { String::new() };
            let words = escape(&format!("{backward}{}:", worked.words.initial_state));
            writeln!(out, "\\aside{{{words} {}}}", maths(&states))?;
        }
    }
    Ok(())
}

fn write_step(worked: &Worked<'_>, step: &NetworkStep, out: &mut impl Write) -> io::Result<()> {
    let scenario = worked.trace.scenario;
    let label =
        scenario.label(step.t).map(|label| format!("\\quad {}", escape(label.get(worked.trace.language)))).unwrap_or_default();
    writeln!(out, "\\subsection*{{\\boldmath$t = {}${label}}}", step.t)?;
    write_equation(&worked.input(step.t), out)?;
    for (l, (layer, done)) in scenario.network.layers.iter().zip(&step.layers).enumerate() {
        if scenario.network.layers.len() > 1 {
            writeln!(out, "\\par\\medskip\\textbf{{{}}}\\nopagebreak", escape(&worked.layer_title(l)))?;
        }
        let Some(done) = done else {
            writeln!(out, "\\aside{{\\textit{{{}}}}}", escape(worked.words.only_last))?;
            continue;
        };
        for line in worked.lines(layer, done, step.t) {
            match line {
                Line::Backward => writeln!(out, "\\par\\smallskip\\textit{{{}:}}\\nopagebreak", escape(worked.words.backward))?,
                Line::Equation(tokens, terms) => {
                    write_tokens(&tokens, out)?;
                    if let Some(terms) = terms {
                        write_terms(worked, &terms, out)?;
                    }
                }
                Line::Carried(carried) => {
                    let to = carried.to.map(|t| format!(" $t = {t}$")).unwrap_or_default();
                    writeln!(out, "\\aside{{{}, {}{to}}}", maths(&carried.states), escape(carried.words))?;
                }
            }
        }
    }
    for claim in worked.claims(step) {
        let text = worked.claim_text(&claim, escape, |number| format!("${}$", math(number)));
        writeln!(out, "\\aside{{{} {text}}}", mark(claim.holds))?;
    }
    Ok(())
}

/// An equation that is written already, which may break after the commas of a vector.
fn write_equation(equation: &str, out: &mut impl Write) -> io::Result<()> {
    let (left, right) = equation.split_once(" = ").unwrap_or(("", equation));
    writeln!(out, "\\worked{{{}}}{{={}}}", math(left), vector(right))
}

/// An equation that may break between its tokens, of which the first begins with its left side.
fn write_tokens(tokens: &[Token], out: &mut impl Write) -> io::Result<()> {
    let mut pieces = tokens.iter().map(|token| token.iter().map(|(text, _)| text.as_str()).collect::<String>());
    let first = pieces.next().unwrap_or_default();
    let (left, rest) = first.split_at(first.find(" = ").unwrap_or(first.len()));
    let right = [rest.to_owned()].into_iter().chain(pieces).filter(|piece| !piece.is_empty());
    writeln!(out, "\\worked{{{}}}{{{}}}", math(left), joined(right))
}

fn write_terms(worked: &Worked<'_>, terms: &TermTable, out: &mut impl Write) -> io::Result<()> {
    let words = worked.words;
    let headings = ["", words.weight, words.value, words.product];
    let chunks = terms.rows.chunks(table::MOST_ROWS);
    let last = chunks.len().saturating_sub(1);
    for (i, chunk) in chunks.enumerate() {
        let mut columns: Vec<Column> = headings.iter().map(|heading| Column::new(escape(heading))).collect();
        for row in chunk {
            columns.iter_mut().zip(row).for_each(|(column, entry)| column.push(Entry::Number(entry.clone())));
        }
        if i == last {
            let [symbol, total] = terms.total.clone();
            let row = [Entry::Number(symbol), Entry::Nothing, Entry::Nothing, Entry::Number(total)];
            columns.iter_mut().zip(row).for_each(|(column, entry)| column.push(entry));
        }
        table::write_terms(&columns, chunk.len(), out)?;
    }
    Ok(())
}

const fn mark(holds: bool) -> &'static str {
    if holds { "\\holds{}" } else { "\\fails{}" }
}

/// A vector or equation, which may break after its commas.
fn vector(text: &str) -> String {
    text.split(", ").map(math).collect::<Vec<_>>().join(&format!(",{BREAK}"))
}

fn maths(equations: &[String]) -> String {
    equations.iter().map(|equation| format!("${}$", vector(equation))).collect::<Vec<_>>().join(", ")
}
