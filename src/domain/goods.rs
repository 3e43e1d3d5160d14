//! Goods (商品): articles, their units, barcodes, places and prices, and the plain goods-in.
//!
//! A price is valid from a day on and is never changed backwards: days past have been traded on.
//! There is a retail price (统一零售价) and a price per tier; none of them stands in for another.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::id::{ArticleId, ReceiptId};
use super::money::Money;
use super::person::Person;
use super::quantity::Quantity;
use super::role::Role;
use super::text::Text;
use super::time::Day;
use super::{Actor, Rule};

/// A pack of an article, such as 1 件 = 20 斤.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The pack's unit.
    pub unit: Text,
    /// How many base units it holds.
    pub holds: Quantity,
    /// The pack's own barcode, or empty.
    #[serde(default)]
    pub barcode: Text,
}

/// What is said of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleCard {
    /// The article's code; unique.
    pub code: Text,
    /// Its name, with size and kind.
    pub name: Text,
    /// The base unit (斤, 袋, 盒 …) in which stock and prices are kept.
    pub unit: Text,
    /// The base unit's barcode, or empty.
    #[serde(default)]
    pub barcode: Text,
    /// Larger units.
    #[serde(default)]
    pub packs: Vec<Pack>,
    /// The place in the warehouse (库位).
    #[serde(default)]
    pub location: Text,
    /// The mark of goods that need special handling (W12), or empty.
    #[serde(default)]
    pub special: Text,
    /// The keeper of goods that need special handling (W12), by sign-in code, or empty.
    #[serde(default)]
    pub keeper: Text,
}

/// An article as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its number.
    pub id: ArticleId,
    /// What is said of it.
    pub card: ArticleCard,
    /// How often the card was revised, from 1.
    pub version: u32,
}

/// Whose price: everyone's or one tier's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PriceOf {
    /// The unified retail price.
    Retail,
    /// The purchase price of a tier, by its code.
    Tier(Text),
}

/// List an article (新品建档).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListArticle {
    /// What is said of it.
    #[serde(flatten)]
    #[schemars(flatten)]
    pub card: ArticleCard,
}

/// Revise an article's card. The base unit stays: history is counted in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseArticle {
    /// The article's code so far.
    pub article: Text,
    /// The version that was seen.
    pub version: u32,
    /// The new card.
    pub card: ArticleCard,
}

/// Set a price from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    /// The article's code.
    pub article: Text,
    /// The tier's code; none for the retail price.
    #[serde(default)]
    pub tier: Option<Text>,
    /// The price of one base unit.
    pub price: Money,
    /// The first day it is valid on.
    pub from: Day,
}

/// A line of goods coming in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoodsLine {
    /// The article's code or barcode.
    pub article: Text,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit; none for the base unit.
    #[serde(default)]
    pub unit: Option<Text>,
}

/// Where goods come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoodsFrom {
    /// 期初: the stock the books begin with.
    Opening,
    /// 入库: a delivery.
    Delivery,
}

/// Take goods into stock, plainly (the factory's bill is checked elsewhere).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveGoods {
    /// Opening stock or a delivery.
    pub from: GoodsFrom,
    /// The delivery note's number.
    #[serde(default)]
    pub note: Text,
    /// What came.
    pub lines: Vec<GoodsLine>,
}

/// What commands about articles may look at.
pub struct GoodsFacts {
    /// The article named, if there is one.
    pub article: Option<Article>,
    /// Who holds one of the codes or barcodes that the card claims, as (code, article).
    pub holders: Vec<(Text, Article)>,
    /// The keeper that the card names, if it is one.
    pub keeper: Option<Person>,
    /// Whether the tier named exists.
    pub tier_known: bool,
    /// A price already set for that day and tier.
    pub price_that_day: Option<Money>,
    /// The articles of the lines, in order.
    pub lines: Vec<Option<Article>>,
    /// The number the next article gets.
    pub next_article: ArticleId,
    /// The number the next goods-in gets.
    pub next_receipt: ReceiptId,
}

impl Article {
    /// A quantity in the base unit, from one in `unit`; `None` stands for the base unit.
    pub fn in_base(&self, quantity: Quantity, unit: Option<&Text>) -> Result<Quantity, Refusal> {
        let Some(unit) = unit.filter(|unit| **unit != self.card.unit) else {
            return Ok(quantity);
        };
        let pack = self.card.packs.iter().find(|pack| pack.unit == *unit);
        let inexact =
            || Clause::Exact.refuse(Reason::NotInBaseUnit { article: self.card.code.clone(), unit: unit.clone() });
        pack.and_then(|pack| quantity.packs_of(pack.holds)).ok_or_else(inexact)
    }

    /// What an event does to the record.
    pub fn apply(&mut self, event: &Event) {
        if let Event::ArticleRevised { card, version, .. } = event {
            self.card = card.clone();
            self.version = *version;
        }
    }
}

impl ArticleCard {
    /// The code and every barcode by which the article is found.
    pub fn codes(&self) -> impl Iterator<Item = &Text> {
        let packs = self.packs.iter().map(|pack| &pack.barcode);
        [&self.code, &self.barcode].into_iter().chain(packs).filter(|code| !code.is_empty())
    }

    fn proper(&self, facts: &GoodsFacts, own: Option<ArticleId>) -> Result<(), Refusal> {
        for (field, value) in [("code", &self.code), ("name", &self.name), ("unit", &self.unit)] {
            if value.is_empty() {
                return Err(Clause::Exact.refuse(Reason::Empty { field }));
            }
        }
        for (at, pack) in self.packs.iter().enumerate() {
            let twice = pack.unit == self.unit || self.packs[..at].iter().any(|other| other.unit == pack.unit);
            if pack.unit.is_empty() || twice || !pack.holds.is_positive() {
                return Err(Clause::Exact.refuse(Reason::Malformed { field: "packs", value: pack.unit.clone() }));
            }
        }
        let mut own_codes: Vec<&Text> = self.codes().collect();
        own_codes.sort();
        if let Some(twice) = own_codes.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Clause::Exact.refuse(Reason::Taken {
                what: "barcode",
                code: twice[0].clone(),
                by: self.name.clone(),
            }));
        }
        if !self.keeper.is_empty() {
            let keeps = |person: &&Person| person.active && person.roles.holds(Role::Keeper);
            if facts.keeper.as_ref().filter(keeps).is_none() {
                return Err(Clause::OwnKeeper.refuse(Reason::Unknown { what: "keeper", code: self.keeper.clone() }));
            }
            if self.special.is_empty() {
                return Err(Clause::OwnKeeper.refuse(Reason::Empty { field: "special" }));
            }
        }
        if let Some((code, other)) = facts.holders.iter().find(|(_, other)| Some(other.id) != own) {
            let taken = Reason::Taken { what: "barcode", code: code.clone(), by: other.card.name.clone() };
            return Err(Clause::Exact.refuse(taken));
        }
        Ok(())
    }
}

fn unknown(code: &Text) -> Refusal {
    Clause::Known.refuse(Reason::Unknown { what: "article", code: code.clone() })
}

impl Rule for ListArticle {
    type Facts = GoodsFacts;

    fn decide(&self, _: &Actor, facts: &GoodsFacts) -> Result<Event, Refusals> {
        self.card.proper(facts, None)?;
        Ok(Event::ArticleListed { article: facts.next_article, card: self.card.clone() })
    }
}

impl Rule for ReviseArticle {
    type Facts = GoodsFacts;

    fn decide(&self, _: &Actor, facts: &GoodsFacts) -> Result<Event, Refusals> {
        let article = facts.article.as_ref().ok_or_else(|| unknown(&self.article))?;
        if article.version != self.version {
            let (seen, now) = (self.version.into(), article.version.into());
            return Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen, now }).into());
        }
        if article.card.unit != self.card.unit {
            let value = self.card.unit.clone();
            return Err(Clause::NothingErased.refuse(Reason::Malformed { field: "unit", value }).into());
        }
        self.card.proper(facts, Some(article.id))?;
        Ok(Event::ArticleRevised { article: article.id, card: self.card.clone(), version: article.version + 1 })
    }
}

impl Rule for SetPrice {
    type Facts = GoodsFacts;

    fn decide(&self, by: &Actor, facts: &GoodsFacts) -> Result<Event, Refusals> {
        let article = facts.article.as_ref().ok_or_else(|| unknown(&self.article))?;
        if let Some(tier) = self.tier.as_ref().filter(|_| !facts.tier_known) {
            return Err(Clause::Known.refuse(Reason::Unknown { what: "tier", code: tier.clone() }).into());
        }
        if !self.price.is_positive() {
            return Err(Clause::Exact.refuse(Reason::NotPositive { field: "price" }).into());
        }
        if self.price > Money::LIMIT {
            return Err(Clause::Exact.refuse(Reason::TooLarge { field: "price" }).into());
        }
        if self.from < by.today() {
            return Err(Clause::NothingErased
                .refuse(Reason::PriceInPast { from: self.from, today: by.today() })
                .into());
        }
        if facts.price_that_day == Some(self.price) {
            return Err(Clause::OnceOnly.refuse(Reason::SamePrice { from: self.from }).into());
        }
        let SetPrice { tier, price, from, .. } = self.clone();
        Ok(Event::PriceSet { article: article.id, tier, price, from })
    }
}

impl Rule for ReceiveGoods {
    type Facts = GoodsFacts;

    fn decide(&self, _: &Actor, facts: &GoodsFacts) -> Result<Event, Refusals> {
        if self.lines.is_empty() {
            return Err(Clause::BookIsGoods.refuse(Reason::NoLines).into());
        }
        let mut lines = Vec::with_capacity(self.lines.len());
        for (line, article) in self.lines.iter().zip(&facts.lines) {
            let article = article.as_ref().ok_or_else(|| unknown(&line.article))?;
            if !line.quantity.is_positive() {
                return Err(Clause::Exact.refuse(Reason::NotPositive { field: "quantity" }).into());
            }
            lines.push((article.id, article.in_base(line.quantity, line.unit.as_ref())?));
        }
        Ok(Event::GoodsReceived { receipt: facts.next_receipt, from: self.from, note: self.note.clone(), lines })
    }
}
