//! What may be read of purchasing: requisitions, what they are suggested from, the account at the factory, settlements.
//!
//! A suggestion reads totals: what open orders need, and what left on the days of its window; never orders or history.

use std::collections::BTreeMap;

use redb::ReadableTable;

use super::Fault;
use super::books::counted;
use super::opened::{all, record};
use super::stockroom::Stockroom;
use super::tables::*;
use super::totals;
use crate::domain::goods::Article;
use crate::domain::id::{ArticleId, BillId, RequisitionId};
use crate::domain::money::Money;
use crate::domain::need::{Figures, Need, Window};
use crate::domain::quantity::Quantity;
use crate::domain::requisition::Requisition;
use crate::domain::settlement::{FactoryRow, MonthFigures, Settlement};
use crate::domain::stock::MoveKind;
use crate::domain::time::{Day, Month};

/// Purchasing's part of [`Books`](super::books::Books).
pub trait Purchases: Stockroom {
    /// A requisition.
    fn requisition(&self, id: RequisitionId) -> Result<Option<Requisition>, Fault> {
        record(self, REQUISITIONS, id.0)
    }

    /// Requisitions before that number, newest first.
    fn requisitions(&self, before: Option<RequisitionId>, limit: usize) -> Result<Vec<Requisition>, Fault> {
        let table = self.table(REQUISITIONS)?;
        let end = before.map_or(u32::MAX, |id| id.0);
        table.range(..end)?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// The requisitions of which something is awaited.
    fn open_requisitions(&self) -> Result<Vec<Requisition>, Fault> {
        let open = self.table(OPEN_REQUISITIONS)?;
        let mut found = Vec::new();
        for row in open.iter()? {
            let id = row?.0.value();
            found
                .push(record(self, REQUISITIONS, id)?.ok_or(Fault::Missing { table: "requisitions", key: id.into() })?);
        }
        Ok(found)
    }

    /// A month's settlement, if one was prepared.
    fn settlement(&self, month: Month) -> Result<Option<Settlement>, Fault> {
        record(self, SETTLEMENTS, month.ordinal())
    }

    /// Every settlement, the oldest first.
    fn settlements(&self) -> Result<Vec<Settlement>, Fault> {
        all(self, SETTLEMENTS)
    }

    /// The months that are or were to be settled, the oldest first: those of settlements, the one before the present month, and
    /// the present one.
    fn settlement_months(&self, now: Month) -> Result<Vec<(Month, Option<Settlement>)>, Fault> {
        let known = self.settlements()?.into_iter().map(|settlement| (settlement.month, Some(settlement)));
        Ok(until(now, known.collect()))
    }

    /// The rows of the account at the factory that count for a month, in the order they were posted.
    fn factory_rows(&self, month: Month) -> Result<Vec<FactoryRow>, Fault> {
        let rows = self.table(FACTORY_ROWS)?;
        let month = month.ordinal();
        rows.range((month, 0, 0)..=(month, u64::MAX, u32::MAX))?.map(|row| row?.1.value().unpack()).collect()
    }

    /// What a month comes to now.
    fn month_figures(&self, month: Month) -> Result<MonthFigures, Fault> {
        let mut figures = MonthFigures::default();
        self.factory_rows(month)?.iter().for_each(|row| figures.count(row.kind, row.amount));
        Ok(figures)
    }

    /// What the department owes the factory and has not settled.
    fn factory_balance(&self) -> Result<Money, Fault> {
        self.table(COUNTS)?.get("factory_fen")?.map_or(Ok(0), |fen| counted(fen.value())).map(Money::fen)
    }

    /// What is asked for and billed and not here yet, by article.
    fn awaited(&self) -> Result<BTreeMap<ArticleId, Quantity>, Fault> {
        let mut awaited = BTreeMap::<ArticleId, Quantity>::new();
        for requisition in self.open_requisitions()? {
            for line in &requisition.lines {
                *awaited.entry(line.asked.article).or_default() += requisition.awaited(line.asked.article);
            }
        }
        // A bill that follows from no requisition brings goods all the same.
        for row in self.table(OPEN_BILLS)?.iter()? {
            let id = BillId(row?.0.value());
            let bill = self.bill(id)?.ok_or(Fault::Missing { table: "bills", key: id.0.into() })?;
            for line in bill.lines.iter().filter(|_| bill.requisition.is_none()) {
                *awaited.entry(line.billed.article).or_default() += line.left();
            }
        }
        Ok(awaited)
    }

    /// What open orders need and nobody has packed yet, by article.
    fn ordered(&self) -> Result<BTreeMap<ArticleId, Quantity>, Fault> {
        totals::ordered(self)
    }

    /// What was shipped of each article on the days before `today`.
    fn sold(&self, today: Day, days: u16) -> Result<BTreeMap<ArticleId, Quantity>, Fault> {
        let mut sold = BTreeMap::<ArticleId, Quantity>::new();
        let mut day = today;
        for _ in 0..days {
            day = day.previous();
            for moved in self.moved_on(day)?.into_iter().filter(|moved| moved.kind == MoveKind::Shipped) {
                *sold.entry(moved.article).or_default() += -moved.quantity;
            }
        }
        Ok(sold)
    }

    /// What each article's quantity is suggested from.
    fn needs(&self, articles: Vec<Article>, today: Day, window: Window) -> Result<Vec<(Article, Need)>, Fault> {
        let (awaited, ordered, sold) = (self.awaited()?, self.ordered()?, self.sold(today, window.days)?);
        let of = |figures: &BTreeMap<ArticleId, Quantity>, article| figures.get(&article).copied().unwrap_or_default();
        let mut needs = Vec::with_capacity(articles.len());
        for article in articles {
            let id = article.id;
            let on_hand = record(self, STOCK, id.0)?.unwrap_or_default().sound();
            let figures =
                Figures { on_hand, awaited: of(&awaited, id), ordered: of(&ordered, id), sold: of(&sold, id) };
            let need = Need::within(window, figures, &article.card.packs);
            needs.push((article, need));
        }
        Ok(needs)
    }
}

/// Months with their papers, the oldest first, the present one and the one before it among them.
pub(super) fn until<T>(now: Month, mut months: Vec<(Month, Option<T>)>) -> Vec<(Month, Option<T>)> {
    for month in [now.previous(), now] {
        if months.iter().all(|(known, _)| *known != month) {
            months.push((month, None));
        }
    }
    months.sort_by_key(|(month, _)| *month);
    months
}

impl<B: Stockroom + ?Sized> Purchases for B {}
