//! The sign-in screen and the lock: a code and a passphrase, and nothing of the department behind them.

use ratatui::layout::{Position, Rect};

use crate::domain::time::Moment;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::look::Tone;
use crate::ui::pane::Seated;
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input::Kind;
use crate::ui::text::{self, Align};

/// A gate.
pub(super) struct Gate {
    pub form: Form,
    /// Whose lock it is.
    locked: Option<Seated>,
}

impl Gate {
    /// The gate of an empty seat.
    pub fn sign_in() -> Gate {
        let code = Field::line("code", "gate.code", Kind::Code).needed();
        let passphrase = Field::line("passphrase", "gate.passphrase", Kind::Passphrase).needed();
        Gate { form: Form::new(vec![code, passphrase], None), locked: None }
    }

    /// The gate of a store that has nobody yet: it asks for the administrator.
    pub fn first() -> Gate {
        let code = Field::line("code", "gate.code", Kind::Code).needed();
        let name = Field::line("name", "gate.name", Kind::Text).needed();
        Gate { form: Form::new(vec![code, name], None), locked: None }
    }

    /// Whether the administrator is asked for.
    pub fn is_first(&self) -> bool {
        self.form.fields.iter().any(|field| field.name == "name")
    }

    /// The gate in front of a person's screens.
    pub fn unlock(who: &Seated) -> Gate {
        let passphrase = Field::line("passphrase", "gate.passphrase", Kind::Passphrase).needed();
        Gate { form: Form::new(vec![passphrase], None), locked: Some(who.clone()) }
    }

    /// The sign-in failed: the passphrase is emptied, and when the next try is taken is said.
    pub fn refuse(&mut self, again: Moment, pen: Pen<'_>) -> String {
        // Part of a second is still a second to wait.
        let wait = ((again.as_micros() - pen.now.as_micros() + 999_999) / 1_000_000).max(1);
        let words = pen.words.say_with("gate.refused", &[("seconds", &wait)]);
        self.form.set("passphrase", "");
        self.form.object("passphrase", words.clone());
        words
    }

    /// Draws the gate. Returns where the cursor stands.
    pub fn render(
        &self,
        department: &str,
        welcome: &[String],
        area: Rect,
        buf: &mut Canvas,
        pen: Pen<'_>,
    ) -> Option<Position> {
        let wide = area.width.min(76);
        let x = area.x + (area.width - wide) / 2;
        let title = match &self.locked {
            None if self.is_first() => pen.say("gate.first").to_owned(),
            None => pen.words.say_with("gate.title", &[("department", &department)]),
            Some(who) => pen.words.say_with("gate.locked", &[("name", &who.name)]),
        };
        // The lines that say who can sign in matter more than blank rows.
        let roomy = usize::from(area.height) >= welcome.len() + self.form.fields.len() + 8;
        let gap = u16::from(roomy);
        let top = area.y + 2 * gap;
        text::put_fit(buf, x, top, wide, &title, Align::Left, pen.style(Tone::Title));
        let rows = Rect { x, y: top + 1 + gap, width: wide, height: self.form.fields.len() as u16 };
        let cursor = self.form.render(rows.intersection(area), buf, pen);
        let hint = pen.say(match self.locked {
            Some(_) => "gate.locked_hint",
            None if self.is_first() => "gate.first_hint",
            None => "gate.hint",
        });
        text::put(buf, x, rows.bottom() + gap, wide, hint, pen.style(Tone::Faint));
        let room = area.bottom().saturating_sub(rows.bottom() + 1 + 2 * gap);
        for (row, line) in welcome.iter().take(room.into()).enumerate() {
            text::put(buf, x, rows.bottom() + 1 + 2 * gap + row as u16, wide, line, pen.style(Tone::Plain));
        }
        cursor
    }
}
