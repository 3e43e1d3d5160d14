//! The regulations as a program. Pure: no clock, no files, no store, no screen.
//!
//! Each subject has one file: its record, its commands with the facts they may look at, what they
//! decide, and what an event does to the record. A rule lives in one place, names its clause
//! ([`clause::Clause`]) and refuses with the clause, the figures and what would let it pass.

/// Describes a scalar that is written as text in JSON.
macro_rules! text_schema {
    ($name:ty, $words:literal, $pattern:literal) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                if $pattern.is_empty() {
                    schemars::json_schema!({ "type": "string", "description": $words })
                } else {
                    schemars::json_schema!({ "type": "string", "description": $words, "pattern": $pattern })
                }
            }
        }
    };
}
pub(crate) use text_schema;

pub mod arranging;
pub mod barcode;
pub mod bill;
pub mod blindness;
pub mod claim;
pub mod clause;
pub mod command;
pub mod comparing;
pub mod confirming;
pub mod counting;
pub mod dealer;
pub mod event;
pub mod export;
pub mod filing;
pub mod flow;
pub mod gift;
pub mod goods;
pub mod id;
pub mod ledger;
pub mod mailing;
pub mod mask;
pub mod money;
pub mod moving;
pub mod need;
pub mod order;
pub mod parting;
pub mod payment;
pub mod person;
pub mod place;
pub mod premises;
pub mod promotion;
pub mod quantity;
pub mod receiving;
pub mod requisition;
pub mod resolving;
pub mod role;
pub mod setting;
pub mod settlement;
pub mod settling;
pub mod shipment;
pub mod shipping;
pub mod signing;
pub mod slow;
pub mod statement;
pub mod stock;
pub mod stocktake;
pub mod taking;
pub mod text;
pub mod time;
pub mod waybill;
pub mod write_off;

use clause::Refusals;
use event::Event;
use id::PersonId;
use role::Roles;
use time::{Day, Moment, Zone};

/// Who acts, in which roles, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// The roles held at this moment.
    pub roles: Roles,
    /// When.
    pub at: Moment,
    /// The department's zone.
    pub zone: Zone,
}

impl Actor {
    /// The business day of the act.
    pub fn today(&self) -> Day {
        self.at.day(self.zone)
    }
}

/// A command that can be decided: from its facts, an event or a refusal. Nothing else is read.
pub trait Rule {
    /// All that the decision may look at, read before it is called.
    type Facts;

    /// Decides. Who may try at all has been checked by [`command::Command::permit`].
    fn decide(&self, by: &Actor, facts: &Self::Facts) -> Result<Event, Refusals>;
}
