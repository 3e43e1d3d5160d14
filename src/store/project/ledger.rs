//! Lines of the ledger, written as goods leave and come back, with the totals of their day.

use redb::WriteTransaction;

use super::goods::ledger_day;
use super::{must, put};
use crate::domain::event::Event;
use crate::domain::gift::Charged;
use crate::domain::id::FlowId;
use crate::domain::ledger::{ClosedDay, LedgerLine};
use crate::domain::mailing::{Delivery, Letter, owed};
use crate::domain::money::Money;
use crate::domain::order::{Basis, Order, Source};
use crate::domain::quantity::Quantity;
use crate::domain::shipment::Part;
use crate::domain::time::Day;
use crate::store::Fault;
use crate::store::books::{Books, Daybook};
use crate::store::journal::Entry;
use crate::store::tables::*;
use crate::store::totals;

/// Goods of a shipment left or came back: its lines go into the ledger.
pub(super) fn posted(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let (order, part, back) = match &entry.event {
        Event::GoodsShipped { order, part, .. } => (*order, *part, None),
        Event::GoodsTakenBack { order, part, lines, charged, .. } => (*order, *part, Some((lines, charged))),
        other => unreachable!("{} is no line of the ledger", other.key()),
    };
    let day = ledger_day(tx, entry)?;
    let order = must(tx, ORDERS, order.number(), "orders", order.number())?;
    let held = order.parts.iter().find(|held| held.no == part);
    let held = held.ok_or(Fault::Missing { table: "orders", key: order.id.number() })?;
    if let Event::GoodsShipped { late, .. } = &entry.event {
        totals::add(tx, totals::shipment_addend(day, *late, entry.at.seconds_since(held.paid_at)))?;
    }
    let corrects = if back.is_some() { tx.first_posted(order.id, part)? } else { None };
    let freight = if tx.is_posted(order.id)? { Money::ZERO } else { freight(&order) };
    let common = LedgerLine { corrects, freight, ..line_of(tx, entry, &order, held)? };
    let lines: Vec<LedgerLine> = match back {
        None => held.lines.iter().map(|(line, quantity)| moved(&common, &order, *line, *quantity)).collect(),
        Some((lines, gifts)) => {
            let came_back = lines.iter().map(|(line, quantity)| moved(&common, &order, *line, -*quantity));
            came_back.chain(gifts.iter().map(|gift| charged(&common, &order, gift))).collect()
        }
    };
    for (nth, line) in (0..).zip(lines) {
        let freight = if nth == 0 { common.freight } else { Money::ZERO };
        let record = LedgerLine { freight, stock_after: tx.stock(line.article)?.on_hand, ..line };
        put(tx, LEDGER, (day.ordinal(), entry.seq.0, nth), &record)?;
        totals::ledger_addends(day, &record).into_iter().try_for_each(|addend| totals::add(tx, addend))?;
    }
    tx.open_table(LEDGER_ORDERS)?.insert((order.id.number(), part, entry.seq.0), day.ordinal())?;
    Ok(())
}

/// A line of goods that left, or came back where the quantity is below zero.
fn moved(common: &LedgerLine, order: &Order, line: u16, quantity: Quantity) -> LedgerLine {
    let is_back = quantity < Quantity::ZERO;
    let worth = order.worth(line, if is_back { -quantity } else { quantity }, order.basis);
    let promotion = order.gift_of(line);
    LedgerLine {
        article: order.lines[usize::from(line)].article,
        quantity,
        gift: if promotion.is_some() { quantity } else { Quantity::ZERO },
        promotion,
        gift_value: order.gift_value(line, quantity),
        price: order.price_of(line, order.basis),
        amount: if is_back { -worth } else { worth },
        ..common.clone()
    }
}

/// A gift that stayed and is sold: no goods move, so much less is given, and it has a price.
fn charged(common: &LedgerLine, order: &Order, gift: &Charged) -> LedgerLine {
    let of = &order.lines[usize::from(gift.line)];
    LedgerLine {
        article: of.article,
        gift: -gift.quantity,
        promotion: order.gift_of(gift.line),
        gift_value: -gift.amount,
        price: of.retail,
        amount: gift.amount,
        ..common.clone()
    }
}

fn freight(order: &Order) -> Money {
    if order.basis == Basis::Tier { order.freight } else { order.retail_freight }
}

/// What all lines of a shipment have in common.
fn line_of(tx: &WriteTransaction, entry: &Entry, order: &Order, part: &Part) -> Result<LedgerLine, Fault> {
    let mut flows: Vec<FlowId> = Vec::new();
    for allocation in &order.allocations {
        if let Source::Payment(flow) = allocation.source
            && !flows.contains(&flow)
        {
            flows.push(flow);
        }
    }
    let (mut accounts, mut confirmed_by) = (Vec::new(), Vec::new());
    for flow in &flows {
        accounts.extend(tx.flow(*flow)?.map(|posted| posted.account).filter(|account| !accounts.contains(account)));
        let by = tx.treatment(*flow)?.map(|treatment| treatment.by);
        confirmed_by.extend(by.filter(|by| !confirmed_by.contains(by)));
    }
    let channel = order.dealer().map_or(Ok(None), |dealer| tx.dealer(dealer))?.map(|dealer| dealer.file.kind);
    Ok(LedgerLine {
        at: entry.at,
        by: entry.by,
        order: order.id,
        part: part.no,
        dealer: order.dealer(),
        name: order.name.clone(),
        channel,
        article: Default::default(),
        quantity: Quantity::ZERO,
        gift: Quantity::ZERO,
        promotion: None,
        gift_value: Money::ZERO,
        price: Money::ZERO,
        amount: Money::ZERO,
        freight: Money::ZERO,
        flows,
        accounts,
        confirmed_by,
        signed_by: part.signatures.iter().map(|signature| signature.by).collect(),
        carrier: part.waybill.as_ref().map(|waybill| waybill.carrier),
        waybill: part.waybill.as_ref().map(|waybill| waybill.number.clone()).unwrap_or_default(),
        stock_after: Quantity::ZERO,
        corrects: None,
    })
}

/// A day was closed.
pub(super) fn closed(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::DayClosed { day, late, figures, open } = &entry.event else {
        unreachable!("{} closes no day", entry.event.key())
    };
    let (figures, open, head) = (*figures, *open, entry.prev.as_str().into());
    let closed =
        ClosedDay { day: *day, by: entry.by, at: entry.at, late: *late, seq: entry.seq.0, head, figures, open };
    put(tx, CLOSED_DAYS, day.ordinal(), &closed)?;
    for person in owed(&tx.people()?) {
        put(tx, LETTERS, (entry.seq.0, person.0), &Letter { day: *day, sent: None, hurried: None })?;
        tx.open_table(OWED)?.insert((entry.seq.0, person.0), ())?;
        super::add(tx, "letters_owed", 1)?;
    }
    Ok(())
}

/// A mail server took a letter, or somebody wanted one sent at once.
pub(super) fn letter(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let (Event::LetterSent { letter, person, .. } | Event::LetterHurried { letter, person, .. }) = &entry.event else {
        unreachable!("{} is no letter", entry.event.key())
    };
    let mut kept = must(tx, LETTERS, (*letter, person.0), "letters", *letter)?;
    if let Event::LetterSent { address, answer, .. } = &entry.event {
        kept.sent = Some(Delivery { address: address.clone(), at: entry.at, answer: answer.clone() });
        if tx.open_table(OWED)?.remove((*letter, person.0))?.is_some() {
            super::add(tx, "letters_owed", -1)?;
        }
        tx.open_table(FAILING)?.remove((*letter, person.0))?;
    } else {
        kept.hurried = Some(entry.at);
    }
    put(tx, LETTERS, (*letter, person.0), &kept)
}

/// The ledger day that follows from the civil one: the next open day where that is closed.
pub(super) fn open_day(tx: &WriteTransaction, civil: Day) -> Result<Day, Fault> {
    Ok(tx.last_closed()?.map_or(civil, |last| civil.max(last.next())))
}
