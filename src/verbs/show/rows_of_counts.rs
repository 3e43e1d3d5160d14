//! The rows about stocktakes: what is counted by whom, what the sheets say, how it came out, what is claimed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::comparing::Outcome;
use crate::domain::id::{ClaimId, Seq, StocktakeId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stocktake::{Method, Stage, StocktakeKind};
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};

/// A stocktake.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StocktakeRow {
    /// The stocktake.
    pub stocktake: StocktakeId,
    /// What it is for.
    pub kind: StocktakeKind,
    /// The day of the count: the month's goods up to then are in it.
    pub day: Day,
    /// The last day of its month; what moves after `day` belongs to the month and not to this count.
    pub month_end: Day,
    /// `whole`, `places` or `articles`.
    pub scope: &'static str,
    /// The places or the articles' codes that are counted; empty for everything.
    pub counted: Vec<Text>,
    /// Whether goods in scope may not move until it is closed.
    pub frozen: bool,
    /// On how many sheets.
    pub method: Method,
    /// Who counts.
    pub counters: Vec<Text>,
    /// Who else is present.
    pub present: Vec<Text>,
    /// How far it has come.
    pub stage: Stage,
    /// Whose sheet is awaited.
    pub awaits: Vec<Text>,
    /// Goods at places that were compared; `null` for who counts, until all is counted.
    pub rows: Option<u32>,
    /// Those that have to be counted again; `null` as above.
    pub to_recount: Option<u32>,
    /// Those that differ from the book; `null` as above.
    pub differing: Option<u32>,
    /// Whether finance agreed to the differences.
    pub agreed: bool,
    /// What was written about it.
    pub note: Text,
    /// Who arranged it.
    pub by: Text,
    /// When.
    pub at: Moment,
    /// When it was confirmed or given up.
    pub ended: Option<Moment>,
}

/// Goods at a place, as they were compared. What whoever asks may not see is `null`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparedRow {
    /// The stocktake.
    pub stocktake: StocktakeId,
    /// The place.
    pub place: Text,
    /// The article's code.
    pub article: Text,
    /// Its name.
    pub name: Text,
    /// Its base unit.
    pub unit: Text,
    /// What the first sheet says; `null` for blank.
    pub sheet_1: Option<Quantity>,
    /// What the second sheet says; `null` for blank, or where both count on one sheet.
    pub sheet_2: Option<Quantity>,
    /// What was counted again, in order.
    pub recounts: Vec<Option<Quantity>>,
    /// What the book had on the shelf at the moment of the figure that counts.
    pub book: Option<Quantity>,
    /// Packed for shipments that had not left: shown apart, not counted by hand.
    pub packed: Option<Quantity>,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// Counted less book.
    pub difference: Option<Quantity>,
    /// Whether goods moved there while they were being counted.
    pub moved: Option<bool>,
    /// Whether goods moved there since: it changes nothing of the count.
    pub moved_since: Option<bool>,
    /// The difference's cause.
    pub cause: Option<Text>,
    /// Who is responsible.
    pub party: Option<Text>,
    /// What is proposed.
    pub proposal: Option<Text>,
    /// The claim for what is short, once confirmed.
    pub claim: Option<ClaimId>,
    /// How much is to be made good.
    pub claimed: Option<Quantity>,
    /// The retail price on the day of the count.
    pub price: Option<Money>,
    /// What is to be made good.
    pub amount: Option<Money>,
    /// Another article that may have been counted as this one: only a suggestion.
    pub twin: Option<Text>,
}

/// A line of a sheet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SheetRow {
    /// The stocktake.
    pub stocktake: StocktakeId,
    /// The sheet: 1 and 2 are the first ones, from 3 on goods are counted again.
    pub sheet: u8,
    /// The line.
    pub line: u32,
    /// The entry of the journal that touched it last.
    pub seq: Seq,
    /// Who began it.
    pub by: Text,
    /// When it was last touched.
    pub at: Moment,
    /// The place.
    pub place: Text,
    /// What was scanned or typed.
    pub code: Text,
    /// The article's code; `null` where the code is unknown.
    pub article: Option<Text>,
    /// The article's name.
    pub name: Text,
    /// Its base unit.
    pub unit: Text,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// Whether all of it was taken back, so that it says nothing.
    pub taken_back: bool,
    /// Whether it is among what is to be counted.
    pub in_scope: bool,
    /// The mark of goods that need special handling, or empty.
    pub special: Text,
}

/// A claim for goods found short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClaimRow {
    /// The claim.
    pub claim: ClaimId,
    /// The stocktake that found it.
    pub stocktake: StocktakeId,
    /// The day of the count, whose price it is.
    pub day: Day,
    /// The article's code.
    pub article: Text,
    /// Its name.
    pub name: Text,
    /// The place.
    pub place: Text,
    /// How much is short.
    pub quantity: Quantity,
    /// The retail price on that day; `null` where none was set.
    pub price: Option<Money>,
    /// What is to be made good.
    pub amount: Money,
    /// The cause.
    pub cause: Text,
    /// Who is responsible.
    pub party: Text,
    /// What is proposed.
    pub proposal: Text,
    /// When it was confirmed.
    pub at: Moment,
    /// `open`, or `settled` once it was made good.
    pub state: &'static str,
    /// For how many days it has been open, or was.
    pub days_open: i32,
    /// Who recorded that it was made good.
    pub settled_by: Option<Text>,
    /// When.
    pub settled_at: Option<Moment>,
    /// How it was made good.
    pub settled_how: Option<Text>,
}
