//! The stock card (库存卡) of an article: every movement with the balance at its place, newest first, each leading to its
//! document. From here goods are moved, taken for damaged, and damaged goods settled.

use crate::domain::command::Command;
use crate::domain::goods::Article;
use crate::domain::id::ArticleId;
use crate::domain::moving::{DamagedTo, MarkDamaged, MoveGoods, SettleDamaged, ShelfLine};
use crate::domain::stock::{CardRow, Document, Stock};
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault, Stockroom};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::bills::mark;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Objection, Opening, Sight, Subject};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 1 },
    Column { title: "column.place", least: 6, most: 12, align: Align::Left, rank: 2 },
    Column { title: "column.move", least: 11, most: 11, align: Align::Left, rank: 0 },
    Column { title: "column.change", least: 9, most: 12, align: Align::Right, rank: 0 },
    Column { title: "column.balance", least: 9, most: 12, align: Align::Right, rank: 0 },
    Column { title: "column.damaged", least: 7, most: 10, align: Align::Right, rank: 4 },
    Column { title: "column.document", least: 12, most: 20, align: Align::Left, rank: 3 },
    Column { title: "column.total", least: 9, most: 12, align: Align::Right, rank: 5 },
];

/// A row of the card: the entry and its line.
type RowId = (u64, u32);

/// The stock card of an article.
pub type Card = Listing<Movements>;

/// What a stock card is about.
pub struct Movements {
    id: ArticleId,
    article: Option<Article>,
    stock: Stock,
    /// Whoever counts these goods sees no card of them (M5.2).
    hidden: bool,
    chosen: Option<CardRow>,
}

impl Card {
    /// The card of an article.
    pub fn of_article(id: ArticleId) -> Card {
        Listing::of(Movements { id, article: None, stock: Stock::default(), hidden: false, chosen: None })
    }

    fn ask(&self, more: Vec<Field>, make: fn(ShelfLine, &Filled<'_>) -> Command) -> Option<Ask> {
        let article = self.of.article.as_ref()?.card.code.clone();
        let from = self.of.chosen.as_ref().map(|row| row.place.clone()).unwrap_or_default();
        let mut fields = vec![
            Field::line("quantity", "field.quantity", input::Kind::Quantity).needed(),
            Field::line("from", "field.place", input::Kind::Text).with_lookup().holding(&from),
        ];
        fields.extend(more);
        let make = move |filled: &Filled<'_>| {
            let wrong = |_| -> Objection { ("quantity", "input.not_a_quantity".to_owned()) };
            let quantity = filled("quantity").parse().map_err(wrong)?;
            let line =
                ShelfLine { article: article.clone(), quantity, unit: None, from: Some(Text::new(&filled("from"))) };
            Ok(make(line, filled))
        };
        Some(Ask {
            title: self.of.called()?,
            lines: self.said(),
            fields,
            confirm: Some(Confirm::F8),
            make: Box::new(make),
        })
    }
}

impl Movements {
    fn page(&self, sight: &Sight<'_>, need: Need<RowId>, height: usize) -> Result<Vec<CardRow>, Fault> {
        let key = |row: &CardRow| (row.seq, row.line);
        let mut rows = Vec::new();
        let hidden = sight.books.blindness(Some(sight.who.id))?.hides(self.id);
        let lain = if hidden { vec![] } else { sight.books.lain(self.id)? };
        for shelf in lain {
            rows.extend(match need {
                Need::First => sight.books.moves(self.id, &shelf.place, .., height)?,
                Need::From((seq, _)) | Need::After((seq, _)) => {
                    sight.books.moves(self.id, &shelf.place, ..=seq, height + 1)?
                }
                Need::Before((seq, _)) => sight.books.moves_after(self.id, &shelf.place, seq, height + 1)?,
                Need::Last => sight.books.moves_after(self.id, &shelf.place, 0, height)?,
            });
        }
        match need {
            Need::First | Need::Last => {}
            Need::From(id) => rows.retain(|row| key(row) <= id),
            Need::After(id) => rows.retain(|row| key(row) < id),
            Need::Before(id) => rows.retain(|row| key(row) > id),
        }
        rows.sort_by_key(key);
        if !matches!(need, Need::Before(_) | Need::Last) {
            rows.reverse();
        }
        rows.truncate(height);
        if matches!(need, Need::Before(_) | Need::Last) {
            rows.reverse();
        }
        Ok(rows)
    }

    /// The paper that the chosen movement came from.
    fn document(&self) -> Option<Opening> {
        Some(match self.chosen.as_ref()?.movement.document {
            Document::Shipment(order, _) => Opening::Order(order),
            Document::Bill(bill, _) => Opening::Bill(bill),
            Document::Receipt(_) | Document::Note(_) | Document::Count(_) => {
                Opening::Journal(Subject::Article(self.id))
            }
        })
    }

    fn called(&self) -> Option<String> {
        let card = &self.article.as_ref()?.card;
        Some(format!("{} {}{}", card.code, card.name, mark(&card.special)))
    }
}

/// A document as it is called.
fn called(words: &Words, document: Document) -> String {
    match document {
        Document::Receipt(receipt) => receipt.to_string(),
        Document::Bill(bill, receipt) => format!("{bill} {receipt}"),
        Document::Shipment(order, part) => format!("{order}/{part}"),
        Document::Note(note) => note.to_string(),
        Document::Count(number) => format!("{} {number}", words.say("move_kind.counted")),
    }
}

fn row(sight: &Sight<'_>, row: &CardRow) -> Row<RowId> {
    let movement = &row.movement;
    let signed = |quantity: crate::domain::quantity::Quantity| {
        if quantity.is_positive() { format!("+{quantity}") } else { quantity.to_string() }
    };
    let counts = movement.kind.counts();
    let moved = match (counts, movement.change.on_hand.is_zero()) {
        (false, _) => movement.change.packed,
        (true, true) => movement.change.damaged,
        (true, false) => movement.change.on_hand,
    };
    let tone = if counts { Tone::Plain } else { Tone::Faint };
    let texts = [
        movement.at.short(sight.settings.zone),
        row.place.to_string(),
        sight.words.say(&format!("move_kind.{}", movement.kind.key())).to_owned(),
        signed(moved),
        movement.balance.on_hand.to_string(),
        movement.balance.damaged.to_string(),
        called(sight.words, movement.document),
        movement.total.to_string(),
    ];
    Row { id: (row.seq, row.line), cells: texts.into_iter().map(|text| Cell::toned(text, tone)).collect() }
}

fn move_goods(pane: &Card, _: &Words) -> Option<Ask> {
    let words = |keys: &[(&str, &str)]| {
        keys.iter().map(|(value, key)| ((*value).to_owned(), (*key).to_owned())).collect::<Vec<_>>()
    };
    let fields = vec![
        Field::line("place", "field.to_place", input::Kind::Text).needed().with_lookup(),
        Field::choice("damaged", "field.which", words(&[("no", "card.sound_goods"), ("yes", "card.damaged_goods")])),
        Field::line("reason", "field.reason", input::Kind::Text),
    ];
    pane.ask(fields, |line, filled| {
        let (to, reason) = (Text::new(&filled("place")), Text::new(&filled("reason")));
        Command::MoveGoods(MoveGoods { lines: vec![line], to, damaged: filled("damaged") == "yes", reason })
    })
}

fn mark_damaged(pane: &Card, _: &Words) -> Option<Ask> {
    let cause = Field::line("cause", "field.cause", input::Kind::Text).needed();
    pane.ask(vec![cause], |line, filled| {
        Command::MarkDamaged(MarkDamaged { lines: vec![line], cause: Text::new(&filled("cause")) })
    })
}

fn settle_damaged(pane: &Card, _: &Words) -> Option<Ask> {
    let outcomes = ["written_off", "to_factory", "restored"];
    let outcomes = outcomes.map(|key| (key.to_owned(), format!("outcome.{key}"))).to_vec();
    let fields = vec![
        Field::choice("outcome", "field.outcome", outcomes),
        Field::line("reason", "field.reason", input::Kind::Text).needed(),
    ];
    pane.ask(fields, |line, filled| {
        let outcome = match filled("outcome").as_str() {
            "to_factory" => DamagedTo::ToFactory,
            "restored" => DamagedTo::Restored,
            _ => DamagedTo::WrittenOff,
        };
        Command::SettleDamaged(SettleDamaged { lines: vec![line], outcome, reason: Text::new(&filled("reason")) })
    })
}

impl Table for Movements {
    type Id = RowId;
    const NAME: &'static str = "card";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "list.empty";
    const FINDS: bool = false;
    const SHOWS_DETAIL: bool = false;
    const ACTS: &'static [Act<Listing<Self>>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.of.document()) },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| Some(Opening::Journal(Subject::Article(pane.of.id)))),
        },
        Act { name: "card.move", command: |_| Some("move_goods"), deed: Deed::Ask(move_goods) },
        Act { name: "card.damage", command: |_| Some("mark_damaged"), deed: Deed::Ask(mark_damaged) },
        Act { name: "card.settle", command: |_| Some("settle_damaged"), deed: Deed::Ask(settle_damaged) },
    ];

    fn title(&self, words: &Words) -> String {
        let name = self.called().unwrap_or_default();
        if self.hidden {
            return words.say_with("card.hidden", &[("name", &name)]);
        }
        let values: [(&str, &dyn std::fmt::Display); 4] = [
            ("name", &name),
            ("on_hand", &self.stock.on_hand),
            ("packed", &self.stock.packed),
            ("damaged", &self.stock.damaged),
        ];
        words.say_with("card.title", &values)
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        _query: &str,
        need: Need<RowId>,
        height: usize,
    ) -> Result<Vec<Row<RowId>>, Fault> {
        Ok(self.page(sight, need, height)?.iter().map(|moved| row(sight, moved)).collect())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<RowId>) -> Result<Vec<Line>, Fault> {
        let words = sight.words;
        self.article = sight.books.article(self.id)?;
        self.hidden = sight.books.blindness(Some(sight.who.id))?.hides(self.id);
        let seen = self.article.as_ref().filter(|_| !self.hidden);
        self.stock = seen.map_or(Ok(Stock::default()), |_| sight.books.stock(self.id))?;
        let mut lines = Vec::new();
        for shelf in seen.map_or(Ok(vec![]), |article| sight.books.shelves(article))? {
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("place", &shelf.place),
                ("sound", &shelf.stock.sound()),
                ("packed", &shelf.stock.packed),
                ("damaged", &shelf.stock.damaged),
            ];
            lines.push(Line::plain(words.say_with("card.shelf", &values)));
        }
        self.chosen = match at {
            Some(at) => self.page(sight, Need::From(at), 1)?.into_iter().find(|row| (row.seq, row.line) == at),
            None => None,
        };
        let Some(row) = &self.chosen else { return Ok(lines) };
        if let Some(entry) = sight.books.entry(row.seq)? {
            let event = serde_json::to_value(&entry.event).unwrap_or_default();
            let by = sight.books.person_name(entry.by)?;
            let at = entry.at.full(sight.settings.zone);
            let what = crate::ui::refusal::event(words, &event, sight.settings.zone);
            lines.push(Line::title(format!("#{}  {at}  {by}  {what}", row.seq)));
        }
        Ok(lines)
    }
}
