//! What a line means, by what is awaited: a field's text, an answer, the number of a row, the name or key of an act.

use super::Plain;
use crate::domain::text::fold;
use crate::ui::app::over::Over;
use crate::ui::face::{Event, Face, Key, Press, Wish};
use crate::ui::keymap::Chord;
use crate::ui::part::field::Field;

/// In front of a key or an act's name where a line is text otherwise.
const COMMAND: char = ':';
/// In front of what is to be found in a list.
const FIND: char = '/';

impl Plain {
    /// Does what the line says.
    pub(super) fn obey(&mut self, line: &str, wishes: &mut Vec<Wish>) {
        let line = line.trim();
        let folded = fold(line);
        if let Some(act) = folded.strip_prefix(COMMAND) {
            return self.command(act.trim(), wishes);
        }
        let is_gated = self.app.seat.gate().is_some();
        match &mut self.app.over {
            _ if is_gated => self.at_gate(line, wishes),
            Some(Over::Question(question)) => {
                let at = question.dialog.field_at();
                if let Some(field) = at.map(|at| &mut question.dialog.fields[at]) {
                    if fill(field, line) {
                        return self.pass_on(&[Press::key(Key::Enter)], wishes);
                    }
                    return self.app.bell("input.not_here", wishes);
                }
                self.answer(&folded, wishes);
            }
            Some(Over::Menu(_)) if line.is_empty() => self.app.over = None,
            Some(Over::Menu(_)) => self.choose_act(&folded, wishes),
            Some(Over::Chooser(chooser)) => match folded.parse::<usize>() {
                _ if line.is_empty() => self.app.over = None,
                Ok(number) if (1..=chooser.candidates().len()).contains(&number) => {
                    let downs = std::iter::repeat_n(Press::key(Key::Down), number - 1);
                    let presses: Vec<Press> = downs.chain([Press::key(Key::Enter)]).collect();
                    self.pass_on(&presses, wishes);
                }
                _ => {
                    chooser.find.set("");
                    self.pass_on(&[Press::Paste(line.to_owned())], wishes);
                }
            },
            Some(Over::Text(..)) => self.app.over = None,
            None => self.on_screen(line, &folded, wishes),
        }
    }

    fn at_gate(&mut self, line: &str, wishes: &mut Vec<Wish>) {
        self.app.seat.wake(self.app.view.now);
        let Some(gate) = self.app.seat.gate_mut() else { return };
        if let Some(at) = gate.form.field_at() {
            fill(&mut gate.form.fields[at], line);
        }
        self.pass_on(&[Press::key(Key::Enter)], wishes);
    }

    fn on_screen(&mut self, line: &str, folded: &str, wishes: &mut Vec<Wish>) {
        if self.form().is_some() {
            return self.fill_form(line, wishes);
        }
        // Every line of such a field means something to it, whatever it begins with.
        if self.app.is_entering() {
            let typed = (!line.is_empty()).then(|| Press::Burst { text: line.to_owned(), entered: false });
            let presses: Vec<Press> = typed.into_iter().chain([Press::key(Key::Enter)]).collect();
            return self.pass_on(&presses, wishes);
        }
        if let Some(query) = folded.strip_prefix(FIND) {
            if let Some(find) = self.app.stage.top().find() {
                find.set(query.trim());
                find.active = false;
                return self.app.filtered();
            }
            return self.app.bell("input.not_here", wishes);
        }
        match folded.parse::<usize>() {
            Ok(number) => self.pass_on(&[Press::Burst { text: number.to_string(), entered: true }], wishes),
            Err(_) if line.is_empty() => self.told.clear(),
            Err(_) => self.command(folded, wishes),
        }
    }

    /// A field's text, then on to the next; an empty line leaves what stands there.
    fn fill_form(&mut self, line: &str, wishes: &mut Vec<Wish>) {
        use crate::ui::pane::Body;
        use crate::ui::part::form::{Came, Step};
        if !line.is_empty()
            && let Body::Form(form) = self.app.stage.top().body()
        {
            form.step(Step::Clear);
            if let Came::Refused(why) = form.typed(line) {
                form.step(Step::Undo);
                return self.app.bell(why.words(), wishes);
            }
            self.app.look_again();
        }
        self.pass_on(&[Press::key(Key::Enter)], wishes);
    }

    /// A key by its name, or an act by its words.
    fn command(&mut self, name: &str, wishes: &mut Vec<Wish>) {
        match Chord::named(&name.to_ascii_lowercase()) {
            Ok(Chord::Key(key)) => self.pass_on(&[Press::key(key)], wishes),
            _ if self.app.seat.gate().is_some() => self.app.bell("input.not_here", wishes),
            Ok(Chord::Char(letter)) if self.app.over.is_none() => self.pass_on(&[Press::Char(letter)], wishes),
            _ if self.app.over.is_none() => {
                self.app.menu();
                self.choose_act(name, wishes);
                if matches!(self.app.over, Some(Over::Menu(_))) {
                    self.app.over = None;
                    self.app.bell("plain.no_act", wishes);
                }
            }
            _ => self.app.bell("input.not_here", wishes),
        }
    }

    /// An act of the menu by its number or the beginning of its words.
    fn choose_act(&mut self, name: &str, wishes: &mut Vec<Wish>) {
        let presses = name.chars().map(Press::Char);
        for press in presses.chain([Press::key(Key::Enter)]) {
            if matches!(self.app.over, Some(Over::Menu(_))) {
                self.pass_on(&[press], wishes);
            }
        }
    }

    /// Yes by the two digits or F8, no by anything else.
    fn answer(&mut self, line: &str, wishes: &mut Vec<Wish>) {
        if Chord::named(&line.to_ascii_lowercase()) == Ok(Chord::Key(Key::F(8))) {
            return self.pass_on(&[Press::key(Key::F(8))], wishes);
        }
        let presses: Vec<Press> = line.chars().map(Press::Char).chain([Press::key(Key::Enter)]).collect();
        self.pass_on(&presses, wishes);
    }

    fn pass_on(&mut self, presses: &[Press], wishes: &mut Vec<Wish>) {
        wishes.extend(self.app.on(Event::Input(presses.to_vec())));
    }
}

/// Puts a line into a field; an empty one leaves it as it is. Returns whether it was taken.
fn fill(field: &mut Field, line: &str) -> bool {
    if line.is_empty() {
        return true;
    }
    let before = field.text().to_owned();
    if let crate::ui::part::field::Entry::Line(input) = &mut field.entry {
        input.set("");
    }
    let taken = field.typed(line).is_ok();
    if !taken {
        field.set(&before);
    }
    taken
}
