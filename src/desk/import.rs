//! Importing a statement: surveyed whole, decided once, then posted in chunks.
//!
//! A file that is damaged or disagrees with itself changes nothing, since the survey reads all of it before the first
//! flow is posted. The chunks are transactions of their own: a crash in the middle leaves a prefix, and importing the same
//! file again finishes it, for a flow is posted once.

use std::path::Path;

use redb::ReadTransaction;

use super::thread::{Inbox, Job};
use super::{Answer, Beside, Desk, Envelope};
use crate::domain::clause::Refusals;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::flow::Flow;
use crate::domain::id::{AccountId, FlowId, ImportId, PersonId};
use crate::domain::money::Money;
use crate::domain::statement::{FileFacts, FlowTable, ImportStatement, Tally};
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::statement::{self, Damage, Survey};
use crate::store::books::Books;
use crate::store::{Fault, flows, give_way, journal};

/// Flows posted in one transaction and one entry of the journal: each bucket of known numbers is written once for all of them.
pub const CHUNK: usize = 49_152;
/// After so many rows read others go first.
const BREATH: usize = 64;

/// Rows of a statement to be posted together.
pub struct Chunk {
    /// The import.
    pub import: ImportId,
    /// The receiving account.
    pub account: AccountId,
    /// Who imports.
    pub by: PersonId,
    /// From which terminal.
    pub terminal: Text,
    /// The rows.
    pub rows: Vec<Flow>,
}

/// What to import, and how.
pub struct Request<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its name, as the user knows it.
    pub name: Text,
    /// The receiving account, by name.
    pub account: Option<Text>,
    /// Why disagreeing totals are accepted.
    pub accept_totals: Option<Text>,
    /// Who imports.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// From which terminal.
    pub terminal: Text,
}

/// Why an import did not happen.
#[derive(Debug)]
pub enum Stopped {
    /// The file is damaged, or none that can be read.
    Damaged(Damage),
    /// A rule said no.
    Refused(Refusals),
    /// The machine failed.
    Failed(String),
}

/// What an import came to, or would.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The import; none for a dry run.
    pub import: Option<ImportId>,
    /// What the file said of itself.
    pub file: FileFacts,
    /// The figures.
    pub tally: Tally,
}

/// The command that a surveyed file asks for.
pub fn command(survey: &Survey, request: &Request<'_>) -> ImportStatement {
    let file = FileFacts {
        name: request.name.clone(),
        format: survey.format.key().into(),
        channel: survey.channel,
        account: survey.account.clone(),
        sha256: journal::hex(&survey.sha256).into(),
        rows: survey.rows,
        totals: survey.totals.clone(),
    };
    ImportStatement { account: request.account.clone(), file, accept_totals: request.accept_totals.clone() }
}

/// Imports a file through the desk's thread; `step` is told how many rows are done, of how many.
pub fn import(inbox: &Inbox, request: &Request<'_>, step: &mut dyn FnMut(u64, u64)) -> Result<Outcome, Stopped> {
    let survey = statement::survey(request.path).map_err(Stopped::Damaged)?;
    let wanted = command(&survey, request);
    let file = wanted.file.clone();
    let (by, at, terminal) = (request.by, request.at, request.terminal.clone());
    let envelope = Envelope { command: Command::ImportStatement(wanted), by, at, terminal, id: None };
    let (import, account) = match inbox.submit(envelope) {
        Answer::Accepted { event, .. } => match *event {
            Event::StatementImported { import, account, .. } => (import, account),
            other => return Err(Stopped::Failed(format!("{} is no import", other.key()))),
        },
        Answer::Refused(refusals) => return Err(Stopped::Refused(refusals)),
        Answer::Failed(words) => return Err(Stopped::Failed(words)),
    };
    let mut post = Posting { inbox, request, import, account, tally: Tally::default(), awaited: None, done: 0 };
    let mut rows = Vec::with_capacity(CHUNK);
    let mut failed = None;
    let read = statement::read(request.path, &mut |flow| {
        rows.push(flow);
        if rows.len().is_multiple_of(BREATH) {
            give_way();
        }
        if rows.len() < CHUNK {
            return true;
        }
        failed = post.hand_in(std::mem::replace(&mut rows, Vec::with_capacity(CHUNK))).err();
        step(post.done, survey.rows);
        failed.is_none()
    });
    if let Some(words) = failed {
        return Err(Stopped::Failed(words));
    }
    read.map_err(Stopped::Damaged)?;
    post.hand_in(rows).and_then(|()| post.settle()).map_err(Stopped::Failed)?;
    step(survey.rows, survey.rows);
    Ok(Outcome { import: Some(import), file, tally: post.tally })
}

/// Chunks on their way: one is posted while the next is read.
struct Posting<'a> {
    inbox: &'a Inbox,
    request: &'a Request<'a>,
    import: ImportId,
    account: AccountId,
    tally: Tally,
    awaited: Option<std::sync::mpsc::Receiver<Result<Tally, String>>>,
    done: u64,
}

impl Posting<'_> {
    fn hand_in(&mut self, rows: Vec<Flow>) -> Result<(), String> {
        self.settle()?;
        if rows.is_empty() {
            return Ok(());
        }
        self.done += rows.len() as u64;
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let (import, account, by, terminal) =
            (self.import, self.account, self.request.by, self.request.terminal.clone());
        let reply = Box::new(move |tally| drop(tell.send(tally)));
        self.inbox.hand_in(Job::Flows { import, account, by, terminal, rows, reply });
        self.awaited = Some(told);
        Ok(())
    }

    fn settle(&mut self) -> Result<(), String> {
        let Some(told) = self.awaited.take() else { return Ok(()) };
        let chunk = told.recv().map_err(|_| "the desk has stopped".to_owned())??;
        self.tally.add(&chunk);
        Ok(())
    }
}

/// What an import would come to: the same sorting, on a snapshot, and nothing is written.
pub fn rehearse(books: &ReadTransaction, request: &Request<'_>) -> Result<Outcome, Stopped> {
    let survey = statement::survey(request.path).map_err(Stopped::Damaged)?;
    let wanted = command(&survey, request);
    let failed = |fault: Fault| Stopped::Failed(fault.to_string());
    let asked = Command::ImportStatement(wanted.clone());
    let account = match Desk::may(books, request.by, request.at, &asked).map_err(failed)? {
        Ok(Event::StatementImported { account, .. }) => account,
        Ok(other) => return Err(Stopped::Failed(format!("{} is no import", other.key()))),
        Err(refusals) => return Err(Stopped::Refused(refusals)),
    };
    let mut tally = Tally::default();
    let mut rows = Vec::new();
    let mut failure = None;
    let mut sort = |rows: Vec<Flow>| match flows::sort(books, account, FlowId(u64::MAX / 2), rows) {
        Ok(sorted) => {
            tally.add(&tally_of(&sorted));
            true
        }
        Err(fault) => {
            failure = Some(fault);
            false
        }
    };
    statement::read(request.path, &mut |flow| {
        rows.push(flow);
        rows.len() < CHUNK || sort(std::mem::take(&mut rows))
    })
    .map_err(Stopped::Damaged)?;
    sort(rows);
    match failure {
        Some(fault) => Err(failed(fault)),
        None => Ok(Outcome { import: None, file: wanted.file, tally }),
    }
}

fn tally_of(sorted: &flows::Sorted) -> Tally {
    let payments = sorted.new.iter().filter(|flow| flow.is_payment() && flow.amount.is_positive());
    let (count, amount) = payments.fold((0, Money::ZERO), |(count, sum), flow| (count + 1, sum + flow.amount));
    let new = sorted.new.len() as u64;
    Tally { new, payments: count, amount, matched: 0, known: sorted.known, conflicts: sorted.conflicts.len() as u64 }
}

impl Tally {
    /// Adds the figures of a chunk.
    pub fn add(&mut self, chunk: &Tally) {
        self.new += chunk.new;
        self.payments += chunk.payments;
        self.amount += chunk.amount;
        self.matched += chunk.matched;
        self.known += chunk.known;
        self.conflicts += chunk.conflicts;
    }
}

impl Desk {
    /// Posts a chunk of flows, each at most once, in one transaction of one or more entries.
    pub fn post_flows(&self, chunk: Chunk, now: Moment) -> Result<Tally, Fault> {
        self.has_room()?;
        let Chunk { import, account, by, terminal, rows } = chunk;
        self.transact(|tx, head| {
            let first = FlowId(tx.count("flows")? as u64 + 1);
            let sorted = flows::sort(tx, account, first, rows)?;
            let mut tally = tally_of(&sorted);
            let matched = |tx: &redb::WriteTransaction| {
                Ok::<_, Fault>(tx.import(import)?.map_or(0, |import| import.tally.matched))
            };
            let before = matched(tx)?;
            let (flows, known, conflicts) = (FlowTable(sorted.new), sorted.known, sorted.conflicts);
            let event = Event::FlowsPosted { import, account, first, flows, known, conflicts };
            super::write(tx, head, &journal::Context { by, at: head.after(now), terminal, id: None }, event)?;
            tally.matched = matched(tx)? - before;
            Ok((tally, Beside::Nothing))
        })
    }
}
