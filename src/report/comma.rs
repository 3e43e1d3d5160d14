//! CSV for spreadsheets: no cell can be taken for a formula.

use std::io::Write;

use super::{Cell, Plan, Totals, Unwritten};

/// A CSV file while it is written.
pub struct Comma<'a, W: Write> {
    plan: &'a Plan,
    to: W,
    totals: Totals,
}

impl<'a, W: Write> Comma<'a, W> {
    /// Begins a file with its header; with a byte order mark, by which spreadsheets know UTF-8.
    pub fn begin(plan: &'a Plan, mut to: W, bom: bool) -> Result<Comma<'a, W>, Unwritten> {
        if bom {
            to.write_all("\u{feff}".as_bytes())?;
        }
        let mut comma = Comma { plan, to, totals: Totals::of(&plan.columns) };
        let heads: Vec<String> = plan.columns.iter().map(|column| neutral(&column.head)).collect();
        comma.line(&heads)?;
        Ok(comma)
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Unwritten> {
        self.totals.add(cells);
        let shown: Vec<String> = cells.iter().map(|cell| self.written(cell)).collect();
        self.line(&shown)
    }

    /// Ends the file: rows alone, so that a program reads it without knowing of totals.
    pub fn finish(mut self) -> Result<Totals, Unwritten> {
        self.to.flush()?;
        Ok(self.totals)
    }

    fn written(&self, cell: &Cell) -> String {
        cell.figure().unwrap_or_else(|| neutral(&cell.shown(self.plan.zone)))
    }

    fn line(&mut self, cells: &[String]) -> Result<(), Unwritten> {
        let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        write!(self.to, "{}\r\n", quoted.join(","))?;
        Ok(())
    }
}

/// The cell as no spreadsheet takes it for a formula: `'` before anything that could begin one, at its beginning or after a
/// line break within it, unless it is a number.
pub fn neutral(cell: &str) -> String {
    let dangerous = |line: &str| {
        let begins = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{3000}');
        begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    };
    let breaks = cell.starts_with(['\t', '\r', '\n']) || cell.split(['\r', '\n']).any(dangerous);
    if breaks && !is_number(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain(whole) && plain(part)
}

/// A cell as it stands within a line.
pub fn quoted(cell: &str) -> String {
    // Texts of the books hold no control character; this keeps it so for whatever a row may ever carry.
    let cell: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_is_neutralised_and_numbers_stay_numbers() {
        for (cell, shown) in [
            ("=1+1", "'=1+1"),
            ("+86 138", "'+86 138"),
            ("@name", "'@name"),
            ("\u{3000}＝cmd|x", "'\u{3000}＝cmd|x"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\tx", "'\tx"),
            ("a\n=1", "'a\n=1"),
            ("-12.50", "-12.50"),
            ("-12.50.1", "'-12.50.1"),
            ("- note", "'- note"),
            ("花椒", "花椒"),
        ] {
            assert_eq!(neutral(cell), shown);
        }
        assert_eq!(quoted("a\"b,c"), "\"a\"\"b,c\"");
    }
}
