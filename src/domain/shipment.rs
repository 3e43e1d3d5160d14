//! Shipments (出货): signing, packing, the waybill, and goods leaving.
//!
//! A shipment is a part of an order; most orders have one. Dealers' shipments are signed by three
//! supervisors ([`STEPS`]), each bound to the exact content that was seen; two suffice only with a written
//! reason (M4.2). The 24 hours run from the payment (M4.1). Goods leave only once, only packed, signed
//! and with a waybill, and every missing paper is named at once (W6).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::Dealer;
use super::event::Event;
use super::goods::{Article, Stock};
use super::id::{ArticleId, OrderId, PersonId};
use super::order::{GivenBack, Line, Order, State, known};
use super::quantity::Quantity;
use super::role::{Role, Roles};
use super::text::Text;
use super::time::Moment;
use super::waybill::Carrier;
use super::{Actor, Rule};

/// The signatures of M4.2. Each is given by another person; their order does not matter.
pub const STEPS: &[Role] = &[Role::EcommerceSupervisor, Role::PromotionSupervisor, Role::SalesOpsSupervisor];
/// How many signatures suffice with a written reason.
pub const SIGNATURES_MIN: usize = 2;

/// How far a shipment has come. The order of the stages is the order of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 待款: money is not confirmed.
    Money,
    /// 待签: signatures are missing.
    Signing,
    /// 待打包.
    Packing,
    /// 待运单.
    Waybill,
    /// 待发出: everything is there.
    Ready,
    /// 已发货.
    Shipped,
    /// 已关闭: short-closed, nothing of it will ship.
    Closed,
}

impl Stage {
    /// Every stage.
    pub const ALL: &[Stage] =
        &[Stage::Money, Stage::Signing, Stage::Packing, Stage::Waybill, Stage::Ready, Stage::Shipped, Stage::Closed];

    /// The stage's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Stage::Money => "money",
            Stage::Signing => "signing",
            Stage::Packing => "packing",
            Stage::Waybill => "waybill",
            Stage::Ready => "ready",
            Stage::Shipped => "shipped",
            Stage::Closed => "closed",
        }
    }
}

/// One signature, bound to what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Which of [`STEPS`].
    pub step: Role,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The fingerprint of the content signed.
    pub content: Text,
}

/// An act on a shipment that is no signature: who, when and, where one is asked for, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Why, or empty.
    pub why: Text,
}

/// A waybill (运单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waybill {
    /// Whose.
    pub carrier: Carrier,
    /// Its number.
    pub number: Text,
    /// When it was noted.
    pub at: Moment,
}

/// A shipment: a part of an order that leaves together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its number within the order, from 1.
    pub no: u8,
    /// What it holds: the order's line (from 0) and the quantity.
    pub lines: Vec<(u16, Quantity)>,
    /// The payment that completed the amount due.
    pub paid_at: Moment,
    /// When finance confirmed, and it entered the queue.
    pub queued_at: Moment,
    /// When it is late: 24 hours from the payment, that moment included.
    pub deadline: Moment,
    /// The signatures given, on the present content.
    pub signatures: Vec<Signature>,
    /// When the signing was complete.
    pub signed_at: Option<Moment>,
    /// Two signatures suffice: who vouches, and why.
    pub exception: Option<Mark>,
    /// A signer refused.
    pub objection: Option<Mark>,
    /// Packed.
    pub packed: Option<Mark>,
    /// The waybill.
    pub waybill: Option<Waybill>,
    /// Left the warehouse.
    pub shipped: Option<Mark>,
    /// Closed short.
    pub closed: Option<Mark>,
    /// What came back, by line.
    pub returned: Vec<(u16, Quantity)>,
    /// Whether signatures are asked for (not for Tmall's retail customers).
    pub needs_signing: bool,
}

impl Part {
    /// One shipment of all lines.
    pub fn whole(lines: &[Line], paid_at: Moment, now: Moment, ship_hours: u16) -> Part {
        Part {
            no: 1,
            lines: lines.iter().enumerate().map(|(at, line)| (at as u16, line.quantity)).collect(),
            paid_at,
            queued_at: now,
            deadline: paid_at.plus_hours(ship_hours.into()),
            signatures: Vec::new(),
            signed_at: None,
            exception: None,
            objection: None,
            packed: None,
            waybill: None,
            shipped: None,
            closed: None,
            returned: Vec::new(),
            needs_signing: true,
        }
    }

    /// How far it has come.
    pub fn stage(&self) -> Stage {
        if self.closed.is_some() {
            Stage::Closed
        } else if self.shipped.is_some() {
            Stage::Shipped
        } else if !self.is_signed() {
            Stage::Signing
        } else if self.packed.is_none() {
            Stage::Packing
        } else if self.waybill.is_none() {
            Stage::Waybill
        } else {
            Stage::Ready
        }
    }

    /// Whether it waits in the queue.
    pub fn is_waiting(&self) -> bool {
        self.shipped.is_none() && self.closed.is_none()
    }

    /// Whether M4.2 is satisfied: three signatures, or two with a written reason, and no objection.
    pub fn is_signed(&self) -> bool {
        let enough = self.signatures.len() >= STEPS.len()
            || (self.signatures.len() >= SIGNATURES_MIN && self.exception.is_some());
        !self.needs_signing || (enough && self.objection.is_none())
    }

    /// The steps not signed yet.
    pub fn unsigned(&self) -> Vec<Role> {
        if !self.needs_signing {
            return Vec::new();
        }
        STEPS.iter().copied().filter(|step| self.signatures.iter().all(|s| s.step != *step)).collect()
    }

    /// Who is awaited next.
    pub fn awaited(&self) -> Vec<Role> {
        match self.stage() {
            Stage::Signing => self.unsigned(),
            Stage::Packing | Stage::Waybill | Stage::Ready => vec![Role::Keeper],
            Stage::Money => vec![Role::Finance],
            Stage::Shipped | Stage::Closed => Vec::new(),
        }
    }

    /// Whether it is late at `now`: the deadline itself is on time. Shipped parts keep what they were (M4.1).
    pub fn is_late(&self, now: Moment) -> bool {
        self.shipped.as_ref().map_or(now, |mark| mark.at) > self.deadline
    }

    /// Seconds spent confirming the money, signing, packing and handing over, until `now` where the stage lasts.
    pub fn spent(&self, now: Moment) -> [(Stage, i64); 4] {
        let until = |end: Option<Moment>, from: Moment| end.unwrap_or(now).seconds_since(from).max(0);
        let signed = if self.needs_signing { self.signed_at } else { Some(self.queued_at) };
        let packed = self.packed.as_ref().map(|mark| mark.at);
        let left = self.shipped.as_ref().map(|mark| mark.at);
        [
            (Stage::Money, self.queued_at.seconds_since(self.paid_at).max(0)),
            (Stage::Signing, until(signed, self.queued_at)),
            (Stage::Packing, signed.map_or(0, |from| until(packed, from))),
            (Stage::Waybill, packed.map_or(0, |from| until(left, from))),
        ]
    }

    /// Voids every signature, exception and objection: the content is another.
    pub fn void_signatures(&mut self) {
        self.signatures.clear();
        self.exception = None;
        self.objection = None;
        self.signed_at = None;
    }

    fn sign_off(&mut self, now: Moment) {
        self.signed_at = if self.is_signed() { self.signed_at.or(Some(now)) } else { None };
    }
}

impl Order {
    /// The shipment numbered `no`.
    pub fn part(&self, no: u8) -> Result<&Part, Refusal> {
        let missing = || Clause::Known.refuse(Reason::NoSuchPart { order: self.id, part: no });
        self.parts.iter().find(|part| part.no == no).ok_or_else(missing)
    }

    fn part_mut(&mut self, no: u8) -> &mut Part {
        self.parts.iter_mut().find(|part| part.no == no).expect("the event was decided on this shipment")
    }

    /// The fingerprint of what a signature of shipment `no` binds: dealer, address, lines, prices and payment.
    pub fn fingerprint(&self, no: u8) -> Text {
        let mut seen = Sha256::new();
        let part = self.parts.iter().find(|part| part.no == no);
        let lines = part.map(|part| part.lines.as_slice()).unwrap_or_default();
        let settled = (self.basis, self.due(), &self.allocations);
        let content = (self.id, no, self.content, &self.buyer, &self.to, &self.remark, &self.lines, lines, settled);
        seen.update(serde_json::to_vec(&content).expect("orders are plain data"));
        seen.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
    }

    /// The articles and quantities of a shipment.
    pub fn contents<'a>(&'a self, part: &'a Part) -> impl Iterator<Item = (ArticleId, Quantity)> + 'a {
        part.lines.iter().map(|(line, quantity)| (self.lines[usize::from(*line)].article, *quantity))
    }
}

macro_rules! part_commands {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* };)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Which order.
            pub order: OrderId,
            /// Which of its shipments, from 1.
            #[serde(default = "first")]
            pub part: u8,
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    )*};
}

fn first() -> u8 {
    1
}

part_commands! {
    /// Sign a shipment (签字) for the step that the person's role gives, having seen its content.
    SignShipment {
        /// The fingerprint of the content seen.
        seen: Text
    };
    /// Refuse to sign (拒签), which holds the shipment until it is settled.
    ObjectShipment {
        /// Why.
        reason: Text
    };
    /// Lift one's own objection.
    LiftObjection {
        /// How it was settled.
        reason: Text
    };
    /// Let two signatures suffice (特殊情况), with a written reason, by one of the two.
    ExceptShipment {
        /// Why.
        reason: Text
    };
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
        reason: Text
    };
}

/// What commands about a shipment may look at.
pub struct ShipmentFacts {
    /// The order named, if there is one.
    pub order: Option<Order>,
    /// Its dealer, unless it is Tmall's.
    pub dealer: Option<Dealer>,
    /// Article and stock of every line of the order, in order.
    pub goods: Vec<(Article, Stock)>,
    /// The shipment that has the waybill number, other than this one.
    pub waybill_holder: Option<(OrderId, u8)>,
    /// Names of people in the record, for words.
    pub names: Vec<(PersonId, Text)>,
}

impl ShipmentFacts {
    fn name(&self, of: PersonId) -> Text {
        self.names.iter().find(|(id, _)| *id == of).map(|(_, name)| name.clone()).unwrap_or_default()
    }

    /// The open order and a waiting shipment of it.
    fn waiting(&self, order: OrderId, no: u8) -> Result<(&Order, &Part), Refusal> {
        let order = known(&self.order, order)?;
        if order.state == State::Cancelled {
            return Err(Clause::NothingErased.refuse(Reason::OrderIs { order: order.id, state: order.state_key() }));
        }
        if order.parts.is_empty() {
            let (due, paid) = (order.due(), order.paid());
            return Err(Clause::FinanceFirst.refuse(Reason::NotPaid { order: order.id, due, paid }));
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

    fn wrong_stage(&self, order: OrderId, part: &Part) -> Refusal {
        Clause::PapersComplete.refuse(Reason::ShipmentIs { order, part: part.no, stage: part.stage().key() })
    }

    fn objection(&self, part: &Part) -> Result<(), Refusal> {
        let Some(mark) = &part.objection else { return Ok(()) };
        Err(Clause::ThreeSign.refuse(Reason::Objected { by: self.name(mark.by), at: mark.at, why: mark.why.clone() }))
    }

    /// Stock that cannot cover the shipment: every short line (E26).
    fn short(&self, part: &Part) -> Vec<Refusal> {
        let short = part.lines.iter().filter_map(|(line, wanted)| {
            let (article, stock) = &self.goods[usize::from(*line)];
            (stock.sound() < *wanted).then(|| {
                let name = Text::new(&format!("{} {}", article.card.code, article.card.name));
                Clause::BookIsGoods.refuse(Reason::StockShort { article: name, wanted: *wanted, sound: stock.sound() })
            })
        });
        short.collect()
    }

    /// The papers of M1 and M4 that a shipment lacks before goods may be taken for it (W6).
    fn papers(&self, part: &Part) -> Vec<Refusal> {
        let mut found: Vec<Refusal> = self.dealer.iter().flat_map(Dealer::incomplete).collect();
        found.extend(self.objection(part).err());
        if !part.is_signed() && part.objection.is_none() {
            let not_signed = Reason::NotSigned { missing: part.unsigned(), signed: part.signatures.len() };
            found.push(Clause::ThreeSign.refuse(not_signed));
        }
        found
    }
}

/// The step a person signs: the first unsigned one whose role they hold.
fn step_of(roles: Roles, part: &Part, facts: &ShipmentFacts) -> Result<Role, Refusal> {
    let held: Vec<Role> = STEPS.iter().copied().filter(|step| roles.holds(*step)).collect();
    if let Some(step) = part.unsigned().into_iter().find(|step| held.contains(step)) {
        return Ok(step);
    }
    match part.signatures.iter().find(|signature| held.contains(&signature.step)) {
        Some(done) => Err(Clause::OnceOnly.refuse(Reason::SignedAlready {
            step: done.step,
            by: facts.name(done.by),
            at: done.at,
        })),
        None => Err(Clause::ThreeSign.refuse(Reason::NotYourRole { act: "sign_shipment", wanted: STEPS.to_vec() })),
    }
}

fn reason_given(reason: &Text, clause: Clause) -> Result<(), Refusal> {
    if reason.is_empty() { Err(clause.refuse(Reason::ReasonWanted)) } else { Ok(()) }
}

impl Rule for SignShipment {
    type Facts = ShipmentFacts;

    /// A third supervisor may still sign after goods left under an exception (补签).
    fn decide(&self, by: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let order = known(&facts.order, self.order)?;
        let late = order.parts.iter().find(|p| p.no == self.part && p.shipped.is_some() && p.exception.is_some());
        let part = match late {
            Some(part) => part,
            None => facts.waiting(self.order, self.part)?.1,
        };
        if !part.needs_signing {
            return Err(facts.wrong_stage(order.id, part).into());
        }
        facts.objection(part)?;
        if let Some(own) = part.signatures.iter().find(|signature| signature.by == by.person) {
            return Err(Clause::ThreeSign.refuse(Reason::SamePerson { step: own.step }).into());
        }
        let step = step_of(by.roles, part, facts)?;
        let now = order.fingerprint(self.part);
        if self.seen != now {
            let (seen, now) = (u64::from(order.content) - 1, order.content.into());
            return Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen, now }).into());
        }
        Ok(Event::ShipmentSigned { order: order.id, part: part.no, step, content: now, afterwards: late.is_some() })
    }
}

impl Rule for ObjectShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, by: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_some() || !part.needs_signing {
            return Err(facts.wrong_stage(order.id, part).into());
        }
        facts.objection(part)?;
        step_of(by.roles, part, facts)?;
        reason_given(&self.reason, Clause::ThreeSign)?;
        Ok(Event::ShipmentObjected { order: order.id, part: part.no, reason: self.reason.clone() })
    }
}

impl Rule for LiftObjection {
    type Facts = ShipmentFacts;

    fn decide(&self, by: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        let none = || Clause::ThreeSign.refuse(Reason::NoObjection);
        let mark = part.objection.as_ref().ok_or_else(none)?;
        if mark.by != by.person {
            return Err(Clause::ThreeSign.refuse(Reason::OthersObjection { by: facts.name(mark.by) }).into());
        }
        reason_given(&self.reason, Clause::ThreeSign)?;
        Ok(Event::ObjectionLifted { order: order.id, part: part.no, reason: self.reason.clone() })
    }
}

impl Rule for ExceptShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, by: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        facts.objection(part)?;
        if part.is_signed() {
            return Err(facts.wrong_stage(order.id, part).into());
        }
        let signed = part.signatures.len();
        if signed < SIGNATURES_MIN {
            return Err(Clause::ThreeSign.refuse(Reason::TwoSignaturesFirst { signed }).into());
        }
        if part.signatures.iter().all(|signature| signature.by != by.person) {
            return Err(Clause::ThreeSign.refuse(Reason::SignFirst).into());
        }
        reason_given(&self.reason, Clause::ThreeSign)?;
        let missing = part.unsigned();
        Ok(Event::ExceptionMade { order: order.id, part: part.no, reason: self.reason.clone(), missing })
    }
}

impl Rule for PackShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_some() {
            return Err(facts.wrong_stage(order.id, part).into());
        }
        let mut found = facts.papers(part);
        found.extend(facts.short(part));
        Refusals::unless_empty(found)?;
        let goods = order.contents(part).collect();
        Ok(Event::ShipmentPacked { order: order.id, part: part.no, goods })
    }
}

impl Rule for UnpackShipment {
    type Facts = ShipmentFacts;

    fn decide(&self, _: &Actor, facts: &ShipmentFacts) -> Result<Event, Refusals> {
        let (order, part) = facts.waiting(self.order, self.part)?;
        if part.packed.is_none() {
            return Err(Clause::PapersComplete.refuse(Reason::NotPacked).into());
        }
        reason_given(&self.reason, Clause::NothingErased)?;
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
        let (order, part) = facts.waiting(self.order, self.part)?;
        let mut found = facts.papers(part);
        if part.packed.is_none() {
            found.push(Clause::PapersComplete.refuse(Reason::NotPacked));
            found.extend(facts.short(part));
        }
        if part.waybill.is_none() {
            found.push(Clause::WaybillKept.refuse(Reason::NoWaybill));
        }
        Refusals::unless_empty(found)?;
        let goods = order.contents(part).collect();
        let late = by.at > part.deadline;
        Ok(Event::GoodsShipped { order: order.id, part: part.no, goods, deadline: part.deadline, late })
    }
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
        reason_given(&self.reason, Clause::NothingErased)?;
        let mut after = order.clone();
        let back = after.close_part(part.no, Mark { by: by.person, at: by.at, why: self.reason.clone() });
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
        reason_given(&self.reason, Clause::NothingErased)?;
        if self.lines.is_empty() {
            return Err(Clause::Exact.refuse(Reason::NoLines).into());
        }
        let mut lines: Vec<(u16, Quantity)> = Vec::new();
        for (line, quantity) in &self.lines {
            let at = line.wrapping_sub(1);
            let of =
                |list: &[(u16, Quantity)]| list.iter().filter(|(l, _)| *l == at).map(|(_, q)| *q).sum::<Quantity>();
            let shipped = of(&part.lines) - of(&part.returned) - of(&lines);
            if !quantity.is_positive() || *quantity > shipped {
                let article = facts.goods.get(usize::from(at)).map(|(article, _)| article.card.code.clone());
                let (article, asked) = (article.unwrap_or_default(), *quantity);
                return Err(Clause::BookIsGoods.refuse(Reason::MoreThanShipped { article, asked, shipped }).into());
            }
            lines.push((at, *quantity));
        }
        let goods = lines.iter().map(|(line, q)| (order.lines[usize::from(*line)].article, *q)).collect();
        Ok(Event::GoodsTakenBack { order: order.id, part: part.no, lines, goods, reason: self.reason.clone() })
    }
}

impl Order {
    fn close_part(&mut self, no: u8, mark: Mark) -> GivenBack {
        self.part_mut(no).closed = Some(mark);
        if self.is_tmall() { GivenBack::default() } else { self.give_back_surplus() }
    }

    /// What an event does to the shipments of the order.
    pub fn apply_shipment(&mut self, by: PersonId, at: Moment, event: &Event) {
        let mark = |why: &Text| Some(Mark { by, at, why: why.clone() });
        match event {
            Event::ShipmentSigned { part, step, content, .. } => {
                let part = self.part_mut(*part);
                part.signatures.push(Signature { step: *step, by, at, content: content.clone() });
                part.sign_off(at);
            }
            Event::ShipmentObjected { part, reason, .. } => {
                let part = self.part_mut(*part);
                part.objection = mark(reason);
                part.sign_off(at);
            }
            Event::ObjectionLifted { part, .. } => {
                let part = self.part_mut(*part);
                part.objection = None;
                part.sign_off(at);
            }
            Event::ExceptionMade { part, reason, .. } => {
                let part = self.part_mut(*part);
                part.exception = mark(reason);
                part.sign_off(at);
            }
            Event::ShipmentPacked { part, .. } => self.part_mut(*part).packed = mark(&Text::default()),
            Event::ShipmentUnpacked { part, .. } => {
                let part = self.part_mut(*part);
                (part.packed, part.waybill) = (None, None);
            }
            Event::WaybillNoted { part, carrier, number, .. } => {
                self.part_mut(*part).waybill = Some(Waybill { carrier: *carrier, number: number.clone(), at });
            }
            Event::GoodsShipped { part, .. } => self.part_mut(*part).shipped = mark(&Text::default()),
            Event::ShipmentSplit { part, next, lines, .. } => self.split(*part, *next, lines),
            Event::ShipmentClosed { part, reason, .. } => {
                self.close_part(*part, Mark { by, at, why: reason.clone() });
            }
            Event::GoodsTakenBack { part, lines, .. } => self.part_mut(*part).returned.extend(lines),
            _ => {}
        }
        self.settle_state();
    }

    fn split(&mut self, no: u8, next: u8, lines: &[(u16, Quantity)]) {
        self.content += 1;
        let part = self.part_mut(no);
        part.void_signatures();
        let mut apart = part.clone();
        apart.no = next;
        apart.lines = lines.to_vec();
        for (line, quantity) in &mut part.lines {
            *quantity -= lines.iter().filter(|(l, _)| l == line).map(|(_, q)| *q).sum();
        }
        part.lines.retain(|(_, quantity)| !quantity.is_zero());
        self.parts.push(apart);
    }
}
