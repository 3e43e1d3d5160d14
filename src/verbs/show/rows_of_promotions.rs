//! The rows of promotions and of what they gave.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::id::PromotionId;
use crate::domain::money::Money;
use crate::domain::promotion::PromotionState;
use crate::domain::quantity::Quantity;
use crate::domain::role::Role;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment, Month};

/// A promotion.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PromotionRow {
    /// Its number.
    pub promotion: PromotionId,
    /// Its name.
    pub name: Text,
    /// How far it has come today.
    pub state: PromotionState,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// The code of what is bought.
    pub article: Text,
    /// How much of it makes a step, in its base unit.
    pub buy: Quantity,
    /// The code of what is given.
    pub gift: Text,
    /// How much of it a step gives, in its base unit.
    pub free: Quantity,
    /// How much of the gift it is expected to give in all.
    pub expected: Quantity,
    /// How much it has given, by the ledger.
    pub given: Quantity,
    /// How often its terms were written.
    pub version: u32,
    /// Who drafted it.
    pub by: Text,
    /// When.
    pub at: Moment,
    /// Who submitted it.
    pub submitted_by: Option<Text>,
    /// Who confirmed it.
    pub confirmed_by: Vec<Text>,
    /// Whose confirmation is awaited, once it is submitted.
    pub awaits: Vec<Role>,
    /// Why it was rejected last.
    pub rejected_why: Option<Text>,
    /// Why it was ended early.
    pub ended_why: Option<Text>,
}

/// What a promotion gave of an article in a month.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GiftRow {
    /// Which month.
    pub month: Month,
    /// `growing`, `waiting`, `prepared` or `confirmed`.
    pub state: &'static str,
    /// By which promotion.
    pub promotion: PromotionId,
    /// The promotion's name.
    pub name: Text,
    /// The article's code.
    pub article: Text,
    /// The article's name.
    pub article_name: Text,
    /// The base unit.
    pub unit: Text,
    /// How much; below zero where more came back than was given.
    pub quantity: Quantity,
    /// The same at the unified retail price.
    pub amount: Money,
    /// Who prepared the write-off.
    pub prepared_by: Option<Text>,
    /// Who confirmed it for finance.
    pub confirmed_by: Option<Text>,
    /// When.
    pub confirmed_at: Option<Moment>,
}
