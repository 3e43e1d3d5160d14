//! The screens that can be opened on top of another, and the objects that have a journal.

use serde::{Deserialize, Serialize};

use crate::domain::id::{
    ArticleId, BillId, DealerId, FlowId, ImportId, OrderId, PersonId, PromotionId, ReferralId, StocktakeId,
};
use crate::domain::text::Text;
use crate::domain::time::Day;

/// A screen that can be opened on top of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// The whole file of a dealer.
    Dealer(DealerId),
    /// The versions of a dealer's file.
    DealerVersions(DealerId),
    /// A dealer's file to fill in: a new one, or one to revise.
    DealerForm(Option<DealerId>),
    /// The orders of a dealer, or all.
    Orders(Option<DealerId>),
    /// The detail of an order.
    Order(OrderId),
    /// An order to fill in, for a dealer or for one to be found.
    OrderForm(Option<DealerId>),
    /// An order to change.
    OrderChange(OrderId),
    /// Goods of an order that come back.
    ReturnForm(OrderId),
    /// The detail of a payment.
    Payment(FlowId),
    /// A payment to confirm: for which dealer and orders.
    PaymentForm(FlowId),
    /// The factory's bills.
    Bills,
    /// The detail of a bill.
    Bill(BillId),
    /// A bill to fill in.
    BillForm,
    /// Goods that came against a bill.
    ReceiveForm(BillId),
    /// Reports of differences.
    Reports,
    /// The places of the warehouse.
    Places,
    /// The stock card of an article.
    Card(ArticleId),
    /// A statement file to import.
    Import,
    /// The days: which are closed, what each adds up to.
    Days,
    /// The ledger of a day.
    Ledger(Day),
    /// A new passphrase, one's own or that of the person named.
    Passphrase(Option<PersonId>),
    /// The requisitions.
    Requisitions,
    /// A requisition to fill in, begun from what is suggested.
    RequisitionForm,
    /// The months' settlements with finance.
    Settlements,
    /// The promotions.
    Promotions,
    /// A promotion to draft, or a draft to revise.
    PromotionForm(Option<PromotionId>),
    /// The months' write-offs of gifts.
    WriteOffs,
    /// Slow goods, with what is proposed for them.
    Slow,
    /// The checks before and after work.
    Checks,
    /// Who came to the warehouse.
    Visitors,
    /// The wallboard.
    Wall,
    /// What waits for the person at work.
    ToDo,
    /// The goods and their prices.
    Goods,
    /// An article, whole.
    Article(ArticleId),
    /// An article's card to fill in: a new one, or one to revise.
    ArticleForm(Option<ArticleId>),
    /// Goods that come in.
    GoodsIn,
    /// The people.
    People,
    /// A person to appoint, or one whose roles change.
    PersonForm(Option<PersonId>),
    /// The settings, tiers, levels and receiving accounts.
    Settings,
    /// The rows that imports kept aside.
    Conflicts,
    /// The imports.
    Imports,
    /// An order of the Tmall shop, perhaps one that a referral led to.
    TmallForm(Option<ReferralId>),
    /// One's own sheet of a stocktake, to count at that place; at the last one where none is named.
    Count(StocktakeId, Text),
    /// The lines of a sheet.
    Sheet(StocktakeId, u8),
    /// A stocktake to arrange.
    StocktakeForm,
    /// A stocktake, whole.
    Stocktake(StocktakeId),
    /// What differs in a stocktake.
    Compare(StocktakeId),
    /// What was claimed for goods found short.
    Claims,
    /// The month's goods.
    Month,
    /// The letters with the ledgers of closed days.
    Outbox,
    /// What happened to an object.
    Journal(Subject),
}

/// An object that has a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A dealer.
    Dealer(DealerId),
    /// An order.
    Order(OrderId),
    /// A payment.
    Payment(FlowId),
    /// An article.
    Article(ArticleId),
    /// A bill.
    Bill(BillId),
    /// A stocktake.
    Stocktake(StocktakeId),
    /// A person.
    Person(PersonId),
    /// An import.
    Import(ImportId),
    /// A promotion.
    Promotion(PromotionId),
}

/// The screens that every other one leads to, by the acts that open them.
pub const SCREENS: &[(&str, Opening)] = &[
    ("session.passphrase", Opening::Passphrase(None)),
    ("days.open", Opening::Days),
    ("bills.open", Opening::Bills),
    ("places.open", Opening::Places),
    ("reports.open", Opening::Reports),
    ("open.todo", Opening::ToDo),
    ("open.goods", Opening::Goods),
    ("open.orders", Opening::Orders(None)),
    ("open.people", Opening::People),
    ("open.settings", Opening::Settings),
    ("open.conflicts", Opening::Conflicts),
    ("open.imports", Opening::Imports),
    ("open.requisitions", Opening::Requisitions),
    ("open.settlements", Opening::Settlements),
    ("open.promotions", Opening::Promotions),
    ("open.write_offs", Opening::WriteOffs),
    ("open.slow", Opening::Slow),
    ("open.checks", Opening::Checks),
    ("open.visitors", Opening::Visitors),
    ("open.claims", Opening::Claims),
    ("open.outbox", Opening::Outbox),
    ("open.month", Opening::Month),
    ("open.wall", Opening::Wall),
    ("open.tmall", Opening::TmallForm(None)),
];
