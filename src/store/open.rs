//! Opening, creating, rebuilding and backing up the store.
//!
//! A store is created under a temporary name, synced and renamed, since a power cut during redb's own creation leaves a
//! file that nobody can open. It is opened with redb's integrity check and with our own walk of the chain. Every commit
//! is two-phase. A live file is never copied: a backup is written from a read snapshot, opened and verified before it is kept.

use std::fs::{self, File};
use std::path::Path;

use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, StorageBackend, WriteTransaction};

use super::Fault;
use super::books::Tables;
use super::journal::{self, Head};
use super::tables::{self, CREDENTIALS, DRAFTS, IDENTITY, JOURNAL};
use super::verify;

/// The store's cache, in bytes; redb's own default is a gigabyte.
pub const CACHE: usize = 64 << 20;
/// Entries replayed in one transaction.
const REPLAY: u64 = 2_000;

/// An open store.
pub struct Store {
    db: Database,
    rehearsal: bool,
}

/// How far opening has come, for whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// redb reads and checks the whole file.
    Checking,
    /// The chain is walked: entries done.
    Walking(u64),
    /// Tables are built anew from the journal: entries done.
    Rebuilding(u64),
}

impl Store {
    /// Opens the store at `path`, creating it where there is none. `rehearsal` only matters then.
    pub fn open(path: &Path, rehearsal: bool, progress: &mut dyn FnMut(Progress)) -> Result<Store, Fault> {
        if !path.exists() {
            create_file(path, rehearsal)?;
        }
        progress(Progress::Checking);
        let db = Database::builder().set_cache_size(CACHE).set_check_integrity_on_open(true).open(path)?;
        Store::check(db, progress)
    }

    /// A store on a backend of the caller's, for tests of power cuts and for rehearsals in memory.
    pub fn on_backend(backend: impl StorageBackend, rehearsal: bool) -> Result<Store, Fault> {
        let db = Database::builder()
            .set_cache_size(4 << 20)
            .set_check_integrity_on_open(true)
            .create_with_backend(backend)?;
        let fresh = {
            let tx = begin(&db)?;
            let fresh = tx.list_tables()?.next().is_none();
            if fresh {
                found(&tx, rehearsal)?;
            }
            tx.commit()?;
            fresh
        };
        if fresh { Ok(Store { db, rehearsal }) } else { Store::check(db, &mut |_| {}) }
    }

    fn check(db: Database, progress: &mut dyn FnMut(Progress)) -> Result<Store, Fault> {
        if !tables_fit(&db)? {
            rebuild(&db, progress)?;
        }
        let read = db.begin_read()?;
        let walked = verify::walk_chain(&read, |seq, _| {
            if seq % 50_000 == 0 {
                progress(Progress::Walking(seq));
            }
            Ok(())
        })?;
        walked.map_err(Fault::Broken)?;
        let rehearsal = read.table(IDENTITY)?.get("rehearsal")?.is_some();
        drop(read);
        Ok(Store { db, rehearsal })
    }

    /// Whether the store was made for rehearsals, and accepts given times.
    pub fn is_rehearsal(&self) -> bool {
        self.rehearsal
    }

    /// A snapshot to read from.
    pub fn read(&self) -> Result<ReadTransaction, Fault> {
        Ok(self.db.begin_read()?)
    }

    /// A transaction to write in: two-phase, durable when it commits.
    pub fn write(&self) -> Result<WriteTransaction, Fault> {
        begin(&self.db)
    }
}

fn begin(db: &Database) -> Result<WriteTransaction, Fault> {
    let mut tx = db.begin_write()?;
    tx.set_two_phase_commit(true);
    Ok(tx)
}

fn found(tx: &WriteTransaction, rehearsal: bool) -> Result<(), Fault> {
    tables::create_all(tx)?;
    let mut identity = [0; 16];
    getrandom::fill(&mut identity).map_err(|error| Fault::Broken(format!("no random numbers: {error}")))?;
    let mut table = tx.open_table(IDENTITY)?;
    table.insert("id", journal::hex(&identity).as_str())?;
    if rehearsal {
        table.insert("rehearsal", "yes")?;
    }
    Ok(())
}

fn create_file(path: &Path, rehearsal: bool) -> Result<(), Fault> {
    let part = path.with_extension("part");
    if part.exists() {
        fs::remove_file(&part)?;
    }
    {
        let db = Database::builder().set_cache_size(1 << 20).create(&part)?;
        let tx = begin(&db)?;
        found(&tx, rehearsal)?;
        tx.commit()?;
    }
    keep_file(&part, path)
}

/// Syncs a finished file, gives it its name, and syncs the folder.
fn keep_file(part: &Path, path: &Path) -> Result<(), Fault> {
    File::open(part)?.sync_all()?;
    fs::rename(part, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Whether every table opens with the types it has today; one that is new is created.
fn tables_fit(db: &Database) -> Result<bool, Fault> {
    let tx = begin(db)?;
    match tables::create_all(&tx) {
        Ok(()) => {
            tx.commit()?;
            Ok(true)
        }
        Err(Fault::Redb(error)) if matches!(*error, redb::Error::TableTypeMismatch { .. }) => {
            tx.abort()?;
            Ok(false)
        }
        Err(other) => Err(other),
    }
}

/// Drops the derived tables and builds them anew from the journal.
fn rebuild(db: &Database, progress: &mut dyn FnMut(Progress)) -> Result<(), Fault> {
    let tx = begin(db)?;
    tables::drop_derived(&tx)?;
    tables::create_all(&tx)?;
    tx.commit()?;
    let read = db.begin_read()?;
    rebuild_from(&read, db, &mut |seq| progress(Progress::Rebuilding(seq)))
}

/// Replays the journal of `books` into the (empty) derived tables of `db`, copying the lines where they are not there.
pub(super) fn rebuild_from(books: &ReadTransaction, db: &Database, step: &mut dyn FnMut(u64)) -> Result<(), Fault> {
    let lines = books.table(JOURNAL)?;
    let mut tx = begin(db)?;
    tables::create_all(&tx)?;
    let mut head = Head::empty();
    for row in lines.iter()? {
        let (seq, line) = row?;
        let (seq, line) = (seq.value(), line.value());
        tx.open_table(JOURNAL)?.insert(seq, line)?;
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

/// Writes a backup of a snapshot to `path`, verifies it, and only then gives it its name. Gives the head it holds.
pub fn backup(books: &ReadTransaction, path: &Path, step: &mut dyn FnMut(u64)) -> Result<Head, Fault> {
    let part = path.with_extension("part");
    if part.exists() {
        fs::remove_file(&part)?;
    }
    {
        let db = Database::builder().set_cache_size(CACHE / 4).create(&part)?;
        rebuild_from(books, &db, step)?;
        let tx = begin(&db)?;
        copy_kept(books, &tx)?;
        tx.commit()?;
    }
    let store = Store::open(&part, false, &mut |_| {})?;
    let copied = store.read()?;
    let (ours, theirs) = (journal::head(books)?, journal::head(&copied)?);
    if ours != theirs {
        return Err(Fault::Broken(format!("the backup ends at entry {} instead of {}", theirs.seq.0, ours.seq.0)));
    }
    if let Some(words) = tables::first_difference(books, &copied)? {
        return Err(Fault::Broken(format!("the backup differs from the store at {words}")));
    }
    drop((copied, store));
    keep_file(&part, path)?;
    Ok(ours)
}

/// Copies what the journal cannot rebuild.
fn copy_kept(books: &ReadTransaction, tx: &WriteTransaction) -> Result<(), Fault> {
    let mut credentials = tx.open_table(CREDENTIALS)?;
    for row in books.table(CREDENTIALS)?.iter()? {
        let (person, hash) = row?;
        credentials.insert(person.value(), hash.value())?;
    }
    let mut drafts = tx.open_table(DRAFTS)?;
    for row in books.table(DRAFTS)?.iter()? {
        let (place, draft) = row?;
        drafts.insert(place.value(), draft.value())?;
    }
    let mut identity = tx.open_table(IDENTITY)?;
    for row in books.table(IDENTITY)?.iter()? {
        let (name, value) = row?;
        identity.insert(name.value(), value.value())?;
    }
    Ok(())
}
