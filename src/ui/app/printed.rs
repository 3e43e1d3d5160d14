//! What the keymap and the books say on rows that every screen has, put into words once and not for every frame.

use std::cell::RefCell;
use std::rc::Rc;

use crate::domain::text::Text;
use crate::domain::time::{Day, Moment, Zone};
use crate::ui::app::status::Counts;
use crate::ui::app::{App, status};
use crate::ui::face::Key;
use crate::ui::keymap::{Chord, Entry};
use crate::ui::layout::Slot;
use crate::ui::locale::Lang;
use crate::ui::pane::Seated;

/// The words of the last frames.
#[derive(Default)]
pub(super) struct Printed {
    keys: RefCell<Option<Rc<Keys>>>,
    status: RefCell<Option<Status>>,
}

/// What the keymap has for a screen.
pub(super) struct Keys {
    screen: &'static str,
    lang: Lang,
    /// The function keys: number, act, label.
    pub bar: Vec<(u8, String, String)>,
    /// Acts that have a letter or another key than F-keys, each with its label and that key in brackets.
    pub hints: Vec<(String, String)>,
}

/// The status row, and all that it was made of.
struct Status {
    of: StatusOf,
    line: String,
}

#[derive(PartialEq)]
struct StatusOf {
    slot: Slot,
    cells: usize,
    now: Moment,
    counts: Counts,
    unclosed: Option<Day>,
    department: Text,
    zone: Zone,
    who: Option<Seated>,
    lang: Lang,
}

impl App {
    /// The keys of the screen on top.
    pub(super) fn printed_keys(&self) -> Rc<Keys> {
        let (screen, lang) = (self.stage.top_ref().name(), self.view.words.lang());
        let mut kept = self.printed.keys.borrow_mut();
        match &*kept {
            Some(keys) if keys.screen == screen && keys.lang == lang => keys.clone(),
            _ => kept.insert(Rc::new(self.keys_of(screen, lang))).clone(),
        }
    }

    fn keys_of(&self, screen: &'static str, lang: Lang) -> Keys {
        let bar = self.keymap.bar(screen, &self.station.overlays, lang);
        let bar = bar.iter().map(|(number, bind, label)| (*number, bind.run.clone(), (*label).to_owned())).collect();
        let other = |entry: &Entry<'_>| {
            let chord = entry.chords.iter().find(|chord| !matches!(chord, Chord::Key(Key::F(_))))?;
            let words = format!("{}({})", entry.binding.label(lang), chord.to_string().to_uppercase());
            Some((entry.binding.run.clone(), words))
        };
        let hints = self.keymap.entries(screen, &self.station.overlays).iter().filter_map(other).collect();
        Keys { screen, lang, bar, hints }
    }

    /// Hands over the status row in exactly `cells`.
    pub(super) fn printed_status(&self, cells: usize, take: impl FnOnce(&str)) {
        let who = if self.seat.is_locked() { None } else { self.seat.who() };
        let of = StatusOf {
            slot: self.stage.slot,
            cells,
            now: self.view.now,
            counts: self.known.counts,
            unclosed: self.known.unclosed,
            department: self.known.settings.department.clone(),
            zone: self.known.settings.zone,
            who: who.cloned(),
            lang: self.view.words.lang(),
        };
        let mut kept = self.printed.status.borrow_mut();
        match &mut *kept {
            Some(status) if status.of == of => take(&status.line),
            _ => {
                let line = status::line(&self.known, self.stage.slot, who, &self.station, cells, self.pen());
                take(&kept.insert(Status { of, line }).line);
            }
        }
    }
}
