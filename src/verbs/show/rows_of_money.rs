//! The rows about money: flows of statements, rows kept aside, imports.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::flow::{Direction, FlowClass, StatedTotal};
use crate::domain::id::{DealerId, FlowId, ImportId};
use crate::domain::money::Money;
use crate::domain::payment::Share;
use crate::domain::text::Text;
use crate::domain::time::Moment;

/// A flow of a statement, and what was made of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentRow {
    /// The flow.
    pub payment: FlowId,
    /// `open`, `part` or `done` for money received; `kept` for every other flow.
    pub state: &'static str,
    /// When the money moved.
    pub time: Moment,
    /// The receiving account's name.
    pub account: Text,
    /// What it is.
    pub class: FlowClass,
    /// Which way it went.
    pub direction: Direction,
    /// How much.
    pub amount: Money,
    /// The fee stated with it.
    pub fee: Money,
    /// What is still open.
    pub open: Money,
    /// Who paid, as stated.
    pub payer: Text,
    /// From which account, as stated; masked for roles that may not see it.
    pub payer_account: Text,
    /// The payer's remark.
    pub remark: Text,
    /// The flow's number at the payment company.
    pub number: Text,
    /// The merchant order number.
    pub order_ref: Text,
    /// The file's own word for the kind of row.
    pub kind: Text,
    /// The dealer it was confirmed for.
    pub dealer: Option<DealerId>,
    /// Whether it came from an account registered for that dealer.
    pub registered: Option<bool>,
    /// The orders it pays.
    pub orders: Vec<Share>,
    /// What was kept as the dealer's credit.
    pub to_credit: Money,
    /// What was given back.
    pub returned: Money,
    /// The reason of the last decision.
    pub reason: Text,
    /// The import it came with.
    pub import: ImportId,
}

/// A row of a statement that says something else than the flow posted under its number.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConflictRow {
    /// Its number.
    pub conflict: u32,
    /// The receiving account's name.
    pub account: Text,
    /// The import it came with.
    pub import: ImportId,
    /// The flow's number at the payment company.
    pub number: Text,
    /// The flow that is posted.
    pub payment: FlowId,
    /// The posted amount.
    pub posted: Option<Money>,
    /// The amount of the row kept aside.
    pub stated: Money,
    /// The time of the row kept aside.
    pub time: Moment,
    /// Who is on the other side in the row kept aside.
    pub payer: Text,
    /// Who settled it.
    pub settled_by: Option<Text>,
    /// When.
    pub settled_at: Option<Moment>,
    /// How it was settled.
    pub note: Option<Text>,
}

/// An imported statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportRow {
    /// The import.
    pub import: ImportId,
    /// When.
    pub at: Moment,
    /// Who imported it.
    pub by: Text,
    /// The file's name.
    pub file: Text,
    /// The format.
    pub format: Text,
    /// The receiving account's name.
    pub account: Text,
    /// The file's flows.
    pub rows: u64,
    /// Flows that were new.
    pub new: u64,
    /// Payments among them.
    pub payments: u64,
    /// What those add up to.
    pub amount: Money,
    /// Payments among them from an account registered for a dealer.
    pub matched: u64,
    /// Flows that were posted already.
    pub known: u64,
    /// Rows kept aside.
    pub conflicts: u64,
    /// What the file states of itself, beside what its rows add up to.
    pub totals: Vec<StatedTotal>,
    /// Why totals that disagree were accepted.
    pub accepted: Option<Text>,
    /// The file's SHA-256.
    pub sha256: Text,
}
