//! Places of the warehouse (库位): fixed and in order (W11), so that goods are found and picked along one way.
//!
//! A place is known by its code. Goods may lie at a place that nobody has defined, since cards named places before there
//! was a list of them; new movements go only to places on the list or to the article's own.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::text::Text;
use super::{Actor, Rule};

/// A place of the warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its number, by the order of definition.
    pub no: u32,
    /// Its code, as it stands on the shelf.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// Its turn on the way through the warehouse.
    pub turn: u32,
}

/// Define a place of the warehouse, or name it or its turn anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefinePlace {
    /// Its code.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// Its turn on the way through the warehouse; equal turns go by code.
    #[serde(default)]
    pub turn: u32,
}

/// What commands about places may look at.
pub struct PlaceFacts {
    /// The place of that code, if it is defined.
    pub place: Option<Place>,
}

/// The longest code of a place, in characters: it stands on labels and beside every line of a picking list.
const CODE_MAX: usize = 20;

impl Rule for DefinePlace {
    type Facts = PlaceFacts;

    fn decide(&self, _: &Actor, facts: &PlaceFacts) -> Result<Event, Refusals> {
        for (field, value) in [("code", &self.code), ("name", &self.name)] {
            if value.is_empty() {
                return Err(Clause::Exact.refuse(Reason::Empty { field }).into());
            }
        }
        if self.code.chars().count() > CODE_MAX {
            return Err(Clause::Exact.refuse(Reason::TooLarge { field: "code" }).into());
        }
        if let Some(same) = facts.place.as_ref().filter(|place| place.name == self.name && place.turn == self.turn) {
            let (code, by) = (self.code.clone(), same.name.clone());
            return Err(Clause::OnceOnly.refuse(Reason::Taken { what: "place", code, by }).into());
        }
        Ok(Event::PlaceDefined { code: self.code.clone(), name: self.name.clone(), turn: self.turn })
    }
}
