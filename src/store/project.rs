//! Which rows an event touches: one exhaustive match.
//!
//! What an event does to a record is the domain's; this file only knows where records lie and which indexes and
//! counters follow them. Replaying the journal through it gives every derived table again, byte for byte.

mod about;
mod billing;
mod dealing;
mod goods;
mod ledger;
mod ordering;
mod premises;
mod promoting;
mod purchasing;
mod stocktaking;

use redb::{ReadableTable, WriteTransaction};

pub use about::touched;

use super::Fault;
use super::books::{Books, counted, record, tier_key};
use super::codec::{Image, Packed, Record};
use super::flows;
use super::journal::Entry;
use super::lists::{List, Lists};
use super::tables::*;
use crate::domain::event::Event;
use crate::domain::goods::{Article, ArticleCard, PriceOf};
use crate::domain::id::{ArticleId, FlowId, PersonId};
use crate::domain::payment::{ConflictKept, Treatment};
use crate::domain::person::Person;
use crate::domain::place::Place;
use crate::domain::setting::{Account, FreeShipping, Tier};
use crate::domain::statement::{Import, Tally};
use crate::domain::text::Text;

/// Writes what an entry says into the tables.
pub fn project(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    use Event::*;
    note_objects(tx, entry)?;
    if let Some(id) = &entry.id {
        tx.open_table(COMMANDS)?.insert((entry.by.0, id.as_str()), entry.seq.0)?;
    }
    let entry = &*goods::completed(tx, entry)?;
    match &entry.event {
        PersonAppointed { .. } | RolesChanged { .. } | UnixBound { .. } | ActiveSet { .. } => person(tx, entry),
        PassphraseChanged { .. } | SignedIn { .. } | SignInFailed { .. } => Ok(()),
        ListExported { .. } | BooksAccepted { .. } => Ok(()),
        SettingsChanged { .. } | TierDefined { .. } => setting(tx, &entry.event),
        FreeShippingDefined { .. } | AccountOpened { .. } => setting(tx, &entry.event),
        ArticleListed { .. } | ArticleRevised { .. } | PriceSet { .. } => article(tx, &entry.event),
        PlaceDefined { .. } => place(tx, &entry.event),
        GoodsReceived { .. } => goods::received(tx, entry),
        RequisitionSubmitted { .. } | RequisitionAcknowledged { .. } => purchasing::purchasing(tx, entry),
        RequisitionClosed { .. } | GoodsSent { .. } => purchasing::purchasing(tx, entry),
        SettlementPrepared { .. } | SettlementConfirmed { .. } => purchasing::purchasing(tx, entry),
        PromotionDrafted { .. } | PromotionRevised { .. } | PromotionSubmitted { .. } => {
            promoting::promotion(tx, entry)
        }
        PromotionConfirmed { .. } | PromotionRejected { .. } | PromotionEnded { .. } => promoting::promotion(tx, entry),
        WriteOffPrepared { .. } | WriteOffConfirmed { .. } => promoting::write_off(tx, entry),
        PremisesChecked { .. } | CheckRead { .. } => premises::check(tx, entry),
        VisitorEntered { .. } | VisitorLeft { .. } | SlowProposed { .. } => premises::other(tx, entry),
        BillEntered { .. } | BillReceived { .. } | ReportRead { .. } => billing::bill(tx, entry),
        DamageSettled { .. } => {
            goods::noted(tx, entry)?;
            purchasing::sent_back(tx, entry)
        }
        GoodsMoved { .. } | DamageNoted { .. } => goods::noted(tx, entry),
        DealerFiled { .. } | DealerRevised { .. } => dealing::dealer(tx, entry),
        DealerAcknowledged { .. } | DealerMatched { .. } => dealing::dealer(tx, entry),
        CustomerReferred { .. } => dealing::referral(tx, entry),
        OrderEntered { .. } | TmallOrderEntered { .. } => ordering::entered(tx, entry),
        OrderChanged { .. } | OrderCancelled { .. } => ordering::changed(tx, entry),
        StatementImported { .. } => imported(tx, entry),
        FlowsPosted { .. } => flows_posted(tx, &entry.event),
        PaymentConfirmed { .. } | PaymentReturned { .. } | AllocationReleased { .. } => payment(tx, entry),
        CreditUsed { dealer, order, amount, .. } => {
            dealing::credit(tx, *dealer, -*amount)?;
            ordering::money(tx, entry, *order)
        }
        CreditReturned { dealer, amount, .. } => dealing::credit(tx, *dealer, -*amount),
        ShortfallTolerated { order, .. } | OrderCredited { order, .. } => ordering::money(tx, entry, *order),
        ConflictSettled { .. } => settled(tx, entry),
        ShipmentPacked { .. } | ShipmentUnpacked { .. } => {
            goods::shipment(tx, entry)?;
            ordering::shipment(tx, entry)
        }
        GoodsShipped { .. } | GoodsTakenBack { .. } => {
            goods::shipment(tx, entry)?;
            ordering::shipment(tx, entry)?;
            ledger::posted(tx, entry)
        }
        DayClosed { .. } => ledger::closed(tx, entry),
        LetterSent { .. } | LetterHurried { .. } => ledger::letter(tx, entry),
        AddressSet { person, address, .. } => set_address(tx, *person, address),
        ShipmentSigned { .. } | ShipmentObjected { .. } => ordering::shipment(tx, entry),
        ObjectionLifted { .. } | ExceptionMade { .. } => ordering::shipment(tx, entry),
        WaybillNoted { .. } | ShipmentSplit { .. } | ShipmentClosed { .. } => ordering::shipment(tx, entry),
        StocktakeOpened { .. } => stocktaking::opened(tx, entry),
        GoodsCounted { .. } => stocktaking::counted(tx, entry),
        SheetSubmitted { .. } | RecountAppointed { .. } => stocktaking::went_on(tx, entry),
        StocktakeAgreed { .. } | StocktakeAbandoned { .. } => stocktaking::went_on(tx, entry),
        DifferenceExplained { .. } => stocktaking::explained(tx, entry),
        StocktakeConfirmed { .. } | ClaimSettled { .. } => stocktaking::claims(tx, entry),
    }
}

fn set_address(tx: &WriteTransaction, person: PersonId, address: &Text) -> Result<(), Fault> {
    tx.open_table(ADDRESSES)?.insert(person.0, address.as_str())?;
    Ok(())
}

fn place(tx: &WriteTransaction, event: &Event) -> Result<(), Fault> {
    let Event::PlaceDefined { code, name, turn } = event else { unreachable!("{} defines no place", event.key()) };
    let known: Option<Place> = record(tx, PLACES, code.as_str())?;
    let no = known.map_or_else(|| tx.count("places").map(|count| count as u32 + 1), |place| Ok(place.no))?;
    raise(tx, "places", i64::from(no))?;
    put(tx, PLACES, code.as_str(), &Place { no, code: code.clone(), name: name.clone(), turn: *turn })
}

fn setting(tx: &WriteTransaction, event: &Event) -> Result<(), Fault> {
    match event {
        Event::SettingsChanged { settings, .. } => put(tx, SETTINGS, "settings", settings),
        Event::TierDefined { code, name } => {
            put(tx, TIERS, code.as_str(), &Tier { code: code.clone(), name: name.clone() })
        }
        Event::FreeShippingDefined { code, name, free_from } => {
            let level = FreeShipping { code: code.clone(), name: name.clone(), free_from: *free_from };
            put(tx, LEVELS, code.as_str(), &level)
        }
        Event::AccountOpened { account, channel, number, name } => {
            let opened = Account { id: *account, channel: *channel, number: number.clone(), name: name.clone() };
            put(tx, ACCOUNTS, account.0, &opened)
        }
        other => unreachable!("{} is no event about settings", other.key()),
    }
}

fn imported(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::StatementImported { import, account, file, accepted } = &entry.event else {
        unreachable!("{} imports nothing", entry.event.key())
    };
    let (by, at) = (entry.by, entry.at);
    raise(tx, "imports", i64::from(import.0))?;
    let (file, accepted) = (file.clone(), accepted.clone());
    put(
        tx,
        IMPORTS,
        import.0,
        &Import { id: *import, account: *account, file, accepted, by, at, tally: Tally::default() },
    )
}

fn settled(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::ConflictSettled { conflict, note } = &entry.event else {
        unreachable!("{} settles no conflict", entry.event.key())
    };
    let mut kept = must(tx, CONFLICTS, *conflict, "conflicts", u64::from(*conflict))?;
    kept.settled = Some((entry.by, entry.at, note.clone()));
    put(tx, CONFLICTS, *conflict, &kept)?;
    add(tx, "conflicts_open", -1)
}

/// Puts a record under its key.
fn put<K: redb::Key + 'static, T: Record + 'static>(
    tx: &WriteTransaction,
    table: redb::TableDefinition<'static, K, Packed<T>>,
    key: K::SelfType<'_>,
    record: &T,
) -> Result<(), Fault> {
    tx.open_table(table)?.insert(key, Image::pack(record))?;
    Ok(())
}

/// The record that the event was decided on.
fn must<K: redb::Key + 'static, T: Record + 'static>(
    tx: &WriteTransaction,
    table: redb::TableDefinition<'static, K, Packed<T>>,
    key: K::SelfType<'_>,
    name: &'static str,
    number: u64,
) -> Result<T, Fault> {
    record(tx, table, key)?.ok_or(Fault::Missing { table: name, key: number })
}

/// Moves a counter.
fn add(tx: &WriteTransaction, name: &str, by: i64) -> Result<(), Fault> {
    if by == 0 { Ok(()) } else { count(tx, name, |was| was + by) }
}

/// Raises the counter of numbers given to `to`.
fn raise(tx: &WriteTransaction, name: &str, to: i64) -> Result<(), Fault> {
    count(tx, name, |was| was.max(to))
}

fn count(tx: &WriteTransaction, name: &str, to: impl FnOnce(i64) -> i64) -> Result<(), Fault> {
    let mut counts = tx.open_table(COUNTS)?;
    let was = counts.get(name)?.map_or(Ok(0), |count| counted(count.value()))?;
    counts.insert(name, to(was).to_le_bytes().as_slice())?;
    Ok(())
}

fn note_objects(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let touched = touched(&entry.event);
    if touched.is_empty() {
        return Ok(());
    }
    let mut lists = Lists::open(tx)?;
    touched.into_iter().try_for_each(|(kind, number)| lists.add(List::entries(kind, number), entry.seq.0))
}

fn person(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let (id, unix) = match &entry.event {
        Event::PersonAppointed { person, code, name, roles, unix } => {
            let new = Person {
                id: *person,
                code: code.clone(),
                name: name.clone(),
                roles: *roles,
                unix: *unix,
                active: true,
                since: entry.at,
            };
            raise(tx, "people", i64::from(person.0))?;
            tx.open_table(PERSON_CODES)?.insert(code.to_ascii_lowercase().as_str(), person.0)?;
            put(tx, PEOPLE, person.0, &new)?;
            (*person, Some((*unix, None)))
        }
        Event::UnixBound { person, unix, was } => (*person, Some((*unix, *was))),
        Event::RolesChanged { person, .. } | Event::ActiveSet { person, .. } => (*person, None),
        other => unreachable!("{} is no event about people", other.key()),
    };
    let mut record = must(tx, PEOPLE, id.0, "people", id.0.into())?;
    record.apply(&entry.event);
    put(tx, PEOPLE, id.0, &record)?;
    if let Some((now, was)) = unix {
        let mut table = tx.open_table(UNIX)?;
        if let Some(uid) = was {
            table.remove(uid)?;
        }
        if let Some(uid) = now {
            table.insert(uid, id.0)?;
        }
    }
    Ok(())
}

fn article(tx: &WriteTransaction, event: &Event) -> Result<(), Fault> {
    match event {
        Event::ArticleListed { article, card } => {
            raise(tx, "articles", i64::from(article.0))?;
            put(tx, ARTICLES, article.0, &Article { id: *article, card: card.clone(), version: 1 })?;
            found_by(tx, *article, card)
        }
        Event::ArticleRevised { article, card, .. } => {
            let mut record = must(tx, ARTICLES, article.0, "articles", article.0.into())?;
            {
                let mut codes = tx.open_table(ARTICLE_CODES)?;
                for code in record.card.codes() {
                    codes.remove(code.as_str())?;
                }
                tx.open_table(HOMES)?.remove((record.card.location.as_str(), article.0))?;
            }
            record.apply(event);
            put(tx, ARTICLES, article.0, &record)?;
            found_by(tx, *article, card)
        }
        Event::PriceSet { article, tier, price, from } => {
            let of = tier.clone().map_or(PriceOf::Retail, PriceOf::Tier);
            tx.open_table(PRICES)?.insert((article.0, tier_key(&of), from.ordinal()), price.as_fen())?;
            Ok(())
        }
        other => unreachable!("{} is no event about articles", other.key()),
    }
}

fn found_by(tx: &WriteTransaction, article: ArticleId, card: &ArticleCard) -> Result<(), Fault> {
    tx.open_table(HOMES)?.insert((card.location.as_str(), article.0), ())?;
    let mut codes = tx.open_table(ARTICLE_CODES)?;
    for code in card.codes() {
        codes.insert(code.as_str(), article.0)?;
    }
    Ok(())
}

fn flows_posted(tx: &WriteTransaction, event: &Event) -> Result<(), Fault> {
    let Event::FlowsPosted { import, account, first, flows, known, conflicts } = event else {
        unreachable!("{} posts no flows", event.key())
    };
    let added = flows::post(tx, *account, *import, *first, &flows.0)?;
    raise(tx, "flows", (first.0 + flows.0.len() as u64) as i64 - 1)?;
    add(tx, "payments_open", added.payments as i64)?;
    add(tx, "payments_open_fen", added.fen)?;
    let kept = tx.count("conflicts")?;
    for (nth, conflict) in conflicts.iter().enumerate() {
        let number = kept as u32 + 1 + nth as u32;
        let kept = ConflictKept { account: *account, import: *import, conflict: conflict.clone(), settled: None };
        put(tx, CONFLICTS, number, &kept)?;
    }
    add(tx, "conflicts", conflicts.len() as i64)?;
    add(tx, "conflicts_open", conflicts.len() as i64)?;
    let mut record = must(tx, IMPORTS, import.0, "imports", import.0.into())?;
    let tally = &mut record.tally;
    tally.new += flows.0.len() as u64;
    tally.payments += added.payments;
    tally.amount += crate::domain::money::Money::fen(added.fen);
    tally.matched += added.matched;
    tally.known += known;
    tally.conflicts += conflicts.len() as u64;
    put(tx, IMPORTS, import.0, &record)
}

/// What an event does to a payment: its treatment, and whether it is still open.
fn treat(tx: &WriteTransaction, entry: &Entry, id: FlowId) -> Result<(), Fault> {
    change_treatment(tx, id, |treatment| treatment.apply(entry.by, entry.at, &entry.event), entry)
}

fn change_treatment(
    tx: &WriteTransaction,
    id: FlowId,
    change: impl FnOnce(&mut Treatment),
    entry: &Entry,
) -> Result<(), Fault> {
    let was = flows::open_amount(tx, id)?;
    let mut treatment = tx.treatment(id)?.unwrap_or_else(|| Treatment::none(entry.by, entry.at));
    change(&mut treatment);
    put(tx, TREATMENTS, id.0, &treatment)?;
    let now = flows::open_amount(tx, id)?;
    if now < 0 {
        return Err(Fault::Broken(format!("entry {} would dispose of more than payment {id}", entry.seq.0)));
    }
    add(tx, "payments_open_fen", now - was)?;
    if (was > 0) != (now > 0) {
        add(tx, "payments_open", if now > 0 { 1 } else { -1 })?;
        flows::mark_open(tx, id, now > 0)?;
    }
    Ok(())
}

fn payment(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    match &entry.event {
        Event::PaymentConfirmed { payment, dealer, orders, to_credit, .. } => {
            treat(tx, entry, *payment)?;
            List::payments(*dealer).add(tx, payment.0)?;
            dealing::credit(tx, *dealer, *to_credit)?;
            orders.iter().try_for_each(|share| ordering::money(tx, entry, share.order))
        }
        Event::PaymentReturned { payment, .. } => treat(tx, entry, *payment),
        Event::AllocationReleased { order, payment, .. } => {
            treat(tx, entry, *payment)?;
            ordering::money(tx, entry, *order)
        }
        other => unreachable!("{} is no event about a payment", other.key()),
    }
}
