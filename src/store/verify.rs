//! Proof that journal and tables agree (`taizhang verify`).
//!
//! The chain is walked from the first line, the journal is replayed into fresh tables in memory, and every derived table
//! is compared byte for byte; then the sums that must agree are added up. The first thing that does not agree is named.

use redb::backends::InMemoryBackend;
use redb::{Database, Key, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, Value};
use sha2::{Digest, Sha256};

use super::books::{Books, Tables};
use super::journal::{self, Head};
use super::project::project;
use super::rebuild::replay_into;
use super::tables;
use super::{Fault, chain, proof, proof_of_days};
use crate::domain::money::Money;

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything agrees; this is the head.
    Good(Head),
    /// The first thing that does not, in words.
    Bad(String),
}

/// Replays the journal into fresh tables in memory and compares everything. `step` is told how many entries are done.
pub fn verify(books: &ReadTransaction, step: &mut dyn FnMut(u64)) -> Result<Verdict, Fault> {
    let head = match chain::walk(books, |_, _| Ok(()))? {
        Ok(head) => head,
        Err(words) => return Ok(Verdict::Bad(words)),
    };
    let fresh = Database::builder().create_with_backend(InMemoryBackend::new())?;
    let tx = fresh.begin_write()?;
    tables::create_all(&tx)?;
    tx.commit()?;
    if let Err(fault) = replay_into(books, &fresh, false, step) {
        return Ok(Verdict::Bad(format!("the journal cannot be replayed: {fault}")));
    }
    let replayed = fresh.begin_read()?;
    if let Some(words) = tables::first_difference(books, &replayed)? {
        return Ok(Verdict::Bad(format!("the tables are not what the journal says, first at {words}")));
    }
    if let Some(words) = sums(books)? {
        return Ok(Verdict::Bad(words));
    }
    Ok(Verdict::Good(head))
}

/// The first key at which two tables differ.
pub(super) fn table_difference<K: Key + 'static, V: Value + 'static>(
    ours: &ReadTransaction,
    theirs: &ReadTransaction,
    table: TableDefinition<'static, K, V>,
) -> Result<Option<String>, Fault> {
    let (ours, theirs) = (ours.table(table)?, theirs.table(table)?);
    let (mut left, mut right) = (ours.iter()?, theirs.iter()?);
    loop {
        match (left.next().transpose()?, right.next().transpose()?) {
            (None, None) => return Ok(None),
            (Some((key, _)), None) => return Ok(Some(format!("{:?} is not in the journal", key.value()))),
            (None, Some((key, _))) => return Ok(Some(format!("{:?} is missing", key.value()))),
            (Some((key, value)), Some((their_key, their_value))) => {
                let same_key = K::as_bytes(&key.value()).as_ref() == K::as_bytes(&their_key.value()).as_ref();
                let same_value = V::as_bytes(&value.value()).as_ref() == V::as_bytes(&their_value.value()).as_ref();
                if !same_key || !same_value {
                    return Ok(Some(format!("{:?}", key.value())));
                }
            }
        }
    }
}

/// The sums that must agree: stock with its cards and totals, money with its uses.
fn sums(books: &impl Books) -> Result<Option<String>, Fault> {
    if let Some(words) = proof::stock_disagreement(books)? {
        return Ok(Some(words));
    }
    if let Some(words) = proof_of_days::ledger_disagreement(books)? {
        return Ok(Some(words));
    }
    let treatments = books.table(tables::TREATMENTS)?;
    for row in treatments.iter()? {
        let (id, image) = row?;
        let treatment = image.value().unpack()?;
        let id = crate::domain::id::FlowId(id.value());
        let amount = books.flow(id)?.map_or(Money::ZERO, |posted| posted.flow.amount);
        if treatment.disposed() > amount {
            return Ok(Some(format!("more than payment {id} has been disposed of")));
        }
    }
    Ok(None)
}

/// Replays one line: used by rebuilding and by tests.
pub fn replay(tx: &redb::WriteTransaction, seq: u64, line: &[u8]) -> Result<Head, Fault> {
    let entry = journal::read(seq, line)?;
    project(tx, &entry)?;
    Ok(Head { seq: entry.seq, at: entry.at, hash: Sha256::digest(line).into() })
}
