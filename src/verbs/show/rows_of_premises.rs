//! The rows of slow goods, checks and visitors.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::id::{CheckId, VisitorId};
use crate::domain::money::Money;
use crate::domain::premises::Shift;
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};

/// Slow goods: 90 days of supply or more, 60 without movement, or 30 without a sale or movement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SlowRow {
    /// The article's code.
    pub article: Text,
    /// The name.
    pub name: Text,
    /// The base unit.
    pub unit: Text,
    /// Sound stock.
    pub on_hand: Quantity,
    /// Shipped within 30 days, up to yesterday.
    pub sold: Quantity,
    /// For how many days the stock lasts at that rate; `null` where nothing was sold.
    pub days_of_supply: Option<i64>,
    /// The last day on which any of it moved.
    pub moved: Option<Day>,
    /// Days since.
    pub idle: Option<i32>,
    /// The stock at today's retail price; `null` without one.
    pub value: Option<Money>,
    /// What is proposed for it.
    pub proposal: Option<Text>,
    /// By whom.
    pub proposed_by: Option<Text>,
    /// When.
    pub proposed_at: Option<Moment>,
}

/// A check before or after work. Each of the three is empty where all was in order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckRow {
    /// Its number.
    pub check: CheckId,
    /// The day.
    pub day: Day,
    /// Before or after work.
    pub shift: Shift,
    /// `fine`, `open` (irregular and not read) or `read`.
    pub state: &'static str,
    /// Doors, windows, locks, seals.
    pub doors: Text,
    /// Power, water, fire.
    pub power: Text,
    /// The goods as they lie.
    pub goods: Text,
    /// Who checked.
    pub by: Text,
    /// When.
    pub at: Moment,
    /// Who has read of it.
    pub read_by: Vec<Text>,
    /// What they said is to be done.
    pub remark: Vec<Text>,
}

/// A visitor.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VisitorRow {
    /// The number of the visit.
    pub visitor: VisitorId,
    /// Who came.
    pub name: Text,
    /// From where.
    pub firm: Text,
    /// What for.
    pub purpose: Text,
    /// When they came.
    pub at: Moment,
    /// Who let them in.
    pub by: Text,
    /// `inside` or `left`.
    pub state: &'static str,
    /// When they left.
    pub left_at: Option<Moment>,
    /// Who saw them leave.
    pub left_by: Option<Text>,
}
