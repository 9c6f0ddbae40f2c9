//! The computed steps as text, CSV, JSON, Markdown or LaTeX, and a frame as text or a picture; writes to any `io::Write`.

pub mod check;
pub mod csv;
pub mod frame;
pub mod json;
pub mod latex;
pub mod markdown;
pub mod plain;
pub mod rows;
pub mod svg;
pub mod text;
pub mod worked;

use std::ops::RangeInclusive;

use crate::engine::network::NetworkStep;
use crate::scenario::Scenario;
use crate::scenario::text::Language;
use crate::view::number::Numbers;

/// The language of the formats for programs: what a script reads does not change with the locale of the machine.
pub const FOR_PROGRAMS: Language = Language::En;

/// Whether each term of each weighted sum is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Sums only.
    Summed,
    /// Every term (`--terms`).
    Listed,
}

/// What to report: a scenario's steps, from where to where.
pub struct Trace<'s> {
    /// The scenario.
    pub scenario: &'s Scenario,
    /// The first and the last timestep reported.
    pub range: RangeInclusive<usize>,
    /// Whether terms are listed.
    pub terms: Terms,
    /// The language of the words in it.
    pub language: Language,
    /// How the formats that are read by people write numbers; those for programs give all their digits.
    pub numbers: Numbers,
}

impl Trace<'_> {
    /// The steps reported, computed one after the other.
    pub fn steps(&self) -> impl Iterator<Item = NetworkStep> {
        let (first, last) = self.range.clone().into_inner();
        self.scenario.timeline().into_steps().take(last.saturating_add(1)).skip(first)
    }
}

/// The name of a layer, counted from 0, for programs: `layer 1` for the first where the file gives none.
fn layer_name(scenario: &Scenario, layer: usize) -> String {
    scenario.layer_name(layer, FOR_PROGRAMS).map_or_else(|| format!("layer {}", layer + 1), str::to_owned)
}

/// The shortest digits that read back as the same number: `69`, `-13.9`, `-0.0`, which keeps its sign, and `1e300`
/// where it would be longer than 17 characters.
pub fn shortest(value: f64) -> String {
    if value == 0.0 && value.is_sign_negative() {
        return "-0.0".into();
    }
    let (plain, scientific) = (format!("{value}"), format!("{value:e}"));
    if plain.len() <= scientific.len() || plain.len() <= 17 { plain } else { scientific }
}
