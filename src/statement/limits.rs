//! How large a statement may be. A file past a limit is refused, never cut short.
//!
//! Text files are streamed, so their limit is generous; workbooks are held in memory while they are
//! read, so theirs is not.

/// The sizes that a statement file must keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A text file (CSV or SpreadsheetML), packed or not, in bytes.
    pub text_bytes: u64,
    /// A workbook or zip as it lies on the disk, in bytes.
    pub packed_bytes: u64,
    /// A workbook unpacked, in bytes. Its sheets are streamed.
    pub unpacked_bytes: u64,
    /// What is held of a workbook in memory, in bytes: each part that is no sheet, and the text of all cells.
    pub held_bytes: u64,
    /// How many times its packed size an entry of a zip may unpack to, past the first MiB.
    pub ratio: u64,
    /// Files in a zip. A workbook, which is a zip of many small parts, may hold sixteen times as many.
    pub entries: usize,
    /// Flows in a file.
    pub rows: u64,
    /// Columns of a row.
    pub columns: usize,
    /// One cell, in bytes as written.
    pub field_bytes: usize,
    /// One row, in bytes as written.
    pub row_bytes: usize,
}

impl Limits {
    /// The limits that hold outside tests.
    pub const DEFAULT: Limits = Limits {
        text_bytes: 1 << 30,
        packed_bytes: 64 << 20,
        unpacked_bytes: 512 << 20,
        held_bytes: 64 << 20,
        ratio: 100,
        entries: 16,
        rows: 5_000_000,
        columns: 128,
        field_bytes: 8 << 10,
        row_bytes: 256 << 10,
    };
}

/// How many rows may stand above the header.
pub const HEADER_WITHIN: usize = 100;
