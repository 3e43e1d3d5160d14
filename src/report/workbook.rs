//! Workbooks that print well: a title, a header that stays and repeats, totals as formulas, the journal's head at the foot.
//! A list that has a chart has it on a sheet of its own.
//!
//! Words are written as strings and never as formulas, whatever they begin with (trust.md F6). Rows go to the file as they
//! come, so that a long list costs no more memory than a short one.

use std::io::{Seek, Write};
use std::path::Path;

use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet};

use super::chart::Charted;
use super::{Cell, Kind, Plan, Totals, Unwritten};
use crate::domain::time::Zone;

/// The most rows of one sheet: what spreadsheets hold, less what stands around them.
pub const ROWS_MAX: u32 = 1_048_000;
/// The most characters of one cell that spreadsheets hold.
const CHARS_MAX: usize = 32_000;
/// The most characters of a page's foot.
const FOOT_MAX: usize = 200;
pub(super) const A4: u8 = 9;
pub(super) const GREY: Color = Color::RGB(0x00E8_E8E8);

/// A workbook while it is written.
pub struct Book(Workbook);

impl Book {
    /// A workbook that keeps its rows in `spool` until it is saved; what lies there is the business's, so it is no
    /// folder that others read.
    pub fn spooled(spool: &Path) -> Result<Book, Unwritten> {
        let mut book = Workbook::new();
        book.set_tempdir(spool)?;
        Ok(Book(book))
    }

    /// Begins a sheet.
    pub fn sheet<'a>(&'a mut self, plan: &'a Plan) -> Result<Sheet<'a>, Unwritten> {
        self.0.add_worksheet_with_constant_memory()?;
        Sheet::begin(&mut self.0, plan)
    }

    /// Writes the file.
    pub fn save(mut self, to: impl Write + Seek + Send) -> Result<(), Unwritten> {
        Ok(self.0.save_to_writer(to)?)
    }
}

/// A sheet of a workbook while it is written.
pub struct Sheet<'a> {
    plan: &'a Plan,
    book: &'a mut Workbook,
    formats: Vec<Format>,
    /// The row of the header.
    header: u32,
    /// The next row.
    row: u32,
    totals: Totals,
    charted: Option<Charted<'a>>,
}

impl<'a> Sheet<'a> {
    fn begin(book: &'a mut Workbook, plan: &'a Plan) -> Result<Sheet<'a>, Unwritten> {
        let sheet = last(book)?;
        sheet.set_name(tab(&plan.name))?;
        let last = u16::try_from(plan.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for (at, column) in (0..=last).zip(&plan.columns) {
            sheet.set_column_width(at, f64::from(column.width))?;
        }
        let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Left);
        sheet.write_string_with_format(0, 0, cut(&plan.title), &title)?;
        let mut row = 1;
        for note in &plan.notes {
            sheet.write_string(row, 0, cut(note))?;
            row += 1;
        }
        let head = bordered().set_bold().set_background_color(GREY).set_align(FormatAlign::Center).set_text_wrap();
        for (at, column) in (0..=last).zip(&plan.columns) {
            sheet.write_string_with_format(row, at, cut(&column.head), &head)?;
        }
        sheet.set_freeze_panes(row + 1, 0)?;
        sheet.set_repeat_rows(row, row)?;
        sheet.set_paper_size(A4);
        if plan.landscape {
            sheet.set_landscape();
        }
        sheet.set_print_fit_to_pages(1, 0);
        let foot: String = plan.foot.chars().take(FOOT_MAX).collect();
        sheet.set_footer(format!("&L&8{}&R&8&P / &N", foot.replace('&', "&&")));
        let formats = plan.columns.iter().map(|column| format_of(column.kind)).collect();
        let (totals, charted) = (Totals::of(&plan.columns), plan.bars.as_ref().map(|bars| Charted::of(plan, bars)));
        Ok(Sheet { plan, book, formats, header: row, row: row + 1, totals, charted })
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Unwritten> {
        if self.row - self.header > ROWS_MAX {
            return Err(Unwritten::TooManyRows);
        }
        self.totals.add(cells);
        if let Some(charted) = &mut self.charted {
            charted.row(cells);
        }
        let sheet = last(self.book)?;
        for (at, (cell, format)) in (0..).zip(cells.iter().zip(&self.formats)) {
            put(sheet, (self.row, at), cell, format, self.plan.zone)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Ends the sheet: totals, then `closing` lines such as places for signatures; gives the totals.
    pub fn finish(mut self, closing: &[String]) -> Result<Totals, Unwritten> {
        if !self.plan.total.is_empty() && self.totals.is_any() {
            self.add_up()?;
        }
        if !closing.is_empty() {
            self.row += 1;
        }
        for line in closing {
            last(self.book)?.write_string(self.row, 0, cut(line))?;
            self.row += 1;
        }
        let right = u16::try_from(self.plan.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        last(self.book)?.set_print_area(0, 0, self.row.saturating_sub(1), right)?;
        if let Some(charted) = self.charted {
            charted.draw(self.book)?;
        }
        Ok(self.totals)
    }

    /// The totals, as formulas over the rows with the program's own figures as their present result.
    fn add_up(&mut self) -> Result<(), Unwritten> {
        let (first, end) = (self.header + 2, self.row);
        let sheet = last(self.book)?;
        for (at, format) in (0..).zip(&self.formats) {
            let format = format.clone().set_bold().set_background_color(GREY);
            let Some(total) = self.totals.get(usize::from(at)).and_then(Cell::figure) else {
                let word = if at == 0 { self.plan.total.as_str() } else { "" };
                sheet.write_string_with_format(self.row, at, word, &format)?;
                continue;
            };
            if first > end {
                sheet.write_number_with_format(self.row, at, 0, &format)?;
                continue;
            }
            let name = column_number_to_name(at);
            let sum = Formula::new(format!("=ROUND(SUM({name}{first}:{name}{end}),3)")).set_result(total);
            sheet.write_formula_with_format(self.row, at, sum, &format)?;
        }
        self.row += 1;
        Ok(())
    }
}

/// The sheet that was begun last.
fn last(book: &mut Workbook) -> Result<&mut Worksheet, Unwritten> {
    let at = book.worksheets().len().saturating_sub(1);
    Ok(book.worksheet_from_index(at)?)
}

/// Writes a cell as what it is.
pub(super) fn put(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    format: &Format,
    zone: Zone,
) -> Result<(), Unwritten> {
    match (cell.figure(), cell) {
        (Some(figure), _) => sheet.write_number_with_format(row, at, number(&figure), format)?,
        (None, Cell::Blank) => sheet.write_blank(row, at, format)?,
        (None, Cell::Day(_) | Cell::Time(_)) => {
            let time = ExcelDateTime::parse_from_str(&cell.shown(zone))?;
            sheet.write_datetime_with_format(row, at, &time, format)?
        }
        (None, words) => sheet.write_string_with_format(row, at, cut(&words.shown(zone)), format)?,
    };
    Ok(())
}

pub(super) fn bordered() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter)
}

pub(super) fn format_of(kind: Kind) -> Format {
    let format = bordered();
    match kind {
        Kind::Text => format.set_num_format("@").set_text_wrap(),
        Kind::Money => format.set_num_format("#,##0.00"),
        Kind::Quantity => format,
        Kind::Count => format.set_num_format("#,##0"),
        Kind::Day => format.set_num_format("yyyy-mm-dd"),
        Kind::Time => format.set_num_format("yyyy-mm-dd hh:mm:ss"),
    }
}

/// A figure as a workbook holds it: at most fourteen digits, which a double keeps exactly.
fn number(figure: &str) -> f64 {
    figure.parse().expect("figures are written by this program")
}

pub(super) fn cut(words: &str) -> String {
    words.chars().take(CHARS_MAX).collect()
}

/// The name as a tab can bear it.
pub(super) fn tab(name: &str) -> String {
    name.chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { ' ' } else { c })
        .take(31)
        .collect()
}
