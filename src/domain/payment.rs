//! Payments (到账): what finance makes of money received (M1.1b, M3.0, M3.2a).
//!
//! A payment exists only as a flow of an imported statement: a screenshot never counts. Finance confirms it
//! for a dealer and disposes of every fen: over orders, as the dealer's credit, or back to the payer. The test
//! of the paying account has three answers, registered, not registered, not readable, and money from an account
//! that is not registered reprices the whole order at retail. Nobody else touches money.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::{Dealer, Registration};
use super::event::Event;
use super::flow::{Direction, Flow, FlowClass};
use super::id::{AccountId, DealerId, FlowId, ImportId, OrderId, PersonId};
use super::money::Money;
use super::order::{Allocation, Basis, GivenBack, Order, Source, known};
use super::setting::Settings;
use super::text::Text;
use super::time::Moment;
use super::{Actor, Rule};

/// What the paying account says (M1.1b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the dealer's acknowledged file when the money was paid.
    Registered,
    /// Readable, and not in it.
    NotRegistered,
    /// Masked, `/`, or only a nickname: finance decides.
    Unreadable,
}

/// A flow as posted: the statement's words, and where they came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its number in our books.
    pub id: FlowId,
    /// The receiving account.
    pub account: AccountId,
    /// The import it came with.
    pub import: ImportId,
    /// What the statement says.
    pub flow: Flow,
}

/// What was made of a payment so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    /// For which dealer it was confirmed, if it was.
    pub dealer: Option<DealerId>,
    /// What the paying account said, or finance's decision.
    pub registered: bool,
    /// What was allocated, by order.
    pub allocations: Vec<(OrderId, Money)>,
    /// What became the dealer's credit.
    pub to_credit: Money,
    /// What was given back to the payer.
    pub returned: Money,
    /// Who last decided.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Why, or empty.
    pub why: Text,
}

/// A row of a statement that has the number of a posted flow and says something else: kept aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Conflict {
    /// The flow that was posted first.
    pub posted: FlowId,
    /// What the later row says.
    pub flow: Flow,
}

/// A conflict as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictKept {
    /// The receiving account.
    pub account: AccountId,
    /// The import it came with.
    pub import: ImportId,
    /// The rows that clash.
    pub conflict: Conflict,
    /// How finance settled it.
    pub settled: Option<(PersonId, Moment, Text)>,
}

/// An amount for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Which order.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
}

/// Finance's decision on an account that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Whether it is one of the dealer's registered accounts.
    pub registered: bool,
    /// How this was found out.
    pub reason: Text,
}

/// Confirm a payment (确认收款) and dispose of all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPayment {
    /// Which.
    pub payment: FlowId,
    /// Whose money it is.
    pub dealer: DealerId,
    /// Over which orders.
    #[serde(default)]
    pub orders: Vec<Share>,
    /// What stays as the dealer's credit.
    #[serde(default)]
    pub to_credit: Money,
    /// Accept money from an account that is not registered: the orders settle at retail price (M1.1b).
    #[serde(default)]
    pub accept_retail: bool,
    /// The decision on an account that cannot be read.
    #[serde(default)]
    pub judgement: Option<Judgement>,
}

/// Give a payment, or what is open of it, back to the payer (退款).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnPayment {
    /// Which.
    pub payment: FlowId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: Text,
}

/// Use a dealer's credit for an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseCredit {
    /// For which order.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
}

/// Give a dealer's credit back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnCredit {
    /// Whose.
    pub dealer: DealerId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: Text,
}

/// Take one allocation of a payment back (撤销分配); the others stay. The payment is open by that much again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseAllocation {
    /// Of which order.
    pub order: OrderId,
    /// Of which payment.
    pub payment: FlowId,
    /// Why.
    pub reason: Text,
}

/// Let a small shortfall pass, with a reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TolerateShortfall {
    /// Of which order.
    pub order: OrderId,
    /// Why.
    pub reason: Text,
}

/// Credit part of a shipped order's price, goods back or not (价格折让, 退货款).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditOrder {
    /// Which.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: Text,
}

/// Settle a conflict between two statements in words; what was posted first stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleConflict {
    /// Which, by its place in the list of conflicts.
    pub conflict: u32,
    /// What was found out.
    pub note: Text,
}

/// What commands about money may look at.
pub struct PaymentFacts {
    /// The payment named, if there is one.
    pub payment: Option<Posted>,
    /// What was made of it so far.
    pub treatment: Option<Treatment>,
    /// The dealer named.
    pub dealer: Option<Dealer>,
    /// The registration of the paying account, if it stands in anybody's file.
    pub registration: Option<Registration>,
    /// The orders named, in order.
    pub orders: Vec<Option<Order>>,
    /// The conflict named.
    pub conflict: Option<ConflictKept>,
    /// Names of people in the records, for words.
    pub names: Vec<(PersonId, Text)>,
    /// Settings in force.
    pub settings: Settings,
}

/// Whether an account as a statement writes it can be read at all.
pub fn is_readable(account: &str) -> bool {
    !account.is_empty() && account != "/" && !account.contains('*')
}

/// The test of M1.1b: three answers, at the time the money was paid.
pub fn standing(flow: &Flow, registration: Option<&Registration>, dealer: DealerId) -> Standing {
    if !is_readable(&flow.payer_account) {
        return Standing::Unreadable;
    }
    let registered = registration.is_some_and(|r| r.dealer == dealer && r.covers(flow.time));
    if registered { Standing::Registered } else { Standing::NotRegistered }
}

impl Posted {
    /// What is open of the payment; nothing where it is not money received.
    pub fn open(&self, treatment: Option<&Treatment>) -> Money {
        if !self.flow.is_payment() {
            return Money::ZERO;
        }
        self.flow.amount - treatment.map_or(Money::ZERO, Treatment::disposed)
    }
}

impl Flow {
    /// Whether the flow is money received, which finance can confirm.
    pub fn is_payment(&self) -> bool {
        self.class == FlowClass::Receipt && self.direction == Direction::In
    }
}

impl Treatment {
    /// Nothing done yet.
    pub fn none(by: PersonId, at: Moment) -> Treatment {
        let (to_credit, returned) = (Money::ZERO, Money::ZERO);
        Treatment {
            dealer: None,
            registered: false,
            allocations: Vec::new(),
            to_credit,
            returned,
            by,
            at,
            why: Text::default(),
        }
    }

    /// What has been disposed of.
    pub fn disposed(&self) -> Money {
        self.allocations.iter().map(|(_, amount)| *amount).sum::<Money>() + self.to_credit + self.returned
    }

    /// Takes `amount` of an order's allocation back.
    pub fn reopen(&mut self, order: OrderId, mut amount: Money) {
        for (of, held) in &mut self.allocations {
            let part = if *of == order { amount.min(*held) } else { Money::ZERO };
            *held -= part;
            amount -= part;
        }
        self.allocations.retain(|(_, held)| !held.is_zero());
    }

    /// What an event does to the record.
    pub fn apply(&mut self, by: PersonId, at: Moment, event: &Event) {
        (self.by, self.at) = (by, at);
        match event {
            Event::PaymentConfirmed { dealer, registered, orders, to_credit, reason, .. } => {
                self.dealer = Some(*dealer);
                self.registered = *registered;
                self.allocations.extend(orders.iter().map(|share| (share.order, share.amount)));
                self.to_credit += *to_credit;
                self.why = reason.clone();
            }
            Event::PaymentReturned { amount, reason, .. } => {
                self.returned += *amount;
                self.why = reason.clone();
            }
            Event::AllocationReleased { order, amount, reason, .. } => {
                self.reopen(*order, *amount);
                self.why = reason.clone();
            }
            _ => {}
        }
    }
}

impl PaymentFacts {
    fn payment(&self, id: FlowId) -> Result<&Posted, Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "payment", code: id.to_string().into() });
        let payment = self.payment.as_ref().ok_or_else(unknown)?;
        if !payment.flow.is_payment() {
            return Err(Clause::FinanceFirst.refuse(Reason::NotAReceipt { payment: id, class: payment.flow.class }));
        }
        Ok(payment)
    }

    /// The payment and what is open of it; refused where nothing is.
    fn open(&self, id: FlowId) -> Result<(&Posted, Money), Refusal> {
        let payment = self.payment(id)?;
        let open = payment.open(self.treatment.as_ref());
        if let (Some(done), true) = (&self.treatment, open.is_zero()) {
            let by = self.names.iter().find(|(person, _)| *person == done.by).map(|(_, name)| name.clone());
            return Err(Clause::OnceOnly.refuse(Reason::PaymentDone {
                payment: id,
                by: by.unwrap_or_default(),
                at: done.at,
            }));
        }
        Ok((payment, open))
    }

    fn order(&self, id: OrderId) -> Result<&Order, Refusal> {
        let order = known(self.orders.first().unwrap_or(&None), id)?;
        if order.is_tmall() {
            return Err(Clause::TmallMoney.refuse(Reason::PaidOnTmall { order: id }));
        }
        Ok(order)
    }
}

/// Whether money of that account may settle an order at the tier, must settle it at retail, or is refused as it stands.
fn weigh(command: &ConfirmPayment, payment: &Posted, facts: &PaymentFacts) -> Result<bool, Refusal> {
    let account = || payment.flow.payer_account.clone();
    let registered = match standing(&payment.flow, facts.registration.as_ref(), command.dealer) {
        Standing::Registered => true,
        Standing::NotRegistered => false,
        Standing::Unreadable => {
            let unreadable = || Clause::RegisteredOnly.refuse(Reason::NotReadable { account: account() });
            let judgement = command.judgement.as_ref().ok_or_else(unreadable)?;
            if judgement.reason.is_empty() {
                return Err(Clause::RegisteredOnly.refuse(Reason::ReasonWanted));
            }
            judgement.registered
        }
    };
    if registered {
        return Ok(true);
    }
    if command.to_credit.is_positive() {
        let surplus = command.to_credit;
        return Err(Clause::RegisteredOnly.refuse(Reason::NoCreditFromStranger { account: account(), surplus }));
    }
    if !command.accept_retail {
        let orders = || facts.orders.iter().flatten();
        let (tier_total, retail_total) =
            (orders().map(Order::tier_total).sum(), orders().map(Order::retail_total).sum());
        return Err(Clause::RegisteredOnly.refuse(Reason::NotRegistered {
            account: account(),
            tier_total,
            retail_total,
        }));
    }
    Ok(false)
}

fn allot(share: &Share, order: &Option<Order>, command: &ConfirmPayment, registered: bool) -> Result<(), Refusal> {
    let order = known(order, share.order)?;
    if order.is_tmall() {
        return Err(Clause::TmallMoney.refuse(Reason::PaidOnTmall { order: order.id }));
    }
    if order.dealer() != Some(command.dealer) {
        return Err(Clause::FinanceFirst.refuse(Reason::OtherDealers { order: order.id }));
    }
    order.must_be_open()?;
    if !registered && order.basis == Basis::Tier {
        order.must_be_unpacked()?;
    }
    if !share.amount.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "amount" }));
    }
    let basis = if registered { order.basis } else { Basis::Retail };
    let due = order.due_at(basis).less(order.paid());
    if share.amount > due {
        return Err(Clause::Exact.refuse(Reason::MoreThanDue { order: order.id, due, offered: share.amount }));
    }
    Ok(())
}

impl Rule for ConfirmPayment {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let (payment, open) = facts.open(self.payment)?;
        if facts.dealer.is_none() {
            let code = self.dealer.to_string().into();
            return Err(Clause::NoFileNoGoods.refuse(Reason::Unknown { what: "dealer", code }).into());
        }
        if self.to_credit < Money::ZERO {
            return Err(Clause::Exact.refuse(Reason::NotPositive { field: "to_credit" }).into());
        }
        let registered = weigh(self, payment, facts)?;
        let mut named: Vec<OrderId> = self.orders.iter().map(|share| share.order).collect();
        named.sort();
        if let Some(twice) = named.windows(2).find(|pair| pair[0] == pair[1]) {
            let value = twice[0].to_string().into();
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "orders", value }).into());
        }
        for (share, order) in self.orders.iter().zip(&facts.orders) {
            allot(share, order, self, registered)?;
        }
        let disposed = self.orders.iter().map(|share| share.amount).sum::<Money>() + self.to_credit;
        if disposed != open {
            return Err(Clause::Exact.refuse(Reason::Unbalanced { payment: open, disposed }).into());
        }
        let repriced = facts.orders.iter().flatten().filter(|order| !registered && order.basis == Basis::Tier);
        Ok(Event::PaymentConfirmed {
            payment: self.payment,
            dealer: self.dealer,
            registered,
            reason: self.judgement.as_ref().map(|judgement| judgement.reason.clone()).unwrap_or_default(),
            paid_at: payment.flow.time,
            orders: self.orders.clone(),
            to_credit: self.to_credit,
            repriced: repriced.map(|order| order.id).collect(),
            ship_hours: facts.settings.ship_hours,
        })
    }
}

fn within(amount: Money, limit: Money, over: Reason) -> Result<(), Refusal> {
    if !amount.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "amount" }));
    }
    if amount > limit { Err(Clause::Exact.refuse(over)) } else { Ok(()) }
}

fn reason_given(reason: &Text) -> Result<(), Refusal> {
    if reason.is_empty() { Err(Clause::NothingErased.refuse(Reason::ReasonWanted)) } else { Ok(()) }
}

impl Rule for ReturnPayment {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let (_, open) = facts.open(self.payment)?;
        within(self.amount, open, Reason::Unbalanced { payment: open, disposed: self.amount })?;
        reason_given(&self.reason)?;
        Ok(Event::PaymentReturned { payment: self.payment, amount: self.amount, reason: self.reason.clone() })
    }
}

impl Rule for UseCredit {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let order = facts.order(self.order)?;
        order.must_be_open()?;
        let credit = facts.dealer.as_ref().map_or(Money::ZERO, |dealer| dealer.credit);
        within(self.amount, credit, Reason::CreditTooSmall { credit, asked: self.amount })?;
        let due = order.open_amount();
        within(self.amount, due, Reason::MoreThanDue { order: order.id, due, offered: self.amount })?;
        let dealer = order.dealer().expect("orders that are not Tmall's have a dealer");
        let ship_hours = facts.settings.ship_hours;
        Ok(Event::CreditUsed { dealer, order: order.id, amount: self.amount, ship_hours })
    }
}

impl Rule for ReturnCredit {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "dealer", code: self.dealer.to_string().into() });
        let credit = facts.dealer.as_ref().ok_or_else(unknown)?.credit;
        within(self.amount, credit, Reason::CreditTooSmall { credit, asked: self.amount })?;
        reason_given(&self.reason)?;
        Ok(Event::CreditReturned { dealer: self.dealer, amount: self.amount, reason: self.reason.clone() })
    }
}

impl Rule for ReleaseAllocation {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let order = facts.order(self.order)?;
        let held = |a: &&Allocation| a.source == Source::Payment(self.payment);
        let none = || Clause::Known.refuse(Reason::NoAllocation { order: self.order, payment: self.payment });
        let amount = order.allocations.iter().filter(held).map(|a| a.amount).sum::<Money>();
        if amount.is_zero() {
            return Err(none().into());
        }
        order.must_be_unpacked()?;
        reason_given(&self.reason)?;
        let back = order.clone().release(self.payment);
        let (order, payment, reason) = (self.order, self.payment, self.reason.clone());
        let ship_hours = facts.settings.ship_hours;
        Ok(Event::AllocationReleased { order, payment, amount, reason, back, ship_hours })
    }
}

impl Rule for TolerateShortfall {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let order = facts.order(self.order)?;
        order.must_be_open()?;
        let (shortfall, limit) = (order.open_amount(), facts.settings.tolerance_max);
        if order.allocations.is_empty() {
            let (due, paid) = (order.due(), order.paid());
            return Err(Clause::FinanceFirst.refuse(Reason::NotPaid { order: order.id, due, paid }).into());
        }
        within(shortfall, limit, Reason::ShortfallTooLarge { shortfall, limit })?;
        reason_given(&self.reason)?;
        let ship_hours = facts.settings.ship_hours;
        Ok(Event::ShortfallTolerated { order: order.id, amount: shortfall, reason: self.reason.clone(), ship_hours })
    }
}

impl Rule for CreditOrder {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let order = facts.order(self.order)?;
        if order.parts.iter().all(|part| part.shipped.is_none()) {
            return Err(Clause::NothingErased.refuse(Reason::NotShipped { order: order.id }).into());
        }
        let money = order.allocations.iter().filter(|a| a.source != Source::Tolerated).map(|a| a.amount).sum();
        within(self.amount, money, Reason::MoreThanPaid { paid: money, asked: self.amount })?;
        reason_given(&self.reason)?;
        let back = order.clone().give_back(self.amount);
        Ok(Event::OrderCredited { order: order.id, amount: self.amount, reason: self.reason.clone(), back })
    }
}

impl Rule for SettleConflict {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let unknown =
            || Clause::Known.refuse(Reason::Unknown { what: "conflict", code: self.conflict.to_string().into() });
        let kept = facts.conflict.as_ref().ok_or_else(unknown)?;
        if let Some((by, _, _)) = &kept.settled {
            let by =
                facts.names.iter().find(|(person, _)| person == by).map(|(_, name)| name.clone()).unwrap_or_default();
            return Err(Clause::OnceOnly.refuse(Reason::ConflictSettled { by }).into());
        }
        reason_given(&self.note)?;
        Ok(Event::ConflictSettled { conflict: self.conflict, note: self.note.clone() })
    }
}

impl Order {
    /// Drops what a payment gave. Where the order then settles at the tier again, what is paid too much is given back.
    fn release(&mut self, payment: FlowId) -> GivenBack {
        self.allocations.retain(|a| a.source != Source::Payment(payment));
        self.settle_basis();
        self.give_back_surplus()
    }

    /// What an event about money does to the order: what counts as paid, its basis, and whether it queues.
    pub fn apply_money(&mut self, at: Moment, event: &Event) {
        let mut add = |source, amount, paid_at, registered| {
            self.allocations.push(Allocation { source, amount, paid_at, registered });
        };
        let hours = match event {
            Event::PaymentConfirmed { payment, registered, paid_at, orders, ship_hours, .. } => {
                if let Some(share) = orders.iter().find(|share| share.order == self.id) {
                    add(Source::Payment(*payment), share.amount, *paid_at, *registered);
                }
                *ship_hours
            }
            Event::CreditUsed { amount, ship_hours, .. } => {
                add(Source::Credit, *amount, at, true);
                *ship_hours
            }
            Event::ShortfallTolerated { amount, ship_hours, .. } => {
                add(Source::Tolerated, *amount, at, true);
                *ship_hours
            }
            Event::AllocationReleased { payment, ship_hours, .. } => {
                self.release(*payment);
                *ship_hours
            }
            Event::OrderCredited { amount, .. } => {
                self.give_back(*amount);
                self.credited += *amount;
                return;
            }
            _ => return,
        };
        self.settle_basis();
        self.settle_queue(at, hours);
    }
}
