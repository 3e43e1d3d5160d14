//! That the books have moved on, told to a terminal between its keys: while somebody presses keys, what happened
//! elsewhere comes along with a frame of theirs, and neither slows down every one of them nor draws twice for one.

use std::time::{Duration, Instant};

use super::{PRESSING, Session, Stale};
use crate::domain::id::Seq;
use crate::ui::face::{Event, Wish};

/// To whoever presses keys without a pause it is told once a key's frame is on its way, after so long.
const LATEST: Duration = Duration::from_millis(300);

/// A move that was not told yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Untold {
    seq: Seq,
    since: Instant,
}

impl Session {
    /// The books have moved on.
    pub fn moved(&mut self, seq: Seq, now: Instant) -> Vec<Wish> {
        let since = self.untold.map_or(now, |untold| untold.since);
        self.untold = Some(Untold { seq, since });
        self.tell_move(now)
    }

    /// Tells the face of a move, once its time has come.
    pub fn tell_move(&mut self, now: Instant) -> Vec<Wish> {
        if self.move_at().is_some_and(|at| at <= now) { self.let_know() } else { Vec::new() }
    }

    /// Tells the face of a move that has waited for long, now that the frame of a key has gone; it is seen with the next
    /// one.
    pub(super) fn tell_old_move(&mut self, now: Instant) -> Vec<Wish> {
        let overdue = self.untold.is_some_and(|untold| untold.since + LATEST <= now);
        if overdue { self.let_know() } else { Vec::new() }
    }

    fn let_know(&mut self) -> Vec<Wish> {
        let Some(Untold { seq, .. }) = self.untold.take() else { return Vec::new() };
        self.tell(Event::Moved(seq), Stale::Elsewhere)
    }

    /// When the face is to hear of a move.
    pub(super) fn move_at(&self) -> Option<Instant> {
        let since = self.untold?.since;
        Some(self.pressing_until().map_or(since, |until| until.max(since)))
    }

    /// Until when a key was pressed only a moment ago that was not answered yet. What a key has done itself is seen with
    /// its answer.
    fn pressing_until(&self) -> Option<Instant> {
        self.pressed.filter(|_| self.waiting == 0 && !self.answered).map(|at| at + PRESSING)
    }

    /// Until when what happens elsewhere is not drawn.
    pub(super) fn still_until(&self) -> Option<Instant> {
        self.typing_until().max(self.pressing_until())
    }
}
