//! What the server knows of a screen: a face that takes events, makes wishes and can be drawn.
//!
//! The server owns one face per attached terminal. A face never writes to the store, never looks at a clock and never
//! touches a terminal: time comes in as [`Event::Tick`], commands go out as [`Wish::Submit`], and the acting person
//! is the server's knowledge alone, proven by a passphrase or by the kernel (trust.md T1).

use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use crate::domain::clause::Refusals;
use crate::domain::command::Command;
use crate::domain::event;
use crate::domain::id::{ImportId, PersonId, Seq};
use crate::domain::statement::{FileFacts, Tally};
use crate::domain::text::Text;
use crate::domain::time::Moment;
pub use crate::statement::Damage;
use crate::ui::canvas::Canvas;

pub use super::key::{Focus, Key, Mods, Press};

/// What one terminal shows. The server owns one per attached terminal and knows nothing else about screens.
pub trait Face {
    /// Takes an event and says what it wishes done.
    fn on(&mut self, event: Event) -> Vec<Wish>;
    /// When it wants a [`Event::Tick`] (countdowns, grace periods, the clock), if at all.
    fn wants_at(&self) -> Option<Moment>;
    /// Whether it wants an [`Event::Rested`] once no key was pressed for a moment.
    fn wants_rest(&self) -> bool {
        false
    }
    /// Whether a move of the books has left something to be read: it wants an [`Event::CatchUp`] whenever nobody waits, and
    /// what the move changed is drawn once there is nothing left.
    fn is_behind(&self) -> bool {
        false
    }
    /// What the keyboard's input means where the focus is: whether printable characters are grouped before they are delivered.
    fn focus(&self) -> Focus;
    /// The half-entered form of the signed-in person, to be kept for them: a terminal may die at any key. `None` where nothing
    /// is half-entered; what was kept before is dropped then.
    fn draft(&self) -> Option<Draft> {
        None
    }
    /// What a terminal without pictures is to be written, since it was asked last: text and line feeds, backspaces and bells.
    fn speak(&mut self) -> String {
        String::new()
    }
    /// The pure picture, and where the hardware cursor goes; without a place it is parked in the lower left corner.
    fn draw(&self, area: Rect, buf: &mut Canvas) -> Option<Position>;
}

/// A half-entered form, as its screen writes it and reads it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which form.
    pub form: String,
    /// What is in it.
    pub text: String,
}

/// What happens to a face.
#[derive(Debug)]
pub enum Event {
    /// Keys, in the order in which they were pressed.
    Input(Vec<Press>),
    /// The terminal has another size, in cells.
    Resized(u16, u16),
    /// The time it asked for has come; the present moment.
    Tick(Moment),
    /// What its keys made of it has been drawn and sent: what the next key will need can be read.
    Shown,
    /// No key was pressed for a moment: what is too much for every key can be done.
    Rested,
    /// The journal has grown to this entry.
    Moved(Seq),
    /// Nobody waits: a part of what a move left to be read can be read.
    CatchUp,
    /// A wish made under `ticket` was answered.
    Answered {
        /// The ticket of the wish.
        ticket: u64,
        /// The answer.
        answer: Answer,
    },
    /// How far the work under `ticket` has come.
    Progress {
        /// The ticket of the wish.
        ticket: u64,
        /// Rows done.
        done: u64,
        /// Of so many.
        of: u64,
    },
    /// A word to everybody, such as that the disk is full, in each language of [`Lang::ALL`](crate::ui::locale::Lang::ALL).
    Notice([Text; 2]),
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Durable: the journal's entry and its event.
    Accepted {
        /// The entry.
        seq: Seq,
        /// What happened.
        event: Box<event::Event>,
    },
    /// The rules said no: the refusals with their clauses and figures.
    Refused(Refusals),
    /// A statement was imported, or would be (`import` is none for a dry run).
    Imported {
        /// The import.
        import: Option<ImportId>,
        /// What the file says of itself.
        file: Box<FileFacts>,
        /// What it came to.
        tally: Tally,
    },
    /// A statement file is damaged, or none that can be read; nothing was posted of it.
    Damaged(Box<Damage>),
    /// The machine failed; nothing is known to be saved.
    Failed(Text),
    /// The person is signed in, or has proven the passphrase again.
    SignedIn(PersonId),
    /// No person has this code and passphrase; the next try is taken from then on. Unknown, wrong and locked are one answer.
    NotSignedIn {
        /// The earliest moment of another try.
        again: Moment,
    },
}

/// What a face wants done.
#[derive(Debug)]
pub enum Wish {
    /// Submit a command for the signed-in person.
    Submit {
        /// Names the answer; chosen by the face, unique among those that wait.
        ticket: u64,
        /// The command.
        command: Box<Command>,
    },
    /// Sign a person in. The passphrase is wiped once it is checked.
    SignIn {
        /// Names the answer.
        ticket: u64,
        /// The person's code.
        code: String,
        /// The passphrase.
        passphrase: Zeroizing<String>,
    },
    /// Check the signed-in person's passphrase again, before money or a signature.
    Prove {
        /// Names the answer.
        ticket: u64,
        /// The passphrase.
        passphrase: Zeroizing<String>,
    },
    /// Give a person a new passphrase. The rules say who may; the passphrase is wiped once it is hashed.
    SetPassphrase {
        /// Names the answer.
        ticket: u64,
        /// Whose, by sign-in code.
        person: String,
        /// The new passphrase.
        passphrase: Zeroizing<String>,
    },
    /// The person leaves the terminal, which goes back to its sign-in.
    SignOut,
    /// Import a statement file for the signed-in person.
    Import {
        /// Names the answer.
        ticket: u64,
        /// The file and how to take it, as the arguments of `taizhang import`.
        order: Box<serde_json::Value>,
    },
    /// Close this terminal.
    Quit,
    /// Put a text on the terminal's clipboard; only a terminal that asked for it at its start gets it.
    Copy(String),
    /// Ring the terminal's bell.
    Bell,
    /// Clear the terminal and draw all of it.
    Repaint,
}
