//! Printing rows: one JSON array, an aligned table, or CSV.
//!
//! A table's widths are those of its first page, so that the rest can be printed as it is read; what is wider later on
//! pushes its own line only. A CSV cell that a spreadsheet would take for a formula is neutralised with `'` (E82).

use std::io::{BufWriter, Write};

use serde::Serialize;
use serde_json::Value;

use super::super::args::Form;
use super::super::caller::{Caller, Out};
use super::column::Column;
use super::{PAGE, Stop};
use crate::domain::time::{Moment, Zone};
use crate::ui::locale::Words;
use crate::ui::text;

/// The most cells that a column of a table takes.
const CELLS_MAX: usize = 40;

/// Where rows go.
pub(super) struct Printer<'a> {
    form: Form,
    columns: &'static [Column],
    words: &'a Words,
    zone: Zone,
    left: u64,
    count: u64,
    /// The first page of a table, until its widths are known.
    held: Option<Vec<Vec<String>>>,
    widths: Vec<usize>,
    out: BufWriter<Out<'a>>,
}

impl<'a> Printer<'a> {
    /// A printer of at most `limit` rows.
    pub fn new(
        form: Form,
        columns: &'static [Column],
        words: &'a Words,
        zone: Zone,
        limit: Option<u64>,
        caller: &'a mut dyn Caller,
    ) -> Printer<'a> {
        let out = BufWriter::with_capacity(64 * 1024, Out(caller));
        let left = limit.unwrap_or(u64::MAX);
        Printer { form, columns, words, zone, left, count: 0, held: Some(Vec::new()), widths: Vec::new(), out }
    }

    /// Prints a row; `false` once no more are wanted.
    pub fn row(&mut self, row: &impl Serialize) -> Result<bool, Stop> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        match self.form {
            Form::Json => {
                self.out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, row).map_err(std::io::Error::from)?;
            }
            Form::Csv => {
                if self.count == 0 {
                    self.csv_head(row)?;
                }
                self.csv_row(row)?;
            }
            Form::Table => {
                let cells = self.cells(row);
                match &mut self.held {
                    Some(held) => {
                        held.push(cells);
                        if held.len() >= PAGE {
                            self.release()?;
                        }
                    }
                    None => self.table_row(&cells)?,
                }
            }
        }
        self.count += 1;
        Ok(self.left > 0)
    }

    /// Prints what is held back, and the end.
    pub fn finish(mut self) -> Result<(), Stop> {
        match self.form {
            Form::Json if self.count == 0 => self.out.write_all(b"[]\n")?,
            Form::Json => self.out.write_all(b"\n]\n")?,
            Form::Table => self.release()?,
            Form::Csv => {}
        }
        self.out.flush()?;
        Ok(())
    }

    fn cells(&self, row: &impl Serialize) -> Vec<String> {
        let row = serde_json::to_value(row).expect("rows are plain data");
        self.columns.iter().map(|column| text::cut(&self.cell(&row[column.field], column), CELLS_MAX)).collect()
    }

    /// A value in words.
    fn cell(&self, value: &Value, column: &Column) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(yes) => self.words.say(if *yes { "show_column.yes" } else { "show_column.no" }).to_owned(),
            Value::String(text) => self.word(text, column.vocabulary),
            Value::Array(all) => all.iter().map(|one| self.cell(one, column)).collect::<Vec<_>>().join(" "),
            Value::Object(_) => text::safe(&value.to_string()).into_owned(),
            Value::Number(number) => number.to_string(),
        }
    }

    fn word(&self, text: &str, vocabulary: &str) -> String {
        let key = format!("{vocabulary}.{text}");
        if !vocabulary.is_empty() && self.words.has(&key) {
            return self.words.say(&key).to_owned();
        }
        let is_time = text.len() >= 20 && text.as_bytes()[10] == b'T';
        match text.parse::<Moment>() {
            Ok(moment) if is_time => moment.full(self.zone),
            _ => text::safe(text).into_owned(),
        }
    }

    fn head(&self, column: &Column) -> String {
        let key = format!("show_column.{}", column.field);
        self.words.say(&key).to_owned()
    }

    /// Prints the head and the page held back, once.
    fn release(&mut self) -> Result<(), Stop> {
        let Some(held) = self.held.take() else { return Ok(()) };
        if held.is_empty() {
            let nothing = self.words.say("list.empty");
            writeln!(self.out, "{nothing}")?;
            return Ok(());
        }
        let heads: Vec<String> = self.columns.iter().map(|column| self.head(column)).collect();
        let widest = |at: usize| held.iter().chain([&heads]).map(|cells| text::width(&cells[at])).max().unwrap_or(0);
        self.widths = (0..self.columns.len()).map(widest).collect();
        self.table_row(&heads)?;
        let rules: Vec<String> = self.widths.iter().map(|width| "-".repeat(*width)).collect();
        self.table_row(&rules)?;
        held.iter().try_for_each(|cells| self.table_row(cells))
    }

    fn table_row(&mut self, cells: &[String]) -> Result<(), Stop> {
        let mut line = String::new();
        for ((cell, column), width) in cells.iter().zip(self.columns).zip(&self.widths) {
            let width = (*width).max(text::width(cell));
            line.push_str(&text::fit(cell, width, column.align));
            line.push_str("  ");
        }
        writeln!(self.out, "{}", line.trim_end())?;
        Ok(())
    }

    fn csv_head(&mut self, row: &impl Serialize) -> Result<(), Stop> {
        let row = serde_json::to_value(row).expect("rows are plain data");
        let names: Vec<String> = row.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        self.csv_line(&names)
    }

    fn csv_row(&mut self, row: &impl Serialize) -> Result<(), Stop> {
        let row = serde_json::to_value(row).expect("rows are plain data");
        let cells = row.as_object().into_iter().flatten().map(|(_, value)| match value {
            Value::Null => String::new(),
            Value::String(text) => neutral(text),
            other => neutral(&other.to_string()),
        });
        let cells: Vec<String> = cells.collect();
        self.csv_line(&cells)
    }

    fn csv_line(&mut self, cells: &[String]) -> Result<(), Stop> {
        let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        write!(self.out, "{}\r\n", quoted.join(","))?;
        Ok(())
    }
}

/// The cell as no spreadsheet takes it for a formula: `'` before anything that could begin one, unless it is a number.
pub(super) fn neutral(cell: &str) -> String {
    let begins = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{3000}');
    let dangerous = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if dangerous && !is_number(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain(whole) && plain(part)
}

fn quoted(cell: &str) -> String {
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
