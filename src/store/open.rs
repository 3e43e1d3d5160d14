//! Opening and creating the store.
//!
//! A store is created under a temporary name, synced and renamed, since a power cut during redb's own creation leaves a
//! file that nobody can open. It is opened with redb's integrity check and with our own walk of the chain, and its
//! tables are built anew where they are of an older shape. Every commit is two-phase; the log in front of the books
//! (`gathered`) makes one write of both phases. What reads the whole file once does so with a small cache: a page is not
//! asked for twice, and a large cache only makes each one slower.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use redb::backends::FileBackend;
use redb::{Database, ReadTransaction, ReadableDatabase, StorageBackend, WriteTransaction};

use super::books::Tables;
use super::gathered::{self, Gathered, Hold};
use super::tables::{self, IDENTITY};
use super::{Fault, backup, chain, journal, rebuild};

/// The store's cache, in bytes; redb's own default is a gigabyte.
pub const CACHE: usize = 64 << 20;
/// The cache while the file is checked, in bytes.
const CHECKING: usize = 2 << 20;
/// The log in front of the books, in bytes: some two hundred posts.
const LOG: u64 = 8 << 20;
/// Where the books begin in a file, in bytes.
pub const BEGIN: u64 = LOG + gathered::BESIDE_LOG;
/// The log of a store on a backend of the caller's, in bytes.
const SMALL_LOG: u64 = 256 << 10;
/// Where the books begin on one, in bytes.
pub const BEGIN_ON_BACKEND: u64 = SMALL_LOG + gathered::BESIDE_LOG;

/// An open store.
pub struct Store {
    db: Database,
    /// Holds the two phases of a commit together.
    commits: Arc<dyn Hold>,
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
        let (checked, _) = open_file(path, CHECKING, Check::Whole)?;
        let fits = fits(&checked)?;
        if fits {
            walk(&checked.begin_read()?, progress)?;
        }
        checked.close()?;
        let (db, commits) = open_file(path, CACHE, Check::DoneBefore)?;
        if fits {
            return Store::checked(db, commits);
        }
        Store::check(db, commits, progress)
    }

    /// A store on a backend of the caller's, for tests of power cuts and for rehearsals in memory.
    pub fn on_backend(backend: impl StorageBackend, rehearsal: bool) -> Result<Store, Fault> {
        let gathered = Gathered::new(backend, None, Some(SMALL_LOG));
        let commits = gathered.holder();
        let db = Database::builder()
            .set_cache_size(4 << 20)
            .set_check_integrity_on_open(true)
            .create_with_backend(gathered)?;
        if db.begin_read()?.list_tables()?.next().is_none() {
            let tx = begin(&db)?;
            found(&tx, rehearsal)?;
            tx.commit()?;
            return Ok(Store { db, commits, rehearsal });
        }
        Store::check(db, commits, &mut |_| {})
    }

    fn check(db: Database, commits: Arc<dyn Hold>, progress: &mut dyn FnMut(Progress)) -> Result<Store, Fault> {
        if !fits(&db)? {
            rebuild::rebuild(&db, progress)?;
        }
        walk(&db.begin_read()?, progress)?;
        Store::checked(db, commits)
    }

    fn checked(db: Database, commits: Arc<dyn Hold>) -> Result<Store, Fault> {
        let rehearsal = db.begin_read()?.table(IDENTITY)?.get("rehearsal")?.is_some();
        Ok(Store { db, commits, rehearsal })
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

    /// Commits a transaction with one write where it would take two: durable when this returns.
    pub fn commit(&self, tx: WriteTransaction) -> Result<(), Fault> {
        let held = Held(&*self.commits);
        held.0.hold();
        tx.commit()?;
        Ok(held.0.seal()?)
    }
}

/// What ends with a commit, however it ends.
struct Held<'a>(&'a dyn Hold);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

/// Begins a transaction whose commit survives a flipped bit of its own pages: the one-phase commit does not.
pub(super) fn begin(db: &Database) -> Result<WriteTransaction, Fault> {
    let mut tx = db.begin_write()?;
    tx.set_two_phase_commit(true);
    Ok(tx)
}

/// Whether redb checks the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Whole,
    DoneBefore,
}

fn open_file(path: &Path, cache: usize, check: Check) -> Result<(Database, Arc<dyn Hold>), Fault> {
    let file = File::options().read(true).write(true).open(path)?;
    // redb would found a new store in an empty file, where somebody else's file is to be left alone.
    if file.metadata()?.len() == 0 {
        return Err(Fault::Broken(format!("{} is empty", path.display())));
    }
    let backend = Gathered::new(FileBackend::new(file.try_clone()?)?, Some(file), None);
    let commits = backend.holder();
    let mut builder = Database::builder();
    builder.set_cache_size(cache).set_check_integrity_on_open(check == Check::Whole);
    Ok((builder.create_with_backend(backend)?, commits))
}

/// Creates an empty store with a log in front, where no file is.
pub(super) fn create_new(path: &Path, cache: usize) -> Result<Database, Fault> {
    let file = File::options().read(true).write(true).create_new(true).open(path)?;
    let backend = Gathered::new(FileBackend::new(file.try_clone()?)?, Some(file), Some(LOG));
    Ok(Database::builder().set_cache_size(cache).create_with_backend(backend)?)
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
    let part = backup::part_of(path);
    backup::remove_left_over(&part)?;
    {
        let db = create_new(&part, 1 << 20)?;
        let tx = begin(&db)?;
        found(&tx, rehearsal)?;
        tx.commit()?;
        db.close()?;
    }
    backup::keep_file(&part, path, false)
}

fn walk(books: &ReadTransaction, progress: &mut dyn FnMut(Progress)) -> Result<(), Fault> {
    let walked = chain::walk_apart(books, |done| progress(Progress::Walking(done)))?;
    walked.map_err(Fault::Broken)?;
    Ok(())
}

/// Whether the tables are those of today, and complete.
fn fits(db: &Database) -> Result<bool, Fault> {
    Ok(tables_fit(db)? && !rebuild::is_unfinished(&db.begin_read()?)?)
}

/// Whether every table is there, with the types it has today.
fn tables_fit(db: &Database) -> Result<bool, Fault> {
    // Nothing is written here, so that opening a store leaves the file as it was.
    let tx = begin(db)?;
    let before = tx.list_tables()?.count();
    let created = tables::create_all(&tx);
    let after = tx.list_tables()?.count();
    tx.abort()?;
    match created {
        Ok(()) => Ok(before == after),
        Err(Fault::Redb(error)) if matches!(*error, redb::Error::TableTypeMismatch { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}
