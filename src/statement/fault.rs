//! What can be wrong with a statement file, with where and the figures.
//!
//! `Display` is plain English for logs and tests; what a user sees comes from the locale files by
//! [`Fault::key`] and [`Fault::facts`].

use std::fmt;

use crate::domain::text::Text;

/// Why a file is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Damage {
    /// The line of the file (the row of the sheet for workbooks), from 1, where it is known.
    pub line: Option<u32>,
    /// The column's own name in the file, where one is to blame.
    pub column: Option<Text>,
    /// What is wrong there.
    pub fault: Fault,
}

impl Damage {
    /// A fault of the file as a whole.
    pub(super) fn of_file(fault: Fault) -> Damage {
        Damage { line: None, column: None, fault }
    }

    /// A fault of a line.
    pub(super) fn at(line: u32, fault: Fault) -> Damage {
        Damage { line: Some(line), column: None, fault }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            if let Some(column) = &self.column {
                write!(f, ", column {column}")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}", self.fault)
    }
}

/// Which limit a file is past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// The file as it lies on the disk, in bytes.
    File,
    /// A packed file once unpacked, in bytes.
    Unpacked,
    /// How many times its packed size a file unpacks to.
    Ratio,
    /// Files in a zip.
    Entries,
    /// Flows.
    Rows,
    /// Columns.
    Columns,
    /// One cell, in bytes.
    Field,
    /// One row, in bytes.
    Row,
}

impl Excess {
    /// Every limit.
    pub const ALL: &[Excess] = &[
        Excess::File,
        Excess::Unpacked,
        Excess::Ratio,
        Excess::Entries,
        Excess::Rows,
        Excess::Columns,
        Excess::Field,
        Excess::Row,
    ];

    const fn key(self) -> &'static str {
        match self {
            Excess::File => "statement.damage.too_large.file",
            Excess::Unpacked => "statement.damage.too_large.unpacked",
            Excess::Ratio => "statement.damage.too_large.ratio",
            Excess::Entries => "statement.damage.too_large.entries",
            Excess::Rows => "statement.damage.too_large.rows",
            Excess::Columns => "statement.damage.too_large.columns",
            Excess::Field => "statement.damage.too_large.field",
            Excess::Row => "statement.damage.too_large.row",
        }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $({ $($fact:ident: $kind:ty),+ })? = $key:literal, $words:literal;)*) => {
        /// What is wrong with a statement file.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Fault {
            $($(#[$doc])* #[error($words)] $name $({
                $(#[doc = concat!("`", stringify!($fact), "` in the words: ", $words, ".")] $fact: $kind),+
            })?),*
        }

        impl Fault {
            const fn plain_key(&self) -> &'static str {
                match self { $(Fault::$name { .. } => concat!("statement.damage.", $key)),* }
            }

            /// Every key, for the completeness check of the locale files.
            pub fn keys() -> impl Iterator<Item = &'static str> {
                let plain = [$(concat!("statement.damage.", $key)),*];
                plain.into_iter().filter(|key| !key.ends_with(".too_large")).chain(Excess::ALL.iter().map(|what| what.key()))
            }

            /// The figures of the fault, by the names that the locale texts use.
            pub fn facts(&self) -> Vec<(&'static str, String)> {
                match self { $(Fault::$name $({ $($fact),+ })? => vec![$($((stringify!($fact), $fact.to_string())),+)?]),* }
            }
        }
    };
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key().rsplit('.').next().unwrap_or_default())
    }
}

faults! {
    /// The file cannot be opened or read.
    Unreadable { reason: Text } = "unreadable", "the file cannot be read: {reason}";
    /// There is nothing in it.
    Empty = "empty", "the file is empty";
    /// A limit is passed.
    TooLarge { what: Excess, limit: u64 } = "too_large", "too large: {what} is limited to {limit}";
    /// A zip with a password.
    Encrypted = "encrypted", "the zip is encrypted; unpack it with its password first";
    /// A binary workbook, or one with a password.
    BinaryWorkbook = "binary_workbook", "a binary or password-protected workbook; save it as .xlsx without a password, or take the CSV";
    /// UTF-16 text.
    Utf16 = "utf16", "the text is UTF-16; it was saved again by another program, take the original";
    /// A zip without a statement in it.
    NoStatement = "no_statement", "there is no statement in the zip";
    /// More than one statement in one file.
    SeveralStatements = "several_statements", "there is more than one statement in it; import them one by one";
    /// A zip, workbook or XML that is broken.
    Broken { reason: Text } = "broken", "the container is damaged: {reason}";
    /// No known header was found.
    UnknownLayout { begins: Text } = "unknown_layout", "no known statement layout; the file begins with `{begins}`";
    /// The header of a known layout, without a column that is needed.
    ColumnMissing { name: Text } = "column_missing", "the column {name} is missing";
    /// A column that is needed stands in the header more than once.
    ColumnTwice { name: Text } = "column_twice", "the column {name} stands there twice";
    /// Bytes that are no text in the file's encoding.
    Encoding = "encoding", "bytes that are no text in the file's encoding";
    /// A quotation mark that is never closed.
    OpenQuote = "open_quote", "a quoted cell is never closed";
    /// A row with too few cells, as a cut file has.
    ShortRow { cells: usize, wanted: usize } = "short_row", "{cells} cells where the header has {wanted}";
    /// A row with too many cells.
    LongRow { cells: usize, wanted: usize } = "long_row", "{cells} cells where the header has {wanted}";
    /// Not an amount.
    Amount { text: Text } = "amount", "`{text}` is not an amount";
    /// Not a time.
    Time { text: Text } = "time", "`{text}` is not a time";
    /// A time without seconds: a spreadsheet program has saved the file again.
    SecondsLost { text: Text } = "seconds_lost", "`{text}` has lost its seconds; a spreadsheet saved the file again, take the original";
    /// A number such as `2.02E+27`: a spreadsheet program has saved the file again.
    NumberLost { text: Text } = "number_lost", "`{text}` has lost its digits; a spreadsheet saved the file again, take the original";
    /// A flow without its number.
    NumberMissing = "number_missing", "a flow without its number";
    /// A direction that is neither in, out nor neutral.
    Side { text: Text } = "side", "`{text}` is not a direction of money";
    /// Both or neither of 收入 and 支出 where one is needed.
    TwoSides = "two_sides", "both an income and an expense on one row";
    /// The end that this format always has is missing.
    NotEnded { marker: Text } = "not_ended", "the file is cut: its end ({marker}) is missing";
    /// Something after the end.
    AfterEnd = "after_end", "a row after the end of the list";
    /// A row amid the flows that is none.
    Stray = "stray", "a row amid the flows that is none";
    /// Sums that no ledger can hold.
    SumTooLarge = "sum_too_large", "the amounts add up to more than can be kept";
}

impl Fault {
    /// The fault's key in the locale files; each limit has one of its own.
    pub const fn key(&self) -> &'static str {
        match self {
            Fault::TooLarge { what, .. } => what.key(),
            other => other.plain_key(),
        }
    }
}
