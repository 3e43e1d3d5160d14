//! `taizhang serve`: the server in the foreground, or detached where a terminal started it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use etcetera::BaseStrategy;

use super::local::taken;
use super::{DONE, Trouble};
use crate::domain::text::Text;
use crate::house::{self, BOOKS, Doors, Furnishing, Guard, Rooms};
use crate::server::{self, GateFault, Mail, Options, ServeFault, Verbs, detach};
use crate::store::open::Store;
use crate::store::room::Limits;
use crate::store::witness::Witness;
use crate::verbs::Office;
use crate::verbs::mail::Postman;
use crate::verbs::spool::clear_spool;
use crate::wire::{Place, RUNNING};

/// How long a server that a terminal started stays when nobody is attached.
const LINGER: Duration = Duration::from_secs(10 * 60);
/// The folder of the user's own keymaps, in the store's folder.
pub(super) const KEYMAPS: &str = "keymaps";
/// The file in the store's folder whose lines stand on the sign-in screen.
pub(super) const WELCOME: &str = "welcome.txt";
/// The overlays that are on unless somebody says otherwise: the number pad, in lists and where a text is read.
const KEYPAD: [&str; 2] = ["keypad", "keypad-text"];
/// The exit status of a server that could not open the store, or lost it: a service manager starts it again.
const STORE_FAILED: u8 = 75;

/// Serves the store until told to stop.
pub(super) fn serve(place: &Place, rehearsal: bool, detached: bool) -> Result<u8, Trouble> {
    let folder = place.folder().to_owned();
    let mut options = Options::new(folder.clone());
    options.waiting = Box::new(house::opening_words);
    if detached {
        detach::detach()?;
        options.linger = Some(LINGER);
        options.ready = Box::new(detach::tell_ready);
    }
    let guard = Guard { witness: witness(place), limits: limits() };
    let served = server::serve(options, move |mail: Mail| {
        let dress = |rooms: &Rooms| house::dress(rooms, Some(&folder.join(KEYMAPS)), furnishing(&folder));
        house::open(&folder, rehearsal, &guard, &mail, dress, verbs)
    });
    match served {
        Ok(()) => Ok(DONE),
        Err(ServeFault::Gate(GateFault::Running)) if detached => Ok(RUNNING),
        Err(ServeFault::Gate(GateFault::Running)) => Err(Trouble::Said("keep.running", Vec::new())),
        Err(fault) => {
            server::log(format_args!("{fault}"));
            Ok(STORE_FAILED)
        }
    }
}

/// The witness of a store: in `TAIZHANG_WITNESS`, else in the user's folder for state by XDG.
pub(super) fn witness(place: &Place) -> Option<Witness> {
    let named = std::env::var_os("TAIZHANG_WITNESS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let state = || etcetera::choose_base_strategy().ok().and_then(|home| home.state_dir());
    let folder = named.or_else(|| Some(state()?.join("taizhang")))?;
    Some(Witness::new(&folder, place.folder()))
}

/// How much of the disk stays free: `TAIZHANG_KEEP_FREE` in MiB, where it says so.
fn limits() -> Limits {
    let said = std::env::var("TAIZHANG_KEEP_FREE").ok().and_then(|mib| mib.parse().ok());
    said.map_or_else(Limits::default, Limits::keeping)
}

/// How the terminals are furnished: a demo says on the sign-in screen who can sign in, and with what.
fn furnishing(folder: &Path) -> Furnishing {
    let welcome = fs::read_to_string(folder.join(WELCOME)).unwrap_or_default();
    Furnishing {
        welcome: welcome.lines().map(|line| Text::new(line).to_string()).collect(),
        overlays: KEYPAD.map(str::to_owned).to_vec(),
    }
}

/// What carries out the verbs.
fn verbs(rooms: &Rooms) -> Arc<dyn Verbs> {
    clear_spool(&rooms.folder);
    let postman = Postman {
        desk: Arc::downgrade(&rooms.desk),
        inbox: rooms.inbox.clone(),
        folder: rooms.folder.to_path_buf(),
        clock: server::now,
    };
    if let Err(error) = postman.start() {
        server::log(format_args!("no mail is sent: {error}"));
    }
    Arc::new(Office {
        desk: rooms.desk.clone(),
        inbox: rooms.inbox.clone(),
        credentials: Arc::new(Doors::new(rooms.clone())),
        folder: rooms.folder.to_path_buf(),
        owner: owner(&rooms.folder),
        clock: server::now,
        checking: Mutex::default(),
        proving: Mutex::default(),
    })
}

/// The Unix account that owns the folder; the server's own, where the folder does not say.
fn owner(folder: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).map_or_else(|_| rustix::process::getuid().as_raw(), |folder| folder.uid())
}

/// Makes a store for rehearsals where there is none; one that is there must be such a store.
pub(super) fn found_rehearsal(place: &Place) -> Result<(), Trouble> {
    let books = place.folder().join(BOOKS);
    if books.exists() {
        return Ok(());
    }
    let gate = taken(place)?;
    let made = Store::open(&books, true, &mut |_| {});
    made.map_err(|fault| Trouble::Said("verb.failed", vec![("fault", fault.to_string())]))?;
    drop(gate);
    Ok(())
}
