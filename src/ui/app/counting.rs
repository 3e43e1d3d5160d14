//! Drives a field whose lines are commands: asks for the next one, passes answers back, rings.
//!
//! The field may be covered by a question or another screen while its answers come: it is found wherever it stands.

use crate::domain::setting::Bell;
use crate::ui::app::over::Over;
use crate::ui::app::seat::Reason;
use crate::ui::app::{App, sight};
use crate::ui::face::{Answer, Wish};
use crate::ui::keymap::Confirm;
use crate::ui::pane::{Body, Due, Pane};
use crate::ui::refusal;

/// How often an error rings, so that it is told from the scanner's own sound.
const RINGS: usize = 2;

fn is_entry(pane: &mut Box<dyn Pane>) -> bool {
    matches!(pane.body(), Body::Entry(_))
}

impl App {
    /// Whether the screen on top is such a field.
    pub(super) fn is_entering(&mut self) -> bool {
        matches!(self.stage.top().body(), Body::Entry(_))
    }

    /// Lets the field go on as far as it can without an answer, and reads what it shows.
    pub(super) fn go_on(&mut self, wishes: &mut Vec<Wish>) {
        let (Ok(books), Some(who)) = (self.library.read(), self.seat.who().cloned()) else { return };
        let Some(at) = self.stage.stack.iter_mut().rposition(is_entry) else { return };
        let sight = sight(&books, &*self.library, &self.view, &self.known, &who);
        let pane = &mut self.stage.stack[at];
        let (mut due, mut front) = (Vec::new(), None);
        if let Body::Entry(entry) = pane.body() {
            while let Some(next) = entry.next(&sight) {
                let ends = matches!(next, Due::Command(_));
                due.push(next);
                if ends {
                    break;
                }
            }
        }
        let read = if due.is_empty() { Ok(()) } else { pane.refresh(&sight) };
        for one in due {
            match one {
                Due::Command(command) => {
                    let ticket = self.pending.ticket(Reason::Line);
                    wishes.push(Wish::Submit { ticket, command });
                }
                Due::Pick(..) | Due::Ask(..) => front = Some(one),
                Due::Bell if self.known.settings.bell == Bell::Off => (),
                Due::Bell => wishes.extend((0..RINGS).map(|_| Wish::Bell)),
                Due::Chime if self.known.settings.bell == Bell::All => wishes.push(Wish::Bell),
                Due::Chime | Due::Shown => (),
            }
        }
        if let Err(fault) = read {
            self.warn(fault.as_str().to_owned());
        }
        match front {
            Some(Due::Pick(field, letters)) => {
                self.open_chooser(field);
                self.seek(&letters);
            }
            Some(Due::Ask(command, ask)) => {
                let verb = self.view.words.say(&format!("act.{command}")).to_owned();
                self.question(ask, &verb, Confirm::F8);
            }
            _ => (),
        }
    }

    /// Types letters into the picker that has just opened.
    fn seek(&mut self, letters: &str) {
        let Some(Over::Chooser(mut chooser)) = self.over.take() else { return };
        if !letters.is_empty() && chooser.find.typed(letters) {
            let found = self.candidates(chooser.field, letters);
            chooser.show(found);
        }
        self.over = Some(Over::Chooser(chooser));
    }

    /// The answer to a line of the field.
    pub(super) fn line_answered(&mut self, answer: &Answer, wishes: &mut Vec<Wish>) {
        let why = match answer {
            Answer::Refused(refusals) => {
                let data = serde_json::to_value(refusals).unwrap_or_default();
                refusal::lines(&self.view.words, &data, self.known.settings.zone).into_iter().next()
            }
            Answer::Failed(words) => Some(self.view.words.say_with("notice.failed", &[("cause", words)])),
            _ => None,
        };
        let Some(at) = self.stage.stack.iter_mut().rposition(is_entry) else { return };
        if let Body::Entry(entry) = self.stage.stack[at].body() {
            entry.answered(answer, why);
        }
        self.go_on(wishes);
    }
}
