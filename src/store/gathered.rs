//! Pages on their way to the disk: gathered until a sync, and written in runs.
//!
//! redb hands over some twenty pages a commit, one call each and in no order. Here they wait for the sync that makes them
//! count anyway, and neighbours go out in one call. A page that lands where the file was never written brings the zeros
//! around it along, so that the commits after it overwrite blocks that the file system has given out already: a sync that
//! must also note new blocks takes twice as long. Nothing is promised before a sync is through, so whatever waits
//! here is lost with the power as if it had been written and not synced. While pages are on their way they can still be
//! read: whoever looks at the books does not wait for the disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

use super::blank::Blank;
use super::give_way;

/// What may wait before it is written without a sync, in bytes: a long import must not fill the memory.
const WAITING: usize = 4 << 20;
/// After so many bytes of a long import others go first.
const BREATH: usize = 256 << 10;
/// How far zeros reach beyond the last page, in bytes: the growth of some hundred posts.
const AHEAD: u64 = 1 << 20;

/// Pages by offset; none overlaps another.
type Pages = BTreeMap<u64, Vec<u8>>;

/// A backend that gathers what is written to another one until it is synced.
#[derive(Debug)]
pub(super) struct Gathered<B> {
    under: B,
    file: Option<File>,
    waiting: Mutex<Waiting>,
    /// Held by whoever writes out, so that pages arrive in the order in which they were written.
    sending: Mutex<()>,
}

#[derive(Debug, Default)]
struct Waiting {
    pages: Pages,
    /// How many bytes they are.
    bytes: usize,
    /// Older ones that are just being written, or could not be.
    leaving: Arc<Pages>,
    /// Where nothing was ever written. Not known before the first write, since another process may hold the file and
    /// write until then.
    blank: Option<Blank>,
}

/// What waits of a piece of the file.
enum Found<'a> {
    Nothing,
    Whole(&'a [u8]),
    Part,
}

impl<B: StorageBackend> Gathered<B> {
    /// Gathers for `under`, which keeps its bytes in `file` if in any.
    pub(super) fn new(under: B, file: Option<File>) -> Gathered<B> {
        Gathered { under, file, waiting: Mutex::default(), sending: Mutex::default() }
    }

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

    /// Writes what waits. Whatever fails stays waiting, and is not forgotten by a sync that comes later.
    fn write_out(&self, ahead: u64) -> io::Result<()> {
        let _one = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        self.send(ahead)?;
        let mut waiting = self.waiting();
        waiting.leaving = Arc::new(std::mem::take(&mut waiting.pages));
        waiting.bytes = 0;
        drop(waiting);
        self.send(ahead)
    }

    /// Writes the pages that leave, while they can still be read.
    fn send(&self, ahead: u64) -> io::Result<()> {
        let mut waiting = self.waiting();
        let pages = waiting.leaving.clone();
        if pages.is_empty() {
            return Ok(());
        }
        let length = self.under.len()?;
        let zeros = self.blank(&mut waiting)?.around(&pages, ahead, length);
        drop(waiting);
        self.write_runs(&pages, &zeros)?;
        let mut waiting = self.waiting();
        let blank = self.blank(&mut waiting)?;
        pages.iter().for_each(|(at, page)| blank.fill(*at..at + page.len() as u64));
        zeros.into_iter().for_each(|zeros| blank.fill(zeros));
        waiting.leaving = Arc::default();
        Ok(())
    }

    /// Writes pages and zeros in the order of their places, what follows without a gap in one call.
    fn write_runs(&self, pages: &Pages, zeros: &[std::ops::Range<u64>]) -> io::Result<()> {
        let zeros = zeros.iter().map(|zeros| (zeros.start, None, zeros.end - zeros.start));
        let pages = pages.iter().map(|(at, page)| (*at, Some(page), page.len() as u64));
        let mut pieces: Vec<(u64, Option<&Vec<u8>>, u64)> = pages.chain(zeros).collect();
        pieces.sort_unstable_by_key(|(at, ..)| *at);
        let (mut rest, mut run) = (pieces.as_slice(), Vec::new());
        while let Some((start, ..)) = rest.first() {
            let mut end = *start;
            let joined = rest.iter().take_while(|(at, _, length)| {
                let joins = *at == end;
                end = at + length;
                joins
            });
            let (pieces, after) = rest.split_at(joined.count());
            rest = after;
            // Most pages lie alone, and need not be copied together.
            if let [(at, Some(page), _)] = pieces {
                self.under.write(*at, page)?;
                continue;
            }
            run.clear();
            for (_, page, length) in pieces {
                match page {
                    Some(page) => run.extend_from_slice(page),
                    None => run.resize(run.len() + *length as usize, 0),
                }
            }
            self.under.write(*start, &run)?;
        }
        Ok(())
    }
}

impl Waiting {
    /// What waits of a piece of the file, the newest first.
    fn find(&self, offset: u64, length: usize) -> Found<'_> {
        match find(&self.pages, offset, length) {
            Found::Nothing => find(&self.leaving, offset, length),
            found => found,
        }
    }
}

fn find(pages: &Pages, offset: u64, length: usize) -> Found<'_> {
    let Some((at, page)) = pages.range(..offset + length as u64).next_back() else { return Found::Nothing };
    if at + page.len() as u64 <= offset {
        return Found::Nothing;
    }
    let whole = offset.checked_sub(*at).and_then(|from| page.get(from as usize..from as usize + length));
    whole.map_or(Found::Part, Found::Whole)
}

impl<B: StorageBackend> StorageBackend for Gathered<B> {
    fn len(&self) -> io::Result<u64> {
        self.under.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let waiting = self.waiting();
        let found = waiting.find(offset, out.len());
        if let Found::Whole(bytes) = found {
            out.copy_from_slice(bytes);
            return Ok(());
        }
        let part = matches!(found, Found::Part);
        drop(waiting);
        if part {
            self.write_out(0)?;
        }
        self.under.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.write_out(0)?;
        let mut waiting = self.waiting();
        self.blank(&mut waiting)?;
        self.under.set_len(length)?;
        self.blank(&mut waiting)?.cut(length);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.write_out(AHEAD)?;
        self.under.sync_data()
    }

    fn write(&self, offset: u64, page: &[u8]) -> io::Result<()> {
        let mut waiting = self.waiting();
        let before = waiting.bytes;
        match waiting.pages.get_mut(&offset) {
            Some(held) if held.len() == page.len() => held.copy_from_slice(page),
            _ => {
                if !matches!(find(&waiting.pages, offset, page.len()), Found::Nothing) {
                    drop(waiting);
                    self.write_out(0)?;
                    waiting = self.waiting();
                }
                waiting.pages.insert(offset, page.to_vec());
                waiting.bytes += page.len();
            }
        }
        let full = waiting.bytes > WAITING;
        let breath = waiting.bytes / BREATH > before / BREATH;
        drop(waiting);
        if breath {
            give_way();
        }
        if full { self.write_out(0) } else { Ok(()) }
    }

    fn close(&self) -> io::Result<()> {
        self.write_out(0)?;
        self.under.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.under.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.under.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.under.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.under.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.under.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.under.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod tests;
