//! A picture as strokes of text, before it is cells.
//!
//! Between two frames most rows are made of the same strokes. To compare strokes costs little, to turn them into cells
//! much; so the server paints only the rows whose strokes differ from those of the frame before, and nobody
//! has to say what is stale. Strokes are laid on by [`text`], which measures; here they are painted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::cell::{Cell, Change};
use super::text::{Glyphs, simple_width};

/// A picture that is being drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    /// Its place and size in cells.
    pub area: Rect,
    rows: Vec<Row>,
}

/// The strokes of a row in the order in which they were laid on, and their texts one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Row {
    texts: String,
    strokes: Vec<Stroke>,
}

/// A text in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stroke {
    x: u16,
    cells: u16,
    bytes: u32,
    manner: Manner,
    change: Change,
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
}

impl Canvas {
    /// An empty canvas.
    pub fn new(area: Rect) -> Canvas {
        Canvas { area, rows: vec![Row::default(); area.height.into()] }
    }

    /// Takes everything off it.
    pub fn clear(&mut self) {
        for row in &mut self.rows {
            row.texts.clear();
            row.strokes.clear();
        }
    }

    /// Lays a stroke onto row `y`, which is on the canvas: safe text that fits into its cells, which are on it too.
    pub(super) fn lay(&mut self, y: u16, x: u16, cells: u16, manner: Manner, text: &str, style: Style) {
        let row = &mut self.rows[usize::from(y - self.area.y)];
        row.texts.push_str(text);
        let (bytes, change) = (text.len() as u32, Change::of(style));
        row.strokes.push(Stroke { x: x - self.area.x, cells, bytes, manner, change });
    }

    /// Lays all strokes of a part onto it, which lies inside.
    pub fn lay_part(&mut self, part: &Canvas) {
        let (right, down) = (part.area.x - self.area.x, usize::from(part.area.y - self.area.y));
        for (row, more) in self.rows[down..].iter_mut().zip(&part.rows) {
            row.texts.push_str(&more.texts);
            row.strokes.extend(more.strokes.iter().map(|stroke| Stroke { x: stroke.x + right, ..*stroke }));
        }
    }

    /// Whether the row at `place` from above is made of the same strokes on both, which are of one size.
    pub fn has_same_row(&self, other: &Canvas, place: usize) -> bool {
        self.rows[place] == other.rows[place]
    }

    /// Paints the row at `place` from above into its cells.
    pub fn paint(&self, place: usize, cells: &mut [Cell]) {
        cells.fill(Cell::BLANK);
        let row = &self.rows[place];
        let mut texts = row.texts.as_str();
        for stroke in &row.strokes {
            let (text, rest) = texts.split_at(stroke.bytes as usize);
            stroke.paint(text, cells);
            texts = rest;
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

impl Stroke {
    fn paint(&self, text: &str, row: &mut [Cell]) {
        let start = usize::from(self.x);
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
        }
    }

    /// Writes the text, and answers the column after it. Where half of a wide glyph is overwritten the other half is
    /// blanked, so that no half of one is left behind.
    fn put(&self, text: &str, start: usize, end: usize, row: &mut [Cell]) -> usize {
        if start > 0 && start < row.len() && row[start - 1].width() > 1 {
            row[start - 1].wipe();
        }
        if simple_width(text).is_some_and(|cells| cells <= end.saturating_sub(start)) {
            return self.put_simple(text.as_bytes(), start, row);
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

    /// Writes a text that fits and has no glyph but such as are one byte and one cell, or three bytes and two cells.
    fn put_simple(&self, mut text: &[u8], start: usize, row: &mut [Cell]) -> usize {
        let mut at = start;
        while let Some(first) = text.first() {
            let (bytes, width) = if first.is_ascii() { (1, 1) } else { (3, 2) };
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
