//! The lines of a form: rows of cells that are typed into, such as the articles of an order.
//!
//! Enter goes to the next cell and at the end of a row makes a new one. A quantity of eight digits or more is the
//! next code, whatever the timing: the row keeps its quantity and a new row begins with that code.

use crate::ui::face::Key;
use crate::ui::part::field::judge;
use crate::ui::part::input::{Input, Kind, Refused};
use crate::ui::text::Align;

/// A column that is typed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in commands and drafts.
    pub name: &'static str,
    /// The locale key of its header.
    pub label: &'static str,
    /// What is typed.
    pub kind: Kind,
    /// Its width in cells.
    pub cells: u16,
    /// What a new row has there.
    pub begins: &'static str,
    /// Whether F4 offers what can stand here.
    pub lookup: bool,
}

/// A column that is shown beside them and comes from elsewhere: the article's name, its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The locale key of its header.
    pub label: &'static str,
    /// Its width in cells.
    pub cells: u16,
    /// Where its text stands.
    pub align: Align,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is typed, by column.
    pub inputs: Vec<Input>,
    /// What is shown beside it.
    pub shown: Vec<String>,
    /// What is wrong with the row: a locale key, or words.
    pub fault: Option<String>,
}

/// Rows of cells, one of them under the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The columns that are typed into.
    pub columns: Vec<Column>,
    /// The columns that are shown.
    pub beside: Vec<Shown>,
    /// The rows; there is always one.
    pub lines: Vec<Line>,
    /// The cursor's row.
    pub row: usize,
    /// The cursor's column.
    pub column: usize,
}

/// What Enter did in a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// The cursor is in the next cell.
    Next,
    /// The cell was the last one that has anything: the cursor may leave.
    Leave,
    /// A row begun by a code, now complete up to its quantity.
    NextCode,
}

impl Grid {
    /// A grid with one empty row.
    pub fn new(columns: Vec<Column>, beside: Vec<Shown>) -> Grid {
        let mut grid = Grid { columns, beside, lines: Vec::new(), row: 0, column: 0 };
        grid.lines.push(grid.empty_line());
        grid
    }

    fn empty_line(&self) -> Line {
        let inputs = self.columns.iter().map(|column| Input::holding(column.kind, column.begins)).collect();
        Line { inputs, shown: vec![String::new(); self.beside.len()], fault: None }
    }

    /// The cell under the cursor.
    pub fn input(&mut self) -> &mut Input {
        &mut self.lines[self.row].inputs[self.column]
    }

    /// What is typed there.
    pub fn kind(&self) -> Kind {
        self.columns[self.column].kind
    }

    /// The rows in which something was typed into the first column, each as its texts.
    pub fn texts(&self) -> Vec<Vec<String>> {
        let filled = self.lines.iter().filter(|line| !line.inputs[0].is_empty());
        filled.map(|line| line.inputs.iter().map(|input| input.text().to_owned()).collect()).collect()
    }

    /// Replaces the rows, as when a draft is taken up again.
    pub fn fill(&mut self, rows: &[Vec<String>]) {
        self.lines.clear();
        for row in rows {
            let mut line = self.empty_line();
            line.inputs.iter_mut().zip(row).for_each(|(input, text)| input.set(text));
            self.lines.push(line);
        }
        self.lines.push(self.empty_line());
        (self.row, self.column) = (0, 0);
    }

    /// Types into the cell.
    pub fn typed(&mut self, text: &str) -> Result<(), Refused> {
        self.lines[self.row].fault = None;
        self.input().insert(text)
    }

    /// An editing key in the cell.
    pub fn edit(&mut self, key: Key) -> bool {
        self.lines[self.row].fault = None;
        self.input().edit(key)
    }

    /// Enter: on to the next cell.
    pub fn enter(&mut self) -> Result<Entered, Refused> {
        if self.input().is_next_code()? {
            self.begin_with_code();
            return Ok(Entered::NextCode);
        }
        self.settle();
        let blank = self.lines[self.row].inputs[0].is_empty();
        if blank && self.row + 1 == self.lines.len() {
            return Ok(Entered::Leave);
        }
        self.step(1);
        Ok(Entered::Next)
    }

    /// The row keeps the quantity that it had, or one; the code begins a new row.
    fn begin_with_code(&mut self) {
        let column = self.column;
        let code = self.input().text().to_owned();
        self.input().undo();
        if self.input().is_next_code() != Ok(false) || self.input().is_empty() {
            self.input().set("1");
        }
        self.settle();
        self.new_line();
        self.input().set(&code);
        self.column = column;
        self.input().arrive();
    }

    /// Judges the row that the cursor is in.
    pub fn settle(&mut self) {
        let line = &mut self.lines[self.row];
        if line.inputs[0].is_empty() {
            line.fault = None;
            return;
        }
        let cells = self.columns.iter().zip(&line.inputs);
        let fault =
            cells.map(|(column, input)| judge(column.kind, input.text(), false)).find(Option::is_some).flatten();
        if fault.is_some() {
            line.fault = fault.map(str::to_owned);
        }
    }

    /// Moves by cells, through rows; past the end of the last row a new one is made.
    pub fn step(&mut self, by: isize) {
        let wide = self.columns.len();
        let at = (self.row * wide + self.column).saturating_add_signed(by);
        if at >= self.lines.len() * wide {
            self.new_line();
            return;
        }
        (self.row, self.column) = (at / wide, at % wide);
        self.input().arrive();
    }

    /// Moves by rows. Returns whether there is such a row.
    pub fn step_row(&mut self, by: isize) -> bool {
        let Some(row) = self.row.checked_add_signed(by).filter(|row| *row < self.lines.len()) else { return false };
        self.settle();
        self.row = row;
        self.input().arrive();
        true
    }

    /// A new row at the end, or the empty one that is there; the cursor goes to its beginning.
    pub fn new_line(&mut self) {
        if self.lines.last().is_none_or(|line| !line.inputs[0].is_empty()) {
            self.lines.push(self.empty_line());
        }
        (self.row, self.column) = (self.lines.len() - 1, 0);
        self.input().arrive();
    }

    /// Takes away the row under the cursor; the last one is emptied instead.
    pub fn drop_line(&mut self) {
        self.lines.remove(self.row);
        if self.lines.is_empty() {
            self.lines.push(self.empty_line());
        }
        self.row = self.row.min(self.lines.len() - 1);
    }

    /// How many cells a row takes.
    pub fn width(&self) -> u16 {
        let typed = self.columns.iter().map(|column| column.cells + 1);
        typed.chain(self.beside.iter().map(|column| column.cells + 1)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let column = |name, kind, begins| Column { name, label: "form.remark", kind, cells: 14, begins, lookup: false };
        Grid::new(vec![column("article", Kind::Code, ""), column("quantity", Kind::Quantity, "1")], vec![])
    }

    fn enter(grid: &mut Grid, text: &str) -> Result<Entered, Refused> {
        if !text.is_empty() {
            grid.typed(text)?;
        }
        grid.enter()
    }

    #[test]
    fn code_quantity_code_quantity() {
        let mut grid = grid();
        for text in ["A1", "12", "B2", "3.5"] {
            assert_eq!(enter(&mut grid, text), Ok(Entered::Next), "{text}");
        }
        assert_eq!(grid.texts(), [["A1", "12"], ["B2", "3.5"]]);
        assert_eq!(enter(&mut grid, ""), Ok(Entered::Leave));
    }

    #[test]
    fn scans_in_a_row_make_rows_and_keep_quantities() {
        let mut grid = grid();
        enter(&mut grid, "9787536692930").unwrap();
        assert_eq!(enter(&mut grid, "9787020002207"), Ok(Entered::NextCode));
        grid.typed("12").unwrap();
        assert_eq!(enter(&mut grid, "9787108009821"), Ok(Entered::NextCode));
        assert_eq!(grid.texts(), [["9787536692930", "1"], ["9787020002207", "12"], ["9787108009821", "1"]]);
    }

    #[test]
    fn a_code_typed_slowly_into_the_quantity_is_a_code_too() {
        let mut grid = grid();
        enter(&mut grid, "A1").unwrap();
        for digit in "9787020002207".chars() {
            grid.typed(&digit.to_string()).unwrap();
        }
        assert_eq!(grid.enter(), Ok(Entered::NextCode));
        assert_eq!(grid.texts(), [["A1", "1"], ["9787020002207", "1"]]);
    }

    #[test]
    fn six_digits_ring_and_stay() {
        let mut grid = grid();
        enter(&mut grid, "A1").unwrap();
        assert_eq!(enter(&mut grid, "123456"), Err(Refused::TooManyDigits));
        assert_eq!((grid.row, grid.column), (0, 1));
    }

    #[test]
    fn rows_come_and_go_and_there_is_always_one() {
        let mut grid = grid();
        enter(&mut grid, "A1").unwrap();
        enter(&mut grid, "2").unwrap();
        grid.step_row(-1);
        grid.drop_line();
        grid.drop_line();
        assert_eq!((grid.lines.len(), grid.texts().len()), (1, 0));
        grid.fill(&[vec!["B".into(), "2".into()]]);
        assert_eq!(grid.texts(), [["B", "2"]]);
        assert!(!grid.step_row(-1) && grid.step_row(1));
    }
}
