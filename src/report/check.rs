//! What `celda check` says of a good file: a line of what is in it, and a warning per claim that does not hold.

use crate::engine::network::NetworkStep;
use crate::scenario::fault::{Fault, Faults, Severity};
use crate::scenario::load::Loaded;
use crate::scenario::schema::count;
use crate::scenario::text::{Lines, printable};
use crate::scenario::{Claim, Scenario};

use super::shortest;

/// A good file's line, and its warnings.
pub struct Verdict {
    /// `intro: 4 timesteps, 1 layer; 2 of 4 claims hold`.
    pub line: String,
    /// The claims that do not hold.
    pub warnings: Faults,
}

/// Runs a scenario and compares it with what it claims.
pub fn check(loaded: &Loaded) -> Verdict {
    let scenario = &loaded.scenario;
    let mut line = format!(
        "{}: {}, {}, {}, {}",
        printable(&loaded.source.name, Lines::One),
        count(scenario.timesteps(), "timestep"),
        count(scenario.features.len(), "feature"),
        count(scenario.network.layers.len(), "layer"),
        count(scenario.output_names().len(), "output"),
    );
    let Some(expected) = &scenario.expected else { return Verdict { line, warnings: Faults::default() } };
    let (mut claims, mut hold) = (0, 0);
    let mut warnings = Faults::default();
    for step in scenario.timeline().into_steps() {
        let Some(claim) = scenario.claim(&step) else { continue };
        claims += claim.each.iter().flatten().count();
        hold += claim.each.iter().filter(|holds| **holds == Some(true)).count();
        if claim.holds() {
            continue;
        }
        warnings.push(|| Fault {
            severity: Severity::Warning,
            ..Fault::at(
                &loaded.source,
                expected.spans[step.t].clone(),
                format!("at t = {}: {}", step.t, failing(scenario, &step, &claim).join("; ")),
                "correct the value, or leave it: the stepper marks the timestep",
            )
        });
    }
    line.push_str(&format!("; claims that hold: {hold} of {claims}"));
    Verdict { line, warnings }
}

/// What is said of each value that does not hold.
fn failing(scenario: &Scenario, step: &NetworkStep, claim: &Claim) -> Vec<String> {
    let failing = claim.each.iter().zip(&claim.values).enumerate().filter(|(_, (holds, _))| **holds == Some(false));
    failing
        .map(|(i, (_, claimed))| {
            let computed = step.output().map_or(f64::NAN, |y| y[i]);
            let name = if claim.values.len() > 1 { format!("{} ", scenario.output_names()[i]) } else { String::new() };
            format!("expected output {name}is {}, but the network computes {}", shortest(*claimed), shortest(computed))
        })
        .collect()
}
