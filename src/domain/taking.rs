//! Taking orders (下单): entering, changing and cancelling them, and the prices they are taken at.
//!
//! An order is taken for a dealer with a file, or for a customer of the Tmall shop; anybody else is sent there (M1.3,
//! M3.3). The prices of the day hold for the order's whole life. What money follows from it is not decided here.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::Dealer;
use super::event::Event;
use super::gift::{Granting, Offer, Typed, grant};
use super::goods::Article;
use super::id::{OrderId, ReferralId};
use super::money::Money;
use super::order::{Line, Order, Priced, ShipTo, known};
use super::quantity::Quantity;
use super::setting::{FreeShipping, Settings};
use super::text::Text;
use super::time::{Day, Moment};
use super::{Actor, Rule};

/// How many lines one order can have.
const LINES_MAX: usize = 999;

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
    /// The promotion under which it is given free (赠品); none for what is bought. Without such a line a promotion named on
    /// the order gives all that it earns.
    #[serde(default)]
    pub gift: Option<Text>,
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
    /// The numbers of the promotions whose gifts it has.
    #[serde(default)]
    pub promotions: Vec<Text>,
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
    /// The numbers of the promotions whose gifts it has.
    #[serde(default)]
    pub promotions: Vec<Text>,
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
    /// The numbers of the promotions whose gifts it has; none for those that it names already.
    #[serde(default)]
    pub promotions: Option<Vec<Text>>,
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
    /// The promotions that the order names or its gift lines name.
    pub offers: Vec<Offer>,
    /// Settings in force.
    pub settings: Settings,
    /// An order that has that Tmall number already.
    pub same_tmall: Option<OrderId>,
    /// Whether the referral named exists and is open.
    pub referral_open: bool,
    /// The number the next order gets, unless the month's are used up.
    pub next: Option<OrderId>,
}

impl OrderFacts {
    /// Prices lines at a dealer's tier and at retail (`tier` none: a Tmall order, at retail both ways), and adds the gifts.
    fn price(&self, lines: &[NewLine], tier: Option<&Text>, by: &Granting<'_>) -> Result<Priced, Refusals> {
        if lines.is_empty() {
            return Err(Clause::Exact.refuse(Reason::NoLines).into());
        }
        if lines.len() > LINES_MAX {
            return Err(Clause::Exact.refuse(Reason::TooLarge { field: "lines" }).into());
        }
        let (mut bought, mut typed) = (Vec::with_capacity(lines.len()), Vec::new());
        let mut found = Vec::new();
        for (line, facts) in lines.iter().zip(&self.lines) {
            if let Some(code) = &line.gift {
                match counted(line, facts) {
                    Ok((article, quantity)) => {
                        typed.push(Typed { code: code.clone(), article: article.clone(), quantity });
                    }
                    Err(refusal) => found.push(refusal),
                }
                continue;
            }
            match price_line(line, facts, tier, by.day) {
                Ok(line) if bought.iter().any(|earlier: &Line| earlier.article == line.article) => {
                    let article = facts.article.as_ref().map(|a| a.card.code.clone()).unwrap_or_default();
                    found.push(Clause::Exact.refuse(Reason::LineTwice { article }));
                }
                Ok(line) => bought.push(line),
                Err(refusal) => found.push(refusal),
            }
        }
        Refusals::unless_empty(found)?;
        let retail_freight = if tier.is_some() { self.settings.freight } else { Money::ZERO };
        let goods: Money = bought.iter().map(|line| line.amount).sum();
        let freight = match (&self.level, tier) {
            (Some(level), Some(_)) => level.freight(goods, &self.settings),
            _ => retail_freight,
        };
        let (gifts, promotions) = (Vec::new(), Vec::new());
        let mut priced = Priced { lines: bought, freight, retail_freight, gifts, promotions };
        grant(&mut priced, &self.offers, &typed, by)?;
        Ok(priced)
    }
}

/// The article of a line and how much of it, in the base unit.
fn counted<'a>(line: &NewLine, facts: &'a PricedArticle) -> Result<(&'a Article, Quantity), Refusal> {
    let unknown = || Clause::Known.refuse(Reason::Unknown { what: "article", code: line.article.clone() });
    let article = facts.article.as_ref().ok_or_else(unknown)?;
    if !line.quantity.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "quantity" }));
    }
    Ok((article, article.in_base(line.quantity, line.unit.as_ref())?))
}

fn price_line(line: &NewLine, facts: &PricedArticle, tier: Option<&Text>, day: Day) -> Result<Line, Refusal> {
    let (article, quantity) = counted(line, facts)?;
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
    if !amount.is_positive() {
        return Err(Clause::Exact.refuse(Reason::NotPositive { field: "amount" }));
    }
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
        let taken = Granting { today: by.today(), day: by.today(), before: None };
        let priced = facts.price(&self.lines, Some(&dealer.file.tier), &taken)?;
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
            gifts: priced.gifts,
            promotions: priced.promotions,
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
        let taken = Granting { today: by.today(), day: by.today(), before: None };
        let priced = facts.price(&self.lines, None, &taken)?;
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
            gifts: priced.gifts,
            promotions: priced.promotions,
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
        let changed = Granting { today: by.today(), day: order.day, before: Some(order) };
        let priced = facts.price(&self.lines, tier, &changed)?;
        let ship_hours = facts.settings.ship_hours;
        let (to, remark) = (self.to.clone(), self.remark.clone());
        let mut after = order.clone();
        let back = after.change(priced.clone(), to.clone(), remark.clone(), by.at, ship_hours);
        Ok(Event::OrderChanged {
            order: order.id,
            content: after.content,
            lines: priced.lines,
            gifts: priced.gifts,
            promotions: priced.promotions,
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
