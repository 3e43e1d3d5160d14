//! Money: exact amounts in fen (分), never a float.
//!
//! Arithmetic is checked: a sum that does not fit is a bug of the caller's limits, since
//! [`Money::LIMIT`] keeps every single amount far below what an `i64` of fen can hold.
//! Products (price × quantity) go through `rust_decimal` and round half away from zero (四舍五入).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::quantity::Quantity;
use super::text::fold;

/// An amount of money in fen. Written `1234.50` in data and `1,234.50` on screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

/// Why a text is not an amount, a quantity, a day or a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct NotA {
    /// What was read.
    pub text: String,
    /// What it should have been.
    pub wanted: &'static str,
}

impl NotA {
    /// Says that `text` is not `wanted`.
    pub fn new(text: &str, wanted: &'static str) -> NotA {
        NotA { text: text.chars().take(40).collect(), wanted }
    }
}

impl Money {
    /// No amount.
    pub const ZERO: Money = Money(0);
    /// The largest single amount that may be entered or imported: 999,999,999,999.99 yuan.
    pub const LIMIT: Money = Money(99_999_999_999_999);

    /// An amount from whole fen.
    pub const fn fen(fen: i64) -> Money {
        Money(fen)
    }

    /// The amount in fen.
    pub const fn as_fen(self) -> i64 {
        self.0
    }

    /// Whether the amount is above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether there is no amount.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The amount without its sign.
    pub const fn abs(self) -> Money {
        Money(self.0.abs())
    }

    /// `self - other`, or zero where `other` is larger.
    pub fn less(self, other: Money) -> Money {
        Money((self - other).0.max(0))
    }

    /// A price for one base unit times a quantity, rounded half away from zero to the fen.
    ///
    /// `None` where the product is past [`Money::LIMIT`].
    pub fn times(self, quantity: Quantity) -> Option<Money> {
        let exact = Decimal::new(self.0, 2).checked_mul(Decimal::new(quantity.as_thousandths(), 3))?;
        let fen = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let fen = fen.checked_mul(Decimal::ONE_HUNDRED)?.normalize();
        let amount = Money(i64::try_from(fen.mantissa()).ok().filter(|_| fen.scale() == 0)?);
        (amount.abs() <= Money::LIMIT).then_some(amount)
    }
}

fn total(sum: Option<i64>) -> Money {
    Money(sum.expect("amounts are limited so that their sums fit in i64 fen"))
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        total(self.0.checked_add(other.0))
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        total(self.0.checked_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        total(self.0.checked_neg())
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    /// Grouped by thousands with two places: `-1,234.50`. Honours width and alignment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs() / 100;
        let text =
            format!("{}{}.{:02}", if self.0 < 0 { "-" } else { "" }, grouped(digits), self.0.unsigned_abs() % 100);
        f.pad(&text)
    }
}

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Reads an exact decimal with at most `places` places into whole units of the last place.
pub(super) fn scaled(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = if part.len() > places { part.trim_end_matches('0') } else { part };
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > places || !plain(whole) || !plain(part) {
        return None;
    }
    let units: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    Some(if negative { -units } else { units })
}

impl FromStr for Money {
    type Err = NotA;

    /// Reads `1234.5`, `¥1,234.50`, `１２３４．５０元`: full-width forms are folded, at most twelve digits
    /// before the point and two after it; anything else, `1e3` included, is refused.
    fn from_str(text: &str) -> Result<Money, NotA> {
        let plain: String = fold(text).chars().filter(|c| !matches!(c, '¥' | '$' | ',' | '\t' | ' ' | '`')).collect();
        let plain = plain.strip_suffix('元').unwrap_or(&plain);
        scaled(plain, 2).map(Money).ok_or_else(|| NotA::new(text, "an amount of money"))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !to.is_human_readable() {
            return to.serialize_i64(self.0);
        }
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        to.collect_str(&format_args!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        if !from.is_human_readable() {
            return i64::deserialize(from).map(Money);
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

super::text_schema!(Money, "An exact amount in yuan with two places, such as \"1234.50\"", r"^-?\d{1,12}(\.\d{1,2})?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_and_files_write_them() {
        let rows = [
            ("28.16", 2_816),
            ("¥28.16", 2_816),
            ("￥1,000.00", 100_000),
            ("１２．５０", 1_250),
            ("-5.0", -500),
            ("27元", 2_700),
            ("0.10\t", 10),
            ("`0.35", 35),
            ("+3", 300),
            ("1.500", 150),
        ];
        for (text, fen) in rows {
            assert_eq!(text.parse(), Ok(Money(fen)), "{text}");
        }
        for text in ["", "1e3", "1_000", "1.005", "--1", "1.2.3", "1234567890123", "NaN", ".5", "一百"] {
            assert!(text.parse::<Money>().is_err(), "{text} must not be an amount");
        }
    }

    #[test]
    fn products_round_half_away_from_zero() {
        let price = Money::fen(1_01);
        assert_eq!(price.times("0.5".parse().unwrap()), Some(Money::fen(51)));
        assert_eq!(Money::fen(-1_01).times("0.5".parse().unwrap()), Some(Money::fen(-51)));
        assert_eq!(Money::fen(10_00).times("0.333".parse().unwrap()), Some(Money::fen(3_33)));
        assert_eq!(Money::LIMIT.times("2".parse().unwrap()), None);
    }

    #[test]
    fn data_and_screens_write_amounts_differently() {
        assert_eq!(serde_json::to_string(&Money::fen(-123_450)).unwrap(), "\"-1234.50\"");
        assert_eq!(serde_json::from_str::<Money>("\"-1234.5\"").unwrap(), Money::fen(-123_450));
        assert_eq!(Money::fen(-123_456_789).to_string(), "-1,234,567.89");
    }
}
