//! The desk's own thread: everything that is written goes through it, so that no key waits for the disk.
//!
//! Jobs that wait together share one commit. A statement of a million rows comes as chunks among them, so whoever posts
//! meanwhile waits for one chunk at most. After each commit whoever asked is answered, and the listener told how
//! far the journal has come.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{Answer, Desk, Envelope, Note};
use crate::domain::flow::Flow;
use crate::domain::id::{AccountId, ImportId, PersonId, Seq};
use crate::domain::statement::Tally;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::{Fault, journal};

/// The most commands that share a commit.
const TOGETHER: usize = 64;
/// The most jobs that wait; whoever asks for more waits to ask.
const WAITING: usize = 512;

/// Called with an answer, on the desk's thread: it may only pass it on.
pub type Reply<T> = Box<dyn FnOnce(T) + Send>;

/// Something for the desk to do.
pub enum Job {
    /// Submit a command.
    Submit(Box<Envelope>, Reply<Answer>),
    /// Post a chunk of a statement's flows.
    Flows {
        /// The import.
        import: ImportId,
        /// The receiving account.
        account: AccountId,
        /// Who imports.
        by: PersonId,
        /// From which terminal.
        terminal: Text,
        /// The rows.
        rows: Vec<Flow>,
        /// Told what the chunk came to.
        reply: Reply<Result<Tally, String>>,
    },
    /// Keep a passphrase hash.
    Passphrase(Box<Envelope>, String, Reply<Answer>),
    /// Keep or drop a half-entered form.
    Draft(PersonId, String, Option<String>, Reply<Result<(), String>>),
    /// Keep how often somebody failed to sign in: code, Unix account, how often, when the next try is taken.
    Tries(String, u32, u32, Moment),
    /// Note what the program itself has to say.
    Note(Note, Text),
    /// The same, told once it is on disk.
    Noted(Note, Text, Reply<Result<Seq, String>>),
    /// Keep that sending a letter failed: which, to whom, how often, when it is tried again, why.
    MailTry(u64, PersonId, u32, Moment, Text),
    /// Answer once everything before is done, and stop.
    Stop(Reply<()>),
}

/// Where jobs are handed in. Cheap to copy.
#[derive(Clone)]
pub struct Inbox(SyncSender<Job>);

impl Inbox {
    /// Hands a job in; `false` where the desk has stopped.
    pub fn hand_in(&self, job: Job) -> bool {
        self.0.send(job).is_ok()
    }

    /// Hands a job in without waiting; gives it back where too many wait or the desk has stopped.
    pub fn try_hand_in(&self, job: Job) -> Result<(), Job> {
        self.0.try_send(job).map_err(|error| match error {
            std::sync::mpsc::TrySendError::Full(job) | std::sync::mpsc::TrySendError::Disconnected(job) => job,
        })
    }

    /// Submits a command and waits for its answer.
    pub fn submit(&self, envelope: Envelope) -> Answer {
        let (tell, answer) = sync_channel(1);
        self.hand_in(Job::Submit(Box::new(envelope), Box::new(move |it| drop(tell.send(it)))));
        answer.recv().unwrap_or_else(|_| Answer::Failed("the desk has stopped".into()))
    }
}

/// Starts the desk's thread. `moved` is told after each commit how far the journal has come; `fatal`, at most once, that
/// keeping has failed: the desk has stopped, and whoever runs it must end and open the store anew.
pub fn start(
    desk: Arc<Desk>,
    clock: fn() -> Moment,
    moved: impl Fn(Seq) + Send + 'static,
    fatal: impl FnOnce(String) + Send + 'static,
) -> std::io::Result<Inbox> {
    let (hand_in, jobs) = sync_channel(WAITING);
    let work = move || {
        run(&desk, clock, &jobs, &moved);
        if let Some(why) = desk.stopped() {
            fatal(why.to_owned());
        }
    };
    std::thread::Builder::new().name("desk".into()).spawn(work)?;
    Ok(Inbox(hand_in))
}

fn run(desk: &Desk, clock: fn() -> Moment, jobs: &Receiver<Job>, moved: &dyn Fn(Seq)) {
    let mut held = None;
    let mut last = seq(desk).unwrap_or(Seq(0));
    while desk.stopped().is_none()
        && let Some(job) = held.take().or_else(|| jobs.recv().ok())
    {
        match job {
            Job::Submit(first, reply) => held = together(desk, jobs, *first, reply),
            Job::Flows { import, account, by, terminal, rows, reply } => {
                let chunk = super::import::Chunk { import, account, by, terminal, rows };
                reply(desk.post_flows(chunk, clock()).map_err(|fault| fault.to_string()));
            }
            Job::Passphrase(envelope, hash, reply) => reply(desk.set_passphrase(&envelope, &hash)),
            Job::Draft(person, form, draft, reply) => {
                reply(desk.keep_draft(person, &form, draft.as_deref()).map_err(|fault| fault.to_string()));
            }
            Job::Tries(code, uid, failed, again) => drop(desk.keep_tries(&code, uid, failed, again)),
            Job::Note(note, terminal) => drop(desk.note(&note, clock(), &terminal)),
            Job::Noted(note, terminal, reply) => {
                reply(desk.note(&note, clock(), &terminal).map_err(|fault| fault.to_string()));
            }
            Job::MailTry(letter, person, tries, next, why) => {
                drop(desk.keep_mail_try(letter, person, tries, next, &why));
                // No entry of the journal, but screens show it.
                moved(last);
            }
            Job::Stop(reply) => {
                reply(());
                return;
            }
        }
        if desk.stopped().is_none()
            && let Ok(now) = seq(desk)
            && now != last
        {
            last = now;
            moved(now);
        }
    }
}

/// Submits a command with all those that wait behind it, and answers them; gives back the job of another kind met there.
fn together(desk: &Desk, jobs: &Receiver<Job>, first: Envelope, reply: Reply<Answer>) -> Option<Job> {
    let mut held = None;
    let mut replies = vec![reply];
    let mut envelopes = vec![first];
    while envelopes.len() < TOGETHER {
        match jobs.try_recv() {
            Ok(Job::Submit(envelope, reply)) => {
                envelopes.push(*envelope);
                replies.push(reply);
            }
            Ok(other) => {
                held = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    let answers = desk.submit_all(&envelopes);
    replies.into_iter().zip(answers).for_each(|(reply, answer)| reply(answer));
    held
}

fn seq(desk: &Desk) -> Result<Seq, Fault> {
    Ok(journal::head(&desk.store().read()?)?.seq)
}
