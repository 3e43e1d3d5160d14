//! The rows of `taizhang show`: a public interface. A field may be added, never renamed, retyped or removed.
//!
//! Amounts are text with two places, quantities text with up to three, times RFC 3339, days `YYYY-MM-DD`. What is not
//! known or does not apply is `null`. The comments here are the descriptions that `taizhang schema` prints.

pub use super::rows_of_counts::{ClaimRow, ComparedRow, SheetRow, StocktakeRow};
pub use super::rows_of_days::{DayRow, LedgerRow, MailRow, MonthRow};
pub use super::rows_of_money::{ConflictRow, ImportRow, PaymentRow};
pub use super::rows_of_premises::{CheckRow, SlowRow, VisitorRow};
pub use super::rows_of_promotions::{GiftRow, PromotionRow};
pub use super::rows_of_purchasing::{AskedRow, FactoryAccountRow, RequisitionRow, SettlementRow, SuggestionRow};
pub use super::rows_of_stock::{BillRow, BilledRow, CardRow, DifferenceRow, PlaceRow, ReportRow};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::dealer::{DealerKind, PayAccount};
use crate::domain::event::Event;
use crate::domain::flow::Channel;
use crate::domain::goods::Pack;
use crate::domain::id::{DealerId, OrderId, PersonId, PromotionId, ReferralId, Seq};
use crate::domain::money::Money;
use crate::domain::order::{Basis, ShipTo};
use crate::domain::quantity::Quantity;
use crate::domain::role::Role;
use crate::domain::setting::Settings;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};
use crate::domain::waybill::Carrier;

/// A person of the department.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonRow {
    /// The person's number.
    pub person: PersonId,
    /// The sign-in code.
    pub code: Text,
    /// The name.
    pub name: Text,
    /// The roles held.
    pub roles: Vec<Role>,
    /// The Unix account (uid) bound to the person.
    pub unix: Option<u32>,
    /// Whether the person may act.
    pub active: bool,
    /// Whether a passphrase is set.
    pub passphrase: bool,
    /// When the person was appointed.
    pub since: Moment,
}

/// A dealer's file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DealerRow {
    /// The dealer's code.
    pub dealer: DealerId,
    /// The name.
    pub name: Text,
    /// What kind of dealer.
    pub kind: DealerKind,
    /// The version of the file in force.
    pub version: u32,
    /// Whether goods may leave for this dealer.
    pub complete: bool,
    /// The fields that the file lacks.
    pub missing: Vec<&'static str>,
    /// The parties that have yet to take this version into their books.
    pub awaits: Vec<Role>,
    /// The back office's number of an offline customer, once matched.
    pub matched: Option<Text>,
    /// When they began to carry our goods.
    pub since: Option<Day>,
    /// Where they sell.
    pub channels: Vec<Text>,
    /// The contact.
    pub contact: Text,
    /// The contact's telephone; masked for roles that may not see it.
    pub phone: Text,
    /// The address.
    pub address: Text,
    /// How they usually pay.
    pub pays_by: Option<Channel>,
    /// The accounts they pay from; masked for roles that may not see them.
    pub accounts: Vec<PayAccount>,
    /// The price tier.
    pub tier: Text,
    /// The free-shipping level.
    pub free_shipping: Text,
    /// Money kept for the dealer.
    pub credit: Money,
    /// Who entered the version in force.
    pub filed_by: Text,
    /// When.
    pub filed_at: Moment,
    /// Remark.
    pub remark: Text,
}

/// An article with the prices in force on the day asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GoodsRow {
    /// The article's code.
    pub article: Text,
    /// The name.
    pub name: Text,
    /// The base unit.
    pub unit: Text,
    /// Its barcode.
    pub barcode: Text,
    /// Larger units and what they hold.
    pub packs: Vec<Pack>,
    /// Where it lies.
    pub location: Text,
    /// The special mark.
    pub special: Text,
    /// The keeper of special goods, by sign-in code.
    pub keeper: Text,
    /// The retail price of one base unit.
    pub retail: Option<Money>,
    /// The tiers' prices of one base unit.
    pub tiers: Vec<TierPrice>,
    /// What is on hand now, packed goods included; `null` for who counts it.
    pub on_hand: Option<Quantity>,
    /// The version of the card.
    pub version: u32,
}

/// A tier's price.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TierPrice {
    /// The tier's code.
    pub tier: Text,
    /// The price of one base unit.
    pub price: Money,
}

/// A price and the day it begins.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PriceRow {
    /// The article's code.
    pub article: Text,
    /// The article's name.
    pub name: Text,
    /// The tier's code; `null` for retail.
    pub tier: Option<Text>,
    /// The price of one base unit.
    pub price: Money,
    /// The first day.
    pub from: Day,
    /// Whether it is in force on the day asked for.
    pub in_force: bool,
}

/// What is on hand of an article, at the end of the day asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StockRow {
    /// The article's code.
    pub article: Text,
    /// The name.
    pub name: Text,
    /// Where it lies.
    pub location: Text,
    /// The base unit.
    pub unit: Text,
    /// What is on hand, packed goods included; `null` for who counts it.
    pub on_hand: Option<Quantity>,
    /// What is damaged, beside the sound goods; `null` for who counts it.
    pub damaged: Option<Quantity>,
    /// What is packed and has not left; `null` for a day past, and for who counts it.
    pub packed: Option<Quantity>,
    /// What can still be packed; `null` for a day past, and for who counts it.
    pub sound: Option<Quantity>,
}

/// An order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrderRow {
    /// The order's number.
    pub order: OrderId,
    /// The dealer, unless it is the Tmall shop's own.
    pub dealer: Option<DealerId>,
    /// Tmall's order number, for the shop's own.
    pub tmall: Option<Text>,
    /// The buyer's name when the order was taken.
    pub name: Text,
    /// `money`, `signing`, `packing`, `waybill`, `ready`, `shipped`, `done` or `cancelled`.
    pub state: &'static str,
    /// The business day whose prices hold.
    pub day: Day,
    /// When it was taken.
    pub at: Moment,
    /// Who took it.
    pub by: Text,
    /// The tier's code.
    pub tier: Text,
    /// At which prices it settles.
    pub basis: Basis,
    /// What is to be paid.
    pub due: Money,
    /// What is paid; all of it for the Tmall shop's own, on the platform.
    pub paid: Money,
    /// What is still to be paid.
    pub open: Money,
    /// What gifts that stayed when their goods came back were charged at; it is kept back from what is given back.
    pub charged: Money,
    /// The total at the tier, freight included.
    pub tier_total: Money,
    /// The total at retail, freight included.
    pub retail_total: Money,
    /// The freight at the tier.
    pub freight: Money,
    /// What was ordered.
    pub lines: Vec<LineRow>,
    /// Where it goes; the telephone is masked for roles that may not see it.
    pub to: ShipTo,
    /// Remark.
    pub remark: Text,
    /// How often the content changed, from 1.
    pub content: u32,
    /// Its shipments; none while money is awaited.
    pub shipments: Vec<ShipmentRow>,
}

/// A line of an order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LineRow {
    /// The line's number, from 1.
    pub line: usize,
    /// The article's code.
    pub article: Text,
    /// The article's name.
    pub name: Text,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// The base unit.
    pub unit: Text,
    /// The tier's price of one base unit.
    pub price: Money,
    /// The retail price of one base unit.
    pub retail: Money,
    /// The line's amount at the tier.
    pub amount: Money,
    /// The promotion by which it is given free.
    pub gift: Option<PromotionId>,
}

/// A shipment of an order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShipmentRow {
    /// Its number in the order, from 1.
    pub part: u8,
    /// `signing`, `packing`, `waybill`, `ready`, `shipped` or `closed`.
    pub stage: &'static str,
    /// When it must have left (M4.1).
    pub deadline: Moment,
    /// Whether it is late, or left late.
    pub late: bool,
    /// What a signature binds: `sign_shipment` wants it as `seen`.
    pub seen: Text,
    /// The signatures.
    pub signed: Vec<SignatureRow>,
    /// The steps not signed yet.
    pub unsigned: Vec<Role>,
    /// Why two signatures suffice.
    pub exception: Option<Text>,
    /// Why a signer refused.
    pub objection: Option<Text>,
    /// When it was packed.
    pub packed_at: Option<Moment>,
    /// The carrier.
    pub carrier: Option<Carrier>,
    /// The waybill number.
    pub waybill: Option<Text>,
    /// When it left.
    pub shipped_at: Option<Moment>,
}

/// A signature.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignatureRow {
    /// For which step.
    pub step: Role,
    /// Who.
    pub by: Text,
    /// When.
    pub at: Moment,
}

/// A place in the queue.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QueueRow {
    /// The order.
    pub order: OrderId,
    /// Its shipment; 0 while money is awaited.
    pub part: u8,
    /// The buyer's name.
    pub name: Text,
    /// The dealer.
    pub dealer: Option<DealerId>,
    /// `money`, `signing`, `packing`, `waybill` or `ready`.
    pub stage: &'static str,
    /// When it must have left; `null` while money is awaited.
    pub deadline: Option<Moment>,
    /// Whether the deadline has passed.
    pub late: bool,
    /// Who is awaited.
    pub awaits: Vec<Role>,
    /// What is to be paid.
    pub due: Money,
    /// Whole hours spent in the present stage; `null` while money is awaited.
    pub hours: Option<i64>,
}

/// A retail customer sent to the Tmall shop.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReferralRow {
    /// The referral.
    pub referral: ReferralId,
    /// When.
    pub at: Moment,
    /// Who sent them.
    pub by: Text,
    /// The customer's name.
    pub name: Text,
    /// How to reach them; masked for roles that may not see it.
    pub contact: Text,
    /// Remark.
    pub remark: Text,
    /// The Tmall order that came of it.
    pub order: Option<OrderId>,
}

/// The settings, together: this list has one row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SettingsRow {
    /// The settings in force.
    pub settings: Settings,
    /// The price tiers.
    pub tiers: Vec<TierRow>,
    /// The free-shipping levels.
    pub levels: Vec<LevelRow>,
    /// The receiving accounts.
    pub accounts: Vec<AccountRow>,
    /// Whether the store accepts given times.
    pub rehearsal: bool,
}

/// A price tier.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TierRow {
    /// The code.
    pub code: Text,
    /// The name.
    pub name: Text,
}

/// A free-shipping level.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LevelRow {
    /// The code.
    pub code: Text,
    /// The name.
    pub name: Text,
    /// From which amount shipping is free; `null`: never.
    pub free_from: Option<Money>,
}

/// A receiving account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountRow {
    /// The account's number here.
    pub account: u16,
    /// Through whom.
    pub channel: Channel,
    /// The account as statements state it.
    pub number: Text,
    /// The name.
    pub name: Text,
}

/// Something that happened. `taizhang journal` gives the lines themselves, with their chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JournalRow {
    /// Its place, from 1.
    pub seq: Seq,
    /// When.
    pub at: Moment,
    /// Who; the program itself where nobody.
    pub by: Text,
    /// From which terminal.
    pub terminal: Text,
    /// The event's name.
    pub name: String,
    /// The command's id.
    pub id: Option<Text>,
    /// What happened; `null` for a record of a sheet that whoever asks may not see yet.
    pub event: Option<Event>,
}
