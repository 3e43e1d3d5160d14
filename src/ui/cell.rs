//! A cell of a picture: one glyph and how it looks, as a few plain numbers, so that pictures are compared fast.

use ratatui::buffer;
use ratatui::style::{Modifier, Style};

use super::look;

/// The longest glyph in bytes; of a longer one the marks that do not fit are left out.
const LONGEST: usize = 8;

/// Attributes that no screen uses: what blinks or hides.
const UNUSED: Modifier = Modifier::HIDDEN.union(Modifier::SLOW_BLINK).union(Modifier::RAPID_BLINK);

/// The colour that a terminal has of itself.
const OWN: u8 = u8::MAX;

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dress {
    fg: u8,
    bg: u8,
    /// Bold, reversed, underlined and the like.
    pub modifier: Modifier,
}

impl Dress {
    /// As the terminal shows text by itself.
    pub const PLAIN: Dress = Dress { fg: OWN, bg: OWN, modifier: Modifier::empty() };

    /// The colour of the glyph by its place in the palette of sixteen, if it has one of its own.
    pub fn foreground(self) -> Option<u8> {
        (self.fg != OWN).then_some(self.fg)
    }

    /// The colour behind it.
    pub fn background(self) -> Option<u8> {
        (self.bg != OWN).then_some(self.bg)
    }

    /// The same without colours.
    pub fn without_colours(self) -> Dress {
        Dress { modifier: self.modifier, ..Dress::PLAIN }
    }

    /// Whether a blank that looks so looks like any other blank.
    pub fn is_bare(self) -> bool {
        let drawn = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);
        self.bg == OWN && !self.modifier.intersects(drawn)
    }
}

/// What a style makes of the look of a cell that it is laid on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    fg: Option<u8>,
    bg: Option<u8>,
    add: Modifier,
    take: Modifier,
}

impl Change {
    /// None at all.
    pub const NONE: Change = Change { fg: None, bg: None, add: Modifier::empty(), take: Modifier::empty() };

    /// The change of a style.
    pub fn of(style: Style) -> Change {
        Change {
            fg: style.fg.map(|colour| look::place_of(colour).unwrap_or(OWN)),
            bg: style.bg.map(|colour| look::place_of(colour).unwrap_or(OWN)),
            add: style.add_modifier.difference(UNUSED),
            take: style.sub_modifier,
        }
    }

    fn to(self, dress: &mut Dress) {
        dress.fg = self.fg.unwrap_or(dress.fg);
        dress.bg = self.bg.unwrap_or(dress.bg);
        dress.modifier = dress.modifier.difference(self.take).union(self.add);
    }
}

/// One glyph and how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    glyph: [u8; LONGEST],
    bytes: u8,
    cells: u8,
    /// How it looks.
    pub dress: Dress,
}

impl Cell {
    /// A blank.
    pub const BLANK: Cell = {
        let mut glyph = [0; LONGEST];
        glyph[0] = b' ';
        Cell { glyph, bytes: 1, cells: 1, dress: Dress::PLAIN }
    };

    /// Holds another glyph, which takes so many cells, and changes its look.
    pub fn put(&mut self, glyph: &[u8], cells: usize, change: Change) {
        // The two lengths of almost every glyph, apart so that they are copied as numbers.
        (self.glyph, self.bytes) = match *glyph {
            [one] => ([one, 0, 0, 0, 0, 0, 0, 0], 1),
            [one, two, three] => ([one, two, three, 0, 0, 0, 0, 0], 3),
            _ => longest(glyph),
        };
        self.cells = cells.clamp(1, 2) as u8;
        change.to(&mut self.dress);
    }

    /// Becomes a blank and keeps its look.
    pub fn wipe(&mut self) {
        *self = Cell { dress: self.dress, ..Cell::BLANK };
    }

    /// The glyph.
    pub fn symbol(&self) -> &str {
        std::str::from_utf8(self.glyph()).unwrap_or("?")
    }

    /// The glyph's bytes.
    pub fn glyph(&self) -> &[u8] {
        &self.glyph[..usize::from(self.bytes).min(LONGEST)]
    }

    /// How many cells it takes: one or two.
    pub fn width(&self) -> usize {
        self.cells.into()
    }

    /// Whether it is a blank.
    pub fn is_blank(&self) -> bool {
        self.bytes == 1 && self.glyph[0] == b' '
    }

    /// The same as ratatui has it.
    pub fn picture(&self) -> buffer::Cell {
        let mut cell = buffer::Cell::default();
        cell.set_symbol(self.symbol());
        let (fg, bg) = (look::colour_at(self.dress.foreground()), look::colour_at(self.dress.background()));
        (cell.fg, cell.bg, cell.modifier) = (fg, bg, self.dress.modifier);
        cell
    }
}

/// As much of a glyph as fits, with its length: whole characters only.
fn longest(glyph: &[u8]) -> ([u8; LONGEST], u8) {
    let is_boundary = |at: &usize| glyph.get(*at).is_none_or(|byte| byte & 0b1100_0000 != 0b1000_0000);
    let length = (0..=glyph.len().min(LONGEST)).rev().find(is_boundary).unwrap_or(0);
    let mut kept = [0; LONGEST];
    kept[..length].copy_from_slice(&glyph[..length]);
    (kept, length as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(glyph: &str) -> Cell {
        let mut cell = Cell::BLANK;
        cell.put(glyph.as_bytes(), 1, Change::of(Style::new()));
        cell
    }

    #[test]
    fn a_glyph_keeps_the_marks_that_fit() {
        assert_eq!(cell("成").symbol(), "成");
        assert_eq!(cell("e\u{301}").symbol(), "e\u{301}");
        let long = format!("a{}", "\u{301}".repeat(500));
        assert_eq!(cell(&long).symbol(), "a\u{301}\u{301}\u{301}");
        assert_eq!(cell(" "), Cell::BLANK);
    }

    #[test]
    fn a_style_changes_what_it_names_and_leaves_the_rest() {
        let mut cell = Cell::BLANK;
        let blue_on_white =
            Style { fg: Some(look::colour_at(Some(4))), bg: Some(look::colour_at(Some(15))), ..Style::new() };
        cell.put(b"a", 1, Change::of(blue_on_white.bold()));
        assert_eq!(
            (cell.dress.foreground(), cell.dress.background(), cell.dress.modifier),
            (Some(4), Some(15), Modifier::BOLD)
        );
        cell.put(b"b", 1, Change::of(Style::new().not_bold().underlined()));
        assert_eq!((cell.dress.foreground(), cell.dress.modifier), (Some(4), Modifier::UNDERLINED));
        cell.put(b"c", 1, Change::of(Style { fg: Some(look::colour_at(None)), ..Style::new().rapid_blink() }));
        assert_eq!(
            (cell.dress.foreground(), cell.dress.background(), cell.dress.modifier),
            (None, Some(15), Modifier::UNDERLINED)
        );
        assert_eq!(cell.dress.without_colours(), Dress { modifier: Modifier::UNDERLINED, ..Dress::PLAIN });
        cell.wipe();
        assert!(cell.is_blank() && !cell.dress.is_bare() && Cell::BLANK.dress.is_bare());
    }
}
