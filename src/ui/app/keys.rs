//! From a press to what it does: the gate, what stands in front, the field, the list.

use crate::ui::app::App;
use crate::ui::app::dispatch::{Meaning, meaning};
use crate::ui::app::over::Over;
use crate::ui::face::{Focus, Key, Press, Wish};
use crate::ui::keymap::{Binding, Chord};
use crate::ui::pane::Body;
use crate::ui::part::form::Came;
use crate::ui::part::list::Travel;

impl App {
    /// What characters mean now.
    pub(super) fn focus_now(&self) -> Focus {
        if let Some(gate) = self.seat.gate() {
            return gate.form.focus();
        }
        self.over.as_ref().map_or_else(|| self.stage.top_ref().focus(), Over::focus)
    }

    pub(super) fn press(&mut self, press: &Press, wishes: &mut Vec<Wish>) {
        self.messages.seen();
        self.seat.touch();
        self.pressed(press, wishes);
        if self.over.is_none() && self.seat.gate().is_none() && self.is_entering() {
            self.go_on(wishes);
        }
    }

    fn pressed(&mut self, press: &Press, wishes: &mut Vec<Wish>) {
        // What stood in front when the terminal locked waits behind the lock like all else.
        if self.seat.gate().is_some() {
            return self.press_gate(press, wishes);
        }
        if self.over.is_some() {
            return self.press_over(press, wishes);
        }
        let focus = self.focus_now();
        let meant = meaning(press, focus);
        if !matches!(meant, Meaning::Digit(_) | Meaning::Chord(Chord::Key(Key::Enter), _)) {
            self.stage.row.clear();
        }
        match meant {
            Meaning::Chord(chord, key) => self.chord(chord, key, wishes),
            Meaning::Digit(digit) => self.row_digit(digit),
            Meaning::Row(number) => self.go_to_row(number, wishes),
            Meaning::Filter(text) => self.filter(&text, wishes),
            Meaning::Stray(text) => self.stray(&text, wishes),
            Meaning::Scan(code) => self.scan(&code, wishes),
            Meaning::Insert(text) => self.typed(&text, wishes),
            Meaning::Accept(text) => {
                self.typed(&text, wishes);
                self.chord(Chord::Key(Key::Enter), Some(Key::Enter), wishes);
            }
            Meaning::Paste(text) => self.pasted(&text, wishes),
            Meaning::Refused => self.bell("input.not_here", wishes),
        }
    }

    /// Rings, and says why.
    pub(super) fn bell(&mut self, key: &str, wishes: &mut Vec<Wish>) {
        let words = self.view.words.say(key).to_owned();
        self.warn(words);
        wishes.push(Wish::Bell);
    }

    /// The binding of a chord on the screen that has the keys.
    pub(super) fn binding(&self, chord: Chord) -> Option<Binding> {
        self.keymap.binding(self.stage.top_ref().name(), &self.station.overlays, chord).cloned()
    }

    fn chord(&mut self, chord: Chord, key: Option<Key>, wishes: &mut Vec<Wish>) {
        if chord == Chord::Key(Key::Enter) && !self.stage.row.is_empty() {
            let number = std::mem::take(&mut self.stage.row).parse().unwrap_or(0);
            return self.go_to_row(number, wishes);
        }
        if self.stage.top().find().is_some_and(|find| find.active) && self.key_in_find(key) {
            return;
        }
        if let Some(binding) = self.binding(chord) {
            return self.act(&binding, wishes);
        }
        let edited = key.is_some_and(|key| match self.stage.top().body() {
            Body::Form(form) => form.edit(key),
            Body::Entry(entry) => entry.edit(key),
            _ => false,
        });
        if edited {
            self.look_again();
        }
    }

    /// A key while the filter is typed into. Returns whether it was meant for it.
    fn key_in_find(&mut self, key: Option<Key>) -> bool {
        let travel = match key {
            Some(Key::Up) => Some(Travel::Up),
            Some(Key::Down) => Some(Travel::Down),
            Some(Key::PageUp) => Some(Travel::PageUp),
            Some(Key::PageDown) => Some(Travel::PageDown),
            _ => None,
        };
        if let Some(travel) = travel {
            self.travel(travel);
            return true;
        }
        let Some(find) = self.stage.top().find() else { return false };
        match key {
            Some(Key::Enter) => find.active = false,
            Some(Key::Ctrl('u')) => {
                find.set("");
                self.filtered();
            }
            Some(key @ (Key::Left | Key::Right | Key::Home | Key::End | Key::Backspace | Key::Delete)) => {
                if find.edit(key) {
                    self.filtered();
                }
            }
            _ => return false,
        }
        true
    }

    pub(super) fn travel(&mut self, travel: Travel) {
        self.stage.travelled = true;
        let Body::Rows(rows) = self.stage.top().body() else { return };
        if rows.travel(travel) { self.look_again() } else { self.look_closer() }
    }

    /// The filter changed: the rows begin anew.
    pub(super) fn filtered(&mut self) {
        if let Body::Rows(rows) = self.stage.top().body() {
            rows.restart();
        }
        self.look_again();
        self.note_filter();
    }

    fn row_digit(&mut self, digit: char) {
        if self.stage.row.len() < 3 {
            self.stage.row.push(digit);
        }
        let words = self.view.words.say_with("list.go_to", &[("row", &self.stage.row)]);
        self.messages.say(self.view.now, super::Weight::Said, words);
    }

    /// A number and Enter. Zero cancels, as it does in a question: a keypad has no F12.
    fn go_to_row(&mut self, number: usize, wishes: &mut Vec<Wish>) {
        if number == 0 {
            return self.cancel();
        }
        let there = match self.stage.top().body() {
            Body::Rows(rows) => rows.go_to(number),
            _ => false,
        };
        if there {
            return self.look_again();
        }
        let words = self.view.words.say_with("list.no_row", &[("row", &number)]);
        self.warn(words);
        wishes.push(Wish::Bell);
    }

    fn filter(&mut self, text: &str, wishes: &mut Vec<Wish>) {
        let Some(find) = self.stage.top().find() else { return self.bell("input.not_here", wishes) };
        find.clear();
        if find.typed(text) { self.filtered() } else { self.bell("input.too_long", wishes) }
    }

    /// An input method was left on: the text filters, and how to switch it off is said once.
    fn stray(&mut self, text: &str, wishes: &mut Vec<Wish>) {
        self.filter(text, wishes);
        if !std::mem::replace(&mut self.stage.told_of_ime, true) {
            self.say("input.ime_is_on");
        }
    }

    /// A scan in a list: goes to that code, or says that it is not there and leaves the list as it was.
    fn scan(&mut self, code: &str, wishes: &mut Vec<Wish>) {
        let Some(find) = self.stage.top().find() else { return self.bell("input.not_here", wishes) };
        let before = find.query().to_owned();
        find.set(code);
        find.active = false;
        self.filtered();
        let found = match self.stage.top().body() {
            Body::Rows(rows) => !rows.is_empty(),
            _ => false,
        };
        if !found {
            if let Some(find) = self.stage.top().find() {
                find.clear();
                find.input.set(&before);
            }
            self.filtered();
        }
        let words = self.view.words.say_with(if found { "find.scanned" } else { "find.no_code" }, &[("code", &code)]);
        if found {
            return self.messages.say(self.view.now, super::Weight::Said, words);
        }
        self.warn(words);
        wishes.push(Wish::Bell);
    }

    fn typed(&mut self, text: &str, wishes: &mut Vec<Wish>) {
        if let Some(find) = self.stage.top().find().filter(|find| find.active) {
            if find.typed(text) {
                return self.filtered();
            }
            return self.bell("input.too_long", wishes);
        }
        match self.stage.top().body() {
            Body::Form(form) => {
                let came = form.typed(text);
                self.came(came, wishes);
            }
            Body::Entry(entry) => entry.typed(text),
            Body::Rows(_) | Body::Text(_) => (),
        }
    }

    fn pasted(&mut self, text: &str, wishes: &mut Vec<Wish>) {
        if self.stage.top().find().is_some_and(|find| find.active) {
            return if text.trim().contains('\n') {
                self.bell("input.not_here", wishes)
            } else {
                self.typed(text.trim(), wishes)
            };
        }
        match self.stage.top().body() {
            Body::Form(form) => {
                let came = form.pasted(text);
                self.came(came, wishes);
            }
            Body::Entry(entry) => entry.pasted(text),
            Body::Rows(_) | Body::Text(_) => (),
        }
    }

    /// What came of a key in the form on top.
    pub(super) fn came(&mut self, came: Came, wishes: &mut Vec<Wish>) {
        match came {
            Came::Moved => (),
            Came::Changed => self.look_again(),
            Came::AtEnd => self.say("form.at_end"),
            Came::Lookup(field) => self.open_chooser(field),
            Came::Commit => self.commit(wishes),
            Came::Refused(why) => self.bell(why.words(), wishes),
        }
    }

    /// Keys at the gate. Nothing but the gate can be reached from there.
    fn press_gate(&mut self, press: &Press, wishes: &mut Vec<Wish>) {
        let was_lit = self.is_lit();
        self.seat.wake(self.view.now);
        if was_lit {
            return;
        }
        let focus = self.focus_now();
        let bound = match press {
            Press::Key(key, _) => self.keymap.binding("form", &[], Chord::Key(*key)).map(|binding| binding.run.clone()),
            _ => None,
        };
        match bound.as_deref() {
            Some("app.quit" | "nav.back") if !self.seat.is_locked() => return wishes.push(Wish::Quit),
            Some("nav.cancel") if self.seat.is_locked() => return self.sign_out(wishes),
            Some("lang.switch" | "line.drop") => return self.switch_language(),
            Some("help.show") => return self.say("gate.help"),
            Some("screen.repaint") => return wishes.push(Wish::Repaint),
            Some("palette.open") => return self.switch_language(),
            _ => (),
        }
        let at_last = self.seat.gate().is_some_and(|gate| gate.form.field_at() == Some(gate.form.fields.len() - 1));
        let enters =
            matches!(bound.as_deref(), Some("form.commit")) || at_last && bound.as_deref() == Some("field.enter");
        if enters {
            return self.sign_in(wishes);
        }
        let Some(gate) = self.seat.gate_mut() else { return };
        let came = match (meaning(press, focus), bound) {
            (Meaning::Chord(_, key), bound) => match bound.and_then(|name| step_named(&name)) {
                Some(step) => gate.form.step(step),
                None => {
                    if let Some(key) = key {
                        gate.form.edit(key);
                    }
                    Came::Moved
                }
            },
            (Meaning::Insert(text) | Meaning::Accept(text), _) => gate.form.typed(&text),
            (Meaning::Paste(text), _) => gate.form.pasted(&text),
            _ => Came::Moved,
        };
        if let Came::Refused(why) = came {
            self.bell(why.words(), wishes);
        }
    }

    fn press_over(&mut self, press: &Press, wishes: &mut Vec<Wish>) {
        let Some(over) = self.over.take() else { return };
        match over {
            Over::Question(question) => self.press_question(question, press, wishes),
            Over::Menu(menu) => self.press_menu(menu, press, wishes),
            Over::Chooser(chooser) => self.press_chooser(chooser, press, wishes),
            Over::Text(title, text) => self.press_text(title, text, press),
        }
    }
}

/// The step of a form under its name in the keymaps.
pub(super) fn step_named(name: &str) -> Option<crate::ui::part::form::Step> {
    crate::ui::part::form::STEPS.iter().find(|(known, _)| *known == name).map(|(_, step)| *step)
}
