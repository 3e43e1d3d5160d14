//! Connections that have not said what they want: few, briefly, and few for each user.
//!
//! A connection that stays mute for ten seconds is closed. Where one user holds too many, the oldest makes room, so
//! that mute connections cannot keep that user's own terminals out, and nobody else's at all.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::gate::Peer;
use super::greeting;
use super::link::{Link, LinkEnd};
use crate::wire::Hello;

/// How long a connection may stay mute.
const MUTE: Duration = Duration::from_secs(10);
/// The most mute connections in all.
const GUESTS_MAX: usize = 64;
/// The most mute connections of one user.
const GUESTS_OF_ONE: usize = 16;

pub(super) struct Guest {
    pub link: Link,
    pub peer: Peer,
    since: Instant,
}

/// The mute connections, by their number; numbers grow, so that the first is the oldest.
#[derive(Default)]
pub(super) struct Lobby {
    guests: BTreeMap<u64, Guest>,
}

impl Lobby {
    /// Lets a connection in. Answers the one that must make room for it, already taken out.
    pub fn enter(&mut self, number: u64, link: Link, peer: Peer, now: Instant) -> Option<Guest> {
        let own = self.guests.values().filter(|guest| guest.peer.uid == peer.uid).count();
        let crowded = own >= GUESTS_OF_ONE || self.guests.len() >= GUESTS_MAX;
        let oldest = self.guests.iter().find(|(_, guest)| own < GUESTS_OF_ONE || guest.peer.uid == peer.uid);
        let leaves = oldest.map(|(number, _)| *number).filter(|_| crowded);
        let left = leaves.and_then(|number| self.guests.remove(&number));
        self.guests.insert(number, Guest { link, peer, since: now });
        left
    }

    /// Reads from a guest: its greeting with the guest taken out, or nothing yet. `Err`: it is gone or broken and taken out.
    pub fn receive(&mut self, number: u64) -> Result<Option<(Guest, Box<Hello>)>, LinkEnd> {
        let Some(guest) = self.guests.get_mut(&number) else { return Ok(None) };
        let heard = guest.link.receive().and_then(|()| guest.link.message());
        match heard {
            Ok(None) => Ok(None),
            Ok(Some(message)) => {
                let guest = self.guests.remove(&number).expect("it was just read from");
                greeting(message).map(|hello| Some((guest, hello))).ok_or(LinkEnd::Gone)
            }
            Err(end) => {
                self.guests.remove(&number);
                Err(end)
            }
        }
    }

    /// Whether this number is a guest's.
    pub fn holds(&self, number: u64) -> bool {
        self.guests.contains_key(&number)
    }

    /// Drops the guests that have been mute for too long.
    pub fn sweep(&mut self, now: Instant) {
        self.guests.retain(|_, guest| now < guest.since + MUTE);
    }

    /// When the next one has been mute for too long.
    pub fn deadline(&self) -> Option<Instant> {
        self.guests.values().map(|guest| guest.since + MUTE).min()
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.guests.is_empty()
    }
}
