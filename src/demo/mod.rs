//! A demonstration department: people of every role, dealers, goods, a few days of orders in every stage, and
//! statements that wait to be imported.
//!
//! Everything is done through the desk by the people whose work it is, so that nothing in it could not have happened. Names
//! are invented. The same seed and the same present moment give the same department.

mod bulk;
mod days;
mod dealers;
mod goods;
mod inbox;
mod people;
mod promotions;
mod warehouse;

use std::path::Path;

use serde_json::Value;

use crate::desk::{Answer, Desk, Envelope};
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::id::PersonId;
use crate::domain::time::{CHINA, Moment};
use crate::store::Fault;
use crate::store::books::Books;

pub use people::{PASSPHRASE, PEOPLE};

/// How many days ago the department began.
const BEGUN: i64 = 60;
/// How many days ago its play begins, when what was added in bulk is over.
const PLAYED: i64 = 5;

/// How large a department is wanted beyond its own few days.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scale {
    /// Orders in all.
    pub orders: u64,
    /// Dealers in all.
    pub dealers: u32,
}

/// Why a demonstration could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DemoFault(String);

macro_rules! demo_faults {
    ($($kind:ty),*) => {$(
        impl From<$kind> for DemoFault {
            fn from(error: $kind) -> DemoFault {
                DemoFault(error.to_string())
            }
        }
    )*};
}

demo_faults!(Fault, serde_json::Error, std::io::Error, String, &str);

/// Fills an empty store made for rehearsals. `hash` hashes the people's passphrase, `inbox` is where statements wait, `step`
/// is told how much is done, of how much.
pub fn furnish(
    desk: &Desk,
    now: Moment,
    hash: &dyn Fn(&str) -> String,
    inbox: &Path,
    scale: Scale,
    step: &mut dyn FnMut(u64, u64),
) -> Result<(), DemoFault> {
    let mut stage =
        Stage { desk, at: now.plus_hours(-24 * BEGUN).day(CHINA).start(CHINA).plus_hours(8), dice: Dice(20_160_503) };
    people::appoint(&mut stage, hash)?;
    warehouse::places(&mut stage)?;
    goods::list(&mut stage)?;
    dealers::file(&mut stage)?;
    bulk::before(&mut stage, scale, now.plus_hours(-24 * PLAYED), step)?;
    warehouse::play(&mut stage, now.plus_hours(-24 * PLAYED + 20))?;
    let days = days::play(&mut stage, now)?;
    warehouse::count(&mut stage)?;
    inbox::write(inbox, &days, now)?;
    promotions::play(&mut stage)?;
    bulk::today(&mut stage, scale, now, step)
}

/// Where the play has come: the desk, the time, and the dice.
struct Stage<'a> {
    desk: &'a Desk,
    at: Moment,
    dice: Dice,
}

impl Stage<'_> {
    /// The person of that code does something a few seconds later; it must be accepted.
    fn act(&mut self, person: &str, command: Value) -> Result<Event, DemoFault> {
        self.at = self.at.plus_seconds(3 + self.dice.below(40) as i64);
        let words = command.to_string();
        let by = self.desk.store().read()?.person_by_code(person)?.map_or(PersonId(0), |person| person.id);
        match self.desk.submit(&self.envelope(by, serde_json::from_value(command)?)) {
            Answer::Accepted { event, .. } => Ok(*event),
            Answer::Refused(refusals) => Err(DemoFault(format!("{words}: {refusals}"))),
            Answer::Failed(fault) => Err(DemoFault(fault)),
        }
    }

    fn envelope(&self, by: PersonId, command: Command) -> Envelope {
        Envelope { command, by, at: self.at, terminal: "demo".into(), id: None }
    }

    /// Jumps ahead, never back.
    fn until(&mut self, at: Moment) {
        self.at = self.at.max(at);
    }
}

/// Numbers that look thrown and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}
