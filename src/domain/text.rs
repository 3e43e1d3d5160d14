//! Text from people and files, made harmless once, where it enters.
//!
//! A [`Text`] holds no control character, no direction mark, nothing of zero width and no heap of
//! combining marks: what would move a cursor, hide a row or imitate another name is written out
//! visibly (`‹U+202E›`). Every free text of a command, a record or a statement is a `Text`, so
//! that screens, files, logs and mails need no rule of their own.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is safe to show anywhere. Trimmed, at most [`Text::LIMIT`] characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(Box<str>);

impl Text {
    /// The longest text kept, in characters; what is longer ends in `~`.
    pub const LIMIT: usize = 400;

    /// The text with everything dangerous written out visibly.
    pub fn new(raw: &str) -> Text {
        let raw = raw.trim();
        // Most names are plain Chinese or ASCII, which need no second look: a statement has millions of them.
        if raw.len() <= Text::LIMIT && raw.chars().all(|c| matches!(c as u32, 0x20..=0x7e | 0x4e00..=0x9fff)) {
            return Text(raw.into());
        }
        let mut safe = String::with_capacity(raw.len());
        let mut marks = 0;
        for c in raw.chars() {
            marks = if is_combining(c) { marks + 1 } else { 0 };
            match c {
                '\t' | '\n' | '\r' => safe.push(' '),
                _ if is_unsafe(c) || marks > 4 => safe.push_str(&format!("‹U+{:04X}›", c as u32)),
                _ => safe.push(c),
            }
        }
        if safe.chars().count() > Text::LIMIT {
            safe = safe.chars().take(Text::LIMIT - 1).chain(['~']).collect();
        }
        Text(safe.trim().into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// C0, DEL, C1, direction marks, zero width, tags, variation selectors, private use, noncharacters.
fn is_unsafe(c: char) -> bool {
    matches!(c as u32,
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xe000..=0xf8ff | 0xfe00..=0xfe0f | 0xfeff | 0xffa0
        | 0xfff0..=0xfffb | 0xfffe..=0xffff | 0x1d173..=0x1d17a | 0xe0000..=0x10ffff)
}

fn is_combining(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f | 0xe31..=0xe3a | 0xe47..=0xe4e
        | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0x302a..=0x302f | 0x3099..=0x309a | 0xfe20..=0xfe2f)
}

/// Folds full-width forms to ASCII, as a Chinese input method types them: `１２．５` → `12.5`, `。` → `.`, `￥` → `$`.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Folds one full-width character to ASCII; any other stays as it is.
pub fn fold_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).expect("the folded range is ASCII"),
        '\u{3000}' | '\u{a0}' => ' ',
        '。' => '.',
        '、' => '/',
        '【' => '[',
        '】' => ']',
        '￥' => '$',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        other => other,
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Text {
        Text::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Text {
        Text::new(&raw)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(from).map(|raw| Text::new(&raw))
    }
}

super::text_schema!(Text, "Free text; control characters and direction marks are written out visibly", "");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_a_cursor_or_hides() {
        assert_eq!(Text::new("a\u{1b}[2Jb"), "a‹U+001B›[2Jb");
        assert_eq!(Text::new("x\u{202e}y\u{200b}z\u{9b}"), "x‹U+202E›y‹U+200B›z‹U+009B›");
        assert_eq!(Text::new("  成都文轩\t旗舰店\n"), "成都文轩 旗舰店");
        assert_eq!(Text::new(&format!("e{}", "\u{301}".repeat(9))).matches('‹').count(), 5);
        assert_eq!(Text::new(&"长".repeat(900)).chars().count(), Text::LIMIT);
    }

    #[test]
    fn full_width_forms_fold() {
        assert_eq!(fold("１２．５斤，ＡＢｃ。／？："), "12.5斤,ABc./?:");
    }
}
