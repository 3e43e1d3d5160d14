//! A new passphrase: one's own, or another person's where the rules allow it. It is typed twice and never kept as a draft.

use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use crate::domain::id::PersonId;
use crate::domain::person::PASSPHRASE_LEAST;
use crate::domain::text::Text;
use crate::store::books::Books;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::pane::{Act, Body, Commit, Objection, Screen, Sight, unread};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input;

/// A new passphrase.
pub struct PassphraseForm {
    /// Whose, until their code was filled in.
    person: Option<PersonId>,
    form: Form,
}

impl PassphraseForm {
    /// One's own, or that of the person named.
    pub fn of(person: Option<PersonId>) -> PassphraseForm {
        let fields = vec![
            Field::line("person", "passphrase.person", input::Kind::Code),
            Field::line("new", "passphrase.new", input::Kind::Passphrase).needed(),
            Field::line("again", "passphrase.again", input::Kind::Passphrase).needed(),
        ];
        PassphraseForm { person, form: Form::new(fields, None) }
    }
}

impl Screen for PassphraseForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        words.say("passphrase.title").to_owned()
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        if let Some(id) = self.person.take()
            && let Some(person) = sight.books.person(id).map_err(unread)?
        {
            self.form.set("person", &person.code);
        }
        Ok(())
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        self.form.render(area, buf, pen)
    }

    fn body(&mut self) -> Body<'_> {
        Body::Form(&mut self.form)
    }

    fn focus(&self) -> Focus {
        self.form.focus()
    }

    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }

    fn commit(&self) -> Result<Commit, Objection> {
        let new = self.form.text("new");
        if new.chars().count() < PASSPHRASE_LEAST {
            return Err(("new", "passphrase.short".to_owned()));
        }
        if new != self.form.text("again") {
            return Err(("again", "passphrase.differ".to_owned()));
        }
        Ok(Commit::Passphrase(self.form.text("person").to_owned(), Zeroizing::new(new.to_owned())))
    }
}
