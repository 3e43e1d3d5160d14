//! Shipping (出货): packing, the waybill, and goods leaving.
//!
//! Goods leave only once, only packed, signed and with a waybill, and every missing paper is named at once (W6). Stock is
//! looked at line by line and never goes below zero. What a signature binds is decided in `signing.rs`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::Dealer;
use super::event::Event;
use super::goods::Article;
use super::id::{OrderId, PersonId};
use super::order::{Order, State, known};
use super::promotion::Promotion;
use super::quantity::Quantity;
use super::shipment::Part;
use super::stock::{Shelf, Stock, pick};
use super::text::Text;
use super::waybill::Carrier;
use super::{Actor, Rule};

/// Commands about one shipment of an order: each names the order, the shipment, and its own fields.
macro_rules! part_commands {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* };)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Which order.
            pub order: OrderId,
            /// Which of its shipments, from 1.
            #[serde(default = "crate::domain::shipping::first")]
            pub part: u8,
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    )*};
}
pub(super) use part_commands;

/// Most orders have one shipment: a command that names none means the first.
pub(super) fn first() -> u8 {
    1
}

part_commands! {
    /// Pack a shipment (打包), which takes the goods off the shelf.
    PackShipment {};
    /// Unpack a shipment (拆包): the goods go back, the waybill is void.
    UnpackShipment {
        /// Why.
        reason: Text
    };
    /// Note the waybill of a packed shipment (登记运单).
    NoteWaybill {
        /// Whose.
        carrier: Carrier,
        /// Its number.
        number: Text
    };
    /// Ship (发货): the goods leave.
    ShipShipment {};
}

/// What commands about a shipment may look at.
pub struct ShipmentFacts {
    /// The order named, if there is one.
    pub order: Option<Order>,
    /// Its dealer, unless it is Tmall's.
    pub dealer: Option<Dealer>,
    /// Article and stock of every line of the order, in order.
    pub goods: Vec<(Article, Stock)>,
    /// Where these articles lie, in the order in which places are used up.
    pub shelves: Vec<Shelf>,
    /// Places that are defined and named by the command.
    pub places: Vec<Text>,
    /// The promotions that the order names.
    pub promotions: Vec<Promotion>,
    /// The shipment that has the waybill number, other than this one.
    pub waybill_holder: Option<(OrderId, u8)>,
    /// Names of people in the record, for words.
    pub names: Vec<(PersonId, Text)>,
}

impl ShipmentFacts {
    pub(super) fn is_place(&self, code: &Text) -> bool {
        self.places.contains(code)
    }

    pub(super) fn name(&self, of: PersonId) -> Text {
        self.names.iter().find(|(id, _)| *id == of).map(|(_, name)| name.clone()).unwrap_or_default()
    }

    /// The open order and a waiting shipment of it.
    pub(super) fn waiting(&self, order: OrderId, no: u8) -> Result<(&Order, &Part), Refusal> {
        let order = known(&self.order, order)?;
        if order.state == State::Cancelled {
            return Err(Clause::NothingErased.refuse(Reason::OrderIs { order: order.id, state: order.state_key() }));
        }
        if order.parts.is_empty() {
            return Err(not_paid(order));
        }
        let part = order.part(no)?;
        if let Some(mark) = &part.shipped {
            return Err(Clause::OnceOnly.refuse(Reason::ShippedAlready { order: order.id, at: mark.at }));
        }
        if part.closed.is_some() {
            return Err(self.wrong_stage(order.id, part));
        }
        Ok((order, part))
    }

    pub(super) fn wrong_stage(&self, order: OrderId, part: &Part) -> Refusal {
        Clause::PapersComplete.refuse(Reason::ShipmentIs { order, part: part.no, stage: part.stage().key() })
    }

    pub(super) fn objection(&self, part: &Part) -> Result<(), Refusal> {
        let Some(mark) = &part.objection else {
            return Ok(());
        };
        Err(Clause::ThreeSign.refuse(Reason::Objected { by: self.name(mark.by), at: mark.at, why: mark.why.clone() }))
    }

    /// Stock that cannot cover the shipment: every short article (E26), with what is given of it beside what is bought.
    fn short(&self, part: &Part) -> Vec<Refusal> {
        let mut all: Vec<(&Article, Stock, Quantity)> = Vec::new();
        for (line, wanted) in &part.lines {
            let (article, stock) = &self.goods[usize::from(*line)];
            match all.iter_mut().find(|(known, ..)| known.id == article.id) {
                Some((.., sum)) => *sum += *wanted,
                None => all.push((article, *stock, *wanted)),
            }
        }
        let short = all.into_iter().filter(|(_, stock, wanted)| stock.sound() < *wanted);
        let refuse = |(article, stock, wanted): (&Article, Stock, Quantity)| {
            let name = Text::new(&format!("{} {}", article.card.code, article.card.name));
            Clause::BookIsGoods.refuse(Reason::StockShort { article: name, wanted, sound: stock.sound() })
        };
        short.map(refuse).collect()
    }

    /// Refuses unless what would stay with the customer of `after` earns the gifts that would stay (M4.6).
    pub(super) fn gifts_are_earned(&self, after: &Order) -> Result<(), Refusals> {
        let words = |id| {
            let card = self.goods.iter().find(|(article, _)| article.id == id).map(|(article, _)| &article.card);
            card.map(|card| Text::new(&format!("{} {}", card.code, card.name))).unwrap_or_default()
        };
        Refusals::unless_empty(after.gifts_are_earned(&self.promotions, &words))
    }

    /// The papers of M1, M3 and M4 that a shipment lacks before goods may be taken for it (W6).
    fn papers(&self, order: &Order, part: &Part) -> Vec<Refusal> {
        let mut found: Vec<Refusal> = self.dealer.iter().flat_map(Dealer::incomplete).collect();
        if order.parts.is_empty() {
            found.push(not_paid(order));
        }
        found.extend(self.objection(part).err());
        if !part.is_signed() && part.objection.is_none() {
            let not_signed = Reason::NotSigned { missing: part.unsigned(), signed: part.signatures.len() };
            found.push(Clause::ThreeSign.refuse(not_signed));
        }
        found
    }

    /// The shipment that goods are asked for. While money is awaited there is none yet: then it is the whole order, so
    /// that the other papers are named beside the payment.
    fn wanted(&self, order: OrderId, no: u8) -> Result<(&Order, Cow<'_, Part>), Refusal> {
        match known(&self.order, order)? {
            order if order.state == State::Open && order.parts.is_empty() => {
                Ok((order, Cow::Owned(Part::whole(&order.lines, order.at, order.at, 0))))
            }
            _ => self.waiting(order, no).map(|(order, part)| (order, Cow::Borrowed(part))),
        }
    }
}

fn not_paid(order: &Order) -> Refusal {
    let (due, paid) = (order.due(), order.paid());
    Clause::FinanceFirst.refuse(Reason::NotPaid { order: order.id, due, paid })
}

impl Rule for PackShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.wanted(self.order, self.part)?;
        if part.packed.is_some() {
            return Err(facts.wrong_stage(order.id, &part).into());
        }
        let mut found = facts.papers(order, &part);
        found.extend(facts.short(&part));
        Refusals::unless_empty(found)?;
        let goods: Vec<_> = order.contents(&part).collect();
        let from = pick(&goods, &facts.shelves);
        Ok(Event::ShipmentPacked { order: order.id, part: part.no, goods, from })
    }
}

impl Rule for UnpackShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_none() {
            return Err(Clause::PapersComplete.refuse(Reason::NotPacked).into());
        }
        Clause::NothingErased.wants_reason(&self.reason)?;
        let goods = order.contents(part).collect();
        let waybill = part.waybill.as_ref().map(|waybill| waybill.number.clone());
        Ok(Event::ShipmentUnpacked { order: order.id, part: part.no, goods, waybill, reason: self.reason.clone() })
    }
}

impl Rule for NoteWaybill {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_none() {
            return Err(Clause::PapersComplete.refuse(Reason::NotPacked).into());
        }
        let malformed = || {
            let carrier = self.carrier.key().into();
            Clause::WaybillKept.refuse(Reason::WaybillMalformed { carrier, number: self.number.clone() })
        };
        let number = self.carrier.number(&self.number).ok_or_else(malformed)?;
        if let Some((other, _)) = facts.waybill_holder.filter(|holder| *holder != (order.id, part.no)) {
            return Err(Clause::WaybillKept.refuse(Reason::WaybillTaken { number, order: other }).into());
        }
        let was = part.waybill.as_ref().map(|waybill| waybill.number.clone());
        Ok(Event::WaybillNoted { order: order.id, part: part.no, carrier: self.carrier, number, was })
    }
}

impl Rule for ShipShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, by: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.wanted(self.order, self.part)?;
        let mut found = facts.papers(order, &part);
        if part.packed.is_none() {
            found.push(Clause::PapersComplete.refuse(Reason::NotPacked));
            found.extend(facts.short(&part));
        }
        if part.waybill.is_none() {
            found.push(Clause::WaybillKept.refuse(Reason::NoWaybill));
        }
        Refusals::unless_empty(found)?;
        let goods = order.contents(&part).collect();
        let late = by.at > part.deadline;
        Ok(Event::GoodsShipped { order: order.id, part: part.no, goods, deadline: part.deadline, late })
    }
}
