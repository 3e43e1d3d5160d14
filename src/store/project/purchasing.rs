//! Rows of purchasing: requisitions, the account at the factory, settlements.
//!
//! A row of the account counts for the month of its paper, or for the month it is posted in where the paper's month has
//! been settled: a settled month never changes.

use redb::WriteTransaction;

use super::{add, must, put, raise};
use crate::domain::bill::{Bill, BillState};
use crate::domain::event::Event;
use crate::domain::goods::PriceOf;
use crate::domain::id::RequisitionId;
use crate::domain::money::Money;
use crate::domain::moving::DamagedTo;
use crate::domain::quantity::Quantity;
use crate::domain::requisition::{AskedLine, Requisition};
use crate::domain::settlement::{FactoryKind, FactoryPaper, FactoryRow, Settlement};
use crate::domain::shipment::Mark;
use crate::domain::text::Text;
use crate::domain::time::{Day, Month};
use crate::store::Fault;
use crate::store::books::{Books, Purchases};
use crate::store::journal::Entry;
use crate::store::tables::*;

/// What an event does to requisitions and settlements.
pub(super) fn purchasing(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    match &entry.event {
        Event::RequisitionSubmitted { requisition: id, factory, lines, remark } => {
            let line = |asked: &crate::domain::requisition::Asked| AskedLine {
                asked: asked.clone(),
                billed: Quantity::ZERO,
                received: Quantity::ZERO,
            };
            let new = Requisition {
                id: *id,
                factory: factory.clone(),
                lines: lines.iter().map(line).collect(),
                remark: remark.clone(),
                by: entry.by,
                at: entry.at,
                acknowledged: None,
                bills: Vec::new(),
                sent: None,
                closed: None,
            };
            raise(tx, "requisitions", i64::from(id.0))?;
            keep(tx, &new)
        }
        Event::RequisitionAcknowledged { requisition, .. }
        | Event::RequisitionClosed { requisition, .. }
        | Event::GoodsSent { requisition, .. } => follow(tx, entry, *requisition),
        Event::SettlementPrepared { month, figures, .. } => {
            let prepared = Mark { by: entry.by, at: entry.at, why: Text::default() };
            let new = Settlement { month: *month, figures: *figures, prepared, confirmed: None };
            put(tx, SETTLEMENTS, month.ordinal(), &new)
        }
        Event::SettlementConfirmed { month, payable } => {
            let missing = Fault::Missing { table: "settlements", key: month.ordinal() as u64 };
            let mut settlement = tx.settlement(*month)?.ok_or(missing)?;
            let paper = FactoryPaper::Settlement(*month);
            book(tx, entry, *month, day(tx, entry)?, FactoryKind::Settled, -*payable, paper)?;
            settlement.apply(entry.by, entry.at, &entry.event);
            put(tx, SETTLEMENTS, month.ordinal(), &settlement)
        }
        other => unreachable!("{} is no event about purchasing", other.key()),
    }
}

/// What a bill, goods against it, or goods sent back do to the account and to the requisition behind the bill.
pub(super) fn billed(tx: &WriteTransaction, entry: &Entry, bill: &Bill) -> Result<(), Fault> {
    if let Some(requisition) = bill.requisition {
        follow(tx, entry, requisition)?;
    }
    match &entry.event {
        Event::BillEntered { .. } => {
            let month = open_month(tx, entry, bill.day)?;
            book(tx, entry, month, bill.day, FactoryKind::Billed, bill.amount(), FactoryPaper::Bill(bill.id))
        }
        Event::BillReceived { receipt, .. } if bill.state == BillState::Received => {
            let left = bill.lines.iter().filter_map(|line| line.billed.price.times(line.left()));
            let month = open_month(tx, entry, bill.day)?;
            let (kind, paper) = (FactoryKind::NotTaken, FactoryPaper::Receipt(*receipt));
            book(tx, entry, month, bill.day, kind, -left.sum::<Money>(), paper)
        }
        _ => Ok(()),
    }
}

/// Damaged goods that go back to the factory lower what is owed, at the retail price of the day.
pub(super) fn sent_back(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::DamageSettled { note, goods, outcome: DamagedTo::ToFactory, .. } = &entry.event else { return Ok(()) };
    let day = day(tx, entry)?;
    let mut value = Money::ZERO;
    for picked in goods {
        let price = tx.price(picked.article, &PriceOf::Retail, day)?;
        value += price.and_then(|price| price.times(picked.quantity)).unwrap_or(Money::ZERO);
    }
    let month = open_month(tx, entry, day)?;
    book(tx, entry, month, day, FactoryKind::SentBack, -value, FactoryPaper::Note(*note))
}

/// Gifts written off lower what is owed; a month in which more came back than was given raises it.
pub(super) fn written_off(tx: &WriteTransaction, entry: &Entry, of: Month, amount: Money) -> Result<(), Fault> {
    let last = of.next().day(1).map_or_else(|| day(tx, entry), |first| Ok(first.previous()))?;
    let month = open_month(tx, entry, last)?;
    book(tx, entry, month, last, FactoryKind::GiftsWrittenOff, -amount, FactoryPaper::WriteOff(of))
}

fn day(tx: &WriteTransaction, entry: &Entry) -> Result<Day, Fault> {
    Ok(entry.at.day(tx.settings()?.zone))
}

/// The paper's month, or the month of the posting where that one has been settled.
fn open_month(tx: &WriteTransaction, entry: &Entry, paper: Day) -> Result<Month, Fault> {
    let settled = tx.settlement(paper.month())?.is_some_and(|settlement| settlement.confirmed.is_some());
    Ok(if settled { day(tx, entry)?.month() } else { paper.month() })
}

fn book(
    tx: &WriteTransaction,
    entry: &Entry,
    month: Month,
    day: Day,
    kind: FactoryKind,
    amount: Money,
    paper: FactoryPaper,
) -> Result<(), Fault> {
    if amount.is_zero() {
        return Ok(());
    }
    add(tx, "factory_fen", amount.as_fen())?;
    let row = FactoryRow { day, kind, amount, balance: tx.factory_balance()?, paper };
    put(tx, FACTORY_ROWS, (month.ordinal(), entry.seq.0, kind as u32), &row)
}

fn follow(tx: &WriteTransaction, entry: &Entry, id: RequisitionId) -> Result<(), Fault> {
    let mut requisition = must(tx, REQUISITIONS, id.0, "requisitions", id.0.into())?;
    requisition.apply(entry.by, entry.at, &entry.event);
    keep(tx, &requisition)
}

fn keep(tx: &WriteTransaction, requisition: &Requisition) -> Result<(), Fault> {
    let mut open = tx.open_table(OPEN_REQUISITIONS)?;
    if requisition.is_open() {
        open.insert(requisition.id.0, ())?;
    } else {
        open.remove(requisition.id.0)?;
    }
    drop(open);
    put(tx, REQUISITIONS, requisition.id.0, requisition)
}
