//! A verb of the command line, carried out in a thread of its own on its own connection.
//!
//! The core only hands the connection over. What a verb may do is the verbs' and the desk's matter; the peer's
//! identity comes from the kernel.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Peer;
use super::link::Link;
use super::log;
use super::mail::{Mail, News};
use crate::wire::{Call, Down, Inflow, Up};

/// How long a call may wait for its caller to take output.
const STUCK: Duration = Duration::from_secs(30);

/// The exit status of a call that broke.
const BROKEN: u8 = 70;

/// What carries out the verbs of the command line.
pub trait Verbs: Send + Sync {
    /// Carries out `call` and answers its exit status. Input and output go over `line`.
    fn call(&self, call: &Call, line: &mut CallLine) -> u8;
}

/// The connection of one call: its caller's input, output and standard error.
pub struct CallLine {
    stream: UnixStream,
    inflow: Inflow,
    ended: bool,
    /// Who calls, by the kernel.
    pub peer: Peer,
}

impl CallLine {
    pub(super) fn new(link: Link, peer: Peer) -> io::Result<CallLine> {
        let (stream, inflow) = link.into_parts()?;
        stream.set_write_timeout(Some(STUCK))?;
        Ok(CallLine { stream, inflow, ended: false, peer })
    }

    /// The next piece of the caller's input; `None` at its end.
    pub fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        while !self.ended {
            match self.inflow.next_up().map_err(|fault| io::Error::new(io::ErrorKind::InvalidData, fault))? {
                Some(Up::Chunk(bytes)) => {
                    self.ended = bytes.is_empty();
                    return Ok((!bytes.is_empty()).then_some(bytes));
                }
                Some(_) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "a call sends its input and nothing else"));
                }
                None => {}
            }
            let mut bytes = [0; 16 * 1024];
            match self.stream.read(&mut bytes)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.inflow.push(&bytes[..count]),
            }
        }
        Ok(None)
    }

    /// Writes to the caller's standard output.
    pub fn out(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tell(false, bytes)
    }

    /// Writes to the caller's standard error.
    pub fn error(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tell(true, bytes)
    }

    fn tell(&mut self, error: bool, bytes: &[u8]) -> io::Result<()> {
        for part in bytes.chunks(256 * 1024) {
            self.send(&Down::Out { error, bytes: part.to_vec() })?;
        }
        Ok(())
    }

    fn send(&mut self, message: &Down) -> io::Result<()> {
        let mut bytes = Vec::new();
        message.encode(&mut bytes);
        self.stream.write_all(&bytes)
    }
}

/// Starts the thread of a call. A broken verb ends with its own status and harms nobody.
pub(super) fn start(call: Call, mut line: CallLine, verbs: Arc<dyn Verbs>, mail: Mail) -> io::Result<()> {
    // The verb is the caller's own word, and a thread whose name holds a NUL brings down whoever starts it.
    let name = format!("call {}", call.verb.chars().filter(char::is_ascii_alphabetic).take(9).collect::<String>());
    let uid = line.peer.uid;
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(|| verbs.call(&call, &mut line)));
        if done.is_err() {
            log(format_args!("the call of {:?} broke", call.verb));
        }
        // A caller that has gone away needs no status.
        let _ = line.send(&Down::Done(done.unwrap_or(BROKEN)));
        mail.send(News::CallEnded(uid));
    };
    thread::Builder::new().name(name).spawn(work).map(drop)
}
