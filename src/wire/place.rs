//! Where a store is: the one thing that both sides know without having spoken.
//!
//! The path is made absolute at once, since the server lives in another folder than who starts it.

use std::io;
use std::path::{self, Path, PathBuf};

/// Where a store's files are: the folder by its absolute path, and the names in it that both sides know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(PathBuf);

impl Place {
    /// The longest path of a socket, in bytes: the kernel's field has 108 with the closing NUL.
    pub const SOCKET_MAX: usize = 107;

    /// The place of the store in `folder`, which need not exist.
    pub fn new(folder: &Path) -> io::Result<Place> {
        path::absolute(folder).map(Place)
    }

    /// The store's folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The books.
    pub fn books(&self) -> PathBuf {
        self.0.join("books.redb")
    }

    /// The socket that terminals connect to.
    pub fn socket(&self) -> PathBuf {
        self.0.join("desk.sock")
    }

    /// The file whose lock says that a server runs.
    pub fn lock(&self) -> PathBuf {
        self.0.join("desk.lock")
    }

    /// What the server says when no terminal would see it.
    pub fn log(&self) -> PathBuf {
        self.0.join("server.log")
    }
}
