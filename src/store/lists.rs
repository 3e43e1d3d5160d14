//! Lists of numbers, all in one table: what an order, a dealer and the queue are paged through by.
//!
//! One table, since what a post adds to several lists then lies on few pages of the disk, and a dealer's lists on one. Which
//! list a row belongs to is said by its [`List`]; nobody else knows how a row is written.

use redb::{ReadableTable, WriteTransaction};

use super::Fault;
use super::books::{Kind, QueueRow, party_key};
use super::opened::Tables;
use super::tables::LISTS;
use crate::domain::id::{DealerId, OrderId};
use crate::domain::role::Role;
use crate::domain::time::Moment;

/// A row of the table: (what owns the list, its number, which of its lists, what is in it).
type Row = (u8, u64, u8, u64);

/// A list of numbers in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List(u8, u64, u8);

/// Owners that are no objects of the journal.
const ACKNOWLEDGING: u8 = 200;
const QUEUE: u8 = 201;

impl List {
    /// The entries of the journal that touched an object.
    pub const fn entries(of: Kind, number: u64) -> List {
        List(of as u8, number, 0)
    }

    /// A dealer's orders.
    pub const fn orders(dealer: DealerId) -> List {
        List(Kind::Dealer as u8, dealer.0 as u64, 1)
    }

    /// A dealer's orders that await money.
    pub const fn unpaid(dealer: DealerId) -> List {
        List(Kind::Dealer as u8, dealer.0 as u64, 2)
    }

    /// A dealer's payments.
    pub const fn payments(dealer: DealerId) -> List {
        List(Kind::Dealer as u8, dealer.0 as u64, 3)
    }

    /// The dealers whose file waits for a party of M1.4.
    pub fn unacknowledged(party: Role) -> List {
        List(ACKNOWLEDGING, party_key(party).into(), 0)
    }

    fn row(self, number: u64) -> Row {
        (self.0, self.1, self.2, number)
    }

    /// Adds a number.
    pub(super) fn add(self, tx: &WriteTransaction, number: u64) -> Result<(), Fault> {
        tx.open_table(LISTS)?.insert(self.row(number), ())?;
        Ok(())
    }

    /// Removes a number.
    pub(super) fn remove(self, tx: &WriteTransaction, number: u64) -> Result<(), Fault> {
        tx.open_table(LISTS)?.remove(self.row(number))?;
        Ok(())
    }

    /// The greatest numbers below `before`, downwards.
    pub(super) fn down<B: Tables + ?Sized>(
        self,
        books: &B,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<u64>, Fault> {
        let lists = books.table(LISTS)?;
        let range = lists.range(self.row(0)..self.row(before.unwrap_or(u64::MAX)))?;
        range.rev().take(limit).map(|row| Ok(row?.0.value().3)).collect()
    }

    /// The smallest numbers above `after`, upwards.
    pub(super) fn up<B: Tables + ?Sized>(self, books: &B, after: Option<u64>, limit: usize) -> Result<Vec<u64>, Fault> {
        let lists = books.table(LISTS)?;
        let start = after.map_or(0, |number| number + 1);
        let range = lists.range(self.row(start)..=self.row(u64::MAX))?;
        range.take(limit).map(|row| Ok(row?.0.value().3)).collect()
    }
}

/// A place in the queue as a row: by deadline, those that await money last, then by order and shipment.
fn written(place: &QueueRow) -> Row {
    let deadline = place.deadline.map_or(i64::MAX, Moment::as_micros);
    (QUEUE, (deadline as u64) ^ (1 << 63), 0, place.order.number() << 8 | u64::from(place.part))
}

fn read((_, deadline, _, place): Row) -> QueueRow {
    let deadline = (deadline ^ (1 << 63)) as i64;
    QueueRow {
        deadline: (deadline != i64::MAX).then(|| Moment::from_micros(deadline)),
        order: OrderId::from_number(place >> 8),
        part: place as u8,
    }
}

/// Moves an order's places in the queue.
pub(super) fn requeue(tx: &WriteTransaction, was: &[QueueRow], now: &[QueueRow]) -> Result<(), Fault> {
    let mut lists = tx.open_table(LISTS)?;
    for place in was.iter().filter(|place| !now.contains(place)) {
        lists.remove(written(place))?;
    }
    for place in now.iter().filter(|place| !was.contains(place)) {
        lists.insert(written(place), ())?;
    }
    Ok(())
}

/// The queue after `after`, the most urgent first.
pub(super) fn queue<B: Tables + ?Sized>(
    books: &B,
    after: Option<QueueRow>,
    limit: usize,
) -> Result<Vec<QueueRow>, Fault> {
    use std::ops::Bound::{Excluded, Included};
    let lists = books.table(LISTS)?;
    let start = after.map_or(Included((QUEUE, 0, 0, 0)), |place| Excluded(written(&place)));
    let range = lists.range((start, Excluded((QUEUE + 1, 0, 0, 0))))?;
    range.take(limit).map(|row| Ok(read(row?.0.value()))).collect()
}

/// The queue before `before`, the nearest first.
pub(super) fn queue_before<B: Tables + ?Sized>(
    books: &B,
    before: QueueRow,
    limit: usize,
) -> Result<Vec<QueueRow>, Fault> {
    let lists = books.table(LISTS)?;
    let range = lists.range((QUEUE, 0, 0, 0)..written(&before))?;
    range.rev().take(limit).map(|row| Ok(read(row?.0.value()))).collect()
}
