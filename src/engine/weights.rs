//! The weights of a sum in memory: in single precision where that loses nothing and saves time, otherwise in double.

use ndarray::Array2;

use super::kernel::{self, Aligned};

/// Up to how many weights stay in double precision: caches near the processor hold those of four gates, 1 MiB, and to widen one
/// takes longer there than to read twice as many bytes.
const NEAR: usize = 1 << 15;

/// Rows of weights `[W | U]`, each filled up with zeros to the stride: one buffer, which a step reads once and in order.
///
/// Which of the two it is follows from the numbers alone, and is decided anew when one is changed: it is never seen in what is
/// computed or read, as a number of single precision is widened exactly.
#[derive(Clone, Debug, PartialEq)]
pub enum Weights {
    /// Many, and every one exactly of single precision.
    Single(Aligned<f32>),
    /// All others.
    Double(Aligned<f64>),
}

impl Weights {
    /// The rows of `W`, `[units, inputs]`, and `U`, `[units, states]`, one beside the other, that begin every `stride` numbers.
    pub fn new(input: &Array2<f64>, recurrent: &Array2<f64>, stride: usize) -> Self {
        let all_single = || input.iter().chain(recurrent).all(|weight| single(*weight).is_some());
        if input.nrows() * stride > NEAR && all_single() {
            Self::Single(rows(input, recurrent, stride, |weight| weight as f32))
        } else {
            Self::Double(rows(input, recurrent, stride, |weight| weight))
        }
    }

    /// One weight.
    pub fn get(&self, index: usize) -> Option<f64> {
        match self {
            Self::Single(weights) => weights.get(index).copied().map(f64::from),
            Self::Double(weights) => weights.get(index).copied(),
        }
    }

    /// Gives a weight another value; where there is none, nothing changes.
    pub fn set(&mut self, index: usize, value: f64) {
        if self.get(index).is_none() {
            return;
        }
        match (&mut *self, single(value)) {
            (Self::Single(weights), Some(value)) => weights[index] = value,
            (Self::Single(weights), None) => {
                let mut weights = weights.converted(f64::from);
                weights[index] = value;
                *self = Self::Double(weights);
            }
            (Self::Double(weights), _) => {
                weights[index] = value;
                if weights.len() > NEAR && weights.iter().all(|weight| single(*weight).is_some()) {
                    *self = Self::Single(weights.converted(|weight| weight as f32));
                }
            }
        }
    }

    /// How many there are, with the zeros that fill up the rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Single(weights) => weights.len(),
            Self::Double(weights) => weights.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the sum of the products of each row with `values`, from `first_row` on, as many as there are `sums`, as
    /// [`kernel::products`] adds them.
    ///
    /// # Panics
    ///
    /// Where there are fewer rows.
    pub fn products(&self, first_row: usize, stride: usize, values: &[f64], sums: &mut [f64]) {
        let rows = first_row * stride..(first_row + sums.len()) * stride;
        match self {
            Self::Single(weights) => kernel::products(&weights[rows], stride, values, sums),
            Self::Double(weights) => kernel::products(&weights[rows], stride, values, sums),
        }
    }
}

/// The number of single precision that a weight is, if it is one; a NaN is none, as its payload might get lost.
fn single(weight: f64) -> Option<f32> {
    Some(weight as f32).filter(|single| f64::from(*single) == weight)
}

fn rows<T: Copy + Default>(
    input: &Array2<f64>,
    recurrent: &Array2<f64>,
    stride: usize,
    converted: impl Fn(f64) -> T,
) -> Aligned<T> {
    let mut weights = Aligned::zeros(input.nrows() * stride);
    let rows = input.outer_iter().zip(recurrent.outer_iter());
    for (row, (of_inputs, of_states)) in weights.chunks_exact_mut(stride.max(1)).zip(rows) {
        row.iter_mut().zip(of_inputs.iter().chain(of_states)).for_each(|(own, weight)| *own = converted(*weight));
    }
    weights
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROWS: usize = 64;
    const STRIDE: usize = NEAR / ROWS + 8;

    fn weights(number: impl Fn(usize) -> f64) -> Weights {
        let input = Array2::from_shape_fn((ROWS, STRIDE), |(i, j)| number(i * STRIDE + j));
        Weights::new(&input, &Array2::zeros((ROWS, 0)), STRIDE)
    }

    /// Every number of single precision but NaN: signs of zeros, subnormal and huge numbers, infinities.
    fn any_of_single() -> impl Strategy<Value = f32> {
        any::<u32>().prop_map(f32::from_bits).prop_filter("a NaN is kept in double precision", |number| !number.is_nan())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn weights_are_read_to_the_bit_whichever_way_they_are_kept(
            singles in prop::collection::vec(any_of_single(), 100),
            index in 0..ROWS * STRIDE,
            changed in prop_oneof![any::<u64>().prop_map(f64::from_bits), Just(0.1), any_of_single().prop_map(f64::from)],
        ) {
            let number = |k: usize| f64::from(singles[k % singles.len()]);
            let original = weights(number);
            prop_assert!(matches!(original, Weights::Single(_)), "each is of single precision");

            let mut edited = original.clone();
            edited.set(index, changed);
            let is_single = f64::from(changed as f32).to_bits() == changed.to_bits() && !changed.is_nan();
            prop_assert_eq!(matches!(edited, Weights::Single(_)), is_single, "{:e}", changed);
            for k in 0..ROWS * STRIDE {
                let expected = if k == index { changed } else { number(k) };
                prop_assert_eq!(edited.get(k).map(f64::to_bits), Some(expected.to_bits()), "weight {}", k);
            }
            let built = weights(|k| if k == index { changed } else { number(k) });
            prop_assert!(built == edited || changed.is_nan(), "edited weights are kept as those that were so from the start");

            edited.set(index, number(index));
            prop_assert!(edited == original, "{:e} given back its place", changed);
        }
    }

    #[test]
    fn weights_the_near_caches_hold_stay_in_double_precision() {
        let few = Weights::new(&Array2::from_elem((ROWS, NEAR / ROWS), 0.5), &Array2::zeros((ROWS, 0)), NEAR / ROWS);
        assert!(matches!(few, Weights::Double(_)));
    }

    #[test]
    fn a_weight_that_is_not_there_is_neither_read_nor_changed() {
        let mut own = weights(|_| 0.5);
        own.set(ROWS * STRIDE, 0.1);
        assert_eq!(own.get(ROWS * STRIDE), None);
        assert!(own == weights(|_| 0.5));
    }
}
