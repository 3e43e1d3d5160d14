//! `taizhang schema`: the JSON Schema of what `post` takes and answers, of every event, and of the rows of `show`.
//!
//! All of it is derived from the types themselves, so it cannot drift from what the program does.

use schemars::schema_for;
use serde_json::{Map, Value, json};

use super::show::What;
use crate::domain::command::Command;
use crate::domain::event::Event;

/// The whole interface: `command`, `answer`, `event` and, by list, `show`.
pub fn schema() -> Value {
    let show: Map<String, Value> =
        What::ALL.iter().map(|what| (what.key().to_owned(), what.row_schema().to_value())).collect();
    json!({ "command": command(), "answer": answer(), "event": schema_for!(Event), "show": show })
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
