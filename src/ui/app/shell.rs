//! What the shell itself does: its own acts, commands on their way out, answers on their way back.

use serde_json::Value;

use crate::domain::command::{Command, permit};
use crate::domain::event::Event;
use crate::domain::id::ImportId;
use crate::domain::person::NotePassphrase;
use crate::domain::statement::Tally;
use crate::domain::text::Text;
use crate::ui::app::over::{Over, Then};
use crate::ui::app::seat::{Reason, Seat};
use crate::ui::app::{App, sight};
use crate::ui::face::{Answer, Damage, Wish};
use crate::ui::keymap::{Binding, Confirm};
use crate::ui::layout::Slot;
use crate::ui::locale::Words;
use crate::ui::pane::{Ask, Body, Commit, Instead, Opening, Outcome, SCREENS};
use crate::ui::part::form::Step;
use crate::ui::part::list::TRAVELS;
use crate::ui::part::message::Weight;
use crate::ui::part::scroll::{Line, ROLLS, Scroll};
use crate::ui::refusal;

impl App {
    /// Does the act of a binding: the pane's own, one of its body's, or one of the shell's.
    pub(super) fn act(&mut self, binding: &Binding, wishes: &mut Vec<Wish>) {
        let name = binding.run.as_str();
        if !self.may(name, wishes) {
            return;
        }
        let words = self.view.words.clone();
        match self.stage.top().act(name, &words) {
            Some(outcome) => self.outcome(outcome, binding, wishes),
            None => self.body_act(name, wishes),
        }
    }

    /// Whether the rules would let the act pass; where not, the clause says so before anything is asked.
    fn may(&mut self, act: &str, wishes: &mut Vec<Wish>) -> bool {
        let (Some(command), Some(who)) = (self.stage.top_ref().command(act), self.seat.who()) else {
            return true;
        };
        let refused = permit(command, who.roles).err().or_else(|| self.would_refuse(act));
        let Some(refusals) = refused else {
            return true;
        };
        let data = serde_json::to_value(&refusals).unwrap_or_default();
        self.refused(&data, wishes);
        false
    }

    fn outcome(&mut self, outcome: Outcome, binding: &Binding, wishes: &mut Vec<Wish>) {
        match outcome {
            Outcome::Turned => (),
            Outcome::Stale => self.look_again(),
            Outcome::NothingChosen if self.chosen_row().is_some() => self.bell("notice.nothing_to_do", wishes),
            Outcome::NothingChosen => self.bell("notice.nothing_chosen", wishes),
            Outcome::Open(opening) => self.open(&opening),
            Outcome::Ask(ask) => self.ask(ask, binding, wishes),
        }
    }

    fn ask(&mut self, ask: Ask, binding: &Binding, wishes: &mut Vec<Wish>) {
        if ask.confirm.unwrap_or(binding.confirm) == Confirm::None && ask.fields.is_empty() && ask.lines.is_empty() {
            match (ask.make)(&|_| String::new()) {
                Ok(command) => self.submit(command, false, wishes),
                Err((_, fault)) => self.warn(fault),
            }
            return;
        }
        // The key bar says the step, the question says what the step is now.
        let command = self.stage.top_ref().command(&binding.run);
        let verb = match command {
            Some(command) => self.view.words.say(&format!("act.{command}")).to_owned(),
            None => binding.label(self.view.words.lang()).to_owned(),
        };
        self.question(ask, &verb, binding.confirm);
    }

    fn body_act(&mut self, name: &str, wishes: &mut Vec<Wish>) {
        if let Some((_, travel)) = TRAVELS.iter().find(|(known, _)| *known == name) {
            return self.travel(*travel);
        }
        if let Some(step) = super::keys::step_named(name)
            && let Body::Form(_) = self.stage.top().body()
        {
            if step == Step::Enter && self.completes() {
                return;
            }
            let Body::Form(form) = self.stage.top().body() else { return };
            let came = form.step(step);
            return self.came(came, wishes);
        }
        if let Some((_, roll)) = ROLLS.iter().find(|(known, _)| *known == name) {
            if let Body::Text(text) = self.stage.top().body() {
                text.roll(*roll);
            }
            return;
        }
        self.shell_act(name, wishes);
    }

    fn shell_act(&mut self, name: &str, wishes: &mut Vec<Wish>) {
        match name {
            "help.show" => self.help(),
            "palette.open" => self.menu(),
            "messages.show" => self.past_messages(),
            "deeds.show" => self.past_deeds(),
            "edit.undo" => self.undo(false, wishes),
            "edit.redo" => self.undo(true, wishes),
            "row.copy" => self.copy_row(wishes),
            "row.text" => self.show_row(wishes),
            "nav.back" => self.back(),
            "nav.cancel" => self.cancel(),
            "find.open" => self.open_find(wishes),
            "data.refresh" => self.look_around(),
            "app.quit" => self.simple_question("quit.title", "quit.line", "quit.verb", Then::Quit),
            "pane.next" => self.turn_pane(1),
            "pane.prev" => self.turn_pane(Slot::ALL.len() - 1),
            "screen.repaint" => wishes.push(Wish::Repaint),
            "lang.switch" => self.switch_language(),
            "session.lock" => self.lock(),
            "save.hint" => self.say("notice.saved_already"),
            "guard.ctrl_c" => self.say("notice.how_to_quit"),
            _ => match SCREENS.iter().find(|(known, _)| *known == name) {
                Some((_, opening)) => self.open(opening),
                None => self.bell("notice.nothing_here", wishes),
            },
        }
    }

    /// The chosen row for the terminal's clipboard, where that is switched on; else as text that can be selected.
    fn copy_row(&mut self, wishes: &mut Vec<Wish>) {
        if !self.station.clipboard {
            return self.show_row(wishes);
        }
        let Some(row) = self.chosen_row() else {
            return self.bell("notice.nothing_chosen", wishes);
        };
        wishes.push(Wish::Copy(row.join("\t")));
        self.say("copy.sent");
    }

    /// The chosen row as plain text, a cell a line, to be selected with the terminal's own means.
    fn show_row(&mut self, wishes: &mut Vec<Wish>) {
        let Some(row) = self.chosen_row() else {
            return self.bell("notice.nothing_chosen", wishes);
        };
        let mut text = Scroll::new(row.into_iter().map(Line::plain).collect());
        text.fit(74, usize::from(self.view.area.height.saturating_sub(6)));
        self.over = Some(Over::Text(self.view.words.say("copy.title").to_owned(), text));
    }

    fn chosen_row(&mut self) -> Option<Vec<String>> {
        match self.stage.top().body() {
            Body::Rows(rows) => rows.chosen(),
            Body::Form(_) | Body::Text(_) | Body::Entry(_) => None,
        }
    }

    fn turn_pane(&mut self, by: usize) {
        if self.stage.stack.is_empty() {
            self.stage.turn(by);
            self.look_around();
        }
    }

    fn open_find(&mut self, wishes: &mut Vec<Wish>) {
        match self.stage.top().find() {
            Some(find) => find.active = true,
            None => self.bell("notice.nothing_here", wishes),
        }
    }

    /// F3: out of the screen; at the bottom it asks whether to quit.
    fn back(&mut self) {
        let touched = match self.stage.top().body() {
            Body::Form(form) => form.is_touched(),
            _ => false,
        };
        if self.stage.stack.is_empty() {
            self.simple_question("quit.title", "quit.line", "quit.verb", Then::Quit);
        } else if touched {
            self.simple_question("drop.title", "drop.line", "drop.verb", Then::Close);
        } else {
            self.close_top();
        }
    }

    /// F12: what is being typed goes, then the filter, then the screen.
    pub(super) fn cancel(&mut self) {
        let cleared = self.stage.top().find().is_some_and(|find| find.clear());
        if cleared {
            return self.filtered();
        }
        if !self.stage.stack.is_empty() {
            self.back();
        }
    }

    pub(super) fn close_top(&mut self) {
        self.stage.stack.pop();
        self.look_around();
    }

    pub(super) fn open(&mut self, opening: &Opening) {
        self.stage.stack.push(crate::ui::pane::open(opening));
        self.look_around();
    }

    pub(super) fn switch_language(&mut self) {
        self.view.words = Words::load(self.view.words.lang().other());
        self.look_around();
    }

    /// Asks for a command. One at a time: what waits for its answer is not asked twice.
    ///
    /// Money and signatures ask for the passphrase first, unless it was given a few minutes ago.
    pub(super) fn submit(&mut self, command: Command, closes: bool, wishes: &mut Vec<Wish>) {
        if self.pending.is_waiting() {
            return self.say("notice.wait");
        }
        if command.is_weighty() && !self.seat.is_proved(self.view.now, self.known.settings.confirm_minutes) {
            return self.ask_passphrase(command, closes);
        }
        let ticket = self.pending.ticket(Reason::Command { closes });
        wishes.push(Wish::Submit { ticket, command: Box::new(command) });
    }

    /// F8 in a form that no field objects to.
    pub(super) fn commit(&mut self, wishes: &mut Vec<Wish>) {
        match self.stage.top().commit() {
            Ok(Commit::Command(command)) => self.submit(*command, true, wishes),
            Ok(Commit::Import(order)) => {
                if self.pending.is_waiting() {
                    return self.say("notice.wait");
                }
                let ticket = self.pending.ticket(Reason::Import);
                self.say("import.running");
                wishes.push(Wish::Import { ticket, order: Box::new(order) });
            }
            Ok(Commit::Passphrase(person, passphrase)) => {
                if self.pending.is_waiting() {
                    return self.say("notice.wait");
                }
                if self.has_passphrase() && !self.seat.is_proved(self.view.now, self.known.settings.confirm_minutes) {
                    let whose = NotePassphrase { person: Text::new(&person) };
                    return self.ask_passphrase(Command::NotePassphrase(whose), false);
                }
                let person = if person.is_empty() { self.own_code() } else { person };
                let ticket = self.pending.ticket(Reason::Command { closes: true });
                wishes.push(Wish::SetPassphrase { ticket, person, passphrase });
            }
            Err((field, fault)) => {
                if let Body::Form(form) = self.stage.top().body() {
                    form.object(field, fault.clone());
                }
                self.bell(&fault, wishes);
            }
        }
    }

    pub(super) fn take_answer(&mut self, reason: Option<Reason>, answer: Answer, wishes: &mut Vec<Wish>) {
        if !matches!(answer, Answer::Refused(_)) {
            self.asked = None;
        }
        match (answer, reason) {
            (answer, Some(Reason::Line)) => self.line_answered(&answer, wishes),
            (Answer::SignedIn(_), Some(Reason::Proof { command, closes })) => {
                self.proof_given(*command, closes, wishes)
            }
            (Answer::SignedIn(person), reason) => self.sit_down(person, matches!(reason, Some(Reason::SignIn))),
            (Answer::NotSignedIn { .. }, Some(Reason::Proof { .. })) => {
                self.proof_failed();
                wishes.push(Wish::Bell);
            }
            (Answer::NotSignedIn { again }, _) => self.turned_away(again, wishes),
            (Answer::Accepted { .. }, Some(Reason::First)) => {
                self.seat = Seat::empty();
                self.say("gate.appointed");
            }
            (Answer::Accepted { event, .. }, reason) => self.accepted(*event, reason.as_ref()),
            (Answer::Refused(refusals), _) => {
                let refusals = serde_json::to_value(&refusals).unwrap_or_default();
                self.refused(&refusals, wishes);
                self.ask_again();
            }
            (Answer::Imported { import, file, tally }, _) => self.imported(import, &file.name, &tally),
            (Answer::Damaged(damage), _) => {
                let words = self.damage(&damage);
                self.warn(words);
                wishes.push(Wish::Bell);
            }
            (Answer::Failed(words), _) => {
                let words = self.view.words.say_with("notice.failed", &[("cause", &words)]);
                self.warn(words);
                wishes.push(Wish::Bell);
            }
        }
    }

    fn accepted(&mut self, event: Event, reason: Option<&Reason>) {
        let data = serde_json::to_value(&event).unwrap_or_default();
        if matches!(reason, Some(Reason::Command { closes: true } | Reason::Import)) {
            self.stage.stack.pop();
        }
        let words = refusal::event(&self.view.words, &data, self.known.settings.zone);
        self.note_deed(event, words.clone());
        let words = self.view.words.say_with("notice.done", &[("what", &words)]);
        self.look_around();
        self.messages.say(self.view.now, Weight::Said, words);
    }

    fn imported(&mut self, import: Option<ImportId>, file: &Text, tally: &Tally) {
        if let Some(import) = import {
            self.stage.stack.pop();
            if tally.payments > 0 {
                self.go_to_imported(import);
            }
        }
        let values: [(&str, &dyn std::fmt::Display); 7] = [
            ("file", file),
            ("new", &tally.new),
            ("payments", &tally.payments),
            ("amount", &tally.amount),
            ("matched", &tally.matched),
            ("known", &tally.known),
            ("conflicts", &tally.conflicts),
        ];
        let key = if import.is_some() { "import.imported" } else { "import.would" };
        let words = self.view.words.say_with(key, &values);
        self.look_around();
        self.messages.say(self.view.now, Weight::Said, words);
    }

    /// Lets every screen choose what the import brought, if it has anything to do with it.
    fn go_to_imported(&mut self, import: ImportId) {
        let (Ok(books), Some(who)) = (self.library.read(), self.seat.who().cloned()) else { return };
        let sight = sight(&books, &*self.library, &self.view, &self.known, &who);
        let gone: Result<Vec<()>, Text> = self.stage.every().map(|pane| pane.imported(&sight, import)).collect();
        if let Err(fault) = gone {
            self.warn(fault.as_str().to_owned());
        }
    }

    /// Which line and column of a statement is damaged, and how.
    fn damage(&self, damage: &Damage) -> String {
        let words = &self.view.words;
        let line = damage.line.map_or_else(String::new, |line| words.say_with("import.line", &[("line", &line)]));
        let column = damage
            .column
            .as_ref()
            .map_or_else(String::new, |column| words.say_with("import.column", &[("column", column)]));
        let gap = if line.is_empty() { "" } else { ": " };
        let facts = damage.fault.facts();
        let values: Vec<(&str, &dyn std::fmt::Display)> =
            facts.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
        let what = words.say_with(damage.fault.key(), &values);
        words.say_with("import.damaged", &[("where", &format!("{line}{column}{gap}")), ("what", &what)])
    }

    /// Says why not; where there are several reasons, all of them at once (W6).
    fn refused(&mut self, refusals: &Value, wishes: &mut Vec<Wish>) {
        let lines = refusal::lines(&self.view.words, refusals, self.known.settings.zone);
        wishes.push(Wish::Bell);
        let instead = self.stage.top_ref().instead(refusals, &self.view.words);
        if let Some(Instead { command, mut ask, closes }) = instead {
            ask.lines = lines.iter().cloned().chain(ask.lines).collect();
            let verb = self.view.words.say(&format!("act.{command}")).to_owned();
            self.question_of_form(ask, &verb, Confirm::F8, closes);
        } else if lines.len() > 1 {
            let mut text = Scroll::new(lines.iter().map(Line::plain).collect());
            text.fit(74, usize::from(self.view.area.height.saturating_sub(6)));
            self.over = Some(Over::Text(self.view.words.say("notice.refused_title").to_owned(), text));
        }
        if let Some(first) = lines.into_iter().next() {
            self.warn(first);
        }
    }
}
