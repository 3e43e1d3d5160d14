//! Resolving differences: their cause, who answers for them, what is proposed; then the confirmation.
//!
//! A confirmed shortage leaves stock and becomes a claim at the retail price in force on the day of the count; a surplus
//! comes into stock with its cause. One is never netted against the other (M5.3). Nobody confirms what they counted.

use serde::{Deserialize, Serialize};

use super::arranging::{known, not_handed_in, wrong_stage};
use super::clause::{Clause, Reason, Refusal, Refusals};
use super::comparing::{Compared, Outcome};
use super::event::Event;
use super::goods::Article;
use super::id::{ArticleId, ClaimId, PersonId, StocktakeId};
use super::money::Money;
use super::quantity::Quantity;
use super::stocktake::{Stage, Stocktake, StocktakeKind};
use super::text::Text;
use super::{Actor, Rule};

/// A difference as it was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Difference {
    /// The article.
    pub article: ArticleId,
    /// The place.
    pub place: Text,
    /// What was counted.
    pub counted: Quantity,
    /// What the book had at that moment.
    pub book: Quantity,
    /// By how much stock is put right: out where negative.
    pub adjusted: Quantity,
    /// What cannot be taken from stock, since it is packed (E52); the next stocktake finds it.
    pub rest: Quantity,
    /// How it came out.
    pub outcome: Outcome,
    /// The retail price on the day of the count, for a shortage; none where no price was set.
    pub price: Option<Money>,
    /// How much is to be made good: what is short of the article in all places together (E39).
    pub claimed: Quantity,
    /// The claim, for a shortage.
    pub claim: Option<ClaimId>,
    /// What the claim comes to.
    pub amount: Money,
    /// Its cause.
    pub cause: Text,
    /// Who is responsible.
    pub party: Text,
    /// What is proposed.
    pub proposal: Text,
}

/// Write down what a difference came of (W9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainDifference {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// The article, by code or barcode.
    pub article: Text,
    /// The place.
    #[serde(default)]
    pub place: Text,
    /// Its cause.
    pub cause: Text,
    /// Who is responsible.
    pub party: Text,
    /// What is proposed.
    pub proposal: Text,
}

/// Agree to a stocktake's differences, for finance (W9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeStocktake {
    /// Which stocktake.
    pub stocktake: StocktakeId,
}

/// Confirm a stocktake (盘点确认): its differences go into stock, its shortages become claims.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmStocktake {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// What is to be said about it.
    #[serde(default)]
    pub note: Text,
}

/// A difference with what confirming it takes.
pub struct Open {
    /// As it was compared.
    pub row: Compared,
    /// The article.
    pub article: Article,
    /// What is sound and not packed at the place now.
    pub free: Quantity,
    /// The retail price on the day of the count.
    pub price: Option<Money>,
}

/// What resolving may look at.
pub struct ResolveFacts {
    /// The stocktake named, if there is one.
    pub stocktake: Option<Stocktake>,
    /// The goods named, as they were compared.
    pub row: Option<Compared>,
    /// Every difference.
    pub open: Vec<Open>,
    /// Names of people who count, for words.
    pub names: Vec<(PersonId, Text)>,
    /// The number the next claim gets.
    pub next: ClaimId,
}

impl ResolveFacts {
    /// The stocktake, once all is counted and nothing is confirmed.
    fn settling(&self, id: StocktakeId) -> Result<&Stocktake, Refusal> {
        let take = known(&self.stocktake, id)?;
        match take.stage {
            Stage::Settling => Ok(take),
            Stage::Counting | Stage::Recounting => Err(not_handed_in(take, &self.names)),
            _ => Err(wrong_stage(take)),
        }
    }
}

/// Nobody confirms or agrees to what they counted themselves.
fn other_eyes(take: &Stocktake, by: &Actor) -> Result<(), Refusal> {
    if take.has_counter(by.person) {
        return Err(Clause::OwnWork.refuse(Reason::CountedItself { stocktake: take.id }));
    }
    Ok(())
}

impl Rule for ExplainDifference {
    type Facts = ResolveFacts;

    fn decide(&self, _: &Actor, facts: &ResolveFacts) -> Result<Event, Refusals> {
        let take = facts.settling(self.stocktake)?;
        let row = facts.row.as_ref().filter(|row| !row.difference().is_zero());
        let Some(row) = row else {
            let (article, place) = (self.article.clone(), self.place.clone());
            return Err(Clause::QuarterCount.refuse(Reason::NoDifference { article, place }).into());
        };
        for (field, text) in [("cause", &self.cause), ("party", &self.party), ("proposal", &self.proposal)] {
            if text.is_empty() {
                return Err(Clause::QuarterCount.refuse(Reason::Empty { field }).into());
            }
        }
        Ok(Event::DifferenceExplained {
            stocktake: take.id,
            article: row.article,
            place: row.place.clone(),
            cause: self.cause.clone(),
            party: self.party.clone(),
            proposal: self.proposal.clone(),
        })
    }
}

/// Differences whose cause is not written down.
fn unexplained(open: &[Open]) -> Option<Refusal> {
    let missing: Vec<&Open> = open.iter().filter(|open| open.row.explained.is_none()).collect();
    let first = missing.iter().take(20).map(|open| open.words()).collect();
    let refusal = Reason::NotExplained { count: missing.len() as u32, first };
    (!missing.is_empty()).then(|| Clause::QuarterCount.refuse(refusal))
}

impl Open {
    fn words(&self) -> Text {
        Text::new(&format!("{} {} {}", self.row.place, self.article.card.code, self.article.card.name))
    }
}

/// What confirming makes of a difference: stock is put right down to what is packed.
fn put_right(row: &Compared, free: Quantity, price: Option<Money>) -> Option<Difference> {
    let (figure, explained) = (row.standing()?, row.explained.clone().unwrap_or_default());
    let wanted = row.difference();
    let adjusted = wanted.max(-free);
    Some(Difference {
        article: row.article,
        place: row.place.clone(),
        counted: figure.quantity.unwrap_or_default(),
        book: figure.book,
        adjusted,
        rest: wanted - adjusted,
        outcome: row.outcome(),
        price,
        claimed: Quantity::ZERO,
        claim: None,
        amount: Money::ZERO,
        cause: explained.cause,
        party: explained.party,
        proposal: explained.proposal,
    })
}

/// What confirming makes of all differences, each with what is free at its place now and the retail price on the day of the
/// count: whoever is asked to confirm sees the same as will be done.
pub fn differences<'a>(
    rows: impl Iterator<Item = (&'a Compared, Quantity, Option<Money>)>,
    next: ClaimId,
) -> Vec<Difference> {
    let mut found: Vec<Difference> = rows.filter_map(|(row, free, price)| put_right(row, free, price)).collect();
    claim(&mut found, next);
    found
}

/// Makes claims of what is short. Places of one article add up, so that goods at a wrong place are no shortage; another
/// article's surplus is never netted (E50).
fn claim(differences: &mut [Difference], mut next: ClaimId) {
    for at in 0..differences.len() {
        let article = differences[at].article;
        let own = || differences.iter().filter(|other| other.article == article);
        let short = -own().map(|other| other.adjusted).sum::<Quantity>();
        let claimed: Quantity = own().map(|other| other.claimed).sum();
        let one = &mut differences[at];
        one.claimed = (short - claimed).min(-one.adjusted).max(Quantity::ZERO);
        one.price = one.price.filter(|_| one.claimed.is_positive());
        if one.claimed.is_positive() {
            one.claim = Some(next);
            next.0 += 1;
            one.amount = one.price.and_then(|price| price.times(one.claimed)).unwrap_or_default();
        }
    }
}

impl Rule for AgreeStocktake {
    type Facts = ResolveFacts;

    fn decide(&self, by: &Actor, facts: &ResolveFacts) -> Result<Event, Refusals> {
        let take = facts.settling(self.stocktake)?;
        other_eyes(take, by)?;
        if take.agreed.is_some() {
            return Err(Clause::OnceOnly.refuse(Reason::AgreedAlready { stocktake: take.id }).into());
        }
        Refusals::unless_empty(unexplained(&facts.open).into_iter().collect())?;
        Ok(Event::StocktakeAgreed { stocktake: take.id, differences: facts.open.len() as u32 })
    }
}

impl Rule for ConfirmStocktake {
    type Facts = ResolveFacts;

    fn decide(&self, by: &Actor, facts: &ResolveFacts) -> Result<Event, Refusals> {
        let take = facts.settling(self.stocktake)?;
        other_eyes(take, by)?;
        let mut found: Vec<Refusal> = unexplained(&facts.open).into_iter().collect();
        if take.kind == StocktakeKind::Quarterly && take.agreed.is_none_or(|(who, _)| who == by.person) {
            found.push(Clause::QuarterCount.refuse(Reason::FinanceAgrees { stocktake: take.id }));
        }
        Refusals::unless_empty(found)?;
        let open = facts.open.iter().map(|open| (&open.row, open.free, open.price));
        let differences = differences(open, facts.next);
        let (day, lines) = (take.day, take.sum.rows);
        Ok(Event::StocktakeConfirmed { stocktake: take.id, day, lines, differences, note: self.note.clone() })
    }
}
