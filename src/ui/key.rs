//! From the bytes of a keyboard to presses: what was pressed, pasted, scanned or committed by an input method.
//!
//! [`parse`] knows the byte forms of terminals, [`group`] knows that characters which come together are text and
//! never commands. Neither has a clock: every call carries its instant, and `deadline` says when to be called again.
//! An unfinished or unknown escape sequence is discarded; it is never typed into a field (ux.md section 5).

mod group;
mod parse;

pub use group::Group;
pub use parse::{Parser, Seen};

use std::time::Instant;

/// A key that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Enter: CR, LF (the keypad under tmux) and the keypad's own code.
    Enter,
    /// Escape, alone.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace, as 0x7F or 0x08.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
    /// Ctrl and a lower-case letter.
    Ctrl(char),
}

/// What was held down with a key that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mods {
    /// Ctrl, where the terminal tells it apart; a chord with a letter is [`Key::Ctrl`] instead.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

impl Mods {
    /// Nothing held.
    pub const NONE: Mods = Mods { ctrl: false, shift: false, alt: false };
}

/// What the focus makes of printable characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Focus {
    /// A list: one character is a command, several together are text to find.
    #[default]
    List,
    /// A text field: characters are inserted as they come, full-width forms stay.
    Text,
    /// A code field: characters are inserted as they come, full-width forms are folded.
    Code,
    /// A quantity field, as a code field.
    Quantity,
    /// A dialog: one digit counts, several characters together are dropped.
    Dialog,
}

impl Focus {
    /// Whether a printable character waits to see if another follows.
    pub fn holds(self) -> bool {
        matches!(self, Focus::List | Focus::Dialog)
    }

    /// Whether full-width forms are kept as they are typed.
    pub fn keeps_full_width(self) -> bool {
        self == Focus::Text
    }
}

/// One thing done at a keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A key that is not text.
    Key(Key, Mods),
    /// One printable character, alone.
    Char(char),
    /// Characters that came together: a scan, an input method's commit, an unbracketed paste.
    Burst {
        /// The characters; GS (0x1D) stays inside codes.
        text: String,
        /// Whether Enter came with them. Only where the focus holds characters; elsewhere Enter is a press of its own.
        entered: bool,
    },
    /// A bracketed paste, with line feeds between its lines.
    Paste(String),
}

impl Press {
    /// A key with nothing held.
    pub const fn key(key: Key) -> Press {
        Press::Key(key, Mods::NONE)
    }
}

/// The earlier of two deadlines.
fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// A keyboard: the parser and the grouping of one terminal.
#[derive(Debug)]
pub struct Keyboard {
    parser: Parser,
    group: Group,
    seen: Vec<Seen>,
}

impl Keyboard {
    /// A keyboard on a line that is `slow` or not: how long a lone escape waits.
    pub fn new(slow: bool) -> Keyboard {
        Keyboard { parser: Parser::new(slow), group: Group::default(), seen: Vec::new() }
    }

    /// Takes bytes that came at `now`; `deliver` gets each press and answers the focus after it.
    pub fn take(&mut self, bytes: &[u8], now: Instant, focus: Focus, deliver: impl FnMut(Press) -> Focus) {
        self.parser.take(bytes, now, &mut self.seen);
        self.pass_on(now, focus, deliver);
    }

    /// Called when [`Keyboard::deadline`] has come: what was held is delivered or dropped.
    pub fn wake(&mut self, now: Instant, focus: Focus, deliver: impl FnMut(Press) -> Focus) {
        self.parser.wake(now, &mut self.seen);
        self.pass_on(now, focus, deliver);
    }

    fn pass_on(&mut self, now: Instant, focus: Focus, mut deliver: impl FnMut(Press) -> Focus) {
        let mut focus = focus;
        let mut seen = std::mem::take(&mut self.seen);
        for one in seen.drain(..) {
            while let Some(press) = self.group.before(&one, now, focus) {
                focus = deliver(press);
            }
            if let Some(press) = self.group.add(one, now, focus) {
                focus = deliver(press);
            }
        }
        self.seen = seen;
        if let Some(press) = self.group.rest(now, focus) {
            deliver(press);
        }
    }

    /// When something held must be looked at again.
    pub fn deadline(&self) -> Option<Instant> {
        sooner(self.parser.deadline(), self.group.deadline())
    }

    /// Whether everything that came has been delivered.
    pub fn is_settled(&self) -> bool {
        self.deadline().is_none()
    }
}

#[cfg(test)]
mod tests;
