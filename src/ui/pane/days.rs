//! The days (日清): what each day's ledger adds up to, which are closed and by whom, what was mailed of them.

use crate::domain::command::Command;
use crate::domain::ledger::{self, CloseDay, ClosedDay, DayFigures};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Daybook, Fault, Mailbox};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.day", least: 10, most: 10, align: Align::Left, rank: 0 },
    Column { title: "column.state", least: 8, most: 14, align: Align::Left, rank: 1 },
    Column { title: "days.lines_out", least: 8, most: 10, align: Align::Right, rank: 4 },
    Column { title: "show_column.shipped", least: 12, most: 14, align: Align::Right, rank: 2 },
    Column { title: "show_column.returned", least: 12, most: 14, align: Align::Right, rank: 5 },
    Column { title: "show_column.net", least: 12, most: 14, align: Align::Right, rank: 3 },
    Column { title: "show_column.by", least: 8, most: 14, align: Align::Left, rank: 6 },
];
/// The most open days with lines that are looked for, and the most letters of a day that are shown.
const MOST: usize = 60;

/// The days, newest first: those that are open and have lines, then those that are closed.
pub type Days = Listing<DayTable>;

/// What the list of days is about.
#[derive(Default)]
pub struct DayTable;

impl Table for DayTable {
    type Id = Day;
    const NAME: &'static str = "days";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "list.empty";
    const FINDS: bool = false;
    const SHOWS_DETAIL: bool = false;
    const ACTS: &'static [Act<Listing<Self>>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Ledger)) },
        Act { name: "day.close", command: |_| Some("close_day"), deed: Deed::Ask(close) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("days.pane").to_owned()
    }

    fn rows(&self, sight: &Sight<'_>, _query: &str, need: Need<Day>, height: usize) -> Result<Vec<Row<Day>>, Fault> {
        let mut days = open_days(sight)?;
        days.reverse();
        let mut rows: Vec<(Day, Option<ClosedDay>)> = days.into_iter().map(|day| (day, None)).collect();
        // Days are few: a page of them is read together with what lies above it.
        let closed = sight.books.closed_days(None, MOST.max(height * 8))?;
        rows.extend(closed.into_iter().map(|closed| (closed.day, Some(closed))));
        let page = need.page_of(&rows, |(day, _)| *day, height);
        page.iter().map(|(day, closed)| row(sight, *day, closed.as_ref())).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<Day>) -> Result<Vec<Line>, Fault> {
        let Some(day) = at else { return Ok(vec![]) };
        let (closed, figures) = (sight.books.closed_day(day)?, sight.books.day_figures(day, None)?);
        lines(sight, day, &figures, closed.as_ref())
    }
}

/// The open days whose ledger has lines, and today, oldest first.
fn open_days(sight: &Sight<'_>) -> Result<Vec<Day>, Fault> {
    let today = sight.now.day(sight.settings.zone);
    let mut days = Vec::new();
    let mut next = sight.books.first_unclosed()?;
    while let Some(day) = next.filter(|_| days.len() < MOST) {
        days.push(day);
        let after = sight.books.ledger(day.next(), today.next().max(day.next()), None, 1)?;
        next = after.first().map(|row| row.day);
    }
    let is_closed = sight.books.last_closed()?.is_some_and(|last| last >= today);
    if !is_closed && !days.contains(&today) {
        days.push(today);
        days.sort();
    }
    Ok(days)
}

fn row(sight: &Sight<'_>, day: Day, closed: Option<&ClosedDay>) -> Result<Row<Day>, Fault> {
    let figures = match closed {
        Some(closed) => closed.figures,
        None => sight.books.day_figures(day, None)?,
    };
    let overdue = sight.now > ledger::due(day, sight.settings.zone);
    let state = match closed {
        Some(closed) if closed.late => Cell::toned(sight.words.say("days.late"), Tone::Soon),
        Some(_) => Cell::toned(sight.words.say("days.closed"), Tone::Done),
        None if overdue => Cell::toned(sight.words.say("days.overdue"), Tone::Late),
        None => Cell::plain(sight.words.say("days.open")),
    };
    let by = closed.map_or(Ok(Text::default()), |closed| sight.books.person_name(closed.by))?;
    let cells = vec![
        Cell::plain(day.to_string()),
        state,
        Cell::plain(figures.shipped_lines.to_string()),
        Cell::plain(figures.shipped.to_string()),
        Cell::plain(figures.returned.to_string()),
        Cell::plain(figures.net().to_string()),
        Cell::plain(by.as_str()),
    ];
    Ok(Row { id: day, cells })
}

/// A day in words: its figures, who closed it, what was open, the head of the journal, its letters.
fn lines(sight: &Sight<'_>, day: Day, figures: &DayFigures, closed: Option<&ClosedDay>) -> Result<Vec<Line>, Fault> {
    let (words, zone) = (sight.words, sight.settings.zone);
    let mut lines = vec![
        Line::title(words.say_with("days.title", &[("day", &day)])),
        Line::plain(words.say_with(
            "days.figures",
            &[
                ("shipped_lines", &figures.shipped_lines),
                ("shipped", &figures.shipped),
                ("returned_lines", &figures.returned_lines),
                ("returned", &figures.returned),
                ("freight", &figures.freight),
                ("net", &figures.net()),
            ],
        )),
    ];
    let Some(closed) = closed else { return Ok(lines) };
    let by = sight.books.person_name(closed.by)?;
    lines.push(Line::plain(words.say_with("mail.closed_by", &[("name", &by), ("time", &closed.at.full(zone))])));
    let open = closed.open;
    lines.push(Line::plain(words.say_with(
        "days.left_open",
        &[("payments", &open.payments), ("amount", &open.amount), ("queue", &open.queue), ("unpaid", &open.unpaid)],
    )));
    lines.push(Line::plain(words.say_with("export.foot", &[("seq", &(closed.seq - 1)), ("head", &closed.head)])));
    for (seq, person, letter) in sight.books.letters(Some((closed.seq + 1, crate::domain::id::PersonId(0))), MOST)? {
        if seq != closed.seq {
            break;
        }
        let name = sight.books.person_name(person)?;
        lines.push(match letter.sent {
            Some(sent) => {
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("name", &name), ("address", &sent.address), ("time", &sent.at.full(zone))];
                Line::plain(words.say_with("days.sent", &values))
            }
            None => {
                let (tries, _, why) = sight.books.mail_tries(seq, person)?;
                let address = sight.books.address(person)?;
                let key = if address.is_empty() { "days.no_address" } else { "days.owed" };
                let values: [(&str, &dyn std::fmt::Display); 4] =
                    [("name", &name), ("address", &address), ("tries", &tries), ("why", &why)];
                Line::toned(words.say_with(key, &values), Tone::Soon)
            }
        });
    }
    Ok(lines)
}

fn close(pane: &Days, _: &Words) -> Option<Ask> {
    let day = pane.at()?;
    Some(Ask::plain(day.to_string(), pane.said(), Command::CloseDay(CloseDay { day })))
}
