//! How other threads speak to the core: a letter box and a bell that wakes it.
//!
//! Whoever holds a [`Mail`] can answer an errand or tell that the journal has grown. It never waits for the core.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use rustix::event::{EventfdFlags, eventfd};

use super::login::Verdict;
use super::{House, Progress, SessionId};
use crate::domain::id::Seq;
use crate::domain::text::Text;
use crate::ui::face::Answer;

/// What other threads tell the core.
pub(super) enum News {
    Opening(Progress),
    Opened(Result<Box<House>, String>),
    Answered { session: SessionId, ticket: u64, answer: Answer },
    Progress { session: SessionId, ticket: u64, done: u64, of: u64 },
    Moved(Seq),
    Notice([Text; 2]),
    Judged { session: SessionId, verdict: Verdict },
    CallEnded(u32),
    Fatal(String),
    Stop,
}

/// The way to the core, for other threads.
#[derive(Clone)]
pub struct Mail {
    letters: Sender<News>,
    bell: Arc<OwnedFd>,
}

impl Mail {
    pub(super) fn new(letters: Sender<News>) -> std::io::Result<Mail> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Mail { letters, bell: Arc::new(bell) })
    }

    /// What the core waits on.
    pub(super) fn bell(&self) -> &OwnedFd {
        &self.bell
    }

    /// Stops the bell, after which the letters are taken.
    pub(super) fn hush(&self) {
        // Nothing to read means that it was not ringing.
        let _ = rustix::io::read(&*self.bell, &mut [0; 8]);
    }

    pub(super) fn send(&self, news: News) {
        // A core that is gone needs no news, and a bell that is full rings already.
        if self.letters.send(news).is_ok() {
            let _ = rustix::io::write(&*self.bell, &1_u64.to_ne_bytes());
        }
    }

    /// Answers the errand of `session` under `ticket`.
    pub fn answered(&self, session: SessionId, ticket: u64, answer: Answer) {
        self.send(News::Answered { session, ticket, answer });
    }

    /// The work of `session` under `ticket` has come so far.
    pub fn progress(&self, session: SessionId, ticket: u64, done: u64, of: u64) {
        self.send(News::Progress { session, ticket, done, of });
    }

    /// The journal has grown to `seq`: every session that shows something stale is drawn again.
    pub fn moved(&self, seq: Seq) {
        self.send(News::Moved(seq));
    }

    /// A word to every terminal.
    pub fn notice(&self, words: [Text; 2]) {
        self.send(News::Notice(words));
    }

    /// How far the opening of the store is.
    pub fn opening(&self, progress: Progress) {
        self.send(News::Opening(progress));
    }

    /// A commit failed, so that nobody knows what is saved: every terminal is told, and the server ends.
    pub fn fatal(&self, fault: String) {
        self.send(News::Fatal(fault));
    }

    /// Ends the server in order.
    pub fn stop(&self) {
        self.send(News::Stop);
    }
}
