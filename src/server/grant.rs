//! What faces wish, and the answers that come back: sign-in, errands to the desk, bells and goodbyes.
//!
//! Who speaks is stamped here, from what the server itself has checked; a face can name nobody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use zeroize::Zeroizing;

use super::core::Core;
use super::login::{Attempt, Verdict};
use super::session::Session;
use super::{Errand, SessionId, Task, now};
use crate::domain::event::Event;
use crate::domain::id::PersonId;
use crate::ui::face::{Answer, Face, Wish};
use crate::ui::locale::{Lang, Words};
use crate::wire::Goodbye;

/// The ticket under which a face learns that the Unix account has signed its person in.
pub const BY_ACCOUNT: u64 = 0;

impl Core {
    /// Gives a session its face, if the store is open.
    pub(super) fn dress(&mut self, session: &mut Session) {
        let Some(house) = &mut self.house else { return };
        let arrival = session.arrival(now());
        let made: Option<Box<dyn Face>> = catch_unwind(AssertUnwindSafe(|| (house.faces)(&arrival))).ok();
        session.show(made);
        if let Some(person) = self.door.as_ref().and_then(|door| door.credentials().bound_to(session.peer.uid)) {
            session.person = Some(person);
            session.expects_answer();
            // A face only takes note of who it is; what it wishes then comes with its first key.
            session.answer(BY_ACCOUNT, Answer::SignedIn(person));
        }
    }

    /// Carries out what a face wishes.
    pub(super) fn grant(&mut self, number: u64, wishes: Vec<Wish>) {
        for wish in wishes {
            match wish {
                Wish::Submit { ticket, command } => self.send_errand(number, ticket, Task::Submit(command)),
                Wish::Import { ticket, order } => self.send_errand(number, ticket, Task::Import(order)),
                Wish::SignIn { ticket, code, passphrase } => {
                    self.try_passphrase(number, ticket, code, passphrase, None)
                }
                Wish::Prove { ticket, passphrase } => self.prove(number, ticket, passphrase),
                Wish::SetPassphrase { ticket, person, passphrase } => {
                    self.send_errand(number, ticket, Task::SetPassphrase(person, passphrase));
                }
                Wish::SignOut => self.with(number, Session::sign_out),
                Wish::Quit => self.dismiss(number, Goodbye::Quit),
                Wish::Bell => self.with(number, Session::ring),
                Wish::Copy(text) => self.with(number, |session| session.copy(&text)),
                Wish::Repaint => self.with(number, Session::repaint),
            }
        }
    }

    /// Hands what is half-entered at a terminal to the desk, if it is due at `at`.
    pub(super) fn keep_draft(&mut self, number: u64, at: Instant) {
        let (Some(session), Some(house)) = (self.sessions.get_mut(&number), &mut self.house) else { return };
        if let Some((form, text)) = session.draft(at) {
            let task = Task::KeepDraft { form, text };
            house.counter.take(Errand { session: session.id, ticket: 0, speaker: session.speaker(), at: now(), task });
        }
    }

    fn with(&mut self, number: u64, act: impl FnOnce(&mut Session)) {
        if let Some(session) = self.sessions.get_mut(&number) {
            act(session);
        }
    }

    fn send_errand(&mut self, number: u64, ticket: u64, task: Task) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let (true, Some(house)) = (session.expects_answer(), &mut self.house) else {
            let words = Words::load(Lang::of(&session.terminal.lang));
            let wishes = session.tell_failed(ticket, words.say("terminal.busy").into());
            return self.grant(number, wishes);
        };
        house.counter.take(Errand { session: session.id, ticket, speaker: session.speaker(), at: now(), task });
    }

    fn prove(&mut self, number: u64, ticket: u64, passphrase: Zeroizing<String>) {
        let Some(person) = self.sessions.get(&number).and_then(|session| session.person) else { return };
        let code = self.door.as_ref().and_then(|door| door.credentials().code_of(person));
        self.try_passphrase(number, ticket, code.unwrap_or_default(), passphrase, Some(person));
    }

    fn try_passphrase(
        &mut self,
        number: u64,
        ticket: u64,
        code: String,
        passphrase: Zeroizing<String>,
        only: Option<PersonId>,
    ) {
        let (Some(session), Some(door)) = (self.sessions.get_mut(&number), &mut self.door) else { return };
        if !session.expects_answer() {
            return;
        }
        let attempt = Attempt { session: session.id, ticket, code, uid: session.peer.uid, passphrase, only };
        if let Err(again) = door.attempt(attempt, now()) {
            let wishes = session.answer(ticket, Answer::NotSignedIn { again });
            self.grant(number, wishes);
        }
    }

    /// Passes the desk's answer on.
    pub(super) fn pass_answer(&mut self, session: SessionId, ticket: u64, answer: Answer) {
        let Some(waiting) = self.sessions.get_mut(&session.0) else { return };
        // In a store without people the first administrator is at once who sits here; nobody else could have been accepted.
        if let (None, Answer::Accepted { event, .. }) = (waiting.person, &answer)
            && let Event::PersonAppointed { person, .. } = **event
        {
            (waiting.person, waiting.proved) = (Some(person), Some(now()));
        }
        let wishes = waiting.answer(ticket, answer);
        self.grant(session.0, wishes);
    }

    /// Passes on how far work has come.
    pub(super) fn pass_progress(&mut self, session: SessionId, ticket: u64, done: u64, of: u64) {
        let Some(waiting) = self.sessions.get_mut(&session.0) else { return };
        let wishes = waiting.progress(ticket, done, of);
        self.grant(session.0, wishes);
    }

    /// Signs in whom a worker has recognised, or says when the next try is taken.
    pub(super) fn pass_verdict(&mut self, session: SessionId, verdict: &Verdict) {
        let Some(door) = &mut self.door else { return };
        let settled = door.settle(verdict, now());
        // The terminal may be gone by now; the try has been counted all the same.
        let Some(waiting) = self.sessions.get_mut(&session.0) else { return };
        let answer = match settled {
            Ok(person) => {
                if waiting.person != Some(person) {
                    door.credentials().signed_in(person, &waiting.terminal.tty);
                }
                (waiting.person, waiting.proved) = (Some(person), Some(now()));
                Answer::SignedIn(person)
            }
            Err(again) => Answer::NotSignedIn { again },
        };
        self.pass_answer(session, verdict.ticket, answer);
    }
}
