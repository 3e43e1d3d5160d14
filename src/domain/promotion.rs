//! Promotions (促销活动): submitted by 签呈, run only after sales management and marketing have both confirmed (M4.5).
//!
//! A promotion gives goods free with goods bought, by one rule ([`GiftRule`]), on the days of its period. What is confirmed
//! never changes: a draft is revised until it is submitted, a rejected one is a draft again. Whether a promotion runs is
//! derived from its confirmations and its period, so no clock has to start or end it; somebody can end it early.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::Article;
use super::id::{ArticleId, PersonId, PromotionId};
use super::quantity::Quantity;
use super::role::{Role, Roles};
use super::shipment::Mark;
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// Who confirms a promotion, each once, in either order: sales management (销管部) and marketing (市场部).
pub const PARTIES: &[Role] = &[Role::SalesOpsSupervisor, Role::PromotionSupervisor];

/// Who may end a promotion before its last day.
pub const ENDERS: &[Role] = &[Role::EcommerceSupervisor, Role::PromotionSupervisor, Role::SalesOpsSupervisor];

/// Buy so much of an article, get so much of an article free (买赠): 买 2 斤送 1 斤.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GiftRule {
    /// What is bought.
    pub article: ArticleId,
    /// How much of it makes a step, in its base unit.
    pub buy: Quantity,
    /// What is given, the same article or another.
    pub gift: ArticleId,
    /// How much of it a step gives, in its base unit.
    pub free: Quantity,
}

impl GiftRule {
    /// What `bought` earns: for each whole step its gift, and nothing for a step not reached (M4.6): 5 斤 of "buy 2 get 1" give 2.
    pub fn earned(&self, bought: Quantity) -> Quantity {
        if !self.buy.is_positive() || !bought.is_positive() {
            return Quantity::ZERO;
        }
        let steps = i128::from(bought.as_thousandths() / self.buy.as_thousandths());
        let earned = steps * i128::from(self.free.as_thousandths());
        Quantity::thousandths(i64::try_from(earned).unwrap_or(i64::MAX)).min(Quantity::LIMIT)
    }
}

/// What a promotion says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Terms {
    /// Its name.
    pub name: Text,
    /// Its first day.
    pub first: Day,
    /// Its last day, which belongs to it.
    pub last: Day,
    /// What it gives for what.
    pub rule: GiftRule,
    /// How much of the gift it is expected to give in all.
    pub expected: Quantity,
}

/// One of the two confirmations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// For which of [`PARTIES`].
    pub party: Role,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
}

/// How far a promotion has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromotionState {
    /// 草稿: it can be revised.
    Draft,
    /// 已提交: a confirmation is missing.
    Submitted,
    /// 已确认: both have confirmed, its first day has not come.
    Confirmed,
    /// 执行中.
    Running,
    /// 已结束: its last day has passed, or somebody ended it.
    Ended,
}

impl PromotionState {
    /// Every state, in the order of the work.
    pub const ALL: &[PromotionState] = &[
        PromotionState::Draft,
        PromotionState::Submitted,
        PromotionState::Confirmed,
        PromotionState::Running,
        PromotionState::Ended,
    ];

    /// The state's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            PromotionState::Draft => "draft",
            PromotionState::Submitted => "submitted",
            PromotionState::Confirmed => "confirmed",
            PromotionState::Running => "running",
            PromotionState::Ended => "ended",
        }
    }
}

/// A promotion as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Its number.
    pub id: PromotionId,
    /// How often its terms were written, from 1.
    pub version: u32,
    /// What it says.
    pub terms: Terms,
    /// Who drafted it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Submitted, unless it was rejected since.
    pub submitted: Option<Mark>,
    /// Its confirmations.
    pub confirmed: Vec<Confirmation>,
    /// Rejected last, and why; kept until it is submitted again.
    pub rejected: Option<Mark>,
    /// Ended by somebody.
    pub ended: Option<Mark>,
}

impl Promotion {
    /// A fresh draft.
    pub fn draft(id: PromotionId, terms: Terms, by: PersonId, at: Moment) -> Promotion {
        let (submitted, confirmed, rejected, ended) = (None, Vec::new(), None, None);
        Promotion { id, version: 1, terms, by, at, submitted, confirmed, rejected, ended }
    }

    /// How far it has come on a day.
    pub fn state(&self, today: Day) -> PromotionState {
        if self.ended.is_some() {
            PromotionState::Ended
        } else if self.submitted.is_none() {
            PromotionState::Draft
        } else if !self.missing().is_empty() {
            PromotionState::Submitted
        } else if today > self.terms.last {
            PromotionState::Ended
        } else if today < self.terms.first {
            PromotionState::Confirmed
        } else {
            PromotionState::Running
        }
    }

    /// The parties that have not confirmed.
    pub fn missing(&self) -> Vec<Role> {
        PARTIES.iter().copied().filter(|party| self.confirmed.iter().all(|given| given.party != *party)).collect()
    }

    /// What an event does to the record.
    pub fn apply(&mut self, by: PersonId, at: Moment, event: &Event) {
        let mark = |why: &Text| Some(Mark { by, at, why: why.clone() });
        match event {
            Event::PromotionRevised { version, terms, .. } => {
                (self.version, self.terms) = (*version, terms.clone());
            }
            Event::PromotionSubmitted { .. } => (self.submitted, self.rejected) = (mark(&Text::default()), None),
            Event::PromotionConfirmed { party, .. } => self.confirmed.push(Confirmation { party: *party, by, at }),
            Event::PromotionRejected { reason, .. } => {
                (self.submitted, self.rejected) = (None, mark(reason));
                self.confirmed.clear();
            }
            Event::PromotionEnded { reason, .. } => self.ended = mark(reason),
            _ => {}
        }
    }
}

/// What a promotion is to say, as it is entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTerms {
    /// Its name.
    pub name: Text,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// The code or barcode of what is bought.
    pub article: Text,
    /// How much of it makes a step, in its base unit.
    pub buy: Quantity,
    /// The code or barcode of what is given.
    pub gift: Text,
    /// How much of it a step gives, in its base unit.
    pub free: Quantity,
    /// How much of the gift it is expected to give in all.
    pub expected: Quantity,
}

/// Draft a promotion (起草促销签呈).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPromotion {
    /// What it says.
    pub terms: NewTerms,
}

/// Revise a promotion that is a draft (修改促销签呈).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisePromotion {
    /// Which.
    pub promotion: PromotionId,
    /// The version that was seen.
    pub version: u32,
    /// What it says from now on.
    pub terms: NewTerms,
}

/// Submit a promotion to sales management and marketing (提交促销签呈).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitPromotion {
    /// Which.
    pub promotion: PromotionId,
    /// The version that was seen.
    pub version: u32,
}

/// Confirm a promotion for the party that the person's role gives (确认促销签呈).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPromotion {
    /// Which.
    pub promotion: PromotionId,
    /// The version that was seen.
    pub version: u32,
}

/// Reject a promotion (退回促销签呈): it is a draft again, and what was confirmed is void.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectPromotion {
    /// Which.
    pub promotion: PromotionId,
    /// Why.
    pub reason: Text,
}

/// End a promotion before its last day (提前结束促销), or withdraw one that never ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPromotion {
    /// Which.
    pub promotion: PromotionId,
    /// Why.
    pub reason: Text,
}

/// What commands about promotions may look at.
pub struct PromotionFacts {
    /// The promotion named, if there is one.
    pub promotion: Option<Promotion>,
    /// What is bought and what is given, as far as the codes name articles.
    pub articles: [Option<Article>; 2],
    /// Names of those who confirmed, for words.
    pub names: Vec<(PersonId, Text)>,
    /// The number the next promotion gets.
    pub next: PromotionId,
}

impl PromotionFacts {
    /// The promotion, in the state that the act asks for.
    fn in_state(&self, id: PromotionId, wanted: PromotionState, today: Day) -> Result<&Promotion, Refusal> {
        let promotion = known(&self.promotion, id)?;
        if promotion.state(today) == wanted { Ok(promotion) } else { Err(wrong_state(promotion, today)) }
    }

    fn terms(&self, new: &NewTerms) -> Result<Terms, Refusal> {
        if new.name.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Empty { field: "name" }));
        }
        let figures = [("buy", new.buy), ("free", new.free), ("expected", new.expected)];
        if let Some((field, _)) = figures.into_iter().find(|(_, quantity)| !quantity.is_positive()) {
            return Err(Clause::Exact.refuse(Reason::NotPositive { field }));
        }
        let [article, gift] =
            [(&self.articles[0], &new.article), (&self.articles[1], &new.gift)].map(|(found, code)| {
                let unknown = || Clause::Known.refuse(Reason::Unknown { what: "article", code: code.clone() });
                found.as_ref().map(|article| article.id).ok_or_else(unknown)
            });
        let rule = GiftRule { article: article?, buy: new.buy, gift: gift?, free: new.free };
        Ok(Terms { name: new.name.clone(), first: new.first, last: new.last, rule, expected: new.expected })
    }
}

/// The record, or the refusal that there is none.
pub fn known(promotion: &Option<Promotion>, id: PromotionId) -> Result<&Promotion, Refusal> {
    let unknown = || Clause::Known.refuse(Reason::Unknown { what: "promotion", code: id.to_string().into() });
    promotion.as_ref().ok_or_else(unknown)
}

fn wrong_state(promotion: &Promotion, today: Day) -> Refusal {
    let phase = promotion.state(today).key();
    Clause::PromotionFirst.refuse(Reason::PromotionIs { promotion: promotion.id, phase })
}

fn as_seen(promotion: &Promotion, seen: u32) -> Result<(), Refusal> {
    if promotion.version == seen {
        return Ok(());
    }
    Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen: seen.into(), now: promotion.version.into() }))
}

/// A period that ends before it begins, or that has passed, is none in which anything could be given.
fn period_to_come(first: Day, last: Day, today: Day) -> Result<(), Refusal> {
    if first <= last && last >= today {
        return Ok(());
    }
    Err(Clause::PromotionFirst.refuse(Reason::PeriodOver { first, last, today }))
}

impl Rule for DraftPromotion {
    type Facts = PromotionFacts;

    fn decide(&self, by: &Actor, facts: &PromotionFacts) -> Result<Event, Refusals> {
        let terms = facts.terms(&self.terms)?;
        period_to_come(terms.first, terms.last, by.today())?;
        Ok(Event::PromotionDrafted { promotion: facts.next, terms })
    }
}

impl Rule for RevisePromotion {
    type Facts = PromotionFacts;

    fn decide(&self, by: &Actor, facts: &PromotionFacts) -> Result<Event, Refusals> {
        let promotion = facts.in_state(self.promotion, PromotionState::Draft, by.today())?;
        as_seen(promotion, self.version)?;
        let terms = facts.terms(&self.terms)?;
        period_to_come(terms.first, terms.last, by.today())?;
        Ok(Event::PromotionRevised { promotion: promotion.id, version: promotion.version + 1, terms })
    }
}

impl Rule for SubmitPromotion {
    type Facts = PromotionFacts;

    fn decide(&self, by: &Actor, facts: &PromotionFacts) -> Result<Event, Refusals> {
        let promotion = facts.in_state(self.promotion, PromotionState::Draft, by.today())?;
        as_seen(promotion, self.version)?;
        period_to_come(promotion.terms.first, promotion.terms.last, by.today())?;
        Ok(Event::PromotionSubmitted { promotion: promotion.id, version: promotion.version })
    }
}

/// The party a person confirms for: the first that has not confirmed and whose role they hold.
fn party_of(roles: Roles, promotion: &Promotion, facts: &PromotionFacts) -> Result<Role, Refusal> {
    let missing = promotion.missing();
    if let Some(party) = missing.into_iter().find(|party| roles.holds(*party)) {
        return Ok(party);
    }
    match promotion.confirmed.iter().find(|given| roles.holds(given.party)) {
        Some(given) => {
            let named = facts.names.iter().find(|(person, _)| *person == given.by);
            let by = named.map(|(_, name)| name.clone()).unwrap_or_default();
            Err(Clause::OnceOnly.refuse(Reason::PartyConfirmed { party: given.party, by, at: given.at }))
        }
        None => {
            let wanted = PARTIES.to_vec();
            Err(Clause::PromotionFirst.refuse(Reason::NotYourRole { act: "confirm_promotion", wanted }))
        }
    }
}

impl Rule for ConfirmPromotion {
    type Facts = PromotionFacts;

    fn decide(&self, by: &Actor, facts: &PromotionFacts) -> Result<Event, Refusals> {
        let promotion = facts.in_state(self.promotion, PromotionState::Submitted, by.today())?;
        if promotion.submitted.as_ref().is_some_and(|mark| mark.by == by.person) {
            return Err(Clause::OwnWork.refuse(Reason::OwnPromotion { promotion: promotion.id }).into());
        }
        if let Some(own) = promotion.confirmed.iter().find(|given| given.by == by.person) {
            let once = Reason::ConfirmedOnce { promotion: promotion.id, party: own.party };
            return Err(Clause::PromotionFirst.refuse(once).into());
        }
        let party = party_of(by.roles, promotion, facts)?;
        as_seen(promotion, self.version)?;
        period_to_come(promotion.terms.first, promotion.terms.last, by.today())?;
        Ok(Event::PromotionConfirmed { promotion: promotion.id, version: promotion.version, party })
    }
}

impl Rule for RejectPromotion {
    type Facts = PromotionFacts;

    fn decide(&self, by: &Actor, facts: &PromotionFacts) -> Result<Event, Refusals> {
        let promotion = facts.in_state(self.promotion, PromotionState::Submitted, by.today())?;
        Clause::PromotionFirst.wants_reason(&self.reason)?;
        Ok(Event::PromotionRejected { promotion: promotion.id, reason: self.reason.clone() })
    }
}

impl Rule for EndPromotion {
    type Facts = PromotionFacts;

    fn decide(&self, by: &Actor, facts: &PromotionFacts) -> Result<Event, Refusals> {
        let promotion = known(&facts.promotion, self.promotion)?;
        if promotion.state(by.today()) == PromotionState::Ended {
            return Err(wrong_state(promotion, by.today()).into());
        }
        Clause::PromotionFirst.wants_reason(&self.reason)?;
        Ok(Event::PromotionEnded { promotion: promotion.id, reason: self.reason.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_not_reached_gives_nothing() {
        let cases = [
            // bought, step, free, earned
            ("5", "2", "1", "2"),
            ("1.9", "2", "1", "0"),
            ("2", "2", "1", "1"),
            ("1.999", "2", "1", "0"),
            ("7.5", "2.5", "0.5", "1.5"),
            ("0", "2", "1", "0"),
            ("999999999.999", "0.001", "999999999.999", "999999999.999"),
        ];
        for (bought, buy, free, earned) in cases {
            let [bought, buy, free, earned] = [bought, buy, free, earned].map(|text| text.parse::<Quantity>().unwrap());
            let rule = GiftRule { article: ArticleId(1), buy, gift: ArticleId(1), free };
            assert_eq!(rule.earned(bought), earned, "{bought} of buy {buy} get {free}");
        }
    }
}
