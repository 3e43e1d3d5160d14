//! A command that a screen asks for once its question is answered: what it is about, what must be filled in.

use crate::domain::command::Command;
use crate::domain::text::Text;
use crate::ui::keymap::Confirm;
use crate::ui::part::field::{Entry, Field};
use crate::ui::part::input;

/// Stands for words that are not written yet.
const YET_TO_COME: &str = "-";

/// A text under a name, as filled in.
pub type Filled<'a> = dyn Fn(&str) -> String + 'a;
/// Which field is at fault, and the locale key or words of the fault.
pub type Objection = (&'static str, String);

/// Makes the command of what was filled in.
pub type Make = Box<dyn Fn(&Filled<'_>) -> Result<Command, Objection>>;

/// A command that is to be asked for, once its question is answered.
pub struct Ask {
    /// What it is about, such as the order and the dealer.
    pub title: String,
    /// What will happen, in words.
    pub lines: Vec<String>,
    /// What must be filled in.
    pub fields: Vec<Field>,
    /// How it is confirmed, where not as the keymap says.
    pub confirm: Option<Confirm>,
    /// Makes the command of what was filled in.
    pub make: Make,
}

impl Ask {
    /// A command that needs nothing more.
    pub fn plain(title: String, lines: Vec<String>, command: Command) -> Ask {
        Ask { title, lines, fields: vec![], confirm: None, make: Box::new(move |_| Ok(command.clone())) }
    }

    /// The same, confirmed in this way whatever the keymap says.
    pub fn confirmed_by(self, confirm: Confirm) -> Ask {
        Ask { confirm: Some(confirm), ..self }
    }

    /// The command as far as it can be told before anything is filled in: words that are yet to be written change no rule's
    /// answer, everything else may.
    pub fn ahead(&self) -> Option<Command> {
        let only_words = self
            .fields
            .iter()
            .all(|field| matches!(&field.entry, Entry::Line(input) if input.kind() == input::Kind::Text));
        let filled = |name: &str| match self.fields.iter().find(|field| field.name == name) {
            Some(field) if field.text().is_empty() => YET_TO_COME.to_owned(),
            Some(field) => field.text().to_owned(),
            None => String::new(),
        };
        only_words.then(|| (self.make)(&filled).ok()).flatten()
    }

    /// A command that needs a reason in writing.
    pub fn with_reason(title: String, lines: Vec<String>, make: impl Fn(Text) -> Command + 'static) -> Ask {
        let reason = Field::line("reason", "field.reason", input::Kind::Text).needed();
        let make = move |filled: &Filled<'_>| Ok(make(Text::new(&filled("reason"))));
        Ask { title, lines, fields: vec![reason], confirm: None, make: Box::new(make) }
    }
}
