//! The thread that sends what is owed, and tries again with growing pauses what was not taken.
//!
//! It keeps no letter in memory: what is owed stands in the books, so that a restart forgets nothing. It holds the books only
//! while it reads them, never while it waits for a mail server.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::letter::{self, Ledger};
use super::transport::Route;
use crate::desk::thread::{Inbox, Job};
use crate::desk::{Desk, Note};
use crate::domain::id::PersonId;
use crate::domain::mailing::{due_at, pause};
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::books::Mailbox;
use crate::ui::locale::{Lang, Words};
use crate::verbs::Stop;

/// How often it is looked whether something is owed.
const ROUND: Duration = Duration::from_secs(5);
/// The most letters of one round.
const TOGETHER: usize = 64;

/// What sending needs of the house.
pub struct Postman {
    /// The desk, for reading; gone once the store is being closed.
    pub desk: Weak<Desk>,
    /// The desk's thread, for writing down what became of a letter.
    pub inbox: Inbox,
    /// The store's folder.
    pub folder: PathBuf,
    /// The present.
    pub clock: fn() -> Moment,
}

impl Postman {
    /// Starts the thread. It ends with the desk.
    pub fn start(self) -> std::io::Result<()> {
        let run = move || {
            while let Some(desk) = self.desk.upgrade() {
                drop(desk);
                // What failed stands in the books and on the screens; the next round tries again.
                let _ = round(&self);
                std::thread::sleep(ROUND);
            }
        };
        std::thread::Builder::new().name("postman".into()).spawn(run).map(drop)
    }

    fn desk(&self) -> Option<Arc<Desk>> {
        self.desk.upgrade()
    }
}

/// A letter that is due.
struct Due {
    seq: u64,
    person: PersonId,
    address: Text,
    tries: u32,
    day: crate::domain::time::Day,
}

/// Sends what is due once; gives how many letters were taken.
pub fn round(postman: &Postman) -> Result<usize, Stop> {
    let now = (postman.clock)();
    let (due, identity) = {
        let Some(desk) = postman.desk() else { return Ok(0) };
        let books = desk.store().read()?;
        (due(&books, now)?, books.identity()?)
    };
    if due.is_empty() {
        return Ok(0);
    }
    let route = match Route::read(&postman.folder) {
        Ok(Some(route)) => route,
        Ok(None) => return Ok(0),
        Err(why) => {
            due.iter().for_each(|letter| postman.failed(letter, &why, now));
            return Ok(0);
        }
    };
    let words = Words::load(Lang::Zh);
    let mut made: Option<(u64, Ledger)> = None;
    let mut taken = 0;
    for letter in &due {
        if made.as_ref().is_none_or(|(seq, _)| *seq != letter.seq) {
            let Some(desk) = postman.desk() else { return Ok(taken) };
            let books = desk.store().read()?;
            let closed = crate::store::books::Daybook::closed_day(&books, letter.day)?;
            let Some(closed) = closed else { continue };
            made = Some((letter.seq, letter::ledger(&books, &closed, &postman.folder, now, &words)?));
        }
        let Some((_, ledger)) = &made else { continue };
        let id = format!("<{}.{}.{identity}@taizhang>", letter.seq, letter.person.0);
        let answer = ledger.to(&route.from, &letter.address, &id).and_then(|message| route.send(&message));
        match answer {
            Ok(answer) => {
                postman.taken(letter, ledger, answer)?;
                taken += 1;
            }
            Err(why) => postman.failed(letter, &why, (postman.clock)()),
        }
    }
    Ok(taken)
}

/// The letters whose time has come, of people who have an address.
fn due(books: &redb::ReadTransaction, now: Moment) -> Result<Vec<Due>, Stop> {
    let mut due = Vec::new();
    for (seq, person, letter) in books.letters_owed(TOGETHER)? {
        let (tries, next, _) = books.mail_tries(seq, person)?;
        let address = books.address(person)?;
        if due_at(tries, next, letter.hurried) <= now && !address.is_empty() {
            due.push(Due { seq, person, address, tries, day: letter.day });
        }
    }
    Ok(due)
}

impl Postman {
    /// Writes down that a letter was taken; the next one is sent only once that is on disk, so that none goes twice.
    fn taken(&self, letter: &Due, ledger: &Ledger, answer: Text) -> Result<(), Stop> {
        let note = Note::LetterSent {
            letter: letter.seq,
            person: letter.person,
            address: letter.address.clone(),
            answer,
            rows: ledger.rows,
            sha256: ledger.sha256.as_str().into(),
        };
        let (tell, told) = sync_channel(1);
        let reply = Box::new(move |done| drop(tell.send(done)));
        self.inbox.hand_in(Job::Noted(note, "mail".into(), reply));
        match told.recv() {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(fault)) => Err(Stop::Failed(fault)),
            Err(_) => Err(Stop::Failed("the desk has stopped".into())),
        }
    }

    fn failed(&self, letter: &Due, why: &Text, now: Moment) {
        let tries = letter.tries + 1;
        let next = now.plus_seconds(pause(tries));
        // What is not kept is tried again a little sooner.
        let _ = self.inbox.try_hand_in(Job::MailTry(letter.seq, letter.person, tries, next, why.clone()));
    }
}
