//! Who comes and goes at the terminal: signing in, the lock, and what the journal says of who sits there.

use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::person::AppointPerson;
use crate::domain::role::{Role, Roles};
use crate::domain::text::Text;
use crate::store::books::Books;
use crate::ui::app::over::Over;
use crate::ui::app::seat::{Reason, Seat, Sitter};
use crate::ui::app::undo::Trail;
use crate::ui::app::{App, Stage};
use crate::ui::face::Wish;
use crate::ui::pane::Seated;

impl App {
    /// Locks the terminal by hand; what was said last is nobody's business meanwhile.
    pub(super) fn lock(&mut self) {
        self.seat.lock();
        self.messages.seen();
    }

    /// Whether the screen on top stays in sight though the terminal is locked.
    pub(super) fn is_lit(&self) -> bool {
        let locked = self.seat.is_locked() && self.over.is_none() && !self.seat.is_awake(self.view.now);
        locked && self.stage.top_ref().stays_lit()
    }

    /// The passphrase of the gate goes to the server.
    pub(super) fn sign_in(&mut self, wishes: &mut Vec<Wish>) {
        if self.pending.is_waiting() {
            return;
        }
        if self.seat.gate().is_some_and(|gate| gate.is_first()) {
            return self.appoint_first(wishes);
        }
        let ticket = self.pending.ticket(Reason::SignIn);
        let locked = self.seat.is_locked();
        let Some(gate) = self.seat.gate_mut() else {
            return;
        };
        let code = gate.form.text("code").to_owned();
        let passphrase = zeroize::Zeroizing::new(gate.form.text("passphrase").to_owned());
        gate.form.set("passphrase", "");
        wishes.push(if locked {
            Wish::Prove { ticket, passphrase }
        } else {
            Wish::SignIn { ticket, code, passphrase }
        });
    }

    /// The first person of a store is its administrator, bound to the Unix account that opened it.
    fn appoint_first(&mut self, wishes: &mut Vec<Wish>) {
        let Some(gate) = self.seat.gate() else { return };
        let (code, name) = (Text::new(gate.form.text("code")), Text::new(gate.form.text("name")));
        let roles = Roles::of(&[Role::Administrator]);
        let appoint = AppointPerson { code, name, roles, unix: self.station.unix };
        let ticket = self.pending.ticket(Reason::First);
        wishes.push(Wish::Submit { ticket, command: Box::new(Command::AppointPerson(appoint)) });
    }

    pub(super) fn sign_out(&mut self, wishes: &mut Vec<Wish>) {
        self.seat = Seat::empty();
        self.stage = Stage::new();
        // Nothing of what one person was asked or told is the next one's.
        (self.over, self.asked) = (None, None);
        self.messages.forget();
        wishes.push(Wish::SignOut);
    }

    /// The server knows who it is: the screens open, or go on where the same person left them.
    pub(super) fn sit_down(&mut self, person: PersonId, by_passphrase: bool) {
        let found = self.library.read().ok().and_then(|books| books.person(person).ok().flatten());
        let Some(person) = found else {
            return self.say("gate.unknown");
        };
        let same = self.seat.who().is_some_and(|who| who.id == person.id);
        let who = Seated { id: person.id, name: person.name, roles: person.roles };
        self.seat =
            Seat::Taken(Sitter { who, proved: by_passphrase.then_some(self.view.now), touched: None, woken: None });
        if same {
            if let Some(Over::Question(question)) = &mut self.over {
                question.dialog.stand_again();
            }
            return self.look_around();
        }
        (self.stage, self.over, self.trail) = (Stage::new(), None, Trail::default());
        self.look_around();
        self.resume();
    }

    /// What the journal says of who sits here: whoever may act no more is shown nothing more, and other roles see by
    /// what they hold now. Returns whether it is something else than before.
    pub(super) fn look_at_seat(&mut self, wishes: &mut Vec<Wish>) -> bool {
        let (Some(who), Ok(books)) = (self.seat.who(), self.library.read()) else { return false };
        // A person who cannot be read is still who they were: the screens say that the books cannot be read.
        let Ok(person) = books.person(who.id) else { return false };
        match person.filter(|person| person.active) {
            None => {
                self.sign_out(wishes);
                self.bell("gate.dismissed", wishes);
            }
            Some(person) if person.roles != who.roles => {
                self.seat.know(Seated { id: person.id, name: person.name, roles: person.roles });
                self.say("gate.roles_changed");
            }
            Some(_) => return false,
        }
        true
    }

    /// Whether the person at work has a passphrase to prove: who came in by their Unix account may have none yet.
    pub(super) fn has_passphrase(&self) -> bool {
        let Some(who) = self.seat.who() else { return false };
        self.library.read().is_ok_and(|books| !books.credential(who.id).is_ok_and(|hash| hash.is_none()))
    }

    /// The sign-in code of the person at work.
    pub(super) fn own_code(&self) -> String {
        let person = self.seat.who().and_then(|who| self.library.read().ok()?.person(who.id).ok().flatten());
        person.map_or_else(String::new, |person| person.code.as_str().to_owned())
    }

    pub(super) fn turned_away(&mut self, again: crate::domain::time::Moment, wishes: &mut Vec<Wish>) {
        let words = self.view.words.clone();
        let pen = crate::ui::Pen {
            words: &words,
            look: self.station.look,
            now: self.view.now,
            zone: self.known.settings.zone,
        };
        if let Some(gate) = self.seat.gate_mut() {
            gate.refuse(again, pen);
        }
        wishes.push(Wish::Bell);
    }
}
