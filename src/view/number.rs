//! How a number is written: significant digits, aligned points, and whether what is shown adds up.

use std::fmt::{self, Write};

use super::width::Width;
use crate::app::foreseen::{Extent, Part};
use crate::app::settings::{Charset, NumberFormat, Settings};
use crate::app::sight;
use crate::app::state::State;
use crate::engine::activation::Activation;

/// The fewest significant digits a number is shortened to where there is no room for more.
pub const FEWEST_DIGITS: usize = 3;

/// What stands where a number is not computed yet: a blank to be filled in.
const NOT_YET: &str = "_";

/// How numbers are written now.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    digits: Option<usize>,
    /// As many as the settings ask for.
    asked: Option<usize>,
    charset: Charset,
    room: Room,
}

/// Which numbers have room in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Those of all timesteps foreseen, so that nothing moves as they come.
    Foreseen,
    /// Those shown, where there is no room for more.
    Shown,
}

impl Numbers {
    /// As the settings ask.
    pub fn new(settings: &Settings) -> Self {
        let digits = match settings.numbers {
            NumberFormat::Short => Some(settings.precision.clamp(1, 17)),
            NumberFormat::Full => None,
        };
        Self { digits, asked: digits, charset: settings.charset, room: Room::Foreseen }
    }

    /// With all digits that tell a number from its neighbours.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { digits: None, asked: None, ..self }
    }

    /// The same, then with ever fewer significant digits, down to `least`.
    pub fn shorter(self, least: usize) -> impl Iterator<Item = Self> {
        let most = self.digits.unwrap_or(17);
        std::iter::once(self).chain((least..most).rev().map(move |digits| self.rounded(digits)))
    }

    /// How many digits are most of those there are: two thirds.
    pub fn most(self) -> usize {
        (2 * self.digits.unwrap_or(17)).div_ceil(3)
    }

    /// What is written with as many significant digits as fit, but no fewer than three.
    pub fn fitted<T>(self, write: impl Fn(Self) -> T, fits: impl Fn(&T) -> bool) -> T {
        let mut written = write(self);
        for numbers in self.shorter(FEWEST_DIGITS).skip(1) {
            if fits(&written) {
                break;
            }
            written = write(numbers);
        }
        written
    }

    /// The same in columns, which have room for what is foreseen only where it costs no digit.
    pub fn fitted_in_time<T>(self, write: impl Fn(Self) -> T, fits: impl Fn(&T) -> bool) -> T {
        let ways = self.shorter(FEWEST_DIGITS).flat_map(Self::rooms).map(&write);
        let mut last = None;
        for written in ways {
            if fits(&written) {
                return written;
            }
            last = Some(written);
        }
        last.unwrap_or_else(|| write(self))
    }

    /// With room in columns for what is foreseen, and for what is shown alone.
    pub const fn rooms(self) -> [Self; 2] {
        [Self { room: Room::Foreseen, ..self }, Self { room: Room::Shown, ..self }]
    }

    /// Whether columns have room for what is foreseen.
    pub const fn foresee(self) -> bool {
        matches!(self.room, Room::Foreseen)
    }

    /// How large a part of the screen gets in the timesteps foreseen, where columns have room for it.
    pub fn reserved(self, state: &State, part: Part, which: [usize; 5], find: impl FnOnce() -> Extent) -> Extent {
        let [a, b, c, d, e] = which;
        match self.room {
            Room::Foreseen => state.extent(part, [a, b, c, d, e, self.way()], find),
            Room::Shown => Extent::default(),
        }
    }

    /// One number with as many digits as it takes to tell it from another that is written already.
    pub fn apart_from(self, v: f64, other: &str) -> String {
        let more = (self.digits.unwrap_or(17)..17).map(|digits| self.rounded(digits + 1));
        let mut ways = std::iter::once(self).chain(more).map(|numbers| numbers.write(v));
        ways.find(|text| text != other).unwrap_or_else(|| self.write(v))
    }

    /// The columns that numbers take before their points, and from them on.
    pub fn extent(self, values: impl IntoIterator<Item = f64>) -> [usize; 2] {
        widest(distinct(values).map(|value| parts(&self.write(value))))
    }

    /// The columns that the widest of them takes.
    pub fn width(self, values: impl IntoIterator<Item = f64>) -> usize {
        distinct(values).map(|value| self.write(value).width()).max().unwrap_or(0)
    }

    /// A number that tells how numbers are written now from other ways.
    const fn way(self) -> usize {
        let digits = match self.digits {
            Some(digits) => digits,
            None => 0,
        };
        2 * digits + self.charset as usize
    }

    /// The same with so many significant digits.
    pub const fn rounded(&self, digits: usize) -> Self {
        Self { digits: Some(digits), ..*self }
    }

    /// Whether a number is written with fewer digits than the settings ask for.
    pub fn shortens(&self, v: f64) -> bool {
        self.digits != self.asked && self.write(v) != Self { digits: self.asked, ..*self }.write(v)
    }

    /// One number: no `-0`, scientific only below a ten-thousandth and where it has more digits before its point than
    /// are shown, but never below a million.
    pub fn write(&self, v: f64) -> String {
        if sight::is_unseen(v) {
            return NOT_YET.into();
        }
        if v.is_nan() {
            return "NaN".into();
        }
        if v.is_infinite() {
            let sign = if v < 0.0 { "-" } else { "" };
            let infinity = if self.charset == Charset::Ascii { "inf" } else { "∞" };
            return format!("{sign}{infinity}");
        }
        if v == 0.0 {
            return "0".into();
        }
        // The shortest digits that mean this number, unless there are too many: rounding those of the binary number itself
        // would give others where it is so small that it has few.
        let mut scratch = Scratch::default();
        let mut number = Scientific::of(v, None, &mut scratch);
        if self.digits.is_some_and(|digits| number.significant() > digits) {
            scratch = Scratch::default();
            number = Scientific::of(v, self.digits, &mut scratch);
        }
        let largest = self.digits.map_or(16, |digits| digits.max(6)) as i32;
        number.written(largest)
    }
}

/// Each of some numbers once.
fn distinct(values: impl IntoIterator<Item = f64>) -> impl Iterator<Item = f64> {
    let mut bits: Vec<u64> = values.into_iter().map(f64::to_bits).collect();
    bits.sort_unstable();
    bits.dedup();
    bits.into_iter().map(f64::from_bits)
}

/// The bytes of the longest number with an exponent: a sign, 17 digits and their point, `e-308`.
const LONGEST: usize = 24;

/// Where a number is written before it is put into its form.
#[derive(Default)]
struct Scratch {
    bytes: [u8; LONGEST],
    len: usize,
}

impl fmt::Write for Scratch {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// A number with an exponent, in its parts: `-1.50e-3` is `-`, `1`, `5` and -3.
struct Scientific<'s> {
    sign: &'s str,
    first: &'s str,
    /// The digits behind the point, without zeros at their end.
    others: &'s str,
    exponent: i32,
}

impl<'s> Scientific<'s> {
    /// A number that is not 0 with so many digits, or with the fewest that mean it.
    fn of(v: f64, digits: Option<usize>, scratch: &'s mut Scratch) -> Self {
        // There is room for every number.
        let _ = match digits {
            Some(digits) => write!(scratch, "{v:.*e}", digits.saturating_sub(1)),
            None => write!(scratch, "{v:e}"),
        };
        let text = str::from_utf8(&scratch.bytes[..scratch.len]).unwrap_or_default();
        let (sign, rest) = text.split_at(usize::from(text.starts_with('-')));
        let end = rest.bytes().position(|byte| byte == b'e').unwrap_or(rest.len());
        let (first, others) = rest[..end].split_at(1.min(end));
        let others = others.strip_prefix('.').unwrap_or_default().trim_end_matches('0');
        Self { sign, first, others, exponent: rest[end..].get(1..).and_then(|e| e.parse().ok()).unwrap_or(0) }
    }

    /// How many digits are before the exponent.
    const fn significant(&self) -> usize {
        self.first.len() + self.others.len()
    }

    /// The number without an exponent where it is at least a ten-thousandth and has no more than `largest` digits before the
    /// point, else with one.
    fn written(&self, largest: i32) -> String {
        let Self { sign, first, others, exponent } = *self;
        let mut text = String::with_capacity(LONGEST);
        text.push_str(sign);
        let zeros = |text: &mut String, count: usize| text.extend(std::iter::repeat_n('0', count));
        if exponent < -4 || exponent >= largest {
            text.push_str(first);
            push_decimals(&mut text, others);
            // A string takes what is written to it.
            let _ = write!(text, "e{exponent}");
        } else if exponent < 0 {
            text.push_str("0.");
            zeros(&mut text, exponent.unsigned_abs() as usize - 1);
            text.push_str(first);
            text.push_str(others);
        } else {
            let exponent = exponent as usize;
            let (whole, decimals) = others.split_at(exponent.min(others.len()));
            text.push_str(first);
            text.push_str(whole);
            zeros(&mut text, exponent - whole.len());
            push_decimals(&mut text, decimals);
        }
        text
    }
}

fn push_decimals(text: &mut String, decimals: &str) {
    if !decimals.is_empty() {
        text.push('.');
        text.push_str(decimals);
    }
}

/// Numbers as they stand in a column: as wide as each other, their decimal points below each other.
pub fn aligned(numbers: &[String]) -> Vec<String> {
    aligned_in(numbers, [0, 0])
}

/// The columns of a number before its point or exponent, and those from it on.
pub fn parts(number: &str) -> [usize; 2] {
    let whole = number.find(['.', 'e']).unwrap_or(number.len());
    [number[..whole].width(), number[whole..].width()]
}

/// The columns that any of several takes.
pub fn widest<const N: usize>(parts: impl IntoIterator<Item = [usize; N]>) -> [usize; N] {
    parts.into_iter().fold([0; N], |widest, parts| std::array::from_fn(|i| widest[i].max(parts[i])))
}

/// A few columns as an extent.
pub fn extent<const N: usize>(columns: [usize; N]) -> Extent {
    std::array::from_fn(|i| columns.get(i).copied().unwrap_or(0))
}

/// Numbers in a column that has at least so much room before their points, and from them on.
pub fn aligned_in(numbers: &[String], room: [usize; 2]) -> Vec<String> {
    let [before, after] = widest(numbers.iter().map(|number| parts(number)).chain([room]));
    let pad = |number: &String| {
        let [whole, rest] = parts(number);
        let mut padded = String::with_capacity(number.len() + before + after);
        padded.extend(std::iter::repeat_n(' ', before - whole));
        padded.push_str(number);
        padded.extend(std::iter::repeat_n(' ', after - rest));
        padded
    };
    numbers.iter().map(pad).collect()
}

/// A decimal number as it is written: `digits · 10^exponent`.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = if decimals.is_empty() { whole.parse().ok()? } else { format!("{whole}{decimals}").parse().ok()? };
        let exponent = exponent.parse::<i32>().ok()? - i32::try_from(decimals.len()).ok()?;
        Some(Self { digits, exponent })
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(other.digits)?, exponent: self.exponent + other.exponent })
    }

    /// The digits at a lower exponent.
    fn at(self, exponent: i32) -> Option<i128> {
        if self.digits == 0 {
            return Some(0);
        }
        let zeros = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(zeros)?)
    }
}

/// Whether products as written add up, digit by digit, to a total as written.
///
/// Each product is its written factors; a single factor is a product of its own. What lies too far apart to be
/// added exactly does not add up.
fn adds_up<'a>(products: impl IntoIterator<Item = (&'a str, Option<&'a str>)>, total: &str) -> bool {
    let sum = || {
        let total = Decimal::read(total)?;
        let mut parts = Vec::new();
        for (a, b) in products {
            let a = Decimal::read(a)?;
            parts.push(match b {
                Some(b) => a.times(Decimal::read(b)?)?,
                None => a,
            });
        }
        let lowest = parts.iter().chain([&total]).filter(|d| d.digits != 0).map(|d| d.exponent).min().unwrap_or(0);
        let mut sum: i128 = 0;
        for part in parts {
            sum = sum.checked_add(part.at(lowest)?)?;
        }
        Some(sum == total.at(lowest)?)
    };
    sum().unwrap_or(false)
}

/// The sign before a total: `=` where products as written add up to it as written, or it is no finite number; else `≈`.
pub fn total_sign<'a>(products: impl IntoIterator<Item = (&'a str, Option<&'a str>)>, total: &str) -> &'static str {
    let is_finite = total.ends_with(|last: char| last.is_ascii_digit());
    if !is_finite || adds_up(products, total) { "=" } else { "≈" }
}

/// The sign between a name and its number alone: `=` where the number is written in full, or is not finite; else `≈`.
pub fn named_sign(written: &str, value: f64) -> &'static str {
    if !value.is_finite() || is_in_full(written, value) { "=" } else { "≈" }
}

fn is_in_full(written: &str, value: f64) -> bool {
    written.parse::<f64>().is_ok_and(|written| (written - value).abs() <= 1e-15 * value.abs())
}

/// The next of 1, 2, 5, 10, 20, … from a magnitude on, so that a scale seldom changes; 1 for nothing.
pub fn rounded_up(magnitude: f64) -> f64 {
    if magnitude == 0.0 {
        return 1.0;
    }
    let power = 10_f64.powi(libm::log10(magnitude).floor() as i32);
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().map(|first| first * power).find(|&round| round >= magnitude);
    round.filter(|round| round.is_finite()).unwrap_or(magnitude)
}

/// `=` where the activation of what is written as `z` is what is written as its output, or the output is written
/// in full; else `≈`.
pub fn equals(activation: Activation, z: &str, output: &str, value: f64) -> &'static str {
    if !value.is_finite() {
        return "=";
    }
    let (Ok(z), Ok(written)) = (z.parse(), output.parse::<f64>()) else { return "≈" };
    let as_written = activation != Activation::Softmax && activation.value(z) == written;
    if as_written || is_in_full(output, value) { "=" } else { "≈" }
}
