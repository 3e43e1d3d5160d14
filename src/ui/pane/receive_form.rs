//! Goods that came against a bill: scan a line, its quantity, and a digit where it is not as billed (W4, W5).
//!
//! Scanner and numeric keypad suffice: Enter goes on, a scanned code begins the next line.

use crate::domain::bill::Bill;
use crate::domain::command::Command;
use crate::domain::id::BillId;
use crate::domain::quantity::Quantity;
use crate::domain::receiving::{Found, FoundLine, ReceiveBill};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Stockroom};
use crate::ui::locale::Words;
use crate::ui::pane::bills::{bill_lines, mark};
use crate::ui::pane::filling::{Filling, Paper};
use crate::ui::pane::{Objection, Opening, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::form::Form;
use crate::ui::part::grid::{Column, Grid, Line as GridLine, Shown};
use crate::ui::part::input;
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

/// Goods that came against a bill.
pub struct Received {
    bill: BillId,
    /// How many goods-ins the bill had when the form was begun.
    seen: Option<u32>,
    about: Vec<Line>,
    number: Text,
}

/// The form for goods against a bill.
pub fn receive_form(bill: BillId) -> Filling<Received> {
    Filling::of(Received { bill, seen: None, about: vec![], number: Text::default() }, empty_form())
}

impl Received {
    fn lines(form: &Form) -> Result<Vec<FoundLine>, Objection> {
        let mut lines = Vec::new();
        for row in form.grid.iter().flat_map(Grid::texts) {
            let [article, quantity, found, unit, place] = &row[..] else {
                continue;
            };
            let quantity = quantity.parse().map_err(|_| ("note", "input.not_a_quantity".to_owned()))?;
            let found = found_by(found).ok_or(("note", "receive.no_such_finding".to_owned()))?;
            let named = |text: &String| Some(Text::new(text)).filter(|text| !text.is_empty());
            lines.push(FoundLine {
                article: Text::new(article),
                quantity,
                unit: named(unit),
                found,
                place: named(place),
            });
        }
        Ok(lines)
    }
}

/// What a digit says was found; 1, as billed, where nothing is typed.
fn found_by(digit: &str) -> Option<Found> {
    let nth = if digit.is_empty() { 1 } else { digit.parse::<usize>().ok()? };
    Found::ENTERED.get(nth.checked_sub(1)?).copied()
}

/// The name with its mark, what the bill has left after the lines above, and the finding in words.
fn derive_line(
    sight: &Sight<'_>,
    bill: &Bill,
    line: &mut GridLine,
    came: &mut Vec<(Text, Quantity)>,
) -> Result<(), Fault> {
    line.shown = vec![String::new(); 3];
    let code = line.inputs[0].text().trim().to_owned();
    if code.is_empty() {
        return Ok(());
    }
    let found = found_by(line.inputs[2].text());
    let word = found.map_or("receive.no_such_finding".to_owned(), |found| format!("found.{}", found.key()));
    line.shown[2] = sight.words.say(&word).to_owned();
    let Some(article) = sight.books.article_by_code(&code)? else {
        line.shown[0] = sight.words.say("order.no_article").to_owned();
        return Ok(());
    };
    let card = &article.card;
    line.shown[0] = format!("{}{} ({})", card.name, mark(&card.special), card.unit);
    let Some(billed) = bill.line(article.id) else {
        line.shown[1] = sight.words.say("receive.not_billed").to_owned();
        return Ok(());
    };
    let unit = Some(Text::new(line.inputs[3].text())).filter(|unit| !unit.is_empty());
    let typed = line.inputs[1].text().parse::<Quantity>().ok();
    let quantity = typed.and_then(|typed| article.in_base(typed, unit.as_ref()).ok()).unwrap_or_default();
    if matches!(found, Some(Found::Accepted | Found::DamagedKept)) {
        came.push((card.code.clone(), quantity));
    }
    let above: Quantity = came.iter().filter(|(code, _)| *code == card.code).map(|(_, quantity)| *quantity).sum();
    line.shown[1] = (billed.left() - above).to_string();
    Ok(())
}

fn empty_form() -> Form {
    let words = |keys: &[(&str, &str)]| {
        keys.iter().map(|(value, key)| ((*value).to_owned(), (*key).to_owned())).collect::<Vec<_>>()
    };
    let fields = vec![
        Field::line("note", "field.note", input::Kind::Text),
        Field::choice("last", "field.last", words(&[("no", "receive.more_comes"), ("yes", "receive.that_is_all")])),
        Field::line("reason", "field.reason", input::Kind::Text),
    ];
    let column = |name, label, kind, cells, begins, lookup| Column { name, label, kind, cells, begins, lookup };
    let shown = |label, cells, align| Shown { label, cells, align };
    let grid = Grid::new(
        vec![
            column("article", "field.article", input::Kind::Code, 14, "", true),
            column("quantity", "field.quantity", input::Kind::Quantity, 9, "", false),
            column("found", "field.found", input::Kind::Code, 4, "", false),
            column("unit", "field.unit", input::Kind::Text, 4, "", false),
            column("place", "field.place", input::Kind::Text, 7, "", true),
        ],
        vec![
            shown("column.name", 18, Align::Left),
            shown("column.left_of_bill", 8, Align::Right),
            shown("column.found", 10, Align::Left),
        ],
    );
    Form::new(fields, Some(grid))
}

impl Paper for Received {
    fn title(&self, words: &Words) -> String {
        format!("{} {} {}  {}", words.say("act.receive_bill"), self.bill, self.number, words.say("receive.digits"))
    }

    fn read(&mut self, form: &mut Form, sight: &Sight<'_>) -> Result<(), Fault> {
        let Some(bill) = sight.books.bill(self.bill)? else { return Ok(()) };
        self.seen.get_or_insert(bill.receipts.len() as u32);
        self.number = bill.number.clone();
        self.about = bill_lines(sight, &bill)?;
        let mut came: Vec<(Text, Quantity)> = Vec::new();
        for line in form.grid.iter_mut().flat_map(|grid| &mut grid.lines) {
            derive_line(sight, &bill, line, &mut came)?;
        }
        Ok(())
    }

    fn command(&self, form: &Form) -> Result<Command, Objection> {
        Ok(Command::ReceiveBill(ReceiveBill {
            bill: self.bill,
            seen: self.seen.unwrap_or_default() as u16,
            note: Text::new(form.text("note")),
            lines: Received::lines(form)?,
            last: form.text("last") == "yes",
            before: None,
            reason: Text::new(form.text("reason")),
        }))
    }

    fn again(&self) -> (Opening, u32) {
        (Opening::ReceiveForm(self.bill), self.seen.unwrap_or_default())
    }

    fn about(&self) -> &[Line] {
        &self.about
    }

    fn see(&mut self, version: u32) {
        self.seen = Some(version);
    }
}
