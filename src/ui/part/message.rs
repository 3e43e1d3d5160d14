//! What the program last said. It stays until the next key; the last fifty can be read again.

use std::collections::VecDeque;

use crate::domain::time::Moment;

/// How many messages are kept.
const KEPT: usize = 50;

/// How urgent a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It was done.
    Said,
    /// It is being done.
    Passing,
    /// It was refused or failed: the line is reversed.
    Warned,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When it came.
    pub at: Moment,
    /// How urgent it is.
    pub weight: Weight,
    /// Its words.
    pub words: String,
}

/// The message line and its past.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    shown: bool,
    past: VecDeque<Message>,
    count: u64,
}

impl Messages {
    /// Says something.
    pub fn say(&mut self, at: Moment, weight: Weight, words: String) {
        if self.past.len() == KEPT {
            self.past.pop_front();
        }
        self.past.push_back(Message { at, weight, words });
        self.count += 1;
        self.shown = true;
    }

    /// Says how something goes: what is said next takes its place.
    pub fn show(&mut self, at: Moment, words: String) {
        if self.past.back().is_some_and(|last| last.weight == Weight::Passing) {
            self.past.pop_back();
        }
        self.say(at, Weight::Passing, words);
    }

    /// A key was pressed: what was said has been seen. Returns whether the line changes.
    pub fn seen(&mut self) -> bool {
        std::mem::replace(&mut self.shown, false)
    }

    /// Nothing was said: somebody else comes. How much was said still counts.
    pub fn forget(&mut self) {
        self.shown = false;
        self.past.clear();
    }

    /// What stands on the line now.
    pub fn now(&self) -> Option<&Message> {
        self.past.back().filter(|_| self.shown)
    }

    /// How much was said until now: two messages of one second are two.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What was said, the latest first.
    pub fn past(&self) -> impl Iterator<Item = &Message> {
        self.past.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_until_a_key_and_the_last_fifty_are_kept() {
        let mut messages = Messages::default();
        for number in 0..60 {
            messages.say(Moment::from_micros(number), Weight::Said, number.to_string());
        }
        assert_eq!((messages.now().map(|message| message.words.as_str()), messages.count()), (Some("59"), 60));
        assert!(messages.seen() && !messages.seen());
        assert_eq!(messages.now(), None);
        let past: Vec<&str> = messages.past().map(|message| message.words.as_str()).collect();
        assert_eq!((past.len(), past[0], past[49]), (50, "59", "10"));
    }
}
