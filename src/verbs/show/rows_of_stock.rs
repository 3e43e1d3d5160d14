//! The rows about goods where they lie: places, stock cards, bills of the factory, reports of differences.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::id::{BillId, ReceiptId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::receiving::Found;
use crate::domain::stock::MoveKind;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};

/// A movement on a stock card.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CardRow {
    /// The article's code.
    pub article: Text,
    /// Where.
    pub place: Text,
    /// The entry of the journal.
    pub seq: u64,
    /// The day of the ledger.
    pub day: Day,
    /// When.
    pub at: Moment,
    /// Why.
    pub kind: MoveKind,
    /// What came to the sound stock of the place, or left it.
    pub change: Quantity,
    /// What was on hand at the place afterwards, packed goods included.
    pub balance: Quantity,
    /// What was damaged at the place afterwards.
    pub balance_damaged: Quantity,
    /// What was on hand in all places afterwards.
    pub total: Quantity,
    /// The document it came from.
    pub document: String,
    /// The retail price of one base unit at that moment.
    pub retail_then: Money,
}

/// A place of the warehouse.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlaceRow {
    /// Its code.
    pub place: Text,
    /// Its name.
    pub name: Text,
    /// Its turn on the way through the warehouse.
    pub turn: u32,
    /// How many articles lie there; `null` for who counts.
    pub articles: Option<u64>,
}

/// A line of a bill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BilledRow {
    /// The article's code.
    pub article: Text,
    /// How much was billed.
    pub quantity: Quantity,
    /// The price of one base unit.
    pub price: Money,
    /// Quantity times price.
    pub amount: Money,
    /// What has come of it.
    pub accepted: Quantity,
}

/// A bill of the factory.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BillRow {
    /// Its number in the books.
    pub bill: BillId,
    /// The factory's own number.
    pub number: Text,
    /// Which factory.
    pub factory: Text,
    /// The day it bears.
    pub day: Day,
    /// `in_transit`, `partly_received` or `received`.
    pub state: &'static str,
    /// What it amounts to.
    pub amount: Money,
    /// Its lines.
    pub lines: Vec<BilledRow>,
    /// The goods-ins against it.
    pub receipts: Vec<ReceiptId>,
    /// Who entered it.
    pub by: Text,
    /// When.
    pub at: Moment,
}

/// A difference between bill and goods.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DifferenceRow {
    /// Code and name, or what stands on the goods.
    pub name: Text,
    /// What differs.
    pub found: Found,
    /// How much.
    pub quantity: Quantity,
}

/// A report of differences.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportRow {
    /// Its goods-in.
    pub report: ReceiptId,
    /// The bill.
    pub bill: BillId,
    /// Who received.
    pub by: Text,
    /// When.
    pub at: Moment,
    /// `open` or `done`.
    pub state: &'static str,
    /// What differs.
    pub differences: Vec<DifferenceRow>,
    /// Who has read it.
    pub read_by: Vec<Text>,
}
