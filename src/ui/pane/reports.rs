//! Reports of differences (W5): what came otherwise than billed, for the operations director and the store manager to read.

use crate::domain::command::Command;
use crate::domain::id::ReceiptId;
use crate::domain::receiving::{Discrepancy, ReadReport, Report};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Stockroom};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Openness, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Opening, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.receipt", least: 8, most: 8, align: Align::Left, rank: 0 },
    Column { title: "column.bill", least: 8, most: 8, align: Align::Left, rank: 3 },
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 2 },
    Column { title: "column.differs", least: 14, most: 60, align: Align::Left, rank: 1 },
    Column { title: "column.state", least: 11, most: 20, align: Align::Left, rank: 2 },
];
/// How many reports are looked at.
const SHOWN: usize = 2_000;

/// Reports of differences.
pub type Reports = Listing<ReportTable>;

/// What the list of reports is about.
#[derive(Default)]
pub struct ReportTable {
    all: bool,
    chosen: Option<Report>,
}

impl Openness for ReportTable {
    fn shows_all(&mut self) -> &mut bool {
        &mut self.all
    }
}

impl Table for ReportTable {
    type Id = ReceiptId;
    const NAME: &'static str = "reports";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "report.none";
    const FINDS: bool = false;
    const SHOWS_DETAIL: bool = false;
    const ACTS: &'static [Act<Listing<Self>>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.of.chosen.as_ref().map(|report| Opening::Bill(report.bill))),
        },
        Listing::OPEN_OR_ALL,
        Act { name: "report.read", command: |_| Some("read_report"), deed: Deed::Ask(read) },
    ];

    fn title(&self, words: &Words) -> String {
        let which = if self.all { "report.which_all" } else { "report.which_open" };
        format!("{}  {}", words.say("pane.reports"), words.say(which))
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        _query: &str,
        need: Need<ReceiptId>,
        height: usize,
    ) -> Result<Vec<Row<ReceiptId>>, Fault> {
        let reports = if self.all { sight.books.reports(SHOWN) } else { sight.books.reports_open(SHOWN) }?;
        need.page_of(&reports, |report| report.receipt, height).iter().map(|report| row(sight, report)).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<ReceiptId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| sight.books.report(id))?;
        self.chosen.as_ref().map_or(Ok(vec![]), |report| report_lines(sight, report))
    }
}

fn row(sight: &Sight<'_>, report: &Report) -> Result<Row<ReceiptId>, Fault> {
    let differs: Vec<String> = report.differences.iter().map(|one| difference(sight.words, one)).collect();
    let state = match report.read.first() {
        Some((by, _)) => {
            let by = sight.books.person_name(*by)?;
            Cell::toned(sight.words.say_with("report.read", &[("by", &by)]), Tone::Done)
        }
        None => Cell::toned(sight.words.say("report.open"), Tone::Soon),
    };
    let cells = vec![
        Cell::plain(report.receipt.to_string()),
        Cell::plain(report.bill.to_string()),
        Cell::plain(report.at.short(sight.settings.zone)),
        Cell::plain(differs.join("; ")),
        state,
    ];
    Ok(Row { id: report.receipt, cells })
}

fn difference(words: &Words, one: &Discrepancy) -> String {
    format!("{} {} {}", one.name, words.say(&format!("found.{}", one.found.key())), one.quantity)
}

/// A report in words.
pub(super) fn report_lines(sight: &Sight<'_>, report: &Report) -> Result<Vec<Line>, Fault> {
    let (by, at) = (sight.books.person_name(report.by)?, report.at.short(sight.settings.zone));
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("receipt", &report.receipt), ("bill", &report.bill), ("by", &by), ("at", &at)];
    let mut lines = vec![Line::title(sight.words.say_with("report.head", &values))];
    lines.extend(report.differences.iter().map(|one| Line::toned(difference(sight.words, one), Tone::Late)));
    for (by, at) in &report.read {
        let (by, at) = (sight.books.person_name(*by)?, at.short(sight.settings.zone));
        lines.push(Line::plain(sight.words.say_with("report.read_at", &[("by", &by), ("at", &at)])));
    }
    Ok(lines)
}

fn read(pane: &Reports, _: &Words) -> Option<Ask> {
    let report = pane.of.chosen.as_ref()?.receipt;
    let fields = vec![Field::line("remark", "field.remark", input::Kind::Text)];
    let make =
        move |filled: &Filled<'_>| Ok(Command::ReadReport(ReadReport { report, remark: Text::new(&filled("remark")) }));
    Some(Ask { title: report.to_string(), lines: pane.said(), fields, confirm: None, make: Box::new(make) })
}
