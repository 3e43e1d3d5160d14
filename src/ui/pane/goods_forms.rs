//! An article's card to fill in, and goods that come in: what was there at the start, or a plain delivery.

use crate::domain::command::Command;
use crate::domain::goods::{ArticleCard, GoodsFrom, GoodsLine, ListArticle, Pack, ReceiveGoods, ReviseArticle};
use crate::domain::id::ArticleId;
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::locale::Words;
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Objection, Opening, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Shown};
use crate::ui::part::input::Kind;
use crate::ui::text::Align;

/// An article's card.
pub type ArticleForm = Filling<CardPaper>;
/// Goods that come in.
pub type GoodsInForm = Filling<GoodsInPaper>;

/// What the form of a card is about.
pub struct CardPaper {
    article: Option<ArticleId>,
    /// The code and version that are revised; none until they were read.
    seen: Option<(Text, u32)>,
}

/// What the form of a goods-in is about.
#[derive(Default)]
pub struct GoodsInPaper;

/// A quantity of a grid, or what is wrong with it, said at a field of the form.
fn quantity(text: &str, at: &'static str) -> Result<Quantity, Objection> {
    text.parse().map_err(|_| (at, "input.not_a_quantity".to_owned()))
}

/// A new card, or one to revise.
pub fn article_form(article: Option<ArticleId>) -> ArticleForm {
    let fields = vec![
        Field::line("code", "column.code", Kind::Code).needed(),
        Field::line("name", "column.name", Kind::Text).needed(),
        Field::line("unit", "field.base_unit", Kind::Text).needed(),
        Field::line("barcode", "column.barcode", Kind::Code),
        Field::line("location", "column.place", Kind::Code),
        Field::line("special", "column.special", Kind::Text),
        Field::line("keeper", "field.keeper", Kind::Code),
    ];
    let column = |name, label, kind, cells| Column { name, label, kind, cells, begins: "", lookup: false };
    let packs = vec![
        column("pack", "field.pack_unit", Kind::Text, 10),
        column("holds", "field.holds", Kind::Quantity, 12),
        column("pack_barcode", "column.barcode", Kind::Code, 18),
    ];
    Filling::of(CardPaper { article, seen: None }, Form::new(fields, Some(Grid::new(packs, vec![]))))
}

/// Goods that come in.
pub fn goods_in_form() -> GoodsInForm {
    let from = ["opening", "delivery"].map(|key| (key.to_owned(), format!("goods_from.{key}")));
    let fields =
        vec![Field::choice("from", "field.goods_from", from.to_vec()), Field::line("note", "field.remark", Kind::Text)];
    let column = |name, label, kind, cells, begins, lookup| Column { name, label, kind, cells, begins, lookup };
    let lines = vec![
        column("article", "field.article", Kind::Code, 14, "", true),
        column("quantity", "field.quantity", Kind::Quantity, 9, "1", false),
        column("unit", "field.unit", Kind::Text, 6, "", false),
    ];
    let grid = Grid::new(lines, vec![Shown { label: "column.name", cells: 34, align: Align::Left }]);
    Filling::of(GoodsInPaper, Form::new(fields, Some(grid)))
}

impl Paper for CardPaper {
    fn title(&self, words: &Words) -> String {
        words.say(if self.article.is_some() { "act.revise_article" } else { "act.list_article" }).to_owned()
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let (Some(id), None) = (self.article, &self.seen) else { return Ok(()) };
        let Some(article) = sight.books.article(id)? else { return Ok(()) };
        let card = article.card;
        let texts = [
            ("code", &card.code),
            ("name", &card.name),
            ("unit", &card.unit),
            ("barcode", &card.barcode),
            ("location", &card.location),
            ("special", &card.special),
            ("keeper", &card.keeper),
        ];
        texts.iter().for_each(|(name, text)| form.set(name, text));
        let plain = |quantity: Quantity| quantity.to_string().replace(',', "");
        let row = |pack: &Pack| vec![pack.unit.to_string(), plain(pack.holds), pack.barcode.to_string()];
        let rows: Vec<Vec<String>> = card.packs.iter().map(row).collect();
        if let Some(grid) = &mut form.grid {
            grid.fill(&rows);
        }
        self.seen = Some((card.code, article.version));
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let text = |name: &str| Text::new(form.text(name));
        let mut packs = Vec::new();
        for row in form.grid.iter().flat_map(Grid::texts) {
            let [unit, holds, barcode] = &row[..] else { continue };
            packs.push(Pack { unit: Text::new(unit), holds: quantity(holds, "unit")?, barcode: Text::new(barcode) });
        }
        let card = ArticleCard {
            code: text("code"),
            name: text("name"),
            unit: text("unit"),
            barcode: text("barcode"),
            packs,
            location: text("location"),
            special: text("special"),
            keeper: text("keeper"),
        };
        Ok(match &self.seen {
            Some((article, version)) => {
                Command::ReviseArticle(ReviseArticle { article: article.clone(), version: *version, card })
            }
            None => Command::ListArticle(ListArticle { card }),
        })
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::ArticleForm(self.article), self.seen.as_ref().map_or(0, |(_, version)| *version))
    }

    fn see(&mut self, version: u32) {
        if let Some((_, seen)) = &mut self.seen {
            *seen = version;
        }
    }
}

impl Paper for GoodsInPaper {
    fn title(&self, words: &Words) -> String {
        words.say("act.receive_goods").to_owned()
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        for line in form.grid.iter_mut().flat_map(|grid| &mut grid.lines) {
            line.shown = vec![super::order_form::article_words(sight, line.inputs[0].text().trim())?];
        }
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let mut lines = Vec::new();
        for row in form.grid.iter().flat_map(Grid::texts) {
            let [article, typed, unit] = &row[..] else { continue };
            let unit = Some(Text::new(unit)).filter(|unit| !unit.is_empty());
            lines.push(GoodsLine { article: Text::new(article), quantity: quantity(typed, "note")?, unit });
        }
        let from = if form.text("from") == "opening" { GoodsFrom::Opening } else { GoodsFrom::Delivery };
        Ok(Command::ReceiveGoods(ReceiveGoods { from, note: Text::new(form.text("note")), lines }))
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::GoodsIn, 0)
    }
}
