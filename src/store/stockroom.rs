//! What may be read of goods where they lie: places, stock at each, stock cards, totals of movements.
//!
//! A balance of the past is one row of a card, so that nothing here reads more than it shows.

use std::ops::{Bound, RangeBounds};

use redb::ReadableTable;

use super::Fault;
pub use super::opened::Tables;
use super::opened::{all, record};
use super::shelf::Cards;
use super::tables::*;
use super::totals::{self, Moved};
use crate::domain::bill::Bill;
use crate::domain::goods::Article;
use crate::domain::id::{ArticleId, BillId, ReceiptId};
use crate::domain::place::Place;
use crate::domain::receiving::{Receipt, Report};
use crate::domain::stock::{CardRow, Shelf, Stock};
use crate::domain::time::{Day, Month};

/// The warehouse's part of [`Books`](super::books::Books).
pub trait Stockroom: Tables {
    /// A place of the warehouse.
    fn place(&self, code: &str) -> Result<Option<Place>, Fault> {
        record(self, PLACES, code)
    }

    /// All places that were defined, along the way through the warehouse.
    fn places(&self) -> Result<Vec<Place>, Fault> {
        let mut places = all(self, PLACES)?;
        places.sort_by(|a, b| (a.turn, &a.code).cmp(&(b.turn, &b.code)));
        Ok(places)
    }

    /// The turn of a place on that way; a place that nobody defined comes last.
    fn turn(&self, code: &str) -> Result<u32, Fault> {
        Ok(self.place(code)?.map_or(u32::MAX, |place| place.turn))
    }

    /// The stock of an article at a place.
    fn stock_at(&self, article: ArticleId, place: &str) -> Result<Stock, Fault> {
        Ok(record(self, PLACE_STOCK, (article.0, place))?.unwrap_or_default())
    }

    /// The stock of an article at a place when entry `seq` of the journal had been written.
    fn stock_as_of(&self, article: ArticleId, place: &str, seq: u64) -> Result<Stock, Fault> {
        self.table(MOVES)?.as_of(article, place, seq)
    }

    /// The stock of an article in all places when entry `seq` of the journal had been written.
    fn total_as_of(&self, article: ArticleId, seq: u64) -> Result<Stock, Fault> {
        let mut total = Stock::default();
        for shelf in self.lain(article)? {
            total += self.stock_as_of(article, &shelf.place, seq)?;
        }
        Ok(total)
    }

    /// Every place where an article ever lay, by code, with what is there now.
    fn lain(&self, article: ArticleId) -> Result<Vec<Shelf>, Fault> {
        let stock = self.table(PLACE_STOCK)?;
        let rows = stock.range((article.0, "")..(article.0 + 1, ""))?;
        rows.map(|row| {
            let (key, image) = row?;
            Ok(Shelf { article, place: key.value().1.into(), stock: image.value().unpack()? })
        })
        .collect()
    }

    /// Where an article lies now, in the order in which places are used up: its own first, then along the way.
    fn shelves(&self, article: &Article) -> Result<Vec<Shelf>, Fault> {
        let mut shelves = self.lain(article.id)?;
        shelves.retain(|shelf| !shelf.stock.is_empty());
        let mut turns = Vec::with_capacity(shelves.len());
        for shelf in shelves {
            let away = shelf.place != article.card.location;
            turns.push(((away, self.turn(&shelf.place)?, shelf.place.clone()), shelf));
        }
        turns.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(turns.into_iter().map(|(_, shelf)| shelf).collect())
    }

    /// Articles that ever lay at a place, by number, with what is there now.
    fn stock_of_place(&self, place: &str) -> Result<Vec<Shelf>, Fault> {
        let articles = self.table(PLACE_ARTICLES)?;
        let mut shelves = Vec::new();
        for row in articles.range((place, 0)..=(place, u32::MAX))? {
            let article = ArticleId(row?.0.value().1);
            shelves.push(Shelf { article, place: place.into(), stock: self.stock_at(article, place)? });
        }
        Ok(shelves)
    }

    /// The card of an article at a place over entries of the journal, newest first: at least `limit` rows where there
    /// are as many, and no entry in part.
    fn moves(
        &self,
        article: ArticleId,
        place: &str,
        entries: impl RangeBounds<u64>,
        limit: usize,
    ) -> Result<Vec<CardRow>, Fault> {
        let first = match entries.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(seq) => *seq,
            Bound::Excluded(seq) => seq.saturating_add(1),
        };
        let last = match entries.end_bound() {
            Bound::Unbounded => u64::MAX,
            Bound::Included(seq) => *seq,
            Bound::Excluded(0) => return Ok(Vec::new()),
            Bound::Excluded(seq) => seq - 1,
        };
        if first > last {
            return Ok(Vec::new());
        }
        let moves = self.table(MOVES)?;
        let mut rows: Vec<CardRow> = Vec::new();
        for row in moves.range((article.0, place, first, 0)..=(article.0, place, last, u32::MAX))?.rev() {
            let (key, image) = row?;
            let (_, _, seq, line) = key.value();
            if rows.len() >= limit && rows.last().is_some_and(|before| before.seq != seq) {
                break;
            }
            rows.push(CardRow { article, place: place.into(), seq, line, movement: image.value().unpack()? });
        }
        Ok(rows)
    }

    /// The card of an article at a place from entry `from` of the journal on, oldest first, as [`moves`](Stockroom::moves).
    fn moves_after(&self, article: ArticleId, place: &str, from: u64, limit: usize) -> Result<Vec<CardRow>, Fault> {
        let moves = self.table(MOVES)?;
        let mut rows: Vec<CardRow> = Vec::new();
        for row in moves.range((article.0, place, from, 0)..=(article.0, place, u64::MAX, u32::MAX))? {
            let (key, image) = row?;
            let (_, _, seq, line) = key.value();
            if rows.len() >= limit && rows.last().is_some_and(|before| before.seq != seq) {
                break;
            }
            rows.push(CardRow { article, place: place.into(), seq, line, movement: image.value().unpack()? });
        }
        Ok(rows)
    }

    /// A bill of the factory.
    fn bill(&self, id: BillId) -> Result<Option<Bill>, Fault> {
        record(self, BILLS, id.0)
    }

    /// The bill that has that number of that factory.
    fn bill_numbered(&self, factory: &str, number: &str) -> Result<Option<BillId>, Fault> {
        Ok(self.table(BILL_NUMBERS)?.get((factory, number))?.map(|id| BillId(id.value())))
    }

    /// Bills before `before`, newest first.
    fn bills(&self, before: Option<BillId>, limit: usize) -> Result<Vec<Bill>, Fault> {
        let bills = self.table(BILLS)?;
        bills
            .range(..before.map_or(u32::MAX, |id| id.0))?
            .rev()
            .take(limit)
            .map(|row| row?.1.value().unpack())
            .collect()
    }

    /// Bills after `after`, oldest first: the page above, seen from the newest.
    fn bills_after(&self, after: Option<BillId>, limit: usize) -> Result<Vec<Bill>, Fault> {
        let bills = self.table(BILLS)?;
        let from = after.map_or(0, |id| id.0 + 1);
        bills.range(from..)?.take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// Bills of which goods are awaited, oldest first.
    fn bills_open(&self, limit: usize) -> Result<Vec<Bill>, Fault> {
        let open = self.table(OPEN_BILLS)?;
        let ids: Vec<u32> = open.iter()?.take(limit).map(|row| Ok(row?.0.value())).collect::<Result<_, Fault>>()?;
        ids.into_iter().filter_map(|id| self.bill(BillId(id)).transpose()).collect()
    }

    /// A plain goods-in.
    fn receipt(&self, id: ReceiptId) -> Result<Option<Receipt>, Fault> {
        record(self, RECEIPTS, id.0)
    }

    /// A report of differences, by its goods-in.
    fn report(&self, id: ReceiptId) -> Result<Option<Report>, Fault> {
        record(self, REPORTS, id.0)
    }

    /// Reports, newest first.
    fn reports(&self, limit: usize) -> Result<Vec<Report>, Fault> {
        let reports = self.table(REPORTS)?;
        reports.iter()?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// Reports that nobody has read, oldest first.
    fn reports_open(&self, limit: usize) -> Result<Vec<Report>, Fault> {
        let open = self.table(OPEN_REPORTS)?;
        let ids: Vec<u32> = open.iter()?.take(limit).map(|row| Ok(row?.0.value())).collect::<Result<_, Fault>>()?;
        ids.into_iter().filter_map(|id| self.report(ReceiptId(id)).transpose()).collect()
    }

    /// What moved on a ledger day, by article and kind.
    fn moved_on(&self, day: Day) -> Result<Vec<Moved>, Fault> {
        totals::moved(self, totals::ARTICLE_DAY, day.ordinal())
    }

    /// What moved in a month, by article and kind.
    fn moved_in(&self, month: Month) -> Result<Vec<Moved>, Fault> {
        totals::moved(self, totals::ARTICLE_MONTH, month.ordinal())
    }
}

impl<B: Tables> Stockroom for B {}
