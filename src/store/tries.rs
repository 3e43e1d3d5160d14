//! Failed sign-ins in a row, by sign-in code and Unix account, kept over restarts (trust.md I4).
//!
//! Codes that nobody has are counted like any other, so that a stranger cannot tell them apart; but there is no end to codes
//! that can be made up, so of those only the latest [`STRANGERS`] are kept. To learn by what was forgotten whether a code
//! is somebody's takes thousands of other tries, each as dear as a passphrase.

use redb::{ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::Fault;
use super::books::Books;
use super::tables::TRIES;
use crate::domain::time::Moment;

/// How many codes that nobody has are counted.
pub const STRANGERS: usize = 4_096;

/// Keeps how often somebody failed in a row and when the next try is taken; none failed is nothing to keep.
pub fn keep(tx: &WriteTransaction, code: &str, uid: u32, failed: u32, again: Moment) -> Result<(), Fault> {
    let mut kept = tx.open_table(TRIES)?;
    if failed == 0 {
        kept.remove((code, uid))?;
        return Ok(());
    }
    kept.insert((code, uid), (failed, again.as_micros()))?;
    let all = kept.len()? as usize;
    drop(kept);
    if all > STRANGERS { forget_strangers(tx) } else { Ok(()) }
}

/// Forgets a quarter of the codes that nobody has, once there are too many: those whose next try was due first.
fn forget_strangers(tx: &WriteTransaction) -> Result<(), Fault> {
    let mut strangers = Vec::new();
    let mut kept = tx.open_table(TRIES)?;
    for row in kept.iter()? {
        let (key, value) = row?;
        let (code, uid) = key.value();
        if tx.person_by_code(code)?.is_none() {
            strangers.push((value.value().1, code.to_owned(), uid));
        }
    }
    if strangers.len() <= STRANGERS {
        return Ok(());
    }
    strangers.sort();
    let too_many = strangers.len() - STRANGERS * 3 / 4;
    for (_, code, uid) in &strangers[..too_many] {
        kept.remove((code.as_str(), *uid))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::PersonId;
    use crate::domain::person::Person;
    use crate::domain::role::Roles;
    use crate::store::codec::Image;
    use crate::store::tables::{self, PERSON_CODES};
    use redb::{Database, backends::InMemoryBackend};

    #[test]
    fn codes_that_nobody_has_are_bounded_and_somebodys_stays() {
        let db = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let tx = db.begin_write().unwrap();
        tables::create_all(&tx).unwrap();
        let (code, name, since) = ("chen".into(), "陈".into(), Moment::default());
        let person = Person { id: PersonId(7), code, name, roles: Roles::NONE, unix: None, active: true, since };
        tx.open_table(tables::PEOPLE).unwrap().insert(7, Image::pack(&person)).unwrap();
        tx.open_table(PERSON_CODES).unwrap().insert("chen", 7).unwrap();
        keep(&tx, "chen", 5, 3, Moment::from_micros(1)).unwrap();
        let most = STRANGERS * 2;
        for nth in 0..most {
            keep(&tx, &format!("made-up-{nth}"), 5, 1, Moment::from_micros(10 + nth as i64)).unwrap();
            assert!(tx.open_table(TRIES).unwrap().len().unwrap() <= STRANGERS as u64 + 1);
        }
        assert_eq!(tx.tries("chen", 5).unwrap(), (3, Moment::from_micros(1)), "somebody's tries are never forgotten");
        assert_eq!(tx.tries("made-up-0", 5).unwrap().0, 0);
        for nth in most - STRANGERS / 2..most {
            assert_eq!(tx.tries(&format!("made-up-{nth}"), 5).unwrap().0, 1, "the latest ones are kept: {nth}");
        }
        keep(&tx, "chen", 5, 0, Moment::default()).unwrap();
        assert_eq!(tx.tries("chen", 5).unwrap().0, 0);
    }
}
