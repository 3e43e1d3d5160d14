//! The month's write-off of gifts (赠品核销): what promotions gave away, written off with finance by ledger (M4.6).
//!
//! All goods bought settle at the unified retail price, so what was given away is taken off what is payable (M2.3) at that
//! price too: the one that held on the day the order was taken, as the ledger keeps it. A month's gifts, by promotion and
//! article, are one write-off. Gifts that came back in a month lower it, so a month can come to less than nothing. The
//! department prepares it once the month is over, finance confirms what it sees.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::id::{ArticleId, PersonId, PromotionId};
use super::money::Money;
use super::quantity::Quantity;
use super::shipment::Mark;
use super::text::Text;
use super::time::{Day, Moment, Month};
use super::{Actor, Rule};

/// What a promotion gave of an article in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Given {
    /// By which promotion.
    pub promotion: PromotionId,
    /// What.
    pub article: ArticleId,
    /// How much, in the base unit; below zero where more came back than was given.
    pub quantity: Quantity,
    /// The same at the unified retail price.
    pub amount: Money,
}

/// What a month's gifts come to.
pub fn total(given: &[Given]) -> Money {
    given.iter().map(|given| given.amount).sum()
}

/// A month's write-off as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOff {
    /// Which month.
    pub month: Month,
    /// What was given when it was prepared.
    pub given: Vec<Given>,
    /// Who prepared it.
    pub prepared: Mark,
    /// Who confirmed it for finance.
    pub confirmed: Option<Mark>,
}

impl WriteOff {
    /// What it comes to.
    pub fn amount(&self) -> Money {
        total(&self.given)
    }

    /// What an event does to the record.
    pub fn apply(&mut self, by: PersonId, at: Moment, event: &Event) {
        if let Event::WriteOffConfirmed { .. } = event {
            self.confirmed = Some(Mark { by, at, why: Text::default() });
        }
    }
}

/// How far the write-off of a month has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// 未到月末: the month is not over.
    Growing,
    /// 待编制: nobody has prepared it.
    Waiting,
    /// 待财务确认: prepared.
    Prepared,
    /// 已核销: finance has confirmed it.
    Confirmed,
}

impl Progress {
    /// How far it has come on a day.
    pub fn of(month: Month, write_off: Option<&WriteOff>, today: Day) -> Progress {
        match write_off {
            Some(write_off) if write_off.confirmed.is_some() => Progress::Confirmed,
            Some(_) => Progress::Prepared,
            None if today.month() <= month => Progress::Growing,
            None => Progress::Waiting,
        }
    }

    /// Its name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Progress::Growing => "growing",
            Progress::Waiting => "waiting",
            Progress::Prepared => "prepared",
            Progress::Confirmed => "confirmed",
        }
    }
}

/// Prepare a month's write-off (编制赠品核销).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareWriteOff {
    /// Which month.
    pub month: Month,
}

/// Confirm a month's write-off for finance (财务确认核销).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmWriteOff {
    /// Which month.
    pub month: Month,
    /// The amount that was seen.
    pub amount: Money,
}

/// What commands about write-offs may look at.
pub struct WriteOffFacts {
    /// The write-off prepared so far, if there is one.
    pub write_off: Option<WriteOff>,
    /// What the month's ledger says was given.
    pub given: Vec<Given>,
    /// The name of who confirmed it, for words.
    pub confirmed_by: Text,
}

impl WriteOffFacts {
    fn unconfirmed(&self, month: Month) -> Result<(), Refusals> {
        let confirmed = self.write_off.as_ref().and_then(|write_off| write_off.confirmed.as_ref());
        confirmed.map_or(Ok(()), |mark| {
            let settled = Reason::SettledAlready { month, by: self.confirmed_by.clone(), at: mark.at };
            Err(Clause::OnceOnly.refuse(settled).into())
        })
    }
}

impl Rule for PrepareWriteOff {
    type Facts = WriteOffFacts;

    fn decide(&self, by: &Actor, facts: &WriteOffFacts) -> Result<Event, Refusals> {
        let month = self.month;
        if by.today().month() <= month {
            return Err(Clause::GiftByRule.refuse(Reason::MonthNotOver { month }).into());
        }
        facts.unconfirmed(month)?;
        Ok(Event::WriteOffPrepared { month, given: facts.given.clone(), amount: total(&facts.given) })
    }
}

impl Rule for ConfirmWriteOff {
    type Facts = WriteOffFacts;

    fn decide(&self, by: &Actor, facts: &WriteOffFacts) -> Result<Event, Refusals> {
        let month = self.month;
        facts.unconfirmed(month)?;
        let Some(prepared) = &facts.write_off else {
            return Err(Clause::GiftByRule.refuse(Reason::WriteOffNotPrepared { month }).into());
        };
        if prepared.prepared.by == by.person {
            return Err(Clause::OwnWork.refuse(Reason::OwnWriteOff { month }).into());
        }
        let now = total(&facts.given);
        if prepared.given != facts.given || self.amount != now {
            return Err(Clause::AsSeen.refuse(Reason::FiguresMoved { month, seen: self.amount, now }).into());
        }
        Ok(Event::WriteOffConfirmed { month, amount: now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_prepared_once_it_is_over() {
        let month: Month = "2026-10".parse().unwrap();
        let mark = Mark { by: PersonId(1), at: Moment::from_micros(0), why: Text::default() };
        let prepared = WriteOff { month, given: Vec::new(), prepared: mark.clone(), confirmed: None };
        let confirmed = WriteOff { confirmed: Some(mark), ..prepared.clone() };
        let cases = [
            ("2026-10-31", None, Progress::Growing),
            ("2026-11-01", None, Progress::Waiting),
            ("2026-11-01", Some(&prepared), Progress::Prepared),
            ("2026-11-01", Some(&confirmed), Progress::Confirmed),
        ];
        for (today, write_off, progress) in cases {
            assert_eq!(Progress::of(month, write_off, today.parse().unwrap()), progress, "{today}");
        }
    }
}
