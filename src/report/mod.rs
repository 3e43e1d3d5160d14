//! Writing what others read: a sheet is described once and serves a workbook, a CSV file and a screen alike.
//!
//! A [`Plan`] says what a sheet's columns are; rows are [`Cell`]s of the domain's own kinds, so that no figure passes through
//! text on its way. Nothing here decides what stands in a sheet or who may have it.

mod chart;
mod comma;
mod sheet;
mod workbook;

pub use chart::BARS_MAX;
pub use comma::{Comma, neutral, quoted};
pub use sheet::{Bars, Cell, Column, Kind, Plan, Totals};
pub use workbook::{Book, ROWS_MAX, Sheet};

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// The sheet has more rows than a workbook holds.
    #[error("a sheet holds at most {ROWS_MAX} rows")]
    TooManyRows,
    /// The workbook.
    #[error(transparent)]
    Workbook(Box<rust_xlsxwriter::XlsxError>),
    /// The file system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<rust_xlsxwriter::XlsxError> for Unwritten {
    fn from(error: rust_xlsxwriter::XlsxError) -> Unwritten {
        Unwritten::Workbook(Box::new(error))
    }
}
