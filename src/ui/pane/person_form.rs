//! A person to appoint, or one whose roles change: every role with a yes or a no.

use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::person::{AppointPerson, ChangeRoles, Person};
use crate::domain::role::{Role, Roles};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::locale::Words;
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Objection, Opening, Sight, people};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input::Kind;

/// A person.
pub type PersonForm = Filling<PersonPaper>;

/// What the form of a person is about.
pub struct PersonPaper {
    person: Option<PersonId>,
    seen: Option<Person>,
}

/// A person to appoint, or one whose roles change.
pub fn person_form(person: Option<PersonId>) -> PersonForm {
    let answers = ["no", "yes"].map(|key| (key.to_owned(), format!("answer.{key}")));
    let own = [
        Field::line("code", "gate.code", Kind::Code).needed(),
        Field::line("name", "gate.name", Kind::Text).needed(),
        Field::line("unix", "column.unix", Kind::Code),
    ];
    let own = own.into_iter().filter(|_| person.is_none());
    let roles = Role::ALL.iter().map(|role| Field::choice(role.key(), role.label(), answers.to_vec()));
    Filling::of(PersonPaper { person, seen: None }, Form::new(own.chain(roles).collect(), None))
}

impl Paper for PersonPaper {
    fn title(&self, words: &Words) -> String {
        match &self.seen {
            Some(person) => format!("{} {} {}", words.say("act.change_roles"), person.code, person.name),
            None => words.say("act.appoint_person").to_owned(),
        }
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let (Some(id), None) = (self.person, &self.seen) else { return Ok(()) };
        self.seen = sight.books.person(id)?;
        let held = self.seen.iter().flat_map(|person| person.roles.iter());
        held.for_each(|role| form.set(role.key(), "yes"));
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let held: Vec<Role> = Role::ALL.iter().copied().filter(|role| form.text(role.key()) == "yes").collect();
        let roles = Roles::of(&held);
        Ok(match &self.seen {
            Some(person) => Command::ChangeRoles(ChangeRoles { person: person.code.clone(), roles }),
            None => Command::AppointPerson(AppointPerson {
                code: Text::new(form.text("code")),
                name: Text::new(form.text("name")),
                roles,
                unix: people::uid(form.text("unix"))?,
            }),
        })
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::PersonForm(self.person), 0)
    }
}
