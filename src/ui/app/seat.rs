//! Who sits at the terminal, and what was asked of the server and is not answered yet.

use crate::domain::command::Command;
use crate::domain::time::Moment;
use crate::ui::app::gate::Gate;
use crate::ui::pane::Seated;

/// How long a person may be away before the terminal is nobody's, in seconds (trust.md I5).
const AWAY_MOST: i64 = 60 * 60;

/// How long the lock is shown in place of a screen that stays in sight, after a key, in seconds.
const AWAKE: i64 = 60;

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
    /// When a key was pressed last at the lock of a screen that stays in sight.
    pub woken: Option<Moment>,
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

    /// The books say something else now of who is at work.
    pub fn know(&mut self, who: Seated) {
        if let Seat::Taken(sitter) | Seat::Locked(sitter, _) = self {
            sitter.who = who;
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

    /// Whether the lock itself has to be shown, though the screen behind it could stay in sight.
    pub fn is_awake(&self, now: Moment) -> bool {
        match self {
            Seat::Locked(Sitter { woken: Some(at), .. }, _) => now.seconds_since(*at) < AWAKE,
            _ => false,
        }
    }

    /// A key was pressed at the lock.
    pub fn wake(&mut self, now: Moment) {
        if let Seat::Locked(sitter, _) = self {
            sitter.woken = Some(now);
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

    /// Locks after so many minutes without a key; 0 is never. Returns whether the person has been away for so long that
    /// the terminal is to be left for the next one.
    pub fn rest(&mut self, now: Moment, minutes: u16) -> bool {
        let (Seat::Taken(sitter) | Seat::Locked(sitter, _)) = self else { return false };
        let away = now.seconds_since(*sitter.touched.get_or_insert(now));
        if minutes > 0 && away >= i64::from(minutes) * 60 {
            self.lock();
        }
        self.is_locked() && away >= AWAY_MOST
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
    /// A line of a field whose lines are commands.
    Line,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::PersonId;
    use crate::domain::role::{Role, Roles};

    const START: Moment = Moment::from_micros(1_700_000_000_000_000);

    fn taken() -> Seat {
        let who = Seated { id: PersonId(1), name: "x".into(), roles: Roles::of(&[Role::Keeper]) };
        Seat::Taken(Sitter { who, proved: Some(START), touched: None, woken: None })
    }

    /// Minutes on a clock of the test's own, a tick each.
    fn rest(seat: &mut Seat, from: i64, minutes: i64, lock: u16) -> bool {
        (from..=from + minutes).any(|minute| seat.rest(START.plus_seconds(minute * 60), lock))
    }

    #[test]
    fn a_seat_locks_after_its_minutes_and_not_before() {
        let mut seat = taken();
        rest(&mut seat, 0, 9, 10);
        assert!(!seat.is_locked());
        rest(&mut seat, 10, 0, 10);
        assert!(seat.is_locked() && seat.who().is_some());
        let mut never = taken();
        assert!(!rest(&mut never, 0, 10_000, 0) && !never.is_locked());
    }

    #[test]
    fn a_key_begins_the_time_anew() {
        let mut seat = taken();
        rest(&mut seat, 0, 1, 2);
        seat.touch();
        rest(&mut seat, 2, 1, 2);
        assert!(!seat.is_locked());
        rest(&mut seat, 4, 0, 2);
        assert!(seat.is_locked());
    }

    #[test]
    fn after_an_hour_the_terminal_is_left_for_the_next_one() {
        let mut seat = taken();
        assert!(!rest(&mut seat, 0, 59, 10) && seat.is_locked());
        assert!(rest(&mut seat, 60, 0, 10));
    }

    #[test]
    fn a_proof_is_worth_its_minutes_and_none_behind_the_lock() {
        let mut seat = taken();
        assert!(seat.is_proved(START.plus_seconds(299), 5) && !seat.is_proved(START.plus_seconds(300), 5));
        seat.lock();
        assert!(!seat.is_proved(START, 5));
    }
}
