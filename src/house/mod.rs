//! The house: an open store, the desk's thread, the screens and the verbs, put together for the server.
//!
//! Nothing is decided here. Who speaks comes stamped from the server, what is asked goes to the desk, and what became of it
//! goes back to the terminal that asked.

mod counter;
mod doors;
mod library;

use std::path::Path;
use std::sync::Arc;

use crate::desk::{Desk, thread};
use crate::server::{self, House, Mail, Progress, Verbs};
use crate::store::open::{self, Store};

pub use counter::Window;
pub use doors::Doors;
pub use library::Shelves;

/// The store's file within its folder.
pub const BOOKS: &str = "books.redb";
/// The folder in which statements wait to be imported.
pub const INBOX: &str = "inbox";

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
    let library = Arc::new(Shelves::new(desk.clone()).map_err(|fault| fault.to_string())?);
    let (shelves, news) = (library.clone(), mail.clone());
    let moved = move |seq| {
        shelves.follow();
        news.moved(seq);
    };
    let last = mail.clone();
    let inbox = thread::start(desk.clone(), server::now, moved, move |why| last.fatal(why))
        .map_err(|error| error.to_string())?;
    let rooms = Rooms { desk, inbox, library, folder: folder.into() };
    Ok(House {
        faces: dress(&rooms),
        counter: Box::new(Window::new(rooms.clone(), mail.clone())),
        verbs: verbs(&rooms),
        credentials: Arc::new(Doors::new(rooms)),
    })
}

fn words(progress: open::Progress) -> Progress {
    match progress {
        open::Progress::Checking => Progress { stage: "opening.checking", permille: 0 },
        open::Progress::Walking(_) => Progress { stage: "opening.walking", permille: 500 },
        open::Progress::Rebuilding(_) => Progress { stage: "opening.rebuilding", permille: 250 },
    }
}
