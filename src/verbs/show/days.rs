//! The ledger, closed days and the month's goods, as rows.

use super::print::Printer;
use super::rows_of_days::{DayRow, LedgerRow, MailRow, MonthRow};
use super::{PAGE, Stop, View};
use crate::domain::goods::PriceOf;
use crate::domain::ledger::{ClosedDay, LedgerRow as Kept, channel_key};
use crate::domain::mailing::{Standing, due_at};
use crate::domain::stock::MoveKind;
use crate::domain::text::Text;
use crate::domain::time::{Day, Month};
use crate::store::books::{Books, Daybook, Mailbox};

/// The days asked for; today and all before it where nothing is.
fn span(view: &View<'_>) -> (Day, Day) {
    let beginning = Day::from_ordinal(1).expect("the calendar begins");
    // The ledger's last day may be the one after today, where today is closed already.
    let last = view.now.day(view.zone).next();
    (view.filter.from.unwrap_or(beginning), view.filter.to.unwrap_or(last))
}

pub(super) fn ledger(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let (from, to) = span(view);
    let dealer = match view.filter.dealer.as_ref() {
        Some(named) => match view.books.dealer_named(named)? {
            Some(dealer) => Some(dealer.id),
            None => return Ok(()),
        },
        None => None,
    };
    let mut after = None;
    loop {
        let page = view.books.ledger(from, to, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.day, last.seq, last.line));
        for kept in page {
            if dealer.is_some() && kept.record.dealer != dealer {
                continue;
            }
            let row = ledger_line(view, kept)?;
            let wanted = view.is_wanted(&[&row.order.to_string(), &row.article]);
            if wanted && view.has_state(row.side) && !out.row(&row)? {
                return Ok(());
            }
        }
    }
}

fn ledger_line(view: &View<'_>, kept: Kept) -> Result<LedgerRow, Stop> {
    let Kept { day, seq, line, record } = kept;
    let card = view.names.article(record.article)?.map(|article| article.card);
    let (article, article_name, unit) = card.map_or_else(Default::default, |card| (card.code, card.name, card.unit));
    let names = |people: &[crate::domain::id::PersonId]| -> Result<Vec<Text>, Stop> {
        people.iter().map(|id| Ok(view.names.person(*id)?)).collect()
    };
    Ok(LedgerRow {
        day,
        seq,
        line: line + 1,
        at: record.at,
        side: record.side().key(),
        order: record.order,
        part: record.part,
        dealer: record.dealer,
        name: record.name,
        channel: channel_key(record.channel),
        article,
        article_name,
        unit,
        quantity: record.quantity,
        gift: record.gift,
        promotion: record.promotion,
        price: record.price,
        amount: record.amount,
        freight: record.freight,
        accounts: record.accounts.iter().map(|account| view.names.account(*account)).collect(),
        flows: record.flows,
        confirmed_by: names(&record.confirmed_by)?,
        signed_by: names(&record.signed_by)?,
        carrier: record.carrier,
        waybill: record.waybill,
        fee: None,
        stock_after: view.blind.book(record.article, record.stock_after),
        by: view.names.person(record.by)?,
        corrects: record.corrects,
    })
}

pub(super) fn days(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut open = view.books.first_unclosed()?;
    let mut rows = Vec::new();
    while let Some(day) = open {
        rows.push(day_row(view, day, None)?);
        let (_, last) = span(view);
        let next = view.books.ledger(day.next(), last.max(day), None, 1)?;
        open = next.first().map(|row| row.day);
    }
    let wanted =
        |row: &DayRow| view.has_day(row.day) && view.has_state(row.state) && view.is_wanted(&[&row.day.to_string()]);
    for row in rows.iter().rev() {
        if wanted(row) && !out.row(row)? {
            return Ok(());
        }
    }
    let mut before = None;
    loop {
        let page = view.books.closed_days(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.day);
        for closed in page {
            let row = day_row(view, closed.day, Some(closed))?;
            if wanted(&row) && !out.row(&row)? {
                return Ok(());
            }
        }
    }
}

fn day_row(view: &View<'_>, day: Day, closed: Option<ClosedDay>) -> Result<DayRow, Stop> {
    let figures = closed.as_ref().map_or_else(|| view.books.day_figures(day, None), |closed| Ok(closed.figures))?;
    Ok(DayRow {
        day,
        state: closed.as_ref().map_or("open", |closed| if closed.late { "late" } else { "closed" }),
        by: closed.as_ref().map(|closed| view.names.person(closed.by)).transpose()?,
        at: closed.as_ref().map(|closed| closed.at),
        shipped_lines: figures.shipped_lines,
        shipped: figures.shipped,
        returned_lines: figures.returned_lines,
        returned: figures.returned,
        freight: figures.freight,
        net: figures.net(),
        payments: closed.as_ref().map(|closed| closed.open.payments),
        queue: closed.as_ref().map(|closed| closed.open.queue),
        entries: closed.as_ref().map(|closed| closed.seq - 1),
        head: closed.map(|closed| closed.head),
    })
}

/// The month asked for, as `2026-11`; else that of the last day of the filter, or the present one.
fn month_of(view: &View<'_>) -> Result<Month, Stop> {
    let Some(text) = &view.filter.only else { return Ok(view.day().month()) };
    text.parse().map_err(|_| Stop::Said("verb.no_month", vec![("month", text.to_string())]))
}

pub(super) fn month(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let of = month_of(view)?;
    let (month, last) = (Text::new(&of.to_string()), of.last_day());
    for (id, goods) in view.books.month_of_goods(of)? {
        // Every figure of the row would lead to what the book has.
        let Some(article) = view.names.article(id)?.filter(|_| !view.blind.hides(id)) else { continue };
        let retail = view.books.price(id, &PriceOf::Retail, last)?;
        let of = |kind| goods.of(kind);
        let row = MonthRow {
            month: month.clone(),
            article: article.card.code,
            name: article.card.name,
            unit: article.card.unit,
            opening: goods.opening,
            begun: of(MoveKind::Opening),
            delivery: of(MoveKind::Delivery),
            came_back: of(MoveKind::Returned),
            gone: of(MoveKind::Shipped),
            damaged: of(MoveKind::Damaged) + of(MoveKind::Restored),
            to_factory: of(MoveKind::ToFactory),
            counted: of(MoveKind::Counted),
            other: goods.other(),
            closing: goods.closing(),
            value: goods.worth(retail),
            retail,
            sold: goods.sold(),
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn mail(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before = None;
    loop {
        let page = view.books.letters(before, PAGE)?;
        let Some((seq, person, _)) = page.last() else { return Ok(()) };
        before = Some((*seq, *person));
        for (letter, person, kept) in page {
            let (tries, next, why) = view.books.mail_tries(letter, person)?;
            let hurried = kept.hurried;
            let own = view.books.address(person)?;
            let standing = kept.standing(&own, tries);
            let (address, sent_at, answer) = match kept.sent {
                Some(sent) => (sent.address, Some(sent.at), sent.answer),
                None => (own, None, Text::default()),
            };
            // What was tried in vain is still owed; its tries say so.
            let state = if standing == Standing::Failing { Standing::Owed } else { standing }.key();
            let next = Some(due_at(tries, next, hurried)).filter(|_| sent_at.is_none() && tries > 0);
            let person = view.names.person(person)?;
            let row = MailRow { letter, day: kept.day, person, address, state, tries, next, why, sent_at, answer };
            let wanted = view.has_state(state) && view.has_day(row.day) && view.is_wanted(&[&row.day.to_string()]);
            if wanted && !out.row(&row)? {
                return Ok(());
            }
        }
    }
}
