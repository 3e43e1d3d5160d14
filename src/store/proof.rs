//! Proof that goods agree: stock with its cards, cards with themselves, totals with cards (W7: book = book, book = card).
//!
//! Everything is added up from the first movement on; the first line that disagrees is named.

use std::collections::BTreeMap;

use redb::ReadableTable;

use super::Fault;
use super::books::{Books, record};
use super::tables::{MOVES, PLACE_STOCK, STOCK, TOTALS};
use super::totals;
use crate::domain::goods::Article;
use crate::domain::stock::Stock;

/// What an article's cards add up to.
#[derive(Default)]
struct Sums {
    places: BTreeMap<String, Stock>,
    totals: BTreeMap<(u8, i32, u64, u64), (i64, i64)>,
}

/// The first line of stock, cards or totals that disagrees, in words.
pub fn stock_disagreement(books: &impl Books) -> Result<Option<String>, Fault> {
    let mut totals = BTreeMap::new();
    for article in books.articles()? {
        let sums = match cards(books, &article)? {
            Ok(sums) => sums,
            Err(words) => return Ok(Some(words)),
        };
        if let Some(words) = balances(books, &article, &sums)? {
            return Ok(Some(words));
        }
        totals.extend(sums.totals);
    }
    kept_totals(books, totals)
}

/// Adds up the cards of an article, row by row.
fn cards(books: &impl Books, article: &Article) -> Result<Result<Sums, String>, Fault> {
    let mut sums = Sums::default();
    let moves = books.table(MOVES)?;
    for row in moves.range((article.id.0, "", 0, 0)..(article.id.0 + 1, "", 0, 0))? {
        let (key, image) = row?;
        let (_, place, seq, line) = key.value();
        let movement = image.value().unpack()?;
        let balance = sums.places.entry(place.to_owned()).or_default();
        *balance += movement.change;
        if movement.balance != *balance {
            let code = &article.card.code;
            return Ok(Err(format!(
                "the stock card of {code} at {place:?} does not add up at entry {seq}, line {line}"
            )));
        }
        for (key, (quantity, value)) in totals::addends(article.id, &movement) {
            let sum = sums.totals.entry(key).or_default();
            *sum = (sum.0 + quantity, sum.1 + value);
        }
    }
    Ok(Ok(sums))
}

/// Compares what the cards of an article add up to with its stock, at each place and in all.
fn balances(books: &impl Books, article: &Article, sums: &Sums) -> Result<Option<String>, Fault> {
    let code = &article.card.code;
    let mut all = Stock::default();
    for (place, balance) in &sums.places {
        all += *balance;
        let kept = record(books, PLACE_STOCK, (article.id.0, place.as_str()))?.unwrap_or_default();
        if kept != *balance {
            return Ok(Some(format!("the stock of {code} at {place:?} is not what its card says")));
        }
    }
    let kept = books.table(PLACE_STOCK)?;
    for row in kept.range((article.id.0, "")..(article.id.0 + 1, ""))? {
        let (key, _) = row?;
        let place = key.value().1;
        if !sums.places.contains_key(place) {
            return Ok(Some(format!("the stock of {code} at {place:?} has no card")));
        }
    }
    let total: Stock = record(books, STOCK, article.id.0)?.unwrap_or_default();
    Ok((total != all).then(|| format!("the stock of {code} is not what its cards say")))
}

/// Compares the totals of days and months with what the cards add up to.
fn kept_totals(
    books: &impl Books,
    mut summed: BTreeMap<(u8, i32, u64, u64), (i64, i64)>,
) -> Result<Option<String>, Fault> {
    summed.retain(|_, sums| *sums != (0, 0));
    let kept = books.table(TOTALS)?;
    for kind in [totals::ARTICLE_DAY, totals::ARTICLE_MONTH] {
        for row in kept.range((kind, i32::MIN, 0, 0)..(kind + 1, i32::MIN, 0, 0))? {
            let (key, sums) = row?;
            if summed.remove(&key.value()) != Some(sums.value()) {
                return Ok(Some(format!("the totals are not what the cards say, first at {:?}", key.value())));
            }
        }
    }
    Ok(summed.keys().next().map(|key| format!("the totals lack {key:?}, which the cards have")))
}
