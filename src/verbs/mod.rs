//! The verbs of the command line, as the server carries them out: `post`, `import`, `show`, `export`, `journal`, `verify`, `backup`.
//!
//! A verb takes arguments and a caller's input, reads the books on a snapshot or hands jobs to the desk, and writes
//! bytes. It decides nothing about the business: what may happen is the desk's answer, who may speak for whom is settled
//! in [`speaking`]. Every text from outside is made harmless before it is printed.

pub mod args;
mod caller;
mod export;
mod import;
mod journal;
mod keep;
pub mod mail;
mod passphrase;
mod post;
pub mod schema;
pub mod show;
mod speaking;
pub mod spool;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;

use crate::desk::Desk;
use crate::desk::thread::Inbox;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::server::{CallLine, Credentials};
use crate::store::Fault;
use crate::ui::locale::Words;
use crate::wire::Call;

pub use caller::{Caller, MARK};

/// All was accepted.
pub const DONE: u8 = 0;
/// Some of it was refused.
pub const REFUSED: u8 = 1;
/// It could not be run.
pub const NOT_RUN: u8 = 2;

/// What the verbs work on: one open store, its desk, and who may sign in.
pub struct Office {
    /// The desk, for reading and for times.
    pub desk: Arc<Desk>,
    /// The desk's thread, for everything that is written.
    pub inbox: Inbox,
    /// Who may sign in.
    pub credentials: Arc<dyn Credentials>,
    /// The store's folder.
    pub folder: PathBuf,
    /// The Unix account that owns the store: it could edit the file anyway, so it speaks for anybody.
    pub owner: u32,
    /// The present.
    pub clock: fn() -> Moment,
    /// One passphrase is checked at a time: each check takes 64 MiB.
    pub checking: Mutex<()>,
    /// The books are proven for one caller at a time: each proof replays all of them in memory.
    pub proving: Mutex<()>,
}

/// Why a verb could not be run, in words for whoever called it.
#[derive(Debug)]
pub enum Stop {
    /// A key of the locale files, with its values.
    Said(&'static str, Vec<(&'static str, String)>),
    /// The machine failed.
    Failed(String),
    /// The caller has gone.
    Gone(io::Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Failed(fault.to_string())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Gone(error)
    }
}

impl Stop {
    /// The words, without a line end.
    pub fn say(&self, words: &Words) -> String {
        match self {
            Stop::Said(key, values) => {
                let values: Vec<(&str, &dyn std::fmt::Display)> =
                    values.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
                words.say_with(key, &values)
            }
            Stop::Failed(fault) => words.say_with("verb.failed", &[("fault", &Text::new(fault))]),
            Stop::Gone(error) => words.say_with("verb.failed", &[("fault", error)]),
        }
    }
}

impl Office {
    /// Carries out a verb for `caller`; gives the exit status.
    pub fn carry_out(&self, call: &Call, caller: &mut dyn Caller) -> u8 {
        let lang = call.args.get("lang").and_then(|lang| lang.as_str()).unwrap_or_default();
        let words = Words::load(crate::ui::locale::Lang::of(lang));
        let done = match call.verb.as_str() {
            "post" => read(call).and_then(|args| post::post(self, &args, caller)),
            "show" => read(call).and_then(|args| show::show(self, &args, &words, caller)),
            "import" => read(call).and_then(|args| import::upload(self, &args, &words, caller)),
            "export" => read(call).and_then(|args| export::export(self, &args, &words, caller)),
            "journal" => read(call).and_then(|args| journal::journal(self, &args, caller)),
            "verify" => read(call).and_then(|args| keep::verify(self, &args, &words, caller)),
            "backup" => read(call).and_then(|args| keep::backup(self, &args, &words, caller)),
            "passphrase" => read(call).and_then(|args| passphrase::set(self, &args, &words, caller)),
            other => Err(Stop::Said("verb.unknown", vec![("verb", Text::new(other).to_string())])),
        };
        match done {
            Ok(status) => status,
            Err(Stop::Gone(_)) => NOT_RUN,
            Err(stop) => {
                // Who has gone away needs no reason; the status is all that is left to give.
                let _ = caller.error(format!("{}\n", stop.say(&words)).as_bytes());
                NOT_RUN
            }
        }
    }
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Stop> {
    serde_json::from_value(call.args.clone())
        .map_err(|error| Stop::Said("verb.arguments", vec![("fault", Text::new(&error.to_string()).to_string())]))
}

impl crate::server::Verbs for Office {
    fn call(&self, call: &Call, line: &mut CallLine) -> u8 {
        // Whoever posts waits for an answer; lists, imports and proofs give way to keys.
        if call.verb != "post" {
            crate::server::detach::be_patient();
        }
        self.carry_out(call, line)
    }
}
