//! A form: fields, perhaps lines below them, one of them focused. Enter goes on and never commits; F8 commits.
//!
//! What is wrong with a field is said beside it. Nothing typed is ever lost by moving: a form can be read out as
//! texts, kept as a draft and filled again.

use crate::domain::text::Text;
use crate::ui::face::{Focus, Key};
use crate::ui::part::field::{Choice, Entry, Field};
use crate::ui::part::grid::{Entered, Grid};
use crate::ui::part::input::{Kind, Refused};

/// What a key does in a form, by its name in the keymaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Accept the field and go to the next.
    Enter,
    /// Go to the next field.
    Next,
    /// Go to the field before.
    Previous,
    /// Fill in what stood here the last time.
    Copy,
    /// Offer what can stand here.
    Lookup,
    /// Begin a new line.
    NewLine,
    /// Take the line away.
    DropLine,
    /// Empty the field.
    Clear,
    /// Bring back what the field held.
    Undo,
    /// Do what the form is for.
    Commit,
}

/// The acts that every form has, by their names in the keymaps.
pub const STEPS: &[(&str, Step)] = &[
    ("field.enter", Step::Enter),
    ("field.next", Step::Next),
    ("field.prev", Step::Previous),
    ("field.copy", Step::Copy),
    ("field.lookup", Step::Lookup),
    ("line.new", Step::NewLine),
    ("line.drop", Step::DropLine),
    ("field.clear", Step::Clear),
    ("edit.undo", Step::Undo),
    ("edit.redo", Step::Undo),
    ("form.commit", Step::Commit),
];

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Nothing that others need to know.
    Moved,
    /// The form holds something else now; what is derived from it may be stale.
    Changed,
    /// The last field was accepted: F8 is what remains.
    AtEnd,
    /// The person asks what can stand in this field.
    Lookup(&'static str),
    /// The person asks to commit, and no field objects.
    Commit,
    /// Not taken, for this reason; the bell rings.
    Refused(Refused),
}

/// Fields and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The fields, in the order of entry.
    pub fields: Vec<Field>,
    /// The lines below them.
    pub grid: Option<Grid>,
    at: Place,
    touched: bool,
}

/// Where the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Field(usize),
    Grid,
}

impl Form {
    /// A form of fields, with lines or without.
    pub fn new(fields: Vec<Field>, grid: Option<Grid>) -> Form {
        let at = if fields.is_empty() { Place::Grid } else { Place::Field(0) };
        Form { fields, grid, at, touched: false }
    }

    /// The text of the field called `name`.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|field| field.name == name).map_or("", |field| field.text().trim())
    }

    /// Fills the field called `name`.
    pub fn set(&mut self, name: &str, text: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.set(text);
        }
    }

    /// The values of a choice, each with its code and name, the empty one first; what is chosen stays chosen.
    pub fn offer(&mut self, name: &str, values: Vec<(Text, Text)>) {
        let Some(field) = self.fields.iter_mut().find(|field| field.name == name) else { return };
        let chosen = field.text().to_owned();
        let each = values.into_iter().map(|(code, name)| (code.to_string(), format!("{code} {name}")));
        let values: Vec<(String, String)> = [(String::new(), "-".to_owned())].into_iter().chain(each).collect();
        let at = values.iter().position(|(value, _)| *value == chosen).unwrap_or(0);
        field.entry = Entry::Choice(Choice { values, at });
    }

    /// Fills what the cursor is in, as a look-up does.
    pub fn fill(&mut self, text: &str) {
        self.touched = true;
        match (self.at, &mut self.grid) {
            (Place::Grid, Some(grid)) => grid.input().set(text),
            (Place::Field(at), _) => self.fields[at].set(text),
            (Place::Grid, None) => (),
        }
    }

    /// Says what is wrong with the field called `name`, and goes there.
    pub fn object(&mut self, name: &str, fault: impl Into<String>) {
        if let Some(at) = self.fields.iter().position(|field| field.name == name) {
            self.fields[at].fault = Some(fault.into());
            self.at = Place::Field(at);
        }
    }

    /// Goes to the first of the fields of these names that is empty, else to the lines.
    pub fn begin(&mut self, names: &[&str]) {
        let is_left = |field: &Field| names.contains(&field.name) && field.text().is_empty();
        self.at = self.fields.iter().position(is_left).map_or(Place::Grid, Place::Field);
    }

    /// The place of the focused field, or none while the cursor is in the lines.
    pub fn field_at(&self) -> Option<usize> {
        match self.at {
            Place::Field(at) => Some(at),
            Place::Grid => None,
        }
    }

    /// Whether a person has put anything into it.
    pub fn is_touched(&self) -> bool {
        self.touched
    }

    /// What is in it: the fields by name, the rows of the lines.
    pub fn texts(&self) -> (Vec<(String, String)>, Vec<Vec<String>>) {
        let fields = self.fields.iter().map(|field| (field.name.to_owned(), field.text().to_owned()));
        (fields.collect(), self.grid.iter().flat_map(Grid::texts).collect())
    }

    /// Puts back what [`Form::texts`] gave.
    pub fn take_up(&mut self, fields: &[(String, String)], rows: &[Vec<String>]) {
        for (name, text) in fields {
            self.set(name, text);
        }
        if let Some(grid) = &mut self.grid {
            grid.fill(rows);
        }
        self.touched = true;
    }

    /// What characters mean where the cursor is.
    pub fn focus(&self) -> Focus {
        match self.kind() {
            Kind::Text | Kind::Passphrase => Focus::Text,
            Kind::Code | Kind::Day => Focus::Code,
            Kind::Quantity | Kind::Money => Focus::Quantity,
        }
    }

    fn kind(&self) -> Kind {
        match (self.at, &self.grid) {
            (Place::Grid, Some(grid)) => grid.kind(),
            (Place::Field(at), _) => self.fields[at].kind(),
            (Place::Grid, None) => Kind::Code,
        }
    }

    /// Characters for the focused field.
    pub fn typed(&mut self, text: &str) -> Came {
        self.touched = true;
        let taken = match (self.at, &mut self.grid) {
            (Place::Grid, Some(grid)) => grid.typed(text),
            (Place::Field(at), _) => self.fields[at].typed(text),
            (Place::Grid, None) => Ok(()),
        };
        taken.map_or_else(Came::Refused, |()| Came::Changed)
    }

    /// A paste: one line into a field, rows of `code quantity` into the lines.
    pub fn pasted(&mut self, text: &str) -> Came {
        self.touched = true;
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        match (&lines[..], self.at) {
            ([one], _) => self.typed(one),
            ([], _) => Came::Moved,
            (_, Place::Field(_)) => Came::Refused(Refused::NotHere),
            (_, Place::Grid) => self.pasted_rows(&lines),
        }
    }

    fn pasted_rows(&mut self, lines: &[&str]) -> Came {
        let Some(grid) = &mut self.grid else { return Came::Refused(Refused::NotHere) };
        let before = grid.clone();
        for line in lines {
            grid.new_line();
            let cells = line.split(['\t', ' ', ',']).filter(|cell| !cell.is_empty());
            let row = &mut grid.lines[grid.row].inputs;
            let taken = row.iter_mut().zip(cells).try_for_each(|(input, cell)| {
                input.clear();
                input.insert(cell)
            });
            if let Err(why) = taken {
                *grid = before;
                return Came::Refused(why);
            }
        }
        grid.new_line();
        Came::Changed
    }

    /// An editing key: arrows within the line, Home, End, Backspace, Delete. Returns whether it is one.
    pub fn edit(&mut self, key: Key) -> bool {
        self.touched |= matches!(key, Key::Backspace | Key::Delete);
        match (self.at, &mut self.grid) {
            (Place::Grid, Some(grid)) => grid.edit(key),
            (Place::Field(at), _) => self.fields[at].edit(key),
            (Place::Grid, None) => false,
        }
    }

    /// One of the acts of a form.
    pub fn step(&mut self, step: Step) -> Came {
        self.touched |= matches!(step, Step::Copy | Step::DropLine | Step::Clear | Step::Undo);
        match step {
            Step::Enter => self.enter(),
            Step::Next => self.go(1),
            Step::Previous => self.go(-1),
            Step::Copy => self.copy(),
            Step::Lookup => self.lookup(),
            Step::NewLine | Step::DropLine => self.lines(step),
            Step::Clear | Step::Undo => self.rewind(step),
            Step::Commit => self.commit(),
        }
    }

    fn enter(&mut self) -> Came {
        match (self.at, &mut self.grid) {
            (Place::Grid, Some(grid)) => match grid.enter() {
                Ok(Entered::Next | Entered::NextCode) => Came::Changed,
                Ok(Entered::Leave) => Came::AtEnd,
                Err(why) => Came::Refused(why),
            },
            (Place::Field(at), _) => match self.digits_fit(at) {
                Err(why) => Came::Refused(why),
                Ok(()) if self.fields[at].settle().is_some() => Came::Changed,
                Ok(()) if at + 1 == self.fields.len() && self.grid.is_none() => Came::AtEnd,
                Ok(()) => self.go(1),
            },
            (Place::Grid, None) => Came::AtEnd,
        }
    }

    /// A quantity that is long enough to be a code belongs into lines, not here.
    fn digits_fit(&self, at: usize) -> Result<(), Refused> {
        match &self.fields[at].entry {
            Entry::Line(input) => match input.is_next_code()? {
                true => Err(Refused::NotHere),
                false => Ok(()),
            },
            Entry::Choice(_) => Ok(()),
        }
    }

    fn go(&mut self, by: isize) -> Came {
        let last = self.fields.len().saturating_sub(1);
        match (self.at, &mut self.grid) {
            (Place::Grid, Some(grid)) => {
                grid.settle();
                if !grid.step_row(by) && by < 0 && !self.fields.is_empty() {
                    self.at = Place::Field(last);
                }
            }
            (Place::Grid, None) => (),
            (Place::Field(at), grid) => {
                self.fields[at].settle();
                self.at = match (at.checked_add_signed(by), grid) {
                    (Some(next), _) if next <= last => Place::Field(next),
                    (Some(_), Some(_)) => Place::Grid,
                    (Some(_), None) => Place::Field(last),
                    (None, _) => Place::Field(0),
                };
            }
        }
        if let Place::Field(at) = self.at
            && let Entry::Line(input) = &mut self.fields[at].entry
        {
            input.arrive();
        }
        Came::Changed
    }

    fn copy(&mut self) -> Came {
        let Place::Field(at) = self.at else { return Came::Refused(Refused::NoCopy) };
        let Some(previous) = self.fields[at].previous.clone() else { return Came::Refused(Refused::NoCopy) };
        self.fields[at].set(&previous);
        Came::Changed
    }

    /// Whether one of its fields can be as it was the last time.
    pub fn can_copy(&self) -> bool {
        self.fields.iter().any(|field| field.previous.is_some())
    }

    /// Whether something of it can be looked up.
    pub fn can_look_up(&self) -> bool {
        let columns = self.grid.iter().flat_map(|grid| &grid.columns);
        self.fields.iter().any(|field| field.lookup) || columns.into_iter().any(|column| column.lookup)
    }

    fn lookup(&self) -> Came {
        self.offering().map_or(Came::Refused(Refused::NoPick), |(name, _)| Came::Lookup(name))
    }

    /// Where the cursor is in something that offers a look-up: its name, and what is typed there.
    pub fn offering(&self) -> Option<(&'static str, &str)> {
        match (self.at, &self.grid) {
            (Place::Grid, Some(grid)) => {
                let column = Some(grid.columns[grid.column]).filter(|column| column.lookup)?;
                Some((column.name, grid.lines[grid.row].inputs[grid.column].text().trim()))
            }
            (Place::Field(at), _) => {
                Some(&self.fields[at]).filter(|field| field.lookup).map(|field| (field.name, field.text().trim()))
            }
            (Place::Grid, None) => None,
        }
    }

    fn lines(&mut self, step: Step) -> Came {
        let Some(grid) = &mut self.grid else { return Came::Refused(Refused::NoLines) };
        if step == Step::NewLine {
            grid.settle();
            grid.new_line();
            self.at = Place::Grid;
        } else if self.at == Place::Grid {
            grid.drop_line();
        }
        Came::Changed
    }

    fn rewind(&mut self, step: Step) -> Came {
        let input = match (self.at, &mut self.grid) {
            (Place::Grid, Some(grid)) => grid.input(),
            (Place::Field(at), _) => match &mut self.fields[at].entry {
                Entry::Line(input) => input,
                Entry::Choice(_) => return Came::Moved,
            },
            (Place::Grid, None) => return Came::Moved,
        };
        match step {
            Step::Clear => input.clear(),
            _ => drop(input.undo()),
        }
        Came::Changed
    }

    /// Judges everything; the first fault gets the cursor.
    fn commit(&mut self) -> Came {
        if let Some(grid) = &mut self.grid {
            grid.settle();
        }
        for field in &mut self.fields {
            field.settle();
        }
        if let Some(at) = self.fields.iter().position(|field| field.fault.is_some()) {
            self.at = Place::Field(at);
            return Came::Changed;
        }
        let bad = self.grid.as_ref().and_then(|grid| grid.lines.iter().position(|line| line.fault.is_some()));
        if let (Some(row), Some(grid)) = (bad, &mut self.grid) {
            grid.row = row;
            self.at = Place::Grid;
            return Came::Changed;
        }
        Came::Commit
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
