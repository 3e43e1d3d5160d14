//! Rows of dealers: files and versions, names, registrations of accounts, credit, referrals.

use redb::{ReadableTable, WriteTransaction};

use super::{must, put, raise};
use crate::domain::dealer::{Dealer, DealerFile, Referral, Registration, account_key};
use crate::domain::event::Event;
use crate::domain::id::DealerId;
use crate::domain::money::Money;
use crate::domain::role::Role;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::Fault;
use crate::store::books::Books;
use crate::store::journal::Entry;
use crate::store::lists::List;
use crate::store::tables::*;

/// What an event does to a dealer.
pub(super) fn dealer(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let (by, at) = (entry.by, entry.at);
    match &entry.event {
        Event::DealerFiled { dealer: id, file } => {
            let new = Dealer {
                id: *id,
                file: file.clone(),
                version: 1,
                filed_by: by,
                filed_at: at,
                back_office: None,
                finance: None,
                matched: None,
                credit: Money::ZERO,
            };
            raise(tx, "dealers", i64::from(id.0))?;
            put(tx, DEALERS, id.0, &new)?;
            file_version(tx, entry, *id, 1, None, file)
        }
        Event::DealerRevised { dealer: id, version, file, .. } => {
            let mut record = must(tx, DEALERS, id.0, "dealers", id.0.into())?;
            let before = record.file.clone();
            record.apply(by, at, &entry.event);
            put(tx, DEALERS, id.0, &record)?;
            file_version(tx, entry, *id, *version, Some(&before), file)
        }
        Event::DealerAcknowledged { dealer: id, party, .. } => {
            let mut record = must(tx, DEALERS, id.0, "dealers", id.0.into())?;
            record.apply(by, at, &entry.event);
            put(tx, DEALERS, id.0, &record)?;
            List::unacknowledged(*party).remove(tx, id.0.into())?;
            if *party == Role::Finance { register(tx, *id, &record.file, at) } else { Ok(()) }
        }
        Event::DealerMatched { dealer: id, .. } => {
            let mut record = must(tx, DEALERS, id.0, "dealers", id.0.into())?;
            record.apply(by, at, &entry.event);
            put(tx, DEALERS, id.0, &record)
        }
        other => unreachable!("{} is no event about a dealer", other.key()),
    }
}

fn names(file: &DealerFile) -> impl Iterator<Item = &Text> {
    let holders = file.accounts.iter().map(|account| &account.holder);
    [&file.name, &file.contact].into_iter().chain(holders).filter(|name| !name.is_empty())
}

fn file_version(
    tx: &WriteTransaction,
    entry: &Entry,
    id: DealerId,
    version: u32,
    before: Option<&DealerFile>,
    file: &DealerFile,
) -> Result<(), Fault> {
    let kept = DealerVersion { file: file.clone(), by: entry.by, at: entry.at };
    put(tx, DEALER_VERSIONS, (id.0, version), &kept)?;
    {
        let mut table = tx.open_table(DEALER_NAMES)?;
        for name in before.into_iter().flat_map(names) {
            table.remove((name.as_str(), id.0))?;
        }
        for name in names(file) {
            table.insert((name.as_str(), id.0), ())?;
        }
        for party in [Role::BackOffice, Role::Finance] {
            List::unacknowledged(party).add(tx, id.0.into())?;
        }
    }
    claim(tx, id, file)
}

/// The file's accounts are claimed at once, so that no other file can carry them; they count from finance's
/// acknowledgement on. A claim that finance never acknowledged lapses with the version that carried it.
fn claim(tx: &WriteTransaction, id: DealerId, file: &DealerFile) -> Result<(), Fault> {
    let wanted: Vec<(u8, String)> = file.accounts.iter().map(|a| (a.channel as u8, account_key(&a.number))).collect();
    for (channel, key) in ever(tx, id)? {
        if !wanted.contains(&(channel, key.clone())) {
            change(tx, channel, &key, |all| all.retain(|r| r.dealer != id || r.from.is_some()))?;
        }
    }
    for (channel, key) in wanted {
        change(tx, channel, &key, |all| {
            if !all.iter().any(|r| r.dealer == id && r.until.is_none()) {
                all.push(Registration { dealer: id, from: None, until: None });
            }
        })?;
        tx.open_table(DEALER_ACCOUNTS)?.insert((id.0, channel, key.as_str()), ())?;
    }
    Ok(())
}

/// Finance acknowledged the file: its accounts count from now on, those it no longer carries do not.
fn register(tx: &WriteTransaction, id: DealerId, file: &DealerFile, at: Moment) -> Result<(), Fault> {
    let carried: Vec<(u8, String)> = file.accounts.iter().map(|a| (a.channel as u8, account_key(&a.number))).collect();
    for (channel, key) in ever(tx, id)? {
        let holds = carried.contains(&(channel, key.clone()));
        change(tx, channel, &key, |all| {
            for registration in all.iter_mut().filter(|r| r.dealer == id && r.until.is_none()) {
                match (holds, registration.from) {
                    (true, None) => registration.from = Some(at),
                    (false, Some(_)) => registration.until = Some(at),
                    _ => {}
                }
            }
        })?;
    }
    Ok(())
}

fn ever(tx: &WriteTransaction, id: DealerId) -> Result<Vec<(u8, String)>, Fault> {
    let table = tx.open_table(DEALER_ACCOUNTS)?;
    let range = table.range((id.0, 0, "")..(id.0 + 1, 0, ""))?;
    range.map(|row| Ok(row?.0.value()).map(|(_, channel, key)| (channel, key.to_owned()))).collect()
}

fn change(
    tx: &WriteTransaction,
    channel: u8,
    key: &str,
    with: impl FnOnce(&mut Vec<Registration>),
) -> Result<(), Fault> {
    let mut all = crate::store::books::record(tx, REGISTRATIONS, (channel, key))?.unwrap_or_default();
    with(&mut all);
    if all.is_empty() {
        tx.open_table(REGISTRATIONS)?.remove((channel, key))?;
        return Ok(());
    }
    put(tx, REGISTRATIONS, (channel, key), &all)
}

/// Moves a dealer's credit.
pub(super) fn credit(tx: &WriteTransaction, id: DealerId, by: Money) -> Result<(), Fault> {
    if by.is_zero() {
        return Ok(());
    }
    let mut record = must(tx, DEALERS, id.0, "dealers", id.0.into())?;
    record.credit += by;
    if record.credit < Money::ZERO {
        return Err(Fault::Broken(format!("the credit of {id} would be negative")));
    }
    put(tx, DEALERS, id.0, &record)
}

/// A customer was referred to the Tmall shop.
pub(super) fn referral(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::CustomerReferred { referral, name, contact, remark } = &entry.event else {
        unreachable!("{} is no referral", entry.event.key())
    };
    let (name, contact, remark) = (name.clone(), contact.clone(), remark.clone());
    let kept = Referral { id: *referral, name, contact, remark, by: entry.by, at: entry.at, order: None };
    raise(tx, "referrals", i64::from(referral.0))?;
    put(tx, REFERRALS, referral.0, &kept)
}

/// The Tmall order that a referral led to.
pub(super) fn tie(
    tx: &WriteTransaction,
    id: crate::domain::id::ReferralId,
    order: crate::domain::id::OrderId,
) -> Result<(), Fault> {
    let mut kept = tx.referral(id)?.ok_or(Fault::Missing { table: "referrals", key: id.0.into() })?;
    kept.order = Some(order);
    put(tx, REFERRALS, id.0, &kept)
}
