//! A field whose every line is a command of its own: typed ahead, asked one by one, answered behind the typing.

use super::{Ask, Sight};
use crate::domain::command::Command;
use crate::ui::face::{Answer, Key};

/// What the field wants done next.
pub enum Due {
    /// This command; nothing else is asked before its answer.
    Command(Box<Command>),
    /// The picker of the field of that name, with these letters.
    Pick(&'static str, String),
    /// The bell: something was refused or is asked.
    Bell,
    /// The bell of those who want to hear what was taken.
    Chime,
    /// A question, under the name of the command that it leads to.
    Ask(&'static str, Ask),
    /// What it shows changed.
    Shown,
}

/// Such a field, as the shell drives it.
pub trait Entering {
    /// Types into the line.
    fn typed(&mut self, text: &str);
    /// Pastes lines: each but the last was ended by Enter.
    fn pasted(&mut self, text: &str);
    /// An editing key. Returns whether it meant something.
    fn edit(&mut self, key: Key) -> bool;
    /// What was chosen in the picker of the field of that name.
    fn picked(&mut self, field: &str, code: &str);
    /// What is to be done next; called until `None` after every key and every answer.
    fn next(&mut self, sight: &Sight<'_>) -> Option<Due>;
    /// What became of the command, and why not, in words.
    fn answered(&mut self, answer: &Answer, why: Option<String>);
    /// How many rows there are below the field.
    fn fit(&mut self, height: usize);
}
