//! The papers of the office as a reader would tell them: claims that are made good, days that are closed, letters with their
//! ledgers that are owed.

use std::collections::BTreeSet;

use super::ask::Ask;
use super::bug::Bug;
use super::model::{Answer, Model, No, must};

/// Who gets the ledger of a closed day.
pub const READERS: [&str; 2] = ["office", "promo"];
/// The day on which all of it happens, in November.
const TODAY: u8 = 2;

/// The papers of the office.
#[derive(Debug, Clone, Default)]
pub struct Office {
    /// The last closed day.
    pub last: Option<u8>,
    /// The entries that closed days: each owes a letter to each reader.
    pub letters: Vec<u64>,
    /// Who has an address.
    pub addresses: BTreeSet<&'static str>,
    /// Letters that somebody wanted at once.
    pub hurried: BTreeSet<(u64, &'static str)>,
}

impl Model {
    pub fn file(&mut self, ask: &Ask) -> Answer {
        match ask {
            Ask::MadeGood { claim, reasoned } => {
                let again = self.has(Bug::SettleTwice);
                let (_, settled) = self.claims.get_mut(*claim).ok_or(No)?;
                must(*reasoned && (again || !*settled))?;
                *settled = true;
            }
            Ask::CloseDay { day } => {
                must(*day <= TODAY && self.office.last.is_none_or(|last| *day > last))?;
                self.office.last = Some(*day);
                self.office.letters.push(self.entries + 1);
            }
            Ask::Address { person, given } => {
                match given {
                    true => self.office.addresses.insert(person),
                    false => self.office.addresses.remove(person),
                };
            }
            Ask::Hurry { letter, person } => {
                let is_reader = READERS.contains(person) || self.has(Bug::HurryAnybody);
                must(is_reader && self.office.letters.contains(letter) && self.office.addresses.contains(person))?;
                self.office.hurried.insert((*letter, person));
            }
            _ => return Err(No),
        }
        Ok(())
    }
}
