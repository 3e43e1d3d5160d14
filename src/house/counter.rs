//! The counter's window: errands of terminals, on their way to the desk and back.
//!
//! Money and signatures ask for the passphrase again unless it was given a few minutes ago, whoever signed in how.
//! Imports have a thread of their own, of low priority, and only hand chunks to the desk.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{INBOX, Rooms};
use crate::desk::import::{Request, Stopped, import, rehearse};
use crate::desk::thread::Job;
use crate::desk::{self, Envelope};
use crate::domain::clause::{Clause, Reason};
use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::person::NotePassphrase;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::server::{Counter, Errand, Mail, Speaker, Task, login};
use crate::store::books::Books;
use crate::ui::face::Answer;

/// How long a passphrase stays good where the settings cannot be read, in minutes.
const CONFIRM_MINUTES: u16 = 5;

/// Takes errands; its answers go by mail.
pub struct Window {
    rooms: Rooms,
    mail: Mail,
}

/// What a screen asks of an import.
#[derive(Debug, Deserialize)]
struct Order {
    /// The file's name in the inbox.
    file: String,
    #[serde(default)]
    account: Option<Text>,
    #[serde(default)]
    accept_totals: Option<Text>,
    #[serde(default)]
    dry_run: bool,
}

impl Window {
    /// The window of a house.
    pub fn new(rooms: Rooms, mail: Mail) -> Window {
        Window { rooms, mail }
    }

    /// Whether a weighty command needs the passphrase first.
    fn must_prove(&self, speaker: &Speaker, at: Moment) -> bool {
        let settings = self.rooms.desk.store().read().and_then(|books| books.settings());
        let minutes = settings.map_or(CONFIRM_MINUTES, |settings| settings.confirm_minutes);
        speaker.proved.is_none_or(|proved| at.seconds_since(proved) > i64::from(minutes) * 60)
    }

    fn submit(&self, errand: &Errand, command: Command) -> Result<(), Answer> {
        if command.is_weighty() && self.must_prove(&errand.speaker, errand.at) {
            return Err(Answer::Refused(Clause::OwnWork.refuse(Reason::ProveAgain).into()));
        }
        let (session, ticket, mail) = (errand.session, errand.ticket, self.mail.clone());
        let envelope = Envelope {
            command,
            by: errand.speaker.person.unwrap_or(PersonId(0)),
            at: errand.at,
            terminal: terminal(&errand.speaker),
            id: None,
        };
        let reply = Box::new(move |answer| mail.answered(session, ticket, told(answer)));
        let busy = |_| Answer::Failed("busy".into());
        self.rooms.inbox.try_hand_in(Job::Submit(Box::new(envelope), reply)).map_err(busy)
    }

    fn keep_draft(&self, errand: &Errand, form: String, text: Option<String>) {
        if let Some(person) = errand.speaker.person {
            // A desk with too much to do is asked again with the next key.
            let _ = self.rooms.inbox.try_hand_in(Job::Draft(person, form, text, Box::new(|_| {})));
        }
    }

    /// Whether there is anything to prove: who came in by their Unix account sets their first passphrase without one.
    fn has_passphrase(&self, speaker: &Speaker) -> bool {
        let Some(person) = speaker.person else { return false };
        let kept = self.rooms.desk.store().read().and_then(|books| books.credential(person));
        kept.map_or(true, |hash| hash.is_some())
    }

    /// Hashes in a thread of its own, since that takes longer than a key may wait.
    fn set_passphrase(&self, errand: &Errand, person: String, passphrase: Zeroizing<String>) -> Result<(), Answer> {
        if self.has_passphrase(&errand.speaker) && self.must_prove(&errand.speaker, errand.at) {
            return Err(Answer::Refused(Clause::OwnWork.refuse(Reason::ProveAgain).into()));
        }
        let (rooms, mail) = (self.rooms.clone(), self.mail.clone());
        let (session, ticket) = (errand.session, errand.ticket);
        let command = Command::NotePassphrase(NotePassphrase { person: Text::new(&person) });
        let by = errand.speaker.person.unwrap_or(PersonId(0));
        let envelope = Envelope { command, by, at: errand.at, terminal: terminal(&errand.speaker), id: None };
        let work = move || match login::hash(&passphrase) {
            Ok(hash) => {
                let recent = rooms.recent.clone();
                let reply = Box::new(move |answer: desk::Answer| {
                    if matches!(answer, desk::Answer::Accepted { .. }) {
                        recent.forget(&person);
                    }
                    mail.answered(session, ticket, told(answer));
                });
                rooms.inbox.hand_in(Job::Passphrase(Box::new(envelope), hash, reply));
            }
            Err(fault) => mail.answered(session, ticket, Answer::Failed(fault.to_string().into())),
        };
        let started = std::thread::Builder::new().name("hash".into()).spawn(work);
        started.map(drop).map_err(|fault| Answer::Failed(fault.to_string().into()))
    }

    fn import(&self, errand: &Errand, order: serde_json::Value) -> Result<(), Answer> {
        let failed = |error: String| Answer::Failed(error.into());
        let order: Order = serde_json::from_value(order).map_err(|error| failed(error.to_string()))?;
        let Some(by) = errand.speaker.person else {
            return Err(Answer::Refused(Clause::OwnWork.refuse(Reason::NotSignedIn).into()));
        };
        let path = within(&self.rooms.folder.join(INBOX), &order.file).ok_or_else(|| failed(order.file.clone()))?;
        let (rooms, mail) = (self.rooms.clone(), self.mail.clone());
        let (session, ticket, at, terminal) = (errand.session, errand.ticket, errand.at, terminal(&errand.speaker));
        let work = move || {
            crate::server::detach::be_patient();
            let name = Text::new(&order.file);
            let (account, accept_totals) = (order.account, order.accept_totals);
            let request = Request { path: &path, name, account, accept_totals, by, at, terminal };
            let came = if order.dry_run {
                rooms
                    .desk
                    .store()
                    .read()
                    .map_err(|fault| Stopped::Failed(fault.to_string()))
                    .and_then(|books| rehearse(&books, &request))
            } else {
                import(&rooms.inbox, &request, &mut |done, of| mail.progress(session, ticket, done, of))
            };
            mail.answered(session, ticket, came_to(came));
        };
        std::thread::Builder::new().name("import".into()).spawn(work).map_err(|error| failed(error.to_string()))?;
        Ok(())
    }
}

impl Counter for Window {
    fn take(&mut self, mut errand: Errand) {
        let task = std::mem::replace(&mut errand.task, Task::Import(Box::default()));
        let taken = match task {
            Task::Submit(command) => self.submit(&errand, *command),
            Task::Import(order) => self.import(&errand, *order),
            Task::KeepDraft { form, text } => return self.keep_draft(&errand, form, text),
            Task::SetPassphrase(person, passphrase) => self.set_passphrase(&errand, person, passphrase),
        };
        if let Err(answer) = taken {
            self.mail.answered(errand.session, errand.ticket, answer);
        }
    }
}

/// A file directly in the inbox; names with a path in them are none.
fn within(inbox: &Path, name: &str) -> Option<PathBuf> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(file)), None) => Some(inbox.join(file)),
        _ => None,
    }
}

/// How the journal names a terminal: its tty as it says, its Unix account and process as the kernel says.
fn terminal(speaker: &Speaker) -> Text {
    let (tty, peer) = (speaker.tty.trim_start_matches("/dev/"), speaker.peer);
    Text::new(&format!("{tty} uid {} gid {} pid {}", peer.uid, peer.gid, peer.pid))
}

fn told(answer: desk::Answer) -> Answer {
    match answer {
        desk::Answer::Accepted { seq, event } => Answer::Accepted { seq, event },
        desk::Answer::Refused(refusals) => Answer::Refused(refusals),
        desk::Answer::Failed(words) => Answer::Failed(words.into()),
    }
}

fn came_to(came: Result<desk::import::Outcome, Stopped>) -> Answer {
    match came {
        Ok(outcome) => Answer::Imported { import: outcome.import, file: Box::new(outcome.file), tally: outcome.tally },
        Err(Stopped::Refused(refusals)) => Answer::Refused(refusals),
        Err(Stopped::Damaged(damage)) => Answer::Damaged(Box::new(damage)),
        Err(Stopped::Failed(words)) => Answer::Failed(words.into()),
    }
}
