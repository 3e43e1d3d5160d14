//! All that may be read, by key and by page, the same from a read and from a write transaction.
//!
//! Since the desk gathers facts and the screens show rows through this one trait, a greyed key and a refused
//! command can never disagree. No function here scans history: each reads a record, a range or a counter.

use redb::ReadableTable;

pub use super::counts::Counts;
pub use super::daybook::{MonthOfArticle, Timeliness};
use super::flows;
use super::lists::{self, List};
pub use super::objects::Kind;
pub use super::opened::Tables;
use super::opened::all;
pub(super) use super::opened::record;
pub use super::referred::Referred;
use super::tables::*;
pub use super::walks::Walks;
pub use super::{daybook::Daybook, mailbox::Mailbox, premises::Premises};
pub use super::{promoting::Promoting, purchases::Purchases, stockroom::Stockroom};
use crate::domain::dealer::{Dealer, PayAccount, Referral, Registration, account_key};
use crate::domain::flow::Channel;
use crate::domain::goods::{Article, PriceOf};
use crate::domain::id::{AccountId, ArticleId, DealerId, FlowId, ImportId, OrderId, PersonId, ReferralId};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::payment::{ConflictKept, Posted, Treatment};
use crate::domain::person::Person;
use crate::domain::role::Role;
use crate::domain::setting::{Account, FreeShipping, Settings, Tier};
use crate::domain::statement::Import;
use crate::domain::stock::Stock;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};

pub use super::Fault;
pub use super::waiting::QueueRow;

/// A view of the books that does not change while it is read.
pub type Reading = redb::ReadTransaction;

/// Everything that may be read.
pub trait Books: Tables + Stockroom + Daybook + Mailbox {
    /// The settings in force.
    fn settings(&self) -> Result<Settings, Fault> {
        Ok(record(self, SETTINGS, "settings")?.unwrap_or_default())
    }

    /// A counter; zero where it was never moved.
    fn count(&self, name: &str) -> Result<i64, Fault> {
        self.table(COUNTS)?.get(name)?.map_or(Ok(0), |count| counted(count.value()))
    }

    /// A person.
    fn person(&self, id: PersonId) -> Result<Option<Person>, Fault> {
        record(self, PEOPLE, id.0)
    }

    /// A person by sign-in code, in any case.
    fn person_by_code(&self, code: &str) -> Result<Option<Person>, Fault> {
        let id = self.table(PERSON_CODES)?.get(code.to_ascii_lowercase().as_str())?.map(|id| id.value());
        id.map_or(Ok(None), |id| self.person(PersonId(id)))
    }

    /// The person a Unix account is bound to.
    fn person_by_unix(&self, uid: u32) -> Result<Option<Person>, Fault> {
        let id = self.table(UNIX)?.get(uid)?.map(|id| id.value());
        id.map_or(Ok(None), |id| self.person(PersonId(id)))
    }

    /// All people.
    fn people(&self) -> Result<Vec<Person>, Fault> {
        all(self, PEOPLE)
    }

    /// The number of the last entry of the journal.
    fn latest(&self) -> Result<u64, Fault> {
        Ok(super::journal::head(self)?.seq.0)
    }

    /// A person's name, or the number where there is none.
    fn person_name(&self, id: PersonId) -> Result<Text, Fault> {
        Ok(self.person(id)?.map_or_else(|| format!("#{}", id.0).into(), |person| person.name))
    }

    /// The passphrase hash of a person.
    fn credential(&self, id: PersonId) -> Result<Option<String>, Fault> {
        Ok(self.table(CREDENTIALS)?.get(id.0)?.map(|hash| hash.value().to_owned()))
    }

    /// Failed sign-ins in a row with a code from a Unix account, and when the next is taken.
    fn tries(&self, code: &str, uid: u32) -> Result<(u32, Moment), Fault> {
        let kept = self.table(TRIES)?.get((code, uid))?.map(|tries| tries.value());
        Ok(kept.map_or((0, Moment::from_micros(0)), |(failed, again)| (failed, Moment::from_micros(again))))
    }

    /// A half-entered form of a person.
    fn draft(&self, id: PersonId, form: &str) -> Result<Option<String>, Fault> {
        Ok(self.table(DRAFTS)?.get((id.0, form))?.map(|draft| draft.value().to_owned()))
    }

    /// All price tiers, by code.
    fn tiers(&self) -> Result<Vec<Tier>, Fault> {
        all(self, TIERS)
    }

    /// All free-shipping levels, by code.
    fn levels(&self) -> Result<Vec<FreeShipping>, Fault> {
        all(self, LEVELS)
    }

    /// A free-shipping level.
    fn level(&self, code: &str) -> Result<Option<FreeShipping>, Fault> {
        record(self, LEVELS, code)
    }

    /// Whether there is such a tier.
    fn has_tier(&self, code: &str) -> Result<bool, Fault> {
        Ok(self.table(TIERS)?.get(code)?.is_some())
    }

    /// All receiving accounts.
    fn accounts(&self) -> Result<Vec<Account>, Fault> {
        all(self, ACCOUNTS)
    }

    /// A receiving account.
    fn account(&self, id: AccountId) -> Result<Option<Account>, Fault> {
        record(self, ACCOUNTS, id.0)
    }

    /// An article.
    fn article(&self, id: ArticleId) -> Result<Option<Article>, Fault> {
        record(self, ARTICLES, id.0)
    }

    /// An article by its code or one of its barcodes; codes in capitals are found in any case.
    fn article_by_code(&self, code: &str) -> Result<Option<Article>, Fault> {
        let codes = self.table(ARTICLE_CODES)?;
        let id = match codes.get(code)? {
            None => codes.get(code.to_ascii_uppercase().as_str())?,
            found => found,
        };
        let id = id.map(|id| id.value());
        id.map_or(Ok(None), |id| self.article(ArticleId(id)))
    }

    /// All articles.
    fn articles(&self) -> Result<Vec<Article>, Fault> {
        all(self, ARTICLES)
    }

    /// The price of one base unit in force on `day`.
    fn price(&self, article: ArticleId, of: &PriceOf, day: Day) -> Result<Option<Money>, Fault> {
        let tier = tier_key(of);
        let prices = self.table(PRICES)?;
        let mut past = prices.range((article.0, tier, i32::MIN)..=(article.0, tier, day.ordinal()))?;
        Ok(past.next_back().transpose()?.map(|(_, fen)| Money::fen(fen.value())))
    }

    /// Every price of an article: whose, from which day (as days since year 1), how much.
    fn prices(&self, article: ArticleId) -> Result<Vec<(PriceOf, i32, Money)>, Fault> {
        let prices = self.table(PRICES)?;
        let range = prices.range((article.0, "", i32::MIN)..(article.0 + 1, "", i32::MIN))?;
        range
            .map(|row| {
                let (key, fen) = row?;
                let (_, tier, day) = key.value();
                let of = if tier.is_empty() { PriceOf::Retail } else { PriceOf::Tier(tier.into()) };
                Ok((of, day, Money::fen(fen.value())))
            })
            .collect()
    }

    /// The stock of an article in all places.
    fn stock(&self, article: ArticleId) -> Result<Stock, Fault> {
        Ok(record(self, STOCK, article.0)?.unwrap_or_default())
    }

    /// A dealer.
    fn dealer(&self, id: DealerId) -> Result<Option<Dealer>, Fault> {
        record(self, DEALERS, id.0)
    }

    /// A dealer by code, or by exact name where one dealer alone has it.
    fn dealer_named(&self, text: &str) -> Result<Option<Dealer>, Fault> {
        if let Ok(id) = text.parse::<DealerId>() {
            return self.dealer(id);
        }
        let named = self.dealers_called(text)?;
        let mut exact = Vec::new();
        for id in named {
            exact.extend(self.dealer(id)?.filter(|dealer| dealer.file.name == *text));
        }
        Ok(if exact.len() == 1 { exact.pop() } else { None })
    }

    /// Dealers whose name, contact or account holder is exactly that.
    fn dealers_called(&self, name: &str) -> Result<Vec<DealerId>, Fault> {
        let names = self.table(DEALER_NAMES)?;
        let range = names.range((name, 0)..=(name, u32::MAX))?;
        range.take(20).map(|row| Ok(DealerId(row?.0.value().1))).collect()
    }

    /// Dealers by number, from `from` on.
    fn dealers(&self, from: DealerId, limit: usize) -> Result<Vec<Dealer>, Fault> {
        let dealers = self.table(DEALERS)?;
        dealers.range(from.0..)?.take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// A version of a dealer's file.
    fn dealer_version(&self, id: DealerId, version: u32) -> Result<Option<DealerVersion>, Fault> {
        record(self, DEALER_VERSIONS, (id.0, version))
    }

    /// Dealers whose file waits for a party of M1.4.
    fn unacknowledged(&self, party: Role, limit: usize) -> Result<Vec<DealerId>, Fault> {
        let waiting = List::unacknowledged(party).up(self, None, limit)?;
        Ok(waiting.into_iter().map(|number| DealerId(number as u32)).collect())
    }

    /// Registrations of an account, oldest first.
    fn registrations(&self, channel: Channel, number: &str) -> Result<Vec<Registration>, Fault> {
        let key = account_key(number);
        Ok(record(self, REGISTRATIONS, (channel as u8, key.as_str()))?.unwrap_or_default())
    }

    /// The registration that counts for a payment of that time: the one that covers it, else the latest.
    fn registration(&self, channel: Channel, number: &str, time: Moment) -> Result<Option<Registration>, Fault> {
        let all = self.registrations(channel, number)?;
        Ok(all.iter().find(|r| r.covers(time)).or(all.last()).cloned())
    }

    /// Another dealer in whose file the account stands, if any.
    fn account_elsewhere(&self, account: &PayAccount, than: Option<DealerId>) -> Result<Option<Dealer>, Fault> {
        let all = self.registrations(account.channel, &account.number)?;
        let other = all.iter().find(|r| r.until.is_none() && Some(r.dealer) != than);
        other.map_or(Ok(None), |r| self.dealer(r.dealer))
    }

    /// Registered accounts of a channel that begin with `head` (at most `limit`), with their dealer: for masked ones.
    fn accounts_like(&self, channel: Channel, head: &str, limit: usize) -> Result<Vec<(String, DealerId)>, Fault> {
        let accounts = self.table(REGISTRATIONS)?;
        let mut found = Vec::new();
        for row in accounts.range((channel as u8, head)..)?.take(limit) {
            let (key, image) = row?;
            let (of, number) = key.value();
            if of != channel as u8 || !number.starts_with(head) {
                break;
            }
            let current = image.value().unpack()?.into_iter().rfind(|r| r.until.is_none());
            found.extend(current.map(|r| (number.to_owned(), r.dealer)));
        }
        Ok(found)
    }

    /// A referral.
    fn referral(&self, id: ReferralId) -> Result<Option<Referral>, Fault> {
        record(self, REFERRALS, id.0)
    }

    /// An order.
    fn order(&self, id: OrderId) -> Result<Option<Order>, Fault> {
        record(self, ORDERS, id.number())
    }

    /// Orders by number, newest first, before `before`.
    fn orders(&self, before: Option<OrderId>, limit: usize) -> Result<Vec<Order>, Fault> {
        let orders = self.table(ORDERS)?;
        let end = before.map_or(u64::MAX, OrderId::number);
        orders.range(..end)?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// Orders by number, oldest first, after `after`: the page above, seen from the newest.
    fn orders_after(&self, after: Option<OrderId>, limit: usize) -> Result<Vec<Order>, Fault> {
        let orders = self.table(ORDERS)?;
        let start = after.map_or(0, |id| id.number() + 1);
        orders.range(start..)?.take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// A dealer's orders, oldest first, after `after`.
    fn dealer_orders_after(
        &self,
        dealer: DealerId,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<OrderId>, Fault> {
        let orders = List::orders(dealer).up(self, after.map(OrderId::number), limit)?;
        Ok(orders.into_iter().map(OrderId::from_number).collect())
    }

    /// A dealer's orders, newest first, before `before`.
    fn dealer_orders(&self, dealer: DealerId, before: Option<OrderId>, limit: usize) -> Result<Vec<OrderId>, Fault> {
        let orders = List::orders(dealer).down(self, before.map(OrderId::number), limit)?;
        Ok(orders.into_iter().map(OrderId::from_number).collect())
    }

    /// A dealer's orders that await money, oldest first.
    fn dealer_unpaid(&self, dealer: DealerId, limit: usize) -> Result<Vec<OrderId>, Fault> {
        let orders = List::unpaid(dealer).up(self, None, limit)?;
        Ok(orders.into_iter().map(OrderId::from_number).collect())
    }

    /// The order that has that Tmall number.
    fn tmall_order(&self, number: &str) -> Result<Option<OrderId>, Fault> {
        Ok(self.table(TMALL_NUMBERS)?.get(number)?.map(|order| OrderId::from_number(order.value())))
    }

    /// The queue after `after`, the most urgent first.
    fn queue(&self, after: Option<QueueRow>, limit: usize) -> Result<Vec<QueueRow>, Fault> {
        lists::queue(self, after, limit)
    }

    /// The queue before `before`, the nearest first: the page above.
    fn queue_before(&self, before: QueueRow, limit: usize) -> Result<Vec<QueueRow>, Fault> {
        lists::queue_before(self, before, limit)
    }

    /// The shipment that has that waybill number.
    fn waybill(&self, carrier: u8, number: &str) -> Result<Option<(OrderId, u8)>, Fault> {
        let found = self.table(WAYBILLS)?.get((carrier, number))?.map(|place| place.value());
        Ok(found.map(|(order, part)| (OrderId::from_number(order), part)))
    }

    /// A posted flow.
    fn flow(&self, id: FlowId) -> Result<Option<Posted>, Fault> {
        flows::flow(self, id)
    }

    /// What was made of a payment.
    fn treatment(&self, id: FlowId) -> Result<Option<Treatment>, Fault> {
        record(self, TREATMENTS, id.0)
    }

    /// Flows before `before`, newest first; with `open`, only payments not disposed of.
    fn flows(&self, before: Option<FlowId>, open: bool, limit: usize) -> Result<Vec<Posted>, Fault> {
        flows::page(self, before, open, limit)
    }

    /// Flows after `after`, oldest first: the page above, seen from the newest.
    fn flows_after(&self, after: Option<FlowId>, open: bool, limit: usize) -> Result<Vec<Posted>, Fault> {
        flows::page_after(self, after, open, limit)
    }

    /// A dealer's payments, newest first, before `before`.
    fn dealer_payments(&self, dealer: DealerId, before: Option<FlowId>, limit: usize) -> Result<Vec<FlowId>, Fault> {
        let payments = List::payments(dealer).down(self, before.map(|id| id.0), limit)?;
        Ok(payments.into_iter().map(FlowId).collect())
    }

    /// A row kept aside.
    fn conflict(&self, number: u32) -> Result<Option<ConflictKept>, Fault> {
        record(self, CONFLICTS, number)
    }

    /// Rows kept aside, newest first, with their number.
    fn conflicts(&self, limit: usize) -> Result<Vec<(u32, ConflictKept)>, Fault> {
        let conflicts = self.table(CONFLICTS)?;
        conflicts
            .iter()?
            .rev()
            .take(limit)
            .map(|row| row.map_err(Fault::from).and_then(|(k, v)| Ok((k.value(), v.value().unpack()?))))
            .collect()
    }

    /// An import.
    fn import(&self, id: ImportId) -> Result<Option<Import>, Fault> {
        record(self, IMPORTS, id.0)
    }

    /// Imports, newest first.
    fn imports(&self, limit: usize) -> Result<Vec<Import>, Fault> {
        let imports = self.table(IMPORTS)?;
        imports.iter()?.rev().take(limit).map(|row| row?.1.value().unpack()).collect()
    }

    /// The entries that touched an object, newest first, before `before`.
    fn history(&self, kind: Kind, number: u64, before: Option<u64>, limit: usize) -> Result<Vec<u64>, Fault> {
        List::entries(kind, number).down(self, before, limit)
    }

    /// An entry of the journal.
    fn entry(&self, seq: u64) -> Result<Option<super::journal::Entry>, Fault> {
        self.line(seq)?.map(|line| super::journal::read(seq, &line)).transpose()
    }

    /// A line of the journal as it was written.
    fn line(&self, seq: u64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.table(JOURNAL)?.get(seq)?.map(|line| line.value().to_vec()))
    }

    /// The entry that a command of that person's under that id led to. Another person's is another command.
    fn command(&self, by: PersonId, id: &str) -> Result<Option<u64>, Fault> {
        Ok(self.table(COMMANDS)?.get((by.0, id))?.map(|seq| seq.value()))
    }
}

impl<B: Tables> Books for B {}

/// How a price's owner is written in a key.
pub(super) fn tier_key(of: &PriceOf) -> &str {
    match of {
        PriceOf::Retail => "",
        PriceOf::Tier(code) => code,
    }
}

/// How a party of M1.4 is written in a key.
pub(super) fn party_key(party: Role) -> u8 {
    u8::from(party == Role::Finance)
}

/// What a counter says.
pub(super) fn counted(bytes: &[u8]) -> Result<i64, Fault> {
    Ok(i64::from_le_bytes(bytes.try_into().map_err(|_| Fault::Unreadable { record: "counter" })?))
}
