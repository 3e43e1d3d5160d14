//! The import of a statement file: which file, for which receiving account, and why disagreeing totals are accepted.

use ratatui::layout::{Position, Rect};

use crate::domain::text::Text;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::{Act, Body, Commit, Objection, Screen, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input;
use crate::ui::part::scroll::Line;
use crate::ui::text;

/// A statement file to import.
pub struct ImportForm {
    form: Form,
    /// The files that wait, in words; none before the first look.
    waiting: Option<Vec<Line>>,
}

impl Default for ImportForm {
    fn default() -> ImportForm {
        let yes_no = |no: &str, yes: &str| vec![("no".to_owned(), no.to_owned()), ("yes".to_owned(), yes.to_owned())];
        let fields = vec![
            Field::line("file", "field.file", input::Kind::Text).needed().with_lookup(),
            Field::line("account", "field.receiving_account", input::Kind::Text).with_lookup(),
            Field::choice("dry_run", "field.dry_run", yes_no("import.post", "import.rehearse")),
            Field::line("accept_totals", "field.accept_totals", input::Kind::Text),
        ];
        ImportForm { form: Form::new(fields, None), waiting: None }
    }
}

impl Screen for ImportForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        words.say("import.title").to_owned()
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        let names = sight.library.statements();
        if let (None, Some(first)) = (&self.waiting, names.first()) {
            self.form.set("file", first);
        }
        let title = match names.len() {
            0 => Line::toned(sight.words.say("import.nothing_waits"), Tone::Soon),
            count => Line::title(sight.words.say_with("import.waiting", &[("count", &count)])),
        };
        self.waiting = Some([title].into_iter().chain(names.iter().map(Line::plain)).collect());
        Ok(())
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        let fields = (self.form.fields.len() as u16).min(area.height);
        let cursor = self.form.render(Rect { height: fields, ..area }, buf, pen);
        let below = area.y + fields + 1;
        for (y, line) in (below..area.bottom()).zip(self.waiting.iter().flatten()) {
            text::put(buf, area.x, y, area.width, &line.words, pen.style(line.tone));
        }
        cursor
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
        let filled = |name: &str| Some(self.form.text(name)).filter(|text| !text.is_empty());
        Ok(Commit::Import(serde_json::json!({
            "file": self.form.text("file"),
            "account": filled("account"),
            "dry_run": self.form.text("dry_run") == "yes",
            "accept_totals": filled("accept_totals"),
        })))
    }
}
