//! A payment to confirm: whose it is, over which orders, what stays as credit. Filled with the suggestion at first.
//!
//! Where the account is not registered, both totals are shown before anything is chosen (M1.1b).

use ratatui::layout::{Position, Rect};

use crate::domain::command::Command;
use crate::domain::confirming::{ConfirmPayment, Judgement};
use crate::domain::id::{FlowId, OrderId};
use crate::domain::money::Money;
use crate::domain::payment::Share;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::pane::filling::below;
use crate::ui::pane::payments::{channel, payment_lines};
use crate::ui::pane::suggestion::suggestion;
use crate::ui::pane::{Act, Body, Commit, Half, Objection, Opening, Screen, Sight, unread};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Shown};
use crate::ui::part::input;
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

/// The most rows that explain the payment above the form.
const ABOUT: usize = 7;

/// A payment to confirm.
pub struct PaymentForm {
    payment: FlowId,
    form: Form,
    about: Vec<Line>,
    filled: bool,
    open: Money,
    shared: Money,
}

impl PaymentForm {
    /// A payment to confirm.
    pub fn of(payment: FlowId) -> PaymentForm {
        PaymentForm {
            payment,
            form: empty_form(),
            about: vec![],
            filled: false,
            open: Money::ZERO,
            shared: Money::ZERO,
        }
    }

    fn derive(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        let Some(posted) = sight.books.flow(self.payment)? else { return Ok(()) };
        let treatment = sight.books.treatment(self.payment)?;
        self.open = posted.open(treatment.as_ref());
        self.about = payment_lines(sight, &posted, treatment.as_ref())?;
        if !std::mem::replace(&mut self.filled, true)
            && let Some(found) = suggestion(sight.books, &posted, channel(sight, &posted)?, self.open)?
        {
            self.form.set("dealer", &found.dealer.to_string());
            let plain = |amount: Money| amount.to_string().replace(',', "");
            self.form.set("to_credit", &plain(found.left));
            let rows: Vec<Vec<String>> =
                found.orders.iter().map(|(order, amount)| vec![order.to_string(), plain(*amount)]).collect();
            if let Some(grid) = &mut self.form.grid {
                grid.fill(&rows);
            }
        }
        self.shared = self.form.text("to_credit").parse().unwrap_or_default();
        if let Some(grid) = &mut self.form.grid {
            for line in &mut grid.lines {
                self.shared += line.inputs[1].text().parse::<Money>().unwrap_or_default();
                let order =
                    line.inputs[0].text().parse::<OrderId>().ok().map_or(Ok(None), |id| sight.books.order(id))?;
                line.shown = match order {
                    Some(order) => {
                        vec![order.name.to_string(), order.open_amount().to_string(), order.retail_total().to_string()]
                    }
                    None => vec![String::new(); 3],
                };
            }
        }
        Ok(())
    }

    fn shares(&self) -> Result<Vec<Share>, Objection> {
        let mut shares = Vec::new();
        for row in self.form.grid.iter().flat_map(Grid::texts) {
            let [order, amount] = &row[..] else { continue };
            let order = order.parse().map_err(|_| ("dealer", "payment.no_order".to_owned()))?;
            let amount = amount.parse().map_err(|_| ("dealer", "input.not_an_amount".to_owned()))?;
            shares.push(Share { order, amount });
        }
        Ok(shares)
    }
}

fn empty_form() -> Form {
    let words = |keys: &[(&str, &str)]| {
        keys.iter().map(|(value, key)| ((*value).to_owned(), (*key).to_owned())).collect::<Vec<_>>()
    };
    let fields = vec![
        Field::line("dealer", "field.dealer", input::Kind::Text).needed().with_lookup(),
        Field::line("to_credit", "field.to_credit", input::Kind::Money),
        Field::choice(
            "accept_retail",
            "field.accept_retail",
            words(&[("no", "payment.tier_only"), ("yes", "payment.at_retail")]),
        ),
        Field::choice(
            "judgement",
            "field.judgement",
            words(&[
                ("", "payment.no_judgement"),
                ("yes", "payment.judged_registered"),
                ("no", "payment.judged_stranger"),
            ]),
        ),
        Field::line("reason", "field.reason", input::Kind::Text),
    ];
    let column = |name, label, kind, cells, lookup| Column { name, label, kind, cells, begins: "", lookup };
    let shown = |label, cells, align| Shown { label, cells, align };
    let grid = Grid::new(
        vec![
            column("order", "column.order", input::Kind::Code, 14, true),
            column("amount", "field.amount", input::Kind::Money, 12, false),
        ],
        vec![
            shown("column.dealer", 20, Align::Left),
            shown("column.open_amount", 12, Align::Right),
            shown("column.retail", 12, Align::Right),
        ],
    );
    Form::new(fields, Some(grid))
}

impl Screen for PaymentForm {
    const NAME: &'static str = "form";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        let left = self.open - self.shared;
        let figures =
            words.say_with("payment.figures", &[("open", &self.open), ("shared", &self.shared), ("left", &left)]);
        format!("{} {}  {figures}", words.say("act.confirm_payment"), self.payment)
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.derive(sight).map_err(unread)
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        below(&self.about, ABOUT, &self.form, area, buf, pen)
    }

    fn body(&mut self) -> Body<'_> {
        Body::Form(&mut self.form)
    }

    fn focus(&self) -> Focus {
        self.form.focus()
    }

    fn half(&self) -> Option<Half<'_>> {
        Some(Half { opening: Opening::PaymentForm(self.payment), form: Some(&self.form), seen: 0 })
    }

    fn commit(&self) -> Result<Commit, Objection> {
        let dealer = self.form.text("dealer").parse().map_err(|_| ("dealer", "payment.no_dealer".to_owned()))?;
        let judged = self.form.text("judgement");
        let judgement = (!judged.is_empty())
            .then(|| Judgement { registered: judged == "yes", reason: Text::new(self.form.text("reason")) });
        let command = ConfirmPayment {
            payment: self.payment,
            dealer,
            orders: self.shares()?,
            to_credit: self.form.text("to_credit").parse().unwrap_or_default(),
            accept_retail: self.form.text("accept_retail") == "yes",
            judgement,
        };
        Ok(Commit::Command(Box::new(Command::ConfirmPayment(command))))
    }
}
