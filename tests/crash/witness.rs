//! What whoever stands at the desk knows to be kept, and the look at an opened store that finds out whether it is.

use taizhang::desk::Desk;
use taizhang::store::books::Books;
use taizhang::store::journal;
use taizhang::store::open::Store;
use taizhang::store::tables::{CREDENTIALS, DRAFTS};
use taizhang::store::verify::{self, Verdict};

use super::disk::Disk;
use super::script::{self, Came, Step};

/// What was acknowledged, and what was handed in and not answered.
#[derive(Debug, Clone)]
pub struct Witness {
    /// Whether the store has got its name.
    pub founded: bool,
    /// The first step that is not acknowledged.
    pub next: usize,
    /// The last entry that must be there.
    pub seq: u64,
    /// The hash of its line, where there was time to read it.
    pub hash: Option<[u8; 32]>,
    /// Entries of what was handed in and not answered.
    pub unanswered: u64,
    /// Steps that were handed in and not answered, and how many of them an opened store has shown to be kept.
    handed: usize,
    ahead: usize,
    draft: [Option<&'static str>; 2],
    credentials: [Vec<&'static str>; 2],
}

impl Witness {
    /// Nothing was ever handed in.
    pub fn new() -> Witness {
        let (draft, credentials) = ([None; 2], [Vec::new(), Vec::new()]);
        Witness { founded: false, next: 0, seq: 0, hash: None, unanswered: 0, handed: 0, ahead: 0, draft, credentials }
    }

    /// Notes that steps are handed in.
    pub fn hands_in(&mut self, steps: &[Step]) {
        self.handed = steps.len();
        for (nth, step) in steps.iter().enumerate() {
            // A command kept before is known by its id, and gives no second entry.
            let again = u64::from(nth < self.ahead);
            match step {
                Step::Draft(text) => self.draft[1] = *text,
                Step::Passphrase(person, _) => {
                    if !self.credentials[1].contains(person) {
                        self.credentials[1].push(person);
                    }
                    self.unanswered += 1 - again;
                }
                Step::Ask(..) => self.unanswered += 1 - again,
                Step::Flows(..) => self.unanswered += 1,
            }
        }
    }

    /// Notes that these steps were acknowledged, and that the journal now ends at `seq`.
    pub fn is_told(&mut self, steps: usize, seq: u64, hash: Option<[u8; 32]>) {
        self.next += steps;
        (self.seq, self.hash) = (seq, hash);
        (self.unanswered, self.handed) = (0, 0);
        self.ahead = self.ahead.saturating_sub(steps);
        self.draft[0] = self.draft[1];
        self.credentials[0] = self.credentials[1].clone();
    }

    /// Whether everything acknowledged is in the store, and of the rest all or nothing.
    pub fn look(&mut self, store: &Store) -> Result<(), String> {
        let words = |fault: taizhang::store::Fault| format!("the opened store cannot be read: {fault}");
        let books = store.read().map_err(words)?;
        let head = journal::head(&books).map_err(words)?;
        let (acked, now) = (self.seq, head.seq.0);
        if now < acked {
            return Err(format!("LOST: entry {acked} was acknowledged, the journal ends at {now}"));
        }
        if now != acked && now != acked + self.unanswered {
            return Err(format!("HALF: {} of {} unanswered entries are kept", now - acked, self.unanswered));
        }
        if let Some(hash) = self.hash {
            let next = books.line(acked + 1).map_err(words)?;
            let quoted = match next {
                Some(next) => String::from_utf8_lossy(&next).contains(&journal::hex(&hash)),
                None => head.hash == hash,
            };
            if !quoted {
                return Err(format!("ALTERED: entry {acked} is not what was acknowledged"));
            }
        }
        self.look_beside(&books)?;
        if self.unanswered > 0 && now > acked {
            self.ahead = self.handed;
        }
        // What an opened store has shown must stay, answered or not.
        (self.seq, self.hash) = (now, Some(head.hash));
        (self.unanswered, self.draft[1], self.credentials[1]) = (0, self.draft[0], self.credentials[0].clone());
        Ok(())
    }

    /// Drafts and credentials, which no journal could give back.
    fn look_beside(&mut self, books: &redb::ReadTransaction) -> Result<(), String> {
        let unreadable = |error: &dyn std::fmt::Display| format!("drafts cannot be read: {error}");
        let drafts = books.open_table(DRAFTS).map_err(|error| unreadable(&error))?;
        let draft = drafts.get((script::DRAFTER.0, script::FORM)).map_err(|error| unreadable(&error))?;
        let draft = draft.as_ref().map(|draft| draft.value());
        let Some(kept) = self.draft.into_iter().find(|expected| *expected == draft) else {
            return Err(format!("LOST: the draft is {draft:?} instead of {:?}", self.draft));
        };
        self.draft[0] = kept;
        let credentials = books.open_table(CREDENTIALS).map_err(|error| unreadable(&error))?;
        let count = redb::ReadableTableMetadata::len(&credentials).map_err(|error| unreadable(&error))?;
        let Some(kept) = self.credentials.iter().find(|expected| expected.len() as u64 == count) else {
            return Err(format!("LOST: {count} credentials instead of {:?}", self.credentials));
        };
        self.credentials[0] = kept.clone();
        Ok(())
    }
}

/// Journal and tables agree in every byte.
pub fn verified(store: &Store) -> Result<(), String> {
    let books = store.read().map_err(|fault| fault.to_string())?;
    match verify::verify(&books, &mut |_| {}).map_err(|fault| fault.to_string())? {
        Verdict::Good(_) => Ok(()),
        Verdict::Bad(words) => Err(format!("BROKEN: {words}")),
    }
}

/// Hands in the steps from `witness.next` on, one by one or a few together, until `upto` or until the machine fails.
/// `early` plants a fault: a step counts as acknowledged when it is handed in.
pub fn go_on(
    desk: &Desk,
    disk: &Disk,
    witness: &mut Witness,
    steps: &[Step],
    luck: &mut fastrand::Rng,
    early: bool,
) -> Result<(), String> {
    while witness.next < steps.len() {
        let most = if luck.u8(0..4) == 0 { luck.usize(2..=4) } else { 1 };
        let from = witness.next;
        let few = few_together(desk, &steps[from..], from, most);
        witness.hands_in(&steps[from..from + few.len().max(1)]);
        if early {
            witness.is_told(0, witness.seq + witness.unanswered, None);
        }
        let answers: Vec<Came> = match few.len() {
            0 | 1 => vec![script::hand_in(desk, from, &steps[from])],
            _ => desk.submit_all(&few).into_iter().map(script::came_of).collect(),
        };
        for (nth, came) in answers.iter().enumerate() {
            match came {
                Came::Kept(_) => {}
                Came::Failed(words) if words.contains("broke down") => return Err(format!("PANIC: {words}")),
                Came::Failed(_) | Came::Unseen if disk.is_dead() => return Ok(()),
                other => return Err(format!("step {} {:?}: {other:?}", from + nth, steps[from + nth])),
            }
        }
        match desk.store().read().and_then(|books| journal::head(&books)) {
            Ok(head) => witness.is_told(answers.len(), head.seq.0, Some(head.hash)),
            Err(_) if disk.is_dead() => {
                // The answer came and the power went: what was acknowledged is known by its number alone.
                let kept = answers.iter().filter_map(|came| if let Came::Kept(seq) = came { *seq } else { None });
                let seq = kept.max().unwrap_or(0).max(witness.seq);
                witness.is_told(answers.len(), seq, None);
                return Ok(());
            }
            Err(fault) => return Err(fault.to_string()),
        }
    }
    Ok(())
}

/// The next commands that can wait together: those whose content does not hang on one before them.
fn few_together(desk: &Desk, steps: &[Step], from: usize, most: usize) -> Vec<taizhang::desk::Envelope> {
    let asked = steps.iter().take(most).enumerate().take_while(|(_, step)| matches!(step, Step::Ask(..)));
    asked.map_while(|(nth, step)| script::envelope(desk, from + nth, step)).collect()
}
