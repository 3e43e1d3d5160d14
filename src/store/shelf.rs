//! What somebody who counts should find at a place, and where that could be.

use redb::ReadableTable;

use super::Fault;
use super::books::Books;
use super::tables::{PLACE_ARTICLES, STOCK};
use crate::domain::id::ArticleId;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MoveKind;
use crate::domain::stocktake::{Scope, home};
use crate::domain::text::Text;

/// Sound goods at a place after an entry of the journal that are not packed: what packs for a shipment is on the bench, and
/// what is damaged lies apart.
pub(super) fn shelf_as_of(
    books: &(impl Books + ?Sized),
    article: ArticleId,
    place: &str,
    seq: u64,
) -> Result<Quantity, Fault> {
    Ok(books.stock_as_of(article, place, seq)?.sound())
}

/// Whether goods were put on a shelf or taken from it after entry `from`, up to entry `to`; what ships was taken before.
pub(super) fn has_moved(
    books: &(impl Books + ?Sized),
    article: ArticleId,
    place: &str,
    from: u64,
    to: u64,
) -> Result<bool, Fault> {
    if from >= to {
        return Ok(false);
    }
    let moves = books.moves(article, place, from + 1..=to, usize::MAX)?;
    Ok(moves.iter().any(|row| row.movement.kind != MoveKind::Shipped))
}

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
            let table = books.table(STOCK)?;
            let articles: Vec<u32> = table.iter()?.map(|row| Ok(row?.0.value())).collect::<Result<_, Fault>>()?;
            for article in articles {
                shelves.extend(books.lain(ArticleId(article))?);
            }
        }
    }
    let filled = shelves.into_iter().filter(|shelf| !shelf.stock.sound().is_zero());
    Ok(filled.map(|shelf| (shelf.article, shelf.place)).collect())
}
