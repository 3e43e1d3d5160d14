//! What may be read of days: the ledger by day, what it adds up to, which days are closed; and the month's goods.
//!
//! A day is a range of one table, its figures are totals that posting keeps; nothing here scans history.

use std::collections::BTreeMap;

use redb::ReadableTable;

use super::Fault;
use super::opened::{Tables, record};
use super::tables::*;
use super::totals::{self, Moved};
use crate::domain::dealer::DealerKind;
use crate::domain::id::{ArticleId, OrderId};
use crate::domain::ledger::{ClosedDay, Corrected, DayFigures, LedgerRow, channel_code};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MoveKind;
use crate::domain::time::{Day, Month};

/// The kinds of movement that a month's report names.
const NAMED: [MoveKind; 8] = [
    MoveKind::Opening,
    MoveKind::Delivery,
    MoveKind::Returned,
    MoveKind::Shipped,
    MoveKind::Damaged,
    MoveKind::Restored,
    MoveKind::ToFactory,
    MoveKind::Counted,
];

/// The shipments of a month (M4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timeliness {
    /// How many left.
    pub shipments: u64,
    /// How many of them left after their deadline.
    pub late: u64,
    /// Seconds from the payment to the goods' leaving, of all together.
    pub seconds: u64,
}

/// What moved of an article in a month, of the sound stock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MonthOfArticle {
    /// On hand at the month's beginning.
    pub opening: Quantity,
    /// What moved, by kind: in where positive, out where negative; with the value at the retail prices of its days.
    pub moved: BTreeMap<MoveKind, (Quantity, Money)>,
}

impl MonthOfArticle {
    /// On hand at the month's end.
    pub fn closing(&self) -> Quantity {
        self.opening + self.moved.values().map(|(quantity, _)| *quantity).sum()
    }

    /// What left, at the retail prices of its days.
    pub fn sold(&self) -> Money {
        -self.moved.get(&MoveKind::Shipped).map_or(Money::ZERO, |(_, value)| *value)
    }

    /// What is on hand at the month's end at a retail price, such as that of its last day (W8).
    pub fn worth(&self, retail: Option<Money>) -> Money {
        retail.and_then(|retail| retail.times(self.closing())).unwrap_or(Money::ZERO)
    }

    /// Whether anything was on hand or moved.
    pub fn is_something(&self) -> bool {
        !self.opening.is_zero() || self.moved.values().any(|(quantity, _)| !quantity.is_zero())
    }

    /// What moved of all kinds that a month's report does not name.
    pub fn other(&self) -> Quantity {
        let named = NAMED.iter().map(|kind| self.of(*kind)).sum::<Quantity>();
        self.closing() - self.opening - named
    }

    /// What moved of one kind.
    pub fn of(&self, kind: MoveKind) -> Quantity {
        self.moved.get(&kind).map_or(Quantity::ZERO, |(quantity, _)| *quantity)
    }
}

/// The days' part of [`Books`](super::books::Books).
pub trait Daybook: Tables {
    /// The last closed day.
    fn last_closed(&self) -> Result<Option<Day>, Fault> {
        let closed = self.table(CLOSED_DAYS)?;
        let last = closed.last()?;
        Ok(last.and_then(|(day, _)| Day::from_ordinal(day.value())))
    }

    /// A closed day.
    fn closed_day(&self, day: Day) -> Result<Option<ClosedDay>, Fault> {
        record(self, CLOSED_DAYS, day.ordinal())
    }

    /// Closed days before `before`, the newest first.
    fn closed_days(&self, before: Option<Day>, limit: usize) -> Result<Vec<ClosedDay>, Fault> {
        let closed = self.table(CLOSED_DAYS)?;
        let end = before.map_or(i32::MAX, Day::ordinal);
        closed.range(..end)?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// The first day after the last closed one whose ledger has lines.
    fn first_unclosed(&self) -> Result<Option<Day>, Fault> {
        let first = self.last_closed()?.map_or(i32::MIN, |last| last.next().ordinal());
        let ledger = self.table(LEDGER)?;
        let found = ledger.range((first, 0, 0)..)?.next().transpose()?;
        Ok(found.and_then(|(key, _)| Day::from_ordinal(key.value().0)))
    }

    /// Lines of the ledger from `from` to `to`, after the line (day, seq, line) `after`.
    fn ledger(
        &self,
        from: Day,
        to: Day,
        after: Option<(Day, u64, u32)>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, Fault> {
        use std::ops::Bound::{Excluded, Included};
        let first =
            after.map_or(Included((from.ordinal(), 0, 0)), |(day, seq, line)| Excluded((day.ordinal(), seq, line)));
        let ledger = self.table(LEDGER)?;
        ledger
            .range((first, Included((to.ordinal(), u64::MAX, u32::MAX))))?
            .take(limit)
            .map(|row| ledger_row(row?))
            .collect()
    }

    /// Lines of the ledger from `from` to `to`, before the line (day, seq, line) `before`, the latest first.
    fn ledger_before(
        &self,
        from: Day,
        to: Day,
        before: Option<(Day, u64, u32)>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, Fault> {
        let end = before.map_or((to.ordinal(), u64::MAX, u32::MAX), |(day, seq, line)| (day.ordinal(), seq, line));
        let ledger = self.table(LEDGER)?;
        ledger.range((from.ordinal(), 0, 0)..end)?.rev().take(limit).map(|row| ledger_row(row?)).collect()
    }

    /// Where a shipment's goods first left, in the ledger.
    fn first_posted(&self, order: OrderId, part: u8) -> Result<Option<Corrected>, Fault> {
        let posted = self.table(LEDGER_ORDERS)?;
        let first = posted.range((order.number(), part, 0)..=(order.number(), part, u64::MAX))?.next().transpose()?;
        Ok(first.and_then(|(key, day)| Some(Corrected { day: Day::from_ordinal(day.value())?, seq: key.value().2 })))
    }

    /// Whether anything of an order stands in the ledger.
    fn is_posted(&self, order: OrderId) -> Result<bool, Fault> {
        let posted = self.table(LEDGER_ORDERS)?;
        Ok(posted.range((order.number(), 0, 0)..=(order.number(), u8::MAX, u64::MAX))?.next().is_some())
    }

    /// What a day's ledger adds up to, of all channels or of one.
    fn day_figures(&self, day: Day, channel: Option<Option<DealerKind>>) -> Result<DayFigures, Fault> {
        let totals = self.table(TOTALS)?;
        let mut figures = DayFigures::default();
        let (kind, day) = (totals::LEDGER_DAY, day.ordinal());
        for row in totals.range((kind, day, 0, 0)..=(kind, day, u64::MAX, u64::MAX))? {
            let (key, sums) = row?;
            let ((_, _, side, of), (lines, fen)) = (key.value(), sums.value());
            if channel.is_some_and(|wanted| channel_code(wanted) != of) {
                continue;
            }
            match side {
                totals::SHIPPED => {
                    figures.shipped_lines += lines as u64;
                    figures.shipped += Money::fen(fen);
                }
                totals::RETURNED => {
                    figures.returned_lines += lines as u64;
                    figures.returned += Money::fen(fen);
                }
                _ => figures.freight += Money::fen(fen),
            }
        }
        Ok(figures)
    }

    /// What left of an article on each day from `first` to `last`.
    fn left_by_day(&self, article: ArticleId, first: Day, last: Day) -> Result<Vec<Quantity>, Fault> {
        let totals = self.table(TOTALS)?;
        let on = |day| totals::article_key(totals::ARTICLE_DAY, day, article, MoveKind::Shipped, false);
        let left = (first.ordinal()..=last.ordinal()).map(|day| {
            let sums = totals.get(on(day))?;
            Ok(sums.map_or(Quantity::ZERO, |sums| -Quantity::thousandths(sums.value().0)))
        });
        left.collect()
    }

    /// How many shipments left in a month, how many of them late, and how long they took.
    fn timeliness(&self, month: Month) -> Result<Timeliness, Fault> {
        let totals = self.table(TOTALS)?;
        let of = |late| -> Result<(i64, i64), Fault> {
            let sums = totals.get(totals::shipments_key(month, late))?;
            Ok(sums.map_or((0, 0), |sums| sums.value()))
        };
        let (in_time, late) = (of(false)?, of(true)?);
        Ok(Timeliness {
            shipments: (in_time.0 + late.0) as u64,
            late: late.0 as u64,
            seconds: (in_time.1 + late.1) as u64,
        })
    }

    /// A month's goods by article: what is on hand now, less what moved since.
    fn month_of_goods(&self, month: Month) -> Result<BTreeMap<ArticleId, MonthOfArticle>, Fault> {
        let mut all: BTreeMap<ArticleId, MonthOfArticle> = BTreeMap::new();
        for row in self.table(STOCK)?.iter()? {
            let (article, stock) = row?;
            let opening = stock.value().unpack()?.on_hand;
            all.insert(ArticleId(article.value()), MonthOfArticle { opening, moved: BTreeMap::new() });
        }
        for (period, Moved { article, kind, damaged, quantity, value }) in totals::moved_since(self, month)? {
            if damaged {
                continue;
            }
            let own = all.entry(article).or_default();
            own.opening -= quantity;
            if period == month.ordinal() {
                let sum = own.moved.entry(kind).or_default();
                *sum = (sum.0 + quantity, sum.1 + value);
            }
        }
        Ok(all)
    }
}

impl<B: Tables> Daybook for B {}

type LedgerGuard<'a> = (
    redb::AccessGuard<'a, (i32, u64, u32)>,
    redb::AccessGuard<'a, super::codec::Packed<crate::domain::ledger::LedgerLine>>,
);

fn ledger_row((key, image): LedgerGuard<'_>) -> Result<LedgerRow, Fault> {
    let (day, seq, line) = key.value();
    let day = Day::from_ordinal(day).ok_or(Fault::Unreadable { record: "ledger" })?;
    Ok(LedgerRow { day, seq, line, record: image.value().unpack()? })
}
