//! Who sits at the terminal, and what was asked of the server and is not answered yet.

use crate::domain::command::Command;
use crate::domain::time::Moment;
use crate::ui::app::gate::Gate;
use crate::ui::pane::Seated;

/// The seat in front of the terminal.
pub(super) enum Seat {
    /// Nobody: the sign-in screen.
    Empty(Gate),
    /// A person at work.
    Taken(Sitter),
    /// A person who went away: the screens wait behind the lock.
    Locked(Sitter, Gate),
}

/// A person at work.
pub(super) struct Sitter {
    pub who: Seated,
    /// When a passphrase was given last, for signatures and money.
    pub proved: Option<Moment>,
    /// When a key was pressed last, as far as ticks tell.
    pub touched: Option<Moment>,
}

impl Seat {
    /// An empty seat in a store that has nobody yet.
    pub fn first() -> Seat {
        Seat::Empty(Gate::first())
    }

    pub fn empty() -> Seat {
        Seat::Empty(Gate::sign_in())
    }

    /// Who is at work, or has locked the terminal.
    pub fn who(&self) -> Option<&Seated> {
        match self {
            Seat::Empty(_) => None,
            Seat::Taken(sitter) | Seat::Locked(sitter, _) => Some(&sitter.who),
        }
    }

    pub fn gate(&self) -> Option<&Gate> {
        match self {
            Seat::Empty(gate) | Seat::Locked(_, gate) => Some(gate),
            Seat::Taken(_) => None,
        }
    }

    pub fn gate_mut(&mut self) -> Option<&mut Gate> {
        match self {
            Seat::Empty(gate) | Seat::Locked(_, gate) => Some(gate),
            Seat::Taken(_) => None,
        }
    }

    pub fn is_locked(&self) -> bool {
        matches!(self, Seat::Locked(..))
    }

    /// A key was pressed: the time of rest begins anew at the next tick.
    pub fn touch(&mut self) {
        if let Seat::Taken(sitter) = self {
            sitter.touched = None;
        }
    }

    /// Locks after so many minutes without a key; 0 is never.
    pub fn rest(&mut self, now: Moment, minutes: u16) {
        let Seat::Taken(sitter) = self else { return };
        let since = *sitter.touched.get_or_insert(now);
        if minutes > 0 && now.seconds_since(since) >= i64::from(minutes) * 60 {
            self.lock();
        }
    }

    pub fn lock(&mut self) {
        *self = match std::mem::replace(self, Seat::empty()) {
            Seat::Taken(sitter) => {
                let gate = Gate::unlock(&sitter.who);
                Seat::Locked(sitter, gate)
            }
            other => other,
        };
    }

    /// Whether the passphrase was given in the last `minutes`.
    pub fn is_proved(&self, now: Moment, minutes: u16) -> bool {
        let Seat::Taken(Sitter { proved: Some(at), .. }) = self else { return false };
        now.seconds_since(*at) < i64::from(minutes) * 60
    }

    pub fn prove(&mut self, now: Moment) {
        if let Seat::Taken(sitter) = self {
            sitter.proved = Some(now);
        }
    }
}

/// Why something was asked of the server.
pub(super) enum Reason {
    /// Somebody signs in.
    SignIn,
    /// The first administrator is appointed.
    First,
    /// The person proves to be there, before this command.
    Proof { command: Box<Command>, closes: bool },
    /// A command; whether the form on top closes when it is accepted.
    Command { closes: bool },
    /// The import of a file; the form on top closes.
    Import,
}

/// What was asked of the server and is not answered yet.
#[derive(Default)]
pub(super) struct Pending {
    last: u64,
    waiting: Vec<(u64, Reason)>,
}

impl Pending {
    /// A ticket for a wish that is made for `reason`.
    pub fn ticket(&mut self, reason: Reason) -> u64 {
        self.last += 1;
        self.waiting.push((self.last, reason));
        self.last
    }

    /// Why the wish of that ticket was made.
    pub fn take(&mut self, ticket: u64) -> Option<Reason> {
        let at = self.waiting.iter().position(|(known, _)| *known == ticket)?;
        Some(self.waiting.swap_remove(at).1)
    }

    /// Whether an answer is awaited.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }
}
