//! The journal: what happened, one line of JSON each, chained by SHA-256.
//!
//! An entry carries, as `prev`, the SHA-256 of the line before it, so that `sha256sum` and a text editor are enough to
//! check it. Nothing is ever removed from it, and its lines are never written anew.

use std::io::{self, Write};

use redb::{ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::books::Tables;
use super::tables::{COUNTS, FORMER_COUNTS, JOURNAL};
use super::{Fault, give_way};
use crate::domain::event::Event;
use crate::domain::id::{PersonId, Seq};
use crate::domain::text::Text;
use crate::domain::time::Moment;

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: Seq,
    /// SHA-256 of the line before it, in hexadecimal; of nothing, for the first.
    pub prev: String,
    /// When, never before the entry before it.
    pub at: Moment,
    /// Who; person 0 is the program itself.
    pub by: PersonId,
    /// From which terminal, with the Unix account as the kernel told it.
    pub terminal: Text,
    /// The id of the command, where it carried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// What happened.
    pub event: Event,
}

/// Where the journal ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last entry, 0 where there is none.
    pub seq: Seq,
    /// Its time.
    pub at: Moment,
    /// SHA-256 of its line.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of an empty journal.
    pub fn empty() -> Head {
        Head { seq: Seq(0), at: Moment::from_micros(0), hash: Sha256::digest(b"").into() }
    }

    /// The hash in hexadecimal.
    pub fn hex(&self) -> String {
        hex(&self.hash)
    }

    /// When the next entry happens if the clock says `now`: never before this one, nor at once with it.
    pub fn after(&self, now: Moment) -> Moment {
        now.max(Moment::from_micros(self.at.as_micros() + 1))
    }

    fn pack(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&self.seq.0.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.at.as_micros().to_le_bytes());
        bytes[16..].copy_from_slice(&self.hash);
        bytes
    }

    fn unpack(bytes: &[u8]) -> Result<Head, Fault> {
        let bytes: &[u8; 48] = bytes.try_into().map_err(|_| Fault::Unreadable { record: "head" })?;
        let eight = |from: usize| <[u8; 8]>::try_from(&bytes[from..from + 8]).expect("eight bytes");
        Ok(Head {
            seq: Seq(u64::from_le_bytes(eight(0))),
            at: Moment::from_micros(i64::from_le_bytes(eight(8))),
            hash: bytes[16..].try_into().expect("thirty-two bytes"),
        })
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len() * 2);
    push_hex(&mut text, bytes);
    String::from_utf8(text).expect("hexadecimal is ASCII")
}

/// Appends bytes in lower-case hexadecimal.
pub(super) fn push_hex(text: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

/// Under which name the head lies among the counters.
const HEAD: &str = "head";

/// Where the journal ends.
pub fn head<B: Tables + ?Sized>(books: &B) -> Result<Head, Fault> {
    let table = match books.table(COUNTS) {
        Err(Fault::Redb(why)) if matches!(*why, redb::Error::TableDoesNotExist(_)) => books.table(FORMER_COUNTS)?,
        table => table?,
    };
    let head = table.get(HEAD)?;
    head.map_or(Ok(Head::empty()), |bytes| Head::unpack(bytes.value()))
}

/// What stands around an event: who, from where, with which id.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// From which terminal.
    pub terminal: Text,
    /// The command's id.
    pub id: Option<Text>,
}

/// How much room a line is given to begin with, in bytes: few need more.
const LINE: usize = 1 << 10;

/// Appends an event; gives its entry's seq and the new head.
pub fn append(tx: &WriteTransaction, before: &Head, context: &Context, event: Event) -> Result<(Entry, Head), Fault> {
    let seq = Seq(before.seq.0 + 1);
    let Context { by, at, terminal, id } = context.clone();
    let entry = Entry { seq, prev: before.hex(), at, by, terminal, id, event };
    let mut line = Line(Vec::with_capacity(LINE));
    serde_json::to_writer(&mut line, &entry).expect("entries are plain data");
    let line = line.0;
    let after = Head { seq, at, hash: hash(&line) };
    tx.open_table(JOURNAL)?.insert(seq.0, line.as_slice())?;
    Ok((entry, after))
}

/// A line on its way to the journal. Of an import's chunk it has millions of bytes, between which others go first.
struct Line(Vec<u8>);

/// After so many bytes of a line.
const BREATH: usize = 64 * 1024;

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = self.0.len() / BREATH;
        self.0.extend_from_slice(bytes);
        if self.0.len() / BREATH > before {
            give_way();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hash(line: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (nth, piece) in line.chunks(BREATH).enumerate() {
        if nth > 0 {
            give_way();
        }
        hash.update(piece);
    }
    hash.finalize().into()
}

/// Notes the head once all entries of a transaction are in.
pub fn keep_head(tx: &WriteTransaction, head: &Head) -> Result<(), Fault> {
    tx.open_table(COUNTS)?.insert(HEAD, head.pack().as_slice())?;
    Ok(())
}

/// Reads a line of the journal.
pub fn read(seq: u64, line: &[u8]) -> Result<Entry, Fault> {
    serde_json::from_slice(line).map_err(|error| Fault::Entry { seq, why: error.to_string() })
}
