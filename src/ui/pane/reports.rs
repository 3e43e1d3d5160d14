//! Reports of differences (W5): what came otherwise than billed, for the operations director and the store manager to read.

use ratatui::layout::{Position, Rect};

use crate::domain::command::Command;
use crate::domain::id::ReceiptId;
use crate::domain::receiving::{Discrepancy, ReadReport, Report};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Stockroom};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::{Act, Ask, Body, Deed, Filled, Opening, Screen, Sight, unread};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, List, Picture, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.receipt", least: 8, most: 8, align: Align::Left, rank: 0 },
    Column { title: "column.bill", least: 8, most: 8, align: Align::Left, rank: 3 },
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 2 },
    Column { title: "column.differs", least: 14, most: 60, align: Align::Left, rank: 1 },
    Column { title: "column.state", least: 8, most: 20, align: Align::Left, rank: 2 },
];
/// How many reports are looked at.
const SHOWN: usize = 2_000;

/// Reports of differences.
#[derive(Default)]
pub struct Reports {
    list: List<ReceiptId>,
    all: bool,
    chosen: Option<Report>,
    detail: Vec<Line>,
}

impl Reports {
    fn look_closer(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        self.chosen = self.list.at().map_or(Ok(None), |id| sight.books.report(id))?;
        self.detail = self.chosen.as_ref().map_or(Ok(vec![]), |report| report_lines(sight, report))?;
        Ok(())
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
    let report = pane.chosen.as_ref()?.receipt;
    let fields = vec![Field::line("remark", "field.remark", input::Kind::Text)];
    let lines = pane.detail.iter().map(|line| line.words.clone()).collect();
    let make =
        move |filled: &Filled<'_>| Ok(Command::ReadReport(ReadReport { report, remark: Text::new(&filled("remark")) }));
    Some(Ask { title: report.to_string(), lines, fields, confirm: None, make: Box::new(make) })
}

impl Screen for Reports {
    const NAME: &'static str = "reports";
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.chosen.as_ref().map(|report| Opening::Bill(report.bill))),
        },
        Act {
            name: "view.cycle",
            command: |_| None,
            deed: Deed::Read(|pane| {
                pane.all = !pane.all;
                pane.list.restart();
            }),
        },
        Act { name: "report.read", command: |_| Some("read_report"), deed: Deed::Ask(read) },
    ];

    fn title(&self, words: &Words) -> String {
        let which = if self.all { "report.which_all" } else { "report.which_open" };
        format!("{}  {}", words.say("pane.reports"), words.say(which))
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        let reports = if self.all { sight.books.reports(SHOWN) } else { sight.books.reports_open(SHOWN) };
        let reports = reports.map_err(unread)?;
        let page = |need: crate::ui::part::list::Need<ReceiptId>, height| {
            let page = need.page_of(&reports, |report| report.receipt, height);
            page.iter().map(|report| row(sight, report)).collect::<Result<Vec<_>, Fault>>()
        };
        self.list.read(page).map_err(unread)?;
        self.look_closer(sight).map_err(unread)
    }

    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.look_closer(sight).map_err(unread)
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position> {
        let picture = Picture {
            columns: COLUMNS,
            titles: COLUMNS.iter().map(|column| pen.say(column.title)).collect(),
            number: pen.say("list.number"),
            focused,
            empty: pen.say("report.none"),
            look: pen.look,
        };
        picture.render(&self.list, area, buf);
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Rows(&mut self.list)
    }

    fn detail(&self) -> &[Line] {
        &self.detail
    }
}
