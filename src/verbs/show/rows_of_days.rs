//! The rows about days: the ledger, closed days, the month's goods.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::id::{DealerId, FlowId, OrderId, PromotionId};
use crate::domain::ledger::Corrected;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};
use crate::domain::waybill::Carrier;

/// A line of the ledger: goods that left or came back, or a gift that is charged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LedgerRow {
    /// The ledger day.
    pub day: Day,
    /// The entry of the journal.
    pub seq: u64,
    /// The line of that entry, from 1.
    pub line: u32,
    /// When.
    pub at: Moment,
    /// `shipped`, `returned`, or `charged` for a gift that stayed and is sold.
    pub side: &'static str,
    /// The order.
    pub order: OrderId,
    /// Its shipment.
    pub part: u8,
    /// The dealer, unless it is the Tmall shop's own.
    pub dealer: Option<DealerId>,
    /// The buyer's name when the order was taken.
    pub name: Text,
    /// `shop` for the Tmall shop's own customers, else the dealer's kind.
    pub channel: &'static str,
    /// The article's code.
    pub article: Text,
    /// The article's name.
    pub article_name: Text,
    /// The base unit.
    pub unit: Text,
    /// How much, in the base unit; negative where it came back.
    pub quantity: Quantity,
    /// Of it given free; negative where a gift is charged.
    pub gift: Quantity,
    /// By which promotion.
    pub promotion: Option<PromotionId>,
    /// The price of one base unit at which the order settles.
    pub price: Money,
    /// Quantity times price; negative where goods came back.
    pub amount: Money,
    /// The order's freight, on the first of all its lines.
    pub freight: Money,
    /// The receiving accounts of the payments.
    pub accounts: Vec<Text>,
    /// The payments.
    pub flows: Vec<FlowId>,
    /// Who confirmed them.
    pub confirmed_by: Vec<Text>,
    /// Who signed the shipment.
    pub signed_by: Vec<Text>,
    /// The carrier.
    pub carrier: Option<Carrier>,
    /// The waybill number.
    pub waybill: Text,
    /// What the carrier charged; `null` until its statement says so.
    pub fee: Option<Money>,
    /// On hand of the article afterwards; `null` for whoever counts it blind.
    pub stock_after: Option<Quantity>,
    /// Who shipped the goods or took them back.
    pub by: Text,
    /// What it takes back: the ledger day and the entry with which the goods had left.
    pub corrects: Option<Corrected>,
}

/// A day: closed, or open with lines in its ledger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DayRow {
    /// The day.
    pub day: Day,
    /// `closed`, `late` where it was closed after the next morning, or `open`.
    pub state: &'static str,
    /// Who closed it.
    pub by: Option<Text>,
    /// When.
    pub at: Option<Moment>,
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
    /// All of it together.
    pub net: Money,
    /// Payments not disposed of when it was closed.
    pub payments: Option<u64>,
    /// Paid shipments that had not left.
    pub queue: Option<u64>,
    /// Entries of the journal before its closing.
    pub entries: Option<u64>,
    /// The head of the chain before its closing.
    pub head: Option<Text>,
}

/// An article in a month: in by kind, out by kind, on hand (W8). Quantities are of sound goods, out is negative.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MonthRow {
    /// The month, as `2026-11`.
    pub month: Text,
    /// The article's code.
    pub article: Text,
    /// The article's name.
    pub name: Text,
    /// The base unit.
    pub unit: Text,
    /// On hand at the beginning.
    pub opening: Quantity,
    /// The stock the books begin with.
    pub begun: Quantity,
    /// Deliveries.
    pub delivery: Quantity,
    /// Goods that customers sent back.
    pub came_back: Quantity,
    /// Goods that left for customers.
    pub gone: Quantity,
    /// Sound goods that turned out damaged, less damaged ones that turned out sound.
    pub damaged: Quantity,
    /// Goods sent back to the factory.
    pub to_factory: Quantity,
    /// Differences of confirmed counts.
    pub counted: Quantity,
    /// Everything else that moved.
    pub other: Quantity,
    /// On hand at the end.
    pub closing: Quantity,
    /// The retail price of one base unit on the last day.
    pub retail: Option<Money>,
    /// What is on hand at the end comes to, at that price.
    pub value: Money,
    /// What left comes to, at the retail prices of its days.
    pub sold: Money,
}

/// A letter with the ledger of a closed day.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MailRow {
    /// The entry of the journal that closed the day.
    pub letter: u64,
    /// The day.
    pub day: Day,
    /// To whom.
    pub person: Text,
    /// To which address it went, or would go; empty where the person has none.
    pub address: Text,
    /// `owed`, `no_address` or `sent`.
    pub state: &'static str,
    /// How often sending failed.
    pub tries: u32,
    /// When it is tried again.
    pub next: Option<Moment>,
    /// What was said when it failed last.
    pub why: Text,
    /// When a mail server took it.
    pub sent_at: Option<Moment>,
    /// What that server answered.
    pub answer: Text,
}
