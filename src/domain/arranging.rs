//! Arranging a stocktake: opening it, appointing who counts again, giving it up.
//!
//! All three are the marketing centre's (M5.2): the people who count are appointed by it, never by those whose goods are
//! counted.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::Article;
use super::id::{ArticleId, PersonId, StocktakeId};
use super::person::Person;
use super::role::Role;
use super::stocktake::{Method, Scope, Stage, Stocktake, StocktakeKind};
use super::text::Text;
use super::time::Day;
use super::{Actor, Rule};

/// Open a stocktake (安排盘点), for everything where neither places nor articles are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenStocktake {
    /// What it is for.
    pub kind: StocktakeKind,
    /// Only these places.
    #[serde(default)]
    pub places: Vec<Text>,
    /// Only these articles, by code or barcode.
    #[serde(default)]
    pub articles: Vec<Text>,
    /// Whether goods in scope may not move until it is closed.
    #[serde(default)]
    pub frozen: bool,
    /// On how many sheets.
    #[serde(default)]
    pub method: Method,
    /// The two who count, by sign-in code.
    pub counters: Vec<Text>,
    /// Who else is present, by sign-in code.
    #[serde(default)]
    pub present: Vec<Text>,
    /// What is to be said about it.
    #[serde(default)]
    pub note: Text,
}

/// Appoint who counts again what differs: somebody who has not counted it, or both counters together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointRecount {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// Who, by sign-in code: one person, or both counters.
    pub people: Vec<Text>,
}

/// Give a stocktake up, such as when a counter left half-way (E47).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbandonStocktake {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// Why.
    pub reason: Text,
}

/// What arranging may look at.
pub struct ArrangeFacts {
    /// The stocktake named, if there is one.
    pub stocktake: Option<Stocktake>,
    /// The people named, counters first, in order.
    pub people: Vec<Option<Person>>,
    /// The articles named, in order.
    pub articles: Vec<Option<Article>>,
    /// Places named that do not exist.
    pub unknown_places: Vec<Text>,
    /// Stocktakes that are open.
    pub open: Vec<Stocktake>,
    /// For the articles that a scope lists: at which places they are, or belong.
    pub places_of: Vec<(ArticleId, Vec<Text>)>,
    /// Names of people who count, for words.
    pub names: Vec<(PersonId, Text)>,
    /// The number the next stocktake gets.
    pub next: StocktakeId,
}

/// The stocktake named, or the refusal.
pub(super) fn known(found: &Option<Stocktake>, id: StocktakeId) -> Result<&Stocktake, Refusal> {
    let unknown = || Clause::Known.refuse(Reason::Unknown { what: "stocktake", code: id.to_string().into() });
    found.as_ref().ok_or_else(unknown)
}

/// The stocktake is at a stage that does not allow this.
pub(super) fn wrong_stage(stocktake: &Stocktake) -> Refusal {
    let (stocktake, progress) = (stocktake.id, stocktake.stage.key());
    Clause::TwoCount.refuse(Reason::StocktakeIs { stocktake, progress })
}

impl ArrangeFacts {
    fn person(&self, at: usize, code: &Text) -> Result<&Person, Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "person", code: code.clone() });
        let person = self.people[at].as_ref().filter(|person| person.active).ok_or_else(unknown)?;
        if person.roles.holds(Role::Administrator) {
            return Err(Clause::OwnWork.refuse(Reason::CountsNothing { person: person.name.clone() }));
        }
        Ok(person)
    }

    /// The goods that two scopes have in common, as far as they can be told.
    fn overlaps(&self, ours: &Scope, theirs: &Scope) -> bool {
        let places = |article: &ArticleId| {
            self.places_of.iter().find(|(of, _)| of == article).map(|(_, places)| places.as_slice()).unwrap_or_default()
        };
        match (ours, theirs) {
            (Scope::Whole, _) | (_, Scope::Whole) => true,
            (Scope::Places(ours), Scope::Places(theirs)) => ours.iter().any(|place| theirs.contains(place)),
            (Scope::Articles(ours), Scope::Articles(theirs)) => ours.iter().any(|article| theirs.contains(article)),
            (Scope::Places(named), Scope::Articles(articles)) | (Scope::Articles(articles), Scope::Places(named)) => {
                articles.iter().any(|article| places(article).iter().any(|place| named.contains(place)))
            }
        }
    }
}

impl OpenStocktake {
    fn scope(&self, facts: &ArrangeFacts) -> Result<Scope, Refusal> {
        if !self.places.is_empty() && !self.articles.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "places", value: self.places[0].clone() }));
        }
        if let Some(place) = facts.unknown_places.first() {
            return Err(Clause::Known.refuse(Reason::Unknown { what: "place", code: place.clone() }));
        }
        if !self.places.is_empty() {
            return Ok(Scope::Places(distinct(self.places.clone())));
        }
        let mut articles = Vec::with_capacity(self.articles.len());
        for (code, article) in self.articles.iter().zip(&facts.articles) {
            let unknown = || Clause::Known.refuse(Reason::Unknown { what: "article", code: code.clone() });
            articles.push(article.as_ref().ok_or_else(unknown)?.id);
        }
        Ok(if articles.is_empty() { Scope::Whole } else { Scope::Articles(distinct(articles)) })
    }
}

fn distinct<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all
}

/// The day of a month's stocktake: the 30th, or February's last day.
fn monthly(day: Day) -> Day {
    let end = day.month_end();
    if end.day_of_month() > 30 { end.previous() } else { end }
}

impl Rule for OpenStocktake {
    type Facts = ArrangeFacts;

    fn decide(&self, by: &Actor, facts: &ArrangeFacts) -> Result<Event, Refusals> {
        let today = by.today();
        if self.kind == StocktakeKind::Monthly && today != monthly(today) {
            let wanted = monthly(today);
            return Err(Clause::TwoCount.refuse(Reason::NotTheDay { today, wanted }).into());
        }
        let named = self.counters.iter().chain(&self.present).enumerate();
        let people = named.map(|(at, code)| facts.person(at, code)).collect::<Result<Vec<_>, _>>()?;
        let (counters, present) = people.split_at(self.counters.len());
        let [one, other] = counters else {
            return Err(Clause::TwoCount.refuse(Reason::TwoCounters { given: counters.len() }).into());
        };
        if one.id == other.id {
            return Err(Clause::TwoCount.refuse(Reason::TwoCounters { given: 1 }).into());
        }
        let has_finance = people.iter().any(|person| person.roles.holds(Role::Finance));
        if self.kind == StocktakeKind::Quarterly && !has_finance {
            return Err(Clause::QuarterCount.refuse(Reason::NoFinance).into());
        }
        let scope = self.scope(facts)?;
        if let Some(other) = facts.open.iter().find(|other| facts.overlaps(&scope, &other.scope)) {
            return Err(Clause::TwoCount.refuse(Reason::CountedElsewhere { stocktake: other.id }).into());
        }
        let present = present.iter().filter(|person| ![one.id, other.id].contains(&person.id));
        Ok(Event::StocktakeOpened {
            stocktake: facts.next,
            kind: self.kind,
            day: today,
            month_end: today.month_end(),
            scope,
            frozen: self.frozen,
            method: self.method,
            counters: vec![one.id, other.id],
            present: distinct(present.map(|person| person.id).collect()),
            note: self.note.clone(),
        })
    }
}

impl Rule for AppointRecount {
    type Facts = ArrangeFacts;

    fn decide(&self, _: &Actor, facts: &ArrangeFacts) -> Result<Event, Refusals> {
        let take = known(&facts.stocktake, self.stocktake)?;
        if take.stage == Stage::Counting {
            return Err(not_handed_in(take, &facts.names).into());
        }
        if !take.stage.is_open() || take.recount().is_some_and(|sheet| sheet.is_frozen()) {
            return Err(wrong_stage(take).into());
        }
        if take.sum.again == 0 {
            return Err(Clause::CountAgain.refuse(Reason::NothingDiffers).into());
        }
        let named = self.people.iter().enumerate();
        let people = named.map(|(at, code)| facts.person(at, code)).collect::<Result<Vec<_>, _>>()?;
        let ids = distinct(people.iter().map(|person| person.id).collect());
        let together = ids == distinct(take.counters.clone());
        let fresh = |person: &&&Person| !take.has_counter(person.id) || together;
        match people.iter().find(|person| !fresh(person)) {
            _ if people.is_empty() => Err(Clause::CountAgain.refuse(Reason::Empty { field: "people" }).into()),
            Some(counted) => {
                Err(Clause::CountAgain.refuse(Reason::CountedBefore { person: counted.name.clone() }).into())
            }
            None if ids.len() > 2 => Err(Clause::CountAgain.refuse(Reason::TwoCounters { given: ids.len() }).into()),
            None => {
                let sheet = take.sheets.last().map_or(0, |sheet| sheet.no) + 1;
                Ok(Event::RecountAppointed { stocktake: take.id, sheet, people: ids, lines: take.sum.again })
            }
        }
    }
}

impl Rule for AbandonStocktake {
    type Facts = ArrangeFacts;

    fn decide(&self, _: &Actor, facts: &ArrangeFacts) -> Result<Event, Refusals> {
        let take = known(&facts.stocktake, self.stocktake)?;
        if !take.stage.is_open() {
            return Err(wrong_stage(take).into());
        }
        Clause::NothingErased.wants_reason(&self.reason)?;
        Ok(Event::StocktakeAbandoned { stocktake: take.id, reason: self.reason.clone() })
    }
}

/// Sheets are missing (E47): who has yet to hand theirs in.
pub(super) fn not_handed_in(take: &Stocktake, names: &[(PersonId, Text)]) -> Refusal {
    let name = |id: PersonId| names.iter().find(|(of, _)| *of == id).map(|(_, name)| name.clone()).unwrap_or_default();
    let mut missing: Vec<Text> = take.sheets.iter().flat_map(|sheet| sheet.missing()).map(name).collect();
    missing.dedup();
    Clause::TwoCount.refuse(Reason::NotHandedIn { missing })
}
