//! The picture of a question: an ASCII box over what is there, with both borders on every row.

use ratatui::layout::{Position, Rect};

use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::look::Tone;
use crate::ui::part::dialog::{Button, Dialog};
use crate::ui::part::field::{Entry, Field};
use crate::ui::text::{self, Align};

/// The cells that a box is wide at most.
const WIDEST: u16 = 76;
/// As much as is ever typed of a question's code: its box does not grow while it is typed.
const TYPED_WIDEST: &str = "00";

/// A box of `width` by `height` in the middle of `area`, cleared and framed. Returns its inside.
pub fn frame(title: &str, width: u16, height: u16, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Rect {
    let area = area.intersection(buf.area);
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    text::clear_wide(buf, place);
    if width < 4 || height < 3 {
        return Rect { width: 0, height: 0, ..place };
    }
    let style = pen.style(Tone::Plain);
    let line = format!("+{}+", "-".repeat(usize::from(width) - 2));
    text::put(buf, place.x, place.y, width, &line, style);
    text::put(buf, place.x, place.bottom() - 1, width, &line, style);
    for y in place.y + 1..place.bottom() - 1 {
        text::put(buf, place.x, y, 1, "|", style);
        text::put(buf, place.right() - 1, y, 1, "|", style);
    }
    let title = format!(" {} ", text::cut(title, usize::from(width).saturating_sub(6)));
    let x = place.x + (width - text::width(&title) as u16) / 2;
    text::put(buf, x, place.y, width - 2, &title, pen.style(Tone::Title));
    Rect { x: place.x + 2, y: place.y + 1, width: width - 4, height: height - 2 }
}

impl Dialog {
    /// Draws the question in the middle of `area`. Returns where the cursor stands.
    pub fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
        let buttons = self.buttons(pen);
        let widest = self.lines.iter().map(|line| text::width(line)).chain([
            text::width(&self.title) + 4,
            buttons_width(&buttons),
            text::width(&self.hint(pen, TYPED_WIDEST)),
            44,
        ]);
        let width = (widest.max().unwrap_or_default() as u16 + 4).min(WIDEST).min(area.width);
        let wrapped: Vec<String> =
            self.lines.iter().flat_map(|line| text::wrap(line, usize::from(width.saturating_sub(4)).max(1))).collect();
        let height = wrapped.len() as u16 + self.fields.len() as u16 + 5;
        let inside = frame(&self.title, width, height, area, buf, pen);
        // The buttons and the hint are kept to the last: what gives way is the explanation.
        let kept = 2 + self.fields.len() as u16;
        let room = inside.height.saturating_sub(kept);
        for (row, line) in wrapped.iter().take(room.into()).enumerate() {
            text::put(buf, inside.x, inside.y + row as u16, inside.width, line, pen.style(Tone::Plain));
        }
        let below = inside.y + room.min(wrapped.len() as u16);
        let mut cursor = None;
        for (y, (at, field)) in (below..).zip(self.fields.iter().enumerate()).filter(|_| inside.height >= kept) {
            let row = Rect { y, height: 1, ..inside };
            cursor = cursor.or(field_row(field, self.field_at() == Some(at), row, buf, pen));
        }
        let bottom = Rect { y: inside.bottom().saturating_sub(2), ..inside };
        let at_button = self.bottom(&buttons, bottom, inside, buf, pen);
        cursor.or(at_button)
    }

    fn buttons(&self, pen: Pen<'_>) -> [(Button, String); 2] {
        let mark = |button, words: String| {
            if self.button() == Some(button) { format!("[{words}]") } else { format!(" {words} ") }
        };
        [
            (Button::Confirm, mark(Button::Confirm, format!("F8 {}", self.verb))),
            (Button::Cancel, mark(Button::Cancel, format!("F12 {}", pen.say("dialog.cancel")))),
        ]
    }

    fn bottom(
        &self,
        buttons: &[(Button, String)],
        at: Rect,
        inside: Rect,
        buf: &mut Canvas,
        pen: Pen<'_>,
    ) -> Option<Position> {
        if inside.height < 2 {
            return None;
        }
        let mut x = at.x;
        let mut cursor = None;
        for (button, words) in buttons {
            let chosen = self.button() == Some(*button);
            cursor = if chosen {
                Some(Position { x: (x + 1).min(inside.right().saturating_sub(1)), y: at.y })
            } else {
                cursor
            };
            let tone = if chosen { Tone::Chosen } else { Tone::Plain };
            x = text::put(buf, x, at.y, inside.right().saturating_sub(x), words, pen.style(tone)) + 2;
        }
        let hint = self.hint(pen, self.typed());
        text::put(buf, at.x, at.y + 1, inside.width, &hint, pen.style(Tone::Faint));
        cursor.filter(|_| inside.width > 0)
    }

    /// How the question is answered, with what was typed of its code.
    fn hint(&self, pen: Pen<'_>, typed: &str) -> String {
        match self.code {
            Some(code) => pen.words.say_with("dialog.code_hint", &[("code", &code), ("typed", &typed)]),
            None if self.takes_scans() => pen.say("dialog.scan_hint").to_owned(),
            None => pen.say("dialog.hint").to_owned(),
        }
    }
}

fn buttons_width(buttons: &[(Button, String)]) -> usize {
    buttons.iter().map(|(_, words)| text::width(words) + 2).sum()
}

fn field_row(field: &Field, focused: bool, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
    let label = format!("{} {} ", pen.say(field.label), if focused { ">" } else { ":" });
    let x = text::put(buf, area.x, area.y, area.width, &label, pen.style(Tone::Plain));
    let room = area.right().saturating_sub(x);
    let style = pen.style(if focused { Tone::Field } else { Tone::Blank });
    let (shown, at) = match &field.entry {
        Entry::Line(input) => input.window(room.into()),
        Entry::Choice(choice) => {
            let words = choice.values.get(choice.at).map_or("", |(_, words)| pen.say(words));
            (format!("{}/{} {words}", choice.at + 1, choice.values.len()), 0)
        }
    };
    text::put_fit(buf, x, area.y, room, &shown, Align::Left, style);
    if let Some(fault) = &field.fault {
        let fault = format!("! {}", pen.say(fault));
        let after = x + text::width(&shown) as u16 + 1;
        text::put(buf, after, area.y, area.right().saturating_sub(after), &fault, pen.style(Tone::Late));
    }
    (focused && room > 0).then(|| Position { x: x + at as u16, y: area.y })
}
