//! Asking: the one way into the books.
//!
//! [`Desk::submit`] gathers the facts of a command, lets the domain decide, and writes journal and tables, all in one
//! transaction. Commands that wait together share a commit and are answered after it. [`may`](Desk::may) asks the
//! same rule on a read transaction, so that a greyed key and a refused command never disagree.

pub mod gather;
pub mod import;
pub mod thread;

use redb::{ReadTransaction, WriteTransaction};
use serde::Serialize;

use crate::domain::clause::{Clause, Reason, Refusals};
use crate::domain::command::{Command, each_command};
use crate::domain::event::Event;
use crate::domain::id::{PersonId, Seq};
use crate::domain::role::{Role, Roles};
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::domain::{Actor, Rule};
use crate::store::Fault;
use crate::store::books::Books;
use crate::store::journal::{self, Context, Entry, Head};
use crate::store::open::Store;
use crate::store::project::project;
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
    /// The machine failed; nothing was written.
    Failed(String),
}

/// The desk: the store, and the clock it never lets go backwards.
pub struct Desk {
    store: Store,
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
}

impl Desk {
    /// A desk over an open store.
    pub fn new(store: Store) -> Desk {
        Desk { store }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Submits one command.
    pub fn submit(&self, envelope: &Envelope) -> Answer {
        self.submit_all(std::slice::from_ref(envelope)).pop().expect("one answer for one command")
    }

    /// Submits commands in order in one transaction; each is answered once all are on disk.
    pub fn submit_all(&self, envelopes: &[Envelope]) -> Vec<Answer> {
        match self.attempt(envelopes) {
            Ok(answers) => answers,
            Err(fault) if envelopes.len() == 1 => vec![Answer::Failed(fault.to_string())],
            // One record that cannot be read must not take the others down with it.
            Err(_) => envelopes.iter().map(|envelope| self.submit(envelope)).collect(),
        }
    }

    fn attempt(&self, envelopes: &[Envelope]) -> Result<Vec<Answer>, Fault> {
        let tx = self.store.write()?;
        let mut head = journal::head(&tx)?;
        let start = head.seq;
        let mut answers = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            answers.push(self.apply(&tx, &mut head, envelope)?);
        }
        if head.seq == start {
            tx.abort()?;
        } else {
            journal::keep_head(&tx, &head)?;
            tx.commit()?;
        }
        Ok(answers)
    }

    /// Gathers, decides and writes one command within a transaction.
    fn apply(&self, tx: &WriteTransaction, head: &mut Head, envelope: &Envelope) -> Result<Answer, Fault> {
        if let Some(id) = &envelope.id
            && let Some(seq) = tx.command(id)?
        {
            let line = tx.line(seq)?.ok_or(Fault::Missing { table: "journal", key: seq })?;
            let event = Box::new(journal::read(seq, &line)?.event);
            return Ok(Answer::Accepted { seq: Seq(seq), event });
        }
        let at = envelope.at.max(Moment::from_micros(head.at.as_micros() + 1));
        let by = match actor(tx, envelope.by, at, &envelope.command)? {
            Ok(by) => by,
            Err(refusals) => return Ok(Answer::Refused(refusals)),
        };
        match decide(tx, &by, &envelope.command)? {
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
            Ok(by) => decide(books, &by, command),
            Err(refusals) => Ok(Err(refusals)),
        }
    }

    /// Notes what the program itself has to say.
    pub fn note(&self, note: &Note, at: Moment, terminal: &Text) -> Result<Seq, Fault> {
        let tx = self.store.write()?;
        let mut head = journal::head(&tx)?;
        let (by, event) = match note {
            Note::SignedIn(person) => (*person, Event::SignedIn { person: *person }),
            Note::SignInFailed { person, peer, tries } => {
                (PersonId(0), Event::SignInFailed { person: *person, peer: *peer, tries: *tries })
            }
        };
        let at = at.max(Moment::from_micros(head.at.as_micros() + 1));
        let entry = write(&tx, &mut head, &Context { by, at, terminal: terminal.clone(), id: None }, event)?;
        journal::keep_head(&tx, &head)?;
        tx.commit()?;
        Ok(entry.seq)
    }

    /// Keeps a passphrase hash and notes in the journal that it changed, in one transaction.
    pub fn set_passphrase(&self, envelope: &Envelope, hash: &str) -> Answer {
        let attempt = || -> Result<Answer, Fault> {
            let tx = self.store.write()?;
            let mut head = journal::head(&tx)?;
            let answer = self.apply(&tx, &mut head, envelope)?;
            if let Answer::Accepted { event, .. } = &answer
                && let Event::PassphraseChanged { person } = **event
            {
                tx.open_table(crate::store::tables::CREDENTIALS)?.insert(person.0, hash)?;
                journal::keep_head(&tx, &head)?;
                tx.commit()?;
            }
            Ok(answer)
        };
        attempt().unwrap_or_else(|fault| Answer::Failed(fault.to_string()))
    }

    /// Keeps how often somebody failed to sign in, so that a restart opens no door.
    pub fn keep_tries(&self, code: &str, uid: u32, failed: u32, again: Moment) -> Result<(), Fault> {
        let tx = self.store.write()?;
        tx.open_table(crate::store::tables::TRIES)?.insert((code, uid), (failed, again.as_micros()))?;
        tx.commit()?;
        Ok(())
    }

    /// Keeps a half-entered form for its person, or drops it.
    pub fn keep_draft(&self, person: PersonId, form: &str, draft: Option<&str>) -> Result<(), Fault> {
        let tx = self.store.write()?;
        {
            let mut drafts = tx.open_table(crate::store::tables::DRAFTS)?;
            match draft {
                Some(text) => drop(drafts.insert((person.0, form), text)?),
                None => drop(drafts.remove((person.0, form))?),
            }
        }
        tx.commit()?;
        Ok(())
    }
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

fn decide(books: &impl Books, by: &Actor, command: &Command) -> Result<Result<Event, Refusals>, Fault> {
    each_command!(command, inner => {
        let facts = inner.gather(books, by)?;
        Ok(inner.decide(by, &facts))
    })
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
