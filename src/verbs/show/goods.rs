//! Articles, prices and stock, as rows.

use super::people::first_entry_at;
use super::print::Printer;
use super::rows::{GoodsRow, PriceRow, StockRow, TierPrice};
use super::{Stop, View};
use crate::domain::goods::{Article, PriceOf};
use crate::domain::money::Money;
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Stockroom};
use crate::store::{Fault, journal};

pub(super) fn wanted(view: &View<'_>) -> Result<Vec<Article>, Stop> {
    Ok(match &view.filter.only {
        Some(code) => view.books.article_by_code(code)?.into_iter().collect(),
        None => view.books.articles()?,
    })
}

pub(super) fn goods(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let tiers = view.books.tiers()?;
    for article in wanted(view)? {
        let price = |of: &PriceOf| view.books.price(article.id, of, view.day());
        let mut own = Vec::new();
        for tier in &tiers {
            let price = price(&PriceOf::Tier(tier.code.clone()))?;
            own.extend(price.map(|price| TierPrice { tier: tier.code.clone(), price }));
        }
        let retail = price(&PriceOf::Retail)?;
        let on_hand = view.blind.book(article.id, view.books.stock(article.id)?.on_hand);
        let card = article.card;
        let row = GoodsRow {
            article: card.code,
            name: card.name,
            unit: card.unit,
            barcode: card.barcode,
            packs: card.packs,
            location: card.location,
            special: card.special,
            keeper: card.keeper,
            retail,
            tiers: own,
            on_hand,
            version: article.version,
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn prices(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for article in wanted(view)? {
        for (of, from, price) in view.books.prices(article.id)? {
            let in_force =
                view.books.price(article.id, &of, view.day())? == Some(price) && from <= view.day().ordinal();
            let tier = match of {
                PriceOf::Retail => None,
                PriceOf::Tier(code) => Some(code),
            };
            let row = price_row(&article, tier, price, from, in_force)?;
            if !out.row(&row)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn price_row(article: &Article, tier: Option<Text>, price: Money, from: i32, in_force: bool) -> Result<PriceRow, Stop> {
    let from = Day::from_ordinal(from).ok_or(Fault::Unreadable { record: "prices" })?;
    let (code, name) = (article.card.code.clone(), article.card.name.clone());
    Ok(PriceRow { article: code, name, tier, price, from, in_force })
}

pub(super) fn stock(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let past = match view.filter.to {
        Some(day) if day < view.now.day(view.zone) => {
            let end = journal::head(view.books)?.seq.0;
            Some(first_entry_at(view, day.next().start(view.zone), end)?)
        }
        _ => None,
    };
    for article in wanted(view)? {
        let stock = match (&view.filter.place, past) {
            (None, None) => view.books.stock(article.id)?,
            (None, Some(seq)) => view.books.total_as_of(article.id, seq - 1)?,
            (Some(place), None) => view.books.stock_at(article.id, place)?,
            (Some(place), Some(seq)) => view.books.stock_as_of(article.id, place, seq - 1)?,
        };
        // What a place has none of is told by its absence too.
        if view.filter.place.is_some() && stock.is_empty() && !view.blind.hides(article.id) {
            continue;
        }
        let seen = view.blind.book(article.id, stock);
        let present = seen.filter(|_| past.is_none());
        let row = StockRow {
            article: article.card.code,
            name: article.card.name,
            location: view.filter.place.clone().unwrap_or(article.card.location),
            unit: article.card.unit,
            on_hand: seen.map(|stock| stock.on_hand),
            damaged: seen.map(|stock| stock.damaged),
            packed: present.map(|stock| stock.packed),
            sound: present.map(|stock| stock.sound()),
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}
