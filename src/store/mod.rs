//! Keeping: the journal, the tables derived from it, and everything that may be read from them.
//!
//! One file, one writer. The journal is permanent and describes itself; the tables are compact and can be
//! dropped. This module decides no rule: it writes what an event says and reads what a decision asks for.

pub mod books;
pub mod codec;
pub mod flows;
pub mod journal;
pub mod open;
mod opened;
pub mod project;
pub mod tables;
pub mod verify;

/// Something broke that no operator can put right. Logged; the command is not applied.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A record does not decode.
    #[error("a {record} in the store cannot be read")]
    Unreadable {
        /// Its kind.
        record: &'static str,
    },
    /// An entry of the journal does not decode.
    #[error("entry {seq} of the journal cannot be read: {why}")]
    Entry {
        /// Which.
        seq: u64,
        /// Why.
        why: String,
    },
    /// A record that an event names is not there.
    #[error("there is no {key} in {table}")]
    Missing {
        /// Where it should be.
        table: &'static str,
        /// Under which key.
        key: u64,
    },
    /// The store is not as it should be.
    #[error("{0}")]
    Broken(String),
    /// The database.
    #[error(transparent)]
    Redb(Box<redb::Error>),
    /// The file system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

macro_rules! redb_faults {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Fault {
            fn from(error: $kind) -> Fault {
                Fault::Redb(Box::new(error.into()))
            }
        }
    )*};
}

redb_faults!(
    redb::Error,
    redb::DatabaseError,
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError,
    redb::CompactionError,
    redb::SetDurabilityError
);
