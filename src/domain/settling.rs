//! Money after its confirmation: returned, used from credit, released, tolerated, credited.
//!
//! Only finance does any of it (M3.0), each with a written reason where money leaves or is let pass. Money from an account
//! that is not registered never becomes credit by any of these paths: it is open again, or goes back to the payer.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::confirming::PaymentFacts;
use super::event::Event;
use super::id::{DealerId, FlowId, OrderId};
use super::money::Money;
use super::order::{Allocation, Source};
use super::text::Text;
use super::{Actor, Rule};

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

fn within(amount: Money, limit: Money, over: Reason) -> Result<(), Refusal> {
    if !amount.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "amount" }));
    }
    if amount > limit { Err(Clause::Exact.refuse(over)) } else { Ok(()) }
}

impl Rule for ReturnPayment {
    type Facts = PaymentFacts;

    fn decide(&self, _: &Actor, facts: &PaymentFacts) -> Result<Event, Refusals> {
        let (_, open) = facts.open(self.payment)?;
        within(self.amount, open, Reason::Unbalanced { payment: open, disposed: self.amount })?;
        Clause::NothingErased.wants_reason(&self.reason)?;
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
        Clause::NothingErased.wants_reason(&self.reason)?;
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
        Clause::NothingErased.wants_reason(&self.reason)?;
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
        Clause::NothingErased.wants_reason(&self.reason)?;
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
        let money = order.money();
        within(self.amount, money, Reason::MoreThanPaid { paid: money, asked: self.amount })?;
        let (charged, asked) = (order.charges(), self.amount);
        if asked > money.less(charged) {
            return Err(Clause::GiftByRule.refuse(Reason::GiftKeptBack { money, charged, asked }).into());
        }
        Clause::NothingErased.wants_reason(&self.reason)?;
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
        Clause::NothingErased.wants_reason(&self.note)?;
        Ok(Event::ConflictSettled { conflict: self.conflict, note: self.note.clone() })
    }
}
