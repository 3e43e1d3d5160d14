//! One line that is typed into: text, a cursor between graphemes, and what kind of thing it should become.
//!
//! Code and figures are folded to ASCII as they come, so that a Chinese input method does no harm; what still is not
//! ASCII is refused as a whole. The text is kept as typed; what it means is asked when it is accepted.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::person::is_typeable;
use crate::domain::text::{Text, fold};
use crate::ui::text;

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// A code, a number of an order, a waybill: ASCII.
    Code,
    /// A quantity: digits, point, sign.
    Quantity,
    /// An amount of money.
    Money,
    /// A day.
    Day,
    /// A passphrase, never shown.
    Passphrase,
}

/// Why something typed was not taken. The words are in the locale under [`Refused::words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Characters that a code or a number cannot hold.
    NotAscii,
    /// Six or seven digits: too many for a quantity, too few for a code.
    TooManyDigits,
    /// The field is full.
    TooLong,
    /// A paste of several lines, or a scan where no code belongs.
    NotHere,
    /// The form has no lines.
    NoLines,
    /// Nothing can be picked for this field.
    NoPick,
    /// There is nothing from the last time that could be copied here.
    NoCopy,
}

impl Refused {
    /// The locale key of the reason.
    pub fn words(self) -> &'static str {
        match self {
            Refused::NotAscii => "input.not_ascii",
            Refused::TooManyDigits => "input.too_many_digits",
            Refused::TooLong => "input.too_long",
            Refused::NotHere => "input.not_here",
            Refused::NoLines => "input.no_lines",
            Refused::NoPick => "input.no_pick",
            Refused::NoCopy => "input.no_copy",
        }
    }
}

/// What a quantity field holds when Enter comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    /// Something that may be a quantity.
    Quantity,
    /// So many digits that it is the next code, whatever the timing.
    Code,
}

/// The longest text of a field, in characters.
const TEXT_LIMIT: usize = 200;
/// The longest code, in characters: a GS1 element string fits.
const CODE_LIMIT: usize = 96;
/// The most digits of a quantity before the point.
const QUANTITY_DIGITS: usize = 5;
/// From so many digits on, figures are a code.
const CODE_DIGITS: usize = 8;

/// A line being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    kind: Kind,
    text: String,
    /// The byte before which the cursor stands, always between graphemes.
    cursor: usize,
    before: Option<String>,
    /// Whether the cursor has just come: then the first figure replaces what is there.
    fresh: bool,
}

impl Input {
    /// An empty line.
    pub fn new(kind: Kind) -> Input {
        Input { kind, text: String::new(), cursor: 0, before: None, fresh: false }
    }

    /// A line that holds `text`, the cursor at its end.
    pub fn holding(kind: Kind, text: &str) -> Input {
        Input { kind, text: text.to_owned(), cursor: text.len(), before: None, fresh: false }
    }

    /// What kind of line it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The text as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Replaces the text; the cursor goes to the end. [`Input::undo`] brings the old one back.
    pub fn set(&mut self, text: &str) {
        self.before = Some(std::mem::replace(&mut self.text, text.to_owned()));
        self.cursor = self.text.len();
    }

    /// Empties the line.
    pub fn clear(&mut self) {
        if !self.text.is_empty() {
            self.set("");
        }
    }

    /// Brings back the text that the last [`Input::set`] or [`Input::clear`] replaced; again, and it is undone.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.before = Some(std::mem::replace(&mut self.text, before));
        self.cursor = self.text.len();
        true
    }

    /// The cursor has come to this line. Figures that are typed now replace the ones that are there.
    pub fn arrive(&mut self) {
        self.cursor = self.text.len();
        self.fresh = matches!(self.kind, Kind::Quantity | Kind::Money);
    }

    /// Types `typed` at the cursor, whole or not at all. A code typed at once into a quantity replaces it.
    pub fn insert(&mut self, typed: &str) -> Result<(), Refused> {
        let typed = self.admitted(typed)?;
        let is_code = self.kind == Kind::Quantity && typed.len() >= CODE_DIGITS;
        if std::mem::take(&mut self.fresh) && !typed.is_empty() || is_code {
            self.set(&typed);
            return Ok(());
        }
        let limit = if self.kind == Kind::Code { CODE_LIMIT } else { TEXT_LIMIT };
        if self.text.chars().count() + typed.chars().count() > limit {
            return Err(Refused::TooLong);
        }
        self.text.insert_str(self.cursor, &typed);
        self.cursor = self.boundary_at_or_after(self.cursor + typed.len());
        Ok(())
    }

    /// Pastes one line; several are refused, and so is a long one.
    pub fn paste(&mut self, pasted: &str) -> Result<(), Refused> {
        let pasted = pasted.trim_end_matches(['\r', '\n']);
        if pasted.contains(['\r', '\n']) { Err(Refused::NotHere) } else { self.insert(pasted) }
    }

    fn admitted(&self, typed: &str) -> Result<String, Refused> {
        match self.kind {
            Kind::Text => Ok(harmless(typed)),
            // What an input method turned into other characters would not be the passphrase, and nobody could see why.
            Kind::Passphrase => {
                only(typed.chars().filter(|c| !c.is_control()).collect(), |c| is_typeable(c.encode_utf8(&mut [0; 4])))
            }
            Kind::Code | Kind::Day => only(fold(typed), |c| c.is_ascii_graphic() || c == ' ' || c == '\u{1d}'),
            Kind::Quantity => only(fold(typed), |c| c.is_ascii_alphanumeric() || "+-*./".contains(c)),
            Kind::Money => only(fold(typed), |c| c.is_ascii_digit() || "+-.,".contains(c)),
        }
    }

    /// What the figures of a quantity field are, asked when Enter comes.
    pub fn figures(&self) -> Result<Figures, Refused> {
        let whole = self.text.split('.').next().unwrap_or_default();
        let digits = whole.bytes().filter(u8::is_ascii_digit).count();
        let letters = self.text.bytes().any(|b| b.is_ascii_alphabetic());
        match digits {
            _ if letters && self.text.len() >= CODE_DIGITS => Ok(Figures::Code),
            _ if letters => Err(Refused::NotAscii),
            0..=QUANTITY_DIGITS => Ok(Figures::Quantity),
            CODE_DIGITS.. => Ok(Figures::Code),
            _ => Err(Refused::TooManyDigits),
        }
    }

    /// One grapheme to the left.
    pub fn left(&mut self) {
        self.fresh = false;
        self.cursor = self.previous();
    }

    /// One grapheme to the right.
    pub fn right(&mut self) {
        self.fresh = false;
        self.cursor = self.next();
    }

    /// To the beginning.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// Takes away the grapheme before the cursor. Returns whether there was one.
    pub fn backspace(&mut self) -> bool {
        self.fresh = false;
        let from = self.previous();
        let gone = from < self.cursor;
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
        gone
    }

    /// Takes away the grapheme after the cursor.
    pub fn delete(&mut self) {
        self.text.replace_range(self.cursor..self.next(), "");
    }

    /// What to show in `cells`, and the cell of the cursor in it. The cursor is always inside.
    pub fn window(&self, cells: usize) -> (String, usize) {
        let shown = |text: &str| match self.kind {
            Kind::Passphrase => "*".repeat(text.graphemes(true).count()),
            _ => text::safe(text).into_owned(),
        };
        let (before, after) = (shown(&self.text[..self.cursor]), shown(&self.text[self.cursor..]));
        let room = cells.saturating_sub(1);
        let fits = text::width(&before) <= room;
        let before = if fits { before } else { format!("<{}", text::tail(&before, room.saturating_sub(1))) };
        let at = text::width(&before).min(room);
        (text::cut(&(before + &after), cells), at)
    }

    fn previous(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn next(&self) -> usize {
        self.text[self.cursor..].graphemes(true).next().map_or(self.cursor, |glyph| self.cursor + glyph.len())
    }

    /// A mark typed after its letter joins it, so the cursor may have to move on.
    fn boundary_at_or_after(&self, at: usize) -> usize {
        let starts = self.text.grapheme_indices(true).map(|(start, _)| start);
        starts.chain([self.text.len()]).find(|start| *start >= at).unwrap_or(self.text.len())
    }
}

fn only(folded: String, allowed: impl Fn(char) -> bool) -> Result<String, Refused> {
    if folded.chars().all(allowed) { Ok(folded) } else { Err(Refused::NotAscii) }
}

/// Free text as it may be typed: line ends and tabs are blanks, nothing dangerous gets in.
fn harmless(typed: &str) -> String {
    let each = typed.graphemes(true).map(|glyph| match glyph {
        blank if blank.chars().all(char::is_whitespace) => " ".to_owned(),
        glyph => Text::new(glyph).as_str().to_owned(),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(kind: Kind, text: &str) -> Input {
        let mut input = Input::new(kind);
        input.insert(text).unwrap();
        input
    }

    #[test]
    fn the_cursor_steps_over_graphemes() {
        let mut input = typed(Kind::Text, "成e\u{301}都");
        input.left();
        input.left();
        input.insert("x").unwrap();
        assert_eq!(input.text(), "成xe\u{301}都");
        input.delete();
        assert_eq!(input.text(), "成x都");
        input.home();
        assert!(!input.backspace());
        input.end();
        assert!(input.backspace());
        assert_eq!(input.text(), "成x");
    }

    #[test]
    fn codes_and_figures_fold_and_refuse_the_rest_whole() {
        assert_eq!(typed(Kind::Quantity, "１２．５").text(), "12.5");
        assert_eq!(typed(Kind::Code, "ＳＦ１２").text(), "SF12");
        let mut input = typed(Kind::Quantity, "12");
        assert_eq!(input.insert("三"), Err(Refused::NotAscii));
        assert_eq!(input.insert("3三"), Err(Refused::NotAscii));
        assert_eq!(input.text(), "12");
        assert_eq!(typed(Kind::Text, "１２三").text(), "１２三");
    }

    #[test]
    fn digits_decide_between_quantity_and_code() {
        let figures = |text| typed(Kind::Quantity, text).figures();
        assert_eq!(figures("12345"), Ok(Figures::Quantity));
        assert_eq!(figures("12.375"), Ok(Figures::Quantity));
        assert_eq!(figures("123456"), Err(Refused::TooManyDigits));
        assert_eq!(figures("1234567"), Err(Refused::TooManyDigits));
        assert_eq!(figures("12345678"), Ok(Figures::Code));
        assert_eq!(figures("9787020002207"), Ok(Figures::Code));
    }

    #[test]
    fn a_paste_of_lines_is_refused_and_one_line_is_taken() {
        let mut input = Input::new(Kind::Text);
        assert_eq!(input.paste("a\nb"), Err(Refused::NotHere));
        assert_eq!(input.paste("成都\r\n"), Ok(()));
        assert_eq!(input.text(), "成都");
        assert_eq!(input.paste(&"x".repeat(300)), Err(Refused::TooLong));
    }

    #[test]
    fn typed_text_is_harmless() {
        assert_eq!(typed(Kind::Text, "a\u{1b}[2J\tb").text(), "a‹U+001B›[2J b");
        assert!(!typed(Kind::Text, "\u{202e}abc").text().contains('\u{202e}'));
    }

    #[test]
    fn the_window_always_holds_the_cursor() {
        let mut input = typed(Kind::Text, "成都文轩图书专营店");
        for cells in 0..24 {
            for _ in 0..10 {
                let (shown, at) = input.window(cells);
                assert!(text::width(&shown) <= cells && (at < cells || cells == 0), "{cells}: {shown} {at}");
                input.left();
            }
            input.end();
        }
        assert_eq!(typed(Kind::Passphrase, "ab x").window(10), ("****".into(), 4));
    }

    #[test]
    fn what_was_replaced_comes_back() {
        let mut input = typed(Kind::Text, "成都");
        input.clear();
        assert!(input.is_empty() && input.undo());
        assert_eq!(input.text(), "成都");
        assert!(input.undo());
        assert!(input.is_empty());
    }
}
