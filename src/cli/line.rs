//! The one definition of the command line. Its words are in the locale files, by the names used here.
//!
//! A subcommand is `cli.<name>`, an argument `cli.arg.<id>`, wherever it stands; the examples are commands and
//! need no language. The comments below describe the arguments to who reads the code.

use std::path::PathBuf;

use clap::builder::TypedValueParser as _;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::verbs::args::{Filter, Form};
use crate::verbs::show::What;

/// What was typed.
#[derive(Debug, Parser)]
#[command(name = "taizhang", version, disable_help_subcommand = true)]
pub struct Line {
    /// The store's folder.
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The language.
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"])]
    pub lang: Option<String>,
    /// A slow line.
    #[arg(long)]
    pub slow: bool,
    /// Line by line, for screen readers.
    #[arg(long)]
    pub plain: bool,
    /// Rows may be copied to the terminal's clipboard.
    #[arg(long)]
    pub clipboard: bool,
    /// Make the store for rehearsals, where there is none.
    #[arg(long)]
    pub rehearsal: bool,
    /// What to do; opening the workstation where nothing is said.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Opens the workstation.
    Open {
        /// Make the store for rehearsals, where there is none.
        #[arg(long)]
        rehearsal: bool,
    },
    /// Makes a department for rehearsals and opens it.
    Demo {
        /// Remove the one that is there.
        #[arg(long)]
        fresh: bool,
        /// Orders in all.
        #[arg(long, value_name = "N", default_value_t = 0)]
        orders: u64,
        /// Dealers in all.
        #[arg(long, value_name = "N", default_value_t = 0)]
        dealers: u32,
        /// Do not open it afterwards.
        #[arg(long)]
        no_open: bool,
    },
    /// Serves the store in the foreground.
    Serve {
        /// Make the store for rehearsals, where there is none.
        #[arg(long)]
        rehearsal: bool,
        /// Started by a terminal: leave its session and say when ready.
        #[arg(long, hide = true)]
        detached: bool,
    },
    /// Imports statements.
    Import {
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Who.
        #[command(flatten)]
        who: Who,
        /// How.
        #[command(flatten)]
        how: How,
    },
    /// Posts commands as JSON lines.
    Post {
        /// The file; `-` or nothing for standard input.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Who.
        #[command(flatten)]
        who: Who,
    },
    /// Prints the JSON Schema.
    Schema,
    /// Shows a list.
    Show {
        /// Which.
        #[arg(value_name = "WHAT", value_parser = clap::builder::PossibleValuesParser::new(What::ALL.iter().map(|what| what.key())).map(|key| what_called(&key)))]
        what: What,
        /// Who.
        #[command(flatten)]
        who: Who,
        /// How it is printed.
        #[command(flatten)]
        form: Printed,
        /// Which rows.
        #[command(flatten)]
        filter: Narrowed,
    },
    /// Writes a list to a file, and notes it in the journal.
    Export {
        /// Which.
        #[arg(value_name = "WHAT", value_parser = clap::builder::PossibleValuesParser::new(What::ALL.iter().map(|what| what.key())).map(|key| what_called(&key)))]
        what: What,
        /// The file to write: a workbook or CSV, by its name's ending.
        #[arg(short, long, value_name = "FILE", required = true)]
        output: PathBuf,
        /// CSV without a byte order mark.
        #[arg(long)]
        no_bom: bool,
        /// Who.
        #[command(flatten)]
        who: Who,
        /// Which rows.
        #[command(flatten)]
        filter: Narrowed,
    },
    /// Proves that journal and tables agree.
    Verify {
        /// Who.
        #[command(flatten)]
        who: Who,
    },
    /// Writes a verified backup while the server runs.
    Backup {
        /// The file to write.
        #[arg(value_name = "FILE", id = "backup_file")]
        file: PathBuf,
        /// Who.
        #[command(flatten)]
        who: Who,
    },
    /// Puts a backup where no store is.
    Restore {
        /// The backup.
        #[arg(value_name = "FILE", id = "restore_file")]
        file: PathBuf,
    },
    /// Lets books stand that the witness objects to.
    Accept {
        /// Why.
        #[arg(value_name = "REASON", id = "accept_reason")]
        reason: String,
        /// The other person, by sign-in code.
        #[arg(long, value_name = "PERSON")]
        second: String,
        /// The first one.
        #[command(flatten)]
        who: Who,
    },
    /// Gives the journal as JSON lines.
    Journal {
        /// From this entry on.
        #[arg(long, value_name = "SEQ", default_value_t = 1)]
        since: u64,
        /// Stay, and give what is written from now on.
        #[arg(long)]
        follow: bool,
        /// Who.
        #[command(flatten)]
        who: Who,
    },
    /// Checks the keymaps or prints them.
    Keymap {
        /// What to do.
        #[arg(value_name = "ACT", value_enum)]
        act: KeymapAct,
    },
    /// Sets a passphrase.
    Passphrase {
        /// Whose, by sign-in code.
        #[arg(value_name = "PERSON")]
        person: String,
        /// Who sets it.
        #[command(flatten)]
        who: Who,
    },
    /// Prints a script for the shell.
    Completions {
        /// Which shell.
        #[arg(value_name = "SHELL", value_enum)]
        shell: clap_complete::Shell,
    },
    /// Prints the manual page, or writes all of them.
    Man {
        /// The folder to write to.
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// Who asks.
#[derive(Debug, Clone, Default, Args)]
pub struct Who {
    /// The person, by sign-in code.
    #[arg(long = "as", value_name = "PERSON", id = "as")]
    pub person: Option<String>,
    /// A file whose first line is that person's passphrase.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_stdin")]
    pub passphrase_file: Option<PathBuf>,
    /// The passphrase is the first line of standard input.
    #[arg(long)]
    pub passphrase_stdin: bool,
}

/// How files are imported.
#[derive(Debug, Clone, Default, Args)]
pub struct How {
    /// The receiving account.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
    /// Take a file whose totals disagree, for this reason.
    #[arg(long, value_name = "REASON")]
    pub accept_totals: Option<String>,
    /// One JSON object a file.
    #[arg(long)]
    pub json: bool,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Printed {
    /// One JSON array.
    #[arg(long = "json", id = "as_json", conflicts_with = "csv")]
    pub json: bool,
    /// CSV.
    #[arg(long)]
    pub csv: bool,
}

impl Printed {
    /// The form asked for.
    pub fn form(self) -> Form {
        match self {
            Printed { json: true, .. } => Form::Json,
            Printed { csv: true, .. } => Form::Csv,
            _ => Form::Table,
        }
    }
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Default, Args)]
pub struct Narrowed {
    /// Only this object.
    #[arg(value_name = "NUMBER")]
    pub only: Option<String>,
    /// Whose.
    #[arg(value_name = "PERSON")]
    pub of: Option<String>,
    /// One day.
    #[arg(long, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    pub on: Option<Day>,
    /// The first day.
    #[arg(long, value_name = "DAY")]
    pub from: Option<Day>,
    /// The last day.
    #[arg(long, value_name = "DAY")]
    pub to: Option<Day>,
    /// One dealer's, by code or exact name.
    #[arg(long, value_name = "DEALER")]
    pub dealer: Option<String>,
    /// At one place of the warehouse.
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// In one state.
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
}

impl Narrowed {
    /// As the server reads it.
    pub fn filter(&self) -> Filter {
        let text = |text: &Option<String>| text.as_deref().map(Text::new);
        Filter {
            from: self.on.or(self.from),
            to: self.on.or(self.to),
            dealer: text(&self.dealer),
            place: text(&self.place),
            state: text(&self.state),
            only: text(&self.only),
            of: text(&self.of),
            limit: self.limit,
        }
    }
}

/// What to do with the keymaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeymapAct {
    /// Say what is wrong with them.
    Check,
    /// Print what each key does.
    Print,
}

fn what_called(key: &str) -> What {
    *What::ALL.iter().find(|what| what.key() == key).expect("clap lets only known lists pass")
}

/// Examples for the help of a subcommand.
pub const EXAMPLES: &[(&str, &[&str])] = &[
    ("", &["taizhang", "taizhang --store /srv/taizhang --lang en", "taizhang demo"]),
    ("open", &["taizhang open", "taizhang open --rehearsal --store ./try"]),
    ("serve", &["taizhang serve --store /srv/taizhang"]),
    (
        "import",
        &[
            "taizhang import --as chen --dry-run 202611_ledger.csv",
            "taizhang import --as chen 202611_ledger.csv wechat.xlsx",
            "taizhang import --as chen --accept-totals 'cut by the publisher' sample.csv",
        ],
    ),
    (
        "post",
        &[
            r#"echo '{"as":"zhou","do":"enter_order","dealer":"D00001","lines":[{"article":"HJ01","quantity":"10"}]}' | taizhang post"#,
            "taizhang post commands.jsonl",
        ],
    ),
    ("schema", &["taizhang schema"]),
    (
        "show",
        &[
            "taizhang show queue",
            "taizhang show orders --dealer D00012 --from 2026-11-01",
            "taizhang show orders XS2611000123 --json",
            "taizhang show payments --state open --csv",
            "taizhang show stock --on 2026-10-31",
            "taizhang show stocktake PD000001",
            "taizhang show sheet PD000001 shi",
        ],
    ),
    (
        "export",
        &[
            "taizhang export dealers -o dealers.xlsx --as zhou",
            "taizhang export payments --state open -o open.csv --as chen",
        ],
    ),
    ("verify", &["taizhang verify"]),
    ("backup", &["taizhang backup /backup/books-2026-11-23.redb"]),
    ("restore", &["taizhang restore /backup/books-2026-11-23.redb --store /srv/taizhang"]),
    ("accept", &["taizhang accept --as admin --second boss disk-lost"]),
    ("journal", &["taizhang journal", "taizhang journal --since 1000 --follow"]),
    ("demo", &["taizhang demo", "taizhang demo --fresh --orders 1000000 --dealers 100000 --no-open"]),
    ("keymap", &["taizhang keymap check", "taizhang keymap print --lang en"]),
    ("passphrase", &["taizhang passphrase chen", "taizhang passphrase chen --as chen --passphrase-stdin"]),
    ("completions", &["taizhang completions bash > /etc/bash_completion.d/taizhang"]),
    ("man", &["taizhang man | man -l -", "taizhang man --folder ./man"]),
];
