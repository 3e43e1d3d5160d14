//! From two pictures to the bytes that turn one into the other on a terminal.
//!
//! The alphabet is closed: cursor moves, SGR with the sixteen colours, erase, synchronized output, the bell, and text.
//! No title, no clipboard, no link, no query ever leaves from here, whatever a cell contains (trust.md F4).

use std::fmt;
use std::ops::Range;

use base64ct::Encoding;
use crossterm::Command;
use crossterm::cursor::{MoveTo, MoveToColumn, Show};
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use crate::ui::canvas::Canvas;
use crate::ui::cell::{Cell, Dress};
use crate::wire::Colours;

/// The largest terminal that is drawn for, in cells; a larger one shows the picture in its upper left.
pub const LARGEST: (u16, u16) = (400, 150);

/// The widest gap between two changes that is written again instead of being jumped over: a jump takes as many bytes.
const WALK: u16 = 5;

/// What a terminal shows, and the picture that comes next.
#[derive(Debug)]
pub struct Screen {
    /// The terminal's size; what is below follows it at the next frame.
    area: Rect,
    /// The strokes of the picture before, and those of the next one.
    before: Canvas,
    canvas: Canvas,
    /// The cells that it shows, row by row.
    shown: Vec<Cell>,
    /// The next picture, painted where its strokes are others than before.
    next: Vec<Cell>,
    /// The places of the cells that must be written.
    changes: Vec<(u16, u16)>,
    cursor: Option<Position>,
    colours: Colours,
    whole: bool,
    bytes: Vec<u8>,
}

impl Screen {
    /// The screen of a terminal that has just been cleared.
    pub fn new(cols: u16, rows: u16, colours: Colours) -> Screen {
        let area = area(cols, rows);
        let (before, canvas) = (Canvas::new(area), Canvas::new(area));
        let shown = vec![Cell::BLANK; usize::from(area.width) * usize::from(area.height)];
        let (next, changes, bytes) = (shown.clone(), Vec::new(), Vec::new());
        Screen { area, before, canvas, shown, next, changes, cursor: None, colours, whole: true, bytes }
    }

    /// The terminal's size has changed: all of it is drawn again.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.area = area(cols, rows);
        self.whole = true;
    }

    /// All of it is drawn again, since something else wrote to the terminal.
    pub fn repaint(&mut self) {
        self.whole = true;
    }

    /// The size in cells.
    pub fn area(&self) -> Rect {
        self.area
    }

    /// Draws with `paint`, rings so often, and answers the bytes that bring it to the terminal: none where nothing changed.
    pub fn frame(&mut self, bells: u8, paint: impl FnOnce(Rect, &mut Canvas) -> Option<Position>) -> &[u8] {
        let area = self.area;
        if self.canvas.area != area {
            *self = Screen::new(area.width, area.height, self.colours);
        }
        self.canvas.clear();
        let parked = Position::new(0, area.height.saturating_sub(1));
        let cursor = paint(area, &mut self.canvas).filter(|at| area.contains(*at)).unwrap_or(parked);
        let touched = self.paint_touched();
        std::mem::swap(&mut self.before, &mut self.canvas);
        self.bring(&touched, cursor, bells);
        &self.bytes
    }

    /// Writes what brings the terminal from the picture shown to the next one, which differ in these rows at most.
    fn bring(&mut self, touched: &[usize], cursor: Position, bells: u8) {
        self.bytes.clear();
        self.changes.clear();
        if self.whole {
            self.shown.fill(Cell::BLANK);
        }
        let columns = self.columns();
        for row in touched {
            let cells = span(columns, *row);
            changes(&self.shown[cells.clone()], &self.next[cells], *row, &mut self.changes);
        }
        if self.whole || !self.changes.is_empty() || self.cursor != Some(cursor) || bells > 0 {
            let (out, cells, colours) = (&mut self.bytes, &self.next[..], self.colours);
            let mut pen = Pen { out: Out(out), cells, columns, dress: Dress::PLAIN, at: None, wide: false, colours };
            pen.write(&self.changes, cursor, self.whole, bells).expect("writing to memory does not fail");
        }
        for row in touched {
            let cells = span(columns, *row);
            self.shown[cells.clone()].copy_from_slice(&self.next[cells]);
        }
        (self.whole, self.cursor) = (false, Some(cursor));
    }

    fn columns(&self) -> usize {
        self.area.width.into()
    }

    /// Paints the rows that are not made of the same strokes as before, and names them.
    fn paint_touched(&mut self) -> Vec<usize> {
        let rows = 0..usize::from(self.canvas.area.height);
        let touched: Vec<usize> =
            rows.filter(|row| self.whole || !self.canvas.has_same_row(&self.before, *row)).collect();
        let columns = usize::from(self.canvas.area.width);
        for row in &touched {
            self.canvas.paint(*row, &mut self.next[span(columns, *row)]);
        }
        touched
    }

    /// The bytes of the last [`Screen::frame`].
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Where the cells of a row lie.
fn span(columns: usize, row: usize) -> Range<usize> {
    row * columns..(row + 1) * columns
}

/// Finds the cells of a row that must be written to turn `before` into `after`. Where half of a wide glyph is
/// overwritten, the terminal makes something of the other half, so that one is written too; ratatui's own diff leaves
/// it (ratatui issue 2738).
fn changes(before: &[Cell], after: &[Cell], row: usize, found: &mut Vec<(u16, u16)>) {
    let (mut x, mut stale_until) = (0, 0);
    while x < after.len() {
        let width = after[x].width().min(after.len() - x);
        if x < stale_until || before[x] != after[x] {
            found.push((x as u16, row as u16));
            let covered = (x..x + width).map(|at| at + before[at].width()).max();
            stale_until = stale_until.max(covered.unwrap_or(x));
        }
        x += width;
    }
}

fn area(cols: u16, rows: u16) -> Rect {
    Rect::new(0, 0, cols.clamp(1, LARGEST.0), rows.clamp(1, LARGEST.1))
}

const MODIFIERS: [(Modifier, u8); 6] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::REVERSED, 7),
    (Modifier::CROSSED_OUT, 9),
];

/// Bytes on their way to a terminal.
struct Out<'a>(&'a mut Vec<u8>);

impl fmt::Write for Out<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

struct Pen<'a> {
    out: Out<'a>,
    /// The whole picture, row by row.
    cells: &'a [Cell],
    columns: usize,
    /// What the terminal's pen is set to.
    dress: Dress,
    /// Where the terminal's cursor is, as far as both sides agree.
    at: Option<(u16, u16)>,
    /// Whether the last glyph was wide.
    wide: bool,
    colours: Colours,
}

impl Pen<'_> {
    fn write(&mut self, changes: &[(u16, u16)], cursor: Position, whole: bool, bells: u8) -> fmt::Result {
        BeginSynchronizedUpdate.write_ansi(&mut self.out)?;
        if whole {
            self.out.0.extend(b"\x1b[0m");
            Clear(ClearType::All).write_ansi(&mut self.out)?;
            Show.write_ansi(&mut self.out)?;
        }
        for (x, y) in changes {
            self.cell(*x, *y)?;
        }
        self.turn_to(Dress::PLAIN);
        MoveTo(cursor.x, cursor.y).write_ansi(&mut self.out)?;
        self.out.0.extend(std::iter::repeat_n(b'\x07', bells.into()));
        EndSynchronizedUpdate.write_ansi(&mut self.out)
    }

    fn look(&self, cell: &Cell) -> Dress {
        match self.colours {
            Colours::None => cell.dress.without_colours(),
            Colours::Sixteen => cell.dress,
        }
    }

    fn cell(&mut self, x: u16, y: u16) -> fmt::Result {
        let cell = self.cells[usize::from(y) * self.columns + usize::from(x)];
        let width = cell.width() as u16;
        // After a run of wide glyphs the place is set again: where a terminal counts one of them differently, the row heals.
        let trusted = self.at == Some((x, y)) && (!self.wide || width > 1);
        if !trusted && !self.walk_to(x, y) {
            match self.at {
                Some((_, row)) if row == y => MoveToColumn(x).write_ansi(&mut self.out)?,
                _ => MoveTo(x, y).write_ansi(&mut self.out)?,
            }
        }
        self.wide = width > 1;
        self.at = Some((x + width, y));
        let dress = self.look(&cell);
        if cell.is_blank() && dress.is_bare() && self.dress.is_bare() {
            self.out.0.push(b' ');
            return Ok(());
        }
        self.turn_to(dress);
        let glyph = cell.glyph();
        if is_showable(glyph) {
            self.out.0.extend(glyph);
        } else {
            self.out.0.extend(std::iter::repeat_n(b'?', width.into()));
        }
        Ok(())
    }

    /// Goes to a cell close by in the same row by writing again what stands between, where that is shorter than a move.
    fn walk_to(&mut self, x: u16, y: u16) -> bool {
        let Some((from, row)) = self.at else { return false };
        if self.wide || row != y || from >= x || x - from > WALK {
            return false;
        }
        let start = usize::from(y) * self.columns;
        let between = &self.cells[start + usize::from(from)..start + usize::from(x)];
        let same = |cell: &Cell| {
            let (glyph, dress) = (cell.glyph(), self.look(cell));
            glyph.len() == 1
                && is_showable(glyph)
                && (dress == self.dress || cell.is_blank() && dress.is_bare() && self.dress.is_bare())
        };
        if !between.iter().all(same) {
            return false;
        }
        between.iter().for_each(|cell| self.out.0.extend(cell.glyph()));
        true
    }

    fn turn_to(&mut self, dress: Dress) {
        if dress == self.dress {
            return;
        }
        // From the terminal's own look nothing has to be taken back first.
        let mut first = self.dress == Dress::PLAIN;
        self.out.0.extend(if first { b"\x1b[".as_slice() } else { b"\x1b[0" });
        let mut attribute = |code: u8| {
            if !std::mem::replace(&mut first, false) {
                self.out.0.push(b';');
            }
            push_number(self.out.0, code);
        };
        for (modifier, code) in MODIFIERS {
            if dress.modifier.contains(modifier) {
                attribute(code);
            }
        }
        if let Some(index) = dress.foreground() {
            attribute(if index < 8 { 30 + index } else { 82 + index });
        }
        if let Some(index) = dress.background() {
            attribute(if index < 8 { 40 + index } else { 92 + index });
        }
        self.out.0.push(b'm');
        self.dress = dress;
    }
}

/// The longest text that is put on a clipboard, in bytes: terminals drop longer ones.
const CLIPBOARD_MAX: usize = 16 * 1024;

/// The one sequence beyond the alphabet (OSC 52), for terminals whose person switched it on: it carries nothing but base64.
pub fn clipboard(text: &str) -> String {
    let whole = (0..=text.len().min(CLIPBOARD_MAX)).rev().find(|end| text.is_char_boundary(*end));
    let text = &text[..whole.unwrap_or(0)];
    format!("\x1b]52;c;{}\x07", base64ct::Base64::encode_string(text.as_bytes()))
}

/// Text for a terminal that is written line by line: line feeds with their return, backspaces and bells, and nothing else
/// that a terminal would obey.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\r\n"),
            '\x07' | '\x08' => out.push(c),
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

/// Whether a cell holds one glyph and nothing that a terminal would obey; the second wall behind `domain::text`.
fn is_showable(glyph: &[u8]) -> bool {
    match glyph {
        [byte] => (0x20..0x7f).contains(byte),
        // A character of three bytes is never a control character.
        [0xe0..=0xef, _, _] => true,
        bytes => std::str::from_utf8(bytes).is_ok_and(|glyph| !glyph.chars().any(char::is_control)),
    }
}

/// Writes a number below 1,000 in decimal digits.
fn push_number(out: &mut Vec<u8>, number: u8) {
    let digits = [number / 100, number / 10 % 10, number % 10];
    let first = digits.iter().position(|digit| *digit > 0).unwrap_or(2);
    out.extend(digits[first..].iter().map(|digit| b'0' + digit));
}

#[cfg(test)]
mod tests;
