//! Quantities of goods in an article's base unit (斤, 袋, 盒, 件 …), exact to three places.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::money::{NotA, grouped, scaled};
use super::text::fold;

/// A quantity in thousandths of the base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Quantity = Quantity(0);
    /// The largest quantity one line may carry: 999,999,999.999 units.
    pub const LIMIT: Quantity = Quantity(999_999_999_999);

    /// A quantity from thousandths of the base unit.
    pub const fn thousandths(units: i64) -> Quantity {
        Quantity(units)
    }

    /// A quantity of whole base units.
    pub const fn whole(units: i32) -> Quantity {
        Quantity(units as i64 * 1_000)
    }

    /// The quantity in thousandths of the base unit.
    pub const fn as_thousandths(self) -> i64 {
        self.0
    }

    /// Whether the quantity is above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether there is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `self` packs of `ratio` base units each (1 件 = 20 斤). `None` where the product has more than three
    /// places or is past [`Quantity::LIMIT`].
    pub fn packs_of(self, ratio: Quantity) -> Option<Quantity> {
        let product = i128::from(self.0) * i128::from(ratio.0);
        let units = i64::try_from(product / 1_000).ok().filter(|_| product % 1_000 == 0)?;
        (units.abs() <= Quantity::LIMIT.0).then_some(Quantity(units))
    }
}

fn total(sum: Option<i64>) -> Quantity {
    Quantity(sum.expect("quantities are limited so that their sums fit in i64 thousandths"))
}

impl Add for Quantity {
    type Output = Quantity;
    fn add(self, other: Quantity) -> Quantity {
        total(self.0.checked_add(other.0))
    }
}

impl Sub for Quantity {
    type Output = Quantity;
    fn sub(self, other: Quantity) -> Quantity {
        total(self.0.checked_sub(other.0))
    }
}

impl Neg for Quantity {
    type Output = Quantity;
    fn neg(self) -> Quantity {
        total(self.0.checked_neg())
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Quantity) {
        *self = *self + other;
    }
}

impl SubAssign for Quantity {
    fn sub_assign(&mut self, other: Quantity) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Quantity>>(quantities: I) -> Quantity {
        quantities.fold(Quantity::ZERO, Add::add)
    }
}

/// `12.500` units as `12.5`, whole ones without a point; `group` writes `1,200`.
fn plain(quantity: Quantity, group: bool) -> String {
    let (whole, part) = (quantity.0.unsigned_abs() / 1_000, quantity.0.unsigned_abs() % 1_000);
    let sign = if quantity.0 < 0 { "-" } else { "" };
    let whole = if group { grouped(whole) } else { whole.to_string() };
    let part = format!("{part:03}");
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

impl fmt::Display for Quantity {
    /// Grouped, without needless zeros: `1,200.5`. Honours width and alignment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&plain(*self, true))
    }
}

impl FromStr for Quantity {
    type Err = NotA;

    /// Reads `12`, `12.5`, `１２．５`, `1,200`: at most nine digits before the point and three after it.
    fn from_str(text: &str) -> Result<Quantity, NotA> {
        let plain: String = fold(text).chars().filter(|c| !matches!(c, ',' | ' ' | '\t')).collect();
        let read = scaled(&plain, 3).map(Quantity).filter(|q| q.0.abs() <= Quantity::LIMIT.0);
        read.ok_or_else(|| NotA::new(text, "a quantity"))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.serialize_str(&plain(*self, false)) } else { to.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Quantity, D::Error> {
        if !from.is_human_readable() {
            return i64::deserialize(from).map(Quantity);
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

super::text_schema!(
    Quantity,
    "A quantity in the base unit, at most three places, such as \"12.5\"",
    r"^-?\d{1,9}(\.\d{1,3})?$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_keep_three_places_and_no_more() {
        for (text, thousandths) in
            [("12", 12_000), ("12.5", 12_500), ("１２．５", 12_500), ("1,200", 1_200_000), ("0.001", 1)]
        {
            assert_eq!(text.parse(), Ok(Quantity(thousandths)), "{text}");
        }
        for text in ["", "1.2345", "9999999999", "5*", "abc"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
        assert_eq!(Quantity(1_200_500).to_string(), "1,200.5");
        assert_eq!(serde_json::to_string(&Quantity(1_200_500)).unwrap(), "\"1200.5\"");
    }

    #[test]
    fn packs_are_exact_or_refused() {
        assert_eq!(Quantity::whole(2).packs_of(Quantity::whole(20)), Some(Quantity::whole(40)));
        assert_eq!(Quantity(1).packs_of(Quantity(1)), None);
    }
}
