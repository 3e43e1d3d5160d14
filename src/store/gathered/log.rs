//! The log in front of the books: what a commit changed, in one piece, before it goes to its places.
//!
//! A commit of redb is some fifteen pages all over the file, and a disk takes several times as long for those as for the
//! same bytes in one run. So they are written in a run first, as one record, and synced once; to their places they
//! go later, many commits at a time, when each page is written once however often it changed. A record counts whole
//! or not at all: its sum says which, and records count only in an unbroken row. Beside the log stand two marks that say up
//! to which record everything is in its place, alike but while they are written. Behind the last record stands a note that it
//! was answered for, where the next one will be: a record that is noted and not whole was damaged at rest, not cut
//! off, and the books are refused then.

use std::io;

use redb::StorageBackend;

use super::pages::{Pages, lay};

/// What a mark begins with, and with it a file that has a log: its kind and version.
const TITLE: [u8; 16] = *b"taizhang books 1";
/// What a record begins with.
const RECORD: [u8; 8] = *b"changes:";
/// What a note begins with.
const NOTE: [u8; 8] = *b"answered";
/// Marks, records and notes begin at multiples of this: what is written anew shares no sector with what is to stay.
const PLACE: u64 = 4096;
/// Where the log begins, behind the two marks.
pub(super) const BEGIN: u64 = 2 * PLACE;
/// The bytes of a mark: title, count, done, size, sum.
const MARK: usize = 16 + 8 + 8 + 8 + 4;
/// The bytes of a note: title, number, sum.
const NOTED: usize = 8 + 8 + 4;
/// So much of the log is looked through at a time, in bytes.
const STRETCH: u64 = 1 << 20;
/// The bytes of a record's head: title, life, number, length of the file, pages, bytes, sum.
const HEAD: usize = 8 + 8 + 8 + 8 + 4 + 4 + 4;
/// The bytes in which a page's place and length are kept.
const ENTRY: usize = 8 + 4;

/// The log of a file.
#[derive(Debug)]
pub(super) struct Log {
    size: u64,
    /// How often the marks were written.
    marks: u64,
    /// Whether they are not alike, since the power went or one was damaged.
    uneven: bool,
    /// Up to this record all is in its place.
    done: u64,
    /// The last record that was written.
    last: u64,
    /// Where the next one begins.
    at: u64,
    /// Records of one opening of the file bear one number, so that none of an earlier one is taken for its successor.
    life: u64,
    record: Vec<u8>,
}

/// A record as it is read.
struct Record {
    life: u64,
    number: u64,
    /// The length of the file.
    length: u64,
    pages: Vec<(u64, Vec<u8>)>,
    /// Where the next one begins.
    next: u64,
}

fn sum(pieces: &[&[u8]]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    pieces.iter().for_each(|piece| sum.update(piece));
    sum.finalize()
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// Whether the last four bytes are the sum of those before.
fn is_whole(bytes: &[u8]) -> bool {
    let (said, kept) = bytes.split_at(bytes.len() - 4);
    u32_at(kept, 0) == sum(&[said])
}

/// The block that says up to which record all were answered for.
fn note(last: u64) -> Vec<u8> {
    let mut note = [NOTE, last.to_le_bytes()].concat();
    note.extend_from_slice(&sum(&[&note]).to_le_bytes());
    note.resize(PLACE as usize, 0);
    note
}

impl Log {
    /// Lays out a log of `size` bytes in an empty file.
    pub(super) fn found(under: &impl StorageBackend, size: u64) -> io::Result<Log> {
        let mut log = Log::with(size, 0, 0)?;
        under.set_len(log.end())?;
        // Blocks that the file system gives out now need not be noted by each sync of a record.
        under.write(0, &vec![0; log.end() as usize])?;
        log.mark(under)?;
        Ok(log)
    }

    /// The log of a file, if it has one.
    pub(super) fn find(under: &impl StorageBackend) -> io::Result<Option<Log>> {
        if under.len()? < BEGIN {
            return Ok(None);
        }
        let mut marks = Vec::new();
        for place in [0, PLACE] {
            let mut mark = [0; MARK];
            under.read(place, &mut mark)?;
            if mark.starts_with(&TITLE) && is_whole(&mark) {
                marks.push((u64_at(&mark, 16), u64_at(&mark, 24), u64_at(&mark, 32)));
            }
        }
        let Some(&(count, done, size)) = marks.iter().max() else { return Ok(None) };
        let mut log = Log::with(size, count, done)?;
        log.uneven = marks.len() < 2 || marks[0] != marks[1];
        if under.len()? <= log.end() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends before its books begin"));
        }
        Ok(Some(log))
    }

    fn with(size: u64, marks: u64, done: u64) -> io::Result<Log> {
        let mut life = [0; 8];
        getrandom::fill(&mut life).map_err(io::Error::other)?;
        let life = u64::from_le_bytes(life);
        Ok(Log { size, marks, uneven: false, done, last: done, at: BEGIN, life, record: Vec::new() })
    }

    /// Where the log ends and the books begin.
    pub(super) fn end(&self) -> u64 {
        BEGIN + self.size
    }

    /// What the log holds that may not be in its place yet, and the length that the file had then.
    ///
    /// # Errors
    /// Where a record was answered for and is not whole.
    pub(super) fn recover(&mut self, under: &impl StorageBackend) -> io::Result<Option<(Pages, u64)>> {
        let mut found: Option<(Pages, u64)> = None;
        let mut life = None;
        while let Some(record) = self.read(under, self.at)? {
            if record.number != self.last + 1 || life.is_some_and(|life| life != record.life) {
                break;
            }
            let (pages, length) = found.get_or_insert_default();
            record.pages.into_iter().for_each(|(at, page)| lay(pages, at, page));
            *length = record.length;
            (life, self.last, self.at) = (Some(record.life), record.number, record.next);
        }
        if self.noted(under)? > self.last {
            let words = format!("change {} of the log was kept, and is damaged", self.last + 1);
            return Err(io::Error::new(io::ErrorKind::InvalidData, words));
        }
        Ok(found)
    }

    /// The last record that a note speaks of. Notes of older ones may be left anywhere.
    fn noted(&self, under: &impl StorageBackend) -> io::Result<u64> {
        let (mut noted, mut stretch) = (0, Vec::new());
        for from in (BEGIN..self.end()).step_by(STRETCH as usize) {
            stretch.resize(STRETCH.min(self.end() - from) as usize, 0);
            under.read(from, &mut stretch)?;
            let notes = stretch.chunks(PLACE as usize).filter_map(|place| place.get(..NOTED));
            let notes = notes.filter(|note| note.starts_with(&NOTE) && is_whole(note));
            noted = notes.map(|note| u64_at(note, 8)).fold(noted, u64::max);
        }
        Ok(noted)
    }

    /// The record that begins at `at`, if there is a whole one.
    fn read(&self, under: &impl StorageBackend, at: u64) -> io::Result<Option<Record>> {
        let left = self.end().saturating_sub(at) as usize;
        let mut head = [0; HEAD];
        if left < HEAD {
            return Ok(None);
        }
        under.read(at, &mut head)?;
        let (count, bytes) = (u32_at(&head, 32) as usize, u32_at(&head, 36) as usize);
        if !head.starts_with(&RECORD) || bytes > left - HEAD || count > bytes / ENTRY {
            return Ok(None);
        }
        let mut body = vec![0; bytes];
        under.read(at + HEAD as u64, &mut body)?;
        if u32_at(&head, HEAD - 4) != sum(&[&head[..HEAD - 4], &body]) {
            return Ok(None);
        }
        let (table, mut rest) = body.split_at(count * ENTRY);
        let mut pages = Vec::with_capacity(count);
        for entry in table.chunks(ENTRY) {
            let Some((page, after)) = rest.split_at_checked(u32_at(entry, 8) as usize) else { return Ok(None) };
            pages.push((u64_at(entry, 0), page.to_vec()));
            rest = after;
        }
        let next = at + ((HEAD + bytes) as u64).next_multiple_of(PLACE);
        Ok(Some(Record { life: u64_at(&head, 8), number: u64_at(&head, 16), length: u64_at(&head, 24), pages, next }))
    }

    /// Whether a record of so many pages with so many bytes finds room, and a note behind it.
    pub(super) fn has_room(&self, pages: usize, bytes: usize) -> bool {
        let needed = ((HEAD + pages * ENTRY + bytes) as u64).next_multiple_of(PLACE) + PLACE;
        needed <= self.end().saturating_sub(self.at)
    }

    /// Writes pages as one record, which counts when this returns. `length` is that of the file.
    pub(super) fn append(&mut self, under: &impl StorageBackend, pages: &Pages, length: u64) -> io::Result<()> {
        let sizes = pages.values().map(Vec::len).sum();
        if !self.has_room(pages.len(), sizes) {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the log has no room for a change"));
        }
        self.fill_in(pages, sizes, length);
        under.write(self.at, &self.record)?;
        under.sync_data()?;
        self.at += self.record.len() as u64;
        self.last += 1;
        // The note goes to the disk with the next record, which takes its place: no sync has more to write for it.
        under.write(self.at, &note(self.last))
    }

    /// Makes the record of pages, in whole blocks: for a part of one the system would have to read the rest of it first.
    fn fill_in(&mut self, pages: &Pages, sizes: usize, length: u64) {
        let record = &mut self.record;
        record.clear();
        record.extend_from_slice(&RECORD);
        [self.life, self.last + 1, length].iter().for_each(|word| record.extend_from_slice(&word.to_le_bytes()));
        let bytes = pages.len() * ENTRY + sizes;
        [pages.len(), bytes, 0].iter().for_each(|word| record.extend_from_slice(&(*word as u32).to_le_bytes()));
        for (at, page) in pages {
            record.extend_from_slice(&at.to_le_bytes());
            record.extend_from_slice(&(page.len() as u32).to_le_bytes());
        }
        pages.values().for_each(|page| record.extend_from_slice(page));
        let kept = sum(&[&record[..HEAD - 4], &record[HEAD..]]);
        record[HEAD - 4..HEAD].copy_from_slice(&kept.to_le_bytes());
        record.resize(record.len().next_multiple_of(PLACE as usize), 0);
    }

    /// All that the log holds is in its place, and synced: the next record begins anew.
    pub(super) fn empty(&mut self, under: &impl StorageBackend) -> io::Result<()> {
        let before = std::mem::replace(&mut self.done, self.last);
        self.mark(under).inspect_err(|_| self.done = before)?;
        self.at = BEGIN;
        Ok(())
    }

    /// Whether the marks must be written anew, lest the older of them counts once the newer is damaged.
    pub(super) fn is_uneven(&self) -> bool {
        self.uneven
    }

    /// Notes durably up to where all is in its place, in one place after the other.
    fn mark(&mut self, under: &impl StorageBackend) -> io::Result<()> {
        let mut mark = TITLE.to_vec();
        [self.marks + 1, self.done, self.size].iter().for_each(|word| mark.extend_from_slice(&word.to_le_bytes()));
        mark.extend_from_slice(&sum(&[&mark]).to_le_bytes());
        self.uneven = true;
        for place in [0, PLACE] {
            under.write(place, &mark)?;
            under.sync_data()?;
        }
        (self.marks, self.uneven) = (self.marks + 1, false);
        Ok(())
    }
}
