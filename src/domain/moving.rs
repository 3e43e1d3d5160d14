//! Goods inside the warehouse: transfers between places (移库), and damaged goods (残次) apart from sound ones.
//!
//! Damaged goods never ship. They are written off (报损), go back to the factory (退厂), or turn out to be sound after all.
//! What is packed for a shipment stays where it is.

use serde::{Deserialize, Serialize};

use super::bill::in_base;
use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::GoodsLine;
use super::id::{ArticleId, StockNoteId};
use super::quantity::Quantity;
use super::receiving::Kept;
use super::stock::{MoveKind, Picked, Shelf};
use super::text::Text;
use super::{Actor, Rule};

/// Goods of an article at a place, as they are entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfLine {
    /// The article's code or barcode.
    pub article: Text,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit; none for the base unit.
    #[serde(default)]
    pub unit: Option<Text>,
    /// Where the goods are; none for the article's own place.
    #[serde(default)]
    pub from: Option<Text>,
}

/// Move goods to another place (移库).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveGoods {
    /// What.
    pub lines: Vec<ShelfLine>,
    /// Where to.
    pub to: Text,
    /// Whether it is damaged goods that move.
    #[serde(default)]
    pub damaged: bool,
    /// Why; wanted where somebody else than their keeper moves special goods (W12).
    #[serde(default)]
    pub reason: Text,
}

/// Take goods for damaged (转残次): they stay where they are and ship no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkDamaged {
    /// What.
    pub lines: Vec<ShelfLine>,
    /// The cause.
    pub cause: Text,
}

/// What becomes of damaged goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DamagedTo {
    /// 报损: written off.
    WrittenOff,
    /// 退厂: back to the factory.
    ToFactory,
    /// 复检合格: sound after all.
    Restored,
}

impl DamagedTo {
    /// The movement it makes.
    pub const fn kind(self) -> MoveKind {
        match self {
            DamagedTo::WrittenOff => MoveKind::WrittenOff,
            DamagedTo::ToFactory => MoveKind::ToFactory,
            DamagedTo::Restored => MoveKind::Restored,
        }
    }
}

/// Settle what becomes of damaged goods (处理残次).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleDamaged {
    /// What.
    pub lines: Vec<ShelfLine>,
    /// What becomes of it.
    pub outcome: DamagedTo,
    /// Why.
    pub reason: Text,
}

/// An article as a line names it, with where it lies.
pub struct OnShelf {
    /// The article, its keeper and the place that the goods go to.
    pub kept: Kept,
    /// Where the article lies.
    pub shelves: Vec<Shelf>,
}

/// What these commands may look at.
pub struct MovingFacts {
    /// The articles of the lines, in order.
    pub lines: Vec<OnShelf>,
    /// The number the next note gets.
    pub next: StockNoteId,
}

impl MovingFacts {
    /// The goods that lines name, each where it is; refuses what is not there, every line that lacks something.
    fn taken(&self, lines: &[ShelfLine], damaged: bool) -> Result<Vec<Picked>, Refusals> {
        if lines.is_empty() {
            return Err(Clause::BookIsGoods.refuse(Reason::NoLines).into());
        }
        let (mut goods, mut short) = (Vec::<Picked>::with_capacity(lines.len()), Vec::new());
        for (line, on_shelf) in lines.iter().zip(&self.lines) {
            let plain = GoodsLine { article: line.article.clone(), quantity: line.quantity, unit: line.unit.clone() };
            let (article, quantity) = in_base(&plain, &on_shelf.kept.article)?;
            let own = on_shelf.kept.article.as_ref().map(|known| known.card.location.clone()).unwrap_or_default();
            let place = line.from.clone().unwrap_or(own);
            let before = |held: &&Picked| held.article == article && held.place == place;
            let there =
                on_shelf.there(article, &place, damaged) - goods.iter().filter(before).map(|held| held.quantity).sum();
            if quantity > there {
                let article = on_shelf.kept.article.as_ref().map(|known| known.called()).unwrap_or_default();
                short.push(Clause::BookIsGoods.refuse(Reason::NotThere { article, place, wanted: quantity, there }));
                continue;
            }
            goods.push(Picked { article, place, quantity });
        }
        Refusals::unless_empty(short)?;
        Ok(goods)
    }
}

impl OnShelf {
    fn there(&self, article: ArticleId, place: &Text, damaged: bool) -> Quantity {
        let shelf = self.shelves.iter().find(|shelf| shelf.article == article && shelf.place == *place);
        let amount = |shelf: &Shelf| {
            if damaged { shelf.stock.damaged } else { shelf.stock.sound() }
        };
        shelf.map_or(Quantity::ZERO, amount)
    }
}

impl Rule for MoveGoods {
    type Facts = MovingFacts;

    fn decide(&self, by: &Actor, facts: &MovingFacts) -> Result<Event, Refusals> {
        let goods = facts.taken(&self.lines, self.damaged)?;
        let mut refused: Vec<Refusal> = Vec::new();
        for (on_shelf, goods) in facts.lines.iter().zip(&goods) {
            refused.extend(on_shelf.kept.own_keeper(by, &self.reason).err());
            let to = on_shelf.kept.goes_to(Some(&self.to))?;
            if to == goods.place {
                refused.push(Clause::FixedPlaces.refuse(Reason::SamePlace { place: to }));
            }
        }
        Refusals::unless_empty(refused)?;
        let MoveGoods { to, damaged, reason, .. } = self.clone();
        Ok(Event::GoodsMoved { note: facts.next, goods, to, damaged, reason })
    }
}

impl Rule for MarkDamaged {
    type Facts = MovingFacts;

    fn decide(&self, _: &Actor, facts: &MovingFacts) -> Result<Event, Refusals> {
        Clause::NothingErased.wants_reason(&self.cause)?;
        let goods = facts.taken(&self.lines, false)?;
        Ok(Event::DamageNoted { note: facts.next, goods, cause: self.cause.clone() })
    }
}

impl Rule for SettleDamaged {
    type Facts = MovingFacts;

    fn decide(&self, _: &Actor, facts: &MovingFacts) -> Result<Event, Refusals> {
        Clause::NothingErased.wants_reason(&self.reason)?;
        let goods = facts.taken(&self.lines, true)?;
        Ok(Event::DamageSettled { note: facts.next, goods, outcome: self.outcome, reason: self.reason.clone() })
    }
}
