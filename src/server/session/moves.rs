//! That the books have moved on, told to a terminal between its keys: while somebody presses keys, what happened
//! elsewhere comes along with a frame of theirs, and neither slows down every one of them nor draws twice for one.
//!
//! What is to be read for it is much, so it is done in [`Chore`]s: the core looks after each of them whether anything came.

use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// Whether it has waited for long, and the frame of a key has gone.
    late: bool,
}

/// What a terminal does while nobody waits, as much as a key can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chore {
    /// It hears of a move.
    Hear,
    /// It reads a part of what a move left to be read.
    CatchUp,
    /// It does what it left for when the keys rest.
    Rest,
}

impl Session {
    /// The books have moved on.
    pub fn moved(&mut self, seq: Seq, now: Instant) {
        let (since, late) = self.untold.map_or((now, false), |untold| (untold.since, untold.late));
        self.untold = Some(Untold { seq, since, late });
    }

    /// The frame of a key has gone: a move that has waited for long is told now, and seen with the next one.
    pub(super) fn look_at_untold(&mut self, now: Instant) {
        if let Some(untold) = &mut self.untold {
            untold.late |= untold.since + LATEST <= now;
        }
    }

    /// When the face is to hear of a move.
    fn move_at(&self) -> Option<Instant> {
        let Untold { since, late, .. } = self.untold?;
        Some(self.pressing_until().filter(|_| !late).map_or(since, |until| until.max(since)))
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

    fn is_behind(&self) -> bool {
        let face = self.face.as_ref().filter(|_| !self.broken);
        face.is_some_and(|face| catch_unwind(AssertUnwindSafe(|| face.is_behind())).unwrap_or_default())
    }

    /// Whether a move was told and not all is done that it makes necessary: it is drawn then. The next move is told after
    /// that, so that moves without a pause keep nothing from being read and drawn.
    pub fn is_in_round(&self, now: Instant) -> bool {
        self.is_behind() || self.heard && self.rest_at(now).is_some_and(|at| at <= now)
    }

    /// The next chore, and when its time comes. The frame of a key goes its way first.
    fn chore(&self, now: Instant) -> Option<(Chore, Instant)> {
        let (chore, at) = if self.is_behind() {
            (Chore::CatchUp, now)
        } else if self.is_in_round(now) {
            (Chore::Rest, now)
        } else {
            // A move lets what is left for a rest be asked anew, so it comes first where both are due.
            let hear = self.move_at().map(|at| (Chore::Hear, at.max(now)));
            let rest = self.rest_at(now).map(|at| (Chore::Rest, at.max(now)));
            hear.into_iter().chain(rest).min_by_key(|(_, at)| *at)?
        };
        Some((chore, self.carried.map_or(at, |carried| carried.max(at))))
    }

    /// When there is something to be done while nobody waits.
    pub(super) fn chore_at(&self, now: Instant) -> Option<Instant> {
        self.chore(now).map(|(_, at)| at)
    }

    /// Whether there is something to be done now, if nobody waits.
    pub fn has_chore(&self, now: Instant) -> bool {
        self.chore_at(now).is_some_and(|at| at <= now)
    }

    /// Does one chore, if one is due.
    pub fn work(&mut self, now: Instant) -> Vec<Wish> {
        let Some((chore, _)) = self.chore(now).filter(|(_, at)| *at <= now) else { return Vec::new() };
        let event = match chore {
            Chore::CatchUp => Event::CatchUp,
            Chore::Rest => Event::Rested,
            Chore::Hear => {
                let Some(Untold { seq, .. }) = self.untold.take() else { return Vec::new() };
                Event::Moved(seq)
            }
        };
        self.heard |= chore != Chore::Rest;
        self.tell(event, Stale::Elsewhere)
    }
}
