//! What becomes of a shipment besides leaving whole: split, closed short, or taken back.
//!
//! A split leaves both parts in the queue with the deadline of the same payment. A closed part gives its money back and
//! ships no more. Goods come back only from what was shipped, and never more than that; the gift that they no longer earn
//! comes back with them or is charged (M4.6, `gift.rs`).

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::id::OrderId;
use super::order::{Order, known};
use super::quantity::Quantity;
use super::shipment::{Mark, Part};
use super::shipping::{ShipmentFacts, part_commands};
use super::text::Text;
use super::{Actor, Rule};

/// How many shipments one order can have.
const PARTS_MAX: u8 = 99;

part_commands! {
    /// Split a shipment (分批): `lines` go into a shipment of their own, the rest stays.
    SplitShipment {
        /// The order's line (from 1) and the quantity in the base unit that goes apart.
        lines: Vec<(u16, Quantity)>
    };
    /// Close a shipment short (不再发): what was paid for it becomes the dealer's credit.
    CloseShipment {
        /// Why.
        reason: Text
    };
    /// Take goods of a shipment back into stock (退货入库).
    TakeBackGoods {
        /// The order's line (from 1) and the quantity in the base unit.
        lines: Vec<(u16, Quantity)>,
        /// Why.
        reason: Text,
        /// What becomes of the goods.
        #[serde(default)]
        became: Became,
        /// The place they are put; none for the article's own.
        #[serde(default)]
        place: Option<Text>,
        /// What becomes of single lines, in the order of `lines`; the lines past its end are as `became` and `place` say.
        #[serde(default)]
        fates: Vec<Fate>,
        /// Whether the gift that stays unearned is charged at the unified retail price of the order's day.
        #[serde(default)]
        charge_gifts: bool
    };
}

/// What becomes of goods that come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// 完好入库: sound, back on the shelf.
    #[default]
    Sound,
    /// 残次: damaged, apart.
    Damaged,
    /// 报损: written off at once.
    WrittenOff,
}

impl Became {
    /// Every fate, in the order in which a form numbers them.
    pub const ALL: [Became; 3] = [Became::Sound, Became::Damaged, Became::WrittenOff];

    /// The name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Became::Sound => "sound",
            Became::Damaged => "damaged",
            Became::WrittenOff => "written_off",
        }
    }
}

/// What becomes of one line of goods that come back (退货处理).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fate {
    /// What becomes of the goods.
    #[serde(default)]
    pub became: Became,
    /// The place they are put; none for the article's own.
    #[serde(default)]
    pub place: Option<Text>,
}

impl Rule for SplitShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_some() {
            return Err(facts.wrong_stage(order.id, part).into());
        }
        let apart = self.lines.iter().map(|(line, quantity)| {
            let at = line.wrapping_sub(1);
            let held = part.lines.iter().find(|(held, _)| *held == at).map_or(Quantity::ZERO, |(_, q)| *q);
            if !quantity.is_positive() || *quantity > held {
                let article = facts.goods.get(usize::from(at)).map(|(article, _)| article.card.code.clone());
                let (article, asked, left) = (article.unwrap_or_default(), *quantity, held);
                return Err(Clause::Exact.refuse(Reason::MoreThanLeft { article, asked, left }));
            }
            Ok((at, *quantity))
        });
        let mut apart = apart.collect::<Result<Vec<_>, _>>()?;
        apart.sort();
        let whole = apart.len() == part.lines.len() && apart == part.lines;
        let twice = apart.windows(2).any(|pair| pair[0].0 == pair[1].0);
        if apart.is_empty() || whole || twice {
            return Err(Clause::Exact.refuse(Reason::NothingSplit).into());
        }
        let next = order.parts.iter().map(|part| part.no).max().unwrap_or(0) + 1;
        if next > PARTS_MAX {
            return Err(Clause::Exact.refuse(Reason::TooLarge { field: "part" }).into());
        }
        Ok(Event::ShipmentSplit { order: order.id, part: part.no, next, lines: apart })
    }
}

impl Rule for CloseShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, by: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_some() {
            return Err(facts.wrong_stage(order.id, part).into());
        }
        Clause::NothingErased.wants_reason(&self.reason)?;
        let mut after = order.clone();
        let back = after.close_part(part.no, Mark { by: by.person, at: by.at, why: self.reason.clone() });
        facts.gifts_are_earned(&after)?;
        Ok(Event::ShipmentClosed { order: order.id, part: part.no, reason: self.reason.clone(), back })
    }
}

impl Rule for TakeBackGoods {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let order = known(&facts.order, self.order)?;
        let part = order.part(self.part)?;
        if part.shipped.is_none() {
            return Err(Clause::NothingErased.refuse(Reason::NotShipped { order: order.id }).into());
        }
        Clause::NothingErased.wants_reason(&self.reason)?;
        if self.lines.is_empty() {
            return Err(Clause::Exact.refuse(Reason::NoLines).into());
        }
        let lines = self.returned(order, part, facts)?;
        let goods = lines.iter().map(|(line, q)| (order.lines[usize::from(*line)].article, *q)).collect();
        let named = self.place.iter().chain(self.fates.iter().filter_map(|fate| fate.place.as_ref()));
        if let Some(place) = named.into_iter().find(|place| !facts.is_place(place)) {
            return Err(Clause::FixedPlaces.refuse(Reason::Unknown { what: "place", code: place.clone() }).into());
        }
        if self.fates.len() > lines.len() {
            let (lines, fates) = (lines.len(), self.fates.len());
            return Err(Clause::Exact.refuse(Reason::FatesLeftOver { lines, fates }).into());
        }
        let mut after = order.clone();
        after.came_back(part.no, &lines);
        let charged = if self.charge_gifts { after.charge_unearned(&facts.promotions) } else { Vec::new() };
        after.charged.extend(&charged);
        facts.gifts_are_earned(&after)?;
        let worth = lines.iter().map(|(line, quantity)| order.worth(*line, *quantity, order.basis)).sum();
        let charge = charged.iter().map(|charged| charged.amount).sum();
        if charge > worth {
            return Err(Clause::GiftByRule.refuse(Reason::GiftAboveGoods { charge, goods: worth }).into());
        }
        let (order, part) = (order.id, part.no);
        let TakeBackGoods { reason, became, place, fates, .. } = self.clone();
        Ok(Event::GoodsTakenBack { order, part, lines, goods, reason, became, place, fates, charged })
    }
}

impl TakeBackGoods {
    /// The lines of the order (from 0) with what comes back of them: no more than is with the customer, and no gift that was
    /// charged.
    fn returned(&self, order: &Order, part: &Part, facts: &ShipmentFacts) -> Result<Vec<(u16, Quantity)>, Refusal> {
        let mut lines: Vec<(u16, Quantity)> = Vec::new();
        for (line, quantity) in &self.lines {
            let at = line.wrapping_sub(1);
            let article = || facts.goods.get(usize::from(at)).map(|(article, _)| article.card.code.clone());
            let above: Quantity = lines.iter().filter(|(l, _)| *l == at).map(|(_, q)| *q).sum();
            let shipped = part.with_customer(at) - above;
            if !quantity.is_positive() || *quantity > shipped {
                let (article, asked) = (article().unwrap_or_default(), *quantity);
                return Err(Clause::BookIsGoods.refuse(Reason::MoreThanShipped { article, asked, shipped }));
            }
            if *quantity > order.returnable(part, at) - above {
                let (article, charged) = (article().unwrap_or_default(), order.charged_of(at));
                return Err(Clause::GiftByRule.refuse(Reason::GiftSold { article, charged }));
            }
            lines.push((at, *quantity));
        }
        Ok(lines)
    }
}
