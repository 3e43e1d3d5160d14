//! Goods that come back from a customer (退货入库): of each line of a shipment how much came back, what becomes of it, and
//! where it is put. The goods stand there already; scanning one again begins a line for another fate of the same.

use serde_json::Value;

use crate::domain::command::Command;
use crate::domain::id::{ArticleId, OrderId};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::parting::{Became, Fate, TakeBackGoods};
use crate::domain::quantity::Quantity;
use crate::domain::shipment::Part;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Stockroom};
use crate::ui::locale::Words;
use crate::ui::pane::bills::mark;
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Ask, Instead, Objection, Opening, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Line as GridLine, Shown};
use crate::ui::part::input;
use crate::ui::text::Align;

/// Goods that come back.
pub type ReturnForm = Filling<Returned>;

/// What the form is about.
pub struct Returned {
    order: OrderId,
    name: Text,
    /// The shipment whose goods were filled in, once one was.
    filled: Option<u8>,
    /// The order's lines (from 0) that were filled in, one a row: goods that are bought and given stand on two of them.
    sent: Vec<u16>,
    /// The order's line (from 1) of each row, as it was read last; none where the row is of no goods that it sent.
    rows: Vec<Option<u16>>,
}

/// The form for an order's goods.
pub fn return_form(order: OrderId) -> ReturnForm {
    let fields = vec![
        Field::line("part", "field.part", input::Kind::Code).needed(),
        Field::line("reason", "field.reason", input::Kind::Text).needed(),
    ];
    let column = |name, label, kind, cells, lookup| Column { name, label, kind, cells, begins: "", lookup };
    let shown = |label, cells, align| Shown { label, cells, align };
    let grid = Grid::new(
        vec![
            column("article", "field.article", input::Kind::Code, 14, false),
            column("quantity", "field.came_back", input::Kind::Quantity, 9, false),
            column("fate", "field.fate", input::Kind::Code, 4, false),
            column("place", "field.place", input::Kind::Text, 7, true),
        ],
        vec![
            shown("column.name", 20, Align::Left),
            shown("column.with_customer", 8, Align::Right),
            shown("field.fate", 10, Align::Left),
        ],
    );
    let of = Returned { order, name: Text::default(), filled: None, sent: Vec::new(), rows: Vec::new() };
    Filling::of(of, Form::new(fields, Some(grid)))
}

/// The first shipment of an order of which goods can still come back.
pub(super) fn returnable(order: &Order) -> Option<&Part> {
    order.parts.iter().find(|part| part.lines.iter().any(|(line, _)| order.returnable(part, *line).is_positive()))
}

/// What a digit says becomes of the goods; 1, sound, where nothing is typed.
fn fate_by(digit: &str) -> Option<Became> {
    let nth = if digit.is_empty() { 1 } else { digit.parse::<usize>().ok()? };
    Became::ALL.get(nth.checked_sub(1)?).copied()
}

fn part_of<'a>(order: &'a Order, form: &Form) -> Option<&'a Part> {
    let no: u8 = form.text("part").parse().ok()?;
    order.parts.iter().find(|part| part.no == no)
}

impl Returned {
    /// Every line of the shipment of which goods can still come back becomes a row.
    fn fill(&mut self, form: &mut Form, sight: &Sight<'_>, order: &Order) -> Result<(), Fault> {
        let Some(part) = part_of(order, form) else { return Ok(()) };
        let mut rows = Vec::new();
        self.sent.clear();
        for (line, _) in part.lines.iter().filter(|(line, _)| order.returnable(part, *line).is_positive()) {
            let article = sight.books.article(order.lines[usize::from(*line)].article)?;
            rows.push(vec![article.map_or_else(String::new, |article| article.card.code.to_string())]);
            self.sent.push(*line);
        }
        if let Some(grid) = &mut form.grid {
            grid.fill(&rows);
        }
        self.filled = Some(part.no);
        Ok(())
    }

    /// Which line of the order a row is of: the one that was filled in there, else the first of that article.
    fn line_of(&self, order: &Order, article: ArticleId, row: usize) -> Option<u16> {
        let of = |line: u16| order.lines.get(usize::from(line)).is_some_and(|line| line.article == article);
        let own = self.sent.get(row).copied().filter(|line| of(*line));
        own.or_else(|| (0..order.lines.len() as u16).find(|line| of(*line)))
    }

    /// The name, what is still with the customer less what stands in the rows above, and what becomes of it.
    fn derive_line(
        &self,
        sight: &Sight<'_>,
        (order, part): (&Order, &Part),
        (row, line): (usize, &mut GridLine),
        came: &mut Vec<(u16, Quantity)>,
    ) -> Result<Option<u16>, Fault> {
        line.shown = vec![String::new(); 3];
        let code = line.inputs[0].text().trim().to_owned();
        if code.is_empty() {
            return Ok(None);
        }
        let say = |key: &str| Some(sight.words.say(key).to_owned());
        let article = sight.books.article_by_code(&code)?;
        let at = article.as_ref().and_then(|of| self.line_of(order, of.id, row));
        let (Some(article), Some(at)) = (article, at) else {
            line.fault = say("returns.not_sent");
            return Ok(None);
        };
        let typed = line.inputs[1].text().trim();
        let above: Quantity = came.iter().filter(|(line, _)| *line == at).map(|(_, quantity)| *quantity).sum();
        let left = order.returnable(part, at) - above;
        let typed = if typed.is_empty() { Ok(Quantity::ZERO) } else { typed.parse::<Quantity>() };
        let Ok(quantity) = typed else { return Ok(None) };
        came.push((at, quantity));
        let fate = fate_by(line.inputs[2].text().trim());
        let place = line.inputs[3].text().trim();
        line.fault = match fate {
            _ if quantity > left => Some(sight.words.say_with("returns.too_many", &[("left", &left)])),
            None => say("returns.no_such_fate"),
            Some(_) if !place.is_empty() && sight.books.place(place)?.is_none() => say("returns.no_such_place"),
            Some(_) => None,
        };
        let gift = order.gift_of(at).map(|promotion| sight.words.say_with("gift.mark", &[("promotion", &promotion)]));
        let (name, mark, unit) = (&article.card.name, mark(&article.card.special), &article.card.unit);
        line.shown = vec![
            format!("{name}{}{mark} ({unit})", gift.unwrap_or_default()),
            left.to_string(),
            fate.map_or_else(String::new, |fate| sight.words.say(&format!("became.{}", fate.key())).to_owned()),
        ];
        Ok(Some(at + 1))
    }
}

impl Paper for Returned {
    fn title(&self, words: &Words) -> String {
        format!("{} {} {}  {}", words.say("act.take_back_goods"), self.order, self.name, words.say("returns.digits"))
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let Some(order) = sight.books.order(self.order)? else { return Ok(()) };
        self.name = order.name.clone();
        if self.filled.is_none() && !form.is_touched() {
            let first = returnable(&order).map_or(1, |part| part.no);
            form.set("part", &first.to_string());
        }
        let part = part_of(&order, form);
        if part.is_some_and(|part| self.filled != Some(part.no)) && !is_begun(form) {
            self.fill(form, sight, &order)?;
        }
        self.rows.clear();
        let Some(part) = part else { return Ok(()) };
        let mut came = Vec::new();
        for (row, line) in form.grid.iter_mut().flat_map(|grid| &mut grid.lines).enumerate() {
            let row = self.derive_line(sight, (&order, part), (row, line), &mut came)?;
            self.rows.push(row);
        }
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        let part = form.text("part").parse().map_err(|_| ("part", "returns.no_such_part".to_owned()))?;
        let (mut lines, mut fates) = (Vec::new(), Vec::new());
        let rows = form.grid.iter().flat_map(|grid| &grid.lines);
        for (row, line) in rows.zip(&self.rows).filter(|(row, _)| !row.inputs[1].text().trim().is_empty()) {
            let text = |at: usize| row.inputs[at].text().trim();
            let line = line.ok_or(("reason", "returns.not_sent".to_owned()))?;
            let quantity = text(1).parse().map_err(|_| ("reason", "input.not_a_quantity".to_owned()))?;
            let became = fate_by(text(2)).ok_or(("reason", "returns.no_such_fate".to_owned()))?;
            lines.push((line, quantity));
            fates.push(Fate { became, place: Some(Text::new(text(3))).filter(|place| !place.is_empty()) });
        }
        let reason = Text::new(form.text("reason"));
        let (order, became, place) = (self.order, Became::Sound, None);
        let charge_gifts = false;
        Ok(Command::TakeBackGoods(TakeBackGoods { order, part, lines, reason, became, place, fates, charge_gifts }))
    }

    /// Where nothing but a gift that stays is in the way, and it can be charged, that is offered (M4.6).
    fn instead(&self, form: &Form, refusals: &Value, words: &Words) -> Option<Instead> {
        let Ok(Command::TakeBackGoods(asked)) = self.command(form) else { return None };
        let charge = |refusal: &Value| refusal["facts"]["charge"].as_str()?.parse::<Money>().ok();
        let is_gift = |refusal: &Value| refusal["reason"] == "gift_not_earned";
        let refusals = refusals.as_array()?;
        let charges: Vec<Money> = refusals.iter().filter(|refusal| is_gift(refusal)).filter_map(charge).collect();
        if charges.len() < refusals.len() || charges.iter().any(|charge| charge.is_zero()) {
            return None;
        }
        let lines = vec![words.say_with("returns.charge", &[("charge", &charges.into_iter().sum::<Money>())])];
        let command = Command::TakeBackGoods(TakeBackGoods { charge_gifts: true, ..asked });
        let ask = Ask::plain(self.order.to_string(), lines, command);
        Some(Instead { command: "take_back_goods", ask, closes: true })
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::ReturnForm(self.order), 0)
    }
}

/// Whether anybody has written how much came back.
fn is_begun(form: &Form) -> bool {
    form.grid.iter().flat_map(|grid| &grid.lines).any(|line| !line.inputs[1].text().trim().is_empty())
}
