//! `taizhang import`: a statement file, uploaded to the store's folder, surveyed whole, then posted or only rehearsed.
//!
//! The file is spooled because it is read twice: once to see that it is whole, once to post it. The spool is the owner's
//! alone and is removed whatever happens. The desk decides; here its answer is put into words.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::args::Import;
use super::caller::{Caller, Lines, tell_progress};
use super::speaking::Speaking;
use super::spool::Spool;
use super::{DONE, NOT_RUN, Office, REFUSED, Stop};
use crate::desk::import::{Outcome, Request, Stopped, import, rehearse};
use crate::domain::clause::Refusals;
use crate::domain::text::Text;
use crate::domain::time::CHINA;
use crate::statement::{Damage, Limits};
use crate::ui::locale::Words;
use crate::ui::refusal;

/// Rows of progress are not told more often than this many flows.
const STEP: u64 = 8_192;

/// Keeps what the caller sends for as long as it is read.
fn take(folder: &Path, name: &str, lines: &mut Lines, caller: &mut dyn Caller) -> Result<Spool, Stop> {
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    // The extension alone is kept of the name: it tells a workbook from a zip of statements.
    let ending: String = Path::new(name)
        .extension()
        .map(|ending| ending.to_string_lossy().chars().filter(char::is_ascii_alphanumeric).take(8).collect())
        .unwrap_or_default();
    let (spool, mut file) = Spool::create(folder, &ending).map_err(failed)?;
    let mut left = Limits::DEFAULT.text_bytes;
    while let Some(piece) = lines.piece(caller)? {
        // One byte past the limit is kept, so that the file is refused for what it is.
        let kept = piece.len().min(usize::try_from(left + 1).unwrap_or(usize::MAX));
        left = left.saturating_sub(kept as u64);
        file.write_all(&piece[..kept]).map_err(failed)?;
    }
    Ok(spool)
}

/// Takes a file from the caller and imports it.
pub(super) fn upload(office: &Office, args: &Import, words: &Words, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let mut lines = Lines::default();
    let speaking = Speaking::settle(office, &args.who, &mut lines, caller)?;
    let Some(by) = speaking.person.filter(|by| speaking.may_be(*by)) else {
        return Err(Stop::Said("verb.who_imports", Vec::new()));
    };
    let spool = take(&office.folder, &args.name, &mut lines, caller)?;
    let request = Request {
        path: spool.path(),
        name: Text::new(&args.name),
        account: args.account.clone(),
        accept_totals: args.accept_totals.clone(),
        by,
        at: (office.clock)(),
        terminal: speaking.terminal.clone(),
    };
    let outcome = if args.dry_run {
        rehearse(&office.desk.store().read()?, &request)
    } else {
        let mut told = 0;
        import(&office.inbox, &request, &mut |done, all| {
            if args.progress && (done >= told + STEP || done == all) {
                told = done;
                // A caller who has gone hears no progress; the import goes on, for half a file helps nobody.
                let _ = tell_progress(caller, done, all);
            }
        })
    };
    let status = match &outcome {
        Ok(_) => DONE,
        Err(Stopped::Failed(_)) => NOT_RUN,
        Err(_) => REFUSED,
    };
    let text = if args.json {
        let mut line = answer(&args.name, &outcome).to_string();
        line.push('\n');
        line
    } else {
        said(&args.name, &outcome, words)
    };
    caller.out(text.as_bytes())?;
    Ok(status)
}

/// The outcome as one JSON object.
pub fn answer(name: &str, outcome: &Result<Outcome, Stopped>) -> Value {
    let file = Text::new(name);
    match outcome {
        Ok(done) => json!({
            "ok": true, "file": file, "import": done.import, "format": done.file.format, "account": done.file.account,
            "rows": done.file.rows, "new": done.tally.new, "payments": done.tally.payments, "amount": done.tally.amount,
            "matched": done.tally.matched,
            "known": done.tally.known, "conflicts": done.tally.conflicts, "totals": done.file.totals,
            "sha256": done.file.sha256,
        }),
        Err(Stopped::Damaged(damage)) => {
            let facts: serde_json::Map<String, Value> = damage
                .fault
                .facts()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), Text::new(&value).as_str().into()))
                .collect();
            json!({"ok": false, "file": file, "damage": {
                "line": damage.line, "column": damage.column, "fault": fault_name(damage), "facts": facts,
                "words": Text::new(&damage.to_string()),
            }})
        }
        Err(Stopped::Refused(refusals)) => json!({"ok": false, "file": file, "refused": refusals}),
        Err(Stopped::Failed(fault)) => json!({"ok": false, "file": file, "error": Text::new(fault)}),
    }
}

fn fault_name(damage: &Damage) -> &'static str {
    damage.fault.key().rsplit('.').next().unwrap_or_default()
}

/// The outcome in words, with a line end.
fn said(name: &str, outcome: &Result<Outcome, Stopped>, words: &Words) -> String {
    let file = Text::new(name);
    match outcome {
        Ok(done) => {
            let key = if done.import.is_some() { "imported.done" } else { "imported.would" };
            let (tally, rows) = (&done.tally, &done.file.rows);
            let line = words.say_with(
                key,
                &[
                    ("file", &file),
                    ("rows", rows),
                    ("new", &tally.new),
                    ("payments", &tally.payments),
                    ("amount", &tally.amount),
                    ("known", &tally.known),
                    ("conflicts", &tally.conflicts),
                ],
            );
            format!("{line}\n")
        }
        Err(Stopped::Damaged(damage)) => {
            let why = damaged(damage, words);
            format!("{}\n", words.say_with("imported.damaged", &[("file", &file), ("why", &why)]))
        }
        Err(Stopped::Refused(refusals)) => refused(&file, refusals, words),
        Err(Stopped::Failed(fault)) => {
            format!("{}\n", words.say_with("imported.failed", &[("file", &file), ("why", &Text::new(fault))]))
        }
    }
}

/// What is wrong with a file, where, in words.
pub fn damaged(damage: &Damage, words: &Words) -> String {
    let facts = damage.fault.facts();
    let harmless: Vec<(&str, Text)> = facts.iter().map(|(name, value)| (*name, Text::new(value))).collect();
    let values: Vec<(&str, &dyn std::fmt::Display)> =
        harmless.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
    let what = words.say_with(damage.fault.key(), &values);
    match (damage.line, &damage.column) {
        (Some(line), Some(column)) => {
            words.say_with("imported.at_column", &[("line", &line), ("column", column), ("what", &what)])
        }
        (Some(line), None) => words.say_with("imported.at_line", &[("line", &line), ("what", &what)]),
        _ => what,
    }
}

fn refused(file: &Text, refusals: &Refusals, words: &Words) -> String {
    let refusals = serde_json::to_value(refusals).expect("refusals are plain data");
    let each = refusal::lines(words, &refusals, CHINA);
    each.iter().map(|why| words.say_with("imported.refused", &[("file", file), ("why", why)]) + "\n").collect()
}
