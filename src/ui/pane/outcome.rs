//! What comes of an act, of a filled form, and what would come of one.

use zeroize::Zeroizing;

use crate::domain::command::Command;
use crate::ui::pane::{Ask, Opening};

/// What an act would come to.
pub enum Foreseen {
    /// It has nothing to be done to: nothing is chosen.
    NothingChosen,
    /// This command.
    Command(Box<Command>),
    /// This command, once what is still empty in it is filled in.
    Unfilled(Box<Command>),
    /// Something that cannot be told before it is done or filled in.
    Untold,
}

/// What came of an act.
pub enum Outcome {
    /// The picture changed.
    Turned,
    /// Other rows are needed.
    Stale,
    /// A command is asked for.
    Ask(Ask),
    /// Another screen is to be opened.
    Open(Opening),
    /// Nothing is chosen.
    NothingChosen,
}

/// What is offered instead of a command that was refused.
pub struct Instead {
    /// The name of its command.
    pub command: &'static str,
    /// The question.
    pub ask: Ask,
    /// Whether the form has what it wanted with it, and closes.
    pub closes: bool,
}

/// What a filled form asks for.
pub enum Commit {
    /// A command.
    Command(Box<Command>),
    /// The import of a file, as the arguments of `taizhang import`.
    Import(serde_json::Value),
    /// A new passphrase for the person of that code.
    Passphrase(String, Zeroizing<String>),
}
