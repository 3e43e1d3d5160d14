//! A picture as strokes of text, before it is cells.
//!
//! Between two frames most rows are made of the same strokes. To compare strokes costs little, to turn them into cells
//! much; so the server paints only the rows whose strokes differ from those of the frame before, and nobody
//! has to say what is stale. What stays as it is for many frames, such as a pane or a row of a list, is a picture of its own
//! that is laid onto others as a part: it is shared, not copied, and the same part is known to be the same without a look
//! at its strokes. Strokes are laid on by [`text`](super::text), which measures; here they are painted.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::cell::{Cell, Change};
use super::text::{Fitted, Glyphs};

/// A picture that is being drawn. All its strokes lie in one place, for a key touches them when no cache is warm.
#[derive(Debug, Clone)]
pub struct Canvas {
    /// Its place and size in cells.
    pub area: Rect,
    rows: Vec<Row>,
    strokes: Vec<Stroke>,
    texts: String,
    parts: Vec<Rc<Canvas>>,
}

/// The first and the last stroke of a row.
#[derive(Debug, Clone, Copy)]
struct Row {
    first: u32,
    last: u32,
}

/// No stroke.
const NONE: u32 = u32::MAX;

/// A text in a place, or a part.
#[derive(Debug, Clone, Copy)]
struct Stroke {
    /// The stroke of the same row that was laid on after it.
    next: u32,
    /// Where its text begins, and how long it is.
    start: u32,
    bytes: u32,
    x: u16,
    cells: u16,
    manner: Manner,
    change: Change,
    /// Whether its glyphs are measured by their bytes alone.
    simple: bool,
}

/// How a stroke fills its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The text; cells beyond it stay as they are.
    Bare,
    /// The text with that many blanks before it, and blanks up to the last cell.
    Padded { before: u16 },
    /// Nothing: the cells are emptied.
    Clear,
    /// A row of a part.
    Part { of: u16, row: u16 },
}

impl Canvas {
    /// An empty canvas.
    pub fn new(area: Rect) -> Canvas {
        let rows = vec![Row { first: NONE, last: NONE }; area.height.into()];
        Canvas { area, rows, strokes: Vec::new(), texts: String::new(), parts: Vec::new() }
    }

    /// Takes everything off it.
    pub fn clear(&mut self) {
        self.rows.fill(Row { first: NONE, last: NONE });
        self.strokes.clear();
        self.texts.clear();
        self.parts.clear();
    }

    /// Lays a stroke onto row `y`, which is on the canvas: safe text that fits into its cells, which are on it too.
    pub(super) fn lay(&mut self, y: u16, x: u16, cells: u16, manner: Manner, text: &Fitted<'_>, style: Style) {
        let (start, bytes) = (self.texts.len() as u32, text.words.len() as u32);
        self.texts.push_str(&text.words);
        let (x, change, simple) = (x - self.area.x, Change::of(style), text.simple);
        self.push(y - self.area.y, Stroke { next: NONE, start, bytes, x, cells, manner, change, simple });
    }

    /// Lays a picture onto it as a part, which lies inside.
    pub fn lay_part(&mut self, part: &Rc<Canvas>) {
        let (right, down) = (part.area.x - self.area.x, part.area.y - self.area.y);
        let (of, start) = (self.parts.len() as u16, self.texts.len() as u32);
        for row in (0..part.area.height).filter(|row| part.rows[usize::from(*row)].first != NONE) {
            let manner = Manner::Part { of, row };
            let (cells, change) = (part.area.width, Change::NONE);
            self.push(
                down + row,
                Stroke { next: NONE, start, bytes: 0, x: right, cells, manner, change, simple: true },
            );
        }
        self.parts.push(Rc::clone(part));
    }

    fn push(&mut self, row: u16, stroke: Stroke) {
        let (row, place) = (&mut self.rows[usize::from(row)], self.strokes.len() as u32);
        match self.strokes.get_mut(row.last as usize) {
            Some(last) => last.next = place,
            None => row.first = place,
        }
        row.last = place;
        self.strokes.push(stroke);
    }

    /// The strokes of the row at `place` from above, in the order in which they were laid on.
    fn row(&self, place: usize) -> impl Iterator<Item = &Stroke> {
        let stroke = |place: u32| self.strokes.get(place as usize);
        std::iter::successors(stroke(self.rows[place].first), move |last| stroke(last.next))
    }

    fn text(&self, stroke: &Stroke) -> &str {
        &self.texts[stroke.start as usize..(stroke.start + stroke.bytes) as usize]
    }

    /// Whether the row at `place` from above is made of the same strokes on both, which are of one size.
    pub fn has_same_row(&self, other: &Canvas, place: usize) -> bool {
        self.is_same_row(place, other, place)
    }

    fn is_same_row(&self, place: usize, other: &Canvas, other_place: usize) -> bool {
        let (mut ours, mut theirs) = (self.row(place), other.row(other_place));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(one), Some(another)) if self.is_same(one, other, another) => {}
                _ => return false,
            }
        }
    }

    fn is_same(&self, one: &Stroke, other: &Canvas, another: &Stroke) -> bool {
        if (one.x, one.cells, one.change) != (another.x, another.cells, another.change) {
            return false;
        }
        match (one.manner, another.manner) {
            (Manner::Part { of, row }, Manner::Part { of: other_of, row: other_row }) => {
                let (part, other) = (&self.parts[usize::from(of)], &other.parts[usize::from(other_of)]);
                row == other_row && Rc::ptr_eq(part, other) || part.is_same_row(row.into(), other, other_row.into())
            }
            (manner, other_manner) => manner == other_manner && self.text(one) == other.text(another),
        }
    }

    /// Paints the row at `place` from above into its cells.
    pub fn paint(&self, place: usize, cells: &mut [Cell]) {
        cells.fill(Cell::BLANK);
        self.paint_over(place, 0, cells);
    }

    /// Paints it over what the cells hold, so many of them to the right.
    fn paint_over(&self, place: usize, right: usize, cells: &mut [Cell]) {
        for stroke in self.row(place) {
            let start = right + usize::from(stroke.x);
            match stroke.manner {
                Manner::Part { of, row } => self.parts[usize::from(of)].paint_over(row.into(), start, cells),
                _ => stroke.paint(self.text(stroke), start, cells),
            }
        }
    }

    /// All of it as cells.
    pub fn picture(&self) -> Buffer {
        let mut buffer = Buffer::empty(self.area);
        if self.area.width > 0 {
            let mut painted = vec![Cell::BLANK; self.area.width.into()];
            for (place, cells) in buffer.content.chunks_mut(painted.len()).enumerate() {
                self.paint(place, &mut painted);
                cells.iter_mut().zip(&painted).for_each(|(cell, painted)| *cell = painted.picture());
            }
        }
        buffer
    }
}

impl PartialEq for Canvas {
    fn eq(&self, other: &Canvas) -> bool {
        self.area == other.area && (0..self.rows.len()).all(|place| self.has_same_row(other, place))
    }
}

impl Stroke {
    fn paint(&self, text: &str, start: usize, row: &mut [Cell]) {
        let end = (start + usize::from(self.cells)).min(row.len());
        match self.manner {
            Manner::Bare => {
                self.put(text, start, end, row);
            }
            Manner::Padded { before } => {
                let from = end.min(start + usize::from(before));
                self.fill(start, from, row);
                let at = self.put(text, from, end, row);
                self.fill(at, end, row);
            }
            Manner::Clear => clear(start, end, row),
            Manner::Part { .. } => {}
        }
    }

    /// Writes the text, and answers the column after it. Where half of a wide glyph is overwritten the other half is
    /// blanked, so that no half of one is left behind.
    fn put(&self, text: &str, start: usize, end: usize, row: &mut [Cell]) -> usize {
        if start > 0 && start < row.len() && row[start - 1].width() > 1 {
            row[start - 1].wipe();
        }
        if self.simple {
            return self.put_simple(text.as_bytes(), start, end, row);
        }
        let mut at = start;
        for (glyph, width) in Glyphs::of(text).filter(|(_, width)| *width > 0) {
            let after = at + width;
            if after > end {
                break;
            }
            self.put_glyph(glyph.as_bytes(), width, &mut row[at..after]);
            at = after;
        }
        at
    }

    /// Writes a text that has no glyph but such as are one byte and one cell, or three bytes and two cells.
    fn put_simple(&self, mut text: &[u8], start: usize, end: usize, row: &mut [Cell]) -> usize {
        let mut at = start;
        while let Some(first) = text.first() {
            let (bytes, width) = if first.is_ascii() { (1, 1) } else { (3, 2) };
            if at + width > end {
                break;
            }
            let (glyph, rest) = text.split_at(bytes);
            self.put_glyph(glyph, width, &mut row[at..at + width]);
            (text, at) = (rest, at + width);
        }
        at
    }

    fn put_glyph(&self, glyph: &[u8], width: usize, cells: &mut [Cell]) {
        let Some((first, covered)) = cells.split_first_mut() else { return };
        first.put(glyph, width, self.change);
        for cell in covered {
            *cell = Cell::BLANK;
            cell.put(b" ", 1, self.change);
        }
    }

    fn fill(&self, start: usize, end: usize, row: &mut [Cell]) {
        for cell in row.get_mut(start..end).unwrap_or_default() {
            cell.put(b" ", 1, self.change);
        }
    }
}

/// Empties the cells, and blanks the wide glyphs that the two edges cut.
fn clear(start: usize, end: usize, row: &mut [Cell]) {
    if start > 0 && row[start - 1].width() > 1 {
        row[start - 1].wipe();
    }
    if end > 0 && end < row.len() && row[end - 1].width() > 1 {
        row[end].wipe();
    }
    row[start..end].fill(Cell::BLANK);
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    const PLAIN: Style = Style::new();

    fn row(canvas: &Canvas) -> String {
        canvas.picture().content.iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn a_popup_leaves_no_half_glyph() {
        let mut canvas = Canvas::new(Rect::new(0, 0, 10, 1));
        text::put(&mut canvas, 0, 0, 10, "成都文轩图", PLAIN);
        text::clear_wide(&mut canvas, Rect::new(3, 0, 4, 1));
        assert_eq!(row(&canvas), "成       图 ");
    }

    #[test]
    fn writing_over_half_a_glyph_blanks_the_other_half() {
        let mut canvas = Canvas::new(Rect::new(0, 0, 4, 1));
        text::put(&mut canvas, 0, 0, 4, "成都", PLAIN);
        text::put(&mut canvas, 1, 0, 1, "|", PLAIN);
        let picture = canvas.picture();
        assert_eq!((picture[(0, 0)].symbol(), picture[(1, 0)].symbol()), (" ", "|"));
    }

    #[test]
    fn a_row_is_the_same_only_where_text_place_and_style_are() {
        let area = Rect::new(0, 0, 10, 2);
        let drawn = |x, words, style| {
            let mut canvas = Canvas::new(area);
            text::put(&mut canvas, x, 1, 5, words, style);
            canvas
        };
        let one = drawn(1, "ab", PLAIN);
        assert!(one.has_same_row(&drawn(1, "ab", PLAIN), 1) && one.has_same_row(&drawn(2, "ab", PLAIN), 0));
        for other in [drawn(2, "ab", PLAIN), drawn(1, "ac", PLAIN), drawn(1, "ab", PLAIN.bold())] {
            assert!(!one.has_same_row(&other, 1));
        }
        let mut emptied = one.clone();
        emptied.clear();
        assert_eq!(emptied, Canvas::new(area));
    }

    #[test]
    fn a_part_is_painted_in_its_place_and_known_by_its_strokes() {
        let part = |words| {
            let mut part = Canvas::new(Rect::new(3, 1, 6, 1));
            text::put(&mut part, 3, 1, 6, words, PLAIN);
            Rc::new(part)
        };
        let drawn = |part: &Rc<Canvas>| {
            let mut canvas = Canvas::new(Rect::new(0, 0, 10, 3));
            text::put(&mut canvas, 0, 1, 10, "..成都....", PLAIN);
            canvas.lay_part(part);
            text::put(&mut canvas, 8, 1, 1, "!", PLAIN);
            canvas
        };
        let one = part("文a");
        let canvas = drawn(&one);
        assert_eq!(row(&canvas), format!("{0}.. 文 a..!.{0}", " ".repeat(10)));
        assert!(canvas.has_same_row(&drawn(&one), 1) && canvas.has_same_row(&drawn(&part("文a")), 1));
        assert!(!canvas.has_same_row(&drawn(&part("文b")), 1));
        assert!(!canvas.has_same_row(&Canvas::new(canvas.area), 1), "a part is more than nothing");
    }

    #[test]
    fn the_same_words_in_other_strokes_are_told_apart() {
        let drawn = |first, second| {
            let mut canvas = Canvas::new(Rect::new(0, 0, 10, 1));
            text::put(&mut canvas, 0, 0, 5, first, PLAIN);
            text::put(&mut canvas, 5, 0, 5, second, PLAIN);
            canvas
        };
        assert!(!drawn("ab", "c").has_same_row(&drawn("a", "bc"), 0));
    }
}
