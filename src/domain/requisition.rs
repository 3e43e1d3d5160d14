//! Requisitions (要货单): what the department asks the factory for, and why (M2.2).
//!
//! A requisition follows from stock and sales: each line keeps every figure that its quantity was suggested from, as the
//! person who submitted it had them. It goes to the back office, the factory bills it, on one bill or several, and it is
//! done when all that was billed has come. What the factory will not bill is closed with a reason.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::{Article, GoodsLine};
use super::id::{ArticleId, BillId, PersonId, RequisitionId};
use super::need::Need;
use super::quantity::Quantity;
use super::shipment::Mark;
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// A line as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Asked {
    /// What.
    pub article: ArticleId,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// What the quantity was suggested from; none where it was asked for without.
    pub need: Option<Need>,
}

/// A line with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedLine {
    /// What was asked for.
    pub asked: Asked,
    /// How much of it the factory has billed.
    pub billed: Quantity,
    /// How much of that has come and was taken.
    pub received: Quantity,
}

impl AskedLine {
    /// What is still awaited: of a closed requisition only what was billed.
    fn awaited(&self, closed: bool) -> Quantity {
        let coming = if closed { self.billed } else { self.billed.max(self.asked.quantity) };
        (coming - self.received).max(Quantity::ZERO)
    }
}

/// How far a requisition has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequisitionState {
    /// 已提交: the back office has not acknowledged it.
    Submitted,
    /// 内勤已收: the factory has billed nothing of it.
    Acknowledged,
    /// 已开单: billed, in part or whole; nothing is on its way yet.
    Billed,
    /// 在途: billed goods are on their way.
    InTransit,
    /// 部分到货: some has come.
    PartlyReceived,
    /// 已到货: nothing more is awaited.
    Received,
    /// 已关闭: nothing came of it.
    Closed,
}

impl RequisitionState {
    /// Every state, in the order of the work.
    pub const ALL: &[RequisitionState] = &[
        RequisitionState::Submitted,
        RequisitionState::Acknowledged,
        RequisitionState::Billed,
        RequisitionState::InTransit,
        RequisitionState::PartlyReceived,
        RequisitionState::Received,
        RequisitionState::Closed,
    ];

    /// The state's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            RequisitionState::Submitted => "submitted",
            RequisitionState::Acknowledged => "acknowledged",
            RequisitionState::Billed => "billed",
            RequisitionState::InTransit => "in_transit",
            RequisitionState::PartlyReceived => "partly_received",
            RequisitionState::Received => "received",
            RequisitionState::Closed => "closed",
        }
    }
}

/// A requisition as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requisition {
    /// Its number.
    pub id: RequisitionId,
    /// Which factory.
    pub factory: Text,
    /// Its lines.
    pub lines: Vec<AskedLine>,
    /// What else was said.
    pub remark: Text,
    /// Who submitted it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Who acknowledged it for the back office.
    pub acknowledged: Option<Mark>,
    /// The factory's bills for it.
    pub bills: Vec<BillId>,
    /// When the factory sent goods, as last noted.
    pub sent: Option<Day>,
    /// Closed: nothing more will be billed.
    pub closed: Option<Mark>,
}

impl Requisition {
    /// How far it has come.
    pub fn state(&self) -> RequisitionState {
        let received = self.lines.iter().any(|line| line.received.is_positive());
        let awaited = self.lines.iter().any(|line| line.awaited(self.closed.is_some()).is_positive());
        match (&self.acknowledged, self.bills.is_empty()) {
            (_, true) if self.closed.is_some() => RequisitionState::Closed,
            (None, _) => RequisitionState::Submitted,
            (Some(_), true) => RequisitionState::Acknowledged,
            _ if !awaited => RequisitionState::Received,
            _ if received => RequisitionState::PartlyReceived,
            _ if self.sent.is_some() => RequisitionState::InTransit,
            _ => RequisitionState::Billed,
        }
    }

    /// Whether something may still become of it.
    pub fn is_open(&self) -> bool {
        !matches!(self.state(), RequisitionState::Received | RequisitionState::Closed)
    }

    /// What is still awaited of an article.
    pub fn awaited(&self, article: ArticleId) -> Quantity {
        let lines = self.lines.iter().filter(|line| line.asked.article == article);
        lines.map(|line| line.awaited(self.closed.is_some())).sum()
    }

    /// Adds what was billed or received of an article to its line; of what was not asked for there is no line.
    fn count(&mut self, article: ArticleId, quantity: Quantity, figure: fn(&mut AskedLine) -> &mut Quantity) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.asked.article == article) {
            *figure(line) += quantity;
        }
    }

    /// What an event does to the record.
    pub fn apply(&mut self, by: PersonId, at: Moment, event: &Event) {
        let mark = |why: &Text| Some(Mark { by, at, why: why.clone() });
        match event {
            Event::RequisitionAcknowledged { .. } => self.acknowledged = mark(&Text::default()),
            Event::RequisitionClosed { reason, .. } => self.closed = mark(reason),
            Event::GoodsSent { day, .. } => self.sent = Some(*day),
            Event::BillEntered { bill, lines, .. } => {
                self.bills.push(*bill);
                lines.iter().for_each(|line| self.count(line.article, line.quantity, |line| &mut line.billed));
            }
            Event::BillReceived { taken, .. } => {
                taken.iter().for_each(|goods| self.count(goods.article, goods.quantity, |line| &mut line.received));
            }
            _ => {}
        }
    }
}

/// A line as it is entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAsked {
    /// The article's code or barcode.
    pub article: Text,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit; none for the base unit.
    #[serde(default)]
    pub unit: Option<Text>,
    /// The figures that the quantity follows from, as seen or as changed.
    #[serde(default)]
    pub need: Option<Need>,
}

/// Submit a requisition (提交要货单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitRequisition {
    /// Which factory.
    pub factory: Text,
    /// What is asked for.
    pub lines: Vec<NewAsked>,
    /// What else is to be said.
    #[serde(default)]
    pub remark: Text,
}

/// Acknowledge a requisition for the back office (内勤收单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeRequisition {
    /// Which.
    pub requisition: RequisitionId,
}

/// Note that the factory has sent what it billed (登记在途).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteSent {
    /// Which.
    pub requisition: RequisitionId,
    /// The day it left the factory.
    pub day: Day,
    /// How it comes: carrier and number, or empty.
    #[serde(default)]
    pub by_what: Text,
}

/// Close a requisition (关闭要货单): what is not billed will not be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRequisition {
    /// Which.
    pub requisition: RequisitionId,
    /// Why.
    pub reason: Text,
}

/// What commands about requisitions may look at.
pub struct RequisitionFacts {
    /// The requisition named, if there is one.
    pub requisition: Option<Requisition>,
    /// The articles of the lines, in order.
    pub lines: Vec<Option<Article>>,
    /// Name of who acknowledged it, for words.
    pub acknowledged_by: Text,
    /// The number the next requisition gets.
    pub next: RequisitionId,
}

impl RequisitionFacts {
    fn open(&self, id: RequisitionId) -> Result<&Requisition, Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "requisition", code: id.to_string().into() });
        let requisition = self.requisition.as_ref().ok_or_else(unknown)?;
        if !requisition.is_open() || requisition.closed.is_some() {
            return Err(wrong_state(requisition));
        }
        Ok(requisition)
    }
}

fn wrong_state(requisition: &Requisition) -> Refusal {
    let state = if requisition.closed.is_some() { RequisitionState::Closed } else { requisition.state() };
    Clause::FromStock.refuse(Reason::RequisitionIs { requisition: requisition.id, state: state.key() })
}

impl Rule for SubmitRequisition {
    type Facts = RequisitionFacts;

    fn decide(&self, _: &Actor, facts: &RequisitionFacts) -> Result<Event, Refusals> {
        if self.factory.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Empty { field: "factory" }).into());
        }
        if self.lines.is_empty() {
            return Err(Clause::FromStock.refuse(Reason::NoLines).into());
        }
        let mut lines: Vec<Asked> = Vec::with_capacity(self.lines.len());
        for (new, known) in self.lines.iter().zip(&facts.lines) {
            let plain = GoodsLine { article: new.article.clone(), quantity: new.quantity, unit: new.unit.clone() };
            let (article, quantity) = super::bill::in_base(&plain, known)?;
            if lines.iter().any(|line| line.article == article) {
                return Err(Clause::Exact.refuse(Reason::LineTwice { article: new.article.clone() }).into());
            }
            lines.push(Asked { article, quantity, need: new.need });
        }
        let SubmitRequisition { factory, remark, .. } = self.clone();
        Ok(Event::RequisitionSubmitted { requisition: facts.next, factory, lines, remark })
    }
}

impl Rule for AcknowledgeRequisition {
    type Facts = RequisitionFacts;

    fn decide(&self, _: &Actor, facts: &RequisitionFacts) -> Result<Event, Refusals> {
        let requisition = facts.open(self.requisition)?;
        if let Some(mark) = &requisition.acknowledged {
            let already = Reason::AcknowledgedAlready { by: facts.acknowledged_by.clone(), at: mark.at };
            return Err(Clause::OnceOnly.refuse(already).into());
        }
        Ok(Event::RequisitionAcknowledged { requisition: requisition.id })
    }
}

impl Rule for NoteSent {
    type Facts = RequisitionFacts;

    fn decide(&self, by: &Actor, facts: &RequisitionFacts) -> Result<Event, Refusals> {
        let requisition = facts.open(self.requisition)?;
        if requisition.bills.is_empty() {
            return Err(wrong_state(requisition).into());
        }
        if self.day > by.today() {
            let value = self.day.to_string().into();
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "day", value }).into());
        }
        let NoteSent { day, by_what, .. } = self.clone();
        Ok(Event::GoodsSent { requisition: requisition.id, day, by_what })
    }
}

impl Rule for CloseRequisition {
    type Facts = RequisitionFacts;

    fn decide(&self, _: &Actor, facts: &RequisitionFacts) -> Result<Event, Refusals> {
        let requisition = facts.open(self.requisition)?;
        Clause::NothingErased.wants_reason(&self.reason)?;
        Ok(Event::RequisitionClosed { requisition: requisition.id, reason: self.reason.clone() })
    }
}
