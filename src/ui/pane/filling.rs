//! A form as a screen: each form is a [`Paper`], which says what its fields follow from and which command they make; typing,
//! drawing and keeping what is half-entered are the same for all.

use ratatui::layout::{Position, Rect};
use serde_json::Value;

use crate::domain::command::Command;
use crate::domain::text::Text;
use crate::store::books::Fault;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::{Act, Body, Commit, Half, Instead, Objection, Opening, Screen, Sight, unread};
use crate::ui::part::form::Form;
use crate::ui::part::scroll::{self, Line};

/// What one form is about.
pub trait Paper: 'static {
    /// Its title, with its subject.
    fn title(&self, words: &Words) -> String;
    /// Fills in what follows from the books and from what is typed; on the first look, the record as it stands.
    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault>;
    /// The command that is asked for.
    fn command(&self, form: &Form) -> Result<Command, Objection>;
    /// How to open it again, and the version of the record that it was begun on.
    fn again(&self) -> (Opening, u32);
    /// What stands above its fields, of the paper that they are about.
    fn about(&self) -> &[Line] {
        &[]
    }
    /// It was begun on that version.
    fn see(&mut self, _version: u32) {}
    /// What is offered instead, where its command was refused.
    fn instead(&self, _form: &Form, _refusals: &Value, _words: &Words) -> Option<Instead> {
        None
    }
}

/// Draws a form below what it is about, which takes no more than a third of the room, nor more than `most` rows. Returns
/// where the cursor stands.
pub(super) fn below(
    about: &[Line],
    most: usize,
    form: &Form,
    area: Rect,
    buf: &mut Canvas,
    pen: Pen<'_>,
) -> Option<Position> {
    let height = scroll::rows(about, area.width.into()).min(most).min(usize::from(area.height / 3)) as u16;
    scroll::render(about, Rect { height, ..area }, buf, pen);
    form.render(Rect { y: area.y + height, height: area.height - height, ..area }, buf, pen)
}

/// A form on a screen.
pub struct Filling<P> {
    of: P,
    form: Form,
}

impl<P: Paper> Filling<P> {
    /// The form of a paper.
    pub fn of(of: P, form: Form) -> Filling<P> {
        Filling { of, form }
    }
}

impl<P: Paper> Screen for Filling<P> {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        self.of.title(words)
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.of.read(&mut self.form, sight).map_err(unread)
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        let mut about = self.of.about().to_vec();
        if let Some(first) = about.first_mut() {
            first.tone = Tone::Plain;
        }
        below(&about, usize::MAX, &self.form, area, buf, pen)
    }

    fn body(&mut self) -> Body<'_> {
        Body::Form(&mut self.form)
    }

    fn focus(&self) -> Focus {
        self.form.focus()
    }

    fn half(&self) -> Option<Half<'_>> {
        let (opening, seen) = self.of.again();
        Some(Half { opening, form: Some(&self.form), seen })
    }

    fn see(&mut self, version: u32) {
        self.of.see(version);
    }

    fn instead(&self, refusals: &Value, words: &Words) -> Option<Instead> {
        self.of.instead(&self.form, refusals, words)
    }

    fn commit(&self) -> Result<Commit, Objection> {
        Ok(Commit::Command(Box::new(self.of.command(&self.form)?)))
    }
}
