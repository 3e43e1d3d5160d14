//! Places, stock cards, bills and reports, as rows.

use super::goods::wanted;
use super::people::first_entry_at;
use super::print::Printer;
use super::rows::{BillRow, BilledRow, CardRow, DifferenceRow, PlaceRow, ReportRow};
use super::{PAGE, Stop, View};
use crate::domain::bill::Bill;
use crate::domain::stock::{self, Document};
use crate::domain::text::Text;
use crate::store::books::Stockroom;
use crate::store::journal;

/// The stock cards, each place of an article after the other, oldest movement first.
pub(super) fn card(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let end = journal::head(view.books)?.seq.0;
    let first = match view.filter.from {
        Some(day) => first_entry_at(view, day.start(view.zone), end)?,
        None => 1,
    };
    let last = match view.filter.to {
        Some(day) => first_entry_at(view, day.next().start(view.zone), end)?,
        None => end + 1,
    };
    // A card is balances from end to end, so whoever counts sees none of it.
    for article in wanted(view)?.into_iter().filter(|article| !view.blind.hides(article.id)) {
        for shelf in view.books.lain(article.id)? {
            if view.filter.place.as_ref().is_some_and(|wanted| *wanted != shelf.place) {
                continue;
            }
            let mut from = first;
            while from < last {
                let page = view.books.moves_after(article.id, &shelf.place, from, PAGE)?;
                let Some(newest) = page.last().map(|row| row.seq) else {
                    break;
                };
                for row in page.iter().filter(|row| row.seq < last) {
                    if !out.row(&card_row(&article.card.code, row))? {
                        return Ok(());
                    }
                }
                from = newest + 1;
            }
        }
    }
    Ok(())
}

fn card_row(article: &Text, row: &stock::CardRow) -> CardRow {
    let movement = &row.movement;
    CardRow {
        article: article.clone(),
        place: row.place.clone(),
        seq: row.seq,
        day: movement.day,
        at: movement.at,
        kind: movement.kind,
        change: movement.change.on_hand,
        balance: movement.balance.on_hand,
        balance_damaged: movement.balance.damaged,
        total: movement.total,
        document: called(movement.document),
        retail_then: movement.retail,
    }
}

/// A document by its number.
fn called(document: Document) -> String {
    match document {
        Document::Receipt(receipt) => receipt.to_string(),
        Document::Bill(bill, receipt) => format!("{bill} {receipt}"),
        Document::Shipment(order, part) => format!("{order}/{part}"),
        Document::Note(note) => note.to_string(),
        Document::Count(number) => format!("PD{number:05}"),
    }
}

pub(super) fn places(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for place in view.books.places()?.into_iter().filter(|place| view.is_wanted(&[&place.code])) {
        let there = view.books.stock_of_place(&place.code)?;
        let articles = there.iter().filter(|shelf| !shelf.stock.is_empty()).count() as u64;
        if !out.row(&PlaceRow {
            place: place.code,
            name: place.name,
            turn: place.turn,
            articles: (!view.blind.is_blind()).then_some(articles),
        })? {
            break;
        }
    }
    Ok(())
}

pub(super) fn bills(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before = None;
    loop {
        let page = view.books.bills(before, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        before = Some(last.id);
        for bill in page {
            let wanted = view.has_day(bill.day) && view.has_state(bill.state.key());
            if wanted && view.is_wanted(&[&bill.id.to_string(), &bill.number]) && !out.row(&bill_row(view, bill)?)? {
                return Ok(());
            }
        }
    }
}

fn bill_row(view: &View<'_>, bill: Bill) -> Result<BillRow, Stop> {
    let mut lines = Vec::with_capacity(bill.lines.len());
    for line in &bill.lines {
        let article = view.names.article(line.billed.article)?.map(|article| article.card.code).unwrap_or_default();
        let (quantity, price, amount) = (line.billed.quantity, line.billed.price, line.billed.amount);
        lines.push(BilledRow { article, quantity, price, amount, accepted: line.accepted });
    }
    let (state, amount, by) = (bill.state.key(), bill.amount(), view.names.person(bill.by)?);
    let Bill { id, number, factory, day, receipts, at, .. } = bill;
    Ok(BillRow { bill: id, number, factory, day, state, amount, lines, receipts, by, at })
}

pub(super) fn reports(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for report in view.books.reports(usize::MAX)? {
        let state = if report.read.is_empty() { "open" } else { "done" };
        let wanted = view.has_moment(report.at) && view.has_state(state);
        if !wanted || !view.is_wanted(&[&report.receipt.to_string(), &report.bill.to_string()]) {
            continue;
        }
        let read_by = report.read.iter().map(|(by, _)| view.names.person(*by)).collect::<Result<_, _>>()?;
        let differences = report.differences.into_iter();
        let differences =
            differences.map(|one| DifferenceRow { name: one.name, found: one.found, quantity: one.quantity }).collect();
        let by = view.names.person(report.by)?;
        let row =
            ReportRow { report: report.receipt, bill: report.bill, by, at: report.at, state, differences, read_by };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}
