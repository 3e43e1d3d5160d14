//! The ledger (电商台账表) and the closing of a day (日清, M5.1).
//!
//! The ledger is derived from what was posted and never typed: a line for each line of goods that left or came back, and for
//! a gift that stayed and was charged when its goods came back, under the day on which it counts. A closed day takes no more;
//! what comes later counts on the next open day and names what it corrects. Days are closed in order, by the e-commerce
//! supervisor, and a month only with nothing left open.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::dealer::DealerKind;
use super::event::Event;
use super::id::{AccountId, ArticleId, DealerId, FlowId, OrderId, PersonId, PromotionId, StocktakeId};
use super::money::Money;
use super::quantity::Quantity;
use super::text::Text;
use super::time::{Day, Moment, Zone};
use super::waybill::Carrier;
use super::{Actor, Rule};

/// The hour of the next morning by which a day should be closed.
pub const MORNING: i64 = 8;

/// What a line of the ledger takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Corrected {
    /// The ledger day on which the goods had left.
    pub day: Day,
    /// The entry of the journal with which they left.
    pub seq: u64,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// When.
    pub at: Moment,
    /// Who shipped the goods or took them back.
    pub by: PersonId,
    /// Of which order.
    pub order: OrderId,
    /// Of which shipment.
    pub part: u8,
    /// For which dealer; none for the Tmall shop's own customers.
    pub dealer: Option<DealerId>,
    /// The buyer's name when the order was taken.
    pub name: Text,
    /// Through which channel: the dealer's kind when the goods moved; none for the Tmall shop itself.
    pub channel: Option<DealerKind>,
    /// What.
    pub article: ArticleId,
    /// How much, in the base unit; negative where it came back, zero where a gift that stayed is charged.
    pub quantity: Quantity,
    /// Of it given free (赠品); negative without a quantity where it is given no longer, but charged.
    pub gift: Quantity,
    /// By which promotion.
    pub promotion: Option<PromotionId>,
    /// What is given, at the unified retail price of the order's day; negative where it came back (M4.6).
    pub gift_value: Money,
    /// The price of one base unit at which the order settles.
    pub price: Money,
    /// Quantity times price; negative where goods came back.
    pub amount: Money,
    /// The order's freight, on the first of all its lines.
    pub freight: Money,
    /// The payments that pay the order.
    pub flows: Vec<FlowId>,
    /// The receiving accounts they came to.
    pub accounts: Vec<AccountId>,
    /// Who confirmed them.
    pub confirmed_by: Vec<PersonId>,
    /// Who signed the shipment.
    pub signed_by: Vec<PersonId>,
    /// The carrier.
    pub carrier: Option<Carrier>,
    /// The waybill number.
    pub waybill: Text,
    /// On hand of the article in all places afterwards.
    pub stock_after: Quantity,
    /// What it takes back.
    pub corrects: Option<Corrected>,
}

/// A line with where it stands: its ledger day, the entry of the journal, the line in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The ledger day.
    pub day: Day,
    /// The entry.
    pub seq: u64,
    /// The line of the entry, from 0.
    pub line: u32,
    /// What it says.
    pub record: LedgerLine,
}

/// How a channel is numbered in keys of tables: 0 is the Tmall shop.
pub fn channel_code(channel: Option<DealerKind>) -> u64 {
    channel.map_or(0, |kind| kind as u64 + 1)
}

/// A channel's name in data and in the locale files.
pub fn channel_key(channel: Option<DealerKind>) -> &'static str {
    match channel {
        None => "shop",
        Some(DealerKind::Tmall) => "tmall",
        Some(DealerKind::Weidian) => "weidian",
        Some(DealerKind::Wechat) => "wechat",
        Some(DealerKind::OfflineOnline) => "offline_online",
    }
}

/// What a day's ledger adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DayFigures {
    /// Lines of goods that left.
    pub shipped_lines: u64,
    /// What they come to.
    pub shipped: Money,
    /// Lines of goods that came back.
    pub returned_lines: u64,
    /// What they come to, negative.
    pub returned: Money,
    /// Freight of the orders among them.
    pub freight: Money,
}

/// What a line of the ledger is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Goods left.
    Shipped,
    /// Goods came back.
    Returned,
    /// A gift stayed and is sold (赠品计价).
    Charged,
}

impl Side {
    /// Its name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Side::Shipped => "shipped",
            Side::Returned => "returned",
            Side::Charged => "charged",
        }
    }
}

impl LedgerLine {
    /// What it is about.
    pub fn side(&self) -> Side {
        match self.quantity {
            quantity if quantity.is_zero() => Side::Charged,
            quantity if quantity.is_positive() => Side::Shipped,
            _ => Side::Returned,
        }
    }
}

impl DayFigures {
    /// Adds a line: what is charged counts with what left.
    pub fn add(&mut self, line: &LedgerLine) {
        if line.quantity < Quantity::ZERO {
            self.returned_lines += 1;
            self.returned += line.amount;
        } else {
            self.shipped_lines += 1;
            self.shipped += line.amount;
        }
        self.freight += line.freight;
    }

    /// All of it together.
    pub fn net(&self) -> Money {
        self.shipped + self.returned + self.freight
    }
}

/// What was open when a day was closed: named, and left to the days that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LeftOpen {
    /// Payments not disposed of.
    pub payments: u64,
    /// What of them is open.
    pub amount: Money,
    /// Paid shipments that have not left.
    pub queue: u64,
    /// Orders that await money.
    pub unpaid: u64,
    /// Rows of statements kept aside.
    pub conflicts: u64,
}

/// A closed day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    /// Which day.
    pub day: Day,
    /// Who closed it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Whether the next morning had passed.
    pub late: bool,
    /// The entry of the journal that closed it.
    pub seq: u64,
    /// The head of the chain before that entry: what paper and mail anchor.
    pub head: Text,
    /// What its ledger adds up to.
    pub figures: DayFigures,
    /// What was open.
    pub open: LeftOpen,
}

/// Close a day (日清).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseDay {
    /// Which day: the first that is open.
    pub day: Day,
}

/// What closing may look at.
pub struct CloseFacts {
    /// The last closed day.
    pub last: Option<Day>,
    /// The first open day whose ledger has lines.
    pub first_open: Option<Day>,
    /// What the day's ledger adds up to.
    pub figures: DayFigures,
    /// What is open.
    pub open: LeftOpen,
    /// The payments of the month, or of one before it, that are not disposed of, where the day ends a month.
    pub payments: u64,
    /// The rows of statements of the month, or of one before it, that are kept aside, where the day ends a month.
    pub conflicts: u64,
    /// The stocktakes of the month, or of one before it, that are open, where the day ends a month.
    pub counted: Vec<StocktakeId>,
}

/// When a day is late in being closed: the next morning.
pub fn due(day: Day, zone: Zone) -> Moment {
    day.next().start(zone).plus_hours(MORNING)
}

/// The last day of the month that ends with `day` or with a day before it that is closed along, if one does.
///
/// `last` is the last closed day. Days without lines need no closing of their own, so everything between is closed along;
/// where no day was ever closed, everything before is, months that are over among it.
pub fn month_end(last: Option<Day>, day: Day) -> Option<Day> {
    let next = day.next().month();
    last.is_none_or(|last| last.next().month() != next).then(|| next.previous().last_day())
}

impl Rule for CloseDay {
    type Facts = CloseFacts;

    fn decide(&self, by: &Actor, facts: &CloseFacts) -> Result<Event, Refusals> {
        let (day, today) = (self.day, by.today());
        let refuse = |reason| Err(Clause::DailyLedger.refuse(reason).into());
        if day > today {
            return refuse(Reason::DayAhead { day, today });
        }
        if let Some(last) = facts.last.filter(|last| day <= *last) {
            return refuse(Reason::DayClosed { day, last });
        }
        if let Some(first) = facts.first_open.filter(|first| *first < day) {
            return refuse(Reason::EarlierDayOpen { day: first });
        }
        if month_end(facts.last, day).is_some() {
            let mut found = Vec::new();
            let (payments, conflicts) = (facts.payments, facts.conflicts);
            if payments > 0 || conflicts > 0 {
                found.push(Clause::DailyLedger.refuse(Reason::MonthOpen { payments, conflicts }));
            }
            let counted = facts.counted.iter().map(|stocktake| Reason::MonthCounted { stocktake: *stocktake });
            found.extend(counted.map(|counted| Clause::BookIsGoods.refuse(counted)));
            Refusals::unless_empty(found)?;
        }
        let late = by.at > due(day, by.zone);
        Ok(Event::DayClosed { day, late, figures: facts.figures, open: facts.open })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_ends_with_its_last_day_or_with_the_first_closing_after_it() {
        for (last, closed, end) in [
            (Some("2026-11-23"), "2026-11-24", None),
            (Some("2026-11-23"), "2026-11-29", None),
            (Some("2026-11-29"), "2026-11-30", Some("2026-11-30")),
            (Some("2026-11-28"), "2026-12-02", Some("2026-11-30")),
            (Some("2027-02-27"), "2027-02-28", Some("2027-02-28")),
            (Some("2026-11-30"), "2026-12-01", None),
            (None, "2026-12-01", Some("2026-11-30")),
            (None, "2026-12-31", Some("2026-12-31")),
        ] {
            assert_eq!(month_end(last.map(day), day(closed)), end.map(day), "{last:?} {closed}");
        }
    }
}
