//! Shipments (出货): signing, packing, the waybill, and goods leaving.
//!
//! A shipment is a part of an order; most orders have one. Dealers' shipments are signed by three
//! supervisors ([`STEPS`]), each bound to the exact content that was seen; two suffice only with a written
//! reason (M4.2). The 24 hours run from the payment (M4.1). Goods leave only once, only packed, signed
//! and with a waybill, and every missing paper is named at once (W6).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::clause::{Clause, Reason, Refusal};
use super::event::Event;
use super::id::{ArticleId, PersonId};
use super::order::{GivenBack, Line, Order, Source};
use super::quantity::Quantity;
use super::role::Role;
use super::stock::Picked;
use super::text::Text;
use super::time::Moment;
use super::waybill::Carrier;

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
    /// From which places it was packed.
    pub picked: Vec<Picked>,
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
            picked: Vec::new(),
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

    /// How much of the order's line `line` (from 0) left with it and has not come back: nothing before it has shipped.
    pub fn with_customer(&self, line: u16) -> Quantity {
        let of =
            |list: &[(u16, Quantity)]| list.iter().filter(|(at, _)| *at == line).map(|(_, q)| *q).sum::<Quantity>();
        if self.shipped.is_some() { of(&self.lines) - of(&self.returned) } else { Quantity::ZERO }
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

    /// What a signature of shipment `no` binds: dealer, address, lines, prices and payment.
    pub(super) fn binds(&self, no: u8) -> impl Serialize + PartialEq {
        let part = self.parts.iter().find(|part| part.no == no);
        let lines = part.map(|part| part.lines.as_slice()).unwrap_or_default();
        let settled = (self.basis, self.due(), &self.allocations);
        (self.id, no, &self.buyer, &self.to, &self.remark, &self.lines, lines, settled)
    }

    /// The fingerprint of what a signature of shipment `no` binds.
    pub fn fingerprint(&self, no: u8) -> Text {
        let mut seen = Sha256::new();
        seen.update(serde_json::to_vec(&self.binds(no)).expect("orders are plain data"));
        // An order without gifts keeps the fingerprint that it had before there were any.
        if !self.gifts.is_empty() {
            seen.update(serde_json::to_vec(&self.gifts).expect("gifts are plain data"));
        }
        seen.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
    }

    /// The articles and quantities of a shipment.
    pub fn contents<'a>(&'a self, part: &'a Part) -> impl Iterator<Item = (ArticleId, Quantity)> + 'a {
        part.lines.iter().map(|(line, quantity)| (self.lines[usize::from(*line)].article, *quantity))
    }
}

impl Order {
    pub(super) fn close_part(&mut self, no: u8, mark: Mark) -> GivenBack {
        self.part_mut(no).closed = Some(mark);
        let surplus = self.money().less(self.due());
        let wanting = self.due().less(self.money());
        for tolerated in self.allocations.iter_mut().filter(|a| a.source == Source::Tolerated) {
            tolerated.amount = tolerated.amount.min(wanting);
        }
        self.give_back(surplus)
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
            Event::ShipmentPacked { part, from, .. } => {
                let part = self.part_mut(*part);
                (part.packed, part.picked) = (mark(&Text::default()), from.clone());
            }
            Event::ShipmentUnpacked { part, .. } => {
                let part = self.part_mut(*part);
                (part.packed, part.waybill) = (None, None);
                part.picked.clear();
            }
            Event::WaybillNoted { part, carrier, number, .. } => {
                self.part_mut(*part).waybill = Some(Waybill { carrier: *carrier, number: number.clone(), at });
            }
            Event::GoodsShipped { part, .. } => self.part_mut(*part).shipped = mark(&Text::default()),
            Event::ShipmentSplit { part, next, lines, .. } => self.split(*part, *next, lines),
            Event::ShipmentClosed { part, reason, .. } => {
                self.close_part(*part, Mark { by, at, why: reason.clone() });
            }
            Event::GoodsTakenBack { part, lines, charged, .. } => {
                self.came_back(*part, lines);
                self.charged.extend(charged);
            }
            _ => {}
        }
        self.settle_state();
    }

    /// Goods of a shipment came back: so much of the order's lines (from 0).
    pub(super) fn came_back(&mut self, no: u8, lines: &[(u16, Quantity)]) {
        self.part_mut(no).returned.extend(lines);
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
