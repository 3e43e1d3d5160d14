//! Conflicts (对账冲突): rows of a statement that bear the number of a posted flow and say something else. Both versions
//! stand side by side; finance settles each with a note, and what was posted first stays.

use crate::domain::command::Command;
use crate::domain::flow::Flow;
use crate::domain::payment::ConflictKept;
use crate::domain::settling::SettleConflict;
use crate::store::books::{Books, Fault};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight, order_words as said};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.code", least: 4, most: 6, align: Align::Right, rank: 2 },
    Column { title: "column.flow", least: 10, most: 10, align: Align::Left, rank: 1 },
    Column { title: "column.posted_amount", least: 12, most: 14, align: Align::Right, rank: 0 },
    Column { title: "column.other_amount", least: 12, most: 14, align: Align::Right, rank: 0 },
    Column { title: "column.state", least: 8, most: 10, align: Align::Left, rank: 3 },
    Column { title: "column.payer", least: 8, most: 20, align: Align::Left, rank: 4 },
    Column { title: "column.file", least: 10, most: 40, align: Align::Left, rank: 5 },
];
/// How many conflicts are looked at.
const LOOKED_AT: usize = 2_000;

/// The conflicts.
pub type Conflicts = Listing<ConflictTable>;

/// What the list of conflicts is about.
#[derive(Default)]
pub struct ConflictTable {
    chosen: Option<(u32, ConflictKept)>,
}

fn row(sight: &Sight<'_>, number: u32, kept: &ConflictKept) -> Result<Row<u32>, Fault> {
    let posted = sight.books.flow(kept.conflict.posted)?;
    let file = sight.books.import(kept.import)?;
    let cells = vec![
        Cell::plain(number.to_string()),
        Cell::plain(kept.conflict.posted.to_string()),
        Cell::plain(posted.map_or_else(String::new, |posted| posted.flow.amount.to_string())),
        Cell::plain(kept.conflict.flow.amount.to_string()),
        match kept.settled {
            Some(_) => Cell::toned(sight.words.say("conflict.settled"), Tone::Done),
            None => Cell::toned(sight.words.say("conflict.open"), Tone::Soon),
        },
        Cell::plain(kept.conflict.flow.payer.as_str()),
        Cell::plain(file.map_or_else(String::new, |file| file.file.name.to_string())),
    ];
    Ok(Row { id: number, cells })
}

/// One version of the flow, as its statement has it.
fn version(sight: &Sight<'_>, key: &str, flow: &Flow) -> Line {
    let account = sight.mask().account(&flow.payer_account);
    let values = [
        ("amount", &flow.amount as &dyn std::fmt::Display),
        ("time", &flow.time.full(sight.settings.zone)),
        ("payer", &flow.payer),
        ("account", &account),
        ("remark", &flow.remark),
    ];
    Line::plain(sight.words.say_with(key, &values))
}

impl Table for ConflictTable {
    type Id = u32;
    const NAME: &'static str = "conflicts";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "conflict.none";
    const ACTS: &'static [Act<Conflicts>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.of.chosen.as_ref().map(|(_, kept)| Opening::Payment(kept.conflict.posted))),
        },
        Act { name: "conflict.settle", command: |_| Some("settle_conflict"), deed: Deed::Ask(settle) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("pane.conflicts").to_owned()
    }

    fn rows(&self, sight: &Sight<'_>, query: &str, need: Need<u32>, height: usize) -> Result<Vec<Row<u32>>, Fault> {
        let mut kept = sight.books.conflicts(LOOKED_AT)?;
        kept.retain(|(_, kept)| {
            let flow = &kept.conflict.flow;
            kept.conflict.posted.to_string().contains(&query.to_ascii_uppercase())
                || [&flow.number, &flow.payer, &flow.remark].into_iter().any(|text| text.contains(query))
        });
        kept.sort_by_key(|(number, kept)| (kept.settled.is_some(), std::cmp::Reverse(*number)));
        need.page_of(&kept, |(number, _)| *number, height)
            .iter()
            .map(|(number, kept)| row(sight, *number, kept))
            .collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<u32>) -> Result<Vec<Line>, Fault> {
        let kept = at.map_or(Ok(None), |number| sight.books.conflict(number))?;
        self.chosen = at.zip(kept);
        let Some((_, kept)) = &self.chosen else { return Ok(vec![]) };
        let mut lines = Vec::new();
        if let Some(posted) = sight.books.flow(kept.conflict.posted)? {
            lines.push(version(sight, "conflict.posted", &posted.flow));
        }
        lines.push(version(sight, "conflict.kept", &kept.conflict.flow));
        if let Some((by, at, note)) = &kept.settled {
            let by = said::name(sight.books, *by)?;
            let values =
                [("by", &by as &dyn std::fmt::Display), ("at", &at.short(sight.settings.zone)), ("note", note)];
            lines.push(Line::plain(sight.words.say_with("conflict.settled_by", &values)));
        }
        Ok(lines)
    }
}

fn settle(pane: &Conflicts, _: &Words) -> Option<Ask> {
    let (number, kept) = pane.of.chosen.as_ref()?;
    let conflict = *number;
    let lines = pane.said();
    let make = move |note| Command::SettleConflict(SettleConflict { conflict, note });
    Some(Ask::with_reason(kept.conflict.posted.to_string(), lines, make).confirmed_by(Confirm::Pin))
}
