//! The months' write-offs of gifts (赠品核销): what promotions gave, at the unified retail price, and who prepared and confirmed
//! it (M4.6).

use crate::domain::command::Command;
use crate::domain::money::Money;
use crate::domain::time::Month;
use crate::domain::write_off::{ConfirmWriteOff, Given, PrepareWriteOff, Progress, WriteOff, total};
use crate::store::books::{Books, Fault, Promoting};
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
    Column { title: "column.state", least: 11, most: 16, align: Align::Left, rank: 1 },
    Column { title: "column.amount", least: 12, most: 16, align: Align::Right, rank: 2 },
    Column { title: "column.gift_rows", least: 6, most: 10, align: Align::Right, rank: 3 },
];

/// The write-offs.
pub type WriteOffs = Listing<WriteOffTable>;

/// What the list of write-offs is about.
#[derive(Default)]
pub struct WriteOffTable {
    /// The chosen month, its write-off, and what its ledger says now.
    chosen: Option<(Month, Option<WriteOff>, Vec<Given>)>,
}

fn row(sight: &Sight<'_>, month: Month, write_off: Option<&WriteOff>) -> Result<Row<Month>, Fault> {
    let progress = Progress::of(month, write_off, sight.now.day(sight.settings.zone));
    let given = write_off.map_or_else(|| sight.books.given(month), |write_off| Ok(write_off.given.clone()))?;
    let tone = match progress {
        Progress::Confirmed => Tone::Done,
        Progress::Prepared => Tone::Soon,
        Progress::Growing | Progress::Waiting => Tone::Plain,
    };
    let cells = vec![
        Cell::plain(month.to_string()),
        Cell::toned(sight.words.say(&format!("write_off_state.{}", progress.key())), tone),
        Cell::plain(total(&given).to_string()),
        Cell::plain(given.len().to_string()),
    ];
    Ok(Row { id: month, cells })
}

/// What was given, a line for each promotion and article.
fn gifts(sight: &Sight<'_>, given: &[Given]) -> Result<Vec<Line>, Fault> {
    let line = |given: &Given| -> Result<Line, Fault> {
        let card = sight.books.article(given.article)?.map(|article| article.card);
        let (article, unit) = card.map(|card| (card.name, card.unit)).unwrap_or_default();
        let name = sight.books.promotion(given.promotion)?.map(|one| one.terms.name).unwrap_or_default();
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("promotion", &given.promotion),
            ("name", &name),
            ("article", &article),
            ("quantity", &given.quantity),
            ("unit", &unit),
            ("amount", &given.amount),
        ];
        Ok(Line::plain(sight.words.say_with("write_off.line", &values)))
    };
    given.iter().map(line).collect()
}

impl Table for WriteOffTable {
    type Id = Month;
    const NAME: &'static str = "write_offs";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "write_off.none";
    const ACTS: &'static [Act<WriteOffs>] = &[
        Act { name: "write_off.prepare", command: |_| Some("prepare_write_off"), deed: Deed::Ask(prepare) },
        Act { name: "write_off.confirm", command: |_| Some("confirm_write_off"), deed: Deed::Ask(confirm) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.gifts").to_owned()
    }

    fn rows(&self, sight: &Sight<'_>, query: &str, need: Need<Month>, height: usize) -> Result<Vec<Row<Month>>, Fault> {
        let mut months = sight.books.gift_months(sight.now.day(sight.settings.zone).month())?;
        months.reverse();
        months.retain(|(month, _)| month.to_string().contains(query));
        let page = need.page_of(&months, |(month, _)| *month, height);
        page.iter().map(|(month, write_off)| row(sight, *month, write_off.as_ref())).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<Month>) -> Result<Vec<Line>, Fault> {
        let Some(month) = at else {
            self.chosen = None;
            return Ok(vec![]);
        };
        let (write_off, now) = (sight.books.write_off(month)?, sight.books.given(month)?);
        let shown = write_off.as_ref().map_or(&now, |write_off| &write_off.given);
        let mut lines = gifts(sight, shown)?;
        if let Some(write_off) = &write_off {
            lines.extend(said::settled(sight, &write_off.prepared, write_off.confirmed.as_ref())?);
        }
        if write_off.as_ref().is_some_and(|write_off| write_off.confirmed.is_none() && write_off.given != now) {
            let moved = sight.words.say_with("write_off.moved", &[("now", &total(&now))]);
            lines.push(Line::toned(moved, Tone::Late));
        }
        self.chosen = Some((month, write_off, now));
        Ok(lines)
    }
}

fn asked(pane: &WriteOffs, month: Month, amount: Money, command: Command) -> Ask {
    Ask::plain(format!("{month} {amount}"), pane.said(), command)
}

fn prepare(pane: &WriteOffs, _: &Words) -> Option<Ask> {
    let (month, _, now) = pane.of.chosen.as_ref()?;
    let command = Command::PrepareWriteOff(PrepareWriteOff { month: *month });
    Some(asked(pane, *month, total(now), command))
}

fn confirm(pane: &WriteOffs, _: &Words) -> Option<Ask> {
    let (month, write_off, now) = pane.of.chosen.as_ref()?;
    let amount = write_off.as_ref().map_or_else(|| total(now), WriteOff::amount);
    let command = Command::ConfirmWriteOff(ConfirmWriteOff { month: *month, amount });
    Some(asked(pane, *month, amount, command).confirmed_by(Confirm::Pin))
}
