//! A chord: what a keymap file may bind, and what it may never bind.
//!
//! Some keys never reach a program (terminal, multiplexer and input method take them), others differ
//! between terminals. Binding one would work on the author's desk only, so they are refused here.

use std::fmt;

use crate::ui::face::Key;

/// One key, character or typed form that an act is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chord {
    /// A key that is no character.
    Key(Key),
    /// A character, lower case and folded to ASCII.
    Char(char),
    /// A number typed in a list, then Enter.
    Digits,
    /// The two digits that a dialog shows, then Enter.
    Code,
    /// A zero, then Enter, in a dialog.
    Zero,
}

/// Why a key name cannot be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbindable {
    /// It names no key.
    Unknown,
    /// Terminals, multiplexers or input methods take it, or send it in several ways.
    Reserved,
}

/// Control chords that are bytes of other keys, flow control, or the prefix of tmux and screen.
const RESERVED_CTRL: &str = "abhijmqvwtn[4567 .";

const NAMES: &[(&str, Key)] = &[
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pgup", Key::PageUp),
    ("pgdn", Key::PageDown),
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backtab", Key::BackTab),
    ("insert", Key::Insert),
    ("delete", Key::Delete),
    ("backspace", Key::Backspace),
];

impl Chord {
    /// The chord that a keymap file names, such as `f8`, `ctrl-f`, `a`, `+`, `pgdn` or `digits+enter`.
    pub fn named(name: &str) -> Result<Chord, Unbindable> {
        match name {
            "digits+enter" => return Ok(Chord::Digits),
            "code+enter" => return Ok(Chord::Code),
            "0+enter" => return Ok(Chord::Zero),
            "space" => return Ok(Chord::Char(' ')),
            _ => (),
        }
        if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Ok(Chord::Key(*key));
        }
        if let Some(letter) = name.strip_prefix("ctrl-").and_then(only_char) {
            let free = !RESERVED_CTRL.contains(letter) && letter.is_ascii_lowercase();
            return if free { Ok(Chord::Key(Key::Ctrl(letter))) } else { Err(Unbindable::Reserved) };
        }
        if ["alt-", "shift-", "ctrl-"].iter().any(|prefix| name.starts_with(prefix)) {
            return Err(Unbindable::Reserved);
        }
        if let Some(number) = name.strip_prefix('f').and_then(|digits| digits.parse::<u8>().ok()) {
            return match number {
                11 => Err(Unbindable::Reserved),
                1..=12 => Ok(Chord::Key(Key::F(number))),
                _ => Err(Unbindable::Unknown),
            };
        }
        match only_char(name) {
            Some(letter) if letter.is_ascii_uppercase() => Err(Unbindable::Reserved),
            Some(letter) if letter.is_ascii_graphic() && !letter.is_ascii_digit() => Ok(Chord::Char(letter)),
            Some(digit) if digit.is_ascii_digit() => Err(Unbindable::Reserved),
            _ => Err(Unbindable::Unknown),
        }
    }

    /// Whether it reaches the program while a Chinese input method is on.
    pub fn is_ime_safe(self) -> bool {
        !matches!(self, Chord::Char(letter) if letter.is_ascii_alphabetic())
    }

    /// Whether it is a character, which a field would take as text.
    pub fn is_printable(self) -> bool {
        matches!(self, Chord::Char(_))
    }
}

fn only_char(name: &str) -> Option<char> {
    let mut chars = name.chars();
    chars.next().filter(|_| chars.next().is_none())
}

impl fmt::Display for Chord {
    /// The chord as menus and help show it: `F8`, `Del`, `a`, `Ctrl+F`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Chord::Key(Key::F(number)) => write!(f, "F{number}"),
            Chord::Key(Key::Ctrl(letter)) => write!(f, "Ctrl+{}", letter.to_ascii_uppercase()),
            Chord::Key(Key::Delete) => f.write_str("Del"),
            Chord::Key(Key::Insert) => f.write_str("Ins"),
            Chord::Key(Key::PageUp) => f.write_str("PgUp"),
            Chord::Key(Key::PageDown) => f.write_str("PgDn"),
            Chord::Key(Key::BackTab) => f.write_str("Shift+Tab"),
            Chord::Key(key) => write!(f, "{key:?}"),
            Chord::Char(' ') => f.write_str("Space"),
            Chord::Char(letter) => write!(f, "{letter}"),
            Chord::Digits => f.write_str("12 Enter"),
            Chord::Code => f.write_str("NN Enter"),
            Chord::Zero => f.write_str("0 Enter"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keys() {
        assert_eq!(Chord::named("f8"), Ok(Chord::Key(Key::F(8))));
        assert_eq!(Chord::named("ctrl-f"), Ok(Chord::Key(Key::Ctrl('f'))));
        assert_eq!(Chord::named("+"), Ok(Chord::Char('+')));
        assert_eq!(Chord::named("f"), Ok(Chord::Char('f')));
        assert_eq!(Chord::named("digits+enter"), Ok(Chord::Digits));
        assert_eq!(Chord::named("0+enter"), Ok(Chord::Zero));
    }

    #[test]
    fn keys_that_never_arrive_are_reserved() {
        for name in [
            "f11", "ctrl-b", "ctrl-a", "ctrl-q", "ctrl-j", "ctrl-m", "ctrl-[", "alt-x", "shift-f1", "A", "ctrl-5",
            "ctrl-w", "5",
        ] {
            assert_eq!(Chord::named(name), Err(Unbindable::Reserved), "{name}");
        }
        for name in ["f13", "f0", "hyper", "", "成", "ff"] {
            assert_eq!(Chord::named(name), Err(Unbindable::Unknown), "{name}");
        }
    }

    #[test]
    fn letters_are_not_reached_through_an_input_method() {
        assert!(!Chord::Char('a').is_ime_safe());
        assert!(Chord::Char('/').is_ime_safe() && Chord::Key(Key::F(8)).is_ime_safe());
    }
}
