//! Who may speak for whom on the command line.
//!
//! The Unix account that owns the store speaks for anybody: it could edit the file anyway. Anyone else gives the passphrase
//! of the one person spoken for; a name alone is a claim and opens nothing. Wrong passphrases are slowed down by the same
//! tries as at the screens, and unknown, wrong and locked are one answer (trust.md I4).

use zeroize::Zeroizing;

use super::args::Who;
use super::caller::{Caller, Lines, terminal};
use super::{Office, Stop};
use crate::domain::id::PersonId;
use crate::domain::person::sign_in_code;
use crate::domain::role::{Role, Roles};
use crate::domain::text::Text;
use crate::server::{Tries, login};
use crate::store::books::Books;

/// Whom a call may speak for, and whom it speaks for where it does not say.
pub(super) struct Speaking {
    owner: bool,
    /// The person whose passphrase was given.
    proved: Option<PersonId>,
    /// The person named by `--as`, with whose eyes the caller sees.
    named: Option<PersonId>,
    /// The person named by `--as`, or bound to the owner's Unix account.
    pub person: Option<PersonId>,
    /// The terminal, for the journal.
    pub terminal: Text,
}

impl Speaking {
    /// Settles who speaks; takes the passphrase from the input where there is one.
    pub fn settle(office: &Office, who: &Who, lines: &mut Lines, caller: &mut dyn Caller) -> Result<Speaking, Stop> {
        let owner = caller.uid() == office.owner || caller.uid() == 0;
        let passphrase = if who.proof { Some(lines.first(caller)?) } else { None };
        let code = who.person.as_deref().map(sign_in_code);
        let proved = match (&passphrase, &code) {
            (Some(passphrase), Some(code)) => Some(prove(office, code, caller.uid(), passphrase)?),
            _ => None,
        };
        let books = office.desk.store().read()?;
        let person = match &code {
            Some(code) => books.person_by_code(code)?,
            None => books.person_by_unix(caller.uid())?,
        };
        if !owner && proved.is_none() {
            return Err(Stop::Said("verb.passphrase_wanted", Vec::new()));
        }
        let known = person.as_ref().map(|person| person.id);
        if let (Some(code), None) = (&code, known) {
            return Err(Stop::Said("verb.nobody", vec![("code", Text::new(code).to_string())]));
        }
        let named = known.filter(|_| code.is_some());
        let terminal = terminal(&who.tty, caller.uid(), caller.pid());
        Ok(Speaking { owner, proved, named, person: known, terminal })
    }

    /// Whether this call may speak for that person.
    pub fn may_be(&self, person: PersonId) -> bool {
        self.owner || self.proved == Some(person)
    }

    /// The roles whose view is shown; `None` for the owner who names nobody, who sees the file as it is.
    pub fn view(&self, office: &Office) -> Result<Option<Roles>, Stop> {
        let Some(id) = self.named else { return Ok(None) };
        let person = office.desk.store().read()?.person(id)?;
        Ok(Some(person.filter(|person| person.active).map_or(Roles::NONE, |person| person.roles)))
    }

    /// Refuses a verb that hands out everything unless the caller may have it: the owner, or who keeps the books.
    pub fn must_see_all(&self, office: &Office) -> Result<(), Stop> {
        match self.view(office)? {
            Some(roles) if !self.owner => Speaking::must_keep_books(roles),
            _ => Ok(()),
        }
    }

    /// Refuses what hands out everything to whoever holds no role that keeps the books.
    pub fn must_keep_books(roles: Roles) -> Result<(), Stop> {
        let keepers = [Role::Administrator, Role::OperationsDirector, Role::Finance];
        if roles.any(&keepers) { Ok(()) } else { Err(Stop::Said("verb.not_for_you", Vec::new())) }
    }

    /// Refuses a verb that writes files in the owner's name to everybody else.
    pub fn must_be_owner(&self) -> Result<(), Stop> {
        if self.owner { Ok(()) } else { Err(Stop::Said("verb.owner_only", Vec::new())) }
    }
}

fn prove(office: &Office, code: &str, uid: u32, passphrase: &Zeroizing<String>) -> Result<PersonId, Stop> {
    let one_at_a_time = office.checking.lock();
    let now = (office.clock)();
    let tries = office.credentials.tries(code, uid);
    let wrong = || Stop::Said("verb.wrong_passphrase", Vec::new());
    if tries.again > now {
        return Err(wrong());
    }
    let found = match office.credentials.find(code) {
        Some((person, hash)) => login::matches(passphrase, &hash).then_some(person),
        None => {
            // The same work for nobody, so that the time taken tells nothing.
            let _ = login::hash(passphrase);
            None
        }
    };
    let after = if found.is_some() { Tries::default() } else { tries.failed_at(now) };
    if after != tries {
        office.credentials.keep_tries(code, uid, after);
    }
    drop(one_at_a_time);
    found.ok_or_else(wrong)
}
