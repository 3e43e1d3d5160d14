//! What a press means, by what has the focus: the table of ux.md 4.2.4 as one pure function.
//!
//! Characters that come together are text, never commands; that one rule covers scanners, input methods and pastes.

use crate::domain::text::{fold, fold_char};
use crate::ui::face::{Focus, Key, Press};
use crate::ui::keymap::Chord;

/// A scan has at least so many characters.
const SCAN_LEAST: usize = 8;
/// A number of a row has at most so many digits.
const ROW_MOST: usize = 3;

/// What a press means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Look it up in the keymap. Where it is not bound, it may be an editing key.
    Chord(Chord, Option<Key>),
    /// A digit of a row's number.
    Digit(char),
    /// The number of a row, complete.
    Row(usize),
    /// Text for the filter of the list.
    Filter(String),
    /// One character of an input method that was left on: filter, and say so once.
    Stray(String),
    /// A scanned code: find it.
    Scan(String),
    /// Text for the focused field.
    Insert(String),
    /// Text for the focused field, then Enter.
    Accept(String),
    /// A paste for the focused field.
    Paste(String),
    /// Not here: the bell rings.
    Refused,
}

/// What `press` means where `focus` is. A dialog's presses are its own and come here only for their chord.
pub fn meaning(press: &Press, focus: Focus) -> Meaning {
    match (focus, press) {
        (_, Press::Key(key, _)) => Meaning::Chord(Chord::Key(*key), Some(*key)),
        (Focus::List, press) => in_list(press),
        (Focus::Dialog, Press::Char(c)) => Meaning::Chord(Chord::Char(*c), None),
        (Focus::Dialog, _) => Meaning::Refused,
        (_, Press::Char(c)) => Meaning::Insert(c.to_string()),
        (_, Press::Burst { text, entered: false }) => Meaning::Insert(text.clone()),
        (_, Press::Burst { text, entered: true }) => Meaning::Accept(text.clone()),
        (_, Press::Paste(text)) => Meaning::Paste(text.clone()),
    }
}

fn in_list(press: &Press) -> Meaning {
    match press {
        Press::Key(key, _) => Meaning::Chord(Chord::Key(*key), Some(*key)),
        Press::Char(c) => match fold_char(*c) {
            digit @ '0'..='9' => Meaning::Digit(digit),
            ascii if ascii.is_ascii() => Meaning::Chord(Chord::Char(ascii.to_ascii_lowercase()), None),
            other => Meaning::Stray(other.to_string()),
        },
        Press::Burst { text, entered: true } => scanned(fold(text.trim())),
        Press::Burst { text, entered: false } => Meaning::Filter(text.clone()),
        Press::Paste(text) if text.trim().lines().count() == 1 => Meaning::Filter(text.trim().to_owned()),
        Press::Paste(_) => Meaning::Refused,
    }
}

/// A burst that an Enter ended: a few digits are a row, much text is a scan, the rest a filter.
fn scanned(text: String) -> Meaning {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.chars().count() {
        few if digits && few <= ROW_MOST => Meaning::Row(text.parse().unwrap_or(0)),
        many if many >= SCAN_LEAST && text.is_ascii() => Meaning::Scan(text),
        _ => Meaning::Filter(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burst(text: &str, entered: bool) -> Press {
        Press::Burst { text: text.into(), entered }
    }

    #[test]
    fn the_table_for_lists() {
        let list = |press: &Press| meaning(press, Focus::List);
        assert_eq!(list(&Press::Char('t')), Meaning::Chord(Chord::Char('t'), None));
        assert_eq!(list(&Press::Char('T')), Meaning::Chord(Chord::Char('t'), None));
        assert_eq!(list(&Press::Char('／')), Meaning::Chord(Chord::Char('/'), None));
        assert_eq!(list(&Press::Char('？')), Meaning::Chord(Chord::Char('?'), None));
        assert_eq!(list(&Press::Char('：')), Meaning::Chord(Chord::Char(':'), None));
        assert_eq!(list(&Press::Char('７')), Meaning::Digit('7'));
        assert_eq!(list(&Press::Char('成')), Meaning::Stray("成".into()));
        assert_eq!(list(&burst("cdwx", false)), Meaning::Filter("cdwx".into()));
        assert_eq!(list(&burst("成都", false)), Meaning::Filter("成都".into()));
        assert_eq!(list(&burst("9787020002207", true)), Meaning::Scan("9787020002207".into()));
        assert_eq!(list(&burst("cdwx", true)), Meaning::Filter("cdwx".into()));
        assert_eq!(list(&burst("12", true)), Meaning::Row(12));
        assert_eq!(list(&Press::Paste("a\nb".into())), Meaning::Refused);
        assert_eq!(list(&Press::Paste("成都\n".into())), Meaning::Filter("成都".into()));
    }

    #[test]
    fn the_table_for_fields() {
        for focus in [Focus::Text, Focus::Code, Focus::Quantity] {
            assert_eq!(meaning(&Press::Char('q'), focus), Meaning::Insert("q".into()));
            assert_eq!(meaning(&burst("成都", false), focus), Meaning::Insert("成都".into()));
            assert_eq!(meaning(&burst("9787020002207", true), focus), Meaning::Accept("9787020002207".into()));
        }
    }

    #[test]
    fn the_table_for_questions() {
        assert_eq!(meaning(&burst("97", true), Focus::Dialog), Meaning::Refused);
        assert_eq!(meaning(&Press::Paste("1".into()), Focus::Dialog), Meaning::Refused);
        assert_eq!(
            meaning(&Press::key(Key::F(8)), Focus::Dialog),
            Meaning::Chord(Chord::Key(Key::F(8)), Some(Key::F(8)))
        );
    }

    #[test]
    fn no_printable_character_is_a_command_in_a_field() {
        for c in (' '..='~').chain("成？：／＋".chars()) {
            for focus in [Focus::Text, Focus::Code, Focus::Quantity] {
                assert_eq!(meaning(&Press::Char(c), focus), Meaning::Insert(c.to_string()), "{c:?} in {focus:?}");
            }
        }
    }
}
