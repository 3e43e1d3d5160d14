//! The field that filters a list while it is typed into. It keeps its words when the list takes the focus again.

use crate::ui::face::Key;
use crate::ui::part::input::{Input, Kind};

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// What is typed.
    pub input: Input,
    /// Whether keys go into it.
    pub active: bool,
}

impl Default for Find {
    fn default() -> Find {
        Find { input: Input::new(Kind::Text), active: false }
    }
}

impl Find {
    /// The filter, or nothing.
    pub fn query(&self) -> &str {
        self.input.text().trim()
    }

    /// Types; keys go into the field from now on. Returns whether it was taken.
    pub fn typed(&mut self, text: &str) -> bool {
        self.active = true;
        self.input.paste(text).is_ok()
    }

    /// Replaces what is typed.
    pub fn set(&mut self, text: &str) {
        self.active = true;
        self.input.set(text);
    }

    /// Takes the filter away. Returns whether there was one.
    pub fn clear(&mut self) -> bool {
        let had = self.active || !self.input.is_empty();
        self.active = false;
        self.input.clear();
        had
    }

    /// An editing key. Returns whether it changed the words.
    pub fn edit(&mut self, key: Key) -> bool {
        let before = self.input.text().len();
        self.input.edit(key);
        self.input.text().len() != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_typed_kept_and_taken_away() {
        let mut find = Find::default();
        assert!(!find.clear());
        assert!(find.typed("cd") && find.typed("wx"));
        find.active = false;
        assert_eq!(find.query(), "cdwx");
        assert!(find.edit(Key::Backspace) && !find.edit(Key::Left));
        assert!(find.clear() && find.query().is_empty());
    }
}
