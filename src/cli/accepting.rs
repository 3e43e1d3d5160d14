//! `taizhang accept`: two people answer for books that the witness objects to, such as a backup that came back.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use redb::ReadTransaction;
use zeroize::Zeroizing;

use super::asking::{first_line, opened, typed};
use super::line::Who;
use super::local::taken;
use super::serving::witness;
use super::{DONE, Trouble};
use crate::desk::{Desk, Note};
use crate::domain::person::Person;
use crate::domain::role::Role;
use crate::domain::text::Text;
use crate::server::{self, login};
use crate::store::Fault;
use crate::store::books::Books;
use crate::store::open::Store;
use crate::store::witness::{Objection, Seen};
use crate::ui::locale::Words;
use crate::wire::Place;

/// Lets the books stand, once two different people have proved who they are; the journal says who and why.
pub(super) fn accept(place: &Place, who: &Who, second: &str, reason: &str, words: &Words) -> Result<u8, Trouble> {
    let gate = taken(place)?;
    let witness = witness(place).ok_or(Trouble::Said("cli.no_home", Vec::new()))?;
    if !place.books().exists() {
        return Err(Trouble::Said("keep.accept_what", Vec::new()));
    }
    let store = Store::open(&place.books(), false, &mut |_| {}).map_err(failed)?;
    let books = store.read().map_err(failed)?;
    let Some(objection) = witness.objection(Some(&books)).map_err(failed)? else {
        return Err(Trouble::Said("keep.accept_what", Vec::new()));
    };
    let first = who.person.as_deref().unwrap_or_default();
    let [proof, other_proof] = proofs(who, [first, second], words)?;
    let (first, second) = (proven(&books, first, &proof)?, proven(&books, second, &other_proof)?);
    let holds = |person: &Person| person.roles.holds(Role::Administrator);
    if first.id == second.id || !(holds(&first) || holds(&second)) || reason.trim().is_empty() {
        return Err(Trouble::Said("keep.two_people", Vec::new()));
    }
    let entries = Seen::of(&books).map_err(failed)?.entries;
    drop(books);
    let note = Note::BooksAccepted {
        by: first.id,
        second: second.id,
        reason: Text::new(reason),
        objection: Text::new(key(&objection)),
        entries,
        witnessed: witnessed(&objection),
    };
    let uid = rustix::process::getuid().as_raw();
    let desk = Desk::new(store);
    desk.note(&note, server::now(), &Text::new(&format!("uid {uid}"))).map_err(failed)?;
    let seen = Seen::of(&desk.store().read().map_err(failed)?).map_err(failed)?;
    witness.keep(&seen).map_err(failed)?;
    drop((desk, gate));
    writeln!(io::stdout(), "{}", words.say_with("keep.accepted", &[("entries", &seen.entries), ("head", &seen.head)]))?;
    Ok(DONE)
}

fn failed(fault: Fault) -> Trouble {
    Trouble::Said("verb.failed", vec![("fault", Text::new(&fault.to_string()).to_string())])
}

/// The passphrases: typed without being shown, or the first two lines of a file or of standard input.
fn proofs(who: &Who, people: [&str; 2], words: &Words) -> Result<[Zeroizing<String>; 2], Trouble> {
    let two = |from: &mut dyn BufRead| -> Result<_, Trouble> {
        let mut from = from;
        Ok([first_line(&mut from)?, first_line(&mut from)?])
    };
    if let Some(file) = &who.passphrase_file {
        return two(&mut BufReader::new(opened(file)?));
    }
    if who.passphrase_stdin || !io::stdin().is_terminal() {
        return two(&mut io::stdin().lock());
    }
    let ask = |code: &str| typed(&words.say_with("keep.passphrase_of", &[("code", &code)]));
    Ok([ask(people[0])?, ask(people[1])?])
}

fn proven(books: &ReadTransaction, code: &str, passphrase: &str) -> Result<Person, Trouble> {
    let person = books.person_by_code(code).map_err(failed)?.filter(|person| person.active);
    let hash = person.as_ref().map_or(Ok(None), |person| books.credential(person.id)).map_err(failed)?;
    let is_right = hash.is_some_and(|hash| login::matches(passphrase, &hash));
    person.filter(|_| is_right).ok_or(Trouble::Said("verb.wrong_passphrase", Vec::new()))
}

/// What the witness said, as the journal keeps it.
fn key(objection: &Objection) -> &'static str {
    match objection {
        Objection::OtherStore => "other_store",
        Objection::Shorter { .. } => "shorter",
        Objection::Altered { .. } => "altered",
        Objection::Unreadable => "unreadable",
        Objection::NoBooks { .. } => "no_books",
    }
}

fn witnessed(objection: &Objection) -> u64 {
    match objection {
        Objection::Shorter { seen, .. } | Objection::NoBooks { seen } => *seen,
        Objection::Altered { at } => *at,
        Objection::OtherStore | Objection::Unreadable => 0,
    }
}
