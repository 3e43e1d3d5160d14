//! All that may be read of stocktakes, by key and by page.
//!
//! These functions know no person: what one may see of them is [`Blindness`], which screens and command line ask for every
//! figure that they show.

use std::collections::BTreeMap;
use std::ops::Bound;

use redb::ReadableTable;

use super::books::Books;
use super::opened::record;
use super::tables::*;
use super::{Fault, shelf};
use crate::domain::blindness::Blindness;
use crate::domain::claim::Claim;
use crate::domain::comparing::Compared;
use crate::domain::id::{ArticleId, ClaimId, PersonId, StocktakeId};
use crate::domain::quantity::Quantity;
use crate::domain::stocktake::{CountLine, CountRecord, Sheet, Stocktake, Tally};
use crate::domain::text::Text;

/// What a sheet says of one kind of goods at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyRow {
    /// The place.
    pub place: Text,
    /// The article; none for an unknown code.
    pub article: Option<ArticleId>,
    /// The unknown code, or empty.
    pub code: Text,
    /// What is said.
    pub tally: Tally,
}

/// Reading stocktakes.
pub trait Counts: Books {
    /// A stocktake with its sheets.
    fn stocktake(&self, id: StocktakeId) -> Result<Option<Stocktake>, Fault> {
        let Some(mut take) = record(self, STOCKTAKES, id.0)? else { return Ok(None) };
        take.sheets = sheets(self, id)?;
        Ok(Some(take))
    }

    /// Stocktakes before `before`, newest first.
    fn stocktakes(&self, before: Option<StocktakeId>, limit: usize) -> Result<Vec<Stocktake>, Fault> {
        let end = before.map_or(u32::MAX, |id| id.0);
        let table = self.table(STOCKTAKES)?;
        let ids: Vec<u32> =
            table.range(..end)?.rev().take(limit).map(|row| Ok(row?.0.value())).collect::<Result<_, Fault>>()?;
        let found = ids.into_iter().map(|id| self.stocktake(StocktakeId(id)));
        found.filter_map(Result::transpose).collect()
    }

    /// Stocktakes that are neither confirmed nor given up, oldest first.
    fn open_stocktakes(&self) -> Result<Vec<Stocktake>, Fault> {
        let table = self.table(OPEN_STOCKTAKES)?;
        let ids: Vec<u32> = table.iter()?.map(|row| Ok(row?.0.value())).collect::<Result<_, Fault>>()?;
        let found = ids.into_iter().map(|id| self.stocktake(StocktakeId(id)));
        found.filter_map(Result::transpose).collect()
    }

    /// What a person may see; nobody in particular sees everything.
    fn blindness(&self, person: Option<PersonId>) -> Result<Blindness, Fault> {
        Ok(Blindness::of(person, self.open_stocktakes()?))
    }

    /// A line of a sheet.
    fn count_line(&self, id: StocktakeId, sheet: u8, line: u32) -> Result<Option<CountLine>, Fault> {
        record(self, COUNT_LINES, (id.0, sheet, line))
    }

    /// Lines of a sheet before line `before`, newest first.
    fn count_lines(
        &self,
        id: StocktakeId,
        sheet: u8,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Vec<CountLine>, Fault> {
        let table = self.table(COUNT_LINES)?;
        let range = table.range((id.0, sheet, 0)..(id.0, sheet, before.unwrap_or(u32::MAX)))?;
        range.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// A record of a sheet.
    fn count_record(&self, id: StocktakeId, sheet: u8, nth: u32) -> Result<Option<CountRecord>, Fault> {
        record(self, COUNT_RECORDS, (id.0, sheet, nth))
    }

    /// Records of a sheet before record `before`, newest first, with their number.
    fn count_records(
        &self,
        id: StocktakeId,
        sheet: u8,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, CountRecord)>, Fault> {
        let table = self.table(COUNT_RECORDS)?;
        let range = table.range((id.0, sheet, 0)..(id.0, sheet, before.unwrap_or(u32::MAX)))?;
        let page = range.rev().take(limit).map(|row| {
            let (key, image) = row?;
            Ok((key.value().2, image.value().unpack()?))
        });
        page.collect()
    }

    /// What a sheet says of an article at a place; none where it is blank.
    fn tally(&self, id: StocktakeId, sheet: u8, place: &str, article: ArticleId) -> Result<Option<Tally>, Fault> {
        record(self, TALLIES, (id.0, sheet, place, article.0, ""))
    }

    /// All that a sheet says, by place; unknown codes of a place come before its articles.
    fn tallies(&self, id: StocktakeId, sheet: u8) -> Result<Vec<TallyRow>, Fault> {
        let table = self.table(TALLIES)?;
        let range = table.range((id.0, sheet, "", 0, "")..(id.0, sheet + 1, "", 0, ""))?;
        let rows = range.map(|row| {
            let (key, image) = row?;
            let (_, _, place, article, code) = key.value();
            let article = (article > 0).then_some(ArticleId(article));
            Ok(TallyRow { place: place.into(), article, code: code.into(), tally: image.value().unpack()? })
        });
        rows.collect()
    }

    /// Goods in scope, by their card's place, that a sheet says nothing of. It follows from the cards alone, never from
    /// what the book has, so that nothing of it leaks to who counts (E38, E48).
    fn blanks(&self, take: &Stocktake, sheet: u8) -> Result<Vec<(ArticleId, Text)>, Fault> {
        let said: std::collections::BTreeSet<u32> =
            self.tallies(take.id, sheet)?.iter().filter_map(|row| row.article).map(|article| article.0).collect();
        let mut blank = shelf::at_home(self, &take.scope)?;
        blank.retain(|(article, _)| !said.contains(&article.0));
        Ok(blank)
    }

    /// Goods that are asked for on a recount's sheet and not on it yet.
    fn still_asked(&self, take: &Stocktake, sheet: u8) -> Result<Vec<(ArticleId, Text)>, Fault> {
        let mut left = Vec::new();
        for row in self.all_differing(take.id)?.into_iter().filter(|row| row.asked == sheet) {
            if self.tally(take.id, sheet, &row.place, row.article)?.is_none() {
                left.push((row.article, row.place));
            }
        }
        Ok(left)
    }

    /// Goods at a place as they were compared.
    fn compared_at(&self, id: StocktakeId, place: &str, article: ArticleId) -> Result<Option<Compared>, Fault> {
        record(self, COMPARED, (id.0, place, article.0))
    }

    /// Goods as they were compared, by place and article, after a row.
    fn compared(
        &self,
        id: StocktakeId,
        after: Option<(&str, ArticleId)>,
        limit: usize,
    ) -> Result<Vec<Compared>, Fault> {
        let table = self.table(COMPARED)?;
        let first = Bound::Included((id.0, "", 0));
        let start = after.map_or(first, |(place, article)| Bound::Excluded((id.0, place, article.0)));
        let range = table.range((start, Bound::Excluded((id.0 + 1, "", 0))))?;
        range.take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// What is not simply as the book has it ([`Compared::is_noted`]), by place and article: the rows after `end`, or with
    /// `back` those before it, nearest first.
    fn differing(
        &self,
        id: StocktakeId,
        end: Bound<(&str, ArticleId)>,
        back: bool,
        limit: usize,
    ) -> Result<Vec<Compared>, Fault> {
        let (table, compared) = (self.table(DIFFERING)?, self.table(COMPARED)?);
        let end = end.map(|(place, article)| (id.0, place, article.0));
        let whole = |bound| if bound == Bound::Unbounded { None } else { Some(bound) };
        let (first, last) = (Bound::Included((id.0, "", 0)), Bound::Excluded((id.0 + 1, "", 0)));
        let mut found = match back {
            false => table.range((whole(end).unwrap_or(first), last))?,
            true => table.range((first, whole(end).unwrap_or(last)))?,
        };
        let mut rows = Vec::new();
        while rows.len() < limit
            && let Some(next) = if back { found.next_back() } else { found.next() }
        {
            let (key, _) = next?;
            let missing = Fault::Missing { table: "compared", key: key.value().2.into() };
            rows.push(compared.get(key.value())?.ok_or(missing)?.value().unpack()?);
        }
        Ok(rows)
    }

    /// All that is not simply as the book has it.
    fn all_differing(&self, id: StocktakeId) -> Result<Vec<Compared>, Fault> {
        self.differing(id, Bound::Unbounded, false, usize::MAX)
    }

    /// A claim.
    fn claim(&self, id: ClaimId) -> Result<Option<Claim>, Fault> {
        record(self, CLAIMS, id.0)
    }

    /// Claims before `before`, newest first.
    fn claims(&self, before: Option<ClaimId>, limit: usize) -> Result<Vec<Claim>, Fault> {
        let table = self.table(CLAIMS)?;
        table
            .range(..before.map_or(u32::MAX, |id| id.0))?
            .rev()
            .take(limit)
            .map(|row| row?.1.value().unpack())
            .collect()
    }

    /// Claims that are not made good, oldest first.
    fn open_claims(&self, limit: usize) -> Result<Vec<Claim>, Fault> {
        let open = self.table(OPEN_CLAIMS)?;
        let ids = open.iter()?.take(limit).map(|row| Ok(row?.0.value())).collect::<Result<Vec<u32>, Fault>>()?;
        let found = |id: u32| record(self, CLAIMS, id)?.ok_or(Fault::Missing { table: "claims", key: id.into() });
        ids.into_iter().map(found).collect()
    }

    /// Sound goods at a place that are not packed, now.
    fn shelf(&self, article: ArticleId, place: &Text) -> Result<Quantity, Fault> {
        Ok(self.stock_at(article, place)?.sound())
    }

    /// The same after an entry of the journal: what is packed for a shipment is on the bench, what is damaged lies apart.
    fn shelf_as_of(&self, article: ArticleId, place: &Text, seq: u64) -> Result<Quantity, Fault> {
        Ok(self.stock_as_of(article, place, seq)?.sound())
    }

    /// The places where an article is, or belongs.
    fn places_of(&self, article: ArticleId) -> Result<Vec<Text>, Fault> {
        shelf::places_of(self, article)
    }

    /// Whether goods can be counted at that place.
    fn can_count_at(&self, place: &Text) -> Result<bool, Fault> {
        shelf::has_place(self, place)
    }
}

impl<B: Books> Counts for B {}

fn sheets<B: Books + ?Sized>(books: &B, id: StocktakeId) -> Result<Vec<Sheet>, Fault> {
    let table = books.table(SHEETS)?;
    table.range((id.0, 0)..=(id.0, u8::MAX))?.map(|row| row?.1.value().unpack()).collect()
}

/// Every place and article that the sheets or the book name, with what each first sheet says.
pub(super) type Said = BTreeMap<(Text, ArticleId), Vec<Option<Tally>>>;
