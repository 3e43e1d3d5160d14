//! Characters that come together are text: a scanner, an input method's commit and a paste are not commands.
//!
//! In a list or a dialog a printable character waits 30 ms for another one; in a field nothing waits and only what
//! came in the same packet is put together. Keys that are not text are never delayed (ux.md 4.2).

use std::time::{Duration, Instant};

use super::{Focus, Key, Mods, Press, Seen};
use crate::domain::text::fold_char;

/// The longest gap inside a burst.
const GAP: Duration = Duration::from_millis(30);
/// A burst is delivered in pieces of at most so many bytes.
const BURST_MAX: usize = 8 * 1024;

/// The printable characters that have come and are not delivered yet.
#[derive(Debug, Default)]
pub struct Group {
    text: String,
    last: Option<Instant>,
}

impl Group {
    /// What must be delivered before `next`, which came at `now`: call until `None`.
    pub fn before(&mut self, next: &Seen, now: Instant, focus: Focus) -> Option<Press> {
        let last = self.last?;
        let together = now.duration_since(last) < GAP && self.text.len() < BURST_MAX;
        let joins = match next {
            Seen::Char(_) => together,
            Seen::Key(Key::Enter, Mods::NONE) => together && focus.holds() && self.text.chars().nth(1).is_some(),
            _ => false,
        };
        if joins { None } else { self.deliver(false) }
    }

    /// Takes `next` and delivers what can be delivered at once.
    pub fn add(&mut self, next: Seen, now: Instant, focus: Focus) -> Option<Press> {
        match next {
            Seen::Char(c) => {
                self.text.push(if focus.keeps_full_width() { c } else { fold_char(c) });
                self.last = Some(now);
                None
            }
            Seen::Key(Key::Enter, Mods::NONE) if self.last.is_some() => self.deliver(true),
            Seen::Key(key, mods) => Some(Press::Key(key, mods)),
            Seen::EscDigit(digit) if focus.holds() => Some(Press::key(Key::F(if digit == 0 { 10 } else { digit }))),
            Seen::EscDigit(digit) => {
                self.text.push(char::from(b'0' + digit));
                self.last = Some(now);
                Some(Press::key(Key::Esc))
            }
            Seen::Paste(text) => Some(Press::Paste(text)),
        }
    }

    /// What is due at `now`, at the end of a packet.
    pub fn rest(&mut self, now: Instant, focus: Focus) -> Option<Press> {
        let last = self.last?;
        let waits = focus.holds() && now.duration_since(last) < GAP;
        if waits { None } else { self.deliver(false) }
    }

    /// When [`Group::rest`] has something to deliver.
    pub fn deadline(&self) -> Option<Instant> {
        self.last.map(|last| last + GAP)
    }

    fn deliver(&mut self, entered: bool) -> Option<Press> {
        self.last = None;
        let text = std::mem::take(&mut self.text);
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            // GS alone is a stray control byte, not the separator inside a code.
            (None, _) | (Some('\u{1d}'), None) => None,
            (Some(c), None) => Some(Press::Char(c)),
            _ => Some(Press::Burst { text, entered }),
        }
    }
}
