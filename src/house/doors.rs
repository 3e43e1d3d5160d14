//! Who may sign in, read from the store.

use crate::desk::thread::Job;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::time::Moment;
use crate::server::{Credentials, Tries};
use crate::store::Fault;
use crate::store::books::Books;

use super::Rooms;

/// The people, their hashes and their failed tries.
pub struct Doors(Rooms);

impl Doors {
    /// The doors of a store.
    pub fn new(rooms: Rooms) -> Doors {
        Doors(rooms)
    }

    fn read<T>(&self, with: impl FnOnce(&redb::ReadTransaction) -> Result<Option<T>, Fault>) -> Option<T> {
        // A store that cannot be read lets nobody in.
        self.0.desk.store().read().and_then(|books| with(&books)).ok().flatten()
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
        let kept = self.read(|books| Ok(Some(books.tries(code, uid)?)));
        kept.map_or_else(Tries::default, |(failed, again): (u32, Moment)| Tries { failed, again })
    }

    fn keep_tries(&self, code: &str, uid: u32, tries: Tries) {
        self.0.inbox.hand_in(Job::Tries(code.to_owned(), uid, tries.failed, tries.again));
    }
}
