//! The house: an open store, the desk's thread, the screens and the verbs, put together for the server.
//!
//! Nothing is decided here. Who speaks comes stamped from the server, what is asked goes to the desk, and what became of it
//! goes back to the terminal that asked.

mod counter;
mod doors;
mod library;
mod screens;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use crate::desk::thread::Job;
use crate::desk::{Desk, thread};
use crate::server::{self, House, Mail, Progress, Verbs};
use crate::store::open::{self, Store};
use crate::ui::locale::{Lang, Words};
use crate::wire::Terminal;

pub use counter::Window;
pub use doors::Doors;
pub use library::Shelves;
pub use screens::{Furnishing, dress};

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
    mail: &Mail,
    dress: impl FnOnce(&Rooms) -> server::Faces,
    verbs: impl FnOnce(&Rooms) -> Arc<dyn Verbs>,
) -> Result<House, String> {
    let told = mail.clone();
    let store = Store::open(&folder.join(BOOKS), rehearsal, &mut |progress| told.opening(words(progress)));
    let desk = Arc::new(Desk::new(store.map_err(|fault| fault.to_string())?));
    mail.opening(Progress { stage: "terminal.opening_index", done: 0 });
    let library = Arc::new(Shelves::new(desk.clone()).map_err(|fault| fault.to_string())?);
    let (shelves, news) = (library.clone(), mail.clone());
    let moved = move |seq| {
        shelves.follow();
        news.moved(seq);
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
        close: Box::new(move || close(rooms)),
    })
}

/// What a terminal shows while the store is being opened.
pub fn opening_words(terminal: &Terminal, progress: &Progress) -> Vec<String> {
    let words = Words::load(Lang::of(&terminal.lang));
    let stage = if progress.stage.is_empty() { "terminal.opening_file" } else { progress.stage };
    vec![words.say_with(stage, &[("done", &progress.done)])]
}

/// Lets the desk finish what it was given, then closes the store as soon as nobody reads it.
fn close(rooms: Rooms) {
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
