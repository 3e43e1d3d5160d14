//! What this side says by itself, in the person's language.

use super::{ClientFault, End, Situation, Taste, describe, environment};
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
            Situation::NotStarted { end, log } => {
                let told = words.say_with("terminal.not_started", &[("end", &end.say(words))]);
                with_log(told, log, words)
            }
            Situation::Dying { times, seconds, end, log } => {
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("times", times), ("seconds", seconds), ("end", &end.say(words))];
                with_log(words.say_with("terminal.dying", &values), log, words)
            }
            Situation::Forbidden { folder } => words.say_with("terminal.forbidden", &[("folder", &folder.display())]),
            Situation::Unanswered => words.say("terminal.unanswered").to_owned(),
            Situation::Stranger { uid } => words.say_with("terminal.stranger", &[("uid", uid)]),
            Situation::LongPath { path, length, limit } => {
                let path = path.display();
                words.say_with("terminal.long_path", &[("path", &path), ("length", length), ("limit", limit)])
            }
        }
    }
}

impl End {
    fn say(self, words: &Words) -> String {
        match self {
            End::Status(status) => words.say_with("terminal.ended_status", &[("status", &status)]),
            End::Signal(signal @ 9) => words.say_with("terminal.ended_killed", &[("signal", &signal)]),
            End::Signal(signal) => words.say_with("terminal.ended_signal", &[("signal", &signal)]),
            End::Unknown => words.say("terminal.ended_unknown").to_owned(),
        }
    }
}

/// What is told, with the log below where it holds something.
fn with_log(told: String, log: &str, words: &Words) -> String {
    if log.trim().is_empty() { told } else { format!("{told}\n{}\n{log}", words.say("terminal.log")) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_dies_is_told_with_what_is_known() {
        let words = Words::load(Lang::Zh);
        let dying = |end, log: &str| Situation::Dying { times: 4, seconds: 12, end, log: log.into() }.say(&words);
        let killed = dying(End::Signal(9), "");
        assert!(
            killed.contains("12 秒内断了 4 次") && killed.contains("信号 9") && killed.contains("内存"),
            "{killed}"
        );
        assert!(!killed.contains("日志") && killed.lines().count() == 1, "an empty log is not named: {killed}");
        let broke = dying(End::Status(101), "10:00 panicked\n10:01 panicked");
        assert!(
            broke.contains("状态 101") && broke.ends_with("日志里新写的:\n10:00 panicked\n10:01 panicked"),
            "{broke}"
        );
        assert!(!dying(End::Signal(11), "").contains("内存") && dying(End::Unknown, "").contains("不知道"));
        let never = Situation::NotStarted { end: End::Status(1), log: " \n".into() }.say(&Words::load(Lang::En));
        assert_eq!(never, "The server did not start (it left with status 1)");
    }
}
