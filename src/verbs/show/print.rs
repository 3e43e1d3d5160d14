//! Printing rows: one JSON array, an aligned table, CSV by field names, or the rows of a file.
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
use crate::domain::time::Zone;
use crate::report::{Cell, neutral, quoted};
use crate::ui::locale::Words;
use crate::ui::text::{self, Align};

/// The most cells that a column of a table takes.
const CELLS_MAX: usize = 40;

/// Takes the rows of a file.
pub(super) type Take<'a> = &'a mut dyn FnMut(&[Cell]) -> Result<(), Stop>;

/// In which form rows go where.
enum To<'a> {
    Json(BufWriter<Out<'a>>),
    Csv(BufWriter<Out<'a>>),
    Table(Table<'a>),
    File(Take<'a>),
}

/// Where rows go.
pub(super) struct Printer<'a> {
    columns: Vec<Column>,
    words: &'a Words,
    zone: Zone,
    left: u64,
    count: u64,
    to: To<'a>,
}

impl<'a> Printer<'a> {
    /// A printer for a caller, of at most `limit` rows.
    pub fn new(
        form: Form,
        columns: Vec<Column>,
        words: &'a Words,
        zone: Zone,
        limit: Option<u64>,
        caller: &'a mut dyn Caller,
    ) -> Printer<'a> {
        let out = BufWriter::with_capacity(64 * 1024, Out(caller));
        let to = match form {
            Form::Json => To::Json(out),
            Form::Csv => To::Csv(out),
            Form::Table => To::Table(Table { held: Some(Vec::new()), widths: Vec::new(), out }),
        };
        Printer { columns, words, zone, left: limit.unwrap_or(u64::MAX), count: 0, to }
    }

    /// A printer of a file's rows.
    pub fn to_file(
        columns: Vec<Column>,
        words: &'a Words,
        zone: Zone,
        limit: Option<u64>,
        take: Take<'a>,
    ) -> Printer<'a> {
        Printer { columns, words, zone, left: limit.unwrap_or(u64::MAX), count: 0, to: To::File(take) }
    }

    /// Prints a row; `false` once no more are wanted.
    pub fn row(&mut self, row: &impl Serialize) -> Result<bool, Stop> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        let first = self.count == 0;
        self.count += 1;
        match &mut self.to {
            To::Json(out) => {
                out.write_all(if first { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(out, row).map_err(std::io::Error::from)?;
            }
            To::Csv(out) => csv_row(out, row, first)?,
            To::Table(table) => {
                let cells = cells(&self.columns, self.words, row);
                let shown = cells.iter().map(|cell| text::cut(&cell.shown(self.zone), CELLS_MAX)).collect();
                table.row(shown, &self.columns, self.words)?;
            }
            To::File(take) => take(&cells(&self.columns, self.words, row))?,
        }
        Ok(self.left > 0)
    }

    /// Prints what is held back, and the end; gives how many rows there were.
    pub fn finish(self) -> Result<u64, Stop> {
        match self.to {
            To::Json(mut out) => {
                out.write_all(if self.count == 0 { b"[]\n" } else { b"\n]\n" })?;
                out.flush()?;
            }
            To::Csv(mut out) => out.flush()?,
            To::Table(mut table) => {
                table.release(&self.columns, self.words)?;
                table.out.flush()?;
            }
            To::File(_) => {}
        }
        Ok(self.count)
    }
}

/// The row's cells, in words and of their columns' kinds.
fn cells(columns: &[Column], words: &Words, row: &impl Serialize) -> Vec<Cell> {
    let row = serde_json::to_value(row).expect("rows are plain data");
    let one = |column: &Column| {
        let value = column.field.split('.').fold(&row, |value, field| &value[field]);
        column.kind.cell(&said(value, column, words))
    };
    columns.iter().map(one).collect()
}

/// A value in words.
fn said(value: &Value, column: &Column, words: &Words) -> String {
    let each = |values: Vec<&Value>, between: &str| {
        let said: Vec<String> = values.into_iter().map(|one| said(one, column, words)).collect();
        said.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(between)
    };
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => words.say(if *yes { "show_column.yes" } else { "show_column.no" }).to_owned(),
        Value::String(text) => {
            let key = format!("{}.{text}", column.vocabulary);
            let known = !column.vocabulary.is_empty() && words.has(&key);
            if known { words.say(&key).to_owned() } else { text::safe(text).into_owned() }
        }
        Value::Array(all) if all.iter().any(Value::is_object) => each(all.iter().collect(), "; "),
        Value::Array(all) => each(all.iter().collect(), " "),
        Value::Object(fields) if column.words_only => each(fields.values().collect(), " "),
        Value::Object(_) => text::safe(&value.to_string()).into_owned(),
        Value::Number(number) => number.to_string(),
    }
}

/// An aligned table while it is printed.
struct Table<'a> {
    /// The first page, until its widths are known.
    held: Option<Vec<Vec<String>>>,
    widths: Vec<usize>,
    out: BufWriter<Out<'a>>,
}

impl Table<'_> {
    fn row(&mut self, cells: Vec<String>, columns: &[Column], words: &Words) -> Result<(), Stop> {
        match &mut self.held {
            Some(held) => {
                held.push(cells);
                if held.len() >= PAGE { self.release(columns, words) } else { Ok(()) }
            }
            None => self.line(&cells, columns),
        }
    }

    /// Prints the head and the page held back, once.
    fn release(&mut self, columns: &[Column], words: &Words) -> Result<(), Stop> {
        let Some(held) = self.held.take() else { return Ok(()) };
        if held.is_empty() {
            writeln!(self.out, "{}", words.say("list.empty"))?;
            return Ok(());
        }
        let heads: Vec<String> = columns.iter().map(|column| column.head(words)).collect();
        let widest = |at: usize| held.iter().chain([&heads]).map(|cells| text::width(&cells[at])).max().unwrap_or(0);
        self.widths = (0..columns.len()).map(widest).collect();
        self.line(&heads, columns)?;
        let rules: Vec<String> = self.widths.iter().map(|width| "-".repeat(*width)).collect();
        self.line(&rules, columns)?;
        held.iter().try_for_each(|cells| self.line(cells, columns))
    }

    fn line(&mut self, cells: &[String], columns: &[Column]) -> Result<(), Stop> {
        let mut line = String::new();
        for ((cell, column), width) in cells.iter().zip(columns).zip(&self.widths) {
            let width = (*width).max(text::width(cell));
            let align = if column.kind.is_figure() { Align::Right } else { Align::Left };
            line.push_str(&text::fit(cell, width, align));
            line.push_str("  ");
        }
        writeln!(self.out, "{}", line.trim_end())?;
        Ok(())
    }
}

/// A row of CSV by field names, for programs; before the first one, the names.
fn csv_row(out: &mut impl Write, row: &impl Serialize, first: bool) -> Result<(), Stop> {
    let row = serde_json::to_value(row).expect("rows are plain data");
    let fields = || row.as_object().into_iter().flatten();
    if first {
        csv_line(out, fields().map(|(name, _)| name.clone()))?;
    }
    csv_line(
        out,
        fields().map(|(_, value)| match value {
            Value::Null => String::new(),
            Value::String(text) => neutral(text),
            other => neutral(&other.to_string()),
        }),
    )
}

fn csv_line(out: &mut impl Write, cells: impl Iterator<Item = String>) -> Result<(), Stop> {
    let quoted: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    write!(out, "{}\r\n", quoted.join(","))?;
    Ok(())
}
