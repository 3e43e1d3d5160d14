//! What may be read of the warehouse's premises: checks, visitors, goods that lie.

use redb::ReadableTable;

use super::Fault;
use super::opened::record;
use super::purchases::Purchases;
use super::tables::*;
use crate::domain::goods::Article;
use crate::domain::id::{ArticleId, CheckId, VisitorId};
use crate::domain::premises::{Check, Shift, Visitor};
use crate::domain::slow::{Proposal, Supply, WINDOW};
use crate::domain::time::Day;

/// The premises' part of [`Books`](super::books::Books).
pub trait Premises: Purchases {
    /// A check.
    fn check(&self, id: CheckId) -> Result<Option<Check>, Fault> {
        record(self, CHECKS, id.0)
    }

    /// The check of a day, before or after work.
    fn check_of(&self, day: Day, shift: Shift) -> Result<Option<Check>, Fault> {
        let id = self.table(CHECK_DAYS)?.get((day.ordinal(), shift as u8))?.map(|id| id.value());
        id.map_or(Ok(None), |id| self.check(CheckId(id)))
    }

    /// Checks before that number, newest first.
    fn checks(&self, before: Option<CheckId>, limit: usize) -> Result<Vec<Check>, Fault> {
        let table = self.table(CHECKS)?;
        let end = before.map_or(u32::MAX, |id| id.0);
        table.range(..end)?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// A visit.
    fn visitor(&self, id: VisitorId) -> Result<Option<Visitor>, Fault> {
        record(self, VISITORS, id.0)
    }

    /// Visits before that number, newest first.
    fn visitors(&self, before: Option<VisitorId>, limit: usize) -> Result<Vec<Visitor>, Fault> {
        let table = self.table(VISITORS)?;
        let end = before.map_or(u32::MAX, |id| id.0);
        table.range(..end)?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// The visits of those who are in the warehouse.
    fn inside(&self) -> Result<Vec<VisitorId>, Fault> {
        self.table(INSIDE)?.iter()?.map(|row| Ok(VisitorId(row?.0.value()))).collect()
    }

    /// What is proposed for an article that lies.
    fn proposal(&self, article: ArticleId) -> Result<Option<Proposal>, Fault> {
        record(self, PROPOSALS, article.0)
    }

    /// The last day on which any of an article moved: the last row of its card at each place.
    fn moved_last(&self, article: ArticleId) -> Result<Option<Day>, Fault> {
        let moves = self.table(MOVES)?;
        let mut last = None;
        for shelf in self.lain(article)? {
            let place = shelf.place.as_str();
            let mut card = moves.range((article.0, place, 0, 0)..=(article.0, place, u64::MAX, u32::MAX))?;
            if let Some(row) = card.next_back() {
                last = last.max(Some(row?.1.value().unpack()?.day));
            }
        }
        Ok(last)
    }

    /// By which figures each article is slow or not.
    fn supplies(&self, articles: Vec<Article>, today: Day) -> Result<Vec<(Article, Supply)>, Fault> {
        let sold = self.sold(today, WINDOW)?;
        let supply = |article: Article| {
            let on_hand = record(self, STOCK, article.id.0)?.unwrap_or_default().sound();
            let sold = sold.get(&article.id).copied().unwrap_or_default();
            let moved = self.moved_last(article.id)?;
            Ok((article, Supply { on_hand, sold, moved }))
        };
        articles.into_iter().map(supply).collect()
    }
}

impl<B: Purchases + ?Sized> Premises for B {}
