//! Rows of promotions and of write-offs.

use redb::WriteTransaction;

use super::{must, purchasing, put, raise};
use crate::domain::event::Event;
use crate::domain::promotion::Promotion;
use crate::domain::shipment::Mark;
use crate::domain::text::Text;
use crate::domain::write_off::WriteOff;
use crate::store::Fault;
use crate::store::books::Promoting;
use crate::store::journal::Entry;
use crate::store::tables::*;

/// What an event does to a promotion.
pub(super) fn promotion(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    use Event::*;
    let before = match &entry.event {
        PromotionDrafted { promotion, terms } => {
            raise(tx, "promotions", i64::from(promotion.0))?;
            return keep(tx, None, &Promotion::draft(*promotion, terms.clone(), entry.by, entry.at));
        }
        PromotionRevised { promotion, .. }
        | PromotionSubmitted { promotion, .. }
        | PromotionConfirmed { promotion, .. }
        | PromotionRejected { promotion, .. }
        | PromotionEnded { promotion, .. } => must(tx, PROMOTIONS, promotion.0, "promotions", promotion.0.into())?,
        other => unreachable!("{} is no event about a promotion", other.key()),
    };
    let mut after = before.clone();
    after.apply(entry.by, entry.at, &entry.event);
    keep(tx, Some(&before), &after)
}

/// Writes a promotion, and until when something is still to be done about it.
fn keep(tx: &WriteTransaction, before: Option<&Promotion>, after: &Promotion) -> Result<(), Fault> {
    let mut ends = tx.open_table(PROMOTION_ENDS)?;
    if let Some(before) = before {
        ends.remove((before.terms.last.ordinal(), before.id.0))?;
    }
    if after.ended.is_none() {
        ends.insert((after.terms.last.ordinal(), after.id.0), ())?;
    }
    drop(ends);
    put(tx, PROMOTIONS, after.id.0, after)
}

/// A month's gifts were put together, or finance wrote them off.
pub(super) fn write_off(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    match &entry.event {
        Event::WriteOffPrepared { month, given, .. } => {
            let prepared = Mark { by: entry.by, at: entry.at, why: Text::default() };
            let new = WriteOff { month: *month, given: given.clone(), prepared, confirmed: None };
            put(tx, WRITE_OFFS, month.ordinal(), &new)
        }
        Event::WriteOffConfirmed { month, amount } => {
            let missing = Fault::Missing { table: "write_offs", key: month.ordinal() as u64 };
            let mut write_off = tx.write_off(*month)?.ok_or(missing)?;
            write_off.apply(entry.by, entry.at, &entry.event);
            purchasing::written_off(tx, entry, *month, *amount)?;
            put(tx, WRITE_OFFS, month.ordinal(), &write_off)
        }
        other => unreachable!("{} writes no gifts off", other.key()),
    }
}
