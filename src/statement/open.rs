//! Opening a file: what it is by its first bytes, out of a zip if it is in one, and its digest.
//!
//! A zip is looked into, never believed: entries are counted while they unpack, so that neither a bomb
//! nor a header that lies about sizes gets further than its limit.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::comma::{CommaRows, unreadable};
use super::fault::{Damage, Excess, Fault};
use super::limits::Limits;
use super::notes::Stated;
use super::reading;
use super::row::Rows;
use super::sheet_xml::SheetXml;
use super::summary;
use super::workbook::Workbook;
use crate::domain::text::Text;

/// Whether the file's digest is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// Read every byte and digest it.
    Wanted,
    /// The digest is known already.
    Spared,
}

/// The digest and size of a file, zero where they were not wanted, and what lay beside the statement in its zip.
#[derive(Debug, Default)]
pub(super) struct Sealed {
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
    pub(super) summary: Vec<Stated>,
}

/// What is done with the rows of a file.
pub(super) type Work<'a, T> = dyn FnMut(&mut dyn Rows) -> Result<T, Damage> + 'a;

const HEAD: usize = 4 << 10;
const MIB: u64 = 1 << 20;

/// Opens the file and hands its rows to `work`.
pub(super) fn with_rows<T>(
    path: &Path,
    limits: &Limits,
    seal: Seal,
    work: &mut Work<'_, T>,
) -> Result<(T, Sealed), Damage> {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    let about = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !about.is_file() {
        return Err(Damage::of_file(Fault::Unreadable { reason: Text::new("not a regular file") }));
    }
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    let head = head_of(&mut file)?;
    file.rewind().map_err(|error| unreadable(&error))?;
    let kind = Kind::of(&head);
    let limit = if matches!(kind, Kind::Zip) { limits.packed_bytes } else { limits.text_bytes };
    if about.len() > limit {
        return Err(Damage::of_file(Fault::TooLarge { what: Excess::File, limit }));
    }
    if matches!(kind, Kind::Zip) {
        let bytes = all_of(&mut file, limit)?;
        let (found, summary) = in_zip(&bytes, limits, work)?;
        let sha256 = if seal == Seal::Wanted { Sha256::digest(&bytes).into() } else { [0; 32] };
        return Ok((found, Sealed { sha256, bytes: bytes.len() as u64, summary }));
    }
    let mut tap = Tap { file, hasher: (seal == Seal::Wanted).then(Sha256::new), bytes: 0 };
    let found = kind.rows_of(&mut tap, &head, limits, work)?;
    Ok((found, tap.seal()?))
}

/// A file whose bytes are digested as they pass.
struct Tap {
    file: File,
    hasher: Option<Sha256>,
    bytes: u64,
}

impl Read for Tap {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(into)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&into[..read]);
        }
        self.bytes += read as u64;
        Ok(read)
    }
}

impl Tap {
    fn seal(mut self) -> Result<Sealed, Damage> {
        if self.hasher.is_none() {
            return Ok(Sealed::default());
        }
        std::io::copy(&mut self, &mut std::io::sink()).map_err(|error| unreadable(&error))?;
        let sha256 = self.hasher.map_or([0; 32], |hasher| hasher.finalize().into());
        Ok(Sealed { sha256, bytes: self.bytes, summary: Vec::new() })
    }
}

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Zip,
    BinaryWorkbook,
    SheetXml,
    Text,
}

impl Kind {
    fn of(head: &[u8]) -> Kind {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let names = |word: &[u8]| memchr::memmem::find(text, word).is_some();
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Kind::Zip
        } else if head.starts_with(b"\xd0\xcf\x11\xe0") {
            Kind::BinaryWorkbook
        } else if text.starts_with(b"<") && (names(b"Excel.Sheet") || names(b"office:spreadsheet")) {
            Kind::SheetXml
        } else {
            Kind::Text
        }
    }

    /// Hands the rows of an unpacked file to `work`.
    fn rows_of<T>(
        self,
        source: &mut dyn Read,
        head: &[u8],
        limits: &Limits,
        work: &mut Work<'_, T>,
    ) -> Result<T, Damage> {
        match self {
            Kind::Text if head.is_empty() => Err(Damage::of_file(Fault::Empty)),
            Kind::Text => work(&mut CommaRows::new(source, limits)?),
            Kind::SheetXml => work(&mut SheetXml::new(BufReader::with_capacity(64 << 10, source), limits)),
            Kind::BinaryWorkbook => Err(Damage::of_file(Fault::BinaryWorkbook)),
            Kind::Zip => {
                let bytes = all_of(source, limits.packed_bytes)?;
                let mut archive = archive_of(&bytes)?;
                if !is_workbook(&archive) {
                    return Err(broken("a zip within the zip"));
                }
                in_workbook(&bytes, &mut archive, limits, work)
            }
        }
    }
}

/// The first bytes of a file.
fn head_of(source: &mut dyn Read) -> Result<Vec<u8>, Damage> {
    let mut head = Vec::with_capacity(HEAD);
    source.take(HEAD as u64).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
    Ok(head)
}

/// All bytes of a file, if they are no more than `limit`.
fn all_of(source: &mut dyn Read, limit: u64) -> Result<Vec<u8>, Damage> {
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > limit {
        return Err(Damage::of_file(Fault::TooLarge { what: Excess::Unpacked, limit }));
    }
    Ok(bytes)
}

fn broken(reason: &str) -> Damage {
    Damage::of_file(Fault::Broken { reason: Text::new(reason) })
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn archive_of(bytes: &[u8]) -> Result<Archive<'_>, Damage> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))
}

fn is_workbook(archive: &Archive<'_>) -> bool {
    archive.file_names().flatten().any(|name| name.eq_ignore_ascii_case("[Content_Types].xml"))
}

fn in_zip<T>(bytes: &[u8], limits: &Limits, work: &mut Work<'_, T>) -> Result<(T, Vec<Stated>), Damage> {
    let mut archive = archive_of(bytes)?;
    if is_workbook(&archive) {
        return Ok((in_workbook(bytes, &mut archive, limits, work)?, Vec::new()));
    }
    let (found, summary) = the_statement(&mut archive, limits)?;
    Ok((with_entry(&mut archive, found, limits, work)?, summary))
}

/// Which entry is the statement, and what a summary beside it states; other files may lie there too.
fn the_statement(archive: &mut Archive<'_>, limits: &Limits) -> Result<(usize, Vec<Stated>), Damage> {
    if archive.len() > limits.entries {
        return Err(Damage::of_file(Fault::TooLarge { what: Excess::Entries, limit: limits.entries as u64 }));
    }
    let (mut found, mut refused, mut stated) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|error| broken(&error.to_string()))?;
        if entry.encrypted() {
            return Err(Damage::of_file(Fault::Encrypted));
        }
        if entry.is_dir() {
            continue;
        }
        drop(entry);
        match with_entry(archive, at, limits, &mut |rows| reading::recognise(rows)) {
            Ok(()) => found.push(at),
            Err(damage) => match with_entry(archive, at, limits, &mut |rows| summary::totals(rows)) {
                Ok(Some(totals)) => stated.extend(totals),
                Ok(None) | Err(_) => refused.push(damage),
            },
        }
    }
    match (found.as_slice(), refused.len()) {
        (&[at], _) => Ok((at, stated)),
        ([], 1) => Err(refused.remove(0)),
        ([], _) => {
            let telling = refused.into_iter().find(|damage| damage.line.is_some());
            Err(telling.unwrap_or(Damage::of_file(Fault::NoStatement)))
        }
        _ => Err(Damage::of_file(Fault::SeveralStatements)),
    }
}

fn with_entry<T>(archive: &mut Archive<'_>, at: usize, limits: &Limits, work: &mut Work<'_, T>) -> Result<T, Damage> {
    let entry = archive.by_index(at).map_err(|error| broken(&error.to_string()))?;
    let left = entry.compressed_size().saturating_mul(limits.ratio).max(MIB);
    let mut entry = Measured { source: entry, left, limits };
    let head = head_of(&mut entry)?;
    let kind = Kind::of(&head);
    kind.rows_of(&mut Cursor::new(head.as_slice()).chain(entry), &head, limits, work)
}

/// An entry of a zip that may not unpack to more than it should.
struct Measured<'a, R> {
    source: R,
    left: u64,
    limits: &'a Limits,
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        // What the unpacker says about damaged bytes is a fault of the zip, not of the disk.
        let read = self
            .source
            .read(into)
            .map_err(|error| std::io::Error::other(Fault::Broken { reason: Text::new(&error.to_string()) }))?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| std::io::Error::other(Fault::TooLarge { what: Excess::Ratio, limit: self.limits.ratio }))?;
        Ok(read)
    }
}

fn in_workbook<T>(
    bytes: &[u8],
    archive: &mut Archive<'_>,
    limits: &Limits,
    work: &mut Work<'_, T>,
) -> Result<T, Damage> {
    let entries = limits.entries * 16;
    if archive.len() > entries {
        return Err(Damage::of_file(Fault::TooLarge { what: Excess::Entries, limit: entries as u64 }));
    }
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|error| broken(&error.to_string()))?;
        let left = entry.compressed_size().saturating_mul(limits.ratio).max(MIB);
        let is_sheet = entry.name().is_ok_and(|name| name.contains("worksheets/"));
        let limit = limits.unpacked_bytes - unpacked;
        let limit = if is_sheet { limit } else { limit.min(limits.held_bytes) };
        let mut entry = Measured { source: entry, left, limits }.take(limit + 1);
        let size = std::io::copy(&mut entry, &mut std::io::sink()).map_err(|error| unreadable(&error))?;
        if size > limit {
            return Err(Damage::of_file(Fault::TooLarge { what: Excess::Unpacked, limit }));
        }
        unpacked += size;
    }
    work(&mut Workbook::open(bytes, limits)?)
}
