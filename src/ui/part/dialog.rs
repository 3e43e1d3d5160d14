//! A question in front of everything. It is built so that a scanner, a key bounce or a hasty hand cannot answer it.
//!
//! For the first 350 ms every key is absorbed, and each absorbed key starts that time again, two seconds at most.
//! The chosen button is Cancel; Enter presses the chosen button only; F8 confirms, and so do the two digits
//! that are shown, then Enter. Characters that come together are refused with a bell unless a field is being filled in.

use zeroize::Zeroizing;

use crate::domain::time::Moment;
use crate::ui::face::{Focus, Key, Press};
use crate::ui::part::field::{Entry, Field};
use crate::ui::part::input::Kind;

/// How long a new question absorbs keys, in microseconds.
const GRACE: i64 = 350_000;
/// How long absorbed keys can draw that out, in microseconds.
const GRACE_MOST: i64 = 2_000_000;

/// A button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Nothing happens.
    Cancel,
    /// What was asked happens.
    Confirm,
}

/// What became of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It still waits.
    Waits,
    /// It still waits and did not like the input.
    Bell,
    /// No.
    Cancelled,
    /// Yes; the fields hold what was filled in.
    Confirmed,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Dialog {
    /// What it is about.
    pub title: String,
    /// What will happen, in words.
    pub lines: Vec<String>,
    /// What the confirming key is called, such as 签核.
    pub verb: String,
    /// What has to be filled in: a passphrase, a reason, a waybill.
    pub fields: Vec<Field>,
    /// The two digits that confirm when typed, where the question offers them.
    pub code: Option<u8>,
    at: Spot,
    typed: String,
    quiet: Quiet,
}

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Field(usize),
    Button(Button),
}

/// The time in which keys are absorbed. Input carries no time, so a start is noted at the next tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quiet {
    /// Began, or began again, at a moment that the next tick tells.
    Begins { first: Option<Moment> },
    /// Lasts until `until`; began first at `first`.
    Lasts { first: Moment, until: Moment },
    /// Over.
    Over,
}

impl Dialog {
    /// A question about `title`, with the words of what will happen and the name of the confirming key.
    pub fn new(title: String, lines: Vec<String>, verb: String) -> Dialog {
        let quiet = Quiet::Begins { first: None };
        Dialog {
            title,
            lines,
            verb,
            fields: vec![],
            code: None,
            at: Spot::Button(Button::Cancel),
            typed: String::new(),
            quiet,
        }
    }

    /// The same question with fields to fill in; the first one is focused.
    pub fn with_fields(mut self, fields: Vec<Field>) -> Dialog {
        self.fields = fields;
        self.at = if self.fields.is_empty() { Spot::Button(Button::Cancel) } else { Spot::Field(0) };
        self
    }

    /// The same question, confirmed by two digits as well. They come from `moment`, so that nobody learns them by heart.
    pub fn with_code(mut self, moment: Moment) -> Dialog {
        self.code = u8::try_from(10 + (moment.as_micros() / 1_000).rem_euclid(90)).ok();
        self
    }

    /// It is asked once more, with what was filled in: keys are absorbed as at first.
    pub fn stand_again(&mut self) {
        self.quiet = Quiet::Begins { first: None };
        self.typed.clear();
        self.at = if self.fields.is_empty() { Spot::Button(Button::Cancel) } else { Spot::Field(0) };
    }

    /// The digits typed so far towards the code.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The focused field.
    pub fn field_at(&self) -> Option<usize> {
        match self.at {
            Spot::Field(at) => Some(at),
            Spot::Button(_) => None,
        }
    }

    /// The focused button.
    pub fn button(&self) -> Option<Button> {
        match self.at {
            Spot::Field(_) => None,
            Spot::Button(button) => Some(button),
        }
    }

    /// Whether a scanned code may be filled in.
    pub fn takes_scans(&self) -> bool {
        self.fields.iter().any(|field| matches!(&field.entry, Entry::Line(input) if input.kind() == Kind::Code))
    }

    /// What was filled into the field called `name`, wiped when it is dropped.
    pub fn text(&self, name: &str) -> Zeroizing<String> {
        let field = self.fields.iter().find(|field| field.name == name);
        Zeroizing::new(field.map_or_else(String::new, |field| field.text().to_owned()))
    }

    /// Says what is wrong with a field, empties it if it is a passphrase, and goes there.
    pub fn object(&mut self, name: &str, fault: String) {
        if let Some(at) = self.fields.iter().position(|field| field.name == name) {
            if self.fields[at].kind() == Kind::Passphrase {
                self.fields[at].set("");
            }
            self.fields[at].fault = Some(fault);
            self.at = Spot::Field(at);
        }
    }

    /// When it wants to be told the time.
    pub fn wants_at(&self) -> Option<Moment> {
        match self.quiet {
            Quiet::Begins { .. } => Some(Moment::from_micros(0)),
            Quiet::Lasts { until, .. } => Some(until),
            Quiet::Over => None,
        }
    }

    /// The present time.
    pub fn tick(&mut self, now: Moment) {
        self.quiet = match self.quiet {
            Quiet::Begins { first } => {
                let first = first.unwrap_or(now);
                let most = first.as_micros() + GRACE_MOST;
                let until = Moment::from_micros((now.as_micros() + GRACE).min(most));
                if now >= until { Quiet::Over } else { Quiet::Lasts { first, until } }
            }
            Quiet::Lasts { until, .. } if now >= until => Quiet::Over,
            quiet => quiet,
        };
    }

    /// What characters mean now.
    pub fn focus(&self) -> Focus {
        match self.at {
            Spot::Button(_) => Focus::Dialog,
            Spot::Field(_) if self.quiet != Quiet::Over => Focus::Dialog,
            Spot::Field(at) => match self.fields[at].kind() {
                Kind::Text | Kind::Passphrase => Focus::Text,
                Kind::Code | Kind::Day => Focus::Code,
                Kind::Quantity | Kind::Money => Focus::Quantity,
            },
        }
    }

    /// A press, with the name of the act that the keymap gives it, if any.
    pub fn press(&mut self, press: &Press, act: Option<&str>) -> Verdict {
        match self.quiet {
            Quiet::Over => (),
            Quiet::Begins { .. } => return Verdict::Waits,
            Quiet::Lasts { first, .. } => {
                self.quiet = Quiet::Begins { first: Some(first) };
                return Verdict::Waits;
            }
        }
        match (press, self.at) {
            (Press::Key(key, _), _) => self.key(*key, act),
            (Press::Char(c), Spot::Button(_)) => self.digit(*c),
            (Press::Char(c), Spot::Field(at)) => self.fill(at, c.encode_utf8(&mut [0; 4])),
            (Press::Burst { text, entered: false }, Spot::Field(at)) => self.fill(at, text),
            (Press::Paste(text), Spot::Field(at)) if !text.contains('\n') => self.fill(at, text),
            (Press::Burst { .. } | Press::Paste(_), _) => Verdict::Bell,
        }
    }

    fn key(&mut self, key: Key, act: Option<&str>) -> Verdict {
        match act {
            Some("dialog.confirm") => self.confirm(),
            Some("dialog.cancel") => Verdict::Cancelled,
            Some("dialog.other") if self.field_at().is_none() || matches!(key, Key::Tab | Key::BackTab) => {
                self.turn(key)
            }
            Some("dialog.press") => self.enter(),
            _ => {
                let Spot::Field(at) = self.at else {
                    self.typed.clear();
                    return Verdict::Waits;
                };
                self.fields[at].edit(key);
                Verdict::Waits
            }
        }
    }

    fn digit(&mut self, c: char) -> Verdict {
        if !c.is_ascii_digit() {
            return Verdict::Bell;
        }
        if self.typed.len() >= 2 {
            self.typed.clear();
        }
        self.typed.push(c);
        Verdict::Waits
    }

    fn fill(&mut self, at: usize, text: &str) -> Verdict {
        self.fields[at].typed(text).map_or(Verdict::Bell, |()| Verdict::Waits)
    }

    /// Enter: the typed digits, or the next field, or the chosen button.
    fn enter(&mut self) -> Verdict {
        let typed = std::mem::take(&mut self.typed);
        match self.at {
            Spot::Field(at) => {
                self.fields[at].settle();
                let next = at + 1;
                self.at = if next < self.fields.len() { Spot::Field(next) } else { Spot::Button(Button::Cancel) };
                Verdict::Waits
            }
            Spot::Button(_) if typed == "0" => Verdict::Cancelled,
            Spot::Button(_) if !typed.is_empty() && self.code.map(|code| code.to_string()) == Some(typed.clone()) => {
                self.confirm()
            }
            Spot::Button(_) if !typed.is_empty() => Verdict::Bell,
            Spot::Button(Button::Cancel) => Verdict::Cancelled,
            Spot::Button(Button::Confirm) => self.confirm(),
        }
    }

    /// Yes, if every field is filled in as it must be.
    fn confirm(&mut self) -> Verdict {
        for field in &mut self.fields {
            field.settle();
        }
        match self.fields.iter().position(|field| field.fault.is_some()) {
            Some(at) => {
                self.at = Spot::Field(at);
                Verdict::Bell
            }
            None => Verdict::Confirmed,
        }
    }

    fn turn(&mut self, key: Key) -> Verdict {
        self.typed.clear();
        let mut spots: Vec<Spot> = (0..self.fields.len()).map(Spot::Field).collect();
        spots.extend([Spot::Button(Button::Cancel), Spot::Button(Button::Confirm)]);
        let now = spots.iter().position(|spot| *spot == self.at).unwrap_or(0);
        let by = if matches!(key, Key::BackTab | Key::Left) { spots.len() - 1 } else { 1 };
        self.at = spots[(now + by) % spots.len()];
        Verdict::Waits
    }
}

#[cfg(test)]
#[path = "dialog_tests.rs"]
mod tests;
