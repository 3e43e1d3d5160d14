//! One connection without waiting: what came in pieces is put together, what cannot leave yet is kept.
//!
//! A link never blocks the core. What it keeps for a terminal is bounded by the one frame in flight.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use crate::wire::{Inflow, Malformed, UP_MAX, Up};

/// How much is read from one connection in one turn: enough for the fastest hands, too little to hold up the others.
const TURN: usize = 4 * 1024;

/// Why a link is over.
#[derive(Debug, thiserror::Error)]
pub enum LinkEnd {
    /// The other side has gone.
    #[error("the other side has gone")]
    Gone,
    /// It sent what is no message.
    #[error("it sent {0}")]
    Malformed(#[from] Malformed),
    /// The socket failed.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// A connection in its non-blocking mode.
#[derive(Debug)]
pub struct Link {
    stream: UnixStream,
    inflow: Inflow,
    /// What a read fills; it is not made anew for every key.
    piece: Box<[u8; TURN]>,
    out: Vec<u8>,
    sent: usize,
}

impl Link {
    /// Takes over `stream`.
    pub fn new(stream: UnixStream) -> io::Result<Link> {
        stream.set_nonblocking(true)?;
        Ok(Link { stream, inflow: Inflow::new(UP_MAX), piece: Box::new([0; TURN]), out: Vec::new(), sent: 0 })
    }

    /// Reads what has come, up to one turn. An end after whole messages is told at the next call.
    pub fn receive(&mut self) -> Result<(), LinkEnd> {
        loop {
            match self.stream.read(&mut self.piece[..]) {
                Ok(0) => return Err(LinkEnd::Gone),
                Ok(count) => {
                    self.inflow.push(&self.piece[..count]);
                    return Ok(());
                }
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    /// The next whole message.
    pub fn message(&mut self) -> Result<Option<Up>, LinkEnd> {
        Ok(self.inflow.next_up()?)
    }

    /// Where messages to be sent are appended; [`Link::send`] sends them.
    pub fn out(&mut self) -> &mut Vec<u8> {
        if self.sent == self.out.len() {
            self.out.clear();
            self.sent = 0;
        }
        &mut self.out
    }

    /// Sends as much as the socket takes. Whether something is left.
    pub fn send(&mut self) -> Result<bool, LinkEnd> {
        while self.sent < self.out.len() {
            match self.stream.write(&self.out[self.sent..]) {
                Ok(0) => return Err(LinkEnd::Gone),
                Ok(count) => self.sent += count,
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        // A whole repaint of a large terminal is not kept for ever beside two hundred others.
        self.out.clear();
        self.out.shrink_to(16 * 1024);
        self.sent = 0;
        Ok(false)
    }

    /// The connection in its blocking mode, with what was read ahead.
    pub fn into_parts(self) -> io::Result<(UnixStream, Inflow)> {
        self.stream.set_nonblocking(false)?;
        Ok((self.stream, self.inflow))
    }
}

impl AsFd for Link {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}
