//! Files that lie in the store's folder for as long as they are worked on: uploads, and what is exported.
//!
//! They are the owner's alone and are removed whatever happens; what a server that was killed left is cleared at the start.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder within the store's.
const SPOOL: &str = "spool";

/// Removes what a server that was killed left behind. Called before the first file can come.
pub fn clear_spool(folder: &Path) {
    for file in fs::read_dir(folder.join(SPOOL)).into_iter().flatten().flatten() {
        // As with a spool that is dropped.
        let _ = fs::remove_file(file.path());
    }
}

/// A file in the store's folder for as long as it is worked on.
pub(super) struct Spool(PathBuf);

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed now is removed by hand; the work does not fail for it.
        let _ = fs::remove_file(&self.0);
    }
}

impl Spool {
    /// A new empty file whose name has that ending, open for writing and reading.
    pub fn create(folder: &Path, ending: &str) -> std::io::Result<(Spool, File)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let folder = Spool::folder(folder)?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let spool = Spool(folder.join(format!("{}-{number}.{ending}", std::process::id())));
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(true).mode(0o600).open(&spool.0)?;
        Ok((spool, file))
    }

    /// The folder of all such files, made where it is not there.
    pub fn folder(store: &Path) -> std::io::Result<PathBuf> {
        let folder = store.join(SPOOL);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}
