//! The terminal's side: bytes from the keyboard go up, bytes for the screen come down.
//!
//! One thread, no session state: whoever sits here is known to the server alone. When the server dies it is started
//! again and the terminal attaches anew, to the sign-in; when the terminal dies this process ends within two seconds,
//! even where SIGHUP is ignored. Whatever happens, the terminal is left as it was found.

mod call;
mod pump;
mod start;
mod terminal;
mod tty;
mod words;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use call::call;
pub use start::Launch;
pub use terminal::{Taste, describe};

use crate::wire::{Goodbye, Hello, Place, Terminal, Up, Want};
use pump::{Ended, Pump};
use start::Starter;
use tty::{Manner, Tty};

/// A server that dies this often within [`RESTARTS_WITHIN`] is not started again.
const RESTARTS_MAX: usize = 3;
const RESTARTS_WITHIN: Duration = Duration::from_secs(30);

/// What a person at a terminal is told by this side; the words come from the locale files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Situation {
    /// The server has gone; another one is being started.
    Lost,
    /// Standard input is no terminal.
    NoTerminal,
    /// The server speaks an older protocol than this program.
    ServerOlder {
        /// The server's version.
        server: String,
        /// This program's version.
        own: String,
    },
    /// This program speaks an older protocol than the server.
    ClientOlder {
        /// The server's version.
        server: String,
        /// This program's version.
        own: String,
    },
    /// As many terminals as are allowed are attached.
    Full {
        /// How many are allowed.
        limit: u32,
    },
    /// The server was told to stop.
    Stopping,
    /// The session broke; attaching again is safe.
    Broken,
    /// The store could not be opened, or a commit failed.
    Closed {
        /// The fault.
        fault: String,
    },
    /// The server could not be started.
    NotStarted {
        /// How it ended.
        end: End,
        /// What it wrote into its log since this terminal was opened, at most its last lines; may be empty.
        log: String,
    },
    /// The server died again and again, and is not started once more.
    Dying {
        /// How often.
        times: usize,
        /// Within how many seconds, the last time just now.
        seconds: u64,
        /// How it ended the last time.
        end: End,
        /// What it wrote into its log since this terminal was opened, at most its last lines; may be empty.
        log: String,
    },
    /// The folder or its socket is not open to this Unix account.
    Forbidden {
        /// The folder.
        folder: PathBuf,
    },
    /// The server went away in the middle of a call.
    Unanswered,
    /// The socket belongs to somebody who does not own the store.
    Stranger {
        /// The user who serves.
        uid: u32,
    },
    /// The socket's path is longer than the kernel can take.
    LongPath {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// The most that is possible.
        limit: usize,
    },
}

/// How a server ended, as far as the terminal that started it can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
    /// Another process had started it, or it never answered.
    Unknown,
}

/// Why a terminal could not be opened, or a call not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    /// Something that a person can be told in words.
    #[error("{0:?}")]
    Told(Situation),
    /// The machine failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// How a terminal was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// The person closed it.
    Quit,
    /// The terminal is gone, or the process was told to end.
    Hangup,
}

/// How to attach.
pub struct Setup {
    /// The store.
    pub place: Place,
    /// How its server is started.
    pub launch: Launch,
    /// What the person asked for.
    pub taste: Taste,
}

/// Opens the workstation on this process's terminal, and stays until it is left.
pub fn open(setup: &Setup) -> Result<Left, ClientFault> {
    let mut tty = Tty::open().map_err(|_| ClientFault::Told(Situation::NoTerminal))?;
    let mut starter = Starter::new(&setup.place, &setup.launch);
    let mut stream = starter.connect()?;
    let mut pump = Pump::new()?;
    let manner = match describe(&setup.taste, tty.size()?, tty.name(), environment).plain {
        false => Manner::Pictures,
        true => Manner::Lines { ascii: !terminal::is_utf8(environment) },
    };
    let entered = tty.enter(manner)?;
    let mut deaths: Vec<Instant> = Vec::new();
    let result = loop {
        let terminal = describe(&setup.taste, tty.size()?, tty.name(), environment);
        let ended = pump.run(&mut tty, stream, &greeting(terminal))?;
        match ended {
            Ended::Hangup => break Ok(Left::Hangup),
            Ended::Goodbye(Goodbye::Quit) => break Ok(Left::Quit),
            Ended::Goodbye(why) => break Err(ClientFault::Told(situation(why))),
            Ended::Lost => {}
        }
        deaths.retain(|death| death.elapsed() < RESTARTS_WITHIN);
        deaths.push(Instant::now());
        if deaths.len() > RESTARTS_MAX {
            let seconds = deaths.first().map_or(0, |first| first.elapsed().as_secs() + 1);
            let (times, end, log) = (deaths.len(), starter.end(), starter.log_tail());
            break Err(ClientFault::Told(Situation::Dying { times, seconds, end, log }));
        }
        tty.tell(&Situation::Lost.say(&setup.taste.words(tty.name())));
        match starter.connect() {
            Ok(again) => stream = again,
            Err(fault) => break Err(fault),
        }
        // What was typed at a screen that is gone was not meant for the one that comes.
        tty.forget_typed();
    };
    drop(entered);
    result
}

/// The environment as [`describe`] reads it.
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn greeting(terminal: Terminal) -> Up {
    Up::Hello(Box::new(Hello::new(Want::Screen(terminal))))
}

/// What the server's goodbye means to a person here; the protocol numbers say which side is older.
fn situation(why: Goodbye) -> Situation {
    let own = env!("CARGO_PKG_VERSION").to_owned();
    match why {
        Goodbye::Protocol { protocol, version } if protocol < crate::wire::PROTOCOL => {
            Situation::ServerOlder { server: version, own }
        }
        Goodbye::Protocol { version, .. } => Situation::ClientOlder { server: version, own },
        Goodbye::Full { limit } => Situation::Full { limit },
        Goodbye::Quit | Goodbye::Stopping => Situation::Stopping,
        Goodbye::Broken => Situation::Broken,
        Goodbye::Closed { fault } => Situation::Closed { fault },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mismatch_says_which_side_is_older() {
        let goodbye = |protocol| situation(Goodbye::Protocol { protocol, version: "9.9.9".into() });
        assert!(
            matches!(goodbye(crate::wire::PROTOCOL + 1), Situation::ClientOlder { server, .. } if server == "9.9.9")
        );
        assert!(matches!(goodbye(0), Situation::ServerOlder { .. }));
    }
}
