//! What a sheet is: its columns, its cells, its totals.

use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::time::{Day, Moment, Zone};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, names, codes: never a figure, never a formula.
    Text,
    /// Yuan, two places.
    Money,
    /// Base units, up to three places.
    Quantity,
    /// How many.
    Count,
    /// A civil day.
    Day,
    /// A moment, in the department's zone.
    Time,
}

impl Kind {
    /// Whether its cells are figures, which stand at the right.
    pub const fn is_figure(self) -> bool {
        matches!(self, Kind::Money | Kind::Quantity | Kind::Count)
    }

    /// A cell of this kind from the text that data writes for it; what is not of the kind stays text.
    pub fn cell(self, text: &str) -> Cell {
        let read = match self {
            _ if text.is_empty() => Some(Cell::Blank),
            Kind::Text => None,
            Kind::Money => text.parse().ok().map(Cell::Money),
            Kind::Quantity => text.parse().ok().map(Cell::Quantity),
            Kind::Count => text.parse().ok().map(Cell::Count),
            Kind::Day => text.parse().ok().map(Cell::Day),
            Kind::Time => text.parse().ok().map(Cell::Time),
        };
        read.unwrap_or_else(|| Cell::Text(text.to_owned()))
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing; on paper a place to write in.
    Blank,
    /// Words.
    Text(String),
    /// Yuan.
    Money(Money),
    /// Base units.
    Quantity(Quantity),
    /// How many.
    Count(i64),
    /// A day.
    Day(Day),
    /// A moment.
    Time(Moment),
}

impl Cell {
    /// The cell as people read it on a screen.
    pub fn shown(&self, zone: Zone) -> String {
        match self {
            Cell::Blank => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Money(money) => money.to_string(),
            Cell::Quantity(quantity) => quantity.to_string(),
            Cell::Count(count) => count.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Time(moment) => moment.full(zone),
        }
    }

    /// A figure without grouping, as programs read it; `None` for what is no figure.
    pub fn figure(&self) -> Option<String> {
        match self {
            Cell::Money(_) | Cell::Quantity(_) => {
                let grouped = self.shown(crate::domain::time::CHINA);
                Some(grouped.chars().filter(|c| *c != ',').collect())
            }
            Cell::Count(count) => Some(count.to_string()),
            _ => None,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in data.
    pub key: &'static str,
    /// Its header.
    pub head: String,
    /// Its width on paper, in cells of a screen.
    pub width: u16,
    /// What its cells are.
    pub kind: Kind,
    /// Whether its figures are added up below.
    pub total: bool,
}

/// A chart of the rows (图表): columns as bars, on a sheet of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// The name of its sheet's tab.
    pub tab: String,
    /// What stands above it.
    pub title: String,
    /// What stands above it where the list has more rows than can be drawn: which ones are.
    pub cut: String,
    /// The column that names the bars, from 0.
    pub names: u16,
    /// The columns whose figures are drawn, from 0.
    pub figures: Vec<u16>,
}

/// A sheet before its rows.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The name of its tab.
    pub name: String,
    /// What stands above it, once.
    pub title: String,
    /// Lines between the title and the header, such as the day and who made it.
    pub notes: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The word before the totals; empty: there are none.
    pub total: String,
    /// What stands at the foot of every page, beside its number: the head of the journal.
    pub foot: String,
    /// The department's zone.
    pub zone: Zone,
    /// Whether it lies across the paper.
    pub landscape: bool,
    /// The chart of the rows, if there is one; only a workbook has it.
    pub bars: Option<Bars>,
}

/// What the totalled columns add up to, kept while rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals(Vec<Option<Cell>>);

impl Totals {
    /// Zero for each totalled column.
    pub fn of(columns: &[Column]) -> Totals {
        let zero = |column: &Column| match column.kind {
            Kind::Money => Some(Cell::Money(Money::ZERO)),
            Kind::Quantity => Some(Cell::Quantity(Quantity::ZERO)),
            Kind::Count => Some(Cell::Count(0)),
            _ => None,
        };
        Totals(columns.iter().map(|column| zero(column).filter(|_| column.total)).collect())
    }

    /// Adds a row.
    pub fn add(&mut self, row: &[Cell]) {
        for (total, cell) in self.0.iter_mut().zip(row) {
            match (total, cell) {
                (Some(Cell::Money(total)), Cell::Money(amount)) => *total += *amount,
                (Some(Cell::Quantity(total)), Cell::Quantity(quantity)) => *total += *quantity,
                (Some(Cell::Count(total)), Cell::Count(count)) => *total += count,
                _ => {}
            }
        }
    }

    /// The total of a column, where it has one.
    pub fn get(&self, column: usize) -> Option<&Cell> {
        self.0.get(column).and_then(Option::as_ref)
    }

    /// Whether any column is added up.
    pub fn is_any(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_of_its_column_s_kind_or_stays_words() {
        assert_eq!(Kind::Money.cell("1234.50"), Cell::Money(Money::fen(123_450)));
        assert_eq!(Kind::Money.cell("1234.50").figure().as_deref(), Some("1234.50"));
        assert_eq!(Kind::Quantity.cell("-12.5").figure().as_deref(), Some("-12.5"));
        assert_eq!(Kind::Count.cell("x"), Cell::Text("x".into()));
        assert_eq!(Kind::Text.cell("12"), Cell::Text("12".into()));
        assert_eq!(Kind::Day.cell(""), Cell::Blank);
    }
}
