//! Signing shipments (签字), M4.2: three supervisors, three different people, bound to what each of them saw.
//!
//! Two signatures suffice with a written reason, given by one of the two; a signer who refuses holds the shipment until
//! the same person lifts the refusal. The third may still sign after goods left under an exception (补签).

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::id::OrderId;
use super::order::known;
use super::role::{Role, Roles};
use super::shipment::{Part, SIGNATURES_MIN, STEPS};
use super::shipping::{ShipmentFacts, part_commands};
use super::text::Text;
use super::{Actor, Rule};

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
        Clause::ThreeSign.wants_reason(&self.reason)?;
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
        Clause::ThreeSign.wants_reason(&self.reason)?;
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
        Clause::ThreeSign.wants_reason(&self.reason)?;
        let missing = part.unsigned();
        Ok(Event::ExceptionMade { order: order.id, part: part.no, reason: self.reason.clone(), missing })
    }
}
