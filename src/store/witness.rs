//! The witness: how far the journal had come, kept in a file outside the store's folder.
//!
//! A chain proves that nothing was altered in what is there; it cannot tell that the end is missing, or that the whole file is
//! yesterday's. So the number of entries and the head go to a second place, within a second of each commit and
//! never in its way. At the next start the journal must be at least as long, and carry that head at that entry.
//! Books that are not are opened only after two people have answered for it, and the journal says who.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use redb::ReadTransaction;
use sha2::{Digest, Sha256};

use super::backup::part_of;
use super::books::{Books, Tables};
use super::tables::IDENTITY;
use super::{Fault, journal};

/// What a witness begins with: its kind and version.
const TITLE: &str = "taizhang-witness-1";

/// Where books stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The random identity of the store.
    pub store: String,
    /// How many entries its journal had.
    pub entries: u64,
    /// SHA-256 of the last one's line, in hexadecimal.
    pub head: String,
}

impl Seen {
    /// Where books stand now.
    pub fn of(books: &ReadTransaction) -> Result<Seen, Fault> {
        let head = journal::head(books)?;
        let store = books.table(IDENTITY)?.get("id")?.map(|id| id.value().to_owned()).unwrap_or_default();
        Ok(Seen { store, entries: head.seq.0, head: head.hex() })
    }
}

/// What the witness has to say against the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// They are not the store it saw.
    OtherStore,
    /// Their journal is shorter: an older copy, or its end is cut off.
    Shorter {
        /// Its last entry.
        found: u64,
        /// The last one that was seen.
        seen: u64,
    },
    /// Another line stands where the one it saw stood.
    Altered {
        /// At which entry.
        at: u64,
    },
    /// Its file does not say what it saw: it was altered.
    Unreadable,
    /// There are none, though it saw some.
    NoBooks {
        /// The last entry that was seen.
        seen: u64,
    },
}

/// The witness of one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness(PathBuf);

impl Witness {
    /// The witness in `folder` of the store whose folder is `store`, an absolute path.
    pub fn new(folder: &Path, store: &Path) -> Witness {
        let digest: [u8; 32] = Sha256::digest(store.as_os_str().as_bytes()).into();
        Witness(folder.join(format!("{}.witness", journal::hex(&digest[..8]))))
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    fn text(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            text => text.map(Some),
        }
    }

    /// Keeps what is seen now, durably, in place of what was seen before: one or the other survives a power cut.
    pub fn keep(&self, seen: &Seen) -> Result<(), Fault> {
        let part = part_of(&self.0);
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&part)?;
        writeln!(file, "{TITLE} {} {} {}", seen.store, seen.entries, seen.head)?;
        drop(file);
        super::backup::keep_file(&part, &self.0, true)
    }

    /// What it has to say against the books; `None` for no books at all.
    pub fn objection(&self, books: Option<&ReadTransaction>) -> Result<Option<Objection>, Fault> {
        let Some(text) = self.text()? else { return Ok(None) };
        let Some(seen) = parse(&text) else { return Ok(Some(Objection::Unreadable)) };
        let Some(books) = books else { return Ok(Some(Objection::NoBooks { seen: seen.entries })) };
        let now = Seen::of(books)?;
        if now.store != seen.store {
            return Ok(Some(Objection::OtherStore));
        }
        if now.entries < seen.entries {
            return Ok(Some(Objection::Shorter { found: now.entries, seen: seen.entries }));
        }
        let stands = if seen.entries == 0 {
            journal::Head::empty().hex()
        } else {
            let line = books.line(seen.entries)?;
            line.map_or_else(String::new, |line| journal::hex(&<[u8; 32]>::from(Sha256::digest(&line))))
        };
        Ok((stands != seen.head).then_some(Objection::Altered { at: seen.entries }))
    }
}

fn parse(text: &str) -> Option<Seen> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let [TITLE, store, entries, head] = parts.as_slice() else { return None };
    Some(Seen { store: (*store).to_owned(), entries: entries.parse().ok()?, head: (*head).to_owned() })
}
