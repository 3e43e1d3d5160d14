//! The walk through a file: what stands above the list, the header, the flows, the end.
//!
//! Both passes walk here, so what one refuses the other refuses. A row that is no flow is never
//! skipped in silence: it belongs to the notes, to the end, or it is a fault.

use super::cells::Cells;
use super::fault::{Damage, Excess, Fault};
use super::header::{Columns, Sight, look, plain_name};
use super::layout::{End, Field, Figures, Layout};
use super::limits::{HEADER_WITHIN, Limits};
use super::notes::Notes;
use super::row::{Row, Rows};
use super::value::bare;
use crate::domain::text::Text;

/// What a walk found beside the flows.
pub(super) struct Outcome {
    /// The layout of the file.
    pub(super) layout: &'static Layout,
    /// What it says about itself.
    pub(super) notes: Notes,
}

/// Takes one flow's row; false to stop.
pub(super) type Each<'a> = dyn FnMut(&Cells<'_>, &Figures) -> Result<bool, Damage> + 'a;

/// Walks through all of `rows`.
pub(super) fn run(rows: &mut dyn Rows, limits: &Limits, each: &mut Each<'_>) -> Result<Outcome, Damage> {
    let (mut row, mut notes) = (Row::default(), Notes::default());
    let (layout, columns) = find_header(rows, &mut row, &mut notes)?;
    let written = row.len();
    let mut list =
        List { layout, columns, written, notes, sheet: row.sheet, top: 0, stage: Stage::Flows, stray: None, flows: 0 };
    while rows.next(&mut row)? {
        if !list.take(&mut row, limits, each)? {
            return Ok(Outcome { layout, notes: list.notes });
        }
    }
    list.end(&row)?;
    Ok(Outcome { layout, notes: list.notes })
}

/// Looks whether `rows` are a statement, and no further than its header.
pub(super) fn recognise(rows: &mut dyn Rows) -> Result<(), Damage> {
    find_header(rows, &mut Row::default(), &mut Notes::default()).map(|_| ())
}

fn find_header(rows: &mut dyn Rows, row: &mut Row, notes: &mut Notes) -> Result<(&'static Layout, Columns), Damage> {
    let (mut begins, mut almost, mut sheet, mut seen) = (None, None, 0, 0);
    while rows.next(row)? {
        if row.sheet != sheet {
            (sheet, seen) = (row.sheet, 0);
        }
        seen += 1;
        if row.filled() == 0 || (seen > HEADER_WITHIN && !row.delimited) {
            continue;
        }
        if seen > HEADER_WITHIN {
            break;
        }
        match look(row)? {
            Sight::Header(layout, columns) => return Ok((layout, columns)),
            Sight::Almost(damage) => almost = almost.or(Some(damage)),
            Sight::Other => notes.take(row),
        }
        begins.get_or_insert_with(|| Text::new(&row.whole().chars().take(60).collect::<String>()));
    }
    Err(match (almost, begins) {
        (Some(damage), _) => damage,
        (None, Some(begins)) => Damage::of_file(Fault::UnknownLayout { begins }),
        (None, None) => Damage::of_file(Fault::Empty),
    })
}

/// Where in the file the walk is.
enum Stage {
    Flows,
    /// The names of the totals have been read, their figures come next.
    Totals(Vec<String>),
    /// After the totals, where nothing may come.
    Over,
    /// After the list, among lines of notes.
    Notes,
}

struct List {
    layout: &'static Layout,
    columns: Columns,
    written: usize,
    notes: Notes,
    sheet: u32,
    top: usize,
    stage: Stage,
    stray: Option<Damage>,
    flows: u64,
}

impl List {
    fn take(&mut self, row: &mut Row, limits: &Limits, each: &mut Each<'_>) -> Result<bool, Damage> {
        if row.filled() == 0 {
            return Ok(true);
        }
        if row.sheet != self.sheet && !self.turn_over(row)? {
            return Ok(true);
        }
        match &self.stage {
            Stage::Flows => match self.end_at(row) {
                Some(stage) => self.stage = stage,
                None => return self.flow(row, limits, each),
            },
            Stage::Totals(names) => {
                if row.filled() < names.len() {
                    return Err(Damage::at(row.line, Fault::ShortRow { cells: row.filled(), wanted: names.len() }));
                }
                let counts =
                    |name: &str| self.layout.totals.iter().any(|total| total.name == name && total.counts_rows);
                self.notes.take_summary(names, row, counts);
                self.stage = Stage::Over;
            }
            Stage::Over => return Err(Damage::at(row.line, Fault::AfterEnd)),
            Stage::Notes => match look(row)? {
                Sight::Header(..) => return Err(Damage::at(row.line, Fault::SeveralStatements)),
                Sight::Almost(_) | Sight::Other => self.notes.take(row),
            },
        }
        Ok(true)
    }

    /// Goes on to another sheet; false where its rows are none of this statement's.
    fn turn_over(&mut self, row: &Row) -> Result<bool, Damage> {
        if self.layout.many_sheets {
            (self.sheet, self.top, self.stray, self.stage) = (row.sheet, 5, None, Stage::Flows);
            return Ok(true);
        }
        match look(row)? {
            Sight::Header(..) => Err(Damage::at(row.line, Fault::SeveralStatements)),
            Sight::Almost(_) | Sight::Other => Ok(false),
        }
    }

    /// What follows, where the list ends with this row, which is then no flow.
    fn end_at(&mut self, row: &Row) -> Option<Stage> {
        let first = row.cell(0);
        match self.layout.end {
            End::Dashes if first.len() >= 10 && first.iter().all(|byte| *byte == b'-') => Some(Stage::Notes),
            End::Hashes(_) if first.starts_with(b"#") => {
                self.notes.take(row);
                Some(Stage::Notes)
            }
            End::Summary(_) if bare(first).first().is_some_and(u8::is_ascii_digit) => None,
            End::Summary(name) if row.text(0).is_some_and(|text| plain_name(&text) == name) => {
                let names = (0..row.filled()).map(|at| plain_name(&row.text(at).unwrap_or_default()));
                Some(Stage::Totals(names.collect()))
            }
            End::WithFile | End::Dashes | End::Hashes(_) | End::Summary(_) => None,
        }
    }

    fn flow(&mut self, row: &mut Row, limits: &Limits, each: &mut Each<'_>) -> Result<bool, Damage> {
        if self.layout.many_sheets && self.is_beside_the_list(row)? {
            return Ok(true);
        }
        if row.delimited {
            self.fit(row)?;
        }
        let cells = Cells { row, layout: self.layout, columns: &self.columns };
        let figures = (self.layout.judge)(&cells)?;
        self.flows += 1;
        if self.flows > limits.rows {
            return Err(Damage::at(row.line, Fault::TooLarge { what: Excess::Rows, limit: limits.rows }));
        }
        each(&cells, &figures)
    }

    /// Titles and headers on top of a later sheet, and the summary under the last row of any sheet.
    fn is_beside_the_list(&mut self, row: &Row) -> Result<bool, Damage> {
        if self.top > 0 {
            self.top -= 1;
            if let Sight::Header(_, columns) = look(row)? {
                (self.columns, self.written) = (columns, row.len());
                return Ok(true);
            }
            if row.filled() == 1 {
                self.notes.take(row);
                return Ok(true);
            }
        }
        let cells = Cells { row, layout: self.layout, columns: &self.columns };
        if cells.raw(Field::Time).first().is_some_and(u8::is_ascii_digit) {
            return self.stray.take().map_or(Ok(false), Err);
        }
        // One row without a time may close a sheet; two flows cannot stand around it.
        let damage = cells.damage(Field::Time, Fault::Stray);
        if self.flows == 0 || self.stray.is_some() {
            return Err(self.stray.take().unwrap_or(damage));
        }
        self.notes.take(row);
        self.stray = Some(damage);
        Ok(true)
    }

    /// Sees that the row has the header's cells, and heals a name with bare commas in it.
    fn fit(&self, row: &mut Row) -> Result<(), Damage> {
        let wanted = self.columns.width();
        if row.len() < wanted {
            return Err(Damage::at(row.line, Fault::ShortRow { cells: row.len(), wanted }));
        }
        if row.len() > self.written && self.layout.loose_names {
            let cells = Cells { row, layout: self.layout, columns: &self.columns };
            let sound = cells.side().is_ok() && cells.needed_amount(Field::Amount).is_ok() && row.filled() <= wanted;
            if let Some(payer) = self.columns.of(Field::Payer).filter(|_| !sound) {
                row.join(payer, row.len() - self.written);
            }
        }
        if row.filled() > wanted {
            return Err(Damage::at(row.line, Fault::LongRow { cells: row.filled(), wanted }));
        }
        Ok(())
    }

    /// Sees that the list was not cut.
    fn end(&self, row: &Row) -> Result<(), Damage> {
        let marker = match (self.layout.end, &self.stage) {
            (End::Summary(_), Stage::Over) | (End::Dashes | End::Hashes(_), Stage::Notes) => return Ok(()),
            (End::WithFile | End::Hashes(false), _) => return Ok(()),
            // A workbook cannot lose its end in a transfer, and re-saved ones often come without the notes.
            (End::Dashes | End::Hashes(true), _) if !row.delimited => return Ok(()),
            (End::Dashes, _) => "----",
            (End::Hashes(true), _) => "#",
            (End::Summary(name), _) => name,
        };
        Err(Damage::at(row.line, Fault::NotEnded { marker: Text::new(marker) }))
    }
}
