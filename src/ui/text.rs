//! Text on the screen: the only place that measures, pads, cuts and writes it.
//!
//! A width is a number of display cells as the terminal counts them, never of characters. What does
//! not fit is cut with `~`, and a wide glyph is never cut in half. Characters whose width depends on
//! the terminal's settings (`…`, `·`, curly quotes) are shown as their ASCII look-alikes, and
//! what would move the cursor is not shown at all: a cell only ever holds safe text.

use std::borrow::Cow;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::canvas::{Canvas, Manner};
use super::look::{Look, Tone};

/// At which end of its cells a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words, names, codes.
    Left,
    /// Figures.
    Right,
}

/// The text as it may be put into a cell: marks of ambiguous width as ASCII, nothing that moves the cursor.
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.chars().all(stands_as_is) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match look_alike(c) {
            _ if stands_as_is(c) => out.push(c),
            Some(plain) => out.push_str(plain),
            None if c.is_control() => out.push(' '),
            None if is_hidden(c) => (),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn stands_as_is(c: char) -> bool {
    simple(c).is_some() || !c.is_control() && c.width() == c.width_cjk() && !is_hidden(c)
}

/// Joiners, direction marks and variation selectors; combining marks are not hidden, they belong to a letter.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ASCII look-alike of a mark whose width depends on the terminal. Letters (Greek, Cyrillic) have none.
fn look_alike(c: char) -> Option<&'static str> {
    Some(match c {
        '“' | '”' | '„' | '″' => "\"",
        '‘' | '’' | '′' | '‵' => "'",
        '…' | '‥' => "~",
        '·' | '•' | '‧' | '∙' => ".",
        '×' => "x",
        '÷' => "/",
        '→' | '⇒' => ">",
        '←' => "<",
        '–' | '—' | '―' | '─' | '━' => "-",
        '│' | '┃' => "|",
        '■' | '◆' | '●' | '★' | '※' => "*",
        '□' | '◇' | '○' | '☆' | '°' => "o",
        '℃' => "C",
        '±' => "+-",
        '①' => "(1)",
        '②' => "(2)",
        '③' => "(3)",
        '④' => "(4)",
        '⑤' => "(5)",
        '√' => "v",
        '≤' => "<=",
        '≥' => ">=",
        _ => return None,
    })
}

/// The width of a character that never joins another of its kind: printable ASCII, Han, kana and full-width forms.
const fn simple(c: char) -> Option<usize> {
    match c {
        ' '..='~' => Some(1),
        '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' => Some(2),
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}

/// The length in bytes and the width of such a character at the beginning of a text.
fn simple_first(text: &str) -> Option<(usize, usize)> {
    match text.as_bytes() {
        [b' '..=b'~', ..] => Some((1, 1)),
        // All of them that are not ASCII take three bytes.
        [0xe3..=0xef, ..] => simple(text.chars().next()?).map(|cells| (3, cells)),
        _ => None,
    }
}

/// The glyphs of a text with their widths. Between characters that never join, which is almost all of a screen, no
/// rule of segmentation needs to be asked.
pub(super) struct Glyphs<'a> {
    rest: &'a str,
    /// What [`simple_first`] says of the rest.
    first: Option<(usize, usize)>,
}

impl<'a> Glyphs<'a> {
    pub fn of(text: &'a str) -> Glyphs<'a> {
        Glyphs { rest: text, first: simple_first(text) }
    }
}

impl<'a> Iterator for Glyphs<'a> {
    type Item = (&'a str, usize);

    fn next(&mut self) -> Option<(&'a str, usize)> {
        let alone = self.first.and_then(|(length, cells)| {
            let ahead = simple_first(&self.rest[length..]);
            (ahead.is_some() || self.rest.len() == length).then_some((length, cells, ahead))
        });
        let (length, cells, ahead) = match alone {
            Some(found) => found,
            None => {
                let glyph = self.rest.graphemes(true).next()?;
                (glyph.len(), glyph.width(), simple_first(&self.rest[glyph.len()..]))
            }
        };
        let (glyph, rest) = self.rest.split_at(length);
        (self.rest, self.first) = (rest, ahead);
        Some((glyph, cells))
    }
}

/// How many cells the text takes on a screen.
pub fn width(text: &str) -> usize {
    measured(text).cells
}

pub(super) fn safe_width(text: &str) -> usize {
    simple_width(text).unwrap_or_else(|| Glyphs::of(text).map(|(_, cells)| cells).sum())
}

/// The width of a text whose characters all are [simple](simple): almost all of a screen, measured without its glyphs.
fn simple_width(text: &str) -> Option<usize> {
    text.chars().try_fold(0, |cells, c| Some(cells + simple(c)?))
}

/// A text as it may be put into cells.
pub(super) struct Fitted<'a> {
    pub words: Cow<'a, str>,
    /// How many cells it takes.
    pub cells: usize,
    /// Whether all its characters are [simple](simple), so that it can be put down without a look for its glyphs.
    pub simple: bool,
}

impl Fitted<'_> {
    const NOTHING: Fitted<'static> = Fitted { words: Cow::Borrowed(""), cells: 0, simple: true };
}

/// The text as it may be put into a cell, and its width.
fn measured(text: &str) -> Fitted<'_> {
    match simple_width(text) {
        Some(cells) => Fitted { words: Cow::Borrowed(text), cells, simple: true },
        None => {
            let words = safe(text);
            let cells = safe_width(&words);
            Fitted { words, cells, simple: false }
        }
    }
}

/// The text cut to at most `cells`, ending in `~` where something is missing.
pub fn cut(text: &str, cells: usize) -> String {
    fitted(text, cells).words.into_owned()
}

/// The text as it may be put into `cells`, cut where it is too long, and its width.
fn fitted(text: &str, cells: usize) -> Fitted<'_> {
    let whole = measured(text);
    match whole.cells {
        _ if whole.cells <= cells => whole,
        _ if cells == 0 => Fitted::NOTHING,
        _ => {
            let head = head(&whole.words, cells - 1);
            let cells = safe_width(head) + 1;
            Fitted { words: Cow::Owned(format!("{head}~")), cells, simple: whole.simple }
        }
    }
}

/// The longest beginning of safe text that fits into `cells`.
pub(super) fn head(text: &str, cells: usize) -> &str {
    let (mut used, mut end) = (0, 0);
    for (glyph, width) in Glyphs::of(text) {
        used += width;
        if used > cells {
            break;
        }
        end += glyph.len();
    }
    &text[..end]
}

/// The longest end of safe text that fits into `cells`.
pub fn tail(text: &str, cells: usize) -> &str {
    let mut used = 0;
    let fits = text.grapheme_indices(true).rev().find(|(_, glyph)| {
        used += glyph.width();
        used > cells
    });
    fits.map_or(text, |(start, glyph)| &text[start + glyph.len()..])
}

/// The text in exactly `cells`: cut where too long, padded where short.
pub fn fit(text: &str, cells: usize, align: Align) -> String {
    let text = fitted(text, cells);
    let blank = " ".repeat(cells - text.cells);
    match align {
        Align::Left => text.words.into_owned() + &blank,
        Align::Right => blank + &text.words,
    }
}

/// The lines of at most `cells` that the text wraps into. Words of Latin text and figures stay whole where they can.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let text = safe(text);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for (word, broad) in Words(&text) {
        if used + broad > cells && used > 0 && broad <= cells {
            lines.push(String::new());
            used = 0;
        }
        if used == 0 && is_blank(word) && lines.len() > 1 {
            continue;
        }
        for (glyph, width) in Glyphs::of(word) {
            if used + width > cells && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is always a line").push_str(glyph);
            used += width;
        }
    }
    lines
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ')
}

/// What a line may not be broken in, with its width: narrow glyphs up to a blank, blanks, or one wide glyph.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = (&'a str, usize);

    fn next(&mut self) -> Option<(&'a str, usize)> {
        let kind = |(glyph, width): (&str, usize)| (width > 1, is_blank(glyph));
        let mut glyphs = Glyphs::of(self.0);
        let first = glyphs.next()?;
        let (mut end, mut broad) = (first.0.len(), first.1);
        while first.1 < 2
            && let Some(next) = glyphs.next()
            && kind(next) == kind(first)
        {
            end += next.0.len();
            broad += next.1;
        }
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        Some((word, broad))
    }
}

/// Lays the text from (`x`, `y`) rightwards, cut to `cells` and to the canvas. Returns the column after it.
pub fn put(canvas: &mut Canvas, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
    let area = canvas.area;
    if !area.contains(Position { x, y }) {
        return x;
    }
    let text = fitted(text, cells.min(area.right() - x).into());
    canvas.lay(y, x, text.cells as u16, Manner::Bare, &text, style);
    x + text.cells as u16
}

/// Lays the text into a row of `area`, counted from its top, where it fits whole; a row below it is not drawn. Answers
/// whether it fits.
pub fn put_whole(canvas: &mut Canvas, area: Rect, row: usize, text: &str, style: Style) -> bool {
    let text = measured(text);
    if text.cells > usize::from(area.width) {
        return false;
    }
    if row < usize::from(area.height) {
        canvas.lay(area.y + row as u16, area.x, text.cells as u16, Manner::Bare, &text, style);
    }
    true
}

/// Lays the text into exactly `cells`, blanks included, so that the style covers all of them.
pub fn put_fit(canvas: &mut Canvas, x: u16, y: u16, cells: u16, text: &str, align: Align, style: Style) -> u16 {
    let area = canvas.area;
    if cells > 0 && area.contains(Position { x, y }) {
        let seen = cells.min(area.right() - x);
        let text = fitted(text, seen.into());
        let before = if align == Align::Right { seen - text.cells as u16 } else { 0 };
        canvas.lay(y, x, seen, Manner::Padded { before }, &text, style);
    }
    x.saturating_add(cells)
}

/// Draws a line of `mark` over the whole width of row `y` of the area.
pub fn rule(canvas: &mut Canvas, area: Rect, y: u16, mark: char, style: Style) {
    let line = String::from(mark).repeat(area.width.into());
    put(canvas, area.x, y, area.width, &line, style);
}

/// Empties a rectangle for a popup, together with the wide glyphs that its edges would cut (ratatui#2526).
pub fn clear_wide(canvas: &mut Canvas, area: Rect) {
    let area = area.intersection(canvas.area);
    let plain = Look::default().style(Tone::Plain);
    for y in area.top()..area.bottom() {
        canvas.lay(y, area.left(), area.width, Manner::Clear, &Fitted::NOTHING, plain);
    }
}

/// Whether some terminals show the text one cell wide and others two.
pub fn is_ambiguous(text: &str) -> bool {
    text.chars().any(|c| c.width() != c.width_cjk())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_marked_and_never_halves_a_glyph() {
        assert_eq!(cut("成都文轩图书专营店", 9), "成都文轩~");
        assert_eq!(cut("成都文轩图书专营店", 10), "成都文轩~");
        assert_eq!(cut("成都文轩", 8), "成都文轩");
        assert_eq!(cut("a", 0), "");
        assert_eq!(cut("成", 1), "~");
    }

    #[test]
    fn padding_counts_cells() {
        assert_eq!(fit("成都", 6, Align::Left), "成都  ");
        assert_eq!(fit("12.00", 8, Align::Right), "   12.00");
        assert_eq!(fit("成都", 3, Align::Right), "成~"); // three cells: a glyph of two and the mark
        assert_eq!(width(&fit("e\u{301}成", 3, Align::Left)), 3);
    }

    #[test]
    fn ambiguous_marks_become_ascii() {
        assert_eq!(safe("“阿依·买买提”…×"), "\"阿依.买买提\"~x");
        assert_eq!(safe("（成都）：１２"), "（成都）：１２");
        assert!(is_ambiguous("─") && !is_ambiguous("成都 ￥12"));
    }

    #[test]
    fn nothing_that_moves_the_cursor_is_shown() {
        let shown = safe("a\u{1b}[2Jb\u{202e}c\u{200b}d\n成");
        assert_eq!(shown, "a [2Jbcd 成");
        assert_eq!(width("a\u{202e}b"), 2);
        let area = Rect::new(0, 0, 12, 1);
        let mut canvas = Canvas::new(area);
        put(&mut canvas, 0, 0, 12, "\u{1b}]0;x\u{7}\t成\u{85}", Style::default());
        assert!(canvas.picture().content.iter().all(|cell| cell.symbol().chars().all(|c| !c.is_control())));
    }

    #[test]
    fn a_line_wraps_at_cells_and_keeps_words() {
        assert_eq!(wrap("enter the waybill", 9), ["enter the", "waybill"].map(String::from));
        assert_eq!(wrap("成都文轩", 5), ["成都", "文轩"].map(String::from));
        assert_eq!(wrap("", 5), [String::new()]);
    }

    #[test]
    fn what_is_put_ends_where_the_next_may_begin() {
        let mut canvas = Canvas::new(Rect::new(0, 0, 20, 1));
        let mut end = |x, cells, text| put(&mut canvas, x, 0, cells, text, Style::default());
        assert_eq!(end(3, 9, "成都"), 7);
        assert_eq!(end(3, 4, "成都文"), 6); // a glyph of two and the mark; the half that is left stays free
        assert_eq!(end(3, 5, "成都文"), 8);
        assert_eq!((end(3, 0, "成"), end(18, 9, "abc"), end(20, 9, "abc")), (3, 20, 20));
    }

    #[test]
    fn the_end_of_a_long_text_can_be_shown() {
        assert_eq!(tail("成都文轩", 5), "文轩");
        assert_eq!(tail("abc", 9), "abc");
    }
}
