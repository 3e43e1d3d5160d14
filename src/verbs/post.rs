//! `taizhang post`: commands as JSON lines in, one JSON answer a line out, in order.
//!
//! Lines that come together are handed to the desk together and share commits; each is answered once it is on disk.
//! A line that cannot be read is answered too, and the rest goes on.

use std::sync::mpsc::{Receiver, sync_channel};

use serde::Serialize;
use serde_json::{Value, json};

use super::args::Post;
use super::caller::{Caller, InputLine, Lines};
use super::speaking::Speaking;
use super::{DONE, NOT_RUN, Office, REFUSED, Stop};
use crate::desk::thread::Job;
use crate::desk::{Answer, Envelope};
use crate::domain::clause::{Clause, Reason, Refusal, Refusals};
use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::books::Books;

/// A line as it is asked.
struct Asked {
    person: Option<Text>,
    at: Option<Moment>,
    id: Option<Text>,
    command: Command,
}

/// A line's answer, or the wait for it.
enum Pending {
    Told(Value),
    Awaited(Receiver<Answer>),
}

/// Posts every line of the input.
pub(super) fn post(office: &Office, args: &Post, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let mut lines = Lines::default();
    let speaking = Speaking::settle(office, &args.who, &mut lines, caller)?;
    let mut status = DONE;
    while let Some(batch) = lines.batch(caller)? {
        let mut pending = Vec::with_capacity(batch.len());
        let mut out = Vec::new();
        for line in batch {
            if matches!(&line, InputLine::Whole(text) if text.trim_ascii().is_empty()) {
                continue;
            }
            let one = match read(line) {
                Ok(asked) => hand_in(office, &speaking, asked, &mut pending, &mut out, &mut status)?,
                Err(words) => Pending::Told(json!({"ok": false, "error": Text::new(&words)})),
            };
            pending.push(one);
        }
        collect(&mut pending, &mut out, &mut status);
        caller.out(&out)?;
    }
    Ok(status)
}

fn read(line: InputLine) -> Result<Asked, String> {
    let InputLine::Whole(line) = line else { return Err("the line is longer than 65536 bytes".to_owned()) };
    let mut value: Value = serde_json::from_slice(&line).map_err(|error| error.to_string())?;
    let fields = value.as_object_mut().ok_or("a line is one JSON object")?;
    let person = text(fields.remove("as"), "as")?;
    let at = text(fields.remove("at"), "at")?;
    let at = at.map(|at| at.parse::<Moment>()).transpose().map_err(|error| error.to_string())?;
    let id = text(fields.remove("id"), "id")?;
    let command: Command = serde_json::from_value(value).map_err(|error| error.to_string())?;
    match command {
        Command::NotePassphrase(_) => {
            return Err("a passphrase is set with `taizhang passphrase`, which keeps its hash".to_owned());
        }
        Command::NoteExport(_) => return Err("an export is noted by `taizhang export` as it is made".to_owned()),
        _ => {}
    }
    Ok(Asked { person, at, id, command })
}

fn text(value: Option<Value>, name: &str) -> Result<Option<Text>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(Text::new(&text))),
        Some(other) => Err(format!("`{name}` is {other} and must be text")),
    }
}

/// Hands a command to the desk, unless it is refused for who asks it or when.
fn hand_in(
    office: &Office,
    speaking: &Speaking,
    asked: Asked,
    pending: &mut Vec<Pending>,
    out: &mut Vec<u8>,
    status: &mut u8,
) -> Result<Pending, Stop> {
    if asked.at.is_some() && !office.desk.store().is_rehearsal() {
        return Ok(refused(Clause::NothingErased.refuse(Reason::NoRehearsal)));
    }
    let mut by = person(office, speaking, asked.person.as_ref())?;
    if by.is_none() && !pending.is_empty() {
        // The person may have been appointed by a line before this one, whose commit is still awaited.
        collect(pending, out, status);
        by = person(office, speaking, asked.person.as_ref())?;
    }
    let by = by.unwrap_or_default();
    if !speaking.may_be(by) {
        return Ok(refused(Clause::OwnWork.refuse(Reason::NotSignedIn)));
    }
    let at = asked.at.unwrap_or_else(office.clock);
    let envelope = Envelope { command: asked.command, by, at, terminal: speaking.terminal.clone(), id: asked.id };
    let (tell, answer) = sync_channel(1);
    let reply = Box::new(move |answer| drop(tell.send(answer)));
    office.inbox.hand_in(Job::Submit(Box::new(envelope), reply));
    Ok(Pending::Awaited(answer))
}

/// The person of a line, or the caller's own; nobody where the code is unknown.
fn person(office: &Office, speaking: &Speaking, code: Option<&Text>) -> Result<Option<PersonId>, Stop> {
    match code {
        Some(code) => Ok(office.desk.store().read()?.person_by_code(code)?.map(|person| person.id)),
        None => Ok(speaking.person),
    }
}

fn refused(refusal: Refusal) -> Pending {
    Pending::Told(json!({"ok": false, "refused": Refusals::from(refusal)}))
}

fn collect(pending: &mut Vec<Pending>, out: &mut Vec<u8>, status: &mut u8) {
    for one in pending.drain(..) {
        match one {
            Pending::Told(answer) => {
                *status = (*status).max(REFUSED);
                line(&answer, out);
            }
            Pending::Awaited(answer) => {
                let answer = answer.recv().unwrap_or_else(|_| Answer::Failed("the desk has stopped".into()));
                *status = match &answer {
                    Answer::Accepted { .. } => *status,
                    Answer::Refused(_) => (*status).max(REFUSED),
                    Answer::Failed(_) => NOT_RUN,
                };
                line(&answer, out);
            }
        }
    }
}

fn line(answer: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, answer).expect("answers are plain data");
    out.push(b'\n');
}
