//! Rows of the warehouse's premises: checks, visitors, proposals for goods that lie.

use redb::WriteTransaction;

use super::{add, must, put, raise};
use crate::domain::event::Event;
use crate::domain::premises::{Check, Visitor};
use crate::domain::slow::Proposal;
use crate::store::Fault;
use crate::store::journal::Entry;
use crate::store::tables::*;

/// What an event about a check does.
pub(super) fn check(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let was_open;
    let check = match &entry.event {
        Event::PremisesChecked { check: id, day, shift, irregular } => {
            raise(tx, "checks", i64::from(id.0))?;
            tx.open_table(CHECK_DAYS)?.insert((day.ordinal(), *shift as u8), id.0)?;
            was_open = false;
            let (by, at, irregular) = (entry.by, entry.at, irregular.clone());
            Check { id: *id, day: *day, shift: *shift, irregular, by, at, read: Vec::new() }
        }
        Event::CheckRead { check: id, remark } => {
            let mut check: Check = must(tx, CHECKS, id.0, "checks", id.0.into())?;
            was_open = check.is_open();
            check.read.push((entry.by, entry.at, remark.clone()));
            check
        }
        other => unreachable!("{} is no event about a check", other.key()),
    };
    add(tx, "checks_open", i64::from(check.is_open()) - i64::from(was_open))?;
    put(tx, CHECKS, check.id.0, &check)
}

/// What an event about a visitor or about goods that lie does.
pub(super) fn other(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let (by, at) = (entry.by, entry.at);
    match &entry.event {
        Event::VisitorEntered { visitor: id, name, firm, purpose } => {
            raise(tx, "visitors", i64::from(id.0))?;
            tx.open_table(INSIDE)?.insert(id.0, ())?;
            let (name, firm, purpose) = (name.clone(), firm.clone(), purpose.clone());
            put(tx, VISITORS, id.0, &Visitor { id: *id, name, firm, purpose, by, at, left: None })
        }
        Event::VisitorLeft { visitor: id } => {
            let mut visitor: Visitor = must(tx, VISITORS, id.0, "visitors", id.0.into())?;
            tx.open_table(INSIDE)?.remove(id.0)?;
            visitor.left = Some((by, at));
            put(tx, VISITORS, id.0, &visitor)
        }
        Event::SlowProposed { article, proposal, .. } if proposal.is_empty() => {
            tx.open_table(PROPOSALS)?.remove(article.0)?;
            Ok(())
        }
        Event::SlowProposed { article, proposal, .. } => {
            put(tx, PROPOSALS, article.0, &Proposal { words: proposal.clone(), by, at })
        }
        other => unreachable!("{} is no event of the premises", other.key()),
    }
}
