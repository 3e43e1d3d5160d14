//! Goods moving: stock at each place and in all, cards, and the totals of days and months, in the posting transaction.
//!
//! Everything that moves goods passes [`move_stock`].

use std::borrow::Cow;

use redb::WriteTransaction;

use super::{must, put, raise};
use crate::domain::event::Event;
use crate::domain::goods::{GoodsFrom, PriceOf};
use crate::domain::id::ArticleId;
use crate::domain::money::Money;
use crate::domain::moving::DamagedTo;
use crate::domain::parting::Became;
use crate::domain::quantity::Quantity;
use crate::domain::receiving::Receipt;
use crate::domain::stock::{Document, MoveKind, Movement, Picked, Shelf, Stock, pick};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::Fault;
use crate::store::books::{Books, Stockroom};
use crate::store::journal::Entry;
use crate::store::tables::*;
use crate::store::totals;

/// A change of stock at a place.
pub(super) struct Change {
    /// Of which article.
    pub(super) article: ArticleId,
    /// Where.
    pub(super) place: Text,
    /// What.
    pub(super) stock: Stock,
}

impl Change {
    fn reversed(&self) -> Change {
        Change { article: self.article, place: self.place.clone(), stock: -self.stock }
    }
}

/// The day of the ledger to which an entry belongs: its civil day, or the next open one where that is closed (M5.1).
pub(super) fn ledger_day(tx: &WriteTransaction, entry: &Entry) -> Result<Day, Fault> {
    super::ledger::open_day(tx, entry.at.day(tx.settings()?.zone))
}

/// The one way in which goods move: stock, card and totals together, line by line.
pub(super) fn move_stock(
    tx: &WriteTransaction,
    entry: &Entry,
    kind: MoveKind,
    document: Document,
    changes: impl IntoIterator<Item = Change>,
) -> Result<(), Fault> {
    move_each(tx, entry, document, changes.into_iter().map(|change| (kind, change)))
}

/// The same where one document moves goods for several reasons.
pub(super) fn move_each(
    tx: &WriteTransaction,
    entry: &Entry,
    document: Document,
    changes: impl IntoIterator<Item = (MoveKind, Change)>,
) -> Result<(), Fault> {
    let day = ledger_day(tx, entry)?;
    for (nth, (kind, Change { article, place, stock: change })) in changes.into_iter().enumerate() {
        let mut total = tx.stock(article)?;
        total += change;
        let before = crate::store::books::record(tx, PLACE_STOCK, (article.0, place.as_str()))?;
        if before.is_none() {
            tx.open_table(PLACE_ARTICLES)?.insert((place.as_str(), article.0), ())?;
        }
        let balance = before.unwrap_or_default() + change;
        if !balance.can_be() || !total.can_be() {
            return Err(Fault::Broken(format!(
                "entry {} would make the stock of article {} negative",
                entry.seq.0, article.0
            )));
        }
        put(tx, STOCK, article.0, &total)?;
        put(tx, PLACE_STOCK, (article.0, place.as_str()), &balance)?;
        let retail = tx.price(article, &PriceOf::Retail, day)?.unwrap_or(Money::ZERO);
        let total = total.on_hand;
        let movement = Movement { at: entry.at, day, retail, kind, change, balance, total, document };
        put(tx, MOVES, (article.0, place.as_str(), entry.seq.0, nth as u32), &movement)?;
        totals::addends(article, &movement).into_iter().try_for_each(|addend| totals::add(tx, addend))?;
    }
    Ok(())
}

/// Where an article belongs.
fn home(tx: &WriteTransaction, article: ArticleId) -> Result<Text, Fault> {
    Ok(must(tx, ARTICLES, article.0, "articles", article.0.into())?.card.location)
}

fn at_home(
    tx: &WriteTransaction,
    goods: &[(ArticleId, Quantity)],
    change: impl Fn(Quantity) -> Stock,
) -> Result<Vec<Change>, Fault> {
    let each = goods.iter();
    each.map(|(article, q)| Ok(Change { article: *article, place: home(tx, *article)?, stock: change(*q) })).collect()
}

fn picked(goods: &[Picked], change: impl Fn(Quantity) -> Stock) -> Vec<Change> {
    let each = goods.iter();
    each.map(|p| Change { article: p.article, place: p.place.clone(), stock: change(p.quantity) }).collect()
}

/// An entry with what the entries of earlier versions left to be found out: from which places goods were packed. The answer
/// follows from the tables as they were, so that it is the same at every replay.
pub(super) fn completed<'a>(tx: &WriteTransaction, entry: &'a Entry) -> Result<Cow<'a, Entry>, Fault> {
    let Event::ShipmentPacked { goods, from, .. } = &entry.event else {
        return Ok(Cow::Borrowed(entry));
    };
    if !from.is_empty() {
        return Ok(Cow::Borrowed(entry));
    }
    let mut shelves: Vec<Shelf> = Vec::new();
    for (article, _) in goods {
        if shelves.iter().all(|shelf| shelf.article != *article) {
            shelves.extend(tx.shelves(&must(tx, ARTICLES, article.0, "articles", article.0.into())?)?);
        }
    }
    let found = pick(goods, &shelves);
    let mut entry = entry.clone();
    if let Event::ShipmentPacked { from, .. } = &mut entry.event {
        *from = found;
    }
    Ok(Cow::Owned(entry))
}

/// Goods came in, plainly.
pub(super) fn received(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::GoodsReceived { receipt, from, note, lines } = &entry.event else {
        unreachable!("{} receives nothing", entry.event.key())
    };
    raise(tx, "receipts", i64::from(receipt.0))?;
    let kept = Receipt { id: *receipt, note: note.clone(), lines: lines.clone(), at: entry.at, bill: None };
    put(tx, RECEIPTS, receipt.0, &kept)?;
    let kind = match from {
        GoodsFrom::Opening => MoveKind::Opening,
        GoodsFrom::Delivery => MoveKind::Delivery,
    };
    move_stock(tx, entry, kind, Document::Receipt(*receipt), at_home(tx, lines, Stock::of_sound)?)
}

/// Goods moved within the warehouse, or from sound to damaged and on.
pub(super) fn noted(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    use Event::*;
    let (GoodsMoved { note, .. } | DamageNoted { note, .. } | DamageSettled { note, .. }) = &entry.event else {
        unreachable!("{} moves nothing in the warehouse", entry.event.key())
    };
    raise(tx, "stock_notes", i64::from(note.0))?;
    let document = Document::Note(*note);
    match &entry.event {
        GoodsMoved { goods, to, damaged, .. } => {
            let state = if *damaged { Stock::of_damaged } else { Stock::of_sound };
            let both = picked(goods, state).into_iter().flat_map(|there| {
                let gone = there.reversed();
                [gone, Change { place: to.clone(), ..there }]
            });
            move_stock(tx, entry, MoveKind::Transfer, document, both)
        }
        DamageNoted { goods, .. } => move_stock(tx, entry, MoveKind::Damaged, document, picked(goods, spoilt)),
        DamageSettled { goods, outcome, .. } => {
            let change = |quantity| match outcome {
                DamagedTo::Restored => -spoilt(quantity),
                DamagedTo::WrittenOff | DamagedTo::ToFactory => -Stock::of_damaged(quantity),
            };
            move_stock(tx, entry, outcome.kind(), document, picked(goods, change))
        }
        other => unreachable!("{} moves nothing in the warehouse", other.key()),
    }
}

/// Sound goods that turn out damaged.
fn spoilt(quantity: Quantity) -> Stock {
    Stock::of_damaged(quantity) + -Stock::of_sound(quantity)
}

/// Goods taken off the shelf for a shipment, put back on it, gone, or come back.
pub(super) fn shipment(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    use Event::*;
    let (ShipmentPacked { order, part, .. }
    | ShipmentUnpacked { order, part, .. }
    | GoodsShipped { order, part, .. }
    | GoodsTakenBack { order, part, .. }) = &entry.event
    else {
        unreachable!("{} moves no goods", entry.event.key())
    };
    let document = Document::Shipment(*order, *part);
    let packed = || -> Result<Vec<Picked>, Fault> {
        let order = must(tx, ORDERS, order.number(), "orders", order.number())?;
        Ok(order.parts.into_iter().find(|held| held.no == *part).map(|part| part.picked).unwrap_or_default())
    };
    match &entry.event {
        ShipmentPacked { from, .. } => {
            move_stock(tx, entry, MoveKind::Packed, document, picked(from, Stock::of_packed))
        }
        ShipmentUnpacked { .. } => {
            let back = picked(&packed()?, |quantity| -Stock::of_packed(quantity));
            move_stock(tx, entry, MoveKind::Unpacked, document, back)
        }
        GoodsShipped { .. } => {
            let gone = |quantity| -(Stock::of_sound(quantity) + Stock::of_packed(quantity));
            move_stock(tx, entry, MoveKind::Shipped, document, picked(&packed()?, gone))
        }
        GoodsTakenBack { goods, became, place, fates, .. } => {
            let (mut back, mut gone) = (Vec::new(), Vec::new());
            for (nth, came) in goods.iter().enumerate() {
                let own = fates.get(nth).map(|fate| (fate.became, fate.place.as_ref()));
                let (became, place) = own.unwrap_or((*became, place.as_ref()));
                let state = if became == Became::Sound { Stock::of_sound } else { Stock::of_damaged };
                for mut change in at_home(tx, std::slice::from_ref(came), state)? {
                    change.place = place.cloned().unwrap_or(change.place);
                    gone.extend((became == Became::WrittenOff).then(|| (MoveKind::WrittenOff, change.reversed())));
                    back.push((MoveKind::Returned, change));
                }
            }
            move_each(tx, entry, document, back.into_iter().chain(gone))
        }
        other => unreachable!("{} moves no goods", other.key()),
    }
}
