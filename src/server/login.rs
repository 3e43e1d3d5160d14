//! Who is at the terminal: passphrases, delays after wrong ones, and one answer for unknown, wrong and locked.
//!
//! Argon2id (64 MiB, 3 passes) runs on at most two workers with a bounded queue, so that two hundred people signing in
//! delay no key. Failures count per code *and* peer uid: a stranger at one terminal cannot close a colleague's door at
//! another (trust.md I2, I4). No passphrase outlives its check.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use zeroize::Zeroizing;

use super::mail::{Mail, News};
use super::{SessionId, log};
use crate::domain::id::PersonId;
use crate::domain::person::sign_in_code;
use crate::domain::time::Moment;

/// Workers that hash; each needs 64 MiB while it does.
const WORKERS: usize = 2;
/// What an unknown code's passphrase is compared with: the parameters of [`argon2id`], and a digest that nothing gives.
const NOBODY: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// How many checks may wait.
const QUEUE: usize = 32;
/// Failures in a row after which the door is closed for [`LOCKED`].
const LOCKED_AFTER: u32 = 10;
/// Failures in a row after which the door stays closed until an administrator opens it.
const CLOSED_AFTER: u32 = 50;
/// How long it is closed, in seconds.
const LOCKED: i64 = 30 * 60;

/// Failed tries in a row of one code from one uid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tries {
    /// How many.
    pub failed: u32,
    /// When the next one is taken.
    pub again: Moment,
}

impl Tries {
    /// The tries after one more failure at `now`: from the third on 1, 2, 4 … 30 seconds, 30 minutes after each ten.
    pub fn failed_at(self, now: Moment) -> Tries {
        let failed = self.failed.saturating_add(1);
        let wait = match failed {
            0..=2 => 0,
            CLOSED_AFTER.. => i64::MAX / 4_000_000,
            _ if failed.is_multiple_of(LOCKED_AFTER) => LOCKED,
            _ => 1_i64.checked_shl(failed - 3).unwrap_or(30).clamp(1, 30),
        };
        Tries { failed, again: now.plus_seconds(wait) }
    }
}

/// Where people and their passphrases are kept. Implemented by the store; hashes never leave it but to here.
pub trait Credentials: Send + Sync {
    /// The person with this code, and the Argon2id hash in PHC form; `None` for unknown, left or without passphrase.
    fn find(&self, code: &str) -> Option<(PersonId, String)>;
    /// The code of a person, to prove the passphrase again.
    fn code_of(&self, person: PersonId) -> Option<String>;
    /// The person bound to a Unix account.
    fn bound_to(&self, uid: u32) -> Option<PersonId>;
    /// The failed tries of a code from a uid; kept over restarts.
    fn tries(&self, code: &str, uid: u32) -> Tries;
    /// Keeps them, without waiting for the disk. Journaled by the store, at most one entry a minute.
    fn keep_tries(&self, code: &str, uid: u32, tries: Tries);
    /// A new passphrase was set for this code: what was tried at the old one counts no more, nor closes its door.
    fn forget_tries(&self, code: &str);
    /// Notes that a person has signed in at a terminal, without waiting for the disk.
    fn signed_in(&self, person: PersonId, terminal: &str);
}

/// The parameters of new hashes (trust.md I2).
pub fn argon2id() -> Argon2<'static> {
    let params = Params::new(64 * 1024, 3, 1, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a new passphrase in PHC form, with a salt of 16 random bytes.
pub fn hash(passphrase: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(argon2id().hash_password(passphrase.as_bytes())?.to_string())
}

/// Whether `passphrase` belongs to `hash`; the hash's own parameters are used.
pub fn matches(passphrase: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2id().verify_password(passphrase.as_bytes(), &hash).is_ok())
}

/// One try, on its way to a worker.
pub(super) struct Attempt {
    pub session: SessionId,
    pub ticket: u64,
    pub code: String,
    pub uid: u32,
    pub passphrase: Zeroizing<String>,
    /// Only this person will do: the passphrase is being given again.
    pub only: Option<PersonId>,
}

/// What came of a try.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub ticket: u64,
    pub code: String,
    pub uid: u32,
    pub person: Option<PersonId>,
}

/// The door: what may be tried now, and the workers that try it.
pub(super) struct Door {
    credentials: Arc<dyn Credentials>,
    queue: SyncSender<Attempt>,
    /// Tries that are being checked: a second one for the same code and uid waits for its verdict.
    busy: VecDeque<(String, u32)>,
}

impl Door {
    pub fn new(credentials: Arc<dyn Credentials>, mail: Mail) -> std::io::Result<Door> {
        let (queue, attempts) = sync_channel::<Attempt>(QUEUE);
        let attempts = Arc::new(Mutex::new(attempts));
        for _ in 0..WORKERS {
            let (attempts, credentials, mail) = (attempts.clone(), credentials.clone(), mail.clone());
            let work = move || {
                while let Some(attempt) = next(&attempts) {
                    let (session, verdict) = (attempt.session, judge(&*credentials, attempt));
                    mail.send(News::Judged { session, verdict });
                }
            };
            thread::Builder::new().name("passphrases".to_owned()).spawn(work)?;
        }
        Ok(Door { credentials, queue, busy: VecDeque::new() })
    }

    pub fn credentials(&self) -> &dyn Credentials {
        &*self.credentials
    }

    /// Hands a try to the workers. `Err` with the moment of the next try where none is taken now.
    pub fn attempt(&mut self, mut attempt: Attempt, now: Moment) -> Result<(), Moment> {
        attempt.code = sign_in_code(&attempt.code);
        let who = (attempt.code.clone(), attempt.uid);
        let tries = self.credentials.tries(&who.0, who.1);
        if tries.again > now {
            return Err(tries.again);
        }
        if self.busy.contains(&who) {
            return Err(now.plus_seconds(1));
        }
        match self.queue.try_send(attempt) {
            Ok(()) => {
                self.busy.push_back(who);
                Ok(())
            }
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(now.plus_seconds(2)),
        }
    }

    /// Takes note of a verdict: the person, or the moment of the next try.
    pub fn settle(&mut self, verdict: &Verdict, now: Moment) -> Result<PersonId, Moment> {
        self.busy.retain(|(code, uid)| (code, *uid) != (&verdict.code, verdict.uid));
        let before = self.credentials.tries(&verdict.code, verdict.uid);
        if let Some(person) = verdict.person {
            if before.failed > 0 {
                self.credentials.keep_tries(&verdict.code, verdict.uid, Tries::default());
            }
            return Ok(person);
        }
        let after = before.failed_at(now);
        self.credentials.keep_tries(&verdict.code, verdict.uid, after);
        if after.failed >= 3 {
            log(format_args!("uid {}: {} failed sign-ins in a row", verdict.uid, after.failed));
        }
        Err(after.again)
    }
}

fn next(attempts: &Mutex<Receiver<Attempt>>) -> Option<Attempt> {
    let attempts = attempts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    attempts.recv().ok()
}

fn judge(credentials: &dyn Credentials, attempt: Attempt) -> Verdict {
    let found = credentials.find(&attempt.code);
    // An unknown code, or a store that cannot be read, costs the same time as a wrong passphrase.
    let hash = found.as_ref().map_or(NOBODY, |(_, hash)| hash);
    let right = matches(&attempt.passphrase, hash);
    let person =
        found.map(|(person, _)| person).filter(|person| right && attempt.only.is_none_or(|only| only == *person));
    Verdict { ticket: attempt.ticket, code: attempt.code, uid: attempt.uid, person }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment::from_micros(1_700_000_000_000_000);

    #[test]
    fn waits_grow_from_the_third_failure_and_close_the_door_at_the_tenth() {
        let mut tries = Tries::default();
        let waits: Vec<i64> = (0..11)
            .map(|_| {
                tries = tries.failed_at(START);
                tries.again.seconds_since(START)
            })
            .collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 30, 30, LOCKED, 30]);
        let closed = Tries { failed: 49, again: START }.failed_at(START);
        assert!(closed.again.seconds_since(START) > 100 * 365 * 86_400);
    }

    #[test]
    fn a_patient_guesser_gets_ten_tries_in_half_an_hour_and_fifty_in_all() {
        let (mut tries, mut now, mut guesses) = (Tries::default(), START, 0);
        while tries.again <= now.plus_seconds(86_400 * 365) {
            now = now.max(tries.again);
            tries = tries.failed_at(now);
            guesses += 1;
            if now.seconds_since(START) < LOCKED {
                assert!(guesses <= 10);
            }
        }
        assert_eq!(guesses, 50);
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_anybodys_and_fits_nothing() {
        let (nobody, new) = (PasswordHash::new(NOBODY).unwrap(), hash("x").unwrap());
        let new = PasswordHash::new(&new).unwrap();
        assert_eq!((nobody.algorithm, nobody.version, &nobody.params), (new.algorithm, new.version, &new.params));
        assert_eq!(nobody.hash.unwrap().len(), new.hash.unwrap().len());
        assert!(!matches("nobody", NOBODY));
    }

    /// Knows one person and counts who was looked up.
    #[derive(Default)]
    struct Counting {
        hash: String,
        looked_up: Mutex<Vec<String>>,
        tries: Mutex<std::collections::HashMap<(String, u32), Tries>>,
    }

    impl Credentials for Counting {
        fn find(&self, code: &str) -> Option<(PersonId, String)> {
            self.looked_up.lock().unwrap().push(code.to_owned());
            (code == "known").then(|| (PersonId(1), self.hash.clone()))
        }
        fn code_of(&self, _: PersonId) -> Option<String> {
            None
        }
        fn bound_to(&self, _: u32) -> Option<PersonId> {
            None
        }
        fn tries(&self, code: &str, uid: u32) -> Tries {
            self.tries.lock().unwrap().get(&(code.to_owned(), uid)).copied().unwrap_or_default()
        }
        fn keep_tries(&self, code: &str, uid: u32, tries: Tries) {
            self.tries.lock().unwrap().insert((code.to_owned(), uid), tries);
        }
        fn forget_tries(&self, code: &str) {
            self.tries.lock().unwrap().retain(|(known, _), _| known != code);
        }
        fn signed_in(&self, _: PersonId, _: &str) {}
    }

    #[test]
    fn a_closed_door_is_closed_for_one_uid_and_nothing_is_checked_behind_it() {
        let credentials = Arc::new(Counting { hash: hash("right").unwrap(), ..Counting::default() });
        let (send, letters) = std::sync::mpsc::channel();
        let mut door = Door::new(credentials.clone(), Mail::new(send).unwrap()).unwrap();
        let mut attempt = |code: &str, uid: u32, words: &str, now: Moment| {
            let passphrase = Zeroizing::new(words.to_owned());
            let attempt = Attempt { session: SessionId(1), ticket: 1, code: code.into(), uid, passphrase, only: None };
            door.attempt(attempt, now)?;
            let Ok(News::Judged { verdict, .. }) = letters.recv() else { panic!("a try is judged") };
            door.settle(&verdict, now)
        };
        for code in ["known", "Ｕnknown"] {
            for _ in 0..3 {
                assert!(attempt(code, 5, "wrong", START).is_err());
            }
            assert_eq!(attempt(code, 5, "right", START), Err(START.plus_seconds(1)));
        }
        assert_eq!(credentials.looked_up.lock().unwrap().len(), 6, "the seventh and eighth tries were not checked");
        assert_eq!(attempt("known", 6, "right", START), Ok(PersonId(1)), "another uid's door is open");
        assert_eq!(attempt(" KNOWN ", 5, "right", START.plus_seconds(1)), Ok(PersonId(1)));
        assert_eq!(credentials.tries("known", 5), Tries::default());
    }

    #[test]
    fn hashes_carry_the_agreed_parameters_and_fit_only_their_passphrase() {
        let hash = hash("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
        assert!(matches("correct horse battery", &hash));
        assert!(!matches("correct horse batterz", &hash));
        assert!(!matches("correct horse battery", "not a hash"));
        assert_ne!(hash, super::hash("correct horse battery").unwrap(), "every hash has its own salt");
    }
}
