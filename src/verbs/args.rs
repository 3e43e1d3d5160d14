//! The arguments of the verbs, as they go over the wire: the command line fills them in, the verbs read them.
//!
//! A field that a verb does not know is an error on purpose: two versions of the program must not half understand
//! each other.

use serde::{Deserialize, Serialize};

use super::show::What;
pub use crate::domain::export::FileKind;
use crate::domain::text::Text;
use crate::domain::time::Day;

/// Who calls, as far as the caller may say so. What it says is a claim; the kernel's word and the passphrase decide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The sign-in code of the person spoken for.
    pub person: Option<String>,
    /// Whether the first line of the input is that person's passphrase.
    pub proof: bool,
    /// The tty of the caller, as it says.
    pub tty: String,
}

/// `taizhang post`. The input is JSON lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Who calls.
    pub who: Who,
    /// The language.
    pub lang: String,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// An aligned table, for people.
    #[default]
    Table,
    /// One JSON array.
    Json,
    /// CSV for a spreadsheet: cells that would be formulas are neutralised.
    Csv,
}

/// Which rows are wanted. What a list does not have is not asked of it, but a state, dealer, place, person or object that there
/// is not is refused.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The first business day.
    pub from: Option<Day>,
    /// The last business day.
    pub to: Option<Day>,
    /// Only this dealer's, by code or exact name.
    pub dealer: Option<Text>,
    /// Only at this place of the warehouse.
    #[serde(default)]
    pub place: Option<Text>,
    /// Only in this state or stage; each list has its own words ([`What::states`]).
    pub state: Option<Text>,
    /// Only this object, by its number or code.
    pub only: Option<Text>,
    /// Only what is this person's, by sign-in code.
    #[serde(default)]
    pub of: Option<Text>,
    /// At most so many.
    pub limit: Option<u64>,
}

/// `taizhang show`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// Who calls.
    pub who: Who,
    /// The language.
    pub lang: String,
    /// Which list.
    pub what: What,
    /// How it is printed.
    pub form: Form,
    /// Which rows.
    pub filter: Filter,
}

/// `taizhang export`. The answer is the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Who calls.
    pub who: Who,
    /// The language of its headers.
    pub lang: String,
    /// Which list.
    pub what: What,
    /// As what kind of file.
    pub kind: FileKind,
    /// Whether CSV begins with a byte order mark.
    pub bom: bool,
    /// Which rows.
    pub filter: Filter,
}

/// `taizhang import`, for one file. The input is the file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Who calls.
    pub who: Who,
    /// The language.
    pub lang: String,
    /// The file's name, as the user knows it.
    pub name: String,
    /// The receiving account, by name.
    pub account: Option<Text>,
    /// Why totals that disagree are accepted.
    pub accept_totals: Option<Text>,
    /// Say what would happen, and change nothing.
    pub dry_run: bool,
    /// Answer with one JSON object.
    pub json: bool,
    /// Send marks of progress on standard error.
    pub progress: bool,
}

/// `taizhang journal`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Who calls.
    pub who: Who,
    /// The language.
    pub lang: String,
    /// The first entry wanted; 0 and 1 are both the first there is.
    pub since: u64,
    /// Stay, and give what is written from now on.
    pub follow: bool,
}

/// `taizhang verify` and, with a file, `taizhang backup`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Who calls.
    pub who: Who,
    /// The language.
    pub lang: String,
    /// The backup's path, absolute.
    pub file: Option<String>,
    /// Send marks of progress on standard error.
    pub progress: bool,
}

/// `taizhang passphrase`. The input's last line is the new passphrase.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passphrase {
    /// Who calls.
    pub who: Who,
    /// The language.
    pub lang: String,
    /// Whose passphrase it is, by sign-in code.
    pub whose: String,
}
