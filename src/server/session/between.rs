//! What a terminal does between its keys: the clock goes on, the next key is prepared.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::{PRESSING, Session, Stale};
use crate::domain::time::Moment;
use crate::ui::face::{Event, Wish};

/// How long what happens elsewhere waits after a key in a field, so that an input method's window stays in place.
const TYPING: Duration = Duration::from_millis(250);
/// How long after a key's frame the next key is prepared: sooner, the work would take a core from those that carry the
/// frame on to the terminal (seen with `perf sched timehist`: the kernel's worker waited for it a fifth of a key's time).
pub(super) const CARRIED: Duration = Duration::from_millis(3);
/// A face that keeps asking for a tick in the past gets one so often.
const TICK_LEAST: Duration = Duration::from_millis(10);

impl Session {
    /// The face's tick, if it is due. The clock waits while somebody types into a field, and a moment after other keys.
    pub fn tick(&mut self, now: Instant, moment: Moment) -> Vec<Wish> {
        if self.tick_at(now, moment).is_none_or(|at| at > now) {
            return Vec::new();
        }
        self.tell_time(now, moment)
    }

    /// The frame of a key is on its way.
    pub(super) fn sent(&mut self, now: Instant) {
        self.carried = Some(now + CARRIED);
    }

    /// Lets the face read what the next key will need, once the last one's frame has reached the terminal.
    pub fn look_ahead(&mut self, now: Instant) {
        if self.carried.take_if(|at| *at <= now).is_none() {
            return;
        }
        if let Some(face) = self.face.as_mut().filter(|_| !self.broken) {
            self.broken |= catch_unwind(AssertUnwindSafe(|| face.on(Event::Shown))).is_err();
        }
        self.look_at_untold(now);
    }

    /// When the face may do what it left for when the keys rest.
    pub(super) fn rest_at(&self, now: Instant) -> Option<Instant> {
        let face = self.face.as_ref().filter(|_| !self.broken)?;
        let wanted = catch_unwind(AssertUnwindSafe(|| face.wants_rest())).unwrap_or_default();
        wanted.then(|| self.pressed.map_or(now, |at| at + PRESSING))
    }

    pub(super) fn tell_time(&mut self, now: Instant, moment: Moment) -> Vec<Wish> {
        self.ticked = Some(now);
        self.tell(Event::Tick(moment), Stale::Elsewhere)
    }

    pub(super) fn tick_at(&self, now: Instant, moment: Moment) -> Option<Instant> {
        let wanted = self.wanted_at(now, moment)?;
        let pressing = self.pressed.map(|at| at + PRESSING);
        [Some(wanted), self.typing_until(), pressing].into_iter().flatten().max()
    }

    /// When the face wants its tick, and not too soon after the last one.
    pub(super) fn wanted_at(&self, now: Instant, moment: Moment) -> Option<Instant> {
        let face = self.face.as_ref()?;
        let wanted = catch_unwind(AssertUnwindSafe(|| face.wants_at())).ok().flatten()?;
        let wait = wanted.as_micros().saturating_sub(moment.as_micros()).clamp(0, 3_600_000_000);
        let wanted = now + Duration::from_micros(wait as u64);
        let least = self.ticked.map(|at| at + TICK_LEAST);
        Some(least.map_or(wanted, |least| least.max(wanted)))
    }

    pub(super) fn typing_until(&self) -> Option<Instant> {
        self.typed.map(|at| at + TYPING)
    }
}
