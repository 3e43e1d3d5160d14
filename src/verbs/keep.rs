//! `taizhang verify` and `taizhang backup`: proof that the books agree, and a copy that has been proven.
//!
//! Both work on one snapshot while others go on posting. A backup is written in the owner's name, so only the owner
//! can ask for one.

use std::path::Path;
use std::sync::{MutexGuard, PoisonError, TryLockError};

use super::args::Keep;
use super::caller::{Caller, Lines, tell_progress};
use super::speaking::Speaking;
use super::{DONE, Office, REFUSED, Stop};
use crate::domain::text::Text;
use crate::store::{backup as copy, journal, verify as proof};
use crate::ui::locale::Words;

/// Entries between two marks of progress.
const STEP: u64 = 2_000;

/// Proves that journal and tables agree: the chain's head, or the first thing that does not.
pub(super) fn verify(office: &Office, args: &Keep, words: &Words, caller: &mut dyn Caller) -> Result<u8, Stop> {
    Speaking::settle(office, &args.who, &mut Lines::default(), caller)?;
    let _one_at_a_time = ones_turn(office, words, caller)?;
    let books = office.desk.store().read()?;
    let all = journal::head(&books)?.seq.0;
    let verdict = proof::verify(&books, &mut |done| tell(args, caller, done, all))?;
    match verdict {
        proof::Verdict::Good(head) => {
            let line = words.say_with("keep.good", &[("entries", &head.seq.0), ("head", &head.hex())]);
            caller.out(format!("{line}\n").as_bytes())?;
            Ok(DONE)
        }
        proof::Verdict::Bad(why) => {
            let line = words.say_with("keep.bad", &[("why", &Text::new(&why))]);
            caller.out(format!("{line}\n").as_bytes())?;
            Ok(REFUSED)
        }
    }
}

/// Writes a backup and says which head it holds.
pub(super) fn backup(office: &Office, args: &Keep, words: &Words, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let speaking = Speaking::settle(office, &args.who, &mut Lines::default(), caller)?;
    speaking.must_be_owner()?;
    let file = args.file.as_deref().unwrap_or_default();
    let path = Path::new(file);
    if !path.is_absolute() {
        return Err(Stop::Said("keep.not_absolute", vec![("file", Text::new(file).to_string())]));
    }
    if path.exists() {
        return Err(Stop::Said("keep.exists", vec![("file", Text::new(file).to_string())]));
    }
    let _one_at_a_time = ones_turn(office, words, caller)?;
    let books = office.desk.store().read()?;
    let all = journal::head(&books)?.seq.0;
    let head = copy::backup(&books, path, &mut |done| tell(args, caller, done, all))?;
    let line = words
        .say_with("keep.backed_up", &[("file", &Text::new(file)), ("entries", &head.seq.0), ("head", &head.hex())]);
    caller.out(format!("{line}\n").as_bytes())?;
    Ok(DONE)
}

/// Waits until nobody else has the books proven, and says so where that takes waiting. The snapshot is taken afterwards, so
/// that whoever waits keeps no pages from being used again.
fn ones_turn<'a>(office: &'a Office, words: &Words, caller: &mut dyn Caller) -> Result<MutexGuard<'a, ()>, Stop> {
    match office.proving.try_lock() {
        Ok(turn) => Ok(turn),
        Err(TryLockError::Poisoned(turn)) => Ok(turn.into_inner()),
        Err(TryLockError::WouldBlock) => {
            caller.error(format!("{}\n", words.say("keep.waiting")).as_bytes())?;
            Ok(office.proving.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }
}

fn tell(args: &Keep, caller: &mut dyn Caller, done: u64, all: u64) {
    if args.progress && done.is_multiple_of(STEP) {
        // A caller who has gone needs no progress, and the work is worth finishing.
        let _ = tell_progress(caller, done, all);
    }
}
