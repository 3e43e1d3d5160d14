//! The stocktakes (盘点), the latest first: how far both counters are by places, and the next step. No figure of the book.
//!
//! Enter opens one's own sheet where there is one to fill in, else the whole of it.

use std::cell::Cell as Once;

use crate::domain::arranging::AbandonStocktake;
use crate::domain::command::Command;
use crate::domain::id::{PersonId, StocktakeId};
use crate::domain::stocktake::{Stage, Stocktake};
use crate::domain::text::Text;
use crate::store::books::{Counts, Fault};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::stocktake_words::{self as said, Walk};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight, Subject};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "stocktake.column_id", least: 8, most: 8, align: Align::Left, rank: 0 },
    Column { title: "stocktake.column_stage", least: 10, most: 10, align: Align::Left, rank: 1 },
    Column { title: "stocktake.column_walks", least: 30, most: 44, align: Align::Left, rank: 2 },
    Column { title: "stocktake.column_kind", least: 9, most: 10, align: Align::Left, rank: 4 },
    Column { title: "stocktake.column_day", least: 10, most: 10, align: Align::Left, rank: 3 },
    Column { title: "stocktake.column_scope", least: 8, most: 20, align: Align::Left, rank: 5 },
];

/// The stocktakes.
pub type Stocktakes = Listing<StocktakeTable>;

/// What the list of stocktakes is about.
#[derive(Default)]
pub struct StocktakeTable {
    chosen: Option<Stocktake>,
    /// How far their sheets have come, as the rows were read last.
    walks: Once<Vec<(StocktakeId, Vec<Walk>)>>,
    who: Option<PersonId>,
}

impl StocktakeTable {
    fn page(&self, sight: &Sight<'_>, need: Need<StocktakeId>, height: usize) -> Result<Vec<Stocktake>, Fault> {
        let below = |id: u32| sight.books.stocktakes(Some(StocktakeId(id)), height);
        let mut page = match need {
            Need::First => sight.books.stocktakes(None, height)?,
            Need::From(id) => below(id.0 + 1)?,
            Need::After(id) => below(id.0)?,
            Need::Before(id) => below(id.0 + height as u32 + 1)?,
            Need::Last => below(height as u32 + 1)?,
        };
        page.retain(|take| !matches!(need, Need::Before(id) if take.id <= id));
        Ok(page)
    }

    /// One's own sheet, while it takes lines.
    fn own(&self) -> Option<Opening> {
        let (take, who) = (self.chosen.as_ref()?, self.who?);
        let is_open = matches!(take.stage, Stage::Counting | Stage::Recounting);
        let own = take.sheet_of(who).filter(|sheet| is_open && !sheet.is_frozen());
        own.map(|_| Opening::Count(take.id, Text::default()))
    }

    fn open(&self) -> Option<Opening> {
        self.own().or_else(|| self.chosen.as_ref().map(|take| Opening::Stocktake(take.id)))
    }

    /// F8: one's own sheet, else what differs.
    fn step(&self) -> Option<Opening> {
        let take = self.chosen.as_ref()?;
        let differs = !matches!(take.stage, Stage::Counting | Stage::Abandoned);
        self.own().or(Some(if differs { Opening::Compare(take.id) } else { Opening::Stocktake(take.id) }))
    }
}

fn row(
    sight: &Sight<'_>,
    take: &Stocktake,
    walks: &mut Vec<(StocktakeId, Vec<Walk>)>,
) -> Result<Row<StocktakeId>, Fault> {
    let say = |section: &str, key: &str| sight.words.say(&format!("{section}.{key}")).to_owned();
    let tone = match take.stage {
        Stage::Closed | Stage::Abandoned => Tone::Faint,
        Stage::Differing | Stage::Settling => Tone::Soon,
        Stage::Counting | Stage::Recounting => Tone::Plain,
    };
    let cells = vec![
        Cell::plain(take.id.to_string()),
        Cell::toned(say("stocktake_stage", take.stage.key()), tone),
        Cell::plain(progress(sight, take, walks)?),
        Cell::plain(say("stocktake_kind", take.kind.key())),
        Cell::plain(take.day.to_string()),
        Cell::plain(said::scope(sight.words, take)),
    ];
    Ok(Row { id: take.id, cells })
}

/// Who counts how far, by places, while the first sheets are filled in.
fn progress(sight: &Sight<'_>, take: &Stocktake, walks: &mut Vec<(StocktakeId, Vec<Walk>)>) -> Result<String, Fault> {
    if take.stage != Stage::Counting {
        let names = take.sheets.iter().map(|sheet| said::people(sight, sheet)).collect::<Result<Vec<_>, _>>()?;
        return Ok(names.join(" / "));
    }
    let at = walks.iter().position(|(id, _)| *id == take.id).unwrap_or_else(|| {
        walks.push((take.id, Vec::new()));
        walks.len() - 1
    });
    let walks = &mut walks[at].1;
    walks.resize(take.sheets.len(), Walk::default());
    let mut each = Vec::new();
    for (sheet, walk) in take.sheets.iter().zip(walks) {
        walk.read(sight, take, sheet.no)?;
        let person = said::people(sight, sheet)?;
        each.push(format!("{person} {}/{} {}%", walk.done(), walk.of(), walk.percent()));
    }
    Ok(each.join("  "))
}

fn abandon(pane: &Stocktakes, _: &Words) -> Option<Ask> {
    let stocktake = pane.of.chosen.as_ref()?.id;
    let make = move |reason| Command::AbandonStocktake(AbandonStocktake { stocktake, reason });
    Some(Ask::with_reason(stocktake.to_string(), pane.said(), make))
}

impl Table for StocktakeTable {
    type Id = StocktakeId;
    const NAME: &'static str = "stocktakes";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "stocktake.none";
    const FINDS: bool = false;
    const SHOWS_DETAIL: bool = false;
    const FILLS_WITH_DETAIL: bool = true;
    const ACTS: &'static [Act<Stocktakes>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.of.open()) },
        Act {
            name: "row.new",
            command: |_| Some("open_stocktake"),
            deed: Deed::Open(|_| Some(Opening::StocktakeForm)),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|take| Opening::Journal(Subject::Stocktake(take)))),
        },
        Act { name: "stocktake.step", command: |_| None, deed: Deed::Open(|pane| pane.of.step()) },
        Act { name: "stocktake.whole", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Stocktake)) },
        Act { name: "stocktake.claims", command: |_| None, deed: Deed::Open(|_| Some(Opening::Claims)) },
        Act { name: "stocktake.abandon", command: |_| Some("abandon_stocktake"), deed: Deed::Ask(abandon) },
    ];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("pane.stocktakes"), words.say("stocktake.blind"))
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        _query: &str,
        need: Need<StocktakeId>,
        height: usize,
    ) -> Result<Vec<Row<StocktakeId>>, Fault> {
        let mut walks = self.walks.take();
        let rows = self.page(sight, need, height)?.iter().map(|take| row(sight, take, &mut walks)).collect();
        self.walks.set(walks);
        rows
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<StocktakeId>) -> Result<Vec<Line>, Fault> {
        self.who = Some(sight.who.id);
        self.chosen = at.map_or(Ok(None), |id| sight.books.stocktake(id))?;
        self.chosen.as_ref().map_or(Ok(vec![]), |take| said::head(sight, take, &mut Vec::new()))
    }
}
