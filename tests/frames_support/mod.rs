//! How frames are looked at: as text, with a map of styles, and never with a character of ambiguous width.

mod ahead;
mod behind;
mod blind;
mod claims;
mod compare;
mod counting;
mod department;
mod headings;
mod idle;
mod imported;
mod month;
mod office;
mod outbox;
mod parts;
mod promotions;
mod quarter;
mod returns;
mod screens;
mod seats;
mod sent;
pub mod station;
mod warehouse;
mod whole;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use serde_json::json;
use taizhang::ui::canvas::Canvas;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::rehearsal::Rehearsal;

/// An order's first shipment leaves: packed, with its waybill, shipped.
pub fn leaves(books: &mut Rehearsal, order: &str, waybill: &str) {
    books.accept("keeper", json!({"do": "pack_shipment", "order": order}));
    books.accept("keeper", json!({"do": "note_waybill", "order": order, "carrier": "sf", "number": waybill}));
    books.accept("keeper", json!({"do": "ship_shipment", "order": order}));
}

/// A frame as a reader sees it.
pub struct Seen {
    /// The characters, a line a row, without blanks at the ends.
    pub glyphs: String,
    /// A letter for the style of each cell: `.` plain, `b` bold, `u` underlined, `r` reversed, upper case with a colour.
    pub styles: String,
    /// Where the hardware cursor stands.
    pub cursor: Option<Position>,
}

/// Draws into a buffer of this size and looks at it.
pub fn drawn(width: u16, height: u16, draw: impl FnOnce(Rect, &mut Canvas) -> Option<Position>) -> Seen {
    let area = Rect::new(0, 0, width, height);
    let mut canvas = Canvas::new(area);
    let cursor = draw(area, &mut canvas);
    seen(&canvas.picture(), cursor)
}

/// Looks at a buffer. Fails on what must never be on a screen.
pub fn seen(buf: &Buffer, cursor: Option<Position>) -> Seen {
    let (mut glyphs, mut styles) = (String::new(), String::new());
    for y in 0..buf.area.height {
        let mut covered = 0;
        let mut row = String::new();
        for x in 0..buf.area.width {
            let cell = &buf[(x, y)];
            styles.push(style_letter(cell.modifier, cell.fg));
            if covered > 0 {
                covered -= 1;
                continue;
            }
            let glyph = cell.symbol();
            let safe = glyph.chars().all(|c| !c.is_control() && c.width() == c.width_cjk());
            assert!(safe, "row {y} has {glyph:?}, whose width depends on the terminal");
            row.push_str(glyph);
            covered = glyph.width().saturating_sub(1);
        }
        assert!(row.width() <= buf.area.width.into(), "row {y} is {} cells wide: {row}", row.width());
        glyphs.push_str(row.trim_end());
        glyphs.push('\n');
        styles.push('\n');
    }
    if let Some(at) = cursor {
        assert!(buf.area.contains(at), "the cursor stands outside: {at:?} of {:?}", buf.area);
    }
    Seen { glyphs, styles, cursor }
}

fn style_letter(modifier: Modifier, colour: Color) -> char {
    let letter = match modifier {
        shape if shape.contains(Modifier::REVERSED) => 'r',
        shape if shape.contains(Modifier::BOLD) => 'b',
        shape if shape.contains(Modifier::UNDERLINED) => 'u',
        _ => '.',
    };
    match (colour, letter) {
        (Color::Reset, letter) => letter,
        (_, '.') => 'C',
        (_, letter) => letter.to_ascii_uppercase(),
    }
}

/// Compares a frame with the picture that is kept, or keeps it anew with `UPDATE_FRAMES=1`.
pub fn assert_frame(name: &str, frame: &Seen) {
    let path = format!("{}/tests/frames/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let cursor = frame.cursor.map_or_else(|| "none".to_owned(), |at| format!("{},{}", at.x, at.y));
    let actual = format!("{}--- styles\n{}--- cursor {cursor}\n", frame.glyphs, frame.styles);
    if std::env::var_os("UPDATE_FRAMES").is_some() {
        std::fs::write(&path, &actual).expect("frames can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == actual, "{name}: the frame changed\n{actual}");
}

/// Draws at every small size and some large ones, and also into a buffer that has just shrunk.
pub fn every_size(draw: impl Fn(Rect, &mut Canvas) -> Option<Position>) {
    let small = (0..=40).flat_map(|width| (0..=12).map(move |height| (width, height)));
    let large = [(60, 16), (79, 24), (80, 24), (100, 30), (120, 40), (160, 50), (200, 60), (1, 200), (300, 1)];
    for (width, height) in small.chain(large) {
        let mut canvas = Canvas::new(Rect::new(0, 0, width, height));
        let cursor = draw(canvas.area, &mut canvas);
        seen(&canvas.picture(), cursor);
        let stale = draw(Rect::new(0, 0, 80, 24), &mut canvas);
        seen(&canvas.picture(), stale.filter(|at| canvas.area.contains(*at)));
    }
}
