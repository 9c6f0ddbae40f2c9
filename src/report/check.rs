//! What `celda check` says of a good file: a line of what is in it, and a warning per claim that does not hold.

use crate::engine::network::NetworkStep;
use crate::scenario::fault::{Fault, Faults, Severity, called};
use crate::scenario::load::Loaded;
use crate::scenario::text::{Noun, Phrase, Text, both, count};
use crate::scenario::{Claim, Scenario};

use super::shortest;

/// A good file's line, and its warnings.
pub struct Verdict {
    /// `intro: 4 timesteps, 1 layer; 2 of 4 claims hold`.
    pub line: Text,
    /// The claims that do not hold.
    pub warnings: Faults,
}

/// Runs a scenario and compares it with what it claims.
pub fn check(loaded: &Loaded) -> Verdict {
    let scenario = &loaded.scenario;
    let line = both!(
        "{name}: {timesteps}, {features}, {layers}, {outputs}",
        "{name}: {timesteps}, {features}, {layers}, {outputs}",
        name = called(&loaded.source.name),
        timesteps = count(scenario.timesteps(), Noun::Timestep),
        features = count(scenario.features.len(), Noun::Feature),
        layers = count(scenario.network.layers.len(), Noun::Layer),
        outputs = count(scenario.output_names().len(), Noun::Output)
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
                failing(scenario, &step, &claim),
                Phrase {
                    en: "correct the value, or leave it: the stepper marks the timestep",
                    es: "corregir el valor, o dejarlo: la pantalla marca el paso de tiempo",
                },
            )
        });
    }
    let line =
        both!("{line}; claims that hold: {hold} of {claims}", "{line}; afirmaciones que se cumplen: {hold} de {claims}", line);
    Verdict { line, warnings }
}

/// What is said of the values of a timestep that do not hold.
fn failing(scenario: &Scenario, step: &NetworkStep, claim: &Claim) -> Text {
    let failing = claim.each.iter().zip(&claim.values).enumerate().filter(|(_, (holds, _))| **holds == Some(false));
    let failing: Vec<Text> = failing
        .map(|(i, (_, claimed))| {
            let computed = shortest(step.output().map_or(f64::NAN, |y| y[i]));
            let claimed = shortest(*claimed);
            let name = match scenario.output_names() {
                [_] => Text::same(""),
                several => both!("{name} ", "{name} ", name = several[i]),
            };
            both!(
                "expected output {name}is {claimed}, but the network computes {computed}",
                "la salida afirmada {name}es {claimed}, pero la red calcula {computed}",
                name
            )
        })
        .collect();
    let t = step.t;
    both!("at t = {t}: {failing}", "en t = {t}: {failing}", failing = Text::joined(&failing, "; "))
}
