//! Who comes in: connections are accepted, greeted, and seated at a screen or handed over to a call's thread.
//!
//! The kernel says who it is; the greeting says only what it wants. Too many of either kind are told so.

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
/// How long nothing is accepted after the process ran out of file descriptors.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

impl Core {
    /// Takes every connection that waits at the socket.
    pub(super) fn accept(&mut self, at: Instant) -> io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    self.exhausted = false;
                    self.let_in(stream, at)?;
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

    fn let_in(&mut self, stream: UnixStream, at: Instant) -> io::Result<()> {
        let Ok(peer) = Peer::of(&stream) else { return Ok(()) };
        if !peer.is_known() {
            return Ok(());
        }
        let Ok(link) = Link::new(stream) else { return Ok(()) };
        let number = self.next;
        self.next += 1;
        epoll::add(&self.poll, &link, EventData::new_u64(number), EventFlags::IN)?;
        drop(self.lobby.enter(number, link, peer, at));
        // The greeting is often here already; then no guest waits at all.
        self.greet(number)
    }

    /// Reads a guest's greeting, if it has come, and gives it what it wants.
    pub(super) fn greet(&mut self, number: u64) -> io::Result<()> {
        let Ok(Some((guest, hello))) = self.lobby.receive(number) else { return Ok(()) };
        let (mut link, peer) = (guest.link, guest.peer);
        let hello: Hello = *hello;
        match hello.want {
            None => {
                let version = env!("CARGO_PKG_VERSION").to_owned();
                farewell(&mut link, Goodbye::Protocol { protocol: PROTOCOL, version });
            }
            Some(Want::Call(call)) => self.hand_over(call, link, peer)?,
            Some(Want::Screen(terminal)) if !terminal.is_sound() => {}
            Some(Want::Screen(_)) if self.sessions.len() >= self.options.screens_max => {
                farewell(&mut link, Goodbye::Full { limit: self.options.screens_max as u32 });
            }
            Some(Want::Screen(terminal)) => self.seat(number, link, peer, terminal),
        }
        Ok(())
    }

    fn seat(&mut self, number: u64, link: Link, peer: Peer, terminal: Terminal) {
        let mut session = Session::new(SessionId(number), link, peer, terminal);
        self.dress(&mut session);
        self.sessions.insert(number, session);
        // What came in the same packet as the greeting is not announced again.
        self.hear(number, Instant::now());
    }

    fn hand_over(&mut self, call: Call, link: Link, peer: Peer) -> io::Result<()> {
        epoll::delete(&self.poll, &link)?;
        self.start_call(call, link, peer)
    }

    /// Starts a call, or keeps it until the store is open.
    pub(super) fn start_call(&mut self, call: Call, mut link: Link, peer: Peer) -> io::Result<()> {
        if self.calls + self.early.len() >= CALLS_MAX {
            farewell(&mut link, Goodbye::Full { limit: CALLS_MAX as u32 });
            return Ok(());
        }
        match &self.house {
            None => self.early.push((call, link, peer)),
            Some(house) => {
                call::start(call, call::CallLine::new(link, peer)?, house.verbs.clone(), self.mail.clone())?;
                self.calls += 1;
            }
        }
        Ok(())
    }
}
