//! Lists of numbers, all in one table: what an order, a dealer and the queue are paged through by.
//!
//! One table, since what a post adds to several lists then lies on few pages of the disk, and a dealer's lists on one. Which
//! list a row belongs to is said by its [`List`]; nobody else knows how a row is written. Where two lists grow at once,
//! the first ends where the other begins: the second is written from its greatest number down.

use redb::{ReadableTable, Table, WriteTransaction};

use super::Fault;
use super::books::{Kind, QueueRow, party_key};
use super::opened::Tables;
use super::tables::LISTS;
use crate::domain::id::{DealerId, OrderId};
use crate::domain::role::Role;
use crate::domain::time::Moment;

/// A row of the table: (what owns the list, its number, which of its lists, what is in it).
type Row = (u8, u64, u8, u64);

/// A list of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    owner: u8,
    number: u64,
    which: u8,
    written: Written,
}

/// In which order the numbers of a list are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    LeastFirst,
    GreatestFirst,
}

/// The entries of orders; right behind those of the newest orders come the newest that await money.
const ORDER: u8 = 200;
/// The queue's places that await money.
const UNPAID: u8 = 201;
/// Owners that are no objects of the journal.
const ACKNOWLEDGING: u8 = 202;
const QUEUE: u8 = 203;

impl List {
    const fn new(owner: u8, number: u64, which: u8, written: Written) -> List {
        List { owner, number, which, written }
    }

    /// The entries of the journal that touched an object.
    pub const fn entries(of: Kind, number: u64) -> List {
        let owner = if matches!(of, Kind::Order) { ORDER } else { of as u8 };
        List::new(owner, number, 0, Written::LeastFirst)
    }

    /// A dealer's orders that await money.
    pub const fn unpaid(dealer: DealerId) -> List {
        List::new(Kind::Dealer as u8, dealer.0 as u64, 1, Written::LeastFirst)
    }

    /// A dealer's orders.
    pub const fn orders(dealer: DealerId) -> List {
        List::new(Kind::Dealer as u8, dealer.0 as u64, 2, Written::GreatestFirst)
    }

    /// A dealer's payments.
    pub const fn payments(dealer: DealerId) -> List {
        List::new(Kind::Dealer as u8, dealer.0 as u64, 3, Written::LeastFirst)
    }

    /// The dealers whose file waits for a party of M1.4.
    pub fn unacknowledged(party: Role) -> List {
        List::new(ACKNOWLEDGING, party_key(party).into(), 0, Written::LeastFirst)
    }

    /// The queue's places that await money, as [`place`] numbers them.
    const fn awaiting() -> List {
        List::new(UNPAID, 0, 0, Written::GreatestFirst)
    }

    /// How a number is written; the same again gives the number back.
    fn turned(self, number: u64) -> u64 {
        if self.written == Written::GreatestFirst { !number } else { number }
    }

    fn row(self, number: u64) -> Row {
        (self.owner, self.number, self.which, self.turned(number))
    }

    /// Adds a number.
    pub(super) fn add(self, tx: &WriteTransaction, number: u64) -> Result<(), Fault> {
        Lists::open(tx)?.add(self, number)
    }

    /// Removes a number.
    pub(super) fn remove(self, tx: &WriteTransaction, number: u64) -> Result<(), Fault> {
        Lists::open(tx)?.remove(self, number)
    }

    /// The greatest numbers below `before`, downwards.
    pub(super) fn down<B: Tables + ?Sized>(
        self,
        books: &B,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<u64>, Fault> {
        let Some(greatest) = before.unwrap_or(u64::MAX).checked_sub(1) else { return Ok(Vec::new()) };
        self.between(books, 0, greatest, true, limit)
    }

    /// The smallest numbers above `after`, upwards.
    pub(super) fn up<B: Tables + ?Sized>(self, books: &B, after: Option<u64>, limit: usize) -> Result<Vec<u64>, Fault> {
        self.between(books, after.map_or(0, |number| number + 1), u64::MAX, false, limit)
    }

    /// Numbers from the least to the greatest, or `down` from the greatest.
    fn between<B: Tables + ?Sized>(
        self,
        books: &B,
        least: u64,
        greatest: u64,
        down: bool,
        limit: usize,
    ) -> Result<Vec<u64>, Fault> {
        let lists = books.table(LISTS)?;
        let (least, greatest) = (self.row(least), self.row(greatest));
        let mut rows = lists.range(least.min(greatest)..=greatest.max(least))?;
        let backwards = down == (self.written == Written::LeastFirst);
        let next = || if backwards { rows.next_back() } else { rows.next() };
        std::iter::from_fn(next).take(limit).map(|row| Ok(self.turned(row?.0.value().3))).collect()
    }
}

/// The lists, opened to be written.
pub(super) struct Lists<'tx>(Table<'tx, Row, ()>);

impl<'tx> Lists<'tx> {
    pub(super) fn open(tx: &'tx WriteTransaction) -> Result<Lists<'tx>, Fault> {
        Ok(Lists(tx.open_table(LISTS)?))
    }

    /// Adds a number to a list.
    pub(super) fn add(&mut self, list: List, number: u64) -> Result<(), Fault> {
        self.0.insert(list.row(number), ())?;
        Ok(())
    }

    /// Removes a number from a list.
    pub(super) fn remove(&mut self, list: List, number: u64) -> Result<(), Fault> {
        self.0.remove(list.row(number))?;
        Ok(())
    }

    /// Moves an order's places in the queue.
    pub(super) fn requeue(&mut self, was: &[QueueRow], now: &[QueueRow]) -> Result<(), Fault> {
        for place in was.iter().filter(|place| !now.contains(place)) {
            self.0.remove(written(place))?;
        }
        for place in now.iter().filter(|place| !was.contains(place)) {
            self.0.insert(written(place), ())?;
        }
        Ok(())
    }
}

/// A place's order and shipment.
fn place(place: &QueueRow) -> u64 {
    place.order.number() << 8 | u64::from(place.part)
}

/// A place in the queue as a row: by deadline, then by order and shipment; those that await money are a list of their own.
fn written(row: &QueueRow) -> Row {
    match row.deadline {
        None => List::awaiting().row(place(row)),
        Some(deadline) => (QUEUE, (deadline.as_micros() as u64) ^ (1 << 63), 0, place(row)),
    }
}

fn dated((_, deadline, _, place): Row) -> QueueRow {
    let deadline = Moment::from_micros((deadline ^ (1 << 63)) as i64);
    QueueRow { deadline: Some(deadline), ..awaited(place) }
}

fn awaited(place: u64) -> QueueRow {
    QueueRow { deadline: None, order: OrderId::from_number(place >> 8), part: place as u8 }
}

/// The queue after `after`, the most urgent first; those that await money come last.
pub(super) fn queue<B: Tables + ?Sized>(
    books: &B,
    after: Option<QueueRow>,
    limit: usize,
) -> Result<Vec<QueueRow>, Fault> {
    use std::ops::Bound::{Excluded, Included};
    let mut queue = Vec::new();
    if after.is_none_or(|after| after.deadline.is_some()) {
        let lists = books.table(LISTS)?;
        let start = after.map_or(Included((QUEUE, 0, 0, 0)), |after| Excluded(written(&after)));
        for row in lists.range((start, Excluded((QUEUE + 1, 0, 0, 0))))?.take(limit) {
            queue.push(dated(row?.0.value()));
        }
    }
    let after = after.filter(|after| after.deadline.is_none()).map(|after| place(&after));
    queue.extend(List::awaiting().up(books, after, limit - queue.len())?.into_iter().map(awaited));
    Ok(queue)
}

/// The queue before `before`, the nearest first.
pub(super) fn queue_before<B: Tables + ?Sized>(
    books: &B,
    before: QueueRow,
    limit: usize,
) -> Result<Vec<QueueRow>, Fault> {
    let (mut queue, mut end) = (Vec::new(), (QUEUE + 1, 0, 0, 0));
    match before.deadline {
        None => queue.extend(List::awaiting().down(books, Some(place(&before)), limit)?.into_iter().map(awaited)),
        Some(_) => end = written(&before),
    }
    let lists = books.table(LISTS)?;
    for row in lists.range((QUEUE, 0, 0, 0)..end)?.rev().take(limit - queue.len()) {
        queue.push(dated(row?.0.value()));
    }
    Ok(queue)
}
