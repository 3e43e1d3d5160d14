//! The people (人员): everybody sees who holds which role; the administrator appoints, changes roles, binds Unix accounts and
//! lets nobody act who should not.

use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::person::{BindUnix, Person, SetActive};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Objection, Opening, Sight, Subject};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "gate.code", least: 8, most: 14, align: Align::Left, rank: 1 },
    Column { title: "gate.name", least: 8, most: 14, align: Align::Left, rank: 0 },
    Column { title: "column.roles", least: 21, most: 60, align: Align::Left, rank: 2 },
    Column { title: "column.state", least: 7, most: 8, align: Align::Left, rank: 3 },
    Column { title: "column.passphrase", least: 7, most: 10, align: Align::Left, rank: 4 },
    Column { title: "column.unix", least: 8, most: 10, align: Align::Right, rank: 5 },
    Column { title: "column.since", least: 10, most: 12, align: Align::Left, rank: 6 },
];

/// The people.
pub type People = Listing<PeopleTable>;

/// What the list of people is about.
#[derive(Default)]
pub struct PeopleTable {
    chosen: Option<Person>,
}

fn roles(words: &Words, person: &Person) -> String {
    let each = person.roles.iter().map(|role| words.say(role.label()).to_owned());
    each.collect::<Vec<_>>().join(", ")
}

fn row(sight: &Sight<'_>, person: &Person) -> Result<Row<PersonId>, Fault> {
    let say = |key: &str| sight.words.say(key).to_owned();
    let passphrase = sight.books.credential(person.id)?.is_some();
    let cells = vec![
        Cell::plain(person.code.as_str()),
        Cell::plain(person.name.as_str()),
        Cell::plain(roles(sight.words, person)),
        match person.active {
            true => Cell::plain(say("person.active")),
            false => Cell::toned(say("person.inactive"), Tone::Late),
        },
        match passphrase {
            true => Cell::plain(say("person.has_passphrase")),
            false => Cell::toned(say("person.no_passphrase"), Tone::Soon),
        },
        Cell::plain(person.unix.map_or_else(String::new, |unix| unix.to_string())),
        Cell::plain(person.since.day(sight.settings.zone).to_string()),
    ];
    Ok(Row { id: person.id, cells })
}

impl Table for PeopleTable {
    type Id = PersonId;
    const NAME: &'static str = "people";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "person.none";
    const ACTS: &'static [Act<People>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|person| Opening::Journal(Subject::Person(person)))),
        },
        Act {
            name: "row.new",
            command: |_| Some("appoint_person"),
            deed: Deed::Open(|_| Some(Opening::PersonForm(None))),
        },
        Act {
            name: "row.edit",
            command: |_| Some("change_roles"),
            deed: Deed::Open(|pane| pane.at().map(|person| Opening::PersonForm(Some(person)))),
        },
        Act { name: "person.bind", command: |_| Some("bind_unix"), deed: Deed::Ask(bind) },
        Act { name: "person.active", command: |_| Some("set_active"), deed: Deed::Ask(set_active) },
        Act {
            name: "person.passphrase",
            command: |_| Some("note_passphrase"),
            deed: Deed::Open(|pane| pane.at().map(|person| Opening::Passphrase(Some(person)))),
        },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("pane.people").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<PersonId>,
        height: usize,
    ) -> Result<Vec<Row<PersonId>>, Fault> {
        let mut people = sight.books.people()?;
        let fits = |text: &str| text.to_lowercase().contains(&query.to_lowercase());
        people.retain(|person| fits(&person.code) || fits(&person.name) || fits(&roles(sight.words, person)));
        need.page_of(&people, |person| person.id, height).iter().map(|person| row(sight, person)).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<PersonId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| sight.books.person(id))?;
        let Some(person) = &self.chosen else { return Ok(vec![]) };
        Ok(vec![
            Line::title(format!("{} {}", person.code, person.name)),
            Line::plain(roles(sight.words, person)),
            Line::toned(sight.words.say("person.who_may"), Tone::Faint),
        ])
    }
}

fn title(person: &Person) -> String {
    format!("{} {}", person.code, person.name)
}

fn bind(pane: &People, words: &Words) -> Option<Ask> {
    let person = pane.of.chosen.as_ref()?;
    let code = person.code.clone();
    let held = person.unix.map_or_else(String::new, |unix| unix.to_string());
    let fields = vec![Field::line("unix", "column.unix", input::Kind::Code).holding(&held)];
    let make = move |filled: &Filled<'_>| {
        Ok(Command::BindUnix(BindUnix { person: code.clone(), unix: uid(&filled("unix"))? }))
    };
    let lines = vec![words.say("person.binding").to_owned()];
    Some(Ask { title: title(person), lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) })
}

fn set_active(pane: &People, words: &Words) -> Option<Ask> {
    let person = pane.of.chosen.as_ref()?;
    let key = if person.active { "person.stopping" } else { "person.letting" };
    let command = Command::SetActive(SetActive { person: person.code.clone(), active: !person.active });
    let lines = vec![words.say_with(key, &[("name", &person.name)])];
    Some(Ask::plain(title(person), lines, command).confirmed_by(Confirm::F8))
}

/// What is typed into a field as a Unix account: nothing, or a number.
pub(super) fn uid(text: &str) -> Result<Option<u32>, Objection> {
    let typed = Text::new(text);
    let unix = Some(typed.as_str()).filter(|typed| !typed.is_empty()).map(str::parse).transpose();
    unix.map_err(|_| ("unix", "person.not_a_uid".to_owned()))
}
