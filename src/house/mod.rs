//! The house: an open store, the desk's thread, the screens and the verbs, put together for the server.
//!
//! Nothing is decided here. Who speaks comes stamped from the server, what is asked goes to the desk, and what became of it
//! goes back to the terminal that asked.

mod counter;
mod doors;
mod library;
mod screens;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use crate::desk::thread::Job;
use crate::desk::{Desk, thread};
use crate::server::{self, House, Mail, Progress, Verbs};
use crate::store::open::{self, Store};
use crate::store::room::Room;
use crate::ui::locale::{Lang, Words};
use crate::wire::Terminal;
use watch::Watch;

pub use counter::Window;
pub use doors::Doors;
pub use library::Shelves;
pub use screens::{Furnishing, dress};
pub use watch::Guard;

/// The store's file within its folder.
pub const BOOKS: &str = "books.redb";
/// The folder in which statements wait to be imported.
pub const INBOX: &str = "inbox";

/// How long the desk may take to finish, and calls to let go of the store. A service manager waits three seconds.
const CLOSING: Duration = Duration::from_millis(1_200);

/// What verbs and screens are made from.
#[derive(Clone)]
pub struct Rooms {
    /// The desk, for reading.
    pub desk: Arc<Desk>,
    /// The desk's thread, for writing.
    pub inbox: thread::Inbox,
    /// Search.
    pub library: Arc<Shelves>,
    /// The store's folder.
    pub folder: Arc<Path>,
    /// The failed sign-ins of late.
    recent: doors::Recents,
}

/// Opens the store in `folder`; `dress` makes the screens and `verbs` the command line's side.
pub fn open(
    folder: &Path,
    rehearsal: bool,
    guard: &Guard,
    mail: &Mail,
    dress: impl FnOnce(&Rooms) -> server::Faces,
    verbs: impl FnOnce(&Rooms) -> Arc<dyn Verbs>,
) -> Result<House, String> {
    let told = mail.clone();
    let books = folder.join(BOOKS);
    if !books.exists() {
        heard(guard, None)?;
    }
    let store = Store::open(&books, rehearsal, &mut |progress| told.opening(words(progress)));
    let store = store.map_err(|fault| fault.to_string())?;
    heard(guard, Some(&store))?;
    let room = Room::new(folder, guard.limits);
    let desk = Arc::new(Desk::new(store).within(room.clone()));
    let library = Shelves::begin(desk.clone()).map_err(|error| error.to_string())?;
    let (shelves, news) = (library.clone(), mail.clone());
    // Rehearsals are worth nothing, and are made anew all the time.
    let witness = guard.witness.clone().filter(|_| !desk.store().is_rehearsal());
    let watched = Watch::start(desk.clone(), witness, room, mail.clone()).map_err(|error| error.to_string())?;
    let (watch, bell) = watched;
    let moved = move |seq| {
        shelves.follow();
        news.moved(seq);
        bell.ring();
    };
    let last = mail.clone();
    let inbox = thread::start(desk.clone(), server::now, moved, move |why| last.fatal(why))
        .map_err(|error| error.to_string())?;
    let rooms = Rooms { desk, inbox, library, folder: folder.into(), recent: doors::Recents::default() };
    Ok(House {
        faces: dress(&rooms),
        counter: Box::new(Window::new(rooms.clone(), mail.clone())),
        verbs: verbs(&rooms),
        credentials: Arc::new(Doors::new(rooms.clone())),
        close: Box::new(move || close(rooms, watch)),
    })
}

/// What the witness says of the books, before anything is done with them.
fn heard(guard: &Guard, store: Option<&Store>) -> Result<(), String> {
    let Some(witness) = &guard.witness else { return Ok(()) };
    let books = store.map_or(Ok(None), |store| store.read().map(Some));
    let objection = books.and_then(|books| witness.objection(books.as_ref())).map_err(|fault| fault.to_string())?;
    objection.map_or(Ok(()), |objection| Err(watch::words(&objection, witness.path())))
}

/// What a terminal shows while the store is being opened.
pub fn opening_words(terminal: &Terminal, progress: &Progress) -> Vec<String> {
    let words = Words::load(Lang::of(&terminal.lang));
    let stage = if progress.stage.is_empty() { "terminal.opening_file" } else { progress.stage };
    vec![words.say_with(stage, &[("done", &progress.done)])]
}

/// Lets the desk finish what it was given, then closes the store as soon as nobody reads it.
fn close(rooms: Rooms, watch: Watch) {
    let Rooms { desk, inbox, library, .. } = rooms;
    drop(library);
    let (done, finished) = sync_channel(1);
    let stopped = move |()| {
        // Whoever waited has given up, should nobody hear it.
        let _ = done.send(());
    };
    // A desk that has stopped already has nothing left to finish.
    let _ = inbox.try_hand_in(Job::Stop(Box::new(stopped)));
    let _ = finished.recv_timeout(CLOSING);
    watch.stop();
    drop(inbox);
    let (begun, mut desk) = (Instant::now(), desk);
    // Where somebody still reads after that, the next start checks the store.
    while let Err(shared) = Arc::try_unwrap(desk)
        && begun.elapsed() < CLOSING
    {
        desk = shared;
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn words(progress: open::Progress) -> Progress {
    match progress {
        open::Progress::Checking => Progress { stage: "terminal.opening_file", done: 0 },
        open::Progress::Walking(done) => Progress { stage: "terminal.opening_walk", done },
        open::Progress::Rebuilding(done) => Progress { stage: "terminal.opening_rebuild", done },
    }
}
