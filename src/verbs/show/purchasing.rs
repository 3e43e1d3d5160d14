//! Requisitions, suggestions, the account at the factory and settlements, as rows.

use super::print::Printer;
use super::rows::{AskedRow, FactoryAccountRow, RequisitionRow, SettlementRow, SuggestionRow};
use super::{PAGE, Stop, View};
use crate::domain::id::RequisitionId;
use crate::domain::need::Window;
use crate::domain::requisition::{AskedLine, Requisition};
use crate::domain::settlement::{FactoryPaper, Progress, Settlement, days_left, due};
use crate::domain::shipment::Mark;
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::store::books::Purchases;

/// What every article should be asked for today, as if a requisition were begun now.
pub(super) fn suggestion(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut articles = super::goods::wanted(view)?;
    articles.retain(|article| !view.blind.hides(article.id));
    for (article, need) in view.books.needs(articles, view.day(), Window::default())? {
        let (daily, suggested) = (need.daily(), need.suggested());
        let card = article.card;
        let row = SuggestionRow { article: card.code, name: card.name, unit: card.unit, need, daily, suggested };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn requisitions(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before: Option<RequisitionId> = None;
    loop {
        let page = view.books.requisitions(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for requisition in page {
            let number = requisition.id.to_string();
            let wanted = view.has_state(requisition.state().key()) && view.has_moment(requisition.at);
            if wanted && view.is_wanted(&[&number]) && !out.row(&requisition_row(view, requisition)?)? {
                return Ok(());
            }
        }
    }
}

fn requisition_row(view: &View<'_>, requisition: Requisition) -> Result<RequisitionRow, Stop> {
    let state = requisition.state();
    let line = |line: AskedLine| -> Result<AskedRow, Stop> {
        let card = view.names.article(line.asked.article)?.map(|article| article.card);
        let (article, name) = card.map(|card| (card.code, card.name)).unwrap_or_default();
        let AskedLine { asked, billed, received } = line;
        let need = asked.need.filter(|_| !view.blind.hides(asked.article));
        Ok(AskedRow { article, name, quantity: asked.quantity, billed, received, need })
    };
    Ok(RequisitionRow {
        requisition: requisition.id,
        at: requisition.at,
        by: view.names.person(requisition.by)?,
        factory: requisition.factory,
        state,
        lines: requisition.lines.into_iter().map(line).collect::<Result<_, _>>()?,
        acknowledged_by: named(view, requisition.acknowledged.as_ref())?,
        bills: requisition.bills,
        sent: requisition.sent,
        closed: requisition.closed.map(|mark| mark.why),
        remark: requisition.remark,
    })
}

pub(super) fn named(view: &View<'_>, mark: Option<&Mark>) -> Result<Option<Text>, Stop> {
    Ok(mark.map(|mark| view.names.person(mark.by)).transpose()?)
}

/// The months that the filter's days lie in; this one where it names none.
fn months(view: &View<'_>) -> impl Iterator<Item = Month> {
    let last = view.day().month();
    let first = view.filter.from.map_or(last, |day| day.month());
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(move |month| *month <= last)
}

pub(super) fn factory(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for month in months(view) {
        for row in view.books.factory_rows(month)? {
            let paper = match row.paper {
                FactoryPaper::Bill(id) => id.to_string(),
                FactoryPaper::Receipt(id) => id.to_string(),
                FactoryPaper::Note(id) => id.to_string(),
                FactoryPaper::Settlement(month) | FactoryPaper::WriteOff(month) => month.to_string(),
            };
            let (paper, day, kind) = (paper.into(), row.day, row.kind);
            let row = FactoryAccountRow { month, day, kind, paper, amount: row.amount, balance: row.balance };
            if !out.row(&row)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Every month that was settled or prepared, and the last one that is over.
pub(super) fn settlements(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let over = view.now.day(view.zone).month().previous();
    let mut known: Vec<(Month, Option<Settlement>)> =
        view.books.settlements()?.into_iter().map(|settlement| (settlement.month, Some(settlement))).collect();
    if known.iter().all(|(month, _)| *month != over) {
        known.push((over, None));
    }
    for (month, settlement) in known {
        let row = settlement_row(view, month, settlement)?;
        if view.has_state(row.state) && view.is_wanted(&[&month.to_string()]) && !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

fn settlement_row(view: &View<'_>, month: Month, settlement: Option<Settlement>) -> Result<SettlementRow, Stop> {
    let today = view.now.day(view.zone);
    let (due, days_left) = (due(month), days_left(month, today));
    let prepared = settlement.as_ref().map(|settlement| &settlement.prepared);
    let confirmed = settlement.as_ref().and_then(|settlement| settlement.confirmed.as_ref());
    let state = Progress::of(month, settlement.as_ref(), today).key();
    let figures = match &settlement {
        Some(settlement) => settlement.figures,
        None => view.books.month_figures(month)?,
    };
    Ok(SettlementRow {
        month,
        state,
        due,
        days_left,
        billed: figures.billed,
        not_taken: figures.not_taken,
        sent_back: figures.sent_back,
        gifts: figures.gifts,
        payable: figures.payable(),
        prepared_by: named(view, prepared)?,
        confirmed_by: named(view, confirmed)?,
        confirmed_at: confirmed.map(|mark| mark.at),
    })
}
