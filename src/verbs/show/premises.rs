//! Slow goods, checks and visitors, as rows.

use super::print::Printer;
use super::rows::{CheckRow, SlowRow, VisitorRow};
use super::{PAGE, Stop, View};
use crate::domain::goods::PriceOf;
use crate::domain::id::{CheckId, VisitorId};
use crate::domain::premises::{Check, CheckItem};
use crate::store::books::{Books, Premises};

/// What lies too long or lasts too long. Whoever counts sees nothing of what they count.
pub(super) fn slow(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut articles = super::goods::wanted(view)?;
    articles.retain(|article| !view.blind.hides(article.id));
    let today = view.day();
    for (article, supply) in view.books.supplies(articles, today)? {
        if !supply.is_slow(today) {
            continue;
        }
        let price = view.books.price(article.id, &PriceOf::Retail, today)?;
        let proposal = view.books.proposal(article.id)?;
        let card = article.card;
        let row = SlowRow {
            article: card.code,
            name: card.name,
            unit: card.unit,
            on_hand: supply.on_hand,
            sold: supply.sold,
            days_of_supply: supply.days(),
            moved: supply.moved,
            idle: supply.idle(today),
            value: price.and_then(|price| price.times(supply.on_hand)),
            proposed_by: proposal.as_ref().map(|known| view.names.person(known.by)).transpose()?,
            proposed_at: proposal.as_ref().map(|known| known.at),
            proposal: proposal.map(|known| known.words),
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn checks(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before: Option<CheckId> = None;
    loop {
        let page = view.books.checks(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for check in page {
            let number = check.id.to_string();
            let wanted = view.has_moment(check.at) && view.is_wanted(&[&number]);
            let row = check_row(view, check)?;
            if wanted && view.has_state(row.state) && !out.row(&row)? {
                return Ok(());
            }
        }
    }
}

fn check_row(view: &View<'_>, check: Check) -> Result<CheckRow, Stop> {
    Ok(CheckRow {
        check: check.id,
        day: check.day,
        shift: check.shift,
        state: check.state_key(),
        doors: check.found(CheckItem::Doors),
        power: check.found(CheckItem::Power),
        goods: check.found(CheckItem::Goods),
        by: view.names.person(check.by)?,
        at: check.at,
        read_by: check.read.iter().map(|(person, ..)| view.names.person(*person)).collect::<Result<_, _>>()?,
        remark: check.read.into_iter().map(|(.., remark)| remark).filter(|remark| !remark.is_empty()).collect(),
    })
}

pub(super) fn visitors(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before: Option<VisitorId> = None;
    loop {
        let page = view.books.visitors(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for visitor in page {
            let number = visitor.id.to_string();
            let state = if visitor.left.is_some() { "left" } else { "inside" };
            let wanted = view.has_moment(visitor.at) && view.has_state(state) && view.is_wanted(&[&number]);
            let row = VisitorRow {
                visitor: visitor.id,
                name: visitor.name,
                firm: visitor.firm,
                purpose: visitor.purpose,
                at: visitor.at,
                by: view.names.person(visitor.by)?,
                state,
                left_at: visitor.left.map(|(_, at)| at),
                left_by: visitor.left.map(|(by, _)| view.names.person(by)).transpose()?,
            };
            if wanted && !out.row(&row)? {
                return Ok(());
            }
        }
    }
}
