//! How a number is written: significant digits, aligned points, and whether what is shown adds up.

use unicode_width::UnicodeWidthStr;

use crate::app::settings::{Charset, NumberFormat, Settings};
use crate::app::sight;
use crate::engine::activation::Activation;

/// The fewest significant digits a number is shortened to where there is no room for more.
const FEWEST_DIGITS: usize = 3;

/// What stands where a number is not computed yet: a blank to be filled in.
const NOT_YET: &str = "_";

/// How numbers are written now.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    digits: Option<usize>,
    charset: Charset,
}

impl Numbers {
    /// As the settings ask.
    pub fn new(settings: &Settings) -> Self {
        let digits = match settings.numbers {
            NumberFormat::Short => Some(settings.precision.clamp(1, 17)),
            NumberFormat::Full => None,
        };
        Self { digits, charset: settings.charset }
    }

    /// With all digits that tell a number from its neighbours.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { digits: None, ..self }
    }

    /// The same, then with ever fewer significant digits, down to `least`.
    pub fn shorter(self, least: usize) -> impl Iterator<Item = Self> {
        let most = self.digits.unwrap_or(17);
        std::iter::once(self).chain((least..most).rev().map(move |digits| self.rounded(digits)))
    }

    /// With as many significant digits as fit, but no fewer than three.
    pub fn fitting(self, fits: impl Fn(Self) -> bool) -> Self {
        self.shorter(FEWEST_DIGITS).find(|&numbers| fits(numbers)).unwrap_or_else(|| self.rounded(FEWEST_DIGITS))
    }

    /// One number with as many digits as it takes to tell it from another that is written already.
    pub fn apart_from(self, v: f64, other: &str) -> String {
        let more = (self.digits.unwrap_or(17)..17).map(|digits| self.rounded(digits + 1));
        let mut ways = std::iter::once(self).chain(more).map(|numbers| numbers.write(v));
        ways.find(|text| text != other).unwrap_or_else(|| self.write(v))
    }

    /// The same with so many significant digits.
    pub const fn rounded(&self, digits: usize) -> Self {
        Self { digits: Some(digits), ..*self }
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
        let shortest = format!("{v:e}");
        let scientific = match self.digits {
            Some(digits) if significant(&shortest) > digits => format!("{v:.*e}", digits - 1),
            _ => shortest,
        };
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |m| ("-", m));
        let mantissa = trimmed(mantissa);
        let largest = self.digits.map_or(16, |digits| digits.max(6)) as i32;
        if exponent < -4 || exponent >= largest {
            return format!("{sign}{mantissa}e{exponent}");
        }
        let digits = mantissa.chars().filter(char::is_ascii_digit);
        let mut plain = String::from(sign);
        if exponent < 0 {
            plain.push_str("0.");
            plain.extend((exponent..-1).map(|_| '0'));
            plain.extend(digits);
        } else {
            let whole = exponent as usize + 1;
            plain.extend(digits.clone().chain(std::iter::repeat('0')).take(whole));
            let mut decimals = digits.skip(whole).peekable();
            if decimals.peek().is_some() {
                plain.push('.');
            }
            plain.extend(decimals);
        }
        plain
    }
}

/// How many digits are before the exponent.
fn significant(scientific: &str) -> usize {
    scientific.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count()
}

/// Without the zeros at the end of its decimals.
fn trimmed(mantissa: &str) -> &str {
    if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa }
}

/// Numbers as they stand in a column: as wide as each other, their decimal points below each other.
pub fn aligned(numbers: &[String]) -> Vec<String> {
    let parts = numbers.iter().map(|s| {
        let whole = s.split(['.', 'e']).next().unwrap_or_default().width();
        (whole, s.width() - whole)
    });
    let before = parts.clone().map(|(whole, _)| whole).max().unwrap_or(0);
    let after = parts.clone().map(|(_, rest)| rest).max().unwrap_or(0);
    let pad = |(s, (whole, rest))| format!("{0:1$}{s}{0:2$}", "", before - whole, after - rest);
    numbers.iter().zip(parts).map(pad).collect()
}

/// The same with room for numbers that stand there later.
pub fn aligned_for(numbers: &[String], later: Vec<String>) -> Vec<String> {
    let mut all = aligned(&numbers.iter().cloned().chain(later).collect::<Vec<_>>());
    all.truncate(numbers.len());
    all
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
        let digits = format!("{whole}{decimals}").parse().ok()?;
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
pub fn adds_up<'a>(products: impl IntoIterator<Item = (&'a str, Option<&'a str>)>, total: &str) -> bool {
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

/// `=` where the activation of what is written as `z` is what is written as its output, or the output is written
/// in full; else `≈`.
pub fn equals(activation: Activation, z: &str, output: &str, value: f64) -> &'static str {
    if !value.is_finite() {
        return "=";
    }
    let (Ok(z), Ok(written)) = (z.parse(), output.parse::<f64>()) else { return "≈" };
    let in_full = (written - value).abs() <= 1e-15 * value.abs();
    let as_written = activation != Activation::Softmax && activation.value(z) == written;
    if in_full || as_written { "=" } else { "≈" }
}
