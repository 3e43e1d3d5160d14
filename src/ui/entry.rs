//! Counting by scanner and number pad: one line at a time becomes a record, a question or a refusal.
//!
//! Pure: it knows no screen, no clock and no store. Lines are queued as they are entered and read one by one, each after the
//! answer to the one before it, so that nothing is lost and nothing is merged: every scan begins a figure of its own. An
//! error holds the field: further scans are refused until Enter comes on an empty line.

use std::collections::VecDeque;

use crate::domain::quantity::Quantity;
use read::Said;

mod order;
mod read;

pub use order::{Came, Fault, Known, Open, Order, State};

/// The most lines that wait to be read.
const QUEUE_MAX: usize = 4_096;
/// A code of fewer digits must be known: somebody who types `12` means a quantity.
const SHORT_CODE: usize = 8;

/// A line as it was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Text(String),
    /// Characters came that no code has.
    Spoiled,
    /// A code from the picker, which may be any.
    Picked(String),
    /// A place from its picker.
    Place(String),
}

/// The field: what waits, what is being answered, what it expects next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    state: State,
    queue: VecDeque<Line>,
    asked: Option<Order>,
    /// How many lines were refused since the error that holds the field.
    refused: usize,
}

impl Entry {
    /// What it waits for.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether an error holds it.
    pub fn is_held(&self) -> bool {
        matches!(self.state, State::Held(_))
    }

    /// Whether an error or a question has to be answered before anything else: what it is about is not on the sheet.
    pub fn is_asking(&self) -> bool {
        matches!(self.state, State::Held(_) | State::Zero(_) | State::Sure { .. })
    }

    /// How many lines were refused since the error that holds it.
    pub fn refused_since(&self) -> usize {
        self.refused
    }

    /// The lines that are not on the sheet yet, the one that is being written first.
    pub fn waiting(&self) -> impl Iterator<Item = &str> {
        let asked = self.asked.iter().map(|order| match order {
            Order::Scan { code, .. } => code.as_str(),
            _ => "",
        });
        let queued = self.queue.iter().map(|line| match line {
            Line::Text(text) | Line::Picked(text) => text.as_str(),
            Line::Spoiled | Line::Place(_) => "",
        });
        asked.chain(queued)
    }

    /// Whether nothing waits to be read or answered.
    pub fn is_idle(&self) -> bool {
        self.asked.is_none() && self.queue.is_empty()
    }

    /// Queues a line that Enter ended.
    pub fn enter(&mut self, line: &str) -> Result<(), Fault> {
        self.queue_up(Line::Text(line.to_owned()))
    }

    /// Queues a line in which characters came that no code has: the whole of it is refused.
    pub fn enter_spoiled(&mut self) -> Result<(), Fault> {
        self.queue_up(Line::Spoiled)
    }

    /// Queues a code that was chosen in the picker.
    pub fn pick(&mut self, code: &str) -> Result<(), Fault> {
        self.queue_up(Line::Picked(code.to_owned()))
    }

    /// Queues a change of place that was chosen in its picker.
    pub fn go_to(&mut self, place: &str) -> Result<(), Fault> {
        self.queue_up(Line::Place(place.to_owned()))
    }

    fn queue_up(&mut self, line: Line) -> Result<(), Fault> {
        if self.queue.len() >= QUEUE_MAX {
            return Err(Fault::Full);
        }
        self.queue.push_back(line);
        Ok(())
    }

    /// Reads the next line, unless an answer is awaited. `None` where there is nothing to do.
    pub fn next(&mut self, known: &dyn Known) -> Option<Came> {
        if self.asked.is_some() {
            return None;
        }
        let line = self.queue.pop_front()?;
        let said = match line {
            Line::Text(text) => read::read(&text),
            Line::Spoiled => Err(Fault::NotAscii),
            Line::Picked(code) => Ok(Said::Code(code)),
            Line::Place(place) => Ok(Said::Place(place)),
        };
        let came = self.take(said, known);
        match &came {
            Came::Order(order) => self.asked = Some(order.clone()),
            Came::Refused(fault) => self.hold(*fault),
            _ => (),
        }
        Some(came)
    }

    /// The sheet took what it was asked: this line and code are its last now.
    pub fn accepted(&mut self, line: u32, code: &str) {
        let asked = self.asked.take();
        self.state = match asked {
            Some(Order::Scan { quantity: None, .. }) => State::Figure(Open { line: Some(line), code: code.to_owned() }),
            _ => State::default(),
        };
    }

    /// The sheet did not take it. Where it asks whether it really is so much, the figure given again answers it.
    pub fn declined(&mut self, asks: Option<Quantity>) {
        let Some(order) = self.asked.take() else { return };
        let open = match std::mem::take(&mut self.state) {
            State::Figure(open) => Some(open),
            State::Sure { open, .. } | State::Zero(open) => open,
            _ => None,
        };
        self.refused += self.queue.len();
        self.queue.clear();
        let figure = match &order {
            Order::Scan { quantity, .. } => quantity.or(asks),
            Order::Set { to, .. } => Some(*to),
            Order::Adjust { by, .. } => Some(if by.is_positive() { *by } else { -*by }),
            Order::Undo | Order::Repeat => None,
        };
        self.state = match (asks, figure) {
            (Some(_), Some(figure)) => State::Sure { order, figure, open },
            _ => State::Held(Box::new(open.map_or_else(State::default, State::Figure))),
        };
    }

    /// Goes back to the figure of the last line.
    pub fn mend(&mut self, line: u32, code: &str) {
        if self.is_idle() {
            self.state = State::Figure(Open { line: Some(line), code: code.to_owned() });
            self.refused = 0;
        }
    }

    /// What it waits for is given up: a figure, a question, an error that was seen.
    pub fn give_up(&mut self) {
        if self.is_idle() {
            self.release();
        }
    }

    fn release(&mut self) {
        self.state = match std::mem::take(&mut self.state) {
            State::Held(back) => *back,
            State::Zero(Some(open)) | State::Sure { open: Some(open), .. } => State::Figure(open),
            _ => State::default(),
        };
        self.refused = 0;
    }

    /// An error holds the field; what stands behind it in the queue was entered before it was seen, and is refused.
    fn hold(&mut self, fault: Fault) {
        self.refused += self.queue.len() + usize::from(fault == Fault::Held);
        self.queue.clear();
        if !matches!(self.state, State::Held(_) | State::Sure { .. } | State::Zero(_)) {
            self.state = State::Held(Box::new(std::mem::take(&mut self.state)));
        }
    }

    fn take(&mut self, said: Result<Said, Fault>, known: &dyn Known) -> Came {
        match &self.state {
            State::Held(back) => {
                let figure = matches!(**back, State::Figure(_));
                match said {
                    Ok(Said::Empty) => {
                        self.release();
                        Came::Nothing
                    }
                    // A mistyped figure is simply typed again.
                    Ok(Said::Figure(..)) if figure => {
                        self.release();
                        self.free(said, known)
                    }
                    _ => Came::Refused(Fault::Held),
                }
            }
            State::Zero(open) => self.zero(open.clone(), said, known),
            State::Sure { order, figure, open } => {
                let (order, figure, open) = (order.clone(), *figure, open.clone());
                self.sure(order, figure, open, said)
            }
            State::Code { .. } | State::Figure(_) => self.free(said, known),
        }
    }

    /// The answer to whether nothing is there.
    fn zero(&mut self, open: Option<Open>, said: Result<Said, Fault>, known: &dyn Known) -> Came {
        match said {
            Ok(Said::Figure(to, _) | Said::Set(to)) if to.is_zero() => {
                let line = open.as_ref().and_then(|open| open.line);
                self.state = open.map_or_else(State::default, State::Figure);
                Came::Order(Order::Set { to, line, sure: false })
            }
            Ok(Said::Figure(..) | Said::Set(_) | Said::Empty) => {
                self.state = open.map_or_else(State::default, State::Figure);
                if said == Ok(Said::Empty) { Came::Nothing } else { self.free(said, known) }
            }
            Ok(_) => Came::Refused(Fault::Held),
            Err(fault) => Came::Refused(fault),
        }
    }

    /// The answer to whether it really is so much.
    fn sure(&mut self, order: Order, figure: Quantity, open: Option<Open>, said: Result<Said, Fault>) -> Came {
        let line = open.as_ref().and_then(|open| open.line);
        match said {
            Ok(Said::Figure(again, _) | Said::Set(again)) if again == figure => Came::Order(order.really()),
            Ok(Said::Figure(to, _) | Said::Set(to)) => match order {
                Order::Scan { code, join: false, .. } => {
                    Came::Order(Order::Scan { code, quantity: Some(to), join: false, sure: false })
                }
                _ => Came::Order(Order::Set { to, line, sure: false }),
            },
            Ok(Said::Empty) => {
                self.release();
                Came::Nothing
            }
            Ok(_) => Came::Refused(Fault::Held),
            Err(fault) => Came::Refused(fault),
        }
    }

    /// A line while nothing is asked.
    fn free(&mut self, said: Result<Said, Fault>, known: &dyn Known) -> Came {
        let said = match said {
            Ok(said) => said,
            Err(fault) => return Came::Refused(fault),
        };
        let open = match &self.state {
            State::Figure(open) => Some(open.clone()),
            _ => None,
        };
        let line = open.as_ref().and_then(|open| open.line);
        match said {
            Said::Empty => {
                // A figure for the next scan survives the second half of a doubled Enter.
                if open.is_some() {
                    self.state = State::default();
                }
                Came::Nothing
            }
            Said::Find(letters) => Came::Find(letters),
            Said::Place(place) if known.place(&place) => {
                self.state = State::default();
                Came::Place(place)
            }
            Said::Place(_) => Came::Refused(Fault::UnknownPlace),
            Said::Undo => Came::Order(Order::Undo),
            Said::Repeat => Came::Order(Order::Repeat),
            Said::Set(to) => self.set(to, line, open),
            Said::Adjust(by) if by.is_zero() => Came::Refused(Fault::NoFigure),
            Said::Adjust(by) => Came::Order(Order::Adjust { by, sure: false }),
            Said::Preset(many) | Said::Many(many, _) if many.is_zero() => Came::Refused(Fault::NoFigure),
            Said::Preset(many) => {
                self.state = State::Code { preset: Some(many) };
                Came::Nothing
            }
            Said::Many(many, code) => self.scan(code, Some(many), None, known),
            Said::Figure(to, _) if open.is_some() => self.set(to, line, open),
            Said::Figure(_, typed) => self.scan(typed, None, None, known),
            Said::Between(digits) if open.is_none() && known.code(&digits) => self.scan(digits, None, None, known),
            Said::Between(_) => Came::Refused(Fault::TooManyDigits),
            Said::Code(code) => self.scan(code, None, open, known),
        }
    }

    fn set(&mut self, to: Quantity, line: Option<u32>, open: Option<Open>) -> Came {
        if to.is_zero() {
            self.state = State::Zero(open);
            return Came::AsksZero;
        }
        Came::Order(Order::Set { to, line, sure: false })
    }

    fn scan(&mut self, code: String, many: Option<Quantity>, open: Option<Open>, known: &dyn Known) -> Came {
        let digits = code.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if digits && code.len() < SHORT_CODE && !known.code(&code) {
            return Came::Refused(Fault::UnknownShort);
        }
        let preset = match &self.state {
            State::Code { preset } => *preset,
            _ => None,
        };
        let quantity = many.or(preset);
        let join = quantity.is_none() && open.is_some_and(|open| open.code == code);
        Came::Order(Order::Scan { code, quantity, join, sure: false })
    }
}

#[cfg(test)]
mod tests;
