//! Mail (寄件): to whom the ledger of a closed day goes (M5.1), and what became of it.
//!
//! A letter is owed from the moment a day is closed, to everybody who holds one of the two roles then. It stays owed until a
//! mail server has taken it; what that server answered is an event, so that nothing is sent twice and nothing is forgotten.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::id::PersonId;
use super::person::Person;
use super::role::Role;
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// Who gets the ledger of a closed day.
pub const READERS: &[Role] = &[Role::BackOffice, Role::PromotionSupervisor];
/// The longest address.
const ADDRESS_MAX: usize = 120;

/// A letter that is owed to a person, or was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The closed day whose ledger it carries.
    pub day: Day,
    /// What became of it: to which address, when, and what the server answered. None while it is owed.
    pub sent: Option<Delivery>,
    /// When somebody wanted it sent at once, the last time.
    pub hurried: Option<Moment>,
}

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 已寄: a mail server took it.
    Sent,
    /// 没有邮箱: whom it is for has no address.
    NoAddress,
    /// 寄不出: it was tried, and no server took it.
    Failing,
    /// 待寄: it has not been tried.
    Owed,
}

impl Standing {
    /// Its name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Standing::Sent => "sent",
            Standing::NoAddress => "no_address",
            Standing::Failing => "failing",
            Standing::Owed => "owed",
        }
    }
}

impl Letter {
    /// How it stands, with the address of whom it is for and how often sending it failed.
    pub fn standing(&self, address: &Text, tries: u32) -> Standing {
        match &self.sent {
            Some(_) => Standing::Sent,
            None if address.is_empty() => Standing::NoAddress,
            None if tries > 0 => Standing::Failing,
            None => Standing::Owed,
        }
    }
}

/// When a letter is tried next: after its pause, or at once where somebody wanted that since it was tried last.
pub fn due_at(tries: u32, next: Moment, hurried: Option<Moment>) -> Moment {
    let tried = next.plus_seconds(-pause(tries));
    hurried.filter(|at| tries > 0 && *at > tried).map_or(next, |at| at.min(next))
}

/// Have a letter that is owed tried at once (马上寄), instead of after its pause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HurryLetter {
    /// The entry of the journal that closed the day.
    pub letter: u64,
    /// To whom, by sign-in code.
    pub person: Text,
}

/// What it may look at.
pub struct LetterFacts {
    /// The person named by code, if there is one.
    pub person: Option<Person>,
    /// Their letter of that day, if one is owed or was sent.
    pub letter: Option<Letter>,
    /// Their present address, or empty.
    pub address: Text,
}

impl Rule for HurryLetter {
    type Facts = LetterFacts;

    fn decide(&self, _: &Actor, facts: &LetterFacts) -> Result<Event, Refusals> {
        let unknown = |what, code: Text| Clause::Known.refuse(Reason::Unknown { what, code });
        let person = facts.person.as_ref().ok_or_else(|| unknown("person", self.person.clone()))?;
        let number = || self.letter.to_string().into();
        let letter = facts.letter.as_ref().ok_or_else(|| unknown("letter", number()))?;
        if let Some(sent) = &letter.sent {
            let taken = Reason::LetterTaken { day: letter.day, address: sent.address.clone(), at: sent.at };
            return Err(Clause::OnceOnly.refuse(taken).into());
        }
        if facts.address.is_empty() {
            return Err(Clause::DailyLedger.refuse(Reason::NoAddress { person: person.name.clone() }).into());
        }
        Ok(Event::LetterHurried { letter: self.letter, person: person.id, day: letter.day })
    }
}

/// A letter that a mail server took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// To which address.
    pub address: Text,
    /// When.
    pub at: Moment,
    /// What the server answered.
    pub answer: Text,
}

/// Give a person an address for mail, or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAddress {
    /// Whose, by sign-in code.
    pub person: Text,
    /// The address; empty takes it away.
    pub address: Text,
}

/// What it may look at.
pub struct AddressFacts {
    /// The person named by code, if there is one.
    pub person: Option<Person>,
    /// Their present address, or empty.
    pub was: Text,
}

impl Rule for SetAddress {
    type Facts = AddressFacts;

    fn decide(&self, _: &Actor, facts: &AddressFacts) -> Result<Event, Refusals> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "person", code: self.person.clone() });
        let person = facts.person.as_ref().ok_or_else(unknown)?;
        if !self.address.is_empty() && !is_address(&self.address) {
            let value = self.address.clone();
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "mail_address", value }).into());
        }
        Ok(Event::AddressSet { person: person.id, address: self.address.clone(), was: facts.was.clone() })
    }
}

/// Whether it can be an address: one `@` with something plain on both sides.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    };
    text.len() <= ADDRESS_MAX && text.split_once('@').is_some_and(|(local, host)| plain(local) && plain(host))
}

/// How long is waited after so many failed tries, in seconds: from half a minute up to an hour.
pub fn pause(tries: u32) -> i64 {
    (30 << tries.saturating_sub(1).min(7)).min(3_600)
}

/// The letters that the closing of a day owes.
pub fn owed(people: &[Person]) -> impl Iterator<Item = PersonId> + '_ {
    people.iter().filter(|person| person.active && person.roles.any(READERS)).map(|person| person.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_no_further() {
        let pauses: Vec<i64> = [1, 2, 3, 7, 8, 9, 1_000].into_iter().map(pause).collect();
        assert_eq!(pauses, [30, 60, 120, 1_920, 3_600, 3_600, 3_600]);
    }

    #[test]
    fn a_letter_is_tried_after_its_pause_or_when_somebody_wants_it() {
        let at = |seconds: i64| Moment::from_micros(seconds * 1_000_000);
        let cases = [
            // tries, next, hurried; due
            (0, 0, None, 0),
            (0, 0, Some(50), 0),
            (1, 130, None, 130),
            (1, 130, Some(90), 130),
            (1, 130, Some(110), 110),
            (1, 130, Some(140), 130),
            (2, 260, Some(110), 260),
        ];
        for (tries, next, hurried, due) in cases {
            assert_eq!(due_at(tries, at(next), hurried.map(at)), at(due), "{tries} {next} {hurried:?}");
        }
    }

    #[test]
    fn an_address_has_one_at_and_nothing_that_a_header_could_mistake() {
        for good in ["a@b", "wang.er+x@mail.example.com"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b>", "王@b", "a@b,c@d"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
