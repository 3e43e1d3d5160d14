//! Promotions and what they gave, as rows.

use super::print::Printer;
use super::purchasing::named;
use super::rows::{GiftRow, PromotionRow};
use super::{PAGE, Stop, View};
use crate::domain::id::{ArticleId, PromotionId};
use crate::domain::promotion::{Promotion, PromotionState};
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::domain::write_off::{Progress, WriteOff};
use crate::store::books::Promoting;

/// The code, the name and the base unit of an article.
fn card(view: &View<'_>, id: ArticleId) -> Result<(Text, Text, Text), Stop> {
    let card = view.names.article(id)?.map(|article| article.card);
    Ok(card.map(|card| (card.code, card.name, card.unit)).unwrap_or_default())
}

/// Promotions, newest first.
pub(super) fn promotions(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before: Option<PromotionId> = None;
    loop {
        let page = view.books.promotions(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for promotion in page {
            let state = promotion.state(view.now.day(view.zone));
            let keys = [promotion.id.to_string(), promotion.terms.name.to_string()];
            let wanted = view.has_state(state.key()) && view.has_moment(promotion.at);
            let asked = view.is_wanted(&keys.each_ref().map(String::as_str));
            if wanted && asked && !out.row(&promotion_row(view, promotion, state)?)? {
                return Ok(());
            }
        }
    }
}

fn promotion_row(view: &View<'_>, promotion: Promotion, state: PromotionState) -> Result<PromotionRow, Stop> {
    let given = view.books.given_by(promotion.id, promotion.terms.first.month(), view.now.day(view.zone).month())?;
    let awaits = if state == PromotionState::Submitted { promotion.missing() } else { Vec::new() };
    let confirmed = promotion.confirmed.iter().map(|given| view.names.person(given.by));
    let (rule, terms) = (promotion.terms.rule, promotion.terms);
    Ok(PromotionRow {
        promotion: promotion.id,
        name: terms.name,
        state,
        first: terms.first,
        last: terms.last,
        article: card(view, rule.article)?.0,
        buy: rule.buy,
        gift: card(view, rule.gift)?.0,
        free: rule.free,
        expected: terms.expected,
        given,
        version: promotion.version,
        by: view.names.person(promotion.by)?,
        at: promotion.at,
        submitted_by: named(view, promotion.submitted.as_ref())?,
        confirmed_by: confirmed.collect::<Result<_, _>>()?,
        awaits,
        rejected_why: promotion.rejected.map(|mark| mark.why),
        ended_why: promotion.ended.map(|mark| mark.why),
    })
}

/// What promotions gave, by month: every month of a write-off, the last one that is over, and the present one.
pub(super) fn gifts(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let now = view.now.day(view.zone).month();
    for (month, write_off) in view.books.gift_months(now)? {
        for row in month_rows(view, month, write_off)? {
            let wanted = view.has_state(row.state);
            let keys = [row.month.to_string(), row.promotion.to_string(), row.article.to_string()];
            if wanted && view.is_wanted(&keys.each_ref().map(String::as_str)) && !out.row(&row)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn month_rows(view: &View<'_>, month: Month, write_off: Option<WriteOff>) -> Result<Vec<GiftRow>, Stop> {
    let state = Progress::of(month, write_off.as_ref(), view.now.day(view.zone)).key();
    let prepared = write_off.as_ref().map(|write_off| &write_off.prepared);
    let confirmed = write_off.as_ref().and_then(|write_off| write_off.confirmed.as_ref());
    let given = match &write_off {
        Some(write_off) => write_off.given.clone(),
        None => view.books.given(month)?,
    };
    let row = |given: crate::domain::write_off::Given| -> Result<GiftRow, Stop> {
        let (article, article_name, unit) = card(view, given.article)?;
        let promotion = view.books.promotion(given.promotion)?;
        Ok(GiftRow {
            month,
            state,
            promotion: given.promotion,
            name: promotion.map(|promotion| promotion.terms.name).unwrap_or_default(),
            article,
            article_name,
            unit,
            quantity: given.quantity,
            amount: given.amount,
            prepared_by: named(view, prepared)?,
            confirmed_by: named(view, confirmed)?,
            confirmed_at: confirmed.map(|mark| mark.at),
        })
    };
    given.into_iter().map(row).collect()
}
