//! Confirming payments (确认收款), M1.1b and M3.2a: finance disposes of every fen of a payment.
//!
//! The test of the paying account has three answers; money from an account that is not registered settles the whole order
//! at retail and never becomes credit. An account that cannot be read goes to finance for a decision with its reason.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::{Dealer, Registration};
use super::event::Event;
use super::id::{DealerId, FlowId, OrderId, PersonId};
use super::money::Money;
use super::order::{Basis, Order, known};
use super::payment::{ConflictKept, Posted, Share, Standing, Treatment, standing};
use super::setting::Settings;
use super::text::Text;
use super::{Actor, Rule};

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
    pub(super) fn open(&self, id: FlowId) -> Result<(&Posted, Money), Refusal> {
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

    pub(super) fn order(&self, id: OrderId) -> Result<&Order, Refusal> {
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
