//! The ledger of a day (电商台账表): a row a line of goods that left or came back, with all that belongs to it.

use crate::domain::id::OrderId;
use crate::domain::ledger::{DayFigures, LedgerRow, Side, channel_key};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Counts, Daybook, Fault};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Deed, Opening, Sight, Subject};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.order", least: 12, most: 12, align: Align::Left, rank: 0 },
    Column { title: "column.dealer", least: 10, most: 30, align: Align::Left, rank: 2 },
    Column { title: "show_column.article_name", least: 8, most: 20, align: Align::Left, rank: 1 },
    Column { title: "show_column.quantity", least: 8, most: 12, align: Align::Right, rank: 3 },
    Column { title: "show_column.amount", least: 12, most: 14, align: Align::Right, rank: 4 },
    Column { title: "show_column.waybill", least: 15, most: 20, align: Align::Left, rank: 6 },
    Column { title: "show_column.stock_after", least: 11, most: 12, align: Align::Right, rank: 5 },
];

/// A line of a day's ledger: the entry of the journal and the line in it.
type At = (u64, u32);

/// The ledger of a day.
pub type Ledger = Listing<DayLines>;

/// What a day's ledger is about.
pub struct DayLines {
    day: Day,
    figures: DayFigures,
    order: Option<OrderId>,
}

impl Ledger {
    /// The ledger of that day.
    pub fn of_day(day: Day) -> Ledger {
        Listing::of(DayLines { day, figures: DayFigures::default(), order: None })
    }
}

impl DayLines {
    fn page(&self, sight: &Sight<'_>, need: Need<At>, height: usize) -> Result<Vec<LedgerRow>, Fault> {
        let (books, day) = (sight.books, self.day);
        let on = |(seq, line): At| (day, seq, line);
        let back = |before: Option<At>| {
            let mut rows = books.ledger_before(day, day, before.map(on), height)?;
            rows.reverse();
            Ok(rows)
        };
        match need {
            Need::First => books.ledger(day, day, None, height),
            Need::After(at) => books.ledger(day, day, Some(on(at)), height),
            // A line's number is one more than the line before it, so that nothing lies between.
            Need::From((seq, 0)) => books.ledger(day, day, Some((day, seq - 1, u32::MAX)), height),
            Need::From((seq, line)) => books.ledger(day, day, Some((day, seq, line - 1)), height),
            Need::Before(at) => back(Some(at)),
            Need::Last => back(None),
        }
    }
}

impl Table for DayLines {
    type Id = At;
    const NAME: &'static str = "ledger";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "list.empty";
    const FINDS: bool = false;
    const SHOWS_DETAIL: bool = false;
    const ACTS: &'static [Act<Listing<Self>>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.of.order.map(Opening::Order)) },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.of.order.map(|order| Opening::Journal(Subject::Order(order)))),
        },
    ];

    fn title(&self, words: &Words) -> String {
        let (day, figures) = (self.day, self.figures);
        words.say_with("ledger.title", &[("day", &day), ("lines", &figures.shipped_lines), ("net", &figures.net())])
    }

    fn rows(&self, sight: &Sight<'_>, _query: &str, need: Need<At>, height: usize) -> Result<Vec<Row<At>>, Fault> {
        let blind = sight.books.blindness(Some(sight.who.id))?;
        let mut rows = Vec::new();
        for LedgerRow { seq, line, record, .. } in self.page(sight, need, height)? {
            let article = sight.books.article(record.article)?.map(|article| article.card.name).unwrap_or_default();
            let mark = if record.side() == Side::Charged { "gift.charged_mark" } else { "gift.mark" };
            let gift = record.promotion.map(|id| sight.words.say_with(mark, &[("promotion", &id)]));
            let after = blind.book(record.article, record.stock_after);
            let is_back = record.corrects.is_some();
            let quantity = record.quantity.to_string();
            let cells = vec![
                Cell::plain(record.order.to_string()),
                Cell::plain(record.name.as_str()),
                Cell::plain(format!("{article}{}", gift.unwrap_or_default())),
                if is_back { Cell::toned(quantity, Tone::Soon) } else { Cell::plain(quantity) },
                Cell::plain(record.amount.to_string()),
                Cell::plain(record.waybill.as_str()),
                Cell::plain(after.map_or_else(String::new, |after| after.to_string())),
            ];
            rows.push(Row { id: (seq, line), cells });
        }
        Ok(rows)
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<At>) -> Result<Vec<Line>, Fault> {
        self.order = None;
        self.figures = sight.books.day_figures(self.day, None)?;
        let Some(at) = at else { return Ok(vec![]) };
        let found = self.page(sight, Need::From(at), 1)?;
        let Some(row) = found.first().filter(|row| (row.seq, row.line) == at) else { return Ok(vec![]) };
        self.order = Some(row.record.order);
        lines(sight, row)
    }
}

/// A line in words: the money, who confirmed it, who signed, who carried it, what it takes back.
fn lines(sight: &Sight<'_>, row: &LedgerRow) -> Result<Vec<Line>, Fault> {
    let (words, zone, record) = (sight.words, sight.settings.zone, &row.record);
    let names = |people: &[crate::domain::id::PersonId]| -> Result<String, Fault> {
        let all: Vec<Text> = people.iter().map(|id| sight.books.person_name(*id)).collect::<Result<_, _>>()?;
        Ok(all.iter().map(Text::as_str).collect::<Vec<_>>().join(" "))
    };
    let mut accounts = Vec::new();
    for account in &record.accounts {
        accounts.extend(sight.books.account(*account)?.map(|account| account.name.to_string()));
    }
    let flows: Vec<String> = record.flows.iter().map(ToString::to_string).collect();
    let channel = words.say(&format!("dealer_kind.{}", channel_key(record.channel))).to_owned();
    let mut lines = vec![
        Line::title(format!("{}-{}  {}  {}", record.order, record.part, record.name, channel)),
        Line::plain(words.say_with(
            "ledger.money",
            &[
                ("price", &record.price),
                ("amount", &record.amount),
                ("freight", &record.freight),
                ("accounts", &accounts.join(" ")),
                ("flows", &flows.join(" ")),
                ("confirmed_by", &names(&record.confirmed_by)?),
            ],
        )),
        Line::plain(words.say_with(
            "ledger.goods",
            &[
                ("signed_by", &names(&record.signed_by)?),
                ("waybill", &record.waybill),
                ("by", &sight.books.person_name(record.by)?),
                ("time", &record.at.full(zone)),
            ],
        )),
    ];
    if let Some(corrects) = record.corrects {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("day", &corrects.day), ("seq", &corrects.seq)];
        lines.push(Line::toned(words.say_with("ledger.corrects", &values), Tone::Soon));
    }
    Ok(lines)
}
