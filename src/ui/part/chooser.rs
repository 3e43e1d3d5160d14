//! A look-up for a field: what can stand there, found while typing, chosen by Enter.

use ratatui::layout::{Position, Rect};

use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::{Key, Press};
use crate::ui::look::Tone;
use crate::ui::part::dialog_view::frame;
use crate::ui::part::find::Find;
use crate::ui::text::{self, Align};

/// One thing that can stand in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the field gets.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What else tells it from others.
    pub remark: String,
}

/// What came of a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// It still waits.
    Waits,
    /// Something else is to be found: the candidates are stale.
    Stale,
    /// Not here.
    Bell,
    /// This code.
    Code(String),
}

/// A look-up.
#[derive(Debug, Clone)]
pub struct Chooser {
    /// The field that is filled.
    pub field: &'static str,
    /// What is typed.
    pub find: Find,
    title: String,
    candidates: Vec<Candidate>,
    at: usize,
}

impl Chooser {
    /// A look-up for the field called `field`.
    pub fn new(field: &'static str, title: String) -> Chooser {
        Chooser { field, find: Find::default(), title, candidates: vec![], at: 0 }
    }

    /// Takes what was found.
    pub fn show(&mut self, candidates: Vec<Candidate>) {
        self.candidates = candidates;
        self.at = 0;
    }

    /// What was found.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// A press. Cancelling is the shell's.
    pub fn press(&mut self, press: &Press) -> Picked {
        match press {
            Press::Key(Key::Up, _) => self.at = self.at.saturating_sub(1),
            Press::Key(Key::Down, _) => self.at = (self.at + 1).min(self.candidates.len().saturating_sub(1)),
            Press::Key(Key::Enter, _) => {
                return self.candidates.get(self.at).map_or(Picked::Bell, |found| Picked::Code(found.code.clone()));
            }
            Press::Key(key, _) => return if self.find.edit(*key) { Picked::Stale } else { Picked::Waits },
            Press::Char(c) => return self.typed(c.encode_utf8(&mut [0; 4])),
            Press::Burst { text, .. } | Press::Paste(text) => return self.typed(text),
        }
        Picked::Waits
    }

    fn typed(&mut self, text: &str) -> Picked {
        if self.find.typed(text) { Picked::Stale } else { Picked::Bell }
    }

    /// Draws the look-up in the middle of `area`. Returns where the cursor stands.
    pub fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
        let inside = frame(&self.title, 64, area.height.saturating_sub(6).max(6), area, buf, pen);
        if inside.height < 2 {
            return None;
        }
        let x = text::put(buf, inside.x, inside.y, inside.width, pen.say("find.prompt"), pen.style(Tone::Title));
        let room = inside.right().saturating_sub(x);
        let (typed, at) = self.find.input.window(room.into());
        text::put_fit(buf, x, inside.y, room, &typed, Align::Left, pen.style(Tone::Field));
        let height = usize::from(inside.height - 1);
        let first = self.at - self.at % height;
        for (row, (place, found)) in self.candidates.iter().enumerate().skip(first).take(height).enumerate() {
            let chosen = place == self.at;
            let style = pen.style(if chosen { Tone::Chosen } else { Tone::Plain });
            let y = inside.y + 1 + row as u16;
            text::put_fit(buf, inside.x, y, inside.width, if chosen { ">" } else { " " }, Align::Left, style);
            let alone = found.name.is_empty() && found.remark.is_empty();
            let columns =
                [(&found.code, if alone { inside.width } else { 16 }), (&found.name, 28), (&found.remark, 16)];
            let mut x = inside.x + 2;
            for (words, cells) in columns {
                let cells = inside.right().saturating_sub(x).min(cells);
                text::put(buf, x, y, cells, words, style);
                x = x.saturating_add(cells + 1);
            }
        }
        if self.candidates.is_empty() {
            text::put(
                buf,
                inside.x + 2,
                inside.y + 1,
                inside.width.saturating_sub(2),
                pen.say("list.empty"),
                pen.style(Tone::Faint),
            );
        }
        (room > 0).then(|| Position { x: x + at as u16, y: inside.y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_is_found_and_chosen() {
        let mut chooser = Chooser::new("dealer", "经销商".into());
        assert_eq!(chooser.press(&Press::Char('c')), Picked::Stale);
        assert_eq!(chooser.press(&Press::Burst { text: "dwx".into(), entered: false }), Picked::Stale);
        assert_eq!(chooser.find.query(), "cdwx");
        assert_eq!(chooser.press(&Press::key(Key::Enter)), Picked::Bell);
        let found = |code: &str| Candidate { code: code.into(), name: "成都文轩".into(), remark: String::new() };
        chooser.show(vec![found("D1"), found("D2")]);
        assert_eq!(chooser.press(&Press::key(Key::Down)), Picked::Waits);
        assert_eq!(chooser.press(&Press::key(Key::Enter)), Picked::Code("D2".into()));
        assert_eq!(chooser.press(&Press::Paste("a\nb".into())), Picked::Bell);
    }
}
