//! People, dealers' files, referrals, settings and the journal, as rows.

use redb::ReadableTable;

use super::print::Printer;
use super::rows::{AccountRow, DealerRow, JournalRow, LevelRow, PersonRow, ReferralRow, SettingsRow, TierRow};
use super::{PAGE, Stop, View};
use crate::domain::dealer::{Dealer, PayAccount};
use crate::domain::id::{DealerId, Seq};
use crate::domain::role::Role;
use crate::store::books::{Books, Tables};
use crate::store::{journal, tables};

pub(super) fn people(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    for person in view.books.people()? {
        if !view.is_wanted(&[&person.code]) {
            continue;
        }
        let row = PersonRow {
            person: person.id,
            code: person.code,
            name: person.name,
            roles: person.roles.iter().collect(),
            unix: person.unix,
            active: person.active,
            passphrase: view.books.credential(person.id)?.is_some(),
            since: person.since,
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn dealers(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let named = view.filter.only.as_ref().or(view.filter.dealer.as_ref());
    if let Some(named) = named {
        if let Some(dealer) = view.books.dealer_named(named)? {
            out.row(&dealer_row(view, dealer)?)?;
        }
        return Ok(());
    }
    let mut from = DealerId(0);
    loop {
        let page = view.books.dealers(from, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        from = DealerId(last.id.0 + 1);
        for dealer in page {
            let state = if dealer.incomplete().is_empty() { "complete" } else { "incomplete" };
            if !view.has_state(state) || !view.has_moment(dealer.filed_at) {
                continue;
            }
            if !out.row(&dealer_row(view, dealer)?)? {
                return Ok(());
            }
        }
    }
}

fn dealer_row(view: &View<'_>, dealer: Dealer) -> Result<DealerRow, Stop> {
    let complete = dealer.incomplete().is_empty();
    let missing = dealer.file.missing();
    let awaits: Vec<Role> = dealer.awaits();
    let file = dealer.file;
    let masked = |account: PayAccount| PayAccount { number: view.sight.account(&account.number), ..account };
    Ok(DealerRow {
        dealer: dealer.id,
        name: file.name,
        kind: file.kind,
        version: dealer.version,
        complete,
        missing,
        awaits,
        matched: dealer.matched.map(|matched| matched.number),
        since: file.since,
        channels: file.channels,
        contact: file.contact,
        phone: view.sight.phone(&file.phone),
        address: file.address,
        pays_by: file.pays_by,
        accounts: file.accounts.into_iter().map(masked).collect(),
        tier: file.tier,
        free_shipping: file.free_shipping,
        credit: dealer.credit,
        filed_by: view.names.person(dealer.filed_by)?,
        filed_at: dealer.filed_at,
        remark: file.remark,
    })
}

pub(super) fn referrals(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let table = view.books.table(tables::REFERRALS)?;
    for row in table.iter().map_err(crate::store::Fault::from)? {
        let referral = row.map_err(crate::store::Fault::from)?.1.value().unpack()?;
        let state = if referral.order.is_some() { "done" } else { "open" };
        if !view.has_state(state) || !view.has_moment(referral.at) || !view.is_wanted(&[&referral.id.to_string()]) {
            continue;
        }
        let row = ReferralRow {
            referral: referral.id,
            at: referral.at,
            by: view.names.person(referral.by)?,
            name: referral.name,
            contact: view.sight.phone(&referral.contact),
            remark: referral.remark,
            order: referral.order,
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn settings(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let books = view.books;
    let accounts = books.accounts()?.into_iter().map(|account| AccountRow {
        account: account.id.0,
        channel: account.channel,
        number: view.sight.account(&account.number),
        name: account.name,
    });
    let row = SettingsRow {
        settings: books.settings()?,
        tiers: books.tiers()?.into_iter().map(|tier| TierRow { code: tier.code, name: tier.name }).collect(),
        levels: books
            .levels()?
            .into_iter()
            .map(|level| LevelRow { code: level.code, name: level.name, free_from: level.free_from })
            .collect(),
        accounts: accounts.collect(),
        rehearsal: books.table(tables::IDENTITY)?.get("rehearsal").map_err(crate::store::Fault::from)?.is_some(),
    };
    out.row(&row)?;
    Ok(())
}

/// Entries in order. Times never go back in the journal, so the first one wanted is found by halving.
pub(super) fn journal(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let end = journal::head(view.books)?.seq.0;
    let mut seq = first_since(view, end)?;
    while seq <= end {
        let Some(line) = view.books.line(seq)? else { break };
        let entry = journal::read(seq, &line)?;
        if view.filter.to.is_some_and(|to| entry.at.day(view.zone) > to) {
            break;
        }
        let name = entry.event.key();
        seq += 1;
        if !view.has_state(&name) || !view.is_wanted(&[&entry.seq.0.to_string()]) {
            continue;
        }
        let row = JournalRow {
            seq: Seq(entry.seq.0),
            at: entry.at,
            by: view.names.person(entry.by)?,
            terminal: entry.terminal,
            name,
            id: entry.id,
            event: Some(entry.event).filter(|event| view.blind.sees(event)),
        };
        if !out.row(&row)? {
            break;
        }
    }
    Ok(())
}

/// The first entry of the first day wanted.
fn first_since(view: &View<'_>, end: u64) -> Result<u64, Stop> {
    let Some(from) = view.filter.from else { return Ok(1) };
    first_entry_at(view, from.start(view.zone), end)
}

/// The first entry at or after a moment; one past the end where there is none.
pub(super) fn first_entry_at(view: &View<'_>, at: crate::domain::time::Moment, end: u64) -> Result<u64, Stop> {
    let (mut low, mut high) = (1, end + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let line = view.books.line(middle)?.unwrap_or_default();
        if journal::read(middle, &line)?.at < at { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
