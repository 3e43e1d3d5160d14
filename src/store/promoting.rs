//! What may be read of promotions, and of what they gave: month by month, from totals that posting keeps.

use redb::ReadableTable;

use super::Fault;
use super::opened::{Tables, all, record};
use super::purchases::until;
use super::tables::*;
use super::totals;
use crate::domain::id::PromotionId;
use crate::domain::promotion::Promotion;
use crate::domain::quantity::Quantity;
use crate::domain::time::{Day, Month};
use crate::domain::write_off::{Given, WriteOff};

/// The promotions' part of [`Books`](super::books::Books).
pub trait Promoting: Tables {
    /// A promotion.
    fn promotion(&self, id: PromotionId) -> Result<Option<Promotion>, Fault> {
        record(self, PROMOTIONS, id.0)
    }

    /// Promotions before that number, newest first.
    fn promotions(&self, before: Option<PromotionId>, limit: usize) -> Result<Vec<Promotion>, Fault> {
        let table = self.table(PROMOTIONS)?;
        let end = before.map_or(u32::MAX, |id| id.0);
        table.range(..end)?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// The promotions that nobody has ended and whose last day has not passed, the oldest first.
    fn open_promotions(&self, today: Day) -> Result<Vec<Promotion>, Fault> {
        let table = self.table(PROMOTION_ENDS)?;
        let mut found = Vec::new();
        for row in table.range((today.ordinal(), 0)..)? {
            let (_, id) = row?.0.value();
            found.push(record(self, PROMOTIONS, id)?.ok_or(Fault::Missing { table: "promotions", key: id.into() })?);
        }
        found.sort_by_key(|promotion: &Promotion| promotion.id);
        Ok(found)
    }

    /// What promotions gave in a month, by promotion and article, less what came back.
    fn given(&self, month: Month) -> Result<Vec<Given>, Fault> {
        totals::given(self, month)
    }

    /// What a promotion gave from one month to another, less what came back.
    fn given_by(&self, promotion: PromotionId, first: Month, last: Month) -> Result<Quantity, Fault> {
        let months = std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last);
        let mut given = Quantity::ZERO;
        for month in months {
            let own = self.given(month)?.into_iter().filter(|given| given.promotion == promotion);
            given += own.map(|given| given.quantity).sum();
        }
        Ok(given)
    }

    /// The months whose gifts are or were to be written off, the oldest first: those of write-offs, the one before the present
    /// month, and the present one.
    fn gift_months(&self, now: Month) -> Result<Vec<(Month, Option<WriteOff>)>, Fault> {
        let known = self.write_offs()?.into_iter().map(|write_off| (write_off.month, Some(write_off)));
        Ok(until(now, known.collect()))
    }

    /// A month's write-off, if one was prepared.
    fn write_off(&self, month: Month) -> Result<Option<WriteOff>, Fault> {
        record(self, WRITE_OFFS, month.ordinal())
    }

    /// Every write-off, the oldest first.
    fn write_offs(&self) -> Result<Vec<WriteOff>, Fault> {
        all(self, WRITE_OFFS)
    }
}

impl<B: Tables + ?Sized> Promoting for B {}
