//! The server: one process per store that owns every screen and decides nothing about the business.
//!
//! One thread ([`core`]) owns all sessions; it waits for sockets, answers and deadlines in one place and blocks on
//! nothing else. The store is written by the desk's thread, which takes [`Errand`]s and answers through [`Mail`];
//! passphrases are checked by two workers; a command-line verb has a thread of its own. A slow, stuck or hostile
//! terminal therefore delays nobody.

mod arrivals;
pub mod call;
pub mod core;
pub mod detach;
pub mod gate;
mod grant;
pub mod link;
mod lobby;
pub mod login;
pub mod mail;
pub mod screen;
mod session;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::time::Moment;
use crate::ui::face::Face;
use crate::wire::{Terminal, Up};

pub use call::{CallLine, Verbs};
pub use core::{ServeFault, serve};
pub use gate::{Gate, GateFault, Peer};
pub use grant::BY_ACCOUNT;
pub use login::{Credentials, Tries};
pub use mail::Mail;

/// One attached terminal, counted from the server's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// A terminal that has just attached: what a face is made for.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The session.
    pub session: SessionId,
    /// Who is at the other end, by the kernel.
    pub peer: Peer,
    /// What the terminal says of itself.
    pub terminal: Terminal,
    /// The present moment.
    pub now: Moment,
}

/// Who asks for an errand. Filled by the server alone.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// The signed-in person; the desk refuses what needs one where there is none.
    pub person: Option<PersonId>,
    /// When that person last gave the passphrase at this terminal; `None` for a sign-in by Unix account.
    pub proved: Option<Moment>,
    /// The peer, by the kernel.
    pub peer: Peer,
    /// The terminal's tty, as it says itself.
    pub tty: String,
    /// The language of the terminal, for words that come back.
    pub lang: String,
}

/// What a session asks of the desk.
#[derive(Debug)]
pub enum Task {
    /// A command.
    Submit(Box<Command>),
    /// A statement file, as the arguments of `taizhang import`.
    Import(Box<Value>),
    /// A new passphrase for the person with this code, to be hashed by whoever takes the task.
    SetPassphrase(String, Zeroizing<String>),
    /// A half-entered form of the person, or that one is finished. It has no answer.
    KeepDraft {
        /// Which form.
        form: String,
        /// What is in it.
        text: Option<String>,
    },
}

/// A task on its way to the desk, answered by [`Mail::answered`] with its session and ticket.
#[derive(Debug)]
pub struct Errand {
    /// The session.
    pub session: SessionId,
    /// The ticket of the face's wish.
    pub ticket: u64,
    /// Who asks, and when.
    pub speaker: Speaker,
    /// When it was asked.
    pub at: Moment,
    /// What is asked.
    pub task: Task,
}

/// Where errands go. Taking one never blocks: the desk has its own thread.
pub trait Counter: Send {
    /// Takes the errand; its answer comes through [`Mail`].
    fn take(&mut self, errand: Errand);
}

/// Makes the face of a terminal. Called in the core's thread.
pub type Faces = Box<dyn FnMut(&Arrival) -> Box<dyn Face> + Send>;

/// An open store and all that is made from it.
pub struct House {
    /// Makes the screens.
    pub faces: Faces,
    /// The desk.
    pub counter: Box<dyn Counter>,
    /// The verbs of the command line.
    pub verbs: Arc<dyn Verbs>,
    /// Who may sign in.
    pub credentials: Arc<dyn Credentials>,
    /// Closes the store, once everything else of the house is gone.
    pub close: Box<dyn FnOnce() + Send>,
}

/// How far the opening of the store has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// What is being done, as a key of the locale files.
    pub stage: &'static str,
    /// How many entries are done, where they are counted.
    pub done: u64,
}

/// What a terminal shows while the store is being opened, line by line.
pub type Waiting = Box<dyn Fn(&Terminal, &Progress) -> Vec<String> + Send>;

/// How a store is served.
pub struct Options {
    /// The store's folder.
    pub store: PathBuf,
    /// How long the server stays when nobody is attached; `None`: until it is told to stop.
    pub linger: Option<Duration>,
    /// The most terminals at once.
    pub screens_max: usize,
    /// What is shown before the store is open.
    pub waiting: Waiting,
    /// Called once, when terminals can connect.
    pub ready: Box<dyn FnOnce()>,
}

impl Options {
    /// The most terminals, unless set otherwise.
    pub const SCREENS_MAX: usize = 200;

    /// The options of a server that stays.
    pub fn new(store: PathBuf) -> Options {
        let waiting: Waiting = Box::new(|_, _| Vec::new());
        Options { store, linger: None, screens_max: Options::SCREENS_MAX, waiting, ready: Box::new(|| {}) }
    }
}

/// The machine's present moment. Only the server and the desk read a clock.
pub fn now() -> Moment {
    Moment::from_micros(chrono::Utc::now().timestamp_micros())
}

/// Writes a line to the server's log, which is its standard error. A log that cannot be written stops nothing.
pub(crate) fn log(words: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{} {words}", now());
}

/// What a connection sends first, or something else.
fn greeting(message: Up) -> Option<Box<crate::wire::Hello>> {
    match message {
        Up::Hello(hello) => Some(hello),
        _ => None,
    }
}
