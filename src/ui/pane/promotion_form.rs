//! A promotion to draft, or a draft to revise (促销签呈): its period, what it gives for what, how much is expected.

use crate::domain::command::Command;
use crate::domain::id::PromotionId;
use crate::domain::promotion::{DraftPromotion, GiftRule, NewTerms, RevisePromotion};
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Promoting};
use crate::ui::locale::Words;
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Objection, Opening, Sight, promotions};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::input::Kind;

/// A promotion.
pub type PromotionForm = Filling<PromotionPaper>;

/// What the form of a promotion is about.
pub struct PromotionPaper {
    /// The draft that is revised, with its version once it was read.
    promotion: Option<(PromotionId, Option<u32>)>,
    /// Whether the first look was taken.
    begun: bool,
    /// The rule in words, as far as it is typed.
    rule: String,
}

/// A promotion to draft, or a draft to revise.
pub fn promotion_form(promotion: Option<PromotionId>) -> PromotionForm {
    let fields = vec![
        Field::line("name", "field.name", Kind::Text).needed(),
        Field::line("first", "field.first_day", Kind::Day).needed(),
        Field::line("last", "field.last_day", Kind::Day).needed(),
        Field::line("article", "field.article", Kind::Code).needed().with_lookup(),
        Field::line("buy", "field.buy", Kind::Quantity).needed(),
        Field::line("gift", "field.gift", Kind::Code).needed().with_lookup(),
        Field::line("free", "field.free", Kind::Quantity).needed(),
        Field::line("expected", "field.expected", Kind::Quantity).needed(),
    ];
    let of = PromotionPaper { promotion: promotion.map(|id| (id, None)), begun: false, rule: String::new() };
    Filling::of(of, Form::new(fields, None))
}

fn plain(quantity: Quantity) -> String {
    quantity.to_string().replace(',', "")
}

impl PromotionPaper {
    /// On the first look, the draft as it stands, or a period that begins today.
    fn begin(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let Some((id, version)) = &mut self.promotion else {
            if !form.is_touched() {
                form.set("first", &sight.now.day(sight.settings.zone).to_string());
            }
            return Ok(());
        };
        let Some(promotion) = sight.books.promotion(*id)? else { return Ok(()) };
        if version.is_some() {
            return Ok(());
        }
        *version = Some(promotion.version);
        let terms = promotion.terms;
        let code =
            |id| Ok::<_, Fault>(sight.books.article(id)?.map(|one| one.card.code.to_string()).unwrap_or_default());
        let texts = [
            ("name", terms.name.to_string()),
            ("first", terms.first.to_string()),
            ("last", terms.last.to_string()),
            ("article", code(terms.rule.article)?),
            ("buy", plain(terms.rule.buy)),
            ("gift", code(terms.rule.gift)?),
            ("free", plain(terms.rule.free)),
            ("expected", plain(terms.expected)),
        ];
        texts.iter().for_each(|(name, text)| form.set(name, text));
        Ok(())
    }

    fn derive(&mut self, form: &Form, sight: &Sight<'_>) -> Result<(), Fault> {
        self.rule.clear();
        let article = |field| sight.books.article_by_code(form.text(field));
        let quantity = |field| form.text(field).parse::<Quantity>().unwrap_or_default();
        if let (Some(article), Some(gift)) = (article("article")?, article("gift")?) {
            let (buy, free) = (quantity("buy"), quantity("free"));
            self.rule = promotions::rule(sight, &GiftRule { article: article.id, buy, gift: gift.id, free })?;
        }
        Ok(())
    }
}

fn terms(form: &Form) -> Result<NewTerms, Objection> {
    let day = |field| form.text(field).parse().map_err(|_| -> Objection { (field, "input.not_a_day".to_owned()) });
    let quantity = |field| -> Result<Quantity, Objection> {
        form.text(field).parse().map_err(|_| (field, "input.not_a_quantity".to_owned()))
    };
    let text = |field| Text::new(form.text(field));
    Ok(NewTerms {
        name: text("name"),
        first: day("first")?,
        last: day("last")?,
        article: text("article"),
        buy: quantity("buy")?,
        gift: text("gift"),
        free: quantity("free")?,
        expected: quantity("expected")?,
    })
}

impl Paper for PromotionPaper {
    fn title(&self, words: &Words) -> String {
        let what = match self.promotion {
            Some((id, _)) => format!("{} {id}", words.say("act.revise_promotion")),
            None => words.say("act.draft_promotion").to_owned(),
        };
        format!("{what}  {}", self.rule)
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        if !self.begun {
            self.begun = true;
            self.begin(form, sight)?;
        }
        self.derive(form, sight)
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let terms = terms(form)?;
        Ok(match self.promotion {
            Some((promotion, version)) => {
                let version = version.unwrap_or_default();
                Command::RevisePromotion(RevisePromotion { promotion, version, terms })
            }
            None => Command::DraftPromotion(DraftPromotion { terms }),
        })
    }

    fn again(&self) -> (Opening, u32) {
        let seen = self.promotion.and_then(|(_, version)| version).unwrap_or_default();
        (Opening::PromotionForm(self.promotion.map(|(id, _)| id)), seen)
    }

    fn see(&mut self, seen: u32) {
        if let Some((_, version)) = &mut self.promotion {
            *version = Some(seen);
        }
    }
}
