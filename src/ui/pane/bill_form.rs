//! A bill of the factory to fill in: its number, its day, its lines. Where no price is typed, the retail price holds.

use ratatui::layout::{Position, Rect};

use crate::domain::bill::{EnterBill, NewBillLine};
use crate::domain::command::Command;
use crate::domain::goods::PriceOf;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::pane::bills::mark;
use crate::ui::pane::{Act, Body, Commit, Half, Objection, Opening, Screen, Sight, unread};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Line as GridLine, Shown};
use crate::ui::part::input;
use crate::ui::text::Align;

/// A bill of the factory.
pub struct BillForm {
    form: Form,
    filled: bool,
    total: Money,
}

impl Default for BillForm {
    fn default() -> BillForm {
        BillForm { form: empty_form(), filled: false, total: Money::ZERO }
    }
}

impl BillForm {
    fn derive(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        let today = sight.now.day(sight.settings.zone);
        if !std::mem::replace(&mut self.filled, true) && self.form.text("day").is_empty() {
            self.form.set("day", &today.to_string());
        }
        let day = self.form.text("day").parse().unwrap_or(today);
        self.total = Money::ZERO;
        for line in self.form.grid.iter_mut().flat_map(|grid| &mut grid.lines) {
            self.total += derive_line(sight, line, day)?;
        }
        Ok(())
    }

    fn lines(&self) -> Result<Vec<NewBillLine>, Objection> {
        let mut lines = Vec::new();
        for row in self.form.grid.iter().flat_map(Grid::texts) {
            let [article, quantity, unit, price] = &row[..] else {
                continue;
            };
            let quantity = quantity.parse().map_err(|_| ("number", "input.not_a_quantity".to_owned()))?;
            let unit = Some(Text::new(unit)).filter(|unit| !unit.is_empty());
            let price = Some(price).filter(|price| !price.is_empty()).map(|price| price.parse());
            let price = price.transpose().map_err(|_| ("number", "input.not_an_amount".to_owned()))?;
            lines.push(NewBillLine { article: Text::new(article), quantity, unit, price });
        }
        Ok(lines)
    }
}

/// The name, the price that holds and the amount of a line. Returns its amount.
fn derive_line(sight: &Sight<'_>, line: &mut GridLine, day: Day) -> Result<Money, Fault> {
    line.shown = vec![String::new(); 2];
    let code = line.inputs[0].text().trim();
    if code.is_empty() {
        return Ok(Money::ZERO);
    }
    let Some(article) = sight.books.article_by_code(code)? else {
        line.shown[0] = sight.words.say("order.no_article").to_owned();
        return Ok(Money::ZERO);
    };
    let card = &article.card;
    line.shown[0] = format!("{}{} ({})", card.name, mark(&card.special), card.unit);
    let unit = Some(Text::new(line.inputs[2].text())).filter(|unit| !unit.is_empty());
    let typed = line.inputs[1].text().parse::<Quantity>().ok();
    let quantity = typed.and_then(|typed| article.in_base(typed, unit.as_ref()).ok()).unwrap_or_default();
    let retail = sight.books.price(article.id, &PriceOf::Retail, day)?;
    let price = line.inputs[3].text().parse().ok().or(retail).unwrap_or_default();
    let amount = price.times(quantity).unwrap_or_default();
    line.shown[1] = amount.to_string();
    Ok(amount)
}

fn empty_form() -> Form {
    let fields = vec![
        Field::line("number", "field.bill_number", input::Kind::Text).needed(),
        Field::line("factory", "field.factory", input::Kind::Text).needed(),
        Field::line("day", "field.bill_day", input::Kind::Day).needed(),
    ];
    let column = |name, label, kind, cells, begins, lookup| Column { name, label, kind, cells, begins, lookup };
    let shown = |label, cells, align| Shown { label, cells, align };
    let grid = Grid::new(
        vec![
            column("article", "field.article", input::Kind::Code, 14, "", true),
            column("quantity", "field.quantity", input::Kind::Quantity, 9, "", false),
            column("unit", "field.unit", input::Kind::Text, 6, "", false),
            column("price", "field.price", input::Kind::Money, 9, "", false),
        ],
        vec![shown("column.name", 22, Align::Left), shown("field.amount", 12, Align::Right)],
    );
    Form::new(fields, Some(grid))
}

impl Screen for BillForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("act.enter_bill"), self.total)
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.derive(sight).map_err(unread)
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

    fn half(&self) -> Option<Half<'_>> {
        Some(Half { opening: Opening::BillForm, form: Some(&self.form), seen: 0 })
    }

    fn commit(&self) -> Result<Commit, Objection> {
        let text = |name: &str| Text::new(self.form.text(name));
        let day = self.form.text("day").parse().map_err(|_| ("day", "input.not_a_day".to_owned()))?;
        let command = EnterBill {
            number: text("number"),
            factory: text("factory"),
            day,
            requisition: None,
            lines: self.lines()?,
        };
        Ok(Commit::Command(Box::new(Command::EnterBill(command))))
    }
}
