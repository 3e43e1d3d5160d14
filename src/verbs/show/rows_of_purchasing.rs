//! The rows of requisitions, of what they are suggested from, of the account at the factory and of settlements.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::id::{BillId, RequisitionId};
use crate::domain::money::Money;
use crate::domain::need::Need;
use crate::domain::quantity::Quantity;
use crate::domain::requisition::RequisitionState;
use crate::domain::settlement::FactoryKind;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment, Month};

/// What an article should be asked for, with every figure that it follows from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuggestionRow {
    /// The article's code.
    pub article: Text,
    /// The name.
    pub name: Text,
    /// The base unit, in which all quantities are.
    pub unit: Text,
    /// The figures.
    #[serde(flatten)]
    pub need: Need,
    /// The average of a day's sales.
    pub daily: Quantity,
    /// What should be asked for.
    pub suggested: Quantity,
}

/// A line of a requisition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AskedRow {
    /// The article's code.
    pub article: Text,
    /// The name.
    pub name: Text,
    /// What was asked for.
    pub quantity: Quantity,
    /// What the factory billed.
    pub billed: Quantity,
    /// What came and was taken.
    pub received: Quantity,
    /// What the quantity was suggested from; `null` for whoever counts the article blind.
    pub need: Option<Need>,
}

/// A requisition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequisitionRow {
    /// Its number.
    pub requisition: RequisitionId,
    /// When it was submitted.
    pub at: Moment,
    /// Who submitted it.
    pub by: Text,
    /// Which factory.
    pub factory: Text,
    /// How far it has come.
    pub state: RequisitionState,
    /// Its lines.
    pub lines: Vec<AskedRow>,
    /// Who acknowledged it for the back office.
    pub acknowledged_by: Option<Text>,
    /// The factory's bills for it.
    pub bills: Vec<BillId>,
    /// The day the factory sent goods, as last noted.
    pub sent: Option<Day>,
    /// Why it was closed.
    pub closed: Option<Text>,
    /// Remark.
    pub remark: Text,
}

/// A row of the department's account at the factory.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FactoryAccountRow {
    /// The month it counts for.
    pub month: Month,
    /// The day of its paper.
    pub day: Day,
    /// Why.
    pub kind: FactoryKind,
    /// The paper's number.
    pub paper: Text,
    /// What is owed more, or less where negative.
    pub amount: Money,
    /// What was owed afterwards.
    pub balance: Money,
}

/// A month's settlement with finance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SettlementRow {
    /// Which month.
    pub month: Month,
    /// `waiting`, `prepared`, `confirmed` or `overdue`.
    pub state: &'static str,
    /// The last day on which it is in time.
    pub due: Day,
    /// Days left; below zero once it is overdue.
    pub days_left: i32,
    /// Billed.
    pub billed: Money,
    /// Of bills, refused or never came.
    pub not_taken: Money,
    /// Went back to the factory.
    pub sent_back: Money,
    /// Gifts written off.
    pub gifts: Money,
    /// What is payable.
    pub payable: Money,
    /// Who prepared it.
    pub prepared_by: Option<Text>,
    /// Who confirmed it.
    pub confirmed_by: Option<Text>,
    /// When.
    pub confirmed_at: Option<Moment>,
}
