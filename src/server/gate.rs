//! Who serves a store and who may come in: the folder, its lock, its socket, and the kernel's word for who connects.
//!
//! The lock is held for the server's life and freed by the kernel at its death, however it dies. Only who holds it may
//! take away a socket that was left behind. A name sent by a client counts for nothing here; the peer's uid does.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use crate::wire::Place;

/// Why no server could be set up for a store.
#[derive(Debug, thiserror::Error)]
pub enum GateFault {
    /// Another server holds the store's lock.
    #[error("another server has this store open")]
    Running,
    /// The socket's path does not fit the kernel's field for it.
    #[error("the path of the socket is {length} bytes long, {limit} are possible: {path}")]
    LongPath {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// The most that is possible.
        limit: usize,
    },
    /// The folder, the lock or the socket could not be made.
    #[error("{path}: {fault}")]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What happened.
        fault: io::Error,
    },
}

/// Who is at the other end of a connection, by the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Peer {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The process.
    pub pid: i32,
}

impl Peer {
    /// Of a user whom this system cannot name (another user namespace); nobody can answer for it.
    const UNMAPPED: u32 = 65_534;

    /// Asks the kernel who is at the other end.
    pub fn of(stream: &UnixStream) -> io::Result<Peer> {
        let credentials = rustix::net::sockopt::socket_peercred(stream)?;
        let pid = credentials.pid.as_raw_nonzero().get();
        Ok(Peer { uid: credentials.uid.as_raw(), gid: credentials.gid.as_raw(), pid })
    }

    /// Whether a connection of this user is served at all. The socket's mode has already kept strangers out.
    pub fn is_known(self) -> bool {
        self.uid != Peer::UNMAPPED
    }
}

/// A store's folder while this process serves it.
#[derive(Debug)]
pub struct Gate {
    place: Place,
    _lock: File,
}

impl Gate {
    /// Makes the folder where there is none (0700), and takes the lock.
    pub fn take(place: Place) -> Result<Gate, GateFault> {
        let (length, limit) = (place.socket().as_os_str().len(), Place::SOCKET_MAX);
        if length > limit {
            return Err(GateFault::LongPath { path: place.socket(), length, limit });
        }
        let at = |path: &Path, fault: io::Error| GateFault::Io { path: path.to_owned(), fault };
        let made = DirBuilder::new().recursive(true).mode(0o700).create(place.folder());
        made.map_err(|fault| at(place.folder(), fault))?;
        let path = place.lock();
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let lock = lock.map_err(|fault| at(&path, fault))?;
        match lock.try_lock() {
            Ok(()) => Ok(Gate { place, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(GateFault::Running),
            Err(TryLockError::Error(fault)) => Err(at(&path, fault)),
        }
    }

    /// Puts up the socket: 0600, or 0660 with the folder's group where the folder lets its group in.
    pub fn listen(&self) -> Result<UnixListener, GateFault> {
        let path = self.place.socket();
        self.bind(&path).map_err(|fault| GateFault::Io { path, fault })
    }

    fn bind(&self, path: &Path) -> io::Result<UnixListener> {
        match fs::remove_file(path) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
            _ => {}
        }
        // The mode must be right from the first moment: whoever connects before a chmod is in.
        let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
        let listener = UnixListener::bind(path);
        rustix::process::umask(before);
        let listener = listener?;
        let folder = fs::metadata(self.place.folder())?;
        if folder.mode() & 0o010 != 0 {
            chown(path, None, Some(folder.gid()))?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o660))?;
        }
        listener.set_nonblocking(true)?;
        Ok(listener)
    }

    /// Takes the socket away, so that nobody waits at a closed door.
    pub fn close(&self) {
        // A socket that is gone already is what was wanted.
        let _ = fs::remove_file(self.place.socket());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_for_a_store_and_a_socket_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(&folder.path().join("store")).unwrap();
        let gate = Gate::take(place.clone()).unwrap();
        assert!(matches!(Gate::take(place.clone()), Err(GateFault::Running)));
        drop(gate.listen().unwrap());
        assert!(place.socket().exists(), "a server that dies leaves its socket behind");
        let listener = gate.listen().unwrap();
        assert_eq!(fs::metadata(place.socket()).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(place.folder()).unwrap().mode() & 0o777, 0o700);
        let client = UnixStream::connect(place.socket()).unwrap();
        let peer = Peer::of(&client).unwrap();
        assert_eq!(peer.uid, rustix::process::getuid().as_raw());
        drop(listener);
        gate.close();
        assert!(!place.socket().exists());
        drop(gate);
        assert!(Gate::take(place).is_ok());
    }

    #[test]
    fn a_folder_open_to_its_group_has_a_socket_open_to_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o750)).unwrap();
        let place = Place::new(folder.path()).unwrap();
        let gate = Gate::take(place.clone()).unwrap();
        let _listener = gate.listen().unwrap();
        assert_eq!(fs::metadata(place.socket()).unwrap().mode() & 0o777, 0o660);
    }

    #[test]
    fn a_path_too_long_for_a_socket_is_said_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("x".repeat(120));
        let refused = Gate::take(Place::new(&deep).unwrap());
        assert!(matches!(refused, Err(GateFault::LongPath { length, .. }) if length > Place::SOCKET_MAX));
        assert!(!deep.exists());
    }
}
