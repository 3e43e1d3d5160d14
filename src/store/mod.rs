//! Keeping: the journal, the tables derived from it, and everything that may be read from them.
//!
//! One file, one writer. The journal is permanent and describes itself; the tables are compact and can be
//! dropped. This module decides no rule: it writes what an event says and reads what a decision asks for.

pub mod backup;
mod blank;
pub mod books;
pub mod chain;
pub mod codec;
pub mod counts;
mod daybook;
pub mod flows;
mod gathered;
pub mod journal;
pub mod lists;
pub mod mailbox;
mod objects;
pub mod open;
mod opened;
mod premises;
pub mod project;
mod promoting;
pub mod proof;
pub mod proof_of_days;
pub mod purchases;
mod rebuild;
pub mod referred;
pub mod room;
mod shelf;
pub mod stockroom;
pub mod tables;
pub mod totals;
pub mod tries;
pub mod verify;
mod waiting;
pub mod walks;
pub mod witness;

/// Lets whoever waits for this core go first. A thread may keep its core for some milliseconds though another was woken
/// meanwhile; in a long stretch of work, such as a chunk of an import, a key would wait for that at each step of its way.
pub(crate) fn give_way() {
    std::thread::yield_now();
}

/// Sorts, and lets others go first now and then.
fn sort_with_breath<T: Ord>(items: &mut [T]) {
    const BREATH: u32 = 4_096;
    let mut compared = 0;
    items.sort_unstable_by(|one, other| {
        compared += 1;
        if compared % BREATH == 0 {
            give_way();
        }
        one.cmp(other)
    });
}

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
    /// A commit failed before, or may have: nobody knows what is kept until the store is opened anew.
    #[error("the store must be opened anew, since keeping failed: {0}")]
    Stopped(String),
    /// There is too little room on the disk.
    #[error("the disk has only {left} MiB left, and nothing is accepted below {needed} MiB")]
    NoRoom {
        /// What is left, in MiB.
        left: u64,
        /// What must be, in MiB.
        needed: u64,
    },
    /// Another process has the store open.
    #[error("another process has the store open")]
    InUse,
    /// A store is where one was to be put.
    #[error("there is a store at {}", .0.display())]
    Taken(std::path::PathBuf),
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
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError,
    redb::CompactionError,
    redb::SetDurabilityError
);

impl From<redb::DatabaseError> for Fault {
    fn from(error: redb::DatabaseError) -> Fault {
        match error {
            redb::DatabaseError::DatabaseAlreadyOpen | redb::DatabaseError::LockProtocolMismatch => Fault::InUse,
            other => Fault::Redb(Box::new(other.into())),
        }
    }
}

impl Fault {
    /// Whether the file itself failed, so that nothing more may be written before it is opened and checked anew.
    pub fn is_of_the_disk(&self) -> bool {
        matches!(self, Fault::Redb(_) | Fault::Io(_) | Fault::Stopped(_))
    }
}
