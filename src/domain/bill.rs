//! Bills of the factory (厂家账单, 送货单): what was billed, and how much of it has come.
//!
//! A bill is entered once, before the goods or after them, at the unified retail price (M4.6). What has come of it is known
//! line by line, so that goods can come in parts and a bill can never be received twice.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::{Article, GoodsLine};
use super::id::{ArticleId, BillId, PersonId, ReceiptId, RequisitionId};
use super::money::Money;
use super::quantity::Quantity;
use super::requisition::{Requisition, RequisitionState};
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// How far a bill has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BillState {
    /// 在途: nothing has come.
    InTransit,
    /// 部分收货: more is awaited.
    PartlyReceived,
    /// 已收货: nothing more is awaited.
    Received,
}

impl BillState {
    /// The state's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            BillState::InTransit => "in_transit",
            BillState::PartlyReceived => "partly_received",
            BillState::Received => "received",
        }
    }
}

/// What a line of a bill says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Billed {
    /// What.
    pub article: ArticleId,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// The price of one base unit.
    pub price: Money,
    /// Quantity times price.
    pub amount: Money,
}

/// A line of a bill with what has come of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// What was billed.
    pub billed: Billed,
    /// What has come and was taken, sound or damaged.
    pub accepted: Quantity,
}

impl BillLine {
    /// What is still to come.
    pub fn left(&self) -> Quantity {
        self.billed.quantity - self.accepted
    }
}

/// A bill as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Its number in the books.
    pub id: BillId,
    /// The factory's own number.
    pub number: Text,
    /// Which factory.
    pub factory: Text,
    /// The day it bears.
    pub day: Day,
    /// Its lines.
    pub lines: Vec<BillLine>,
    /// How far it has come.
    pub state: BillState,
    /// Who entered it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The goods-ins against it, in order.
    pub receipts: Vec<ReceiptId>,
    /// The requisition it follows from.
    pub requisition: Option<RequisitionId>,
}

impl Bill {
    /// What it amounts to.
    pub fn amount(&self) -> Money {
        self.lines.iter().map(|line| line.billed.amount).sum()
    }

    /// The line of an article.
    pub fn line(&self, article: ArticleId) -> Option<&BillLine> {
        self.lines.iter().find(|line| line.billed.article == article)
    }

    /// What an event does to the record.
    pub fn apply(&mut self, event: &Event) {
        let Event::BillReceived { receipt, taken, last, .. } = event else {
            return;
        };
        for goods in taken {
            let line = self.lines.iter_mut().find(|line| line.billed.article == goods.article);
            line.expect("what was taken stands on the bill").accepted += goods.quantity;
        }
        self.receipts.push(*receipt);
        let all = self.lines.iter().all(|line| line.left().is_zero());
        self.state = if *last || all { BillState::Received } else { BillState::PartlyReceived };
    }
}

/// Enter a bill of the factory (录入厂家账单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterBill {
    /// The factory's own number, as it stands on the paper.
    pub number: Text,
    /// Which factory.
    pub factory: Text,
    /// The day it bears.
    pub day: Day,
    /// Its lines.
    pub lines: Vec<NewBillLine>,
    /// The requisition it follows from; none where the factory sends unasked.
    #[serde(default)]
    pub requisition: Option<RequisitionId>,
}

/// A line of a bill as it is entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBillLine {
    /// The article's code or barcode.
    pub article: Text,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit; none for the base unit.
    #[serde(default)]
    pub unit: Option<Text>,
    /// The price of one base unit as billed; none for the retail price in force on the bill's day.
    #[serde(default)]
    pub price: Option<Money>,
}

/// What entering a bill may look at.
pub struct BillFacts {
    /// The articles of the lines with their retail price on the bill's day, in order.
    pub lines: Vec<(Option<Article>, Option<Money>)>,
    /// The requisition named, if there is one.
    pub requisition: Option<Requisition>,
    /// The bill that has that number of that factory already.
    pub same: Option<BillId>,
    /// The number the next bill gets.
    pub next: BillId,
}

/// A quantity of an article as typed, in its base unit.
pub(super) fn in_base(line: &GoodsLine, article: &Option<Article>) -> Result<(ArticleId, Quantity), Refusal> {
    let unknown = || Clause::Known.refuse(Reason::Unknown { what: "article", code: line.article.clone() });
    let article = article.as_ref().ok_or_else(unknown)?;
    if !line.quantity.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "quantity" }));
    }
    Ok((article.id, article.in_base(line.quantity, line.unit.as_ref())?))
}

impl EnterBill {
    /// A bill for a requisition comes from its factory, once the back office has it (M2.2).
    fn follows(&self, facts: &BillFacts) -> Result<(), Refusal> {
        let Some(id) = self.requisition else { return Ok(()) };
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "requisition", code: id.to_string().into() });
        let requisition = facts.requisition.as_ref().ok_or_else(unknown)?;
        let state = requisition.state();
        if requisition.closed.is_some() || requisition.acknowledged.is_none() || state == RequisitionState::Received {
            return Err(Clause::FromStock.refuse(Reason::RequisitionIs { requisition: id, state: state.key() }));
        }
        if requisition.factory != self.factory {
            let factory = requisition.factory.clone();
            return Err(Clause::FromStock.refuse(Reason::OtherFactory { requisition: id, factory }));
        }
        Ok(())
    }
}

impl Rule for EnterBill {
    type Facts = BillFacts;

    fn decide(&self, by: &Actor, facts: &BillFacts) -> Result<Event, Refusals> {
        for (field, value) in [("number", &self.number), ("factory", &self.factory)] {
            if value.is_empty() {
                return Err(Clause::Exact.refuse(Reason::Empty { field }).into());
            }
        }
        if let Some(same) = facts.same {
            let taken = Reason::Taken { what: "bill", code: self.number.clone(), by: same.to_string().into() };
            return Err(Clause::OnceOnly.refuse(taken).into());
        }
        if self.day > by.today() {
            let value = self.day.to_string().into();
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "day", value }).into());
        }
        self.follows(facts)?;
        if self.lines.is_empty() {
            return Err(Clause::GoodsChecked.refuse(Reason::NoLines).into());
        }
        let mut lines: Vec<Billed> = Vec::with_capacity(self.lines.len());
        for (new, (known, retail)) in self.lines.iter().zip(&facts.lines) {
            let plain = GoodsLine { article: new.article.clone(), quantity: new.quantity, unit: new.unit.clone() };
            let (article, quantity) = in_base(&plain, known)?;
            if lines.iter().any(|line| line.article == article) {
                return Err(Clause::Exact.refuse(Reason::LineTwice { article: new.article.clone() }).into());
            }
            let no_price = || {
                let (article, tier) = (new.article.clone(), Text::default());
                Clause::Exact.refuse(Reason::NoPrice { article, tier, day: self.day })
            };
            let price = new.price.or(*retail).ok_or_else(no_price)?;
            if !price.is_positive() {
                return Err(Clause::Exact.refuse(Reason::NotPositive { field: "price" }).into());
            }
            let too_large = || Clause::Exact.refuse(Reason::TooLarge { field: "amount" });
            let amount = price.times(quantity).ok_or_else(too_large)?;
            lines.push(Billed { article, quantity, price, amount });
        }
        let EnterBill { number, factory, day, requisition, .. } = self.clone();
        Ok(Event::BillEntered { bill: facts.next, number, factory, day, lines, requisition })
    }
}
