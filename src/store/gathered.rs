//! Pages on their way to the disk: gathered until a sync, and kept by one write in a log in front of the books.
//!
//! redb hands over some fifteen pages a commit, one call each and in no order. Here they wait for the sync that makes them
//! count anyway; then they go to the log (`log`) in one piece, and to their places when the log is full. A commit that
//! would fill much of the log, as those of a long import do, goes to its places at once, neighbours in one call, and the
//! log stays empty meanwhile. A page that lands where the file was never written brings the zeros around it along, so that
//! later ones overwrite blocks that the file system has given out already: a sync that must also note new blocks
//! takes twice as long. Nothing is promised before a sync is through, so whatever waits here is lost with the power
//! as if it had been written and not synced. While pages are on their way they can still be read: whoever looks at the
//! books does not wait for the disk.
//!
//! A commit syncs twice: what it wrote, and then the header that makes it count. While it is held (`Hold`), the first
//! sync only keeps the order: both go into one record, which counts whole or not at all, and is synced when the
//! commit is sealed.

use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use redb::{BackendError, StorageBackend};

use super::blank::Blank;
use super::give_way;
use log::Log;
use pages::{Found, Pages, find, lay, overlay, write_runs};

mod log;
mod pages;

/// What stands in front of the books beside the log, in bytes.
pub(super) const BESIDE_LOG: u64 = log::BEGIN;

/// What may wait before it is written without a sync, in bytes: a long import must not fill the memory.
const WAITING: usize = 4 << 20;
/// After so many bytes of a long import others go first.
const BREATH: usize = 256 << 10;
/// How far zeros reach beyond the last page, in bytes: the growth of some hundred posts.
const AHEAD: u64 = 1 << 20;
/// A sync of more than this part of the log goes to its places at once.
const LARGE_PART: u64 = 4;
/// After so many small syncs in a row the log is used again.
const CALM: u32 = 3;

/// A backend that gathers what is written to another one until it is synced. Copies are the same one.
#[derive(Debug)]
pub(super) struct Gathered<B>(Arc<Inner<B>>);

/// Holds the syncs of a commit together.
pub(super) trait Hold: Send + Sync {
    /// From now on syncs keep the order only, where they can.
    fn hold(&self);
    /// Ends that; what was synced meanwhile is kept when this returns.
    fn seal(&self) -> io::Result<()>;
    /// Ends that, without a promise about what was synced meanwhile.
    fn let_go(&self);
}

#[derive(Debug)]
struct Inner<B> {
    under: B,
    file: Option<File>,
    /// How large a log an empty file is given.
    new_log: Option<u64>,
    /// Where the books begin: behind the log, if the file has one.
    begin: OnceLock<u64>,
    /// How many bytes are too many for the log.
    large: OnceLock<usize>,
    waiting: Mutex<Waiting>,
    /// Held by whoever writes out, so that pages arrive in the order in which they were written.
    sending: Mutex<Sending>,
}

#[derive(Debug, Default)]
struct Sending {
    log: Option<Log>,
    /// Whether pages go to their places at once, and how many small syncs there were since it began.
    at_once: bool,
    calm: u32,
}

/// What is not in its place, the newest first. Places are those of the file.
#[derive(Debug, Default)]
struct Waiting {
    pages: Pages,
    /// How many bytes they are, at most.
    bytes: usize,
    /// Older ones that are just being written, or could not be.
    leaving: Arc<Pages>,
    /// What stands in the log.
    logged: Arc<Pages>,
    /// Whether syncs keep the order only, and whether one did: pages of both sides of it wait then.
    held: bool,
    deferred: bool,
    /// Where nothing was ever written. Not known before the first write, since another process may hold the file and
    /// write until then.
    blank: Option<Blank>,
}

impl<B: StorageBackend> Gathered<B> {
    /// Gathers for `under`, which keeps its bytes in `file` if in any. An empty one is given a log of `new_log` bytes.
    pub(super) fn new(under: B, file: Option<File>, new_log: Option<u64>) -> Gathered<B> {
        let (begin, large) = (OnceLock::new(), OnceLock::new());
        let (waiting, sending) = (Mutex::default(), Mutex::default());
        Gathered(Arc::new(Inner { under, file, new_log, begin, large, waiting, sending }))
    }

    /// The handle by which commits are held together.
    pub(super) fn holder(&self) -> Arc<dyn Hold>
    where
        B: 'static,
    {
        self.0.clone()
    }
}

impl<B: StorageBackend> Inner<B> {
    /// Where nothing was ever written.
    fn blank<'a>(&self, waiting: &'a mut Waiting) -> io::Result<&'a mut Blank> {
        if waiting.blank.is_none() {
            let found = match &self.file {
                Some(file) => Blank::of(file)?,
                None => Blank::from(self.under.len()?),
            };
            waiting.blank = Some(found);
        }
        Ok(waiting.blank.get_or_insert_default())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sending(&self) -> MutexGuard<'_, Sending> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the books begin. The first to ask puts in its place what the log holds; redb has locked the file by then.
    fn begin(&self) -> io::Result<u64> {
        if let Some(begin) = self.begin.get() {
            return Ok(*begin);
        }
        let mut sending = self.sending();
        if let Some(begin) = self.begin.get() {
            return Ok(*begin);
        }
        sending.log = match self.new_log.filter(|_| self.under.len().is_ok_and(|length| length == 0)) {
            Some(size) => Some(Log::found(&self.under, size)?),
            None => Log::find(&self.under)?,
        };
        if let Some(log) = &mut sending.log {
            let found = log.recover(&self.under)?;
            if let Some((pages, length)) = &found {
                if self.under.len()? < *length {
                    self.under.set_len(*length)?;
                }
                write_runs(&self.under, pages, &[])?;
                self.under.sync_data()?;
            }
            if found.is_some() || log.is_uneven() {
                log.empty(&self.under)?;
            }
        }
        let begin = sending.log.as_ref().map_or(0, Log::end);
        self.large.get_or_init(|| (begin / LARGE_PART) as usize);
        Ok(*self.begin.get_or_init(|| begin))
    }

    /// Whether so many bytes are too many for the log.
    fn is_large(&self, bytes: usize) -> bool {
        self.large.get().is_some_and(|large| bytes > *large)
    }

    /// Takes what waits to be written; it can still be read. Whatever failed before goes along.
    fn take(&self) -> Arc<Pages> {
        let mut waiting = self.waiting();
        let newer = std::mem::take(&mut waiting.pages);
        if waiting.leaving.is_empty() {
            waiting.leaving = Arc::new(newer);
        } else {
            let leaving = Arc::make_mut(&mut waiting.leaving);
            newer.into_iter().for_each(|(at, page)| lay(leaving, at, page));
        }
        waiting.bytes = 0;
        waiting.leaving.clone()
    }

    /// Writes what waits to its places. Whatever fails stays waiting, and is not forgotten by a sync that comes later.
    fn write_out(&self, ahead: u64) -> io::Result<()> {
        let pages = self.take();
        self.put(&pages, ahead)?;
        self.waiting().leaving = Arc::default();
        Ok(())
    }

    /// Writes pages to their places, while they can still be read.
    fn put(&self, pages: &Pages, ahead: u64) -> io::Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        let mut waiting = self.waiting();
        let length = self.under.len()?;
        let zeros = self.blank(&mut waiting)?.around(pages, ahead, length);
        drop(waiting);
        write_runs(&self.under, pages, &zeros)?;
        let mut waiting = self.waiting();
        let blank = self.blank(&mut waiting)?;
        pages.iter().for_each(|(at, page)| blank.fill(*at..at + page.len() as u64));
        zeros.into_iter().for_each(|zeros| blank.fill(zeros));
        Ok(())
    }

    /// Makes everything that was written count.
    fn keep(&self, sending: &mut Sending) -> io::Result<()> {
        let (pages, bytes, deferred) = {
            let waiting = self.waiting();
            let pages = waiting.pages.len() + waiting.leaving.len();
            (pages, waiting.bytes + sizes(&waiting.leaving), waiting.deferred)
        };
        if pages == 0 {
            self.under.sync_data()?;
            self.waiting().deferred = false;
            return Ok(());
        }
        // What a sync separated counts together, and so in one record: it was never large.
        let large = self.is_large(bytes) && !deferred;
        let Some(log) = sending.log.as_mut().filter(|_| !large && !sending.at_once) else {
            return self.keep_at_once(sending, large);
        };
        if !log.has_room(pages, bytes) {
            self.empty_log(sending)?;
        }
        self.log_all(sending)
    }

    /// Writes what waits to its places, and syncs it there.
    fn keep_at_once(&self, sending: &mut Sending, large: bool) -> io::Result<()> {
        self.empty_log(sending)?;
        self.write_out(AHEAD)?;
        self.under.sync_data()?;
        sending.calm = if large { 0 } else { sending.calm + 1 };
        sending.at_once = sending.calm < CALM;
        Ok(())
    }

    /// Writes what waits to the log, in one record.
    fn log_all(&self, sending: &mut Sending) -> io::Result<()> {
        let Some(log) = &mut sending.log else { return Ok(()) };
        let pages = self.take();
        log.append(&self.under, &pages, self.under.len()?)?;
        let mut waiting = self.waiting();
        let waiting = &mut *waiting;
        drop(pages);
        let logged = Arc::make_mut(&mut waiting.logged);
        let leaving = Arc::unwrap_or_clone(std::mem::take(&mut waiting.leaving));
        leaving.into_iter().for_each(|(at, page)| lay(logged, at, page));
        waiting.deferred = false;
        Ok(())
    }

    /// Puts what the log holds in its place.
    fn empty_log(&self, sending: &mut Sending) -> io::Result<()> {
        let logged = self.waiting().logged.clone();
        let Some(log) = sending.log.as_mut().filter(|_| !logged.is_empty()) else { return Ok(()) };
        self.put(&logged, AHEAD)?;
        self.under.sync_data()?;
        log.empty(&self.under)?;
        self.waiting().logged = Arc::default();
        Ok(())
    }

    /// Writes what waits before a sync asks for it, since it has become too much.
    fn overflow(&self) -> io::Result<()> {
        let mut sending = self.sending();
        self.empty_log(&mut sending)?;
        (sending.at_once, sending.calm) = (true, 0);
        self.write_out(0)
    }

    /// Leaves everything in its place.
    fn leave(&self) -> io::Result<()> {
        let mut sending = self.sending();
        if self.waiting().deferred {
            self.keep(&mut sending)?;
        }
        self.empty_log(&mut sending)?;
        self.write_out(0)
    }

    /// Shortens or lengthens the file.
    fn resize(&self, length: u64) -> io::Result<()> {
        if length < self.under.len()? {
            // A log that speaks of what is cut off would bring it back.
            self.leave()?;
        }
        let _one = self.sending();
        let mut waiting = self.waiting();
        self.blank(&mut waiting)?;
        self.under.set_len(length)?;
        self.blank(&mut waiting)?.cut(length);
        Ok(())
    }
}

fn sizes(pages: &Pages) -> usize {
    pages.values().map(Vec::len).sum()
}

impl<B: StorageBackend> Hold for Inner<B> {
    fn hold(&self) {
        self.waiting().held = true;
    }

    fn seal(&self) -> io::Result<()> {
        let mut sending = self.sending();
        let mut waiting = self.waiting();
        waiting.held = false;
        let deferred = waiting.deferred;
        drop(waiting);
        if deferred { self.keep(&mut sending) } else { Ok(()) }
    }

    fn let_go(&self) {
        self.waiting().held = false;
    }
}

impl Waiting {
    /// The layers of what is not in its place, the newest first.
    fn layers(&self) -> [&Pages; 3] {
        [&self.pages, &self.leaving, &self.logged]
    }
}

impl<B: StorageBackend> StorageBackend for Gathered<B> {
    fn len(&self) -> io::Result<u64> {
        let begin = self.0.begin()?;
        Ok(self.0.under.len()?.saturating_sub(begin))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let offset = self.0.begin()? + offset;
        let waiting = self.0.waiting();
        for layer in waiting.layers() {
            match find(layer, offset, out.len()) {
                Found::Nothing => {}
                Found::Whole(bytes) => {
                    out.copy_from_slice(bytes);
                    return Ok(());
                }
                Found::Part => {
                    self.0.under.read(offset, out)?;
                    waiting.layers().iter().rev().for_each(|layer| overlay(layer, offset, out));
                    return Ok(());
                }
            }
        }
        drop(waiting);
        self.0.under.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let begin = self.0.begin()?;
        self.0.resize(begin + length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.begin()?;
        let mut sending = self.0.sending();
        if sending.log.is_some() && !sending.at_once {
            let mut waiting = self.0.waiting();
            if waiting.held && !self.0.is_large(waiting.bytes) {
                waiting.deferred = true;
                return Ok(());
            }
        }
        self.0.keep(&mut sending)
    }

    fn write(&self, offset: u64, page: &[u8]) -> io::Result<()> {
        let offset = self.0.begin()? + offset;
        let mut waiting = self.0.waiting();
        if waiting.deferred && self.0.is_large(waiting.bytes + page.len()) {
            drop(waiting);
            self.0.keep(&mut self.0.sending())?;
            waiting = self.0.waiting();
        }
        let before = waiting.bytes;
        match waiting.pages.get_mut(&offset) {
            Some(held) if held.len() == page.len() => held.copy_from_slice(page),
            _ => {
                lay(&mut waiting.pages, offset, page.to_vec());
                waiting.bytes += page.len();
            }
        }
        let full = waiting.bytes > WAITING;
        let breath = waiting.bytes / BREATH > before / BREATH;
        drop(waiting);
        if breath {
            give_way();
        }
        if full { self.0.overflow() } else { Ok(()) }
    }

    fn close(&self) -> io::Result<()> {
        if self.0.begin.get().is_some() {
            let left = self.0.leave();
            self.0.under.close()?;
            return left;
        }
        self.0.under.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.under.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.under.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.under.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.under.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.under.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.under.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod log_tests;
#[cfg(test)]
mod tests;
