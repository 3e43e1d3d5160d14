//! `taizhang journal`: the journal's lines as they were written, so that anyone can check the chain with `sha256sum`.
//!
//! Whoever may not see everything gets none of it: a line with a masked account would no longer be the line that the
//! chain was made over.

use std::thread;
use std::time::Duration;

use super::args::Journal;
use super::caller::{Caller, Lines, tell_progress};
use super::speaking::Speaking;
use super::{DONE, Office, Stop};
use crate::store::books::{Books, Counts};
use crate::store::journal::head;

/// How often the end of the journal is looked at while it is followed.
const LOOK: Duration = Duration::from_millis(100);
/// After so many looks at nothing new, a mark is sent, so that a caller who has gone is noticed.
const HEARTBEAT: u32 = 20;
/// Lines sent at once.
const TOGETHER: usize = 512;

/// Gives the journal from an entry on.
pub(super) fn journal(office: &Office, args: &Journal, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let speaking = Speaking::settle(office, &args.who, &mut Lines::default(), caller)?;
    let mut next = args.since.max(1);
    let mut quiet = 0;
    loop {
        // Whoever follows may lose the role meanwhile, or leave.
        speaking.must_see_all(office)?;
        let before = next;
        next = send(office, &speaking, next, caller)?;
        if !args.follow {
            return Ok(DONE);
        }
        quiet = if next == before { quiet + 1 } else { 0 };
        if quiet >= HEARTBEAT {
            quiet = 0;
            tell_progress(caller, 0, 0)?;
        }
        thread::sleep(LOOK);
    }
}

/// Sends every line from `next` to the end; gives the number of the one that comes after them.
fn send(office: &Office, speaking: &Speaking, mut next: u64, caller: &mut dyn Caller) -> Result<u64, Stop> {
    let books = office.desk.store().read()?;
    // Whoever follows may be appointed to count meanwhile.
    if books.blindness(speaking.person)?.is_blind() {
        return Err(Stop::Said("verb.blind", Vec::new()));
    }
    let end = head(&books)?.seq.0;
    let mut bytes = Vec::new();
    while next <= end {
        for _ in 0..TOGETHER {
            if next > end {
                break;
            }
            let line = books.line(next)?;
            bytes.extend(line.ok_or(crate::store::Fault::Missing { table: "journal", key: next })?);
            bytes.push(b'\n');
            next += 1;
        }
        caller.out(&bytes)?;
        bytes.clear();
    }
    Ok(next)
}
