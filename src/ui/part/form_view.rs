//! The picture of a form, and where the hardware cursor stands in it, so that an input method opens there.

use ratatui::layout::{Position, Rect};

use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::look::Tone;
use crate::ui::part::field::{Entry, Field};
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Grid, Line};
use crate::ui::part::input::Input;
use crate::ui::text::{self, Align};

/// The cells of the labels where none needs more, and the most that they get.
const LABEL: u16 = 14;
const LABEL_MOST: u16 = 26;
/// The most cells of a field.
const FIELD: u16 = 48;

impl Form {
    /// Draws the form into `area`. Returns where the cursor stands, if its field is in sight.
    pub fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        let (fields, lines) = self.split(area);
        let focused = self.field_at();
        let first = first_in_sight(focused.unwrap_or(usize::MAX), self.fields.len(), fields.height.into());
        let labels = self.fields.iter().map(|field| text::width(&label(field, pen)) as u16).max().unwrap_or_default();
        let labels = labels.clamp(LABEL, LABEL_MOST).min(area.width / 2);
        let mut cursor = None;
        for (row, (at, field)) in self.fields.iter().enumerate().skip(first).take(fields.height.into()).enumerate() {
            let line = Rect { y: fields.y + row as u16, height: 1, ..fields };
            let here = field_picture(field, labels, focused == Some(at), line, buf, pen);
            cursor = cursor.or(here);
        }
        let below = self.grid.as_ref().and_then(|grid| grid_picture(grid, focused.is_none(), lines, buf, pen));
        cursor.or(below)
    }

    /// The rows of the fields and those of the lines: lines get at least three rows while the cursor is in them.
    fn split(&self, area: Rect) -> (Rect, Rect) {
        let wanted = self.fields.len() as u16;
        let kept = match (&self.grid, self.field_at()) {
            (None, _) => 0,
            (Some(_), None) => area.height.min(4),
            (Some(_), Some(_)) => area.height.saturating_sub(wanted.min(area.height)),
        };
        let height = wanted.min(area.height - kept);
        let fields = Rect { height, ..area };
        (fields, Rect { y: area.y + height, height: area.height - height, ..area })
    }
}

/// The first of `all` rows to show so that `chosen` is in sight: a pure function, page by page.
fn first_in_sight(chosen: usize, all: usize, height: usize) -> usize {
    let chosen = chosen.min(all.saturating_sub(1));
    if height == 0 || all <= height { 0 } else { (chosen / height * height).min(all - height) }
}

/// What stands before a field.
fn label(field: &Field, pen: Pen<'_>) -> String {
    format!("{}{}", pen.say(field.label), if field.needed { " *" } else { "" })
}

/// Draws a field whose label has so many cells.
fn field_picture(
    field: &Field,
    cells: u16,
    focused: bool,
    line: Rect,
    buf: &mut Canvas,
    pen: Pen<'_>,
) -> Option<Position> {
    text::put_fit(
        buf,
        line.x,
        line.y,
        cells,
        &label(field, pen),
        Align::Left,
        pen.style(if focused { Tone::Title } else { Tone::Plain }),
    );
    let mark = if focused { ">" } else { ":" };
    let x = text::put(buf, line.x + cells, line.y, line.width - cells, mark, pen.style(Tone::Plain)) + 1;
    let room = line.right().saturating_sub(x).min(FIELD);
    let cursor = match &field.entry {
        Entry::Line(input) => input_picture(input, focused, Rect { x, width: room, ..line }, buf, pen),
        Entry::Choice(choice) => {
            let (_, words) = choice.values.get(choice.at)?;
            let shown = format!("{}/{} {}", choice.at + 1, choice.values.len(), pen.say(words));
            text::put_fit(
                buf,
                x,
                line.y,
                room,
                &shown,
                Align::Left,
                pen.style(if focused { Tone::Field } else { Tone::Blank }),
            );
            focused.then_some(Position { x, y: line.y })
        }
    };
    if let Some(fault) = &field.fault {
        let shown = text::width(field.text()).min(room.into()) as u16;
        let after = x + shown.max(if focused { 12.min(room) } else { 0 }) + 2;
        let fault = format!("! {}", pen.say(fault));
        text::put(buf, after, line.y, line.right().saturating_sub(after), &fault, pen.style(Tone::Late));
    }
    cursor.filter(|at| at.x < line.right())
}

fn input_picture(input: &Input, focused: bool, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
    let (shown, at) = input.window(area.width.into());
    let tone = if focused { Tone::Field } else { Tone::Blank };
    text::put_fit(buf, area.x, area.y, area.width, &shown, Align::Left, pen.style(tone));
    (focused && area.width > 0).then(|| Position { x: area.x + at as u16, y: area.y })
}

fn grid_picture(grid: &Grid, focused: bool, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
    if area.height < 2 {
        return None;
    }
    let titles = grid.columns.iter().map(|column| (column.label, column.cells, Align::Left));
    let mut x = area.x + 4;
    for (label, cells, align) in titles.chain(grid.beside.iter().map(|shown| (shown.label, shown.cells, shown.align))) {
        text::put_fit(buf, x, area.y, room(area, x, cells), pen.say(label), align, pen.style(Tone::Title));
        x = x.saturating_add(cells + 1);
    }
    let height = usize::from(area.height - 1);
    let first = first_in_sight(grid.row, grid.lines.len(), height);
    let mut cursor = None;
    for (row, (at, line)) in grid.lines.iter().enumerate().skip(first).take(height).enumerate() {
        let column = (focused && at == grid.row).then_some(grid.column);
        let place = Rect { y: area.y + 1 + row as u16, height: 1, ..area };
        let mark = if column.is_some() { '>' } else { ' ' };
        text::put(buf, area.x, place.y, area.width.min(4), &format!("{mark}{:>2}", at + 1), pen.style(Tone::Plain));
        cursor = cursor.or(line_picture(grid, line, column, place, buf, pen));
    }
    cursor
}

fn line_picture(
    grid: &Grid,
    line: &Line,
    column: Option<usize>,
    area: Rect,
    buf: &mut Canvas,
    pen: Pen<'_>,
) -> Option<Position> {
    let mut cursor = None;
    let mut x = area.x + 4;
    for (at, (input, shape)) in line.inputs.iter().zip(&grid.columns).enumerate() {
        let cell = Rect { x, width: room(area, x, shape.cells), ..area };
        cursor = cursor.or(input_picture(input, column == Some(at), cell, buf, pen));
        x = x.saturating_add(shape.cells + 1);
    }
    if let Some(fault) = &line.fault {
        let fault = format!("! {}", pen.say(fault));
        text::put(buf, x, area.y, area.right().saturating_sub(x), &fault, pen.style(Tone::Late));
        return cursor;
    }
    for (shown, shape) in line.shown.iter().zip(&grid.beside) {
        text::put_fit(buf, x, area.y, room(area, x, shape.cells), shown, shape.align, pen.style(Tone::Plain));
        x = x.saturating_add(shape.cells + 1);
    }
    cursor
}

/// How many of `cells` from `x` lie inside the area.
fn room(area: Rect, x: u16, cells: u16) -> u16 {
    area.right().saturating_sub(x).min(cells)
}
