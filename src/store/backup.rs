//! Backups and how they come back.
//!
//! A live file is never copied. A backup is written from a read snapshot by replaying its journal, opened with every
//! check, compared with the store table by table, and only then gets its name. Restoring verifies the copy in
//! full before it gets the store's name, and never takes the place of a store that is there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::Fault;
use super::books::Tables;
use super::journal::{self, Head};
use super::open::{CACHE, Progress, Store, begin, create_new};
use super::rebuild::replay_into;
use super::tables::{self, CREDENTIALS, DRAFTS, IDENTITY};
use super::verify::{self, Verdict};

/// The name a file bears until it is finished and checked.
pub fn part_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".part");
    name.into()
}

/// Writes a backup of a snapshot to `path`, verifies it, and only then gives it its name, in place of an older
/// backup of that name. Gives the head it holds; `step` is told how many entries are written.
pub fn backup(books: &ReadTransaction, path: &Path, step: &mut dyn FnMut(u64)) -> Result<Head, Fault> {
    let part = part_of(path);
    remove_left_over(&part)?;
    {
        let db = create_new(&part, CACHE / 4)?;
        let tx = begin(&db)?;
        tables::create_all(&tx)?;
        copy_kept(books, &tx)?;
        tx.commit()?;
        replay_into(books, &db, true, step)?;
        db.close()?;
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
    keep_file(&part, path, true)?;
    Ok(ours)
}

/// Puts a backup where no store is, after verifying it in full. Gives the head it holds.
pub fn restore(backup: &Path, path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Head, Fault> {
    if path.exists() {
        return Err(Fault::Taken(path.to_owned()));
    }
    let part = part_of(path);
    remove_left_over(&part)?;
    let head = verified_copy(backup, &part, progress).inspect_err(|_| {
        // What was refused is of no use to anybody; should it stay, the next restore removes it.
        let _ = remove_left_over(&part);
    })?;
    keep_file(&part, path, false)?;
    Ok(head)
}

/// Copies a backup and verifies the copy, which is its owner's alone whatever became of the backup's mode on its way.
fn verified_copy(backup: &Path, part: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Head, Fault> {
    let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part)?;
    io::copy(&mut File::open(backup)?, &mut copy)?;
    drop(copy);
    let store = Store::open(part, false, progress)?;
    match verify::verify(&store.read()?, &mut |seq| progress(Progress::Walking(seq)))? {
        Verdict::Good(head) => Ok(head),
        Verdict::Bad(words) => Err(Fault::Broken(words)),
    }
}

/// Removes what an interrupted run left under a temporary name.
pub(super) fn remove_left_over(part: &Path) -> Result<(), Fault> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Syncs a finished file, gives it its name, and syncs the folder, without which the name may be lost with the power.
pub(super) fn keep_file(part: &Path, path: &Path, replace: bool) -> Result<(), Fault> {
    File::open(part)?.sync_all()?;
    if replace {
        fs::rename(part, path)?;
    } else {
        renameat_with(CWD, part, CWD, path, RenameFlags::NOREPLACE).map_err(|error| match error {
            rustix::io::Errno::EXIST => Fault::Taken(path.to_owned()),
            other => Fault::Io(other.into()),
        })?;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
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
