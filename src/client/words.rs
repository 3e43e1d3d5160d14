//! What this side says by itself, in the person's language.

use super::{ClientFault, Situation, Taste, describe, environment};
use crate::ui::locale::{Lang, Words};

impl Taste {
    /// The words of the language that this terminal gets; `tty` may be empty where there is none.
    pub fn words(&self, tty: &str) -> Words {
        Words::load(Lang::of(&describe(self, (80, 24), tty, environment).lang))
    }
}

impl Situation {
    /// The situation in words, without a line end.
    pub fn say(&self, words: &Words) -> String {
        match self {
            Situation::Lost => words.say("terminal.lost").to_owned(),
            Situation::NoTerminal => words.say("terminal.no_terminal").to_owned(),
            Situation::ServerOlder { server, own } => {
                words.say_with("terminal.server_older", &[("server", server), ("own", own)])
            }
            Situation::ClientOlder { server, own } => {
                words.say_with("terminal.client_older", &[("server", server), ("own", own)])
            }
            Situation::Full { limit } => words.say_with("terminal.full", &[("limit", limit)]),
            Situation::Stopping => words.say("terminal.stopping").to_owned(),
            Situation::Broken => words.say("terminal.broken").to_owned(),
            Situation::Closed { fault } => words.say_with("terminal.closed", &[("fault", fault)]),
            Situation::NotStarted { log } => format!("{}\n{log}", words.say("terminal.not_started")),
            Situation::Stranger { uid } => words.say_with("terminal.stranger", &[("uid", uid)]),
            Situation::LongPath { path, length, limit } => {
                let path = path.display();
                words.say_with("terminal.long_path", &[("path", &path), ("length", length), ("limit", limit)])
            }
        }
    }
}

impl ClientFault {
    /// The fault in words, without a line end.
    pub fn say(&self, words: &Words) -> String {
        match self {
            ClientFault::Told(situation) => situation.say(words),
            ClientFault::Io(fault) => words.say_with("terminal.io", &[("fault", fault)]),
        }
    }
}
