//! A disk in memory that can lose its power, and one whose calls can fail.
//!
//! Whatever was written since the last sync may be lost, kept, or torn at any of its sectors, alone or together with
//! other writes, when the power goes; what was synced stays. A lying disk answers a sync without doing it.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

/// The unit that a disk writes whole.
const SECTOR: usize = 512;

/// What the disk does besides keeping bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// It works.
    Sound,
    /// The power goes at this write, sync or change of length, counted from 1.
    CutAt(u64),
    /// Calls of one kind fail, from or at the `at`th of that kind, with this error number.
    Fail {
        /// Which calls.
        call: Call,
        /// The first that fails, counted from 1.
        at: u64,
        /// The error.
        errno: i32,
        /// Whether all later ones fail too.
        for_good: bool,
    },
}

/// The calls a disk answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Read.
    Read,
    /// Write.
    Write,
    /// Sync.
    Sync,
    /// Change the length.
    Length,
}

/// All calls that can fail.
pub const CALLS: [Call; 4] = [Call::Read, Call::Write, Call::Sync, Call::Length];

#[derive(Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

#[derive(Debug)]
struct Platter {
    shown: Vec<u8>,
    kept: Vec<u8>,
    unsynced: Vec<Change>,
    changes: u64,
    calls: [u64; 4],
    plan: Plan,
    dead: bool,
    lying: bool,
}

/// The disk. Copies are the same disk.
#[derive(Debug, Clone)]
pub struct Disk(Arc<Mutex<Platter>>);

/// What becomes of unsynced writes when the power goes.
#[derive(Debug, Clone, Copy)]
pub enum Loss {
    /// All are lost.
    All,
    /// None is.
    None,
    /// Those from some point on are.
    Tail,
    /// Any of them, in any order.
    Any,
    /// Any of them, and what is kept may be torn within.
    Torn,
}

/// All kinds of loss.
pub const LOSSES: [Loss; 5] = [Loss::All, Loss::None, Loss::Tail, Loss::Any, Loss::Torn];

impl Disk {
    /// A disk that holds `image`.
    pub fn holding(image: Vec<u8>, plan: Plan) -> Disk {
        Disk(Arc::new(Mutex::new(Platter {
            kept: image.clone(),
            shown: image,
            unsynced: Vec::new(),
            changes: 0,
            calls: [0; 4],
            plan,
            dead: false,
            lying: false,
        })))
    }

    /// The same disk, which from now on answers every sync without doing it.
    pub fn lying(self) -> Disk {
        self.platter().lying = true;
        self
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Whether the power is gone.
    pub fn is_dead(&self) -> bool {
        self.platter().dead
    }

    /// From now on it does this; calls are counted anew.
    pub fn plan(&self, plan: Plan) {
        let mut platter = self.platter();
        (platter.plan, platter.changes, platter.calls) = (plan, 0, [0; 4]);
    }

    /// How many calls of a kind there were.
    pub fn calls(&self, call: Call) -> u64 {
        self.platter().calls[call as usize]
    }

    /// What is on the disk once everything has been synced.
    pub fn synced(&self) -> Vec<u8> {
        let mut platter = self.platter();
        platter.sync();
        platter.kept.clone()
    }

    /// What is left on the disk when the power goes now.
    pub fn image(&self, loss: Loss, luck: &mut fastrand::Rng) -> Vec<u8> {
        let platter = self.platter();
        let mut image = platter.kept.clone();
        let count = platter.unsynced.len();
        let tail = luck.usize(0..=count);
        let mut order: Vec<usize> = (0..count).collect();
        if matches!(loss, Loss::Any | Loss::Torn) {
            luck.shuffle(&mut order);
        }
        for (nth, &at) in order.iter().enumerate() {
            let survives = match loss {
                Loss::All => false,
                Loss::None => true,
                Loss::Tail => nth < tail,
                Loss::Any | Loss::Torn => luck.bool(),
            };
            if survives {
                platter.unsynced[at].apply(&mut image, matches!(loss, Loss::Torn).then_some(&mut *luck));
            }
        }
        image
    }
}

impl Change {
    fn apply(&self, image: &mut Vec<u8>, torn: Option<&mut fastrand::Rng>) {
        match self {
            Change::Length(length) => image.resize(*length, 0),
            Change::Write(offset, bytes) => {
                let end = offset + bytes.len();
                if end > image.len() {
                    image.resize(end, 0);
                }
                let place = &mut image[*offset..end];
                match torn {
                    None => place.copy_from_slice(bytes),
                    Some(luck) => tear(place, bytes, luck),
                }
            }
        }
    }
}

/// Some sectors are new, some old, and now and then one is new only up to somewhere in it.
fn tear(place: &mut [u8], bytes: &[u8], luck: &mut fastrand::Rng) {
    for (old, new) in place.chunks_mut(SECTOR).zip(bytes.chunks(SECTOR)) {
        match luck.u8(0..8) {
            0..=2 => {}
            3 => {
                let upto = luck.usize(0..=new.len());
                old[..upto].copy_from_slice(&new[..upto]);
            }
            _ => old.copy_from_slice(new),
        }
    }
}

fn power_cut() -> io::Error {
    io::Error::other("the power is gone")
}

impl Platter {
    /// Counts a call, and fails it where the plan says so.
    fn meet(&mut self, call: Call) -> io::Result<()> {
        if self.dead {
            return Err(power_cut());
        }
        self.calls[call as usize] += 1;
        let now = self.calls[call as usize];
        match self.plan {
            Plan::Fail { call: failing, at, errno, for_good }
                if failing == call && (now == at || for_good && now > at) =>
            {
                Err(io::Error::from_raw_os_error(errno))
            }
            _ => Ok(()),
        }
    }

    /// Counts a change; the power goes with it, so it may be kept or lost like those before it.
    fn change(&mut self) -> io::Result<()> {
        self.changes += 1;
        if matches!(self.plan, Plan::CutAt(at) if self.changes >= at) {
            self.dead = true;
            return Err(power_cut());
        }
        Ok(())
    }

    fn sync(&mut self) {
        for change in std::mem::take(&mut self.unsynced) {
            change.apply(&mut self.kept, None);
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        let platter = self.platter();
        if platter.dead { Err(power_cut()) } else { Ok(platter.shown.len() as u64) }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut platter = self.platter();
        platter.meet(Call::Read)?;
        let offset = offset as usize;
        let found = platter.shown.get(offset..offset + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut platter = self.platter();
        platter.meet(Call::Length)?;
        platter.shown.resize(length as usize, 0);
        platter.unsynced.push(Change::Length(length as usize));
        platter.change()
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.platter();
        platter.meet(Call::Sync)?;
        // The power goes before the sync is through.
        platter.change()?;
        if !platter.lying {
            platter.sync();
        }
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.platter();
        platter.meet(Call::Write)?;
        let change = Change::Write(offset as usize, bytes.to_vec());
        change.apply(&mut platter.shown, None);
        platter.unsynced.push(change);
        platter.change()
    }
}
