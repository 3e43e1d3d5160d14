//! The months' settlements with finance (月结): what came, what is payable, by when, and who prepared and confirmed it.

use crate::domain::command::Command;
use crate::domain::settlement::{
    ConfirmSettlement, MonthFigures, PrepareSettlement, Progress, Settlement, days_left, due,
};
use crate::domain::time::Month;
use crate::store::books::{Fault, Purchases};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Sight, order_words as said};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.month", least: 7, most: 7, align: Align::Left, rank: 0 },
    Column { title: "column.state", least: 10, most: 16, align: Align::Left, rank: 1 },
    Column { title: "column.payable", least: 12, most: 16, align: Align::Right, rank: 2 },
    Column { title: "column.due", least: 10, most: 10, align: Align::Left, rank: 3 },
    Column { title: "column.days_left", least: 6, most: 8, align: Align::Right, rank: 4 },
];

/// The settlements.
pub type Settlements = Listing<SettlementTable>;

/// What the list of settlements is about.
#[derive(Default)]
pub struct SettlementTable {
    chosen: Option<(Month, Option<Settlement>, MonthFigures)>,
}

fn row(sight: &Sight<'_>, month: Month, settlement: Option<&Settlement>) -> Result<Row<Month>, Fault> {
    let today = sight.now.day(sight.settings.zone);
    let progress = Progress::of(month, settlement, today);
    let tone = match progress {
        Progress::Confirmed => Tone::Done,
        Progress::Overdue => Tone::Late,
        Progress::Prepared => Tone::Soon,
        Progress::Waiting => Tone::Plain,
    };
    let left = if progress == Progress::Confirmed { String::new() } else { days_left(month, today).to_string() };
    let figures = match settlement {
        Some(settlement) => settlement.figures,
        None => sight.books.month_figures(month)?,
    };
    let cells = vec![
        Cell::plain(month.to_string()),
        Cell::toned(sight.words.say(&format!("settlement_state.{}", progress.key())), tone),
        Cell::plain(figures.payable().to_string()),
        Cell::plain(due(month).to_string()),
        Cell::plain(left),
    ];
    Ok(Row { id: month, cells })
}

impl Table for SettlementTable {
    type Id = Month;
    const NAME: &'static str = "settlements";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "settlement.none";
    const ACTS: &'static [Act<Settlements>] = &[
        Act { name: "settlement.prepare", command: |_| Some("prepare_settlement"), deed: Deed::Ask(prepare) },
        Act { name: "settlement.confirm", command: |_| Some("confirm_settlement"), deed: Deed::Ask(confirm) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.settlements").to_owned()
    }

    fn rows(&self, sight: &Sight<'_>, query: &str, need: Need<Month>, height: usize) -> Result<Vec<Row<Month>>, Fault> {
        let mut months = sight.books.settlement_months(sight.now.day(sight.settings.zone).month())?;
        months.reverse();
        months.retain(|(month, _)| month.to_string().contains(query));
        let page = need.page_of(&months, |(month, _)| *month, height);
        page.iter().map(|(month, settlement)| row(sight, *month, settlement.as_ref())).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<Month>) -> Result<Vec<Line>, Fault> {
        let Some(month) = at else {
            self.chosen = None;
            return Ok(vec![]);
        };
        let (settlement, now) = (sight.books.settlement(month)?, sight.books.month_figures(month)?);
        let shown = settlement.as_ref().map_or(now, |settlement| settlement.figures);
        let owed = sight.books.factory_balance()?;
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("billed", &shown.billed),
            ("not_taken", &shown.not_taken),
            ("sent_back", &shown.sent_back),
            ("gifts", &shown.gifts),
            ("payable", &shown.payable()),
            ("owed", &owed),
        ];
        let mut lines = vec![Line::plain(sight.words.say_with("settlement.figures", &values))];
        if let Some(settlement) = &settlement {
            lines.extend(said::settled(sight, &settlement.prepared, settlement.confirmed.as_ref())?);
        }
        if settlement.as_ref().is_some_and(|settlement| settlement.confirmed.is_none() && settlement.figures != now) {
            let moved = sight.words.say_with("settlement.moved", &[("now", &now.payable())]);
            lines.push(Line::toned(moved, Tone::Late));
        }
        self.chosen = Some((month, settlement, now));
        Ok(lines)
    }
}

fn prepare(pane: &Settlements, _: &Words) -> Option<Ask> {
    let (month, _, now) = pane.of.chosen.as_ref()?;
    let command = Command::PrepareSettlement(PrepareSettlement { month: *month });
    Some(Ask::plain(format!("{month} {}", now.payable()), pane.said(), command))
}

fn confirm(pane: &Settlements, _: &Words) -> Option<Ask> {
    let (month, settlement, now) = pane.of.chosen.as_ref()?;
    let payable = settlement.as_ref().map_or(now.payable(), |settlement| settlement.figures.payable());
    let command = Command::ConfirmSettlement(ConfirmSettlement { month: *month, payable });
    Some(Ask::plain(format!("{month} {payable}"), pane.said(), command).confirmed_by(Confirm::Pin))
}
