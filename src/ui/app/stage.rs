//! The screens of a terminal: the workspace's panes, and what was opened on top of them.

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::{Position, Rect};

use crate::ui::app::behind::Behind;
use crate::ui::canvas::Canvas;
use crate::ui::layout::Slot;
use crate::ui::pane::Pane;
use crate::ui::pane::panes::{Dealers, Payments, Queue, Stocktakes};

/// The screens: the workspace's panes below, what was opened on top of them.
pub(super) struct Stage {
    panes: [Held; Slot::ALL.len()],
    pub slot: Slot,
    pub stack: Vec<Box<dyn Pane>>,
    /// Which of them have not read what the books say since they moved.
    pub behind: Behind,
    /// The digits of a row's number, typed in a list.
    pub row: String,
    /// Whether the choice moved and what comes next is not read yet.
    pub travelled: bool,
    /// Whether it was said that an input method is on.
    pub told_of_ime: bool,
}

/// A pane of the workspace, and its picture as it was drawn last: whoever may change the pane takes the picture away, so
/// that a key in one pane draws that one alone.
struct Held {
    pane: Box<dyn Pane>,
    drawn: RefCell<Option<Drawn>>,
}

struct Drawn {
    focused: bool,
    cursor: Option<Position>,
    picture: Rc<Canvas>,
}

impl Held {
    fn of(pane: impl Pane + 'static) -> Held {
        Held { pane: Box::new(pane), drawn: RefCell::new(None) }
    }

    fn touch(&mut self) -> &mut Box<dyn Pane> {
        self.drawn.take();
        &mut self.pane
    }
}

impl Stage {
    pub fn new() -> Stage {
        let panes = [
            Held::of(Dealers::default()),
            Held::of(Payments::default()),
            Held::of(Queue::default()),
            Held::of(Stocktakes::default()),
        ];
        Stage {
            panes,
            slot: Slot::Queue,
            stack: Vec::new(),
            behind: Behind::default(),
            row: String::new(),
            travelled: false,
            told_of_ime: false,
        }
    }

    /// The screen that has the keys.
    pub fn top(&mut self) -> &mut dyn Pane {
        match self.stack.last_mut() {
            Some(pane) => &mut **pane,
            None => &mut **self.panes[self.slot as usize].touch(),
        }
    }

    /// The same, for what leaves its picture as it is.
    pub fn top_kept(&mut self) -> &mut dyn Pane {
        match self.stack.last_mut() {
            Some(pane) => &mut **pane,
            None => &mut *self.panes[self.slot as usize].pane,
        }
    }

    /// The screen that has the keys, to look at.
    pub fn top_ref(&self) -> &dyn Pane {
        self.stack.last().map_or(&*self.panes[self.slot as usize].pane, |pane| &**pane)
    }

    /// A pane of the workspace.
    pub fn pane(&mut self, slot: Slot) -> &mut dyn Pane {
        &mut **self.panes[slot as usize].touch()
    }

    /// All of them, those of the workspace first.
    pub fn every(&mut self) -> impl Iterator<Item = &mut Box<dyn Pane>> {
        self.panes.iter_mut().map(Held::touch).chain(&mut self.stack)
    }

    /// The place of the screen that has the keys, in the order of [`Stage::every`].
    pub fn top_place(&self) -> usize {
        if self.stack.is_empty() { self.slot as usize } else { self.panes.len() + self.stack.len() - 1 }
    }

    /// The screen at a place, in the order of [`Stage::every`].
    pub fn at(&mut self, place: usize) -> Option<&mut Box<dyn Pane>> {
        let below = self.panes.len();
        match self.panes.get_mut(place) {
            Some(held) => Some(held.touch()),
            None => self.stack.get_mut(place.checked_sub(below)?),
        }
    }

    /// The books have moved: all screens are to be read anew, the one that has the keys first, and what was read ahead may be
    /// no longer so. They are drawn as they were until then.
    pub fn fall_behind(&mut self) {
        for pane in self.panes.iter_mut().map(|held| &mut held.pane).chain(&mut self.stack) {
            pane.forget();
        }
        self.behind.mark(self.top_place(), self.panes.len() + self.stack.len());
    }

    /// Whose turn to be read may come: what is opened covers all others, and whoever leaves it reads them all.
    fn due(&self) -> impl Fn(usize) -> bool + use<> {
        let (is_bare, top) = (self.stack.is_empty(), self.top_place());
        move |place| is_bare || place == top
    }

    /// The screen whose turn it is to be read, by its place.
    pub fn next_behind(&mut self) -> Option<usize> {
        let due = self.due();
        self.behind.next(due)
    }

    /// Whether any screen waits for its turn to be read.
    pub fn is_behind(&self) -> bool {
        self.behind.is_any(self.due())
    }

    /// The next pane of the workspace, or the one before.
    pub fn turn(&mut self, by: usize) {
        let at = (self.slot as usize + by) % Slot::ALL.len();
        self.slot = Slot::ALL[at];
    }

    /// Lays the picture of a pane of the workspace into `area`, painted anew only where the pane, its place or its focus
    /// are not what they were. Answers where the cursor stands.
    pub fn draw(
        &self,
        slot: Slot,
        area: Rect,
        buf: &mut Canvas,
        paint: impl FnOnce(&dyn Pane, bool, &mut Canvas) -> Option<Position>,
    ) -> Option<Position> {
        let (held, focused) = (&self.panes[slot as usize], slot == self.slot);
        let mut drawn = held.drawn.borrow_mut();
        let fits = |drawn: &&mut Drawn| drawn.focused == focused && drawn.picture.area == area;
        if drawn.as_mut().filter(fits).is_none() {
            let mut picture = Canvas::new(area);
            let cursor = paint(&*held.pane, focused, &mut picture);
            *drawn = Some(Drawn { focused, cursor, picture: Rc::new(picture) });
        }
        let drawn = drawn.as_ref()?;
        buf.lay_part(&drawn.picture);
        drawn.cursor
    }
}
