//! Payments (到账): what finance makes of money received (M1.1b, M3.0, M3.2a).
//!
//! A payment exists only as a flow of an imported statement: a screenshot never counts. Finance confirms it
//! for a dealer and disposes of every fen: over orders, as the dealer's credit, or back to the payer. The test
//! of the paying account has three answers, registered, not registered, not readable, and money from an account
//! that is not registered reprices the whole order at retail. Nobody else touches money.

use serde::{Deserialize, Serialize};

use super::dealer::Registration;
use super::event::Event;
use super::flow::{Direction, Flow, FlowClass};
use super::id::{AccountId, DealerId, FlowId, ImportId, OrderId, PersonId};
use super::money::Money;
use super::order::{Allocation, GivenBack, Order, Source};
use super::text::Text;
use super::time::Moment;

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
    /// The dealer in whose file the paying account was registered at the time, as known when the flow was posted.
    pub matched: Option<DealerId>,
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
        self.class == FlowClass::Receipt && self.direction == Direction::In && self.amount.is_positive()
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

impl Order {
    /// Drops what a payment gave. Where the order then settles at the tier again, what is paid too much is given back.
    pub(super) fn release(&mut self, payment: FlowId) -> GivenBack {
        self.allocations.retain(|a| a.source != Source::Payment(payment));
        self.settle_basis();
        self.give_back_surplus()
    }

    /// What an event about money does to the order: what counts as paid, its basis, and whether it queues.
    pub fn apply_money(&mut self, at: Moment, event: &Event) {
        let last_paid = self.allocations.iter().map(|allocation| allocation.paid_at).max();
        let allocations = &mut self.allocations;
        let mut add = |source, amount, paid_at, registered| {
            allocations.push(Allocation { source, amount, paid_at, registered });
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
                // The 24 hours run from the payment that this decision let suffice, not from the decision (M4.1).
                add(Source::Tolerated, *amount, last_paid.unwrap_or(at), true);
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
