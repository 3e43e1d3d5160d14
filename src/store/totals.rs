//! Totals that are kept while posting, so that a day or a month is read and never added up from history.
//!
//! One table holds them all: (kind, period, a, b) to two sums. What a, b and the sums are, its kind says.

use std::collections::BTreeMap;

use redb::{ReadableTable, WriteTransaction};

use super::Fault;
use super::opened::Tables;
use super::tables::TOTALS;
use crate::domain::id::{ArticleId, PromotionId};
use crate::domain::ledger::{LedgerLine, channel_code};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MoveKind, Movement};
use crate::domain::time::{Day, Month};
use crate::domain::write_off::Given;

/// Movements of a ledger day, by the day's ordinal: article and (side, kind) to quantity and value at retail.
pub const ARTICLE_DAY: u8 = 1;
/// The same of a month, by its ordinal.
pub const ARTICLE_MONTH: u8 = 2;
/// The ledger of a day, by the day's ordinal: side and channel to lines and amount in fen.
pub const LEDGER_DAY: u8 = 10;
/// Shipments that left in a month, by its ordinal: whether late to how many, and seconds from the payment to their leaving.
pub const SHIPMENTS_MONTH: u8 = 11;
/// What promotions gave in a month, by its ordinal: promotion and article to quantity and value at retail.
pub const GIFTS_MONTH: u8 = 12;
/// What open orders still need from the shelf, in no period: article to quantity.
pub const ORDERED: u8 = 20;

/// The side of a day's ledger: goods that left.
pub const SHIPPED: u64 = 0;
/// Goods that came back.
pub const RETURNED: u64 = 1;
/// Freight: how many orders, how much.
pub const FREIGHT: u64 = 2;

/// What moved of an article in a period, for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Which article.
    pub article: ArticleId,
    /// Why.
    pub kind: MoveKind,
    /// Whether it is the damaged stock that changed; otherwise the sound one.
    pub damaged: bool,
    /// How much: in where positive, out where negative.
    pub quantity: Quantity,
    /// The same at the retail prices of the days it moved on.
    pub value: Money,
}

/// How a kind of movement of the sound or of the damaged stock is written in a key.
fn reason(kind: MoveKind, damaged: bool) -> u64 {
    u64::from(damaged) << 8 | u64::from(kind.code())
}

/// The key of what moved of an article's sound or damaged stock in a period, for one reason.
pub fn article_key(kind: u8, period: i32, article: ArticleId, why: MoveKind, damaged: bool) -> Key {
    (kind, period, article.0.into(), reason(why, damaged))
}

/// Adds to a total; one that comes to nothing is not kept.
pub fn add(tx: &WriteTransaction, (key, by): Addend) -> Result<(), Fault> {
    if by == (0, 0) {
        return Ok(());
    }
    let mut totals = tx.open_table(TOTALS)?;
    let was = totals.get(key)?.map_or((0, 0), |sums| sums.value());
    let now = (was.0 + by.0, was.1 + by.1);
    if now == (0, 0) {
        totals.remove(key)?;
    } else {
        totals.insert(key, now)?;
    }
    Ok(())
}

/// A total with what is added to it.
pub type Addend = (Key, (i64, i64));
/// A total's key: kind, period, and what its kind says.
pub type Key = (u8, i32, u64, u64);

/// What an order adds to what open orders need of an article.
pub fn ordered_addend(article: ArticleId, by: Quantity) -> Addend {
    ((ORDERED, 0, article.0.into(), 0), (by.as_thousandths(), 0))
}

/// What open orders still need from the shelf, by article.
pub fn ordered<B: Tables + ?Sized>(books: &B) -> Result<BTreeMap<ArticleId, Quantity>, Fault> {
    let totals = books.table(TOTALS)?;
    let rows = totals.range((ORDERED, 0, 0, 0)..=(ORDERED, 0, u64::MAX, u64::MAX))?;
    rows.map(|row| {
        let (key, sums) = row?;
        Ok((ArticleId(key.value().2 as u32), Quantity::thousandths(sums.value().0)))
    })
    .collect()
}

/// The key of a month's shipments, those in time or those that were late.
pub fn shipments_key(month: Month, late: bool) -> Key {
    (SHIPMENTS_MONTH, month.ordinal(), late.into(), 0)
}

/// What a shipment that left on a day adds to its month.
pub fn shipment_addend(day: Day, late: bool, seconds: i64) -> Addend {
    (shipments_key(day.month(), late), (1, seconds.max(0)))
}

/// What a line of the ledger adds to the totals of its day, and a gift to those of its month.
pub fn ledger_addends(day: Day, line: &LedgerLine) -> Vec<Addend> {
    let channel = channel_code(line.channel);
    let side = if line.quantity < Quantity::ZERO { RETURNED } else { SHIPPED };
    let mut addends = vec![((LEDGER_DAY, day.ordinal(), side, channel), (1, line.amount.as_fen()))];
    if !line.freight.is_zero() {
        addends.push(((LEDGER_DAY, day.ordinal(), FREIGHT, channel), (1, line.freight.as_fen())));
    }
    if let Some(promotion) = line.promotion {
        let key = (GIFTS_MONTH, day.month().ordinal(), promotion.0.into(), line.article.0.into());
        addends.push((key, (line.gift.as_thousandths(), line.gift_value.as_fen())));
    }
    addends
}

/// What promotions gave in a month, by promotion and article.
pub fn given<B: Tables + ?Sized>(books: &B, month: Month) -> Result<Vec<Given>, Fault> {
    let period = month.ordinal();
    let totals = books.table(TOTALS)?;
    let rows = totals.range((GIFTS_MONTH, period, 0, 0)..=(GIFTS_MONTH, period, u64::MAX, u64::MAX))?;
    rows.map(|row| {
        let (key, sums) = row?;
        let ((.., promotion, article), (quantity, fen)) = (key.value(), sums.value());
        let (promotion, article) = (PromotionId(promotion as u32), ArticleId(article as u32));
        Ok(Given { promotion, article, quantity: Quantity::thousandths(quantity), amount: Money::fen(fen) })
    })
    .collect()
}

/// What a movement adds to the totals of its day and of its month: its sound and its damaged side, at retail price.
pub fn addends(article: ArticleId, movement: &Movement) -> Vec<Addend> {
    if !movement.kind.counts() {
        return Vec::new();
    }
    let (day, month) = (movement.day.ordinal(), movement.day.month().ordinal());
    let sides = [(false, movement.change.on_hand), (true, movement.change.damaged)];
    let moved = sides.into_iter().filter(|(_, quantity)| !quantity.is_zero());
    moved
        .flat_map(|(damaged, quantity)| {
            // What is past every amount the books hold has no value that could be added up.
            let value = movement.retail.times(quantity).unwrap_or(Money::ZERO);
            let sums = (quantity.as_thousandths(), value.as_fen());
            [(ARTICLE_DAY, day), (ARTICLE_MONTH, month)]
                .map(|(kind, of)| (article_key(kind, of, article, movement.kind, damaged), sums))
        })
        .collect()
}

/// What moved in a period.
pub fn moved<B: Tables + ?Sized>(books: &B, kind: u8, period: i32) -> Result<Vec<Moved>, Fault> {
    let totals = books.table(TOTALS)?;
    let rows = totals.range((kind, period, 0, 0)..=(kind, period, u64::MAX, u64::MAX))?;
    rows.map(|row| row.map_err(Fault::from).and_then(|(key, sums)| read(key.value(), sums.value()))).collect()
}

/// What moved in a month and in all that followed it, with the month.
pub fn moved_since<B: Tables + ?Sized>(books: &B, month: Month) -> Result<Vec<(i32, Moved)>, Fault> {
    let totals = books.table(TOTALS)?;
    let rows = totals.range((ARTICLE_MONTH, month.ordinal(), 0, 0)..=(ARTICLE_MONTH, i32::MAX, u64::MAX, u64::MAX))?;
    let one = |(key, sums): (Key, (i64, i64))| Ok((key.1, read(key, sums)?));
    rows.map(|row| row.map_err(Fault::from).and_then(|(key, sums)| one((key.value(), sums.value())))).collect()
}

fn read((_, _, article, why): Key, (quantity, value): (i64, i64)) -> Result<Moved, Fault> {
    let kind = MoveKind::ALL.iter().find(|kind| u64::from(kind.code()) == why & 0xff);
    Ok(Moved {
        article: ArticleId(article as u32),
        kind: *kind.ok_or(Fault::Unreadable { record: "totals" })?,
        damaged: why >> 8 != 0,
        quantity: Quantity::thousandths(quantity),
        value: Money::fen(value),
    })
}
