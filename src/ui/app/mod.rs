//! The shell around all screens: who sits here, which screen is on top, what the program said last.
//!
//! The top of the stack owns the keys; a question, a menu or a text in front of it owns them first. The shell passes
//! acts to panes, asks for what they ask for, and reads rows again when the journal moves. It holds no
//! clock and no store: time comes as a tick, the books through [`Library`], wishes go to the server.

mod ahead;
mod behind;
mod contexts;
mod counting;
mod dispatch;
mod draft;
mod draw;
mod gate;
mod keys;
mod over;
mod plain;
mod printed;
mod seat;
mod seating;
mod shell;
mod stage;
mod status;
mod undo;

use std::sync::Arc;

use ratatui::layout::{Position, Rect};

use crate::domain::setting::Settings;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::{Answer, Draft, Event, Face, Focus, Wish};
use crate::ui::keymap::Keymap;
use crate::ui::layout::{self, HANDHELD_WIDTH};
use crate::ui::locale::{Lang, Words};
use crate::ui::look::Look;
use crate::ui::pane::{Library, Pane, Reading, Seated, Sight};
use crate::ui::part::message::{Messages, Weight};

use ahead::Ahead;
pub use contexts::contexts;
use over::{Over, Question};
pub use plain::Plain;
use printed::Printed;
use seat::{Pending, Seat};
use stage::Stage;
use status::Counts;
use undo::Trail;

/// What a terminal is like, which does not change while it is attached, and how its person likes it.
#[derive(Debug, Clone)]
pub struct Station {
    /// The language it begins in.
    pub lang: Lang,
    /// Its look.
    pub look: Look,
    /// Whether its clipboard may be written to (OSC 52), which is off unless it was asked for.
    pub clipboard: bool,
    /// Whether the line is slow: the clock goes by minutes.
    pub slow: bool,
    /// The keymap overlays that are on.
    pub overlays: Vec<String>,
    /// What stands on the sign-in screen, such as the people of a demo department.
    pub welcome: Vec<String>,
    /// Whether the store takes given times, which every screen says.
    pub rehearsal: bool,
    /// The Unix account at the other end, to which the first administrator is bound.
    pub unix: Option<u32>,
    /// What is wrong with the keymaps, to be said at the start.
    pub warnings: Vec<String>,
}

/// What the books say that every screen shows.
#[derive(Default)]
struct Known {
    settings: Settings,
    counts: Counts,
    /// The first day whose ledger has lines and which is not closed.
    unclosed: Option<Day>,
}

/// The size, the time and the words of one terminal.
struct View {
    area: Rect,
    now: Moment,
    words: Words,
}

/// All that screens may look at now, for who sits here.
fn sight<'a>(
    books: &'a Reading,
    library: &'a dyn Library,
    view: &'a View,
    known: &'a Known,
    who: &'a Seated,
) -> Sight<'a> {
    Sight { books, library, words: &view.words, settings: &known.settings, who, now: view.now }
}

/// One terminal's screens.
pub struct App {
    library: Arc<dyn Library>,
    keymap: Arc<Keymap>,
    station: Station,
    view: View,
    known: Known,
    seat: Seat,
    stage: Stage,
    over: Option<Over>,
    /// The question whose command has been handed in and is not answered.
    asked: Option<Question>,
    messages: Messages,
    pending: Pending,
    trail: Trail,
    ahead: Ahead,
    printed: Printed,
}

impl App {
    /// The screens of a terminal that has just attached, at `now`, with `size` cells.
    pub fn new(library: Arc<dyn Library>, keymap: Arc<Keymap>, station: Station, now: Moment, size: (u16, u16)) -> App {
        let words = Words::load(station.lang);
        let mut app = App {
            library,
            keymap,
            view: View { area: Rect::new(0, 0, size.0, size.1), now, words },
            known: Known::default(),
            seat: Seat::empty(),
            stage: Stage::new(),
            over: None,
            asked: None,
            messages: Messages::default(),
            pending: Pending::default(),
            trail: Trail::default(),
            ahead: Ahead::default(),
            printed: Printed::default(),
            station,
        };
        app.look_around();
        if app.known.counts.people == 0 {
            app.seat = Seat::first();
        }
        for warning in std::mem::take(&mut app.station.warnings) {
            app.messages.say(now, Weight::Warned, warning);
        }
        app
    }

    fn pen(&self) -> Pen<'_> {
        Pen { words: &self.view.words, look: self.station.look, now: self.view.now, zone: self.known.settings.zone }
    }

    fn say(&mut self, key: &str) {
        let words = self.view.words.say(key).to_owned();
        self.messages.say(self.view.now, Weight::Said, words);
    }

    fn warn(&mut self, words: String) {
        self.messages.say(self.view.now, Weight::Warned, words);
    }

    /// Reads what every screen shows.
    fn look_at_books(&mut self) -> Option<Reading> {
        let books = match self.library.read() {
            Ok(books) => books,
            Err(fault) => {
                self.warn(fault.as_str().to_owned());
                return None;
            }
        };
        match Known::read(&books) {
            Ok(known) => self.known = known,
            Err(fault) => self.warn(fault.to_string()),
        }
        Some(books)
    }

    /// Reads what every screen shows, and the rows of all panes in sight.
    fn look_around(&mut self) {
        self.ahead.lapse();
        let Some(books) = self.look_at_books() else { return };
        self.stage.behind.clear();
        let Some(who) = self.seat.who().cloned() else { return };
        self.fit();
        let sight = sight(&books, &*self.library, &self.view, &self.known, &who);
        let faults: Vec<_> = self
            .stage
            .every()
            .filter_map(|pane| {
                pane.forget();
                pane.refresh(&sight).err()
            })
            .collect();
        for fault in faults {
            self.warn(fault.as_str().to_owned());
        }
    }

    /// Reads the rows of the top pane only: after a step past its page, a filter, a change of a form.
    fn look_again(&mut self) {
        if self.look(|pane, sight| pane.refresh(sight)) {
            self.stage.behind.was_read(self.stage.top_place());
        }
    }

    /// Reads what the top pane shows of its chosen row only: after a step on its page.
    fn look_closer(&mut self) {
        // Where all of it was read ahead the books are not even opened, which takes a tenth of a key's time.
        if self.seat.who().is_some() && self.stage.top().take_ahead() {
            return self.ahead.lapse();
        }
        self.look(|pane, sight| pane.refocus(sight));
    }

    /// After a step: reads what the next one will need, once its frame has gone.
    fn look_ahead(&mut self) {
        if !std::mem::take(&mut self.stage.travelled) || self.over.is_some() {
            return;
        }
        let (Ok(books), Some(who)) = (self.library.read(), self.seat.who().cloned()) else { return };
        let sight = sight(&books, &*self.library, &self.view, &self.known, &who);
        self.stage.top_kept().look_ahead(&sight);
    }

    /// Returns whether it could be read.
    fn look(&mut self, read: impl Fn(&mut dyn Pane, &Sight<'_>) -> Result<(), Text>) -> bool {
        self.ahead.lapse();
        let (Ok(books), Some(who)) = (self.library.read(), self.seat.who().cloned()) else { return false };
        let sight = sight(&books, &*self.library, &self.view, &self.known, &who);
        let seen = read(self.stage.top(), &sight);
        let Err(fault) = seen else { return true };
        self.warn(fault.as_str().to_owned());
        false
    }

    /// Tells every pane how much room it has. Returns nothing: rows are read anew by the caller.
    fn fit(&mut self) {
        let Some(frame) = layout::frame(self.view.area, self.least_width()) else { return };
        let space = layout::workspace(frame.body, self.stage.slot);
        for (slot, rect) in space.panes {
            self.stage.pane(slot).fit(rect.width, rect.height);
        }
        for pane in &mut self.stage.stack {
            let room = if pane.has_detail() { layout::opened(frame.body).0 } else { frame.body };
            pane.fit(room.width, room.height);
        }
    }

    /// The least width of what is on top: a handheld can sign in and count.
    fn least_width(&self) -> u16 {
        if self.seat.gate().is_some() { HANDHELD_WIDTH } else { self.stage.top_ref().least_width() }
    }

    fn resized(&mut self, width: u16, height: u16) {
        self.view.area = Rect::new(0, 0, width, height);
        self.look_around();
    }

    fn ticked(&mut self, now: Moment, wishes: &mut Vec<Wish>) {
        self.view.now = now;
        if let Some(Over::Question(question)) = &mut self.over {
            question.dialog.tick(now);
        }
        for pane in self.stage.every() {
            pane.tick(now, &self.view.words);
        }
        let was_locked = self.seat.is_locked();
        let left = self.seat.rest(now, self.known.settings.lock_minutes);
        if left && !self.is_lit() {
            self.sign_out(wishes);
        } else if self.seat.is_locked() && !was_locked {
            self.messages.seen();
        }
    }
}

impl Face for App {
    fn on(&mut self, event: Event) -> Vec<Wish> {
        let mut wishes = Vec::new();
        match event {
            Event::Input(presses) => presses.iter().for_each(|press| self.press(press, &mut wishes)),
            Event::Resized(width, height) => self.resized(width, height),
            Event::Tick(now) => self.ticked(now, &mut wishes),
            Event::Rested => self.ask_ahead(),
            Event::Shown => self.look_ahead(),
            Event::Moved(_) => self.hear_of_move(&mut wishes),
            Event::CatchUp => self.catch_up(),
            Event::Answered { ticket, answer } => self.answered(ticket, answer, &mut wishes),
            Event::Progress { done, of, .. } => {
                let words = self.view.words.say_with("import.progress", &[("done", &done), ("of", &of)]);
                self.messages.show(self.view.now, words);
            }
            Event::Notice(words) => self.warn(words[self.view.words.lang() as usize].to_string()),
        }
        wishes
    }

    fn wants_rest(&self) -> bool {
        self.ahead.is_stale() && self.over.is_none() && self.seat.gate().is_none() && !self.is_behind()
    }

    fn is_behind(&self) -> bool {
        self.stage.is_behind()
    }

    fn wants_at(&self) -> Option<Moment> {
        let step = if self.station.slow { 60_000_000 } else { 1_000_000 };
        let clock = Moment::from_micros((self.view.now.as_micros().div_euclid(step) + 1) * step);
        let question = match &self.over {
            Some(Over::Question(question)) => question.dialog.wants_at(),
            _ => None,
        };
        question.into_iter().chain([clock]).min()
    }

    fn focus(&self) -> Focus {
        self.focus_now()
    }

    fn draft(&self) -> Option<Draft> {
        self.half_entered()
    }

    fn draw(&self, area: Rect, buf: &mut Canvas) -> Option<Position> {
        self.picture(area, buf)
    }
}

impl App {
    fn answered(&mut self, ticket: u64, answer: Answer, wishes: &mut Vec<Wish>) {
        let reason = self.pending.take(ticket);
        self.take_answer(reason, answer, wishes);
    }

    /// Who sits here.
    pub fn seated(&self) -> Option<&Seated> {
        self.seat.who()
    }
}

#[cfg(test)]
mod tests;
