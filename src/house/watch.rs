//! Beside the desk and never in its way: the witness is told how far the journal has come, and the disk is looked at.
//!
//! Within a second of a commit, and once more when the house closes. Whatever fails here is said in the log and stops
//! nobody: the books themselves are kept by the desk.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::domain::text::Text;
use crate::server::{self, Mail};
use crate::store::room::{Limits, Room};
use crate::store::witness::{Objection, Seen, Witness};
use crate::ui::locale::{Lang, Words};

/// What moves within this is witnessed together.
const PAUSE: Duration = Duration::from_millis(500);

/// What a house is guarded by.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Who is told how far the journal has come; nobody, in tests.
    pub witness: Option<Witness>,
    /// How much room the disk must have.
    pub limits: Limits,
}

enum Turn {
    Moved,
    Stop,
}

/// The thread that watches.
pub(super) struct Watch {
    turns: SyncSender<Turn>,
    thread: JoinHandle<()>,
}

/// Rung after each commit.
pub(super) struct Bell(SyncSender<Turn>);

impl Bell {
    /// The journal has moved.
    pub(super) fn ring(&self) {
        // One that rings already is heard.
        let _ = self.0.try_send(Turn::Moved);
    }
}

impl Watch {
    /// Watches over a desk: `witness` is told, and every terminal is when the room gets low.
    pub(super) fn start(
        desk: Arc<Desk>,
        witness: Option<Witness>,
        room: Room,
        mail: Mail,
    ) -> std::io::Result<(Watch, Bell)> {
        let (turns, taken) = sync_channel(1);
        let bell = Bell(turns.clone());
        let watcher = Watcher { desk, witness, room, mail, kept: None, is_low: false };
        let thread = std::thread::Builder::new().name("watch".into()).spawn(move || watcher.run(&taken))?;
        Ok((Watch { turns, thread }, bell))
    }

    /// Looks once more, and ends.
    pub(super) fn stop(self) {
        // A thread that is gone has nothing more to look at.
        let _ = self.turns.send(Turn::Stop);
        let _ = self.thread.join();
    }
}

struct Watcher {
    desk: Arc<Desk>,
    witness: Option<Witness>,
    room: Room,
    mail: Mail,
    kept: Option<Seen>,
    is_low: bool,
}

impl Watcher {
    fn run(mut self, turns: &Receiver<Turn>) {
        loop {
            self.look();
            let Ok(Turn::Moved) = turns.recv() else { break };
            if !is_quiet(turns) {
                break;
            }
        }
        self.look();
    }

    fn look(&mut self) {
        if let Err(why) = self.tell_witness() {
            server::log(format_args!("the witness could not be told: {why}"));
        }
        let Ok(left) = self.room.left() else { return };
        let is_low = left.is_low(&self.room.limits);
        if is_low && !self.is_low {
            let words = in_each("keep.room_low", &[("left", &left.mib())]);
            server::log(format_args!("{}", words.join(" / ")));
            self.mail.notice(words.map(|words| Text::new(&words)));
        }
        self.is_low = is_low;
    }

    fn tell_witness(&mut self) -> Result<(), crate::store::Fault> {
        let Some(witness) = &self.witness else { return Ok(()) };
        // After a failed commit nobody knows what is kept.
        if self.desk.stopped().is_some() {
            return Ok(());
        }
        let seen = Seen::of(&self.desk.store().read()?)?;
        if self.kept.as_ref() != Some(&seen) {
            witness.keep(&seen)?;
            self.kept = Some(seen);
        }
        Ok(())
    }
}

/// Waits until the pause is over; `false` where it is time to end.
fn is_quiet(turns: &Receiver<Turn>) -> bool {
    let end = Instant::now() + PAUSE;
    loop {
        match turns.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Turn::Moved) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Turn::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// A text in each language: for all terminals at once, of which each shows its own.
fn in_each(key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> [String; 2] {
    Lang::ALL.map(|lang| Words::load(lang).say_with(key, values))
}

/// A text in both languages: for what is said before anybody's language is known.
pub(super) fn in_both(key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    in_each(key, values).join(" / ")
}

/// What the witness said, and what may be done.
pub(super) fn words(objection: &Objection, witness: &Path) -> String {
    let file = witness.display();
    match objection {
        Objection::OtherStore => in_both("keep.other_store", &[("file", &file)]),
        Objection::Shorter { found, seen } => in_both("keep.shorter", &[("found", found), ("seen", seen)]),
        Objection::Altered { at } => in_both("keep.altered", &[("at", at)]),
        Objection::Unreadable => in_both("keep.unreadable", &[("file", &file)]),
        Objection::NoBooks { seen } => in_both("keep.no_books", &[("seen", seen)]),
    }
}
