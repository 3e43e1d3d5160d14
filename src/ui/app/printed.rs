//! What every screen has and seldom changes, put into words or drawn once and not for every frame: the status row, the
//! rows of keys, the lines between the panes.

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::Rect;

use crate::domain::text::Text;
use crate::domain::time::{Day, Moment, Zone};
use crate::ui::app::status::Counts;
use crate::ui::app::{App, status};
use crate::ui::canvas::Canvas;
use crate::ui::face::Key;
use crate::ui::keymap::{Chord, Entry};
use crate::ui::layout::{self, Frame, Slot, Workspace};
use crate::ui::locale::Lang;
use crate::ui::look::{Look, Tone};
use crate::ui::pane::Seated;
use crate::ui::part::bar;
use crate::ui::text;

/// The words of the last frames.
#[derive(Default)]
pub(super) struct Printed {
    keys: RefCell<Option<Rc<Keys>>>,
    rows: RefCell<Option<KeyRows>>,
    status: RefCell<Option<Status>>,
    furniture: RefCell<Option<Rc<Furniture>>>,
}

/// The two rows of keys, and all that they were made of.
struct KeyRows {
    of: KeysOf,
    picture: Rc<Canvas>,
}

#[derive(PartialEq)]
struct KeysOf {
    screen: &'static str,
    lang: Lang,
    look: Look,
    area: Rect,
    hint: Option<&'static str>,
    /// Which of the function keys are offered, then which of the hints.
    offered: Vec<bool>,
}

/// Where the panes of the workspace lie, and the lines between them.
pub(super) struct Furniture {
    body: Rect,
    slot: Slot,
    look: Look,
    pub space: Workspace,
    pub lines: Rc<Canvas>,
}

/// What the keymap has for a screen.
struct Keys {
    screen: &'static str,
    lang: Lang,
    /// The function keys: number, act, label.
    bar: Vec<(u8, String, String)>,
    /// Acts that have a letter or another key than F-keys, each with its label and that key in brackets.
    hints: Vec<(String, String)>,
}

/// The status row, and all that it was made of.
struct Status {
    of: StatusOf,
    line: String,
}

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
    fn printed_keys(&self) -> Rc<Keys> {
        let (screen, lang) = (self.stage.top_ref().name(), self.view.words.lang());
        let mut kept = self.printed.keys.borrow_mut();
        match &*kept {
            Some(keys) if keys.screen == screen && keys.lang == lang => keys.clone(),
            _ => kept.insert(Rc::new(self.keys_of(screen, lang))).clone(),
        }
    }

    /// The function keys and the hints of the screen on top, as far as they are offered.
    pub(super) fn printed_key_rows(&self, frame: &Frame) -> Rc<Canvas> {
        let (top, keys) = (self.stage.top_ref(), self.printed_keys());
        let hint = top.hint();
        let bar = keys.bar.iter().map(|(_, act, _)| self.offers(act) && self.offered(act));
        let hints = keys.hints.iter().map(|(act, _)| hint.is_none() && top.has(act) && self.offered(act));
        let of = KeysOf {
            screen: keys.screen,
            lang: keys.lang,
            look: self.station.look,
            area: frame.hints.union(frame.keys),
            hint,
            offered: bar.chain(hints).collect(),
        };
        let mut kept = self.printed.rows.borrow_mut();
        match &*kept {
            Some(rows) if rows.of == of => rows.picture.clone(),
            _ => {
                let picture = Rc::new(self.draw_key_rows(&keys, &of, frame));
                kept.insert(KeyRows { of, picture }).picture.clone()
            }
        }
    }

    fn draw_key_rows(&self, keys: &Keys, of: &KeysOf, frame: &Frame) -> Canvas {
        let mut buf = Canvas::new(of.area);
        let (on_bar, in_hints) = of.offered.split_at(keys.bar.len());
        let bar = keys.bar.iter().zip(on_bar).filter(|(_, offered)| **offered);
        let bar: Vec<(u8, &str)> = bar.map(|((number, _, label), _)| (*number, label.as_str())).collect();
        bar::render(&bar, frame.keys, &mut buf, of.look);
        let line = match of.hint {
            Some(key) => format!(" {}", self.view.words.say(key)),
            None => {
                let own = keys.hints.iter().zip(in_hints).filter(|(_, offered)| **offered);
                bar::hints(own.map(|((_, words), _)| words.as_str()), frame.hints.width.into())
            }
        };
        let row = frame.hints;
        text::put(&mut buf, row.x, row.y, row.width, &line, of.look.style(Tone::Plain));
        buf
    }

    /// Where the panes of the workspace lie in `body`, with the lines between them.
    pub(super) fn furniture(&self, body: Rect) -> Rc<Furniture> {
        let (slot, look) = (self.stage.slot, self.station.look);
        let mut kept = self.printed.furniture.borrow_mut();
        match &*kept {
            Some(it) if (it.body, it.slot, it.look) == (body, slot, look) => it.clone(),
            _ => {
                let space = layout::workspace(body, slot);
                let lines = Rc::new(lines(&space, body, look));
                kept.insert(Rc::new(Furniture { body, slot, look, space, lines })).clone()
            }
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
        let mut kept = self.printed.status.borrow_mut();
        match &mut *kept {
            Some(status) if self.is_status_of(&status.of, who, cells) => take(&status.line),
            _ => {
                let line = status::line(&self.known, self.stage.slot, who, &self.station, cells, self.pen());
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
                take(&kept.insert(Status { of, line }).line);
            }
        }
    }

    fn is_status_of(&self, of: &StatusOf, who: Option<&Seated>, cells: usize) -> bool {
        let (known, settings) = (&self.known, &self.known.settings);
        (of.now, of.slot, of.cells, of.lang) == (self.view.now, self.stage.slot, cells, self.view.words.lang())
            && (of.counts, of.unclosed, of.zone) == (known.counts, known.unclosed, settings.zone)
            && of.department == settings.department
            && of.who.as_ref() == who
    }
}

/// Walls and rules between the panes.
fn lines(space: &Workspace, body: Rect, look: Look) -> Canvas {
    let mut buf = Canvas::new(body);
    let style = look.style(Tone::Faint);
    for wall in &space.walls {
        for y in wall.top()..wall.bottom() {
            text::put(&mut buf, wall.x, y, 1, "|", style);
        }
    }
    for line in &space.rules {
        text::rule(&mut buf, *line, line.y, '-', style);
    }
    buf
}
