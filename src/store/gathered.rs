//! Pages on their way to the disk: gathered until a sync, and written in runs.
//!
//! redb hands over some twenty pages a commit, one call each and in no order. Here they wait for the sync that makes them
//! count anyway, and neighbours go out in one call. A page that would lie behind everything written so far brings
//! the zeros around it along, so that the commits after it overwrite blocks that the file system has given out
//! already: a sync that must also note new blocks takes twice as long. Nothing is promised before a sync is
//! through, so whatever waits here is lost with the power as if it had been written and not synced.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

/// What may wait before it is written without a sync, in bytes: a long import must not fill the memory.
const WAITING: usize = 4 << 20;
/// How far zeros reach beyond the last page, in bytes: the growth of some hundred posts.
const AHEAD: u64 = 1 << 20;

/// A backend that gathers what is written to another one until it is synced.
#[derive(Debug)]
pub(super) struct Gathered<B> {
    under: B,
    file: Option<File>,
    waiting: Mutex<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    /// Pages by offset; none overlaps another.
    pages: BTreeMap<u64, Vec<u8>>,
    /// How many bytes they are.
    bytes: usize,
    /// The end of what has ever been written: nothing but zeros, and perhaps no blocks, lies behind it. Not known
    /// before the first write, since another process may hold the file and write until then.
    written: Option<u64>,
}

impl<B: StorageBackend> Gathered<B> {
    /// Gathers for `under`, which keeps its bytes in `file` if in any.
    pub(super) fn new(under: B, file: Option<File>) -> Gathered<B> {
        let waiting = Waiting { pages: BTreeMap::new(), bytes: 0, written: None };
        Gathered { under, file, waiting: Mutex::new(waiting) }
    }

    /// The end of what has ever been written.
    fn written(&self, waiting: &mut Waiting) -> io::Result<u64> {
        if let Some(known) = waiting.written {
            return Ok(known);
        }
        let found = self.file.as_ref().map_or_else(|| self.under.len(), written)?;
        waiting.written = Some(found);
        Ok(found)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits. Whatever fails stays waiting, and is not forgotten by a sync that comes later.
    fn write_out(&self, waiting: &mut Waiting, ahead: u64) -> io::Result<()> {
        let written = self.written(waiting)?;
        let Some((last, page)) = waiting.pages.last_key_value() else { return Ok(()) };
        let end = last + page.len() as u64;
        if end > written {
            waiting.fill(written, (end + ahead).min(self.under.len()?.max(end)));
        }
        let mut run: Vec<u8> = Vec::with_capacity(waiting.bytes);
        let mut start = 0;
        for (offset, page) in &waiting.pages {
            if *offset != start + run.len() as u64 && !run.is_empty() {
                self.under.write(start, &run)?;
                run.clear();
            }
            if run.is_empty() {
                start = *offset;
            }
            run.extend_from_slice(page);
        }
        self.under.write(start, &run)?;
        waiting.written = Some(written.max(start + run.len() as u64));
        waiting.pages.clear();
        waiting.bytes = 0;
        Ok(())
    }
}

impl Waiting {
    /// Puts zeros from `written` up to `end` where no page is.
    fn fill(&mut self, written: u64, end: u64) {
        let across = self.pages.range(..written).next_back().map_or(0, |(offset, page)| offset + page.len() as u64);
        let mut at = written.max(across);
        let mut gaps = Vec::new();
        for (offset, page) in self.pages.range(at..) {
            gaps.push((at, offset - at));
            at = offset + page.len() as u64;
        }
        gaps.push((at, end.saturating_sub(at)));
        for (offset, length) in gaps.into_iter().filter(|(_, length)| *length > 0) {
            self.pages.insert(offset, vec![0; length as usize]);
            self.bytes += length as usize;
        }
    }

    /// Whether a page that waits lies in `offset..offset + length`.
    fn touches(&self, offset: u64, length: usize) -> bool {
        let before = self.pages.range(..offset + length as u64).next_back();
        before.is_some_and(|(at, page)| at + page.len() as u64 > offset)
    }
}

impl<B: StorageBackend> StorageBackend for Gathered<B> {
    fn len(&self) -> io::Result<u64> {
        self.under.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut waiting = self.waiting();
        if waiting.touches(offset, out.len()) {
            self.write_out(&mut waiting, 0)?;
        }
        drop(waiting);
        self.under.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut waiting = self.waiting();
        self.write_out(&mut waiting, 0)?;
        let written = self.written(&mut waiting)?;
        self.under.set_len(length)?;
        waiting.written = Some(written.min(length));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.write_out(&mut self.waiting(), AHEAD)?;
        self.under.sync_data()
    }

    fn write(&self, offset: u64, page: &[u8]) -> io::Result<()> {
        let mut waiting = self.waiting();
        match waiting.pages.get_mut(&offset) {
            Some(held) if held.len() == page.len() => held.copy_from_slice(page),
            _ => {
                if waiting.touches(offset, page.len()) {
                    self.write_out(&mut waiting, 0)?;
                }
                waiting.pages.insert(offset, page.to_vec());
                waiting.bytes += page.len();
            }
        }
        if waiting.bytes > WAITING { self.write_out(&mut waiting, 0) } else { Ok(()) }
    }

    fn close(&self) -> io::Result<()> {
        self.write_out(&mut self.waiting(), 0)?;
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

/// Where the zeros at the end of a file begin that take no blocks.
pub(super) fn written(file: &File) -> io::Result<u64> {
    use rustix::fs::{SeekFrom, seek};
    let length = file.metadata()?.len();
    let mut hole = 0;
    while hole < length {
        // A file system that knows of no holes has one at the end.
        hole = seek(file, SeekFrom::Hole(hole))?;
        match seek(file, SeekFrom::Data(hole)) {
            Ok(data) => hole = data,
            Err(rustix::io::Errno::NXIO) => return Ok(hole),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use redb::backends::InMemoryBackend;
    use std::sync::Arc;

    const PAGE: u64 = 4096;

    /// Writes by offset and length, and `None` for a sync.
    type Calls = Vec<Option<(u64, usize)>>;

    /// What reached the backend, call by call: (offset, length), and whether it was synced.
    #[derive(Debug, Default, Clone)]
    struct Noted(Arc<Mutex<Calls>>, Arc<InMemoryBackend>, Arc<Mutex<bool>>);

    impl StorageBackend for Noted {
        fn len(&self) -> io::Result<u64> {
            self.1.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.1.read(offset, out)
        }

        fn set_len(&self, length: u64) -> io::Result<()> {
            self.1.set_len(length)
        }

        fn sync_data(&self) -> io::Result<()> {
            self.0.lock().unwrap().push(None);
            Ok(())
        }

        fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
            if *self.2.lock().unwrap() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.0.lock().unwrap().push(Some((offset, bytes.len())));
            self.1.write(offset, bytes)
        }
    }

    impl Noted {
        fn calls(&self) -> Vec<Option<(u64, usize)>> {
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    fn page(byte: u8) -> Vec<u8> {
        vec![byte; PAGE as usize]
    }

    /// A file of that many pages, all of them written.
    fn gathered(pages: u64) -> (Noted, Gathered<Noted>) {
        let noted = Noted::default();
        noted.set_len(pages * PAGE).unwrap();
        (noted.clone(), Gathered::new(noted, None))
    }

    fn read(gathered: &Gathered<Noted>, at: u64) -> Vec<u8> {
        let mut out = page(0);
        gathered.read(at * PAGE, &mut out).unwrap();
        out
    }

    #[test]
    fn neighbours_go_out_in_one_call_before_the_sync() {
        let (noted, gathered) = gathered(16);
        for at in [9, 3, 4, 8, 5] {
            gathered.write(at * PAGE, &page(at as u8)).unwrap();
        }
        assert_eq!(noted.calls(), []);
        gathered.sync_data().unwrap();
        let runs = [Some((3 * PAGE, 3 * PAGE as usize)), Some((8 * PAGE, 2 * PAGE as usize)), None];
        assert_eq!(noted.calls(), runs);
        for at in [3, 4, 5, 8, 9] {
            assert_eq!(read(&gathered, at), page(at as u8));
        }
    }

    #[test]
    fn what_waits_is_read_and_written_over() {
        let (noted, gathered) = gathered(8);
        gathered.write(0, &page(1)).unwrap();
        gathered.write(0, &page(2)).unwrap();
        // A page of another size, as redb's header is.
        gathered.write(0, &[3; 320]).unwrap();
        let mut expected = page(2);
        expected[..320].fill(3);
        assert_eq!(read(&gathered, 0), expected);
        gathered.sync_data().unwrap();
        assert_eq!(noted.calls().last(), Some(&None));
    }

    #[test]
    fn a_page_behind_the_end_brings_the_zeros_around_it() {
        let (noted, gathered) = gathered(4);
        gathered.set_len(1024 * PAGE).unwrap();
        gathered.write(2 * PAGE, &page(2)).unwrap();
        gathered.write(6 * PAGE, &page(6)).unwrap();
        gathered.sync_data().unwrap();
        let run = (3 * PAGE + AHEAD) as usize;
        assert_eq!(noted.calls(), [Some((2 * PAGE, PAGE as usize)), Some((4 * PAGE, run)), None]);
        assert_eq!(read(&gathered, 5), page(0));
        assert_eq!(read(&gathered, 6), page(6));
        gathered.write(7 * PAGE, &page(7)).unwrap();
        gathered.sync_data().unwrap();
        assert_eq!(noted.calls(), [Some((7 * PAGE, PAGE as usize)), None], "its block is there");
        gathered.set_len(5 * PAGE).unwrap();
        gathered.set_len(64 * PAGE).unwrap();
        gathered.write(6 * PAGE, &page(1)).unwrap();
        gathered.sync_data().unwrap();
        assert_eq!(noted.calls(), [Some((5 * PAGE, 59 * PAGE as usize)), None], "never past the end of the file");
    }

    #[test]
    fn what_could_not_be_written_fails_the_sync_and_is_not_forgotten() {
        let (noted, gathered) = gathered(8);
        gathered.write(PAGE, &page(1)).unwrap();
        *noted.2.lock().unwrap() = true;
        assert!(gathered.sync_data().is_err());
        assert_eq!(noted.calls(), [], "nothing is synced for what did not arrive");
        *noted.2.lock().unwrap() = false;
        gathered.sync_data().unwrap();
        assert_eq!(noted.calls(), [Some((PAGE, PAGE as usize)), None]);
    }

    #[test]
    fn the_end_of_what_was_written_is_found_in_a_file_with_holes() {
        use std::io::{Seek, Write};
        let mut file = tempfile::tempfile().unwrap();
        assert_eq!(written(&file).unwrap(), 0);
        file.write_all(&page(1)).unwrap();
        file.seek(io::SeekFrom::Start(1 << 20)).unwrap();
        file.write_all(&page(2)).unwrap();
        file.set_len(1 << 24).unwrap();
        let end = written(&file).unwrap();
        assert!(end >= (1 << 20) + PAGE, "pages that were written lie behind {end}");
        file.set_len(PAGE).unwrap();
        assert_eq!(written(&file).unwrap(), PAGE);
    }
}
