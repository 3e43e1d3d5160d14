//! How far a count has come, by places: what progress may show without telling anything of the book.

use std::collections::BTreeSet;

use redb::ReadableTable;

use super::Fault;
use super::counts::{Counts, TallyRow};
use super::tables::TALLIES;
use crate::domain::id::{ArticleId, StocktakeId};
use crate::domain::stocktake::{Scope, Stocktake, home};
use crate::domain::text::Text;

/// Reading how far a count has come.
pub trait Walks: Counts {
    /// The places that have to be walked, in order, from the scope and the cards alone: never from where goods are.
    fn places_in_scope(&self, take: &Stocktake) -> Result<Vec<Text>, Fault> {
        let mut places = BTreeSet::new();
        match &take.scope {
            Scope::Places(named) => return Ok(named.clone()),
            Scope::Articles(articles) => {
                for article in articles {
                    places.extend(self.article(*article)?.map(|article| home(&article).clone()));
                }
            }
            Scope::Whole => {
                places.extend(self.articles()?.iter().map(|article| home(article).clone()));
                places.extend(self.places()?.into_iter().map(|place| place.code));
            }
        }
        places.remove(&Text::default());
        Ok(places.into_iter().collect())
    }

    /// At how many places a sheet says something. One seek a place, however long the sheet is.
    fn places_counted(&self, take: StocktakeId, sheet: u8) -> Result<usize, Fault> {
        let table = self.table(TALLIES)?;
        let end = (take.0, sheet + 1, "", 0, "");
        let (mut place, mut counted) = (None::<String>, 0);
        loop {
            // The next place begins right after the last possible goods of this one.
            let from = match &place {
                None => (take.0, sheet, "", 0, ""),
                Some(place) => (take.0, sheet, place.as_str(), u32::MAX, "\u{10ffff}"),
            };
            let Some(row) = table.range(from..end)?.next() else { return Ok(counted) };
            let next = row?.0.value().2.to_owned();
            counted += 1;
            place = Some(next);
        }
    }

    /// What a sheet says of one place.
    fn tallies_at(&self, take: StocktakeId, sheet: u8, place: &str) -> Result<Vec<TallyRow>, Fault> {
        let table = self.table(TALLIES)?;
        let range = table.range((take.0, sheet, place, 0, "")..=(take.0, sheet, place, u32::MAX, "\u{10ffff}"))?;
        let rows = range.map(|row| {
            let (key, image) = row?;
            let (_, _, place, article, code) = key.value();
            let article = (article > 0).then_some(ArticleId(article));
            Ok(TallyRow { place: place.into(), article, code: code.into(), tally: image.value().unpack()? })
        });
        rows.collect()
    }
}

impl<B: Counts> Walks for B {}
