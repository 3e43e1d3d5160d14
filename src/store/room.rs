//! Room on the disk that holds the store: nothing new is accepted that might not be kept.
//!
//! A full disk loses nothing, since a commit that fails was never acknowledged; but it stops the desk in the middle of
//! the day. So commands are refused while there is still room for the sign-ins and for a backup to be begun.

use std::io;
use std::path::{Path, PathBuf};

const MIB: u64 = 1 << 20;

/// From what on the room is low, and too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Less than this, in bytes, is too little for new commands.
    pub refuse: u64,
    /// Less than this, in bytes, is low.
    pub warn: u64,
    /// So many hundredths of the disk or less are low, too.
    pub percent: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { refuse: 200 * MIB, warn: 1024 * MIB, percent: 10 }
    }
}

impl Limits {
    /// The limits of a disk on which that many MiB stay free.
    pub fn keeping(mib: u64) -> Limits {
        let refuse = mib.saturating_mul(MIB);
        Limits { refuse, warn: refuse.max(Limits::default().warn), ..Limits::default() }
    }
}

/// What is left on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Free for whoever writes the store, in bytes.
    pub free: u64,
    /// In all, in bytes.
    pub all: u64,
}

impl Left {
    /// The free room in whole MiB.
    pub fn mib(self) -> u64 {
        self.free / MIB
    }

    /// Whether it is low: by size, or by its share of the disk.
    pub fn is_low(self, limits: &Limits) -> bool {
        self.free < limits.warn || self.free / 100 < self.all / 10_000 * limits.percent
    }

    /// Whether it is too little for new commands.
    pub fn is_too_little(self, limits: &Limits) -> bool {
        self.free < limits.refuse
    }
}

/// The disk of a folder, with its limits.
#[derive(Debug, Clone)]
pub struct Room {
    folder: PathBuf,
    /// The limits.
    pub limits: Limits,
}

impl Room {
    /// The room in `folder`.
    pub fn new(folder: &Path, limits: Limits) -> Room {
        Room { folder: folder.to_owned(), limits }
    }

    /// What is left now: one call of the kernel, that does not wait for the disk.
    pub fn left(&self) -> io::Result<Left> {
        let disk = rustix::fs::statvfs(&self.folder)?;
        Ok(Left { free: disk.f_bavail.saturating_mul(disk.f_frsize), all: disk.f_blocks.saturating_mul(disk.f_frsize) })
    }

    /// What is left, where that is too little.
    pub fn too_little(&self) -> Option<Left> {
        // A disk that does not answer is not full: what it cannot keep it says when it is written to.
        self.left().ok().filter(|left| left.is_too_little(&self.limits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_is_by_size_or_by_share_and_too_little_by_size() {
        let limits = Limits::default();
        let left = |free, all| Left { free: free * MIB, all: all * MIB };
        for (left, low, too_little) in [
            (left(300_000, 1_000_000), false, false),
            (left(99_000, 1_000_000), true, false),
            (left(1_023, 2_000), true, false),
            (left(1_024, 2_000), false, false),
            (left(200, 1_000), true, false),
            (left(199, 1_000), true, true),
            (left(0, 0), true, true),
        ] {
            assert_eq!((left.is_low(&limits), left.is_too_little(&limits)), (low, too_little), "{left:?}");
        }
        assert_eq!(Limits::keeping(200), limits);
        assert!(left(1 << 20, 1 << 21).is_too_little(&Limits::keeping(u64::MAX)));
    }

    #[test]
    fn a_disk_says_what_is_left() {
        let room = Room::new(&std::env::temp_dir(), Limits::keeping(0));
        assert!(room.left().unwrap().all > 0);
        assert_eq!(room.too_little(), None);
    }
}
