//! Exports (导出): what leaves the books as a file is noted, with who took it (P3).

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::text::Text;
use super::{Actor, Rule};

/// What kind of file a list leaves as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A workbook.
    Xlsx,
    /// Comma-separated values.
    Csv,
}

impl FileKind {
    /// How the names of such files end.
    pub const fn ending(self) -> &'static str {
        match self {
            FileKind::Xlsx => "xlsx",
            FileKind::Csv => "csv",
        }
    }
}

/// Note that a list is leaving the books as a file. Made by the program as it exports, never typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteExport {
    /// Which list.
    pub what: Text,
    /// As what kind of file.
    pub file: FileKind,
    /// How many rows.
    pub rows: u64,
    /// The file's SHA-256, in lower-case hexadecimal.
    pub sha256: Text,
    /// Which rows were asked for, in words.
    #[serde(default)]
    pub filter: Text,
}

/// Nothing in the books decides whether what has been made is noted.
pub struct ExportFacts;

impl Rule for NoteExport {
    type Facts = ExportFacts;

    fn decide(&self, _: &Actor, _: &ExportFacts) -> Result<Event, Refusals> {
        if self.what.is_empty() {
            return Err(Clause::Secrets.refuse(Reason::Empty { field: "what" }).into());
        }
        let is_digest = self.sha256.len() == 64 && self.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !is_digest {
            let value = self.sha256.clone();
            return Err(Clause::Secrets.refuse(Reason::Malformed { field: "sha256", value }).into());
        }
        let NoteExport { what, file, rows, sha256, filter } = self.clone();
        Ok(Event::ListExported { what, file, rows, sha256, filter })
    }
}
