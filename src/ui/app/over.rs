//! What stands in front of the screens: a question, the menu, a look-up, a text to read.

use zeroize::Zeroizing;

use crate::domain::command::Command;
use crate::ui::app::App;
use crate::ui::app::seat::Reason;
use crate::ui::face::{Focus, Key, Press, Wish};
use crate::ui::keymap::{Chord, Confirm};
use crate::ui::pane::Ask;
use crate::ui::pane::Body;
use crate::ui::part::chooser::{Candidate, Chooser, Picked};
use crate::ui::part::dialog::{Dialog, Verdict};
use crate::ui::part::field::Field;
use crate::ui::part::input::Kind;
use crate::ui::part::menu::{Chosen, Menu};
use crate::ui::part::scroll::{Roll, Scroll};

/// The fields that take what finds a dealer or an article in a list as well as its code.
const FOUND_BY_NAME: [&str; 4] = ["dealer", "article", "gift", "ordered"];

fn names_one(found: &[Candidate], typed: &str) -> bool {
    found.iter().any(|one| one.code.eq_ignore_ascii_case(typed))
}

/// What stands in front.
pub(super) enum Over {
    /// A question that waits.
    Question(Question),
    /// The menu.
    Menu(Menu),
    /// A look-up for a field.
    Chooser(Chooser),
    /// A text under a title.
    Text(String, Scroll),
}

/// A question and what follows from a yes.
pub(super) struct Question {
    pub dialog: Dialog,
    pub then: Then,
}

/// What follows from a yes.
pub(super) enum Then {
    /// The command of what was filled in; whether the form on top closes then.
    Ask { ask: Ask, closes: bool },
    /// This command, once the passphrase is given; whether the form on top closes then.
    Prove { command: Box<Command>, closes: bool },
    /// The screen on top closes, with what was typed.
    Close,
    /// The terminal closes.
    Quit,
}

impl Over {
    pub fn focus(&self) -> Focus {
        match self {
            Over::Question(question) => question.dialog.focus(),
            Over::Menu(_) | Over::Chooser(_) => Focus::Text,
            Over::Text(..) => Focus::Dialog,
        }
    }
}

impl App {
    /// What stands in front, unless a gate stands before that.
    pub(super) fn in_front(&self) -> Option<&Over> {
        self.over.as_ref().filter(|_| self.seat.gate().is_none())
    }

    /// Asks, as the binding of the act wants it confirmed.
    pub(super) fn question(&mut self, ask: Ask, verb: &str, confirm: Confirm) {
        self.question_of_form(ask, verb, confirm, false);
    }

    /// Asks; whether the form on top closes once it is done.
    pub(super) fn question_of_form(&mut self, ask: Ask, verb: &str, confirm: Confirm, closes: bool) {
        let confirm = ask.confirm.unwrap_or(confirm);
        let mut fields = ask.fields.clone();
        let proved = self.seat.is_proved(self.view.now, self.known.settings.confirm_minutes);
        if confirm == Confirm::Pin && !proved {
            fields.push(Field::line("passphrase", "dialog.passphrase", Kind::Passphrase).needed());
        }
        let title = format!("{verb}: {}", ask.title);
        let dialog = Dialog::new(title, ask.lines.clone(), verb.to_owned());
        let dialog = dialog.with_fields(fields).with_code(self.view.now);
        self.over = Some(Over::Question(Question { dialog, then: Then::Ask { ask, closes } }));
    }

    /// A question with nothing to fill in.
    pub(super) fn simple_question(&mut self, title: &str, line: &str, verb: &str, then: Then) {
        let say = |key| self.view.words.say(key).to_owned();
        let dialog = Dialog::new(say(title), vec![say(line)], say(verb)).with_code(self.view.now);
        self.over = Some(Over::Question(Question { dialog, then }));
    }

    pub(super) fn press_question(&mut self, mut question: Question, press: &Press, wishes: &mut Vec<Wish>) {
        let act = match press {
            Press::Key(key, _) => {
                self.keymap.binding("dialog", &[], Chord::Key(*key)).map(|binding| binding.run.clone())
            }
            _ => None,
        };
        match question.dialog.press(press, act.as_deref()) {
            Verdict::Waits => self.over = Some(Over::Question(question)),
            Verdict::Bell => {
                wishes.push(Wish::Bell);
                self.over = Some(Over::Question(question));
            }
            Verdict::Cancelled => self.say("dialog.cancelled"),
            Verdict::Confirmed => self.confirmed(question, wishes),
        }
    }

    fn confirmed(&mut self, mut question: Question, wishes: &mut Vec<Wish>) {
        let (made, closing) = match &question.then {
            Then::Quit => return wishes.push(Wish::Quit),
            Then::Close => return self.close_top(),
            Then::Prove { command, closes } => (Ok((**command).clone()), *closes),
            Then::Ask { ask, closes } => ((ask.make)(&|name: &str| question.dialog.text(name).to_string()), *closes),
        };
        let command = match made {
            Ok(command) => command,
            Err((field, fault)) => {
                question.dialog.object(field, fault);
                wishes.push(Wish::Bell);
                return self.over = Some(Over::Question(question));
            }
        };
        let passphrase = question.dialog.text("passphrase");
        if passphrase.is_empty() {
            self.submit(command, closing, wishes);
            self.asked = Some(question).filter(|question| !question.dialog.fields.is_empty());
            return;
        }
        self.prove(command, closing, passphrase, wishes);
        self.over = Some(Over::Question(question));
    }

    /// What was asked was refused: the question stands again with what was filled in, unless something else is in front.
    pub(super) fn ask_again(&mut self) {
        let Some(mut question) = self.asked.take().filter(|_| self.over.is_none()) else { return };
        question.dialog.stand_again();
        self.over = Some(Over::Question(question));
    }

    /// Asks for the passphrase before a command that moves money or signs.
    pub(super) fn ask_passphrase(&mut self, command: Command, closes: bool) {
        let words = &self.view.words;
        let verb = words.say(&format!("act.{}", command.name())).to_owned();
        let field = Field::line("passphrase", "dialog.passphrase", Kind::Passphrase).needed();
        let dialog = Dialog::new(verb.clone(), vec![words.say("dialog.why_passphrase").to_owned()], verb)
            .with_fields(vec![field]);
        self.over = Some(Over::Question(Question { dialog, then: Then::Prove { command: Box::new(command), closes } }));
    }

    fn prove(&mut self, command: Command, closes: bool, passphrase: Zeroizing<String>, wishes: &mut Vec<Wish>) {
        if self.pending.is_waiting() {
            return self.say("notice.wait");
        }
        let ticket = self.pending.ticket(Reason::Proof { command: Box::new(command), closes });
        wishes.push(Wish::Prove { ticket, passphrase });
    }

    pub(super) fn press_menu(&mut self, mut menu: Menu, press: &Press, wishes: &mut Vec<Wish>) {
        if self.cancels(press) {
            return;
        }
        match menu.press(press) {
            Chosen::Waits => self.over = Some(Over::Menu(menu)),
            Chosen::Bell => {
                wishes.push(Wish::Bell);
                self.over = Some(Over::Menu(menu));
            }
            Chosen::Act(name) => {
                let context = self.stage.top_ref().name();
                let entries = self.keymap.entries(context, &self.station.overlays);
                let bound =
                    entries.into_iter().find(|entry| entry.binding.run == name).map(|entry| entry.binding.clone());
                if let Some(binding) = bound {
                    self.act(&binding, wishes);
                }
            }
        }
    }

    pub(super) fn open_chooser(&mut self, field: &'static str) {
        let what = self.view.words.say(&format!("field.{field}")).to_owned();
        let title = self.view.words.say_with("find.title", &[("what", &what)]);
        let typed = self.typed_for(field);
        let mut chooser = Chooser::new(field, title);
        let found = self.candidates(field, &typed);
        // What names something already is to be changed, what names nothing is to be found.
        if found.is_empty() || names_one(&found, &typed) {
            chooser.show(self.candidates(field, ""));
        } else {
            chooser.find.set(&typed);
            chooser.show(found);
        }
        self.over = Some(Over::Chooser(chooser));
    }

    fn typed_for(&mut self, field: &str) -> String {
        match self.stage.top().body() {
            Body::Form(form) => form.offering().filter(|(name, _)| *name == field).map_or("", |(_, typed)| typed),
            _ => "",
        }
        .to_owned()
    }

    /// Enter on a dealer or an article that is no code, but found by it as in a list: the one found is filled in, several
    /// are offered. Returns whether they are.
    pub(super) fn completes(&mut self) -> bool {
        let Body::Form(form) = self.stage.top().body() else { return false };
        let Some((field, typed)) = form.offering().map(|(field, typed)| (field, typed.to_owned())) else {
            return false;
        };
        // Digits are a barcode or a number: a pack's barcode stands for the pack and not for its article.
        if !FOUND_BY_NAME.contains(&field) || typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let found = self.candidates(field, &typed);
        match found.as_slice() {
            found if names_one(found, &typed) => (),
            [] => (),
            [one] => {
                if let Body::Form(form) = self.stage.top().body() {
                    form.fill(&one.code);
                }
            }
            _ => {
                self.open_chooser(field);
                return true;
            }
        }
        false
    }

    pub(super) fn press_chooser(&mut self, mut chooser: Chooser, press: &Press, wishes: &mut Vec<Wish>) {
        if self.cancels(press) {
            return;
        }
        match chooser.press(press) {
            Picked::Waits => (),
            Picked::Stale => {
                let found = self.candidates(chooser.field, chooser.find.query());
                chooser.show(found);
            }
            Picked::Bell => wishes.push(Wish::Bell),
            Picked::Code(code) => {
                match self.stage.top().body() {
                    Body::Form(form) => form.fill(&code),
                    Body::Entry(entry) => {
                        entry.picked(chooser.field, &code);
                        return;
                    }
                    Body::Rows(_) | Body::Text(_) => (),
                }
                return self.look_again();
            }
        }
        self.over = Some(Over::Chooser(chooser));
    }

    /// What can stand in the field called `field` and fits the query.
    pub(super) fn candidates(&self, field: &str, query: &str) -> Vec<Candidate> {
        let Ok(books) = self.library.read() else { return vec![] };
        crate::ui::pane::lookup::candidates(&books, &*self.library, field, query)
    }

    pub(super) fn press_text(&mut self, title: String, mut text: Scroll, press: &Press) {
        let roll = match press {
            Press::Key(Key::Up, _) => Some(Roll::Up),
            Press::Key(Key::Down, _) => Some(Roll::Down),
            Press::Key(Key::PageUp, _) => Some(Roll::PageUp),
            Press::Key(Key::PageDown, _) => Some(Roll::PageDown),
            _ => None,
        };
        let stays = roll.is_some() || !matches!(press, Press::Key(..));
        if let Some(roll) = roll {
            text.roll(roll);
        }
        if stays {
            self.over = Some(Over::Text(title, text));
        }
    }

    /// Whether a press takes away what stands in front.
    fn cancels(&self, press: &Press) -> bool {
        let Press::Key(key, _) = press else { return false };
        let bound = self.keymap.binding("dialog", &[], Chord::Key(*key));
        bound.is_some_and(|binding| binding.run == "dialog.cancel")
    }

    /// The passphrase was wrong, or somebody else's.
    pub(super) fn proof_failed(&mut self) {
        let fault = self.view.words.say("dialog.wrong").to_owned();
        if let Some(Over::Question(question)) = &mut self.over {
            question.dialog.object("passphrase", fault);
        }
    }

    /// The passphrase was right: the question is answered.
    pub(super) fn proof_given(&mut self, command: Command, closes: bool, wishes: &mut Vec<Wish>) {
        self.over = None;
        self.seat.prove(self.view.now);
        if matches!(command, Command::NotePassphrase(_)) {
            // The new one is not in the command: it waits in the form.
            return self.commit(wishes);
        }
        self.submit(command, closes, wishes);
    }
}
