//! The factory's bills, newest first: what is in transit, what has come of each, what is to be received.

use crate::domain::bill::{Bill, BillState};
use crate::domain::id::BillId;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Stockroom};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Openness, Table};
use crate::ui::pane::{Act, Deed, Opening, Sight, Subject};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::{self, Align};

const COLUMNS: &[Column] = &[
    Column { title: "column.bill", least: 8, most: 8, align: Align::Left, rank: 3 },
    Column { title: "column.number", least: 13, most: 16, align: Align::Left, rank: 0 },
    Column { title: "column.factory", least: 10, most: 30, align: Align::Left, rank: 1 },
    Column { title: "column.day", least: 10, most: 10, align: Align::Left, rank: 4 },
    Column { title: "column.amount", least: 12, most: 14, align: Align::Right, rank: 5 },
    Column { title: "column.state", least: 10, most: 15, align: Align::Left, rank: 2 },
];

/// The factory's bills.
pub type Bills = Listing<BillTable>;

/// What the list of bills is about.
#[derive(Default)]
pub struct BillTable {
    all: bool,
}

impl BillTable {
    fn page(&self, sight: &Sight<'_>, need: Need<BillId>, height: usize) -> Result<Vec<Bill>, Fault> {
        if !self.all {
            let mut open = sight.books.bills_open(usize::MAX)?;
            open.reverse();
            return Ok(need.page_of(&open, |bill| bill.id, height).to_vec());
        }
        let newest_first = |mut rows: Vec<Bill>| {
            rows.reverse();
            rows
        };
        match need {
            Need::First => sight.books.bills(None, height),
            Need::From(id) => sight.books.bills(Some(BillId(id.0 + 1)), height),
            Need::After(id) => sight.books.bills(Some(id), height),
            Need::Before(id) => sight.books.bills_after(Some(id), height).map(newest_first),
            Need::Last => sight.books.bills_after(None, height).map(newest_first),
        }
    }
}

impl Openness for BillTable {
    fn shows_all(&mut self) -> &mut bool {
        &mut self.all
    }
}

impl Table for BillTable {
    type Id = BillId;
    const NAME: &'static str = "bills";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "bill.none";
    const FINDS: bool = false;
    const SHOWS_DETAIL: bool = false;
    const ACTS: &'static [Act<Listing<Self>>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Bill)) },
        Act { name: "row.new", command: |_| Some("enter_bill"), deed: Deed::Open(|_| Some(Opening::BillForm)) },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|bill| Opening::Journal(Subject::Bill(bill)))),
        },
        Listing::OPEN_OR_ALL,
        Act {
            name: "bill.receive",
            command: |_| Some("receive_bill"),
            deed: Deed::Open(|pane| pane.at().map(Opening::ReceiveForm)),
        },
    ];

    fn title(&self, words: &Words) -> String {
        let which = if self.all { "bill.which_all" } else { "bill.which_open" };
        format!("{}  {}", words.say("pane.bills"), words.say(which))
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        _query: &str,
        need: Need<BillId>,
        height: usize,
    ) -> Result<Vec<Row<BillId>>, Fault> {
        Ok(self.page(sight, need, height)?.iter().map(|bill| row(sight.words, bill)).collect())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<BillId>) -> Result<Vec<Line>, Fault> {
        let bill = at.map_or(Ok(None), |id| sight.books.bill(id))?;
        bill.map_or(Ok(vec![]), |bill| bill_lines(sight, &bill))
    }
}

fn row(words: &Words, bill: &Bill) -> Row<BillId> {
    let tone = if bill.state == BillState::Received { Tone::Done } else { Tone::Soon };
    let cells = vec![
        Cell::plain(bill.id.to_string()),
        Cell::plain(bill.number.as_str()),
        Cell::plain(bill.factory.as_str()),
        Cell::plain(bill.day.to_string()),
        Cell::plain(bill.amount().to_string()),
        Cell::toned(words.say(&format!("bill_state.{}", bill.state.key())), tone),
    ];
    Row { id: bill.id, cells }
}

/// A bill in words: its head, each line with what has come, where it belongs and its mark, and what differed.
pub(super) fn bill_lines(sight: &Sight<'_>, bill: &Bill) -> Result<Vec<Line>, Fault> {
    let words = sight.words;
    let state = words.say(&format!("bill_state.{}", bill.state.key())).to_owned();
    let mut lines = vec![Line::title(format!(
        "{}  {}  {}  {}  {}  {state}",
        bill.id,
        bill.number,
        bill.factory,
        bill.day,
        bill.amount()
    ))];
    for line in &bill.lines {
        let Some(article) = sight.books.article(line.billed.article)? else {
            continue;
        };
        let card = &article.card;
        let name = text::fit(&format!("{} {}", card.code, card.name), 30, Align::Left);
        let figures = words.say_with(
            "bill.line",
            &[
                ("billed", &line.billed.quantity),
                ("accepted", &line.accepted),
                ("left", &line.left()),
                ("unit", &card.unit),
                ("place", &card.location),
            ],
        );
        let words = format!("{name} {figures}{}", mark(&card.special));
        lines.push(if line.left().is_zero() { Line::toned(words, Tone::Done) } else { Line::plain(words) });
    }
    for receipt in &bill.receipts {
        if let Some(report) = sight.books.report(*receipt)? {
            lines.extend(super::reports::report_lines(sight, &report)?);
        }
    }
    Ok(lines)
}

/// The mark of special goods as it stands beside a name (W12).
pub(super) fn mark(special: &Text) -> String {
    if special.is_empty() { String::new() } else { format!(" [{special}]") }
}
