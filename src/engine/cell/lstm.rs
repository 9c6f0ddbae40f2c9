//! The long short-term memory (Hochreiter and Schmidhuber, 1997; forget gate by Gers et al., 2000):
//! `i, f, o = σ(W x + b + U h′ + b_r)`, `g = act(…)`, `c = f ⊙ c′ + i ⊙ g`, `h = o ⊙ act(c)`.

use super::{Cell, Factor, GateName, Mix, Quantity, Stage, State, Step};
use crate::engine::activation::Activation;
use crate::engine::weighted_sum::{Source, Term, WeightedSum};

/// A layer of LSTM cells, as `torch.nn.LSTM`, `keras.layers.LSTM` and ONNX's `LSTM` compute it.
///
/// With peepholes, i and f see c′ and o sees c, as in ONNX. With a projection, `h = W_hr (o ⊙ act(c))`, as PyTorch's
/// `proj_size` gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Lstm {
    /// i.
    pub input: WeightedSum,
    /// f.
    pub forget: WeightedSum,
    /// g.
    pub cell: WeightedSum,
    /// o.
    pub output: WeightedSum,
    /// `W_hr`, `[projected, units]`.
    pub projection: Option<WeightedSum>,
    /// `act`, of g and of c.
    pub activation: Activation,
    /// `σ`, of i, f and o.
    pub recurrent_activation: Activation,
    /// Hidden state, as many as there are outputs, and cell state, `[units]`, before the first timestep.
    pub initial: State,
}

impl Cell for Lstm {
    fn gates(&self) -> &'static [GateName] {
        use GateName::{Cell, Forget, Input, Output, Projection};
        match self.projection {
            None => &[Input, Forget, Cell, Output],
            Some(_) => &[Input, Forget, Cell, Output, Projection],
        }
    }

    fn sum(&self, gate: GateName) -> &WeightedSum {
        match (gate, &self.projection) {
            (GateName::Forget, _) => &self.forget,
            (GateName::Cell, _) => &self.cell,
            (GateName::Output, _) => &self.output,
            (GateName::Projection, Some(projection)) => projection,
            _ => &self.input,
        }
    }

    fn sum_mut(&mut self, gate: GateName) -> &mut WeightedSum {
        match (gate, &mut self.projection) {
            (GateName::Forget, _) => &mut self.forget,
            (GateName::Cell, _) => &mut self.cell,
            (GateName::Output, _) => &mut self.output,
            (GateName::Projection, Some(projection)) => projection,
            _ => &mut self.input,
        }
    }

    fn activation(&self, gate: GateName) -> Activation {
        match gate {
            GateName::Cell => self.activation,
            GateName::Projection => Activation::Linear,
            _ => self.recurrent_activation,
        }
    }

    fn state_activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn initial(&self) -> &State {
        &self.initial
    }

    fn initial_mut(&mut self) -> &mut State {
        &mut self.initial
    }

    fn outputs(&self) -> usize {
        self.projection.as_ref().map_or(self.units(), WeightedSum::units)
    }

    fn step_into(&self, x: &[f64], before: &State, step: &mut Step) {
        step.begin(x, before, self.gates());
        let Step { values, gates, after, output, .. } = step;
        let [i, f, g, o, projected @ ..] = gates.as_mut_slice() else { return };
        i.compute(&self.input, values, &before.cell, self.recurrent_activation);
        f.compute(&self.forget, values, &before.cell, self.recurrent_activation);
        g.compute(&self.cell, values, &[], self.activation);
        let kept = f.output.iter().zip(&before.cell).map(|(f, c)| f * c);
        let taken = i.output.iter().zip(&g.output).map(|(i, g)| i * g);
        after.cell.extend(kept.zip(taken).map(|(kept, taken)| kept + taken));
        o.compute(&self.output, values, &after.cell, self.recurrent_activation);
        output.resize(after.cell.len(), 0.0);
        self.activation.apply(&after.cell, output);
        output.iter_mut().zip(&o.output).for_each(|(h, o)| *h *= o);
        if let ([projected], Some(projection)) = (projected, &self.projection) {
            projected.compute(projection, output, &[], Activation::Linear);
            output.clone_from(&projected.output);
        }
        after.hidden.clone_from(output);
    }

    fn terms(&self, step: &Step, gate: GateName, unit: usize) -> Vec<Term> {
        let operands: Vec<f64> = step.input.iter().chain(&step.before.hidden).copied().collect();
        match (gate, &self.projection) {
            (GateName::Projection, Some(projection)) => {
                let of_memory = |term: Term| match term.source {
                    Source::Input(j) => term.from(Source::Memory(j)),
                    _ => term,
                };
                projection.terms(unit, &self.memory(step), &[]).into_iter().map(of_memory).collect()
            }
            (GateName::Output, _) => self.output.terms(unit, &operands, &step.after.cell),
            (gate, _) => self.sum(gate).terms(unit, &operands, &step.before.cell),
        }
    }

    fn mixes(&self, step: &Step, unit: usize) -> Vec<Mix> {
        let gate = |name| Factor::new(Quantity::Gate(name), step.gate(name).map_or(f64::NAN, |gate| gate.output[unit]));
        let c = step.after.cell[unit];
        let activated = Factor::new(Quantity::Activated { activation: self.activation, cell: c }, self.activation.value(c));
        let before = Factor::new(Quantity::CellBefore, step.before.cell[unit]);
        let o = gate(GateName::Output);
        let (shown, value) = match self.projection {
            None => (Quantity::Hidden, step.output[unit]),
            Some(_) => (Quantity::Memory, o.value * activated.value),
        };
        vec![
            Mix {
                result: Quantity::Cell,
                value: c,
                products: vec![[gate(GateName::Forget), before], [gate(GateName::Input), gate(GateName::Cell)]],
            },
            Mix { result: shown, value, products: vec![[o, activated]] },
        ]
    }

    fn stages(&self) -> &'static [Stage] {
        use GateName::{Cell, Forget, Input, Output, Projection};
        use Stage::{Mix, Sum};
        // The peephole of o looks at c, which is therefore worked out before it.
        match (self.output.peephole.is_some(), self.projection.is_some()) {
            (false, false) => &[Sum(Input), Sum(Forget), Sum(Cell), Sum(Output), Mix(0), Mix(1)],
            (false, true) => &[Sum(Input), Sum(Forget), Sum(Cell), Sum(Output), Mix(0), Mix(1), Sum(Projection)],
            (true, false) => &[Sum(Input), Sum(Forget), Sum(Cell), Mix(0), Sum(Output), Mix(1)],
            (true, true) => &[Sum(Input), Sum(Forget), Sum(Cell), Mix(0), Sum(Output), Mix(1), Sum(Projection)],
        }
    }
}

impl Lstm {
    /// `o ⊙ act(c)`, `[units]`: what a projection reads.
    fn memory(&self, step: &Step) -> Vec<f64> {
        let o = step.gate(GateName::Output).map(|gate| gate.output.as_slice()).unwrap_or_default();
        step.after.cell.iter().zip(o).map(|(&c, o)| self.activation.value(c) * o).collect()
    }
}
