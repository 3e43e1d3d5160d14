//! Orders (订单): what a dealer or a Tmall customer asked for, and how it settles.
//!
//! An order carries both of its totals from the moment it is taken: at the dealer's tier with the tier's
//! free shipping, and at retail. Which of them is due follows from the accounts the money came from
//! (M1.1b), never from anybody's choice. An order is changed only before it is packed, and every change
//! is a new content that voids the signatures; afterwards there is only reversal.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal};
use super::gift::{Charged, Gift};
use super::id::{ArticleId, DealerId, FlowId, OrderId, PersonId, PromotionId};
use super::money::Money;
use super::quantity::Quantity;
use super::shipment::{Part, Stage};
use super::text::Text;
use super::time::{Day, Moment};

/// Who ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Buyer {
    /// A dealer with a file.
    Dealer(DealerId),
    /// A retail customer of the Tmall shop, by Tmall's order number.
    Tmall(Text),
}

/// Where goods go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipTo {
    /// Who receives them.
    pub name: Text,
    /// Their telephone.
    #[serde(default)]
    pub phone: Text,
    /// Their address.
    pub address: Text,
}

/// One line of an order, with the prices in force on the day it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Line {
    /// What.
    pub article: ArticleId,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// The tier's price of one base unit (the price paid, for a Tmall order).
    pub price: Money,
    /// The retail price of one base unit.
    pub retail: Money,
    /// Quantity times tier price.
    pub amount: Money,
    /// Quantity times retail price.
    pub retail_amount: Money,
}

/// At which prices an order settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The dealer's tier.
    Tier,
    /// Retail, since money came from an account that is not registered (M1.1b).
    Retail,
}

/// Where an allocated amount came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A payment of a statement.
    Payment(FlowId),
    /// The dealer's credit.
    Credit,
    /// A shortfall that finance tolerated with a reason.
    Tolerated,
}

/// Money that counts for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Allocation {
    /// From where.
    pub source: Source,
    /// How much.
    pub amount: Money,
    /// When it was paid: the payment's own time, or the time of the decision.
    pub paid_at: Moment,
    /// Whether it came from an account registered for the dealer.
    pub registered: bool,
}

/// How far an order has come, as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Being served.
    Open,
    /// Cancelled before it shipped.
    Cancelled,
    /// Every part shipped or closed.
    Done,
}

/// An order as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number.
    pub id: OrderId,
    /// Who ordered.
    pub buyer: Buyer,
    /// The dealer's or customer's name when the order was taken.
    pub name: Text,
    /// Who entered it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The business day whose prices hold.
    pub day: Day,
    /// The tier's code, for a dealer.
    pub tier: Text,
    /// What was ordered.
    pub lines: Vec<Line>,
    /// Freight at the tier.
    pub freight: Money,
    /// Freight at retail, without free shipping.
    pub retail_freight: Money,
    /// At which prices it settles.
    pub basis: Basis,
    /// Where it goes.
    pub to: ShipTo,
    /// Remark.
    pub remark: Text,
    /// How often the content changed, from 1.
    pub content: u32,
    /// How far it has come.
    pub state: State,
    /// The money that counts for it.
    pub allocations: Vec<Allocation>,
    /// When it first entered the shipping queue: the moment finance confirmed.
    pub queued_at: Option<Moment>,
    /// Its shipments; none while money is awaited.
    pub parts: Vec<Part>,
    /// What finance credited after goods had left.
    pub credited: Money,
    /// The lines that are given free, and by which promotion (M4.6).
    pub gifts: Vec<Gift>,
    /// The promotions named on it, whether or not they give something.
    pub promotions: Vec<PromotionId>,
    /// What of the gifts was charged, since the goods that earned it came back.
    pub charged: Vec<Charged>,
}

/// Money that leaves an order again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GivenBack {
    /// To the dealer's credit.
    pub to_credit: Money,
    /// To payments that are open again, since their account is not registered.
    pub reopened: Vec<(FlowId, Money)>,
}

/// What an order amounts to, both ways, before anything is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Freight at the tier.
    pub freight: Money,
    /// Freight at retail.
    pub retail_freight: Money,
    /// Which of the lines are given free.
    pub gifts: Vec<Gift>,
    /// The promotions named.
    pub promotions: Vec<PromotionId>,
}

impl Order {
    /// What a shipment still needs from the shelf; of all lines where money is awaited and there is no shipment yet (0).
    pub fn still_to_pack(&self, part: u8) -> Vec<(ArticleId, Quantity)> {
        let open = self.parts.iter().find(|known| known.no == part);
        match open {
            None => self.lines.iter().map(|line| (line.article, line.quantity)).collect(),
            Some(part) if part.packed.is_none() => self.contents(part).collect(),
            Some(_) => Vec::new(),
        }
    }

    /// The total at the dealer's tier, freight included.
    pub fn tier_total(&self) -> Money {
        self.lines.iter().map(|line| line.amount).sum::<Money>() + self.freight
    }

    /// The total at retail, freight included.
    pub fn retail_total(&self) -> Money {
        self.lines.iter().map(|line| line.retail_amount).sum::<Money>() + self.retail_freight
    }

    /// What is to be paid, at the basis the order settles at.
    pub fn due(&self) -> Money {
        self.due_at(self.basis)
    }

    /// What would be due at `basis`: the lines and freight, less what was closed short or credited afterwards.
    pub fn due_at(&self, basis: Basis) -> Money {
        let total = match basis {
            Basis::Tier => self.tier_total(),
            Basis::Retail => self.retail_total(),
        };
        let closed: Vec<&Part> = self.parts.iter().filter(|part| part.closed.is_some()).collect();
        if !closed.is_empty() && closed.len() == self.parts.len() {
            return Money::ZERO;
        }
        let worth = |part: &&Part| part.lines.iter().map(|(line, q)| self.worth(*line, *q, basis)).sum::<Money>();
        total.less(closed.iter().map(worth).sum::<Money>() + self.credited)
    }

    /// What a quantity of a line is worth at `basis`; the line's own amount where it is all of it.
    pub fn worth(&self, line: u16, quantity: Quantity, basis: Basis) -> Money {
        let of = &self.lines[usize::from(line)];
        let whole = if basis == Basis::Tier { of.amount } else { of.retail_amount };
        if quantity == of.quantity { whole } else { self.price_of(line, basis).times(quantity).unwrap_or(whole) }
    }

    /// The price of one base unit of a line at `basis`: a gift has none at either.
    pub fn price_of(&self, line: u16, basis: Basis) -> Money {
        let of = &self.lines[usize::from(line)];
        match basis {
            _ if self.gift_of(line).is_some() => Money::ZERO,
            Basis::Tier => of.price,
            Basis::Retail => of.retail,
        }
    }

    /// What counts as paid.
    pub fn paid(&self) -> Money {
        self.allocations.iter().map(|allocation| allocation.amount).sum()
    }

    /// What counts as paid and is money: all but what was tolerated.
    pub fn money(&self) -> Money {
        self.paid() - self.allocations.iter().filter(|a| a.source == Source::Tolerated).map(|a| a.amount).sum()
    }

    /// What is still to be paid.
    pub fn open_amount(&self) -> Money {
        self.due().less(self.paid())
    }

    /// Whether Tmall's platform holds the money.
    pub fn is_tmall(&self) -> bool {
        matches!(self.buyer, Buyer::Tmall(_))
    }

    /// The dealer, unless it is a Tmall order.
    pub fn dealer(&self) -> Option<DealerId> {
        match self.buyer {
            Buyer::Dealer(dealer) => Some(dealer),
            Buyer::Tmall(_) => None,
        }
    }

    /// When the payment that completed the amount due was made, by the payments' own times (M4.1, E15).
    pub fn completed_at(&self) -> Option<Moment> {
        let mut by_time: Vec<&Allocation> = self.allocations.iter().collect();
        by_time.sort_by_key(|allocation| allocation.paid_at);
        let mut paid = Money::ZERO;
        by_time
            .iter()
            .find(|allocation| {
                paid += allocation.amount;
                paid >= self.due()
            })
            .map(|allocation| allocation.paid_at)
    }

    /// The state's name in data and in the locale files.
    pub fn state_key(&self) -> &'static str {
        match self.state {
            State::Cancelled => "cancelled",
            State::Done => "done",
            State::Open if self.parts.is_empty() => "money",
            State::Open => self.parts.iter().map(Part::stage).min().unwrap_or(Stage::Money).key(),
        }
    }

    /// Refuses unless the order is open.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        if self.state == State::Open { Ok(()) } else { Err(self.wrong_state()) }
    }

    /// Refuses unless nothing of the order is packed or gone.
    pub fn must_be_unpacked(&self) -> Result<(), Refusal> {
        self.must_be_open()?;
        let packed =
            self.parts.iter().find(|part| part.packed.is_some() || part.shipped.is_some() || part.closed.is_some());
        match packed {
            Some(part) => Err(Clause::NothingErased.refuse(Reason::ShipmentIs {
                order: self.id,
                part: part.no,
                stage: part.stage().key(),
            })),
            None => Ok(()),
        }
    }

    fn wrong_state(&self) -> Refusal {
        Clause::NothingErased.refuse(Reason::OrderIs { order: self.id, state: self.state_key() })
    }

    /// Puts every line into one fresh shipment once the amount due is covered, or takes the shipments back where it no
    /// longer is. `now` is when this became so; the deadline runs from the payment (M4.1).
    pub fn settle_queue(&mut self, now: Moment, ship_hours: u16) {
        if self.is_tmall() {
            return;
        }
        match self.completed_at() {
            None if self.parts.iter().any(|part| part.packed.is_some() || !part.is_waiting()) => {}
            None => self.parts.clear(),
            Some(paid_at) if self.parts.is_empty() => {
                self.queued_at.get_or_insert(now);
                self.parts.push(Part::whole(&self.lines, paid_at, now, ship_hours));
            }
            Some(paid_at) => {
                for part in self.parts.iter_mut().filter(|part| part.shipped.is_none()) {
                    part.paid_at = paid_at;
                    part.deadline = paid_at.plus_hours(ship_hours.into());
                }
            }
        }
    }

    /// Lays new lines over the order: one fresh shipment, no signatures. What is then paid too much is given back.
    pub fn change(&mut self, priced: Priced, to: ShipTo, remark: Text, now: Moment, ship_hours: u16) -> GivenBack {
        let Priced { lines, freight, retail_freight, gifts, promotions } = priced;
        (self.lines, self.freight, self.retail_freight, self.to, self.remark) =
            (lines, freight, retail_freight, to, remark);
        (self.gifts, self.promotions) = (gifts, promotions);
        self.content += 1;
        if let (true, Some(first)) = (self.is_tmall(), self.parts.first()) {
            let whole = Part::whole(&self.lines, first.paid_at, now, ship_hours);
            self.parts = vec![Part { needs_signing: false, ..whole }];
            return GivenBack::default();
        }
        self.parts.clear();
        let mut back = self.give_back_surplus();
        if self.settle_basis() {
            // The stranger's money is gone, so the tier holds again, and with it more may be paid than is due.
            let more = self.give_back_surplus();
            back.to_credit += more.to_credit;
            back.reopened.extend(more.reopened);
        }
        self.settle_queue(now, ship_hours);
        back
    }

    /// Cancels the order and gives everything back.
    pub fn cancel(&mut self) -> GivenBack {
        self.allocations.retain(|a| a.source != Source::Tolerated);
        let back = self.give_back(self.paid());
        self.state = State::Cancelled;
        self.parts.clear();
        back
    }

    /// Gives back what is paid past the amount due, the latest money first; a tolerated shortfall lapses.
    pub fn give_back_surplus(&mut self) -> GivenBack {
        self.allocations.retain(|a| a.source != Source::Tolerated);
        self.give_back(self.paid().less(self.due()))
    }

    /// Gives back `amount`: registered money becomes the dealer's credit, a stranger's payment is open again. What was
    /// tolerated is no money and never becomes any.
    pub fn give_back(&mut self, mut amount: Money) -> GivenBack {
        let mut back = GivenBack::default();
        for allocation in self.allocations.iter_mut().rev().filter(|a| a.source != Source::Tolerated) {
            let part = amount.min(allocation.amount);
            allocation.amount -= part;
            amount -= part;
            match allocation.source {
                Source::Payment(payment) if !allocation.registered && part.is_positive() => {
                    back.reopened.push((payment, part))
                }
                _ => back.to_credit += part,
            }
        }
        self.allocations.retain(|a| !a.amount.is_zero());
        back
    }

    /// Sets the basis that follows from the accounts the money came from (M1.1b), and says whether it is another one.
    pub fn settle_basis(&mut self) -> bool {
        let basis = if self.allocations.iter().any(|a| !a.registered) { Basis::Retail } else { Basis::Tier };
        let changes = basis != self.basis && !self.is_tmall();
        if changes {
            self.basis = basis;
            self.content += 1;
        }
        changes
    }

    /// Voids the signatures of every shipment that still waits and whose content is no longer what `before` was (M4.2).
    pub fn void_changed(&mut self, before: &Order) {
        for at in 0..self.parts.len() {
            let no = self.parts[at].no;
            let signed = !self.parts[at].signatures.is_empty() || self.parts[at].objection.is_some();
            if signed && self.parts[at].is_waiting() && self.binds(no) != before.binds(no) {
                self.parts[at].void_signatures();
            }
        }
    }

    /// Closes the order once every part has shipped or been closed.
    pub fn settle_state(&mut self) {
        let over = |part: &Part| part.shipped.is_some() || part.closed.is_some();
        if self.state == State::Open && !self.parts.is_empty() && self.parts.iter().all(over) {
            self.state = State::Done;
        }
    }
}

/// The record, or the refusal that there is none.
pub fn known(order: &Option<Order>, id: OrderId) -> Result<&Order, Refusal> {
    order.as_ref().ok_or_else(|| Clause::Known.refuse(Reason::Unknown { what: "order", code: id.to_string().into() }))
}
