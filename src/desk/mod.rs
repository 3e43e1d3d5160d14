//! Asking: the one way into the books.
//!
//! [`Desk::submit`] gathers the facts of a command, lets the domain decide, and writes journal and tables, all in one
//! transaction. Commands that wait together share a commit and are answered after it. [`may`](Desk::may) asks the
//! same rule on a read transaction, so that a greyed key and a refused command never disagree.

pub mod gather;
pub mod import;
pub mod thread;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use redb::{ReadTransaction, WriteTransaction};
use serde::Serialize;

use crate::domain::clause::{Clause, Reason, Refusals};
use crate::domain::command::{Command, each_command};
use crate::domain::event::Event;
use crate::domain::id::{PersonId, Seq};
use crate::domain::person::sign_in_code;
use crate::domain::role::{Role, Roles};
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::domain::{Actor, Rule};
use crate::store::books::{Books, Counts};
use crate::store::journal::{self, Context, Entry, Head};
use crate::store::open::Store;
use crate::store::project::project;
use crate::store::room::Room;
use crate::store::tables::{CREDENTIALS, DRAFTS, TRIES};
use crate::store::{Fault, tries};
use gather::Gather;

/// A command with who asks for it, when, and from where.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// What is asked.
    pub command: Command,
    /// Who asks.
    pub by: PersonId,
    /// When it was asked.
    pub at: Moment,
    /// From which terminal.
    pub terminal: Text,
    /// An id that makes a retry harmless.
    pub id: Option<Text>,
}

/// What became of a command.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It happened, and is on disk.
    Accepted {
        /// Its entry in the journal.
        seq: Seq,
        /// What happened.
        event: Box<Event>,
    },
    /// A rule said no; nothing was written.
    Refused(Refusals),
    /// The machine failed. Nothing was written, unless the desk [has stopped](Desk::stopped): then only the store, opened
    /// anew, can tell, by the command's id.
    Failed(String),
}

/// The desk: the store, and the clock it never lets go backwards.
pub struct Desk {
    store: Store,
    room: Option<Room>,
    stopped: OnceLock<String>,
}

/// What is written besides commands: what the program itself notes.
#[derive(Debug, Clone)]
pub enum Note {
    /// A sign-in.
    SignedIn(PersonId),
    /// Failed tries since the last note.
    SignInFailed {
        /// Whose, where the code named somebody.
        person: Option<PersonId>,
        /// The Unix account that tried.
        peer: u32,
        /// How often.
        tries: u32,
    },
    /// Two people let books stand that the witness objected to.
    BooksAccepted {
        /// The first of them.
        by: PersonId,
        /// The other.
        second: PersonId,
        /// Why.
        reason: Text,
        /// What the witness said.
        objection: Text,
        /// How many entries the journal has.
        entries: u64,
        /// How many the witness had seen.
        witnessed: u64,
    },
    /// A mail server took a letter.
    LetterSent {
        /// The entry that closed the day.
        letter: u64,
        /// To whom it went.
        person: PersonId,
        /// To which address.
        address: Text,
        /// What the server answered.
        answer: Text,
        /// How many rows the ledger in it has.
        rows: u64,
        /// The SHA-256 of that file.
        sha256: Text,
    },
}

impl Desk {
    /// A desk over an open store.
    pub fn new(store: Store) -> Desk {
        Desk { store, room: None, stopped: OnceLock::new() }
    }

    /// The same desk, which accepts nothing new where there is too little room to keep it.
    pub fn within(self, room: Room) -> Desk {
        Desk { room: Some(room), ..self }
    }

    /// Refuses what might not be kept. Reading, signing in and half-entered forms go on.
    fn has_room(&self) -> Result<(), Fault> {
        let Some(room) = &self.room else { return Ok(()) };
        let needed = room.limits.refuse >> 20;
        room.too_little().map_or(Ok(()), |left| Err(Fault::NoRoom { left: left.mib(), needed }))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Why nothing is accepted any more: keeping failed once, and what is kept shows only when the store is opened anew.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    /// Submits one command.
    pub fn submit(&self, envelope: &Envelope) -> Answer {
        self.submit_all(std::slice::from_ref(envelope)).pop().expect("one answer for one command")
    }

    /// Submits commands in order in one transaction; each is answered once all are on disk.
    pub fn submit_all(&self, envelopes: &[Envelope]) -> Vec<Answer> {
        let attempt = self.transact(|tx, head| {
            let answers = envelopes.iter().map(|envelope| self.apply(tx, head, envelope));
            Ok((answers.collect::<Result<Vec<Answer>, Fault>>()?, Beside::Nothing))
        });
        match attempt {
            Ok(answers) => answers,
            // One record that cannot be read must not take the others down with it; a failed disk takes down all.
            Err(fault) if envelopes.len() > 1 && !fault.is_of_the_disk() => {
                envelopes.iter().map(|envelope| self.submit(envelope)).collect()
            }
            Err(fault) => envelopes.iter().map(|_| Answer::Failed(fault.to_string())).collect(),
        }
    }

    /// The one place where anything is committed: runs `work` in a transaction and keeps what it did, or nothing of it.
    ///
    /// A failed disk stops the desk for good, since a second try could be told that the first was kept when it was
    /// not. A panic is a fault of the command that met it, and of no other.
    fn transact<T>(
        &self,
        work: impl FnOnce(&WriteTransaction, &mut Head) -> Result<(T, Beside), Fault>,
    ) -> Result<T, Fault> {
        if let Some(why) = self.stopped() {
            return Err(Fault::Stopped(why.to_owned()));
        }
        let attempt = || -> Result<T, Fault> {
            // While somebody sees the books as they were, redb gives the pages that a commit replaces back along with the
            // next commit. Otherwise it does so in a second pass after each one, which must itself be kept.
            let _before = self.store.read()?;
            let tx = self.store.write()?;
            let mut head = journal::head(&tx)?;
            let start = head.seq;
            let (came_of_it, beside) = work(&tx, &mut head)?;
            if head.seq != start {
                journal::keep_head(&tx, &head)?;
            }
            if head.seq == start && beside == Beside::Nothing {
                tx.abort()?;
            } else {
                self.store.commit(tx)?;
            }
            Ok(came_of_it)
        };
        let attempt = catch_unwind(AssertUnwindSafe(attempt));
        let attempt =
            attempt.unwrap_or_else(|panic| Err(Fault::Broken(format!("the desk broke down: {}", words(&*panic)))));
        attempt.inspect_err(|fault| {
            if fault.is_of_the_disk() {
                self.stopped.get_or_init(|| fault.to_string());
            }
        })
    }

    /// Gathers, decides and writes one command within a transaction.
    fn apply(&self, tx: &WriteTransaction, head: &mut Head, envelope: &Envelope) -> Result<Answer, Fault> {
        if let Some(id) = &envelope.id
            && let Some(seq) = tx.command(envelope.by, id)?
        {
            let line = tx.line(seq)?.ok_or(Fault::Missing { table: "journal", key: seq })?;
            let entry = journal::read(seq, &line)?;
            // An id is its owner's: another's answer may hold what this person must not see.
            if entry.by != envelope.by {
                let taken = Reason::Taken { what: "command", code: id.clone(), by: tx.person_name(entry.by)? };
                return Ok(Answer::Refused(Clause::OnceOnly.refuse(taken).into()));
            }
            return Ok(Answer::Accepted { seq: Seq(seq), event: Box::new(entry.event) });
        }
        if let Err(Fault::NoRoom { left, needed }) = self.has_room() {
            return Ok(Answer::Refused(Clause::NothingErased.refuse(Reason::NoRoom { left, needed }).into()));
        }
        let at = head.after(envelope.at);
        let by = match actor(tx, envelope.by, at, &envelope.command)? {
            Ok(by) => by,
            Err(refusals) => return Ok(Answer::Refused(refusals)),
        };
        match decide(tx, &by, &envelope.command, Look::Whole)? {
            Err(refusals) => Ok(Answer::Refused(refusals)),
            Ok(event) => {
                let context =
                    Context { by: envelope.by, at, terminal: envelope.terminal.clone(), id: envelope.id.clone() };
                let entry = write(tx, head, &context, event)?;
                Ok(Answer::Accepted { seq: entry.seq, event: Box::new(entry.event) })
            }
        }
    }

    /// Whether a command would be accepted now: the same rules, on a read transaction.
    pub fn may(
        books: &ReadTransaction,
        by: PersonId,
        at: Moment,
        command: &Command,
    ) -> Result<Result<Event, Refusals>, Fault> {
        match actor(books, by, at, command)? {
            Ok(by) => decide(books, &by, command, Look::Whole),
            Err(refusals) => Ok(Err(refusals)),
        }
    }

    /// Why a command would be refused, as far as a glance tells: a key of the bar is not worth reading every line of a stocktake.
    pub fn would_refuse(
        books: &ReadTransaction,
        by: PersonId,
        at: Moment,
        command: &Command,
    ) -> Result<Option<Refusals>, Fault> {
        match actor(books, by, at, command)? {
            Ok(by) => Ok(decide(books, &by, command, Look::Glance)?.err()),
            Err(refusals) => Ok(Some(refusals)),
        }
    }

    /// Notes what the program itself has to say.
    pub fn note(&self, note: &Note, at: Moment, terminal: &Text) -> Result<Seq, Fault> {
        let (by, event) = match note {
            Note::SignedIn(person) => (*person, Event::SignedIn { person: *person }),
            Note::SignInFailed { person, peer, tries } => {
                (PersonId(0), Event::SignInFailed { person: *person, peer: *peer, tries: *tries })
            }
            Note::BooksAccepted { by, second, reason, objection, entries, witnessed } => {
                let (second, entries, witnessed) = (*second, *entries, *witnessed);
                let (reason, objection) = (reason.clone(), objection.clone());
                (*by, Event::BooksAccepted { second, reason, objection, entries, witnessed })
            }
            Note::LetterSent { letter, person, address, answer, rows, sha256 } => {
                let (address, answer, sha256) = (address.clone(), answer.clone(), sha256.clone());
                (
                    PersonId(0),
                    Event::LetterSent { letter: *letter, person: *person, address, answer, rows: *rows, sha256 },
                )
            }
        };
        self.transact(|tx, head| {
            let context = Context { by, at: head.after(at), terminal: terminal.clone(), id: None };
            Ok((write(tx, head, &context, event)?.seq, Beside::Nothing))
        })
    }

    /// Keeps a passphrase hash and notes in the journal that it changed, in one transaction.
    pub fn set_passphrase(&self, envelope: &Envelope, hash: &str) -> Answer {
        let attempt = self.transact(|tx, head| {
            let answer = self.apply(tx, head, envelope)?;
            if let Answer::Accepted { event, .. } = &answer
                && let Event::PassphraseChanged { person } = &**event
            {
                tx.open_table(CREDENTIALS)?.insert(person.0, hash)?;
                // A door that guesses had closed opens with the new passphrase, and with nothing else.
                let code = tx.person(*person)?.map(|person| sign_in_code(&person.code)).unwrap_or_default();
                tx.open_table(TRIES)?.retain(|(known, _), _| known != code)?;
                return Ok((answer, Beside::Something));
            }
            Ok((answer, Beside::Nothing))
        });
        attempt.unwrap_or_else(|fault| Answer::Failed(fault.to_string()))
    }

    /// Keeps how often somebody failed to sign in, so that a restart opens no door.
    pub fn keep_tries(&self, code: &str, uid: u32, failed: u32, again: Moment) -> Result<(), Fault> {
        let tx = self.store.write()?;
        tries::keep(&tx, code, uid, failed, again)?;
        self.store.commit(tx)
    }

    /// Keeps how often sending a letter failed, so that a restart shows it and does not hurry.
    pub fn keep_mail_try(
        &self,
        letter: u64,
        person: PersonId,
        tries: u32,
        next: Moment,
        why: &str,
    ) -> Result<(), Fault> {
        self.transact(|tx, _| {
            let mut kept = tx.open_table(crate::store::tables::MAIL_TRIES)?;
            kept.insert((letter, person.0), (tries, next.as_micros(), why))?;
            let mut failing = tx.open_table(crate::store::tables::FAILING)?;
            match tries {
                0 => drop(failing.remove((letter, person.0))?),
                _ => drop(failing.insert((letter, person.0), ())?),
            }
            Ok(((), Beside::Something))
        })
    }

    /// Keeps a half-entered form for its person, or drops it.
    pub fn keep_draft(&self, person: PersonId, form: &str, draft: Option<&str>) -> Result<(), Fault> {
        self.transact(|tx, _| {
            let mut drafts = tx.open_table(DRAFTS)?;
            match draft {
                Some(text) => drop(drafts.insert((person.0, form), text)?),
                None => drop(drafts.remove((person.0, form))?),
            }
            Ok(((), Beside::Something))
        })
    }
}

/// Whether a transaction wrote anything beside the journal and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Something,
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words")
}

/// Appends and projects one event.
fn write(tx: &WriteTransaction, head: &mut Head, context: &Context, event: Event) -> Result<Entry, Fault> {
    let (entry, after) = journal::append(tx, head, context, event)?;
    project(tx, &entry)?;
    *head = after;
    Ok(entry)
}

/// Who acts, with the roles held now; or why they may not try at all.
///
/// In a store that has nobody yet, whoever opens it is the administrator, so that somebody can be appointed.
fn actor(books: &impl Books, by: PersonId, at: Moment, command: &Command) -> Result<Result<Actor, Refusals>, Fault> {
    let zone = books.settings()?.zone;
    let roles = match books.person(by)?.filter(|person| person.active) {
        Some(person) => person.roles,
        None if books.count("people")? == 0 && founds(command) => Roles::of(&[Role::Administrator]),
        None => return Ok(Err(Clause::OwnWork.refuse(Reason::NotSignedIn).into())),
    };
    let by = Actor { person: by, roles, at, zone };
    Ok(command.permit(&by).map(|()| by))
}

/// Only an administrator can be the first.
fn founds(command: &Command) -> bool {
    matches!(command, Command::AppointPerson(first) if first.roles == Roles::of(&[Role::Administrator]))
}

/// How much of the books a decision looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Whole,
    Glance,
}

fn decide(books: &impl Books, by: &Actor, command: &Command, look: Look) -> Result<Result<Event, Refusals>, Fault> {
    let decided = each_command!(command, inner => {
        let facts = match look {
            Look::Whole => inner.gather(books, by)?,
            Look::Glance => inner.glance(books, by)?,
        };
        inner.decide(by, &facts)
    });
    match decided {
        Ok(event) => Ok(gather::stocktaking::unfrozen(books, &event)?.map(|()| event)),
        // Whoever counts must not learn from a refusal what the book has.
        Err(refusals) => Ok(Err(books.blindness(Some(by.person))?.veil(refusals))),
    }
}

impl Serialize for Answer {
    /// As `taizhang post` answers.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = to.serialize_map(None)?;
        match self {
            Answer::Accepted { seq, event } => {
                map.serialize_entry("ok", &true)?;
                map.serialize_entry("seq", seq)?;
                map.serialize_entry("event", event)?;
            }
            Answer::Refused(refusals) => {
                map.serialize_entry("ok", &false)?;
                map.serialize_entry("refused", refusals)?;
            }
            Answer::Failed(words) => {
                map.serialize_entry("ok", &false)?;
                map.serialize_entry("error", words)?;
            }
        }
        map.end()
    }
}
