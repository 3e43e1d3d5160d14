//! Pages in runs, far pages, and what can be read meanwhile.

use super::*;
use redb::backends::InMemoryBackend;
use std::sync::Arc;

pub(super) const PAGE: u64 = 4096;

/// Writes by offset and length, and `None` for a sync.
pub(super) type Calls = Vec<Option<(u64, usize)>>;

/// What reached the backend, call by call: (offset, length), and whether it was synced.
#[derive(Debug, Default, Clone)]
pub(super) struct Noted(Arc<Mutex<Calls>>, Arc<InMemoryBackend>, Arc<Mutex<bool>>);

impl StorageBackend for Noted {
    fn len(&self) -> io::Result<u64> {
        self.1.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.1.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.1.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.lock().unwrap().push(None);
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if *self.2.lock().unwrap() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.lock().unwrap().push(Some((offset, bytes.len())));
        self.1.write(offset, bytes)
    }
}

impl Noted {
    pub(super) fn calls(&self) -> Calls {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.1.len().unwrap() as usize];
        self.1.read(0, &mut bytes).unwrap();
        bytes
    }

    pub(super) fn holding(bytes: &[u8]) -> Noted {
        let noted = Noted::default();
        noted.1.set_len(bytes.len() as u64).unwrap();
        noted.1.write(0, bytes).unwrap();
        noted
    }
}

pub(super) fn page(byte: u8) -> Vec<u8> {
    vec![byte; PAGE as usize]
}

/// A file of that many pages, all of them written.
fn gathered(pages: u64) -> (Noted, Gathered<Noted>) {
    let noted = Noted::default();
    noted.set_len(pages * PAGE).unwrap();
    (noted.clone(), Gathered::new(noted, None, None))
}

fn read(gathered: &Gathered<Noted>, at: u64) -> Vec<u8> {
    let mut out = page(0);
    gathered.read(at * PAGE, &mut out).unwrap();
    out
}

#[test]
fn neighbours_go_out_in_one_call_before_the_sync() {
    let (noted, gathered) = gathered(16);
    for at in [9, 3, 4, 8, 5] {
        gathered.write(at * PAGE, &page(at as u8)).unwrap();
    }
    assert_eq!(noted.calls(), []);
    gathered.sync_data().unwrap();
    let runs = [Some((3 * PAGE, 3 * PAGE as usize)), Some((8 * PAGE, 2 * PAGE as usize)), None];
    assert_eq!(noted.calls(), runs);
    for at in [3, 4, 5, 8, 9] {
        assert_eq!(read(&gathered, at), page(at as u8));
    }
}

#[test]
fn what_waits_is_read_and_written_over() {
    let (noted, gathered) = gathered(8);
    gathered.write(0, &page(1)).unwrap();
    gathered.write(0, &page(2)).unwrap();
    // A page of another size, as redb's header is.
    gathered.write(0, &[3; 320]).unwrap();
    let mut expected = page(2);
    expected[..320].fill(3);
    assert_eq!(read(&gathered, 0), expected);
    gathered.sync_data().unwrap();
    assert_eq!(noted.calls().last(), Some(&None));
}

#[test]
fn a_page_behind_the_end_brings_the_zeros_around_it() {
    let (noted, gathered) = gathered(4);
    gathered.set_len(1024 * PAGE).unwrap();
    gathered.write(2 * PAGE, &page(2)).unwrap();
    gathered.write(6 * PAGE, &page(6)).unwrap();
    gathered.sync_data().unwrap();
    let run = (3 * PAGE + AHEAD) as usize;
    assert_eq!(noted.calls(), [Some((2 * PAGE, PAGE as usize)), Some((4 * PAGE, run)), None]);
    assert_eq!(read(&gathered, 5), page(0));
    assert_eq!(read(&gathered, 6), page(6));
    gathered.write(7 * PAGE, &page(7)).unwrap();
    gathered.sync_data().unwrap();
    assert_eq!(noted.calls(), [Some((7 * PAGE, PAGE as usize)), None], "its block is there");
    gathered.set_len(5 * PAGE).unwrap();
    gathered.set_len(64 * PAGE).unwrap();
    gathered.write(6 * PAGE, &page(1)).unwrap();
    gathered.sync_data().unwrap();
    assert_eq!(noted.calls(), [Some((5 * PAGE, 59 * PAGE as usize)), None], "never past the end of the file");
}

#[test]
fn what_could_not_be_written_fails_the_sync_and_is_not_forgotten() {
    let (noted, gathered) = gathered(8);
    gathered.write(PAGE, &page(1)).unwrap();
    *noted.2.lock().unwrap() = true;
    assert!(gathered.sync_data().is_err());
    assert_eq!(noted.calls(), [], "nothing is synced for what did not arrive");
    *noted.2.lock().unwrap() = false;
    gathered.sync_data().unwrap();
    assert_eq!(noted.calls(), [Some((PAGE, PAGE as usize)), None]);
}

#[test]
fn a_page_far_behind_the_end_leaves_a_hole_and_brings_no_zeros_across_it() {
    let (noted, gathered) = gathered(4);
    let far = 4 + 64 * AHEAD / PAGE;
    gathered.set_len(2 * far * PAGE).unwrap();
    gathered.write(far * PAGE, &page(1)).unwrap();
    gathered.sync_data().unwrap();
    let run = (PAGE + AHEAD) as usize;
    assert_eq!(noted.calls(), [Some((far * PAGE, run)), None]);
    gathered.write(5 * PAGE, &page(2)).unwrap();
    gathered.sync_data().unwrap();
    assert_eq!(noted.calls(), [Some((4 * PAGE, run + PAGE as usize)), None], "the hole is filled from its beginning");
    assert_eq!((read(&gathered, far), read(&gathered, 5)), (page(1), page(2)));
}

/// A backend whose writes take until somebody lets them go on.
#[derive(Debug)]
struct Slow(InMemoryBackend, Mutex<std::sync::mpsc::Receiver<()>>);

impl StorageBackend for Slow {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.1.lock().unwrap().recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
        self.0.write(offset, bytes)
    }
}

#[test]
fn nobody_who_reads_waits_for_pages_on_their_way() {
    let (go, wait) = std::sync::mpsc::channel();
    let gathered = Gathered::new(Slow(InMemoryBackend::new(), Mutex::new(wait)), None, None);
    gathered.set_len(8 * PAGE).unwrap();
    gathered.write(2 * PAGE, &page(2)).unwrap();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| gathered.sync_data());
        while gathered.0.waiting().leaving.is_empty() {
            std::thread::yield_now();
        }
        let mut out = page(9);
        gathered.read(2 * PAGE, &mut out).unwrap();
        assert_eq!(out, page(2));
        gathered.read(5 * PAGE, &mut out).unwrap();
        assert_eq!(out, page(0));
        gathered.write(2 * PAGE, &page(3)).unwrap();
        gathered.read(2 * PAGE, &mut out).unwrap();
        assert_eq!(out, page(3), "the newest of the two");
        (0..2).for_each(|_| go.send(()).unwrap());
        writing.join().unwrap().unwrap();
        gathered.sync_data().unwrap();
        gathered.read(2 * PAGE, &mut out).unwrap();
        assert_eq!(out, page(3));
    });
}
