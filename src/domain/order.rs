//! Orders (订单): what a dealer or a Tmall customer asked for, and how it settles.
//!
//! An order carries both of its totals from the moment it is taken: at the dealer's tier with the tier's
//! free shipping, and at retail. Which of them is due follows from the accounts the money came from
//! (M1.1b), never from anybody's choice. An order is changed only before it is packed, and every change
//! is a new content that voids the signatures; afterwards there is only reversal.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::Dealer;
use super::event::Event;
use super::goods::Article;
use super::id::{ArticleId, DealerId, FlowId, OrderId, PersonId, ReferralId};
use super::money::Money;
use super::quantity::Quantity;
use super::setting::{FreeShipping, Settings};
use super::shipment::{Part, Stage};
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

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
}

/// Money that leaves an order again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GivenBack {
    /// To the dealer's credit.
    pub to_credit: Money,
    /// To payments that are open again, since their account is not registered.
    pub reopened: Vec<(FlowId, Money)>,
}

/// A line as it is entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// The article's code or barcode.
    pub article: Text,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit; none for the base unit.
    #[serde(default)]
    pub unit: Option<Text>,
}

/// Take a dealer's order (下单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterOrder {
    /// The dealer's code, or the exact name.
    pub dealer: Text,
    /// What is ordered.
    pub lines: Vec<NewLine>,
    /// Where it goes; none for the dealer's own address.
    #[serde(default)]
    pub to: Option<ShipTo>,
    /// Remark.
    #[serde(default)]
    pub remark: Text,
}

/// Take an order of the Tmall shop's own retail customers, paid on the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterTmallOrder {
    /// Tmall's order number.
    pub number: Text,
    /// The customer's name on the platform.
    pub buyer: Text,
    /// When the platform says it was paid.
    pub paid_at: Moment,
    /// What is ordered, at the retail price in force.
    pub lines: Vec<NewLine>,
    /// Where it goes.
    pub to: ShipTo,
    /// Remark.
    #[serde(default)]
    pub remark: Text,
    /// The referral it comes from, if any (M3.3).
    #[serde(default)]
    pub referral: Option<ReferralId>,
}

/// Change an order that is not packed (改单). Signatures are void from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrder {
    /// Which.
    pub order: OrderId,
    /// The content that was seen.
    pub content: u32,
    /// All lines as they should be.
    pub lines: Vec<NewLine>,
    /// Where it goes.
    pub to: ShipTo,
    /// Remark.
    #[serde(default)]
    pub remark: Text,
}

/// Cancel an order that has not shipped (撤单). Its money becomes the dealer's credit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: Text,
}

/// A line's article with the prices in force on the order's day.
pub struct PricedArticle {
    /// The article, if the code names one.
    pub article: Option<Article>,
    /// The tier's price.
    pub price: Option<Money>,
    /// The retail price.
    pub retail: Option<Money>,
}

/// What commands that take or change an order may look at.
pub struct OrderFacts {
    /// The order named, for a change.
    pub order: Option<Order>,
    /// The dealer, if there is a file.
    pub dealer: Option<Dealer>,
    /// The dealer's free-shipping level.
    pub level: Option<FreeShipping>,
    /// The lines' articles and prices, in order.
    pub lines: Vec<PricedArticle>,
    /// Settings in force.
    pub settings: Settings,
    /// An order that has that Tmall number already.
    pub same_tmall: Option<OrderId>,
    /// Whether the referral named exists and is open.
    pub referral_open: bool,
    /// The number the next order gets, unless the month's are used up.
    pub next: Option<OrderId>,
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
}

impl Order {
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
        let line = &self.lines[usize::from(line)];
        let (price, whole) = match basis {
            Basis::Tier => (line.price, line.amount),
            Basis::Retail => (line.retail, line.retail_amount),
        };
        if quantity == line.quantity { whole } else { price.times(quantity).unwrap_or(whole) }
    }

    /// What counts as paid.
    pub fn paid(&self) -> Money {
        self.allocations.iter().map(|allocation| allocation.amount).sum()
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
        let Priced { lines, freight, retail_freight } = priced;
        (self.lines, self.freight, self.retail_freight, self.to, self.remark) =
            (lines, freight, retail_freight, to, remark);
        self.content += 1;
        if let (true, Some(first)) = (self.is_tmall(), self.parts.first()) {
            let whole = Part::whole(&self.lines, first.paid_at, now, ship_hours);
            self.parts = vec![Part { needs_signing: false, ..whole }];
            return GivenBack::default();
        }
        self.parts.clear();
        let back = self.give_back_surplus();
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

    /// Gives back `amount`: registered money becomes the dealer's credit, a stranger's payment is open again.
    pub fn give_back(&mut self, mut amount: Money) -> GivenBack {
        let mut back = GivenBack::default();
        for allocation in self.allocations.iter_mut().rev() {
            let part = amount.min(allocation.amount);
            allocation.amount -= part;
            amount -= part;
            match allocation.source {
                Source::Payment(payment) if !allocation.registered && part.is_positive() => {
                    back.reopened.push((payment, part))
                }
                Source::Tolerated => {}
                _ => back.to_credit += part,
            }
        }
        self.allocations.retain(|a| !a.amount.is_zero());
        back
    }

    /// Sets the basis that follows from the accounts the money came from (M1.1b), voiding the signatures where it changes.
    pub fn settle_basis(&mut self) {
        let basis = if self.allocations.iter().any(|a| !a.registered) { Basis::Retail } else { Basis::Tier };
        if basis != self.basis && !self.is_tmall() {
            self.basis = basis;
            self.content += 1;
            self.parts.iter_mut().for_each(Part::void_signatures);
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

impl OrderFacts {
    /// Prices lines at a dealer's tier and at retail (`tier` none: a Tmall order, at retail both ways).
    pub fn price(&self, lines: &[NewLine], tier: Option<&Text>, day: Day) -> Result<Priced, Refusals> {
        if lines.is_empty() {
            return Err(Clause::Exact.refuse(Reason::NoLines).into());
        }
        let mut priced = Vec::with_capacity(lines.len());
        let mut found = Vec::new();
        for (line, facts) in lines.iter().zip(&self.lines) {
            match price_line(line, facts, tier, day) {
                Ok(line) if priced.iter().any(|earlier: &Line| earlier.article == line.article) => {
                    let article = facts.article.as_ref().map(|a| a.card.code.clone()).unwrap_or_default();
                    found.push(Clause::Exact.refuse(Reason::LineTwice { article }));
                }
                Ok(line) => priced.push(line),
                Err(refusal) => found.push(refusal),
            }
        }
        Refusals::unless_empty(found)?;
        let retail_freight = if tier.is_some() { self.settings.freight } else { Money::ZERO };
        let goods: Money = priced.iter().map(|line| line.amount).sum();
        let freight = match (&self.level, tier) {
            (Some(level), Some(_)) => level.freight(goods, &self.settings),
            _ => retail_freight,
        };
        Ok(Priced { lines: priced, freight, retail_freight })
    }
}

fn price_line(line: &NewLine, facts: &PricedArticle, tier: Option<&Text>, day: Day) -> Result<Line, Refusal> {
    let unknown = || Clause::Known.refuse(Reason::Unknown { what: "article", code: line.article.clone() });
    let article = facts.article.as_ref().ok_or_else(unknown)?;
    if !line.quantity.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "quantity" }));
    }
    let quantity = article.in_base(line.quantity, line.unit.as_ref())?;
    let name = || Text::new(&format!("{} {}", article.card.code, article.card.name));
    let no_price = |tier: Text| Clause::DealerFile.refuse(Reason::NoPrice { article: name(), tier, day });
    let retail = facts.retail.ok_or_else(|| no_price("retail".into()))?;
    let price = match tier {
        Some(tier) => facts.price.ok_or_else(|| no_price(tier.clone()))?,
        None => retail,
    };
    let too_large = || Clause::Exact.refuse(Reason::TooLarge { field: "amount" });
    let amount = price.times(quantity).ok_or_else(too_large)?;
    let retail_amount = retail.times(quantity).ok_or_else(too_large)?;
    Ok(Line { article: article.id, quantity, price, retail, amount, retail_amount })
}

impl Rule for EnterOrder {
    type Facts = OrderFacts;

    fn decide(&self, by: &Actor, facts: &OrderFacts) -> Result<Event, Refusals> {
        let Some(dealer) = &facts.dealer else {
            let no_file = Clause::NoFileNoGoods.refuse(Reason::NoFile { dealer: self.dealer.clone() });
            let tmall = Clause::TmallOnly.refuse(Reason::SendToTmall { customer: self.dealer.clone() });
            return Err(Refusals::unless_empty(vec![no_file, tmall]).expect_err("two refusals are not none"));
        };
        if dealer.file.tier.is_empty() || facts.level.is_none() {
            let name = dealer.file.name.clone();
            let incomplete = Reason::FileIncomplete { dealer: name, missing: dealer.file.missing() };
            return Err(Clause::NoFileNoGoods.refuse(incomplete).into());
        }
        let priced = facts.price(&self.lines, Some(&dealer.file.tier), by.today())?;
        let own = || ShipTo {
            name: dealer.file.contact.clone(),
            phone: dealer.file.phone.clone(),
            address: dealer.file.address.clone(),
        };
        let to = self.to.clone().unwrap_or_else(own);
        if to.address.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Empty { field: "address" }).into());
        }
        Ok(Event::OrderEntered {
            order: facts.next.ok_or_else(|| Clause::Exact.refuse(Reason::NumbersUsedUp))?,
            dealer: dealer.id,
            name: dealer.file.name.clone(),
            tier: dealer.file.tier.clone(),
            day: by.today(),
            lines: priced.lines,
            freight: priced.freight,
            retail_freight: priced.retail_freight,
            to,
            remark: self.remark.clone(),
        })
    }
}

impl Rule for EnterTmallOrder {
    type Facts = OrderFacts;

    fn decide(&self, by: &Actor, facts: &OrderFacts) -> Result<Event, Refusals> {
        for (field, value) in [("number", &self.number), ("buyer", &self.buyer), ("address", &self.to.address)] {
            if value.is_empty() {
                return Err(Clause::Exact.refuse(Reason::Empty { field }).into());
            }
        }
        if let Some(order) = facts.same_tmall {
            let taken = Reason::Taken { what: "tmall_order", code: self.number.clone(), by: order.to_string().into() };
            return Err(Clause::OnceOnly.refuse(taken).into());
        }
        if let Some(referral) = self.referral.filter(|_| !facts.referral_open) {
            let code = referral.to_string().into();
            return Err(Clause::Known.refuse(Reason::Unknown { what: "referral", code }).into());
        }
        let priced = facts.price(&self.lines, None, by.today())?;
        Ok(Event::TmallOrderEntered {
            order: facts.next.ok_or_else(|| Clause::Exact.refuse(Reason::NumbersUsedUp))?,
            number: self.number.clone(),
            name: self.buyer.clone(),
            day: by.today(),
            paid_at: self.paid_at,
            deadline: self.paid_at.plus_hours(facts.settings.ship_hours.into()),
            lines: priced.lines,
            to: self.to.clone(),
            remark: self.remark.clone(),
            referral: self.referral,
        })
    }
}

impl Rule for ChangeOrder {
    type Facts = OrderFacts;

    fn decide(&self, by: &Actor, facts: &OrderFacts) -> Result<Event, Refusals> {
        let order = known(&facts.order, self.order)?;
        if self.content != order.content {
            let (seen, now) = (self.content.into(), order.content.into());
            return Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen, now }).into());
        }
        order.must_be_unpacked()?;
        if self.to.address.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Empty { field: "address" }).into());
        }
        let tier = order.dealer().map(|_| &order.tier);
        let priced = facts.price(&self.lines, tier, order.day)?;
        let ship_hours = facts.settings.ship_hours;
        let (to, remark) = (self.to.clone(), self.remark.clone());
        let back = order.clone().change(priced.clone(), to.clone(), remark.clone(), by.at, ship_hours);
        Ok(Event::OrderChanged {
            order: order.id,
            content: order.content + 1,
            lines: priced.lines,
            freight: priced.freight,
            retail_freight: priced.retail_freight,
            to,
            remark,
            back,
            signatures_void: order.parts.iter().map(|part| part.signatures.len() as u32).sum(),
            ship_hours,
        })
    }
}

impl Rule for CancelOrder {
    type Facts = OrderFacts;

    fn decide(&self, _: &Actor, facts: &OrderFacts) -> Result<Event, Refusals> {
        let order = known(&facts.order, self.order)?;
        order.must_be_unpacked()?;
        if self.reason.is_empty() {
            return Err(Clause::NothingErased.refuse(Reason::ReasonWanted).into());
        }
        let back = order.clone().cancel();
        Ok(Event::OrderCancelled { order: order.id, reason: self.reason.clone(), back })
    }
}

/// The record, or the refusal that there is none.
pub fn known(order: &Option<Order>, id: OrderId) -> Result<&Order, Refusal> {
    order.as_ref().ok_or_else(|| Clause::Known.refuse(Reason::Unknown { what: "order", code: id.to_string().into() }))
}
