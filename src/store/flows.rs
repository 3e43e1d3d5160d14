//! A million flows: kept in blocks, known by their number, posted once.
//!
//! Flows lie 128 to a record, under the number of the first, since a record each would cost more than the
//! flow. Which numbers are known lies in buckets of sorted hashes: an import reads and writes each bucket once per
//! transaction, however many flows fall into it. A hit is always compared with the flow itself, so a hash
//! that two numbers share cannot lose one.

mod picked;

use std::collections::HashMap;

use redb::{ReadableTable, WriteTransaction};

use super::books::{Books, Tables};
use super::codec::Image;
use super::tables::{ACCOUNT_DAYS, BLOCK, BorrowedBlock, FLOW_KEYS, FLOWS, FlowBlock, OPEN_FLOWS, REGISTRATIONS};
use super::{Fault, give_way, sort_with_breath};
use crate::domain::dealer::{Registration, account_key};
use crate::domain::flow::{Channel, Flow};
use crate::domain::id::{AccountId, DealerId, FlowId, ImportId};
use crate::domain::payment::{Conflict, Posted, is_readable};
use crate::domain::time::CHINA;
use picked::Picked;

const BUCKET_BITS: u32 = 13;
const KEY: usize = 16;
/// After so many rows, accounts or buckets an import lets others go first.
const BREATH: usize = 64;

/// What becomes of a chunk of a statement's rows.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Flows to be posted.
    pub new: Vec<Flow>,
    /// How many are posted already.
    pub known: u64,
    /// Rows that say something else than the posted flow of their number.
    pub conflicts: Vec<Conflict>,
}

/// The hash under which a flow's number is known: of its receiving account, its class and the number (FNV-1a, its bits
/// mixed once more, since the upper ones choose the bucket). It need not be secret: a hit is compared with the flow.
fn key(account: AccountId, flow: &Flow) -> u64 {
    let head = [account.0 as u8, (account.0 >> 8) as u8, flow.class as u8];
    let bytes = head.iter().chain(flow.number.as_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

fn bucket(key: u64) -> u32 {
    (key >> (64 - BUCKET_BITS)) as u32
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = (u64, FlowId)> + '_ {
    bytes.chunks_exact(KEY).map(|pair| {
        let eight = |from: usize| u64::from_le_bytes(pair[from..from + 8].try_into().expect("eight bytes"));
        (eight(0), FlowId(eight(8)))
    })
}

/// Reads blocks of flows, keeping the last one: rows of a repeated statement lie together.
struct Blocks<'a, B: Tables> {
    books: &'a B,
    last: Option<(u64, FlowBlock)>,
}

impl<B: Tables> Blocks<'_, B> {
    fn flow(&mut self, id: FlowId) -> Result<Option<&Flow>, Fault> {
        let held = |(first, block): &(u64, FlowBlock)| (*first..*first + block.flows.len() as u64).contains(&id.0);
        if !self.last.as_ref().is_some_and(held) {
            self.last = block_of(self.books, id)?;
        }
        Ok(self.last.as_ref().and_then(|(first, block)| block.flows.get((id.0 - first) as usize)))
    }
}

fn block_of<B: Tables + ?Sized>(books: &B, id: FlowId) -> Result<Option<(u64, FlowBlock)>, Fault> {
    let blocks = books.table(FLOWS)?;
    let Some((first, image)) = blocks.range(..=id.0)?.next_back().transpose()? else { return Ok(None) };
    let block = image.value().unpack()?;
    let held = id.0 < first.value() + block.flows.len() as u64;
    Ok(held.then_some((first.value(), block)))
}

/// What `look` makes of a posted flow, given the number of the block that holds it and its place there.
fn in_block<B: Tables + ?Sized, T>(
    books: &B,
    id: FlowId,
    look: impl FnOnce(u64, usize, &Picked<'_>) -> T,
) -> Result<Option<T>, Fault> {
    let blocks = books.table(FLOWS)?;
    let Some((first, image)) = blocks.range(..=id.0)?.next_back().transpose()? else { return Ok(None) };
    let (first, image) = (first.value(), image.value());
    let block = Picked::of(&image)?;
    let at = (id.0 - first) as usize;
    Ok((at < block.len()).then(|| look(first, at, &block)))
}

/// One posted flow.
pub(super) fn flow<B: Tables + ?Sized>(books: &B, id: FlowId) -> Result<Option<Posted>, Fault> {
    in_block(books, id, |first, at, block| block.posted(first, at))
}

/// Flows before `before`, newest first; with `open`, only payments not disposed of.
pub(super) fn page<B: Tables + ?Sized>(
    books: &B,
    before: Option<FlowId>,
    open: bool,
    limit: usize,
) -> Result<Vec<Posted>, Fault> {
    let end = before.map_or(u64::MAX, |id| id.0);
    let blocks = books.table(FLOWS)?;
    let mut found = Vec::new();
    let mut take = |first: u64, bits: u128| -> Result<bool, Fault> {
        let image = blocks.get(first)?.ok_or(Fault::Missing { table: "flows", key: first })?;
        let image = image.value();
        let block = Picked::of(&image)?;
        let wanted = (0..block.len()).rev().filter(|at| first + (*at as u64) < end && bits & (1 << at) != 0);
        found.extend(wanted.take(limit - found.len()).map(|at| block.posted(first, at)));
        Ok(found.len() < limit)
    };
    if open {
        for row in books.table(OPEN_FLOWS)?.range(..end)?.rev() {
            let (first, bits) = row?;
            if !take(first.value(), bits.value())? {
                break;
            }
        }
    } else {
        for row in blocks.range(..end)?.rev() {
            if !take(row?.0.value(), u128::MAX)? {
                break;
            }
        }
    }
    Ok(found)
}

/// Flows after `after`, oldest first; with `open`, only payments not disposed of.
pub(super) fn page_after<B: Tables + ?Sized>(
    books: &B,
    after: Option<FlowId>,
    open: bool,
    limit: usize,
) -> Result<Vec<Posted>, Fault> {
    let after = after.map_or(0, |id| id.0);
    let blocks = books.table(FLOWS)?;
    // The block that holds `after` begins before it.
    let start = blocks.range(..=after)?.next_back().transpose()?.map_or(0, |row| row.0.value());
    let mut found = Vec::new();
    let mut take = |first: u64, bits: u128| -> Result<bool, Fault> {
        let image = blocks.get(first)?.ok_or(Fault::Missing { table: "flows", key: first })?;
        let image = image.value();
        let block = Picked::of(&image)?;
        let wanted = (0..block.len()).filter(|at| first + *at as u64 > after && bits & (1 << at) != 0);
        found.extend(wanted.take(limit - found.len()).map(|at| block.posted(first, at)));
        Ok(found.len() < limit)
    };
    if open {
        for row in books.table(OPEN_FLOWS)?.range(start..)? {
            let (first, bits) = row?;
            if !take(first.value(), bits.value())? {
                break;
            }
        }
    } else {
        for row in blocks.range(start..)? {
            if !take(row?.0.value(), u128::MAX)? {
                break;
            }
        }
    }
    Ok(found)
}

/// Sorts rows of a statement into new ones, known ones and conflicts. `first` is the number the first new flow would get.
pub fn sort<B: Tables>(books: &B, account: AccountId, first: FlowId, rows: Vec<Flow>) -> Result<Sorted, Fault> {
    let keys = books.table(FLOW_KEYS)?;
    let mut blocks = Blocks { books, last: None };
    let mut buckets: HashMap<u32, Vec<(u64, FlowId)>> = HashMap::new();
    let mut fresh: HashMap<u64, usize> = HashMap::with_capacity(rows.len());
    let mut sorted = Sorted { new: Vec::with_capacity(rows.len()), ..Sorted::default() };
    for (nth, flow) in rows.into_iter().enumerate() {
        if nth.is_multiple_of(BREATH) {
            give_way();
        }
        let key = key(account, &flow);
        if let Some(at) = fresh.get(&key).copied().filter(|at| sorted.new[*at].number == flow.number) {
            let same = sorted.new[at].same_as(&flow);
            let posted = FlowId(first.0 + at as u64);
            if same {
                sorted.known += 1
            } else {
                sorted.conflicts.push(Conflict { posted, flow })
            }
            continue;
        }
        let known = match buckets.entry(bucket(key)) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let bytes = keys.get(bucket(key))?;
                entry.insert(bytes.map_or_else(Vec::new, |bytes| pairs(bytes.value()).collect()))
            }
        };
        let from = known.partition_point(|(held, _)| *held < key);
        let hits: Vec<FlowId> = known[from..].iter().take_while(|(held, _)| *held == key).map(|(_, id)| *id).collect();
        let mut met = None;
        for id in hits {
            if let Some(posted) = blocks.flow(id)?.filter(|posted| posted.number == flow.number) {
                met = Some((id, posted.same_as(&flow)));
            }
        }
        match met {
            Some((_, true)) => sorted.known += 1,
            Some((posted, false)) => sorted.conflicts.push(Conflict { posted, flow }),
            None => {
                fresh.insert(key, sorted.new.len());
                sorted.new.push(flow);
            }
        }
    }
    Ok(sorted)
}

/// What posted flows add to the counters.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Added {
    /// Payments that finance can confirm.
    pub payments: u64,
    /// What they come to, in fen.
    pub fen: i64,
    /// Of them, those from a registered account.
    pub matched: u64,
}

/// The registrations of the accounts that flows were paid from, each asked for once and in the order of the table.
fn registrations<'a>(
    books: &impl Books,
    channel: Channel,
    flows: &'a [Flow],
) -> Result<HashMap<&'a str, Vec<Registration>>, Fault> {
    let payers = flows.iter().filter(|flow| flow.is_payment() && is_readable(&flow.payer_account));
    let mut accounts: Vec<&str> = payers.map(|flow| flow.payer_account.as_str()).collect();
    sort_with_breath(&mut accounts);
    accounts.dedup();
    let table = books.table(REGISTRATIONS)?;
    let mut known = HashMap::with_capacity(accounts.len());
    for (nth, account) in accounts.into_iter().enumerate() {
        if nth.is_multiple_of(BREATH) {
            give_way();
        }
        if let Some(image) = table.get((channel as u8, account_key(account).as_str()))? {
            known.insert(account, image.value().unpack()?);
        }
    }
    Ok(known)
}

/// Writes posted flows: their blocks, keys, open bits and day totals. Says what they add to the counters.
pub(super) fn post(
    tx: &WriteTransaction,
    account: AccountId,
    import: ImportId,
    first: FlowId,
    flows: &[Flow],
) -> Result<Added, Fault> {
    let channel = tx.account(account)?.ok_or(Fault::Missing { table: "accounts", key: account.0.into() })?.channel;
    let registered = registrations(tx, channel, flows)?;
    let dealer = |flow: &Flow| {
        let all = registered.get(flow.payer_account.as_str()).filter(|_| flow.is_payment());
        all.and_then(|all| all.iter().find(|r| r.covers(flow.time))).map(|r| r.dealer)
    };
    let mut keyed: Vec<(u64, FlowId)> = Vec::with_capacity(flows.len());
    let mut days: HashMap<(i32, u8, u8), (u64, i64)> = HashMap::new();
    let mut added = Added::default();
    let mut blocks = tx.open_table(FLOWS)?;
    let mut bits = tx.open_table(OPEN_FLOWS)?;
    for (nth, chunk) in flows.chunks(BLOCK).enumerate() {
        give_way();
        let start = first.0 + (nth * BLOCK) as u64;
        let mut payments = 0u128;
        let matched: Vec<Option<DealerId>> = chunk.iter().map(dealer).collect();
        for (at, flow) in chunk.iter().enumerate() {
            keyed.push((key(account, flow), FlowId(start + at as u64)));
            let total =
                days.entry((flow.time.day(CHINA).ordinal(), flow.class as u8, flow.direction as u8)).or_default();
            *total = (total.0 + 1, total.1 + flow.amount.as_fen());
            if flow.is_payment() && flow.amount.is_positive() {
                payments |= 1 << at;
                added.payments += 1;
                added.fen += flow.amount.as_fen();
                added.matched += u64::from(matched[at].is_some());
            }
        }
        blocks.insert(start, Image::pack_as(&BorrowedBlock { account, import, flows: chunk, matched }))?;
        if payments != 0 {
            bits.insert(start, payments)?;
        }
    }
    add_keys(tx, keyed)?;
    let mut totals = tx.open_table(ACCOUNT_DAYS)?;
    let mut days: Vec<_> = days.into_iter().collect();
    days.sort_unstable();
    for ((day, class, direction), (count, sum)) in days {
        let key = (account.0, day, class, direction);
        let was = totals.get(key)?.map_or((0, 0), |total| total.value());
        totals.insert(key, (was.0 + count, was.1 + sum))?;
    }
    Ok(added)
}

fn add_keys(tx: &WriteTransaction, mut keyed: Vec<(u64, FlowId)>) -> Result<(), Fault> {
    sort_with_breath(&mut keyed);
    let mut table = tx.open_table(FLOW_KEYS)?;
    for (nth, group) in keyed.chunk_by(|a, b| bucket(a.0) == bucket(b.0)).enumerate() {
        if nth.is_multiple_of(BREATH) {
            give_way();
        }
        let at = bucket(group[0].0);
        let mut all: Vec<(u64, FlowId)> = table.get(at)?.map_or_else(Vec::new, |bytes| pairs(bytes.value()).collect());
        all.extend_from_slice(group);
        all.sort_unstable();
        let bytes: Vec<u8> =
            all.iter().flat_map(|(key, id)| [key.to_le_bytes(), id.0.to_le_bytes()].concat()).collect();
        table.insert(at, bytes.as_slice())?;
    }
    Ok(())
}

/// Notes whether a payment still has something open.
pub(super) fn mark_open(tx: &WriteTransaction, id: FlowId, open: bool) -> Result<(), Fault> {
    let first = in_block(tx, id, |first, _, _| first)?.ok_or(Fault::Missing { table: "flows", key: id.0 })?;
    let mut table = tx.open_table(OPEN_FLOWS)?;
    let bits = table.get(first)?.map_or(0, |bits| bits.value());
    let bit = 1u128 << (id.0 - first);
    let after = if open { bits | bit } else { bits & !bit };
    if after == 0 {
        table.remove(first)?;
    } else {
        table.insert(first, after)?;
    }
    Ok(())
}

/// The open amount of a payment.
pub fn open_amount(books: &impl Books, id: FlowId) -> Result<i64, Fault> {
    let posted = books.flow(id)?.ok_or(Fault::Missing { table: "flows", key: id.0 })?;
    Ok(posted.open(books.treatment(id)?.as_ref()).as_fen())
}
