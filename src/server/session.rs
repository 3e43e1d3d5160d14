//! One attached terminal: its keyboard, its face, its screen, and who sits there.
//!
//! A session is drawn only when something made it stale and its last frame has been written: a slow terminal merges
//! frames instead of queueing them. A face that panics closes its own session and no other.

mod between;
mod moves;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::link::{Link, LinkEnd};
use super::screen::{self, Screen};
use super::{Arrival, Peer, SessionId, Speaker};
use crate::domain::id::PersonId;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::ui::canvas::Canvas;
use crate::ui::face::{Answer, Draft, Event, Face, Focus, Wish};
use crate::ui::key::Keyboard;
use crate::ui::text;
use crate::wire::{Down, Goodbye, Terminal};

/// A terminal that takes no frame for so long is let go.
const STUCK: Duration = Duration::from_secs(30);
/// How long the clock waits after a key elsewhere: whoever goes on pressing keys gets it with their frames instead.
const PRESSING: Duration = Duration::from_millis(100);
/// How long after a key a half-entered form is kept.
const DRAFT_AFTER: Duration = Duration::from_secs(1);
/// How often one frame rings at most.
const BELLS_MAX: u8 = 2;
/// The most wishes of one terminal that may wait for their answers.
const WAITING_MAX: u16 = 64;

/// How stale a terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stale {
    /// It shows what is.
    No,
    /// Something happened elsewhere, or the clock moved.
    Elsewhere,
    /// Its own key, size or answer.
    Own,
}

pub(super) struct Session {
    pub id: SessionId,
    pub link: Link,
    pub peer: Peer,
    pub terminal: Terminal,
    pub person: Option<PersonId>,
    pub proved: Option<Moment>,
    pub stale: Stale,
    pub face: Option<Box<dyn Face>>,
    pub broken: bool,
    keyboard: Keyboard,
    screen: Screen,
    /// The last input received, and the last one that everything shown reflects.
    received: u32,
    settled: u32,
    /// What the last frame said: its input, its waiting wishes and the journal's position.
    told: (u32, u16, u64),
    busy: Option<Instant>,
    waiting: u16,
    bells: u8,
    copied: Option<String>,
    typed: Option<Instant>,
    pressed: Option<Instant>,
    /// Whether an answer came since the last key.
    answered: bool,
    untold: Option<moves::Untold>,
    /// Whether it heard or read of a move since the last key: what is left for a rest was left by that move then.
    heard: bool,
    ticked: Option<Instant>,
    /// When the frame of the last key will have reached the terminal.
    carried: Option<Instant>,
    /// The draft that was kept last, and when to look for another one.
    kept: Option<Draft>,
    look_for_draft: Option<Instant>,
}

impl Session {
    pub fn new(id: SessionId, link: Link, peer: Peer, terminal: Terminal) -> Session {
        let screen = Screen::new(terminal.cols, terminal.rows, terminal.colours);
        let keyboard = Keyboard::new(terminal.slow);
        Session {
            id,
            link,
            peer,
            terminal,
            person: None,
            proved: None,
            stale: Stale::Own,
            face: None,
            broken: false,
            keyboard,
            screen,
            received: 0,
            settled: 0,
            told: (u32::MAX, 0, 0),
            busy: None,
            waiting: 0,
            bells: 0,
            copied: None,
            typed: None,
            pressed: None,
            answered: false,
            untold: None,
            heard: false,
            ticked: None,
            carried: None,
            kept: None,
            look_for_draft: None,
        }
    }

    pub fn arrival(&self, now: Moment) -> Arrival {
        Arrival { session: self.id, peer: self.peer, terminal: self.terminal.clone(), now }
    }

    pub fn speaker(&self) -> Speaker {
        Speaker {
            person: self.person,
            proved: self.proved,
            peer: self.peer,
            tty: self.terminal.tty.clone(),
            lang: self.terminal.lang.clone(),
        }
    }

    /// Puts the face on, which a terminal that came before the store was open waits for.
    pub fn show(&mut self, face: Option<Box<dyn Face>>) {
        self.broken = face.is_none();
        self.face = face;
        self.make_stale(Stale::Own);
    }

    pub fn make_stale(&mut self, stale: Stale) {
        self.stale = self.stale.max(stale);
    }

    /// Counts a wish that will be answered; `false` where too many wait already.
    pub fn expects_answer(&mut self) -> bool {
        let may = self.waiting < WAITING_MAX;
        self.waiting += u16::from(may);
        may
    }

    /// Takes keyboard bytes. A clock that is due goes with their frame, unless they are typed into a field.
    pub fn input(&mut self, n: u32, bytes: &[u8], now: Instant, moment: Moment) -> Vec<Wish> {
        self.received = n;
        // What was to be read for this key comes too late, and must not hold up its frame.
        (self.pressed, self.answered, self.heard, self.carried) = (Some(now), false, false, None);
        let in_field = self.face.as_ref().is_some_and(|face| !face.focus().holds());
        let due = self.wanted_at(now, moment).is_some_and(|at| at <= now);
        let mut wishes = if due && !in_field { self.tell_time(now, moment) } else { Vec::new() };
        wishes.extend(self.keys(now, |keyboard, focus, deliver| keyboard.take(bytes, now, focus, deliver)));
        wishes
    }

    /// Delivers what the keyboard held, once its time has come.
    pub fn wake_keyboard(&mut self, now: Instant) -> Vec<Wish> {
        if self.keyboard.deadline().is_none_or(|deadline| deadline > now) {
            return Vec::new();
        }
        self.keys(now, |keyboard, focus, deliver| keyboard.wake(now, focus, deliver))
    }

    fn keys(
        &mut self,
        now: Instant,
        take: impl FnOnce(&mut Keyboard, Focus, &mut dyn FnMut(crate::ui::face::Press) -> Focus),
    ) -> Vec<Wish> {
        let mut wishes = Vec::new();
        if let Some(face) = &mut self.face {
            let (keyboard, typed) = (&mut self.keyboard, &mut self.typed);
            let whole = catch_unwind(AssertUnwindSafe(|| {
                let focus = face.focus();
                take(keyboard, focus, &mut |press| {
                    if !face.focus().holds() {
                        *typed = Some(now);
                    }
                    wishes.extend(face.on(Event::Input(vec![press])));
                    face.focus()
                });
            }));
            self.broken |= whole.is_err();
        }
        self.look_for_draft = self.look_for_draft.or(Some(now + DRAFT_AFTER));
        if self.face.is_none() || self.keyboard.is_settled() {
            self.settled = self.received;
        }
        self.make_stale(Stale::Own);
        wishes
    }

    /// Tells the face what happened.
    pub fn tell(&mut self, event: Event, stale: Stale) -> Vec<Wish> {
        self.make_stale(stale);
        let Some(face) = &mut self.face else { return Vec::new() };
        let told = catch_unwind(AssertUnwindSafe(|| face.on(event)));
        self.broken |= told.is_err();
        told.unwrap_or_default()
    }

    /// Gives an answer to the face.
    pub fn answer(&mut self, ticket: u64, answer: Answer) -> Vec<Wish> {
        (self.waiting, self.answered) = (self.waiting.saturating_sub(1), true);
        if matches!(answer, Answer::SignedIn(_)) {
            // A form that is resumed at sign-in is known as kept, so that finishing it drops the draft.
            self.look_for_draft = Some(Instant::now());
        }
        self.tell(Event::Answered { ticket, answer }, Stale::Own)
    }

    /// Tells the face how far its work has come.
    pub fn progress(&mut self, ticket: u64, done: u64, of: u64) -> Vec<Wish> {
        self.tell(Event::Progress { ticket, done, of }, Stale::Own)
    }

    /// Tells the face that a wish was not even passed on.
    pub fn tell_failed(&mut self, ticket: u64, why: Text) -> Vec<Wish> {
        self.tell(Event::Answered { ticket, answer: Answer::Failed(why) }, Stale::Own)
    }

    /// What is half-entered, once it is due at `now` and not what was kept last: the form, and its text if it is not finished.
    pub fn draft(&mut self, now: Instant) -> Option<(String, Option<String>)> {
        self.look_for_draft.filter(|at| *at <= now)?;
        self.look_for_draft = None;
        let face = self.face.as_ref().filter(|_| self.person.is_some() && !self.broken)?;
        let draft = catch_unwind(AssertUnwindSafe(|| face.draft())).unwrap_or_default();
        if draft == self.kept {
            return None;
        }
        let before = std::mem::replace(&mut self.kept, draft.clone());
        match (before, draft) {
            (_, Some(draft)) => Some((draft.form, Some(draft.text))),
            (before, None) => before.map(|before| (before.form, None)),
        }
    }

    /// When this session needs the core's attention though nothing arrives.
    pub fn deadline(&self, now: Instant, moment: Moment) -> Option<Instant> {
        let stuck = self.busy.map(|since| since + STUCK);
        let waits = self.stale == Stale::Elsewhere && self.busy.is_none() && !self.is_in_round(now);
        let held = waits.then(|| self.still_until()).flatten();
        let (tick, chore) = (self.tick_at(now, moment), self.chore_at(now));
        [self.keyboard.deadline(), tick, chore, stuck, held, self.look_for_draft, self.carried]
            .into_iter()
            .flatten()
            .min()
    }

    /// Whether the terminal has taken no frame for too long.
    pub fn is_stuck(&self, now: Instant) -> bool {
        self.busy.is_some_and(|since| now >= since + STUCK)
    }

    pub fn resize(&mut self, cols: u16, rows: u16) -> Vec<Wish> {
        self.screen.resize(cols, rows);
        let area = self.screen.area();
        (self.terminal.cols, self.terminal.rows) = (area.width, area.height);
        self.tell(Event::Resized(area.width, area.height), Stale::Own)
    }

    /// The person leaves; what was half-entered is kept for them already, or was given up by leaving.
    pub fn sign_out(&mut self) {
        (self.person, self.proved, self.kept) = (None, None, None);
    }

    pub fn ring(&mut self) {
        self.bells = (self.bells + 1).min(BELLS_MAX);
    }

    /// A text for the clipboard of a terminal that asked for it; at any other it goes nowhere.
    pub fn copy(&mut self, text: &str) {
        self.copied = self.terminal.clipboard.then(|| screen::clipboard(text));
        self.make_stale(Stale::Own);
    }

    pub fn repaint(&mut self) {
        self.screen.repaint();
        self.make_stale(Stale::Own);
    }

    /// The terminal has written its frame.
    pub fn acknowledged(&mut self) {
        self.busy = None;
    }

    /// Whether it shall be drawn now.
    pub fn wants_frame(&self, now: Instant) -> bool {
        let due = match self.stale {
            Stale::No => false,
            Stale::Elsewhere => self.still_until().is_none_or(|until| until <= now) && !self.is_in_round(now),
            Stale::Own => true,
        };
        due && self.busy.is_none()
    }

    /// Draws and sends what changed. `opening` is shown while there is no face yet.
    pub fn draw(
        &mut self,
        now: Instant,
        seq: u64,
        opening: impl Fn(&Terminal) -> Vec<String>,
    ) -> Result<bool, LinkEnd> {
        if std::mem::replace(&mut self.stale, Stale::No) == Stale::Own {
            self.sent(now);
        }
        let bells = std::mem::take(&mut self.bells);
        if self.terminal.plain {
            return self.speak(now, seq, bells > 0);
        }
        let (face, screen, terminal) = (&self.face, &mut self.screen, &self.terminal);
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            screen
                .frame(bells, |area, canvas| match face {
                    Some(face) => face.draw(area, canvas),
                    None => draw_opening(&opening(terminal), area, canvas),
                })
                .len()
        }));
        let Ok(length) = drawn else {
            self.broken = true;
            return Ok(false);
        };
        let copied = self.copied.take().unwrap_or_default();
        if !self.is_news(length + copied.len(), seq) {
            return Ok(false);
        }
        let bytes = [self.screen.bytes(), copied.as_bytes()].concat();
        Down::encode_frame(self.link.out(), self.told.0, self.told.1, self.told.2, &bytes);
        self.busy = Some(now);
        self.link.send()
    }

    /// Writes what the face says line by line, where the terminal takes no pictures.
    fn speak(&mut self, now: Instant, seq: u64, bell: bool) -> Result<bool, LinkEnd> {
        let said = self.face.as_mut().map(|face| catch_unwind(AssertUnwindSafe(|| face.speak())));
        let Ok(mut said) = said.unwrap_or_else(|| Ok(String::new())) else {
            self.broken = true;
            return Ok(false);
        };
        if bell {
            said.push('\x07');
        }
        let bytes = screen::plain(&said);
        if !self.is_news(bytes.len(), seq) {
            return Ok(false);
        }
        Down::encode_frame(self.link.out(), self.told.0, self.told.1, self.told.2, bytes.as_bytes());
        self.busy = Some(now);
        self.link.send()
    }

    /// Whether a frame of that many bytes says anything that the last one did not; what it says is noted.
    fn is_news(&mut self, length: usize, seq: u64) -> bool {
        // Before the store is open something is always awaited.
        let waiting = if self.face.is_some() { self.waiting } else { 1 };
        let telling = (self.settled, waiting, seq);
        let before = std::mem::replace(&mut self.told, telling);
        length > 0 || telling != before
    }

    /// Says goodbye as well as the socket takes it; a terminal that takes nothing is not waited for.
    pub fn close(mut self, why: Goodbye) {
        farewell(&mut self.link, why);
        // A face that breaks while it is dropped has nothing left to harm.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(self.face)));
    }
}

/// Sends why a connection ends, without waiting for it to be read.
pub(super) fn farewell(link: &mut Link, why: Goodbye) {
    Down::Goodbye(why).encode(link.out());
    // Whoever has gone, or reads nothing, has no use for the reason.
    let _ = link.send();
}

fn draw_opening(lines: &[String], area: Rect, canvas: &mut Canvas) -> Option<Position> {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        text::put(canvas, area.x, y, area.width, line, Style::new());
    }
    None
}

#[cfg(test)]
mod tests;
