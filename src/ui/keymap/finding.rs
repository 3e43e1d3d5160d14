//! What is wrong with a keymap, as values, so that the screen and the command line say it in the user's language.

use std::fmt;

use crate::ui::locale::{Lang, Words};

/// A line of a keymap file. Line 0 stands for the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name as the user knows it, such as `keymaps/queue.toml`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 { f.write_str(&self.file) } else { write!(f, "{}:{}", self.file, self.line) }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// What can be wrong with a keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file or the binding cannot be read.
    Unreadable {
        /// The parser's words.
        words: String,
    },
    /// A key name that names no key.
    UnknownKey {
        /// As written.
        key: String,
        /// The act it was bound to.
        act: String,
    },
    /// A key that terminals or input methods take.
    ReservedKey {
        /// As written.
        key: String,
        /// The act it was bound to.
        act: String,
    },
    /// A layer that no screen has.
    UnknownContext {
        /// As written.
        context: String,
    },
    /// A name that no screen of the layer has as an act.
    UnknownAct {
        /// The key it was bound to.
        key: String,
        /// As written.
        act: String,
    },
    /// One key, two acts, one layer.
    Duplicate {
        /// The key.
        key: String,
        /// The act that keeps it.
        first: String,
        /// The act that wanted it too.
        second: String,
    },
    /// One menu number, two acts, one layer.
    SameNumber {
        /// The number.
        menu: u8,
        /// The act that keeps it.
        first: String,
        /// The act that wanted it too.
        second: String,
    },
    /// An act that no key and no menu number reaches.
    Unbound {
        /// The act.
        act: String,
        /// The screen it belongs to.
        context: String,
    },
    /// An act that only letters reach, which an input method swallows.
    NotImeSafe {
        /// The act.
        act: String,
        /// The screen it belongs to.
        context: String,
    },
    /// A character bound where characters are text.
    CharacterInForm {
        /// The key.
        key: String,
        /// The act.
        act: String,
    },
    /// A label that is missing in a language.
    NoLabel {
        /// The act.
        act: String,
        /// The language.
        lang: Lang,
    },
    /// A bar of function keys that is wider than 80 cells.
    BarTooWide {
        /// The screen.
        context: String,
        /// The language.
        lang: Lang,
        /// How wide it is, in cells.
        cells: usize,
    },
}

impl Finding {
    /// The finding as a line: file, line, what, with the key and both acts where there are two.
    pub fn line(&self, words: &Words) -> String {
        format!("{}: {}", self.place, self.problem.words(words))
    }
}

impl Problem {
    fn words(&self, words: &Words) -> String {
        match self {
            Problem::Unreadable { words: cause } => words.say_with("keymap.unreadable", &[("cause", cause)]),
            Problem::UnknownKey { key, act } => words.say_with("keymap.unknown_key", &[("key", key), ("act", act)]),
            Problem::ReservedKey { key, act } => words.say_with("keymap.reserved_key", &[("key", key), ("act", act)]),
            Problem::UnknownContext { context } => words.say_with("keymap.unknown_context", &[("context", context)]),
            Problem::UnknownAct { key, act } => words.say_with("keymap.unknown_act", &[("key", key), ("act", act)]),
            Problem::Duplicate { key, first, second } => {
                words.say_with("keymap.duplicate", &[("key", key), ("first", first), ("second", second)])
            }
            Problem::SameNumber { menu, first, second } => {
                words.say_with("keymap.same_number", &[("menu", menu), ("first", first), ("second", second)])
            }
            Problem::Unbound { act, context } => {
                words.say_with("keymap.unbound", &[("act", act), ("context", context)])
            }
            Problem::NotImeSafe { act, context } => {
                words.say_with("keymap.not_ime_safe", &[("act", act), ("context", context)])
            }
            Problem::CharacterInForm { key, act } => {
                words.say_with("keymap.character_in_form", &[("key", key), ("act", act)])
            }
            Problem::NoLabel { act, lang } => {
                words.say_with("keymap.no_label", &[("act", act), ("lang", &name(*lang))])
            }
            Problem::BarTooWide { context, lang, cells } => {
                words.say_with("keymap.bar_too_wide", &[("context", context), ("lang", &name(*lang)), ("cells", cells)])
            }
        }
    }
}

fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}
