//! What may be read of mail: letters, to whom they go, what became of trying.

use redb::{ReadableTable, ReadableTableMetadata};

use super::Fault;
use super::opened::{Tables, record};
use super::tables::*;
use crate::domain::id::PersonId;
use crate::domain::mailing::Letter;
use crate::domain::text::Text;
use crate::domain::time::Moment;

/// The mail's part of [`Books`](super::books::Books).
pub trait Mailbox: Tables {
    /// Letters that no mail server has taken, oldest first: the entry that owed each, and to whom.
    fn letters_owed(&self, limit: usize) -> Result<Vec<(u64, PersonId, Letter)>, Fault> {
        let mut letters = Vec::new();
        for row in self.table(OWED)?.iter()?.take(limit) {
            let key = row?.0.value();
            letters.extend(record(self, LETTERS, key)?.map(|letter| (key.0, PersonId(key.1), letter)));
        }
        Ok(letters)
    }

    /// A letter: the entry that owed it, and to whom.
    fn letter(&self, seq: u64, person: PersonId) -> Result<Option<Letter>, Fault> {
        record(self, LETTERS, (seq, person.0))
    }

    /// How many letters were tried and taken by no mail server.
    fn letters_failing(&self) -> Result<u64, Fault> {
        Ok(self.table(FAILING)?.len()?)
    }

    /// Letters before `before`, newest first.
    fn letters(&self, before: Option<(u64, PersonId)>, limit: usize) -> Result<Vec<(u64, PersonId, Letter)>, Fault> {
        let end = before.map_or((u64::MAX, u32::MAX), |(seq, person)| (seq, person.0));
        let letters = self.table(LETTERS)?;
        let rows = letters.range(..end)?.rev().take(limit);
        rows.map(|row| {
            let (key, image) = row?;
            let (seq, person) = key.value();
            Ok((seq, PersonId(person), image.value().unpack()?))
        })
        .collect()
    }

    /// A person's address for mail, or empty.
    fn address(&self, person: PersonId) -> Result<Text, Fault> {
        Ok(self.table(ADDRESSES)?.get(person.0)?.map(|address| address.value().into()).unwrap_or_default())
    }

    /// How often sending a letter failed, when it is tried again, and what was said last.
    fn mail_tries(&self, letter: u64, person: PersonId) -> Result<(u32, Moment, Text), Fault> {
        let kept = self.table(MAIL_TRIES)?.get((letter, person.0))?.map(|kept| {
            let (tries, next, why) = kept.value();
            (tries, Moment::from_micros(next), Text::new(why))
        });
        Ok(kept.unwrap_or_else(|| (0, Moment::from_micros(0), Text::default())))
    }

    /// The store's random identity.
    fn identity(&self) -> Result<String, Fault> {
        Ok(self.table(IDENTITY)?.get("id")?.map(|id| id.value().to_owned()).unwrap_or_default())
    }
}

impl<B: Tables> Mailbox for B {}
