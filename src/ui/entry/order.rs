//! The words between the field and whoever drives it: what the sheet is asked, what came of a line, what is waited for.

use crate::domain::quantity::Quantity;

/// What the sheet is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Count goods of a code.
    Scan {
        /// What was scanned, typed or picked.
        code: String,
        /// How many; none for a scan, whose figure may follow.
        quantity: Option<Quantity>,
        /// It is the line's own code again: one more of it.
        join: bool,
        /// It really is so much.
        sure: bool,
    },
    /// The last line is so much.
    Set {
        /// So much.
        to: Quantity,
        /// The line that is meant; none for whichever is the last.
        line: Option<u32>,
        /// It really is so much.
        sure: bool,
    },
    /// The last line is so much more, or less.
    Adjust {
        /// By so much.
        by: Quantity,
        /// It really is so much.
        sure: bool,
    },
    /// The last record that stands is taken back.
    Undo,
    /// The last line is entered once more.
    Repeat,
}

/// Why a line is not taken. The words are in the locale under [`Fault::words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Characters of an input method.
    NotAscii,
    /// Six or seven digits: too many for a quantity, too few for a code.
    TooManyDigits,
    /// No quantity.
    NoFigure,
    /// No code.
    NoCode,
    /// The check digit is wrong.
    Damaged,
    /// A few digits that no article has for its code.
    UnknownShort,
    /// No place was named.
    NoPlace,
    /// There is no such place.
    UnknownPlace,
    /// An error or a question waits for its answer first.
    Held,
    /// Too many lines wait.
    Full,
}

impl Fault {
    /// The locale key of the reason.
    pub const fn words(self) -> &'static str {
        match self {
            Fault::NotAscii => "count.not_ascii",
            Fault::TooManyDigits => "count.too_many_digits",
            Fault::NoFigure => "count.no_figure",
            Fault::NoCode => "count.no_code",
            Fault::Damaged => "count.damaged",
            Fault::UnknownShort => "count.unknown_short",
            Fault::NoPlace => "count.no_place",
            Fault::UnknownPlace => "count.unknown_place",
            Fault::Held => "count.held",
            Fault::Full => "count.full",
        }
    }
}

/// What came of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Nothing that is written down: an empty line, a place, a figure for the next scan, an answer to a question.
    Nothing,
    /// The sheet is asked; nothing else is read before its answer.
    Order(Order),
    /// The picker is wanted, with these letters.
    Find(String),
    /// The place is another one from now on.
    Place(String),
    /// It is asked whether nothing is there: a counted zero is a fact.
    AsksZero,
    /// It is not taken.
    Refused(Fault),
}

/// What entering looks up.
pub trait Known {
    /// Whether an article has that code.
    fn code(&self, code: &str) -> bool;
    /// Whether there is such a place to count at.
    fn place(&self, code: &str) -> bool;
}

/// The line whose figure may follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Its number in the sheet; none for whichever is the last.
    pub line: Option<u32>,
    /// Its code.
    pub code: String,
}

/// What the field waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// A code.
    Code {
        /// So many of it.
        preset: Option<Quantity>,
    },
    /// The figure of a line, or the next code.
    Figure(Open),
    /// Another 0, since nothing is there.
    Zero(Option<Open>),
    /// The same figure again, since it is more than usual.
    Sure {
        /// What is asked once more.
        order: Order,
        /// The figure that answers it.
        figure: Quantity,
        /// The line whose figure it is.
        open: Option<Open>,
    },
    /// Enter on an empty line, since something was wrong; then what it waited for before.
    Held(Box<State>),
}

impl Default for State {
    fn default() -> State {
        State::Code { preset: None }
    }
}

impl Order {
    /// The same, and it really is so much.
    pub(super) fn really(self) -> Order {
        match self {
            Order::Scan { code, quantity, join, .. } => Order::Scan { code, quantity, join, sure: true },
            Order::Set { to, line, .. } => Order::Set { to, line, sure: true },
            Order::Adjust { by, .. } => Order::Adjust { by, sure: true },
            other => other,
        }
    }
}
