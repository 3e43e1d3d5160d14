//! A stocktake to arrange (安排盘点): what for, what is counted, who counts, whether goods may move meanwhile.

use ratatui::layout::{Position, Rect};

use crate::domain::arranging::OpenStocktake;
use crate::domain::command::Command;
use crate::domain::stocktake::{Method, StocktakeKind};
use crate::domain::text::Text;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::pane::{Act, Body, Commit, Half, Objection, Opening, Screen, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input;

const KINDS: [StocktakeKind; 3] = [StocktakeKind::AnyDay, StocktakeKind::Monthly, StocktakeKind::Quarterly];
const METHODS: [Method; 2] = [Method::TwoSheets, Method::OneSheet];

/// A stocktake to arrange.
pub struct StocktakeForm {
    form: Form,
}

impl Default for StocktakeForm {
    fn default() -> StocktakeForm {
        let kinds = KINDS.map(|kind| (kind.key().to_owned(), format!("stocktake_kind.{}", kind.key())));
        let methods = METHODS.map(|method| (method.key().to_owned(), format!("stocktake_method.{}", method.key())));
        let frozen = [("no", "stocktake.moving"), ("yes", "stocktake.frozen")];
        let frozen = frozen.map(|(value, key)| (value.to_owned(), key.to_owned()));
        let fields = vec![
            Field::choice("kind", "stocktake.field_kind", kinds.to_vec()),
            Field::line("counter", "stocktake.field_counter_1", input::Kind::Code).needed().with_lookup(),
            Field::line("counter_2", "stocktake.field_counter_2", input::Kind::Code).needed().with_lookup(),
            Field::line("present", "stocktake.field_present", input::Kind::Code).with_lookup(),
            Field::choice("method", "stocktake.field_method", methods.to_vec()),
            Field::line("places", "stocktake.field_places", input::Kind::Text).with_lookup(),
            Field::line("articles", "stocktake.field_articles", input::Kind::Text).with_lookup(),
            Field::choice("frozen", "stocktake.field_frozen", frozen.to_vec()),
            Field::line("note", "field.remark", input::Kind::Text),
        ];
        StocktakeForm { form: Form::new(fields, None) }
    }
}

impl StocktakeForm {
    /// The words of a field that names several, parted by blanks or commas.
    fn several(&self, field: &str) -> Vec<Text> {
        let parts = self.form.text(field).split(|c: char| c.is_whitespace() || ",;\u{ff0c}\u{3001}".contains(c));
        parts.filter(|part| !part.is_empty()).map(Text::new).collect()
    }
}

impl Screen for StocktakeForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("act.open_stocktake"), words.say("stocktake.form_hint"))
    }

    fn refresh(&mut self, _sight: &Sight<'_>) -> Result<(), Text> {
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

    fn commit(&self) -> Result<Commit, Objection> {
        let text = |name: &str| Text::new(self.form.text(name));
        let kind = KINDS.into_iter().find(|kind| kind.key() == self.form.text("kind"));
        let method = METHODS.into_iter().find(|method| method.key() == self.form.text("method"));
        let command = OpenStocktake {
            kind: kind.ok_or(("kind", "input.needed".to_owned()))?,
            places: self.several("places"),
            articles: self.several("articles"),
            frozen: self.form.text("frozen") == "yes",
            method: method.unwrap_or_default(),
            counters: vec![text("counter"), text("counter_2")],
            present: self.several("present"),
            note: text("note"),
        };
        Ok(Commit::Command(Box::new(Command::OpenStocktake(command))))
    }

    fn half(&self) -> Option<Half<'_>> {
        Some(Half { opening: Opening::StocktakeForm, form: Some(&self.form), seen: 0 })
    }

    fn rows_above(&self) -> u16 {
        1
    }
}
