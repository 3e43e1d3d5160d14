//! Adding up what a statement's rows say, to hold against what the statement says itself.
//!
//! Sums are kept wider than an amount while they grow, so that a hostile file ends in a fault and not
//! in an overflow.

use super::cells::Cells;
use super::fault::{Damage, Fault};
use super::layout::{Field, Figures, Total};
use super::open::Sealed;
use super::reading::Outcome;
use super::{Survey, notes};
use crate::domain::flow::{FlowClass, StatedTotal};
use crate::domain::money::Money;
use crate::domain::text::Text;
use crate::domain::time::Moment;

const CLASSES: [FlowClass; 7] = [
    FlowClass::Receipt,
    FlowClass::Refund,
    FlowClass::Fee,
    FlowClass::Withdrawal,
    FlowClass::Transfer,
    FlowClass::Closed,
    FlowClass::Other,
];

/// Sums over the rows of one file.
#[derive(Default)]
pub(super) struct Tally {
    rows: u64,
    classes: [(u64, i128); CLASSES.len()],
    found: Vec<(u64, i128)>,
    earliest: Option<Moment>,
    /// The latest time, and the balances of the first and the last row of that very second.
    latest: Option<(Moment, Option<Money>, Option<Money>)>,
    /// The times of the first and the last row.
    times: Option<(Moment, Moment)>,
    merchant: Text,
}

impl Tally {
    /// Adds one row.
    pub(super) fn count(&mut self, cells: &Cells<'_>, figures: &Figures) {
        if self.rows == 0 {
            self.found = vec![(0, 0); cells.layout.totals.len()];
            self.merchant = cells.text(Field::Merchant).unwrap_or_default();
        }
        self.rows += 1;
        let (count, sum) = &mut self.classes[class_at(figures.class)];
        *count += 1;
        *sum += i128::from(figures.amount.as_fen());
        for (total, (rows, sum)) in cells.layout.totals.iter().zip(&mut self.found) {
            if let Some(amount) = (total.take)(figures) {
                *rows += 1;
                *sum += i128::from(amount);
            }
        }
        self.times.get_or_insert((figures.time, figures.time)).1 = figures.time;
        match &mut self.latest {
            Some((time, _, last)) if *time == figures.time => *last = figures.balance,
            Some((time, ..)) if *time > figures.time => {}
            latest => *latest = Some((figures.time, figures.balance, figures.balance)),
        }
        if self.earliest.is_none_or(|time| figures.time < time) {
            self.earliest = Some(figures.time);
        }
    }

    /// The survey of the file, once every row has been counted.
    pub(super) fn survey(self, outcome: Outcome, sealed: Sealed) -> Result<Survey, Damage> {
        let balance = self.balance();
        let Outcome { layout, notes } = outcome;
        let mut by_class = std::collections::BTreeMap::new();
        for (class, (count, fen)) in CLASSES.into_iter().zip(self.classes) {
            if count > 0 {
                by_class.insert(class, (count, money(fen)?));
            }
        }
        let mut totals = Vec::new();
        for (at, total) in layout.totals.iter().enumerate() {
            let (rows_found, sum) = self.found.get(at).copied().unwrap_or_default();
            let stated_twice = notes.totals.iter().chain(&sealed.summary);
            for stated in stated_twice.filter(|stated| stated.name == total.name) {
                totals.push(held_against(total, stated, rows_found, sum)?);
            }
        }
        Ok(Survey {
            format: layout.format,
            channel: layout.format.channel(),
            account: if notes.account.is_empty() { self.merchant } else { notes.account },
            from: notes.from.or(self.earliest),
            until: notes.until.or(self.latest.map(|(time, ..)| time)),
            rows: self.rows,
            by_class,
            totals,
            balance,
            sha256: sealed.sha256,
            bytes: sealed.bytes,
        })
    }
}

impl Tally {
    /// The balance after the latest row; some exports list the latest row first.
    fn balance(&self) -> Option<Money> {
        let backwards = self.times.is_some_and(|(first, last)| first > last);
        self.latest.and_then(|(_, first, last)| if backwards { first } else { last })
    }
}

fn class_at(class: FlowClass) -> usize {
    match class {
        FlowClass::Receipt => 0,
        FlowClass::Refund => 1,
        FlowClass::Fee => 2,
        FlowClass::Withdrawal => 3,
        FlowClass::Transfer => 4,
        FlowClass::Closed => 5,
        FlowClass::Other => 6,
    }
}

fn held_against(total: &Total, stated: &notes::Stated, rows_found: u64, sum: i128) -> Result<StatedTotal, Damage> {
    // Some exports write an expense as a negative total, others do not: the name says which way it went.
    let stated_sum = stated.sum.map(|sum| i128::from(sum).abs());
    Ok(StatedTotal {
        name: Text::new(total.name),
        rows_stated: stated.rows,
        rows_found,
        sum_stated: stated_sum.map(|sum| money(to_fen(sum))).transpose()?,
        sum_found: money(to_fen(sum.abs()))?,
    })
}

/// Hundred-thousandths of a yuan in fen, rounded half up; they are never negative here.
fn to_fen(exact: i128) -> i128 {
    (exact + 500).div_euclid(1_000)
}

fn money(fen: i128) -> Result<Money, Damage> {
    i64::try_from(fen).map(Money::fen).map_err(|_| Damage::of_file(Fault::SumTooLarge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_place() {
        for (at, class) in CLASSES.into_iter().enumerate() {
            assert_eq!(class_at(class), at);
        }
    }
}
