//! Half-entered forms: written out so that the server can keep them, and taken up again when their person comes back.
//!
//! A form is kept with the version of the record that it was begun on, so that what somebody else changed in between is
//! still noticed when it is committed.

use serde::{Deserialize, Serialize};

use crate::store::books::Books;
use crate::ui::app::App;
use crate::ui::face::Draft;
use crate::ui::pane::{Body, Opening};
use crate::ui::part::form::Form;

/// The name under which a person's half-entered form is kept.
const FORM: &str = "screen";

/// A half-entered form, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    opening: Opening,
    seen: u32,
    fields: Vec<(String, String)>,
    rows: Vec<Vec<String>>,
}

impl App {
    /// What is half-entered on top, if anything.
    pub(super) fn half_entered(&self) -> Option<Draft> {
        self.seat.who()?;
        let half = self.stage.stack.last()?.half().filter(|half| half.form.is_none_or(Form::is_touched))?;
        let (fields, rows) = half.form.map(Form::texts).unwrap_or_default();
        let text = serde_json::to_string(&Kept { opening: half.opening, seen: half.seen, fields, rows }).ok()?;
        Some(Draft { form: FORM.to_owned(), text })
    }

    /// Opens what the person had not finished.
    pub(super) fn resume(&mut self) {
        let (Ok(books), Some(who)) = (self.library.read(), self.seat.who()) else { return };
        let Ok(Some(text)) = books.draft(who.id, FORM) else { return };
        drop(books);
        // A draft of another version of the program is left alone: it is dropped when its form is.
        let Ok(kept) = serde_json::from_str::<Kept>(&text) else { return };
        self.open(&kept.opening);
        // What follows from the fields (an address, a choice) is read in between and must not win over what was typed.
        for _ in 0..2 {
            if let Body::Form(form) = self.stage.top().body() {
                form.take_up(&kept.fields, &kept.rows);
            }
            self.stage.top().see(kept.seen);
            self.look_again();
        }
        if let Body::Form(form) = self.stage.top().body() {
            form.take_up(&kept.fields, &kept.rows);
        }
        let is_entry = self.is_entering();
        self.say(if is_entry { "count.resumed" } else { "draft.resumed" });
    }
}
