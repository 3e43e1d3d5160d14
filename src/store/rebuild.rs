//! Building the derived tables anew from the journal.
//!
//! A mark is kept from the moment the old tables are dropped until the last entry is replayed, so that a rebuilding which
//! the power interrupts begins anew instead of passing for finished. The journal is walked first: tables are
//! never dropped for a journal that cannot give them back.

use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable};

use super::Fault;
use super::books::Tables;
use super::journal::{self, Head};
use super::open::{Progress, begin};
use super::tables::{self, IDENTITY, JOURNAL};
use super::{chain, verify};

/// Entries replayed in one transaction.
const REPLAY: u64 = 2_000;
/// The mark of an unfinished rebuilding.
const MARK: &str = "rebuilding";

/// Whether an earlier rebuilding did not come to its end.
pub(super) fn is_unfinished(books: &impl Tables) -> Result<bool, Fault> {
    Ok(books.table(IDENTITY)?.get(MARK)?.is_some())
}

/// Whether the journal is whole: up to the head that the tables keep, where they still do.
fn whole(books: &ReadTransaction) -> Result<Result<Head, String>, Fault> {
    if is_unfinished(books)? {
        return chain::walk_lines(books, |_, _| Ok(()));
    }
    match chain::walk(books, |_, _| Ok(())) {
        Err(Fault::Redb(error)) if is_about_a_table(&error) => chain::walk_lines(books, |_, _| Ok(())),
        walked => walked,
    }
}

fn is_about_a_table(error: &redb::Error) -> bool {
    matches!(error, redb::Error::TableTypeMismatch { .. } | redb::Error::TableDoesNotExist(_))
}

/// Drops the derived tables and builds them anew from the journal.
pub(super) fn rebuild(db: &Database, progress: &mut dyn FnMut(Progress)) -> Result<(), Fault> {
    whole(&db.begin_read()?)?.map_err(Fault::Broken)?;
    let tx = begin(db)?;
    tables::drop_derived(&tx)?;
    tables::create_all(&tx)?;
    tx.open_table(IDENTITY)?.insert(MARK, "yes")?;
    tx.commit()?;
    replay_into(&db.begin_read()?, db, false, &mut |seq| progress(Progress::Rebuilding(seq)))?;
    let tx = begin(db)?;
    tx.open_table(IDENTITY)?.remove(MARK)?;
    tx.commit()?;
    Ok(())
}

/// Replays the journal of `books` into the empty derived tables of `db`, with its lines where these are to be copied.
pub(super) fn replay_into(
    books: &ReadTransaction,
    db: &Database,
    lines_too: bool,
    step: &mut dyn FnMut(u64),
) -> Result<(), Fault> {
    let lines = books.table(JOURNAL)?;
    let mut tx = begin(db)?;
    let mut head = Head::empty();
    for row in lines.iter()? {
        let (seq, line) = row?;
        let (seq, line) = (seq.value(), line.value());
        if lines_too {
            tx.open_table(JOURNAL)?.insert(seq, line)?;
        }
        head = verify::replay(&tx, seq, line)?;
        if seq % REPLAY == 0 {
            journal::keep_head(&tx, &head)?;
            tx.commit()?;
            tx = begin(db)?;
            step(seq);
        }
    }
    if head.seq.0 > 0 {
        journal::keep_head(&tx, &head)?;
    }
    tx.commit()?;
    Ok(())
}
