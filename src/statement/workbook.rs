//! Workbooks (.xlsx): their cells as the text that a text file would hold, one row after the other.
//!
//! Numbers become the digits that a person sees, so that float noise (`548.58000000000004`) is gone and a
//! number with more digits than a float keeps reads as lost. Sheets are streamed cell by cell into one
//! buffer with a limit: a declared dimension, or a lone cell in the last corner, costs nothing.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::fault::{Damage, Excess, Fault};
use super::limits::Limits;
use super::row::{Encoding, Row, Rows};
use crate::domain::text::Text;

/// One cell: the row's place in `Workbook::rows` is implied, the text lies in `Workbook::text`.
struct Cell {
    column: u32,
    end: u32,
}

struct SheetRow {
    sheet: u32,
    line: u32,
    cells: u32,
}

/// All cells of a workbook that hold something.
pub(super) struct Workbook<'a> {
    limits: &'a Limits,
    rows: Vec<SheetRow>,
    cells: Vec<Cell>,
    text: Vec<u8>,
    next_row: usize,
    next_cell: usize,
    next_byte: usize,
}

impl<'a> Workbook<'a> {
    /// Reads every sheet.
    pub(super) fn open(bytes: &[u8], limits: &'a Limits) -> Result<Workbook<'a>, Damage> {
        // The XML reader of workbooks is not ours and trusts cell references: a hostile one is a damaged file,
        // not the end of the program.
        std::panic::catch_unwind(|| Workbook::load_all(bytes, limits)).unwrap_or_else(|_| {
            Err(Damage::of_file(Fault::Broken { reason: Text::new("the workbook cannot be read") }))
        })
    }

    fn load_all(bytes: &[u8], limits: &'a Limits) -> Result<Workbook<'a>, Damage> {
        let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        let mut workbook = Workbook {
            limits,
            rows: Vec::new(),
            cells: Vec::new(),
            text: Vec::new(),
            next_row: 0,
            next_cell: 0,
            next_byte: 0,
        };
        let names = xlsx.sheet_names();
        for (sheet, name) in names.iter().enumerate() {
            let mark = (workbook.rows.len(), workbook.cells.len(), workbook.text.len());
            match workbook.load(&mut xlsx, sheet as u32, name) {
                Ok(()) if names.len() > 1 && workbook.is_query_copy(mark.0) => {
                    workbook.rows.truncate(mark.0);
                    workbook.cells.truncate(mark.1);
                    workbook.text.truncate(mark.2);
                }
                outcome => outcome?,
            }
        }
        Ok(workbook)
    }

    fn load(&mut self, xlsx: &mut Xlsx<Cursor<&[u8]>>, sheet: u32, name: &str) -> Result<(), Damage> {
        let mut reader = match xlsx.worksheet_cells_reader(name) {
            Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
            outcome => outcome.map_err(|error| broken(&error))?,
        };
        let first = self.rows.len();
        while let Some(cell) = reader.next_cell().map_err(|error| broken(&error))? {
            let ((row, column), text) = (cell.get_position(), text_of(cell.get_value()));
            if !text.is_empty() {
                self.add(first, sheet, row.saturating_add(1), column, &text)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, first: usize, sheet: u32, line: u32, column: u32, text: &str) -> Result<(), Damage> {
        let excess = |what, limit: usize| Damage::at(line, Fault::TooLarge { what, limit: limit as u64 });
        if column as usize >= self.limits.columns {
            return Err(excess(Excess::Columns, self.limits.columns));
        }
        if text.len() > self.limits.field_bytes {
            return Err(excess(Excess::Field, self.limits.field_bytes));
        }
        if (self.text.len() + text.len()) as u64 > self.limits.held_bytes {
            return Err(Damage::of_file(Fault::TooLarge { what: Excess::Unpacked, limit: self.limits.held_bytes }));
        }
        let fresh = self.rows[first..].last().is_none_or(|row| row.line != line);
        if fresh {
            if self.rows[first..].last().is_some_and(|row| row.line > line) {
                return Err(Damage::at(line, Fault::Broken { reason: Text::new("rows out of order") }));
            }
            self.rows.push(SheetRow { sheet, line, cells: 0 });
        } else if self.cells.last().is_some_and(|cell| cell.column >= column) {
            return Err(Damage::at(line, Fault::Broken { reason: Text::new("cells out of order") }));
        }
        self.text.extend_from_slice(text.as_bytes());
        self.cells.push(Cell { column, end: self.text.len() as u32 });
        if let Some(row) = self.rows.last_mut() {
            row.cells += 1;
        }
        Ok(())
    }

    /// Whether the sheet from row `first` on is a query's copy of another: its first row names the columns
    /// Column1, Column2 and so on.
    fn is_query_copy(&self, first: usize) -> bool {
        let Some(row) = self.rows.get(first) else { return false };
        let earlier: usize = self.rows[..first].iter().map(|row| row.cells as usize).sum();
        let start = earlier.checked_sub(1).map_or(0, |last| self.cells[last].end as usize);
        let cells = &self.cells[earlier..earlier + row.cells as usize];
        let mut from = start;
        cells.iter().enumerate().all(|(at, cell)| {
            let text = &self.text[from..cell.end as usize];
            from = cell.end as usize;
            text == format!("Column{}", at + 1).as_bytes()
        })
    }
}

impl Rows for Workbook<'_> {
    fn next(&mut self, row: &mut Row) -> Result<bool, Damage> {
        let Some(found) = self.rows.get(self.next_row) else { return Ok(false) };
        self.next_row += 1;
        row.begin(found.line);
        row.sheet = found.sheet;
        row.encoding = Encoding::Utf8;
        row.delimited = false;
        let cells = &self.cells[self.next_cell..self.next_cell + found.cells as usize];
        self.next_cell += cells.len();
        let mut column = 0;
        for cell in cells {
            while column < cell.column {
                row.push(b"", self.limits)?;
                column += 1;
            }
            let end = cell.end as usize;
            row.push(&self.text[self.next_byte..end], self.limits)?;
            self.next_byte = end;
            column += 1;
        }
        Ok(true)
    }
}

fn broken(error: &XlsxError) -> Damage {
    match error {
        XlsxError::Password => Damage::of_file(Fault::Encrypted),
        other => Damage::of_file(Fault::Broken { reason: Text::new(&other.to_string()) }),
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => digits_of(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(serial) => match serial.as_datetime() {
            Some(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            None => digits_of(serial.as_f64()),
        },
        DataRef::DateTimeIso(text) => text.replace('T', " "),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// The digits of a number as a person sees them: fifteen that count, and `E+` where there are more.
fn digits_of(number: f64) -> String {
    if !number.is_finite() || number.abs() >= 1e15 {
        return format!("{number:e}").replace('e', "E+");
    }
    let plain = number.to_string();
    let counted = plain.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if counted <= 15 {
        return plain;
    }
    let whole = plain.trim_start_matches('-').split('.').next().map_or(0, str::len);
    let rounded = format!("{number:.*}", 15_usize.saturating_sub(whole));
    rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_see_them() {
        for (number, text) in [
            (548.58, "548.58"),
            (548.580_000_000_000_1, "548.58"),
            (0.300_000_000_000_000_04, "0.3"),
            (1_000_000.0, "1000000"),
            (999_999_999_999_999.0, "999999999999999"),
            (2.02e27, "2.02E+27"),
            (4_200_000_069_201_710_299.0, "4.20000006920171E+18"),
            (-5.0, "-5"),
        ] {
            assert_eq!(digits_of(number), text);
        }
    }
}
