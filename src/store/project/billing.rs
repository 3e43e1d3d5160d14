//! Rows of bills: the bill, what came of it, and the report of what differs.

use redb::WriteTransaction;

use super::goods::{Change, move_stock};
use super::{add, must, purchasing, put, raise};
use crate::domain::bill::{Bill, BillLine, BillState};
use crate::domain::event::Event;
use crate::domain::receiving::Report;
use crate::domain::stock::{Document, MoveKind, Stock};
use crate::store::Fault;
use crate::store::journal::Entry;
use crate::store::tables::*;

/// What an event does to bills and reports.
pub(super) fn bill(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let (by, at) = (entry.by, entry.at);
    match &entry.event {
        Event::BillEntered { bill: id, number, factory, day, lines, requisition } => {
            let (number, factory, day, state) = (number.clone(), factory.clone(), *day, BillState::InTransit);
            let lines = lines.iter().map(|line| BillLine { billed: line.clone(), accepted: Default::default() });
            let lines = lines.collect();
            tx.open_table(BILL_NUMBERS)?.insert((factory.as_str(), number.as_str()), id.0)?;
            tx.open_table(OPEN_BILLS)?.insert(id.0, ())?;
            raise(tx, "bills", i64::from(id.0))?;
            add(tx, "bills_open", 1)?;
            let (receipts, requisition) = (Vec::new(), *requisition);
            let bill = Bill { id: *id, number, factory, day, lines, state, by, at, receipts, requisition };
            put(tx, BILLS, id.0, &bill)?;
            purchasing::billed(tx, entry, &bill)
        }
        Event::BillReceived { .. } => received(tx, entry),
        Event::ReportRead { report: id, .. } => {
            let mut report = must(tx, REPORTS, id.0, "reports", id.0.into())?;
            if report.read.is_empty() {
                tx.open_table(OPEN_REPORTS)?.remove(id.0)?;
                add(tx, "reports_open", -1)?;
            }
            report.read.push((by, at));
            put(tx, REPORTS, id.0, &report)
        }
        other => unreachable!("{} is no event about a bill", other.key()),
    }
}

fn received(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::BillReceived { bill: id, receipt, taken, differences, before, .. } = &entry.event else {
        unreachable!("{} receives nothing", entry.event.key())
    };
    raise(tx, "receipts", i64::from(receipt.0))?;
    let mut bill = must(tx, BILLS, id.0, "bills", id.0.into())?;
    bill.apply(&entry.event);
    if bill.state == BillState::Received {
        tx.open_table(OPEN_BILLS)?.remove(id.0)?;
        add(tx, "bills_open", -1)?;
    }
    put(tx, BILLS, id.0, &bill)?;
    purchasing::billed(tx, entry, &bill)?;
    if !differences.is_empty() {
        let (differences, by, at) = (differences.clone(), entry.by, entry.at);
        put(tx, REPORTS, receipt.0, &Report { receipt: *receipt, bill: *id, differences, by, at, read: Vec::new() })?;
        tx.open_table(OPEN_REPORTS)?.insert(receipt.0, ())?;
        add(tx, "reports_open", 1)?;
    }
    if let Some(before) = before {
        // What came before its bill lies in stock already.
        let mut earlier = must(tx, RECEIPTS, before.0, "receipts", before.0.into())?;
        earlier.bill = Some(*id);
        return put(tx, RECEIPTS, before.0, &earlier);
    }
    let changes = taken.iter().map(|goods| {
        let state = if goods.damaged { Stock::of_damaged } else { Stock::of_sound };
        Change { article: goods.article, place: goods.place.clone(), stock: state(goods.quantity) }
    });
    move_stock(tx, entry, MoveKind::Delivery, Document::Bill(*id, *receipt), changes)
}
