//! Claims for goods found short (赔偿): the department makes them good at retail price, and finance records that it did.
//!
//! A claim is settled once and whole, by finance alone, since the department takes no money (M3.0, M5.3). How it was made
//! good is written with it: the number of the transfer, the deduction, the paper.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::id::{ClaimId, StocktakeId};
use super::resolving::Difference;
use super::shipment::Mark;
use super::text::Text;
use super::time::{Day, Moment, Zone};
use super::{Actor, Rule};

/// A claim for goods that were found short (赔偿): the department makes them good at retail price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its number.
    pub id: ClaimId,
    /// The stocktake that found it.
    pub stocktake: StocktakeId,
    /// The day of the count, whose price it is.
    pub day: Day,
    /// When it was confirmed.
    pub at: Moment,
    /// What is short, and by how much.
    pub difference: Difference,
    /// Who recorded that it was made good, when and how; none while it is open.
    pub settled: Option<Mark>,
}

impl Claim {
    /// The claim's state in data and in the locale files.
    pub const fn state_key(&self) -> &'static str {
        if self.settled.is_some() { "settled" } else { "open" }
    }

    /// For how many days it has been open, or was open until it was settled: 0 on the day of the confirmation.
    pub fn days_open(&self, today: Day, zone: Zone) -> i32 {
        let until = self.settled.as_ref().map_or(today, |mark| mark.at.day(zone));
        until.ordinal() - self.at.day(zone).ordinal()
    }
}

/// Record that a claim was made good (赔偿结清), the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleClaim {
    /// Which.
    pub claim: ClaimId,
    /// How it was made good: the transfer's number, the deduction, the paper.
    pub reason: Text,
}

/// What settling a claim may look at.
pub struct ClaimFacts {
    /// The claim named, if there is one.
    pub claim: Option<Claim>,
    /// The name of who settled it, for words.
    pub settled_by: Text,
}

impl Rule for SettleClaim {
    type Facts = ClaimFacts;

    fn decide(&self, _: &Actor, facts: &ClaimFacts) -> Result<Event, Refusals> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "claim", code: self.claim.to_string().into() });
        let claim = facts.claim.as_ref().ok_or_else(unknown)?;
        if let Some(mark) = &claim.settled {
            let settled = Reason::ClaimSettled { claim: claim.id, by: facts.settled_by.clone(), at: mark.at };
            return Err(Clause::OnceOnly.refuse(settled).into());
        }
        Clause::NothingErased.wants_reason(&self.reason)?;
        Ok(Event::ClaimSettled {
            claim: claim.id,
            stocktake: claim.stocktake,
            article: claim.difference.article,
            amount: claim.difference.amount,
            reason: self.reason.clone(),
        })
    }
}
