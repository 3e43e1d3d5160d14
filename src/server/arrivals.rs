//! Who comes in: connections are accepted, greeted, and seated at a screen or handed over to a call's thread.
//!
//! The kernel says who it is; the greeting says only what it wants. Too many of either kind are told so.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, EventData, EventFlags};

use super::core::{Core, LISTENER};
use super::gate::Peer;
use super::link::Link;
use super::session::{Session, farewell};
use super::{SessionId, call, log};
use crate::wire::{Call, Goodbye, Hello, PROTOCOL, Terminal, Want};

/// The most calls of the command line at once.
const CALLS_MAX: usize = 32;
/// How many of them only a user can have who has none.
const CALLS_KEPT: usize = 4;
/// How long nothing is accepted after the process ran out of file descriptors.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// Whether one more call of `uid` can begin beside those that each user has going: nobody takes the last places who holds
/// any, so that calls which never end keep nobody else out.
fn may_call(held: &BTreeMap<u32, usize>, uid: u32) -> bool {
    let all: usize = held.values().sum();
    all < CALLS_MAX - CALLS_KEPT || all < CALLS_MAX && !held.contains_key(&uid)
}

/// Which screen leaves for one more of `uid`, of those given by number, user, and whether somebody has signed in: the
/// oldest sign-in of the user who holds the most of them, where those are more than `uid` holds screens of any kind. So
/// nobody keeps the others out by opening terminals, and nobody who works is put out.
fn who_makes_room(screens: &[(u64, u32, bool)], uid: u32) -> Option<u64> {
    let own = screens.iter().filter(|(_, of, _)| *of == uid).count();
    let mut idle: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for (number, of, _) in screens.iter().filter(|(_, of, somebody)| *of != uid && !somebody) {
        idle.entry(*of).or_default().push(*number);
    }
    let most = idle.into_values().max_by_key(Vec::len).filter(|most| most.len() > own + 1)?;
    most.into_iter().min()
}

impl Core {
    /// Takes every connection that waits at the socket.
    pub(super) fn accept(&mut self, at: Instant) -> io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    self.exhausted = false;
                    self.let_in(stream, at);
                }
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(fault) if matches!(fault.kind(), io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted) => {
                }
                Err(fault) => {
                    // Out of descriptors: the listener would wake the core for ever, so it rests a while.
                    if !std::mem::replace(&mut self.exhausted, true) {
                        log(format_args!("nothing can be accepted: {fault}"));
                    }
                    epoll::modify(&self.poll, &self.listener, EventData::new_u64(LISTENER), EventFlags::empty())?;
                    self.paused = Some(at + PAUSE);
                    return Ok(());
                }
            }
        }
    }

    fn let_in(&mut self, stream: UnixStream, at: Instant) {
        let Ok(peer) = Peer::of(&stream) else { return };
        if !peer.is_known() {
            return;
        }
        let Ok(link) = Link::new(stream) else { return };
        let number = self.next;
        self.next += 1;
        if let Err(fault) = epoll::add(&self.poll, &link, EventData::new_u64(number), EventFlags::IN) {
            return log(format_args!("a connection cannot be watched: {fault}"));
        }
        drop(self.lobby.enter(number, link, peer, at));
        // The greeting is often here already; then no guest waits at all.
        self.greet(number);
    }

    /// Reads a guest's greeting, if it has come, and gives it what it wants.
    pub(super) fn greet(&mut self, number: u64) {
        let Ok(Some((guest, hello))) = self.lobby.receive(number) else { return };
        let (mut link, peer) = (guest.link, guest.peer);
        let hello: Hello = *hello;
        match hello.want {
            None => {
                let version = env!("CARGO_PKG_VERSION").to_owned();
                farewell(&mut link, Goodbye::Protocol { protocol: PROTOCOL, version });
            }
            Some(Want::Call(call)) => self.hand_over(call, link, peer),
            Some(Want::Screen(terminal)) if !terminal.is_sound() => {}
            Some(Want::Screen(terminal)) => match self.has_room(peer) {
                true => self.seat(number, link, peer, terminal),
                false => farewell(&mut link, self.full()),
            },
        }
    }

    /// Whether there is room for one more screen of that user; who sits idle at too many makes it.
    fn has_room(&mut self, peer: Peer) -> bool {
        if self.sessions.len() < self.options.screens_max {
            return true;
        }
        let screens = self.sessions.iter().map(|(number, one)| (*number, one.peer.uid, one.person.is_some()));
        let Some(leaves) = who_makes_room(&screens.collect::<Vec<_>>(), peer.uid) else { return false };
        self.dismiss(leaves, self.full());
        true
    }

    fn full(&self) -> Goodbye {
        Goodbye::Full { limit: self.options.screens_max as u32 }
    }

    fn seat(&mut self, number: u64, link: Link, peer: Peer, terminal: Terminal) {
        let mut session = Session::new(SessionId(number), link, peer, terminal);
        self.dress(&mut session);
        self.sessions.insert(number, session);
        // What came in the same packet as the greeting is not announced again.
        self.hear(number, Instant::now());
    }

    fn hand_over(&mut self, call: Call, link: Link, peer: Peer) {
        if epoll::delete(&self.poll, &link).is_ok() {
            self.start_call(call, link, peer);
        }
    }

    /// A call of that user is over.
    pub(super) fn call_ended(&mut self, uid: u32) {
        let left = self.calls.get(&uid).map_or(0, |held| held.saturating_sub(1));
        match left {
            0 => drop(self.calls.remove(&uid)),
            left => drop(self.calls.insert(uid, left)),
        }
    }

    /// Starts a call, or keeps it until the store is open.
    pub(super) fn start_call(&mut self, call: Call, mut link: Link, peer: Peer) {
        let mut held = self.calls.clone();
        self.early.iter().for_each(|(_, _, peer)| *held.entry(peer.uid).or_default() += 1);
        if !may_call(&held, peer.uid) {
            return farewell(&mut link, Goodbye::Full { limit: CALLS_MAX as u32 });
        }
        match &self.house {
            None => self.early.push((call, link, peer)),
            Some(house) => {
                let (verbs, mail) = (house.verbs.clone(), self.mail.clone());
                let begun = call::CallLine::new(link, peer).and_then(|line| call::start(call, line, verbs, mail));
                match begun {
                    Ok(()) => *self.calls.entry(peer.uid).or_default() += 1,
                    // No thread to be had: that call is over, and everybody else goes on.
                    Err(fault) => log(format_args!("a call could not be begun: {fault}")),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_at_the_sign_in_keeps_nobody_out_and_whoever_works_stays() {
        let crowd: Vec<_> = (16..20).map(|number| (number, 5, false)).collect();
        let with = |more: &[(u64, u32, bool)]| [crowd.as_slice(), more].concat();
        assert_eq!(who_makes_room(&crowd, 6), Some(16), "the oldest of the crowd");
        assert_eq!(who_makes_room(&crowd, 5), None, "not for one more of its own");
        assert_eq!(who_makes_room(&with(&[(1, 6, true), (2, 6, false), (3, 6, true)]), 6), None, "who holds as many");
        assert_eq!(who_makes_room(&[(16, 5, true), (17, 5, true), (18, 5, true)], 6), None, "they work there");
        assert_eq!(who_makes_room(&with(&[(9, 7, false), (10, 7, false)]), 6), Some(16), "of whoever holds the most");
    }

    #[test]
    fn calls_that_never_end_leave_places_for_whoever_has_none() {
        let held = |of: &[(u32, usize)]| of.iter().copied().collect::<BTreeMap<_, _>>();
        assert!(may_call(&held(&[(5, CALLS_MAX - CALLS_KEPT - 1)]), 5));
        assert!(!may_call(&held(&[(5, CALLS_MAX - CALLS_KEPT)]), 5));
        assert!(may_call(&held(&[(5, CALLS_MAX - CALLS_KEPT), (6, 1)]), 7));
        assert!(!may_call(&held(&[(5, CALLS_MAX - CALLS_KEPT), (6, 1)]), 6));
        assert!(!may_call(&held(&[(5, CALLS_MAX - 4), (6, 1), (7, 1), (8, 1), (9, 1)]), 10));
    }
}
