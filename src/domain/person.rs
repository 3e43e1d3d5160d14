//! People (人员): who may act, in which roles.
//!
//! The administrator (管理员) keeps people and settings and nothing else: the role goes with no
//! other, nobody changes their own roles, and one administrator always remains. Passphrases are
//! not here: the journal says only that one changed.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::id::PersonId;
use super::role::{Role, Roles};
use super::text::{Text, fold};
use super::time::Moment;
use super::{Actor, Rule};

/// The fewest characters of a passphrase.
pub const PASSPHRASE_LEAST: usize = 12;

/// Whether every keyboard of the department can type a passphrase again, whatever input method is on.
pub fn is_typeable(passphrase: &str) -> bool {
    passphrase.chars().all(|c| matches!(c, ' '..='~'))
}

/// The longest sign-in code that is looked up, in characters; what is longer is nobody's, and not kept in full.
const CODE_MOST: usize = 96;

/// A sign-in code as it is looked up and as failed tries are counted: however it was typed, it is one.
pub fn sign_in_code(typed: &str) -> String {
    fold(typed.trim()).to_lowercase().chars().take(CODE_MOST).collect()
}

/// A person of the department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The person's number.
    pub id: PersonId,
    /// What is typed to sign in, such as the pinyin of the name; unique.
    pub code: Text,
    /// The name as shown.
    pub name: Text,
    /// The roles held.
    pub roles: Roles,
    /// The Unix account (uid) bound to the person, if any.
    pub unix: Option<u32>,
    /// Whether the person may act at all.
    pub active: bool,
    /// When they were appointed.
    pub since: Moment,
}

/// Appoint a person (任用). The very first one of a store is an administrator and appoints themself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointPerson {
    /// The sign-in code, letters and digits.
    pub code: Text,
    /// The name as shown.
    pub name: Text,
    /// The roles, at least one.
    pub roles: Roles,
    /// The Unix account (uid) to bind.
    #[serde(default)]
    pub unix: Option<u32>,
}

/// Change a person's roles, for what is done from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoles {
    /// Whose, by sign-in code.
    pub person: Text,
    /// All roles held from now on.
    pub roles: Roles,
}

/// Bind a Unix account to a person, or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BindUnix {
    /// Whose, by sign-in code.
    pub person: Text,
    /// The Unix account (uid), or none.
    pub unix: Option<u32>,
}

/// Let a person act no more, or again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetActive {
    /// Whose, by sign-in code.
    pub person: Text,
    /// Whether they may act.
    pub active: bool,
}

/// Note that a passphrase was set; the hash itself is kept outside the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotePassphrase {
    /// Whose, by sign-in code.
    pub person: Text,
}

/// What commands about people may look at.
pub struct PersonFacts {
    /// The person named by code, if there is one.
    pub person: Option<Person>,
    /// Who holds the Unix account to be bound, if anybody.
    pub unix_holder: Option<Person>,
    /// How many active administrators there are.
    pub administrators: usize,
    /// The number the next person gets.
    pub next: PersonId,
}

fn proper_roles(roles: Roles) -> Result<(), Refusal> {
    if roles.is_empty() {
        return Err(Clause::OwnWork.refuse(Reason::Empty { field: "roles" }));
    }
    if roles.holds(Role::Administrator) && roles.iter().count() > 1 {
        return Err(Clause::OwnWork.refuse(Reason::AdministratorAlone));
    }
    Ok(())
}

fn free_unix(unix: Option<u32>, facts: &PersonFacts, of: Option<PersonId>) -> Result<(), Refusal> {
    match (&facts.unix_holder, unix) {
        (Some(holder), Some(uid)) if Some(holder.id) != of => Err(Clause::OwnWork.refuse(Reason::Taken {
            what: "unix",
            code: uid.to_string().into(),
            by: holder.name.clone(),
        })),
        _ => Ok(()),
    }
}

impl PersonFacts {
    fn named(&self, code: &Text) -> Result<&Person, Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "person", code: code.clone() });
        self.person.as_ref().ok_or_else(unknown)
    }

    fn keeps_an_administrator(&self, person: &Person) -> Result<(), Refusal> {
        if person.active && person.roles.holds(Role::Administrator) && self.administrators <= 1 {
            return Err(Clause::OwnWork.refuse(Reason::LastAdministrator));
        }
        Ok(())
    }
}

impl Rule for AppointPerson {
    type Facts = PersonFacts;

    fn decide(&self, _: &Actor, facts: &PersonFacts) -> Result<Event, Refusals> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if self.code.is_empty() || self.code.len() > 24 || !self.code.chars().all(plain) {
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "code", value: self.code.clone() }).into());
        }
        if self.name.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Empty { field: "name" }).into());
        }
        if let Some(holder) = &facts.person {
            let taken = Reason::Taken { what: "person", code: self.code.clone(), by: holder.name.clone() };
            return Err(Clause::OwnWork.refuse(taken).into());
        }
        proper_roles(self.roles)?;
        free_unix(self.unix, facts, None)?;
        let AppointPerson { code, name, roles, unix } = self.clone();
        Ok(Event::PersonAppointed { person: facts.next, code, name, roles, unix })
    }
}

impl Rule for ChangeRoles {
    type Facts = PersonFacts;

    fn decide(&self, by: &Actor, facts: &PersonFacts) -> Result<Event, Refusals> {
        let person = facts.named(&self.person)?;
        if person.id == by.person {
            return Err(Clause::OwnWork.refuse(Reason::OwnRoles).into());
        }
        proper_roles(self.roles)?;
        if !self.roles.holds(Role::Administrator) {
            facts.keeps_an_administrator(person)?;
        }
        Ok(Event::RolesChanged { person: person.id, roles: self.roles, was: person.roles })
    }
}

impl Rule for BindUnix {
    type Facts = PersonFacts;

    fn decide(&self, _: &Actor, facts: &PersonFacts) -> Result<Event, Refusals> {
        let person = facts.named(&self.person)?;
        free_unix(self.unix, facts, Some(person.id))?;
        Ok(Event::UnixBound { person: person.id, unix: self.unix, was: person.unix })
    }
}

impl Rule for SetActive {
    type Facts = PersonFacts;

    fn decide(&self, by: &Actor, facts: &PersonFacts) -> Result<Event, Refusals> {
        let person = facts.named(&self.person)?;
        if person.id == by.person {
            return Err(Clause::OwnWork.refuse(Reason::OwnRoles).into());
        }
        if !self.active {
            facts.keeps_an_administrator(person)?;
        }
        Ok(Event::ActiveSet { person: person.id, active: self.active })
    }
}

impl Rule for NotePassphrase {
    type Facts = PersonFacts;

    fn decide(&self, by: &Actor, facts: &PersonFacts) -> Result<Event, Refusals> {
        let person = facts.named(&self.person)?;
        if person.id != by.person && !by.roles.holds(Role::Administrator) {
            let wanted = vec![Role::Administrator];
            return Err(Clause::OwnWork.refuse(Reason::NotYourRole { act: "note_passphrase", wanted }).into());
        }
        Ok(Event::PassphraseChanged { person: person.id })
    }
}

impl Person {
    /// What an event does to the record.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::RolesChanged { roles, .. } => self.roles = *roles,
            Event::UnixBound { unix, .. } => self.unix = *unix,
            Event::ActiveSet { active, .. } => self.active = *active,
            _ => {}
        }
    }
}
