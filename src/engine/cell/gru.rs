//! The gated recurrent unit (Cho et al., 2014): `r, z = σ(W x + b + U h′ + b_r)`, `h = (1−z) ⊙ n + z ⊙ h′`, where the
//! candidate is `n = act(W x + b + r ⊙ (U h′ + b_r))`, or `n = act(W x + b + U (r ⊙ h′) + b_r)` with the reset before.

use super::{Cell, Factor, GateName, Mix, Quantity, Stage, State, Step};
use crate::engine::activation::Activation;
use crate::engine::weighted_sum::{Source, Term, WeightedSum};

/// A layer of GRU cells, as `torch.nn.GRU`, `keras.layers.GRU` and ONNX's `GRU` compute it: z is the share of h′ kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Gru {
    /// r.
    pub reset: WeightedSum,
    /// z.
    pub update: WeightedSum,
    /// n.
    pub candidate: Candidate,
    /// `act`, of n.
    pub activation: Activation,
    /// `σ`, of r and z.
    pub recurrent_activation: Activation,
    /// The hidden state before the first timestep, `[units]`.
    pub initial: State,
}

/// Where the reset gate acts on the candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Candidate {
    /// On what the recurrent weights give: PyTorch, Keras' `reset_after=True`, ONNX's `linear_before_reset=1`.
    ResetAfter {
        /// `W`, `b`.
        input: WeightedSum,
        /// `U`, `b_r`, whose inputs are the states.
        recurrent: WeightedSum,
    },
    /// On the hidden state, before the recurrent weights: the paper, Keras' `reset_after=False`, ONNX's default.
    ResetBefore(WeightedSum),
}

impl Cell for Gru {
    fn gates(&self) -> &'static [GateName] {
        use GateName::{Candidate as N, Recurrent, Reset, Update};
        match self.candidate {
            Candidate::ResetAfter { .. } => &[Reset, Update, Recurrent, N],
            Candidate::ResetBefore(_) => &[Reset, Update, N],
        }
    }

    fn sum(&self, gate: GateName) -> &WeightedSum {
        match (gate, &self.candidate) {
            (GateName::Update, _) => &self.update,
            (GateName::Recurrent, Candidate::ResetAfter { recurrent, .. }) => recurrent,
            (GateName::Candidate, Candidate::ResetAfter { input: sum, .. } | Candidate::ResetBefore(sum)) => sum,
            _ => &self.reset,
        }
    }

    fn sum_mut(&mut self, gate: GateName) -> &mut WeightedSum {
        match (gate, &mut self.candidate) {
            (GateName::Update, _) => &mut self.update,
            (GateName::Recurrent, Candidate::ResetAfter { recurrent, .. }) => recurrent,
            (GateName::Candidate, Candidate::ResetAfter { input: sum, .. } | Candidate::ResetBefore(sum)) => sum,
            _ => &mut self.reset,
        }
    }

    fn activation(&self, gate: GateName) -> Activation {
        match gate {
            GateName::Candidate => self.activation,
            GateName::Recurrent => Activation::Linear,
            _ => self.recurrent_activation,
        }
    }

    fn initial(&self) -> &State {
        &self.initial
    }

    fn initial_mut(&mut self) -> &mut State {
        &mut self.initial
    }

    fn step_into(&self, x: &[f64], before: &State, step: &mut Step) {
        step.begin(x, before, self.gates());
        let Step { values, gates, after, output, .. } = step;
        let [r, z, others @ ..] = gates.as_mut_slice() else { return };
        r.compute(&self.reset, values, &[], self.recurrent_activation);
        z.compute(&self.update, values, &[], self.recurrent_activation);
        let n = match (&self.candidate, others) {
            (Candidate::ResetAfter { input, recurrent }, [inner, n]) => {
                inner.compute(recurrent, &before.hidden, &[], Activation::Linear);
                input.write(x, &[], &mut n.sum);
                let reset = r.output.iter().zip(&inner.output).map(|(r, inner)| r * inner);
                n.sum.iter_mut().zip(reset).for_each(|(sum, reset)| *sum += reset);
                n.activate(self.activation);
                n
            }
            (Candidate::ResetBefore(sum), [n]) => {
                let states = values.iter_mut().skip(x.len());
                states.zip(r.output.iter().zip(&before.hidden)).for_each(|(value, (r, h))| *value = r * h);
                n.compute(sum, values, &[], self.activation);
                n
            }
            _ => return,
        };
        let mixed = z.output.iter().zip(&n.output).zip(&before.hidden);
        output.clear();
        output.extend(mixed.map(|((z, n), h)| (1.0 - z) * n + z * h));
        after.hidden.clone_from(output);
    }

    fn terms(&self, step: &Step, gate: GateName, unit: usize) -> Vec<Term> {
        let (x, h) = (&step.input, &step.before.hidden);
        let outputs = |name| step.gate(name).map(|gate| gate.output.as_slice()).unwrap_or_default();
        let r = outputs(GateName::Reset);
        match (gate, &self.candidate) {
            (GateName::Candidate, Candidate::ResetAfter { input, .. }) => {
                let mut terms = input.terms(unit, x, &[]);
                terms.push(Term::new(Source::Recurrent(unit), outputs(GateName::Recurrent)[unit], r[unit]));
                terms
            }
            (GateName::Recurrent, Candidate::ResetAfter { recurrent, .. }) => {
                let of_state = |term: Term| match term.source {
                    Source::Input(j) => term.from(Source::Hidden(j)),
                    Source::Bias => term.from(Source::RecurrentBias),
                    _ => term,
                };
                recurrent.terms(unit, h, &[]).into_iter().map(of_state).collect()
            }
            (GateName::Candidate, Candidate::ResetBefore(sum)) => {
                let operands: Vec<f64> = x.iter().copied().chain(r.iter().zip(h).map(|(r, h)| r * h)).collect();
                let reset = |term: Term| match term.source {
                    Source::Hidden(j) => term.from(Source::ResetHidden(j)),
                    _ => term,
                };
                sum.terms(unit, &operands, &[]).into_iter().map(reset).collect()
            }
            (gate, _) => {
                let operands: Vec<f64> = x.iter().chain(h).copied().collect();
                self.sum(gate).terms(unit, &operands, &[])
            }
        }
    }

    fn term_count(&self, gate: GateName) -> usize {
        let recurrent = matches!((gate, &self.candidate), (GateName::Candidate, Candidate::ResetAfter { .. }));
        self.sum(gate).terms_per_unit() + usize::from(recurrent)
    }

    fn mixes(&self, step: &Step, unit: usize) -> Vec<Mix> {
        let output = |name| step.gate(name).map_or(f64::NAN, |gate| gate.output[unit]);
        let (z, n) = (output(GateName::Update), output(GateName::Candidate));
        let rest = Factor::new(Quantity::Rest(GateName::Update), 1.0 - z);
        let candidate = Factor::new(Quantity::Gate(GateName::Candidate), n);
        let kept =
            [Factor::new(Quantity::Gate(GateName::Update), z), Factor::new(Quantity::HiddenBefore, step.before.hidden[unit])];
        vec![Mix { result: Quantity::Hidden, value: step.output[unit], products: vec![[rest, candidate], kept] }]
    }

    fn stages(&self) -> &'static [Stage] {
        use GateName::{Candidate as N, Recurrent, Reset, Update};
        use Stage::{Mix, Sum};
        match self.candidate {
            Candidate::ResetAfter { .. } => &[Sum(Reset), Sum(Update), Sum(Recurrent), Sum(N), Mix(0)],
            Candidate::ResetBefore(_) => &[Sum(Reset), Sum(Update), Sum(N), Mix(0)],
        }
    }
}
