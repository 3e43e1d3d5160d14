//! The chart of a list (图表), on a sheet of its own with the rows that it draws.
//!
//! A list's rows go to the file as they come and cannot be read again; the few that are drawn are kept and stand beside the
//! chart, so that the file holds their figures twice: in cells, and in the chart itself for viewers that compute nothing.

use rust_xlsxwriter::{Chart, ChartType, Format, FormatAlign, Workbook};

use super::workbook::{A4, GREY, bordered, cut, format_of, put, tab};
use super::{Bars, Cell, Kind, Plan, Unwritten};

/// The most rows that a chart draws: more bars than that nobody can read.
pub const BARS_MAX: usize = 100;
/// How many rows of twenty pixels a chart covers.
const CHART_ROWS: u32 = 22;

/// The rows of a list that its chart draws.
pub(super) struct Charted<'a> {
    plan: &'a Plan,
    bars: &'a Bars,
    /// What is drawn: the name, then the figures.
    kept: Vec<Vec<Cell>>,
    /// How many rows the list has had.
    seen: usize,
}

impl<'a> Charted<'a> {
    pub fn of(plan: &'a Plan, bars: &'a Bars) -> Charted<'a> {
        Charted { plan, bars, kept: Vec::new(), seen: 0 }
    }

    fn kind(&self, column: u16) -> Kind {
        self.plan.columns.get(usize::from(column)).map_or(Kind::Text, |column| column.kind)
    }

    fn columns(&self) -> impl Iterator<Item = u16> {
        std::iter::once(self.bars.names).chain(self.bars.figures.iter().copied())
    }

    /// Takes a row of the list: of days the first ones, which are the newest; else those with the largest leading figure.
    pub fn row(&mut self, cells: &[Cell]) {
        self.seen += 1;
        let of = |column: u16| cells.get(usize::from(column)).cloned().unwrap_or(Cell::Blank);
        let row: Vec<Cell> = self.columns().map(of).collect();
        if self.kept.len() < BARS_MAX {
            return self.kept.push(row);
        }
        if self.kind(self.bars.names) == Kind::Day {
            return;
        }
        let least = self.kept.iter().enumerate().rev().min_by_key(|(_, kept)| leading(kept));
        if let Some(at) = least.filter(|(_, least)| leading(least) < leading(&row)).map(|(at, _)| at) {
            self.kept[at] = row;
        }
    }

    /// Adds the sheet with the rows and their chart, where there are any.
    pub fn draw(mut self, book: &mut Workbook) -> Result<(), Unwritten> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let is_cut = self.seen > self.kept.len();
        if is_cut && self.kind(self.bars.names) != Kind::Day {
            self.kept.sort_by_key(|row| std::cmp::Reverse(leading(row)));
        }
        let sheet = book.add_worksheet();
        sheet.set_name(tab(&self.bars.tab))?;
        sheet.write_string_with_format(0, 0, cut(&self.bars.title), &Format::new().set_bold().set_font_size(14))?;
        if is_cut {
            sheet.write_string(1, 0, cut(&self.bars.cut))?;
        }
        let head = bordered().set_bold().set_background_color(GREY).set_align(FormatAlign::Center).set_text_wrap();
        let header = 3 + CHART_ROWS;
        let end = header + self.kept.len() as u32;
        let mut chart = Chart::new(ChartType::Column);
        chart.title().set_name(&self.bars.title);
        // Lists have the newest day first; a time axis goes from the oldest all the same.
        if self.kind(self.bars.names) == Kind::Day {
            chart.x_axis().set_date_axis(true).set_num_format("yyyy-mm-dd");
        }
        let own = tab(&self.bars.tab);
        for (at, column) in (0..).zip(self.columns()) {
            let Some(of) = self.plan.columns.get(usize::from(column)) else { continue };
            sheet.set_column_width(at, f64::from(of.width))?;
            sheet.write_string_with_format(header, at, cut(&of.head), &head)?;
            let format = format_of(of.kind);
            for (row, cells) in (header + 1..).zip(&self.kept) {
                put(sheet, (row, at), &cells[usize::from(at)], &format, self.plan.zone)?;
            }
            if at > 0 {
                let series = chart.add_series();
                series.set_categories((own.as_str(), header + 1, 0, end, 0));
                series.set_values((own.as_str(), header + 1, at, end, at));
                series.set_name((own.as_str(), header, at));
            }
        }
        chart.set_width(960).set_height(CHART_ROWS * 20);
        sheet.insert_chart(2, 0, &chart)?;
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        Ok(())
    }
}

/// How much the leading figure of a row is, in its own smallest units.
fn leading(row: &[Cell]) -> i64 {
    match row.get(1) {
        Some(Cell::Money(amount)) => amount.as_fen(),
        Some(Cell::Quantity(quantity)) => quantity.as_thousandths(),
        Some(Cell::Count(count)) => *count,
        _ => i64::MIN,
    }
}
