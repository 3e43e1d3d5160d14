//! Who goes in and out of the warehouse (出入登记, W13), and the checks before and after work (班前班后三查, W14).
//!
//! Each check answers all three questions. What is irregular is written down at once and stays open until the operations
//! director or the store manager has read it. Nobody closes a warehouse with a visitor in it.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::id::{CheckId, PersonId, VisitorId};
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// When the warehouse is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// 班前: before work.
    Opening,
    /// 班后: after work.
    Closing,
}

impl Shift {
    /// Both, in the order of the day.
    pub const ALL: &[Shift] = &[Shift::Opening, Shift::Closing];

    /// Its name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Shift::Opening => "opening",
            Shift::Closing => "closing",
        }
    }
}

/// What is looked at in each check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckItem {
    /// 门窗: doors, windows, locks, seals.
    Doors,
    /// 水电消防: power, water, fire.
    Power,
    /// 货物: the goods as they lie.
    Goods,
}

/// Something that is not as it should be (异常).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Irregularity {
    /// Where.
    pub item: CheckItem,
    /// What.
    pub note: Text,
}

/// A check as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its number.
    pub id: CheckId,
    /// The day.
    pub day: Day,
    /// Before or after work.
    pub shift: Shift,
    /// What was not as it should be.
    pub irregular: Vec<Irregularity>,
    /// Who checked.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Who has read of the irregularities, when, and what is to be done.
    pub read: Vec<(PersonId, Moment, Text)>,
}

impl Check {
    /// How it stands, by its name in data and in the locale files.
    pub fn state_key(&self) -> &'static str {
        match (self.irregular.is_empty(), self.is_open()) {
            (true, _) => "fine",
            (false, true) => "open",
            (false, false) => "read",
        }
    }

    /// What was irregular at one of the three, or empty.
    pub fn found(&self, item: CheckItem) -> Text {
        let found = self.irregular.iter().find(|irregular| irregular.item == item);
        found.map(|irregular| irregular.note.clone()).unwrap_or_default()
    }

    /// Whether something is irregular and nobody has read it.
    pub fn is_open(&self) -> bool {
        !self.irregular.is_empty() && self.read.is_empty()
    }
}

/// A visitor as the books keep them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// The number of the visit.
    pub id: VisitorId,
    /// Who came.
    pub name: Text,
    /// From where.
    pub firm: Text,
    /// What for.
    pub purpose: Text,
    /// Who let them in.
    pub by: PersonId,
    /// When they came.
    pub at: Moment,
    /// Who saw them leave, and when.
    pub left: Option<(PersonId, Moment)>,
}

/// Note a check before or after work (登记三查). For each question what is wrong; empty where all is in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteCheck {
    /// Before or after work.
    pub shift: Shift,
    /// Doors, windows, locks, seals.
    pub doors: Text,
    /// Power, water, fire.
    pub power: Text,
    /// The goods as they lie.
    pub goods: Text,
}

/// Read of a check's irregularities (阅异常).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadCheck {
    /// Which check.
    pub check: CheckId,
    /// What is to be done, or empty.
    #[serde(default)]
    pub remark: Text,
}

/// Let a visitor in (来访登记).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteVisitor {
    /// Who comes.
    pub name: Text,
    /// From where.
    #[serde(default)]
    pub firm: Text,
    /// What for.
    pub purpose: Text,
}

/// Note that a visitor left (离开登记).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteVisitorLeft {
    /// Which visit.
    pub visitor: VisitorId,
}

/// What commands about checks may look at.
pub struct CheckFacts {
    /// The check of that day and shift, or the one named.
    pub check: Option<Check>,
    /// The name of who did it or read it, for words.
    pub name: Text,
    /// How many visitors are in the warehouse.
    pub inside: usize,
    /// The number the next check gets.
    pub next: CheckId,
}

/// What commands about visitors may look at.
pub struct VisitorFacts {
    /// The visit named, if there is one.
    pub visitor: Option<Visitor>,
    /// The number the next visit gets.
    pub next: VisitorId,
}

impl Rule for NoteCheck {
    type Facts = CheckFacts;

    fn decide(&self, by: &Actor, facts: &CheckFacts) -> Result<Event, Refusals> {
        if let Some(done) = &facts.check {
            let done = Reason::CheckedAlready { by: facts.name.clone(), at: done.at };
            return Err(Clause::OnceOnly.refuse(done).into());
        }
        if self.shift == Shift::Closing && facts.inside > 0 {
            let inside = facts.inside as u32;
            return Err(Clause::VisitorsNoted.refuse(Reason::VisitorsInside { inside }).into());
        }
        let answers =
            [(CheckItem::Doors, &self.doors), (CheckItem::Power, &self.power), (CheckItem::Goods, &self.goods)];
        let irregular = answers.into_iter().filter(|(_, note)| !note.is_empty());
        let irregular = irregular.map(|(item, note)| Irregularity { item, note: note.clone() }).collect();
        Ok(Event::PremisesChecked { check: facts.next, day: by.today(), shift: self.shift, irregular })
    }
}

impl Rule for ReadCheck {
    type Facts = CheckFacts;

    fn decide(&self, by: &Actor, facts: &CheckFacts) -> Result<Event, Refusals> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "check", code: self.check.to_string().into() });
        let check = facts.check.as_ref().ok_or_else(unknown)?;
        if check.irregular.is_empty() {
            return Err(Clause::ThreeChecks.refuse(Reason::NothingIrregular { check: check.id }).into());
        }
        if let Some((_, at, _)) = check.read.iter().find(|(person, ..)| *person == by.person) {
            let by = facts.name.clone();
            return Err(Clause::OnceOnly.refuse(Reason::ReadAlready { by, at: *at }).into());
        }
        Ok(Event::CheckRead { check: check.id, remark: self.remark.clone() })
    }
}

impl Rule for NoteVisitor {
    type Facts = VisitorFacts;

    fn decide(&self, _: &Actor, facts: &VisitorFacts) -> Result<Event, Refusals> {
        for (field, value) in [("name", &self.name), ("purpose", &self.purpose)] {
            if value.is_empty() {
                return Err(Clause::VisitorsNoted.refuse(Reason::Empty { field }).into());
            }
        }
        let NoteVisitor { name, firm, purpose } = self.clone();
        Ok(Event::VisitorEntered { visitor: facts.next, name, firm, purpose })
    }
}

impl Rule for NoteVisitorLeft {
    type Facts = VisitorFacts;

    fn decide(&self, _: &Actor, facts: &VisitorFacts) -> Result<Event, Refusals> {
        let code = || self.visitor.to_string().into();
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "visitor", code: code() });
        let visitor = facts.visitor.as_ref().ok_or_else(unknown)?;
        if let Some((_, at)) = visitor.left {
            return Err(Clause::OnceOnly.refuse(Reason::LeftAlready { name: visitor.name.clone(), at }).into());
        }
        Ok(Event::VisitorLeft { visitor: visitor.id })
    }
}
