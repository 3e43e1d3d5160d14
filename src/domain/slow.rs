//! Slow goods (滞销): stock is kept low, and for goods that lie it is proposed what to do with them (W10).

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::goods::Article;
use super::id::PersonId;
use super::quantity::Quantity;
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// Days of sales that are looked at, up to yesterday.
pub const WINDOW: u16 = 30;
/// From so many days of supply on goods are slow.
const MUCH: i64 = 90;
/// From so many days without a movement on goods are slow.
const LONG: i32 = 60;

/// The figures by which goods are slow or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply {
    /// Sound stock.
    pub on_hand: Quantity,
    /// Shipped within the window.
    pub sold: Quantity,
    /// The last day on which any of it moved.
    pub moved: Option<Day>,
}

impl Supply {
    /// For how many days the stock lasts at the sales of the window (可售天数); `None` where nothing was sold.
    pub fn days(&self) -> Option<i64> {
        let sold = self.sold.as_thousandths();
        (sold > 0).then(|| self.on_hand.as_thousandths().saturating_mul(WINDOW.into()) / sold)
    }

    /// Days since any of it moved (未动天数).
    pub fn idle(&self, today: Day) -> Option<i32> {
        self.moved.map(|day| today.ordinal() - day.ordinal())
    }

    /// Whether something should be proposed (W10): there is stock, and it lasts too long or has lain too long. What was not
    /// sold within the window is slow once it has lain through all of it, so that what has just come is not.
    pub fn is_slow(&self, today: Day) -> bool {
        let lay = |days: i32| self.idle(today).is_some_and(|idle| idle >= days);
        let lasts = self.days().map_or(lay(WINDOW.into()), |days| days >= MUCH);
        self.on_hand.is_positive() && (lasts || lay(LONG))
    }
}

/// What is proposed for goods that lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub words: Text,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Moment,
}

/// Propose what to do with goods that lie (滞销处理意见).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeForSlow {
    /// The article's code or barcode.
    pub article: Text,
    /// What is proposed; empty takes a proposal back.
    pub proposal: Text,
}

/// What it may look at.
pub struct SlowFacts {
    /// The article, if there is one.
    pub article: Option<Article>,
    /// What was proposed so far, or empty.
    pub was: Text,
}

impl Rule for ProposeForSlow {
    type Facts = SlowFacts;

    fn decide(&self, _: &Actor, facts: &SlowFacts) -> Result<Event, Refusals> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "article", code: self.article.clone() });
        let article = facts.article.as_ref().ok_or_else(unknown)?;
        if self.proposal == facts.was {
            let empty = Clause::StockLow.refuse(Reason::Empty { field: "proposal" });
            let same = Clause::OnceOnly.refuse(Reason::ProposedAlready { article: self.article.clone() });
            return Err(if self.proposal.is_empty() { empty } else { same }.into());
        }
        Ok(Event::SlowProposed { article: article.id, proposal: self.proposal.clone(), was: facts.was.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_are_slow_by_what_lasts_too_long_or_lies_too_long() {
        let today: Day = "2026-11-26".parse().unwrap();
        let supply = |on_hand, sold, idle: Option<i32>| Supply {
            on_hand: Quantity::whole(on_hand),
            sold: Quantity::whole(sold),
            moved: idle.and_then(|days| Day::from_ordinal(today.ordinal() - days)),
        };
        let cases = [
            // on hand, sold, days without movement; days of supply, slow
            (supply(0, 0, None), None, false),
            (supply(10, 0, Some(29)), None, false),
            (supply(10, 0, Some(30)), None, true),
            (supply(89, 30, Some(3)), Some(89), false),
            (supply(90, 30, Some(3)), Some(90), true),
            (supply(10, 30, Some(59)), Some(10), false),
            (supply(10, 30, Some(60)), Some(10), true),
        ];
        for (supply, days, slow) in cases {
            assert_eq!((supply.days(), supply.is_slow(today)), (days, slow), "{supply:?}");
        }
    }
}
