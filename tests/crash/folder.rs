//! Real files: first start, left-over parts, a second process, backup and restore.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use taizhang::desk::Desk;
use taizhang::store::backup::{backup, part_of, restore};
use taizhang::store::open::{BEGIN, Progress, Store};
use taizhang::store::tables::COUNTS;
use taizhang::store::{Fault, journal};

use super::script::{Came, Step, hand_in, script};
use super::witness::verified;

fn open(path: &Path) -> Result<Store, Fault> {
    Store::open(path, true, &mut |_| {})
}

/// A store in a folder, up to a step of the script.
fn furnished(path: &Path, steps: &[Step]) -> Desk {
    let desk = Desk::new(open(path).unwrap());
    for (index, step) in steps.iter().enumerate() {
        assert!(matches!(hand_in(&desk, index, step), Came::Kept(_)));
    }
    desk
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A cut in the first start leaves a part of any kind, or a finished one without its name: never a store that does not open.
#[test]
fn what_a_first_start_left_over_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.redb");
    drop(open(&path).unwrap());
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let parts = [Vec::new(), vec![0; 4096], whole[..whole.len() / 2].to_vec(), vec![0xff; whole.len()], whole];
    for part in parts {
        fs::write(part_of(&path), &part).unwrap();
        drop(open(&path).unwrap());
        assert_eq!(names(folder.path()), ["books.redb"]);
        verified(&open(&path).unwrap()).unwrap();
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.redb");
    for content in [b"".as_slice(), b"not a store, but somebody's notes"] {
        fs::write(&path, content).unwrap();
        assert!(open(&path).is_err(), "{content:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_second_process_is_told_who_has_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.redb");
    let first = open(&path).unwrap();
    let refused = open(&path).err();
    assert!(matches!(refused, Some(Fault::InUse)), "{refused:?}");
    drop(first);
    assert!(open(&path).is_ok());
}

#[test]
fn a_backup_holds_one_moment_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let steps = script();
    let entered = steps.len() - 6;
    let desk = Arc::new(furnished(&folder.path().join("books.redb"), &steps[..entered]));
    let kept = folder.path().join("kept.redb");
    let done = AtomicBool::new(false);
    let (head, written) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0u64;
            while !done.load(Relaxed) || written < 20 {
                // An id of its own each time: these are new orders.
                let index = entered + written as usize * steps.len();
                assert!(matches!(hand_in(&desk, index, &steps[entered]), Came::Kept(_)));
                written += 1;
            }
            written
        });
        let head = backup(&desk.store().read().unwrap(), &kept, &mut |_| {}).unwrap();
        done.store(true, Relaxed);
        (head, writer.join().unwrap())
    });
    assert_eq!(names(folder.path()), ["books.redb", "kept.redb"]);
    let store = open(&kept).unwrap();
    assert_eq!(journal::head(&store.read().unwrap()).unwrap(), head);
    verified(&store).unwrap();
    verified(desk.store()).unwrap();
    let now = journal::head(&desk.store().read().unwrap()).unwrap();
    assert!(now.seq.0 - head.seq.0 <= written, "the backup is of a moment while others wrote");
}

/// Pages that a reader kept from being used again are used again once it has gone: the file grows no more.
#[test]
fn a_snapshot_held_for_long_makes_room_for_later_posts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.redb");
    let steps = script();
    let entered = steps.len() - 6;
    let desk = furnished(&path, &steps[..entered]);
    let mut posts = (0..).map(|nth| entered + nth * steps.len());
    let mut post = |count| {
        for index in posts.by_ref().take(count) {
            assert!(matches!(hand_in(&desk, index, &steps[entered]), Came::Kept(_)));
        }
        fs::metadata(&path).unwrap().len()
    };
    let before = post(20);
    let held = desk.store().read().unwrap();
    let bloated = post(150);
    assert!(bloated > before * 2, "{bloated} after {before}: a snapshot that costs nothing tries nothing");
    drop(held);
    assert_eq!(post(300), bloated);
}

#[test]
fn a_backup_that_does_not_agree_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let desk = furnished(&folder.path().join("books.redb"), &script()[..60]);
    let kept = folder.path().join("kept.redb");
    backup(&desk.store().read().unwrap(), &kept, &mut |_| {}).unwrap();
    let good = fs::read(&kept).unwrap();
    let tx = desk.store().write().unwrap();
    tx.open_table(COUNTS).unwrap().insert("orders", 77i64.to_le_bytes().as_slice()).unwrap();
    tx.commit().unwrap();
    let refused = backup(&desk.store().read().unwrap(), &kept, &mut |_| {}).err().map(|fault| fault.to_string());
    assert!(refused.as_ref().is_some_and(|words| words.contains("counts")), "{refused:?}");
    assert_eq!(fs::read(&kept).unwrap(), good, "the older backup stays");
}

#[test]
fn a_backup_comes_back_where_no_store_is() {
    let folder = tempfile::tempdir().unwrap();
    let steps = script();
    let path = folder.path().join("books.redb");
    let desk = furnished(&path, &steps[..60]);
    let kept = folder.path().join("kept.redb");
    let head = backup(&desk.store().read().unwrap(), &kept, &mut |_| {}).unwrap();
    drop(desk);
    let taken = restore(&kept, &path, &mut |_| {}).err();
    assert!(matches!(&taken, Some(Fault::Taken(there)) if *there == path), "{taken:?}");
    fs::remove_file(&path).unwrap();
    let mut told = Vec::new();
    assert_eq!(restore(&kept, &path, &mut |progress| told.push(progress)).unwrap(), head);
    assert!(told.contains(&Progress::Checking));
    let desk = Desk::new(open(&path).unwrap());
    assert!(desk.store().is_rehearsal());
    for (index, step) in steps.iter().enumerate().skip(60) {
        assert!(matches!(hand_in(&desk, index, step), Came::Kept(_)));
    }
    verified(desk.store()).unwrap();
}

#[test]
fn a_damaged_backup_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.redb");
    let desk = furnished(&path, &script()[..60]);
    let kept = folder.path().join("kept.redb");
    backup(&desk.store().read().unwrap(), &kept, &mut |_| {}).unwrap();
    let good = fs::read(&kept).unwrap();
    let again = folder.path().join("again.redb");
    let mut luck = fastrand::Rng::with_seed(11);
    let mut refused = 0;
    for _ in 0..12 {
        let mut bad = good.clone();
        // Of a closed store nothing counts in front of the books.
        let place = luck.usize(BEGIN as usize..bad.len());
        bad[place] ^= 1 << luck.u8(0..8);
        fs::write(&kept, &bad).unwrap();
        match restore(&kept, &again, &mut |_| {}) {
            Err(_) => {
                refused += 1;
                assert!(!again.exists(), "a damaged backup got the store's name");
            }
            Ok(_) => {
                // The bit lay where nothing is kept.
                verified(&open(&again).unwrap()).unwrap();
                fs::remove_file(&again).unwrap();
            }
        }
    }
    assert!(refused > 0, "no flipped bit met anything");
}
