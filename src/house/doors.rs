//! Who may sign in, read from the store.
//!
//! Failures are kept over restarts, and journaled at most once a minute for one code from one uid, so that guessing
//! cannot fill the disk. Nothing here waits for the disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::desk::Note;
use crate::desk::thread::Job;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, sign_in_code};
use crate::domain::time::Moment;
use crate::server::{Credentials, Tries, now};
use crate::store::Fault;
use crate::store::books::Books;

use super::Rooms;

/// Seconds between two entries about failures of one code from one uid.
const NOTED_EVERY: i64 = 60;
/// How many codes and uids are remembered; more are a machine's guesses, and are read from the disk again.
const REMEMBERED: usize = 10_000;

/// The people, their hashes and their failed tries.
pub struct Doors {
    rooms: Rooms,
}

/// The tries of late, one for all doors of a house: a guesser at a terminal and on the command line is one guesser.
#[derive(Clone, Default)]
pub(super) struct Recents(Arc<Mutex<HashMap<(String, u32), Recent>>>);

impl Recents {
    fn open(&self) -> MutexGuard<'_, HashMap<(String, u32), Recent>> {
        // The map is whole after every change to it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing was tried with this code.
    pub(super) fn forget(&self, code: &str) {
        let code = sign_in_code(code);
        self.open().retain(|(known, _), _| *known != code);
    }
}

/// What may not have reached the disk yet, so that nobody guesses faster than the desk writes.
#[derive(Default)]
struct Recent {
    tries: Tries,
    /// Failures that are not in the journal yet, and when the last entry was made.
    unnoted: u32,
    noted: Moment,
}

impl Doors {
    /// The doors of a store.
    pub fn new(rooms: Rooms) -> Doors {
        Doors { rooms }
    }

    fn read<T>(&self, with: impl FnOnce(&redb::ReadTransaction) -> Result<Option<T>, Fault>) -> Option<T> {
        // A store that cannot be read lets nobody in.
        self.rooms.desk.store().read().and_then(|books| with(&books)).ok().flatten()
    }
}

impl Doors {
    fn note(&self, job: Job) {
        // A desk with too much to do goes without a note; the counts above go on in memory.
        let _ = self.rooms.inbox.try_hand_in(job);
    }
}

fn active(person: Option<Person>) -> Option<Person> {
    person.filter(|person| person.active)
}

impl Credentials for Doors {
    fn find(&self, code: &str) -> Option<(PersonId, String)> {
        self.read(|books| {
            let Some(person) = active(books.person_by_code(code)?) else { return Ok(None) };
            Ok(books.credential(person.id)?.map(|hash| (person.id, hash)))
        })
    }

    fn code_of(&self, person: PersonId) -> Option<String> {
        self.read(|books| Ok(active(books.person(person)?).map(|person| person.code.to_string())))
    }

    fn bound_to(&self, uid: u32) -> Option<PersonId> {
        self.read(|books| Ok(active(books.person_by_unix(uid)?).map(|person| person.id)))
    }

    fn tries(&self, code: &str, uid: u32) -> Tries {
        let recent = self.rooms.recent.open();
        if let Some(recent) = recent.get(&(code.to_owned(), uid)) {
            return recent.tries;
        }
        let kept = self.read(|books| Ok(Some(books.tries(code, uid)?)));
        kept.map_or_else(Tries::default, |(failed, again): (u32, Moment)| Tries { failed, again })
    }

    fn keep_tries(&self, code: &str, uid: u32, tries: Tries) {
        self.note(Job::Tries(code.to_owned(), uid, tries.failed, tries.again));
        let mut recent = self.rooms.recent.open();
        if recent.len() >= REMEMBERED {
            recent.clear();
        }
        recent.entry((code.to_owned(), uid)).or_default().tries = tries;
        let person = self.read(|books| books.person_by_code(code)).map(|person| person.id);
        // Whoever makes codes up makes one entry a minute, not one for each.
        let noted_as = if person.is_some() { code } else { "" };
        let one = recent.entry((noted_as.to_owned(), uid)).or_default();
        one.unnoted += u32::from(tries.failed > 0);
        let due = tries.failed == 0 || now().seconds_since(one.noted) >= NOTED_EVERY;
        if one.unnoted > 0 && due {
            let note = Note::SignInFailed { person, peer: uid, tries: one.unnoted };
            self.note(Job::Note(note, format!("uid {uid}").into()));
            (one.unnoted, one.noted) = (0, now());
        }
    }

    fn forget_tries(&self, code: &str) {
        self.rooms.recent.forget(code);
    }

    fn signed_in(&self, person: PersonId, terminal: &str) {
        self.note(Job::Note(Note::SignedIn(person), terminal.into()));
    }
}
