//! What somebody who counts should find at a place, and where that could be.

use std::collections::BTreeSet;

use redb::ReadableTable;

use super::Fault;
use super::books::Books;
use super::codec::Packed;
use super::tables::{HOMES, PLACE_ARTICLES, PLACE_STOCK};
use crate::domain::id::ArticleId;
use crate::domain::stock::{MoveKind, Movement, Shelf, Stock};
use crate::domain::stocktake::{Scope, home};
use crate::domain::text::Text;

/// The cards of all goods, opened once to be asked of many.
pub(super) trait Cards: ReadableTable<(u32, &'static str, u64, u32), Packed<Movement>> {
    /// The stock of an article at a place when entry `seq` of the journal had been written.
    fn as_of(&self, article: ArticleId, place: &str, seq: u64) -> Result<Stock, Fault> {
        let mut past = self.range((article.0, place, 0, 0)..=(article.0, place, seq, u32::MAX))?;
        let last = past.next_back().transpose()?;
        last.map_or(Ok(Stock::default()), |(_, row)| Ok(row.value().unpack()?.balance))
    }

    /// Whether goods were put on a shelf or taken from it after entry `from`, up to entry `to`; what ships was taken before.
    fn has_moved(&self, article: ArticleId, place: &str, from: u64, to: u64) -> Result<bool, Fault> {
        if from >= to {
            return Ok(false);
        }
        for row in self.range((article.0, place, from + 1, 0)..=(article.0, place, to, u32::MAX))? {
            if row?.1.value().unpack()?.kind != MoveKind::Shipped {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<T: ReadableTable<(u32, &'static str, u64, u32), Packed<Movement>>> Cards for T {}

/// The places where an article lies or lay, and where it belongs.
pub(super) fn places_of(books: &(impl Books + ?Sized), article: ArticleId) -> Result<Vec<Text>, Fault> {
    let mut places: Vec<Text> = books.lain(article)?.into_iter().map(|shelf| shelf.place).collect();
    places.extend(books.article(article)?.map(|article| home(&article).clone()));
    places.sort();
    places.dedup();
    Ok(places)
}

/// Whether there is such a place: it was defined, or goods lay there; goods that belong nowhere lie at the place without a
/// code.
pub(super) fn has_place(books: &(impl Books + ?Sized), place: &str) -> Result<bool, Fault> {
    if place.is_empty() || books.place(place)?.is_some() {
        return Ok(true);
    }
    Ok(books.table(PLACE_ARTICLES)?.range((place, 0)..=(place, u32::MAX))?.next().is_some())
}

/// Articles of a scope by the place of their card, along with it; read from keys alone, since a warehouse has many cards.
pub(super) fn at_home(books: &(impl Books + ?Sized), scope: &Scope) -> Result<Vec<(ArticleId, Text)>, Fault> {
    let homes = books.table(HOMES)?;
    let ranges = match scope {
        Scope::Whole => vec![homes.iter()?],
        Scope::Places(places) => {
            let places: BTreeSet<&Text> = places.iter().collect();
            let range = |place: &Text| homes.range((place.as_str(), 0)..=(place.as_str(), u32::MAX));
            places.into_iter().map(range).collect::<Result<_, _>>()?
        }
        Scope::Articles(articles) => {
            let each = articles.iter().map(|article| books.article(*article));
            let cards = each.collect::<Result<Vec<_>, Fault>>()?;
            return Ok(cards.into_iter().flatten().map(|card| (card.id, home(&card).clone())).collect());
        }
    };
    let mut found = Vec::new();
    for row in ranges.into_iter().flatten() {
        let (key, _) = row?;
        let (place, article) = key.value();
        found.push((ArticleId(article), place.into()));
    }
    Ok(found)
}

/// Articles and places that have something on the shelf, within a scope.
pub(super) fn stocked(books: &(impl Books + ?Sized), scope: &Scope) -> Result<Vec<(ArticleId, Text)>, Fault> {
    let mut shelves = Vec::new();
    match scope {
        Scope::Places(places) => {
            for place in places {
                shelves.extend(books.stock_of_place(place)?);
            }
        }
        Scope::Articles(articles) => {
            for article in articles {
                shelves.extend(books.lain(*article)?);
            }
        }
        Scope::Whole => {
            for row in books.table(PLACE_STOCK)?.iter()? {
                let (key, image) = row?;
                let (article, place) = key.value();
                shelves.push(Shelf {
                    article: ArticleId(article),
                    place: place.into(),
                    stock: image.value().unpack()?,
                });
            }
        }
    }
    let filled = shelves.into_iter().filter(|shelf| !shelf.stock.sound().is_zero());
    Ok(filled.map(|shelf| (shelf.article, shelf.place)).collect())
}
