//! One field of a form: its name, its label, what may be typed into it, and what is wrong with what was.

use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::time::Day;
use crate::ui::face::Key;
use crate::ui::part::input::{Figures, Input, Kind, Refused};

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A line that is typed.
    Line(Input),
    /// One of several values, chosen by the arrows or by its number.
    Choice(Choice),
}

/// One of several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The values with their locale keys or words.
    pub values: Vec<(String, String)>,
    /// The chosen one.
    pub at: usize,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in commands and drafts.
    pub name: &'static str,
    /// The locale key of its label.
    pub label: &'static str,
    /// What it holds.
    pub entry: Entry,
    /// What is wrong with it: a locale key, or words.
    pub fault: Option<String>,
    /// Whether F4 offers what can stand here.
    pub lookup: bool,
    /// Whether it must be filled in.
    pub needed: bool,
    /// What stood here the last time, for `..` and F2.
    pub previous: Option<String>,
}

impl Field {
    /// An empty field to type into.
    pub fn line(name: &'static str, label: &'static str, kind: Kind) -> Field {
        Field::new(name, label, Entry::Line(Input::new(kind)))
    }

    /// A field that chooses among values, each with its locale key or words; the first is chosen.
    pub fn choice(name: &'static str, label: &'static str, values: Vec<(String, String)>) -> Field {
        Field::new(name, label, Entry::Choice(Choice { values, at: 0 }))
    }

    fn new(name: &'static str, label: &'static str, entry: Entry) -> Field {
        Field { name, label, entry, fault: None, lookup: false, needed: false, previous: None }
    }

    /// The same field, which must be filled in.
    pub fn needed(self) -> Field {
        Field { needed: true, ..self }
    }

    /// The same field, which F4 can fill.
    pub fn with_lookup(self) -> Field {
        Field { lookup: true, ..self }
    }

    /// The same field, which `..` fills with what stood there the last time.
    pub fn after(self, previous: impl Into<String>) -> Field {
        Field { previous: Some(previous.into()), ..self }
    }

    /// The same field, holding `text` already.
    pub fn holding(mut self, text: &str) -> Field {
        self.set(text);
        self
    }

    /// What it holds: the typed text, or the chosen value.
    pub fn text(&self) -> &str {
        match &self.entry {
            Entry::Line(input) => input.text(),
            Entry::Choice(choice) => choice.values.get(choice.at).map_or("", |(value, _)| value.as_str()),
        }
    }

    /// Fills it. A value that a choice does not have leaves it as it is.
    pub fn set(&mut self, text: &str) {
        self.fault = None;
        match &mut self.entry {
            Entry::Line(input) => input.set(text),
            Entry::Choice(choice) => {
                choice.at = choice.values.iter().position(|(value, _)| value == text).unwrap_or(choice.at);
            }
        }
    }

    /// What is typed, for the focus.
    pub fn kind(&self) -> Kind {
        match &self.entry {
            Entry::Line(input) => input.kind(),
            Entry::Choice(_) => Kind::Code,
        }
    }

    /// Types into it.
    pub fn typed(&mut self, text: &str) -> Result<(), Refused> {
        self.fault = None;
        match &mut self.entry {
            Entry::Line(input) => input.insert(text),
            Entry::Choice(choice) => choice.typed(text),
        }
    }

    /// An editing key. Returns whether it meant something here.
    pub fn edit(&mut self, key: Key) -> bool {
        let used = match &mut self.entry {
            Entry::Line(input) => input.edit(key),
            Entry::Choice(choice) => choice.edit(key),
        };
        if used && matches!(key, Key::Backspace | Key::Delete) {
            self.fault = None;
        }
        used
    }

    /// Judges what it holds when the cursor leaves it. Sets and returns the fault, if there is one.
    pub fn settle(&mut self) -> Option<&str> {
        if self.kind() == Kind::Text && self.text().trim() == ".." {
            let previous = self.previous.clone().unwrap_or_default();
            self.set(&previous);
        }
        self.fault = judge(self.kind(), self.text(), self.needed).map(str::to_owned);
        self.fault.as_deref()
    }
}

/// The locale key of what is wrong with a text of a kind, if anything is.
pub fn judge(kind: Kind, text: &str, needed: bool) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() {
        return needed.then_some("input.needed");
    }
    match kind {
        Kind::Quantity if text.parse::<Quantity>().is_err() => Some("input.not_a_quantity"),
        Kind::Money if text.parse::<Money>().is_err() => Some("input.not_an_amount"),
        Kind::Day if text.parse::<Day>().is_err() => Some("input.not_a_day"),
        _ => None,
    }
}

impl Choice {
    fn typed(&mut self, text: &str) -> Result<(), Refused> {
        match text.trim() {
            "" => {
                self.turn(1);
                Ok(())
            }
            number => {
                let place = number.parse::<usize>().ok().filter(|n| (1..=self.values.len()).contains(n));
                self.at = place.ok_or(Refused::NotHere)? - 1;
                Ok(())
            }
        }
    }

    fn edit(&mut self, key: Key) -> bool {
        match key {
            Key::Left => self.turn(self.values.len().saturating_sub(1)),
            Key::Right => self.turn(1),
            Key::Home => self.at = 0,
            Key::End => self.at = self.values.len().saturating_sub(1),
            _ => return false,
        }
        true
    }

    fn turn(&mut self, by: usize) {
        self.at = (self.at + by) % self.values.len().max(1);
    }
}

impl Input {
    /// An editing key. Returns whether it is one.
    pub fn edit(&mut self, key: Key) -> bool {
        match key {
            Key::Left => self.left(),
            Key::Right => self.right(),
            Key::Home => self.home(),
            Key::End => self.end(),
            Key::Backspace => drop(self.backspace()),
            Key::Delete => self.delete(),
            _ => return false,
        }
        true
    }

    /// Whether Enter on this quantity means the next code. `Err` asks for a bell.
    pub fn is_next_code(&self) -> Result<bool, Refused> {
        match self.kind() {
            Kind::Quantity => self.figures().map(|figures| figures == Figures::Code),
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_points_copy_what_stood_there_before() {
        let mut remark = Field::line("remark", "form.remark", Kind::Text).after("整件发");
        remark.typed("..").unwrap();
        assert_eq!(remark.settle(), None);
        assert_eq!(remark.text(), "整件发");
    }

    #[test]
    fn a_choice_turns_by_arrows_and_numbers() {
        let values = ["one", "two", "three"].map(|v| (v.to_owned(), v.to_owned())).to_vec();
        let mut tier = Field::choice("tier", "form.remark", values);
        tier.edit(Key::Left);
        assert_eq!(tier.text(), "three");
        assert_eq!(tier.typed("2"), Ok(()));
        assert_eq!((tier.typed("4"), tier.text()), (Err(Refused::NotHere), "two"));
    }

    #[test]
    fn what_is_wrong_is_said_at_the_field() {
        let mut amount = Field::line("amount", "form.remark", Kind::Money).needed();
        assert_eq!(amount.settle(), Some("input.needed"));
        amount.typed("12.345").unwrap();
        assert_eq!(amount.settle(), Some("input.not_an_amount"));
        amount.set("1,200.50");
        assert_eq!(amount.settle(), None);
    }
}
