//! An order to fill in, or one to change: the dealer, the lines, where it goes. Prices and freight are those of the
//! dealer's tier and level and show while it is typed; both totals, at tier and at retail, stand in the title. A line whose
//! code is a promotion's number stands for the gift that it earns.

use ratatui::layout::{Position, Rect};
use serde_json::Value;

use crate::domain::clause::Clause;
use crate::domain::command::Command;
use crate::domain::goods::PriceOf;
use crate::domain::id::{DealerId, OrderId};
use crate::domain::money::Money;
use crate::domain::order::{Order, ShipTo};
use crate::domain::quantity::Quantity;
use crate::domain::taking::{ChangeOrder, EnterOrder, NewLine};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::filling::below;
use crate::ui::pane::order_words as said;
use crate::ui::pane::{
    Act, Body, Commit, Half, Instead, Objection, Opening, Screen, Sight, dealers, order_gifts, unread,
};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Line as GridLine, Shown};
use crate::ui::part::input;
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

/// What a dealer's file fills in.
const FROM_FILE: [&str; 4] = ["dealer", "to_name", "to_phone", "to_address"];

/// An order.
pub struct OrderForm {
    /// The order that is changed, with the version of its content once it was read.
    order: Option<(OrderId, Option<u32>)>,
    /// That order as it was read.
    before: Option<Order>,
    /// The dealer whose address was filled in last.
    dealer: Option<DealerId>,
    /// Whether the cursor stands where it begins: for a known dealer, in the first field that the file has not filled in.
    begun: bool,
    form: Form,
    /// What is said of the dealer: name, tier, credit, what the file lacks.
    about: Vec<Line>,
    total: Money,
    retail: Money,
    freight: Money,
}

impl OrderForm {
    /// A new order, for a dealer or for one to be found.
    pub fn of(dealer: Option<DealerId>) -> OrderForm {
        let mut form = empty_form();
        if let Some(dealer) = dealer {
            form.set("dealer", &dealer.to_string());
        }
        OrderForm {
            order: None,
            before: None,
            dealer: None,
            begun: dealer.is_none(),
            form,
            about: vec![],
            total: Money::ZERO,
            retail: Money::ZERO,
            freight: Money::ZERO,
        }
    }

    /// An order to change.
    pub fn change(order: OrderId) -> OrderForm {
        OrderForm { order: Some((order, None)), ..OrderForm::of(None) }
    }

    /// On the first look, the order as it stands; what was half-entered stays as it is.
    fn take_up(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        let Some((id, seen)) = self.order.filter(|_| self.before.is_none()) else { return Ok(()) };
        let Some(order) = sight.books.order(id)? else { return Ok(()) };
        if seen.is_some() {
            self.before = Some(order);
            return Ok(());
        }
        self.order = Some((id, Some(order.content)));
        self.dealer = order.dealer();
        let dealer = order.dealer().map_or_else(|| order.name.to_string(), |dealer| dealer.to_string());
        let texts =
            [("dealer", dealer), ("to_name", order.to.name.to_string()), ("to_phone", order.to.phone.to_string())];
        texts.iter().for_each(|(name, text)| self.form.set(name, text));
        self.form.set("to_address", &order.to.address);
        self.form.set("remark", &order.remark);
        let mut rows = Vec::new();
        // A gift is no line that is typed: it follows from the promotions that the order names.
        for (_, line) in (0..).zip(&order.lines).filter(|(at, _)| order.gift_of(*at).is_none()) {
            let article = sight.books.article(line.article)?;
            let code = article.map_or_else(String::new, |article| article.card.code.to_string());
            rows.push(vec![code, line.quantity.to_string().replace(',', ""), String::new()]);
        }
        rows.extend(order.promotions.iter().map(|id| vec![id.to_string(), "1".to_owned(), String::new()]));
        if let Some(grid) = &mut self.form.grid {
            grid.fill(&rows);
        }
        self.before = Some(order);
        Ok(())
    }

    /// What follows from what is typed: the dealer's address, names, prices, totals.
    fn derive(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        self.about.clear();
        let typed = self.form.text("dealer").to_owned();
        let dealer = if typed.is_empty() { None } else { sight.books.dealer_named(&typed)? };
        let (mut tier, mut level) = (Text::default(), None);
        if let Some(dealer) = &dealer {
            tier = dealer.file.tier.clone();
            level = sight.books.level(&dealer.file.free_shipping)?;
            let values = [
                ("code", &dealer.id as &dyn std::fmt::Display),
                ("name", &dealer.file.name),
                ("version", &dealer.version),
                ("credit", &dealer.credit),
            ];
            self.about.push(Line::title(sight.words.say_with("dealer.head", &values)));
            self.about.extend(said::refusals(sight.words, &dealer.incomplete(), sight.settings.zone));
            if self.dealer != Some(dealer.id) {
                self.dealer = Some(dealer.id);
                self.form.set("to_name", &dealer.file.contact);
                self.form.set("to_phone", &dealer.file.phone);
                self.form.set("to_address", &dealer.file.address);
            }
        } else if !typed.is_empty() && self.order.is_none() {
            self.about.push(Line::toned(sight.words.say("order.no_dealer"), Tone::Late));
        }
        let day = sight.now.day(sight.settings.zone);
        (self.total, self.retail) = (Money::ZERO, Money::ZERO);
        if let Some(grid) = &mut self.form.grid {
            for line in &mut grid.lines {
                let (amount, retail) = derive_line(sight, line, &PriceOf::Tier(tier.clone()), day)?;
                self.total += amount;
                self.retail += retail;
            }
            order_gifts::derive(sight, grid, self.before.as_ref())?;
        }
        let dealers = dealer.is_some() && self.total.is_positive();
        self.freight = level.map_or(sight.settings.freight, |level| level.freight(self.total, sight.settings));
        if !dealers {
            self.freight = Money::ZERO;
        }
        Ok(())
    }
}

/// The lines of an order as they are typed, and the promotions among them by their numbers.
pub(super) fn new_lines(form: &Form) -> Result<(Vec<NewLine>, Vec<Text>), Objection> {
    let wrong = |row: usize| ("remark", format!("{} ", row + 1));
    let (mut lines, mut promotions) = (Vec::new(), Vec::new());
    for (row, texts) in form.grid.iter().flat_map(Grid::texts).enumerate() {
        let [article, quantity, unit] = &texts[..] else { return Err(wrong(row)) };
        if let Some(promotion) = order_gifts::promotion_of(article) {
            promotions.push(Text::new(&promotion.to_string()));
            continue;
        }
        let quantity = quantity.parse::<Quantity>().map_err(|_| ("remark", "input.not_a_quantity".to_owned()))?;
        let unit = Some(Text::new(unit)).filter(|unit| !unit.is_empty());
        lines.push(NewLine { article: Text::new(article), quantity, unit, gift: None });
    }
    Ok((lines, promotions))
}

/// The article of a code in words: its name, its special mark, its unit.
pub(super) fn article_words(sight: &Sight<'_>, code: &str) -> Result<String, Fault> {
    if code.is_empty() {
        return Ok(String::new());
    }
    let Some(article) = sight.books.article_by_code(code)? else {
        return Ok(sight.words.say("order.no_article").to_owned());
    };
    let mark = if article.card.special.is_empty() { String::new() } else { format!(" [{}]", article.card.special) };
    Ok(format!("{}{mark} ({})", article.card.name, article.card.unit))
}

/// Fills in the name, the price and the amount of a line. Returns its amounts at that price and at retail.
pub(super) fn derive_line(
    sight: &Sight<'_>,
    line: &mut GridLine,
    of: &PriceOf,
    day: Day,
) -> Result<(Money, Money), Fault> {
    line.shown = vec![String::new(); 3];
    let code = line.inputs[0].text().trim();
    if code.is_empty() {
        return Ok((Money::ZERO, Money::ZERO));
    }
    line.shown[0] = article_words(sight, code)?;
    let Some(article) = sight.books.article_by_code(code)? else { return Ok((Money::ZERO, Money::ZERO)) };
    let unit = Some(Text::new(line.inputs[2].text())).filter(|unit| !unit.is_empty());
    let typed = line.inputs[1].text().parse::<Quantity>().ok();
    let Some(quantity) = typed.and_then(|typed| article.in_base(typed, unit.as_ref()).ok()) else {
        return Ok((Money::ZERO, Money::ZERO));
    };
    let retail = sight.books.price(article.id, &PriceOf::Retail, day)?.unwrap_or_default();
    let price = sight.books.price(article.id, of, day)?;
    line.shown[1] = price.map_or_else(|| sight.words.say("order.no_price").to_owned(), |price| price.to_string());
    let amount = price.and_then(|price| price.times(quantity)).unwrap_or_default();
    line.shown[2] = amount.to_string();
    Ok((amount, retail.times(quantity).unwrap_or_default()))
}

fn empty_form() -> Form {
    let fields = vec![
        Field::line("dealer", "field.dealer", input::Kind::Text).needed().with_lookup(),
        Field::line("to_name", "field.to_name", input::Kind::Text),
        Field::line("to_phone", "field.to_phone", input::Kind::Code),
        Field::line("to_address", "field.to_address", input::Kind::Text),
        Field::line("remark", "field.remark", input::Kind::Text),
    ];
    Form::new(fields, Some(goods_grid()))
}

/// The lines of an order, empty.
pub(super) fn goods_grid() -> Grid {
    let column = |name, label, kind, cells, begins, lookup| Column { name, label, kind, cells, begins, lookup };
    let shown = |label, cells, align| Shown { label, cells, align };
    Grid::new(
        vec![
            column("ordered", "field.article", input::Kind::Code, 14, "", true),
            column("quantity", "field.quantity", input::Kind::Quantity, 9, "1", false),
            column("unit", "field.unit", input::Kind::Text, 6, "", false),
        ],
        vec![
            shown("column.name", 22, Align::Left),
            shown("field.price", 9, Align::Right),
            shown("field.amount", 11, Align::Right),
        ],
    )
}

impl Screen for OrderForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        let what = match self.order {
            Some((order, _)) => format!("{} {order}", words.say("act.change_order")),
            None => words.say("act.enter_order").to_owned(),
        };
        let due = self.total + self.freight;
        let totals =
            words.say_with("order.totals", &[("due", &due), ("freight", &self.freight), ("retail", &self.retail)]);
        format!("{what}  {totals}")
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.take_up(sight).map_err(unread)?;
        self.derive(sight).map_err(unread)?;
        if !std::mem::replace(&mut self.begun, true) {
            self.form.begin(&FROM_FILE);
        }
        Ok(())
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        below(&self.about, 3, &self.form, area, buf, pen)
    }

    fn body(&mut self) -> Body<'_> {
        Body::Form(&mut self.form)
    }

    fn focus(&self) -> Focus {
        self.form.focus()
    }

    fn half(&self) -> Option<Half<'_>> {
        let (opening, seen) = match self.order {
            Some((order, content)) => (Opening::OrderChange(order), content.unwrap_or_default()),
            None => (Opening::OrderForm(None), 0),
        };
        Some(Half { opening, form: Some(&self.form), seen })
    }

    /// A stray customer, who has no dealer file, is sent to the Tmall shop (M3.3).
    fn instead(&self, refusals: &Value, words: &Words) -> Option<Instead> {
        let sent_to_tmall = |refusal: &Value| refusal["clause"] == Clause::TmallOnly.id();
        let stray = self.order.is_none() && refusals.as_array()?.iter().any(sent_to_tmall);
        let known = [self.form.text("dealer"), self.form.text("to_phone"), self.form.text("remark")];
        stray.then(|| Instead { command: "refer_customer", ask: dealers::referral(known, words), closes: false })
    }

    fn see(&mut self, version: u32) {
        if let Some((_, content)) = &mut self.order {
            *content = Some(version);
        }
    }

    fn commit(&self) -> Result<Commit, Objection> {
        let text = |name: &str| Text::new(self.form.text(name));
        let ((lines, promotions), remark) = (new_lines(&self.form)?, text("remark"));
        let to = ShipTo { name: text("to_name"), phone: text("to_phone"), address: text("to_address") };
        let command = match self.order {
            Some((order, content)) => {
                let content = content.unwrap_or_default();
                Command::ChangeOrder(ChangeOrder { order, content, lines, to, remark, promotions: Some(promotions) })
            }
            None => {
                let (dealer, to) = (text("dealer"), Some(to));
                Command::EnterOrder(EnterOrder { dealer, lines, to, remark, promotions })
            }
        };
        Ok(Commit::Command(Box::new(command)))
    }
}
