//! `taizhang schema`: the JSON Schema of what `post` takes and answers, of every event, and of the rows of `show`.
//!
//! All of it is derived from the types themselves, so it cannot drift from what the program does.

use schemars::schema_for;
use serde_json::{Map, Value, json};

use super::show::What;
use crate::domain::command::Command;
use crate::domain::event::Event;

/// The whole interface: `command`, `answer`, `event`, by list `show`, and what `import --json` answers.
pub fn schema() -> Value {
    let show: Map<String, Value> =
        What::ALL.iter().map(|what| (what.key().to_owned(), what.row_schema().to_value())).collect();
    json!({ "command": command(), "answer": answer(), "event": schema_for!(Event), "show": show, "import": import() })
}

/// A line that `post` reads: a command with who asks it, when, and an id that makes a retry harmless.
fn command() -> Value {
    let mut schema = schema_for!(Command).to_value();
    let envelope = json!({
        "as": { "type": "string", "description": "The sign-in code of the person who asks; the caller's own where it is left out" },
        "at": { "type": "string", "format": "date-time", "description": "The time of the act; only a store made for rehearsals takes one" },
        "id": { "type": "string", "description": "Makes a retry harmless: the same id is carried out once and answered alike" },
    });
    // Each command refuses fields it does not know; these three are taken off before it is asked.
    let kinds = schema.get_mut("oneOf").and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default();
    for kind in kinds {
        if let Some(fields) = kind.get_mut("properties").and_then(Value::as_object_mut) {
            fields.extend(envelope.as_object().cloned().unwrap_or_default());
        }
    }
    schema
}

/// What `import --json` answers to a file.
fn import() -> Value {
    let number = |words: &str| json!({ "type": "integer", "description": words });
    let text = |words: &str| json!({ "type": "string", "description": words });
    json!({ "type": "object", "required": ["ok", "file"], "properties": {
        "ok": { "type": "boolean" },
        "file": text("The file's name"),
        "import": { "type": ["integer", "null"], "description": "The import; null for a dry run" },
        "format": text("Whose export it is"),
        "account": text("The receiving account that the file states"),
        "rows": number("The file's flows"),
        "new": number("Flows that were not known"),
        "payments": number("Money received among them"),
        "amount": text("What those payments add up to"),
        "matched": number("Payments among them from an account registered for a dealer"),
        "known": number("Flows that were posted before"),
        "conflicts": number("Rows kept aside, since they say something else than the posted flow of their number"),
        "totals": { "type": "array", "description": "What the file states of itself, beside what its rows add up to" },
        "sha256": text("The file's digest"),
        "damage": { "type": "object", "description": "Why the file is none that can be read: line, column, fault, facts, words" },
        "refused": { "type": "array", "description": "The refusals, as post answers them" },
        "error": text("What failed"),
    } })
}

/// What `post` answers to a line.
fn answer() -> Value {
    json!({
        "oneOf": [
            { "type": "object", "required": ["ok", "seq", "event"], "properties": {
                "ok": { "const": true },
                "seq": { "type": "integer", "description": "The entry of the journal" },
                "event": { "type": "object", "description": "What happened" } } },
            { "type": "object", "required": ["ok", "refused"], "properties": {
                "ok": { "const": false },
                "refused": { "type": "array", "minItems": 1, "items": { "type": "object", "required": ["clause", "reason"],
                    "properties": {
                        "clause": { "type": "string", "description": "The clause that refuses, such as M4.2" },
                        "reason": { "type": "string", "description": "Why, by name" },
                        "facts": { "type": "object", "description": "The figures behind it" } } } } } },
            { "type": "object", "required": ["ok", "error"], "properties": {
                "ok": { "const": false },
                "error": { "type": "string", "description": "Why the line cannot be read, or what failed" } } },
        ]
    })
}
