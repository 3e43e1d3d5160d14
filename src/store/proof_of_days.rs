//! Proof that the ledger agrees: with the goods that moved, with the totals of its days, with what was said at closing (W7).
//!
//! The first line or day that disagrees is named.

use std::collections::BTreeMap;

use redb::ReadableTable;

use super::Fault;
use super::books::Books;
use super::tables::{CLOSED_DAYS, LEDGER, TOTALS};
use super::totals;
use crate::domain::id::ArticleId;
use crate::domain::ledger::{DayFigures, LedgerLine};
use crate::domain::quantity::Quantity;
use crate::domain::stock::MoveKind;
use crate::domain::time::Day;

/// What one day's lines add up to.
#[derive(Default)]
struct Sums {
    figures: DayFigures,
    /// Goods by article, those that left and those that came back.
    goods: BTreeMap<(ArticleId, bool), Quantity>,
}

/// The first line or day of the ledger that disagrees, in words.
pub fn ledger_disagreement(books: &impl Books) -> Result<Option<String>, Fault> {
    let mut days: BTreeMap<i32, Sums> = BTreeMap::new();
    let mut totals = BTreeMap::new();
    for row in books.table(LEDGER)?.iter()? {
        let (key, image) = row?;
        let (day, seq, line) = key.value();
        let record = image.value().unpack()?;
        let is_back = record.quantity < Quantity::ZERO;
        // What is given has no price; a gift that stayed and was charged is sold without moving.
        let sold = if record.price.is_zero() { record.quantity } else { record.quantity - record.gift };
        if record.price.times(sold).is_some_and(|amount| (amount - record.amount).abs().as_fen() > 1) {
            return Ok(Some(format!("the ledger's line {line} of entry {seq} is not its quantity times its price")));
        }
        let sums = days.entry(day).or_default();
        sums.figures.add(&record);
        *sums.goods.entry((record.article, is_back)).or_default() += record.quantity;
        let Some(day) = Day::from_ordinal(day) else { return Err(Fault::Unreadable { record: "ledger" }) };
        let left = if line == 0 && !is_back { shipment_addend(books, day, &record)? } else { None };
        for (key, by) in totals::ledger_addends(day, &record).into_iter().chain(left) {
            let sum: &mut (i64, i64) = totals.entry(key).or_default();
            *sum = (sum.0 + by.0, sum.1 + by.1);
        }
    }
    for (day, sums) in &days {
        if let Some(words) = goods_of(books, *day, sums)? {
            return Ok(Some(words));
        }
    }
    for row in books.table(CLOSED_DAYS)?.iter()? {
        let closed = row?.1.value().unpack()?;
        let own = days.get(&closed.day.ordinal()).map(|sums| sums.figures).unwrap_or_default();
        if own != closed.figures {
            return Ok(Some(format!("the ledger of {} is not what was closed", closed.day)));
        }
    }
    kept(books, totals)
}

/// What a shipment adds to its month, by what its order says of it.
fn shipment_addend(books: &impl Books, day: Day, line: &LedgerLine) -> Result<Option<totals::Addend>, Fault> {
    let order = books.order(line.order)?;
    let part = order.as_ref().and_then(|order| order.parts.iter().find(|part| part.no == line.part));
    Ok(part.map(|part| totals::shipment_addend(day, line.at > part.deadline, line.at.seconds_since(part.paid_at))))
}

/// Compares a day's lines with the goods that moved on it.
fn goods_of(books: &impl Books, day: i32, sums: &Sums) -> Result<Option<String>, Fault> {
    let Some(day) = Day::from_ordinal(day) else { return Err(Fault::Unreadable { record: "ledger" }) };
    let moved = books.moved_on(day)?;
    for ((article, is_back), quantity) in &sums.goods {
        let kind = if *is_back { MoveKind::Returned } else { MoveKind::Shipped };
        let own = moved.iter().filter(|moved| moved.article == *article && moved.kind == kind);
        // What left the warehouse is positive in the ledger, since it was sold.
        if own.map(|moved| -moved.quantity).sum::<Quantity>() != *quantity {
            let code = books.article(*article)?.map(|article| article.card.code).unwrap_or_default();
            return Ok(Some(format!("the ledger of {day} and the goods that moved disagree, first at {code}")));
        }
    }
    Ok(None)
}

fn kept(books: &impl Books, mut summed: BTreeMap<totals::Key, (i64, i64)>) -> Result<Option<String>, Fault> {
    summed.retain(|_, sums| *sums != (0, 0));
    let (first, last) = (totals::LEDGER_DAY, totals::GIFTS_MONTH);
    for row in books.table(TOTALS)?.range((first, i32::MIN, 0, 0)..(last + 1, i32::MIN, 0, 0))? {
        let (key, sums) = row?;
        if summed.remove(&key.value()) != Some(sums.value()) {
            return Ok(Some(format!("the totals are not what the ledger says, first at {:?}", key.value())));
        }
    }
    Ok(summed.keys().next().map(|key| format!("the totals lack {key:?}, which the ledger has")))
}
