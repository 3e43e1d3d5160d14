//! The log in front of the books: one write a commit, what a kill leaves, what a cut tears, and what is damage.

use super::*;
use tests::{Noted, PAGE, page};

/// Room for some twenty pages, the fourth part of it with what stands before: eight.
const LOG: u64 = 24 * PAGE;
/// Where the log begins.
const FRONT: u64 = 2 * PAGE;

/// A new file with a log, and books of that many pages.
fn logged(pages: u64) -> (Noted, Gathered<Noted>) {
    let noted = Noted::default();
    let gathered = Gathered::new(noted.clone(), None, Some(LOG));
    gathered.set_len(pages * PAGE).unwrap();
    noted.calls();
    (noted, gathered)
}

fn reopened(bytes: &[u8]) -> io::Result<(Noted, Gathered<Noted>)> {
    let noted = Noted::holding(bytes);
    let gathered = Gathered::new(noted.clone(), None, None);
    gathered.len()?;
    Ok((noted, gathered))
}

fn read(gathered: &Gathered<Noted>, at: u64) -> u8 {
    let mut out = page(0);
    gathered.read(at * PAGE, &mut out).unwrap();
    assert!(out.iter().all(|byte| *byte == out[0]), "a page is of one commit");
    out[0]
}

fn write(gathered: &Gathered<Noted>, at: u64, byte: u8) {
    gathered.write(at * PAGE, &page(byte)).unwrap();
}

/// Writes a page at each place, and syncs.
fn commit(gathered: &Gathered<Noted>, places: &[u64], byte: u8) {
    places.iter().for_each(|at| write(gathered, *at, byte));
    gathered.sync_data().unwrap();
}

#[test]
fn a_sync_is_one_write() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3, 60, 31], 1);
    let calls = noted.calls();
    assert_eq!(calls[..2], [Some((FRONT, 4 * PAGE as usize)), None]);
    assert_eq!(
        calls[2..],
        [Some((FRONT + 4 * PAGE, PAGE as usize))],
        "only the note comes after it, in the next one's place"
    );
    assert_eq!([3, 60, 31, 4].map(|at| read(&gathered, at)), [1, 1, 1, 0]);
}

#[test]
fn both_syncs_of_a_commit_that_is_held_are_one_write() {
    let (noted, gathered) = logged(64);
    let hold = gathered.holder();
    hold.hold();
    commit(&gathered, &[3, 60], 1);
    commit(&gathered, &[0], 2);
    assert_eq!(noted.calls(), []);
    assert_eq!([3, 60, 0].map(|at| read(&gathered, at)), [1, 1, 2]);
    hold.seal().unwrap();
    assert_eq!(noted.calls()[..2], [Some((FRONT, 4 * PAGE as usize)), None]);
    commit(&gathered, &[0], 3);
    assert_eq!(noted.calls().len(), 3, "what is not held is kept by its own sync");
    hold.hold();
    hold.let_go();
    commit(&gathered, &[0], 4);
    assert_eq!(noted.calls().len(), 3);
}

#[test]
fn what_was_synced_is_there_after_a_kill() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3, 4, 5], 1);
    commit(&gathered, &[4, 9], 2);
    write(&gathered, 5, 3);
    let (again, reopened) = reopened(&noted.bytes()).unwrap();
    assert_eq!([3, 4, 5, 9].map(|at| read(&reopened, at)), [1, 2, 1, 2]);
    assert!(again.calls().ends_with(&[None]));
    drop(reopened);
    let (third, reopened) = self::reopened(&again.bytes()).unwrap();
    assert_eq!(third.calls(), [], "everything is in its place already");
    commit(&reopened, &[1], 7);
    assert_eq!([1, 3, 4].map(|at| read(&reopened, at)), [7, 1, 2]);
}

/// Whatever part of the last record did not reach the disk, and was not answered for, all of it is as if never written.
#[test]
fn a_torn_record_counts_for_nothing() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3, 4], 1);
    let before = noted.bytes();
    commit(&gathered, &[4, 5], 2);
    let mut after = noted.bytes();
    let note = (FRONT + 6 * PAGE) as usize..(FRONT + 7 * PAGE) as usize;
    after[note.clone()].copy_from_slice(&before[note]);
    let record = (FRONT + 3 * PAGE) as usize..(FRONT + 6 * PAGE) as usize;
    for torn in record.clone().step_by(512).filter(|at| before[*at..at + 512] != after[*at..at + 512]) {
        let mut image = after.clone();
        image[torn..torn + 512].copy_from_slice(&before[torn..torn + 512]);
        let (_, reopened) = reopened(&image).unwrap();
        assert_eq!([3, 4, 5].map(|at| read(&reopened, at)), [1, 1, 0], "torn at {torn}");
        // The next one takes its place and its number.
        commit(&reopened, &[5], 9);
        assert_eq!(read(&reopened, 5), 9);
    }
}

#[test]
fn a_record_that_was_answered_for_and_is_damaged_is_refused() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3, 4], 1);
    commit(&gathered, &[4, 5], 2);
    let image = noted.bytes();
    let mut luck = fastrand::Rng::with_seed(5);
    // The heads, the places of the pages and the pages of both records; nothing is said of what fills the last block.
    let records = [(FRONT, 44 + 24), (FRONT + 3 * PAGE, 44 + 24)];
    for (begin, said) in records {
        let within: Vec<u64> = (0..50).map(|_| luck.u64(said..said + 2 * PAGE)).collect();
        for at in (0..said).chain(within) {
            let mut damaged = image.clone();
            damaged[(begin + at) as usize] ^= 1 << luck.u8(0..8);
            let refused = reopened(&damaged).err();
            assert!(refused.is_some_and(|error| error.kind() == io::ErrorKind::InvalidData), "byte {at} of {begin}");
        }
    }
}

/// The mark that is left must not be an older one: what it calls for would come back over what was written since.
#[test]
fn a_damaged_mark_leaves_one_that_is_not_older_and_is_mended() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3], 1);
    commit(&gathered, &(3..23).collect::<Vec<_>>(), 2);
    let image = noted.bytes();
    for place in [0, PAGE as usize] {
        let mut damaged = image.clone();
        damaged[place + 20] ^= 1;
        let (mended, reopened) = reopened(&damaged).unwrap();
        assert_eq!(read(&reopened, 3), 2);
        let mended = mended.bytes();
        assert_eq!(mended[..44], mended[PAGE as usize..PAGE as usize + 44]);
    }
    let mut damaged = image.clone();
    (damaged[20], damaged[PAGE as usize + 20]) = (0xff, 0xff);
    assert!(Log::find(&Noted::holding(&damaged)).unwrap().is_none(), "redb refuses what has no mark");
}

#[test]
fn a_file_that_ends_before_its_books_is_refused() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3], 1);
    for length in [FRONT, FRONT + LOG - 1, FRONT + LOG] {
        assert!(reopened(&noted.bytes()[..length as usize]).is_err(), "{length}");
    }
}

#[test]
fn a_full_log_is_emptied_and_begins_anew() {
    let (noted, gathered) = logged(64);
    for round in 1..=40u8 {
        commit(&gathered, &[0, u64::from(round) % 7 + 1, 50], round);
        let (_, reopened) = reopened(&noted.bytes()).unwrap();
        for at in [0, u64::from(round) % 7 + 1, 50] {
            assert_eq!(read(&reopened, at), round);
        }
        assert_eq!(read(&reopened, (u64::from(round) + 6) % 7 + 1), round - 1);
    }
    let ends = noted
        .calls()
        .iter()
        .filter_map(|call| match call {
            Some((at, length)) if *at >= FRONT && *at < FRONT + LOG => Some(at + *length as u64),
            _ => None,
        })
        .max();
    assert!(ends.unwrap() <= FRONT + LOG, "the books begin there");
    gathered.close().unwrap();
    assert_eq!(noted.bytes()[(FRONT + LOG) as usize], 40, "a closed store has everything in its place");
}

#[test]
fn a_large_change_goes_to_its_places_at_once_and_small_ones_to_the_log_again() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3, 20], 1);
    noted.calls();
    let places: Vec<u64> = (20..40).collect();
    commit(&gathered, &places, 2);
    let at_once = Some((FRONT + LOG + 20 * PAGE, 20 * PAGE as usize));
    assert!(noted.calls().ends_with(&[at_once, None]));
    let (_, after) = reopened(&noted.bytes()).unwrap();
    assert_eq!([3, 20, 39].map(|at| read(&after, at)), [1, 2, 2], "an older record brings nothing back");
    let hold = gathered.holder();
    hold.hold();
    commit(&gathered, &[20], 3);
    assert_eq!(noted.calls(), [Some((FRONT + LOG + 20 * PAGE, PAGE as usize)), None], "in order, without the log");
    hold.seal().unwrap();
    (4..4 + CALM as u8).for_each(|byte| commit(&gathered, &[20], byte));
    noted.calls();
    commit(&gathered, &[20], 9);
    assert!(matches!(noted.calls()[0], Some((at, _)) if (FRONT..FRONT + LOG).contains(&at)));
    let (_, after) = reopened(&noted.bytes()).unwrap();
    assert_eq!([3, 20, 39].map(|at| read(&after, at)), [1, 9, 2]);
}

#[test]
fn what_is_held_and_grows_is_kept_in_order() {
    let (noted, gathered) = logged(64);
    let hold = gathered.holder();
    hold.hold();
    commit(&gathered, &[1, 2], 1);
    (0..30).for_each(|at| write(&gathered, 30 + at, 2));
    let calls = noted.calls();
    assert!(matches!(calls[..2], [Some((FRONT, _)), None]), "{calls:?}");
    gathered.sync_data().unwrap();
    hold.seal().unwrap();
    let (_, after) = reopened(&noted.bytes()).unwrap();
    assert_eq!([1, 2, 30, 59].map(|at| read(&after, at)), [1, 1, 2, 2]);
}

#[test]
fn what_is_cut_off_does_not_come_back_from_the_log() {
    let (noted, gathered) = logged(64);
    commit(&gathered, &[3, 60], 1);
    gathered.set_len(32 * PAGE).unwrap();
    let (_, after) = reopened(&noted.bytes()).unwrap();
    assert_eq!((after.len().unwrap(), read(&after, 3)), (32 * PAGE, 1));
    gathered.set_len(64 * PAGE).unwrap();
    assert_eq!(read(&gathered, 60), 0);
    // The file grew, and the power went before it knew: the record knows.
    commit(&gathered, &[60], 2);
    let mut image = noted.bytes();
    image.truncate((FRONT + LOG + 32 * PAGE) as usize);
    let (_, after) = reopened(&image).unwrap();
    assert_eq!((after.len().unwrap(), read(&after, 60)), (64 * PAGE, 2));
}

/// A file of before there was a log has none, and is written in its places as ever.
#[test]
fn a_file_without_a_log_stays_without() {
    let noted = Noted::holding(&[7; 64 * PAGE as usize]);
    let gathered = Gathered::new(noted.clone(), None, None);
    assert_eq!((gathered.len().unwrap(), read(&gathered, 3)), (64 * PAGE, 7));
    let hold = gathered.holder();
    hold.hold();
    commit(&gathered, &[3], 1);
    assert_eq!(noted.calls(), [Some((3 * PAGE, PAGE as usize)), None]);
    hold.seal().unwrap();
}

/// Random writes, syncs, holds and lengths, against a plain file of which every moment since the last promise is remembered.
#[test]
fn whatever_is_done_a_kill_leaves_a_moment_since_the_last_promise() {
    for seed in 0..300 {
        let mut luck = fastrand::Rng::with_seed(seed);
        let (mut noted, mut gathered) = logged(32);
        let mut file = vec![0u8; 32];
        // What a kill may leave: the last promise, or any moment since.
        let mut states = vec![file.clone()];
        let (mut held, mut bytes) = (false, 0u8);
        for _ in 0..luck.usize(1..80) {
            match luck.u8(0..20) {
                0..=11 => {
                    let span = luck.usize(1..4);
                    let at = luck.usize(0..file.len().saturating_sub(span).max(1));
                    let span = span.min(file.len() - at);
                    bytes = bytes.wrapping_add(1).max(1);
                    file[at..at + span].fill(bytes);
                    gathered.write(at as u64 * PAGE, &vec![bytes; span * PAGE as usize]).unwrap();
                    states.push(file.clone());
                }
                12..=14 => {
                    gathered.sync_data().unwrap();
                    if !held {
                        states = vec![file.clone()];
                    }
                }
                15 => {
                    gathered.holder().hold();
                    held = true;
                }
                16..=17 if held => {
                    gathered.sync_data().unwrap();
                    gathered.holder().seal().unwrap();
                    (held, states) = (false, vec![file.clone()]);
                }
                18 => {
                    gathered.sync_data().unwrap();
                    let length = luck.usize(8..48);
                    file.resize(length, 0);
                    gathered.set_len(length as u64 * PAGE).unwrap();
                    gathered.sync_data().unwrap();
                    gathered.holder().seal().unwrap();
                    gathered.sync_data().unwrap();
                    (held, states) = (false, vec![file.clone()]);
                }
                19 => {
                    let (again, reopened) = reopened(&noted.bytes()).unwrap();
                    let found: Vec<u8> = (0..reopened.len().unwrap() / PAGE).map(|at| read(&reopened, at)).collect();
                    assert!(states.contains(&found), "seed {seed}: {found:?} is none of {states:?}");
                    (noted, gathered, held, file) = (again, reopened, false, found);
                    states = vec![file.clone()];
                }
                _ => {}
            }
            for (at, byte) in file.iter().enumerate() {
                assert_eq!(read(&gathered, at as u64), *byte, "seed {seed}");
            }
        }
    }
}
